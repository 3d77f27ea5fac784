"""Sheets for tests: from lists, and as files of every format written by other programs' libraries."""

import csv
import io
import zipfile
from collections.abc import Callable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from eduplan_desktop.exchange.cells import Cell, Sheet, is_blank

Rows = Sequence[Sequence[Cell]]


def sheet_of(rows: Rows, merges: Sequence[tuple[int, int, int, int]] = ()) -> Sheet:
    """A sheet as reading gives it: blank lines left out, all lines of one width."""
    width = max(len(row) for row in rows)
    kept = [
        (n, [*row, *[""] * (width - len(row))]) for n, row in enumerate(rows, 1) if not all(is_blank(c) for c in row)
    ]
    return Sheet("表", [row for _n, row in kept], [n for n, _row in kept], list(merges))


def write_xlsx(path: Path, rows: Rows, *, sheet: str = "表一", epoch_1904: bool = False) -> Path:
    """By openpyxl."""
    import openpyxl
    from openpyxl.utils.datetime import CALENDAR_MAC_1904

    book = openpyxl.Workbook()
    if epoch_1904:
        book.epoch = CALENDAR_MAC_1904
    page = book.active
    page.title = sheet
    for row in rows:
        page.append([None if cell == "" else cell for cell in row])
    book.save(path)
    return path


def write_xls(path: Path, rows: Rows) -> Path:
    """By xlwt."""
    import xlwt

    book = xlwt.Workbook()
    page = book.add_sheet("表一")
    day = xlwt.easyxf(num_format_str="YYYY-MM-DD")
    for line, row in enumerate(rows):
        for column, cell in enumerate(row):
            if isinstance(cell, date | datetime):
                page.write(line, column, cell, day)
            elif cell not in ("", None):
                page.write(line, column, cell)
    book.save(str(path))
    return path


def write_ods(path: Path, rows: Rows) -> Path:
    """By hand: the least an OpenDocument sheet can be."""
    body = "".join(f"<table:table-row>{''.join(_ods_cell(c) for c in row)}</table:table-row>" for row in rows)
    table = f'<table:table table:name="表一">{body}</table:table>'
    inner = f"<office:body><office:spreadsheet>{table}</office:spreadsheet></office:body>"
    content = f'<?xml version="1.0"?><office:document-content {_ODS}>{inner}</office:document-content>'
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content)
        archive.writestr("META-INF/manifest.xml", f"<manifest:manifest {_MANIFEST}/>")
    return path


_NAMES = "urn:oasis:names:tc:opendocument:xmlns"
_ODS = f'xmlns:office="{_NAMES}:office:1.0" xmlns:table="{_NAMES}:table:1.0" xmlns:text="{_NAMES}:text:1.0"'
_MANIFEST = f'xmlns:manifest="{_NAMES}:manifest:1.0"'


def _ods_cell(cell: Cell) -> str:
    if cell in ("", None):
        return "<table:table-cell/>"
    if isinstance(cell, date):
        return f'<table:table-cell office:value-type="date" office:date-value="{cell.isoformat()}"/>'
    if isinstance(cell, int | float):
        return f'<table:table-cell office:value-type="float" office:value="{cell}"/>'
    return f'<table:table-cell office:value-type="string"><text:p>{cell}</text:p></table:table-cell>'


def write_csv(path: Path, rows: Rows, encoding: str = "utf-8", delimiter: str = ",") -> Path:
    """By the csv module."""
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter).writerows([["" if c is None else str(c) for c in row] for row in rows])
    path.write_bytes(out.getvalue().encode(encoding))
    return path


WRITERS: dict[str, Callable[[Path, Rows], Any]] = {
    "xlsx": write_xlsx,
    "xls": write_xls,
    "ods": write_ods,
    "csv": write_csv,
}
