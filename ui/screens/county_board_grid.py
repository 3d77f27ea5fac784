"""The board's table: names stand still at the left, items scroll at the right; two lines of heading and a row of counts on top."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from eduplan_desktop.i18n import N_, _
from ui import theme
from ui.theme import Size, Tone
from ui.widgets import paint, shapes
from ui.widgets.flat_table import FlatHeader
from ui.widgets.grid import Cell, Column, Grid, Line
from ui.widgets.rows import Row
from ui.widgets.shapes import Shape

SHAPES: Final[Mapping[str, tuple[Shape, str, Tone]]] = {
    "missing": (Shape.ERROR, N_("缺报"), Tone.RED),
    "late": (Shape.DOUBT, N_("迟报"), Tone.AMBER),
    "returned": (Shape.RETURNED, N_("退回"), Tone.AMBER),
    "received": (Shape.RING, N_("待审"), Tone.GREEN),
    "accepted": (Shape.OK, N_("已通过"), Tone.GREEN),
    "exempt": (Shape.EXEMPT, N_("免报"), Tone.NEUTRAL),
    "upcoming": (Shape.CHANGED, N_("未到期"), Tone.NEUTRAL),
}
"""State of a cell → shape, word, tone."""
NAMES: Final = (Column("学校", 160, stretch=True, middle=True), Column("类别", 104))
WIDEST: Final = 460
"""How wide the names grow where the items leave room, in standard pixels."""
ITEM: Final = 58
RATE: Final = 72
HEAD: Final = 40
COUNTS: Final = 28


class _BoardHeader(FlatHeader):
    """Two lines of heading, and the counts of the county under them."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.counts: Sequence[str] = ()
        self.marked = -1

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), theme.px(HEAD + COUNTS))

    def paintSection(self, painter: QPainter, rect: QRect, section: int) -> None:
        painter.fillRect(rect, theme.colour("canvas"))
        top = QRect(rect.left(), rect.top(), rect.width(), theme.px(HEAD))
        low = QRect(rect.left(), top.bottom() + 1, rect.width(), rect.height() - top.height())
        words = str(self.model().headerData(section, Qt.Orientation.Horizontal) or "").split("\n")
        align = paint.LEFT if self.model().columnCount() == len(NAMES) else paint.CENTRE
        pad = theme.px(8) if align == paint.LEFT else 0
        height = top.height() // len(words)
        for n, line in enumerate(words):
            where = QRect(top.left() + pad, top.top() + n * height, top.width() - pad, height)
            ink = "accent" if section == self.marked else "ink2"
            paint.text(painter, where, line, ink, size=Size.SMALL, align=align)
        paint.hline(painter, rect.left(), rect.right() + 1, top.bottom(), "edge")
        said = self.counts[section] if section < len(self.counts) else ""
        paint.text(painter, low.adjusted(pad, 0, 0, 0), said, "ink", size=Size.SMALL if pad else Size.BODY, align=align)
        paint.hline(painter, rect.left(), rect.right() + 1, rect.bottom(), "edge")
        paint.vline(painter, rect.right(), rect.top(), rect.bottom())


class _BoardGrid(Grid):
    """A grid with the header of the board, cells in the middle of their columns."""

    def __init__(self, columns: Sequence[Column], *, names: bool) -> None:
        super().__init__(columns, selects=True)
        self.head = _BoardHeader(self)
        self.setHorizontalHeader(self.head)
        self.head.setSectionsClickable(False)
        self.head.setSortIndicatorShown(False)
        if names:
            self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
            self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)


class BoardTable(QWidget):
    """`current()` is (school, item). Arrows walk cells; the frame of the row runs through both halves."""

    moved = Signal()
    opened = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.names = _BoardGrid(NAMES, names=True)
        self.cells = _BoardGrid((), names=False)
        self.cells.setAccessibleName(_("完整性看板"))
        self.names.setMinimumWidth(theme.px(sum(c.width for c in NAMES)))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.names, 1000)  # as wide as it may be; what is left is for the items
        row.addWidget(self.cells, 1)
        self._items: list[str] = []
        self._filling = False
        self.cells.verticalScrollBar().valueChanged.connect(self.names.verticalScrollBar().setValue)
        self.names.verticalScrollBar().valueChanged.connect(self.cells.verticalScrollBar().setValue)
        self.cells.selectionModel().currentChanged.connect(lambda *_i: self._follow())
        self.names.clicked.connect(lambda index: self._go(index.row(), max(0, self.cells.currentIndex().column())))
        self.cells.opened.connect(lambda _row: self.opened.emit())

    def show_board(self, board: Any, rows: Sequence[Any], kinds: Mapping[str, str], marked: str) -> None:
        """Show these schools; the cell that was current stays so."""
        school, item = self.current()
        self._items = [i.id for i in board.items]
        columns = [
            *(Column(_heading(i), _item_width(i), centre=True) for i in board.items),
            Column(_("按期率\n%"), RATE, right=True),
        ]
        self.cells.head.counts = [*(_came(board.counts[i.id]) for i in board.items), _rate_of(board.rows)]
        self.names.head.counts = (_("已收（{n} 所）").format(n=len(board.rows)), "")
        self._filling = True
        self.names.show_lines([_name_line(r, kinds.get(r.school.uid, "")) for r in rows])
        self.cells.show_lines([_cell_line(r) for r in rows], columns)
        self._filling = False
        self._share()
        self.mark_item(marked)
        if rows:
            self.go_to(school or rows[0].school.uid, item or marked)

    def _share(self) -> None:
        """The names take what the items leave."""
        least = theme.px(sum(c.width for c in NAMES))
        taken = sum(self.cells.columnWidth(i) for i in range(self.cells.lines.columnCount()))
        bar = self.cells.verticalScrollBar()
        taken += bar.sizeHint().width() if bar.maximum() else 0
        self.names.setMaximumWidth(max(least, min(theme.px(WIDEST), self.width() - taken - 1)))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._share()

    def mark_item(self, item: str) -> None:
        """Show which item the filters are about."""
        self.cells.head.marked = self._items.index(item) if item in self._items else -1
        self.cells.head.viewport().update()

    def current(self) -> tuple[str, str]:
        """School and item of the current cell, '' for none."""
        column = self.cells.currentIndex().column()
        return self.cells.current_key(), self._items[column] if 0 <= column < len(self._items) else ""

    def first_school(self) -> str:
        """The school of the first line."""
        lines = self.cells.lines.lines
        return lines[0].key if lines else ""

    def go_to(self, school: str, item: str) -> None:
        """Make a cell the current one; the first line where the school is not shown."""
        keys = [line.key for line in self.cells.lines.lines]
        row = keys.index(school) if school in keys else 0
        self._go(row, self._items.index(item) if item in self._items else 0)

    def _go(self, row: int, column: int) -> None:
        index = self.cells.lines.index(row, column)
        self.cells.setCurrentIndex(index)
        self.cells.scrollTo(index)

    def _follow(self) -> None:
        if self._filling:
            return
        row = self.cells.currentIndex().row()
        if row >= 0 and row != self.names.currentIndex().row():
            self.names.setCurrentIndex(self.names.lines.index(row, 0))
        self.moved.emit()


def _heading(item: Any) -> str:
    """Year over month for monthly items, year over the kind of the others."""
    period = item.period
    if len(period) > 4:
        return _("{year}\n{month}月").format(year=period[:4], month=int(period[5:7]))
    short = {"stat": _("均衡"), "asset": _("设备"), "checkup": _("体检")}.get(item.id.partition("-")[0], item.title[:3])
    return f"{period}\n{short}"


def _item_width(item: Any) -> int:
    """Wide enough for both lines of its heading, in standard pixels."""
    words = max(paint.width_of(line, Size.SMALL) for line in _heading(item).split("\n"))
    return max(ITEM, round((words + theme.px(12)) / theme.scale()))


def _came(counts: Mapping[str, int]) -> str:
    total = sum(counts.values())
    if total and counts.get("exempt", 0) == total:
        return _("免报")
    return str(total - sum(counts.get(s, 0) for s in ("missing", "upcoming", "exempt")))


def _rate_of(rows: Sequence[Any]) -> str:
    rates = [r.on_time for r in rows if r.on_time is not None]
    return f"{100 * sum(rates) / len(rates):.1f}" if rates else ""


def _strip(row: Any) -> Tone | None:
    return {0: Tone.RED, 1: Tone.AMBER}.get(row.worst)


def _name_line(row: Any, kind: str) -> Line:
    return Line((Cell(row.school.name), Cell(kind, "ink2", small=True)), _strip(row), key=row.school.uid)


def _cell_line(row: Any) -> Line:
    cells = []
    for one in row.cells:
        if not one.state:
            cells.append(Cell())
            continue
        shape, words, tone = SHAPES[one.state]
        if one.state == "upcoming":
            cells.append(Cell("·", "ink3", tip=_(words)))
            continue
        days = str(one.late) if one.state == "late" else ""
        cells.append(Cell(days, "amber", shape, tone, small=True, tip=one.word))
    rate = "" if row.on_time is None else f"{100 * row.on_time:.1f}"
    return Line((*cells, Cell(rate)), key=row.school.uid)


class Legend(Row):
    """The shapes and their words, at the foot of the board."""

    def __init__(self) -> None:
        super().__init__(32, "canvas", "")
        self.setAccessibleName(_("图例"))

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter, x, side = QPainter(self), theme.MARGIN, theme.px(shapes.SIDE)
        paint.hline(painter, 0, self.width(), 0)
        order = ("accepted", "received", "returned", "late", "missing", "exempt")
        for state in order:
            shape, words, tone = SHAPES[state]
            said = _("迟报，数字为天数") if state == "late" else _(words)
            shapes.paint(painter, QRect(x, 0, side, self.height()), shape, tone)
            x += side + theme.px(6)
            room = QRect(x, 0, self.width() - x, self.height())
            x += paint.text(painter, room, said, "ink2", size=Size.SMALL) + theme.px(18)
        where = QRect(x, 0, self.width() - x - theme.MARGIN, self.height())
        if paint.width_of(_("方向键走格，Enter 看经过"), Size.SMALL) < where.width():
            paint.text(painter, where, _("方向键走格，Enter 看经过"), "ink2", size=Size.SMALL, align=paint.RIGHT)
