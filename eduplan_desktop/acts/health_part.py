"""What of check-ups goes to the county health officer: consenting persons' rows and exact group counts (D8, decision 3)."""

from collections import Counter
from collections.abc import Iterator

from eduplan_desktop.acts.session import Session
from eduplan_desktop.acts.slices import Slice
from eduplan_desktop.bundle.package import HealthContent, cells_of_dicts, open_columns, sealed_columns
from eduplan_desktop.bundle.tables import Cells
from eduplan_desktop.registers import dates, results
from eduplan_desktop.registers.catalog import register
from eduplan_desktop.registers.health import flag, with_bmi
from eduplan_desktop.registers.health_consent import consented
from eduplan_desktop.registers.model import Kind, Register, Row
from eduplan_desktop.store import queries, rows, sealed_rows
from eduplan_desktop.store.compartments import Opened

WITHDRAWN = "6"
"""Tombstone reason (code table `gone_reason`) of a person's row that may no longer be reported."""


def content(session: Session, opened: Opened, one: Slice) -> HealthContent:
    """The health part of a check-up slice; the compartment must be open."""
    consents = list(rows.scan(session.store, register("health_consent")))
    named = consented(consents, session.today(), county=True)
    ever = {str(c["person"]) for c in consents if c.get("names_county") == 1}
    checkups = list(rows.scan(session.store, one.register, year=one.year))
    sealed = {row_id: values for _s, row_id, values in sealed_rows.scan_sealed(session.store, opened, one.register)}
    sent = sorted((r for r in checkups if str(r["person"]) in named), key=lambda r: str(r["id"]))
    stopped = [(str(r["id"]), WITHDRAWN) for r in checkups if str(r["person"]) in ever - named]
    given = [{**sealed[str(r["id"])], "id": r["id"]} for r in sent if str(r["id"]) in sealed]
    of_named = sorted((c for c in consents if str(c["person"]) in named), key=lambda c: str(c["id"]))
    return HealthContent(
        rows=list(cells_of_dicts(open_columns(one.register), sent)),
        sealed=list(cells_of_dicts(sealed_columns(one.register, "health"), given)),
        results=list(_long(one.register, given)),
        gone=sorted([*queries.gone(session.store, one.register, year=one.year), *stopped]),
        consents=list(cells_of_dicts(open_columns(register("health_consent")), of_named)),
        groups=groups(session, one.register, checkups, sealed),
    )


def _long(one: Register, given: list[Row]) -> Iterator[Cells]:
    for field in one.sealed_fields("health"):
        if field.kind is Kind.RESULTS:
            for row in given:
                stored = row.get(field.name)
                for long in results.to_long(str(stored) if stored else None):
                    yield (str(row["id"]), *long)


def groups(session: Session, one: Register, checkups: list[Row], sealed: dict[str, Row]) -> list[Cells]:
    """Exact counts by item and flag word over all check-ups of the slice, without age or sex."""
    people = {str(p["id"]): p for p in rows.scan(session.store, register("staff"))}
    tally: Counter[tuple[str, str]] = Counter()
    for row in checkups:
        values = sealed.get(str(row["id"]), {})
        person = people.get(str(row["person"]), {})
        for field in one.sealed_fields("health"):
            if field.kind is Kind.RESULTS and values.get(field.name):
                tally.update(flags(session, str(values[field.name]), person, str(values.get("exam_date") or "")))
    return [(item, word, str(count)) for (item, word), count in sorted(tally.items())]


def counts(session: Session, year: int) -> dict[tuple[str, str], int]:
    """(item, word) → people, exact, over all check-ups of a statistical year; for the health officer, never shown unsuppressed."""
    one, opened = register("checkup"), session.opened_or_refuse("health")
    sealed = {row_id: values for _s, row_id, values in sealed_rows.scan_sealed(session.store, opened, one)}
    found = groups(session, one, list(rows.scan(session.store, one, year=year)), sealed)
    return {(item, word): int(count) for item, word, count in found}


def flags(session: Session, stored: str, person: Row, day: str) -> list[tuple[str, str]]:
    """(item, word) for every result that is not usual at any age the dates allow."""
    birth = str(person.get("birth") or "")
    ages: tuple[int | None, ...] = dates.ages_on(birth, day) if birth and day else (None,)
    sex, found = str(person.get("sex") or ""), []
    for item, result in with_bmi(results.load(stored)).items():
        words = {flag(item, result, sex, age, session.catalogs) for age in set(ages)}
        if len(words) == 1 and (word := words.pop()):
            found.append((item, word))
    return found
