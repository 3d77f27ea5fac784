"""What leaves and enters a register as a whole: import, export, print. Long work runs on a second opening of the file."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QMenu

from eduplan_desktop.errors import EduPlanError
from eduplan_desktop.i18n import _
from ui.messages import Answer
from ui.screen import Target
from ui.theme import Tone
from ui.widgets.buttons import Button

if TYPE_CHECKING:
    from ui.register_screen import RegisterScreen


class RegisterOutput:
    """The buttons of the title row and what they do."""

    def __init__(self, screen: "RegisterScreen") -> None:
        self._screen = screen
        self.import_button = Button(_("导入"), self.import_sheet, icon="import")
        self.export_button = Button(_("导出"), self.export, icon="export")
        self.print_button = Button(_("打印"), self.choose_form, icon="printer", key="Ctrl+P")

    def buttons(self) -> list[Button]:
        """The buttons this file and register have use for."""
        ws = self._screen.context.workspace
        first = [] if ws.read_only or ws.kind == "county" else [self.import_button]
        return [*first, self.export_button, self.print_button]

    def import_sheet(self) -> None:
        """Go to the import page with this register chosen."""
        if self._screen.settle():
            self._screen.context.frame.go("import", Target(extra=self._screen.register.name))

    def export(self) -> None:
        """Write all rows to a workbook or CSV."""
        screen = self._screen
        if not screen.settle():
            return
        name = f"{screen.context.workspace.title}-{_(screen.register.label)}.xlsx"
        path = screen.context.messages.save_file(_("导出到"), name, _("Excel 工作簿") + " (*.xlsx);;CSV (*.csv)")
        if path:
            register, sealed = screen.register.name, self._with_sealed()
            self._write(path, lambda twin: twin.sheets.export(register, Path(path), sealed=sealed))

    def _with_sealed(self) -> bool:
        """Sealed columns go out only while their vault is open, and only when asked for."""
        context = self._screen.context
        held = [c for c in self._screen.register.compartments if context.workspace.compartment_state(c) == "open"]
        if not held:
            return False
        verb = context.messages.ask(
            _("导出封存的内容吗？"),
            _("保险库打开着。封存的列导出后就是明文，谁拿到表格都能看。"),
            [Answer("open", _("只导出没有封存的列")), Answer("all", _("连同封存的列"))],
        )
        return verb == "all"

    def choose_form(self) -> None:
        """Offer the printed forms this register has."""
        screen = self._screen
        forms = screen.context.workspace.paper.forms(screen.register.name) if screen.settle() else []
        if not forms:
            screen.say(_("这个登记册没有单独的印表，可以先导出再打印。"), Tone.NEUTRAL)
        elif len(forms) == 1:
            self.print_form(forms[0])
        else:
            menu = QMenu(screen)
            for form in forms:
                menu.addAction(f"{form.code} {form.title}", lambda f=form: self.print_form(f))
            menu.popup(self.print_button.mapToGlobal(QPoint(0, self.print_button.height())))

    def print_form(self, form: Any) -> None:
        """Write a form as PDF, of the current record where the form is about one."""
        screen = self._screen
        name = f"{screen.context.workspace.title}-{form.title}.pdf"
        path = screen.context.messages.save_file(_("印到哪个 PDF 文件"), name, "PDF (*.pdf)")
        of = form.of or self._period()
        if path:
            self._write(path, lambda twin: twin.paper.write(form.code, Path(path), of))

    def _period(self) -> str:
        """Of a register cut by years: the day or year of the current record, which is what its forms are about."""
        record, name = self._screen.form.record, self._screen.register.year_field
        value = record.row.get(name) if record is not None and name else None
        return "" if value is None else str(value)

    def _write(self, path: str, act: Callable[[Any], Any]) -> None:
        screen = self._screen
        context = screen.context

        def work(_progress: Any, _cancelled: Any) -> None:
            with context.workspace.another() as twin:
                act(twin)

        def done(_result: Any) -> None:
            screen.say(_("写好了：{path}").format(path=path), Tone.GREEN, [(_("打开"), lambda: open_outside(path))])

        def failed(fault: EduPlanError) -> None:
            context.messages.fault(fault, _("没有写成"))

        context.tasks.run(work, on_done=done, on_failed=failed)


def open_outside(path: str) -> None:
    """Open a file with the program the system has for it."""
    from PySide6.QtCore import QUrl
    from PySide6.QtGui import QDesktopServices

    QDesktopServices.openUrl(QUrl.fromLocalFile(path))
