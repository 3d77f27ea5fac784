"""The dialog behind `Messages`: a sentence, an optional field, and verbs. Imported when the first question is put."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from ui import theme
from ui.messages import Answer
from ui.theme import Size, Tone
from ui.widgets.buttons import Button, Weight
from ui.widgets.fields import LineField
from ui.widgets.labels import Label
from ui.widgets.message_bar import SHAPES
from ui.widgets.pickers import Option, Picker
from ui.widgets.shapes import ShapeMark


class Question(QDialog):
    """A sentence, an optional field, and verbs. The first answer is what Enter does."""

    def __init__(
        self,
        title: str,
        text: str,
        answers: Sequence[Answer],
        tone: Tone,
        *,
        detail: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setMinimumWidth(theme.px(440))
        self.answer = ""
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(theme.px(24), theme.px(20), theme.px(24), theme.MARGIN)
        self.column.setSpacing(theme.GRID)
        head = QHBoxLayout()
        head.setSpacing(theme.GRID)
        head.addWidget(ShapeMark(SHAPES[tone], tone), 0, Qt.AlignmentFlag.AlignTop)
        self.said = QVBoxLayout()
        self.said.setSpacing(theme.GRID)
        if title and title != text:
            self.said.addWidget(Label(title, bold=True, wrap=True))
        sentence = Label(text, wrap=True)
        sentence.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.said.addWidget(sentence)
        if detail:
            self.said.addWidget(Label(detail, "ink2", Size.SMALL, wrap=True))
        head.addLayout(self.said, 1)
        self.column.addLayout(head)
        self.column.addStretch(1)
        self.foot = QHBoxLayout()
        self.foot.setContentsMargins(0, theme.GRID, 0, 0)
        self.foot.addStretch(1)
        loud = any(answer.weight is Weight.PRIMARY for answer in answers)
        self.buttons = [
            self._button(answer, first=i == 0, loud=i == 0 and not loud) for i, answer in enumerate(answers)
        ]
        for button in reversed(self.buttons):
            self.foot.addWidget(button)
        self.column.addLayout(self.foot)

    def _button(self, answer: Answer, *, first: bool, loud: bool) -> Button:
        weight = Weight.PRIMARY if loud and answer.weight is Weight.PLAIN else answer.weight
        button = Button(answer.verb, lambda: self._choose(answer.id), weight=weight)
        button.setAutoDefault(True)
        button.setDefault(first)
        return button

    def _choose(self, answer: str) -> None:
        self.answer = answer
        self.accept()

    def add_line(self, label: str, initial: str, *, secret: bool) -> LineField:
        """A line to type in, above the verbs."""
        field = LineField(initial)
        if secret:
            field.setEchoMode(QLineEdit.EchoMode.Password)
        self._add(label, field)
        return field

    def add_choice(self, label: str, options: Sequence[Option]) -> Picker:
        """A list to choose from, above the verbs; the first option is chosen."""
        picker = Picker()
        picker.set_options(options)
        if options:
            picker.set_current(options[0].id)
        self._add(label, picker)
        return picker

    def _add(self, label: str, field: QWidget) -> None:
        field.setAccessibleName(label)
        if label:
            self.said.addSpacing(theme.HALF)
            self.said.addWidget(Label(label, "ink2", Size.SMALL))
        self.said.addWidget(field)
        field.setFocus()
