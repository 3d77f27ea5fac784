"""数据包: what a school reports (docs/format.md §5), written whole and read in stages up to the digests, then slice by slice."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from eduplan_desktop.bundle import manifest as m
from eduplan_desktop.bundle.envelope import Envelope, Part, Progress, Trust, Trusted, open_envelope
from eduplan_desktop.bundle.manifest import Heading, Manifest, PartInfo
from eduplan_desktop.bundle.outgoing import Outgoing, SealedPart, make_envelope
from eduplan_desktop.bundle.package import Sender
from eduplan_desktop.bundle.sealing import SealKey
from eduplan_desktop.bundle.signing import SigningKey
from eduplan_desktop.bundle.trust import TrustEntry, TrustList, check_address, submission_rule
from eduplan_desktop.bundle.unpack import Version, check_schema
from eduplan_desktop.bundle.words import refused

CARRIED: Final = "carried"
AS_BEFORE: Final = "as_before"
NOT_REPORTED: Final = "not_reported"
PHOTOS: Final = "photos"


@dataclass(frozen=True, slots=True)
class SliceState:
    """What a submission says of one slice. version: schema of a carried one; since: the bundle number of `as_before`."""

    state: str
    version: Version | None = None
    since: int | None = None

    def as_json(self) -> dict[str, Any]:
        """As the manifest holds it."""
        if self.version is not None:
            return {"state": self.state, "version": list(self.version)}
        return {"state": self.state} if self.since is None else {"state": self.state, "from": self.since}


def carried(version: Version) -> SliceState:
    """The slice is in this bundle, whole."""
    return SliceState(CARRIED, version=version)


def as_before(since: int) -> SliceState:
    """Unchanged since bundle `since`, of which a receipt said that this slice merged."""
    return SliceState(AS_BEFORE, since=since)


NOT_REPORTED_STATE: Final = SliceState(NOT_REPORTED)


@dataclass(frozen=True, slots=True)
class Answer:
    """This submission answers a calendar item. zero: 零报告, nothing to report."""

    item: str
    zero: bool = False


@dataclass(frozen=True, slots=True)
class SubmissionHead:
    """What a submission's manifest adds.

    file: data-file id; kit: version used; journal: hash of the journal's head; earlier: digests of all earlier bundles, in order.
    """

    file: str
    kit: int
    journal: str
    earlier: tuple[str, ...]
    answers: tuple[Answer, ...]
    slices: Mapping[str, SliceState]

    def as_json(self) -> dict[str, Any]:
        """The keys it adds."""
        return {
            "file": self.file,
            "kit": self.kit,
            "journal": self.journal,
            "earlier": list(self.earlier),
            "answers": [{"item": a.item, "zero": a.zero} for a in self.answers],
            "slices": {name: state.as_json() for name, state in self.slices.items()},
        }


def make_submission(
    key: SigningKey, sender: Sender, head: SubmissionHead, parts: Sequence[SealedPart], made: str, program: str
) -> Outgoing:
    """The signed bundle; its number is one more than there are earlier ones. ValueError where head and parts disagree."""
    if sender.file != head.file:
        raise ValueError("the parts belong to another data file")
    heading = Heading("submission", sender.county, sender.school, len(head.earlier) + 1, made, program)
    if problem := _disagreement(head.slices, [(p.holds, p.compartment) for p in parts]):
        raise ValueError(problem)
    return make_envelope(key, heading, parts, head.as_json())


def _disagreement(slices: Mapping[str, SliceState], parts: Sequence[tuple[str, str]]) -> str:
    """'' if every carried slice has its one open part and every part belongs to a carried slice."""
    states = {name: state.state for name, state in slices.items()}
    opened = {holds for holds, compartment in parts if not compartment and holds != PHOTOS}
    wanted = {name for name, state in states.items() if state == CARRIED}
    if opened != wanted or any(holds != PHOTOS and holds not in wanted for holds, _ in parts):
        return "carried slices and parts disagree"
    if (PHOTOS, "personal") in parts or (PHOTOS, "health") in parts or len(set(parts)) != len(parts):
        return "a part that cannot be"
    return ""


def read_head(manifest: Manifest) -> SubmissionHead:
    """What a submission's manifest adds; BundleError('bad_manifest') unless it is as §5 says."""
    body = manifest.body
    slices = m.mapping(body, "slices")
    head = SubmissionHead(
        m.text(body, "file", m.UID),
        m.whole(body, "kit"),
        m.text(body, "journal"),
        m.digests(body, "earlier"),
        tuple(Answer(m.text(a, "item", m.ITEM), m.flag(a, "zero")) for a in m.objects(body, "answers")),
        {name: _read_state(name, m.mapping(slices, name)) for name in slices},
    )
    number = manifest.heading.number
    if number != len(head.earlier) + 1 or any((s.since or 0) >= number for s in head.slices.values()):
        raise m.bad("number")
    if len({a.item for a in head.answers}) != len(head.answers):
        raise m.bad("answers")
    if _disagreement(head.slices, [(p.holds, p.compartment) for p in manifest.parts]):
        raise m.bad("slices")
    return head


def _read_state(name: str, one: Mapping[str, Any]) -> SliceState:
    state = m.text(one, "state")
    if not m.SLICE.fullmatch(name):
        raise m.bad("slices")
    match state:
        case "carried":
            found = m.listed(one, "version")
            if len(found) != 2:
                raise m.bad("version")
            major, minor = (m.whole({"version": n}, "version") for n in found)
            return carried((major, minor))
        case "as_before":
            since = m.whole(one, "from")
            if not since:
                raise m.bad("from")
            return as_before(since)
        case "not_reported":
            return NOT_REPORTED_STATE
        case _:
            raise m.bad("state")


class Submission:
    """A bundle that is believed and whole; its slices are still closed. Close it (or use `with`)."""

    def __init__(self, trusted: Trusted, entry: TrustEntry | None) -> None:
        self._trusted = trusted
        self.manifest: Final = trusted.manifest
        self.head: Final = read_head(trusted.manifest)
        self.entry: Final = entry
        self.digest: Final = trusted.envelope.digest
        self.school: Final = self.manifest.heading.school
        self.number: Final = self.manifest.heading.number

    def part_info(self, slice_name: str, compartment: str = "") -> PartInfo | None:
        """The part of a slice, or of `photos`; None if it is not in this bundle."""
        return self.manifest.part(slice_name, compartment)

    def open_slice(self, slice_name: str, keys: Iterable[SealKey], compartment: str = "") -> Part:
        """Open one part of a carried slice, schema version checked against the manifest.

        BundleError: cannot_open, wrong_context, too_large; KeyError if it is not in this bundle.
        """
        info = self._info(slice_name, compartment)
        version = self.head.slices[slice_name].version
        part = self._trusted.open_part(info, keys, self.head.file)
        try:
            check_schema(part, version or (0, 0))
        except BaseException:
            part.close()
            raise
        return part

    def open_photos(self, keys: Iterable[SealKey]) -> Part | None:
        """The part `photos`, or None; BundleError as `open_slice`."""
        info = self.part_info(PHOTOS)
        return self._trusted.open_part(info, keys, self.head.file) if info else None

    def _info(self, slice_name: str, compartment: str) -> PartInfo:
        info = self.part_info(slice_name, compartment)
        if info is None:
            raise KeyError((slice_name, compartment))
        return info

    def close(self) -> None:
        """Close the file."""
        self._trusted.envelope.close()

    def __enter__(self) -> "Submission":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def verify_submission(path: Path, trust: TrustList, county: str, progress: Progress | None = None) -> Submission:
    """A bundle as far as its digests: every refusal of the whole envelope comes from here as BundleError (§7, §9)."""
    envelope = open_envelope(path)
    try:
        trusted = envelope.trusted(submission_rule(trust, county), progress)
        return Submission(trusted, trust.entry_for(envelope))
    except BaseException:
        envelope.close()
        raise


def reopen_submission(path: Path, digest: str) -> Submission:
    """A bundle this county has filed before, known by its digest (of the ledger, which is what makes it believed)."""
    envelope = open_envelope(path)
    try:
        return Submission(envelope.trusted(_filed_rule(digest)), None)
    except BaseException:
        envelope.close()
        raise


def _filed_rule(digest: str) -> Trust:
    def rule(envelope: Envelope) -> None:
        check_address(envelope, "submission")
        if envelope.digest != digest:
            raise refused("damaged", reason="another_bundle")

    return rule
