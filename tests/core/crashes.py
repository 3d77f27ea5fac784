"""A program killed at every SQL statement: what is left must be the file before the act or after it, and sound.

Runs in a process of its own, because it forks: `python -m tests.core.crashes FOLDER SCENARIO K,K,…|all`. For each K a child
repeats the scenario on a fresh copy and ends hard before its K-th statement; the parent opens what is left and says on a line
of JSON what it found. Used by test_crash_kills and by the proof.
"""

import hashlib
import json
import os
import shutil
import sqlite3
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from eduplan_desktop.registers.catalog import register
from eduplan_desktop.store import backup, compartments, drafts, journal, migrations, rows
from eduplan_desktop.store.connect import Store, bring_up_to_date, create_store, open_store
from eduplan_desktop.store.journal import act
from tests.core.store_tools import PASSPHRASE, content, fixed, new_file, put, world

NAME = "一小.eduplan"
ROOM, STAFF, HAZARD = register("room"), register("staff"), register("hazard")
KILLED = 9
Work = Callable[[Path], None]


class Scenario(NamedTuple):
    """prepare: makes the file; work: what is killed; several: it is more than one act, so that states between the two may
    be left."""

    prepare: Work
    work: Work
    several: bool = False


def opened(folder: Path) -> Store:
    """The file of a scenario, opened as the program does."""
    return open_store(folder / NAME, world(seed=7), probe=fixed)


def _basic(folder: Path) -> None:
    with new_file(folder, env=world(seed=1)) as store:
        for i in range(5):
            put(store, HAZARD, {"id": f"h{i}", "year": 2025, "place": f"地点{i}"})
        with act(store, "vault", "建保险库") as a:
            compartments.make(a, "personal", PASSPHRASE)
        key = compartments.open_with(store, "personal", PASSPHRASE)
        with act(store, "staff.save", "保存") as a:
            rows.save(a, STAFF, {"id": "p", "name": "张三"})
            compartments.save_sealed(a, key, STAFF, "p", "p", {"phone": "13800001111"})


def _save(folder: Path) -> None:
    with opened(folder) as store:
        key = compartments.open_with(store, "personal", PASSPHRASE)
        with act(store, "staff.save", "保存") as a:
            rows.save(a, STAFF, {"id": "q", "name": "李四"})
            compartments.save_sealed(
                a, key, STAFF, "q", "q", {"phone": "13900002222", "id_number": "11010119900307851X"}
            )
            rows.save(a, STAFF, {"id": "p", "name": "张三丰"})


def _many(store: Store) -> list[dict[str, Any]]:
    return [{"id": f"r{i:05d}", "name": f"教室{i}", "floor": i % 5} for i in range(1250)]


def _import(folder: Path) -> None:
    with opened(folder) as store, act(store, "import", "导入") as a:
        rows.save_many(a, ROOM, _many(store))
        rows.save_many(a, HAZARD, [{"id": "h1", "place": "改"}, {"id": "h9", "year": 2026, "place": "新"}])


def _remove(folder: Path) -> None:
    with opened(folder) as store, act(store, "remove", "删除") as a:
        rows.remove(a, STAFF, "p", "4")
        rows.remove(a, HAZARD, "h2", "1")


def _undo(folder: Path) -> None:
    with opened(folder) as store:
        with act(store, "mixed", "改动") as a:
            rows.save_many(a, ROOM, _many(store)[:30])
            rows.remove(a, STAFF, "p", "4")
            rows.save(a, HAZARD, {"id": "h3", "place": "改"})
        journal.undo(store)
        journal.redo(store)


def _erase(folder: Path) -> None:
    with opened(folder) as store:
        key = compartments.open_with(store, "personal", PASSPHRASE)
        with act(store, "erase", "删除个人信息") as a:
            compartments.erase_person(a, key, "p")


def _passphrase(folder: Path) -> None:
    with opened(folder) as store:
        key = compartments.open_with(store, "personal", PASSPHRASE)
        with act(store, "vault", "改口令") as a:
            compartments.change_passphrase(a, key, "yi er san si wu liu qi ba")
            compartments.put_secret(a, key, "sign", b"x" * 32)


def _draft(folder: Path) -> None:
    with opened(folder) as store:
        drafts.keep(store, STAFF, "p", {"name": "张"})
        drafts.drop(store, STAFF, "p")


def _backup(folder: Path) -> None:
    with opened(folder) as store:
        backup.backup(store, folder / "stick")
        backup.daily_backup(store)


def _restore(folder: Path) -> None:
    shutil.copy(folder / NAME, folder / "copy.eduplan")
    (folder / NAME).unlink()
    backup.restore(folder / "copy.eduplan", folder / NAME, world(seed=9), "copy", probe=fixed).close()


def _create(folder: Path) -> None:
    create_store(folder / NAME, "school", world(seed=3), name="新学校", probe=fixed).close()


def _nothing(folder: Path) -> None:
    """Nothing is there before."""


def _second(conn: sqlite3.Connection) -> None:
    conn.execute("ALTER TABLE room ADD COLUMN extra TEXT")
    conn.execute("CREATE TABLE aside (a TEXT NOT NULL) STRICT")
    conn.execute("INSERT INTO aside SELECT place FROM hazard")


def _third(conn: sqlite3.Connection) -> None:
    conn.execute("UPDATE room SET extra = name")
    conn.execute("DROP TABLE aside")


LATER = (*migrations.STEPS, migrations.Step(2, "aside", _second), migrations.Step(3, "back", _third))


def _migrate(folder: Path) -> None:
    with opened(folder) as store:
        bring_up_to_date(store.conn, store.path, store.env, LATER)


SCENARIOS: dict[str, Scenario] = {
    "save": Scenario(_basic, _save),
    "import": Scenario(_basic, _import),
    "remove": Scenario(_basic, _remove),
    "undo": Scenario(_basic, _undo, several=True),
    "erase": Scenario(_basic, _erase),
    "passphrase": Scenario(_basic, _passphrase),
    "draft": Scenario(_basic, _draft, several=True),
    "backup": Scenario(_basic, _backup),
    "restore": Scenario(_basic, _restore),
    "create": Scenario(_nothing, _create),
    "migrate": Scenario(_basic, _migrate),
}


class _Counter:
    """Counts statements of every connection; ends the process hard before the k-th."""

    def __init__(self, k: int):
        self.k = k
        self.seen = 0

    def __call__(self, _statement: str) -> None:
        self.seen += 1
        if self.seen == self.k:
            os._exit(KILLED)

    def install(self) -> None:
        real = sqlite3.connect

        def connect(*args: Any, **options: Any) -> sqlite3.Connection:
            conn: sqlite3.Connection = real(*args, **options)
            conn.set_trace_callback(self)
            return conn

        sqlite3.connect = connect  # type: ignore[assignment]


def in_child(work: Work, folder: Path, k: int) -> int:
    """Run `work` in a child that ends before its k-th statement (0: never); its exit code, or the count for k = 0."""
    receive, send = os.pipe()
    child = os.fork()
    if child == 0:
        counter = _Counter(k)
        counter.install()
        try:
            work(folder)
            os.write(send, str(counter.seen).encode())
            os._exit(0)
        except BaseException as error:
            os.write(2, f"{type(error).__name__}: {error}\n".encode())
            os._exit(1)
    os.close(send)
    _pid, status = os.waitpid(child, 0)
    counted = os.read(receive, 20)
    os.close(receive)
    code = os.waitstatus_to_exitcode(status)
    return int(counted or 0) if k == 0 and code == 0 else -code if k == 0 else code


def facts(folder: Path, scenario: str) -> dict[str, Any]:
    """What can be told of what is left: which state it is, and what is wrong with it."""
    if not (folder / NAME).exists():
        source_left = (folder / "copy.eduplan").exists()
        fine = scenario == "create" or (scenario == "restore" and source_left)
        return {"state": "none", "wrong": [] if fine else ["gone"]}
    wrong = _finish_migration(folder / NAME) if scenario == "migrate" else []
    with opened(folder) as store:
        store.check()
        wrong += [p.code for p in (*journal.verify_chain(store), *journal.verify_records(store))]
        state = repr((sorted((k, repr(v)) for k, v in content(store).items()), journal.length(store)))
        slots = store.conn.execute("SELECT compartment, kind, count(*) FROM slot GROUP BY 1, 2").fetchall()
    if slots and slots != [("personal", "passphrase", 1), ("personal", "recovery", 1)]:
        wrong.append("slots")
    for copy in (folder / "stick").glob("*.eduplan"):
        with open_store(copy, world(), read_only=True, probe=fixed) as kept:
            kept.check()
            wrong += [p.code for p in journal.verify_records(kept)]
    return {"state": _short(state), "wrong": wrong}


SHAPES = {1: (False, False), 2: (True, True), 3: (True, False)}
"""Schema number → whether room has the new column, whether the passing table is there."""


def _finish_migration(path: Path) -> list[str]:
    """Look at the schema as it was left, then go on as the next opening would."""
    conn = sqlite3.connect(path, isolation_level=None)
    try:
        number = migrations.schema_number(conn)
        extra = any(row[1] == "extra" for row in conn.execute("PRAGMA table_info(room)"))
        aside = conn.execute("SELECT 1 FROM sqlite_master WHERE name = 'aside'").fetchone() is not None
        done = migrations.migrate(conn, LATER)
        wrong = (
            []
            if (extra, aside) == SHAPES[number] and done == [n for n in (2, 3) if n > number]
            else [f"schema {number}"]
        )
        conn.execute("PRAGMA user_version = 1")  # so that this program's own opening can read the rows
        return wrong
    finally:
        conn.close()


def _short(state: str) -> str:
    return hashlib.sha256(state.encode()).hexdigest()[:12]


def run(base: Path, name: str, chosen: str) -> None:
    """Prepare once, count the statements, then kill at each chosen one."""
    import sqlite_utils  # noqa: F401 - loaded once here, not in every child

    scenario = SCENARIOS[name]
    ready = base / "ready"
    ready.mkdir()
    scenario.prepare(ready)
    total = in_child(scenario.work, _copy(ready, base / "whole"), 0)
    before, after = _reading(_copy(ready, base / "work"), name), _reading(base / "whole", name)
    print(json.dumps({"total": total, "before": before, "after": after}), flush=True)
    for k in range(1, total + 1) if chosen == "all" else [int(k) for k in chosen.split(",") if int(k) <= total]:
        folder = _copy(ready, base / "work")
        code = in_child(scenario.work, folder, k)
        print(json.dumps({"k": k, "code": code, **_reading(folder, name)}), flush=True)


def _reading(folder: Path, name: str) -> dict[str, Any]:
    """`facts`, or why what is left cannot be read."""
    try:
        return facts(folder, name)
    except Exception as error:
        return {"state": "none", "wrong": [f"{type(error).__name__}: {error}"]}


def _copy(ready: Path, to: Path) -> Path:
    shutil.rmtree(to, ignore_errors=True)
    shutil.copytree(ready, to)
    return to


if __name__ == "__main__":
    run(Path(sys.argv[1]), sys.argv[2], sys.argv[3])
