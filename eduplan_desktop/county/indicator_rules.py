"""The balance indicators as data: eight of 2012, seven of 2017, with the source of every number.

Marks: C a stored copy of the source says so, K from knowledge; nothing unsure stands here. Thresholds and limits are
proposals until the county confirms them with a source of its own (`indicator_policy`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from typing import Final

from eduplan_desktop.i18n import N_
from eduplan_desktop.registers.school import LEVELS_OF_TYPE


class Level(StrEnum):
    """Levels of schooling (code table `level`); SENIOR is only needed to share out what a combined school has in common."""

    PRIMARY = "P"
    JUNIOR = "J"
    SENIOR = "S"


COMPULSORY: Final = (Level.PRIMARY, Level.JUNIOR)
LEVEL_LABEL: Final[Mapping[Level, str]] = {
    Level.PRIMARY: N_("小学"),
    Level.JUNIOR: N_("初中"),
    Level.SENIOR: N_("高中"),
}

LEVELS_OF_KIND: Final[Mapping[str, tuple[Level, ...]]] = {
    kind: tuple(Level(code) for code in codes) for kind, codes in LEVELS_OF_TYPE.items()
}
"""Kind of school (GB/T 33782-2017 table 4, C) → the levels it must report pupils for."""

TEACHING_POINT: Final = "218"

SHARE_WEIGHT: Final[Mapping[Level, Fraction]] = {
    Level.PRIMARY: Fraction(1),
    Level.JUNIOR: Fraction(11, 10),
    Level.SENIOR: Fraction(132, 100),
}
"""Weight of one pupil when a combined school's rooms, grounds, equipment and books are shared out (C): 九年一贯制 1 : 1.1,
完全中学 初中 : 高中 = 1 : 1.2, 十二年一贯制 1 : 1.1 : 1.32. The three agree, since 1.1 × 1.2 = 1.32."""


@dataclass(frozen=True, slots=True)
class Indicator:
    """One indicator: sum of `plus` less sum of `minus`, times `per`, over pupils.

    plus, minus: inputs of the numerator by level, named as the fields of register school_year; one missing blocks.
    small_rural: inputs added for small rural schools where the county so decides (A3).
    dense_centre: inputs added for schools in a dense city centre where the county so decides (A5).
    elsewhere:   inputs taken off where `dense_centre` does not apply; blank means there is nothing to take off.
    places:   digits after the point the numerator is counted in (0 people and pieces, 2 areas and money).
    digits:   digits after the point in which the county value is printed.
    least:    threshold a school has to reach, by level; empty where the rules have none.
    """

    id: str
    label: str
    unit: str
    plus: Mapping[Level, tuple[str, ...]]
    minus: tuple[str, ...] = ()
    small_rural: tuple[str, ...] = ()
    dense_centre: tuple[str, ...] = ()
    elsewhere: tuple[str, ...] = ()
    per: int = 1
    places: int = 0
    digits: int = 2
    least: Mapping[Level, Fraction] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PassRule:
    """A school passes with `reach` of its indicators at the threshold and each other at `rest` of it (2017)."""

    reach: int
    rest: Fraction


@dataclass(frozen=True, slots=True)
class RuleSet:
    """One version of the rules, with whatever the county has set already worked in.

    point_pupils: 教学点 with fewer pupils than this are left out; None leaves every 教学点 out.
    limits:       highest 差异系数 by level: of the composite where `composite`, else of each indicator.
    unconfirmed:  keys of decisions the county has not confirmed; while any is left no verdict is given (invariant 8).
    confirmed:    what the county's decisions rest on, once none is unconfirmed; printed with every verdict.
    """

    version: str
    title: str
    source: str
    indicators: tuple[Indicator, ...]
    composite: bool
    limits: Mapping[Level, Fraction]
    point_pupils: int | None
    pass_rule: PassRule | None = None
    small_rural: bool = False
    dense_centre: bool = False
    unconfirmed: tuple[str, ...] = ()
    confirmed: str = ""


def _both(*inputs: str) -> dict[Level, tuple[str, ...]]:
    return dict.fromkeys(COMPULSORY, inputs)


def _at(primary: str, junior: str) -> dict[Level, Fraction]:
    return {Level.PRIMARY: Fraction(primary), Level.JUNIOR: Fraction(junior)}


COLLEGE_AND_ABOVE: Final = ("teachers_college", "teachers_bachelor", "teachers_master", "teachers_doctor")
BACHELOR_AND_ABOVE: Final = COLLEGE_AND_ABOVE[1:]
ABOVE_REQUIRED: Final = {Level.PRIMARY: COLLEGE_AND_ABOVE, Level.JUNIOR: BACHELOR_AND_ABOVE}
"""高于规定学历: two independent stored forms count 专科 and above at primary level, one summary 本科 and above; the county decides."""

RULES_2012: Final = RuleSet(
    version="2012",
    title=N_("义务教育基本均衡（2012）"),
    source=N_("教督〔2012〕3号，2012-01-20"),
    composite=True,
    limits=_at("0.65", "0.55"),
    point_pupils=None,
    indicators=(
        Indicator("B1", N_("生均教学及辅助用房面积"), N_("㎡"), _both("area_teaching"), places=2),
        Indicator("B2", N_("生均体育运动场馆面积"), N_("㎡"), _both("area_gym", "area_field"), places=2),
        Indicator("B3", N_("生均教学仪器设备值"), N_("元"), _both("equipment_value"), places=2),
        Indicator("B4", N_("每百名学生拥有计算机台数"), N_("台"), _both("computers"), per=100),
        Indicator("B5", N_("生均图书册数"), N_("册"), _both("books")),
        Indicator("B6", N_("师生比"), "", _both("teachers"), digits=4),
        Indicator("B7", N_("生均高于规定学历教师数"), N_("人"), _both("teachers_above_required"), digits=4),
        Indicator("B8", N_("生均中级及以上专业技术职务教师数"), N_("人"), _both("teachers_middle_title"), digits=4),
    ),
)
"""教督〔2012〕3号: the eight indicators C, the limits of the composite 0.65 and 0.55 K."""

RULES_2017: Final = RuleSet(
    version="2017",
    title=N_("义务教育优质均衡（2017）"),
    source=N_("教督〔2017〕6号，2017-04"),
    composite=False,
    limits=_at("0.50", "0.45"),
    point_pupils=50,
    pass_rule=PassRule(6, Fraction(85, 100)),
    indicators=(
        Indicator(
            "A1", N_("每百名学生拥有高于规定学历教师数"), N_("人"), ABOVE_REQUIRED, per=100, least=_at("4.2", "5.3")
        ),
        Indicator(
            "A2",
            N_("每百名学生拥有县级以上骨干教师数"),
            N_("人"),
            _both("teachers_backbone"),
            per=100,
            least=_at("1", "1"),
        ),
        Indicator(
            "A3",
            N_("每百名学生拥有体育、艺术专任教师数"),
            N_("人"),
            _both("teachers_sport", "teachers_music", "teachers_fine_art", "teachers_art"),
            small_rural=("visiting_sport_art",),
            per=100,
            least=_at("0.9", "0.9"),
        ),
        Indicator(
            "A4",
            N_("生均教学及辅助用房面积"),
            N_("㎡"),
            _both("area_teaching"),
            minus=("area_indoor_sport",),
            places=2,
            least=_at("4.5", "5.8"),
        ),
        Indicator(
            "A5",
            N_("生均体育运动场馆面积"),
            N_("㎡"),
            _both("area_gym", "area_field"),
            dense_centre=("area_field_leased",),
            elsewhere=("area_field_converted",),
            places=2,
            least=_at("7.5", "10.2"),
        ),
        Indicator(
            "A6",
            N_("生均教学仪器设备值"),
            N_("元"),
            _both("equipment_value"),
            places=2,
            least=_at("2000", "2500"),
        ),
        Indicator(
            "A7",
            N_("每百名学生拥有网络多媒体教室数"),
            N_("间"),
            _both("multimedia_rooms"),
            per=100,
            least=_at("2.3", "2.4"),
        ),
    ),
)
"""教督〔2017〕6号: thresholds and the limits of each 差异系数 C, 85 % of the remaining indicator K."""

RULE_SETS: Final[Mapping[str, RuleSet]] = {r.version: r for r in (RULES_2012, RULES_2017)}
DEFAULT_RULES: Final = "2017"
