"""隐患: from found to closed (safety practice of 排查、登记、整改、复查、销号).

The program proposes a level, a named person decides it. A 重大 hazard is closed only by the county's 复查, which comes with the
receipt into the fields 县级复查 (D1). A closed row is read-only; a hazard that comes back is a new row linked to the old one.
"""

from collections.abc import Iterator, Mapping
from typing import Final

from eduplan_desktop.problems import Problem
from eduplan_desktop.registers import dates
from eduplan_desktop.registers.messages import finding
from eduplan_desktop.registers.model import Field, Kind, Register, RuleContext, Section, SliceBy, Value
from eduplan_desktop.registers.rules import in_order, needed_when, not_in_future, unique

GENERAL, SERIOUS, MAJOR = "1", "2", "3"
"""Codes of the table `hazard_level`: 一般, 较大, 重大."""
TO_ASSIGN, IN_WORK, TO_RECHECK, CLOSED, UNFIXABLE = "1", "2", "3", "4", "5"
"""Codes of the table `hazard_state`: 待交办, 整改中, 待复查, 已销号, 无法整改(已上报)."""
PASSED, FAILED = "1", "2"
"""Codes of the table `recheck_result`."""

NEXT_STATES: Final[Mapping[str, frozenset[str]]] = {
    TO_ASSIGN: frozenset({IN_WORK, UNFIXABLE}),
    IN_WORK: frozenset({TO_ASSIGN, TO_RECHECK, UNFIXABLE}),
    TO_RECHECK: frozenset({IN_WORK, CLOSED}),
    UNFIXABLE: frozenset({IN_WORK}),
    CLOSED: frozenset(),
}
"""Which state may follow which; a failed 复查 goes back to 整改中, nothing follows 已销号."""

_NO: Final = Field("number", Kind.TEXT, "隐患编号", required=True, max_length=30)
_FOUND: Final = Field("found", Kind.DATE, "排查日期", required=True)
_LEVEL: Final = Field("level", Kind.CHOICE, "等级", required=True, choices="hazard_level")
_LEVEL_BY: Final = Field("level_by", Kind.TEXT, "定级人", max_length=50, help="重大隐患由校领导确认等级并署名。")
_STATE: Final = Field("state", Kind.CHOICE, "状态", required=True, choices="hazard_state")
_MEASURES: Final = Field("measures", Kind.LONG_TEXT, "整改措施", max_length=2000)
_PERSON: Final = Field("person", Kind.TEXT, "责任人", max_length=50)
_DUE: Final = Field("due", Kind.DATE, "整改时限")
_PROTECTION: Final = Field(
    "protection", Kind.LONG_TEXT, "临时防护", max_length=1000, help="不能及时整改时说明原因和防护措施。"
)
_FIXED: Final = Field("fixed", Kind.DATE, "整改完成日期")
_RECHECKER: Final = Field("rechecker", Kind.TEXT, "复查人", max_length=50)
_RECHECKED: Final = Field("rechecked", Kind.DATE, "复查日期")
_RECHECK: Final = Field("recheck", Kind.CHOICE, "复查结论", choices="recheck_result")
_CLOSER: Final = Field("closer", Kind.TEXT, "销号人", max_length=50)
_CLOSED: Final = Field("closed", Kind.DATE, "销号日期")
_REPORTED: Final = Field("reported", Kind.DATE, "上报县局日期")
_COUNTY: Final = Field(
    "county_result", Kind.CHOICE, "县级复查结论", choices="recheck_result", help="由县级回执带回，学校不填。"
)

_AFTER_ASSIGNED: Final = frozenset({IN_WORK, TO_RECHECK, CLOSED})
_AFTER_FIXED: Final = frozenset({TO_RECHECK, CLOSED})


def may_follow(now: str | None, then: str) -> bool:
    """Whether a hazard in state `now` (None: not yet recorded) may be put into state `then`."""
    return then == now or (then in NEXT_STATES.get(now, frozenset()) if now else then in (TO_ASSIGN, IN_WORK))


def overdue_days(row: Mapping[str, Value], today: str) -> int:
    """Full days past the limit of an open hazard, 0 where it is closed, in time, or without a full date."""
    due = row.get("due")
    if row.get("state") in (CLOSED, UNFIXABLE) or not isinstance(due, str):
        return 0
    if not dates.before(due, str(row.get("fixed") or today)):
        return 0
    return dates.days_between(dates.last_day(due), today)


def _major_needs_county(row: Mapping[str, Value], context: RuleContext) -> Iterator[Problem]:
    """A 重大 hazard: decided by a named person, reported at once, closed only by the county."""
    if row.get("level") != MAJOR:
        return
    if row.get("level_by") is None:
        yield finding("major_needs_decider", "level_by", {"label": _LEVEL_BY.label})
    if row.get("reported") is None:
        yield finding("major_not_reported", "reported", {"label": _REPORTED.label})
    if row.get("state") == CLOSED and row.get("county_result") != PASSED:
        yield finding(
            "major_closed_by_school", "state", {"label": _STATE.label}, fix=("改为“待复查”", "state", TO_RECHECK)
        )


def _closed_passed(row: Mapping[str, Value], context: RuleContext) -> Iterator[Problem]:
    """Only a passed 复查 closes; one that failed goes back to 整改中."""
    if row.get("level") == MAJOR:
        return
    if row.get("state") == CLOSED and row.get("recheck") == FAILED:
        yield finding("closed_but_failed", "state", {"label": _STATE.label}, fix=("改为“整改中”", "state", IN_WORK))


def _overdue(row: Mapping[str, Value], context: RuleContext) -> Iterator[Problem]:
    """An open hazard past its limit: finish it, or explain."""
    if days := overdue_days(row, context.today):
        yield finding("hazard_overdue", "due", {"label": _DUE.label, "days": days})


HAZARD: Final = Register(
    name="hazard",
    label="隐患台账",
    slice_by=SliceBy.CALENDAR_YEAR,
    year_field="found",
    identity=("number",),
    title=("number", "description"),
    sections=(
        Section(
            "排查登记",
            (
                _NO,
                _FOUND,
                Field("found_by_way", Kind.CHOICE, "排查方式", required=True, choices="found_way"),
                Field("finder", Kind.TEXT, "排查人", max_length=50),
                Field("category", Kind.CHOICE, "类别", required=True, choices="hazard_category"),
                Field("room", Kind.LINK, "房间", target="room"),
                Field("place", Kind.TEXT, "部位", required=True, max_length=100),
                Field("description", Kind.LONG_TEXT, "隐患描述", required=True, max_length=1000),
                Field("from_check", Kind.LINK, "来自每日检查", target="safety_check"),
                Field("check_item", Kind.CHOICE, "检查项目", choices="checklist"),
                Field(
                    "previous",
                    Kind.LINK,
                    "原隐患",
                    target="hazard",
                    help="已销号的隐患重新出现时，登记新的一条并关联原来那条。",
                ),
            ),
        ),
        Section("定级", (_LEVEL, _LEVEL_BY, _REPORTED)),
        Section(
            "整改",
            (
                _STATE,
                _MEASURES,
                Field("department", Kind.TEXT, "责任部门", max_length=60),
                _PERSON,
                Field("cost", Kind.MONEY, "整改资金", unit="元", places=2, minimum=0),
                _DUE,
                _PROTECTION,
                _FIXED,
            ),
        ),
        Section("复查与销号", (_RECHECKER, _RECHECKED, _RECHECK, _CLOSER, _CLOSED)),
        Section(
            "县级复查",
            (
                _COUNTY,
                Field("county_by", Kind.TEXT, "县级复查人", max_length=50, help="由县级回执带回，学校不填。"),
                Field("county_date", Kind.DATE, "县级复查日期", help="由县级回执带回，学校不填。"),
                Field("remark", Kind.LONG_TEXT, "备注", max_length=2000),
            ),
        ),
    ),
    rules=(
        not_in_future(_FOUND, _FIXED, _RECHECKED, _CLOSED, _REPORTED),
        in_order(_FOUND, _DUE),
        in_order(_FOUND, _FIXED),
        in_order(_FIXED, _RECHECKED),
        in_order(_RECHECKED, _CLOSED),
        needed_when(_MEASURES, _STATE, _AFTER_ASSIGNED, "交办以后"),
        needed_when(_PERSON, _STATE, _AFTER_ASSIGNED, "交办以后"),
        needed_when(_DUE, _STATE, _AFTER_ASSIGNED, "交办以后"),
        needed_when(_FIXED, _STATE, _AFTER_FIXED, "整改完成以后"),
        needed_when(_RECHECK, _STATE, {CLOSED}, "销号"),
        needed_when(_CLOSER, _STATE, {CLOSED}, "销号"),
        needed_when(_CLOSED, _STATE, {CLOSED}, "销号"),
        needed_when(_PROTECTION, _STATE, {UNFIXABLE}, "无法整改"),
        _major_needs_county,
        _closed_passed,
        _overdue,
    ),
    group_rules=(unique(_NO),),
)
