"""A school's first round trip by keys and clicks: new file, a record, sheets, joining, a bundle, the receipt, a correction."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from eduplan_desktop.acts import sample
from tests.journeys.people import CONTROL, County, click, press, said, walk_to, write
from tests.ui.doubles import ScriptedMessages
from ui.main_window import MainWindow
from ui.register_screen import RegisterScreen
from ui.screens.import_screen import ImportScreen
from ui.screens.join_screen import JoinScreen
from ui.screens.receipts import ReceiptsScreen
from ui.screens.submit_screen import SubmitScreen
from ui.screens.today import TodayScreen

SCHOOL = sample.schools(1)[0]
SHEETS = ("school", "staff", "room", "school_year", "equipment", "safety_check", "hazard", "drill")
PLACES = {"safety_check": "daily_check"}
"""Registers whose page has another name; pages that are no table have a button for the table."""


def new_school(window: MainWindow, messages: ScriptedMessages, folder: Path) -> None:
    """From the start page: a school file of one's own."""
    messages.will_answer(SCHOOL.name, str(folder / "本校.eduplan"))
    page: Any = window.page
    click(page.ways["new_school"])
    assert isinstance(window.page, TodayScreen)


def type_a_room(window: MainWindow) -> None:
    """One record by the keyboard alone."""
    page: Any = walk_to(window, "room")
    press(window, Qt.Key.Key_N, CONTROL)
    for name, words in (("name", "多功能教室"), ("room_type", "普通教室"), ("state", "在用")):
        page.form.go_to_field(name)
        write(words)
        press(QApplication.focusWidget(), Qt.Key.Key_Return)
    press(window, Qt.Key.Key_Return, CONTROL)
    assert page.model.rowCount() == 1


def import_sheet(window: MainWindow, messages: ScriptedMessages, register: str, sheet: Path) -> ImportScreen:
    """From the register's import button to the rows stored."""
    page: Any = walk_to(window, PLACES.get(register, register))
    if not isinstance(page, RegisterScreen):
        click(page.plain)
        page = window.page
    click(page.output.import_button)
    screen: Any = window.page
    assert isinstance(screen, ImportScreen)
    messages.will_answer(str(sheet))
    click(screen.empty.buttons[0])
    assert screen.rehearsed is not None, said(window)
    assert screen.rehearsed.counts["refused"] == 0, screen.rehearsed.plan.refused[:3]
    press(window, Qt.Key.Key_Return, CONTROL)
    assert screen.imported, (screen.go.text(), screen.go.isEnabled(), messages.asked[-1], said(window))
    return screen


def import_everything(window: MainWindow, messages: ScriptedMessages, folder: Path) -> None:
    """The sheets the school kept so far."""
    sheets = sample.write_sheets(folder, SCHOOL, 1, assets=40)
    for name in SHEETS:
        import_sheet(window, messages, name, sheets[name])


def join(window: MainWindow, county: County) -> str:
    """Apply with the kit on the stick; the school's own fingerprint, as on the paper."""
    page: Any = walk_to(window, "join")
    assert isinstance(page, JoinScreen)
    assert page.kit is not None, "the kit on the stick offers itself"
    assert not page.join.isEnabled()
    page.fingerprint.setFocus()
    write(county.fingerprint.replace("-", "").lower())
    assert page.match.words() == "和配置包一致"
    assert page.school.text() == SCHOOL.name
    press(window, Qt.Key.Key_Return, CONTROL)
    found = re.search(r"本校指纹 ([0-9A-Z-]+)", said(window))
    assert found, said(window)
    assert list(county.stick.glob("*.pdf")), "the form to be stamped lies on the stick"
    return found[1]


def submit(window: MainWindow) -> Any:
    """Explain what is in doubt and write the bundle."""
    page: Any = walk_to(window, "submit")
    assert isinstance(page, SubmitScreen)
    assert page.plan is not None
    assert page.plan.errors == [], [p.key for p in page.plan.errors]
    while page.checks.go_to_open():
        write("与凭证核对无误")
        press(QApplication.focusWidget(), Qt.Key.Key_Return)
    press(window, Qt.Key.Key_Return, CONTROL)
    assert page.done is not None, page.why.text()
    return page


@pytest.fixture
def window(make_window: Callable[[], MainWindow]) -> MainWindow:
    """The window on the start page."""
    made = make_window()
    made.resize(1366, 696)
    return made


def test_the_first_round_trip(
    window: MainWindow, messages: ScriptedMessages, county: County, stick: Path, tmp_path: Path
) -> None:
    county.prepare(SCHOOL.name)
    new_school(window, messages, tmp_path)
    type_a_room(window)
    import_everything(window, messages, tmp_path / "原有表格")

    county.enrol(join(window, county))
    county.write_kit()
    page: Any = walk_to(window, "join")
    kit = sorted(stick.glob("*.edukit"))[-1]
    messages.will_answer(str(kit))
    click(page.newer)
    assert "第 2 版" in said(window)

    page = submit(window)
    bundle = next(stick.glob("*.edub"))
    assert Path(page.done.made.bundle) == bundle
    assert "已读回核对，一致" in page.done.bar.text()
    assert "可以安全拔出" not in page.done.bar.text(), "nothing was ejected yet"
    messages.will_answer(str(tmp_path / "封面.pdf"))
    press(window, Qt.Key.Key_P, CONTROL)
    assert (tmp_path / "封面.pdf").read_bytes().startswith(b"%PDF")
    spare = tmp_path / "另一个U盘"
    spare.mkdir()
    messages.will_answer(str(spare))
    click(page.copy)
    assert (spare / bundle.name).read_bytes() == bundle.read_bytes()

    taken = county.take_in()
    assert [b["status"] for b in taken["bundles"]] == ["merged"]
    row = correct_what_came_back(window, county)
    change_and_report_again(window, messages, county, row)


def correct_what_came_back(window: MainWindow, county: County) -> str:
    """Read the first receipt, then one that returns a figure, and go where it points; the row returned."""
    page: Any = walk_to(window, "receipts")
    assert isinstance(page, ReceiptsScreen)
    press(window, Qt.Key.Key_Return, CONTROL)
    assert "已接收" in said(window)
    assert {line.cells[2].text.partition("，")[0] for line in page.items.lines.lines} == {"已接收待审"}

    rooms: Any = walk_to(window, "room")
    row = rooms.model.id_at(0)
    county.send_back("asset-2025", "room", row, "area", "使用面积与图纸不符")
    today: Any = walk_to(window, "today")
    click(today.read_receipts)
    page = window.page
    assert isinstance(page, ReceiptsScreen)
    assert "退回" in said(window)
    assert page.items.lines.lines[0].cells[2].text.startswith("退回")
    assert [line.cells[3].text for line in page.remarks.lines.lines] == ["使用面积与图纸不符"]
    assert window.navigation.list.places.badge("receipts") == "1"
    press(page.remarks, Qt.Key.Key_Return)
    assert window.place == "room"
    return row


def change_and_report_again(window: MainWindow, messages: ScriptedMessages, county: County, row: str) -> None:
    """Correct the figure where the remark points, and send the next bundle."""
    page: Any = window.page
    assert isinstance(page, RegisterScreen)
    QApplication.processEvents()
    assert page.form.record is not None
    assert page.form.record.id == row
    area: Any = page.form.body.editor("area")
    assert area.widget.hasFocus(), "the cursor stands in the field the remark is about"
    area.widget.selectAll()
    write("61.5")
    press(window, Qt.Key.Key_Return, CONTROL)

    today: Any = walk_to(window, "today")
    assert any(t.state == "returned" for t in today.tasks.tasks.tasks)
    page = submit(window)
    assert page.done.made.sequence == 2
    taken = county.take_in()
    assert "merged" in [b["status"] for b in taken["bundles"]]
    walk_to(window, "receipts")
    press(window, Qt.Key.Key_Return, CONTROL)
    assert "第 2 包" in said(window)
