"""Long work off the GUI thread: one worker, progress, cancel, and the answer back on the GUI thread.

An act is `act(progress, cancelled) -> result`: core functions take these two and know nothing of threads. A writing act opens
its own workspace on the worker. `InstantRunner` does the same at once, for tests and for work too short to wait for.
"""

import time
from collections.abc import Callable
from threading import Event
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QObject, Signal

from eduplan_desktop.errors import CancelledError, EduPlanError

if TYPE_CHECKING:
    from concurrent.futures import ThreadPoolExecutor

Progress = Callable[[int, int, str], None]
Cancelled = Callable[[], bool]
LongAct = Callable[[Progress, Cancelled], Any]

PROGRESS_INTERVAL: Final = 0.04
"""Seconds between two progress reports to the window; more would only flood it."""


def _nothing(*_args: Any) -> None:
    return None


class Task(QObject):
    """One piece of long work under way. `finished` is emitted last, however it ended."""

    progressed = Signal(int, int, str)
    done = Signal(object)
    failed = Signal(object)
    cancelled = Signal()
    finished = Signal()
    _reported = Signal(int, int, str)
    _ended = Signal(object, object)

    def __init__(self, act: LongAct, name: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.name = name
        self._act = act
        self._stop = Event()
        self._last = 0.0
        self.running = True
        # Both come from the worker; a slot of this object runs where the object lives, on the GUI thread.
        self._reported.connect(self._pass_on)
        self._ended.connect(self._deliver)

    def cancel(self) -> None:
        """Ask the work to stop; it answers with `cancelled` once nothing is left half-done."""
        self._stop.set()

    def work(self) -> None:
        """Do the act on the calling thread and hand its end to the thread this object lives on."""
        result, fault = None, None
        try:
            result = self._act(self._report, self._stop.is_set)
        except BaseException as caught:  # handed over and raised again on the GUI thread, where the exception hook is
            fault = caught
        self._ended.emit(result, fault)

    def _report(self, done: int, total: int, text: str = "") -> None:
        now = time.monotonic()
        if now - self._last >= PROGRESS_INTERVAL or done == total:
            self._last = now
            self._reported.emit(done, total, text)

    def _pass_on(self, done: int, total: int, text: str) -> None:
        self.progressed.emit(done, total, text)

    def _deliver(self, result: object, fault: BaseException | None) -> None:
        self.running = False
        try:
            if fault is None:
                self.done.emit(result)
            elif isinstance(fault, CancelledError):
                self.cancelled.emit()
            elif isinstance(fault, EduPlanError):
                self.failed.emit(fault)
            else:
                raise fault
        finally:
            self.finished.emit()


class TaskRunner(QObject):
    """Runs long work one after the other on a single worker thread. `busy` says whether any is under way."""

    busy_changed = Signal(bool)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pool: ThreadPoolExecutor | None = None
        self._tasks: list[Task] = []

    @property
    def busy(self) -> bool:
        """Whether work is under way or waiting."""
        return bool(self._tasks)

    def run(
        self,
        act: LongAct,
        *,
        on_done: Callable[[Any], object] = _nothing,
        on_failed: Callable[[EduPlanError], object] = _nothing,
        on_cancelled: Callable[[], object] = _nothing,
        on_progress: Callable[[int, int, str], object] = _nothing,
        name: str = "",
    ) -> Task:
        """Start `act`. The callbacks come on the GUI thread; a bug in the act reaches the exception hook there."""
        task = Task(act, name, self)
        task.done.connect(on_done)
        task.failed.connect(on_failed)
        task.cancelled.connect(on_cancelled)
        task.progressed.connect(on_progress)
        task.finished.connect(lambda: self._drop(task))
        self._tasks.append(task)
        self.busy_changed.emit(True)
        self._start(task)
        return task

    def _start(self, task: Task) -> None:
        from concurrent.futures import ThreadPoolExecutor

        if self._pool is None:
            self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="eduplan-task")
        self._pool.submit(task.work)

    def _drop(self, task: Task) -> None:
        self._tasks.remove(task)
        task.deleteLater()
        if not self._tasks:
            self.busy_changed.emit(False)

    def cancel_all(self) -> None:
        """Ask everything under way to stop."""
        for task in self._tasks:
            task.cancel()

    def shut_down(self) -> None:
        """Stop and wait for the worker; called once, when the window closes."""
        self.cancel_all()
        if self._pool is not None:
            self._pool.shutdown(wait=True, cancel_futures=True)
            self._pool = None


class InstantRunner(TaskRunner):
    """Does the work at once on the calling thread: same code path, no waiting."""

    def _start(self, task: Task) -> None:
        task.work()
