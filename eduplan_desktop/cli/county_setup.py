"""Commands that set a county up: its file and keys, roster, calendar, policy, catalogues, kit, enrolment, rotation."""

import argparse
from pathlib import Path

from eduplan_desktop.acts import county_catalogs, county_lists, county_setup, county_trust
from eduplan_desktop.acts.session import Session, open_session
from eduplan_desktop.cli import county as county_month
from eduplan_desktop.cli.base import Commands, Console, Outcome, read_mapping, read_text
from eduplan_desktop.i18n import _


def add(commands: Commands) -> None:
    """Register this group."""
    county = commands.group("county", _("县级文件"))
    _add_files(county)
    _add_lists(county)
    _add_trust(county)
    county_month.add_to(county)


def _add_files(county: Commands) -> None:
    new = county.add("new", county_new, _("新建县级文件和密钥"))
    new.add_argument("file", type=Path)
    new.add_argument("--code", required=True)
    new.add_argument("--name", required=True)
    new.add_argument("--recovery-sheet", type=Path, required=True, help=_("恢复单（.pdf 打印，.txt 抄录）"))
    new.add_argument("--sample", action="store_true", help=_("示例数据"))
    health = county.add("health", county_health, _("县健康档案员建立健康密钥"))
    health.add_argument("file", type=Path)
    health.add_argument("--recovery-sheet", type=Path, required=True)
    prove = county.add("prove", county_prove, _("照恢复单抄录的文本核对密钥"))
    prove.add_argument("file", type=Path)
    prove.add_argument("--sheet", type=Path, required=True)
    letter = county.add("letter", county_letter, _("打印告知函（含县指纹）"))
    letter.add_argument("file", type=Path)
    letter.add_argument("--to", type=Path, required=True)


def _add_lists(county: Commands) -> None:
    school = county.add("school", county_school, _("学校名单"))
    school.add_argument("file", type=Path)
    school.add_argument("action", choices=("add", "list", "import", "close", "template"))
    school.add_argument("sheet", nargs="?", type=Path)
    for option in ("name", "code", "kind", "urban", "township", "valid-from", "valid-to", "successor", "uid", "remark"):
        school.add_argument(f"--{option}", default="")
    calendar = county.add("calendar", county_calendar, _("报送日历"))
    calendar.add_argument("file", type=Path)
    calendar.add_argument("action", choices=("add", "list", "import", "year", "remove", "template"))
    calendar.add_argument("sheet", nargs="?", type=Path)
    calendar.add_argument("--year", type=int, default=0)
    for option in ("id", "title", "period", "due", "slices", "required"):
        calendar.add_argument(f"--{option}", default="")
    policy = county.add("policy", county_policy, _("县里确认的口径（含依据）"))
    policy.add_argument("file", type=Path)
    policy.add_argument("action", choices=("set", "list", "import", "unset", "template"))
    policy.add_argument("key", nargs="?", default="", help=_("键；import 和 template 时是表格的文件名"))
    policy.add_argument("value", nargs="?", default="")
    policy.add_argument("--source", default="")
    catalog = county.add("catalog", county_catalog, _("导入或替换目录"))
    catalog.add_argument("file", type=Path)
    catalog.add_argument("name")
    catalog.add_argument("sheet_file", metavar="SHEET", type=Path)
    catalog.add_argument("--map", dest="mapping", type=Path, default=None)
    catalog.add_argument("--dry-run", action="store_true")


def _add_trust(county: Commands) -> None:
    kit = county.add("kit", county_kit, _("生成县配置包"))
    kit.add_argument("file", type=Path)
    kit.add_argument("--to", type=Path, required=True)
    enrol = county.add("enrol", county_enrol, _("核对纸上的指纹，批准学校入网"))
    enrol.add_argument("file", type=Path)
    enrol.add_argument("request", type=Path)
    enrol.add_argument("--fingerprint", required=True)
    enrol.add_argument("--school", default="", help=_("改登记到这所学校（uid）"))
    for name, text in (("retire", _("停用学校密钥（自第 N 包起）")), ("revoke", _("作废学校密钥（自第 N 包起）"))):
        one = county.add(name, county_end_key, text)
        one.add_argument("file", type=Path)
        one.add_argument("school")
        one.add_argument("--from", dest="from_", type=int, required=True)
    rotate = county.add("rotate", county_rotate, _("更换县密钥（旧钥签新钥）"))
    rotate.add_argument("file", type=Path)
    rotate.add_argument("--recovery-sheet", type=Path, required=True)


def county_new(args: argparse.Namespace, console: Console) -> Outcome:
    """`county new`."""
    passphrase = console.one_passphrase(_("为县级文件设口令："))
    made = county_setup.new_county(
        args.file,
        code=args.code,
        name=args.name,
        passphrase=passphrase,
        sheet=args.recovery_sheet,
        env=console.env,
        sample=args.sample,
    )
    lines = [
        _("已新建 {file}。").format(file=args.file),
        _("县指纹：{fingerprint}").format(fingerprint=made.fingerprint),
        _("恢复单：{file}。请由两人分开保管，并用 county prove 抄录核对一次。").format(file=args.recovery_sheet),
        _("恢复码：{code}").format(code=made.recovery_code),
    ]
    return Outcome(made.as_dict(), lines)


def county_health(args: argparse.Namespace, console: Console) -> Outcome:
    """`county health`: a separate act of the county health officer, with a passphrase of their own."""
    with open_session(args.file, console.env) as session:
        made = county_setup.make_health(session, console.one_passphrase(_("健康档案员的口令：")), args.recovery_sheet)
    lines = [
        _("健康密钥已建立，恢复单：{file}。").format(file=args.recovery_sheet),
        _("恢复码：{code}").format(code=made),
        _("下一份县配置包会带上健康公钥。"),
    ]
    return Outcome({"recovery_code": made, "sheet": str(args.recovery_sheet)}, lines)


def county_prove(args: argparse.Namespace, console: Console) -> Outcome:
    """`county prove`: the typed sheet must give the very keys of this file."""
    with open_session(args.file, console.env) as session:
        proven = county_setup.prove_sheet(session, read_text(args.sheet))
    return Outcome({"proven": proven}, [_("恢复单（{proven}）抄录无误，可以恢复密钥。").format(proven=proven)])


def county_letter(args: argparse.Namespace, console: Console) -> Outcome:
    """`county letter`."""
    with open_session(args.file, console.env, read_only=True) as session:
        pages = county_setup.print_letter(session, args.to)
    return Outcome({"file": str(args.to), "pages": pages}, [_("已生成 {to}。").format(to=args.to)])


def county_school(args: argparse.Namespace, console: Console) -> Outcome:
    """`county school add|list|import|close|template`: exit 1 where a row was refused."""
    with open_session(args.file, console.env) as session:
        if args.action == "template":
            return _template(session, "school", args.sheet)
        data = county_setup.roster_act(session, args.action, vars(args))
    if "sentence" in data:
        why = [_("第 {n} 行：{why}").format(n=r["line"], why=r["reason"]) for r in data["refused"]]
        return Outcome(data, [data["sentence"], *why], 1 if why else 0)
    return Outcome(data, [f"{s['uid']}　{s['name']}　{s['code']}" for s in data.get("schools", [])])


def _template(session: Session, name: str, sheet: Path | None) -> Outcome:
    """A list as a sheet that reads back."""
    rows = county_lists.write_sheet(session, name, sheet)
    return Outcome(
        {"file": str(sheet), "rows": rows},
        [_("已写好 {to}，{n} 行；填好以后用 import 读回。").format(to=sheet, n=rows)],
    )


def county_calendar(args: argparse.Namespace, console: Console) -> Outcome:
    """`county calendar add|list|import|year|remove|template`: exit 1 where a row was refused."""
    with open_session(args.file, console.env) as session:
        if args.action == "template":
            return _template(session, "calendar", args.sheet)
        if args.action == "import":
            taken = county_lists.import_calendar(session, args.sheet)
            return Outcome(taken.as_dict(), taken.lines(), 1 if taken.refused else 0)
        items = county_setup.calendar_act(session, args.action, vars(args))
    return Outcome({"items": items}, [_("{id}　{title}　截止 {due}").format(**i) for i in items])


def county_policy(args: argparse.Namespace, console: Console) -> Outcome:
    """`county policy set|list|import|unset|template`: a value without a source is refused."""
    sheet = Path(args.key) if args.key else None
    with open_session(args.file, console.env) as session:
        if args.action == "template":
            return _template(session, "policy", sheet)
        if args.action == "import":
            taken = county_lists.import_policy(session, sheet)
            return Outcome(taken.as_dict(), taken.lines(), 1 if taken.refused else 0)
        policy = county_setup.policy_act(session, args.action, args.key, args.value, args.source)
    return Outcome({"policy": policy}, [f"{k} = {v['value']}（{v['source']}）" for k, v in policy.items()])


def county_catalog(args: argparse.Namespace, console: Console) -> Outcome:
    """`county catalog`."""
    mapping = read_mapping(args.mapping)
    with open_session(args.file, console.env) as session:
        report = county_catalogs.import_catalog(
            session, args.name, args.sheet_file, mapping=mapping, dry_run=args.dry_run
        )
    return Outcome(report.as_dict(), report.lines(), 1 if report.refused else 0)


def county_kit(args: argparse.Namespace, console: Console) -> Outcome:
    """`county kit`."""
    with open_session(args.file, console.env, passphrases=console.passphrases(_("县级文件口令："))) as session:
        made = county_trust.write_kit(session, args.to)
    lines = [
        f"县配置包第 {made.version} 版：{made.path}",
        _("县指纹：{fingerprint}").format(fingerprint=made.fingerprint),
        *made.warnings,
    ]
    return Outcome(made.as_dict(), lines)


def county_enrol(args: argparse.Namespace, console: Console) -> Outcome:
    """`county enrol`: a wrong fingerprint refuses."""
    with open_session(args.file, console.env, passphrases=console.passphrases(_("县级文件口令："))) as session:
        done = county_trust.enrol(session, args.request, args.fingerprint, school=args.school)
    return Outcome(done.as_dict(), [_("已批准 {name} 入网。请生成新的县配置包发给学校。").format(name=done.name)])


def county_end_key(args: argparse.Namespace, console: Console) -> Outcome:
    """`county retire` and `county revoke`."""
    with open_session(args.file, console.env, passphrases=console.passphrases(_("县级文件口令："))) as session:
        version = county_trust.end_key(session, args.county_command, args.school, args.from_)
    return Outcome(
        {"trust": version}, [_("已记入信任名单第 {version} 版。请生成新的县配置包。").format(version=version)]
    )


def county_rotate(args: argparse.Namespace, console: Console) -> Outcome:
    """`county rotate`."""
    with open_session(args.file, console.env, passphrases=console.passphrases(_("县级文件口令："))) as session:
        fingerprint = county_trust.rotate(session, args.recovery_sheet)
    lines = [
        _("新县指纹：{fingerprint}").format(fingerprint=fingerprint),
        _("旧钥已签新钥；请生成新的县配置包，学校导入后自动换用。"),
    ]
    return Outcome({"fingerprint": fingerprint}, lines)
