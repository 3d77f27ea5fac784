"""Where keys lie: proposed on a disk that survives resets, never on a stick, found again after C: was reset (D6)."""

import io
import json
from collections.abc import Sequence
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any

import pytest

from eduplan_desktop.acts import key_home
from eduplan_desktop.commands import main
from eduplan_desktop.environment import HOME_POINTER, Environment, default_home, user_folder
from eduplan_desktop.errors import RefusedError, WorldError
from eduplan_desktop.store.storage import Disk, disks


@pytest.fixture
def pc(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A PC on which nobody has chosen: its system disk C and what lies beside it are folders."""
    monkeypatch.delenv("EDUPLAN_HOME")
    monkeypatch.delenv("LOCALAPPDATA", raising=False)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "C" / "用户"))
    for letter in "CDEF":
        (tmp_path / letter).mkdir()
    return tmp_path


def drives(pc: Path) -> Sequence[Disk]:
    """C: the system, D: a stick, E: another fixed disk, F: a network drive."""
    kinds = (("C", "fixed"), ("D", "removable"), ("E", "fixed"), ("F", "network"))
    return [Disk(pc / letter, kind, letter == "C") for letter, kind in kinds]


def put_key(folder: Path, file: str = "f") -> None:
    """A key as joining leaves it."""
    (folder / "keys" / file).mkdir(parents=True)
    (folder / "keys" / file / "keys.json").write_text("{}")


def run(*words: str) -> tuple[int, dict[str, Any], str]:
    """One command with --json: exit code, answer, what was said beside it."""
    out, said = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(said):
        code = main([*words, "--json"])
    return code, json.loads(out.getvalue() or "{}"), said.getvalue()


def test_a_fixed_disk_beside_the_system_is_proposed(pc: Path) -> None:
    first = key_home.first_run(Environment(), lambda: drives(pc))
    assert first == key_home.FirstRun(pc / "E" / "EduPlan", True, ())


def test_without_another_disk_the_folder_of_the_person_is_proposed(pc: Path) -> None:
    for there in ([], [Disk(pc / "C", "fixed", True)], [Disk(pc / "D", "removable", False)]):
        first = key_home.first_run(Environment(), lambda there=there: there)  # type: ignore[misc]
        assert first == key_home.FirstRun(user_folder(), False, ())
    assert disks() == []  # this machine has one tree


def test_the_choice_holds_for_the_next_start_and_is_asked_once(pc: Path) -> None:
    to = pc / "E" / "EduPlan"
    (user_folder()).mkdir(parents=True)
    (user_folder() / "settings.json").write_text('{"who": "王示例"}', encoding="utf-8")
    assert key_home.choose(Environment(), to).home == to
    assert default_home() == to
    assert "王示例" in (to / "settings.json").read_text(encoding="utf-8")
    assert key_home.first_run(Environment(), lambda: drives(pc)) is None
    assert key_home.place(Environment()) == key_home.KeyPlace(to, True, True)


def test_after_a_reset_of_the_system_disk_the_old_folder_is_found(pc: Path) -> None:
    to = pc / "E" / "EduPlan"
    key_home.choose(Environment(), to)
    put_key(to)
    (user_folder() / HOME_POINTER).unlink()
    first = key_home.first_run(Environment(), lambda: drives(pc))
    assert first is not None
    assert first.found == (to,)
    assert key_home.choose(Environment(), first.found[0]).home == to
    assert (to / "keys" / "f" / "keys.json").is_file()


def test_nothing_is_asked_where_a_folder_is_named_or_keys_are_already_there(
    pc: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_key(user_folder())
    assert key_home.first_run(Environment(), lambda: drives(pc)) is None
    monkeypatch.setenv("EDUPLAN_HOME", str(pc / "D"))
    assert key_home.first_run(Environment(), lambda: drives(pc)) is None
    with pytest.raises(RefusedError) as refused:
        key_home.choose(Environment(), pc / "E")
    assert refused.value.code == "key_folder_named"


@pytest.mark.parametrize(("kind", "word"), [("removable", "U 盘"), ("network", "网络盘"), ("read_only", "只能读")])
def test_a_stick_is_refused_with_the_reason_and_the_way_out(pc: Path, kind: str, word: str) -> None:
    with pytest.raises(RefusedError, match=word) as refused:
        key_home.choose(Environment(), pc / "D" / "密钥", probe=lambda _folder: kind)
    assert refused.value.code == "key_folder_storage"
    assert "D 盘" in refused.value.advice
    assert not (pc / "D" / "密钥").exists()
    assert default_home() == user_folder()


def test_keys_are_copied_and_never_replace_others(pc: Path) -> None:
    put_key(user_folder())
    to = pc / "E" / "密钥"
    env = key_home.choose(Environment(), to)
    assert (to / "keys" / "f" / "keys.json").read_text() == "{}"
    assert (user_folder() / "keys" / "f" / "keys.json").is_file()
    put_key(pc / "E" / "别的")
    with pytest.raises(RefusedError) as refused:
        key_home.choose(env, pc / "E" / "别的")
    assert refused.value.code == "key_folder_taken"
    assert default_home() == to


def test_a_folder_that_cannot_be_made_leaves_everything_as_it_was(pc: Path) -> None:
    (pc / "E" / "文件").write_text("not a folder")
    with pytest.raises(WorldError) as failed:
        key_home.choose(Environment(), pc / "E" / "文件" / "密钥")
    assert failed.value.code == "home_unwritable"
    assert default_home() == user_folder()


@pytest.mark.parametrize("note", [b"", b"  \n", b"\xff\xfe\xfa"])
def test_a_note_that_cannot_be_read_counts_as_none(pc: Path, note: bytes) -> None:
    user_folder().mkdir(parents=True)
    (user_folder() / HOME_POINTER).write_bytes(note)
    assert default_home() == user_folder()


def test_the_command_shows_and_chooses(pc: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(key_home.first_run, "__defaults__", (lambda: drives(pc),))
    code, answer, _said = run("home")
    assert (code, answer["chosen"], answer["proposed"]) == (0, False, str(pc / "E" / "EduPlan"))
    code, answer, _said = run("home", "--proposed")
    assert (code, answer["chosen"], answer["folder"]) == (0, True, str(pc / "E" / "EduPlan"))
    code, answer, _said = run("home", "--use", str(pc / "E" / "别处"))
    assert (code, answer["folder"], default_home()) == (0, str(pc / "E" / "别处"), pc / "E" / "别处")
    assert run("home", "--use", str(pc), "--proposed")[0] == 2


def test_the_command_takes_up_what_an_earlier_run_left(pc: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(key_home.first_run, "__defaults__", (lambda: drives(pc),))
    put_key(pc / "E" / "EduPlan")
    assert run("home")[1]["found"] == [str(pc / "E" / "EduPlan")]
    assert run("home", "--proposed")[1]["folder"] == str(pc / "E" / "EduPlan")
