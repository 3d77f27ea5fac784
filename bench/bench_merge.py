"""Merging 300 schools of 5,000 rows, 100 of them with sealed halves; then the same bundles again."""

from __future__ import annotations

import csv
import resource
import time
from itertools import islice
from pathlib import Path

from bench.baselines import durable
from bench.measure import Measure, timed
from bench.merge_schools import COUNTY, WORKING, csv_files, file_id, make, school_key, school_uid

NAME = "merging 300 schools × 5,000 rows"
GOAL = (
    "at most 3 times csv read + executemany of the same rows, 300 MB, flat and linear; the same again at most 0.1 times"
)
SCHOOLS = 300
LIMITS = {"ratio": 3.0, "peak MB": 300.0, "again": 0.1, "last 30 / first 30": 1.3, "growth MB": 60.0}
PASSPHRASE = "bali gudo kimu lepa tuso wade"


def prepare(inputs: Path) -> None:
    """The bundles, and the same rows as plain CSV files."""
    for school in range(SCHOOLS):
        make(inputs, school)


def baseline(inputs: Path, scratch: Path) -> Measure:
    """csv.reader and executemany into plain tables, one durable transaction a school."""
    connection = durable(scratch / "plain.sqlite")
    known: set[str] = set()
    with timed() as measure:
        last = ""
        for path in csv_files(inputs):
            if path.parent.name != last:
                if last:
                    connection.execute("COMMIT")
                connection.execute("BEGIN")
                last = path.parent.name
            with path.open(encoding="utf-8", newline="") as file:
                rows = csv.reader(file)
                names, table = next(rows), path.stem.replace(".", "_")
                if table not in known:
                    columns = ", ".join(f'"{n}" TEXT' for n in names)
                    connection.execute(f"CREATE TABLE {table} ({columns})")
                    known.add(table)
                marks = ", ".join("?" * len(names))
                connection.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)
        connection.execute("COMMIT")
    connection.close()
    return measure


def ours(inputs: Path, scratch: Path) -> Measure:
    """The product's own merge into a fresh county file, then the same bundles once more."""
    from eduplan_desktop.bundle.coding import b64
    from eduplan_desktop.environment import Environment, KdfCost
    from eduplan_desktop.merge.carry import Desk
    from eduplan_desktop.merge.intake import take_in
    from eduplan_desktop.registers.catalogs import Catalogs
    from eduplan_desktop.store import compartments
    from eduplan_desktop.store.connect import create_store
    from eduplan_desktop.store.journal import act

    store = create_store(scratch / "county.eduplan", "county", Environment(kdf=KdfCost(8, 1, 1)), name="示例县")
    with act(store, "make", "建立") as a:
        compartments.make(a, "personal", PASSPHRASE)
        for n in range(SCHOOLS):
            entry = (school_uid(n), file_id(n), 1, b64(school_key(n).public), WORKING.public, "", "2026-03-01")
            a.conn.execute("INSERT INTO roster (uid, name) VALUES (?, ?)", (school_uid(n), f"示例小学{n}"))
            a.conn.execute(
                "INSERT INTO trust (school, file, generation, sign, seal, fingerprint, approved) VALUES (?, ?, ?, ?, ?, ?, ?)",
                entry,
            )
    personal = compartments.open_with(store, "personal", PASSPHRASE)
    moments: list[tuple[float, float]] = []

    def note(done: int, total: int, text: str) -> None:
        """Processor time, since other programs of the machine say nothing about how the merge grows."""
        moments.append((time.process_time(), _peak()))

    desk = Desk(store, COUNTY, (WORKING,), Catalogs.shipped(), personal, "2026-03-05", progress=note)
    paths = list(islice(sorted(inputs.glob("*.edub")), SCHOOLS))
    with timed() as measure:
        first = take_in(desk, paths)
    _all_in(first.totals, SCHOOLS)
    marks, measure.peak_mb = list(moments), _peak()
    with timed() as again:
        second = take_in(desk, paths)
    if second.totals["already"] != SCHOOLS:
        raise RuntimeError(f"not all already merged: {second.totals}")
    thirtieth = min(30, SCHOOLS // 2)
    early, late = marks[thirtieth][0] - marks[0][0], marks[-1][0] - marks[-1 - thirtieth][0]
    measure.figures = {
        "again": again.seconds / measure.seconds,
        "last 30 / first 30": late / early,
        "growth MB": measure.peak_mb - marks[thirtieth][1],
        "rows": float(first.totals["new"]),
    }
    store.close()
    return measure


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _all_in(totals: dict[str, int], schools: int) -> None:
    """A benchmark of rows that were kept out would measure nothing."""
    if totals["merged"] != schools or totals["quarantined"] or totals["new"] != 5_000 * schools:
        raise RuntimeError(f"the input is not all good: {totals}")
