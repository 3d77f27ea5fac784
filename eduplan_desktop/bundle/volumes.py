"""Which drives there are: sticks and disks a person may write to, on Linux and Windows, without further libraries."""

import contextlib
import ctypes
import os
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

_NETWORK: Final = frozenset({"nfs", "nfs4", "cifs", "smb3", "smbfs", "sshfs", "fuse.sshfs", "davfs", "9p", "afs"})
_STICKS: Final = ("/media/", "/run/media/")
_VIRTUAL: Final = ("/dev/mapper/", "/dev/dm-", "/dev/loop", "/dev/fuse")
_REMOVABLE_TYPE: Final = 2
_FIXED_TYPE: Final = 3
_REMOTE_TYPE: Final = 4


@dataclass(frozen=True, slots=True)
class Volume:
    """A drive. free, total: bytes; label: as the system names it, else the path; device: its block device where there is one."""

    path: Path
    label: str
    removable: bool
    network: bool
    free: int
    total: int
    writable: bool
    device: str = ""


def volumes() -> list[Volume]:
    """Drives a person may write to; sticks first, then by path."""
    found = _windows() if sys.platform == "win32" else _linux(Path("/proc/self/mounts"), Path("/sys"))
    return sorted(found, key=lambda v: (not v.removable, str(v.path)))


def _volume(path: Path, label: str, removable: bool, network: bool, device: str = "") -> Volume | None:
    try:
        usage = shutil.disk_usage(path)
    except OSError:
        return None
    return Volume(path, label, removable, network, usage.free, usage.total, os.access(path, os.W_OK), device)


def _linux(mounts: Path, system: Path) -> Iterator[Volume]:
    """From the kernel's table of mounts; a stick is what hangs on a removable or USB device, or under /media."""
    try:
        lines = mounts.read_text(encoding="utf-8", errors="surrogateescape").splitlines()
    except OSError:
        return
    for line in lines:
        device, place, kind = (_unescaped(part) for part in line.split(" ")[:3])
        network = kind in _NETWORK
        hidden = not device.startswith("/dev/") or device.startswith(_VIRTUAL)
        stick = _is_stick(device, system) or (hidden and place.startswith(_STICKS))
        if not (network or stick or device.startswith("/dev/")) or kind in ("squashfs", "iso9660"):
            continue
        if place.startswith(("/boot", "/etc/", "/proc", "/sys")) or not os.path.isdir(place):  # False: not ours to see
            continue
        path = Path(place)
        block = "" if hidden or network else device
        if volume := _volume(path, path.name or place, stick and not network, network, block):
            yield volume


def _unescaped(text: str) -> str:
    """Mount tables write blanks and the like as \\040."""
    for code, character in (("\\040", " "), ("\\011", "\t"), ("\\012", "\n"), ("\\134", "\\")):
        text = text.replace(code, character)
    return text


def _is_stick(device: str, system: Path) -> bool:
    """Whether a block device, or the disk a partition belongs to, is removable or hangs on USB."""
    if not device.startswith("/dev/"):
        return False
    with contextlib.suppress(OSError):
        block = (system / "class" / "block" / Path(device).name).resolve(strict=True)
        if "/usb" in str(block):
            return True
        for disk in (block, block.parent):
            flag = disk / "removable"
            if flag.is_file() and flag.read_text(encoding="ascii").strip() == "1":
                return True
    return False


def _windows() -> Iterator[Volume]:
    """From the drive letters."""
    kernel: Any = getattr(ctypes, "windll").kernel32  # noqa: B009 - the attribute exists on Windows alone
    letters = kernel.GetLogicalDrives()
    for number in range(26):
        if not letters >> number & 1:
            continue
        root = f"{chr(ord('A') + number)}:\\"
        kind = kernel.GetDriveTypeW(root)
        if kind not in (_REMOVABLE_TYPE, _FIXED_TYPE, _REMOTE_TYPE):
            continue
        label = ctypes.create_unicode_buffer(261)
        kernel.GetVolumeInformationW(root, label, 261, None, None, None, None, 0)
        if volume := _volume(Path(root), label.value or root, kind == _REMOVABLE_TYPE, kind == _REMOTE_TYPE):
            yield volume
