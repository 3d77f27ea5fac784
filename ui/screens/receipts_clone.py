"""The question after a data file was restored, moved or copied: which of the three, in words, settled by the person."""

from typing import Final

from eduplan_desktop.errors import EduPlanError
from eduplan_desktop.i18n import N_, _
from ui.messages import Answer
from ui.screen import Screen
from ui.theme import Tone

ANSWERS: Final = (
    ("restore", N_("原文件坏了，这是从备份恢复的")),
    ("move", N_("换了电脑，以后在这台填报")),
    ("copy", N_("这是一份副本，作为新文件")),
)


def offer_to_settle(screen: Screen) -> None:
    """Say on the page that the file and this PC disagree, with the act that settles it; silent where all is in order."""
    ws = screen.context.workspace
    state = ws.school.clone_state() if not ws.read_only else ""
    if state == "no_keys":
        words = _(
            "这台电脑没有本校文件的密钥（文件是从别处拷来的，或系统重装过）。重新申请入网后才能报送，数据不受影响。"
        )
        screen.say(words, Tone.AMBER, [(_("重新申请入网"), lambda: screen.context.frame.go("join"))])
    elif state == "behind":
        words = _(
            "这个文件记得的上报包和本机签过的不一致：它是恢复、搬来或复制来的。说明是哪一种后才能报送，不会丢数据。"
        )
        screen.say(words, Tone.AMBER, [(_("说明情况"), lambda: settle(screen))])


def settle(screen: Screen) -> None:
    """Ask which it is and settle it."""
    context = screen.context
    verb = context.messages.ask(
        _("这个文件是怎么来的？"),
        _("恢复和搬家接着原来的序号报送；副本是一个新文件，要重新入网，不能代替原文件。"),
        [Answer(id_, _(words)) for id_, words in ANSWERS],
        detail=_("拿不准时先不要选，关掉这个问题，问一下县教育局。"),
    )
    if not verb:
        return
    try:
        context.workspace.school.settle(verb)
    except EduPlanError as fault:
        context.messages.fault(fault, _("没有办成"))
        return
    context.changes.publish(None)
    screen.bars.clear()
    said = _("已作为新文件。请用县配置包重新入网。") if verb == "copy" else _("已说明。下一包会把全部内容再报一次。")
    screen.say(said, Tone.GREEN, [(_("去入网"), lambda: context.frame.go("join"))] if verb == "copy" else [])
