"""The same county, merged by bundles in shuffled order with repeats: row for row the same, sealed values and health included.

Six sample schools report three times, with changes, a wrong row and a withdrawn one between; one county merges them as they
come and gives receipts, so that later bundles say `as_before`; copies of the county from before the first merge take the same
bundles one by one in random orders.
"""

from __future__ import annotations

import csv
import random
import shutil
import sqlite3
from dataclasses import replace
from pathlib import Path
from typing import Any

from eduplan_desktop.acts import sample
from eduplan_desktop.environment import Environment
from eduplan_desktop.registers.catalog import REGISTERS
from eduplan_desktop.store import compartments
from eduplan_desktop.store.connect import open_store
from tests.proof import Context, Result
from tests.proof._county import CHEAP, PASSPHRASE, County

NAME = "Shuffled and repeated bundles: the same county row for row"
LIMIT = 900.0
SCHOOLS, ROUNDS, ORDERS = 6, 3, 4
REGISTERS_FILLED = ("school", "staff", "room", "equipment", "school_year", "safety_check", "hazard", "drill")
OWN = frozenset({"act", "search"})
"""Columns that tell when the county wrote a row, not what it holds."""
TABLES = {
    "gone": "register, school, id, year, reason",
    "quarantine": "school, slice, id, register, field, code, body, digest",
    "explanation": "key, text",
    "attachment": "register, school, id, n, sha256, bytes",
    "checkup_counts": "school, year, due, done, not_done, digest",
    "slice_state": "school, slice, digest, file, generation, number",
    "chain": "file, position, digest",
    "photo_held": "school, sha256",
}


def run(context: Context) -> Result:
    """Play it, then merge the copies."""
    county = County(context.folder)
    county.found()
    files = _schools(context, county)
    base = context.folder / "before"
    base.mkdir()
    shutil.copy2(county.file, base / county.file.name)
    bundles = _rounds(context, county, files)
    straight = _state(county.file)
    rows = sum(len(part) for part in straight.values())
    draw, held, wrong = random.Random(context.seed), 0, []
    for n in range(ORDERS):
        order = [*bundles, *draw.choices(bundles, k=len(bundles) // 2)]
        draw.shuffle(order)
        found = _merged(context, county, base, order, n)
        different = [name for name in straight if straight[name] != found[name]]
        held += not different
        wrong += [f"order {n}: {name}" for name in different]
        context.say(f"order {n}: {different or 'equal'}")
    note = f"{len(bundles)} bundles, {ORDERS} orders with repeats, {rows} rows each"
    return Result(ORDERS, held, "; ".join([note, *wrong[:5]]))


def _schools(context: Context, county: County) -> list[tuple[str, Path, dict[str, Path]]]:
    made = []
    for i, school in enumerate(sample.schools(SCHOOLS)):
        county.county("school", "add", "--name", school.name, "--kind", school.kind, "--valid-from", "2000-09-01")
        pc = f"school{i}"
        made.append(
            (pc, context.folder / pc / "本校.eduplan", sample.write_sheets(context.folder / pc, school, i, assets=60))
        )
    county.county("calendar", "year", "--year", sample.YEAR)
    kit = county.kit()
    uids = {s["name"]: s["uid"] for s in county.county("school", "list")["schools"]}
    for (pc, file, sheets), school in zip(made, sample.schools(SCHOOLS), strict=True):
        county.type(pc, "school", "new", file, "--name", school.name, "--sample")
        county.type(pc, "vault", file, "create", "personal")
        for name in REGISTERS_FILLED:
            county.type(pc, "import", file, name, sheets[name])
        county.enrol(pc, file, uids[school.name], kit)
    kit = county.kit()
    for pc, file, _sheets in made:
        county.type(pc, "school", "join", file, "--kit", kit)
    return made


def _rounds(context: Context, county: County, files: list[tuple[str, Path, dict[str, Path]]]) -> list[Path]:
    """Every school reports three times, changing its ledgers between; the county merges and answers each time."""
    bundles: list[Path] = []
    for turn in range(ROUNDS):
        for i, (pc, file, sheets) in enumerate(files):
            if turn and (i + turn) % 3:
                _change(sheets["equipment"], turn)
                county.type(pc, "import", file, "equipment", sheets["equipment"])
            for finding in county.type(pc, "check", file, allowed=(0, 1)).get("findings", []):
                if finding["severity"] == "doubt" and not finding["explanation"]:
                    county.type(pc, "explain", file, finding["finding"], "与凭证核对无误")
            made = county.type(pc, "submit", file, "--to", context.folder / f"round{turn}")
            bundles.append(Path(made["bundle"]))
        receipts = context.folder / f"receipts{turn}"
        county.county("merge", *bundles[-len(files) :], "--receipts", receipts)
        for pc, file, _sheets in files:
            for receipt in receipts.glob("*.edurcpt"):
                county.type(pc, "receipt", file, receipt, allowed=(0, 1))
        context.say(f"round {turn}: {len(bundles)} bundles")
    return bundles


def _change(sheet: Path, turn: int) -> None:
    """Another price for every seventh asset, and one more asset."""
    rows = list(csv.reader(sheet.open(encoding="utf-8-sig", newline="")))
    heads = rows[0]
    for n, row in enumerate(rows[1:]):
        if n % 7 == turn:
            row[heads.index("规格型号")] = f"改 {turn}"
    extra = dict(zip(heads, rows[1], strict=True)) | {"资产编号": f"新增{turn}-{len(rows)}"}
    with sheet.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows([*rows, [extra[h] for h in heads]])


def _merged(context: Context, county: County, base: Path, order: list[Path], n: int) -> dict[str, list[Any]]:
    folder = context.folder / f"order{n}"
    folder.mkdir()
    copy = folder / county.file.name
    shutil.copy2(base / county.file.name, copy)
    for bundle in order:
        county.type("county", "county", "merge", copy, bundle)
    return _state(copy)


def _state(file: Path) -> dict[str, list[Any]]:
    """Everything a county holds, without the numbers of its acts."""
    found: dict[str, list[Any]] = {}
    env = replace(Environment(), kdf=CHEAP)
    store = open_store(file, env, read_only=True)
    try:
        conn: sqlite3.Connection = store.conn
        for register in REGISTERS:
            columns = [c[1] for c in conn.execute(f'PRAGMA table_info("{register.name}")') if c[1] not in OWN]
            listed = ", ".join(f'"{c}"' for c in columns)
            found[register.name] = conn.execute(
                f'SELECT {listed} FROM "{register.name}" ORDER BY school, id'
            ).fetchall()
        for table, listed in TABLES.items():
            found[table] = sorted(conn.execute(f"SELECT {listed} FROM {table}"), key=repr)
        opened = compartments.open_with(store, "personal", PASSPHRASE)
        found["sealed"] = list(compartments.scan_sealed(store, opened, "staff", school=None))
    finally:
        store.close()
    return found
