"""Single records as a person edits them: read, blank, save with its sealed half, remove, link choices, titles."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from eduplan_desktop.acts import checks
from eduplan_desktop.acts.session import Session
from eduplan_desktop.errors import CancelledError, RefusedError
from eduplan_desktop.i18n import _
from eduplan_desktop.problems import Problem
from eduplan_desktop.registers.catalog import register as find_register
from eduplan_desktop.registers.dates import statistical_year, year_of
from eduplan_desktop.registers.health_consent import consented
from eduplan_desktop.registers.kinds import is_masked, show
from eduplan_desktop.registers.model import Field, Kind, Register, Row, SliceBy, Value
from eduplan_desktop.registers.text import fold, sort_text
from eduplan_desktop.store import queries, rows, shelf
from eduplan_desktop.store.journal import Act, Changes, act

HEALTH = "health"
"""Compartment whose rows need a person's consent."""
REDATED = "3"
"""Tombstone reason of a row whose date moved to another year (D1); in the code table `gone_reason`."""


@dataclass(frozen=True, slots=True)
class Saved:
    """What saving gave: what changed, what is wrong with the row now, the row as stored."""

    changes: Changes
    problems: list[Problem]
    row: Row


def year_of_row(register: Register, row: Mapping[str, Value]) -> int | None:
    """The slice year of a row from its year field; None for registers that are not cut. Refused while the field is empty."""
    if register.slice_by is SliceBy.WHOLE:
        return None
    value = row.get(register.year_field)
    if value is None:
        label = _(register.by_name[register.year_field].label)
        raise RefusedError(
            "no_year",
            _("“{label}”还没有填，不知道记入哪一年。").format(label=label),
            _("请先填“{label}”，再保存。").format(label=label),
        )
    if isinstance(value, int):
        return value
    return year_of(value) if register.slice_by is SliceBy.CALENDAR_YEAR else statistical_year(value)


def person_of(register: Register, row: Mapping[str, Value]) -> str:
    """The person whose data key seals this row: the staff member it links to, or the row itself (D7)."""
    for field in register.fields:
        if field.kind is Kind.LINK and field.target == "staff" and field.required and row.get(field.name):
            return str(row[field.name])
    return str(row["id"])


def blank(session: Session, register: Register) -> Row:
    """A new row: an id and empty fields; a choice with a single live code is not guessed."""
    return {"id": rows.new_id(session.store), **{f.name: None for f in register.open_fields}}


def read(session: Session, register: Register, row_id: str, school: str = "") -> Row | None:
    """A row, with its sealed values where their compartment is open."""
    from eduplan_desktop.store import sealed_rows

    row = rows.get(session.store, register, row_id, school=school)
    if row is None:
        return None
    for name in register.compartments:
        opened = session.opened.get(name)
        if opened is not None:
            row = {**row, **(sealed_rows.read_sealed(session.store, opened, register, row_id, school=school) or {})}
    return row


def save(session: Session, register: Register, row: Row) -> Saved:
    """Save one record in one act. Sealed values are taken where their compartment is open; masked ones mean unchanged."""
    with act(session.store, f"{register.name}.save", _("保存") + _(register.label)) as a:
        stored = put(session, a, register, row)
        found = [replace(p, row=str(stored["id"])) for p in checks.check_open(session, register, stored)]
        shelf.replace_findings(a, found, register.name, str(stored["id"]))
        changes = a.changes
    problems = found + checks.check_sealed_values(session, register, {**row, **stored})
    return Saved(changes, problems, stored)


def put(session: Session, a: Act, register: Register, row: Row) -> Row:
    """Write one row inside an act that is already open; moves it to a new id where its year changed."""
    from eduplan_desktop.store import sealed_rows

    open_row = {f.name: row.get(f.name) for f in register.open_fields} | {"id": row["id"]}
    year = year_of_row(register, row)
    if year is not None:
        open_row["year"] = year
    before = rows.get(session.store, register, str(row["id"]))
    sealed = _sealed_values(session, register, row)
    if before is not None and year is not None and before["year"] != year:
        sealed = _move_sealed(session, register, str(row["id"]), sealed)
        rows.remove(a, register, str(row["id"]), REDATED)
        open_row["id"] = rows.new_id(session.store)
    rows.save(a, register, open_row)
    if HEALTH in sealed:
        _refuse_without_consent(session, register, open_row)
    for name, values in sealed.items():
        sealed_rows.save_sealed(
            a, session.opened_or_refuse(name), register, str(open_row["id"]), person_of(register, open_row), values
        )
    return open_row


def _refuse_without_consent(session: Session, register: Register, row: Row) -> None:
    """Nothing of a person's health is stored without a separate consent in force (个人信息保护法 art. 29)."""
    consents = rows.scan(session.store, find_register("health_consent"))
    if person_of(register, row) not in consented(consents, session.today()):
        raise RefusedError(
            "consent_missing",
            _("此人还没有有效的体检单独同意，不能记录健康信息。"),
            _("请先在“体检单独同意”里登记签署的同意书。"),
        )


def _sealed_values(session: Session, register: Register, row: Row) -> dict[str, Row]:
    """Sealed values given with the row, by compartment, over those already sealed; nothing where none was given."""
    from eduplan_desktop.store import sealed_rows

    found: dict[str, Row] = {}
    for name in register.compartments:
        fields = register.sealed_fields(name)
        given = {f.name: row[f.name] for f in fields if f.name in row and not is_masked(row[f.name])}
        if not any(value is not None for value in given.values()) and name not in session.opened:
            continue
        if given:
            held = (
                sealed_rows.read_sealed(session.store, session.opened_or_refuse(name), register, str(row["id"])) or {}
            )
            merged = {**held, **given}
            if held or any(v is not None for v in merged.values()):
                found[name] = merged
    return found


def _move_sealed(session: Session, register: Register, row_id: str, given: dict[str, Row]) -> dict[str, Row]:
    from eduplan_desktop.store import sealed_rows

    for name in register.compartments:
        if name in session.opened and name not in given:
            held = sealed_rows.read_sealed(session.store, session.opened[name], register, row_id)
            if held:
                given[name] = held
    return given


def remove(
    session: Session,
    register: Register,
    ids: Iterable[str],
    reason: str,
    progress: checks.Progress = checks.no_progress,
    cancelled: Callable[[], bool] = checks.never,
) -> Changes:
    """Remove rows in one act, leaving tombstones with a reason of the code table `gone_reason`. Cancelled, all stay."""
    if not session.catalogs.has("gone_reason", reason):
        raise RefusedError("bad_reason", _("删除原因不在选项里。"), _("请从列表中选择一个删除原因。"))
    with act(session.store, f"{register.name}.remove", _("删除") + _(register.label)) as a:
        wanted = list(ids)
        for number, row_id in enumerate(wanted):
            progress(number, len(wanted), _("正在删除"))
            if cancelled():
                raise CancelledError
            rows.remove(a, register, row_id, reason)
            shelf.replace_findings(a, [], register.name, row_id)
        return a.changes


def title(session: Session, register: Register, row: Mapping[str, Value], school: str = "") -> str:
    """One line that names a row to a person; a link in it by the first part of the title it points to."""
    shown = [_shown(session, register.by_name[name], row.get(name), school) for name in register.title]
    return " ".join(text for text in shown if text) or _("（未命名）")


def _shown(session: Session, field: Field, value: Value, school: str) -> str:
    if field.kind is Kind.LINK and value is not None:
        return short_title(session, field.target, str(value), school) or _("（记录已不在）")
    return show(field, value, session.catalogs)


def title_of(session: Session, register_name: str, row_id: str, school: str = "") -> str:
    """Title of a row by id; a row that is not here is said so, never its id."""
    register = find_register(register_name)
    row = rows.get(session.store, register, row_id, school=school)
    return title(session, register, row, school) if row else _("（记录已不在）")


def short_title(session: Session, register_name: str, row_id: str, school: str = "") -> str:
    """The first part of a row's title, as a column of a form shows a link."""
    register = find_register(register_name)
    row = rows.get(session.store, register, row_id, school=school)
    return _shown(session, register.by_name[register.title[0]], row.get(register.title[0]), school) if row else ""


def link_choices(session: Session, target: str, school: str = "") -> list[tuple[str, str]]:
    """(id, title) of every row a link may point to, in the order people read."""
    register = find_register(target)
    found = [
        (str(row["id"]), title(session, register, row, school))
        for row in rows.scan(session.store, register, school=school)
    ]
    return sorted(found, key=lambda pair: sort_text(pair[1]))


def links_found(session: Session, target: str, query: str, limit: int, school: str = "") -> list[tuple[str, str]]:
    """As `link_choices`, but only the first rows that hold what was typed: for targets of many rows."""
    register = find_register(target)
    words = [fold(word) for word in query.split()]
    found = queries.searched(session.store, register, words, limit, school=school)
    return sorted(((str(row["id"]), title(session, register, row)) for row in found), key=lambda p: sort_text(p[1]))


def more_than(session: Session, register: Register, n: int, school: str | None = None) -> bool:
    """Whether a register has more than `n` rows; in a county file of one school or of all."""
    return rows.more_than(session.store, register, n, school=school if session.is_county else "")


def distinct_values(session: Session, register: Register, field: str) -> list[Value]:
    """Distinct values of a column, for filters."""
    return queries.distinct(session.store, register, field, school=None if session.is_county else "")
