"""420 real districts played as schools: imported, bundled, merged; the county's figures meet the known answers to the last digit."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

from eduplan_desktop.environment import Environment
from eduplan_desktop.workspace import open_workspace
from tests.proof import Context, Result
from tests.proof._county import County

NAME = "California: 420 school files, 420 bundles, known answers"
LIMIT = 1500.0
YEAR = 2025
KNOWN = {
    "all": ("小学", 420, 1_104_093, "11.540785", "0.378341"),
    "KK-06": ("小学", 61, 194_059, "10.636456", "0.361440"),
    "KK-08": ("初中", 359, 910_034, "11.733628", "0.378915"),
}
COMPUTERS = 127_421
WITHOUT = 8


def run(context: Context) -> Result:
    """Play both ways of reading the districts."""
    source = context.shared / "data" / "ca-schools" / "csv" / "AER" / "CASchools.csv" if context.shared else None
    if source is None or not source.is_file():
        return Result(skipped="the folder of real input is not on this machine")
    with source.open(encoding="utf-8", newline="") as file:
        districts = list(csv.DictReader(file))
    county = County(context.folder)
    county.found()
    schools = _enrol_all(context, county, districts)
    checks: list[tuple[str, bool]] = []
    _round(context, county, source, schools, dict.fromkeys(schools, "小学"))
    figures = _figures(county)
    checks += _compare(figures, "all")
    checks += _totals(figures)
    levels = {d: "小学" if row["grades"] == "KK-06" else "初中" for d, row in zip(schools, districts, strict=True)}
    _retype(county, schools, levels)
    _round(context, county, source, schools, levels)
    figures = _figures(county)
    checks += _compare(figures, "KK-06") + _compare(figures, "KK-08")
    wrong = [name for name, held in checks if not held]
    note = f"{county.commands} commands; " + ("all equal" if not wrong else "wrong: " + ", ".join(wrong))
    return Result(len(checks), len(checks) - len(wrong), note)


def _enrol_all(context: Context, county: County, districts: list[dict[str, str]]) -> dict[str, tuple[Path, str]]:
    roster = county.folder / "roster.csv"
    _write_roster(roster, [(f"{d['school']} {d['district']}", "小学", d["district"]) for d in districts])
    county.county("school", "import", roster)
    county.county(
        *("calendar", "add", "--id", "stat-2025", "--title", "2025 统计年度", "--period", "2025"),
        *(
            "--due",
            "2025-10-20",
            "--slices",
            "school_year/2025",
            "--required",
            "school_year.pupils,school_year.computers",
        ),
    )
    kit = county.kit()
    uids = {s["name"]: s["uid"] for s in county.county("school", "list")["schools"]}
    schools: dict[str, tuple[Path, str]] = {}
    for n, d in enumerate(districts):
        file = county.folder / "schools" / f"{d['district']}.eduplan"
        uid = uids[f"{d['school']} {d['district']}"]
        county.type(d["district"], "school", "new", file, "--name", f"{d['school']} {d['district']}", "--sample")
        county.enrol(d["district"], file, uid, kit)
        schools[d["district"]] = (file, uid)
        if n % 60 == 0:
            context.say(f"enrolled {n}")
    return schools


def _write_roster(path: Path, rows: list[tuple[str, str, str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("学校名称", "办学类型", "备注"), *rows])


def _retype(county: County, schools: dict[str, tuple[Path, str]], levels: dict[str, str]) -> None:
    """The county reads the second group as junior schools from now on."""
    listed = county.county("school", "list")["schools"]
    by_uid = {uid: district for district, (_file, uid) in schools.items()}
    kinds = {"小学": "小学", "初中": "初级中学"}
    rows = [(s["name"], kinds[levels[by_uid[s["uid"]]]], s["remark"]) for s in listed]
    path = county.folder / "roster-2.csv"
    _write_roster(path, rows)
    done = county.county("school", "import", path)
    assert not done["refused"], done


def _round(
    context: Context, county: County, source: Path, schools: dict[str, tuple[Path, str]], levels: dict[str, str]
) -> None:
    """Every school imports its own line of the source, submits, and the county merges all."""
    out = county.stick / f"round-{county.commands}"
    for n, (district, (file, _uid)) in enumerate(schools.items()):
        mapping = county.folder / "map.json"
        mapping.write_text(json.dumps(_mapping(district, levels[district])), encoding="utf-8")
        _drop_other_level(county, district, file, levels[district])
        county.type(district, "import", file, "school_year", source, "--map", mapping)
        county.type(district, "submit", file, "--to", out)
        if n % 60 == 0:
            context.say(f"submitted {n}")
    merged = county.county("merge", out)
    assert merged["totals"]["merged"] == len(schools), merged["totals"]


def _drop_other_level(county: County, district: str, file: Path, level: str) -> None:
    """A school that is read as another level from now on takes its former row away, as its clerk would in the window."""
    env = replace(Environment(), home=county.folder / "PC" / district)
    with open_workspace(file, env) as workspace:
        view = workspace.table("school_year").view()
        code = {"小学": "P", "初中": "J"}[level]
        others = [str(r["id"]) for r in view.rows(0, view.count) if r["level"] != code]
        if others:
            workspace.remove("school_year", others, "1")


def _mapping(district: str, level: str) -> dict[str, Any]:
    return {
        "register": "school_year",
        "columns": {"students": "pupils", "computer": "computers"},
        "constants": {"stat_year": str(YEAR), "level": level},
        "only": {"district": [district]},
    }


def _figures(county: County) -> dict[str, Any]:
    return dict(county.county("indicators", "--year", YEAR, "--rules", "2012")["levels"])


def _compare(figures: dict[str, Any], group: str) -> list[tuple[str, bool]]:
    level, schools, pupils, mean, cv = KNOWN[group]
    found = figures[level]
    b4 = found["indicators"]["B4"]
    return [
        (f"{group} schools", found["schools"] == schools),
        (f"{group} pupils", found["pupils"] == pupils),
        (f"{group} mean {b4['mean']}", f"{b4['mean']:.6f}" == mean),
        (f"{group} cv {b4['cv']}", f"{b4['cv']:.6f}" == cv),
    ]


def _totals(figures: dict[str, Any]) -> list[tuple[str, bool]]:
    schools = figures["小学"]["indicators"]["B4"]["schools"].values()
    return [
        (
            "computers",
            sum(s["total"] for s in schools) == COMPUTERS * 100 or sum(s["total"] for s in schools) == COMPUTERS,
        ),
        ("districts without a computer", sum(s["total"] == 0 for s in schools) == WITHOUT),
        ("others blocked and named", all(figures["小学"]["indicators"][i]["cv"] is None for i in ("B1", "B5"))),
    ]
