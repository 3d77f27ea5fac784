"""What each kind of value can do: read, show, travel, be stored, be sorted, be described (D16).

One function per question, one `match` over the closed set in each. A raw value comes from typing, pasting or a spreadsheet;
what cannot be stored comes back as a Problem whose parameters never repeat what was typed (it may be sealed).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Final, assert_never

from eduplan_desktop.i18n import _
from eduplan_desktop.problems import Problem
from eduplan_desktop.registers import dates, idnumber, numbers, results
from eduplan_desktop.registers.catalogs import Catalogs
from eduplan_desktop.registers.messages import finding
from eduplan_desktop.registers.model import Field, Kind, Value
from eduplan_desktop.registers.moments import parse_moment, show_moment
from eduplan_desktop.registers.patterns import pattern
from eduplan_desktop.registers.refusal import BadValue
from eduplan_desktop.registers.text import clean, narrow, sort_text
from eduplan_desktop.registers.travel import ROW_ID, column_ok, csv_sql, from_csv, outside, schema, sql_type, to_csv

__all__ = [
    "Parsed",
    "column_ok",
    "csv_sql",
    "edit_text",
    "from_csv",
    "is_masked",
    "mask",
    "parse",
    "schema",
    "show",
    "sort_key",
    "sql_type",
    "to_csv",
]

YES: Final = ("是", "有", "对", "√", "✓", "y", "yes", "true", "1")
NO: Final = ("否", "无", "没有", "×", "✗", "n", "no", "false", "0")
_CELL_ERROR: Final = pattern(r"#(?:N/A|REF!|VALUE!|DIV/0!|NAME\?|NULL!|NUM!)")
_LOST_DIGITS: Final = 10**15
"""Spreadsheets keep 15 digits of a number; a longer code typed as a number has lost its end."""


@dataclass(frozen=True, slots=True)
class Parsed:
    """value: what would be stored (None for blank and for a problem). note: what was normalised, in Chinese, or ''."""

    value: Value
    problem: Problem | None = None
    note: str = ""


_BLANK: Final = Parsed(None)


def parse(field: Field, raw: object, catalogs: Catalogs) -> Parsed:
    """Read a typed, pasted or spreadsheet value. Blank is None, never 0; `required` is a matter of `check`, not of reading."""
    try:
        text = clean(raw, lines=field.kind is Kind.LONG_TEXT) if isinstance(raw, str) else None
        if raw is None or (text is not None and not text[0]):
            return _BLANK
        if text is not None and text[0][0] == "#" and _CELL_ERROR().fullmatch(text[0]):
            raise BadValue("cell_error")
        value, note = _read(field, raw if text is None else text[0], catalogs)
        if bad := outside(field, value):
            raise bad
    except BadValue as bad:
        return Parsed(None, finding(bad.code, field.name, {"label": field.label, **bad.params}))
    return Parsed(value, None, "；".join(n for n in (text[1] if text else "", note) if n))


def _read(field: Field, raw: object, catalogs: Catalogs) -> tuple[Value, str]:
    """(value, note) of a cleaned, non-blank raw value. Raises BadValue."""
    match field.kind:
        case Kind.TEXT | Kind.LONG_TEXT:
            return as_text(raw)
        case Kind.WHOLE:
            return numbers.parse_number(_unboxed(raw), 0, field.unit)
        case Kind.DECIMAL | Kind.MONEY:
            return numbers.parse_number(_unboxed(raw), field.places, field.unit)
        case Kind.DATE:
            return dates.parse_date(raw)
        case Kind.MOMENT:
            return parse_moment(raw)
        case Kind.YES_NO:
            return _yes_no(raw)
        case Kind.CHOICE:
            return _choice(field, raw, catalogs)
        case Kind.LINK:
            return _link(raw)
        case Kind.ID_NUMBER:
            return _coded(raw, idnumber.normalise_id)
        case Kind.SCHOOL_CODE:
            return _coded(raw, idnumber.normalise_school_code)
        case Kind.RESULTS:
            return results.canonical(as_text(raw)[0]), ""
        case _:
            assert_never(field.kind)


def as_text(raw: object) -> tuple[str, str]:
    """Any cell as the text a person sees in it, with a note where that was not text. Raises BadValue."""
    match raw:
        case str():
            return raw, ""
        case bool():
            return ("是" if raw else "否"), _("按文字保存")
        case int() | float():
            return _number_text(raw), _("数字按文字保存")
        case datetime():
            day = raw.date().isoformat()
            return (f"{day} {raw:%H:%M}" if raw.time() != time() else day), _("日期按文字保存")
        case date():
            return raw.isoformat(), _("日期按文字保存")
        case time():
            return f"{raw:%H:%M}", _("时刻按文字保存")
        case _:
            raise BadValue("cell_unreadable")


def _number_text(raw: float) -> str:
    """A number cell as digits; one that is too long for a spreadsheet to have kept is refused, not stored wrong."""
    if raw != raw or abs(raw) >= _LOST_DIGITS:
        raise BadValue("digits_lost")
    return str(int(raw)) if raw == int(raw) else repr(raw)


def _unboxed(raw: object) -> object:
    """Dates and times are not numbers, although spreadsheets store them as such."""
    if isinstance(raw, (date, time)):
        raise BadValue("not_number")
    return raw


def _coded(raw: object, normaliser: Callable[[str], tuple[str, str]]) -> tuple[str, str]:
    text, note = as_text(raw)
    value, more = normaliser(narrow(text))
    return value, more or note


def _yes_no(raw: object) -> tuple[int, str]:
    if isinstance(raw, (bool, int, float)) and raw in (0, 1):
        return int(raw), ""
    said = narrow(raw).strip().lower() if isinstance(raw, str) else ""
    if said in YES or said in NO:
        return int(said in YES), "" if said in ("是", "否") else _("统一为是/否")
    raise BadValue("not_yes_no")


def _choice(field: Field, raw: object, catalogs: Catalogs) -> tuple[str, str]:
    table = catalogs.table(field.choices)
    said = as_text(raw)[0]
    code = table.find(said)
    if table.qualified and said != code:
        return code, _("按 {scheme} 代码理解").format(scheme=code.partition(":")[0])
    return code, ""


def _link(raw: object) -> tuple[str, str]:
    if isinstance(raw, str) and ROW_ID().fullmatch(raw):
        return raw, ""
    raise BadValue("link_unresolved")


def show(field: Field, value: Value, catalogs: Catalogs) -> str:
    """What a person reads, on every surface the same; '' for NULL. `parse(show(v))` gives v again (RESULTS: a count only)."""
    if value is None:
        return ""
    match field.kind:
        case Kind.MONEY:
            return _grouped(numbers.plain(int(value), field.places))
        case Kind.CHOICE:
            return catalogs.table(field.choices).shown(str(value))
        case Kind.MOMENT:
            return show_moment(str(value))
        case Kind.RESULTS:
            return _("{n} 项").format(n=len(results.load(str(value))))
        case (
            Kind.TEXT
            | Kind.LONG_TEXT
            | Kind.WHOLE
            | Kind.DECIMAL
            | Kind.DATE
            | Kind.YES_NO
            | Kind.LINK
            | Kind.ID_NUMBER
            | Kind.SCHOOL_CODE
        ):
            return edit_text(field, value)
        case _:
            assert_never(field.kind)


def edit_text(field: Field, value: Value) -> str:
    """What stands in an open editor: as `show`, but without separators and with the code of a choice."""
    if value is None:
        return ""
    match field.kind:
        case Kind.MONEY:
            return _trimmed(numbers.plain(int(value), field.places))
        case Kind.DECIMAL:
            return numbers.plain(int(value), field.places)
        case Kind.YES_NO:
            return "是" if value else "否"
        case Kind.MOMENT:
            return show_moment(str(value))
        case (
            Kind.TEXT
            | Kind.LONG_TEXT
            | Kind.WHOLE
            | Kind.DATE
            | Kind.CHOICE
            | Kind.LINK
            | Kind.ID_NUMBER
            | Kind.SCHOOL_CODE
            | Kind.RESULTS
        ):
            return str(value)
        case _:
            assert_never(field.kind)


def _trimmed(text: str) -> str:
    """Money to the fen; further digits of a unit price only where they are not zero."""
    head, _dot, tail = text.partition(".")
    return f"{head}.{tail[:2]}{tail[2:].rstrip('0')}" if tail else head


def _grouped(text: str) -> str:
    head, dot, tail = _trimmed(text).partition(".")
    return f"{int(head):,}{dot}{tail}" if not head.startswith("-0") else f"{head}{dot}{tail}"


MASK: Final = "****"


def mask(field: Field, value: Value) -> str:
    """A sealed value as lists and exports show it: enough to recognise, not to use (front 6 and last 4 of an ID number)."""
    if value is None:
        return ""
    text = str(value)
    if field.kind is Kind.ID_NUMBER:
        return f"{text[:6]}{MASK}{MASK}{text[-4:]}"
    if field.kind is Kind.TEXT and text.isdigit() and len(text) == 11:
        return f"{text[:3]}{MASK}{text[-4:]}"
    return MASK


def is_masked(raw: object) -> bool:
    """Whether a cell coming back holds a masked value and so means "unchanged"."""
    return isinstance(raw, str) and MASK in narrow(raw)


SortKey = tuple[bool, int, str]
"""(is blank, number, text): comparable for any two values of one field; blanks come last."""


def sort_key(field: Field, value: Value, catalogs: Catalogs) -> SortKey:
    """The order of values on screen, paper and in sheets: numbers by size, choices as their table, text by pinyin."""
    if value is None:
        return (True, 0, "")
    match field.kind:
        case Kind.WHOLE | Kind.DECIMAL | Kind.MONEY | Kind.YES_NO:
            return (False, int(value), "")
        case Kind.CHOICE:
            table = catalogs.table(field.choices)
            return (False, table.position.get(str(value), len(table.position)), str(value))
        case Kind.TEXT | Kind.LONG_TEXT:
            return (False, 0, sort_text(str(value)))
        case Kind.DATE | Kind.MOMENT | Kind.LINK | Kind.ID_NUMBER | Kind.SCHOOL_CODE | Kind.RESULTS:
            return (False, 0, str(value))
        case _:
            assert_never(field.kind)
