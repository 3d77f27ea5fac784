"""What a school file knows of its county: the pinned identity and keys, the school's own uid, kit and receipt versions.

Read by join, submit and receive; written by join and, for handed-on keys, receive. Kept as facts in the data file.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from eduplan_desktop.acts.home import KeyFolder, SchoolKeys
from eduplan_desktop.acts.session import Session
from eduplan_desktop.errors import RefusedError
from eduplan_desktop.i18n import _

if TYPE_CHECKING:
    from eduplan_desktop.bundle.kit import CountyIdentity
    from eduplan_desktop.bundle.sealing import SealKey
    from eduplan_desktop.bundle.signing import SigningKey
    from eduplan_desktop.store.journal import Act


@dataclass(frozen=True, slots=True)
class Membership:
    """The county this file reports to. school: uid from the roster; versions: the highest taken."""

    county: CountyIdentity
    school: str
    kit: int
    trust: int
    receipt: int


def membership(session: Session) -> Membership | None:
    """The membership of this file, or None before it joined."""
    text = session.store.meta("county")
    if not text:
        return None
    from eduplan_desktop.bundle.coding import unb64
    from eduplan_desktop.bundle.kit import CountyIdentity

    body = json.loads(text)
    body["sign"] = unb64(body["sign"], 32)
    numbers = (int(session.store.meta(key, "0")) for key in ("kit_version", "trust_version", "receipt_number"))
    return Membership(CountyIdentity(**body), session.store.meta("school_uid"), *numbers)


def membership_or_refuse(session: Session) -> Membership:
    """The membership; refused before the file joined a county."""
    session.school_or_refuse()
    found = membership(session)
    if found is None:
        raise RefusedError("not_joined", _("本校还没有加入县里。"), _("请用县配置包（.edukit）入网，再做这一步。"))
    return found


def pin(a: Act, county: CountyIdentity, school: str) -> None:
    """Pin the county's identity and the school's uid."""
    from eduplan_desktop.bundle.coding import b64

    body = asdict(county)
    body["sign"] = b64(county.sign)
    a.set_meta("county", json.dumps(body, ensure_ascii=False, sort_keys=True))
    a.set_meta("school_uid", school)


def key_folder(session: Session) -> KeyFolder:
    """Keys of this file on this installation."""
    return KeyFolder(session.env, session.store.file_id)


@dataclass(frozen=True, slots=True)
class Keys:
    """The school's keys, ready to use."""

    sign: SigningKey
    seal: SealKey


def keys(session: Session) -> Keys | None:
    """The keys of this installation for this file, or None."""
    from eduplan_desktop.bundle.sealing import SealKey
    from eduplan_desktop.bundle.signing import SigningKey

    raw = key_folder(session).keys()
    return None if raw is None else Keys(SigningKey(raw.sign), SealKey(raw.seal))


def keys_or_make(session: Session) -> Keys:
    """The keys of this installation, made where there are none."""
    return keys(session) or renew_keys(session)


def renew_keys(session: Session) -> Keys:
    """A new key pair in the place of any this installation had for the file."""
    from eduplan_desktop.bundle.sealing import SealKey
    from eduplan_desktop.bundle.signing import SigningKey

    raw = SchoolKeys(session.env.random(32), session.env.random(32))
    key_folder(session).put_keys(raw)
    return Keys(SigningKey(raw.sign), SealKey(raw.seal))
