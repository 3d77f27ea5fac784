"""Every write of a data file: an act is one transaction, named, dated, chained by hash, with images before and after (D10).

`journal` offers this together with undo, history and audit.
"""

import hashlib
import json
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

from eduplan_desktop.errors import StoreError
from eduplan_desktop.store import chain, images
from eduplan_desktop.store.connect import Store
from eduplan_desktop.store.images import State
from eduplan_desktop.store.sqlite_errors import fault

NAMED_AT_MOST: Final = 1000
"""Changes name at most so many rows; more means "any row of these registers"."""
_BUFFER: Final = 500
_SESSION_ACTS: Final = 50


@dataclass(frozen=True, slots=True)
class Changes:
    """What an act changed. registers: names; ids: row ids, empty where more than 1,000 changed; act: its number."""

    registers: tuple[str, ...]
    ids: tuple[str, ...]
    act: int


class Act:
    """One open act. Only `act` makes one; the write functions of the store take it as the proof that one is open.

    seq: its number. images: False for a merge, whose undo and history come from the filed bundles. detail: facts kept with
    the act (digest, counts, slices), never a sealed value. afterwards: what to do once all is stored.
    """

    def __init__(self, store: Store, name: str, label: str, seq: int, prev: str, images: bool):
        self.store = store
        self.name = name
        self.label = label
        self.seq = seq
        self.prev = prev
        self.images = images
        self.undoes: int | None = None
        self.undoable = images
        self.detail: dict[str, Any] = {}
        self.afterwards: list[Callable[[], None]] = []
        self._registers: dict[str, None] = {}
        self._ids: dict[str, None] = {}
        self._many = False
        self._n = 0
        self._buffer: list[tuple[Any, ...]] = []
        self._digest = hashlib.sha256()

    @property
    def conn(self) -> sqlite3.Connection:
        """The connection, inside the transaction of this act."""
        return self.store.conn

    @property
    def changes(self) -> Changes:
        """What was changed so far."""
        return Changes(tuple(self._registers), () if self._many else tuple(self._ids), self.seq)

    @property
    def imaged(self) -> bool:
        """Whether any image was kept."""
        return self._n > 0

    def touch(self, register: str, ids: Sequence[str] = ()) -> None:
        """Say that rows of a register changed; without ids, any of them."""
        self._registers[register] = None
        self._many = self._many or not ids or len(self._ids) + len(ids) > NAMED_AT_MOST
        if not self._many:
            self._ids.update(dict.fromkeys(ids))

    def set_meta(self, key: str, value: str) -> None:
        """Set one fact about the file as a whole; an empty value removes it."""
        if value:
            self.conn.execute("INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)", (key, value))
        else:
            self.conn.execute("DELETE FROM meta WHERE key = ?", (key,))

    def note(self, register: str, school: str, row_id: str, part: str, before: State, after: State) -> None:
        """Keep the images of one change."""
        self.touch(register, [row_id])
        if not self.images:
            return
        self._n += 1
        texts = (images.dump(before), images.dump(after))
        self._digest.update(chain.change_line(self._n, register, school, row_id, part, *texts))
        self._buffer.append((self.seq, self._n, register, school, row_id, part, *texts))
        if len(self._buffer) >= _BUFFER:
            self.flush()

    def note_block(
        self,
        register: str,
        school: str,
        columns: Sequence[str],
        entries: Sequence[tuple[str, State, Sequence[Any]]],
    ) -> None:
        """Keep the images of many rows as one compressed block; entries are sorted by id."""
        self.touch(register, [entry[0] for entry in entries])
        if not self.images:
            return
        self.flush()
        self._n += 1
        low, high, body = entries[0][0], entries[-1][0], images.pack(columns, entries)
        self._digest.update(chain.block_line(self._n, register, school, low, high, len(entries), body))
        self.conn.execute(
            "INSERT INTO change_block VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (self.seq, self._n, register, school, low, high, len(entries), body),
        )

    def flush(self) -> None:
        """Write the images kept so far."""
        if self._buffer:
            self.conn.executemany("INSERT INTO change VALUES (?, ?, ?, ?, ?, ?, ?, ?)", self._buffer)
            self._buffer.clear()

    def finish(self) -> None:
        """Write the act itself, as the last statement before the commit."""
        self.flush()
        if self.store.last_id > self.store.meta("last_id"):
            self.set_meta("last_id", self.store.last_id)
        detail = (
            json.dumps(self.detail, ensure_ascii=False, sort_keys=True, separators=(",", ":")) if self.detail else ""
        )
        who, made = self.store.env.who, self.store.env.moment()
        digest = self._digest.hexdigest()
        said = (self.seq, self.name, self.label, who, made, self.undoes, detail, digest)
        self.conn.execute(
            "INSERT INTO act (seq, name, label, who, made, undoes, detail, digest, prev, hash)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (*said, self.prev, chain.act_hash(self.prev, said)),
        )


@contextmanager
def act(
    store: Store,
    name: str,
    label: str,
    *,
    images: bool = True,
    detail: Mapping[str, Any] | None = None,
    undoable: bool = True,
    trace: bool = True,
) -> Iterator[Act]:
    """One act = one transaction: all of it is stored and on disk at the end of the block, or nothing is.

    name: English word for scripts (`staff.save`); label: Chinese words for the menu (“撤销：保存教职工”). An act in which no
    row of any table changed leaves no trace, nor with trace=False one that only keeps what can be made again (findings of a
    check). images=False keeps no images (merges). Raises StoreError.
    """
    if store.acting is not None:
        raise RuntimeError(f"act {store.acting.name} is still open")
    if store.read_only:
        raise fault("read_only" if store.why_read_only == "asked" else store.why_read_only, store.path)
    try:
        store.conn.execute("BEGIN IMMEDIATE")
        before = store.conn.total_changes
        opened = store.acting = _start(store, name, label, images)
        opened.undoable = images and undoable
        opened.detail.update(detail or {})
        yield opened
        if opened.imaged or opened.detail or (trace and store.conn.total_changes != before):
            opened.finish()
        store.conn.execute("COMMIT")
    except BaseException:
        _roll_back(store)
        raise
    finally:
        store.acting = None
    _remember(store, opened)
    for step in opened.afterwards:
        step()


def _start(store: Store, name: str, label: str, images: bool) -> Act:
    last = store.conn.execute("SELECT seq, hash FROM act ORDER BY seq DESC LIMIT 1").fetchone()
    seq, prev = last or (0, chain.FIRST)
    store.last_id = max(store.last_id, store.meta("last_id"))
    return Act(store, name, label, seq + 1, prev, images)


def _roll_back(store: Store) -> None:
    try:
        if store.conn.in_transaction:
            store.conn.execute("ROLLBACK")
    except (sqlite3.Error, StoreError):
        return  # SQLite has rolled back by itself; the fault that led here is raised by the caller


def _remember(store: Store, done: Act) -> None:
    """Keep what undo may take back: the last 50 acts of this session."""
    if not done.imaged or done.undoes is not None:
        return
    store.undone.clear()
    if done.undoable:
        store.done.append(done.seq)
        del store.done[:-_SESSION_ACTS]
    else:
        store.done.clear()


def head(store: Store) -> str:
    """The hash of the newest act; 64 zeros for an empty journal."""
    row = store.conn.execute("SELECT hash FROM act ORDER BY seq DESC LIMIT 1").fetchone()
    return str(row[0]) if row else chain.FIRST


def length(store: Store) -> int:
    """How many acts the journal holds."""
    return int(store.conn.execute("SELECT count(*) FROM act").fetchone()[0])
