"""A round of the daily check: what it proposes as hazards, and finishing it in one act (safety practice: 日查 → 登记隐患).

Called by the school desk. The program proposes a level from the catalogue's mark; a named person decides it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from eduplan_desktop.acts import checks, records
from eduplan_desktop.acts.session import Session
from eduplan_desktop.i18n import _
from eduplan_desktop.problems import Problem
from eduplan_desktop.registers import hazard
from eduplan_desktop.registers.catalog import register
from eduplan_desktop.registers.model import Register, Row
from eduplan_desktop.store import attachments, rows, shelf
from eduplan_desktop.store.journal import Act, Changes, act

BY_DAILY_CHECK = "1"
"""Code of the table `found_way`: 日查."""


@dataclass(frozen=True, slots=True)
class Finished:
    """What finishing gave: what changed, findings about the check and its hazards, the check as stored, ids of hazards made."""

    changes: Changes
    problems: list[Problem]
    row: Row
    hazards: list[str]


def propose(session: Session, check: Row, item: str) -> Row:
    """A hazard row for an abnormal item of a check: everything the program can know, nothing decided."""
    entry = session.catalogs.table("checklist").by_code.get(item)
    about = entry.attributes if entry is not None else {}
    category = next(
        (e.code for e in session.catalogs.table("hazard_category").live if e.label == about.get("category")), None
    )
    return {
        **records.blank(session, register("hazard")),
        "found": check.get("check_date"),
        "found_by_way": BY_DAILY_CHECK,
        "finder": check.get("inspector"),
        "category": category,
        "from_check": check["id"],
        "check_item": item,
        "level": hazard.MAJOR if about.get("major_candidate") else hazard.GENERAL,
        "state": hazard.TO_ASSIGN,
    }


def next_number(session: Session, year: int, beside: Iterable[str] = ()) -> str:
    """The next free 隐患编号 of a year, `2026-0001`; `beside`: numbers given but not stored yet."""
    head = f"{year}-"
    known = {str(r["number"]) for r in rows.scan(session.store, register("hazard"), year=year)} | set(beside)
    used = [int(n[len(head) :]) for n in known if n.startswith(head) and n[len(head) :].isdecimal()]
    return f"{head}{max(used, default=0) + 1:04d}"


def from_check(session: Session, check_id: str) -> dict[str, Row]:
    """Hazards already recorded from a check, by checklist item."""
    found = (r for r in rows.scan(session.store, register("hazard")) if r.get("from_check") == check_id)
    return {str(r["check_item"]): r for r in found if r.get("check_item")}


def finish(
    session: Session, check: Row, hazards: Iterable[Row], photos: Mapping[str, Iterable[str]] | None = None
) -> Finished:
    """Store a check and the hazards found in it, in one act that one undo takes back. A hazard without a number gets the next.

    photos: row id of a hazard or of the check → digests of kept photos it is to name.
    """
    made: list[str] = []
    numbers: list[str] = []
    with act(session.store, "safety_check.finish", _("完成每日检查")) as a:
        stored, problems = _put(session, a, register("safety_check"), check)
        for row in hazards:
            year = records.year_of_row(register("hazard"), row) or 0
            number = str(row.get("number") or next_number(session, year, numbers))
            numbers.append(number)
            one, found = _put(
                session, a, register("hazard"), {**row, "number": number, "from_check": str(stored["id"])}
            )
            problems += found
            made.append(str(one["id"]))
            _attach(a, "hazard", str(one["id"]), (photos or {}).get(str(row["id"]), ()))
        _attach(a, "safety_check", str(stored["id"]), (photos or {}).get(str(check["id"]), ()))
        changes = a.changes
    return Finished(changes, problems, stored, made)


def _attach(a: Act, name: str, row_id: str, digests: Iterable[str]) -> None:
    for digest in digests:
        attachments.attach(a, name, row_id, digest)


def _put(session: Session, a: Act, one: Register, row: Row) -> tuple[Row, list[Problem]]:
    stored = records.put(session, a, one, row)
    found = [replace(p, row=str(stored["id"])) for p in checks.check_open(session, one, stored)]
    shelf.replace_findings(a, found, one.name, str(stored["id"]))
    return stored, found
