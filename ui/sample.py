"""Making the sample county from the start page: the same `demo` command a script would run, in a process of its own."""

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QProcess, Signal

from eduplan_desktop.errors import EduPlanError
from eduplan_desktop.i18n import _
from eduplan_desktop.workspace import take_sample
from ui.recent import RecentFile, note_file
from ui.theme import Tone
from ui.widgets.progress import ProgressPanel

if TYPE_CHECKING:
    from ui.screens.start import StartScreen

MAIN: Final = Path(__file__).resolve().parent.parent / "main.py"
SCHOOLS: Final = 3
_SHARE: Final = re.compile(r"(\d+)/(\d+) (.*)")


def command(folder: Path) -> list[str]:
    """The command line that makes the sample county in `folder`."""
    own = [sys.executable] if getattr(sys, "frozen", False) else [sys.executable, str(MAIN)]
    return [*own, "demo", "--to", str(folder), "--schools", str(SCHOOLS), "--json"]


class SampleMaker(QObject):
    """Runs the command; its progress lines come on stderr."""

    progressed = Signal(int, int, str)
    ended = Signal(bool)

    def __init__(self, parent: QObject, line: list[str]) -> None:
        super().__init__(parent)
        self._cancelled = False
        self.process = QProcess(self)
        self.process.setProgram(line[0])
        self.process.setArguments(line[1:])
        self.process.readyReadStandardError.connect(self._read)
        self.process.finished.connect(lambda code, _status: self.ended.emit(code == 0 and not self._cancelled))
        self.process.errorOccurred.connect(self._failed)

    def start(self) -> None:
        """Begin."""
        self.process.start()

    def cancel(self) -> None:
        """Stop; what was made so far stays in the folder."""
        self._cancelled = True
        self.process.kill()

    def _failed(self, error: QProcess.ProcessError) -> None:
        if error is QProcess.ProcessError.FailedToStart:
            self.ended.emit(False)

    def _read(self) -> None:
        text = bytes(self.process.readAllStandardError().data()).decode("utf-8", errors="replace")
        for line in text.splitlines():
            if found := _SHARE.fullmatch(line.strip()):
                self.progressed.emit(int(found[1]), int(found[2]), found[3])


def make_sample(screen: "StartScreen", folder: Path) -> SampleMaker:
    """Make the sample county in `folder`, show how far it is, then list its files as recent ones."""
    maker = SampleMaker(screen, command(folder / _("示例县")))
    panel = ProgressPanel(_("正在做示例县"), maker.cancel)
    maker.progressed.connect(panel.show_progress)
    screen.column.insertWidget(2, panel)
    screen.ways["sample"].setEnabled(False)

    def ended(good: bool) -> None:
        panel.deleteLater()
        screen.ways["sample"].setEnabled(True)
        if not good:
            screen.say(_("示例县没有做完。可以换一个空文件夹再试。"), Tone.AMBER)
            return
        try:
            files = take_sample(folder / _("示例县"), screen.context.env)
        except EduPlanError as error:
            screen.context.messages.fault(error)
            return
        for path in reversed(files):
            county = path.stem.startswith("示例县")
            note_file(screen.context.memory, RecentFile(str(path), path.stem, "county" if county else "school"))
        screen.enter(None)
        words = _("示例县做好了，在 {folder}。从左边选一个文件打开；问到口令时，示例的口令已经填好。")
        screen.say(words.format(folder=folder), Tone.GREEN)

    maker.ended.connect(ended)
    maker.start()
    return maker
