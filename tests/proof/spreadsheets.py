"""Every spreadsheet of other projects is previewed or refused with a reason, quickly and in little memory."""

from __future__ import annotations

import resource
import time
from collections import Counter
from pathlib import Path

from eduplan_desktop.errors import ExchangeError
from eduplan_desktop.exchange.header import find_header, records
from eduplan_desktop.exchange.sheet_read import preview, read_book
from tests.proof import Context, Result

NAME = "264 foreign spreadsheets, previewed or refused"
LIMIT = 300.0
ALONE = True
MOST_SECONDS = 5.0
MOST_MB = 300.0


def look(path: Path) -> tuple[str, float]:
    """(what became of the file, seconds of its slowest step): preview, headings, then every sheet in full."""
    started = time.perf_counter()
    try:
        book = preview(path)
    except ExchangeError as refused:
        outcome = refused.code if refused.message and refused.advice else "refused without a reason"
        return outcome, time.perf_counter() - started
    slowest = time.perf_counter() - started
    for name in book.names[:20]:
        started = time.perf_counter()
        try:
            sheet = read_book(path, name).sheet
            if sheet.rows:
                header = find_header(sheet)
                kept, skipped = records(sheet, header)
                if len(kept) + len(skipped) + header.last + 1 != len(sheet.rows):
                    return "lines lost", slowest
        except ExchangeError as refused:
            if not refused.advice:
                return "refused without a reason", slowest
        slowest = max(slowest, time.perf_counter() - started)
    return "previewed", slowest


def peak_mb() -> float:
    """Highest memory of this process and of its largest reading process together."""
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return (own + resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss) / 1024


def run(context: Context) -> Result:
    """Look at each file."""
    if context.shared is None:
        return Result(skipped="the folder of real input is not on this machine")
    files = sorted((context.shared / "data" / "spreadsheets-calamine-frictionless").glob("*/*"))
    outcomes: Counter[str] = Counter()
    slowest, name = 0.0, ""
    bad: list[str] = []
    for path in files:
        outcome, seconds = look(path)
        outcomes[outcome] += 1
        if seconds > slowest:
            slowest, name = seconds, path.name
        if seconds > MOST_SECONDS or outcome in ("refused without a reason", "lines lost"):
            bad.append(f"{path.name}: {outcome}, {seconds:.1f} s")
    memory = peak_mb()
    if memory > MOST_MB:
        bad.append(f"{memory:.0f} MB")
    note = ", ".join(f"{count} {outcome}" for outcome, count in outcomes.most_common())
    note += f"; slowest {slowest:.2f} s ({name}), peak {memory:.0f} MB"
    return Result(
        len(files),
        len(files) - len(bad),
        "; ".join([note, *bad[:5]]),
        figures={"files": len(files), "seconds": slowest, "MB": memory},
    )
