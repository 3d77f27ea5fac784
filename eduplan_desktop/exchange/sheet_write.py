"""Write registers as sheets: `.xlsx` with typed cells, `.csv`, and blank templates; each reads back as it was.

First line (hidden): what the table is and the field names. Second line: headings for people. Formulas in data are neutralised.
Nothing sealed is written unless the caller gives the values and says so; then no temporary file is used.
"""

import csv
import io
import os
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from eduplan_desktop.exchange.layout import Column, Titles, Written, columns, heading_of, marker
from eduplan_desktop.exchange.reasons import refuse
from eduplan_desktop.i18n import PRODUCT, _
from eduplan_desktop.registers import kinds
from eduplan_desktop.registers.catalogs import Catalogs
from eduplan_desktop.registers.model import Field, Kind, Register, Row

MOST_ROWS: Final = 1_048_576
_TEMPLATE_ROWS: Final = 2_000
_HEAD: Final = {
    "bold": True,
    "bg_color": "#E8EEF6",
    "border": 1,
    "border_color": "#C9D3E0",
    "text_wrap": True,
    "valign": "vcenter",
}


@dataclass(frozen=True, slots=True)
class Table:
    """A plain table for people, not to be read back: lists and figures of the county, reports. Text is neutralised."""

    title: str
    headings: Sequence[str]
    rows: Sequence[Sequence[Written]]
    widths: Sequence[int] = field(default_factory=tuple)


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A name beside `path` to write under; it takes the place of `path` when all went well. Raises ExchangeError."""
    part = path.with_name(f".{path.name}.part")
    try:
        yield part
        os.replace(part, path)
    except OSError as error:
        raise refuse("write_failed") from error
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


def write_table(
    path: Path,
    register: Register,
    rows: Iterable[Row],
    catalogs: Catalogs,
    titles: Titles | None = None,
    *,
    clear: Collection[str] = (),
    masked: Collection[str] = (),
) -> int:
    """Write all rows of a register to .xlsx, or to .csv where the name ends so; how many were written.

    titles: words for the rows that links point to. clear: compartments whose values the rows hold and the person asked for;
    masked: compartments shown as ****. Raises ExchangeError.
    """
    has_results = any(f.kind is Kind.RESULTS for f in register.fields)
    known = list(rows) if has_results or not isinstance(rows, Sequence) else rows
    layout = columns(register, catalogs, titles or {}, known if has_results else (), clear, masked)
    with replacing(path) as part:
        if path.suffix.lower() == ".csv":
            return _write_csv(part, layout, known)
        if len(known) + 2 > MOST_ROWS:
            raise refuse("too_long_to_write")
        with _Workbook(part, private=bool(clear)) as book:
            return book.register_sheet(register, layout, known)


def write_template(
    path: Path, register: Register, catalogs: Catalogs, titles: Titles | None = None, items: Sequence[str] = ()
) -> None:
    """A blank sheet that imports back, with lists to choose from and how to fill each column.

    items: catalogue items to give columns, for registers with results. Raises ExchangeError.
    """
    compartments = register.compartments
    sample: list[Row] = [_with_items(register, items)] if items else []
    layout = columns(register, catalogs, titles or {}, sample, clear=compartments)
    with replacing(path) as part:
        if path.suffix.lower() == ".csv":
            _write_csv(part, layout, [])
            return
        with _Workbook(part) as book:
            book.register_sheet(register, layout, [], template=True)
            book.choices(layout, catalogs, titles or {})
            book.guide(layout)


def write_tables(path: Path, tables: Sequence[Table]) -> None:
    """Several plain tables, one a sheet; a .csv holds the first. Raises ExchangeError."""
    with replacing(path) as part:
        if path.suffix.lower() == ".csv":
            with part.open("w", encoding="utf-8-sig", newline="") as file:
                writer = csv.writer(file)
                writer.writerow(tables[0].headings)
                writer.writerows([_csv_cell(cell) for cell in row] for row in tables[0].rows)
            return
        with _Workbook(part) as book:
            for table in tables:
                book.plain_sheet(table)


def _with_items(register: Register, items: Sequence[str]) -> Row:
    from eduplan_desktop.registers import results

    named = next(f.name for f in register.fields if f.kind is Kind.RESULTS)
    return {named: results.dump({item: results.Result(value="x") for item in items})}


def _write_csv(path: Path, layout: Sequence[Column], rows: Iterable[Row]) -> int:
    """UTF-8 with a mark, so that the spreadsheets schools have read it as such."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([column.heading for column in layout])
        count = 0
        for row in rows:
            writer.writerow([_csv_cell(column.write(row)) for column in layout])
            count += 1
    return count


def _csv_cell(cell: Written) -> str:
    if cell is None:
        return ""
    return f"{cell:f}" if isinstance(cell, Decimal) else str(cell)


class _Workbook:
    """An .xlsx being written."""

    def __init__(self, path: Path, *, private: bool = False) -> None:
        import xlsxwriter

        options: dict[str, Any] = {"in_memory": True} if private else {"constant_memory": True}
        self._path = path
        self._buffer = io.BytesIO()
        self._book: Any = xlsxwriter.Workbook(self._buffer, options)
        self._book.set_properties({"author": PRODUCT})
        self._formats: dict[str, Any] = {}

    def __enter__(self) -> "_Workbook":
        return self

    def __exit__(self, kind: object, *_rest: object) -> None:
        if kind is None:
            self._book.close()
            self._path.write_bytes(self._buffer.getbuffer())

    def _format(self, name: str, **settings: Any) -> Any:
        if name not in self._formats:
            self._formats[name] = self._book.add_format(settings)
        return self._formats[name]

    def _cell_format(self, declared: Field | None) -> Any:
        """Codes, numbers of documents and everything that is text stay text; sums and areas show their places."""
        if declared is None or declared.kind not in (Kind.WHOLE, Kind.DECIMAL, Kind.MONEY):
            return self._format("text", num_format="@")
        if declared.kind is Kind.WHOLE:
            return self._format("whole", num_format="0")
        point = "." + "0" * min(declared.places, 2) + "#" * max(0, declared.places - 2) if declared.places else ""
        return self._format(
            f"places{declared.kind}{declared.places}",
            num_format=("#,##0" if declared.kind is Kind.MONEY else "0") + point,
        )

    def register_sheet(
        self, register: Register, layout: Sequence[Column], rows: Iterable[Row], template: bool = False
    ) -> int:
        """The sheet of a register."""
        sheet = self._book.add_worksheet(register.label)
        sheet.set_row(0, None, None, {"hidden": True})
        sheet.freeze_panes(2, min(3, len(layout)))
        for index, column in enumerate(layout):
            hidden = {"hidden": True} if index == 0 else {}
            sheet.set_column(index, index, _width(column), self._cell_format(column.field), hidden)
        sheet.write_row(0, 0, [marker(register), *(column.name for column in layout[1:])])
        sheet.set_row(1, 30)
        head = self._format("head", **_HEAD)
        for index, column in enumerate(layout):
            star = "*" if template and column.field is not None and column.field.required else ""
            sheet.write_string(1, index, column.heading + star, head)
        line = 2
        writers = [(index, column.write, self._cell_format(column.field)) for index, column in enumerate(layout)]
        day = self._format("day", num_format="yyyy-mm-dd")
        for row in rows:
            for index, write, shape in writers:
                cell = write(row)
                if cell is not None:
                    _put(sheet, line, index, cell, shape, day)
            line += 1
        if line > 2:
            sheet.autofilter(1, 1, line - 1, len(layout) - 1)
        return line - 2

    def plain_sheet(self, table: Table) -> None:
        """A table for people."""
        sheet = self._book.add_worksheet(_sheet_name(table.title))
        sheet.freeze_panes(1, 0)
        for index, width in enumerate(table.widths):
            sheet.set_column(index, index, width)
        for index, heading in enumerate(table.headings):
            sheet.write_string(0, index, heading, self._format("head", **_HEAD))
        text, day = self._format("plain"), self._format("day", num_format="yyyy-mm-dd")
        for line, row in enumerate(table.rows, 1):
            for index, cell in enumerate(row):
                if cell is not None:
                    _put(sheet, line, index, cell, text, day)

    def choices(self, layout: Sequence[Column], catalogs: Catalogs, titles: Titles) -> None:
        """Lists to choose from, on a hidden sheet, for every column that has such."""
        main = self._book.worksheets()[0]
        lists = [
            (index, _options(column.field, catalogs, titles)) for index, column in enumerate(layout) if column.field
        ]
        lists = [(index, options) for index, options in lists if options]
        sheet = self._book.add_worksheet("选项")
        sheet.hide()
        for line in range(max((len(options) for _i, options in lists), default=0)):
            for place, (_index, options) in enumerate(lists):
                if line < len(options):
                    sheet.write_string(line, place, options[line])
        from xlsxwriter.utility import xl_col_to_name

        for place, (index, options) in enumerate(lists):
            name = xl_col_to_name(place, True)
            source = f"=选项!{name}$1:{name}${len(options)}"
            rule = {
                "validate": "list",
                "source": source,
                "error_type": "warning",
                "error_message": _("不在列表里，导入时可能被拒收。"),
            }
            main.data_validation(2, index, _TEMPLATE_ROWS, index, rule)

    def guide(self, layout: Sequence[Column]) -> None:
        """How each column is filled."""
        told: dict[str, list[Written]] = {}
        for column in layout[1:]:
            declared = column.field
            if declared is not None:
                told.setdefault(
                    column.heading, [column.heading, _("必填") if declared.required else "", _how(declared)]
                )
        self.plain_sheet(Table(_("填写说明"), (_("栏目"), _("必填"), _("填法")), list(told.values()), (24, 8, 70)))


def _put(sheet: Any, line: int, index: int, cell: Written, shape: Any, day: Any) -> None:
    if isinstance(cell, str):
        sheet.write_string(line, index, cell, shape)
    elif isinstance(cell, date):
        sheet.write_datetime(line, index, cell, day)
    else:
        sheet.write_number(line, index, float(cell) if isinstance(cell, Decimal) else cell, shape)


def _sheet_name(title: str) -> str:
    """A name the format allows: at most 31 characters, none of []:*?/\\ ."""
    return "".join("-" if c in "[]:*?/\\" else c for c in title)[:31].strip("'") or "表"


def _width(column: Column) -> int:
    declared = column.field
    if declared is None:
        return 38
    if declared.kind is Kind.LONG_TEXT:
        return 30
    if declared.kind is Kind.TEXT:
        return 22 if declared.max_length > 40 else 14
    return max(10, min(24, 2 * len(column.heading) + 2))


def _options(declared: Field | None, catalogs: Catalogs, titles: Titles) -> list[str]:
    """The words a person may choose in a column."""
    if declared is None:
        return []
    if declared.kind is Kind.YES_NO:
        return ["是", "否"]
    if declared.kind is Kind.CHOICE:
        return [kinds.show(declared, entry.code, catalogs) for entry in catalogs.table(declared.choices).live]
    if declared.kind is Kind.LINK:
        return sorted(set(titles.get(declared.target, {}).values()))
    return []


def _how(declared: Field) -> str:
    """What may stand in a column, in a sentence."""
    told = {
        Kind.WHOLE: _("整数"),
        Kind.DECIMAL: _("数字，最多 {n} 位小数").format(n=declared.places),
        Kind.MONEY: _("金额，最多 {n} 位小数").format(n=declared.places),
        Kind.DATE: _("日期：2019-03-05、2019-03 或 2019"),
        Kind.YES_NO: _("是 或 否"),
        Kind.CHOICE: _("从列表里选"),
        Kind.LINK: _("从列表里选，或照登记的名称填写"),
        Kind.ID_NUMBER: _("18 位，按证件填写"),
        Kind.SCHOOL_CODE: _("10 位标识码"),
    }.get(declared.kind, _("文字，最多 {n} 个字").format(n=declared.max_length))
    return "。".join(part for part in (told, _(declared.help).rstrip("。.")) if part) + "。"


__all__ = ["Table", "heading_of", "replacing", "write_table", "write_tables", "write_template"]
