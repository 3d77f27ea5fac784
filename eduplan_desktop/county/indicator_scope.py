"""Which schools count at a level, by rule and by name, and what a school hands in for the indicators."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Final

from eduplan_desktop.county.indicator_rules import COMPULSORY, LEVELS_OF_KIND, TEACHING_POINT, Level, RuleSet
from eduplan_desktop.i18n import N_

_PUPILS: Final = "pupils"

REASONS: Final[Mapping[str, str]] = {
    "special": N_("特殊教育学校不计入"),
    "vocational": N_("职业学校不计入"),
    "point": N_("教学点不计入"),
    "small_point": N_("不足 {least} 人的教学点不计入"),
    "no_pupils": N_("本学段学生数为 0"),
    "not_compulsory": N_("没有义务教育学段"),
}
"""Why a school does not count, as printed beside its name."""


@dataclass(frozen=True, slots=True)
class School:
    """What one school hands in for one statistical year.

    kind:        办学类型 (GB/T 33782 table 4); '' where nobody said.
    whole:       inputs of the whole school by name; by_level: inputs of one level. An absent name was not given.
    rural:       城乡类型 is a village or township centre; dense_centre: 城市中心人口稠密区.
    """

    uid: str
    name: str
    kind: str
    whole: Mapping[str, Fraction] = field(default_factory=dict)
    by_level: Mapping[tuple[Level, str], Fraction] = field(default_factory=dict)
    rural: bool = False
    dense_centre: bool = False

    def figure(self, level: Level, name: str) -> Fraction | None:
        """An input at a level: the level's own figure, else the whole school's, else None."""
        found = self.by_level.get((level, name))
        return found if found is not None else self.whole.get(name)

    def unknown_levels(self) -> tuple[Level, ...]:
        """Levels the school must teach by its kind but gave no pupils for; nothing shared can be split without them."""
        return tuple(level for level in levels_of(self.kind) if self.figure(level, _PUPILS) is None)


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A school that does not count at a level; `reason` is a key of REASONS."""

    school: str
    name: str
    reason: str


def levels_of(kind: str) -> tuple[Level, ...]:
    """Levels a school of this kind must report; of an unknown kind both compulsory ones, since nothing may be assumed away."""
    if kind in LEVELS_OF_KIND:
        return LEVELS_OF_KIND[kind]
    return () if kind else COMPULSORY


def scope(schools: Sequence[School], rules: RuleSet, level: Level) -> tuple[tuple[School, ...], tuple[LeftOut, ...]]:
    """(schools that count at this level, schools left out with the reason). Schools that never teach it are neither."""
    counted, left_out = [], []
    for school in schools:
        pupils = school.figure(level, _PUPILS)
        if not pupils and level not in levels_of(school.kind):
            continue
        reason = _reason(school, rules, pupils)
        if reason:
            left_out.append(LeftOut(school.uid, school.name, reason))
        else:
            counted.append(school)
    return tuple(counted), tuple(left_out)


def outside(schools: Sequence[School]) -> tuple[LeftOut, ...]:
    """Schools that count at no level at all: 幼儿园, 高中, 职业, 特教 without pupils of a compulsory level."""
    return tuple(
        LeftOut(s.uid, s.name, _kind_reason(s.kind) or "not_compulsory")
        for s in schools
        if not any(level in levels_of(s.kind) or s.figure(level, _PUPILS) for level in COMPULSORY)
    )


def _kind_reason(kind: str) -> str:
    """特殊教育 5xx and 职业 36x never count (2017 C; the 2012 rules name independent primary and junior schools only, K)."""
    return "special" if kind.startswith("5") else "vocational" if kind.startswith("36") else ""


def _reason(school: School, rules: RuleSet, pupils: Fraction | None) -> str:
    if reason := _kind_reason(school.kind):
        return reason
    if school.kind == TEACHING_POINT:
        if rules.point_pupils is None:
            return "point"
        known = [p for level in COMPULSORY if (p := school.figure(level, _PUPILS)) is not None]
        if known and sum(known) < rules.point_pupils and sum(known) > 0:
            return "small_point"
    return "no_pupils" if pupils == 0 else ""
