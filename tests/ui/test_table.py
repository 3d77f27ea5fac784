"""The table of a register: what it shows, how it is searched, sorted and typed into."""

import threading
from typing import Any

import pytest
from PySide6.QtCore import QEvent, QPoint, QRect, Qt
from PySide6.QtGui import QGuiApplication, QHelpEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from eduplan_desktop.registers.model import Kind
from tests.ui.doubles import ScriptedMessages
from ui.main_window import MainWindow
from ui.register_screen import RegisterScreen
from ui.register_table import PAGE, STATE, TROUBLE, RegisterTableModel
from ui.tasks import TaskRunner
from ui.widgets.pickers import Picker


def column(screen: RegisterScreen, name: str) -> int:
    """Column of a field."""
    return next(i for i, c in enumerate(screen.model.columns, start=1) if c.field.name == name)


def cells(screen: RegisterScreen, name: str) -> list[str]:
    """A column as shown."""
    at = column(screen, name)
    return [str(screen.model.index(r, at).data()) for r in range(screen.model.rowCount())]


def edit(screen: RegisterScreen, row: int, name: str, text: str) -> None:
    """Type into a cell as a person does: the first key opens it, the rest replaces, Enter writes."""
    screen.table.go_to(row, column(screen, name))
    screen.table.setFocus()
    QTest.keyClicks(screen.table, text[0])
    editor = screen.table.findChildren(QLineEdit)[-1]
    QTest.keyClicks(editor, text[1:])
    QTest.keyClick(editor, Qt.Key.Key_Return)
    QApplication.processEvents()


@pytest.mark.parametrize("register", ["equipment", "staff", "room", "school_year", "hazard", "checkup"])
def test_the_model_keeps_qts_contract(window: MainWindow, qtmodeltester: Any, register: str) -> None:
    declared = next(r for r in window.workspace.registers() if r.name == register)
    qtmodeltester.check(RegisterTableModel(window.workspace, declared))


def test_cells_show_what_the_core_shows(assets: RegisterScreen) -> None:
    assert cells(assets, "asset_no")[:2] == ["XX014-0001", "XX014-0002"]
    assert cells(assets, "original_value")[0] == "18,600.00"
    assert cells(assets, "use_state")[:2] == ["维修", "在用"]
    assert cells(assets, "room")[0].startswith("一年级1班")
    assert cells(assets, "keeper")[2].startswith("阿卜来提·如则托合提")


def test_an_empty_cell_is_empty(assets: RegisterScreen) -> None:
    assert cells(assets, "bought")[4] == ""
    assert cells(assets, "brand") == [""] * 12


def test_units_stand_in_the_header_and_numbers_at_the_right(assets: RegisterScreen) -> None:
    at = column(assets, "original_value")
    assert assets.model.headerData(at, Qt.Orientation.Horizontal) == "原值（元）"
    align = int(assets.model.index(0, at).data(Qt.ItemDataRole.TextAlignmentRole))
    assert align & int(Qt.AlignmentFlag.AlignRight)


def test_rows_carry_their_state_and_cells_their_trouble(assets: RegisterScreen) -> None:
    states = [assets.model.index(r, 0).data(STATE) for r in range(6)]
    assert states[4] == "error"
    assert states[1] == "doubt"
    assert assets.model.index(4, column(assets, "bought")).data(TROUBLE) == "error"
    assert assets.model.index(1, column(assets, "original_value")).data(TROUBLE) == "doubt"
    assert assets.model.index(0, column(assets, "original_value")).data(TROUBLE) == ""


def test_search_as_you_type_by_words_numbers_and_initials(assets: RegisterScreen) -> None:
    search = assets.filters.search
    search.setFocus()
    QTest.keyClicks(search, "0007")
    assert cells(assets, "asset_no") == ["XX014-0007"]
    search.clear()
    QTest.keyClicks(search, "dzbb")
    QApplication.processEvents()
    assert set(cells(assets, "name")) == {"电子白板(班班通)"}
    assert "找到 4 条" in assets.filters.found.words.text()
    assert assets.stack.currentWidget() is assets.table
    QTest.keyClicks(search, "zzz")
    assert assets.model.rowCount() == 0
    assert assets.stack.currentWidget() is assets.nothing
    QTest.keyClick(search, Qt.Key.Key_Escape)
    assert assets.model.rowCount() == 12


def test_sort_by_the_header_and_back(assets: RegisterScreen) -> None:
    before = cells(assets, "asset_no")
    header = assets.table.horizontalHeader()
    at = column(assets, "original_value")
    x = header.sectionViewportPosition(at) + 10
    for _click in range(2):
        QTest.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(x, 10))
    values = [float(v.replace(",", "")) for v in cells(assets, "original_value")]
    assert values == sorted(values, reverse=True) or values == sorted(values)
    QTest.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(x, 10))
    assert cells(assets, "asset_no") == before


def test_the_current_record_stays_current_when_the_order_changes(assets: RegisterScreen) -> None:
    assets.table.go_to(7)
    here = assets.table.current_id()
    assets.model.sort(column(assets, "original_value"), Qt.SortOrder.DescendingOrder)
    assert assets.table.current_id() == here


def test_state_chips_are_legend_and_filter(assets: RegisterScreen) -> None:
    chips = assets.filters.chips
    assert chips["error"].count() == "2"
    chips["error"].click()
    assert assets.model.rowCount() == 2
    chips["doubt"].click()
    assert not chips["error"].isChecked()
    assert assets.model.rowCount() == int(chips["doubt"].count())
    chips["doubt"].click()
    assert assets.model.rowCount() == 12


def test_a_choice_filter_narrows_and_all_widens(assets: RegisterScreen) -> None:
    picker = assets.filters.pickers["use_state"]
    picker.setFocus()
    QTest.keyClick(picker, Qt.Key.Key_F4)
    assert [o.label for o in picker.popup().options.options][1:] == ["在用", "维修"]
    QTest.keyClick(picker, Qt.Key.Key_Down)
    QTest.keyClick(picker, Qt.Key.Key_Down)
    QTest.keyClick(picker, Qt.Key.Key_Return)
    assert set(cells(assets, "use_state")) == {"维修"}
    QTest.keyClick(picker, Qt.Key.Key_F4)
    QTest.keyClick(picker, Qt.Key.Key_Home, Qt.KeyboardModifier.ControlModifier)
    picker.popup().setCurrentIndex(picker.popup().options.index(0, 0))
    QTest.keyClick(picker, Qt.Key.Key_Return)
    assert assets.model.rowCount() == 12


def test_typing_replaces_a_cell_and_goes_down(assets: RegisterScreen, window: MainWindow) -> None:
    edit(assets, 2, "spec", "XSP-06")
    assert cells(assets, "spec")[2] == "XSP-06"
    row = window.workspace.row("equipment", assets.model.id_at(2))
    assert row["spec"] == "XSP-06"
    assert assets.table.currentIndex().row() == 3


def test_f2_edits_what_is_there(assets: RegisterScreen) -> None:
    assets.table.go_to(0, column(assets, "spec"))
    assets.table.setFocus()
    QTest.keyClick(assets.table, Qt.Key.Key_F2)
    editor = assets.table.findChildren(QLineEdit)[-1]
    assert editor.text() == "82 英寸"


def test_a_choice_in_a_cell_is_picked_from_its_list(assets: RegisterScreen) -> None:
    assets.table.go_to(0, column(assets, "use_state"))
    assets.table.setFocus()
    QTest.keyClick(assets.table, Qt.Key.Key_F2)
    picker = assets.table.findChildren(Picker)[-1]
    picker.selectAll()
    QTest.keyClicks(picker, "xz")
    QTest.keyClick(picker, Qt.Key.Key_Return)
    QApplication.processEvents()
    assert cells(assets, "use_state")[0] == "闲置"


def test_what_cannot_be_read_stays_out_with_a_reason(assets: RegisterScreen, window: MainWindow) -> None:
    before = window.workspace.row("equipment", assets.model.id_at(0))
    edit(assets, 0, "quantity", "abc")
    assert window.workspace.row("equipment", assets.model.id_at(0)) == before
    assert "数量" in assets.bars.bars[0].text()


def test_delete_empties_a_cell(assets: RegisterScreen) -> None:
    assets.table.go_to(0, column(assets, "spec"))
    QTest.keyClick(assets.table, Qt.Key.Key_Delete)
    assert cells(assets, "spec")[0] == ""


def test_ctrl_d_takes_the_value_of_the_row_above(assets: RegisterScreen) -> None:
    for name in ("name", "room", "use_state", "original_value", "bought"):
        assets.table.go_to(1, column(assets, name))
        QTest.keyClick(assets.table, Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier)
        assert cells(assets, name)[1] == cells(assets, name)[0], name


def test_today_by_key_in_a_date_cell_only(assets: RegisterScreen) -> None:
    for name, shown in (("bought", "2026-03-05"), ("spec", "82 英寸")):
        assets.table.go_to(0, column(assets, name))
        QTest.keyClick(assets.table, Qt.Key.Key_Semicolon, Qt.KeyboardModifier.ControlModifier)
        assert cells(assets, name)[0] == shown


def test_copy_and_paste_go_through_a_spreadsheet(assets: RegisterScreen, messages: ScriptedMessages) -> None:
    assets.table.setFocus()
    assets.table.go_to(0)
    QTest.keyClick(assets.table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    line = QGuiApplication.clipboard().text().split("\t")
    assert line[0] == "XX014-0001"
    assert "18,600.00" in line
    QGuiApplication.clipboard().setText("新规格一\t2\n新规格二\tabc\n")
    assets.table.go_to(0, column(assets, "spec"))
    messages.will_answer("paste")
    QTest.keyClick(assets.table, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert cells(assets, "spec")[:2] == ["新规格一", "新规格二"]
    assert cells(assets, "quantity")[:2] == ["2", "1"]
    assert "第 2 行" in assets.bars.bars[0].text()
    assert messages.asked[-1].detail == "有 1 处读不懂，不会写入。"


def test_paste_below_the_last_row_makes_new_records(assets: RegisterScreen, messages: ScriptedMessages) -> None:
    lines = "\n".join(f"XX015-{n:04d}\t显微镜" for n in range(3))
    QGuiApplication.clipboard().setText(lines)
    assets.table.go_to(11, column(assets, "asset_no"))
    messages.will_answer("paste")
    assets.table.paste()
    assert messages.asked[-1].text == "修改 1 条，新增 2 条"
    assert assets.model.rowCount() == 14
    assert {"XX015-0000", "XX015-0001", "XX015-0002"} <= set(cells(assets, "asset_no"))


def test_a_masked_cell_coming_back_means_unchanged(assets: RegisterScreen, messages: ScriptedMessages) -> None:
    assets.table.go_to(0, column(assets, "spec"))
    QGuiApplication.clipboard().setText("1101****1234")
    assets.table.paste()
    assert cells(assets, "spec")[0] == "82 英寸"


def test_rows_are_read_a_page_at_a_time(window: MainWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    declared = next(r for r in window.workspace.registers() if r.name == "equipment")
    model = RegisterTableModel(window.workspace, declared)
    read: list[tuple[int, int]] = []
    view = model.view
    original = view.rows
    monkeypatch.setattr(view, "rows", lambda a, b: read.append((a, b)) or original(a, b))
    for row in range(12):
        model.index(row, 1).data()
    assert read == [(0, PAGE)]


def test_cut_text_is_told_whole(assets: RegisterScreen) -> None:
    table = assets.table
    at = column(assets, "name")
    table.setColumnWidth(at, 40)
    index = assets.model.index(0, at)
    where = table.visualRect(index)
    event = QHelpEvent(QEvent.Type.ToolTip, where.center(), table.viewport().mapToGlobal(where.center()))
    from PySide6.QtWidgets import QStyleOptionViewItem, QToolTip

    option = QStyleOptionViewItem()
    option.rect = QRect(where)
    table.itemDelegate().helpEvent(event, table, option, index)
    assert QToolTip.text() == "电子白板(班班通)"
    QToolTip.hideText()


def test_widths_and_columns_are_remembered(assets: RegisterScreen, window: MainWindow) -> None:
    at = column(assets, "name")
    assets.table.setColumnWidth(at, 211)
    assets.table.choose_column(column(assets, "brand"), shown=True)
    assets.table.choose_column(column(assets, "spec"), shown=False)
    window.forget_screens()
    window.go("equipment")
    again: Any = window.page
    assert again.table.columnWidth(at) == 211
    assert not again.table.isColumnHidden(column(again, "brand"))
    assert again.table.isColumnHidden(column(again, "spec"))
    again.table.forget_columns()
    assert again.table.isColumnHidden(column(again, "brand"))


def test_the_sum_of_the_selection_stands_in_the_status_line(assets: RegisterScreen, window: MainWindow) -> None:
    assets.table.selectAll()
    QApplication.processEvents()
    status = " ".join(window.status.texts())
    assert "已选 <b>12</b> 条" in status
    assert "数量 <b>12</b>" in status


def test_numbers_are_typed_as_text_in_every_kind_of_cell(assets: RegisterScreen) -> None:
    """Wide digits and separators are read by the core, not by the widget."""
    index = assets.model.index(0, column(assets, "quantity"))
    assert assets.model.setData(index, "１２")
    assert cells(assets, "quantity")[0] == "12"
    assert assets.model.setData(assets.model.index(0, column(assets, "original_value")), "1,234.50")
    assert cells(assets, "original_value")[0] == "1,234.50"


def test_kinds_without_a_column_are_in_no_table(assets: RegisterScreen) -> None:
    assert Kind.RESULTS not in {c.field.kind for c in assets.model.columns}


def test_ten_thousand_rows_scroll_to_the_end(qtbot: QtBot, window: MainWindow) -> None:
    """The view asks only for what it shows."""
    declared = next(r for r in window.workspace.registers() if r.name == "equipment")
    model = RegisterTableModel(window.workspace, declared)
    keys = list(model.view.keys)
    model.view.keys = keys * 1000
    assert model.rowCount() == 12000
    assert model.index(11999, 1).data() == model.index(11, 1).data()


def test_the_index_of_a_large_register_is_read_on_the_worker(
    window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The page stands at once; typing and writing meanwhile is not lost."""
    import ui.register_table as page

    monkeypatch.setattr(page, "AT_ONCE", 5)
    tasks = TaskRunner(window)
    window.tasks = tasks
    gate = threading.Event()
    tasks.run(lambda _p, _c: gate.wait(5), background=True)
    window.go("equipment")
    screen: Any = window.page
    assert screen.stack.currentWidget() is screen.loading
    assert "正在读取" in screen.loading.sentence.text()
    assert screen.model.rowCount() == 0
    QTest.keyClicks(screen.filters.search, "0013")
    window.changes.publish(None)
    from tests.ui.conftest import put

    put(window.workspace, "equipment", asset_no="XX014-0013", name="文件柜", use_state="在用")
    gate.set()
    qtbot.waitUntil(lambda: screen.model.rowCount() == 1)
    assert screen.filters.search.hasFocus(), "who is typing keeps the cursor"
    screen.filters.search.clear()
    assert screen.model.rowCount() == 13
    assert screen.stack.currentWidget() is screen.table
    tasks.shut_down()
