"""Day numbers in date columns: read where plausible and said, declined or counted from 1904 where the person says so."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eduplan_desktop.errors import ExchangeError
from eduplan_desktop.exchange.cells import Cell
from eduplan_desktop.exchange.mapping import from_json
from eduplan_desktop.exchange.plan import Existing, plan_import
from eduplan_desktop.exchange.prepare import prepare
from eduplan_desktop.exchange.reasons import reason
from eduplan_desktop.registers import kinds
from eduplan_desktop.registers.catalog import register
from eduplan_desktop.registers.catalogs import Catalogs
from tests.core.sheet_tools import sheet_of

CATALOGS = Catalogs.shipped()
EQUIPMENT = register("equipment")


def read(cell: Cell, serial: str = "", date1904: bool = False) -> tuple[Any, str, list[str]]:
    """(value, note, codes) of one cell of a date column."""
    page = sheet_of([["号", "日"], ["A-1", cell]])
    page.date1904 = date1904
    rule = {"field": "bought", "serial": serial} if serial else "bought"
    mapping = from_json({"columns": {"号": "asset_no", "日": rule}}, EQUIPMENT, CATALOGS)
    made = prepare(page, mapping, EQUIPMENT, CATALOGS)
    found = made.problems.get(0, [])
    assert all(reason(p) for p in found)
    return made.rows[0]["bought"], "；".join(n.note for n in made.noted(0)), [p.code for p in found]


@pytest.mark.parametrize(
    ("cell", "serial", "wanted"),
    [
        ("45321", "", "2024-01-30"),
        ("４５３２１", "", "2024-01-30"),
        ("45321.0", "", "2024-01-30"),
        ("45321.75", "", "2024-01-30"),
        ("45321", "1900", "2024-01-30"),
        ("43859", "1904", "2024-01-30"),
        (43859, "1904", "2024-01-30"),
        (45321, "", "2024-01-30"),
        ("20193", "1900", "1955-04-14"),
        ("2019", "1904", "2019"),
        ("20190305", "1904", "2019-03-05"),
        ("2019-03", "no", "2019-03"),
    ],
)
def test_what_a_day_number_is_read_as(cell: Cell, serial: str, wanted: str) -> None:
    value, note, codes = read(cell, serial)
    assert (value, codes) == (wanted, [])
    if isinstance(cell, str) and "4" in kinds.narrow(cell)[:2]:
        assert wanted in note, "the person sees how it was read"


@pytest.mark.parametrize(
    ("cell", "serial", "code"),
    [
        ("20193", "", "serial_ambiguous"),
        ("19985", "", "serial_ambiguous"),
        ("45321", "no", "serial_declined"),
        (45321, "no", "serial_declined"),
        ("12345", "", "not_date"),
        ("99999", "", "not_date"),
        ("453210", "", "date_impossible"),
        ("4532", "", "date_impossible"),
    ],
)
def test_what_is_no_day_is_refused_in_words(cell: Cell, serial: str, code: str) -> None:
    value, _note, codes = read(cell, serial)
    assert value is None
    assert codes == [code] or (code == "date_impossible" and codes == ["not_date"])


def test_a_file_that_counts_from_1904_may_be_overruled() -> None:
    assert read(43859, date1904=True)[0] == "2024-01-30"
    assert read(45321, "1900", date1904=True)[0] == "2024-01-30"


def test_typing_knows_no_day_numbers() -> None:
    assert kinds.parse(EQUIPMENT.by_name["bought"], "45321", CATALOGS).problem is not None


def test_an_unknown_way_of_counting_is_refused() -> None:
    with pytest.raises(ExchangeError):
        from_json({"columns": {"日": {"field": "bought", "serial": "1905"}}}, EQUIPMENT, CATALOGS)


@given(st.integers(18264, 73050))
def test_text_and_number_agree(day: int) -> None:
    said = read(str(day))
    if said[2]:
        assert said[2] == ["serial_ambiguous"]
        said = read(str(day), "1900")
    assert said[0] == read(day)[0]


@given(st.text("0123456789.-/年月日 ", max_size=12))
def test_any_text_is_a_date_or_refused(text: str) -> None:
    page = sheet_of([["号", "日"], ["A-1", text]])
    mapping = from_json({"columns": {"号": "asset_no", "日": "bought"}}, EQUIPMENT, CATALOGS)
    assert plan_import(prepare(page, mapping, EQUIPMENT, CATALOGS), Existing(EQUIPMENT, [])).read == 1
