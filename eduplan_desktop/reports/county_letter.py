"""县教育局告知函: the county's fingerprint under the county's stamp, so that schools can trust its kit (GB/T 9704-2012 layout)."""

from dataclasses import dataclass
from typing import Final

from eduplan_desktop.i18n import PRODUCT, _
from eduplan_desktop.reports.blocks import groups, paragraph, space
from eduplan_desktop.reports.fonts import Face
from eduplan_desktop.reports.page import LETTER, STAMP, Head, Imprint, Paper
from eduplan_desktop.reports.pdf import FRAME, MM

_BODY: Final = 16.0
"""三号; 22 lines of 28.95 points fill the 225 mm of the type area."""
_LEADING: Final = 28.95 / _BODY
_TITLE: Final = 22.0
_GROUP: Final = 22.0


@dataclass(frozen=True, slots=True)
class CountyLetter:
    """county: name of the education bureau; fingerprint: groups joined by '-'; kit_version: of the kit written with it;
    replaces: the fingerprint this one follows after a change of keys, '' otherwise."""

    county: str
    fingerprint: str
    kit_version: int
    imprint: Imprint
    replaces: str = ""


def render(letter: CountyLetter) -> bytes:
    """The letter as a PDF; number, contact and date are left to be written."""
    title = _("{county}关于告知数据报送县级指纹的函").format(county=letter.county)
    paper = Paper(Head("", title), letter.imprint, margins=LETTER, letter=True)
    for line in _title_lines(paper, title, letter.county):
        paragraph(paper, line, size=_TITLE, leading=1.5, indent=False, face=Face.BOLD, align="centre")
    space(paper, _BODY * _LEADING)
    _text(paper, _("各学校："), indent=False)
    _text(
        paper,
        _("我县学校设备、安全和教职工体检数据使用“{product}”报送。县配置包上的县级指纹为：").format(product=_(PRODUCT)),
    )
    _fingerprint(paper, letter.fingerprint)
    if letter.replaces:
        _text(paper, _("原县级指纹 {old} 自本函之日起停用。").format(old=letter.replaces.replace("-", " ")))
    _text(paper, _("一、加入时请按本函逐字输入上述指纹。软件提示不一致的，不得使用该配置包，并立即与我局联系。"))
    _text(paper, _("二、指纹以盖有我局印章的函件为准。凡以电话、短信、即时通信等方式要求更换指纹的，一律不予办理。"))
    third = _("三、本函请由学校妥善保存。配置包以后的更新（本次为第 {number} 版）沿用同一指纹，不需要再次输入。")
    _text(paper, third.format(number=letter.kit_version))
    _text(paper, _("联系人：　　　　　　　　联系电话："))
    _signature(paper, letter.county)
    return paper.finish()


def _title_lines(paper: Paper, title: str, county: str) -> tuple[str, ...]:
    """On one line, else cut behind the county's name, where the sense allows it."""
    whole = paper.ink.width(Face.BOLD, title, _TITLE) <= paper.width
    return (title,) if whole else (county, title.removeprefix(county))


def _text(paper: Paper, text: str, *, indent: bool = True) -> None:
    paragraph(paper, text, size=_BODY, leading=_LEADING, indent=indent)


def _fingerprint(paper: Paper, fingerprint: str) -> None:
    top, height = paper.y - 2 * MM, 18 * MM
    parts = fingerprint.split("-")
    paper.page.rectangle(paper.left, top - height, paper.width, height, FRAME)
    paper.y = top - height / 2 + _GROUP * (1.45 - 0.37)
    groups(paper, parts, x=paper.left + 2 * MM, width=paper.width - 4 * MM, size=_GROUP, per_line=len(parts))
    paper.y = top - height - 2 * MM


def _signature(paper: Paper, county: str) -> None:
    """Name and date at the right with the date four characters in, and room for the seal pressed over both."""
    paper.need(STAMP)
    space(paper, _BODY * _LEADING)
    right = paper.right - 4 * _BODY
    name = paper.ink.fit(Face.SERIF, county, paper.width * 0.6, _BODY, 10, 1)
    date = paper.ink.run(Face.SERIF, _("　　　　年　　月　　日"))
    centre = right - max(*(run.width * name.size for run in name.runs), date.width * _BODY) / 2
    for run in name.runs:
        paper.y -= _BODY * _LEADING
        paper.page.text_centred(run, centre, paper.y, name.size)
    paper.y -= _BODY * _LEADING
    paper.page.text_centred(date, centre, paper.y, _BODY)
