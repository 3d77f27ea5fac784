"""`make lock`: resolve pyproject.toml into the requirements*.txt files, with hashes, without addresses."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TOOLS = ROOT / ".tools"
RESOLVER = "uv==0.13.9"
OPTIONS = (
    *("--universal", "--generate-hashes", "--no-emit-index-url", "--python-version", "3.11", "--quiet"),
    *("--custom-compile-command", "make lock"),
)
LOCKS = (
    ("requirements.txt", ("pyproject.toml",)),
    ("requirements-dev.txt", ("pyproject.toml", "--group", "dev", "--constraint", "requirements.txt")),
    ("requirements-package.txt", ("--group", "package")),
)


def resolver() -> str:
    """Path of the resolver, installed into `.tools` when it is not there yet."""
    path = TOOLS / "bin" / "uv"
    if not path.is_file():
        pip = (sys.executable, "-I", "-m", "pip", "install", "-q", "--disable-pip-version-check")
        subprocess.run([*pip, "--target", str(TOOLS), RESOLVER], cwd=ROOT, check=True)
    return str(path)


def main() -> int:
    """Write both locks; versions already locked stay unless EDUPLAN_UPGRADE is set."""
    upgrade = ["--upgrade"] if os.environ.get("EDUPLAN_UPGRADE") else []
    for name, sources in LOCKS:
        command = [resolver(), "pip", "compile", *sources, *OPTIONS, *upgrade, "--output-file", name]
        if subprocess.run(command, cwd=ROOT, stdout=subprocess.DEVNULL, check=False).returncode != 0:
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
