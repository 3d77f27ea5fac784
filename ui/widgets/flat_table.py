"""Tables without grid and zebra: flat header, plain cells, the current row in a frame that does not need the focus."""

from functools import cache
from typing import Any, Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QStyledItemDelegate, QTableView, QWidget

from ui import theme
from ui.theme import Size
from ui.widgets import paint

Index = QModelIndex | QPersistentModelIndex

PAD: Final = 8


@cache
def _selected() -> Any:
    from PySide6.QtWidgets import QStyle

    return QStyle.StateFlag.State_Selected


def is_selected(option: Any) -> bool:
    """Whether a cell is painted as selected. QStyle is asked when a cell is painted: its enumerations would hold up the start."""
    return bool(option.state & _selected())


class FlatHeader(QHeaderView):
    """A header of 32 px: small grey words, thin lines, an arrow on the sorted column."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setSectionsClickable(True)
        self.setHighlightSections(False)
        self.setSortIndicatorShown(True)
        self.setSortIndicatorClearable(True)
        self.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        self.setMinimumSectionSize(theme.px(28))

    def sizeHint(self) -> QSize:
        return QSize(0, theme.px(32))  # Qt would ask every column for its words

    def paintSection(self, painter: QPainter, rect: QRect, section: int) -> None:
        paint.flood(painter, rect, theme.colour("canvas"))
        paint.hline(painter, rect.left(), rect.right() + 1, rect.bottom(), "edge")
        if section or self.count() > 1:
            paint.vline(painter, rect.right(), rect.top(), rect.bottom())
        model = self.model()
        words = str(model.headerData(section, Qt.Orientation.Horizontal) or "")
        align = int(model.headerData(section, Qt.Orientation.Horizontal, Qt.ItemDataRole.TextAlignmentRole) or 0)
        right = bool(align & int(Qt.AlignmentFlag.AlignRight))
        inner = rect.adjusted(theme.px(PAD), 0, -theme.px(PAD), 0)
        if section == self.sortIndicatorSection() and section >= 0:
            up = self.sortIndicatorOrder() == Qt.SortOrder.AscendingOrder
            where = QRect(inner.right() - theme.px(10), inner.top(), theme.px(10), inner.height())
            paint.text(painter, where, "↑" if up else "↓", "accent", size=Size.SMALL, align=paint.RIGHT)
            inner.setRight(where.left() - 2)
        paint.text(painter, inner, words, "ink2", size=Size.SMALL, align=paint.RIGHT if right else paint.LEFT)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        end = self.length() - self.offset()
        if end < self.viewport().width():
            painter = QPainter(self.viewport())
            rest = QRect(end, 0, self.viewport().width() - end, self.viewport().height())
            paint.flood(painter, rest, theme.colour("canvas"))
            paint.hline(painter, rest.left(), rest.right() + 1, rest.bottom(), "edge")


class FlatDelegate(QStyledItemDelegate):
    """A plain cell: text by alignment, a thin line below, the tint of a selection."""

    def paint(self, painter: QPainter, option: Any, index: Index) -> None:
        where: QRect = option.rect
        selected = is_selected(option)
        if selected:
            paint.flood(painter, where, theme.colour("sel"))
        paint.hline(painter, where.left(), where.right() + 1, where.bottom(), "selline" if selected else "line")
        words = str(index.data() or "")
        if words:
            align = int(index.data(Qt.ItemDataRole.TextAlignmentRole) or 0)
            side = paint.RIGHT if align & int(Qt.AlignmentFlag.AlignRight) else paint.LEFT
            paint.text(painter, where.adjusted(PAD, 0, -PAD, 0), words.replace("\n", " "), align=side)


class FlatTable(QTableView):
    """A table without grid and zebra: rows of 30 px (26 dense), the current row in a frame that does not need the focus."""

    def __init__(self, parent: QWidget | None = None, *, dense: bool = False) -> None:
        super().__init__(parent)
        self.setHorizontalHeader(FlatHeader(self))
        rows = self.verticalHeader()
        rows.hide()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setMinimumSectionSize(theme.px(24))
        rows.setDefaultSectionSize(theme.px(26 if dense else 30))
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setCornerButtonEnabled(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerItem)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setTabKeyNavigation(True)
        self.setItemDelegate(FlatDelegate(self))

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        index = self.currentIndex()
        if not index.isValid():
            return
        painter = QPainter(self.viewport())
        top, height = self.rowViewportPosition(index.row()), self.rowHeight(index.row())
        width = min(self.viewport().width(), self.horizontalHeader().length() - self.horizontalOffset())
        paint.focus_frame(painter, QRect(0, top - 1, width, height + 1))
        if self.hasFocus() and index.column() > 0:
            paint.box(painter, self.visualRect(index).adjusted(0, 0, -1, -1), line="accent", radius=0)
