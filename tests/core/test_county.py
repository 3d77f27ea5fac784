"""The county's desk: roster, calendar, board, returns, receipts, worklists, years."""

import pytest

from eduplan_desktop.bundle.enrolment import EnrolmentRequest
from eduplan_desktop.bundle.kit import CalendarItem
from eduplan_desktop.county import (
    board,
    calendar,
    receipts,
    returns,
    roster,
    trust,
    worklists,
)
from eduplan_desktop.errors import RefusedError
from eduplan_desktop.registers.catalog import register
from eduplan_desktop.registers.catalogs import Catalogs
from eduplan_desktop.store.journal import act
from tests.merge_world import COUNTY, DAY, County, School, required, uid

SHIPPED = Catalogs.shipped()


@pytest.fixture
def county(tmp_path):
    made = County(tmp_path)
    yield made
    made.close()


@pytest.fixture
def school(county, tmp_path):
    one = School(county, 1, tmp_path / "stick")
    county.enrol(one)
    return one


def doing(county):
    return act(county.store, "test", "测试")


def add(county, **said):
    with doing(county) as a:
        return roster.add(a, SHIPPED, said)


def test_roster_takes_words_and_codes_and_keeps_old_names(county):
    made = add(county, name=" 青石岭小学 ", kind="小学", urban="村庄", township="青石岭镇", valid_from="2000-09")
    assert (made.name, made.kind, made.urban) == ("青石岭小学", "211", "220")
    with doing(county) as a:
        changed = roster.change(a, SHIPPED, made.uid, {"name": "青石岭中心小学", "code": "2161000001"})
    assert (changed.aliases, changed.township) == ("青石岭小学", "青石岭镇")
    assert roster.named(county.store, "青石岭小学") == changed
    assert roster.named(county.store, "2161000001") == changed
    assert roster.entries(county.store) == [changed]


@pytest.mark.parametrize(
    "said",
    [
        {"name": ""},
        {"name": "甲", "kind": "大专"},
        {"name": "甲", "valid_from": "昨天"},
        {"name": "甲", "valid_from": "2020", "valid_to": "2019"},
        {"name": "甲", "code": "12"},
        {"name": "已有小学"},
        {"name": "乙", "code": "2161000009"},
        {"name": "长" * 201},
    ],
)
def test_roster_refuses_what_it_cannot_mean(county, said):
    add(county, name="已有小学", code="2161000009")
    with pytest.raises(RefusedError) as refused:
        add(county, **said)
    assert refused.value.code == "bad_roster"
    assert refused.value.advice
    assert len(roster.entries(county.store)) == 1


def test_schools_end_and_have_successors(county):
    old, new = add(county, name="白杨沟教学点", valid_from="1980"), add(county, name="石桥镇中心小学")
    with doing(county) as a:
        roster.end(a, old.uid, "2025-08-31", new.uid, "并入中心校")
    assert [e.name for e in roster.valid(county.store, "2025-09-01")] == ["石桥镇中心小学"]
    assert [e.name for e in roster.valid(county.store, "2025-08-31")] == ["白杨沟教学点", "石桥镇中心小学"]
    assert roster.lineage(county.store, old.uid) == [old.uid, new.uid]
    assert [e.uid for e in roster.predecessors(county.store, new.uid)] == [old.uid]
    for successor in (new.uid, old.uid, uid(9)):
        with pytest.raises(RefusedError), doing(county) as a:
            roster.end(a, new.uid, "2026-08-31", successor)
    again = add(county, name="白杨沟教学点", valid_from="2026-09-01")
    assert again.uid != old.uid
    with pytest.raises(RefusedError, match="2 所"):
        roster.named(county.store, "白杨沟教学点")


def test_imported_roster_accounts_for_every_row(county):
    add(county, name="甲小学", code="2161000001", township="东乡")
    rows = [
        {"name": "甲小学(新名)", "code": "2161000001"},
        {"name": "乙小学", "kind": "小学"},
        {"name": "乙小学", "kind": "小学"},
        {"name": "丙小学", "kind": "不知道"},
        {"name": ""},
    ]
    with doing(county) as a:
        done = roster.import_rows(a, SHIPPED, dict(enumerate(rows, 2)))
    assert (done.added, done.changed, done.same, done.read) == (1, 1, 1, 5)
    assert [n for n, _why in done.refused] == [5, 6]


def test_proposed_calendar_is_whole_and_added_once(county):
    with doing(county) as a:
        first, again = calendar.add_year(a, 2025), calendar.add_year(a, 2025)
    assert again == []
    ids = [i.id for i in first]
    assert ids[:3] == ["stat-2025", "asset-2025", "checkup-2025"]
    assert [i for i in ids if i.startswith("safety")] == [
        f"safety-{m}" for m in ("2025-09", "2025-10", "2025-11", "2025-12", *(f"2026-{n:02d}" for n in range(1, 7)))
    ]
    january = calendar.find(county.store, "safety-2026-01")
    assert january.due == "2026-02-10"
    assert set(january.slices) == {"safety_check/2026", "hazard/2026", "drill/2026", "hazard/2025"}
    assert calendar.find(county.store, "safety-2025-12").due == "2026-01-10"


@pytest.mark.parametrize(
    "said",
    [
        {"id": "大写"},
        {"title": " "},
        {"period": "9月"},
        {"due": "2025-10"},
        {"slices": ""},
        {"slices": "rooms"},
        {"slices": "room/2025"},
        {"slices": "drill"},
        {"slices": "health_consent"},
        {"required": "room.colour"},
        {"required": "rooms.name"},
    ],
)
def test_calendar_refuses_items_no_school_could_answer(county, said):
    good = {
        "id": "x-1",
        "title": "房间",
        "period": "2025",
        "due": "2025-10-10",
        "slices": "room",
        "required": "room.name",
    }
    with doing(county) as a:
        calendar.put(a, calendar.from_text(good))
    with pytest.raises(RefusedError) as refused, doing(county) as a:
        calendar.put(a, calendar.from_text(good | said))
    assert refused.value.code == "bad_item"


def item(county, name, due="2026-03-10", slices=("room",), period="2026-02"):
    with doing(county) as a:
        calendar.put(a, CalendarItem(name, f"项目 {name}", period, due, slices, {}))


def cell(county, school, name, today=DAY):
    return next(c for c in board.cells_of(county.store, school.uid, today) if c.item == name)


def test_answered_item_cannot_be_dropped(county, school):
    item(county, "a")
    item(county, "b")
    school.put("room", 1, **required(register("room")))
    county.merge(school.submit("room", answers=["a"]))
    with pytest.raises(RefusedError) as refused, doing(county) as a:
        calendar.drop(a, "a")
    assert refused.value.code == "item_answered"
    with doing(county) as a:
        calendar.drop(a, "b")
    assert [i.id for i in calendar.items(county.store)] == ["a"]


def test_life_of_an_item_from_missing_to_accepted(county, school):
    item(county, "a", due="2026-03-01")
    assert cell(county, school, "a", "2026-03-01").state == board.UPCOMING
    assert (cell(county, school, "a").state, cell(county, school, "a").late) == (board.MISSING, 4)
    with pytest.raises(RefusedError) as refused, doing(county) as a:
        returns.decide(a, school.uid, "a", board.ACCEPTED, DAY)
    assert refused.value.code == "nothing_to_review"
    row = school.put("room", 1, **required(register("room"), name="甲"))
    county.merge(school.submit("room", answers=["a"]))
    late = cell(county, school, "a")
    assert (late.state, late.review, late.late, late.word) == (board.LATE, board.RECEIVED, 4, "迟报 4 天")
    remarks = [returns.RowRemark("room", row, "area", "面积没有填")]
    with doing(county) as a:
        returns.decide(a, school.name, "a", board.RETURNED, DAY, "请补面积", remarks)
    assert (cell(county, school, "a").state, cell(county, school, "a").remark) == (board.RETURNED, "请补面积")
    school.put("room", 1, area="54.00")
    county.merge(school.submit("room", answers=["a"]))
    assert cell(county, school, "a").review == board.RECEIVED
    with doing(county) as a:
        returns.decide(a, school.uid, "a", board.ACCEPTED, DAY)
    done = cell(county, school, "a")
    assert (done.state, done.review, done.late) == (board.LATE, board.ACCEPTED, 4)
    assert county.rows("SELECT count(*) FROM item_remark") == [(0,)]


def test_answer_whose_slice_did_not_come_in_goes_back_by_itself(county, school):
    item(county, "a")
    county.merge(school.submit(before={"room": 1}, answers=["a"])) if school.earlier.append("f" * 64) is None else None
    found = cell(county, school, "a")
    assert (found.state, found.broken) == (board.RETURNED, (("room", "need_full"),))
    said = receipts.content(county.store, school.uid, DAY).items[0]
    assert said.state == board.RETURNED
    assert "全部报送" in said.remark


def test_zero_report_exempt_and_schools_that_do_not_exist_yet(county, school):
    item(county, "a", due="2026-03-01", slices=("drill/2026",))
    item(county, "b", due="2026-03-01")
    county.merge(school.submit(answers=[("a", True)]))
    assert cell(county, school, "a").zero
    with doing(county) as a:
        returns.decide(a, school.uid, "b", board.EXEMPT, DAY, "停课")
    assert cell(county, school, "b").state == board.EXEMPT
    add(county, name="新建小学", valid_from="2026-09-01")
    shown = board.board(county.store, DAY)
    assert [row.school.name for row in shown.rows] == [school.name]
    with doing(county) as a:
        assert returns.take_back(a, school.uid, "b")
        assert not returns.take_back(a, school.uid, "b")
    assert cell(county, school, "b").state == board.MISSING


def test_board_puts_missing_first_and_counts(county, school, tmp_path):
    others = [School(county, n, tmp_path / "stick") for n in (2, 3)]
    for other in others:
        county.enrol(other)
    item(county, "a", due="2026-03-04")
    item(county, "b", due="2026-03-20")
    school.put("room", 1, **required(register("room")))
    county.merge(school.submit("room", answers=["a"]))
    shown = board.board(county.store, DAY)
    assert [r.school.name for r in shown.rows] == [others[0].name, others[1].name, school.name]
    assert shown.counts == {"a": {board.MISSING: 2, board.LATE: 1}, "b": {board.UPCOMING: 3}}
    assert [r.on_time for r in shown.rows] == [0.0, 0.0, 0.0]


@pytest.mark.parametrize(
    "remark",
    [
        returns.RowRemark("rooms", "", "", "x"),
        returns.RowRemark("room", uid(99), "", "x"),
        returns.RowRemark("room", "", "colour", "x"),
        returns.RowRemark("room", "", "", " "),
    ],
)
def test_remarks_must_name_what_is_there(county, school, remark):
    item(county, "a")
    school.put("room", 1, **required(register("room")))
    county.merge(school.submit("room", answers=["a"]))
    with pytest.raises(RefusedError) as refused, doing(county) as a:
        returns.decide(a, school.uid, "a", board.RETURNED, DAY, "", [remark])
    assert refused.value.code == "bad_remark"


def test_remarks_from_a_sheet_by_label_or_name():
    rows = [{"登记册": "房间", "编号": uid(1), "字段": "使用面积", "备注": "太小"}, {"登记册": "", "备注": ""}]
    assert returns.from_rows(rows) == [returns.RowRemark("room", uid(1), "area", "太小")]


def test_receipt_tells_everything_and_only_to_the_right_school(county, school, tmp_path):
    other = School(county, 2, tmp_path / "stick")
    county.enrol(other)
    item(county, "a")
    hazard = register("hazard")
    row = school.put("room", 1, **required(register("room")))
    danger = school.put("hazard/2026", 5, **required(hazard, found="2026-02-01", level="3"))
    other.put("room", 1, **required(register("room")))
    county.merge(school.submit("room", "hazard/2026", answers=["a"]), other.submit("room", answers=["a"]))
    with doing(county) as a:
        returns.decide(a, school.uid, "a", board.RETURNED, DAY, "", [returns.RowRemark("room", row, "", "请核对")])
        returns.recheck(a, school.uid, danger, "pass", "县安全办", "2026-03-04", "已整改")
    said = receipts.content(county.store, school.uid, DAY)
    assert (said.number, said.file, said.earlier) == (1, school.file, tuple(school.earlier))
    assert [(b.sequence, b.status, b.slices["room"].new) for b in said.bundles] == [(1, "merged", 1)]
    assert [(i.item, i.state, i.late) for i in said.items] == [("a", "returned", False)]
    assert [(r.id, r.text) for r in said.remarks] == [(row, "请核对")]
    assert [(r.id, r.result, r.by) for r in said.reviews] == [(danger, "1", "县安全办")]
    assert receipts.content(county.store, other.uid, DAY).remarks == ()
    with doing(county) as a:
        receipts.note_written(a, school.uid, said.number, "x", DAY)
    assert receipts.content(county.store, school.uid, DAY).number == 2
    assert receipts.last_digest(county.store, school.uid) == "x"
    assert receipts.schools(county.store) == [school.uid, other.uid]


def test_recheck_needs_a_hazard_that_is_there_and_who_and_when(county, school):
    danger = school.put("hazard/2026", 5, **required(register("hazard"), found="2026-02-01"))
    county.merge(school.submit("hazard/2026"))
    for said in (
        (uid(9), "pass", "甲", DAY),
        (danger, "maybe", "甲", DAY),
        (danger, "pass", "", DAY),
        (danger, "pass", "甲", "2026"),
    ):
        with pytest.raises(RefusedError), doing(county) as a:
            returns.recheck(a, school.uid, *said)


def request_of(school, **more):
    return EnrolmentRequest(
        school.uid, school.name, "", school.file, school.key.public, school.seal.public, "", "", **more
    )


def test_approval_gives_generations_and_retires_the_one_before(county, tmp_path):
    school = School(county, 1, tmp_path / "stick")
    county.list_school(school)
    with doing(county) as a:
        first = trust.approve(a, request_of(school), "1" * 64, DAY)
        again = trust.approve(a, request_of(school), "1" * 64, DAY)
    assert (first.generation, again, trust.version(county.store)) == (1, first, 1)
    school.put("room", 1, **required(register("room")))
    county.merge(school.submit("room"))
    fresh = School(county, 1, tmp_path / "stick", file=77)
    with doing(county) as a:
        second = trust.approve(a, request_of(fresh), "2" * 64, DAY)
    entries = trust.of_school(county.store, school.uid)
    assert [(e.generation, e.retired_from) for e in entries] == [(1, 2), (2, None)]
    assert trust.current(county.store, school.uid) == second
    assert trust.version(county.store) == 2


def test_lost_key_of_the_same_file_retires_after_everything_it_signed(county, tmp_path):
    school = School(county, 1, tmp_path / "stick")
    county.enrol(school)
    renewed = School(county, 1, tmp_path / "stick", name="x")
    renewed.key, renewed.seal = type(school.key)(b"\7" * 32), type(school.seal)(b"\x08" * 32)
    with doing(county) as a:
        trust.approve(a, request_of(renewed, earlier=("a" * 64, "b" * 64)), "3" * 64, DAY)
    assert [(e.generation, e.retired_from) for e in trust.of_school(county.store, school.uid)] == [(1, 3), (2, None)]


def test_key_of_another_school_and_unknown_school_are_refused(county, tmp_path):
    school, other = School(county, 1, tmp_path / "stick"), School(county, 2, tmp_path / "stick")
    county.enrol(school)
    with pytest.raises(RefusedError, match="名单"), doing(county) as a:
        trust.approve(a, request_of(other), "4" * 64, DAY)
    county.list_school(other)
    with pytest.raises(RefusedError, match=school.name), doing(county) as a:
        trust.approve(a, request_of(school), "5" * 64, DAY, school=other.uid)


def test_worklists_name_what_is_left_to_do(county, school, tmp_path):
    other = School(county, 2, tmp_path / "stick")
    county.enrol(other)
    item(county, "a", due="2026-03-01")
    change, staff = register("equipment_change"), register("staff")
    for one, way in ((school, "1"), (other, "2")):
        said = {"change": "3", "order_no": "调2026-1", "direction": way}
        one.put("equipment_change", 1, **required(change, **said))
        one.put("staff", 3, **required(staff, name="王示例"), personal={"id_number": "11010519491231002X"})
    school.put(
        "equipment_change", 2, **required(change, change="3", order_no="调2026-2", direction="1", other_school="某校")
    )
    school.put("staff", 4, **required(staff, name="李示例", state="3", transfer_no="动1", other_school="乙校"))
    school.put("room", 5, **required(register("room"), room_type="箱"))
    school.put(
        "hazard/2026",
        6,
        **required(
            register("hazard"), found="2026-02-01", level="3", state="2", place="锅炉房", description="阀门漏气"
        ),
    )
    school.put("hazard/2026", 7, **required(register("hazard"), found="2026-02-01", level="3", state="4", place="围墙"))
    county.merge(
        school.submit("equipment_change", "staff", "room", "hazard/2026"), other.submit("equipment_change", "staff")
    )
    school.submit("drill/2025")
    county.merge(school.submit(before={"drill/2025": 2}))
    found = worklists.worklists(county.store, DAY)
    texts = {}
    for line in found:
        texts.setdefault(line.kind, []).append((line.name, line.text))
    assert texts == {
        "missing": [(s.name, "项目 a，已超 4 天") for s in (school, other)],
        "gaps": [(school.name, "缺第 2 包")],
        "slices": [(school.name, "应急演练 2025：这一部分写着“与以前相同”，但县里没有以前的那一份。")],
        "quarantined": [(school.name, "房间：“用途”的值不合规定或不在代码表里")],
        "transfers": [(school.name, "调拨单 调2026-2，对方 某校 没有对应的一笔")],
        "moves": [(school.name, "调动编号 动1，对方 乙校 没有对应的一条")],
        "persons": [(school.name, f"王示例 也在 {other.name}"), (other.name, f"王示例 也在 {school.name}")],
        "major": [(school.name, "锅炉房 阀门漏气")],
    }
    assert list(texts) == [k for k in worklists.LABELS if k in texts]
    assert COUNTY not in str(found)
