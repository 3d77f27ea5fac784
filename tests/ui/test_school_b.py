"""What the school's own pages say and decide, piece by piece: cards, states, ranges, columns, problems, vault facts."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from eduplan_desktop.registers.catalogs import Entry
from eduplan_desktop.registers.hazard import CLOSED, IN_WORK, MAJOR, NEXT_STATES, TO_ASSIGN, TO_RECHECK, UNFIXABLE
from eduplan_desktop.registers.results import Result
from tests.ui.conftest import put
from tests.ui.doubles import ScriptedMessages
from ui.main_window import MainWindow
from ui.screens.checkup_results import range_text, read_range
from ui.screens.daily_check_day import CheckDay, in_columns, step_day
from ui.screens.hazards import figures
from ui.screens.hazards_cards import due_words, note_of
from ui.screens.hazards_move import next_states, why_not_closed
from ui.screens.settings import size_words

TODAY = "2026-03-05"
CONTROL = Qt.KeyboardModifier.ControlModifier


def hazard(**values: Any) -> dict[str, Any]:
    """A hazard row with what a case needs."""
    return {"id": "h", "state": IN_WORK, "level": "1", "found": "2026-02-20", **values}


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (hazard(due="2026-02-27"), "超 6 天"),
        (hazard(due=TODAY), "今天到期"),
        (hazard(due="2026-03-06"), "明天到期"),
        (hazard(due="2026-03-20"), "还有 15 天"),
        (hazard(due="2026-03"), "还有 26 天"),
        (hazard(), "没有时限"),
        (hazard(state=TO_RECHECK, due="2026-03-10", fixed="2026-03-01"), "等复查"),
        (hazard(state=TO_RECHECK, level=MAJOR, due="2026-03-10", fixed="2026-03-01"), "须县局复查"),
        (hazard(state=CLOSED, due="2026-03-01", fixed="2026-02-28", closed="2026-03-02"), "按期"),
        (hazard(state=CLOSED, due="2026-02-25", fixed="2026-02-26", closed="2026-03-02"), "迟 1 天"),
        (hazard(state=UNFIXABLE, due="2026-02-01"), "已上报"),
    ],
)
def test_a_card_says_how_much_time_is_left(row: dict[str, Any], words: str) -> None:
    assert due_words(row, TODAY)[0] == words


def test_a_major_hazard_says_who_has_to_act() -> None:
    assert "校领导确认" in note_of(hazard(level=MAJOR, level_by=None))
    assert "尚未上报" in note_of(hazard(level=MAJOR, level_by="李", reported=None))
    assert "不能自行销号" in note_of(hazard(level=MAJOR, level_by="李", reported=TODAY, state=TO_RECHECK))
    assert note_of(hazard(level=MAJOR, level_by="李", reported=TODAY)) == ""
    assert note_of(hazard()) == ""


@pytest.mark.parametrize("state", [TO_ASSIGN, IN_WORK, TO_RECHECK, CLOSED, UNFIXABLE])
@pytest.mark.parametrize("level", ["1", "2", MAJOR])
@pytest.mark.parametrize("county", [None, "1", "2"])
def test_the_board_offers_only_what_the_register_allows(state: str, level: str, county: str | None) -> None:
    row = hazard(state=state, level=level, county_result=county)
    offered = next_states(row)
    assert set(offered) <= NEXT_STATES[state]
    closing = level != MAJOR or county == "1"
    assert (CLOSED in offered) == (CLOSED in NEXT_STATES[state] and closing)
    assert bool(why_not_closed(row)) == (state == TO_RECHECK and not closing)


def test_figures_divide_only_what_there_is() -> None:
    assert [f for _w, f in figures([], TODAY)] == ["—", "—", "—"]
    rows = [
        hazard(state=CLOSED, due="2026-03-01", fixed="2026-02-24"),
        hazard(state=CLOSED, due="2026-02-22", fixed="2026-02-28"),
        hazard(),
        hazard(found="2024-01-01"),
    ]
    assert [f for _w, f in figures(rows, TODAY)] == ["66.7 %", "50.0 %", "6.0 天"]


@pytest.mark.parametrize(
    ("typed", "low", "high"),
    [
        ("3.9-6.1", "3.9", "6.1"),
        ("3.90～6.10", "3.90", "6.10"),
        ("<5.2", "", "<5.2"),
        ("＜5.2", "", "<5.2"),
        ("≥5.0", "≥5.0", ""),
        ("6.1", "", "6.1"),
        ("阴性", "", "阴性"),
    ],
)
def test_a_range_is_read_as_a_report_prints_it(typed: str, low: str, high: str) -> None:
    assert read_range(typed) == (low, high)


@given(
    st.decimals(min_value=0, max_value=999, places=2, allow_nan=False).map(str),
    st.decimals(min_value=0, max_value=999, places=2, allow_nan=False).map(str),
)
def test_a_range_shown_reads_back(low: str, high: str) -> None:
    assert read_range(range_text(low, high)) == (low, high)


@given(st.lists(st.sampled_from("甲乙丙丁"), max_size=60))
def test_two_columns_hold_every_item_in_order(categories: list[str]) -> None:
    items = [Entry(f"{i}", c, {"category": c}) for i, c in enumerate(sorted(categories))]
    left, right = in_columns(items)
    assert left + right == items
    assert abs(len(left) - len(right)) <= max(5, 2 * (len(items) // 5) + 1)


def test_days_step_over_the_end_of_a_month() -> None:
    assert step_day("2026-02-28", 1) == "2026-03-01"
    assert step_day("2026-03-01", -1) == "2026-02-28"


def test_sizes_are_said_as_people_do() -> None:
    assert size_words(300 * 1024) == "300 KB"
    assert size_words(3 * 1_048_576) == "3.0 MB"


# ---- the round of a day, without a window


def test_a_round_proposes_the_level_the_catalogue_marks_and_asks_a_name(window: MainWindow) -> None:
    day = CheckDay(window.workspace, TODAY)
    marked = next(e for e in day.items if e.attributes.get("major_candidate"))
    day.answer(marked.code, "2")
    assert day.proposals[marked.code].text("level") == MAJOR
    for name in ("inspector", "leader"):
        day.head(name, "李示例")
    day.rest_normal()
    seen = []
    for field, text in (("remark", ""), ("place", "食堂"), ("level_by", "李校长")):
        item, lacking, _sentence = day.lacks()
        seen.append((item, lacking))
        if field == "remark":
            day.describe(marked.code, "示例情况")
        else:
            day.ask(marked.code, field, text)
    assert seen == [(marked.code, f) for f in ("remark", "place", "level_by")]
    assert day.lacks() == ("", "", "")


def test_an_abnormal_item_need_not_become_a_hazard(window: MainWindow) -> None:
    day = CheckDay(window.workspace, TODAY)
    item = day.items[0].code
    day.answer(item, "2")
    day.describe(item, "当场已整改")
    day.want(item, False)
    day.rest_normal()
    for name in ("inspector", "leader"):
        day.head(name, "李示例")
    assert day.lacks() == ("", "", "")
    done = window.workspace.school.finish_check(*day.rows())
    assert done.hazards == []
    assert [name for name, _i, _w in window.workspace.drafts()] == []


def test_numbers_of_hazards_go_on_within_their_year(window: MainWindow) -> None:
    ws = window.workspace
    assert ws.school.next_hazard_number(2026) == "2026-0001"
    common = {"found_by_way": "日查", "category": "消防", "place": "食堂", "description": "示例", "level": "一般"}
    put(ws, "hazard", number="2026-0041", found="2026-01-05", state="待交办", **common)
    put(ws, "hazard", number="乙-7", found="2026-01-06", state="待交办", **common)
    assert ws.school.next_hazard_number(2026) == "2026-0042"
    assert ws.school.next_hazard_number(2025) == "2025-0001"


def test_finishing_a_round_is_one_act(window: MainWindow) -> None:
    ws = window.workspace
    day = CheckDay(ws, TODAY)
    for entry in day.items[:2]:
        day.answer(entry.code, "2")
        day.describe(entry.code, "示例情况")
        day.ask(entry.code, "place", "门卫室")
    day.rest_normal()
    for name in ("inspector", "leader"):
        day.head(name, "李示例")
    done = ws.school.finish_check(*day.rows())
    assert [ws.row("hazard", i)["number"] for i in done.hazards] == ["2026-0001", "2026-0002"]
    assert ws.undo_label() == "完成每日检查"
    ws.undo()
    assert ws.school.check_of(TODAY) is None
    assert ws.table("hazard").view().count == 0


def test_undo_in_the_round_takes_answers_back_one_by_one(window: MainWindow) -> None:
    window.go("daily_check")
    page: Any = window.page
    board = page.board
    board.setFocus()
    QTest.keyClick(board, Qt.Key.Key_Space)
    QTest.keyClick(board, "3")
    assert page.day.counts()["1"] == page.day.counts()["3"] == 1
    QTest.keyClick(board, Qt.Key.Key_Z, CONTROL)
    assert page.day.counts()["3"] == 0
    QTest.keyClick(board, Qt.Key.Key_Z, CONTROL)
    assert page.day.counts()["1"] == 0


def test_one_column_in_a_narrow_window(window: MainWindow) -> None:
    window.go("daily_check")
    page: Any = window.page
    QApplication.processEvents()
    assert page.board.columns == 2
    assert page.bar.isVisible()
    window.resize(1040, 640)
    QApplication.processEvents()
    assert page.board.columns == 1
    assert not page.bar.isVisible()


def test_a_day_to_come_is_not_checked(window: MainWindow) -> None:
    window.go("daily_check")
    page: Any = window.page
    page.date.setText("2026-03-06")
    page.date.returnPressed.emit()
    assert page.day.day == TODAY
    assert "还没有到" in page.bars.bars[0].text()


# ---- hazards


def test_a_major_hazard_cannot_be_closed_by_the_school(window: MainWindow) -> None:
    put(
        window.workspace,
        "hazard",
        number="2026-0003",
        found="2026-02-20",
        found_by_way="日查",
        category="消防",
        place="宿办楼",
        description="示例",
        level="重大",
        level_by="李示例",
        reported="2026-02-20",
        state="待复查",
        measures="更换",
        person="李示例",
        due="2026-03-10",
        fixed="2026-03-01",
    )
    window.go("hazard")
    page: Any = window.page
    QApplication.processEvents()
    page.columns[TO_RECHECK].setFocus()
    QTest.keyClick(page.columns[TO_RECHECK], Qt.Key.Key_Right, CONTROL)
    assert not page.panel.isVisible()
    assert "不能自行销号" in page.bars.bars[0].text()
    QTest.keyClick(page.columns[TO_RECHECK], Qt.Key.Key_Left, CONTROL)
    assert page.panel.to == IN_WORK
    QTest.keyClick(page.panel, Qt.Key.Key_Escape)
    assert not page.panel.isVisible()


def test_a_remark_on_a_field_of_a_hazard_opens_the_form(window: MainWindow) -> None:
    from ui.screen import Target

    one = put(
        window.workspace,
        "hazard",
        number="2026-0001",
        found="2026-02-20",
        found_by_way="日查",
        category="消防",
        place="食堂",
        description="示例",
        level="一般",
        state="待交办",
    )
    window.go("hazard", Target(row=one, field="measures"))
    QApplication.processEvents()
    assert window.place == "hazard_table"
    assert window.navigation.list.place == "hazard"
    page: Any = window.page
    page.back.click()
    assert window.place == "hazard"


def test_an_empty_board_offers_the_first_steps(window: MainWindow) -> None:
    window.go("hazard")
    page: Any = window.page
    assert page.empty.isVisible()
    page.empty.buttons[0].click()
    assert window.place == "hazard_table"
    form: Any = window.page
    assert form.form.record.new


# ---- check-ups


@pytest.fixture
def open_vault(window: MainWindow, messages: ScriptedMessages) -> MainWindow:
    """The health vault open, and everybody's consent recorded."""
    ws = window.workspace
    ws.make_compartment("health", "示例 青山 绿水 台账 报送 夕阳")
    people = [p.person for p in ws.health.people(2025)]
    ws.health.record_consents(
        people, {"notice": "2025", "scope": "2", "names_county": 1, "signed": "2025-09-10", "recorded_by": None}
    )
    return window


def test_half_typed_results_come_back_only_with_the_vault(open_vault: MainWindow, messages: ScriptedMessages) -> None:
    ws = open_vault.workspace
    open_vault.go("checkup")
    page: Any = open_vault.page
    QApplication.processEvents()
    model = page.results.results
    index = next(i for i, line in enumerate(model.lines) if line.entry is not None and line.entry.code == "GEN01")
    assert model.setData(model.index(index, 1), "158")
    assert [n for n, _i, _w in ws.drafts()] == ["checkup"]
    assert all("158" not in str(v) for v in ws.session.store.conn.execute("SELECT body, sealed FROM draft").fetchone())
    open_vault.forget_screens()
    open_vault.go("checkup")
    page = open_vault.page
    assert page.results.results.results["GEN01"] == Result("158", "cm")


def test_the_bmi_is_worked_out_and_not_stored(open_vault: MainWindow) -> None:
    open_vault.go("checkup")
    page: Any = open_vault.page
    model = page.results.results
    rows = {line.entry.code: i for i, line in enumerate(model.lines) if line.entry is not None}
    model.setData(model.index(rows["GEN01"], 1), "158")
    model.setData(model.index(rows["GEN02"], 1), "61.5")
    assert model.index(rows["GEN03"], 1).data() == "24.6"
    assert "GEN03" not in model.results
    model.setData(model.index(rows["BP01"], 3), "90-119")
    model.setData(model.index(rows["BP01"], 1), "134")
    assert model.index(rows["BP01"], 4).data() == "院"
    assert model.index(rows["BP01"], 5).data() == "偏高"


def test_without_consent_there_is_no_place_to_type(window: MainWindow) -> None:
    window.workspace.make_compartment("health", "示例 青山 绿水 台账 报送 夕阳")
    window.go("checkup")
    page: Any = window.page
    assert page.stack.currentWidget() is page.unsigned
    assert not page.next.isEnabled()


def test_last_year_stands_beside_this_year(open_vault: MainWindow) -> None:
    ws = open_vault.workspace
    one = ws.health.people(2025)[0]
    for year, value in ((2023, "60"), (2024, "61")):
        row = {**ws.blank("checkup"), "stat_year": year, "person": one.person, "state": "2"}
        ws.save("checkup", {**row, "results": f'{{"GEN02":{{"value":"{value}"}}}}'})
    open_vault.go("checkup")
    page: Any = open_vault.page
    model = page.results.results
    index = next(i for i, line in enumerate(model.lines) if line.entry is not None and line.entry.code == "GEN02")
    assert model.index(index, 6).data() == "61"
    assert model.trend("GEN02") == [(2023, 60.0), (2024, 61.0)]


# ---- settings


def test_the_name_is_in_the_journal_and_known_at_the_next_start(window: MainWindow, school_file: Path) -> None:
    window.workspace.settings.set_who("  王  示例 ")
    row = put(window.workspace, "room", name="多功能厅", building="教学楼", room_type="普通教室", state="在用")
    assert window.workspace.history("room", row)[-1].who == "王 示例"
    window.close_file()
    assert window.open_file(str(school_file))
    assert window.workspace.settings.who() == "王 示例"


def test_ten_backups_are_kept_beside_the_file(window: MainWindow) -> None:
    ws = window.workspace
    for number in range(12):
        put(ws, "room", name=f"教室{number}", building="教学楼", room_type="普通教室", state="在用")
        ws.settings.backup_now()
    found = ws.settings.backups()
    assert len(found) == 10
    assert found[0].act > found[-1].act
