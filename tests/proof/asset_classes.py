"""The GB/T 14885-2010 workbook becomes the county's asset classification, travels in the kit, and is used in a school."""

from __future__ import annotations

import csv
import json
from pathlib import Path

from eduplan_desktop.environment import Environment
from eduplan_desktop.workspace import open_workspace
from tests.proof import Context, Result
from tests.proof._county import County

NAME = "GB/T 14885-2010: 3,741 codes and one duplicate, through the kit into a school"
LIMIT = 300.0
CODES, DUPLICATE = 3741, "2020100"
SCHEME = "GB14885-2010"


def run(context: Context) -> Result:
    """Import, send, use."""
    source = context.shared / "data" / "gbt14885-asset-codes" / "GBT14885-2010.xls" if context.shared else None
    if source is None or not source.is_file():
        return Result(skipped="the folder of real input is not on this machine")
    county = County(context.folder)
    county.found()
    mapping = context.folder / "map.json"
    said = {"scheme": SCHEME, "version": "2010", "source": "GB/T 14885-2010 工作簿（县里导入）"}
    mapping.write_text(json.dumps(said), encoding="utf-8")
    words = ("catalog", "asset_class", source, "--map", mapping)
    rehearsed = county.county(*words, "--dry-run", allowed=(0, 1))
    done = county.county(*words, allowed=(0, 1))
    school = _school(county)
    checks = {
        "codes": done["entries"] == CODES,
        "one duplicate, named": [DUPLICATE in r for r in done["reasons"] if "重复" in r] == [True],
        "rehearsal says the same": {**rehearsed, "dry_run": False} == done,
        "all lines accounted for": done["read"] == done["entries"] + done["refused"],
        **_in_school(context.folder, school),
    }
    wrong = [name for name, held in checks.items() if not held]
    return Result(len(checks), len(checks) - len(wrong), "; ".join(wrong) or f"{done['entries']} codes")


def _school(county: County) -> Path:
    uid = county.county("school", "add", "--name", "证明小学（示例）", "--kind", "小学")["schools"][0]["uid"]
    county.county("calendar", "year", "--year", "2025")
    kit = county.kit()
    file = county.folder / "school.eduplan"
    county.type("school", "school", "new", file, "--name", "证明小学（示例）", "--sample")
    county.enrol("school", file, uid, kit)
    sheet = county.folder / "equipment.csv"
    heads = ("资产编号", "资产名称", "分类代码", "数量", "原值", "购置日期", "取得方式", "使用状况")
    rows = [heads, ("A1", "台式机", "2010104", "1", "3500", "2012-05", "购置", "在用")]
    with sheet.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows(rows)
    county.type("school", "import", file, "equipment", sheet)
    return file


def _in_school(folder: Path, file: Path) -> dict[str, bool]:
    with open_workspace(file, Environment(home=folder / "PC" / "school")) as workspace:
        table = workspace.catalogs.table("asset_class")
        stored = workspace.table("equipment").view().rows(0, 1)[0]["class_code"]
        return {
            "codes in the school": sum(e.code.startswith(f"{SCHEME}:") for e in table.by_code.values()) == CODES,
            "stored with its scheme": stored == f"{SCHEME}:2010104",
            "2022 codes keep their labels": workspace.catalogs.has("asset_class", "GB14885-2022:A02010105"),
        }
