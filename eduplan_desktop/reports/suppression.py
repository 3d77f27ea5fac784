"""Small counts of people are not shown: fewer than five become '*', and so do enough others that nobody can work them out (D8)."""

from collections.abc import Sequence
from typing import Final

LEAST: Final = 5
"""The smallest count that is shown."""
HIDDEN: Final = "*"


def hidden_cells(counts: Sequence[int]) -> set[int]:
    """Which of the counts of one group, whose total is known, must be hidden.

    First every count under five, 0 included (it would say that everybody else is the other thing). Then, smallest first, as
    many more as it takes that at least two are hidden and that the hidden ones together are five people or more; otherwise
    the total less what is shown would give them away.
    """
    hidden = {place for place, count in enumerate(counts) if count < LEAST}
    rest = sorted(
        (place for place in range(len(counts)) if place not in hidden), key=lambda place: (counts[place], place)
    )
    while hidden and rest and (len(hidden) < 2 or sum(counts[place] for place in hidden) < LEAST):
        hidden.add(rest.pop(0))
    return hidden


def suppressed(counts: Sequence[int]) -> list[str]:
    """The counts of one group as they may be shown. A group of nobody is blank."""
    if not sum(counts):
        return [""] * len(counts)
    hidden = hidden_cells(counts)
    return [HIDDEN if place in hidden else f"{count:,}" for place, count in enumerate(counts)]
