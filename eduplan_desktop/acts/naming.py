"""What a person typed as the name or code of a new file, read as the register would read it; refused in words before a file is made."""

from eduplan_desktop.errors import RefusedError
from eduplan_desktop.i18n import _
from eduplan_desktop.registers.catalog import register
from eduplan_desktop.registers.catalogs import Catalogs
from eduplan_desktop.registers.check import message
from eduplan_desktop.registers.kinds import parse


def school_value(field: str, typed: str) -> str:
    """A field of the school profile as it will be stored, '' for blank. Raises RefusedError bad_name."""
    read = parse(register("school").by_name[field], typed, Catalogs.shipped())
    if read.problem is not None:
        raise RefusedError("bad_name", message(read.problem), _("请改正后再试。"))
    return str(read.value or "")


def name(typed: str) -> str:
    """The name of a school or county. Raises RefusedError bad_name, also for a blank one."""
    read = school_value("name", typed)
    if not read:
        raise RefusedError("bad_name", _("还没有填写名称。"), _("请填写单位全称。"))
    return read
