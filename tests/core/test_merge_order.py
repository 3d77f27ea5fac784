"""The county's rows are a pure function of the filed set: any order, any repeats, revoked keys and chosen histories included."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eduplan_desktop.bundle.coding import b64
from eduplan_desktop.county import forks, trust
from eduplan_desktop.errors import CancelledError, RefusedError, WorldError
from eduplan_desktop.merge import ledger
from eduplan_desktop.merge.intake import retry_held, take_in
from eduplan_desktop.merge.rederive import rederive_school
from eduplan_desktop.registers.catalog import register
from eduplan_desktop.store.journal import act
from tests.merge_world import County, School, photo, required, state, uid

ROOM, STAFF, DRILL = register("room"), register("staff"), register("drill")


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


def names(county):
    return [n for (n,) in county.rows("SELECT name FROM room ORDER BY id")]


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["put", "put", "drop", "bad", "good", "explain", "photo"]), st.integers(1, 6), st.integers(1, 3)
    ),
    max_size=6,
)
BUNDLES = st.lists(
    st.tuples(STEPS, st.sets(st.sampled_from(["room", "staff", "drill/2025"]), min_size=1), st.booleans()),
    min_size=2,
    max_size=6,
)


def play(school, steps):
    """A clerk's work between two submissions."""
    for what, n, value in steps:
        known = uid(n) in school.slice("room").rows
        if what == "put":
            school.put("room", n, **room(name=f"房间{n}-{value}"))
            school.put("staff", 50 + n, **required(STAFF, name=f"教师{n}"), personal={"phone": f"1380000000{value}"})
            school.put("drill/2025", 90 + n, **required(DRILL, drill_date="2025-05-06", problems=f"{value}"))
        elif what == "drop" and known:
            school.drop("room", n)
            school.drop("staff", 50 + n)
        elif what in ("bad", "good") and known:
            school.put("room", n, room_type="箱" if what == "bad" else "2")
        elif what == "explain" and known:
            school.slice("room").explained[uid(n), "name", "odd"] = f"说明{value}"
        elif what == "photo" and known:
            school.slice("room").photos[uid(n), 1] = photo(f"{value}")


def history(school, bundles):
    """Bundles of one true history; some slices as_before the last bundle that carried them."""
    last, paths = {}, []
    for steps, carry, lazy in bundles:
        play(school, steps)
        number = len(school.earlier) + 1
        before = {n: last[n] for n in last if n not in carry} if lazy else {}
        photos = list(school.slice("room").photos.values())
        paths.append(school.submit(*sorted(carry), before=before, photos=photos if "room" in carry else ()))
        last |= dict.fromkeys(carry, number)
    return paths


@settings(max_examples=settings().max_examples // 5)
@given(bundles=BUNDLES, data=st.data())
def test_any_order_and_repeats_end_in_the_same_rows(tmp_path_factory, bundles, data):
    folder = tmp_path_factory.mktemp("order")
    straight, mixed = County(folder / "a"), County(folder / "b")
    school = School(straight, 1, folder / "stick")
    try:
        straight.enrol(school)
        mixed.enrol(school)
        paths = history(school, bundles)
        straight.merge(*paths)
        order = data.draw(st.permutations(paths))
        for path in [*order, *data.draw(st.lists(st.sampled_from(paths), max_size=3))]:
            mixed.merge(path)
        assert state(mixed) == state(straight)
        with act(mixed.store, "reread", "重新读取", images=False) as a:
            rederive_school(mixed.desk, a, school.uid)
        assert state(mixed) == state(straight)
        answers = [
            {f.digest: {n: r.status for n, r in f.results.items() if f.claims[n].state == "as_before"} for f in filed}
            for filed in (ledger.of_school(c.store.conn, school.uid) for c in (straight, mixed))
        ]
        assert answers[0] == answers[1]
    finally:
        straight.close()
        mixed.close()


def test_late_bundle_is_replayed_below_what_came_after(county, school):
    school.put("room", 1, **room(name="甲"))
    school.put("room", 2, **room(name="乙"))
    first = school.submit("room")
    school.drop("room", 2)
    school.put("room", 1, name="甲改", room_type="箱")
    second = school.submit("room")
    county.merge(second)
    assert names(county) == []
    late = county.merge(first)[0]
    assert (late.status, late.slices["room"].code) == ("older", "superseded")
    assert names(county) == ["甲"]
    assert county.rows("SELECT id FROM gone") == [(uid(2),)]
    assert county.rows("SELECT id FROM quarantine") == [(uid(1),)]


def test_late_bundle_can_show_that_a_later_one_lost_rows(county, school):
    school.put("room", 1, **room(name="甲"))
    one = school.submit("room")
    school.put("room", 2, **room(name="乙"))
    two = school.submit("room")
    del school.slice("room").rows[uid(2)]
    three = school.submit("room")
    county.merge(one, three)
    assert names(county) == ["甲"]
    county.merge(two)
    assert names(county) == ["甲", "乙"]
    codes = [f.results["room"].code for f in ledger.of_school(county.store.conn, school.uid)]
    assert codes == ["", "", "vanished_rows"]


def test_new_data_file_of_a_school_starts_anew(county, school, tmp_path):
    old = school.put("room", 1, **room(name="旧"))
    school.slice("room").explained[old, "name", "odd"] = "旧说明"
    school.slice("room").photos[old, 1] = photo("旧")
    county.merge(school.submit("room", photos=[photo("旧")]))
    fresh = School(county, 1, tmp_path / "stick", file=77)
    county.enrol(fresh, generation=2)
    fresh.put("room", 9, **room(name="新"))
    line = county.merge(fresh.submit("room"))[0]
    assert line.slices["room"].withdrawn == 1
    assert names(county) == ["新"]
    assert county.rows("SELECT key FROM explanation") == county.rows("SELECT id FROM attachment") == []
    school.put("room", 2, **room(name="旧文件又报"))
    late = county.merge(school.submit("room"))[0]
    assert late.slices["room"].code == "superseded"
    assert names(county) == ["新"]


def test_held_bundle_merges_when_its_enrolment_is_approved(county, school, tmp_path):
    other = School(county, 2, tmp_path / "other")
    county.list_school(other)
    other.put("room", 1, **room(name="甲"))
    path = other.submit("room")
    line = county.merge(path)[0]
    assert (line.status, line.code) == ("held", "held_unknown_key")
    assert names(county) == []
    assert retry_held(county.desk) == []
    path.unlink()
    county.enrol(other)
    again = retry_held(county.desk)
    assert [(x.status, x.name) for x in again] == [("merged", other.name)]
    assert names(county) == ["甲"]
    filed = county.rows("SELECT name, status FROM filed")
    assert filed == [(path.name, "merged")]


def test_held_bundle_of_a_declined_request_waits_no_longer(county, tmp_path):
    other = School(county, 2, tmp_path / "other")
    county.list_school(other)
    other.put("room", 1, **room())
    county.merge(other.submit("room"))
    with act(county.store, "decline", "不批准") as a:
        said = (b64(other.key.public), other.seal.public)
        a.conn.execute(
            "INSERT INTO enrolment VALUES ('d', ?, ?, '', ?, ?, '', x'', 'waiting')", (other.uid, other.file, *said)
        )
        trust.decline(a, "d")
    assert [(x.status, x.code) for x in retry_held(county.desk)] == [("refused", "unknown_key")]
    assert ledger.held(county.store.conn) == []
    assert county.merge(tmp_path / "other")[0].code == "unknown_key"


def test_school_not_in_the_roster_is_refused(county, tmp_path):
    stranger = School(county, 5, tmp_path / "stick")
    stranger.put("room", 1, **room())
    line = county.merge(stranger.submit("room"))[0]
    assert (line.status, line.code) == ("refused", "unknown_key")
    assert county.rows("SELECT * FROM filed") == []


def test_fork_is_held_until_the_county_chooses(county, school, tmp_path):
    school.put("room", 1, **room(name="甲"))
    county.merge(school.submit("room"))
    twin = school.twin(tmp_path / "twin")
    school.put("room", 2, **room(name="本机"))
    twin.put("room", 3, **room(name="另一台"))
    here, there = school.submit("room"), twin.submit("room")
    county.merge(here)
    line = county.merge(there)[0]
    assert (line.status, line.code, line.place.differs) == ("held", "fork", 2)
    twin.put("room", 4, **room(name="另一台又报"))
    later = twin.submit("room")
    assert county.merge(later)[0].code == "fork"
    assert names(county) == ["甲", "本机"]
    assert [f.digest for f in forks.waiting(county.desk)] == twin.earlier[1:]
    with act(county.store, "fork", "选定", images=False) as a:
        choice = forks.choose(a, county.desk, twin.earlier[1])
    assert choice.excluded == (school.earlier[1],)
    assert names(county) == ["甲"]
    assert [x.status for x in retry_held(county.desk)] == ["merged", "merged"]
    assert names(county) == ["甲", "另一台", "另一台又报"]
    assert county.merge(here)[0].status == "refused"
    with act(county.store, "fork", "改选", images=False) as a:
        forks.choose(a, county.desk, school.earlier[1])
    retry_held(county.desk)
    assert names(county) == ["甲", "本机"]


def test_choosing_a_bundle_nobody_has_is_refused(county):
    with pytest.raises(RefusedError, match="没有收到过"), act(county.store, "fork", "选定", images=False) as a:
        forks.choose(a, county.desk, "0" * 64)


def test_revoked_key_takes_its_bundles_back(county, school):
    for n in (1, 2, 3):
        school.put("room", n, **room(name=f"第{n}包"))
        county.merge(school.submit("room"))
    with act(county.store, "revoke", "作废", images=False) as a:
        trust.revoke(a, county.desk, school.uid, 2)
    assert names(county) == ["第1包"]
    assert county.rows("SELECT position FROM chain") == [(1,)]
    school.put("room", 4, **room(name="第4包"))
    assert county.merge(school.submit("room"))[0].code == "revoked_key"
    assert names(county) == ["第1包"]


def test_retired_key_keeps_what_was_filed(county, school):
    school.put("room", 1, **room(name="甲"))
    county.merge(school.submit("room"))
    with act(county.store, "retire", "停用", images=False) as a:
        trust.retire(a, school.uid, 2)
    school.put("room", 1, name="乙")
    assert county.merge(school.submit("room"))[0].code == "retired_key"
    assert names(county) == ["甲"]
    assert trust.version(county.store) == 1


def test_reread_takes_in_what_a_newer_code_table_now_knows(county, school):
    school.put("room", 1, **room(name="甲", room_type="X7"))
    county.merge(school.submit("room"))
    assert names(county) == []
    table = county.catalogs.table("room_type")
    wider = county.catalogs.with_replacements(
        [replace(table, entries=(*table.entries, replace(table.entries[0], code="X7", label="新用途")))]
    )
    newer = type(county.desk)(
        county.store, county.desk.county, county.desk.keys, wider, county.personal, county.desk.today
    )
    with act(county.store, "reread", "重新读取", images=False) as a:
        rederive_school(newer, a, school.uid)
    assert names(county) == ["甲"]
    assert county.rows("SELECT * FROM quarantine") == []


def test_lost_archive_is_said_before_anything_is_touched(county, school):
    school.put("room", 1, **room(name="甲"))
    line = county.merge(school.submit("room"))[0]
    county.desk.filed_path(line.digest).unlink()
    before = state(county)
    with pytest.raises(WorldError, match="归档里缺 1 个"), act(county.store, "reread", "重新读取", images=False) as a:
        rederive_school(county.desk, a, school.uid)
    assert state(county) == before


def test_cancelling_keeps_whole_bundles_only(county, school):
    paths = []
    for n in (1, 2, 3):
        school.put("room", n, **room(name=f"第{n}包"))
        school.put("drill/2025", n, **required(DRILL, drill_date="2025-05"))
        paths.append(school.submit("room", "drill/2025"))
    asked = iter([False, False, False, False, True])
    desk = replace(county.desk, cancelled=lambda: next(asked, True))
    with pytest.raises(CancelledError):
        take_in(desk, paths)
    assert names(county) == ["第1包"]
    assert county.rows("SELECT count(*) FROM drill") == [(1,)]
    assert [x.status for x in county.merge(*paths)] == ["already", "merged", "merged"]


def test_damaged_copy_is_refused_and_the_whole_one_still_merges(county, school, tmp_path):
    school.put("room", 1, **room(name="甲"))
    good = school.submit("room")
    bad = tmp_path / "坏.edub"
    body = bytearray(good.read_bytes())
    body[-700] ^= 1
    bad.write_bytes(body)
    assert county.merge(bad)[0].code == "damaged"
    assert county.rows("SELECT * FROM filed") == []
    assert county.merge(good)[0].status == "merged"


def test_files_that_are_no_bundles_are_named_and_stop_nothing(county, school, tmp_path):
    school.put("room", 1, **room(name="甲"))
    school.submit("room")
    (tmp_path / "stick" / "x.edub").write_bytes(b"a letter, not a bundle" * 9)
    (tmp_path / "stick" / "y.edub").write_bytes(b"")
    lines = county.merge(tmp_path / "stick")
    assert [(x.path.name, x.status, x.code) for x in lines] == [
        ("0001-0f4241-001.edub", "merged", ""),
        ("x.edub", "refused", "not_a_bundle"),
        ("y.edub", "refused", "damaged"),
    ]
    assert county.merge(tmp_path / "nowhere.edub")[0].code == "missing"


def test_bundle_for_another_county_is_refused(county, school):
    school.put("room", 1, **room())
    assert county.merge(school.submit("room", county="610000"))[0].code == "wrong_county"


def test_slice_sealed_to_other_keys_is_refused_and_the_rest_merges(county, school):
    school.put("room", 1, **room(name="甲"))
    stranger = replace(county.desk, keys=())
    path = school.submit("room", silent=["equipment"])
    line = take_in(stranger, [path]).lines[0]
    assert (line.status, line.slices["room"].status, line.slices["room"].code) == ("merged", "refused", "cannot_open")
    with act(county.store, "reread", "重新读取", images=False) as a:
        rederive_school(county.desk, a, school.uid)
    assert names(county) == ["甲"]
