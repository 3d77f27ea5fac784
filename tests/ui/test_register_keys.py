"""The keyboard map on a register's page: every key pressed on a real window does what the map says, and F1 lists it."""

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget

from tests.ui.conftest import put
from tests.ui.test_table import cells, column
from ui.main_window import MainWindow
from ui.register_screen import RegisterScreen

Keys, None_ = Qt.Key, Qt.KeyboardModifier.NoModifier
CONTROL, SHIFT, ALT = (
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.AltModifier,
)


def focus() -> Any:
    """The widget with the cursor."""
    found = QApplication.focusWidget()
    assert found is not None
    return found


def press(key: Qt.Key, with_: Qt.KeyboardModifier = None_, to: QWidget | None = None) -> None:
    """A key where the cursor stands."""
    QTest.keyClick(to or focus(), key, with_)
    QApplication.processEvents()


def at(screen: RegisterScreen, row: int, name: str) -> None:
    """The table has the cursor in a cell."""
    screen.table.setFocus()
    screen.table.go_to(row, column(screen, name))
    QApplication.processEvents()


def in_form(screen: RegisterScreen, name: str) -> Any:
    """The cursor in a field of the form."""
    screen.form.go_to_field(name)
    QApplication.processEvents()
    return focus()


def row_of(screen: RegisterScreen) -> int:
    return screen.table.currentIndex().row()


def enter_down_and_up(s: RegisterScreen) -> None:
    at(s, 3, "spec")
    press(Keys.Key_Return)
    assert row_of(s) == 4
    press(Keys.Key_Return, SHIFT)
    assert row_of(s) == 3


def tab_right_and_left(s: RegisterScreen) -> None:
    at(s, 3, "spec")
    here = s.table.currentIndex().column()
    press(Keys.Key_Tab)
    assert s.table.currentIndex().column() > here
    press(Keys.Key_Backtab, SHIFT)
    assert s.table.currentIndex().column() == here


def typing_replaces(s: RegisterScreen) -> None:
    at(s, 3, "spec")
    QTest.keyClicks(s.table, "9")
    editor = focus()
    assert isinstance(editor, QLineEdit)
    assert editor.text() == "9"
    press(Keys.Key_Return)
    assert cells(s, "spec")[3] == "9"


def f2_edits_inside(s: RegisterScreen) -> None:
    at(s, 3, "spec")
    press(Keys.Key_F2)
    assert focus().text() == "82 英寸"
    press(Keys.Key_Escape)
    assert cells(s, "spec")[3] == "82 英寸"
    assert s.table.hasFocus()


def ctrl_d_as_above(s: RegisterScreen) -> None:
    at(s, 4, "name")
    above = cells(s, "name")[3]
    assert cells(s, "name")[4] != above
    press(Keys.Key_D, CONTROL)
    assert cells(s, "name")[4] == above


def ctrl_semicolon_today(s: RegisterScreen) -> None:
    at(s, 4, "bought")
    press(Keys.Key_Semicolon, CONTROL)
    assert cells(s, "bought")[4] == "2026-03-05"
    field = in_form(s, "bought")
    field.clear()
    press(Keys.Key_Semicolon, CONTROL)
    assert field.text() == "2026-03-05"


def list_by_f4_and_alt_down(s: RegisterScreen) -> None:
    field = in_form(s, "room")
    for key, with_ in ((Keys.Key_F4, None_), (Keys.Key_Down, ALT)):
        press(key, with_, field)
        assert field.list_open()
        press(Keys.Key_Escape, to=field)
        assert not field.list_open()


def list_in_a_cell(s: RegisterScreen) -> None:
    at(s, 3, "use_state")
    press(Keys.Key_F2)
    press(Keys.Key_F4)
    assert focus().list_open()
    press(Keys.Key_Escape)
    press(Keys.Key_Escape)


def ctrl_enter_finishes(s: RegisterScreen) -> None:
    at(s, 2, "spec")
    field = in_form(s, "spec")
    field.selectAll()
    QTest.keyClicks(field, "90")
    press(Keys.Key_Return, CONTROL)
    assert cells(s, "spec")[2] == "90"
    assert row_of(s) == 3


def escape_clears_the_search(s: RegisterScreen) -> None:
    at(s, 0, "spec")
    press(Keys.Key_F, CONTROL)
    assert s.filters.search.hasFocus()
    QTest.keyClicks(s.filters.search, "0007")
    assert s.model.rowCount() == 1
    press(Keys.Key_Escape)
    assert s.model.rowCount() == 12


def f3_walks_problems(s: RegisterScreen) -> None:
    at(s, 0, "spec")
    press(Keys.Key_F3)
    first = row_of(s)
    assert s.model.state_at(first) in ("error", "doubt")
    press(Keys.Key_F3)
    press(Keys.Key_F3, SHIFT)
    assert s.model.state_at(row_of(s)) in ("error", "doubt")


def f6_walks_panes(s: RegisterScreen) -> None:
    at(s, 0, "spec")
    seen = set()
    for _turn in range(4):
        press(Keys.Key_F6)
        seen.add(type(focus()).__name__)
    assert len(seen) >= 3


def ctrl_n_begins_a_record(s: RegisterScreen) -> None:
    at(s, 0, "spec")
    press(Keys.Key_N, CONTROL)
    assert s.form.record is not None
    assert s.form.record.new
    press(Keys.Key_Escape)


def undo_and_redo(s: RegisterScreen) -> None:
    at(s, 3, "spec")
    press(Keys.Key_Delete)
    assert cells(s, "spec")[3] == ""
    s.table.setFocus()
    press(Keys.Key_Z, CONTROL)
    assert cells(s, "spec")[3] == "82 英寸"
    press(Keys.Key_Y, CONTROL)
    assert cells(s, "spec")[3] == ""


def alt_arrows_step_records(s: RegisterScreen) -> None:
    at(s, 3, "spec")
    in_form(s, "spec")
    press(Keys.Key_Down, ALT)
    assert row_of(s) == 4
    press(Keys.Key_Up, ALT)
    assert row_of(s) == 3
    assert isinstance(focus(), QLineEdit), "the cursor stays in the form's field"


def enter_walks_the_form(s: RegisterScreen) -> None:
    at(s, 0, "spec")
    first = in_form(s, "name")
    press(Keys.Key_Return)
    second = focus()
    assert second is not first
    press(Keys.Key_Return, SHIFT)
    assert focus() is first


CASES: dict[str, Callable[[RegisterScreen], None]] = {
    "Enter / Shift+Enter": enter_down_and_up,
    "Enter / Shift+Enter (form)": enter_walks_the_form,
    "Tab / Shift+Tab": tab_right_and_left,
    "typing": typing_replaces,
    "F2": f2_edits_inside,
    "Ctrl+D": ctrl_d_as_above,
    "Ctrl+;": ctrl_semicolon_today,
    "F4 / Alt+↓": list_by_f4_and_alt_down,
    "F4 (cell)": list_in_a_cell,
    "Ctrl+Enter": ctrl_enter_finishes,
    "Ctrl+F, Esc": escape_clears_the_search,
    "F3 / Shift+F3": f3_walks_problems,
    "F6": f6_walks_panes,
    "Ctrl+N": ctrl_n_begins_a_record,
    "Ctrl+Z / Ctrl+Y": undo_and_redo,
    "Alt+↑ / Alt+↓": alt_arrows_step_records,
}


@pytest.mark.parametrize("key", CASES)
def test_a_key_does_what_the_map_says(key: str, assets: RegisterScreen) -> None:
    CASES[key](assets)


def test_ctrl_p_prints_and_ctrl_digits_and_ctrl_l_are_the_windows(
    assets: RegisterScreen, window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    from PySide6.QtWidgets import QMenu

    shown: list[int] = []
    monkeypatch.setattr(QMenu, "popup", lambda menu, *_at: shown.append(len(menu.actions())))
    at(assets, 0, "spec")
    press(Keys.Key_P, CONTROL)
    assert shown
    press(Keys.Key_L, CONTROL)
    assert assets.bars.bars
    press(Keys.Key_3, CONTROL)
    assert window.place != "equipment"


def test_f1_lists_every_key_of_the_map(assets: RegisterScreen, window: MainWindow) -> None:
    at(assets, 0, "spec")
    press(Keys.Key_F1)
    assert window.key_list.isVisible()
    said = " ".join(k for _title, keys in window.key_list.groups for k, _w in keys)
    for key in (
        *("Enter", "Shift+Enter", "Tab", "Shift+Tab", "F2", "Ctrl+D", "Ctrl+;", "F4", "Alt+↓", "Ctrl+Return", "Esc"),
        *("F3", "Shift+F3", "F6", "Ctrl+F", "Ctrl+N", "Ctrl+P", "Ctrl+Z", "Ctrl+Y", "Alt+↑", "Ctrl+1", "Ctrl+9"),
        *("Ctrl+L", "Ctrl+S", "F1", "Ctrl+C", "Ctrl+V", "Ctrl+Delete"),
    ):
        assert key in said.split() or key in said, key
    press(Keys.Key_Escape)
    assert not window.key_list.isVisible()


RECORDS: dict[str, dict[str, str]] = {
    "equipment_change": {"change": "移动", "change_date": "2026-02-03", "order_no": "单一"},
    "room": {"name": "多功能教室", "room_type": "普通教室", "state": "在用"},
    "staff": {"name": "新来的人", "category": "专任教师", "state": "在岗"},
    "safety_check": {"check_date": "2026-02-03", "inspector": "马示例"},
    "drill": {"drill_date": "2026-02-03", "drill_type": "消防"},
    "school_year": {"stat_year": "2025", "level": "小学"},
}


@pytest.mark.parametrize("name", RECORDS)
def test_every_register_searches_sorts_saves_undoes_drafts_and_tells_its_history(name: str, window: MainWindow) -> None:
    ws = window.workspace
    row_id = put(ws, name, **RECORDS[name])
    window.go(name)
    screen = window.page
    assert isinstance(screen, RegisterScreen)
    QApplication.processEvents()
    screen.go_to_row(row_id)
    QApplication.processEvents()
    field = in_form(screen, "remark")
    QTest.keyClicks(field, "windowkey")
    press(Keys.Key_Return, CONTROL)
    assert ws.row(name, row_id)["remark"] == "windowkey"
    screen.filters.search.setText("windowkey")
    assert [screen.model.id_at(r) for r in range(screen.model.rowCount())] == [row_id]
    screen.filters.clear()
    screen.model.sort(column(screen, "remark"), Qt.SortOrder.DescendingOrder)
    assert screen.model.place_of(row_id) >= 0
    assert len(ws.history(name, row_id)) == 2
    window.undo()
    assert ws.row(name, row_id)["remark"] is None
    screen.go_to_row(row_id)
    QApplication.processEvents()
    field = in_form(screen, "remark")
    QTest.keyClicks(field, "half")
    screen.form.keep_draft()
    assert ws.draft(name, row_id) == {"remark": "half"}
