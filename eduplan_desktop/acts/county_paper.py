"""What the county prints or writes from the board: 催报单 and 催报名单, and the board itself, on paper and as sheets."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from eduplan_desktop.acts import school_paper
from eduplan_desktop.acts.home import write_atomically
from eduplan_desktop.acts.session import Session
from eduplan_desktop.county import board as boards
from eduplan_desktop.county import calendar
from eduplan_desktop.county.reminders import Owed, Reminder, reminders
from eduplan_desktop.errors import RefusedError
from eduplan_desktop.i18n import _
from eduplan_desktop.merge.report import Line

if TYPE_CHECKING:
    from eduplan_desktop.exchange.layout import Written
    from eduplan_desktop.reports import reminder as paper

SHEETS = (".xlsx", ".csv")


def _ending(to: Path) -> str:
    ending = to.suffix.lower()
    if ending not in (*SHEETS, ".pdf"):
        raise RefusedError("bad_ending", _("只能写成 .xlsx、.csv 或 .pdf。"), _("请换一个文件名。"))
    return ending


def remind(
    session: Session, to: Path, *, items: Sequence[str] = (), school: str = "", listing: bool = False
) -> dict[str, Any]:
    """Write 催报单, a sheet for each school that owes something (.pdf), or the list of them all (`listing`, .xlsx, .csv).

    Raises RefusedError bad_ending, no_such_item, no_such_school, nothing_to_remind.
    """
    session.county_or_refuse()
    ending = _ending(to)
    found = reminders(session.store, session.today(), items, school)
    sheets = ending == ".pdf" and not listing
    told = [one for one in found if one.open] if sheets else found
    if not told:
        raise RefusedError(
            "nothing_to_remind",
            _("所选的学校和事项没有缺报、退回或迟报的。")
            if not found
            else _("所选的都已经收到，只是迟了；没有要催的。"),
            _("不用催报；请在完整性看板上核对。"),
        )
    to.parent.mkdir(parents=True, exist_ok=True)
    if ending == ".pdf":
        write_atomically(to, _reminder_pdf(session, told, items, listing=listing))
    else:
        _reminder_sheet(to, told)
    return {
        "file": str(to),
        "schools": [{"uid": one.school.uid, "name": one.school.name, "lines": _as_json(one, sheets)} for one in told],
    }


def _as_json(one: Reminder, sheets: bool) -> list[dict[str, Any]]:
    lines = one.open if sheets else one.lines
    return [{"item": x.item.id, "state": x.state, "days": x.days, "came": x.came, "due": x.item.due} for x in lines]


def _reminder_pdf(session: Session, told: Sequence[Reminder], items: Sequence[str], *, listing: bool) -> bytes:
    from eduplan_desktop.reports import reminder as paper

    schools = [
        paper.School(one.school.name, one.school.township, [_line(x) for x in (one.lines if listing else one.open)])
        for one in told
    ]
    titles = [calendar.find(session.store, item).title for item in items]
    said = paper.Reminders(session.name, session.today(), schools, school_paper.imprint(session), titles)
    return paper.render_list(said) if listing else paper.render_sheets(said)


def _line(one: Owed) -> "paper.Line":
    from eduplan_desktop.reports.reminder import Line

    item = one.item
    return Line(item.title, item.period, item.due, one.days or None, one.asked, one.word, one.why, one.reminded)


def _reminder_sheet(to: Path, told: Sequence[Reminder]) -> None:
    from eduplan_desktop.exchange.sheet_write import Table, write_tables

    heads = (
        *(_("学校编号"), _("学校"), _("乡镇"), _("事项编号"), _("事项"), _("期次"), _("截止日期"), _("情况")),
        *(_("天数"), _("收到日期"), _("说明"), _("要报的数据"), _("最近催报")),
    )
    lines: list[list[Written]] = [
        [
            *(one.school.uid, one.school.name, one.school.township, x.item.id, x.item.title, x.item.period),
            *(_day(x.item.due), x.word, x.days or None, _day(x.came), x.why, x.asked, _day(x.reminded)),
        ]
        for one in told
        for x in one.lines
    ]
    words = dict.fromkeys(x.word for one in told for x in one.lines)
    schools: list[list[Written]] = [
        [one.school.uid, one.school.name, one.school.township, *(sum(x.word == w for x in one.lines) for w in words)]
        for one in told
    ]
    write_tables(
        to,
        [
            Table(_("催报名单"), heads, lines, (10, 30, 14, 18, 30, 10, 12, 8, 8, 12, 30, 30, 12)),
            Table(_("按学校"), (_("学校编号"), _("学校"), _("乡镇"), *words), schools, (10, 30, 14, 8, 8, 8)),
        ],
    )


def _day(text: str) -> date | None:
    return date.fromisoformat(text[:10]) if text else None


def write_board(session: Session, to: Path, period: str = "") -> dict[str, Any]:
    """Write the board as it stands today: .pdf, .xlsx or .csv. period: only items whose period begins so.

    Raises RefusedError bad_ending, empty_board.
    """
    session.county_or_refuse()
    ending = _ending(to)
    items = [i for i in calendar.items(session.store) if i.period.startswith(period)]
    shown = boards.board(session.store, session.today(), items)
    if not shown.items or not shown.rows:
        raise RefusedError(
            "empty_board", _("看板是空的，没有可以打印的。"), _("请先列出学校、定好报送日历，并核对期次。")
        )
    to.parent.mkdir(parents=True, exist_ok=True)
    if ending == ".pdf":
        write_atomically(to, _board_pdf(session, shown))
    else:
        _board_sheet(session, to, shown)
    return {"file": str(to), "schools": len(shown.rows), "items": len(shown.items)}


def _board_pdf(session: Session, shown: boards.Board) -> bytes:
    from eduplan_desktop.reports import board_table as paper

    table = paper.BoardTable(
        session.name,
        session.today(),
        [paper.Item(i.title, i.due) for i in shown.items],
        [
            paper.School(
                row.school.name,
                row.school.township,
                [(c.state, c.late) for c in row.cells],
                "" if row.on_time is None else f"{row.on_time:.0%}",
            )
            for row in shown.rows
        ],
        school_paper.imprint(session),
    )
    return paper.render(table)


def _board_sheet(session: Session, to: Path, shown: boards.Board) -> None:
    """Three sheets: the board, its cells one a line, and how many schools are in which state."""
    from eduplan_desktop.exchange.sheet_write import Table, write_tables

    titles = {i.id: i.title for i in shown.items}
    grid: list[list[Written]] = [
        [
            row.school.uid,
            row.school.name,
            row.school.township,
            *(c.word if c.state else "" for c in row.cells),
            _rate(row),
        ]
        for row in shown.rows
    ]
    cells: list[list[Written]] = [
        [
            *(row.school.uid, row.school.name, row.school.township, item.id, item.title, item.period, _day(item.due)),
            *(c.word, _(boards.WORDS[c.review]) if c.review else "", _day(c.intake), c.late or None),
            *(c.sequence or None, _("是") if c.zero else "", c.remark),
        ]
        for row in shown.rows
        for item, c in zip(shown.items, row.cells, strict=True)
        if c.state
    ]
    states = [s for s in boards.WORDS if any(s in counts for counts in shown.counts.values())]
    sums: list[list[Written]] = [
        [titles[i.id], i.period, _day(i.due), *(shown.counts[i.id].get(s, 0) for s in states)] for i in shown.items
    ]
    who = (_("学校编号"), _("学校"), _("乡镇"))
    heads = (
        *(*who, _("事项编号"), _("事项"), _("期次"), _("截止日期"), _("状态"), _("审核"), _("收到日期")),
        *(_("迟报天数"), _("包号"), _("零报告"), _("备注")),
    )
    words = [_("迟报") if s == boards.LATE else _(boards.WORDS[s]) for s in states]
    title = _("看板 {day}").format(day=session.today())
    write_tables(
        to,
        [
            Table(title, (*who, *titles.values(), _("按期率%")), grid, (10, 30, 14, *(14 for _item in titles), 10)),
            Table(_("明细"), heads, cells, (10, 30, 14, 18, 28, 10, 12, 12, 10, 12, 10, 8, 8, 30)),
            Table(_("合计"), (_("事项"), _("期次"), _("截止日期"), *words), sums, (30, 10, 12, *(9 for _s in words))),
        ],
    )


def _rate(row: boards.Row) -> Decimal | None:
    return None if row.on_time is None else Decimal(round(row.on_time * 1000)) / 10


# -- slips --------------------------------------------------------------------------------------------------------------

_UNPROVEN = (
    "unknown_key",
    "held_unknown_key",
    "bad_signature",
    "damaged",
    "bad_manifest",
    "wrong_school",
    "wrong_county",
)


def answered_on_paper(line: Line) -> bool:
    """Whether a bundle gets its answer on paper: its signer is not trusted, so that no receipt can be sealed to it."""
    return line.status in ("refused", "held")


def write_slips(session: Session, lines: Sequence[Line], to: Path) -> int:
    """收件回条 of the bundles that were refused or held; how many. Raises RefusedError bad_ending, no_slips."""
    from eduplan_desktop.reports import slip as paper

    session.county_or_refuse()
    if to.suffix.lower() != ".pdf":
        raise RefusedError("bad_ending", _("回条只能写成 .pdf。"), _("请换一个文件名。"))
    told = [line for line in lines if answered_on_paper(line)]
    if not told:
        raise RefusedError("no_slips", _("没有拒收或暂存的数据包。"), _("收下的由电子回执答复，请写回执。"))
    slips = [
        paper.Slip(
            line.path.name,
            line.name,
            line.code not in _UNPROVEN,
            line.sequence,
            line.digest,
            line.word,
            line.sentence,
            line.advice,
        )
        for line in told
    ]
    to.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(to, paper.render(session.name, session.today(), slips, school_paper.imprint(session)))
    return len(slips)
