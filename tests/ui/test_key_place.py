"""The first run asks where keys lie: on the joining page, in place, and once."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from eduplan_desktop.acts import key_home
from eduplan_desktop.environment import HOME_POINTER, Environment, default_home, user_folder
from eduplan_desktop.store.storage import Disk
from tests.core.test_key_home import put_key
from tests.ui.conftest import CHEAP, NOW
from tests.ui.doubles import ScriptedMessages
from ui.main_window import MainWindow
from ui.recent import recent_files


@pytest.fixture
def env(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Environment:
    """A PC with a second fixed disk, on which nobody has chosen a folder."""
    monkeypatch.delenv("EDUPLAN_HOME")
    monkeypatch.delenv("LOCALAPPDATA", raising=False)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "C"))
    (tmp_path / "D").mkdir()

    def there() -> Sequence[Disk]:
        return [Disk(tmp_path / "C", "fixed", True), Disk(tmp_path / "D", "fixed", False)]

    monkeypatch.setattr(key_home.first_run, "__defaults__", (there,))
    return Environment(now=lambda: NOW, kdf=CHEAP)


def test_joining_proposes_a_folder_and_another_is_a_click_away(
    window: MainWindow, messages: ScriptedMessages, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window.go("join")
    page: Any = window.page
    card = page.keys_at
    assert not card.isHidden()
    assert card.folder == tmp_path / "D" / "EduPlan"
    assert "还原" in card.words.text()
    monkeypatch.setattr(key_home.choose, "__defaults__", (lambda _folder: "removable",))
    assert not card.settle()
    assert messages.asked[-1].kind == "fault"
    assert "U 盘" in messages.asked[-1].text
    monkeypatch.setattr(key_home.choose, "__defaults__", (lambda _folder: "fixed",))
    messages.will_answer(str(tmp_path / "D" / "密钥"))
    card.other.click()
    assert card.settle()
    assert default_home() == window.env.home == window.workspace.env.home == tmp_path / "D" / "密钥"
    assert window.memory.path.parent == tmp_path / "D" / "密钥"
    page.enter(None)
    assert card.isHidden()
    assert card.settle(), "nothing left to ask"


def test_the_folder_of_an_earlier_run_offers_itself_with_its_files(
    make_window: Callable[[], MainWindow], school_file: Path, tmp_path: Path
) -> None:
    first = make_window()
    first.use_home(tmp_path / "D" / "EduPlan")
    assert first.open_file(str(school_file))
    put_key(tmp_path / "D" / "EduPlan")
    first.close()
    for left in user_folder().iterdir():  # the restore card
        left.unlink()
    again = MainWindow(Environment(now=lambda: NOW, kdf=CHEAP), tasks=type(first.tasks)(), messages=first.messages)
    again.begin()
    assert recent_files(again.memory) == []
    again.finish_page()
    assert again.page is not None
    bar = again.page.bars.bars[0]
    assert "以前的密钥" in bar.text()
    bar.buttons[0].click()
    assert again.env.home == tmp_path / "D" / "EduPlan"
    assert (user_folder() / HOME_POINTER).is_file()
    assert [f.path for f in recent_files(again.memory)] == [str(school_file)]
    page: Any = again.page
    assert page.recent.current().path == str(school_file)
    again.close()


def test_settings_change_the_folder_at_once(window: MainWindow, messages: ScriptedMessages, tmp_path: Path) -> None:
    put_key(window.env.home)
    window.go("settings")
    page: Any = window.page
    messages.will_answer(str(tmp_path / "D" / "新"))
    page.choose_folder()
    assert window.env.home == window.workspace.env.home == tmp_path / "D" / "新"
    assert (tmp_path / "D" / "新" / "keys" / "f" / "keys.json").is_file()
    assert str(tmp_path / "D" / "新") in page.folder.words.toolTip() + page.folder.words.text()
