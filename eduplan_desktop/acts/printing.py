"""Forms from the open file: rows in, shown strings to `reports`, a PDF out. One function a form; the table names them."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

from eduplan_desktop.acts import agenda, health_part, records, school_paper
from eduplan_desktop.acts.home import write_atomically
from eduplan_desktop.acts.session import Session
from eduplan_desktop.errors import RefusedError
from eduplan_desktop.i18n import N_, _
from eduplan_desktop.registers import results
from eduplan_desktop.registers.catalog import REGISTERS, register
from eduplan_desktop.registers.catalogs import Entry
from eduplan_desktop.registers.dates import is_date
from eduplan_desktop.registers.frequency import items_due
from eduplan_desktop.registers.kinds import show
from eduplan_desktop.registers.model import Kind, Register, Row
from eduplan_desktop.registers.school import check_attributes
from eduplan_desktop.store import rows, sealed_rows


def print_form(session: Session, form: str, to: Path, *, of: str = "", school: str = "") -> int:
    """Write one form as a PDF; how many pages it has. `school`: uid or name, in a county file."""
    code = form.upper()
    make = FORMS.get(code)
    if make is None:
        advice = _("可以打印：{names}。").format(names="、".join(FORMS))
        raise RefusedError(
            "no_such_form", _("没有表单“{form}”。").format(form=form), _(ELSEWHERE.get(code, "")) or advice
        )
    body = make[1](session, of.strip(), _school(session, code, school))
    to.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(to, body)
    return body.count(b"/Type /Page\n") or body.count(b"/Type /Page ") or 1


def _school(session: Session, code: str, school: str) -> str:
    """Whose form it is: '' in a school file, a uid in a county file, which holds many schools."""
    if not session.is_county:
        return ""
    if code in _AT_SCHOOL:
        advice = _("请在学校的文件里打印；县里的体检统计在“健康统计”页。")
        raise RefusedError("school_form", _("{form} 是学校的表单。").format(form=code), advice)
    if not school:
        raise RefusedError(
            "no_school", _("县级文件里有许多学校，没有写打印哪一所的。"), _("请用 --school 写学校名称或编号。")
        )
    from eduplan_desktop.county import roster

    return roster.named(session.store, school).uid


def _bad_of(of: str, examples: str) -> RefusedError:
    return RefusedError("bad_of", _("“{of}”不能用来指明打印哪一份。").format(of=of), _("请写成：") + examples)


def _year(of: str) -> int:
    if not (len(of) == 4 and of.isascii() and of.isdigit() and of >= "1900"):
        raise _bad_of(of, "2025")
    return int(of)


def shower(session: Session, one: Register) -> Callable[[Row, str], str]:
    """A function that shows a field of a row of `one`."""
    titles: dict[tuple[str, str], str] = {}

    def shown(row: Row, name: str) -> str:
        field, value = one.by_name[name], row.get(name)
        if field.kind is Kind.LINK and value is not None:
            key = (field.target, str(value))
            if key not in titles:
                titles[key] = records.short_title(session, *key, school=str(row.get("school") or ""))
            return titles[key]
        return show(field, value, session.catalogs)

    return shown


def _whole(row: Row, name: str) -> int | None:
    value = row.get(name)
    return value if isinstance(value, int) else None


def _name(session: Session, school: str) -> str:
    if not session.is_county:
        return session.name
    from eduplan_desktop.county import roster

    return roster.names(session.store).get(school, session.name)


def ledger(session: Session, of: str, school: str) -> bytes:
    """F02 设备台账."""
    from eduplan_desktop.reports import ledger as paper

    if of not in ("", session.today()):
        raise _bad_of(of, session.today() + _("；台账只能按今天的状态打印，也可以不写。"))
    one = register("equipment")
    text = shower(session, one)

    def assets() -> Iterator[paper.Asset]:
        for row in rows.scan(session.store, one, school=school):
            yield paper.Asset(
                asset_no=text(row, "asset_no"),
                class_name=_class_name(session, row),
                name=text(row, "name"),
                spec=text(row, "spec"),
                unit=text(row, "unit"),
                quantity=_whole(row, "quantity"),
                price=text(row, "price"),
                value_fen=_whole(row, "original_value"),
                bought=text(row, "bought"),
                acquired=text(row, "acquired"),
                place=text(row, "room") or text(row, "place"),
                keeper=text(row, "keeper"),
                state=text(row, "use_state"),
                remark=text(row, "remark"),
            )

    return paper.render(
        paper.Ledger(_name(session, school), of or session.today(), assets(), school_paper.imprint(session))
    )


def _class_name(session: Session, row: Row) -> str:
    code = row.get("class_code")
    return session.catalogs.label("asset_class", str(code)) if code else ""


def daily(session: Session, of: str, school: str) -> bytes:
    """F09 每日检查表: of a day (filled where it was checked), of the week of `YYYY-MM-DD/week`, blank for a day to come."""
    from eduplan_desktop.reports import daily_check as paper

    day, _slash, span = (of or session.today()).partition("/")
    if len(day) == 7:
        day = f"{day}-01"
    if not (len(day) == 10 and is_date(day)) or span not in ("", "week"):
        raise _bad_of(of, "2026-03-05、2026-03、2026-03-05/week")
    if span == "week":
        return paper.render_week(_week(session, date.fromisoformat(day), school))
    if len(of) == 7:
        return paper.render_weeks([_week(session, monday, school) for monday in _mondays(date.fromisoformat(day))])
    row = next(
        (r for r in rows.scan(session.store, register("safety_check"), school=school) if r["check_date"] == day), None
    )
    text = shower(session, register("safety_check"))
    found = results.load(str(row["results"])) if row and row.get("results") else {}
    items = []
    for entry in _checklist(session, day, school, set(found)):
        result = found.get(entry.code)
        items.append(
            paper.CheckItem(
                _category(entry), entry.label, result.value if result else "", result.remark if result else ""
            )
        )
    return paper.render_day(
        paper.DayCheck(
            _name(session, school),
            items,
            school_paper.imprint(session),
            date=day,
            weather=text(row, "weather") if row else "",
            inspector=text(row, "inspector") if row else "",
            leader=text(row, "leader") if row else "",
            remark=text(row, "remark") if row else "",
        )
    )


def _category(entry: Entry) -> str:
    return str(entry.attributes.get("category", ""))


def attributes(session: Session, school: str = "") -> frozenset[str]:
    """What the school has, as the checklist's 适用 column names it."""
    return check_attributes(next(iter(rows.scan(session.store, register("school"), school=school)), None))


def _checklist(session: Session, day: str, school: str, answered: set[str]) -> list[Entry]:
    table = session.catalogs.table("checklist")
    due = {e.code for e in items_due(table, day, attributes(session, school))} | answered
    return [e for e in table.entries if e.code in due]


def _mondays(first: date) -> list[date]:
    """A day of each week that has a day of the month which begins at `first`."""
    start = first - timedelta(days=first.weekday())
    days = [start + timedelta(days=7 * n) for n in range(6)]
    return [day for day in days if (day + timedelta(days=6)).month == first.month or day.month == first.month]


def _week(session: Session, day: date, school: str) -> Any:
    from eduplan_desktop.reports import daily_check as paper

    monday = day - timedelta(days=day.weekday())
    days = [(monday + timedelta(days=n)).isoformat() for n in range(7)]
    checked = {
        str(r["check_date"]): r
        for r in rows.scan(session.store, register("safety_check"), school=school)
        if r["check_date"] in days
    }
    found = {d: results.load(str(r["results"])) if r.get("results") else {} for d, r in checked.items()}
    answered = {code for one in found.values() for code in one}
    text = shower(session, register("safety_check"))
    heads = [
        paper.WeekDay(
            f"{int(d[5:7])}-{d[8:]}",
            *((text(checked[d], n) for n in ("weather", "inspector", "leader")) if d in checked else ()),
        )
        for d in days
    ]
    items = [
        paper.WeekItem(
            _category(e),
            e.label,
            [found[d][e.code].value if d in found and e.code in found[d] else "" for d in days],
        )
        for e in _checklist(session, days[0], school, answered)
    ]
    notes = [f"{d[5:]} {text(r, 'remark')}" for d, r in sorted(checked.items()) if r.get("remark")]
    return paper.WeekCheck(
        _name(session, school), f"{days[0]} — {days[6]}", heads, items, notes, school_paper.imprint(session)
    )


def hazards(session: Session, of: str, school: str) -> bytes:
    """F13 隐患排查整改台账 of a calendar year; every year where `of` is empty."""
    from eduplan_desktop.reports import hazard_ledger as paper

    one = register("hazard")
    text = shower(session, one)
    if of and not is_date(of):
        raise _bad_of(of, "2026、2026-03-05")
    year = _year(of[:4]) if of else None

    def lines() -> Iterator[paper.Hazard]:
        for row in rows.scan(session.store, one, school=school, year=year):
            shown = {
                n: text(row, n) for n in ("number", "found", "finder", "category", "level", "measures", "department")
            }
            yield paper.Hazard(
                **shown,
                way=text(row, "found_by_way"),
                place=text(row, "place"),
                text=text(row, "description"),
                person=text(row, "person"),
                cost_fen=_whole(row, "cost"),
                due=text(row, "due"),
                protection=text(row, "protection"),
                fixed=text(row, "fixed"),
                rechecker=text(row, "rechecker"),
                rechecked=text(row, "rechecked"),
                result=text(row, "recheck"),
                closer=text(row, "closer"),
                closed=text(row, "closed"),
                state=text(row, "state"),
                remark=text(row, "remark"),
            )

    period = f"{year} 年" if year else _("全部年度")
    return paper.render(paper.HazardLedger(_name(session, school), period, lines(), school_paper.imprint(session)))


def health(session: Session, of: str, school: str) -> bytes:
    """F18 教职工体检汇总表: counts alone, suppressed; words and reasons need the health compartment open."""
    from eduplan_desktop.reports import health_summary as paper

    year = _year(of) if of else agenda.statistical_year_now(session)
    one = register("checkup")
    due, done, not_done = agenda.checkup_counts(session, year)
    if not due + done + not_done:
        raise RefusedError(
            "nothing_to_print",
            _("{year} 统计年度还没有体检记录。").format(year=year),
            _("请先登记教师体检，或用 --of 写别的统计年度。"),
        )
    items: list[paper.HealthItem] = []
    reasons: dict[str, int] = {}
    opened = session.opened.get("health")
    if opened is not None:
        sealed = {i: v for _s, i, v in sealed_rows.scan_sealed(session.store, opened, one, school=school)}
        found = [r for r in rows.scan(session.store, one, year=year) if str(r["id"]) in sealed]
        items = _health_items(session, found, sealed)
        for row in found:
            reason = sealed[str(row["id"])].get("not_done_reason")
            if reason:
                label = session.catalogs.label("not_done_reason", str(reason))
                reasons[label] = reasons.get(label, 0) + 1
    summary = paper.HealthSummary(
        _name(session, school), f"{year} 统计年度", due, done, not_done, items, school_paper.imprint(session), reasons
    )
    return paper.render(summary)


def _health_items(session: Session, found: list[Row], sealed: dict[str, Row]) -> list[Any]:
    from eduplan_desktop.reports import health_summary as paper

    people = {str(p["id"]): p for p in rows.scan(session.store, register("staff"))}
    examined: dict[str, int] = {}
    words: dict[str, dict[str, int]] = {}
    for row in found:
        values = sealed[str(row["id"])]
        stored = str(values.get("results") or "")
        for item in results.load(stored or None):
            examined[item] = examined.get(item, 0) + 1
        day = str(values.get("exam_date") or "")
        for item, word in health_part.flags(session, stored, people.get(str(row["person"]), {}), day) if stored else ():
            words.setdefault(item, {})[word] = words.setdefault(item, {}).get(word, 0) + 1
    table = session.catalogs.table("health_item")
    return [
        paper.HealthItem(e.label, examined[e.code], words.get(e.code, {})) for e in table.entries if e.code in examined
    ]


def cover(session: Session, of: str, school: str) -> bytes:
    """F23 报送封面 of a bundle by its sequence number; the newest where `of` is empty."""
    if of and not (of.isascii() and of.isdigit() and 0 < int(of) <= _MOST_BUNDLES):
        raise _bad_of(of, _("包号，例如 3；不写就是最新的一包。"))
    return school_paper.cover(session, int(of or 0))


def listing(session: Session, of: str, school: str) -> bytes:
    """Any register as a plain list; `of` is its name."""
    from eduplan_desktop.reports import register_list as paper
    from eduplan_desktop.reports.table import Align, Column

    one = next((r for r in REGISTERS if of in (r.name, r.label, _(r.label))), None)
    if one is None:
        names = "、".join(f"{r.name}（{_(r.label)}）" for r in REGISTERS)
        said = _("没有登记册“{of}”。").format(of=of) if of else _("没有写打印哪个登记册。")
        raise RefusedError("no_such_register", said, _("请用 --of 写登记册：{names}。").format(names=names))
    fields = [f for f in one.open_fields if f.kind is not Kind.RESULTS]
    columns = [
        Column(
            _(f.label),
            2.0 if f.kind is Kind.LONG_TEXT else 1.0,
            Align.RIGHT if f.kind in (Kind.WHOLE, Kind.DECIMAL, Kind.MONEY) else Align.LEFT,
            unit=f.unit,
        )
        for f in fields
    ]
    lines = _Lines(session, one, [f.name for f in fields], school)
    name = next((n for n, f in enumerate(fields) if f.name in one.title[:1]), 0)
    unit, imprint = _name(session, school), school_paper.imprint(session)
    return paper.render(paper.RegisterList(_(one.label), unit, session.today(), "", columns, lines, imprint, name=name))


class _Lines:
    """Rows of a register as shown, read again each time they are gone through: a long register is never held whole."""

    def __init__(self, session: Session, one: Register, fields: list[str], school: str) -> None:
        self._session, self._one, self._fields, self._school = session, one, fields, school

    def __iter__(self) -> Iterator[list[str]]:
        text = shower(self._session, self._one)
        for row in rows.scan(self._session.store, self._one, school=self._school):
            yield [text(row, name) for name in self._fields]


FORMS: dict[str, tuple[str, Callable[[Session, str, str], bytes]]] = {
    "F02": (N_("设备台账"), ledger),
    "F09": (N_("校园安全日查表"), daily),
    "F13": (N_("隐患排查整改台账"), hazards),
    "F18": (N_("教职工体检汇总表"), health),
    "F23": (N_("报送封面"), cover),
    "LIST": (N_("登记册清单"), listing),
}
"""Form number → its title and how it is made. F22 and the county's letters belong to county acts."""
_AT_SCHOOL: Final = ("F18", "F23")
_MOST_BUNDLES: Final = 10**6
ELSEWHERE: Final = {
    "F22": N_("F22 由县里打印：eduplan county indicators 文件 --year 统计年度 --to 文件.pdf。"),
}
"""Forms that another command makes → where."""
