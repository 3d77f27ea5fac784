"""Opening, making and locking vaults (compartments) from any page. The key is derived on the worker, not in the window."""

from collections.abc import Callable
from typing import Any, Final

from eduplan_desktop.i18n import N_, _
from ui.messages import Answer
from ui.screen import Context
from ui.theme import Tone

NAMES: Final = {"personal": N_("个人信息保险库"), "health": N_("健康保险库")}
COUNTY_NAMES: Final = {"personal": N_("县密钥"), "health": N_("健康保险库")}
"""The county's personal vault also holds its keys, and that is what it is opened for."""


def vault_name(context: Context, name: str) -> str:
    """What a vault is called on this side."""
    names = COUNTY_NAMES if context.workspace.kind == "county" else NAMES
    return _(names.get(name, name))


def _on_worker(context: Context, act: Callable[[Any], Any], done: Callable[[Any], object]) -> None:
    """Run `act` on a second opening of the file, keep what it opened, and go on with its answer."""
    workspace = context.workspace

    def work(_progress: Any, _cancelled: Any) -> Any:
        with workspace.another() as twin:
            answer = act(twin)
            workspace.adopt_opened(twin)
            return answer

    def after(answer: Any) -> None:
        context.changes.publish(None)
        done(answer)

    context.tasks.run(work, on_done=after, on_failed=lambda fault: context.messages.fault(fault, _("没有打开")))


def open_vault(context: Context, name: str, then: Callable[[], object] = lambda: None) -> None:
    """Ask for the passphrase and open the vault; without a vault yet, offer to make one. `then` runs when it is open."""
    state = context.workspace.compartment_state(name)
    if state == "open":
        then()
        return
    if state == "none":
        make_vault(context, name, then)
        return
    words = vault_name(context, name)
    known = context.workspace.sample_words(name)
    secret = context.messages.ask_text(
        _("打开{vault}").format(vault=words),
        _("这是示例文件，口令已经填好。真实文件的口令只有持有人知道。")
        if known
        else _("输入{vault}的口令，或者打印的恢复码。").format(vault=words),
        _("打开"),
        label=_("口令或恢复码"),
        initial=known,
        secret=not known,
    )
    if secret:
        _on_worker(context, lambda twin: twin.open_compartment(name, secret), lambda _answer: then())


def make_vault(context: Context, name: str, then: Callable[[], object] = lambda: None) -> None:
    """Offer a passphrase, make the vault, and show its recovery code once."""
    words = _(NAMES.get(name, name))
    offered = context.workspace.offered_words()
    passphrase = context.messages.ask_text(
        _("建立{vault}").format(vault=words),
        _(
            "保险库要一个口令，至少六个词。下面是程序挑的一个，可以照用，也可以改。写在纸上收好：没有口令也没有恢复码，谁都打不开。"
        ),
        _("建立保险库"),
        label=_("口令"),
        initial=offered,
    )
    if not passphrase:
        return

    def made(code: Any) -> None:
        context.messages.ask(
            _("恢复码只显示这一次"),
            str(code),
            [Answer("kept", _("已经抄好，收在另一个地方"))],
            tone=Tone.AMBER,
            detail=_("忘了口令时，用恢复码打开{vault}。恢复码和口令分开放。").format(vault=words),
        )
        then()

    _on_worker(context, lambda twin: twin.make_compartment(name, passphrase), made)


def lock_all(context: Context) -> list[str]:
    """Lock every open vault at once; the names of those that were open."""
    held = [n for n in NAMES if context.workspace is not None and context.workspace.compartment_state(n) == "open"]
    for name in held:
        context.workspace.lock(name)
    if held:
        context.changes.publish(None)
    return [vault_name(context, n) for n in held]
