"""健康合并: the county health officer opens the health parts of filed bundles with the health key (D8).

Sealed halves go into the county's *health* compartment, one data key per person; who they are, which year and the exact group
counts stand beside them in one sealed body per school and year. Nothing of it is ever in clear in the file. The state of a
school and year is that of the last counted bundle that carries it; whoever is not in it any more is erased.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import groupby
from operator import itemgetter
from typing import Any, Final

from eduplan_desktop.bundle import unpack
from eduplan_desktop.bundle.envelope import Part
from eduplan_desktop.bundle.sealing import SealKey
from eduplan_desktop.bundle.submission import reopen_submission
from eduplan_desktop.bundle.tables import bad_rows
from eduplan_desktop.errors import BundleError, LockedError
from eduplan_desktop.merge import ledger
from eduplan_desktop.merge.carry import HEALTH, Progress, silent
from eduplan_desktop.merge.columns import checks
from eduplan_desktop.merge.ledger import Filed
from eduplan_desktop.merge.plan import State
from eduplan_desktop.registers.catalog import register
from eduplan_desktop.registers.catalogs import Catalogs
from eduplan_desktop.registers.model import Kind, Register, Row
from eduplan_desktop.registers.results import from_long
from eduplan_desktop.registers.travel import from_csv
from eduplan_desktop.store import compartments
from eduplan_desktop.store.bodies import BUNDLES, body_path
from eduplan_desktop.store.compartments import Opened
from eduplan_desktop.store.connect import Store
from eduplan_desktop.store.journal import Act, act

HELD: Final = "held_health"
SLICE: Final = "checkup"
_CONSENT: Final = "health_consent"


@dataclass(frozen=True, slots=True)
class HealthLine:
    """What became of one health part. rows: persons in it; code: why it was refused, or ''."""

    school: str
    slice: str
    digest: str
    rows: int = 0
    new: int = 0
    changed: int = 0
    erased: int = 0
    code: str = ""


@dataclass(slots=True)
class HealthPart:
    """A health part as read: check-ups and their sealed halves by row id, consents, group counts."""

    rows: dict[str, Row] = field(default_factory=dict)
    halves: dict[str, Row] = field(default_factory=dict)
    consents: list[Row] = field(default_factory=list)
    groups: list[tuple[str, str, int]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class HealthMerge:
    """One run. same: parts that were taken in before."""

    parts: tuple[HealthLine, ...]
    same: int

    @property
    def merged(self) -> int:
        """Parts taken in."""
        return sum(not p.code for p in self.parts)

    @property
    def refused(self) -> int:
        """Parts that could not be read; they wait on."""
        return sum(bool(p.code) for p in self.parts)

    @property
    def rows(self) -> int:
        """Persons in the parts taken in."""
        return sum(p.rows for p in self.parts)


def merge(
    store: Store, catalogs: Catalogs, opened: Opened, keys: Iterable[SealKey], progress: Progress = silent
) -> HealthMerge:
    """Take in every health part that waits; one act per part. A part that cannot be read is named and waits on."""
    found = list(_carriers(store))
    waiting = [(f, name) for f, name in found if body(store, opened, f.school, name).get("digest") != f.digest]
    listed = list(keys)
    lines = []
    for done, (filed, name) in enumerate(waiting):
        progress(done, len(waiting), name)
        lines.append(_take(store, listed, opened, catalogs, filed, name))
    progress(len(waiting), len(waiting), "")
    return HealthMerge(tuple(lines), len(found) - len(waiting))


def _carriers(store: Store) -> Iterator[tuple[Filed, str]]:
    """The last counted carrier of each school and year."""
    for school in ledger.schools(store.conn):
        last: dict[str, Filed] = {}
        for filed in ledger.of_school(store.conn, school):
            for name, claim in filed.claims.items():
                if claim.state is State.CARRIED and name.partition("/")[0] == SLICE and _accepted(filed, name):
                    last[name] = filed
        for name, filed in sorted(last.items()):
            yield filed, name


def _accepted(filed: Filed, name: str) -> bool:
    result = filed.results.get(name)
    return result is not None and (result.status == "merged" or result.code == "superseded")


def _take(store: Store, keys: list[SealKey], opened: Opened, catalogs: Catalogs, filed: Filed, name: str) -> HealthLine:
    path = body_path(store.files, BUNDLES, f"{filed.digest}.edub")
    try:
        with reopen_submission(path, filed.digest) as submission:
            read = HealthPart()
            if submission.part_info(name, HEALTH) is not None:
                with submission.open_slice(name, keys, HEALTH) as part:
                    read = _read(part, filed.claims[name].version, catalogs)
    except BundleError as error:
        return HealthLine(filed.school, name, filed.digest, code=error.code)
    facts = {"digest": filed.digest, "school": filed.school, "slice": name}
    with act(store, "county.health_merge", "合并健康部分", images=False, detail=facts) as a:
        new, changed, erased = _write(a, opened, filed, name, read)
        _answered(a, filed, name)
    return HealthLine(filed.school, name, filed.digest, len(read.rows), new, changed, erased)


def _answered(a: Act, filed: Filed, name: str) -> None:
    """Once its health part is in, the slice waits for nobody."""
    current = ledger.by_digest(a.conn, filed.digest)
    if current is None:
        return
    results = dict(current.results)
    if results[name].code == HELD:
        results[name] = replace(results[name], code="")
        ledger.set_results(a.conn, filed.digest, results)


def _read(part: Part, version: tuple[int, int], catalogs: Catalogs) -> HealthPart:
    """Everything in a health part. BundleError('bad_rows') for any cell that may not stand there: nothing is guessed here."""
    checkup, consent = register(SLICE), register(_CONSENT)
    read = HealthPart(groups=unpack.groups(part))
    read.rows = {str(r["id"]): r for r in _rows(unpack.open_table(part, checkup, version), checkup, catalogs)}
    sealed = _rows(unpack.sealed_table(part, checkup, HEALTH, version), checkup, catalogs)
    read.halves = {str(r.pop("id")): r for r in sealed}
    for row_id, body_text in _results(part, checkup):
        for one in (f for f in checkup.sealed_fields(HEALTH) if f.kind is Kind.RESULTS):
            read.halves.setdefault(row_id, {})[one.name] = body_text
    read.consents = list(_rows(unpack.consent_table(part, consent), consent, catalogs))
    if set(read.halves) - set(read.rows):
        raise bad_rows("unknown_row")
    return read


def _rows(table: unpack.DeclaredTable, one: Register, catalogs: Catalogs) -> Iterator[Row]:
    judged = checks(table.fields, catalogs)
    for row_id, *cells in table:
        if any(judged[f.name].bad((c,)) for f, c in zip(table.fields, cells, strict=True)):
            raise bad_rows("value")
        row: Row = {"id": row_id}
        row.update({f.name: from_csv(f, c) for f, c in zip(table.fields, cells, strict=True)})
        yield row


def _results(part: Part, checkup: Register) -> Iterator[tuple[str, str | None]]:
    for row_id, lines in groupby(unpack.results(part, checkup), key=itemgetter(0)):
        yield str(row_id), from_long(tuple(line[1:]) for line in lines)


def _write(a: Act, opened: Opened, filed: Filed, name: str, read: HealthPart) -> tuple[int, int, int]:
    """(new, changed, erased) persons' halves."""
    before = body(a.store, opened, filed.school, name)
    held = {str(r["id"]): str(r["person"]) for r in before.get("rows", ())}
    new = changed = 0
    for row_id, row in sorted(read.rows.items()):
        person, values = str(row["person"]), read.halves.get(row_id, {})
        done = compartments.save_sealed(a, opened, SLICE, row_id, person, values, school=filed.school)
        new += row_id not in held
        changed += row_id in held and done
    kept = {str(r["person"]) for r in read.rows.values()}
    others = _persons_elsewhere(a.store, opened, filed.school, name)
    gone = {p for p in held.values() if p not in kept}
    for person in sorted(gone - others):
        compartments.erase_person(a, opened, person, school=filed.school)
    for row_id, person in held.items():
        if row_id not in read.rows and person not in gone - others:
            compartments.save_sealed(a, opened, SLICE, row_id, person, {}, school=filed.school)
    said = {
        "digest": filed.digest,
        "rows": [read.rows[i] for i in sorted(read.rows)],
        "consents": read.consents,
        "groups": read.groups,
    }
    compartments.put_secret(a, opened, _secret(filed.school, name), json.dumps(said, ensure_ascii=False).encode())
    return new, changed, len(held.keys() - read.rows.keys())


def _persons_elsewhere(store: Store, opened: Opened, school: str, name: str) -> set[str]:
    """Persons of the school that another year holds: their key has to stay."""
    prefix = _secret(school, "")
    others = [
        n for n in compartments.secret_names(store, HEALTH) if n.startswith(prefix) and n != _secret(school, name)
    ]
    return {str(r["person"]) for n in others for r in _body(store, opened, n).get("rows", ())}


def _secret(school: str, name: str) -> str:
    return f"{SLICE}/{school}/{name}"


def _body(store: Store, opened: Opened, secret: str) -> dict[str, Any]:
    try:
        found = json.loads(compartments.get_secret(store, opened, secret))
    except LockedError:
        return {}
    return dict(found)


def body(store: Store, opened: Opened, school: str, name: str) -> dict[str, Any]:
    """What is sealed of a school and year: digest, rows (id, person, stat_year, state), consents, groups; {} for nothing."""
    return _body(store, opened, _secret(school, name))


def group_counts(store: Store, opened: Opened, year: int) -> dict[str, dict[tuple[str, str], int]]:
    """School → (item, flag) → exact number of persons. Suppress before anything of it is shown (`suppress`)."""
    found: dict[str, dict[tuple[str, str], int]] = defaultdict(dict)
    for secret in compartments.secret_names(store, HEALTH):
        kind, _slash, rest = secret.partition("/")
        school, _slash, name = rest.partition("/")
        if kind == SLICE and name == f"{SLICE}/{year}":
            for item, flag, count in _body(store, opened, secret).get("groups", ()):
                found[school][item, flag] = count
    return dict(found)


def county_groups(counts: Mapping[str, Mapping[tuple[str, str], int]]) -> dict[tuple[str, str], int]:
    """Sums over all schools."""
    total: Counter[tuple[str, str]] = Counter()
    for groups in counts.values():
        total.update(groups)
    return dict(total)


def forget_school(a: Act, opened: Opened, school: str) -> None:
    """Take everything of a school out of the health compartment, before its bundles are read anew."""
    for secret in compartments.secret_names(a.store, HEALTH):
        if secret.startswith(_secret(school, "")):
            for row in _body(a.store, opened, secret).get("rows", ()):
                compartments.erase_person(a, opened, str(row["person"]), school=school)
            compartments.drop_secret(a, opened, secret)
