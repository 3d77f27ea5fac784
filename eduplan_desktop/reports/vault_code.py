"""恢复码: the recovery code of a school's sealed compartment on one page (D7). Made for paper alone; nothing keeps a copy."""

from dataclasses import dataclass

from eduplan_desktop.i18n import _
from eduplan_desktop.reports.blocks import FormBox, Item, groups, paragraph, space
from eduplan_desktop.reports.page import Head, Imprint, Paper
from eduplan_desktop.reports.pdf import MM


@dataclass(frozen=True, slots=True, repr=False)
class VaultCode:
    """health: whether it opens the health compartment; code: as shown, groups joined by '-'. It has no repr."""

    school: str
    health: bool
    code: str
    made: str
    imprint: Imprint


def render(page: VaultCode) -> bytes:
    """The code as a PDF of one page."""
    vault = _("健康保险库") if page.health else _("个人信息保险库")
    paper = Paper(Head("", _("{vault}恢复码").format(vault=vault)), page.imprint)
    box = FormBox(paper)
    box.row(Item(_("学校"), page.school))
    box.row(Item(_("打开什么"), vault), Item(_("制作日期"), page.made))
    box.close()
    space(paper, 8 * MM)
    groups(paper, page.code.split("-"), x=paper.left, width=paper.width, size=20, per_line=4)
    space(paper, 8 * MM)
    for text in (
        _("一、忘记口令时，在打开保险库的窗口里输入本页的恢复码，再到“设置”里换一个口令。"),
        _("二、持有本页的人可以打开这个保险库。只印一份，不复印、不拍照，和口令分开，锁在保险柜里。"),
        _("三、本页遗失或可能被他人看过时，马上在“设置”里更换恢复码，旧的随即作废。"),
    ):
        paragraph(paper, text, leading=1.65)
    space(paper, 6 * MM)
    foot = FormBox(paper, row_height=14 * MM)
    foot.row(Item(_("保管人签字"), ""), Item(_("存放地点"), ""))
    foot.close()
    return paper.finish()
