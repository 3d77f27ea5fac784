"""One column of a sheet into stored values: every distinct cell is read once, whatever the number of rows."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from dataclasses import field as attribute
from decimal import ROUND_HALF_UP, Decimal
from enum import Enum
from typing import Final

from eduplan_desktop.exchange.cells import Cell, is_blank, token, words
from eduplan_desktop.exchange.mapping import ColumnRule
from eduplan_desktop.exchange.neutral import restore
from eduplan_desktop.exchange.reasons import problem
from eduplan_desktop.exchange.serials import Serials
from eduplan_desktop.i18n import _
from eduplan_desktop.problems import Problem
from eduplan_desktop.registers import kinds, results
from eduplan_desktop.registers.catalogs import Catalogs
from eduplan_desktop.registers.messages import finding
from eduplan_desktop.registers.model import Field, Kind, Value
from eduplan_desktop.registers.numbers import LIMIT, parse_number, plain
from eduplan_desktop.registers.refusal import BadValue
from eduplan_desktop.registers.text import clean, fold

Links = Mapping[str, Mapping[str, Sequence[str]]]
"""Register → folded words that name a row → ids of the rows they name."""
Key = Cell | tuple[type, Cell]
_NUMBERS: Final = (Kind.WHOLE, Kind.DECIMAL, Kind.MONEY)
_FIRST_TOUCHED: Final = frozenset("#'")


class Unchanged(Enum):
    """The value of a masked cell: leave what is there."""

    UNCHANGED = "unchanged"


UNCHANGED: Final = Unchanged.UNCHANGED
Stored = Value | Unchanged


@dataclass(frozen=True, slots=True)
class Reading:
    """One cell read: what is stored, or a problem; what was normalised; words that go to another field instead."""

    value: Stored
    problem: Problem | None = None
    note: str = ""
    otherwise: str | None = None


_NOTHING: Final = Reading(None)


@dataclass(slots=True)
class ColumnReading:
    """One column read. values: one per row; problems: row index → problem; notes: cell key → note; keys: of the raw cells."""

    rule: ColumnRule
    field: Field
    cells: Sequence[Cell]
    values: list[Stored]
    problems: dict[int, Problem] = attribute(default_factory=dict)
    notes: dict[Key, str] = attribute(default_factory=dict)
    otherwise: dict[int, str] = attribute(default_factory=dict)
    typed: bool = False

    def note(self, index: int) -> str:
        """What was normalised in the cell of a row, or ''."""
        cell = self.cells[index]
        return self.notes.get((type(cell), cell) if self.typed else cell, "") if self.notes else ""


def link_index(rows: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    """The part of `Links` for one register, from (id, words) pairs; words may repeat."""
    out: dict[str, list[str]] = {}
    for row_id, said in rows:
        ids = out.setdefault(fold(said), [])
        if row_id not in ids:
            ids.append(row_id)
    return out


class Converter:
    """Reads the cells of one column as its rule says."""

    def __init__(
        self,
        declared: Field,
        rule: ColumnRule,
        catalogs: Catalogs,
        links: Links,
        *,
        sealed: bool = False,
        date1904: bool = False,
    ) -> None:
        self.field = declared
        self.rule = rule
        self._catalogs = catalogs
        self._links = links.get(declared.target, {})
        self._sealed = sealed
        self._serials = Serials(rule.serial, date1904) if declared.kind is Kind.DATE else None
        self._values = {token(raw): said for raw, said in rule.values.items()}
        self._nulls = frozenset(token(raw) for raw in rule.nulls)
        self._own_unit = catalogs.attribute(declared.choices, rule.item, "unit") if rule.item else declared.unit
        self._decimals = self._item_places() if rule.item else declared.places
        simple = rule == ColumnRule(rule.field) and not sealed
        self._plain_text = simple and declared.kind in (Kind.TEXT, Kind.LONG_TEXT)
        self._plain_number = simple and declared.kind in _NUMBERS

    def _item_places(self) -> int:
        said = self._catalogs.attribute(self.field.choices, self.rule.item, "decimals")
        return int(said) if said.isdigit() else 2

    def column(self, cells: Sequence[Cell]) -> ColumnReading:
        """All rows of the column."""
        types = set(map(type, cells))
        typed = bool in types and len(types & {int, float}) > 0
        keys: Sequence[Key] = [(type(c), c) for c in cells] if typed else cells
        read: dict[Key, Reading] = {}
        values: dict[Key, Stored] = {}
        distinct = set(keys)
        easy: Mapping[Key, Value] = {}
        if self._plain_text and str in types:
            easy = self._easy_texts([k for k in distinct if type(k) is str])
        elif self._plain_number and float in types:
            easy = self._easy_numbers([k for k in distinct if type(k) is float])
        values.update(easy)
        distinct.difference_update(easy)
        for key in distinct:
            one = self.one(key[1] if isinstance(key, tuple) else key)
            values[key] = one.value
            if one.problem is not None or one.note or one.otherwise is not None:
                read[key] = one
        out = ColumnReading(self.rule, self.field, cells, list(map(values.__getitem__, keys)), typed=typed)
        _tell(out, keys, read)
        return out

    def _easy_texts(self, texts: list[str]) -> dict[Key, Value]:
        """Texts that are stored exactly as they stand, found by looking at all of them at once."""
        limit = self.field.max_length
        fit = [
            t for t in texts if 0 < len(t) <= limit and t.strip() == t and t[0] not in _FIRST_TOUCHED and "\n" not in t
        ]
        joined = "\n".join(fit)
        try:
            same = clean(joined, lines=True) == (joined, "")
        except BadValue:
            same = False
        if not same:
            fit = [t for t in fit if t.isascii() and t.isprintable()]
        return dict(zip(fit, fit, strict=True))

    def _easy_numbers(self, numbers: list[float]) -> dict[Key, Value]:
        """Floats that are exactly a decimal with the declared places.

        A decimal of up to 15 digits survives a float, so dividing back tells whether the cell shows that very decimal.
        """
        low = self.field.minimum if isinstance(self.field.minimum, int) else -LIMIT
        high = self.field.maximum if isinstance(self.field.maximum, int) else LIMIT
        scale = 10**self.field.places
        out: dict[Key, Value] = {}
        for number in numbers:
            if -LIMIT < number * scale < LIMIT:
                scaled = round(number * scale)
                if scaled / scale == number and low <= scaled <= high and -LIMIT < scaled < LIMIT:
                    out[number] = scaled
        return out

    def one(self, cell: Cell) -> Reading:
        """One cell."""
        if is_blank(cell):
            return _NOTHING
        if self._sealed and kinds.is_masked(cell):
            return Reading(UNCHANGED, note=_("已遮盖，保持原值"))
        if self._nulls and token(cell) in self._nulls:
            return Reading(None, note=_("“{words}”已声明为“不知道”").format(words=token(cell)))
        if self.rule.separator:
            cell = _piece(words(cell), self.rule.separator, self.rule.piece)
            if is_blank(cell):
                return _NOTHING
        if self._values and (said := token(cell)) in self._values:
            return self._translated(said)
        return self._read(cell)

    def _translated(self, said: str) -> Reading:
        read = self._read(self._values[said])
        if read.problem is not None:
            return read
        return replace(read, note=_("“{words}”按声明记为“{value}”").format(words=said, value=self._values[said]))

    def _read(self, cell: Cell) -> Reading:
        rule = self.rule
        if rule.unit and not rule.factor:
            params = {"label": self.field.label, "unit": rule.unit, "own": self._own_unit or _("无")}
            return Reading(None, problem("unit_undeclared", self.field.name, **params))
        if rule.factor and (
            self.field.kind in _NUMBERS or (self.field.kind is Kind.RESULTS and rule.part in ("value", "low", "high"))
        ):
            return self._converted(cell)
        if self.field.kind is Kind.LINK:
            return self._link(cell)
        if self.field.kind is Kind.RESULTS:
            return self._result(cell)
        if isinstance(cell, str):
            cell = restore(cell)
        try:
            day = self._serials.day(cell) if self._serials is not None else None
        except BadValue as bad:
            return Reading(None, problem(bad.code, self.field.name, label=self.field.label))
        parsed = kinds.parse(self.field, cell if day is None else day.date, self._catalogs)
        return Reading(parsed.value, parsed.problem, parsed.note if day is None else day.note)

    def _converted(self, cell: Cell) -> Reading:
        number = _decimal(cell)
        if number is None:
            return Reading(None, problem("not_convertible", self.field.name, label=self.field.label))
        places = 0 if self.field.kind is Kind.WHOLE else self._decimals
        product = (number * Decimal(self.rule.factor)).quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
        text = f"{product:f}"
        note = f"{words(cell)} {self.rule.unit} × {self.rule.factor} = {text} {self._own_unit}".rstrip()
        if self.field.kind is Kind.RESULTS:
            return Reading(text, note=note)
        parsed = kinds.parse(self.field, text, self._catalogs)
        return Reading(parsed.value, parsed.problem, note)

    def _link(self, cell: Cell) -> Reading:
        said = words(restore(cell) if isinstance(cell, str) else cell)
        parsed = kinds.parse(self.field, said, self._catalogs)
        if parsed.problem is None:
            return Reading(parsed.value)
        ids = self._links.get(fold(said), ())
        if len(ids) == 1:
            return Reading(ids[0])
        if self.rule.otherwise:
            return Reading(None, note=_("没有登记“{words}”，文字另存").format(words=said), otherwise=said)
        if len(ids) > 1:
            return Reading(None, problem("link_ambiguous", self.field.name, label=self.field.label, count=len(ids)))
        return Reading(None, parsed.problem)

    def _result(self, cell: Cell) -> Reading:
        """One part of a result: text exactly as transcribed."""
        try:
            said, note = kinds.as_text(restore(cell) if isinstance(cell, str) else cell)
            text, more = clean(said, lines=True)
            table = results.ANSWER_TABLES.get(self.field.choices)
            if table and text and self.rule.part == "value":
                text = self._catalogs.table(table).find(text)
        except BadValue as bad:
            return Reading(None, finding(bad.code, self.field.name, {"label": self.field.label, **bad.params}))
        return Reading(
            text or None, note=";".join(n for n in (more, "" if isinstance(cell, float | int) else note) if n)
        )


def _tell(out: ColumnReading, keys: Sequence[Key], read: Mapping[Key, Reading]) -> None:
    """Spread what was found about distinct cells over the rows."""
    out.notes = {key: one.note for key, one in read.items() if one.note}
    bad = {key: one.problem for key, one in read.items() if one.problem is not None}
    if bad:
        out.problems = {i: bad[key] for i, key in enumerate(keys) if key in bad}
    kept = {key: one.otherwise for key, one in read.items() if one.otherwise is not None}
    if kept:
        out.otherwise = {i: kept[key] for i, key in enumerate(keys) if key in kept}


def _piece(said: str, separator: str, piece: int) -> str:
    parts = re.split(re.escape(separator) if separator not in "/／" else "[/／]", said)
    return parts[piece].strip() if piece < len(parts) else ""


def _decimal(cell: Cell) -> Decimal | None:
    """The exact number a cell shows, or None."""
    for places in (0, 4, 9):
        try:
            return Decimal(plain(parse_number(cell, places, "")[0], places))
        except BadValue as bad:
            if bad.code not in ("too_many_places", "not_whole"):
                return None
    return None


__all__ = ["UNCHANGED", "ColumnReading", "Converter", "Links", "Reading", "Stored", "Unchanged", "link_index"]
