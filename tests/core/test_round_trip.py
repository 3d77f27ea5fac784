"""The loop by the command line: a school and a county on two PCs, and what goes wrong between them."""

from __future__ import annotations

import csv
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from eduplan_desktop.acts import sample
from eduplan_desktop.environment import Environment
from eduplan_desktop.workspace import open_workspace
from tests.proof._county import County

YEAR_ITEM, ASSETS = f"stat-{sample.YEAR}", f"asset-{sample.YEAR}"


@dataclass
class Pair:
    """A county and one enrolled school with its sheets imported."""

    pc: County
    file: Path
    uid: str
    sheets: dict[str, Path]

    def school(self, *words: object, allowed: tuple[int, ...] = (0,)) -> dict[str, Any]:
        return self.pc.type("school", words[0], self.file, *words[1:], allowed=allowed)

    def explain_all(self) -> None:
        for finding in self.school("check", allowed=(0, 1))["findings"]:
            if finding["severity"] == "doubt" and not finding["explanation"]:
                self.school("explain", finding["finding"], "示例说明")

    def submit(self, *words: object) -> dict[str, Any]:
        self.explain_all()
        return self.school("submit", "--to", self.pc.stick, *words)

    def merge(self, allowed: tuple[int, ...] = (0,)) -> dict[str, Any]:
        return self.pc.county("merge", self.pc.stick, "--receipts", self.pc.stick, allowed=allowed)

    def receipt(self) -> dict[str, Any]:
        newest = max(self.pc.stick.glob("*.edurcpt"), key=lambda p: p.name)
        return self.school("receipt", newest)

    def edit(self, register: str, heading: str, change: Any) -> None:
        path = self.sheets[register]
        with path.open(encoding="utf-8-sig", newline="") as opened:
            rows = list(csv.reader(opened))
        place = rows[0].index(heading)
        for row in rows[1:]:
            row[place] = change(row[place])
        with path.open("w", encoding="utf-8-sig", newline="") as out:
            csv.writer(out).writerows(rows)


@pytest.fixture
def pair(tmp_path: Path) -> Pair:
    """Both sides, ready to submit."""
    pc = County(tmp_path)
    pc.found()
    one = sample.schools(1)[0]
    uid = pc.county("school", "add", "--name", one.name, "--kind", one.kind)["schools"][0]["uid"]
    pc.county("calendar", "year", "--year", sample.YEAR)
    kit = pc.kit()
    file = tmp_path / "学校 一" / "本校.eduplan"
    pc.type("school", "school", "new", file, "--name", one.name, "--sample")
    pc.type("school", "vault", file, "create", "personal")
    sheets = sample.write_sheets(tmp_path / "sheets", one, 1, assets=30)
    for name in ("school", "staff", "room", "equipment", "school_year", "safety_check", "hazard", "drill"):
        pc.type("school", "import", file, name, sheets[name])
    pc.enrol("school", file, uid, kit)
    return Pair(pc, file, uid, sheets)


def test_a_record_reaches_the_county_and_the_receipt_comes_back(pair: Pair) -> None:
    """Submitted → merged → received; the same again changes nothing; what did not change travels as before."""
    made = pair.submit("--answers", f"{YEAR_ITEM},{ASSETS}")
    assert made["sequence"] == 1
    assert made["slices"]["equipment"] == "carried"
    assert made["slices"]["safety_check/2025"] == "not_reported"
    merged = pair.merge()
    assert [b["status"] for b in merged["bundles"]] == ["merged"]
    counted = merged["bundles"][0]["slices"]["equipment"]
    assert (counted["new"], counted["changed"], counted["quarantined"]) == (30, 0, 0)
    assert [b["status"] for b in pair.merge()["bundles"]] == ["already"]
    told = pair.receipt()
    assert {i["state"] for i in told["items"] if i["item"] in (YEAR_ITEM, ASSETS)} == {"received"}
    again = pair.submit("--answers", f"{YEAR_ITEM},{ASSETS}")
    assert again["slices"]["equipment"] == "as_before"
    assert pair.merge()["totals"]["merged"] == 1
    full = pair.submit("--answers", YEAR_ITEM, "--full")
    assert set(full["slices"].values()) == {"carried"}


def test_a_returned_figure_is_corrected_and_accepted(pair: Pair, tmp_path: Path) -> None:
    """Return with a remark on a row, correct, submit, accept; every answer arrives at the school."""
    pair.submit("--answers", YEAR_ITEM)
    pair.merge()
    remarks = tmp_path / "remarks.csv"
    remarks.write_text("登记册,编号,字段,备注\nschool_year,,books,请核对图书册数\n", encoding="utf-8")
    pair.pc.county("return", pair.uid, YEAR_ITEM, "--remarks", remarks)
    pair.pc.county("receipts", "--to", pair.pc.stick)
    told = pair.receipt()
    assert [r["text"] for r in told["remarks"]] == ["请核对图书册数"]
    assert next(i["state"] for i in told["items"] if i["item"] == YEAR_ITEM) == "returned"
    before = pair.pc.county("indicators", "--year", sample.YEAR, "--rules", "2012")
    pair.edit("school_year", "图书", lambda text: str(int(text) + 100) if text else text)
    pair.school("import", "school_year", pair.sheets["school_year"])
    pair.submit("--answers", YEAR_ITEM)
    pair.merge()
    after = pair.pc.county("indicators", "--year", sample.YEAR, "--rules", "2012")
    level = after["levels"]["小学"]["indicators"]["B5"]["mean"]
    assert level > before["levels"]["小学"]["indicators"]["B5"]["mean"]
    pair.pc.county("accept", pair.uid, YEAR_ITEM)
    pair.pc.county("receipts", "--to", pair.pc.stick)
    assert next(i["state"] for i in pair.receipt()["items"] if i["item"] == YEAR_ITEM) == "accepted"


def test_errors_gate_only_the_slices_reported(pair: Pair) -> None:
    """A broken asset ledger stops the asset item, never the safety return."""
    env = replace(Environment(), home=pair.pc.folder / "PC" / "school")
    with open_workspace(pair.file, env) as workspace:
        workspace.save("equipment", workspace.blank("equipment"))
    pair.explain_all()
    refused = pair.school("submit", "--to", pair.pc.stick, "--answers", ASSETS, allowed=(1,))
    assert refused["error"] == "findings"
    safety = f"safety-{sample.MONTHS[0]}"
    assert pair.school("submit", "--to", pair.pc.stick, "--answers", safety)["sequence"] == 1


def test_wrong_fingerprints_refuse_both_ways(pair: Pair, tmp_path: Path) -> None:
    """Neither a school nor a county takes a key whose fingerprint was typed wrongly."""
    kit = max(pair.pc.stick.glob("*.edukit"))
    other = tmp_path / "other.eduplan"
    pair.pc.type("other", "school", "new", other, "--name", "另一所（示例）", "--sample")
    words = ("school", "join", other, "--kit", kit, "--school", pair.uid, "--to", tmp_path)
    wrong = "0" * 20 + "0"
    assert pair.pc.type("other", *words, "--county-fingerprint", wrong, allowed=(1,))["error"] == "wrong_fingerprint"
    right = pair.pc.type("other", "bundle", "show", kit)["fingerprint"]
    joined = pair.pc.type("other", *words, "--county-fingerprint", right)
    refused = pair.pc.county("enrol", joined["request"], "--fingerprint", wrong, allowed=(1,))
    assert refused["error"] == "wrong_fingerprint"


def test_a_bundle_of_a_school_not_approved_waits_and_merges_on_approval(pair: Pair, tmp_path: Path) -> None:
    """Held, not lost: approval merges it."""
    uid = pair.pc.county("school", "add", "--name", "后来的小学（示例）", "--kind", "小学")["schools"][0]["uid"]
    kit = pair.pc.kit()
    late = tmp_path / "late.eduplan"
    pair.pc.type("late", "school", "new", late, "--name", "后来的小学（示例）", "--sample")
    profile = tmp_path / "profile.csv"
    profile.write_text("学校名称,办学类型\n后来的小学（示例）,小学\n", encoding="utf-8")
    pair.pc.type("late", "import", late, "school", profile)
    shown = pair.pc.type("late", "bundle", "show", kit)["fingerprint"]
    words = ("--kit", kit, "--school", uid, "--to", pair.pc.stick, "--county-fingerprint", shown)
    joined = pair.pc.type("late", "school", "join", late, *words)
    pair.pc.type("late", "submit", late, "--to", pair.pc.stick, "--answers", ASSETS)
    held = pair.merge(allowed=(1,))
    assert [(b["status"], b["code"]) for b in held["bundles"]] == [("held", "held_unknown_key")]
    done = pair.pc.county("enrol", joined["request"], "--fingerprint", joined["fingerprint"])
    assert done["merged"] == 1


def test_a_byte_flipped_on_the_stick_is_refused_and_a_copy_still_merges(pair: Pair) -> None:
    """Damaged is damaged; the bundle kept beside the file is the same bundle."""
    path = Path(pair.submit("--answers", ASSETS)["bundle"])
    whole = path.read_bytes()
    spot = len(whole) // 2
    path.write_bytes(whole[:spot] + bytes([whole[spot] ^ 1]) + whole[spot + 1 :])
    refused = pair.merge(allowed=(1,))
    assert [(b["status"], b["code"]) for b in refused["bundles"]] == [("refused", "damaged")]
    path.write_bytes(whole)
    assert [b["status"] for b in pair.merge()["bundles"]] == ["merged"]


def test_a_restored_backup_may_not_sign_until_the_person_settles_it(pair: Pair, tmp_path: Path) -> None:
    """A file behind its keys was restored or copied; restore goes on with the next number, copy starts anew."""
    backup = pair.school("backup", "--to", tmp_path / "backup")["backup"]
    pair.submit("--answers", ASSETS)
    pair.file.unlink()
    pair.pc.type("school", "restore", backup, "--to", pair.file, "--as", "restore")
    pair.explain_all()
    made = pair.school("submit", "--to", pair.pc.stick, "--answers", ASSETS)
    assert made["sequence"] == 2
    assert made["slices"]["equipment"] == "carried"
    merged = pair.merge()
    assert sorted(b["sequence"] for b in merged["bundles"]) == [1, 2]
    assert {b["status"] for b in merged["bundles"]} == {"merged"}


def test_wrong_use_exits_two_and_a_missing_file_three(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Exit codes are stable: scripts rely on them."""
    from eduplan_desktop.commands import main

    assert main(["no-such-command"]) == 2
    assert main(["check", str(tmp_path / "none.eduplan"), "--json"]) == 3
    assert '"error": "missing"' in capsys.readouterr().out
