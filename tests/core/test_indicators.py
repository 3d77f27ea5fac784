"""Balance indicators: published worked examples, the edge cases, and laws that hold for any county."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eduplan_desktop.county.indicator_policy import BY_KEY, DECISIONS, PolicyValue, check_value, rules_for
from eduplan_desktop.county.indicator_rules import RULE_SETS, Level
from eduplan_desktop.county.indicator_scope import School, outside
from eduplan_desktop.county.indicators import compute, mean_of, numerator, rounded, spread
from eduplan_desktop.county.what_if import fill_gaps
from eduplan_desktop.errors import RefusedError

CONFIRMED = {key: PolicyValue(d.default, "县教育局文件") for key, d in BY_KEY.items()}
WHOLE = (
    "area_teaching",
    "area_indoor_sport",
    "area_gym",
    "area_field",
    "equipment_value",
    "computers",
    "books",
    "multimedia_rooms",
)
STAFF = (
    "teachers",
    "teachers_college",
    "teachers_bachelor",
    "teachers_master",
    "teachers_doctor",
    "teachers_above_required",
    "teachers_middle_title",
    "teachers_backbone",
    "teachers_sport",
    "teachers_music",
    "teachers_fine_art",
    "teachers_art",
)
FIVE = ((45, 279), (37, 137), (89, 935), (76, 160), (55, 402))
"""The published worked example: pupils and books of five primary schools."""


def school(uid, pupils, kind="211", *, level=Level.PRIMARY, whole=None, staff=None, **more):
    """A school with every input given, one for each pupil unless said otherwise."""
    given_whole = (
        dict.fromkeys(WHOLE, Fraction(100))
        | {"area_indoor_sport": Fraction(20)}
        | {k: Fraction(v) for k, v in (whole or {}).items()}
    )
    figures = {(level, "pupils"): Fraction(pupils)} | {(level, n): Fraction(10) for n in STAFF}
    figures |= {(level, k): Fraction(v) for k, v in (staff or {}).items()}
    return School(uid, f"学校{uid}", kind, given_whole, figures, **more)


def five():
    return [school(str(i), p, whole={"books": x}) for i, (p, x) in enumerate(FIVE, 1)]


def indicator(result, level, name):
    return next(i for i in result.levels[level].indicators if i.indicator.id == name)


def test_published_example_to_the_last_bit():
    books = indicator(compute(five(), RULE_SETS["2012"], 2025), Level.PRIMARY, "B5")
    assert float(books.cv) == 0.5152566298844764
    assert rounded(books.mean, 4) == "6.3344"
    assert [rounded(v.value, 4) for v in books.values] == ["6.2000", "3.7027", "10.5056", "2.1053", "7.3091"]
    # The source multiplies figures it has already rounded, hence not the same fourth digit everywhere; the sum agrees.
    for value, published in zip(books.values, ("0.0027", "0.8486", "5.1279", "4.5007", "0.1730"), strict=True):
        assert abs(value.term - Fraction(published)) < Fraction(1, 1000)
    assert rounded(books.variance, 4) == "10.6528"
    assert sum(v.share for v in books.values) == 1


@pytest.mark.parametrize(
    ("coefficients", "printed"),
    [
        (("0.393", "0.578", "0.372", "0.246", "0.208", "0.311", "0.311", "0.455"), "0.359"),
        (("0.393", "0.578", "0.372", "0.246", None, "0.311", "0.311", "0.455"), None),
    ],
)
def test_composite_is_the_plain_mean_and_needs_all(coefficients, printed):
    mean = mean_of([None if c is None else Decimal(c) for c in coefficients])
    assert (None if mean is None else rounded(mean, 3)) == printed


def test_composite_only_in_2012_and_limits_per_indicator_only_in_2017():
    old, new = (compute(five(), rules_for(v, CONFIRMED), 2025).levels[Level.PRIMARY] for v in ("2012", "2017"))
    assert old.composite is not None
    assert old.composite_within is True
    assert all(i.limit is None and i.within is None for i in old.indicators)
    assert new.composite is None
    assert new.composite_limit is None
    assert all(i.limit == Fraction(1, 2) and i.within is not None for i in new.indicators)


def test_worked_pass_check_of_one_school():
    figures = {
        "teachers_sport": 3,
        "teachers_music": 0,
        "teachers_fine_art": 0,
        "teachers_art": 0,
        "teachers_backbone": 3,
    }
    figures |= {"teachers_college": 10, "teachers_bachelor": 5, "teachers_master": 0, "teachers_doctor": 0}
    rooms = {
        "area_teaching": 1504,
        "area_indoor_sport": 0,
        "area_gym": 0,
        "area_field": 2450,
        "equipment_value": 660000,
    }
    passing = school("a", 320, whole={**rooms, "multimedia_rooms": 8}, staff=figures)
    failing = school("b", 320, whole={**rooms, "multimedia_rooms": 8}, staff={**figures, "teachers_backbone": 2})
    verdicts = compute([passing, failing], rules_for("2017", CONFIRMED), 2025).levels[Level.PRIMARY].passes
    assert [(v.reached, v.near, v.below, v.passes) for v in verdicts] == [
        (("A1", "A3", "A4", "A5", "A6", "A7"), ("A2",), (), True),
        (("A1", "A3", "A4", "A5", "A6", "A7"), (), ("A2",), False),
    ]


def test_no_verdict_before_every_rule_is_confirmed_with_its_source():
    for missing in (d.key for d in DECISIONS["2017"]):
        policy = CONFIRMED | {missing: PolicyValue(BY_KEY[missing].default, " ")}
        rules = rules_for("2017", policy)
        level = compute(five(), rules, 2025).levels[Level.PRIMARY]
        assert rules.unconfirmed == (missing,)
        assert level.passes == ()
        assert all(i.within is None and i.cv is not None for i in level.indicators)
        assert all(v.reaches is None for i in level.indicators for v in i.values)


def test_nothing_missing_becomes_zero_and_only_its_own_indicator_is_blocked():
    lacking = school("x", 50)
    del lacking.whole["books"]
    level = compute([*five(), lacking], rules_for("2012", CONFIRMED), 2025).levels[Level.PRIMARY]
    by_id = {i.indicator.id: i for i in level.indicators}
    assert [(m.school, m.input) for m in by_id["B5"].missing] == [("x", "books")]
    assert by_id["B5"].cv is None
    assert all(i.cv is not None for n, i in by_id.items() if n != "B5")
    assert level.composite is None
    assert level.composite_within is None


def test_school_that_handed_in_nothing_blocks_its_levels_and_is_named():
    result = compute([*five(), School("n", "未报", "312")], RULE_SETS["2017"], 2025)
    for level in (Level.PRIMARY, Level.JUNIOR):
        assert all("n" in {m.school for m in i.missing} for i in result.levels[level].indicators)
    assert result.levels[Level.PRIMARY].pupils is None
    assert result.blocked


@pytest.mark.parametrize(
    ("rules", "kind", "pupils", "reason"),
    [
        ("2017", "218", 49, "small_point"),
        ("2017", "218", 50, None),
        ("2012", "218", 80, "point"),
        ("2017", "521", 30, "special"),
        ("2017", "361", 30, "vocational"),
        ("2017", "211", 0, "no_pupils"),
        ("2012", "211", 0, "no_pupils"),
    ],
)
def test_who_counts_is_by_rule_and_named(rules, kind, pupils, reason):
    level = compute([*five(), school("x", pupils, kind)], RULE_SETS[rules], 2025).levels[Level.PRIMARY]
    assert [(o.school, o.reason) for o in level.left_out] == ([("x", reason)] if reason else [])
    assert level.schools == 5 + (reason is None)


def test_kindergarten_and_senior_school_are_outside():
    schools = [School("k", "幼儿园", "111"), School("h", "高中", "342"), School("p", "小学", "211")]
    assert [o.school for o in outside(schools)] == ["k", "h"]
    assert compute(schools, RULE_SETS["2017"], 2025).levels[Level.JUNIOR].schools == 0


@pytest.mark.parametrize(
    ("kind", "pupils", "shares"),
    [
        ("312", {Level.PRIMARY: 200, Level.JUNIOR: 100}, {Level.PRIMARY: 800, Level.JUNIOR: 440}),
        ("341", {Level.JUNIOR: 100, Level.SENIOR: 100}, {Level.JUNIOR: Fraction(1240, 22) * 10}),
        (
            "345",
            {Level.PRIMARY: 100, Level.JUNIOR: 100, Level.SENIOR: 100},
            {Level.PRIMARY: Fraction(124000, 342), Level.JUNIOR: Fraction(1240) * Fraction(110, 342)},
        ),
    ],
)
def test_combined_schools_share_by_weighted_pupils(kind, pupils, shares):
    combined = School(
        "c", "校", kind, {"books": Fraction(1240)}, {(lv, "pupils"): Fraction(n) for lv, n in pupils.items()}
    )
    rules = RULE_SETS["2012"]
    books = next(i for i in rules.indicators if i.id == "B5")
    assert {level: numerator(combined, books, level, rules) for level in shares} == shares


def test_share_cannot_be_made_without_the_other_levels_pupils():
    combined = school("c", 100, "312")
    primary = compute([combined], RULE_SETS["2012"], 2025).levels[Level.PRIMARY]
    by_id = {i.indicator.id: i for i in primary.indicators}
    assert [m.input for m in by_id["B5"].missing] == ["pupils:J"]
    assert by_id["B6"].cv is not None


def test_one_school_is_flagged_and_zero_county_value_is_undefined():
    alone = compute([school("a", 10, whole={"computers": 0})], rules_for("2017", CONFIRMED), 2025)
    books = indicator(alone, Level.PRIMARY, "A6")
    assert (books.cv, books.single) == (0, True)
    zero = compute(
        [school("a", 10, whole={"computers": 0}), school("b", 9, whole={"computers": 0})], RULE_SETS["2012"], 2025
    )
    computers = indicator(zero, Level.PRIMARY, "B4")
    assert (computers.cv, computers.mean, computers.within) == (None, 0, None)
    assert all(v.share is None for v in computers.values)
    assert list(fill_gaps(computers)) == []


def test_primary_qualification_is_the_countys_choice():
    def total(choice):
        policy = CONFIRMED | {"indicators.2017.qualified": PolicyValue(choice, "省文件")}
        return indicator(compute(five(), rules_for("2017", policy), 2025), Level.PRIMARY, "A1").values[0].total

    assert total("专科") - total("本科") == 10


def test_small_rural_schools_may_count_visiting_teachers_only_where_decided():
    tiny = school("t", 80, staff=dict.fromkeys(STAFF, 0) | {"visiting_sport_art": 2}, rural=True)
    for said, teachers in (("是", 2), ("否", 0)):
        policy = CONFIRMED | {"indicators.2017.small_rural": PolicyValue(said, "省文件")}
        a3 = indicator(compute([tiny], rules_for("2017", policy), 2025), Level.PRIMARY, "A3")
        assert a3.values[0].total == teachers


def test_converted_and_leased_grounds_count_only_in_dense_centres_and_only_where_decided():
    grounds = {"area_gym": 100, "area_field": 500, "area_field_converted": 200, "area_field_leased": 50}
    for said, dense, area in (("是", True, 650), ("是", False, 400), ("否", True, 400)):
        policy = CONFIRMED | {"indicators.2017.dense_centre": PolicyValue(said, "省文件")}
        centre = school("c", 900, whole=grounds, dense_centre=dense)
        a5 = indicator(compute([centre], rules_for("2017", policy), 2025), Level.PRIMARY, "A5")
        assert a5.values[0].total == area


def test_a_levels_own_figure_is_not_shared_out():
    both = school("c", 200, "312", whole={"computers": 31})
    both.by_level[Level.JUNIOR, "pupils"] = Fraction(100)
    both.by_level[Level.PRIMARY, "books"] = Fraction(77)
    by_id = {i.indicator.id: i for i in compute([both], RULE_SETS["2012"], 2025).levels[Level.PRIMARY].indicators}
    assert by_id["B5"].values[0].total == 77
    assert by_id["B4"].values[0].total == 20


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("indicators.2017.limits", "0.5"),
        ("indicators.2017.limits", "0/0.45"),
        ("indicators.2017.qualified", "大专"),
        ("indicators.2017.pass", "8/85%"),
        ("indicators.2017.thresholds", "A1=4.2/5.3"),
        ("indicators.2012.points", "许多"),
        ("indicators.2012.pass", "6/85%"),
        ("indicators.1999.limits", "1/1"),
    ],
)
def test_decision_that_cannot_be_read_is_refused_with_the_right_form(key, value):
    with pytest.raises(RefusedError) as refused:
        check_value(key, value)
    assert refused.value.code == "bad_policy"
    assert refused.value.advice


def test_shipped_defaults_are_valid_decisions_that_change_nothing():
    for version, rules in RULE_SETS.items():
        assert rules_for(version, CONFIRMED) == replace(rules, confirmed="县教育局文件")
    with pytest.raises(RefusedError) as caught:
        check_value("other.part", "anything")
    assert caught.value.code == "bad_policy", "a key nothing asks for would confirm nothing"


def test_what_if_fills_the_worst_first_and_reaches_the_county_value():
    books = indicator(compute(five(), RULE_SETS["2012"], 2025), Level.PRIMARY, "B5")
    steps = list(fill_gaps(books))
    assert [s.school for s in steps] == ["4", "2", "1"]
    assert [s.gap for s in steps] == [322, 98, 7]
    assert [s.so_far for s in steps] == [322, 420, 427]
    assert books.cv > steps[0].cv > steps[1].cv


@pytest.mark.parametrize(
    ("number", "places", "text"),
    [
        (Fraction(1, 8), 2, "0.13"),
        (Fraction(-1, 8), 2, "-0.13"),
        (Fraction(-1, 1000), 2, "0.00"),
        (Decimal("0.3785"), 3, "0.379"),
        (Fraction(5), 0, "5"),
        (Fraction(5, 2), 0, "3"),
    ],
)
def test_rounding_is_half_up_and_exact(number, places, text):
    assert rounded(number, places) == text


figures = st.lists(
    st.tuples(st.integers(1, 3000), st.fractions(0, 10**6, max_denominator=100)), min_size=1, max_size=25
)


@given(figures)
def test_spread_equals_the_formula_as_written(rows):
    mean, variance, terms = spread(rows)
    pupils = sum(p for p, _x in rows)
    assert mean == sum(x for _p, x in rows) / Fraction(pupils)
    assert terms == [Fraction(p, pupils) * (x / p - mean) ** 2 for p, x in rows]
    assert variance == sum(terms)


@given(figures, st.integers(2, 9), st.randoms(use_true_random=False))
def test_laws_of_the_coefficient(rows, factor, random):
    """Order, unit and a doubled county change nothing; merging equal schools changes nothing."""
    mean, variance, _terms = spread(rows)
    shuffled = random.sample(rows, len(rows))
    assert spread(shuffled)[:2] == (mean, variance)
    assert spread([(p, x * factor) for p, x in rows])[:2] == (mean * factor, variance * factor**2)
    assert spread(rows + rows)[:2] == (mean, variance)
    assert spread([(p * factor, x * factor) for p, x in rows])[:2] == (mean, variance)


@given(st.lists(st.tuples(st.integers(1, 500), st.integers(0, 5000)), min_size=1, max_size=12))
def test_filled_schools_stand_at_the_old_county_value(rows):
    listed = [school(str(i), p, whole={"books": x}) for i, (p, x) in enumerate(rows)]
    books = indicator(compute(listed, RULE_SETS["2012"], 2025), Level.PRIMARY, "B5")
    below = {v.school: v for v in books.values if books.mean and v.value < books.mean}
    steps = list(fill_gaps(books))
    assert {s.school for s in steps} == set(below)
    for step in steps:
        raised = below[step.school].total + step.gap
        assert 0 <= raised - books.mean * below[step.school].pupils < 1
