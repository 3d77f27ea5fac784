"""The tables are what the declarations imply; migrations lead there in steps that are whole or not at all."""

import gzip
import json
import re
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from eduplan_desktop.registers.catalog import REGISTERS
from eduplan_desktop.registers.kinds import sql_type
from eduplan_desktop.registers.model import Register, SliceBy
from eduplan_desktop.store import compartments, drafts, journal, migrations, rows
from eduplan_desktop.store.connect import bring_up_to_date, open_store
from eduplan_desktop.store.migrations import STEPS, Step, migrate, schema_number, statements
from eduplan_desktop.upgrades import UPGRADES, Upgrade, upgrade
from tests.core.store_tools import PASSPHRASE, content, filled, fixed, new_file, put, tables, world

OLD_FILES = Path(__file__).resolve().parent.parent / "old_files"


@pytest.fixture(name="conn")
def empty_database() -> Iterator[sqlite3.Connection]:
    """A database in memory, brought to the present schema."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as conn:
        migrate(conn)
        yield conn


def implied(register: Register) -> list[tuple[str, str, int, int]]:
    """(column, type, not null, place in the key) that a declaration implies."""
    head = [("school", "TEXT", 1, 1), ("id", "TEXT", 1, 2)]
    if register.slice_by is not SliceBy.WHOLE:
        head.append(("year", "INTEGER", 1, 0))
    fields = [(f.name, sql_type(f), 0, 0) for f in register.open_fields]
    return [*head, *fields, ("search", "TEXT", 1, 0), ("act", "INTEGER", 1, 0)]


@pytest.mark.parametrize("register", REGISTERS, ids=lambda r: r.name)
def test_the_table_of_a_register_is_its_declaration(conn: sqlite3.Connection, register: Register) -> None:
    found = conn.execute(f"PRAGMA table_info({register.name})").fetchall()
    assert [(name, kind, notnull, key) for _n, name, kind, notnull, _default, key in found] == implied(register)


def test_every_table_is_strict_and_every_register_has_one(conn: sqlite3.Connection) -> None:
    strict = {name: bool(flag) for _s, name, kind, _n, _w, flag in conn.execute("PRAGMA table_list") if kind == "table"}
    loose = [name for name, flag in strict.items() if not flag and not name.startswith("sqlite_")]
    assert loose == []
    assert {r.name for r in REGISTERS} <= set(strict)


def documented() -> dict[str, tuple[list[str], list[str]]]:
    """(key columns, other columns) of the small tables, as docs/architecture.md names them."""
    text = (Path(__file__).resolve().parents[2] / "docs" / "architecture.md").read_text(encoding="utf-8")
    part = text[text.index("Columns of the small tables") : text.index("`store/shelf.py` reads")]
    found = {}
    for name, key, rest in re.findall(r"`([a-z_]+)\(([^|)]*)\|([^)]*)\)`", part):
        names = [[w.split()[0].strip("?") for w in side.split(",") if w.strip()] for side in (key, rest)]
        found[name] = (names[0], names[1])
    return found


def test_small_tables_are_as_the_architecture_says(conn: sqlite3.Connection) -> None:
    said = documented()
    assert len(said) > 20
    for name, (key, rest) in said.items():
        info = conn.execute(f"PRAGMA table_info({name})").fetchall()
        assert [column[1] for column in info if column[5]] == key, name
        assert [column[1] for column in info if not column[5]] == rest, name


def test_no_foreign_key_deletes_by_itself(conn: sqlite3.Connection) -> None:
    actions = {row[6] for name in tables(conn) for row in conn.execute(f"PRAGMA foreign_key_list({name})")}
    assert actions == {"NO ACTION"}


def test_steps_are_numbered_and_named_once() -> None:
    assert [step.number for step in STEPS] == list(range(1, len(STEPS) + 1))
    assert len({step.name for step in STEPS}) == len(STEPS)
    assert len(STEPS) == migrations.LATEST


def test_a_script_is_cut_into_statements() -> None:
    assert statements("CREATE TABLE a (\n x TEXT\n);\nCREATE TABLE b (y TEXT);\n") == [
        "CREATE TABLE a (\n x TEXT\n);",
        "CREATE TABLE b (y TEXT);",
    ]
    with pytest.raises(ValueError, match="inside a statement"):
        statements("CREATE TABLE a (\n")


def _second(conn: sqlite3.Connection) -> None:
    conn.execute("ALTER TABLE room ADD COLUMN extra TEXT")
    conn.execute("UPDATE room SET extra = name")


def _failing(conn: sqlite3.Connection) -> None:
    conn.execute("ALTER TABLE room ADD COLUMN other TEXT")
    conn.execute("INSERT INTO no_such_table VALUES (1)")


def _breaking(conn: sqlite3.Connection) -> None:
    conn.execute("PRAGMA defer_foreign_keys = ON")
    conn.execute("INSERT INTO slot VALUES (1, 'nowhere', 'x', x'', 1, 1, 1, x'', '')")


def test_a_step_brings_rows_along_after_a_verified_backup(tmp_path: Path) -> None:
    store = new_file(tmp_path)
    room = REGISTERS[2]
    put(store, room, {"id": rows.new_id(store), "name": "101"})
    copy = bring_up_to_date(store.conn, store.path, store.env, (*STEPS, Step(2, "extra", _second)))
    assert store.conn.execute("SELECT extra FROM room").fetchall() == [("101",)]
    assert schema_number(store.conn) == 2
    store.close()
    with open_store(copy, world(), probe=lambda folder: "removable") as old:
        assert old.conn.execute("PRAGMA user_version").fetchone() == (1,)
        assert rows.count(old, room) == 1


def test_a_failing_step_leaves_the_schema_before_it(tmp_path: Path) -> None:
    store = new_file(tmp_path)
    steps = (*STEPS, Step(2, "extra", _second), Step(3, "failing", _failing))
    with pytest.raises(sqlite3.OperationalError, match="no_such_table"):
        migrate(store.conn, steps)
    assert schema_number(store.conn) == 2
    columns = [row[1] for row in store.conn.execute("PRAGMA table_info(room)")]
    assert "extra" in columns
    assert "other" not in columns
    assert migrate(store.conn, (*STEPS, Step(2, "extra", _second))) == []
    store.close()


def test_a_step_that_breaks_links_is_refused(tmp_path: Path) -> None:
    store = new_file(tmp_path)
    with pytest.raises(sqlite3.IntegrityError):
        migrate(store.conn, (*STEPS, Step(2, "breaking", _breaking)))
    assert schema_number(store.conn) == 1
    store.close()


@pytest.mark.parametrize("packed", sorted(OLD_FILES.glob("*.eduplan.gz")), ids=lambda p: p.name)
def test_every_file_ever_released_opens_with_all_it_had(tmp_path: Path, packed: Path) -> None:
    path = tmp_path / packed.name.removesuffix(".gz")
    with gzip.open(packed) as source, path.open("wb") as target:
        shutil.copyfileobj(source, target)
    expected = json.loads(packed.with_name(path.stem + ".json").read_text(encoding="utf-8"))
    with open_store(path, world(), probe=fixed) as store:
        assert schema_number(store.conn) == migrations.LATEST
        assert {r.name: rows.count(store, r, school=None) for r in REGISTERS} == expected["counts"]
        assert journal.head(store) == expected["head"]
        assert journal.verify_chain(store) == []
        assert journal.verify_records(store) == []
        store.check()
        key = compartments.open_with(store, "personal", PASSPHRASE)
        assert [half["phone"] for _school, _id, half in compartments.scan_sealed(store, key, "staff")] == [
            "13800001111"
        ]
        assert [drafts.read(store, name, row_id) for name, row_id, _made in drafts.drafts(store)] == [
            {"name": "半个字"}
        ]


def test_every_schema_has_an_old_file() -> None:
    held = {int(path.name.split(".")[0].removeprefix("schema-")) for path in OLD_FILES.glob("schema-*.eduplan.gz")}
    assert held == {step.number for step in STEPS}


def test_upgrades_follow_versions() -> None:
    steps = {
        "room": (
            Upgrade((1, 1), lambda row: {**row, "b": row["a"]}),
            Upgrade((2, 0), lambda row: {k: v for k, v in row.items() if k != "a"}),
        )
    }
    row = {"id": "x", "a": "1"}
    assert upgrade("room", row, (1, 0), steps) == {"id": "x", "b": "1"}
    assert upgrade("room", {**row, "b": "2"}, (1, 1), steps) == {"id": "x", "b": "2"}
    assert upgrade("room", row, (2, 0), steps) == row
    assert upgrade("staff", row, (1, 0), steps) == row
    assert row == {"id": "x", "a": "1"}


def test_upgrades_are_in_order_and_reach_no_further_than_the_register() -> None:
    known = {r.name: r.version for r in REGISTERS}
    for name, steps in UPGRADES.items():
        versions = [step.to for step in steps]
        assert versions == sorted(set(versions))
        assert versions[-1] <= known[name]


def test_a_backup_of_the_migration_holds_the_same_records(tmp_path: Path) -> None:
    store = new_file(tmp_path)
    for number, one in enumerate(REGISTERS):
        put(store, one, filled(store, one, number))
    before = content(store)
    copy = bring_up_to_date(store.conn, store.path, store.env, (*STEPS, Step(2, "extra", _second)))
    store.close()
    with open_store(copy, world(), read_only=True, probe=fixed) as old:
        assert content(old) == before
