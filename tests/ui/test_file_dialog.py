"""Dialogs that Qt draws itself: in the language of the program, opened where a person keeps files."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QLocale, QTranslator
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit

from ui import file_dialog, qt_texts
from ui.memory import Memory
from ui.messages import Messages


@pytest.fixture
def chinese(qapp: QApplication) -> Iterator[None]:
    before = QLocale()
    assert qt_texts.speak(qapp, "zh_CN")
    assert qt_texts.speak(qapp, "zh_CN"), "once more changes nothing"
    yield
    words = qapp.findChildren(QTranslator)
    assert len(words) == 1
    qapp.removeTranslator(words[0])
    words[0].setParent(None)
    QLocale.setDefault(before)


@pytest.fixture
def answering(monkeypatch: pytest.MonkeyPatch) -> list[Callable[[QFileDialog], int]]:
    """What a person does in the next dialog: one call each, whose result is the answer."""
    acts: list[Callable[[QFileDialog], int]] = []
    monkeypatch.setattr(QFileDialog, "exec", lambda dialog: acts.pop(0)(dialog))
    return acts


@pytest.mark.usefixtures("chinese")
def test_menus_and_dialogs_of_qt_speak_chinese(answering: list[Callable[[QFileDialog], int]], tmp_path: Path) -> None:
    field = QLineEdit()
    menu = field.createStandardContextMenu()
    assert {"复制(&C)", "粘贴(&P)"} <= {action.text().split("\t")[0] for action in menu.actions()}
    seen: list[str] = []

    def look(dialog: QFileDialog) -> int:
        seen.extend(dialog.labelText(QFileDialog.DialogLabel[label]) for label in ("Accept", "Reject", "FileName"))
        return 0

    answering.append(look)
    assert Messages(lambda: None, Memory(tmp_path)).pick_folder("备份到哪里") == ""
    assert seen
    assert all(any("\u4e00" <= sign <= "\u9fff" for sign in text) for text in seen), seen


def test_english_needs_no_catalogue(qapp: QApplication) -> None:
    before = QLocale()
    assert qt_texts.speak(qapp, "en") is False
    assert qapp.findChildren(QTranslator) == []
    QLocale.setDefault(before)


def test_a_dialog_opens_where_the_last_choice_was_or_among_documents(
    answering: list[Callable[[QFileDialog], int]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []

    def take(dialog: QFileDialog) -> int:
        opened.append(dialog.directory().absolutePath())
        dialog.selectFile(str(tmp_path / "台账"))
        return 1

    answering.extend([take, take, take])
    monkeypatch.chdir(tmp_path)
    memory = Memory(tmp_path / "home")
    messages = Messages(lambda: None, memory)
    assert messages.save_file("导出到", "a.xlsx", "Excel (*.xlsx);;CSV (*.csv)") == str(tmp_path / "台账.xlsx")
    assert messages.save_file("导出到", "a.xlsx", "Excel (*.xlsx)") == str(tmp_path / "台账.xlsx")
    memory.put("folder", str(tmp_path / "pulled"))
    messages.save_file("导出到", "a.xlsx", "Excel (*.xlsx)")
    first, second, gone = opened
    assert first == gone == file_dialog.first_folder("")
    assert first != str(tmp_path), "never the folder the program was started in"
    assert second == str(tmp_path)


def test_the_ending_follows_the_filter(answering: list[Callable[[QFileDialog], int]], tmp_path: Path) -> None:
    def as_csv(dialog: QFileDialog) -> int:
        dialog.filterSelected.emit("CSV (*.csv)")
        dialog.selectFile(str(tmp_path / "台账"))
        return 1

    answering.append(as_csv)
    chosen = Messages(lambda: None, Memory(tmp_path)).save_file("导出到", "a.xlsx", "Excel (*.xlsx);;CSV (*.csv)")
    assert chosen == str(tmp_path / "台账.csv")


def test_sticks_stand_at_the_left_edge(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stick = tmp_path / "media" / "clerk" / "U盘"
    stick.mkdir(parents=True)
    (stick.parent / "left over").mkdir()
    monkeypatch.setattr("os.path.ismount", lambda place: Path(place) == stick)
    listed = file_dialog.places((tmp_path / "media", tmp_path / "none"))
    assert str(stick) in listed
    assert str(stick.parent / "left over") not in listed
