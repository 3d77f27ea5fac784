"""The quiet bar inside a page: what went well (with undo), what needs an act, what went wrong."""

from collections.abc import Callable, Sequence
from typing import Final

from PySide6.QtCore import QRect, QSize, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from eduplan_desktop.i18n import _
from ui import theme
from ui.theme import Tone
from ui.widgets import paint, shapes
from ui.widgets.buttons import Button, Weight
from ui.widgets.labels import Label
from ui.widgets.shapes import Shape

SHAPES: Final = {
    Tone.GREEN: Shape.OK,
    Tone.AMBER: Shape.DOUBT,
    Tone.RED: Shape.ERROR,
    Tone.ACCENT: Shape.NEW,
    Tone.NEUTRAL: Shape.CHANGED,
}

Act = tuple[str, Callable[[], object]]
"""A verb and what it does."""


class MessageBar(QWidget):
    """One sentence, at most two acts, a cross. `text` may hold <b>…</b>; escape what a person typed."""

    closed = Signal()

    def __init__(
        self,
        text: str,
        tone: Tone = Tone.ACCENT,
        acts: Sequence[Act] = (),
        *,
        shape: Shape | None = None,
        closable: bool = True,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.tone, self._shape = tone, shape or SHAPES[tone]
        self.setMinimumHeight(theme.px(40))
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.px(44), theme.HALF, theme.GRID, theme.HALF)
        self.label = Label(text, wrap=True)
        row.addWidget(self.label, 1)
        self.buttons = [
            Button(words, act, weight=Weight.ACCENT if i == 0 else Weight.PLAIN, compact=True)
            for i, (words, act) in enumerate(acts[:2])
        ]
        for button in self.buttons:
            row.addWidget(button)
        if closable:
            row.addWidget(CloseButton(self.close_bar))

    def text(self) -> str:
        """The sentence shown."""
        return self.label.text()

    def close_bar(self) -> None:
        """Take the bar away."""
        self.hide()
        self.closed.emit()
        self.deleteLater()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        colours = theme.tone(self.tone)
        painter.fillRect(self.rect(), theme.tone(self.tone).line)
        painter.fillRect(self.rect().adjusted(1, 1, -1, -1), colours.tint)
        painter.fillRect(QRect(0, 0, theme.HALF, self.height()), colours.fill)
        side = theme.px(shapes.SIDE)
        shapes.paint(painter, QRect(theme.px(20), 0, side, self.height()), self._shape, self.tone)


class CloseButton(Button):
    """The × of a bar."""

    def __init__(self, act: Callable[[], object]) -> None:
        super().__init__("", act, icon="close", compact=True, tip=_("关闭这条消息"))

    def sizeHint(self) -> QSize:
        return QSize(theme.px(28), theme.px(28))

    def _paint_box(self, painter: QPainter) -> None:
        if self.hasFocus() or self.underMouse():
            paint.box(painter, self.rect(), line="accent" if self.hasFocus() else "edge")


class MessageArea(QWidget):
    """Where a page shows its bars, newest first, at most three; without bars it takes no room."""

    LIMIT: Final = 3

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bars: list[MessageBar] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(theme.MARGIN, theme.GRID, theme.MARGIN, theme.GRID)
        self._column.setSpacing(theme.GRID)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.hide()

    @property
    def bars(self) -> list[MessageBar]:
        """The bars shown, newest first."""
        return list(self._bars)

    def say(self, text: str, tone: Tone = Tone.GREEN, acts: Sequence[Act] = (), *, closable: bool = True) -> MessageBar:
        """Show a sentence; an equal one that is already there is replaced."""
        for old in [b for b in self._bars if b.text() == text]:
            old.close_bar()
        for old in self._bars[self.LIMIT - 1 :]:
            old.close_bar()
        bar = MessageBar(text, tone, acts, closable=closable, parent=self)
        bar.closed.connect(lambda: self._forget(bar))
        self._bars.insert(0, bar)
        self._column.insertWidget(0, bar)
        self.show()
        return bar

    def clear(self) -> None:
        """Take all bars away."""
        for bar in list(self._bars):
            bar.close_bar()

    def _forget(self, bar: MessageBar) -> None:
        if bar in self._bars:
            self._bars.remove(bar)
            self._column.removeWidget(bar)
        self.setVisible(bool(self._bars))
