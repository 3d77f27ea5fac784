"""催报单: a sheet for each school that owes something, and the list of them all for the county.

No form of the list of forms has this number; the layout is that of the other tables. It asks for what the calendar asks
for, by the calendar's own dates, and says nothing more.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from eduplan_desktop.i18n import _
from eduplan_desktop.reports.amounts import count
from eduplan_desktop.reports.blocks import STAMPED, paragraph, space, stamped
from eduplan_desktop.reports.page import BODY, Head, Imprint, Paper
from eduplan_desktop.reports.pdf import MM
from eduplan_desktop.reports.table import Align, Column, Table


@dataclass(frozen=True, slots=True)
class Line:
    """One item, texts as shown. days: since the due date; asked: registers it takes; why: what was said to it."""

    title: str
    period: str
    due: str
    days: int | None
    asked: str
    state: str
    why: str = ""
    reminded: str = ""


@dataclass(frozen=True, slots=True)
class School:
    """A school and its lines."""

    name: str
    township: str
    lines: Sequence[Line]


@dataclass(frozen=True, slots=True)
class Reminders:
    """What is printed. as_of: the day the state stands for; items: titles of the items chosen, empty for the whole calendar."""

    county: str
    as_of: str
    schools: Sequence[School]
    imprint: Imprint
    items: Sequence[str] = ()


def render_sheets(said: Reminders) -> bytes:
    """One sheet for each school, numbered by itself."""
    paper: Paper | None = None
    for school in said.schools:
        head = Head(
            "",
            _("报送催报单"),
            _("致：{school}").format(school=school.name),
            "",
            _("截至 {day}").format(day=said.as_of),
        )
        if paper is None:
            paper = Paper(head, said.imprint)
        else:
            paper.begin(head)
        _sheet(paper, said, school)
    if paper is None:
        raise ValueError("no school to remind")
    return paper.finish()


def _sheet(paper: Paper, said: Reminders, school: School) -> None:
    space(paper, 2 * MM)
    asked = _("按{county}的报送日历，截至 {day}，下列 {n} 项还没有收到贵校完整的报送，请报送。")
    paragraph(paper, asked.format(county=said.county, day=said.as_of, n=len(school.lines)))
    space(paper, 3 * MM)
    columns = [
        Column(_("序号"), 10, Align.CENTRE),
        Column(_("事项"), 40),
        Column(_("期次"), 17, Align.CENTRE, lines=1),
        Column(_("截止日期"), 23, Align.CENTRE, lines=1),
        Column(_("已超天数"), 13, Align.CENTRE),
        Column(_("要报的数据"), 38, lines=4),
        Column(_("情况"), 29, lines=6),
    ]
    table = Table(paper, columns, size=BODY, row_height=10 * MM)
    for number, line in enumerate(school.lines, 1):
        state = f"{line.state}：{line.why}" if line.why else line.state
        table.row((str(number), line.title, line.period, line.due, count(line.days), line.asked, state))
    table.close()
    space(paper, 3 * MM)
    for note in (
        _("按期还是迟报，以县里收到上报包的日期为准。"),
        _("没有数据可报的事项，请在上报时作零报告。退回的，请改正后再报同一事项。"),
    ):
        paragraph(paper, note)
    _signatures(paper)


def _signatures(paper: Paper) -> None:
    space(paper, 5 * MM)
    paper.need(STAMPED)
    half = (paper.width - 4 * MM) / 2
    date = _("　　　　年　　月　　日")
    stamped(paper, paper.left, half, _("发出单位（盖章）"), [_("经办人："), _("联系电话："), date])
    right = paper.left + half + 4 * MM
    stamped(paper, right, half, _("签收单位（盖章）"), [_("签收人："), _("联系电话："), date])
    paper.y -= STAMPED


def render_list(said: Reminders) -> bytes:
    """Every school and item on one list, with a column to write by hand who was reached."""
    middle = _("截至 {day}").format(day=said.as_of)
    right = "、".join(said.items) if len(said.items) < 3 else _("{n} 个事项").format(n=len(said.items))
    head = Head("", _("催报名单"), _("单位：{unit}").format(unit=said.county), middle, right)
    paper = Paper(head, said.imprint, landscape=True)
    columns = [
        Column(_("学校（乡镇）"), 56, lines=5),
        Column(_("事项"), 54),
        Column(_("期次"), 17, Align.CENTRE, lines=1),
        Column(_("截止日期"), 22, Align.CENTRE, lines=1),
        Column(_("情况"), 13, Align.CENTRE),
        Column(_("天数"), 11, Align.CENTRE),
        Column(_("说明"), 44, lines=4),
        Column(_("最近催报"), 22, Align.CENTRE, lines=1),
        Column(_("联系结果"), 38),
    ]
    table = Table(paper, columns, size=9.5, row_height=9.5 * MM, merge_first=True)
    for school in said.schools:
        who = "\n".join(part for part in (school.name, school.township) if part)
        for line in school.lines:
            facts = (line.title, line.period, line.due, line.state, count(line.days), line.why, line.reminded, "")
            table.row((who, *facts))
    lines = sum(len(school.lines) for school in said.schools)
    total = _("{schools} 所，{lines} 项").format(schools=len(said.schools), lines=lines)
    table.close([_("合计"), total, *[""] * 7])
    space(paper, 1.5 * MM)
    note = _("缺报：超过截止日期还没有收到，天数算到今天。退回：等学校改正后再报。迟报：已经收到，天数是收到时超过的。")
    paragraph(paper, note, size=9, leading=1.45, indent=False)
    return paper.finish()
