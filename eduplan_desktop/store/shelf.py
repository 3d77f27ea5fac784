"""The small tables no other module owns: catalogues, calendar, policy, submissions, marks, prepared parts, item states, remarks.

Called by acts and by the county. Reads and writes plain values; every write happens inside an act. Knows no bundle.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from eduplan_desktop.problems import Problem
from eduplan_desktop.registers.catalogs import Catalog, from_csv, metadata, to_csv
from eduplan_desktop.store.connect import Store
from eduplan_desktop.store.journal import Act

Record = dict[str, Any]


def _all(store: Store, sql: str, values: Iterable[Any] = ()) -> list[Record]:
    cursor = store.conn.execute(sql, tuple(values))
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor]


def catalog_sets(store: Store) -> list[Catalog]:
    """Catalogues of the county held in this file."""
    rows = store.conn.execute("SELECT meta, entries FROM catalog_set ORDER BY name")
    return [from_csv(json.loads(meta), entries) for meta, entries in rows]


def put_catalog(a: Act, catalog: Catalog) -> None:
    """Store a catalogue in the place of one of the same name."""
    meta = json.dumps(metadata(catalog), ensure_ascii=False, sort_keys=True)
    a.store.conn.execute("INSERT OR REPLACE INTO catalog_set VALUES (?, ?, ?)", (catalog.name, meta, to_csv(catalog)))


def calendar(store: Store) -> list[Record]:
    """Calendar items by due date: id, title, period, due, slices (list), required (register → fields)."""
    found = _all(store, "SELECT id, title, period, due, slices, required FROM calendar_item ORDER BY due, id")
    for item in found:
        item["slices"] = json.loads(item["slices"])
        item["required"] = json.loads(item["required"])
    return found


def put_calendar_item(a: Act, item: Mapping[str, Any]) -> None:
    """Add or replace one calendar item."""
    a.store.conn.execute(
        "INSERT OR REPLACE INTO calendar_item (id, title, period, due, slices, required) VALUES (?, ?, ?, ?, ?, ?)",
        (
            item["id"],
            item["title"],
            item["period"],
            item["due"],
            json.dumps(list(item["slices"])),
            json.dumps(item.get("required") or {}, sort_keys=True),
        ),
    )


def drop_calendar_item(a: Act, item_id: str) -> bool:
    """Remove one calendar item; False where there was none."""
    return a.store.conn.execute("DELETE FROM calendar_item WHERE id = ?", (item_id,)).rowcount > 0


def replace_calendar(a: Act, items: Iterable[Mapping[str, Any]]) -> None:
    """Take the calendar of a kit in the place of the one held."""
    a.store.conn.execute("DELETE FROM calendar_item")
    for item in items:
        put_calendar_item(a, item)


def policy(store: Store) -> dict[str, dict[str, str]]:
    """Policy values with their sources."""
    rows = store.conn.execute("SELECT key, value, source FROM policy ORDER BY key")
    return {key: {"value": value, "source": source} for key, value, source in rows}


def put_policy(a: Act, key: str, value: str, source: str) -> None:
    """Set one policy value with its source."""
    a.store.conn.execute("INSERT OR REPLACE INTO policy (key, value, source) VALUES (?, ?, ?)", (key, value, source))


def drop_policy(a: Act, key: str) -> None:
    """Remove one policy value."""
    a.store.conn.execute("DELETE FROM policy WHERE key = ?", (key,))


def submissions(store: Store) -> list[Record]:
    """Bundles written from this file, in order of sequence; answers and slices as JSON values."""
    found = _all(store, "SELECT * FROM submission ORDER BY sequence")
    for row in found:
        row["answers"] = json.loads(row["answers"])
        row["slices"] = json.loads(row["slices"])
    return found


def put_submission(a: Act, row: Mapping[str, Any]) -> None:
    """Record a bundle that was signed: sequence, digest, made, file_name, answers, slices."""
    a.store.conn.execute(
        "INSERT OR REPLACE INTO submission (sequence, digest, made, file_name, answers, slices, status, code, receipt)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            row["sequence"],
            row["digest"],
            row["made"],
            row["file_name"],
            json.dumps(row["answers"], ensure_ascii=False),
            json.dumps(row["slices"], ensure_ascii=False),
            row.get("status", "submitted"),
            row.get("code", ""),
            row.get("receipt", 0),
        ),
    )


def answer_submission(a: Act, sequence: int, status: str, code: str, receipt: int) -> None:
    """Record what the county answered about one bundle."""
    a.store.conn.execute(
        "UPDATE submission SET status = ?, code = ?, receipt = ? WHERE sequence = ?", (status, code, receipt, sequence)
    )


@dataclass(frozen=True, slots=True)
class SliceMark:
    """The last bundle that carried a slice: its sequence, digest of the plain content, whether a receipt said merged."""

    sequence: int
    content: str
    merged: bool


def slice_marks(store: Store) -> dict[str, SliceMark]:
    """Mark of every slice ever carried."""
    rows = store.conn.execute("SELECT slice, sequence, content, merged FROM slice_mark")
    return {name: SliceMark(sequence, content, bool(merged)) for name, sequence, content, merged in rows}


def put_slice_mark(a: Act, slice_name: str, mark: SliceMark) -> None:
    """Record that a bundle carried a slice with this content."""
    a.store.conn.execute(
        "INSERT OR REPLACE INTO slice_mark (slice, sequence, content, merged) VALUES (?, ?, ?, ?)",
        (slice_name, mark.sequence, mark.content, int(mark.merged)),
    )


def clear_slice_marks(a: Act, names: Iterable[str] = ()) -> None:
    """Forget marks (all without names), so that the next bundle carries the slices again."""
    wanted = list(names)
    if not wanted:
        a.store.conn.execute("DELETE FROM slice_mark")
    a.store.conn.executemany("DELETE FROM slice_mark WHERE slice = ?", [(name,) for name in wanted])


@dataclass(frozen=True, slots=True)
class Prepared:
    """A sealed part made while a compartment was open: sealed bytes, recipients, plain content digest, moment."""

    recipients: str
    content: str
    body: bytes
    made: str
    act: int


def prepared(store: Store, slice_name: str, compartment: str) -> Prepared | None:
    """The prepared sealed part of a slice, or None."""
    row = store.conn.execute(
        "SELECT recipients, content, body, made, act FROM prepared WHERE slice = ? AND compartment = ?",
        (slice_name, compartment),
    ).fetchone()
    return Prepared(*row) if row else None


def put_prepared(a: Act, slice_name: str, compartment: str, part: Prepared) -> None:
    """Keep a sealed part for the next submission."""
    a.store.conn.execute(
        "INSERT OR REPLACE INTO prepared (slice, compartment, act, recipients, content, body, made)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        (slice_name, compartment, part.act, part.recipients, part.content, part.body, part.made),
    )


def drop_prepared(a: Act, slice_name: str = "") -> None:
    """Forget prepared parts: of one slice, or all (new recipients)."""
    if slice_name:
        a.store.conn.execute("DELETE FROM prepared WHERE slice = ?", (slice_name,))
    else:
        a.store.conn.execute("DELETE FROM prepared")


def item_states(store: Store) -> dict[str, Record]:
    """State of each calendar item as the last receipt gave it."""
    return {row["item"]: row for row in _all(store, "SELECT * FROM item_state ORDER BY item")}


def put_item_state(a: Act, item: str, state: str, zero: bool, late: bool, remark: str, receipt: int) -> None:
    """Record the county's state of one item."""
    a.store.conn.execute(
        "INSERT OR REPLACE INTO item_state (item, state, zero, late, remark, receipt) VALUES (?, ?, ?, ?, ?, ?)",
        (item, state, int(zero), int(late), remark, receipt),
    )


def remarks(store: Store) -> list[Record]:
    """Remarks of the county on rows, in order."""
    return _all(store, "SELECT n, item, register, id, field, text, done FROM remark ORDER BY n")


def replace_remarks(a: Act, found: Iterable[Mapping[str, str]]) -> None:
    """Take the remarks of a newer receipt."""
    a.store.conn.execute("DELETE FROM remark")
    a.store.conn.executemany(
        "INSERT INTO remark (n, item, register, id, field, text, done) VALUES (?, ?, ?, ?, ?, ?, 0)",
        [(n, r["item"], r["register"], r["id"], r["field"], r["text"]) for n, r in enumerate(found, 1)],
    )


def findings(store: Store, register: str = "") -> list[Record]:
    """Findings kept by the last check, of all registers or of one: register, id, field, code, severity, params (JSON text)."""
    where, values = (" WHERE register = ?", (register,)) if register else ("", ())
    listed = "SELECT register, id, field, code, severity, params FROM finding"
    return _all(store, f"{listed}{where} ORDER BY register, id, field, code", values)


def findings_of(store: Store, register: str, ids: Iterable[str]) -> list[Record]:
    """Kept findings of some rows of one register, as `findings` gives them."""
    listed = json.dumps(list(ids))
    return _all(
        store,
        "SELECT register, id, field, code, severity, params FROM finding"
        " WHERE register = ? AND id IN (SELECT value FROM json_each(?)) ORDER BY id, field, code",
        (register, listed),
    )


def replace_findings(a: Act, found: Iterable[Problem], register: str = "", row_id: str = "") -> None:
    """Keep the findings of a check in the place of those held: all, of one register, or of one row."""
    clause = " WHERE register = ?" * bool(register) + " AND id = ?" * bool(row_id)
    values = [v for v in (register, row_id) if v]
    a.store.conn.execute("DELETE FROM finding" + clause, values)
    a.store.conn.executemany(
        "INSERT OR REPLACE INTO finding (register, id, field, code, severity, params) VALUES (?, ?, ?, ?, ?, ?)",
        [
            (p.register, p.row, p.field, p.code, str(p.severity), json.dumps(dict(p.params), ensure_ascii=False))
            for p in found
        ],
    )


def explanations(store: Store) -> dict[str, str]:
    """Explanation by finding key."""
    return dict(store.conn.execute("SELECT key, text FROM explanation"))


def put_explanation(a: Act, key: str, text: str) -> None:
    """Keep or, with an empty text, remove an explanation."""
    if text:
        a.store.conn.execute("INSERT OR REPLACE INTO explanation (key, text, act) VALUES (?, ?, ?)", (key, text, a.seq))
    else:
        a.store.conn.execute("DELETE FROM explanation WHERE key = ?", (key,))


def photos_held(store: Store) -> set[str]:
    """Photos a receipt named as held by the county."""
    return {row[0] for row in store.conn.execute("SELECT sha256 FROM photo_held WHERE school = ''")}


def note_photos_held(a: Act, digests: Iterable[str]) -> None:
    """Remember photos the county holds."""
    a.store.conn.executemany(
        "INSERT OR IGNORE INTO photo_held (school, sha256) VALUES ('', ?)", [(d,) for d in digests]
    )


def forget_submissions(a: Act) -> None:
    """A copy starts its own history: forget bundles, answers and remarks of the file it came from."""
    for table in ("submission", "item_state", "remark"):
        a.store.conn.execute(f"DELETE FROM {table}")


def has_compartment(store: Store, name: str) -> bool:
    """Whether the compartment has been made; needs nothing of what opens one."""
    return store.conn.execute("SELECT 1 FROM compartment WHERE name = ?", (name,)).fetchone() is not None
