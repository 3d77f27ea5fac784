"""报送日历: what schools have to report, for which period, until when, and which slices and fields that needs (D1).

Proposals for a statistical year are the county's to change; no date here is a rule of anybody. Writes happen inside an act.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from eduplan_desktop.bundle.kit import CalendarItem
from eduplan_desktop.bundle.manifest import ITEM
from eduplan_desktop.county.indicator_rules import RULE_SETS
from eduplan_desktop.errors import RefusedError
from eduplan_desktop.i18n import _
from eduplan_desktop.registers.catalog import REGISTERS
from eduplan_desktop.registers.dates import is_date
from eduplan_desktop.registers.model import Register, SliceBy
from eduplan_desktop.store import shelf
from eduplan_desktop.store.connect import Store
from eduplan_desktop.store.journal import Act

DUE_DAY: Final = 10
"""Proposed day of the following month for monthly items."""
_HOLIDAYS: Final = (7, 8)
_NEVER_TRAVELS: Final = "health_consent"
_PERIOD: Final = re.compile(r"\d{4}(-\d{2})?", re.ASCII)


def items(store: Store) -> list[CalendarItem]:
    """Every item, by due date."""
    return [
        CalendarItem(
            i["id"],
            i["title"],
            i["period"],
            i["due"],
            tuple(i["slices"]),
            {r: tuple(f) for r, f in i["required"].items()},
        )
        for i in shelf.calendar(store)
    ]


def find(store: Store, item_id: str) -> CalendarItem:
    """The item of this id. Raises RefusedError no_such_item."""
    found = next((i for i in items(store) if i.id == item_id), None)
    if found is None:
        raise RefusedError(
            "no_such_item", _("报送日历里没有“{item}”。").format(item=item_id), _("请先查看日历，再写上面的编号。")
        )
    return found


def put(a: Act, item: CalendarItem) -> None:
    """Add an item or change one of the same id. Raises RefusedError bad_item."""
    if problem := _problem(item):
        raise RefusedError("bad_item", problem, _("请改正后再保存。"))
    shelf.put_calendar_item(a, as_json(item))


def drop(a: Act, item_id: str) -> None:
    """Remove an item nobody has answered. Raises RefusedError no_such_item or item_answered."""
    find(a.store, item_id)
    answered = a.conn.execute("SELECT 1 FROM filed WHERE answers LIKE ? LIMIT 1", (f'%"{item_id}"%',)).fetchone()
    if answered:
        raise RefusedError(
            "item_answered",
            _("已有学校报送过“{item}”。").format(item=item_id),
            _("请保留它；不再需要的可以改截止日期。"),
        )
    shelf.drop_calendar_item(a, item_id)


def as_json(item: CalendarItem) -> dict[str, Any]:
    """As the kit and the command line write it."""
    required = {register: list(names) for register, names in item.required.items()}
    return {
        "id": item.id,
        "title": item.title,
        "period": item.period,
        "due": item.due,
        "slices": list(item.slices),
        "required": required,
    }


def from_text(said: Mapping[str, str]) -> CalendarItem:
    """An item as typed: slices separated by commas, required as `register.field` separated by commas."""
    required: dict[str, tuple[str, ...]] = {}
    for part in _listed(said.get("required", "")):
        register, _dot, name = part.partition(".")
        required[register] = (*required.get(register, ()), name)
    item_id, title, period, due = (said.get(k, "").strip() for k in ("id", "title", "period", "due"))
    return CalendarItem(item_id, title, period, due, tuple(_listed(said.get("slices", ""))), required)


def _listed(text: str) -> list[str]:
    return [part for part in re.split(r"[\s,,;;]+", text) if part]


def _problem(item: CalendarItem) -> str:
    if not ITEM.fullmatch(item.id):
        return _("编号“{id}”只能用小写字母、数字和减号。").format(id=item.id)
    if not item.title.strip():
        return _("没有写标题。")
    if not _PERIOD.fullmatch(item.period):
        return _("期次“{period}”要写成 2025 或 2025-09。").format(period=item.period)
    if not (is_date(item.due) and len(item.due) == 10):
        return _("截止日期“{due}”要写成 2025-10-10。").format(due=item.due)
    if not item.slices:
        return _("没有写要报送哪些登记册。")
    return next(_slice_problems(item), "")


def _slice_problems(item: CalendarItem) -> Iterator[str]:
    known = {r.name: r for r in REGISTERS}
    for name in item.slices:
        head, _slash, year = name.partition("/")
        register = known.get(head)
        if register is None or head == _NEVER_TRAVELS:
            yield _("没有名为“{name}”的登记册。").format(name=head)
        elif (register.slice_by is SliceBy.WHOLE) != (not year) or (year and not re.fullmatch(r"\d{4}", year)):
            yield _("“{name}”要写成“{right}”。").format(name=name, right=_form(register))
    for head, names in item.required.items():
        unknown = [n for n in names if head not in known or n not in known[head].by_name]
        if unknown:
            yield _("登记册“{name}”没有“{field}”这一栏。").format(name=head, field=unknown[0])


def _form(register: Register) -> str:
    return register.name if register.slice_by is SliceBy.WHOLE else f"{register.name}/2025"


FIGURES: Final = tuple(
    dict.fromkeys(
        name
        for rules in RULE_SETS.values()
        for one in rules.indicators
        for name in ("pupils", *(n for names in one.plus.values() for n in names), *one.minus)
    )
)
"""Fields of 均衡数据 that both rule sets need; a proposed yearly item asks for them."""


def proposal(year: int) -> list[CalendarItem]:
    """Items of one statistical year: figures of 1 September, asset ledger, check-ups, and safety month by month."""
    asked = {"school": ("school_type", "area_type"), "school_year": FIGURES}
    stat = ("school", f"school_year/{year}", "staff", "room")
    ledger = ("room", "equipment", "equipment_change")
    period = f"{year}"
    yearly = [
        CalendarItem(f"stat-{year}", f"{year} 统计年度 均衡数据", period, f"{year}-10-20", stat, asked),
        CalendarItem(f"asset-{year}", f"{year} 年 设备台账", period, f"{year}-12-31", ledger, {}),
        CalendarItem(
            f"checkup-{year}",
            f"{year} 统计年度 教师体检",
            period,
            f"{year + 1}-01-10",
            ("staff", f"checkup/{year}"),
            {},
        ),
    ]
    months = [m for m in (*range(9, 13), *range(1, 9)) if m not in _HOLIDAYS]
    return [*yearly, *(_safety(year if month >= 9 else year + 1, month, year) for month in months)]


def _safety(calendar_year: int, month: int, year: int) -> CalendarItem:
    """One month: its checks, hazards and drills; hazards of the calendar year before too, since they may still be open."""
    registers: Sequence[str] = ("safety_check", "hazard", "drill")
    slices = [f"{name}/{calendar_year}" for name in registers]
    if calendar_year > year:
        slices.append(f"hazard/{year}")
    due_year, due_month = (calendar_year, month + 1) if month < 12 else (calendar_year + 1, 1)
    period = f"{calendar_year}-{month:02d}"
    due = f"{due_year}-{due_month:02d}-{DUE_DAY:02d}"
    return CalendarItem(f"safety-{period}", f"{calendar_year}年{month}月 安全", period, due, tuple(slices), {})


def add_year(a: Act, year: int) -> list[CalendarItem]:
    """Add the proposed items of a statistical year that are not there yet; those added."""
    known = {i.id for i in items(a.store)}
    new = [i for i in proposal(year) if i.id not in known]
    for item in new:
        put(a, item)
    return new
