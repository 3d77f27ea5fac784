"""`eduplan demo`: twelve schools through the whole round trip, deleted, and recovered from filed bundles and sheets alone."""

from __future__ import annotations

from tests.proof import Context, Result

NAME = "The sample county: round trip, correction, year closing, recovery"
LIMIT = 900.0


def run(context: Context) -> Result:
    """Play it with the standard cost of passphrases."""
    answer = context.eduplan("demo", "--to", context.folder / "示例 县", home=context.folder / "home")
    said = answer.out
    held = answer.code == 0 and said.get("held") is True and said.get("figures_equal_after_recovery") is True
    tried = int(said.get("commands", 0))
    failures = list(said.get("failures", ["no answer"]))
    return Result(
        tried, tried - len(failures) if not held else tried, "; ".join(failures) or f"{tried} commands, equal"
    )
