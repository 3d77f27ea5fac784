"""One carried slice into the county's tables: set-based, counted, and refused as a whole or not at all.

The caller has staged the slice (`staging.stage`). What is kept afterwards depends only on what the county's tables held of
this slice and on the slice itself, so replaying the carriers of a slice in their order always gives the same rows.
"""

import sqlite3
from dataclasses import dataclass, replace
from typing import Final

from eduplan_desktop.bundle.words import refused
from eduplan_desktop.merge import staging
from eduplan_desktop.merge.staging import BAD, EXPLAINED, GONE, PHOTOS, RESULTS, Staged, stage_name
from eduplan_desktop.registers.model import Field, Kind, Register, SliceBy
from eduplan_desktop.registers.travel import csv_sql

KEY_LENGTH: Final = 36


@dataclass(frozen=True, slots=True)
class SliceResult:
    """What became of one slice; the words are those of docs/format.md §9.

    withdrawn: rows taken out with a tombstone, or because a new data file of the school starts anew.
    unknown:   columns of a newer minor version, left in the filed bundle for `reread`.
    """

    status: str
    code: str = ""
    new: int = 0
    changed: int = 0
    same: int = 0
    withdrawn: int = 0
    quarantined: int = 0
    unknown: tuple[str, ...] = ()

    @property
    def read(self) -> int:
        """Rows read; every one is stored, as it was, or kept out with a reason (invariant 2)."""
        return self.new + self.changed + self.same + self.quarantined


@dataclass(frozen=True, slots=True)
class Target:
    """The slice of the county a carried slice goes to.

    year:      None for registers that are not cut by year.
    act:       number of the act that writes.
    same_file: whether the rows held come from the same data file (or there are none).
    """

    conn: sqlite3.Connection
    register: Register
    slice: str
    school: str
    year: int | None
    digest: str
    act: int
    same_file: bool

    @property
    def here(self) -> str:
        """SQL condition for rows of this slice in the register's table."""
        return "school = :school" + (" AND year = :year" if self.year is not None else "")

    @property
    def gone_here(self) -> str:
        """SQL condition for tombstones of this slice."""
        return "register = :register AND school = :school AND year IS :year"

    @property
    def values(self) -> dict[str, str | int | None]:
        """Parameters of every statement."""
        return {
            "school": self.school,
            "year": self.year,
            "register": self.register.name,
            "slice": self.slice,
            "digest": self.digest,
            "act": self.act,
            "prefix": f"{self.school}/{self.register.name}/",
        }

    def run(self, sql: str) -> int:
        """Execute with the parameters; rows touched."""
        return self.conn.execute(sql, self.values).rowcount

    def number(self, sql: str) -> int:
        """One number."""
        return int(self.conn.execute(sql, self.values).fetchone()[0])


def take(target: Target, staged: Staged) -> SliceResult:
    """Merge a staged slice. BundleError('vanished_rows') where rows are gone without a word; nothing is written then."""
    if target.year is not None and target.register.year_field:
        staging.note_other_years(target.conn, target.register, target.year, target.school)
    if target.same_file:
        _refuse_vanished(target)
    bad = target.number(f"SELECT count(*) FROM temp.{BAD}")
    before = _count(target)
    _forget_beside(target)
    withdrawn = _withdraw(target)
    touched = _upsert(target, staged, bad)
    after = _count(target)
    new = after - (before - withdrawn)
    result = SliceResult(
        status="merged",
        new=new,
        changed=touched - new,
        same=staged.rows - bad - touched,
        withdrawn=withdrawn,
        quarantined=bad,
        unknown=staged.unknown,
    )
    _beside(target)
    _check(target, staged, result, after)
    return result


def slice_year(register: Register, slice_name: str) -> int | None:
    """The year in a slice's name, None for a register that is not cut by year."""
    return None if register.slice_by is SliceBy.WHOLE else int(slice_name.partition("/")[2])


def _count(target: Target) -> int:
    return target.number(f'SELECT count(*) FROM "{target.register.name}" WHERE {target.here}')


def _refuse_vanished(target: Target) -> None:
    """A row once reported, quarantined or withdrawn must still be a row or a tombstone (docs/format.md §6.1)."""
    stage = stage_name(target.register)
    count = target.number(
        f'SELECT count(*) FROM (SELECT id FROM "{target.register.name}" WHERE {target.here}'
        f" UNION SELECT id FROM gone WHERE {target.gone_here}"
        " UNION SELECT id FROM quarantine WHERE school = :school AND slice = :slice"
        f" EXCEPT SELECT id FROM temp.{stage} EXCEPT SELECT id FROM temp.{GONE})"
    )
    if count:
        raise refused("vanished_rows", slice=target.slice, rows=count)


def _withdraw(target: Target) -> int:
    """Take out rows with a tombstone; from another data file, every row this slice does not bring. Keeps the tombstones."""
    name, stage = target.register.name, stage_name(target.register)
    leaving = f"id IN (SELECT id FROM temp.{GONE})"
    if not target.same_file:
        leaving = f"id NOT IN (SELECT id FROM temp.{stage})"
    if target.register.compartments:
        target.run(
            f"DELETE FROM sealed WHERE register = :register AND school = :school AND id IN"
            f' (SELECT id FROM "{name}" WHERE {target.here} AND {leaving})'
        )
    withdrawn = target.run(f'DELETE FROM "{name}" WHERE {target.here} AND {leaving}')
    if withdrawn and target.register.compartments:
        _forget_persons(target)
    target.run(f"DELETE FROM gone WHERE {target.gone_here}")
    target.run(
        f"INSERT OR REPLACE INTO gone (register, school, id, year, reason, act)"
        f" SELECT :register, :school, id, :year, reason, :act FROM temp.{GONE} WHERE true"
    )
    return withdrawn


def _forget_persons(target: Target) -> None:
    """Delete the data keys of persons nothing sealed is left of: with the key every copy of their values is lost (D7)."""
    target.run(
        "DELETE FROM person_key WHERE school = :school AND NOT EXISTS (SELECT 1 FROM sealed s WHERE s.school = :school"
        " AND s.compartment = person_key.compartment AND s.person = person_key.person)"
    )


def _upsert(target: Target, staged: Staged, bad: int) -> int:
    """Write new rows and rows that differ; rows touched. `search` is filled when somebody first looks (`search_text`)."""
    register, brought = target.register, {f.name for f in staged.fields}
    names = [f.name for f in register.open_fields]
    values = [_value(f, f.name in brought) for f in register.open_fields]
    year = ["year"] if target.year is not None else []
    columns = ", ".join(f'"{n}"' for n in ("school", "id", *year, *names, "search", "act"))
    selected = ", ".join((":school", "s.id", *(":year" for _y in year), *values, "''", ":act"))
    differs = " OR ".join(f'"{register.name}"."{n}" IS NOT excluded."{n}"' for n in names)
    setting = ", ".join(f'"{n}" = excluded."{n}"' for n in (*names, "search", "act"))
    good = f"s.id NOT IN (SELECT id FROM temp.{BAD})" if bad else "true"
    return target.run(
        f'INSERT INTO "{register.name}" ({columns}) SELECT {selected} FROM temp.{stage_name(register)} s'
        f" WHERE {good} ORDER BY s.rowid ON CONFLICT (school, id) DO UPDATE SET {setting} WHERE {differs}"
    )


def _value(field: Field, brought: bool) -> str:
    if field.kind is Kind.RESULTS:
        return f"(SELECT body FROM temp.{RESULTS} r WHERE r.id = s.id)"
    return csv_sql(field, f's."{field.name}"') if brought else "NULL"


def _beside(target: Target) -> None:
    """Quarantine, explanations and photo lists of the slice; those held before have been taken away (`_forget_beside`)."""
    target.run(
        "INSERT INTO quarantine (school, slice, id, register, field, code, body, digest)"
        f" SELECT :school, :slice, id, :register, field, code, body, :digest FROM temp.{BAD}"
    )
    target.run(
        "INSERT OR REPLACE INTO explanation (key, text, act)"
        f" SELECT :prefix || id || '/' || field || '/' || code, text, :act FROM temp.{EXPLAINED}"
    )
    target.run(
        "INSERT INTO attachment (register, school, id, n, sha256, bytes)"
        f" SELECT :register, :school, id, n, sha256, bytes FROM temp.{PHOTOS}"
    )


def _forget_beside(target: Target) -> None:
    """Take away quarantine, explanations and photo lists of every row the county ever held of this slice."""
    name = target.register.name
    mine = (
        f'SELECT id FROM "{name}" WHERE {target.here} UNION SELECT id FROM gone WHERE {target.gone_here}'
        " UNION SELECT id FROM quarantine WHERE school = :school AND slice = :slice"
    )
    if target.number("SELECT EXISTS (SELECT 1 FROM explanation WHERE key >= :prefix AND key < :prefix || 'g')"):
        key = f"substr(key, {KEY_LENGTH + len(name) + 3}, {KEY_LENGTH})"
        target.run(f"DELETE FROM explanation WHERE key >= :prefix AND key < :prefix || 'g' AND {key} IN ({mine})")
    if target.number("SELECT EXISTS (SELECT 1 FROM attachment WHERE register = :register AND school = :school)"):
        target.run(f"DELETE FROM attachment WHERE register = :register AND school = :school AND id IN ({mine})")
    target.run("DELETE FROM quarantine WHERE school = :school AND slice = :slice")


def _check(target: Target, staged: Staged, result: SliceResult, after: int) -> None:
    """Count in = count stored + count kept out; anything else is a fault of ours and rolls the bundle back."""
    kept = target.number(
        f'SELECT count(*) FROM temp.{BAD} b JOIN "{target.register.name}" r ON r.school = :school AND r.id = b.id'
        + (" AND r.year = :year" if target.year is not None else "")
    )
    if result.read != staged.rows or after != staged.rows - result.quarantined + kept or min(_counts(result)) < 0:
        raise AssertionError(f"{target.slice}: counts do not add up")


def _counts(result: SliceResult) -> tuple[int, ...]:
    return (result.new, result.changed, result.same, result.withdrawn, result.quarantined)


def with_sealed(result: SliceResult, only_sealed: int) -> SliceResult:
    """Count rows whose sealed half alone changed as changed."""
    return replace(result, changed=result.changed + only_sealed, same=result.same - only_sealed)


def wipe(target: Target) -> None:
    """Take the slice out of the county's tables, before its carriers are replayed in order."""
    name = target.register.name
    _forget_beside(target)
    if target.register.compartments:
        rows = f'SELECT id FROM "{name}" WHERE {target.here}'
        target.run(f"DELETE FROM sealed WHERE register = :register AND school = :school AND id IN ({rows})")
    target.run(f"DELETE FROM gone WHERE {target.gone_here}")
    target.run(f'DELETE FROM "{name}" WHERE {target.here}')
    target.run("DELETE FROM slice_state WHERE school = :school AND slice = :slice")
