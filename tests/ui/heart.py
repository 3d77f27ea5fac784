"""The heartbeat: how long the window's thread was away, and what it did meanwhile.

A timer of 10 ms beats on the window's thread while something is `watched`; between two beats nothing else could be answered.
What a test does for itself (reading a file, playing the other side) is not watched and not counted. Of each gap three figures
are kept, so that a busy machine does not decide: `wall` as a clock on the wall has it, `cpu` the thread's own work, and `net`
the wall time without what threads of this program spent ready to run but waiting for a processor. `net` holds also what
blocks without work: a lock, a disk, or the interpreter held by another thread.
"""

import os
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from PySide6.QtCore import QEventLoop, QObject, Qt, QTimer
from PySide6.QtWidgets import QApplication

from ui.main_window import MainWindow

BEAT: Final = 10
"""Milliseconds between two beats."""
LOOK: Final = 0.02
"""Seconds without a beat after which the stack is looked at, to tell what is going on."""
PATIENCE: Final = 100.0
TASKS: Final = Path("/proc/self/task")
ROOT: Final = str(Path(__file__).resolve().parent.parent.parent) + os.sep


@dataclass(frozen=True, order=True)
class Gap:
    """Milliseconds between two beats. doing: the act of the person; where: the line of the product most often seen at work."""

    net: float
    wall: float
    cpu: float
    doing: str
    where: str

    def words(self) -> str:
        """For the summary."""
        return f"{self.net:.0f} ms (wall {self.wall:.0f}, cpu {self.cpu:.0f}) {self.doing} · {self.where or '?'}"


class Heart(QObject):
    """One per test or proof. gaps: those of two beats and more, as they came."""

    beating: "Heart | None" = None

    def __init__(self) -> None:
        super().__init__()
        self.gaps: list[Gap] = []
        self.doing = ""
        self._thread = threading.get_ident()
        self._since: _Moment | None = None
        self._seen: list[str] = []
        self._stopped = threading.Event()
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(BEAT)
        self._timer.timeout.connect(self._beat)
        self._looker = threading.Thread(target=self._look, daemon=True, name="heart")

    def start(self) -> None:
        """Begin to beat."""
        Heart.beating = self
        self._timer.start()
        self._looker.start()

    def stop(self) -> None:
        """No more beats."""
        Heart.beating = None
        self._timer.stop()
        self._stopped.set()
        self._looker.join()

    @contextmanager
    def watched(self, doing: str) -> Iterator[None]:
        """What happens inside belongs to the window; inside another it only names what is done."""
        outer, before = self._since is None, self.doing
        self.doing = doing
        if outer:
            self._since = _now()
        try:
            yield
        finally:
            self._beat()
            self.doing = before
            if outer:
                self._since = None

    def largest(self, most: int = 3) -> list[Gap]:
        """The largest gaps, the largest first; of equal acts at equal lines only the largest."""
        found: dict[tuple[str, str], Gap] = {}
        for gap in sorted(self.gaps, reverse=True):
            found.setdefault((gap.doing, gap.where), gap)
        return list(found.values())[:most]

    def _beat(self) -> None:
        if self._since is None:
            return
        now = _now()
        wall, cpu, waited = now.since(self._since)
        if wall > 2 * BEAT:
            where = max(self._seen, key=self._seen.count, default="")
            self.gaps.append(Gap(max(cpu, wall - waited), wall, cpu, self.doing, where))
        self._seen = []
        self._since = now

    def _look(self) -> None:
        """On a thread of its own: where the window's thread is while a beat is overdue."""
        while not self._stopped.wait(LOOK):
            since = self._since
            if since is not None and time.perf_counter() - since.wall > LOOK:
                self._seen.append(_place(self._thread))


@dataclass(frozen=True)
class _Moment:
    """Wall clock, work of this thread, and of each thread of this process how long it stood ready without a processor; seconds."""

    wall: float
    cpu: float
    waited: dict[str, float]

    def since(self, before: "_Moment") -> tuple[float, float, float]:
        """Milliseconds of each since an earlier moment; a thread that has ended meanwhile says nothing."""
        waited = sum(w - before.waited.get(task, 0.0) for task, w in self.waited.items())
        return (self.wall - before.wall) * 1000, (self.cpu - before.cpu) * 1000, waited * 1000


def _now() -> _Moment:
    waited = {}
    if TASKS.is_dir():
        for task in os.listdir(TASKS):
            try:
                waited[task] = int((TASKS / task / "schedstat").read_bytes().split()[1]) / 1e9
            except (OSError, IndexError):  # the thread has just ended, or this kernel does not count
                continue
    return _Moment(time.perf_counter(), time.thread_time(), waited)


def _place(thread: int) -> str:
    """The innermost lines of the product a thread stands in."""
    frame, found = sys._current_frames().get(thread), []
    while frame is not None and len(found) < 3:
        path = frame.f_code.co_filename.removeprefix(ROOT)
        if path.startswith(("ui/", "eduplan_desktop/")):
            found.append(f"{path}:{frame.f_lineno} {frame.f_code.co_name}")
        frame = frame.f_back
    return " < ".join(found)


def watched(doing: str) -> AbstractContextManager[None]:
    """Count what happens inside to the window, where a heart beats."""
    return Heart.beating.watched(doing) if Heart.beating is not None else nullcontext()


def settle(patience: float = 0.0) -> None:
    """Let the window work until nothing is under way: what was begun on the worker is done and shown."""
    with watched(Heart.beating.doing if Heart.beating is not None else ""):
        until = time.monotonic() + (patience or PATIENCE)
        wake = QTimer()  # so that waiting for events ends also where no heart beats
        wake.start(BEAT)
        while any(w.tasks._tasks or w._later.isActive() for w in windows()):
            assert time.monotonic() < until, "the window never came to rest"
            QApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
        QApplication.processEvents()


def windows() -> list[MainWindow]:
    """Windows a person can see."""
    return [w for w in QApplication.topLevelWidgets() if isinstance(w, MainWindow) and w.isVisible()]
