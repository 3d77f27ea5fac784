"""Hand-written, numbered steps from an empty database to the present schema.

Each step is one transaction that ends by setting `user_version` to its number, so a crash leaves the schema before or
after a step. Changes of *values* are in `upgrades`, shared with the reading of bundles. A step is never edited once a
release contains it.
"""

import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from eduplan_desktop.store import schema_1

if TYPE_CHECKING:
    from sqlite_utils import Database

APPLICATION_ID: Final = 0x45445544
"""`EDUD`: marks a SQLite file as ours."""
_RECORD: Final = """
CREATE TABLE IF NOT EXISTS _sqlite_migrations (
    id INTEGER PRIMARY KEY, migration_set TEXT, name TEXT, applied_at TEXT
) STRICT;
CREATE UNIQUE INDEX IF NOT EXISTS idx__sqlite_migrations_migration_set_name ON _sqlite_migrations (migration_set, name);
"""


@dataclass(frozen=True, slots=True)
class Step:
    """One migration: the schema number it leads to, its name, and what it does inside its transaction."""

    number: int
    name: str
    run: Callable[[sqlite3.Connection], None]


def statements(script: str) -> list[str]:
    """The single statements of an SQL script (`executescript` would commit the transaction of the step)."""
    found: list[str] = []
    pending = ""
    for line in script.strip().splitlines():
        pending += line + "\n"
        if sqlite3.complete_statement(pending):
            found.append(pending.strip())
            pending = ""
    if pending.strip():
        raise ValueError("an SQL script ends inside a statement")
    return found


def _first(conn: sqlite3.Connection) -> None:
    conn.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    for statement in statements(schema_1.SYSTEM) + statements(schema_1.REGISTERS):
        conn.execute(statement)


STEPS: Final[tuple[Step, ...]] = (Step(1, "first", _first),)
LATEST: Final = STEPS[-1].number


def schema_number(conn: sqlite3.Connection) -> int:
    """The number of the schema a database has; 0 for an empty one."""
    return int(conn.execute("PRAGMA user_version").fetchone()[0])


def migrate(conn: sqlite3.Connection, steps: Sequence[Step] = STEPS) -> list[int]:
    """Apply the steps above the present schema number, in order; returns their numbers.

    The caller has made a backup. sqlite-utils keeps the record and the transaction of each step; it is loaded here alone,
    because opening a file of the present schema must not wait for it.
    """
    from sqlite_utils import Database, Migrations

    present = schema_number(conn)
    pending = [step for step in steps if step.number > present]
    if not pending:
        return []
    for statement in statements(_RECORD):
        conn.execute(statement)
    registered = Migrations("eduplan")
    for step in pending:
        registered(name=f"{step.number:04d}_{step.name}")(_in_transaction(step))
    registered.apply(Database(conn))
    if broken := conn.execute("PRAGMA foreign_key_check").fetchall():
        raise sqlite3.IntegrityError(f"foreign keys broken by migration: {broken[:3]}")
    return [step.number for step in pending]


def _in_transaction(step: Step) -> Callable[["Database"], None]:
    def run(db: "Database") -> None:
        if not db.conn.in_transaction:
            raise RuntimeError("a migration step needs a transaction")
        step.run(db.conn)
        db.conn.execute(f"PRAGMA user_version = {step.number}")

    return run
