"""A school takes the county's kit: the first time by the fingerprint typed from paper, later by the pinned key (D3, D6)."""

from dataclasses import asdict, dataclass
from pathlib import Path

from eduplan_desktop import __version__
from eduplan_desktop.acts import catalogs, identity, membership, school_paper
from eduplan_desktop.acts.session import Session
from eduplan_desktop.bundle import stick
from eduplan_desktop.bundle.enrolment import EnrolmentRequest, make_enrolment
from eduplan_desktop.bundle.kit import Kit, KitContent, RosterEntry, read_kit
from eduplan_desktop.bundle.trust import TrustEntry
from eduplan_desktop.errors import RefusedError
from eduplan_desktop.i18n import _
from eduplan_desktop.registers.catalog import register
from eduplan_desktop.store import rows, shelf
from eduplan_desktop.store.journal import act


@dataclass(frozen=True, slots=True)
class Joining:
    """What joining gave: paths of the request and its form ('' when only a newer kit was taken), fingerprint, version."""

    request: str
    form: str
    fingerprint: str
    kit_version: int


def join(session: Session, kit_path: Path, *, school: str = "", fingerprint: str = "", to: Path) -> Joining:
    """Join the county of a kit, or take a newer kit of the county already joined.

    Raises BundleError (wrong_fingerprint, old_kit, …) and RefusedError (not in the roster).
    """
    session.school_or_refuse()
    known = membership.membership(session)
    if known is not None and (not school or school == known.school) and not fingerprint:
        kit = read_kit(
            kit_path, pinned=known.county.sign, county=known.county.code, version=known.kit, trust=known.trust
        )
        _take(session, kit, _own_school(session, kit.content, known.school))
        return Joining("", "", "", kit.content.version)
    if not fingerprint:
        raise RefusedError("no_fingerprint", _("还没有输入县指纹。"), _("请照县教育局盖章的告知函输入县指纹。"))
    kit = read_kit(kit_path, typed=fingerprint)
    entry = _roster_entry(kit.content, school)
    _renew_ended_keys(session, kit.content)
    _take(session, kit, entry.uid)
    return _request(session, kit.content, entry, to)


def _roster_entry(content: KitContent, school: str) -> RosterEntry:
    for entry in content.roster:
        if entry.uid == school:
            return entry
    raise RefusedError(
        "not_in_roster", _("县配置包的学校名单里没有这所学校。"), _("请核对选择的学校，或请县里补进名单后重发配置包。")
    )


def _own_entry(session: Session, content: KitContent) -> TrustEntry | None:
    """What the county's trust list says of the key this installation signs with."""
    keys = membership.keys(session)
    if keys is None:
        return None
    mine = [e for e in content.trust.entries if (e.file, e.sign) == (session.store.file_id, keys.sign.public)]
    return max(mine, key=lambda e: e.generation, default=None)


def _own_school(session: Session, content: KitContent, school: str) -> str:
    """The school's uid: the county may have enrolled the file as another school than it named itself (D17)."""
    own = _own_entry(session, content)
    return own.school if own and any(e.uid == own.school for e in content.roster) else school


def _ended_from(session: Session, content: KitContent) -> int | None:
    own = _own_entry(session, content)
    return own.ended_from if own else None


def _renew_ended_keys(session: Session, content: KitContent) -> None:
    """A key the county has ended can never submit again: enrolling again is done with a new one."""
    ended = _ended_from(session, content)
    if ended is not None and ended <= len(membership.key_folder(session).signed()) + 1:
        membership.renew_keys(session)


def _take(session: Session, kit: Kit, school: str) -> None:
    """Put what the kit says into the file, in one act; new recipients void prepared parts (D7)."""
    content = kit.content
    before, ended = membership.membership(session), _ended_from(session, content)
    with act(session.store, "kit.take", f"采用县配置包第 {content.version} 版") as a:
        membership.pin(a, content.county, school)
        a.set_meta("kit_version", str(content.version))
        a.set_meta("trust_version", str(content.trust.version))
        identity.note_ended(a, ended)
        a.set_meta("newest_date", max(session.store.meta("newest_date"), kit.made[:10]))
        shelf.replace_calendar(a, map(asdict, content.calendar))
        for key in shelf.policy(session.store):
            shelf.drop_policy(a, key)
        for key, one in content.policy.items():
            shelf.put_policy(a, key, str(one.value), one.source)
        for catalog in content.catalogs:
            shelf.put_catalog(a, catalogs.from_kit(catalog))
        if before is not None and (
            before.school != school or _recipients(before.county) != _recipients(content.county)
        ):
            shelf.drop_prepared(a)
    session.forget_catalogs()
    membership.key_folder(session).note_kit(content.version)


def _recipients(county: object) -> tuple[object, ...]:
    return (getattr(county, "record_recipients", ()), getattr(county, "health_recipients", ()))


def _request(session: Session, content: KitContent, entry: RosterEntry, to: Path) -> Joining:
    keys = membership.keys_or_make(session)
    request = EnrolmentRequest(
        school=entry.uid,
        name=session.name,
        code=entry.code,
        file=session.store.file_id,
        sign=keys.sign.public,
        seal=keys.seal.public,
        contact=_contact(session),
        county_fingerprint=content.county.fingerprint,
        earlier=tuple(membership.key_folder(session).signed()),
    )
    outgoing = make_enrolment(
        keys.sign, request, content.county.code, content.county.record_recipients, session.env.moment(), __version__
    )
    stick.make_folder(to)
    path = stick.write_envelope(outgoing, to, stick.enrolment_name(entry.name, request.fingerprint))
    form = path.with_suffix(".pdf")
    school_paper.enrolment_form(session, request, content, entry, form)
    return Joining(str(path), str(form), request.fingerprint, content.version)


def _contact(session: Session) -> str:
    for row in rows.scan(session.store, register("school")):
        return str(row.get("office_phone") or "")
    return ""
