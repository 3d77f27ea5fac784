"""Rules of trust (docs/format.md §7): which signer may say what. Each is given to `Envelope.trusted`."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from eduplan_desktop.bundle.coding import b64
from eduplan_desktop.bundle.envelope import Envelope, Trust
from eduplan_desktop.bundle.fingerprints import fingerprint, parse_fingerprint
from eduplan_desktop.bundle.sealing import read_recipient
from eduplan_desktop.bundle.signing import Succession, follow, read_successions
from eduplan_desktop.bundle.words import refused


@dataclass(frozen=True, slots=True)
class TrustEntry:
    """One data file of one school that may submit. sign: raw Ed25519; seal: `age1…`, receipts are sealed to it.

    generation: which data file of the school this is, from 1. retired_from, revoked_from: first number no longer valid, or None.
    """

    school: str
    file: str
    generation: int
    sign: bytes
    seal: str
    retired_from: int | None = None
    revoked_from: int | None = None

    @property
    def ended_from(self) -> int | None:
        """First number the key is no longer good for, or None."""
        return min((n for n in (self.retired_from, self.revoked_from) if n is not None), default=None)

    @property
    def fingerprint(self) -> str:
        """As printed on the school's enrolment form."""
        return fingerprint("school", self.sign, read_recipient(self.seal))

    def as_json(self) -> dict[str, Any]:
        """As trust.json holds it."""
        return {
            "school": self.school,
            "file": self.file,
            "generation": self.generation,
            "sign": b64(self.sign),
            "seal": self.seal,
            "retired_from": self.retired_from,
            "revoked_from": self.revoked_from,
        }


@dataclass(frozen=True, slots=True)
class TrustList:
    """Who may submit; `version` only rises."""

    version: int
    entries: tuple[TrustEntry, ...]

    def entry_for(self, envelope: Envelope) -> TrustEntry:
        """The entry that lets this submission's signer speak for its school, data file and number.

        BundleError: unknown_key, wrong_school, revoked_key, retired_key.
        """
        head = envelope.manifest.heading
        mine = [e for e in self.entries if e.sign == envelope.signer]
        if not mine:
            raise refused("unknown_key", school=head.school)
        bound = [e for e in mine if (e.school, e.file) == (head.school, envelope.manifest.body.get("file"))]
        if not bound:
            raise refused("wrong_school", school=head.school)
        entry = max(bound, key=lambda e: e.generation)
        if entry.revoked_from is not None and head.number >= entry.revoked_from:
            raise refused("revoked_key", school=head.school, number=head.number)
        if entry.retired_from is not None and head.number >= entry.retired_from:
            raise refused("retired_key", school=head.school, number=head.number)
        return entry


def check_address(envelope: Envelope, purpose: str, county: str | None = None, school: str | None = None) -> None:
    """BundleError wrong_purpose, wrong_county or wrong_school unless the envelope is of this sort and for these."""
    head = envelope.manifest.heading
    if head.purpose != purpose:
        raise refused("wrong_purpose", purpose=head.purpose)
    if county is not None and head.county != county:
        raise refused("wrong_county", county=head.county)
    if school is not None and head.school != school:
        raise refused("wrong_school", school=head.school)


def submission_rule(trust: TrustList, county: str) -> Trust:
    """A submission for this county by a key in the trust list."""

    def rule(envelope: Envelope) -> None:
        check_address(envelope, "submission", county)
        trust.entry_for(envelope)

    return rule


def successions_of(envelope: Envelope) -> tuple[Succession, ...]:
    """The chain a kit or receipt carries."""
    return read_successions(envelope.manifest.body.get("succession", []))


def county_rule(purpose: str, county: str, pinned: bytes, school: str | None = None) -> Trust:
    """A kit or receipt of this county, by the pinned key or one reached from it by `succession`; unknown_key otherwise."""

    def rule(envelope: Envelope) -> None:
        check_address(envelope, purpose, county, school)
        if envelope.signer not in follow(pinned, successions_of(envelope), county):
            raise refused("unknown_key", county=county)

    return rule


def typed_rule(purpose: str, typed: str) -> Trust:
    """A kit of the county whose fingerprint was typed from the stamped letter (or of a key handed on by that one)."""
    wanted = parse_fingerprint(typed)

    def rule(envelope: Envelope) -> None:
        check_address(envelope, purpose)
        chain = successions_of(envelope)
        county = envelope.manifest.heading.county
        roots: Sequence[bytes] = [envelope.signer, *(link.old for link in chain)]
        pinned = next((key for key in roots if fingerprint("county", key) == wanted), None)
        if pinned is None or envelope.signer not in follow(pinned, chain, county):
            raise refused("wrong_fingerprint", county=county)

    return rule


def purpose_rule(purpose: str) -> Trust:
    """Only the sort of envelope is asked for: for looking before trusting, and for requests proven by paper afterwards."""
    return lambda envelope: check_address(envelope, purpose)
