"""A block of cells pasted into a register's table: read by the fields it lands in, then stored in one act.

Lines = changed + new + unchanged + refused, always; every cell and line left out is named with its reason.
"""

import csv
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from io import StringIO
from typing import Final

from eduplan_desktop.acts import importing, records
from eduplan_desktop.acts.checks import FileContext, Progress, never, no_progress
from eduplan_desktop.acts.session import Session
from eduplan_desktop.errors import CancelledError, RefusedError
from eduplan_desktop.i18n import _
from eduplan_desktop.problems import Problem
from eduplan_desktop.registers.check import check_register, check_row
from eduplan_desktop.registers.kinds import is_masked, parse
from eduplan_desktop.registers.messages import message
from eduplan_desktop.registers.model import Field, Kind, Register, Row, Value
from eduplan_desktop.registers.text import fold
from eduplan_desktop.store import rows, shelf
from eduplan_desktop.store.journal import Act, Changes, act

Cancelled = Callable[[], bool]
CHECKED_SINGLY: Final = 200
"""Rows up to which each is checked for itself; above that the whole register is looked at once."""
_STEP: Final = 100


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A cell that was not taken, or with an empty label a whole line. line: in the block, from 1."""

    line: int
    label: str
    why: str


@dataclass(slots=True)
class PastePlan:
    """What a paste would do; nothing is written yet. changed: id and the new values; added: whole records."""

    register: Register
    lines: int = 0
    changed: list[Row] = field(default_factory=list)
    added: list[Row] = field(default_factory=list)
    unchanged: int = 0
    refused: int = 0
    left_out: list[LeftOut] = field(default_factory=list)
    moved: list[Row] = field(default_factory=list)
    """Whole records whose date leaves their year: they get a new id (D1)."""

    @property
    def writes(self) -> int:
        """Records that would be written."""
        return len(self.changed) + len(self.moved) + len(self.added)


def cells_of(text: str) -> list[list[str]]:
    """The cells of a clipboard's text. A spreadsheet quotes cells that hold a line break, a tab or a quote."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").rstrip("\n")
    if text.count('"') % 2:
        return [line.split("\t") for line in text.split("\n")]
    return [line or [""] for line in csv.reader(StringIO(text, newline=""), delimiter="\t")]


def look(
    session: Session,
    register: Register,
    text: str,
    fields: Sequence[str],
    ids: Sequence[str],
    progress: Progress = no_progress,
    cancelled: Cancelled = never,
) -> PastePlan:
    """Read a block. fields: where its cells land, left to right; ids: the rows its lines land on, further lines are new records."""
    block = cells_of(text)
    reader = _Reader(session, register, [register.by_name[name] for name in fields])
    plan = PastePlan(register, len(block))
    for number, line in enumerate(block, 1):
        if number % _STEP == 0:
            _step(progress, cancelled, number, len(block), _("正在核对每一格"))
        values = reader.read(plan, number, line)
        if values is None:
            plan.refused += 1
        elif number <= len(ids):
            _change(session, plan, number, ids[number - 1], values)
        elif any(value is not None for value in values.values()):
            _add(session, plan, number, values)
        else:
            plan.unchanged += 1
    return plan


def _step(progress: Progress, cancelled: Cancelled, done: int, total: int, words: str) -> None:
    progress(done, total, words)
    if cancelled():
        raise CancelledError


class _Reader:
    """Reads cells of the fields a block lands in; the same words are read once."""

    def __init__(self, session: Session, register: Register, fields: Sequence[Field]) -> None:
        self._catalogs = session.catalogs
        self._fields = fields
        linked = any(f.kind is Kind.LINK for f in fields)
        self._links = importing.links(session, register, {}) if linked else {}
        self._read: dict[tuple[str, str], tuple[Value, str]] = {}

    def read(self, plan: PastePlan, number: int, line: Sequence[str]) -> Row | None:
        """Field → value of what can be read; None where cells were given and none could be."""
        values: Row = {}
        bad = 0
        for one, text in zip(self._fields, line, strict=False):
            if is_masked(text):
                continue
            value, why = self._cell(one, text)
            if why:
                plan.left_out.append(LeftOut(number, _(one.label), why))
                bad += 1
            else:
                values[one.name] = value
        if any(text.strip() for text in line[len(self._fields) :]):
            count = len(line) - len(self._fields)
            plan.left_out.append(LeftOut(number, "", _("右边多出 {n} 格，没有列可放").format(n=count)))
        return None if bad and not any(v is not None for v in values.values()) else values

    def _cell(self, one: Field, text: str) -> tuple[Value, str]:
        key = (one.name, text)
        if key not in self._read:
            said = self._linked(one, text) if one.kind is Kind.LINK else text
            parsed = parse(one, said, self._catalogs)
            self._read[key] = (parsed.value, message(parsed.problem) if parsed.problem is not None else "")
        return self._read[key]

    def _linked(self, one: Field, text: str) -> str:
        """The id of the only row the words name, else the words, which `parse` then refuses."""
        found = self._links.get(one.target, {}).get(fold(text.strip()), ())
        return found[0] if len(found) == 1 else text


def _change(session: Session, plan: PastePlan, number: int, row_id: str, values: Row) -> None:
    before = rows.get(session.store, plan.register, row_id)
    if before is None:
        _refuse(plan, number, _("这条记录已经不在了。"))
        return
    new = {name: value for name, value in values.items() if before.get(name) != value}
    if not new:
        plan.unchanged += 1
        return
    whole = {**before, **new}
    try:
        year = records.year_of_row(plan.register, whole)
    except RefusedError as refused:
        _refuse(plan, number, refused.message)
        return
    if year is not None and year != before["year"]:
        plan.moved.append(whole)
    else:
        plan.changed.append({"id": row_id, **new})


def _add(session: Session, plan: PastePlan, number: int, values: Row) -> None:
    row = {**records.blank(session, plan.register), **values}
    try:
        year = records.year_of_row(plan.register, row)
    except RefusedError as refused:
        _refuse(plan, number, refused.message)
        return
    plan.added.append(row if year is None else {**row, "year": year})


def _refuse(plan: PastePlan, number: int, why: str) -> None:
    plan.refused += 1
    plan.left_out.append(LeftOut(number, "", why))


def fill(session: Session, register: Register, ids: Iterable[str], name: str, value: Value) -> PastePlan:
    """The same value in one field of many rows, as a plan."""
    plan = PastePlan(register)
    for number, row_id in enumerate(ids, 1):
        plan.lines = number
        _change(session, plan, number, row_id, {name: value})
    return plan


def store(
    session: Session,
    plan: PastePlan,
    label: str = "",
    progress: Progress = no_progress,
    cancelled: Cancelled = never,
) -> Changes:
    """Write a plan in one act: one undo takes all of it back. Cancelled, nothing of it is stored."""
    one = plan.register
    with act(session.store, f"{one.name}.paste", (label or _("粘贴")) + _(one.label)) as a:
        moved = [records.put(session, a, one, row) for row in plan.moved]
        plain = [*plan.changed, *plan.added]
        rows.save_many(a, one, _watched(plain, progress, cancelled))
        written = [str(row["id"]) for row in (*moved, *plain)]
        gone = [str(row["id"]) for row in plan.moved]
        _keep_findings(session, a, one, written, gone)
        return a.changes


def _watched(plain: Sequence[Row], progress: Progress, cancelled: Cancelled) -> Iterator[Mapping[str, Value]]:
    for number, row in enumerate(plain):
        if number % _STEP == 0:
            _step(progress, cancelled, number, len(plain), _("正在写入"))
        yield row


def _keep_findings(session: Session, a: Act, one: Register, written: Sequence[str], gone: Sequence[str]) -> None:
    context = FileContext(session)
    if len(written) > CHECKED_SINGLY:
        shelf.replace_findings(a, check_register(one, context, context), one.name)
        return
    for row_id in gone:
        shelf.replace_findings(a, [], one.name, row_id)
    for row_id in written:
        row = rows.get(session.store, one, row_id)
        found: list[Problem] = check_row(one, row, context) if row is not None else []
        shelf.replace_findings(a, [replace(p, row=row_id) for p in found], one.name, row_id)
