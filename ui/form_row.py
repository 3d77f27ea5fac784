"""One field in a form: label at the right edge of its column, mark, editor, unit; help on focus, problems in words below."""

from collections.abc import Callable, Sequence
from html import escape
from typing import Any

from PySide6.QtCore import QEvent, QObject, QRect, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from eduplan_desktop.i18n import _
from eduplan_desktop.problems import Problem, Severity
from eduplan_desktop.registers.messages import message
from eduplan_desktop.registers.model import Field, Kind
from ui import theme
from ui.editors import Editor
from ui.theme import Size
from ui.widgets import paint
from ui.widgets.labels import Label

LABEL = 88
LABEL_LONG = 124
"""For a form whose labels are long, as in English."""
LABEL_WIDE = 144
GAP = 8
WIDEST = 400

WIDE = (Kind.LONG_TEXT, Kind.RESULTS)
"""Kinds that take the whole width of a form with two columns."""


class FieldRow(QWidget):
    """Paints label and unit itself; the editor is the only child until there is something to say."""

    entered = Signal()

    def __init__(
        self, field: Field, editor: Editor, fix: Callable[[Problem], object], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.field, self.editor = field, editor
        self._fix = fix
        self._notes: dict[str, Label] = {}
        self.problems: list[Problem] = []
        self._sentence = ""
        self._above = field.kind is Kind.RESULTS
        self._label_width = LABEL
        self.column = QVBoxLayout(self)
        self.set_label_width(LABEL)
        self.column.setSpacing(2)
        if field.kind not in (*WIDE, Kind.YES_NO):
            editor.widget.setMaximumWidth(min(editor.widget.maximumWidth(), theme.px(WIDEST)))
        self.column.addWidget(editor.widget)
        editor.widget.installEventFilter(self)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def set_label_width(self, width: int) -> None:
        """The column of labels, in standard pixels."""
        self._label_width = width
        left = 0 if self._above else theme.px(width + GAP)
        top = theme.px(22) if self._above else 2
        unit = paint.width_of(_(self.field.unit)) + theme.px(GAP) + 4 if self.field.unit else 0
        self.column.setContentsMargins(left, top, unit, 2)
        self.update()

    def label_room(self) -> int:
        """What the label takes on one small line with its mark, in pixels."""
        mark = theme.px(12) if self.field.required else 0
        return 0 if self._above else paint.width_of(_(self.field.label), Size.SMALL) + mark

    @property
    def wide(self) -> bool:
        """Whether it takes the whole width."""
        return self.field.kind in WIDE

    # ---- what is said below

    def show_problems(self, problems: Sequence[Problem], sentence: str = "") -> None:
        """Findings about this field; `sentence` is what cannot be read in it, before everything else."""
        if list(problems) == self.problems and sentence == self._sentence:
            return
        self.problems, self._sentence = list(problems), sentence
        error = sentence or any(p.severity is Severity.ERROR for p in problems)
        self.editor.set_state("error" if error else "doubt" if problems else "")
        self._say("error", escape(sentence), "red")
        for tier, role in ((Severity.ERROR, "red"), (Severity.DOUBT, "amber")):
            found = [p for p in self.problems if p.severity is tier]
            self._say(f"tier-{tier}", "<br>".join(self._line(p) for p in found), role)

    def _line(self, problem: Problem) -> str:
        words = escape(message(problem))
        if problem.fix is None:
            return words
        number = self.problems.index(problem)
        return f'{words} <a href="{number}" style="text-decoration:none">{escape(problem.fix[0])}</a>'

    def _say(self, kind: str, words: str, role: str) -> None:
        label = self._notes.get(kind)
        if label is None:
            if not words:
                return
            label = Label("", role, Size.SMALL, wrap=True)
            label.linkActivated.connect(self._follow)
            self._notes[kind] = label
            self.column.addWidget(label)
        label.setText(words)
        label.setVisible(bool(words))

    def _follow(self, link: str) -> None:
        self._fix(self.problems[int(link)])

    def words(self) -> list[str]:
        """What is said below the field now."""
        return [label.text() for label in self._notes.values() if not label.isHidden()]

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Help under the field, only while the cursor is in it."""
        if event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            inside = event.type() is QEvent.Type.FocusIn
            if self.field.help:
                self._say("help", escape(_(self.field.help)) if inside else "", "ink2")
            if inside:
                self.entered.emit()
        return super().eventFilter(watched, event)

    # ---- paint

    def minimumSizeHint(self) -> QSize:
        return QSize(theme.px(LABEL + GAP + 96), super().minimumSizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        widget: Any = self.editor.widget
        height = theme.px(28)
        label = _(self.field.label)
        if self._above:
            paint.text(painter, QRect(0, 0, self.width(), theme.px(20)), label, "ink2")
            return
        where = QRect(0, widget.y(), theme.px(self._label_width), height)
        taken, tip = self._paint_label(painter, where, label)
        if self.field.required:
            star = QRect(0, widget.y(), max(theme.px(10), where.right() - taken - 1), height)
            paint.text(painter, star, "＊", "red", size=Size.SMALL, align=paint.RIGHT)
        if self.toolTip() != tip:
            self.setToolTip(tip)
        if self.field.unit:
            after = QRect(widget.x() + widget.width() + theme.px(GAP), widget.y(), self.width(), height)
            paint.text(painter, after, _(self.field.unit), "ink2")

    def _paint_label(self, painter: QPainter, where: QRect, label: str) -> tuple[int, str]:
        """(width taken, tooltip): one line, else two small ones, else cut with the whole in the tooltip."""
        room = where.adjusted(theme.px(12) if self.field.required else 0, 0, 0, 0)
        if paint.width_of(label) <= room.width():
            return paint.text(painter, where, label, "ink2", align=paint.RIGHT), ""
        if paint.width_of(label, Size.SMALL) <= room.width():
            return paint.text(painter, where, label, "ink2", size=Size.SMALL, align=paint.RIGHT), ""
        painter.setFont(theme.font(Size.SMALL))
        painter.setPen(theme.colour("ink2"))
        tall = room.adjusted(0, -2, 0, 2)
        metrics, flags = theme.metrics(Size.SMALL), int(paint.RIGHT) | int(Qt.TextFlag.TextWordWrap)
        words, left = label, 2 * room.width()
        while metrics.boundingRect(tall, flags, words).height() > 2 * metrics.height() + 2 and left > room.width():
            words = metrics.elidedText(label, Qt.TextElideMode.ElideRight, left)
            left -= theme.px(8)
        painter.drawText(tall, flags, words)
        return room.width(), label if words != label else ""
