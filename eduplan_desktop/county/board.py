"""完整性看板: which school has answered which item of the calendar, in time or not, and what the county said to it.

Read from the ledger of filed bundles; lateness is judged by the county's intake date alone (D1). Today is D21's date.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from eduplan_desktop.bundle.kit import CalendarItem, RosterEntry
from eduplan_desktop.county import calendar, roster
from eduplan_desktop.i18n import N_, _
from eduplan_desktop.merge import ledger
from eduplan_desktop.merge.ledger import Filed
from eduplan_desktop.store.connect import Store

MISSING, RECEIVED, RETURNED, ACCEPTED = "missing", "received", "returned", "accepted"
EXEMPT, LATE, UPCOMING = "exempt", "late", "upcoming"
WORDS: Final[Mapping[str, str]] = {
    MISSING: N_("缺报"),
    RECEIVED: N_("待审"),
    RETURNED: N_("退回"),
    ACCEPTED: N_("已通过"),
    EXEMPT: N_("免报"),
    LATE: N_("迟报 {days} 天"),
    UPCOMING: N_("未到期"),
}
"""State of a cell → its word."""
_TAKEN: Final = ("merged", "same")


@dataclass(frozen=True, slots=True)
class Cell:
    """One school in one item.

    state:  what to show; a late answer shows as late unless it was returned. review: received, returned, accepted, or ''.
    late:   days between due date and first complete answer, or (missing) today; 0 in time.
    broken: slices of the newest answer that did not come in, with their codes.
    """

    item: str
    state: str
    review: str = ""
    late: int = 0
    zero: bool = False
    digest: str = ""
    sequence: int = 0
    intake: str = ""
    remark: str = ""
    broken: tuple[tuple[str, str], ...] = ()

    @property
    def word(self) -> str:
        """As shown."""
        return _(WORDS[self.state]).format(days=self.late)


@dataclass(frozen=True, slots=True)
class Row:
    """One school with its cells, one per item. on_time: share of items due that came in time, None where none was due."""

    school: RosterEntry
    cells: tuple[Cell, ...]
    on_time: float | None

    @property
    def worst(self) -> int:
        """0 where something is missing, 1 late or returned, 2 otherwise: missing first."""
        states = {c.state for c in self.cells}
        return 0 if MISSING in states else 1 if states & {LATE, RETURNED} else 2


@dataclass(frozen=True, slots=True)
class Board:
    """Schools × items. counts: by item, how many schools are in which state."""

    items: tuple[CalendarItem, ...]
    rows: tuple[Row, ...]
    counts: Mapping[str, Mapping[str, int]]


@dataclass(slots=True)
class _Answers:
    """What a school said to one item, in order, and what the county said last."""

    answers: list[tuple[Filed, bool]] = field(default_factory=list)
    mark: tuple[str, str, str] = ("", "", "")


def board(store: Store, today: str, items: Iterable[CalendarItem] | None = None) -> Board:
    """The board of the whole calendar, or of some items. Schools with something missing come first, then by township."""
    chosen = tuple(calendar.items(store) if items is None else items)
    said = _answers(store)
    rows = [_row(entry, chosen, said, today) for entry in roster.in_order(store)]
    shown = [row for row in rows if any(c.state != "" for c in row.cells)]
    shown.sort(key=lambda row: row.worst)
    counts = {
        item.id: dict(Counter(row.cells[i].state for row in shown if row.cells[i].state))
        for i, item in enumerate(chosen)
    }
    return Board(chosen, tuple(shown), counts)


def cells_of(store: Store, school: str, today: str) -> list[Cell]:
    """Every item of one school, as its receipt tells it."""
    entry = roster.find(store, school)
    if entry is None:
        return []
    said = _answers(store, school)
    return [c for item in calendar.items(store) if (c := _cell(entry, item, said[school, item.id], today)).state]


def _answers(store: Store, school: str = "") -> Mapping[tuple[str, str], _Answers]:
    found: dict[tuple[str, str], _Answers] = defaultdict(_Answers)
    schools = [school] if school else ledger.schools(store.conn)
    for uid in schools:
        for filed in ledger.of_school(store.conn, uid):
            for answer in filed.answers:
                found[uid, str(answer["item"])].answers.append((filed, bool(answer["zero"])))
    for uid, item, *mark in store.conn.execute("SELECT school, item, state, remark, digest FROM item_mark"):
        found[uid, item].mark = (mark[0], mark[1], mark[2])
    return found


def _row(
    entry: RosterEntry, items: Sequence[CalendarItem], said: Mapping[tuple[str, str], _Answers], today: str
) -> Row:
    cells = tuple(_cell(entry, item, said[entry.uid, item.id], today) for item in items)
    due = [
        c for item, c in zip(items, cells, strict=True) if item.due < today and c.state not in ("", EXEMPT, UPCOMING)
    ]
    on_time = sum(1 for c in due if c.intake and not c.late) / len(due) if due else None
    return Row(entry, cells, on_time)


def must_answer(entry: RosterEntry, item: CalendarItem) -> bool:
    """Whether the school existed when the item's period ended."""
    return roster.valid_on(entry, _period_end(item))


def _period_end(item: CalendarItem) -> str:
    """A statistical year looks at 1 September, a month at its last day; a bare year counts by its first day of school."""
    return f"{item.period}-09-01" if len(item.period) == 4 else f"{item.period}-28"


def _cell(entry: RosterEntry, item: CalendarItem, said: _Answers, today: str) -> Cell:
    state, remark, about = said.mark
    if state == EXEMPT:
        return Cell(item.id, EXEMPT, remark=remark)
    if not said.answers:
        if not must_answer(entry, item):
            return Cell(item.id, "")
        late = days_between(item.due, today)
        return Cell(item.id, MISSING if late else UPCOMING, late=late)
    newest, zero = said.answers[-1]
    broken = broken_slices(item, newest, zero)
    first = next((f for f, z in said.answers if not broken_slices(item, f, z)), None)
    late = days_between(item.due, first.intake if first else today)
    review = state if about == newest.digest and not broken else RETURNED if broken else RECEIVED
    shown = review if review == RETURNED or not late else LATE
    return Cell(
        *(item.id, shown, review, late, zero, newest.digest, newest.number, first.intake if first else ""),
        remark=remark if about == newest.digest else "",
        broken=broken,
    )


def broken_slices(item: CalendarItem, filed: Filed, zero: bool) -> tuple[tuple[str, str], ...]:
    """Slices the item needs that this bundle did not bring in, with their codes; a 零报告 needs none."""
    if zero:
        return ()
    found = []
    for name in item.slices:
        result = filed.results.get(name)
        if result is not None and result.status not in _TAKEN and result.code not in ("", "superseded"):
            found.append((name, result.code))
    return tuple(found)


def days_between(due: str, day: str) -> int:
    """Days from a due date to a later day; 0 where the day is not later."""
    return max(0, (date.fromisoformat(day[:10]) - date.fromisoformat(due)).days)
