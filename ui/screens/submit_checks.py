"""What the check found in what is to be reported: errors to correct, doubts to correct or explain, typed where they stand."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from eduplan_desktop.errors import EduPlanError
from eduplan_desktop.i18n import _
from eduplan_desktop.problems import Problem
from eduplan_desktop.registers.check import message
from ui import theme
from ui.screen import Context, Target
from ui.theme import Size, Tone
from ui.widgets import paint
from ui.widgets.buttons import Button, StateTag, Weight
from ui.widgets.cards import EmptyState
from ui.widgets.fields import LineField
from ui.widgets.labels import ElidedLabel, Label
from ui.widgets.shapes import Shape, ShapeMark

SEEN: Final = 60
"""Findings of a tier shown at once; the rest come when these are done."""


class _Group(QWidget):
    """The head of a tier: shape, word and count, and what to do with it."""

    def __init__(self, shape: Shape, words: str, note: str) -> None:
        super().__init__()
        self.setFixedHeight(theme.px(32))
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.CARD, 0, theme.CARD, 0)
        self.tag = StateTag(shape, words)
        self.note = ElidedLabel(note, "ink2", Size.SMALL)
        row.addWidget(self.tag)
        row.addWidget(self.note, 1)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint.fill(self, painter, "canvas")
        paint.hline(painter, 0, self.width(), self.height() - 1)


class _Explanation(LineField):
    """The line an explanation is typed into. Enter goes to the next one."""

    done = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
            self.done.emit()
            return
        super().keyPressEvent(event)


class Finding(QWidget):
    """One finding: its sentence, where it is, the way there, and for a doubt the explanation."""

    explained = Signal()

    def __init__(self, context: Context, found: Problem, where: str, explanation: str) -> None:
        super().__init__()
        self.problem = found
        self._context = context
        self._kept = explanation
        doubt = found.severity == "doubt"
        self._tone = Tone.AMBER if doubt else Tone.RED
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.px(16), theme.px(6), theme.CARD, theme.px(7))
        column.setSpacing(theme.HALF)
        head = QHBoxLayout()
        head.setSpacing(theme.GRID)
        head.addWidget(ShapeMark(Shape.DOUBT if doubt else Shape.ERROR))
        self.sentence = ElidedLabel(message(found))
        head.addWidget(self.sentence, 1)
        head.addWidget(Label(where, "ink2", Size.SMALL))
        self.look = Button(_("去看"), self._go, weight=Weight.LINK)
        head.addWidget(self.look)
        column.addLayout(head)
        self.field: _Explanation | None = None
        if doubt:
            column.addLayout(self._line(explanation))

    def _line(self, explanation: str) -> QHBoxLayout:
        line = QHBoxLayout()
        line.setContentsMargins(theme.px(30), 0, 0, 0)
        line.addWidget(Label(_("说明"), "ink2", Size.SMALL))
        self.field = _Explanation(explanation)
        self.field.setAccessibleName(_("说明：{finding}").format(finding=message(self.problem)))
        self.field.setToolTip(_("写明原因和凭证。县里办理人都看得到，不要写健康原因和姓名。"))
        self.field.left.connect(self.keep)
        line.addWidget(self.field, 1)
        return line

    def keep(self) -> None:
        """Store the explanation when it changed."""
        if self.field is None or self.field.text().strip() == self._kept:
            return
        text = self.field.text().strip()
        try:
            self._context.workspace.explain(self.problem.key, text)
        except EduPlanError as fault:
            self._context.messages.fault(fault, _("说明没有保存"))
            return
        self._kept = text
        self.explained.emit()

    def open(self) -> bool:
        """Whether it still stands in the way."""
        return self.field is None or not self._kept

    def _go(self) -> None:
        self.keep()
        found = self.problem
        if self._context.frame.knows(found.register):
            self._context.frame.go(found.register, Target(row=found.row, field=found.field))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint.fill(self, painter, "base")
        paint.hline(painter, 0, self.width(), self.height() - 1)
        painter.fillRect(0, 0, 4, self.height() - 1, QColor(theme.tone(self._tone).fill))


class CheckList(QScrollArea):
    """All findings of a plan, errors first."""

    changed = Signal()

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self.findings: list[Finding] = []
        self._errors: _Group | None = None
        self._doubts: _Group | None = None
        self.setWidgetResizable(True)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def show_findings(self, errors: Sequence[Problem], doubts: Sequence[Problem], said: dict[str, str]) -> None:
        """Replace the findings."""
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self.findings = []
        self._add(column, errors, said)
        self._add(column, doubts, said)
        if not errors and not doubts:
            column.addWidget(EmptyState(_("没有错误，也没有存疑。可以生成。"), icon="check"), 1)
        else:
            column.addStretch(1)
        if (old := self.takeWidget()) is not None:
            old.deleteLater()
        self.setWidget(inside)
        inside.setAutoFillBackground(False)
        for finding in self.findings:
            if finding.field is not None:
                finding.field.done.connect(lambda f=finding: self._next_after(f))
                finding.field.entered.connect(lambda f=finding: self.ensureWidgetVisible(f, 0, 24))
            finding.explained.connect(self._explained)

    def _add(self, column: QVBoxLayout, found: Sequence[Problem], said: dict[str, str]) -> None:
        doubt = bool(found) and found[0].severity == "doubt"
        if doubt:
            self._doubts = _Group(Shape.DOUBT, "", "")
            column.addWidget(self._doubts)
            self._show_doubts(found, said)
        elif found:
            note = _("必须改正后才能生成。点“去看”直接到那一项")
            self._errors = _Group(Shape.ERROR, _("错误 {n}").format(n=len(found)), note)
            column.addWidget(self._errors)
        for one in found[:SEEN]:
            finding = Finding(self._context, one, self._where(one), said.get(one.key, ""))
            self.findings.append(finding)
            column.addWidget(finding)
        if len(found) > SEEN:
            words = _("还有 {n} 条没有列出，先办完上面的，再按 F9 检查。").format(n=len(found) - SEEN)
            rest = Label(words, "ink2", Size.SMALL)
            rest.setContentsMargins(theme.px(16), theme.GRID, theme.CARD, theme.GRID)
            column.addWidget(rest)

    def _show_doubts(self, found: Sequence[Problem], said: dict[str, str]) -> None:
        assert self._doubts is not None
        done = sum(bool(said.get(p.key)) for p in found)
        self._doubts.tag.show_state(Shape.DOUBT, _("存疑 {n}").format(n=len(found)))
        self._doubts.note.set_text(_("改正，或写明原因随包报出。已说明 {n} 项").format(n=done))

    def _where(self, one: Problem) -> str:
        ws = self._context.workspace
        register = next(r for r in ws.registers() if r.name == one.register)
        title = ws.title_of(one.register, one.row) if one.row else ""
        return f"{_(register.label)} {title[:18]}".strip()

    def _explained(self) -> None:
        if self._doubts is not None:
            said = self._context.workspace.explanations()
            self._show_doubts([f.problem for f in self.findings if f.field is not None], said)
        self.changed.emit()

    def _next_after(self, finding: Finding) -> None:
        finding.keep()
        row = self.findings.index(finding)
        later = [f for f in self.findings[row + 1 :] if f.field is not None]
        if later and later[0].field is not None:
            later[0].field.setFocus(Qt.FocusReason.TabFocusReason)

    def go_to_open(self, step: int = 1) -> bool:
        """F3: to the next finding that still stands in the way; False where there is none."""
        waiting = [f for f in self.findings if f.open()]
        if not waiting:
            return False
        here = next((i for i, f in enumerate(waiting) if f.isAncestorOf(self.window().focusWidget() or f)), -1)
        finding = waiting[(here + step) % len(waiting)]
        widget = finding.field or finding.look
        widget.setFocus(Qt.FocusReason.TabFocusReason)
        self.ensureWidgetVisible(finding, 0, 24)
        return True

    def paintEvent(self, event: QPaintEvent) -> None:
        paint.fill(self, QPainter(self.viewport()), "base")

    def settle(self) -> None:
        """Store what is being typed."""
        for finding in self.findings:
            finding.keep()
