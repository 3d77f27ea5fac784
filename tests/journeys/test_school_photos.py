"""A photo taken at the daily check: added by keys, kept with the unfinished round, recorded with the hazard, held by the county."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication

from tests.journeys.people import CONTROL, County, press, said, walk_to, write
from tests.journeys.test_school_records import start_check
from tests.journeys.test_school_round_trip import SCHOOL, import_everything, join, new_school, submit, window
from tests.ui.doubles import ScriptedMessages
from ui.main_window import MainWindow
from ui.screens.daily_check import DailyCheckScreen

__all__ = ["window"]

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


def finish(window: MainWindow, page: DailyCheckScreen) -> None:
    """The rest normal, the names, done."""
    press(window, Qt.Key.Key_F8)
    for name in ("inspector", "leader"):
        page.heads[name].setFocus()
        page.heads[name].selectAll()
        write("王示例")
    press(window, Qt.Key.Key_Return, CONTROL)


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
    finish(window, page)
    assert "登记隐患 1 条" in said(window)
    assert photos_of(page, item) == digests

    submit(window)
    county.take_in()
    held = county.file.with_name(county.file.name + ".files") / "photos"
    assert {p.stem for p in held.iterdir() if p.stat().st_size} == set(digests)
