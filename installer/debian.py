"""What the program needs of the operating system, and the Debian packages that bring it.

A shared library counts as present when it can be loaded, a tool when it is on the path: neither asks a package
database, so the same test answers on every Linux. Windows and macOS wheels carry all they need.
"""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
import sys

QT_LIBRARIES = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfreetype6",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libdbus-1.so.3": "libdbus-1-3",
}
"""Needed to load Qt Widgets at all, with or without a screen."""

DESKTOP_LIBRARIES = {
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-shm.so.0": "libxcb-shm0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libX11-xcb.so.1": "libx11-xcb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
}
"""Needed to show a window on an X display."""

TOOLS = {
    "minisign": "minisign",
    "age": "age",
    "unzip": "unzip",
    "zbarimg": "zbar-tools",
    "pdftotext": "poppler-utils",
}
"""Independent programs the tests check envelopes and paper with."""


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def missing_libraries(desktop: bool) -> list[str]:
    """Debian packages of the libraries Qt cannot load here; those of an X display only when `desktop`."""
    if not sys.platform.startswith("linux"):
        return []
    wanted = {**QT_LIBRARIES, **DESKTOP_LIBRARIES} if desktop else QT_LIBRARIES
    return [package for library, package in wanted.items() if not _loads(library)]


def missing_tools() -> list[str]:
    """Debian packages of the independent programs that are not on the path."""
    return [package for tool, package in TOOLS.items() if shutil.which(tool) is None]


def apt_prefix() -> list[str] | None:
    """How apt can be run without asking anybody: [] as root, through `sudo -n`, or None."""
    if shutil.which("apt-get") is None:
        return None
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo") is None:
        return None
    allowed = subprocess.run(["sudo", "-n", "true"], stdin=subprocess.DEVNULL, capture_output=True, check=False)
    return ["sudo", "-n"] if allowed.returncode == 0 else None


def install(packages: list[str]) -> str:
    """Install Debian `packages`; '' when done, else one line saying why not."""
    prefix = apt_prefix()
    if prefix is None:
        return "as root: apt-get install them" if shutil.which("apt-get") else "install what brings them on this system"
    apt = [*prefix, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-q", "-o", "DPkg::Lock::Timeout=300"]
    complaint = "apt-get failed"
    for step in (["update"], ["install", "-y", "--no-install-recommends", *packages]):
        done = subprocess.run(
            [*apt, *step], stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace", check=False
        )
        complaints = [line for line in done.stderr.splitlines() if line.startswith("E:")]
        complaint = complaints[0] if complaints else f"apt-get {step[0]} ended with {done.returncode}"
    return "" if done.returncode == 0 else complaint
