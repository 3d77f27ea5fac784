"""The start page: recent files, the other ways to begin, kits on sticks, the sample."""

import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from tests.ui.doubles import ScriptedMessages
from ui.kits import KitOnStick, kits_in
from ui.main_window import MainWindow
from ui.memory import Memory
from ui.recent import RecentFile, note_file, recent_files
from ui.sample import SampleMaker, command
from ui.screens.start import StartScreen, when_words


def start(window: MainWindow) -> StartScreen:
    """The start page of a window without a file."""
    screen: Any = window.page
    assert isinstance(screen, StartScreen)
    return screen


@pytest.mark.parametrize(
    ("when", "words"),
    [
        ("2026-03-05 08:12", "今天 08:12"),
        ("2026-03-04 17:30", "昨天 17:30"),
        ("2026-02-27 09:00", "2026-02-27"),
        ("?", "?"),
    ],
)
def test_when_a_file_was_last_open(when: str, words: str) -> None:
    assert when_words(when, date(2026, 3, 5)) == words


def test_an_empty_start_page_says_what_to_do(make_window: Callable[[], MainWindow]) -> None:
    screen = start(make_window())
    assert screen.nothing.isVisible()
    assert not screen.recent.isVisible()
    assert not screen.primary.isVisible()
    assert list(screen.ways) == ["new_school", "open", "restore", "new_county", "sample"]


def test_the_likeliest_act_is_the_primary_one(window: MainWindow) -> None:
    window.close_file()
    screen = start(window)
    assert screen.primary.text() == "继续填报 青石岭小学（示例）"
    screen.primary.click()
    assert window.workspace.title == "青石岭小学（示例）"


def test_enter_opens_the_file_chosen(window: MainWindow) -> None:
    window.close_file()
    QTest.keyClick(start(window).recent, Qt.Key.Key_Return)
    assert window.workspace is not None


def test_delete_takes_a_file_off_the_list_and_leaves_it_be(window: MainWindow, school_file: Path) -> None:
    window.close_file()
    QTest.keyClick(start(window).recent, Qt.Key.Key_Delete)
    assert recent_files(window.memory) == []
    assert school_file.exists()


def test_a_file_that_moved_is_found_again_from_its_row(
    make_window: Callable[[], MainWindow], env: Any, school_file: Path, messages: ScriptedMessages
) -> None:
    memory = Memory(env.home)
    note_file(memory, RecentFile("/gone/青石岭小学.eduplan", "青石岭小学（示例）"))
    window = make_window()
    screen = start(window)
    assert screen.recent.files.missing == {"/gone/青石岭小学.eduplan"}
    assert not screen.primary.isVisible()
    screen.recent.setCurrentIndex(screen.recent.files.index(0, 0))
    messages.will_answer(str(school_file))
    row = screen.recent.visualRect(screen.recent.files.index(0, 0))
    QTest.mouseClick(
        screen.recent.viewport(),
        Qt.MouseButton.LeftButton,
        pos=QPoint(row.right() - 180 + 10, row.top() + 42),
    )
    assert window.workspace.path == school_file
    assert [f.path for f in recent_files(window.memory)] == [str(school_file)]


def test_restore_asks_why_and_where(
    window: MainWindow, tmp_path: Path, messages: ScriptedMessages, school_file: Path
) -> None:
    backup = window.workspace.backup(tmp_path / "backups")
    window.close_file()
    to = tmp_path / "restored" / "青石岭小学.eduplan"
    messages.will_answer(str(backup), "copy", str(to))
    start(window).ways["restore"].click()
    assert messages.asked[1].answers == ["restore", "move", "copy"]
    assert window.workspace.path == to


def test_a_file_dropped_on_the_page_is_opened(window: MainWindow, school_file: Path) -> None:
    window.close_file()
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(school_file))])
    none = Qt.KeyboardModifier.NoModifier
    event = QDropEvent(QPointF(5, 5), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, none)
    start(window).dropEvent(event)
    assert window.workspace.path == school_file


def test_kits_are_found_in_the_top_folder_and_one_below(tmp_path: Path) -> None:
    (tmp_path / "报送" / "深").mkdir(parents=True)
    for place in ("a-1.edukit", "报送/b-2.edukit", "报送/深/c-3.edukit", "d.txt"):
        (tmp_path / place).write_text("x")
    assert [p.name for p in kits_in(tmp_path)] == ["b-2.edukit", "a-1.edukit"]
    assert kits_in(tmp_path / "nothing") == []


def test_a_kit_on_a_stick_offers_itself(
    make_window: Callable[[], MainWindow], monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    import ui.screens.start as page

    kit = KitOnStick("KINGSTON", Path("/media/stick/示例县-4.edukit"))
    monkeypatch.setattr(page, "find_kits", lambda _cancelled: [kit])
    screen = start(make_window())
    qtbot.waitUntil(lambda: bool(screen.bars.bars))
    assert "KINGSTON" in screen.bars.bars[0].text()
    assert "示例县-4.edukit" in screen.bars.bars[0].text()


def test_the_sample_is_made_by_the_command_a_script_would_run(tmp_path: Path) -> None:
    line = command(tmp_path)
    assert line[0] == sys.executable
    assert line[-6:] == ["demo", "--to", str(tmp_path), "--schools", "3", "--json"]


def test_the_files_of_the_sample_come_onto_the_list(
    make_window: Callable[[], MainWindow], tmp_path: Path, messages: ScriptedMessages, monkeypatch: Any, qtbot: QtBot
) -> None:
    import ui.sample as sample

    script = (
        "import pathlib, sys; p = pathlib.Path(sys.argv[1]) / '示例文件'; p.mkdir(parents=True);"
        "k = p.parent / 'PC' / '学校01' / 'keys' / 'id'; k.mkdir(parents=True); (k / 'sign').write_text('k');"
        "[(p / n).write_text('x') for n in ('示例县.eduplan', '青石岭小学（示例）.eduplan')]"
    )
    monkeypatch.setattr(sample, "command", lambda folder: [sys.executable, "-X", "utf8", "-c", script, str(folder)])
    window = make_window()
    screen = start(window)
    messages.will_answer(str(tmp_path))
    screen.ways["sample"].click()
    assert not screen.ways["sample"].isEnabled()
    qtbot.waitUntil(lambda: screen.ways["sample"].isEnabled())
    assert {(f.title, f.side) for f in recent_files(window.memory)} == {
        ("示例县", "county"),
        ("青石岭小学（示例）", "school"),
    }
    assert (window.env.home / "keys" / "id" / "sign").read_text() == "k", "a sample school can submit from here"


def test_progress_of_the_sample_comes_line_by_line(qtbot: QtBot) -> None:
    from PySide6.QtCore import QObject

    owner = QObject()
    script = "import sys; print('1/12 甲校', file=sys.stderr); print('12/12 完成', file=sys.stderr)"
    maker = SampleMaker(owner, [sys.executable, "-X", "utf8", "-c", script])
    heard: list[tuple[int, int, str]] = []
    maker.progressed.connect(lambda a, b, c: heard.append((a, b, c)))
    with qtbot.waitSignal(maker.ended) as ended:
        maker.start()
    assert ended.args == [True]
    assert heard == [(1, 12, "甲校"), (12, 12, "完成")]


def test_a_sample_that_cannot_start_says_so(qtbot: QtBot, tmp_path: Path) -> None:
    from PySide6.QtCore import QObject

    owner = QObject()
    maker = SampleMaker(owner, [str(tmp_path / "nothing")])
    with qtbot.waitSignal(maker.ended) as ended:
        maker.start()
    assert ended.args == [False]
