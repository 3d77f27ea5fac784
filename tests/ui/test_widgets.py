"""The parts of a page, driven by keys and clicks."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QHBoxLayout, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from ui import theme
from ui.theme import Size, Tone
from ui.widgets import paint
from ui.widgets.buttons import Button, Chip
from ui.widgets.cards import EmptyState
from ui.widgets.fields import DateField, LineField, NumberField, SearchField, Segments
from ui.widgets.grid import Cell, Column, Grid, Line
from ui.widgets.labels import ElidedLabel
from ui.widgets.message_bar import MessageArea
from ui.widgets.pickers import FilterPicker, Option, Picker
from ui.widgets.progress import ProgressPanel
from ui.widgets.shapes import Shape

NAMES = [Option("1", "单雄信"), Option("2", "阿卜来提·如则托合提"), Option("3", "科学实验室", "203")]


def shown(qtbot: QtBot, *widgets: QWidget) -> QWidget:
    """A window with these widgets, active."""
    window = QWidget()
    column = QVBoxLayout(window)
    for widget in widgets:
        column.addWidget(widget)
    qtbot.addWidget(window)
    qtbot.kept_window = window  # type: ignore[attr-defined]  # qtbot itself keeps only a weak reference
    window.resize(600, 400)
    window.show()
    window.activateWindow()
    widgets[0].setFocus()
    QApplication.processEvents()
    return window


def test_a_button_answers_to_its_key_only_while_it_is_seen(qtbot: QtBot) -> None:
    pressed: list[int] = []
    button = Button("完成", lambda: pressed.append(1), key="Ctrl+Return")
    field = LineField()
    window = shown(qtbot, field, button)
    QTest.keyClick(window, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(window, Qt.Key.Key_Enter, Qt.KeyboardModifier.ControlModifier)
    assert pressed == [1, 1]
    button.setEnabled(False)
    QTest.keyClick(window, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    button.setEnabled(True)
    button.hide()
    QTest.keyClick(window, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert pressed == [1, 1]


def test_a_button_without_words_says_what_it_does(qtbot: QtBot) -> None:
    button = Button("", icon="trash", tip="删除这条")
    qtbot.addWidget(button)
    assert button.toolTip() == button.accessibleName() == "删除这条"


def test_a_chip_is_a_toggle_with_a_count(qtbot: QtBot) -> None:
    chip = Chip("错误", Shape.ERROR)
    shown(qtbot, chip)
    chip.set_count(1234)
    assert chip.accessibleName() == "错误 1,234"
    QTest.keyClick(chip, Qt.Key.Key_Space)
    assert chip.isChecked()


def test_message_bars_are_few_and_the_newest_is_first(qtbot: QtBot) -> None:
    area = MessageArea()
    shown(qtbot, area)
    done: list[str] = []
    for n in range(5):
        area.say(f"第 {n} 句", Tone.GREEN, [("撤销", lambda n=n: done.append(str(n)))])
    assert [b.text() for b in area.bars] == ["第 4 句", "第 3 句", "第 2 句"]
    area.say("第 3 句", Tone.AMBER)
    assert [b.text() for b in area.bars] == ["第 3 句", "第 4 句", "第 2 句"]
    area.bars[1].buttons[0].click()
    assert done == ["4"]
    area.clear()
    assert area.bars == []
    assert not area.isVisible()


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("", ["1", "2", "3"]),
        ("dxx", []),
        ("sxx", ["1"]),
        ("sys", ["3"]),
        ("203", ["3"]),
        ("阿卜", ["2"]),
        ("abl", ["2"]),
    ],
)
def test_a_picker_finds_by_word_initials_and_hint(qtbot: QtBot, typed: str, found: list[str]) -> None:
    if typed == "dxx":
        found = ["1"]  # 单 is also read dan; a search finds both readings
    picker = Picker()
    picker.set_options(NAMES)
    shown(qtbot, picker)
    picker.setText(typed)
    picker.open_list(typed)
    assert [o.id for o in picker.popup().options.options] == found


def test_a_picker_by_keyboard_alone(qtbot: QtBot) -> None:
    picker = Picker()
    picker.set_options(NAMES)
    shown(qtbot, picker)
    heard: list[str] = []
    picker.picked.connect(heard.append)
    QTest.keyClick(picker, Qt.Key.Key_F4)
    assert picker.list_open()
    QTest.keyClick(picker, Qt.Key.Key_Down)
    QTest.keyClick(picker, Qt.Key.Key_Down)
    QTest.keyClick(picker, Qt.Key.Key_Return)
    assert (picker.current(), picker.text(), heard) == ("3", "科学实验室", ["3"])
    QTest.keyClick(picker, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    assert picker.list_open()
    QTest.keyClick(picker, Qt.Key.Key_Escape)
    assert not picker.list_open()
    assert picker.current() == "3"


def test_leaving_a_picker_with_one_fitting_option_takes_it(qtbot: QtBot) -> None:
    picker, other = Picker(), LineField()
    picker.set_options(NAMES)
    shown(qtbot, picker, other)
    QTest.keyClicks(picker, "sys")
    other.setFocus()
    assert picker.raw() == "3"
    picker.setFocus()
    picker.selectAll()
    QTest.keyClicks(picker, "zz")
    other.setFocus()
    assert picker.raw() == "zz"


def test_a_filter_has_all_first(qtbot: QtBot) -> None:
    picker = FilterPicker("全部状况")
    picker.set_everything(lambda: NAMES[:1])
    picker.label_by(lambda code: {"1": "单雄信"}.get(code, code))
    shown(qtbot, picker)
    QTest.keyClick(picker, Qt.Key.Key_F4)
    assert [o.label for o in picker.popup().options.options] == ["全部状况", "单雄信"]
    QTest.keyClick(picker, Qt.Key.Key_Down)
    QTest.keyClick(picker, Qt.Key.Key_Return)
    assert picker.current() == "1"


def test_today_by_key(qtbot: QtBot) -> None:
    field = DateField(lambda: "2026-03-05")
    shown(qtbot, field)
    heard: list[int] = []
    field.written.connect(lambda: heard.append(1))
    QTest.keyClick(field, Qt.Key.Key_Semicolon, Qt.KeyboardModifier.ControlModifier)
    assert field.text() == "2026-03-05"
    assert heard == [1]


def test_a_number_field_can_be_blank_and_keeps_what_is_typed(qtbot: QtBot) -> None:
    field = NumberField()
    shown(qtbot, field)
    QTest.keyClicks(field, "12")
    assert field.text() == "12"
    field.clear()
    assert field.text() == ""


def test_escape_clears_the_search(qtbot: QtBot) -> None:
    field, other = SearchField("搜索", "Ctrl+F"), LineField()
    window = shown(qtbot, field, other)
    other.setFocus()
    QTest.keyClick(window, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert field.hasFocus()
    QTest.keyClicks(field, "dzbb")
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert field.text() == ""


@pytest.mark.parametrize(
    ("keys", "word"),
    [
        ([Qt.Key.Key_1], "是"),
        ([Qt.Key.Key_2], "否"),
        ([Qt.Key.Key_Right], "是"),
        ([Qt.Key.Key_1, Qt.Key.Key_Delete], ""),
    ],
)
def test_yes_no_by_keys(qtbot: QtBot, keys: list[Qt.Key], word: str) -> None:
    field = Segments(("是", "否"))
    shown(qtbot, field)
    for key in keys:
        QTest.keyClick(field, key)
    assert field.text() == word


def test_ctrl_z_belongs_to_the_page_when_nothing_was_typed(qtbot: QtBot) -> None:
    from PySide6.QtGui import QShortcut

    field = LineField()
    window = shown(qtbot, field)
    heard: list[int] = []
    QShortcut(QKeySequence("Ctrl+Z"), window).activated.connect(lambda: heard.append(1))
    QTest.keyClick(field, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert heard == [1]
    QTest.keyClicks(field, "abc")
    QTest.keyClick(field, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert field.text() == ""
    assert heard == [1]


def test_a_long_name_is_cut_and_told_whole(qtbot: QtBot) -> None:
    name = "阿卜来提·如则托合提·买买提艾力·艾山江（示例）"
    label = ElidedLabel(name)
    window = QWidget()
    row = QHBoxLayout(window)
    row.addWidget(label)
    qtbot.addWidget(window)
    window.resize(120, 40)
    window.show()
    window.grab()
    assert label.toolTip() == name
    window.resize(900, 40)
    window.grab()
    assert label.toolTip() == ""


def test_an_empty_page_offers_two_steps(qtbot: QtBot) -> None:
    done: list[str] = []
    page = EmptyState(
        "还没有记录。", [("新增第一条", lambda: done.append("new")), ("从表格导入…", lambda: done.append("sheet"))]
    )
    shown(qtbot, page)
    for button in page.buttons:
        button.click()
    assert done == ["new", "sheet"]


def test_progress_says_how_much_is_left_and_cancels_once(qtbot: QtBot) -> None:
    stopped: list[int] = []
    panel = ProgressPanel("正在导入", lambda: stopped.append(1))
    shown(qtbot, panel)
    panel.show_progress(1500, 3000, "第 1,500 行")
    assert panel.count.text() == "1,500 / 3,000"
    assert panel.bar.value() == 0.5
    panel.cancel.click()
    panel.cancel.click()
    assert stopped == [1]
    panel.show_progress(1600, 3000, "第 1,600 行")
    assert panel.doing.text() == "正在停下…"


def test_a_chip_without_room_shows_shape_and_count_and_says_the_rest_on_hover(qtbot: QtBot) -> None:
    chip = Chip("存疑", Shape.DOUBT)
    chip.set_count(12)
    shown(qtbot, chip)
    chip.grab()
    assert chip.toolTip() == ""
    assert chip.minimumSizeHint().width() < chip.sizeHint().width()
    chip.setFixedWidth(chip.minimumSizeHint().width())
    chip.grab()
    assert chip.toolTip() == "存疑 12"


def test_a_field_that_cannot_be_typed_is_grey_in_both_palettes(qtbot: QtBot, qapp: QApplication) -> None:
    for dark in (False, True):
        theme.install(qapp, dark=dark)
        field = LineField("示例")
        shown(qtbot, field)
        field.resize(200, 28)
        assert field.grab().toImage().pixelColor(150, 14) == theme.colour("base")
        field.set_locked(True)
        assert field.grab().toImage().pixelColor(150, 14) == theme.colour("inset")
    theme.install(qapp)


def test_a_table_of_results_gives_way_in_its_stretching_column_before_it_scrolls(qtbot: QtBot) -> None:
    grid = Grid((Column("事项", 200, stretch=True), Column("一个比栏宽更长的表头", 40), Column("数", 60, right=True)))
    grid.show_lines([Line((Cell("甲"), Cell("乙"), Cell("1")))])
    window = shown(qtbot, grid)
    grid.fit_height(3)
    head = paint.width_of("一个比栏宽更长的表头", Size.SMALL)
    for width in (360, 480):
        window.resize(width, 200)
        QApplication.processEvents()
        widths = [grid.columnWidth(i) for i in range(3)]
        assert widths[1] > head, "a heading is whole"
        assert sum(widths) == grid.viewport().width(), "no more than there is, and nothing left over"
        assert not grid.horizontalScrollBar().isVisible()
    grid.hide_column(1, True)
    assert grid.columnWidth(0) + grid.columnWidth(2) == grid.viewport().width()
