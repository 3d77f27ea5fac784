"""The facade the window sees: one open file, methods named for a person's acts. No screen looks behind it.

Record acts stand here; the school's round trip is `school`, the county's month is `county`, spreadsheets and paper are
`sheets` and `paper`. Long acts take `progress(done, total, text)` and `cancelled()` and know nothing of threads.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from eduplan_desktop.acts import checks, records
from eduplan_desktop.acts.checks import Progress, never, no_progress
from eduplan_desktop.acts.person import claimed
from eduplan_desktop.acts.photo_acts import PhotoActs
from eduplan_desktop.acts.records import Saved
from eduplan_desktop.acts.session import Session, open_session
from eduplan_desktop.acts.tables import Order, Rank, TableSource, TableView
from eduplan_desktop.acts.vault_acts import VaultActs
from eduplan_desktop.environment import Environment
from eduplan_desktop.i18n import _
from eduplan_desktop.problems import Problem
from eduplan_desktop.registers.catalog import REGISTERS, register
from eduplan_desktop.registers.catalogs import Catalogs, Entry
from eduplan_desktop.registers.model import Field, Register, Row, Value
from eduplan_desktop.store import journal
from eduplan_desktop.store.journal import Changes, HistoryEntry

if TYPE_CHECKING:
    from eduplan_desktop.acts import files
    from eduplan_desktop.acts.county_desk import CountyDesk
    from eduplan_desktop.acts.county_setup import MadeCounty
    from eduplan_desktop.acts.health_desk import HealthDesk
    from eduplan_desktop.acts.key_home import FirstRun
    from eduplan_desktop.acts.paper_desk import PaperDesk
    from eduplan_desktop.acts.pasting import PastePlan
    from eduplan_desktop.acts.school_desk import SchoolDesk
    from eduplan_desktop.acts.settings_desk import SettingsDesk
    from eduplan_desktop.acts.sheet_desk import SheetDesk

__all__ = [
    "Changes",
    "Order",
    "Saved",
    "TableSource",
    "TableView",
    "Workspace",
    "choose_home",
    "first_run",
    "new_county",
    "new_school",
    "offered_words",
    "open_workspace",
    "restore_backup",
    "take_sample",
]


def open_workspace(path: Path, env: Environment, *, read_only: bool = False) -> Workspace:
    """Open a school or county file. Raises StoreError with what to do."""
    return Workspace(open_session(path, env, read_only=read_only))


def new_school(path: Path, *, name: str, code: str, env: Environment, sample: bool = False) -> Workspace:
    """A new school file, open."""
    from eduplan_desktop.acts import files

    return Workspace(files.new_school(path, name=name, code=code, env=env, sample=sample))


def new_county(path: Path, *, code: str, name: str, passphrase: str, sheet: Path, env: Environment) -> MadeCounty:
    """A new county file with its keys, and the recovery sheet where the person said; `recovery_code` is shown once."""
    from eduplan_desktop.acts import county_setup

    return county_setup.new_county(path, code=code, name=name, passphrase=passphrase, sheet=sheet, env=env)


def restore_backup(source: Path, to: Path, env: Environment, as_: str) -> Workspace:
    """A file made from a backup, open. `restore` and `move` keep its identity, `copy` makes a new one."""
    from eduplan_desktop.acts import files

    return Workspace(files.restore_from(source, to, env, as_))


def take_sample(folder: Path, env: Environment) -> list[Path]:
    """The data files a played sample county left to open, after its schools' keys were brought to this PC."""
    from eduplan_desktop.acts import sample_files

    return sample_files.take_sample(folder, env.home)


def offered_words(env: Environment) -> str:
    """A passphrase of six words to offer, before there is a file."""
    from eduplan_desktop.acts import files

    return files.offered_words(env)


def first_run(env: Environment) -> FirstRun | None:
    """What to propose for the key folder while nobody has chosen one, else None. May ask slow drives."""
    from eduplan_desktop.acts import key_home

    return key_home.first_run(env)


def choose_home(env: Environment, folder: Path) -> Environment:
    """Use `folder` for keys and settings from now on. Raises RefusedError, WorldError: then nothing has changed."""
    from eduplan_desktop.acts import key_home

    return key_home.choose(env, folder)


class Workspace(VaultActs, PhotoActs):
    """One open file and the acts of a person on it."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.lent: frozenset[str] = frozenset()
        session.env = session.store.env = claimed(session.env)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Prepare sealed parts, take the daily backup, close the file."""
        from eduplan_desktop.acts import files

        files.close(self.session)

    def another(self) -> Workspace:
        """The same file opened once more, for long work off the window's thread, with the same compartments open."""
        twin = Workspace(open_session(self.path, self.env, read_only=self.read_only))
        twin.session.opened.update(self.session.opened)
        twin.lent = frozenset(self.session.opened)
        return twin

    def adopt_opened(self, other: Workspace) -> None:
        """Take over the compartments that another opening of this file opened; one that was locked here meanwhile stays so."""
        found = other.session.opened
        self.session.opened.update({name: found[name] for name in found.keys() - other.lent})

    def adopt_acts(self, other: Workspace) -> None:
        """After another opening of this file wrote: let undo here take its acts back, and read the catalogues again."""
        store, twin = self.session.store, other.session.store
        if twin.done:
            store.done.extend(twin.done)
            store.undone.clear()
        store.file_id = twin.file_id  # not read here: this may be called on the thread of the other opening
        self.session.forget_catalogs()

    @property
    def path(self) -> Path:
        """The data file."""
        return self.session.store.path

    @property
    def env(self) -> Environment:
        """The injected world."""
        return self.session.env

    @property
    def kind(self) -> str:
        """ "school" or "county"."""
        return self.session.store.kind

    @property
    def title(self) -> str:
        """Name of the school or county."""
        return self.session.name

    @property
    def sample(self) -> bool:
        """Whether this is sample data."""
        return self.session.sample

    def sample_words(self, name: str) -> str:
        """The passphrase left beside a sample file for this compartment; "" for none and for every other file."""
        from eduplan_desktop.acts import sample_files

        return sample_files.words_beside(self.path, name) if self.sample else ""

    @property
    def read_only(self) -> bool:
        """Whether nothing can be changed here."""
        return self.session.store.read_only

    @property
    def catalogs(self) -> Catalogs:
        """Catalogues in force."""
        return self.session.catalogs

    def today(self) -> str:
        """Today (D21)."""
        return self.session.today()

    def clock_doubt(self) -> str:
        """ "behind" or "ahead" where the PC's date should be asked about (D21), else ''."""
        return self.session.clock_doubt()

    def confirm_clock(self) -> None:
        """The person says that the PC's date is right."""
        self.session.confirm_clock()

    def registers(self) -> tuple[Register, ...]:
        """All registers in order."""
        return REGISTERS

    # -- the four desks -------------------------------------------------------------------------------------------
    @cached_property
    def school(self) -> SchoolDesk:
        """The school's round trip: join, today page, submit, receipts."""
        from eduplan_desktop.acts.school_desk import SchoolDesk

        return SchoolDesk(self.session)

    @cached_property
    def county(self) -> CountyDesk:
        """The county's month: roster, kit, enrolment, merge, board, indicators, years, returns."""
        from eduplan_desktop.acts.county_desk import CountyDesk

        return CountyDesk(self.session)

    @cached_property
    def sheets(self) -> SheetDesk:
        """Spreadsheets in and out."""
        from eduplan_desktop.acts.sheet_desk import SheetDesk

        return SheetDesk(self.session)

    @cached_property
    def paper(self) -> PaperDesk:
        """Printed forms."""
        from eduplan_desktop.acts.paper_desk import PaperDesk

        return PaperDesk(self.session)

    @cached_property
    def health(self) -> HealthDesk:
        """Check-ups of a year: people, consents, results over the years."""
        from eduplan_desktop.acts.health_desk import HealthDesk

        return HealthDesk(self.session)

    @cached_property
    def settings(self) -> SettingsDesk:
        """Who uses the program, key folder, backups, passphrases, language."""
        from eduplan_desktop.acts.settings_desk import SettingsDesk

        return SettingsDesk(self.session)

    # -- records --------------------------------------------------------------------------------------------------
    def table(self, register_name: str, school: str | None = None) -> TableSource:
        """Rows of a register; in a county file of one school or of all."""
        return TableSource(self.session, register(register_name), school)

    def more_than(self, register_name: str, n: int, school: str | None = None) -> bool:
        """Whether a register has more than `n` rows, which is quicker to tell than how many."""
        return records.more_than(self.session, register(register_name), n, school)

    def take_table(self, source: TableSource) -> TableSource:
        """Go on here with a table that was read on a worker, through `another()`."""
        source.move_to(self.session)
        return source

    def rank_table(self, source: TableSource, field: str) -> Rank:
        """Work out on a worker where the rows of a table stand by a field; the table itself takes it with `take_rank`."""
        return source.rank(field, self.session)

    def row(self, register_name: str, row_id: str, school: str = "") -> Row | None:
        """One row; sealed values only while their compartment is open."""
        return records.read(self.session, register(register_name), row_id, school)

    def blank(self, register_name: str) -> Row:
        """A new, empty row with an id."""
        return records.blank(self.session, register(register_name))

    def save(self, register_name: str, row: Row) -> Saved:
        """Save one record in one act."""
        from eduplan_desktop.store import drafts

        saved = records.save(self.session, register(register_name), row)
        drafts.drop_saved(self.session.store, register_name, str(row["id"]), self.session.opened)
        return saved

    def remove(
        self,
        register_name: str,
        ids: Iterable[str],
        reason: str,
        progress: Progress = no_progress,
        cancelled: Callable[[], bool] = never,
    ) -> Changes:
        """Remove rows with a reason, all in one act."""
        return records.remove(self.session, register(register_name), ids, reason, progress, cancelled)

    def look_at_paste(
        self,
        register_name: str,
        text: str,
        fields: Sequence[str],
        ids: Sequence[str],
        progress: Progress = no_progress,
        cancelled: Callable[[], bool] = never,
    ) -> PastePlan:
        """What pasting a block would do: its cells land in `fields`, its lines on `ids`, further lines become new records."""
        from eduplan_desktop.acts import pasting

        return pasting.look(self.session, register(register_name), text, fields, ids, progress, cancelled)

    def paste(
        self, plan: PastePlan, progress: Progress = no_progress, cancelled: Callable[[], bool] = never
    ) -> Changes:
        """Write what `look_at_paste` planned, in one act."""
        from eduplan_desktop.acts import pasting

        return pasting.store(self.session, plan, progress=progress, cancelled=cancelled)

    def fill(self, register_name: str, ids: Iterable[str], field: str, value: Value) -> tuple[Changes, PastePlan]:
        """The same value in one field of many rows, in one act; what could not be filled is named in the plan."""
        from eduplan_desktop.acts import pasting

        plan = pasting.fill(self.session, register(register_name), ids, field, value)
        return pasting.store(self.session, plan, _("向下填充")), plan

    def title_of(self, register_name: str, row_id: str, school: str = "") -> str:
        """One line that names a row."""
        return records.title_of(self.session, register_name, row_id, school)

    def link_choices(self, target: str, query: str = "", limit: int = 0) -> list[tuple[str, str]]:
        """(id, title) of the rows a link to `target` may point to; with a limit, the first that hold what was typed."""
        find = records.links_found
        return find(self.session, target, query, limit) if limit else records.link_choices(self.session, target)

    def choices(self, field: Field) -> tuple[Entry, ...]:
        """Codes a person may choose now."""
        return self.catalogs.table(field.choices).live

    def distinct(self, register_name: str, field: str) -> list[Value]:
        """Distinct values of a column, for filters."""
        return records.distinct_values(self.session, register(register_name), field)

    # -- checks ---------------------------------------------------------------------------------------------------
    def check_row(self, register_name: str, row: Row) -> list[Problem]:
        """Findings of a row as it stands in the form."""
        one = register(register_name)
        return checks.check_open(self.session, one, row) + checks.check_sealed_values(self.session, one, row)

    def check(self, progress: Progress = no_progress) -> list[Problem]:
        """Check every record."""
        return checks.check(self.session, progress)

    def findings(self) -> list[Problem]:
        """Findings as last kept."""
        return checks.kept_findings(self.session)

    def findings_of(self, register_name: str, ids: Iterable[str]) -> list[Problem]:
        """Findings of some rows, as last kept."""
        return checks.kept_findings_of(self.session, register_name, ids)

    def explain(self, key: str, text: str) -> None:
        """Write the explanation of a 存疑."""
        checks.explain(self.session, key, text)

    def explanations(self) -> dict[str, str]:
        """Explanations by finding key."""
        return checks.explanations(self.session)

    # -- undo, history, drafts ------------------------------------------------------------------------------------
    def step_is_long(self, name: str) -> bool:
        """Whether `undo` or `redo` is work for a worker, through `another()` and `step_from`."""
        return journal.step_is_long(self.session.store, back=name == "undo")

    def step_from(self, mine: Workspace, name: str) -> Changes | None:
        """Take back (`undo`) or do again (`redo`) here what the session of another opening did."""
        return journal.step_from(self.session.store, mine.session.store, back=name == "undo")

    def undo(self) -> Changes | None:
        """Undo the last act of this session that still can be."""
        return journal.undo(self.session.store)

    def redo(self) -> Changes | None:
        """Do again what was undone last."""
        return journal.redo(self.session.store)

    def undo_label(self) -> str:
        """What undo would take back, or ''."""
        return journal.undo_label(self.session.store) or ""

    def redo_label(self) -> str:
        """What redo would do again, or ''."""
        return journal.redo_label(self.session.store) or ""

    def history(self, register_name: str, row_id: str, school: str = "") -> list[HistoryEntry]:
        """Every change of one row, oldest first."""
        return journal.history(self.session.store, register_name, row_id, school=school)

    def keep_draft(self, register_name: str, row_id: str, texts: dict[str, str]) -> None:
        """Keep a half-typed record; sealed fields only sealed."""
        from eduplan_desktop.store import drafts

        drafts.keep(self.session.store, register_name, row_id, texts, self.session.opened)

    def draft(self, register_name: str, row_id: str) -> dict[str, str] | None:
        """The half-typed record, or None."""
        from eduplan_desktop.store import drafts

        return drafts.read(self.session.store, register_name, row_id, self.session.opened)

    def drafts(self) -> list[tuple[str, str, str]]:
        """(register, row id, moment) of every draft."""
        from eduplan_desktop.store import drafts

        return drafts.drafts(self.session.store)

    def drop_draft(self, register_name: str, row_id: str) -> None:
        """Throw a half-typed record away."""
        from eduplan_desktop.store import drafts

        drafts.drop(self.session.store, register_name, row_id)

    # -- the file ---------------------------------------------------------------------------------------------------
    def forget_undo(self) -> None:
        """What was done so far can no longer be undone here, as after another opening erased somebody."""
        self.session.store.done.clear()
        self.session.store.undone.clear()

    def offered_words(self) -> str:
        """A passphrase of six words to offer."""
        from eduplan_desktop.acts import files

        return files.offered_words(self.env)

    def backup(self, folder: Path) -> Path:
        """A verified backup into `folder`."""
        from eduplan_desktop.acts import files

        return files.backup_to(self.session, folder)

    def audit(self) -> files.Audit:
        """Verify the journal."""
        from eduplan_desktop.acts import files

        return files.audit(self.session)

    def facts(self) -> dict[str, Any]:
        """What settings show of the file: id, sizes, counts, journal head, compartments."""
        from eduplan_desktop.acts import files

        return files.facts(self.session)
