"""F23 报送封面: what a bundle carries, its whole digest for eye and scanner, and the signatures of both sides (forms.md §2)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from eduplan_desktop.i18n import _
from eduplan_desktop.reports.amounts import count
from eduplan_desktop.reports.blocks import STAMPED, FormBox, Item, groups, paragraph, space, stamped
from eduplan_desktop.reports.fonts import Face
from eduplan_desktop.reports.page import Head, Imprint, Margins, Paper
from eduplan_desktop.reports.pdf import MM
from eduplan_desktop.reports.qr import draw_qr
from eduplan_desktop.reports.table import Align, Column, Table

_QR: Final = 44 * MM
_GROUP: Final = 13.0


@dataclass(frozen=True, slots=True)
class CoverSlice:
    """One line of the content. rows: records in it, None where it carries none; state: 本次携带, 同第 n 包, 未报送…"""

    label: str
    period: str
    rows: int | None
    state: str


@dataclass(frozen=True, slots=True)
class CoverItem:
    """One calendar item answered by this bundle. answer: 报送 or 零报告."""

    title: str
    answer: str


@dataclass(frozen=True, slots=True)
class CoverSheet:
    """A bundle's cover. digest: its 64 hex digits; fingerprint: of the school's signing key, groups joined by '-'."""

    school: str
    school_code: str
    school_uid: str
    county: str
    county_code: str
    sequence: int
    made: str
    file_name: str
    digest: str
    fingerprint: str
    items: Sequence[CoverItem]
    slices: Sequence[CoverSlice]
    imprint: Imprint
    notes: Sequence[str] = ()

    @property
    def scanned(self) -> str:
        """What the QR code says: the whole digest, and whose bundle it is; ASCII, so that every scanner reads it alike."""
        return f"EDUPLAN BUNDLE\nsha256:{self.digest}\ncounty:{self.county_code}\nschool:{self.school_uid}\nnumber:{self.sequence}"


def render(sheet: CoverSheet) -> bytes:
    """The cover as a PDF: one page, the list of content as dense as it must be. What is more than that goes on pages that
    carry the digest again; the signatures stand with the digest on the first page, where people look for them."""
    paper = Paper(Head("F23", _("数据报送封面")), sheet.imprint, margins=Margins(bottom=16 * MM))
    _facts(paper, sheet)
    room = paper.room - _below(paper, sheet)
    way = next((w for w in _WAYS if _height(w, len(sheet.slices)) <= room), _WAYS[-1])
    lines = [*enumerate(sheet.slices, 1)]
    fits = way.across * int((room - way.row - _CONTINUED - _AFTER) / way.row)
    first = lines if _height(way, len(lines)) <= room else lines[:fits]
    _content(paper, way, first)
    if len(first) < len(lines):
        paragraph(paper, _continued(first, lines), size=9, leading=_CONTINUED / 9, indent=False)
    _digest(paper, sheet)
    for note in sheet.notes:
        paragraph(paper, note, size=9, leading=1.4, indent=False)
    _signatures(paper)
    _further_pages(paper, sheet, way, lines[len(first) :])
    return paper.finish()


def _facts(paper: Paper, sheet: CoverSheet) -> None:
    box = FormBox(paper, row_height=8 * MM)
    box.row(Item(_("报送单位"), sheet.school))
    box.row(Item(_("学校标识码"), sheet.school_code), Item(_("县内编号"), sheet.school_uid))
    box.row(Item(_("接收单位"), sheet.county), Item(_("报送序号"), _("第 {number} 包").format(number=sheet.sequence)))
    box.row(Item(_("数据包文件"), sheet.file_name), Item(_("生成时间"), sheet.made))
    box.row(Item(_("报送事项"), _answered(sheet.items), lines=5))
    box.close()
    space(paper, 3 * MM)


def _answered(items: Sequence[CoverItem]) -> str:
    """A line for each item; many of them by what was answered."""
    if len(items) <= _FEW_ITEMS:
        return "\n".join(_("{title}：{answer}").format(title=item.title, answer=item.answer) for item in items)
    answers = {item.answer: [i.title for i in items if i.answer == item.answer] for item in items}
    return "\n".join(_("{answer}：{titles}").format(answer=a, titles="、".join(t)) for a, t in answers.items())


# -- the list of content ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Way:
    """How the list is set: lines of content side by side, size of type and height of a line in points."""

    across: int
    size: float
    row: float


_WAYS: Final = (_Way(1, 9.0, 6.4 * MM), _Way(2, 9.0, 5.6 * MM), _Way(2, 8.0, 4.6 * MM), _Way(3, 7.5, 4.4 * MM))
"""From airy to dense; the first one is taken that leaves room for what stands under the list."""
_FEW_ITEMS: Final = 4
_CONTINUED: Final = 5 * MM


def _height(way: _Way, lines: int) -> float:
    """Height of a list with its heading."""
    return (1 + -(-lines // way.across)) * way.row + _AFTER


_AFTER: Final = 3 * MM


def _below(paper: Paper, sheet: CoverSheet) -> float:
    """Height of what must stand on the first page under the list."""
    notes = sum(len(paper.ink.wrap(Face.SERIF, note, paper.width, 9)) for note in sheet.notes) * 9 * 1.4
    return _QR + 2 * MM + notes + 2 * MM + STAMPED


def _content(paper: Paper, way: _Way, lines: Sequence[tuple[int, CoverSlice]]) -> None:
    """The list, read down one column after the other."""
    weights = (10, 52, 34, 20, 54) if way.across == 1 else (12, 27, 18, 17, 26)
    aligned = (Align.CENTRE, Align.LEFT, Align.CENTRE, Align.RIGHT, Align.CENTRE)
    labels = (_("序号"), _("数据内容"), _("期间"), _("记录数"), _("本次报送"))
    columns = [Column(*one, lines=1) for one in zip(labels, weights, aligned, strict=True)]
    table = Table(paper, columns * way.across, row_height=way.row, size=way.size, head_size=way.size, pad=1.5)
    deep = -(-len(lines) // way.across)
    for row in range(deep):
        cells: list[str] = []
        for place in range(row, way.across * deep, deep):
            number, line = lines[place] if place < len(lines) else (0, None)
            cells += (str(number), line.label, line.period, count(line.rows), line.state) if line else [""] * 5
        table.row(cells)
    table.close()
    space(paper, _AFTER)


def _continued(first: Sequence[object], lines: Sequence[object]) -> str:
    return _("以上 {n} 项，共 {m} 项，其余见续页。").format(n=len(first), m=len(lines))


def _further_pages(paper: Paper, sheet: CoverSheet, way: _Way, rest: Sequence[tuple[int, CoverSlice]]) -> None:
    """What the first page could not hold; each page with the digest again, so that it cannot be put to another bundle."""
    while rest:
        paper.new_page()
        box = FormBox(paper, row_height=8 * MM)
        number = _("第 {number} 包").format(number=sheet.sequence)
        box.row(Item(_("报送单位"), sheet.school), Item(_("报送序号"), number))
        box.close()
        space(paper, 3 * MM)
        _digest(paper, sheet)
        fits = way.across * max(1, int((paper.room - _AFTER) / way.row) - 1)
        _content(paper, way, rest[:fits])
        rest = rest[fits:]


def _digest(paper: Paper, sheet: CoverSheet) -> None:
    """The QR code at the left, the digest and the key's fingerprint in groups at the right."""
    paper.need(_QR + 2 * MM)
    top = paper.y
    draw_qr(paper.page, sheet.scanned, paper.left, top - _QR, _QR)
    x, width = paper.left + _QR + 4 * MM, paper.right - paper.left - _QR - 4 * MM
    paper.y -= 4 * MM
    paper.page.text(paper.ink.run(Face.SANS, _("数据包校验码（SHA-256，与二维码相同）")), x, paper.y, 9)
    paper.y -= 1 * MM
    groups(paper, [sheet.digest[n : n + 4] for n in range(0, 64, 4)], x=x, width=width, size=_GROUP, per_line=4)
    paper.y -= 6.5 * MM
    paper.page.text(paper.ink.run(Face.SANS, _("学校签名密钥指纹")), x, paper.y, 9)
    groups(paper, sheet.fingerprint.split("-"), x=x, width=width, size=_GROUP - 2, per_line=6)
    paper.y = top - _QR - 2 * MM


def _signatures(paper: Paper) -> None:
    space(paper, 2 * MM)
    paper.need(STAMPED)
    half = (paper.width - 4 * MM) / 2
    stamped(
        paper,
        paper.left,
        half,
        _("报送单位（盖章）"),
        [_("填表人："), _("审核人："), _("单位负责人："), _("　　　　年　　月　　日")],
    )
    stamped(
        paper,
        paper.left + half + 4 * MM,
        half,
        _("接收单位（盖章）"),
        [_("经办人："), _("接收结果："), _("回执编号："), _("　　　　年　　月　　日")],
    )
    paper.y -= STAMPED
