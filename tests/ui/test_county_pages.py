"""Every page of a county that is new, full, read-only and dark; the words and figures its pages are made of."""

from collections.abc import Callable, Iterator
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QPushButton

from eduplan_desktop.county.calendar import as_json, from_text, proposal
from eduplan_desktop.county.calendar_words import fields_typed, item_words, slices_typed
from eduplan_desktop.environment import Environment
from eduplan_desktop.i18n import use_language
from eduplan_desktop.merge.plan import Place, Placement
from eduplan_desktop.merge.report import Line
from eduplan_desktop.merge.slices import SliceResult
from eduplan_desktop.registers.catalog import REGISTERS
from eduplan_desktop.workspace import new_county, open_workspace
from tests.ui.conftest import CHEAP, NOW
from tests.ui.doubles import ScriptedMessages
from ui import theme
from ui.main_window import STANDARD, MainWindow
from ui.navigation import WIDTH
from ui.places import COUNTY, flat
from ui.screen import Target
from ui.screens.county_bundle import CHECKS, checks_of
from ui.screens.county_figures import number
from ui.screens.county_take_in import chosen_at_first, group_of
from ui.widgets.buttons import Button
from ui.widgets.shapes import Shape

PASSPHRASE = "示例口令 青山绿水 台账报送 夕阳红霞"
PLACES = [p.id for p in flat(COUNTY)]


@pytest.fixture(scope="session")
def county_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A new, empty county, made once."""
    folder = tmp_path_factory.mktemp("county")
    env = Environment(now=lambda: NOW, home=folder / "home", kdf=CHEAP)
    path = folder / "示例县.eduplan"
    said = {"code": "990001", "name": "示例县教育局（示例）", "passphrase": PASSPHRASE}
    new_county(path, **said, sheet=folder / "sheet.txt", env=env)
    return path


@pytest.fixture
def county_file(tmp_path: Path, county_template: Path) -> Path:
    """A copy of one's own."""
    path = tmp_path / county_template.name
    path.write_bytes(county_template.read_bytes())
    return path


@pytest.fixture
def county_window(make_window: Callable[[], MainWindow], county_file: Path) -> MainWindow:
    """A window on it."""
    made = make_window()
    made.resize(*STANDARD)
    assert made.open_file(str(county_file))
    return made


def fill(window: MainWindow, count: int) -> None:
    """A county with schools, one of them with a long name, and a year's calendar."""
    desk = window.workspace.county
    for n in range(count):
        desk.add_school(name=f"第{n}希望小学（示例）", kind="小学", township=f"第{n % 7}乡")
    desk.add_school(name="阿勒玛勒乡" + "库尔班江·买买提艾力" * 3 + "希望小学", kind="小学", township="阿勒玛勒乡")
    desk.make_year(2025)
    window.changes.publish(None)


@pytest.mark.parametrize("place", PLACES)
def test_a_new_county_says_on_every_page_what_belongs_there(county_window: MainWindow, place: str) -> None:
    county_window.go(place)
    assert county_window.place == place
    page: Any = county_window.page
    assert page.title_row.title.text()
    assert page.panes()
    assert county_window.strip.isVisible(), "the county's strip"
    county_window.show_keys()


@pytest.fixture(params=["zh_CN", "en"])
def language(request: pytest.FixtureRequest) -> Iterator[str]:
    """Both languages of the window."""
    use_language(request.param)
    yield request.param
    use_language("zh_CN")


def test_every_page_fits_a_small_screen_beside_the_navigation(language: str, county_window: MainWindow) -> None:
    fill(county_window, 3)
    wide = {}
    for place in PLACES:
        county_window.go(place)
        QApplication.processEvents()
        assert county_window.page is not None
        wide[place] = county_window.page.minimumSizeHint().width()
    wanted = county_window.navigation.room_wanted()
    room = STANDARD[0] - wanted - 1
    assert {k: v for k, v in wide.items() if v > room} == {}
    assert county_window.splitter.sizes()[0] == wanted, "no page pushes the navigation aside, no word in it is cut"
    assert wanted == theme.px(WIDTH) or language == "en"


def test_the_first_page_follows_what_is_done(county_window: MainWindow) -> None:
    page: Any = county_window.page
    places = [t.place for t in page._todo]
    assert {"county_keys", "county_roster", "county_calendar"} <= set(places)
    fill(county_window, 2)
    places = [t.place for t in page._todo]
    assert "county_roster" not in places
    assert "county_kit" in places
    assert "county_board" in places, "items of last autumn are missing already"


def test_badges_follow_while_another_page_is_shown(county_window: MainWindow) -> None:
    county_window.go("county_roster")
    fill(county_window, 2)
    badges = county_window.navigation.list.places
    row = badges.row_of("county_board")
    words = [badges.data(badges.index(row, 0), role) for role in range(256, 262)]
    assert any(w and "缺报" in str(w) for w in words)


@pytest.mark.parametrize("place", PLACES)
def test_pages_of_a_file_that_is_only_read_offer_no_writing(
    make_window: Callable[[], MainWindow], county_file: Path, env: Environment, place: str
) -> None:
    window = make_window()
    window.adopt(open_workspace(county_file, env, read_only=True))
    window.go(place)
    page: Any = window.page
    loud = [b for b in (getattr(page, n, None) for n in ("add", "accept_all", "close_")) if b is not None]
    assert not any(b.isVisible() for b in loud)


def test_the_pages_are_painted_in_the_dark_too(county_window: MainWindow, qapp: QApplication) -> None:
    fill(county_window, 3)
    theme.install(qapp, dark=True)
    county_window.redress()
    try:
        for place in PLACES:
            county_window.go(place)
            picture = county_window.grab().toImage()
            corner = picture.pixelColor(picture.width() - 20, picture.height() - 60)
            assert corner.lightness() < 80, place
    finally:
        theme.install(qapp)
    assert QColor(theme.colours().base).lightness() > 200


def test_three_hundred_schools_stand_on_the_board(county_window: MainWindow) -> None:
    fill(county_window, 300)
    county_window.go("county_board")
    page: Any = county_window.page
    assert page.table.cells.lines.rowCount() == 301
    page.search.setText("阿勒玛勒")
    assert page.table.cells.lines.rowCount() == 1
    page.search.clear()
    page.chips["missing"].click()
    assert page.table.cells.lines.rowCount() == int(page.chips["missing"].count())


def test_a_school_is_excused_and_reminded(county_window: MainWindow) -> None:
    fill(county_window, 1)
    county_window.go("county_board")
    page: Any = county_window.page
    school = page.table.first_school()
    page.table.go_to(school, "stat-2025")
    assert not page.pane.accept.isVisible(), "nothing came that could be accepted"
    page.pane.exempt.click()
    place = page._place()
    row = next(r for r in page._board.rows if r.school.uid == school)
    assert row.cells[place].state == "exempt"


def test_all_schools_that_owe_an_item_are_reminded_in_one_act(
    county_window: MainWindow, messages: ScriptedMessages
) -> None:
    fill(county_window, 3)
    county_window.go("county_board", Target(extra="stat-2025"))
    page: Any = county_window.page
    desk = county_window.workspace.county
    owing = page._missing()
    assert len(owing) == 4, "three schools and the one with a long name"
    messages.will_answer(None)
    page.accept_all.click()
    assert not any(desk.notes(uid) for uid in owing), "closing the question writes nothing"
    messages.will_answer("电话，答应周五送来")
    page.accept_all.click()
    assert [[(n.item, n.text) for n in desk.notes(uid)] for uid in owing] == [[("stat-2025", "电话，答应周五送来")]] * 4
    assert page.pane.note_down.isVisible()
    page.pane.note_down.click()
    assert page.pane.reminder.field("text").hasFocus(), "nothing to write down yet: the cursor goes there"


def test_read_only_receipts_open_no_window_of_their_own(
    make_window: Callable[[], MainWindow], school_file: Path
) -> None:
    window = make_window()
    window.adopt(open_workspace(school_file, window.env, read_only=True))
    window.go("receipts")
    assert [w for w in QApplication.topLevelWidgets() if w.isVisible() and isinstance(w, QPushButton)] == []


def test_a_wrong_second_passphrase_makes_no_file(
    make_window: Callable[[], MainWindow], messages: ScriptedMessages, tmp_path: Path
) -> None:
    window = make_window()
    window.go("new_county")
    page: Any = window.page
    page.make.click()
    assert page.who.fault.text() == "请填写县名。"
    page.who.show_values({"name": "示例县", "code": "12"})
    page.words.show_values({"passphrase": PASSPHRASE, "again": "别的"})
    page.places.show_values({"file": str(tmp_path / "x.eduplan"), "sheet": str(tmp_path / "x.txt")})
    page.make.click()
    assert "两遍口令不一样" in page.words.fault.text()
    page.words.show_values({"passphrase": PASSPHRASE, "again": PASSPHRASE})
    page.make.click()
    assert "6 位数字" in page.bars.bars[0].text()
    assert not (tmp_path / "x.eduplan").exists()
    assert window.side == ""


# ---- words and figures


@pytest.mark.parametrize("item", proposal(2025), ids=lambda i: i.id)
def test_an_item_in_words_reads_back_as_the_same_item(item: Any) -> None:
    said = as_json(item)
    slices, required = item_words(REGISTERS, said)
    assert slices.isascii() is False
    typed = {"slices": slices_typed(REGISTERS, slices), "required": fields_typed(REGISTERS, required)}
    again = from_text({k: said[k] for k in ("id", "title", "period", "due")} | typed)
    assert again == item


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [
        (Fraction(1, 2), 0, "1"),
        (Fraction(5, 2), 0, "3"),
        (Fraction(-5, 2), 0, "-3"),
        (Fraction(1234567, 100), 1, "12,345.7"),
        (Decimal("0.0005"), 3, "0.001"),
        (0, 2, "0.00"),
        (None, 2, ""),
    ],
)
def test_figures_are_rounded_half_up_with_thousands(value: Any, digits: int, text: str) -> None:
    assert number(value, digits) == text


def line(status: str, code: str = "", place: Place | None = None, **slices: SliceResult) -> Line:
    """A line of a dry run."""
    return Line(Path("x.edub"), status, code, place=Placement(place) if place else None, slices=slices)


@pytest.mark.parametrize(
    ("one", "failed", "group"),
    [
        (line("merged", place=Place.NEXT), None, "merge"),
        (line("merged", "gap", Place.GAP), None, "gap"),
        (line("older", place=Place.OLDER), None, "merge"),
        (line("already", place=Place.ALREADY), None, "skip"),
        (line("held", "fork", Place.FORK), 3, "hold"),
        (line("held", "held_unknown_key", Place.HELD_UNKNOWN_KEY), 3, "hold"),
        (line("refused", "revoked_key", Place.REVOKED_KEY), 3, "refuse"),
        (line("refused", "too_large"), 0, "refuse"),
        (line("refused", "not_a_bundle"), 1, "refuse"),
        (line("refused", "bad_signature"), 2, "refuse"),
        (line("refused", "too_new"), 5, "refuse"),
    ],
)
def test_the_checks_stop_at_the_first_that_failed(one: Line, failed: int | None, group: str) -> None:
    shapes = [shape for _words, shape, _tone in checks_of(one)]
    assert len(shapes) == len(CHECKS)
    want = [Shape.OK if failed is None or n < failed else Shape.ERROR if n == failed else Shape.RING for n in range(7)]
    assert shapes == want
    assert group_of(one) == group
    assert chosen_at_first(one) == (group in ("merge", "gap", "hold"))


def test_rows_kept_out_are_told_in_the_last_check() -> None:
    one = line("merged", place=Place.NEXT, equipment=SliceResult("merged", new=2, quarantined=1))
    words, shape, _tone = checks_of(one)[-1]
    assert (words, shape) == ("数据行，隔离 1", Shape.DOUBT)


def choose(monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    """Whatever menu opens next: take its entry of this number, separators not counted."""
    monkeypatch.setattr(
        QMenu, "popup", lambda menu, *_at: [a for a in menu.actions() if not a.isSeparator()][number].trigger()
    )


@pytest.mark.parametrize(("number", "name"), [(0, "r.pdf"), (1, "l.xlsx"), (2, "r.pdf"), (3, "l.pdf")])
def test_the_board_prints_reminders_and_notes_them(
    county_window: MainWindow,
    messages: ScriptedMessages,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    number: int,
    name: str,
) -> None:
    fill(county_window, 3)
    county_window.go("county_board")
    page: Any = county_window.page
    choose(monkeypatch, number)
    messages.will_answer(str(tmp_path / name))
    page.remind.click()
    assert (tmp_path / name).stat().st_size > 1000
    bar = page.bars.bars[-1]
    assert "4 所学校" in bar.text()
    next(b for b in bar.findChildren(Button) if b.text() == "记入催报记录").click()
    notes = county_window.workspace.county.notes(county_window.workspace.county.roster()[0].uid)
    assert {n.text for n in notes} == {"已印催报单"}
    assert len(notes) == (1 if number < 2 else len(missing(county_window)))


def missing(window: MainWindow) -> list[str]:
    """Items the first school owes."""
    return [c.item for c in window.workspace.county.board().rows[0].cells if c.state == "missing"]


def test_one_school_and_the_worklist_print_too(
    county_window: MainWindow, messages: ScriptedMessages, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    fill(county_window, 2)
    county_window.go("county_board")
    page: Any = county_window.page
    page.table.go_to(page.table.first_school(), missing(county_window)[0])
    messages.will_answer(str(tmp_path / "one.pdf"))
    page.pane.sheet_of.click()
    assert "1 所学校" in page.bars.bars[-1].text()
    for name in ("board.pdf", "board.xlsx"):
        messages.will_answer(str(tmp_path / name))
        page.print_.click()
        assert (tmp_path / name).stat().st_size > 1000
    county_window.go("county_work")
    page = county_window.page
    choose(monkeypatch, 1)
    messages.will_answer(str(tmp_path / "all.csv"))
    page.remind.click()
    assert "缺报" in (tmp_path / "all.csv").read_text(encoding="utf-8-sig")
    messages.will_answer(str(tmp_path / "all.doc"))
    page.remind.click()
    assert any("只能写成" in bar.text() for bar in page.bars.bars)


def test_a_rule_set_is_confirmed_on_one_page(county_window: MainWindow) -> None:
    county_window.go("county_catalogs", Target(extra="policy"))
    page: Any = county_window.page
    page.whole.click()
    assert county_window.place == "county_policy"
    page = county_window.page
    assert len(page.fields) == 7
    before = county_window.workspace.county.policy()
    page.confirm.click()
    assert "依据" in page.fault.text()
    assert county_window.workspace.county.policy() == before == {}
    page.common.setFocus()
    QTest.keyClicks(page.common, "no. 1")
    value, own = next(iter(page.fields.values()))
    value.setText("half")
    page.confirm.click()
    assert "读不懂" in page.fault.text()
    assert county_window.workspace.county.policy() == {}
    county_window.changes.publish(None)
    assert page.common.text() == "no. 1", "what is half typed stays"
    value.setText("0.5/0.45")
    own.setText("no. 2")
    page.confirm.click()
    policy = county_window.workspace.county.policy()
    assert [policy[k]["source"] for k in page.fields] == ["no. 2", *["no. 1"] * 6]
    assert "确认了 7 条" in page.bars.bars[-1].text()
    assert page.common.text() == "no. 1"
    assert next(iter(page.fields.values()))[1].text() == "no. 2", "shown as it stands"
    page.chips["2012"].click()
    assert len(page.fields) == 2


def test_policy_and_calendar_go_out_and_come_in_as_sheets(
    county_window: MainWindow, messages: ScriptedMessages, tmp_path: Path
) -> None:
    fill(county_window, 1)
    for place, name in (("county_policy", "policy.csv"), ("county_calendar", "calendar.csv")):
        county_window.go(place)
        page: Any = county_window.page
        messages.will_answer(str(tmp_path / name))
        page.sheet.click()
        assert (tmp_path / name).stat().st_size > 100
        messages.will_answer(str(tmp_path / name))
        page.read.click()
        assert any("新增 0 + 更新 0" in bar.text() for bar in page.bars.bars)
    (tmp_path / "bad.csv").write_text("编号,事项,期次\nx-1,事项,2025\n", encoding="utf-8")
    messages.will_answer(str(tmp_path / "bad.csv"))
    page.read.click()
    assert any("拒收 1" in bar.text() and "截止日期" in bar.text() for bar in page.bars.bars)
