"""Make resources/fonts from the upstream fonts: subset the text fonts, cut the rare characters into compressed pages.

    python -m installer.make_fonts FOLDER      # FOLDER holds the five upstream files of SOURCES, anywhere below it

Text fonts (Noto) are plain TrueType. Rare characters (Extensions A to I: some 77,000) would take 60 MB as they come, so
they are cut into pages of 4,096 code points, each a TrueType font of its own, compressed with xz and unpacked only when
a text needs it. `coverage.json` says which file has which characters. The result is the same bytes at every run.
Why these fonts and these cuts: docs/decisions/0020-fonts.md.
"""

from __future__ import annotations

import hashlib
import json
import lzma
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from fontTools.ttLib.scaleUpem import scale_upem
from fontTools.ttLib.tables._g_l_y_f import GlyphCoordinates

FONTS = Path(__file__).resolve().parent.parent / "resources" / "fonts"
SOURCES = {
    "NotoSansSC_400Regular.ttf": "d45f67f0a7c0ca3f256950777ce6a61cc7ce5f9696d02900cbbaac25f8aa7d16",
    "NotoSansSC_700Bold.ttf": "9a38ae0ab28cd5a256f9ea8e00dedc688aac17f7915fcb000572990afa956b96",
    "NotoSerifSC_400Regular.ttf": "c358a69de3df5f423a8946a7b03e3126fb6ba116f1130a463455b4e39e1f0742",
    "HanaMinB.ttf": "829543436cdf7b4c6730e2af5806fa406f8ddf0d4b656e0cd49c58d4db1c8d3c",
    "BabelStoneHan.ttf": "d8bb747b3fdccd84a60bd0aa56bb90937270d0bd15f1101cd8f2a5a3709dd0a3",
}
"""File → SHA-256. npm @expo-google-fonts/noto-sans-sc and noto-serif-sc 0.4.3; Debian fonts-hanazono 20170904 and
fonts-babelstone-han 16.0.3."""

BLOCKS = (
    ("4E00–9FFF", 0x4E00, 0x9FFF),
    ("A", 0x3400, 0x4DBF),
    ("B", 0x20000, 0x2A6DF),
    ("C", 0x2A700, 0x2B739),
    ("D", 0x2B740, 0x2B81D),
    ("E", 0x2B820, 0x2CEA1),
    ("F", 0x2CEB0, 0x2EBE0),
    ("I", 0x2EBF0, 0x2EE5D),
    ("G", 0x30000, 0x3134A),
    ("H", 0x31350, 0x323AF),
)
"""Unified ideographs to U+323AF (Unicode 15.1), the reach of GB 18030-2022 level 3 with amendment 1."""
GENERAL = (
    (0x20, 0x7E), (0xA0, 0x24F), (0x2B0, 0x36F), (0x391, 0x3C9), (0x401, 0x451), (0x1E00, 0x1EFF), (0x2000, 0x206F),
    (0x20A0, 0x20BF), (0x2100, 0x27BF), (0x2E80, 0x2FFF), (0x3000, 0x33FF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF),
    (0xFE10, 0xFE6F), (0xFF00, 0xFFEF),
)  # fmt: skip
COMMON_A = (
    "㑇㑊㕮㘎㙍㙘㙦㛃㛚㛹㟃㠇㠓㤘㥄㧐㧑㧟㫰㬊㬎㬚㭎㭕㮾㰀㳇㳘㳚㴔㵐㶲㸆㸌㺄㻬㽏㿠䁖䂮䃅䃎䅟䌹䎃䎖䏝䏡䏲䐃"
    "䓖䓛䓨䓫䓬䗖䗛䗪䗴䜣䝙䢺䢼䣘䥽䦃䲟䲠䲢䴓䴔䴕䴖䴗䴘䴙䶮"
)
"""Extension A characters met in names and in the common-use table: kept in the plain fonts too."""
SIMPLIFY_TOLERANCE = 1.5
"""Largest distance, in 1/1024 em, a HanaMin outline may move: 0.015 mm at the size of a title. Its curves are polygons."""


@dataclass(frozen=True)
class Page:
    """One output file. stem: file name without suffix; family: font family name; packed: whether xz-compressed."""

    stem: str
    family: str
    codes: frozenset[int]
    packed: bool

    @property
    def file(self) -> str:
        """Name of the file in resources/fonts."""
        return self.stem + (".ttf.xz" if self.packed else ".ttf")


def find_sources(folder: Path) -> dict[str, Path]:
    """The upstream files below `folder`; one that is missing or not the very version named here stops the run."""
    found = {}
    for name, digest in SOURCES.items():
        paths = [p for p in sorted(folder.rglob(name)) if hashlib.sha256(p.read_bytes()).hexdigest() == digest]
        if not paths:
            raise SystemExit(f"{name} with SHA-256 {digest} not found under {folder}")
        found[name] = paths[0]
    return found


def covered(path: Path) -> set[int]:
    """Code points the font at `path` has a glyph for."""
    with TTFont(path, lazy=True) as font:
        return set(font.getBestCmap())


def ideographs(*blocks: str) -> set[int]:
    """Code points of the named blocks."""
    return {c for name, first, last in BLOCKS if name in blocks for c in range(first, last + 1)}


def pages(prefix: str, family: str, codes: Iterable[int]) -> Iterator[Page]:
    """`codes` cut at multiples of 4,096."""
    cut: dict[int, set[int]] = {}
    for code in codes:
        cut.setdefault(code >> 12, set()).add(code)
    for page in sorted(cut):
        yield Page(f"{prefix}-{page:02x}", f"{family} {page:02X}", frozenset(cut[page]), True)


def simplified(ring: list[tuple[int, int]], tolerance: float) -> list[tuple[int, int]]:
    """Douglas–Peucker on a closed polygon: fewer points, none further than `tolerance` from the old line."""
    far = max(range(len(ring)), key=lambda i: (ring[i][0] - ring[0][0]) ** 2 + (ring[i][1] - ring[0][1]) ** 2)
    start = max(range(len(ring)), key=lambda i: (ring[i][0] - ring[far][0]) ** 2 + (ring[i][1] - ring[far][1]) ** 2)
    turned = [*ring[start:], *ring[: start + 1]]
    middle = (far - start) % len(ring)
    keep = {0, middle}
    spans = [(0, middle), (middle, len(ring))]
    while spans:
        a, b = spans.pop()
        distance, index = _farthest(turned, a, b)
        if distance > tolerance:
            keep.add(index)
            spans += [(a, index), (index, b)]
    return [turned[i] for i in sorted(keep)]


def _farthest(ring: list[tuple[int, int]], a: int, b: int) -> tuple[float, int]:
    """The point between `a` and `b` farthest from the line through both: its distance and index."""
    (ax, ay), (bx, by) = ring[a], ring[b]
    dx, dy = bx - ax, by - ay
    length = (dx * dx + dy * dy) ** 0.5 or 1.0
    return max(
        ((abs(dy * (ring[i][0] - ax) - dx * (ring[i][1] - ay)) / length, i) for i in range(a + 1, b)),
        default=(0.0, a),
    )


def simplify_outlines(font: TTFont) -> None:
    """Thin out every glyph made of straight lines only; a font in polygons loses a third of its points."""
    table = font["glyf"]
    for name in font.getGlyphOrder():
        glyph = table[name]
        if glyph.numberOfContours <= 0 or not all(flag & 1 for flag in glyph.flags):
            continue
        points: list[tuple[int, int]] = []
        ends, start = [], 0
        for end in glyph.endPtsOfContours:
            ring = simplified(list(glyph.coordinates[start : end + 1]), SIMPLIFY_TOLERANCE)
            start = end + 1
            if len(ring) > 2:
                points += ring
                ends.append(len(points) - 1)
        glyph.coordinates = GlyphCoordinates(points)
        glyph.flags = bytearray([1] * len(points))
        glyph.endPtsOfContours, glyph.numberOfContours = ends, len(ends)


def use_tabular_figures(font: TTFont) -> None:
    """Let the digits 0–9 be the ones of equal width the font keeps under `hwid`: figures stand under each other."""
    digits = {code: font.getBestCmap()[code] for code in range(0x30, 0x3A)}
    for record in font["GSUB"].table.FeatureList.FeatureRecord:
        if record.FeatureTag != "hwid":
            continue
        for index in record.Feature.LookupListIndex:
            for subtable in font["GSUB"].table.LookupList.Lookup[index].SubTable:
                mapping = getattr(subtable, "ExtSubTable", subtable).mapping
                for cmap in (t for t in font["cmap"].tables if 0x30 in t.cmap):
                    cmap.cmap.update({code: mapping[name] for code, name in digits.items()})
        return


def subset(path: Path, page: Page, *, simplify: bool = False, tabular: bool = False) -> TTFont:
    """The font at `path` cut down to the page's characters: outlines, widths, names and the map, nothing else."""
    font = TTFont(path, lazy=False, recalcTimestamp=False)
    if tabular:
        use_tabular_figures(font)
    options = Options(
        hinting=False, layout_features=[], name_IDs=[0, 1, 2, 3, 4, 5, 6, 7, 13, 14], name_languages=[0x409],
        notdef_outline=True, recalc_timestamp=False, legacy_kern=False,
        drop_tables=["BASE", "DSIG", "FFTM", "GDEF", "GPOS", "GSUB", "STAT", "gasp", "meta", "prop", "vhea", "vmtx"],
    )  # fmt: skip
    cutter = Subsetter(options)
    cutter.populate(unicodes=page.codes)
    cutter.subset(font)
    font["post"].formatType = 3.0
    if simplify:
        simplify_outlines(font)
        scale_upem(font, 512)
    return font


def rename(font: TTFont, family: str, note: str) -> None:
    """Give a changed font a name of its own (the OFL reserves the upstream names) and say in it that it was changed."""
    table = font["name"]
    upstream = f"{table.getDebugName(0) or ''} {note}".strip()
    style = "Regular"
    values = {0: upstream, 1: family, 2: style, 3: family, 4: family, 6: family.replace(" ", "")}
    for number, text in values.items():
        table.removeNames(nameID=number)
        table.setName(text, number, 3, 1, 0x409)


def write(font: TTFont, page: Page) -> None:
    """Save the page in resources/fonts, packed when it says so."""
    buffer = BytesIO()
    font.save(buffer, reorderTables=None)
    body = buffer.getvalue()
    if page.packed:
        body = lzma.compress(body, preset=9 | lzma.PRESET_EXTREME)
    (FONTS / page.file).write_bytes(body)
    print(f"{page.file:28} {len(page.codes):6} characters {len(body):9} bytes", flush=True)


def ranges(codes: Iterable[int]) -> str:
    """Code points as text: hexadecimal ranges with both ends, '20-7e a0 b7-bf'."""
    runs: list[list[int]] = []
    for code in sorted(codes):
        if runs and code == runs[-1][1] + 1:
            runs[-1][1] = code
        else:
            runs.append([code, code])
    return " ".join(f"{a:x}" if a == b else f"{a:x}-{b:x}" for a, b in runs)


NOTO_NOTE = "Subset for this program."
HANA_NOTE = "Outlines simplified, rescaled and cut into pages in 2026 for this program, after HanaMinB of 2017-09-04."
BABEL_NOTE = "Cut into pages in November 2026 for this program from BabelStone Han 16.0.3; no outline was changed."


def make_text_fonts(paths: dict[str, Path]) -> list[Page]:
    """The three plain fonts."""
    general = {c for first, last in GENERAL for c in range(first, last + 1)} | set(map(ord, COMMON_A))
    gb2312 = {ord(c) for b in range(0xB0, 0xF8) for s in range(0xA1, 0xFF) for c in _gb2312(b, s)}
    wide = range(0x20000, 0x33000)
    made = []
    for source, stem, codes in (
        ("NotoSansSC_400Regular.ttf", "NotoSansSC-Regular", general | set(wide)),
        ("NotoSansSC_700Bold.ttf", "NotoSansSC-Bold", (general - ideographs("4E00–9FFF")) | gb2312 | set(wide)),
        ("NotoSerifSC_400Regular.ttf", "NotoSerifSC-Regular", general | set(wide)),
    ):
        page = Page(
            stem,
            stem[:4] + (" Sans SC" if "Sans" in stem else " Serif SC"),
            frozenset(codes & covered(paths[source])),
            False,
        )
        write(subset(paths[source], page, tabular="Serif" in stem), page)
        made.append(page)
    return made


def _gb2312(high: int, low: int) -> str:
    """The GB 2312 character of two bytes, or nothing."""
    return bytes((high, low)).decode("gb2312", "ignore")


def make_rare_pages(paths: dict[str, Path], plain: Page) -> list[Page]:
    """Extension A in both Noto styles; B to F from HanaMin; what is still missing, and G, H and I, from BabelStone Han."""
    extension_a = ideographs("A") - set(map(ord, COMMON_A))
    made: list[Page] = []
    for style in ("Sans", "Serif"):
        source = paths[f"Noto{style}SC_400Regular.ttf"]
        made += _make(
            source,
            list(pages(f"rare-{style.lower()}", f"EduPlan Rare {style}", extension_a & covered(source))),
            NOTO_NOTE,
        )
    hana = (ideographs("B", "C", "D", "E", "F") & covered(paths["HanaMinB.ttf"])) - plain.codes
    made += _make(paths["HanaMinB.ttf"], list(pages("rare-hana", "EduPlan Rare Hana", hana)), HANA_NOTE, simplify=True)
    have = set(plain.codes).union(*(p.codes for p in made))
    rest = (ideographs(*(name for name, _, _ in BLOCKS)) & covered(paths["BabelStoneHan.ttf"])) - have
    made += _make(paths["BabelStoneHan.ttf"], list(pages("rare-han", "EduPlan Rare Han", rest)), BABEL_NOTE)
    return made


def _make(source: Path, made: list[Page], note: str, *, simplify: bool = False) -> list[Page]:
    for page in made:
        font = subset(source, page, simplify=simplify)
        rename(font, page.family, note)
        write(font, page)
    return made


def index(made: list[Page]) -> dict[str, Any]:
    """The content of coverage.json: in order of preference, file, family and characters of each font."""
    return {"fonts": [{"file": p.file, "family": p.family, "ranges": ranges(p.codes)} for p in made]}


def report(made: list[Page]) -> str:
    """Markdown table: characters per block and group of files, and what no font here has."""
    groups = {
        "Noto Sans SC": ("NotoSansSC-Regular", "rare-sans-"),
        "… Bold": ("NotoSansSC-Bold",),
        "Noto Serif SC": ("NotoSerifSC-Regular", "rare-serif-"),
        "HanaMin": ("rare-hana-",),
        "BabelStone Han": ("rare-han-",),
    }
    sets = {
        title: set[int]().union(*(p.codes for p in made if p.stem.startswith(stems))) for title, stems in groups.items()
    }
    together = set[int]().union(*(p.codes for p in made))
    lines = ["| block | of | " + " | ".join(sets) + " | none has |", "|---|---|" + "---|" * (len(sets) + 1)]
    for name, first, last in BLOCKS:
        block = set(range(first, last + 1))
        counts = " | ".join(str(len(block & codes)) for codes in sets.values())
        lines.append(f"| {name} | {len(block)} | {counts} | {len(block - together)} |")
    return "\n".join(lines)


def main(arguments: list[str]) -> int:
    """Make all fonts; the folder's old font files go first."""
    if len(arguments) != 1:
        print(__doc__)
        return 2
    paths = find_sources(Path(arguments[0]))
    for old in [*FONTS.glob("*.ttf"), *FONTS.glob("*.xz")]:
        old.unlink()
    made = make_text_fonts(paths)
    made += make_rare_pages(paths, next(p for p in made if p.stem == "NotoSerifSC-Regular"))
    (FONTS / "coverage.json").write_text(json.dumps(index(made), indent=0) + "\n", "utf-8")
    print(report(made))
    print(f"{sum((FONTS / p.file).stat().st_size for p in made):,} bytes in {len(made)} files")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
