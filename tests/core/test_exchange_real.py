"""Sheets nobody on this project made, where they are on this machine."""

import csv
from collections import Counter
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import pytest

from eduplan_desktop.errors import ExchangeError
from eduplan_desktop.exchange.catalog_read import read_catalog
from eduplan_desktop.exchange.convert import link_index
from eduplan_desktop.exchange.mapping import from_json
from eduplan_desktop.exchange.plan import Existing, plan_import
from eduplan_desktop.exchange.prepare import Prepared, prepare
from eduplan_desktop.exchange.reasons import reason
from eduplan_desktop.exchange.sheet_read import preview, read_book
from eduplan_desktop.exchange.suggest import suggest
from eduplan_desktop.registers import results
from eduplan_desktop.registers.catalog import register
from eduplan_desktop.registers.catalogs import Catalogs
from tests.core.registers_world import uid
from tests.sampling import sample

CATALOGS = Catalogs.shipped()


def prepared(path: Path, name: str, mapping: dict[str, Any], **more: Any) -> Prepared:
    one = register(name)
    return prepare(read_book(path).sheet, from_json(mapping, one, CATALOGS), one, CATALOGS, **more)


@pytest.mark.sampled
def test_spreadsheets_of_other_projects_are_read_or_refused(shared: Path) -> None:
    files = sorted((shared / "data" / "spreadsheets-calamine-frictionless").glob("*/*"))
    assert len(files) == 264
    outcomes: Counter[str] = Counter()
    for path in sample(files, 40):
        try:
            preview(path)
        except ExchangeError as refused:
            outcomes[refused.code] += 1
        else:
            outcomes["read"] += 1
    assert set(outcomes) <= {"read", "password", "damaged", "too_sparse", "empty"}
    assert outcomes["read"] > 0.9 * outcomes.total()


def test_latin_letters_that_decode_as_chinese(shared: Path) -> None:
    path = shared / "data" / "spreadsheets-calamine-frictionless" / "frictionless" / "table-with-accents.csv"
    book = preview(path)
    assert book.asks
    assert [g.encoding for g in book.encodings][:2] == ["latin-1", "gb18030"]
    assert any("é" in str(cell) for row in book.sheet.rows for cell in row)


def test_the_asset_classification_of_2010(shared: Path) -> None:
    found = read_catalog(read_book(shared / "data" / "gbt14885-asset-codes" / "GBT14885-2010.xls").sheet)
    assert len(found.entries) == 3741
    assert all(len(e["code"]) == 7 and e["code"].isdigit() for e in found.entries)
    repeated = [reason(r.problem) for r in found.refused if r.problem.code == "code_repeated"]
    assert repeated == ["代码 2020100 与第 430 行重复。请改正其中一个。"]
    assert Counter(r.problem.code for r in found.refused) == {"code_missing": 19, "code_shape": 2, "code_repeated": 1}
    assert Counter(s.kind for s in found.skipped) == {"title": 62, "repeated_head": 55}


def test_asset_templates_of_another_system(shared: Path) -> None:
    folder = shared / "data" / "gbt14885-asset-codes"
    for name, least in (("AssetImport.xls", 13), ("AssetOfficeImport.xls", 10), ("ProAssetListImport.xls", 9)):
        found = suggest(read_book(folder / name).sheet, register("equipment"), CATALOGS)
        assert len(found.mapping.columns) >= least, (name, found.unused)


def test_headings_of_templates_in_use(shared: Path) -> None:
    known = {"TeacherImportTemplate.xls": ("staff", 18), "StuPhysicalImportTemplate.xls": ("checkup", 5)}
    lines = (shared / "data" / "cn-school-template-headers" / "headers.csv").read_text(encoding="utf-8").splitlines()
    for name, *headings in csv.reader(lines):
        if name in known:
            from tests.core.sheet_tools import sheet_of

            one, least = known[name]
            found = suggest(sheet_of([headings, ["x"] * len(headings)]), register(one), CATALOGS)
            assert len(found.mapping.columns) >= least, found.unused


def test_californian_districts_one_by_one(shared: Path) -> None:
    path = shared / "data" / "ca-schools" / "csv" / "AER" / "CASchools.csv"
    columns = {
        "students": "pupils",
        "computer": "computers",
        "grades": {"field": "level", "values": {"KK-06": "小学", "KK-08": "初中"}},
    }
    found = prepared(path, "school_year", {"columns": columns, "constants": {"stat_year": "2025"}})
    assert len(found.rows) == 420
    assert not found.problems
    assert sum(int(row["pupils"] or 0) for row in found.rows) == 1_104_093
    assert sum(int(row["computers"] or 0) for row in found.rows) == 127_421
    assert Counter(row["level"] for row in found.rows) == {"P": 61, "J": 359}
    assert sum(row["computers"] == 0 for row in found.rows) == 8
    one = prepared(
        path, "school_year", {"columns": columns, "constants": {"stat_year": "2025"}, "only": {"district": ["75119"]}}
    )
    assert one.rows == [{"stat_year": 2025, "pupils": 195, "computers": 67, "level": "J"}]
    assert len(one.skipped) == 419


def test_check_ups_of_1629_people_wide(shared: Path) -> None:
    path = next((shared / "data" / "ca-schools").rglob("nhefs.csv"))
    people = list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))
    factor = {"unit": "mg/dL", "factor": "0.02586", "source": "胆固醇摩尔质量 386.65 g/mol"}
    columns: dict[str, Any] = {
        "seqn": "person",
        "sbp": {"field": "results", "item": "BP01"},
        "dbp": {"field": "results", "item": "BP02"},
        "ht": {"field": "results", "item": "GEN01"},
        "wt71": {"field": "results", "item": "GEN02"},
        "cholesterol": {"field": "results", "item": "LIP01", **factor},
    }
    links = {"staff": link_index((uid(n), person["seqn"]) for n, person in enumerate(people))}
    mapping = {"columns": columns, "constants": {"stat_year": "2025", "state": "已检"}}
    found = prepared(path, "checkup", mapping, links=links)
    made = plan_import(found, Existing(found.register, []))
    assert made.counts() == {"read": 1629, "stored": 1629, "updated": 0, "unchanged": 0, "refused": 0, "skipped": 0}
    for person, row in zip(people, found.rows, strict=True):
        held = {item: r.value for item, r in results.load(str(row["results"])).items()}
        assert held.get("BP01", "") == person["sbp"]
        assert held.get("GEN01", "") == person["ht"]
        said = person["cholesterol"]
        converted = str((Decimal(said) * Decimal("0.02586")).quantize(Decimal("0.01"), ROUND_HALF_UP)) if said else ""
        assert held.get("LIP01", "") == converted
    sexes = prepared(
        path, "staff", {"columns": {"seqn": "name", "sex": {"field": "sex", "values": {"0": "男", "1": "女"}}}}
    )
    assert Counter(row["sex"] for row in sexes.rows) == {
        "1": sum(p["sex"] == "0" for p in people),
        "2": sum(p["sex"] == "1" for p in people),
    }
