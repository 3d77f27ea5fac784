"""Numbers as scaled integers: never a float stored, hashed or rounded in silence (D16)."""

import math
import re
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from eduplan_desktop.i18n import _
from eduplan_desktop.registers.patterns import pattern
from eduplan_desktop.registers.refusal import BadValue
from eduplan_desktop.registers.text import narrow

LIMIT: Final = 10**15
"""Scaled values stay below this: exact in SQLite, in spreadsheets and in JSON readers."""
_NUMBER: Final = pattern(r"([+-]?)(\d+|\d{1,3}(?:,\d{3})+)?(?:\.(\d*))?")
_MONEY_SIGN: Final = pattern("^(?:[\u00a5\uffe5]|RMB|CNY|人民币)", re.IGNORECASE)
_UNIT: Final = pattern(r"(?<=[\d.])[^\d.,+-].*$")

_SAME_UNIT: Final = {
    "㎡": ("m2", "m²", "平方米", "平米", "M2"),
    "人": ("名",),
    "分钟": ("分", "min"),
    "Mbps": ("M", "兆"),
}
_MONEY_FACTOR: Final = {
    ("元", "元"): Decimal(1),
    ("元", "圆"): Decimal(1),
    ("元", "万元"): Decimal(10000),
    ("万元", "万元"): Decimal(1),
    ("万元", "元"): Decimal("0.0001"),
}


def scale(value: Decimal, places: int) -> int:
    """`value` × 10**places as an integer, half up (away from zero at the half)."""
    return int(value.scaleb(places).quantize(Decimal(1), rounding=ROUND_HALF_UP))


def unscale(value: int, places: int) -> Decimal:
    """The exact decimal of a stored scaled integer."""
    return Decimal(value).scaleb(-places)


def plain(value: int, places: int) -> str:
    """Decimal text with exactly `places` digits after the point and no separators: '18600.00', '-0.50'."""
    if not places:
        return str(value)
    digits = str(abs(value)).zfill(places + 1)
    return f"{'-' if value < 0 else ''}{digits[:-places]}.{digits[-places:]}"


def parse_number(raw: object, places: int, unit: str) -> tuple[int, str]:
    """(scaled integer, note). Separators only in threes; units only where written out. Raises BadValue."""
    if isinstance(raw, bool):
        raise BadValue("not_number")
    if isinstance(raw, int):
        return _fit(Decimal(raw), places), ""
    if isinstance(raw, float):
        return _from_float(raw, places)
    if not isinstance(raw, str):
        raise BadValue("not_number")
    return _from_text(raw, places, unit)


def _fit(value: Decimal, places: int) -> int:
    """Exact scaling; more digits than `places` is the person's to decide, not ours to round."""
    scaled = value.scaleb(places)
    if abs(scaled) >= LIMIT:
        raise BadValue("number_too_large")
    if scaled != scaled.to_integral_value():
        raise BadValue("too_many_places", places=places) if places else BadValue("not_whole")
    return int(scaled)


def _from_float(raw: float, places: int) -> tuple[int, str]:
    if not math.isfinite(raw):
        raise BadValue("not_number")
    try:
        return _fit(Decimal(repr(raw)), places), ""
    except BadValue as bad:
        if bad.code == "number_too_large":
            raise
        # A spreadsheet sum such as 0.1+0.2 carries binary noise beyond the digits any sheet shows.
        return _fit(Decimal(f"{raw:.14g}"), places), _("去掉了表格计算的尾差")


def _from_text(raw: str, places: int, unit: str) -> tuple[int, str]:
    half = narrow(raw)
    text = re.sub(r"\s", "", half).replace("−", "-")
    notes = [_("全角转半角")] if half != raw else []
    money = unit in ("元", "万元")
    if money and (found := _MONEY_SIGN().match(text)):
        text = text[found.end() :]
        notes.append(_("去掉了货币符号"))
    factor = Decimal(1)
    if found := _UNIT().search(text):
        factor = _factor(unit, found.group())
        text = text[: found.start()]
        notes.append(_("按所写单位换算") if factor != 1 else _("去掉了单位"))
    match = _NUMBER().fullmatch(text)
    if not match or len(text) > 40 or (not match.group(2) and not match.group(3)):
        raise BadValue("not_number")
    if "," in text:
        notes.append(_("去掉了千分位"))
    number = Decimal(f"{match.group(1)}{(match.group(2) or '0').replace(',', '')}.{match.group(3) or '0'}")
    return _fit(number * factor, places), "；".join(notes)


def _factor(unit: str, written: str) -> Decimal:
    if factor := _MONEY_FACTOR.get((unit, written)):
        return factor
    if written == unit or written in _SAME_UNIT.get(unit, ()):
        return Decimal(1)
    raise BadValue("unit_unknown", unit=unit or "无")
