"""Long work a person waits for, on a second opening of the file, with progress and cancel in the page."""

from collections.abc import Callable
from typing import Any

from eduplan_desktop.errors import EduPlanError
from ui.screen import Screen
from ui.widgets.progress import ProgressPanel


def work(
    screen: Screen,
    title: str,
    act: Callable[[Any, Any, Any], Any],
    done: Callable[[Any], object],
    *,
    failed: Callable[[EduPlanError], object] | None = None,
    cancelled: Callable[[], object] | None = None,
    writes: bool = True,
) -> None:
    """Run `act(workspace, progress, cancelled)` on a second opening of the file, with progress and cancel in the page.

    What it wrote is published, and undo here takes it back; not so with `writes` off, for what only looks.
    """
    context = screen.context
    ws = context.workspace

    def long_act(progress: Any, stopped: Any) -> Any:
        with ws.another() as twin:
            answer = act(twin, progress, stopped)
            ws.adopt_opened(twin)
            return answer, twin

    panel = ProgressPanel(title, lambda: task.cancel())
    screen.column.insertWidget(2, panel)

    def ended() -> None:
        panel.hide()
        panel.deleteLater()

    def on_done(answer: Any) -> None:
        ended()
        if writes:
            ws.adopt_acts(answer[1])
            context.changes.publish(None)
        done(answer[0])

    def on_failed(fault: EduPlanError) -> None:
        ended()
        if writes:
            context.changes.publish(None)
        (failed or (lambda error: context.messages.fault(error)))(fault)

    def on_cancelled() -> None:
        ended()
        if writes:
            context.changes.publish(None)
        if cancelled is not None:
            cancelled()

    task = context.tasks.run(
        long_act, on_done=on_done, on_failed=on_failed, on_cancelled=on_cancelled, on_progress=panel.show_progress
    )
