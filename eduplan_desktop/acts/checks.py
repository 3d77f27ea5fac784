"""Checking a school file: every row, every register, what calendar items ask for; findings kept for the screens."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from eduplan_desktop.acts.session import Session
from eduplan_desktop.errors import RefusedError
from eduplan_desktop.i18n import _
from eduplan_desktop.problems import Problem, Severity
from eduplan_desktop.registers import school_year
from eduplan_desktop.registers.catalog import REGISTERS, register
from eduplan_desktop.registers.catalogs import Catalogs
from eduplan_desktop.registers.check import check_register, check_row, check_sealed
from eduplan_desktop.registers.columns import Columns
from eduplan_desktop.registers.model import Register, Row, Value
from eduplan_desktop.store import rows, shelf
from eduplan_desktop.store.journal import Act, act

Progress = Callable[[int, int, str], None]


def no_progress(done: int, total: int, text: str) -> None:
    """For callers that do not watch."""


def never() -> bool:
    """For callers that do not cancel."""
    return False


class FileContext:
    """What rules may ask of an open file; remembers rows it looked up."""

    def __init__(self, session: Session, school: str = "") -> None:
        self._store = session.store
        self._school = school
        self._today = session.today()
        self._catalogs = session.catalogs
        self._seen: dict[tuple[str, str], Mapping[str, Value] | None] = {}

    @property
    def today(self) -> str:
        """Today (D21)."""
        return self._today

    @property
    def catalogs(self) -> Catalogs:
        """Catalogues in force."""
        return self._catalogs

    def row(self, register_name: str, row_id: str) -> Mapping[str, Value] | None:
        """Another row of the same file, or None."""
        key = (register_name, row_id)
        if key not in self._seen:
            self._seen[key] = rows.get(self._store, register(register_name), row_id, school=self._school)
        return self._seen[key]

    def rows(self, register_name: str) -> Iterator[Mapping[str, Value]]:
        """All live rows of a register."""
        return rows.scan(self._store, register(register_name), school=self._school)

    def columns(self, register_name: str) -> Columns:
        """The same by column."""
        ids, columns = rows.columns(self._store, register(register_name), school=self._school)
        return Columns(columns, ids)


def check(session: Session, progress: Progress = no_progress) -> list[Problem]:
    """Check every record, keep the findings for the screens, and give them back: errors first, in register order.

    Findings about sealed values are given to the person whose compartment is open and kept nowhere.
    """
    found: list[Problem] = []
    sealed: list[Problem] = []
    for number, one in enumerate(REGISTERS):
        progress(number, len(REGISTERS), _("正在检查") + _(one.label))
        context = FileContext(session)
        found += check_register(one, context, context)
        sealed += _check_sealed_rows(session, one, context)
    if not session.store.read_only:
        with act(session.store, "check", "检查", trace=False) as a:
            shelf.replace_findings(a, found)
    return sorted(found + sealed, key=lambda p: p.severity is not Severity.ERROR)


def recheck(session: Session, a: Act, one: Register) -> None:
    """Check every record of one register inside an act that wrote to it, across records too, and keep the findings."""
    context = FileContext(session)
    shelf.replace_findings(a, check_register(one, context, context), one.name)


def _check_sealed_rows(session: Session, one: Register, context: "FileContext") -> list[Problem]:
    from eduplan_desktop.store import sealed_rows

    found: list[Problem] = []
    for name in one.compartments:
        opened = session.opened.get(name)
        if opened is None:
            continue
        for row in rows.scan(session.store, one):
            values = sealed_rows.read_sealed(session.store, opened, one, str(row["id"]))
            if values is not None:
                found += check_sealed(one, name, {**row, **values}, context)
    return found


def check_open(session: Session, one: Register, row: Row) -> list[Problem]:
    """Findings about the open values of one row."""
    return check_row(one, row, FileContext(session))


def check_sealed_values(session: Session, one: Register, row: Row) -> list[Problem]:
    """Findings about the sealed values given with one row."""
    found: list[Problem] = []
    for name in one.compartments:
        if any(f.name in row for f in one.sealed_fields(name)):
            found += check_sealed(one, name, row, FileContext(session))
    return found


def explain(session: Session, key: str, text: str) -> None:
    """Write the explanation of a 存疑. Refused for an error, or for a finding that does not exist."""
    known = {p.key: p for p in kept_findings(session) or check(session)}
    if key not in known:
        known = {p.key: p for p in check(session)}
    if key not in known:
        raise RefusedError("no_such_finding", _("没有这一条检查结果。"), _("请先运行检查，再照抄结果里的编号。"))
    if known[key].severity is Severity.ERROR:
        raise RefusedError("error_not_explained", _("这是错误，不能用说明代替。"), _("请改正这条记录。"))
    with act(session.store, "explain", "写说明") as a:
        shelf.put_explanation(a, key, text.strip())


def explanations(session: Session) -> dict[str, str]:
    """Explanations by finding key."""
    return shelf.explanations(session.store)


def kept_findings(session: Session) -> list[Problem]:
    """Findings of the last check, as kept."""
    return [_problem(r) for r in shelf.findings(session.store)]


def kept_findings_of(session: Session, register_name: str, ids: Iterable[str]) -> list[Problem]:
    """Kept findings of some rows of one register."""
    return [_problem(r) for r in shelf.findings_of(session.store, register_name, ids)]


def _problem(r: Mapping[str, Any]) -> Problem:
    return Problem(r["code"], Severity(r["severity"]), r["register"], r["id"], r["field"], json.loads(r["params"]))


def required_by_items(session: Session, items: Iterable[Mapping[str, Any]]) -> list[Problem]:
    """Fields a calendar item asks for that are still empty in the rows of its slices (D20, D1)."""
    found: list[Problem] = []
    for item in items:
        for name, fields in item["required"].items():
            one = register(name)
            years = [int(s.partition("/")[2]) for s in item["slices"] if s.partition("/")[0] == name and "/" in s]
            known = [field for field in fields if field in one.by_name]
            owed = _OWED.get(name, _blank)
            found += [
                Problem(
                    "required_by_item",
                    Severity.ERROR,
                    name,
                    row_id,
                    field,
                    {"label": one.by_name[field].label, "item": item["title"]},
                )
                for row_id, field in owed(list(_rows_of(session, one, years)), known)
            ]
    return found


def _blank(found: Sequence[Row], fields: Sequence[str]) -> Iterator[tuple[str, str]]:
    """(row id, field) of what is empty."""
    return ((str(row["id"]), field) for row in found for field in fields if row.get(field) is None)


_OWED: Mapping[str, Callable[[Sequence[Row], Sequence[str]], Iterator[tuple[str, str]]]] = {
    "school_year": school_year.owed
}
"""Registers in which a figure may rightly stand in another row than the one that lacks it."""


def _rows_of(session: Session, one: Register, years: Sequence[int]) -> Iterator[Row]:
    if not years:
        yield from rows.scan(session.store, one)
    for year in years:
        yield from rows.scan(session.store, one, year=year)


def year_of_row(session: Session, problem: Problem) -> int | None:
    """Slice year of the row a finding is about; None where there is none."""
    row = rows.get(session.store, register(problem.register), problem.row) if problem.row else None
    year = row.get("year") if row else None
    return year if isinstance(year, int) else None
