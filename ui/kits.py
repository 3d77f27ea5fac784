"""County kits lying on sticks: looked for by name only, in the top folder and one below. Reading one is the core's act."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from PySide6.QtCore import QStorageInfo

SUFFIX: Final = ".edukit"
FOLDERS: Final = 60
"""Folders looked into on one stick at most."""


@dataclass(frozen=True, slots=True)
class KitOnStick:
    """A kit and the drive it lies on, as the system calls it."""

    drive: str
    path: Path


def find_kits(cancelled: Callable[[], bool] = lambda: False) -> list[KitOnStick]:
    """Kits on every mounted drive that is not the system's own, newest name last in its folder first."""
    found: list[KitOnStick] = []
    for volume in QStorageInfo.mountedVolumes():
        if cancelled():
            break
        if volume.isRoot() or not volume.isReady() or not _like_a_stick(volume):
            continue
        found += [
            KitOnStick(volume.displayName() or volume.rootPath(), path) for path in kits_in(Path(volume.rootPath()))
        ]
    return found


def _like_a_stick(volume: QStorageInfo) -> bool:
    kind = bytes(volume.fileSystemType().data()).decode(errors="replace").lower()
    return kind in (
        "vfat",
        "fat32",
        "fat",
        "exfat",
        "ntfs",
        "ntfs3",
        "fuseblk",
        "msdos",
        "hfs",
        "apfs",
        "iso9660",
        "udf",
    )


def kits_in(folder: Path) -> list[Path]:
    """Kits in a folder and the folders right below it, newest version name first."""
    found = []
    for one in _folders(folder):
        try:
            found += [p for p in one.iterdir() if p.suffix == SUFFIX and p.is_file()]
        except OSError:
            continue
    return sorted(found, key=lambda p: p.name, reverse=True)


def _folders(folder: Path) -> Iterator[Path]:
    yield folder
    try:
        inside = [p for p in sorted(folder.iterdir())[: FOLDERS * 4] if p.is_dir() and not p.name.startswith(".")]
    except OSError:
        return
    yield from inside[:FOLDERS]
