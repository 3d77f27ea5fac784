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
    """One line of the content. rows: records in it, None where it carries none; state: 本次携带, 与第 n 份相同, 未报送…"""

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
    """The cover as a PDF."""
    paper = Paper(Head("F23", _("数据报送封面")), sheet.imprint, margins=Margins(bottom=18 * MM))
    _facts(paper, sheet)
    _content(paper, sheet)
    _digest(paper, sheet)
    for note in sheet.notes:
        paragraph(paper, note, size=9, leading=1.4, indent=False)
    _signatures(paper)
    return paper.finish()


def _facts(paper: Paper, sheet: CoverSheet) -> None:
    box = FormBox(paper, row_height=8 * MM)
    box.row(Item(_("报送单位"), sheet.school))
    box.row(Item(_("学校标识码"), sheet.school_code), Item(_("县内编号"), sheet.school_uid))
    box.row(Item(_("接收单位"), sheet.county), Item(_("报送序号"), _("第 {number} 份").format(number=sheet.sequence)))
    box.row(Item(_("数据包文件"), sheet.file_name), Item(_("生成时间"), sheet.made))
    box.row(Item(_("报送事项"), "\n".join(f"{item.title}：{item.answer}" for item in sheet.items)))
    box.close()
    space(paper, 3 * MM)


def _content(paper: Paper, sheet: CoverSheet) -> None:
    columns = [
        Column(_("序号"), 10, Align.CENTRE),
        Column(_("数据内容"), 52),
        Column(_("期间"), 34, Align.CENTRE),
        Column(_("记录数"), 20, Align.RIGHT),
        Column(_("本次报送"), 54, Align.CENTRE),
    ]
    table = Table(paper, columns, row_height=6.4 * MM)
    for number, line in enumerate(sheet.slices, 1):
        table.row((str(number), line.label, line.period, count(line.rows), line.state))
    table.close()
    space(paper, 3 * MM)


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
