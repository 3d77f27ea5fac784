"""Colours, type and space, each named once. Light and dark are the same roles; every colour in the window is one of these.

What is in use (palette, size, family) is kept on the QApplication, so there is no state in this module.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Final

from PySide6.QtGui import QColor, QFont, QFontDatabase, QFontMetrics, QPainter, QPalette
from PySide6.QtWidgets import QApplication

FONT_DIR: Final = Path(__file__).resolve().parent.parent / "resources" / "fonts"
SCREEN_FONTS: Final = ("NotoSansSC-Regular.ttf", "NotoSansSC-Bold.ttf")
FAMILY: Final = "Noto Sans SC"

GRID: Final = 8
HALF: Final = 4
MARGIN: Final = 16
CARD: Final = 12


@dataclass(frozen=True, slots=True)
class ToneColours:
    """Colours of one state: text on base, tint behind, line around the tint, fill of bars and shapes."""

    text: str
    tint: str
    line: str
    fill: str


@dataclass(frozen=True, slots=True)
class Colours:
    """The roles of the palette; what each is used for stands in docs/ui.md."""

    base: str
    canvas: str
    inset: str
    line: str
    rule: str
    edge: str
    ink: str
    ink2: str
    ink3: str
    accent: str
    afill: str
    onfill: str
    sel: str
    selline: str
    county: str
    oncounty: str
    red: ToneColours
    amber: ToneColours
    green: ToneColours


class Tone(StrEnum):
    """A state said in colour; always with a word or a shape beside it."""

    NEUTRAL = "neutral"
    ACCENT = "accent"
    RED = "red"
    AMBER = "amber"
    GREEN = "green"


LIGHT: Final = Colours(
    base="#FFFFFF",
    canvas="#F6F4F0",
    inset="#ECE9E3",
    line="#DDD9D1",
    rule="#BDB8AE",
    edge="#8F8A80",
    ink="#23211D",
    ink2="#5B574F",
    ink3="#6B665D",
    accent="#1F5FA8",
    afill="#1F5FA8",
    onfill="#FFFFFF",
    sel="#E1EBF7",
    selline="#A5C1E2",
    county="#7A2F62",
    oncounty="#FFFFFF",
    red=ToneColours("#A8231B", "#FAE9E7", "#E0A8A3", "#BE352B"),
    amber=ToneColours("#7A4F00", "#FCF1D9", "#E0C387", "#C07B00"),
    green=ToneColours("#1D6638", "#E5F2E9", "#A6CFB5", "#2B7F4B"),
)
DARK: Final = Colours(
    base="#211F1C",
    canvas="#191815",
    inset="#2B2925",
    line="#3B3832",
    rule="#5A554C",
    edge="#827C70",
    ink="#EDEAE3",
    ink2="#BAB4A8",
    ink3="#A8A296",
    accent="#8FBDF1",
    afill="#2C6AB2",
    onfill="#FFFFFF",
    sel="#1F3753",
    selline="#3F638F",
    county="#D394BC",
    oncounty="#24101C",
    red=ToneColours("#F3A09A", "#3F2421", "#7A4540", "#E2685E"),
    amber=ToneColours("#EABF70", "#3A2E17", "#705C2E", "#DB9C30"),
    green=ToneColours("#8FD0A4", "#1C3426", "#3D6B4E", "#52B078"),
)


PAPER: Final = "#FFFFFF"
PRINT: Final = "#000000"
"""Pictures of printed pages are black on white in both palettes."""


class Size(StrEnum):
    """The three sizes of type."""

    TITLE = "title"
    BODY = "body"
    SMALL = "small"


POINTS: Final = {Size.TITLE: 14.0, Size.BODY: 10.5, Size.SMALL: 9.0}


@dataclass(frozen=True, slots=True)
class Dress:
    """What the application wears. family: the screen font, '' before anything was installed; rare: families of the pages of
    rare characters loaded so far."""

    dark: bool = False
    scaled: float = 1.0
    family: str = ""
    rare: tuple[str, ...] = ()


_BARE: Final = Dress()


def dress() -> Dress:
    """What is in use now; asked hundreds of times for one picture, so it is a plain attribute."""
    found: Dress = getattr(QApplication.instance(), "eduplan_dress", _BARE)
    return found


def is_dark() -> bool:
    """Whether the dark palette is in use."""
    return dress().dark


def colours() -> Colours:
    """The palette in use."""
    return DARK if is_dark() else LIGHT


def colour(role: str) -> QColor:
    """A colour by role name; `red`, `amber` and `green` mean their text, `red.fill` and so on their parts."""
    return _colour(role, is_dark())


@cache
def _colour(role: str, dark: bool) -> QColor:
    head, _, part = role.partition(".")
    value = getattr(DARK if dark else LIGHT, head)
    return QColor(getattr(value, part or "text") if isinstance(value, ToneColours) else value)


def tone(name: Tone) -> ToneColours:
    """The four colours of a state; accent and neutral are made of roles."""
    c = colours()
    match name:
        case Tone.RED:
            return c.red
        case Tone.AMBER:
            return c.amber
        case Tone.GREEN:
            return c.green
        case Tone.ACCENT:
            return ToneColours(c.accent, c.sel, c.selline, c.accent)
        case Tone.NEUTRAL:
            return ToneColours(c.ink2, c.inset, c.line, c.edge)


def scale() -> float:
    """How much larger than standard the person wants type and rows (1.0, 1.15, 1.3)."""
    return dress().scaled


def px(length: int) -> int:
    """A standard length in pixels at the chosen scale."""
    return round(length * scale())


def pixels(painter: QPainter) -> float:
    """Pixels of the screen to one of ours where `painter` draws.

    Not asked of `painter.device()`: PySide keeps its wrapper of a device by address, and may hand out that of one long gone.
    """
    return painter.deviceTransform().m11()


def font(size: Size = Size.BODY, *, bold: bool = False) -> QFont:
    """The screen font in one of the three sizes; figures in Noto Sans SC are tabular."""
    worn = dress()
    return _font((worn.family, *worn.rare), POINTS[size] * worn.scaled, bold)


@cache
def _font(families: tuple[str, ...], points: float, bold: bool) -> QFont:
    made = QFont()
    made.setFamilies([f for f in families if f] or [QApplication.font().family()])
    made.setPointSizeF(points)
    made.setBold(bold)
    made.setHintingPreference(QFont.HintingPreference.PreferVerticalHinting)
    return made


def metrics(size: Size = Size.BODY, *, bold: bool = False) -> QFontMetrics:
    """Metrics of `font(size, bold=bold)`."""
    worn = dress()
    return _metrics((worn.family, *worn.rare), POINTS[size] * worn.scaled, bold)


@cache
def _metrics(families: tuple[str, ...], points: float, bold: bool) -> QFontMetrics:
    return QFontMetrics(_font(families, points, bold))


def _load_fonts(folder: Path) -> str:
    """Family to use: the shipped one when it can be loaded, else the first Chinese family of the system."""
    for name in SCREEN_FONTS:
        path = folder / name
        if path.exists():
            QFontDatabase.addApplicationFont(str(path))
    if QFontDatabase.hasFamily(FAMILY):
        return FAMILY
    chinese = QFontDatabase.families(QFontDatabase.WritingSystem.SimplifiedChinese)
    return chinese[0] if chinese else QApplication.font().family()


def _qt_palette(c: Colours) -> QPalette:
    made = QPalette()
    role = QPalette.ColorRole
    pairs = {
        role.Window: c.canvas,
        role.WindowText: c.ink,
        role.Base: c.base,
        role.AlternateBase: c.canvas,
        role.Text: c.ink,
        role.Button: c.base,
        role.ButtonText: c.ink,
        role.BrightText: c.onfill,
        role.Highlight: c.sel,
        role.HighlightedText: c.ink,
        role.ToolTipBase: c.base,
        role.ToolTipText: c.ink,
        role.PlaceholderText: c.ink3,
        role.Link: c.accent,
        role.LinkVisited: c.accent,
        role.Light: c.base,
        role.Midlight: c.canvas,
        role.Mid: c.rule,
        role.Dark: c.edge,
        role.Shadow: c.edge,
        role.Accent: c.accent,
    }
    for which, value in pairs.items():
        made.setColor(which, QColor(value))
    for which in (role.WindowText, role.Text, role.ButtonText):
        made.setColor(QPalette.ColorGroup.Disabled, which, QColor(c.ink3))
    return made


def install(app: QApplication, *, dark: bool = False, scaled: float = 1.0, fonts: Path = FONT_DIR) -> None:
    """Give the application the palette, the type and the style sheet. May be called again to switch."""
    from ui.stylesheet import sheet

    family = dress().family
    if not family:
        if not getattr(app, "eduplan_fusion", False):
            app.setStyle("Fusion")
        family = _load_fonts(fonts)
    app.eduplan_dress = Dress(dark, scaled, family, dress().rare)  # type: ignore[attr-defined]
    app.setFont(font())
    app.setPalette(_qt_palette(colours()))
    app.setStyleSheet(sheet(colours(), scaled))


def wear_also(rare: Sequence[str]) -> None:
    """Add the families of rare characters behind the screen font."""
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    app.eduplan_dress = replace(dress(), rare=tuple(rare))  # type: ignore[attr-defined]
    app.setFont(font())
