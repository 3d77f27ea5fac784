"""The walks of the window proof: every page of a file, and what a person does there day by day."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractItemView, QApplication, QHeaderView

from tests.journeys.hands import CONTROL, button, click, close_file, from_menu, open_file, press, said, walk_to, write
from tests.proof._county import PASSPHRASE
from tests.ui.heart import settle, watched
from ui.places import flat, of_side

Say = Callable[[str], None]


class Walk:
    """Counts what is done. A page is left by the navigation, as a person does."""

    def __init__(self, window: Any, messages: Any, say: Say) -> None:
        self.window, self.messages, self.say, self.acts = window, messages, say, 0

    def to(self, place: str) -> Any:
        """Go to a page."""
        self.acts += 1
        page = walk_to(self.window, place)
        settle()
        return page

    def press(self, widget: Any, key: Qt.Key, with_: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """Press a key."""
        self.acts += 1
        press(widget, key, with_)

    def click(self, one: Any) -> None:
        """Click a button."""
        self.acts += 1
        click(one)

    def search(self, field: Any, words: str) -> None:
        """Type a search and wipe it."""
        self.acts += 2
        with watched(f"{self.window.place}: search"):
            QTest.mouseClick(field, Qt.MouseButton.LeftButton)
        write(words)
        field.selectAll()
        press(field, Qt.Key.Key_Delete)

    def sort(self, table: QAbstractItemView, column: int) -> None:
        """Click the head of a column."""
        self.acts += 1
        head = table.findChild(QHeaderView)
        heads = [h for h in table.findChildren(QHeaderView) if h.orientation() == Qt.Orientation.Horizontal]
        head = heads[0]
        where = head.rect().center()
        where.setX(head.sectionViewportPosition(column) + 20)
        with watched(f"{self.window.place}: sort"):
            QTest.mouseClick(head.viewport(), Qt.MouseButton.LeftButton, pos=where)
            settle()


def walk_school(window: Any, messages: Any, path: Path, say: Say) -> int:
    """A large school: all its pages, searching, sorting, typing, checking, planning a submission, closing."""
    walk = Walk(window, messages, say)
    open_file(window, messages, path)
    places = [p.id for p in flat(of_side("school", window.workspace.registers())) if not p.hidden]
    for place in places:
        walk.to(place)
    for place in ("equipment", "staff", "room"):
        _register(walk, walk.to(place))
    _change(walk)
    problems = walk.to("problems")
    walk.press(window, Qt.Key.Key_F9)
    walk.click(problems.chips["doubt"])
    walk.press(problems.table, Qt.Key.Key_Return)
    settings = walk.to("settings")
    walk.click(settings.audit_line.buttons[0])
    walk.click(settings.backup_button)
    for place in places:
        walk.to(place)
    close_file(window)
    return walk.acts


def _register(walk: Walk, page: Any) -> None:
    """What is done in a register all day."""
    walk.search(page.filters.search, "示例 3")
    walk.sort(page.table, 2)
    walk.sort(page.table, 2)
    page.table.setFocus()
    for key in (Qt.Key.Key_End, Qt.Key.Key_Home):
        walk.press(page.table, key, CONTROL)
    for _step in range(3):
        walk.press(page.table, Qt.Key.Key_Down)
    walk.press(page.table, Qt.Key.Key_F3)
    walk.press(walk.window, Qt.Key.Key_N, CONTROL)
    page.form.go_to_field("remark")
    write("走一走")
    walk.press(walk.window, Qt.Key.Key_Escape)
    page.table.setFocus()
    walk.press(page.table, Qt.Key.Key_Home, CONTROL)
    page.form.go_to_field("remark")
    write("走一走")
    walk.press(walk.window, Qt.Key.Key_Return, CONTROL)
    walk.press(walk.window, Qt.Key.Key_Z, CONTROL)
    walk.press(walk.window, Qt.Key.Key_Y, CONTROL)


def _change(walk: Walk) -> None:
    """A form that links to the large register."""
    page = walk.to("equipment_change")
    walk.press(walk.window, Qt.Key.Key_N, CONTROL)
    page.form.go_to_field("equipment")
    field = QApplication.focusWidget()
    walk.press(field, Qt.Key.Key_F4)
    write("课桌")
    walk.press(field, Qt.Key.Key_Escape)


def walk_county(window: Any, messages: Any, path: Path, say: Say) -> int:
    """A large county: all its pages twice, with the acts of a month between."""
    walk = Walk(window, messages, say)
    open_file(window, messages, path)
    places = [p.id for p in flat(of_side("county", ())) if not p.hidden]
    for place in places:
        walk.to(place)
    stick = path.parent / "回执"
    stick.mkdir()
    _tables(walk)
    messages.will_answer(PASSPHRASE)
    walk.click(walk.to("county_keys").unlock)
    _review(walk)
    walk.to("county_receipts")
    messages.will_answer(str(stick))
    walk.press(window, Qt.Key.Key_Return, CONTROL)
    walk.to("county_kit")
    messages.will_answer(str(stick))
    walk.press(window, Qt.Key.Key_Return, CONTROL)
    walk.to("county_take_in")
    messages.will_answer(str(path.parent / "stick0"))
    walk.press(window, Qt.Key.Key_F5)
    _figures(walk)
    walk.to("county_work")
    messages.will_answer("reread")
    walk.click(window.page.again)
    say(said(window))
    for place in places:
        walk.to(place)
    from_menu(window, "关闭文件")
    return walk.acts


def _tables(walk: Walk) -> None:
    for place in ("county_assets", "county_safety", "county_people"):
        page = walk.to(place)
        for name in page.chips:
            walk.click(page.chips[name])
            walk.search(page.search, "示例 3")
            walk.sort(page._table(), 2)
        page.school.setFocus()
        write("第7希望")
        walk.press(page.school, Qt.Key.Key_Return)


def _review(walk: Walk) -> None:
    page = walk.to("county_board")
    page.table.cells.setFocus()
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Right, Qt.Key.Key_Down):
        walk.press(page.table.cells, key)
    walk.search(page.search, "第1")
    walk.click(page.chips["missing"])
    walk.click(page.chips["missing"])
    if page.accept_all.isEnabled():
        walk.click(page.accept_all)
    roster = walk.to("county_roster")
    walk.search(roster.search, "希望2")
    walk.press(roster.grid, Qt.Key.Key_Down)


def _figures(walk: Walk) -> None:
    page = walk.to("county_indicators")
    walk.press(page.measures, Qt.Key.Key_Down)
    walk.click(button(page, "年度结账"))
    walk.messages.will_answer("close")
    walk.press(walk.window, Qt.Key.Key_Return, CONTROL)
    walk.click(button(walk.to("county_indicators"), "年度结账"))
