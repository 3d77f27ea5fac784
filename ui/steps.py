"""Undo and redo: a few rows at once, an import or a large removal on the worker."""

from collections.abc import Callable
from typing import Any

from eduplan_desktop.errors import EduPlanError
from ui.screen import Context


def step(
    context: Context, name: str, done: Callable[[Any, str], object], failed: Callable[[EduPlanError], object]
) -> bool:
    """Take back (`undo`) or do again (`redo`). `done` gets the changes, None where there is nothing, and what it was.

    True where it goes on behind the window.
    """
    ws = context.workspace
    label = str(getattr(ws, f"{name}_label")() or "")

    def long_act(_progress: Any, _cancelled: Any) -> Any:
        with ws.another() as twin:
            return twin.step_from(ws, name)

    if ws.step_is_long(name):
        context.tasks.run(long_act, on_done=lambda changes: done(changes, label), on_failed=failed)
        return True
    try:
        changes = getattr(ws, name)()
    except EduPlanError as fault:
        failed(fault)
        return False
    done(changes, label)
    return False
