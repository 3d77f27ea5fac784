"""The only place that opens dialogs. Screens get a `Messages`; tests give them one that records and answers.

A dialog asks only when the program cannot go on without an answer; everything else is a bar in the page. Buttons are verbs.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from eduplan_desktop.errors import EduPlanError
from eduplan_desktop.i18n import _
from ui.memory import Memory
from ui.theme import Tone
from ui.widgets.buttons import Weight

if TYPE_CHECKING:
    from ui.question import Question
    from ui.widgets.pickers import Option


@dataclass(frozen=True, slots=True)
class Answer:
    """One button of a question: what comes back, and the verb on it."""

    id: str
    verb: str
    weight: Weight = Weight.PLAIN


class Messages:
    """Asks and tells. `parent` gives the window a dialog belongs to."""

    def __init__(self, parent: Callable[[], QWidget | None], memory: Memory | None = None) -> None:
        self._parent = parent
        self._memory = memory

    def ask(
        self, title: str, text: str, answers: Sequence[Answer], *, tone: Tone = Tone.AMBER, detail: str = ""
    ) -> str:
        """The id of the answer chosen, '' when the person closed the question."""
        return self._put(self._question(title, text, answers, tone, detail))

    def _question(
        self, title: str, text: str, answers: Sequence[Answer], tone: Tone = Tone.ACCENT, detail: str = ""
    ) -> "Question":
        from ui.question import Question

        return Question(title, text, answers, tone, detail=detail, parent=self._parent())

    @staticmethod
    def _put(dialog: "Question") -> str:
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
        dialog = self._question(title, text, [Answer("ok", verb)])
        field = dialog.add_line(label or text, initial, secret=secret)
        return field.text() if self._put(dialog) else None

    def ask_choice(
        self, title: str, text: str, verb: str, options: "Sequence[Option]", *, label: str = ""
    ) -> str | None:
        """One of a list of options (its id); None when the question was closed."""
        dialog = self._question(title, text, [Answer("ok", verb)], Tone.AMBER)
        picker = dialog.add_choice(label or text, options)
        return picker.current() if self._put(dialog) else None

    def _folder(self) -> str:
        return str(self._memory.get("folder", "")) if self._memory else ""

    def _remember(self, path: str) -> str:
        if path and self._memory:
            chosen = Path(path)
            self._memory.put("folder", str(chosen if chosen.is_dir() else chosen.parent))
        return path

    def open_file(self, title: str, filters: str) -> str:
        """Path of a file the person chose to read, '' for none. `filters` as Qt writes them: 'words (*.x *.y)'."""
        return self._choose(title, "ExistingFile", filters=filters)

    def save_file(self, title: str, name: str, filters: str) -> str:
        """Path of a file the person chose to write, '' for none."""
        return self._choose(title, "AnyFile", name=name, filters=filters)

    def pick_folder(self, title: str) -> str:
        """A folder the person chose, '' for none."""
        return self._choose(title, "Directory")

    def _choose(self, title: str, mode: str, *, name: str = "", filters: str = "") -> str:
        from ui import file_dialog

        return self._remember(
            file_dialog.choose(self._parent(), title, mode, folder=self._folder(), name=name, filters=filters)
        )
