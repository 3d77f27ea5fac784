"""Figures the ledgers imply, beside the typed ones: A6 from equipment at 1 September, A7 from rooms (indicators: product rule 4).

What a date of coarse precision leaves open is kept apart as uncertain; nothing is guessed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from eduplan_desktop.county.indicator_rules import Level
from eduplan_desktop.county.indicator_scope import School
from eduplan_desktop.registers import dates
from eduplan_desktop.registers.equipment import IN_ACCOUNT
from eduplan_desktop.registers.equipment_change import COUNT, SCRAP, TRANSFER
from eduplan_desktop.store.connect import Store

_CENTS: Final = 100
_STATES: Final = ", ".join(f"'{s}'" for s in sorted(IN_ACCOUNT))
_LEFT: Final = ", ".join(f"'{k}'" for k in (TRANSFER, COUNT, SCRAP))
_HELD: Final = (
    f"SELECT school, bought, sum(original_value) FROM equipment WHERE teaching = 1 AND use_state IN ({_STATES})"
    " AND original_value IS NOT NULL GROUP BY school, bought"
)
_GONE: Final = (
    "SELECT e.school, e.bought, e.original_value, (SELECT max(c.change_date) FROM equipment_change c"
    f" WHERE c.school = e.school AND c.equipment = e.id AND c.change IN ({_LEFT})) FROM equipment e"
    f" WHERE e.teaching = 1 AND e.use_state NOT IN ({_STATES}) AND e.original_value IS NOT NULL"
)
"""Assets that have left the accounts since, with the day of their last 调拨, 盘点 or 报废: they counted until then."""
_CHANGED: Final = (
    "SELECT c.school, c.change_date, sum(c.value_change) FROM equipment_change c JOIN equipment e"
    " ON e.school = c.school AND e.id = c.equipment WHERE e.teaching = 1 AND c.value_change IS NOT NULL"
    f" AND e.use_state IN ({_STATES}) GROUP BY c.school, c.change_date"
)
"""原值增减 since, which the present 原值 contains."""
_CLOSED_ROOM: Final = "4"


@dataclass(frozen=True, slots=True)
class Derived:
    """What one school's ledgers imply for a statistical year.

    equipment_value: 元, Σ 原值 of assets counted as teaching equipment that were in the accounts on 1 September;
    value_uncertain: 元 of assets whose dates do not tell. rooms: multimedia classrooms; rooms_uncertain likewise.
    """

    equipment_value: Fraction = Fraction(0)
    value_uncertain: Fraction = Fraction(0)
    rooms: int = 0
    rooms_uncertain: int = 0


@dataclass(frozen=True, slots=True)
class Beside:
    """A typed figure beside the derived one; typed None where the school gave none."""

    school: str
    name: str
    input: str
    typed: Fraction | None
    derived: Fraction
    uncertain: Fraction

    @property
    def differs(self) -> bool:
        """Whether the typed figure lies outside what the ledger allows."""
        return self.typed is not None and not self.derived <= self.typed <= self.derived + self.uncertain


def derive(store: Store, year: int) -> dict[str, Derived]:
    """By school; schools without ledgers are left out."""
    day_after = f"{year}-09-02"
    values = _values(store, day_after)
    rooms = _rooms(store, day_after)
    return {
        uid: Derived(
            Fraction(values.get(uid, (0, 0))[0], _CENTS),
            Fraction(values.get(uid, (0, 0))[1], _CENTS),
            *rooms.get(uid, (0, 0)),
        )
        for uid in sorted({*values, *rooms})
    }


def _values(store: Store, day_after: str) -> dict[str, tuple[int, int]]:
    """(certain, uncertain) 分 by school, of what was in the accounts before a day."""
    found: dict[str, list[int]] = {}
    for uid, bought, value in store.conn.execute(_HELD):
        _add(found, uid, int(value), _was_before(bought, day_after))
    for uid, bought, value, gone in store.conn.execute(_GONE):
        left = _was_before(gone, day_after)
        _add(found, uid, int(value), _and(_was_before(bought, day_after), None if left is None else not left))
    for uid, day, change in store.conn.execute(_CHANGED):
        if _was_before(day, day_after) is False:
            _add(found, uid, -int(change), True)
    return {uid: (certain, uncertain) for uid, (certain, uncertain) in found.items()}


def _and(one: bool | None, other: bool | None) -> bool | None:
    """Three-valued: False wins, then not known."""
    return False if one is False or other is False else None if one is None or other is None else True


def _add(found: dict[str, list[int]], uid: str, value: int, counts: bool | None) -> None:
    sums = found.setdefault(uid, [0, 0])
    if counts is not False:
        sums[0 if counts else 1] += value


def _was_before(day: str | None, limit: str) -> bool | None:
    return dates.before(day, limit) if day else None


def _rooms(store: Store, day_after: str) -> dict[str, tuple[int, int]]:
    found: dict[str, list[int]] = {}
    rows = store.conn.execute(
        "SELECT school, built, count(*) FROM room WHERE multimedia = 1 AND state IS NOT ? GROUP BY school, built",
        (_CLOSED_ROOM,),
    )
    for uid, built, count in rows:
        _add(found, uid, int(count), True if built is None else _was_before(built, day_after))
    return {uid: (certain, uncertain) for uid, (certain, uncertain) in found.items()}


def beside(schools: list[School], found: Mapping[str, Derived]) -> list[Beside]:
    """Typed equipment value and multimedia classrooms of every school beside what its ledgers imply."""
    lines = []
    for school in schools:
        implied = found.get(school.uid)
        if implied is None:
            continue
        for name, derived, uncertain in (
            ("equipment_value", implied.equipment_value, implied.value_uncertain),
            ("multimedia_rooms", Fraction(implied.rooms), Fraction(implied.rooms_uncertain)),
        ):
            lines.append(Beside(school.uid, school.name, name, typed(school, name), derived, uncertain))
    return lines


def typed(school: School, name: str) -> Fraction | None:
    """A figure of the whole school as typed: that of the school, or the sum over its levels."""
    if name in school.whole:
        return school.whole[name]
    levels = [v for level in Level if (v := school.by_level.get((level, name))) is not None]
    return sum(levels, Fraction(0)) if levels else None
