"""F13 隐患排查整改台账: A4 landscape, one row per hazard from its finding to its closing (safety.md §7)."""

from collections.abc import Iterable
from dataclasses import dataclass

from eduplan_desktop.i18n import _
from eduplan_desktop.reports.amounts import Sum, money
from eduplan_desktop.reports.page import Head, Imprint, Paper, sign_off
from eduplan_desktop.reports.pdf import MM
from eduplan_desktop.reports.table import Align, Column, Table


@dataclass(frozen=True, slots=True)
class Hazard:
    """One row, texts as shown on screen; blank where nothing is recorded. cost_fen: 整改资金 in 分."""

    number: str
    found: str
    way: str
    finder: str
    category: str
    place: str
    text: str
    level: str
    measures: str
    department: str
    person: str
    cost_fen: int | None
    due: str
    protection: str
    fixed: str
    rechecker: str
    rechecked: str
    result: str
    closer: str
    closed: str
    state: str
    remark: str = ""


@dataclass(frozen=True, slots=True)
class HazardLedger:
    """The hazards of one school in one calendar year. period: as shown, '2026 年度'."""

    school: str
    period: str
    hazards: Iterable[Hazard]
    imprint: Imprint


def _columns() -> tuple[Column, ...]:
    find, fix, again, end = _("排查"), _("整改"), _("复查"), _("销号")
    return (
        Column(_("序号"), 7, Align.CENTRE),
        Column(_("隐患编号"), 17, lines=3),
        Column(_("日期"), 14.5, Align.CENTRE, group=find, lines=1),
        Column(_("方式及排查人"), 13, Align.CENTRE, group=find),
        Column(_("类别"), 12, Align.CENTRE),
        Column(_("部位"), 17, lines=3),
        Column(_("隐患描述"), 36, lines=4),
        Column(_("等级"), 9, Align.CENTRE),
        Column(_("措施"), 32, group=fix, lines=4),
        Column(_("责任部门及责任人"), 15, Align.CENTRE, group=fix, lines=3),
        Column(_("资金"), 16, Align.RIGHT, unit=_("元"), group=fix),
        Column(_("时限"), 14.5, Align.CENTRE, group=fix, lines=1),
        Column(_("临时防护"), 18, lines=4),
        Column(_("完成日期"), 14.5, Align.CENTRE, lines=1),
        Column(_("复查人及日期"), 14.5, Align.CENTRE, group=again, lines=1),
        Column(_("结论"), 9.5, Align.CENTRE, group=again),
        Column(_("销号人及日期"), 14.5, Align.CENTRE, group=end, lines=1),
        Column(_("状态及备注"), 14, Align.CENTRE, lines=3),
    )


def render(ledger: HazardLedger) -> bytes:
    """The ledger as a PDF."""
    head = Head(
        "F13",
        _("隐患排查整改台账"),
        _("填报单位：{school}").format(school=ledger.school),
        ledger.period,
        _("计量单位：元"),
    )
    paper = Paper(head, ledger.imprint, landscape=True)
    table = Table(paper, _columns(), size=7.5, row_height=9 * MM, total_span=2, pad=1.5)
    cost, rows = Sum(), 0
    for rows, hazard in enumerate(ledger.hazards, 1):
        table.row(_cells(rows, hazard))
        cost.add(hazard.cost_fen)
    total = _("合计 {number} 项").format(number=rows)
    table.close([total, *[""] * 9, money(cost.total), *[""] * 7])
    sign_off(paper)
    return paper.finish()


def _cells(number: int, hazard: Hazard) -> tuple[str, ...]:
    return (
        str(number),
        hazard.number,
        hazard.found,
        _two(hazard.way, hazard.finder),
        hazard.category,
        hazard.place,
        hazard.text,
        hazard.level,
        hazard.measures,
        _two(hazard.department, hazard.person),
        money(hazard.cost_fen),
        hazard.due,
        hazard.protection,
        hazard.fixed,
        _two(hazard.rechecker, hazard.rechecked),
        hazard.result,
        _two(hazard.closer, hazard.closed),
        _two(hazard.state, hazard.remark),
    )


def _two(upper: str, lower: str) -> str:
    """Two texts of one cell under each other."""
    return "\n".join(text for text in (upper, lower) if text)
