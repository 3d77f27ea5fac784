"""Plain rows from any small sheet: the roster, remarks. Headings are matched by a table of words; everything is text."""

from collections.abc import Callable, Mapping
from pathlib import Path

from eduplan_desktop.errors import RefusedError
from eduplan_desktop.exchange.cells import words
from eduplan_desktop.exchange.header import find_header, records
from eduplan_desktop.exchange.sheet_read import read_book
from eduplan_desktop.i18n import _
from eduplan_desktop.registers.text import fold


def read_rows(
    path: Path, heads: Mapping[str, str], cancelled: Callable[[], bool] = lambda: False
) -> dict[int, dict[str, str]]:
    """Line of the first sheet → its row, as column → text. heads: heading → column; a column's own name is understood too."""
    known = {fold(k): v for k, v in {**{v: v for v in heads.values()}, **heads}.items()}
    sheet = read_book(path, cancelled=cancelled).sheet
    header = find_header(sheet, known.__contains__)
    places = [(i, known[fold(name)]) for i, name in enumerate(header.names) if fold(name) in known]
    kept, _skipped = records(sheet, header)
    return {sheet.numbers[i]: {column: words(sheet.rows[i][place]).strip() for place, column in places} for i in kept}


def given(path: Path | None) -> Path:
    """The sheet an act was told of. Raises RefusedError no_sheet where none was."""
    if path is None:
        raise RefusedError("no_sheet", _("没有写是哪个表格。"), _("请把表格的文件名写在后面。"))
    return path
