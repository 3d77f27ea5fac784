"""弹出 U 盘: after something was written and read back. Looking and ejecting are slow and done on the worker."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from shiboken6 import isValid

from eduplan_desktop.i18n import _
from ui.screen import Context, Screen
from ui.theme import Tone
from ui.widgets.message_bar import Act

TONES = {"ejected": Tone.GREEN, "no_stick": Tone.NEUTRAL}
"""Every other answer asks for something: amber."""


def verb() -> str:
    """What stands on the button."""
    return _("弹出 U 盘")


def eject(context: Context, folder: Path, answered: Callable[[Any], object]) -> None:
    """Eject the stick the folder lies on; `answered` gets what became of it."""
    settings = context.workspace.settings
    context.tasks.run(lambda _progress, _cancelled: settings.eject(folder), on_done=answered)


def say_written(screen: Screen, folder: Path, words: str, tone: Tone = Tone.GREEN, acts: Sequence[Act] = ()) -> None:
    """Say what was written to a folder; where that is on a stick, with the way to eject it."""
    settings = screen.context.workspace.settings

    def say(stick: Any) -> None:
        if not isValid(screen):  # the file was closed meanwhile
            return
        if stick is None:
            screen.say(words, tone, acts)
        elif stick.can_eject:
            screen.say(words, tone, [(verb(), lambda: eject(screen.context, folder, told)), *acts][:2])
        else:
            screen.say(f"{words} {settings.by_hand()}", tone, acts)

    def told(done: Any) -> None:
        again = [(verb(), lambda: eject(screen.context, folder, told))] if done.state == "busy" else []
        screen.say(done.message, TONES.get(done.state, Tone.AMBER), again)

    screen.context.tasks.run(lambda _progress, _cancelled: settings.stick_of(folder), on_done=say, background=True)
