"""Keys that end and files that move: no number is signed twice, and nobody is locked out for good."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from eduplan_desktop.acts import sample
from tests.core.test_round_trip import ASSETS, YEAR_ITEM, Pair, pair

__all__ = ["pair"]


def join(pair: Pair, pc: str, file: Path, kit: Path, school: str = "") -> dict[str, Any]:
    """Ask the county to be enrolled, with everything typed as the first time."""
    shown = pair.pc.type(pc, "bundle", "show", kit)
    words = ("--kit", kit, "--school", school or pair.uid, "--to", pair.pc.stick)
    return pair.pc.type(pc, "school", "join", file, *words, "--county-fingerprint", shown["fingerprint"])


def enrol(pair: Pair, joined: dict[str, Any], *words: object, allowed: tuple[int, ...] = (0,)) -> dict[str, Any]:
    return pair.pc.county("enrol", joined["request"], "--fingerprint", joined["fingerprint"], *words, allowed=allowed)


def receipt_for(pair: Pair, pc: str, file: Path) -> dict[str, Any]:
    """The newest receipt of the school, read there."""
    pair.pc.county("receipts", "--to", pair.pc.stick)
    return pair.pc.type(pc, "receipt", file, max(pair.pc.stick.glob("*.edurcpt")))


def statuses(report: dict[str, Any]) -> list[tuple[int, str, str]]:
    return [(b["sequence"], b["status"], b["code"]) for b in report["bundles"]]


def test_a_moved_file_signs_nothing_before_the_countys_receipt(pair: Pair) -> None:
    """A backup taken to a PC without the keys: it cannot know what was signed since, so it waits, then goes on from there."""
    pair.submit("--answers", ASSETS)
    saved = Path(pair.school("backup", "--to", pair.pc.folder / "备份")["backup"])
    pair.submit("--answers", YEAR_ITEM)
    pair.submit("--answers", ASSETS)
    pair.merge()
    moved = pair.pc.folder / "搬来.eduplan"
    pair.pc.type("new", "restore", saved, "--to", moved, "--as", "move")
    joined = join(pair, "new", moved, max(pair.pc.stick.glob("*.edukit")))
    words = ("submit", moved, "--to", pair.pc.stick, "--answers", ASSETS)
    assert pair.pc.type("new", *words, allowed=(1,))["error"] == "awaits_receipt"
    enrol(pair, joined)
    assert pair.pc.type("new", *words, allowed=(1,))["error"] == "awaits_receipt"
    receipt_for(pair, "new", moved)
    assert pair.pc.type("new", *words)["sequence"] == 4
    assert statuses(pair.merge()) == [(1, "already", ""), (2, "already", ""), (3, "already", ""), (4, "merged", "")]


def test_a_file_moved_before_it_reported_anything_gets_its_receipt_too(pair: Pair) -> None:
    """The county writes to every school it has enrolled; else a moved file would wait for ever."""
    saved = Path(pair.school("backup", "--to", pair.pc.folder / "备份")["backup"])
    moved = pair.pc.folder / "搬来.eduplan"
    pair.pc.type("new", "restore", saved, "--to", moved, "--as", "restore")
    enrol(pair, join(pair, "new", moved, max(pair.pc.stick.glob("*.edukit"))))
    assert receipt_for(pair, "new", moved)["bundles"] == []
    pair.file = moved
    for finding in pair.pc.type("new", "check", moved, allowed=(0, 1))["findings"]:
        if finding["severity"] == "doubt":
            pair.pc.type("new", "explain", moved, finding["finding"], "示例说明")
    assert pair.pc.type("new", "submit", moved, "--to", pair.pc.stick, "--answers", ASSETS)["sequence"] == 1
    assert statuses(pair.merge()) == [(1, "merged", "")]


@pytest.mark.parametrize("how", ["retire", "revoke"])
def test_a_school_whose_key_has_ended_comes_back_with_a_new_one(pair: Pair, how: str) -> None:
    """The kit tells the school, which signs nothing more with that key; enrolling again makes a new one."""
    pair.submit("--answers", ASSETS)
    pair.merge()
    old = max(pair.pc.stick.glob("*.edukit"))
    again = join(pair, "school", pair.file, old)
    pair.pc.county(how, pair.uid, "--from", 2)
    assert enrol(pair, again, allowed=(1,))["error"] == "key_ended"
    kit = pair.pc.kit()
    pair.pc.type("school", "school", "join", pair.file, "--kit", kit)
    words = ("submit", pair.file, "--to", pair.pc.stick, "--answers", ASSETS)
    assert pair.pc.type("school", *words, allowed=(1,))["error"] == "key_ended"
    renewed = join(pair, "school", pair.file, kit)
    assert renewed["fingerprint"] != again["fingerprint"]
    assert enrol(pair, renewed)["generation"] == 2
    assert pair.submit("--answers", ASSETS)["sequence"] == 2
    assert statuses(pair.merge())[-1] == (2, "merged", "")


def test_a_receipt_tells_that_the_key_has_ended(pair: Pair) -> None:
    """A school that gets no kit learns it from the receipt all the same."""
    pair.submit("--answers", ASSETS)
    pair.merge()
    pair.pc.county("retire", pair.uid, "--from", 2)
    receipt_for(pair, "school", pair.file)
    words = ("submit", pair.file, "--to", pair.pc.stick, "--answers", ASSETS)
    assert pair.pc.type("school", *words, allowed=(1,))["error"] == "key_ended"


def test_a_file_enrolled_as_another_school_learns_it_from_the_next_kit(pair: Pair) -> None:
    """`enrol --school` overrides what the school chose; until then its bundles would be refused as another school's."""
    second = pair.pc.folder / "二.eduplan"
    name = sample.schools(2)[1].name
    added = pair.pc.county("school", "add", "--name", name, "--kind", "211")
    uid = next(s["uid"] for s in added["schools"] if s["uid"] != pair.uid)
    pair.pc.type("two", "school", "new", second, "--name", name)
    kit = pair.pc.kit()
    enrol(pair, join(pair, "two", second, kit), "--school", uid)
    pair.pc.type("two", "school", "join", second, "--kit", pair.pc.kit())
    pair.pc.type("two", "submit", second, "--to", pair.pc.stick, "--answers", f"{ASSETS}=0")
    assert [(b["school"], b["status"]) for b in pair.merge()["bundles"]] == [(uid, "merged")]


def test_an_answer_that_cannot_be_read_is_refused(pair: Pair) -> None:
    """`ITEM=1` is neither a report nor a 零报告."""
    told = pair.school("submit", "--to", pair.pc.stick, "--answers", f"{ASSETS}=1", allowed=(1,))
    assert told["error"] == "bad_answer"
    assert json.dumps(told, ensure_ascii=False).count(ASSETS)


def test_a_county_built_again_writes_receipts_the_schools_take(pair: Pair) -> None:
    """It cannot know how many receipts were written before, so its numbers start far above them."""
    pair.submit("--answers", ASSETS)
    pair.pc.kit()
    pair.merge()
    for _n in range(3):
        receipt_for(pair, "school", pair.file)
    again = pair.pc.folder / "重建.eduplan"
    archive = pair.pc.file.with_name(pair.pc.file.name + ".files")
    sheet = pair.pc.folder / "sheet.txt"
    pair.pc.type("county", "county", "recover", again, "--bundles", archive, "--sheet", sheet)
    (written,) = pair.pc.type("county", "county", "receipts", again, "--to", pair.pc.folder / "回执")["receipts"]
    assert pair.school("receipt", written)["bundles"][0]["status"] == "merged"
