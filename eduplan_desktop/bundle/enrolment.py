"""登记申请: a school asks the county to trust its keys (docs/format.md §6.2). Proven by the fingerprint on the stamped paper alone."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eduplan_desktop.bundle import manifest as m
from eduplan_desktop.bundle.coding import b64, dump_json, load_object
from eduplan_desktop.bundle.envelope import Context, open_envelope
from eduplan_desktop.bundle.fingerprints import fingerprint, same_fingerprint
from eduplan_desktop.bundle.kit import age_key, sign_key
from eduplan_desktop.bundle.manifest import Heading
from eduplan_desktop.bundle.outgoing import Outgoing, make_envelope
from eduplan_desktop.bundle.parts import seal_json
from eduplan_desktop.bundle.sealing import SealKey, read_recipient
from eduplan_desktop.bundle.signing import SigningKey
from eduplan_desktop.bundle.trust import check_address, purpose_rule
from eduplan_desktop.bundle.words import refused


@dataclass(frozen=True, slots=True)
class EnrolmentRequest:
    """What a school says of itself. sign: raw Ed25519; seal: `age1…`; earlier: digests of all bundles this file ever signed.

    county_fingerprint: of the county the school joined, as typed from the letter.
    """

    school: str
    name: str
    code: str
    file: str
    sign: bytes
    seal: str
    contact: str
    county_fingerprint: str
    earlier: tuple[str, ...] = ()

    @property
    def fingerprint(self) -> str:
        """As printed on the enrolment form."""
        return fingerprint("school", self.sign, read_recipient(self.seal))

    def as_json(self) -> dict[str, Any]:
        """The body of enrolment.json."""
        return {
            "school": self.school,
            "name": self.name,
            "code": self.code,
            "file": self.file,
            "sign": b64(self.sign),
            "seal": self.seal,
            "contact": self.contact,
            "county_fingerprint": self.county_fingerprint,
            "earlier": list(self.earlier),
        }


class PendingEnrolment:
    """A request that has been opened but not proven: nothing in it may be believed before `approve`."""

    def __init__(self, claimed: EnrolmentRequest, digest: str, made: str) -> None:
        self.claimed = claimed
        self.digest = digest
        self.made = made

    def approve(self, typed: str) -> EnrolmentRequest:
        """The request, once the fingerprint typed from the paper is that of its keys; BundleError('wrong_fingerprint')."""
        if not same_fingerprint(typed, "school", self.claimed.sign, read_recipient(self.claimed.seal)):
            raise refused("wrong_fingerprint", school=self.claimed.school)
        return self.claimed


def make_enrolment(
    key: SigningKey, request: EnrolmentRequest, county: str, recipients: tuple[str, ...], made: str, program: str
) -> Outgoing:
    """The signed request, sealed to the county's record recipients. ValueError if `key` is not the request's."""
    if key.public != request.sign:
        raise ValueError("a request is signed by the key that asks")
    heading = Heading("enrolment", county, request.school, 0, made, program)
    context = Context("enrolment", county, request.school, m.NOBODY, "enrolment", "")
    part = seal_json(context, {"enrolment.json": dump_json(request.as_json())}, recipients)
    return make_envelope(key, heading, [part], {})


def read_enrolment(
    path: Path, county: str, keys: Iterable[SealKey], county_fingerprints: Collection[str]
) -> PendingEnrolment:
    """Open a request. county_fingerprints: of all keys this county signed with.

    BundleError: those of `open_envelope`, wrong_purpose, wrong_county, cannot_open, wrong_context, bad_manifest.
    """
    with open_envelope(path) as envelope:
        check_address(envelope, "enrolment", county)
        trusted = envelope.trusted(purpose_rule("enrolment"))
        info = envelope.manifest.part("enrolment")
        if info is None or len(envelope.manifest.parts) != 1:
            raise m.bad("parts")
        with trusted.open_part(info, keys) as part:
            request = _read(load_object(part.read("enrolment.json"), "bad_manifest"))
        head = envelope.manifest.heading
        if (request.school, request.sign) != (head.school, envelope.signer):
            raise refused("wrong_context", key="enrolment")
    if request.county_fingerprint not in county_fingerprints:
        raise refused("wrong_county", school=request.school)
    return PendingEnrolment(request, envelope.digest, head.made)


def _read(body: dict[str, Any]) -> EnrolmentRequest:
    return EnrolmentRequest(
        m.text(body, "school", m.UID),
        m.text(body, "name"),
        m.text(body, "code"),
        m.text(body, "file", m.UID),
        sign_key(body, "sign"),
        age_key(body, "seal"),
        m.text(body, "contact"),
        m.text(body, "county_fingerprint"),
        m.digests(body, "earlier"),
    )
