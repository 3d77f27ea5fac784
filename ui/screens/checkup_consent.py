"""Recording the separate consents that several people signed: one form for all of them, one row each."""

from collections.abc import Sequence
from typing import Any, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from eduplan_desktop.errors import EduPlanError
from eduplan_desktop.i18n import _
from eduplan_desktop.problems import Problem, Severity
from eduplan_desktop.registers.kinds import parse
from eduplan_desktop.registers.messages import message
from eduplan_desktop.registers.model import Value
from ui import theme
from ui.editors import make_editor
from ui.form_row import FieldRow
from ui.screen import Context
from ui.theme import Size
from ui.widgets import paint
from ui.widgets.buttons import Button, Weight
from ui.widgets.labels import Label

ASKED: Final = ("signed", "notice", "scope", "names_county", "on_paper", "recorded_by", "remark")


class ConsentForm(QWidget):
    """The fields of a consent, but for the person; nothing is guessed but who records it."""

    recorded = Signal(object)
    closed = Signal()

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._register = next(r for r in context.workspace.registers() if r.name == "health_consent")
        self._people: list[Any] = []
        self.rows: dict[str, FieldRow] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.px(24), theme.px(20), theme.px(24), theme.MARGIN)
        column.setSpacing(theme.HALF)
        self.title = Label("", bold=True)
        about = _(
            "只登记本人已经签过字的单独同意。没有同意，不能记录健康信息；同意书写明提供给县里的，报送时才带上这个人的结果。"
        )
        self.names = Label("", "ink2", wrap=True)
        column.addWidget(self.title)
        column.addWidget(Label(about, "ink2", Size.SMALL, wrap=True))
        column.addWidget(self.names)
        column.addSpacing(theme.GRID)
        for name in ASKED:
            field = self._register.by_name[name]
            row = FieldRow(field, make_editor(field, context.workspace, self._register.name), lambda _p: None)
            row.set_label_width(144)
            row.setMaximumWidth(theme.px(520))
            self.rows[name] = row
            column.addWidget(row)
        column.addSpacing(theme.GRID)
        foot = QHBoxLayout()
        self.done = Button("", self.record, weight=Weight.ACCENT, key="Ctrl+Return")
        foot.addWidget(self.done)
        foot.addWidget(Button(_("不登记"), self.closed.emit))
        foot.addStretch(1)
        column.addLayout(foot)
        column.addStretch(1)

    def ask(self, people: Sequence[Any]) -> None:
        """Ask for the consent of these people."""
        self._people = list(people)
        self.title.setText(_("登记 {n} 人的单独同意").format(n=len(people)))
        names = "、".join(p.name for p in people[:12])
        self.names.setText(names + (_(" 等") if len(people) > 12 else ""))
        self.done.set_text(_("登记 {n} 人的同意").format(n=len(people)))
        for row in self.rows.values():
            row.editor.show_value(None)
            row.show_problems([])
        self.rows["recorded_by"].editor.take(self._context.workspace.settings.who())
        self.rows["signed"].editor.widget.setFocus(Qt.FocusReason.TabFocusReason)

    def values(self) -> tuple[dict[str, Value], dict[str, list[Problem]], dict[str, str]]:
        """(values, findings by field, sentences of what cannot be read)."""
        ws = self._context.workspace
        values: dict[str, Value] = {}
        unread: dict[str, str] = {}
        for name, row in self.rows.items():
            parsed = parse(self._register.by_name[name], row.editor.raw(), ws.catalogs)
            values[name] = parsed.value
            if parsed.problem is not None:
                unread[name] = message(parsed.problem)
        person = self._people[0].person if self._people else None
        found = ws.check_row(self._register.name, {**ws.blank(self._register.name), **values, "person": person})
        errors = [p for p in found if p.severity is Severity.ERROR]
        return values, {n: [p for p in errors if p.field == n] for n in self.rows}, unread

    def record(self) -> None:
        """Record them, or say what is missing."""
        values, lacks, unread = self.values()
        for name, row in self.rows.items():
            row.show_problems([] if name in unread else lacks[name], unread.get(name, ""))
        missing = [n for n in self.rows if lacks[n] or n in unread]
        if missing:
            self.rows[missing[0]].editor.widget.setFocus(Qt.FocusReason.TabFocusReason)
            return
        try:
            changes = self._context.workspace.health.record_consents([p.person for p in self._people], values)
        except EduPlanError as fault:
            self._context.messages.fault(fault, _("没有登记"))
            return
        self.recorded.emit(changes)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
            self.focusNextChild()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        paint.fill(self, QPainter(self), "base")
