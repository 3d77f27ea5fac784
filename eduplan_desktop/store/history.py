"""What became of one record: every act that touched it, single or inside a block, with who, when, before and after."""

from collections.abc import Iterator
from dataclasses import dataclass

from eduplan_desktop.registers.model import Row
from eduplan_desktop.store.connect import Store
from eduplan_desktop.store.images import OPEN, State, load, unpack
from eduplan_desktop.store.shape import Shape, shape_of


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One change of a record. act: number; made: moment, information only; name/label: of the act; who: as claimed.

    part: "" for the open fields, a compartment for its sealed half (values stay sealed), "photos". before/after: the open row,
    None where it did not exist; reason: of a tombstone, else "".
    """

    act: int
    made: str
    who: str
    name: str
    label: str
    part: str
    before: Row | None
    after: Row | None
    reason: str


def history(store: Store, register: str, row_id: str, school: str = "") -> list[HistoryEntry]:
    """Every change of one record, oldest first."""
    shape = shape_of(register)
    found = [*_single(store, register, row_id, school), *_in_blocks(store, register, row_id, school)]
    found.sort(key=lambda change: change[0])
    return [_entry(store, shape, row_id, *change) for change in found]


_Change = tuple[tuple[int, int], str, State, State]


def _single(store: Store, register: str, row_id: str, school: str) -> Iterator[_Change]:
    sql = "SELECT act, n, part, before, after FROM change WHERE id = ? AND register = ? AND school = ?"
    for seq, n, part, before, after in store.conn.execute(sql, (row_id, register, school)):
        yield (seq, n), part, load(before), load(after)


def _in_blocks(store: Store, register: str, row_id: str, school: str) -> Iterator[_Change]:
    sql = "SELECT act, n, body FROM change_block WHERE register = ? AND school = ? AND low <= ? AND high >= ?"
    for seq, n, body in store.conn.execute(sql, (register, school, row_id, row_id)):
        for one, before, after in unpack(body):
            if one == row_id:
                yield (seq, n), OPEN, before, after


def _entry(
    store: Store, shape: Shape, row_id: str, place: tuple[int, int], part: str, before: State, after: State
) -> HistoryEntry:
    sql = "SELECT made, who, name, label FROM act WHERE seq = ?"
    made, who, name, label = store.conn.execute(sql, (place[0],)).fetchone()
    reason = str(after.get("gone", "")) if after and part == OPEN else ""
    rows = [_row(shape, row_id, state) if part == OPEN else None for state in (before, after)]
    return HistoryEntry(place[0], made, who, name, label, part, rows[0], rows[1], reason)


def _row(shape: Shape, row_id: str, state: State) -> Row | None:
    if state is None or "row" not in state:
        return None
    return shape.as_row(row_id, (state["row"].get(c) for c in shape.columns))
