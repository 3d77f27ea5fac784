"""What every command shares: its outcome, the console it speaks through, and where passphrases come from."""

import argparse
import getpass
import json
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from eduplan_desktop.cli.parser import add_shared
from eduplan_desktop.environment import Environment
from eduplan_desktop.errors import LockedError, RefusedError, WorldError
from eduplan_desktop.i18n import _


@dataclass(slots=True)
class Outcome:
    """What a command answers: one JSON object, lines for a person, and the exit code (0 done, 1 refused or findings)."""

    data: Mapping[str, Any]
    lines: Sequence[str] = ()
    code: int = 0


@dataclass(slots=True)
class Console:
    """The world of one command: environment, passphrases, progress on stderr."""

    env: Environment
    passphrase_file: str = ""
    quiet: bool = False
    _asked: list[str] = field(default_factory=list)

    def passphrases(self, prompt: str = "") -> list[str]:
        """Passphrases given by file (one a line), by EDUPLAN_PASSPHRASE, else asked for when `prompt` is set and a
        person is there. They open whatever slots they fit."""
        if self.passphrase_file:
            text = read_text(Path(self.passphrase_file))
            return [line.strip() for line in text.splitlines() if line.strip()]
        named = os.environ.get("EDUPLAN_PASSPHRASE", "")
        if named:
            return [named]
        if prompt and not self._asked and sys.stdin is not None and sys.stdin.isatty():
            self._asked.append(getpass.getpass(prompt, stream=sys.stderr))
        return [word for word in self._asked if word]

    def one_passphrase(self, prompt: str) -> str:
        """The passphrase for an act that makes a slot; refused where none was given."""
        given = self.passphrases(prompt)
        if not given:
            raise LockedError(
                "no_passphrase",
                _("这一步需要口令。"),
                _("请在提示处输入，或用 --passphrase-file、环境变量 EDUPLAN_PASSPHRASE 给出。"),
            )
        return given[0]

    def progress(self, done: int, total: int, text: str) -> None:
        """Report progress on stderr."""
        if not self.quiet:
            share = f"{done}/{total} " if total else ""
            print(f"{share}{text}", file=sys.stderr)

    def say(self, text: str) -> None:
        """A message beside the result, on stderr."""
        print(text, file=sys.stderr)


def read_text(path: Path) -> str:
    """A text file that a command was given: passphrases, a mapping, a typed sheet. Raises RefusedError, WorldError."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except ValueError as fault:
        raise RefusedError(
            "not_text",
            _("{file} 不是 UTF-8 文字文件。").format(file=path.name),
            _("请用记事本另存为 UTF-8 编码，或换对应的文件。"),
        ) from fault
    except OSError as fault:
        code = "missing" if isinstance(fault, FileNotFoundError) else "unreadable"
        raise WorldError(
            code, _("读不到文件 {file}。").format(file=path.name), _("请核对文件名和读取权限。")
        ) from fault


def read_mapping(path: Path | None) -> dict[str, Any] | None:
    """A mapping of columns as JSON, or None where none was given. Raises RefusedError, WorldError."""
    if path is None:
        return None
    try:
        found = json.loads(read_text(path))
    except (ValueError, RecursionError) as fault:
        raise _bad_mapping(path) from fault
    if not isinstance(found, dict):
        raise _bad_mapping(path)
    return found


def _bad_mapping(path: Path) -> RefusedError:
    return RefusedError(
        "bad_mapping",
        _("{file} 不是列对应文件（JSON 对象）。").format(file=path.name),
        _("请用导入结果里的列对应，或对照使用说明改正。"),
    )


Handler = Callable[[argparse.Namespace, Console], Outcome]


class Commands:
    """Adds commands to a parser in one shape: name, handler, help, and the shared options."""

    def __init__(self, subparsers: Any) -> None:
        self._subparsers = subparsers

    def add(self, name: str, handler: Handler, text: str) -> argparse.ArgumentParser:
        """One command; returns its parser for its own arguments."""
        parser: argparse.ArgumentParser = self._subparsers.add_parser(name, help=text, description=text)
        add_shared(parser, unset=True)
        parser.set_defaults(handler=handler)
        return parser

    def group(self, name: str, text: str) -> "Commands":
        """A group of commands below `name`."""
        parser = self._subparsers.add_parser(name, help=text, description=text)
        add_shared(parser, unset=True)
        return Commands(parser.add_subparsers(dest=f"{name}_command", required=True, metavar=_("命令")))


def as_json(data: Mapping[str, Any]) -> str:
    """The one object on stdout."""
    return json.dumps(data, ensure_ascii=False, indent=1, default=str)
