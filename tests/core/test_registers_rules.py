"""What single registers know: who may close a hazard, whose consent counts, what results may be."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eduplan_desktop.registers import hazard, results
from eduplan_desktop.registers.catalog import register
from eduplan_desktop.registers.check import check_register, check_row, check_sealed
from eduplan_desktop.registers.health_consent import consented, in_force
from eduplan_desktop.registers.model import Row, Value
from eduplan_desktop.registers.refusal import BadValue
from eduplan_desktop.registers.results import LONG_COLUMNS, Result
from eduplan_desktop.registers.text import refused_character
from tests.core.registers_world import TODAY, a_world, good, uid

MAJOR: dict[str, Value] = {"level": "3", "level_by": "李示例", "reported": "2026-02-20"}
DONE: dict[str, Value] = {
    "measures": "更换",
    "person": "李示例",
    "due": "2026-03-12",
    "fixed": "2026-03-01",
    "rechecked": "2026-03-02",
    "recheck": "1",
    "closer": "王示例",
    "closed": "2026-03-03",
    "state": "4",
}


def codes(row: Row) -> list[str]:
    """Codes of the findings about a hazard."""
    return [p.code for p in check_row(register("hazard"), row, a_world())]


def test_a_school_closes_what_is_not_major() -> None:
    assert codes(good("hazard", **DONE)) == []


def test_a_major_hazard_is_closed_only_by_the_county() -> None:
    assert codes(good("hazard", **(DONE | MAJOR))) == ["major_closed_by_school"]
    assert codes(good("hazard", **(DONE | MAJOR), county_result="2")) == ["major_closed_by_school"]
    assert codes(good("hazard", **(DONE | MAJOR), county_result="1")) == []


def test_moving_forward_asks_for_what_the_next_state_needs() -> None:
    missing = {p.field for p in check_row(register("hazard"), good("hazard", state="2"), a_world())}
    assert missing == {"measures", "person", "due"}
    missing = {p.field for p in check_row(register("hazard"), good("hazard", state="5"), a_world())}
    assert missing == {"protection"}


@given(st.sampled_from([None, *hazard.NEXT_STATES]), st.sampled_from(list(hazard.NEXT_STATES)))
def test_states_follow_their_machine(now: str | None, then: str) -> None:
    if now == hazard.CLOSED:
        assert hazard.may_follow(now, then) is (then == hazard.CLOSED)
    if then == hazard.CLOSED and now != then:
        assert hazard.may_follow(now, then) is (now == hazard.TO_RECHECK)
    assert now is None or hazard.may_follow(now, now)


@pytest.mark.parametrize(
    ("changes", "days"),
    [
        ({"due": "2026-02-27"}, 6),
        ({"due": "2026-03-05"}, 0),
        ({"due": "2026-02"}, 5),
        ({"due": None}, 0),
        ({"due": "2026-02-27", "state": "4"}, 0),
        ({"due": "2026-02-27", "fixed": "2026-02-26"}, 0),
    ],
)
def test_days_past_the_limit(changes: dict[str, Value], days: int) -> None:
    assert hazard.overdue_days(good("hazard", **changes), TODAY) == days


@pytest.mark.parametrize(
    ("changes", "counts"),
    [
        ({}, True),
        ({"withdrawn": "2026-03-05"}, False),
        ({"withdrawn": "2026-03-06"}, True),
        ({"withdrawn": "2026-03"}, False),
        ({"withdrawn": "später"}, False),
        ({"signed": None}, False),
    ],
)
def test_a_consent_counts_while_it_is_in_force(changes: dict[str, Value], counts: bool) -> None:
    assert in_force(good("health_consent", **changes), TODAY) is counts


def test_only_a_consent_that_names_the_county_lets_a_row_travel() -> None:
    here = good("health_consent", 1, names_county=0)
    there = good("health_consent", 3, person=uid(9))
    assert consented([here, there], TODAY) == {uid(2), uid(9)}
    assert consented([here, there], TODAY, county=True) == {uid(9)}


def test_a_person_without_consent_may_be_due_but_not_examined() -> None:
    world = a_world(
        health_consent=[], checkup=[good("checkup", 1, state="1"), good("checkup", 4, state="2", stat_year=2024)]
    )
    assert [(p.code, p.row) for p in check_register(register("checkup"), world, world)] == [("consent_missing", uid(4))]


def test_sealed_staff_values_are_checked_against_the_open_half() -> None:
    row = good("staff", id_number="440524188001010014", sex="1", birth="1880-01")
    assert check_sealed(register("staff"), "personal", row, a_world()) == []
    wrong = good("staff", id_number="440524188001010015", phone="1" * 50)
    found = check_sealed(register("staff"), "personal", wrong, a_world())
    assert {(p.code, p.field) for p in found} == {("id_check", "id_number"), ("too_long", "phone")}


_LETTERS = st.characters(exclude_categories=["Cs", "Cc", "Co", "Cn", "Cf", "Zl", "Zp"])
texts = st.text(_LETTERS, max_size=12).map(str.strip).filter(lambda text: not refused_character(text))
one_result = st.builds(Result, texts, texts, texts, texts, texts)
codes_of_items = st.from_regex(r"[A-Z]{2,3}[0-9]{2}", fullmatch=True)


@given(st.dictionaries(codes_of_items, one_result, max_size=8))
def test_results_have_one_form(found: dict[str, Result]) -> None:
    stored = results.dump(found)
    if stored is None:
        assert all(r == Result() for r in found.values())
        return
    assert results.canonical(stored) == results.canonical(json.dumps(json.loads(stored), indent=2))
    again = results.load(results.canonical(stored))
    assert list(again) == sorted(again)
    assert results.from_long(results.to_long(stored)) == results.canonical(stored)
    assert all(len(row) == len(LONG_COLUMNS) for row in results.to_long(stored))


def test_the_canonical_form_is_sorted_compact_and_without_empty_parts() -> None:
    stored = results.dump({"XF02": Result("2", remark="压力不足"), "SF01": Result("1"), "YD01": Result()})
    assert stored == '{"SF01":{"value":"1"},"XF02":{"remark":"压力不足","value":"2"}}'


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        "null",
        '{"SF01":"1"}',
        '{"SF01":{}}',
        '{"SF01":{"value":1}}',
        '{"SF01":{"flag":"偏高"}}',
        '{"":{"value":"1"}}',
        '{"SF01":{"value":"' + "长" * 600 + '"}}',
        '{"SF01":{"value":"甲\\u202e"}}',
        "[" * 100_000,
    ],
)
def test_anything_else_is_no_results(text: str) -> None:
    with pytest.raises(BadValue):
        results.canonical(text)


def test_long_rows_that_name_an_item_twice_are_refused() -> None:
    row = ("SF01", "1", "", "", "", "")
    with pytest.raises(BadValue):
        results.from_long([row, row])
    assert results.from_long([]) is None
    assert results.from_long([("SF01", "", "", "", "", "")]) is None
