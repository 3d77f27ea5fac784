"""Erasing a person's sealed content for good: asked with care, because nothing brings it back."""

from collections.abc import Callable, Sequence
from html import escape
from typing import Any, Final

from eduplan_desktop.i18n import N_, _
from ui.messages import Answer
from ui.screen import Context
from ui.theme import Tone
from ui.vault import NAMES, open_vault
from ui.widgets.pickers import Option

REMAINS: Final = (
    N_("删除后谁都恢复不了，也不能撤销；此前的操作也不能再撤销。留下来的："),
    N_("· 姓名、岗位、照片等没有密封的登记；谁在什么时候改过的记录，内容再也打不开；"),
    N_("· 已经上报的包里的密封部分和县里收到的，要请县里另外处理；"),
    N_("· 以前的备份：文件旁边的最近十份，再备份十次才轮换完；U 盘上的备份和导出的表格请自己处理。"),
)
AT_COUNTY: Final = (
    N_("删除后谁都恢复不了，也不能撤销；此前的操作也不能再撤销。留下来的："),
    N_("· 姓名、岗位等没有密封的登记；"),
    N_("· 学校自己文件里的，和归档的数据包里的密封部分。学校没有删的，下次报送会再收进来：请先由学校删除并报送；"),
    N_("· 以前的备份：文件旁边的最近十份，再备份十次才轮换完；U 盘上的备份和导出的表格请自己处理。"),
)
SEEN: Final = 6


def choose_person(context: Context, compartment: str, done: Callable[[], object]) -> None:
    """Ask whose content is to go, also of people no longer in the register, and go on as `erase_person`."""

    def ask() -> None:
        school = _school(context) if context.workspace.kind == "county" else ""
        if school is None:
            return
        found = context.workspace.sealed_people(compartment, school)
        words = _(NAMES[compartment])
        if not found:
            context.messages.tell(_("没有可删的"), _("{vault}里还没有任何人的内容。").format(vault=words))
            return
        note = {True: _("已从教职工里删除"), False: ""}
        person = context.messages.ask_choice(
            _("永久删除一个人的内容"),
            _("选{vault}里的一个人。下一步写原因，最后再确认一次。").format(vault=words),
            _("下一步"),
            [Option(p.id, p.name, note[p.gone]) for p in found],
            label=_("姓名"),
        )
        if person:
            _ask_reason(context, compartment, next(p for p in found if p.id == person), school, done)

    open_vault(context, compartment, ask)


def _school(context: Context) -> str | None:
    """At the county: which school reported the person; None where the question was closed."""
    listed = [Option(s.uid, s.name, s.township) for s in context.workspace.county.roster()]
    if not listed:
        context.messages.tell(_("没有可删的"), _("学校名单还是空的。"))
        return None
    title, words = _("永久删除一个人的内容"), _("这个人是哪所学校报来的？")
    return context.messages.ask_choice(title, words, _("下一步"), listed, label=_("学校")) or None


def erase_person(context: Context, compartment: str, person: str, done: Callable[[], object]) -> None:
    """Ask why, name what goes and what stays, and erase on the worker. The vault is opened first: whoever may read may erase."""

    def ask() -> None:
        one = next((p for p in context.workspace.sealed_people(compartment) if p.id == person), None)
        if one is None:
            words = _("{vault}里没有这个人的内容。").format(vault=_(NAMES[compartment]))
            context.messages.tell(_("没有可删的"), words)
        else:
            _ask_reason(context, compartment, one, "", done)

    open_vault(context, compartment, ask)


def _ask_reason(context: Context, compartment: str, one: Any, school: str, done: Callable[[], object]) -> None:
    reason = context.messages.ask_text(
        _("永久删除{name}的内容").format(name=one.name),
        _("写明为什么删除，例如“本人要求”。原因记进操作日志，不要写证件号码和体检内容。"),
        _("下一步"),
        label=_("原因"),
    )
    if not reason or not reason.strip():
        return
    labels: Sequence[str] = context.workspace.sealed_labels(compartment)
    what = "、".join(labels[:SEEN]) + ("…" if len(labels) > SEEN else "")
    words = _("{name}在{vault}里的 {n} 条记录将永久删除：{what}。")
    if not school:
        words += _("没写完的草稿和备好待报的密封部分一起删。")
    verb = context.messages.ask(
        _("永久删除，不能撤销"),
        words.format(name=escape(one.name), vault=_(NAMES[compartment]), n=one.rows, what=what),
        [Answer("keep", _("不删")), Answer("erase", _("永久删除 {name} 的内容").format(name=one.name))],
        tone=Tone.RED,
        detail="\n".join(_(line) for line in (AT_COUNTY if school else REMAINS)),
    )
    if verb == "erase":
        _erase(context, compartment, one.id, reason, school, done)


def _erase(
    context: Context, compartment: str, person: str, reason: str, school: str, done: Callable[[], object]
) -> None:
    ws = context.workspace

    def work(_progress: Any, _cancelled: Any) -> Any:
        with ws.another() as twin:
            return twin.erase_person(compartment, person, reason, school)

    def after(_erased: Any) -> None:
        ws.forget_undo()
        context.changes.publish(None)
        done()

    context.tasks.run(work, on_done=after, on_failed=lambda fault: context.messages.fault(fault, _("没有删除")))


def said(context: Context, compartment: str) -> str:
    """What to say once it is done."""
    words = _("{vault}里此人的内容已经永久删除。")
    if context.workspace.kind == "school":
        words += _("待报的密封部分会重新准备。")
    return words.format(vault=_(NAMES[compartment]))
