"""The window asks about a PC date that cannot be right, once, in a bar (D21)."""

from __future__ import annotations

from typing import Any

from eduplan_desktop.store.journal import act
from ui.widgets.buttons import Button


def test_a_clock_behind_the_newest_receipt_is_said_and_confirmed(window: Any) -> None:
    store = window.workspace.session.store
    with act(store, "kit.take", "配置包") as a:
        a.set_meta("newest_date", "2099-01-01")
    window._show_side()
    bars = window.page.bars
    words = [b for b in bars.findChildren(Button) if b.text() == "日期没错"]
    assert len(words) == 1
    words[0].click()
    assert window.workspace.clock_doubt() == ""
