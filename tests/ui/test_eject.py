"""弹出 U 盘 in the window: the button where there is a tool, the words where there is none, never a claim too many."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from eduplan_desktop.bundle import eject
from tests.core.test_eject import BUSY, Desktop, desktop
from ui.eject import say_written
from ui.main_window import MainWindow
from ui.screens.submit_done import DoneView

__all__ = ["desktop"]
FACTS = {"school": "示例小学", "key": "K", "before": "", "size": "1 KB", "rows": "3", "items": "月报", "due": ""}


@pytest.fixture
def done(window: MainWindow, desktop: Desktop, monkeypatch: pytest.MonkeyPatch, qtbot: Any) -> DoneView:
    """The page after a bundle was written to the stick."""
    monkeypatch.setattr(eject.eject, "__defaults__", (desktop.run, desktop.find))
    monkeypatch.setattr(eject.stick_of, "__defaults__", (desktop.find,))
    bundle = str(desktop.stick / "上报" / "一小-0001.edub")
    made = SimpleNamespace(bundle=bundle, sequence=15, digest="ab" * 32, warnings=[])
    view = DoneView(window.context(), made, FACTS, [], lambda: None)
    qtbot.addWidget(view)
    return view


def show(view: DoneView, desktop: Desktop) -> str:
    """What the bar says once it is known where the bundle lies."""
    view.show_stick(eject.stick_of(desktop.stick, desktop.find))
    return view.bar.text()


def test_safe_to_pull_only_after_read_back_and_eject(done: DoneView, desktop: Desktop) -> None:
    desktop.tools["udisksctl"] = desktop.unmount
    words = show(done, desktop)
    assert "已读回核对，一致" in words
    assert "先弹出" in words
    assert "可以安全拔出" not in words
    done.bar.buttons[0].click()
    assert "可以安全拔出 U 盘" in done.bar.text()
    assert "青石岭U盘 已弹出" in done.bar.text()
    assert not done.bar.buttons


def test_a_stick_in_use_says_so_and_is_tried_again(done: DoneView, desktop: Desktop) -> None:
    desktop.tools["udisksctl"] = lambda: (1, BUSY)
    show(done, desktop)
    done.bar.buttons[0].click()
    assert "还不能拔" in done.bar.text()
    assert "可以安全拔出" not in done.bar.text()
    desktop.tools["udisksctl"] = desktop.unmount
    done.bar.buttons[0].click()
    assert "可以安全拔出" in done.bar.text()


def test_without_a_tool_the_words_stand_there_at_once(done: DoneView, desktop: Desktop) -> None:
    words = show(done, desktop)
    assert "安全删除硬件" in words
    assert not done.bar.buttons


def test_a_folder_of_this_pc_is_not_ejected(done: DoneView) -> None:
    done.show_stick(None)
    assert "弹出" not in done.bar.text()
    assert not done.bar.buttons


def test_what_other_pages_write_can_be_ejected_too(
    window: MainWindow, desktop: Desktop, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(eject.eject, "__defaults__", (desktop.run, desktop.find))
    monkeypatch.setattr(eject.stick_of, "__defaults__", (desktop.find,))
    desktop.tools["gio"] = desktop.unmount
    window.go("settings")
    page: Any = window.page
    say_written(page, tmp_path, "写好了。")
    assert not page.bars.bars[0].buttons
    say_written(page, desktop.stick, "写好了第 2 份。", acts=[("打开", lambda: None)])
    assert [b.text() for b in page.bars.bars[0].buttons] == ["弹出 U 盘", "打开"]
    page.bars.bars[0].buttons[0].click()
    assert "可以安全拔出" in page.bars.bars[0].text()
    say_written(page, desktop.stick, "写好了第 3 份。")
    assert not page.bars.bars[0].buttons, "it is no longer there"
