"""Killed at a statement of save, import, undo, migration, backup…: the file is as before the act or as after it (invariant 1).

A sample of the statements daily; the proof kills at every one (tests/proof/kills.py).
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.core.crashes import KILLED, SCENARIOS
from tests.sampling import sample

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="kills need a system that forks")


def kill(folder: Path, scenario: str, chosen: str) -> list[dict[str, Any]]:
    """The lines of tests.core.crashes, parsed; the first says how many statements there are."""
    command = [sys.executable, "-m", "tests.core.crashes", str(folder), scenario, chosen]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=110, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    return [json.loads(line) for line in done.stdout.splitlines()]


def wrong(lines: list[dict[str, Any]], several: bool) -> list[dict[str, Any]]:
    """The kills after which the file was not as before or after, or not sound."""
    first, *kills = lines
    allowed = {first["before"]["state"], first["after"]["state"]}
    return [
        line
        for line in kills
        if line["wrong"]
        or line["code"] != KILLED
        or not (several or line["state"] in allowed or line["state"] == "none")
    ]


@pytest.mark.parametrize("scenario", sorted(SCENARIOS))
def test_a_kill_leaves_the_file_before_or_after(tmp_path: Path, scenario: str) -> None:
    chosen = ",".join(str(k) for k in [*sample(range(1, 40), 6), *sample(range(40, 3000), 6)])
    lines = kill(tmp_path, scenario, chosen)
    assert lines[0]["total"] > 5
    assert lines[0]["before"]["wrong"] == lines[0]["after"]["wrong"] == []
    assert wrong(lines, SCENARIOS[scenario].several) == []
