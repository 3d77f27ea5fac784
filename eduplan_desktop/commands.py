"""The command line over the same acts the window uses (DESIGN §5). `main` may be called many times in one process."""

import argparse
import os
import sys
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path

from eduplan_desktop import __version__
from eduplan_desktop.cli import county_setup, demo, files, keys, records, roundtrip
from eduplan_desktop.cli.base import Commands, Console, Outcome, as_json
from eduplan_desktop.cli.parser import Parser, add_shared, asks_for_json
from eduplan_desktop.environment import Environment
from eduplan_desktop.errors import CancelledError, EduPlanError
from eduplan_desktop.i18n import PRODUCT, _
from eduplan_desktop.store.sqlite_errors import translated

GROUPS: tuple[Callable[[Commands], None], ...] = (
    files.add,
    keys.add,
    records.add,
    roundtrip.add,
    county_setup.add,
    demo.add,
)


def parser() -> argparse.ArgumentParser:
    """The whole command line as a parser; the manual's table of commands is checked against it."""
    top = Parser(prog="eduplan", description=_(PRODUCT))
    top.add_argument("--version", action="version", version=__version__, help=_("显示版本"))
    add_shared(top, unset=False)
    commands = Commands(top.add_subparsers(dest="command", required=True, metavar=_("命令")))
    for add in GROUPS:
        add(commands)
    return top


def names() -> frozenset[str]:
    """First words that are commands; anything else on the command line is a file for the window."""
    actions = parser()._subparsers
    assert actions is not None
    return frozenset(actions._group_actions[0].choices or ())


def main(argv: list[str], env: Environment | None = None) -> int:
    """Run one command. Exit 0 done, 1 refused or findings, 2 wrong usage, 3 the world failed."""
    try:
        args = parser().parse_args(argv)
    except SystemExit as stop:
        return _usage(argv, int(stop.code or 0))
    except OSError as fault:
        return _world(fault, json=False)
    try:
        outcome: Outcome = args.handler(args, Console(env or Environment(), args.passphrase_file))
        return _answer([as_json(outcome.data)] if args.json else outcome.lines, outcome.code)
    except EduPlanError as fault:
        return _refuse(fault, args.json)
    except KeyboardInterrupt:
        return _refuse(CancelledError(), args.json)
    except OSError as fault:
        return _world(fault, args.json)


def _answer(lines: Iterable[str], code: int) -> int:
    """Say the result. A reader that stops listening changes nothing about what was done."""
    try:
        for line in lines:
            print(line)
        if sys.stdout is not None:
            sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return code


def _usage(argv: list[str], code: int) -> int:
    if code and asks_for_json(argv):
        text, advice = _("命令写得不对。"), _("请看 eduplan --help，或在命令后面加 --help。")
        return _answer([as_json({"error": "usage", "message": text, "advice": advice})], code)
    return _answer([], code)


def _refuse(fault: EduPlanError, json: bool) -> int:
    print(str(fault), file=sys.stderr)
    said = {"error": fault.code, "message": fault.message, "advice": fault.advice}
    return _answer([as_json(said)] if json else [], fault.exit_code)


def _world(fault: OSError, json: bool) -> int:
    told = translated(fault, Path(os.fsdecode(fault.filename or _("标准输出"))))
    assert isinstance(told, EduPlanError)
    with suppress(OSError):
        return _refuse(told, json)
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return told.exit_code
