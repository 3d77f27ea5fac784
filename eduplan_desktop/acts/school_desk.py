"""The school's round trip as the window sees it: joining, the day's agenda, submitting, receipts, drives."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from eduplan_desktop.acts import agenda
from eduplan_desktop.acts.agenda import Day, Figure, Task
from eduplan_desktop.acts.checks import Progress, no_progress
from eduplan_desktop.acts.session import Session
from eduplan_desktop.i18n import _
from eduplan_desktop.registers.catalog import register
from eduplan_desktop.registers.frequency import items_due
from eduplan_desktop.registers.model import Row, SliceBy
from eduplan_desktop.store import drafts, queries, rows, shelf

if TYPE_CHECKING:
    from eduplan_desktop.acts.join import Joining
    from eduplan_desktop.acts.receive import Taken
    from eduplan_desktop.acts.safety_round import Finished
    from eduplan_desktop.acts.submit import Plan, Submitted
    from eduplan_desktop.bundle.kit import KitPreview
    from eduplan_desktop.bundle.volumes import Volume


@dataclass(frozen=True, slots=True)
class Joined:
    """Where the file belongs. fingerprint: the school's own, '' while this installation has no keys."""

    county: str
    county_code: str
    county_fingerprint: str
    school: str
    kit: int
    receipt: int
    fingerprint: str
    health: bool


@dataclass(frozen=True, slots=True)
class ItemLine:
    """One calendar item with what the county said last. zero: answered as 零报告."""

    id: str
    title: str
    period: str
    due: str
    state: str
    word: str
    late: bool
    remark: str
    slices: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SliceLine:
    """One slice of a submission to come. carried False: stands unchanged since an earlier bundle. opens: who may open it."""

    name: str
    label: str
    rows: int
    changed: int
    carried: bool
    since: int
    opens: str


@dataclass(frozen=True, slots=True)
class RemarkLine:
    """A remark of the county, with where it points to."""

    item: str
    register: str
    row: str
    field: str
    text: str


class SchoolDesk:
    """Acts of a school clerk around reporting."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def joined(self) -> Joined | None:
        """The county this file reports to, or None."""
        if not self._session.store.meta("county"):
            return None
        from eduplan_desktop.acts import membership
        from eduplan_desktop.bundle.fingerprints import fingerprint

        member = membership.membership(self._session)
        if member is None:
            return None
        keys = membership.keys(self._session)
        mine = fingerprint("school", keys.sign.public, keys.seal.raw_public) if keys else ""
        county = member.county
        return Joined(
            county.name,
            county.code,
            county.fingerprint,
            member.school,
            member.kit,
            member.receipt,
            mine,
            bool(county.health),
        )

    def look_at_kit(self, path: Path) -> KitPreview:
        """What a kit claims, before anything is typed."""
        from eduplan_desktop.bundle.kit import preview_kit

        return preview_kit(path)

    def join(self, kit: Path, school: str, county_fingerprint: str, to: Path) -> Joining:
        """Join a county: writes the request and its form."""
        from eduplan_desktop.acts import join

        return join.join(self._session, kit, school=school, fingerprint=county_fingerprint, to=to)

    def take_kit(self, kit: Path) -> int:
        """Take a newer kit of the county already joined; its version."""
        from eduplan_desktop.acts import join

        return join.join(self._session, kit, to=self._session.store.path.parent).kit_version

    def agenda(self) -> list[Task]:
        """What to do, the most urgent first."""
        return agenda.agenda(self._session)

    def figures(self) -> list[Figure]:
        """Headline figures."""
        return agenda.figures(self._session)

    def month(self, year: int, number: int) -> list[Day]:
        """Days of a month of daily checks."""
        return agenda.month(self._session, year, number)

    def check_items(self, day: str) -> list[Any]:
        """Checklist entries due on a day, in catalogue order."""
        from eduplan_desktop.acts.printing import attributes

        return items_due(self._session.catalogs.table("checklist"), day, attributes(self._session))

    def check_of(self, day: str) -> Row | None:
        """The daily check of a day, or None."""
        one = register("safety_check")
        keys = queries.keys_where(self._session.store, one, "check_date", day)
        return rows.get(self._session.store, one, keys[0][1]) if keys else None

    def check_before(self, day: str) -> Row | None:
        """The newest daily check before a day, or None."""
        dates = [str(v) for _k, v in queries.column(self._session.store, register("safety_check"), "check_date") if v]
        before = max((d for d in dates if d < day), default="")
        return self.check_of(before) if before else None

    def propose_hazard(self, check: Row, item: str) -> Row:
        """A hazard row for an abnormal item of a check; the level is proposed, a named person decides it."""
        from eduplan_desktop.acts import safety_round

        return safety_round.propose(self._session, check, item)

    def next_hazard_number(self, year: int) -> str:
        """The next free 隐患编号 of a year."""
        from eduplan_desktop.acts import safety_round

        return safety_round.next_number(self._session, year)

    def hazards_of_check(self, check_id: str) -> dict[str, Row]:
        """Hazards already recorded from a check, by checklist item."""
        from eduplan_desktop.acts import safety_round

        return safety_round.from_check(self._session, check_id)

    def finish_check(
        self, check: Row, hazards: Iterable[Row], photos: Mapping[str, Iterable[str]] | None = None
    ) -> Finished:
        """Store a daily check, its hazards and the photos of both in one act; their drafts go."""
        from eduplan_desktop.acts import safety_round

        hazards = list(hazards)
        finished = safety_round.finish(self._session, check, hazards, photos)
        drafts.drop(self._session.store, "safety_check", str(check["id"]))
        for row in hazards:
            drafts.drop(self._session.store, "hazard", str(row["id"]))
        return finished

    def submissions(self) -> list[dict[str, Any]]:
        """Bundles written, newest first."""
        return agenda.submission_lines(self._session)

    def calendar(self) -> list[ItemLine]:
        """Every calendar item with its state."""
        from eduplan_desktop.acts.receive import ITEM_WORDS

        states = shelf.item_states(self._session.store)
        answered = {a["item"] for s in shelf.submissions(self._session.store) for a in s["answers"]}
        lines = []
        for item in shelf.calendar(self._session.store):
            said = states.get(item["id"], {})
            state = said.get("state") or ("submitted" if item["id"] in answered else "")
            if state in ("missing", "") and item["id"] in answered:
                state = "submitted"
            word = _(ITEM_WORDS.get(state, "")) if state else _("未报送")
            late, remark = bool(said.get("late")), str(said.get("remark") or "")
            lines.append(
                ItemLine(
                    item["id"],
                    item["title"],
                    item["period"],
                    item["due"],
                    state,
                    word,
                    late,
                    remark,
                    tuple(item["slices"]),
                )
            )
        return lines

    def plan(
        self,
        items: Sequence[str] = (),
        zero: Sequence[str] = (),
        *,
        full: bool = False,
        progress: Progress = no_progress,
    ) -> Plan:
        """What a submission for these items would be; all open ones by default."""
        from eduplan_desktop.acts import submit

        answers = [f"{one}=0" if one in zero else one for one in items]
        return submit.plan(self._session, answers, full=full, progress=progress)

    def lines(self, plan: Plan) -> list[SliceLine]:
        """The slices of a plan as a table."""
        from eduplan_desktop.acts import slices

        marks = shelf.slice_marks(self._session.store)
        lines = []
        for one in [*plan.carry, *(slices.parse_slice(name) for name in plan.before)]:
            rows, _highest = queries.slice_size(self._session.store, one.register, year=one.year)
            mark = marks.get(one.name)
            since = int(self._session.store.meta(f"submit_act:{mark.sequence}") or 0) if mark else 0
            year = one.year if one.register.slice_by is not SliceBy.WHOLE else None
            changed = len(queries.keys_since(self._session.store, one.register, since, year=year))
            opens = _("县健康档案员") if one.counted else _("县局")
            carried = one.name not in plan.before
            lines.append(SliceLine(one.name, one.label, rows, changed, carried, plan.before.get(one.name, 0), opens))
        return lines

    def next_sequence(self) -> int:
        """Number of the next bundle."""
        from eduplan_desktop.acts import membership

        return len(membership.key_folder(self._session).signed()) + 1

    def submit(
        self,
        to: Path,
        items: Sequence[str] = (),
        zero: Sequence[str] = (),
        *,
        full: bool = False,
        progress: Progress = no_progress,
        cancelled: Callable[[], bool] = lambda: False,
    ) -> Submitted:
        """Write a signed, sealed bundle to a folder and read it back."""
        from eduplan_desktop.acts import submit

        answers = [f"{one}=0" if one in zero else one for one in items]
        return submit.submit(self._session, to, answers=answers, full=full, progress=progress, cancelled=cancelled)

    def cover(self, sequence: int, to: Path) -> Path:
        """Write the cover page (F23) of a bundle as a PDF."""
        from eduplan_desktop.acts import school_paper
        from eduplan_desktop.acts.home import write_atomically

        to.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(to, school_paper.cover(self._session, sequence))
        return to

    def copy_again(self, sequence: int, to: Path) -> Path:
        """Copy an earlier bundle to a stick again."""
        from eduplan_desktop.acts import submit

        return submit.copy_again(self._session, sequence, to)

    def take_receipt(self, path: Path) -> Taken:
        """Read a receipt."""
        from eduplan_desktop.acts import receive

        return receive.take_receipt(self._session, path)

    def receipts_on(self, folder: Path) -> list[Path]:
        """Receipts lying in a folder or on a stick."""
        from eduplan_desktop.bundle import stick

        return [one.path for one in stick.find_envelopes([folder], "receipt")]

    def kits_on(self, folder: Path) -> list[Path]:
        """Kits lying in a folder or on a stick."""
        from eduplan_desktop.bundle import stick

        return [one.path for one in stick.find_envelopes([folder], "kit")]

    def remarks(self) -> list[RemarkLine]:
        """Remarks of the county, in order."""
        return [
            RemarkLine(r["item"], r["register"], r["id"], r["field"], r["text"])
            for r in shelf.remarks(self._session.store)
        ]

    def health_flags(self, of_year: int) -> dict[tuple[str, str], int]:
        """(item, word) → people; needs the health compartment open; whoever shows it suppresses small counts (D8)."""
        from eduplan_desktop.acts import health_part

        return health_part.counts(self._session, of_year)

    def clone_state(self) -> str:
        """'' in order, "no_keys", "behind"."""
        from eduplan_desktop.acts import identity

        return identity.clone_state(self._session)

    def settle(self, as_: str) -> None:
        """Say that this file was restored, moved or copied."""
        from eduplan_desktop.acts import identity

        identity.settle(self._session, as_)

    def drives(self) -> list[Volume]:
        """Places a bundle can be written to, removable ones first."""
        from eduplan_desktop.bundle.volumes import volumes

        return sorted(volumes(), key=lambda v: (not v.removable, str(v.path)))
