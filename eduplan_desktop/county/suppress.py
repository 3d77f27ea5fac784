"""Suppression of small counts where health figures are shown, printed or exported (D8): cells under five, and enough others.

A suppressed cell could be worked out where it is the only one missing from a total that is shown; so a second one goes too.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

LEAST: Final = 5
"""Counts under this are not shown, 0 included: a shown 0 would say that everybody else is the other thing (as on F18)."""
SHOWN: Final = "*"

Grid = Mapping[tuple[str, str], int]


def suppressed(rows: Sequence[str], columns: Sequence[str], counts: Grid) -> frozenset[tuple[str, str]]:
    """Cells of a table with totals by row and column that may not be shown. A missing cell counts as 0."""
    hidden = {(r, c) for r in rows for c in columns if counts.get((r, c), 0) < LEAST}
    lines = [[(r, c) for c in columns] for r in rows] + [[(r, c) for r in rows] for c in columns]
    while more := _alone(lines, hidden, counts):
        hidden.add(more)
    return frozenset(hidden)


def _alone(
    lines: Sequence[Sequence[tuple[str, str]]], hidden: set[tuple[str, str]], counts: Grid
) -> tuple[str, str] | None:
    """The smallest further cell of a line in which the hidden cells, taken together, could still be worked out."""
    for line in lines:
        inside = [cell for cell in line if cell in hidden]
        if inside and (len(inside) == 1 or sum(counts.get(c, 0) for c in inside) < LEAST):
            open_cells = [cell for cell in line if cell not in hidden]
            if open_cells:
                return min(open_cells, key=lambda c: (counts.get(c, 0) == 0, counts.get(c, 0), c))
    return None


def shown(rows: Sequence[str], columns: Sequence[str], counts: Grid) -> dict[tuple[str, str], str]:
    """Every cell as text, `*` where it may not be shown."""
    hidden = suppressed(rows, columns, counts)
    return {(r, c): SHOWN if (r, c) in hidden else str(counts.get((r, c), 0)) for r in rows for c in columns}


def small(count: int, total: int) -> str:
    """A single count beside its total: suppressed where it, or what is left of the total, is under five; blank for nobody."""
    if not total:
        return ""
    return SHOWN if count < LEAST or total - count < LEAST else str(count)


def lines_of(rows: Sequence[str], columns: Sequence[str]) -> Iterator[tuple[tuple[str, str], ...]]:
    """Rows, then columns, of a table: what its totals are totals of."""
    yield from (tuple((r, c) for c in columns) for r in rows)
    yield from (tuple((r, c) for r in rows) for c in columns)
