"""How often a checklist item is looked at: `日 周 月 学期 年 次`, with an optional range of months: `日(11-3月)`, `月(4-10月)`.

An item is on the list of a day by a fixed calendar: 日 every day, 周 on Fridays, 月 on the last Friday of the month, 学期 on the
last Friday of February and August (before school begins), 年 on the last Friday of January (when the year's hazard book
is opened), 次 whenever the occasion arises and so on no day. A county changes frequencies with the catalogue.
"""

from calendar import monthrange
from collections.abc import Set
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from eduplan_desktop.registers.catalogs import Catalog, Entry
from eduplan_desktop.registers.patterns import pattern
from eduplan_desktop.registers.refusal import BadValue
from eduplan_desktop.registers.text import narrow

FRIDAY: Final = 4
_TERM_MONTHS: Final = (2, 8)
_YEAR_MONTH: Final = 1
_WRITTEN: Final = pattern(r"(日|周|月|学期|年|次)(?:\((?:(\d{1,2})-(\d{1,2})月|(冬|汛))\))?")
_SEASONS: Final = {"冬": (11, 3), "汛": (5, 9)}


class Cycle(StrEnum):
    """The closed set of cycles, as written in a catalogue."""

    DAY = "日"
    WEEK = "周"
    MONTH = "月"
    TERM = "学期"
    YEAR = "年"
    OCCASION = "次"


@dataclass(frozen=True, slots=True)
class Frequency:
    """A cycle, and the months (1–12, may run over the new year) outside of which nothing is due."""

    cycle: Cycle
    first_month: int = 1
    last_month: int = 12

    def in_season(self, day: date) -> bool:
        """Whether the month of `day` lies in the range."""
        if self.first_month <= self.last_month:
            return self.first_month <= day.month <= self.last_month
        return day.month >= self.first_month or day.month <= self.last_month


def parse_frequency(text: str) -> Frequency:
    """Read a frequency; 冬 is November to March and 汛 May to September unless months are written. Raises BadValue."""
    match = _WRITTEN().fullmatch(narrow(text).replace(" ", ""))
    if not match:
        raise BadValue("frequency_unreadable")
    cycle, first, last, season = match.groups()
    months = _SEASONS[season] if season else (int(first), int(last)) if first else (1, 12)
    if not all(1 <= m <= 12 for m in months):
        raise BadValue("frequency_unreadable")
    return Frequency(Cycle(cycle), *months)


def write_frequency(frequency: Frequency) -> str:
    """The text `parse_frequency` reads back."""
    if (frequency.first_month, frequency.last_month) == (1, 12):
        return str(frequency.cycle)
    return f"{frequency.cycle}({frequency.first_month}-{frequency.last_month}月)"


def _last_friday(year: int, month: int) -> date:
    last = date(year, month, monthrange(year, month)[1])
    return last - timedelta(days=(last.weekday() - FRIDAY) % 7)


def is_due(frequency: Frequency, day: date) -> bool:
    """Whether an item of this frequency stands on the list of `day`."""
    if not frequency.in_season(day):
        return False
    last_friday = day == _last_friday(day.year, day.month)
    match frequency.cycle:
        case Cycle.DAY:
            return True
        case Cycle.WEEK:
            return day.weekday() == FRIDAY
        case Cycle.MONTH:
            return last_friday
        case Cycle.TERM:
            return last_friday and day.month in _TERM_MONTHS
        case Cycle.YEAR:
            return last_friday and day.month == _YEAR_MONTH
        case Cycle.OCCASION:
            return False


def next_due(frequency: Frequency, day: date) -> date | None:
    """The first day from `day` on whose list the item stands; None for 次, or where the months leave no such day."""
    if frequency.cycle is Cycle.OCCASION:
        return None
    return next((d for n in range(800) if is_due(frequency, d := day + timedelta(days=n))), None)


def applies(entry: Entry, attributes: Set[str]) -> bool:
    """Whether an item concerns a school: `applies_to` names one of its attributes (`school.check_attributes`)."""
    return not attributes.isdisjoint((entry.attributes.get("applies_to") or "全部").split("/"))


def items_due(catalog: Catalog, day: str, attributes: Set[str]) -> list[Entry]:
    """Live checklist items on the list of `day` (a full date) for a school with these attributes, in catalogue order."""
    on = date.fromisoformat(day)
    return [
        e for e in catalog.live if applies(e, attributes) and is_due(parse_frequency(e.attributes["frequency"]), on)
    ]
