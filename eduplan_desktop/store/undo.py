"""Undo and redo: an act's images written back as a new act, only while every record still is what that act left (D10).

This session's last 50 acts. Acts without images (merges) and acts about the file as a whole are not offered.
"""

from collections.abc import Iterator
from typing import Final

from eduplan_desktop.errors import RefusedError
from eduplan_desktop.i18n import N_, _
from eduplan_desktop.store.acting import Act, Changes, act
from eduplan_desktop.store.connect import Store
from eduplan_desktop.store.images import OPEN, PHOTOS, State, load, unpack
from eduplan_desktop.store.parts import part_state, put_part
from eduplan_desktop.store.shape import Shape, shape_of

UNDONE_REASON: Final = "1"
"""录入错误 in the code table `gone_reason`: of a row whose creation was undone after its slice had been reported."""

_LONG: Final = 300
Image = tuple[str, str, str, str, State, State]
"""register, school, row id, part, before, after."""


def undo(store: Store) -> Changes | None:
    """Take back the newest act of this session; None where there is none. Raises RefusedError `undo_stale`."""
    return _replay(store, store.done, store.undone, back=True)


def redo(store: Store) -> Changes | None:
    """Do again what was undone last; None where there is nothing. Raises RefusedError `undo_stale`."""
    return _replay(store, store.undone, store.done, back=False)


def undo_label(store: Store) -> str | None:
    """What undo would take back, in Chinese, or None."""
    return _label(store, store.done)


def redo_label(store: Store) -> str | None:
    """What redo would do again, in Chinese, or None."""
    return _label(store, store.undone)


def _label(store: Store, stack: list[int]) -> str | None:
    if not stack:
        return None
    found = store.conn.execute("SELECT label FROM act WHERE seq = ?", (stack[-1],)).fetchone()
    return str(found[0]) if found else None


def _replay(store: Store, source: list[int], target: list[int], *, back: bool) -> Changes | None:
    if not source:
        return None
    seq, label = source[-1], _label(store, source) or ""
    words = (N_("撤销：") if back else N_("重做："), "undo" if back else "redo")
    try:
        with act(store, words[1], _(words[0]) + label) as a:
            a.undoes = seq
            for image in _images(a, seq, back):
                _write_back(a, image, back)
            changes = a.changes
            _forget_findings(a, changes)
    except RefusedError:
        source.remove(seq)
        raise
    source.remove(seq)  # another opening of the file may have written meanwhile
    target.append(seq)
    return changes


def step_from(store: Store, session: Store, *, back: bool) -> Changes | None:
    """Take back or do again, through this opening of the file, what was done through the one a person works in."""
    store.done, store.undone = session.done, session.undone
    return undo(store) if back else redo(store)


def step_is_long(store: Store, *, back: bool) -> bool:
    """Whether the next undo (back) or redo writes so many rows back that nobody should have to wait for it."""
    stack = store.done if back else store.undone
    if not stack:
        return False
    sql = "SELECT count(*) FROM change WHERE act = ? UNION ALL SELECT count(*) * 1000 FROM change_block WHERE act = ?"
    return sum(int(n) for (n,) in store.conn.execute(sql, (stack[-1], stack[-1]))) > _LONG


def _forget_findings(a: Act, changes: Changes) -> None:
    """Findings about records that are gone again would stay in every count of problems until the next check."""
    for name in changes.registers:
        a.conn.execute(
            "DELETE FROM finding WHERE register = ? AND id <> ''"
            f" AND NOT EXISTS (SELECT 1 FROM \"{shape_of(name).name}\" r WHERE r.school = '' AND r.id = finding.id)",
            (name,),
        )


def _images(a: Act, seq: int, back: bool) -> Iterator[Image]:
    """The images of an act, last first when going back; rows before their parts when going forward, and the reverse."""
    order = "DESC" if back else ""
    numbers = a.conn.execute(
        f"SELECT n, 0 FROM change WHERE act = ? UNION ALL SELECT n, 1 FROM change_block WHERE act = ? ORDER BY 1 {order}",
        (seq, seq),
    ).fetchall()
    for n, is_block in numbers:
        yield from _block(a, seq, n) if is_block else _single(a, seq, n)


def _single(a: Act, seq: int, n: int) -> Iterator[Image]:
    sql = "SELECT register, school, id, part, before, after FROM change WHERE act = ? AND n = ?"
    register, school, row_id, part, before, after = a.conn.execute(sql, (seq, n)).fetchone()
    yield register, school, row_id, part, load(before), load(after)


def _block(a: Act, seq: int, n: int) -> Iterator[Image]:
    sql = "SELECT register, school, body FROM change_block WHERE act = ? AND n = ?"
    register, school, body = a.conn.execute(sql, (seq, n)).fetchone()
    for row_id, before, after in unpack(body):
        yield register, school, row_id, OPEN, before, after


def _write_back(a: Act, image: Image, back: bool) -> None:
    register, school, row_id, part, before, after = image
    expected, wanted = (after, before) if back else (before, after)
    if part != OPEN:
        if part_state(a, register, school, row_id, part) != expected:
            raise _stale()
        if wanted is not None and part != PHOTOS and not _key_left(a, part, school, str(wanted["person"])):
            raise _stale()
        put_part(a, register, school, row_id, part, wanted)
        return
    shape = shape_of(register)
    if not _same(row_state(a, shape, school, row_id), expected):
        raise _stale()
    if wanted is None:
        wanted = _left_behind(a, shape, expected)
    write_state(a, shape, school, row_id, wanted)
    a.note(register, school, row_id, OPEN, expected, wanted)


def _same(found: State, expected: State) -> bool:
    """Equal, where a tombstone left by the undo of a creation counts as the nothing it stands for."""
    if expected is None and found is not None:
        return "gone" in found
    return found == expected


def _left_behind(a: Act, shape: Shape, was: State) -> State:
    """What the undo of a creation leaves: nothing, or a tombstone where the slice has been reported meanwhile."""
    year = was["row"].get("year") if was and "row" in was and shape.sliced else None
    name = shape.name if year is None else f"{shape.name}/{year}"
    reported = a.conn.execute("SELECT 1 FROM slice_mark WHERE slice = ?", (name,)).fetchone()
    return {"gone": UNDONE_REASON, "year": year} if reported else None


def _key_left(a: Act, compartment: str, school: str, person: str) -> bool:
    key = (compartment, school, person)
    sql = "SELECT 1 FROM person_key WHERE compartment = ? AND school = ? AND person = ?"
    return a.conn.execute(sql, key).fetchone() is not None


def _stale() -> RefusedError:
    return RefusedError(
        "undo_stale", _("这一步之后记录又有改动，不能整步撤销。"), _("请打开该记录的历史，按需要逐项改回。")
    )


def row_state(a: Act, shape: Shape, school: str, row_id: str) -> State:
    """The state of an open row: live, tombstone or None."""
    values = a.conn.execute(shape.select, (school, row_id)).fetchone()
    if values is not None:
        return {"row": {c: v for c, v in zip(shape.columns, values, strict=True) if v is not None}}
    found = a.conn.execute(
        "SELECT reason, year FROM gone WHERE register = ? AND school = ? AND id = ?", (shape.name, school, row_id)
    ).fetchone()
    return None if found is None else {"gone": found[0], "year": found[1]}


def write_state(a: Act, shape: Shape, school: str, row_id: str, state: State) -> None:
    """Make the open row what `state` says."""
    key = (shape.name, school, row_id)
    a.conn.execute("DELETE FROM gone WHERE register = ? AND school = ? AND id = ?", key)
    if state is not None and "row" in state:
        values = [state["row"].get(c) for c in shape.columns]
        line = (*values, shape.search(values), a.seq, school, row_id)
        if a.conn.execute(shape.update, line).rowcount == 0:
            a.conn.execute(shape.insert, line)
        return
    a.conn.execute(shape.delete, (school, row_id))
    if state is not None:
        a.conn.execute("INSERT INTO gone VALUES (?, ?, ?, ?, ?, ?)", (*key, state["year"], state["gone"], a.seq))
