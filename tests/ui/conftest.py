"""The window under test: palette installed, work done at once, dialogs scripted, a school file with a few records."""

import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from eduplan_desktop.environment import Environment, KdfCost
from eduplan_desktop.registers.kinds import parse
from eduplan_desktop.workspace import Workspace, new_school
from tests.ui.doubles import ScriptedMessages
from ui import theme
from ui.main_window import MainWindow
from ui.memory import Memory
from ui.register_screen import RegisterScreen
from ui.tasks import InstantRunner

for wait in (QtBot.waitUntil, QtBot.waitSignal):  # a busy machine does not decide; what never comes still fails
    wait.__kwdefaults__["timeout"] = 60_000
CHEAP = KdfCost(memory_kib=64, iterations=1)
NOW = datetime(2026, 3, 5, 0, 42, 17, tzinfo=UTC)
ROOMS = ("一年级1班", "二年级1班", "科学实验室")
PEOPLE = ("马示例", "单雄信", "阿卜来提·如则托合提·买买提艾力·艾山江（示例）")


@pytest.fixture(autouse=True)
def dressed(qapp: QApplication) -> None:
    """The light palette at standard size."""
    if theme.dress() != theme.Dress(False, 1.0, theme.dress().family) or not theme.dress().family:
        theme.install(qapp)


@pytest.fixture
def env(own_home: Path) -> Environment:
    """A world whose clock stands still and whose key derivation is cheap."""
    return Environment(now=lambda: NOW, home=own_home, kdf=CHEAP)


def put(ws: Workspace, register: str, **typed: str) -> str:
    """Store a record as typed; the row id."""
    declared = next(r for r in ws.registers() if r.name == register)
    row = ws.blank(register)
    for name, raw in typed.items():
        parsed = parse(declared.by_name[name], raw, ws.catalogs)
        assert parsed.problem is None, (name, raw, parsed.problem)
        row[name] = parsed.value
    return str(ws.save(register, row).row["id"])


def fill(ws: Workspace, count: int) -> None:
    """Rooms, people and `count` assets; every fifth lacks its date, the second is off by a factor."""
    rooms = [put(ws, "room", name=n, building="教学楼", room_type="普通教室", state="在用") for n in ROOMS]
    people = [
        put(ws, "staff", name=n, category="专任教师", state="在岗", staff_no=str(i)) for i, n in enumerate(PEOPLE)
    ]
    names = (("电子白板(班班通)", 18600), ("投影仪", 4200), ("学生显微镜", 385))
    for i in range(count):
        name, price = names[i % 3]
        typed = {
            "asset_no": f"XX014-{i + 1:04d}",
            "name": name,
            "item": "",
            "spec": "82 英寸",
            "quantity": "1",
            "price": str(price),
            "original_value": str(price * (10 if i == 1 else 1)),
            "bought": "" if i % 5 == 4 else f"20{15 + i % 9}-08-21",
            "acquired": "购置",
            "room": rooms[i % 3],
            "keeper": people[i % 3],
            "use_state": "在用" if i % 4 else "维修",
        }
        put(ws, "equipment", **{k: v for k, v in typed.items() if v})


@pytest.fixture(scope="session")
def school_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sample school with twelve assets, made once."""
    folder = tmp_path_factory.mktemp("school")
    path = folder / "青石岭小学.eduplan"
    world = Environment(now=lambda: NOW, home=folder / "home", kdf=CHEAP)
    with new_school(path, name="青石岭小学（示例）", code="", env=world, sample=True) as ws:
        fill(ws, 12)
    return path


@pytest.fixture
def school_file(tmp_path: Path, school_template: Path) -> Path:
    """A copy of it of one's own."""
    return Path(shutil.copy(school_template, tmp_path))


@pytest.fixture
def messages() -> ScriptedMessages:
    """The dialogs."""
    return ScriptedMessages()


@pytest.fixture
def make_window(qtbot: QtBot, env: Environment, messages: ScriptedMessages) -> Iterator[Callable[[], MainWindow]]:
    """Makes windows on the same home folder, as a person does who starts the program again."""
    made: list[MainWindow] = []

    def make() -> MainWindow:
        window = MainWindow(env, tasks=InstantRunner(), messages=messages, memory=Memory(env.home))
        qtbot.addWidget(window)
        window.show()
        window.activateWindow()
        window.begin()
        made.append(window)
        return window

    yield make
    for window in made:
        if window.workspace is not None:
            window.close_file(quiet=True)


@pytest.fixture
def window(make_window: Callable[[], MainWindow], school_file: Path) -> MainWindow:
    """A window with the school open, at the size of a small screen."""
    made = make_window()
    made.resize(1366, 696)
    assert made.open_file(str(school_file))
    return made


@pytest.fixture
def assets(window: MainWindow, qtbot: QtBot) -> RegisterScreen:
    """The equipment page, settled."""
    window.go("equipment")
    screen: Any = window.page
    assert isinstance(screen, RegisterScreen)
    QApplication.processEvents()
    return screen
