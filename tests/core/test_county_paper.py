"""催报 and the printed board: what they say is what the board says, on paper, in sheets and by the command line."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from openpyxl import load_workbook

from eduplan_desktop.acts import county_looks, county_paper, county_setup
from eduplan_desktop.acts.session import Session, open_session
from eduplan_desktop.bundle.kit import CalendarItem
from eduplan_desktop.commands import main
from eduplan_desktop.county import board, calendar, returns, roster
from eduplan_desktop.county.reminders import reminders
from eduplan_desktop.environment import Environment, KdfCost
from eduplan_desktop.errors import RefusedError
from eduplan_desktop.registers.catalog import register
from eduplan_desktop.reports import board_table, reminder
from eduplan_desktop.store.connect import create_store
from eduplan_desktop.store.journal import act
from tests.core import report_samples as samples
from tests.core.test_reports_layout import content, reader, texts
from tests.merge_world import DAY, County, School, required

TODAY = "2026-03-10"
LONG = "阿勒玛勒乡" + "库尔班江·买买提艾力" * 4 + "小学"


@pytest.fixture
def county(tmp_path: Path) -> Iterator[County]:
    """Three schools: the first late with `a`, returned with `b`; the others sent nothing; `c` is not due yet."""
    made = County(tmp_path)
    schools = [School(made, n, tmp_path / "stick") for n in (1, 2, 3)]
    for one in schools:
        made.enrol(one)
    with act(made.store, "test", "测试") as a:
        for name, due in (("a", "2026-03-04"), ("b", "2026-03-08"), ("c", "2026-03-20")):
            calendar.put(a, CalendarItem(name, f"事项{name}", "2026-02", due, ("room",), {}))
    first = schools[0]
    first.put("room", 1, **required(register("room")))
    made.merge(first.submit("room", answers=["a", "b"]))
    with act(made.store, "test", "测试") as a:
        returns.decide(a, first.uid, "b", board.RETURNED, DAY, "面积请核对", [])
    yield made
    made.close()


@pytest.fixture
def session(county: County) -> Session:
    """Somebody at the county's file."""
    return Session(county.store, replace(county.store.env, now=lambda: datetime(2026, 3, 10, 2, tzinfo=UTC)))


def test_reminders_are_what_the_board_shows(county: County) -> None:
    """Missing, returned and late lines with the calendar's dates; what is not due is nobody's business yet."""
    found = reminders(county.store, TODAY)
    said = {one.school.name: [(x.item.id, x.state, x.days, x.why) for x in one.lines] for one in found}
    first, *others = [said[name] for name in sorted(said)]
    assert first == [("a", board.LATE, 1, ""), ("b", board.RETURNED, 0, "面积请核对")]
    assert others == [[("a", board.MISSING, 6, ""), ("b", board.MISSING, 2, "")]] * 2
    assert "c" not in {x.item.id for one in found for x in one.lines}


def test_only_the_items_and_the_school_asked_for(county: County) -> None:
    """A word that means nothing is refused by name."""
    one = roster.entries(county.store)[1]
    (found,) = reminders(county.store, TODAY, ["a"], one.name)
    assert (found.school, [x.item.id for x in found.lines]) == (one, ["a"])
    for items, school, code in ((["z"], "", "no_such_item"), ([], "没有的学校", "no_such_school")):
        with pytest.raises(RefusedError) as refused:
            reminders(county.store, TODAY, items, school)
        assert refused.value.code == code


def test_each_school_gets_a_sheet_of_its_own(session: Session, tmp_path: Path) -> None:
    """Numbered from one, with what is owed and nothing of others; late ones that came are not asked for."""
    told = county_paper.remind(session, tmp_path / "r.pdf")
    pages = texts((tmp_path / "r.pdf").read_bytes())
    assert len(pages) == len(told["schools"]) == 3
    for page, one in zip(pages, told["schools"], strict=True):
        assert "第1页/共1页" in page
        assert one["name"] in page
        assert sum(other["name"] in page for other in told["schools"]) == 1
        assert "发出单位（盖章）" in page
        assert "签收单位（盖章）" in page
        for line in one["lines"]:
            assert line["due"] in page
    first = next(page for page in pages if "退回" in page and "面积请核对" in page)
    assert "事项b" in first
    assert "事项a" not in first


def test_the_list_and_the_sheet_hold_the_same_lines(session: Session, tmp_path: Path) -> None:
    """PDF list, workbook and JSON agree; dates and days are cells one can count with."""
    county_paper.remind(session, tmp_path / "l.pdf", listing=True)
    told = county_paper.remind(session, tmp_path / "l.xlsx")
    page = "".join(texts((tmp_path / "l.pdf").read_bytes()))
    lines = [(s["name"], x) for s in told["schools"] for x in s["lines"]]
    rows = list(load_workbook(tmp_path / "l.xlsx")["催报名单"].iter_rows(min_row=2, values_only=True))
    assert [(r[1], r[3], r[6].date(), r[8] or 0) for r in rows] == [
        (name, x["item"], date.fromisoformat(x["due"]), x["days"]) for name, x in lines
    ]
    assert f"3所，{len(lines)}项" in page
    for name, x in lines:
        assert name in page
        assert x["due"] in page
    assert "迟报" in page


def test_a_reminder_can_be_noted_and_is_shown_next_time(session: Session, tmp_path: Path) -> None:
    """One act notes every open line; the list then says when; undoing nothing else."""
    told = county_paper.remind(session, tmp_path / "l.xlsx")
    count = county_looks.note_reminded(session, told)
    found = reminders(session.store, TODAY)
    assert count == sum(len(one.open) for one in found)
    assert {x.reminded for one in found for x in one.open} == {session.today()}
    assert {x.reminded for one in found for x in one.lines if x.state == board.LATE} == {""}


@pytest.mark.parametrize(("name", "code"), [("x.doc", "bad_ending"), ("x", "bad_ending")])
def test_other_endings_are_refused(session: Session, tmp_path: Path, name: str, code: str) -> None:
    """Neither reminder nor board guesses what a file should be."""
    for write in (county_paper.remind, county_paper.write_board):
        with pytest.raises(RefusedError) as refused:
            write(session, tmp_path / name)  # type: ignore[operator]
        assert refused.value.code == code
        assert not (tmp_path / name).exists()


def test_nobody_to_remind_is_said(session: Session, tmp_path: Path) -> None:
    """A school that is only late has nothing to do; no empty paper is made."""
    first = min(roster.entries(session.store), key=lambda e: e.uid)
    for items, where in ((["a"], "x.pdf"), (["c"], "x.xlsx")):
        with pytest.raises(RefusedError) as refused:
            county_paper.remind(session, tmp_path / where, items=items, school=first.uid)
        assert refused.value.code == "nothing_to_remind"
        assert not (tmp_path / where).exists()


def test_the_board_is_written_as_it_stands(session: Session, tmp_path: Path) -> None:
    """Workbook and paper against the board itself, cell by cell."""
    county_paper.write_board(session, tmp_path / "b.xlsx")
    county_paper.write_board(session, tmp_path / "b.pdf")
    shown = board.board(session.store, session.today())
    book = load_workbook(tmp_path / "b.xlsx")
    grid = list(book.worksheets[0].iter_rows(min_row=2, values_only=True))
    assert [list(r[3:-1]) for r in grid] == [[c.word for c in row.cells] for row in shown.rows]
    assert [r[-1] for r in grid] == [row.on_time * 100 if row.on_time is not None else None for row in shown.rows]
    cells = list(book["明细"].iter_rows(min_row=2, values_only=True))
    late = next(r for r in cells if r[7].startswith("迟报"))
    assert (late[6].date(), isinstance(late[10], int), late[11]) == (date(2026, 3, 4), True, 1)
    assert sum(sum(r[3:]) for r in book["合计"].iter_rows(min_row=2, values_only=True)) == len(cells)
    (page,) = texts((tmp_path / "b.pdf").read_bytes())
    for row in shown.rows:
        assert row.school.name in page
    assert page.count("×缺报") == sum(c.state == board.MISSING for r in shown.rows for c in r.cells) + 2
    assert f"截至{session.today()}" in page


def big_board(schools: int, items: int) -> board_table.BoardTable:
    """A board of every state, with a long name in it."""
    states = ["", *board_table.MARKS]
    return board_table.BoardTable(
        "示例县教育局",
        "2026-03-10",
        [board_table.Item(f"{2025 + n // 12}年{n % 12 + 1}月 安全", f"2026-{n % 12 + 1:02d}-10") for n in range(items)],
        [
            board_table.School(
                LONG if n == 7 else f"第{n}小学𬱖",
                "石桥镇",
                [(states[(n + i) % len(states)], n % 120 if (n + i) % len(states) == 2 else 0) for i in range(items)],
                "83%",
            )
            for n in range(schools)
        ],
        samples.PAPER,
    )


@pytest.mark.parametrize(("schools", "items", "parts"), [(1, 1, 1), (12, 13, 2), (300, 12, 1), (300, 25, 3)])
def test_a_large_board_repeats_its_heads(schools: int, items: int, parts: int) -> None:
    """Every page has items and dates over its cells, every part counts and legend once, every school once a part."""
    table = big_board(schools, items)
    pages = texts(board_table.render(table))
    assert all("序号" in page and "按期率" in page for page in pages)
    assert sum("已收/应报" in page for page in pages) == parts
    assert sum("空格：这一项" in page for page in pages) == parts
    whole = "".join(pages)
    for item in table.items:
        assert item.title.replace(" ", "") in whole
    if schools > 7:
        assert whole.count(LONG) == parts
    assert all(whole.count(f"{s}小学𬱖") >= parts for s in ("第0", f"第{schools - 1}") if schools > 1)


def test_states_survive_a_copier() -> None:
    """No grey, no colour, no two states with one shape; the shape and the word both stand in the cell."""
    pdf = board_table.render(big_board(20, 12))
    shapes = [shape for shape, _word in board_table.MARKS.values()]
    assert len(set(shapes)) == len(shapes)
    assert set(board_table.MARKS) == set(board.WORDS)
    page = texts(pdf)[0]
    for state in board_table.MARKS:
        assert board_table.mark(state, 3) in page or state == "late"
    assert all(" rg" not in content(p) and " g\n" not in content(p) for p in reader(pdf).pages)


def test_long_names_keep_inside_their_cells() -> None:
    """A shared cell of one row is as high as its name needs."""
    line = reminder.Line("事项", "2026-02", "2026-03-04", 6, "房间", "缺报")
    schools = [reminder.School(f"第{n}" + LONG, "石桥镇", [line]) for n in range(30)]
    said = reminder.Reminders("县", DAY, schools, samples.PAPER)
    pages = texts(reminder.render_list(said))
    assert "".join(pages).count(LONG) == 30
    assert len(texts(reminder.render_sheets(said))) == 30
    many = replace(said, schools=[reminder.School(LONG, "", [line] * 40)])
    pages = texts(reminder.render_sheets(many))
    assert [f"第{n}页/共{len(pages)}页" in page for n, page in enumerate(pages, 1)] == [True] * len(pages)
    assert len(pages) > 1


def test_by_the_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A whole county file: an empty board is refused; then paper, sheets and JSON."""
    env = Environment(home=tmp_path, kdf=KdfCost(8, 1))
    file = tmp_path / "c.eduplan"
    create_store(file, "county", env, name="示例县").close()

    def typed(*words: object) -> tuple[int, dict[str, object]]:
        code = main(["county", *map(str, words), "--json"], env)
        return code, json.loads(capsys.readouterr().out)

    assert typed("board", file, "--to", tmp_path / "b.pdf")[1]["error"] == "empty_board"
    with open_session(file, env) as session:
        county_setup.calendar_act(
            session, "add", {"id": "a", "title": "安全", "period": "2025-09", "due": "2025-10-10", "slices": "room"}
        )
        county_setup.roster_act(session, "add", {"name": "甲小学", "kind": "小学"})
    for name in ("b.pdf", "b.xlsx", "b.csv"):
        code, said = typed("board", file, "--to", tmp_path / name)
        assert (code, said["file"]) == (0, str(tmp_path / name))
        assert (tmp_path / name).stat().st_size > 20
    for words in (("r.pdf",), ("l.pdf", "--list"), ("r.xlsx",), ("r.csv", "--item", "a", "--school", "甲小学")):
        code, said = typed("remind", file, "--to", tmp_path / words[0], *words[1:])
        assert code == 0
        assert (tmp_path / words[0]).stat().st_size > 20
    assert typed("board", file, "--period", "2024")[1]["items"] == []
    assert typed("remind", file, "--to", tmp_path / "n.pdf", "--item", "b")[1]["error"] == "no_such_item"


def test_a_bundle_without_a_receipt_is_answered_on_paper(county: County, session: Session, tmp_path: Path) -> None:
    """Unknown signer and broken file: a page each, with what became of it; what came in gets none; nothing taken for proven."""
    stranger = School(county, 9, tmp_path / "stick", name=LONG)
    county.list_school(stranger)
    stranger.put("room", 1, **required(register("room")))
    broken = tmp_path / "坏.edub"
    broken.write_bytes(b"x" * 99)
    lines = county.merge(stranger.submit("room", answers=["a"]), broken)
    assert {line.status for line in lines} <= {"refused", "held"}
    assert county_paper.write_slips(session, lines, tmp_path / "s.pdf") == 2
    pages = texts((tmp_path / "s.pdf").read_bytes())
    for line in lines:
        page = next(p for p in pages if "".join(line.path.name.split()) in p)
        assert "第1页/共1页" in page
        assert "".join(line.sentence.split()) in page
        assert line.digest in page
        assert ("未经核实" in page) == bool(line.name)
    for wrong, code in ((tmp_path / "s.xlsx", "bad_ending"), (tmp_path / "t.pdf", "no_slips")):
        with pytest.raises(RefusedError) as refused:
            county_paper.write_slips(session, lines if code == "bad_ending" else [], wrong)
        assert refused.value.code == code
