"""Where keys and settings lie: asked once, proposed on a disk that a restore card leaves alone, never on a stick (D6).

The choice is noted in the user's own folder, which on Windows lies on C:. Where C: is reset the note is gone, so a first run
looks in the places it proposes for the keys of an earlier one before it asks. Called by settings, joining and the command line.
"""

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from eduplan_desktop.acts import home
from eduplan_desktop.environment import HOME_POINTER, Environment, user_folder
from eduplan_desktop.errors import RefusedError, WorldError
from eduplan_desktop.i18n import _
from eduplan_desktop.store.storage import Disks, Probe, disks, kind_of_storage

FOLDER: Final = "EduPlan"
"""Name of the proposed folder on a disk of its own; a later run looks for it there."""
_KEPT: Final = ("settings.json", "window.json")


@dataclass(frozen=True, slots=True)
class KeyPlace:
    """Where keys and settings lie. chosen: a person chose the folder; fixed: it lies on a disk of this PC."""

    folder: Path
    chosen: bool
    fixed: bool


@dataclass(frozen=True, slots=True)
class FirstRun:
    """Nobody has chosen yet. other_disk: the proposal is not on the system disk; found: where keys of an earlier run lie."""

    proposed: Path
    other_disk: bool
    found: tuple[Path, ...]


def place(env: Environment, probe: Probe = kind_of_storage) -> KeyPlace:
    """The key and settings folder as it is."""
    return KeyPlace(env.home, _named() or _pointer().is_file(), _storage(env.home, probe) == "fixed")


def first_run(env: Environment, drives: Disks = disks) -> FirstRun | None:
    """What to propose, or None where a folder was named or chosen, or keys are already in the user's own folder."""
    if _named() or _pointer().is_file() or env.home != user_folder() or _has_keys(env.home):
        return None
    there = list(_proposals(drives))
    proposed = there[0] if there else env.home
    return FirstRun(proposed, bool(there), tuple(p for p in there if _has_keys(p)))


def choose(env: Environment, folder: Path, probe: Probe = kind_of_storage) -> Environment:
    """Use `folder` for keys and settings from now on; what lies in the folder used so far is copied, nothing is removed.

    A key that is already there is never replaced. Raises RefusedError key_folder_named, key_folder_storage or
    key_folder_taken, WorldError home_unwritable.
    """
    folder, here = folder.resolve(), env.home.resolve()
    if _named():
        raise RefusedError(
            "key_folder_named",
            _("密钥文件夹由环境变量 EDUPLAN_HOME 指定，在这里改不了。"),
            _("请让设置这台电脑的人改 EDUPLAN_HOME，或去掉它再选。"),
        )
    _refuse_storage(_storage(folder, probe))
    if folder != here:
        _copy(here, folder)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as fault:
        raise _unwritable() from fault
    home.choose_home(folder)
    return replace(env, home=folder)


def _named() -> bool:
    return bool(os.environ.get("EDUPLAN_HOME"))


def _pointer() -> Path:
    return user_folder() / HOME_POINTER


def _proposals(drives: Disks) -> Iterator[Path]:
    for disk in drives():
        if disk.kind == "fixed" and not disk.system:
            yield disk.root / FOLDER


def _has_keys(folder: Path) -> bool:
    return any((folder / "keys").glob("*/*.json"))


def _storage(folder: Path, probe: Probe) -> str:
    near = folder
    while not near.exists() and near != near.parent:
        near = near.parent
    return probe(near)


def _refuse_storage(kind: str) -> None:
    said = {
        "removable": _("密钥不能放在 U 盘上：拔掉就报送不了，丢了别人能冒充本校。"),
        "network": _("密钥不能放在网络盘上：断网就报送不了，别的电脑也读得到。"),
        "read_only": _("这个盘只能读，密钥写不进去。"),
    }
    if kind in said:
        raise RefusedError(
            "key_folder_storage",
            said[kind],
            _("请选本机硬盘上的文件夹；有还原卡的电脑选不会被还原的盘，例如 D 盘。"),
        )


def _copy(here: Path, there: Path) -> None:
    mine = {p.name for p in (here / "keys").glob("*")}
    if mine & {p.name for p in (there / "keys").glob("*")}:
        raise RefusedError(
            "key_folder_taken",
            _("那个文件夹里已经有同一个文件的密钥。"),
            _("请选一个空文件夹，两套密钥不要混在一起。"),
        )
    try:
        for name in sorted(mine):
            shutil.copytree(here / "keys" / name, there / "keys" / name)
        for name in _KEPT:
            if (here / name).is_file() and not (there / name).exists():
                there.mkdir(parents=True, exist_ok=True)
                shutil.copy2(here / name, there / name)
    except OSError as fault:
        raise _unwritable() from fault


def _unwritable() -> WorldError:
    return WorldError(
        "home_unwritable",
        _("那个文件夹写不进去，密钥仍在原来的地方。"),
        _("请检查磁盘空间和写入权限，或选别的文件夹。"),
    )
