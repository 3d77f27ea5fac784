"""How a register lies in its table: column names, the SQL that reads and writes a row, and the text a search looks in."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from operator import itemgetter
from typing import Any, Final

from eduplan_desktop.registers import catalog
from eduplan_desktop.registers.model import Kind, Register, SliceBy, Value
from eduplan_desktop.registers.text import search_text

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
        held = [values[i] for i in self.searched]
        return " ".join(dict.fromkeys([_folded(text) for text in held if text is not None]))

    def take(self, row: Mapping[str, Value]) -> tuple[Value, ...]:
        """The values of `columns` from a row; what it does not name is None."""
        try:
            return self.getter(row)
        except KeyError:
            return tuple([row.get(c) for c in self.columns])

    def as_row(self, row_id: str, values: Iterable[Value]) -> dict[str, Value]:
        """A row from its id and the values of `columns`."""
        return {"id": row_id, **dict(zip(self.columns, values, strict=True))}


@lru_cache(maxsize=50_000)
def _folded(text: Value) -> str:
    """Search text of one value; a school's records repeat names, places and dealers."""
    return search_text((str(text),))


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
