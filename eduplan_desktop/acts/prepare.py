"""Sealed parts made while a compartment is open and kept for the next submission, which never needs a passphrase (D7)."""

import hashlib
from dataclasses import dataclass

from eduplan_desktop.acts import health_part, slices
from eduplan_desktop.acts.membership import Membership, membership
from eduplan_desktop.acts.session import Session
from eduplan_desktop.acts.slices import Slice
from eduplan_desktop.bundle.outgoing import SealedPart
from eduplan_desktop.bundle.package import Sender, seal_health, seal_personal
from eduplan_desktop.registers.catalog import register
from eduplan_desktop.registers.health_consent import consented
from eduplan_desktop.store import queries, rows, shelf
from eduplan_desktop.store.journal import act


@dataclass(frozen=True, slots=True)
class SealedState:
    """A sealed half of a slice for the next bundle. part: None where there is nothing to send; as_of: '' when it is current.

    withheld: the part made earlier names somebody who has withdrawn consent since.
    """

    part: SealedPart | None
    as_of: str
    missing: bool
    withheld: bool = False


def sender(session: Session, member: Membership) -> Sender:
    """Whose slices these are."""
    return Sender(member.county.code, member.school, session.store.file_id)


def recipients(member: Membership, compartment: str) -> tuple[str, ...]:
    """Who a compartment's parts are sealed to; nobody while the county has no health key."""
    return member.county.health_recipients if compartment == "health" else member.county.record_recipients


def stamp(session: Session, one: Slice, compartment: str) -> str:
    """Changes whenever the sealed halves of the slice change; needs no key. `rows:hash`, for health also `:persons named`."""
    halves = queries.sealed_marks(session.store, one.register, compartment, year=one.year)
    if compartment != "health":
        return f"{len(halves)}:" + hashlib.sha256(repr((halves, [])).encode()).hexdigest()
    extra = [
        queries.slice_size(session.store, register("health_consent")),
        queries.slice_size(session.store, one.register, year=one.year),
    ]
    digest = hashlib.sha256(repr((halves, extra)).encode()).hexdigest()
    return f"{len(halves)}:{digest}:{' '.join(sorted(_named(session)))}"


def _named(session: Session) -> frozenset[str]:
    """Persons whose consent in force names the county."""
    return consented(rows.scan(session.store, register("health_consent")), session.today(), county=True)


def _withdrawn_since(held: str, now: str) -> bool:
    """Whether a prepared health part names a person who may no longer be reported: such a part never travels again."""
    return not set(held.partition(":")[2].partition(":")[2].split()) <= set(now.rpartition(":")[2].split())


def prepare_all(session: Session) -> int:
    """Make the sealed parts of every changed slice whose compartment is open; how many were made."""
    member = None if session.is_county else membership(session)
    if member is None or session.store.read_only:
        return 0
    made = 0
    for one in slices.all_slices(session):
        for compartment in one.register.compartments:
            made += _prepare(session, member, one, compartment)
    return made


def _prepare(session: Session, member: Membership, one: Slice, compartment: str) -> int:
    opened, to = session.opened.get(compartment), recipients(member, compartment)
    now = stamp(session, one, compartment)
    held = shelf.prepared(session.store, one.name, compartment)
    if opened is None or not to or (held and (held.content, held.recipients) == (now, " ".join(to))):
        return 0
    if now.startswith("0:") and held is None:
        return 0
    whose = sender(session, member)
    if compartment == "health":
        content = health_part.content(session, opened, one)
        part = seal_health(whose, one.register, register("health_consent"), one.name, content, to)
    else:
        part = seal_personal(whose, one.register, one.name, slices.personal_rows(session, opened, one), to)
    try:
        body = part.read()
    finally:
        part.spool.close()
    with act(session.store, "prepare", "准备封存部分") as a:
        kept = shelf.Prepared(" ".join(to), now, body, session.env.moment(), a.seq)
        shelf.put_prepared(a, one.name, compartment, kept)
    return 1


def sealed_part(session: Session, member: Membership, one: Slice, compartment: str) -> SealedState:
    """The prepared part of a slice, and as of when it is."""
    _prepare(session, member, one, compartment)
    now, held = stamp(session, one, compartment), shelf.prepared(session.store, one.name, compartment)
    if held is not None and compartment == "health" and _withdrawn_since(held.content, now):
        return SealedState(None, "", missing=False, withheld=True)
    if held is None:
        return SealedState(None, "", missing=not now.startswith("0:"))
    rows = None if compartment == "health" else int(held.content.partition(":")[0])
    part = SealedPart.from_bytes(one.name, compartment, rows, held.body)
    return SealedState(part, "" if held.content == now else held.made, missing=False)
