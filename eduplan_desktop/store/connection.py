"""A connection whose faults are already those of the world: every read and write of every module gets the same clear answer."""

import sqlite3
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Self

from eduplan_desktop.store.sqlite_errors import translated


class StoreConnection(sqlite3.Connection):
    """place: the data file, once it is open; until then faults stay SQLite's, for `connect` to judge."""

    place: Path | None = None

    def cursor(self, *_factory: Any) -> "StoreCursor":  # type: ignore[override]
        """A cursor that translates."""
        return StoreCursor(self)

    def execute(self, sql: str, values: Any = (), /) -> "StoreCursor":
        """Through our cursor: CPython's own shortcut makes a plain one."""
        return StoreCursor(self).execute(sql, values)

    def executemany(self, sql: str, lines: Iterable[Any], /) -> "StoreCursor":
        """Through our cursor."""
        return StoreCursor(self).executemany(sql, lines)

    def judged(self, error: sqlite3.Error) -> Exception:
        """What to raise instead of `error`."""
        return error if self.place is None else translated(error, self.place)


class StoreCursor(sqlite3.Cursor):
    """A cursor of a StoreConnection."""

    connection: StoreConnection

    def execute(self, sql: str, values: Any = (), /) -> Self:
        """As sqlite3, with the faults of the world as StoreError."""
        try:
            return super().execute(sql, values)
        except sqlite3.Error as error:
            raise self.connection.judged(error) from error

    def executemany(self, sql: str, lines: Iterable[Any], /) -> Self:
        """As sqlite3, with the faults of the world as StoreError."""
        try:
            return super().executemany(sql, lines)
        except sqlite3.Error as error:
            raise self.connection.judged(error) from error

    def __next__(self) -> Any:
        try:
            return super().__next__()
        except sqlite3.Error as error:
            raise self.connection.judged(error) from error

    def fetchone(self) -> Any:
        """As sqlite3, with the faults of the world as StoreError."""
        try:
            return super().fetchone()
        except sqlite3.Error as error:
            raise self.connection.judged(error) from error

    def fetchall(self) -> list[Any]:
        """As sqlite3, with the faults of the world as StoreError."""
        try:
            return super().fetchall()
        except sqlite3.Error as error:
            raise self.connection.judged(error) from error
