"""What kind of storage a file lies on: data is written to a fixed disk only (D10)."""

import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

Probe = Callable[[Path], str]
"""Folder in, one of "fixed", "removable", "network", "read_only" out. Injected, so that tests play any storage."""

_NETWORK: Final = frozenset(
    {"nfs", "nfs4", "cifs", "smb3", "smbfs", "ncpfs", "afs", "fuse.sshfs", "fuse.davfs", "davfs"}
)
_OPTICAL: Final = frozenset({"iso9660", "udf"})


@dataclass(frozen=True, slots=True)
class Disk:
    """A drive with a root of its own. kind: as a `Probe` says it; system: the one that restore cards reset."""

    root: Path
    kind: str
    system: bool


Disks = Callable[[], Sequence[Disk]]
"""Drives with letters. Injected, so that tests play any PC."""


def disks() -> list[Disk]:
    """The drives of a Windows PC; elsewhere none, because there is one tree. A drive that sleeps or is far is not touched."""
    if sys.platform != "win32":
        return []
    system = os.environ.get("SYSTEMDRIVE", "C:").upper()
    there = int(_kernel32().GetLogicalDrives())
    roots = [f"{chr(ord('A') + n)}:\\" for n in range(26) if there >> n & 1]
    return [Disk(Path(r), _kind_of_drive(r), r[:2] == system) for r in roots]


def kind_of_storage(folder: Path) -> str:
    """Ask the operating system; what it does not say counts as fixed, because refusing to write would stop all work."""
    try:
        return _windows(folder) if sys.platform == "win32" else _linux(folder)
    except OSError:
        return "fixed"


def _windows(folder: Path) -> str:
    anchor = folder.resolve().anchor
    return "network" if anchor.startswith("\\\\") else _kind_of_drive(anchor)


def _kernel32() -> Any:
    import ctypes

    return getattr(ctypes, "windll").kernel32  # noqa: B009 - exists on Windows only


def _kind_of_drive(root: str) -> str:
    return {2: "removable", 4: "network", 5: "read_only"}.get(int(_kernel32().GetDriveTypeW(root)), "fixed")


def _linux(folder: Path) -> str:
    device, fs_type, options = _mount_of(folder)
    if fs_type in _NETWORK:
        return "network"
    if fs_type in _OPTICAL or "ro" in options.split(","):
        return "read_only"
    return "removable" if device.startswith("/dev/") and _on_stick(Path(device).name) else "fixed"


def _mount_of(folder: Path) -> tuple[str, str, str]:
    """(device, file system, options) of the longest mount point above `folder`."""
    place = str(folder.resolve())
    best = ("", "", "", "")
    for line in Path("/proc/self/mounts").read_text(encoding="utf-8", errors="surrogateescape").splitlines():
        device, point, fs_type, options = line.split(" ")[:4]
        point = point.replace("\\040", " ")
        inside = place == point or place.startswith(point.rstrip("/") + "/")
        if inside and len(point) >= len(best[0]):
            best = (point, device, fs_type, options)
    return best[1:]


def _on_stick(device: str) -> bool:
    """Whether a block device, or the disk it is a partition of, says that it is removable or hangs on USB."""
    block = Path("/sys/class/block") / device
    if not block.exists():
        return False
    where = Path(os.path.realpath(block))
    flags = [p / "removable" for p in (where, where.parent)]
    return any(f.is_file() and f.read_text().strip() == "1" for f in flags) or "/usb" in str(where)
