"""What a journey may do: keys, clicks, what the window shows, and the command line for the other side. Nothing behind the window."""

import ast
from pathlib import Path

import pytest

HERE = Path(__file__).parent
JOURNEYS = sorted(p for p in HERE.glob("test_*.py") if p != Path(__file__))
BEHIND = {"workspace", "session", "open_file", "finish_page", "context"}
"""What stands behind the window: attributes a journey must not touch. `open_file` of the hands is a function, not this."""
CORE = ("eduplan_desktop.workspace", "eduplan_desktop.store", "eduplan_desktop.acts", "eduplan_desktop.county")
TOLD = {
    "eduplan_desktop.acts.sample",
    "eduplan_desktop.acts.key_home",
    "eduplan_desktop.store.storage.Disk",
}
"""No calls into the core: the sample school's sheets as it kept them, and the disks of the PC that is played."""


@pytest.mark.parametrize("path", JOURNEYS, ids=lambda p: p.stem)
def test_no_journey_looks_behind_the_window(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    touched = [f"{n.lineno}: .{n.attr}" for n in ast.walk(tree) if isinstance(n, ast.Attribute) and n.attr in BEHIND]
    named = [
        f"{n.lineno}: {n.module}.{a.name}"
        for n in ast.walk(tree)
        if isinstance(n, ast.ImportFrom)
        for a in n.names
        if (n.module or "").startswith(CORE) and f"{n.module}.{a.name}" not in TOLD
    ]
    assert touched + named == []
