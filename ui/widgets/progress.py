"""Progress of long work, and flat data bars."""

from collections.abc import Callable

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from eduplan_desktop.i18n import _
from ui import theme
from ui.theme import Size
from ui.widgets import paint
from ui.widgets.buttons import Button
from ui.widgets.labels import ElidedLabel, Label


class ProgressPanel(QWidget):
    """Long work: what is being done now, how much is left, and a cancel that really stops."""

    def __init__(
        self, title: str, on_cancel: Callable[[], object] | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._done, self._total = 0, 0
        self.title = Label(title, bold=True)
        self.doing = ElidedLabel("", "ink2", Size.SMALL)
        self.count = Label("", "ink2", Size.SMALL)
        self.cancel = Button(_("取消"), self._cancel)
        self._on_cancel = on_cancel
        if on_cancel is None:  # showing it here, before it has a parent, would make it a window of its own
            self.cancel.hide()
        self.bar = DataBar()
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.MARGIN, theme.CARD, theme.MARGIN, theme.CARD)
        head = QHBoxLayout()
        head.addWidget(self.title)
        head.addStretch(1)
        head.addWidget(self.count)
        column.addLayout(head)
        column.addWidget(self.bar)
        foot = QHBoxLayout()
        foot.addWidget(self.doing, 1)
        foot.addWidget(self.cancel)
        column.addLayout(foot)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def _cancel(self) -> None:
        self.cancel.setEnabled(False)
        self.doing.set_text(_("正在停下…"))
        if self._on_cancel is not None:
            self._on_cancel()

    def show_progress(self, done: int, total: int, text: str) -> None:
        """Say how far the work is; total 0 means not yet known."""
        self._done, self._total = done, total
        self.bar.set_value(done / total if total else 0.0)
        self.count.setText(f"{done:,} / {total:,}" if total else "")
        if self.cancel.isEnabled():
            self.doing.set_text(text)

    def paintEvent(self, event: QPaintEvent) -> None:
        paint.box(QPainter(self), self.rect(), "base", "line")


class DataBar(QWidget):
    """A flat bar of 8 px from 0 to 1, with an optional limit as a line."""

    def __init__(self, value: float = 0.0, limit: float | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._value, self._limit = value, limit
        self.setFixedHeight(theme.px(16))
        self.setMinimumWidth(theme.px(72))

    def set_value(self, value: float) -> None:
        """The filled part, 0 to 1."""
        self._value = value
        self.update()

    def value(self) -> float:
        """The filled part."""
        return self._value

    def sizeHint(self) -> QSize:
        return QSize(theme.px(160), theme.px(16))

    def paintEvent(self, event: QPaintEvent) -> None:
        paint_bar(QPainter(self), self.rect(), self._value, limit=self._limit)


def paint_bar(
    painter: QPainter,
    where: QRect,
    value: float,
    *,
    limit: float | None = None,
    dotted: bool = False,
    role: str = "accent",
) -> None:
    """A bar of 8 px in the middle of `where`: 0 at the left edge, 1 at the right; `limit` as a line across it."""
    height = theme.px(8)
    track = QRect(where.left(), where.center().y() - height // 2, where.width(), height)
    painter.fillRect(track, theme.colour("inset"))
    width = round(track.width() * min(1.0, max(0.0, value)))
    painter.fillRect(QRect(track.left(), track.top(), width, height), theme.colour(role))
    if limit is not None:
        x = track.left() + round(track.width() * limit)
        painter.setPen(QPen(theme.colour("ink"), 2, Qt.PenStyle.DotLine if dotted else Qt.PenStyle.SolidLine))
        painter.drawLine(x, track.top() - theme.HALF, x, track.bottom() + theme.HALF)


def paint_compare_bar(painter: QPainter, where: QRect, value: float) -> None:
    """A bar against one line in the middle: -1 reaches the left edge, +1 the right."""
    height, middle = theme.px(10), where.center().x()
    width = round((where.width() / 2) * min(1.0, abs(value)))
    left = middle if value >= 0 else middle - width
    role = "accent" if value >= 0 else "edge"
    painter.fillRect(QRect(left, where.center().y() - height // 2, width, height), theme.colour(role))
    paint.vline(painter, middle, where.top(), where.bottom() + 1, "edge")
