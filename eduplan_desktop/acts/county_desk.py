"""The county's month as the window sees it: setting up, trust, taking in, board, review, figures, years."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eduplan_desktop.acts import (
    county_catalogs,
    county_figures,
    county_keys,
    county_lists,
    county_looks,
    county_merge,
    county_paper,
    county_review,
    county_setup,
    county_trust,
)
from eduplan_desktop.acts.checks import Progress, no_progress
from eduplan_desktop.acts.county_catalogs import CatalogReport
from eduplan_desktop.acts.county_figures import Figures
from eduplan_desktop.acts.county_trust import Enrolled, MadeKit, RequestLine
from eduplan_desktop.acts.session import Session
from eduplan_desktop.bundle import sheets, stick
from eduplan_desktop.bundle.kit import RosterEntry
from eduplan_desktop.bundle.trust import TrustEntry
from eduplan_desktop.county import board as boards
from eduplan_desktop.county import calendar, indicator_policy, receipts, roster, trust, worklists, year
from eduplan_desktop.county.indicator_rules import Level
from eduplan_desktop.county.what_if import Step, fill_gaps
from eduplan_desktop.merge.report import Line, TakeIn
from eduplan_desktop.store.journal import act


@dataclass(frozen=True, slots=True)
class CountyFacts:
    """The county at a glance. proven: recovery sheets that were typed back; waiting: requests to decide."""

    name: str
    code: str
    fingerprint: str
    kit: int
    trust: int
    health: bool
    proven: tuple[str, ...]
    schools: int
    waiting: int


class CountyDesk:
    """Acts of a county officer."""

    def __init__(self, session: Session) -> None:
        session.county_or_refuse()
        self._session = session

    # -- setting up -----------------------------------------------------------------------------------------------
    def facts(self) -> CountyFacts:
        """The county at a glance."""
        store, county = self._session.store, county_keys.identity(self._session)
        proven = tuple(k for k in (sheets.RECORDS, sheets.HEALTH) if store.meta(f"proven:{k}"))
        return CountyFacts(
            county.name,
            county.code,
            county.fingerprint,
            int(store.meta("kit_version", "0")),
            trust.version(store),
            county.health is not None,
            proven,
            len(roster.valid(store, self._session.today())),
            len(trust.requests(store)),
        )

    def make_health(self, passphrase: str, sheet: Path) -> str:
        """The health officer's key and sheet; the recovery code, shown once."""
        return county_setup.make_health(self._session, passphrase, sheet)

    def prove_sheet(self, text: str) -> str:
        """Typed-back proof of a recovery sheet; which one it was."""
        return county_setup.prove_sheet(self._session, text)

    def write_letter(self, to: Path) -> int:
        """The letter with the county's fingerprint."""
        return county_setup.print_letter(self._session, to)

    def roster(self) -> list[RosterEntry]:
        """Schools in reading order."""
        return list(roster.in_order(self._session.store))

    def add_school(self, **said: str) -> RosterEntry:
        """List a school."""
        with act(self._session.store, "county.school.add", "加入学校", undoable=False) as a:
            return roster.add(a, self._session.catalogs, said)

    def change_school(self, uid: str, **said: str) -> RosterEntry:
        """Correct a school's entry."""
        with act(self._session.store, "county.school.change", "修改学校", undoable=False) as a:
            return roster.change(a, self._session.catalogs, uid, said)

    def close_school(self, uid: str, last: str, successor: str = "", remark: str = "") -> RosterEntry:
        """停办 or 撤并."""
        with act(self._session.store, "county.school.close", "停办或撤并学校", undoable=False) as a:
            return roster.end(a, uid, last, successor, remark)

    def import_roster(self, path: Path) -> dict[str, Any]:
        """List many schools from a sheet."""
        return county_setup.import_roster(self._session, path)

    def calendar(self) -> list[dict[str, Any]]:
        """Calendar items by due date."""
        return county_setup.calendar_act(self._session, "list", {})

    def put_item(self, **said: str) -> list[dict[str, Any]]:
        """Add or change a calendar item: id, title, period, due, slices, required as typed."""
        return county_setup.calendar_act(self._session, "add", said)

    def drop_item(self, item: str) -> list[dict[str, Any]]:
        """Remove a calendar item nobody answered."""
        return county_setup.calendar_act(self._session, "remove", {"id": item})

    def make_year(self, of_year: int) -> list[dict[str, Any]]:
        """Add the proposed items of a statistical year."""
        return county_setup.calendar_act(self._session, "year", {"year": of_year})

    def policy(self) -> dict[str, dict[str, str]]:
        """What the county confirmed, with sources."""
        return county_setup.policy_act(self._session, "list", "", "", "")

    def decisions(self, rules: str) -> list[indicator_policy.Decision]:
        """What a rule set leaves to the county to confirm."""
        return list(indicator_policy.DECISIONS[rules])

    def confirm_rules(self, rules: str, said: Mapping[str, tuple[str, str]]) -> int:
        """Confirm every decision of a rule set in one act: key → (value, source)."""
        return county_lists.confirm_all(self._session, rules, said)

    def import_list(self, name: str, path: Path) -> dict[str, Any]:
        """Read `calendar` or `policy` from a sheet."""
        taken = {"calendar": county_lists.import_calendar, "policy": county_lists.import_policy}[name]
        return taken(self._session, path).as_dict()

    def write_list(self, name: str, to: Path) -> int:
        """`calendar`, `policy` or `school` as a sheet that reads back; how many rows."""
        return county_lists.write_sheet(self._session, name, to)

    def set_policy(self, key: str, value: str, source: str) -> None:
        """Confirm one value with its source."""
        county_setup.policy_act(self._session, "set", key, value, source)

    def import_catalog(
        self, name: str, path: Path, mapping: dict[str, Any] | None = None, *, dry_run: bool = False
    ) -> CatalogReport:
        """Replace or extend a catalogue from a sheet."""
        return county_catalogs.import_catalog(self._session, name, path, mapping=mapping, dry_run=dry_run)

    # -- trust ----------------------------------------------------------------------------------------------------
    def write_kit(self, to: Path) -> MadeKit:
        """Write the next kit."""
        return county_trust.write_kit(self._session, to)

    def requests(self, folder: Path) -> list[RequestLine]:
        """Enrolment requests lying in a folder or on a stick."""
        return county_trust.requests(self._session, [f.path for f in stick.find_envelopes([folder], "enrolment")])

    def waiting(self) -> list[trust.Request]:
        """Requests that were kept beside their bundles and wait for the paper."""
        return county_looks.waiting(self._session)

    def enrol_kept(self, digest: str, typed: str, school: str = "") -> Enrolled:
        """Approve a kept request by the fingerprint typed from the paper."""
        return county_looks.enrol_kept(self._session, digest, typed, school)

    def decline(self, digest: str) -> None:
        """Turn a kept request down."""
        county_looks.decline(self._session, digest)

    def enrol(self, path: Path, typed: str, school: str = "") -> Enrolled:
        """Approve a request by the fingerprint typed from the paper."""
        return county_trust.enrol(self._session, path, typed, school=school)

    def keys(self) -> dict[str, list[TrustEntry]]:
        """Trusted data files of all schools that have any, the oldest first."""
        found: dict[str, list[TrustEntry]] = {}
        for entry in trust.entries(self._session.store).entries:
            found.setdefault(entry.school, []).append(entry)
        return found

    def end_key(self, how: str, school: str, number: int) -> int:
        """Retire or revoke a school's key from a bundle number on."""
        return county_trust.end_key(self._session, how, school, number)

    def rotate(self, sheet: Path) -> str:
        """New county keys; the new fingerprint."""
        return county_trust.rotate(self._session, sheet)

    # -- taking in ------------------------------------------------------------------------------------------------
    def dry_run(
        self,
        paths: Sequence[Path],
        progress: Progress = no_progress,
        cancelled: Callable[[], bool] = county_merge.never,
    ) -> TakeIn:
        """Rehearse: what each bundle would do; nothing is written."""
        return county_merge.rehearse_or_merge(
            self._session, paths, dry_run=True, progress=progress, cancelled=cancelled
        )

    def merge(
        self,
        paths: Sequence[Path],
        progress: Progress = no_progress,
        cancelled: Callable[[], bool] = county_merge.never,
    ) -> TakeIn:
        """Merge, one transaction per bundle."""
        return county_merge.rehearse_or_merge(
            self._session, paths, dry_run=False, progress=progress, cancelled=cancelled
        )

    def health_merge(self, progress: Progress = no_progress) -> dict[str, Any]:
        """Open and merge health parts."""
        return county_merge.health(self._session, progress)

    def reread(self, progress: Progress = no_progress) -> dict[str, Any]:
        """Derive every slice again from the filed bundles."""
        return county_merge.reread(self._session, progress)

    def choose_fork(self, digest: str) -> dict[str, Any]:
        """Keep the history that holds this bundle."""
        return county_merge.choose_fork(self._session, digest)

    def forks(self) -> list[county_looks.Fork]:
        """Data files with two histories, of which one has to be chosen."""
        return county_looks.forks(self._session)

    def receipt_lines(self) -> list[county_looks.ReceiptLine]:
        """Schools a receipt can be written to, and the last one written."""
        return county_looks.receipt_lines(self._session)

    def write_receipts(self, to: Path, schools: Sequence[str] | None = None) -> list[str]:
        """Write receipts; their paths."""
        return county_merge.write_receipts(self._session, to, schools)

    def tellable(self) -> list[str]:
        """Schools a receipt can be written to."""
        return receipts.schools(self._session.store)

    # -- looking --------------------------------------------------------------------------------------------------
    def board(self, period: str = "") -> boards.Board:
        """The completeness board; items whose period begins with `period` where given."""
        items = [i for i in calendar.items(self._session.store) if i.period.startswith(period)]
        return boards.board(self._session.store, self._session.today(), items)

    def write_board(self, to: Path, period: str = "") -> dict[str, Any]:
        """Print the board (.pdf) or write it as a sheet."""
        return county_paper.write_board(self._session, to, period)

    def remind(self, to: Path, *, items: Sequence[str] = (), school: str = "", listing: bool = False) -> dict[str, Any]:
        """催报单 for each school (.pdf), or the list of them all."""
        return county_paper.remind(self._session, to, items=items, school=school, listing=listing)

    def write_slips(self, lines: Sequence[Line], to: Path) -> int:
        """收件回条 of bundles that were refused or held; how many."""
        return county_paper.write_slips(self._session, lines, to)

    def note_reminded(self, told: dict[str, Any]) -> int:
        """Note for each school and item of what `remind` wrote that a reminder went out; how many."""
        return county_looks.note_reminded(self._session, told)

    def worklists(self) -> list[worklists.WorkLine]:
        """What waits for somebody."""
        return worklists.worklists(self._session.store, self._session.today())

    def decide(
        self, how: str, school: str, item: str, *, text: str = "", remarks: Path | None = None
    ) -> dict[str, Any]:
        """Return, accept or exempt an item of a school."""
        return county_review.decide(self._session, how, school, item, remarks=remarks, text=text)

    def recheck(self, school: str, hazard: str, *, result: str, by: str, date: str, text: str = "") -> None:
        """The county's 复查 of a hazard."""
        county_review.recheck(self._session, school, hazard, result=result, by=by, date=date, text=text)

    def notes(self, school: str) -> list[county_looks.Note]:
        """Reminders given to a school, the newest first."""
        return county_looks.notes(self._session, school)

    def add_note(self, school: str, item: str, text: str) -> None:
        """Write down a reminder."""
        county_looks.add_note(self._session, school, item, text)

    def export(self, register_name: str, to: Path, school: str = "") -> int:
        """A register of all schools, or of one, as a sheet with the school in front; how many rows."""
        return county_looks.export(self._session, register_name, to, school)

    def health_years(self) -> list[int]:
        """Statistical years with check-up counts."""
        return county_looks.health_years(self._session)

    def health_year(self, of_year: int) -> county_looks.HealthYear:
        """Check-up counts of a year, suppressed as they may be shown."""
        return county_looks.health_year(self._session, of_year)

    # -- figures --------------------------------------------------------------------------------------------------
    def years(self) -> list[int]:
        """Statistical years with figures, the newest first."""
        return year.years(self._session.store)

    def indicators(self, of_year: int, rules: str) -> Figures:
        """The indicators of a year by one rule set."""
        return county_figures.figures(self._session, of_year, rules)

    def what_if(self, found: Figures, level: Level, indicator: str) -> list[Step]:
        """先帮哪几所: gaps filled one school after another, and the coefficient after each."""
        one = next(i for i in found.result.levels[level].indicators if i.indicator.id == indicator)
        return list(fill_gaps(one))

    def origin(self, school: str, of_year: int, level: Level) -> county_looks.Origin | None:
        """Where a school's figures of a year come from."""
        return county_looks.origin(self._session, school, of_year, str(level))

    def write_indicators(self, of_year: int, rules: str, to: Path) -> Figures:
        """Write the indicators to .xlsx or .pdf."""
        return county_figures.indicators(self._session, of_year, rules, to=to)

    def year_state(self, of_year: int) -> dict[str, Any]:
        """Closings of a year and what changed since."""
        return county_figures.year_act(self._session, of_year, "show")

    def close_year(self, of_year: int) -> dict[str, Any]:
        """Freeze a year."""
        return county_figures.year_act(self._session, of_year, "close")

    def reopen_year(self, of_year: int, reason: str) -> dict[str, Any]:
        """Open a closed year again."""
        return county_figures.year_act(self._session, of_year, "reopen", reason=reason)
