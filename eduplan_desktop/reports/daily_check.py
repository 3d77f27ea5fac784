"""F09 校园安全日查表: A4 portrait, one day with its results or blank, or a week as a grid of items and days (forms.md §2)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from eduplan_desktop.i18n import _
from eduplan_desktop.registers.safety_check import ABNORMAL, NORMAL, NOT_HERE
from eduplan_desktop.reports.blocks import FormBox, Item, paragraph, space
from eduplan_desktop.reports.fonts import Face
from eduplan_desktop.reports.page import BODY, SMALL, Head, Imprint, Margins, Paper
from eduplan_desktop.reports.pdf import MM
from eduplan_desktop.reports.table import Align, Column, Table

MARKS: Final = {NORMAL: "√", ABNORMAL: "×", NOT_HERE: "／", "": ""}
"""What stands on paper for a result (code table `check_result`); a blank is filled in by pen."""
_MARGINS: Final = Margins(left=25 * MM, right=13 * MM, top=16 * MM, bottom=17 * MM)
_BLANK_LINES: Final = 4


@dataclass(frozen=True, slots=True)
class CheckItem:
    """One item of the checklist. result: code of `check_result`, '' where not checked; remark: what was found and done."""

    category: str
    text: str
    result: str = ""
    remark: str = ""


@dataclass(frozen=True, slots=True)
class DayCheck:
    """One day; everything but the items may be blank, to be filled in by pen."""

    school: str
    items: Sequence[CheckItem]
    imprint: Imprint
    date: str = ""
    weather: str = ""
    inspector: str = ""
    leader: str = ""
    remark: str = ""


@dataclass(frozen=True, slots=True)
class WeekDay:
    """One column of the week: date as shown, '3-02', and who checked; blank where nobody did."""

    date: str = ""
    weather: str = ""
    inspector: str = ""
    leader: str = ""


@dataclass(frozen=True, slots=True)
class WeekItem:
    """One row of the week. results: seven codes of `check_result`, Monday first."""

    category: str
    text: str
    results: Sequence[str] = ("",) * 7


@dataclass(frozen=True, slots=True)
class WeekCheck:
    """One week, Monday to Sunday. notes: what was found and done, a sentence each."""

    school: str
    period: str
    days: Sequence[WeekDay]
    items: Sequence[WeekItem]
    notes: Sequence[str]
    imprint: Imprint


_DAY_FOOT: Final = 27 * MM


def _legend() -> str:
    return _("结果：√ 正常　× 异常　／ 本校不适用")


def render_day(check: DayCheck) -> bytes:
    """One day as a PDF; without results it is the blank form."""
    paper = Paper(Head("F09", _("校园安全日查表")), check.imprint, margins=_MARGINS)
    box = FormBox(paper, label_width=22 * MM, row_height=8 * MM)
    box.row(Item(_("学校"), check.school, 1.6), Item(_("日期"), check.date))
    box.row(Item(_("检查人"), check.inspector), Item(_("带班领导"), check.leader), Item(_("天气"), check.weather))
    box.close()
    space(paper, 2 * MM)
    table = Table(
        paper,
        [
            Column(_("类别"), 25, Align.CENTRE),
            Column(_("检查项目"), 78),
            Column(_("结果"), 12, Align.CENTRE),
            Column(_("问题与处理"), 57, lines=3),
        ],
        row_height=_day_row(paper, len(check.items)),
        merge_first=True,
    )
    for item in check.items:
        table.row((item.category, item.text, MARKS[item.result], item.remark))
    table.close()
    paragraph(paper, _legend(), size=SMALL, indent=False, face=Face.SANS)
    space(paper, 2 * MM)
    _day_foot(paper, check)
    return paper.finish()


def _day_row(paper: Paper, items: int) -> float:
    """Height of a line: less than usual where that keeps the day and its signatures on one page."""
    below = SMALL * 1.6 + 2 * MM + _DAY_FOOT
    return min(7.2 * MM, max(5.6 * MM, (paper.room - below) / (items + 1) - 0.05 * MM))


def _day_foot(paper: Paper, check: DayCheck) -> None:
    paper.need(_DAY_FOOT)
    box = FormBox(paper, label_width=22 * MM, row_height=14 * MM)
    box.row(Item(_("处理情况"), check.remark))
    box.close()
    space(paper, 6 * MM)
    sign = _("检查人签字：　　　　　　　带班领导签字：　　　　　　　　　年　　月　　日")
    paragraph(paper, sign, indent=False)


def render_week(check: WeekCheck) -> bytes:
    """One week as a PDF; without results it is the blank form."""
    return render_weeks([check])


def render_weeks(checks: Sequence[WeekCheck]) -> bytes:
    """Several weeks, each on a page of its own."""
    paper: Paper | None = None
    for check in checks:
        school, period = _("学校：{school}").format(school=check.school), check.period or _("　　年　　月　第　　周")
        head = Head("F09", _("校园安全日查表（周）"), school, "", period)
        if paper is None:
            paper = Paper(head, check.imprint, margins=_MARGINS)
        else:
            paper.begin(head)
        _week(paper, check)
    if paper is None:
        raise ValueError("no week to print")
    return paper.finish()


def _week(paper: Paper, check: WeekCheck) -> None:
    table = Table(paper, _week_columns(check.days), row_height=6.4 * MM, size=8.5, merge_first=True)
    for item in check.items:
        table.row((item.category, item.text, *(MARKS[result] for result in item.results)))
    for label, texts in (
        (_("天气"), [day.weather for day in check.days]),
        (_("检查人签字"), [day.inspector for day in check.days]),
        (_("带班领导签字"), [day.leader for day in check.days]),
    ):
        table.row((_("签字"), label, *texts), face=Face.SERIF)
    table.close()
    paragraph(paper, _legend(), size=SMALL, indent=False, face=Face.SANS)
    space(paper, 2 * MM)
    _week_notes(paper, check.notes)


def _week_columns(days: Sequence[WeekDay]) -> list[Column]:
    names = [_("周一"), _("周二"), _("周三"), _("周四"), _("周五"), _("周六"), _("周日")]
    columns = [Column(_("类别"), 20, Align.CENTRE), Column(_("检查项目"), 66)]
    for name, day in zip(names, days, strict=True):
        columns.append(Column(f"{name}\n{day.date}" if day.date else name, 12, Align.CENTRE))
    return columns


def _week_notes(paper: Paper, notes: Sequence[str]) -> None:
    """问题与处理: the sentences, and lines to write on where there is none."""
    paper.need(12 * MM)
    paragraph(paper, _("问题与处理："), indent=False, face=Face.SANS)
    for note in notes:
        paragraph(paper, note, size=BODY - 1, leading=1.4)
    lines = 0 if notes else min(_BLANK_LINES, int(paper.room / (9 * MM)))
    for _line in range(lines):
        paper.y -= 9 * MM
        paper.page.line(paper.left, paper.y, paper.right, paper.y, 0.4)
