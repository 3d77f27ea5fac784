"""收件回条: what the county answers on paper where no receipt can be sealed, because the signer is not on its trust list (D4)."""

from collections.abc import Sequence
from dataclasses import dataclass

from eduplan_desktop.i18n import _
from eduplan_desktop.reports.blocks import STAMPED, FormBox, Item, groups, paragraph, space, stamped
from eduplan_desktop.reports.fonts import Face
from eduplan_desktop.reports.page import Head, Imprint, Paper
from eduplan_desktop.reports.pdf import MM


@dataclass(frozen=True, slots=True)
class Slip:
    """One bundle. school: as the file says, '' where it does not; proven: whether its signature was of that school;
    number: 0 where the file does not say; digest: 64 hex digits or ''."""

    file: str
    school: str
    proven: bool
    number: int
    digest: str
    result: str
    why: str
    advice: str


def render(county: str, received: str, slips: Sequence[Slip], imprint: Imprint) -> bytes:
    """A page for each bundle, numbered by itself."""
    head = Head("", _("收件回条"), _("接收单位：{county}").format(county=county), "", received)
    paper: Paper | None = None
    for slip in slips:
        if paper is None:
            paper = Paper(head, imprint)
        else:
            paper.begin(head)
        _page(paper, slip)
    if paper is None:
        raise ValueError("no bundle to answer")
    return paper.finish()


def _page(paper: Paper, slip: Slip) -> None:
    box = FormBox(paper)
    box.row(Item(_("数据包文件"), slip.file))
    said = slip.school or _("文件没有写明")
    if slip.school and not slip.proven:
        said = _("{school}（文件所写，未经核实）").format(school=slip.school)
    box.row(Item(_("报送单位"), said), Item(_("报送序号"), _("第 {n} 包").format(n=slip.number) if slip.number else ""))
    box.row(Item(_("处理结果"), slip.result))
    box.row(Item(_("原因"), slip.why))
    box.row(Item(_("怎么办"), slip.advice))
    box.close()
    space(paper, 5 * MM)
    if slip.digest:
        paper.y -= 4 * MM
        paper.page.text(paper.ink.run(Face.SANS, _("数据包校验码（SHA-256）")), paper.left, paper.y, 9)
        parts = [slip.digest[n : n + 4] for n in range(0, 64, 4)]
        groups(paper, parts, x=paper.left, width=paper.width, size=13, per_line=8)
        space(paper, 5 * MM)
    paragraph(paper, _("电子回执只能加密给信任名单里的学校密钥；收不到电子回执时，以本回条为准，请照“怎么办”办理。"))
    space(paper, 5 * MM)
    words = [_("经办人："), _("联系电话："), _("　　　　年　　月　　日")]
    stamped(paper, paper.left, paper.width, _("接收单位（盖章）"), words)
    paper.y -= STAMPED
