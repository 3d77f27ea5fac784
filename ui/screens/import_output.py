"""What the import page writes: the report of an import, a blank sheet to fill in."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from eduplan_desktop.errors import EduPlanError
from eduplan_desktop.i18n import _
from eduplan_desktop.registers.model import Register
from ui.register_output import open_outside
from ui.screen import Screen
from ui.theme import Tone


def save_report(screen: Screen, previews: Sequence[Any], source: Path) -> None:
    """Save figures, refused lines with reasons and normalisations as a workbook."""
    name = _("{file}-导入报告.xlsx").format(file=source.stem)
    to = screen.context.messages.save_file(_("导入报告保存到"), name, _("Excel 工作簿") + " (*.xlsx)")
    if not to:
        return
    try:
        screen.context.workspace.sheets.save_report(previews, Path(to), source.name)
    except EduPlanError as fault:
        screen.context.messages.fault(fault, _("没有写成"))
        return
    words = _("报告写好了：{path}。拒收的行可以在里面改正后再导入。").format(path=to)
    screen.say(words, Tone.GREEN, [(_("打开"), lambda: open_outside(to))])


def save_template(screen: Screen, register: Register) -> None:
    """Write a blank sheet that imports back."""
    name = _("{label}-空白模板.xlsx").format(label=_(register.label))
    to = screen.context.messages.save_file(_("空白模板保存到"), name, _("Excel 工作簿") + " (*.xlsx)")
    if not to:
        return
    try:
        screen.context.workspace.sheets.template(register.name, Path(to))
    except EduPlanError as fault:
        screen.context.messages.fault(fault, _("没有写成"))
        return
    screen.say(_("模板写好了：{path}").format(path=to), Tone.GREEN, [(_("打开"), lambda: open_outside(to))])
