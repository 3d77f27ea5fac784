"""Which texts of a CSV column may not stand there: the answer of `registers.travel.column_ok`, found for whole batches at once.

A bundle brings millions of cells and almost all are good. Each batch of a column is first judged by a test of all its new
texts together; only where that fails, or proves nothing, is each text asked by itself. Good texts are remembered per column.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final

from eduplan_desktop.registers.catalogs import Catalogs
from eduplan_desktop.registers.model import Field, Kind
from eduplan_desktop.registers.text import normalise, refused_character
from eduplan_desktop.registers.travel import ROW_ID, column_ok

REMEMBERED: Final = 20_000
"""Good texts remembered per column; beyond that they are tested again, so that memory stays flat."""
Together = Callable[[Sequence[str]], bool]
"""True only if every text that is not blank may stand in the column; False proves nothing."""


def _each(one: str) -> re.Pattern[str]:
    """Texts of this form, or blank, joined by line ends."""
    return re.compile(rf"(?:(?:{one})?\n)*(?:{one})?", re.ASCII)


_ROW_IDS: Final = _each(ROW_ID().pattern)
_WHOLE: Final = _each(r"0|[1-9]\d{0,14}")
_NONE: Final[frozenset[str]] = frozenset()


class ColumnCheck:
    """Judges one column of one register through a merge. Columns in which texts repeat are looked up, others tested together."""

    def __init__(self, field: Field, catalogs: Catalogs) -> None:
        self.field: Final = field
        self._ok = column_ok(field, catalogs)
        self._together = _together(field)
        self._good: set[str] = set() if field.required else {""}
        self._repeats = True

    def bad(self, texts: Sequence[str]) -> frozenset[str]:
        """Those of `texts` that may not stand in this column."""
        if not texts or (self._good.issuperset(texts) if self._repeats else self._all_good(texts)):
            return _NONE
        new = set(texts)
        new -= self._good
        if not new:
            return _NONE
        self._repeats = self._together is _nothing or len(new) * 2 < len(texts)
        listed = list(new)
        wrong = _NONE
        if "" in new or not self._together(listed):
            wrong = frozenset(text for text in listed if not self._ok(text))
            new -= wrong
        if len(self._good) + len(new) <= REMEMBERED:
            self._good |= new
        return wrong

    def _all_good(self, texts: Sequence[str]) -> bool:
        return not (self.field.required and "" in texts) and self._together(texts)


def _nothing(texts: Sequence[str]) -> bool:
    return False


def _together(field: Field) -> Together:
    match field.kind:
        case Kind.TEXT | Kind.LONG_TEXT:
            return _texts(field)
        case Kind.LINK:
            return lambda texts: _lines(_ROW_IDS, texts)
        case Kind.WHOLE:
            return _numbers(field, _WHOLE, 15)
        case Kind.DECIMAL | Kind.MONEY if field.places:
            shape = rf"(?:0|[1-9]\d{{0,13}})\.\d{{{field.places}}}"
            return _numbers(field, _each(shape), 15 - field.places)
        case _:
            return _nothing


def _lines(shape: re.Pattern[str], texts: Sequence[str]) -> bool:
    joined = "\n".join(texts)
    return joined.count("\n") == len(texts) - 1 and shape.fullmatch(joined) is not None


def _texts(field: Field) -> Together:
    several = field.kind is Kind.LONG_TEXT

    def good(texts: Sequence[str]) -> bool:
        joined = "\n".join(texts)
        if not several and joined.count("\n") != len(texts) - 1:
            return False
        # Nothing composes with a line end, so the joined text is in stored form exactly if each text is.
        flat = joined.replace("\n", "")
        if max(map(len, texts)) > field.max_length or normalise(joined) != joined:
            return False
        # Nothing printable is refused but the replacement character (a test asks all code points); this is the quicker test.
        return (flat.isprintable() and "\ufffd" not in flat) or not refused_character(flat)

    return good


def _numbers(field: Field, shape: re.Pattern[str], digits: int) -> Together:
    """Not negative, short enough for any limit of the store, and within the declared limits."""
    low = field.minimum if isinstance(field.minimum, int) else None
    high = field.maximum if isinstance(field.maximum, int) else None

    def good(texts: Sequence[str]) -> bool:
        longest = max(map(len, texts))
        if longest > digits or not _lines(shape, texts):
            return False
        if (low is None or low <= 0) and (high is None or longest < len(str(high))):
            return True
        values = [int(t.replace(".", "")) for t in texts if t]
        return not values or ((low is None or min(values) >= low) and (high is None or max(values) <= high))

    return good


def checks(fields: Iterable[Field], catalogs: Catalogs) -> Mapping[str, ColumnCheck]:
    """A check for every field, by name."""
    return {f.name: ColumnCheck(f, catalogs) for f in fields}
