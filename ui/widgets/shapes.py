"""The shapes of state: 14 px, drawn once, used everywhere. Shape is the first signal, colour the second."""

from enum import StrEnum
from typing import Final

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPixmap, QPixmapCache, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui import theme
from ui.theme import Tone

SIDE: Final = 14


class Shape(StrEnum):
    """One shape per meaning."""

    OK = "ok"
    """正常, 已通过: disc with tick."""
    RING = "ring"
    """已接收待审 (green), 未做 (neutral)."""
    DOUBT = "doubt"
    """存疑, 迟报: triangle with !."""
    ERROR = "error"
    """错误, 缺报, 拒收: square with ×."""
    OVERDUE = "overdue"
    """超期: square with !."""
    MAJOR = "major"
    """重大: octagon with !."""
    RETURNED = "returned"
    """退回: diamond with arrow."""
    CHANGED = "changed"
    """未报送改动, 更新: dot."""
    NEW = "new"
    """新增: disc with +."""
    SAME = "same"
    """未变, 已合并: equals."""
    NEXT = "next"
    """下一份: solid right triangle."""
    OLDER = "older"
    """旧版: hollow left triangle."""
    GAP = "gap"
    """缺号: hollow triangle."""
    FORK = "fork"
    """分叉."""
    UNKNOWN = "unknown"
    """未知密钥: square with ?."""
    HELD = "held"
    """隔离: square with two bars."""
    EXEMPT = "exempt"
    """免报: dash."""
    DUE = "due"
    """将到期: clock."""


TONES: Final = {
    Shape.OK: Tone.GREEN,
    Shape.RING: Tone.NEUTRAL,
    Shape.DOUBT: Tone.AMBER,
    Shape.ERROR: Tone.RED,
    Shape.OVERDUE: Tone.RED,
    Shape.MAJOR: Tone.RED,
    Shape.RETURNED: Tone.AMBER,
    Shape.CHANGED: Tone.ACCENT,
    Shape.NEW: Tone.ACCENT,
    Shape.SAME: Tone.NEUTRAL,
    Shape.NEXT: Tone.GREEN,
    Shape.OLDER: Tone.NEUTRAL,
    Shape.GAP: Tone.AMBER,
    Shape.FORK: Tone.RED,
    Shape.UNKNOWN: Tone.RED,
    Shape.HELD: Tone.AMBER,
    Shape.EXEMPT: Tone.NEUTRAL,
    Shape.DUE: Tone.NEUTRAL,
}


def tone_of(shape: Shape) -> Tone:
    """The usual state of a shape."""
    return TONES[shape]


def _polygon(*points: tuple[float, float]) -> QPolygonF:
    return QPolygonF([QPointF(x, y) for x, y in points])


_TRIANGLE: Final = ((7.0, 1.5), (13.2, 12.5), (0.8, 12.5))
_OCTAGON: Final = ((4.4, 0.8), (9.6, 0.8), (13.2, 4.4), (13.2, 9.6), (9.6, 13.2), (4.4, 13.2), (0.8, 9.6), (0.8, 4.4))


def _lines(painter: QPainter, colour: QColor, width: float, *strokes: tuple[float, float, float, float]) -> None:
    painter.setPen(QPen(colour, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin))
    for x1, y1, x2, y2 in strokes:
        painter.drawLine(QPointF(x1, y1), QPointF(x2, y2))


def _exclamation(painter: QPainter, on: QColor, top: float, bottom: float) -> None:
    _lines(painter, on, 1.7, (7, top, 7, bottom - 2.6), (7, bottom, 7, bottom + 0.05))


def _body(painter: QPainter, shape: Shape, fill: QColor) -> None:
    """The filled part of a solid shape."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(fill)
    match shape:
        case Shape.OK | Shape.NEW:
            painter.drawEllipse(QRectF(1, 1, 12, 12))
        case Shape.ERROR | Shape.OVERDUE | Shape.UNKNOWN | Shape.HELD:
            painter.drawRoundedRect(QRectF(1, 1, 12, 12), 1.5, 1.5)
        case Shape.DOUBT:
            painter.drawPolygon(_polygon(*_TRIANGLE))
        case Shape.MAJOR:
            painter.drawPolygon(_polygon(*_OCTAGON))
        case Shape.RETURNED:
            painter.drawPolygon(_polygon((7, 0.5), (13.5, 7), (7, 13.5), (0.5, 7)))
        case Shape.CHANGED:
            painter.drawEllipse(QRectF(3.8, 3.8, 6.4, 6.4))
        case Shape.NEXT:
            painter.drawPolygon(_polygon((2.5, 1.5), (12.5, 7), (2.5, 12.5)))
        case _:
            pass
    painter.setBrush(Qt.BrushStyle.NoBrush)


def _sign(painter: QPainter, shape: Shape, fill: QColor, on: QColor) -> None:
    """The sign inside a solid shape, or the whole of an outline shape."""
    match shape:
        case Shape.OK:
            _lines(painter, on, 1.6, (4.2, 7.2, 6.2, 9.2), (6.2, 9.2, 9.8, 5.2))
        case Shape.NEW:
            _lines(painter, on, 1.6, (7, 4.2, 7, 9.8), (4.2, 7, 9.8, 7))
        case Shape.ERROR:
            _lines(painter, on, 1.7, (4.7, 4.7, 9.3, 9.3), (9.3, 4.7, 4.7, 9.3))
        case Shape.OVERDUE | Shape.MAJOR:
            _exclamation(painter, on, 3.8, 10.2)
        case Shape.DOUBT:
            _exclamation(painter, on, 5.2, 10.8)
        case Shape.UNKNOWN:
            _lines(painter, on, 1.4, (5.2, 5.2, 6.2, 3.9), (6.2, 3.9, 8.2, 4.1), (8.2, 4.1, 8.7, 5.6))
            _lines(painter, on, 1.4, (8.7, 5.6, 7, 7.2), (7, 7.2, 7, 8), (7, 10.2, 7, 10.25))
        case Shape.HELD:
            _lines(painter, on, 1.7, (5.3, 4.6, 5.3, 9.4), (8.7, 4.6, 8.7, 9.4))
        case Shape.RETURNED:
            _lines(painter, on, 1.5, (4.3, 7, 9.6, 7), (4.3, 7, 6.4, 4.9), (4.3, 7, 6.4, 9.1))
        case Shape.RING | Shape.DUE:
            _lines(painter, fill, 1.6)
            painter.drawEllipse(QRectF(1.8, 1.8, 10.4, 10.4))
            if shape is Shape.DUE:
                _lines(painter, fill, 1.4, (7, 4.2, 7, 7), (7, 7, 9, 8.4))
        case Shape.SAME:
            _lines(painter, fill, 1.7, (2.5, 5.2, 11.5, 5.2), (2.5, 8.8, 11.5, 8.8))
        case Shape.EXEMPT:
            _lines(painter, fill, 1.7, (2.5, 7, 11.5, 7))
        case Shape.OLDER | Shape.GAP:
            _lines(painter, fill, 1.6)
            corners = ((11.5, 2), (2.5, 7), (11.5, 12)) if shape is Shape.OLDER else ((7, 2), (12.5, 12), (1.5, 12))
            painter.drawPolygon(_polygon(*corners))
        case Shape.FORK:
            _lines(painter, fill, 1.7, (7, 13, 7, 7.5), (7, 7.5, 3, 4.5), (7, 7.5, 11, 4.5))
            _lines(painter, fill, 1.7, (3, 4.5, 3, 1.5), (11, 4.5, 11, 1.5))
        case _:
            pass


def paint(painter: QPainter, where: QRect, shape: Shape, tone: Tone | None = None) -> None:
    """Draw `shape` in the middle of `where`, 14 px at the chosen scale."""
    side = theme.px(SIDE)
    corner = where.center() - QRect(0, 0, side, side).center()
    painter.drawPixmap(corner, _picture(shape, tone or TONES[shape], side, theme.pixels(painter)))


def _picture(shape: Shape, tone: Tone, side: int, ratio: float) -> QPixmap:
    """The shape drawn once for a palette, size and screen."""
    fill, on = QColor(theme.tone(tone).fill), QColor(theme.colours().base)
    key = f"eduplan-shape/{shape}/{fill.name()}/{side}/{ratio:.3f}"
    made = QPixmap()
    if QPixmapCache.find(key, made):
        return made
    made = QPixmap(round(side * ratio), round(side * ratio))
    made.fill(Qt.GlobalColor.transparent)
    painter = QPainter(made)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.scale(side * ratio / SIDE, side * ratio / SIDE)
    _body(painter, shape, fill)
    _sign(painter, shape, fill, on)
    painter.end()
    made.setDevicePixelRatio(ratio)
    QPixmapCache.insert(key, made)
    return made


class ShapeMark(QWidget):
    """A shape as a widget of its own."""

    def __init__(self, shape: Shape, tone: Tone | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shape, self._tone = shape, tone
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_shape(self, shape: Shape, tone: Tone | None = None) -> None:
        """Change the shape."""
        self._shape, self._tone = shape, tone
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(theme.px(SIDE + 2), theme.px(SIDE + 6))

    def paintEvent(self, event: QPaintEvent) -> None:
        paint(QPainter(self), self.rect(), self._shape, self._tone)
