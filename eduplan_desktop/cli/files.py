"""Commands about a data file itself: make, join, vaults, backup, restore, audit."""

import argparse
from pathlib import Path

from eduplan_desktop.acts import erasing, files, join, key_home, prepare, vaults
from eduplan_desktop.acts.session import open_session
from eduplan_desktop.cli.base import Commands, Console, Outcome
from eduplan_desktop.errors import EduPlanError
from eduplan_desktop.i18n import _


def add(commands: Commands) -> None:
    """Register this group."""
    school = commands.group("school", _("学校文件"))
    new = school.add("new", school_new, _("新建学校文件（不需要口令）"))
    new.add_argument("file", type=Path)
    new.add_argument("--name", required=True)
    new.add_argument("--code", default="")
    new.add_argument("--sample", action="store_true", help=_("示例数据"))
    join_ = school.add("join", school_join, _("用县配置包入网，或换用新的县配置包"))
    join_.add_argument("file", type=Path)
    join_.add_argument("--kit", type=Path, required=True)
    join_.add_argument("--school", default="", help=_("学校 uid（县里名单上的）"))
    join_.add_argument("--to", type=Path, default=None)
    join_.add_argument("--county-fingerprint", default="")
    vault = commands.add("vault", vault_act, _("保险库：建立、试开、查看口令槽、永久删除一个人的内容"))
    vault.add_argument("file", type=Path)
    vault.add_argument("action", choices=("create", "unlock-test", "slots", "people", "erase"))
    vault.add_argument("name", choices=("personal", "health"))
    vault.add_argument("--person", default="", help=_("人员编号（erase）"))
    vault.add_argument("--reason", default="", help=_("为什么删除（erase），记进操作日志"))
    vault.add_argument("--school", default="", help=_("县级文件：学校编号（people、erase）"))
    audit = commands.add("audit", audit_file, _("核对操作日志的链条"))
    audit.add_argument("file", type=Path)
    backup = commands.add("backup", backup_file, _("备份"))
    backup.add_argument("file", type=Path)
    backup.add_argument("--to", type=Path, required=True)
    restore = commands.add("restore", restore_file, _("从备份恢复"))
    restore.add_argument("file", metavar="backup", type=Path)
    restore.add_argument("--to", type=Path, required=True)
    restore.add_argument("--as", dest="as_", choices=("restore", "move", "copy"), required=True)


def school_new(args: argparse.Namespace, console: Console) -> Outcome:
    """`school new`."""
    with files.new_school(args.file, name=args.name, code=args.code, env=console.env, sample=args.sample) as session:
        data = {"file": str(args.file), "file_id": session.store.file_id, "name": args.name}
    return Outcome(
        data,
        [_("已新建 {file}。").format(file=args.file), _("下一步：录入或导入数据；收到县配置包后用 school join 入网。")],
    )


def school_join(args: argparse.Namespace, console: Console) -> Outcome:
    """`school join`: the first time writes an enrolment request and its form, later only takes the newer kit."""
    unchosen = key_home.first_run(console.env)
    with open_session(args.file, console.env) as session:
        joined = join.join(
            session, args.kit, school=args.school, fingerprint=args.county_fingerprint, to=args.to or args.file.parent
        )
    data = {
        "request": joined.request,
        "form": joined.form,
        "fingerprint": joined.fingerprint,
        "kit": joined.kit_version,
    }
    lines = [_("县配置包第 {n} 版已采用。").format(n=joined.kit_version)]
    if joined.request:
        lines += [
            _("入网申请：{file}").format(file=joined.request),
            _("入网登记表：{file}（请校长盖章，连同 U 盘交县教育局）").format(file=joined.form),
            _("本校指纹：{fingerprint}").format(fingerprint=joined.fingerprint),
        ]
        if unchosen is not None:
            words = _("密钥在 {folder}。有还原卡的电脑请用 eduplan home 换到不会被还原的盘。")
            console.say(words.format(folder=console.env.home))
    return Outcome(data, lines)


def vault_act(args: argparse.Namespace, console: Console) -> Outcome:
    """`vault`: create, test or list the slots of a compartment; list the people in it, erase one."""
    if args.action in ("people", "erase"):
        return _vault_people(args, console)
    with open_session(args.file, console.env) as session:
        if args.action == "create":
            code = vaults.create(session, args.name, console.one_passphrase(_("为保险库设口令：")))
            return Outcome(
                {"created": args.name, "recovery_code": code},
                [
                    _("已建立保险库 {name}。").format(name=args.name),
                    _("恢复码（抄写或打印后分开保管，只显示这一次）：{code}").format(code=code),
                ],
            )
        if args.action == "slots":
            slots = vaults.slots(session, args.name)
            return Outcome(
                {"slots": slots}, [f"{s['kind']}：Argon2id {s['memory_kib']} KiB × {s['iterations']}" for s in slots]
            )
        try:
            vaults.unlock(session, args.name, console.passphrases(_("口令：")))
        except EduPlanError as fault:
            told = {"open": False, "error": fault.code, "message": fault.message, "advice": fault.advice}
            return Outcome(told, [str(fault)], 1)
        prepare.prepare_all(session)
        return Outcome({"open": True}, [_("口令正确，可以打开。")])


def _vault_people(args: argparse.Namespace, console: Console) -> Outcome:
    """`vault people` needs no passphrase; `vault erase` cannot be undone and therefore asks for person and reason in the line."""
    if args.action == "people":
        with open_session(args.file, console.env, read_only=True) as session:
            found = erasing.people(session, args.name, args.school)
        shown = [{"person": p.id, "name": p.name, "removed": p.gone, "rows": p.rows} for p in found]
        words = _("{id}　{name}　{n} 条")
        return Outcome({"people": shown}, [words.format(id=p.id, name=p.name, n=p.rows) for p in found])
    with open_session(args.file, console.env, passphrases=console.passphrases(_("口令："))) as session:
        done = erasing.erase(session, args.name, args.person, args.reason, args.school)
    return Outcome(
        {"erased": args.name, "person": done.person, "rows": done.rows},
        [
            _("已永久删除：{n} 条记录的密封内容，不能恢复。").format(n=done.rows),
            _("以前的备份里还有，轮换出去以后才没有；已经上报的包和县里收到的不会跟着删。"),
        ],
    )


def audit_file(args: argparse.Namespace, console: Console) -> Outcome:
    """`audit`: verify the journal's hash chain and say how many acts it holds."""
    with open_session(args.file, console.env, read_only=True) as session:
        report = files.audit(session)
    lines = [
        (
            _("操作 {n} 次，链条完整，链头 {head}。") if report.sound else _("操作 {n} 次，链条不完整，链头 {head}。")
        ).format(n=report.acts, head=report.head[:16]),
        *report.sentences,
    ]
    data = {"acts": report.acts, "sound": report.sound, "head": report.head, "problems": report.sentences}
    return Outcome(data, lines, 0 if report.sound else 1)


def backup_file(args: argparse.Namespace, console: Console) -> Outcome:
    """`backup`."""
    with open_session(args.file, console.env) as session:
        made = files.backup_to(session, args.to)
    return Outcome({"backup": str(made)}, [_("已备份到 {made}，并已核对。").format(made=made)])


def restore_file(args: argparse.Namespace, console: Console) -> Outcome:
    """`restore`: never touches keys."""
    with files.restore_from(args.file, args.to, console.env, args.as_) as session:
        data = {"file": str(args.to), "file_id": session.store.file_id, "as": args.as_}
    return Outcome(data, [_("已恢复到 {to}。").format(to=args.to)])
