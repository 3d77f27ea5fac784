"""Long work off the GUI thread: one worker, progress, cancel, and the answer back on the GUI thread.

An act is `act(progress, cancelled) -> result`: core functions take these two and know nothing of threads. A writing act opens
its own workspace on the worker. `InstantRunner` does the same at once, for tests and for work too short to wait for.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Event
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QObject, Signal

from eduplan_desktop.errors import CancelledError, EduPlanError

if TYPE_CHECKING:
    from concurrent.futures import ThreadPoolExecutor

Progress = Callable[[int, int, str], None]
Cancelled = Callable[[], bool]
LongAct = Callable[[Progress, Cancelled], Any]
Post = Callable[[Callable[[], object]], object]

PROGRESS_INTERVAL: Final = 0.04
"""Seconds between two progress reports to the window; more would only flood it."""


def _nothing(*_args: Any) -> None:
    return None


@dataclass(eq=False)
class Task:
    """One piece of long work. A plain object: the worker may drop the last reference to it, which a QObject would not bear."""

    act: LongAct
    post: Post
    on_done: Callable[[Any], object]
    on_failed: Callable[[EduPlanError], object]
    on_cancelled: Callable[[], object]
    on_progress: Callable[[int, int, str], object]
    on_ended: Callable[["Task"], object]
    background: bool = False
    running: bool = True
    _stop: Event = field(default_factory=Event)
    _last: float = 0.0

    def cancel(self) -> None:
        """Ask the work to stop; it answers with `on_cancelled` once nothing is left half-done."""
        self._stop.set()

    def work(self) -> None:
        """Do the act on the calling thread and post its end to the GUI thread."""
        result, fault = None, None
        try:
            result = self.act(self._report, self._stop.is_set)
        except BaseException as caught:  # posted and raised again on the GUI thread, where the exception hook is
            fault = caught
        self.post(lambda: self._deliver(result, fault))

    def _report(self, done: int, total: int, text: str = "") -> None:
        now = time.monotonic()
        if now - self._last >= PROGRESS_INTERVAL or done == total:
            self._last = now
            self.post(lambda: self.on_progress(done, total, text))

    def _deliver(self, result: Any, fault: BaseException | None) -> None:
        self.running = False
        self.on_ended(self)
        if fault is None:
            self.on_done(result)
        elif isinstance(fault, CancelledError):
            self.on_cancelled()
        elif isinstance(fault, EduPlanError):
            self.on_failed(fault)
        else:
            raise fault


class _Bridge(QObject):
    """Carries calls to the thread it lives on. It lives as long as its runner, so no emit outlives it."""

    posted = Signal(object)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.posted.connect(self._call)

    def _call(self, act: Callable[[], object]) -> None:
        act()


class TaskRunner(QObject):
    """Runs long work one after the other on a single worker thread. `busy` says whether any is under way that matters:
    work in the `background` (looking through sticks) is dropped without asking when the file changes."""

    busy_changed = Signal(bool)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pool: ThreadPoolExecutor | None = None
        self._tasks: list[Task] = []
        self._bridge = _Bridge(self)

    @property
    def busy(self) -> bool:
        """Whether work is under way or waiting that a person started."""
        return any(not task.background for task in self._tasks)

    def run(
        self,
        act: LongAct,
        *,
        on_done: Callable[[Any], object] = _nothing,
        on_failed: Callable[[EduPlanError], object] = _nothing,
        on_cancelled: Callable[[], object] = _nothing,
        on_progress: Callable[[int, int, str], object] = _nothing,
        background: bool = False,
    ) -> Task:
        """Start `act`. The callbacks come on the GUI thread; a bug in the act reaches the exception hook there."""
        task = Task(
            act, self._bridge.posted.emit, on_done, on_failed, on_cancelled, on_progress, self._drop, background
        )
        self._tasks.append(task)
        if not background:
            self.busy_changed.emit(True)
        self._start(task)
        return task

    def _start(self, task: Task) -> None:
        from concurrent.futures import ThreadPoolExecutor

        if self._pool is None:
            self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="eduplan-task")
        self._pool.submit(task.work)

    def _drop(self, task: Task) -> None:
        if task in self._tasks:  # not after a shutdown, whose last posted calls still arrive
            self._tasks.remove(task)
        if not self.busy:
            self.busy_changed.emit(False)

    def cancel_all(self) -> None:
        """Ask everything under way to stop."""
        for task in self._tasks:
            task.cancel()

    def shut_down(self) -> None:
        """Stop and wait for the worker; called when the window closes or the file changes."""
        self.cancel_all()
        if self._pool is not None:
            self._pool.shutdown(wait=True, cancel_futures=True)
            self._pool = None
        self._tasks.clear()


class InstantRunner(TaskRunner):
    """Does the work at once on the calling thread: same code path, no waiting."""

    def _start(self, task: Task) -> None:
        task.work()
