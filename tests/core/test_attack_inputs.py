"""Wrong files in the place of every file a command takes: exit 1, 2 or 3 with what happened and what to do, never a traceback."""

from __future__ import annotations

import contextlib
import io
import json
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from eduplan_desktop.acts import sample
from eduplan_desktop.commands import main, parser
from eduplan_desktop.environment import Environment
from tests.core.test_round_trip import ASSETS, Pair, pair
from tests.proof._county import CHEAP, County

__all__ = ["pair"]


def run(pair: Pair, pc: str, *words: object) -> tuple[int, dict[str, object]]:
    """A command as a person might type it; its code and its one JSON object."""
    env = replace(Environment(), home=pair.pc.folder / "PC" / pc, kdf=CHEAP, who=pc)
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = main([*map(str, words), "--json", "--passphrase-file", str(pair.pc.secret)], env)
    if code == 2 and not out.getvalue():
        return code, {}
    return code, dict(json.loads(out.getvalue()))


def refused(pair: Pair, pc: str, *words: object, codes: tuple[int, ...] = (1, 2, 3)) -> str:
    """The command is refused in words; its error code."""
    code, said = run(pair, pc, *words)
    assert code in codes, (words, code, said)
    if not said:
        return "usage"
    if "error" in said:
        assert said["message"], (words, said)
        assert said["advice"], (words, said)
        return str(said["error"])
    return ""


def wrong_files(folder: Path, pair: Pair) -> dict[str, Path]:
    """Files of every sort that lie on sticks."""
    folder.mkdir()
    made = {
        "none": folder / "没有.x",
        "folder": folder,
        "empty": folder / "空.edub",
        "text": folder / "字.edukit",
        "zip": folder / "包.zip",
        "pdf": folder / "纸.pdf",
        "noise": folder / "乱.bin",
        "sqlite": folder / "别的.eduplan",
        "csv": pair.sheets["school"],
        "school file": pair.file,
        "county file": pair.pc.file,
    }
    made["empty"].write_bytes(b"")
    made["text"].write_text("你好\n", encoding="gb18030")
    with zipfile.ZipFile(made["zip"], "w") as archive:
        archive.writestr("EDUPLAN-1", b"")
        archive.writestr("a.txt", "x")
    made["pdf"].write_bytes(b"%PDF-1.4\n%%EOF\n")
    made["noise"].write_bytes(bytes(range(256)) * 40)
    import sqlite3

    with contextlib.closing(sqlite3.connect(made["sqlite"])) as conn:
        conn.execute("CREATE TABLE a (b)")
    return made


def test_every_file_argument_with_every_wrong_file(pair: Pair) -> None:
    """Kit, request, receipt, bundle, backup, sheet, mapping, recovery sheet, data file: each with each wrong file."""
    pair.submit("--answers", ASSETS)
    pair.merge()
    folder = pair.pc.folder
    envelopes = {s: max(pair.pc.stick.glob(f"*.{s}")) for s in ("edukit", "eduenrol", "edub", "edurcpt")}
    wrong = {**wrong_files(folder / "错", pair), **envelopes}
    whole = {name: path.read_bytes() for name, path in (("s", pair.file), ("c", pair.pc.file))}
    for name, path in wrong.items():
        school, county = pair.file, pair.pc.file
        if name != "edukit":
            refused(pair, "school", "school", "join", school, "--kit", path)
            words = ("--school", pair.uid, "--county-fingerprint", "0" * 21, "--to", folder / "x")
            refused(pair, "school", "school", "join", school, "--kit", path, *words)
        if name != "eduenrol":
            refused(pair, "county", "county", "enrol", county, path, "--fingerprint", "0" * 21)
        if name != "edurcpt":
            refused(pair, "school", "receipt", school, path)
        if name not in ("edub", "folder"):
            code, said = run(pair, "county", "county", "merge", county, path)
            listed = said.get("bundles")
            assert code in ((0, 1, 3) if name == "eduenrol" else (1, 3)), (name, code, said)
            assert "error" in said or isinstance(listed, list)
        if name not in ("school file", "county file"):
            refused(pair, "school", "restore", path, "--to", folder / "r.eduplan", "--as", "restore")
            for words in (("check",), ("audit",), ("submit",), ("registers",)):
                more = ("--to", folder / "x") if words == ("submit",) else ()
                refused(pair, "school", words[0], path, *more)
            refused(pair, "county", "county", "board", path)
        if name not in envelopes:
            refused(pair, "school", "bundle", "show", path)
        if name not in ("csv", "text"):
            refused(pair, "school", "import", school, "staff", path)
            refused(pair, "county", "county", "school", county, "import", "--sheet", path)
            refused(pair, "county", "county", "catalog", county, "asset", path)
            refused(pair, "county", "county", "return", county, pair.uid, ASSETS, "--remarks", path)
        refused(pair, "school", "import", school, "staff", pair.sheets["staff"], "--map", path)
        refused(pair, "county", "county", "prove", county, "--sheet", path)
        refused(
            pair, "county", "county", "recover", folder / "neu.eduplan", "--bundles", pair.pc.stick, "--sheet", path
        )
        if name != "edukit":
            words = ("--bundles", path, "--sheet", folder / "sheet.txt")
            refused(pair, "new", "county", "recover", folder / "neu.eduplan", *words)
        assert not (folder / "neu.eduplan").exists(), name
        assert not (folder / "r.eduplan").exists(), name
        if name != "none":
            code, _said = run_with_secret(pair, path, "vault", pair.file, "unlock-test", "personal")
            assert code in (1, 3), name
    assert run(pair, "school", "audit", pair.file)[0] == 0
    assert run(pair, "county", "audit", pair.pc.file)[0] == 0
    assert len(whole["s"]) <= pair.file.stat().st_size


def run_with_secret(pair: Pair, secret: Path, *words: object) -> tuple[int, str]:
    env = replace(Environment(), home=pair.pc.folder / "PC" / "school", kdf=CHEAP)
    out = io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
        return main([*map(str, words), "--json", "--passphrase-file", str(secret)], env), out.getvalue()


WRONG_WORDS = (
    "import {s} nichts {staff}", "table {s} nichts --to {x}.xlsx",
    "table {s} staff --to {x}.docx", "table {s} staff --to {x}", "print {s} F99 --to {x}.pdf",
    "print {s} F09 --to {x}.pdf --of 2025-13", "print {s} F09 --to {x}.pdf --of gestern",
    "print {s} F18 --to {x}.pdf --of abc", "print {s} F13 --to {x}.pdf --of x",
    "print {s} F23 --to {x}.pdf --of 99", "print {s} F23 --to {x}.pdf --of x", "explain {s} nichts/da text",
    "explain {s} a/b/c/d text", "explain {s} '' ''", "submit {s} --to {x} --answers nichts", "submit {s} --to {x} --answers =0",
    "submit {s} --to {x} --answers asset-2025,asset-2025", "submit {c} --to {x}", "receipt {c} {x}",
    "vault {s} create personal", "vault {s} unlock-test health", "vault {s} fliegen personal",
    "restore {s} --to {s} --as restore", "restore {s} --to {x}.eduplan --as klauen",
    "school new {s} --name x", "school new {x}.eduplan --name ''", "school join {s} --kit {kit} --school wer",
    "school join {c} --kit {kit}", "county new {c} --code 990001 --name x --recovery-sheet {x}.txt",
    "county new {x}.eduplan --code abc --name x --recovery-sheet {x}.txt",
    "county new {x}.eduplan --code 990001 --name '' --recovery-sheet {x}.txt",
    "county school {c} add --name ''", "county school {c} import", "county school {c} close --uid wer",
    "county calendar {c} add", "county calendar {c} remove --id nichts",
    "county calendar {c} add --id a --title b --period gestern --due 2025-13-40 --slices nichts",
    "county calendar {c} year --year 0", "county policy {c} set", "county policy {c} set a b",
    "county catalog {c} nichts {staff}", "county return {c} wer asset-2025", "county return {c} {u} nichts",
    "county accept {c} {u} nichts", "county accept {c} {u} stat-2025", "county recheck {c} {u} nichts --result pass --by a --date gestern",
    "county retire {c} wer --from 1", "county revoke {c} {u} --from 0", "county revoke {c} {u} --from -3",
    "county fork {c} abc", "county year {c} 2025 reopen", "county year {c} 0 close",
    "county year {c} 2025 close --rules 1999", "county indicators {c} --year 2025 --to {x}.docx",
    "county indicators {c} --year x", "county board {s}", "county kit {s} --to {x}", "county merge {s} {x}",
    "county merge {c}", "county health-merge {c}", "county letter {s} --to {x}.pdf", "bundle show", "bundle", "nichts", "",
    "check", "county", "demo --schools x",
)  # fmt: skip


@pytest.fixture
def placed(pair: Pair) -> dict[str, object]:
    """What the words in braces stand for."""
    return {
        "s": pair.file, "c": pair.pc.file, "u": pair.uid, "staff": pair.sheets["staff"],
        "kit": max(pair.pc.stick.glob("*.edukit")), "x": pair.pc.folder / "neu",
    }  # fmt: skip


def test_wrong_words(pair: Pair, placed: dict[str, object]) -> None:
    """Unknown registers, items, forms, schools, years, dates: refused in words, nothing is made."""
    told = {}
    for line in WRONG_WORDS:
        words = [w.strip("'").format(**placed) for w in line.split()]
        told[line] = refused(pair, "county" if line.startswith("county") else "school", *words)
    assert [line for line, error in told.items() if error == "world"] == []
    assert not [p.name for p in pair.pc.folder.glob("neu*") if p.is_file()]


def test_help_of_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    """`--help` works everywhere and names the command."""
    assert main(["--help"]) == 0
    assert main(["county", "--help"]) == 0
    assert main(["county", "merge", "--help"]) == 0
    assert parser().prog in capsys.readouterr().out


def test_old_and_foreign_kits_and_receipts(pair: Pair, tmp_path: Path) -> None:
    """An old kit, a kit and a receipt of another county, an old receipt, another school's receipt and bundle."""
    old_kit = max(pair.pc.stick.glob("*.edukit"))
    pair.submit("--answers", ASSETS)
    pair.merge()
    first = max(pair.pc.stick.glob("*.edurcpt"))
    pair.pc.county("accept", pair.uid, ASSETS)
    pair.pc.county("receipts", "--to", pair.pc.stick)
    pair.receipt()
    assert refused(pair, "school", "receipt", pair.file, first, codes=(1,)) == "old_receipt"
    pair.school("receipt", max(pair.pc.stick.glob("*.edurcpt")))
    newer = pair.pc.kit()
    pair.pc.type("school", "school", "join", pair.file, "--kit", newer)
    assert refused(pair, "school", "school", "join", pair.file, "--kit", old_kit, codes=(1,)) == "old_kit"
    (tmp_path / "乙").mkdir()
    other = County(tmp_path / "乙")
    other.found("990002")
    one = sample.schools(2)[1]
    uid = other.county("school", "add", "--name", one.name, "--kind", one.kind)["schools"][0]["uid"]
    other.county("calendar", "year", "--year", sample.YEAR)
    kit = other.kit()
    assert refused(pair, "school", "school", "join", pair.file, "--kit", kit, codes=(1,)) in (
        "wrong_county",
        "unknown_key",
    )
    file = tmp_path / "乙" / "乙校.eduplan"
    other.type("school", "school", "new", file, "--name", one.name, "--sample")
    other.enrol("school", file, uid, kit)
    other.type("school", "submit", file, "--to", other.stick, "--answers", ASSETS, allowed=(0, 1))
    other.county("merge", other.stick, "--receipts", other.stick, allowed=(0, 1))
    foreign = next(other.stick.glob("*.edurcpt"), None)
    bundle = next(other.stick.glob("*.edub"), None)
    request = next(other.stick.glob("*.eduenrol"))
    if foreign is not None and bundle is not None:
        assert refused(pair, "school", "receipt", pair.file, foreign, codes=(1,)) in ("wrong_county", "wrong_school")
        _code, said = run(pair, "county", "county", "merge", pair.pc.file, bundle)
        assert [b["code"] for b in said["bundles"]] == ["wrong_county"]  # type: ignore[attr-defined, index]
    assert refused(pair, "county", "county", "enrol", pair.pc.file, request, "--fingerprint", "0" * 21, codes=(1,))
