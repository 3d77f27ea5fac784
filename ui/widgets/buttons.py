"""Buttons: verbs, painted flat, with their key on a cap inside. A key works while its button is seen and enabled."""

from collections.abc import Callable
from enum import StrEnum

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QEnterEvent, QKeySequence, QPainter, QPaintEvent, QShortcut
from PySide6.QtWidgets import QAbstractButton, QPushButton, QSizePolicy, QWidget

from ui import icons, theme
from ui.theme import Size, Tone
from ui.widgets import paint, shapes
from ui.widgets.shapes import Shape


class Weight(StrEnum):
    """How loud a button is; at most one PRIMARY per page."""

    PRIMARY = "primary"
    ACCENT = "accent"
    PLAIN = "plain"
    LINK = "link"


class Button(QPushButton):
    """A verb. `key` is shown on a cap and bound; `compact` is the 28 px of rows and message bars."""

    def __init__(
        self,
        text: str,
        on_click: Callable[[], object] | None = None,
        *,
        weight: Weight = Weight.PLAIN,
        icon: str = "",
        key: str = "",
        compact: bool = False,
        tip: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(text, parent)
        self.weight, self.key, self.compact = weight, key, compact
        self._icon = icon
        self.setToolTip(tip or ("" if text else paint.key_words(key)))
        self.setAccessibleName(text or tip)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        if weight is Weight.LINK:
            self.setCursor(Qt.CursorShape.PointingHandCursor)
        if key:
            self._bind(key)
        if on_click is not None:
            self.clicked.connect(lambda _checked=False: on_click())

    def _bind(self, key: str) -> None:
        for one in {key, key.replace("Return", "Enter")}:
            shortcut = QShortcut(QKeySequence(one), self)
            shortcut.setAutoRepeat(False)
            shortcut.activated.connect(self.click)

    def set_text(self, text: str) -> None:
        """Change the verb, as counts change."""
        self.setText(text)
        self.setAccessibleName(text)
        self.updateGeometry()

    def _side(self) -> int:
        return 0 if self.weight is Weight.LINK else theme.px(12 if self.text() else 6)

    def sizeHint(self) -> QSize:
        size = Size.SMALL if self.compact and self.weight is Weight.LINK else Size.BODY
        width = 2 * self._side() + (paint.width_of(self.text(), size) + 2 if self.text() else 0)
        if self._icon:
            width += theme.px(20) + (theme.px(8) if self.text() else 0)
        if self.key and self.text():
            width += paint.key_cap_size(self.key).width() + theme.px(8)
        return QSize(width, theme.px(28 if self.compact else 32) if self.weight is not Weight.LINK else theme.px(20))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def enterEvent(self, event: QEnterEvent) -> None:
        self.update()
        super().enterEvent(event)

    def _ink(self) -> str:
        if not self.isEnabled():
            return "ink3"
        return {Weight.PRIMARY: "onfill", Weight.ACCENT: "accent", Weight.LINK: "accent"}.get(self.weight, "ink")

    def _paint_box(self, painter: QPainter) -> None:
        loud = self.weight is Weight.PRIMARY
        hover = self.underMouse() and self.isEnabled()
        if not self.isEnabled():
            paint.box(painter, self.rect(), "inset", "line")
        elif loud:
            paint.box(painter, self.rect(), "afill")
        else:
            line = "accent" if self.weight is Weight.ACCENT or hover else "edge"
            paint.box(painter, self.rect(), "sel" if self.isDown() else "base", line)
        if self.hasFocus():
            where = self.rect().adjusted(2, 2, -2, -2) if loud else self.rect()
            paint.box(painter, where, line="onfill" if loud else "accent", width=1.5 if loud else 2)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        ink = self._ink()
        if self.weight is not Weight.LINK:
            self._paint_box(painter)
        inner = self.rect().adjusted(self._side(), 0, -self._side(), 0)
        if self._icon:
            side = theme.px(20)
            icons.paint(painter, QRect(inner.left(), inner.center().y() - side // 2, side, side), self._icon, ink)
            inner.setLeft(inner.left() + side + theme.px(8))
        if self.key and self.text():
            cap = paint.key_cap_size(self.key)
            where = QRect(inner.right() - cap.width() + 1, inner.top(), cap.width(), inner.height())
            paint.key_cap(painter, where, self.key, ink if self.weight is Weight.PRIMARY else "ink2")
            inner.setRight(where.left() - theme.px(8))
        size = Size.SMALL if self.compact and self.weight is Weight.LINK else Size.BODY
        paint.text(painter, inner, self.text(), ink, size=size)
        if self.weight is Weight.LINK and (self.hasFocus() or self.underMouse()):
            paint.hline(painter, inner.left(), inner.right(), inner.bottom() - 1, "accent")


class Chip(QAbstractButton):
    """A toggle of 28 px that is legend and filter at once: shape, word, count."""

    def __init__(self, text: str, shape: Shape | None = None, tone: Tone | None = None, parent: QWidget | None = None):
        super().__init__(parent)
        self.setText(text)
        self.setCheckable(True)
        self._shape, self._tone, self._count = shape, tone, ""
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName(text)

    def set_count(self, count: int | str) -> None:
        """The number behind the word."""
        words = f"{count:,}" if isinstance(count, int) else count
        if words != self._count:
            self._count = words
            self.setAccessibleName(f"{self.text()} {words}")
            self.updateGeometry()
            self.update()

    def count(self) -> str:
        """The number shown."""
        return self._count

    def _words(self) -> str:
        return f"{self.text()} {self._count}".strip()

    def sizeHint(self) -> QSize:
        mark = theme.px(shapes.SIDE + 8) if self._shape else 0
        return QSize(paint.width_of(self._words()) + mark + theme.px(22), theme.px(28))

    def minimumSizeHint(self) -> QSize:
        """A chip with a shape can do with shape and count."""
        if not self._shape:
            return self.sizeHint()
        return QSize(theme.px(shapes.SIDE + 30) + paint.width_of(self._count), theme.px(28))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        on = self.isChecked()
        short = bool(self._shape) and self.width() < self.sizeHint().width()
        tip = self._words() if short else ""
        if self.toolTip() != tip:
            self.setToolTip(tip)
        paint.box(painter, self.rect(), "sel" if on else "base", "accent" if on or self.underMouse() else "edge")
        inner = self.rect().adjusted(theme.px(10), 0, -theme.px(10), 0)
        if self._shape:
            side = theme.px(shapes.SIDE)
            tone = Tone.NEUTRAL if self._count == "0" else self._tone
            shapes.paint(painter, QRect(inner.left(), 0, side, self.height()), self._shape, tone)
            inner.setLeft(inner.left() + side + theme.px(8))
        paint.text(painter, inner, self._count if short else self._words(), "accent" if on else "ink")
        if self.hasFocus():
            paint.box(painter, self.rect(), line="accent", width=2)


class StateTag(QWidget):
    """A shape and its word, in the tone's text colour."""

    def __init__(self, shape: Shape, words: str, tone: Tone | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.show_state(shape, words, tone)

    def show_state(self, shape: Shape, words: str, tone: Tone | None = None) -> None:
        """Change what is shown."""
        self._shape, self._words, self._tone = shape, words, tone or shapes.tone_of(shape)
        self.setAccessibleName(words)
        self.updateGeometry()
        self.update()

    def words(self) -> str:
        """The word shown."""
        return self._words

    def sizeHint(self) -> QSize:
        return QSize(theme.px(shapes.SIDE + 8) + paint.width_of(self._words) + 2, theme.px(22))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        side = theme.px(shapes.SIDE)
        shapes.paint(painter, QRect(0, 0, side, self.height()), self._shape, self._tone)
        rest = self.rect().adjusted(side + theme.px(8), 0, 0, 0)
        paint.text(painter, rest, self._words, theme.tone(self._tone).text)
