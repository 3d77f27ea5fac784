"""Rare characters on screen: the page of the shipped fonts that has them is loaded when a text first needs it (D13)."""

import re
from typing import Any, Final

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QApplication

from ui import theme
from ui.tasks import TaskRunner

OUTSIDE: Final = re.compile("[\u3400-\u4dbf\U00020000-\U000323af]")
"""Ideographs that the screen font may lack; everything else it has or no shipped font has."""


class RareFonts(QObject):
    """Collects the characters texts need, loads their pages one by one, then has everything painted again."""

    def __init__(self, tasks: TaskRunner, parent: QObject) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._asked: set[str] = set()
        self._wanted: set[str] = set()
        self.loaded: list[str] = []
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(0)
        self._soon.timeout.connect(self._fetch)

    def want(self, characters: list[str]) -> None:
        """These characters are about to be painted."""
        fresh = set(characters) - self._asked
        if fresh:
            self._asked |= fresh
            self._wanted |= fresh
            self._soon.start()

    def _fetch(self) -> None:
        text, loaded = "".join(sorted(self._wanted)), set(self.loaded)
        self._wanted.clear()

        def unpack(_progress: Any, _cancelled: Any) -> list[tuple[str, bytes]]:
            from eduplan_desktop.reports.fontfiles import rare_pages

            return [(page.family, page.data()) for page in rare_pages(text) if page.family not in loaded]

        self._tasks.run(unpack, on_done=self._take, background=True)

    def _take(self, pages: list[tuple[str, bytes]]) -> None:
        for family, data in pages:
            if family not in self.loaded and QFontDatabase.addApplicationFontFromData(data) >= 0:
                self.loaded.append(family)
        if pages:
            theme.wear_also(self.loaded)
            for window in QApplication.topLevelWidgets():
                window.update()


def cover(text: str) -> None:
    """Have the fonts for a text ready soon; called where text is shown, so it must cost nothing for ordinary text."""
    if not text.isascii() and (found := OUTSIDE.findall(text)):
        fonts = getattr(QApplication.instance(), "eduplan_rare", None)
        if fonts is not None:
            fonts.want(found)
