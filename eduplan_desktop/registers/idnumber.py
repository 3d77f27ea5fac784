"""Citizen identity numbers, school codes and unified social credit codes.

Sources: GB 11643-1999 (check character ISO 7064 MOD 11-2; mark C), 教育部《学校(机构)代码管理办法》2011 for the ten-digit school
code (mark C), GB 32100-2015 for the credit code (standard C, algorithm K). An area code that was abolished is valid: cards
keep the code they were issued with, so areas are never checked against a list.
"""

import re
from calendar import monthrange
from typing import Final

from eduplan_desktop.i18n import _
from eduplan_desktop.registers.patterns import pattern
from eduplan_desktop.registers.refusal import BadValue

_WEIGHTS: Final = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK: Final = "10X98765432"
_EIGHTEEN: Final = pattern(r"\d{17}[\dX]", re.ASCII)
_FIFTEEN: Final = pattern(r"\d{15}", re.ASCII)

SCHOOL_KINDS: Final = {
    "11": "幼儿园",
    "21": "小学",
    "22": "成人小学",
    "31": "普通初中",
    "32": "职业初中",
    "33": "成人初中",
    "34": "普通高中（完全中学）",
    "35": "成人高中",
    "36": "中等职业学校",
    "37": "工读学校",
    "41": "普通高等学校",
    "42": "成人高等学校",
    "51": "特殊教育学校",
    "91": "科研机构",
    "92": "民办的其他高等教育机构",
    "93": "中等职业培训机构",
}
"""First two digits of a school code."""

PROVINCES: Final = frozenset(
    f"{area}{n}"
    for area, last in (("1", 5), ("2", 3), ("3", 7), ("4", 6), ("5", 4), ("6", 5), ("7", 1), ("8", 2))
    for n in range(0 if area == "5" else 1, last + 1)
)
"""Province codes of GB/T 2260."""

_USCC_CHARS: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_USCC: Final = pattern(f"[{_USCC_CHARS}]{{18}}")


def check_character(first17: str) -> str:
    """The 18th character of an identity number."""
    return _CHECK[sum(int(d) * w for d, w in zip(first17, _WEIGHTS, strict=True)) % 11]


def normalise_id(text: str) -> tuple[str, str]:
    """(18-character number, note). x becomes X; a 15-digit number gets '19' and its check character. Raises BadValue."""
    compact = re.sub(r"[\s-]", "", text).upper()
    note = _("去掉了空格") if len(compact) != len(text) else _("统一为大写 X") if compact != text else ""
    if _FIFTEEN().fullmatch(compact):
        first17 = f"{compact[:6]}19{compact[6:]}"
        compact, note = first17 + check_character(first17), _("15 位旧号升为 18 位")
    if not _EIGHTEEN().fullmatch(compact):
        raise BadValue("id_shape")
    if compact[14:17] == "000":
        raise BadValue("id_sequence")
    if not _real_day(compact[6:14]):
        raise BadValue("id_birth_date")
    if check_character(compact[:17]) != compact[17]:
        raise BadValue("id_check")
    return compact, note


def _real_day(eight: str) -> bool:
    year, month, day = int(eight[:4]), int(eight[4:6]), int(eight[6:])
    return 1850 <= year <= 2199 and 1 <= month <= 12 and 1 <= day <= monthrange(year, month)[1]


def birth_date(number: str) -> str:
    """The birth date inside a normalised number as a stored date."""
    return f"{number[6:10]}-{number[10:12]}-{number[12:14]}"


def sex_code(number: str) -> str:
    """GB/T 2261.1 code of the sex a normalised number says: '1' male, '2' female."""
    return "1" if int(number[16]) % 2 else "2"


def normalise_school_code(text: str) -> tuple[str, str]:
    """(ten-digit school code, note). No check digit exists; kind and province are looked up. Raises BadValue."""
    compact = re.sub(r"[\s-]", "", text)
    if re.fullmatch(r"\d{12}", compact, re.ASCII):
        raise BadValue("school_code_old")
    if not re.fullmatch(r"\d{10}", compact, re.ASCII):
        raise BadValue("school_code_shape")
    if compact[:2] not in SCHOOL_KINDS:
        raise BadValue("school_code_kind")
    if compact[2:4] not in PROVINCES:
        raise BadValue("school_code_province")
    return compact, _("去掉了空格") if compact != text else ""


def credit_code_ok(text: str) -> bool:
    """Whether `text` is a unified social credit code with a right check character."""
    if not _USCC().fullmatch(text):
        return False
    total = sum(_USCC_CHARS.index(c) * pow(3, i, 31) for i, c in enumerate(text[:17]))
    return _USCC_CHARS[-total % 31] == text[17]
