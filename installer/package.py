"""`make package`: the program as a folder for machines without Python, in `dist/eduplan`, tried out once it is built.

Builds for the system it runs on. On Linux the folder needs a C library at least as new as the one it was built on.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from importlib import metadata
from pathlib import Path

from installer.set_up import run_installer

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "dist" / "eduplan"
TOOLS = ROOT / ".tools" / "package"
LOCK = ROOT / "requirements-package.txt"
NOT_SHIPPED = {"pip"}


def install_builder() -> None:
    """PyInstaller beside the environment, not in it: exact version, hash checked."""
    pip = [sys.executable, "-I", "-m", "pip", "install", "-q", "--disable-pip-version-check", "--no-input"]
    options = ["--no-deps", "--require-hashes", "--upgrade", "--target", str(TOOLS), "-r", LOCK.name]
    run_installer([*pip, *options], "installing PyInstaller")


def build() -> None:
    """Run PyInstaller over the spec."""
    environment = {**os.environ, "PYTHONPATH": str(TOOLS)}
    command = [sys.executable, "-m", "PyInstaller", "--noconfirm", "--log-level", "WARN", "installer/eduplan.spec"]
    subprocess.run(command, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, check=True)


def add_licences() -> None:
    """Our licence and notice, Qt's licence, and the licence files each shipped package carries."""
    target = FOLDER / "licences"
    shutil.copytree(ROOT / "installer" / "licences", target)
    shutil.copytree(ROOT / "resources" / "fonts" / "licences", target / "fonts")
    shipped = {line.split("==")[0] for line in (ROOT / "requirements.txt").read_text().splitlines() if "==" in line}
    for name in sorted(shipped - NOT_SHIPPED):
        try:
            files = metadata.distribution(name).files or []
        except metadata.PackageNotFoundError:
            continue
        for file in files:
            if file.name.upper().startswith(("LICENSE", "LICENCE", "COPYING", "NOTICE", "AUTHORS")):
                folder = target / name
                folder.mkdir(exist_ok=True)
                shutil.copy(str(file.locate()), folder / file.name)


def try_out() -> None:
    """The built command answers, with no Python and nothing of this folder in reach."""
    starter = FOLDER / ("eduplan.exe" if os.name == "nt" else "eduplan")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "VIRTUAL_ENV"))}
    done = subprocess.run([str(starter), "--help"], cwd=FOLDER.parent, env=kept, capture_output=True, check=False)
    if done.returncode != 0:
        sys.exit(f"package: the built program does not start\n{done.stderr.decode('utf-8', 'replace')}")


def main() -> int:
    """Build, add licences, try."""
    install_builder()
    build()
    add_licences()
    try_out()
    size = sum(path.stat().st_size for path in FOLDER.rglob("*") if path.is_file() and not path.is_symlink())
    print(f"package: {FOLDER.relative_to(ROOT)}, {size / 1e6:.0f} MB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
