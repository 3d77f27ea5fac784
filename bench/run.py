"""`make bench`: every case of bench/, median of five, baseline and ours in turn within the same run, each in its own process.

A case is `bench/bench_<name>.py` with
    NAME: str                            what is measured
    GOAL: str                            the goal in words, as printed
    LIMITS: dict[str, float]             figure → highest allowed: "ratio" (ours / baseline, seconds), "extra MB" (ours −
                                         baseline, peak), "seconds", "peak MB", or any key of Measure.figures of `ours`
    prepare(inputs: Path) -> None        optional; once, not timed: make files both sides read
    baseline(inputs, scratch) -> Measure optional; the least work that could be called the same, in bench/baselines.py
    ours(inputs, scratch) -> Measure
Each call times its own work (bench.measure.timed), so that imports and set-up do not count unless they are the point.
Options: `--only PART`, `--runs N`. Exit 1 if a limit is passed or a case broke.
"""

from __future__ import annotations

import argparse
import importlib
import json
import resource
import subprocess
import sys
import tempfile
from dataclasses import asdict, dataclass, field
from pathlib import Path
from statistics import median

from bench.measure import Measure

ROOT = Path(__file__).resolve().parent.parent
RUN_LIMIT = 1800.0


@dataclass
class Report:
    """A case's medians and which limits they pass. error: why there are none."""

    name: str
    goal: str
    baseline: Measure | None = None
    ours: Measure | None = None
    figures: dict[str, float] = field(default_factory=dict)
    passed: list[str] = field(default_factory=list)
    error: str = ""


class CaseError(Exception):
    """A case's process ended without a measure."""


def call(module: str, side: str, inputs: Path) -> Measure:
    """Run one side of a case once, in a process of its own with an empty scratch folder."""
    with tempfile.TemporaryDirectory(prefix="eduplan-bench-") as scratch:
        command = [sys.executable, "-m", "bench.run", "--child", module, side, str(inputs), scratch]
        done = subprocess.run(
            command, cwd=ROOT, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=RUN_LIMIT, check=False
        )
        answer = Path(scratch) / "bench-answer.json"
        if not answer.is_file():
            lines = done.stderr.strip().splitlines() or ["it said nothing"]
            raise CaseError(f"{side}: {lines[-1][:300]}")
        return Measure(**json.loads(answer.read_text(encoding="utf-8")))


def run_child(module: str, side: str, inputs: Path, scratch: Path) -> int:
    """The inside of `call`. Peak memory is this process's, or a larger child's, unless the case says its own."""
    work = scratch / "work"
    work.mkdir()
    case = importlib.import_module(f"bench.{module}")
    if side == "prepare":
        case.prepare(inputs)
        measure = Measure()
    else:
        measure = getattr(case, side)(inputs, work)
    if not measure.peak_mb:
        whose = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
        measure.peak_mb = max(resource.getrusage(who).ru_maxrss for who in whose) / 1024
    (scratch / "bench-answer.json").write_text(json.dumps(asdict(measure)), encoding="utf-8")
    return 0


def middle(runs: list[Measure]) -> Measure:
    """The median of every figure on its own."""
    names = runs[0].figures
    return Measure(
        median(run.seconds for run in runs),
        median(run.peak_mb for run in runs),
        {name: median(run.figures[name] for run in runs) for name in names},
    )


def compare(ours: Measure, baseline: Measure | None) -> dict[str, float]:
    """All figures a limit can name."""
    figures = {"seconds": ours.seconds, "peak MB": ours.peak_mb, **ours.figures}
    if baseline is not None:
        figures["ratio"] = ours.seconds / baseline.seconds if baseline.seconds else float("inf")
        figures["extra MB"] = ours.peak_mb - baseline.peak_mb
    return figures


def run_case(module: str, runs: int) -> Report:
    """Prepare, then `runs` times baseline and ours in turn."""
    case = importlib.import_module(f"bench.{module}")
    report = Report(case.NAME, case.GOAL)
    has_baseline = hasattr(case, "baseline")
    measured: dict[str, list[Measure]] = {"baseline": [], "ours": []}
    with tempfile.TemporaryDirectory(prefix="eduplan-bench-inputs-") as folder:
        inputs = Path(folder)
        try:
            if hasattr(case, "prepare"):
                call(module, "prepare", inputs)
            for _ in range(runs):
                for side in ("baseline", "ours") if has_baseline else ("ours",):
                    measured[side].append(call(module, side, inputs))
        except (CaseError, subprocess.TimeoutExpired) as error:
            report.error = str(error)
            return report
    report.ours = middle(measured["ours"])
    report.baseline = middle(measured["baseline"]) if has_baseline else None
    report.figures = compare(report.ours, report.baseline)
    report.passed = [
        f"{name} {report.figures[name]:.3g} > {limit:g}"
        for name, limit in case.LIMITS.items()
        if report.figures[name] > limit
    ]
    return report


def describe(report: Report) -> str:
    """A case's block of the table."""
    if report.error or report.ours is None:
        return f"{report.name}\n  BROKEN: {report.error}\n"
    lines = [report.name, f"  goal      {report.goal}"]
    for label, side in (("baseline", report.baseline), ("ours", report.ours)):
        if side is not None:
            lines.append(f"  {label:<9} {side.seconds:10.4f} s  {side.peak_mb:7.1f} MB")
    more = {name: value for name, value in report.figures.items() if name not in ("seconds", "peak MB")}
    lines.append("  " + "  ".join(f"{name} {value:.3g}" for name, value in more.items()))
    lines.append("  goal met" if not report.passed else f"  GOAL MISSED: {'; '.join(report.passed)}")
    return "\n".join(lines) + "\n"


def main(arguments: list[str]) -> int:
    """Parse the options and run."""
    if arguments[:1] == ["--child"]:
        return run_child(arguments[1], arguments[2], Path(arguments[3]), Path(arguments[4]))
    parser = argparse.ArgumentParser(prog="make bench", formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", default="")
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args(arguments)
    reports = []
    for path in sorted((ROOT / "bench").glob("bench_*.py")):
        if options.only.lower() in path.stem.lower():
            reports.append(run_case(path.stem, options.runs))
            print(describe(reports[-1]), flush=True)
    missed = sum(bool(report.passed or report.error) for report in reports)
    print(f"{len(reports) - missed} of {len(reports)} goals met, median of {options.runs}")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
