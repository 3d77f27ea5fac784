"""Backups: a verified whole copy and the bodies it lacks; the last ten kept; restore, move, copy (D2, D10). Keys are never touched.

A backup is named by the number of its last act, so a wrong clock never decides which ones are kept; its date is for people.
"""

import os
import re
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from eduplan_desktop.environment import Environment
from eduplan_desktop.store import migrations
from eduplan_desktop.store.acting import length
from eduplan_desktop.store.bodies import BACKUPS, BUNDLES, PHOTOS, copy_missing
from eduplan_desktop.store.connect import SUFFIX, Store, files_folder, open_store
from eduplan_desktop.store.ids import next_id
from eduplan_desktop.store.snapshot import snapshot, sync_folder, verify
from eduplan_desktop.store.sqlite_errors import fault, translated
from eduplan_desktop.store.storage import Probe, kind_of_storage

KEPT: Final = 10
_ACTS_A_DAY: Final = 50
WAYS: Final = ("restore", "move", "copy")
_NAME: Final = re.compile(r"(?P<stem>.+)-(?P<file>[0-9a-f]{8})\.(?P<act>\d{8})\.(?P<date>\d{4}-\d\d-\d\d)\.eduplan")


@dataclass(frozen=True, slots=True)
class Backup:
    """One backup found in a folder. act: number of its last act; date: what the PC showed, information only."""

    path: Path
    act: int
    date: str


def backups(folder: Path, file_id: str) -> list[Backup]:
    """The backups of one data file in a folder, oldest first."""
    if not folder.is_dir():
        return []
    found = [(path, _NAME.fullmatch(path.name)) for path in folder.iterdir()]
    mine = [(path, m) for path, m in found if m and m["file"] == file_id[-8:]]
    return sorted((Backup(path, int(m["act"]), m["date"]) for path, m in mine), key=lambda b: (b.act, b.date))


def backup(store: Store, to_dir: Path, *, keep: int = KEPT) -> Path:
    """Copy the file into `to_dir`, read the copy back, bring the bodies it lacks, keep the newest `keep`; the copy's path.

    Raises StoreError `full`, `read_only`, `damaged`, `unreachable`; older backups stay then.
    """
    to_dir = Path(to_dir)
    label = f"{store.path.stem}-{store.file_id[-8:]}"
    path = to_dir / f"{label}.{length(store):08d}.{store.env.pc_date()}{SUFFIX}"
    try:
        to_dir.mkdir(parents=True, exist_ok=True)
        if path.exists():
            path.unlink()
    except OSError as error:
        raise translated(error, path) from error
    snapshot(store.conn, path)
    copy_missing(store.files, to_dir / f"{label}.files")
    for old in backups(to_dir, store.file_id)[:-keep]:
        _remove(old.path)
    return path


def _remove(path: Path) -> None:
    try:
        path.unlink()
    except OSError:
        return  # an older backup that cannot be removed does no harm


def daily_backup(store: Store) -> Path | None:
    """On close: a backup beside the file, once a day the file was changed; its path.

    A clock that stands still does not stop it: after 50 acts there is another.
    """
    if store.read_only or not length(store):
        return None
    folder = store.files / BACKUPS
    held = backups(folder, store.file_id)
    newest = held[-1] if held else None
    since = length(store) - (newest.act if newest else 0)
    if newest and (since <= 0 or (newest.date == store.env.pc_date() and since < _ACTS_A_DAY)):
        return None
    return backup_beside(store)


def last_backup(store: Store) -> str:
    """Date of the newest backup beside the file, as the PC showed it; "" for none."""
    held = backups(store.files / BACKUPS, store.file_id)
    return held[-1].date if held else ""


def backup_beside(store: Store) -> Path:
    """A backup in the file's own folder, where the bodies are already; the last ten are kept."""
    folder = store.files / BACKUPS
    path = folder / f"{store.path.stem}-{store.file_id[-8:]}.{length(store):08d}.{store.env.pc_date()}{SUFFIX}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        path.unlink(missing_ok=True)
    except OSError as error:
        raise translated(error, path) from error
    snapshot(store.conn, path)
    for old in backups(folder, store.file_id)[:-KEPT]:
        _remove(old.path)
    return path


def restore(backup_path: Path, to: Path, env: Environment, as_: str, *, probe: Probe = kind_of_storage) -> Store:
    """Make `to` from a backup, or from any data file, and open it.

    as_: "restore" and "move" keep the data-file id; "copy" makes a new one that has signed nothing. Raises StoreError
    `missing`, `exists`, `not_ours`, `damaged`, `too_new`, `full`, and `removable` or `network` for such a target.
    """
    if as_ not in WAYS:
        raise ValueError(f"unknown way {as_!r}")
    backup_path, to = Path(backup_path), Path(to)
    if to.exists():
        raise fault("exists", to)
    with open_store(backup_path, env, read_only=True, probe=lambda folder: "removable") as source:
        _take(source, to, probe)
        bodies = source.files
    try:
        for folder in (bodies, _backup_bodies(backup_path)):
            copy_missing(folder, files_folder(to), (PHOTOS, BUNDLES))
        if as_ == "copy":
            _new_identity(to.with_name(to.name + ".new"), env)
        os.replace(to.with_name(to.name + ".new"), to)
        sync_folder(to.parent)
    except (OSError, sqlite3.Error) as error:
        raise translated(error, to) from error
    return open_store(to, env, probe=probe)


def _take(source: Store, to: Path, probe: Probe) -> None:
    """A whole, verified copy of `source` under the spare name of `to`."""
    try:
        to.parent.mkdir(parents=True, exist_ok=True)
        to.with_name(to.name + ".new").unlink(missing_ok=True)
    except OSError as error:
        raise translated(error, to) from error
    if (storage := probe(to.parent)) != "fixed":
        raise fault(storage, to)
    source.check()
    spare = to.with_name(to.name + ".new")
    snapshot(source.conn, spare)
    verify(spare, migrations.schema_number(source.conn))


def _backup_bodies(path: Path) -> Path:
    """Where the bodies of a backup lie: shared by all backups of a file in one folder, or the folder above backups beside it."""
    named = _NAME.fullmatch(path.name)
    if named is None:
        return files_folder(path)
    shared = path.with_name(f"{named['stem']}-{named['file']}.files")
    return shared if shared.is_dir() else path.parent.parent


_OF_THE_CHAIN: Final = ("submission", "slice_mark", "prepared", "item_state", "remark", "photo_held")


def _new_identity(path: Path, env: Environment) -> None:
    """A new data-file id: a copy has signed nothing, was answered nothing and is enrolled nowhere (D2)."""
    with closing(sqlite3.connect(path, isolation_level=None)) as conn:
        last = conn.execute("SELECT value FROM meta WHERE key = 'last_id'").fetchone()
        fresh = next_id(int(env.now().timestamp() * 1000), last[0] if last else "", env.random)
        conn.execute("BEGIN IMMEDIATE")
        conn.executemany(
            "INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)", [("file_id", fresh), ("last_id", fresh)]
        )
        for table in _OF_THE_CHAIN:
            conn.execute(f"DELETE FROM {table}")
        conn.execute("COMMIT")
