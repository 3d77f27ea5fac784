"""Reading many rows at once for tables and reports. Reads only; the write path is `rows`."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, Final

from eduplan_desktop.registers.model import Register, Row, SliceBy, Value
from eduplan_desktop.store.connect import Store

Key = tuple[str, str]
"""(school uid, row id)."""
_BATCH: Final = 400


def _known(register: Register, name: str) -> str:
    """A column name, quoted; anything that is no column of the register is a bug."""
    system = ("id", "school", "act", *(("year",) if register.slice_by is not SliceBy.WHOLE else ()))
    if name not in system and name not in {f.name for f in register.open_fields}:
        raise KeyError(f"{register.name}.{name}")
    return f'"{name}"'


def _where(school: str | None, *clauses: str) -> str:
    wanted = [c for c in ("school = ?" if school is not None else "", *clauses) if c]
    return " WHERE " + " AND ".join(wanted) if wanted else ""


def _values(school: str | None, *values: Value) -> list[Value]:
    return [*([school] if school is not None else []), *values]


def _batches(items: Iterable[Any]) -> Iterator[list[Any]]:
    source = iter(items)
    while batch := list(islice(source, _BATCH)):
        yield batch


def _marks(batch: Sequence[Any]) -> str:
    return ", ".join("?" * len(batch))


def columns(register: Register) -> list[str]:
    """Columns that make a row: school, id, year where sliced, open fields."""
    year = ["year"] if register.slice_by is not SliceBy.WHOLE else []
    return ["school", "id", *year, *(f.name for f in register.open_fields)]


def search_texts(store: Store, register: Register, ids: Iterable[str], *, school: str = "") -> list[tuple[str, str]]:
    """(id, search text) of those of `ids` that exist."""
    found: list[tuple[str, str]] = []
    for batch in _batches(ids):
        sql = f'SELECT id, search FROM "{register.name}" WHERE school = ? AND id IN ({_marks(batch)})'
        found += store.conn.execute(sql, [school, *batch]).fetchall()
    return found


def searched(store: Store, register: Register, words: Sequence[str], limit: int, *, school: str = "") -> list[Row]:
    """The first rows whose search text holds every one of these folded words."""
    names = columns(register)
    listed = ", ".join(f'"{n}"' for n in names)
    clauses = ["instr(search, ?) > 0" for _word in words]
    sql = f'SELECT {listed} FROM "{register.name}"' + _where(school, *clauses) + " LIMIT ?"
    found = store.conn.execute(sql, _values(school, *words, limit))
    return [dict(zip(names, row, strict=True)) for row in found]


def keys_where(store: Store, register: Register, name: str, wanted: Value, *, school: str | None = None) -> list[Key]:
    """Keys of rows whose column equals `wanted` (None finds empty ones)."""
    sql = f'SELECT school, id FROM "{register.name}"' + _where(school, f"{_known(register, name)} IS ?")
    return store.conn.execute(sql, _values(school, wanted)).fetchall()


def keys_since(
    store: Store, register: Register, after_act: int, *, year: int | None = None, school: str = ""
) -> list[Key]:
    """Keys of rows written by an act later than `after_act`."""
    extra = ("year = ?",) if year is not None else ()
    sql = f'SELECT school, id FROM "{register.name}"' + _where(school, "act > ?", *extra)
    return store.conn.execute(sql, _values(school, after_act, *([year] if year is not None else []))).fetchall()


def column(store: Store, register: Register, name: str, *, school: str | None = None) -> list[tuple[Key, Value]]:
    """One column of every row."""
    sql = f'SELECT school, id, {_known(register, name)} FROM "{register.name}"' + _where(school)
    return [((one, row_id), value) for one, row_id, value in store.conn.execute(sql, _values(school))]


def get_many(store: Store, register: Register, keys: Sequence[Key]) -> dict[Key, Row]:
    """Rows by key; missing ones are left out."""
    names = columns(register)
    listed = ", ".join(f'"{n}"' for n in names)
    found: dict[Key, Row] = {}
    for school in dict.fromkeys(key[0] for key in keys):
        for batch in _batches(key[1] for key in keys if key[0] == school):
            sql = f'SELECT {listed} FROM "{register.name}" WHERE school = ? AND id IN ({_marks(batch)})'
            for row in store.conn.execute(sql, [school, *batch]):
                found[(row[0], row[1])] = dict(zip(names, row, strict=True))
    return found


def sums(
    store: Store, register: Register, names: Sequence[str], keys: Sequence[Key] | None, *, school: str | None = None
) -> dict[str, int]:
    """Sums of number columns over all rows (`keys` None) or over some; scaled as stored."""
    if not names:
        return {}
    listed = ", ".join(f"coalesce(sum({_known(register, n)}), 0)" for n in names)
    if keys is None:
        row = store.conn.execute(f'SELECT {listed} FROM "{register.name}"' + _where(school), _values(school)).fetchone()
        return dict(zip(names, row, strict=True))
    total = dict.fromkeys(names, 0)
    for one in dict.fromkeys(key[0] for key in keys):
        for batch in _batches(key[1] for key in keys if key[0] == one):
            sql = f'SELECT {listed} FROM "{register.name}" WHERE school = ? AND id IN ({_marks(batch)})'
            for name, value in zip(names, store.conn.execute(sql, [one, *batch]).fetchone(), strict=True):
                total[name] += value
    return total


def distinct(store: Store, register: Register, name: str, *, school: str | None = None) -> list[Value]:
    """Distinct non-empty values of a column."""
    sql = f'SELECT DISTINCT {_known(register, name)} FROM "{register.name}"' + _where(
        school, f"{_known(register, name)} IS NOT NULL"
    )
    return [row[0] for row in store.conn.execute(sql, _values(school))]


def stream(
    store: Store, register: Register, names: Sequence[str], *, year: int | None = None, school: str = ""
) -> Iterator[tuple[Value, ...]]:
    """(id, the named columns) of a slice by id ascending, straight from the cursor."""
    listed = ", ".join(["id", *(_known(register, n) for n in names)])
    extra = ("year = ?",) if year is not None else ()
    sql = f'SELECT {listed} FROM "{register.name}"' + _where(school, *extra) + " ORDER BY id"
    yield from store.conn.execute(sql, _values(school, *([year] if year is not None else [])))


def gone(store: Store, register: Register, *, year: int | None = None, school: str = "") -> list[tuple[str, str]]:
    """(id, reason) of the tombstones of a slice by id ascending."""
    extra, values = (" AND year = ?", [year]) if year is not None else ("", [])
    sql = f"SELECT id, reason FROM gone WHERE register = ? AND school = ?{extra} ORDER BY id"
    return store.conn.execute(sql, [register.name, school, *values]).fetchall()


def gone_years(store: Store, register: Register, *, school: str = "") -> set[int]:
    """Years that have tombstones."""
    sql = "SELECT DISTINCT year FROM gone WHERE register = ? AND school = ? AND year IS NOT NULL"
    return {row[0] for row in store.conn.execute(sql, (register.name, school))}


def slice_size(store: Store, register: Register, *, year: int | None = None, school: str = "") -> tuple[int, int]:
    """(rows, highest act) of a slice."""
    extra, values = (" AND year = ?", [year]) if year is not None else ("", [])
    sql = f'SELECT count(*), coalesce(max(act), 0) FROM "{register.name}" WHERE school = ?{extra}'
    count, highest = store.conn.execute(sql, [school, *values]).fetchone()
    return count, highest


def attachments(store: Store, register: Register, *, school: str = "") -> list[tuple[str, int, str, int]]:
    """(row id, n, sha256, bytes) of every photo of a register, by id and n."""
    sql = "SELECT id, n, sha256, bytes FROM attachment WHERE register = ? AND school = ? ORDER BY id, n"
    return store.conn.execute(sql, (register.name, school)).fetchall()


def sealed_marks(
    store: Store, register: Register, compartment: str, *, year: int | None = None, school: str = ""
) -> list[tuple[str, str]]:
    """(row id, MAC of the plain blob) of every sealed half of a slice; says what changed without any key."""
    sql = "SELECT s.id, s.mac FROM sealed s WHERE s.register = ? AND s.compartment = ? AND s.school = ?"
    values: list[Value] = [register.name, compartment, school]
    if year is not None:
        sql += f' AND s.id IN (SELECT id FROM "{register.name}" WHERE school = ? AND year = ?)'
        values += [school, year]
    return store.conn.execute(sql + " ORDER BY s.id", values).fetchall()


def totals(
    store: Store, register: Register, summed: str, dated: str, until: str, *, school: str = ""
) -> tuple[int, int, int, int]:
    """(rows, sum of a number column, rows dated up to `until`, their sum) of a school, in one pass."""
    day, value = _known(register, dated), _known(register, summed)
    sql = (
        f"SELECT count(*), coalesce(sum({value}), 0), count(CASE WHEN {day} <= ?1 THEN 1 END),"
        f' coalesce(sum(CASE WHEN {day} <= ?1 THEN {value} END), 0) FROM "{register.name}" WHERE school = ?2'
    )
    count, total, older, total_older = store.conn.execute(sql, (until, school)).fetchone()
    return int(count), int(total), int(older), int(total_older)
