"""The command line as scripts meet it: options anywhere, help and errors in Chinese, pipes that close, tables of the county."""

from __future__ import annotations

import argparse
import csv
import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from eduplan_desktop.acts import county_figures
from eduplan_desktop.commands import main, parser
from eduplan_desktop.county.indicator_scope import REASONS
from eduplan_desktop.environment import Environment
from eduplan_desktop.registers.catalog import register
from tests.conftest import ROOT
from tests.core.test_manual import leaves
from tests.core.test_round_trip import ASSETS, YEAR_ITEM, Pair, pair

__all__ = ["pair"]
CHINESE = re.compile("[\u4e00-\u9fff]")
COMMANDS = dict(leaves(parser()))


def test_options_stand_anywhere(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`--json` before, between and after the words of a command means the same."""
    file, env = tmp_path / "一.eduplan", Environment(home=tmp_path)
    assert main(["--json", "school", "new", str(file), "--name", "示例小学"], env) == 0
    assert json.loads(capsys.readouterr().out)["name"] == "示例小学"
    for line in (["--json", "audit", str(file)], ["audit", "--json", str(file)], ["audit", str(file), "--json"]):
        assert main(line, env) == 0
        assert json.loads(capsys.readouterr().out)["sound"] is True
    assert main(["county", "--json", "board", str(file)], env) == 1
    assert json.loads(capsys.readouterr().out)["error"] == "not_county"


@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_help_is_chinese_to_the_last_argument(command: str) -> None:
    """Every argument says in Chinese what it is; the headings are ours, not argparse's."""
    one = COMMANDS[command]
    silent = [a.dest for a in one._actions if a.help != argparse.SUPPRESS and not CHINESE.search(a.help or "")]
    assert silent == []
    assert not re.search(r"usage:|positional arguments|options:", one.format_help())


@pytest.mark.parametrize(
    "line",
    ["submit", "nichts", "county year c.eduplan abc show", "vault c.eduplan open personal", "audit c.eduplan --nichts"],
)
def test_wrong_usage_is_told_in_chinese(line: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Exit 2, what is wrong on stderr, and with `--json` one object on stdout."""
    assert main([*line.split(), "--json"]) == 2
    said = capsys.readouterr()
    assert json.loads(said.out)["error"] == "usage"
    assert CHINESE.search(said.err.splitlines()[-1])


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A school file."""
    made = tmp_path / "一.eduplan"
    assert main(["school", "new", str(made), "--name", "示例小学"], Environment(home=tmp_path)) == 0
    return made


def run(file: Path, *words: str, stdout: int) -> subprocess.CompletedProcess[str]:
    """One command as a process of its own."""
    line = [sys.executable, str(ROOT / "main.py"), *words]
    env = {**os.environ, "EDUPLAN_HOME": str(file.parent)}
    return subprocess.run(line, stdout=stdout, stderr=subprocess.PIPE, text=True, env=env, timeout=60, check=False)


def test_a_reader_that_stops_listening(file: Path) -> None:
    """`eduplan registers … | head -1`: the command ends as it would have, and nothing is said about a fault."""
    reading, writing = os.pipe()
    os.close(reading)
    try:
        ended = run(file, "registers", str(file), "--json", stdout=writing)
    finally:
        os.close(writing)
    assert (ended.returncode, ended.stderr) == (0, "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a disk that is always full")
def test_an_answer_that_cannot_be_written(file: Path) -> None:
    """A full disk under the redirected answer: exit 3 and a sentence, no trace of the program."""
    with Path("/dev/full").open("w") as full:
        ended = run(file, "registers", str(file), "--json", stdout=full.fileno())
    assert ended.returncode == 3
    assert CHINESE.search(ended.stderr)
    assert ".py" not in ended.stderr


def test_control_c_ends_with_a_sentence(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Interrupted by the person: exit 1, told as cancelled."""
    monkeypatch.setattr("eduplan_desktop.acts.inspect_bundle.show", lambda _path: signal.raise_signal(signal.SIGINT))
    assert main(["bundle", "show", "x", "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["error"] == "cancelled"


def test_where_a_file_cannot_be_is_told_in_chinese(file: Path, tmp_path: Path) -> None:
    """A file in the place of a folder, and a folder in the place of a file."""
    plain, env = tmp_path / "plain.txt", Environment(home=tmp_path)
    plain.write_text("x", encoding="utf-8")
    assert main(["table", str(file), "room", "--to", str(plain / "x.csv")], env) == 3
    assert main(["backup", str(file), "--to", str(plain)], env) == 3
    (tmp_path / "x.pdf").mkdir()
    assert main(["print", str(file), "F02", "--to", str(tmp_path / "x.pdf")], env) == 3


def test_a_county_table_holds_the_rows_of_all_schools(pair: Pair, tmp_path: Path) -> None:
    """`table` on the county file: the school in front, every row of every school; never an empty sheet."""
    pair.submit("--answers", ASSETS)
    pair.merge()
    out = tmp_path / "县.csv"
    told = pair.pc.type("county", "table", pair.pc.file, "equipment", "--to", out)
    with out.open(encoding="utf-8-sig", newline="") as opened:
        rows = list(csv.reader(opened))
    assert rows[0][0] == "学校"
    assert told["rows"] == len(rows) - 1 > 0
    for words, error in (
        (("equipment", "--to", out, "--sealed"), "sealed_at_county"),
        (("nichts", "--to", out), "no_such_register"),
        (("equipment", "--to", tmp_path / "x.doc"), "bad_ending"),
    ):
        assert pair.pc.type("county", "table", pair.pc.file, *words, allowed=(1,))["error"] == error


def test_an_envelope_is_shown_in_words(pair: Pair, capsys: pytest.CaptureFixture[str]) -> None:
    """`bundle show` for a person: the words of the screens, no codes and no brackets."""
    made = pair.submit("--answers", ASSETS)
    capsys.readouterr()
    assert main(["bundle", "show", made["bundle"]]) == 0
    said = capsys.readouterr().out
    assert "数据包" in said
    assert "设备台账 随包报出" in said
    assert not re.search(r"carried|not_reported|submission|\[|\{", said)


def test_figures_name_what_is_missing_in_words() -> None:
    """Reasons and inputs under a printed table of figures are words, not codes."""
    assert county_figures.input_word("books") == register("school_year").by_name["books"].label
    assert all(CHINESE.search(words) for words in REASONS.values())


def test_figures_of_a_county_speak_chinese(pair: Pair, capsys: pytest.CaptureFixture[str]) -> None:
    """A school without figures: named with what it lacks, on the screen and under the printed table."""
    assert main(["county", "indicators", str(pair.pc.file), "--year", "2025", "--rules", "2012"]) == 0
    said = capsys.readouterr().out
    assert "在校学生数" in said
    assert "pupils" not in said
    assert "综合差异系数 —" in said


def test_the_command_line_prepares_sealed_halves_while_the_vault_is_open(pair: Pair) -> None:
    """`import` with the passphrase seals what it stored, so that `submit` sends it without one."""
    staff = pair.sheets["staff"]
    pair.school("import", "staff", staff)
    pair.explain_all()
    pair.pc.secret.write_text("", encoding="utf-8")
    assert pair.submit("--answers", YEAR_ITEM)["warnings"] == []
