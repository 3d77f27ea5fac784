"""Erasing a person's sealed content for good: from the rows, the journal, drafts and prepared parts (D7). A person's own act.

What stays is named in `REMAINS` of the window and in the manual: open fields, the chain of acts, filed parts, older backups.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from eduplan_desktop.acts import records
from eduplan_desktop.acts.session import Session
from eduplan_desktop.errors import RefusedError
from eduplan_desktop.i18n import _
from eduplan_desktop.registers.catalog import REGISTERS
from eduplan_desktop.registers.catalog import register as find_register
from eduplan_desktop.store import compartments, journal, shelf
from eduplan_desktop.store.journal import Changes, act

PEOPLE: Final = "staff"
LONGEST_REASON: Final = 200


@dataclass(frozen=True, slots=True)
class SealedPerson:
    """Somebody of whom a compartment holds something. gone: the record in the staff register was removed; rows: sealed rows now."""

    id: str
    name: str
    gone: bool
    rows: int


@dataclass(frozen=True, slots=True)
class Erased:
    """What erasing did. rows: sealed rows that were taken away; pending: older pages leave the WAL only when the file is closed."""

    person: str
    rows: int
    pending: bool
    changes: Changes


def people(session: Session, compartment: str, school: str = "") -> list[SealedPerson]:
    """Everybody with a data key or a sealed row, in the order of names; those removed from the register at the end."""
    found = [_person(session, school, *one) for one in compartments.people(session.store, compartment, school=school)]
    order = {row_id: n for n, (row_id, _title) in enumerate(records.link_choices(session, PEOPLE, school))}
    return sorted(found, key=lambda p: (p.gone, order.get(p.id, len(order)), p.name))


def _person(session: Session, school: str, person: str, rows: int) -> SealedPerson:
    here = records.read(session, find_register(PEOPLE), person, school) is not None
    name = records.short_title(session, PEOPLE, person, school) if here else _name_before(session, school, person)
    return SealedPerson(person, name or f"…{person[-6:]}", not here, rows)


def _name_before(session: Session, school: str, person: str) -> str:
    """The name of a removed record, as the journal last knew it."""
    for entry in reversed(journal.history(session.store, PEOPLE, person, school=school)):
        for row in (entry.after, entry.before):
            if row is not None and row.get("name"):
                return str(row["name"])
    return ""


def labels(compartment: str) -> Sequence[str]:
    """What is sealed there, in the words of the forms."""
    return [_(f.label) for one in REGISTERS for f in one.sealed_fields(compartment) if f.retired is None]


def erase(session: Session, compartment: str, person: str, reason: str, school: str = "") -> Erased:
    """Erase for good; the compartment must be open. Cannot be undone, nor can anything before it.

    Raises LockedError no_compartment, locked; RefusedError no_reason, nothing_sealed; StoreError.
    """
    if not shelf.has_compartment(session.store, compartment):
        raise RefusedError("no_compartment", _("这个保险库还没有建立，里面没有内容。"), _("请核对保险库的名称。"))
    opened = session.opened_or_refuse(compartment)
    reason = " ".join(reason.split())[:LONGEST_REASON]
    if not reason:
        raise RefusedError("no_reason", _("没有写原因。"), _("请写明为什么删除，例如“本人要求”；原因记进操作日志。"))
    if person not in dict(compartments.people(session.store, compartment, school=school)):
        raise RefusedError(
            "nothing_sealed",
            _("这个保险库里没有这个人的内容。"),
            _("请核对人员编号；人员编号是教职工记录的编号，不是证件号码。"),
        )
    with act(session.store, "person.erase", "永久删除密封内容", undoable=False) as a:
        rows = compartments.erase_person(a, opened, person, school=school)
        a.detail.update(compartment=compartment, person=person, reason=reason, rows=rows)
        changes = a.changes
    session.store.done.clear()
    session.store.undone.clear()
    return Erased(person, rows, compartments.pages_left(session.store), changes)
