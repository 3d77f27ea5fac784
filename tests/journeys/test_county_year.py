"""The county's year by keys and clicks: a new file, schools, calendar, kit, enrolment, taking in, review, figures, closing."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from tests.journeys import county_hands as hands
from tests.journeys.county_people import SchoolPc, schools
from tests.journeys.people import CONTROL, button, click, press, said, walk_to, write
from tests.ui.doubles import ScriptedMessages
from ui.main_window import MainWindow


@pytest.fixture
def window(make_window: Callable[[], MainWindow]) -> MainWindow:
    """The window on its start page."""
    made = make_window()
    made.resize(1366, 696)
    return made


@pytest.fixture
def pcs(tmp_path: Path, stick: Path) -> list[SchoolPc]:
    """Two schools."""
    return schools(tmp_path, stick, 2)


def set_up(window: MainWindow, messages: ScriptedMessages, folder: Path, pcs: list[SchoolPc]) -> list[str]:
    """A county that can send its kit; the uids of its schools."""
    hands.new_county(window, folder)
    hands.prove(window, folder / "sheet.txt")
    assert "记录恢复单核对无误" in said(window)
    uids = [hands.add_school(window, pc.name, pc.school.kind, pc.school.township) for pc in pcs]
    hands.make_calendar(window, messages)
    hands.write_kit(window, messages, pcs[0].stick)
    return uids


def enrol(window: MainWindow, messages: ScriptedMessages, pcs: list[SchoolPc], uids: list[str]) -> None:
    """Requests from the schools, fingerprints typed from their paper; a wrong one approves nothing."""
    papers = {}
    for pc, uid in zip(pcs, uids, strict=True):
        pc.begin()
        papers[pc.name] = pc.ask(uid)
    page: Any = hands.look_for_requests(window, messages, pcs[0].stick)
    shown = " ".join(c.text for line in page.grid.lines.lines for c in line.cells)
    assert not any(paper[:4] in shown + page.why.text() for paper in papers.values()), "typed, never read off"
    first, second = pcs
    hands.choose_request(page, first.name)
    page.form.field("typed").setFocus()
    write(papers[second.name])
    press(window, Qt.Key.Key_Return, CONTROL)
    assert "不一致" in page.form.fault.text()
    for pc in pcs:
        hands.choose_request(page, pc.name)
        hands.fill(page.form, typed=papers[pc.name].lower().replace("-", " "))
        press(window, Qt.Key.Key_Return, CONTROL)
        assert f"已批准 {pc.name}" in said(window), page.form.fault.text()
    hands.write_kit(window, messages, pcs[0].stick)
    for pc in pcs:
        pc.read_kit()


def test_from_a_new_county_to_a_closed_year(
    window: MainWindow, messages: ScriptedMessages, tmp_path: Path, stick: Path, pcs: list[SchoolPc]
) -> None:
    uids = set_up(window, messages, tmp_path, pcs)
    enrol(window, messages, pcs, uids)
    for pc in pcs:
        pc.submit()
    take_in_and_tell(window, messages, stick, pcs)
    review(window, messages, stick, pcs)
    look_at_figures(window, messages, tmp_path)
    close_and_reopen(window, messages, stick, pcs[1])


def take_in_and_tell(window: MainWindow, messages: ScriptedMessages, stick: Path, pcs: list[SchoolPc]) -> None:
    """Rehearse, leave one out and take it in again, merge, write receipts; the schools read them."""
    page = hands.take_in(window, messages, stick)
    assert [line.cells[1].text for line in page.grid.lines.lines] == ["下一份", "下一份"]
    assert page.merge.text() == "合并 2 个数据包"
    assert not page.receipts.isEnabled(), "receipts wait for the merge"
    press(page.grid, Qt.Key.Key_Space)
    assert page.merge.text() == "合并 1 个数据包"
    press(page.grid, Qt.Key.Key_Space)
    board: Any = walk_to(window, "county_board")
    assert "已收 <b>0</b>" in board.status()[1], "a rehearsal writes nothing"
    walk_to(window, "county_take_in")
    assert "合并了 2 个" in hands.merge(window)
    messages.will_answer()
    click(page.receipts)
    assert "写好了 2 份回执" in said(window)
    for pc in pcs:
        assert pc.receipt()


def review(window: MainWindow, messages: ScriptedMessages, stick: Path, pcs: list[SchoolPc]) -> None:
    """Accept one school's figures, return the other's with a word; the receipt brings it to the school."""
    page: Any = walk_to(window, "county_board")
    names = {line.cells[0].text: line.key for line in page.table.names.lines.lines}
    page.table.go_to(names[pcs[0].name], "stat-2025")
    click(page.pane.accept)
    assert "已通过" in said(window)
    page.table.go_to(names[pcs[1].name], "stat-2025")
    click(page.pane.back)
    assert page.pane.form.fault.text().startswith("退回要写明"), "a return says what to change"
    press(page.table.cells, Qt.Key.Key_Return)
    assert QApplication.focusWidget() is page.pane.form.field("text")
    write("图书册数与总账不符，请核对")
    click(page.pane.back)
    assert "已退回" in said(window)
    hands.fill(page.pane.reminder, text="电话，示例老师接，答应月底前改")
    press(page.pane.reminder.field("text"), Qt.Key.Key_Return)
    assert "答应月底前改" in page.pane.notes.text()
    walk_to(window, "county_receipts")
    messages.will_answer(str(stick))
    press(window, Qt.Key.Key_Return, CONTROL)
    assert "写好了" in said(window)
    pcs[1].receipt()


def look_at_figures(window: MainWindow, messages: ScriptedMessages, folder: Path) -> None:
    """No verdict before the rules are confirmed with their source; the table is printed."""
    page: Any = walk_to(window, "county_indicators")
    assert page.measures.lines.rowCount() == 7
    assert "没确认" in page.verdict.words()
    assert all(not line.cells[1].text.startswith("达") for line in page.measures.lines.lines)
    assert page.schools.lines.rowCount() >= 1
    page.measures.setFocus()
    press(page.measures, Qt.Key.Key_Down)
    assert page.pane.title.text() == page._measure().indicator.label
    press(page.measures, Qt.Key.Key_I, CONTROL)
    assert "来自第" in said(window)
    click(button(page, "看这条记录"))
    assert window.place == "county_people"
    page = walk_to(window, "county_indicators")
    messages.will_answer(str(folder / "F22.pdf"))
    press(window, Qt.Key.Key_P, CONTROL)
    assert (folder / "F22.pdf").read_bytes().startswith(b"%PDF")
    click(button(page, "口径"))
    confirm_rules(window)
    page = walk_to(window, "county_indicators")
    page.rules.setFocus()
    page.rules.selectAll()
    write("2012")
    press(page.rules, Qt.Key.Key_Return)
    assert page.measures.lines.rowCount() == 9, "eight and the composite"
    assert "没确认" not in page.verdict.words()


def confirm_rules(window: MainWindow) -> None:
    """Confirm what the older rules leave open, each with a source; without one it is refused."""
    page: Any = window.page
    keys = [line.key for line in page.policies.lines.lines]
    for key in [k for k in keys if ".2012." in k]:
        page.policies.setCurrentIndex(page.policies.lines.index(keys.index(key), 0))
        page.policy_form.show_values({**page.policy_form.values(), "source": ""})
        press(window, Qt.Key.Key_Return, CONTROL)
        assert page.policy_form.fault.text() == "请填写依据。"
        hands.fill(page.policy_form, source="示例文〔2026〕1号")
        press(window, Qt.Key.Key_Return, CONTROL)
        assert "已确认" in said(window)


def close_and_reopen(window: MainWindow, messages: ScriptedMessages, stick: Path, pc: SchoolPc) -> None:
    """Close the year; what a school corrects later is listed and alters nothing; reopen with a reason."""
    page: Any = window.page
    click(page.closing)
    year: Any = window.page
    messages.will_answer("close")
    press(window, Qt.Key.Key_Return, CONTROL)
    assert year.tag.words() == "已结账，第 1 次", said(window)
    sheet = pc.sheets["school_year"]
    head, *rows = sheet.read_text(encoding="utf-8-sig").splitlines()
    place = head.split(",").index("图书")
    cells = [row.split(",") for row in rows]
    for one in cells:
        one[place] = str(int(one[place]) + 100) if one[place] else ""
    sheet.write_text("\n".join([head, *(",".join(one) for one in cells)]) + "\n", encoding="utf-8-sig")
    pc.type("import", pc.file, "school_year", sheet)
    pc.submit()
    hands.take_in(window, messages, stick)
    hands.merge(window)
    walk_to(window, "county_indicators")
    click(button(window.page, "年度结账"))
    assert year.changes.lines.rowCount() >= 1
    assert "图书" in " ".join(c.text for line in year.changes.lines.lines for c in line.cells)
    click(year.reopen)
    assert year.form.fault.text() == "请填写原因。"
    hands.fill(year.form, reason="学校更正了图书册数")
    click(year.reopen)
    assert year.tag.words() == "没有结账"
