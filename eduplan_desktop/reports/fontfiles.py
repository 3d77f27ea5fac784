"""Which shipped font file has which character. Knows neither PDF nor window; both use it (docs/decisions/0020-fonts.md).

Text fonts are plain TrueType files. The rare characters lie in compressed pages of 4,096 code points, each a TrueType
font with a family name of its own, unpacked only when a text needs it.
"""

import json
import lzma
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Final

FONT_DIR: Final = Path(__file__).resolve().parents[2] / "resources" / "fonts"
SANS: Final = "NotoSansSC-Regular.ttf"
BOLD: Final = "NotoSansSC-Bold.ttf"
SERIF: Final = "NotoSerifSC-Regular.ttf"


@dataclass(frozen=True)
class FontFile:
    """One shipped font. family: its family name for the screen; ranges: its characters as hexadecimal ranges."""

    name: str
    family: str
    ranges: str

    @property
    def path(self) -> Path:
        """Where the file lies."""
        return FONT_DIR / self.name

    @property
    def is_rare_page(self) -> bool:
        """Whether the file is a compressed page of rare characters, to be loaded from `data()`."""
        return self.name.endswith(".xz")

    def data(self) -> bytes:
        """The TrueType font, unpacked; some 10 to 60 ms for a page of rare characters."""
        body = self.path.read_bytes()
        return lzma.decompress(body) if self.is_rare_page else body

    @cached_property
    def _bounds(self) -> tuple[list[int], list[int]]:
        first, last = [], []
        for part in self.ranges.split():
            low, _, high = part.partition("-")
            first.append(int(low, 16))
            last.append(int(high or low, 16))
        return first, last

    def has(self, character: str) -> bool:
        """Whether the font draws `character` (one code point)."""
        first, last = self._bounds
        place = bisect_right(first, ord(character)) - 1
        return place >= 0 and ord(character) <= last[place]


@cache
def font_files() -> tuple[FontFile, ...]:
    """Every shipped font, in the order of coverage.json."""
    listed = json.loads((FONT_DIR / "coverage.json").read_text("utf-8"))["fonts"]
    return tuple(FontFile(f["file"], f["family"], f["ranges"]) for f in listed)


@cache
def font_file(name: str) -> FontFile:
    """The shipped font of that file name."""
    return next(f for f in font_files() if f.name == name)


def rare_pages(text: str, base: str = SANS) -> list[FontFile]:
    """The further fonts needed to show `text` in the text font `base`, without those drawing nothing of it.

    For the screen: load each page once (`data()`), and name its family after the base family in the font.
    """
    missing = {c for c in text if c > "\u007e" and not font_file(base).has(c)}
    pages = []
    for font in _others(base):
        drawn = {c for c in missing if font.has(c)}
        if drawn:
            pages.append(font)
            missing -= drawn
    return pages


@cache
def _others(base: str) -> tuple[FontFile, ...]:
    """Fonts to try after `base`: its own style first, the other text fonts next, then the rare pages that draw in any style."""
    style = "rare-serif" if base == SERIF else "rare-sans"
    order = {SANS: 1, SERIF: 1, BOLD: 9}

    def rank(font: FontFile) -> int:
        return 0 if font.name.startswith(style) else order.get(font.name, 2)

    return tuple(sorted((f for f in font_files() if f.name not in (base, BOLD)), key=rank))


def preference(base: str) -> tuple[FontFile, ...]:
    """All fonts in the order they are tried for a text in `base`."""
    return (font_file(base), *_others(base))


def without_glyph(text: str) -> list[str]:
    """Characters of `text` that no shipped font draws, each once, in order."""
    return list(dict.fromkeys(c for c in text if not _drawn(c)))


@cache
def _drawn(character: str) -> bool:
    return character.isspace() or any(f.has(character) for f in font_files())


def code_points(characters: Iterable[str]) -> str:
    """Characters as people look them up: 'U+2CC56 U+4DAE'."""
    return " ".join(f"U+{ord(c):04X}" for c in characters)
