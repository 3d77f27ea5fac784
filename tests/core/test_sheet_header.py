"""Headings are found under titles and over two lines; lines that are no records are left out by name."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eduplan_desktop.errors import ExchangeError
from eduplan_desktop.exchange.cells import Cell
from eduplan_desktop.exchange.header import find_header, records
from eduplan_desktop.exchange.suggest import Vocabulary
from eduplan_desktop.registers.catalog import register
from eduplan_desktop.registers.catalogs import Catalogs
from tests.core.sheet_tools import Rows, sheet_of

EQUIPMENT = Vocabulary(register("equipment"), Catalogs.shipped()).knows
HEAD: list[Cell] = ["序号", "设备名称", "规格", "数量", "单价"]


def kinds_of(rows: Rows, **more: object) -> dict[int, str]:
    """Line → why it is no record."""
    sheet = sheet_of(rows)
    header = find_header(sheet, EQUIPMENT)
    kept, skipped = records(sheet, header)
    assert len(kept) + len(skipped) + header.last + 1 == len(sheet.rows)
    return {s.line: s.kind for s in (*header.above, *skipped)}


def test_titles_totals_repeated_heads_numbering_and_signatures() -> None:
    rows: Rows = [
        ["2025 年度固定资产登记表", "", "", "", ""],
        ["填报单位:青石岭小学", "", "单位:元", "", "2025.12.28"],
        HEAD,
        ["甲", "乙", "丙", 1, 2],
        [1, "电子白板", "85英寸", 6, 19800],
        [2, "课桌", "", 412, 168],
        ["", "小  计", "", 418, ""],
        HEAD,
        [3, "课椅", "", 412, 95],
        ["", "", "", "", ""],
        ["合计", "", "", 830, ""],
        ["填表人:王示例", "", "审核人:李示例", "", ""],
        ["注:数量含上年结存。", "", "", "", ""],
    ]
    found = kinds_of(rows)
    assert found == {
        1: "title",
        2: "title",
        4: "column_numbers",
        7: "total",
        8: "repeated_head",
        11: "total",
        12: "footer",
        13: "footer",
    }


@pytest.mark.parametrize("name", ["总计划", "合计器", "和平鸽摆件", "统计表", "小计算器", "合计算盘"])
def test_things_whose_name_begins_like_a_total_are_records(name: str) -> None:
    assert kinds_of([HEAD, [1, name, "", 1, 2], [name, name, "", 1, 2]]) == {}


def test_a_remark_like_record_at_the_end_is_kept_when_it_is_full() -> None:
    assert kinds_of([HEAD, [1, "a", "", 1, 2], ["备注:x", "b", "c", 3, 4]]) == {}


MERGED: Rows = [
    ["教师体检表", "", "", "", "", ""],
    ["姓名", "视力", "", "血压", "", "备注"],
    ["", "左", "右", "收缩压", "舒张压", ""],
    ["王示例", 5.0, 4.9, 118, 76, ""],
]


@pytest.mark.parametrize("merges", [[(1, 0, 1, 5), (2, 0, 3, 0), (2, 1, 2, 2), (2, 3, 2, 4), (2, 5, 3, 5)], []])
def test_headings_over_two_lines(merges: list[tuple[int, int, int, int]]) -> None:
    sheet = sheet_of(MERGED, merges)
    header = find_header(sheet)
    assert (header.first, header.last) == (1, 2)
    assert header.names == ["姓名", "视力/左", "视力/右", "血压/收缩压", "血压/舒张压", "备注"]
    assert records(sheet, header)[0] == [3]
    assert header.column("视力左") == 1
    assert header.column("收缩压") == 3


def test_headings_under_group_headings_of_one_register() -> None:
    rows: Rows = [
        ["基本信息", "", "数量与价值", "", ""],
        ["资产编号", "资产名称", "数量", "单价", "原值"],
        ["A1", "课桌", 2, 10, 20],
    ]
    header = find_header(sheet_of(rows, [(1, 0, 1, 1), (1, 2, 1, 4)]), EQUIPMENT)
    assert header.last == 1
    assert [header.column(name) for name in ("资产编号", "资产名称", "数量", "单价", "原值")] == [0, 1, 2, 3, 4]


def test_records_are_not_taken_for_a_second_line() -> None:
    rows: Rows = [["姓名", "", "学校"], ["王示例", "甲", "青石岭"], ["李示例", "", "青石岭"]]
    header = find_header(sheet_of(rows))
    assert (header.first, header.last) == (0, 0)


def test_names_are_unique_and_blank_columns_have_a_place() -> None:
    header = find_header(sheet_of([["备注", "", "备注", "名\n称"], ["a", "b", "c", "d"]]))
    assert header.names == ["备注", "第 2 列", "备注#2", "名称"]


def test_the_person_can_point_at_the_line() -> None:
    sheet = sheet_of([["x", "y"], ["a", "b"], ["1", "2"]])
    assert find_header(sheet, line=2).names == ["a", "b"]
    with pytest.raises(ExchangeError) as caught:
        find_header(sheet, line=9)
    assert caught.value.code == "no_header"


def test_a_sum_in_ten_thousands_is_read_from_above() -> None:
    rows: Rows = [["资产表", "", ""], ["单位:万元", "", ""], ["资产名称", "数量", "原值"], ["a", 1, 2]]
    assert find_header(sheet_of(rows), EQUIPMENT).money == "万元"


cells: st.SearchStrategy[Cell] = st.one_of(
    st.sampled_from(["", None, "合计", "名称", "数量", "单位:元", "备注:", "1", "甲"]),
    st.text(max_size=6),
    st.integers(),
    st.floats(),
    st.booleans(),
    st.dates(),
)


@given(rows=st.lists(st.lists(cells, min_size=1, max_size=6), min_size=1, max_size=12), data=st.data())
def test_any_grid_has_headings_or_a_refusal_and_every_line_is_accounted_for(
    rows: list[list[Cell]], data: st.DataObject
) -> None:
    width = max(len(r) for r in rows)
    region = st.tuples(st.integers(1, 6), st.integers(0, width), st.integers(1, 6), st.integers(0, width))
    sheet = sheet_of(rows, data.draw(st.lists(region, max_size=3)))
    try:
        header = find_header(sheet, data.draw(st.sampled_from([EQUIPMENT, None])))
    except ExchangeError:
        return
    kept, skipped = records(sheet, header)
    assert len(set(header.names)) == len(header.names) == sheet.width
    assert sorted([*(sheet.numbers[i] for i in kept), *(s.line for s in skipped)]) == sheet.numbers[header.last + 1 :]
