"""Importing at the window: headings under title lines, columns corrected by hand, values and units, refusals, undo, report."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from tests.journeys.people import CONTROL, button, click, press, said, walk_to, write
from tests.ui.doubles import ScriptedMessages
from ui.main_window import MainWindow
from ui.screens.import_screen import ImportScreen
from ui.widgets.pickers import Picker

ROOMS = [
    ["2025 年教室登记表"],
    ["填报单位：青石岭小学（示例）"],
    ["场所", "号", "属于", "平方", "网络", "状况"],
    ["一年级１班", "101", "普通教室", "６５", 1, "在用"],
    ["二年级1班", "102", "普通教室", "61.5㎡", 0, "在用"],
    ["图书室", "103", "图书室", "约60", 1, "在用"],
    ["合计", "", "", 186.5],
]

OWN = {
    "场所": "房间名称",
    "号": "室号",
    "属于": "用途",
    "平方": "使用面积",
    "网络": "网络多媒体教室",
    "状况": "状态",
}
"""Headings of this sheet → what they are."""


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    """A sheet as a clerk keeps it, with headings of their own."""
    path = tmp_path / "教室登记表.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        page = book.add_worksheet("教室")
        for number, row in enumerate(ROOMS):
            page.write_row(number, 0, row)
    return path


@pytest.fixture
def window(make_window: Callable[[], MainWindow], messages: ScriptedMessages, tmp_path: Path) -> MainWindow:
    """A window in which a school file was just made."""
    made = make_window()
    made.resize(1366, 696)
    messages.will_answer("青石岭小学（示例）", str(tmp_path / "本校.eduplan"))
    page: Any = made.page
    click(page.ways["new_school"])
    return made


def start(window: MainWindow, messages: ScriptedMessages, sheet: Path) -> Any:
    """From the register to the sheet as it stands."""
    page: Any = walk_to(window, "room")
    click(page.output.import_button)
    screen: Any = window.page
    assert isinstance(screen, ImportScreen)
    messages.will_answer(str(sheet))
    click(screen.empty.buttons[0])
    return screen


def choose(screen: Any, heading: str, words: str) -> None:
    """Say where a column goes, by typing and Enter."""
    picker: Picker = screen.columns.pickers[heading]
    picker.setFocus()
    picker.selectAll()
    write(words)
    press(picker, Qt.Key.Key_Return)


def point_at_headings(screen: Any, line: int) -> None:
    """Enter on the line that holds the headings."""
    screen.raw.setFocus()
    screen.raw.setCurrentIndex(screen.raw.lines.index(line - 1, 0))
    press(screen.raw, Qt.Key.Key_Return)


def test_a_sheet_with_headings_of_its_own(
    window: MainWindow, messages: ScriptedMessages, sheet: Path, tmp_path: Path
) -> None:
    screen = start(window, messages, sheet)
    point_at_headings(screen, 3)
    for heading, words in OWN.items():
        choose(screen, heading, words)
    assert screen.columns.mapping.columns["场所"][0].field == "name"
    counts = screen.rehearsed.counts
    assert (counts["read"], counts["stored"], counts["refused"]) == (3, 2, 1), said(window)
    assert screen.go.text() == "导入 2 行"
    click(screen.preview.chips["refused"])
    assert screen.preview.table.lines.rowCount() == 1
    refused = [c.text for c in screen.preview.table.lines.lines[0].cells]
    assert any("使用面积" in words for words in refused)
    click(screen.preview.read)
    assert screen.preview.table.lines.rowCount() == 3
    press(window, Qt.Key.Key_F3)
    assert screen.preview.table.lines.lines[screen.preview.table.currentIndex().row()].strip is not None

    press(window, Qt.Key.Key_Return, CONTROL)
    assert screen.imported
    assert "读入 3 = 新增 2" in said(window)
    report = tmp_path / "报告.xlsx"
    messages.will_answer(str(report))
    click(screen.report)
    assert openpyxl.load_workbook(report).sheetnames
    press(window, Qt.Key.Key_Return, CONTROL)
    rooms: Any = window.page
    assert window.place == "room"
    assert rooms.model.rowCount() == 2


def test_undo_takes_the_whole_import_back(window: MainWindow, messages: ScriptedMessages, sheet: Path) -> None:
    screen = start(window, messages, sheet)
    point_at_headings(screen, 3)
    for heading, words in (("场所", "房间名称"), ("属于", "用途"), ("状况", "状态")):
        choose(screen, heading, words)
    press(window, Qt.Key.Key_Return, CONTROL)
    assert screen.imported
    click(button(screen, "撤销"))
    assert not screen.imported
    rooms: Any = walk_to(window, "room")
    assert rooms.model.rowCount() == 0

    click(rooms.output.import_button)
    messages.will_answer(str(sheet))
    click(screen.other)
    point_at_headings(screen, 3)
    assert screen.columns.mapping.columns["场所"][0].field == "name", "the mapping of these headings is remembered"


def test_words_of_the_sheet_are_translated_and_the_cell_may_stay_out(
    window: MainWindow, messages: ScriptedMessages, sheet: Path
) -> None:
    screen = start(window, messages, sheet)
    point_at_headings(screen, 3)
    for heading, words in (("场所", "房间名称"), ("属于", "用途"), ("平方", "使用面积"), ("状况", "状态")):
        choose(screen, heading, words)
    screen.source.bad.setFocus()
    press(screen.source.bad, Qt.Key.Key_Right)
    assert screen.rehearsed.counts["refused"] == 0, "the row goes in without the cell"
    assert screen.preview.table.lines.lines[2].strip is not None

    screen.columns.rule_wanted.emit("属于")
    field = screen.rule.values["图书室"]
    field.setFocus()
    write("普通教室")
    press(field, Qt.Key.Key_Return)
    click(screen.rule.use)
    assert screen.columns.mapping.columns["属于"][0].values == {"图书室": "普通教室"}
    assert screen.columns.pickers["属于"].isVisible()
    press(window, Qt.Key.Key_Return, CONTROL)
    rooms: Any = walk_to(window, "room")
    assert rooms.model.rowCount() == 3


def test_a_value_for_every_row(window: MainWindow, messages: ScriptedMessages, sheet: Path) -> None:
    screen = start(window, messages, sheet)
    point_at_headings(screen, 3)
    for heading, words in (("场所", "房间名称"), ("属于", "用途")):
        choose(screen, heading, words)
    assert screen.rehearsed.counts["refused"] == 3, "状态 is required and the sheet has no column for it"
    constant = screen.columns.constants["state"]
    constant.setFocus()
    write("在用")
    press(constant, Qt.Key.Key_Return)
    assert screen.columns.mapping.constants == {"state": "在用"}
    assert screen.rehearsed.counts["stored"] == 3


def test_a_file_that_is_no_table_says_what_to_do(
    window: MainWindow, messages: ScriptedMessages, tmp_path: Path
) -> None:
    path = tmp_path / "照片.xlsx"
    path.write_bytes(b"\xff\xd8\xff\xe0" + bytes(200))
    screen = start(window, messages, path)
    assert messages.asked[-1].kind == "fault"
    assert messages.asked[-1].detail
    assert screen.empty.isVisible()
    QApplication.processEvents()


def test_a_blank_template_can_be_had(window: MainWindow, messages: ScriptedMessages, tmp_path: Path) -> None:
    page: Any = walk_to(window, "room")
    click(page.output.import_button)
    screen: Any = window.page
    target = tmp_path / "模板.xlsx"
    messages.will_answer(str(target))
    click(screen.empty.buttons[1])
    assert target.exists()
    assert "模板写好了" in said(window)


ASSETS = [
    ["资产编号", "资产名称", "取得方式", "购置日期", "数量", "原值", "使用状况", "存放地点", "楼层"],
    ["A-1", "课桌", "购置", "45321", 40, 4000, "在用", "一年级1班", 1],
    ["A-2", "投影仪", "购置", "2020-09-01", 1, 3000, "在用", "一年级1班", 1],
    ["A-3", "显微镜", "购置", "2020-09-01", 6, 5400, "在用", "科学实验室", 2],
    ["A-4", "扫帚", "购置", "2020-09-01", 6, 60, "在用", "", ""],
]


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    """A ledger that also says where things stand."""
    path = tmp_path / "设备台账.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        page = book.add_worksheet("台账")
        for number, row in enumerate(ASSETS):
            page.write_row(number, 0, row)
    return path


def split_off(screen: Any, words: str) -> None:
    """Send a part of the sheet to a further register, by typing and Enter."""
    more: Picker = screen.part_row.more
    more.setFocus()
    write(words)
    press(more, Qt.Key.Key_Return)


def hold(screen: Any, field: str, words: str) -> None:
    """A value for every row, by typing and Enter."""
    constant = screen.columns.constants[field]
    constant.setFocus()
    write(words)
    press(constant, Qt.Key.Key_Return)


def test_one_sheet_goes_to_two_registers(window: MainWindow, messages: ScriptedMessages, ledger: Path) -> None:
    page: Any = walk_to(window, "equipment")
    click(page.output.import_button)
    screen: Any = window.page
    messages.will_answer(str(ledger))
    click(screen.empty.buttons[0])
    serial = screen.preview.table.lines.lines[0].cells
    assert any("2024-01-30" in cell.text for cell in serial), "the day number is shown as the date it will be stored as"

    split_off(screen, "房间")
    assert [chip.text() for chip in screen.part_row.chips] == ["设备台账", "房间"]
    assert screen.rehearsed.counts["refused"] == 3, "用途 and 状态 are required and the sheet does not say them"
    assert screen.rehearsed.plan.not_meant == 1
    hold(screen, "room_type", "普通教室")
    hold(screen, "state", "在用")
    assert screen.rehearsed.counts == {"read": 3, "stored": 2, "updated": 0, "unchanged": 1, "refused": 0, "skipped": 1}
    press(window, Qt.Key.Key_PageDown, CONTROL)
    assert screen.part_row.chips[0].isChecked()
    assert screen.rehearsed.counts["stored"] == 4
    assert screen.go.text() == "导入 6 行"

    press(window, Qt.Key.Key_Return, CONTROL)
    assert screen.imported
    assert "“设备台账” 读入 4 = 新增 4" in said(window)
    assert "“房间” 读入 3 = 新增 2" in said(window)
    rooms: Any = walk_to(window, "room")
    assert rooms.model.rowCount() == 2

    assets: Any = walk_to(window, "equipment")
    assert assets.model.rowCount() == 4
    click(assets.output.import_button)
    screen = window.page
    messages.will_answer(str(ledger))
    click(screen.empty.buttons[0])
    assert [chip.text() for chip in screen.part_row.chips] == ["设备台账", "房间"], "the split is remembered"
    assert [r.counts["stored"] + r.counts["updated"] for r in screen.rehearsals] == [0, 0]


def test_a_register_can_be_taken_out_again_and_rows_chosen(
    window: MainWindow, messages: ScriptedMessages, ledger: Path
) -> None:
    page: Any = walk_to(window, "equipment")
    click(page.output.import_button)
    screen: Any = window.page
    messages.will_answer(str(ledger))
    click(screen.empty.buttons[0])
    split_off(screen, "房间")
    click(screen.part_row.drop)
    assert len(screen.parts) == 1
    assert not screen.part_row.drop.isVisible()
    column = screen.part_row.column
    column.setFocus()
    column.selectAll()
    write("资产名称")
    press(column, Qt.Key.Key_Return)
    write("课桌、投影仪")
    press(screen.part_row.words, Qt.Key.Key_Return)
    assert screen.rehearsed.counts["read"] == 2
    assert screen.rehearsed.plan.not_meant == 2
    column.setFocus()
    column.selectAll()
    write("全部行")
    press(column, Qt.Key.Key_Return)
    assert screen.rehearsed.counts["read"] == 4


def test_day_numbers_can_be_declined(window: MainWindow, messages: ScriptedMessages, ledger: Path) -> None:
    page: Any = walk_to(window, "equipment")
    click(page.output.import_button)
    screen: Any = window.page
    messages.will_answer(str(ledger))
    click(screen.empty.buttons[0])
    screen.columns.rule_wanted.emit("购置日期")
    screen.rule.serial.setFocus()
    write("4")
    click(screen.rule.use)
    assert screen.columns.mapping.columns["购置日期"][0].serial == "no"
    assert screen.rehearsed.counts["refused"] == 1
