"""恢复单: secret keys of the county as lines a person can type back, each with its check symbols (D6).

Made for paper alone: the caller decides where it is printed or written, and nothing here keeps a copy.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from eduplan_desktop.i18n import _
from eduplan_desktop.reports.blocks import FormBox, Item, paragraph, space
from eduplan_desktop.reports.fonts import Face
from eduplan_desktop.reports.ink import RISE
from eduplan_desktop.reports.page import Head, Imprint, Paper
from eduplan_desktop.reports.pdf import FRAME, HAIR, MM

_LINE: Final = 11 * MM
_SIZE: Final = 17.0


@dataclass(frozen=True, slots=True, repr=False)
class RecoverySheet:
    """health: whether it is the health officer's sheet; lines: as `bundle.sheets.Sheet.lines`, groups joined by '-', the
    last group being the check symbols. Its text never appears in logs: it has no repr."""

    county: str
    county_code: str
    health: bool
    fingerprint: str
    made: str
    lines: Sequence[str]
    imprint: Imprint


def render(sheet: RecoverySheet) -> bytes:
    """The sheet as a PDF of one page."""
    title = _("恢复单（健康档案密钥）") if sheet.health else _("恢复单（县级签名与档案密钥）")
    paper = Paper(Head("", title), sheet.imprint)
    _warning(paper, sheet.health)
    box = FormBox(paper)
    box.row(Item(_("县级单位"), sheet.county), Item(_("行政区划代码"), sheet.county_code))
    box.row(Item(_("县级指纹"), sheet.fingerprint.replace("-", " ")))
    box.row(Item(_("制作时间"), sheet.made), Item(_("保管人"), ""))
    box.close()
    space(paper, 6 * MM)
    _lines(paper, sheet.lines)
    space(paper, 5 * MM)
    for text in _advice(sheet.health):
        paragraph(paper, text, leading=1.65)
    space(paper, 5 * MM)
    foot = FormBox(paper, row_height=14 * MM)
    foot.row(Item(_("核对人签字"), ""), Item(_("核对日期"), ""))
    foot.row(Item(_("封存人签字"), ""), Item(_("封存地点"), ""))
    foot.close()
    return paper.finish()


def _warning(paper: Paper, health: bool) -> None:
    text = (
        _("持有本单的人可以读取全县教职工的健康档案。只印一份，不得复印、拍照、扫描、上网。")
        if health
        else _("持有本单的人可以以县教育局名义签名并读取各校报送数据。只印一份，不得复印、拍照、扫描、上网。")
    )
    lines = paper.ink.fit(Face.BOLD, text, paper.width - 8 * MM, 12, 9, 2)
    height = lines.height + 7 * MM
    paper.page.rectangle(paper.left, paper.y - height, paper.width, height, 2.0)
    bottom = paper.y - height
    paper.y -= 3.5 * MM + lines.size * 0.88
    paper.draw_lines(lines, paper.left + 4 * MM)
    paper.y = bottom - 4 * MM


def _lines(paper: Paper, lines: Sequence[str]) -> None:
    """Numbered lines in equal columns, the check symbols apart."""
    top = paper.y
    parts = max(len(line.split("-")) for line in lines)
    number_width, check_width = 14 * MM, 24 * MM
    step = (paper.width - number_width - check_width) / (parts - 1)
    heads = [
        (number_width / 2, _("行")),
        ((paper.width - check_width + number_width) / 2, _("密钥")),
        (paper.width - check_width / 2, _("校验")),
    ]
    for x, text in heads:
        paper.page.text_centred(paper.ink.run(Face.SANS, text), paper.left + x, paper.y - 5 * MM, 10)
    paper.y -= 7.5 * MM
    for number, line in enumerate(lines, 1):
        paper.page.line(paper.left, paper.y, paper.right, paper.y, HAIR)
        base = paper.y - _LINE / 2 - RISE * _SIZE
        paper.page.text_centred(paper.ink.run(Face.SERIF, f"{number})"), paper.left + number_width / 2, base, 12)
        *body, check = line.split("-")
        for column, part in enumerate(body):
            x = paper.left + number_width + (column + 0.5) * step
            paper.page.text_centred(paper.ink.run(Face.SANS, part), x, base, _SIZE)
        paper.page.text_centred(paper.ink.run(Face.SANS, check), paper.right - check_width / 2, base, _SIZE)
        paper.y -= _LINE
    for x in (paper.left + number_width, paper.right - check_width):
        paper.page.line(x, top, x, paper.y, HAIR)
    paper.page.rectangle(paper.left, paper.y, paper.width, top - paper.y, FRAME)


def _advice(health: bool) -> list[str]:
    other = _("本单与县级签名、档案恢复单由不同的人保管。") if health else _("本单与健康档案恢复单由不同的人保管。")
    return [
        _("一、印出后立即按软件提示抄回指定的字符，确认纸上的字看得清、抄得对。"),
        _("二、装入信封，在封口处签字，存放在单位保险柜等上锁的地方。{other}").format(other=other),
        _(
            "三、县级数据文件丢失、损坏或忘记口令时，用本单和已归档的配置包、数据包恢复；每行末尾的校验字用来发现抄错的行。"
        ),
        _("四、本单遗失或可能被他人看过时，立即在软件中更换县级密钥，并重新发函告知各校。"),
    ]
