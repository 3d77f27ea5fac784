"""Process start to a window that takes keys, on a file with 50,000 equipment rows; against a bare PySide6 window."""

from __future__ import annotations

from pathlib import Path

from bench.baselines import start_bare_window, start_drawn_page, until_ready
from bench.bench_save import FILE, prepare
from bench.measure import Measure

NAME = "process start to a usable window on a file with 50,000 equipment rows"
GOAL = "at most 1.3 times a bare PySide6 window, and 60 MB more"
LIMITS = {"ratio": 1.3, "extra MB": 60.0}

__all__ = ["GOAL", "LIMITS", "NAME", "baseline", "ours", "prepare"]

_START = """
import sys
from pathlib import Path
from eduplan_desktop.environment import Environment
from ui.app import make_application, make_window
application = make_application([])
window = make_window(sys.argv[1], Environment(home=Path(sys.argv[2])))
window.show()
application.processEvents()
window.grab()
from bench.baselines import say_ready
say_ready()
"""


def baseline(inputs: Path, scratch: Path) -> Measure:
    """The least any Qt program does."""
    return start_bare_window()


def ours(inputs: Path, scratch: Path) -> Measure:
    """Our window on the file; `ours / a drawn page` tells how much of it is ours (docs/decisions/0064-start.md)."""
    floor = start_drawn_page().seconds
    measure = until_ready(["-c", _START, str(inputs / FILE), str(scratch)])
    measure.figures = {"drawn page s": floor, "ours / drawn page": measure.seconds / floor}
    return measure
