"""Dates of known precision: `YYYY`, `YYYY-MM` or `YYYY-MM-DD` (D16). Comparisons know three answers."""

import re
from calendar import monthrange
from datetime import date, datetime, time, timedelta
from typing import Final

from eduplan_desktop.i18n import _
from eduplan_desktop.registers.patterns import pattern
from eduplan_desktop.registers.refusal import BadValue
from eduplan_desktop.registers.text import narrow

FIRST_YEAR: Final = 1900
LAST_YEAR: Final = 2199
_STORED: Final = pattern(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")
_SEPARATED: Final = pattern(r"(\d{4})([-/.])(\d{1,2})(?:\2(\d{1,2}))?")
_CHINESE: Final = pattern(r"(\d{4})年(?:(\d{1,2})月(?:份|(\d{1,2})[日号])?)?")
_PACKED: Final = pattern(r"(\d{4})(\d{2})(\d{2})?")
_TIME: Final = pattern(r"[T ](\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?Z?$")
_SERIAL: Final = range(18264, 73051)  # 1950-01-01 … 2099-12-31 counted as spreadsheets do
_EPOCH: Final = date(1899, 12, 30)


def is_date(text: str) -> bool:
    """Whether `text` is a stored date of any of the three precisions."""
    found = _STORED().fullmatch(text) if text.isascii() else None
    return bool(found) and _exists(*(int(g) if g else None for g in found.groups())) if found else False


def _exists(year: int | None, month: int | None, day: int | None) -> bool:
    if year is None or not FIRST_YEAR <= year <= LAST_YEAR:
        return False
    if month is None:
        return True
    return 1 <= month <= 12 and (day is None or 1 <= day <= monthrange(year, month)[1])


def _make(year: str, month: str | None, day: str | None) -> str:
    parts = (int(year), int(month) if month else None, int(day) if day else None)
    if not _exists(*parts):
        raise BadValue("date_impossible", first=FIRST_YEAR, last=LAST_YEAR)
    return "-".join([year, *(f"{p:02d}" for p in parts[1:] if p is not None)])


def parse_date(raw: object) -> tuple[str, str]:
    """(stored date, note). Accepts what clerks type and what spreadsheets hold. Raises BadValue.

    A bare number like 2019.1 may be January or October and is refused; day-first and two-digit years are refused.
    """
    if isinstance(raw, datetime):
        return raw.date().isoformat() if _checked(raw.date()) else "", _("去掉了时刻") if raw.time() != time() else ""
    if isinstance(raw, date):
        return raw.isoformat() if _checked(raw) else "", ""
    if isinstance(raw, bool) or not isinstance(raw, (str, int, float)):
        raise BadValue("not_date")
    return _from_number(raw) if isinstance(raw, (int, float)) else _from_text(raw)


def _checked(day: date) -> bool:
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise BadValue("date_impossible", first=FIRST_YEAR, last=LAST_YEAR)
    return True


def _from_number(raw: float) -> tuple[str, str]:
    if raw != raw or raw in (float("inf"), float("-inf")):
        raise BadValue("not_date")
    if raw == int(raw):
        whole = int(raw)
        if whole in _SERIAL:
            return (_EPOCH + timedelta(days=whole)).isoformat(), _("按表格的日期序号换算")
        return _from_text(str(whole))
    text = repr(raw)
    if re.fullmatch(r"\d{4}\.1", text):
        raise BadValue("date_ambiguous")
    if re.fullmatch(r"\d{4}\.\d{2}", text):
        return _from_text(text)
    if int(raw) in _SERIAL:
        return (_EPOCH + timedelta(days=int(raw))).isoformat(), _("按表格的日期序号换算，去掉了时刻")
    raise BadValue("not_date")


def _from_text(raw: str) -> tuple[str, str]:
    if is_date(raw):
        return raw, ""
    text = re.sub(r"\s*([-/.年月])\s*|\s+(?=[日号])", r"\1", narrow(raw).strip().replace("—", "-").replace("–", "-"))
    notes = []
    if found := _TIME().search(text):
        text = text[: found.start()]
        if any(int(g) for g in found.groups() if g):
            notes.append(_("去掉了时刻"))
    for written, groups in ((_SEPARATED, (1, 3, 4)), (_CHINESE, (1, 2, 3)), (_PACKED, (1, 2, 3))):
        if match := written().fullmatch(text):
            stored = _make(*(match.group(g) for g in groups))
            break
    else:
        if not re.fullmatch(r"\d{4}", text):
            raise BadValue("not_date")
        stored = _make(text, None, None)
    if stored != raw and not notes:
        notes.append(_("统一了日期写法"))
    return stored, "；".join(notes)


def first_day(stored: str) -> str:
    """The earliest day a stored date can mean."""
    return stored + "-01-01"[3 * (len(stored) // 3 - 1) :] if len(stored) < 10 else stored


def last_day(stored: str) -> str:
    """The latest day a stored date can mean."""
    if len(stored) == 4:
        return f"{stored}-12-31"
    return stored if len(stored) == 10 else f"{stored}-{monthrange(int(stored[:4]), int(stored[5:7]))[1]:02d}"


def before(one: str, other: str) -> bool | None:
    """Whether `one` lies before `other`: True, False, or None where the precision does not tell."""
    if last_day(one) < first_day(other):
        return True
    return False if first_day(one) >= last_day(other) else None


def year_of(stored: str) -> int:
    """The calendar year of a stored date."""
    return int(stored[:4])


def statistical_year(stored: str) -> int:
    """The statistical year (from 1 September, D18) a stored date falls in; a bare year counts as that year."""
    return year_of(stored) - (len(stored) > 4 and int(stored[5:7]) < 9)


def age_on(birth: str, day: str) -> int | None:
    """Completed years on `day`, or None where the precision of either date does not tell."""
    low = _years(last_day(birth), first_day(day))
    return low if low == _years(first_day(birth), last_day(day)) else None


def ages_on(birth: str, day: str) -> tuple[int, int]:
    """Fewest and most completed years on `day` that the precision of both dates allows."""
    return _years(last_day(birth), first_day(day)), _years(first_day(birth), last_day(day))


def _years(birth: str, day: str) -> int:
    return int(day[:4]) - int(birth[:4]) - (day[5:] < birth[5:])


def days_between(first: str, second: str) -> int:
    """Days from one full date to another; negative where `second` is earlier."""
    return (date.fromisoformat(second) - date.fromisoformat(first)).days
