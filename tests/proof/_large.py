"""A school and a county of the design point, made by the product's own writers and merge: 50,000 assets, 300 schools."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from bench import bench_save
from bench.merge_schools import cell, results, uid
from eduplan_desktop.acts import county_keys
from eduplan_desktop.bundle.coding import b64
from eduplan_desktop.bundle.package import Sender, SliceContent, open_columns, seal_counts, seal_slice
from eduplan_desktop.bundle.sealing import SealKey
from eduplan_desktop.bundle.signing import SigningKey
from eduplan_desktop.bundle.submission import Answer, SubmissionHead, as_before, carried, make_submission
from eduplan_desktop.environment import Environment
from eduplan_desktop.registers.catalog import register
from eduplan_desktop.registers.model import Kind
from eduplan_desktop.registers.results import Result, dump
from eduplan_desktop.store import journal, rows
from eduplan_desktop.workspace import Workspace, new_county, new_school, open_workspace
from tests.proof._county import CHEAP, PASSPHRASE

NOW = datetime(2026, 3, 5, 0, 42, 17, tzinfo=UTC)
CODE = "990001"
ASSETS, STAFF, ROOMS, DAYS, HAZARDS = 50_000, 300, 200, 800, 400
SCHOOLS, BUNDLES = 300, 4
SLICES = {
    "school": 1,
    "room": 20,
    "staff": 40,
    "equipment": 300,
    "equipment_change": 20,
    "school_year/2025": 1,
    "hazard/2025": 10,
    "safety_check/2025": 100,
    "drill/2025": 10,
}
"""Slices of one school of the county and their rows."""


def environment(folder: Path) -> Environment:
    """A world of its own below a folder, whose clock stands still and whose passphrases cost little."""
    return replace(Environment(), now=lambda: NOW, home=folder / "home", kdf=CHEAP)


def school(folder: Path) -> Path:
    """A school file whose assets fill it; its days of checks, hazards, rooms and staff beside them; all checked once."""
    path, draw = folder / "大校.eduplan", random.Random(5)
    with new_school(path, name="示例学校", code="", env=environment(folder), sample=True) as ws:
        store = ws.session.store
        with journal.act(store, "import", "导入") as a:
            rows.save_many(a, "room", _rows(store, draw, "room", ROOMS))
            rows.save_many(a, "staff", _rows(store, draw, "staff", STAFF))
            assets = ({"id": rows.new_id(store), **_asset(n)} for n in range(ASSETS))
            rows.save_many(a, "equipment", assets)
            rows.save_many(a, "hazard", _rows(store, draw, "hazard", HAZARDS, 2025))
            rows.save_many(a, "drill", _rows(store, draw, "drill", 60, 2025))
            rows.save_many(a, "safety_check", _days(store))
        ws.check()
    return path


def _rows(store: Any, draw: random.Random, name: str, count: int, year: int = 0) -> Iterator[dict[str, Any]]:
    from eduplan_desktop.registers.catalogs import Catalogs
    from eduplan_desktop.registers.kinds import parse

    one, catalogs = register(name), Catalogs.shipped()
    for _n in range(count):
        typed = {f.name: cell(draw, f, str(year or 2024)) for f in open_columns(one) if f.kind is not Kind.LINK}
        row = {k: parse(one.by_name[k], v, catalogs).value for k, v in typed.items() if v and k in one.by_name}
        yield {"id": rows.new_id(store), **({"year": year} if year else {}), **row}


def _asset(n: int) -> dict[str, Any]:
    """One in twenty gives cause for doubt."""
    row = bench_save.row(n)
    worth = int(row["quantity"] or 0) * int(row["price"] or 0) // 100
    return {**row, "original_value": worth * (10 if n % 20 == 0 else 1), "acquired": "1", "use_state": "1"}


def _days(store: Any) -> Iterator[dict[str, Any]]:
    for n in range(DAYS):
        day = date(2026, 3, 4) - timedelta(days=n)
        said = dump({f"SF{i:02}": Result("1") for i in range(1, 21)})
        people = {"inspector": f"示例{n % 7}", "leader": f"示例{n % 3}"}
        yield {"id": rows.new_id(store), "year": day.year, "check_date": day.isoformat(), "results": said, **people}


def county(folder: Path) -> Path:
    """A county whose schools have all joined and reported a few times; the bundles are merged by the window's own act."""
    path, env = folder / "大县.eduplan", environment(folder)
    said = {"code": CODE, "name": "示例县（证明）", "passphrase": PASSPHRASE}
    new_county(path, **said, sheet=folder / "sheet.txt", env=env)
    with open_workspace(path, env) as ws:
        ws.open_compartment("personal", PASSPHRASE)
        ws.county.make_year(2025)
        uids = [
            ws.county.add_school(
                name=f"第{n}希望小学（示例）", kind="小学", township=f"第{n % 17}乡", valid_from="2000-09-01"
            ).uid
            for n in range(SCHOOLS)
        ]
        _trust(ws, uids)
        items = [i["id"] for i in ws.county.calendar()]
        for number in range(BUNDLES):
            stick = folder / f"stick{number}"
            stick.mkdir()
            for n, one in enumerate(uids):
                _bundle(ws, stick, n, one, number, items)
            taken = ws.county.merge([stick])
            assert taken.totals["merged"] == SCHOOLS, taken.totals
    return path


_chains: dict[str, list[str]] = {}


def _key(n: int) -> SigningKey:
    return SigningKey(n.to_bytes(32, "big"))


def _trust(ws: Workspace, uids: list[str]) -> None:
    with journal.act(ws.session.store, "enrol", "批准") as a:
        for n, one in enumerate(uids):
            a.conn.execute(
                "INSERT INTO trust (school, file, generation, sign, seal, fingerprint, approved) VALUES (?, ?, 1, ?, ?, '', ?)",
                (one, uid(2, n), b64(_key(n).public), SealKey((n + 1000).to_bytes(32, "big")).public, "2026-03-01"),
            )


def _bundle(ws: Workspace, stick: Path, n: int, one: str, number: int, items: list[str]) -> None:
    """The first bundle of a school carries everything, later ones a few checks more."""
    own, sender = county_keys.identity(ws.session), Sender(CODE, one, uid(2, n))
    to, draw = (own.working, own.records_recovery), random.Random(n)
    parts, claims = [], {}
    chain = _chains.setdefault(f"{ws.path}{n}", [])
    for place, (name, count) in enumerate(SLICES.items()):
        kept = register(name.partition("/")[0])
        if number and kept.name != "safety_check":
            claims[name] = as_before(number)
            continue
        claims[name] = carried(kept.version)
        cells = [
            (
                uid(3, place << 40 | n << 20 | r),
                *(cell(draw, f, name.partition("/")[2] or "2024") for f in open_columns(kept)),
            )
            for r in range(count + number)
        ]
        content = SliceContent(cells, results=results(cells) if kept.name == "safety_check" else [])
        parts.append(seal_slice(sender, kept, name, content, to))
    claims["checkup/2025"] = carried(register("checkup").version)
    parts.append(seal_counts(sender, register("checkup"), "checkup/2025", (40, 30, 5), to))
    answers = tuple(Answer(i) for i in items[number::BUNDLES])
    head = SubmissionHead(uid(2, n), 1, "0" * 64, tuple(chain), answers, claims)
    made = make_submission(_key(n), sender, head, parts, "2026-03-01T08:00:00Z", "proof")
    with (stick / f"{n:03d}-{number}.edub").open("wb") as out:
        made.write_to(out)
    made.close()
    chain.append(made.digest)


if __name__ == "__main__":
    import sys
    import time

    at = Path(sys.argv[1])
    at.mkdir(parents=True, exist_ok=True)
    for make in (school, county):
        started = time.perf_counter()
        print(make(at), time.perf_counter() - started)
