"""Where a bundle belongs: every case of the chain and of trust, as a table; and what slices that are not carried get."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eduplan_desktop.bundle.words import WORDS
from eduplan_desktop.merge.plan import (
    SENTENCE,
    Bundle,
    Claim,
    Holding,
    Place,
    Position,
    RowIds,
    Source,
    State,
    Trust,
    claim_answer,
    first_difference,
    place,
    ranges,
    schema_answer,
    vanished,
)

D = [f"{n:064x}" for n in range(20)]
TRUST = Trust("S", "F", 3, "KEY")
REVOKED = replace(TRUST, revoked_from=2)


def bundle(number, **changes):
    made = Bundle(D[number], "610000", "S", "F", number, "KEY", tuple(D[1:number]), {})
    return replace(made, **changes)


def holding(*numbers, **changes):
    """The county after bundles of these numbers were filed; it knows every digest up to the highest."""
    known = {n: D[n] for n in range(1, max(numbers, default=0) + 1)}
    return replace(Holding("610000", (TRUST,), chain=known, filed={D[n]: n for n in numbers}), **changes)


CASES = [
    ("first of a file", bundle(1), holding(), Place.NEXT, "merged", ""),
    ("the next", bundle(3), holding(1, 2), Place.NEXT, "merged", ""),
    ("one missing", bundle(4), holding(1, 2), Place.GAP, "merged", "gap"),
    ("first seen is not the first made", bundle(3), holding(), Place.GAP, "merged", "gap"),
    ("next after a gap still open", bundle(5), holding(1, 2, 4), Place.NEXT, "merged", ""),
    ("the missing one comes", bundle(3), holding(1, 2, 4), Place.OLDER, "older", ""),
    ("the same again", bundle(2), holding(1, 2, 4), Place.ALREADY, "already", ""),
    ("same number, other content", bundle(2, digest=D[15]), holding(1, 2), Place.FORK, "held", "fork"),
    ("other past", bundle(4, earlier=(D[1], D[15], D[3])), holding(1, 2), Place.FORK, "held", "fork"),
    (
        "other past across a gap",
        bundle(6, earlier=(D[1], D[2], D[15], D[4], D[5])),
        holding(1, 4),
        Place.FORK,
        "held",
        "fork",
    ),
    ("missing one differs from what was listed", bundle(3, digest=D[15]), holding(1, 2, 4), Place.FORK, "held", "fork"),
    ("another county", bundle(1, county="620000"), holding(), Place.WRONG_COUNTY, "refused", "wrong_county"),
    ("key of another file", bundle(1, file="G"), holding(), Place.WRONG_SCHOOL, "refused", "wrong_school"),
    ("key of another school", bundle(1, school="T"), holding(), Place.WRONG_SCHOOL, "refused", "wrong_school"),
    ("not enrolled yet", bundle(1), holding(trust=()), Place.HELD_UNKNOWN_KEY, "held", "held_unknown_key"),
    ("enrolment declined", bundle(1), holding(trust=(), declined=True), Place.UNKNOWN_KEY, "refused", "unknown_key"),
    (
        "school not in the roster",
        bundle(1),
        holding(trust=(), listed=False),
        Place.UNKNOWN_KEY,
        "refused",
        "unknown_key",
    ),
    ("before retirement", bundle(2), holding(1, trust=(replace(TRUST, retired_from=3),)), Place.NEXT, "merged", ""),
    (
        "after retirement",
        bundle(3),
        holding(1, 2, trust=(replace(TRUST, retired_from=3),)),
        Place.RETIRED_KEY,
        "refused",
        "retired_key",
    ),
    (
        "filed before retirement was set",
        bundle(3),
        holding(3, trust=(replace(TRUST, retired_from=2),)),
        Place.ALREADY,
        "already",
        "",
    ),
    ("before revocation", bundle(2), holding(1, trust=(replace(TRUST, revoked_from=3),)), Place.NEXT, "merged", ""),
    (
        "revoked",
        bundle(3),
        holding(1, 2, trust=(replace(TRUST, revoked_from=3),)),
        Place.REVOKED_KEY,
        "refused",
        "revoked_key",
    ),
    (
        "revoked although filed",
        bundle(3),
        holding(1, 2, 3, trust=(replace(TRUST, revoked_from=2),)),
        Place.REVOKED_KEY,
        "refused",
        "revoked_key",
    ),
    (
        "county chose the other one",
        bundle(2),
        holding(1, excluded=frozenset({D[2]})),
        Place.EXCLUDED,
        "refused",
        "fork",
    ),
]


@pytest.mark.parametrize(("made", "held", "where", "status", "code"), [c[1:] for c in CASES], ids=[c[0] for c in CASES])
def test_place(made, held, where, status, code):
    found = place(made, held)
    assert (found.place, found.status, found.code) == (where, status, code)
    assert found.merges == (where in (Place.NEXT, Place.GAP, Place.OLDER))
    name, treatment = SENTENCE[where]
    assert name
    assert "{" not in treatment.format(**found.params)
    assert not code or code in WORDS


def test_facts_of_a_place():
    assert place(bundle(6), holding(1, 2)).missing == (3, 4, 5)
    assert place(bundle(4, earlier=(D[1], D[15], D[3])), holding(1, 2)).differs == 2
    assert place(bundle(2), holding(1)).generation == 3


def test_every_place_has_a_sentence():
    assert set(SENTENCE) == set(Place)


@pytest.mark.parametrize(("numbers", "text"), [((), ""), ((3,), "3"), ((5, 3, 6, 7, 1), "1、3、5–7")])
def test_ranges(numbers, text):
    assert ranges(numbers) == text


@given(st.permutations(range(1, 8)), st.data())
def test_whatever_the_order_everything_is_filed_and_nothing_forks(order, data):
    """Bundles of one true history arrive in any order, with repeats: each is filed once, repeats change nothing."""
    filed, chain = {}, {}
    arrivals = data.draw(st.permutations([*order, *data.draw(st.lists(st.sampled_from(order), max_size=5))]))
    for n in arrivals:
        found = place(bundle(n), Holding("610000", (TRUST,), chain=chain, filed=filed))
        assert found.merges == (D[n] not in filed)
        if found.merges:
            filed[D[n]] = n
            chain |= dict(enumerate(bundle(n).history, 1))
    assert sorted(filed.values()) == list(range(1, 8))


@given(st.integers(1, 7), st.integers(1, 7), st.integers(1, 7))
def test_a_fork_is_seen_wherever_two_histories_part(split, seen, arriving):
    """After `split` numbers the copies differ; whoever comes second is held exactly if both went past the split."""
    true = [*D[1:8]]
    other = [*true[:split], *(f"{n:064x}" for n in range(100, 107 - split))]
    chain = dict(enumerate(true[:seen], 1))
    differs = first_difference(other[:arriving], chain)
    assert differs == (split + 1 if min(seen, arriving) > split else 0)


AT = Position(1, 5)


@pytest.mark.parametrize(
    ("accepted", "since", "answer"),
    [
        ([], 1, ("waiting", "need_full")),
        ([Source("F", Position(1, 1))], 1, ("same", "")),
        ([Source("F", Position(1, 1)), Source("F", Position(1, 3))], 1, ("waiting", "need_full")),
        ([Source("F", Position(1, 1)), Source("F", Position(1, 3))], 3, ("same", "")),
        ([Source("F", Position(1, 1)), Source("F", Position(1, 7))], 1, ("same", "")),
        ([Source("G", Position(1, 1))], 1, ("waiting", "need_full")),
    ],
)
def test_as_before_vouches_only_for_the_very_bundle_it_names(accepted, since, answer):
    found = claim_answer(Claim(State.AS_BEFORE, since), "F", AT, accepted)
    assert (found.status, found.code) == answer


def test_not_reported_keeps_what_the_county_has():
    assert claim_answer(Claim(State.NOT_REPORTED), "F", AT, []).status == "kept"


@pytest.mark.parametrize(
    ("before", "now", "same_file", "lost"),
    [
        (("ab", ""), ("ab", ""), True, ""),
        (("ab", ""), ("a", "b"), True, ""),
        (("ab", ""), ("a", ""), True, "b"),
        (("a", "b"), ("a", ""), True, "b"),
        (("a", "b"), ("ab", ""), True, ""),
        (("ab", ""), ("c", ""), False, ""),
    ],
)
def test_rows_never_vanish_silently(before, now, same_file, lost):
    ids = [RowIds(frozenset(live), frozenset(gone)) for live, gone in (before, now)]
    assert vanished(*ids, same_file=same_file) == frozenset(lost)


def test_only_a_newer_major_schema_waits():
    assert schema_answer((2, 0), (1, 3)).code == "too_new"
    assert schema_answer((1, 9), (1, 3)) is None
    assert schema_answer((1, 0), (2, 0)) is None
