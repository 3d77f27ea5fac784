"""Names of all citizens can be seen (invariant 7): pages of rare characters are loaded when a text needs them."""

from typing import Any

import pytest
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from eduplan_desktop.reports.fontfiles import FONT_DIR
from tests.ui.conftest import put
from ui import theme
from ui.main_window import MainWindow
from ui.rare import RareFonts, cover
from ui.tasks import InstantRunner, TaskRunner

pytestmark = pytest.mark.skipif(not (FONT_DIR / "coverage.json").exists(), reason="the fonts have not been made here")


def fonts() -> RareFonts:
    """The fonts of the window made last."""
    found: Any = QApplication.instance()
    rare: RareFonts = found.eduplan_rare
    return rare


def test_ordinary_text_loads_nothing(window: MainWindow) -> None:
    before = list(fonts().loaded)
    cover("阿卜来提·如则托合提 XX014-0001 电子白板")
    QApplication.processEvents()
    assert fonts().loaded == before


@pytest.mark.parametrize("character", ["\U00020002", "\U0002c0ce", "\U00031350"])
def test_a_rare_character_is_drawn_from_its_page(qtbot: QtBot, character: str) -> None:
    tasks = TaskRunner()
    rare = RareFonts(tasks, tasks)
    rare.want([character])
    qtbot.waitUntil(lambda: bool(rare.loaded) and not tasks.busy)
    assert QFontDatabase.hasFamily(rare.loaded[0])
    assert rare.loaded[0] in theme.font().families()
    rare.want([character])
    assert not rare._soon.isActive(), "asked once is enough"
    tasks.shut_down()


def test_a_rare_name_in_a_table_brings_its_font(window: MainWindow, qtbot: QtBot) -> None:
    put(window.workspace, "staff", name="\U0002c0ce示例", category="专任教师", state="在岗")
    assert isinstance(window.tasks, InstantRunner)
    window.go("staff")
    window.grab()
    qtbot.waitUntil(lambda: bool(fonts().loaded))
