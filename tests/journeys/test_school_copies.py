"""A file that was restored, moved or copied asks what it is before anything is reported; the program loses nothing."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt

from tests.journeys.hands import close_file, open_file
from tests.journeys.people import CONTROL, County, button, click, press, said, walk_to, write
from tests.ui.doubles import ScriptedMessages
from ui.main_window import MainWindow

NAME = "青石岭小学（示例）"


@pytest.fixture
def joined(make_window: Callable[[], MainWindow], messages: ScriptedMessages, county: County, tmp_path: Path) -> Any:
    """A window with a school that has applied and been approved."""
    county.prepare(NAME)
    window = make_window()
    window.resize(1366, 696)
    messages.will_answer(NAME, str(tmp_path / "本校.eduplan"))
    page: Any = window.page
    click(page.ways["new_school"])
    page = walk_to(window, "join")
    page.fingerprint.setFocus()
    write(county.fingerprint)
    press(window, Qt.Key.Key_Return, CONTROL)
    found = re.search(r"本校指纹 ([0-9A-Z-]+)", said(window))
    assert found, said(window)
    county.enrol(found[1])
    return window


def report_nothing(window: MainWindow) -> Any:
    """A bundle of one item, as a 零报告."""
    page: Any = walk_to(window, "submit")
    click(page.choose_items)
    page.items.setFocus()
    for row, item in enumerate(page.items.items):
        page.items.setCurrentIndex(page.items.lines.index(row, 0))
        if page.items.ways[item.id]:
            press(page.items, Qt.Key.Key_0 if row == 0 else Qt.Key.Key_Space)
    assert page.items.chosen()[0] == page.items.chosen()[1] == [page.items.items[0].id]
    while page.checks.go_to_open():
        write("与凭证核对无误")
        press(window.focusWidget(), Qt.Key.Key_Return)
    press(window, Qt.Key.Key_Return, CONTROL)
    assert page.done is not None, page.why.text()
    return page


def test_a_wrong_fingerprint_joins_nothing(
    make_window: Callable[[], MainWindow], messages: ScriptedMessages, county: County, tmp_path: Path
) -> None:
    county.prepare(NAME)
    window = make_window()
    messages.will_answer(NAME, str(tmp_path / "本校.eduplan"))
    start: Any = window.page
    click(start.ways["new_school"])
    page: Any = walk_to(window, "join")
    page.fingerprint.setFocus()
    write("ZZ" + county.fingerprint[2:])
    assert "对不上" in page.match.words()
    press(window, Qt.Key.Key_Return, CONTROL)
    assert page.join.isVisible(), "still to be joined"
    assert not list(county.stick.glob("*.eduenrol"))


def test_a_file_put_back_from_an_older_copy_asks_and_goes_on(
    joined: MainWindow, messages: ScriptedMessages, county: County, tmp_path: Path
) -> None:
    path, older = tmp_path / "本校.eduplan", tmp_path / "旧.eduplan"
    close_file(joined)
    shutil.copy(path, older)
    open_file(joined, messages, path)
    page = report_nothing(joined)
    assert page.done.made.sequence == 1
    close_file(joined)
    shutil.copy(older, path)

    open_file(joined, messages, path)
    assert joined.place == "today"
    assert "不一致" in said(joined)
    messages.will_answer("restore")
    click(button(joined.page, "说明情况"))
    assert "已说明" in said(joined)
    page = report_nothing(joined)
    assert page.done.made.sequence == 2, "the number goes on where the keys left off"


def test_closing_the_question_leaves_everything_as_it_is(
    joined: MainWindow, messages: ScriptedMessages, tmp_path: Path
) -> None:
    path, older = tmp_path / "本校.eduplan", tmp_path / "旧.eduplan"
    close_file(joined)
    shutil.copy(path, older)
    open_file(joined, messages, path)
    report_nothing(joined)
    close_file(joined)
    shutil.copy(older, path)
    open_file(joined, messages, path)
    messages.will_answer(None)
    click(button(joined.page, "说明情况"))
    settings: Any = walk_to(joined, "settings")
    assert "要说明" in settings.clone.words.text()


def test_a_copy_begins_anew_as_a_file_of_its_own(
    joined: MainWindow, messages: ScriptedMessages, tmp_path: Path
) -> None:
    path, older = tmp_path / "本校.eduplan", tmp_path / "旧.eduplan"
    close_file(joined)
    shutil.copy(path, older)
    open_file(joined, messages, path)
    report_nothing(joined)
    close_file(joined)
    shutil.copy(older, path)
    open_file(joined, messages, path)
    messages.will_answer("copy")
    click(button(joined.page, "说明情况"))
    assert "重新入网" in said(joined)
    click(button(joined.page, "去入网"))
    page: Any = joined.page
    assert joined.place == "join"
    assert page.join.isVisible()
