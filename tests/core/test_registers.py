"""The declarations keep to their own closed language, and to what screens, stores and bundles rely on."""

import dataclasses
import inspect
import re
import sqlite3

import pytest

from eduplan_desktop.registers import catalog, kinds
from eduplan_desktop.registers.catalog import REGISTERS, register
from eduplan_desktop.registers.catalogs import Catalogs
from eduplan_desktop.registers.columns import Screened
from eduplan_desktop.registers.model import Field, Kind, Register, SliceBy
from eduplan_desktop.registers.text import refused_character

CATALOGS = Catalogs.shipped()
EVERY = [(r, f) for r in REGISTERS for f in r.fields]
NAMES = (
    "school",
    "school_year",
    "room",
    "staff",
    "equipment",
    "equipment_change",
    "safety_check",
    "hazard",
    "drill",
    "health_consent",
    "checkup",
)
TAKEN = {"school", "id", "year", "search", "act", "rowid", "oid", "_rowid_"}
"""Columns every table has beside its fields (docs/architecture.md), and SQLite's own."""

each_register = pytest.mark.parametrize("each", REGISTERS, ids=lambda r: r.name)
each_field = pytest.mark.parametrize(("of", "field"), EVERY, ids=[f"{r.name}.{f.name}" for r, f in EVERY])


def test_the_registers_of_the_format_in_its_order() -> None:
    assert tuple(r.name for r in REGISTERS) == NAMES
    assert all(register(n).name == n for n in NAMES)
    with pytest.raises(KeyError):
        register("pupils")


@each_register
def test_names_are_usable_as_columns_and_entries(each: Register) -> None:
    names = [f.name for f in each.fields]
    assert len(set(names)) == len(names)
    assert not set(names) & TAKEN
    assert all(re.fullmatch(r"[a-z][a-z0-9_]{0,39}", n) for n in [each.name, *names])
    db = sqlite3.connect(":memory:")
    try:
        columns = ", ".join(f"{f.name} {kinds.sql_type(f)}" for f in each.fields)
        db.execute(f"CREATE TABLE {each.name} (id TEXT PRIMARY KEY, {columns}) STRICT")
    finally:
        db.close()


@each_register
def test_what_names_a_row_is_in_clear(each: Register) -> None:
    clear = {f.name for f in each.open_fields}
    assert each.identity
    assert each.title
    assert set(each.identity) | set(each.title) <= clear


@each_register
def test_the_year_of_a_slice_comes_from_a_required_field(each: Register) -> None:
    if each.slice_by is SliceBy.WHOLE:
        assert each.year_field == ""
        return
    field = each.by_name[each.year_field]
    assert field.required
    assert field.kind is (Kind.DATE if each.slice_by is SliceBy.CALENDAR_YEAR else Kind.WHOLE)
    assert field in each.open_fields


@each_register
def test_labels_are_short_chinese_and_unique_within_a_register(each: Register) -> None:
    labels = [f.label for f in each.fields]
    assert len(set(labels)) == len(labels)
    for text in [each.label, *labels, *(s.label for s in each.sections)]:
        assert re.search("[\u4e00-\u9fff]", text)
        assert len(text) <= 24
        assert text == text.strip()
        assert not refused_character(text)
        assert not re.search("[,;:?!]", text), "Chinese labels use Chinese punctuation"


@each_register
def test_a_sealed_section_is_all_of_one_compartment_and_last(each: Register) -> None:
    sealed = [s.compartment for s in each.sections]
    assert set(sealed) <= {"", "personal", "health"}
    assert sealed == sorted(sealed), "open sections first, so that the open columns keep their order"
    assert set(each.compartments) == {c for c in sealed if c}


def test_where_the_sealed_fields_are() -> None:
    assert {r.name: r.compartments for r in REGISTERS if r.compartments} == {
        "staff": ("personal",),
        "checkup": ("health",),
    }
    assert [f.name for f in register("checkup").open_fields] == ["stat_year", "person", "state"]
    for each in REGISTERS:
        for field in each.open_fields:
            assert field.kind is not Kind.ID_NUMBER
            assert "手机" not in field.label
            assert field.choices not in ("health_item", "not_done_reason", "checkup_conclusion", "nation", "marriage")


@each_field
def test_a_field_says_all_its_kind_needs_and_no_more(of: Register, field: Field) -> None:
    assert bool(field.choices) is (field.kind in (Kind.CHOICE, Kind.RESULTS))
    if field.choices:
        assert CATALOGS.table(field.choices).live
    assert bool(field.target) is (field.kind is Kind.LINK)
    if field.target:
        assert field.target in NAMES
    if field.kind is Kind.MONEY:
        assert field.places in (2, 4)
        assert field.unit == "元"
    elif field.kind is Kind.DECIMAL:
        assert 1 <= field.places <= 6
    else:
        assert field.places == 0
    if field.kind not in (Kind.TEXT, Kind.LONG_TEXT):
        assert field.max_length == 200
    else:
        assert 1 <= field.max_length <= 4000
    for limit in (field.minimum, field.maximum):
        assert limit is None or isinstance(limit, int if field.kind is not Kind.DATE else str)
        assert limit is None or field.kind in (Kind.WHOLE, Kind.DECIMAL, Kind.MONEY, Kind.DATE)
    assert 0 <= field.since <= of.version[1]
    assert field.retired is None or field.since < field.retired <= of.version[1]
    assert field.help == "" or field.help.endswith("。")
    assert "(" not in field.unit


def test_a_register_has_at_most_one_results_field_in_each_half() -> None:
    for each in REGISTERS:
        halves = [each.open_fields, *(each.sealed_fields(c) for c in each.compartments)]
        for fields in halves:
            assert sum(f.kind is Kind.RESULTS for f in fields) <= 1


def test_the_language_of_declarations_is_closed() -> None:
    assert [f.name for f in dataclasses.fields(Field)] == [
        "name",
        "kind",
        "label",
        "help",
        "unit",
        "required",
        "minimum",
        "maximum",
        "max_length",
        "places",
        "choices",
        "target",
        "since",
        "retired",
    ]
    assert len(Kind) == 13


def test_declarations_are_frozen_and_hold_no_state() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        REGISTERS[0].label = "x"  # type: ignore[misc]
    assert isinstance(catalog.REGISTERS, tuple)


@each_register
def test_rules_are_documented(each: Register) -> None:
    for rule in (*each.rules, *each.group_rules):
        assert inspect.isgeneratorfunction(rule.judge if isinstance(rule, Screened) else rule)


def test_the_inputs_of_both_rule_sets_are_there() -> None:
    names = {f.name for f in register("school_year").fields}
    shared = {"area_teaching", "area_indoor_sport", "area_gym", "area_field", "equipment_value", "multimedia_rooms"}
    of_2017 = {"teachers_college", "teachers_bachelor", "teachers_master", "teachers_doctor", "teachers_backbone"}
    arts = {"teachers_sport", "teachers_music", "teachers_fine_art", "teachers_art"}
    of_2012 = {"computers", "books", "teachers", "teachers_above_required", "teachers_middle_title"}
    assert {"pupils", *shared, *of_2017, *arts, *of_2012} <= names
    required = [f.name for f in register("school_year").fields if f.required]
    assert required == ["stat_year", "level"], "which figures are due is the county's calendar's to say"


def labels(name: str) -> str:
    """All labels of a register, a line each."""
    return "\n".join(f.label for f in register(name).fields)


@pytest.mark.parametrize(
    ("name", "printed"),
    [
        (
            "equipment",
            "资产编号 分类代码 教学仪器号 资产名称 规格型号 计量单位 数量 单价 原值 购置日期 启用日期 取得方式",
        ),
        ("equipment", "经费来源 采购形式 供货单位 凭证号 存放地点 管理部门 保管人 使用状况 使用方向 折旧状态 折旧年限"),
        ("equipment", "累计折旧 净值 保修到 出厂编号 备注"),
        (
            "hazard",
            "隐患编号 排查日期 排查方式 排查人 类别 部位 隐患描述 等级 整改措施 责任部门 责任人 整改资金 整改时限",
        ),
        ("hazard", "临时防护 整改完成日期 复查人 复查日期 复查结论 销号人 销号日期 状态 备注"),
        ("drill", "演练类型 方案 演练日期 天气 参加学生 参加教职工 疏散用时 总指挥 发现问题 改进措施"),
    ],
)
def test_the_columns_of_the_paper_books_are_there(name: str, printed: str) -> None:
    assert set(printed.split()) <= set(labels(name).splitlines())
