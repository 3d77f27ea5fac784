"""Spreadsheets into and out of the open file, in one act each. Read = stored + updated + unchanged + refused, always.

Called by the sheet desk and the command line. Joins `exchange`, which knows no store, with the store's rows; a health row
is taken only for a person with a consent in force (个人信息保护法 art. 29).
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from eduplan_desktop.acts import records
from eduplan_desktop.acts.checks import Progress, no_progress
from eduplan_desktop.acts.session import Session
from eduplan_desktop.errors import CancelledError, ExchangeError, RefusedError
from eduplan_desktop.exchange import mapping as mappings
from eduplan_desktop.exchange.calm import without_collector
from eduplan_desktop.exchange.convert import Links, link_index
from eduplan_desktop.exchange.mapping import SheetMapping
from eduplan_desktop.exchange.plan import ChangedRow, Existing, ImportPlan, NewRow, RefusedRow, plan_import
from eduplan_desktop.exchange.prepare import prepare
from eduplan_desktop.exchange.reasons import reason
from eduplan_desktop.exchange.sheet_read import Book, read_book
from eduplan_desktop.exchange.suggest import suggest
from eduplan_desktop.i18n import _
from eduplan_desktop.problems import Problem, Severity
from eduplan_desktop.registers.catalog import register as find_register
from eduplan_desktop.registers.health_consent import consented
from eduplan_desktop.registers.kinds import MASK, show
from eduplan_desktop.registers.model import Kind, Register, Row, SliceBy
from eduplan_desktop.store import queries, rows, sealed_rows
from eduplan_desktop.store.journal import Act, act

HEALTH = "health"
ENDINGS = (".xlsx", ".csv")
"""What a register can be written to."""


@dataclass(slots=True)
class ImportReport:
    """The figures of an import and why rows stayed out."""

    register: str
    read: int
    stored: int
    updated: int
    unchanged: int
    refused: int
    skipped: int
    dry_run: bool
    reasons: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)
    mapping: dict[str, Any] = field(default_factory=dict)
    saved_to: str = ""

    @property
    def sentence(self) -> str:
        """The equation of the import."""
        word = _("试算") if self.dry_run else _("导入")
        return _("{word}：读入 {a} = 新增 {b} + 更新 {c} + 未变 {d} + 拒收 {e}。").format(
            word=word, a=self.read, b=self.stored, c=self.updated, d=self.unchanged, e=self.refused
        )

    def as_dict(self) -> dict[str, Any]:
        """For `--json`."""
        return {name: getattr(self, name) for name in self.__slots__}


def import_file(
    session: Session,
    register_name: str,
    path: Path,
    *,
    mapping: dict[str, Any] | SheetMapping | None = None,
    sheet: str = "",
    encoding: str = "",
    dry_run: bool = False,
    report_to: Path | None = None,
    progress: Progress = no_progress,
    cancelled: Callable[[], bool] = lambda: False,
) -> ImportReport:
    """Read a spreadsheet and store its rows in one act; the report may be saved as a workbook. Raises ExchangeError."""
    session.school_or_refuse()
    progress(0, 4, _("正在读取 {file}").format(file=path.name))
    one = _known(register_name)
    declared = mappings.from_json(mapping, one, session.catalogs) if isinstance(mapping, dict) else mapping
    book = _book(path, declared, sheet, encoding, cancelled)
    chosen = declared or suggest(book.sheet, one, session.catalogs).mapping
    plan = make_plan(session, one, book, chosen, progress)
    if cancelled():
        raise CancelledError
    if not dry_run:
        progress(3, 4, _("正在保存 {n} 条").format(n=len(plan.new) + len(plan.updated)))
        store_plan(session, one, plan)
    report = _report(one, plan, chosen, dry_run)
    if report_to is not None:
        _save_report(report, plan, report_to, path.name)
    progress(4, 4, report.sentence)
    return report


def _save_report(report: ImportReport, plan: ImportPlan, to: Path, source: str) -> None:
    """Save the report as a workbook. The rows are stored by then, so a failing disk is a note, not a failed import."""
    from eduplan_desktop.exchange.report import write_report

    try:
        to.parent.mkdir(parents=True, exist_ok=True)
        write_report(to, plan, source)
        report.saved_to = str(to)
    except (OSError, ExchangeError):
        report.notes.append(_("导入报告没有写成（{file}），数据不受影响；请换一个位置。").format(file=to.name))


def _known(name: str) -> Register:
    try:
        return find_register(name)
    except KeyError as fault:
        raise RefusedError(
            "no_such_register",
            _("没有登记册“{name}”。").format(name=name),
            _("用 registers 命令可以看到全部登记册的名称。"),
        ) from fault


def _book(path: Path, declared: SheetMapping | None, sheet: str, encoding: str, cancelled: Callable[[], bool]) -> Book:
    """The file, read as the person or the mapping says."""
    named = declared or SheetMapping("")
    return read_book(
        path,
        sheet or named.sheet,
        encoding=encoding or named.encoding,
        delimiter=named.delimiter,
        cancelled=cancelled,
    )


def make_plan(session: Session, one: Register, book: Book, chosen: SheetMapping, progress: Progress) -> ImportPlan:
    """What the import would do; nothing is written."""
    progress(1, 4, _("正在核对每一格"))
    closed = [name for name in one.compartments if name not in session.opened]
    prepared = prepare(book.sheet, chosen, one, session.catalogs, links(session, one), closed=closed)
    progress(2, 4, _("正在与已有记录比对"))
    plan = plan_import(prepared, Existing(one, existing_rows(session, one, chosen)))
    _refuse_without_year(one, plan)
    _refuse_without_consent(session, one, plan)
    return plan


def links(session: Session, one: Register) -> Links:
    """What words name which rows of the registers this one links to: title, each identity field, the first field."""
    found: dict[str, dict[str, list[str]]] = {}
    for target in dict.fromkeys(f.target for f in one.fields if f.kind is Kind.LINK):
        found[target] = link_index(_names(session, find_register(target)))
    return found


def _names(session: Session, target: Register) -> Iterator[tuple[str, str]]:
    fields = list(
        dict.fromkeys([*target.identity[:1], *target.title[:1], *(n for n in _NUMBERS if n in target.by_name)])
    )
    for row in rows.scan(session.store, target):
        yield str(row["id"]), records.title(session, target, row)
        for name in fields:
            said = show(target.by_name[name], row.get(name), session.catalogs)
            if said:
                yield str(row["id"]), said


_NUMBERS = ("staff_no", "room_no", "asset_no", "number")
"""Numbers by which people name a row in another sheet."""


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


def _refuse_without_consent(session: Session, one: Register, plan: ImportPlan) -> None:
    """No health row is stored for a person without a consent in force."""
    if HEALTH not in one.compartments:
        return
    allowed = consented(rows.scan(session.store, find_register("health_consent")), session.today())
    problem = Problem(
        "consent_missing", Severity.ERROR, one.name, field="person", params={"label": one.by_name["person"].label}
    )
    held = {str(r["id"]): r for r in rows.scan(session.store, one)}
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
    plan.refused.sort(key=lambda r: r.line)


@without_collector()
def store_plan(session: Session, one: Register, plan: ImportPlan) -> None:
    """Write the plan in one act."""
    if not plan.new and not plan.updated:
        return
    with act(session.store, f"{one.name}.import", _("导入") + _(one.label)) as a:
        sealed: dict[str, list[tuple[str, str, Row]]] = {}
        rows.save_many(a, one, _new_rows(session, one, plan.new, sealed))
        _store_changes(session, a, one, plan.updated, sealed)
        for name, halves in sealed.items():
            sealed_rows.save_sealed_many(a, session.opened_or_refuse(name), one, halves)


def _new_rows(
    session: Session, one: Register, new: Iterable[NewRow], sealed: dict[str, list[tuple[str, str, Row]]]
) -> Iterator[Row]:
    hidden = {f.name: name for name in one.compartments for f in one.sealed_fields(name)}
    blank: Row = {f.name: None for f in one.open_fields}
    for planned in new:
        row = {**blank, **planned.row}
        row["id"] = str(row.get("id") or rows.new_id(session.store))
        year = records.year_of_row(one, row)
        if year is not None:
            row["year"] = year
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


def _report(one: Register, plan: ImportPlan, chosen: SheetMapping, dry_run: bool) -> ImportReport:
    counts = plan.counts()
    reasons = [
        _("第 {n} 行：{why}").format(n=r.line, why="；".join(reason(p) for p in r.problems)) for r in plan.refused
    ]
    notes = [
        _("{heading}：{note}，{n} 行").format(heading=heading, note=note, n=n)
        for (heading, note), n in plan.prepared.note_counts().most_common(50)
    ]
    return ImportReport(
        one.name,
        counts["read"],
        counts["stored"],
        counts["updated"],
        counts["unchanged"],
        counts["refused"],
        counts["skipped"],
        dry_run,
        reasons,
        [*plan.prepared.notes, *notes],
        plan.prepared.ignored,
        mappings.to_json(chosen),
    )


def export_file(
    session: Session, register_name: str, to: Path, *, sealed: bool = False, template: bool = False, school: str = ""
) -> int:
    """Write a register to .xlsx or .csv; how many rows. Sealed columns are masked unless asked for and open."""
    from eduplan_desktop.exchange import sheet_write

    one = _known(register_name)
    if to.suffix.lower() not in ENDINGS:
        raise RefusedError("bad_ending", _("只能写成 .xlsx 或 .csv。"), _("请换一个文件名。"))
    to.parent.mkdir(parents=True, exist_ok=True)
    titles = {t: dict(_titles(session, t, school)) for t in {f.target for f in one.fields if f.kind is Kind.LINK}}
    if template:
        sheet_write.write_template(to, one, session.catalogs, titles)
        return 0
    clear = [name for name in one.compartments if sealed and session.opened_or_refuse(name)]
    masked = [name for name in one.compartments if name not in clear]
    found = _with_sealed(session, one, clear, _hidden(session, one, masked, school), school)
    return sheet_write.write_table(to, one, found, session.catalogs, titles, clear=clear, masked=masked)


def _titles(session: Session, target: str, school: str) -> Iterator[tuple[str, str]]:
    other = find_register(target)
    for row in rows.scan(session.store, other, school=school):
        yield str(row["id"]), records.title(session, other, row, school)


def _hidden(session: Session, one: Register, masked: list[str], school: str) -> dict[str, Row]:
    """Row id → masks in the place of its sealed values. A masked cell coming back means unchanged, a blank one would erase."""
    found: dict[str, Row] = {}
    for name in masked:
        masks: Row = {f.name: MASK for f in one.sealed_fields(name) if f.kind is not Kind.RESULTS}
        for row_id, _mark in queries.sealed_marks(session.store, one, name, school=school):
            found[row_id] = found.get(row_id, {}) | masks
    return found


def _with_sealed(
    session: Session, one: Register, clear: list[str], hidden: dict[str, Row], school: str
) -> Iterator[Row]:
    for row in rows.scan(session.store, one, school=school):
        row |= hidden.get(str(row["id"]), {})
        for name in clear:
            opened = session.opened[name]
            values = sealed_rows.read_sealed(session.store, opened, one, str(row["id"]), school=school)
            row |= values or dict.fromkeys((f.name for f in one.sealed_fields(name)), None)
        yield row
