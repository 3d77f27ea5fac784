"""What the county's pages show beside the board: forks, kept requests, notes of reminders, receipts written, check-up counts.

Reads the ledger and writes notes and decisions inside acts. Health figures leave here suppressed (D8) and in no other form.
"""

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from eduplan_desktop.acts import county_trust, records
from eduplan_desktop.acts.county_trust import Enrolled
from eduplan_desktop.acts.session import Session
from eduplan_desktop.county import calendar, health, receipts, roster, suppress, trust
from eduplan_desktop.county.board import LATE
from eduplan_desktop.errors import RefusedError
from eduplan_desktop.i18n import _
from eduplan_desktop.merge import ledger
from eduplan_desktop.merge.ledger import Filed
from eduplan_desktop.registers.catalog import register
from eduplan_desktop.registers.health import WORDS
from eduplan_desktop.registers.kinds import show
from eduplan_desktop.registers.model import Field, Kind, Row
from eduplan_desktop.registers.school_year import WHOLE_SCHOOL
from eduplan_desktop.registers.text import clean
from eduplan_desktop.store.journal import act
from eduplan_desktop.store.rows import scan_all

if TYPE_CHECKING:
    from eduplan_desktop.exchange.layout import Written

_LONGEST = 500


# -- forks --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ForkSide:
    """One of two histories of a data file, by its newest bundle. counted: whether the county's figures rest on it now."""

    digest: str
    number: int
    intake: str
    made: str
    counted: bool


@dataclass(frozen=True, slots=True)
class Fork:
    """A data file with two histories, of which the county has to choose one."""

    school: str
    name: str
    sides: tuple[ForkSide, ...]


def forks(session: Session) -> list[Fork]:
    """Data files with a held second history; the history that counts first."""
    conn, names = session.store.conn, roster.names(session.store)
    held: dict[tuple[str, str], list[Filed]] = {}
    for filed in ledger.held(conn):
        if filed.code == "fork":
            held.setdefault((filed.school, filed.file), []).append(filed)
    found = []
    for (school, file), others in held.items():
        mine = [f for f in ledger.of_school(conn, school) if f.file == file]
        sides = [_side(f) for f in (*mine[-1:], max(others, key=lambda f: f.number))]
        found.append(Fork(school, names.get(school, school), tuple(sides)))
    return found


def _side(filed: Filed) -> ForkSide:
    return ForkSide(filed.digest, filed.number, filed.intake, filed.made, filed.counted)


# -- requests that were kept ----------------------------------------------------------------------------------------


def waiting(session: Session) -> list[trust.Request]:
    """Requests that lay beside bundles and wait for the paper; their fingerprint is not told."""
    return trust.requests(session.store)


def enrol_kept(session: Session, digest: str, typed: str, school: str = "") -> Enrolled:
    """Approve a kept request by the fingerprint typed from the paper."""
    row = session.store.conn.execute("SELECT body FROM enrolment WHERE digest = ?", (digest,)).fetchone()
    if row is None:
        raise RefusedError("no_such_request", _("没有这份登记申请。"), _("请从列表里重新选一份。"))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "request.eduenrol"
        path.write_bytes(row[0])
        return county_trust.enrol(session, path, typed, school=school)


def decline(session: Session, digest: str) -> None:
    """Turn a kept request down; bundles signed with its key are refused from now on."""
    with act(session.store, "county.decline", "不批准登记申请", undoable=False) as a:
        trust.decline(a, digest)


# -- notes --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Note:
    """A reminder that was given: on which day, about which item, and what was said."""

    n: int
    item: str
    date: str
    text: str


def notes(session: Session, school: str) -> list[Note]:
    """Reminders to a school, the newest first."""
    sql = "SELECT n, item, date, text FROM note WHERE school = ? ORDER BY n DESC"
    return [Note(n, item or "", date, text) for n, item, date, text in session.store.conn.execute(sql, (school,))]


def add_note(session: Session, school: str, item: str, text: str) -> None:
    """Write down a reminder. Raises RefusedError bad_note, no_such_school, no_such_item."""
    entry, said = roster.named(session.store, school), clean(text, lines=True)[0]
    if item:
        calendar.find(session.store, item)
    if not said or len(said) > _LONGEST:
        raise RefusedError("bad_note", _("催报记录是空的，或者太长。"), _("请写谁接的、怎么答的，500 字以内。"))
    with act(session.store, "county.note", "登记催报", undoable=False) as a:
        a.conn.execute(
            "INSERT INTO note (school, item, date, text, act) VALUES (?, ?, ?, ?, ?)",
            (entry.uid, item, session.today(), said, a.seq),
        )


def note_reminded(session: Session, told: Mapping[str, Any]) -> int:
    """Write down, in one act, a note for each school and item of a 催报 that was written; how many."""
    lines = [(s["uid"], x["item"]) for s in told["schools"] for x in s["lines"] if x["state"] != LATE]
    with act(session.store, "county.note", "登记催报", undoable=False) as a:
        a.conn.executemany(
            "INSERT INTO note (school, item, date, text, act) VALUES (?, ?, ?, ?, ?)",
            [(school, item, session.today(), _("已印催报单"), a.seq) for school, item in lines],
        )
    return len(lines)


# -- where a figure comes from ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a school's figures of a year come from: the row, and the bundle whose row it is ('' and 0 where none is known)."""

    row: str
    number: int
    intake: str
    digest: str


def origin(session: Session, school: str, of_year: int, level: str) -> Origin | None:
    """The row of 均衡数据 that counts for a level, and the bundle it came in; None where the school handed in none."""
    conn = session.store.conn
    sql = "SELECT id, level FROM school_year WHERE school = ? AND year = ? ORDER BY id"
    rows = {said: row_id for row_id, said in conn.execute(sql, (school, of_year))}
    row_id = rows.get(level) or rows.get(WHOLE_SCHOOL)
    if row_id is None:
        return None
    state = ledger.slice_state(conn, school, f"school_year/{of_year}")
    if state is None:
        return Origin(row_id, 0, "", "")
    came = conn.execute("SELECT intake FROM filed WHERE digest = ?", (state.digest,)).fetchone()
    return Origin(row_id, state.number, came[0][:10] if came else "", state.digest)


# -- receipts -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ReceiptLine:
    """A school a receipt can be written to. number, made: of the last one written, 0 and '' for none. items: what it will tell."""

    school: str
    name: str
    number: int
    made: str
    bundles: int
    remarks: int


def receipt_lines(session: Session) -> list[ReceiptLine]:
    """Schools that have something to be told, by name."""
    store = session.store
    names = roster.names(store)
    lines = []
    for uid in receipts.schools(store):
        row = store.conn.execute(
            "SELECT number, made FROM receipt_out WHERE school = ? ORDER BY number DESC LIMIT 1", (uid,)
        ).fetchone()
        bundles = store.conn.execute("SELECT count(*) FROM filed WHERE school = ?", (uid,)).fetchone()[0]
        remarks = store.conn.execute("SELECT count(*) FROM item_remark WHERE school = ?", (uid,)).fetchone()[0]
        number, made = row or (0, "")
        lines.append(ReceiptLine(uid, names.get(uid, uid), int(number), made[:10], int(bundles), int(remarks)))
    return sorted(lines, key=lambda line: (line.number > 0, line.name))


# -- health -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class HealthLine:
    """Check-ups of one school: 应检, 已检, 未检, the counts D8 gives the county officer."""

    school: str
    name: str
    due: int
    done: int
    not_done: int


@dataclass(frozen=True, slots=True)
class HealthYear:
    """Check-ups of a statistical year. groups: (item label, word → shown count), empty while the health vault is closed."""

    lines: tuple[HealthLine, ...]
    words: tuple[str, ...]
    groups: tuple[tuple[str, dict[str, str]], ...]


def health_years(session: Session) -> list[int]:
    """Statistical years with check-up counts, the newest first."""
    found = session.store.conn.execute("SELECT DISTINCT year FROM checkup_counts ORDER BY year DESC")
    return [int(year) for (year,) in found]


def health_year(session: Session, year: int) -> HealthYear:
    """The counts of a year; of the groups, cells under five and what would give them away are `*`."""
    names = roster.names(session.store)
    rows = session.store.conn.execute("SELECT school, due, done, not_done FROM checkup_counts WHERE year = ?", (year,))
    lines = [HealthLine(uid, names.get(uid, uid), *counts) for uid, *counts in rows]
    lines.sort(key=lambda line: line.name)
    opened = session.opened.get("health")
    if opened is None:
        return HealthYear(tuple(lines), (), ())
    counts = health.county_groups(health.group_counts(session.store, opened, year))
    return HealthYear(tuple(lines), *_groups(session, counts))


def _groups(
    session: Session, counts: dict[tuple[str, str], int]
) -> tuple[tuple[str, ...], tuple[tuple[str, dict[str, str]], ...]]:
    items = [e for e in session.catalogs.table("health_item").entries if any(k[0] == e.code for k in counts)]
    words = tuple(w for w in WORDS if any(k[1] == w for k in counts))
    codes = [e.code for e in items]
    shown = suppress.shown(codes, words, counts)
    small = {k for k in shown if counts.get(k, 0) < suppress.LEAST}
    return words, tuple(
        (e.label, {w: suppress.SHOWN if (e.code, w) in small else shown[e.code, w] for w in words}) for e in items
    )


# -- sheets -------------------------------------------------------------------------------------------------------


def export(session: Session, register_name: str, to: Path, school: str = "") -> int:
    """A register of all schools, or of one, as a sheet for people: the school in front, every cell as it is shown; how many rows."""
    from eduplan_desktop.exchange.sheet_write import Table, write_tables

    one, names = register(register_name), roster.names(session.store)
    fields = [f for f in one.open_fields if f.kind is not Kind.RESULTS]
    titles: dict[tuple[str, str, str], str] = {}

    def cell(uid: str, row: Row, field: Field) -> str:
        value = row.get(field.name)
        if value is None or field.kind is not Kind.LINK:
            return show(field, value, session.catalogs) if value is not None else ""
        key = (field.target, str(value), uid)
        if key not in titles:
            titles[key] = records.title_of(session, *key)
        return titles[key]

    lines: list[list[Written]] = [
        [names.get(uid, uid), *(cell(uid, row, f) for f in fields)]
        for uid, row in scan_all(session.store, one, school=school or None)
    ]
    heads = ["学校", *(f"{f.label}（{f.unit}）" if f.unit else f.label for f in fields)]
    to.parent.mkdir(parents=True, exist_ok=True)
    write_tables(to, [Table(one.label, heads, lines, (30, *(16 for _f in fields)))])
    return len(lines)
