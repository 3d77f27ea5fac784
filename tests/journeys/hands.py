"""The hands of a person at the window: keys, typing and clicks, and eyes that read what it shows.

After each act the window works until it rests, as a person waits for what they asked for; the heart beats meanwhile.
"""

from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QAbstractItemView, QApplication, QWidget

from tests.ui.doubles import ScriptedMessages
from tests.ui.heart import Heart, settle, watched, windows
from ui.main_window import MainWindow
from ui.navigation import PinnedPlace
from ui.widgets.buttons import Button

CONTROL = Qt.KeyboardModifier.ControlModifier


def _place() -> str:
    return next((w.place for w in windows()), "")


def press(
    widget: QWidget | None, key: Qt.Key, with_: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier, wait: bool = True
) -> None:
    """Press a key where the cursor is. Without `wait` what it began goes on, so that it can be stopped."""
    assert widget is not None
    with watched(f"{_place()}: {QKeySequence(key | with_).toString()}"):
        QTest.keyClick(widget, key, with_)
        QApplication.processEvents()
        if wait:
            settle()


def write(text: str) -> None:
    """Type where the cursor is: Latin by keys, Chinese as an input method gives it."""
    widget = QApplication.focusWidget()
    assert widget is not None
    with watched(f"{_place()}: typing"):
        for piece in text if text.isascii() else [text]:
            if text.isascii():
                QTest.keyClicks(widget, piece)
            else:
                event = QInputMethodEvent()
                event.setCommitString(text)
                QApplication.sendEvent(widget, event)
            QApplication.processEvents()
        settle()


def click(button: QAbstractButton, wait: bool = True) -> None:
    """Click a button a person can see."""
    assert button.isVisible(), button.text()
    assert button.isEnabled(), button.text()
    with watched(f"{_place()}: {button.text() or button.toolTip()}"):
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
        QApplication.processEvents()
        if wait:
            settle()


def button(page: Any, words: str) -> Button:
    """The button of a page with these words on it."""
    found = [b for b in page.findChildren(Button) if b.isVisible() and b.text().startswith(words)]
    assert found, [b.text() for b in page.findChildren(Button) if b.isVisible()]
    return found[0]


def walk_to(window: MainWindow, place: str) -> Any:
    """Go to a page by the lines of the navigation, the pinned ones at its foot included; the page."""
    view = window.navigation.list
    row = view.places.row_of(place)
    if row < 0:
        click(next(b for b in window.navigation.findChildren(PinnedPlace) if b.place.id == place and b.isVisible()))
    else:
        where = view.visualRect(view.places.index(row, 0)).center()
        with watched(f"to {place}"):
            QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=where)
            settle()
    assert window.place == place
    assert window.isActiveWindow(), "no page shows a window of its own"
    return window.page


def from_menu(window: MainWindow, words: str) -> None:
    """Choose a line of the menu at the head of the navigation."""
    menu = window.navigation.head.menu
    with watched(f"menu: {words}"):
        QTest.mouseClick(window.navigation.head, Qt.MouseButton.LeftButton)
        QApplication.processEvents()
        line = next(a for a in menu.actions() if a.text().startswith(words))
        QTest.mouseClick(menu, Qt.MouseButton.LeftButton, pos=menu.actionGeometry(line).center())
        settle()


def open_file(window: MainWindow, messages: ScriptedMessages, path: Path) -> None:
    """Open a data file with Ctrl+O."""
    messages.will_answer(str(path))
    window.activateWindow()
    press(window, Qt.Key.Key_O, CONTROL)
    assert path.name in window.windowTitle(), messages.asked[-1]


def close_file(window: MainWindow) -> None:
    """Close the file and come back to the start page."""
    from_menu(window, "关闭文件")
    assert window.place == "start"


def pull_the_plug(window: MainWindow) -> None:
    """The process is gone: nothing is settled, nothing says goodbye."""
    window.workspace.session.store.close()
    window.workspace = None
    window.page = None
    window.hide()


def said(window: MainWindow) -> str:
    """What the bars of the page say."""
    assert window.page is not None
    settle()
    return " ".join(bar.text() for bar in window.page.bars.bars)


def cells(table: QAbstractItemView) -> list[list[str]]:
    """The words in a table, line by line."""
    model = table.model()
    here = range(model.columnCount())
    return [[str(model.index(n, c).data() or "") for c in here] for n in range(model.rowCount())]


__all__ = [
    "CONTROL",
    "Heart",
    "button",
    "cells",
    "click",
    "close_file",
    "from_menu",
    "open_file",
    "press",
    "pull_the_plug",
]
__all__ += ["said", "settle", "walk_to", "write"]
