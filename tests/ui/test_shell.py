"""The frame: files, places, panes, keys, palette."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from eduplan_desktop.errors import RefusedError, StoreError
from eduplan_desktop.i18n import PRODUCT
from eduplan_desktop.registers.catalog import REGISTERS
from tests.ui.doubles import ScriptedMessages
from ui import icons, theme
from ui.main_window import MainWindow
from ui.memory import Memory
from ui.places import COUNTY, REGISTER_SCREEN, SCHOOL, START, Place, flat, of_side
from ui.recent import recent_files
from ui.screen import Screen
from ui.tasks import TaskRunner

CONTROL = Qt.KeyboardModifier.ControlModifier


def every_place() -> list[Place]:
    """Groups and pages of all sides."""
    top: Sequence[Place] = (*START, *SCHOOL, *COUNTY)
    return [p for one in top for p in (one, *one.children)]


def test_places_have_ids_of_their_own_and_icons_that_exist() -> None:
    for side in (START, SCHOOL, COUNTY):
        ids = [p.id for one in side for p in (one, *one.children)]
        assert len(ids) == len(set(ids))
        shown = [p for p in side if not p.hidden]
        assert all(p.icon in icons.names() for p in shown)
        assert len([p for p in shown if not p.pinned]) <= 9, "Ctrl+1 … Ctrl+9 reach every group"


@pytest.mark.parametrize("place", [p for p in every_place() if p.screen], ids=lambda p: f"{p.id}-{p.argument}")
def test_every_place_names_a_screen_that_exists(place: Place) -> None:
    from importlib import import_module

    module, _colon, name = place.screen.partition(":")
    assert issubclass(getattr(import_module(module), name), Screen)


def test_every_register_has_its_place_under_its_own_name() -> None:
    labels = {p.argument: p.label for p in flat(SCHOOL) if p.screen == REGISTER_SCREEN}
    known = {r.name: r.label for r in REGISTERS}
    assert {k: v for k, v in labels.items() if known.get(k) != v} == {}
    reachable = {p.argument or p.id for p in flat(of_side("school", REGISTERS))}
    assert set(known) <= reachable


def test_a_register_a_kit_brings_is_never_out_of_reach() -> None:
    from dataclasses import replace

    more = replace(REGISTERS[0], name="library", label="图书台账", single=False)
    places = of_side("school", (*REGISTERS, more))
    assert ("library", "图书台账") in {(p.argument, p.label) for p in flat(places)}


def test_the_title_says_whose_file_this_is(window: MainWindow) -> None:
    assert window.windowTitle() == f"青石岭小学（示例） — 青石岭小学.eduplan — {PRODUCT}"
    assert window.navigation.head.accessibleName().startswith("青石岭小学（示例）")
    assert window.status.sample.isVisible()
    assert not window.strip.isVisible()


def test_closing_the_file_goes_back_to_the_start(window: MainWindow) -> None:
    assert window.close_file()
    assert window.workspace is None
    assert window.place == "start"
    assert window.windowTitle() == PRODUCT
    assert [f.title for f in recent_files(window.memory)] == ["青石岭小学（示例）"]


def test_another_file_comes_in_without_starting_again(
    window: MainWindow, tmp_path: Path, messages: ScriptedMessages
) -> None:
    messages.will_answer("白杨沟教学点", str(tmp_path / "b" / "白杨沟教学点"))
    assert window.opening.new_school()
    assert window.workspace.title == "白杨沟教学点"
    assert (tmp_path / "b" / "白杨沟教学点.eduplan").exists()
    assert len(recent_files(window.memory)) == 2


def test_a_file_that_is_no_data_file_is_told_about(
    window: MainWindow, tmp_path: Path, messages: ScriptedMessages
) -> None:
    other = tmp_path / "x.eduplan"
    other.write_text("not a data file")
    assert not window.open_file(str(other))
    assert messages.asked[-1].kind == "fault"
    assert messages.asked[-1].detail, "every fault says what to do"
    assert window.workspace.title == "青石岭小学（示例）"


def test_a_file_on_a_stick_is_copied_or_read(
    make_window: Callable[[], MainWindow],
    school_file: Path,
    tmp_path: Path,
    messages: ScriptedMessages,
    monkeypatch: Any,
) -> None:
    import eduplan_desktop.workspace as facade

    real = facade.open_workspace

    def on_stick(path: Path, env: Any, *, read_only: bool = False) -> Any:
        if path == school_file and not read_only:
            raise StoreError("removable", "文件在 U 盘上。", "复制到本机。")
        return real(path, env, read_only=read_only)

    monkeypatch.setattr(facade, "open_workspace", on_stick)
    window = make_window()
    messages.will_answer("read")
    assert window.open_file(str(school_file))
    assert window.workspace.read_only
    window.close_file()
    messages.will_answer(None)
    assert not window.open_file(str(school_file))


def test_groups_by_ctrl_and_number(window: MainWindow) -> None:
    shown = [p for p in of_side("school", REGISTERS) if not p.hidden]
    for number, group in enumerate(shown, start=1):
        if number <= 9 and not group.pinned:
            QTest.keyClick(window, Qt.Key(Qt.Key.Key_0 + number), CONTROL)
            first = group if group.screen else group.children[0]
            assert window.place == first.id


def test_the_navigation_by_arrows_and_enter(window: MainWindow) -> None:
    window.go("equipment")
    nav = window.navigation.list
    nav.setFocus()
    QTest.keyClick(nav, Qt.Key.Key_Down)
    assert window.place == "equipment"
    QTest.keyClick(nav, Qt.Key.Key_Return)
    assert window.place == "equipment_change"


def test_f6_walks_the_panes_around_and_back(window: MainWindow) -> None:
    window.go("equipment")
    QApplication.processEvents()
    seen = []
    for _step in range(5):
        QTest.keyClick(window, Qt.Key.Key_F6)
        seen.append(QApplication.focusWidget())
    screen: Any = window.page
    nav = window.navigation.list
    assert set(seen) == {nav, screen.filters.search, screen.table, screen.form.body.editor("asset_no").widget}
    assert seen[0] is seen[4]
    QTest.keyClick(window, Qt.Key.Key_F6, Qt.KeyboardModifier.ShiftModifier)
    assert QApplication.focusWidget() is seen[3]


def test_f1_lists_the_keys_of_the_page_and_of_the_window(window: MainWindow) -> None:
    window.go("equipment")
    QApplication.processEvents()
    before = QApplication.focusWidget()
    QTest.keyClick(window, Qt.Key.Key_F1)
    assert window.key_list.isVisible()
    own = dict(window.key_list.groups[0][1])
    assert own["Ctrl+N"] == "新增"
    assert own["Ctrl+Return"] == "完成这条"
    assert "Ctrl+D" in own
    assert window.key_list.groups[1][0] == "整个窗口"
    QTest.keyClick(window.key_list, Qt.Key.Key_Escape)
    assert not window.key_list.isVisible()
    assert QApplication.focusWidget() is before


def test_ctrl_s_says_when_it_was_saved(window: MainWindow) -> None:
    window.status.show_saved("")
    QTest.keyClick(window, Qt.Key.Key_S, CONTROL)
    assert window.status.saved.text().startswith("已保存 ")


def test_nothing_to_undo_is_said(window: MainWindow) -> None:
    QTest.keyClick(window, Qt.Key.Key_Z, CONTROL)
    assert window.page is not None
    assert "没有可以撤销" in window.page.bars.bars[0].text()


def test_badges_say_a_word(window: MainWindow) -> None:
    window.set_badge("hazard", "3 超期", theme.Tone.RED)
    model = window.navigation.list.places
    index = model.index(model.row_of("hazard"), 0)
    assert index.data(Qt.ItemDataRole.AccessibleTextRole) == "隐患台账 3 超期"
    window.set_badge("hazard", "")
    assert model.badge("hazard") == ""


def test_the_palette_and_the_size_of_type_can_be_switched(window: MainWindow, qapp: QApplication) -> None:
    window.go("equipment")
    light = window.status.saved.palette().windowText().color().name()
    window.menu.switch_palette()
    assert theme.is_dark()
    assert window.place == "equipment"
    assert window.status.saved.palette().windowText().color() == theme.colour("ink2")
    assert window.status.saved.palette().windowText().color().name() != light
    window.menu.resize_type(1.3)
    screen: Any = window.page
    assert screen.table.rowHeight(0) == 39
    assert Memory(window.env.home).get("window.dark", False) in (True, False)
    window.menu.resize_type(1.0)
    window.menu.switch_palette()
    assert not theme.is_dark()


def test_the_menu_offers_the_other_recent_files(window: MainWindow) -> None:
    window.menu.fill()
    words = [a.text() for a in window.menu.menu.actions()]
    assert "打开文件…\tCtrl+O" in words
    assert "青石岭小学（示例）" not in words, "the file that is open is not offered"
    window.close_file()
    window.menu.fill()
    assert "青石岭小学（示例）" in [a.text() for a in window.menu.menu.actions()]


def test_a_backup_by_the_menu(window: MainWindow, tmp_path: Path, messages: ScriptedMessages) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    messages.will_answer(str(stick))
    window.menu.back_up()
    assert window.page is not None
    assert "备份好了" in window.page.bars.bars[0].text()
    assert any(stick.iterdir())


def test_sizes_are_remembered(make_window: Callable[[], MainWindow]) -> None:
    first = make_window()
    first.resize(1500, 800)
    first.close()
    second = make_window()
    assert (second.width(), second.height()) == (1500, 800) or second.memory.get("window.geometry", "")


def test_work_under_way_is_not_cut_off_silently(window: MainWindow, messages: ScriptedMessages) -> None:
    import threading

    window.tasks = TaskRunner(window)
    stopped = threading.Event()

    def work(_progress: Any, cancelled: Any) -> None:
        while not cancelled():
            pass
        stopped.set()

    window.tasks.run(work)
    messages.will_answer("stay")
    assert not window.close_file()
    messages.will_answer("stop")
    assert window.close_file()
    assert stopped.is_set()


def test_a_refused_page_keeps_the_person_where_they_are(window: MainWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    window.go("equipment")
    monkeypatch.setattr(window.page, "settle", lambda: False)
    window.go("staff")
    assert window.place == "equipment"
    assert not window.close_file()
    monkeypatch.undo()


def test_a_long_name_takes_two_lines_in_the_head(window: MainWindow) -> None:
    name = "阿克苏地区阿瓦提县阿依巴格乡阿卜来提·如则托合提希望小学（示例）"
    window.navigation.head.show_file(name, "学校端", county=False)
    window.grab()
    lines = window.navigation.head._lines()
    assert len(lines) == 2
    assert lines[0] == name[: len(lines[0])]
    assert lines[1].endswith("）")


def test_an_undo_that_is_refused_is_said(window: MainWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    def stale(_workspace: Any) -> None:
        raise RefusedError("undo_stale", "这一步之后记录又有改动。", "请打开历史。")

    monkeypatch.setattr(type(window.workspace), "undo", stale)
    window.undo()
    assert window.page is not None
    assert "又有改动" in window.page.bars.bars[0].text()
