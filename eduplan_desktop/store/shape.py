"""How a register lies in its table: column names, the SQL that reads and writes a row, and the text a search looks in."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from eduplan_desktop.registers import catalog
from eduplan_desktop.registers.model import Kind, Register, SliceBy, Value
from eduplan_desktop.registers.text import search_text

SEARCHED: Final = frozenset({Kind.TEXT, Kind.LONG_TEXT, Kind.SCHOOL_CODE, Kind.DATE})
"""Kinds a search looks in: what was typed. Chosen values have filters."""


@dataclass(frozen=True)
class Shape:
    """register: its declaration. columns: `year` where sliced, then the open fields. The SQL takes values in the order named."""

    register: Register
    columns: tuple[str, ...]
    sliced: bool
    searched: tuple[int, ...]
    sealed: frozenset[str]
    select: str
    insert: str
    update: str
    delete: str

    @property
    def name(self) -> str:
        """Name of register and table."""
        return self.register.name

    def search(self, values: Iterable[Value]) -> str:
        """Search text of the values of `columns`."""
        held = tuple(values)
        words: dict[str, None] = {}
        for i in self.searched:
            text = held[i]
            if text is not None:
                words.update(dict.fromkeys(_words(str(text))))
        return " ".join(words)

    def as_row(self, row_id: str, values: Iterable[Value]) -> dict[str, Value]:
        """A row from its id and the values of `columns`."""
        return {"id": row_id, **dict(zip(self.columns, values, strict=True))}


@lru_cache(maxsize=50_000)
def _words(text: str) -> tuple[str, ...]:
    """Words of one value; a school's records repeat names, places and dealers."""
    return tuple(search_text((text,)).split(" "))


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
    return shape.search(row.get(c) for c in shape.columns)
