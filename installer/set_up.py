"""Prepare `.venv` in this folder: `python3 installer/set_up.py run|dev`. Nothing outside the folder but Debian packages.

`run` brings what the program needs, `dev` also what the tests and checks need. Done work is recorded in a stamp inside
`.venv`; while lock file and interpreter stay the same a second call takes milliseconds and needs no network.
Exit 0 ready (a line names system packages that could not be installed) · 3 cannot go on, one line says why.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from installer import debian  # noqa: E402

VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / ("python.exe" if os.name == "nt" else "python")
STAMP = VENV / "eduplan-set-up.json"
LOCKS = {"run": ROOT / "requirements.txt", "dev": ROOT / "requirements-dev.txt"}
SUPPORTED = ((3, 11), (3, 12), (3, 13))
ASK_VERSION = "import sys; print('%d.%d.%d' % sys.version_info[:3])"
LAUNCHER = """#!/bin/sh
bin=$(dirname -- "$(readlink -f -- "$0")")
exec "$bin/python" "$(dirname -- "$(dirname -- "$bin")")/main.py" "$@"
"""


class SetUpError(Exception):
    """Set-up cannot go on; the text is the one line the person reads."""


def say(text: str) -> None:
    """A line of progress, at once."""
    print(f"set-up: {text}", flush=True)


def use_supported_python() -> None:
    """Go on in a supported Python when the one running this is none."""
    if sys.version_info[:2] in SUPPORTED:
        return
    for major, minor in SUPPORTED:
        other = shutil.which(f"python{major}.{minor}")
        if other:
            os.execv(other, [other, *sys.argv])
    raise SetUpError("Python 3.11, 3.12 or 3.13 is needed; install one (Debian package: python3) and try again")


def venv_version() -> str:
    """Version of the Python in `.venv`, '' when there is none that runs."""
    try:
        asked = subprocess.run(
            [str(PYTHON), "-I", "-c", ASK_VERSION],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
    except OSError:
        return ""
    return asked.stdout.strip() if asked.returncode == 0 else ""


def read_stamp() -> dict[str, str]:
    """What an earlier set-up recorded; empty when it never finished."""
    try:
        found = json.loads(STAMP.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return {str(key): str(value) for key, value in found.items()} if isinstance(found, dict) else {}


def lock_digest(level: str) -> str:
    """SHA-256 of the lock file of `level`."""
    return hashlib.sha256(LOCKS[level].read_bytes()).hexdigest()


def is_ready(level: str) -> bool:
    """Whether `.venv` already holds what the lock of `level` says, for the Python it was made for."""
    stamp = read_stamp()
    minor = stamp.get("python", "none").rpartition(".")[0]
    done = stamp.get("dev") == lock_digest("dev") or stamp.get(level) == lock_digest(level)
    return done and venv_version().rpartition(".")[0] == minor


def can_import(module: str) -> bool:
    """Whether the Python running this has `module`."""
    asked = subprocess.run(
        [sys.executable, "-I", "-c", f"import {module}"], stdin=subprocess.DEVNULL, capture_output=True, check=False
    )
    return asked.returncode == 0


def package_installer() -> str:
    """Which way packages can be brought into `.venv`: 'ensurepip', 'pip', 'uv' or '' for none."""
    if can_import("venv") and can_import("ensurepip"):
        return "ensurepip"
    if can_import("venv") and can_import("pip"):
        return "pip"
    return "uv" if shutil.which("uv") else ""


def wanted_debian_packages(level: str, need_installer: bool) -> list[str]:
    """Debian packages missing for `level`: pip's own, Qt's libraries, the tests' independent programs."""
    display = bool(os.environ.get("DISPLAY"))
    wanted = ["python3-venv"] if need_installer else []
    wanted += debian.missing_libraries(desktop=display)
    return wanted + (debian.missing_tools() if level == "dev" else [])


def prepare_system(level: str, need_installer: bool) -> None:
    """Install missing Debian packages, or name them in one line; refuse only if nothing can go on without."""
    wanted = wanted_debian_packages(level, need_installer)
    if not wanted:
        return
    if debian.apt_prefix() is not None:
        say(f"installing Debian packages: {' '.join(wanted)}")
    complaint = debian.install(wanted)
    missing = wanted_debian_packages(level, need_installer and not package_installer())
    if missing:
        line = f"missing Debian packages: {' '.join(missing)} ({complaint or 'still not found after apt-get'})"
        if "python3-venv" in missing or os.environ.get("CI"):
            raise SetUpError(line)
        say(line)


def run_installer(command: list[str], doing: str) -> None:
    """Run pip or uv quietly; its last lines are shown only when it fails."""
    outside = ("PIP_USER", "PIP_TARGET", "PIP_PREFIX", "PIP_REQUIRE_VIRTUALENV", "PYTHONPATH", "PYTHONHOME")
    environment = {key: value for key, value in os.environ.items() if key not in outside}
    done = subprocess.run(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        env=environment,
        cwd=ROOT,
        check=False,
    )
    if done.returncode != 0:
        print("\n".join(done.stdout.splitlines()[-12:]), file=sys.stderr)
        raise SetUpError(f"{doing} failed; check that this machine reaches its package registry, then try again")


def create_venv(way: str) -> None:
    """A fresh `.venv`, with pip inside where the standard library can put it there."""
    say("creating .venv")
    shutil.rmtree(VENV, ignore_errors=True)
    if way == "uv":
        run_installer(["uv", "venv", "--python", sys.executable, str(VENV)], "creating .venv")
        return
    without = [] if way == "ensurepip" else ["--without-pip"]
    run_installer([sys.executable, "-I", "-m", "venv", *without, str(VENV)], "creating .venv")


def install_lock(way: str, level: str) -> None:
    """Bring what the lock says into `.venv`: exact versions, hashes checked, wheels only."""
    own_pip = [str(PYTHON), "-I", "-m", "pip"]
    has_own = subprocess.run([*own_pip, "--version"], capture_output=True, check=False).returncode == 0
    options = ["--no-deps", "--require-hashes", "--only-binary=:all:", "-q", "-r", LOCKS[level].name]
    if has_own:
        command = [*own_pip, "install", "--disable-pip-version-check", "--no-input", *options]
    elif way == "uv":
        command = ["uv", "pip", "install", "--python", str(PYTHON), *options]
    else:
        command = [sys.executable, "-I", "-m", "pip", "--python", str(PYTHON), "install", "--no-input", *options]
    say(f"installing the packages of {LOCKS[level].name} (once, from the package registry; some minutes)")
    run_installer(command, "installing packages")


def write_launcher(version: str) -> None:
    """`.venv/bin/eduplan` and an import path, both relative: the folder may be moved and its name may be anything."""
    library = VENV / "lib" / f"python{version.rpartition('.')[0]}" / "site-packages"
    climb = "../../../.."
    if os.name == "nt":
        library, climb = VENV / "Lib" / "site-packages", "../../.."
        (BIN / "eduplan.cmd").write_text('@"%~dp0python.exe" "%~dp0..\\..\\main.py" %*\r\n', encoding="ascii")
    else:
        (BIN / "eduplan").write_text(LAUNCHER, encoding="ascii")
        (BIN / "eduplan").chmod(0o755)
    (library / "eduplan.pth").write_text(climb + "\n", encoding="ascii")


def prepare_venv(level: str) -> None:
    """Make `.venv` hold the lock of `level`, from nothing or from an older state, and stamp it."""
    version = venv_version()
    keep = tuple(int(part) for part in version.split(".")[:2]) in SUPPORTED if version else False
    way = package_installer()
    if not keep:
        create_venv(way)
    install_lock(way, level)
    version = venv_version()
    write_launcher(version)
    stamp = {key: value for key, value in read_stamp().items() if key in LOCKS} if keep else {}
    stamp.update({level: lock_digest(level), "python": version})
    STAMP.write_text(json.dumps(stamp, indent=1) + "\n", encoding="utf-8")


@contextlib.contextmanager
def only_one() -> Iterator[None]:
    """Hold the folder's set-up lock: two `make` at once take turns."""
    if os.name == "nt":
        yield
        return
    import fcntl

    with open(ROOT / ".setup.lock", "w", encoding="ascii") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def set_up(level: str) -> None:
    """Everything `level` needs, doing only what is missing."""
    ready = is_ready(level)
    prepare_system(level, need_installer=not ready and not package_installer())
    if ready:
        return
    started = time.monotonic()
    with only_one():
        if not is_ready(level):
            prepare_venv(level)
    say(f"ready in {time.monotonic() - started:.0f} s; from here on no network is needed")


def main(arguments: list[str]) -> int:
    """`run` or `dev`; see the head of this file for the exit codes."""
    if len(arguments) != 1 or arguments[0] not in LOCKS:
        print("usage: python3 installer/set_up.py run|dev", file=sys.stderr)
        return 2
    try:
        use_supported_python()
        set_up(arguments[0])
    except SetUpError as error:
        print(f"set-up: {error}", file=sys.stderr)
        return 3
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
