"""The only write path of records: every function that writes takes the open act and keeps the images of what it changed.

A row given to `save` may be partial: fields it does not name keep what is stored (blank for a new row). An unknown field, a
sealed field or an empty string is a bug of the caller and raises ValueError; the year of a row never changes (D1).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from operator import itemgetter
from typing import Any, Final

from eduplan_desktop.registers.model import Register, Row, Value
from eduplan_desktop.store.acting import Act
from eduplan_desktop.store.connect import Store
from eduplan_desktop.store.images import BLOCK_ROWS, OPEN, State
from eduplan_desktop.store.parts import drop_parts
from eduplan_desktop.store.shape import Shape, search_of, shape_of

__all__ = [
    "columns",
    "count",
    "get",
    "index",
    "new_id",
    "remove",
    "save",
    "save_many",
    "scan",
    "scan_all",
    "search_of",
    "tombstones",
    "years",
]


def new_id(store: Store) -> str:
    """A new row id, above every id of the file."""
    return store.next_id()


def save(a: Act, register: Register | str, row: Mapping[str, Value], *, school: str = "") -> bool:
    """Insert or update one row; False where it already was so. Takes a tombstone of the same id away."""
    shape = shape_of(register)
    _must_fit(shape, row)
    row_id = str(row["id"])
    before = a.conn.execute(shape.select, (school, row_id)).fetchone()
    values = _merged(shape, row, before)
    if values == before:
        return False
    state: State = _image(shape, before)
    if before is None:
        state = _unbury(a, shape.name, school, row_id)
    a.conn.execute(
        shape.update if before is not None else shape.insert, (*values, shape.search(values), a.seq, school, row_id)
    )
    a.note(shape.name, school, row_id, OPEN, state, _image(shape, values))
    return True


def _must_fit(shape: Shape, row: Mapping[str, Value]) -> None:
    """A field no table has, a sealed field or an empty string would lose or expose what a person typed."""
    if not row.keys() <= shape.known:
        unknown = row.keys() - shape.known
        kind = "sealed" if unknown & shape.sealed else "unknown"
        raise ValueError(f"{kind} field of {shape.name}: {', '.join(sorted(unknown))}")
    if "" in row.values():
        raise ValueError(f"empty string in a row of {shape.name}")


def _merged(shape: Shape, row: Mapping[str, Value], before: tuple[Value, ...] | None) -> tuple[Value, ...]:
    """The values to store, in the order of the columns."""
    if before is None:
        values = shape.take(row)
        if shape.sliced and values[0] is None:
            raise ValueError(f"a new row of {shape.name} needs its year")
        return values
    values = tuple([row.get(c, old) for c, old in zip(shape.columns, before, strict=True)])
    if shape.sliced and values[0] != before[0]:
        raise ValueError(f"the year of a row of {shape.name} cannot change")
    return values


def _image(shape: Shape, values: Iterable[Value] | None) -> State:
    if values is None:
        return None
    return {"row": {c: v for c, v in zip(shape.columns, values, strict=True) if v is not None}}


def _unbury(a: Act, name: str, school: str, row_id: str) -> State:
    """Take a tombstone away; its state, or None where there was none."""
    key = (name, school, row_id)
    found = a.conn.execute("SELECT reason, year FROM gone WHERE register = ? AND school = ? AND id = ?", key).fetchone()
    if found is None:
        return None
    a.conn.execute("DELETE FROM gone WHERE register = ? AND school = ? AND id = ?", key)
    return {"gone": found[0], "year": found[1]}


def save_many(a: Act, register: Register | str, rows: Iterable[Mapping[str, Value]], *, school: str = "") -> int:
    """Insert or update many rows, journalled as compressed blocks; how many changed. Memory stays bounded.

    Within one block of 1,000 rows an id may come once only.
    """
    shape = shape_of(register)
    source = iter(rows)
    changed = 0
    while chunk := list(islice(source, BLOCK_ROWS)):
        changed += _save_chunk(a, shape, chunk, school)
    return changed


def _save_chunk(a: Act, shape: Shape, chunk: list[Mapping[str, Value]], school: str) -> int:
    for row in chunk:
        _must_fit(shape, row)
    chunk.sort(key=lambda row: str(row["id"]))
    ids = [str(row["id"]) for row in chunk]
    if len(set(ids)) != len(ids):
        raise ValueError(f"a row of {shape.name} comes twice")
    stored = _stored(a, shape, school, ids)
    buried = {} if len(stored) == len(ids) else _buried(a, shape.name, school, ids)
    changed: list[tuple[str, tuple[Value, ...] | None, tuple[Value, ...]]] = []
    for row_id, row in zip(ids, chunk, strict=True):
        before = stored.get(row_id)
        values = _merged(shape, row, before)
        if values != before:
            changed.append((row_id, before, values))
    searches = shape.searches([values for _id, _before, values in changed])
    inserts: list[tuple[Value, ...]] = []
    updates: list[tuple[Value, ...]] = []
    for (row_id, before, values), search in zip(changed, searches, strict=True):
        (inserts if before is None else updates).append((*values, search, a.seq, school, row_id))
    entries = [(row_id, _image(shape, before) or buried.get(row_id), values) for row_id, before, values in changed]
    a.conn.executemany(shape.insert, inserts)
    a.conn.executemany(shape.update, updates)
    if buried:
        key = "DELETE FROM gone WHERE register = ? AND school = ? AND id = ?"
        a.conn.executemany(key, [(shape.name, school, row_id) for row_id in buried])
    if entries:
        a.note_block(shape.name, school, *_narrowed(shape.columns, entries))
    return len(entries)


Entry = tuple[str, State, tuple[Value, ...]]


def _narrowed(names: Sequence[str], entries: list[Entry]) -> tuple[Sequence[str], list[Entry]]:
    """The images without the columns that are blank in every row after the change; blank is what an image leaves out."""
    filled = [
        n
        for n, column in enumerate(zip(*(values for _id, _before, values in entries), strict=True))
        if any(value is not None for value in column)
    ]
    if len(filled) < 2:
        return names, entries
    take = itemgetter(*filled)
    return take(names), [(row_id, before, take(values)) for row_id, before, values in entries]


_AMONG: Final = "school = ? AND id IN (SELECT value FROM json_each(?))"


def _json(ids: list[str]) -> str:
    return '["' + '","'.join(ids) + '"]'


def _stored(a: Act, shape: Shape, school: str, ids: list[str]) -> dict[str, tuple[Value, ...]]:
    listed = ", ".join(f'"{c}"' for c in shape.columns)
    sql = f'SELECT id, {listed} FROM "{shape.name}" WHERE {_AMONG}'
    return {row[0]: row[1:] for row in a.conn.execute(sql, (school, _json(ids)))}


def _buried(a: Act, name: str, school: str, ids: list[str]) -> dict[str, State]:
    sql = f"SELECT id, reason, year FROM gone WHERE register = ? AND {_AMONG}"
    found = a.conn.execute(sql, (name, school, _json(ids)))
    return {row_id: {"gone": reason, "year": year} for row_id, reason, year in found}


def remove(a: Act, register: Register | str, row_id: str, reason: str, *, school: str = "") -> bool:
    """Take a row away with its sealed halves and photos and leave a tombstone; False where there is none."""
    shape = shape_of(register)
    before = a.conn.execute(shape.select, (school, row_id)).fetchone()
    if before is None:
        return False
    drop_parts(a, shape.name, school, row_id)
    a.conn.execute(shape.delete, (school, row_id))
    year = before[0] if shape.sliced else None
    a.conn.execute(
        "INSERT OR REPLACE INTO gone (register, school, id, year, reason, act) VALUES (?, ?, ?, ?, ?, ?)",
        (shape.name, school, row_id, year, reason, a.seq),
    )
    a.note(shape.name, school, row_id, OPEN, _image(shape, before), {"gone": reason, "year": year})
    return True


def get(store: Store, register: Register | str, row_id: str, *, school: str = "") -> Row | None:
    """One row with its open fields, or None."""
    shape = shape_of(register)
    values = store.conn.execute(shape.select, (school, row_id)).fetchone()
    return None if values is None else shape.as_row(row_id, values)


def scan(store: Store, register: Register | str, *, school: str | None = "", year: int | None = None) -> Iterator[Row]:
    """Rows in the order of ids, of one school (None: of all, then use `scan_all`), of one year where given."""
    return (row for _school, row in scan_all(store, register, school=school, year=year))


def scan_all(
    store: Store, register: Register | str, *, school: str | None = None, year: int | None = None
) -> Iterator[tuple[str, Row]]:
    """(school, row) in the order of school and id."""
    shape = shape_of(register)
    listed = ", ".join(f'"{c}"' for c in shape.columns)
    where, values = _where(shape, school, year)
    sql = f'SELECT school, id, {listed} FROM "{shape.name}"{where} ORDER BY school, id'
    for found in store.conn.execute(sql, values):
        yield found[0], shape.as_row(found[1], found[2:])


def columns(
    store: Store, register: Register | str, *, school: str = ""
) -> tuple[Sequence[str], dict[str, Sequence[Value]]]:
    """(ids in their order, name → values of all rows) of one school, for work on whole columns."""
    shape = shape_of(register)
    counted = ", ".join(f'count("{c}")' for c in shape.columns)
    many, *filled = store.conn.execute(
        f'SELECT count(*), {counted} FROM "{shape.name}" WHERE school = ?', (school,)
    ).fetchone()
    blank: list[Value] = [None] * many
    found: dict[str, Sequence[Value]] = dict.fromkeys(shape.columns, blank)
    held = [c for c, n in zip(shape.columns, filled, strict=True) if n]
    listed = ", ".join(f'"{c}"' for c in ("id", *held))
    sql = f'SELECT {listed} FROM "{shape.name}" WHERE school = ? ORDER BY id'
    lines = store.conn.execute(sql, (school,)).fetchall()
    ids, *columns = zip(*lines, strict=True) if lines else ((),)
    return ids, found | dict(zip(held, columns, strict=True))


def _where(shape: Shape, school: str | None, year: int | None) -> tuple[str, list[Any]]:
    asked = [("school", school), ("year", year if shape.sliced else None)]
    wanted = [(name, value) for name, value in asked if value is not None]
    clause = " WHERE " + " AND ".join(f"{name} = ?" for name, _value in wanted) if wanted else ""
    return clause, [value for _name, value in wanted]


def tombstones(
    store: Store, register: Register | str, *, school: str | None = "", year: int | None = None
) -> Iterator[tuple[str, str]]:
    """(row id, reason) of rows taken away, in the order of ids."""
    shape = shape_of(register)
    where, values = _where(shape, school, year)
    clause = where.replace(" WHERE ", " AND ")
    sql = f"SELECT id, reason FROM gone WHERE register = ?{clause} ORDER BY school, id"
    yield from store.conn.execute(sql, [shape.name, *values])


def years(store: Store, register: Register | str, school: str | None = "") -> list[int]:
    """Years a sliced register has rows or tombstones of, rising; [] for one that is not sliced."""
    shape = shape_of(register)
    if not shape.sliced:
        return []
    where, values = _where(shape, school, None)
    sql = (
        f'SELECT year FROM "{shape.name}"{where} UNION'
        f" SELECT year FROM gone WHERE register = ?{where.replace(' WHERE ', ' AND ')} ORDER BY 1"
    )
    return [year for (year,) in store.conn.execute(sql, [*values, shape.name, *values])]


def count(store: Store, register: Register | str, *, school: str | None = "", year: int | None = None) -> int:
    """How many rows there are."""
    shape = shape_of(register)
    where, values = _where(shape, school, year)
    return int(store.conn.execute(f'SELECT count(*) FROM "{shape.name}"{where}', values).fetchone()[0])


def more_than(store: Store, register: Register | str, n: int, *, school: str | None = "") -> bool:
    """Whether there are more than `n` rows; of a long table it looks at no more than that."""
    shape = shape_of(register)
    where, values = _where(shape, school, None)
    sql = f'SELECT EXISTS(SELECT 1 FROM "{shape.name}"{where} LIMIT 1 OFFSET ?)'
    return bool(store.conn.execute(sql, [*values, n]).fetchone()[0])


def index(store: Store, register: Register | str, school: str | None = None) -> list[tuple[str, str, str]]:
    """(school, id, search text) of every row, for the search of a table in memory; one query."""
    shape = shape_of(register)
    where, values = _where(shape, school, None)
    return store.conn.execute(f'SELECT school, id, search FROM "{shape.name}"{where}', values).fetchall()
