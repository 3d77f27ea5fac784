"""A consistent copy of an open file by `VACUUM INTO`: flushed to disk, verified, then given its name."""

import os
import sqlite3
from pathlib import Path

from eduplan_desktop.errors import StoreError
from eduplan_desktop.store.sqlite_errors import fault, translated


def snapshot(conn: sqlite3.Connection, to: Path) -> None:
    """Copy the database of `conn` to `to`, which must not exist. Raises StoreError; a failure leaves nothing behind."""
    spare = to.with_name(to.name + ".part")
    try:
        spare.unlink(missing_ok=True)
        conn.execute("VACUUM INTO ?", (str(spare),))
        with spare.open("rb+") as file:
            os.fsync(file.fileno())
        verify(spare, conn.execute("PRAGMA user_version").fetchone()[0])
        os.replace(spare, to)
        sync_folder(to.parent)
    except (sqlite3.Error, OSError) as error:
        spare.unlink(missing_ok=True)
        raise translated(error, to) from error
    except StoreError as error:
        spare.unlink(missing_ok=True)
        raise fault(error.code, to) from error


def verify(path: Path, schema: int) -> None:
    """Read a copy from disk again. Raises StoreError `damaged` where it is not sound or not of `schema`."""
    conn = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)
    try:
        sound = conn.execute("PRAGMA integrity_check(1)").fetchone()[0] == "ok"
        number = conn.execute("PRAGMA user_version").fetchone()[0]
    except sqlite3.Error as error:
        raise translated(error, path) from error
    finally:
        conn.close()
    if not sound or number != schema:
        raise fault("damaged", path)


def sync_folder(folder: Path) -> None:
    """Make new names in a folder last a power cut, where the system can."""
    try:
        handle = os.open(folder, os.O_RDONLY)
    except OSError:
        return
    try:
        os.fsync(handle)
    except OSError:
        return
    finally:
        os.close(handle)
