"""Sealed halves on their way in: read from the personal part, sealed again into the county's own compartment (D4, D7).

Read whole before anything is written, so that a part that cannot be opened refuses its slice and leaves nothing half done.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from eduplan_desktop.bundle import unpack
from eduplan_desktop.bundle.envelope import Part
from eduplan_desktop.bundle.tables import bad_rows
from eduplan_desktop.merge.slices import Target
from eduplan_desktop.merge.staging import BAD, Checks, note_bad
from eduplan_desktop.registers.model import Register, Row
from eduplan_desktop.registers.travel import from_csv
from eduplan_desktop.store import compartments
from eduplan_desktop.store.compartments import Opened
from eduplan_desktop.store.journal import Act


@dataclass(frozen=True, slots=True)
class SealedHalves:
    """Sealed values by row id. wrong: (row id, field) of halves with a value that may not stand there; never the value."""

    rows: Mapping[str, Row] = field(default_factory=dict)
    wrong: Sequence[tuple[str, str]] = ()


def read(part: Part, register: Register, compartment: str, version: tuple[int, int], checks: Checks) -> SealedHalves:
    """Every sealed half of a part. BundleError('bad_rows')."""
    table = unpack.sealed_table(part, register, compartment, version)
    rows: dict[str, Row] = {}
    wrong: list[tuple[str, str]] = []
    for row_id, *cells in table:
        bad = next((f.name for f, c in zip(table.fields, cells, strict=True) if checks[f.name].bad((c,))), "")
        if bad:
            wrong.append((row_id, bad))
        else:
            rows[row_id] = {f.name: from_csv(f, c) for f, c in zip(table.fields, cells, strict=True)}
    if part.info.rows is not None and part.info.rows != len(rows) + len(wrong):
        raise bad_rows("count")
    return SealedHalves(rows, wrong)


def quarantine(target: Target, halves: SealedHalves) -> None:
    """Keep rows out whose sealed half is not well-formed; called between staging and merging."""
    stage = f"stage_{target.register.name}"
    for row_id, name in halves.wrong:
        if target.conn.execute(f"SELECT 1 FROM temp.{stage} WHERE id = ?", (row_id,)).fetchone():
            note_bad(target.conn, row_id, name, "bad_value", "{}")


def write(a: Act, target: Target, opened: Opened, halves: SealedHalves) -> int:
    """Seal halves that are new or differ; how many belong to rows whose open half did not change.

    A row without a half in the part keeps the one the county has. A half of a row that is not here is left in the bundle.
    """
    if not halves.rows:
        return 0
    name = target.register.name
    sql = f'SELECT id, act FROM "{name}" WHERE {target.here} AND id NOT IN (SELECT id FROM temp.{BAD})'
    written = dict(target.conn.execute(sql, target.values).fetchall())
    halves_here = [(i, i, values) for i, values in halves.rows.items() if i in written]
    changed = [half for half in halves_here if any(v is not None for v in half[2].values())]
    if _nothing_sealed_yet(target):
        compartments.save_sealed_many(a, opened, name, changed, school=target.school)
    else:
        changed = [h for h in halves_here if compartments.save_sealed(a, opened, name, *h, school=target.school)]
    only_sealed = [row_id for row_id, _person, _values in changed if written[row_id] != target.act]
    update = f'UPDATE "{name}" SET act = ? WHERE school = ? AND id = ?'
    target.conn.executemany(update, [(target.act, target.school, row_id) for row_id in only_sealed])
    return len(only_sealed)


def _nothing_sealed_yet(target: Target) -> bool:
    sql = "SELECT 1 FROM sealed WHERE register = ? AND school = ? LIMIT 1"
    return target.conn.execute(sql, (target.register.name, target.school)).fetchone() is None
