"""Years, figures from rows, and what the ledgers imply beside them."""

from fractions import Fraction
from types import SimpleNamespace

import pytest

from eduplan_desktop.acts.county_looks import origin
from eduplan_desktop.county import calendar, derived, figures, year
from eduplan_desktop.county.indicator_rules import Level
from eduplan_desktop.errors import RefusedError
from eduplan_desktop.registers import school_year
from eduplan_desktop.registers.catalog import register
from eduplan_desktop.store import shelf
from eduplan_desktop.store.journal import act
from tests.merge_world import DAY, County, School, required, uid


@pytest.fixture
def county(tmp_path):
    made = County(tmp_path)
    yield made
    made.close()


@pytest.fixture
def school(county, tmp_path):
    one = School(county, 1, tmp_path / "stick")
    county.enrol(one)
    return one


def doing(county):
    return act(county.store, "test", "测试")


def levels(school, pupils, level="P", **more):
    one = register("school_year")
    n = 100 + ["P", "J", "A"].index(level)
    said = {"stat_year": "2025", "level": level, **({"pupils": str(pupils)} if pupils else {}), **more}
    school.put("school_year/2025", n, **required(one, **said))


def test_a_figure_is_traced_to_its_bundle_and_its_row(county, school):
    session = SimpleNamespace(store=county.store)
    assert origin(session, school.uid, 2025, "P") is None
    levels(school, 100)
    levels(school, 40, "A")
    county.merge(school.submit("school_year/2025"))
    came = origin(session, school.uid, 2025, "P")
    assert (came.number, came.digest) == (1, school.earlier[0])
    assert len(came.intake) == len(DAY)
    whole = origin(session, school.uid, 2025, "J")
    assert whole.row != came.row, "a level without a row of its own rests on that of the whole school"
    levels(school, 120)
    county.merge(school.submit("school_year/2025"))
    assert origin(session, school.uid, 2025, "P").number == 2


def test_closed_year_stays_what_it_was(county, school, tmp_path):
    other = School(county, 2, tmp_path / "stick")
    county.enrol(other)
    for one, books in ((school, "1000"), (other, "3000")):
        levels(one, 100, books=books)
    with pytest.raises(RefusedError) as refused, doing(county) as a:
        year.close(a, 2025, DAY)
    assert refused.value.code == "nothing_to_close"
    county.merge(school.submit("school_year/2025"), other.submit("school_year/2025"))
    before, closing = year.indicators(county.store, 2025, "2012")
    assert closing is None
    with doing(county) as a:
        year.close(a, 2025, DAY)
        with pytest.raises(RefusedError, match="已经结账"):
            year.close(a, 2025, DAY)
    levels(school, 100, books="2000")
    county.merge(school.submit("school_year/2025"))
    with doing(county) as a:
        shelf.put_policy(a, "indicators.2012.limits", "0.7/0.6", "省文件")
    after, closing = year.indicators(county.store, 2025, "2012")
    assert (after.levels, after.rules) == (before.levels, before.rules)
    assert closing.n == 1
    assert closing.digests[school.uid] == {"school_year/2025": school.earlier[0]}
    assert [(c.school, c.level, c.input, c.then, c.now) for c in year.changes(county.store, closing)] == [
        (school.uid, "P", "books", 1000, 2000)
    ]
    with pytest.raises(RefusedError, match="原因"), doing(county) as a:
        year.reopen(a, 2025, " ")
    with doing(county) as a:
        year.reopen(a, 2025, "石桥小学更正图书数")
    assert year.current(county.store, 2025) is None
    with doing(county) as a:
        assert year.close(a, 2025, DAY).n == 2
    assert [(c.n, c.state, c.reason) for c in year.closings(county.store, 2025)] == [
        (1, "reopened", "石桥小学更正图书数"),
        (2, "closed", ""),
    ]


def test_frozen_rules_come_back_whole():
    for rules in year.RULE_SETS.values():
        assert year._rules(year.rules_json(rules)) == rules


def test_figures_of_a_combined_school_share_what_its_levels_share(county, school):
    profile = required(register("school"), name=school.name, school_type="312", area_type="3", dense_centre="1")
    school.put("school", 1, **profile)
    levels(school, 200, "P", teachers="12")
    levels(school, 100, "J", books="50")
    levels(school, 0, "A", books="1240", area_teaching="1240.00", teachers_backbone="9")
    county.merge(school.submit("school", "school_year/2025"))
    found = figures.schools(county.store, 2025)[0]
    assert (found.kind, found.dense_centre) == ("312", True)
    assert found.whole == {"books": 1240, "area_teaching": 1240}
    assert found.by_level[Level.PRIMARY, "teachers"] == 12
    assert derived.typed(found, "books") == 1240
    books = next(
        i
        for i in year.indicators(county.store, 2025, "2012")[0].levels[Level.JUNIOR].indicators
        if i.indicator.id == "B5"
    )
    assert [v.total for v in books.values] == [50]


def asset(school, n, **said):
    one = register("equipment")
    school.put("equipment", n, **required(one, teaching="1", use_state="2", original_value="100.00", **said))


def test_ledger_implies_equipment_value_at_the_first_of_september(county, school):
    asset(school, 1, bought="2019")
    asset(school, 2, bought="2025-09-01")
    asset(school, 3, bought="2025-09-02")
    asset(school, 4, bought="2025")
    asset(school, 5, bought="2020")
    school.put("equipment", 5, use_state="6")
    asset(school, 6, bought="2020")
    school.put("equipment", 6, use_state="6")
    asset(school, 7, bought="2020")
    school.put("equipment", 7, teaching="0")
    asset(school, 8, bought="2020")
    change = register("equipment_change")
    for n, thing, day, more in (
        (21, 5, "2025-08-31", {}),
        (22, 6, "2025-09-10", {}),
        (23, 8, "2025-10-01", {"value_change": "30.00"}),
    ):
        kind = "2" if more else "6"
        school.put(
            "equipment_change", n, **required(change, equipment=uid(thing), change=kind, change_date=day, **more)
        )
    room = register("room")
    for n, built in ((31, "2024"), (32, "2025-10"), (33, "2025")):
        school.put("room", n, **required(room, multimedia="1", state="1", built=built))
    county.merge(school.submit("equipment", "equipment_change", "room"))
    found = derived.derive(county.store, 2025)[school.uid]
    assert (found.equipment_value, found.value_uncertain) == (Fraction(370), Fraction(100))
    assert (found.rooms, found.rooms_uncertain) == (1, 1)
    levels(school, 100, equipment_value="480.00", multimedia_rooms="2")
    county.merge(school.submit("school_year/2025"))
    beside = derived.beside(figures.schools(county.store, 2025), {school.uid: found})
    assert [(b.input, b.typed, b.differs) for b in beside] == [
        ("equipment_value", 480, True),
        ("multimedia_rooms", 2, False),
    ]


def test_proposed_item_asks_for_what_both_rule_sets_need_where_it_has_to_stand():
    fields = dict(calendar.proposal(2025)[0].required)["school_year"]
    one = register("school_year")
    assert {
        "pupils",
        "teachers_sport",
        "area_indoor_sport",
        "books",
        "multimedia_rooms",
        "teachers_above_required",
    } <= set(fields)
    assert set(fields) <= set(one.by_name)
    rows = [{"id": level, "stat_year": 2025, "level": level} for level in "PJSA"]
    asked = {}
    for row_id, field in school_year.owed(rows, fields):
        asked.setdefault(row_id, set()).add(field)
    shared = {f for f in fields if f in school_year.SHARED}
    assert asked == {"P": set(fields) - shared, "J": set(fields) - shared, "S": {"pupils"}, "A": shared}
    assert {f for _row, f in school_year.owed(rows[:1], fields)} == set(fields)
    full = {**rows[0], **dict.fromkeys(fields, 0)}
    assert list(school_year.owed([full], fields)) == []
