"""What one run of a case measured, and how the runner reads a case module."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path


@dataclass
class Measure:
    """One run. seconds: of the work alone; peak_mb: highest resident memory (0: the runner reads its own process);
    figures: whatever else the case promises something about, e.g. {"p95 ms": 31.0}."""

    seconds: float = 0.0
    peak_mb: float = 0.0
    figures: dict[str, float] = field(default_factory=dict)


Side = Callable[[Path, Path], Measure]
"""`baseline` or `ours` of a case: (inputs, scratch) -> Measure. Inputs are shared and not to be changed; scratch is empty."""


@contextmanager
def timed() -> Iterator[Measure]:
    """Measure the block: `with timed() as measure: work()`."""
    measure = Measure()
    started = time.perf_counter()
    yield measure
    measure.seconds = time.perf_counter() - started


def percentile(values: list[float], share: float) -> float:
    """The smallest of `values` that at least `share` (0 to 1) of them do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, min(len(ordered) - 1, -int(-share * len(ordered) // 1) - 1))]
