"""Text measured, broken into lines and encoded for a PDF page; fast because every character and string is encoded once.

Sizes and positions are points (1/72 inch), widths of runs are em. A character no font has becomes its framed code point
and is remembered in `Ink.missing`, so that the page can say so.
"""

import re
from dataclasses import dataclass
from typing import Final

from reportlab.pdfbase.pdfdoc import PDFDocument

from eduplan_desktop.reports.fonts import Face, GlyphCase, visible

RISE: Final = 0.38
"""Half the height of a Chinese character above its base line, in em: centres a line on a point."""
LEADING: Final = 1.25
"""Distance of base lines in em."""
_FRAME_SCALE: Final = 0.5
_FRAME_PAD: Final = 0.16
_CACHE_LIMIT: Final = 50_000
_NOT_AT_START: Final = frozenset("，。、；：？！）》」』】〕〉”’％%℃·…—,.;:?!)]}")
_NOT_AT_END: Final = frozenset("（《「『【〔〈“‘([{￥¥")
_JOINT: Final = re.compile(r"(?<=[-/_.,:])(?=.)")
"""Where a number or name too long for its line is cut first."""
_WORD: Final = re.compile(r"[!-~\u00a1-\u00b6\u00b8-\u02ff]+|.", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Piece:
    """Bytes of one font. codes: hex digits; offset: start in em; scale: size relative to the run (framed code points are smaller)."""

    font: str
    codes: str
    offset: float
    scale: float = 1.0


@dataclass(frozen=True, slots=True)
class Run:
    """One line of text ready to draw. width in em; frames: (start, width) in em of framed code points."""

    width: float
    pieces: tuple[Piece, ...]
    frames: tuple[tuple[float, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Lines:
    """A text laid out in a width: its lines at one size in points."""

    runs: tuple[Run, ...]
    size: float

    @property
    def height(self) -> float:
        """From the top of the first to the bottom of the last line, points."""
        return self.size * (1 + LEADING * (len(self.runs) - 1))


class Ink:
    """The encoder of one document."""

    def __init__(self, document: PDFDocument) -> None:
        self.missing: dict[str, None] = {}
        self._case = GlyphCase(document)
        self._cells: dict[Face, dict[str, tuple[tuple[str, str, float, float], ...]]] = {f: {} for f in Face}
        self._runs: dict[Face, dict[str, Run]] = {f: {} for f in Face}

    def run(self, face: Face, text: str) -> Run:
        """`text` as one line."""
        runs = self._runs[face]
        found = runs.get(text)
        if found is None:
            if len(runs) >= _CACHE_LIMIT:
                runs.clear()
            found = runs[text] = self._encode(face, text)
        if found.frames:
            self.missing.update(dict.fromkeys(c for c in text if self._framed(face, c)))
        return found

    def width(self, face: Face, text: str, size: float) -> float:
        """Width of one line in points."""
        return self.run(face, text).width * size

    def _encode(self, face: Face, text: str) -> Run:
        cells = self._cells[face]
        pieces: list[Piece] = []
        frames: list[tuple[float, float]] = []
        font, codes, start, at, scale = "", "", 0.0, 0.0, 1.0
        for character in text:
            parts = cells.get(character)
            if parts is None:
                parts = cells[character] = self._cell(face, character)
            framed = parts and parts[0][3] != 1.0
            if framed:
                at += _FRAME_PAD
                frames.append((at - _FRAME_PAD / 2, sum(p[2] for p in parts) + _FRAME_PAD))
            for name, code, width, size in parts:
                if name != font or size != scale:
                    if codes:
                        pieces.append(Piece(font, codes, start, scale))
                    font, codes, start, scale = name, "", at, size
                codes += code
                at += width
            if framed:
                at += _FRAME_PAD
                pieces.append(Piece(font, codes, start, scale))
                font, codes = "", ""
        if codes:
            pieces.append(Piece(font, codes, start, scale))
        return Run(at, tuple(pieces), tuple(frames))

    def _cell(self, face: Face, character: str) -> tuple[tuple[str, str, float, float], ...]:
        """(font, code, width, scale) for each glyph that stands for the character: one, none, or a code point in small figures."""
        if not any(visible(character)):
            return ()
        glyph = self._case.glyph(face, character)
        if glyph is not None:
            return ((glyph.font, glyph.code, glyph.width, 1.0),)
        figures = [self._case.glyph(Face.SANS, c) for c in f"U+{ord(character):04X}"]
        return tuple((g.font, g.code, g.width * _FRAME_SCALE, _FRAME_SCALE) for g in figures if g is not None)

    def _framed(self, face: Face, character: str) -> bool:
        parts = self._cells[face].get(character, ())
        return bool(parts) and parts[0][3] != 1.0

    def wrap(self, face: Face, text: str, width: float, size: float) -> tuple[Run, ...]:
        """`text` in lines no wider than `width` points; words and Chinese punctuation are kept where they belong."""
        lines: list[Run] = []
        for paragraph in text.splitlines() or [""]:
            run = self.run(face, paragraph)
            if run.width * size <= width:
                lines.append(run)
            else:
                lines += [self.run(face, line) for line in self.break_lines(face, paragraph, width / size)]
        return tuple(lines)

    def break_lines(self, face: Face, text: str, width: float) -> list[str]:
        """`text` cut into lines of at most `width` em; a word longer than a line is cut, at a joint if it has one."""
        lines: list[str] = []
        line, used = "", 0.0
        for word in self._words(face, text, width):
            wide = self.run(face, word).width
            if line and used + wide > width:
                carry = _carried(line, word)
                if self.run(face, carry).width + wide > width:
                    carry = ""
                lines.append(line[: len(line) - len(carry)].rstrip())
                line, used = carry, self.run(face, carry).width
                word = word if line else word.lstrip()
            line += word
            used += wide
        return [*lines, line] if line.strip() or not lines else lines

    def _words(self, face: Face, text: str, width: float) -> list[str]:
        words: list[str] = []
        for word in _WORD.findall(text):
            if len(word) == 1 or self.run(face, word).width <= width:
                words.append(word)
                continue
            for part in _JOINT.split(word):
                words += [part] if self.run(face, part).width <= width else list(part)
        return words

    def fit(self, face: Face, text: str, width: float, size: float, smallest: float, most_lines: int) -> Lines:
        """`text` within `width`: at `size` in at most `most_lines` lines, else smaller down to `smallest`, else in more lines.

        Lines that the text itself ends are not counted against it.
        """
        run = self.run(face, text)
        if run.width * size <= width and "\n" not in text:
            return Lines((run,), size)
        if most_lines == 1:
            shrunk = min(size, width / run.width)
            return (
                Lines((run,), shrunk) if shrunk >= smallest else Lines(self.wrap(face, text, width, smallest), smallest)
            )
        tried, most_lines = size, most_lines + text.count("\n")
        while True:
            runs = self.wrap(face, text, width, tried)
            if len(runs) <= most_lines or tried <= smallest:
                return Lines(runs, tried)
            tried = max(smallest, tried - 0.5)

    def balanced(self, face: Face, text: str, width: float, size: float) -> tuple[Run, ...]:
        """As `wrap`, but with lines of about equal length: for centred text, where a last line of one character looks lost."""
        runs = self.wrap(face, text, width, size)
        if len(runs) < 2 or "\n" in text:
            return runs
        narrow = self.width(face, text, size) / len(runs)
        while narrow < width:
            tried = self.wrap(face, text, narrow, size)
            if len(tried) == len(runs):
                return tried
            narrow += size / 2
        return runs


def _carried(line: str, word: str) -> str:
    """The end of `line` that must go to the next line with `word`: what may not end a line, or what `word` may not begin without."""
    end = len(line)
    if word in _NOT_AT_START:
        end -= 1
        while end > 1 and line[end] in _NOT_AT_START:
            end -= 1
    while end > 1 and line[end - 1] in _NOT_AT_END:
        end -= 1
    return line[end:] if end > 0 and line[end - 1] not in _NOT_AT_END else ""
