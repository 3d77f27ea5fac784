"""Registers out to .xlsx and .csv, and blank templates, as the desk and the command line ask for them."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from eduplan_desktop.acts import records
from eduplan_desktop.acts.session import Session
from eduplan_desktop.errors import RefusedError
from eduplan_desktop.i18n import _
from eduplan_desktop.registers.catalog import register as find_register
from eduplan_desktop.registers.kinds import MASK
from eduplan_desktop.registers.model import Kind, Register, Row
from eduplan_desktop.store import queries, rows, sealed_rows

ENDINGS: Final = (".xlsx", ".csv")
"""What a register can be written to."""


def known_register(name: str) -> Register:
    """The register of that name. Raises RefusedError."""
    try:
        return find_register(name)
    except KeyError as fault:
        raise RefusedError(
            "no_such_register",
            _("没有登记册“{name}”。").format(name=name),
            _("用 registers 命令可以看到全部登记册的名称。"),
        ) from fault


def check_ending(to: Path) -> None:
    """Raises RefusedError bad_ending for a file a register cannot be written to."""
    if to.suffix.lower() not in ENDINGS:
        raise RefusedError("bad_ending", _("只能写成 .xlsx 或 .csv。"), _("请换一个文件名。"))


def export_file(
    session: Session, register_name: str, to: Path, *, sealed: bool = False, template: bool = False, school: str = ""
) -> int:
    """Write a register to .xlsx or .csv; how many rows. Sealed columns are masked unless asked for and open."""
    from eduplan_desktop.exchange import sheet_write

    one = known_register(register_name)
    check_ending(to)
    to.parent.mkdir(parents=True, exist_ok=True)
    titles = {t: dict(_titles(session, t, school)) for t in {f.target for f in one.fields if f.kind is Kind.LINK}}
    if template:
        sheet_write.write_template(to, one, session.catalogs, titles)
        return 0
    clear = [name for name in one.compartments if sealed and session.opened_or_refuse(name)]
    masked = [name for name in one.compartments if name not in clear]
    found = _with_sealed(session, one, clear, _hidden(session, one, masked, school), school)
    return sheet_write.write_table(to, one, found, session.catalogs, titles, clear=clear, masked=masked)


def _titles(session: Session, target: str, school: str) -> Iterator[tuple[str, str]]:
    other = find_register(target)
    for row in rows.scan(session.store, other, school=school):
        yield str(row["id"]), records.title(session, other, row, school)


def _hidden(session: Session, one: Register, masked: list[str], school: str) -> dict[str, Row]:
    """Row id → masks in the place of its sealed values. A masked cell coming back means unchanged, a blank one would erase."""
    found: dict[str, Row] = {}
    for name in masked:
        masks: Row = {f.name: MASK for f in one.sealed_fields(name) if f.kind is not Kind.RESULTS}
        for row_id, _mark in queries.sealed_marks(session.store, one, name, school=school):
            found[row_id] = found.get(row_id, {}) | masks
    return found


def _with_sealed(
    session: Session, one: Register, clear: list[str], hidden: dict[str, Row], school: str
) -> Iterator[Row]:
    for row in rows.scan(session.store, one, school=school):
        row |= hidden.get(str(row["id"]), {})
        for name in clear:
            opened = session.opened[name]
            values = sealed_rows.read_sealed(session.store, opened, one, str(row["id"]), school=school)
            row |= values or dict.fromkeys((f.name for f in one.sealed_fields(name)), None)
        yield row
