"""Independent programs (minisign, age, unzip, zbarimg, pdftotext …): run them, or skip the test and say which is missing."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest


def need(*tools: str) -> None:
    """Skip the test unless all `tools` are on the path."""
    missing = [tool for tool in tools if shutil.which(tool) is None]
    if missing:
        pytest.skip(f"not on this machine: {', '.join(missing)}")


def run(*command: str | Path, cwd: Path | None = None, timeout: float = 60) -> subprocess.CompletedProcess[bytes]:
    """Run an independent program without input, in plain locale; its exit code and output are the test's to judge."""
    need(str(command[0]))
    environment = {**os.environ, "LC_ALL": "C.UTF-8"}
    return subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=timeout,
        check=False,
    )
