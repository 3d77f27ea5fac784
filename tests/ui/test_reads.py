"""What takes long at 300 schools is read on the worker: no page asks for it on the window's thread."""

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from eduplan_desktop.acts import checks
from eduplan_desktop.acts.county_desk import CountyDesk
from eduplan_desktop.acts.tables import TableSource
from eduplan_desktop.environment import Environment
from eduplan_desktop.store import rows
from tests.ui.doubles import ScriptedMessages
from tests.ui.heart import settle
from tests.ui.test_county_pages import county_file, county_template, fill
from ui import register_table
from ui.main_window import MainWindow
from ui.memory import Memory
from ui.places import COUNTY, SCHOOL, flat

__all__ = ["county_file", "county_template"]
SLOW = ("board", "worklists", "receipt_lines", "tellable", "forks", "indicators", "health_year", "year_state")
"""Each was measured over 100 ms at 300 schools or grows there with the rows, not with the schools."""


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What of this was asked for on the window's thread."""
    found: list[str] = []

    def watch(owner: Any, name: str) -> None:
        real = getattr(owner, name)

        def watched(*args: Any, **named: Any) -> Any:
            answer = real(*args, **named)
            if threading.current_thread() is threading.main_thread() and not _few(args[0]):
                found.append(name)
            return answer

        monkeypatch.setattr(owner, name, watched)

    for name in SLOW:
        watch(CountyDesk, name)
    watch(TableSource, "reload")
    watch(checks, "kept_findings")
    return found


def _few(asked: Any) -> bool:
    """A table of so few rows that it is read in the moment it is asked for."""
    if not isinstance(asked, TableSource):
        return False
    return len(asked.keys) <= (0 if asked._session.is_county else register_table.AT_ONCE)


@pytest.fixture
def threaded(qtbot: QtBot, env: Environment, messages: ScriptedMessages) -> Iterator[MainWindow]:
    """A window whose long work is done on a worker, as in the program."""
    window = MainWindow(env, messages=messages, memory=Memory(env.home))
    qtbot.addWidget(window)
    window.show()
    yield window
    window.tasks.shut_down()
    window.close_file(quiet=True)


def test_no_county_page_reads_on_the_windows_thread(threaded: MainWindow, county_file: Path, asked: list[str]) -> None:
    assert threaded.open_file(str(county_file))
    fill(threaded, 3)
    with_rows(threaded)
    for place in (p.id for p in flat(COUNTY)):
        threaded.go(place)
        settle()
        threaded.changes.publish(None)
        settle()
    assert asked == []


def with_rows(window: MainWindow) -> None:
    """A few records of a school, as a merge leaves them."""
    from eduplan_desktop.store.journal import act

    store, uid = window.workspace.session.store, window.workspace.county.roster()[0].uid
    with act(store, "merge", "合并") as a:
        for name in ("room", "hazard"):
            year = {"year": 2025} if name == "hazard" else {}
            rows.save_many(a, name, [{"id": rows.new_id(store), **year} for _n in range(3)], school=uid)


def test_no_school_page_reads_many_rows_on_the_windows_thread(
    threaded: MainWindow, school_file: Path, asked: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(register_table, "AT_ONCE", 5)
    assert threaded.open_file(str(school_file))
    settle()
    for place in (p.id for p in flat(SCHOOL)):
        threaded.go(place)
        settle()
        threaded.changes.publish(None)
        settle()
        for column in (1, 2):
            table = getattr(threaded.page, "table", None)
            if place == "equipment" and table is not None:
                table.sortByColumn(column, table.horizontalHeader().sortIndicatorOrder())
                settle()
    assert asked == []
