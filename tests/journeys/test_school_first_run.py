"""The first run on a PC with a restore card: keys go to the other disk, and are found there after C: was reset."""

import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from eduplan_desktop.acts import key_home
from eduplan_desktop.environment import Environment, user_folder
from eduplan_desktop.store.storage import Disk
from tests.journeys.people import County, button, click, said
from tests.journeys.test_school_records import walk_to_settings
from tests.journeys.test_school_round_trip import SCHOOL, join, new_school
from tests.ui.conftest import CHEAP, NOW
from tests.ui.doubles import ScriptedMessages
from ui.main_window import MainWindow
from ui.tasks import InstantRunner


@pytest.fixture
def env(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Environment:
    """A PC with C: and D:, on which nobody has chosen a folder for keys."""
    monkeypatch.delenv("EDUPLAN_HOME")
    monkeypatch.delenv("LOCALAPPDATA", raising=False)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "C"))
    (tmp_path / "D").mkdir()

    def there() -> Sequence[Disk]:
        return [Disk(tmp_path / "C", "fixed", True), Disk(tmp_path / "D", "fixed", False)]

    monkeypatch.setattr(key_home.first_run, "__defaults__", (there,))
    return Environment(now=lambda: NOW, kdf=CHEAP)


def test_keys_survive_a_reset_of_the_system_disk(
    make_window: Callable[[], MainWindow], messages: ScriptedMessages, county: County, tmp_path: Path
) -> None:
    window = make_window()
    county.prepare(SCHOOL.name)
    new_school(window, messages, tmp_path / "D")
    fingerprint = join(window, county)
    assert list((tmp_path / "D" / "EduPlan" / "keys").glob("*/keys.json"))
    assert not (user_folder() / "keys").exists()
    window.close()

    shutil.rmtree(user_folder())
    again = MainWindow(Environment(now=lambda: NOW, kdf=CHEAP), tasks=InstantRunner(), messages=messages)
    again.resize(1366, 696)
    again.show()
    again.begin()
    assert "以前的密钥" in said(again)
    click(button(again.page, "接着用"))
    page: Any = again.page
    click(page.primary)
    page = walk_to_settings(again)
    assert page.print.words.text() == fingerprint
    again.close()
