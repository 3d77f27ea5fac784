"""Foreign files become sheets or a refusal that says what to do: never a hang, a crash, or memory without bound."""

import os
import time
import zipfile
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eduplan_desktop.errors import CancelledError, ExchangeError
from eduplan_desktop.exchange import workbook
from eduplan_desktop.exchange.limits import Limits
from eduplan_desktop.exchange.reader_process import job_limits
from eduplan_desktop.exchange.reasons import FILES
from eduplan_desktop.exchange.sheet_read import preview, read_book
from tests.core.sheet_tools import WRITERS, write_csv, write_xls, write_xlsx

ROWS = [
    ["姓名", "数量", "日期"],
    ["阿卜来提·如则托合提", 12, date(2019, 3, 5)],
    ["", "", ""],
    ["𬱖䶮", 0, date(2024, 2, 29)],
]
QUICK = Limits(seconds=1.0)


def code_of(path: Path, **more: object) -> str:
    """The word a file is refused with."""
    with pytest.raises(ExchangeError) as caught:
        read_book(path, **more)  # type: ignore[arg-type]
    assert caught.value.code in FILES
    assert caught.value.message
    assert caught.value.advice
    return caught.value.code


@pytest.mark.parametrize("suffix", sorted(WRITERS))
def test_every_format_gives_the_same_sheet(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"表.{suffix}"
    WRITERS[suffix](path, ROWS)
    sheet = read_book(path).sheet
    assert sheet.numbers == [1, 2, 4]
    assert [row[0] for row in sheet.rows] == ["姓名", "阿卜来提·如则托合提", "𬱖䶮"]
    assert [str(row[1]).removesuffix(".0") for row in sheet.rows] == ["数量", "12", "0"]
    assert [str(row[2]) for row in sheet.rows] == ["日期", "2019-03-05", "2024-02-29"]


@pytest.mark.parametrize("ending", ["csv", "xls", "xlsb", "ods", "et", "xlsx", "txt"])
@pytest.mark.parametrize("writer", ["xlsx", "xls", "ods"])
def test_a_wrong_name_does_not_matter(tmp_path: Path, writer: str, ending: str) -> None:
    path = tmp_path / f"本来.{writer}"
    WRITERS[writer](path, ROWS)
    assert read_book(path.rename(tmp_path / f"其实是工作簿.{ending}")).sheet.rows[1][0] == "阿卜来提·如则托合提"


def test_dates_of_1904_are_right_and_plain_numbers_are_told(tmp_path: Path) -> None:
    sheet = read_book(write_xlsx(tmp_path / "mac.xlsx", ROWS, epoch_1904=True)).sheet
    assert sheet.date1904
    assert sheet.rows[1][2] == date(2019, 3, 5)
    assert not read_book(write_xls(tmp_path / "pc.xls", ROWS)).sheet.date1904


def test_a_sheet_is_chosen_by_name_else_the_first_that_is_visible_and_filled(tmp_path: Path) -> None:
    import openpyxl

    book = openpyxl.Workbook()
    book.active.title = "空表"
    book.create_sheet("藏起").append(["a", "b"])
    book["藏起"].sheet_state = "hidden"
    book.create_sheet("数据").append(["c", "d"])
    path = tmp_path / "三张.xlsx"
    book.save(path)
    found = read_book(path)
    assert (found.names, found.shown, found.sheet.name) == (["空表", "藏起", "数据"], ["空表", "数据"], "数据")
    assert read_book(path, "藏起").sheet.rows == [["a", "b"]]
    assert code_of(path, sheet="没有") == "no_such_sheet"


def test_data_far_from_the_corner_keep_their_place(tmp_path: Path) -> None:
    import openpyxl

    book = openpyxl.Workbook()
    book.active["C7"] = "代码"
    book.active["D9"] = "值"
    path = tmp_path / "远.xlsx"
    book.save(path)
    sheet = read_book(path).sheet
    assert sheet.numbers == [7, 9]
    assert sheet.rows == [["", "", "代码", ""], ["", "", "", "值"]]


def test_a_preview_stops_early_and_says_so(tmp_path: Path) -> None:
    many = [["编号"], *([f"{n}"] for n in range(900))]
    for path in (write_xlsx(tmp_path / "多.xlsx", many), write_csv(tmp_path / "多.csv", many)):
        found = preview(path).sheet
        assert (len(found.rows), found.complete) == (200, False)
        assert read_book(path).sheet.complete


def test_limits_refuse(tmp_path: Path) -> None:
    wide = [[f"c{n}" for n in range(30)]] * 40
    for path in (write_xlsx(tmp_path / "大.xlsx", wide), write_csv(tmp_path / "大.csv", wide)):
        assert code_of(path, limits=Limits(rows=20)) == "too_many_rows"
        assert code_of(path, limits=Limits(cells=100)) == "too_many_rows"
        assert code_of(path, limits=Limits(columns=10)) == "too_many_columns"
        assert code_of(path, limits=Limits(file=100, text_file=100)) == "file_too_large"


def test_a_cell_at_the_far_corner_is_refused_with_advice(tmp_path: Path) -> None:
    import openpyxl

    book = openpyxl.Workbook()
    book.active["A1"] = "编号"
    book.active["XFD1048576"] = " "
    path = tmp_path / "角落.xlsx"
    book.save(path)
    assert code_of(path) == "too_sparse"


def test_a_cell_that_is_only_coloured_does_not_count(tmp_path: Path) -> None:
    import openpyxl
    from openpyxl.styles import PatternFill

    book = openpyxl.Workbook()
    book.active["A1"] = "编号"
    book.active["XFD1048576"].fill = PatternFill("solid", "FFFF00")
    path = tmp_path / "着色.xlsx"
    book.save(path)
    assert read_book(path).sheet.rows == [["编号"]]


def _patched_xml(path: Path, to: Path, part: str, old: bytes, new: bytes) -> Path:
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(to, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            body = source.read(name)
            if name == part:
                assert old in body
                body = body.replace(old, new)
            target.writestr(name, body)
    return to


def test_the_declared_size_of_a_sheet_is_not_believed(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", ROWS)
    for declared in (b"A1:XFD1048576", b"A1", b"A1:A2", b"B2:C900000"):
        lying = _patched_xml(path, tmp_path / "b.xlsx", "xl/worksheets/sheet1.xml", b"A1:C4", declared)
        assert len(read_book(lying).sheet.rows) == 3


def test_a_bomb_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        for n in range(20_001):
            archive.writestr(f"x{n}", "")
    assert code_of(path) == "bomb"


def test_memory_is_bounded(tmp_path: Path) -> None:
    row = b"<row>" + b'<c t="inlineStr"><is><t>x</t></is></c>' * 200 + b"</row>"
    path = write_xlsx(tmp_path / "a.xlsx", [["a"]])
    fat = _patched_xml(
        path, tmp_path / "fat.xlsx", "xl/worksheets/sheet1.xml", b"</sheetData>", row * 40_000 + b"</sheetData>"
    )
    assert fat.stat().st_size < 2_000_000
    assert code_of(fat) in ("too_large", "reader_ended", "too_many_rows", "damaged")


@pytest.mark.parametrize(
    ("name", "body", "code"),
    [
        ("空.csv", b"", "empty"),
        ("网页.xls", b"<html><table><tr><td>1</td></tr></table></html>", "web_page"),
        ("网页.xls", "\ufeff<TABLE>".encode(), "web_page"),
        (
            "旧.xls",
            b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">',
            "xml_table",
        ),
        ("图.xlsx", b"\x89PNG\r\n\x1a\n", "not_a_table"),
        ("文档.csv", b"%PDF-1.7", "not_a_table"),
        ("乱.csv", bytes(range(1, 32)) * 20, "not_a_table"),
        ("坏.xlsx", b"PK\x03\x04 and then nothing", "damaged"),
        ("坏.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "damaged"),
        ("截断.xls", b"\0\1\2\3" * 30, "damaged"),
    ],
)
def test_what_is_no_table_is_refused_by_what_it_is(tmp_path: Path, name: str, body: bytes, code: str) -> None:
    path = tmp_path / name
    path.write_bytes(body)
    assert code_of(path) == code


def test_missing_and_unreadable_files(tmp_path: Path) -> None:
    assert code_of(tmp_path / "没有.xlsx") == "missing"
    assert code_of(tmp_path) == "missing"


def test_a_password_is_named(tmp_path: Path) -> None:
    path = tmp_path / "密.xlsx"
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512 + "EncryptedPackage".encode("utf-16-le"))
    assert code_of(path) == "password"


def _script(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, body: str) -> Path:
    script = tmp_path / "reader.py"
    script.write_text(body, encoding="utf-8")
    monkeypatch.setattr(workbook, "SCRIPT", script)
    return write_xlsx(tmp_path / "a.xlsx", ROWS)


def test_a_reader_that_hangs_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = _script(tmp_path, monkeypatch, "while True: pass")
    started = time.monotonic()
    assert code_of(path, limits=QUICK) == "too_slow"
    assert time.monotonic() - started < 10


@pytest.mark.parametrize(
    "end", ["os.abort()", "os._exit(3)", "os.write(1, b'\\0\\0\\1')", "os.write(1, b'\\0\\0\\0\\2ab')"]
)
def test_a_reader_that_dies_or_babbles_is_a_refusal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, end: str) -> None:
    path = _script(tmp_path, monkeypatch, f"import os; {end}")
    assert code_of(path) == "reader_ended"


def test_reading_can_be_cancelled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = _script(tmp_path, monkeypatch, "while True: pass")
    with pytest.raises(CancelledError):
        read_book(path, cancelled=lambda: True)


@settings(max_examples=25)
@given(data=st.data())
def test_damaged_workbooks_are_read_or_refused(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    folder = tmp_path_factory.getbasetemp()
    suffix = data.draw(st.sampled_from(["xlsx", "xls", "ods"]))
    whole = folder / f"whole.{suffix}"
    if not whole.exists():
        WRITERS[suffix](whole, ROWS)
    body = bytearray(whole.read_bytes())
    for _n in range(data.draw(st.integers(1, 8))):
        at = data.draw(st.integers(0, len(body) - 1))
        body[at : at + data.draw(st.integers(0, 20))] = data.draw(st.binary(max_size=20))
    damaged = folder / f"damaged.{suffix}"
    damaged.write_bytes(bytes(body))
    try:
        read_book(damaged, limits=Limits(seconds=5))
    except ExchangeError as refused:
        assert refused.code in FILES  # noqa: PT017


@settings(max_examples=80)
@given(body=st.one_of(st.binary(max_size=400), st.text(max_size=200).map(lambda t: t.encode("utf-8", "replace"))))
def test_any_bytes_are_read_or_refused(tmp_path_factory: pytest.TempPathFactory, body: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "any.txt"
    path.write_bytes(body)
    try:
        sheet = read_book(path, limits=Limits(seconds=5)).sheet
    except ExchangeError as refused:
        assert refused.code in FILES  # noqa: PT017
    else:
        assert len(sheet.rows) == len(sheet.numbers)
        assert len({len(row) for row in sheet.rows}) <= 1


def test_the_memory_limit_of_windows_has_the_layout_windows_expects() -> None:
    import ctypes

    limits = job_limits(1 << 28)
    assert ctypes.sizeof(limits) == (144 if ctypes.sizeof(ctypes.c_size_t) == 8 else 112)
    assert (limits.flags & 0x100, limits.process_memory) == (0x100, 1 << 28)


def test_nothing_is_left_running(tmp_path: Path) -> None:
    import psutil

    read_book(write_xlsx(tmp_path / "a.xlsx", ROWS))
    children = [
        p.cmdline() for p in psutil.Process(os.getpid()).children() if "reader_process.py" in " ".join(p.cmdline())
    ]
    assert children == []
