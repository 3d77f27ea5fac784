"""Fonts: every name can be printed and copied back; what no font has is said; the shipped files are what they claim."""

import re
import shutil
import subprocess
from io import BytesIO
from pathlib import Path

import pypdf
import pytest
from fontTools.ttLib import TTFont
from hypothesis import given
from hypothesis import strategies as st
from reportlab.pdfbase.pdfdoc import PDFDocument

from eduplan_desktop.reports import fontfiles
from eduplan_desktop.reports.fonts import Face, GlyphCase, to_unicode_map
from eduplan_desktop.reports.ink import Ink
from eduplan_desktop.reports.pdf import A4, Page, Pdf
from installer import make_fonts

NAMES = ("𬱖", "䶮", "㛃", "𫖯", "龑", "𠅤", "阿卜来提·如则托合提", "𮯰𰀀𱍐", "𪛖⺁々〇ā")
NO_FONT_HAS = "\U00030041"
LIMIT = 40_000_000


def written(*lines: str, face: Face = Face.SERIF) -> bytes:
    """A PDF with these lines under each other."""
    pdf = Pdf("t", "a", "s", "c")
    page = Page(*A4)
    for number, line in enumerate(lines):
        page.text(pdf.ink.run(face, line), 60, 780 - 24 * number, 12)
    pdf.add(page)
    return pdf.to_bytes()


def copied(pdf: bytes) -> str:
    """The text as pypdf copies it."""
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(BytesIO(pdf)).pages)


def copied_by_poppler(pdf: bytes, tmp_path: Path) -> str:
    """The text as pdftotext copies it."""
    program = shutil.which("pdftotext")
    if not program:
        pytest.skip("pdftotext (poppler-utils) is not installed")
    path = tmp_path / "a.pdf"
    path.write_bytes(pdf)
    return subprocess.run([program, "-raw", str(path), "-"], capture_output=True, check=True, timeout=60).stdout.decode(
        "utf-8"
    )


@pytest.mark.parametrize("face", list(Face))
def test_names_copy_back_out_of_the_pdf(face: Face, tmp_path: Path) -> None:
    """A name with characters above U+FFFF draws and copies right in all faces, by two readers."""
    pdf = written(*NAMES, face=face)
    assert copied(pdf).split() == list(NAMES)
    assert copied_by_poppler(pdf, tmp_path).split() == list(NAMES)


def test_more_characters_than_a_subset_holds_copy_back(tmp_path: Path) -> None:
    """Three subsets of 256 of one font, and blocks of the map longer than a reader must accept."""
    lines = ["".join(chr(0x4E00 + 40 * row + column) for column in range(40)) for row in range(15)]
    pdf = written(*lines)
    assert copied_by_poppler(pdf, tmp_path).split() == lines
    assert copied(pdf).split() == lines


def test_map_says_surrogates_in_short_blocks() -> None:
    """Entries are UTF-16BE, at most 100 in a block, and unused bytes are left out."""
    text = to_unicode_map("ABC", [0, 0x2CC56, *range(0x4E00, 0x4E00 + 150)])
    assert "<01> <D873DC56>" in text
    assert "<00> <" not in text.replace("<00> <FF>", "")
    blocks = re.findall(r"(\d+) beginbfchar\n(.*?)endbfchar", text, re.DOTALL)
    assert [int(count) for count, _body in blocks] == [100, 51]
    assert all(body.count("\n") == int(count) for count, body in blocks)


def test_every_font_is_an_embedded_subset() -> None:
    """No font of the reader's machine is needed, on no page."""
    for page in pypdf.PdfReader(BytesIO(written(*NAMES))).pages:
        fonts = [font.get_object() for font in page["/Resources"]["/Font"].values()]
        assert fonts
        for font in fonts:
            assert "/FontFile2" in font["/FontDescriptor"]
            assert re.match(r"/[A-Z]{6}\+", font["/BaseFont"])
            assert "/ToUnicode" in font


def test_character_without_a_glyph_is_a_framed_code_point(tmp_path: Path) -> None:
    """It is drawn in a frame as a code point, remembered, and keeps its place in the line."""
    assert fontfiles.without_glyph(f"王{NO_FONT_HAS}二") == [NO_FONT_HAS]
    ink = Ink(PDFDocument())
    run = ink.run(Face.SERIF, f"王{NO_FONT_HAS}二")
    assert list(ink.missing) == [NO_FONT_HAS]
    ((start, width),) = run.frames
    assert 1.0 <= start < start + width < run.width - 0.9
    ink.missing.clear()
    ink.run(Face.SERIF, f"王{NO_FONT_HAS}二")
    assert list(ink.missing) == [NO_FONT_HAS], "told again for the next page"
    assert copied_by_poppler(written(f"王{NO_FONT_HAS}二"), tmp_path).replace(" ", "").strip() == "王U+30041二"


def test_marks_without_a_picture_take_no_room() -> None:
    """Joiners, direction marks and variation selectors are not shown as boxes."""
    ink = Ink(PDFDocument())
    assert ink.run(Face.SERIF, "葛\U000e0100城\u200b\ufe00\u200e").width == ink.run(Face.SERIF, "葛城").width
    assert not ink.missing


def test_digits_have_one_width_in_every_face() -> None:
    """Figures stand under each other."""
    case = GlyphCase(PDFDocument())
    for face in Face:
        glyphs = [case.glyph(face, digit) for digit in "0123456789"]
        assert len({glyph.width for glyph in glyphs if glyph}) == 1


def test_coverage_is_what_the_files_hold() -> None:
    """Every file that ships is listed, holds exactly the characters listed, and all stay under 40 MB."""
    folder = fontfiles.FONT_DIR
    files = {path.name for path in folder.iterdir() if path.suffix in {".ttf", ".xz"}}
    assert files == {font.name for font in fontfiles.font_files()}
    assert sum((folder / name).stat().st_size for name in files) <= LIMIT
    assert len({font.family for font in fontfiles.font_files() if font.is_rare_page}) == len(files) - 3


@pytest.mark.parametrize(
    "font", [f for f in fontfiles.font_files() if "han-" in f.name or "sans-03" in f.name], ids=lambda f: f.name
)
def test_page_holds_its_characters_under_its_name(font: fontfiles.FontFile) -> None:
    """A page of rare characters is a TrueType font whose map and name are those of coverage.json."""
    with TTFont(BytesIO(font.data())) as opened:
        assert make_fonts.ranges(opened.getBestCmap()) == font.ranges
        assert opened["name"].getDebugName(1) == font.family
        assert "glyf" in opened


def test_blocks_are_covered_as_the_record_says() -> None:
    """Extensions A to F and I whole; G and H as far as a free font has them."""
    left = {
        name: sum(1 for code in range(first, last + 1) if fontfiles.without_glyph(chr(code)))
        for name, first, last in make_fonts.BLOCKS
        if name in "ACDEFIGH"
    }
    assert left == {"A": 0, "C": 0, "D": 0, "E": 0, "F": 0, "I": 0, "G": 1470, "H": 1810}
    assert fontfiles.without_glyph("\U00020000\U0002a6df一\u9fff") == []


def test_page_record_repeats_what_was_made() -> None:
    """The table in FONTS.md counts what coverage.json lists."""
    text = (fontfiles.FONT_DIR / "FONTS.md").read_text("utf-8")
    pages = [
        make_fonts.Page(f.name.split(".")[0], f.family, frozenset(codes(f)), f.is_rare_page)
        for f in fontfiles.font_files()
    ]
    assert make_fonts.report(pages) in text


def codes(font: fontfiles.FontFile) -> set[int]:
    """All code points of a font's ranges."""
    found: set[int] = set()
    for part in font.ranges.split():
        low, _, high = part.partition("-")
        found.update(range(int(low, 16), int(high or low, 16) + 1))
    return found


@given(st.sets(st.integers(0x20, 0x32FFF), max_size=60))
def test_ranges_say_the_same_set(points: set[int]) -> None:
    """Written as ranges and asked back per character, a set of code points is itself."""
    font = fontfiles.FontFile("x.ttf", "x", make_fonts.ranges(points))
    assert codes(font) == points
    probes = {p + d for p in points for d in (-1, 0, 1)}
    assert all(font.has(chr(p)) == (p in points) for p in probes)


def test_screen_is_told_which_pages_it_needs() -> None:
    """Only for characters the base font lacks, each drawn by one of the pages named."""
    assert fontfiles.rare_pages("王小明 12/3 𬱖䶮") == []
    pages = fontfiles.rare_pages("㐀𠀀𮯰𰀀")
    assert [p.name for p in pages if p.is_rare_page] == [
        "rare-sans-03.ttf.xz", "rare-hana-20.ttf.xz", "rare-han-2e.ttf.xz", "rare-han-30.ttf.xz",
    ]  # fmt: skip
    assert fontfiles.rare_pages(NO_FONT_HAS) == []


@given(
    st.lists(st.tuples(st.integers(-50, 1000), st.integers(-200, 900)), min_size=4, max_size=40, unique=True),
    st.floats(0.1, 20),
)
def test_thinning_moves_no_point_further_than_said(ring: list[tuple[int, int]], tolerance: float) -> None:
    """Every point left out lies within the tolerance of the outline that is left; the rest are kept in order."""
    kept = make_fonts.simplified(ring, tolerance)
    assert set(kept) <= set(ring)
    assert kept == [p for p in ring[ring.index(kept[0]) :] + ring[: ring.index(kept[0])] if p in set(kept)]
    for point in set(ring) - set(kept):
        assert min(distance(point, a, b) for a, b in zip(kept, kept[1:] + kept[:1], strict=True)) <= tolerance + 1e-6


def distance(point: tuple[int, int], a: tuple[int, int], b: tuple[int, int]) -> float:
    """Distance of a point from the straight line through a and b, or from a where they are one."""
    (px, py), (ax, ay), (bx, by) = point, a, b
    length = ((bx - ax) ** 2 + (by - ay) ** 2) ** 0.5
    if not length:
        return float(((px - ax) ** 2 + (py - ay) ** 2) ** 0.5)
    return abs((by - ay) * (px - ax) - (bx - ax) * (py - ay)) / length
