"""`make run`: open the window, or on a machine without a display say so and play the sample county."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from main import has_display, main  # noqa: E402

NO_DISPLAY = (
    "这台机器没有显示器,打不开窗口;改为演示一个示例县(eduplan demo)。\n"
    "No display here, so no window: playing the sample county instead (eduplan demo)."
)


def launch(arguments: list[str]) -> int:
    """Run the program the way this machine can; the exit code is the program's."""
    if has_display():
        return main(arguments)
    print(NO_DISPLAY, flush=True)
    return subprocess.run([sys.executable, str(ROOT / "main.py"), "demo"], check=False).returncode


if __name__ == "__main__":
    sys.exit(launch(sys.argv[1:]))
