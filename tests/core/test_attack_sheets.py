"""Hostile and huge sheets at the door of the importer, and every register out and in again with nothing changed."""

from __future__ import annotations

import resource
import time
from pathlib import Path

import pytest
import xlsxwriter

from eduplan_desktop.registers.catalog import REGISTERS
from tests.core.sheet_tools import write_xlsx
from tests.core.test_round_trip import Pair, pair

__all__ = ["pair"]

HEAD = "资产编号,资产名称,取得方式,购置日期,数量,原值,使用状况\n"
LINE = "A-{n},课桌,购置,2019-03-05,2,100,在用\n"
LIVE = (
    "=1+1",
    "+86",
    "-0",
    "@SUM(A1)",
    "'=1",
    "\u3000=1",
    "＝1",
    "'''",
    "=cmd|' /C calc'!A0",
    "0012",
    "1e5",
    "2019-03",
)


def sheet_of(pair: Pair, name: str, body: bytes) -> Path:
    """A file with these bytes."""
    path = pair.pc.folder / name
    path.write_bytes(body)
    return path


@pytest.mark.parametrize(
    ("name", "body", "code"),
    [
        ("空.csv", b"", "empty"),
        ("空.xlsx", b"", "empty"),
        ("只有表头.csv", HEAD.encode(), ""),
        ("空白.csv", b"\n \n,,,\n", "no_rows"),
        ("零.csv", b"\0" * 4096, "not_a_table"),
        ("零.xlsx", b"\0" * 4096, "damaged"),
        ("假.xls", b"PK\x03\x04" + b"\0" * 64, "damaged"),
        ("照片.xlsx", b"\xff\xd8\xff\xe0" + b"\0" * 64, "not_a_table"),
    ],
)
def test_a_reason_in_words(pair: Pair, name: str, body: bytes, code: str) -> None:
    said = pair.pc.type("school", "import", pair.file, "equipment", sheet_of(pair, name, body), allowed=(0, 1, 3))
    assert said.get("error", "") == code
    if code:
        assert said["message"]
        assert said["advice"]
    else:
        assert (said["read"], said["refused"]) == (0, 0)


def test_nul_bytes_inside_a_sheet_refuse_their_row_alone(pair: Pair) -> None:
    body = (HEAD + LINE.format(n=1) + "A-2,课\0桌,购置,2019-03-05,2,100,在用\n" + LINE.format(n=3)).encode()
    said = pair.pc.type(
        "school", "import", pair.file, "equipment", sheet_of(pair, "零.csv", body), "--dry-run", allowed=(1,)
    )
    assert (said["read"], said["stored"], said["refused"]) == (3, 2, 1)
    assert "第 3 行" in said["reasons"][0]


def test_a_workbook_under_another_ending(pair: Pair) -> None:
    made = write_xlsx(
        pair.pc.folder / "a.xlsx", [line.split(",") for line in (HEAD + LINE.format(n=1)).split("\n") if line]
    )
    renamed = made.rename(made.with_suffix(".xls"))
    said = pair.pc.type("school", "import", pair.file, "equipment", renamed, "--dry-run")
    assert said["stored"] == 1


def test_a_text_file_of_a_hundred_megabytes_is_refused_at_once(pair: Pair) -> None:
    path = pair.pc.folder / "大.csv"
    line = LINE.format(n=1).encode()
    with path.open("wb") as out:
        out.write(HEAD.encode())
        for _block in range(100):
            out.write(line * (1024 * 1024 // len(line)))
    started, before = time.monotonic(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    said = pair.pc.type("school", "import", pair.file, "equipment", path, allowed=(1,))
    assert said["error"] == "file_too_large"
    assert time.monotonic() - started < 10
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 64 * 1024


def test_more_rows_than_are_read_is_said(pair: Pair) -> None:
    body = HEAD.encode() + b"".join(LINE.format(n=n).encode() for n in range(200_050))
    said = pair.pc.type("school", "import", pair.file, "equipment", sheet_of(pair, "长.csv", body), allowed=(1,))
    assert said["error"] == "too_many_rows"


def test_a_sheet_that_declares_every_row_there_can_be(pair: Pair) -> None:
    path = pair.pc.folder / "到底.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        page, grey = book.add_worksheet(), book.add_format({"bg_color": "#DDDDDD"})
        for number, line in enumerate((HEAD + LINE.format(n=1)).strip().split("\n")):
            page.write_row(number, 0, line.split(","))
        page.write_blank(1_048_575, 0, None, grey)
    said = pair.pc.type("school", "import", pair.file, "equipment", path, "--dry-run")
    assert (said["read"], said["stored"]) == (1, 1)


@pytest.mark.parametrize("ending", ["xlsx", "csv"])
def test_every_register_comes_back_unchanged(pair: Pair, ending: str) -> None:
    body = HEAD.replace("使用状况", "使用状况,备注,品牌") + "".join(
        f'L-{n},设备{n},购置,2019-03-05,1,1,在用,"{text}","{text}"\n' for n, text in enumerate(LIVE)
    )
    put = pair.school("import", "equipment", sheet_of(pair, "活.csv", body.encode()))
    assert put["stored"] == len(LIVE)
    for one in REGISTERS:
        for sealed in ((), ("--sealed",)) if one.compartments == ("personal",) else ((),):
            table = pair.pc.folder / f"{one.name}{len(sealed)}.{ending}"
            out = pair.school("table", one.name, "--to", table, *sealed)
            told = pair.school("import", one.name, table)
            assert (told["read"], told["unchanged"], told["refused"]) == (out["rows"], out["rows"], 0), (one.name, told)


def test_every_blank_template_reads_back_as_nothing(pair: Pair) -> None:
    for one in REGISTERS:
        for ending in ("xlsx", "csv"):
            table = pair.pc.folder / f"{one.name}.{ending}"
            pair.school("table", one.name, "--template", "--to", table)
            told = pair.school("import", one.name, table)
            assert (told["read"], told["refused"]) == (0, 0), one.name
            assert told["ignored"] == [] or "health" in one.compartments, one.name
