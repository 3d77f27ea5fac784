"""Two programs on one file, a file that may not be written, clocks that lie, and the rarest names, from sheet to county."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from eduplan_desktop.acts import sample
from eduplan_desktop.commands import main
from eduplan_desktop.environment import Environment
from eduplan_desktop.workspace import open_workspace
from tests.conftest import ROOT
from tests.core.test_round_trip import ASSETS, YEAR_ITEM, Pair, pair
from tests.proof._county import CHEAP, PASSPHRASE, County

__all__ = ["pair"]
NAMES = (
    "𬱖", "阿卜来提·如则托合提", "斯琴高娃" * 12 + "敖登", "买买提・艾力", "古丽•巴哈尔", "迪丽.热巴", "𠅤𫖯㛃䶮",
    "\U00031350\U000323af", "\ufa10晴", "刘", "O'Neil 示例", "=cmd|'/c calc'!A1",
)  # fmt: skip


def env(pair: Pair, pc: str) -> Environment:
    return replace(Environment(), home=pair.pc.folder / "PC" / pc, kdf=CHEAP, who=pc)


@contextmanager
def held(file: Path) -> Iterator[None]:
    """Another program that has the file open."""
    code = (
        "import sys; from pathlib import Path; from eduplan_desktop.environment import Environment as E;"
        "from eduplan_desktop.store.connect import open_store as o;"
        "s = o(Path(sys.argv[1]), E()); print('open', flush=True); sys.stdin.read(); s.close()"
    )
    other = subprocess.Popen(
        [sys.executable, "-c", code, str(file)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT
    )
    assert other.stdin is not None
    assert other.stdout is not None
    try:
        assert other.stdout.readline() == "open\n"
        yield
    finally:
        other.stdin.close()
        other.wait(30)
        other.stdout.close()


def test_a_file_open_elsewhere(pair: Pair) -> None:
    """Every writing command says busy and exits 3; reading commands still read; afterwards all works."""
    for file, pc, commands in (
        (
            pair.file,
            "school",
            (("submit", "--to", pair.pc.stick), ("import", "staff", pair.sheets["staff"]), ("check",)),
        ),
        (pair.pc.file, "county", (("county kit", "--to", pair.pc.stick), ("county merge", pair.pc.stick))),
    ):
        with held(file):
            for words, *rest in commands:
                told = pair.pc.type(pc, *words.split(), file, *rest, allowed=(3,))
                assert (told["error"], bool(told["message"] and told["advice"])) == ("busy", True)
            reading = pair.pc.type(pc, "registers", file)
            assert reading["registers"]
    assert pair.submit("--answers", ASSETS)["sequence"] == 1


def test_a_file_that_may_not_be_written(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a stick or write-protected: reading works, writing is refused with the way out, nothing changes."""
    from eduplan_desktop.store import connect

    pair.explain_all()
    fresh = pair.pc.folder / "演练.csv"
    fresh.write_text("演练日期,演练类型,总指挥,参加学生,参加教职工\n2026-01-09,地震,甲示例,10,2\n", encoding="utf-8")
    before = pair.file.read_bytes()
    real = connect.open_store
    monkeypatch.setattr(
        connect.open_store, "__kwdefaults__", {**(real.__kwdefaults__ or {}), "probe": lambda _f: "removable"}
    )
    for words in (("submit", "--to", pair.pc.stick, "--answers", ASSETS), ("import", "drill", fresh)):
        told = pair.school(*words, allowed=(3,))
        assert told["error"] == "removable"
        assert told["advice"]
    assert pair.school("registers")["registers"]
    pair.school("table", "staff", "--to", pair.pc.folder / "a.csv")
    assert pair.file.read_bytes() == before


class ClockCounty(County):
    """PCs whose clocks show one moment."""

    moment = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)

    def type(self, pc: str, *words: object, allowed: tuple[int, ...] = (0,)) -> dict[str, Any]:
        home = self.folder / "PC" / pc
        world = replace(Environment(), home=home, kdf=CHEAP, who=pc, now=lambda: self.moment)
        out, err = io.StringIO(), io.StringIO()
        with redirect_stdout(out), redirect_stderr(err):
            code = main([*map(str, words), "--json", "--passphrase-file", str(self.secret)], world)
        assert code in allowed, (words, out.getvalue(), err.getvalue())
        return dict(json.loads(out.getvalue()))


def outcome(folder: Path, moment: datetime) -> dict[str, Any]:
    """What a month gives on PCs with this clock: every count, status and figure, no date."""
    folder.mkdir()
    pc = ClockCounty(folder)
    pc.moment = moment
    pc.found()
    one = sample.schools(1)[0]
    uid = pc.county("school", "add", "--name", one.name, "--kind", one.kind)["schools"][0]["uid"]
    pc.county("calendar", "year", "--year", sample.YEAR)
    kit = pc.kit()
    file = folder / "校.eduplan"
    pc.type("s", "school", "new", file, "--name", one.name, "--sample")
    pc.type("s", "vault", file, "create", "personal")
    sheets = sample.write_sheets(folder / "sheets", one, 1, assets=10)
    counted = {}
    for name in ("school", "staff", "room", "equipment", "school_year", "safety_check", "hazard", "drill"):
        told = pc.type("s", "import", file, name, sheets[name])
        counted[name] = [told[k] for k in ("read", "stored", "updated", "unchanged", "refused")]
    pc.enrol("s", file, uid, kit)
    found = pc.type("s", "check", file, allowed=(0, 1))["findings"]
    for finding in found:
        pc.type("s", "explain", file, finding["finding"], "示例")
    made = pc.type("s", "submit", file, "--to", pc.stick, "--answers", f"{YEAR_ITEM},{ASSETS}")
    merged = pc.county("merge", pc.stick, "--receipts", pc.stick)
    told = pc.type("s", "receipt", file, next(pc.stick.glob("*.edurcpt")))
    again = pc.type("s", "submit", file, "--to", pc.stick, "--answers", f"{YEAR_ITEM},{ASSETS}")
    figures = pc.county("indicators", "--year", sample.YEAR, "--rules", "2012")["levels"]
    return {
        "counted": counted,
        "findings": sorted((f["register"], f["field"], f["code"]) for f in found if f["code"] != "date_future"),
        "errors": [f for f in found if f["severity"] == "error"],
        "slices": made["slices"],
        "merged": [(b["status"], b["code"], b["slices"]) for b in merged["bundles"]],
        "items": [(i["item"], i["state"]) for i in told["items"] if i["item"] in (YEAR_ITEM, ASSETS)],
        "again": again["slices"],
        "figures": json.dumps(figures).replace(uid, "uid"),
        "audit": pc.type("s", "audit", file)["sound"],
    }


def test_a_wrong_clock_changes_no_outcome(tmp_path: Path) -> None:
    """Every PC at 2000-01-01, and one far ahead: the same as with the right clock, but for 存疑 about dates to come."""
    right = outcome(tmp_path / "right", datetime(2026, 3, 2, 1, 0, tzinfo=UTC))
    assert outcome(tmp_path / "early", datetime(2000, 1, 1, tzinfo=UTC)) == right
    assert outcome(tmp_path / "late", datetime(2099, 12, 31, tzinfo=UTC)) == right


def test_rare_names_all_the_way(pair: Pair) -> None:
    """Typed, found, printed, exported, imported back, sealed, merged and read at the county: the same code points."""
    sheet = pair.pc.folder / "姓名.csv"
    with sheet.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(["姓名", "性别", "出生年月", "教职工类别", "在册状态"])
        writer.writerows([name, "女", f"19{60 + n}-01", "专任教师", "在职"] for n, name in enumerate(NAMES))
    told = pair.school("import", "staff", sheet)
    assert (told["stored"], told["refused"]) == (len(NAMES), 0)
    assert pair.school("import", "staff", sheet)["unchanged"] == len(NAMES)
    with open_workspace(pair.file, env(pair, "school")) as school:
        for name in NAMES:
            view = school.table("staff").view(name)
            assert name in {r["name"] for r in view.rows(0, view.count)}, name
        view = school.table("staff").view("古丽·巴哈尔")
        assert view.count == 1
        keeper = next(dict(r) for r in school.table("staff").view().rows(0, 99) if r["name"] == NAMES[1])
        asset = dict(school.table("equipment").view().rows(0, 1)[0])
        school.save("equipment", {**asset, "keeper": keeper["id"], "name": "𬱖䶮仪器"})
    for ending in ("xlsx", "csv"):
        table = pair.pc.folder / f"名.{ending}"
        pair.school("table", "staff", "--to", table)
        back = pair.school("import", "staff", table)
        assert (back["unchanged"], back["updated"], back["refused"]) == (back["read"], 0, 0)
    pair.school("print", "F02", "--to", pair.pc.folder / "F02.pdf")
    text = "".join(page.extract_text() for page in PdfReader(pair.pc.folder / "F02.pdf").pages)
    assert "𬱖䶮" in text.replace("\n", "")
    assert "阿卜来提" in text.replace("\n", "")
    pair.submit("--full", "--answers", ASSETS)
    pair.merge()
    with open_workspace(pair.pc.file, env(pair, "county"), read_only=True) as county:
        view = county.table("staff", pair.uid).view()
        assert set(NAMES) <= {r["name"] for r in view.rows(0, view.count)}


@pytest.mark.parametrize("ending", ["xlsx", "csv"])
def test_a_masked_table_read_back_erases_nothing(pair: Pair, ending: str) -> None:
    """Exported without sealed values and imported again with the compartment open: every sealed value is still there."""

    def sealed() -> list[Any]:
        with open_workspace(pair.file, env(pair, "school")) as school:
            school.open_compartment("personal", PASSPHRASE)
            found = [school.row("staff", str(r["id"])) or {} for r in school.table("staff").view().rows(0, 99)]
            return [(r["name"], r["phone"], r["id_number"]) for r in found]

    before = sealed()
    assert all(phone for _name, phone, _number in before)
    table = pair.pc.folder / f"表.{ending}"
    pair.school("table", "staff", "--to", table)
    told = pair.school("import", "staff", table)
    assert (told["unchanged"], told["refused"]) == (told["read"], 0)
    assert sealed() == before
