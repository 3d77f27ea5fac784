"""`eduplan print`: what `--of` may say for each form, and the answer to everything else; forms of an empty file."""

import io
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pypdf
import pytest

from eduplan_desktop.acts import printing
from eduplan_desktop.acts.paper_desk import PaperDesk
from eduplan_desktop.acts.session import open_session
from eduplan_desktop.commands import main
from eduplan_desktop.environment import Environment, KdfCost
from eduplan_desktop.registers.catalog import REGISTERS
from eduplan_desktop.store.connect import create_store
from tests.core.test_reports_layout import texts

TODAY = "2026-03-05"


def world(tmp_path: Path, kind: str = "school") -> tuple[Path, Environment]:
    """An empty file on a fixed day."""
    env = Environment(home=tmp_path, kdf=KdfCost(8, 1), now=lambda: datetime(2026, 3, 5, 2, tzinfo=UTC))
    file = tmp_path / "f.eduplan"
    create_store(file, kind, env, name="石桥小学").close()
    return file, env


def printed(capsys: pytest.CaptureFixture[str], env: Environment, *words: object) -> tuple[int, dict[str, Any]]:
    """`print` and its JSON."""
    code = main(["print", *map(str, words), "--json"], env)
    return code, json.loads(capsys.readouterr().out)


@pytest.mark.parametrize(
    ("form", "of", "answer"),
    [
        ("F02", "", ""),
        ("f02", TODAY, ""),
        ("F02", "2019-09-01", "bad_of"),
        ("F02", "2026", "bad_of"),
        ("F02", "x", "bad_of"),
        ("F09", "", ""),
        ("F09", "2026-03-05", ""),
        ("F09", "2026-03", ""),
        ("F09", "2026-03-05/week", ""),
        ("F09", "2030-01-01", ""),
        ("F09", "2026-02-30", "bad_of"),
        ("F09", "2026-13", "bad_of"),
        ("F09", "2026", "bad_of"),
        ("F09", "2026-03-05/month", "bad_of"),
        ("F09", "2026-03/week", ""),
        ("F09", "/week", "bad_of"),
        ("F13", "", ""),
        ("F13", "2026", ""),
        ("F13", "2026-03-05", ""),
        ("F13", "2026-99", "bad_of"),
        ("F13", "20x6", "bad_of"),
        ("F13", "0000", "bad_of"),
        ("F13", "٢٠٢٦", "bad_of"),
        ("F18", "", "nothing_to_print"),
        ("F18", "1999", "nothing_to_print"),
        ("F18", "2026-01", "bad_of"),
        ("F23", "abc", "bad_of"),
        ("F23", "0", "bad_of"),
        ("F23", "²", "bad_of"),
        ("F23", "9" * 30, "bad_of"),
        ("LIST", "", "no_such_register"),
        ("LIST", "rooms", "no_such_register"),
        ("LIST", "room", ""),
        ("LIST", "房间", ""),
        ("F22", "", "no_such_form"),
        ("F01", "", "no_such_form"),
        ("", "", "no_such_form"),
    ],
)
def test_of_says_which_one_or_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], form: str, of: str, answer: str
) -> None:
    """A paper, or a code and what to write instead; never another period than the one asked for."""
    file, env = world(tmp_path)
    to = tmp_path / "p.pdf"
    code, said = printed(capsys, env, file, form, "--to", to, "--of", of)
    assert (code, said.get("error", "")) == (1 if answer else 0, answer)
    assert to.exists() != bool(answer)
    if answer:
        assert said["advice"]
    if answer == "no_such_register":
        assert all(r.name in said["advice"] for r in REGISTERS)
    if form == "F22":
        assert "county indicators" in said["advice"]


def test_f23_before_anything_was_submitted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Says what to do first."""
    file, env = world(tmp_path)
    code, said = printed(capsys, env, file, "F23", "--to", tmp_path / "p.pdf")
    assert code == 1
    assert said["advice"]


@pytest.mark.parametrize("form", ["F02", "F13", *(f"LIST:{r.name}" for r in REGISTERS)])
def test_an_empty_table_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str], form: str) -> None:
    """Heads, the words that nothing is there, and the end of the form."""
    file, env = world(tmp_path)
    code, _colon, of = form.partition(":")
    printed(capsys, env, file, code, "--to", tmp_path / "p.pdf", "--of", of)
    pages = texts((tmp_path / "p.pdf").read_bytes())
    assert all("没有记录" in page for page in pages)


def test_a_month_of_checks_is_its_weeks(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """March 2026 begins on a Sunday: six weeks, each on its page; a week is asked for by any of its days."""
    file, env = world(tmp_path)
    printed(capsys, env, file, "F09", "--to", tmp_path / "m.pdf", "--of", "2026-03")
    pages = texts((tmp_path / "m.pdf").read_bytes())
    assert len(pages) == 6
    assert "2026-02-23—2026-03-01" in pages[0]
    assert "2026-03-30—2026-04-05" in pages[-1]
    printed(capsys, env, file, "F09", "--to", tmp_path / "w.pdf", "--of", "2026-03-04/week")
    assert "2026-03-02—2026-03-08" in texts((tmp_path / "w.pdf").read_bytes())[0]


def test_a_day_with_every_line_is_one_page(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Signatures stand under the items they are about, not alone on a second page."""
    file, env = world(tmp_path)
    printed(capsys, env, file, "F09", "--to", tmp_path / "d.pdf", "--of", "2026-03-05")
    (page,) = texts((tmp_path / "d.pdf").read_bytes())
    assert "带班领导签字" in page


def test_a_county_file_prints_the_school_it_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It holds many schools: none named is refused, not printed empty; forms of the school's own stay at the school."""
    file, env = world(tmp_path, "county")
    to = tmp_path / "p.pdf"
    assert printed(capsys, env, file, "F02", "--to", to)[1]["error"] == "no_school"
    assert printed(capsys, env, file, "F23", "--to", to)[1]["error"] == "school_form"
    assert printed(capsys, env, file, "F02", "--to", to, "--school", "没有")[1]["error"] == "no_such_school"
    main(["county", "school", str(file), "add", "--name", "甲小学", "--kind", "小学"], env)
    capsys.readouterr()
    assert printed(capsys, env, file, "F02", "--to", to, "--school", "甲小学")[0] == 0
    assert "填报单位：甲小学" in texts(to.read_bytes())[0]


def test_a_list_leaves_no_column_out(tmp_path: Path) -> None:
    """Every open field of every register is printed, in parts where they do not stand side by side."""
    file, env = world(tmp_path)
    with open_session(file, env) as session:
        paper = PaperDesk(session)
        for one in REGISTERS:
            paper.write("LIST", tmp_path / "l.pdf", one.name)
            text = "".join(
                p.extract_text() for p in pypdf.PdfReader(io.BytesIO((tmp_path / "l.pdf").read_bytes())).pages
            )
            flat = "".join(text.split())
            for field in one.open_fields:
                assert field.kind.name == "RESULTS" or "".join(field.label.split()) in flat, (one.name, field.name)
    assert set(printing.ELSEWHERE).isdisjoint(printing.FORMS)
