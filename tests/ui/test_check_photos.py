"""Photos inside the daily check: kept with the unfinished round, taken back, recorded with hazard or check, six and no more."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication

from tests.journeys.hands import CONTROL, press, said, write
from tests.journeys.test_school_photos import finish, photos_of, picture
from tests.journeys.test_school_records import TODAY, start_check
from tests.ui.doubles import ScriptedMessages
from ui.main_window import MainWindow
from ui.screens.daily_check import DailyCheckScreen

__all__ = ["picture"]


@pytest.fixture
def opened(make_window: Callable[[], MainWindow], school_file: Path) -> MainWindow:
    """The school's file, open."""
    window = make_window()
    assert window.open_file(str(school_file))
    return window


def abnormal(page: DailyCheckScreen, words: str) -> str:
    """The item under the cursor is abnormal; its code."""
    item = page.board.cursor_at
    press(page.board, Qt.Key.Key_2)
    write(words)
    press(QApplication.focusWidget(), Qt.Key.Key_Return)
    write("门卫室")
    press(QApplication.focusWidget(), Qt.Key.Key_Escape)
    return item


def stored(window: MainWindow, page: DailyCheckScreen) -> Any:
    """The check of the day once it is finished."""
    finish(window, page)
    return window.workspace.school.check_of(TODAY)


def test_photos_wait_with_an_unfinished_round_and_are_taken_back(
    opened: MainWindow, messages: ScriptedMessages, picture: Callable[[str], str]
) -> None:
    page = start_check(opened)
    press(page.board, Qt.Key.Key_F4)
    assert "先按 2 记为异常" in said(opened)
    item = abnormal(page, "灭火器压力不足")
    page.board.move_to(item)
    for colour in ("darkgreen", "darkred"):
        messages.will_answer(picture(colour))
        press(page.board, Qt.Key.Key_F4)
    first, second = photos_of(page, item)
    page.show_day(TODAY)
    assert photos_of(page, item) == [first, second], "kept in the file before anything is finished"
    page.board.setFocus()
    editor = page.board.editor(item)
    assert editor is not None
    press(editor.photos.thumbnails[1], Qt.Key.Key_Delete)
    assert photos_of(page, item) == [first]
    page.board.setFocus()
    press(page.board, Qt.Key.Key_Z, CONTROL)
    assert photos_of(page, item) == [first, second]
    press(page.board, Qt.Key.Key_Space)
    press(page.board, Qt.Key.Key_Z, CONTROL)
    assert photos_of(page, item) == [first, second]


def test_one_undo_takes_the_round_and_its_photos_back(
    opened: MainWindow, messages: ScriptedMessages, picture: Callable[[str], str]
) -> None:
    page = start_check(opened)
    item = abnormal(page, "灭火器压力不足")
    page.board.move_to(item)
    messages.will_answer(picture("darkgreen"))
    press(page.board, Qt.Key.Key_F4)
    check = stored(opened, page)
    (hazard,) = opened.workspace.school.hazards_of_check(str(check["id"])).values()
    messages.will_answer(picture("darkred"))
    page.board.setFocus()
    page.board.move_to(item)
    press(page.board, Qt.Key.Key_F4)
    assert len(opened.workspace.photos("hazard", str(hazard["id"]))) == 2, "a recorded hazard takes it at once"
    opened.undo()
    assert len(opened.workspace.photos("hazard", str(hazard["id"]))) == 1
    opened.undo()
    assert opened.workspace.photos("hazard", str(hazard["id"])) == []
    assert opened.workspace.school.check_of(TODAY) is None


def test_an_item_mended_at_once_leaves_its_photo_with_the_check(
    opened: MainWindow, messages: ScriptedMessages, picture: Callable[[str], str]
) -> None:
    page = start_check(opened)
    item = abnormal(page, "当场已整改")
    editor = page.board.editor(item)
    assert editor is not None
    editor.wanted.setChecked(False)
    messages.will_answer(picture("darkgreen"))
    page.board.setFocus()
    page.board.move_to(item)
    press(page.board, Qt.Key.Key_F4)
    digests = photos_of(page, item)
    check = stored(opened, page)
    assert [p.sha256 for p in opened.workspace.photos("safety_check", str(check["id"]))] == digests
    assert opened.workspace.table("hazard").view().count == 0


def test_photos_are_dropped_on_an_item_and_six_are_enough(opened: MainWindow, picture: Callable[[str], str]) -> None:
    page = start_check(opened)
    item = abnormal(page, "灭火器压力不足")
    editor = page.board.editor(item)
    assert editor is not None
    carried = QMimeData()
    colours = ("red", "green", "blue", "cyan", "magenta", "yellow", "black")
    carried.setUrls([QUrl.fromLocalFile(picture(c)) for c in colours])
    copy, left, none = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    entered = QDragEnterEvent(QPoint(20, 20), copy, carried, left, none)
    editor.dragEnterEvent(entered)
    assert entered.isAccepted()
    editor.dropEvent(QDropEvent(QPointF(20, 20), copy, carried, left, none))
    assert len(photos_of(page, item)) == 6
    assert "最多 6 张" in editor.sentence.text()
    assert not editor.photos.add.isEnabled()
