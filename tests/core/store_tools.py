"""Files, clocks and rows for the tests of the store."""

import random
import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from eduplan_desktop.environment import Environment, KdfCost
from eduplan_desktop.registers.catalog import REGISTERS
from eduplan_desktop.registers.model import Kind, Register, Row, SliceBy
from eduplan_desktop.store import rows
from eduplan_desktop.store.connect import Store, create_store
from eduplan_desktop.store.journal import act

CHEAP = KdfCost(memory_kib=64, iterations=1, lanes=1)
PASSPHRASE = "taiyang yueliang daxue pingguo maikewu diqiu"
NAMES = (
    "张三",
    "阿卜来提·如则托合提",
    "𡋾𬭎",
    "\U00031350\U000323af",
    "䶮",
    "欧阳娜娜",
    "한국 O'Brien",
    "㐂\U0002a700",
    "龘" * 50,
)


class Clock:
    """A clock a test can turn."""

    def __init__(self, moment: str = "2026-03-02T08:00:00"):
        self.moment = datetime.fromisoformat(moment).replace(tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.moment

    def turn(self, **by: int) -> None:
        self.moment += timedelta(**by)


def world(
    clock: Callable[[], datetime] | None = None, *, home: Path = Path("/nonexistent"), seed: int | None = None
) -> Environment:
    """An environment with cheap key derivation; with `seed` its randomness repeats."""
    if seed is None:
        return Environment(now=clock or Clock(), home=home, kdf=CHEAP, who="王老师")
    return Environment(now=clock or Clock(), random=random.Random(seed).randbytes, home=home, kdf=CHEAP, who="王老师")


def new_file(folder: Path, kind: str = "school", env: Environment | None = None, name: str = "一小.eduplan") -> Store:
    """A new data file on what counts as a fixed disk."""
    return create_store(folder / name, kind, env or world(), name="示例小学", probe=fixed)


def fixed(folder: Path) -> str:
    """A probe that finds a fixed disk."""
    return "fixed"


def filled(store: Store, register: Register, seed: int = 0) -> Row:
    """A row with every open field filled with something of its column type."""
    dice = random.Random(seed)
    row: Row = {"id": rows.new_id(store)}
    if register.slice_by is not SliceBy.WHOLE:
        row["year"] = 2025
    for field in register.open_fields:
        match field.kind:
            case Kind.WHOLE | Kind.DECIMAL | Kind.MONEY:
                row[field.name] = dice.choice((0, 1, -7, 10**12, dice.randrange(10**6)))
            case Kind.YES_NO:
                row[field.name] = dice.randrange(2)
            case Kind.DATE:
                row[field.name] = dice.choice(("2019", "2019-03", "2025-09-01"))
            case Kind.RESULTS:
                row[field.name] = "{}"
            case _:
                row[field.name] = dice.choice(NAMES) + str(dice.randrange(1000))
    return row


def put(store: Store, register: Register, row: Row, school: str = "") -> None:
    """Save one row in an act of its own."""
    with act(store, f"{register.name}.save", "保存") as a:
        rows.save(a, register, row, school=school)


def content(store: Store) -> dict[str, list[Any]]:
    """Everything records consist of, without the numbers of acts: to compare a file with itself at another moment."""
    found: dict[str, list[Any]] = {}
    for register in REGISTERS:
        found[register.name] = list(rows.scan_all(store, register))
        found[f"{register.name}.search"] = rows.index(store, register)
    found["gone"] = store.conn.execute("SELECT register, school, id, year, reason FROM gone").fetchall()
    found["sealed"] = store.conn.execute(
        "SELECT register, school, id, compartment, person, blob, mac FROM sealed"
    ).fetchall()
    found["attachment"] = store.conn.execute("SELECT * FROM attachment").fetchall()
    return found


def tables(conn: sqlite3.Connection) -> list[str]:
    """Names of all tables of a database."""
    return [name for (name,) in conn.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]
