"""Read a foreign file as sheets: workbooks through calamine in a process of its own, text by our own reader.

Whatever the bytes are, the answer is a sheet or an ExchangeError that says what to do; never a hang, a crash or unbounded
memory (invariant 5).
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from eduplan_desktop.exchange import charset
from eduplan_desktop.exchange.cells import Sheet
from eduplan_desktop.exchange.delimited import read_text
from eduplan_desktop.exchange.limits import MIB, STANDARD, Limits
from eduplan_desktop.exchange.reasons import refuse
from eduplan_desktop.exchange.workbook import never, read_workbook
from eduplan_desktop.i18n import _

PREVIEW_ROWS: Final = 200
_WORKBOOK_MARKS: Final = (b"PK\x03\x04", b"PK\x05\x06", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
_WEB: Final = (b"<!doctype html", b"<html", b"<table", b"<meta", b"<head")
_FOREIGN_MARKS: Final = (
    b"%PDF",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"Rar!",
    b"7z\xbc\xaf",
    b"\x1f\x8b",
    b"SQLite format 3",
)


@dataclass(slots=True)
class Book:
    """A file as read: one of its sheets, what else is in it, and for text how it was decoded.

    names:     all sheets; shown: those that are not hidden. [""] for text.
    encodings: candidates for text, the likeliest first; [] for a workbook. `asks` tells whether a person should confirm.
    """

    path: Path
    sheet: Sheet
    names: list[str] = field(default_factory=list)
    shown: list[str] = field(default_factory=list)
    encodings: list[charset.Guess] = field(default_factory=list)

    @property
    def asks(self) -> bool:
        """Whether the encoding is a guess that a person should look at."""
        return bool(self.encodings) and not self.encodings[0].certain


def read_book(
    path: Path,
    sheet: str = "",
    *,
    encoding: str = "",
    delimiter: str = "",
    most_rows: int | None = None,
    limits: Limits = STANDARD,
    cancelled: Callable[[], bool] = never,
) -> Book:
    """Read one sheet of a file: `sheet` by name, else the first visible one that is not empty.

    encoding, delimiter: of text, '' to find them. most_rows: only so many rows, for a preview. Raises ExchangeError,
    CancelledError.
    """
    head = _head(path, limits)
    if head.startswith(_WORKBOOK_MARKS):
        names, shown, found = read_workbook(path, sheet, most_rows, limits, cancelled)
        return Book(path, found, names, shown)
    _not_text(head, path)
    if path.stat().st_size > limits.text_file:
        raise refuse("file_too_large", limit=limits.text_file // MIB)
    return _text_book(path, encoding, delimiter, most_rows, limits)


def preview(path: Path, sheet: str = "", *, encoding: str = "", cancelled: Callable[[], bool] = never) -> Book:
    """The first rows of a sheet, for choosing header, encoding and columns."""
    return read_book(path, sheet, encoding=encoding, most_rows=PREVIEW_ROWS, cancelled=cancelled)


def _head(path: Path, limits: Limits) -> bytes:
    """The first bytes of an existing, readable file of acceptable size."""
    try:
        size = path.stat().st_size
        if not path.is_file():
            raise refuse("missing")
        with path.open("rb") as file:
            head = file.read(8192)
    except FileNotFoundError as error:
        raise refuse("missing") from error
    except (OSError, ValueError) as error:
        raise refuse("unreadable") from error
    if not size:
        raise refuse("empty")
    if size > limits.file:
        raise refuse("file_too_large", limit=limits.file // MIB)
    return head


def _not_text(head: bytes, path: Path) -> None:
    """Refuse what is certainly neither a workbook nor a text table."""
    start = head[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if head.startswith(_FOREIGN_MARKS):
        raise refuse("not_a_table")
    if start.startswith(_WEB) or b"urn:schemas-microsoft-com:office:excel" in start[:600]:
        raise refuse("web_page")
    if start.startswith(b"<?xml"):
        raise refuse("xml_table" if b"urn:schemas-microsoft-com:office:spreadsheet" in head else "not_a_table")
    if path.suffix.lower() in (".xls", ".xlsx", ".xlsm", ".xlsb", ".ods", ".et") and b"\0" in head:
        raise refuse("damaged")


def _text_book(path: Path, encoding: str, delimiter: str, most_rows: int | None, limits: Limits) -> Book:
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise refuse("unreadable") from error
    candidates = charset.guesses(raw)
    chosen = encoding or candidates[0].encoding
    try:
        text = charset.decode(raw, chosen)
    except UnicodeError as error:
        raise refuse("encoding", encoding=charset.LABELS.get(chosen, chosen)) from error
    if _binary(text):
        raise refuse("not_a_table")
    notes = []
    if chosen == charset.GB18030:
        text, note = charset.modern(text)
        notes += [note] if note else []
    if left := charset.private_use(text):
        notes.append(_("有 {n} 个字符在私用区，只有原系统的字体认识；含有它们的单元格会被指出").format(n=left))
    sheet = read_text(text, "", delimiter, most_rows, limits)
    sheet.encoding = chosen
    sheet.notes[:0] = notes
    return Book(path, sheet, [""], [""], candidates)


def _binary(text: str) -> bool:
    """Whether so many control characters stand in it that it was never text."""
    sample = text[:65536]
    odd = sum(c < " " and c not in "\t\r\n\f\x1a" for c in sample)
    return odd * 50 > len(sample)
