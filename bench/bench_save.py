"""Save of one record as the form does it: checked, journalled, searchable, on disk; against a one-row commit of raw SQLite."""

from __future__ import annotations

import shutil
import time
from pathlib import Path

from bench.baselines import commit_one_row
from bench.measure import Measure, percentile

NAME = (
    "save of one record from the form, in a file of 50,000 equipment rows: ours against a one-row commit of raw SQLite"
)
GOAL = "at most 5 times the baseline"
LIMITS = {"ratio": 5.0}

HELD = 50_000
SAVES = 200
FILE = "school.eduplan"


def row(number: int) -> dict[str, str | int | None]:
    """What a clerk types of one asset."""
    return {
        "asset_no": f"ZC{number:06d}",
        "name": f"学生课桌椅{number % 700}",
        "spec": f"KZ-{number % 90}",
        "brand": "示例牌",
        "bought": f"20{10 + number % 15}-03-05",
        "unit": "套",
        "quantity": 1 + number % 40,
        "price": 185_000_0 + number,
        "place": f"{number % 40 + 1} 号楼 {number % 300 + 1} 室",
        "remark": f"第 {number} 号卡片",
    }


def prepare(inputs: Path) -> None:
    """A school file that holds a full ledger."""
    from eduplan_desktop.acts import files
    from eduplan_desktop.environment import Environment
    from eduplan_desktop.store import journal, rows

    session = files.new_school(inputs / FILE, name="示例学校", code="", env=Environment(home=inputs / "home"))
    with journal.act(session.store, "import", "导入") as a:
        rows.save_many(a, "equipment", ({"id": rows.new_id(session.store), **row(n)} for n in range(HELD)))
    session.close()


def measured(seconds: list[float]) -> Measure:
    """The whole of many saves, with the median and the slow ones in milliseconds."""
    figures = {"median ms": percentile(seconds, 0.5) * 1000, "p95 ms": percentile(seconds, 0.95) * 1000}
    return Measure(sum(seconds), figures=figures)


def baseline(inputs: Path, scratch: Path) -> Measure:
    """The same cells, one transaction a row."""
    return measured(commit_one_row(scratch / "bare.db", [tuple(row(n).values()) for n in range(SAVES)]))


def ours(inputs: Path, scratch: Path) -> Measure:
    """Half new records, half changed ones, through the facade the form calls."""
    from eduplan_desktop.environment import Environment
    from eduplan_desktop.workspace import open_workspace

    shutil.copy(inputs / FILE, scratch / FILE)
    workspace = open_workspace(scratch / FILE, Environment(home=scratch / "home"))
    seconds: list[float] = []
    record = workspace.blank("equipment")
    for number in range(SAVES):
        record = (
            {**record, "remark": f"改 {number}"}
            if number % 2
            else {**workspace.blank("equipment"), **row(HELD + number)}
        )
        started = time.perf_counter()
        record = workspace.save("equipment", record).row
        seconds.append(time.perf_counter() - started)
    assert workspace.table("equipment").view("学生课桌椅").count >= HELD
    workspace.close()
    return measured(seconds)
