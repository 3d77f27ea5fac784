"""Commands of the school's round trip: submit, receipt; and `bundle show` for anybody."""

import argparse
from pathlib import Path

from eduplan_desktop.acts import inspect_bundle, receive, submit
from eduplan_desktop.acts.session import open_session
from eduplan_desktop.cli.base import Commands, Console, Outcome
from eduplan_desktop.i18n import _


def add(commands: Commands) -> None:
    """Register this group."""
    submit_ = commands.add("submit", submit_file, _("生成上报包"))
    submit_.add_argument("file", type=Path)
    submit_.add_argument("--to", type=Path, required=True)
    submit_.add_argument("--answers", default="", help=_("日历项目，逗号分隔；项目=0 为零报告"))
    submit_.add_argument("--full", action="store_true", help=_("随包带上全部登记册"))
    receipt = commands.add("receipt", take_receipt, _("读取回执"))
    receipt.add_argument("file", type=Path)
    receipt.add_argument("receipt", type=Path)
    bundle = commands.group("bundle", _("数据包"))
    show = bundle.add("show", show_bundle, _("信封上写了什么，是否验证通过"))
    show.add_argument("path", type=Path)


def submit_file(args: argparse.Namespace, console: Console) -> Outcome:
    """`submit`: never needs a passphrase; sealed parts are those prepared while a compartment was open."""
    answers = [a.strip() for a in args.answers.split(",") if a.strip()]
    with open_session(args.file, console.env) as session:
        made = submit.submit(session, args.to, answers=answers, full=args.full, progress=console.progress)
    lines = [
        _("第 {n} 包已写到 {file}，并已读回核对。").format(n=made.sequence, file=made.bundle),
        _("摘要 {digest}").format(digest=made.digest),
        *made.warnings,
    ]
    return Outcome(made.as_dict(), lines)


def take_receipt(args: argparse.Namespace, console: Console) -> Outcome:
    """`receipt`."""
    with open_session(args.file, console.env) as session:
        taken = receive.take_receipt(session, args.receipt)
    return Outcome(taken.as_dict(), taken.lines())


def show_bundle(args: argparse.Namespace, console: Console) -> Outcome:
    """`bundle show`: without a county file; exit 1 where something does not verify."""
    shown = inspect_bundle.show(args.path)
    return Outcome(shown.as_dict(), shown.lines(), 0 if shown.sound else 1)
