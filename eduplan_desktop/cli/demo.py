"""`eduplan demo`: a whole sample county through the round trip."""

import argparse
import tempfile
from pathlib import Path

from eduplan_desktop.acts import demo
from eduplan_desktop.cli.base import Commands, Console, Outcome
from eduplan_desktop.i18n import _


def add(commands: Commands) -> None:
    """Register this group."""
    play = commands.add("demo", play_demo, _("示例县：从入网到回执走一遍"))
    play.add_argument("--to", type=Path, default=None)
    play.add_argument("--schools", type=int, default=12)


def play_demo(args: argparse.Namespace, console: Console) -> Outcome:
    """`demo`."""
    from eduplan_desktop.commands import main

    folder = args.to or Path(tempfile.mkdtemp(prefix="eduplan-demo-"))
    story = demo.play(folder, args.schools, lambda argv, env: main(argv, env), console.env, console.progress)
    return Outcome(story.as_dict(), story.lines, 0 if story.held else 1)
