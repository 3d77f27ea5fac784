"""Exhaustive where there is time: all cases in the proof, a seeded sample of them in the daily run."""

import os
import random
from collections.abc import Iterable
from typing import TypeVar

T = TypeVar("T")

EXHAUSTIVE = bool(os.environ.get("EDUPLAN_PROOF"))


def sample(cases: Iterable[T], at_most: int, seed: int = 20250901) -> list[T]:
    """All `cases` in the proof; otherwise `at_most` of them, the same ones every time, in their order.

    Mark the test `sampled`, so that the proof runs it again.
    """
    known = list(cases)
    if EXHAUSTIVE or len(known) <= at_most:
        return known
    chosen = sorted(random.Random(seed).sample(range(len(known)), at_most))
    return [known[index] for index in chosen]
