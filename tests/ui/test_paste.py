"""Pasting, filling down and removing in a register's window: one act and one sentence each, however many rows."""

import pytest
from PySide6.QtCore import QElapsedTimer, QItemSelectionModel, Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from tests.ui.doubles import ScriptedMessages
from tests.ui.test_table import cells, column
from ui import paste
from ui.register_screen import RegisterScreen
from ui.tasks import TaskRunner

CONTROL = Qt.KeyboardModifier.ControlModifier


def select(screen: RegisterScreen, first: int, last: int, name: str) -> None:
    """Rows first to last, the cursor in a column."""
    screen.table.go_to(first, column(screen, name))
    model, flags = screen.table.selectionModel(), QItemSelectionModel.SelectionFlag
    for row in range(first + 1, last + 1):
        model.select(screen.model.index(row, 1), flags.Select | flags.Rows)


def test_one_paste_is_one_undo_step_and_one_sentence(assets: RegisterScreen, messages: ScriptedMessages) -> None:
    before = cells(assets, "spec")
    QGuiApplication.clipboard().setText("甲\t2\n乙\tabc\n丙\t4\n")
    assets.table.go_to(0, column(assets, "spec"))
    messages.will_answer("paste")
    QTest.keyClick(assets.table, Qt.Key.Key_V, CONTROL)
    assert cells(assets, "spec")[:3] == ["甲", "乙", "丙"]
    (bar,) = assets.bars.bars
    assert bar.text().startswith("粘贴了 3 行：修改 3，新增 0，未变 0，没有写入 0。")
    assert "第 2 行" in bar.text()
    bar.buttons[-1].click()
    assert cells(assets, "spec") == before


def test_what_was_left_out_can_be_taken_to_a_spreadsheet(assets: RegisterScreen) -> None:
    QGuiApplication.clipboard().setText("\n".join(f"abc{n}" for n in range(9)))
    assets.table.go_to(0, column(assets, "quantity"))
    assets.table.paste()
    (bar,) = assets.bars.bars
    assert "还有 4 处" in bar.text()
    bar.buttons[0].click()
    lines = QGuiApplication.clipboard().text().split("\n")
    assert lines[0].split("\t") == ["行", "列", "原因"]
    assert [line.split("\t")[:2] for line in lines[1:]] == [[str(n), "数量"] for n in range(1, 10)]


def test_filling_down_takes_the_cell_above_or_the_first_of_many(assets: RegisterScreen) -> None:
    assets.table.go_to(0, column(assets, "spec"))
    QGuiApplication.clipboard().setText("九十寸")
    assets.table.paste()
    QTest.keyClick(assets.table, Qt.Key.Key_Down)
    QTest.keyClick(assets.table, Qt.Key.Key_D, CONTROL)
    assert cells(assets, "spec")[:3] == ["九十寸", "九十寸", "82 英寸"]
    select(assets, 1, 6, "spec")
    QTest.keyClick(assets.table, Qt.Key.Key_D, CONTROL)
    assert cells(assets, "spec")[:8] == ["九十寸"] * 7 + ["82 英寸"]
    assert "向下填充了 5 行" in assets.bars.bars[0].text()
    assets.bars.bars[0].buttons[-1].click()
    assert cells(assets, "spec")[:3] == ["九十寸", "九十寸", "82 英寸"]


def test_many_rows_removed_come_back_with_one_undo(assets: RegisterScreen, messages: ScriptedMessages) -> None:
    select(assets, 2, 8, "spec")
    messages.will_answer("1")
    QTest.keyClick(assets.table, Qt.Key.Key_Delete, CONTROL)
    assert assets.model.rowCount() == 5
    assert assets.bars.bars[0].text().startswith("删除了 7 条")
    assets.bars.bars[0].buttons[-1].click()
    assert assets.model.rowCount() == 12


def test_a_large_block_is_read_and_written_beside_the_window(
    assets: RegisterScreen, messages: ScriptedMessages, qtbot: QtBot
) -> None:
    runner = TaskRunner()
    object.__setattr__(assets.context, "tasks", runner)
    gaps, clock, beat = [], QElapsedTimer(), QTimer()
    beat.timeout.connect(lambda: gaps.append(clock.restart()))
    QGuiApplication.clipboard().setText("\n".join(f"XX016-{n:05d}\t显微镜" for n in range(3000)))
    assets.table.go_to(11, column(assets, "asset_no"))
    messages.will_answer("paste")
    clock.start()
    beat.start(10)
    assets.table.paste()
    assert assets.model.rowCount() == 12, "nothing is done while the key is down"
    qtbot.waitUntil(lambda: assets.model.rowCount() == 3011, timeout=60_000)
    beat.stop()
    assert assets.bars.bars[0].text().startswith("粘贴了 3,000 行：修改 1，新增 2,999，未变 0，没有写入 0。")
    assert len(gaps) > 5, "the window lived on meanwhile"
    assert assets.context.workspace.undo_label().startswith("粘贴")
    assets.context.workspace.undo()
    assert assets.context.workspace.table("equipment").view().count == 12
    runner.shut_down()


def test_a_large_paste_can_be_stopped(
    assets: RegisterScreen, messages: ScriptedMessages, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paste, "AT_ONCE", 0)
    QGuiApplication.clipboard().setText("\n".join(f"XX016-{n:05d}\t显微镜" for n in range(300)))
    assets.table.go_to(11, column(assets, "asset_no"))
    tasks = assets.context.tasks
    original = tasks._start

    def start(task: object) -> None:
        task.cancel()  # type: ignore[attr-defined]
        original(task)  # type: ignore[arg-type]

    monkeypatch.setattr(tasks, "_start", start)
    assets.table.paste()
    assert messages.asked == []
    assert assets.model.rowCount() == 12
    assert "没有写入任何数据" in assets.bars.bars[0].text()
