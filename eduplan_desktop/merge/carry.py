"""One filed bundle into the county: every slice of its manifest gets its answer, photos get their place.

A bundle that fits into its school's order is merged on top of what is there; one that arrives late makes the county replay
the carriers of its slices from the filed bundles (`rederive`). Both end in the same rows.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from eduplan_desktop.bundle import unpack
from eduplan_desktop.bundle.envelope import Part
from eduplan_desktop.bundle.sealing import SealKey
from eduplan_desktop.bundle.submission import Submission
from eduplan_desktop.errors import BundleError, CancelledError
from eduplan_desktop.merge import ledger, sealed, searchable, slices, staging
from eduplan_desktop.merge.columns import checks
from eduplan_desktop.merge.ledger import Filed, SliceState
from eduplan_desktop.merge.plan import Claim, Position, Source, State, claim_answer, schema_answer
from eduplan_desktop.merge.sealed import SealedHalves
from eduplan_desktop.merge.slices import SliceResult, Target
from eduplan_desktop.registers.catalog import REGISTERS
from eduplan_desktop.registers.catalogs import Catalogs
from eduplan_desktop.registers.model import Register
from eduplan_desktop.store import attachments
from eduplan_desktop.store.bodies import BUNDLES, body_path
from eduplan_desktop.store.compartments import Opened
from eduplan_desktop.store.connect import Store
from eduplan_desktop.store.journal import Act

PERSONAL: Final = "personal"
HEALTH: Final = "health"
SUPERSEDED: Final = "superseded"
Progress = Callable[[int, int, str], None]
Cancelled = Callable[[], bool]


def silent(done: int, total: int, text: str) -> None:
    """Nobody looks."""


def never() -> bool:
    """Nobody cancels."""
    return False


@dataclass(frozen=True)
class Desk:
    """What a merge works with.

    county: six-digit code. keys: working keys, the newest first (after a rotation the old one still opens old bundles).
    personal: the county's opened compartment for sealed halves. today: the county's intake date (D21).
    elsewhere: where bundles of a dry run lie, which are not filed.
    """

    store: Store
    county: str
    keys: tuple[SealKey, ...]
    catalogs: Catalogs
    personal: Opened | None
    today: str
    progress: Progress = silent
    cancelled: Cancelled = never
    elsewhere: dict[str, Path] = field(default_factory=dict)
    checks: Mapping[str, staging.Checks] = field(init=False)

    def __post_init__(self) -> None:
        made = {r.name: checks(r.fields, self.catalogs) for r in REGISTERS}
        object.__setattr__(self, "checks", made)
        staging.make_tables(self.store.conn, REGISTERS)

    def stop_if_cancelled(self) -> None:
        """Raise CancelledError where the person asked to stop."""
        if self.cancelled():
            raise CancelledError

    def filed_path(self, digest: str) -> Path:
        """Where a filed bundle lies, untouched."""
        return self.elsewhere.get(digest) or body_path(self.store.files, BUNDLES, f"{digest}.edub")


@dataclass(frozen=True, slots=True)
class Carrier:
    """A bundle whose slices are taken: the open submission and its place in the school's order."""

    submission: Submission
    generation: int

    @property
    def source(self) -> SliceState:
        """How `slice_state` names it."""
        s = self.submission
        return SliceState(s.digest, s.head.file, self.generation, s.number)

    @property
    def position(self) -> Position:
        """Its place in the order in which bundles of a school count."""
        return Position(self.generation, self.submission.number)


def register_of(slice_name: str) -> Register | None:
    """The register of a slice, None for one this program does not know."""
    head = slice_name.partition("/")[0]
    return next((r for r in REGISTERS if r.name == head), None)


def claims_of(submission: Submission) -> dict[str, Claim]:
    """The slices of a manifest as the plan knows them."""
    return {
        name: Claim(State(s.state), s.since or 0, s.version or (0, 0)) for name, s in submission.head.slices.items()
    }


def accepted(history: Iterable[Filed], name: str) -> list[Source]:
    """Carriers of a slice that were taken, also where a later one has replaced them since."""
    return [Source(f.file, f.position) for f in history if name in f.results and taken(f.results[name])]


def taken(result: SliceResult) -> bool:
    """Whether a carried slice was merged, then or in a replay."""
    return result.status == "merged" or result.code == SUPERSEDED


def carry(desk: Desk, a: Act, carrier: Carrier, name: str, claim: Claim) -> SliceResult:
    """Take one carried slice on top of what the county holds of it. What is refused leaves the slice as it was."""
    register = register_of(name)
    if register is None or (waits := schema_answer(claim.version, register.version)):
        return SliceResult("waiting", waits.code if register is not None and waits else "too_new")
    before = ledger.slice_state(a.conn, carrier.submission.school, name)
    target = Target(
        conn=a.conn,
        register=register,
        slice=name,
        school=carrier.submission.school,
        year=slices.slice_year(register, name),
        digest=carrier.submission.digest,
        act=a.seq,
        same_file=before is None or before.file == carrier.submission.head.file,
    )
    try:
        with carrier.submission.open_slice(name, desk.keys) as part:
            if f"{register.name}.counts.csv" in part:
                result, rows = _take_counts(target, part, carrier.submission), 1
            else:
                result, rows = _take_rows(desk, a, carrier, target, part, claim)
    except BundleError as error:
        return SliceResult("waiting" if error.code == "too_new" else "refused", error.code)
    ledger.put_slice_state(a.conn, target.school, name, carrier.source, rows)
    a.touch(register.name)
    if result.new or result.changed:
        searchable.note(a, register.name)
    return result


def _take_rows(
    desk: Desk, a: Act, carrier: Carrier, target: Target, part: Part, claim: Claim
) -> tuple[SliceResult, int]:
    judged = desk.checks[target.register.name]
    staged = staging.stage(target.conn, target.register, part, claim.version, judged)
    halves = _sealed_halves(desk, carrier, target, claim)
    sealed.quarantine(target, halves)
    result = slices.take(target, staged)
    if halves.rows and desk.personal is not None:
        result = slices.with_sealed(result, sealed.write(a, target, desk.personal, halves))
    return result, staged.rows


def _sealed_halves(desk: Desk, carrier: Carrier, target: Target, claim: Claim) -> SealedHalves:
    if carrier.submission.part_info(target.slice, PERSONAL) is None:
        return SealedHalves()
    with carrier.submission.open_slice(target.slice, desk.keys, PERSONAL) as part:
        judged = desk.checks[target.register.name]
        return sealed.read(part, target.register, PERSONAL, claim.version, judged)


def _take_counts(target: Target, part: Part, submission: Submission) -> SliceResult:
    """应检, 已检, 未检 of a year; the health part beside it waits for its officer."""
    due, done, not_done = unpack.counts(part, target.register)
    key = (target.school, target.year)
    held = target.conn.execute(
        "SELECT due, done, not_done FROM checkup_counts WHERE school = ? AND year = ?", key
    ).fetchone()
    target.conn.execute(
        "INSERT OR REPLACE INTO checkup_counts (school, year, due, done, not_done, digest) VALUES (?, ?, ?, ?, ?, ?)",
        (*key, due, done, not_done, target.digest),
    )
    code = "held_health" if submission.part_info(target.slice, HEALTH) else ""
    return SliceResult(
        "merged",
        code,
        new=int(held is None),
        changed=int(held is not None and held != (due, done, not_done)),
        same=int(held == (due, done, not_done)),
    )


def take_bundle(desk: Desk, a: Act, carrier: Carrier) -> dict[str, SliceResult]:
    """Answer every slice of a bundle that merges. Slices a later bundle has carried already come as `superseded`."""
    school = carrier.submission.school
    history = [f for f in ledger.of_school(a.conn, school) if f.digest != carrier.submission.digest]
    results: dict[str, SliceResult] = {}
    for name, claim in claims_of(carrier.submission).items():
        desk.stop_if_cancelled()
        if claim.state is not State.CARRIED:
            answer = claim_answer(claim, carrier.submission.head.file, carrier.position, accepted(history, name))
            results[name] = SliceResult(answer.status, answer.code)
        elif any(carrier.position < f.position for f in history if _carries(f, name)):
            results[name] = SliceResult("kept", SUPERSEDED)
        else:
            results[name] = carry(desk, a, carrier, name, claim)
    return results


def _carries(filed: Filed, name: str) -> bool:
    claim = filed.claims.get(name)
    return claim is not None and claim.state is State.CARRIED


def keep_photos(desk: Desk, a: Act, submission: Submission) -> None:
    """Put the photos of a bundle where photos lie, before the commit. Photos that cannot be read are not held: no receipt
    names them, so the school sends them again."""
    with suppress(BundleError):
        part = submission.open_photos(desk.keys)
        if part is None:
            return
        with part:
            for digest, body in unpack.photos(part):
                attachments.keep_photo(desk.store, body)
                held = "INSERT OR IGNORE INTO photo_held (school, sha256) VALUES (?, ?)"
                a.conn.execute(held, (submission.school, digest))


def settle(a: Act, school: str) -> None:
    """Answer `as_before` again for every bundle of a school, after something earlier has changed."""
    history = ledger.of_school(a.conn, school)
    for filed in history:
        now = dict(filed.results)
        for name, claim in filed.claims.items():
            if claim.state is State.AS_BEFORE:
                answer = claim_answer(claim, filed.file, filed.position, accepted(history, name))
                now[name] = replace(now.get(name, SliceResult("")), status=answer.status, code=answer.code)
        if now != filed.results:
            ledger.set_results(a.conn, filed.digest, now)


def carriers_of(history: Sequence[Filed], names: Iterable[str]) -> list[Filed]:
    """Filed bundles that carry any of these slices, in order."""
    wanted = frozenset(names)
    return [f for f in history if any(_carries(f, name) for name in wanted)]
