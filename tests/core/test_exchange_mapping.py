"""Mappings: proposed by name, label, synonym and item; corrected by a person; remembered; refused where they make no sense."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eduplan_desktop.errors import ExchangeError
from eduplan_desktop.exchange.cells import Cell, heading
from eduplan_desktop.exchange.header import find_header
from eduplan_desktop.exchange.mapping import Bad, Blanks, ColumnRule, SheetMapping, fingerprint, from_json, to_json
from eduplan_desktop.exchange.suggest import Suggestion, suggest, suggest_split, targets
from eduplan_desktop.exchange.synonyms import FIELDS, ITEMS, OTHERWISE, SPLIT
from eduplan_desktop.registers.catalog import REGISTERS, register
from eduplan_desktop.registers.catalogs import Catalogs
from eduplan_desktop.registers.model import Kind, Register
from tests.core.sheet_tools import sheet_of

CATALOGS = Catalogs.shipped()
every_register = pytest.mark.parametrize("one", REGISTERS, ids=[r.name for r in REGISTERS])


def proposed(name: str, *headings: Cell, above: str = "") -> Suggestion:
    """What is proposed for a sheet with these headings."""
    rows: list[list[Cell]] = [list(headings), [1] * len(headings)]
    if above:
        rows.insert(0, [above, *[""] * (len(headings) - 1)])
    return suggest(sheet_of(rows), register(name), CATALOGS)


def fields_of(found: Suggestion) -> dict[str, str]:
    """Heading → field or item."""
    return {h: "+".join(r.item or r.field for r in rules) for h, rules in found.mapping.columns.items()}


@every_register
def test_synonyms_name_real_fields_and_nothing_twice(one: Register) -> None:
    said: dict[str, str] = {}
    for declared in one.fields:
        assert said.setdefault(heading(declared.label), declared.name) == declared.name
    for name, others in FIELDS.get(one.name, {}).items():
        assert name in one.by_name
        for other in others:
            assert said.setdefault(heading(other), name) == name, other


def test_synonyms_of_items_name_real_items() -> None:
    assert set(FIELDS) <= {r.name for r in REGISTERS}
    for catalog, items in ITEMS.items():
        assert all(CATALOGS.has(catalog, code) for code in items)
    for catalog, columns in SPLIT.items():
        assert all(CATALOGS.has(catalog, code) for _sep, codes in columns.values() for code in codes)
    for (name, link), text in OTHERWISE.items():
        assert register(name).by_name[link].kind is Kind.LINK
        assert register(name).by_name[text].kind is Kind.TEXT


@every_register
def test_names_and_labels_are_always_recognised(one: Register) -> None:
    plain = [f for f in one.fields if f.kind is not Kind.RESULTS]
    for said in ([f.name for f in plain], [f.label for f in plain], [f"{f.label}*" for f in plain]):
        found = proposed(one.name, *said)
        assert [rules[0].field for rules in found.mapping.columns.values()] == [f.name for f in plain]
        assert not found.unused


@pytest.mark.parametrize(
    ("name", "headings", "wanted"),
    [
        (
            "equipment",
            "资产编号,资产名称,数量,价值,资产分类,取得日期,品牌,规格型号,计量单位,供应商,计划使用年限,存放位置",
            "asset_no,name,quantity,original_value,class_code,bought,brand,spec,unit,supplier,life_years,room",
        ),
        ("equipment", "序号,设备名称,规格,数 量,单价,购置时间,放置地点", ",name,spec,quantity,price,bought,room"),
        (
            "staff",
            "姓名,身份证,手机号,教职工号,性别,政治面貌,出生年月,是否在编,专业技术职称",
            "name,id_number,phone,staff_no,sex,,birth,establishment,title",
        ),
        (
            "checkup",
            "姓名,身高,体重,血压,左视力,右视力,空腹血糖,总胆固醇",
            "person,GEN01,GEN02,BP01+BP02,EYE02,EYE01,GLU01,LIP01",
        ),
        ("school_year", "年度,学段,学生数,图书册数,计算机台数", "stat_year,level,pupils,books,computers"),
    ],
)
def test_headings_in_use_are_recognised(name: str, headings: str, wanted: str) -> None:
    found = fields_of(proposed(name, *headings.split(",")))
    assert [found.get("数量" if h == "数 量" else h, "") for h in headings.split(",")] == wanted.split(",")


def test_the_more_direct_heading_wins_and_the_other_is_named() -> None:
    found = proposed("equipment", "名称", "资产名称", "数量")
    assert fields_of(found) == {"资产名称": "name", "数量": "quantity"}
    assert found.unused == ["名称"]
    assert {f.name for f in found.missing} == {"asset_no", "acquired", "bought", "original_value", "use_state"}


@pytest.mark.parametrize(
    ("heading_", "above", "factor"),
    [
        ("原值(元)", "", ""),
        ("原值(万元)", "", "10000"),
        ("原值", "单位:万元", "10000"),
        ("原值", "单位:元", ""),
        ("原值(元)", "单位:万元", ""),
    ],
)
def test_money_is_converted_only_where_the_sheet_writes_its_unit(heading_: str, above: str, factor: str) -> None:
    rules = proposed("equipment", "资产名称", heading_, "数量", above=above).mapping.columns
    rule = next(r for many in rules.values() for r in many if r.field == "original_value")
    assert rule.factor == factor
    assert bool(rule.source) == bool(factor)


def test_units_of_items_take_their_factor_and_source_from_the_catalogue() -> None:
    rules = proposed("checkup", "姓名", "总胆固醇(mg/dL)", "体重(kg)", "身高(光年)").mapping.columns
    cholesterol, weight, height = (rules[h][0] for h in ("总胆固醇(mg/dL)", "体重(kg)", "身高(光年)"))
    assert (cholesterol.factor, bool(cholesterol.source)) == ("0.02586", True)
    assert (weight.factor, weight.unit) == ("", "")
    assert (height.factor, height.unit) == ("", "光年")


def test_a_wide_sheet_with_a_level_in_each_heading_gives_a_mapping_per_level() -> None:
    rows: list[list[Cell]] = [["年度", "小学学生数", "初中学生数", "小学班级数", "图书册数"], [2025, 1, 2, 3, 4]]
    found = suggest_split(sheet_of(rows), register("school_year"), CATALOGS)
    assert [(s.mapping.constants, fields_of(s)) for s in found] == [
        ({"level": "小学"}, {"年度": "stat_year", "小学学生数": "pupils", "小学班级数": "classes"}),
        ({"level": "初中"}, {"年度": "stat_year", "初中学生数": "pupils"}),
    ]
    assert (
        suggest_split(sheet_of([["年度", "学段", "学生数"], [2025, "小学", 1]]), register("school_year"), CATALOGS)
        == []
    )


@every_register
def test_everything_can_be_chosen(one: Register) -> None:
    offered = targets(one, CATALOGS)
    assert {rule.field for _words, rule in offered} == set(one.by_name)
    assert len({words for words, _rule in offered}) == len(offered)


def test_the_fingerprint_is_of_headings_and_register() -> None:
    one, same, other = (
        [h, [1] * 3] for h in (["编号", "数量", "名称"], ["编 号", "数量*", "名称"], ["编号", "名称", "数量"])
    )
    prints = {fingerprint("equipment", find_header(sheet_of(rows))) for rows in (one, same)}
    assert len(prints) == 1
    assert fingerprint("equipment", find_header(sheet_of(other))) not in prints
    assert fingerprint("room", find_header(sheet_of(one))) not in prints


short = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=6)
rules = st.builds(
    ColumnRule,
    field=st.sampled_from(["name", "quantity", "room", "id"]),
    values=st.dictionaries(short, short, max_size=2),
    nulls=st.lists(short, max_size=2).map(tuple),
    unit=short,
    separator=short,
    piece=st.integers(0, 3),
    otherwise=st.sampled_from(["", "place"]),
) | st.just(ColumnRule("price", unit="万元", factor="10000", source="表头"))
mappings = st.builds(
    SheetMapping,
    register=st.just("equipment"),
    columns=st.dictionaries(short, st.lists(rules, min_size=1, max_size=2).map(tuple), max_size=4),
    constants=st.dictionaries(st.sampled_from(["use_state", "remark"]), short, max_size=2),
    sheet=short,
    header=st.integers(0, 99),
    encoding=st.sampled_from(["", "gb18030"]),
    only=st.dictionaries(short, st.lists(short, max_size=2).map(tuple), max_size=2),
    bad=st.sampled_from(Bad),
    blanks=st.sampled_from(Blanks),
)


@given(mappings)
def test_a_mapping_survives_its_json(mapping: SheetMapping) -> None:
    text = json.dumps(to_json(mapping), ensure_ascii=False)
    assert from_json(json.loads(text), register("equipment"), CATALOGS) == mapping


@pytest.mark.parametrize(
    "body",
    [
        [],
        {"colums": {}},
        {"register": "room"},
        {"columns": []},
        {"columns": {"a": "no_such_field"}},
        {"columns": {"a": {"field": "name", "tpyo": 1}}},
        {"columns": {"a": 3}},
        {"columns": {"a": {"field": "price", "factor": "10"}}},
        {"columns": {"a": {"field": "price", "factor": "-1", "source": "x"}}},
        {"columns": {"a": {"field": "price", "factor": "NaN", "source": "x"}}},
        {"columns": {"a": {"field": "name", "item": "GEN01"}}},
        {"columns": {"a": {"field": "room", "otherwise": "quantity"}}},
        {"columns": {"a": {"field": "name", "values": [1]}}},
        {"columns": {"a": {"field": "name", "nulls": "x"}}},
        {"columns": {"a": {"field": "name", "piece": -1}}},
        {"constants": {"name": True}},
        {"header": "3"},
        {"header": True},
        {"bad": "maybe"},
        {"only": {"a": "x"}},
    ],
)
def test_a_mapping_that_makes_no_sense_is_refused_with_its_place(body: Any) -> None:
    with pytest.raises(ExchangeError) as caught:
        from_json(body, register("equipment"), CATALOGS)
    assert caught.value.code == "bad_mapping"


def test_results_need_an_item_the_catalogue_has() -> None:
    checkup = register("checkup")
    assert from_json({"columns": {"a": {"field": "results", "item": "GEN01"}}}, checkup, CATALOGS).fields == {"results"}
    for said in ("results", {"field": "results", "item": "XX99"}):
        with pytest.raises(ExchangeError):
            from_json({"columns": {"a": said}}, checkup, CATALOGS)


def test_closed_fields_can_be_left_out() -> None:
    mapping = SheetMapping(
        "staff", {"a": (ColumnRule("name"),), "b": (ColumnRule("phone"), ColumnRule("name"))}, {"nation": "汉族"}
    )
    assert mapping.without({"phone", "nation"}) == SheetMapping(
        "staff", {"a": (ColumnRule("name"),), "b": (ColumnRule("name"),)}
    )
