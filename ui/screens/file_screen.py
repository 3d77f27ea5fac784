"""A page that works on one file of a person: it may be dropped on the page, and long work shows its progress in the page."""

from pathlib import Path
from typing import Any, Final

from PySide6.QtGui import QDragEnterEvent, QDropEvent

from eduplan_desktop.i18n import _
from ui.screen import Context, Screen
from ui.theme import Tone
from ui.widgets.progress import ProgressPanel

KINDS: Final = "*.xlsx *.xls *.xlsm *.xlsb *.ods *.et *.csv *.txt *.tsv"
SUFFIXES: Final = tuple(k.lstrip("*") for k in KINDS.split())


class FileScreen(Screen):
    """Pages say what `open_file` does and how the title stands while work runs."""

    def __init__(self, context: Context, title: str) -> None:
        super().__init__(context, title)
        self._running: ProgressPanel | None = None
        self.setAcceptDrops(True)

    def open_file(self, path: Path) -> None:
        """Take a file."""
        raise NotImplementedError

    def show_title(self) -> None:
        """Show what the page is about now."""
        raise NotImplementedError

    # ---- long work

    def _run(self, title: str, work: Any, done: Any, failed: Any) -> None:
        self._end_running()
        self.context.tasks.cancel_all()
        running = self._running = ProgressPanel(title, self.context.tasks.cancel_all)
        self.column.insertWidget(2, running)
        self.show_title()

        def ended(after: Any) -> Any:
            def end(answer: Any = None) -> None:
                if self._running is running:
                    self._end_running()
                    after(answer)

            return end

        self.context.tasks.run(
            work,
            on_done=ended(done),
            on_failed=ended(failed),
            on_cancelled=ended(lambda _nothing: self._stopped()),
            on_progress=running.show_progress,
        )

    def _stopped(self) -> None:
        self.say(_("已停下，没有写入任何数据。"), Tone.NEUTRAL)
        self.show_title()

    def _end_running(self) -> None:
        if self._running is not None:
            self.column.removeWidget(self._running)
            self._running.hide()
            self._running.deleteLater()
            self._running = None

    # ---- dropping a file

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if any(u.toLocalFile().lower().endswith(SUFFIXES) for u in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        paths = [u.toLocalFile() for u in event.mimeData().urls()]
        if paths and paths[0].lower().endswith(SUFFIXES):
            self.open_file(Path(paths[0]))
