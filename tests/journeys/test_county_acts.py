"""Acts of the county that nobody does every day: new keys, 复查, a request declined, remarks from a sheet, the letter, reading again."""

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pypdf
import pytest
from PySide6.QtCore import Qt

from tests.journeys import county_hands as hands
from tests.journeys.county_people import SchoolPc, schools
from tests.journeys.hands import cells, open_file
from tests.journeys.people import CONTROL, PASSPHRASE, County, button, click, press, said, walk_to
from tests.ui.doubles import ScriptedMessages
from ui.main_window import MainWindow

HAZARDS = (
    "隐患编号,排查日期,排查方式,类别,部位,隐患描述,等级,定级人,上报县局日期,状态,整改措施,责任人,整改时限,整改完成日期",
    "2025-0007,2025-10-09,日查,消防,实验楼,疏散通道被封堵（示例）,重大,示例校长,2025-10-10,待复查,拆除封堵,示例主任,2025-10-30,2025-10-20",
)


@pytest.fixture
def window(make_window: Callable[[], MainWindow], messages: ScriptedMessages, county: County) -> MainWindow:
    """The county's file, opened from the start page."""
    made = make_window()
    open_file(made, messages, county.file)
    return made


@pytest.fixture
def pc(tmp_path: Path, stick: Path, county: County) -> SchoolPc:
    """A school that has applied and not been answered."""
    one = schools(tmp_path, stick, 1)[0]
    county.prepare(one.name)
    one.begin("equipment")
    one.paper = one.ask(county.uid)
    return one


@pytest.fixture
def joined(pc: SchoolPc, county: County) -> SchoolPc:
    """The same school, approved."""
    county.enrol(pc.paper)
    county.write_kit()
    pc.read_kit()
    return pc


def write_receipts(window: MainWindow, messages: ScriptedMessages, stick: Path, *secret: str) -> None:
    """From the navigation to receipts on the stick."""
    walk_to(window, "county_receipts")
    messages.will_answer(str(stick), *secret)
    press(window, Qt.Key.Key_Return, CONTROL)
    assert "写好了" in said(window)


def rows_of(pc: SchoolPc, register: str) -> list[dict[str, str]]:
    """A register of a school's file, read by the command line."""
    to = pc.folder / f"{register}.csv"
    pc.type("table", pc.file, register, "--to", to)
    with to.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_new_county_keys_are_signed_by_the_old_and_schools_go_on(
    window: MainWindow, messages: ScriptedMessages, county: County, joined: SchoolPc, stick: Path, tmp_path: Path
) -> None:
    joined.submit()
    page: Any = walk_to(window, "county_keys")
    new = tmp_path / "新恢复单.txt"
    messages.will_answer(None)
    click(page.rotate)
    assert county.fingerprint in fact(page, "县指纹"), "nothing is changed without a place for the new sheet"
    messages.will_answer(str(new), PASSPHRASE)
    click(page.rotate)
    assert "县密钥换好了" in said(window)
    fingerprint = fact(page, "县指纹")
    assert fingerprint in said(window)
    assert fingerprint != county.fingerprint
    assert page.records_tag.words() == "记录恢复单还没有核对", "the old sheet says nothing of the new keys"
    hands.prove(window, county.folder / "恢复单.txt")
    assert page.proof.fault.text(), "the old sheet opens nothing any more"
    hands.prove(window, new)
    assert page.records_tag.words() == "记录恢复单已核对"
    hands.write_kit(window, messages, stick)
    assert joined.type("bundle", "show", max(stick.glob("*.edukit")))["fingerprint"] == fingerprint
    joined.read_kit()
    joined.submit("stat-2025,asset-2025")
    take = hands.take_in(window, messages, stick)
    assert [row[1] for row in cells(take.grid)] == ["下一份", "下一份"], "sealed to the old key and to the new"
    assert "合并了 2 个" in hands.merge(window)


def fact(page: Any, label: str) -> str:
    """A value of the page's facts, by its label."""
    grid = page.facts.grid
    words = [grid.itemAtPosition(n, 1).widget().text() for n in range(grid.rowCount()) if grid.itemAtPosition(n, 0)]
    heads = [grid.itemAtPosition(n, 0).widget().text() for n in range(grid.rowCount()) if grid.itemAtPosition(n, 0)]
    return str(words[heads.index(label)])


def test_a_major_hazard_is_closed_by_the_countys_recheck_alone(
    window: MainWindow, messages: ScriptedMessages, joined: SchoolPc, stick: Path, tmp_path: Path
) -> None:
    sheet = tmp_path / "隐患.csv"
    sheet.write_text("\n".join(HAZARDS), encoding="utf-8-sig")
    joined.type("import", joined.file, "hazard", sheet)
    joined.submit("stat-2025,safety-2025-10")
    messages.will_answer(PASSPHRASE)
    click(walk_to(window, "county_keys").unlock)
    hands.take_in(window, messages, stick)
    assert "合并了 1 个" in hands.merge(window)
    home: Any = walk_to(window, "county_home")
    line = next(n for n, row in enumerate(cells(home.todo)) if "未销号的重大隐患" in row[1])
    home.todo.setFocus()
    press(home.todo, Qt.Key.Key_Home, CONTROL)
    for _step in range(line):
        press(home.todo, Qt.Key.Key_Down)
    press(home.todo, Qt.Key.Key_Return)
    assert window.place == "county_work"
    page: Any = window.page
    assert "疏散通道" in page.what.text()
    click(page.recheck)
    assert page.form.fault.text() == "请填写复查结果。"
    recheck(window, page, "不合格", "2026-03-03", "通道没有完全打通")
    write_receipts(window, messages, stick)
    joined.receipt()
    assert state_of(joined) == ("待复查", "不合格"), "the school reads why and mends it"
    again = HAZARDS[1].replace("2025-10-20", "2026-03-04")
    sheet.write_text("\n".join([HAZARDS[0], again]), encoding="utf-8-sig")
    joined.type("import", joined.file, "hazard", sheet)
    joined.submit("safety-2025-11")
    hands.take_in(window, messages, stick)
    hands.merge(window)
    page = walk_to(window, "county_work")
    click(page.chips["major"])
    recheck(window, page, "合格", "2026-03-05", "")
    write_receipts(window, messages, stick)
    assert state_of(joined)[0] == "待复查", "nothing closes before the receipt is read"
    joined.receipt()
    assert state_of(joined) == ("已销号", "合格")


def recheck(window: MainWindow, page: Any, result: str, day: str, text: str) -> None:
    """Write a 复查 down, from the line by keys."""
    page.grid.setFocus()
    press(page.grid, Qt.Key.Key_Return)
    hands.fill(page.form, result=result, by="示例督导员", date=day)
    if text:
        hands.fill(page.form, text=text)
    press(window, Qt.Key.Key_Return, CONTROL)
    assert "复查登记好了" in said(window), page.form.fault.text()


def state_of(pc: SchoolPc) -> tuple[str, str]:
    """State and the county's verdict of the one hazard, as the school has them."""
    (row,) = rows_of(pc, "hazard")
    return row["状态"], row["县级复查结论"]


def test_a_request_that_is_declined_gets_nothing_merged(
    window: MainWindow, messages: ScriptedMessages, pc: SchoolPc, stick: Path
) -> None:
    pc.submit()
    page: Any = walk_to(window, "county_take_in")
    messages.will_answer(str(stick), PASSPHRASE)
    press(window, Qt.Key.Key_F5)
    assert "暂存 1 个" in hands.merge(window)
    for request in stick.glob("*.eduenrol"):
        request.unlink()
    walk_to(window, "county_roster")
    click(button(window.page, "核准入网"))
    enrol: Any = window.page
    hands.choose_request(enrol, pc.name)
    messages.will_answer(None)
    click(enrol.decline)
    assert cells(enrol.grid)[0][0] == "待核对", "closing the question declines nobody"
    messages.will_answer("decline")
    click(enrol.decline)
    assert "没有批准" in said(window)
    assert enrol.empty.isVisible(), "nothing waits any more"
    walk_to(window, "county_home")
    assert not [row for row in cells(window.page.todo) if "登记申请" in row[1]]  # type: ignore[union-attr]
    page = hands.take_in(window, messages, stick)
    assert not page.merge.isEnabled(), "what its key signed is refused"
    assert cells(page.grid)[0][1] in ("拒收", "密钥已撤销", "未知密钥")


def test_remarks_of_a_sheet_go_back_with_a_returned_item(
    window: MainWindow, messages: ScriptedMessages, county: County, joined: SchoolPc, stick: Path, tmp_path: Path
) -> None:
    joined.submit("stat-2025,asset-2025")
    county.take_in()
    sheet, wrong = tmp_path / "备注.csv", tmp_path / "不是备注.csv"
    wrong.write_text("登记册,编号,字段,备注\n房间,没有这一间,使用面积,量错了\n", encoding="utf-8-sig")
    tables: Any = walk_to(window, "county_assets")
    click(tables.chips["room"])
    name = cells(tables.stack.currentWidget())[0][1]
    sheet.write_text(f"登记册,编号,字段,备注\n房间,{name},使用面积,使用面积与图纸不符\n", encoding="utf-8-sig")
    page: Any = walk_to(window, "county_board")
    page.table.cells.setFocus()
    go_to_item(page, "asset-2025")
    press(page.table.cells, Qt.Key.Key_Return)
    messages.will_answer(str(wrong))
    click(page.pane.attach)
    click(page.pane.back)
    assert "没有编号为 没有这一间 的行" in said(window)
    messages.will_answer(str(sheet))
    click(page.pane.attach)
    assert page.pane.attached.text() == sheet.name
    click(page.pane.back)
    assert "行备注 1 条" in said(window)
    write_receipts(window, messages, stick, PASSPHRASE)
    taken = joined.receipt()
    assert "使用面积与图纸不符" in json.dumps(taken, ensure_ascii=False)


def go_to_item(page: Any, item: str) -> None:
    """Walk through the cells of the first school to an item."""
    press(page.table.cells, Qt.Key.Key_Home, CONTROL)
    for _step in range(40):
        if page.table.current()[1] == item:
            return
        press(page.table.cells, Qt.Key.Key_Right)
    raise AssertionError(item)


def test_the_letter_carries_the_fingerprint_a_school_types(
    window: MainWindow, messages: ScriptedMessages, county: County, tmp_path: Path
) -> None:
    walk_to(window, "county_kit")
    messages.will_answer(None)
    press(window, Qt.Key.Key_P, CONTROL)
    to = tmp_path / "告知函.pdf"
    messages.will_answer(str(to))
    press(window, Qt.Key.Key_P, CONTROL)
    assert "告知函写好了" in said(window)
    text = "".join(page.extract_text() for page in pypdf.PdfReader(to).pages)
    assert county.fingerprint.replace("-", "") in text.replace("-", "").replace(" ", "").replace("\n", "")
    messages.will_answer(str(tmp_path / "没有这个文件夹" / "x" / "告知函.pdf"))
    press(window, Qt.Key.Key_P, CONTROL)


def test_everything_read_again_is_the_same(
    window: MainWindow, messages: ScriptedMessages, county: County, joined: SchoolPc, stick: Path
) -> None:
    joined.submit("stat-2025,asset-2025")
    county.take_in()
    tables: Any = walk_to(window, "county_assets")
    before = cells(tables.stack.currentWidget())
    assert len(before) == 12
    page: Any = walk_to(window, "county_work")
    messages.will_answer(None)
    click(page.again)
    messages.will_answer("reread", "不是口令")
    click(page.again)
    assert messages.asked[-1].kind == "fault"
    messages.will_answer("reread", PASSPHRASE)
    click(page.again)
    assert "重新读取了 1 所学校的" in said(window)
    assert cells(walk_to(window, "county_assets").stack.currentWidget()) == before
