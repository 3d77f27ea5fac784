"""Open and create data files: what a file must be before it is written, and one honest answer for each way it may not be.

A school file and a county file are the same kind of SQLite database; `meta.kind` tells the side. Beside `NAME.eduplan`
stands `NAME.eduplan.files/` with photos, filed bundles and backups.
"""

import os
import sqlite3
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Final, Self

from eduplan_desktop.environment import Environment
from eduplan_desktop.errors import StoreError
from eduplan_desktop.store import migrations
from eduplan_desktop.store.connection import StoreConnection
from eduplan_desktop.store.file_lock import WriterLock, writing_here, written_elsewhere
from eduplan_desktop.store.ids import next_id, next_ids
from eduplan_desktop.store.sqlite_errors import fault, translated
from eduplan_desktop.store.storage import Probe, kind_of_storage

if TYPE_CHECKING:
    from eduplan_desktop.store.acting import Act

SUFFIX: Final = ".eduplan"
KINDS: Final = ("school", "county")
_MAGIC: Final = b"SQLite format 3\x00"
_BUSY_SECONDS: Final = 5.0
_CACHE_KIB: Final = 16 * 1024
_CHECKED_BELOW: Final = 8 << 20
"""Bytes up to which a file is read through at every opening; a larger one after a crash, and whole at each daily backup."""
_PRAGMAS: Final = (
    "foreign_keys = ON",
    "temp_store = MEMORY",  # nothing sealed or open in a temporary file (D7)
    "synchronous = FULL",
    "secure_delete = ON",  # an erased key is overwritten, not only unlinked (D7)
    "trusted_schema = OFF",
    "cell_size_check = ON",
    f"cache_size = -{_CACHE_KIB}",
)


class Store:
    """An open data file.

    path: the file. conn: its connection, outside any transaction except inside an act. kind: "school" or "county".
    file_id: the data-file id (D2). read_only: nothing can be written; `why_read_only` is the code a write would answer with:
    "asked" (opened so), "removable", "network" or "read_only".
    """

    def __init__(
        self, path: Path, conn: sqlite3.Connection, env: Environment, why_read_only: str, lock: WriterLock | None
    ):
        self.path = path
        self.conn = conn
        self.env = env
        self.why_read_only = why_read_only
        self.acting: Act | None = None
        self.done: list[int] = []
        self.undone: list[int] = []
        self.last_id = self.meta("last_id")
        self.kind = self.meta("kind")
        self.file_id = self.meta("file_id")
        self._lock = lock

    @property
    def read_only(self) -> bool:
        """Whether nothing can be written."""
        return bool(self.why_read_only)

    @property
    def files(self) -> Path:
        """The folder of bodies beside the file; it may not exist yet."""
        return files_folder(self.path)

    def meta(self, key: str, default: str = "") -> str:
        """One fact about the file as a whole."""
        row = self.conn.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
        return str(row[0]) if row else default

    def next_id(self) -> str:
        """A new id above every id of this file."""
        self.last_id = next_id(int(self.env.now().timestamp() * 1000), self.last_id, self.env.random)
        return self.last_id

    def next_ids(self, count: int) -> list[str]:
        """So many new ids, rising."""
        made = next_ids(int(self.env.now().timestamp() * 1000), self.last_id, self.env.random, count)
        self.last_id = made[-1] if made else self.last_id
        return made

    def check(self) -> None:
        """Read the structure of the whole file. Raises StoreError `damaged`."""
        if self.conn.execute("PRAGMA quick_check(1)").fetchone()[0] != "ok":
            raise fault("damaged", self.path)

    def close(self) -> None:
        """Close; the last writer leaves one whole file without companions. Closing twice is harmless."""
        try:
            if not self.read_only:
                self.conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        except (sqlite3.Error, StoreError):
            pass  # the WAL stays and is taken in at the next opening: nothing is lost
        finally:
            self.conn.close()
            if self._lock is not None:
                self._lock.release()
            elif self.why_read_only == "asked":
                _take_companions_away(self.path)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _take_companions_away(path: Path) -> None:
    """A reader leaves SQLite's empty companions beside the file; the last one who could write takes them away."""
    if not path.with_name(path.name + "-shm").exists() or _pending_wal(path) or writing_here(path):
        return
    try:
        lock = WriterLock(path)
    except StoreError:
        return
    try:
        conn = _connect(path, "rw")
        conn.execute("PRAGMA user_version").fetchone()
        conn.close()
    except (sqlite3.Error, StoreError):
        return
    finally:
        lock.release()


def files_folder(path: Path) -> Path:
    """The folder of bodies of a data file."""
    return path.with_name(path.name + ".files")


def create_store(
    path: Path, kind: str, env: Environment, *, name: str, sample: bool = False, probe: Probe = kind_of_storage
) -> Store:
    """A new data file with its id. Raises StoreError `exists`, `removable`, `network`, `read_only`, `full`.

    It is built under another name and renamed when whole, so a crash leaves no half file.
    """
    if kind not in KINDS:
        raise ValueError(f"unknown kind {kind!r}")
    path = Path(path)
    if path.exists():
        raise fault("exists", path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if (storage := probe(path.parent)) != "fixed":
            raise fault(storage, path)
        spare = path.with_name(path.name + ".new")
        spare.unlink(missing_ok=True)
        _build(spare, {"kind": kind, "name": name, "sample": "1" if sample else "", "file_id": ""}, env)
        os.replace(spare, path)
    except (sqlite3.Error, OSError) as error:
        told = translated(error, path)
        with suppress(OSError):
            path.with_name(path.name + ".new").unlink(missing_ok=True)
        raise told from error
    return open_store(path, env, probe=probe)


def _build(path: Path, facts: dict[str, str], env: Environment) -> None:
    conn = _connect(path, "rwc")
    try:
        migrations.migrate(conn)
        last = next_id(int(env.now().timestamp() * 1000), "", env.random)
        values = facts | {"file_id": last, "last_id": last, "made": env.moment()}
        conn.execute("BEGIN IMMEDIATE")
        conn.executemany("INSERT INTO meta (key, value) VALUES (?, ?)", list(values.items()))
        conn.execute("COMMIT")
    finally:
        conn.close()


def open_store(path: Path, env: Environment, *, read_only: bool = False, probe: Probe = kind_of_storage) -> Store:
    """Open a data file, migrating an older one after a verified backup.

    A file on removable or network storage, or one that cannot be written, opens read-only (`why_read_only` says why).
    Raises StoreError `missing`, `not_ours`, `too_new`, `damaged`, `busy` (another program writes it; read-only works),
    `full`, `unreachable`.
    """
    path = Path(path)
    _must_exist(path)
    why = "asked" if read_only else _why_read_only(path, probe)
    lock = None if why else WriterLock(path)
    try:
        return _open(path, env, why, lock)
    except BaseException:
        if lock is not None:
            lock.release()
        raise


def _open(path: Path, env: Environment, why: str, lock: WriterLock | None) -> Store:
    crashed = _pending_wal(path)
    conn = _connect(path, *(_read_only_mode(path, why) if why else ("rw",)))
    try:
        _gate(conn, path, why, env)
        if not why:
            conn.execute("PRAGMA journal_mode = WAL")
        store = Store(path, conn, env, why, lock)
        if store.kind not in KINDS:
            raise fault("damaged", path)
        if crashed or path.stat().st_size <= _CHECKED_BELOW:
            store.check()
        conn.place = path
        return store
    except sqlite3.Error as error:
        conn.close()
        raise _open_fault(error, path) from error
    except BaseException:
        conn.close()
        raise


def _must_exist(path: Path) -> None:
    if path.is_dir():
        raise fault("not_ours", path)
    if not path.exists():
        raise fault("missing", path)


def _why_read_only(path: Path, probe: Probe) -> str:
    storage = probe(path.parent)
    if storage != "fixed":
        return storage
    return "" if os.access(path, os.W_OK) and os.access(path.parent, os.W_OK) else "read_only"


def _pending_wal(path: Path) -> bool:
    """Whether the last program that wrote the file did not end properly, so that its WAL is still to be taken in."""
    wal = path.with_name(path.name + "-wal")
    try:
        return wal.stat().st_size > 0 and not writing_here(path)
    except OSError:
        return False


def _read_only_mode(path: Path, why: str) -> tuple[str, bool]:
    """How to open for reading alone: without companions (`immutable`) where none may be made and nobody writes."""
    loose = why != "asked" or not os.access(path.parent, os.W_OK)
    return "ro", loose and not _pending_wal(path) and not writing_here(path) and not written_elsewhere(path)


def _connect(path: Path, mode: str, immutable: bool = False) -> StoreConnection:
    uri = f"{path.absolute().as_uri()}?mode={mode}" + ("&immutable=1" if immutable else "")
    try:
        conn = sqlite3.connect(uri, uri=True, timeout=_BUSY_SECONDS, isolation_level=None, factory=StoreConnection)
    except sqlite3.Error as error:
        raise translated(error, path) from error
    try:
        for pragma in _PRAGMAS:
            conn.execute(f"PRAGMA {pragma}")
    except sqlite3.Error as error:
        conn.close()
        raise _open_fault(error, path) from error
    return conn


def _gate(conn: sqlite3.Connection, path: Path, why: str, env: Environment) -> None:
    """Let through only a file of ours of a schema we know; bring an older one up to date."""
    number = migrations.schema_number(conn)
    if conn.execute("PRAGMA application_id").fetchone()[0] != migrations.APPLICATION_ID:
        raise fault("not_ours", path)
    if number > migrations.LATEST:
        raise fault("too_new", path, found=number, known=migrations.LATEST)
    if number < migrations.LATEST:
        if why:
            raise fault("read_only" if why == "asked" else why, path)
        bring_up_to_date(conn, path, env)
    if conn.execute("SELECT 1 FROM sqlite_master WHERE type IN ('trigger', 'view')").fetchone():
        raise fault("damaged", path)  # we make none; one put in by others would run with our writes


def bring_up_to_date(
    conn: sqlite3.Connection, path: Path, env: Environment, steps: tuple[migrations.Step, ...] = migrations.STEPS
) -> Path:
    """Verify an older file, keep a copy of it among the backups, migrate it; returns the copy."""
    from eduplan_desktop.store.snapshot import snapshot

    if conn.execute("PRAGMA integrity_check(1)").fetchone()[0] != "ok":
        raise fault("damaged", path)
    number = migrations.schema_number(conn)
    copy = files_folder(path) / "backups" / f"{path.stem}.schema-{number}{SUFFIX}"
    copy.parent.mkdir(parents=True, exist_ok=True)
    copy.unlink(missing_ok=True)
    snapshot(conn, copy)
    migrations.migrate(conn, steps)
    return copy


def _open_fault(error: sqlite3.Error, path: Path) -> Exception:
    """A file SQLite cannot read at all is damaged if it was ever ours, and otherwise never was."""
    found = translated(error, path)
    if not isinstance(found, StoreError):
        return fault("damaged", path)  # a table or fact that every file of ours has is not there
    return fault("not_ours", path) if found.code == "damaged" and not _was_ours(path) else found


def _was_ours(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            head = file.read(65536)
    except OSError:
        return False
    return head[68:72] == migrations.APPLICATION_ID.to_bytes(4, "big") or b"CREATE TABLE change_block" in head
