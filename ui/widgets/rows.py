"""The rows a page is made of: title row, filter row, key hints, section header."""

from collections.abc import Sequence

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLayout, QScrollArea, QSizePolicy, QWidget

from ui import theme
from ui.theme import Size
from ui.widgets import paint
from ui.widgets.labels import ElidedLabel, Label


class Row(QWidget):
    """A strip of fixed height over the whole width, with a line below, or one on top at the foot of something."""

    def __init__(
        self, height: int, role: str = "base", line: str = "line", parent: QWidget | None = None, *, top: str = ""
    ) -> None:
        super().__init__(parent)
        self._role, self._line, self._top = role, line, top
        self.setFixedHeight(theme.px(height))
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.row = QHBoxLayout(self)
        self.row.setContentsMargins(theme.MARGIN, 0, theme.MARGIN, 0)
        self.row.setSpacing(theme.GRID)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint.fill(self, painter, self._role)
        if self._line:
            paint.hline(painter, 0, self.width(), self.height() - 1, self._line)
        if self._top:
            paint.hline(painter, 0, self.width(), 0, self._top)


class TitleRow(Row):
    """What this page is, whose, which period; actions at the right, the primary one last."""

    def __init__(self, title: str, subtitle: str = "", parent: QWidget | None = None) -> None:
        super().__init__(48, parent=parent)
        self.title = Label(title, size=Size.TITLE, bold=True)
        self.subtitle = ElidedLabel(subtitle, "ink2", Size.SMALL, elide=Qt.TextElideMode.ElideMiddle)
        self.row.addWidget(self.title)
        self.row.addSpacing(theme.GRID)
        self.row.addWidget(self.subtitle, 1)

    def set_title(self, title: str) -> None:
        """Change the title."""
        self.title.setText(title)

    def set_subtitle(self, subtitle: str) -> None:
        """Change the line behind the title."""
        self.subtitle.set_text(subtitle)

    def add(self, *widgets: QWidget) -> None:
        """Put actions at the right end."""
        for widget in widgets:
            self.row.addWidget(widget)


class FilterRow(Row):
    """Search, choices and chips of a page, 40 px."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(40, parent=parent)
        self.row.addStretch(1)
        self._left = 0

    def add_left(self, widget: QWidget, stretch: int = 0) -> None:
        """Put a widget behind those already at the left."""
        self.row.insertWidget(self._left, widget, stretch)
        self._left += 1

    def add_right(self, widget: QWidget) -> None:
        """Put a widget at the right end."""
        self.row.addWidget(widget)


def scrolling(content: QLayout) -> QScrollArea:
    """What is laid out, so that it scrolls where the window is too low for it, as with large type."""
    inside = QWidget()
    inside.setLayout(content)
    area = QScrollArea()
    area.setWidget(inside)
    area.setWidgetResizable(True)
    area.setFrameShape(QScrollArea.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.viewport().setAutoFillBackground(False)
    inside.setAutoFillBackground(False)
    return area


class SectionHeader(QWidget):
    """A group title as on the paper form, with a line to the right edge."""

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = title
        self.setFixedHeight(theme.px(24))
        self.setAccessibleName(title)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        taken = paint.text(painter, self.rect(), self._title, "ink2", size=Size.SMALL)
        paint.hline(painter, taken + theme.GRID, self.width(), self.height() // 2, "line")


class KeyHints(QWidget):
    """A line of keys and what they do, as at the foot of a page: [(keys, words), …]."""

    def __init__(self, hints: Sequence[tuple[str, str]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.hints = list(hints)
        self.setFixedHeight(theme.px(24))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def minimumSizeHint(self) -> QSize:
        return QSize(0, theme.px(24))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        x = 0
        for keys, words in self.hints:
            for key in keys.split(" "):
                cap = paint.key_cap_size(key)
                paint.key_cap(painter, QRect(x, 0, cap.width(), self.height()), key)
                x += cap.width() + theme.HALF
            x += theme.HALF
            where = QRect(x, 0, max(0, self.width() - x), self.height())
            x += paint.text(painter, where, words, "ink2", size=Size.SMALL) + theme.px(20)
