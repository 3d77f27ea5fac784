"""A submission cut off between two steps, and sticks that fail: no number signed twice, nothing lost, the county merges it."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from eduplan_desktop.acts import home, membership, submit, unfinished
from eduplan_desktop.acts.home import KeyFolder
from eduplan_desktop.acts.session import open_session
from eduplan_desktop.bundle import stick
from tests.core.test_round_trip import ASSETS, Pair, pair

__all__ = ["pair"]


class PowerCutError(BaseException):
    """Stands for a process that ends here and now."""


def cut(*_: object, **__: object) -> Any:
    raise PowerCutError


def cut_after(done: Callable[..., Any]) -> Callable[..., Any]:
    def run(*given: Any, **named: Any) -> Any:
        done(*given, **named)
        raise PowerCutError

    return run


STEPS: dict[str, tuple[object, str, bool]] = {
    "before the bundle is kept": (unfinished, "keep", False),
    "after it is kept": (unfinished, "keep", True),
    "before its number is noted": (home.KeyFolder, "note_signed", False),
    "after its number is noted": (home.KeyFolder, "note_signed", True),
    "after it is named": (unfinished, "name_it", True),
    "during the copy": (stick, "copy_file", False),
    "after the copy": (stick, "copy_file", True),
}


def submit_cut(pair: Pair, monkeypatch: pytest.MonkeyPatch, step: str) -> None:
    owner, name, after = STEPS[step]
    with monkeypatch.context() as patch:
        patch.setattr(owner, name, cut_after(getattr(owner, name)) if after else cut)
        with pytest.raises(PowerCutError):
            pair.submit("--answers", ASSETS)


def signed_on(stick_folder: Path) -> dict[int, set[str]]:
    """Sequence → digests of every bundle that ever lay on the stick or beside the file."""
    from eduplan_desktop.acts.inspect_bundle import show

    found: dict[int, set[str]] = {}
    for path in stick_folder.rglob("*.edub"):
        facts = show(path).facts
        found.setdefault(facts["number"], set()).add(facts["digest"])
    return found


@pytest.mark.parametrize("step", STEPS)
def test_a_cut_at_any_step_heals_by_itself(pair: Pair, monkeypatch: pytest.MonkeyPatch, step: str) -> None:
    """The next submission goes on, every number stands for one bundle, the county gets all of them without a gap."""
    submit_cut(pair, monkeypatch, step)
    made = pair.school("submit", "--to", pair.pc.stick, "--answers", ASSETS)
    numbers = signed_on(pair.pc.folder)
    assert all(len(digests) == 1 for digests in numbers.values())
    assert sorted(numbers) == list(range(1, made["sequence"] + 1))
    merged = pair.merge()
    assert [(b["sequence"], b["status"], b["code"]) for b in merged["bundles"]] == [
        (n, "merged", "") for n in range(1, made["sequence"] + 1)
    ]
    assert pair.pc.county("board")["rows"]
    pair.receipt()
    again = pair.school("submit", "--to", pair.pc.stick, "--answers", ASSETS)
    assert again["sequence"] == made["sequence"] + 1
    assert again["slices"]["equipment"] == "as_before"
    assert pair.merge()["totals"]["merged"] == 1


def test_two_cuts_one_after_the_other(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    """Cuts while an earlier cut is being mended, after a merged first bundle: still one digest a number, still no gap."""
    pair.submit("--answers", ASSETS)
    pair.merge()
    pair.receipt()
    submit_cut(pair, monkeypatch, "before its number is noted")
    submit_cut(pair, monkeypatch, "before its number is noted")
    submit_cut(pair, monkeypatch, "after its number is noted")
    made = pair.submit("--answers", ASSETS)
    assert made["sequence"] == 3
    assert len(made["warnings"]) == 1
    assert [b["status"] for b in pair.merge()["bundles"]] == ["already", "merged", "merged"]
    assert pair.school("audit")["sound"]


def test_only_the_newest_reaches_the_county_and_the_missing_are_named(
    pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The officer got one of two bundles: merged with `gap`; `copy_again` brings the other, and the gap closes."""
    submit_cut(pair, monkeypatch, "during the copy")
    made = pair.submit("--answers", ASSETS)
    for path in pair.pc.stick.glob("*-0001-*.edub"):
        path.unlink()
    assert [(b["status"], b["code"]) for b in pair.merge()["bundles"]] == [("merged", "gap")]
    env = pair_env(pair)
    with open_session(pair.file, env) as session:
        path = submit.copy_again(session, 1, pair.pc.stick)
    assert path.is_file()
    assert made["sequence"] == 2
    assert sorted(b["status"] for b in pair.merge()["bundles"]) == ["already", "older"]


def pair_env(pair: Pair) -> Any:
    from dataclasses import replace

    from eduplan_desktop.environment import Environment
    from tests.proof._county import CHEAP

    return replace(Environment(), home=pair.pc.folder / "PC" / "school", kdf=CHEAP)


def test_an_old_file_put_back_is_no_cut(pair: Pair) -> None:
    """The file of yesterday laid over today's, bundles still beside it: asked, not adopted; nothing is signed meanwhile."""
    old = pair.file.read_bytes()
    pair.submit("--answers", ASSETS)
    pair.file.write_bytes(old)
    pair.explain_all()
    refused = pair.school("submit", "--to", pair.pc.stick, "--answers", ASSETS, allowed=(1,))
    assert refused["error"] == "behind"
    with open_session(pair.file, pair_env(pair)) as session:
        assert not unfinished.cut_off(session)
        assert len(membership.key_folder(session).signed()) == 1


def fail_with(number: int) -> Callable[..., Any]:
    def run(*_: object, **__: object) -> Any:
        raise OSError(number, "x")

    return run


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (28, "no_space"),
        (30, "not_writable"),
        (13, "not_writable"),
        (2, "missing"),
        (19, "missing"),
        (5, "stick_failed"),
    ],
)
def test_a_stick_that_fails_leaves_nothing_half_written(
    pair: Pair, monkeypatch: pytest.MonkeyPatch, number: int, code: str
) -> None:
    """Full, read-only, pulled, broken: exit 3 with advice; the next stick gets both bundles."""
    pair.explain_all()
    other = pair.pc.folder / "另一只U盘"
    real = stick.copy_file
    with monkeypatch.context() as patch:
        patch.setattr(
            stick,
            "copy_file",
            lambda *a, **n: (patch.setattr(stick, "_write", fail_with(number)), real(*a))[1],
        )
        failed = pair.school("submit", "--to", other, "--answers", ASSETS, allowed=(3,))
    assert failed["error"] == code
    assert "第 1 包" in failed["advice"]
    assert not list(other.iterdir())
    made = pair.school("submit", "--to", pair.pc.stick, "--answers", ASSETS)
    assert made["sequence"] == 2
    assert [b["status"] for b in pair.merge()["bundles"]] == ["merged", "merged"]


def test_a_full_disk_before_signing_burns_no_number(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    """The bundle cannot even be kept beside the file: nothing is signed, the next one has number 1."""
    pair.explain_all()
    with monkeypatch.context() as patch:
        patch.setattr(stick, "_write", fail_with(28))
        failed = pair.school("submit", "--to", pair.pc.stick, "--answers", ASSETS, allowed=(3,))
    assert failed["error"] == "no_space"
    assert not [*pair.pc.folder.rglob("*.part"), *pair.pc.folder.rglob("*.edub")]
    assert pair.school("submit", "--to", pair.pc.stick, "--answers", ASSETS)["sequence"] == 1


def test_a_file_in_the_place_of_the_stick(pair: Pair) -> None:
    """Every command that writes to a folder says so, in the words of the world."""
    place = pair.pc.folder / "不是文件夹"
    place.write_text("x", encoding="utf-8")
    kit = max(pair.pc.stick.glob("*.edukit"))
    shown = pair.pc.type("school", "bundle", "show", kit)["fingerprint"]
    pair.submit("--answers", ASSETS)
    pair.merge()
    for to in (place, place / "下面"):
        answers = [
            pair.school("submit", "--to", to, "--answers", ASSETS, allowed=(3,)),
            pair.school("backup", "--to", to, allowed=(3,)),
            pair.school("print", "F02", "--to", to / "a.pdf", allowed=(3,)),
            pair.school("table", "staff", "--to", to / "a.xlsx", allowed=(1, 3)),
            pair.school("table", "staff", "--to", to / "a.csv", allowed=(1, 3)),
            pair.pc.county("kit", "--to", to, allowed=(3,)),
            pair.pc.county("receipts", "--to", to, allowed=(3,)),
            pair.pc.type(
                "school", "school", "join", pair.file, "--kit", kit, "--school", pair.uid, "--to", to,
                "--county-fingerprint", shown, allowed=(3,),
            ),
        ]  # fmt: skip
        assert all(a["error"] and a["message"] and a["advice"] for a in answers), answers
    assert place.read_text(encoding="utf-8") == "x"
    assert pair.school("submit", "--to", pair.pc.stick, "--answers", ASSETS)["sequence"] == 2


def test_the_key_folder_read_only_signs_nothing(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the number cannot be noted, the bundle does not leave; afterwards the kept one is taken up."""
    pair.explain_all()
    with monkeypatch.context() as patch:
        real = os.replace
        patch.setattr(os, "replace", lambda a, b: (fail_with(30) if Path(b).name == "signed.json" else real)(a, b))
        failed = pair.school("submit", "--to", pair.pc.stick, "--answers", ASSETS, allowed=(3,))
    assert failed["error"] == "home_unwritable"
    assert not list(pair.pc.stick.glob("*.edub"))
    made = pair.school("submit", "--to", pair.pc.stick, "--answers", ASSETS)
    assert all(len(d) == 1 for d in signed_on(pair.pc.folder).values())
    assert [b["status"] for b in pair.merge()["bundles"]] == ["merged"] * made["sequence"]


def test_a_damaged_key_folder_is_told(pair: Pair) -> None:
    """Not a traceback: which file it is and what to do."""
    with open_session(pair.file, pair_env(pair)) as session:
        folder = KeyFolder(session.env, session.store.file_id).folder
    pair.explain_all()
    for name, body in (
        ("signed.json", "[1,2"),
        ("signed.json", "[]"),
        ("signed.json", '{"signed": 7}'),
        ("keys.json", "{"),
    ):
        whole = (folder / name).read_bytes() if (folder / name).exists() else None
        (folder / name).write_text(body, encoding="utf-8")
        refused = pair.school("submit", "--to", pair.pc.stick, "--answers", ASSETS, allowed=(3,))
        assert refused["error"] == "keys_damaged", (name, body)
        (folder / name).write_bytes(whole) if whole is not None else (folder / name).unlink()
    assert json.loads((folder / "signed.json").read_text(encoding="ascii"))["signed"] == []
    assert pair.school("submit", "--to", pair.pc.stick, "--answers", ASSETS)["sequence"] == 1
