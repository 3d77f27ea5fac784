"""The history of one record: newest first, who and when, and per field what stood before and after."""

from datetime import datetime
from html import escape
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from eduplan_desktop.i18n import _
from eduplan_desktop.registers.kinds import show
from eduplan_desktop.registers.model import Field, Kind, Register, Row, Value
from eduplan_desktop.registers.moments import show_moment
from ui import theme
from ui.theme import Size
from ui.widgets import paint
from ui.widgets.buttons import Button, Weight
from ui.widgets.labels import Label
from ui.widgets.rows import SectionHeader


def local_words(moment: str) -> str:
    """A stored UTC moment in the time of this PC, to the minute; information only."""
    try:
        return datetime.fromisoformat(moment).astimezone().strftime("%Y-%m-%d %H:%M")
    except ValueError:
        return show_moment(moment)


class HistoryPanel(QScrollArea):
    """Shown in place of the form's sections. Sealed values never appear; that they changed does."""

    closed = Signal()

    def __init__(self, workspace: Any, register: Register) -> None:
        super().__init__()
        self._workspace, self._register = workspace, register
        self.setWidgetResizable(True)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setAccessibleName(_("历史"))
        self.lines: list[str] = []

    def show_record(self, row_id: str, school: str = "") -> None:
        """Read and show the history of a record."""
        inside = QWidget()
        inside.setObjectName("history")
        inside.setStyleSheet(f"#history {{ background: {theme.colours().base}; }}")
        column = QVBoxLayout(inside)
        column.setContentsMargins(theme.MARGIN, theme.GRID, theme.MARGIN, theme.GRID)
        column.setSpacing(theme.HALF)
        head = QHBoxLayout()
        head.addWidget(Label(_("历史"), bold=True))
        head.addStretch(1)
        head.addWidget(Button(_("回到表单 Esc"), self.closed.emit, weight=Weight.LINK))
        column.addLayout(head)
        self.lines = []
        for entry in reversed(self._workspace.history(self._register.name, row_id, school)):
            self._add_entry(column, entry)
        column.addStretch(1)
        self.setWidget(inside)

    def _add_entry(self, column: QVBoxLayout, entry: Any) -> None:
        who = entry.who or _("未署名")
        column.addWidget(SectionHeader(f"{local_words(entry.made)} · {who} · {_(entry.label)}"))
        words = self._words(entry)
        self.lines.append(words)
        label = Label(words, size=Size.SMALL, wrap=True)
        label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        column.addWidget(label)

    def _words(self, entry: Any) -> str:
        if entry.part == "photos":
            return _("照片有变动")
        if entry.part:
            return _("封存的内容有变动")
        if entry.after is None:
            reason = entry.reason and self._workspace.catalogs.label("gone_reason", entry.reason)
            return _("删除。原因：{reason}").format(reason=escape(reason or _("没有写")))
        if entry.before is None:
            return _("新建")
        changed = self._changed(entry.before, entry.after)
        return "<br>".join(changed) or _("内容没有变动")

    def _changed(self, before: Row, after: Row) -> list[str]:
        lines = []
        for field in self._register.open_fields:
            old, new = before.get(field.name), after.get(field.name)
            if old != new:
                was, now = self._shown(field, old), self._shown(field, new)
                lines.append(f"{escape(_(field.label))}：{escape(was)} → <b>{escape(now)}</b>")
        return lines

    def _shown(self, field: Field, value: Value) -> str:
        if value is None:
            return _("空")
        if field.kind is Kind.LINK:
            return str(self._workspace.title_of(field.target, str(value)))
        return show(field, value, self._workspace.catalogs)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
            return
        super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        paint.fill(self, QPainter(self.viewport()), "base")
