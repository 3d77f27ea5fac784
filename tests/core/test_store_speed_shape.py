"""What keeps the store quick and small whatever a machine's speed: few statements a save, bounded memory, one path for one and many."""

import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eduplan_desktop.registers.catalog import register
from eduplan_desktop.store import journal, rows
from eduplan_desktop.store.connect import Store
from eduplan_desktop.store.journal import act
from tests.core.store_tools import content, filled, new_file, put, world

ROOM, HAZARD = register("room"), register("hazard")


def statements_of(store: Store, row: dict[str, object]) -> list[str]:
    """The SQL one save of one row runs."""
    seen: list[str] = []
    store.conn.set_trace_callback(seen.append)
    put(store, ROOM, row)  # type: ignore[arg-type]
    store.conn.set_trace_callback(None)
    return seen


def test_a_save_is_one_transaction_of_few_statements(tmp_path: Path) -> None:
    with new_file(tmp_path) as store:
        new = {"id": rows.new_id(store), "name": "甲"}
        for row in (new, {**new, "name": "乙"}):
            seen = statements_of(store, row)
            assert len(seen) <= 12
            assert [s for s in seen if s.startswith(("BEGIN", "COMMIT"))] == ["BEGIN IMMEDIATE", "COMMIT"]


def test_an_import_does_not_hold_what_it_wrote(tmp_path: Path) -> None:
    peaks = []
    with new_file(tmp_path) as store:
        store.conn.execute("PRAGMA synchronous = OFF")
        for size in (3000, 12_000):
            tracemalloc.start()
            with act(store, "import", "导入") as a:
                rows.save_many(a, ROOM, ({"id": rows.new_id(store), "name": f"教室{i}"} for i in range(size)))
            peaks.append(tracemalloc.get_traced_memory()[1])
            tracemalloc.stop()
    assert peaks[1] < peaks[0] * 2 + 16 * 2**20


@settings(max_examples=25)
@given(st.lists(st.tuples(st.integers(0, 8), st.sampled_from(("甲", "乙", None))), max_size=12))
def test_one_by_one_or_all_at_once_is_the_same(
    tmp_path_factory: pytest.TempPathFactory, edits: list[tuple[int, str | None]]
) -> None:
    wanted = {f"r{which}": {"id": f"r{which}", "year": 2025, "place": value} for which, value in edits}
    found = []
    for many in (False, True):
        with new_file(tmp_path_factory.mktemp("same"), env=world(seed=4)) as store:
            store.conn.execute("PRAGMA synchronous = OFF")
            put(store, HAZARD, {**filled(store, HAZARD, 2), "id": "r1"})
            with act(store, "remove", "删除") as a:
                rows.remove(a, HAZARD, "r1", "1")
            with act(store, "edit", "改") as a:
                if many:
                    rows.save_many(a, HAZARD, wanted.values())
                else:
                    for row in wanted.values():
                        rows.save(a, HAZARD, row)
            assert journal.verify_records(store) == []
            found.append(content(store))
    assert found[0] == found[1]
