"""A photo taken at the daily check: added by keys, kept with the unfinished round, recorded with the hazard, held by the county."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QColor, QDragEnterEvent, QDropEvent, QImage
from PySide6.QtWidgets import QApplication

from eduplan_desktop.workspace import open_workspace
from tests.journeys.people import CONTROL, County, press, said, walk_to, write
from tests.journeys.test_school_records import TODAY, opened, start_check
from tests.journeys.test_school_round_trip import SCHOOL, import_everything, join, new_school, submit, window
from tests.ui.conftest import school_file, school_template
from tests.ui.doubles import ScriptedMessages
from ui.main_window import MainWindow
from ui.screens.daily_check import DailyCheckScreen

__all__ = ["opened", "school_file", "school_template", "window"]

ALT = Qt.KeyboardModifier.AltModifier


@pytest.fixture
def picture(tmp_path: Path) -> Callable[[str], str]:
    """Makes a picture of one colour; its path."""

    def make(colour: str) -> str:
        image = QImage(640, 480, QImage.Format.Format_RGB32)
        image.fill(QColor(colour))
        path = tmp_path / f"{colour}.png"
        assert image.save(str(path))
        return str(path)

    return make


def abnormal(page: DailyCheckScreen, words: str) -> str:
    """The item under the cursor is abnormal; its code."""
    item = page.board.cursor_at
    press(page.board, Qt.Key.Key_2)
    write(words)
    press(QApplication.focusWidget(), Qt.Key.Key_Return)
    write("门卫室")
    press(QApplication.focusWidget(), Qt.Key.Key_Escape)
    return item


def finish(window: MainWindow, page: DailyCheckScreen) -> Any:
    """The rest normal, the names, done; the check as stored."""
    press(window, Qt.Key.Key_F8)
    for name in ("inspector", "leader"):
        page.heads[name].setFocus()
        page.heads[name].selectAll()
        write("王示例")
    press(window, Qt.Key.Key_Return, CONTROL)
    return window.workspace.school.check_of(TODAY)


def photos_of(page: DailyCheckScreen, item: str) -> list[str]:
    """Digests of the thumbnails shown under an item."""
    editor = page.board.editor(item)
    assert editor is not None
    return [t.sha256 for t in editor.photos.thumbnails]


def test_a_photo_taken_at_the_check_reaches_the_county(
    window: MainWindow,
    messages: ScriptedMessages,
    county: County,
    tmp_path: Path,
    picture: Callable[[str], str],
) -> None:
    county.prepare(SCHOOL.name)
    new_school(window, messages, tmp_path)
    import_everything(window, messages, tmp_path / "原有表格")
    county.enrol(join(window, county))
    walk_to(window, "today")
    page = start_check(window)
    item = page.board.cursor_at
    press(page.board, Qt.Key.Key_2)
    write("监控硬盘坏了一块")
    messages.will_answer(picture("darkgreen"))
    press(QApplication.focusWidget(), Qt.Key.Key_F4)
    press(QApplication.focusWidget(), Qt.Key.Key_Return)
    write("门卫室")
    press(QApplication.focusWidget(), Qt.Key.Key_Escape)
    page.board.move_to(item)
    messages.will_answer(picture("darkred"))
    press(page.board, Qt.Key.Key_Down, ALT)
    digests = photos_of(page, item)
    assert len(digests) == 2
    check = finish(window, page)
    assert "登记隐患 1 条" in said(window)
    (hazard,) = window.workspace.school.hazards_of_check(str(check["id"])).values()
    assert [p.sha256 for p in window.workspace.photos("hazard", str(hazard["id"]))] == digests
    assert photos_of(page, item) == digests

    submit(window)
    county.take_in()
    with open_workspace(county.file, county.env) as there:
        held = there.photos("hazard", str(hazard["id"]), county.uid)
        assert [p.sha256 for p in held] == digests
        assert all(p.path is not None and p.path.stat().st_size > 0 for p in held)


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
    check = finish(opened, page)
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
    check = finish(opened, page)
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
