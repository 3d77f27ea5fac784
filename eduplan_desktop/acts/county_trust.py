"""Who the county trusts: kits, enrolments, retired and revoked keys, rotation (D6)."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eduplan_desktop import __version__
from eduplan_desktop.acts import catalogs, county_keys, county_setup, keyring
from eduplan_desktop.acts.session import Session
from eduplan_desktop.bundle import sheets, stick
from eduplan_desktop.bundle.enrolment import PendingEnrolment, read_enrolment
from eduplan_desktop.bundle.fingerprints import fingerprint
from eduplan_desktop.bundle.kit import KitContent, PolicyValue, make_kit
from eduplan_desktop.county import calendar, roster, trust
from eduplan_desktop.errors import BundleError
from eduplan_desktop.i18n import _
from eduplan_desktop.merge.intake import retry_held
from eduplan_desktop.store import shelf
from eduplan_desktop.store.bodies import put_body
from eduplan_desktop.store.journal import act

KITS = "kits"


@dataclass(frozen=True, slots=True)
class MadeKit:
    """A kit that was written and filed."""

    path: str
    version: int
    fingerprint: str
    warnings: list[str]

    def as_dict(self) -> dict[str, Any]:
        """For `--json`."""
        return {"kit": self.path, "version": self.version, "fingerprint": self.fingerprint, "warnings": self.warnings}


def write_kit(session: Session, to: Path) -> MadeKit:
    """Write the next kit and file a copy of it beside the county file."""
    county, key = county_keys.identity(session), county_keys.keys(session).sign
    version = int(session.store.meta("kit_version", "0")) + 1
    content = KitContent(
        county,
        version,
        tuple(roster.entries(session.store)),
        trust.entries(session.store),
        tuple(calendar.items(session.store)),
        {k: PolicyValue(v["value"], v["source"]) for k, v in shelf.policy(session.store).items()},
        tuple(catalogs.to_kit(c) for c in shelf.catalog_sets(session.store)),
        keyring.successions(session.store),
    )
    outgoing = make_kit(key, content, session.env.moment(), __version__)
    stick.make_folder(to)
    try:
        path = stick.write_envelope(outgoing, to, stick.kit_name(county.name, version))
        put_body(session.store.files, KITS, f"{outgoing.digest}.edukit", path)
        with act(session.store, "county.kit", f"生成县配置包第 {version} 版", undoable=False) as a:
            a.set_meta("kit_version", str(version))
            a.detail["digest"] = outgoing.digest
    finally:
        outgoing.close()
    return MadeKit(str(path), version, county.fingerprint, _warnings(session, county.health))


def _warnings(session: Session, health: str | None) -> list[str]:
    found = []
    if not session.store.meta(f"proven:{sheets.RECORDS}"):
        found.append(_("记录恢复单还没有抄录核对，请用 county prove 核对一次。"))
    if health and not session.store.meta(f"proven:{sheets.HEALTH}"):
        found.append(_("健康恢复单还没有抄录核对。"))
    if not health:
        found.append(_("还没有健康密钥，学校不会准备健康部分。"))
    return found


@dataclass(frozen=True, slots=True)
class Enrolled:
    """An approved enrolment. merged: held bundles of the school that were merged on approval."""

    school: str
    name: str
    generation: int
    trust: int
    merged: int

    def as_dict(self) -> dict[str, Any]:
        """For `--json`."""
        return {
            "school": self.school,
            "name": self.name,
            "generation": self.generation,
            "trust": self.trust,
            "merged": self.merged,
        }


def look_at_request(session: Session, path: Path) -> PendingEnrolment:
    """Open a request; nothing in it may be believed before its fingerprint is typed."""
    county = county_keys.identity(session)
    known = {fingerprint("county", key) for key in keyring.signers(session.store)}
    return read_enrolment(path, county.code, county_keys.keys(session).working, known)


def enrol(session: Session, path: Path, typed: str, *, school: str = "") -> Enrolled:
    """Approve a request by the fingerprint typed from the stamped paper; a wrong one refuses. Held bundles merge now."""
    pending = look_at_request(session, path)
    request = pending.approve(typed)
    uid = roster.named(session.store, school).uid if school else ""
    with act(session.store, "county.enrol", "批准入网", undoable=False) as a:
        trust.note_request(a, pending, path.read_bytes())
        entry = trust.approve(a, request, pending.digest, session.today(), uid)
    lines = retry_held(county_keys.desk(session), entry.school)
    name = roster.names(session.store).get(entry.school, request.name)
    merged = sum(line.status == "merged" for line in lines)
    return Enrolled(entry.school, name, entry.generation, trust.version(session.store), merged)


def end_key(session: Session, how: str, school: str, number: int) -> int:
    """Retire or revoke the school's key from a bundle number on; the version of the trust list afterwards."""
    uid = roster.named(session.store, school).uid
    desk = county_keys.desk(session)
    with act(session.store, f"county.{how}", "停用学校密钥", undoable=False) as a:
        if how == "retire":
            trust.retire(a, uid, number)
        else:
            trust.revoke(a, desk, uid, number)
    return trust.version(session.store)


def rotate(session: Session, sheet: Path) -> str:
    """New signing, working and recovery keys; the old signing key signs the new one. The new fingerprint."""
    session.county_or_refuse()
    county_setup.writable(sheet)
    opened = session.opened_or_refuse("personal")
    with act(session.store, "county.rotate", "更换县密钥", undoable=False) as a:
        paper = keyring.rotate(a, opened, session.env.random)
        a.set_meta(f"proven:{sheets.RECORDS}", "")
        county_setup.write_sheet(session, paper, county_keys.identity(session), sheet)
    return county_keys.identity(session).fingerprint


@dataclass(frozen=True, slots=True)
class RequestLine:
    """A request lying somewhere. name, school: as it claims; code: why it cannot be opened, ''. known: its state here."""

    path: Path
    school: str
    name: str
    code: str
    known: str


def requests(session: Session, found: list[Path]) -> list[RequestLine]:
    """What requests lie in these files, for the list of the enrolment page."""
    states = {
        r.digest: r.state
        for s in (trust.WAITING, trust.APPROVED, trust.DECLINED)
        for r in trust.requests(session.store, s)
    }
    lines = []
    for path in found:
        try:
            pending = look_at_request(session, path)
        except BundleError as fault:
            lines.append(RequestLine(path, "", path.name, fault.code, ""))
            continue
        claimed = pending.claimed
        lines.append(RequestLine(path, claimed.school, claimed.name, "", states.get(pending.digest, "")))
    return lines
