"""The form beside the table: saves when a record is left, loses nothing, says what is wrong where it is wrong."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from eduplan_desktop.problems import Problem, Severity
from tests.ui.conftest import put
from tests.ui.doubles import ScriptedMessages
from ui.editors import Editor
from ui.main_window import MainWindow
from ui.register_screen import RegisterScreen

CONTROL = Qt.KeyboardModifier.ControlModifier
ALT = Qt.KeyboardModifier.AltModifier


def editor(screen: RegisterScreen, name: str) -> Editor:
    """The editor of a field; the field must be open."""
    found = screen.form.body.editor(name)
    assert found is not None
    return found


def type_into(screen: RegisterScreen, name: str, text: str) -> QWidget:
    """Put the cursor into a field and replace what is there."""
    widget: Any = editor(screen, name).widget
    screen.form.go_to_field(name)
    widget.selectAll()
    if text.isascii():
        QTest.keyClicks(widget, text)
    else:
        widget.insert(text)
        widget.textEdited.emit(text)
    return widget


def key(widget: QWidget | None, which: Qt.Key, with_: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    """Press a key where the cursor is."""
    assert widget is not None
    QTest.keyClick(widget, which, with_)
    QApplication.processEvents()


def stored(window: MainWindow, screen: RegisterScreen, row: int, name: str) -> Any:
    """What the file holds."""
    return window.workspace.row(screen.register.name, screen.model.id_at(row))[name]


def test_the_form_shows_the_tables_current_record(assets: RegisterScreen) -> None:
    assets.table.go_to(3)
    QApplication.processEvents()
    assert editor(assets, "asset_no").raw() == "XX014-0004"
    assert editor(assets, "original_value").widget.text() == "18,600.00"
    assert editor(assets, "room").widget.text().startswith("一年级1班")
    assert assets.form.place.text() == "第 4 条，共 12 条"


def test_every_section_and_field_of_the_declaration_is_there(assets: RegisterScreen) -> None:
    assert [b.section.label for b in assets.form.body.blocks] == [s.label for s in assets.register.sections]
    assert list(assets.form.body.rows) == [f.name for f in assets.register.fields]


def test_enter_walks_through_the_fields_and_back(assets: RegisterScreen) -> None:
    assets.form.go_to_field("asset_no")
    names = []
    for _step in range(4):
        focus = QApplication.focusWidget()
        names.append(next(n for n, r in assets.form.body.rows.items() if r.editor.widget is focus))
        key(focus, Qt.Key.Key_Return)
    assert names == ["asset_no", "name", "class_code", "item"]
    key(QApplication.focusWidget(), Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    assert QApplication.focusWidget() is editor(assets, "item").widget


def test_leaving_a_record_saves_it(assets: RegisterScreen, window: MainWindow) -> None:
    widget = type_into(assets, "spec", "XSP-06")
    key(widget, Qt.Key.Key_Down, ALT)
    assert stored(window, assets, 0, "spec") == "XSP-06"
    assert assets.table.currentIndex().row() == 1
    assert editor(assets, "asset_no").raw() == "XX014-0002"
    key(QApplication.focusWidget(), Qt.Key.Key_Up, ALT)
    assert editor(assets, "spec").raw() == "XSP-06"


def test_clicking_another_row_saves_first(assets: RegisterScreen, window: MainWindow) -> None:
    type_into(assets, "spec", "XSP-07")
    assets.table.go_to(5)
    QApplication.processEvents()
    assert stored(window, assets, 0, "spec") == "XSP-07"
    assert editor(assets, "asset_no").raw() == "XX014-0006"


def test_ctrl_enter_saves_and_goes_on(assets: RegisterScreen, window: MainWindow) -> None:
    widget = type_into(assets, "spec", "XSP-08")
    key(widget, Qt.Key.Key_Return, CONTROL)
    assert stored(window, assets, 0, "spec") == "XSP-08"
    assert editor(assets, "asset_no").raw() == "XX014-0002"


def test_a_value_that_cannot_be_read_keeps_the_cursor_and_the_draft(assets: RegisterScreen, window: MainWindow) -> None:
    widget = type_into(assets, "quantity", "3x")
    key(widget, Qt.Key.Key_Return, CONTROL)
    assert QApplication.focusWidget() is widget
    assert widget.state == "error"  # type: ignore[attr-defined]
    assert "整数" in " ".join(assets.form.body.rows["quantity"].words()) or "数字" in " ".join(
        assets.form.body.rows["quantity"].words()
    )
    assert stored(window, assets, 0, "quantity") == 1
    assert window.workspace.draft("equipment", assets.model.id_at(0)) == {"quantity": "3x"}


def test_a_half_typed_record_survives_a_kill(
    assets: RegisterScreen, window: MainWindow, make_window: Callable[[], MainWindow], qtbot: QtBot
) -> None:
    type_into(assets, "spec", "半句")
    row_id = assets.model.id_at(0)
    qtbot.waitUntil(lambda: window.workspace.draft("equipment", row_id) == {"spec": "半句"})
    path = window.workspace.path
    window.workspace.session.store.conn.close()  # as a killed process leaves the file: nothing is closed in order
    window.workspace.session.store._lock.release()
    window.workspace = None
    window.page = None
    again = make_window()
    assert again.open_file(str(path))
    again.go("equipment")
    screen: Any = again.page
    QApplication.processEvents()
    assert screen.form.record.touched
    assert screen.form.body.editor("spec").raw() == "半句"
    assert screen.model.state_at(0) == "draft"
    assert screen.settle()
    assert stored(again, screen, 0, "spec") == "半句"
    assert again.workspace.drafts() == []


def test_a_new_record_from_the_keyboard_alone(assets: RegisterScreen, window: MainWindow) -> None:
    QTest.keyClick(window, Qt.Key.Key_N, CONTROL)
    QApplication.processEvents()
    for name, text in (
        ("asset_no", "XX099-0001"),
        ("name", "钢琴"),
        ("acquired", "gz"),
        ("bought", "2026-03-01"),
        ("quantity", "1"),
        ("original_value", "13800"),
        ("room", "kxsys"),
        ("use_state", "zy"),
    ):
        widget = type_into(assets, name, text)
        key(widget, Qt.Key.Key_Return)
    key(QApplication.focusWidget(), Qt.Key.Key_Return, CONTROL)
    assert assets.model.rowCount() == 13
    place = next(r for r in range(13) if assets.model.row_at(r)["asset_no"] == "XX099-0001")
    row = assets.model.row_at(place)
    assert (row["name"], row["original_value"], row["acquired"], row["use_state"]) == ("钢琴", 1380000, "1", "2")
    assert window.workspace.title_of("room", str(row["room"])).startswith("科学实验室")
    assert assets.form.record is not None
    assert assets.form.record.new, "after a new record the next new one begins"


def test_a_new_record_is_not_scolded_before_it_is_typed(assets: RegisterScreen) -> None:
    assets.new_record()
    assert not any(r.problems for n, r in assets.form.body.rows.items() if r.field.required)
    widget = type_into(assets, "asset_no", "1")
    key(widget, Qt.Key.Key_Return)
    widget = type_into(assets, "asset_no", " ")
    key(widget, Qt.Key.Key_Return)
    assert [p.code for p in assets.form.body.rows["asset_no"].problems] == ["required"]


def test_an_unfinished_new_record_is_offered_again(assets: RegisterScreen, window: MainWindow) -> None:
    assets.new_record()
    type_into(assets, "quantity", "x")
    assets.form.keep_draft()
    window.forget_screens()
    window.go("equipment")
    screen: Any = window.page
    bar = screen.bars.bars[0]
    assert "1 条新记录没写完" in bar.text()
    bar.buttons[0].click()
    assert screen.form.record.new
    assert screen.form.body.editor("quantity").raw() == "x"


def test_a_problem_stands_under_its_field_with_one_fix(assets: RegisterScreen, window: MainWindow) -> None:
    type_into(assets, "bought", "2023-09-05")
    widget = type_into(assets, "used_since", "2023-08-21")
    key(widget, Qt.Key.Key_Return)
    row = assets.form.body.rows["used_since"]
    if not row.problems:
        row = assets.form.body.rows["bought"]
    [problem] = row.problems
    assert problem.severity is Severity.ERROR
    assert "早于" in row.words()[-1]
    if problem.fix is not None:
        row._follow("0")
        assert assets.form.body.rows[problem.fix[1]].editor.raw() == str(problem.fix[2])
        assert row.problems == []


def test_problems_of_both_tiers_are_counted_in_the_head(assets: RegisterScreen) -> None:
    assets.table.go_to(4)
    QApplication.processEvents()
    assert assets.form.tag.words() == "1 处错误"
    assets.table.go_to(1)
    QApplication.processEvents()
    assert assets.form.tag.words().endswith("处存疑")


def test_f3_goes_from_problem_to_problem(assets: RegisterScreen) -> None:
    assets.table.go_to(4)
    QApplication.processEvents()
    assets.form.go_to_field("asset_no")
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_F3)
    first = QApplication.focusWidget()
    assert first.state in ("error", "doubt")  # type: ignore[union-attr]
    before = assets.form.record.id  # type: ignore[union-attr]
    QTest.keyClick(first, Qt.Key.Key_F3)
    assert (assets.form.record.id, QApplication.focusWidget()) != (before, first)  # type: ignore[union-attr]
    assert QApplication.focusWidget().state in ("error", "doubt")  # type: ignore[union-attr]


def test_help_stands_under_the_field_only_while_the_cursor_is_there(assets: RegisterScreen) -> None:
    row = assets.form.body.rows["instrument_no"]
    assets.form.go_to_field("instrument_no")
    assert any("JY/T" in w for w in row.words())
    assets.form.go_to_field("spec")
    assert row.words() == []


def test_undo_takes_back_a_saved_record(assets: RegisterScreen, window: MainWindow) -> None:
    type_into(assets, "spec", "XSP-09")
    assets.form.complete()
    assert stored(window, assets, 0, "spec") == "XSP-09"
    assets.table.setFocus()
    QTest.keyClick(window, Qt.Key.Key_Z, CONTROL)
    assert stored(window, assets, 0, "spec") == "82 英寸"
    assert "已撤销" in assets.bars.bars[0].text()
    QTest.keyClick(window, Qt.Key.Key_Y, CONTROL)
    assert stored(window, assets, 0, "spec") == "XSP-09"


def test_the_form_follows_an_undo_of_its_own_record(assets: RegisterScreen, window: MainWindow) -> None:
    type_into(assets, "spec", "XSP-10")
    assert assets.form.settle()
    window.undo()
    assert editor(assets, "spec").raw() == "82 英寸"


def test_typing_in_the_table_and_in_the_form_do_not_overwrite_each_other(
    assets: RegisterScreen, window: MainWindow
) -> None:
    type_into(assets, "spec", "在表单里打的")
    at = next(i for i, c in enumerate(assets.model.columns, 1) if c.field.name == "name")
    assets.model.setData(assets.model.index(0, at), "在表格里打的")
    assert assets.form.settle()
    assert stored(window, assets, 0, "name") == "在表格里打的"
    assert stored(window, assets, 0, "spec") == "在表单里打的"


def test_deleting_asks_for_a_reason_and_can_be_undone(
    assets: RegisterScreen, window: MainWindow, messages: ScriptedMessages
) -> None:
    assets.table.go_to(2)
    QApplication.processEvents()
    messages.will_answer("2")
    QTest.keyClick(assets.table, Qt.Key.Key_Delete, CONTROL)
    assert messages.asked[-1].answers == [e.code for e in window.workspace.catalogs.table("gone_reason").live]
    assert assets.model.rowCount() == 11
    assets.bars.bars[0].buttons[0].click()
    assert assets.model.rowCount() == 12


def test_closing_the_question_deletes_nothing(assets: RegisterScreen, messages: ScriptedMessages) -> None:
    assets.table.go_to(2)
    messages.will_answer(None)
    assets.acts.remove()
    assert assets.model.rowCount() == 12


def test_a_copy_begins_with_everything_but_the_number(assets: RegisterScreen) -> None:
    assets.acts.copy()
    assert editor(assets, "asset_no").raw() == ""
    assert editor(assets, "name").raw() == "电子白板(班班通)"
    assert editor(assets, "room").widget.text().startswith("一年级1班")


def test_the_history_says_who_changed_what(assets: RegisterScreen) -> None:
    type_into(assets, "spec", "XSP-11")
    assert assets.form.settle()
    assets.form.show_history()
    assert assets.form.stack.currentWidget() is assets.form.history
    assert assets.form.history.lines[0] == "规格型号：82 英寸 → <b>XSP-11</b>"
    assert assets.form.history.lines[-1] == "新建"
    QTest.keyClick(assets.form.history, Qt.Key.Key_Escape)
    assert assets.form.stack.currentWidget() is assets.form.body


def test_links_are_found_by_initials_and_a_new_room_is_offered_at_once(
    assets: RegisterScreen, window: MainWindow
) -> None:
    put(window.workspace, "room", name="音乐教室", room_type="普通教室", state="在用")
    widget: Any = type_into(assets, "room", "yyjs")
    assert [o.label.split(" ")[0] for o in widget.popup().options.options] == ["音乐教室"]


def test_sealed_sections_say_so_until_the_vault_is_open(window: MainWindow, messages: ScriptedMessages) -> None:
    window.go("staff")
    screen: Any = window.page
    assert screen.form.body.editor("phone") is None
    messages.will_answer("as offered")
    screen.form.body.open_vault.emit("personal")
    assert window.workspace.compartment_state("personal") == "open"
    assert [a.title for a in messages.asked][-1] == "恢复码只显示这一次"
    phrase = messages.asked[-2].detail
    type_into(screen, "phone", "13900000000")
    assert screen.form.settle()
    assert window.workspace.row("staff", screen.model.id_at(0))["phone"] == "13900000000"
    QTest.keyClick(window, Qt.Key.Key_L, CONTROL)
    assert window.workspace.compartment_state("personal") == "locked"
    assert screen.form.body.editor("phone") is None
    assert "phone" not in window.workspace.row("staff", screen.model.id_at(0))
    messages.will_answer("not the passphrase")
    screen.form.body.open_vault.emit("personal")
    assert messages.asked[-1].kind == "fault"
    messages.will_answer(phrase)
    screen.form.body.open_vault.emit("personal")
    assert screen.form.body.editor("phone").raw() == "13900000000"


def test_two_columns_only_where_there_is_room(assets: RegisterScreen, window: MainWindow) -> None:
    assert {b._columns for b in assets.form.body.blocks} == {1}
    window.resize(1920, 1040)
    QApplication.processEvents()
    assert {b._columns for b in assets.form.body.blocks} == {2}
    window.resize(1280, 680)
    QApplication.processEvents()
    assert {b._columns for b in assets.form.body.blocks} == {1}


def test_a_register_with_one_row_is_a_form_alone(window: MainWindow) -> None:
    window.go("school")
    screen: Any = window.page
    assert not screen.table.isVisible()
    assert screen.form.body.editor("name").raw() == "青石岭小学（示例）"
    type_into(screen, "township", "石桥镇")
    window.go("equipment")
    window.go("school")
    assert screen.form.body.editor("township").raw() == "石桥镇"


def test_a_row_that_needs_a_year_stays_a_draft_until_it_has_one(window: MainWindow) -> None:
    window.go("drill")
    screen: Any = window.page
    screen.new_record()
    type_into(screen, "commander", "李示例")
    screen.form.complete()
    assert "不知道记入哪一年" in screen.bars.bars[0].text()
    assert screen.form.record.typed == {"commander": "李示例"}
    type_into(screen, "drill_date", "2026-03-04")
    screen.form.complete()
    assert screen.model.rowCount() == 1


def test_redating_across_years_follows_the_row_to_its_new_id(window: MainWindow) -> None:
    put(window.workspace, "drill", drill_date="2025-12-30", drill_type="地震", commander="李示例")
    window.go("drill")
    screen: Any = window.page
    QApplication.processEvents()
    before = screen.form.record.id
    type_into(screen, "drill_date", "2026-01-02")
    assert screen.form.settle()
    QApplication.processEvents()
    assert screen.form.record.id != before
    assert screen.model.rowCount() == 1
    assert screen.model.row_at(0)["drill_date"] == "2026-01-02"


def test_results_are_typed_item_by_item(window: MainWindow, messages: ScriptedMessages) -> None:
    window.go("safety_check")
    screen: Any = window.page
    screen.new_record()
    table = screen.form.body.editor("results").widget
    model = table.model
    assert model.rowCount() == len(model._items)
    assert model.setData(model.index(0, 1), "1")
    assert model.index(0, 1).data() == "正常", "a word, not its code"
    assert model.setData(model.index(1, 1), "异常")
    assert model.setData(model.index(0, 5), "门卫在岗")
    raw = screen.form.body.editor("results").raw()
    assert '"value":"1"' in raw
    assert '"value":"2"' in raw, "what is typed as a word is stored as its code"
    assert "门卫在岗" in raw


def test_a_read_only_file_can_be_looked_at_only(
    make_window: Callable[[], MainWindow], school_file: Path, env: Any, monkeypatch: Any
) -> None:
    from eduplan_desktop.workspace import open_workspace

    window = make_window()
    assert window.opening.take(open_workspace(school_file, env, read_only=True))
    window.go("equipment")
    screen: Any = window.page
    QApplication.processEvents()
    assert not screen.form.done.isVisible()
    assert editor(screen, "spec").widget.isReadOnly()
    assert not screen.model.flags(screen.model.index(0, 1)) & Qt.ItemFlag.ItemIsEditable
    assert "只读" in window.status.saved.text()


def test_a_fix_is_taken_into_the_field(assets: RegisterScreen) -> None:
    assets.form._apply_fix(Problem("x", Severity.ERROR, "equipment", "", "spec", fix=("改为 甲", "spec", "甲")))
    assert editor(assets, "spec").raw() == "甲"
    assert assets.form.record is not None
    assert assets.form.record.typed == {"spec": "甲"}
