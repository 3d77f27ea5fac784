"""What an import would do to the open file, and doing it: one sheet into one register or into several, in one act.

A part of a sheet is read after the parts it points to, so that an asset finds the room its own sheet brings. A health row is
taken only for a person with a consent in force (个人信息保护法 art. 29), which may come in the same sheet.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from eduplan_desktop.acts import checks, records
from eduplan_desktop.acts.checks import Progress
from eduplan_desktop.acts.session import Session
from eduplan_desktop.exchange import split
from eduplan_desktop.exchange.calm import without_collector
from eduplan_desktop.exchange.convert import Links, link_index
from eduplan_desktop.exchange.mapping import SheetMapping
from eduplan_desktop.exchange.plan import ChangedRow, Existing, ImportPlan, NewRow, RefusedRow, plan_import
from eduplan_desktop.exchange.prepare import prepare
from eduplan_desktop.exchange.sheet_read import Book
from eduplan_desktop.i18n import _
from eduplan_desktop.problems import Problem, Severity
from eduplan_desktop.registers.catalog import register as find_register
from eduplan_desktop.registers.health_consent import consented
from eduplan_desktop.registers.kinds import show
from eduplan_desktop.registers.model import Kind, Register, Row, SliceBy
from eduplan_desktop.store import rows, sealed_rows
from eduplan_desktop.store.journal import Act, act

HEALTH: Final = "health"
_NUMBERS: Final = ("staff_no", "room_no", "asset_no", "number")
"""Numbers by which people name a row in another sheet."""

Ahead = dict[str, dict[str, Row]]
"""Register → id → the row as earlier parts of the sheet will leave it."""


def make_plans(session: Session, book: Book, parts: Sequence[SheetMapping], progress: Progress) -> list[ImportPlan]:
    """What each part would do, in the order of `parts`; nothing is written."""
    made: dict[int, ImportPlan] = {}
    ahead: Ahead = {}
    parts = split.aligned(book.sheet, parts, session.catalogs)
    for at in split.reading_order(parts):
        one = find_register(parts[at].register)
        progress(1, 4, _("正在核对每一格"))
        closed = [name for name in one.compartments if name not in session.opened]
        needed = split.needed(parts, at) if parts[at].part and len(parts) > 1 else ()
        found = links(session, one, ahead)
        prepared = prepare(book.sheet, parts[at], one, session.catalogs, found, closed=closed, needed=needed)
        progress(2, 4, _("正在与已有记录比对"))
        plan = plan_import(prepared, Existing(one, _with_ahead(existing_rows(session, one, parts[at]), ahead, one)))
        _refuse_without_year(one, plan)
        _refuse_without_consent(session, one, plan, ahead)
        if len(parts) > 1:
            _look_ahead(session, one, plan, ahead)
        made[at] = plan
    _forget_used(made)
    return [made[at] for at in range(len(parts))]


def _look_ahead(session: Session, one: Register, plan: ImportPlan, ahead: Ahead) -> None:
    """Give new rows their ids and remember how this part leaves its register, for the parts that follow."""
    after = ahead.setdefault(one.name, {})
    for new in plan.new:
        new.row["id"] = str(new.row.get("id") or rows.new_id(session.store))
        after[str(new.row["id"])] = new.row
    for changed in plan.updated:
        held = after.get(changed.id) or records.read(session, one, changed.id) or {"id": changed.id}
        after[changed.id] = {**held, **changed.changes}


def _with_ahead(held: Iterable[Row], ahead: Ahead, one: Register) -> Iterator[Row]:
    """Rows already there with what earlier parts of the same register make of them."""
    after = ahead.get(one.name, {})
    seen = set()
    for row in held:
        row_id = str(row["id"])
        seen.add(row_id)
        yield {**row, **after[row_id]} if row_id in after else row
    yield from (row for row_id, row in after.items() if row_id not in seen)


def _forget_used(made: dict[int, ImportPlan]) -> None:
    """A column that another part takes is not “not imported”."""
    if len(made) < 2:
        return
    used = {heading for plan in made.values() for heading in plan.prepared.mapping.columns}
    for plan in made.values():
        plan.prepared.ignored = [heading for heading in plan.prepared.ignored if heading not in used]


def links(session: Session, one: Register, ahead: Ahead) -> Links:
    """What words name which rows of the registers this one links to: title, each identity field, the first field."""
    found: dict[str, dict[str, list[str]]] = {}
    for target in dict.fromkeys(f.target for f in one.fields if f.kind is Kind.LINK):
        found[target] = link_index(_names(session, find_register(target), ahead))
    return found


def _names(session: Session, target: Register, ahead: Ahead) -> Iterator[tuple[str, str]]:
    fields = list(
        dict.fromkeys([*target.identity[:1], *target.title[:1], *(n for n in _NUMBERS if n in target.by_name)])
    )
    for row in _with_ahead(rows.scan(session.store, target), ahead, target):
        yield str(row["id"]), records.title(session, target, row)
        for name in fields:
            said = show(target.by_name[name], row.get(name), session.catalogs)
            if said:
                yield str(row["id"]), said


def existing_rows(session: Session, one: Register, chosen: SheetMapping) -> Iterator[Row]:
    """Rows already there, with sealed values where the import brings such."""
    sealed: dict[str, Row] = {}
    for name in one.compartments:
        if name in session.opened and any(f.name in chosen.fields for f in one.sealed_fields(name)):
            for _school, row_id, values in sealed_rows.scan_sealed(session.store, session.opened[name], one):
                sealed.setdefault(row_id, {}).update(values)
    for row in rows.scan(session.store, one):
        yield {**row, **sealed.get(str(row["id"]), {})} if sealed else row


def _refuse_without_year(one: Register, plan: ImportPlan) -> None:
    if one.slice_by is SliceBy.WHOLE:
        return
    label = one.by_name[one.year_field].label
    problem = Problem("required", Severity.ERROR, one.name, field=one.year_field, params={"label": label})
    missing = [n for n in plan.new if n.row.get(one.year_field) is None]
    _refuse(plan, missing, [], problem)


def _refuse_without_consent(session: Session, one: Register, plan: ImportPlan, ahead: Ahead) -> None:
    """No health row is stored for a person without a consent in force."""
    if HEALTH not in one.compartments:
        return
    consent = find_register("health_consent")
    allowed = consented(_with_ahead(rows.scan(session.store, consent), ahead, consent), session.today())
    problem = Problem(
        "consent_missing", Severity.ERROR, one.name, field="person", params={"label": one.by_name["person"].label}
    )
    held = {str(r["id"]): r for r in _with_ahead(rows.scan(session.store, one), ahead, one)}
    new = [n for n in plan.new if str(n.row.get("person")) not in allowed]
    changed = [c for c in plan.updated if str(held[c.id]["person"]) not in allowed]
    _refuse(plan, new, changed, problem)


def _refuse(plan: ImportPlan, new: list[NewRow], changed: list[ChangedRow], problem: Problem) -> None:
    out = {n.index for n in new} | {c.index for c in changed}
    if not out:
        return
    plan.new = [n for n in plan.new if n.index not in out]
    plan.updated = [c for c in plan.updated if c.index not in out]
    stopped: list[NewRow | ChangedRow] = [*new, *changed]
    plan.refused += [RefusedRow(r.index, r.line, (problem,)) for r in stopped]
    lines = {r.line for r in stopped}
    orphans = {index for index, line in plan.joined.items() if line in lines}
    plan.unchanged = [pair for pair in plan.unchanged if pair[0] not in orphans]
    plan.refused += [RefusedRow(index, plan.prepared.lines[index], (problem,)) for index in sorted(orphans)]
    plan.refused.sort(key=lambda r: r.line)


@without_collector()
def store_plans(session: Session, plans: Sequence[ImportPlan]) -> None:
    """Write the plans in one act, check the registers they touched, and keep the findings."""
    wanted = [plan for plan in plans if plan.new or plan.updated]
    if not wanted:
        return
    touched = list(dict.fromkeys(plan.prepared.register.name for plan in wanted))
    label = _("导入") + "、".join(_(find_register(name).label) for name in touched)
    name = f"{touched[0]}.import" if len(touched) == 1 else "sheet.import"
    order = split.reading_order([plan.prepared.mapping for plan in wanted])
    with act(session.store, name, label) as a:
        for plan in (wanted[n] for n in order):
            _store(session, a, plan)
        for register_name in touched:
            checks.recheck(session, a, find_register(register_name))


def _store(session: Session, a: Act, plan: ImportPlan) -> None:
    one = plan.prepared.register
    sealed: dict[str, list[tuple[str, str, Row]]] = {}
    rows.save_many(a, one, _new_rows(session, one, plan.new, sealed))
    _store_changes(session, a, one, plan.updated, sealed)
    for name, halves in sealed.items():
        sealed_rows.save_sealed_many(a, session.opened_or_refuse(name), one, halves)


def _new_rows(
    session: Session, one: Register, new: Sequence[NewRow], sealed: dict[str, list[tuple[str, str, Row]]]
) -> Iterator[Row]:
    hidden = {f.name: name for name in one.compartments for f in one.sealed_fields(name)}
    blank: Row = {f.name: None for f in one.open_fields}
    ids = iter(session.store.next_ids(sum(planned.row.get("id") is None for planned in new)))
    for planned in new:
        row = blank | planned.row
        if row.get("id") is None:
            row["id"] = next(ids)
        if one.slice_by is not SliceBy.WHOLE:
            row["year"] = records.year_of_row(one, row)
        if hidden:
            row = _split(one, row, hidden, sealed)
        yield row


def _split(one: Register, row: Row, hidden: dict[str, str], sealed: dict[str, list[tuple[str, str, Row]]]) -> Row:
    halves: dict[str, Row] = {}
    for name in [n for n in row if n in hidden]:
        halves.setdefault(hidden[name], {})[name] = row.pop(name)
    for compartment, values in halves.items():
        if any(v is not None for v in values.values()):
            sealed.setdefault(compartment, []).append((str(row["id"]), records.person_of(one, row), values))
    return row


def _store_changes(
    session: Session,
    a: Act,
    one: Register,
    changed: list[ChangedRow],
    sealed: dict[str, list[tuple[str, str, Row]]],
) -> None:
    hidden = {f.name: name for name in one.compartments for f in one.sealed_fields(name)}
    plain: list[Row] = []
    for change in changed:
        before = rows.get(session.store, one, change.id) or {}
        if (
            one.slice_by is not SliceBy.WHOLE
            and records.year_of_row(one, {**before, **change.changes}) != before["year"]
        ):
            held = records.read(session, one, change.id) or {}
            records.put(session, a, one, {**held, **change.changes})
            continue
        open_row = {k: v for k, v in change.changes.items() if k not in hidden}
        for compartment in {hidden[k] for k in change.changes if k in hidden}:
            opened = session.opened_or_refuse(compartment)
            held = sealed_rows.read_sealed(session.store, opened, one, change.id) or {}
            given = {k: v for k, v in change.changes.items() if hidden.get(k) == compartment}
            person = records.person_of(one, {**before, "id": change.id})
            sealed.setdefault(compartment, []).append((change.id, person, {**held, **given}))
        if open_row:
            plain.append({"id": change.id, **open_row})
    rows.save_many(a, one, plain)
