"""`make check`: form, lint, types, layers, budgets; all of them run, side by side, and every complaint is shown."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LAYERS = "import sys; from importlinter.cli import lint_imports_command; sys.exit(lint_imports_command(['--no-cache']))"
CHECKS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("types", ("-m", "mypy")),
    ("form", ("-m", "ruff", "format", "--check", ".")),
    ("lint", ("-m", "ruff", "check", "--quiet", ".")),
    ("layers", ("-c", LAYERS)),
    ("budgets", ("-m", "installer.check_budgets")),
)


@dataclass(frozen=True)
class Outcome:
    """What one check said. seconds: wall time."""

    name: str
    passed: bool
    seconds: float
    output: str


def run_check(name: str, arguments: Sequence[str]) -> Outcome:
    """Run one check in this interpreter's environment."""
    started = time.monotonic()
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    return Outcome(name, done.returncode == 0, time.monotonic() - started, done.stdout.strip())


def main() -> int:
    """Run every check; 1 if any complained."""
    with ThreadPoolExecutor(max_workers=2) as pool:
        outcomes = list(pool.map(lambda check: run_check(*check), CHECKS))
    for outcome in outcomes:
        if not outcome.passed:
            print(f"\n--- {outcome.name} ---\n{outcome.output}")
    for outcome in outcomes:
        print(f"{outcome.name:<10}{'ok' if outcome.passed else 'FAILED':<8}{outcome.seconds:5.1f} s")
    return 0 if all(outcome.passed for outcome in outcomes) else 1


if __name__ == "__main__":
    sys.exit(main())
