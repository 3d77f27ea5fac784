"""Check-up results: words for a number against its range, conversion of units, BMI (D8).

A word is one of a closed list and never a diagnosis. The range printed on the hospital's own report wins; the catalogue
`health_range` is asked only where the report has none, and answers only for the sex and age it was made for.
"""

import re
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Final

from eduplan_desktop.registers.catalogs import Catalogs, Entry
from eduplan_desktop.registers.patterns import pattern
from eduplan_desktop.registers.refusal import BadValue
from eduplan_desktop.registers.results import Result
from eduplan_desktop.registers.text import fold, narrow

LOW: Final = "偏低"
HIGH: Final = "偏高"
AGAIN: Final = "需复查"
WORDS: Final = (LOW, HIGH, "正常高值", "边缘升高", "升高", "体重过低", "超重", "肥胖", AGAIN)
"""The closed list of words shown for a result (D8)."""

HEIGHT, WEIGHT, BMI = "GEN01", "GEN02", "GEN03"
_LIMIT: Final = pattern(r"([<≤>≥]?)=?(\d+(?:\.\d+)?)")
_MICRO: Final = {0xB5: "u", 0x3BC: "u"}


def number(text: str) -> Decimal | None:
    """The number a transcribed result says, or None for words such as 阴性."""
    try:
        value = Decimal(narrow(text).strip()) if text else None
    except InvalidOperation:
        return None
    return value if value is not None and value.is_finite() else None


def flag(item: str, result: Result, sex: str, age: int | None, catalogs: Catalogs) -> str:
    """The word for one result, '' where it is usual or nothing may be said.

    sex: GB/T 2261.1 code. age: completed years on the day of the check-up, None where unknown.
    """
    entry = catalogs.table("health_item").by_code.get(item)
    value = number(result.value)
    if value is None:
        return _word_for_choice(entry, result.value)
    if entry is not None and result.unit and not same_unit(result.unit, entry.attributes.get("unit", "")):
        return _outside(value, result.low, result.high)
    if result.low or result.high:
        return _outside(value, result.low, result.high)
    words = {_by_table(row, value) for row in _ranges(item, sex, age, catalogs)}
    return words.pop() if len(words) == 1 else ""


def _word_for_choice(entry: Entry | None, value: str) -> str:
    """Results chosen from a list: anything but the usual answer is to be looked at again; free text is not judged."""
    if entry is None or not entry.attributes.get("normal"):
        return ""
    options = entry.attributes.get("options", "").split("|")
    return AGAIN if value in options and value != entry.attributes["normal"] else ""


def _outside(value: Decimal, low: str, high: str) -> str:
    """Against the range printed on the report; a limit that cannot be read says nothing."""
    below, above = _read_limit(low), _read_limit(high)
    if below is not None and (value <= below[1] if below[0] == ">" else value < below[1]):
        return LOW
    if above is not None and (value >= above[1] if above[0] == "<" else value > above[1]):
        return HIGH
    return ""


def _read_limit(text: str) -> tuple[str, Decimal] | None:
    match = _LIMIT().fullmatch(re.sub(r"\s", "", narrow(text)))
    return (match.group(1), Decimal(match.group(2))) if match else None


def _ranges(item: str, sex: str, age: int | None, catalogs: Catalogs) -> list[Entry]:
    """Rows of the table for this item, sex and age; all rows that could apply where sex or age is unknown."""
    found = []
    for row in catalogs.table("health_range").live:
        a = row.attributes
        if a.get("item") != item or (a.get("sex") and sex in ("1", "2") and a["sex"] != sex):
            continue
        if age is None and (a.get("age_from") or a.get("age_to")):
            return []
        if age is not None and not int(a.get("age_from") or 0) <= age <= int(a.get("age_to") or 200):
            continue
        found.append(row)
    return found


def _by_table(row: Entry, value: Decimal) -> str:
    steps = row.attributes.get("steps")
    if not steps:
        return _outside(value, row.attributes.get("low", ""), row.attributes.get("high", ""))
    said = ""
    for step in steps.split(";"):
        limit, _colon, word = step.partition(":")
        if limit == "-" or value >= Decimal(limit):
            said = word
    return said


def shown_range(item: str, sex: str, age: int | None, catalogs: Catalogs) -> tuple[str, str]:
    """(low, high) of the usual range by the table for printing beside a result; ('', '') where the table has none."""
    rows = _ranges(item, sex, age, catalogs)
    if len(rows) != 1:
        return "", ""
    a = rows[0].attributes
    if not a.get("steps"):
        return a.get("low", ""), a.get("high", "")
    steps = [s.partition(":") for s in a["steps"].split(";")]
    usual = next(i for i, (_limit, _colon, word) in enumerate(steps) if not word)
    low = "" if steps[usual][0] == "-" else steps[usual][0]
    return low, f"<{steps[usual + 1][0]}" if usual + 1 < len(steps) else ""


def same_unit(one: str, other: str) -> bool:
    """Whether two spellings mean one unit: case, width, µ written as u, and ^ or × are ignored."""
    return _unit_key(one) == _unit_key(other)


def _unit_key(unit: str) -> str:
    return re.sub(r"[\^*×x·]", "", fold(unit.translate(_MICRO)).replace("⁹", "9"))


def convert(item: str, value: str, unit: str, catalogs: Catalogs) -> tuple[str, str]:
    """(value in the catalogue's unit, note) for a number in `unit`; half up to the item's decimals.

    Only factors of the catalogue `unit_factor` are used. Raises BadValue: no number, or a unit without a factor.
    """
    entry = catalogs.table("health_item").by_code.get(item)
    target = entry.attributes.get("unit", "") if entry else ""
    given = number(value)
    if entry is None or given is None:
        raise BadValue("not_number")
    if not unit or same_unit(unit, target):
        return value, ""
    for row in catalogs.table("unit_factor").live:
        if row.attributes.get("item") == item and same_unit(row.attributes.get("unit", ""), unit):
            factor = Decimal(row.attributes["factor"])
            return rounded(given * factor, entry), f"{unit}×{factor}→{target}"
    raise BadValue("unit_unknown", unit=target or "无")


def rounded(value: Decimal, item: Entry) -> str:
    """`value` with the item's decimals, half up, as plain text."""
    places = int(item.attributes.get("decimals") or 0)
    return format(value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP), "f")


def bmi(height: str, weight: str) -> str:
    """Body mass index to one decimal, half up, from centimetres and kilograms; '' where either is missing or absurd."""
    tall, heavy = number(height), number(weight)
    if tall is None or heavy is None or not 100 <= tall <= 250 or not 20 <= heavy <= 400:
        return ""
    metres = tall / 100
    return format((heavy / (metres * metres)).quantize(Decimal("0.1"), rounding=ROUND_HALF_UP), "f")


def with_bmi(results: dict[str, Result]) -> dict[str, Result]:
    """The results with the BMI computed where height and weight are there and the report gives none."""
    if BMI in results or HEIGHT not in results or WEIGHT not in results:
        return results
    computed = bmi(results[HEIGHT].value, results[WEIGHT].value)
    return {**results, BMI: Result(computed, "kg/m2")} if computed else results
