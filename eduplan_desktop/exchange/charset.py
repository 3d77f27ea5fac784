"""Which encoding a text file is in: a guess with alternatives, to be shown and confirmed by the person.

GB18030: Python's codec follows the mapping of 2000/2005, where some characters lie in the private use area; GB 18030-2022
moved them to code points of their own (domain knowledge: 10 vertical forms, 8 components, 6 ideographs, ḿ).
"""

import codecs
import re
from dataclasses import dataclass
from typing import Final

from eduplan_desktop.exchange.reasons import refuse
from eduplan_desktop.i18n import _

UTF8, UTF16, GB18030, LATIN1, BIG5 = "utf-8", "utf-16", "gb18030", "latin-1", "big5"
KNOWN: Final = (UTF8, UTF16, GB18030, BIG5, LATIN1)
LABELS: Final = {
    UTF8: "UTF-8",
    UTF16: "UTF-16",
    GB18030: "GB18030（国标中文）",
    BIG5: "Big5（繁体中文）",
    LATIN1: "Latin-1（西欧文字）",
}
_MARKS: Final = ((codecs.BOM_UTF8, UTF8), (codecs.BOM_UTF16_LE, UTF16), (codecs.BOM_UTF16_BE, UTF16))

_PRIVATE: Final = re.compile("[\ue000-\uf8ff]")
_MOVED: Final = {
    **dict(zip(range(0xE78D, 0xE797), (0xFE10, 0xFE12, 0xFE11, *range(0xFE13, 0xFE1A)), strict=True)),
    0xE7C7: 0x1E3F,
    0xE816: 0x20087,
    0xE817: 0x20089,
    0xE818: 0x200CC,
    0xE81E: 0x9FB4,
    0xE826: 0x9FB5,
    0xE82B: 0x9FB6,
    0xE82C: 0x9FB7,
    0xE831: 0x215D7,
    0xE832: 0x9FB8,
    0xE83B: 0x2298F,
    0xE843: 0x9FB9,
    0xE854: 0x9FBA,
    0xE855: 0x241FE,
    0xE864: 0x9FBB,
}
"""Private-use code points of the old mapping → characters of GB 18030-2022."""


@dataclass(frozen=True, slots=True)
class Guess:
    """One encoding the bytes can be read in. certain: nothing else is likely, so nobody needs to be asked."""

    encoding: str
    certain: bool

    @property
    def label(self) -> str:
        """Its name for a person."""
        return LABELS[self.encoding]


def guesses(raw: bytes) -> list[Guess]:
    """Encodings that can read these bytes, the likeliest first; never empty."""
    for mark, encoding in _MARKS:
        if raw.startswith(mark) and _decodes(raw, encoding):
            return [Guess(encoding, True)]
    if raw.isascii() and b"\0" not in raw:
        return [Guess(UTF8, True)]
    found: list[str] = []
    if _looks_utf16(raw):
        found.append(UTF16)
    utf8 = _decodes(raw, UTF8)
    if utf8:
        found.append(UTF8)
    share = _gb_share(raw)
    found += [GB18030, LATIN1] if share >= 0.6 else [LATIN1, GB18030] if share >= 0 else [LATIN1]
    if share >= 0 and _decodes(raw, BIG5):
        found.append(BIG5)
    return [Guess(name, utf8 and name == UTF8 and found[0] == UTF8) for name in found]


def _decodes(raw: bytes, encoding: str) -> bool:
    try:
        decode(raw, encoding)
    except (UnicodeDecodeError, UnicodeError):
        return False
    return True


def _looks_utf16(raw: bytes) -> bool:
    """Text of half-width characters in two bytes each has a zero in every second place; of Chinese alone it cannot be told."""
    sample = raw[:4096]
    odd, even = sample[1::2].count(0), sample[::2].count(0)
    return len(raw) % 2 == 0 and max(odd, even) * 5 > len(sample) // 2 and min(odd, even) * 20 <= max(odd, even)


def _gb_share(raw: bytes) -> float:
    """Of the characters beyond ASCII, how many belong to the common set of GB 2312; -1 where the bytes are not GB18030.

    Western text read as GB18030 turns an accented letter and its neighbour into a rare character; Chinese text is mostly common.
    """
    try:
        text = raw.decode(GB18030)
    except UnicodeDecodeError:
        return -1
    high = [c for c in text[:200_000] if c > "\x7f"]
    common = {c for c in set(high) if _in_gb2312(c)}
    return sum(c in common for c in high) / len(high) if high else 1.0


def _in_gb2312(character: str) -> bool:
    try:
        character.encode("gb2312")
    except UnicodeEncodeError:
        return character in "·—…"
    return True


def decode(raw: bytes, encoding: str) -> str:
    """The text, without a byte order mark. Raises UnicodeError; the caller knows whether that is a refusal."""
    if encoding not in KNOWN:
        raise refuse("encoding_unknown", encoding=encoding, known="、".join(KNOWN))
    if encoding == UTF16 and raw[:2] not in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        little = raw[1:4096:2].count(0) >= raw[:4096:2].count(0)
        return raw.decode("utf-16-le" if little else "utf-16-be")
    if encoding == LATIN1:
        return raw.decode("cp1252", errors="cp1252_or_latin1")
    return raw.decode("utf-8-sig" if encoding == UTF8 else encoding)


def _as_latin1(error: UnicodeError) -> tuple[str, int]:
    """Bytes that Windows leaves undefined read as Latin-1, so that this encoding refuses nothing."""
    assert isinstance(error, UnicodeDecodeError)
    return error.object[error.start : error.end].decode("latin-1"), error.end


codecs.register_error("cp1252_or_latin1", _as_latin1)


def modern(text: str) -> tuple[str, str]:
    """(text with characters GB 18030-2022 moved in their new places, note); for text read as GB18030."""
    moved = text.translate(_MOVED)
    count = sum(a != b for a, b in zip(text, moved, strict=True)) if moved != text else 0
    return moved, _("按 GB 18030-2022 改正了 {n} 个字符").format(n=count) if count else ""


def private_use(text: str) -> int:
    """How many characters of the private use area are left: only the font of the old system knows what they were."""
    return len(_PRIVATE.findall(text))
