"""Writing to a stick leaves a whole file or none, whatever fails on the way; finding envelopes is bounded; drives are told apart."""

import errno
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eduplan_desktop.bundle import stick, volumes
from eduplan_desktop.bundle.stick import find_envelopes, safe_name, write_file
from eduplan_desktop.errors import WorldError
from tests.core import bundle_samples as b


def left(folder: Path) -> list[str]:
    """Names in a folder."""
    return sorted(p.name for p in folder.iterdir())


def test_a_bundle_is_written_whole(tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []
    outgoing = b.submission([b.room_part(b.ROOMS)])
    name = stick.submission_name("示例小学", 7, outgoing.digest)
    path = stick.write_envelope(outgoing, tmp_path, name, lambda done, total: seen.append((done, total)))
    assert path.name == f"示例小学-0007-{outgoing.digest[:8]}.edub"
    assert left(tmp_path) == [path.name]
    assert path.read_bytes() == b"".join(outgoing.pieces())
    assert seen[-1] == (2 * outgoing.length, 2 * outgoing.length)
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)
    copied = stick.copy_file(path, tmp_path, "copy.edub")
    assert copied.read_bytes() == path.read_bytes()


def test_an_older_file_stays_until_the_new_one_is_whole(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"old")

    def pieces() -> Iterator[bytes]:
        yield b"ne"
        assert (tmp_path / "x").read_bytes() == b"old"
        yield b"w"

    assert write_file(tmp_path, "x", pieces(), 3).read_bytes() == b"new"


def failing(at: int) -> Iterator[bytes]:
    """Pieces that fail after so many."""
    for _ in range(at):
        yield b"piece"
    raise RuntimeError("stopped")


@pytest.mark.parametrize("at", [0, 1, 5])
def test_a_stopped_writer_leaves_nothing(tmp_path: Path, at: int) -> None:
    (tmp_path / "x").write_bytes(b"old")
    with pytest.raises(RuntimeError, match="stopped"):
        write_file(tmp_path, "x", failing(at), 100)
    assert left(tmp_path) == ["x"]
    assert (tmp_path / "x").read_bytes() == b"old"


def test_a_length_that_is_wrong_is_a_bug(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="another length"):
        write_file(tmp_path, "x", [b"12"], 3)
    assert left(tmp_path) == []


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (errno.ENOSPC, "no_space"),
        (errno.EDQUOT, "no_space"),
        (errno.EFBIG, "no_space"),
        (errno.EACCES, "not_writable"),
        (errno.EROFS, "not_writable"),
        (errno.ENODEV, "missing"),
        (errno.ENOENT, "missing"),
        (errno.EIO, "stick_failed"),
    ],
)
@pytest.mark.parametrize("where", ["fsync", "replace"])
def test_faults_of_the_device(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: str, number: int, code: str
) -> None:
    def fault(*_: Any) -> None:
        raise OSError(number, "device")

    monkeypatch.setattr(os, where, fault)
    with pytest.raises(WorldError) as caught:
        write_file(tmp_path, "x", [b"abc"], 3)
    assert caught.value.code == code
    assert caught.value.advice
    assert left(tmp_path) == []


def test_a_stick_that_forgets_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.fsync

    def forget(handle: int) -> None:
        real(handle)
        os.truncate(tmp_path / "x.part", 2)

    monkeypatch.setattr(os, "fsync", forget)
    with pytest.raises(WorldError) as caught:
        write_file(tmp_path, "x", [b"abc"], 3)
    assert caught.value.code == "stick_failed"
    assert left(tmp_path) == []


def test_a_full_or_missing_stick_is_noticed_before_writing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(WorldError) as caught:
        write_file(tmp_path / "nowhere", "x", [], 0)
    assert caught.value.code == "missing"
    usage = shutil.disk_usage(tmp_path)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=stick.SPARE + 2))
    with pytest.raises(WorldError) as caught:
        write_file(tmp_path, "x", failing(0), 3)
    assert caught.value.code == "no_space"
    with pytest.raises(WorldError) as caught:
        stick.copy_file(tmp_path / "nowhere", tmp_path, "x")
    assert caught.value.code == "missing"


# --- names ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("示例小学", "示例小学"),
        ("  示例 \t 小学. ", "示例 小学"),
        ('a/b\\c:d*e?f"g<h>i|j', "a_b_c_d_e_f_g_h_i_j"),
        ("..", "_"),
        ("", "_"),
        ("con", "_con"),
        ("COM1.x", "_COM1.x"),
        ("a\u202eb", "a_b"),
        ("阿卜来提·如则托合提", "阿卜来提·如则托合提"),
        ("𬭎" * 40, "𬭎" * 22),
    ],
)
def test_names_every_system_takes(text: str, name: str) -> None:
    assert safe_name(text) == name


@given(st.text(max_size=120))
def test_any_text_makes_a_name(text: str) -> None:
    name = safe_name(text)
    assert 0 < len(name.encode("utf-8")) <= 91
    assert not set(name) & set('/\\:*?"<>|\0\n')
    assert name == name.strip(" .")
    assert name not in (".", "..")
    assert safe_name(name) == name


def test_names_of_the_four_kinds() -> None:
    assert stick.kit_name("示例县", 12) == "示例县-kit-12.edukit"
    assert stick.enrolment_name("示例小学", "ABCD-EFGH") == "示例小学-ABCD.eduenrol"
    assert stick.receipt_name("示例小学", 3) == "示例小学-receipt-0003.edurcpt"


# --- finding -------------------------------------------------------------------------------------------------------------


def test_finding_envelopes(tmp_path: Path) -> None:
    deep = tmp_path.joinpath(*"abcdefgh")
    deep.mkdir(parents=True)
    (tmp_path / "a" / "b").mkdir(exist_ok=True)
    (tmp_path / ".hidden").mkdir()
    for place in ("1.edub", "a/2.EDUB", "a/b/3.edurcpt", "x.txt", "._1.edub", ".hidden/4.edub", "1.edub.part"):
        (tmp_path / place).write_bytes(b"x")
    (deep / "5.edub").write_bytes(b"x")
    os.symlink(tmp_path, tmp_path / "a" / "loop")
    found = find_envelopes([tmp_path])
    assert [(p.path.name, p.purpose, p.size) for p in found] == [
        ("1.edub", "submission", 1),
        ("2.EDUB", "submission", 1),
        ("3.edurcpt", "receipt", 1),
    ]
    assert [p.path.name for p in find_envelopes([tmp_path], "receipt")] == ["3.edurcpt"]
    named = find_envelopes([tmp_path / "x.txt", tmp_path / "1.edub", tmp_path], "submission")
    assert [(p.path.name, p.purpose) for p in named] == [
        ("1.edub", "submission"),
        ("2.EDUB", "submission"),
        ("x.txt", ""),
    ]
    with pytest.raises(WorldError) as caught:
        find_envelopes([tmp_path / "gone"])
    assert caught.value.code == "missing"


def test_a_folder_without_end_is_searched_to_an_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stick, "MOST", 10)
    for number in range(40):
        (tmp_path / f"{number:02}.edub").write_bytes(b"")
    assert len(find_envelopes([tmp_path])) == 10


# --- drives --------------------------------------------------------------------------------------------------------------


def test_drives_are_listed_here() -> None:
    for volume in volumes.volumes():
        assert volume.path.is_dir()
        assert 0 <= volume.free <= volume.total


def test_sticks_and_network_drives_are_told_apart(tmp_path: Path) -> None:
    system = tmp_path / "sys"
    for disk, bus, flag in (("sda", "pci/ata1", "0"), ("sdb", "pci/usb1", "0"), ("mmcblk0", "pci/mmc", "1")):
        place = system / "devices" / bus / disk
        (place / f"{disk}1").mkdir(parents=True)
        (place / "removable").write_text(f"{flag}\n", encoding="ascii")
        (system / "class" / "block").mkdir(parents=True, exist_ok=True)
        for name, target in ((disk, place), (f"{disk}1", place / f"{disk}1")):
            os.symlink(target, system / "class" / "block" / name)
    lines = []
    for device, kind, name in (
        ("/dev/sda1", "ext4", "disk"),
        ("/dev/sdb1", "vfat", "my\\040stick"),
        ("/dev/mmcblk0", "exfat", "card"),
        ("server:/share", "nfs4", "share"),
        ("proc", "proc", "proc"),
        ("/dev/sr0", "iso9660", "cd"),
        ("/dev/sda9", "ext4", "gone"),
    ):
        place = tmp_path / name.replace("\\040", " ")
        if name != "gone":
            place.mkdir()
        lines.append(f"{device} {tmp_path / name!s} {kind} rw 0 0")
    mounts = tmp_path / "mounts"
    mounts.write_text("\n".join(lines) + "\n", encoding="utf-8")
    found = {v.path.name: (v.removable, v.network) for v in volumes._linux(mounts, system)}
    assert found == {
        "disk": (False, False),
        "my stick": (True, False),
        "card": (True, False),
        "share": (False, True),
    }
    assert list(volumes._linux(tmp_path / "none", system)) == []


def test_a_drive_in_a_folder_of_somebody_else_is_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The table of mounts is everybody's; what this person may not even look at is no place to write to."""
    own, other = tmp_path / "own", tmp_path / "other"
    mounts = tmp_path / "mounts"
    mounts.write_text("".join(f"/dev/sda{n} {p} ext4 rw 0 0\n" for n, p in enumerate((other, own), 1)), "utf-8")
    own.mkdir()
    look = os.stat

    def stat(path: object, *rest: object, **options: object) -> os.stat_result:
        if str(path) == str(other):
            raise PermissionError(13, "Permission denied", str(path))
        return look(path, *rest, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(os, "stat", stat)
    assert [v.path for v in volumes._linux(mounts, tmp_path / "sys")] == [own]
