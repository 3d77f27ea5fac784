"""The manual in the window: every chapter opens, pictures fit, nothing outside the documents is read."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtGui import QPixmap, QTextDocument

from ui.main_window import MainWindow
from ui.screens.manual import MANUAL

IMAGE = QTextDocument.ResourceType.ImageResource.value


@pytest.fixture
def page(make_window: Callable[[], MainWindow]) -> Any:
    """The manual, opened from the start side."""
    window = make_window()
    window.resize(1366, 696)
    window.go("manual")
    return window.page


def test_every_chapter_opens_by_its_link_and_leads_back(page: Any) -> None:
    for chapter in sorted(MANUAL.parent.glob("*.md")):
        if chapter != MANUAL:
            page.browser.setSource(QUrl(chapter.name))
            title = chapter.read_text(encoding="utf-8").splitlines()[0].removeprefix("# ")
            assert page.browser.toPlainText().startswith(title)
            assert page.back.isEnabled()
            page.back.click()
            assert Path(page.browser.source().toLocalFile()) == MANUAL


def test_pictures_are_drawn_no_wider_than_the_page(page: Any) -> None:
    picture = page.browser.loadResource(IMAGE, QUrl("../images/today.png"))
    assert isinstance(picture, QPixmap)
    assert 0 < picture.width() <= page.browser.viewport().width()


@pytest.mark.parametrize("link", ["/etc/hostname", "../../README.md", "https://example.com/x.md", "nothing.md"])
def test_a_link_out_of_the_documents_goes_nowhere(page: Any, link: str) -> None:
    before = page.browser.toPlainText()
    page.browser.setSource(QUrl(link))
    assert page.browser.toPlainText() == before
