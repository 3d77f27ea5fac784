"""`make test`: all tests but the proof, two at a time, windows drawn off screen, in a home folder of their own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from installer import debian

ROOT = Path(__file__).resolve().parent.parent
PARALLEL = ("-n", "2", "--dist", "loadfile")


def without_qt() -> tuple[str, ...]:
    """Options that leave Qt's plugin out of pytest where Qt cannot be loaded; else none."""
    return ("-p", "no:pytest-qt") if debian.missing_libraries(desktop=False) else ()


def main(arguments: list[str]) -> int:
    """Run pytest; `arguments` go to it, and choose the tests when given."""
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONUTF8": "1"}
    command = [sys.executable, "-m", "pytest", "-q", *without_qt(), *PARALLEL, *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
