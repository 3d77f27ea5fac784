"""Backups: whole, verified, the newest ten by act number; restore, move and copy; keys are never touched (D2, D10)."""

import os
import shutil
from pathlib import Path

import pytest

from eduplan_desktop.errors import StoreError
from eduplan_desktop.registers.catalog import REGISTERS, register
from eduplan_desktop.store import attachments, backup, bodies, compartments, journal, rows
from eduplan_desktop.store.connect import open_store
from eduplan_desktop.store.journal import act
from tests.core.store_tools import PASSPHRASE, Clock, content, filled, fixed, new_file, put, world
from tests.core.test_store_photos import picture

ROOM, STAFF = register("room"), register("staff")


def test_a_backup_holds_everything_and_opens(tmp_path: Path) -> None:
    with new_file(tmp_path) as store:
        for number, one in enumerate(REGISTERS):
            put(store, one, filled(store, one, number))
        with act(store, "photo", "照片") as a:
            digest = attachments.add_photo(a, ROOM, "x", picture(50, 40))
        path = backup.backup(store, tmp_path / "U盘")
        before, head = content(store), journal.head(store)
    with open_store(path, world(), read_only=True, probe=fixed) as kept:
        assert content(kept) == before
        assert journal.head(kept) == head
        assert kept.file_id == store.file_id
    assert list((tmp_path / "U盘").glob(f"*.files/photos/{digest}.jpg"))
    assert not list((tmp_path / "U盘").glob("*-wal"))


def test_the_newest_ten_are_kept_by_act_not_by_date(tmp_path: Path) -> None:
    clock = Clock("2026-03-02T08:00:00")
    with new_file(tmp_path, env=world(clock)) as store:
        made = []
        for number in range(13):
            clock.turn(days=-1)  # a clock that runs backwards changes nothing
            put(store, ROOM, {"id": "a", "name": f"{number}"})
            made.append(backup.backup(store, tmp_path / "stick"))
        other = tmp_path / "stick" / "别的文件-0123abcd.00000001.2020-01-01.eduplan"
        other.write_text("another school")
        put(store, ROOM, {"id": "a", "name": "最后"})
        made.append(backup.backup(store, tmp_path / "stick"))
        left = backup.backups(tmp_path / "stick", store.file_id)
        assert [b.path for b in left] == made[-10:]
        assert other.exists()
        assert backup.backup(store, tmp_path / "stick", keep=3).exists()
        assert len(backup.backups(tmp_path / "stick", store.file_id)) == 3


def test_once_a_day_on_close(tmp_path: Path) -> None:
    clock = Clock("2026-03-02T08:00:00")
    with new_file(tmp_path, env=world(clock)) as store:
        assert backup.daily_backup(store) is None  # nothing there yet
        assert backup.last_backup(store) == ""
        put(store, ROOM, {"id": "a", "name": "1"})
        first = backup.daily_backup(store)
        assert first is not None
        assert backup.last_backup(store) == "2026-03-02"
        assert first.parent == store.files / "backups"
        put(store, ROOM, {"id": "a", "name": "2"})
        assert backup.daily_backup(store) is None  # the same day
        clock.turn(days=1)
        assert backup.daily_backup(store) is not None
        clock.turn(days=1)
        assert backup.daily_backup(store) is None  # nothing new
        for day in range(12):
            put(store, ROOM, {"id": "a", "name": f"第{day}天"})
            clock.turn(days=1)
            backup.daily_backup(store)
        assert len(backup.backups(store.files / "backups", store.file_id)) == 10


def test_a_clock_that_stands_still_does_not_stop_backups(tmp_path: Path) -> None:
    with new_file(tmp_path, env=world(Clock("2000-01-01T00:00:00"))) as store:
        store.conn.execute("PRAGMA synchronous = OFF")
        made = 0
        for number in range(120):
            put(store, ROOM, {"id": "a", "name": f"{number}"})
            made += backup.daily_backup(store) is not None
        assert made == 3


def test_a_read_only_file_makes_no_daily_backup(tmp_path: Path) -> None:
    with new_file(tmp_path) as store:
        put(store, ROOM, {"id": "a", "name": "1"})
    with open_store(store.path, world(), read_only=True, probe=fixed) as reader:
        assert backup.daily_backup(reader) is None
        assert backup.backup(reader, tmp_path / "stick").exists()  # but it can be carried away


@pytest.mark.parametrize("way", ["restore", "move", "copy"])
def test_three_ways_back(tmp_path: Path, way: str) -> None:
    with new_file(tmp_path) as store:
        put(store, ROOM, filled(store, ROOM))
        with act(store, "x", "x") as a:
            compartments.make(a, "personal", PASSPHRASE)
            attachments.add_photo(a, ROOM, "x", picture(50, 40))
            a.conn.execute("INSERT INTO submission VALUES (1, 'd', 'm', 'f', '[]', '{}', 's', '', 0)")
            a.conn.execute("INSERT INTO slice_mark VALUES ('room', 1, 'c', 1)")
        file_id, last = store.file_id, store.last_id
        path = backup.backup(store, tmp_path / "stick")
        put(store, ROOM, filled(store, ROOM))
    keys = tmp_path / "home"
    keys.mkdir()
    with backup.restore(path, tmp_path / "新" / "二小.eduplan", world(home=keys), way, probe=fixed) as found:
        assert rows.count(found, ROOM) == 1
        assert (found.file_id == file_id) == (way != "copy")
        assert not found.read_only
        assert attachments.missing(found) == []
        assert journal.verify_chain(found) == []
        assert journal.verify_records(found) == []
        signed = found.conn.execute("SELECT count(*) FROM submission").fetchone()[0]
        marks = found.conn.execute("SELECT count(*) FROM slice_mark").fetchone()[0]
        assert (signed, marks) == ((0, 0) if way == "copy" else (1, 1))
        compartments.open_with(found, "personal", PASSPHRASE)
        assert rows.new_id(found) > last
        put(found, ROOM, filled(found, ROOM))
    assert os.listdir(keys) == []
    assert sorted(os.listdir(tmp_path / "新")) == ["二小.eduplan", "二小.eduplan.files"]


def test_a_file_on_a_stick_is_brought_to_the_disk(tmp_path: Path) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    with new_file(stick) as store:
        put(store, ROOM, filled(store, ROOM))
        with act(store, "photo", "照片") as a:
            attachments.add_photo(a, ROOM, "x", picture(50, 40))
    with backup.restore(store.path, tmp_path / "disk" / "一小.eduplan", world(), "move", probe=fixed) as found:
        assert found.file_id == store.file_id
        assert attachments.missing(found) == []
        assert rows.count(found, ROOM) == 1


def test_a_daily_backup_finds_the_bodies_beside_it(tmp_path: Path) -> None:
    with new_file(tmp_path) as store:
        with act(store, "photo", "照片") as a:
            attachments.add_photo(a, ROOM, "x", picture(50, 40))
        path = backup.daily_backup(store)
    assert path is not None
    with backup.restore(path, tmp_path / "disk" / "一小.eduplan", world(), "restore", probe=fixed) as found:
        assert attachments.missing(found) == []


def test_restoring_goes_over_nothing_and_from_nothing_broken(tmp_path: Path) -> None:
    with new_file(tmp_path) as store:
        for i in range(50):
            put(store, ROOM, filled(store, ROOM, i))
        path = backup.backup(store, tmp_path / "stick")
    answers = {}
    cases = {"exists": (path, store.path), "missing": (tmp_path / "no.eduplan", tmp_path / "a.eduplan")}
    broken = tmp_path / "broken.eduplan"
    body = path.read_bytes()
    broken.write_bytes(body[: len(body) // 2])
    cases["damaged"] = (broken, tmp_path / "b.eduplan")
    text = tmp_path / "text.eduplan"
    text.write_text("x")
    cases["not_ours"] = (text, tmp_path / "c.eduplan")
    for code, (source, to) in cases.items():
        with pytest.raises(StoreError) as caught:
            backup.restore(source, to, world(), "restore", probe=fixed)
        answers[code] = caught.value.code
        assert code == "exists" or not list(tmp_path.glob(f"{to.name}*"))
    assert answers == {code: code for code in cases}
    with pytest.raises(StoreError) as storage:
        backup.restore(path, tmp_path / "d.eduplan", world(), "restore", probe=lambda folder: "removable")
    assert storage.value.code == "removable"
    with pytest.raises(ValueError, match="unknown way"):
        backup.restore(path, tmp_path / "d.eduplan", world(), "clone", probe=fixed)


def test_a_restored_file_goes_on_where_the_backup_stood(tmp_path: Path) -> None:
    with new_file(tmp_path) as store:
        put(store, ROOM, {"id": rows.new_id(store), "name": "甲"})
        path = backup.backup(store, tmp_path / "stick")
        last = store.last_id
    shutil.rmtree(store.files, ignore_errors=True)
    store.path.unlink()
    with backup.restore(path, store.path, world(Clock("2000-01-01T00:00:00")), "restore", probe=fixed) as found:
        assert rows.new_id(found) > last


def test_bodies_are_written_once(tmp_path: Path) -> None:
    first = bodies.put_body(tmp_path, "photos", "a.jpg", b"1")
    assert bodies.put_body(tmp_path, "photos", "a.jpg", b"2") == first
    assert bodies.read_body(tmp_path, "photos", "a.jpg") == b"1"
    assert bodies.read_body(tmp_path, "photos", "b.jpg") is None
    assert bodies.read_body(tmp_path, "photos", "a.jpg", "0" * 64) is None
    bodies.put_body(tmp_path, "bundles", "b.edub", first)
    assert bodies.copy_missing(tmp_path, tmp_path / "to") == 2
    assert bodies.copy_missing(tmp_path, tmp_path / "to") == 0
    assert bodies.read_body(tmp_path / "to", "bundles", "b.edub") == b"1"
