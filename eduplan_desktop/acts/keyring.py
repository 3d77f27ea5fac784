"""The county's keys in its file: secret halves sealed in compartments, public halves and successions in clear (D6).

Signing and working key lie in *personal*, the health key in *health*, made by the health officer in an act of its own. The
recovery keys are only on the sheets; the file keeps their public halves. Writes happen inside an act of the caller.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from eduplan_desktop.bundle.coding import b64, unb64
from eduplan_desktop.bundle.kit import CountyIdentity
from eduplan_desktop.bundle.sealing import SealKey
from eduplan_desktop.bundle.sheets import HEALTH, RECORDS, Sheet, health_sheet, records_sheet
from eduplan_desktop.bundle.signing import KEY, SigningKey, Succession, hand_on, read_successions
from eduplan_desktop.errors import RefusedError
from eduplan_desktop.i18n import _
from eduplan_desktop.store import compartments
from eduplan_desktop.store.compartments import Opened
from eduplan_desktop.store.connect import Store
from eduplan_desktop.store.journal import Act

Random = Callable[[int], bytes]
_IDENTITY: Final = "county_identity"
_SUCCESSION: Final = "county_succession"
_SIGN: Final = "county/sign"
_WORKING: Final = "county/working"
_HEALTH_KEY: Final = "county/health"


@dataclass(frozen=True, slots=True, repr=False)
class RecordKeys:
    """What opens and signs for the county. working: the newest first; older ones open what was sealed before a rotation."""

    sign: SigningKey
    working: tuple[SealKey, ...]


def identity(store: Store) -> CountyIdentity:
    """The county and its public keys. Raises RefusedError no_county_keys for a file without keys."""
    text = store.meta(_IDENTITY)
    if not text:
        raise RefusedError(
            "no_county_keys", _("这个县级文件还没有密钥。"), _("请用“新建县级文件”建立，或从恢复单重建。")
        )
    body = json.loads(text)
    return CountyIdentity(
        body["code"],
        body["name"],
        unb64(body["sign"], KEY),
        body["working"],
        body["records_recovery"],
        body["health"],
        body["health_recovery"],
    )


def _put_identity(a: Act, county: CountyIdentity) -> None:
    body = {
        "code": county.code,
        "name": county.name,
        "sign": b64(county.sign),
        "working": county.working,
        "records_recovery": county.records_recovery,
        "health": county.health,
        "health_recovery": county.health_recovery,
    }
    a.set_meta(_IDENTITY, json.dumps(body, ensure_ascii=False, sort_keys=True))


def successions(store: Store) -> tuple[Succession, ...]:
    """Signing keys handed on, oldest first."""
    return read_successions(json.loads(store.meta(_SUCCESSION, "[]")))


def signers(store: Store) -> tuple[bytes, ...]:
    """Every key the county ever signed with, the present one last."""
    return (*(s.old for s in successions(store)), identity(store).sign)


def make(a: Act, opened: Opened, code: str, name: str, random: Random, sheet: Sheet | None = None) -> Sheet:
    """The county's signing, working and records recovery keys; the sheet is the only copy of the last.

    sheet: keys typed from an earlier sheet, to build a county again; its working key is a new one.
    """
    seed, recovery = sheet.keys if sheet else (random(KEY), random(KEY))
    working = SealKey(random(KEY))
    sign = SigningKey(seed)
    compartments.put_secret(a, opened, _SIGN, seed)
    compartments.put_secret(a, opened, _WORKING, working.raw)
    _put_identity(a, CountyIdentity(code, name, sign.public, working.public, SealKey(recovery).public))
    return records_sheet(code, seed, recovery)


def make_health(a: Act, opened: Opened, random: Random, sheet: Sheet | None = None) -> Sheet:
    """The health officer's key and recovery key; from the next kit on schools prepare health parts."""
    county = identity(a.store)
    (recovery,) = sheet.keys if sheet else (random(KEY),)
    key = SealKey(random(KEY))
    compartments.put_secret(a, opened, _HEALTH_KEY, key.raw)
    _put_identity(
        a,
        CountyIdentity(
            *(county.code, county.name, county.sign, county.working, county.records_recovery),
            health=key.public,
            health_recovery=SealKey(recovery).public,
        ),
    )
    return health_sheet(county.code, recovery)


def load(store: Store, opened: Opened) -> RecordKeys:
    """Signing and working keys from the opened compartment. Raises LockedError no_secret."""
    names = sorted(n for n in compartments.secret_names(store, opened.name) if n.startswith(_WORKING))
    working = tuple(SealKey(compartments.get_secret(store, opened, n)) for n in names)
    return RecordKeys(SigningKey(compartments.get_secret(store, opened, _SIGN)), working)


def load_health(store: Store, opened: Opened) -> tuple[SealKey, ...]:
    """The health keys from the opened health compartment, the newest first. Raises LockedError no_secret."""
    compartments.get_secret(store, opened, _HEALTH_KEY)
    names = sorted(n for n in compartments.secret_names(store, opened.name) if n.startswith(_HEALTH_KEY))
    return tuple(SealKey(compartments.get_secret(store, opened, n)) for n in names)


def rotate(a: Act, opened: Opened, random: Random) -> Sheet:
    """New signing, working and records recovery keys; the old signing key signs the new one, old working keys still open."""
    county, old = identity(a.store), load(a.store, opened)
    seed, recovery, working = random(KEY), random(KEY), SealKey(random(KEY))
    new = SigningKey(seed)
    chain = [*successions(a.store), hand_on(old.sign, new.public, county.code)]
    for n, key in enumerate(reversed(old.working), 1):
        compartments.put_secret(a, opened, f"{_WORKING}/{999 - n:03d}", key.raw)
    compartments.put_secret(a, opened, _SIGN, seed)
    compartments.put_secret(a, opened, _WORKING, working.raw)
    a.set_meta(_SUCCESSION, json.dumps([s.as_json() for s in chain]))
    _put_identity(
        a,
        CountyIdentity(
            *(county.code, county.name, new.public, working.public, SealKey(recovery).public),
            health=county.health,
            health_recovery=county.health_recovery,
        ),
    )
    return records_sheet(county.code, seed, recovery)


def keep_recovery(a: Act, opened: Opened, sheet: Sheet, n: int = 0) -> None:
    """Keep the recovery key of a typed sheet beside the new working key, so that what was sealed before can be opened."""
    name = f"{_WORKING if sheet.kind == RECORDS else _HEALTH_KEY}/{n:03d}"
    compartments.put_secret(a, opened, name, sheet.keys[-1])


def put_successions(a: Act, chain: Sequence[Succession]) -> None:
    """Take the chain of signing keys from a kit of this county."""
    a.set_meta(_SUCCESSION, json.dumps([one.as_json() for one in chain]))


def proven(store: Store, sheet: Sheet) -> str:
    """The kind of a typed sheet if its keys are this county's. Raises RefusedError wrong_sheet."""
    county = identity(store)
    if sheet.kind == RECORDS:
        seed, recovery = sheet.keys
        right = (SigningKey(seed).public, SealKey(recovery).public) == (county.sign, county.records_recovery)
    else:
        right = sheet.kind == HEALTH and SealKey(sheet.keys[0]).public == county.health_recovery
    if not right or sheet.county != county.code:
        raise RefusedError(
            "wrong_sheet",
            _("这张恢复单的密钥与本县文件的不一致。"),
            _("请检查是不是更换密钥以前的旧单，或另一个县的单子。"),
        )
    return sheet.kind
