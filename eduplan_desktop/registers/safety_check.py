"""每日安全检查: one row a day with its results inside (日查表, F09)."""

from collections.abc import Iterator, Mapping
from typing import Final

from eduplan_desktop.problems import Problem
from eduplan_desktop.registers import results
from eduplan_desktop.registers.messages import finding
from eduplan_desktop.registers.model import Field, Kind, Register, RuleContext, Section, SliceBy, Value
from eduplan_desktop.registers.refusal import BadValue
from eduplan_desktop.registers.rules import not_in_future, unique

NORMAL, ABNORMAL, NOT_HERE = "1", "2", "3"
"""Values of a result (code table `check_result`): 正常, 异常, 本校不适用."""

_DATE: Final = Field("check_date", Kind.DATE, "检查日期", required=True)
_RESULTS: Final = Field("results", Kind.RESULTS, "检查结果", choices="checklist", required=True)


def _whole_day(row: Mapping[str, Value], context: RuleContext) -> Iterator[Problem]:
    """A daily check is of one day, never of a month."""
    if len(str(row.get("check_date") or "")) in (4, 7):
        yield finding("date_needs_day", "check_date", {"label": _DATE.label})


def _answers(row: Mapping[str, Value], context: RuleContext) -> Iterator[Problem]:
    """Each result is one of three answers; 异常 says what is wrong."""
    try:
        found = results.load(str(row["results"])) if row.get("results") else {}
    except BadValue:
        return
    checklist = context.catalogs.table("checklist").by_code
    for item, result in found.items():
        label = checklist[item].label if item in checklist else item
        if result.value not in (NORMAL, ABNORMAL, NOT_HERE):
            yield finding("check_answer", "results", {"item": label})
        elif result.value == ABNORMAL and not result.remark:
            yield finding("abnormal_without_words", "results", {"item": label})


SAFETY_CHECK: Final = Register(
    name="safety_check",
    label="每日检查",
    slice_by=SliceBy.CALENDAR_YEAR,
    year_field="check_date",
    identity=("check_date",),
    title=("check_date", "inspector"),
    sections=(
        Section(
            "检查",
            (
                _DATE,
                Field("weather", Kind.CHOICE, "天气", choices="weather"),
                Field("inspector", Kind.TEXT, "检查人", required=True, max_length=50),
                Field("leader", Kind.TEXT, "带班领导", required=True, max_length=50),
            ),
        ),
        Section("结果", (_RESULTS, Field("remark", Kind.LONG_TEXT, "处理情况", max_length=2000))),
    ),
    rules=(not_in_future(_DATE), _whole_day, _answers),
    group_rules=(unique(_DATE),),
)
