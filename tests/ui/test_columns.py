"""Which columns are seen, and how wide."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eduplan_desktop.registers.catalog import REGISTERS
from eduplan_desktop.registers.model import Kind, Register
from ui.columns import FEWEST, FILTERED, GIVING, MORE, ORDER, columns_of, fitted, narrowest, shown_columns

EQUIPMENT = next(r for r in REGISTERS if r.name == "equipment")


@pytest.mark.parametrize("register", REGISTERS, ids=lambda r: r.name)
def test_every_register_has_columns_that_name_its_rows(register: Register) -> None:
    columns = columns_of(register)
    names = [c.field.name for c in columns]
    assert len(names) == len(set(names))
    assert set(names) <= {f.name for f in register.open_fields}
    assert any(c.basic for c in columns)
    assert not any(c.field.kind is Kind.RESULTS for c in columns)


def test_the_tables_of_columns_name_fields_that_exist() -> None:
    by_name = {r.name: r for r in REGISTERS}
    for table in (ORDER, MORE, FILTERED):
        for register, names in table.items():
            assert set(names) <= set(by_name[register].by_name), register


def test_the_unit_stands_in_the_header() -> None:
    titles = {c.field.name: c.title for c in columns_of(EQUIPMENT)}
    assert titles["original_value"] == "原值（元）"
    assert titles["name"] == "资产名称"


def test_more_columns_where_there_is_more_room_and_fewer_where_there_is_none() -> None:
    columns = columns_of(EQUIPMENT)
    widths = [100] * len(columns)
    basic = sum(c.basic for c in columns)
    assert sum(shown_columns(columns, widths, 800, [])) == basic
    assert sum(shown_columns(columns, widths, 1500, [])) > basic
    few = shown_columns(columns, widths, 400, [])
    assert FEWEST <= sum(few) < basic
    assert few[0], "what names the row stays"
    chosen = shown_columns(columns, widths, 500, ["asset_no", "remark"])
    assert [c.field.name for c, on in zip(columns, chosen, strict=True) if on] == ["asset_no", "remark"]


@given(st.integers(300, 2000), st.data())
def test_columns_fit_where_they_can(room: int, data: st.DataObject) -> None:
    columns = columns_of(EQUIPMENT)
    widths = data.draw(st.lists(st.integers(40, 260), min_size=len(columns), max_size=len(columns)))
    kept = data.draw(st.sets(st.sampled_from([c.field.name for c in columns])))
    shown = shown_columns(columns, widths, room, [])
    made = fitted(columns, widths, shown, room, kept)
    for column, before, after, on in zip(columns, widths, made, shown, strict=True):
        assert narrowest(column, before) <= after <= before
        if not on or column.field.kind not in GIVING or column.field.name in kept:
            assert after == before
    total = sum(w for w, on in zip(made, shown, strict=True) if on)
    if not kept and sum(shown) > FEWEST:
        assert total <= room
    shrunk = [c for c, a, b in zip(columns, made, widths, strict=True) if a < b]
    if any(c.naming for c in shrunk):
        others = [
            (c, a, b)
            for c, a, b, on in zip(columns, made, widths, shown, strict=True)
            if on and not c.naming and c.field.kind in GIVING and c.field.name not in kept
        ]
        assert all(a == narrowest(c, b) for c, a, b in others), "what names the row gives way last"
