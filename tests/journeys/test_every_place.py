"""Every page there is, reached by a person from the start page: lines of the navigation by clicks, the others by their buttons."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt

from tests.journeys.county_people import SchoolPc
from tests.journeys.hands import open_file
from tests.journeys.people import CONTROL, County, button, click, press, said, walk_to
from tests.journeys.test_county_catalogs import reported
from tests.ui.conftest import school_file, school_template
from tests.ui.doubles import ScriptedMessages
from ui.main_window import MainWindow
from ui.places import COUNTY, SCHOOL, START, flat

__all__ = ["reported", "school_file", "school_template"]

Way = Callable[[MainWindow], object]
BY_BUTTON: dict[str, Way] = {
    "new_county": lambda w: click(_page(w, "start").ways["new_county"]),
    "import": lambda w: click(_page(w, "room").output.import_button),
    "safety_check": lambda w: click(_page(w, "daily_check").plain),
    "hazard_table": lambda w: click(_page(w, "hazard").plain),
    "checkup_table": lambda w: click(_page(w, "checkup").plain),
    "county_enrol": lambda w: click(button(_page(w, "county_roster"), "核准入网")),
    "county_policy": lambda w: (click(_page(w, "county_catalogs").views["policy"]), click(w.page.whole)),  # type: ignore[union-attr]
    "county_year": lambda w: click(button(_page(w, "county_indicators"), "年度结账")),
}
"""Places without a line in the navigation → how a person comes there."""


def _page(window: MainWindow, place: str) -> Any:
    return walk_to(window, place)


def visit(window: MainWindow, messages: ScriptedMessages, places: Any) -> None:
    """Go to each of these places; nothing is asked and nothing fails on the way."""
    for place in flat(places):
        (BY_BUTTON[place.id] if place.hidden else lambda w, p=place.id: walk_to(w, p))(window)
        assert window.place == place.id
        page: Any = window.page
        assert page.title_row.title.text()
        said(window)
        press(window, Qt.Key.Key_F1)
        press(window, Qt.Key.Key_F1)
    assert [a for a in messages.asked if a.kind != "open"] == []


def test_every_page_of_the_start(make_window: Callable[[], MainWindow], messages: ScriptedMessages) -> None:
    visit(make_window(), messages, START)


def test_every_page_of_a_school(
    make_window: Callable[[], MainWindow], messages: ScriptedMessages, school_file: Path
) -> None:
    window = make_window()
    open_file(window, messages, school_file)
    visit(window, messages, SCHOOL)


def test_every_page_of_a_county(
    make_window: Callable[[], MainWindow], messages: ScriptedMessages, county: County, reported: SchoolPc
) -> None:
    window = make_window()
    open_file(window, messages, county.file)
    visit(window, messages, COUNTY)
    press(window, Qt.Key.Key_1, CONTROL)
    assert window.place == "county_home"
