"""A carried slice on its way in: its tables as raw text in temporary tables of the connection, judged but not yet believed.

Temporary tables live in memory only (the store sets `temp_store`), are emptied for every slice and never hold sealed fields.
"""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Final

from eduplan_desktop.bundle import unpack
from eduplan_desktop.bundle.envelope import Part
from eduplan_desktop.bundle.package import open_columns
from eduplan_desktop.bundle.tables import bad_rows
from eduplan_desktop.merge.columns import ColumnCheck
from eduplan_desktop.registers.model import Field, Kind, Register
from eduplan_desktop.registers.refusal import BadValue
from eduplan_desktop.registers.results import LONG_COLUMNS, from_long
from eduplan_desktop.registers.text import normalise, refused_character

BAD: Final = "stage_bad"
GONE: Final = "stage_gone"
RESULTS: Final = "stage_results"
EXPLAINED: Final = "stage_explained"
PHOTOS: Final = "stage_photos"
_SMALL: Final = f"""
CREATE TEMP TABLE IF NOT EXISTS {BAD} (id TEXT PRIMARY KEY, field TEXT, code TEXT, body TEXT) WITHOUT ROWID;
CREATE TEMP TABLE IF NOT EXISTS {GONE} (id TEXT PRIMARY KEY, reason TEXT) WITHOUT ROWID;
CREATE TEMP TABLE IF NOT EXISTS {RESULTS} (id TEXT PRIMARY KEY, body TEXT) WITHOUT ROWID;
CREATE TEMP TABLE IF NOT EXISTS {EXPLAINED} (id TEXT, field TEXT, code TEXT, text TEXT, PRIMARY KEY (id, field, code)) WITHOUT ROWID;
CREATE TEMP TABLE IF NOT EXISTS {PHOTOS} (id TEXT, n INTEGER, sha256 TEXT, bytes INTEGER, PRIMARY KEY (id, n)) WITHOUT ROWID;
"""
_LONGEST_TEXT: Final = 4000
_LONGEST_WORD: Final = 80
_REMEMBERED: Final = 2_000

Checks = Mapping[str, ColumnCheck]
Rows = Sequence[Sequence[str]]


def stage_name(register: Register) -> str:
    """Name of the temporary table of a register's raw rows."""
    return f"stage_{register.name}"


@dataclass(frozen=True, slots=True)
class Staged:
    """What was read. rows: rows of REGISTER.csv; fields: columns that were there; unknown: columns a newer version brought."""

    rows: int
    fields: tuple[Field, ...]
    unknown: tuple[str, ...]
    bad: int


def make_tables(conn: sqlite3.Connection, registers: Iterable[Register]) -> None:
    """The temporary tables of a connection; outside a transaction, once."""
    conn.executescript(_SMALL)
    for register in registers:
        columns = "".join(f", \"{f.name}\" TEXT DEFAULT ''" for f in open_columns(register))
        conn.execute(f"CREATE TEMP TABLE IF NOT EXISTS {stage_name(register)} (id TEXT{columns})")


def clear(conn: sqlite3.Connection, register: Register) -> None:
    """Empty the temporary tables for the next slice."""
    for name in (stage_name(register), BAD, GONE, RESULTS, EXPLAINED, PHOTOS):
        conn.execute(f"DELETE FROM temp.{name}")


def stage(conn: sqlite3.Connection, register: Register, part: Part, version: tuple[int, int], checks: Checks) -> Staged:
    """Read every table of a carried slice whose schema has been checked. BundleError: wrong_context, bad_rows."""
    clear(conn, register)
    table = unpack.open_table(part, register, version)
    rows = _stage_rows(conn, register, table, checks)
    if part.info.rows is not None and part.info.rows != rows:
        raise bad_rows("count")
    if any(f.kind is Kind.RESULTS for f in register.open_fields):
        _stage_results(conn, unpack.results(part, register).batches())
    _fill(conn, GONE, 2, unpack.gone(part, register), 1)
    _fill(conn, EXPLAINED, 4, unpack.explained(part, register), 3)
    conn.executemany(f"INSERT INTO temp.{PHOTOS} VALUES (?, ?, ?, ?)", unpack.photo_list(part, register))
    _belong_together(conn, register)
    bad = conn.execute(f"SELECT count(*) FROM temp.{BAD}").fetchone()[0]
    return Staged(rows, table.fields, table.unknown, bad)


def _stage_rows(conn: sqlite3.Connection, register: Register, table: unpack.DeclaredTable, checks: Checks) -> int:
    names = ("id", *(f.name for f in table.fields))
    listed = ", ".join(f'"{n}"' for n in names)
    insert = f"INSERT INTO temp.{stage_name(register)} ({listed}) VALUES ({', '.join('?' * len(names))})"
    judged = [checks[f.name] for f in table.fields]
    owed = [f.name for f in table.absent if f.required]
    count = 0
    for batch in table.batches():
        columns = list(zip(*batch, strict=True))
        wrong = [check.bad(column) for check, column in zip(judged, columns[1:], strict=True)]
        if any(wrong) or owed:
            _quarantine(conn, batch, names, wrong, owed)
        conn.executemany(insert, batch)
        count += len(batch)
    return count


def _quarantine(
    conn: sqlite3.Connection,
    batch: Rows,
    names: Sequence[str],
    wrong: Sequence[frozenset[str]],
    owed: Sequence[str],
) -> None:
    """Note rows with a cell that may not stand there, with the first such field and the row as it came."""
    for row in batch:
        field = next((n for n, cell, bad in zip(names[1:], row[1:], wrong, strict=True) if cell in bad), "")
        field = field or (owed[0] if owed else "")
        if field:
            body = json.dumps({n: c for n, c in zip(names, row, strict=True) if c}, ensure_ascii=False)
            note_bad(conn, row[0], field, "bad_value", body)


def note_bad(conn: sqlite3.Connection, row_id: str, field: str, code: str, body: str) -> None:
    """Keep a row out; the first reason found stays."""
    conn.execute(f"INSERT OR IGNORE INTO temp.{BAD} VALUES (?, ?, ?, ?)", (row_id, field, code, body))


def _stage_results(conn: sqlite3.Connection, batches: Iterable[Rows]) -> None:
    """Results of each row put together as canonical JSON; a row whose results cannot be kept is quarantined."""
    reader = ResultsReader()
    for row_id, items in groupby((row for batch in batches for row in batch), key=itemgetter(0)):
        body = reader.body(tuple("\x1f".join(row[1:]) for row in items))
        if body is None:
            note_bad(conn, row_id, "results", "bad_value", "{}")
        else:
            conn.execute(f"INSERT INTO temp.{RESULTS} VALUES (?, ?)", (row_id, body))


class ResultsReader:
    """Makes results canonical. A year of daily checks repeats itself, so what was read once is remembered."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, ...], str | None] = {}

    def body(self, lines: tuple[str, ...]) -> str | None:
        """The stored value of one record's lines (item, value, unit, low, high, remark joined by U+001F), or None if not good."""
        if lines in self._known:
            return self._known[lines]
        body = _canonical(lines)
        if len(self._known) < _REMEMBERED:
            self._known[lines] = body
        return body


def _canonical(lines: Sequence[str]) -> str | None:
    rows = [tuple(line.split("\x1f")) for line in lines]
    try:
        body = from_long(rows)
    except BadValue:
        return None
    parts = LONG_COLUMNS[1:]
    said = {row[0]: {p: c for p, c in zip(parts, row[1:], strict=True) if c} for row in rows}
    return body if body is not None and json.loads(body) == said else None


def _fill(conn: sqlite3.Connection, name: str, width: int, rows: Iterable[Sequence[str]], words: int) -> None:
    """Rows of one of the small tables: id, then words; only the last column of a wide one may be a long text."""

    def checked() -> Iterator[Sequence[str]]:
        for row in rows:
            for at, cell in enumerate(row[1:], 1):
                longest = _LONGEST_TEXT if at > 2 else _LONGEST_WORD
                if len(cell) > longest or refused_character(cell.replace("\n", "")) or normalise(cell) != cell:
                    raise bad_rows("text")
            yield row

    conn.executemany(f"INSERT INTO temp.{name} VALUES ({', '.join('?' * width)})", checked())


def _belong_together(conn: sqlite3.Connection, register: Register) -> None:
    """Every table speaks of rows that are there; no row is both there and gone."""
    stage_table = stage_name(register)
    if conn.execute(f"SELECT 1 FROM temp.{stage_table} WHERE id IN (SELECT id FROM temp.{GONE}) LIMIT 1").fetchone():
        raise bad_rows("gone_and_there")
    for name in (RESULTS, EXPLAINED, PHOTOS):
        lost = f"SELECT 1 FROM temp.{name} WHERE id NOT IN (SELECT id FROM temp.{stage_table}) LIMIT 1"
        if conn.execute(lost).fetchone():
            raise bad_rows("unknown_row")


def note_other_years(conn: sqlite3.Connection, register: Register, year: int, school: str) -> None:
    """Keep out rows whose own year is not the slice's, or that the county holds in another year (redating needs a new row)."""
    stage_table, field = stage_name(register), register.year_field
    conn.execute(
        f"INSERT OR IGNORE INTO temp.{BAD} SELECT id, ?, 'other_year', json_object('id', id, ?, \"{field}\")"
        f' FROM temp.{stage_table} WHERE "{field}" <> \'\' AND substr("{field}", 1, 4) <> ?',
        (field, field, f"{year:04d}"),
    )
    conn.execute(
        f"INSERT OR IGNORE INTO temp.{BAD} SELECT s.id, ?, 'other_year', json_object('id', s.id)"
        f' FROM temp.{stage_table} s JOIN "{register.name}" r ON r.school = ? AND r.id = s.id WHERE r.year <> ?',
        (field, school, year),
    )
