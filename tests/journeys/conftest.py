"""Journeys: a person at the window, from the start page, by keys and clicks. A stick is a folder the system lists as one."""

from pathlib import Path

import pytest

from eduplan_desktop.bundle.volumes import Volume
from tests.journeys.people import County
from tests.ui.conftest import dressed, env, make_window, messages

__all__ = ["dressed", "env", "make_window", "messages"]


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
