"""How a register lies in its table: column names, the SQL that reads and writes a row, and the text a search looks in."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any, Final

from eduplan_desktop.registers import catalog
from eduplan_desktop.registers.model import Kind, Register, SliceBy, Value
from eduplan_desktop.registers.text import search_texts

SEARCHED: Final = frozenset({Kind.TEXT, Kind.LONG_TEXT, Kind.SCHOOL_CODE, Kind.DATE})
"""Kinds a search looks in: what was typed. Chosen values have filters."""


@dataclass(frozen=True)
class Shape:
    """register: its declaration. columns: `year` where sliced, then the open fields. known: what a row may name.

    The SQL takes the values of `columns`, then search text, act, school, id.
    """

    register: Register
    columns: tuple[str, ...]
    sliced: bool
    searched: tuple[int, ...]
    known: frozenset[str]
    getter: Callable[[Mapping[str, Value]], tuple[Value, ...]]
    sealed: frozenset[str]
    select: str
    insert: str
    update: str
    delete: str

    @property
    def name(self) -> str:
        """Name of register and table."""
        return self.register.name

    def search(self, values: Sequence[Value]) -> str:
        """Search text of the values of `columns`: `search_text` of each value searched, joined."""
        return " ".join(dict.fromkeys([said for i in self.searched if (said := _folded(values[i]))]))

    def searches(self, lines: Sequence[Sequence[Value]]) -> list[str]:
        """Search text of many rows, column by column."""
        columns = [[line[i] for line in lines] for i in self.searched]
        folded = [_folded_column(column) for column in columns if column.count(None) < len(lines)]
        if not folded:
            return [""] * len(lines)
        return [" ".join(dict.fromkeys(filter(None, held))) for held in zip(*folded, strict=True)]

    def take(self, row: Mapping[str, Value]) -> tuple[Value, ...]:
        """The values of `columns` from a row; what it does not name is None."""
        try:
            return self.getter(row)
        except KeyError:
            return tuple([row.get(c) for c in self.columns])

    def as_row(self, row_id: str, values: Iterable[Value]) -> dict[str, Value]:
        """A row from its id and the values of `columns`."""
        return {"id": row_id, **dict(zip(self.columns, values, strict=True))}


_MOST: Final = 50_000
_SPELT: Final[dict[Value, str]] = {None: ""}
"""Search text by value: a school's records repeat names, places and dealers."""


def _folded(value: Value) -> str:
    """Search text of one value; '' for blank."""
    found = _SPELT.get(value)
    return _spell([value])[value] if found is None else found


def _folded_column(column: Sequence[Value]) -> list[str]:
    """Search text of every value of a column, each distinct one made once."""
    distinct = set(column)
    known = {value: said for value in distinct if (said := _SPELT.get(value)) is not None}
    made = known | _spell([value for value in distinct if value not in known])
    return list(map(made.__getitem__, column))


def _spell(values: Sequence[Value]) -> dict[Value, str]:
    """Make the search texts of values; those with pinyin are remembered, the others are made as quickly as found."""
    made: dict[Value, str] = dict(zip(values, search_texts([str(value) for value in values]), strict=True))
    if len(_SPELT) > _MOST:
        _SPELT.clear()
        _SPELT[None] = ""
    _SPELT.update((value, said) for value, said in made.items() if not str(value).isascii())
    return made


_SHAPES: Final[dict[str, Shape]] = {}


def shape_of(register: Register | str) -> Shape:
    """The shape of a register, or of the one so named. Raises KeyError for an unknown name."""
    name = register if isinstance(register, str) else register.name
    found = _SHAPES.get(name)
    if found is None:
        found = _SHAPES[name] = _make(catalog.register(name))
    return found


def _make(register: Register) -> Shape:
    sliced = register.slice_by is not SliceBy.WHOLE
    fields = register.open_fields
    columns = (("year",) if sliced else ()) + tuple(f.name for f in fields)
    listed = ", ".join(f'"{c}"' for c in columns)
    marks = ", ".join("?" * (len(columns) + 4))
    sets = ", ".join(f'"{c}" = ?' for c in columns)
    shift = int(sliced)
    return Shape(
        register=register,
        columns=columns,
        sliced=sliced,
        known=frozenset(columns) | {"id", "school"},
        getter=itemgetter(*columns),
        searched=tuple(i + shift for i, f in enumerate(fields) if f.kind in SEARCHED),
        sealed=frozenset(f.name for c in register.compartments for f in register.sealed_fields(c)),
        select=f'SELECT {listed} FROM "{register.name}" WHERE school = ? AND id = ?',
        insert=f'INSERT INTO "{register.name}" ({listed}, search, act, school, id) VALUES ({marks})',
        update=f'UPDATE "{register.name}" SET {sets}, search = ?, act = ? WHERE school = ? AND id = ?',
        delete=f'DELETE FROM "{register.name}" WHERE school = ? AND id = ?',
    )


def search_of(register: Register | str, row: Mapping[str, Any]) -> str:
    """The search text of a row, for writers that fill tables set by set."""
    shape = shape_of(register)
    return shape.search(shape.take(row))
