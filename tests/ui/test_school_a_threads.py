"""The school's long work on the real worker thread: importing with undo, submitting, and cancelling."""

import shutil
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from eduplan_desktop.environment import Environment
from eduplan_desktop.store import undo
from tests.journeys.conftest import county, stick
from tests.journeys.people import County
from tests.ui.doubles import ScriptedMessages
from ui.main_window import MainWindow
from ui.memory import Memory
from ui.screen import Target

__all__ = ["county", "stick"]
WAIT = 20_000


@pytest.fixture
def threaded(qtbot: QtBot, env: Environment, messages: ScriptedMessages, school_file: Path) -> Iterator[MainWindow]:
    """A window whose work is done on a worker, as in the program."""
    window = MainWindow(env, messages=messages, memory=Memory(env.home))
    qtbot.addWidget(window)
    window.resize(1366, 696)
    window.show()
    assert window.open_file(str(school_file))
    yield window
    window.tasks.shut_down()
    window.close_file(quiet=True)


def rooms_sheet(folder: Path, count: int) -> Path:
    """A sheet of rooms."""
    path = folder / "房间.csv"
    lines = ["房间名称,用途,状态", *(f"储藏室{i},普通教室,在用" for i in range(count))]
    path.write_text("\n".join(lines), encoding="utf-8-sig")
    return path


def test_an_import_on_the_worker_can_be_undone_here(threaded: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    threaded.go("import", Target(extra="room"))
    page: Any = threaded.page
    page.open_file(rooms_sheet(tmp_path, 200))
    qtbot.waitUntil(lambda: page.rehearsed is not None and not threaded.tasks.busy, timeout=WAIT)
    assert page.rehearsed.counts["stored"] == 200
    page.import_rows()
    qtbot.waitUntil(lambda: page.imported, timeout=WAIT)
    assert threaded.workspace.table("room").view().total == 203
    page._undo()
    qtbot.waitUntil(lambda: not page.imported, timeout=WAIT)
    assert threaded.workspace.table("room").view().total == 3


def test_a_large_act_is_taken_back_and_done_again_on_the_worker(
    threaded: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    threaded.go("import", Target(extra="room"))
    page: Any = threaded.page
    page.open_file(rooms_sheet(tmp_path, 200))
    qtbot.waitUntil(lambda: page.rehearsed is not None and not threaded.tasks.busy, timeout=WAIT)
    page.import_rows()
    qtbot.waitUntil(lambda: page.imported, timeout=WAIT)
    where: list[bool] = []
    real = undo._write_back
    monkeypatch.setattr(
        undo, "_write_back", lambda *a: (where.append(threading.current_thread() is threading.main_thread()), real(*a))
    )
    for act, left in ((threaded.undo, 3), (threaded.redo, 203), (threaded.undo, 3)):
        act()
        qtbot.waitUntil(lambda: not threaded.tasks.busy, timeout=WAIT)
        assert threaded.workspace.table("room").view().total == left
    assert len(where) == 600
    assert not any(where)


def test_a_cancelled_rehearsal_writes_nothing(threaded: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    threaded.go("import", Target(extra="room"))
    page: Any = threaded.page
    page.open_file(rooms_sheet(tmp_path, 50))
    page._running.cancel.click()
    qtbot.waitUntil(lambda: not threaded.tasks.busy, timeout=WAIT)
    assert threaded.workspace.table("room").view().total == 3


def test_joining_and_submitting_on_the_worker(threaded: MainWindow, qtbot: QtBot, county: County, stick: Path) -> None:
    county.prepare("青石岭小学（示例）")
    threaded.go("join")
    page: Any = threaded.page
    qtbot.waitUntil(lambda: page.kit is not None, timeout=WAIT)
    page.fingerprint.setText(county.fingerprint)
    page._show_button()
    page.join.click()
    qtbot.waitUntil(lambda: bool(list(stick.glob("*.eduenrol"))) and not threaded.tasks.busy, timeout=WAIT)
    county.enrol(threaded.workspace.school.joined().fingerprint)
    threaded.go("submit")
    page = threaded.page
    qtbot.waitUntil(lambda: page.plan is not None and not threaded.tasks.busy, timeout=WAIT)
    page.items.choose_only("safety-2026-01")
    page.check()
    qtbot.waitUntil(lambda: not threaded.tasks.busy, timeout=WAIT)
    for finding in page.checks.findings:
        if finding.field is not None:
            finding.field.setText("与凭证核对无误")
            finding.keep()
    page.submit()
    qtbot.waitUntil(lambda: page.done is not None, timeout=WAIT)
    assert len(list(stick.glob("*.edub"))) == 1
    shutil.rmtree(stick)
