"""Where a verified bundle belongs and what each of its slices will do. Pure: no files, no SQL, no clock (docs/format.md §8).

`place` answers for the bundle as a whole, from the trust list and the chain; `claims_answer` for slices that are not carried.
What a carried slice does depends on its rows and is answered while they are read (`merge.slices`).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from eduplan_desktop.i18n import N_


class State(StrEnum):
    """What a manifest says of a slice (D1)."""

    CARRIED = "carried"
    AS_BEFORE = "as_before"
    NOT_REPORTED = "not_reported"


@dataclass(frozen=True, slots=True)
class Claim:
    """One slice in a manifest. since: the bundle `as_before` names; version: schema of the carried register."""

    state: State
    since: int = 0
    version: tuple[int, int] = (0, 0)


@dataclass(frozen=True, slots=True)
class Bundle:
    """A submission whose container, signature and digests have been verified, as far as its manifest tells."""

    digest: str
    county: str
    school: str
    file: str
    number: int
    signer: str
    earlier: tuple[str, ...]
    claims: Mapping[str, Claim]

    @property
    def history(self) -> tuple[str, ...]:
        """Digests of all bundles of the file up to and with this one; position i holds number i + 1."""
        return (*self.earlier, self.digest)


@dataclass(frozen=True, slots=True)
class Trust:
    """One approved enrolment. retired_from, revoked_from: sequence numbers from which the key no longer holds, or None."""

    school: str
    file: str
    generation: int
    sign: str
    retired_from: int | None = None
    revoked_from: int | None = None


@dataclass(frozen=True, slots=True)
class Holding:
    """What the county knows that decides where a bundle belongs.

    trust:    every entry with the bundle's signing key.
    listed:   whether the bundle's school stands in the roster.
    declined: whether the county turned down the enrolment of this key.
    chain:    number → digest, as far as known, of the bundle's data file; from filed manifests and their lists.
    filed:    digests filed and counted of the data file; held: digests waiting; excluded: digests the county ruled out.
    """

    county: str
    trust: tuple[Trust, ...] = ()
    listed: bool = True
    declined: bool = False
    chain: Mapping[int, str] = field(default_factory=dict)
    filed: Mapping[str, int] = field(default_factory=dict)
    excluded: frozenset[str] = frozenset()


class Place(StrEnum):
    """Where a bundle belongs."""

    NEXT = "next"
    GAP = "gap"
    OLDER = "older"
    ALREADY = "already"
    FORK = "fork"
    HELD_UNKNOWN_KEY = "held_unknown_key"
    UNKNOWN_KEY = "unknown_key"
    REVOKED_KEY = "revoked_key"
    RETIRED_KEY = "retired_key"
    WRONG_COUNTY = "wrong_county"
    WRONG_SCHOOL = "wrong_school"
    EXCLUDED = "excluded"


STATUS: Final[Mapping[Place, str]] = {
    Place.NEXT: "merged",
    Place.GAP: "merged",
    Place.OLDER: "older",
    Place.ALREADY: "already",
    Place.FORK: "held",
    Place.HELD_UNKNOWN_KEY: "held",
}
"""Status of a bundle by place (docs/format.md §9); every other place is `refused`."""

SENTENCE: Final[Mapping[Place, tuple[str, str]]] = {
    Place.NEXT: (N_("下一份"), N_("合并")),
    Place.GAP: (N_("缺号"), N_("合并，记下缺第 {missing} 包")),
    Place.OLDER: (N_("旧版"), N_("归档，已收到第 {last} 包")),
    Place.ALREADY: (N_("已合并"), N_("跳过，与已收的相同")),
    Place.FORK: (N_("分叉"), N_("暂存，第 {number} 包与已收的不同，请学校说明")),
    Place.HELD_UNKNOWN_KEY: (N_("未知密钥"), N_("暂存，先核对登记表")),
    Place.UNKNOWN_KEY: (N_("未知密钥"), N_("拒收，这份登记申请没有批准")),
    Place.REVOKED_KEY: (N_("密钥已撤销"), N_("拒收，学校要重新登记")),
    Place.RETIRED_KEY: (N_("密钥已停用"), N_("拒收，学校要重新登记")),
    Place.WRONG_COUNTY: (N_("不是本县的"), N_("拒收，请检查是否拿错了 U 盘")),
    Place.WRONG_SCHOOL: (N_("不是这所学校的"), N_("拒收，请检查是否拿错了 U 盘")),
    Place.EXCLUDED: (N_("已排除"), N_("拒收，县里已选定另一份")),
}
"""Name of a place and what will happen, for the dry run; parameters are those of `Placement.params`."""


@dataclass(frozen=True, slots=True)
class Placement:
    """Where one bundle belongs. generation: that of the trust entry, 0 where none matched.

    missing: numbers not known to be filed below this one; differs: first differing position of a fork, else 0.
    """

    place: Place
    generation: int = 0
    missing: tuple[int, ...] = ()
    differs: int = 0
    last: int = 0

    @property
    def status(self) -> str:
        """Word of docs/format.md §9."""
        return STATUS.get(self.place, "refused")

    @property
    def code(self) -> str:
        """Code of docs/format.md §9, '' where nothing is to be said."""
        if self.place in (Place.NEXT, Place.OLDER, Place.ALREADY):
            return ""
        return str(Place.FORK) if self.place is Place.EXCLUDED else str(self.place)

    @property
    def merges(self) -> bool:
        """Whether the bundle is filed and its slices count."""
        return self.place in (Place.NEXT, Place.GAP, Place.OLDER)

    @property
    def params(self) -> Mapping[str, str | int]:
        """Parameters of the sentence."""
        return {"missing": ranges(self.missing), "last": self.last, "number": self.differs}


def ranges(numbers: Iterable[int]) -> str:
    """Numbers as a person lists them: 3、5–7."""
    runs: list[list[int]] = []
    for n in sorted(numbers):
        if runs and runs[-1][1] == n - 1:
            runs[-1][1] = n
        else:
            runs.append([n, n])
    return "、".join(str(a) if a == b else f"{a}–{b}" for a, b in runs)


def place(bundle: Bundle, holding: Holding) -> Placement:
    """Trust first, then the chain; the first failure answers for the whole bundle."""
    if bundle.county != holding.county:
        return Placement(Place.WRONG_COUNTY)
    if bundle.digest in holding.excluded:
        return Placement(Place.EXCLUDED)
    if not holding.trust:
        known = holding.listed and not holding.declined
        return Placement(Place.HELD_UNKNOWN_KEY if known else Place.UNKNOWN_KEY)
    bound = [t for t in holding.trust if (t.school, t.file) == (bundle.school, bundle.file)]
    if not bound:
        return Placement(Place.WRONG_SCHOOL)
    entry = max(bound, key=lambda t: t.generation)
    if _from(entry.revoked_from, bundle.number):
        return Placement(Place.REVOKED_KEY, entry.generation)
    if bundle.digest in holding.filed:
        return Placement(Place.ALREADY, entry.generation)
    if _from(entry.retired_from, bundle.number):
        return Placement(Place.RETIRED_KEY, entry.generation)
    return _in_chain(bundle, holding, entry.generation)


def _from(first: int | None, number: int) -> bool:
    return first is not None and number >= first


def _in_chain(bundle: Bundle, holding: Holding, generation: int) -> Placement:
    differs = first_difference(bundle.history, holding.chain)
    if differs:
        return Placement(Place.FORK, generation, differs=differs)
    numbers = frozenset(holding.filed.values())
    last = max(numbers, default=0)
    if bundle.number <= last:
        return Placement(Place.OLDER, generation, last=last)
    missing = tuple(n for n in range(1, bundle.number) if n not in numbers)
    newly = any(n > last for n in missing)
    return Placement(Place.GAP if newly else Place.NEXT, generation, missing, last=last)


def first_difference(history: Sequence[str], chain: Mapping[int, str]) -> int:
    """The first number whose digest is known and another, or 0."""
    return next((n for n, digest in enumerate(history, 1) if chain.get(n, digest) != digest), 0)


@dataclass(frozen=True, slots=True)
class Position:
    """Order in which bundles of a school count."""

    generation: int
    number: int

    def __lt__(self, other: "Position") -> bool:
        return (self.generation, self.number) < (other.generation, other.number)


@dataclass(frozen=True, slots=True)
class Source:
    """An accepted carrier of a slice: the bundle some state of the slice came from."""

    file: str
    position: Position


@dataclass(frozen=True, slots=True)
class SliceAnswer:
    """Status and code of one slice (docs/format.md §9)."""

    status: str
    code: str = ""


def claim_answer(claim: Claim, file: str, position: Position, accepted: Iterable[Source]) -> SliceAnswer:
    """What a slice that is not carried gets: `kept`, `same`, or `waiting`/`need_full`.

    accepted: carriers of this slice by the same school that were taken. `as_before` holds only where the last of them
    before this bundle is the very bundle it names, of the same data file; anything else would vouch for rows not here.
    """
    if claim.state is State.NOT_REPORTED:
        return SliceAnswer("kept")
    before = [s for s in accepted if s.position < position]
    if before:
        source = max(before, key=lambda s: (s.position.generation, s.position.number))
        if (source.file, source.position.number) == (file, claim.since):
            return SliceAnswer("same")
    return SliceAnswer("waiting", "need_full")


@dataclass(frozen=True, slots=True)
class RowIds:
    """Ids a carried slice brings: rows, and tombstones."""

    live: frozenset[str]
    gone: frozenset[str]


def vanished(before: RowIds, now: RowIds, *, same_file: bool) -> frozenset[str]:
    """Ids once reported that are now neither a row nor a tombstone. A new data file starts anew and owes no tombstones."""
    return (before.live | before.gone) - now.live - now.gone if same_file else frozenset()


def schema_answer(carried: tuple[int, int], own: tuple[int, int]) -> SliceAnswer | None:
    """A register of a newer major version waits for a newer program (D19); anything else can be read."""
    return SliceAnswer("waiting", "too_new") if carried[0] > own[0] else None
