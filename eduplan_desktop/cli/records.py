"""Commands about records: registers, import, table, check, explain, print."""

import argparse
from pathlib import Path

from eduplan_desktop.acts import checks, county_looks, describe, prepare, printing, sheets, sheets_out
from eduplan_desktop.acts.session import Session, open_session
from eduplan_desktop.cli.base import Commands, Console, Outcome, read_mapping
from eduplan_desktop.errors import RefusedError
from eduplan_desktop.i18n import _
from eduplan_desktop.problems import Severity
from eduplan_desktop.registers.check import message


def add(commands: Commands) -> None:
    """Register this group."""
    registers = commands.add("registers", show_registers, _("登记册的名称、字段、类型和选项"))
    registers.add_argument("file", type=Path)
    import_ = commands.add("import", import_sheet, _("导入电子表格"))
    import_.add_argument("file", type=Path)
    import_.add_argument("register")
    import_.add_argument("sheet_file", metavar="SHEET", type=Path)
    import_.add_argument("--map", dest="mapping", type=Path, default=None, help=_("列对应（JSON）"))
    import_.add_argument("--sheet", default="", help=_("工作表名"))
    import_.add_argument("--dry-run", action="store_true")
    import_.add_argument("--report", type=Path, default=None)
    table = commands.add("table", export_table, _("导出电子表格"))
    table.add_argument("file", type=Path)
    table.add_argument("register")
    table.add_argument("--to", type=Path, required=True)
    table.add_argument("--sealed", action="store_true", help=_("含封存列（需口令）"))
    table.add_argument("--template", action="store_true", help=_("空白模板"))
    check = commands.add("check", check_file, _("检查全部记录"))
    check.add_argument("file", type=Path)
    explain = commands.add("explain", explain_finding, _("为存疑写说明"))
    explain.add_argument("file", type=Path)
    explain.add_argument("finding")
    explain.add_argument("text")
    print_ = commands.add("print", print_form, _("打印表单到 PDF"))
    print_.add_argument("file", type=Path)
    print_.add_argument(
        "form", help=_("表号：") + "、".join(f"{c} {_(title)}" for c, (title, _make) in printing.FORMS.items())
    )
    print_.add_argument("--to", type=Path, required=True)
    print_.add_argument("--of", default="", help=_("编号、日期、月份或年度"))
    print_.add_argument("--school", default="", help=_("县级文件：哪一所学校（名称或编号）"))


def show_registers(args: argparse.Namespace, console: Console) -> Outcome:
    """`registers`."""
    with open_session(args.file, console.env, read_only=True) as session:
        found = describe.registers(session)
    lines = [
        _("{name}　{label}　{n} 个字段").format(name=r["name"], label=r["label"], n=len(r["fields"])) for r in found
    ]
    return Outcome({"registers": found}, lines)


def import_sheet(args: argparse.Namespace, console: Console) -> Outcome:
    """`import`: read = stored + updated + unchanged + refused, always."""
    mapping = read_mapping(args.mapping)
    with open_session(args.file, console.env, passphrases=console.passphrases()) as session:
        report = sheets.import_file(
            session,
            args.register,
            args.sheet_file,
            mapping=mapping,
            sheet=args.sheet,
            dry_run=args.dry_run,
            report_to=args.report,
            progress=console.progress,
        )
        if not args.dry_run:
            prepare.prepare_all(session)
    lines = [report.sentence, *(str(line) for line in report.reasons[:20])]
    return Outcome(report.as_dict(), lines, 1 if report.refused else 0)


def export_table(args: argparse.Namespace, console: Console) -> Outcome:
    """`table`: every register to .xlsx or .csv; sealed columns only with the compartment open and on request."""
    with open_session(
        args.file, console.env, passphrases=console.passphrases() if args.sealed else (), read_only=True
    ) as session:
        if session.is_county and not args.template:
            rows = _county_table(session, args)
        else:
            rows = sheets_out.export_file(session, args.register, args.to, sealed=args.sealed, template=args.template)
    return Outcome({"file": str(args.to), "rows": rows}, [_("已导出 {rows} 条到 {to}。").format(rows=rows, to=args.to)])


def _county_table(session: Session, args: argparse.Namespace) -> int:
    """All schools in one table for people, the school in front: the county never edits these rows (D1)."""
    if args.sealed:
        raise RefusedError(
            "sealed_at_county", _("县级汇总表里没有封存列。"), _("不写 --sealed 再导出；封存列由学校导出。")
        )
    sheets_out.known_register(args.register)
    sheets_out.check_ending(args.to)
    return county_looks.export(session, args.register, args.to)


def check_file(args: argparse.Namespace, console: Console) -> Outcome:
    """`check`: exit 1 while errors remain."""
    with open_session(args.file, console.env, passphrases=console.passphrases()) as session:
        found = checks.check(session, console.progress)
        explained = checks.explanations(session)
    findings = [
        {
            "finding": p.key,
            "severity": str(p.severity),
            "register": p.register,
            "row": p.row,
            "field": p.field,
            "code": p.code,
            "message": message(p),
            "explanation": explained.get(p.key, ""),
        }
        for p in found
    ]
    errors = sum(p.severity is Severity.ERROR for p in found)
    lines = [
        _("错误 {errors}，存疑 {doubts}。").format(errors=errors, doubts=len(found) - errors),
        *(f"{f['finding']}　{f['message']}" for f in findings[:200]),
    ]
    return Outcome({"errors": errors, "doubts": len(found) - errors, "findings": findings}, lines, 1 if errors else 0)


def explain_finding(args: argparse.Namespace, console: Console) -> Outcome:
    """`explain`: the explanation of a 存疑 travels with the bundle."""
    with open_session(args.file, console.env) as session:
        checks.explain(session, args.finding, args.text)
    return Outcome({"finding": args.finding}, [_("说明已保存，会随上报包报出。")])


def print_form(args: argparse.Namespace, console: Console) -> Outcome:
    """`print`."""
    with open_session(args.file, console.env, passphrases=console.passphrases(), read_only=True) as session:
        pages = printing.print_form(session, args.form, args.to, of=args.of, school=args.school)
    return Outcome(
        {"file": str(args.to), "pages": pages}, [_("已生成 {to}，{pages} 页。").format(to=args.to, pages=pages)]
    )
