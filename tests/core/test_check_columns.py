"""Checking by column finds exactly what checking row by row finds, in the same order."""

from collections.abc import Iterator
from itertools import chain
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eduplan_desktop.problems import Problem
from eduplan_desktop.registers import equipment
from eduplan_desktop.registers.catalog import REGISTERS, register
from eduplan_desktop.registers.check import FieldChecker, check_register, check_row
from eduplan_desktop.registers.columns import Columns, Screened
from eduplan_desktop.registers.model import Field, Kind, Register, Row, Value
from eduplan_desktop.registers.text import search_text, search_texts
from eduplan_desktop.registers.travel import well_formed_together
from tests.core.registers_world import World, a_world, good, uid

ODD: list[Value] = [
    None,
    0,
    1,
    -1,
    10**16,
    "",
    "甲\u202e乙",
    "甲\n乙",
    "e\u0301",
    "x" * 300,
    "2025",
    "2026-13",
    "2031-01-01",
    "S",
    "A",
    "3",
]
"""Values that are wrong in many fields and right in some."""


def row_by_row(one: Register, world: World) -> list[Problem]:
    """The check as a person would do it: each row by itself, then rules across the rows that can be relied on."""
    found = [p for row in world.rows(one.name) for p in check_row(one, row, world)]
    codes = {(p.row, p.field, p.code) for p in found}
    unsound = {
        row["id"]
        for row in world.rows(one.name)
        for field in one.open_fields
        if any(r == row["id"] and f == field.name and c in FIELD_CODES for r, f, c in codes)
    }
    sound = World(**{**world.held, one.name: [r for r in world.rows(one.name) if r["id"] not in unsound]})
    return found + list(chain.from_iterable(rule(one, sound, world) for rule in one.group_rules))


FIELD_CODES = frozenset(
    (
        "stored_wrong",
        "too_long",
        "refused_character",
        "too_small",
        "too_large",
        "not_date",
        "not_yes_no",
        "choice_unknown",
        "choice_retired",
        "link_missing",
        "results_item_unknown",
        "results_unreadable",
        "school_code_shape",
        "school_code_old",
        "school_code_kind",
        "school_code_province",
        "date_impossible",
    )
)
"""Codes that say a field's value by itself cannot be relied on."""


class ByColumn(World):
    """A world that has its rows by column too, as a file has."""

    def columns(self, name: str) -> Columns:
        """The rows of a register by column."""
        return Columns.of(self.rows(name))


def key(found: list[Problem]) -> list[tuple[Any, ...]]:
    """All of a finding that can be compared."""
    return [(p.code, p.severity, p.register, p.row, p.field, tuple(sorted(p.params.items())), p.fix) for p in found]


@st.composite
def rows_of(draw: st.DrawFn, one: Register) -> list[Row]:
    """Good rows with some fields changed to what other rows hold, or to something odd."""
    changes = st.dictionaries(
        st.sampled_from([f.name for f in one.open_fields]),
        st.one_of(st.sampled_from(ODD), st.integers(-5, 400)),
        max_size=4,
    )
    many = draw(st.lists(changes, max_size=8))
    return [good(one.name, n + 1000, **changed) for n, changed in enumerate(many)]


@pytest.mark.parametrize("one", REGISTERS, ids=[r.name for r in REGISTERS])
@given(data=st.data())
@settings(max_examples=60)
def test_the_same_findings_in_the_same_order(one: Register, data: st.DataObject) -> None:
    rows = data.draw(rows_of(one))
    world = a_world(**{one.name: rows})
    wanted = key(row_by_row(one, world))
    assert key(check_register(one, world, world)) == wanted
    assert key(check_register(one, ByColumn(**world.held), world)) == wanted


def test_a_ledger_with_twins_and_odd_prices() -> None:
    one = register("equipment")
    rows = [good("equipment", n, asset_no=f"A-{n % 40}", price=(10_000 if n % 9 else 900_000)) for n in range(60)]
    world = a_world(equipment=rows)
    found = check_register(one, ByColumn(**world.held), world)
    assert key(found) == key(row_by_row(one, world))
    codes = {p.code for p in found}
    assert {"duplicate", "price_unusual", "value_not_product"} <= codes


@given(st.data())
@settings(max_examples=200)
def test_a_screen_never_leaves_a_row_out(data: st.DataObject) -> None:
    one = data.draw(st.sampled_from(REGISTERS))
    numbers, days = st.integers(0, 9), st.sampled_from(["2019", "2019-05", "2019-05-02", "2031-01-01", "1999-12"])
    drawn = {
        f.name: numbers
        if f.kind in (Kind.WHOLE, Kind.DECIMAL, Kind.MONEY)
        else days
        if f.kind is Kind.DATE
        else st.sampled_from("123456")
        for f in one.open_fields
    }
    rows: list[Row] = [
        {"id": uid(n), **{name: data.draw(st.none() | s) for name, s in drawn.items()}}
        for n in range(data.draw(st.integers(0, 3)))
    ]
    world, table = a_world(), Columns.of(rows)
    for rule in one.rules:
        if isinstance(rule, Screened):
            speaks = [n for n, row in enumerate(rows) if list(rule(row, world))]
            assert set(speaks) <= set(rule.suspects(table, world))


def kinds_of(kind: Kind) -> Iterator[Field]:
    """Fields of a kind with and without limits."""
    places = 2 if kind is Kind.MONEY else 0
    yield Field("f", kind, "项", max_length=6, places=places)
    yield Field("f", kind, "项", minimum=-3, maximum=50, max_length=6, places=places)


@given(
    st.lists(
        st.one_of(st.text(max_size=8), st.integers(-(10**17), 10**17), st.integers(-9, 60), st.booleans()), max_size=6
    )
)
def test_good_together_is_good_each(values: list[Value]) -> None:
    for field in (f for kind in (Kind.TEXT, Kind.LONG_TEXT, Kind.WHOLE, Kind.MONEY) for f in kinds_of(kind)):
        if well_formed_together(field, values):
            assert all(FieldChecker("room", field, a_world()).problem(uid(1), v) is None for v in values)


@given(st.lists(st.text(max_size=9), max_size=8))
def test_many_texts_are_folded_as_each_is(texts: list[str]) -> None:
    assert search_texts(texts) == [search_text((text,)) for text in texts]


def test_the_screens_of_a_ledger_name_few_rows() -> None:
    """What makes 50,000 rows quick: of good rows no screen names any."""
    table = Columns.of([good("equipment", n) for n in range(20)])
    screened = [rule for rule in equipment.EQUIPMENT.rules if isinstance(rule, Screened)]
    assert len(screened) == len(equipment.EQUIPMENT.rules)
    assert all(not list(rule.suspects(table, a_world())) for rule in screened)
