"""Catalogues from messy sheets: every line accounted for, slips named with their line."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eduplan_desktop.errors import ExchangeError
from eduplan_desktop.exchange.catalog_read import CatalogRead, read_catalog
from eduplan_desktop.exchange.cells import Cell
from eduplan_desktop.exchange.reasons import reason
from eduplan_desktop.registers.catalogs import from_rows
from tests.core.sheet_tools import Rows, sheet_of

META = {
    "name": "asset_class",
    "label": "资产分类",
    "scheme": "S-2010",
    "version": "2010",
    "source": "示例",
    "mark": "C",
}


def refused(found: CatalogRead) -> dict[int, str]:
    """Line → code, with sentences that can be made."""
    assert all(reason(r.problem) for r in (*found.refused, *found.unnamed))
    assert found.read == len(found.entries) + len(found.refused)
    return {r.line: r.problem.code for r in found.refused}


def test_a_messy_sheet_like_those_of_standards() -> None:
    rows: Rows = [
        ["固定资产分类与代码", ""],
        [" 1010000土地", ""],
        ["", ""],
        ["代码", "名    称"],
        [1010000.0, "土地"],
        [1010101, "  水田"],
        ["1020000房屋", ""],
        ["代码", "名    称"],
        ["１０２０１００", "办公用房"],
        ["", "无代码"],
        [1010101.0, "又一个"],
        [1030000, ""],
    ]
    found = read_catalog(sheet_of(rows))
    assert [(e["code"], e["label"]) for e in found.entries] == [
        ("1010000", "土地"),
        ("1010101", "水田"),
        ("1020100", "办公用房"),
        ("1030000", "1030000"),
    ]
    assert refused(found) == {10: "code_missing", 11: "code_repeated"}
    assert [u.line for u in found.unnamed] == [12]
    assert {s.line: s.kind for s in found.skipped} == {1: "title", 2: "title", 7: "title", 8: "repeated_head"}
    catalog = from_rows({**META, "qualified": "1"}, found.entries)
    assert catalog.find("水田") == "S-2010:1010101"


def test_a_slip_in_a_long_table_of_like_codes_is_named() -> None:
    rows: Rows = [
        ["代码", "名称"],
        *([1000000 + n, f"项目{n}"] for n in range(600)),
        ["35j0103", "货船"],
        ["360080/", "测云仪"],
    ]
    found = read_catalog(sheet_of(rows))
    assert refused(found) == {602: "code_shape", 603: "code_shape"}
    mixed: Rows = [
        ["代码", "名称"],
        *([f"A{n:02}", f"项目{n}"] for n in range(50)),
        *([n, f"类{n}"] for n in range(50)),
    ]
    assert refused(read_catalog(sheet_of(mixed))) == {}


def test_other_columns_become_attributes_or_what_the_person_says() -> None:
    rows: Rows = [["编码", "品名", "单位", "停用"], ["X1", "课桌", "张", "是"], ["X2", "椅子", "把", ""]]
    found = read_catalog(sheet_of(rows))
    assert found.entries[0] == {"code": "X1", "label": "课桌", "单位": "张", "retired": "1"}
    named = read_catalog(sheet_of(rows), {"编码": "code", "品名": "label", "单位": "unit"})
    assert named.entries[1] == {"code": "X2", "label": "椅子", "unit": "把", "retired": ""}
    for bad in ({"没有": "code"}, {"编码": "code"}):
        with pytest.raises(ExchangeError):
            read_catalog(sheet_of(rows), bad)


def test_a_sheet_without_codes_is_refused() -> None:
    with pytest.raises(ExchangeError) as caught:
        read_catalog(sheet_of([["甲", "乙"], ["1", "2"]]))
    assert caught.value.code == "no_header"


cells: st.SearchStrategy[Cell] = st.one_of(
    st.text(max_size=8), st.integers(), st.floats(), st.none(), st.sampled_from(["代码", "名称", "A1", "合计"])
)


@given(st.lists(st.tuples(cells, cells), max_size=12))
def test_any_lines_are_accounted_for(body: list[tuple[Cell, Cell]]) -> None:
    sheet = sheet_of([["代码", "名称"], *(list(pair) for pair in body)])
    found = read_catalog(sheet)
    refused(found)
    assert found.read + len(found.skipped) == len(sheet.rows) - 1
    codes = [e["code"] for e in found.entries]
    assert len(set(codes)) == len(codes)
    assert all(e["label"] for e in found.entries)
