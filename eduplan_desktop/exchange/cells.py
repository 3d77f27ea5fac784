"""What a cell of a foreign sheet can hold, and the words a person would read in it."""

from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Final

from eduplan_desktop.registers.kinds import as_text
from eduplan_desktop.registers.refusal import BadValue
from eduplan_desktop.registers.text import fold, narrow

Cell = str | int | float | bool | date | datetime | time | None
"""None and '' are both blank."""
Merge = tuple[int, int, int, int]
"""A merged region: first line, first column, last line, last column; lines from 1 as in the file, columns from 0."""

BLANK: Final[tuple[Cell, ...]] = (None, "")
_NOT_BLANK: Final = frozenset("\x1c\x1d\x1e\x1f\u1680")
"""What Python's `strip` takes for white space and the kinds of value do not: refused with a reason, not passed over."""


@dataclass(slots=True)
class Sheet:
    """One sheet as read: its lines that are not blank, all padded to one width.

    numbers:  line number of each row in the file, from 1, so that a report can point at it.
    lengths:  of delimited text: how many cells each line really had; [] for a workbook.
    date1904: plain numbers of this workbook count days from 1904; typed dates are already right.
    encoding: name of the text encoding used, '' for a workbook.
    complete: False where reading stopped at the number of rows asked for.
    notes:    what was normalised or left out while reading, in Chinese.
    """

    name: str
    rows: list[list[Cell]]
    numbers: list[int]
    merges: list[Merge] = field(default_factory=list)
    lengths: list[int] = field(default_factory=list)
    date1904: bool = False
    encoding: str = ""
    complete: bool = True
    notes: list[str] = field(default_factory=list)

    @property
    def width(self) -> int:
        """Number of columns of every row."""
        return len(self.rows[0]) if self.rows else 0


def is_blank(cell: Cell) -> bool:
    """Whether nothing can be read in the cell."""
    return cell is None or (isinstance(cell, str) and not cell.strip() and _NOT_BLANK.isdisjoint(cell))


def words(cell: Cell) -> str:
    """The cell as a person reads it: whole numbers without a point, dates as ISO; '' for blank and for what is unreadable."""
    if cell is None:
        return ""
    if isinstance(cell, str):
        return cell.strip()
    try:
        return as_text(cell)[0]
    except BadValue:
        return ""


def token(cell: Cell | str) -> str:
    """Key under which a person declares a value of a cell (male = 1): its words, width and outer blanks unified."""
    return narrow(words(cell)).strip()


def heading(cell: Cell) -> str:
    """Key for comparing headings: folded, without required marks and line ends."""
    return fold(words(cell)).replace("*", "").replace("★", "").rstrip(":")
