"""Pages of a PDF as drawing commands, and the file they make. Black on white; lengths in points, origin bottom left.

Written straight on reportlab's document objects: a canvas costs three times as much for tables of 150,000 cells and
puts an unembedded Helvetica on every page. The same drawing gives the same bytes.
"""

import zlib
from math import cos, radians, sin
from typing import Final

from reportlab.pdfbase import pdfdoc

from eduplan_desktop.reports.ink import Ink, Run

MM: Final = 72 / 25.4
A4: Final = (210 * MM, 297 * MM)
HAIR: Final = 0.5
"""Inner grid lines, points (forms.md §1)."""
FRAME: Final = 1.2
"""Outer frame of a table, points."""
_CIRCLE: Final = 0.5522847498
"""Handle length of a quarter circle drawn as one Bézier curve, in radii."""


class Page:
    """One page being drawn: shapes first, then all text in one text object."""

    def __init__(self, width: float, height: float) -> None:
        self.width = width
        self.height = height
        self._shapes: list[str] = []
        self._text: list[str] = []
        self._font: tuple[str, float] = ("", 0.0)
        self._stroke = 0.0

    def text(self, run: Run, x: float, y: float, size: float) -> None:
        """One line of text with its base line starting at (x, y)."""
        add = self._text.append
        for piece in run.pieces:
            scaled = size * piece.scale
            if self._font != (piece.font, scaled):
                self._font = (piece.font, scaled)
                add(f"{piece.font} {scaled:.4g} Tf")
            lift = 0.0 if piece.scale == 1.0 else 0.2 * size
            add(f"1 0 0 1 {x + piece.offset * size:.2f} {y + lift:.2f} Tm <{piece.codes}> Tj")
        for start, width in run.frames:
            self.rectangle(x + start * size, y - 0.08 * size, width * size, 0.92 * size, HAIR)

    def text_right(self, run: Run, x: float, y: float, size: float) -> None:
        """One line ending at x."""
        self.text(run, x - run.width * size, y, size)

    def text_centred(self, run: Run, x: float, y: float, size: float) -> None:
        """One line centred on x."""
        self.text(run, x - run.width * size / 2, y, size)

    def outline_text(self, run: Run, x: float, y: float, size: float, angle: float) -> None:
        """Hollow letters centred on (x, y), turned by `angle` degrees: a mark that covers nothing and survives a copier."""
        c, s = cos(radians(angle)), sin(radians(angle))
        half = run.width * size / 2
        left, low = x - half * c + 0.38 * size * s, y - half * s - 0.38 * size * c
        show = " ".join(
            f"{p.font} {size * p.scale:.4g} Tf {c:.4f} {s:.4f} {-s:.4f} {c:.4f} "
            f"{left + p.offset * size * c:.2f} {low + p.offset * size * s:.2f} Tm <{p.codes}> Tj"
            for p in run.pieces
        )
        self._shapes.append(f"q 0.35 w 1 Tr BT {show} ET Q")

    def line(self, x1: float, y1: float, x2: float, y2: float, width: float = HAIR, dash: str = "") -> None:
        """A straight line. dash: lengths in points, '1 2'."""
        self._width(width)
        drawn = f"{x1:.2f} {y1:.2f} m {x2:.2f} {y2:.2f} l S"
        self._shapes.append(f"[{dash}] 0 d {drawn} [] 0 d" if dash else drawn)

    def rectangle(self, x: float, y: float, width: float, height: float, stroke: float = HAIR) -> None:
        """An empty rectangle; (x, y) is its lower left corner."""
        self._width(stroke)
        self._shapes.append(f"{x:.2f} {y:.2f} {width:.2f} {height:.2f} re S")

    def fill(self, x: float, y: float, width: float, height: float) -> None:
        """A black rectangle; the modules of a QR code."""
        self._shapes.append(f"{x:.3f} {y:.3f} {width:.3f} {height:.3f} re f")

    def circle(self, x: float, y: float, radius: float, stroke: float = HAIR, dash: str = "") -> None:
        """An empty circle."""
        self._width(stroke)
        k = radius * _CIRCLE
        path = [f"{x + radius:.2f} {y:.2f} m"]
        for (ax, ay), (bx, by) in zip(_QUARTERS, _QUARTERS[1:] + _QUARTERS[:1], strict=True):
            path.append(
                f"{x + radius * ax + k * bx:.2f} {y + radius * ay + k * by:.2f} "
                f"{x + radius * bx + k * ax:.2f} {y + radius * by + k * ay:.2f} {x + radius * bx:.2f} {y + radius * by:.2f} c"
            )
        self._shapes.append(f"[{dash}] 0 d {' '.join(path)} S [] 0 d")

    def _width(self, width: float) -> None:
        if width != self._stroke:
            self._stroke = width
            self._shapes.append(f"{width:.4g} w")

    def settle(self) -> None:
        """Keep the drawing in less memory; more may still be drawn."""
        self._shapes = ["\n".join(self._shapes)]
        self._text = ["\n".join(self._text)]

    def content(self) -> str:
        """The page's content stream."""
        return "\n".join([*self._shapes, "BT", *self._text, "ET", ""])


_QUARTERS: Final = [(1, 0), (0, 1), (-1, 0), (0, -1)]


class Pdf:
    """A PDF being written. Fonts are embedded as subsets; dates inside are fixed, so bytes depend on the drawing alone."""

    def __init__(self, title: str, author: str, subject: str, creator: str) -> None:
        self.document = pdfdoc.PDFDocument(compression=1, invariant=1, pdfVersion=(1, 4), lang="zh-CN")
        self.document.setTitle(title)
        self.document.setAuthor(author)
        self.document.setSubject(subject)
        self.document.info.creator = creator
        self.ink = Ink(self.document)

    def add(self, page: Page) -> None:
        """Append a finished page."""
        packed = zlib.compress(page.content().encode("ascii"))
        fields = pdfdoc.PDFDictionary({"Filter": pdfdoc.PDFName("FlateDecode")})
        stream = pdfdoc.PDFStream(fields, packed, filters=[])
        sheet = pdfdoc.PDFPage()
        sheet.pagewidth, sheet.pageheight = round(page.width, 2), round(page.height, 2)
        sheet.Contents = stream
        sheet.Resources = pdfdoc.PDFResourceDictionary()
        sheet.Resources.basicFonts()
        sheet.Resources.basicProcs()
        self.document.addPage(sheet)

    def to_bytes(self) -> bytes:
        """The whole file."""
        data: bytes = self.document.GetPDFData(None)
        return data
