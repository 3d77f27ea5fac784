"""Locks the open vaults when nobody has used the program for some minutes. What was being typed goes into the sealed draft first."""

import time
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication

from eduplan_desktop.errors import EduPlanError
from eduplan_desktop.i18n import _
from ui.theme import Tone
from ui.vault import lock_all, open_vault, vault_name

if TYPE_CHECKING:
    from ui.main_window import MainWindow

EVERY: Final = 5_000
"""Milliseconds between two looks at the clock while a vault is open; closed vaults cost nothing."""
USE: Final = frozenset(
    {
        QEvent.Type.KeyPress,
        QEvent.Type.MouseButtonPress,
        QEvent.Type.MouseMove,
        QEvent.Type.Wheel,
        QEvent.Type.TouchBegin,
        QEvent.Type.InputMethod,
    }
)


def steady() -> float:
    """Seconds that nobody can set, and that go on while the PC sleeps."""
    clock = getattr(time, "CLOCK_BOOTTIME", None)
    return time.monotonic() if clock is None else time.clock_gettime(clock)


class IdleLock(QObject):
    """Watches the window while a vault is open. `clock` is handed in, and `tick` does what the timer does."""

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self.clock = steady
        self._window = window
        self._last = 0.0
        self._locking = self._listening = False
        self._timer = QTimer(self)
        self._timer.setInterval(EVERY)
        self._timer.timeout.connect(self.tick)

    @property
    def watching(self) -> bool:
        """Whether a vault is open and the time runs."""
        return self._timer.isActive()

    def look(self) -> None:
        """A vault may have been opened or locked: begin or end watching, and say when it locks."""
        open_ = self._names()
        if open_ and not self.watching:
            self._last, self._locking = self.clock(), False
            self._timer.start()
            self._listen(True)
        elif not open_ and self.watching:
            self._timer.stop()
            self._listen(False)
        self._show()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Note that somebody is there; every event goes its way."""
        if event.type() in USE:
            self._last = self.clock()
            self._listen(False)
        return False

    def _listen(self, on: bool) -> None:
        """A filter of all events costs each of them 10 µs: once somebody was seen, it rests until the next tick."""
        app = QApplication.instance()
        assert app is not None
        app.removeEventFilter(self)
        if on:
            app.installEventFilter(self)
        self._listening = on

    def tick(self) -> None:
        """Lock if it is time. Work under way is finished first: it may need the open vault."""
        if self.watching and not self._listening:  # somebody was here since the last tick, maybe until now
            self._last = min(self.clock(), self._last + EVERY / 1000)
            self._listen(True)
        if not self._names():
            self.look()
        elif self._left() > 0:
            self._show()
        elif not self._window.tasks.busy and not self._locking:
            self._begin()

    def _names(self) -> tuple[str, ...]:
        ws = self._window.workspace
        return tuple(ws.open_compartments()) if ws is not None else ()

    def _minutes(self) -> int:
        return int(self._window.workspace.settings.lock_minutes())

    def _left(self) -> float:
        return self._minutes() * 60 - (self.clock() - self._last)

    def _show(self) -> None:
        names = self._names()
        when = words = ""
        if names:
            then = self._window.env.now().astimezone() + timedelta(seconds=max(0.0, self._left()))
            when = then.strftime("%H:%M")
            said = vault_name(self._window.context(), names[0])
            if len(names) > 1:
                said = _("{n} 个保险库").format(n=len(names))
            words = _("{names}打开着，{time} 自动锁定").format(names=said, time=when)
        self._window.status.show_vault(words)
        if self._window.page is not None:
            self._window.page.locks_at(when)

    # ---- locking

    def _keep(self) -> bool:
        """What is being typed goes into the draft. Nothing is lost for the sake of locking: a failure is said, and tried again."""
        page = self._window.page
        try:
            if page is not None:
                page.keep_typing()
        except EduPlanError as fault:
            assert page is not None
            page.say(_("草稿写不进文件，保险库还没有锁：{why}").format(why=str(fault)), Tone.RED)
            return False
        return True

    def _begin(self) -> None:
        """Keep what is typed, then let the worker prepare what is to be reported; sealing may take longer than a moment."""
        ws = self._window.workspace
        if not self._keep():
            return
        self._locking = True

        def prepare(_progress: Any, _cancelled: Any) -> Any:
            with ws.another() as twin:
                return twin.prepare_sealed()

        self._window.tasks.run(
            prepare,
            on_done=lambda _n: self._lock(ws),
            on_failed=lambda _fault: self._lock(ws),
            on_cancelled=lambda: self._lock(ws),
            background=True,
        )

    def _lock(self, ws: Any) -> None:
        self._locking = False
        page = self._window.page
        if ws is not self._window.workspace or page is None or self._left() > 0 or not self._keep():
            return  # another file, or somebody came back meanwhile
        minutes, names = self._minutes(), self._names()
        context = self._window.context()
        locked = lock_all(context)
        words = _("{n} 分钟没有人用，{names}自动锁定了。没存的内容留在草稿里，重新打开后接着写。")
        verbs = [
            (_("打开{vault}").format(vault=vault_name(context, n)), lambda n=n: open_vault(context, n)) for n in names
        ]
        bar = page.bars.say(words.format(n=minutes, names="、".join(locked)), Tone.NEUTRAL, verbs)
        if QApplication.focusWidget() is None:  # the field that had the cursor is gone
            bar.buttons[0].setFocus()
