"""入网登记表: the school's key fingerprint under the principal's stamp; the county types it from this paper (D6)."""

from dataclasses import dataclass

from eduplan_desktop.i18n import _
from eduplan_desktop.reports.blocks import STAMPED, FormBox, Item, groups, paragraph, space, stamped
from eduplan_desktop.reports.fonts import Face
from eduplan_desktop.reports.page import BODY, Head, Imprint, Paper
from eduplan_desktop.reports.pdf import FRAME, MM


@dataclass(frozen=True, slots=True)
class EnrolmentForm:
    """fingerprint: the school's, groups joined by '-'; county_fingerprint: of the kit the school joined with;
    file_id: identity of the data file; request: name of the request file on the stick."""

    school: str
    school_code: str
    school_uid: str
    county: str
    fingerprint: str
    county_fingerprint: str
    file_id: str
    request: str
    contact: str
    made: str
    imprint: Imprint


def render(form: EnrolmentForm) -> bytes:
    """The form as a PDF."""
    paper = Paper(Head("", _("学校入网登记表")), form.imprint)
    box = FormBox(paper)
    box.row(Item(_("学校名称"), form.school))
    box.row(Item(_("学校标识码"), form.school_code), Item(_("县内编号"), form.school_uid))
    box.row(Item(_("接收单位"), form.county), Item(_("申请时间"), form.made))
    box.row(Item(_("联系人、电话"), form.contact), Item(_("申请文件"), form.request))
    box.row(Item(_("数据文件编号"), form.file_id))
    box.row(Item(_("所用县级指纹"), form.county_fingerprint.replace("-", " ")))
    box.close()
    space(paper, 8 * MM)
    _fingerprint(paper, form.fingerprint)
    for text in (
        _("一、本表由学校打印，校长核对学校名称后签字、盖章，随 U 盘一并送县教育局。"),
        _("二、县教育局经办人按本表逐字输入上面的指纹；与申请文件不一致时软件拒绝登记，请不要另行放行。"),
        _("三、登记后，本校数据文件的报送数据由该密钥签名；更换电脑或重装软件后须重新登记。"),
    ):
        paragraph(paper, text, leading=1.7)
    space(paper, 6 * MM)
    _signatures(paper)
    return paper.finish()


def _fingerprint(paper: Paper, fingerprint: str) -> None:
    """The fingerprint in large groups inside a frame."""
    height = 30 * MM
    top = paper.y
    paper.page.rectangle(paper.left, top - height, paper.width, height, FRAME)
    paper.page.text(paper.ink.run(Face.BOLD, _("学校密钥指纹")), paper.left + 4 * MM, top - 8 * MM, BODY + 1.5)
    paper.y = top - 9 * MM
    parts = fingerprint.split("-")
    groups(paper, parts, x=paper.left + 2 * MM, width=paper.width - 4 * MM, size=24, per_line=len(parts))
    paper.y = top - height - 5 * MM


def _signatures(paper: Paper) -> None:
    paper.need(STAMPED)
    half = (paper.width - 4 * MM) / 2
    date = _("　　　　年　　月　　日")
    stamped(paper, paper.left, half, _("学校（盖章）"), [_("申请人："), _("校长签字："), date])
    right = [_("经办人："), _("登记结果："), date]
    stamped(paper, paper.left + half + 4 * MM, half, _("县教育局（盖章）"), right)
    paper.y -= STAMPED
