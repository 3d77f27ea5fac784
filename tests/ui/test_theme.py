"""Colours that can be read, icons that can be drawn, one place for both."""

import re
from dataclasses import asdict
from pathlib import Path

import pytest
from PySide6.QtCore import QRect
from PySide6.QtGui import QColor, QImage, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication

from ui import icons, theme
from ui.stylesheet import sheet
from ui.theme import DARK, LIGHT, Colours, Size, Tone
from ui.widgets import shapes
from ui.widgets.shapes import Shape

UI = Path(theme.__file__).parent
BOTH = pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2 defines it."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    r, g, b = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours."""
    a, b = sorted((luminance(one), luminance(other)), reverse=True)
    return (a + 0.05) / (b + 0.05)


def text_pairs(p: Colours) -> list[tuple[str, str]]:
    """Text and what it stands on, everywhere in the window."""
    pairs = [(ink, ground) for ink in (p.ink, p.ink2, p.ink3, p.accent) for ground in (p.base, p.canvas)]
    pairs += [(p.onfill, p.afill), (p.ink, p.sel), (p.accent, p.sel), (p.oncounty, p.county), (p.ink3, p.inset)]
    for tone in (p.red, p.amber, p.green):
        pairs += [(tone.text, p.base), (tone.text, p.canvas), (tone.text, tone.tint)]
    return pairs


@BOTH
def test_every_text_can_be_read(palette: Colours) -> None:
    low = [(a, b, round(contrast(a, b), 2)) for a, b in text_pairs(palette) if contrast(a, b) < 4.5]
    assert low == []


@BOTH
def test_shapes_and_borders_can_be_seen(palette: Colours) -> None:
    seen = [palette.edge, palette.red.fill, palette.amber.fill, palette.green.fill, palette.accent]
    assert [(c, round(contrast(c, palette.base), 2)) for c in seen if contrast(c, palette.base) < 3] == []


def test_colours_are_named_in_one_place_only() -> None:
    named = re.compile(r'"#[0-9A-Fa-f]{3,8}"')
    guilty = [p.name for p in UI.rglob("*.py") if p.name != "theme.py" and named.search(p.read_text("utf-8"))]
    assert guilty == []


@BOTH
def test_the_style_sheet_knows_only_the_palette(palette: Colours) -> None:
    used = set(re.findall(r"#[0-9A-Fa-f]{6}", sheet(palette, 1.0)))
    assert used <= {v for v in asdict(palette).values() if isinstance(v, str)}


def test_every_icon_is_drawn_in_the_family(qapp: QApplication) -> None:
    for name in icons.names():
        source = (icons.ICON_DIR / f"{name}.svg").read_text("utf-8")
        assert QSvgRenderer(source.encode()).isValid(), name
        if name != "app":
            assert 'viewBox="0 0 20 20"' in source, name
            assert 'stroke="currentColor"' in source, name
            assert 'stroke-width="1.5"' in source, name


def test_an_icon_named_in_code_exists() -> None:
    used = set()
    for path in UI.rglob("*.py"):
        text = path.read_text("utf-8")
        used |= set(re.findall(r'icon="([a-z-]+)"', text))
        used |= set(re.findall(r'icons\.(?:paint|pixmap|icon)\([^"\n]*"([a-z-]+)", "', text))
    assert used <= set(icons.names())


def test_an_icon_takes_the_colour_of_its_role(qapp: QApplication) -> None:
    picture = icons.pixmap("plus", "accent", 20).toImage()
    middle = picture.pixelColor(10, 10)
    assert middle.name() == theme.colour("accent").name()


@pytest.mark.parametrize("shape", list(Shape))
def test_every_shape_draws_itself_in_its_tone(qapp: QApplication, shape: Shape) -> None:
    picture = QImage(20, 20, QImage.Format.Format_ARGB32)
    picture.fill(QColor("#FFFFFF"))
    painter = QPainter(picture)
    shapes.paint(painter, QRect(0, 0, 20, 20), shape)
    painter.end()
    wanted = QColor(theme.tone(shapes.tone_of(shape)).fill)
    near = 0
    for x in range(20):
        for y in range(20):
            c = picture.pixelColor(x, y)
            gap = abs(c.red() - wanted.red()) + abs(c.green() - wanted.green()) + abs(c.blue() - wanted.blue())
            near += gap < 90
    assert near >= 5, shape


def test_shapes_differ_without_colour(qapp: QApplication) -> None:
    """Colour is the second signal: as silhouettes in one tone all shapes are different pictures."""
    seen: dict[bytes, Shape] = {}
    for shape in Shape:
        picture = QImage(20, 20, QImage.Format.Format_Grayscale8)
        picture.fill(255)
        painter = QPainter(picture)
        shapes.paint(painter, QRect(0, 0, 20, 20), shape, Tone.NEUTRAL)
        painter.end()
        key = bytes(picture.constBits())
        assert key not in seen, (shape, seen.get(key))
        seen[key] = shape


def test_three_sizes_of_type(qapp: QApplication) -> None:
    assert [theme.font(s).pointSizeF() for s in Size] == [14.0, 10.5, 9.0]


def test_larger_type_takes_more_room(qapp: QApplication) -> None:
    theme.install(qapp, scaled=1.3)
    assert theme.px(30) == 39
    assert theme.font().pointSizeF() == pytest.approx(13.65)
    theme.install(qapp)
    assert theme.px(30) == 30


def test_the_shipped_font_is_used(qapp: QApplication) -> None:
    if not (theme.FONT_DIR / theme.SCREEN_FONTS[0]).exists():
        pytest.skip("the fonts have not been made here")
    assert theme.font().family() == theme.FAMILY


@pytest.mark.parametrize("ratio", [1.0, 1.25, 1.5, 2.0])
def test_pictures_are_drawn_in_the_pixels_of_the_screen(qapp: QApplication, ratio: float) -> None:
    canvas = QPixmap(40, 40)
    canvas.setDevicePixelRatio(ratio)
    painter = QPainter(canvas)
    assert theme.pixels(painter) == ratio
    painter.end()
