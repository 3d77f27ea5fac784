"""Merging real bundles: what becomes of rows, and that it depends on the filed set alone."""

import pytest

from eduplan_desktop.registers.catalog import register
from tests.merge_world import DAY, County, School, required, state, uid

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
    assert county.rows("SELECT id, name, area, act FROM room WHERE school = ? ORDER BY id LIMIT 1", school.uid)[0][:3] == (
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
