"""What goes wrong on a stick, met at the window on a real worker: unknown keys, two histories, gaps, damaged files, a stop."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from tests.journeys import county_hands as hands
from tests.journeys.county_people import SECRET, SchoolPc, schools
from tests.journeys.people import CONTROL, PASSPHRASE, County, button, click, press, said, walk_to, write
from tests.ui.doubles import ScriptedMessages
from ui.main_window import MainWindow
from ui.widgets.progress import ProgressPanel


@pytest.fixture
def window(make_window: Callable[[], MainWindow], messages: ScriptedMessages, county: County) -> MainWindow:
    """The window on its start page."""
    return make_window()


@pytest.fixture
def pc(tmp_path: Path, stick: Path, county: County) -> SchoolPc:
    """A school with a bundle on the stick whose request nobody has approved yet."""
    one = schools(tmp_path, stick, 1)[0]
    county.prepare(one.name)
    one.begin()
    one.paper = one.ask(county.uid)
    return one


def open_county(window: MainWindow, messages: ScriptedMessages, county: County) -> None:
    """Open the county's file from the start page."""
    messages.will_answer(str(county.file))
    click(window.page.ways["open"])  # type: ignore[union-attr]
    assert window.place == "county_home"


def rehearse(window: MainWindow, messages: ScriptedMessages, stick: Path, *secret: str) -> Any:
    """Take a look at the stick."""
    page: Any = walk_to(window, "county_take_in")
    messages.will_answer(str(stick), *secret)
    press(window, Qt.Key.Key_F5)
    return page


def words_of(page: Any) -> list[str]:
    """The state column."""
    return [line.cells[1].text for line in page.grid.lines.lines]


def test_a_bundle_waits_for_its_paper_and_merges_when_it_is_approved(
    window: MainWindow,
    messages: ScriptedMessages,
    stick: Path,
    county: County,
    pc: SchoolPc,
) -> None:
    pc.submit()
    shutil.copy(next(stick.glob("*.edub")), stick / "broken.edub")
    damaged = bytearray((stick / "broken.edub").read_bytes())
    damaged[len(damaged) // 2] ^= 0xFF
    (stick / "broken.edub").write_bytes(damaged)
    open_county(window, messages, county)
    page = rehearse(window, messages, stick, PASSPHRASE)
    assert sorted(words_of(page)) == ["拒收", "未知密钥"]
    assert "1 份登记申请" in said(window)
    refused = [line.key for line in page.grid.lines.lines].index(str(stick / "broken.edub"))
    page.grid.setCurrentIndex(page.grid.lines.index(refused, 0))
    assert page.pane.sentence.text().strip()
    messages.will_answer(str(stick.parent / "slip.pdf"))
    page.pane.print_slip.click()
    assert "1 页" in said(window)
    assert (stick.parent / "slip.pdf").stat().st_size > 1000
    assert page.merge.text() == "暂存 1 个"
    press(window, Qt.Key.Key_Return, CONTROL)
    assert "暂存 1 个" in said(window)
    for request in stick.glob("*.eduenrol"):
        request.unlink()
    walk_to(window, "county_home")
    assert any(t.place == "county_enrol" for t in window.page._todo)
    row = next(i for i, t in enumerate(window.page._todo) if t.place == "county_enrol")
    window.page.todo.setCurrentIndex(window.page.todo.lines.index(row, 0))
    press(window.page.todo, Qt.Key.Key_Return)
    enrol: Any = window.page
    assert window.place == "county_enrol"
    hands.fill(enrol.form, typed=pc.paper)
    press(window, Qt.Key.Key_Return, CONTROL)
    assert "暂存的 1 个数据包已合并" in said(window), enrol.form.fault.text()
    board: Any = walk_to(window, "county_board")
    assert board.accept_all.text() == "通过这一项待审的 1 所" or board._waiting() == []


def test_one_of_two_histories_is_chosen(
    window: MainWindow,
    messages: ScriptedMessages,
    stick: Path,
    county: County,
    pc: SchoolPc,
) -> None:
    county.enrol(pc.paper)
    county.write_kit()
    pc.read_kit()
    pc.submit()
    county.take_in()
    copy = pc.copy_of_all()
    pc.type("import", pc.file, "drill", pc.sheets["drill"])
    pc.submit()
    mine = max(stick.glob("*.edub"), key=lambda p: p.stat().st_mtime_ns)
    kept = Path(shutil.move(mine, mine.with_name("mine.edub")))
    pc.submit(pc="other", file=copy)
    open_county(window, messages, county)
    page = rehearse(window, messages, stick, PASSPHRASE)
    assert "分叉" in words_of(page)
    assert kept.exists()
    press(window, Qt.Key.Key_Return, CONTROL)
    work: Any = walk_to(window, "county_work")
    assert work.sides.lines.rowCount() == 2
    work.sides.setFocus()
    press(work.sides, Qt.Key.Key_Down)
    messages.will_answer("keep")
    click(work.keep)
    assert "选定了：留下" in said(window)
    assert "分叉" not in " ".join(words_of(walk_to(window, "county_work")))
    assert not work.sides.isVisible(), "nothing is left to choose"


def test_a_key_that_ended_is_refused_from_its_number_on(
    window: MainWindow,
    messages: ScriptedMessages,
    stick: Path,
    county: County,
    pc: SchoolPc,
) -> None:
    county.enrol(pc.paper)
    pc.submit()
    open_county(window, messages, county)
    roster: Any = walk_to(window, "county_roster")
    messages.will_answer("1", "go", PASSPHRASE)
    click(roster.revoke)
    assert "第 1 包起撤销" in " ".join(c.text for line in roster.keys_grid.lines.lines for c in line.cells)
    page = rehearse(window, messages, stick)
    assert words_of(page) == ["密钥已撤销"] or words_of(page) == ["拒收"]
    assert not page.merge.isEnabled() or page.merge.text().startswith("合并 0"), "nothing to take"


def test_a_merge_that_is_stopped_keeps_what_is_merged_and_can_go_on(
    window: MainWindow,
    messages: ScriptedMessages,
    stick: Path,
    county: County,
    pc: SchoolPc,
) -> None:
    county.enrol(pc.paper)
    for answers in ("stat-2025", "stat-2025,asset-2025=0"):
        pc.submit(answers)
    open_county(window, messages, county)
    page = rehearse(window, messages, stick, PASSPHRASE)
    press(window, Qt.Key.Key_Return, CONTROL, wait=False)
    for panel in page.findChildren(ProgressPanel):
        click(panel.cancel)
    if not page._done:
        press(window, Qt.Key.Key_Return, CONTROL)
        assert page._done
    receipts: Any = walk_to(window, "county_receipts")
    assert [line.cells[1].text for line in receipts.grid.lines.lines] == [pc.name]
    work: Any = walk_to(window, "county_work")
    assert not work.chips["gaps"].isVisible(), "no number is missing"


def test_schools_are_closed_merged_and_imported(
    window: MainWindow, messages: ScriptedMessages, county: County, tmp_path: Path
) -> None:
    open_county(window, messages, county)
    sheet = tmp_path / "名单.csv"
    sheet.write_text("学校名称,乡镇,办学类型\n甲小学,东乡,小学\n乙小学,东乡,小学\n,西乡,小学\n", encoding="utf-8")
    roster: Any = walk_to(window, "county_roster")
    messages.will_answer(str(sheet))
    click(roster.empty.buttons[1])
    assert "读入 3 = 新增 2" in said(window)
    assert "拒收" in said(window)
    roster.grid.setFocus()
    press(roster.grid, Qt.Key.Key_Return)
    assert QApplication.focusWidget() is roster.form.field("name")
    hands.fill(roster.form, township="西乡")
    press(window, Qt.Key.Key_Return, CONTROL)
    assert "已保存" in said(window)
    gone = roster.grid.current_key()
    click(button(roster, "停办或撤并"))
    other = next(u for u in roster._schools if u != gone)
    hands.fill(roster.closing, last="2025-08-31", successor=roster._schools[other].name)
    click(roster.confirm)
    assert "到 2025-08-31 为止" in said(window)
    assert roster.chips["closed"].count() == "1"
    assert roster._schools[gone].successor == other


def test_a_typed_secret_opens_the_keys_and_a_wrong_one_does_not(
    window: MainWindow, messages: ScriptedMessages, county: County
) -> None:
    open_county(window, messages, county)
    keys: Any = walk_to(window, "county_keys")
    messages.will_answer(SECRET)
    click(keys.unlock)
    assert messages.asked[-1].kind == "fault"
    messages.will_answer(PASSPHRASE)
    click(keys.unlock)
    assert keys.unlock.text() == "锁定县密钥"
    press(window, Qt.Key.Key_L, CONTROL)
    assert keys.unlock.text() == "打开县密钥"
    keys.proof.field("lines").setFocus()
    write("1) AAAA-AAAA-AAAA-AAAA-AAAA-AA")
    click(keys.prove)
    assert keys.proof.fault.text(), "a line copied wrongly is named"
