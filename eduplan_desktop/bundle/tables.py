"""The CSV of docs/format.md §6.1: one text for one content. Written fast, read strictly (every other form is `bad_rows`)."""

import codecs
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice
from operator import lt
from typing import Any, Final

from eduplan_desktop.bundle.manifest import UID
from eduplan_desktop.bundle.words import refused
from eduplan_desktop.errors import BundleError

BATCH: Final = 1000
READ: Final = 1 << 17
LINE_LIMIT: Final = 1 << 20
"""Characters of one row."""
_QUOTED: Final = re.compile(r'"((?:[^"]|"")*)"')
_IDS: Final = re.compile(rf"(?:{UID.pattern},)*{UID.pattern}", re.ASCII)
_SPECIAL: Final = re.compile(r'[,"\r\n]')

Cells = Sequence[str]
"""The texts of one row; '' is NULL."""


def bad_rows(reason: str) -> BundleError:
    """The refusal of a table; tells no cell, for it may be sealed."""
    return refused("bad_rows", reason=reason)


def write_table(names: Sequence[str], rows: Iterable[Cells], key: int) -> Iterator[tuple[bytes, int]]:
    """The text in pieces, each with its number of rows. The first `key` columns must rise from row to row (ValueError)."""
    yield (_line(names) + "\n").encode("utf-8"), 0
    source = iter(rows)
    last: Cells = ()
    while batch := list(islice(source, BATCH)):
        if not _rises(last, batch, key):
            raise ValueError("rows do not rise by their key")
        last = batch[-1][:key]
        yield _text(batch, len(names)).encode("utf-8"), len(batch)


def _text(batch: list[Cells], width: int) -> str:
    """Rows as lines; the common case without anything to quote is checked for the whole batch at once."""
    text = "\n".join(map(",".join, batch)) + "\n"
    plain = '"' not in text and "\r" not in text and text.count("\n") == len(batch)
    if plain and text.count(",") == len(batch) * (width - 1) and all(len(row) == width for row in batch):
        return text
    if any(len(row) != width for row in batch):
        raise ValueError("a row of another width")
    return "".join(_line(row) + "\n" for row in batch)


def _line(row: Cells) -> str:
    return ",".join('"' + cell.replace('"', '""') + '"' if _SPECIAL.search(cell) else cell for cell in row)


def _rises(last: Cells, batch: Sequence[Cells], key: int) -> bool:
    if not key:
        return True
    keys: list[Any] = [row[0] for row in batch] if key == 1 else [tuple(row[:key]) for row in batch]
    before = (last[0] if key == 1 else tuple(last)) if last else None
    if before is not None and not before < keys[0]:
        return False
    return all(map(lt, keys, islice(keys, 1, None)))


def _all_ids(batch: Sequence[Cells]) -> bool:
    """Whether every row begins with a row id; asked of all at once, with a mark no id contains between them."""
    ids = [row[0] for row in batch]
    return _IDS.fullmatch(",".join(ids)) is not None and not any("," in one for one in ids)


class TableReader:
    """Rows of a CSV entry. names: its header line. Iterating gives lists of texts; BundleError('bad_rows') on the way."""

    def __init__(self, source: Any, key: int = 1, ids: bool = True) -> None:
        """Reads the header. key: leading columns that rise from row to row; ids: the first of them is a row id."""
        self._batches = _batches(source)
        first = next(self._batches, None)
        if not first or not first[0][0]:
            raise bad_rows("no_names")
        self.names: tuple[str, ...] = tuple(first[0])
        if len(set(self.names)) != len(self.names) or "" in self.names:
            raise bad_rows("names")
        self._rest = first[1:]
        self._key = key
        self._ids = ids

    def batches(self) -> Iterator[list[list[str]]]:
        """Rows in lists of about a thousand, checked."""
        last: Cells = ()
        width = {len(self.names)}
        for batch in chain([self._rest], self._batches):
            if not batch:
                continue
            if set(map(len, batch)) != width:
                raise bad_rows("width")
            if self._ids and not _all_ids(batch):
                raise bad_rows("id")
            if not _rises(last, batch, self._key):
                raise bad_rows("order")
            last = batch[-1][: self._key]
            yield batch

    def __iter__(self) -> Iterator[list[str]]:
        return chain.from_iterable(self.batches())


def _batches(source: Any) -> Iterator[list[list[str]]]:
    """Rows of a text as they come, cells taken apart."""
    decoder = codecs.getincrementaldecoder("utf-8")("strict")
    splitter = _Splitter()
    rest = ""
    while data := source.read(READ):
        text = rest + _decode(decoder, data)
        whole, end, rest = text.rpartition("\n")
        if len(rest) > LINE_LIMIT:
            raise bad_rows("line_too_long")
        if end and (rows := splitter.rows(whole)):
            yield rows
    _decode(decoder, b"", final=True)
    if rest or splitter.open:
        raise bad_rows("no_line_end")


def _decode(decoder: codecs.IncrementalDecoder, data: bytes, final: bool = False) -> str:
    try:
        text = decoder.decode(data, final)
    except UnicodeDecodeError as error:
        raise bad_rows("encoding") from error
    if "\0" in text or "\ufeff" in text:
        raise bad_rows("characters")
    return text


class _Splitter:
    """Takes lines apart into rows; keeps the lines of a row whose quote is still open from one text to the next."""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._length = 0

    @property
    def open(self) -> bool:
        """Whether a quote is still open."""
        return bool(self._lines)

    def rows(self, text: str) -> list[list[str]]:
        """The rows that end in `text`, which is whole lines."""
        lines = text.split("\n")
        if not self._lines and '"' not in text:
            if "\r" in text or "" in lines or max(map(len, lines)) > LINE_LIMIT:
                raise bad_rows("line")
            return [line.split(",") for line in lines]
        return [row for line in lines if (row := self._add(line)) is not None]

    def _add(self, line: str) -> list[str] | None:
        """The row that this line ends, or None while its quote is open."""
        odd = bool(line.count('"') % 2)
        closes = odd if self._lines else not odd
        self._lines.append(line)
        self._length += len(line) + 1
        if self._length > LINE_LIMIT:
            raise bad_rows("line_too_long")
        if not closes:
            return None
        row = _cells("\n".join(self._lines))
        self._lines.clear()
        self._length = 0
        return row


def _cells(line: str) -> list[str]:
    """Cells of one row, quotes only where they are needed."""
    if not line:
        raise bad_rows("line")
    cells = []
    at = 0
    while True:
        if line.startswith('"', at):
            found = _QUOTED.match(line, at)
            if not found or not _SPECIAL.search(found[1]):
                raise bad_rows("quotes")
            cells.append(found[1].replace('""', '"'))
            at = found.end()
        else:
            end = line.find(",", at)
            cell = line[at:] if end < 0 else line[at:end]
            if _SPECIAL.search(cell):
                raise bad_rows("quotes")
            cells.append(cell)
            at += len(cell)
        if at == len(line):
            return cells
        if line[at] != ",":
            raise bad_rows("quotes")
        at += 1
