"""`make run`: open the window, or where none can be shown say why and play the sample county."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from installer import debian  # noqa: E402
from main import has_display, main  # noqa: E402

NO_DISPLAY = (
    "这台机器没有显示器，打不开窗口；改为演示一个示例县（eduplan demo）。\n"
    "No display here, so no window: playing the sample county instead (eduplan demo)."
)

NO_LIBRARIES = (
    "这台机器缺少窗口要用的系统库（set-up 那一行写了要装哪些），打不开窗口；改为演示一个示例县（eduplan demo）。\n"
    "Libraries of the window are missing (set-up names the packages), so no window: playing the sample county instead."
)


def missing_libraries() -> list[str]:
    """Packages without which no window opens here, those of an X display only where Qt has no other way."""
    only_x = not (os.environ.get("WAYLAND_DISPLAY") or os.environ.get("QT_QPA_PLATFORM"))
    return debian.missing_libraries(desktop=only_x)


def launch(arguments: list[str]) -> int:
    """Run the program the way this machine can; the exit code is the program's."""
    missing = missing_libraries() if has_display() else []
    if has_display() and not missing:
        return main(arguments)
    print(NO_LIBRARIES if missing else NO_DISPLAY, flush=True)
    return subprocess.run([sys.executable, str(ROOT / "main.py"), "demo"], check=False).returncode


if __name__ == "__main__":
    sys.exit(launch(sys.argv[1:]))
