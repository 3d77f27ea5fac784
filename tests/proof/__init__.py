"""Proof steps: what is too long for every day. One module a step; `make proof` finds, runs and counts them.

A step is `tests/proof/<name>.py` with `NAME: str`, `run(context: Context) -> Result`, and if it wants
`LIMIT: float` (seconds, else 900) and `ALONE = True` (nothing else may run meanwhile: it measures time or memory).
Each runs in a process of its own. A name starting with `_` is a helper, not a step.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent.parent
SHARED = ROOT.parent / "shared"


@dataclass(frozen=True)
class Result:
    """What a step found. tried: cases; held: cases as claimed; note: figures for the table; skipped: why not run at all."""

    tried: int = 0
    held: int = 0
    note: str = ""
    skipped: str = ""
    figures: dict[str, float | int | str] = field(default_factory=dict)


@dataclass(frozen=True)
class Answer:
    """What one command said. code: exit code; out: its JSON object ({} if none); err: what went to stderr."""

    code: int
    out: dict[str, Any]
    err: str


@dataclass(frozen=True)
class Context:
    """What a step may use. folder: empty scratch folder; shared: real input, or None; deadline: by `time.monotonic`."""

    folder: Path
    shared: Path | None
    deadline: float
    seed: int = 20250901

    def left(self) -> float:
        """Seconds before the step is ended."""
        return self.deadline - time.monotonic()

    def say(self, text: str) -> None:
        """A line of progress."""
        print(text, file=sys.stderr, flush=True)

    def eduplan(self, *arguments: str | Path, home: Path, passphrase: str = "") -> Answer:
        """Run `eduplan … --json` as the PC whose key folder is `home`."""
        environment = {**os.environ, "EDUPLAN_HOME": str(home), "PYTHONUTF8": "1"}
        if passphrase:
            environment["EDUPLAN_PASSPHRASE"] = passphrase
        done = subprocess.run(
            [sys.executable, str(ROOT / "main.py"), *(str(part) for part in arguments), "--json"],
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            timeout=max(1.0, self.left()),
            check=False,
        )
        return Answer(done.returncode, json.loads(done.stdout) if done.stdout.strip() else {}, done.stderr)
