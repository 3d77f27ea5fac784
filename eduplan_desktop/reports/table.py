"""Tables on paper: full grid, heading rows repeated on every page, rows as high as their text, nothing cut off.

Rows are drawn as they come, so a table of 10,000 rows needs no list of its cells.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from eduplan_desktop.i18n import _
from eduplan_desktop.reports.fonts import Face
from eduplan_desktop.reports.ink import LEADING, RISE, Lines, Run
from eduplan_desktop.reports.page import Paper
from eduplan_desktop.reports.pdf import FRAME, HAIR, MM

PAD: Final = 2.5
"""White between a cell's text and its lines, points."""
_HEAD_SIZE: Final = 9.0
_HEAD_SMALLEST: Final = 7.0
_HEAD_LINES: Final = 4
_SMALLEST_FIGURE: Final = 5.0
SMALLEST: Final = 6.5
"""Text is made smaller to stay in its cell down to this size (小六); then the row grows."""


class Align(StrEnum):
    """Where a column's text stands."""

    LEFT = "left"
    RIGHT = "right"
    CENTRE = "centre"


@dataclass(frozen=True, slots=True)
class Column:
    """A column. weight: share of the width; unit: in brackets under the label; below: a line under the label as it is; group: a
    heading over neighbouring columns of the same group; lines: how many lines a cell may take before its text is made smaller."""

    label: str
    weight: float
    align: Align = Align.LEFT
    unit: str = ""
    group: str = ""
    lines: int = 2
    below: str = ""


@dataclass(frozen=True, slots=True)
class _Slot:
    """A column's place on the page. x: left edge; room: width for text; anchor: where aligned text starts, ends or centres."""

    x: float
    width: float
    align: Align
    lines: int
    pad: float

    @property
    def room(self) -> float:
        return max(1.0, self.width - 2 * self.pad)

    @property
    def anchor(self) -> float:
        shift = {Align.LEFT: self.pad, Align.RIGHT: self.width - self.pad, Align.CENTRE: self.width / 2}
        return self.x + shift[self.align]


@dataclass(frozen=True, slots=True)
class _Measured:
    """A row whose texts are laid out. single: cells of one line; tall: cells of several or smaller lines; label: a shared first cell."""

    single: list[tuple[float, Align, Run]]
    tall: list[tuple[float, Align, Lines]]
    height: float
    span: int
    label: str


class Table:
    """A table on a paper. Call `row` for each row, then `close`."""

    def __init__(
        self,
        paper: Paper,
        columns: Sequence[Column],
        *,
        size: float = 9.0,
        row_height: float = 8 * MM,
        page_total: Callable[[], Sequence[str]] | None = None,
        total_span: int = 1,
        merge_first: bool = False,
        pad: float = PAD,
        head_size: float = _HEAD_SIZE,
    ) -> None:
        """page_total: cells of the row that ends each page of a longer table (本页小计), its first cell over `total_span` columns;
        merge_first: neighbouring rows with the same first cell share it, drawn once in their middle."""
        self.paper = paper
        self.columns = tuple(columns)
        self.size = size
        self.row_height = row_height
        self._pad = min(pad, PAD)
        self._head_size = head_size
        self._page_total = page_total
        self._total_span = total_span
        self._broken, self._empty = False, True
        self._merge_first = merge_first
        self._block: tuple[str, float] = ("", 0.0)
        total = sum(c.weight for c in columns)
        self._slots: list[_Slot] = []
        x = paper.left
        for column in columns:
            wide = paper.width * column.weight / total
            self._slots.append(_Slot(x, wide, column.align, column.lines, pad))
            x += wide
        self._hot = [(s, s.room, s.anchor, s.align) for s in self._slots]
        self._top = self._segment = paper.y
        paper.on_new_page = self._open
        paper.need(4 * row_height)
        if paper.y == self._top:
            self._open()

    def row(self, cells: Sequence[str], *, face: Face = Face.SERIF, span: int = 1) -> None:
        """One row of shown texts, one for each column; with `span` the first cell is centred over that many columns."""
        hot = self._hot
        self._empty = False
        if span > 1:
            last = self._slots[span - 1]
            wide = _Slot(self._slots[0].x, last.x + last.width - self._slots[0].x, Align.CENTRE, 2, last.pad)
            hot = [(wide, wide.room, wide.anchor, wide.align), *hot[span:]]
            cells = [cells[0], *cells[span:]]
        label = ""
        if self._merge_first:
            label, cells = cells[0], ["", *cells[1:]]
        ink, size = self.paper.ink, self.size
        single: list[tuple[float, Align, Run]] = []
        tall: list[tuple[float, Align, Lines]] = []
        height = self.row_height
        for (slot, room, anchor, align), text in zip(hot, cells, strict=True):
            if not text:
                continue
            run = ink.run(face, text)
            if run.width * size <= room and "\n" not in text:
                single.append((anchor, align, run))
            else:
                lines = self._fit(face, text, slot)
                tall.append((anchor, align, lines))
                height = max(height, lines.height + 2 * self._pad + 2)
        self._place(_Measured(single, tall, height, span, label))

    def _fit(self, face: Face, text: str, slot: _Slot) -> Lines:
        """A text too wide for its cell: figures on one line, made smaller; centred text in even lines."""
        ink = self.paper.ink
        if slot.align is Align.RIGHT:
            return ink.fit(face, text, slot.room, self.size, _SMALLEST_FIGURE, 1)
        lines = ink.fit(face, text, slot.room, self.size, SMALLEST, slot.lines)
        if slot.align is Align.CENTRE and len(lines.runs) > 1:
            return Lines(ink.balanced(face, text, slot.room, lines.size), lines.size)
        return lines

    def _place(self, row: _Measured) -> None:
        """Put a measured row on this page or the next; one higher than a page goes on over as many as it takes."""
        row = self._with_label(row)
        if self._room < row.height:
            self._break()
            row = self._with_label(row)
            while self._room < row.height:
                fits, rest = _split(row.tall, self._room)
                self._draw(_Measured(row.single, fits, self._room, row.span, row.label))
                self._break()
                height = max([self.row_height, *(lines.height + 2 * self._pad + 2 for _, _, lines in rest)])
                row = _Measured([], rest, height, row.span, row.label)
        self._draw(row)

    def _with_label(self, row: _Measured) -> _Measured:
        """The first row that a shared cell stands on is high enough to hold it alone."""
        if not row.label or row.label == self._block[0]:
            return row
        return replace(row, height=max(row.height, self._shared(row.label).height + 2 * PAD + 2))

    def _shared(self, label: str) -> Lines:
        slot = self._slots[0]
        return self.paper.ink.fit(Face.SERIF, label, slot.room, self.size, SMALLEST, slot.lines)

    @property
    def _room(self) -> float:
        """Height left for rows, the page's total row kept apart."""
        return self.paper.room - (self.row_height if self._page_total else 0)

    def _draw(self, row: _Measured) -> None:
        paper, page, size = self.paper, self.paper.page, self.size
        page.line(self._begin_row(row.label), paper.y, paper.right, paper.y, HAIR)
        base = paper.y - row.height / 2 - RISE * size
        for anchor, align, run in row.single:
            if align is Align.LEFT:
                page.text(run, anchor, base, size)
            elif align is Align.RIGHT:
                page.text(run, anchor - run.width * size, base, size)
            else:
                page.text(run, anchor - run.width * size / 2, base, size)
        for anchor, align, lines in row.tall:
            self._draw_lines(anchor, align, lines, paper.y - row.height / 2)
        if row.span > 1:
            self._verticals(row.span, paper.y, paper.y - row.height)
        paper.y -= row.height
        if row.span > 1:
            self._segment = paper.y

    def _begin_row(self, label: str) -> float:
        """Where the line above a row starts: after the first column where the row shares its first cell with the row above."""
        if label and label == self._block[0]:
            return self._slots[1].x
        self._end_block()
        self._block = (label, self.paper.y)
        return self.paper.left

    def _end_block(self) -> None:
        """Write a shared first cell in the middle of its rows."""
        label, top = self._block
        self._block = ("", 0.0)
        if label:
            slot = self._slots[0]
            self._draw_lines(slot.anchor, slot.align, self._shared(label), (top + self.paper.y) / 2)

    def _draw_lines(self, anchor: float, align: Align, lines: Lines, middle: float) -> None:
        page = self.paper.page
        draw = {Align.LEFT: page.text, Align.RIGHT: page.text_right, Align.CENTRE: page.text_centred}[align]
        step = lines.size * LEADING
        y = middle + step * (len(lines.runs) - 1) / 2 - RISE * lines.size
        for run in lines.runs:
            draw(run, anchor, y, lines.size)
            y -= step

    def _verticals(self, span: int, top: float, bottom: float) -> None:
        """Inner upright lines: of the rows since the last merged row, then of a merged row from `top` to `bottom`."""
        page = self.paper.page
        if self._segment > top:
            for slot in self._slots[1:]:
                page.line(slot.x, self._segment, slot.x, top, HAIR)
        if span > 1:
            for slot in self._slots[span:]:
                page.line(slot.x, top, slot.x, bottom, HAIR)

    def _open(self) -> None:
        """Begin the grid on a page: the heading row or rows."""
        self._top = self.paper.y
        page = self.paper.page
        grouped = any(c.group for c in self.columns)
        labels = self._labels()
        single = max(self.row_height, *(lines.height + 2 * self._pad + 2 for lines in labels))
        band = self.row_height * 0.75 if grouped else 0.0
        height = single + band
        for column, slot, lines in zip(self.columns, self._slots, labels, strict=True):
            top = self.paper.y - (band if column.group else 0)
            self._draw_lines(slot.x + slot.width / 2, Align.CENTRE, lines, (top + self.paper.y - height) / 2)
        if grouped:
            self._draw_groups(band)
        for left, right in zip(self.columns, self._slots[1:], strict=False):
            inside = left.group and left.group == self.columns[self._slots.index(right)].group
            page.line(right.x, self.paper.y - (band if inside else 0), right.x, self.paper.y - height, HAIR)
        self.paper.y -= height
        self._segment = self.paper.y
        page.line(self.paper.left, self.paper.y, self.paper.right, self.paper.y, HAIR)

    def _labels(self) -> list[Lines]:
        """The headings, all at the largest size at which none needs more than four lines and its unit."""
        size = self._head_size
        while True:
            labels = [self._label(c, s, size) for c, s in zip(self.columns, self._slots, strict=True)]
            if size <= _HEAD_SMALLEST or all(
                len(lines.runs) <= _HEAD_LINES + bool(c.unit or c.below)
                for c, lines in zip(self.columns, labels, strict=True)
            ):
                return labels
            size -= 0.5

    def _label(self, column: Column, slot: _Slot, size: float) -> Lines:
        ink = self.paper.ink
        runs = ink.balanced(Face.SANS, column.label, slot.room, size)
        if column.unit:
            runs += ink.wrap(Face.SANS, f"（{column.unit}）", slot.room, size)
        if column.below:
            runs += ink.wrap(Face.SANS, column.below, slot.room, size)
        return Lines(runs, size)

    def _draw_groups(self, band: float) -> None:
        start = 0
        while start < len(self.columns):
            group = self.columns[start].group
            end = start
            while end < len(self.columns) and self.columns[end].group == group:
                end += 1
            if group:
                left, last = self._slots[start].x, self._slots[end - 1]
                right = last.x + last.width
                lines = self.paper.ink.fit(Face.SANS, group, right - left - 2 * PAD, _HEAD_SIZE, SMALLEST, 1)
                self._draw_lines((left + right) / 2, Align.CENTRE, lines, self.paper.y - band / 2)
                self.paper.page.line(left, self.paper.y - band, right, self.paper.y - band, HAIR)
            start = end

    def _break(self) -> None:
        self._broken = True
        self._draw_page_total()
        self._close_grid()
        self.paper.new_page()

    def _draw_page_total(self) -> None:
        """本页小计, on a table of more than one page."""
        if self._page_total and self._broken:
            total, self._page_total = self._page_total, None
            self.row(total(), face=Face.SANS, span=self._total_span)
            self._page_total = total

    def _close_grid(self) -> None:
        paper = self.paper
        self._end_block()
        self._verticals(1, paper.y, paper.y)
        paper.page.rectangle(paper.left, paper.y, paper.width, self._top - paper.y, FRAME)

    def close(self, totals: Sequence[str] = ()) -> None:
        """End the grid, with a 合计 row if there is one; what follows stands under it. A table without rows says so."""
        if self._empty:
            self.row([_("没有记录"), *[""] * (len(self.columns) - 1)], span=len(self.columns))
        self._draw_page_total()
        self._page_total = None
        if totals:
            self.row(totals, face=Face.BOLD, span=self._total_span)
        self._close_grid()
        self.paper.on_new_page = None


def _split(
    cells: list[tuple[float, Align, Lines]], room: float
) -> tuple[list[tuple[float, Align, Lines]], list[tuple[float, Align, Lines]]]:
    """What of the cells' lines fits in `room` points, and the rest for the next page."""
    fits, rest = [], []
    for anchor, align, lines in cells:
        count = max(1, int((room - 2 * PAD - 2 - lines.size) / (lines.size * LEADING)) + 1)
        fits.append((anchor, align, Lines(lines.runs[:count], lines.size)))
        if lines.runs[count:]:
            rest.append((anchor, align, Lines(lines.runs[count:], lines.size)))
    return fits, rest
