"""A read-only table of painted cells: shape, words, tint, frame. For pages that show a result, not a register."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QStyledItemDelegate, QWidget

from eduplan_desktop.i18n import _
from ui import theme
from ui.theme import Size, Tone
from ui.widgets import paint, shapes
from ui.widgets.flat_table import FlatTable
from ui.widgets.shapes import Shape

Index = QModelIndex | QPersistentModelIndex
CELL: Final = Qt.ItemDataRole.UserRole
PAD: Final = 8
LEAST: Final = 112
"""How far a column that stretches gives way, in standard pixels."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its heading, its width in standard pixels, whether it holds numbers and whether it takes what is left.

    A column is never narrower than its heading; one that stretches gives way to `LEAST` before the table scrolls.
    centre: shapes stand in the middle; middle: words give way in their middle, as names of schools do.
    """

    label: str
    width: int = 80
    right: bool = False
    stretch: bool = False
    centre: bool = False
    middle: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """What one cell shows. role: of the ink; tone: of its shape, tint or frame; dotted: a line under what was normalised.

    draw: paints the inside instead of the text, as for bars; the text then is what is read aloud.
    """

    text: str = ""
    role: str = "ink"
    shape: Shape | None = None
    tone: Tone | None = None
    tinted: bool = False
    framed: bool = False
    dotted: bool = False
    bold: bool = False
    small: bool = False
    tip: str = ""
    draw: Callable[[QPainter, QRect], object] | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """A row: its cells, the strip at its left edge, its ground, and what it stands for."""

    cells: Sequence[Cell]
    strip: Tone | None = None
    ground: str = ""
    key: str = ""


class GridModel(QAbstractTableModel):
    """Lines under columns."""

    def __init__(self, columns: Sequence[Column], parent: QWidget) -> None:
        super().__init__(parent)
        self.columns = list(columns)
        self.lines: list[Line] = []

    def show(self, lines: Sequence[Line], columns: Sequence[Column] | None = None) -> None:
        """Replace everything."""
        self.beginResetModel()
        self.columns = list(columns) if columns is not None else self.columns
        self.lines = list(lines)
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 (Qt's own signature)
        return 0 if parent.isValid() else len(self.lines)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 (Qt's own signature)
        return 0 if parent.isValid() else len(self.columns)

    def cell(self, index: Index) -> Cell:
        """The cell at a place; lines may be shorter than the columns."""
        cells = self.lines[index.row()].cells
        return cells[index.column()] if index.column() < len(cells) else Cell()

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        cell = self.cell(index)
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return cell.text
        if role == Qt.ItemDataRole.ToolTipRole:
            return cell.tip or cell.text or None
        return cell if role == CELL else None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation is Qt.Orientation.Vertical or section >= len(self.columns):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return _(self.columns[section].label)
        if role == Qt.ItemDataRole.TextAlignmentRole and self.columns[section].right:
            return int(paint.RIGHT)
        return None


class _GridDelegate(QStyledItemDelegate):
    def __init__(self, grid: "Grid") -> None:
        super().__init__(grid)
        self._grid = grid

    def sizeHint(self, option: Any, index: Index) -> QSize:
        return QSize(theme.px(self._grid.lines.columns[index.column()].width), theme.px(26))

    def paint(self, painter: QPainter, option: Any, index: Index) -> None:
        cell: Cell = index.data(CELL)
        line = self._grid.lines.lines[index.row()]
        where = QRect(option.rect)
        current = self._grid.selects and index.row() == self._grid.currentIndex().row()
        paint.flood(painter, where, theme.colour("sel" if current else line.ground or "base"))
        tone = cell.tone or (shapes.tone_of(cell.shape) if cell.shape else Tone.NEUTRAL)
        if cell.tinted or cell.framed:
            paint.flood(painter, where.adjusted(0, 0, -1, -1), QColor(theme.tone(tone).tint))
        if where.bottom() < self._grid.viewport().height() - 1:  # else the frame around the table closes it
            paint.hline(painter, where.left(), where.right() + 1, where.bottom())
        if index.column() < self._grid.lines.columnCount() - 1:
            paint.vline(painter, where.right(), where.top(), where.bottom())
        if line.strip is not None and index.column() == 0:
            paint.flood(
                painter, QRect(where.left(), where.top(), 4, where.height()), QColor(theme.tone(line.strip).fill)
            )
        if cell.framed:
            painter.setPen(QColor(theme.tone(tone).fill))
            painter.drawRect(where.adjusted(0, 0, -1, -1))
        self._paint_words(painter, where, cell, self._grid.lines.columns[index.column()])

    def _paint_words(self, painter: QPainter, where: QRect, cell: Cell, column: Column) -> None:
        right, inner = column.right, where.adjusted(theme.px(PAD), 0, -theme.px(PAD), 0)
        if cell.draw is not None:
            cell.draw(painter, inner)
            return
        size = Size.SMALL if cell.small else Size.BODY
        taken = min(inner.width(), paint.width_of(cell.text, size, bold=cell.bold))
        if cell.shape:
            side = theme.px(shapes.SIDE)
            left = inner.left()
            if column.centre:
                left += max(0, (inner.width() - side - (taken + theme.px(6) if cell.text else 0)) // 2)
            elif right:
                left = max(inner.left(), inner.right() - taken - side - theme.px(6))
            shapes.paint(painter, QRect(left, where.top(), side, where.height()), cell.shape, cell.tone)
            inner.setLeft(left + side + theme.px(6))
        align = paint.RIGHT if right else paint.CENTRE if column.centre and not cell.shape else paint.LEFT
        elide = Qt.TextElideMode.ElideMiddle if column.middle else Qt.TextElideMode.ElideRight
        paint.text(painter, inner, cell.text, cell.role, size=size, bold=cell.bold, align=align, elide=elide)
        if cell.dotted and cell.text:
            x = inner.right() - taken if right else inner.left()
            painter.setPen(QPen(theme.colour("accent"), 2, Qt.PenStyle.DotLine))
            y = where.center().y() + theme.px(9)
            painter.drawLine(x, y, x + min(taken, inner.width()), y)


class Grid(FlatTable):
    """The table. Enter or a double click opens a line where `selects`; else it is only for reading."""

    opened = Signal(int)

    def __init__(
        self, columns: Sequence[Column], *, selects: bool = False, dense: bool = True, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent, dense=dense)
        self.selects = selects
        self._room = self._most = 0
        self._closed = False
        self.lines = GridModel(columns, self)
        self.setModel(self.lines)
        self.setItemDelegate(_GridDelegate(self))
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setTabKeyNavigation(False)
        self.horizontalHeader().setSectionsClickable(False)
        self.horizontalHeader().setSortIndicatorShown(False)
        if not selects:
            self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._spread()

    def show_lines(self, lines: Sequence[Line], columns: Sequence[Column] | None = None) -> None:
        """Replace the lines, and the columns where given; the current line stays where it was."""
        row = max(0, self.currentIndex().row())
        self.lines.show(lines, columns)
        if self.selects and lines:
            self.setCurrentIndex(self.lines.index(min(row, len(lines) - 1), 0))
        self._spread()

    def hide_column(self, column: int, hidden: bool) -> None:
        """Leave a column out while it has nothing to say; the others take its room."""
        self.setColumnHidden(column, hidden)
        self._spread()

    def current_key(self) -> str:
        """The key of the current line, '' for none."""
        row = self.currentIndex().row()
        return self.lines.lines[row].key if 0 <= row < len(self.lines.lines) else ""

    def fit_height(self, most: int, *, closed: bool = False) -> None:
        """As high as its lines, at most `most` of them. closed: no frame stands around it, so the last line has its rule."""
        self._most, self._closed = most, closed
        self._fit()

    def _fit(self) -> None:
        rows = min(len(self.lines.lines), self._most)
        height = theme.px(32) + rows * self.verticalHeader().defaultSectionSize() + int(self._closed)
        if sum(self.columnWidth(i) for i in range(len(self.lines.columns))) > self._room > 0:
            height += self.horizontalScrollBar().sizeHint().height()
        self.setFixedHeight(height)

    def _spread(self) -> None:
        """Headings are whole; what is left goes to the columns that stretch, what lacks is taken from them if that is enough."""
        columns = self.lines.columns
        heads = [
            0 if "\n" in c.label else paint.width_of(_(c.label), Size.SMALL) + 2 * theme.px(PAD) + 1 for c in columns
        ]
        made = [max(theme.px(c.width), head) for c, head in zip(columns, heads, strict=True)]
        made = [0 if self.isColumnHidden(i) else width for i, width in enumerate(made)]
        wide = [i for i, c in enumerate(columns) if c.stretch]
        least = {i: max(theme.px(min(columns[i].width, LEAST)), heads[i]) for i in wide}
        room = self._room - sum(w for i, w in enumerate(made) if i not in least)
        if wide and room >= sum(least.values()):
            for i in wide:
                made[i] = max(least[i], room // len(wide))
            made[wide[-1]] += max(0, room - sum(made[i] for i in wide))
        for i, width in enumerate(made):
            if width:
                self.setColumnWidth(i, width)
        if self._most:
            self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._room = event.size().width()
        self._spread()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self.selects and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self.opened.emit(self.currentIndex().row())
            return
        super().keyPressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        super().mouseDoubleClickEvent(event)
        if self.selects and self.currentIndex().isValid():
            self.opened.emit(self.currentIndex().row())

    def paintEvent(self, event: Any) -> None:
        if self.selects:
            super().paintEvent(event)
        else:
            super(FlatTable, self).paintEvent(event)
