"""What the county officer still has to look after: one list of lines per kind, read from what is merged and filed.

Pairs across schools (调拨单号, 调动编号, identity numbers) can only be matched here. Sealed values are matched by their HMAC and
never shown.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from eduplan_desktop.bundle.words import WORDS, explain
from eduplan_desktop.county import board, roster
from eduplan_desktop.i18n import N_, _
from eduplan_desktop.merge import ledger
from eduplan_desktop.merge.plan import State, ranges
from eduplan_desktop.registers.catalog import REGISTERS
from eduplan_desktop.registers.equipment_change import TRANSFER
from eduplan_desktop.registers.hazard import CLOSED, MAJOR
from eduplan_desktop.registers.staff import MOVED
from eduplan_desktop.store.connect import Store

LABELS: Final[Mapping[str, str]] = {
    "missing": N_("缺报"),
    "held": N_("暂存的数据包"),
    "gaps": N_("缺号"),
    "slices": N_("没有合并的部分"),
    "quarantined": N_("隔离的行"),
    "transfers": N_("对不上的调拨单号"),
    "moves": N_("对不上的调动编号"),
    "persons": N_("同一证件号码在两处"),
    "major": N_("重大隐患未销号"),
}
"""Kind of list → its title, in the order a person should work through them."""


@dataclass(frozen=True, slots=True)
class WorkLine:
    """One thing to look after. kind: key of LABELS; item: calendar item or number; register, id: the row it is about, or ''."""

    kind: str
    school: str
    name: str
    text: str
    item: str = ""
    register: str = ""
    id: str = ""


def worklists(store: Store, today: str, kinds: Iterable[str] = LABELS) -> list[WorkLine]:
    """Lines of every kind asked for, in the order of the kinds, then of schools."""
    names = roster.names(store)
    return [line for kind in kinds for line in _LISTS[kind](store, names, today)]


Lines = Iterator[WorkLine]
Names = Mapping[str, str]


def _missing(store: Store, names: Names, today: str) -> Lines:
    shown = board.board(store, today)
    titles = {item.id: item.title for item in shown.items}
    for row in shown.rows:
        for cell in row.cells:
            if cell.state == board.MISSING:
                text = _("{title}，已超 {days} 天").format(title=titles[cell.item], days=cell.late)
                yield WorkLine("missing", row.school.uid, row.school.name, text, cell.item)


def _held(store: Store, names: Names, today: str) -> Lines:
    for filed in ledger.held(store.conn):
        text = _("第 {n} 包：{why}").format(n=filed.number, why=_why(filed.code))
        yield WorkLine("held", filed.school, names.get(filed.school, ""), text, filed.digest)


def _why(code: str) -> str:
    return explain(code)[0] if code in WORDS else code


def _gaps(store: Store, names: Names, today: str) -> Lines:
    held: dict[tuple[str, str], set[int]] = defaultdict(set)
    for school in ledger.schools(store.conn):
        for filed in ledger.of_school(store.conn, school):
            held[school, filed.file].add(filed.number)
    for (school, _file), numbers in held.items():
        lacking = set(range(1, max(numbers))) - numbers
        if lacking:
            yield WorkLine(
                "gaps", school, names.get(school, ""), _("缺第 {numbers} 包").format(numbers=ranges(lacking))
            )


def _slices(store: Store, names: Names, today: str) -> Lines:
    """Of each slice the newest bundle that speaks of it, where that did not come in."""
    for school in ledger.schools(store.conn):
        newest = {name: filed for filed in ledger.of_school(store.conn, school) for name in _spoken_of(filed)}
        for name, filed in sorted(newest.items()):
            result = filed.results.get(name)
            if result is not None and result.status in ("refused", "waiting"):
                text = _("{slice}：{why}").format(slice=slice_label(name), why=_why(result.code))
                yield WorkLine("slices", school, names.get(school, ""), text, name)


def _spoken_of(filed: ledger.Filed) -> list[str]:
    return [name for name, claim in filed.claims.items() if claim.state is not State.NOT_REPORTED]


def slice_label(name: str) -> str:
    """A slice as a person reads it: 每日检查 2025."""
    head, _slash, year = name.partition("/")
    label = next((_(r.label) for r in REGISTERS if r.name == head), head)
    return f"{label} {year}".strip()


def _quarantined(store: Store, names: Names, today: str) -> Lines:
    labels = {r.name: {f.name: f.label for f in r.fields} for r in REGISTERS}
    rows = store.conn.execute(
        "SELECT school, slice, id, register, field, code FROM quarantine ORDER BY school, slice, id"
    )
    for school, name, row_id, register, field, code in rows:
        label = labels.get(register, {}).get(field, field)
        text = _("{slice}：“{label}”{why}").format(slice=slice_label(name), label=_(label), why=_(_BAD.get(code, code)))
        yield WorkLine("quarantined", school, names.get(school, ""), text, name, register, row_id)


_BAD: Final[Mapping[str, str]] = {
    "bad_value": N_("的值不合规定或不在代码表里"),
    "other_year": N_("不在这一年，改年份要删除后另建"),
}


def _transfers(store: Store, names: Names, today: str) -> Lines:
    """Both sides of a 调拨 post the same number; a number that only one school knows is a question to both."""
    rows = store.conn.execute(
        "SELECT order_no, school, id, other_school, direction FROM equipment_change"
        " WHERE change = ? AND order_no IS NOT NULL ORDER BY order_no, school, id",
        (TRANSFER,),
    )
    yield from _one_sided(
        "transfers", "equipment_change", rows, names, _("调拨单 {number}，对方 {other} 没有对应的一笔")
    )


def _moves(store: Store, names: Names, today: str) -> Lines:
    states = ", ".join(f"'{s}'" for s in sorted(MOVED))
    rows = store.conn.execute(
        "SELECT transfer_no, school, id, other_school, state FROM staff"
        f" WHERE state IN ({states}) AND transfer_no IS NOT NULL ORDER BY transfer_no, school, id"
    )
    yield from _one_sided("moves", "staff", rows, names, _("调动编号 {number}，对方 {other} 没有对应的一条"))


def _one_sided(
    kind: str, register: str, rows: Iterable[tuple[str, str, str, str | None, str | None]], names: Names, text: str
) -> Lines:
    """Numbers whose two directions do not stand in two different schools."""
    by_number: dict[str, list[tuple[str, str, str | None, str | None]]] = defaultdict(list)
    for number, school, row_id, other, way in rows:
        by_number[number].append((school, row_id, other, way))
    for number, sides in by_number.items():
        for school, row_id, other, way in sides:
            if not any(s != school and w != way for s, _id, _other, w in sides):
                said = text.format(number=number, other=other or _("学校"))
                yield WorkLine(kind, school, names.get(school, ""), said, number, register, row_id)


def _persons(store: Store, names: Names, today: str) -> Lines:
    """轮岗 and 兼职 make this normal; it is shown because a typing error looks the same."""
    rows = store.conn.execute(
        "SELECT k.school, k.person, s.name, (SELECT group_concat(DISTINCT o.school) FROM person_key o"
        " WHERE o.compartment = k.compartment AND o.match = k.match AND (o.school, o.person) <> (k.school, k.person))"
        " FROM person_key k LEFT JOIN staff s ON s.school = k.school AND s.id = k.person"
        " WHERE k.compartment = 'personal' AND k.match IN (SELECT match FROM person_key WHERE compartment = 'personal'"
        " AND match IS NOT NULL GROUP BY match HAVING count(*) > 1) ORDER BY k.match, k.school, k.person"
    )
    for school, person, name, others in rows:
        where = "、".join(dict.fromkeys(names.get(uid, uid) for uid in str(others or "").split(",") if uid))
        text = _("{name} 也在 {where}").format(name=name or _("(无名)"), where=where)
        yield WorkLine("persons", school, names.get(school, ""), text, "", "staff", person)


def _major(store: Store, names: Names, today: str) -> Lines:
    rows = store.conn.execute(
        "SELECT h.school, h.id, h.place, h.description, h.due FROM hazard h LEFT JOIN review v"
        " ON v.school = h.school AND v.id = h.id WHERE h.level = ? AND h.state IS NOT ? ORDER BY h.due, h.school, h.id",
        (MAJOR, CLOSED),
    )
    for school, row_id, place, description, due in rows:
        said = " ".join(str(x) for x in (place, description) if x)
        text = _("{what}，时限 {due}").format(what=said, due=due) if due else said
        yield WorkLine("major", school, names.get(school, ""), text, "", "hazard", row_id)


_LISTS: Final[Mapping[str, Callable[[Store, Names, str], Lines]]] = {
    "missing": _missing,
    "held": _held,
    "gaps": _gaps,
    "slices": _slices,
    "quarantined": _quarantined,
    "transfers": _transfers,
    "moves": _moves,
    "persons": _persons,
    "major": _major,
}
