"""A submission that was cut off, and bundles that never reached a stick: both are taken up by the next submission.

Order of a submission: the bundle is written whole beside the file under a spare name; the file records it as undelivered; its
digest is noted in the key folder; it gets its name; it goes to the stick. Whatever step a power cut falls on, a bundle that
is not recorded has never left and is thrown away, and one that is recorded goes on from there: no number is signed twice.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Final

from eduplan_desktop.acts import membership
from eduplan_desktop.acts.session import Session
from eduplan_desktop.store import shelf
from eduplan_desktop.store.bodies import BUNDLES
from eduplan_desktop.store.journal import Act, act

if TYPE_CHECKING:
    from eduplan_desktop.bundle.outgoing import Outgoing

WAITING: Final = "undelivered"
"""Fact of the file: numbers of bundles that reached no stick yet."""
_SPARE: Final = ".made.part"


def in_order(session: Session, signed: list[str]) -> bool:
    """Whether this list of signed digests is the one the file remembers, from where the person last settled it."""
    mine = [s["digest"] for s in shelf.submissions(session.store)]
    settled = int(session.store.meta("settled_from", "0"))
    since = signed[settled:]
    return signed == mine or bool(settled and since == mine[max(0, len(mine) - len(since)) :])


def cut_off(session: Session) -> str:
    """The digest that a cut-off submission recorded in the file and not yet in the key folder; '' for none."""
    made, signed = shelf.submissions(session.store), membership.key_folder(session).signed()
    if not made or made[-1]["sequence"] not in waiting(session) or made[-1]["digest"] in signed:
        return ""
    digest = str(made[-1]["digest"])
    return digest if in_order(session, [*signed, digest]) else ""


def finish(session: Session) -> None:
    """Bring a cut-off submission to the point before the stick, and throw away what was never recorded."""
    digest, folder = cut_off(session), membership.key_folder(session)
    if digest:
        folder.note_signed([*folder.signed(), digest])
    recorded = {s["file_name"] for s in shelf.submissions(session.store)}
    for spare in (session.store.files / BUNDLES).glob(f"*{_SPARE}"):
        if spare.name.removesuffix(_SPARE) in recorded:
            name_it(spare)
        else:
            spare.unlink()


def keep(session: Session, outgoing: Outgoing, name: str) -> Path:
    """Write a bundle whole beside the file, under a spare name as long as it is not recorded."""
    from eduplan_desktop.bundle import stick

    folder = stick.make_folder(session.store.files / BUNDLES)
    return stick.write_envelope(outgoing, folder, name + _SPARE)


def name_it(spare: Path) -> None:
    """Give a kept bundle its name."""
    os.replace(spare, spare.with_name(spare.name.removesuffix(_SPARE)))


def waiting(session: Session) -> list[int]:
    """Numbers of bundles that were made but have not been written to any stick."""
    return [int(n) for n in session.store.meta(WAITING).split()]


def note_waiting(a: Act, numbers: list[int]) -> None:
    """Remember which bundles still have to be written to a stick."""
    a.set_meta(WAITING, " ".join(str(n) for n in sorted(set(numbers))))


def deliver(session: Session, to: Path) -> dict[int, Path]:
    """Write every bundle that reached no stick yet to this folder; number → path. WorldError keeps them waiting."""
    from eduplan_desktop.bundle import stick

    left, names = waiting(session), {s["sequence"]: s["file_name"] for s in shelf.submissions(session.store)}
    written: dict[int, Path] = {}
    for number in left:
        body = session.store.files / BUNDLES / names.get(number, "-")
        if body.is_file():
            written[number] = stick.copy_file(body, to, body.name)
    if left:
        with act(session.store, "submit.deliver", "写到 U 盘", undoable=False) as a:
            note_waiting(a, [])
    return written
