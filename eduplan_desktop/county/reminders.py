"""催报: what each school still owes of the calendar, and what came late. Read from the board; the only dates are the calendar's."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from eduplan_desktop.bundle.kit import CalendarItem, RosterEntry
from eduplan_desktop.county import board, calendar, roster
from eduplan_desktop.county.worklists import slice_label
from eduplan_desktop.i18n import N_, _
from eduplan_desktop.store.connect import Store

STATES: Final[Mapping[str, str]] = {
    board.MISSING: N_("缺报"),
    board.RETURNED: N_("退回"),
    board.LATE: N_("迟报"),
}
"""States a reminder is about → their words. What came late is listed for the county; nothing is asked of the school."""


@dataclass(frozen=True, slots=True)
class Owed:
    """One item of one school. days: since the due date (late: until it came), 0 where none; came: day of intake, '' for none;
    why: what was said when it was returned, or which parts did not come in; reminded: day of the last note, '' for none."""

    item: CalendarItem
    state: str
    days: int
    came: str
    why: str
    reminded: str

    @property
    def word(self) -> str:
        """As shown."""
        return _(STATES[self.state])

    @property
    def asked(self) -> str:
        """What the item takes, as a person reads it."""
        return "、".join(slice_label(name) for name in self.item.slices)


@dataclass(frozen=True, slots=True)
class Reminder:
    """A school and what there is to say to it, by due date."""

    school: RosterEntry
    lines: tuple[Owed, ...]

    @property
    def open(self) -> tuple[Owed, ...]:
        """What the school still has to do: the lines of its 催报单."""
        return tuple(line for line in self.lines if line.state != board.LATE)


def reminders(store: Store, today: str, items: Iterable[str] = (), school: str = "") -> list[Reminder]:
    """Schools with something missing, returned or late, by township and name; of some items, of one school where named.

    Raises RefusedError no_such_item, no_such_school.
    """
    wanted = [calendar.find(store, item) for item in items]
    shown = board.board(store, today, wanted or None)
    only = roster.named(store, school).uid if school else ""
    notes = _notes(store)
    found = {
        row.school.uid: Reminder(row.school, _lines(row, shown.items, notes))
        for row in shown.rows
        if only in ("", row.school.uid)
    }
    ordered = [found[entry.uid] for entry in roster.in_order(store) if entry.uid in found]
    return [one for one in ordered if one.lines]


def _lines(row: board.Row, items: tuple[CalendarItem, ...], notes: Mapping[tuple[str, str], str]) -> tuple[Owed, ...]:
    lines = [
        Owed(item, cell.state, cell.late, cell.intake, _why(cell), notes.get((row.school.uid, item.id), ""))
        for item, cell in zip(items, row.cells, strict=True)
        if cell.state in STATES
    ]
    return tuple(sorted(lines, key=lambda line: (line.item.due, line.item.id)))


def _why(cell: board.Cell) -> str:
    if cell.broken:
        return _("没有进来：{names}").format(names="、".join(slice_label(name) for name, _code in cell.broken))
    return cell.remark if cell.state == board.RETURNED else ""


def _notes(store: Store) -> dict[tuple[str, str], str]:
    sql = "SELECT school, coalesce(item, ''), max(date) FROM note GROUP BY school, item"
    return {(school, item): day for school, item, day in store.conn.execute(sql)}
