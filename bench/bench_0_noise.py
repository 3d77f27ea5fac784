"""The yardstick itself: two bare windows side by side must cost the same, else the machine is too busy to measure on."""

from __future__ import annotations

from pathlib import Path

from bench.baselines import start_bare_window
from bench.measure import Measure

NAME = "noise of this machine: a bare window against a bare window"
GOAL = "between 0.8 and 1.25 times; more means that the other ratios say little"
LIMITS = {"ratio": 1.25, "extra MB": 5.0}


def baseline(inputs: Path, scratch: Path) -> Measure:
    """A bare window."""
    return start_bare_window()


def ours(inputs: Path, scratch: Path) -> Measure:
    """The same bare window."""
    return start_bare_window()
