"""Letting a stick go: flushed, then unmounted by the desktop's own tools. Nothing is called ejected that is still mounted.

Only what the system lists as a removable drive is touched, never an ordinary folder, nor the drive this user lives on. Where
there is no tool (Windows, a bare Linux), the person is told to use the system's own 安全删除硬件.
"""

import contextlib
import errno
import os
import shutil
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

from eduplan_desktop.bundle import volumes
from eduplan_desktop.bundle.volumes import Volume
from eduplan_desktop.i18n import _

LIMIT: Final = 120
"""Seconds after which a tool counts as failed; a slow stick may take long to write what is still on its way."""
_BUSY: Final = ("busy", "in use")
_LOST: Final = (errno.EIO, errno.ENOSPC, errno.ENODEV, errno.ENXIO)

Runner = Callable[[Sequence[str]], tuple[int, str]]
"""A command line in, exit code and everything it said out. Injected, so that tests play any desktop."""
Finder = Callable[[str], str | None]
"""Where a program lies, None where there is none."""


class State(StrEnum):
    """What became of a stick that was to be let go."""

    EJECTED = "ejected"
    BUSY = "busy"
    BY_HAND = "by_hand"
    FAILED = "failed"
    NO_STICK = "no_stick"


@dataclass(frozen=True, slots=True)
class Stick:
    """The stick a folder lies on. can_eject: whether this PC has a tool for it."""

    path: Path
    label: str
    can_eject: bool


@dataclass(frozen=True, slots=True)
class Ejected:
    """The answer. label: the stick as the system names it; message: one sentence that says what to do now."""

    state: State
    label: str
    message: str


def run_tool(line: Sequence[str]) -> tuple[int, str]:
    """Run a tool of the desktop, in plain English and without a question."""
    try:
        done = subprocess.run(
            list(line),
            capture_output=True,
            text=True,
            errors="replace",
            stdin=subprocess.DEVNULL,
            timeout=LIMIT,
            check=False,
            env={**os.environ, "LC_ALL": "C"},
        )
    except (OSError, subprocess.SubprocessError) as fault:
        return 127, str(fault)
    return done.returncode, done.stdout + done.stderr


def stick_of(folder: Path, find: Finder = shutil.which) -> Stick | None:
    """The stick that a folder lies on, None for any other place."""
    held = _volume_of(folder)
    return None if held is None else Stick(held.path, held.label, bool(_ways(held, find)))


def _volume_of(folder: Path) -> Volume | None:
    place, home = folder.resolve(), Path.home().resolve()
    around = [v for v in volumes.volumes() if place == v.path or v.path in place.parents]
    nearest = max(around, key=lambda v: len(v.path.parts), default=None)
    if nearest is None or not nearest.removable or nearest.path == Path(nearest.path.anchor) == Path("/"):
        return None
    return None if home == nearest.path or nearest.path in home.parents else nearest


def _ways(held: Volume, find: Finder) -> list[list[str]]:
    """Command lines that unmount this stick, the better one first."""
    ways = []
    if held.device and find("udisksctl"):
        ways.append(["udisksctl", "unmount", "--no-user-interaction", "-b", held.device])
    if os.name != "nt" and find("gio"):
        ways.append(["gio", "mount", "-e", str(held.path)])
    return ways


def eject(folder: Path, run: Runner = run_tool, find: Finder = shutil.which) -> Ejected:
    """Flush what was written to `folder` and let its stick go. Slow: not for the window's thread."""
    held = _volume_of(folder)
    if held is None:
        return Ejected(State.NO_STICK, "", _("这个文件夹不在 U 盘上，不用弹出。"))
    if not _flushed(folder):
        return Ejected(State.FAILED, held.label, _("U 盘读写出错，没有弹出。请换一个 U 盘再写一份。"))
    ways = _ways(held, find)
    for line in ways:
        _code, said = run(line)
        if not _mounted(held):
            if line[0] == "udisksctl":  # switched off where the drive can be; unmounted it is safe already
                run(["udisksctl", "power-off", "--no-user-interaction", "-b", held.device])
            return Ejected(State.EJECTED, held.label, _("可以安全拔出 U 盘：{label} 已弹出。").format(label=held.label))
        if any(word in said.lower() for word in _BUSY):
            words = _("U 盘还不能拔：有程序正在用它。请关掉 U 盘上打开着的文件和文件夹，再弹出一次。")
            return Ejected(State.BUSY, held.label, words)
    if not ways:
        return Ejected(State.BY_HAND, held.label, by_hand())
    return Ejected(State.FAILED, held.label, _("没有弹出。") + by_hand())


def by_hand() -> str:
    """What to do where the program cannot eject."""
    return _("拔 U 盘以前，请用任务栏右下角的“安全删除硬件”，或文件管理器里的“弹出”，看到可以移除再拔。")


def _mounted(held: Volume) -> bool:
    return any(v.path == held.path for v in volumes.volumes())


def _flushed(folder: Path) -> bool:
    """Bring what stands in the folder, and its list of names, onto the stick; False where the stick says that it cannot."""
    try:
        with os.scandir(folder) as found:
            files = [Path(entry.path) for entry in found if entry.is_file(follow_symlinks=False)]
        for path in [*files, *([] if os.name == "nt" else [folder])]:
            _flush(path)
    except OSError as fault:
        return fault.errno not in _LOST
    return True


def _flush(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    except OSError as fault:
        if fault.errno in _LOST:
            raise
    finally:
        with contextlib.suppress(OSError):
            os.close(handle)
