"""Check-up items, ranges and words (D8), and the calendar of the checklist."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eduplan_desktop.registers import frequency, health
from eduplan_desktop.registers.catalogs import Catalog, Catalogs, Entry
from eduplan_desktop.registers.frequency import (
    Cycle,
    Frequency,
    is_due,
    items_due,
    next_due,
    parse_frequency,
    write_frequency,
)
from eduplan_desktop.registers.refusal import BadValue
from eduplan_desktop.registers.results import Result
from eduplan_desktop.registers.school import check_attributes

CATALOGS = Catalogs.shipped()
ITEMS = CATALOGS.table("health_item")
RANGES = CATALOGS.table("health_range")
FORBIDDEN = ("症", "病", "炎", "诊断")
NOT_KEPT = ("乙肝", "HBs", "HIV", "艾滋", "妊娠", "孕", "妇科", "乳腺", "梅毒", "丙肝")


def test_nothing_forbidden_is_asked_for() -> None:
    for name in ("health_item", "health_range", "not_done_reason", "checkup_conclusion", "consent_scope"):
        for entry in CATALOGS.table(name).entries:
            told = entry.label + entry.attributes.get("options", "") + entry.attributes.get("group", "")
            assert not [w for w in (*NOT_KEPT, *FORBIDDEN) if w in told], entry


def test_no_open_table_tells_of_health() -> None:
    for name in ("staff_state", "gone_reason", "staff_category", "establishment", "post"):
        for entry in CATALOGS.table(name).entries:
            assert not [w for w in ("病", "孕", "产假", "伤", *NOT_KEPT) if w in entry.label], entry


def test_the_closed_list_of_words_is_the_one_decided() -> None:
    decided = {"偏低", "偏高", "正常高值", "边缘升高", "升高", "体重过低", "超重", "肥胖", "需复查"}
    assert set(health.WORDS) == decided
    assert not [w for w in decided if any(f in w for f in FORBIDDEN)]


results = st.builds(
    Result,
    value=st.one_of(
        st.decimals(0, 500, places=2).map(str),
        st.sampled_from(["", "正常", "异常", "阴性", "+", "±", "慢性咽炎", "高血压病", "１２", "NaN", "-1"]),
        st.text(max_size=6),
    ),
    low=st.one_of(st.just(""), st.decimals(0, 100, places=1).map(str), st.text(max_size=4)),
    high=st.one_of(st.just(""), st.sampled_from(["<5.2", "≤6.1", "120", "阴性"])),
    unit=st.sampled_from(["", "mmol/L", "mg/dL", "mmHg"]),
)


@pytest.mark.parametrize("item", [*(e.code for e in ITEMS.entries), "NOT_AN_ITEM"])
@given(result=results, sex=st.sampled_from(["1", "2", "0", ""]), age=st.one_of(st.none(), st.integers(0, 120)))
def test_every_derived_word_is_of_the_closed_list(item: str, result: Result, sex: str, age: int | None) -> None:
    word = health.flag(item, result, sex, age, CATALOGS)
    assert word == "" or word in health.WORDS
    assert not any(f in word for f in FORBIDDEN)


@pytest.mark.parametrize(
    ("item", "value", "sex", "age", "word"),
    [
        ("GEN03", "18.4", "1", 40, "体重过低"),
        ("GEN03", "18.5", "1", 40, ""),
        ("GEN03", "23.9", "2", 40, ""),
        ("GEN03", "24.0", "2", 40, "超重"),
        ("GEN03", "27.9", "2", 40, "超重"),
        ("GEN03", "28.0", "2", 40, "肥胖"),
        ("GEN03", "28.0", "2", 17, ""),
        ("GEN04", "84.9", "1", 40, ""),
        ("GEN04", "85", "1", 40, "偏高"),
        ("GEN04", "81", "2", 40, "偏高"),
        ("GEN04", "81", "0", 40, ""),
        ("BP01", "119", "1", 40, ""),
        ("BP01", "120", "1", 40, "正常高值"),
        ("BP01", "139", "1", 40, "正常高值"),
        ("BP01", "140", "1", 40, "升高"),
        ("BP01", "185", "1", 40, "升高"),
        ("BP01", "89", "1", 40, "偏低"),
        ("BP02", "90", "1", 40, "升高"),
        ("LIP01", "5.19", "1", 40, ""),
        ("LIP01", "5.2", "1", 40, "边缘升高"),
        ("LIP01", "6.2", "1", 40, "升高"),
        ("LIP04", "0.99", "1", 40, "偏低"),
        ("GLU01", "6.05", "1", 40, ""),
        ("GLU01", "6.1", "1", 40, "偏高"),
        ("GLU01", "7", "1", 40, "需复查"),
        ("CBC03", "129", "1", 40, "偏低"),
        ("CBC03", "129", "2", 40, ""),
        ("CBC03", "129", "", 40, ""),
        ("LIV04", "120", "2", 45, "偏高"),
        ("LIV04", "120", "2", 55, ""),
        ("LIV07", "30", "1", 40, ""),
        ("REN03", "430", "1", 40, "偏高"),
        ("EYE01", "4.8", "2", 40, "偏低"),
        ("URN01", "阴性", "1", 40, ""),
        ("URN01", "++", "1", None, "需复查"),
        ("INT01", "异常", "1", None, "需复查"),
        ("ENT02", "慢性咽炎", "2", 40, ""),
        ("LIF01", "吸烟", "1", 40, ""),
    ],
)
def test_words_by_the_table(item: str, value: str, sex: str, age: int | None, word: str) -> None:
    assert health.flag(item, Result(value), sex, age, CATALOGS) == word


@pytest.mark.parametrize(
    ("value", "low", "high", "word"),
    [
        ("134", "90", "139", ""),
        ("134", "90", "119", "偏高"),
        ("120", "90", "<120", "偏高"),
        ("119", "90", "<120", ""),
        ("80", "90", "", "偏低"),
        ("180", "", "阴性", ""),
        ("134", "９０", "１１９", "偏高"),
    ],
)
def test_the_hospital_s_own_range_wins(value: str, low: str, high: str, word: str) -> None:
    assert health.flag("BP01", Result(value, low=low, high=high), "1", 40, CATALOGS) == word


def test_a_number_in_another_unit_is_not_held_against_the_table() -> None:
    assert health.flag("LIP01", Result("200", unit="mg/dL"), "1", 40, CATALOGS) == ""
    assert health.flag("LIP01", Result("200", unit="mg/dL", high="190"), "1", 40, CATALOGS) == "偏高"
    assert health.flag("LIP01", Result("7.0", unit="MMOL/L"), "1", 40, CATALOGS) == "升高"


def test_unsure_rows_are_no_ranges() -> None:
    assert "LIV07" in ITEMS.by_code
    assert "LIV07" not in {e.attributes["item"] for e in RANGES.entries}


def test_ranges_belong_to_items_and_do_not_overlap() -> None:
    for row in RANGES.entries:
        assert row.attributes["item"] in ITEMS.by_code
    for item in ITEMS.entries:
        for sex in ("1", "2"):
            for age in range(121):
                low_high = health.shown_range(item.code, sex, age, CATALOGS)
                assert len(low_high) == 2
                assert len(health._ranges(item.code, sex, age, CATALOGS)) <= 1


@pytest.mark.parametrize(
    ("item", "value", "unit", "converted"),
    [
        ("LIP01", "200", "mg/dL", "5.17"),
        ("LIP01", "240", "MG/DL", "6.21"),
        ("LIP02", "150", "mg/dl", "1.69"),
        ("GLU01", "100", "mg/dL", "5.55"),
        ("CBC03", "13.5", "g/dL", "135"),
        ("GEN01", "1.58", "米", "158.0"),
        ("GEN02", "123", "斤", "61.5"),
        ("LIP01", "5.20", "mmol/L", "5.20"),
        ("LIP01", "5.20", "", "5.20"),
        ("REN02", "80", "μmol/L", "80"),
    ],
)
def test_units_are_converted_by_declared_factors(item: str, value: str, unit: str, converted: str) -> None:
    assert health.convert(item, value, unit, CATALOGS)[0] == converted


def test_a_unit_without_a_factor_is_refused_not_guessed() -> None:
    for item, value, unit in (("CBC01", "5", "个/微升"), ("LIP01", "高", "mg/dL"), ("NONE", "1", "g")):
        with pytest.raises(BadValue):
            health.convert(item, value, unit, CATALOGS)


def test_factors_agree_with_the_molar_masses_they_cite() -> None:
    masses = {"LIP01": "386.65", "LIP03": "386.65", "LIP04": "386.65", "LIP02": "885.4", "GLU01": "180.16"}
    for row in CATALOGS.table("unit_factor").entries:
        mass = masses.get(row.attributes["item"])
        if mass:
            assert mass in row.attributes["source"]
            assert abs(Decimal(10) / Decimal(mass) - Decimal(row.attributes["factor"])) < Decimal("0.00001")
    micro = {"REN02": "113.12", "REN03": "168.11"}
    for row in CATALOGS.table("unit_factor").entries:
        mass = micro.get(row.attributes["item"])
        if mass:
            assert abs(Decimal(10000) / Decimal(mass) - Decimal(row.attributes["factor"])) < Decimal("0.1")


def test_bmi_is_computed_half_up_where_the_report_has_none() -> None:
    both = {"GEN01": Result("158.0", "cm"), "GEN02": Result("61.5", "kg")}
    assert health.with_bmi(both)["GEN03"] == Result("24.6", "kg/m2")
    assert health.with_bmi(both | {"GEN03": Result("25.0")})["GEN03"] == Result("25.0")
    assert "GEN03" not in health.with_bmi({"GEN01": Result("158")})
    assert health.bmi("15.8", "61.5") == ""
    assert health.bmi("200", "98") == "24.5"


frequencies = st.builds(Frequency, st.sampled_from(Cycle), st.integers(1, 12), st.integers(1, 12))
days = st.dates(date(2020, 1, 1), date(2035, 12, 31))


@given(frequencies)
def test_a_frequency_reads_back(each: Frequency) -> None:
    again = parse_frequency(write_frequency(each))
    assert (again.cycle, [again.in_season(date(2026, m, 1)) for m in range(1, 13)]) == (
        each.cycle,
        [each.in_season(date(2026, m, 1)) for m in range(1, 13)],
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("日", Frequency(Cycle.DAY)),
        ("日(冬)", Frequency(Cycle.DAY, 11, 3)),
        ("日(汛)", Frequency(Cycle.DAY, 5, 9)),
        ("月(4-10月)", Frequency(Cycle.MONTH, 4, 10)),
        ("月（４-10月）", Frequency(Cycle.MONTH, 4, 10)),
        ("学期", Frequency(Cycle.TERM)),
        ("次", Frequency(Cycle.OCCASION)),
    ],
)
def test_frequencies(text: str, expected: Frequency) -> None:
    assert parse_frequency(text) == expected


@pytest.mark.parametrize("text", ["", "每天", "日(13-2月)", "日(夏)", "周(", "日日"])
def test_other_words_are_no_frequency(text: str) -> None:
    with pytest.raises(BadValue):
        parse_frequency(text)


@given(st.integers(2020, 2035), st.sampled_from([c for c in Cycle if c is not Cycle.OCCASION]))
def test_each_cycle_comes_as_often_as_it_says(year: int, cycle: Cycle) -> None:
    first = date(year, 1, 1)
    due = [d for n in range((date(year + 1, 1, 1) - first).days) if is_due(Frequency(cycle), d := first + timedelta(n))]
    least, most = {"日": (365, 366), "周": (52, 53), "月": (12, 12), "学期": (2, 2), "年": (1, 1)}[cycle]
    assert least <= len(due) <= most


@given(frequencies, days)
def test_the_next_day_is_the_first_one(each: Frequency, day: date) -> None:
    found = next_due(each, day)
    if found is None:
        assert each.cycle is Cycle.OCCASION or (each.cycle in (Cycle.TERM, Cycle.YEAR))
        return
    assert is_due(each, found)
    assert not any(is_due(each, day + timedelta(n)) for n in range((found - day).days))


def codes(day: str, attributes: frozenset[str]) -> set[str]:
    """Codes on the list of a day."""
    return {e.code for e in items_due(CATALOGS.table("checklist"), day, attributes)}


def test_the_list_of_a_thursday_in_march_is_the_daily_one() -> None:
    everything = frozenset({"全部", "寄宿", "食堂", "校车", "初中", "高中"})
    plain = codes("2026-03-05", frozenset({"全部"}))
    assert "SF01" in plain
    assert not plain & {"SF02", "SP01", "XC02", "XS07", "TY04"}
    assert codes("2026-03-05", everything) >= plain | {"SP01", "SS01", "XC02", "SY01", "YD07"}
    assert "SF02" in codes("2026-03-06", frozenset({"全部"}))
    assert "XS07" in codes("2026-07-01", frozenset({"全部"}))
    assert "YD07" not in codes("2026-07-01", everything)
    assert "NS01" in codes("2026-04-24", frozenset({"全部"}))
    assert "NS01" not in codes("2026-03-27", frozenset({"全部"}))


def test_what_a_school_has_decides_its_list() -> None:
    assert check_attributes(None) == {"全部"}
    row = {"school_type": "312", "boarding": 1, "canteen": 0, "school_bus": None}
    assert check_attributes(row) == {"全部", "寄宿", "初中"}


def test_a_retired_item_is_on_no_list() -> None:
    entry = Entry("A", "甲", {"frequency": "日", "applies_to": "全部"}, retired=True)
    table = Catalog("checklist", "清单", "X", "1", "", "K", (entry,))
    assert items_due(table, "2026-03-05", {"全部"}) == []
    assert frequency.applies(Entry("B", "乙"), {"全部"})
