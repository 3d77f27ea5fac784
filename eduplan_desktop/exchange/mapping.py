"""How the columns of a foreign sheet go into a register: declared by a person, remembered, never guessed at import time.

The JSON form (see docs/manual) is what `--map` takes and what is remembered under the fingerprint of the headings:
`{"register": …, "columns": {HEADING: "field" | RULE | [RULE, …]}, "constants": {field: words}, …}`.
A sheet for several registers has several of these, see `split`.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from dataclasses import field as attribute
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any, Final

from eduplan_desktop.exchange.cells import heading
from eduplan_desktop.exchange.header import Header
from eduplan_desktop.exchange.reasons import refuse
from eduplan_desktop.i18n import _
from eduplan_desktop.registers.catalogs import Catalogs
from eduplan_desktop.registers.model import Field, Kind, Register

ID: Final = "id"
"""The pseudo-field of the row id, in tables this program wrote."""
PARTS: Final = ("value", "unit", "low", "high", "remark")
SERIALS: Final = ("", "1900", "1904", "no")
"""How plain numbers in a date column count days: as the file says and plausibly, from 1900, from 1904, or not at all."""


class Bad(StrEnum):
    """What a value that cannot be stored does to its row."""

    ROW = "row"
    """keeps the row out"""
    CELL = "cell"
    """leaves the cell out; the row goes in"""


class Blanks(StrEnum):
    """What a blank cell means for a row that is already there."""

    KEEP = "keep"
    """nothing: the value stays"""
    CLEAR = "clear"
    """the value is deleted; where the sheet has row ids, only in rows that carry theirs"""


@dataclass(frozen=True, slots=True)
class ColumnRule:
    """Where one column goes and how its cells are read.

    field:     a field of the register, or `id`.
    item:      code of the catalogue item, for a column of a wide sheet (the field is one of results).
    part:      which part of the result the column holds.
    values:    words in the cell → words or code to read instead (male → 男).
    nulls:     words that are declared to mean "not known".
    unit:      the unit of the column where it is not the field's own.
    factor:    decimal text; cell × factor is in the field's own unit. Needs `source`.
    source:    where the factor comes from.
    separator, piece: the cell holds several values; take the piece of that number, from 0.
    otherwise: for a link: text field that keeps the words where they name no record.
    serial:    for a date: one of SERIALS.
    """

    field: str
    item: str = ""
    part: str = "value"
    values: Mapping[str, str] = attribute(default_factory=dict)
    nulls: tuple[str, ...] = ()
    unit: str = ""
    factor: str = ""
    source: str = ""
    separator: str = ""
    piece: int = 0
    otherwise: str = ""
    serial: str = ""


@dataclass(frozen=True, slots=True)
class SheetMapping:
    """One sheet into one register. A sheet for several registers has several of these.

    columns:   heading → rules; a heading may feed several fields, one not named is not imported.
    constants: field → words that hold for every row (统计年度, 学段).
    sheet, encoding, delimiter: '' to find them. header: line number of the headings, 0 to find it.
    only:      heading → words; only rows with one of them in that column are read.
    part:      whether this is one of several; then a row that repeats an earlier one (a room named in every line) joins it.
    """

    register: str
    columns: Mapping[str, tuple[ColumnRule, ...]] = attribute(default_factory=dict)
    constants: Mapping[str, str] = attribute(default_factory=dict)
    sheet: str = ""
    header: int = 0
    encoding: str = ""
    delimiter: str = ""
    only: Mapping[str, tuple[str, ...]] = attribute(default_factory=dict)
    bad: Bad = Bad.ROW
    blanks: Blanks = Blanks.KEEP
    part: bool = False

    @property
    def fields(self) -> frozenset[str]:
        """All fields this mapping can fill."""
        named = {rule.field for rules in self.columns.values() for rule in rules}
        kept = {rule.otherwise for rules in self.columns.values() for rule in rules if rule.otherwise}
        return frozenset(named | kept | set(self.constants)) - {ID}

    def without(self, fields: Iterable[str]) -> "SheetMapping":
        """This mapping with columns for `fields` left out, e.g. sealed ones whose compartment is closed."""
        out = frozenset(fields)
        columns = {
            h: kept for h, rules in self.columns.items() if (kept := tuple(r for r in rules if r.field not in out))
        }
        constants = {name: words for name, words in self.constants.items() if name not in out}
        return replace(self, columns=columns, constants=constants)


def fingerprint(register: str, header: Header) -> str:
    """Under which a mapping is remembered: the register and the headings, however wide or spaced they are typed."""
    text = "\x1f".join([register, *(heading(name) for name in header.names)])
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def to_json(mapping: SheetMapping) -> dict[str, Any]:
    """The JSON form; what is left at its default is left out."""
    out: dict[str, Any] = {"register": mapping.register}
    out["columns"] = {h: _rules_json(rules) for h, rules in mapping.columns.items()}
    out["only"] = {h: list(words) for h, words in mapping.only.items()}
    out["constants"] = dict(mapping.constants)
    for name in ("sheet", "header", "encoding", "delimiter"):
        out[name] = getattr(mapping, name)
    out["bad"] = "" if mapping.bad is Bad.ROW else str(mapping.bad)
    out["blanks"] = "" if mapping.blanks is Blanks.KEEP else str(mapping.blanks)
    return {name: value for name, value in out.items() if value}


def _rules_json(rules: tuple[ColumnRule, ...]) -> object:
    said = [_rule_json(rule) for rule in rules]
    return said[0] if len(said) == 1 else said


def _rule_json(rule: ColumnRule) -> str | dict[str, Any]:
    plain = ColumnRule(rule.field)
    if rule == plain:
        return rule.field
    out: dict[str, Any] = {"field": rule.field}
    for name in ColumnRule.__slots__:
        value = getattr(rule, name)
        if value != getattr(plain, name):
            out[name] = (
                list(value) if isinstance(value, tuple) else dict(value) if isinstance(value, Mapping) else value
            )
    return out


def from_json(body: object, register: Register, catalogs: Catalogs) -> SheetMapping:
    """A mapping from its JSON form, checked against the register. Raises ExchangeError naming what is wrong."""
    reader = _Reader(register, catalogs)
    table = reader.table(body, _("列对应"), _MAPPING_KEYS)
    if table.get("register", register.name) != register.name:
        raise refuse("bad_mapping", detail=_("它是为登记册 {name} 写的").format(name=table["register"]))
    columns = {h: reader.rules(h, said) for h, said in reader.table(table.get("columns", {}), "columns").items()}
    constants = reader.table(table.get("constants", {}), "constants")
    return SheetMapping(
        register.name,
        columns,
        {reader.field(name): reader.word(words, name) for name, words in constants.items()},
        sheet=reader.text(table, "sheet"),
        header=reader.number(table, "header"),
        encoding=reader.text(table, "encoding"),
        delimiter=reader.text(table, "delimiter"),
        only={h: reader.words(w, h) for h, w in reader.table(table.get("only", {}), "only").items()},
        bad=Bad(reader.choice(table, "bad", ("row", "cell"))),
        blanks=Blanks(reader.choice(table, "blanks", ("keep", "clear"))),
    )


_MAPPING_KEYS: Final = frozenset(
    ("register", "columns", "constants", "sheet", "header", "encoding", "delimiter", "only", "bad", "blanks")
)


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads untrusted JSON into rules."""

    register: Register
    catalogs: Catalogs

    def table(self, said: object, where: str, keys: frozenset[str] | None = None) -> dict[str, Any]:
        if not isinstance(said, dict):
            raise refuse("bad_mapping", detail=_("{place} 应是对象").format(place=where))
        for key in said:
            if keys is not None and key not in keys:
                raise refuse("bad_mapping", detail=_("{place} 里没有“{key}”这一项").format(place=where, key=key))
        return said

    def text(self, table: Mapping[str, Any], name: str) -> str:
        said = table.get(name, "")
        if not isinstance(said, str):
            raise refuse("bad_mapping", detail=_("{place} 应是文字").format(place=name))
        return said

    def number(self, table: Mapping[str, Any], name: str) -> int:
        said = table.get(name, 0)
        if isinstance(said, bool) or not isinstance(said, int) or said < 0:
            raise refuse("bad_mapping", detail=_("{place} 应是不小于 0 的整数").format(place=name))
        return said

    def choice(self, table: Mapping[str, Any], name: str, known: tuple[str, ...]) -> str:
        said = table.get(name) or known[0]
        if said not in known:
            raise refuse(
                "bad_mapping", detail=_("{place} 应是其中之一：{known}").format(place=name, known="、".join(known))
            )
        return str(said)

    def word(self, said: object, where: str) -> str:
        if isinstance(said, bool) or not isinstance(said, str | int):
            raise refuse("bad_mapping", detail=_("{place} 应是文字").format(place=where))
        return str(said)

    def words(self, said: object, where: str) -> tuple[str, ...]:
        if not isinstance(said, list):
            raise refuse("bad_mapping", detail=_("{place} 应是列表").format(place=where))
        return tuple(self.word(one, where) for one in said)

    def field(self, name: object) -> str:
        if name != ID and name not in self.register.by_name:
            raise refuse(
                "bad_mapping",
                detail=_("登记册 {register} 没有项目“{name}”").format(register=self.register.name, name=name),
            )
        return str(name)

    def rules(self, heading_: str, said: object) -> tuple[ColumnRule, ...]:
        many = said if isinstance(said, list) else [said]
        return tuple(self.rule(heading_, one) for one in many)

    def rule(self, heading_: str, said: object) -> ColumnRule:
        if isinstance(said, str):
            said = {"field": said}
        table = self.table(said, heading_, frozenset(ColumnRule.__slots__))
        values = self.table(table.get("values", {}), f"{heading_} values")
        rule = ColumnRule(
            self.field(table.get("field")),
            item=self.text(table, "item"),
            part=self.choice(table, "part", PARTS),
            values={raw: self.word(words, heading_) for raw, words in values.items()},
            nulls=self.words(table.get("nulls", []), heading_),
            unit=self.text(table, "unit"),
            factor=str(self.word(table.get("factor", ""), heading_)),
            source=self.text(table, "source"),
            separator=self.text(table, "separator"),
            piece=self.number(table, "piece"),
            otherwise=self.text(table, "otherwise"),
            serial=self.choice(table, "serial", SERIALS),
        )
        self._sensible(rule, heading_)
        return rule

    def _sensible(self, rule: ColumnRule, where: str) -> None:
        declared = self.register.by_name.get(rule.field)
        if rule.factor and (not _is_factor(rule.factor) or not rule.source):
            raise refuse(
                "bad_mapping", detail=_("“{place}”的换算系数应是正数，并写明依据（source）").format(place=where)
            )
        if declared is not None and declared.kind is Kind.RESULTS:
            if not self.catalogs.has(declared.choices, rule.item):
                raise refuse(
                    "bad_mapping",
                    detail=_("“{place}”要写明是清单里的哪一项（item），没有“{item}”").format(
                        place=where, item=rule.item
                    ),
                )
        elif rule.item:
            raise refuse("bad_mapping", detail=_("“{place}”的项目不分条，不写 item").format(place=where))
        if rule.otherwise and not _keeps_words(self.register, rule.otherwise):
            raise refuse("bad_mapping", detail=_("“{place}”的 otherwise 应是文字项目").format(place=where))


def _is_factor(text: str) -> bool:
    try:
        value = Decimal(text)
    except InvalidOperation:
        return False
    return value.is_finite() and value > 0


def _keeps_words(register: Register, name: str) -> bool:
    field: Field | None = register.by_name.get(name)
    return field is not None and field.kind in (Kind.TEXT, Kind.LONG_TEXT)
