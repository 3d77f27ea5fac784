"""Recording that people were not examined: the reason is asked once for all of them and kept sealed."""

from collections.abc import Sequence

from eduplan_desktop.errors import EduPlanError
from eduplan_desktop.i18n import _
from ui.screen import Context
from ui.theme import Tone
from ui.widgets.pickers import Option


def record_not_done(context: Context, year: int, people: Sequence[str]) -> tuple[str, Tone]:
    """Ask why and record it for these people; what to say about it, '' where nothing was recorded."""
    ws = context.workspace
    reason = context.messages.ask_choice(
        _("登记未检"),
        _("{n} 人未检。原因密封保存，报表上只有人数。").format(n=len(people)),
        _("登记未检"),
        [Option(e.code, e.label) for e in ws.catalogs.table("not_done_reason").live],
        label=_("未检原因"),
    )
    if not reason:
        return "", Tone.NEUTRAL
    try:
        changes, without = ws.health.not_examined(year, people, reason)
    except EduPlanError as fault:
        context.messages.fault(fault, _("没有登记"))
        return "", Tone.NEUTRAL
    context.published(changes)
    words = _("{n} 人记为未检。").format(n=len(people))
    if without:
        words += _("其中 {n} 人没有单独同意，只记未检，不记原因。").format(n=len(without))
    return words, Tone.AMBER if without else Tone.GREEN
