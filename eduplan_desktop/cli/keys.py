"""The command about the key and settings folder of this PC; it needs no data file."""

import argparse
from pathlib import Path

from eduplan_desktop.acts import key_home
from eduplan_desktop.acts.key_home import FirstRun
from eduplan_desktop.cli.base import Commands, Console, Outcome
from eduplan_desktop.environment import Environment
from eduplan_desktop.i18n import _


def add(commands: Commands) -> None:
    """Register this group."""
    one = commands.add("home", home_folder, _("密钥文件夹：看在哪里，选一个"))
    which = one.add_mutually_exclusive_group()
    which.add_argument("--use", type=Path, default=None, metavar="DIR", help=_("用这个文件夹，现有的密钥复制过去"))
    which.add_argument("--proposed", action="store_true", help=_("用程序建议的文件夹；找到以前的就接着用以前的"))


def home_folder(args: argparse.Namespace, console: Console) -> Outcome:
    """`home`: where keys lie, or a choice of the folder, once for this PC."""
    first, env = key_home.first_run(console.env), console.env
    wanted = args.use
    if args.proposed and first is not None:
        wanted = first.found[0] if first.found else first.proposed
    if wanted is not None:
        env = key_home.choose(env, wanted)
        first = None
    return Outcome(_facts(env, first), _lines(env, first))


def _facts(env: Environment, first: FirstRun | None) -> dict[str, object]:
    place = key_home.place(env)
    return {
        "folder": str(place.folder),
        "chosen": place.chosen,
        "fixed": place.fixed,
        "proposed": str(first.proposed) if first else "",
        "found": [str(p) for p in first.found] if first else [],
    }


def _lines(env: Environment, first: FirstRun | None) -> list[str]:
    place = key_home.place(env)
    lines = [_("密钥和设置在 {folder}。").format(folder=place.folder)]
    if not place.fixed:
        lines.append(_("它在 U 盘或网络盘上，拔掉就报送不了，请用 --use 换到本机硬盘。"))
    if first is not None and first.found:
        lines.append(_("在 {folder} 找到以前的密钥，用 --proposed 接着用。").format(folder=first.found[0]))
    elif first is not None:
        lines.append(_("还没有选过。程序建议 {folder}，用 --proposed 就放在那里。").format(folder=first.proposed))
    return lines
