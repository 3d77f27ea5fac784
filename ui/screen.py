"""What a screen is and what it is given. How to write one: docs/ui.md."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from eduplan_desktop.environment import Environment
from ui.changes import ChangeHub
from ui.memory import Memory
from ui.messages import Messages
from ui.tasks import TaskRunner
from ui.theme import Tone
from ui.widgets.message_bar import Act, MessageArea, MessageBar
from ui.widgets.rows import TitleRow


@dataclass(frozen=True, slots=True)
class Target:
    """Where in a screen to go: a row, a field of it, a word to search, or anything the screen itself understands."""

    row: str = ""
    field: str = ""
    query: str = ""
    extra: str = ""
    school: str = ""


class Frame(Protocol):
    """What a screen may ask of the window around it."""

    def go(self, place: str, target: Target | None = None) -> None: ...
    def knows(self, place: str) -> bool: ...
    def mark(self, place: str) -> None: ...
    def set_badge(self, place: str, words: str, tone: Tone = Tone.NEUTRAL) -> None: ...
    def open_file(self, path: str) -> bool: ...
    def adopt(self, workspace: Any) -> bool: ...
    def close_file(self) -> bool: ...
    def forget_screens(self) -> None: ...
    def use_home(self, folder: Path) -> None: ...


@dataclass(frozen=True, slots=True)
class Context:
    """Everything a screen needs. `workspace` is None on the start side, where no file is open."""

    env: Environment
    memory: Memory
    messages: Messages
    tasks: TaskRunner
    changes: ChangeHub
    frame: Frame
    workspace: Any = None
    parts: dict[str, Any] = field(default_factory=dict)
    """Things made once per open file and shared by screens, by a name of their maker."""

    def published(self, changes: Any) -> Any:
        """Tell everybody what a writing act changed, and give it back."""
        self.changes.publish(changes)
        return changes


class Screen(QWidget):
    """One page. Builds itself in `__init__`, fills itself in `enter`, reads again in `refresh`."""

    status_changed = Signal()

    def __init__(self, context: Context, title: str = "") -> None:
        super().__init__()
        self.context = context
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(0)
        self.title_row = TitleRow(title)
        self.column.addWidget(self.title_row)
        self.bars = MessageArea()
        self.column.addWidget(self.bars)

    def enter(self, target: Target | None) -> None:
        """The page is shown; `target` says where in it to go."""

    def later(self) -> None:
        """Called once after each `enter`, when the page has been painted: figures and searches that take longer."""

    def settle(self) -> bool:
        """Save what is half-done before another page is shown or the file is closed; False stays here."""
        return True

    def keep_typing(self) -> None:
        """Keep what is being typed as a draft, without saving it: the vaults are about to lock by themselves."""

    def locks_at(self, when: str) -> None:
        """The open vaults lock by themselves at this time of day if nobody does anything; '' when none is open."""

    def stop(self) -> None:
        """The file is about to be closed or the page thrown away: no timer may ask the workspace any more."""

    def refresh(self, changes: Any) -> None:
        """Something was written; None means everything may have changed. Called only while the page is shown."""

    def status(self) -> Sequence[str]:
        """Texts for the status line, <b> allowed."""
        return ()

    def panes(self) -> Sequence[QWidget]:
        """What F6 walks through beside the navigation, in order."""
        return (self,)

    def keys(self) -> Sequence[tuple[str, str]]:
        """Keys of this page that stand on no button: (key, what it does). F1 shows them."""
        return ()

    def focus_first(self) -> None:
        """Put the cursor where work begins."""
        panes = self.panes()
        if panes:
            panes[0].setFocus()

    def say(self, text: str, tone: Tone = Tone.GREEN, acts: Sequence[Act] = ()) -> MessageBar:
        """Show a bar under the title row."""
        return self.bars.say(text, tone, acts)


ScreenFactory = Callable[[Context], Screen]
