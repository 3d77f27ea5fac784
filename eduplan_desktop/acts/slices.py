"""Slices of a school file as they travel (D1): their names, whether they changed, and their rows as texts.

Called by submit and prepare. Reads the store, gives `bundle.package` its rows; knows nothing of envelopes and keys.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from eduplan_desktop.acts.agenda import checkup_counts
from eduplan_desktop.acts.session import Session
from eduplan_desktop.bundle.package import SliceContent, cells, open_columns, sealed_columns
from eduplan_desktop.bundle.tables import Cells
from eduplan_desktop.i18n import _
from eduplan_desktop.registers import results
from eduplan_desktop.registers.catalog import REGISTERS, register
from eduplan_desktop.registers.model import Kind, Register, SliceBy
from eduplan_desktop.store import queries, rows, sealed_rows, shelf
from eduplan_desktop.store.compartments import Opened

HEALTH_ONLY = frozenset({"health_consent"})
"""Registers without a slice of their own: they travel inside health parts (decision 3)."""


@dataclass(frozen=True, slots=True)
class Slice:
    """One register, or one register in one year."""

    register: Register
    year: int | None

    @property
    def name(self) -> str:
        """As bundles name it."""
        return self.register.name if self.year is None else f"{self.register.name}/{self.year}"

    @property
    def label(self) -> str:
        """As a person reads it."""
        return _(self.register.label) + (f" {self.year}" if self.year else "")

    @property
    def counted(self) -> bool:
        """Whether only counts of it travel in the open part (check-ups, D8)."""
        return "health" in self.register.compartments


def parse_slice(name: str) -> Slice:
    """A slice from its name. Raises KeyError or ValueError for one no register has."""
    head, _slash, year = name.partition("/")
    one = register(head)
    if (one.slice_by is SliceBy.WHOLE) != (not year):
        raise ValueError(name)
    return Slice(one, int(year) if year else None)


def all_slices(session: Session) -> list[Slice]:
    """Every slice of the file that has rows or tombstones, in register order."""
    found: list[Slice] = []
    for one in REGISTERS:
        if one.name in HEALTH_ONLY:
            continue
        if one.slice_by is SliceBy.WHOLE:
            found.append(Slice(one, None))
            continue
        years = set(rows.years(session.store, one)) | queries.gone_years(session.store, one)
        found += [Slice(one, year) for year in sorted(years)]
    return found


def stamp(session: Session, one: Slice) -> str:
    """Changes whenever anything of the slice that travels in clear changes; cheap, no row is read."""
    store = session.store
    count, highest = queries.slice_size(store, one.register, year=one.year)
    parts: list[object] = [count, highest, queries.gone(store, one.register, year=one.year)]
    if not one.counted:
        parts += [queries.attachments(store, one.register)]
        parts += [sorted((k, v) for k, v in shelf.explanations(store).items() if k.startswith(f"{one.register.name}/"))]
    return hashlib.sha256(repr(parts).encode()).hexdigest()


def content(session: Session, one: Slice) -> SliceContent:
    """The open rows of a slice."""
    fields = open_columns(one.register)
    stored = queries.stream(session.store, one.register, [f.name for f in fields], year=one.year)
    return SliceContent(
        rows=cells(fields, stored),
        results=_results(session, one),
        gone=queries.gone(session.store, one.register, year=one.year),
        explained=list(_explained(session, one)),
        photos=[
            (row_id, str(n), digest, str(size))
            for row_id, n, digest, size in queries.attachments(session.store, one.register)
            if _in_slice(session, one, row_id)
        ],
    )


def _in_slice(session: Session, one: Slice, row_id: str) -> bool:
    row = rows.get(session.store, one.register, row_id)
    return row is not None and (one.year is None or row["year"] == one.year)


def _results(session: Session, one: Slice) -> Iterator[Cells]:
    for field in one.register.open_fields:
        if field.kind is Kind.RESULTS:
            for row_id, stored in queries.stream(session.store, one.register, [field.name], year=one.year):
                for long in results.to_long(str(stored) if stored else None):
                    yield (str(row_id), *long)


def _explained(session: Session, one: Slice) -> Iterator[Cells]:
    for key, text in sorted(shelf.explanations(session.store).items()):
        name, row_id, field, code = key.split("/", 3)
        if name == one.register.name and row_id and _in_slice(session, one, row_id):
            yield (row_id, field, code, text)


def personal_rows(session: Session, opened: Opened, one: Slice) -> list[Cells]:
    """Sealed personal values of a slice by row id."""
    fields = sealed_columns(one.register, "personal")
    found = []
    for (row_id,) in queries.stream(session.store, one.register, [], year=one.year):
        values = sealed_rows.read_sealed(session.store, opened, one.register, str(row_id))
        if values is not None:
            found.append((str(row_id), *(values.get(f.name) for f in fields)))
    return list(cells(fields, found))


def counts(session: Session, one: Slice) -> tuple[int, int, int]:
    """(应检, 已检, 未检) of a check-up slice."""
    assert one.year is not None
    return checkup_counts(session, one.year)
