"""Nobody ever sees a row's id: every page, table, form, history, sheet and list of a sample school and county is swept for one."""

import csv
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QAbstractListModel, QModelIndex, Qt
from PySide6.QtWidgets import QAbstractButton, QAbstractItemView, QApplication, QLabel, QLineEdit, QTextEdit, QWidget

from eduplan_desktop.acts import demo
from eduplan_desktop.commands import main
from eduplan_desktop.environment import Environment
from eduplan_desktop.registers.model import Kind
from eduplan_desktop.workspace import Workspace, open_workspace
from tests.ui.conftest import CHEAP, NOW, put
from tests.ui.doubles import ScriptedMessages
from ui.main_window import MainWindow
from ui.places import flat, of_side
from ui.register_screen import RegisterScreen
from ui.widgets import paint

ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-?|…[0-9a-f]{6}\b")
"""A row's id, also where it is cut short."""
ROLES = (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole)
ROWS = 40
KEYS = ("记录号",)
ROOT = QModelIndex()


def fill_links(ws: Workspace) -> None:
    """Records whose links and titles point to other records, of every register the story leaves out; one with a finding."""
    person, room, asset = (str(next(iter(ws.table(n).view().keys))[1]) for n in ("staff", "room", "equipment"))
    put(ws, "health_consent", person=person, signed="2025-09-10")
    put(ws, "checkup", person=person, stat_year="2025")
    put(ws, "equipment_change", equipment=asset, change="移动", change_date="2026-02-03", from_room=room, to_room=room)
    first = ws.row("equipment", asset)
    assert first is not None
    ws.save("equipment", {**first, "room": room, "keeper": person})
    gone = put(ws, "staff", name="已调走的人", category="专任教师", state="在岗")
    ws.save("equipment", {**first, "keeper": gone})
    ws.remove("staff", [gone], "1")
    ws.check()


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The copies a sample county leaves: its own file and that of its school, with records added that link to others."""
    folder = tmp_path_factory.mktemp("demo") / "示例"
    env = Environment(now=lambda: NOW, home=folder.parent / "home", kdf=CHEAP)
    told = demo.play(folder, 1, lambda argv, world: main(argv, world), env, lambda *_a: None)
    assert told.held, told.failures
    return folder / demo.KEPT


@pytest.fixture
def painted(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every text a page paints by itself."""
    seen: list[str] = []
    original = paint.text

    def text(painter: Any, where: Any, words: str, *rest: Any, **more: Any) -> int:
        seen.append(words)
        return original(painter, where, words, *rest, **more)

    monkeypatch.setattr(paint, "text", text)
    return seen


def words_of(widget: QWidget) -> Iterator[str]:
    """What a widget and everything in it says: texts, cells, tooltips, names for screen readers."""
    for one in (widget, *widget.findChildren(QWidget)):
        yield from (one.toolTip(), one.accessibleName())
        if isinstance(one, QLabel | QAbstractButton | QLineEdit):
            yield one.text()
        elif isinstance(one, QTextEdit):
            yield one.toPlainText()
        elif isinstance(one, QAbstractItemView) and one.model() is not None:
            model = one.model()
            for row in range(min(ROWS, model.rowCount(ROOT))):
                for column in range(1 if isinstance(model, QAbstractListModel) else model.columnCount(ROOT)):
                    yield from (str(model.index(row, column, ROOT).data(role) or "") for role in ROLES)


def ids_seen(window: MainWindow, painted: list[str]) -> list[str]:
    """Texts with an id in them, of the page as it stands."""
    window.finish_page()
    for _turn in range(3):
        QApplication.processEvents()
    window.grab()
    assert window.page is not None
    found = [w for w in (window.windowTitle(), *words_of(window.page), *painted) if ID.search(w)]
    painted.clear()
    return found


def look_at_records(screen: RegisterScreen, window: MainWindow, painted: list[str]) -> list[str]:
    """The first records of a register in the form, with their histories and choices."""
    found = []
    for row in range(min(3, screen.model.rowCount(ROOT))):
        screen.table.go_to(row)
        QApplication.processEvents()
        screen.form.show_history()
        found += ids_seen(window, painted)
        screen.form.show_history()
    ws = screen.context.workspace
    for field in screen.register.fields:
        if field.kind is Kind.LINK:
            found += [words for _id, words in ws.link_choices(field.target) if ID.search(words)]
    return found


@pytest.mark.parametrize("side", ["school", "county"])
def test_no_page_shows_an_id(
    side: str, story: Path, tmp_path: Path, make_window: Any, messages: ScriptedMessages, painted: list[str]
) -> None:
    kept = next(p for p in story.glob("*.eduplan") if ("县" in p.name) == (side == "county"))
    path = Path(shutil.copy(kept, tmp_path))
    window: MainWindow = make_window()
    window.resize(1366, 696)
    assert window.open_file(str(path))
    own = str(window.workspace.session.store.file_id)
    """The number of the data file itself, which the settings tell on purpose."""
    if side == "school":
        fill_links(window.workspace)
        window.changes.publish(None)
    found: dict[str, list[str]] = {}
    for place in flat(of_side(side, window.workspace.registers())):
        window.go(place.id)
        seen = ids_seen(window, painted)
        if isinstance(window.page, RegisterScreen):
            seen += look_at_records(window.page, window, painted)
        seen = [words for words in seen if words != own]
        if seen:
            found[place.id] = sorted(set(seen))[:5]
    assert found == {}


def without_key(sheet: Path) -> str:
    """A sheet's text but for the column by which a row read back is known."""
    with sheet.open(encoding="utf-8-sig", newline="") as file:
        lines = list(csv.reader(file))
    keys = {n for n, head in enumerate(lines[0]) if head in KEYS}
    assert len(keys) == 1, lines[0]
    return "\n".join(text for line in lines for n, text in enumerate(line) if n not in keys)


def test_no_list_or_sheet_or_paper_shows_an_id(story: Path, env: Environment, tmp_path: Path) -> None:
    found: dict[str, str] = {}
    for path in story.glob("*.eduplan"):
        with open_workspace(path, env) as ws:
            said = (
                [(f"{path.name} {t.what}", f"{t.what} {t.detail}") for t in ws.school.agenda()]
                if ws.kind == "school"
                else []
            )
            for one in ws.registers():
                rows = ws.table(one.name).view().rows(0, ROWS)
                said += [(one.name, ws.title_of(one.name, str(r["id"]), str(r.get("school", "")))) for r in rows]
            if ws.kind == "school":
                for one in ws.registers():
                    to = tmp_path / f"{one.name}.csv"
                    ws.sheets.export(one.name, to)
                    said.append((f"{one.name}.csv", without_key(to)))
            found.update({where: ID.search(words)[0] for where, words in said if ID.search(words)})  # type: ignore[index]
    assert found == {}
