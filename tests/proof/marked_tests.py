"""The tests marked `proof`, and every property again with many more examples."""

import os
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path

from installer.test import without_qt
from tests.proof import ROOT, Context, Result

NAME = "marked tests and properties, exhaustively"
LIMIT = 1500.0


def _count(report: Path) -> Result:
    suite = next(ElementTree.parse(report).getroot().iter("testsuite"))
    tried, skipped = int(suite.get("tests", 0)), int(suite.get("skipped", 0))
    failed = int(suite.get("failures", 0)) + int(suite.get("errors", 0))
    names = [
        f"{case.get('classname')}::{case.get('name')}"
        for case in suite.iter("testcase")
        if case.find("failure") is not None or case.find("error") is not None
    ]
    note = f"{skipped} skipped" if skipped else ""
    return Result(tried - skipped, tried - skipped - failed, "; ".join([note, *names[:5]]).strip("; "))


def run(context: Context) -> Result:
    """Run pytest over everything marked, two at a time."""
    report = context.folder / "report.xml"
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-m",
        "proof or property or sampled",
        "-n",
        "2",
        "--timeout=900",
        *without_qt(),
    ]
    environment = {**os.environ, "EDUPLAN_PROOF": "1", "QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run(
        [*command, f"--junit-xml={report}", f"--basetemp={context.folder / 'tmp'}"],
        cwd=ROOT,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=sys.stderr,
        timeout=context.left(),
        check=False,
    )
    if done.returncode == 5:
        return Result(skipped="no test is marked")
    return _count(report)
