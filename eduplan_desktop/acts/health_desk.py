"""Check-ups of a statistical year as the health officer works on them: people, consents, results over the years (D8).

Who is due and whether they were examined is open; everything else needs the health compartment. Nothing here is kept or logged.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from eduplan_desktop.acts import agenda, records
from eduplan_desktop.acts.session import Session
from eduplan_desktop.i18n import _
from eduplan_desktop.registers import dates, results
from eduplan_desktop.registers.catalog import register
from eduplan_desktop.registers.checkup import DUE, NOT_DONE
from eduplan_desktop.registers.health import flag, shown_range, with_bmi
from eduplan_desktop.registers.health_consent import consented, in_force
from eduplan_desktop.registers.model import Row, Value
from eduplan_desktop.registers.refusal import BadValue
from eduplan_desktop.registers.results import Result
from eduplan_desktop.registers.text import sort_text
from eduplan_desktop.store import rows
from eduplan_desktop.store.journal import Changes, act

HERE = frozenset({"1", "2", "4"})
"""Codes of `staff_state` of people who are due: 在岗, 离岗, 调入. Others are listed only where they have a row of the year."""
YEARS = 5
"""Years of results shown beside this year's."""


@dataclass(frozen=True, slots=True)
class PersonLine:
    """One person in a year. row: id of the check-up, '' for none yet; state: code of `checkup_state`, '' for none."""

    person: str
    name: str
    sex: str
    birth: str
    row: str
    state: str
    consent: bool


@dataclass(frozen=True, slots=True)
class Reading:
    """How one result is shown: its word, the range it is held against, and where that range is from ('院', '表' or '')."""

    word: str
    low: str
    high: str
    source: str


class HealthDesk:
    """Acts of the school's health officer."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def year_now(self) -> int:
        """The statistical year of today (D18)."""
        return agenda.statistical_year_now(self._session)

    def years(self) -> list[int]:
        """Years with check-ups, and this one; newest first."""
        return sorted({*rows.years(self._session.store, register("checkup")), self.year_now()}, reverse=True)

    def people(self, year: int) -> list[PersonLine]:
        """Everybody who is due or has a check-up of the year, in the order of names."""
        store = self._session.store
        of_year = {str(r["person"]): r for r in rows.scan(store, register("checkup"), year=year)}
        allowed = consented(rows.scan(store, register("health_consent")), self._session.today())
        found = []
        for one in rows.scan(store, register("staff")):
            person, row = str(one["id"]), of_year.get(str(one["id"]))
            if row is None and one.get("state") not in HERE:
                continue
            found.append(
                PersonLine(
                    person,
                    str(one.get("name") or ""),
                    str(one.get("sex") or ""),
                    str(one.get("birth") or ""),
                    str(row["id"]) if row else "",
                    str(row["state"]) if row and row.get("state") else "",
                    person in allowed,
                )
            )
        return sorted(found, key=lambda p: sort_text(p.name))

    def plan_year(self, year: int, people: Iterable[str]) -> Changes:
        """Record people as due (应检) who have no row of the year yet, in one act."""
        one = register("checkup")
        held = {str(r["person"]) for r in rows.scan(self._session.store, one, year=year)}
        with act(self._session.store, "checkup.plan", _("列入应检名单")) as a:
            for person in people:
                if person not in held:
                    row = {**records.blank(self._session, one), "stat_year": year, "person": person, "state": DUE}
                    records.put(self._session, a, one, row)
            return a.changes

    def consent_of(self, person: str) -> Row | None:
        """The consent in force of a person, the newest; None where there is none."""
        today = self._session.today()
        found = [
            c
            for c in rows.scan(self._session.store, register("health_consent"))
            if c["person"] == person and in_force(c, today)
        ]
        return max(found, key=lambda c: str(c["signed"]), default=None)

    def record_consents(self, people: Iterable[str], values: Mapping[str, Value]) -> Changes:
        """Record the separate consents that several people signed, one row each, in one act."""
        one = register("health_consent")
        with act(self._session.store, "health_consent.batch", _("登记单独同意")) as a:
            for person in people:
                records.put(self._session, a, one, {**records.blank(self._session, one), **values, "person": person})
            return a.changes

    def not_examined(self, year: int, people: Iterable[str], reason: str) -> tuple[Changes, list[str]]:
        """Record people as 未检; gives the persons whose reason could not be kept because they gave no consent.

        The reason is sealed, so it needs the open compartment and the person's consent; the state itself is open.
        """
        one, store = register("checkup"), self._session.store
        held = {str(r["person"]): r for r in rows.scan(store, one, year=year)}
        allowed = consented(rows.scan(store, register("health_consent")), self._session.today())
        without: list[str] = []
        with act(store, "checkup.not_done", _("登记未检")) as a:
            for person in people:
                row: Row = dict(held.get(person) or records.blank(self._session, one))
                row |= {"stat_year": year, "person": person, "state": NOT_DONE}
                if person in allowed:
                    row["not_done_reason"] = reason
                else:
                    without.append(person)
                records.put(self._session, a, one, row)
            return a.changes, without

    def history(self, person: str, year: int) -> dict[int, dict[str, Result]]:
        """Results of a person in the years up to `year`, newest first; needs the health compartment open."""
        from eduplan_desktop.store import sealed_rows

        one, opened = register("checkup"), self._session.opened_or_refuse("health")
        found: dict[int, dict[str, Result]] = {}
        for row in rows.scan(self._session.store, one):
            of = row.get("stat_year")
            if row.get("person") != person or not isinstance(of, int) or not year - YEARS < of <= year:
                continue
            sealed = sealed_rows.read_sealed(self._session.store, opened, one, str(row["id"])) or {}
            found[of] = self.results(sealed.get("results"))
        return dict(sorted(found.items(), reverse=True))

    def results(self, stored: Value) -> dict[str, Result]:
        """Stored results with the BMI worked out; nothing where they cannot be read."""
        try:
            return with_bmi(results.load(str(stored))) if stored else {}
        except BadValue:
            return {}

    def read(self, item: str, result: Result, person: PersonLine, day: str) -> Reading:
        """Word and range of one result; the range on the hospital's own report wins (D8). Silent where ages differ."""
        ages = dates.ages_on(person.birth, day) if person.birth and day else (None,)
        words = {flag(item, result, person.sex, age, self._session.catalogs) for age in set(ages)}
        word = words.pop() if len(words) == 1 else ""
        if result.low or result.high:
            return Reading(word, result.low, result.high, "院")
        ranges = {shown_range(item, person.sex, age, self._session.catalogs) for age in set(ages)}
        low, high = ranges.pop() if len(ranges) == 1 else ("", "")
        return Reading(word, low, high, "表" if low or high else "")

    def counts(self, year: int) -> tuple[int, int, int]:
        """(应检, 已检, 未检) of a year; everybody with a row counts as due."""
        return agenda.checkup_counts(self._session, year)
