"""A county again, from filed kits and bundles and the recovery sheets alone (DESIGN §2, D6).

The newest kit signed by the sheet's key gives roster, calendar, policy, catalogues and trust list; the bundles give the
records, opened with the records recovery key. New working and health keys are made; the next kit carries them.
"""

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from eduplan_desktop.acts import catalogs, county_keys, keyring
from eduplan_desktop.acts.checks import Progress, no_progress
from eduplan_desktop.acts.session import Session
from eduplan_desktop.bundle import sheets, stick
from eduplan_desktop.bundle.coding import b64
from eduplan_desktop.bundle.kit import Kit, KitContent, read_kit
from eduplan_desktop.bundle.sealing import SealKey
from eduplan_desktop.bundle.signing import SigningKey
from eduplan_desktop.county import receipts, roster
from eduplan_desktop.environment import Environment
from eduplan_desktop.errors import BundleError, EduPlanError, RefusedError
from eduplan_desktop.i18n import _
from eduplan_desktop.merge import intake
from eduplan_desktop.store import compartments, shelf
from eduplan_desktop.store.bodies import put_body
from eduplan_desktop.store.connect import create_store
from eduplan_desktop.store.journal import Act, act

SAMPLE_CODES = "99"
"""County codes of sample data begin so; GB/T 2260 has none."""
RECEIPTS_A_KIT = 1_000_000
"""More receipts than a county writes to one school between two kits."""


def recover(
    path: Path, folder: Path, typed: str, *, passphrase: str, env: Environment, progress: Progress = no_progress
) -> dict[str, Any]:
    """Rebuild a county file at `path`. Raises RefusedError bad_sheet, no_records_sheet, no_kit; no file is left then."""
    papers = sheets.parse_sheets(typed)
    kept = [sheet for sheet in papers if sheet.kind == sheets.RECORDS]
    if not kept:
        raise RefusedError("no_records_sheet", _("没有记录恢复单。"), _("请抄录记录恢复单的全部行，再试一次。"))
    records, kit_path, kit = _newest(folder, kept)
    older = [sheet for sheet in papers if sheet is not records]
    content = kit.content
    sample = content.county.code.startswith(SAMPLE_CODES)
    session = Session(create_store(path, "county", env, name=content.county.name, sample=sample), env)
    try:
        with session:
            _keys(session, content, records, older, passphrase)
            _facts(session, content, kit_path, kit.digest)
            taken = intake.take_in(county_keys.desk(session, progress), [folder])
            return {
                "file": str(path),
                "schools": len(roster.entries(session.store)),
                "kit": content.version,
                "fingerprint": content.county.fingerprint,
                **taken.totals,
                "unopened": sum(r.code == "cannot_open" for line in taken.lines for r in line.slices.values()),
            }
    except EduPlanError:
        path.unlink(missing_ok=True)
        raise


def _newest(folder: Path, papers: Sequence[sheets.Sheet]) -> tuple[sheets.Sheet, Path, Kit]:
    """The kit of the highest version that the key of one of these sheets signed, with the sheet. After a rotation there are two."""
    best: tuple[sheets.Sheet, Path, Kit] | None = None
    for found in stick.find_envelopes([folder], "kit"):
        for sheet in papers:
            sign = SigningKey(sheet.keys[0])
            try:
                kit = read_kit(found.path, pinned=sign.public, county=sheet.county)
            except BundleError:
                continue
            own = kit.content.county.sign == sign.public
            if own and (best is None or kit.content.version > best[2].content.version):
                best = (sheet, found.path, kit)
    if best is None:
        raise RefusedError(
            "no_kit",
            _("文件夹里没有用这张恢复单的密钥签的县配置包。"),
            _("请把归档文件夹（县级文件名.eduplan.files）整个拷来再试。"),
        )
    return best


def _keys(
    session: Session, content: KitContent, records: sheets.Sheet, others: Sequence[sheets.Sheet], passphrase: str
) -> None:
    """The keys of the sheets in a new file; the recovery keys stay in it, so that old parts can be opened again.

    others: the health sheet, and records sheets from before a rotation, for what was sealed then.
    """
    county = content.county
    before = [sheet for sheet in others if sheet.kind == sheets.RECORDS and sheet.county == county.code]
    with act(session.store, "county.recover", "建立保险库", undoable=False) as a:
        compartments.make(a, "personal", passphrase)
    session.unlock([passphrase])
    opened = session.opened_or_refuse("personal")
    with act(session.store, "county.recover", "恢复县密钥", undoable=False) as a:
        keyring.make(a, opened, county.code, county.name, session.env.random, records)
        for n, sheet in enumerate([records, *before]):
            keyring.keep_recovery(a, opened, sheet, n)
        keyring.put_successions(a, content.succession)
    own = [s for s in others if s.kind == sheets.HEALTH and SealKey(s.keys[0]).public == county.health_recovery]
    if not own:
        return
    health = own[0]
    with act(session.store, "county.recover", "建立健康保险库", undoable=False) as a:
        compartments.make(a, "health", passphrase)
    officer = session.opened["health"] = compartments.open_with(session.store, "health", passphrase)
    with act(session.store, "county.recover", "恢复健康密钥", undoable=False) as a:
        keyring.make_health(a, officer, session.env.random, health)
        keyring.keep_recovery(a, officer, health)


def _facts(session: Session, content: KitContent, kit_path: Path, digest: str) -> None:
    """Roster, calendar, policy, catalogues and trust list of the kit."""
    with act(session.store, "county.recover", "恢复名单、日历和口径", undoable=False) as a:
        a.conn.executemany(
            f"INSERT INTO roster ({', '.join(roster.COLUMNS)}) VALUES ({', '.join('?' * len(roster.COLUMNS))})",
            [[getattr(e, n) or None for n in roster.COLUMNS] for e in content.roster],
        )
        shelf.replace_calendar(a, map(asdict, content.calendar))
        for key, one in content.policy.items():
            shelf.put_policy(a, key, str(one.value), one.source)
        for catalog in content.catalogs:
            shelf.put_catalog(a, catalogs.from_kit(catalog))
        _trust(session, a, content)
        a.set_meta("kit_version", str(content.version))
        a.set_meta("trust_version", str(content.trust.version))
        a.set_meta(receipts.BASE, str(content.version * RECEIPTS_A_KIT))
    session.forget_catalogs()
    put_body(session.store.files, "kits", f"{digest}.edukit", kit_path)


def _trust(session: Session, a: Act, content: KitContent) -> None:
    rows: Sequence[tuple[Any, ...]] = [
        (
            e.school,
            e.file,
            e.generation,
            b64(e.sign),
            e.seal,
            e.fingerprint,
            session.today(),
            e.retired_from,
            e.revoked_from,
        )
        for e in content.trust.entries
    ]
    a.conn.executemany(
        "INSERT INTO trust (school, file, generation, sign, seal, fingerprint, approved, retired_from, revoked_from)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        rows,
    )
