"""Icons of one outline family (resources/icons), tinted by a role of the palette and drawn at the sharpness of the screen."""

from pathlib import Path
from typing import Final

from PySide6.QtCore import QByteArray, QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QIcon, QIconEngine, QPainter, QPixmap, QPixmapCache
from PySide6.QtSvg import QSvgRenderer

from ui import theme

ICON_DIR: Final = Path(__file__).resolve().parent.parent / "resources" / "icons"
SIDE: Final = 20


def names() -> list[str]:
    """All icons there are."""
    return sorted(p.stem for p in ICON_DIR.glob("*.svg"))


def pixmap(name: str, role: str = "ink2", side: int = SIDE, ratio: float = 1.0) -> QPixmap:
    """The icon `name` in the colour of `role`, `side` logical pixels wide, for a screen of `ratio` device pixels."""
    tint = theme.colour(role).name()
    key = f"eduplan-icon/{name}/{tint}/{side}/{ratio:.3f}"
    found = QPixmap()
    if QPixmapCache.find(key, found):
        return found
    source = (ICON_DIR / f"{name}.svg").read_text("utf-8").replace("currentColor", tint)
    renderer = QSvgRenderer(QByteArray(source.encode()))
    made = QPixmap(QSize(round(side * ratio), round(side * ratio)))
    made.fill(Qt.GlobalColor.transparent)
    painter = QPainter(made)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    renderer.render(painter, QRectF(made.rect()))
    painter.end()
    made.setDevicePixelRatio(ratio)
    QPixmapCache.insert(key, made)
    return made


def paint(painter: QPainter, where: QRect, name: str, role: str = "ink2") -> None:
    """Draw the icon in the middle of `where`, as large as fits, never larger than its own size at the chosen scale."""
    side = min(where.width(), where.height(), theme.px(SIDE))
    made = pixmap(name, role, side, theme.pixels(painter))
    corner = where.center() - QPoint(side // 2 - 1, side // 2 - 1)
    painter.drawPixmap(corner, made)


class _TintedEngine(QIconEngine):
    """An icon that follows the palette when it changes."""

    def __init__(self, name: str, role: str) -> None:
        super().__init__()
        self._name, self._role = name, role

    def clone(self) -> QIconEngine:
        return _TintedEngine(self._name, self._role)

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        role = "ink3" if mode == QIcon.Mode.Disabled else self._role
        paint(painter, rect, self._name, role)

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        role = "ink3" if mode == QIcon.Mode.Disabled else self._role
        return pixmap(self._name, role, min(size.width(), size.height()))


def icon(name: str, role: str = "ink2") -> QIcon:
    """A QIcon for menus and other places that Qt draws itself."""
    return QIcon(_TintedEngine(name, role))


def app_icon() -> QIcon:
    """The window's own icon."""
    return QIcon(str(ICON_DIR / "app.svg"))
