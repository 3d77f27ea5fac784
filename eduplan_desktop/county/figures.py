"""From the rows the county holds to what the indicators need: one `School` per school and statistical year.

A school of one level has one row of 均衡数据; a combined school one per level and, for what its levels share, one of the whole
school (`registers.school_year`). What nobody entered is absent here, never 0.
"""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any, Final

from eduplan_desktop.bundle.kit import RosterEntry
from eduplan_desktop.county import indicator_policy, roster
from eduplan_desktop.county.indicator_policy import PolicyValue
from eduplan_desktop.county.indicator_rules import Level, RuleSet
from eduplan_desktop.county.indicator_scope import School
from eduplan_desktop.registers.catalog import register
from eduplan_desktop.registers.model import Kind
from eduplan_desktop.registers.school_year import SHARED, WHOLE_SCHOOL
from eduplan_desktop.store import shelf
from eduplan_desktop.store.connect import Store

_NUMBERS: Final = frozenset({Kind.WHOLE, Kind.DECIMAL, Kind.MONEY})


def first_of_september(year: int) -> str:
    """The day a statistical year looks at (D18)."""
    return f"{year}-09-01"


def schools(store: Store, year: int) -> list[School]:
    """Every school that existed on 1 September of the year, with what it handed in, in the order of the roster."""
    profiles = _profiles(store)
    figures = _figures(store, year)
    return [
        _school(entry, profiles.get(entry.uid, {}), figures.get(entry.uid, {}))
        for entry in roster.valid(store, first_of_september(year))
    ]


def _profiles(store: Store) -> dict[str, dict[str, Any]]:
    rows = store.conn.execute("SELECT school, school_type, area_type, dense_centre FROM school ORDER BY school, id")
    return {uid: {"kind": kind, "urban": urban, "dense": dense} for uid, kind, urban, dense in rows}


def _figures(store: Store, year: int) -> dict[str, dict[str, dict[str, Fraction]]]:
    """School → level code → input → number."""
    fields = [f for f in register("school_year").open_fields if f.kind in _NUMBERS and f.name != "stat_year"]
    listed = ", ".join(f'"{f.name}"' for f in fields)
    found: dict[str, dict[str, dict[str, Fraction]]] = {}
    sql = f"SELECT school, level, {listed} FROM school_year WHERE year = ? AND level IS NOT NULL ORDER BY school, id"
    for uid, level, *values in store.conn.execute(sql, (year,)):
        found.setdefault(uid, {})[level] = {
            f.name: Fraction(v, 10**f.places) for f, v in zip(fields, values, strict=True) if v is not None
        }
    return found


def _school(entry: RosterEntry, profile: Mapping[str, Any], levels: Mapping[str, Mapping[str, Fraction]]) -> School:
    whole = {n: v for n, v in levels.get(WHOLE_SCHOOL, {}).items() if n in SHARED}
    by_level = {(level, n): v for level in Level for n, v in levels.get(str(level), {}).items()}
    urban = str(entry.urban or profile.get("urban") or "")
    return School(
        uid=entry.uid,
        name=entry.name,
        kind=str(entry.kind or profile.get("kind") or ""),
        whole=whole,
        by_level=by_level,
        rural=urban.startswith("2"),
        dense_centre=bool(profile.get("dense")),
    )


def policy(store: Store) -> dict[str, PolicyValue]:
    """The county's decisions as the indicators read them."""
    return {key: PolicyValue(str(said["value"]), said["source"]) for key, said in shelf.policy(store).items()}


def rules(store: Store, version: str) -> RuleSet:
    """A rule set with the county's decisions worked in."""
    return indicator_policy.rules_for(version, policy(store))
