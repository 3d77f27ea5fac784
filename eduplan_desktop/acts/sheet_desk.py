"""Spreadsheets as the window sees them: look, map, preview, import, export; mappings are remembered by heading."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from eduplan_desktop.acts import home, sheets
from eduplan_desktop.acts.checks import Progress, no_progress
from eduplan_desktop.acts.session import Session
from eduplan_desktop.acts.sheets import Report
from eduplan_desktop.errors import EduPlanError
from eduplan_desktop.exchange import mapping as mappings
from eduplan_desktop.exchange import split
from eduplan_desktop.exchange.mapping import ColumnRule, SheetMapping
from eduplan_desktop.exchange.plan import ImportPlan
from eduplan_desktop.exchange.prepare import Noted
from eduplan_desktop.exchange.reasons import reason
from eduplan_desktop.exchange.sheet_read import Book, read_book
from eduplan_desktop.exchange.sheet_read import preview as preview_book
from eduplan_desktop.exchange.suggest import Suggestion, suggest, targets
from eduplan_desktop.i18n import _
from eduplan_desktop.problems import Problem
from eduplan_desktop.registers.catalog import REGISTERS, register
from eduplan_desktop.registers.kinds import show
from eduplan_desktop.registers.model import Register, Row


@dataclass(frozen=True, slots=True)
class PreviewRow:
    """One row as it would be stored. state: new, updated, unchanged, refused; reasons: why it stays out or lost a cell.

    bad: fields the reasons are about.
    """

    line: int
    state: str
    shown: dict[str, str]
    notes: tuple[Noted, ...]
    reasons: tuple[str, ...]
    bad: tuple[str, ...] = ()


@dataclass(slots=True)
class Preview:
    """A rehearsed import. fields: register fields the sheet feeds, in order; counts: read, stored, updated, unchanged, refused."""

    plan: ImportPlan
    fields: tuple[str, ...]
    counts: dict[str, int]
    skipped: list[tuple[int, str]]
    ignored: list[str]
    notes: list[str]


class SheetDesk:
    """Acts around spreadsheets."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def look(self, path: Path, sheet: str = "", encoding: str = "") -> Book:
        """The first rows of a file: sheets, encodings, cells."""
        return preview_book(path, sheet, encoding=encoding)

    def guess(self, register_name: str, book: Book, header_line: int = 0) -> list[Suggestion]:
        """Which column is what, by headings; the remembered mapping of these headings where there is one, in all its parts."""
        one = register(register_name)
        found = suggest(book.sheet, one, self._session.catalogs, header_line)
        kept = self._remembered().get(mappings.fingerprint(one.name, found.header))
        if kept is None:
            return [found]
        try:
            parts = self._parts(kept, one)
        except EduPlanError:
            return [found]
        return [replace(found, mapping=part) for part in parts]

    def _parts(self, kept: Any, one: Register) -> Sequence[SheetMapping]:
        if split.is_split(kept):
            return split.from_json(kept, one, self._session.catalogs)
        return (mappings.from_json(kept, one, self._session.catalogs),)

    def offers(self, book: Book, found: Suggestion, parts: Sequence[SheetMapping]) -> list[tuple[Register, int]]:
        """Further registers the sheet could feed, and with how many columns; the fullest first."""
        return split.offers(book.sheet, parts, REGISTERS, self._session.catalogs, found.header)

    def propose(self, book: Book, found: Suggestion, parts: Sequence[SheetMapping], register_name: str) -> Suggestion:
        """What a further register would take from the sheet."""
        return split.propose(book.sheet, parts, register(register_name), self._session.catalogs, found.header)

    def levels(self, register_name: str, book: Book, header_line: int = 0) -> list[Suggestion]:
        """A part per level where the headings name levels; [] where they do not."""
        return split.levels(book.sheet, register(register_name), self._session.catalogs, header_line)

    def targets(self, register_name: str) -> list[tuple[str, ColumnRule]]:
        """Everything a column can be mapped to, in words."""
        return targets(register(register_name), self._session.catalogs)

    def remember(self, register_name: str, found: Suggestion, parts: Sequence[SheetMapping]) -> None:
        """Keep the mapping of a sheet for the next one with these headings, on this PC."""
        settings = home.read_settings(self._session.env.home)
        kept = dict(settings.get("mappings", {}))
        kept[mappings.fingerprint(register_name, found.header)] = split.to_json(parts)
        home.write_settings(self._session.env.home, {**settings, "mappings": kept})

    def _remembered(self) -> dict[str, Any]:
        found = home.read_settings(self._session.env.home).get("mappings", {})
        return found if isinstance(found, dict) else {}

    def preview(
        self,
        path: Path,
        parts: Sequence[SheetMapping],
        *,
        progress: Progress = no_progress,
        cancelled: Callable[[], bool] = lambda: False,
    ) -> list[Preview]:
        """Rehearse an import of the whole sheet, register by register; nothing is written."""
        named = parts[0]
        book = read_book(path, named.sheet, encoding=named.encoding, delimiter=named.delimiter, cancelled=cancelled)
        plans = sheets.make_plans(self._session, book, parts, progress)
        return [self._previewed(plan, part) for plan, part in zip(plans, parts, strict=True)]

    def _previewed(self, plan: ImportPlan, mapping: SheetMapping) -> Preview:
        prepared = plan.prepared
        names = tuple(f.name for f in prepared.register.fields if f.name in mapping.fields)
        skipped = [(s.line, s.words) for s in prepared.skipped if s.kind != "other"]
        return Preview(plan, names, plan.counts(), skipped, prepared.ignored, prepared.notes)

    def rows(self, preview: Preview, state: str = "", limit: int = 200, *, notable: bool = False) -> list[PreviewRow]:
        """The first rows of a preview in the order of the sheet: of one state or of all; notable: only with something to say."""
        plan, found = preview.plan, []
        groups: dict[int, tuple[str, Row | None, tuple[Problem, ...]]] = {}
        groups |= {n.index: ("new", n.row, ()) for n in plan.new}
        groups |= {c.index: ("updated", None, ()) for c in plan.updated}
        groups |= {index: ("unchanged", None, ()) for index, _id in plan.unchanged}
        groups |= {r.index: ("refused", None, r.problems) for r in plan.refused}
        for index in sorted(groups):
            kind, row, problems = groups[index]
            problems += plan.lacking(index)
            if state and kind != state:
                continue
            if notable and not problems and next(plan.prepared.noted(index), None) is None:
                continue
            found.append(self._row(preview, index, kind, row, problems))
            if len(found) >= limit:
                break
        return found

    def save_report(self, previews: Sequence[Preview], to: Path, file_name: str) -> None:
        """Save what an import would do, or did, as a workbook: figures, refused lines with their reasons, normalisations."""
        sheets.save_report([preview.plan for preview in previews], to, file_name)

    def _row(
        self, preview: Preview, index: int, kind: str, row: Row | None, problems: tuple[Problem, ...]
    ) -> PreviewRow:
        prepared = preview.plan.prepared
        one = prepared.register
        values = prepared.rows[index] if row is None else row
        shown = {name: self._shown(one, name, values, index, preview) for name in preview.fields}
        first = preview.plan.joined.get(index)
        if first is not None:
            same = Noted("", _("重复"), "", _("与第 {line} 行是同一条").format(line=first))
            return PreviewRow(prepared.lines[index], kind, shown, (*prepared.noted(index), same), ())
        reasons, bad = tuple(reason(p) for p in problems), tuple(p.field for p in problems if p.field)
        return PreviewRow(prepared.lines[index], kind, shown, tuple(prepared.noted(index)), reasons, bad)

    def _shown(self, one: Register, name: str, values: Row, index: int, preview: Preview) -> str:
        value = values.get(name)
        if value is None or one.by_name[name].target:
            return preview.plan.prepared.shown_cell(index, name)
        return show(one.by_name[name], value, self._session.catalogs)

    def import_(
        self,
        path: Path,
        register_name: str,
        parts: Sequence[SheetMapping] = (),
        *,
        dry_run: bool = False,
        report_to: Path | None = None,
        progress: Progress = no_progress,
        cancelled: Callable[[], bool] = lambda: False,
    ) -> Report:
        """Import a sheet in one act, into every register its parts name."""
        return sheets.import_file(
            self._session,
            register_name,
            path,
            mapping=parts,
            dry_run=dry_run,
            report_to=report_to,
            progress=progress,
            cancelled=cancelled,
        )

    def export(self, register_name: str, to: Path, *, sealed: bool = False, school: str = "") -> int:
        """Write a register to .xlsx or .csv; how many rows."""
        return sheets.export_file(self._session, register_name, to, sealed=sealed, school=school)

    def template(self, register_name: str, to: Path) -> None:
        """Write a blank sheet that imports back."""
        sheets.export_file(self._session, register_name, to, template=True)

    def mapping_text(self, parts: Sequence[SheetMapping]) -> str:
        """The mapping of a sheet as JSON, for `--map` of the command line."""
        return json.dumps(split.to_json(parts), ensure_ascii=False, indent=1)
