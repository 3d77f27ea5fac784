"""The today page of a school that has not joined: tasks by urgency, the month, figures, backup and vaults."""

from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.ui.doubles import ScriptedMessages
from ui.main_window import MainWindow
from ui.recent import recent_files
from ui.screens.today import TodayScreen
from ui.widgets.shapes import Shape


def today(window: MainWindow) -> TodayScreen:
    """The page."""
    window.go("today")
    screen: Any = window.page
    assert isinstance(screen, TodayScreen)
    QApplication.processEvents()
    return screen


def test_it_is_the_first_page_of_a_school_file(window: MainWindow) -> None:
    window.close_file()
    start: Any = window.page
    start.primary.click()
    assert window.place == "today"


def test_tasks_stand_by_urgency_and_enter_does_the_first(window: MainWindow) -> None:
    screen = today(window)
    states = [t.state for t in screen.tasks.tasks.tasks]
    assert states[0] == "today", "the daily check is due today"
    assert window.navigation.list.places.badge("today") == str(len(states))
    QTest.keyClick(screen.tasks, Qt.Key.Key_Return)
    assert window.place in ("daily_check", "safety_check")


def test_the_start_page_says_what_waits_in_the_file(window: MainWindow) -> None:
    screen = today(window)
    window.finish_page()
    due = sum(t.state == "today" for t in screen.tasks.tasks.tasks)
    assert due
    window.close_file()
    (file,) = recent_files(window.memory)
    assert (file.shape, file.state) == (Shape.DOUBT, f"今天 {due} 件")


def test_a_task_to_register_opens_a_new_record(window: MainWindow, qtbot: QtBot) -> None:
    screen = today(window)
    row = next(i for i, t in enumerate(screen.tasks.tasks.tasks) if t.target == "drill")
    screen.tasks.setCurrentIndex(screen.tasks.tasks.index(row, 0))
    button = screen.tasks.button_place(screen.tasks.visualRect(screen.tasks.currentIndex())).center()
    QTest.mouseClick(screen.tasks.viewport(), Qt.MouseButton.LeftButton, pos=button)
    assert window.place == "drill"
    page: Any = window.page
    assert page.form.record.new


def test_figures_and_month(window: MainWindow, qtbot: QtBot) -> None:
    screen = today(window)
    qtbot.waitUntil(lambda: bool(screen.figures.figures))  # they come once the page has been painted
    assert [f.value for f in screen.figures.figures][:1] == ["12"]
    assert len(screen.month.days) == 31
    screen.month.setFocus()
    QTest.keyClick(screen.month, Qt.Key.Key_Left)
    QTest.keyClick(screen.month, Qt.Key.Key_Return)
    assert window.place in ("daily_check", "safety_check")


def test_a_school_that_has_not_joined_is_shown_the_way(window: MainWindow) -> None:
    screen = today(window)
    assert screen.none_yet.isVisible()
    assert not screen.read_receipts.isVisible()
    screen.none_yet.link.click()
    assert window.place == "join"


def test_backup_to_a_folder(window: MainWindow, messages: ScriptedMessages, tmp_path: Path) -> None:
    screen = today(window)
    folder = tmp_path / "U盘"
    folder.mkdir()
    messages.will_answer(str(folder))
    screen.backup.link.click()
    assert any(folder.iterdir())
    assert "U 盘" in screen.backup.words.text()


def test_vaults_are_made_and_locked_here(window: MainWindow, messages: ScriptedMessages) -> None:
    screen = today(window)
    line = screen.vaults["personal"]
    assert line.link.text() == "建立"
    messages.will_answer("as offered")
    line.link.click()
    assert line.link.text() == "锁定"
    line.link.click()
    assert line.link.text() == "打开"


def test_submitting_before_joining_says_what_comes_first(window: MainWindow) -> None:
    window.go("submit")
    page: Any = window.page
    assert page.pages.currentWidget() is page.empty
    page.empty.parts()[0].click()
    assert window.place == "join"


def test_receipts_before_joining_say_what_comes_first(window: MainWindow) -> None:
    window.go("receipts")
    page: Any = window.page
    assert page.pages.currentWidget() is page.empty
    page.empty.buttons[0].click()
    assert window.place == "join"
