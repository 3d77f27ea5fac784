"""How values travel and lie: CSV text of a bundle, column types, SQL that turns the one into the other, Table Schema (D5)."""

import re
from collections.abc import Callable, Collection
from typing import Any, Final, assert_never

from eduplan_desktop.registers import dates, idnumber, numbers, results
from eduplan_desktop.registers.catalogs import Catalogs
from eduplan_desktop.registers.model import Field, Kind, Value
from eduplan_desktop.registers.moments import is_moment
from eduplan_desktop.registers.patterns import pattern
from eduplan_desktop.registers.refusal import BadValue
from eduplan_desktop.registers.text import normalise, refused_character

ROW_ID: Final = pattern(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_INT64: Final = 2**63 - 1
_WHOLE: Final = pattern(r"-?(?:0|[1-9]\d{0,17})", re.ASCII)
_DECIMAL: Final = pattern(r"(-?)(0|[1-9]\d{0,17})\.(\d+)", re.ASCII)


def to_csv(field: Field, value: Value) -> str:
    """The exact plain text of docs/format.md §6.1; NULL is ''."""
    if value is None:
        return ""
    match field.kind:
        case Kind.DECIMAL | Kind.MONEY:
            return numbers.plain(int(value), field.places)
        case (
            Kind.TEXT
            | Kind.LONG_TEXT
            | Kind.WHOLE
            | Kind.DATE
            | Kind.MOMENT
            | Kind.YES_NO
            | Kind.CHOICE
            | Kind.LINK
            | Kind.ID_NUMBER
            | Kind.SCHOOL_CODE
            | Kind.RESULTS
        ):
            return str(value)
        case _:
            assert_never(field.kind)


def from_csv(field: Field, text: str) -> Value:
    """The stored value of a CSV cell written by `to_csv`, and of nothing else. Raises ValueError."""
    if text == "":
        return None
    match field.kind:
        case Kind.TEXT | Kind.LONG_TEXT:
            return _text(field, text)
        case Kind.WHOLE:
            return _whole(text)
        case Kind.DECIMAL | Kind.MONEY:
            return _scaled(text, field.places)
        case Kind.YES_NO:
            return {"0": 0, "1": 1}[text] if text in ("0", "1") else _refuse(BadValue("not_yes_no"))
        case Kind.DATE:
            return text if dates.is_date(text) else _refuse(BadValue("not_date"))
        case Kind.MOMENT:
            return text if is_moment(text) else _refuse(BadValue("not_moment"))
        case Kind.CHOICE:
            return text if len(text) <= 80 and not refused_character(text) else _refuse(ValueError("not a code"))
        case Kind.LINK:
            return text if ROW_ID().fullmatch(text) else _refuse(ValueError("not a row id"))
        case Kind.ID_NUMBER:
            return _unchanged(text, idnumber.normalise_id)
        case Kind.SCHOOL_CODE:
            return _unchanged(text, idnumber.normalise_school_code)
        case Kind.RESULTS:
            return text if results.canonical(text) == text else _refuse(ValueError("not canonical results"))
        case _:
            assert_never(field.kind)


def _refuse(why: ValueError) -> str:
    raise why


def _text(field: Field, text: str) -> str:
    if len(text) > field.max_length:
        raise BadValue("too_long", maximum=field.max_length)
    if bad := refused_character(text.replace("\n", "")):
        raise BadValue("refused_character", character=bad)
    if normalise(text) != text or (field.kind is Kind.TEXT and "\n" in text):
        raise ValueError("not a stored text")
    return text


def _whole(text: str) -> int:
    if not _WHOLE().fullmatch(text) or text == "-0":
        raise ValueError("not a whole number")
    return int(text)


def _scaled(text: str, places: int) -> int:
    match = _DECIMAL().fullmatch(text) if places else None
    if not match or len(match.group(3)) != places:
        raise ValueError("not a decimal with the declared places")
    value = int(match.group(2) + match.group(3))
    if value > _INT64 or (value == 0 and match.group(1)):
        raise ValueError("out of range")
    return -value if match.group(1) else value


def _unchanged(text: str, normaliser: Callable[[str], tuple[str, str]]) -> str:
    if normaliser(text)[0] != text:
        raise ValueError("not in stored form")
    return text


def sql_type(field: Field) -> str:
    """Column type of the STRICT table: 'INTEGER' or 'TEXT'."""
    match field.kind:
        case Kind.WHOLE | Kind.DECIMAL | Kind.MONEY | Kind.YES_NO:
            return "INTEGER"
        case (
            Kind.TEXT
            | Kind.LONG_TEXT
            | Kind.DATE
            | Kind.MOMENT
            | Kind.CHOICE
            | Kind.LINK
            | Kind.ID_NUMBER
            | Kind.SCHOOL_CODE
            | Kind.RESULTS
        ):
            return "TEXT"
        case _:
            assert_never(field.kind)


def csv_sql(field: Field, column_expression: str) -> str:
    """SQL that turns a CSV text column already found valid (`column_ok`) into the stored value."""
    text = f"NULLIF({column_expression}, '')"
    match field.kind:
        case Kind.WHOLE | Kind.YES_NO:
            return f"CAST({text} AS INTEGER)"
        case Kind.DECIMAL | Kind.MONEY:
            return f"CAST(REPLACE({text}, '.', '') AS INTEGER)"
        case (
            Kind.TEXT
            | Kind.LONG_TEXT
            | Kind.DATE
            | Kind.MOMENT
            | Kind.CHOICE
            | Kind.LINK
            | Kind.ID_NUMBER
            | Kind.SCHOOL_CODE
            | Kind.RESULTS
        ):
            return text
        case _:
            assert_never(field.kind)


def column_ok(field: Field, catalogs: Catalogs) -> Callable[[str], bool]:
    """Whether one CSV text may stand in this column: well-formed, within the declared limits, a code the table knows."""
    codes = catalogs.table(field.choices).by_code if field.kind is Kind.CHOICE else None

    def ok(text: str) -> bool:
        if text == "":
            return not field.required
        if codes is not None:
            return text in codes
        try:
            value = from_csv(field, text)
        except (ValueError, BadValue):
            return False
        return outside(field, value) is None

    return ok


def outside(field: Field, value: Value) -> BadValue | None:
    """The first limit of the declaration that a well-formed value breaks."""
    if isinstance(value, str) and field.kind in (Kind.TEXT, Kind.LONG_TEXT) and len(value) > field.max_length:
        return BadValue("too_long", maximum=field.max_length)
    for limit, low in ((field.minimum, True), (field.maximum, False)):
        if limit is not None and value is not None and _beyond(field, value, limit, low):
            shown = str(limit) if field.kind is Kind.DATE else numbers.plain(int(limit), field.places)
            return BadValue("too_small" if low else "too_large", limit=shown + field.unit)
    return None


_SURELY: Final = 10**15
"""Numbers below this are well-formed in every kind of number."""


def well_formed_together(field: Field, values: Collection[Value]) -> bool:
    """Whether all these values are well-formed and inside the limits of the declaration, found by looking at all at once.

    False where that cannot be told so; then each has to be looked at. NULL is not among them.
    """
    if not values:
        return True
    match field.kind:
        case Kind.TEXT | Kind.LONG_TEXT:
            return _texts_together(field, values)
        case Kind.WHOLE | Kind.DECIMAL | Kind.MONEY:
            whole = [value for value in values if type(value) is int]
            if len(whole) != len(values):
                return False
            ends = (min(whole), max(whole))
            return all(-_SURELY < end < _SURELY and outside(field, end) is None for end in ends)
        case _:
            return False


def _texts_together(field: Field, values: Collection[Value]) -> bool:
    """A line end composes with nothing, so texts joined by it are in stored form when each of them is."""
    texts = [value for value in values if type(value) is str]
    if len(texts) != len(values) or "" in texts or max(map(len, texts)) > field.max_length:
        return False
    joined = "\n".join(texts)
    if field.kind is Kind.TEXT and joined.count("\n") != len(texts) - 1:
        return False
    return not refused_character(joined.replace("\n", "")) and normalise(joined) == joined


def _beyond(field: Field, value: Value, limit: int | str, low: bool) -> bool:
    """Whether a value certainly lies outside; a date of coarser precision gets the benefit of the doubt."""
    if field.kind is Kind.DATE:
        return dates.before(str(value), str(limit)) is True if low else dates.before(str(limit), str(value)) is True
    if isinstance(value, int) and isinstance(limit, int):
        return value < limit if low else value > limit
    return False


def schema(field: Field) -> dict[str, Any]:
    """The Frictionless Table Schema of one column (docs/format.md §6)."""
    kind, constraints = _schema_type(field)
    out: dict[str, Any] = {"name": field.name, "title": field.label, "type": kind, "eduplan:kind": str(field.kind)}
    if field.help:
        out["description"] = field.help
    if field.required:
        constraints["required"] = True
    if field.minimum is not None and kind in ("integer", "number"):
        constraints["minimum"] = numbers.plain(int(field.minimum), field.places)
    if field.maximum is not None and kind in ("integer", "number"):
        constraints["maximum"] = numbers.plain(int(field.maximum), field.places)
    if constraints:
        out["constraints"] = constraints
    for key, value in (
        ("unit", field.unit),
        ("table", field.choices),
        ("target", field.target),
        ("places", field.places),
    ):
        if value:
            out[f"eduplan:{key}"] = value
    if kind == "boolean":
        out |= {"trueValues": ["1"], "falseValues": ["0"]}
    return out


def _schema_type(field: Field) -> tuple[str, dict[str, Any]]:
    match field.kind:
        case Kind.TEXT | Kind.LONG_TEXT:
            return "string", {"maxLength": field.max_length}
        case Kind.WHOLE:
            return "integer", {}
        case Kind.DECIMAL | Kind.MONEY:
            return "number", {}
        case Kind.YES_NO:
            return "boolean", {}
        case Kind.DATE:
            return "string", {"pattern": r"[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?"}
        case Kind.MOMENT:
            return "datetime", {}
        case Kind.LINK:
            return "string", {"pattern": ROW_ID().pattern}
        case Kind.SCHOOL_CODE:
            return "string", {"pattern": "[0-9]{10}"}
        case Kind.ID_NUMBER:
            return "string", {"pattern": "[0-9]{17}[0-9X]"}
        case Kind.CHOICE:
            return "string", {}
        case Kind.RESULTS:
            return "object", {}
        case _:
            assert_never(field.kind)
