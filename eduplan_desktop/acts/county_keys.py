"""The county's keys as acts need them: identity, signing key, and the desk a merge works at. The keys are `county.keyring`'s."""

from collections.abc import Callable
from typing import Any

from eduplan_desktop.acts import keyring
from eduplan_desktop.acts.keyring import RecordKeys
from eduplan_desktop.acts.session import Session
from eduplan_desktop.bundle.kit import CountyIdentity
from eduplan_desktop.merge.carry import Desk


def identity(session: Session) -> CountyIdentity:
    """The county and its public keys."""
    session.county_or_refuse()
    return keyring.identity(session.store)


def keys(session: Session) -> RecordKeys:
    """Signing and working keys; needs the county's passphrase."""
    return keyring.load(session.store, session.opened_or_refuse("personal"))


def desk(
    session: Session,
    progress: Callable[[int, int, str], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Desk:
    """What a merge works with; needs the county's passphrase."""
    watchers: dict[str, Any] = {"progress": progress, "cancelled": cancelled}
    return Desk(
        session.store,
        identity(session).code,
        keys(session).working,
        session.catalogs,
        session.opened_or_refuse("personal"),
        session.today(),
        **{name: one for name, one in watchers.items() if one is not None},
    )
