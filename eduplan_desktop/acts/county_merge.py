"""Taking in bundles, the health officer's merge, rereading, forks, receipts: the county's month (DESIGN §2.5)."""

import hashlib
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from eduplan_desktop import __version__
from eduplan_desktop.acts import county_keys, keyring
from eduplan_desktop.acts.checks import Progress, no_progress
from eduplan_desktop.acts.session import Session
from eduplan_desktop.bundle import stick
from eduplan_desktop.bundle.receipt import ReceiptContent, make_receipt
from eduplan_desktop.county import forks, receipts, roster, trust
from eduplan_desktop.merge import intake, ledger
from eduplan_desktop.merge.report import TakeIn
from eduplan_desktop.store.journal import act


def never() -> bool:
    """Nobody cancels."""
    return False


def rehearse_or_merge(
    session: Session,
    paths: Sequence[Path],
    *,
    dry_run: bool,
    progress: Progress = no_progress,
    cancelled: Callable[[], bool] = never,
) -> TakeIn:
    """Rehearse or merge every bundle in these files and folders; one transaction per bundle."""
    session.county_or_refuse()
    _keep_requests(session, paths, dry_run)
    return intake.take_in(county_keys.desk(session, progress, cancelled), paths, dry_run=dry_run)


def _keep_requests(session: Session, paths: Sequence[Path], dry_run: bool) -> None:
    """Enrolment requests lying beside the bundles are kept, so that their bundles are held, not lost."""
    from eduplan_desktop.acts.county_trust import look_at_request
    from eduplan_desktop.errors import BundleError

    found = intake.find(paths, intake.REQUEST) if not dry_run else []
    for path in found:
        try:
            pending = look_at_request(session, path)
        except BundleError:
            continue
        with act(session.store, "county.request", "收到登记申请", undoable=False) as a:
            trust.note_request(a, pending, path.read_bytes())


def take_in(
    session: Session,
    paths: Sequence[Path],
    *,
    dry_run: bool = False,
    receipts: Path | None = None,
    slips: Path | None = None,
    progress: Progress = no_progress,
    cancelled: Callable[[], bool] = never,
) -> dict[str, Any]:
    """`county merge`: the JSON of DESIGN §5; receipts for every school seen, and slips for bundles that were not taken, are
    written where asked for."""
    started = time.monotonic()
    taken = rehearse_or_merge(session, paths, dry_run=dry_run, progress=progress, cancelled=cancelled)
    report = taken.as_json()
    report["requests"] = [str(p) for p in taken.requests]
    report["seconds"] = round(time.monotonic() - started, 3)
    if receipts is not None and not dry_run:
        schools = list(dict.fromkeys(line.school for line in taken.lines if line.school))
        report["receipts"] = write_receipts(session, receipts, schools)
    if slips is not None:
        from eduplan_desktop.acts import county_paper

        told = [line for line in taken.lines if county_paper.answered_on_paper(line)]
        report["slips"] = county_paper.write_slips(session, told, slips) if told else 0
    return report


def write_receipts(
    session: Session, to: Path, schools: Sequence[str] | None = None, *, again: bool = False
) -> list[str]:
    """Write a receipt for each school (all that have something to be told); one that says nothing new is not renumbered."""
    county, key = county_keys.identity(session), county_keys.keys(session).sign
    chain = keyring.successions(session.store)
    names = roster.names(session.store)
    stick.make_folder(to)
    written = []
    told = receipts.schools(session.store)
    for uid in told if schools is None else [s for s in schools if s in told]:
        entry = trust.current(session.store, uid)
        if entry is None:
            continue
        said = receipts.content(session.store, uid, session.today())
        outgoing = make_receipt(key, county.code, uid, said, entry.seal, chain, session.env.moment(), __version__)
        try:
            written.append(
                str(stick.write_envelope(outgoing, to, stick.receipt_name(names.get(uid, uid), said.number)))
            )
        finally:
            outgoing.close()
        with act(session.store, "county.receipt", "写回执", undoable=False) as a:
            receipts.note_written(a, uid, said.number, _content_digest(said), session.env.moment())
    return written


def _content_digest(said: ReceiptContent) -> str:
    return hashlib.sha256(repr(asdict(receipts.without_number(said))).encode()).hexdigest()


def health(session: Session, progress: Progress = no_progress) -> dict[str, Any]:
    """`county health-merge`: open and merge the health parts of filed bundles; needs the health officer's passphrase."""
    from eduplan_desktop.county import health as county_health

    opened = session.opened_or_refuse("health")
    keys = keyring.load_health(session.store, opened)
    done = county_health.merge(session.store, session.catalogs, opened, keys, progress)
    parts = [{"school": p.school, "slice": p.slice, "code": p.code, "rows": p.rows} for p in done.parts]
    return {"merged": done.merged, "same": done.same, "refused": done.refused, "rows": done.rows, "parts": parts}


def reread(session: Session, progress: Progress = no_progress) -> dict[str, Any]:
    """`county reread`: derive every slice again from the filed bundles."""
    from eduplan_desktop.merge.rederive import rederive_school

    desk = county_keys.desk(session, progress)
    schools = ledger.schools(session.store.conn)
    for n, uid in enumerate(schools):
        progress(n, len(schools), roster.names(session.store).get(uid, uid))
        with act(session.store, "county.reread", "重新读取", images=False, detail={"school": uid}) as a:
            rederive_school(desk, a, uid)
    count = session.store.conn.execute("SELECT count(*) FROM slice_state").fetchone()[0]
    return {"schools": len(schools), "slices": int(count)}


def choose_fork(session: Session, digest: str) -> dict[str, Any]:
    """`county fork`: keep the history that holds this bundle."""
    desk = county_keys.desk(session)
    with act(session.store, "county.fork", "选定历史", images=False) as a:
        choice = forks.choose(a, desk, digest)
    lines = intake.retry_held(desk)
    return {
        "kept": list(choice.kept),
        "excluded": list(choice.excluded),
        "merged": sum(x.status == "merged" for x in lines),
    }
