"""What a school has to do today, by urgency; the month of daily checks; figures beside last year's (mock 02).

Called by the school desk. Reads rows and the receipt's answers; owns no data. Today is D21's date, not the PC's.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from eduplan_desktop.acts.session import Session
from eduplan_desktop.i18n import _
from eduplan_desktop.registers import hazard
from eduplan_desktop.registers.catalog import register
from eduplan_desktop.registers.checkup import DONE, NOT_DONE
from eduplan_desktop.store import queries, rows, shelf

URGENCY = ("overdue", "today", "returned", "soon", "later")


@dataclass(frozen=True, slots=True)
class Task:
    """One thing to do. state: one of URGENCY; target: screen to go to; params: what to select there; until: date or ''."""

    state: str
    what: str
    detail: str
    until: str
    verb: str
    target: str
    params: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Figure:
    """A headline figure with the same one a year ago ('' where unknown)."""

    label: str
    value: str
    unit: str
    before: str


@dataclass(frozen=True, slots=True)
class Day:
    """A day of the month of daily checks. state: done, due, missed, off."""

    date: str
    state: str


def agenda(session: Session) -> list[Task]:
    """Everything to do, the most urgent first."""
    found = [
        *_hazards(session),
        *_daily_check(session),
        *_returned(session),
        *_calendar(session),
        *_drill(session),
        *_checkups(session),
    ]
    return sorted(found, key=lambda t: (URGENCY.index(t.state), t.until or "9999"))


def _hazards(session: Session) -> Iterator[Task]:
    today = session.today()
    open_rows = [r for r in rows.scan(session.store, register("hazard")) if r["state"] != hazard.CLOSED]
    late = [r for r in open_rows if hazard.overdue_days(r, today) > 0]
    if late:
        first = min(str(r["due"]) for r in late)
        places = "、".join(str(r["place"]) for r in late[:3])
        yield Task(
            "overdue",
            _("隐患整改超期 {n} 项").format(n=len(late)),
            places,
            first,
            _("查看 {n} 项").format(n=len(late)),
            "hazard",
            {"ids": ",".join(str(r["id"]) for r in late)},
        )


def _daily_check(session: Session) -> Iterator[Task]:
    today = session.today()
    if not is_school_day(today) or queries.keys_where(session.store, register("safety_check"), "check_date", today):
        return
    last = max((str(v) for _k, v in queries.column(session.store, register("safety_check"), "check_date")), default="")
    detail = _("今天还没有检查；上一次是 {day}").format(day=last) if last else _("今天还没有检查")
    yield Task("today", _("每日安全检查"), detail, today, _("开始检查"), "daily_check", {"date": today})


def _returned(session: Session) -> Iterator[Task]:
    found = [r for r in shelf.remarks(session.store) if not r["done"]]
    if found:
        detail = "；".join(r["text"] for r in found[:2])
        yield Task("returned", _("改正 {n} 条退回备注").format(n=len(found)), detail, "", _("去改正"), "receipts", {})


def _calendar(session: Session) -> Iterator[Task]:
    today, states = session.today(), shelf.item_states(session.store)
    answered = {a["item"] for s in shelf.submissions(session.store) for a in s["answers"]}
    for item in shelf.calendar(session.store):
        state = states.get(item["id"], {}).get("state", "")
        if state == "accepted" or (item["id"] in answered and state != "returned") or item["period"][:7] > today[:7]:
            continue
        left = (date.fromisoformat(item["due"]) - date.fromisoformat(today)).days
        kind = "overdue" if left < 0 else "today" if left == 0 else "soon" if left <= 10 else "later"
        if state == "returned":  # it was answered; what is late now is only the correction
            kind = "returned"
        yield Task(
            kind, item["title"], _("检查后生成上报包"), item["due"], _("检查并报送"), "submit", {"item": item["id"]}
        )


def _drill(session: Session) -> Iterator[Task]:
    today = session.today()
    month = today[:7]
    dates = [str(v) for _k, v in queries.column(session.store, register("drill"), "drill_date")]
    if not any(d.startswith(month) for d in dates):
        last = (date.fromisoformat(f"{month}-01") + timedelta(days=32)).replace(day=1) - timedelta(days=1)
        yield Task(
            "later",
            _("{m} 月应急疏散演练").format(m=int(month[5:])),
            _("本月还没有演练记录；中小学每月至少 1 次（教基一厅〔2014〕2号）"),
            last.isoformat(),
            _("登记演练"),
            "drill",
            {"new": "1"},
        )


def _checkups(session: Session) -> Iterator[Task]:
    due, done, not_done = checkup_counts(session, statistical_year_now(session))
    if due > done + not_done:
        yield Task(
            "later",
            _("{y} 统计年度教职工体检").format(y=statistical_year_now(session)),
            _("应检 {a} 人，已检 {b} 人，未检的要写明原因").format(a=due, b=done),
            "",
            _("登记结果"),
            "checkup",
            {},
        )


def statistical_year_now(session: Session) -> int:
    """Statistical year today falls into (D18)."""
    today = session.today()
    return int(today[:4]) - (today[5:] < "09-01")


def checkup_counts(session: Session, year: int) -> tuple[int, int, int]:
    """(应检, 已检, 未检) of a statistical year; everybody with a row counts as due."""
    states = [r["state"] for r in rows.scan(session.store, register("checkup"), year=year)]
    return len(states), states.count(DONE), states.count(NOT_DONE)


def is_school_day(day: str) -> bool:
    """Monday to Friday; a county's own calendar of 应查日 may narrow this by policy."""
    return date.fromisoformat(day).weekday() < 5


def month(session: Session, year: int, number: int) -> list[Day]:
    """Every day of a month with its state."""
    today = session.today()
    done = {str(v) for _k, v in queries.column(session.store, register("safety_check"), "check_date")}
    day, found = date(year, number, 1), []
    while day.month == number:
        text = day.isoformat()
        if text in done:
            state = "done"
        elif not is_school_day(text):
            state = "off"
        else:
            state = "missed" if text < today else "due"
        found.append(Day(text, state))
        day += timedelta(days=1)
    return found


def figures(session: Session) -> list[Figure]:
    """Headline figures of the today page."""
    today = session.today()
    before = f"{int(today[:4]) - 1}{today[4:]}"
    found = queries.totals(session.store, register("equipment"), "original_value", "bought", before)
    count, total, older, total_older = found
    return [
        Figure(_("设备台账"), f"{count:,}", _("条"), f"{older:,}"),
        Figure(_("设备原值合计"), _value(total), _("万元"), _value(total_older)),
        Figure(_("本月日查率"), _rate(session, today), "%", ""),
        Figure(_("未销号隐患"), str(_open_hazards(session)), _("项"), ""),
    ]


def _value(total: int) -> str:
    return f"{total / 1_000_000:,.2f}"


def _rate(session: Session, today: str) -> str:
    days = [d for d in month(session, int(today[:4]), int(today[5:7])) if d.date <= today and d.state != "off"]
    done = sum(d.state == "done" for d in days)
    return f"{100 * done / len(days):.1f}" if days else "—"


def _open_hazards(session: Session) -> int:
    return sum(r["state"] != hazard.CLOSED for r in rows.scan(session.store, register("hazard")))


def submission_lines(session: Session) -> list[dict[str, Any]]:
    """Bundles written, newest first, with the county's answer in a word."""
    words = {
        "submitted": _("已报送"),
        "merged": _("已接收"),
        "already": _("已接收"),
        "older": _("已接收"),
        "held": _("县里暂存"),
        "refused": _("被拒收"),
    }
    titles = {i["id"]: i["title"] for i in shelf.calendar(session.store)}
    return [
        {
            "sequence": s["sequence"],
            "period": "、".join(titles.get(a["item"], a["item"]) for a in s["answers"]),
            "made": s["made"][:10],
            "state": s["status"],
            "word": words.get(s["status"], s["status"]),
            "code": s["code"],
            "file": s["file_name"],
            "digest": s["digest"],
        }
        for s in reversed(shelf.submissions(session.store))
    ]
