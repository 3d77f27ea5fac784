"""Sheets we write: typed, harmless, without what is sealed, and reading back as nothing new."""

import csv
import os
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eduplan_desktop.errors import ExchangeError
from eduplan_desktop.exchange.layout import heading_of
from eduplan_desktop.exchange.neutral import SIGNS, neutralise, restore
from eduplan_desktop.exchange.plan import Existing, ImportPlan, plan_import
from eduplan_desktop.exchange.prepare import prepare
from eduplan_desktop.exchange.report import write_report
from eduplan_desktop.exchange.sheet_read import read_book
from eduplan_desktop.exchange.sheet_write import Table, write_table, write_tables, write_template
from eduplan_desktop.exchange.suggest import suggest
from eduplan_desktop.registers.catalog import REGISTERS, register
from eduplan_desktop.registers.catalogs import Catalogs
from eduplan_desktop.registers.model import Kind, Register, Row
from tests.core.registers_world import GOOD, good, uid
from tests.core.sheet_tools import sheet_of
from tests.core.test_kinds import stored_values

CATALOGS = Catalogs.shipped()
EQUIPMENT, STAFF = register("equipment"), register("staff")
every_register = pytest.mark.parametrize("one", REGISTERS, ids=[r.name for r in REGISTERS])
TITLES = {
    "staff": {uid(2): "王示例", uid(3): "李示例", uid(4): "李示例"},
    "room": {uid(5): "科学实验室"},
    "equipment": {},
}


def back(path: Path, one: Register, held: Iterable[Row]) -> ImportPlan:
    """What importing a file of ours would do."""
    page = read_book(path).sheet
    found = suggest(page, one, CATALOGS)
    links = {
        name: {words: [i for i, w in of.items() if w == words] for words in of.values()} for name, of in TITLES.items()
    }
    return plan_import(prepare(page, found.mapping, one, CATALOGS, links), Existing(one, held))


@every_register
@pytest.mark.parametrize("suffix", ["xlsx", "csv"])
def test_good_rows_come_back_unchanged(tmp_path: Path, one: Register, suffix: str) -> None:
    path = tmp_path / f"{one.label}.{suffix}"
    rows = [good(one.name)]
    assert write_table(path, one, rows, CATALOGS, TITLES, clear=one.compartments) == 1
    assert back(path, one, rows).counts() == {
        "read": 1,
        "stored": 0,
        "updated": 0,
        "unchanged": 1,
        "refused": 0,
        "skipped": 0,
    }


@every_register
@settings(max_examples=12)
@given(data=st.data())
def test_any_stored_rows_come_back_unchanged(
    tmp_path_factory: pytest.TempPathFactory, one: Register, data: st.DataObject
) -> None:
    fields = [f for f in one.fields if (f.minimum is None and f.maximum is None) or f.kind is Kind.DATE]
    drawn: dict[str, Any] = {f.name: st.none() | stored_values(f) for f in fields if f.kind is not Kind.RESULTS}
    key = [f for f in one.fields if f.name in one.identity]
    rows: list[Row] = [
        {
            **{f.name: None for f in one.fields},
            **GOOD[one.name],
            **row,
            **{f.name: row.get(f.name) or GOOD[one.name].get(f.name) for f in key},
            "id": uid(n),
        }
        for n, row in enumerate(
            data.draw(st.lists(st.fixed_dictionaries(drawn), min_size=1, max_size=1 if one.single else 3))
        )
    ]
    for f in one.fields:
        for row in rows:
            if f.required and row[f.name] is None:
                row[f.name] = GOOD[one.name].get(f.name)
    path = tmp_path_factory.getbasetemp() / f"back.{data.draw(st.sampled_from(['xlsx', 'csv']))}"
    assert write_table(path, one, rows, CATALOGS, TITLES, clear=one.compartments) == len(rows)
    made = back(path, one, rows)
    assert made.updated == []
    assert [[p.code for p in r.problems] for r in made.refused] == []
    assert len(made.unchanged) == len(rows)


@every_register
@pytest.mark.parametrize("suffix", ["xlsx", "csv"])
def test_a_blank_template_reads_back_as_no_rows_with_every_column_known(
    tmp_path: Path, one: Register, suffix: str
) -> None:
    path = tmp_path / f"模板.{suffix}"
    items = {"checkup": ["GEN01", "BP01"], "safety_check": ["SF01"]}.get(one.name, [])
    write_template(path, one, CATALOGS, TITLES, items)
    page = read_book(path).sheet
    found = suggest(page, one, CATALOGS)
    assert not found.unused
    assert [f.name for f in found.missing if f.kind is not Kind.RESULTS] == []
    assert prepare(page, found.mapping, one, CATALOGS).rows == []


def test_a_filled_template_is_imported(tmp_path: Path) -> None:
    path = tmp_path / "模板.xlsx"
    write_template(path, EQUIPMENT, CATALOGS, TITLES)
    book = openpyxl.load_workbook(path)
    page = book["设备台账"]
    names = {cell.value: cell.column for cell in page[1]}
    for name, value in {
        "asset_no": "0012",
        "name": "课桌",
        "acquired": "购置",
        "bought": "2019-03",
        "quantity": 5,
        "original_value": 600.5,
        "use_state": "在用",
        "room": "科学实验室",
    }.items():
        page.cell(3, names[name]).value = value
    book.save(path)
    made = back(path, EQUIPMENT, [])
    assert [r.problems for r in made.refused] == []
    row = made.new[0].row
    assert (row["asset_no"], row["bought"], row["original_value"], row["room"]) == ("0012", "2019-03", 60050, uid(5))


def test_the_template_offers_choices_and_says_how_to_fill(tmp_path: Path) -> None:
    path = tmp_path / "模板.xlsx"
    write_template(path, EQUIPMENT, CATALOGS, TITLES)
    book = openpyxl.load_workbook(path)
    page = book["设备台账"]
    assert page.row_dimensions[1].hidden
    assert page.column_dimensions["A"].hidden
    assert book["选项"].sheet_state == "hidden"
    rules = {str(v.sqref).split(":")[0].rstrip("0123456789"): v.formula1 for v in page.data_validations.dataValidation}
    column = next(c.column_letter for c in page[1] if c.value == "use_state")
    offered = [c[0].value for c in book["选项"][rules[column].partition("!")[2].replace("$", "")]]
    assert "在用" in offered
    assert any(row[0].value == "资产编号" and row[1].value == "必填" for row in book["填写说明"].iter_rows())


def test_cells_are_typed_and_codes_are_text(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    rows: list[Row] = [
        {**good("equipment"), "asset_no": "00123", "bought": "2019-08-21", "used_since": "2019-09", "remark": "=1+1"}
    ]
    write_table(path, EQUIPMENT, rows, CATALOGS)
    page = openpyxl.load_workbook(path)["设备台账"]
    cell = {head.value: body for head, body in zip(page[1], page[3], strict=True)}
    assert page["A1"].value == "eduplan:1:equipment:1.0"
    assert (cell["asset_no"].value, cell["asset_no"].number_format) == ("00123", "@")
    assert cell["bought"].value.date() == date(2019, 8, 21)
    assert cell["used_since"].value == "2019-09"
    assert (cell["quantity"].value, cell["original_value"].value, cell["price"].value) == (2, 37200, 18600)
    assert cell["remark"].value == "'=1+1"
    assert all(c.data_type != "f" for row in page.iter_rows() for c in row)


def test_headings_carry_their_units(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    write_table(path, EQUIPMENT, [], CATALOGS)
    head = path.read_text(encoding="utf-8-sig").splitlines()[0].split(",")
    assert head[0] == "记录号"
    assert heading_of(EQUIPMENT.by_name["original_value"]) == "原值（元）"
    assert "原值（元）" in head


def test_sealed_columns_are_written_only_on_request(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    rows: list[Row] = [
        {**good("staff"), "id_number": "11010519491231002X", "phone": "13912345678", "address": "示例路 1 号"}
    ]

    def text_of(**more: Any) -> str:
        write_table(path, STAFF, rows, CATALOGS, **more)
        page = openpyxl.load_workbook(path)["教职工"]
        return "|".join(str(c.value) for row in page.iter_rows() for c in row)

    assert "id_number" not in text_of()
    masked = text_of(masked=["personal"])
    assert "110105********002X|None|None|139****5678" in masked
    assert "示例路" not in masked
    assert back(path, STAFF, rows).counts()["unchanged"] == 1
    assert "11010519491231002X" in text_of(clear=["personal"])


def test_writing_sealed_values_makes_no_temporary_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import tempfile

    def forbidden(*_arguments: object, **_more: object) -> None:
        raise AssertionError("a temporary file")

    for name in ("mkstemp", "mkdtemp", "NamedTemporaryFile", "TemporaryFile"):
        monkeypatch.setattr(tempfile, name, forbidden)
    write_table(tmp_path / "a.xlsx", STAFF, [{**good("staff"), "phone": "1"}], CATALOGS, clear=["personal"])


def test_a_cleared_cell_of_our_own_table_is_cleared(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    rows: list[Row] = [{**good("equipment"), "brand": "示例牌"}]
    write_table(path, EQUIPMENT, rows, CATALOGS)
    book = openpyxl.load_workbook(path)
    page = book["设备台账"]
    names = {c.value: c.column for c in page[1]}
    page.cell(3, names["brand"]).value = None
    page.cell(3, names["asset_no"]).value = "NEW-1"
    book.save(path)
    assert back(path, EQUIPMENT, rows).updated[0].changes == {"brand": None, "asset_no": "NEW-1"}
    page.cell(3, 1).value = None
    page.cell(3, names["asset_no"]).value = rows[0]["asset_no"]
    book.save(path)
    assert back(path, EQUIPMENT, rows).counts()["unchanged"] == 1
    page.cell(3, 1).value = rows[0]["id"]
    page.cell(3, names["name"]).value = None
    book.save(path)
    assert [p.code for p in back(path, EQUIPMENT, rows).refused[0].problems] == ["required"]


def test_links_with_words_of_several_rows_are_written_by_id(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    rows: list[Row] = [{**good("equipment"), "keeper": who} for who in (uid(2), uid(3))]
    write_table(path, EQUIPMENT, rows, CATALOGS, TITLES)
    table = list(csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines()))
    assert [row["保管人"] for row in table] == ["王示例", uid(3)]


@given(st.text() | st.text(f"'{SIGNS}a".replace("\\", ""), max_size=6))
def test_what_is_made_harmless_comes_back(text: str) -> None:
    harmless = neutralise(text)
    assert harmless[:1] not in ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
    assert restore(harmless) == text


def test_the_report_shows_refused_lines_ready_to_correct(tmp_path: Path) -> None:
    page = sheet_of(
        [
            ["姓名", "性别", "教职工类别", "在册状态", "手机号", "岗位"],
            ["甲", "不明", "专任教师", "在岗", "13912345678", "=1+1"],
        ]
    )
    prepared = prepare(page, suggest(page, STAFF, CATALOGS).mapping, STAFF, CATALOGS)
    made = plan_import(prepared, Existing(STAFF, []))
    path = tmp_path / "报告.xlsx"
    write_report(path, [made], "名册.xlsx")
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["汇总", "拒收", "规整", "跳过"]
    figures = {row[0].value: row[1].value for row in book["汇总"].iter_rows(min_row=2)}
    assert figures["读入"] == figures["新增"] + figures["更新"] + figures["未变"] + figures["拒收"] == 1
    shown = [c.value for c in book["拒收"][2]]
    assert shown[:5] == ["甲", "不明", "专任教师", "在岗", "****"]
    assert shown[5] == "'=1+1"
    assert shown[6] == 2
    assert "性别" in shown[7]
    again = read_book(path, "拒收").sheet
    assert suggest(again, STAFF, CATALOGS).mapping.fields == prepared.mapping.fields


def test_the_report_shows_nothing_sealed_even_of_columns_that_were_left_out(tmp_path: Path) -> None:
    page = sheet_of([["姓名", "性别", "身份证号", "联系电话"], ["甲", "不明", "11010519491231002X", "13912345678"]])
    found = suggest(page, STAFF, CATALOGS).mapping
    for mapping in (found, found.without({"phone", "id_number"})):
        prepared = prepare(page, mapping, STAFF, CATALOGS, closed=["personal"])
        path = tmp_path / "报告.xlsx"
        write_report(path, [plan_import(prepared, Existing(STAFF, []))], "名册.xlsx")
        book = openpyxl.load_workbook(path)
        text = "|".join(str(c.value) for one in book for row in one.iter_rows() for c in row)
        assert "不明" in text
        assert "11010519491231002X" not in text
        assert "13912345678" not in text


def test_plain_tables(tmp_path: Path) -> None:
    table = Table("差异系数[2025]:小学/初中" * 3, ("学校", "值"), [["=青石岭", 1], [date(2025, 9, 1), None]], (20,))
    write_tables(tmp_path / "a.xlsx", [table, Table("二", ("x",), [])])
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    assert all(len(name) <= 31 for name in book.sheetnames)
    write_tables(tmp_path / "a.csv", [table])
    assert (tmp_path / "a.csv").read_text(encoding="utf-8-sig").splitlines()[0] == "学校,值"


def test_a_file_that_cannot_be_written_leaves_the_old_one_and_no_remains(tmp_path: Path) -> None:
    taken = tmp_path / "a.xlsx"
    taken.mkdir()
    with pytest.raises(ExchangeError) as caught:
        write_table(taken, EQUIPMENT, [good("equipment")], CATALOGS)
    assert caught.value.code == "write_failed"
    assert os.listdir(tmp_path) == ["a.xlsx"]
