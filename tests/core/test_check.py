"""Findings about rows: every code is produced here once, sits in its tier, and tells a person what to do."""

import string
import time

import pytest

from eduplan_desktop.problems import Problem, Severity
from eduplan_desktop.registers import kinds, results
from eduplan_desktop.registers.catalog import REGISTERS, register
from eduplan_desktop.registers.catalogs import Catalog, Catalogs, Entry
from eduplan_desktop.registers.check import MESSAGES, check_register, check_row, check_sealed
from eduplan_desktop.registers.frequency import parse_frequency
from eduplan_desktop.registers.messages import DOUBTS, ERRORS, finding, message
from eduplan_desktop.registers.model import Field, Kind, Row, Value
from eduplan_desktop.registers.refusal import BadValue
from tests.core.registers_world import World, a_world, good, uid

CATALOGS = Catalogs.shipped()
NUMBER = Field("f", Kind.WHOLE, "数量", minimum=0, maximum=50)
MONEY = Field("f", Kind.MONEY, "单价", unit="元", places=2)
TEXT = Field("f", Kind.TEXT, "名称", max_length=5)
SEX = Field("f", Kind.CHOICE, "性别", choices="sex")
DAY = Field("f", Kind.DATE, "日期")
ID = Field("f", Kind.ID_NUMBER, "公民身份号码")
CODE = Field("f", Kind.SCHOOL_CODE, "标识码")

READING: list[tuple[str, Field, object]] = [
    ("refused_character", TEXT, "甲\u202e乙"),
    ("cell_error", NUMBER, "#DIV/0!"),
    ("cell_unreadable", TEXT, object()),
    ("digits_lost", TEXT, 1.2e17),
    ("too_long", TEXT, "一二三四五六"),
    ("not_number", NUMBER, "三"),
    ("not_whole", NUMBER, "1.5"),
    ("too_many_places", MONEY, "1.005"),
    ("number_too_large", NUMBER, "9" * 18),
    ("too_small", NUMBER, "-1"),
    ("too_large", NUMBER, "51"),
    ("unit_unknown", MONEY, "5角"),
    ("not_date", DAY, "昨天"),
    ("date_impossible", DAY, "2019-02-30"),
    ("date_ambiguous", DAY, 2019.1),
    ("not_moment", Field("f", Kind.MOMENT, "时刻"), "早上"),
    ("not_yes_no", Field("f", Kind.YES_NO, "有无"), "大概"),
    ("choice_unknown", SEX, "男性"),
    ("link_unresolved", Field("f", Kind.LINK, "房间", target="room"), "一年级"),
    ("id_shape", ID, "12345"),
    ("id_sequence", ID, "110105194912310003"),
    ("id_birth_date", ID, "610928198502300018"),
    ("id_check", ID, "110105194912310021"),
    ("school_code_shape", CODE, "12"),
    ("school_code_old", CODE, "610928000001"),
    ("school_code_kind", CODE, "9961000001"),
    ("school_code_province", CODE, "2199000001"),
    ("results_unreadable", Field("f", Kind.RESULTS, "结果", choices="checklist"), "{"),
]

ROWS: list[tuple[str, str, dict[str, Value]]] = [
    ("required", "room", {"name": None}),
    ("stored_wrong", "room", {"area": "96.5"}),
    ("results_item_unknown", "safety_check", {"results": '{"ZZ99":{"value":"1"}}'}),
    ("link_missing", "room", {"keeper": uid(99)}),
    ("date_future", "room", {"built": "2027"}),
    ("required_when", "staff", {"state": "3", "state_date": "2026-01-01", "other_school": "红旗小学"}),
    ("date_order", "equipment", {"used_since": "2018-08-21"}),
    ("date_needs_day", "safety_check", {"check_date": "2026-03"}),
    ("part_exceeds_whole", "school_year", {"pupils_boarding": 400}),
    ("not_for_whole_school", "school_year", {"level": "A"}),
    ("net_not_rest", "equipment", {"depreciated": 100, "net_value": 100}),
    ("depreciated_too_much", "equipment", {"depreciated": 9999999}),
    ("check_answer", "safety_check", {"results": '{"SF01":{"value":"好"}}'}),
    ("abnormal_without_words", "safety_check", {"results": '{"SF01":{"value":"2"}}'}),
    ("major_needs_decider", "hazard", {"level": "3", "reported": "2026-02-20"}),
    ("major_not_reported", "hazard", {"level": "3", "level_by": "李示例"}),
    ("value_not_product", "equipment", {"original_value": 372000}),
    ("credit_code_wrong", "school", {"credit_code": "12610928MB2A0001X0"}),
    ("parts_exceed_whole", "school_year", {"teachers_bachelor": 15, "teachers_master": 6}),
    ("drill_without_people", "drill", {"pupils": 0}),
    ("hazard_overdue", "hazard", {"due": "2026-02-27"}),
]

COUNTED = {"change": "5", "book_quantity": 24, "counted_quantity": 23, "outcome": "1"}
BANDS = ["to_25", "26_30", "31_35", "36_40", "41_45", "46_50", "51_55", "56_60", "61_65", "from_66"]
CLOSED = {
    "state": "4",
    "measures": "换新",
    "person": "李示例",
    "due": "2026-03-20",
    "fixed": "2026-03-01",
    "rechecked": "2026-03-02",
    "closer": "王示例",
    "closed": "2026-03-03",
}
ROWS += [
    ("count_outcome_wrong", "equipment_change", COUNTED),
    ("sum_differs", "school_year", {f"classes_{b}": 1 for b in BANDS}),
    ("closed_but_failed", "hazard", CLOSED | {"recheck": "2"}),
    (
        "major_closed_by_school",
        "hazard",
        CLOSED | {"recheck": "1", "level": "3", "level_by": "李示例", "reported": "2026-02-20"},
    ),
]

SEALED: list[tuple[str, str, str, dict[str, Value]]] = [
    ("id_sex_differs", "staff", "personal", {"id_number": "11010519491231002X", "sex": "1"}),
    ("id_birth_differs", "staff", "personal", {"id_number": "11010519491231002X", "birth": "1980"}),
    ("id_birth_future", "staff", "personal", {"id_number": "110105209912310029"}),
    ("date_order_sealed", "checkup", "health", {"exam_date": "2026-02-01", "recheck_date": "2026-01-01"}),
]

GROUPS: list[tuple[str, str, list[Row]]] = [
    ("duplicate", "room", [good("room", 1), good("room", 4)]),
    (
        "shared_twice",
        "school_year",
        [
            good("school_year", 1, area_teaching=100),
            good("school_year", 4, level="A", pupils=None, classes=None, teachers=None, area_teaching=100),
        ],
    ),
    ("consent_missing", "checkup", [good("checkup", 1, person=uid(7))]),
    (
        "price_unusual",
        "equipment",
        [
            good("equipment", n, asset_no=f"A{n}", price=price)
            for n, price in enumerate([1860000, 1860000, 18600000], 1)
        ],
    ),
    ("asset_unclassified", "equipment", [good("equipment", 1, class_code=None)]),
    (
        "jump_from_last_year",
        "school_year",
        [good("school_year", 1, books=5000), good("school_year", 4, stat_year=2026, books=50000)],
    ),
    ("same_person", "staff", [good("staff", 1), good("staff", 4)]),
    ("same_day_same_drill", "drill", [good("drill", 1), good("drill", 4)]),
    ("second_checkup", "checkup", [good("checkup", 1), good("checkup", 4)]),
]


@pytest.mark.parametrize(("code", "field", "raw"), READING, ids=[c for c, *_ in READING])
def test_reading_names_what_is_wrong(code: str, field: Field, raw: object) -> None:
    problem = kinds.parse(field, raw, CATALOGS).problem
    assert problem is not None
    assert problem.code == code


@pytest.mark.parametrize(("code", "name", "changes"), ROWS, ids=[f"{c}-{n}" for c, n, _ in ROWS])
def test_a_row_with_one_fault_is_told_that_fault(code: str, name: str, changes: dict[str, Value]) -> None:
    problems = check_row(register(name), good(name, 1, **changes), a_world())
    assert code in {p.code for p in problems}
    assert all((p.register, p.row) == (name, uid(1)) and p.field for p in problems)
    others = {p.code for p in problems} - {code}
    assert others <= {"major_not_reported", "value_not_product", "required_when", "link_missing"}


@pytest.mark.parametrize(("code", "name", "compartment", "changes"), SEALED, ids=[c for c, *_ in SEALED])
def test_sealed_faults_are_told_without_the_sealed_value(
    code: str, name: str, compartment: str, changes: dict[str, Value]
) -> None:
    problems = check_sealed(register(name), compartment, {"id": uid(1), **changes}, a_world())
    assert code in {p.code for p in problems}
    for problem in problems:
        said = f"{problem} {message(problem)}"
        sealed = {f.name for f in register(name).sealed_fields(compartment)}
        assert not [v for k, v in changes.items() if k in sealed and str(v) in said]


@pytest.mark.parametrize(("code", "name", "rows"), GROUPS, ids=[c for c, *_ in GROUPS])
def test_rows_are_compared_with_each_other(code: str, name: str, rows: list[Row]) -> None:
    world = a_world(**{name: rows})
    problems = check_register(register(name), world, world)
    assert code in {p.code for p in problems}
    assert all(p.row in {r["id"] for r in rows} or (p.row == "" and p.params["count"]) for p in problems)


PARAMETERS = {
    "label",
    "character",
    "maximum",
    "places",
    "limit",
    "unit",
    "first",
    "last",
    "table",
    "item",
    "because",
    "other",
    "date",
    "whole",
    "sum",
    "right",
    "days",
    "act",
    "count",
    "before",
}
"""Parameters a sentence may have."""
OF_THE_FILE = {code for code in MESSAGES if code.startswith("journal_")} | {"required_by_item"}
"""Findings about the file as a whole, produced in the tests of the store, and what a calendar item asks for (journeys)."""


def other_codes() -> set[str]:
    """Codes that need more than one value to arise."""
    rooms = Catalog("twice", "两间", "X", "1", "", "K", (Entry("1", "库房"), Entry("2", "库房")))
    gone = Catalog("room_type", "房间用途", "X", "2", "", "K", (Entry("99", "新用途"),))
    found = set()
    ambiguous = kinds.parse(Field("f", Kind.CHOICE, "库", choices="twice"), "库房", CATALOGS.with_replacements([rooms]))
    assert ambiguous.problem is not None
    found.add(ambiguous.problem.code)
    world = a_world()
    world.catalogs = CATALOGS.with_replacements([gone])
    found |= {p.code for p in check_row(register("room"), good("room"), world)}
    with pytest.raises(BadValue) as bad:
        parse_frequency("每天")
    return found | {bad.value.code} | OF_THE_FILE


def test_every_code_is_produced_by_a_case_above() -> None:
    produced = {c for c, *_ in READING} | {c for c, *_ in ROWS} | {c for c, *_ in SEALED} | {c for c, *_ in GROUPS}
    assert set(MESSAGES) == produced | other_codes()


def test_a_code_has_one_tier() -> None:
    assert not set(ERRORS) & set(DOUBTS)
    assert finding("required").severity is Severity.ERROR
    assert finding("date_future").severity is Severity.DOUBT


@pytest.mark.parametrize("code", sorted(MESSAGES))
def test_a_sentence_says_what_to_do(code: str) -> None:
    sentence = MESSAGES[code]
    assert any(word in sentence for word in ("请", "改", "填"))
    assert sentence.endswith("。")
    assert not set(",;:?!") & set(sentence.replace("T08:42:17Z", "")), "Chinese sentences use Chinese punctuation"
    assert "存疑" not in sentence
    names = {n for _t, n, _s, _c in string.Formatter().parse(sentence) if n}
    assert names <= PARAMETERS


@pytest.mark.parametrize("each", REGISTERS, ids=lambda r: r.name)
def test_good_rows_have_no_findings(each) -> None:  # type: ignore[no-untyped-def]
    world = a_world(**{each.name: [good(each.name, 1)]}) if each.name != "staff" else a_world()
    row = good(each.name, 1)
    assert check_row(each, row, world) == []
    assert check_register(each, world, world) == []


def test_a_field_already_found_wrong_gets_no_second_finding_from_a_rule() -> None:
    problems = check_row(register("hazard"), good("hazard", due="2026-13"), a_world())
    assert [(p.code, p.field) for p in problems] == [("not_date", "due")]


def test_rows_with_broken_values_are_not_compared_until_mended() -> None:
    world = a_world(drill=[good("drill", 1), good("drill", 4, pupils="many")])
    assert [p.code for p in check_register(register("drill"), world, world)] == ["stored_wrong"]


def test_a_doubtful_order_of_coarse_dates_is_no_finding() -> None:
    for used in ("2019", "2019-08", "2019-08-21"):
        assert check_row(register("equipment"), good("equipment", used_since=used), a_world()) == []


def test_a_date_out_of_order_offers_its_correction() -> None:
    problem = check_row(register("equipment"), good("equipment", used_since="2019-08-20"), a_world())[0]
    assert problem.fix == ("改为 2019-08-21", "used_since", "2019-08-21")
    assert message(problem) == "启用日期早于购置日期 2019-08-21，请改其中一个。"


@pytest.mark.parametrize(
    ("value", "doubted"), [(3720000, False), (3738600, False), (3739000, True), (3701400, False), (3701000, True)]
)
def test_half_a_percent_of_the_original_value_is_let_pass(value: int, doubted: bool) -> None:
    codes = [p.code for p in check_row(register("equipment"), good("equipment", original_value=value), a_world())]
    assert codes == (["value_not_product"] if doubted else [])


def test_findings_are_the_same_every_time() -> None:
    rows = [good("equipment", n, asset_no=f"A{n % 7}", used_since="2018") for n in range(1, 30)]
    world = a_world(equipment=rows)
    assert check_register(register("equipment"), world, world) == check_register(register("equipment"), world, world)


class Ledger(World):
    """Many assets, found by id at once as a store does."""

    def __init__(self, n: int) -> None:
        made = [good("equipment", i, asset_no=f"A{i}", keeper=uid(2), room=uid(i % 50)) for i in range(1, n + 1)]
        super().__init__(equipment=made, staff=[good("staff", 2)], room=[good("room", i) for i in range(50)])


def test_fifty_thousand_rows_are_checked_in_seconds() -> None:
    world = Ledger(5_000)
    start = time.perf_counter()
    problems: list[Problem] = check_register(register("equipment"), world, world)
    spent = time.perf_counter() - start
    assert problems == []
    assert spent < 2.0, f"{spent:.2f} s for a tenth of the rows"


def test_results_of_a_day_with_many_items_stay_readable() -> None:
    stored = results.dump({e.code: results.Result("1") for e in CATALOGS.table("checklist").entries})
    assert check_row(register("safety_check"), good("safety_check", results=stored), a_world()) == []
