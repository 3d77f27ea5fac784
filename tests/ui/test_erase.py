"""Erasing a person at the window: a careful question, and nothing left on the screen."""

from typing import Any

import pytest
from PySide6.QtWidgets import QApplication

from eduplan_desktop.store import compartments, rows
from eduplan_desktop.store.journal import act
from tests.journeys.people import button
from tests.ui.doubles import ScriptedMessages
from tests.ui.test_county_pages import PASSPHRASE, county_file, county_template, county_window
from tests.ui.test_idle import CANARY, WORDS, said, texts
from ui.main_window import MainWindow

__all__ = ["county_file", "county_template", "county_window"]


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


def test_the_county_names_the_school_first(county_window: MainWindow, messages: ScriptedMessages) -> None:
    ws = county_window.workspace
    uid = ws.county.add_school(name="希望小学（示例）", kind="小学", township="一乡").uid
    ws.open_compartment("personal", PASSPHRASE)
    with act(ws.session.store, "merge", "合并") as a:
        rows.save(a, "staff", {"id": "p", "name": "甲示例"}, school=uid)
        opened = ws.session.opened["personal"]
        compartments.save_sealed(a, opened, "staff", "p", "p", {"phone": CANARY}, school=uid)
    county_window.go("county_keys")
    page: Any = county_window.page
    messages.will_answer(uid, "p", "本人要求", "erase")
    page.erasers["personal"].click()
    asked = messages.asked[-1]
    assert "甲示例在个人信息保险库里的 1 条记录" in asked.text
    assert "先由学校删除并报送" in asked.detail
    assert ws.sealed_people("personal", uid) == []
    assert "已经永久删除" in said(county_window)
    assert ws.audit().sound
    page.erasers["health"].click()
    assert "健康密钥还没有建立" in said(county_window)
