"""What the county has filed, as the merge plan needs it: trust, chain, bundles of a school in order. SQL, no files.

Every write happens inside an act of the caller.
"""

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Final

from eduplan_desktop.merge.plan import Bundle, Claim, Holding, Position, State, Trust
from eduplan_desktop.merge.slices import SliceResult

MERGED: Final = "merged"
HELD: Final = "held"
REFUSED: Final = "refused"
EXCLUDED: Final = "excluded"


@dataclass(frozen=True, slots=True)
class Filed:
    """One bundle in the ledger. counted: whether the chain and the slices rest on it."""

    digest: str
    school: str
    file: str
    generation: int
    number: int
    status: str
    code: str
    intake: str
    made: str
    answers: tuple[Mapping[str, Any], ...]
    claims: Mapping[str, Claim]
    results: Mapping[str, SliceResult] = field(default_factory=dict)
    counted: bool = True

    @property
    def position(self) -> Position:
        """Its place in the order in which bundles of a school count."""
        return Position(self.generation, self.number)


def claims_json(claims: Mapping[str, Claim]) -> str:
    """The slices of a manifest as the ledger keeps them."""
    said = {name: {"state": str(c.state), "from": c.since, "version": list(c.version)} for name, c in claims.items()}
    return json.dumps(said, sort_keys=True, separators=(",", ":"))


def _claims(text: str) -> dict[str, Claim]:
    return {
        name: Claim(State(c["state"]), c["from"], (c["version"][0], c["version"][1]))
        for name, c in json.loads(text).items()
    }


def results_json(results: Mapping[str, SliceResult]) -> str:
    """What became of each slice, as the ledger keeps it."""
    return json.dumps({n: asdict(r) for n, r in results.items()}, sort_keys=True, separators=(",", ":"))


def _results(text: str) -> dict[str, SliceResult]:
    return {n: SliceResult(**{**r, "unknown": tuple(r["unknown"])}) for n, r in json.loads(text).items()}


_COLUMNS: Final = (
    "digest, school, file, generation, number, status, code, intake, made, answers, slices, result, counted"
)


def _filed(row: Sequence[Any]) -> Filed:
    digest, school, file, generation, number, status, code, intake, made, answers, claims, results, counted = row
    said = (tuple(json.loads(answers)), _claims(claims), _results(results), bool(counted))
    return Filed(digest, school, file, generation, number, status, code, intake, made, *said)


def _query(conn: sqlite3.Connection, condition: str, *values: Any) -> list[Filed]:
    rows = conn.execute(f"SELECT {_COLUMNS} FROM filed WHERE {condition} ORDER BY school, generation, number", values)
    return [_filed(row) for row in rows]


def of_school(conn: sqlite3.Connection, school: str, *, counted: bool = True) -> list[Filed]:
    """Bundles of a school in the order in which they count; all of them, held and refused ones too, with counted=False."""
    return _query(conn, "school = ?" + (" AND counted = 1" if counted else ""), school)


def by_digest(conn: sqlite3.Connection, digest: str) -> Filed | None:
    """One bundle of the ledger."""
    return next(iter(_query(conn, "digest = ?", digest)), None)


def held(conn: sqlite3.Connection) -> list[Filed]:
    """Bundles waiting for a decision or an approval."""
    return _query(conn, "status = ?", HELD)


def schools(conn: sqlite3.Connection) -> list[str]:
    """Uids of schools with counted bundles."""
    return [row[0] for row in conn.execute("SELECT DISTINCT school FROM filed WHERE counted = 1 ORDER BY school")]


def holding(conn: sqlite3.Connection, county: str, bundle: Bundle) -> Holding:
    """Everything that decides where a bundle belongs."""
    trust = conn.execute(
        "SELECT school, file, generation, sign, retired_from, revoked_from FROM trust WHERE sign = ? ORDER BY generation",
        (bundle.signer,),
    )
    listed = conn.execute("SELECT 1 FROM roster WHERE uid = ?", (bundle.school,)).fetchone()
    declined = conn.execute(
        "SELECT 1 FROM enrolment WHERE sign = ? AND state = 'declined'", (bundle.signer,)
    ).fetchone()
    filed = conn.execute("SELECT digest, number, status, counted FROM filed WHERE file = ?", (bundle.file,)).fetchall()
    return Holding(
        county=county,
        trust=tuple(Trust(*row) for row in trust),
        listed=listed is not None,
        declined=declined is not None,
        chain=chain(conn, bundle.file),
        filed={digest: number for digest, number, _status, counted in filed if counted},
        excluded=frozenset(digest for digest, _n, status, _c in filed if status == EXCLUDED),
    )


def chain(conn: sqlite3.Connection, file: str) -> dict[int, str]:
    """Number → digest, as far as known, of a data file."""
    return dict(conn.execute("SELECT position, digest FROM chain WHERE file = ?", (file,)))


def add_chain(conn: sqlite3.Connection, file: str, history: Iterable[str]) -> None:
    """Take the list of a filed manifest, its own digest last, into the chain."""
    conn.executemany(
        "INSERT OR IGNORE INTO chain (file, position, digest) VALUES (?, ?, ?)",
        [(file, n, digest) for n, digest in enumerate(history, 1)],
    )


def forget_chain(conn: sqlite3.Connection, file: str) -> None:
    """Empty the chain of a data file before it is built again from the filed manifests."""
    conn.execute("DELETE FROM chain WHERE file = ?", (file,))


@dataclass(frozen=True, slots=True)
class Entry:
    """What is written into the ledger about a bundle the first time. name: file name on the stick; size: its bytes."""

    bundle: Bundle
    generation: int
    status: str
    code: str
    intake: str
    made: str
    name: str
    size: int
    answers: Sequence[Mapping[str, Any]]
    counted: bool


def put(conn: sqlite3.Connection, entry: Entry, results: Mapping[str, SliceResult], act: int) -> None:
    """Enter a bundle, or enter it anew (a held one that now merges keeps the day and name with which it came in)."""
    b = entry.bundle
    first = conn.execute("SELECT intake, name FROM filed WHERE digest = ?", (b.digest,)).fetchone()
    intake, name = first or (entry.intake, entry.name)
    answers = json.dumps(list(entry.answers), ensure_ascii=False, sort_keys=True)
    values = (
        *(b.digest, b.school, b.file, entry.generation, b.number, b.signer, entry.status, entry.code),
        *(intake, entry.made, name, entry.size, answers),
        *(claims_json(b.claims), results_json(results), int(entry.counted), act),
    )
    conn.execute(
        "INSERT OR REPLACE INTO filed (digest, school, file, generation, number, signer, status, code, intake, made, name,"
        f" bytes, answers, slices, result, counted, act) VALUES ({', '.join('?' * len(values))})",
        values,
    )


def set_results(conn: sqlite3.Connection, digest: str, results: Mapping[str, SliceResult]) -> None:
    """Keep what became of each slice of a filed bundle."""
    conn.execute("UPDATE filed SET result = ? WHERE digest = ?", (results_json(results), digest))


def set_status(conn: sqlite3.Connection, digest: str, status: str, code: str, counted: bool) -> None:
    """Change what a filed bundle counts for."""
    conn.execute(
        "UPDATE filed SET status = ?, code = ?, counted = ? WHERE digest = ?", (status, code, int(counted), digest)
    )


@dataclass(frozen=True, slots=True)
class SliceState:
    """The bundle the county's rows of a slice come from."""

    digest: str
    file: str
    generation: int
    number: int


def slice_state(conn: sqlite3.Connection, school: str, name: str) -> SliceState | None:
    """Where a slice's rows come from, or None where nothing was ever taken."""
    row = conn.execute(
        "SELECT digest, file, generation, number FROM slice_state WHERE school = ? AND slice = ?", (school, name)
    ).fetchone()
    return SliceState(*row) if row else None


def put_slice_state(conn: sqlite3.Connection, school: str, name: str, source: SliceState, rows: int) -> None:
    """Record that a slice now comes from this bundle."""
    conn.execute(
        "INSERT OR REPLACE INTO slice_state (school, slice, digest, file, generation, number, rows) VALUES (?, ?, ?, ?, ?, ?, ?)",
        (school, name, source.digest, source.file, source.generation, source.number, rows),
    )
