"""Read a workbook through the reading process: watch it, end it, turn its answer into a sheet or a refusal."""

import json
import marshal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from datetime import time as clock
from pathlib import Path
from typing import IO, Any, Final

from eduplan_desktop.errors import CancelledError, ExchangeError
from eduplan_desktop.exchange.calm import without_collector
from eduplan_desktop.exchange.cells import Cell, Sheet
from eduplan_desktop.exchange.limits import STANDARD, Limits
from eduplan_desktop.exchange.reasons import refuse

SCRIPT: Final = Path(__file__).with_name("reader_process.py")
_FRAME: Final = 256 * 1024 * 1024


def never() -> bool:
    """The answer of somebody who does not cancel."""
    return False


@dataclass(slots=True)
class _Answer:
    """What has come from the reading process so far."""

    names: list[str] = field(default_factory=list)
    shown: list[str] = field(default_factory=list)
    sheet: Sheet = field(default_factory=lambda: Sheet("", [], []))
    days: dict[tuple[str], Cell] = field(default_factory=dict)
    ended: bool = False
    refused: tuple[str, str] = ("", "")


class _Watch:
    """Ends a process that takes too long or that the person no longer wants."""

    def __init__(self, process: "subprocess.Popen[bytes]", seconds: float, cancelled: Callable[[], bool]) -> None:
        self.timed_out = self.cancelled = False
        self._process = process
        self._deadline = time.monotonic() + seconds
        self._asked = cancelled
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True, name="eduplan-sheet-watch")
        self._thread.start()

    def _run(self) -> None:
        while not self._done.wait(0.05):
            self.cancelled = self._asked()
            self.timed_out = time.monotonic() > self._deadline
            if self.cancelled or self.timed_out:
                self._process.kill()
                return

    def stop(self) -> None:
        """Nothing more to watch."""
        self._done.set()
        self._thread.join()


@without_collector()
def read_workbook(
    path: Path,
    sheet: str = "",
    most_rows: int | None = None,
    limits: Limits = STANDARD,
    cancelled: Callable[[], bool] = never,
) -> tuple[list[str], list[str], Sheet]:
    """(names of all sheets, of the visible ones, one sheet read). Raises ExchangeError or CancelledError.

    sheet: its name; '' takes the first visible one that is not empty. most_rows: stop after so many rows, for a preview.
    cancelled is asked from another thread.
    """
    asked = {
        "path": str(path.resolve()),
        "sheet": sheet,
        "wanted": limits.rows + 1 if most_rows is None else most_rows,
        "rows": limits.rows,
        "cells": limits.cells,
        "columns": limits.columns,
        "sheets": limits.sheets,
        "seconds": limits.seconds,
        "memory": limits.memory(path.stat().st_size),
    }
    process = _start(json.dumps(asked))
    watch = _Watch(process, limits.seconds, cancelled)
    answer = _Answer()
    try:
        assert process.stdout is not None
        for frame in _frames(process.stdout):
            _take(answer, frame)
    finally:
        process.kill()
        process.wait()
        watch.stop()
        assert process.stdout is not None
        process.stdout.close()
    _judge(answer, watch, limits)
    return answer.names, answer.shown, answer.sheet


def _start(argument: str) -> "subprocess.Popen[bytes]":
    """The reading process: the script by itself, or in a packed program its starter of commands, which calls the script."""
    command = [sys.executable, "-P", "-X", "utf8", str(SCRIPT), argument]
    if getattr(sys, "frozen", False):
        here = Path(sys.executable)
        command = [str(here.with_name(f"eduplan{here.suffix}")), "--read-workbook", argument]
    return subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
    )


def _frames(stream: IO[bytes]) -> Iterator[tuple[Any, ...]]:
    """Whole frames until the stream ends; half a frame is dropped."""
    while len(head := stream.read(4)) == 4:
        length = int.from_bytes(head, "big")
        body = stream.read(min(length, _FRAME))
        if len(body) != length:
            return
        try:
            frame = marshal.loads(body)
        except (EOFError, ValueError, TypeError):
            return
        yield frame


def _take(answer: _Answer, frame: tuple[Any, ...]) -> None:
    match frame:
        case ("book", names, shown, date1904):
            answer.names, answer.shown = names, shown
            answer.sheet.date1904 = date1904
        case ("sheet", name, merges):
            answer.sheet.name = name
            answer.sheet.merges = merges
        case ("rows", numbers, rows, complete):
            answer.sheet.numbers += numbers
            _date(rows, answer.days)
            answer.sheet.rows += rows
            answer.sheet.complete = complete
        case ("refused", code, detail):
            answer.refused = (code, detail)
        case ("end",):
            answer.ended = True


def _date(rows: list[list[Any]], known: dict[tuple[str], Cell]) -> None:
    """Turn one-item tuples into dates and times, in place; only columns that have such are walked."""
    for place, column in enumerate(zip(*rows, strict=True)):
        if tuple not in set(map(type, column)):
            continue
        for row, cell in zip(rows, column, strict=True):
            if type(cell) is tuple:
                if cell not in known:
                    known[cell] = _moment(cell[0])
                row[place] = known[cell]


def _moment(text: str) -> Cell:
    if text[0] == "T":
        return clock.fromisoformat(text[1:])
    return date.fromisoformat(text) if len(text) == 10 else datetime.fromisoformat(text)


def _judge(answer: _Answer, watch: _Watch, limits: Limits) -> None:
    """Raise what the reading process said, or what its end says."""
    if answer.ended:
        return
    if watch.cancelled:
        raise CancelledError
    code = "too_slow" if watch.timed_out else answer.refused[0] or "reader_ended"
    facts = {"rows": limits.rows, "cells": limits.cells, "columns": limits.columns}
    raise refuse(code, detail=answer.refused[1], sheets="、".join(answer.names[:20]), **facts)


__all__ = ["ExchangeError", "never", "read_workbook"]
