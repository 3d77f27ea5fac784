"""应急演练: one row per drill (教基一厅〔2014〕2号: schools at least monthly, kindergartens at least each quarter)."""

from collections.abc import Iterator, Mapping
from typing import Final

from eduplan_desktop.problems import Problem
from eduplan_desktop.registers.messages import finding
from eduplan_desktop.registers.model import Field, Kind, Register, RuleContext, Section, SliceBy, Value
from eduplan_desktop.registers.rules import not_in_future, unique

_DATE: Final = Field("drill_date", Kind.DATE, "演练日期", required=True)
_TYPE: Final = Field("drill_type", Kind.CHOICE, "演练类型", required=True, choices="drill_type")
_PUPILS: Final = Field("pupils", Kind.WHOLE, "参加学生", unit="人", minimum=0, maximum=100_000)
_SECONDS: Final = Field("seconds", Kind.WHOLE, "疏散用时", unit="秒", minimum=0, maximum=7200)


def _whole_day(row: Mapping[str, Value], context: RuleContext) -> Iterator[Problem]:
    """A drill happens on one day."""
    if len(str(row.get("drill_date") or "")) in (4, 7):
        yield finding("date_needs_day", "drill_date", {"label": _DATE.label})


def _someone(row: Mapping[str, Value], context: RuleContext) -> Iterator[Problem]:
    """A drill without anybody taking part is a doubt."""
    if row.get("pupils") == 0 and not row.get("adults"):
        yield finding("drill_without_people", "pupils", {"label": _PUPILS.label})


DRILL: Final = Register(
    name="drill",
    label="应急演练",
    slice_by=SliceBy.CALENDAR_YEAR,
    year_field="drill_date",
    identity=("drill_date", "drill_type"),
    title=("drill_date", "drill_type"),
    sections=(
        Section(
            "演练",
            (
                _DATE,
                _TYPE,
                Field("plan", Kind.TEXT, "方案", max_length=100),
                Field("weather", Kind.CHOICE, "天气", choices="weather"),
                Field("started", Kind.TEXT, "开始时刻", max_length=10, help="如 10:05。"),
                Field("commander", Kind.TEXT, "总指挥", required=True, max_length=50),
            ),
        ),
        Section(
            "参加与用时",
            (
                _PUPILS,
                Field("adults", Kind.WHOLE, "参加教职工", unit="人", minimum=0, maximum=10_000),
                _SECONDS,
            ),
        ),
        Section(
            "总结",
            (
                Field("problems", Kind.LONG_TEXT, "发现问题", max_length=2000),
                Field("improvement", Kind.LONG_TEXT, "改进措施", max_length=2000),
                Field("remark", Kind.LONG_TEXT, "备注", max_length=1000),
            ),
        ),
    ),
    rules=(not_in_future(_DATE), _whole_day, _someone),
    group_rules=(unique(_DATE, _TYPE, code="same_day_same_drill"),),
)
