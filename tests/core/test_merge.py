"""Merging real bundles: what becomes of rows, and that it depends on the filed set alone."""

import pytest

from eduplan_desktop.merge import ledger, searchable
from eduplan_desktop.merge.intake import take_in
from eduplan_desktop.registers.catalog import register
from eduplan_desktop.store import compartments, rows
from tests.merge_world import DAY, County, HealthContent, School, photo, required, state, uid

ROOM = register("room")


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


def room(**values):
    return required(ROOM, **values)


def counts(line, name="room"):
    r = line.slices[name]
    return r.new, r.changed, r.same, r.withdrawn, r.quarantined


def test_first_bundle_then_changes_then_the_same_again(county, school):
    for n in range(1, 6):
        school.put("room", n, **room(name=f"教室{n}", area="54.30"))
    first = school.submit("room", answers=["stat-2025"])
    school.put("room", 2, area="60.00")
    school.drop("room", 3, "1")
    school.put("room", 9, **room(name="新教室"))
    second = school.submit("room")
    lines = county.merge(first)
    assert (lines[0].status, lines[0].code, counts(lines[0])) == ("merged", "", (5, 0, 0, 0, 0))
    assert county.rows("SELECT id, name, area, act FROM room WHERE school = ? ORDER BY id LIMIT 1", school.uid)[0][
        :3
    ] == (
        uid(1),
        "教室1",
        5430,
    )
    lines = county.merge(second)
    assert counts(lines[0]) == (1, 1, 3, 1, 0)
    before = state(county)
    again = county.merge(first, second)
    assert [x.status for x in again] == ["already", "already"]
    assert state(county) == before
    assert county.rows("SELECT register, id, reason FROM gone") == [("room", uid(3), "1")]
    filed = county.rows("SELECT status, intake, answers FROM filed ORDER BY number")
    assert filed == [("merged", DAY, '[{"item": "stat-2025", "zero": false}]'), ("merged", DAY, "[]")]
    for line in lines:
        assert county.desk.filed_path(line.digest).read_bytes() == line.path.read_bytes()


def test_dry_run_counts_as_the_merge_will_and_changes_nothing(county, school):
    for n in range(1, 4):
        school.put("room", n, **room(name=f"教室{n}"))
    first = school.submit("room")
    school.put("room", 1, name="改名")
    second = school.submit("room")
    before = state(county)
    rehearsed = county.merge(second, first, dry_run=True)
    assert state(county) == before
    assert county.rows("SELECT * FROM filed") == []
    assert not list(county.store.files.glob("bundles/*"))
    merged = county.merge(first, second)
    assert [(x.status, x.slices, x.differences) for x in rehearsed] == [
        (x.status, x.slices, x.differences) for x in merged
    ]
    assert counts(merged[1]) == (0, 1, 2, 0, 0)


def test_dry_run_of_a_late_bundle_replays_it_too(county, school):
    school.put("room", 1, **room(name="甲"))
    first = school.submit("room")
    school.put("room", 2, **room(name="乙"))
    second = school.submit("room")
    county.merge(second)
    before = state(county)
    line = county.merge(first, dry_run=True)[0]
    assert (line.status, line.slices["room"].status, line.slices["room"].code) == ("older", "kept", "superseded")
    assert state(county) == before


def test_rows_that_vanish_refuse_their_slice_only(county, school):
    school.put("room", 1, **room(name="甲"))
    school.put("room", 2, **room(name="乙"))
    school.put("equipment", 3, **required(register("equipment")))
    county.merge(school.submit("room", "equipment"))
    del school.slice("room").rows[uid(2)]
    school.put("room", 1, name="甲改")
    school.put("equipment", 3, name="投影仪")
    line = county.merge(school.submit("room", "equipment"))[0]
    assert (line.status, line.slices["room"].status, line.slices["room"].code) == ("merged", "refused", "vanished_rows")
    assert counts(line, "equipment") == (0, 1, 0, 0, 0)
    assert county.rows("SELECT name FROM room ORDER BY id") == [("甲",), ("乙",)]
    school.drop("room", 2)
    line = county.merge(school.submit("room"))[0]
    assert counts(line) == (0, 1, 0, 1, 0)


def test_a_lost_tombstone_is_a_vanished_row_too(county, school):
    school.put("room", 1, **room(name="甲"))
    county.merge(school.submit("room"))
    school.drop("room", 1)
    county.merge(school.submit("room"))
    school.slice("room").gone.clear()
    assert county.merge(school.submit("room"))[0].slices["room"].code == "vanished_rows"


def test_quarantined_row_keeps_its_last_good_version_and_withdraws_nothing(county, school):
    school.put("room", 1, **room(name="甲", room_type="1"))
    school.put("room", 2, **room(name="乙"))
    county.merge(school.submit("room"))
    school.put("room", 1, name="甲改", room_type="箱")
    school.put("room", 2, name="乙改")
    school.put("room", 3, **room(name="丙", seats="-3"))
    line = county.merge(school.submit("room"))[0]
    assert counts(line) == (0, 1, 0, 0, 2)
    assert county.rows("SELECT name FROM room ORDER BY id") == [("甲",), ("乙改",)]
    kept = county.rows("SELECT id, slice, field, code, body FROM quarantine ORDER BY id")
    assert [row[:4] for row in kept] == [
        (uid(1), "room", "room_type", "bad_value"),
        (uid(3), "room", "seats", "bad_value"),
    ]
    assert "甲改" in kept[0][4]
    school.put("room", 1, room_type="2")
    school.put("room", 3, seats="30")
    line = county.merge(school.submit("room"))[0]
    assert counts(line) == (1, 1, 1, 0, 0)
    assert county.rows("SELECT * FROM quarantine") == []


def test_quarantined_row_that_vanishes_is_noticed(county, school):
    school.put("room", 1, **room(name="甲", room_type="箱"))
    county.merge(school.submit("room"))
    school.slice("room").rows.clear()
    assert county.merge(school.submit("room"))[0].slices["room"].code == "vanished_rows"


def test_row_of_another_year_is_kept_out(county, school):
    drill = register("drill")
    school.put("drill/2025", 1, **required(drill, drill_date="2025-03"))
    school.put("drill/2025", 2, **required(drill, drill_date="2026-03-01"))
    line = county.merge(school.submit("drill/2025"))[0]
    assert counts(line, "drill/2025") == (1, 0, 0, 0, 1)
    assert county.rows("SELECT id, year FROM drill") == [(uid(1), 2025)]
    assert county.rows("SELECT code, field FROM quarantine") == [("other_year", "drill_date")]
    school.put("drill/2026", 1, **required(drill, drill_date="2026-03"))
    line = county.merge(school.submit("drill/2026"))[0]
    assert counts(line, "drill/2026") == (0, 0, 0, 0, 1)
    assert county.rows("SELECT id, year FROM drill") == [(uid(1), 2025)]


def test_results_explanations_and_photos_travel_with_their_rows(county, school):
    check = register("safety_check")
    lines = [("XF01", "1", "", "", "", ""), ("XF02", "2", "", "", "", "灭火器过期")]
    row = school.put("safety_check/2025", 1, **required(check, check_date="2025-03-05"), results=lines)
    held = school.slice("safety_check/2025")
    held.explained[row, "check_date", "checked_on_holiday"] = "补课日"
    one, two = photo("甲"), photo("乙")
    held.photos[row, 1] = one
    line = county.merge(school.submit("safety_check/2025", photos=[one]))[0]
    assert counts(line, "safety_check/2025") == (1, 0, 0, 0, 0)
    stored = '{"XF01":{"value":"1"},"XF02":{"remark":"灭火器过期","value":"2"}}'
    assert county.rows("SELECT results FROM safety_check") == [(stored,)]
    key = f"{school.uid}/safety_check/{row}/check_date/checked_on_holiday"
    assert county.rows("SELECT key, text FROM explanation") == [(key, "补课日")]
    assert county.rows("SELECT id, n, sha256 FROM attachment") == [(row, 1, one.sha256)]
    assert county.rows("SELECT school, sha256 FROM photo_held") == [(school.uid, one.sha256)]
    assert (county.store.files / "photos" / f"{one.sha256}.jpg").read_bytes() == one.read()
    held.explained.clear()
    held.photos[row, 1] = two
    held.results[row] = lines[:1]
    county.merge(school.submit("safety_check/2025", photos=[two]))
    assert county.rows("SELECT results FROM safety_check") == [('{"XF01":{"value":"1"}}',)]
    assert county.rows("SELECT key FROM explanation") == []
    assert county.rows("SELECT sha256 FROM attachment") == [(two.sha256,)]


def test_sealed_halves_are_sealed_again_for_the_county(county, school):
    staff = register("staff")
    for n in (1, 2):
        school.put("staff", n, **required(staff, name=f"教师{n}"), personal={"id_number": "11010519491231002X"})
    line = county.merge(school.submit("staff"))[0]
    assert counts(line, "staff") == (2, 0, 0, 0, 0)
    halves = list(compartments.scan_sealed(county.store, county.personal, "staff", school=school.uid))
    assert [(owner, row, v["id_number"]) for owner, row, v in halves] == [
        (school.uid, uid(n), "11010519491231002X") for n in (1, 2)
    ]
    found = compartments.find_person(county.store, county.personal, "11010519491231002X")
    assert found == [(school.uid, uid(1)), (school.uid, uid(2))]
    school.put("staff", 1, personal={"id_number": "440524188001010014"})
    school.slice("staff").personal.pop(uid(2))
    line = county.merge(school.submit("staff"))[0]
    assert counts(line, "staff") == (0, 1, 1, 0, 0)
    assert len(list(compartments.scan_sealed(county.store, county.personal, "staff", school=school.uid))) == 2
    school.drop("staff", 1)
    county.merge(school.submit("staff"))
    assert [h[1] for h in compartments.scan_sealed(county.store, county.personal, "staff", school=school.uid)] == [
        uid(2)
    ]
    assert county.rows("SELECT person FROM person_key") == [(uid(2),)]


def test_bad_sealed_value_quarantines_its_row_without_repeating_it(county, school):
    school.put("staff", 1, **required(register("staff"), name="甲"), personal={"id_number": "110105194912310021"})
    line = county.merge(school.submit("staff"))[0]
    assert counts(line, "staff") == (0, 0, 0, 0, 1)
    assert county.rows("SELECT id, field FROM quarantine") == [(uid(1), "id_number")]
    assert "110105194912310021" not in "\n".join(county.store.conn.iterdump())


def test_as_before_and_not_reported_keep_rows(county, school):
    school.put("room", 1, **room(name="甲"))
    county.merge(school.submit("room"))
    line = county.merge(school.submit(before={"room": 1}, silent=["equipment"]))[0]
    assert (line.slices["room"].status, line.slices["equipment"].status) == ("same", "kept")
    assert county.rows("SELECT name FROM room") == [("甲",)]


def test_need_full_where_the_county_lacks_what_as_before_names_until_it_comes(county, school):
    school.put("room", 1, **room(name="甲"))
    first = school.submit("room")
    second = school.submit(before={"room": 1})
    line = county.merge(second)[0]
    assert (line.status, line.code) == ("merged", "gap")
    assert (line.slices["room"].status, line.slices["room"].code) == ("waiting", "need_full")
    late = county.merge(first)[0]
    assert (late.status, counts(late)) == ("older", (1, 0, 0, 0, 0))
    assert ledger.by_digest(county.store.conn, line.digest).results["room"].status == "same"


def test_counts_of_check_ups_and_a_health_part_that_waits(county, school):
    empty = HealthContent((), (), (), (), (), ())
    line = county.merge(school.submit(counts={"checkup/2025": (40, 30, 10)}, health={"checkup/2025": empty}))[0]
    assert (line.slices["checkup/2025"].status, line.slices["checkup/2025"].code) == ("merged", "held_health")
    assert county.rows("SELECT year, due, done, not_done FROM checkup_counts") == [(2025, 40, 30, 10)]
    line = county.merge(school.submit(counts={"checkup/2025": (40, 31, 9)}))[0]
    assert (counts(line, "checkup/2025"), line.slices["checkup/2025"].code) == ((0, 1, 0, 0, 0), "")


def test_two_schools_with_the_same_row_ids_stay_apart(county, school, tmp_path):
    """A clerk copied one school's file for another: ids repeat, keys do not."""
    other = School(county, 2, tmp_path / "stick")
    county.enrol(other)
    for one in (school, other):
        row = one.put("room", 1, **room(name=one.name))
        one.slice("room").explained[row, "name", "x"] = one.name
    county.merge(tmp_path / "stick") if school.submit("room") and other.submit("room") else None
    assert county.rows("SELECT school, name FROM room ORDER BY school") == [(s.uid, s.name) for s in (school, other)]
    school.drop("room", 1)
    county.merge(school.submit("room"))
    assert county.rows("SELECT school FROM room") == [(other.uid,)]
    assert [t for (t,) in county.rows("SELECT text FROM explanation")] == [other.name]


def test_merged_rows_are_found_once_somebody_looks(county, school):
    school.put("room", 1, **room(name="科学实验室"))
    school.put("room", 2, **room(name="食堂"))
    county.merge(school.submit("room"))
    assert searchable.waiting(county.store) == ["room"]
    assert searchable.fill(county.store, ROOM) == 2
    assert searchable.fill(county.store, ROOM) == 0
    found = [i for _s, i, text in rows.index(county.store, "room") if "kxsys" in text]
    assert found == [uid(1)]
    school.put("room", 2, name="科学教室")
    county.merge(school.submit("room"))
    assert searchable.fill(county.store, ROOM) == 1
    assert all("kx" in text for _s, _i, text in rows.index(county.store, "room"))


def test_what_a_run_says_to_scripts_and_to_people(county, school):
    school.put("staff", 1, **required(register("staff"), name="甲"))
    school.put("hazard/2026", 2, **required(register("hazard"), found="2026-02-01"))
    first = school.submit("staff", "hazard/2026")
    school.earlier.append("e" * 64)
    third = school.submit("staff", silent=["room"])
    said = take_in(county.desk, [first, third, first]).as_json()
    assert [(b["file"], b["sequence"], b["status"], b["code"]) for b in said["bundles"]] == [
        (first.name, 1, "merged", ""),
        (third.name, 3, "merged", "gap"),
    ]
    assert said["bundles"][0]["school"] == school.uid
    assert said["bundles"][0]["name"] == school.name
    assert said["bundles"][0]["slices"]["staff"] == {
        "status": "merged",
        "code": "",
        "new": 1,
        "changed": 0,
        "same": 0,
        "withdrawn": 0,
        "quarantined": 0,
    }
    assert {d["label"]: (d["before"], d["after"]) for d in said["bundles"][0]["differences"]} == {
        "教职工": (0, 1),
        "未销号隐患": (0, 1),
    }
    assert said["bundles"][1]["sentence"] == "合并，记下缺第 2 包"
    assert (said["totals"]["merged"], said["totals"]["new"], said["totals"]["same"]) == (2, 2, 1)
    again = take_in(county.desk, [first]).lines[0]
    assert (again.word, again.sentence, again.advice) == ("已合并", "跳过，与已收的相同", "")
    broken = take_in(county.desk, [county.store.path]).lines[0]
    assert (broken.word, broken.status, broken.code) == ("拒收", "refused", "not_a_bundle")
    assert broken.sentence
    assert broken.advice
