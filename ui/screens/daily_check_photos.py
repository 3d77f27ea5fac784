"""Photos of an abnormal item in the daily check: added by key, click or drop, taken off by Delete; kept with the round at once."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget
from shiboken6 import isValid

from eduplan_desktop.errors import EduPlanError
from eduplan_desktop.i18n import _
from ui import theme
from ui.photo_strip import MOST, Thumbnail, dropped, pictures, stage
from ui.screen import Context
from ui.screens.daily_check_day import CheckDay
from ui.widgets.buttons import Button


class CheckPhotos(QWidget):
    """The photos of one item. They go to the hazard raised from it, or to the check itself where none is raised."""

    told = Signal(str)
    """Why a photo was not taken."""

    def __init__(self, context: Context, day: CheckDay, item: str, *, read_only: bool) -> None:
        super().__init__()
        self._context, self._day, self._item, self._read_only = context, day, item, read_only
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(theme.HALF)
        self.add = Button(_("添加照片"), self.choose, icon="camera", compact=True)
        self.add.setToolTip(_("添加照片 F4 或 Alt+↓，也可以把照片拖到这里；最多 6 张"))
        self._row.addWidget(self.add)
        self._row.addStretch(1)
        self.thumbnails: list[Thumbnail] = []
        self.renew()

    def renew(self) -> None:
        """Show the photos as they are now."""
        for old in self.thumbnails:
            self._row.removeWidget(old)
            old.hide()
            old.deleteLater()
        digests = self._day.photos(self._item)
        ws = self._context.workspace
        self.thumbnails = [Thumbnail(d, ws.photo_path(d), n) for n, d in enumerate(digests, 1)]
        for at, one in enumerate(self.thumbnails):
            one.removed.connect(self._remove)
            self._row.insertWidget(at, one)
        self.add.setEnabled(not self._read_only and len(digests) < MOST)

    def choose(self) -> None:
        """Ask for a picture and add it."""
        if not self.add.isEnabled():
            return
        path = self._context.messages.open_file(_("添加照片"), pictures())
        if path:
            self.take([Path(path)])

    def take(self, paths: Sequence[Path]) -> None:
        """Add pictures; they are scaled on the worker."""
        if not self._read_only:
            stage(self._context, paths, self._staged)

    def _staged(self, digests: Sequence[str]) -> None:
        if not isValid(self):  # the day was left meanwhile; nothing names these photos
            return
        for digest in digests:
            if digest not in self._day.photos(self._item) and len(self._day.photos(self._item)) >= MOST:
                self.told.emit(_("每条记录最多 {n} 张照片。").format(n=MOST) + _("请先移去一张，再添加。"))
                break
            self._act(lambda d=digest: self._day.add_photo(self._item, d))

    def _remove(self, digest: str) -> None:
        if not self._read_only:
            self._act(lambda: self._day.remove_photo(self._item, digest))
            self.add.setFocus(Qt.FocusReason.OtherFocusReason)

    def _act(self, act: Any) -> None:
        try:
            changes = act()
        except EduPlanError as fault:
            self._context.messages.fault(fault)
            return
        self.renew()
        if changes is not None:
            self._day.own.add(changes.act)
            self._context.published(changes)

    def offer(self, event: QDragEnterEvent) -> None:
        """A picture dragged over the item is welcome."""
        if not self._read_only and dropped(event):
            event.acceptProposedAction()

    def drop(self, event: QDropEvent) -> None:
        """Pictures dropped on the item."""
        self.take(dropped(event))
