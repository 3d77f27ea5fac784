"""A stick is called ejected only when it is: fakes of the desktop's tools that succeed, refuse, lie, or are missing."""

import io
import json
from collections.abc import Callable, Sequence
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import pytest

from eduplan_desktop.bundle import eject
from eduplan_desktop.bundle.eject import State
from eduplan_desktop.bundle.volumes import Volume
from eduplan_desktop.commands import main

BUSY = "Error unmounting /dev/sdb1: GDBus.Error:org.freedesktop.UDisks2.Error.DeviceBusy: target is busy"
UNMOUNT = ["udisksctl", "unmount", "--no-user-interaction", "-b", "/dev/sdb1"]
POWER_OFF = ["udisksctl", "power-off", "--no-user-interaction", "-b", "/dev/sdb1"]


class Desktop:
    """A PC with a stick, and tools that do what the case says."""

    def __init__(self, stick: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.stick, self.lines = stick, list[list[str]]()
        self.mounted = [
            Volume(stick, "青石岭U盘", True, False, 1, 2, True, "/dev/sdb1"),
            Volume(stick.parent, "硬盘", False, False, 1, 2, True, "/dev/sda1"),
        ]
        self.tools: dict[str, Callable[[], tuple[int, str]]] = {}
        monkeypatch.setattr("eduplan_desktop.bundle.volumes.volumes", lambda: self.mounted)

    def find(self, name: str) -> str | None:
        """Whether a tool is installed."""
        return f"/usr/bin/{name}" if name in self.tools else None

    def run(self, line: Sequence[str]) -> tuple[int, str]:
        """Run a tool."""
        self.lines.append(list(line))
        return self.tools[line[0]]()

    def unmount(self) -> tuple[int, str]:
        """A tool that does it."""
        self.mounted = [v for v in self.mounted if v.path != self.stick]
        return 0, "Unmounted /dev/sdb1."

    def eject(self, folder: Path | None = None) -> eject.Ejected:
        """The act under test."""
        return eject.eject(folder or self.stick, run=self.run, find=self.find)


@pytest.fixture
def desktop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desktop:
    """The PC."""
    stick = tmp_path / "U盘"
    (stick / "上报").mkdir(parents=True)
    (stick / "上报" / "一小-0001.edub").write_bytes(b"bundle")
    return Desktop(stick, monkeypatch)


def test_unmounted_and_switched_off(desktop: Desktop) -> None:
    desktop.tools["udisksctl"] = desktop.unmount
    done = desktop.eject(desktop.stick / "上报")
    assert (done.state, done.label) == (State.EJECTED, "青石岭U盘")
    assert "可以安全拔出" in done.message
    assert desktop.lines == [UNMOUNT, POWER_OFF]


def test_a_drive_that_cannot_be_switched_off_is_safe_once_unmounted(desktop: Desktop) -> None:
    answers = iter([desktop.unmount, lambda: (1, "Error powering off drive: not supported")])
    desktop.tools["udisksctl"] = lambda: next(answers)()
    assert desktop.eject().state is State.EJECTED


def test_in_use_means_not_yet(desktop: Desktop) -> None:
    desktop.tools["udisksctl"] = lambda: (1, BUSY)
    desktop.tools["gio"] = desktop.unmount
    done = desktop.eject()
    assert done.state is State.BUSY
    assert "还不能拔" in done.message
    assert desktop.lines == [UNMOUNT], "no other tool is let loose on a stick in use"


def test_the_second_tool_is_tried_where_the_first_is_not_allowed(desktop: Desktop) -> None:
    desktop.tools["udisksctl"] = lambda: (1, "Not authorized to perform operation")
    desktop.tools["gio"] = desktop.unmount
    assert desktop.eject().state is State.EJECTED
    assert desktop.lines == [UNMOUNT, ["gio", "mount", "-e", str(desktop.stick)]]


@pytest.mark.parametrize("answer", [(0, "Unmounted."), (1, "Not authorized"), (127, "timed out")])
def test_nothing_is_called_ejected_that_is_still_mounted(desktop: Desktop, answer: tuple[int, str]) -> None:
    desktop.tools["gio"] = lambda: answer
    done = desktop.eject()
    assert done.state is State.FAILED
    assert "安全删除硬件" in done.message
    assert "可以安全拔出" not in done.message


def test_without_a_tool_the_person_is_told_how(desktop: Desktop) -> None:
    done = desktop.eject()
    assert done.state is State.BY_HAND
    assert "安全删除硬件" in done.message
    assert desktop.lines == []
    assert eject.stick_of(desktop.stick, desktop.find) == eject.Stick(desktop.stick, "青石岭U盘", False)


def test_an_ordinary_folder_and_the_disk_of_the_system_are_left_alone(
    desktop: Desktop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desktop.tools["udisksctl"] = desktop.unmount
    assert desktop.eject(tmp_path).state is State.NO_STICK
    assert eject.stick_of(tmp_path, desktop.find) is None
    desktop.mounted = [Volume(Path("/"), "/", True, False, 1, 2, True, "/dev/sdb2")]  # a system that runs from a stick
    assert desktop.eject().state is State.NO_STICK
    monkeypatch.setenv("HOME", str(tmp_path / "home" / "clerk"))
    desktop.mounted = [Volume(tmp_path / "home", "home", True, False, 1, 2, True, "/dev/sdb3")]
    assert desktop.eject(tmp_path / "home" / "clerk").state is State.NO_STICK
    assert desktop.lines == []


def test_a_stick_that_fails_while_it_is_flushed_is_not_ejected(
    desktop: Desktop, monkeypatch: pytest.MonkeyPatch
) -> None:
    desktop.tools["udisksctl"] = desktop.unmount

    def broken(_handle: int) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr("os.fsync", broken)
    done = desktop.eject(desktop.stick / "上报")
    assert done.state is State.FAILED
    assert "换一个" in done.message
    assert desktop.lines == []


def test_a_missing_tool_is_an_answer_not_a_crash() -> None:
    code, said = eject.run_tool(["eduplan-no-such-tool"])
    assert code == 127
    assert said


def test_the_command(desktop: Desktop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    desktop.tools["udisksctl"] = desktop.unmount
    monkeypatch.setattr(eject.eject, "__defaults__", (desktop.run, desktop.find))
    for folder, code, state in ((desktop.stick, 0, "ejected"), (tmp_path, 1, "no_stick")):
        out = io.StringIO()
        with redirect_stdout(out), redirect_stderr(io.StringIO()):
            assert main(["eject", str(folder), "--json"]) == code
        assert json.loads(out.getvalue())["state"] == state
