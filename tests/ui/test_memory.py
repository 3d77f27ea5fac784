"""What the window remembers, and what it must never hold."""

from pathlib import Path

import pytest

from ui.memory import FILE, Memory
from ui.recent import LIMIT, RecentFile, forget_file, move_file, note_file, note_state, recent_files


def test_what_was_put_is_there_next_time(tmp_path: Path) -> None:
    memory = Memory(tmp_path)
    memory.put("table.equipment.widths", {"name": 120})
    assert memory.save()
    assert Memory(tmp_path).get("table.equipment.widths", {}) == {"name": 120}


@pytest.mark.parametrize("body", ["", "{", "[1, 2]", '{"window.navigation": "wide"}', "\x00\x01"])
def test_a_damaged_memory_counts_as_none(tmp_path: Path, body: str) -> None:
    (tmp_path / FILE).write_text(body, encoding="utf-8")
    assert Memory(tmp_path).get("window.navigation", 184) == 184
    assert recent_files(Memory(tmp_path)) == []


def test_a_home_that_cannot_be_written_is_no_fault(tmp_path: Path) -> None:
    blocked = tmp_path / "home"
    blocked.write_text("a file where the folder should be")
    memory = Memory(blocked)
    memory.put("x", 1)
    assert memory.save() is False


def test_the_newest_file_is_first_and_the_list_is_short(tmp_path: Path) -> None:
    memory = Memory(tmp_path)
    for n in range(LIMIT + 3):
        note_file(memory, RecentFile(f"/data/{n}.eduplan", f"第{n}小学"))
    note_file(memory, RecentFile("/data/5.eduplan", "第5小学"))
    files = recent_files(Memory(tmp_path))
    assert len(files) == LIMIT
    assert files[0].path == "/data/5.eduplan"
    assert len({f.path for f in files}) == LIMIT


def test_a_file_can_be_forgotten_moved_and_told_about(tmp_path: Path) -> None:
    memory = Memory(tmp_path)
    note_file(memory, RecentFile("/a", "甲"))
    note_file(memory, RecentFile("/b", "乙"))
    note_state(memory, "/a", "overdue", "3 项隐患超期")
    move_file(memory, "/b", "/c")
    forget_file(memory, "/nothing")
    assert [(f.path, f.state) for f in recent_files(memory)] == [("/c", ""), ("/a", "3 项隐患超期")]
    forget_file(memory, "/a")
    assert [f.path for f in recent_files(memory)] == ["/c"]


def test_entries_of_another_program_version_are_skipped(tmp_path: Path) -> None:
    memory = Memory(tmp_path)
    memory.put("recent", [{"path": "/a", "title": "甲", "colour": "red"}, "nonsense", {"path": "/b", "title": "乙"}])
    assert [f.path for f in recent_files(memory)] == ["/b"]
