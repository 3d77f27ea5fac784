"""Sizes that keep the code readable: a file or function over the hard limit, or a code base growing long, fails.

A file counts its lines; a function counts from `def` to its last line without docstring, blank and comment-only lines
of its own (a nested function counts in both). Hard limits hold everywhere; the distribution is the product's.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles

ROOT = Path(__file__).resolve().parent.parent
PRODUCT = ("main.py", "eduplan_desktop", "ui", "installer")
ELSEWHERE = ("bench", "tests", "resources")
FILE_LIMIT = 500
FUNCTION_LIMIT = 60
GOALS = {"file": (150.0, 350.0), "function": (9.0, 25.0)}
"""Median and 90th percentile not to be passed. Files aim at 130; empty package files are not counted."""


@dataclass(frozen=True)
class Size:
    """Lines of one file or function. place: path, with line and name for a function."""

    place: str
    lines: int


def python_files(names: Iterable[str]) -> Iterator[Path]:
    """Every .py file at or under the named files and folders of the repository."""
    for name in names:
        start = ROOT / name
        yield from [start] if start.is_file() else sorted(start.rglob("*.py"))


def code_lines(source: str) -> set[int]:
    """Numbers of the lines that hold code, not only a comment or nothing."""
    lines = enumerate(source.splitlines(), start=1)
    return {number for number, line in lines if line.strip() and not line.lstrip().startswith("#")}


def docstring_lines(node: ast.FunctionDef | ast.AsyncFunctionDef) -> set[int]:
    """Lines of a function's docstring."""
    if ast.get_docstring(node, clean=False) is None:
        return set()
    return set(range(node.body[0].lineno, (node.body[0].end_lineno or node.body[0].lineno) + 1))


def function_sizes(path: Path, source: str) -> Iterator[Size]:
    """One size for each function of a file."""
    code = code_lines(source)
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            body = set(range(node.lineno, (node.end_lineno or node.lineno) + 1)) - docstring_lines(node)
            yield Size(f"{path.relative_to(ROOT)}:{node.lineno} {node.name}", len(body & code))


def measure(names: Iterable[str]) -> dict[str, list[Size]]:
    """Sizes of the files and functions under `names`."""
    sizes: dict[str, list[Size]] = {"file": [], "function": []}
    for path in python_files(names):
        source = path.read_text(encoding="utf-8")
        lines = source.count("\n")
        if path.name != "__init__.py" or lines > 5:
            sizes["file"].append(Size(str(path.relative_to(ROOT)), lines))
        sizes["function"].extend(function_sizes(path, source))
    return sizes


def too_long(sizes: dict[str, list[Size]]) -> Iterator[str]:
    """A complaint for each file or function over its hard limit."""
    for kind, limit in (("file", FILE_LIMIT), ("function", FUNCTION_LIMIT)):
        for size in sizes[kind]:
            if size.lines > limit:
                yield f"{size.place}: {kind} of {size.lines} lines, the limit is {limit}"


def distribution(kind: str, sizes: list[Size]) -> tuple[str, list[str]]:
    """One line of figures for `kind`, and a complaint for each goal passed."""
    lines = sorted(size.lines for size in sizes)
    middle, ninth = float(median(lines)), quantiles(lines, n=10, method="inclusive")[8]
    goal_middle, goal_ninth = GOALS[kind]
    figures = f"{kind}s {len(lines)}: median {middle:g}, p90 {ninth:g}, max {lines[-1]}"
    complaints = []
    if middle > goal_middle:
        complaints.append(f"{kind} median is {middle:g}, the goal is {goal_middle:g}")
    if ninth > goal_ninth:
        complaints.append(f"{kind} p90 is {ninth:g}, the goal is {goal_ninth:g}")
    return figures, complaints


def main() -> int:
    """Print the figures and every complaint; 1 if there is one."""
    product = measure(PRODUCT)
    complaints = [*too_long(product), *too_long(measure(ELSEWHERE))]
    for kind, sizes in product.items():
        figures, passed = distribution(kind, sizes)
        print(figures)
        complaints += passed
    print("\n".join(complaints))
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
