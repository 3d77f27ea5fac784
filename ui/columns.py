"""Which columns a table shows: per register the fields in order of worth, the rest by its kind. Widths come from the content.

This is about the screen alone; a register declaration says nothing about it. What a person chose is remembered.
"""

from collections.abc import Container, Sequence
from dataclasses import dataclass
from typing import Final

from eduplan_desktop.i18n import _
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
    Kind.TEXT: 64,
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
LEAST: Final = 64
FEWEST: Final = 3
"""Basic columns that stay however little room there is."""
NUMBERS: Final = (Kind.WHOLE, Kind.DECIMAL, Kind.MONEY)


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table. basic: shown on the smallest screen; naming: one of the fields a row is recognised by."""

    field: Field
    basic: bool
    naming: bool = False

    @property
    def title(self) -> str:
        """Header: label and unit; cells have none."""
        label = _(self.field.label)
        return _("{label}（{unit}）").format(label=label, unit=_(self.field.unit)) if self.field.unit else label

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
    naming = {*register.identity, *register.title}
    return tuple(Column(by_name[n], n in named, n in naming) for n in [*named, *extra, *rest])


def shown_columns(columns: Sequence[Column], widths: Sequence[int], room: int, chosen: Sequence[str]) -> list[bool]:
    """Which columns are seen: those the person chose, else the basic ones, more where there is room, fewer where there is none.

    A basic column goes from the right when even narrowed ones would not fit; its value stands in the form.
    """
    if chosen:
        return [c.field.name in chosen for c in columns]
    least = [narrowest(c, w) for c, w in zip(columns, widths, strict=True)]
    basics = [i for i, c in enumerate(columns) if c.basic]
    while len(basics) > FEWEST and sum(least[i] for i in basics) > room:
        basics.pop()
    used, shown = sum(widths[i] for i in basics), [i in basics for i in range(len(columns))]
    complete = len(basics) == sum(c.basic for c in columns)
    for i, column in enumerate(columns):
        if column.basic or column.field.kind is Kind.LONG_TEXT:
            continue
        complete = complete and used + widths[i] <= room
        shown[i] = complete
        used += widths[i] if complete else 0
    return shown


def narrowest(column: Column, width: int) -> int:
    """How far a column may give way: to three quarters of its content; numbers and dates not at all."""
    return min(width, max(LEAST, width * 3 // 4)) if column.field.kind in GIVING else width


def fitted(
    columns: Sequence[Column], widths: Sequence[int], shown: Sequence[bool], room: int, kept: Container[str]
) -> list[int]:
    """Widths that fit the room: giving columns shrink, the widest first, what names the row last; what the person sized never."""
    made = list(widths)
    over = sum(w for w, seen in zip(made, shown, strict=True) if seen) - room
    free = [i for i, c in enumerate(columns) if shown[i] and c.field.kind in GIVING and c.field.name not in kept]
    for naming in (False, True):
        giving = [i for i in free if columns[i].naming is naming]
        while over > 0 and (movable := [i for i in giving if made[i] > narrowest(columns[i], widths[i])]):
            widest = max(movable, key=lambda i: made[i])
            made[widest] -= 1
            over -= 1
    return made
