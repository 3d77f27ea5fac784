"""教师体检: one row per person and year. In clear only who, which year and 应检/已检/未检; all else sealed in *health* (D8)."""

from collections.abc import Iterator
from typing import Final

from eduplan_desktop.problems import Problem
from eduplan_desktop.registers.messages import finding
from eduplan_desktop.registers.model import Field, Kind, Register, RowSource, RuleContext, Section, SliceBy
from eduplan_desktop.registers.rules import in_order, unique

DUE, DONE, NOT_DONE = "1", "2", "3"
"""Codes of the table `checkup_state`: 应检, 已检, 未检."""

_YEAR: Final = Field("stat_year", Kind.WHOLE, "统计年度", required=True, minimum=1990, maximum=2199)
_PERSON: Final = Field("person", Kind.LINK, "本人", required=True, target="staff")
_STATE: Final = Field("state", Kind.CHOICE, "体检状态", required=True, choices="checkup_state")
_DAY: Final = Field("exam_date", Kind.DATE, "体检日期")
_AGAIN: Final = Field("recheck_date", Kind.DATE, "复查日期")


def _consent_first(register: Register, source: RowSource, context: RuleContext) -> Iterator[Problem]:
    """Nothing of a check-up may be recorded for a person without a separate consent.

    One withdrawn since does not make a past check-up an error: what was done before the withdrawal stands (个人信息保护法
    art. 15), and the withdrawal itself must be able to travel. Recording anything new is refused where it is written.
    """
    allowed = {row.get("person") for row in source.rows("health_consent") if row.get("signed") is not None}
    for row in source.rows(register.name):
        if row.get("state") == DONE and row.get("person") not in allowed:
            yield finding("consent_missing", "person", {"label": _PERSON.label}, register.name, str(row["id"]))


CHECKUP: Final = Register(
    name="checkup",
    label="教师体检",
    slice_by=SliceBy.STATISTICAL_YEAR,
    year_field="stat_year",
    identity=("stat_year", "person"),
    title=("person", "stat_year"),
    sections=(
        Section("体检", (_YEAR, _PERSON, _STATE)),
        Section(
            "体检记录（密封）",
            (
                Field("not_done_reason", Kind.CHOICE, "未检原因", choices="not_done_reason"),
                _DAY,
                Field("institution", Kind.TEXT, "医疗机构", max_length=100),
                Field("report_no", Kind.TEXT, "报告编号", max_length=60),
                Field("results", Kind.RESULTS, "检查结果", choices="health_item"),
                Field("conclusion", Kind.CHOICE, "体检结论", choices="checkup_conclusion"),
                Field("advice", Kind.LONG_TEXT, "总检建议（照抄报告）", max_length=4000),
                _AGAIN,
                Field("recheck_result", Kind.LONG_TEXT, "复查结果（照抄报告）", max_length=2000),
                Field("remark", Kind.LONG_TEXT, "备注", max_length=1000),
            ),
            compartment="health",
        ),
    ),
    rules=(in_order(_DAY, _AGAIN, sealed=True),),
    group_rules=(unique(_YEAR, _PERSON, code="second_checkup"), _consent_first),
)
