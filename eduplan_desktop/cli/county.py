"""Commands of the county's month: merge, health, receipts, returns, board, years, indicators, recovery."""

import argparse
from pathlib import Path

from eduplan_desktop.acts import county_figures, county_merge, county_paper, county_review, recover
from eduplan_desktop.acts.session import open_session
from eduplan_desktop.cli.base import Commands, Console, Outcome, read_text
from eduplan_desktop.i18n import _


def add_to(county: Commands) -> None:
    """Register this group below `county`."""
    merge = county.add("merge", merge_bundles, _("收取数据包：试算或合并"))
    merge.add_argument("file", type=Path)
    merge.add_argument("paths", nargs="+", type=Path)
    merge.add_argument("--dry-run", action="store_true")
    merge.add_argument("--receipts", type=Path, default=None)
    merge.add_argument("--slips", type=Path, default=None, help=_("拒收和暂存的包打印回条（.pdf）"))
    for name, handler, text in (
        ("health-merge", health_merge, _("健康档案员打开并合并健康部分")),
        ("reread", reread, _("从归档的数据包重新读取")),
    ):
        county.add(name, handler, text).add_argument("file", type=Path)
    _add_board(county)
    receipts = county.add("receipts", write_receipts, _("写回执"))
    receipts.add_argument("file", type=Path)
    receipts.add_argument("--to", type=Path, required=True)
    _add_review(county)
    _add_figures(county)


def _add_board(county: Commands) -> None:
    shown = county.add("board", board, _("完整性看板：查看、打印或写成表格"))
    shown.add_argument("file", type=Path)
    shown.add_argument("--to", type=Path, default=None, help=_(".pdf 打印，.xlsx 或 .csv 表格"))
    shown.add_argument("--period", default="", help=_("只要这些期次的事项，如 2025 或 2025-09"))
    told = county.add("remind", remind, _("催报单：每校一份，或全县名单"))
    told.add_argument("file", type=Path)
    told.add_argument("--to", type=Path, required=True, help=_(".pdf 每校一份，.xlsx 或 .csv 名单"))
    told.add_argument("--item", action="append", default=[], help=_("只催这一事项（可重复）"))
    told.add_argument("--school", default="", help=_("只催这一所（名称或编号）"))
    told.add_argument("--list", dest="listing", action="store_true", help=_("PDF 也印成全县一张名单"))


def _add_review(county: Commands) -> None:
    for name, text in (("return", _("退回并写备注")), ("accept", _("通过"))):
        one = county.add(name, review, text)
        one.add_argument("file", type=Path)
        one.add_argument("school")
        one.add_argument("item")
        one.add_argument("--remarks", type=Path, default=None, help=_("备注表（登记册、编号、字段、备注）"))
        one.add_argument("--text", default="")
    recheck = county.add("recheck", recheck_hazard, _("重大隐患复查（随回执带回）"))
    recheck.add_argument("file", type=Path)
    recheck.add_argument("school")
    recheck.add_argument("hazard")
    recheck.add_argument("--result", choices=("pass", "fail"), required=True)
    recheck.add_argument("--by", required=True)
    recheck.add_argument("--date", required=True)
    recheck.add_argument("--text", default="")
    fork = county.add("fork", choose_fork, _("两份历史：选定其中一份"))
    fork.add_argument("file", type=Path)
    fork.add_argument("digest")


def _add_figures(county: Commands) -> None:
    year = county.add("year", year_act, _("统计年度结账"))
    year.add_argument("file", type=Path)
    year.add_argument("year", type=int)
    year.add_argument("action", choices=("close", "reopen", "show"))
    year.add_argument("--rules", choices=("2017", "2012"), default="2017")
    year.add_argument("--reason", default="")
    figures = county.add("indicators", indicators, _("均衡指标"))
    figures.add_argument("file", type=Path)
    figures.add_argument("--year", type=int, required=True)
    figures.add_argument("--rules", choices=("2017", "2012"), default="2017")
    figures.add_argument("--to", type=Path, default=None)
    rebuild = county.add("recover", recover_county, _("用归档的县配置包、数据包和恢复单重建县级文件"))
    rebuild.add_argument("file", type=Path)
    rebuild.add_argument("--bundles", type=Path, required=True)
    rebuild.add_argument("--sheet", type=Path, action="append", required=True)


def merge_bundles(args: argparse.Namespace, console: Console) -> Outcome:
    """`county merge`: exit 1 where a bundle was refused or held."""
    with open_session(args.file, console.env, passphrases=console.passphrases(_("县级文件口令："))) as session:
        report = county_merge.take_in(
            session,
            args.paths,
            dry_run=args.dry_run,
            receipts=args.receipts,
            slips=args.slips,
            progress=console.progress,
        )
    bad = any(b["status"] in ("refused", "held") for b in report["bundles"])
    lines = [_("{file}　{school}　第 {sequence} 包　{sentence}").format(**b) for b in report["bundles"]]
    return Outcome(report, lines, 1 if bad else 0)


def health_merge(args: argparse.Namespace, console: Console) -> Outcome:
    """`county health-merge`."""
    with open_session(args.file, console.env, passphrases=console.passphrases(_("健康档案员口令："))) as session:
        report = county_merge.health(session, console.progress)
    return Outcome(
        report,
        [
            _("已合并健康部分 {merged} 份，打不开 {refused} 份。").format(
                merged=report["merged"], refused=report["refused"]
            )
        ],
        1 if report["refused"] else 0,
    )


def reread(args: argparse.Namespace, console: Console) -> Outcome:
    """`county reread`."""
    with open_session(args.file, console.env, passphrases=console.passphrases(_("县级文件口令："))) as session:
        report = county_merge.reread(session, console.progress)
    return Outcome(report, [_("已重新读取 {slices} 个分片。").format(slices=report["slices"])])


def board(args: argparse.Namespace, console: Console) -> Outcome:
    """`county board`: shown, and with `--to` printed or written too."""
    with open_session(args.file, console.env, read_only=True) as session:
        shown = county_review.board(session, args.period)
        if args.to is not None:
            written = county_paper.write_board(session, args.to, args.period)
            return Outcome({**shown, "file": written["file"]}, [_("已生成 {to}。").format(to=args.to)])
    lines = ["　".join([row["name"], *(cell["word"] for cell in row["cells"])]) for row in shown["rows"]]
    return Outcome(shown, lines)


def remind(args: argparse.Namespace, console: Console) -> Outcome:
    """`county remind`: exit 1 where there is nobody to remind."""
    with open_session(args.file, console.env, read_only=True) as session:
        told = county_paper.remind(session, args.to, items=args.item, school=args.school, listing=args.listing)
    words = _("已生成 {to}：{n} 所学校。").format(to=args.to, n=len(told["schools"]))
    return Outcome(told, [words])


def write_receipts(args: argparse.Namespace, console: Console) -> Outcome:
    """`county receipts`."""
    with open_session(args.file, console.env, passphrases=console.passphrases(_("县级文件口令："))) as session:
        written = county_merge.write_receipts(session, args.to)
    return Outcome({"receipts": written}, [_("已写回执 {n} 份到 {to}。").format(n=len(written), to=args.to)])


def review(args: argparse.Namespace, console: Console) -> Outcome:
    """`county return` and `county accept`."""
    with open_session(args.file, console.env) as session:
        state = county_review.decide(
            session, args.county_command, args.school, args.item, remarks=args.remarks, text=args.text
        )
    return Outcome(
        state,
        [
            _("{school}\u3000{item}\u3000{word}，备注 {remarks} 条。").format(
                school=state["school"], item=state["item"], word=state["word"], remarks=state["remarks"]
            )
        ],
    )


def recheck_hazard(args: argparse.Namespace, console: Console) -> Outcome:
    """`county recheck`."""
    with open_session(args.file, console.env) as session:
        county_review.recheck(
            session, args.school, args.hazard, result=args.result, by=args.by, date=args.date, text=args.text
        )
    return Outcome({"hazard": args.hazard, "result": args.result}, [_("复查结论已记下，会写进回执。")])


def choose_fork(args: argparse.Namespace, console: Console) -> Outcome:
    """`county fork`: keep the history that holds this digest."""
    with open_session(args.file, console.env, passphrases=console.passphrases(_("县级文件口令："))) as session:
        report = county_merge.choose_fork(session, args.digest)
    return Outcome(report, [_("已选定，相关分片已重新推算。")])


def year_act(args: argparse.Namespace, console: Console) -> Outcome:
    """`county year close|reopen|show`."""
    with open_session(args.file, console.env) as session:
        shown = county_figures.year_act(session, args.year, args.action, rules=args.rules, reason=args.reason)
    return Outcome(shown, shown["lines"])


def indicators(args: argparse.Namespace, console: Console) -> Outcome:
    """`county indicators`."""
    with open_session(args.file, console.env, read_only=True) as session:
        shown = county_figures.indicators(session, args.year, args.rules, to=args.to)
    return Outcome(shown.as_dict(), shown.lines())


def recover_county(args: argparse.Namespace, console: Console) -> Outcome:
    """`county recover`."""
    sheets = "\n".join(read_text(path) for path in args.sheet)
    report = recover.recover(
        args.file,
        args.bundles,
        sheets,
        passphrase=console.one_passphrase(_("为新的县级文件设口令：")),
        env=console.env,
        progress=console.progress,
    )
    return Outcome(
        report,
        [
            _("已重建：学校 {schools} 所，数据包 {merged} 个。").format(
                schools=report["schools"], merged=report["merged"]
            ),
            _("县指纹：{fingerprint}").format(fingerprint=report["fingerprint"]),
            *_unopened(report["unopened"]),
        ],
    )


def _unopened(count: int) -> list[str]:
    if not count:
        return []
    return [_("有 {n} 份分片打不开：是更换密钥以前封的，请把旧恢复单一并给出再重建。").format(n=count)]
