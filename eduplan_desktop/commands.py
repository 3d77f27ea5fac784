"""The command line over the same acts the window uses (DESIGN §5). `main` may be called many times in one process."""

import argparse
import sys
from collections.abc import Callable

from eduplan_desktop import __version__
from eduplan_desktop.cli import county_setup, demo, files, keys, records, roundtrip
from eduplan_desktop.cli.base import Commands, Console, Outcome, as_json
from eduplan_desktop.environment import Environment
from eduplan_desktop.errors import EduPlanError
from eduplan_desktop.i18n import PRODUCT, _

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
    shared = argparse.ArgumentParser(add_help=False)
    shared.add_argument("--json", action="store_true", help=_("在标准输出上给出一个 JSON 对象"))
    shared.add_argument("--passphrase-file", default="", metavar=_("文件"), help=_("口令文件，一行一个"))
    top = argparse.ArgumentParser(prog="eduplan", description=_(PRODUCT))
    top.add_argument("--version", action="version", version=__version__)
    commands = Commands(top.add_subparsers(dest="command", required=True, metavar=_("命令")), shared)
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
        return int(stop.code or 0)
    console = Console(env or Environment(), args.passphrase_file)
    try:
        outcome: Outcome = args.handler(args, console)
    except EduPlanError as fault:
        return _refuse(fault, args.json)
    except OSError as fault:
        return _world(fault, args.json)
    if args.json:
        print(as_json(outcome.data))
    else:
        for line in outcome.lines:
            print(line)
    return outcome.code


def _refuse(fault: EduPlanError, json: bool) -> int:
    print(str(fault), file=sys.stderr)
    if json:
        print(as_json({"error": fault.code, "message": fault.message, "advice": fault.advice}))
    return fault.exit_code


def _world(fault: OSError, json: bool) -> int:
    advice = _("请检查文件是否存在、磁盘空间和读写权限。")
    print(f"{fault.strerror or fault} {fault.filename or ''} {advice}", file=sys.stderr)
    if json:
        print(as_json({"error": "world", "message": str(fault.strerror or fault), "advice": advice}))
    return 3
