"""Cards on the canvas and empty pages."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from ui import icons, theme
from ui.theme import Size
from ui.widgets import paint
from ui.widgets.buttons import Button, Weight
from ui.widgets.labels import ElidedLabel, Label


class Card(QWidget):
    """A framed block. With a title it has a head of 40 px; `head` takes links at its right, `body` the content."""

    def __init__(self, title: str = "", note: str = "", *, padded: bool = True, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._titled = bool(title)
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 1, 1, 1)
        column.setSpacing(0)
        self.note = ElidedLabel(note, "ink2", Size.SMALL)
        self.head = QHBoxLayout()
        self.head.setContentsMargins(theme.CARD, 0, theme.CARD, 0)
        self.head.setSpacing(theme.GRID)
        if title:
            frame = QWidget()
            frame.setFixedHeight(theme.px(40))
            frame.setLayout(self.head)
            self.head.addWidget(Label(title, bold=True))
            self.head.addWidget(self.note, 1)
            column.addWidget(frame)
        self.body = QVBoxLayout()
        pad = theme.CARD if padded else 0
        self.body.setContentsMargins(pad, pad if title or padded else 0, pad, pad)
        self.body.setSpacing(theme.GRID if padded else 0)
        column.addLayout(self.body, 1)

    def set_note(self, note: str) -> None:
        """The small words behind the title."""
        self.note.set_text(note)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint.box(painter, self.rect(), "base", "line")
        if self._titled:
            paint.hline(painter, 1, self.width() - 1, theme.px(40))


class _Number(QWidget):
    """A number in a ring."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self._number = number
        self.setFixedSize(theme.px(22), theme.px(22))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint.box(painter, self.rect(), "base", "edge", radius=self.width() / 2)
        paint.text(painter, self.rect(), str(self._number), "ink2", size=Size.SMALL, align=paint.CENTRE)


class Steps(QWidget):
    """What to do, in order: a number in a ring before each sentence, whose lines stay beside it."""

    def __init__(self, sentences: Sequence[str]) -> None:
        super().__init__()
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(theme.CARD)
        grid.setVerticalSpacing(theme.GRID)
        grid.setColumnStretch(1, 1)
        for n, words in enumerate(sentences, 1):
            grid.addWidget(_Number(n), n, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(Label(words, wrap=True), n, 1, Qt.AlignmentFlag.AlignVCenter)


class EmptyState(QWidget):
    """What an empty page says: one sentence and the two likeliest first steps."""

    def __init__(
        self,
        sentence: str,
        acts: Sequence[tuple[str, Callable[[], object]]] = (),
        *,
        icon: str = "file",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._icon = icon
        self.sentence = Label(sentence, "ink2", wrap=True)
        self.sentence.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.sentence.setFixedWidth(theme.px(360))
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        self.buttons = [
            Button(words, act, weight=Weight.ACCENT if i == 0 else Weight.PLAIN)
            for i, (words, act) in enumerate(acts[:2])
        ]
        for button in self.buttons:
            buttons.addWidget(button)
        buttons.addStretch(1)
        column = QVBoxLayout(self)
        column.addStretch(2)
        column.addSpacing(theme.px(56))
        middle = QHBoxLayout()
        middle.addStretch(1)
        middle.addWidget(self.sentence)
        middle.addStretch(1)
        column.addLayout(middle)
        column.addSpacing(theme.GRID)
        column.addLayout(buttons)
        column.addStretch(3)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        side = theme.px(48)
        where = QRect((self.width() - side) // 2, self.sentence.y() - side - theme.px(12), side, side)
        paint.box(painter, where, "inset", radius=6)
        icons.paint(painter, where, self._icon, "ink2")
