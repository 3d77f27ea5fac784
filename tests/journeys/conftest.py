"""Journeys: a person at the window, from the start page, by keys and clicks. A stick is a folder the system lists as one."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from eduplan_desktop.bundle.volumes import Volume
from eduplan_desktop.environment import Environment
from tests.journeys.people import County
from tests.ui.conftest import dressed, env, messages
from tests.ui.doubles import ScriptedMessages
from tests.ui.heart import Heart, settle
from ui.main_window import STANDARD, MainWindow
from ui.memory import Memory

__all__ = ["dressed", "env", "messages"]


@pytest.fixture(autouse=True)
def heart(request: pytest.FixtureRequest, qtbot: QtBot) -> Iterator[Heart]:
    """Beats through every journey; its largest gaps stand in the summary of the run."""
    beats = Heart()
    beats.start()
    yield beats
    beats.stop()
    for gap in beats.largest():
        request.node.user_properties.append(("heart", (gap.net, gap.words())))


@pytest.fixture
def make_window(
    heart: Heart, qtbot: QtBot, env: Environment, messages: ScriptedMessages
) -> Iterator[Callable[[], MainWindow]]:
    """Makes windows on the same home folder, as a person does who starts the program again. Long work is on the worker."""
    made: list[MainWindow] = []

    def make() -> MainWindow:
        with heart.watched("start"):
            window = MainWindow(env, messages=messages, memory=Memory(env.home))
            qtbot.addWidget(window)
            window.resize(*STANDARD)
            window.show()
            window.activateWindow()
            window.begin()
            made.append(window)
            settle()
        return window

    yield make
    for window in made:
        window.tasks.shut_down()
        if window.workspace is not None:
            window.close_file(quiet=True)


@pytest.fixture
def stick(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A stick that is plugged in."""
    folder = tmp_path / "U盘"
    folder.mkdir()
    seen = Volume(folder, "青石岭U盘", True, False, 14_200_000_000, 28_900_000_000, True)
    monkeypatch.setattr("eduplan_desktop.bundle.volumes.volumes", lambda: [seen])
    return folder


@pytest.fixture
def county(tmp_path: Path, stick: Path) -> County:
    """The county education bureau, at its own PC, played through the command line."""
    return County(tmp_path / "县教育局", stick)
