"""What a county officer does at the window again and again, by keys and clicks."""

from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget

from tests.journeys.people import CONTROL, button, click, press, said, walk_to, write
from tests.ui.doubles import ScriptedMessages
from ui.main_window import MainWindow

COUNTY = "示例县教育局（示例）"


def fill(form: Any, **typed: str) -> None:
    """Type into fields of a form by name."""
    for name, words in typed.items():
        widget: QWidget = form.field(name)
        widget.setFocus()
        if hasattr(widget, "selectAll"):
            widget.selectAll()
        write(words)
        QApplication.processEvents()


def new_county(window: MainWindow, folder: Path) -> str:
    """From the start page to an open county file; the passphrase."""
    page: Any = window.page
    click(page.ways["new_county"])
    page = window.page
    assert window.place == "new_county"
    fill(page.who, name=COUNTY, code="990001")
    passphrase = str(page.words.values()["passphrase"])
    assert len(passphrase.split()) == 6, "six words are offered"
    fill(page.words, again=passphrase)
    fill(page.places, file=str(folder / "county.eduplan"), sheet=str(folder / "sheet.txt"))
    press(window, Qt.Key.Key_Return, CONTROL)
    assert window.side == "county", said(window)
    assert window.place == "county_keys"
    return passphrase


def prove(window: MainWindow, sheet: Path) -> None:
    """Type the lines of a recovery sheet back."""
    page: Any = window.page
    lines = [line for line in sheet.read_text(encoding="utf-8").splitlines() if line[:1].isdigit()]
    page.proof.field("lines").setFocus()
    page.proof.field("lines").selectAll()
    page.proof.field("lines").insertPlainText("\n".join(lines))
    click(page.prove)


def add_school(window: MainWindow, name: str, kind: str, township: str) -> str:
    """List a school by the keyboard; its uid."""
    page: Any = walk_to(window, "county_roster")
    press(window, Qt.Key.Key_N, CONTROL)
    write(name)
    fill(page.form, kind=kind, urban="村庄", township=township, valid_from="2000-09-01")
    press(window, Qt.Key.Key_Return, CONTROL)
    assert f"已加入 {name}" in said(window), page.form.fault.text()
    return str(page.grid.current_key())


def make_calendar(window: MainWindow, messages: ScriptedMessages, year: str = "2025") -> Any:
    """Propose a year."""
    page: Any = walk_to(window, "county_calendar")
    messages.will_answer(year)
    click(page.empty.buttons[0] if page.empty.isVisible() else page.year)
    assert page.grid.lines.rowCount() > 3
    return page


def write_kit(window: MainWindow, messages: ScriptedMessages, stick: Path) -> None:
    """Put a kit on the stick."""
    walk_to(window, "county_kit")
    messages.will_answer(str(stick))
    press(window, Qt.Key.Key_Return, CONTROL)
    assert "写好了第" in said(window)


def look_for_requests(window: MainWindow, messages: ScriptedMessages, stick: Path) -> Any:
    """From the roster to the requests on the stick."""
    walk_to(window, "county_roster")
    click(button(window.page, "核准入网"))
    messages.will_answer(str(stick))
    press(window, Qt.Key.Key_F5)
    assert window.place == "county_enrol"
    return window.page


def choose_request(page: Any, name: str) -> None:
    """Make the request of a school the current one, with the arrow keys."""
    names = [line.cells[1].text for line in page.grid.lines.lines]
    assert name in names, (names, said(page.context.frame))
    page.grid.setFocus()
    press(page.grid, Qt.Key.Key_Home, CONTROL)
    for _step in range(names.index(name)):
        press(page.grid, Qt.Key.Key_Down)


def take_in(window: MainWindow, messages: ScriptedMessages, stick: Path) -> Any:
    """Rehearse what lies on the stick."""
    page: Any = walk_to(window, "county_take_in")
    messages.will_answer(str(stick))
    press(window, Qt.Key.Key_F5)
    return page


def merge(window: MainWindow) -> str:
    """Merge what is chosen; what is said then."""
    press(window, Qt.Key.Key_Return, CONTROL)
    return said(window)
