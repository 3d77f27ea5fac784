"""Propose a mapping for a sheet: by field name, label, synonym and catalogue item. The person corrects it; nothing is hidden.

A unit is converted only where the sheet itself writes it (万元) or the catalogue of factors gives a source; else it is asked.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Final

from eduplan_desktop.exchange.cells import Sheet, heading
from eduplan_desktop.exchange.header import Header, find_header
from eduplan_desktop.exchange.mapping import ID, Blanks, ColumnRule, SheetMapping
from eduplan_desktop.exchange.synonyms import FIELDS, ITEMS, OTHERWISE, SPLIT
from eduplan_desktop.i18n import _
from eduplan_desktop.registers.catalogs import Catalog, Catalogs, Entry
from eduplan_desktop.registers.model import Field, Kind, Register
from eduplan_desktop.registers.numbers import parse_number, unscale
from eduplan_desktop.registers.refusal import BadValue
from eduplan_desktop.registers.text import fold, narrow

ID_LABEL: Final = "记录号"
FACTORS: Final = "unit_factor"
"""Catalogue of factors between units of items, with sources."""
_UNIT: Final = re.compile(r"(.+?)[(\[]([^()\[\]]+)[)\]]|([^/]+)/([^/]+)")
_LATIN: Final = re.compile(r"^(\D*?[\u4e00-\u9fff%)])([a-z][a-z0-9/\-.]*)$")


@dataclass(frozen=True, slots=True)
class Found:
    """What a heading can mean. basis: 'name', 'label', 'synonym' or 'item'."""

    rules: tuple[ColumnRule, ...]
    basis: str


@dataclass(slots=True)
class Suggestion:
    """A proposed mapping. basis: heading → why; unused: headings that go nowhere; missing: required fields without a column."""

    header: Header
    mapping: SheetMapping
    basis: dict[str, str] = field(default_factory=dict)
    unused: list[str] = field(default_factory=list)
    missing: list[Field] = field(default_factory=list)


class Vocabulary:
    """Everything a heading of one register can say."""

    def __init__(self, register: Register, catalogs: Catalogs) -> None:
        self.register = register
        self.catalogs = catalogs
        self._said: dict[str, Found] = {fold(ID_LABEL): Found((ColumnRule(ID),), "name")}
        for declared in register.fields:
            if declared.kind is Kind.RESULTS:
                self._add_items(declared)
                continue
            rule = ColumnRule(declared.name, otherwise=OTHERWISE.get((register.name, declared.name), ""))
            self._add(declared.name, rule, basis="name")
            self._add(declared.label, rule, basis="label")
        for name, others in FIELDS.get(register.name, {}).items():
            rule = ColumnRule(name, otherwise=OTHERWISE.get((register.name, name), ""))
            for other in others:
                self._add(other, rule, basis="synonym")

    def _add(self, said: str, *rules: ColumnRule, basis: str) -> None:
        self._said.setdefault(heading(said), Found(rules, basis))

    def _add_items(self, declared: Field) -> None:
        catalog = self.catalogs.table(declared.choices)
        for entry in catalog.live:
            for said in _item_names(catalog, entry):
                self._add(said, ColumnRule(declared.name, item=entry.code), basis="item")
        for said, (separator, items) in SPLIT.get(catalog.name, {}).items():
            parts = (ColumnRule(declared.name, item=i, separator=separator, piece=n) for n, i in enumerate(items))
            self._add(said, *parts, basis="item")

    def knows(self, key: str) -> bool:
        """Whether a folded heading can be a heading of this register."""
        return key in self._said or _without_unit(key)[0] in self._said

    def find(self, keys: tuple[str, ...], money: str = "") -> Found | None:
        """What the forms of one heading mean, with the unit it writes. money: unit the sheet gives for all sums."""
        for key in keys:
            if key in self._said:
                return self._with_unit(self._said[key], "", money)
            base, unit = _without_unit(key)
            if unit and base in self._said:
                return self._with_unit(self._said[base], unit, money)
        return None

    def _with_unit(self, found: Found, unit: str, money: str) -> Found:
        return Found(tuple(self._in_unit(rule, unit, money) for rule in found.rules), found.basis)

    def _in_unit(self, rule: ColumnRule, unit: str, money: str) -> ColumnRule:
        declared = self.register.by_name.get(rule.field)
        if declared is None:
            return rule
        if declared.kind is Kind.MONEY and not unit:
            unit = money
        return with_unit(rule, declared, unit, self.catalogs)


def with_unit(rule: ColumnRule, declared: Field, unit: str, catalogs: Catalogs) -> ColumnRule:
    """The rule for a column in `unit`: with factor and source where one is known, else with the unit alone, to be declared."""
    if not unit or unit_of(declared, rule, catalogs) in ("", unit):
        return rule
    if declared.kind is Kind.RESULTS:
        return _item_in_unit(rule, unit, catalogs)
    if not declared.unit:
        return rule
    factor = written_factor(declared, unit)
    if factor == 1:
        return rule
    if factor is None:
        return replace(rule, unit=unit)
    return replace(
        rule,
        unit=unit,
        factor=str(factor),
        source=_("表中写明单位“{unit}”：1 {unit} = {factor} {own}").format(unit=unit, factor=factor, own=declared.unit),
    )


def _item_in_unit(rule: ColumnRule, unit: str, catalogs: Catalogs) -> ColumnRule:
    table = catalogs.find_table(FACTORS)
    for entry in table.live if table else ():
        if entry.attributes.get("item") == rule.item and heading(entry.attributes.get("unit", "")) == heading(unit):
            return replace(
                rule, unit=unit, factor=entry.attributes["factor"], source=entry.attributes.get("source", "")
            )
    return replace(rule, unit=unit)


def unit_of(declared: Field, rule: ColumnRule, catalogs: Catalogs) -> str:
    """The unit in which the register keeps what this column feeds, folded; '' where it has none."""
    if declared.kind is Kind.RESULTS:
        return heading(catalogs.attribute(declared.choices, rule.item, "unit"))
    return heading(declared.unit)


def written_factor(declared: Field, unit: str) -> Decimal | None:
    """How many of the field's own unit one `unit` is by definition (万元 = 10000 元); None where the program does not know."""
    try:
        scaled, _note = parse_number(f"1{narrow(unit)}", 4, declared.unit)
    except BadValue:
        return None
    return unscale(scaled, 4).normalize() + 0


def _without_unit(key: str) -> tuple[str, str]:
    """(heading, unit) of a folded heading such as 原值(万元); ('', '') where none is written."""
    match = _UNIT.fullmatch(key)
    return (match[1] or match[3], match[2] or match[4]) if match else ("", "")


def _item_names(catalog: Catalog, entry: Entry) -> Iterator[str]:
    """Code, label, `code label`, the Chinese and the Latin half of a label like 总胆固醇TC, and declared synonyms."""
    yield entry.code
    yield entry.label
    yield f"{entry.code} {entry.label}"
    yield from ITEMS.get(catalog.name, {}).get(entry.code, ())
    if halves := _LATIN.match(heading(entry.label)):
        yield halves.group(1)
        yield halves.group(2)


def suggest(sheet: Sheet, register: Register, catalogs: Catalogs, header_line: int = 0) -> Suggestion:
    """The proposed mapping of a sheet into a register. Raises ExchangeError where there are no headings."""
    words = Vocabulary(register, catalogs)
    header = find_header(sheet, words.knows, header_line)
    if header.marker and header.marker[1] == register.name:
        return _complete(_own_table(header, words), register)
    out = Suggestion(header, SheetMapping(register.name, header=header_line))
    offered = [words.find(keys, header.money) for keys in header.keys]
    columns: dict[str, tuple[ColumnRule, ...]] = {}
    for name, found in zip(header.names, offered, strict=True):
        if found is None or _better(found, offered):
            out.unused.append(name)
            continue
        if _taken(found, columns):
            out.unused.append(name)
            continue
        columns[name] = found.rules
        out.basis[name] = found.basis
    out.mapping = replace(out.mapping, columns=columns)
    return _complete(out, register)


def _better(found: Found, offered: list[Found | None]) -> bool:
    """Whether another column names the same target more directly."""
    if found.basis != "synonym":
        return False
    targets = {(r.field, r.item) for r in found.rules}
    return any(
        o is not None and o.basis != "synonym" and targets & {(r.field, r.item) for r in o.rules} for o in offered
    )


def _taken(found: Found, columns: dict[str, tuple[ColumnRule, ...]]) -> bool:
    targets = {(r.field, r.item, r.part) for rules in columns.values() for r in rules}
    return any((r.field, r.item, r.part) in targets for r in found.rules)


def _own_table(header: Header, words: Vocabulary) -> Suggestion:
    """The mapping of a table this program wrote: by field names, blanks delete."""
    columns: dict[str, tuple[ColumnRule, ...]] = {}
    unused = []
    for name, said in zip(header.names, header.fields, strict=True):
        base, _dot, rest = said.partition(".")
        declared = words.register.by_name.get(base)
        if said == ID or (declared is not None and not rest and declared.kind is not Kind.RESULTS):
            columns[name] = (ColumnRule(said),)
        elif declared is not None and declared.kind is Kind.RESULTS and rest:
            item, _dot, part = rest.partition(".")
            columns[name] = (ColumnRule(base, item=item, part=part or "value"),)
        else:
            unused.append(name)
    mapping = SheetMapping(words.register.name, columns, blanks=Blanks.CLEAR)
    return Suggestion(header, mapping, dict.fromkeys(columns, "name"), unused)


def _complete(out: Suggestion, register: Register) -> Suggestion:
    filled = out.mapping.fields
    out.missing = [f for f in register.fields if f.required and f.name not in filled]
    return out


def suggest_split(sheet: Sheet, register: Register, catalogs: Catalogs, header_line: int = 0) -> list[Suggestion]:
    """Several mappings of one wide sheet, one per value of an identifying choice that the headings name (小学学生数, 初中学生数).

    Empty where no heading does.
    """
    words = Vocabulary(register, catalogs)
    header = find_header(sheet, words.knows, header_line)
    common = suggest(sheet, register, catalogs, header_line)
    out: list[Suggestion] = []
    for name in register.identity:
        declared = register.by_name[name]
        if declared.kind is not Kind.CHOICE or name in common.mapping.fields:
            continue
        for entry in catalogs.table(declared.choices).live:
            columns = dict(_of_value(header, words, entry.label))
            if columns:
                merged = {**_identifying(common, register), **columns}
                mapping = SheetMapping(register.name, merged, {name: entry.label}, header=header_line)
                basis = {h: common.basis.get(h, "label") for h in merged}
                out.append(_complete(Suggestion(header, mapping, basis), register))
    return out


def _identifying(common: Suggestion, register: Register) -> dict[str, tuple[ColumnRule, ...]]:
    """Columns that hold for every value: those of the other identifying fields."""
    return {h: rules for h, rules in common.mapping.columns.items() if all(r.field in register.identity for r in rules)}


def _of_value(header: Header, words: Vocabulary, label: str) -> Iterator[tuple[str, tuple[ColumnRule, ...]]]:
    key = heading(label)
    for name, keys in zip(header.names, header.keys, strict=True):
        for said in keys[:1]:
            rest = said.removeprefix(key) if said.startswith(key) else said.removesuffix(key)
            found = words.find((rest,), header.money) if rest != said and rest else None
            if found:
                yield name, found.rules


def targets(register: Register, catalogs: Catalogs) -> list[tuple[str, ColumnRule]]:
    """(words, rule) of everything a column can be mapped to, in register order; for the person's choice."""
    out: list[tuple[str, ColumnRule]] = []
    for declared in register.fields:
        if declared.kind is Kind.RESULTS:
            entries = catalogs.table(declared.choices).live
            out += [(f"{declared.label}:{e.label}", ColumnRule(declared.name, item=e.code)) for e in entries]
        else:
            otherwise = OTHERWISE.get((register.name, declared.name), "")
            out.append((declared.label, ColumnRule(declared.name, otherwise=otherwise)))
    return out
