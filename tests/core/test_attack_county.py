"""A county under stress: handed-on keys, ended keys, second files, forks, lost bundles, zero reports, withdrawn consents."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from eduplan_desktop.acts import sample
from eduplan_desktop.environment import Environment
from eduplan_desktop.registers.catalog import register
from eduplan_desktop.store import sealed_rows
from eduplan_desktop.workspace import open_workspace
from tests.core.test_round_trip import ASSETS, YEAR_ITEM, Pair, pair
from tests.proof._county import CHEAP, PASSPHRASE

__all__ = ["pair"]
SAFETY = f"safety-{sample.MONTHS[0]}"


def env(pair: Pair, pc: str) -> Environment:
    return replace(Environment(), home=pair.pc.folder / "PC" / pc, kdf=CHEAP, who=pc)


def rows(pair: Pair, register: str) -> list[dict[str, Any]]:
    """The county's rows of a register, by id."""
    with open_workspace(pair.pc.file, env(pair, "county"), read_only=True) as county:
        view = county.table(register, pair.uid).view()
        return sorted((dict(r) for r in view.rows(0, view.count)), key=lambda r: str(r["id"]))


def codes(report: dict[str, Any]) -> list[tuple[int, str, str]]:
    return [(b["sequence"], b["status"], b["code"]) for b in report["bundles"]]


def rotate(pair: Pair) -> Path:
    sheet = pair.pc.folder / "sheet-2.txt"
    pair.pc.county("rotate", "--recovery-sheet", sheet)
    return sheet


def test_after_a_rotation_nobody_enrols_again(pair: Pair) -> None:
    """A bundle sealed to the old key, a receipt and a kit by the new one: all work by succession."""
    pair.submit("--answers", ASSETS)
    rotate(pair)
    assert codes(pair.merge()) == [(1, "merged", "")]
    assert pair.receipt()["items"]
    kit = pair.pc.kit()
    assert pair.pc.type("school", "school", "join", pair.file, "--kit", kit)["kit"] == 2
    pair.submit("--answers", YEAR_ITEM)
    assert pair.merge()["totals"]["merged"] == 1
    rotate(pair)
    pair.submit("--answers", SAFETY)
    assert pair.merge()["totals"]["merged"] == 1
    pair.receipt()


def test_recover_after_a_rotation(pair: Pair, tmp_path: Path) -> None:
    """With the new sheet everything sealed after it opens, what was sealed before needs the old sheet too; nothing is hushed up."""
    pair.submit("--answers", ASSETS)
    pair.merge()
    new = rotate(pair)
    kit = pair.pc.kit()
    pair.pc.type("school", "school", "join", pair.file, "--kit", kit)
    pair.submit("--answers", YEAR_ITEM)
    pair.merge()
    held = {name: rows(pair, name) for name in ("equipment", "school_year")}
    archive = pair.pc.file.with_name(pair.pc.file.name + ".files")
    old = pair.pc.folder / "sheet.txt"
    both = ("--sheet", new, "--sheet", old)
    half = pair.pc.type("neu", "county", "recover", tmp_path / "a.eduplan", "--bundles", archive, *both[:2])
    assert half["unopened"] > 0
    done = pair.pc.type("neu", "county", "recover", tmp_path / "b.eduplan", "--bundles", archive, *both)
    assert (done["merged"], done["unopened"]) == (2, 0)
    again = replace(pair, pc=replace(pair.pc, folder=pair.pc.folder))
    again.pc.file = tmp_path / "b.eduplan"
    assert {name: _plain(rows(again, name)) for name in held} == {n: _plain(r) for n, r in held.items()}


def _plain(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{k: v for k, v in row.items() if k != "act"} for row in found]


@pytest.mark.parametrize(("how", "code"), [("retire", "retired_key"), ("revoke", "revoked_key")])
def test_an_ended_key_is_refused_from_its_number_on(pair: Pair, how: str, code: str) -> None:
    """From number 2 on refused with the right code, number 1 stays; a new enrolment goes on."""
    pair.submit("--answers", ASSETS)
    pair.merge()
    before = _plain(rows(pair, "equipment"))
    pair.pc.county(how, pair.uid, "--from", 2)
    pair.submit("--answers", YEAR_ITEM)
    assert codes(pair.merge(allowed=(1,))) == [(1, "already", ""), (2, "refused", code)]
    assert _plain(rows(pair, "equipment")) == before
    told = pair.receipt()
    assert (2, "refused") in {(b["sequence"], b["status"]) for b in told["bundles"]}


def test_a_revoked_first_bundle_is_taken_out(pair: Pair) -> None:
    """Revoked from 1 on: its rows go."""
    pair.submit("--answers", ASSETS)
    pair.merge()
    pair.pc.county("revoke", pair.uid, "--from", 1)
    assert rows(pair, "equipment") == []


def test_a_second_data_file_replaces_the_first(pair: Pair, tmp_path: Path) -> None:
    """The PC burnt: a new file enrols as generation 2 and its rows stand in the place of the old ones."""
    pair.submit("--answers", ASSETS)
    pair.merge()
    second = replace(pair, file=tmp_path / "新 校.eduplan")
    second.pc.type("pc2", "school", "new", second.file, "--name", "青石岭小学（示例）", "--sample")
    for name in ("school", "room"):
        second.pc.type("pc2", "import", second.file, name, second.sheets[name])
    kit = pair.pc.kit()
    second.pc.enrol("pc2", second.file, pair.uid, kit)
    second.pc.type("pc2", "submit", second.file, "--to", pair.pc.stick, "--answers", ASSETS)
    assert pair.merge()["totals"]["merged"] == 1
    assert rows(pair, "equipment") == []
    assert len(rows(pair, "room")) == 12
    pair.school("submit", "--to", pair.pc.stick, "--answers", ASSETS)
    late = pair.merge(allowed=(0, 1))
    assert rows(pair, "equipment") == [], late


def test_a_fork_is_held_and_settled(pair: Pair, tmp_path: Path) -> None:
    """File and keys copied to another PC, both go on: the second history is held; one is chosen, the other enrols anew."""
    pair.submit("--answers", ASSETS)
    pair.merge()
    other = tmp_path / "拷 贝.eduplan"
    shutil.copyfile(pair.file, other)
    shutil.copytree(pair.pc.folder / "PC" / "school", pair.pc.folder / "PC" / "copy")
    pair.edit("equipment", "规格型号", lambda text: "甲")
    pair.school("import", "equipment", pair.sheets["equipment"])
    pair.submit("--answers", ASSETS)
    pair.merge()
    pair.edit("equipment", "规格型号", lambda text: "乙")
    pair.pc.type("copy", "import", other, "equipment", pair.sheets["equipment"])
    forked = pair.pc.type("copy", "submit", other, "--to", pair.pc.stick, "--answers", ASSETS)
    report = pair.merge(allowed=(1,))
    assert ("held", "fork") in {(s, c) for _n, s, c in codes(report)}
    assert {r["spec"] for r in rows(pair, "equipment")} == {"甲"}
    pair.pc.county("fork", forked["digest"])
    assert {r["spec"] for r in rows(pair, "equipment")} == {"乙"}
    pair.merge(allowed=(0, 1))
    assert {r["spec"] for r in rows(pair, "equipment")} == {"乙"}
    with open_workspace(pair.file, env(pair, "school")) as first:
        first.school.settle("copy")
    pair.pc.enrol("school", pair.file, pair.uid, pair.pc.kit())
    pair.submit("--answers", ASSETS)
    done = pair.merge(allowed=(0, 1))
    assert done["totals"]["merged"] == 1
    assert {r["spec"] for r in rows(pair, "equipment")} == {"甲"}


def test_a_county_that_lost_its_bundles_asks_for_everything(pair: Pair, tmp_path: Path) -> None:
    """The county is rebuilt without the first bundle: `as_before` answers `need_full`, and --full repairs it."""
    pair.submit("--answers", ASSETS)
    pair.merge()
    pair.receipt()
    pair.submit("--answers", ASSETS)
    for path in pair.pc.stick.glob("*-0001-*.edub"):
        path.unlink()
    archive = pair.pc.folder / "归档"
    archive.mkdir()
    shutil.copy(max(pair.pc.file.with_name(pair.pc.file.name + ".files").rglob("*.edukit")), archive)
    pair.pc.kit()
    kit = max(
        pair.pc.file.with_name(pair.pc.file.name + ".files").rglob("*.edukit"), key=lambda p: p.stat().st_mtime_ns
    )
    shutil.copy(kit, archive)
    rebuilt = tmp_path / "neu.eduplan"
    sheet = pair.pc.folder / "sheet.txt"
    pair.pc.type("county", "county", "recover", rebuilt, "--bundles", archive, "--sheet", sheet)
    pair.pc.file = rebuilt
    report = pair.merge(allowed=(0, 1))
    slices = report["bundles"][0]["slices"]
    assert slices["equipment"]["code"] == "need_full", report
    for path in pair.pc.stick.glob("*.edurcpt"):
        if "0001" not in path.name:
            path.unlink()
    pair.school("receipt", max(pair.pc.stick.glob("*.edurcpt"), key=lambda p: p.stat().st_mtime_ns), allowed=(0, 1))
    full = pair.submit("--answers", ASSETS, "--full")
    assert full["slices"]["equipment"] == "carried"
    pair.merge(allowed=(0, 1))
    assert len(rows(pair, "equipment")) == 30


def test_zero_reports(pair: Pair) -> None:
    """零报告 is an answer; it is marked, reaches the school as such, and withdraws nothing."""
    pair.explain_all()
    made = pair.school("submit", "--to", pair.pc.stick, "--answers", f"{SAFETY}=0,{ASSETS}")
    assert set(made["answers"]) == {SAFETY, ASSETS}
    pair.merge()
    told = pair.receipt()
    with open_workspace(pair.pc.file, env(pair, "county"), read_only=True) as county:
        assert county.county.facts()
    assert {i["state"] for i in told["items"] if i["item"] in (SAFETY, ASSETS)} == {"received"}


@pytest.fixture
def health(pair: Pair) -> Pair:
    """The pair with check-ups, consents, and a county health officer."""
    pair.pc.county("health", "--recovery-sheet", pair.pc.folder / "health.txt")
    kit = pair.pc.kit()
    pair.pc.type("school", "school", "join", pair.file, "--kit", kit)
    pair.school("vault", "create", "health") if False else pair.pc.type(
        "school", "vault", pair.file, "create", "health"
    )
    for name in ("health_consent", "checkup"):
        pair.school("import", name, pair.sheets[name], allowed=(0, 1))
    return pair


def health_rows(pair: Pair) -> set[str]:
    """Ids of the check-ups whose health the county's officer can open."""
    with open_workspace(pair.pc.file, env(pair, "county")) as county:
        county.open_compartment("health", PASSPHRASE)
        session = county.session
        found = sealed_rows.scan_sealed(session.store, session.opened["health"], register("checkup"), school=pair.uid)
        return {row_id for _school, row_id, values in found if values.get("institution")}


def prepare(pair: Pair) -> None:
    with open_workspace(pair.file, env(pair, "school")) as school:
        school.open_compartment("health", PASSPHRASE)
        school.open_compartment("personal", PASSPHRASE)


@pytest.mark.parametrize("opened", [True, False])
def test_withdrawn_consent_takes_the_row_away(health: Pair, opened: bool) -> None:
    """Held until the officer opens it. After a consent ended the person is gone at the county; where nobody opened the
    compartment since, the part made before does not travel again, and the others come back with the next."""
    prepare(health)
    item, name = f"stat-{sample.YEAR}", f"checkup/{sample.YEAR}"
    made = health.submit("--full", "--answers", item)
    assert (made["slices"][name], made["warnings"]) == ("carried", [])
    assert health.merge()["bundles"][0]["slices"][name]["code"] == "held_health"
    assert health_rows(health) == set()
    health.pc.county("health-merge")
    first = health_rows(health)
    assert len(first) > 2
    with open_workspace(health.file, env(health, "school")) as school:
        if opened:
            school.open_compartment("health", PASSPHRASE)
        consents = [dict(r) for r in school.table("health_consent").view().rows(0, 99)]
        people = {str(r["person"]): str(r["id"]) for r in school.table("checkup").view().rows(0, 99)}
        one = next(c for c in consents if people.get(c["person"]) in first)
        school.save("health_consent", {**one, "withdrawn": school.today()})
    made = health.pc.type("school", "submit", health.file, "--to", health.pc.stick, "--full", "--answers", item)
    health.merge()
    health.pc.county("health-merge")
    left = first - {people[str(one["person"])]}
    assert health_rows(health) == (left if opened else set())
    assert bool(made["warnings"]) is not opened
    prepare(health)
    health.submit("--full", "--answers", item)
    health.merge()
    health.pc.county("health-merge")
    assert health_rows(health) == left
