"""A school's own days by keys and clicks from the start page: the daily check, a hazard, a doubt, check-ups, backups."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QMenu

from tests.journeys.hands import cells, open_file, pull_the_plug
from tests.journeys.people import CONTROL, button, click, press, said, walk_to, write
from tests.ui.conftest import PEOPLE, school_file, school_template
from tests.ui.doubles import ScriptedMessages
from ui.main_window import MainWindow
from ui.screens.checkup import CheckupScreen
from ui.screens.daily_check import DailyCheckScreen
from ui.screens.hazards import HazardScreen
from ui.screens.problems import ProblemsScreen
from ui.screens.settings import SettingsScreen

__all__ = ["school_file", "school_template"]

TODAY = "2026-03-05"
ALT = Qt.KeyboardModifier.AltModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def opened(make_window: Callable[[], MainWindow], school_file: Path, messages: ScriptedMessages) -> MainWindow:
    """The program started, and the school's file opened from the start page."""
    window = make_window()
    window.resize(1366, 696)
    messages.will_answer(str(school_file))
    page: Any = window.page
    click(page.ways["open"])
    assert window.place == "today"
    return window


def start_check(window: MainWindow) -> DailyCheckScreen:
    """F5 on the today page."""
    press(window, Qt.Key.Key_F5)
    page = window.page
    assert isinstance(page, DailyCheckScreen)
    assert page.board.hasFocus()
    return page


def find_abnormal(page: DailyCheckScreen) -> str:
    """Two items normal, the third abnormal with its words and a hazard; the code of the third."""
    for _time in range(2):
        press(page.board, Qt.Key.Key_Space)
    item = page.board.cursor_at
    press(page.board, Qt.Key.Key_2)
    write("监控硬盘坏了一块")
    press(QApplication.focusWidget(), Qt.Key.Key_Return)
    write("门卫室")
    press(QApplication.focusWidget(), Qt.Key.Key_Escape)
    return item


def test_todays_check_by_keys_and_its_hazard_moved_on(
    opened: MainWindow, messages: ScriptedMessages, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = start_check(opened)
    item = find_abnormal(page)
    assert page.board.hasFocus()
    press(page.board, Qt.Key.Key_3)
    press(opened, Qt.Key.Key_Return, CONTROL)
    assert "没查" in said(opened)
    press(opened, Qt.Key.Key_F8)
    press(opened, Qt.Key.Key_Return, CONTROL)
    assert "请填检查人" in said(opened)
    write("王示例")
    press(opened, Qt.Key.Key_Return, CONTROL)
    page.heads["leader"].setFocus()
    write("李示例")
    press(opened, Qt.Key.Key_Return, CONTROL)
    assert "登记隐患 1 条" in said(opened)
    walk_to(opened, "today")
    walk_to(opened, "daily_check")
    assert page.heads["inspector"].raw() == "王示例", "as it was stored"
    assert page.board.editor(item) is not None, "the item that was abnormal"
    print_day(opened, page, messages, tmp_path, monkeypatch)
    move_hazard(opened, messages, tmp_path)


def print_day(window: MainWindow, page: DailyCheckScreen, messages: Any, folder: Path, monkeypatch: Any) -> None:
    """F09 of the day, of the week and blank."""
    for number in range(3):
        to = folder / f"F09-{number}.pdf"
        messages.will_answer(str(to))
        monkeypatch.setattr(QMenu, "popup", lambda menu, *_at, n=number: menu.actions()[n].trigger())
        click(page.printing)
        assert to.read_bytes().startswith(b"%PDF")
        assert "写好了" in said(window)


def move_hazard(window: MainWindow, messages: ScriptedMessages, folder: Path) -> None:
    """From 待交办 over 整改中 to 待复查; each step asks for what the state requires."""
    board = walk_to(window, "hazard")
    assert isinstance(board, HazardScreen)
    column = board.columns["1"]
    assert column.hasFocus()
    press(column, Qt.Key.Key_Right, CONTROL)
    assert board.panel.isVisible()
    press(window, Qt.Key.Key_Return, CONTROL)
    assert board.panel.isVisible(), "nothing moves before it has what the state requires"
    assert any("责任人" in w for w in board.panel.rows["person"].words())
    for name, words in (("measures", "更换硬盘"), ("person", "马示例"), ("due", "2026-03-12")):
        board.panel.rows[name].editor.widget.setFocus()
        write(words)
    press(window, Qt.Key.Key_Return, CONTROL)
    assert "整改中" in said(window)
    assert board.columns["2"].hasFocus()
    press(board.columns["2"], Qt.Key.Key_Right, CONTROL)
    write(TODAY)
    press(window, Qt.Key.Key_Return, CONTROL)
    assert "待复查" in said(window)
    (card,) = board.columns["3"].cards.cards
    assert card.number == "2026-0001"
    to = folder / "F13.pdf"
    messages.will_answer(str(to))
    press(window, Qt.Key.Key_P, CONTROL)
    assert to.read_bytes().startswith(b"%PDF")


def test_a_half_done_check_survives_a_killed_process(
    opened: MainWindow, make_window: Callable[[], MainWindow], messages: ScriptedMessages, school_file: Path
) -> None:
    page = start_check(opened)
    item = find_abnormal(page)
    pull_the_plug(opened)
    again = make_window()
    open_file(again, messages, school_file)
    page = start_check(again)
    assert page.day is not None
    assert page.day.counts()["1"] == 2
    editor = page.board.editor(item)
    assert editor is not None
    assert editor.fields["remark"].text() == "监控硬盘坏了一块"
    assert editor.fields["place"].text() == "门卫室"


def test_yesterdays_check_by_the_arrow_and_the_table_by_a_button(opened: MainWindow) -> None:
    page: Any = walk_to(opened, "daily_check")
    press(opened, Qt.Key.Key_Left, ALT)
    assert page.day.day == "2026-03-04"
    assert "2026年3月4日" in page.title_row.subtitle.text()
    click(page.plain)
    assert opened.place == "safety_check"
    table: Any = opened.page
    click(table.back)
    assert opened.place == "daily_check"


def test_a_doubt_is_explained_and_an_error_gone_to(opened: MainWindow) -> None:
    page: Any = walk_to(opened, "problems")
    assert isinstance(page, ProblemsScreen)
    press(opened, Qt.Key.Key_F9)
    assert "检查完了" in said(opened)
    page.chips["doubt"].click()
    found = page.table.problems.found
    assert {p.severity for p in found} == {"doubt"}
    assert page.table.hasFocus() or page.table.setFocus() is None
    press(page.table, Qt.Key.Key_F2)
    write("进口设备，发票附后")
    press(QApplication.focusWidget(), Qt.Key.Key_Return)
    press(opened, Qt.Key.Key_F9)
    assert sum("进口设备，发票附后" in row for row in cells(page.table)) == 1
    page.chips["doubt"].click()
    page.chips["error"].click()
    assert {p.severity for p in page.table.problems.found} == {"error"}
    page.table.setFocus()
    press(opened, Qt.Key.Key_F3)
    one = page.table.current()
    press(page.table, Qt.Key.Key_Return)
    assert opened.place == one.register


def make_vault(window: MainWindow, messages: ScriptedMessages, folder: Path) -> str:
    """In settings: the health vault with the words offered; its recovery code once, printed. The passphrase."""
    page: Any = walk_to_settings(window)
    line = page.vaults.lines["health"]
    click(line.buttons[0])
    phrase = page.vaults.phrase.text()
    assert len(phrase.split()) == 6
    press(page.vaults.phrase, Qt.Key.Key_Return)
    assert line.tag.words() == "打开着"
    code = page.vaults.code.code.text()
    assert code.count("-") == 6
    to = folder / "恢复码.pdf"
    messages.will_answer(str(to))
    click(page.vaults.code.print)
    assert to.read_bytes().startswith(b"%PDF")
    click(page.vaults.code.kept)
    assert page.vaults.code.code.text() == ""
    return str(phrase)


def walk_to_settings(window: MainWindow) -> Any:
    """Click the pinned line."""
    page = walk_to(window, "settings")
    assert isinstance(page, SettingsScreen)
    return page


def test_health_from_the_vault_to_the_printed_summary(
    opened: MainWindow, messages: ScriptedMessages, tmp_path: Path
) -> None:
    phrase = make_vault(opened, messages, tmp_path)
    page: Any = walk_to(opened, "checkup")
    assert isinstance(page, CheckupScreen)
    click(page.list_button)
    assert page.people.hasFocus()
    consent_for_all(opened, page)
    record_a_checkup(opened, page)
    press(opened, Qt.Key.Key_L, CONTROL)
    assert page.stack.currentWidget() is page.locked
    assert page.results.results.lines == []
    assert page.heads["institution"].raw() == ""
    to = tmp_path / "F18.pdf"
    messages.will_answer(phrase, str(to))
    press(opened, Qt.Key.Key_P, CONTROL)
    assert to.read_bytes().startswith(b"%PDF")
    assert page.stack.currentWidget() is not page.locked, "open again"


def consent_for_all(window: MainWindow, page: CheckupScreen) -> None:
    """Everybody's consent on one form."""
    press(page.people, Qt.Key.Key_A, CONTROL)
    click(page.consent_button)
    press(window, Qt.Key.Key_Return, CONTROL)
    assert page.consent.rows["notice"].words(), "what must be filled is said"
    for name, words in (("signed", "2025-09-10"), ("notice", "2025年版"), ("scope", "结论与所列检查项目")):
        page.consent.rows[name].editor.widget.setFocus()
        write(words)
    page.consent.rows["names_county"].editor.widget.setFocus()
    press(QApplication.focusWidget(), Qt.Key.Key_1)
    press(window, Qt.Key.Key_Return, CONTROL)
    assert "同意登记好了" in said(window)
    assert all(p.consent for p in page.people_of_year)
    assert len(page.people_of_year) == len(PEOPLE)


def record_a_checkup(window: MainWindow, page: CheckupScreen) -> None:
    """A date, two values and the range of the report; saved on the way to the next person."""
    first = page.people.current()
    press(page.people, Qt.Key.Key_Return)
    write("2025-09-28")
    page.results.begin()
    press(page.results, Qt.Key.Key_1)
    write("58")
    press(QApplication.focusWidget(), Qt.Key.Key_Return)
    press(page.results, Qt.Key.Key_6)
    write("1.5")
    press(QApplication.focusWidget(), Qt.Key.Key_Return)
    assert page.results.results.results["GEN01"].value == "158"
    press(window, Qt.Key.Key_Return, CONTROL)
    assert page.people.current().person != first.person
    press(page.people, Qt.Key.Key_Up)
    assert page.people.current().person == first.person, "and back to the first"
    assert page.people.people.state_words(page.people.current()) == "已检"
    assert {"GEN01", "GEN02"} <= set(page.results.results.results)


def test_not_examined_with_a_reason(opened: MainWindow, messages: ScriptedMessages, tmp_path: Path) -> None:
    make_vault(opened, messages, tmp_path)
    page: Any = walk_to(opened, "checkup")
    messages.will_answer("1")
    click(page.not_done)
    assert "不记原因" in said(opened), "a reason is health information and needs the consent"
    assert page.counts.text().startswith("应检 1　已检 0")
    assert page.people.people.state_words(page.people.current()).startswith("未检")


def test_back_up_and_open_a_copy(opened: MainWindow, messages: ScriptedMessages, tmp_path: Path) -> None:
    page = walk_to_settings(opened)
    page.who.setFocus()
    write("王示例")
    press(page.who, Qt.Key.Key_Return)
    assert "王示例" in said(opened)
    click(page.backup_button)
    assert "备份好了" in said(opened)
    stick = tmp_path / "U盘"
    stick.mkdir()
    messages.will_answer(str(stick))
    click(page.to_stick)
    assert list(stick.glob("*.eduplan"))
    click(page.audit_line.buttons[0])
    assert page.audit_tag.words() == "完整"
    before = page.identity.words.text()
    to = tmp_path / "副本" / "青石岭小学副本.eduplan"
    messages.will_answer("copy", str(to))
    page.backups.setFocus()
    press(page.backups, Qt.Key.Key_Return)
    assert to.name in opened.windowTitle()
    page = walk_to_settings(opened)
    assert page.identity.words.text() != before, "a copy is a file of its own"
    assert page.who.text() == "王示例"


def test_another_passphrase_and_another_key_folder(
    opened: MainWindow, messages: ScriptedMessages, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "xdg"))
    monkeypatch.setenv("LOCALAPPDATA", "")
    monkeypatch.delenv("EDUPLAN_HOME")
    old = make_vault(opened, messages, tmp_path)
    page: Any = opened.page
    click(page.vaults.lines["health"].buttons[1])
    new = page.vaults.phrase.text()
    assert new != old
    click(page.vaults.take)
    assert "换好了" in said(opened)
    click(page.vaults.lines["health"].buttons[0])
    assert page.vaults.lines["health"].tag.words() == "已锁定"
    messages.will_answer(old)
    click(page.vaults.lines["health"].buttons[0])
    assert messages.asked[-1].kind == "fault"
    messages.will_answer(new)
    click(page.vaults.lines["health"].buttons[0])
    assert page.vaults.lines["health"].tag.words() == "打开着"
    folder = tmp_path / "密钥"
    messages.will_answer(str(folder))
    click(button(page, "换一个"))
    assert str(folder) in said(opened)
    assert (tmp_path / "xdg" / "eduplan" / "home.txt").read_text() == str(folder)
