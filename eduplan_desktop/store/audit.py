"""Whether the journal is whole, and whether the records are what the journal says: findings, never raised."""

import hashlib
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from typing import Any

from eduplan_desktop.problems import Problem, Severity
from eduplan_desktop.registers.catalog import REGISTERS
from eduplan_desktop.store import chain
from eduplan_desktop.store.connect import Store
from eduplan_desktop.store.images import State, load, unpack
from eduplan_desktop.store.shape import Shape, shape_of

JOURNAL = "journal"


def verify_chain(store: Store) -> list[Problem]:
    """Recompute every hash from the first act to the last; one `journal_broken` per act that does not fit. Reads all images.

    Raises StoreError where the file cannot be read.
    """
    return list(_verify(store.conn))


def _verify(conn: sqlite3.Connection) -> Iterator[Problem]:
    prev, expected = chain.FIRST, 1
    sql = "SELECT seq, name, label, who, made, undoes, detail, digest, prev, hash FROM act ORDER BY seq"
    with closing(conn.execute(sql)) as acts:
        for *said, linked, hashed in acts:
            sound = said[0] == expected and linked == prev and hashed == chain.act_hash(linked, said)
            if not sound or said[-1] != _digest(conn, said[0]):
                yield _broken(said[0])
            prev, expected = hashed, said[0] + 1
    orphans = "SELECT act FROM change WHERE act NOT IN (SELECT seq FROM act) UNION"
    orphans += " SELECT act FROM change_block WHERE act NOT IN (SELECT seq FROM act)"
    yield from (_broken(seq) for (seq,) in conn.execute(orphans))


def _broken(seq: int) -> Problem:
    return Problem("journal_broken", Severity.ERROR, JOURNAL, row=str(seq), params={"act": seq})


def _digest(conn: sqlite3.Connection, seq: int) -> str:
    lines: list[tuple[int, bytes]] = []
    single = "SELECT n, register, school, id, part, before, after FROM change WHERE act = ?"
    lines += ((values[0], chain.change_line(*values)) for values in conn.execute(single, (seq,)))
    blocks = "SELECT n, register, school, low, high, rows, body FROM change_block WHERE act = ?"
    lines += ((values[0], chain.block_line(*values)) for values in conn.execute(blocks, (seq,)))
    digest = hashlib.sha256()
    for _n, line in sorted(lines, key=lambda pair: pair[0]):
        digest.update(line)
    return digest.hexdigest()


def verify_records(store: Store) -> list[Problem]:
    """Compare every open record of a school file with its newest image: `journal_differs` for one changed behind our back.

    A county's records come from filed bundles and are proven by `reread`, not here.
    """
    return [problem for one in REGISTERS for problem in _differing(store.conn, shape_of(one))]


def _differing(conn: sqlite3.Connection, shape: Shape) -> Iterator[Problem]:
    newest = _newest(conn, shape.name)
    listed = ", ".join(f'"{c}"' for c in shape.columns)
    for row_id, *values in conn.execute(f"SELECT id, {listed} FROM \"{shape.name}\" WHERE school = ''"):
        state: State = {"row": {c: v for c, v in zip(shape.columns, values, strict=True) if v is not None}}
        if newest.pop(row_id, None) != _mark(state):
            yield _differs(shape.name, row_id)
    buried = "SELECT id, reason, year FROM gone WHERE register = ? AND school = ''"
    for row_id, reason, year in conn.execute(buried, (shape.name,)):
        if newest.pop(row_id, None) != _mark({"gone": reason, "year": year}):
            yield _differs(shape.name, row_id)
    nothing = _mark(None)
    yield from (_differs(shape.name, row_id) for row_id, mark in newest.items() if mark != nothing)


def _newest(conn: sqlite3.Connection, register: str) -> dict[str, bytes]:
    """Digest of the newest image of every row the journal knows; images themselves would not fit in memory."""
    marks: dict[str, bytes] = {}
    order = (
        "SELECT act, n, NULL FROM change WHERE register = ?1 AND school = '' AND part = '' UNION ALL"
        " SELECT act, n, 1 FROM change_block WHERE register = ?1 AND school = '' ORDER BY 1, 2"
    )
    for act, n, is_block in conn.execute(order, (register,)).fetchall():
        if is_block:
            (body,) = conn.execute("SELECT body FROM change_block WHERE act = ? AND n = ?", (act, n)).fetchone()
            marks.update((row_id, _mark(after)) for row_id, _before, after in unpack(body))
        else:
            row_id, after = conn.execute("SELECT id, after FROM change WHERE act = ? AND n = ?", (act, n)).fetchone()
            marks[row_id] = _mark(load(after))
    return marks


def _mark(state: Any) -> bytes:
    import json

    return hashlib.sha256(json.dumps(state, sort_keys=True).encode()).digest()[:16]


def _differs(register: str, row_id: str) -> Problem:
    return Problem("journal_differs", Severity.ERROR, register, row=row_id)
