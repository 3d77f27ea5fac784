"""From a sheet to a plan: every normalisation visible, every row accounted for, the same file twice changes nothing."""

from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eduplan_desktop.errors import ExchangeError
from eduplan_desktop.exchange.cells import Cell, Sheet
from eduplan_desktop.exchange.convert import Links, link_index
from eduplan_desktop.exchange.mapping import from_json
from eduplan_desktop.exchange.plan import Existing, ImportPlan, plan_import
from eduplan_desktop.exchange.prepare import Prepared, prepare
from eduplan_desktop.exchange.reasons import reason
from eduplan_desktop.exchange.report import reasons, sentence
from eduplan_desktop.exchange.sheet_read import read_book
from eduplan_desktop.exchange.suggest import suggest
from eduplan_desktop.registers import kinds, results
from eduplan_desktop.registers.catalog import REGISTERS, register
from eduplan_desktop.registers.catalogs import Catalogs
from eduplan_desktop.registers.model import Register, Row
from tests.core.registers_world import uid
from tests.core.sheet_tools import Rows, sheet_of, write_csv

CATALOGS = Catalogs.shipped()
EQUIPMENT, STAFF, CHECKUP = register("equipment"), register("staff"), register("checkup")
HEAD: list[Cell] = ["资产编号", "资产名称", "取得方式", "购置日期", "数量", "原值", "使用状况"]
GOOD: list[Cell] = ["A-1", "课桌", "购置", "2019-03-05", 2, 100, "在用"]


def read(
    rows: Rows, one: Register = EQUIPMENT, links: Links | None = None, sheet: Sheet | None = None, **more: Any
) -> Prepared:
    """A sheet prepared by the mapping proposed for it, or the one given as JSON."""
    page = sheet or sheet_of(rows)
    body = more.pop("mapping", None)
    mapping = from_json(body, one, CATALOGS) if body is not None else suggest(page, one, CATALOGS).mapping
    return prepare(page, mapping, one, CATALOGS, links, **more)


def plan(prepared: Prepared, held: list[Row] | None = None) -> ImportPlan:
    """The plan, with its equation checked."""
    made = plan_import(prepared, Existing(prepared.register, held or []))
    figures = made.counts()
    assert figures["read"] == figures["stored"] + figures["updated"] + figures["unchanged"] + figures["refused"]
    places = [*(n.index for n in made.new), *(c.index for c in made.updated), *(i for i, _id in made.unchanged)]
    assert sorted([*places, *(r.index for r in made.refused)]) == list(range(made.read))
    return made


def stored(made: ImportPlan, held: list[Row] | None = None) -> list[Row]:
    """The register after the plan."""
    rows = {str(row["id"]): dict(row) for row in held or []}
    for changed in made.updated:
        rows[changed.id] |= changed.changes
    for n, new in enumerate(made.new):
        rows[uid(1000 + n)] = {"id": uid(1000 + n), **new.row}
    return list(rows.values())


def codes(made: ImportPlan) -> dict[int, list[str]]:
    """Line → codes of its refusal."""
    return {r.line: [p.code for p in r.problems] for r in made.refused}


def test_every_normalisation_is_visible() -> None:
    row: list[Cell] = [" Ａ－1", "课桌\u200b", "购置", "2019年3月", "１，２００", "￥1,234.50元", "在用"]
    prepared = read([HEAD, row, GOOD])
    assert prepared.rows[0]["bought"] == "2019-03"
    assert (prepared.rows[0]["quantity"], prepared.rows[0]["original_value"]) == (1200, 123450)
    assert {n.field for n in prepared.noted(0)} == {"asset_no", "name", "bought", "quantity", "original_value"}
    assert [(n.heading, n.cell) for n in prepared.noted(0) if n.field == "bought"] == [("购置日期", "2019年3月")]
    assert list(prepared.noted(1)) == []
    assert sum(prepared.note_counts().values()) == 5


@pytest.mark.parametrize(
    ("cell", "date1904", "wanted"),
    [
        (44438, False, "2021-08-30"),
        (42976, True, "2021-08-30"),
        (date(2021, 8, 30), True, "2021-08-30"),
        (datetime(2021, 8, 30, 9, 5), False, "2021-08-30"),
        ("2021.8.30", False, "2021-08-30"),
        (2021, True, "2021"),
        ("2021", True, "2021"),
    ],
)
def test_dates_of_every_shape(cell: Cell, date1904: bool, wanted: str) -> None:
    page = sheet_of([HEAD, [*GOOD[:3], cell, *GOOD[4:]]])
    page.date1904 = date1904
    assert read([], sheet=page).rows[0]["bought"] == wanted


def test_blank_is_not_zero_and_zero_is_a_number() -> None:
    prepared = read([HEAD, [*GOOD[:4], 0, "", "在用"]])
    assert (prepared.rows[0]["quantity"], prepared.rows[0]["original_value"]) == (0, None)
    assert codes(plan(prepared)) == {2: ["required"]}


def test_true_and_one_in_one_column_are_not_mixed_up() -> None:
    prepared = read([HEAD, [*GOOD[:4], True, 1, "在用"], [*GOOD[:4], 1, 1, "在用"], [*GOOD[:4], 1.0, 1, "在用"]])
    assert [prepared.rows[i]["quantity"] for i in range(3)] == [None, 1, 1]
    assert list(prepared.problems) == [0]


def test_a_bad_value_keeps_its_row_out_or_goes_in_without_it() -> None:
    rows: Rows = [HEAD, GOOD, ["A-2", "黑板", "购置", "2023-2-30", "约3", 5, "在用"]]
    made = plan(read(rows))
    assert codes(made) == {3: ["date_impossible", "not_whole"]} or codes(made) == {3: ["date_impossible", "not_number"]}
    assert all(line["message"] for line in reasons(made))
    columns = {str(h): f.name for h in HEAD for f in EQUIPMENT.fields if f.label == h}
    made = plan(read(rows, mapping={"columns": columns, "bad": "cell"}))
    assert made.counts()["stored"] == 2
    assert made.new[1].row.get("quantity") is None
    assert [p.field for p in made.dropped[1]] == ["bought", "quantity"]
    assert [line["taken"] for line in reasons(made)] == [1, 1]


def test_a_key_that_cannot_be_read_keeps_the_row_out_in_any_case() -> None:
    rows: Rows = [["检查日期", "检查人", "带班领导"], ["某天", "王示例", "李示例"]]
    mapping = {"columns": {"检查日期": "check_date", "检查人": "inspector", "带班领导": "leader"}, "bad": "cell"}
    made = plan(read(rows, register("safety_check"), mapping=mapping))
    assert codes(made) == {2: ["not_date"]}


def test_declared_values_units_and_codes_for_not_known() -> None:
    mapping = {
        "columns": {
            "who": "name",
            "sex": {"field": "sex", "values": {"0": "男", "1": "女"}},
            "born": {"field": "birth", "nulls": ["9999", "不详"]},
            "type": {"field": "category", "values": {"T": "专任教师"}},
        },
        "constants": {"state": "在岗"},
    }
    state = CATALOGS.table(STAFF.by_name["state"].choices).live[0].label
    mapping["constants"] = {"state": state}
    category = CATALOGS.table(STAFF.by_name["category"].choices).live[0].label
    mapping["columns"]["type"] = {"field": "category", "values": {"T": category}}  # type: ignore[index]
    rows: Rows = [
        ["who", "sex", "born", "type"],
        ["甲", 0.0, 9999, "T"],
        ["乙", "１", "不详", category],
        ["丙", 7, 1980, "T"],
    ]
    prepared = read(rows, STAFF, mapping=mapping)
    assert [row["sex"] for row in prepared.rows] == ["1", "2", None]
    assert [row["birth"] for row in prepared.rows] == [None, None, "1980"]
    assert {row["state"] for row in prepared.rows} == {"1"}
    assert any("按声明记为" in n.note for n in prepared.noted(0))
    assert any("不知道" in n.note for n in prepared.noted(1))
    assert list(prepared.problems) == [2]


def test_a_unit_without_a_declared_factor_is_never_guessed() -> None:
    rows: Rows = [["资产编号", "资产名称", "原值(千元)", "数量"], ["A", "a", 1.5, 1]]
    found = suggest(sheet_of(rows), EQUIPMENT, CATALOGS)
    columns: dict[str, Any] = {"原值(千元)": {"field": "original_value", "unit": "千元"}}
    prepared = prepare(sheet_of(rows), found.mapping, EQUIPMENT, CATALOGS)
    assert [p.code for p in prepared.problems[0]] == ["unit_undeclared"]
    assert "千元" in reason(prepared.problems[0][0])
    columns["原值(千元)"] |= {"factor": "1000", "source": "千元 = 1000 元"}
    prepared = read(rows, mapping={"columns": columns})
    assert prepared.rows[0]["original_value"] == 150000
    assert any("× 1000" in n.note for n in prepared.noted(0))


def test_a_wide_sheet_of_check_ups() -> None:
    rows: Rows = [
        ["姓名", "年度", "体检状态", "身高", "体重", "血压", "总胆固醇(mg/dL)", "尿蛋白"],
        ["甲", 2025, "已检", 174.1875, "60.5", "118/76", 197, "阴性"],
        ["乙", 2025, "已检", "", "", "", "", ""],
        ["丙", 2025, "已检", 160, "", "118", "偏高", "±"],
        ["丁", 2025, "已检", "", "", "", "", ""],
    ]
    links = {"staff": link_index([(uid(1), "甲"), (uid(2), "乙"), (uid(3), "丙"), (uid(4), "丁"), (uid(5), "丁")])}
    prepared = read(rows, CHECKUP, links)
    first = results.load(str(prepared.rows[0]["results"]))
    assert {item: r.value for item, r in first.items()} == {
        "GEN01": "174.1875",
        "GEN02": "60.5",
        "BP01": "118",
        "BP02": "76",
        "LIP01": "5.09",
        "URN01": "阴性",
    }
    assert prepared.rows[1]["results"] is None
    made = plan(prepared)
    assert codes(made) == {4: ["not_convertible"], 5: ["link_ambiguous"]}
    assert prepared.shown_cell(0, "results") == ""
    assert all(n.cell == "" for n in prepared.noted(0) if n.field == "results")


def test_results_of_a_second_sheet_join_those_already_there() -> None:
    held: list[Row] = [
        {
            "id": uid(9),
            "stat_year": 2025,
            "person": uid(1),
            "state": "2",
            "results": '{"GEN01":{"remark":"坐高","value":"170"}}',
        }
    ]
    rows: Rows = [["姓名", "年度", "身高", "体重"], ["甲", 2025, 171, ""]]
    made = plan(read(rows, CHECKUP, {"staff": link_index([(uid(1), "甲")])}), held)
    assert made.updated[0].changes == {"results": '{"GEN01":{"remark":"坐高","value":"171"}}'}


def test_words_that_name_no_room_become_the_place() -> None:
    rows: Rows = [[*HEAD, "存放地点"], [*GOOD, "科学实验室"], ["A-2", *GOOD[1:], "各班"], ["A-3", *GOOD[1:], ""]]
    prepared = read(rows, links={"room": link_index([(uid(5), "科学实验室")])})
    assert [(row["room"], row.get("place")) for row in prepared.rows] == [(uid(5), None), (None, "各班"), (None, None)]
    assert not prepared.problems


def test_sealed_cells_are_masked_in_every_report_and_masks_mean_unchanged() -> None:
    rows: Rows = [
        ["姓名", "手机号", "身份证号"],
        ["甲", "１３９12345678", "110105********002X"],
        ["乙", "138****5678", "11010519491231002x"],
    ]
    prepared = read(rows, STAFF)
    assert prepared.rows[0] == {"name": "甲", "phone": "１３９12345678"}
    assert prepared.rows[1] == {"name": "乙", "id_number": "11010519491231002X"}
    assert all(n.cell == "" and n.note == "已规整" for i in (0, 1) for n in prepared.noted(i))
    closed = read(rows, STAFF, closed=["personal"])
    assert closed.ignored == ["手机号", "身份证号"]
    assert closed.rows == [{"name": "甲"}, {"name": "乙"}]


def test_rows_of_other_years_or_schools_can_be_left_aside() -> None:
    rows: Rows = [["district", "pupils", "level"], ["75119", 195, "小学"], ["61499", 240, "小学"]]
    mapping = {
        "columns": {"pupils": "pupils", "level": "level"},
        "constants": {"stat_year": "2025"},
        "only": {"district": ["61499"]},
    }
    prepared = read(rows, register("school_year"), mapping=mapping)
    assert prepared.rows == [{"stat_year": 2025, "pupils": 240, "level": "P"}]
    assert [(s.line, s.kind) for s in prepared.skipped] == [(2, "other")]


def test_lines_with_too_many_cells_are_refused(tmp_path: Any) -> None:
    path = write_csv(
        tmp_path / "a.csv", [[str(c) for c in HEAD], [str(c) for c in GOOD], ["A-2", "课桌", "", *map(str, GOOD[2:])]]
    )
    made = plan(read([], sheet=read_book(path).sheet))
    assert codes(made)[3][-1] == "row_too_long" or "row_too_long" in codes(made)[3]


@pytest.mark.parametrize(
    "mapping",
    [
        {"columns": {"没有": "name"}},
        {"columns": {"资产编号": "asset_no", "资产名称": "asset_no"}},
        {"columns": {"资产编号": "asset_no"}, "constants": {"asset_no": "1"}},
        {"columns": {"资产编号": "asset_no"}, "constants": {"quantity": "三"}},
        {"columns": {"资产编号": "asset_no"}, "only": {"没有": ["1"]}},
    ],
)
def test_a_mapping_that_does_not_fit_the_sheet_is_refused(mapping: Any) -> None:
    with pytest.raises(ExchangeError) as caught:
        read([HEAD, GOOD], mapping=mapping)
    assert caught.value.code == "bad_mapping"


def test_a_sheet_without_any_heading_of_the_register_is_refused() -> None:
    with pytest.raises(ExchangeError) as caught:
        read([["x", "y"], ["1", "2"]])
    assert caught.value.code == "nothing_mapped"


def test_new_changed_same_and_doubled_rows() -> None:
    held = stored(plan(read([HEAD, GOOD, ["A-2", *GOOD[1:]]])))
    rows: Rows = [
        HEAD,
        ["ａ-1", *GOOD[1:]],
        ["A-2", "椅子", *GOOD[2:]],
        ["A-3", *GOOD[1:]],
        ["A-3", *GOOD[1:]],
        ["A-2", *GOOD[1:]],
    ]
    made = plan(read(rows), held)
    assert made.counts() == {"read": 5, "stored": 1, "updated": 2, "unchanged": 0, "refused": 2, "skipped": 0}
    assert made.updated[1].changes == {"name": "椅子"}
    assert codes(made) == {5: ["duplicate_row"], 6: ["duplicate_row"]}
    assert [p.params["line"] for r in made.refused for p in r.problems] == [4, 3]
    assert "5" in sentence(made)


def test_a_blank_cell_keeps_what_is_there() -> None:
    held = stored(plan(read([[*HEAD, "备注"], [*GOOD, "旧"]])))
    assert plan(read([[*HEAD, "备注"], [*GOOD, ""]]), held).counts()["unchanged"] == 1


def test_two_records_of_one_name_are_not_guessed_between() -> None:
    held: list[Row] = [{"id": uid(n), "name": "张伟", "birth": f"198{n}"} for n in (1, 2)]
    assert codes(plan(read([["姓名", "岗位"], ["张伟", ""]], STAFF), held)) == {2: ["several_existing"]}
    by_birth = plan(read([["姓名", "出生年月", "职务"], ["张伟", "1982", "组长"]], STAFF), held)
    assert [c.id for c in by_birth.updated] == [uid(2)]


def test_rows_nothing_identifies_meet_rows_of_the_same_content_once_each() -> None:
    columns = {"资产名称": "name", "数量": "quantity"}
    rows: Rows = [["资产名称", "数量"], ["课桌", 2], ["课桌", 2], ["椅子", 1]]
    prepared = read(rows, mapping={"columns": columns, "bad": "cell"})
    held = stored(plan(prepared))
    assert len(held) == 3
    assert plan(prepared, held).counts()["unchanged"] == 3
    assert plan(prepared, held[:1]).counts()["stored"] == 2


def test_the_profile_of_a_school_is_one_row() -> None:
    held: list[Row] = [{"id": uid(1), "name": "青石岭小学", "school_type": "211"}]
    made = plan(read([["学校名称", "校长"], ["青石岭小学(示例)", "王示例"]], register("school")), held)
    assert made.updated[0].changes == {"name": "青石岭小学(示例)", "principal": "王示例"}


ANY: st.SearchStrategy[Cell] = st.one_of(
    st.none(),
    st.text(max_size=8),
    st.sampled_from(
        ["", "A-1", "课桌", "合计", "购置", "2019", "2019-03-05", "1", "****", "'=x", "#N/A", "在用", "男", "女"]
    ),
    st.integers(),
    st.integers(-5, 5),
    st.floats(),
    st.floats(0, 1000).map(lambda x: round(x, 2)),
    st.booleans(),
    st.dates(),
    st.datetimes(),
    st.times(),
)


@pytest.mark.parametrize("one", REGISTERS, ids=[r.name for r in REGISTERS])
@given(data=st.data())
def test_any_cells_are_stored_as_kinds_say_or_refused_and_twice_changes_nothing(
    one: Register, data: st.DataObject
) -> None:
    fields = data.draw(
        st.lists(st.sampled_from([f for f in one.fields if f.name != "results"]), min_size=2, max_size=6, unique=True)
    )
    width = len(fields)
    body = data.draw(st.lists(st.lists(ANY, min_size=width, max_size=width), min_size=1, max_size=8))
    page = sheet_of([[f.label for f in fields], *body])
    mapping = {
        "columns": {f.label: f.name for f in fields},
        "header": 1,
        "bad": data.draw(st.sampled_from(["row", "cell"])),
    }
    prepared = prepare(page, from_json(mapping, one, CATALOGS), one, CATALOGS, {})
    for index, row in enumerate(prepared.rows):
        cells = dict(zip((f.name for f in fields), page.rows[page.numbers.index(prepared.lines[index])], strict=True))
        bad = {p.field for p in prepared.problems.get(index, [])}
        for f in fields:
            if f.name in row and not (isinstance(cells[f.name], str) and str(cells[f.name]).startswith("'")):
                alone = kinds.parse(f, cells[f.name], CATALOGS)
                if f.target == "":
                    assert (row[f.name], f.name in bad) == (alone.value, alone.problem is not None)
    held = stored(plan(prepared))
    again = plan(prepared, held)
    assert (again.new, again.updated) == ([], [])
    assert len(again.refused) == len(plan(prepared).refused)
