"""Erasing a person at the window: a careful question, and nothing left on the screen."""

from typing import Any

import pytest
from PySide6.QtWidgets import QApplication

from tests.journeys.people import button
from tests.ui.doubles import ScriptedMessages
from tests.ui.test_idle import CANARY, WORDS, said, texts
from ui.main_window import MainWindow


@pytest.fixture
def staff(window: MainWindow) -> MainWindow:
    """The staff page with the vault open and a phone number of the first person."""
    window.workspace.make_compartment("personal", WORDS)
    window.go("staff")
    QApplication.processEvents()
    screen: Any = window.page
    screen.form.body.editor("phone").take(CANARY)
    screen.form.body.edited.emit("phone")
    assert screen.form.settle()
    return window


def erase(screen: Any) -> None:
    """Press what stands under the sealed section."""
    button(screen.form, "永久删除").click()


def test_the_question_names_what_goes_and_what_stays(staff: MainWindow, messages: ScriptedMessages) -> None:
    screen: Any = staff.page
    who, name = screen.form.record.id, screen.form.record.row["name"]
    messages.will_answer("本人要求", "keep")
    erase(screen)
    asked = messages.asked[-1]
    assert asked.answers[0] == "keep", "Enter keeps"
    for words in (name, "个人信息保险库", "手机号", "1 条记录", "草稿"):
        assert words in asked.text
    for words in ("不能撤销", "姓名", "最近十份", "已经上报的包", "县里"):
        assert words in asked.detail
    assert staff.workspace.row("staff", who)["phone"] == CANARY
    messages.will_answer("  ")
    erase(screen)
    assert messages.asked[-1].kind == "text", "without a reason nothing goes on"
    messages.will_answer("本人要求", "erase")
    erase(screen)
    assert staff.workspace.row("staff", who).get("phone") is None
    assert screen.form.record.id == who
    assert CANARY not in texts(staff)
    assert "已经永久删除" in said(staff)
    staff.undo()
    assert staff.workspace.row("staff", who).get("phone") is None
    messages.will_answer()
    erase(screen)
    assert messages.asked[-1].title == "没有可删的"


def test_settings_also_name_people_who_are_gone(staff: MainWindow, messages: ScriptedMessages) -> None:
    screen: Any = staff.page
    who = screen.form.record.id
    assert screen.form.settle()
    staff.workspace.remove("staff", [who], "1")
    staff.changes.publish(None)
    staff.go("settings")
    page: Any = staff.page
    assert not page.vaults.erasers["health"].isEnabled(), "there is no such vault yet"
    messages.will_answer(who, "离校", "erase")
    page.vaults.erasers["personal"].click()
    assert who in messages.asked[-3].answers
    assert staff.workspace.sealed_people("personal") == []
    assert "已经永久删除" in said(staff)


def test_a_locked_vault_is_opened_first(staff: MainWindow, messages: ScriptedMessages) -> None:
    screen: Any = staff.page
    who = screen.form.record.id
    staff.lock_vaults()
    staff.go("settings")
    page: Any = staff.page
    messages.will_answer(WORDS, who, "本人要求", "erase")
    page.vaults.erasers["personal"].click()
    assert staff.workspace.sealed_people("personal") == []
