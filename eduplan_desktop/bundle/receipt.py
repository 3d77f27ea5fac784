"""回执: what became of a school's bundles (docs/format.md §6.2). Cumulative; the highest number counts."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Final

from eduplan_desktop.bundle import manifest as m
from eduplan_desktop.bundle.coding import dump_json, load_object
from eduplan_desktop.bundle.envelope import Context, open_envelope
from eduplan_desktop.bundle.manifest import Heading
from eduplan_desktop.bundle.outgoing import Outgoing, make_envelope
from eduplan_desktop.bundle.parts import seal_json
from eduplan_desktop.bundle.sealing import SealKey
from eduplan_desktop.bundle.signing import SigningKey, Succession
from eduplan_desktop.bundle.trust import county_rule, successions_of
from eduplan_desktop.bundle.words import refused

BUNDLE_STATUS: Final = ("merged", "already", "older", "held", "refused")
SLICE_STATUS: Final = ("merged", "same", "kept", "waiting", "refused")
_LIMIT: Final = 64 << 20


@dataclass(frozen=True, slots=True)
class SliceAnswer:
    """What became of a slice; numbers of rows."""

    status: str
    code: str = ""
    new: int = 0
    changed: int = 0
    same: int = 0
    withdrawn: int = 0
    quarantined: int = 0


@dataclass(frozen=True, slots=True)
class BundleAnswer:
    """What became of a bundle. intake: date the county took it in."""

    sequence: int
    digest: str
    status: str
    code: str
    intake: str
    slices: Mapping[str, SliceAnswer] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ItemAnswer:
    """State of a calendar item for this school. late: judged by the county's intake date."""

    item: str
    state: str
    zero: bool
    late: bool
    remark: str


@dataclass(frozen=True, slots=True)
class Remark:
    """A remark of the county on one field of one row; field and id may be ''."""

    item: str
    register: str
    id: str
    field: str
    text: str


@dataclass(frozen=True, slots=True)
class Review:
    """The county's 复查 of a 重大 hazard. id: of the hazard; importing it closes the hazard where the result says so."""

    id: str
    result: str
    by: str
    date: str
    text: str


@dataclass(frozen=True, slots=True)
class ReceiptContent:
    """Everything a receipt says. photos: SHA-256 of those held; earlier: digests filed of this data file, in order.

    retired_from, revoked_from: first number from which the school's key is no longer valid, or None.
    """

    number: int
    file: str
    bundles: tuple[BundleAnswer, ...] = ()
    items: tuple[ItemAnswer, ...] = ()
    remarks: tuple[Remark, ...] = ()
    reviews: tuple[Review, ...] = ()
    photos: tuple[str, ...] = ()
    earlier: tuple[str, ...] = ()
    retired_from: int | None = None
    revoked_from: int | None = None

    @property
    def ended_from(self) -> int | None:
        """First number the school's key is no longer good for, or None."""
        return min((n for n in (self.retired_from, self.revoked_from) if n is not None), default=None)


@dataclass(frozen=True, slots=True)
class Receipt:
    """A receipt that is believed. signer: the county key it was signed with; made: information only."""

    content: ReceiptContent
    county: str
    school: str
    signer: bytes
    succession: tuple[Succession, ...]
    made: str
    digest: str


def _plain(value: Any) -> dict[str, Any]:
    """A flat dataclass as a JSON object."""
    return {f.name: getattr(value, f.name) for f in fields(value)}


def _as_json(content: ReceiptContent) -> dict[str, Any]:
    return {
        "number": content.number,
        "file": content.file,
        "bundles": [_plain(b) | {"slices": {name: _plain(s) for name, s in b.slices.items()}} for b in content.bundles],
        "items": [_plain(one) for one in content.items],
        "remarks": [_plain(one) for one in content.remarks],
        "reviews": [_plain(one) for one in content.reviews],
        "photos": list(content.photos),
        "earlier": list(content.earlier),
        "key": {"retired_from": content.retired_from, "revoked_from": content.revoked_from},
    }


def make_receipt(
    key: SigningKey,
    county: str,
    school: str,
    content: ReceiptContent,
    seal_to: str,
    succession: tuple[Succession, ...],
    made: str,
    program: str,
) -> Outgoing:
    """The signed receipt, sealed to the school's current age key."""
    heading = Heading("receipt", county, school, content.number, made, program)
    context = Context("receipt", county, school, m.NOBODY, "receipt", "")
    part = seal_json(context, {"receipt.json": dump_json(_as_json(content))}, (seal_to,))
    return make_envelope(key, heading, [part], {"succession": [s.as_json() for s in succession]})


def read_receipt(
    path: Path, keys: Iterable[SealKey], *, pinned: bytes, county: str, school: str, file: str, number: int = 0
) -> Receipt:
    """A receipt for this school and data file. number: the highest seen so far.

    BundleError: those of `open_envelope`, wrong_purpose, wrong_county, wrong_school, unknown_key, cannot_open, wrong_context,
    bad_manifest, old_receipt.
    """
    with open_envelope(path) as envelope:
        trusted = envelope.trusted(county_rule("receipt", county, pinned, school))
        info = envelope.manifest.part("receipt")
        if info is None or len(envelope.manifest.parts) != 1:
            raise m.bad("parts")
        with trusted.open_part(info, keys) as part:
            content = _read(load_object(part.read("receipt.json", _LIMIT), "bad_manifest"))
        head = envelope.manifest.heading
        chain = successions_of(envelope)
        receipt = Receipt(content, county, school, envelope.signer, chain, head.made, envelope.digest)
    if content.number != head.number:
        raise refused("wrong_context", key="number")
    if content.file != file:
        raise refused("wrong_school", reason="file")
    if content.number < number:
        raise refused("old_receipt", number=content.number, known=number)
    return receipt


def _read(body: Mapping[str, Any]) -> ReceiptContent:
    key = m.mapping(body, "key")
    return ReceiptContent(
        m.whole(body, "number"),
        m.text(body, "file", m.UID),
        tuple(_read_bundle(one) for one in m.objects(body, "bundles")),
        tuple(_read_item(one) for one in m.objects(body, "items")),
        tuple(Remark(*(m.text(one, f.name) for f in fields(Remark))) for one in m.objects(body, "remarks")),
        tuple(Review(*(m.text(one, f.name) for f in fields(Review))) for one in m.objects(body, "reviews")),
        m.digests(body, "photos"),
        m.digests(body, "earlier"),
        m.whole_or_none(key, "retired_from"),
        m.whole_or_none(key, "revoked_from"),
    )


def _read_bundle(one: Mapping[str, Any]) -> BundleAnswer:
    slices = m.mapping(one, "slices")
    answers = {name: _read_slice(m.mapping(slices, name)) for name in slices}
    status = _word(one, BUNDLE_STATUS)
    digest = m.text(one, "digest", m.DIGEST)
    return BundleAnswer(m.whole(one, "sequence"), digest, status, m.text(one, "code"), m.text(one, "intake"), answers)


def _read_slice(one: Mapping[str, Any]) -> SliceAnswer:
    counts = (m.whole(one, name) for name in ("new", "changed", "same", "withdrawn", "quarantined"))
    return SliceAnswer(_word(one, SLICE_STATUS), m.text(one, "code"), *counts)


def _word(one: Mapping[str, Any], allowed: tuple[str, ...]) -> str:
    word = m.text(one, "status")
    if word not in allowed:
        raise m.bad("status")
    return word


def _read_item(one: Mapping[str, Any]) -> ItemAnswer:
    texts = (m.text(one, "item", m.ITEM), m.text(one, "state"))
    return ItemAnswer(*texts, m.flag(one, "zero"), m.flag(one, "late"), m.text(one, "remark"))
