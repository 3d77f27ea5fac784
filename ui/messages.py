"""The only place that opens dialogs. Screens get a `Messages`; tests give them one that records and answers.

A dialog asks only when the program cannot go on without an answer; everything else is a bar in the page. Buttons are verbs.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QFileDialog, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from eduplan_desktop.errors import EduPlanError
from eduplan_desktop.i18n import _
from ui import theme
from ui.memory import Memory
from ui.theme import Size, Tone
from ui.widgets.buttons import Button, Weight
from ui.widgets.fields import LineField
from ui.widgets.labels import Label
from ui.widgets.message_bar import SHAPES
from ui.widgets.pickers import Option, Picker
from ui.widgets.shapes import ShapeMark


@dataclass(frozen=True, slots=True)
class Answer:
    """One button of a question: what comes back, and the verb on it."""

    id: str
    verb: str
    weight: Weight = Weight.PLAIN


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
        sentence = Label(text, wrap=True)
        sentence.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        head.addWidget(sentence, 1)
        self.column.addLayout(head)
        if detail:
            self.column.addWidget(Label(detail, "ink2", Size.SMALL, wrap=True))
        self.foot = QHBoxLayout()
        self.foot.setContentsMargins(0, theme.GRID, 0, 0)
        self.foot.addStretch(1)
        self.buttons = [self._button(answer, first=i == 0) for i, answer in enumerate(answers)]
        for button in reversed(self.buttons):
            self.foot.addWidget(button)
        self.column.addLayout(self.foot)

    def _button(self, answer: Answer, *, first: bool) -> Button:
        weight = Weight.PRIMARY if first and answer.weight is Weight.PLAIN else answer.weight
        button = Button(answer.verb, lambda: self._choose(answer.id), weight=weight)
        button.setAutoDefault(True)
        button.setDefault(first)
        return button

    def _choose(self, answer: str) -> None:
        self.answer = answer
        self.accept()


class Messages:
    """Asks and tells. `parent` gives the window a dialog belongs to."""

    def __init__(self, parent: Callable[[], QWidget | None], memory: Memory | None = None) -> None:
        self._parent = parent
        self._memory = memory

    def ask(
        self, title: str, text: str, answers: Sequence[Answer], *, tone: Tone = Tone.AMBER, detail: str = ""
    ) -> str:
        """The id of the answer chosen, '' when the person closed the question."""
        dialog = Question(title, text, answers, tone, detail=detail, parent=self._parent())
        dialog.exec()
        dialog.deleteLater()
        return dialog.answer

    def tell(self, title: str, text: str, *, tone: Tone = Tone.ACCENT, detail: str = "") -> None:
        """Say something that must be read before going on."""
        self.ask(title, text, [Answer("read", _("知道了"))], tone=tone, detail=detail)

    def fault(self, error: EduPlanError, title: str = "") -> None:
        """Say what the world did wrong and what to do about it."""
        self.tell(title or _("没有办成"), error.message, tone=Tone.RED, detail=error.advice)

    def ask_text(
        self, title: str, text: str, verb: str, *, label: str = "", initial: str = "", secret: bool = False
    ) -> str | None:
        """A line the person types; None when the question was closed. `secret` shows dots."""
        dialog = Question(title, text, [Answer("ok", verb)], Tone.ACCENT, parent=self._parent())
        field = LineField(initial)
        field.setAccessibleName(label or text)
        if secret:
            field.setEchoMode(QLineEdit.EchoMode.Password)
        if label:
            dialog.column.insertWidget(dialog.column.count() - 1, Label(label, "ink2", Size.SMALL))
        dialog.column.insertWidget(dialog.column.count() - 1, field)
        field.setFocus()
        dialog.exec()
        dialog.deleteLater()
        return field.text() if dialog.answer else None

    def ask_choice(self, title: str, text: str, verb: str, options: Sequence[Option], *, label: str = "") -> str | None:
        """One of a list of options (its id); None when the question was closed."""
        dialog = Question(title, text, [Answer("ok", verb)], Tone.AMBER, parent=self._parent())
        picker = Picker()
        picker.setAccessibleName(label or text)
        picker.set_options(options)
        if options:
            picker.set_current(options[0].id)
        dialog.column.insertWidget(dialog.column.count() - 1, picker)
        picker.setFocus()
        dialog.exec()
        dialog.deleteLater()
        return picker.current() if dialog.answer else None

    def _folder(self) -> str:
        return str(self._memory.get("folder", "")) if self._memory else ""

    def _remember(self, path: str) -> str:
        if path and self._memory:
            chosen = Path(path)
            self._memory.put("folder", str(chosen if chosen.is_dir() else chosen.parent))
        return path

    def open_file(self, title: str, filters: str) -> str:
        """Path of a file the person chose to read, '' for none. `filters` as Qt writes them: 'words (*.x *.y)'."""
        return self._remember(QFileDialog.getOpenFileName(self._parent(), title, self._folder(), filters)[0])

    def save_file(self, title: str, name: str, filters: str) -> str:
        """Path of a file the person chose to write, '' for none."""
        suggestion = str(Path(self._folder()) / name) if self._folder() else name
        return self._remember(QFileDialog.getSaveFileName(self._parent(), title, suggestion, filters)[0])

    def pick_folder(self, title: str) -> str:
        """A folder the person chose, '' for none."""
        return self._remember(QFileDialog.getExistingDirectory(self._parent(), title, self._folder()))
