"""What every printed page shares: heading, unit line, page numbers, origin line, sample mark, signatures (forms.md §1).

A form draws on a `Paper` from top to bottom; `Paper.need` starts a new page when the rest of this one is too short.
Page numbers and what no font could draw are added at the end, when both are known.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from eduplan_desktop import __version__
from eduplan_desktop.i18n import PRODUCT, _
from eduplan_desktop.reports.fontfiles import code_points
from eduplan_desktop.reports.fonts import Face
from eduplan_desktop.reports.ink import LEADING, RISE, Lines
from eduplan_desktop.reports.pdf import A4, MM, Page, Pdf

BODY: Final = 10.5
"""Size of cells and text, points (五号)."""
SMALL: Final = 7.5
"""Size of the small print at the foot (六号)."""
TITLE: Final = 18.0
"""Size of a table's title (小二)."""
STAMP: Final = 42 * MM
"""Diameter of the area kept free for a round stamp: a school's seal is 40–42 mm wide."""
_MARK_SIZE: Final = 150.0
_FOOT: Final = 9 * MM
_CONTINUED_SIZE: Final = 12.0
_SMALLEST: Final = 5.0
_GAP: Final = 1.0
"""White between the parts of the unit line, em."""
_LETTER_NUMBER: Final = 14.0


@dataclass(frozen=True, slots=True)
class Imprint:
    """Where and when a paper was made, so that it can be matched with the data it was printed from.

    printed_at: the moment as shown, '2026-03-05 14:20'; check_code: first 8 hex digits of the bundle's or figures' digest;
    sample: True for sample data: every page then says 示例.
    """

    printed_at: str
    check_code: str = ""
    sample: bool = False


@dataclass(frozen=True, slots=True)
class Head:
    """The heading. form: the form's name in the list of forms, 'F02'; left, middle, right: the line under the title
    (unit reporting, period, unit of measurement)."""

    form: str
    title: str
    left: str = ""
    middle: str = ""
    right: str = ""


@dataclass(frozen=True, slots=True)
class Margins:
    """White borders in points. A side that is bound gets 25 mm."""

    left: float = 25 * MM
    right: float = 15 * MM
    top: float = 18 * MM
    bottom: float = 20 * MM


LETTER: Final = Margins(left=28 * MM, right=26 * MM, top=37 * MM, bottom=35 * MM)
"""The type area of an official letter, 156 × 225 mm (GB/T 9704-2012)."""
LANDSCAPE: Final = Margins(left=15 * MM, top=23 * MM, bottom=18 * MM)
"""Landscape tables are bound at their upper edge."""


class Paper:
    """The pages of one form. `y` is where the next thing goes; text stands between `left` and `right`, above `bottom`."""

    def __init__(
        self,
        head: Head,
        imprint: Imprint,
        *,
        landscape: bool = False,
        margins: Margins | None = None,
        letter: bool = False,
    ) -> None:
        """letter: an official letter: its title is part of the text, page numbers stand as '— 1 —' under it."""
        self._letter = letter
        self.head = head
        self.imprint = imprint
        self.margins = margins or (LANDSCAPE if landscape else Margins())
        self._width, self._height = (A4[1], A4[0]) if landscape else A4
        self._pdf = Pdf(head.title, head.left, head.form, _(PRODUCT))
        self._pages: list[tuple[Page, str, int]] = []
        self._section = 0
        self.ink = self._pdf.ink
        self.left = self.margins.left
        self.right = self._width - self.margins.right
        self.bottom = self.margins.bottom
        self.on_new_page: Callable[[], None] | None = None
        self.page, self.y = Page(self._width, self._height), 0.0
        self._start_page()

    @property
    def width(self) -> float:
        """Width of the text area, points."""
        return self.right - self.left

    @property
    def room(self) -> float:
        """Height left on this page, points."""
        return self.y - self.bottom

    def new_page(self) -> None:
        """End this page and begin the next, with its heading and sample mark and whatever `on_new_page` repeats."""
        self._close_page()
        self.page = Page(self._width, self._height)
        self._start_page()

    def begin(self, head: Head) -> None:
        """End what is there and begin another paper of the same file, on a page of its own and numbered from one."""
        self.on_new_page = None
        self._close_page()
        self._section += 1
        self.head = head
        self.page = Page(self._width, self._height)
        self._start_page()

    def _start_page(self) -> None:
        self.y = self._height - self.margins.top
        if self.imprint.sample:
            self._mark_sample()
        if not self._letter:
            self._heading(first=not self._pages or self._pages[-1][2] != self._section)
        if self.on_new_page:
            self.on_new_page()

    def need(self, height: float) -> None:
        """Make sure `height` points are left, on a new page if they are not."""
        if self.room < height:
            self.new_page()

    def _close_page(self) -> None:
        self.page.settle()
        self._pages.append((self.page, code_points(self.ink.missing), self._section))
        self.ink.missing.clear()

    def _mark_sample(self) -> None:
        centre = (self._width / 2, self._height / 2)
        self.page.outline_text(self.ink.run(Face.BOLD, _("示例")), *centre, _MARK_SIZE, 35)
        label = self.ink.run(Face.BOLD, _("示例数据，不得上报"))
        wide = label.width * BODY + 8
        x, y = self.right - wide, self._height - 12 * MM
        self.page.rectangle(x, y - 4, wide, BODY + 6, 1.0)
        self.page.text(label, x + 4, y, BODY)

    def _heading(self, *, first: bool) -> None:
        title = self.head.title if first else _("{title}（续）").format(title=self.head.title)
        size = TITLE if first else _CONTINUED_SIZE
        lines = self.ink.fit(Face.BOLD, title, self.width, size, 9, 2)
        self.y -= lines.size
        self.draw_lines(lines, (self.left + self.right) / 2, align="centre")
        self.y -= 4 * MM if first else 2.5 * MM
        if self.head.left or self.head.middle or self.head.right:
            self._unit_line()

    def _unit_line(self) -> None:
        """The line under the title. What does not stand side by side stands under each other, whole and as large."""
        left, middle, right = (self.ink.run(Face.SERIF, t) for t in (self.head.left, self.head.middle, self.head.right))
        beside = max(self.width / 2 + (middle.width / 2 + _GAP) * BODY, 0.0) if middle.width else 0.0
        ends = (
            self.width / 2 - (middle.width / 2 + _GAP) * BODY
            if middle.width
            else self.width - (right.width + _GAP) * BODY
        )
        fits_right = right.width * BODY <= self.width - beside
        if left.width * BODY <= ends and fits_right:
            self.y -= BODY
            self.page.text(left, self.left, self.y, BODY)
        else:
            self._stacked(self.head.left)
            if not fits_right:
                self._stacked(self.head.right)
                right = self.ink.run(Face.SERIF, "")
            if middle.width or right.width:
                self.y -= BODY * LEADING
        self.page.text_centred(middle, (self.left + self.right) / 2, self.y, BODY)
        self.page.text_right(right, self.right, self.y, BODY)
        self.y -= 2 * MM

    def _stacked(self, text: str) -> None:
        """A text of the unit line in lines of its own."""
        for run in self.ink.wrap(Face.SERIF, text, self.width, BODY) if text else ():
            self.y -= BODY * LEADING
            self.page.text(run, self.left, self.y, BODY)

    def draw_lines(self, lines: Lines, x: float, *, align: str = "left") -> None:
        """Lines under each other, the first with its base line at `y`; afterwards `y` is the base line of the last."""
        draw = {"left": self.page.text, "centre": self.page.text_centred, "right": self.page.text_right}[align]
        for number, run in enumerate(lines.runs):
            if number:
                self.y -= lines.size * LEADING
            draw(run, x, self.y, lines.size)

    def finish(self) -> bytes:
        """Number the pages, write their foot lines, and return the file."""
        self._close_page()
        lengths = Counter(section for _page, _missing, section in self._pages)
        seen: Counter[int] = Counter()
        for page, missing, section in self._pages:
            seen[section] += 1
            number = seen[section]
            numbers = _("第 {page} 页 / 共 {pages} 页").format(page=number, pages=lengths[section])
            self._foot(page, missing, "" if self._letter else numbers)
            if self._letter:
                run = self.ink.run(Face.SERIF, f"— {number} —")
                page.text_centred(run, self._width / 2, self.bottom - 7 * MM - _LETTER_NUMBER, _LETTER_NUMBER)
            self._pdf.add(page)
        return self._pdf.to_bytes()

    def _foot(self, page: Page, missing: str, numbers: str) -> None:
        if not self._letter:
            page.line(self.left, _FOOT + SMALL + 3, self.right, _FOOT + SMALL + 3, 0.5)
        page.text_right(self.ink.run(Face.SANS, numbers), self.right, _FOOT, SMALL)
        page.text(self.ink.run(Face.SANS, self._origin()), self.left, _FOOT, SMALL)
        if missing:
            note = self._missing(missing.split())
            lines = self.ink.fit(Face.SANS, note, self.width, SMALL, _SMALLEST, 1)
            page.text(lines.runs[0], self.left, _FOOT - SMALL * 1.3, lines.size)

    def _missing(self, codes: Sequence[str]) -> str:
        """Which characters no font has; on one line, so of very many the first ones and how many there are."""
        words = _("字库没有下列字，方框内为其码位，请用笔补写：{codes}")
        for kept in range(len(codes), 0, -1):
            shown = " ".join(codes[:kept])
            if kept < len(codes):
                shown = _("{codes} 等 {n} 个").format(codes=shown, n=len(codes))
            note = words.format(codes=shown)
            if self.ink.width(Face.SANS, note, _SMALLEST) <= self.width:
                break
        return note

    def _origin(self) -> str:
        parts = [
            f"{_(PRODUCT)} {__version__}",
            self.head.form,
            _("打印时间 {moment}").format(moment=self.imprint.printed_at),
        ]
        if self.imprint.check_code:
            parts.append(_("校验码 {code}").format(code=self.imprint.check_code))
        return "　".join(part for part in parts if part)


def default_signers() -> tuple[str, ...]:
    """The signature line of a table sent upwards (forms.md §1)."""
    return (_("填报单位（盖章）"), _("填表人"), _("审核人"), _("单位负责人"), _("联系电话"), _("报送日期"))


def sign_off(paper: Paper, signers: Sequence[str] = ()) -> None:
    """The signature block on the last page: an area of 42 mm kept free for the stamp, the date right of it.

    signers: their words in order; the first is the unit that stamps, the last is the date.
    """
    words = tuple(signers) or default_signers()
    paper.on_new_page = None
    paper.need(STAMP + 6 * MM)
    top = paper.y - 4 * MM
    names = words[1:-1]
    centre = (paper.left + paper.width * 0.36 + 4 * MM + STAMP / 2, top - STAMP / 2)
    paper.page.circle(*centre, STAMP / 2, 0.3, dash="0.6 2.4")
    label = paper.ink.run(Face.SANS, _("（盖章处）"))
    paper.page.text_centred(label, centre[0], centre[1] - STAMP / 2 + 8, SMALL)
    rows = [words[0], *names]
    step = STAMP / len(rows)
    for number, word in enumerate(rows):
        base = top - step * (number + 0.5) - RISE * BODY
        run = paper.ink.run(Face.SERIF, f"{word}：")
        paper.page.text(run, paper.left, base, BODY)
        start = paper.left + run.width * BODY + 2
        paper.page.line(start, base - 3, max(start + 20 * MM, paper.left + paper.width * 0.36), base - 3, 0.4)
    base = centre[1] - STAMP / 4
    date = paper.ink.run(Face.SERIF, _("{word}：　　　　年　　月　　日").format(word=words[-1]))
    paper.page.text(date, centre[0] + STAMP / 2 + 3 * MM - _overlap(paper, centre[0], date.width * BODY), base, BODY)
    paper.y = top - STAMP - 2 * MM


def _overlap(paper: Paper, centre: float, width: float) -> float:
    """How far the date must move left to stay inside the margin (a stamp may press on the date, never on rows)."""
    return max(0.0, centre + STAMP / 2 + 3 * MM + width - paper.right)
