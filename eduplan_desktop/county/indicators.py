"""Balance indicators of a county: county value, 差异系数, each school's share of it, verdicts. Pure and exact.

The formula is that of the published method (indicators: C), pupils as weights, one level and one indicator at a time:
X_i = x_i / P_i, county value X = Σx_i / ΣP_i, S² = Σ (P_i / ΣP) (X_i − X)², 差异系数 = S / X. Everything before the last root
is a fraction, so no limit is missed or met by rounding.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, localcontext
from fractions import Fraction
from typing import Final

from eduplan_desktop.county.indicator_rules import COMPULSORY, SHARE_WEIGHT, Indicator, Level, PassRule, RuleSet
from eduplan_desktop.county.indicator_scope import LeftOut, School, levels_of, scope

PUPILS: Final = "pupils"
_DIGITS: Final = 60


@dataclass(frozen=True, slots=True)
class Missing:
    """An input a school has not given; it blocks the indicator at that level."""

    school: str
    name: str
    input: str


@dataclass(frozen=True, slots=True)
class SchoolValue:
    """One school in one indicator at one level.

    total:   numerator, of a combined school the share of this level.
    value:   `per` × total / pupils.
    term:    P_i / ΣP × (X_i − X)² in units of `value`.
    share:   term as part of S², or None where S² is 0.
    reaches: whether value ≥ threshold; None without a threshold, or while the county has not confirmed it.
    """

    school: str
    name: str
    pupils: int
    total: Fraction
    value: Fraction
    term: Fraction
    share: Fraction | None
    reaches: bool | None


@dataclass(frozen=True, slots=True)
class IndicatorResult:
    """One indicator at one level.

    mean, cv: None where blocked (`missing` says by whom), where no school counts, cv also where the county value is 0.
    single:   one school only: 差异系数 0 says nothing.
    within:   whether cv ≤ limit; None without a limit of its own, without cv, or while the rules are not confirmed.
    """

    indicator: Indicator
    level: Level
    missing: tuple[Missing, ...]
    values: tuple[SchoolValue, ...]
    mean: Fraction | None
    variance: Fraction | None
    limit: Fraction | None
    within: bool | None

    @property
    def single(self) -> bool:
        """Whether only one school counts."""
        return len(self.values) == 1

    @property
    def cv(self) -> Decimal | None:
        """差异系数 to 50 digits and more, or None."""
        if not self.mean or self.variance is None:
            return None
        return root(self.variance / (self.mean * self.mean))


@dataclass(frozen=True, slots=True)
class SchoolPass:
    """How one school fares at one level against the pass rule (2017).

    reached, near, below: ids of indicators at the threshold, at `rest` of it, under that; missing: not known.
    passes: the verdict, or None while something that decides it is missing.
    """

    school: str
    name: str
    reached: tuple[str, ...]
    near: tuple[str, ...]
    below: tuple[str, ...]
    missing: tuple[str, ...]
    passes: bool | None


@dataclass(frozen=True, slots=True)
class LevelResult:
    """All indicators of one level. composite: mean of all 差异系数, only in rules that have it and when none is missing."""

    level: Level
    schools: int
    pupils: int | None
    indicators: tuple[IndicatorResult, ...]
    left_out: tuple[LeftOut, ...]
    composite: Decimal | None
    composite_limit: Fraction | None
    composite_within: bool | None
    passes: tuple[SchoolPass, ...]


@dataclass(frozen=True, slots=True)
class CountyResult:
    """The indicators of a county in one statistical year under one set of rules."""

    rules: RuleSet
    year: int
    levels: Mapping[Level, LevelResult]
    shared_unlisted: tuple[School, ...] = field(default=())

    @property
    def blocked(self) -> bool:
        """Whether any indicator could not be computed for want of an input."""
        return any(i.missing for level in self.levels.values() for i in level.indicators)


def root(square: Fraction) -> Decimal:
    """Square root to 60 significant digits."""
    with localcontext() as context:
        context.prec = _DIGITS
        return (Decimal(square.numerator) / Decimal(square.denominator)).sqrt()


def rounded(number: Fraction | Decimal, places: int) -> str:
    """Plain decimal text with `places` digits, half up, exact (no float on the way)."""
    exact = Fraction(number) * 10**places
    sign, exact = ("-", -exact) if exact < 0 else ("", exact)
    whole = (exact.numerator * 2 + exact.denominator) // (exact.denominator * 2)
    digits = str(whole).zfill(places + 1)
    text = f"{digits[:-places]}.{digits[-places:]}" if places else digits
    return text if not whole else sign + text


def compute(schools: Iterable[School], rules: RuleSet, year: int) -> CountyResult:
    """Every indicator of `rules` at both compulsory levels. Schools that do not count are named, never dropped silently."""
    listed = tuple(schools)
    levels = {level: _level(listed, rules, level) for level in COMPULSORY}
    return CountyResult(rules, year, levels, tuple(s for s in listed if _shared_unlisted(s)))


def _shared_unlisted(school: School) -> bool:
    """Whether figures of the whole school had to be split although its kind is not one of the combined ones."""
    taught = [level for level in Level if school.figure(level, PUPILS)]
    return bool(school.whole) and len(taught) > 1 and any(level not in levels_of(school.kind) for level in taught)


def _level(schools: Sequence[School], rules: RuleSet, level: Level) -> LevelResult:
    counted, left_out = scope(schools, rules, level)
    results = tuple(_indicator(counted, rules, indicator, level) for indicator in rules.indicators)
    known = [p for s in counted if (p := s.figure(level, PUPILS)) is not None]
    composite = mean_of([r.cv for r in results]) if rules.composite else None
    limit = rules.limits.get(level) if rules.composite else None
    return LevelResult(
        level=level,
        schools=len(counted),
        pupils=sum(int(p) for p in known) if len(known) == len(counted) else None,
        indicators=results,
        left_out=left_out,
        composite=composite,
        composite_limit=limit,
        composite_within=None if composite is None or limit is None or rules.unconfirmed else composite <= limit,
        passes=_passes(counted, results, rules),
    )


def mean_of(coefficients: Sequence[Decimal | None]) -> Decimal | None:
    """Arithmetic mean, or None where any is missing."""
    known = [c for c in coefficients if c is not None]
    if not known or len(known) < len(coefficients):
        return None
    with localcontext() as context:
        context.prec = _DIGITS
        return sum(known, Decimal(0)) / len(known)


def _indicator(schools: Sequence[School], rules: RuleSet, indicator: Indicator, level: Level) -> IndicatorResult:
    limit = None if rules.composite else rules.limits.get(level)
    missing: list[Missing] = []
    totals: list[tuple[School, int, Fraction]] = []
    for school in schools:
        lacking = tuple(_lacking(school, indicator, level))
        missing += [Missing(school.uid, school.name, name) for name in lacking]
        if not lacking:
            pupils = school.figure(level, PUPILS)
            totals.append((school, int(pupils or 0), numerator(school, indicator, level, rules)))
    if missing or not totals:
        return IndicatorResult(indicator, level, tuple(missing), (), None, None, limit, None)
    return _result(totals, rules, indicator, level, limit)


def _result(
    totals: Sequence[tuple[School, int, Fraction]],
    rules: RuleSet,
    indicator: Indicator,
    level: Level,
    limit: Fraction | None,
) -> IndicatorResult:
    mean, variance, terms = spread([(p, indicator.per * x) for _s, p, x in totals])
    least = None if rules.unconfirmed else indicator.least.get(level)
    values = tuple(
        SchoolValue(
            school=school.uid,
            name=school.name,
            pupils=pupils,
            total=total,
            value=(value := indicator.per * total / pupils),
            term=term,
            share=term / variance if variance else None,
            reaches=None if least is None else value >= least,
        )
        for (school, pupils, total), term in zip(totals, terms, strict=True)
    )
    within = None
    if limit is not None and mean and not rules.unconfirmed:
        within = variance <= limit * limit * mean * mean
    return IndicatorResult(indicator, level, (), values, mean, variance, limit, within)


def spread(figures: Sequence[tuple[int, Fraction]]) -> tuple[Fraction, Fraction, list[Fraction]]:
    """(county value, S², the term of each school) of (pupils, total) pairs with pupils > 0.

    With integers p, x and the common denominator d of the totals the term is (x·ΣP − p·Σx)² / (p·ΣP³·d²); that is the
    published formula without a fraction to reduce per step.
    """
    all_pupils = sum(p for p, _x in figures)
    scale = 1
    for _p, x in figures:
        scale = scale * x.denominator // _gcd(scale, x.denominator)
    whole = [(p, int(x * scale)) for p, x in figures]
    all_total = sum(x for _p, x in whole)
    below = all_pupils**3 * scale * scale
    terms = [Fraction((x * all_pupils - p * all_total) ** 2, p * below) for p, x in whole]
    return Fraction(all_total, all_pupils * scale), sum(terms, Fraction(0)), terms


def _gcd(a: int, b: int) -> int:
    while b:
        a, b = b, a % b
    return a


def _lacking(school: School, indicator: Indicator, level: Level) -> Iterable[str]:
    """Names of the inputs this school owes for the indicator at this level."""
    if school.figure(level, PUPILS) is None:
        yield PUPILS
    names = (*indicator.plus[level], *indicator.minus)
    if any((level, n) not in school.by_level and n in school.whole for n in names):
        yield from (f"{PUPILS}:{other}" for other in school.unknown_levels() if other is not level)
    yield from (n for n in names if school.figure(level, n) is None)


def numerator(school: School, indicator: Indicator, level: Level, rules: RuleSet) -> Fraction:
    """The school's numerator at this level: the level's own figures, and its part of those of the whole school."""
    plus, minus = [*indicator.plus[level]], [*indicator.minus]
    if rules.small_rural and _small_rural(school):
        plus += indicator.small_rural
    if rules.dense_centre and school.dense_centre:
        plus += indicator.dense_centre
    else:
        minus += indicator.elsewhere
    share = _share(school, level) if school.whole else Fraction(0)
    return _sum(school, plus, level, share) - _sum(school, minus, level, share)


def _sum(school: School, names: Iterable[str], level: Level, share: Fraction) -> Fraction:
    total = Fraction(0)
    for name in names:
        own = school.by_level.get((level, name))
        total += own if own is not None else share * school.whole.get(name, Fraction(0))
    return total


def _share(school: School, level: Level) -> Fraction:
    """This level's part of what the levels of a combined school have in common (C, see SHARE_WEIGHT)."""
    weighted = {other: SHARE_WEIGHT[other] * (school.figure(other, PUPILS) or 0) for other in Level}
    return weighted[level] / sum(weighted.values())


def _small_rural(school: School) -> bool:
    """乡村 50–100 人小规模学校 (C)."""
    pupils = sum((school.figure(level, PUPILS) or Fraction(0) for level in COMPULSORY), Fraction(0))
    return school.rural and 50 <= pupils <= 100


def _passes(schools: Sequence[School], results: Sequence[IndicatorResult], rules: RuleSet) -> tuple[SchoolPass, ...]:
    """Nothing while any rule is unconfirmed: a list of who reaches what is a verdict too (invariant 8)."""
    if rules.pass_rule is None or rules.unconfirmed:
        return ()
    return tuple(_school_pass(s, results, rules, rules.pass_rule) for s in schools)


def _school_pass(school: School, results: Sequence[IndicatorResult], rules: RuleSet, rule: PassRule) -> SchoolPass:
    """Judged by the school's own figures: another school's missing input does not hide this one's."""
    reached: list[str] = []
    near: list[str] = []
    below: list[str] = []
    missing: list[str] = []
    for result in results:
        indicator, level = result.indicator, result.level
        least = indicator.least.get(level)
        if least is None:
            continue
        if any(_lacking(school, indicator, level)):
            missing.append(indicator.id)
            continue
        pupils = school.figure(level, PUPILS) or Fraction(0)
        value = indicator.per * numerator(school, indicator, level, rules) / pupils
        (reached if value >= least else near if value >= rule.rest * least else below).append(indicator.id)
    passes: bool | None = len(reached) + len(missing) >= rule.reach and not below
    if passes and missing:
        passes = None
    return SchoolPass(school.uid, school.name, tuple(reached), tuple(near), tuple(below), tuple(missing), passes)


__all__ = [
    "PUPILS",
    "CountyResult",
    "IndicatorResult",
    "LevelResult",
    "Missing",
    "SchoolPass",
    "SchoolValue",
    "compute",
    "mean_of",
    "numerator",
    "root",
    "rounded",
    "spread",
]
