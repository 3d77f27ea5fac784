"""1,629 real check-ups imported wide after a recorded batch consent; flags equal a recomputation from the CSV alone."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

from eduplan_desktop.environment import Environment
from eduplan_desktop.registers import results
from eduplan_desktop.workspace import open_workspace
from tests.proof import Context, Result
from tests.proof._county import CHEAP, PASSPHRASE, County

NAME = "NHEFS: 1,629 check-ups with declared value and unit maps, consent first"
LIMIT = 600.0
PEOPLE = 1629
FACTOR = "0.02586"


def run(context: Context) -> Result:
    """Import people, try without consent, record it, import, recompute."""
    source = context.shared / "data" / "ca-schools" / "csv" / "causaldata" / "nhefs.csv" if context.shared else None
    if source is None or not source.is_file():
        return Result(skipped="the folder of real input is not on this machine")
    with source.open(encoding="utf-8", newline="") as opened:
        people = list(csv.DictReader(opened))
    pc = County(context.folder)
    file = context.folder / "school.eduplan"
    pc.type("school", "school", "new", file, "--name", "证明学校（示例）", "--sample")
    for name in ("personal", "health"):
        pc.type("school", "vault", file, "create", name)
    staff = _import(pc, file, "staff", source, _staff_mapping())
    without = _import(pc, file, "checkup", source, _checkup_mapping())
    consents = _import(pc, file, "health_consent", source, _consent_mapping())
    done = _import(pc, file, "checkup", source, _checkup_mapping())
    again = _import(pc, file, "checkup", source, _checkup_mapping())
    checks = {
        "people stored": (staff["read"], staff["stored"]) == (PEOPLE, PEOPLE),
        "every row refused without consent": (without["read"], without["refused"]) == (PEOPLE, PEOPLE),
        "consents recorded": consents["stored"] == PEOPLE,
        "read = stored + refused": done["read"] == done["stored"] + done["refused"] and done["stored"] == PEOPLE,
        "the same file twice changes nothing": (again["unchanged"], again["stored"], again["updated"])
        == (PEOPLE, 0, 0),
        **_compare(context.folder, file, people),
    }
    wrong = [name for name, held in checks.items() if not held]
    return Result(len(checks), len(checks) - len(wrong), "; ".join(wrong) or f"{done['stored']} stored")


def _import(pc: County, file: Path, register: str, source: Path, mapping: dict[str, Any]) -> dict[str, Any]:
    path = pc.folder / f"{register}.json"
    path.write_text(json.dumps({"register": register, **mapping}, ensure_ascii=False), encoding="utf-8")
    return pc.type("school", "import", file, register, source, "--map", path, allowed=(0, 1))


def _staff_mapping() -> dict[str, Any]:
    return {
        "columns": {"seqn": ["name", "staff_no"], "sex": {"field": "sex", "values": {"0": "男", "1": "女"}}},
        "constants": {"category": "专任教师", "state": "在职", "birth": "1930"},
    }


def _consent_mapping() -> dict[str, Any]:
    return {
        "columns": {"seqn": "person"},
        "constants": {"notice": "证明版", "scope": "结论与所列检查项目", "names_county": "否", "signed": "2025-09-01"},
    }


def _checkup_mapping() -> dict[str, Any]:
    def item(code: str, **more: str) -> dict[str, str]:
        return {"field": "results", "item": code, **more}

    return {
        "columns": {
            "seqn": "person",
            "sbp": item("BP01"),
            "dbp": item("BP02"),
            "ht": item("GEN01"),
            "wt71": item("GEN02"),
            "cholesterol": item("LIP01", unit="mg/dL", factor=FACTOR, source="胆固醇摩尔质量 386.65 g/mol"),
        },
        "constants": {"stat_year": "2025", "state": "已检", "exam_date": "2025-10-15"},
    }


def _compare(folder: Path, file: Path, people: list[dict[str, str]]) -> dict[str, bool]:
    env = replace(Environment(), home=folder / "PC" / "school", kdf=CHEAP)
    with open_workspace(file, env) as workspace:
        workspace.open_compartment("health", PASSPHRASE)
        names = {r["id"]: r["staff_no"] for r in _all(workspace, "staff")}
        found = {
            str(names[r["person"]]): workspace.row("checkup", str(r["id"])) or {} for r in _all(workspace, "checkup")
        }
        counted = workspace.school.health_flags(2025)
    blanks = all(
        (item in results.load(str(found[p["seqn"]].get("results")))) == bool(p[column])
        for p in people
        for column, item in (("sbp", "BP01"), ("dbp", "BP02"), ("cholesterol", "LIP01"))
    )
    expected = _expected(people)
    return {
        "blanks stay blank": blanks,
        **{f"{k} {v} = {counted.get(k, 0)}": counted.get(k, 0) == v for k, v in expected.items()},
    }


def _all(workspace: Any, register: str) -> list[dict[str, Any]]:
    view = workspace.table(register).view()
    return list(view.rows(0, view.count))


def _expected(people: list[dict[str, str]]) -> dict[tuple[str, str], int]:
    """Counts by item and word, recomputed from the CSV alone with the limits of the published guidelines."""
    tally: dict[tuple[str, str], int] = {}

    def count(item: str, word: str) -> None:
        tally[item, word] = tally.get((item, word), 0) + 1

    for p in people:
        for column, item, steps in (
            ("sbp", "BP01", ((90, "偏低"), (120, ""), (140, "正常高值"), (None, "升高"))),
            ("dbp", "BP02", ((60, "偏低"), (80, ""), (90, "正常高值"), (None, "升高"))),
        ):
            if p[column]:
                value = int(p[column])
                word = next(w for limit, w in steps if limit is None or value < limit)
                if word:
                    count(item, word)
        if p["cholesterol"]:
            mmol = (Decimal(p["cholesterol"]) * Decimal(FACTOR)).quantize(Decimal("0.01"), ROUND_HALF_UP)
            if mmol >= Decimal("6.2"):
                count("LIP01", "升高")
            elif mmol >= Decimal("5.2"):
                count("LIP01", "边缘升高")
        _bmi(p, count)
    return tally


def _bmi(p: dict[str, str], count: Any) -> None:
    if not p["ht"] or not p["wt71"]:
        return
    height, weight = Decimal(p["ht"]), Decimal(p["wt71"])
    bmi = (weight / (height / 100) ** 2).quantize(Decimal("0.1"), ROUND_HALF_UP)
    if bmi < Decimal("18.5"):
        count("GEN03", "体重过低")
    elif bmi >= Decimal("28"):
        count("GEN03", "肥胖")
    elif bmi >= Decimal("24"):
        count("GEN03", "超重")
