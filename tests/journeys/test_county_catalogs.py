"""Catalogues and the tables of all schools at the county's window."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt

from tests.journeys import county_hands as hands
from tests.journeys.county_people import SchoolPc, schools
from tests.journeys.people import CONTROL, County, click, press, said, walk_to, write
from tests.ui.doubles import ScriptedMessages
from ui.main_window import MainWindow


@pytest.fixture
def window(make_window: Callable[[], MainWindow], messages: ScriptedMessages, county: County) -> MainWindow:
    """The county's file, opened from the start page."""
    made: Any = make_window()
    made.resize(1366, 696)
    messages.will_answer(str(county.file))
    click(made.page.ways["open"])
    return made  # type: ignore[no-any-return]


def test_a_catalogue_is_read_tried_and_taken(window: MainWindow, messages: ScriptedMessages, tmp_path: Path) -> None:
    sheet = tmp_path / "房间用途.csv"
    sheet.write_text("代码,名称\nX1,试验用房\nX2,另一种\nX2,重复的\n", encoding="utf-8")
    page: Any = walk_to(window, "county_catalogs")
    page.search.setFocus()
    write("房间用途")
    assert page.catalogs.lines.rowCount() == 1
    before = page.catalogs.lines.lines[0].cells[1].text
    messages.will_answer(str(sheet))
    press(window, Qt.Key.Key_N, CONTROL)
    assert "重复" in page.found.text() or "拒收 1 行" in page.found.text()
    hands.fill(page.import_form, mode="补充，原有的留着", version="2026")
    press(window, Qt.Key.Key_Return, CONTROL)
    assert "导入了 2 条" in said(window)
    assert int(page.catalogs.lines.lines[0].cells[1].text) == int(before) + 2


@pytest.fixture
def reported(tmp_path: Path, stick: Path, county: County) -> SchoolPc:
    """A school whose records the county has."""
    pc = schools(tmp_path, stick, 1)[0]
    county.prepare(pc.name)
    pc.begin("equipment")
    county.enrol(pc.ask(county.uid))
    pc.submit("stat-2025,asset-2025")
    county.take_in()
    return pc


def test_the_registers_of_all_schools_are_read_searched_and_exported(
    reported: SchoolPc, window: MainWindow, messages: ScriptedMessages, tmp_path: Path
) -> None:
    page: Any = walk_to(window, "county_assets")
    total = page._model().rowCount()
    assert total == 12
    assert page._model().name_at(0) == reported.name
    press(window, Qt.Key.Key_F, CONTROL)
    write("没有这样的东西")
    assert page.stack.currentWidget() is page.nothing
    click(page.nothing.buttons[0])
    assert page._model().rowCount() == total
    press(page._table(), Qt.Key.Key_A)
    press(page._table(), Qt.Key.Key_F2)
    assert page._model().rowCount() == total, "the county changes nothing of a school"
    page.school.setFocus()
    write(reported.name)
    press(page.school, Qt.Key.Key_Return)
    assert reported.name in page.title_row.subtitle.text()
    click(page.chips["room"])
    assert page._register == "room"
    assert page._model().rowCount() > 0
    click(page.chips["equipment"])
    messages.will_answer(str(tmp_path / "all.csv"))
    click(page.export)
    text = (tmp_path / "all.csv").read_text(encoding="utf-8-sig")
    assert text.splitlines()[0].startswith("学校,")
    assert len(text.splitlines()) == total + 1


def test_an_item_of_the_calendar_is_written_in_words(window: MainWindow, messages: ScriptedMessages) -> None:
    page = hands.make_calendar(window, messages)
    count = page.grid.lines.rowCount()
    press(window, Qt.Key.Key_N, CONTROL)
    hands.fill(page.form, id="extra-2026", title="临时补报", period="2026", due="2026-04-30")
    hands.fill(page.form, slices="隐患台账 2026、房间", required="学校概况.办学类型")
    press(window, Qt.Key.Key_Return, CONTROL)
    assert "已保存 临时补报" in said(window), page.form.fault.text()
    assert page.grid.lines.rowCount() == count + 1
    assert page.grid.current_key() == "extra-2026"
    assert page.form.values()["slices"] == "隐患台账 2026、房间"
    hands.fill(page.form, slices="没有这样的登记册")
    press(window, Qt.Key.Key_Return, CONTROL)
    assert "没有名为" in page.form.fault.text()
    messages.will_answer("drop")
    click(page.drop)
    assert page.grid.lines.rowCount() == count
