"""A file must be ours, sound, of a schema we know, on a disk that may be written, and written by one program at a time."""

import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from eduplan_desktop.errors import StoreError
from eduplan_desktop.registers.catalog import REGISTERS, register
from eduplan_desktop.store import journal, rows, sqlite_errors, storage
from eduplan_desktop.store.connect import create_store, open_store
from eduplan_desktop.store.file_lock import WriterLock, lock_path, written_elsewhere
from tests.core.store_tools import Clock, filled, fixed, new_file, put, world

ROOM = register("room")


def refused(code: str, path: Path, **options: object) -> StoreError:
    """The StoreError that opening `path` gives."""
    with pytest.raises(StoreError) as caught:
        open_store(path, world(), probe=fixed, **options)  # type: ignore[arg-type]
    assert caught.value.code == code
    assert caught.value.message
    assert caught.value.advice
    return caught.value


def test_a_new_file_knows_what_it_is(tmp_path: Path) -> None:
    with create_store(tmp_path / "甲.eduplan", "county", world(), name="某县", sample=True, probe=fixed) as store:
        assert (store.kind, store.meta("name"), store.meta("sample")) == ("county", "某县", "1")
        assert store.meta("nothing", "default") == "default"
        assert len(store.file_id) == 36
        assert not store.read_only
        assert store.files == tmp_path / "甲.eduplan.files"
    with open_store(tmp_path / "甲.eduplan", world(), probe=fixed) as again:
        assert again.file_id == store.file_id


def test_closing_leaves_one_whole_file(tmp_path: Path) -> None:
    store = new_file(tmp_path)
    put(store, ROOM, filled(store, ROOM))
    assert (tmp_path / "一小.eduplan-wal").exists()
    store.close()
    store.close()
    assert os.listdir(tmp_path) == ["一小.eduplan"]
    with closing(sqlite3.connect(tmp_path / "一小.eduplan")) as raw:
        assert raw.execute("SELECT count(*) FROM room").fetchone() == (1,)


def test_settings_that_protect_what_is_stored(tmp_path: Path) -> None:
    with new_file(tmp_path) as store:
        found = {
            name: store.conn.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("journal_mode", "synchronous", "foreign_keys", "temp_store", "secure_delete", "trusted_schema")
        }
    assert found == {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "temp_store": 2,
        "secure_delete": 1,
        "trusted_schema": 0,
    }


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "not_ours"),
        (b"PK\x03\x04" + bytes(3000), "not_ours"),
        (b"SQLite format 3\x00" + b"\xff" * 5000, "not_ours"),
        ("就是一个文本文件".encode(), "not_ours"),
    ],
)
def test_a_file_that_is_none_of_ours(tmp_path: Path, body: bytes, code: str) -> None:
    path = tmp_path / "x.eduplan"
    path.write_bytes(body)
    refused(code, path)
    assert path.read_bytes() == body


def test_another_program_s_database(tmp_path: Path) -> None:
    path = tmp_path / "x.eduplan"
    other = sqlite3.connect(path)
    other.execute("CREATE TABLE t (a)")
    other.close()
    refused("not_ours", path)


def test_no_file_and_a_folder(tmp_path: Path) -> None:
    refused("missing", tmp_path / "没有.eduplan")
    refused("not_ours", tmp_path)
    assert os.listdir(tmp_path) == []


def test_a_newer_file_is_left_untouched(tmp_path: Path) -> None:
    store = new_file(tmp_path)
    store.close()
    path = store.path
    raw = sqlite3.connect(path)
    raw.execute("PRAGMA user_version = 9999")
    raw.close()
    before = path.read_bytes()
    assert refused("too_new", path).params["found"] == 9999
    assert path.read_bytes() == before


def test_never_over_an_existing_file(tmp_path: Path) -> None:
    path = tmp_path / "x.eduplan"
    path.write_text("宝贵")
    with pytest.raises(StoreError) as caught:
        create_store(path, "school", world(), name="n", probe=fixed)
    assert caught.value.code == "exists"
    assert path.read_text() == "宝贵"


@pytest.mark.parametrize(
    "put_in", ["CREATE TRIGGER t AFTER INSERT ON room BEGIN DELETE FROM staff; END", "CREATE VIEW v AS SELECT 1"]
)
def test_a_schema_with_code_of_others_is_refused(tmp_path: Path, put_in: str) -> None:
    store = new_file(tmp_path)
    store.close()
    raw = sqlite3.connect(store.path)
    raw.execute(put_in)
    raw.close()
    refused("damaged", store.path)


def test_a_file_of_ours_with_a_table_missing(tmp_path: Path) -> None:
    store = new_file(tmp_path)
    store.close()
    raw = sqlite3.connect(store.path)
    raw.execute("DROP TABLE meta")
    raw.close()
    refused("damaged", store.path)


def test_a_flipped_byte_in_the_structure(tmp_path: Path) -> None:
    store = new_file(tmp_path)
    for i in range(200):
        put(store, ROOM, filled(store, ROOM, i))
    store.close()
    sound = store.path.read_bytes()
    page = 4096
    answers = set()
    for place in (20, 100, 105, page + 3, page * 2 + 1, len(sound) // 2 // page * page + 5):
        store.path.write_bytes(sound[:place] + bytes([sound[place] ^ 0xFF]) + sound[place + 1 :])
        try:
            open_store(store.path, world(), probe=fixed).close()
        except StoreError as error:
            answers.add(error.code)
    assert "damaged" in answers
    assert answers <= {"damaged", "not_ours", "too_new"}


def test_a_flipped_byte_in_a_value_is_found_by_the_audit(tmp_path: Path) -> None:
    store = new_file(tmp_path)
    put(store, ROOM, {"id": rows.new_id(store), "name": "canary-canary"})
    store.close()
    body = store.path.read_bytes()
    for place in [i for i in range(len(body)) if body.startswith(b"canary-canary", i)]:
        store.path.write_bytes(body[:place] + b"C" + body[place + 1 :])
        with open_store(store.path, world(), probe=fixed) as again:
            found = [*journal.verify_chain(again), *journal.verify_records(again)]
            index = [text for _s, _i, text in rows.index(again, ROOM)]
        assert found or index != ["canary-canary"]


def test_a_truncated_file(tmp_path: Path) -> None:
    store = new_file(tmp_path)
    store.close()
    body = store.path.read_bytes()
    store.path.write_bytes(body[: len(body) // 2])
    refused("damaged", store.path)


OTHER = """
import sys
from pathlib import Path
from eduplan_desktop.errors import StoreError
from eduplan_desktop.environment import Environment
from eduplan_desktop.store.connect import open_store
try:
    store = open_store(Path(sys.argv[1]), Environment(), read_only=len(sys.argv) > 2)
    print("open", store.why_read_only, store.conn.execute("SELECT count(*) FROM room").fetchone()[0])
    store.close()
except StoreError as error:
    print(error.code)
"""


def other_program(path: Path, *more: str) -> str:
    """What another program says of the file."""
    done = subprocess.run(
        [sys.executable, "-c", OTHER, str(path), *more], capture_output=True, text=True, check=True, timeout=60
    )
    return done.stdout.strip()


def test_one_writer_at_a_time(tmp_path: Path) -> None:
    with new_file(tmp_path) as store:
        put(store, ROOM, filled(store, ROOM))
        assert other_program(store.path) == "busy"
        assert other_program(store.path, "read-only") == "open asked 1"
        put(store, ROOM, filled(store, ROOM))
        with open_store(store.path, world(), probe=fixed) as twin:  # the same program may open it again
            put(twin, ROOM, filled(twin, ROOM))
            assert not written_elsewhere(store.path)
        assert other_program(store.path) == "busy"
    assert other_program(store.path) == "open  3"


def test_the_lock_of_a_killed_program_is_gone(tmp_path: Path) -> None:
    store = new_file(tmp_path)
    store.close()
    code = "import sys,os;from pathlib import Path;from eduplan_desktop.store.file_lock import WriterLock;"
    code += "WriterLock(Path(sys.argv[1]));os._exit(9)"
    subprocess.run([sys.executable, "-c", code, str(store.path)], check=False, timeout=60)
    assert lock_path(store.path).exists()
    assert not written_elsewhere(store.path)
    open_store(store.path, world(), probe=fixed).close()
    assert not lock_path(store.path).exists()


def test_a_failed_opening_gives_the_lock_back(tmp_path: Path) -> None:
    path = tmp_path / "x.eduplan"
    path.write_bytes(b"nothing")
    refused("not_ours", path)
    WriterLock(path).release()
    assert not lock_path(path).exists()


def test_reading_alone_while_nobody_writes_leaves_nothing_behind(tmp_path: Path) -> None:
    store = new_file(tmp_path)
    put(store, ROOM, filled(store, ROOM))
    store.close()
    before = store.path.read_bytes()
    with open_store(store.path, world(), read_only=True, probe=fixed) as reader:
        assert reader.why_read_only == "asked"
        assert rows.count(reader, ROOM) == 1
        with pytest.raises(StoreError) as caught, journal.act(reader, "x", "x"):
            raise AssertionError("an act was opened")
        assert caught.value.code == "read_only"
    assert store.path.read_bytes() == before
    assert os.listdir(tmp_path) == ["一小.eduplan"]


@pytest.mark.parametrize("kind", ["removable", "network", "read_only"])
def test_storage_that_is_not_written(tmp_path: Path, kind: str) -> None:
    store = new_file(tmp_path)
    put(store, ROOM, filled(store, ROOM))
    store.close()
    with open_store(store.path, world(), probe=lambda folder: kind) as found:
        assert found.why_read_only == kind
        assert rows.count(found, ROOM) == 1
        with pytest.raises(StoreError) as caught, journal.act(found, "x", "x"):
            raise AssertionError("an act was opened")
        assert caught.value.code == kind
        assert os.listdir(tmp_path) == ["一小.eduplan"]
    with pytest.raises(StoreError) as refusal:
        create_store(tmp_path / "new.eduplan", "school", world(), name="n", probe=lambda folder: kind)
    assert refusal.value.code == kind
    assert os.listdir(tmp_path) == ["一小.eduplan"]


def test_a_stick_pulled_out_before_the_end_still_shows_all(tmp_path: Path) -> None:
    store = new_file(tmp_path)
    put(store, ROOM, filled(store, ROOM))
    stick = tmp_path / "stick"
    stick.mkdir()
    for name in ("一小.eduplan", "一小.eduplan-wal"):
        shutil.copy(tmp_path / name, stick / name)
    store.close()
    with open_store(stick / "一小.eduplan", world(), probe=lambda folder: "removable") as found:
        assert rows.count(found, ROOM) == 1


def test_mount_table_of_this_machine_is_understood(tmp_path: Path) -> None:
    assert storage.kind_of_storage(tmp_path) in ("fixed", "removable", "network", "read_only")
    assert storage.kind_of_storage(Path("/proc")) in ("fixed", "read_only")


def test_every_code_has_a_sentence_and_advice() -> None:
    for code in sqlite_errors.SENTENCES:
        found = sqlite_errors.fault(code, Path("/a/乙.eduplan"))
        assert found.code == code
        assert found.advice.endswith("。")
        assert "乙.eduplan" in found.message
        assert "/a/" not in found.message


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (sqlite3.SQLITE_BUSY, "busy"),
        (sqlite3.SQLITE_BUSY_SNAPSHOT, "busy"),
        (sqlite3.SQLITE_FULL, "full"),
        (sqlite3.SQLITE_READONLY_DIRECTORY, "read_only"),
        (sqlite3.SQLITE_CORRUPT_INDEX, "damaged"),
        (sqlite3.SQLITE_NOTADB, "damaged"),
        (sqlite3.SQLITE_CANTOPEN, "unreachable"),
        (sqlite3.SQLITE_IOERR_READ, "unreachable"),
    ],
)
def test_faults_of_the_world_by_primary_code(tmp_path: Path, error: int, code: str) -> None:
    raised = sqlite3.OperationalError("x")
    raised.sqlite_errorcode = error
    found = sqlite_errors.translated(raised, tmp_path / "x.eduplan")
    assert isinstance(found, StoreError)
    assert found.code == code


def test_bugs_stay_bugs(tmp_path: Path) -> None:
    with new_file(tmp_path) as store:
        with pytest.raises(sqlite3.IntegrityError), journal.act(store, "x", "x") as a:
            a.conn.execute("INSERT INTO room (school, id, floor, search, act) VALUES ('', 'x', 'not a number', '', 1)")
        with pytest.raises(sqlite3.OperationalError), journal.act(store, "x", "x") as a:
            a.conn.execute("INSERT INTO no_such_table VALUES (1)")
        assert not store.conn.in_transaction


def test_the_year_2000_changes_nothing_but_dates(tmp_path: Path) -> None:
    clock = Clock("2026-03-02T08:00:00")
    store = new_file(tmp_path, env=world(clock))
    first = rows.new_id(store)
    put(store, ROOM, {"id": first, "name": "甲"})
    store.close()
    clock.turn(days=-9557)
    with open_store(store.path, world(clock), probe=fixed) as again:
        ids = [rows.new_id(again) for _ in range(500)]
        assert [first, *ids] == sorted({first, *ids})
        put(again, ROOM, {"id": ids[-1], "name": "乙"})
        assert [entry[0] for entry in rows.index(again, ROOM)] == ["", ""]
        assert journal.verify_chain(again) == []
    with open_store(store.path, world(clock), probe=fixed) as third:
        assert rows.new_id(third) > ids[-1]


def test_rows_of_every_register_can_be_read_while_open_twice(tmp_path: Path) -> None:
    with new_file(tmp_path) as store, open_store(store.path, world(), probe=fixed) as twin:
        for number, one in enumerate(REGISTERS):
            put(store if number % 2 else twin, one, filled(store, one, number))
        assert [rows.count(store, one) for one in REGISTERS] == [1] * len(REGISTERS)
        assert journal.verify_chain(twin) == []
        assert journal.verify_records(twin) == []


def test_damage_met_while_reading_is_named_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with new_file(tmp_path) as store, journal.act(store, "import", "导入") as a:
        rows.save_many(a, ROOM, [{"id": f"r{i:05d}", "name": f"教室{i}"} for i in range(3000)])
    body = bytearray(store.path.read_bytes())
    held = body.index("教室1499".encode()) // 4096 * 4096
    body[held : held + 16] = b"\xff" * 16
    store.path.write_bytes(body)
    monkeypatch.setattr("eduplan_desktop.store.connect._CHECKED_BELOW", 0)  # as if it were a large file
    with open_store(store.path, world(), probe=fixed) as again:
        for read in (again.check, lambda: list(rows.scan(again, ROOM)), lambda: rows.index(again, ROOM)):
            with pytest.raises(StoreError) as caught:
                read()
            assert caught.value.code == "damaged"
