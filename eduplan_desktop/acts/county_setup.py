"""Setting a county up: file, keys, recovery sheets, roster, calendar, policy, letter (DESIGN §2.1)."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eduplan_desktop.acts import county_keys, county_lists, keyring, naming, school_paper
from eduplan_desktop.acts.home import write_atomically
from eduplan_desktop.acts.session import Session
from eduplan_desktop.bundle import sheets
from eduplan_desktop.bundle.kit import CountyIdentity, RosterEntry
from eduplan_desktop.bundle.sealing import SealKey, seal, unseal
from eduplan_desktop.bundle.stick import make_folder
from eduplan_desktop.county import calendar, roster
from eduplan_desktop.environment import Environment
from eduplan_desktop.errors import EduPlanError, RefusedError
from eduplan_desktop.i18n import _
from eduplan_desktop.store import compartments, shelf
from eduplan_desktop.store.connect import create_store
from eduplan_desktop.store.journal import Act, act


@dataclass(frozen=True, slots=True)
class MadeCounty:
    """A new county file. recovery_code: of its passphrase slot; the recovery sheet itself is only where it was written."""

    file: str
    fingerprint: str
    recovery_code: str
    sheet: str

    def as_dict(self) -> dict[str, Any]:
        """For `--json`."""
        return {
            "file": self.file,
            "fingerprint": self.fingerprint,
            "recovery_code": self.recovery_code,
            "recovery_sheet": self.sheet,
        }


def new_county(
    path: Path, *, code: str, name: str, passphrase: str, sheet: Path, env: Environment, sample: bool = False
) -> MadeCounty:
    """A county file with its keys, and the recovery sheet for records written where the person said.

    Raises RefusedError bad_code, bad_name, weak_passphrase, bad_sheet_name; StoreError. Where the sheet cannot be written no file is left.
    """
    if not (len(code) == 6 and code.isascii() and code.isdigit()):
        raise RefusedError("bad_code", _("县代码要写成 6 位数字。"), _("请照 GB/T 2260 填写县级行政区划代码。"))
    name = naming.name(name)
    writable(sheet)
    session = Session(create_store(path, "county", env, name=name, sample=sample), env)
    try:
        with session:
            recovery, fingerprint = make_keys(session, code, passphrase, sheet)
    except EduPlanError:
        path.unlink(missing_ok=True)
        raise
    return MadeCounty(str(path), fingerprint, recovery, str(sheet))


def make_keys(session: Session, code: str, passphrase: str, sheet: Path) -> tuple[str, str]:
    """The compartment and keys of a new county; (recovery code, fingerprint)."""
    with act(session.store, "county.compartment", "建立保险库", undoable=False) as a:
        recovery = compartments.make(a, "personal", passphrase)
    session.unlock([passphrase])
    opened = session.opened_or_refuse("personal")
    with act(session.store, "county.keys", "建立县密钥", undoable=False) as a:
        paper = keyring.make(a, opened, code, session.name, session.env.random)
        _test_opening(*keyring.load(session.store, opened).working, SealKey(paper.keys[1]))
    county = county_keys.identity(session)
    write_sheet(session, paper, county, sheet)
    return str(recovery), county.fingerprint


def make_health(session: Session, passphrase: str, sheet: Path) -> str:
    """The county health officer's key and sheet, a separate act; returns the recovery code of the compartment.

    Where the sheet cannot be written there is no key either: the sheet is the only copy of the recovery key.
    """
    if county_keys.identity(session).health is not None:
        raise RefusedError("health_exists", _("健康密钥已经建立。"), _("如果口令遗失，请用恢复码或恢复单。"))
    writable(sheet)
    with act(session.store, "county.health", "建立健康密钥", undoable=False) as a:
        recovery = compartments.make(a, "health", passphrase)
        opened = compartments.open_with(session.store, "health", passphrase)
        paper = keyring.make_health(a, opened, session.env.random)
        _test_opening(*keyring.load_health(session.store, opened), SealKey(paper.keys[0]))
        write_sheet(session, paper, county_keys.identity(session), sheet)
    session.opened["health"] = opened
    return str(recovery)


def _test_opening(*keys: SealKey) -> None:
    """Seal and open once with each new key before anything rests on it (D4)."""
    word = b"eduplan"
    sealed = seal(word, [k.public for k in keys])
    if any(unseal(sealed, [k]) != word for k in keys):
        raise RefusedError("key_test_failed", _("新密钥试封试开没有通过。"), _("请重试；仍不行请换一台电脑。"))


def writable(sheet: Path) -> None:
    if sheet.suffix.lower() not in (".pdf", ".txt"):
        raise RefusedError("bad_sheet_name", _("恢复单要写成 .pdf（打印）或 .txt（抄录）。"), _("请换一个文件名。"))
    make_folder(sheet.parent)


def write_sheet(session: Session, sheet: sheets.Sheet, county: CountyIdentity, to: Path) -> None:
    """Write a recovery sheet where the person said, and nowhere else."""
    health = sheet.kind == sheets.HEALTH
    if to.suffix.lower() == ".txt":
        title = _("健康恢复单") if health else _("记录恢复单")
        lines = [f"{n}. {line}" for n, line in enumerate(sheet.lines, 1)]
        write_atomically(to, "\n".join([f"{session.name} {title}", *lines, ""]).encode(), private=True)
        return
    from eduplan_desktop.reports import recovery_sheet as paper

    body = paper.render(
        paper.RecoverySheet(
            county.name,
            county.code,
            health,
            county.fingerprint,
            session.today(),
            sheet.lines,
            school_paper.imprint(session),
        )
    )
    write_atomically(to, body, private=True)


def prove_sheet(session: Session, text: str) -> str:
    """The typed sheets must give the very keys of this file; which ones did. Raises RefusedError bad_sheet, wrong_sheet."""
    session.county_or_refuse()
    kinds = [keyring.proven(session.store, sheet) for sheet in sheets.parse_sheets(text)]
    with act(session.store, "county.prove", "核对恢复单", undoable=False) as a:
        for kind in kinds:
            a.set_meta(f"proven:{kind}", session.today())
    return "、".join(_("健康") if kind == sheets.HEALTH else _("记录") for kind in kinds)


def print_letter(session: Session, to: Path) -> int:
    """The letter with the county's fingerprint, for the stamp; pages."""
    from eduplan_desktop.bundle.fingerprints import fingerprint
    from eduplan_desktop.reports import county_letter as paper

    county = county_keys.identity(session)
    chain = keyring.successions(session.store)
    letter = paper.CountyLetter(
        county.name,
        county.fingerprint,
        int(session.store.meta("kit_version", "0")),
        school_paper.imprint(session),
        replaces=fingerprint("county", chain[-1].old) if chain else "",
    )
    to.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(to, paper.render(letter))
    return 1


def roster_act(session: Session, action: str, said: Mapping[str, Any]) -> dict[str, Any]:
    """`county school add|list|import|close`."""
    session.county_or_refuse()
    given = {k: str(said.get(k) or "") for k in roster.COLUMNS if said.get(k)}
    if action == "list":
        return {"schools": [_line(e) for e in roster.in_order(session.store)]}
    if action == "import":
        return import_roster(session, said.get("sheet"))
    with act(session.store, f"county.school.{action}", "修改学校名单", undoable=False) as a:
        entry = _edit(session, a, action, given)
    return {"schools": [_line(entry)]}


def _edit(session: Session, a: Act, action: str, given: dict[str, str]) -> RosterEntry:
    if action == "add":
        return roster.add(a, session.catalogs, given)
    uid = roster.named(session.store, given.get("uid") or given.get("name", "")).uid
    if action == "close":
        return roster.end(a, uid, given.get("valid_to", ""), given.get("successor", ""), given.get("remark", ""))
    return roster.change(a, session.catalogs, uid, given)


def import_roster(session: Session, path: Path | None) -> dict[str, Any]:
    """List many schools from a sheet whose headings are the columns' names or their Chinese words."""
    from eduplan_desktop.acts import plain_sheets

    path = plain_sheets.given(path)
    with act(session.store, "county.school.import", "导入学校名单", undoable=False) as a:
        done = roster.import_rows(a, session.catalogs, plain_sheets.read_rows(path, ROSTER_HEADS))
    sentence = _("读入 {read} = 新增 {added} + 更新 {changed} + 未变 {same} + 拒收 {refused}。").format(
        read=done.read, added=done.added, changed=done.changed, same=done.same, refused=len(done.refused)
    )
    refused = [{"line": n, "reason": why} for n, why in done.refused]
    return {
        "read": done.read,
        "added": done.added,
        "changed": done.changed,
        "same": done.same,
        "refused": refused,
        "sentence": sentence,
    }


ROSTER_HEADS = {
    "学校编号": "uid",
    "学校名称": "name",
    "学校": "name",
    "标识码": "code",
    "学校标识码": "code",
    "曾用名": "aliases",
    "办学类型": "kind",
    "城乡类型": "urban",
    "乡镇": "township",
    "所在乡镇": "township",
    "所在乡镇(街道)": "township",
    "开办日期": "valid_from",
    "停办日期": "valid_to",
    "并入学校": "successor",
    "备注": "remark",
}
"""Heading of a roster sheet → column."""


def _line(entry: RosterEntry) -> dict[str, str]:
    return {name: getattr(entry, name) for name in roster.COLUMNS}


def calendar_act(session: Session, action: str, said: Mapping[str, Any]) -> list[dict[str, Any]]:
    """`county calendar add|list|year|remove`; the calendar afterwards."""
    session.county_or_refuse()
    if action != "list":
        with act(session.store, f"county.calendar.{action}", "修改报送日历", undoable=False) as a:
            if action == "year":
                calendar.add_year(a, int(said["year"]))
            elif action == "remove":
                calendar.drop(a, str(said["id"]))
            else:
                calendar.put(a, calendar.from_text({k: str(said.get(k) or "") for k in said}))
    return [calendar.as_json(i) for i in calendar.items(session.store)]


def policy_act(session: Session, action: str, key: str, value: str, source: str) -> dict[str, dict[str, str]]:
    """`county policy set|list|unset`; the policy afterwards. A value without a source is refused (invariant 8), and
    so is a rule of the indicators that does not exist or cannot be read."""
    session.county_or_refuse()
    if action != "list":
        with act(session.store, f"county.policy.{action}", "修改口径", undoable=False) as a:
            if action == "set":
                county_lists.confirm(a, key, value, source)
            else:
                shelf.drop_policy(a, key)
    return shelf.policy(session.store)
