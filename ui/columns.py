"""Which columns a table shows: per register the fields in order of worth, the rest by its kind. Widths come from the content.

This is about the screen alone; a register declaration says nothing about it. What a person chose is remembered.
"""

from collections.abc import Container, Sequence
from dataclasses import dataclass
from typing import Final

from eduplan_desktop.registers.model import Field, Kind, Register

ORDER: Final[dict[str, tuple[str, ...]]] = {
    "equipment": ("asset_no", "name", "spec", "quantity", "original_value", "bought", "room", "use_state"),
    "equipment_change": ("change_date", "change", "equipment", "quantity", "order_no", "handler"),
    "room": ("name", "building", "floor", "room_type", "area", "seats", "state"),
    "staff": ("staff_no", "name", "sex", "birth", "category", "title", "subject", "state"),
    "hazard": ("number", "found", "place", "category", "level", "state", "person", "due"),
    "drill": ("drill_date", "drill_type", "commander", "pupils", "adults", "seconds"),
    "safety_check": ("check_date", "weather", "inspector", "leader"),
    "school_year": ("stat_year", "level", "pupils", "classes", "staff_total", "teachers"),
    "health_consent": ("person", "signed", "notice", "scope", "names_county", "withdrawn"),
    "checkup": ("stat_year", "person", "state"),
}
"""Shown on the smallest screen, in this order."""

MORE: Final[dict[str, tuple[str, ...]]] = {
    "equipment": ("keeper", "unit", "price", "net_value", "class_code", "item", "brand", "acquired", "supplier"),
    "staff": ("post", "education", "level", "certified", "home_school", "work_since"),
    "hazard": ("description", "found_by_way", "level_by", "fixed", "closed"),
    "room": ("level", "multimedia", "keeper", "room_no"),
}
"""Shown after these, as far as the window has room."""

FILTERED: Final[dict[str, tuple[str, ...]]] = {"equipment": ("item",)}
"""Choices worth a filter although their column is not among the first."""

MINIMUM: Final = {
    Kind.DATE: 80,
    Kind.MONEY: 72,
    Kind.WHOLE: 32,
    Kind.DECIMAL: 48,
    Kind.YES_NO: 40,
    Kind.CHOICE: 48,
    Kind.LINK: 72,
}
WIDEST: Final = 240
GIVING: Final = (Kind.TEXT, Kind.LINK, Kind.LONG_TEXT, Kind.CHOICE)
"""Kinds whose columns give way where the window is narrow."""
LEAST: Final = 72
NUMBERS: Final = (Kind.WHOLE, Kind.DECIMAL, Kind.MONEY)


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table. basic: shown on the smallest screen."""

    field: Field
    basic: bool

    @property
    def title(self) -> str:
        """Header: label and unit; cells have none."""
        return f"{self.field.label}（{self.field.unit}）" if self.field.unit else self.field.label

    @property
    def numeric(self) -> bool:
        """Whether cells stand at the right."""
        return self.field.kind in NUMBERS and not self.field.name.endswith("year")


def columns_of(register: Register) -> tuple[Column, ...]:
    """All columns a table of this register can have, best first. Sealed and many-valued fields are in the form alone."""
    usable = [f for f in register.open_fields if f.kind is not Kind.RESULTS and f.retired is None]
    named = [n for n in ORDER.get(register.name, ()) if n in {f.name for f in usable}]
    if not named:
        first = [*register.identity, *register.title]
        required = [f.name for f in usable if f.required and f.name not in first]
        named = [n for n in dict.fromkeys([*first, *required]) if n in {f.name for f in usable}]
    extra = [n for n in MORE.get(register.name, ()) if n in {f.name for f in usable} and n not in named]
    rest = [f.name for f in usable if f.name not in named and f.name not in extra]
    by_name = {f.name: f for f in usable}
    return tuple(Column(by_name[n], n in named) for n in [*named, *extra, *rest])


def shown_columns(columns: Sequence[Column], widths: Sequence[int], room: int, chosen: Sequence[str]) -> list[bool]:
    """Which columns are seen: those the person chose, else the basic ones and as many more as there is room for."""
    if chosen:
        return [c.field.name in chosen for c in columns]
    used, shown = 0, []
    extra = True
    for column, width in zip(columns, widths, strict=True):
        short = column.field.kind is not Kind.LONG_TEXT
        extra = extra and (column.basic or (short and used + width <= room))
        shown.append(column.basic or extra)
        used += width if shown[-1] else 0
    return shown


def fitted(
    columns: Sequence[Column], widths: Sequence[int], shown: Sequence[bool], room: int, kept: Container[str]
) -> list[int]:
    """Widths that fit the room: the widest giving columns shrink first, those the person sized (`kept`) never."""
    made = list(widths)
    giving = [
        i
        for i, c in enumerate(columns)
        if shown[i] and c.field.kind in GIVING and c.field.name not in kept and widths[i] > LEAST
    ]
    over = sum(w for w, seen in zip(made, shown, strict=True) if seen) - room
    while over > 0 and giving:
        widest = max(giving, key=lambda i: made[i])
        second = max((made[i] for i in giving if made[i] < made[widest]), default=LEAST)
        equal = [i for i in giving if made[i] == made[widest]]
        step = min(-(-over // len(equal)), made[widest] - max(second, LEAST))
        if step <= 0:
            break
        for i in equal:
            made[i] -= step
        over -= step * len(equal)
        giving = [i for i in giving if made[i] > LEAST]
    return made
