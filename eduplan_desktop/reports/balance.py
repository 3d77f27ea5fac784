"""F22: 学校达标表 and 县差异系数表, A4 landscape, in the layout of the published provincial tables (indicators.md §4).

Verdicts are data: a form prints a mark or a limit only where it is given one, which happens only with thresholds and rules
the county has confirmed; without them the figures stand alone and the form says so.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from eduplan_desktop.i18n import _
from eduplan_desktop.reports.amounts import count
from eduplan_desktop.reports.blocks import paragraph, space
from eduplan_desktop.reports.fonts import Face
from eduplan_desktop.reports.page import Head, Imprint, Paper, sign_off
from eduplan_desktop.reports.pdf import MM
from eduplan_desktop.reports.table import Align, Column, Table

UNDEFINED = "—"
"""Stands for a figure that cannot be formed; why is in the notes."""


@dataclass(frozen=True, slots=True)
class Measure:
    """One indicator as the head of a column."""

    label: str
    unit: str = ""


@dataclass(frozen=True, slots=True)
class LevelFigures:
    """The county's figures at one level, texts as shown, one per indicator.

    limits, verdicts: empty unless confirmed; composite: 综合差异系数 of rules that have one, with its limit and verdict.
    """

    level: str
    schools: int
    pupils: int | None
    means: Sequence[str]
    variations: Sequence[str]
    limits: Sequence[str] = ()
    verdicts: Sequence[str] = ()
    composite: str = ""
    composite_limit: str = ""
    composite_verdict: str = ""


@dataclass(frozen=True, slots=True)
class CountyTable:
    """县差异系数表. rules: name and year of the rules; source: who confirmed limits and from where, '' without;
    notes: schools left out, inputs missing, a sentence each; closing: number of the year closing, '' before it."""

    county: str
    year: str
    rules: str
    measures: Sequence[Measure]
    levels: Sequence[LevelFigures]
    with_composite: bool
    imprint: Imprint
    source: str = ""
    closing: str = ""
    notes: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class SchoolFigures:
    """One school at one level. marks: one per value, '√', '△' (at the share the rules allow) or '×', '' where there is no
    verdict; reached: how many indicators reach the threshold; verdict: of the school, '' where there is none."""

    school: str
    level: str
    pupils: int | None
    values: Sequence[str]
    marks: Sequence[str] = ()
    reached: str = ""
    verdict: str = ""


@dataclass(frozen=True, slots=True)
class SchoolTable:
    """学校达标表. thresholds: (level, one text per indicator), empty unless confirmed; others as in CountyTable."""

    county: str
    year: str
    rules: str
    measures: Sequence[Measure]
    thresholds: Sequence[tuple[str, Sequence[str]]]
    schools: Sequence[SchoolFigures]
    imprint: Imprint
    source: str = ""
    closing: str = ""
    notes: Sequence[str] = ()


def render_county(report: CountyTable) -> bytes:
    """县差异系数表 as a PDF."""
    paper = _paper(_("县域义务教育校际差异系数表"), report)
    columns = [Column(_("学段"), 16, Align.CENTRE), Column(_("项目"), 20, Align.CENTRE)]
    columns += [Column(m.label, 26, Align.CENTRE, unit=m.unit) for m in report.measures]
    if report.with_composite:
        columns.append(Column(_("综合差异系数"), 22, Align.CENTRE))
    table = Table(paper, columns, row_height=8 * MM, size=10, merge_first=True)
    for figures in report.levels:
        for row in _county_rows(figures, len(report.measures)):
            table.row(row if report.with_composite else row[:-1])
    table.close()
    _notes(
        paper,
        report,
        [_counted(f) for f in report.levels],
        judged=any(any(f.verdicts) or f.composite_verdict for f in report.levels),
    )
    return _end(paper)


def _county_rows(figures: LevelFigures, width: int) -> list[tuple[str, ...]]:
    rows = [
        (figures.level, _("县均值"), *figures.means, ""),
        (figures.level, _("差异系数"), *figures.variations, figures.composite),
    ]
    if any(figures.limits) or figures.composite_limit:
        rows.append((figures.level, _("标准值"), *(figures.limits or [""] * width), figures.composite_limit))
    if any(figures.verdicts) or figures.composite_verdict:
        rows.append((figures.level, _("判定"), *(figures.verdicts or [""] * width), figures.composite_verdict))
    return rows


def _counted(figures: LevelFigures) -> str:
    return _("{level}：计算学校 {schools} 所，学生 {pupils} 人。").format(
        level=figures.level, schools=figures.schools, pupils=count(figures.pupils) or UNDEFINED
    )


def render_schools(report: SchoolTable) -> bytes:
    """学校达标表 as a PDF; without verdicts it is titled and read as a table of figures."""
    judged = any(s.verdict or any(s.marks) for s in report.schools)
    paper = _paper(_("学校资源配置达标情况表") if judged else _("学校资源配置情况表"), report)
    columns = [Column(_("序号"), 9, Align.CENTRE), Column(_("学校"), 44), Column(_("学段"), 13, Align.CENTRE)]
    columns += [Column(_("学生数"), 16, Align.RIGHT, unit=_("人"))]
    columns += [Column(m.label, 23, Align.RIGHT, unit=m.unit) for m in report.measures]
    if judged:
        columns += [Column(_("达标项数"), 12, Align.CENTRE), Column(_("结论"), 15, Align.CENTRE)]
    table = Table(paper, columns)
    tail = ("", "") if judged else ()
    for level, texts in report.thresholds:
        table.row(("", _("标准值"), level, "", *texts, *tail), face=Face.SANS)
    for number, school in enumerate(report.schools, 1):
        marks = school.marks or [""] * len(school.values)
        values = [f"{value} {mark}" if mark else value for value, mark in zip(school.values, marks, strict=True)]
        end = (school.reached, school.verdict) if judged else ()
        table.row((str(number), school.school, school.level, count(school.pupils), *values, *end))
    table.close()
    legend = [_("√ 达到标准值　△ 未达到但不低于规则允许的比例　× 低于该比例")] if judged else []
    _notes(paper, report, legend, judged=judged)
    return _end(paper)


def _paper(title: str, report: CountyTable | SchoolTable) -> Paper:
    left = _("填报单位：{county}").format(county=report.county)
    return Paper(Head("F22", title, left, report.year, report.closing), report.imprint, landscape=True)


def _notes(paper: Paper, report: CountyTable | SchoolTable, first: Sequence[str], *, judged: bool) -> None:
    notes = [*first, _("计算规则：{rules}。差异系数以学生数加权。").format(rules=report.rules)]
    if report.source:
        notes.append(_("标准值与判定规则：{source}。").format(source=report.source))
    if report.source and not judged:
        notes.append(_("数字不全，本表不作判定。"))
    elif not judged:
        notes.append(_("标准值与判定规则未经本县确认，本表只列数字，不作判定。"))
    space(paper, 1.5 * MM)
    for note in [*notes, *report.notes]:
        paragraph(paper, note, size=9, leading=1.45, indent=False)


def _end(paper: Paper) -> bytes:
    sign_off(paper)
    return paper.finish()
