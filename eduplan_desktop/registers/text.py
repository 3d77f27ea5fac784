"""Text as stored, compared, searched and sorted (D16, invariant 7).

Stored text is NFC except that compatibility ideographs stay as typed; it is never NFKC. What may not be stored is an own
table, because Python 3.11 does not know Extensions H and I and so cannot be asked what is printable. Comparison and search
use `fold`, which is never stored as a value.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Final

from eduplan_desktop.i18n import N_, _
from eduplan_desktop.registers import pinyin
from eduplan_desktop.registers.patterns import pattern
from eduplan_desktop.registers.refusal import BadValue

REFUSED: Final[tuple[tuple[int, int], ...]] = (
    (0x0000, 0x001F),  # C0 controls; tab and line ends are replaced before this table is asked
    (0x007F, 0x009F),  # delete and C1 controls
    (0x061C, 0x061C),  # bidi marks and overrides: text that reads otherwise than it is stored
    (0x200E, 0x200F),
    (0x202A, 0x202E),
    (0x2066, 0x206F),
    (0xD800, 0xDFFF),  # surrogates
    (0xE000, 0xF8FF),  # private use: a character only one font knows
    (0xFDD0, 0xFDEF),  # noncharacters
    (0xFFF9, 0xFFFB),  # interlinear annotation
    (0xFFFD, 0xFFFF),  # replacement character (a broken decoding) and noncharacters
    *((plane << 16 | 0xFFFE, plane << 16 | 0xFFFF) for plane in range(1, 17)),
    (0xE0000, 0xE007F),  # tags
    (0xF0000, 0xFFFFD),
    (0x100000, 0x10FFFD),
)
"""Code point ranges no stored text may contain, both ends included."""

_REFUSED_SET: Final = "[" + "".join(f"\\U{a:08X}-\\U{b:08X}" for a, b in REFUSED) + "]"
_INVISIBLE_SET: Final = "[\u00ad\u200b\u2060\ufeff]"
_REFUSED: Final = pattern(_REFUSED_SET)
_INVISIBLE: Final = pattern(_INVISIBLE_SET)
_LINE_END: Final = pattern("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_UNUSUAL: Final = pattern(f"{_REFUSED_SET}|{_INVISIBLE_SET}|[\u2028\u2029]")
_KEPT: Final = pattern("([\uf900-\ufaff\U0002f800-\U0002fa1f])")
_OUTER: Final = " \t\n\u00a0\u3000\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f"
_COMPOSED: Final = N_("统一了字符的组合写法")
_SPACES: Final = pattern(f"[{_OUTER}]+")

_WIDE: Final = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20, 0x00A0: 0x20, 0x2212: 0x2D}
_DOTS: Final = dict.fromkeys((0x2022, 0x30FB, 0x2027, 0xFF65, 0x2219, 0x22C5, 0x002E, 0xFF0E, 0x0387, 0x16EB), 0xB7)
_DASHES: Final = dict.fromkeys((0x2010, 0x2011, 0x2012, 0x2013, 0x2014, 0x2015, 0x2212, 0xFF0D), 0x2D)
_FOLD: Final = _DOTS | _DASHES


def normalise(text: str) -> str:
    """NFC, except that compatibility ideographs (F900–FAFF, 2F800–2FA1F) stay what they are: names use them."""
    if text.isascii() or unicodedata.is_normalized("NFC", text):
        return text
    return "".join(part if _KEPT().match(part) else unicodedata.normalize("NFC", part) for part in _KEPT().split(text))


def refused_character(text: str) -> str:
    """The first character that may not be stored as 'U+202E', or ''."""
    found = _REFUSED().search(text)
    return f"U+{ord(found.group()):04X}" if found else ""


def clean(raw: str, lines: bool = False) -> tuple[str, str]:
    """(text to store, note in Chinese of what was normalised); '' is blank. Raises BadValue for a refused character.

    Outer blanks and invisible characters go, spaces inside stay. `lines` keeps line ends (as LF); else they become spaces.
    """
    if raw and raw[0] not in _OUTER and raw[-1] not in _OUTER and not _UNUSUAL().search(raw):
        stored = normalise(raw)
        return stored, "" if stored == raw else _(_COMPOSED)
    text = _INVISIBLE().sub("", raw)
    text = _LINE_END().sub("\n", text)
    notes = [_("去掉了看不见的字符")] if len(text) != len(raw) and _INVISIBLE().search(raw) else []
    trimmed = text.strip(_OUTER)
    if trimmed != text:
        notes.append(_("去掉了首尾空格"))
    flat = trimmed.replace("\t", " ")
    if not lines and "\n" in flat:
        flat = re.sub(" *\n *", " ", flat)
        notes.append(_("换行改为空格"))
    if bad := refused_character(flat.replace("\n", "")):
        raise BadValue("refused_character", character=bad)
    stored = normalise(flat)
    if stored != flat:
        notes.append(_(_COMPOSED))
    return stored, "；".join(notes)


def narrow(text: str) -> str:
    """Full-width letters, digits and signs to half-width; only for numbers, dates and codes, never for stored text."""
    return text.translate(_WIDE)


def fold(text: str) -> str:
    """Key for comparing and searching: width, case, compatibility forms, middle dots and dashes unified, spaces dropped."""
    if text.isascii():
        lower = text.casefold().replace(".", "·")
        return _SPACES().sub("", lower) if " " in lower or "\t" in lower or "\n" in lower else lower
    folded = _folded_once(text)
    if unicodedata.is_normalized("NFKC", folded):
        return folded
    return _folded_once(_folded_once(folded))


def _folded_once(text: str) -> str:
    """One pass; dropping a space or folding case can leave marks that compose, which further passes settle."""
    return _SPACES().sub("", unicodedata.normalize("NFKC", text.translate(_FOLD)).casefold()).translate(_FOLD)


def search_text(parts: Iterable[str]) -> str:
    """What a search looks in: of each part the folded text, its pinyin initials and its full pinyin, joined by spaces.

    Match with `fold(query) in search_text(parts)`. Both readings of a polyphone that is also a surname are there.
    """
    return " ".join(dict.fromkeys([word for part in parts for word in _search_words(part)]))


_SEAM: Final = "\x1f"
"""Stands in no stored text, composes with nothing and is no space: texts joined by it fold as each of them does."""


def search_texts(parts: Sequence[str]) -> list[str]:
    """`search_text` of each text, many folded at once."""
    folded = fold(_SEAM.join(parts)).split(_SEAM)
    if len(folded) != len(parts):  # one of them holds the seam
        return [search_text((part,)) for part in parts]
    return [one if one.isascii() else " ".join(dict.fromkeys((one, *pinyin.keys(one)))) for one in folded]


def _search_words(part: str) -> tuple[str, ...]:
    folded = fold(part)
    if folded.isascii():
        return (folded,) if folded else ()
    return (folded, *pinyin.keys(folded))


def sort_text(text: str) -> str:
    """Sort key of a text: pinyin of its characters (a surname as a surname), then the text itself by code point."""
    folded = fold(text)
    return f"{pinyin.spell(folded)}\x00{text}" if not folded.isascii() else f"{folded}\x00{text}"
