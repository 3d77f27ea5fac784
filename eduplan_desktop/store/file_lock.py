"""One writing program per data file: a lock of the operating system, gone by itself when the program ends or is killed.

The lock lies on a small file beside the data file, never on the data file: closing a second handle of that would drop
SQLite's own locks in this process. One program may open a file several times (long work opens its own workspace), so the
lock is counted per process, as the operating system does.
"""

import os
import sys
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

from eduplan_desktop.store.sqlite_errors import fault, translated


def lock_path(path: Path) -> Path:
    """The lock file of a data file."""
    return path.with_name(path.name + "-lock")


def _grab(file: IO[bytes]) -> bool:
    try:
        if sys.platform == "win32":
            import msvcrt

            file.seek(0)
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


@dataclass
class _Held:
    file: IO[bytes]
    users: int


class _Locks:
    """The locks this process holds, by file: a mirror of what the operating system knows of it."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._held: dict[tuple[int, Path], _Held] = {}

    def take(self, path: Path) -> None:
        key = (os.getpid(), path)  # a forked child inherits this table, not the right to write
        with self._guard:
            if key in self._held:
                self._held[key].users += 1
                return
            self._held[key] = _Held(_locked_file(path), 1)

    def release(self, path: Path) -> None:
        key = (os.getpid(), path)
        with self._guard:
            held = self._held.get(key)
            if held is None:
                return
            held.users -= 1
            if held.users == 0:
                del self._held[key]
                _remove(lock_path(path))
                held.file.close()

    def held(self, path: Path) -> bool:
        with self._guard:
            return (os.getpid(), path) in self._held


def _locked_file(path: Path) -> IO[bytes]:
    """The lock file, open and locked. One that its last owner just took away is not the one others would see: again."""
    while True:
        try:
            file = lock_path(path).open("ab")
        except OSError as error:
            raise translated(error, path) from error
        if not _grab(file):
            file.close()
            raise fault("busy", path)
        try:
            if os.path.samestat(os.fstat(file.fileno()), lock_path(path).stat()):
                return file
        except FileNotFoundError:
            pass
        file.close()


def _remove(path: Path) -> None:
    """Take the lock file away while it is still locked; where the system keeps open files, it stays and does no harm."""
    try:
        path.unlink()
    except OSError:
        return


_LOCKS: Final = _Locks()


class WriterLock:
    """The right of this process to write one data file. Raises StoreError `busy` while another program has it."""

    def __init__(self, path: Path) -> None:
        self._path = path.resolve()
        self._mine = True
        _LOCKS.take(self._path)

    def release(self) -> None:
        """Give the right back; calling it twice is harmless."""
        if self._mine:
            self._mine = False
            _LOCKS.release(self._path)


def writing_here(path: Path) -> bool:
    """Whether this process has the file open for writing."""
    return _LOCKS.held(path.resolve())


def written_elsewhere(path: Path) -> bool:
    """Whether another program has the file open for writing."""
    path = path.resolve()
    if writing_here(path) or not lock_path(path).exists():
        return False
    try:
        with lock_path(path).open("rb+") as file:
            return not _grab(file)
    except OSError:
        return False
