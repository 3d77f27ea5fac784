"""Small painting acts shared by widgets and delegates: boxes, text, key caps, badges."""

from typing import Final

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QWidget

from eduplan_desktop.i18n import N_, _
from ui import theme
from ui.rare import cover
from ui.theme import Size, Tone

LEFT: Final = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
RIGHT: Final = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
CENTRE: Final = Qt.AlignmentFlag.AlignCenter
SINGLE_LINE: Final = int(Qt.TextFlag.TextSingleLine)

KEY_WORDS: Final = {
    "Return": "Enter",
    "Space": N_("空格"),
    "Up": "↑",
    "Down": "↓",
    "Left": "←",
    "Right": "→",
    "Del": "Delete",
}


def box(
    painter: QPainter, where: QRect, fill: str = "", line: str = "", *, radius: float = 4, width: float = 1
) -> None:
    """A flat rounded box; colours by role or `#RRGGBB`, '' for none."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(_colour(fill) if fill else Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(_colour(line), width) if line else Qt.PenStyle.NoPen)
    inset = width / 2 if line else 0
    painter.drawRoundedRect(QRectF(where).adjusted(inset, inset, -inset, -inset), radius, radius)
    painter.restore()


def _colour(name: str) -> QColor:
    return QColor(name) if name.startswith("#") else theme.colour(name)


def flood(painter: QPainter, where: QRect, colour: QColor) -> None:
    """Fill a box with a colour; unlike `fillRect` it asks for no gradients, whose two hundred names take long to build."""
    painter.setBackground(colour)
    painter.eraseRect(where)


def hline(painter: QPainter, x1: int, x2: int, y: int, role: str = "line") -> None:
    """A horizontal line one pixel high."""
    flood(painter, QRect(x1, y, x2 - x1, 1), theme.colour(role))


def vline(painter: QPainter, x: int, y1: int, y2: int, role: str = "line") -> None:
    """A vertical line one pixel wide."""
    flood(painter, QRect(x, y1, 1, y2 - y1), theme.colour(role))


def text(
    painter: QPainter,
    where: QRect,
    words: str,
    role: str = "ink",
    *,
    size: Size = Size.BODY,
    bold: bool = False,
    align: Qt.AlignmentFlag = LEFT,
    elide: Qt.TextElideMode = Qt.TextElideMode.ElideRight,
) -> int:
    """One line of text, elided where it does not fit. Returns the width it took."""
    cover(words)
    metrics = theme.metrics(size, bold=bold)
    taken = metrics.horizontalAdvance(words)
    if taken > where.width() and elide is not Qt.TextElideMode.ElideNone:
        words = metrics.elidedText(words, elide, where.width())
        taken = metrics.horizontalAdvance(words)
    painter.setFont(theme.font(size, bold=bold))
    painter.setPen(_colour(role))
    painter.drawText(where, int(align) | SINGLE_LINE, words)
    return taken


def width_of(words: str, size: Size = Size.BODY, *, bold: bool = False) -> int:
    """Width of one line of text in pixels."""
    return theme.metrics(size, bold=bold).horizontalAdvance(words)


def key_words(key: str) -> str:
    """How a key is written on its cap: Ctrl+Return is Ctrl+Enter."""
    return "+".join(_(KEY_WORDS.get(part, part)) for part in key.split("+")) if key != "+" else key


def key_cap_size(key: str) -> QSize:
    """Size of the cap of a key."""
    return QSize(max(theme.px(18), width_of(key_words(key), Size.SMALL) + theme.px(10)), theme.px(18))


def key_cap(painter: QPainter, where: QRect, key: str, role: str = "ink2") -> None:
    """The cap of a key, in the middle of `where`."""
    size = key_cap_size(key)
    cap = QRect(0, 0, size.width(), size.height())
    cap.moveCenter(where.center())
    box(painter, cap, line=role, radius=3)
    text(painter, cap, key_words(key), role, size=Size.SMALL, align=CENTRE)


def badge_width(words: str) -> int:
    """Width of a badge with these words."""
    return max(theme.px(18), width_of(words, Size.SMALL) + theme.px(12))


def badge(painter: QPainter, where: QRect, words: str, tone: Tone = Tone.NEUTRAL) -> None:
    """A quiet badge, 18 px high, at the right end of `where`."""
    width, height = badge_width(words), theme.px(18)
    place = QRect(where.right() - width + 1, where.center().y() - height // 2 + 1, width, height)
    colours = theme.tone(tone)
    box(painter, place, fill=colours.tint, radius=3)
    text(painter, place, words, colours.text, size=Size.SMALL, align=CENTRE)


def focus_frame(painter: QPainter, where: QRect, role: str = "accent") -> None:
    """The square 2 px frame of a current row or item."""
    painter.save()
    painter.setPen(
        QPen(theme.colour(role), 2, Qt.PenStyle.SolidLine, Qt.PenCapStyle.SquareCap, Qt.PenJoinStyle.MiterJoin)
    )
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(QRectF(where).adjusted(1, 1, -1, -1))
    painter.restore()


def arrow(painter: QPainter, where: QRect, role: str = "ink2") -> None:
    """A small chevron pointing down, for fields that open a list."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(theme.colour(role), 1.5, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
    x, y = where.center().x() + 0.5, where.center().y() + 1.0
    painter.drawLine(QPointF(x - 4, y - 2), QPointF(x, y + 2))
    painter.drawLine(QPointF(x, y + 2), QPointF(x + 4, y - 2))
    painter.restore()


def fill(widget: QWidget, painter: QPainter, role: str) -> None:
    """The whole background of a widget."""
    flood(painter, widget.rect(), theme.colour(role))
