"""Records: what is written is what is read, nothing unknown or sealed gets into a table, imports count exactly."""

import json
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eduplan_desktop.registers.catalog import REGISTERS, register
from eduplan_desktop.registers.model import Register, SliceBy
from eduplan_desktop.registers.text import fold
from eduplan_desktop.store import journal, rows
from eduplan_desktop.store.ids import UUID7, next_id
from eduplan_desktop.store.journal import act
from eduplan_desktop.store.shape import shape_of
from tests.core.store_tools import NAMES, filled, new_file, put

ROOM, STAFF, HAZARD = register("room"), register("staff"), register("hazard")
VECTORS = Path(__file__).resolve().parent.parent / "vectors" / "ids.json"


@pytest.mark.parametrize("one", REGISTERS, ids=lambda r: r.name)
@pytest.mark.parametrize("school", ["", "01900000-0000-7000-8000-000000000001"])
def test_a_row_comes_back_as_it_went_in(tmp_path: Path, one: Register, school: str) -> None:
    with new_file(tmp_path, "county" if school else "school") as store:
        row = filled(store, one, 3)
        put(store, one, row, school)
        assert rows.get(store, one, str(row["id"]), school=school) == row
        assert rows.get(store, one.name, str(row["id"]), school=school) == row
        assert rows.get(store, one, str(row["id"]), school="other") is None
        assert list(rows.scan(store, one, school=school)) == [row]
        assert list(rows.scan_all(store, one)) == [(school, row)]
        assert rows.count(store, one, school=None) == 1
        assert rows.years(store, one, school) == ([] if one.slice_by is SliceBy.WHOLE else [2025])


@pytest.mark.parametrize("name", NAMES)
def test_every_name_is_stored_and_found(tmp_path: Path, name: str) -> None:
    with new_file(tmp_path) as store:
        put(store, STAFF, {"id": rows.new_id(store), "name": name})
        ((_school, _id, text),) = rows.index(store, STAFF, "")
        assert next(rows.scan(store, STAFF))["name"] == name
        assert fold(name) in text
        assert text == rows.search_of(STAFF, {"name": name})


def test_a_partial_row_keeps_the_rest(tmp_path: Path) -> None:
    with new_file(tmp_path) as store:
        row = filled(store, ROOM)
        put(store, ROOM, row)
        put(store, ROOM, {"id": row["id"], "remark": None, "name": "改名"})
        assert rows.get(store, ROOM, str(row["id"])) == {**row, "name": "改名", "remark": None}


def test_saving_what_is_stored_is_no_change(tmp_path: Path) -> None:
    with new_file(tmp_path) as store:
        row = filled(store, ROOM)
        put(store, ROOM, row)
        before = journal.head(store)
        with act(store, "room.save", "保存") as a:
            assert not rows.save(a, ROOM, row)
            assert rows.save_many(a, ROOM, [row]) == 0
            assert a.changes.ids == ()
        assert journal.head(store) == before


@pytest.mark.parametrize(
    ("one", "values", "why"),
    [
        (ROOM, {"colour": "red"}, "unknown field of room: colour"),
        (ROOM, {"search": "x"}, "unknown field of room: search"),
        (ROOM, {"act": 1}, "unknown field of room: act"),
        (ROOM, {"year": 2025}, "unknown field of room: year"),
        (STAFF, {"id_number": "11010119900307851X"}, "sealed field of staff: id_number"),
        (ROOM, {"name": ""}, "empty string"),
        (HAZARD, {"place": "x"}, "needs its year"),
    ],
)
def test_bugs_of_a_caller_are_raised_and_change_nothing(
    tmp_path: Path, one: Register, values: dict[str, object], why: str
) -> None:
    with new_file(tmp_path) as store:
        row = {"id": rows.new_id(store), **values}
        for write in (rows.save, lambda a, r, x: rows.save_many(a, r, [filled(store, one), x])):
            with pytest.raises(ValueError, match=why), act(store, "x", "x") as a:
                write(a, one, row)  # type: ignore[operator]
        assert rows.count(store, one) == 0
        assert journal.length(store) == 0


def test_an_unknown_register(tmp_path: Path) -> None:
    with new_file(tmp_path) as store, pytest.raises(KeyError), act(store, "x", "x") as a:
        rows.save(a, "meta", {"id": "x"})


def test_the_year_of_a_row_is_fixed(tmp_path: Path) -> None:
    with new_file(tmp_path) as store:
        row = filled(store, HAZARD)
        put(store, HAZARD, row)
        with pytest.raises(ValueError, match="cannot change"):
            put(store, HAZARD, {**row, "year": 2026})
        put(store, HAZARD, {"id": row["id"], "place": "锅炉房"})
        assert rows.get(store, HAZARD, str(row["id"]))["year"] == 2025  # type: ignore[index]


def test_a_tombstone_says_why_and_goes_when_the_row_comes_back(tmp_path: Path) -> None:
    with new_file(tmp_path) as store:
        kept, gone = filled(store, HAZARD, 1), filled(store, HAZARD, 2)
        put(store, HAZARD, kept)
        put(store, HAZARD, gone)
        with act(store, "hazard.remove", "删除") as a:
            assert rows.remove(a, HAZARD, str(gone["id"]), "2")
            assert not rows.remove(a, HAZARD, "nobody", "2")
        assert list(rows.tombstones(store, HAZARD)) == [(gone["id"], "2")]
        assert list(rows.tombstones(store, HAZARD, year=2025)) == [(gone["id"], "2")]
        assert list(rows.tombstones(store, HAZARD, year=2024)) == []
        assert list(rows.tombstones(store, ROOM)) == []
        with act(store, "hazard.remove", "删除") as a:
            rows.remove(a, HAZARD, str(kept["id"]), "1")
        assert rows.years(store, HAZARD) == [2025]
        with act(store, "x", "x") as a:
            rows.save_many(a, HAZARD, [gone])
            rows.save(a, HAZARD, kept)
        assert list(rows.tombstones(store, HAZARD)) == []
        assert journal.verify_records(store) == []


def test_slices_by_year(tmp_path: Path) -> None:
    with new_file(tmp_path) as store:
        for year in (2026, 2024, 2025):
            put(store, HAZARD, {"id": rows.new_id(store), "year": year, "place": str(year)})
        assert rows.years(store, HAZARD) == [2024, 2025, 2026]
        assert [row["place"] for row in rows.scan(store, HAZARD, year=2025)] == ["2025"]
        assert rows.count(store, HAZARD, year=2023) == 0


def test_an_import_counts_new_changed_and_unchanged(tmp_path: Path) -> None:
    with new_file(tmp_path) as store:
        first = [filled(store, ROOM, i) for i in range(2500)]
        with act(store, "import", "导入") as a:
            assert rows.save_many(a, ROOM, iter(first)) == 2500
            assert a.changes.registers == ("room",)
            assert a.changes.ids == ()  # more than anyone wants named
        second = [{**row, "name": f"改{i}"} for i, row in enumerate(first[:300])]
        new = [filled(store, ROOM, i) for i in range(7)]
        with act(store, "import", "导入") as a:
            assert rows.save_many(a, ROOM, [*first[1000:2000], *new, *second]) == 307
            assert len(a.changes.ids) == 307
        assert rows.count(store, ROOM) == 2507
        assert list(rows.scan(store, ROOM)) == sorted([*second, *first[300:], *new], key=lambda r: str(r["id"]))
        assert [t for _s, _i, t in rows.index(store, ROOM)] == [rows.search_of(ROOM, r) for r in rows.scan(store, ROOM)]


def test_a_row_twice_in_one_block_is_a_bug(tmp_path: Path) -> None:
    with new_file(tmp_path) as store, pytest.raises(ValueError, match="twice"), act(store, "x", "x") as a:
        rows.save_many(a, ROOM, [{"id": "a", "name": "x"}, {"id": "a", "name": "y"}])


def test_schools_of_a_county_do_not_mix(tmp_path: Path) -> None:
    with new_file(tmp_path, "county") as store:
        for school in ("s1", "s2"):
            put(store, ROOM, {"id": "r", "name": f"{school} 的教室"}, school)
        with act(store, "x", "x") as a:
            rows.remove(a, ROOM, "r", "1", school="s1")
        assert [(s, i) for s, i, _t in rows.index(store, ROOM)] == [("s2", "r")]
        assert list(rows.tombstones(store, ROOM, school="s1")) == [("r", "1")]
        assert list(rows.tombstones(store, ROOM, school="s2")) == []


def test_shapes_know_sealed_fields() -> None:
    assert "id_number" in shape_of(STAFF).sealed
    assert "id_number" not in shape_of(STAFF).columns


def test_ids_of_the_vectors() -> None:
    for case in json.loads(VECTORS.read_text(encoding="utf-8"))["next"]:
        for random in (os.urandom, bytes, lambda n: b"\xff" * n):
            found = next_id(case["clock_ms"], case["last"], random)
            assert found > case["last"]
            assert found.startswith(case["time"])
            assert UUID7().fullmatch(found)


@given(st.lists(st.integers(-(10**13), 10**15), max_size=30), st.integers(0, 2**32))
def test_ids_only_rise_whatever_the_clock_says(clocks: list[int], seed: int) -> None:
    import random

    last = ""
    for clock in clocks:
        found = next_id(clock, last, random.Random(seed).randbytes)
        assert found > last
        assert UUID7().fullmatch(found)
        last = found
