"""Compartments as a person handles them: make, open, lock, slots, change of passphrase (D7)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from eduplan_desktop.acts.session import Session
from eduplan_desktop.errors import LockedError, RefusedError
from eduplan_desktop.i18n import _
from eduplan_desktop.store import shelf
from eduplan_desktop.store.journal import act


def state(session: Session, name: str) -> str:
    """ "none", "locked" or "open"."""
    if name in session.opened:
        return "open"
    return "locked" if shelf.has_compartment(session.store, name) else "none"


def create(session: Session, name: str, passphrase: str) -> str:
    """Make a compartment and leave it open; returns the recovery code, shown once."""
    from eduplan_desktop.store import compartments

    if shelf.has_compartment(session.store, name):
        raise RefusedError("compartment_exists", _("这个保险库已经建立。"), _("请用原来的口令或恢复码打开。"))
    with act(session.store, "compartment.make", "建立保险库") as a:
        code = compartments.make(a, name, passphrase)
    session.opened[name] = compartments.open_with(session.store, name, passphrase)
    return str(code)


def unlock(session: Session, name: str, secrets: Iterable[str]) -> None:
    """Open a compartment with a passphrase or recovery code. Raises LockedError where none fits."""
    from eduplan_desktop.store import compartments

    if not shelf.has_compartment(session.store, name):
        raise LockedError("no_compartment", _("还没有建立这个保险库。"), _("请先建立保险库并设口令。"))
    for secret in secrets:
        try:
            session.opened[name] = compartments.open_with(session.store, name, secret)
            return
        except LockedError:
            continue
    raise LockedError("wrong_passphrase", _("口令不对。"), _("请再试一次，或用恢复码打开。"))


def lock(session: Session, name: str) -> None:
    """Forget the opened compartment at once."""
    session.opened.pop(name, None)


def slots(session: Session, name: str) -> list[dict[str, Any]]:
    """Kind and key-derivation parameters of each slot; nothing secret."""
    from eduplan_desktop.store import compartments

    return compartments.slots(session.store, name)
