"""The county's keys (D6): public ones as facts of the file, secret ones sealed in its compartments.

Called by the county's acts. `personal` holds the signing key and every working key; `health` the health officer's. The
recovery keys themselves are only on paper.
"""

import json
from collections.abc import Callable
from typing import Any

from eduplan_desktop.acts.session import Session
from eduplan_desktop.bundle.coding import b64, unb64
from eduplan_desktop.bundle.kit import CountyIdentity
from eduplan_desktop.bundle.sealing import SealKey
from eduplan_desktop.bundle.signing import SigningKey, Succession, read_successions
from eduplan_desktop.errors import RefusedError
from eduplan_desktop.merge.carry import Desk
from eduplan_desktop.store import compartments
from eduplan_desktop.store.journal import Act

SIGN = "sign"
WORKING = "working"
"""Working keys are named `working:1`, `working:2` …; the highest is the present one."""


def identity(session: Session) -> CountyIdentity:
    """The county and its public keys."""
    session.county_or_refuse()
    keys: dict[str, Any] = json.loads(session.store.meta("county_keys") or "{}")
    if not keys:
        raise RefusedError(
            "no_county_keys", "这个县级文件还没有密钥。", "请用 county new 新建，或用 county recover 恢复。"
        )
    return CountyIdentity(
        session.store.meta("county_code"),
        session.name,
        unb64(keys["sign"], 32),
        keys["working"],
        keys["records_recovery"],
        keys.get("health"),
        keys.get("health_recovery"),
    )


def put_identity(a: Act, county: CountyIdentity) -> None:
    """Store the public keys."""
    keys = {
        "sign": b64(county.sign),
        "working": county.working,
        "records_recovery": county.records_recovery,
        "health": county.health,
        "health_recovery": county.health_recovery,
    }
    a.set_meta("county_code", county.code)
    a.set_meta("county_keys", json.dumps(keys, sort_keys=True))


def succession(session: Session) -> tuple[Succession, ...]:
    """The chain of signing keys, oldest first."""
    return read_successions(json.loads(session.store.meta("succession") or "[]"))


def signing_key(session: Session) -> SigningKey:
    """The signing key; needs the county's passphrase."""
    opened = session.opened_or_refuse("personal")
    return SigningKey(compartments.get_secret(session.store, opened, SIGN))


def working_keys(session: Session) -> tuple[SealKey, ...]:
    """Every key that opens record parts, the present one first."""
    opened = session.opened_or_refuse("personal")
    names = [n for n in compartments.secret_names(session.store, "personal") if n.startswith(WORKING)]
    ordered = sorted(names, key=lambda n: int(n.partition(":")[2]), reverse=True)
    return tuple(SealKey(compartments.get_secret(session.store, opened, n)) for n in ordered)


def next_working(session: Session) -> str:
    """Name of the next working key."""
    names = [n for n in compartments.secret_names(session.store, "personal") if n.startswith(WORKING)]
    return f"{WORKING}:{max((int(n.partition(':')[2]) for n in names), default=0) + 1}"


def desk(
    session: Session,
    progress: Callable[[int, int, str], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Desk:
    """What a merge works with; needs the county's passphrase."""
    extra: dict[str, Any] = {}
    if progress is not None:
        extra["progress"] = progress
    if cancelled is not None:
        extra["cancelled"] = cancelled
    return Desk(
        session.store,
        session.store.meta("county_code"),
        working_keys(session),
        session.catalogs,
        session.opened_or_refuse("personal"),
        session.today(),
        **extra,
    )
