"""What goes out of a register's page: workbook, CSV, PDF, photos; sealed columns only on request."""

from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from tests.ui.doubles import ScriptedMessages
from ui.main_window import MainWindow
from ui.register_screen import RegisterScreen


def test_every_row_goes_into_a_workbook(assets: RegisterScreen, tmp_path: Path, messages: ScriptedMessages) -> None:
    from openpyxl import load_workbook

    to = tmp_path / "out.xlsx"
    messages.will_answer(str(to))
    assets.output.export_button.click()
    assert "写好了" in assets.bars.bars[0].text()
    cells = [c for row in load_workbook(to).active.iter_rows(values_only=True) for c in row]
    assert "XX014-0012" in cells


def test_sealed_columns_go_out_only_when_asked_for(
    window: MainWindow, tmp_path: Path, messages: ScriptedMessages
) -> None:
    messages.will_answer("as offered")
    window.go("staff")
    screen: Any = window.page
    screen.form.body.open_vault.emit("personal")
    screen.form.body.editor("phone").take("13900000000")
    screen.form.body.edited.emit("phone")
    assert screen.form.settle()
    for answer, there in (("open", False), ("all", True)):
        to = tmp_path / f"{answer}.csv"
        messages.will_answer(str(to), answer)
        screen.output.export()
        assert ("13900000000" in to.read_text("utf-8-sig")) is there


def test_the_ledger_is_printed_as_pdf(assets: RegisterScreen, tmp_path: Path, messages: ScriptedMessages) -> None:
    to = tmp_path / "F02.pdf"
    forms = assets.context.workspace.paper.forms("equipment")
    assert forms[0].code == "F02"
    messages.will_answer(str(to))
    assets.output.print_form(forms[0])
    assert to.read_bytes().startswith(b"%PDF")


def test_a_photo_is_added_seen_and_taken_off(
    assets: RegisterScreen, tmp_path: Path, messages: ScriptedMessages
) -> None:
    picture = QImage(640, 480, QImage.Format.Format_RGB32)
    picture.fill(QColor("darkgreen"))
    source = tmp_path / "photo.png"
    assert picture.save(str(source))
    assets.table.go_to(3)
    QApplication.processEvents()
    messages.will_answer(str(source))
    assets.photos.add.click()
    [thumbnail] = assets.photos.thumbnails
    assert not thumbnail._image.isNull()
    assets.table.go_to(2)
    QApplication.processEvents()
    assert assets.photos.thumbnails == []
    assets.table.go_to(3)
    QApplication.processEvents()
    QTest.keyClick(assets.photos.thumbnails[0], Qt.Key.Key_Delete)
    assert assets.photos.thumbnails == []


def test_what_is_no_picture_is_refused_with_advice(
    assets: RegisterScreen, tmp_path: Path, messages: ScriptedMessages
) -> None:
    source = tmp_path / "photo.jpg"
    source.write_text("not a picture")
    messages.will_answer(str(source))
    assets.photos.choose()
    assert messages.asked[-1].kind == "fault"
    assert messages.asked[-1].detail


def test_import_leads_to_the_import_page_of_this_register(assets: RegisterScreen, window: MainWindow) -> None:
    assets.output.import_button.click()
    assert window.place == "import"
