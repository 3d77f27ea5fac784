"""Moving a hazard to another state: asks for what that state requires, under the rules of the register, and saves the row."""

from collections.abc import Mapping, Sequence
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from eduplan_desktop.errors import EduPlanError
from eduplan_desktop.i18n import _
from eduplan_desktop.problems import Problem, Severity
from eduplan_desktop.registers.hazard import (
    CLOSED,
    IN_WORK,
    MAJOR,
    NEXT_STATES,
    PASSED,
    TO_ASSIGN,
    TO_RECHECK,
    UNFIXABLE,
    may_follow,
)
from eduplan_desktop.registers.messages import message
from eduplan_desktop.registers.model import Register, Row
from ui import theme
from ui.editors import make_editor
from ui.form_row import FieldRow
from ui.record import Record
from ui.screen import Context
from ui.theme import Size
from ui.widgets import paint
from ui.widgets.buttons import Button, Weight
from ui.widgets.fields import Segments
from ui.widgets.labels import Label

WIDTH: Final = 352
ORDER: Final = (IN_WORK, TO_RECHECK, CLOSED, UNFIXABLE, TO_ASSIGN)
ASKED: Final[Mapping[str, tuple[str, ...]]] = {
    TO_ASSIGN: ("remark",),
    IN_WORK: ("level", "level_by", "reported", "measures", "department", "person", "due"),
    TO_RECHECK: ("fixed", "measures", "person", "due", "cost"),
    CLOSED: ("rechecker", "rechecked", "recheck", "closer", "closed"),
    UNFIXABLE: ("protection", "reported"),
}
"""State a hazard is moved to → fields asked for; which of them must be filled the register's own rules say."""
FAILED_RECHECK: Final = ("rechecker", "rechecked", "recheck", "due", "measures")
"""Fields asked for when a 复查 sends a hazard back to 整改中."""


def next_states(row: Row) -> list[str]:
    """States a school may move this hazard to, forward ones first; a 重大 is closed only after the county passed it."""
    now = str(row.get("state") or TO_ASSIGN)
    found = [s for s in ORDER if s in NEXT_STATES.get(now, frozenset()) and may_follow(now, s)]
    if row.get("level") == MAJOR and row.get("county_result") != PASSED:
        found = [s for s in found if s != CLOSED]
    return sorted(found, key=lambda s: (s < now and s != UNFIXABLE, s))


def why_not_closed(row: Row) -> str:
    """Why the school cannot close this hazard, '' where it can."""
    if row.get("level") == MAJOR and row.get("state") == TO_RECHECK and row.get("county_result") != PASSED:
        return _("重大隐患由县局复查，结论随回执带回以后才能销号，本校不能自行销号。整改完成请随安全月报报送。")
    return ""


def asked(row: Row, to: str) -> tuple[str, ...]:
    """Fields to ask for on the way to a state."""
    if to == IN_WORK and row.get("state") == TO_RECHECK:
        return FAILED_RECHECK
    return tuple(n for n in ASKED[to] if n != "reported" or row.get("level") == MAJOR or to == UNFIXABLE)


class MovePanel(QWidget):
    """At the right of the board: where to, what it needs, and the verb that does it. Esc leaves; what was typed is kept."""

    moved = Signal(object)
    closed = Signal()

    def __init__(self, context: Context, register: Register) -> None:
        super().__init__()
        self._context, self._register = context, register
        self.record: Record | None = None
        self.to = ""
        self.rows: dict[str, FieldRow] = {}
        self.setFixedWidth(theme.px(WIDTH))
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.MARGIN, theme.CARD, theme.MARGIN, 0)
        column.setSpacing(theme.GRID)
        self.title = Label("", bold=True)
        self.about = Label("", "ink2", Size.SMALL, wrap=True)
        self.states = QHBoxLayout()
        self.sentence = Label("", "red", Size.SMALL, wrap=True)
        self.body = QScrollArea()
        self.body.setFrameShape(QScrollArea.Shape.NoFrame)
        self.body.setWidgetResizable(True)
        self.body.viewport().setBackgroundRole(QPalette.ColorRole.Base)
        self.body.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        column.addWidget(self.title)
        column.addWidget(self.about)
        column.addLayout(self.states)
        column.addWidget(self.body, 1)
        column.addWidget(self.sentence)
        foot = QHBoxLayout()
        foot.setContentsMargins(0, theme.GRID, 0, theme.GRID)
        self.done = Button("", self.move_on, weight=Weight.ACCENT, key="Ctrl+Return")
        foot.addWidget(self.done)
        foot.addStretch(1)
        foot.addWidget(Button(_("先不动"), self.leave))
        column.addLayout(foot)
        self.choice: Segments | None = None
        self.hide()

    def _word(self, state: str) -> str:
        return self._context.workspace.catalogs.label("hazard_state", state)

    def ask(self, row: Row, to: str) -> None:
        """Ask for what a hazard needs on its way to `to`."""
        self.record = Record(self._context.workspace, self._register, row)
        self.record.take_draft()
        self.title.setText(f"{row.get('number') or ''} · {self._word(str(row.get('state') or TO_ASSIGN))}")
        self.about.setText(str(row.get("description") or ""))
        states = next_states(row)
        if self.choice is not None:
            self.choice.hide()
            self.states.removeWidget(self.choice)
            self.choice.deleteLater()
        self.choice = Segments(tuple(self._word(s) for s in states))
        self.choice.setAccessibleName(_("推进到"))
        self.choice.edited.connect(lambda: self._chosen(states))
        self.states.insertWidget(0, self.choice)
        self.states.addStretch(1)
        self._show_state(to)
        self.show()

    def _chosen(self, states: Sequence[str]) -> None:
        assert self.choice is not None
        word = self.choice.text()
        self._show_state(next((s for s in states if self._word(s) == word), self.to))

    def _show_state(self, to: str) -> None:
        assert self.record is not None
        assert self.choice is not None
        self.to = to
        self.choice.set_text(self._word(to))
        self.done.set_text(_("转为“{state}”").format(state=self._word(to)))
        self.sentence.setText("")
        inside = QWidget()
        inside.setBackgroundRole(QPalette.ColorRole.Base)
        inside.setAutoFillBackground(True)
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, theme.GRID, 0)
        column.setSpacing(theme.HALF)
        self.rows = {}
        for name in asked(self.record.row, to):
            column.addWidget(self._row(name))
        column.addStretch(1)
        self.body.setWidget(inside)
        self._renew()
        first = next(iter(self.rows.values()), None)
        if first is not None:
            first.editor.widget.setFocus(Qt.FocusReason.TabFocusReason)

    def _row(self, name: str) -> FieldRow:
        assert self.record is not None
        field = self._register.by_name[name]
        editor = make_editor(field, self._context.workspace, self._register.name)
        if name in self.record.typed:
            editor.take(self.record.typed[name])
        else:
            editor.show_value(self.record.row.get(name))
        editor.edited.connect(lambda: self._typed(name))
        row = FieldRow(field, editor, self._fix)
        self.rows[name] = row
        return row

    def _typed(self, name: str) -> None:
        assert self.record is not None
        self.record.type(name, self.rows[name].editor.raw())
        self.record.keep_draft()
        if self.rows[name].words():
            self._renew()

    def _fix(self, problem: Problem) -> None:
        if problem.fix is not None and problem.fix[1] in self.rows:
            _words, name, value = problem.fix
            self.rows[name].editor.show_value(value)
            self._typed(name)

    def lacks(self) -> tuple[dict[str, list[Problem]], list[Problem]]:
        """Errors of the record as it would be in the new state: by field asked for, and others of the state itself."""
        assert self.record is not None
        row = {**self.record.merged(), "state": self.to}
        found = self._context.workspace.check_row(self._register.name, row)
        errors = [p for p in found if p.severity is Severity.ERROR]
        here: dict[str, list[Problem]] = {name: [p for p in errors if p.field == name] for name in self.rows}
        return here, [p for p in errors if p.field == "state"]

    def _renew(self, *, scold: bool = False) -> None:
        assert self.record is not None
        here, state = self.lacks()
        unread = self.record.values()[1]
        for name, row in self.rows.items():
            shown = [p for p in here[name] if scold or p.code != "required_when"]
            row.show_problems(shown, unread.get(name, ""))
        self.sentence.setText("\n".join(message(p) for p in state))

    def move_on(self) -> None:
        """Save the hazard in its new state, or say what it still needs."""
        assert self.record is not None
        here, state = self.lacks()
        unread = self.record.values()[1]
        missing = [n for n in self.rows if here[n] or n in unread]
        if missing or state:
            self._renew(scold=True)
            if missing:
                self.rows[missing[0]].editor.widget.setFocus(Qt.FocusReason.TabFocusReason)
            return
        self.record.type("state", self.to)
        try:
            saved = self.record.save()
        except EduPlanError as fault:
            self.record.typed.pop("state", None)
            self._context.messages.fault(fault, _("没有保存"))
            return
        self.hide()
        self.record = None
        self.moved.emit(saved.changes)

    def leave(self) -> None:
        """Close the panel; what was typed stays as a draft."""
        self.hide()
        self.record = None
        self.closed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.leave()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
            self.focusNextChild()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint.fill(self, painter, "base")
        paint.vline(painter, 0, 0, self.height(), "rule")
