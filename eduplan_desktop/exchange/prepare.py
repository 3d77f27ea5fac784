"""A sheet and a mapping into rows as they would be stored, with every normalisation and every reason visible.

Column by column: each distinct cell is read once. Nothing is written here; `plan_import` says what is new, the caller stores.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import repeat
from typing import Final, cast

from eduplan_desktop.exchange.calm import without_collector
from eduplan_desktop.exchange.cells import Cell, Sheet, is_blank, token, words
from eduplan_desktop.exchange.convert import UNCHANGED, ColumnReading, Converter, Links, Stored, Unchanged
from eduplan_desktop.exchange.header import Header, Skipped, find_header, records
from eduplan_desktop.exchange.mapping import ID, ColumnRule, SheetMapping
from eduplan_desktop.exchange.reasons import problem, refuse
from eduplan_desktop.exchange.suggest import Vocabulary
from eduplan_desktop.i18n import _
from eduplan_desktop.problems import Problem
from eduplan_desktop.registers import results
from eduplan_desktop.registers.catalogs import Catalogs
from eduplan_desktop.registers.model import Field, Kind, Register, Row, Value

_ID_FIELD: Final = Field(ID, Kind.LINK, "记录号")


@dataclass(frozen=True, slots=True)
class Noted:
    """One cell that was not stored as it stood. sealed cells show neither words nor value."""

    field: str
    heading: str
    cell: str
    note: str


@dataclass(slots=True)
class Prepared:
    """All records of a sheet, read. `rows[i]` came from line `lines[i]`.

    rows:     field → value; a field without column is not a key, nor is a masked cell (unchanged); `id` where the sheet has one.
    problems: row index → what cannot be stored in it; [] rows are good. A cell with a problem is None in its row.
    sealed:   fields, masked: headings whose cells no report may show, mapped or not.
    skipped:  lines that are no records. ignored: headings that go nowhere. notes: sheet-wide normalisations.
    """

    register: Register
    mapping: SheetMapping
    header: Header
    lines: list[int]
    rows: list[Row]
    problems: dict[int, list[Problem]]
    skipped: list[Skipped]
    ignored: list[str]
    notes: list[str]
    sealed: frozenset[str]
    masked: frozenset[str]
    sheet: Sheet
    columns: list[tuple[str, ColumnReading]] = field(default_factory=list)

    def noted(self, index: int) -> Iterator[Noted]:
        """What was normalised in one row."""
        for heading, column in self.columns:
            if note := column.note(index):
                hidden = column.field.name in self.sealed
                yield Noted(
                    column.field.name,
                    heading,
                    "" if hidden else words(column.cells[index]),
                    _("已规整") if hidden else note,
                )

    def shown_cell(self, index: int, name: str) -> str:
        """The cell a field of a row was read from, as it stood; '' for sealed fields."""
        found = (c.cells[index] for _heading, c in self.columns if c.field.name == name)
        return "" if name in self.sealed else "、".join(words(cell) for cell in found)

    def note_counts(self) -> Counter[tuple[str, str]]:
        """(heading, note) → in how many rows."""
        counts: Counter[tuple[str, str]] = Counter()
        for heading, column in self.columns:
            for index in range(len(column.cells)) if column.notes else ():
                if note := column.note(index):
                    hidden = column.field.name in self.sealed
                    counts[heading, _("已规整") if hidden else note] += 1
        return counts


@without_collector()
def prepare(
    sheet: Sheet,
    mapping: SheetMapping,
    register: Register,
    catalogs: Catalogs,
    links: Links | None = None,
    *,
    closed: Collection[str] = (),
    needed: Collection[str] = (),
) -> Prepared:
    """Read all records of a sheet. Raises ExchangeError for a mapping that does not fit the sheet.

    links: what words name which rows, for fields that point to other registers. closed: compartments that are not open;
    columns for them are left out and named in `ignored`. needed: headings of which one must be filled, else the row is not
    meant for this register (of a sheet split over several).
    """
    shut = {f.name for name in closed for f in register.sealed_fields(name)}
    sealed = frozenset(f.name for name in register.compartments for f in register.sealed_fields(name))
    declared = mapping
    left_out = sorted(h for h, rules in mapping.columns.items() if any(r.field in shut for r in rules))
    mapping = mapping.without(shut)
    vocabulary = Vocabulary(register, catalogs)
    header = find_header(sheet, vocabulary.knows, mapping.header)
    masked = _masked(header, declared, vocabulary, sealed)
    places = _places(header, mapping, register)
    kept, skipped = records(sheet, header)
    kept, others = _only(sheet, header, mapping, kept)
    if needed:
        kept, blank = _meant(sheet, header, kept, needed)
        others += blank
    if not places:
        raise refuse("nothing_mapped", register=register.label)
    reader = _Reader(sheet, kept, register, catalogs, links or {}, sealed)
    reader.read(places)
    reader.constants(mapping)
    reader.too_long(header)
    used = {index for index, _rule in places}
    ignored = [name for i, name in enumerate(header.names) if i not in used and header.keys[i]]
    return Prepared(
        register,
        mapping,
        header,
        [sheet.numbers[i] for i in kept],
        reader.rows(),
        reader.problems,
        header.above + skipped + others,
        list(dict.fromkeys(ignored + left_out)),
        list(sheet.notes),
        sealed,
        masked,
        sheet,
        [(header.names[index], column) for (index, _rule), column in zip(places, reader.columns, strict=True)],
    )


def _places(header: Header, mapping: SheetMapping, register: Register) -> list[tuple[int, ColumnRule]]:
    """(column, rule) for every rule of the mapping."""
    out: list[tuple[int, ColumnRule]] = []
    for name, rules in mapping.columns.items():
        index = header.column(name)
        if index < 0:
            raise refuse("bad_mapping", detail=_("表里没有“{name}”这一列").format(name=name))
        out += [(index, rule) for rule in rules]
    taken: dict[tuple[str, str, str], str] = {}
    for index, rule in out:
        target = (rule.field, rule.item, rule.part)
        if target in taken and rule.field != ID and register.by_name[rule.field].kind is not Kind.RESULTS:
            raise refuse(
                "bad_mapping",
                detail=_("“{one}”和“{other}”对应到了同一个项目").format(one=taken[target], other=header.names[index]),
            )
        if rule.field in mapping.constants:
            raise refuse(
                "bad_mapping", detail=_("“{name}”对应的项目同时又规定了固定值").format(name=header.names[index])
            )
        taken[target] = header.names[index]
    return out


def _masked(header: Header, mapping: SheetMapping, vocabulary: Vocabulary, sealed: frozenset[str]) -> frozenset[str]:
    """Headings of what is kept sealed: by the mapping, closed compartments included, or by what the heading says."""
    told = {header.column(name) for name, rules in mapping.columns.items() if any(r.field in sealed for r in rules)}
    found = (vocabulary.find(keys) for keys in header.keys)
    said = {i for i, one in enumerate(found) if one is not None and any(r.field in sealed for r in one.rules)}
    return frozenset(name for i, name in enumerate(header.names) if i in told | said)


def _meant(sheet: Sheet, header: Header, kept: list[int], needed: Collection[str]) -> tuple[list[int], list[Skipped]]:
    """The rows with something in one of these columns, and the others."""
    places = [column for name in needed if (column := header.column(name)) >= 0]
    inside = [i for i in kept if not all(is_blank(sheet.rows[i][place]) for place in places)]
    chosen = set(inside)
    return inside, [Skipped(sheet.numbers[i], "other", "") for i in kept if i not in chosen]


def _only(sheet: Sheet, header: Header, mapping: SheetMapping, kept: list[int]) -> tuple[list[int], list[Skipped]]:
    """The rows the mapping asks for, and the others."""
    others: list[Skipped] = []
    for name, wanted in mapping.only.items():
        column = header.column(name)
        if column < 0:
            raise refuse("bad_mapping", detail=_("表里没有“{name}”这一列").format(name=name))
        tokens = {token(one) for one in wanted}
        inside = [i for i in kept if token(sheet.rows[i][column]) in tokens]
        chosen = set(inside)
        others += [
            Skipped(sheet.numbers[i], "other", words(sheet.rows[i][column])[:40]) for i in kept if i not in chosen
        ]
        kept = inside
    return kept, others


class _Reader:
    """Collects the columns of one register."""

    def __init__(
        self,
        sheet: Sheet,
        kept: list[int],
        register: Register,
        catalogs: Catalogs,
        links: Links,
        sealed: frozenset[str],
    ) -> None:
        self._sheet = sheet
        self._kept = kept
        self._register = register
        self._catalogs = catalogs
        self._links = links
        self._sealed = sealed
        self._rows = [sheet.rows[i] for i in kept]
        self._same: dict[str, Value] = {}
        self._values: dict[str, list[Stored]] = {}
        self._parts: dict[str, list[tuple[ColumnRule, list[Stored]]]] = {}
        self.columns: list[ColumnReading] = []
        self.problems: dict[int, list[Problem]] = {}

    def _converter(self, rule: ColumnRule) -> Converter:
        declared = _ID_FIELD if rule.field == ID else self._register.by_name[rule.field]
        hidden = rule.field in self._sealed
        return Converter(declared, rule, self._catalogs, self._links, sealed=hidden, date1904=self._sheet.date1904)

    def read(self, places: list[tuple[int, ColumnRule]]) -> None:
        """Read every column."""
        turned: list[Sequence[Cell]] = list(zip(*self._rows, strict=True)) or [()] * self._sheet.width
        for index, rule in places:
            column = self._converter(rule).column(turned[index])
            self.columns.append(column)
            for row, found in column.problems.items():
                self.problems.setdefault(row, []).append(found)
            if column.field.kind is Kind.RESULTS:
                self._parts.setdefault(rule.field, []).append((rule, column.values))
            else:
                self._values[rule.field] = column.values
        for column in self.columns:
            self._keep_words(column)
        for name, parts in self._parts.items():
            self._values[name] = self._results(name, parts)

    def _keep_words(self, column: ColumnReading) -> None:
        """Words that name no record go to the text field declared for them, where that is still empty."""
        if not column.otherwise:
            return
        declared = self._register.by_name[column.rule.otherwise]
        reader = Converter(declared, ColumnRule(declared.name), self._catalogs, self._links)
        values = self._values.setdefault(declared.name, [None] * len(self._rows))
        for index, said in column.otherwise.items():
            if values[index] is None:
                read = reader.one(said)
                values[index] = read.value
                if read.problem is not None:
                    self.problems.setdefault(index, []).append(read.problem)

    def _results(self, name: str, parts: list[tuple[ColumnRule, list[Stored]]]) -> list[Stored]:
        """The results of every row from its columns, as canonical JSON; masked throughout means unchanged."""
        out: list[Stored] = []
        label = self._register.by_name[name].label
        for index in range(len(self._rows)):
            found: dict[str, dict[str, str]] = {}
            masked = False
            for rule, values in parts:
                value = values[index]
                if value is UNCHANGED:
                    masked = True
                elif value is not None:
                    item = found.setdefault(rule.item, {})
                    if rule.part in item:
                        self.problems.setdefault(index, []).append(problem("results_twice", name, label=label))
                    item[rule.part] = str(value)
            made = results.dump({item: results.Result(**said) for item, said in found.items()})
            out.append(UNCHANGED if masked and made is None else made)
        return out

    def constants(self, mapping: SheetMapping) -> None:
        """Values that hold for every row. A constant that cannot be stored refuses the mapping."""
        for name, said in mapping.constants.items():
            read = self._converter(ColumnRule(name)).one(said)
            if read.problem is not None or isinstance(read.value, Unchanged):
                raise refuse(
                    "bad_mapping",
                    detail=_("“{label}”不能是“{words}”").format(label=self._register.by_name[name].label, words=said),
                )
            self._same[name] = read.value

    def too_long(self, header: Header) -> None:
        """Lines of delimited text with more cells than headings are shifted, and nobody can say from where on."""
        lengths = self._sheet.lengths
        if not lengths:
            return
        width = max(lengths[header.first], lengths[header.last])
        for index, source in enumerate(self._kept):
            extra = [c for c in self._sheet.rows[source][width : lengths[source]] if words(c)]
            if extra:
                count = lengths[source] - width
                self.problems.setdefault(index, []).append(problem("row_too_long", count=count))

    def rows(self) -> list[Row]:
        """The rows: constants, then columns; a masked cell leaves its field out."""
        constant = [repeat(value) for value in self._same.values()]
        names = (*self._same, *self._values)
        columns = cast("Iterable[tuple[Value, ...]]", zip(*constant, *self._values.values()))  # noqa: B905
        rows: list[Row] = [dict(zip(names, values, strict=True)) for values in columns]
        for name in self._values.keys() & self._sealed:
            column = self._values[name]
            for index in (i for i, value in enumerate(column) if value is UNCHANGED):
                del rows[index][name]
        return rows


__all__ = ["Noted", "Prepared", "prepare"]
