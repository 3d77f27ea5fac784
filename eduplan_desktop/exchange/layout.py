"""The columns of a register on a sheet of ours: which, in which order, under which heading, with which value in a cell."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from eduplan_desktop.exchange.mapping import ID, PARTS
from eduplan_desktop.exchange.neutral import neutralise
from eduplan_desktop.exchange.suggest import ID_LABEL
from eduplan_desktop.registers import kinds, results
from eduplan_desktop.registers.catalogs import Catalogs
from eduplan_desktop.registers.model import Field, Kind, Register, Row, Value
from eduplan_desktop.registers.numbers import unscale

FORMAT: Final = 1
Titles = Mapping[str, Mapping[str, str]]
"""Register → row id → the words that name the row; words that name several rows are not used."""
Written = str | int | Decimal | date | None
"""What a cell is written as: text, number, date, or blank."""
FIRST_TYPED: Final = date(1900, 3, 1)
"""Before this day the spreadsheets of the world count differently."""
_PART_LABELS: Final = {"unit": "单位", "low": "下限", "high": "上限", "remark": "备注"}


@dataclass(frozen=True, slots=True)
class Column:
    """One column. name: for the hidden line; field: None for the row id; item, part: of results."""

    name: str
    heading: str
    write: Callable[[Row], Written]
    field: Field | None = None
    item: str = ""
    part: str = ""


def marker(register: Register) -> str:
    """First cell of the hidden line: what this table is, for reading it back."""
    major, minor = register.version
    return f"eduplan:{FORMAT}:{register.name}:{major}.{minor}"


def columns(
    register: Register,
    catalogs: Catalogs,
    titles: Titles,
    rows: Sequence[Row],
    clear: Collection[str] = (),
    masked: Collection[str] = (),
) -> list[Column]:
    """The columns for these rows, the row id first. clear, masked: compartments to show as they are or masked."""
    out = [Column(ID, ID_LABEL, lambda row: str(row.get(ID) or "") or None)]
    words = {name: _unambiguous(of) for name, of in titles.items()}
    for section in register.sections:
        if section.compartment and section.compartment not in (*clear, *masked):
            continue
        hide = bool(section.compartment) and section.compartment not in clear
        for declared in section.fields:
            if declared.kind is Kind.RESULTS:
                out += _result_columns(declared, catalogs, rows, hide)
            elif declared.retired is None:
                out.append(_column(declared, catalogs, words.get(declared.target, {}), hide))
    return out


def heading_of(declared: Field) -> str:
    """Label with the unit behind it."""
    return f"{declared.label}（{declared.unit}）" if declared.unit else declared.label


def _unambiguous(of: Mapping[str, str]) -> dict[str, str]:
    """Only words that name one row and are not blank."""
    seen: dict[str, int] = {}
    for words in of.values():
        seen[words] = seen.get(words, 0) + 1
    return {row_id: words for row_id, words in of.items() if words.strip() and seen[words] == 1}


def _column(declared: Field, catalogs: Catalogs, words: Mapping[str, str], hide: bool) -> Column:
    def write(row: Row) -> Written:
        value = row.get(declared.name)
        if value is None:
            return None
        if hide:
            return kinds.mask(declared, value)
        return written(declared, value, catalogs, words)

    return Column(declared.name, heading_of(declared), write, declared)


def written(declared: Field, value: Value, catalogs: Catalogs, words: Mapping[str, str]) -> Written:
    """A stored value as a typed cell; reading it back gives the same value."""
    if value is None:
        return None
    match declared.kind:
        case Kind.WHOLE:
            return int(value)
        case Kind.DECIMAL | Kind.MONEY:
            return unscale(int(value), declared.places)
        case Kind.DATE if len(str(value)) == 10 and (day := date.fromisoformat(str(value))) >= FIRST_TYPED:
            return day
        case Kind.LINK:
            return neutralise(words.get(str(value), str(value)))
        case _:
            return neutralise(kinds.show(declared, value, catalogs))


def _result_columns(declared: Field, catalogs: Catalogs, rows: Iterable[Row], hide: bool) -> list[Column]:
    """A column per catalogue item that any row has, and one per further part that any row gives."""
    used = {
        (item, part)
        for row in rows
        if row.get(declared.name) is not None
        for item, result in results.load(str(row[declared.name])).items()
        for part in PARTS
        if getattr(result, part)
    }
    catalog = catalogs.table(declared.choices)
    order = catalog.position
    out: list[Column] = []
    for item in sorted({item for item, _part in used}, key=lambda i: (order.get(i, len(order)), i)):
        label = catalog.by_code[item].label if item in catalog.by_code else item
        for part in PARTS:
            if part == "value" or (item, part) in used:
                out.append(_result_column(declared, item, part, f"{item} {label}", hide, catalogs))
    return out


def _result_column(declared: Field, item: str, part: str, label: str, hide: bool, catalogs: Catalogs) -> Column:
    table = results.ANSWER_TABLES.get(declared.choices) if part == "value" else None

    def write(row: Row) -> Written:
        stored = row.get(declared.name)
        found = results.load(str(stored)).get(item) if stored is not None else None
        said = getattr(found, part) if found else ""
        if said and table:
            said = catalogs.table(table).shown(said)
        return (kinds.MASK if hide else neutralise(said)) if said else None

    suffix = "" if part == "value" else f".{part}"
    heading = label if part == "value" else f"{label} {_PART_LABELS[part]}"
    return Column(f"{declared.name}.{item}{suffix}", heading, write, declared, item, part)
