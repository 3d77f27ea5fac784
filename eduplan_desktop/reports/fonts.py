"""Fonts on paper: one font chosen per character by what it covers, and text that can be copied back out of the PDF.

reportlab 5.1 writes a wrong ToUnicode map for characters above U+FFFF (they draw right and copy wrong) and one block
longer than the 100 entries PDF readers must accept; `PaperFont` writes its own.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from io import BytesIO
from typing import Any, Final

from reportlab.pdfbase.pdfdoc import PDFDocument
from reportlab.pdfbase.ttfonts import SUBSETN, TTFont

from eduplan_desktop.reports import fontfiles
from eduplan_desktop.reports.fontfiles import FontFile

_BLOCK: Final = 100
"""Entries a `beginbfchar` block may hold (Adobe Technical Note 5411)."""


class Face(StrEnum):
    """The three faces of a form, each the text font it prefers."""

    SERIF = fontfiles.SERIF
    """Text and cells, as 宋体."""
    SANS = fontfiles.SANS
    """Heads of columns, small print."""
    BOLD = fontfiles.BOLD
    """Titles and totals, as 黑体."""


class PaperFont(TTFont):  # type: ignore[misc]  # reportlab is untyped
    """A TrueType font whose text copies back right, astral characters included."""

    def addObjects(self, doc: PDFDocument) -> None:
        """Write the subsets as reportlab does, then replace their ToUnicode maps."""
        subsets = [list(codes) for codes in self.state[doc].subsets]
        super().addObjects(doc)
        for number, codes in enumerate(subsets):
            name = b"".join((SUBSETN(number), b"+", self.face.name, self.face.subfontNameX)).decode("ascii")
            doc.idToObject["toUnicodeCMap:" + name].content = to_unicode_map(name, codes)


def to_unicode_map(name: str, codes: list[int]) -> str:
    """A ToUnicode CMap: byte n of the subset font `name` means the code point `codes[n]`, written in UTF-16BE."""
    entries = [f"<{n:02X}> <{chr(code).encode('utf-16-be').hex().upper()}>" for n, code in enumerate(codes) if code]
    lines = [
        "/CIDInit /ProcSet findresource begin",
        "12 dict begin",
        "begincmap",
        f"/CIDSystemInfo << /Registry ({name}) /Ordering ({name}) /Supplement 0 >> def",
        f"/CMapName /{name} def",
        "/CMapType 2 def",
        "1 begincodespacerange",
        "<00> <FF>",
        "endcodespacerange",
    ]
    for start in range(0, len(entries), _BLOCK):
        block = entries[start : start + _BLOCK]
        lines += [f"{len(block)} beginbfchar", *block, "endbfchar"]
    lines += ["endcmap", "CMapName currentdict /CMap defineresource pop", "end", "end"]
    return "\n".join(lines)


@lru_cache(maxsize=8)
def _load(file: FontFile) -> PaperFont:
    """The parsed font; some 0.2 s for a text font, kept for the next form."""
    if file.is_rare_page:
        return PaperFont(file.family.replace(" ", ""), BytesIO(file.data()), shapable=False)
    return PaperFont(file.path.stem, str(file.path), shapable=False)


@dataclass(frozen=True, slots=True)
class Glyph:
    """A character ready to draw. font: resource name; code: its byte in that font, two hex digits; width: in em."""

    font: str
    code: str
    width: float


_INVISIBLE: Final = frozenset(
    [
        *range(0x20),
        0x7F,
        *range(0x200B, 0x2010),
        *range(0x2028, 0x202F),
        0xFEFF,
        *range(0xFE00, 0xFE10),
        *range(0xE0100, 0xE01F0),
    ]
)
"""Controls, joiners, direction marks and variation selectors: they have no picture of their own."""


class GlyphCase:
    """The glyphs one document uses. Fonts are touched only for characters that occur."""

    def __init__(self, document: PDFDocument) -> None:
        self._document = document

    def glyph(self, face: Face, character: str) -> Glyph | None:
        """The character in the first font that has it; None where no shipped font has."""
        if character == "\u00a0":
            character = " "
        for file in fontfiles.preference(face.value):
            if file.has(character):
                return self._encoded(_load(file), character)
        return None

    def _encoded(self, font: Any, character: str) -> Glyph:
        ((subset, code),) = font.splitString(character, self._document)
        width = font.face.getCharWidth(ord(character)) / 1000
        return Glyph(font.getSubsetInternalName(subset, self._document), f"{code[0]:02x}", width)


def visible(text: str) -> Iterator[str]:
    """The characters of `text` that are drawn; others are passed over, never shown as a box."""
    return (c for c in text if ord(c) not in _INVISIBLE)
