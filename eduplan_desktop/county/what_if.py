"""先帮哪几所: what filling the gaps of the schools below the county value would do to the 差异系数. Pure.

Schools below the county value, the one with the largest share of the variance first, are raised one after another to the
county value as it stands now; each step recomputes the coefficient with all earlier steps in place.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from eduplan_desktop.county.indicators import IndicatorResult, root, spread


@dataclass(frozen=True, slots=True)
class Step:
    """One school filled up. gap: what it needs, in whole units of the numerator; so_far: needed up to here."""

    school: str
    name: str
    gap: Fraction
    so_far: Fraction
    mean: Fraction
    cv: Decimal


def fill_gaps(result: IndicatorResult) -> Iterator[Step]:
    """Steps in order of variance share; nothing for an indicator that is blocked or undefined."""
    if result.mean is None or not result.mean:
        return
    per, unit = result.indicator.per, Fraction(1, 10**result.indicator.places)
    totals = [v.total for v in result.values]
    low = [i for i, v in enumerate(result.values) if v.value < result.mean]
    so_far = Fraction(0)
    for i in sorted(low, key=lambda i: (-result.values[i].term, result.values[i].school)):
        school = result.values[i]
        wanted = result.mean * school.pupils / per
        gap = _up(wanted - totals[i], unit)
        totals[i] += gap
        so_far += gap
        figures = [(v.pupils, per * x) for v, x in zip(result.values, totals, strict=True)]
        mean, variance, _terms = spread(figures)
        yield Step(school.school, school.name, gap, so_far, mean, root(variance / (mean * mean)))


def _up(number: Fraction, unit: Fraction) -> Fraction:
    """The smallest multiple of `unit` not under `number`: nobody buys half a book."""
    return -(-number // unit) * unit
