"""Spreadsheets into the open file in one act, into one register or several. Read = stored + updated + unchanged + refused.

Called by the sheet desk and the command line; what a sheet would do and its storing stand in `importing`, the way out in
`sheets_out`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from eduplan_desktop.acts.checks import Progress, no_progress
from eduplan_desktop.acts.importing import make_plans, store_plans
from eduplan_desktop.acts.session import Session
from eduplan_desktop.acts.sheets_out import export_file, known_register
from eduplan_desktop.errors import CancelledError, ExchangeError
from eduplan_desktop.exchange import mapping as mappings
from eduplan_desktop.exchange import split
from eduplan_desktop.exchange.mapping import SheetMapping
from eduplan_desktop.exchange.plan import ImportPlan
from eduplan_desktop.exchange.reasons import reason
from eduplan_desktop.exchange.sheet_read import Book, read_book
from eduplan_desktop.exchange.suggest import suggest
from eduplan_desktop.i18n import _
from eduplan_desktop.registers.catalog import register as find_register
from eduplan_desktop.registers.model import Register

__all__ = ["ImportReport", "SplitReport", "export_file", "import_file", "make_plans", "save_report"]

Declared = dict[str, Any] | SheetMapping | Sequence[SheetMapping] | None
"""What a caller knows of the columns: JSON, one mapping, several, or nothing."""


@dataclass(slots=True)
class ImportReport:
    """The figures of an import into one register and why rows stayed out.

    not_meant: records of the sheet that are another register's (they are among `skipped`); unfinished: rows stored although
    they lack a required cell, as the person chose; they carry a finding.
    """

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
    not_meant: int = 0
    unfinished: int = 0

    @property
    def equation(self) -> str:
        """The figures without what was done."""
        said = _("读入 {a} = 新增 {b} + 更新 {c} + 未变 {d} + 拒收 {e}").format(
            a=self.read, b=self.stored, c=self.updated, d=self.unchanged, e=self.refused
        )
        if self.not_meant:
            said = _("{figures}；另有 {n} 行不属于它").format(figures=said, n=self.not_meant)
        return _("{figures}；其中 {n} 行缺必填项").format(figures=said, n=self.unfinished) if self.unfinished else said

    @property
    def sentence(self) -> str:
        """The equation of the import."""
        return _("{word}：{figures}。").format(word=_word(self.dry_run), figures=self.equation)

    def as_dict(self) -> dict[str, Any]:
        """For `--json`."""
        return {name: getattr(self, name) for name in self.__slots__}


def _word(dry_run: bool) -> str:
    return _("试算") if dry_run else _("导入")


@dataclass(slots=True)
class SplitReport:
    """A report per register that one sheet fed, in the order of the mapping."""

    parts: list[ImportReport]
    dry_run: bool
    mapping: dict[str, Any]
    notes: list[str] = field(default_factory=list)
    saved_to: str = ""

    @property
    def refused(self) -> int:
        """How many rows stayed out, over all registers."""
        return sum(part.refused for part in self.parts)

    @property
    def sentence(self) -> str:
        """The equation of every register."""
        said = (_("{label} {figures}").format(label=_label(p), figures=p.equation) for p in self.parts)
        return _("{word}：{figures}。").format(word=_word(self.dry_run), figures="；".join(said))

    @property
    def reasons(self) -> list[str]:
        """Why rows stayed out, with the register."""
        return [_("{label} {why}").format(label=_label(part), why=why) for part in self.parts for why in part.reasons]

    def as_dict(self) -> dict[str, Any]:
        """For `--json`."""
        own = {name: getattr(self, name) for name in self.__slots__}
        return {**own, "parts": [part.as_dict() for part in self.parts], "refused": self.refused}


def _label(part: ImportReport) -> str:
    return _("“{label}”").format(label=_(find_register(part.register).label))


Report = ImportReport | SplitReport


def import_file(
    session: Session,
    register_name: str,
    path: Path,
    *,
    mapping: Declared = None,
    sheet: str = "",
    encoding: str = "",
    dry_run: bool = False,
    report_to: Path | None = None,
    progress: Progress = no_progress,
    cancelled: Callable[[], bool] = lambda: False,
) -> Report:
    """Read a spreadsheet and store its rows in one act; the report may be saved as a workbook. Raises ExchangeError."""
    session.school_or_refuse()
    progress(0, 4, _("正在读取 {file}").format(file=path.name))
    one = known_register(register_name)
    parts = _declared(session, one, mapping)
    book = _book(path, parts, sheet, encoding, cancelled)
    chosen = parts or (suggest(book.sheet, one, session.catalogs).mapping,)
    plans = make_plans(session, book, chosen, progress)
    if cancelled():
        raise CancelledError
    if not dry_run:
        progress(3, 4, _("正在保存 {n} 条").format(n=sum(len(p.new) + len(p.updated) for p in plans)))
        store_plans(session, plans)
    report = _reported(plans, chosen, dry_run)
    if report_to is not None:
        _save_report(report, plans, report_to, path.name)
    progress(4, 4, report.sentence)
    return report


def _declared(session: Session, one: Register, said: Declared) -> tuple[SheetMapping, ...]:
    """The parts a caller declared; () for none."""
    if isinstance(said, dict):
        if split.is_split(said):
            return split.from_json(said, one, session.catalogs)
        return (mappings.from_json(said, one, session.catalogs),)
    if isinstance(said, SheetMapping):
        return (said,)
    return tuple(said or ())


def _reported(plans: Sequence[ImportPlan], chosen: Sequence[SheetMapping], dry_run: bool) -> Report:
    reports = [_report(plan, part, dry_run) for plan, part in zip(plans, chosen, strict=True)]
    if len(reports) == 1:
        return reports[0]
    return SplitReport(reports, dry_run, split.to_json(chosen))


def save_report(plans: Sequence[ImportPlan], to: Path, source: str) -> None:
    """Save figures, refused lines with their reasons and normalisations of every register as a workbook."""
    from eduplan_desktop.exchange.report import write_report

    to.parent.mkdir(parents=True, exist_ok=True)
    write_report(to, plans, source)


def _save_report(report: Report, plans: Sequence[ImportPlan], to: Path, source: str) -> None:
    """The rows are stored by then, so a failing disk is a note, not a failed import."""
    try:
        save_report(plans, to, source)
        report.saved_to = str(to)
    except (OSError, ExchangeError):
        report.notes.append(_("导入报告没有写成（{file}），数据不受影响；请换一个位置。").format(file=to.name))


def _book(path: Path, parts: Sequence[SheetMapping], sheet: str, encoding: str, cancelled: Callable[[], bool]) -> Book:
    """The file, read as the person or the mapping says."""
    named = parts[0] if parts else SheetMapping("")
    return read_book(
        path,
        sheet or named.sheet,
        encoding=encoding or named.encoding,
        delimiter=named.delimiter,
        cancelled=cancelled,
    )


def _report(plan: ImportPlan, chosen: SheetMapping, dry_run: bool) -> ImportReport:
    counts = plan.counts()
    reasons = [
        _("第 {n} 行：{why}").format(n=r.line, why="；".join(reason(p) for p in r.problems)) for r in plan.refused
    ]
    notes = [
        _("{heading}：{note}，{n} 行").format(heading=heading, note=note, n=n)
        for (heading, note), n in plan.prepared.note_counts().most_common(50)
    ]
    return ImportReport(
        plan.prepared.register.name,
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
        not_meant=plan.not_meant,
        unfinished=len(plan.unfinished),
    )
