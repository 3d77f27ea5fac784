"""A full disk, a torn WAL, a lost page: nothing stored before is lost, and the person is told what to do (invariant 1)."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from eduplan_desktop.errors import StoreError
from eduplan_desktop.registers.catalog import register
from eduplan_desktop.store import attachments, backup, drafts, journal, rows
from eduplan_desktop.store.connect import create_store, open_store
from eduplan_desktop.store.journal import act
from tests.core.store_tools import content, filled, fixed, new_file, put, world
from tests.sampling import sample

resource = pytest.importorskip("resource", reason="limits on the size of files need a Unix")
ROOM = register("room")


@contextmanager
def no_file_beyond(size: int) -> Iterator[None]:
    """As on a full disk: no file may grow beyond `size` bytes."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def many(n: int) -> list[dict[str, Any]]:
    return [{"id": f"r{i:06d}", "name": f"教室{i}", "remark": f"{i}" * 50} for i in range(n)]


@pytest.mark.parametrize("room_left", [0, 4096, 50_000, 300_000])
def test_an_import_on_a_full_disk(tmp_path: Path, room_left: int) -> None:
    with new_file(tmp_path) as store:
        put(store, ROOM, filled(store, ROOM))
        before = content(store)
        wal = tmp_path / "一小.eduplan-wal"
        with no_file_beyond(wal.stat().st_size + room_left):
            with pytest.raises(StoreError) as caught, act(store, "import", "导入") as a:
                rows.save_many(a, ROOM, many(5000))
            assert caught.value.code == "full"
        assert content(store) == before
        put(store, ROOM, filled(store, ROOM))  # with room again, work goes on
        assert journal.verify_chain(store) == []
    with open_store(store.path, world(), probe=fixed) as again:
        assert rows.count(again, ROOM) == 2
        assert journal.verify_records(again) == []


def test_single_saves_and_drafts_on_a_full_disk(tmp_path: Path) -> None:
    with new_file(tmp_path) as store:
        put(store, ROOM, {"id": "a", "name": "甲"})
        size = (tmp_path / "一小.eduplan-wal").stat().st_size
        with no_file_beyond(size):
            with pytest.raises(StoreError) as saving:
                put(store, ROOM, {"id": "a", "name": "乙"})
            with pytest.raises(StoreError) as drafting:
                drafts.keep(store, ROOM, "a", {"name": "丙"})
        assert saving.value.code == drafting.value.code == "full"
        assert rows.get(store, ROOM, "a")["name"] == "甲"  # type: ignore[index]
        assert journal.undo_label(store) == "保存"


def test_undo_on_a_full_disk_can_be_tried_again(tmp_path: Path) -> None:
    with new_file(tmp_path) as store:
        with act(store, "import", "导入") as a:
            rows.save_many(a, ROOM, many(3000))
        store.conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        with no_file_beyond(8192), pytest.raises(StoreError) as caught:
            journal.undo(store)
        assert caught.value.code == "full"
        assert rows.count(store, ROOM) == 3000
        assert journal.undo(store) is not None
        assert rows.count(store, ROOM) == 0


def test_backups_photos_and_new_files_on_a_full_disk_leave_nothing(tmp_path: Path) -> None:
    with new_file(tmp_path) as store:
        put(store, ROOM, filled(store, ROOM))
        good = backup.backup(store, tmp_path / "stick")
        put(store, ROOM, filled(store, ROOM))
        with no_file_beyond(100_000):
            with pytest.raises(StoreError) as saved:
                backup.backup(store, tmp_path / "stick")
            with pytest.raises(StoreError) as made:
                create_store(tmp_path / "new.eduplan", "school", world(), name="n", probe=fixed)
        with no_file_beyond(10), pytest.raises(StoreError) as shown, act(store, "photo", "照片") as a:
            attachments.add_photo(a, ROOM, "x", picture())
        assert {saved.value.code, made.value.code, shown.value.code} == {"full"}
        assert [p for p in (tmp_path / "stick").iterdir() if p.is_file()] == [good]
        assert not (tmp_path / "new.eduplan").exists()
        assert attachments.photos(store, ROOM, "x") == []
        assert not list(store.files.rglob("*.part"))


def picture() -> bytes:
    """A small photo."""
    import io

    from PIL import Image

    out = io.BytesIO()
    Image.new("RGB", (64, 48), "red").save(out, "PNG")
    return out.getvalue()


@pytest.mark.sampled
def test_a_wal_cut_anywhere_gives_a_state_there_once_was(tmp_path: Path) -> None:
    live = tmp_path / "live"
    live.mkdir()
    store = new_file(live)
    states = [content(store)]
    for number in range(4):
        with act(store, "x", "x") as a:
            rows.save_many(a, ROOM, [{"id": f"r{i}", "name": f"{number} {i}"} for i in range(60)])
        states.append(content(store))
    wal = (live / "一小.eduplan-wal").read_bytes()
    kept = tmp_path / "kept"
    kept.mkdir()
    shutil.copy(store.path, kept / "一小.eduplan")
    store.close()
    reached = set()
    for cut in sample(range(0, len(wal) + 1, 100), 60):
        for torn in (wal[:cut], wal[:cut] + os.urandom(3000)):
            found = state_after(kept / "一小.eduplan", torn, tmp_path / "cut")
            assert found in states
            reached.add(states.index(found))
    assert len(reached) > 2


def state_after(database: Path, wal: bytes, folder: Path) -> dict[str, list[Any]]:
    """What the program finds with this WAL beside the database."""
    folder.mkdir(exist_ok=True)
    path = folder / database.name
    shutil.copy(database, path)
    path.with_name(path.name + "-shm").unlink(missing_ok=True)
    path.with_name(path.name + "-wal").write_bytes(wal)
    with open_store(path, world(), probe=fixed) as store:
        assert journal.verify_chain(store) == []
        assert journal.verify_records(store) == []
        return content(store)


@pytest.mark.sampled
def test_any_lost_page_is_named_or_changes_nothing(tmp_path: Path) -> None:
    """A page of zeros or of noise anywhere: the file is refused, the audit finds it, or no record differs."""
    with new_file(tmp_path) as store:
        with act(store, "import", "导入") as a:
            rows.save_many(a, ROOM, many(400))
        before = content(store)
    body = store.path.read_bytes()
    for number in sample(range(len(body) // 4096), 25):
        for noise in (bytes(4096), os.urandom(4096)):
            store.path.write_bytes(body[: number * 4096] + noise + body[(number + 1) * 4096 :])
            assert verdict(store.path, before) in ("damaged", "not_ours", "too_new", "found by the audit", "the same")


def verdict(path: Path, before: dict[str, list[Any]]) -> str:
    """What the program says of a file with a lost page."""
    try:
        with open_store(path, world(), probe=fixed) as again:
            if journal.verify_chain(again) or journal.verify_records(again):
                return "found by the audit"
            return "the same" if content(again) == before else "different and unnoticed"
    except StoreError as error:
        return error.code
