"""F18 教职工体检汇总表: counts only, no names, small counts hidden; words of the closed list alone (forms.md §2, D8)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from eduplan_desktop.i18n import _
from eduplan_desktop.registers.health import WORDS
from eduplan_desktop.reports.amounts import count
from eduplan_desktop.reports.blocks import FormBox, Item, paragraph, space
from eduplan_desktop.reports.fonts import Face
from eduplan_desktop.reports.page import Head, Imprint, Margins, Paper, sign_off
from eduplan_desktop.reports.pdf import MM
from eduplan_desktop.reports.suppression import suppressed
from eduplan_desktop.reports.table import Align, Column, Table


@dataclass(frozen=True, slots=True)
class HealthItem:
    """One item of the check-up. examined: people with a result; words: word of the closed list → people, exact.

    A word that cannot occur for the item is left out and its cell stays blank.
    """

    label: str
    examined: int
    words: Mapping[str, int] = field(default_factory=dict)

    @property
    def within(self) -> int:
        """People with a result and no word; the remaining count."""
        return self.examined - sum(self.words.values())


@dataclass(frozen=True, slots=True)
class HealthSummary:
    """A school's or county's check-ups of one statistical year. reasons: reason for 未检 → people, exact, their sum ≤ not_done."""

    unit: str
    period: str
    due: int
    done: int
    not_done: int
    items: Sequence[HealthItem]
    imprint: Imprint
    reasons: Mapping[str, int] = field(default_factory=dict)


def render(summary: HealthSummary) -> bytes:
    """The summary as a PDF. ValueError for a word outside the closed list or counts that do not add up: that is a bug."""
    _verify(summary)
    head = Head(
        "F18", _("教职工体检汇总表"), _("填报单位：{unit}").format(unit=summary.unit), summary.period, _("计量单位：人")
    )
    paper = Paper(head, summary.imprint, margins=Margins(left=25 * MM, right=13 * MM))
    box = FormBox(paper, label_width=20 * MM)
    rate = f"{100 * summary.done / summary.due:.1f}%" if summary.due else ""
    box.row(
        Item(_("应检"), count(summary.due)),
        Item(_("已检"), count(summary.done)),
        Item(_("未检"), count(summary.not_done)),
        Item(_("体检率"), rate),
    )
    box.close()
    _reasons(paper, summary)
    _items(paper, summary.items)
    notes = [
        _("人数不足 5 人的格显示“*”；为防止由合计推算，必要时另有格一并显示“*”。"),
        _("“范围内”指结果未提示表列各项；各词只说明结果与参考范围的关系。"),
    ]
    for note in notes:
        paragraph(paper, note, size=8, leading=1.4, indent=False, face=Face.SANS)
    sign_off(paper)
    return paper.finish()


def _verify(summary: HealthSummary) -> None:
    for item in summary.items:
        if not set(item.words) <= set(WORDS):
            raise ValueError(f"word outside the closed list: {set(item.words) - set(WORDS)}")
        if item.within < 0 or min(item.words.values(), default=0) < 0:
            raise ValueError("counts of a check-up item do not add up")
    if sum(summary.reasons.values()) > summary.not_done:
        raise ValueError("more reasons than people without a check-up")


def _reasons(paper: Paper, summary: HealthSummary) -> None:
    """未检原因, with what has no reason as a cell of its own, so that the total gives nothing away."""
    if not summary.not_done:
        return
    space(paper, 3 * MM)
    labels = [*summary.reasons, _("未填原因")]
    counts = [*summary.reasons.values(), summary.not_done - sum(summary.reasons.values())]
    columns = [Column(_("未检原因"), 20, Align.CENTRE), *(Column(label, 18, Align.CENTRE) for label in labels)]
    table = Table(paper, columns)
    table.row((_("人数"), *suppressed(counts)))
    table.close()


def _items(paper: Paper, items: Sequence[HealthItem]) -> None:
    space(paper, 3 * MM)
    words = [word for word in WORDS if any(word in item.words for item in items)]
    columns = [Column(_("项目"), 38), Column(_("受检"), 13, Align.RIGHT), Column(_("范围内"), 13, Align.RIGHT)]
    table = Table(paper, [*columns, *(Column(_(word), 13, Align.RIGHT) for word in words)], row_height=7.5 * MM)
    for item in items:
        shown = suppressed([item.within, *item.words.values()])
        cells = dict(zip(item.words, shown[1:], strict=True))
        table.row((item.label, count(item.examined), shown[0], *(cells.get(word, "") for word in words)))
    table.close()
    space(paper, 1.5 * MM)
