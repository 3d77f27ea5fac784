"""Delimited text: find the delimiter, split into rows. Never guesses a cell's type: everything stays text."""

import csv
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import chain, islice
from typing import Final, Literal

from eduplan_desktop.exchange.calm import without_collector
from eduplan_desktop.exchange.cells import Cell, Sheet
from eduplan_desktop.exchange.limits import STANDARD, Limits
from eduplan_desktop.exchange.reasons import refuse
from eduplan_desktop.i18n import _

DELIMITERS: Final = (",", "\t", ";", "|")
Quoting = Literal[0, 1, 2, 3]
_SAMPLE: Final = 200
_END: Final = "\x00end of text\x00"
_MOST_LINES_IN_A_CELL: Final = 200


class _OpenQuoteError(Exception):
    """A quote swallowed more than any cell holds."""


def sniff(lines: Sequence[str]) -> str:
    """The delimiter under which most lines have the same number of columns, more than one; a comma where none does."""
    best, best_score = ",", 0.0
    for delimiter in DELIMITERS:
        try:
            widths = Counter(len(row) for row in islice(csv.reader(lines, delimiter=delimiter), _SAMPLE) if row)
        except csv.Error:
            continue
        width, found = max(widths.items(), key=lambda item: (item[1], item[0]), default=(1, 0))
        score = found / widths.total() * min(width, 8) ** 0.5 if width > 1 else 0.0
        if score > best_score:
            best, best_score = delimiter, score
    return best


@without_collector()
def read_text(
    text: str, name: str, delimiter: str = "", most_rows: int | None = None, limits: Limits = STANDARD
) -> Sheet:
    """A sheet from decoded text. `numbers` are the lines on which the records start. Raises ExchangeError."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    said, before = _declared(lines[0])
    delimiter = delimiter or said or sniff(lines[before : before + 2000])
    if text.count(delimiter) + len(lines) > limits.cells:
        raise refuse("too_many_rows", rows=limits.rows, cells=limits.cells)
    try:
        sheet = _fill(name, lines, before, delimiter, most_rows, limits)
    except _OpenQuoteError:
        sheet = _fill(name, lines, before, delimiter, most_rows, limits, quoting=csv.QUOTE_NONE)
        sheet.notes.append(_("引号不成对，按普通字符读"))
    except csv.Error as error:
        raise refuse("cell_too_long") from error
    _square(sheet, limits)
    return sheet


def _declared(first: str) -> tuple[str, int]:
    """The delimiter a first line `sep=;` names, and how many lines that took."""
    said = first.strip().strip('"').lower()
    return (said[4], 1) if len(said) == 5 and said.startswith("sep=") else ("", 0)


def _records(lines: list[str], before: int, delimiter: str, quoting: Quoting) -> Iterator[tuple[int, list[str]]]:
    """(line on which it starts, cells) of each record. Raises _OpenQuoteError where a quote does not close in reason."""
    ended = (line + "\n" for line in chain(islice(lines, before, None), (_END,)))
    reader = csv.reader(ended, delimiter=delimiter, quoting=quoting)
    start = before + 1
    for row in reader:
        after = before + reader.line_num + 1
        if after - start > _MOST_LINES_IN_A_CELL:
            raise _OpenQuoteError
        if after > len(lines) + 1:
            if row != [_END]:
                raise _OpenQuoteError
            return
        yield start, row
        start = after


def _fill(
    name: str,
    lines: list[str],
    before: int,
    delimiter: str,
    most_rows: int | None,
    limits: Limits,
    quoting: Quoting = csv.QUOTE_MINIMAL,
) -> Sheet:
    sheet = Sheet(name, [], [])
    for line, row in _records(lines, before, delimiter, quoting):
        if not any(cell and not cell.isspace() for cell in row):
            continue
        if len(sheet.rows) == most_rows:
            sheet.complete = False
            break
        if len(sheet.rows) == limits.rows:
            raise refuse("too_many_rows", rows=limits.rows, cells=limits.cells)
        sheet.rows.append(list[Cell](row))
        sheet.numbers.append(line)
        sheet.lengths.append(len(row))
    return sheet


def _square(sheet: Sheet, limits: Limits) -> None:
    """Pad all rows to one width."""
    width = max(sheet.lengths, default=0)
    if width > limits.columns:
        raise refuse("too_many_columns", columns=limits.columns)
    if width * len(sheet.rows) > limits.cells:
        raise refuse("too_many_rows", rows=limits.rows, cells=limits.cells)
    for row in sheet.rows:
        if len(row) < width:
            row.extend([""] * (width - len(row)))
