"""The journal: whole acts, a chain nothing can leave, undo that restores or refuses, the history of a record."""

import hashlib
import itertools
import json
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eduplan_desktop.errors import RefusedError
from eduplan_desktop.registers.catalog import register
from eduplan_desktop.registers.check import message
from eduplan_desktop.store import chain, journal, rows
from eduplan_desktop.store.connect import Store
from eduplan_desktop.store.images import pack, unpack
from eduplan_desktop.store.journal import act
from tests.core.store_tools import content, filled, new_file, put, world

ROOM, HAZARD = register("room"), register("hazard")


def sound(store: Store) -> bool:
    """Whether journal and records agree."""
    return journal.verify_chain(store) == [] and journal.verify_records(store) == []


def failing_act(store: Store) -> None:
    """An act that writes in every way and then fails."""
    with act(store, "x", "x") as a:
        rows.save(a, ROOM, filled(store, ROOM))
        rows.save_many(a, ROOM, [filled(store, ROOM) for _ in range(1200)])
        a.set_meta("k", "v")
        raise LookupError


def test_an_act_that_fails_leaves_nothing(tmp_path: Path) -> None:
    with new_file(tmp_path) as store:
        with pytest.raises(LookupError):
            failing_act(store)
        assert rows.count(store, ROOM) == 0
        assert store.meta("k") == ""
        assert journal.head(store) == chain.FIRST
        assert journal.undo_label(store) is None
        put(store, ROOM, filled(store, ROOM))
        assert sound(store)


def test_an_act_says_who_what_and_in_which_order(tmp_path: Path) -> None:
    with new_file(tmp_path) as store:
        with act(store, "room.save", "保存房间", detail={"n": 1}) as a:
            rows.save(a, ROOM, filled(store, ROOM))
            assert (a.seq, a.changes.act) == (1, 1)
        found = store.conn.execute("SELECT seq, name, label, who, made, detail, prev FROM act").fetchone()
        assert found == (1, "room.save", "保存房间", "王老师", "2026-03-02T08:00:00Z", '{"n":1}', chain.FIRST)
        assert journal.length(store) == 1


def test_the_chain_can_be_recomputed_by_a_stranger(tmp_path: Path) -> None:
    with new_file(tmp_path) as store:
        put(store, ROOM, {"id": "a", "name": "甲"})
        put(store, ROOM, {"id": "a", "name": "乙"})
        prev = "0" * 64
        for seq in (1, 2):
            act_row = store.conn.execute("SELECT * FROM act WHERE seq = ?", (seq,)).fetchone()
            change = store.conn.execute(
                "SELECT n, register, school, id, part, before, after FROM change WHERE act = ?", (seq,)
            )
            line = json.dumps(list(change.fetchone()), ensure_ascii=False, separators=(",", ":")) + "\n"
            digest = hashlib.sha256(line.encode()).hexdigest()
            said = json.dumps([*act_row[:7], digest], ensure_ascii=False, separators=(",", ":")) + "\n"
            prev = hashlib.sha256((prev + "\n" + said).encode()).hexdigest()
        assert prev == journal.head(store)


def test_acts_do_not_nest(tmp_path: Path) -> None:
    with new_file(tmp_path) as store:
        with act(store, "a", "a") as a:
            rows.save(a, ROOM, {"id": "x", "name": "甲"})
            with pytest.raises(RuntimeError, match="still open"), act(store, "b", "b"):
                raise AssertionError("nested")
        assert rows.count(store, ROOM) == 1


def test_facts_about_the_file_are_acts_too(tmp_path: Path) -> None:
    with new_file(tmp_path) as store:
        with act(store, "join", "加入") as a:
            a.set_meta("county_code", "530100")
        assert store.meta("county_code") == "530100"
        with act(store, "join", "加入") as a:
            a.set_meta("county_code", "")
        assert store.meta("county_code", "none") == "none"
        assert journal.length(store) == 2
        assert journal.undo(store) is None


def test_an_act_that_changes_nothing_leaves_no_trace(tmp_path: Path) -> None:
    with new_file(tmp_path) as store:
        with act(store, "look", "看"):
            pass
        with act(store, "check", "检查", trace=False) as a:
            a.conn.execute("INSERT INTO finding VALUES ('room', 'x', '', 'c', 'error', '{}')")
        assert journal.length(store) == 0
        assert store.conn.execute("SELECT count(*) FROM finding").fetchone() == (1,)


def test_a_merge_is_one_act_without_images(tmp_path: Path) -> None:
    with new_file(tmp_path, "county") as store:
        put(store, ROOM, {"id": "a", "name": "甲"}, "s")
        with act(store, "merge", "合并", images=False, detail={"digest": "d", "counts": {"new": 2}}) as a:
            a.conn.execute(
                "INSERT INTO room (school, id, name, search, act) VALUES ('s', 'b', '乙', '乙', ?)", (a.seq,)
            )
            rows.save(a, ROOM, {"id": "a", "name": "丙"}, school="s")
            a.touch("room")
            assert a.changes.registers == ("room",)
            assert a.changes.ids == ()
        assert store.conn.execute("SELECT count(*) FROM change").fetchone() == (1,)
        assert journal.verify_chain(store) == []
        with pytest.raises(RefusedError) as caught:
            journal.undo(store)  # the act before it: its row is not what it left
        assert caught.value.code == "undo_stale"
        assert rows.count(store, ROOM, school="s") == 2
        assert journal.undo(store) is None


def test_undo_and_redo_in_order(tmp_path: Path) -> None:
    with new_file(tmp_path) as store:
        states = [content(store)]
        row = filled(store, HAZARD, 1)
        many = [filled(store, ROOM, i) for i in range(1500)]
        steps: list[Any] = [
            lambda a: rows.save(a, HAZARD, row),
            lambda a: rows.save(a, HAZARD, {"id": row["id"], "place": "锅炉房"}),
            lambda a: rows.save_many(a, ROOM, many),
            lambda a: rows.save_many(a, ROOM, [{"id": r["id"], "name": "改"} for r in many[200:1400]]),
            lambda a: [rows.remove(a, ROOM, str(r["id"]), "2") for r in many[:30]],
            lambda a: rows.remove(a, HAZARD, str(row["id"]), "1"),
        ]
        for number, step in enumerate(steps):
            with act(store, f"step{number}", f"第{number}步") as a:
                step(a)
            states.append(content(store))
        for number in reversed(range(len(steps))):
            assert journal.undo_label(store) == f"第{number}步"
            changes = journal.undo(store)
            assert changes is not None
            assert content(store) == states[number]
        assert journal.undo(store) is None
        for number in range(len(steps)):
            assert journal.redo_label(store) == f"第{number}步"
            assert journal.redo(store) is not None
            assert content(store) == states[number + 1]
        assert journal.redo(store) is None
        assert sound(store)
        assert journal.length(store) == 3 * len(steps)


def test_a_new_act_ends_redo(tmp_path: Path) -> None:
    with new_file(tmp_path) as store:
        put(store, ROOM, {"id": "a", "name": "甲"})
        journal.undo(store)
        put(store, ROOM, {"id": "b", "name": "乙"})
        assert journal.redo(store) is None
        assert journal.redo_label(store) is None


def test_undo_of_a_reported_row_leaves_a_tombstone(tmp_path: Path) -> None:
    with new_file(tmp_path) as store:
        row = filled(store, HAZARD)
        put(store, HAZARD, row)
        before = content(store)
        store.conn.execute("INSERT INTO slice_mark VALUES ('hazard/2025', 1, 'x', 0)")
        journal.undo(store)
        assert [row_id for row_id, _reason in rows.tombstones(store, HAZARD)] == [row["id"]]
        assert sound(store)
        journal.redo(store)
        assert content(store) == before
        journal.undo(store)
        assert rows.count(store, HAZARD) == 0


def test_undo_reaches_back_fifty_acts_of_this_session(tmp_path: Path) -> None:
    with new_file(tmp_path) as store:
        for number in range(60):
            put(store, ROOM, {"id": "a", "name": f"第{number}"})
        done = 0
        while journal.undo(store):
            done += 1
        assert done == 50
        assert rows.get(store, ROOM, "a")["name"] == "第9"  # type: ignore[index]


def test_acts_not_to_be_undone_bar_the_way(tmp_path: Path) -> None:
    with new_file(tmp_path) as store:
        put(store, ROOM, {"id": "a", "name": "甲"})
        with act(store, "receipt", "读回执", undoable=False) as a:
            rows.save(a, ROOM, {"id": "b", "name": "乙"})
        assert journal.undo_label(store) is None
        assert journal.undo(store) is None
        assert rows.count(store, ROOM) == 2


def test_history_of_single_and_imported_changes(tmp_path: Path) -> None:
    with new_file(tmp_path) as store:
        many = [{"id": rows.new_id(store), "name": f"教室{i}"} for i in range(2100)]
        with act(store, "import", "导入") as a:
            rows.save_many(a, ROOM, many)
        target = str(many[1500]["id"])
        put(store, ROOM, {"id": target, "name": "改名"})
        with act(store, "room.remove", "删除") as a:
            rows.remove(a, ROOM, target, "2")
        journal.undo(store)
        found = journal.history(store, "room", target)
        named = [(e.label, e.before and e.before["name"], e.after and e.after["name"], e.reason) for e in found]
        assert named == [
            ("导入", None, "教室1500", ""),
            ("保存", "教室1500", "改名", ""),
            ("删除", "改名", None, "2"),
            ("撤销：删除", None, "改名", ""),
        ]
        assert {e.who for e in found} == {"王老师"}
        assert journal.history(store, "room", "nobody") == []
        assert journal.history(store, "staff", target) == []


TAMPERING = [
    "UPDATE act SET label = 'x' WHERE seq = 2",
    "UPDATE act SET who = '别人' WHERE seq = 2",
    "UPDATE act SET made = '2001-01-01T00:00:00Z' WHERE seq = 2",
    "UPDATE act SET detail = '{}' WHERE seq = 2",
    "UPDATE act SET digest = prev WHERE seq = 2",
    "DELETE FROM act WHERE seq = 2",
    "DELETE FROM act WHERE seq = 1",
    "DELETE FROM change WHERE act = 2",
    "UPDATE change SET after = replace(after, '改', '坏') WHERE act = 2",
    "UPDATE change SET before = NULL WHERE act = 2",
    "UPDATE change SET id = 'other' WHERE act = 2",
    "UPDATE change_block SET rows = 1 WHERE act = 1",
    "UPDATE change_block SET body = (SELECT body FROM change_block WHERE n = 2) WHERE n = 1",
    "DELETE FROM change_block WHERE n = 2",
    "INSERT INTO change VALUES (9, 1, 'room', '', 'x', '', NULL, '{}')",
]


@pytest.mark.parametrize("sql", TAMPERING)
def test_tampering_breaks_the_chain(tmp_path: Path, sql: str) -> None:
    with new_file(tmp_path) as store:
        many = [{"id": rows.new_id(store), "name": f"教室{i}"} for i in range(1100)]
        with act(store, "import", "导入") as a:
            rows.save_many(a, ROOM, many)
        put(store, ROOM, {"id": many[0]["id"], "name": "改"})
        put(store, ROOM, {"id": many[1]["id"], "name": "改"})
        assert sound(store)
        store.conn.execute(sql)
        found = journal.verify_chain(store)
        assert found
        assert all("第" in message(problem) for problem in found)


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE room SET name = '坏' WHERE id = 'a'",
        "DELETE FROM room WHERE id = 'a'",
        "INSERT INTO room (school, id, name, search, act) VALUES ('', 'z', 'x', 'x', 1)",
        "DELETE FROM gone",
        "UPDATE gone SET reason = '9'",
        "INSERT INTO gone VALUES ('room', '', 'z', NULL, '1', 1)",
    ],
)
def test_a_record_changed_behind_the_journal_is_found(tmp_path: Path, sql: str) -> None:
    with new_file(tmp_path) as store:
        put(store, ROOM, {"id": "a", "name": "甲"})
        put(store, ROOM, {"id": "b", "name": "乙"})
        with act(store, "x", "x") as a:
            rows.remove(a, ROOM, "b", "1")
        assert sound(store)
        store.conn.execute(sql)
        found = journal.verify_records(store)
        assert [problem.code for problem in found] == ["journal_differs"]
        assert message(found[0])


def test_blocks_refuse_what_is_none(tmp_path: Path) -> None:
    body = pack(("name",), [("a", None, ("甲",)), ("b", {"row": {"name": "旧"}}, (None,))])
    assert list(unpack(body)) == [("a", None, {"row": {"name": "甲"}}), ("b", {"row": {"name": "旧"}}, {"row": {}})]
    for bad in (b"", body[:-5], b"xyz", body[2:]):
        with pytest.raises(ValueError, match="block of the journal"):
            list(unpack(bad))


ACTION = st.one_of(
    st.tuples(st.just("save"), st.integers(0, 5), st.integers(0, 3)),
    st.tuples(st.just("remove"), st.integers(0, 5), st.just(0)),
    st.tuples(st.just("many"), st.integers(0, 5), st.integers(0, 3)),
    st.tuples(st.just("undo"), st.just(0), st.just(0)),
    st.tuples(st.just("redo"), st.just(0), st.just(0)),
    st.tuples(st.just("fail"), st.integers(0, 5), st.just(0)),
)


class Model:
    """What the file should hold: a stack of contents, and where undo stands in it."""

    def __init__(self, store: Store):
        self.store = store
        self.past: list[Any] = []
        self.now = content(store)
        self.future: list[Any] = []

    def wrote(self) -> None:
        found = content(self.store)
        if found != self.now:
            self.past.append(self.now)
            self.future.clear()
            self.now = found

    def step(self, back: bool) -> None:
        source, target = (self.past, self.future) if back else (self.future, self.past)
        changes = journal.undo(self.store) if back else journal.redo(self.store)
        assert (changes is None) == (not source)
        if source:
            target.append(self.now)
            self.now = source.pop()
        assert content(self.store) == self.now


def perform(model: Model, kind: str, which: int, value: int) -> None:
    store, row = model.store, {"id": f"row{which}", "year": 2025, "place": f"值{value}", "cost": value or None}
    if kind in ("undo", "redo"):
        model.step(kind == "undo")
        return
    try:
        with act(store, kind, kind) as a:
            if kind == "save":
                rows.save(a, HAZARD, row)
            elif kind == "remove":
                rows.remove(a, HAZARD, f"row{which}", "1")
            else:
                rows.save_many(a, HAZARD, [row, {**row, "id": f"row{(which + 1) % 6}"}])
            if kind == "fail":
                raise LookupError
    except LookupError:
        assert content(store) == model.now
    model.wrote()


@settings(max_examples=40)
@given(st.lists(ACTION, max_size=25))
def test_any_sequence_keeps_the_chain_and_undo_restores(
    tmp_path_factory: pytest.TempPathFactory, actions: list[Any]
) -> None:
    folder = tmp_path_factory.mktemp("machine")
    with new_file(folder, env=world(seed=1)) as store:
        store.conn.execute("PRAGMA synchronous = OFF")
        model = Model(store)
        for kind, which, value in actions:
            perform(model, kind, which, value)
        assert sound(store)
        for row_id in (f"row{i}" for i in range(6)):
            entries = journal.history(store, "hazard", row_id)
            assert all(x.after == y.before for x, y in itertools.pairwise(entries))
            assert (entries[-1].after if entries else None) == rows.get(store, HAZARD, row_id)


def test_reading_a_broken_page_says_damaged(tmp_path: Path) -> None:
    store = new_file(tmp_path)
    for i in range(300):
        put(store, ROOM, filled(store, ROOM, i))
    store.close()
    raw = sqlite3.connect(store.path)
    root = raw.execute("SELECT rootpage FROM sqlite_master WHERE name = 'change'").fetchone()[0]
    raw.close()
    body = bytearray(store.path.read_bytes())
    body[(root - 1) * 4096 : (root - 1) * 4096 + 8] = b"\xff" * 8
    store.path.write_bytes(body)
    from eduplan_desktop.errors import StoreError
    from eduplan_desktop.store.connect import open_store
    from tests.core.store_tools import fixed

    with pytest.raises(StoreError) as caught:
        open_store(store.path, world(), probe=fixed)
    assert caught.value.code == "damaged"
