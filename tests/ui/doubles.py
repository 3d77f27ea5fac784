"""Stand-ins for the parts of the window that would wait for a person."""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field

from eduplan_desktop.errors import EduPlanError
from ui.messages import Answer, Messages
from ui.theme import Tone
from ui.widgets.pickers import Option


@dataclass
class Asked:
    """One question, as it was put."""

    kind: str
    title: str
    text: str = ""
    detail: str = ""
    answers: list[str] = field(default_factory=list)


class ScriptedMessages(Messages):
    """Records every dialog and answers from a script; an answer nobody prepared fails the test at once."""

    def __init__(self) -> None:
        super().__init__(lambda: None)
        self.asked: list[Asked] = []
        self.script: deque[str | None] = deque()

    def will_answer(self, *answers: str | None) -> None:
        """Prepare answers, in order."""
        self.script.extend(answers)

    def _next(self, asked: Asked) -> str | None:
        self.asked.append(asked)
        assert self.script, f"nobody prepared an answer to: {asked}"
        return self.script.popleft()

    def ask(
        self, title: str, text: str, answers: Sequence[Answer], *, tone: Tone = Tone.AMBER, detail: str = ""
    ) -> str:
        ids = [a.id for a in answers]
        if ids in (["read"], ["kept"]):
            self.asked.append(Asked("tell", title, text, detail, ids))
            return ids[0]
        answer = self._next(Asked("ask", title, text, detail, ids))
        assert not answer or answer in ids, f"{answer!r} is none of {ids}"
        return answer or ""

    def fault(self, error: EduPlanError, title: str = "") -> None:
        self.asked.append(Asked("fault", title, error.message, error.advice))

    def ask_text(
        self, title: str, text: str, verb: str, *, label: str = "", initial: str = "", secret: bool = False
    ) -> str | None:
        answer = self._next(Asked("text", title, text, initial))
        return initial if answer == "as offered" else answer

    def ask_choice(self, title: str, text: str, verb: str, options: Sequence[Option], *, label: str = "") -> str | None:
        return self._next(Asked("choice", title, text, answers=[o.id for o in options]))

    def open_file(self, title: str, filters: str) -> str:
        return self._next(Asked("open", title)) or ""

    def save_file(self, title: str, name: str, filters: str) -> str:
        return self._next(Asked("save", title, name)) or ""

    def pick_folder(self, title: str) -> str:
        return self._next(Asked("folder", title)) or ""
