"""Paper of the round trip on the school's side: the enrolment form and F23, the cover page of a bundle."""

from pathlib import Path
from typing import TYPE_CHECKING

from eduplan_desktop.acts import membership
from eduplan_desktop.acts.home import write_atomically
from eduplan_desktop.acts.session import Session
from eduplan_desktop.acts.slices import parse_slice
from eduplan_desktop.bundle.enrolment import EnrolmentRequest
from eduplan_desktop.bundle.envelope import open_envelope
from eduplan_desktop.bundle.fingerprints import fingerprint
from eduplan_desktop.bundle.kit import KitContent, RosterEntry
from eduplan_desktop.bundle.manifest import Manifest
from eduplan_desktop.bundle.submission import CARRIED, read_head
from eduplan_desktop.errors import RefusedError
from eduplan_desktop.i18n import _
from eduplan_desktop.registers.catalog import REGISTERS, register
from eduplan_desktop.store import rows, shelf

if TYPE_CHECKING:
    from eduplan_desktop.reports.cover import CoverItem, CoverSlice
    from eduplan_desktop.reports.page import Imprint


def imprint(session: Session, check_code: str = "") -> "Imprint":
    """Foot of every page: when printed, check code, whether it is sample data."""
    from eduplan_desktop.reports.page import Imprint

    moment = session.env.now().astimezone().strftime("%Y-%m-%d %H:%M")
    return Imprint(moment, check_code[:8], session.sample)


def enrolment_form(
    session: Session, request: EnrolmentRequest, content: KitContent, entry: RosterEntry, to: Path
) -> None:
    """入网登记表, for the principal's stamp."""
    from eduplan_desktop.reports import enrolment_form as paper

    form = paper.EnrolmentForm(
        school=entry.name,
        school_code=entry.code,
        school_uid=entry.uid,
        county=content.county.name,
        fingerprint=request.fingerprint,
        county_fingerprint=content.county.fingerprint,
        file_id=session.store.file_id,
        request=to.with_suffix(".eduenrol").name,
        contact=request.contact,
        made=session.today(),
        imprint=imprint(session),
    )
    write_atomically(to, paper.render(form))


def cover(session: Session, sequence: int) -> bytes:
    """F23 of a bundle written earlier; the newest where `sequence` is 0."""
    from eduplan_desktop.reports import cover as paper

    member = membership.membership_or_refuse(session)
    found = [s for s in shelf.submissions(session.store) if sequence in (0, s["sequence"])]
    path = session.store.files / "bundles" / found[-1]["file_name"] if found else None
    if path is None or not path.is_file():
        raise RefusedError("no_such_bundle", _("还没有这一包。"), _("请先生成上报包，再打印报送封面。"))
    with open_envelope(path) as envelope:
        manifest, digest, signer = envelope.manifest, envelope.digest, envelope.signer
    keys = membership.keys(session)
    sheet = paper.CoverSheet(
        school=session.name,
        school_code=_code(session),
        school_uid=member.school,
        county=member.county.name,
        county_code=member.county.code,
        sequence=manifest.heading.number,
        made=manifest.heading.made[:10],
        file_name=path.name,
        digest=digest,
        fingerprint=fingerprint("school", signer, keys.seal.raw_public) if keys else "",
        items=_items(session, manifest),
        slices=_slices(manifest),
        imprint=imprint(session, digest),
    )
    return paper.render(sheet)


def _code(session: Session) -> str:
    return next((str(r["code"] or "") for r in rows.scan(session.store, register("school"))), "")


def _items(session: Session, manifest: Manifest) -> list["CoverItem"]:
    from eduplan_desktop.reports.cover import CoverItem

    titles = {i["id"]: i["title"] for i in shelf.calendar(session.store)}
    return [
        CoverItem(titles.get(a.item, a.item), _("零报告") if a.zero else _("报送")) for a in read_head(manifest).answers
    ]


def _place(name: str) -> tuple[int, str]:
    """Slices in the order of the registers, the years of one after another."""
    head, _slash, year = name.partition("/")
    return [r.name for r in REGISTERS].index(head), year


def _slices(manifest: Manifest) -> list["CoverSlice"]:
    from eduplan_desktop.reports.cover import CoverSlice

    lines: list[CoverSlice] = []
    for name, state in sorted(read_head(manifest).slices.items(), key=lambda pair: _place(pair[0])):
        one = parse_slice(name)
        part = manifest.part(name)
        if state.state == CARRIED:
            said = _("本次携带")
        elif state.since is not None:
            said = _("同第 {n} 包").format(n=state.since)
        else:
            said = _("未报送")
        rows = part.rows if part and not one.counted else None
        lines.append(CoverSlice(_(one.register.label), str(one.year or ""), rows, said))
    return lines
