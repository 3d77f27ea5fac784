"""Pictures of the window for the eye: `python -m tests.ui.grab NAME …` writes /tmp/grab-NAME.png at 1366×696.

Not a test. The pictures are held beside the mockups by a person.
"""

from pathlib import Path

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QPainter, QPixmap
from PySide6.QtWidgets import QApplication, QWidget

STANDARD = (1366, 696)


def grab(window: QWidget, to: Path, size: tuple[int, int] = STANDARD, ratio: float = 1.0) -> Path:
    """Show `window` at `size` logical pixels and save what it paints, with its tool windows on top."""
    window.resize(*size)
    window.show()
    app = QApplication.instance()
    assert app is not None
    for _turn in range(4):
        app.processEvents()
    picture = QPixmap(round(size[0] * ratio), round(size[1] * ratio))
    picture.setDevicePixelRatio(ratio)
    picture.fill(Qt.GlobalColor.transparent)
    window.render(picture)
    painter = QPainter(picture)
    for other in QApplication.topLevelWidgets():
        if other is not window and other.isVisible():
            other.render(painter, window.mapFromGlobal(other.mapToGlobal(QPoint(0, 0))))
    painter.end()
    picture.save(str(to))
    return to
