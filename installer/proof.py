"""`make proof`: run every step of tests/proof in a process of its own, resume after a stop, end in one table.

A step that held is recorded in `.proof/` under the content of the repository and not run again until that changes.
Options: `--only PART` steps whose name has it · `--again` forget what is recorded. Exit 1 if a step failed.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path

from installer.fingerprint import content_fingerprint
from tests.proof import ROOT, SHARED, Context, Result

FOLDER = ROOT / "tests" / "proof"
RECORD = ROOT / ".proof"
STEP_LIMIT = 900.0
TOTAL_LIMIT = 3600.0


@dataclass(frozen=True)
class Step:
    """One module of tests/proof. limit: seconds; alone: nothing else runs meanwhile."""

    module: str
    name: str
    limit: float
    alone: bool


@dataclass(frozen=True)
class Outcome:
    """A step's end. state: passed, failed or skipped; seconds: wall time."""

    name: str
    state: str
    tried: int
    held: int
    seconds: float
    note: str
    recorded: bool = False


def find_steps(only: str) -> list[Step]:
    """All steps, those that measure last."""
    found = []
    for path in sorted(FOLDER.glob("[!_]*.py")):
        module = importlib.import_module(f"tests.proof.{path.stem}")
        step = Step(path.stem, module.NAME, getattr(module, "LIMIT", STEP_LIMIT), getattr(module, "ALONE", False))
        if only.lower() in f"{step.module} {step.name}".lower():
            found.append(step)
    return sorted(found, key=lambda step: step.alone)


def judge(step: Step, result: Result, seconds: float) -> Outcome:
    """A step passes when it tried something and all of it held."""
    if result.skipped:
        return Outcome(step.name, "skipped", 0, 0, seconds, result.skipped)
    state = "passed" if 0 < result.tried == result.held else "failed"
    return Outcome(step.name, state, result.tried, result.held, seconds, result.note)


def run_step(step: Step, ends: float) -> Outcome:
    """Run `step` in a child process, not longer than its limit nor past `ends`."""
    started = time.monotonic()
    limit = min(step.limit, ends - started)
    if limit < 1:
        return Outcome(step.name, "failed", 0, 0, 0.0, "not run: the hour for the whole proof was used up")
    with tempfile.TemporaryDirectory(prefix="eduplan-proof-") as folder:
        answer, log = Path(folder) / "answer.json", RECORD / f"{step.module}.log"
        command = [sys.executable, "-m", "installer.proof", "--child", step.module, folder, str(limit)]
        if not finish(command, log, limit):
            return Outcome(step.name, "failed", 0, 0, time.monotonic() - started, f"ended after {limit:.0f} s")
        seconds = time.monotonic() - started
        if not answer.is_file():
            return Outcome(step.name, "failed", 0, 0, seconds, f"crashed: {last_line(log)}")
        return judge(step, Result(**json.loads(answer.read_text(encoding="utf-8"))), seconds)


def finish(command: list[str], log: Path, limit: float) -> bool:
    """Run `command` into `log`; after `limit` seconds end it and all it started, and answer False."""
    with log.open("w", encoding="utf-8") as output:
        child = subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True
        )
        try:
            child.wait(timeout=limit)
        except subprocess.TimeoutExpired:
            os.killpg(child.pid, signal.SIGKILL)
            child.wait()
            return False
    return True


def last_line(log: Path) -> str:
    """What a step said last."""
    lines = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
    return f"{lines[-1][:200]} (more in {log.relative_to(ROOT)})" if lines else "it said nothing"


def run_child(module: str, folder: Path, limit: float) -> int:
    """The inside of `run_step`: call the step and leave its result beside the scratch folder."""
    scratch = folder / "work"
    scratch.mkdir()
    step = importlib.import_module(f"tests.proof.{module}")
    context = Context(scratch, SHARED if SHARED.is_dir() else None, time.monotonic() + limit - 5)
    try:
        result = step.run(context)
    except Exception:
        traceback.print_exc()
        return 1
    (folder / "answer.json").write_text(json.dumps(asdict(result), ensure_ascii=False), encoding="utf-8")
    return 0


def read_record(fingerprint: str) -> dict[str, Outcome]:
    """Steps that held on exactly this content."""
    try:
        stored = json.loads((RECORD / f"{fingerprint}.json").read_text(encoding="utf-8"))
        return {name: Outcome(**{**outcome, "recorded": True}) for name, outcome in stored.items()}
    except (OSError, ValueError, TypeError):
        return {}


def write_record(fingerprint: str, outcomes: Iterable[Outcome]) -> None:
    """Remember the steps that held."""
    held = {outcome.name: asdict(outcome) for outcome in outcomes if outcome.state == "passed"}
    (RECORD / f"{fingerprint}.json").write_text(json.dumps(held, ensure_ascii=False, indent=1), encoding="utf-8")


def run_all(steps: list[Step], fingerprint: str, known: dict[str, Outcome]) -> list[Outcome]:
    """Run what is not known, two at a time, then one by one those that measure."""
    ends = time.monotonic() + TOTAL_LIMIT
    outcomes = dict(known)

    def one(step: Step) -> None:
        outcome = run_step(step, ends)
        outcomes[step.name] = outcome
        print(f"{outcome.state:<8} {outcome.seconds:7.1f} s  {step.name}", flush=True)
        write_record(fingerprint, list(outcomes.values()))

    todo = [step for step in steps if step.name not in known]
    with ThreadPoolExecutor(max_workers=2) as pool:
        list(pool.map(one, [step for step in todo if not step.alone]))
    for step in todo:
        if step.alone:
            one(step)
    return [outcomes[step.name] for step in steps]


def print_table(outcomes: list[Outcome]) -> None:
    """One row a step, then the closing line."""
    print(f"\n{'tried':>9} {'held':>9} {'seconds':>8}  step")
    for outcome in outcomes:
        again = " (held before on this content)" if outcome.recorded else ""
        mark = "" if outcome.state == "passed" else f"  [{outcome.state}]"
        print(f"{outcome.tried:>9,} {outcome.held:>9,} {outcome.seconds:>8.1f}  {outcome.name}{mark}{again}")
        for line in outcome.note.splitlines():
            print(f"{'':>29} {line}")
    counts = {state: sum(outcome.state == state for outcome in outcomes) for state in ("passed", "failed", "skipped")}
    print("\n" + ", ".join(f"{number} {state}" for state, number in counts.items() if number or state != "skipped"))


def main(arguments: list[str]) -> int:
    """Parse the options and run."""
    if arguments[:1] == ["--child"]:
        return run_child(arguments[1], Path(arguments[2]), float(arguments[3]))
    parser = argparse.ArgumentParser(prog="make proof", description=__doc__)
    parser.add_argument("--only", default="")
    parser.add_argument("--again", action="store_true")
    options = parser.parse_args(arguments)
    RECORD.mkdir(exist_ok=True)
    fingerprint = content_fingerprint(ROOT)
    outcomes = run_all(find_steps(options.only), fingerprint, {} if options.again else read_record(fingerprint))
    print_table(outcomes)
    return 1 if any(outcome.state == "failed" for outcome in outcomes) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
