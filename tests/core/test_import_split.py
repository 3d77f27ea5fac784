"""One sheet over several registers in one act: every register has its equation, links between the parts are found."""

from __future__ import annotations

import contextlib
import io
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from eduplan_desktop.acts import checks, files, sheets
from eduplan_desktop.acts.session import Session
from eduplan_desktop.acts.sheet_desk import SheetDesk
from eduplan_desktop.acts.sheets import ImportReport, SplitReport
from eduplan_desktop.commands import main
from eduplan_desktop.errors import ExchangeError
from eduplan_desktop.exchange import split
from eduplan_desktop.exchange.mapping import Bad, SheetMapping
from eduplan_desktop.registers.catalog import register
from eduplan_desktop.registers.catalogs import Catalogs
from eduplan_desktop.store import journal, rows
from tests.core.sheet_tools import Rows, write_csv, write_xlsx
from tests.core.store_tools import world

CATALOGS = Catalogs.shipped()
ASSETS: Rows = [
    ["资产编号", "资产名称", "取得方式", "购置日期", "数量", "原值", "使用状况", "存放地点", "楼层"],
    ["A-1", "课桌", "购置", "2019-03-05", 40, 4000, "在用", "一年级1班", 1],
    ["A-2", "投影仪", "购置", "2020-09-01", 1, 3000, "在用", "一年级1班", ""],
    ["A-3", "显微镜", "购置", "2020-09-01", 6, 5400, "在用", "科学实验室", 2],
    ["A-4", "扫帚", "购置", "2020-09-01", 6, 60, "在用", "", ""],
    ["A-5", "黑板", "购置", "哪天", 6, 60, "在用", "图书室", 3],
]
COLUMNS = {
    "资产编号": "asset_no",
    "资产名称": "name",
    "取得方式": "acquired",
    "购置日期": "bought",
    "数量": "quantity",
    "原值": "original_value",
    "使用状况": "use_state",
    "存放地点": {"field": "room", "otherwise": "place"},
}
ROOMS = {"存放地点": "name", "楼层": "floor"}
SPLIT: dict[str, Any] = {
    "parts": [
        {"register": "equipment", "columns": COLUMNS},
        {"register": "room", "columns": ROOMS, "constants": {"room_type": "普通教室", "state": "在用"}},
    ]
}


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    """A school file without records."""
    made = files.new_school(tmp_path / "校.eduplan", name="示例小学", code="", env=world(home=tmp_path / "home"))
    yield made
    made.close()


def take(session: Session, name: str, path: Path, mapping: Any, **more: Any) -> list[ImportReport]:
    """Import, with the equation of every part and the count of every record of the sheet checked."""
    report = sheets.import_file(session, name, path, mapping=mapping, **more)
    parts = report.parts if isinstance(report, SplitReport) else [report]
    for part in parts:
        assert part.read == part.stored + part.updated + part.unchanged + part.refused
        assert len(part.reasons) == part.refused
    assert len({part.read + part.not_meant for part in parts}) == 1, "every record is somebody's or told apart"
    return parts


def figures(part: ImportReport) -> tuple[int, ...]:
    """read, stored, updated, unchanged, refused, rows of another register."""
    return part.read, part.stored, part.updated, part.unchanged, part.refused, part.not_meant


def test_assets_and_the_rooms_they_stand_in(session: Session, tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "台账.xlsx", ASSETS)
    dry = take(session, "equipment", path, SPLIT, dry_run=True)
    assert rows.count(session.store, "room") == 0
    assets, rooms = take(session, "equipment", path, SPLIT)
    assert [figures(p) for p in dry] == [figures(assets), figures(rooms)]
    assert figures(assets) == (5, 4, 0, 0, 1, 0)
    assert figures(rooms) == (4, 3, 0, 1, 0, 1), (
        "a room named twice is one room; the row without a room is not meant for it"
    )
    assert assets.ignored == [], "a column the other part takes is not left over"
    held = {str(r["name"]): r for r in rows.scan(session.store, "room")}
    assert {name: r["floor"] for name, r in held.items()} == {"一年级1班": 1, "科学实验室": 2, "图书室": 3}
    stood = {r["asset_no"]: r["room"] for r in rows.scan(session.store, "equipment")}
    assert stood == {
        "A-1": held["一年级1班"]["id"],
        "A-2": held["一年级1班"]["id"],
        "A-3": held["科学实验室"]["id"],
        "A-4": None,
    }
    again = take(session, "equipment", path, SPLIT)
    assert [figures(p)[1:3] for p in again] == [(0, 0), (0, 0)], "the same file twice changes nothing"
    journal.undo(session.store)
    assert (rows.count(session.store, "room"), rows.count(session.store, "equipment")) == (0, 0), "one act"


def test_a_row_named_again_fills_blanks_and_never_contradicts(session: Session, tmp_path: Path) -> None:
    body: Rows = [
        ["存放地点", "楼层", "使用面积"],
        ["甲室", "", 60],
        ["甲室", 2, ""],
        ["甲室", 3, 60],
        ["乙室", "几楼", 60],
        ["乙室", 1, 60],
    ]
    part = {"register": "room", "columns": {**ROOMS, "使用面积": "area"}, "constants": SPLIT["parts"][1]["constants"]}
    (rooms,) = take(session, "room", write_xlsx(tmp_path / "房.xlsx", body), {"parts": [part]})
    assert figures(rooms) == (5, 2, 0, 1, 2, 0)
    assert "第 2 行" in rooms.reasons[0], rooms.reasons
    held = {r["name"]: (r["floor"], r["area"]) for r in rows.scan(session.store, "room")}
    assert held == {"甲室": (2, 6000), "乙室": (1, 6000)}


def test_lines_that_repeat_a_refused_line_are_refused_too(session: Session, tmp_path: Path) -> None:
    body: Rows = [["存放地点"], ["甲室"], ["甲室"]]
    (rooms,) = take(
        session,
        "room",
        write_xlsx(tmp_path / "房.xlsx", body),
        {"parts": [{"register": "room", "columns": {"存放地点": "name"}}]},
    )
    assert figures(rooms) == (2, 0, 0, 0, 2, 0)


def test_figures_by_level_in_the_headings(session: Session, tmp_path: Path) -> None:
    body: Rows = [["年度", "小学学生数", "初中学生数", "小学班级数"], [2025, 300, 200, 8], [2024, 290, "", 8]]
    path = write_xlsx(tmp_path / "规模.xlsx", body)
    desk = SheetDesk(session)
    parts = [one.mapping for one in desk.levels("school_year", desk.look(path))]
    primary, middle = take(session, "school_year", path, parts)
    assert (figures(primary), figures(middle)) == ((2, 2, 0, 0, 0, 0), (1, 1, 0, 0, 0, 1))
    assert rows.count(session.store, "school_year") == 3


def test_people_and_their_consents_of_one_sheet(session: Session, tmp_path: Path) -> None:
    body: Rows = [
        ["姓名", "性别", "出生年月", "教职工类别", "在册状态", "签署日期"],
        ["甲一", "男", "1980-01", "专任教师", "在岗", "2025-09-01"],
        ["乙二", "女", "1981-02", "专任教师", "在岗", ""],
    ]
    path = write_xlsx(tmp_path / "人.xlsx", body)
    desk = SheetDesk(session)
    book = desk.look(path)
    found = desk.guess("staff", book)[0]
    offered = dict(desk.offers(book, found, [found.mapping]))
    assert register("health_consent") in offered
    consent = desk.propose(book, found, [found.mapping], "health_consent").mapping
    assert {h: r[0].field for h, r in consent.columns.items()} == {"姓名": "person", "签署日期": "signed"}
    constants = {"notice": "2025 版", "scope": CATALOGS.table("consent_scope").live[0].label, "names_county": "是"}
    second = SheetMapping("health_consent", consent.columns, constants, part=True)
    people, consents = take(session, "staff", path, [found.mapping, second])
    assert (figures(people), figures(consents)) == ((2, 2, 0, 0, 0, 0), (1, 1, 0, 0, 0, 1))
    (signed,) = rows.scan(session.store, "health_consent")
    assert rows.get(session.store, "staff", str(signed["person"]))["name"] == "甲一"  # type: ignore[index]


def test_all_parts_stand_under_the_same_headings(session: Session, tmp_path: Path) -> None:
    body: Rows = [["学年度", "年份", "级", "学段"], *ASSETS]
    again = take(session, "equipment", write_xlsx(tmp_path / "表.xlsx", body), SPLIT)
    assert [part.read for part in again] == [5, 4]


def test_rows_by_a_value(session: Session, tmp_path: Path) -> None:
    body: Rows = [
        ["类", "名称", "性别", "教职工类别", "在册状态"],
        ["房", "甲室"],
        ["人", "丙三", "男", "专任教师", "在岗"],
    ]
    mapping = {
        "parts": [
            {
                "register": "room",
                "columns": {"名称": "name"},
                "only": {"类": ["房"]},
                "constants": SPLIT["parts"][1]["constants"],
            },
            {
                "register": "staff",
                "columns": {"名称": "name", "性别": "sex", "教职工类别": "category", "在册状态": "state"},
                "only": {"类": ["人"]},
            },
        ]
    }
    room, staff = take(
        session, "room", write_csv(tmp_path / "表.csv", [[*r, *[""] * (5 - len(r))] for r in body]), mapping
    )
    assert (figures(room), figures(staff)) == ((1, 1, 0, 0, 0, 1), (1, 1, 0, 0, 0, 1))


@pytest.mark.parametrize(
    "mapping",
    [
        {"parts": []},
        {"parts": {}},
        {"parts": ["room"]},
        {"parts": [{"columns": ROOMS}]},
        {"parts": [{"register": "nobody", "columns": ROOMS}]},
        {"parts": [{"register": "staff", "columns": {}}]},
        {"parts": [{"register": "room", "columns": ROOMS, "sheet": "一"}]},
        {"parts": [{"register": "room", "columns": ROOMS}], "more": 1},
        {"parts": [{"register": "room", "columns": {"没有": "name"}}]},
        {"parts": [{"register": "room", "columns": ROOMS}] * 13},
    ],
)
def test_a_split_that_makes_no_sense_is_refused(session: Session, tmp_path: Path, mapping: Any) -> None:
    with pytest.raises(ExchangeError) as refused:
        sheets.import_file(session, "room", write_xlsx(tmp_path / "表.xlsx", ASSETS), mapping=mapping)
    assert refused.value.code == "bad_mapping"
    assert rows.count(session.store, "room") == 0


def test_parts_survive_their_json_and_are_remembered(session: Session, tmp_path: Path) -> None:
    parts = split.from_json({**SPLIT, "header": 1, "bad": "cell"}, register("equipment"), CATALOGS)
    assert split.from_json(split.to_json(parts), register("room"), CATALOGS) == parts
    desk = SheetDesk(session)
    book = desk.look(write_xlsx(tmp_path / "台账.xlsx", ASSETS))
    found = desk.guess("equipment", book)[0]
    desk.remember("equipment", found, parts)
    assert tuple(one.mapping for one in desk.guess("equipment", book)) == parts
    assert split.is_split(json.loads(desk.mapping_text(parts)))


def test_registers_others_point_to_are_read_first() -> None:
    names = ["checkup", "equipment", "health_consent", "room", "staff"]
    parts = [SheetMapping(name) for name in names]
    order = [names[n] for n in split.reading_order(parts)]
    assert order.index("staff") < order.index("room") < order.index("equipment")
    assert order.index("staff") < order.index("checkup")


def test_the_command_says_every_register(session: Session, tmp_path: Path) -> None:
    file, path = session.store.path, write_xlsx(tmp_path / "台账.xlsx", ASSETS)
    session.close()
    told, report = tmp_path / "map.json", tmp_path / "报告.xlsx"
    told.write_text(json.dumps(SPLIT), encoding="utf-8")
    out = io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(io.StringIO()):
        code = main(
            ["import", str(file), "equipment", str(path), "--map", str(told), "--report", str(report), "--json"]
        )
    said = json.loads(out.getvalue())
    assert code == 1, "a row was refused"
    assert [(p["register"], p["read"], p["not_meant"]) for p in said["parts"]] == [("equipment", 5, 0), ("room", 4, 1)]
    assert report.is_file()
    out = io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(io.StringIO()):
        main(["import", str(file), "equipment", str(path), "--map", str(told)])
    assert "“设备台账” 读入 5" in out.getvalue()
    assert "“房间” 读入 4" in out.getvalue()


def test_an_unfinished_row_goes_in_with_its_finding_where_the_person_says_so(session: Session, tmp_path: Path) -> None:
    body: Rows = [
        ASSETS[0][:7],
        ["B-1", "课桌", "购置", "", 40, 4000, "在用"],
        ["B-2", "课桌", "购置", "2020", "x", 1, "在用"],
    ]
    path = write_xlsx(tmp_path / "缺.xlsx", body)
    columns = {h: f for h, f in COLUMNS.items() if h != "存放地点"}
    (refused,) = take(session, "equipment", path, {"columns": columns})
    assert figures(refused) == (2, 0, 0, 0, 2, 0), "without a word of the person, an unfinished row stays out"
    (taken,) = take(session, "equipment", path, {"columns": columns, "bad": "cell"})
    assert figures(taken) == (2, 2, 0, 0, 0, 0)
    assert (taken.unfinished, "缺必填项" in taken.sentence) == (2, True)
    kept = {(p.field, p.code) for p in checks.kept_findings(session) if p.register == "equipment" and p.row}
    assert {("bought", "required"), ("quantity", "required")} <= kept, "as the form does: stored, with its 错误"
    assert kept == {(p.field, p.code) for p in checks.check(session) if p.register == "equipment" and p.row}
    (again,) = take(session, "equipment", path, {"columns": columns, "bad": "cell"})
    assert figures(again) == (2, 0, 0, 2, 0, 0)
    desk = SheetDesk(session)
    (preview,) = desk.preview(path, [replace(desk.guess("equipment", desk.look(path))[0].mapping, bad=Bad.CELL)])
    journal.undo(session.store)
    assert not [p for p in checks.kept_findings(session) if p.register == "equipment" and p.row], (
        "undone rows leave no findings behind"
    )
    (preview,) = desk.preview(path, [preview.plan.prepared.mapping])
    assert [row.bad for row in desk.rows(preview)] == [("bought",), ("quantity",)]
    assert all(row.reasons for row in desk.rows(preview, "new"))
