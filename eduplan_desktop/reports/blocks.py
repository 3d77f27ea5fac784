"""Parts of forms that are not tables of rows: paragraphs, boxes of labels and values, characters in large groups."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from eduplan_desktop.reports.fonts import Face
from eduplan_desktop.reports.ink import LEADING, RISE, Lines
from eduplan_desktop.reports.page import BODY, STAMP, Paper
from eduplan_desktop.reports.pdf import FRAME, HAIR, MM
from eduplan_desktop.reports.table import PAD, SMALLEST


def paragraph(
    paper: Paper,
    text: str,
    *,
    size: float = BODY,
    leading: float = 1.6,
    indent: bool = True,
    face: Face = Face.SERIF,
    align: str = "left",
) -> None:
    """Running text from `paper.y` down, over pages where needed; the first line two characters in, as Chinese is set."""
    first = "　　" if indent else ""
    x = {"left": paper.left, "centre": (paper.left + paper.right) / 2, "right": paper.right}[align]
    for run in paper.ink.wrap(face, first + text, paper.width, size):
        paper.need(size * leading)
        base = paper.y - size * leading / 2 - RISE * size
        draw = {"left": paper.page.text, "centre": paper.page.text_centred, "right": paper.page.text_right}[align]
        draw(run, x, base, size)
        paper.y -= size * leading


def space(paper: Paper, height: float) -> None:
    """Leave `height` points free, where the page is not at its end."""
    paper.y = max(paper.bottom, paper.y - height)


@dataclass(frozen=True, slots=True)
class Item:
    """A labelled value in a box. weight: share of the row's width; lines: how many it takes before its text is made smaller."""

    label: str
    value: str
    weight: float = 1.0
    lines: int = 3


class FormBox:
    """A framed box of label and value cells, row by row, as the head of a paper form."""

    def __init__(
        self, paper: Paper, *, label_width: float = 26 * MM, size: float = BODY, row_height: float = 9 * MM
    ) -> None:
        self._paper = paper
        self._label_width = label_width
        self._size = size
        self._row_height = row_height
        self._top = paper.y

    def row(self, *items: Item) -> None:
        """One row of labelled values side by side; as high as its longest value needs."""
        paper = self._paper
        total = sum(item.weight for item in items)
        widths = [paper.width * item.weight / total for item in items]
        values = [
            paper.ink.fit(Face.SERIF, item.value, wide - self._label_width - 4 * PAD, self._size, SMALLEST, item.lines)
            for item, wide in zip(items, widths, strict=True)
        ]
        height = max(self._row_height, *(lines.height + 4 * PAD for lines in values))
        if paper.room < height:
            self.close()
            paper.new_page()
            self._top = paper.y
        x, middle = paper.left, paper.y - height / 2
        for item, wide, value in zip(items, widths, values, strict=True):
            label = paper.ink.fit(Face.SANS, item.label, self._label_width - 2 * PAD, self._size, SMALLEST, 2)
            self._column(label, x + self._label_width / 2, middle, centred=True)
            self._column(value, x + self._label_width + 2 * PAD, middle, centred=False)
            if x > paper.left:
                paper.page.line(x, paper.y, x, paper.y - height, HAIR)
            paper.page.line(x + self._label_width, paper.y, x + self._label_width, paper.y - height, HAIR)
            x += wide
        paper.page.line(paper.left, paper.y - height, paper.right, paper.y - height, HAIR)
        paper.y -= height

    def _column(self, lines: Lines, x: float, middle: float, *, centred: bool) -> None:
        page = self._paper.page
        step = lines.size * LEADING
        y = middle + step * (len(lines.runs) - 1) / 2 - RISE * lines.size
        for run in lines.runs:
            (page.text_centred if centred else page.text)(run, x, y, lines.size)
            y -= step

    def close(self) -> None:
        """Draw the outer frame."""
        paper = self._paper
        if self._top > paper.y:
            paper.page.rectangle(paper.left, paper.y, paper.width, self._top - paper.y, FRAME)


def groups(paper: Paper, parts: Sequence[str], *, x: float, width: float, size: float, per_line: int) -> None:
    """Short groups of letters and digits in equal columns, so that a person can compare or type them without losing the place."""
    step = width / per_line
    for start in range(0, len(parts), per_line):
        paper.y -= size * 1.45
        for column, part in enumerate(parts[start : start + per_line]):
            paper.page.text_centred(paper.ink.run(Face.SANS, part), x + (column + 0.5) * step, paper.y, size)


def stamped(paper: Paper, x: float, width: float, title: str, words: Sequence[str]) -> None:
    """A framed box: lines to sign at the left, a free round area for a stamp at the right; `paper.y` is left as it is.

    words: what is signed, in order; the last is the date, which stands lowest.
    """
    page, top = paper.page, paper.y
    page.rectangle(x, top - STAMPED, width, STAMPED, FRAME)
    page.text(paper.ink.run(Face.BOLD, title), x + 3 * MM, top - 6.5 * MM, BODY)
    step = (STAMPED - 10 * MM) / len(words)
    for number, word in enumerate(words):
        base = top - 10 * MM - step * (number + 0.5) - RISE * BODY
        lines = paper.ink.fit(Face.SERIF, word, width - STAMP - 6 * MM, BODY, SMALLEST, 1)
        page.text(lines.runs[0], x + 3 * MM, base, lines.size)
    radius = STAMP / 2
    page.circle(x + width - radius - 2 * MM, top - STAMPED + radius + 4 * MM, radius, 0.3, dash="0.6 2.4")


STAMPED: Final = STAMP + 12 * MM
"""Height of the box `stamped` draws, points."""
