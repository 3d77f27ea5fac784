"""Badges and key caps as widgets of their own; delegates use `paint.badge` and `paint.key_cap`."""

from PySide6.QtCore import QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui import theme
from ui.theme import Tone
from ui.widgets import paint


class Badge(QWidget):
    """A quiet count or word, 18 px."""

    def __init__(self, words: str = "", tone: Tone = Tone.NEUTRAL, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.words, self.tone = words, tone
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(paint.badge_width(self.words), theme.px(18))

    def paintEvent(self, event: QPaintEvent) -> None:
        paint.badge(QPainter(self), self.rect(), self.words, self.tone)


class KeyCap(QWidget):
    """The cap of a key on its own."""

    def __init__(self, key: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.key = key
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return paint.key_cap_size(self.key)

    def paintEvent(self, event: QPaintEvent) -> None:
        paint.key_cap(QPainter(self), self.rect(), self.key)
