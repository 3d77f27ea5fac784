"""What the county decides about the indicators, and which of it is confirmed with a source (invariant 8).

A policy is `key → (value, source)`. A value without a source changes the figures but confirms nothing; while any key of a
rule set is unconfirmed, that rule set prints figures and no verdict.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Final

from eduplan_desktop.county.indicator_rules import (
    ABOVE_REQUIRED,
    BACHELOR_AND_ABOVE,
    COMPULSORY,
    RULE_SETS,
    Level,
    PassRule,
    RuleSet,
)
from eduplan_desktop.errors import RefusedError
from eduplan_desktop.i18n import N_, _

PREFIX: Final = "indicators"


@dataclass(frozen=True, slots=True)
class PolicyValue:
    """One decision of the county. source: the document it rests on, '' while nobody has confirmed it."""

    value: str
    source: str = ""


@dataclass(frozen=True, slots=True)
class Decision:
    """One thing a county has to decide. form: how its value is written; default: what the shipped rules say."""

    key: str
    label: str
    form: str
    default: str
    apply: Callable[[RuleSet, str], RuleSet]


def _levels(text: str) -> dict[Level, Fraction]:
    primary, junior = text.split("/")
    numbers = [Fraction(primary.strip()), Fraction(junior.strip())]
    if not all(0 < n <= 1_000_000 for n in numbers):
        raise ValueError(text)
    return dict(zip(COMPULSORY, numbers, strict=True))


def _limits(rules: RuleSet, text: str) -> RuleSet:
    return replace(rules, limits=_levels(text))


def _qualified(rules: RuleSet, text: str) -> RuleSet:
    primary = {"专科": ABOVE_REQUIRED[Level.PRIMARY], "本科": BACHELOR_AND_ABOVE}[text]
    named = tuple(
        replace(i, plus={**i.plus, Level.PRIMARY: primary}) if i.plus == ABOVE_REQUIRED else i for i in rules.indicators
    )
    return replace(rules, indicators=named)


def _points(rules: RuleSet, text: str) -> RuleSet:
    if text == "不计":
        return replace(rules, point_pupils=None)
    least = int(text)
    if least < 0:
        raise ValueError(text)
    return replace(rules, point_pupils=least)


def _pass(rules: RuleSet, text: str) -> RuleSet:
    reach, rest = text.split("/")
    rule = PassRule(int(reach), Fraction(rest.strip().removesuffix("%")) / 100)
    if not 0 < rule.reach <= len(rules.indicators) or not 0 <= rule.rest <= 1:
        raise ValueError(text)
    return replace(rules, pass_rule=rule)


def _thresholds(rules: RuleSet, text: str) -> RuleSet:
    given = dict(part.split("=") for part in re.split(r"[\s;；]+", text.strip()))
    if set(given) != {i.id for i in rules.indicators}:
        raise ValueError(text)
    return replace(rules, indicators=tuple(replace(i, least=_levels(given[i.id])) for i in rules.indicators))


def _small_rural(rules: RuleSet, text: str) -> RuleSet:
    return replace(rules, small_rural={"是": True, "否": False}[text])


def _dense_centre(rules: RuleSet, text: str) -> RuleSet:
    return replace(rules, dense_centre={"是": True, "否": False}[text])


def _plain(number: Fraction) -> str:
    return f"{float(number):g}"


def _written(values: Mapping[Level, Fraction]) -> str:
    return "/".join(_plain(values[level]) for level in COMPULSORY)


def _decisions(rules: RuleSet) -> tuple[Decision, ...]:
    def named(name: str, label: str, form: str, default: str, apply: Callable[[RuleSet, str], RuleSet]) -> Decision:
        return Decision(f"{PREFIX}.{rules.version}.{name}", label, form, default, apply)

    points = "不计" if rules.point_pupils is None else str(rules.point_pupils)
    found = [
        named("limits", N_("差异系数限值"), N_("小学/初中，如 0.5/0.45"), _written(rules.limits), _limits),
        named("points", N_("教学点满多少人才计入"), N_("人数，或 不计"), points, _points),
    ]
    if rules.pass_rule:
        rule = f"{rules.pass_rule.reach}/{_plain(rules.pass_rule.rest * 100)}%"
        least = " ".join(f"{i.id}={_written(i.least)}" for i in rules.indicators)
        found += [
            named("qualified", N_("小学高于规定学历从哪一级算起"), N_("专科 或 本科"), "专科", _qualified),
            named("pass", N_("一所学校要几项达标，其余项至少到标准的多少"), N_("项数/百分数，如 6/85%"), rule, _pass),
            named("thresholds", N_("各项标准"), N_("A1=小学/初中，各项之间用空格"), least, _thresholds),
            named("small_rural", N_("乡村小规模学校 A3 计入走教、兼职教师"), N_("是 或 否"), "否", _small_rural),
            named("dense_centre", N_("中心城区 A5 计入改造、租用的运动场地"), N_("是 或 否"), "否", _dense_centre),
        ]
    return tuple(found)


DECISIONS: Final[Mapping[str, tuple[Decision, ...]]] = {v: _decisions(r) for v, r in RULE_SETS.items()}
"""What each version of the rules leaves to the county, in the order a person should decide it."""
BY_KEY: Final[Mapping[str, Decision]] = {d.key: d for ds in DECISIONS.values() for d in ds}


def check_value(key: str, value: str) -> None:
    """Refuse a key nothing asks for, which would confirm nothing, and a value the indicator rules cannot use."""
    decision = BY_KEY.get(key)
    if decision is None:
        raise RefusedError("bad_policy", _("没有名为 {key} 的均衡指标规则。").format(key=key), _known_keys())
    _apply(RULE_SETS[key.split(".")[1]], decision, value)


def _known_keys() -> str:
    return _("可以设定的是：{keys}。").format(keys="、".join(BY_KEY))


def _apply(rules: RuleSet, decision: Decision, value: str) -> RuleSet:
    try:
        return decision.apply(rules, value.strip())
    except (ValueError, KeyError, ZeroDivisionError) as bad:
        raise RefusedError(
            "bad_policy",
            _("“{label}”写成“{value}”读不懂。").format(label=_(decision.label), value=value),
            _("请按这个样子写：{form}。").format(form=_(decision.form)),
        ) from bad


def rules_for(version: str, policy: Mapping[str, PolicyValue]) -> RuleSet:
    """The rule set of a version with the county's decisions worked in; `unconfirmed` names what has no source yet."""
    if version not in RULE_SETS:
        raise RefusedError(
            "unknown_rules",
            _("没有 {version} 版的均衡指标。").format(version=version),
            _("可以选：{versions}。").format(versions="、".join(RULE_SETS)),
        )
    rules, unconfirmed, sources = RULE_SETS[version], [], []
    for decision in DECISIONS[version]:
        made = policy.get(decision.key)
        if made is not None:
            rules = _apply(rules, decision, made.value)
        if made is None or not made.source.strip():
            unconfirmed.append(decision.key)
        else:
            sources.append(made.source.strip())
    confirmed = "" if unconfirmed else "；".join(dict.fromkeys(sources))
    return replace(rules, unconfirmed=tuple(unconfirmed), confirmed=confirmed)
