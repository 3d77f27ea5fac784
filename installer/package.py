"""`make package`: the program as a folder for machines without Python, in `dist/eduplan`, tried out once it is built.

Builds for the system it runs on. On Linux the folder needs a C library at least as new as the one it was built on.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
from importlib import metadata
from pathlib import Path

from installer.set_up import run_installer

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "dist" / "eduplan"
TOOLS = ROOT / ".tools" / "package"
LOCK = ROOT / "requirements-package.txt"
NOT_SHIPPED = {"pip"}
UNDER_LGPL = {"pyside6-essentials", "shiboken6"}
LIST_HEAD = """What is in this folder besides the program itself (LICENSE.txt), and under which licence.
Qt, PySide6 and Shiboken are used under LGPL-3.0 (LGPL-3.0.txt, GPL-3.0.txt): unchanged, as files of their own below
_internal, which may be replaced; their source is published by the Qt Project (code.qt.io). Fonts: fonts/.

"""


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


def licence_files(name: str) -> list[Path]:
    """The licence files an installed package carries."""
    starts = ("LICENSE", "LICENCE", "COPYING", "NOTICE", "AUTHORS")
    files = metadata.distribution(name).files or []
    return [Path(str(file.locate())) for file in files if file.name.upper().startswith(starts)]


def python_licence() -> Path:
    """Where the licence of the Python that is packed lies."""
    version = "{}.{}".format(*sys.version_info[:2])
    places = (Path(sysconfig.get_path("stdlib")), Path(sys.base_prefix), Path(f"/usr/share/doc/python{version}"))
    for path in (place / name for place in places for name in ("LICENSE.txt", "LICENSE", "copyright")):
        if path.is_file():
            return path
    sys.exit("package: the licence of Python is not on this machine")


def system_libraries() -> dict[str, Path]:
    """Debian package of each packed library of this system → its copyright file; empty where there is no dpkg."""
    found = {}
    for library in sorted((FOLDER / "_internal").glob("lib*.so*")):
        if library.is_symlink() or shutil.which("dpkg-query") is None:
            continue
        asked = subprocess.run(["dpkg-query", "-S", f"*/{library.name}"], capture_output=True, text=True, check=False)
        for package in {line.split(":")[0] for line in asked.stdout.splitlines()}:
            text = Path("/usr/share/doc") / package / "copyright"
            if text.is_file():
                found[package] = text
    return found


def add_licences() -> None:
    """Our licence, Qt's, Python's, the fonts', those of each shipped package and library, and a list of them all."""
    target = FOLDER / "licences"
    shutil.copytree(ROOT / "installer" / "licences", target)
    shutil.copytree(ROOT / "resources" / "fonts" / "licences", target / "fonts")
    shutil.copy(ROOT / "LICENSE", target / "LICENSE.txt")
    shutil.copy(ROOT / "resources" / "pinyin.LICENSE.txt", target)
    gather = {"python": [python_licence()]}
    lines = [f"python {sys.version.split()[0]}: PSF-2.0"]
    shipped = {line.split("==")[0] for line in (ROOT / "requirements.txt").read_text().splitlines() if "==" in line}
    for name in sorted(shipped - NOT_SHIPPED):
        try:
            about = metadata.metadata(name)
        except metadata.PackageNotFoundError:  # for another system
            continue
        gather[name] = licence_files(name)
        if not gather[name] and name not in UNDER_LGPL:
            sys.exit(f"package: {name} brings no licence file")
        lines.append(f"{name} {about['Version']}: {about['License-Expression'] or about['License'] or 'see its file'}")
    for package, text in system_libraries().items():
        gather[f"system/{package}"] = [text]
        lines.append(f"{package}: see its file")
    for name, files in gather.items():
        for file in files:
            folder = target / name
            folder.mkdir(parents=True, exist_ok=True)
            shutil.copy(file, folder / file.name)
    (target / "LIST.txt").write_text(LIST_HEAD + "\n".join(lines) + "\n", encoding="utf-8")


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
