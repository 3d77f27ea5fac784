"""Vaults lock by themselves: by a clock that is handed in, after what is typed is in the sealed draft, never in the midst of work."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QAbstractItemModel, QAbstractListModel, QEvent, QModelIndex, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractItemView, QApplication, QLabel, QLineEdit, QWidget

from eduplan_desktop.errors import StoreError
from tests.ui.doubles import ScriptedMessages
from tests.ui.test_county_pages import PASSPHRASE, county_file, county_template, county_window
from ui.main_window import MainWindow
from ui.screen import Target

__all__ = ["county_file", "county_template", "county_window"]
WORDS = "示例 青山 绿水 台账 报送 夕阳"
CANARY = "13900004711"


class Clock:
    """Seconds that go on when told to."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds

    def __call__(self) -> float:
        return self.seconds


def watched(window: MainWindow) -> Clock:
    """The clock of this window's lock, from now on in the test's hand."""
    window.idle.clock = clock = Clock(window.idle.clock())
    window.look_at_vaults()
    return clock


def pass_minutes(window: MainWindow, clock: Clock, minutes: float) -> None:
    """Nobody does anything for so long."""
    clock.seconds += minutes * 60
    window.idle.tick()
    QApplication.processEvents()


def said(window: MainWindow) -> str:
    """What the bars of the page say."""
    assert window.page is not None
    return " ".join(bar.text() for bar in window.page.bars.bars)


def texts(window: QWidget) -> str:
    """Everything that stands in any widget or table of the window, shown or not."""
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    found: list[str] = []
    for widget in window.findChildren(QWidget):
        if isinstance(widget, QLabel | QLineEdit):
            found.append(widget.text())
        if isinstance(widget, QAbstractItemView) and isinstance(model := widget.model(), QAbstractItemModel):
            root = QModelIndex()
            rows, columns = model.rowCount(root), 1
            if not isinstance(model, QAbstractListModel):
                columns = model.columnCount(root)
            cells = [model.index(r, c) for r in range(rows) for c in range(columns)]
            found.extend(str(cell.data() or "") for cell in cells)
    return "\n".join(found)


@pytest.fixture
def health(window: MainWindow) -> MainWindow:
    """The check-up page with the health vault open and everybody's consent recorded."""
    ws = window.workspace
    ws.make_compartment("health", WORDS)
    people = [p.person for p in ws.health.people(2025)]
    scope = {"notice": "2025", "scope": "2", "names_county": 1, "signed": "2025-09-10", "recorded_by": None}
    ws.health.record_consents(people, scope)
    window.go("checkup")
    QApplication.processEvents()
    return window


def test_the_page_and_the_status_line_say_when(health: MainWindow) -> None:
    clock = watched(health)
    page: Any = health.page
    when = (health.env.now() + timedelta(minutes=10)).astimezone().strftime("%H:%M")
    assert page.vault.words() == f"健康保险库已打开 · {when} 自动锁定"
    assert health.status.vault.text() == f"健康保险库打开着，{when} 自动锁定"
    health.workspace.make_compartment("personal", WORDS)
    health.look_at_vaults()
    assert health.status.vault.text() == f"2 个保险库打开着，{when} 自动锁定"
    health.workspace.lock("personal")
    pass_minutes(health, clock, 9.5)
    assert health.workspace.compartment_state("health") == "open"
    pass_minutes(health, clock, 0.5)
    assert health.workspace.compartment_state("health") == "locked"
    assert "10 分钟没有人用，健康保险库自动锁定了" in said(health)
    assert health.status.vault.isHidden()
    assert page.vault.words() == "健康保险库已锁定"
    assert not health.idle.watching


def test_whoever_types_or_points_keeps_it_open(health: MainWindow) -> None:
    clock = watched(health)
    page: Any = health.page
    clock.seconds += 9 * 60
    QTest.keyClick(page.people, Qt.Key.Key_Down)
    pass_minutes(health, clock, 9)
    QTest.mouseMove(page.people.viewport())
    QTest.mouseClick(page.people.viewport(), Qt.MouseButton.LeftButton)
    pass_minutes(health, clock, 9)
    assert health.workspace.compartment_state("health") == "open"
    pass_minutes(health, clock, 1.1)
    assert health.workspace.compartment_state("health") == "locked"


def test_a_cell_half_typed_comes_back_with_the_vault(health: MainWindow, messages: ScriptedMessages) -> None:
    clock, page = watched(health), health.page
    assert page is not None
    grid: Any = page.results  # type: ignore[attr-defined]
    row = next(r for r in grid.items() if grid.results.lines[r].entry.code == "GEN01")
    grid.setCurrentIndex(grid.results.index(row, 1))
    grid.edit(grid.results.index(row, 1))
    editor = next(e for e in grid.viewport().findChildren(QLineEdit))
    editor.setText("158.25")  # not entered
    pass_minutes(health, clock, 11)
    assert health.workspace.compartment_state("health") == "locked"
    assert "158.25" not in texts(health)
    kept = health.workspace.session.store.conn.execute("SELECT body, sealed FROM draft").fetchall()
    assert len(kept) == 1
    assert "158.25" not in str(kept)
    messages.will_answer(WORDS)
    health.page.bars.bars[0].buttons[0].click()  # type: ignore[union-attr]
    assert grid.results.results["GEN01"].value == "158.25"
    assert health.idle.watching


@pytest.mark.parametrize("new", [True, False], ids=["new record", "stored record"])
def test_a_form_half_typed_loses_nothing_and_shows_nothing(
    window: MainWindow, messages: ScriptedMessages, new: bool
) -> None:
    ws = window.workspace
    ws.make_compartment("personal", WORDS)
    window.go("staff")
    QApplication.processEvents()
    clock = watched(window)
    screen: Any = window.page
    if new:
        screen.new_record()
    record = screen.form.record
    for name, text in (("name", "新示例"), ("phone", CANARY)):
        screen.form.body.editor(name).take(text)
        screen.form.body.edited.emit(name)
    assert record.touched
    pass_minutes(window, clock, 10)
    assert ws.compartment_state("personal") == "locked"
    assert "个人信息保险库自动锁定了" in said(window)
    assert CANARY not in texts(window)
    assert CANARY not in repr(record.typed)
    assert CANARY not in str(ws.session.store.conn.execute("SELECT body, sealed FROM draft").fetchall())
    assert record.typed["name"] == "新示例"
    assert screen.form.settle(), "the open half can be saved meanwhile"
    assert CANARY not in texts(window)
    messages.will_answer(WORDS)
    window.page.bars.bars[-1].buttons[0].click()  # type: ignore[union-attr]
    assert ws.compartment_state("personal") == "open"
    assert screen.form.body.editor("phone").raw() == CANARY
    assert screen.form.settle()
    assert ws.row("staff", record.id)["phone"] == CANARY
    assert ws.row("staff", record.id)["name"] == "新示例"
    assert not ws.drafts()


def test_work_under_way_is_finished_first(health: MainWindow) -> None:
    clock, seen = watched(health), []

    def work(_progress: Any, _cancelled: Any) -> None:
        pass_minutes(health, clock, 30)
        seen.append(health.workspace.compartment_state("health"))

    health.tasks.run(work)
    assert seen == ["open"]
    health.idle.tick()
    assert health.workspace.compartment_state("health") == "locked"


def test_a_vault_locked_during_work_stays_locked(health: MainWindow) -> None:
    ws = health.workspace
    with ws.another() as twin:
        ws.lock("health")
        ws.adopt_opened(twin)
        assert ws.compartment_state("health") == "locked"
        twin.make_compartment("personal", WORDS)
        ws.adopt_opened(twin)
        assert ws.open_compartments() == ("personal",)


def test_somebody_who_comes_back_while_parts_are_prepared_finds_it_open(
    health: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = watched(health)
    page: Any = health.page
    comes_back = lambda _ws: QTest.keyClick(page.people, Qt.Key.Key_Down)  # noqa: E731
    with monkeypatch.context() as patch:
        patch.setattr("eduplan_desktop.workspace.Workspace.prepare_sealed", comes_back)
        pass_minutes(health, clock, 10)
    assert health.workspace.compartment_state("health") == "open"
    pass_minutes(health, clock, 10.1)
    assert health.workspace.compartment_state("health") == "locked"


def test_what_cannot_be_kept_is_not_locked_away(health: MainWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = watched(health)

    def full(_page: Any) -> None:
        raise StoreError("full", "磁盘满了。", "请腾出空间。")

    with monkeypatch.context() as patch:
        patch.setattr(type(health.page), "keep_typing", full)
        pass_minutes(health, clock, 10)
    assert health.workspace.compartment_state("health") == "open"
    assert "还没有锁" in said(health)
    pass_minutes(health, clock, 0.1)
    assert health.workspace.compartment_state("health") == "locked"


def test_a_part_that_cannot_be_prepared_is_no_reason_to_stay_open(
    health: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = watched(health)

    def full(_session: Any) -> int:
        raise StoreError("full", "磁盘满了。", "请腾出空间。")

    monkeypatch.setattr("eduplan_desktop.acts.files.prepare_sealed", full)
    pass_minutes(health, clock, 10)
    assert health.workspace.compartment_state("health") == "locked"


def test_the_minutes_are_a_setting(health: MainWindow) -> None:
    clock = watched(health)
    health.go("settings")
    page: Any = health.page
    assert page.vaults.after.choice.text() == "10 分钟"
    page.vaults.after.choice.set_text("5 分钟")
    page.vaults.after.choice.edited.emit()
    assert health.workspace.settings.lock_minutes() == 5
    pass_minutes(health, clock, 5)
    assert health.workspace.compartment_state("health") == "locked"
    with pytest.raises(ValueError, match="60"):
        health.workspace.settings.set_lock_minutes(60)


def test_a_recovery_code_on_the_screen_goes_with_its_vault(health: MainWindow) -> None:
    clock = watched(health)
    health.go("settings")
    page: Any = health.page
    page.vaults._new_code("health")
    code = page.vaults.code.code.text()
    assert len(code) > 20
    pass_minutes(health, clock, 10)
    assert code not in texts(health)


def test_the_keys_of_the_county_lock_too(county_window: MainWindow, messages: ScriptedMessages) -> None:
    county_window.workspace.open_compartment("personal", PASSPHRASE)
    county_window.go("county_keys")
    clock = watched(county_window)
    assert county_window.status.vault.text().startswith("县密钥打开着")
    pass_minutes(county_window, clock, 10)
    assert county_window.workspace.compartment_state("personal") == "locked"
    assert "县密钥自动锁定了" in said(county_window)
    messages.will_answer(PASSPHRASE)
    county_window.page.bars.bars[0].buttons[0].click()  # type: ignore[union-attr]
    assert county_window.workspace.compartment_state("personal") == "open"
    page: Any = county_window.page
    page.after.choice.set_text("30 分钟")
    page.after.choice.edited.emit()
    pass_minutes(county_window, clock, 29)
    assert county_window.workspace.compartment_state("personal") == "open"


def test_a_closed_file_is_watched_no_longer(health: MainWindow, school_file: Any) -> None:
    watched(health)
    assert health.idle.watching
    health.close_file()
    assert not health.idle.watching
    assert health.open_file(str(school_file))
    assert not health.idle.watching


def test_an_import_shown_with_an_open_vault_is_rehearsed_again(
    window: MainWindow, messages: ScriptedMessages, tmp_path: Path
) -> None:
    ws = window.workspace
    ws.make_compartment("personal", WORDS)
    sheet = tmp_path / "教职工.csv"
    sheet.write_text(f"姓名,性别,教职工类别,在册状态,手机号\n新示例,男,专任教师,在岗,{CANARY}\n", encoding="utf-8-sig")
    window.go("import", Target(extra="staff"))
    clock = watched(window)
    page: Any = window.page
    page.open_file(sheet)
    assert page.rehearsed.ignored == []
    pass_minutes(window, clock, 10)
    assert ws.compartment_state("personal") == "locked"
    assert page.rehearsed.ignored == ["手机号"], "what is shown is what would be stored"
    assert "锁着时不导入" in said(window)
    messages.will_answer(WORDS)
    bar = next(b for b in page.bars.bars if "锁着时不导入" in b.text())
    bar.buttons[0].click()
    assert page.rehearsed.ignored == []
    page.import_rows()
    assert next(p for p in ws.sealed_people("personal")).name == "新示例"
