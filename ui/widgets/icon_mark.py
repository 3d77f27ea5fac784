"""An icon as a widget of its own."""

from PySide6.QtCore import QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui import icons, theme


class IconMark(QWidget):
    """One icon, 20 px; beside words, never alone."""

    def __init__(self, name: str, role: str = "ink2", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.name, self._role = name, role
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_icon(self, name: str) -> None:
        """Change the icon."""
        self.name = name
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(theme.px(20), theme.px(20))

    def paintEvent(self, event: QPaintEvent) -> None:
        icons.paint(QPainter(self), self.rect(), self.name, self._role)
