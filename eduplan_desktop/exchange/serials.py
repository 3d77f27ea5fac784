"""Day numbers in date columns: what a spreadsheet leaves of a date that lost its format, most often in exported text.

A number cell is left to `registers.dates`. A text of five digits is no date anybody types, so in a sheet it is read as a day
counted from 1900 where that is plausible (1950 to 2099) and said; the person may decline, or declare 1904. Digits that could
also be a year with a month of one digit (20193) are refused until the person declares how days are counted.
"""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from eduplan_desktop.exchange.cells import Cell
from eduplan_desktop.i18n import _
from eduplan_desktop.registers.patterns import pattern
from eduplan_desktop.registers.refusal import BadValue
from eduplan_desktop.registers.text import narrow

DAYS_1904: Final = 1462
"""Days between the two epochs of spreadsheets."""
_EPOCH: Final = date(1899, 12, 30)
_PLAUSIBLE: Final = range(18264, 73051)  # 1950-01-01 … 2099-12-31 from 1900
_DIGITS: Final = pattern(r"(\d{5})(?:\.0*([1-9]\d*)?0*)?", re.ASCII)
_YEAR_MONTH: Final = pattern(r"(?:19\d|20\d)\d[1-9]", re.ASCII)


@dataclass(frozen=True, slots=True)
class Day:
    """A day number read: the date, and how it was read."""

    date: str
    note: str


class Serials:
    """How the plain numbers of one date column count days. said: the person's word, one of `mapping.SERIALS`."""

    def __init__(self, said: str, date1904: bool) -> None:
        self._declined = said == "no"
        self._declared = said in ("1900", "1904")
        self._shift = DAYS_1904 if said == "1904" or (date1904 and said != "1900") else 0
        self._file1904 = date1904

    def day(self, cell: Cell) -> Day | None:
        """The day where the cell is a plausible day number, else None. Raises BadValue."""
        if isinstance(cell, str):
            return self._text(cell)
        if isinstance(cell, bool) or not isinstance(cell, int | float) or not 0 < cell < 100_000:
            return None
        if 1900 <= cell <= 2199:
            return None
        if self._declined:
            raise BadValue("serial_declined")
        if self._declared or self._file1904:
            return self._counted(int(cell), f"{cell:g}", cell != int(cell))
        return None

    def _text(self, text: str) -> Day | None:
        found = _DIGITS().fullmatch(narrow(text).strip())
        if found is None:
            return None
        if self._declined:
            raise BadValue("serial_declined")
        if not self._declared and _YEAR_MONTH().fullmatch(found[1]):
            raise BadValue("serial_ambiguous")
        return self._counted(int(found[1]), text, bool(found[2]))

    def _counted(self, number: int, cell: str, time: bool) -> Day | None:
        number += self._shift
        if number not in _PLAUSIBLE:
            return None
        day = (_EPOCH + timedelta(days=number)).isoformat()
        words = _("“{cell}”按 {year} 日期序号读作 {day}").format(cell=cell, year=1904 if self._shift else 1900, day=day)
        return Day(day, f"{words}；{_('去掉了时刻')}" if time else words)
