"""统计年度结账 (D18): figures used, digests and rules are frozen and numbered; later changes are listed and alter nothing.

Closing and reopening are acts; reopening needs a reason. Printed tables of a closed year come from the frozen figures.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from fractions import Fraction
from typing import Any, Final

from eduplan_desktop.county import figures, roster
from eduplan_desktop.county.indicator_policy import DECISIONS
from eduplan_desktop.county.indicator_rules import RULE_SETS, Indicator, Level, PassRule, RuleSet
from eduplan_desktop.county.indicator_scope import School
from eduplan_desktop.county.indicators import CountyResult, compute
from eduplan_desktop.errors import RefusedError
from eduplan_desktop.i18n import _
from eduplan_desktop.store.connect import Store
from eduplan_desktop.store.journal import Act

CLOSED, REOPENED = "closed", "reopened"
_PLAIN: Final = ("version", "title", "source", "composite", "point_pupils", "small_rural", "dense_centre")
_SLICES: Final = ("school", "school_year/{year}")


@dataclass(frozen=True, slots=True)
class Closing:
    """One closing of a year. digests: school → slice → bundle its figures come from. reason: why it was reopened."""

    year: int
    n: int
    state: str
    rules: dict[str, RuleSet]
    schools: tuple[School, ...]
    digests: dict[str, dict[str, str]]
    moment: str
    reason: str


@dataclass(frozen=True, slots=True)
class Change:
    """A figure that differs from the frozen one. level '' : of the whole school. then, now: None where not given."""

    school: str
    name: str
    level: str
    input: str
    then: Fraction | None
    now: Fraction | None


def close(a: Act, year: int, moment: str) -> Closing:
    """Freeze a year as it stands now. Raises RefusedError year_closed or nothing_to_close."""
    if current(a.store, year) is not None:
        raise RefusedError(
            "year_closed", _("{year} 统计年度已经结账。").format(year=year), _("需要改动请先重新打开，并写明原因。")
        )
    schools = figures.schools(a.store, year)
    if not any(s.whole or s.by_level for s in schools):
        raise RefusedError(
            "nothing_to_close",
            _("{year} 统计年度还没有收到任何均衡数据。").format(year=year),
            _("请先合并学校的报送。"),
        )
    n = 1 + int(a.conn.execute("SELECT coalesce(max(n), 0) FROM year_close WHERE year = ?", (year,)).fetchone()[0])
    rules = {version: figures.rules(a.store, version) for version in RULE_SETS}
    closing = Closing(year, n, CLOSED, rules, tuple(schools), _digests(a.store, year), moment, "")
    a.conn.execute(
        "INSERT INTO year_close (year, n, state, rules, figures, digests, moment, reason, act) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            *(year, n, CLOSED, _dump({v: rules_json(r) for v, r in rules.items()})),
            *(_dump([school_json(s) for s in schools]), _dump(closing.digests), moment, "", a.seq),
        ),
    )
    return closing


def reopen(a: Act, year: int, reason: str) -> Closing:
    """Open a closed year again; the frozen figures stay in the file. Raises RefusedError year_open or no_reason."""
    closing = current(a.store, year)
    if closing is None:
        raise RefusedError("year_open", _("{year} 统计年度没有结账。").format(year=year), _("不需要重新打开。"))
    if not reason.strip():
        raise RefusedError("no_reason", _("没有写重新打开的原因。"), _("请写明原因，它会留在记录里。"))
    a.conn.execute(
        "UPDATE year_close SET state = ?, reason = ?, act = ? WHERE year = ? AND n = ?",
        (REOPENED, reason.strip(), a.seq, year, closing.n),
    )
    return closing


def closings(store: Store, year: int) -> list[Closing]:
    """Every closing of a year, in order."""
    sql = "SELECT year, n, state, rules, figures, digests, moment, reason FROM year_close WHERE year = ? ORDER BY n"
    return [_read(row) for row in store.conn.execute(sql, (year,))]


def years(store: Store) -> list[int]:
    """Years with figures or a closing, the newest first."""
    sql = "SELECT DISTINCT year FROM school_year UNION SELECT DISTINCT year FROM year_close ORDER BY 1 DESC"
    return [int(y) for (y,) in store.conn.execute(sql)]


def current(store: Store, year: int) -> Closing | None:
    """The closing in force, or None while the year is open."""
    return next((c for c in closings(store, year) if c.state == CLOSED), None)


def indicators(store: Store, year: int, version: str) -> tuple[CountyResult, Closing | None]:
    """The indicators of a year: from the frozen figures and rules where it is closed, else as things stand."""
    closing = current(store, year)
    if closing is not None and version in closing.rules:
        return compute(closing.schools, closing.rules[version], year), closing
    return compute(figures.schools(store, year), figures.rules(store, version), year), None


def changes(store: Store, closing: Closing) -> list[Change]:
    """What came in since the closing that would change its figures."""
    then = {s.uid: s for s in closing.schools}
    now = {s.uid: s for s in figures.schools(store, closing.year)}
    return [c for uid in {**then, **now} for c in _differences(then.get(uid), now.get(uid))]


def _differences(then: School | None, now: School | None) -> Iterator[Change]:
    one = now or then
    if one is None:
        return
    before, after = _inputs(then), _inputs(now)
    for level, name in sorted({*before, *after}):
        old, new = before.get((level, name)), after.get((level, name))
        if old != new:
            yield Change(one.uid, one.name, level, name, old, new)


def _inputs(school: School | None) -> dict[tuple[str, str], Fraction]:
    if school is None:
        return {}
    whole = {("", n): v for n, v in school.whole.items()}
    return whole | {(str(level), n): v for (level, n), v in school.by_level.items()}


def _digests(store: Store, year: int) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    names = [s.format(year=year) for s in _SLICES]
    sql = f"SELECT school, slice, digest FROM slice_state WHERE slice IN ({', '.join('?' * len(names))}) ORDER BY 1, 2"
    for uid, name, digest in store.conn.execute(sql, names):
        found.setdefault(uid, {})[name] = digest
    return found


def _dump(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def school_json(school: School) -> dict[str, Any]:
    """A school's figures as kept; fractions as text."""
    return {
        **{k: getattr(school, k) for k in ("uid", "name", "kind", "rural", "dense_centre")},
        "whole": {n: str(v) for n, v in school.whole.items()},
        "by_level": {f"{level}/{n}": str(v) for (level, n), v in school.by_level.items()},
    }


def _school(body: dict[str, Any]) -> School:
    by_level = {}
    for key, value in body.pop("by_level").items():
        level, _slash, name = key.partition("/")
        by_level[Level(level), name] = Fraction(value)
    whole = {n: Fraction(v) for n, v in body.pop("whole").items()}
    return School(**body, whole=whole, by_level=by_level)


def rules_json(rules: RuleSet) -> dict[str, Any]:
    """A rule set as kept: its data whole, so that no later program changes a closed year."""
    rule = rules.pass_rule
    said = {k: getattr(rules, k) for k in _PLAIN}
    return said | {
        "unconfirmed": list(rules.unconfirmed),
        "confirmed": rules.confirmed,
        "limits": {str(level): str(v) for level, v in rules.limits.items()},
        "pass_rule": {"reach": rule.reach, "rest": str(rule.rest)} if rule else None,
        "indicators": [_indicator_json(i) for i in rules.indicators],
    }


def _indicator_json(indicator: Indicator) -> dict[str, Any]:
    said = {k: v for k, v in asdict(indicator).items() if k not in ("plus", "least")}
    plus = {str(level): list(names) for level, names in indicator.plus.items()}
    return said | {"plus": plus, "least": {str(level): str(v) for level, v in indicator.least.items()}}


def _rules(body: dict[str, Any]) -> RuleSet:
    rule = body["pass_rule"]
    return RuleSet(
        **{k: body[k] for k in _PLAIN},
        indicators=tuple(_indicator(i) for i in body["indicators"]),
        limits={Level(level): Fraction(v) for level, v in body["limits"].items()},
        pass_rule=PassRule(rule["reach"], Fraction(rule["rest"])) if rule else None,
        unconfirmed=tuple(body["unconfirmed"]),
        confirmed=body.get("confirmed", ""),
    )


def _indicator(body: dict[str, Any]) -> Indicator:
    inputs: dict[str, Any] = {k: tuple(body.pop(k)) for k in ("minus", "small_rural", "dense_centre", "elsewhere")}
    plus = {Level(level): tuple(names) for level, names in body.pop("plus").items()}
    least = {Level(level): Fraction(v) for level, v in body.pop("least").items()}
    return Indicator(**body, **inputs, plus=plus, least=least)


def _read(row: Sequence[Any]) -> Closing:
    year, n, state, rules, schools, digests, moment, reason = row
    return Closing(
        *(year, n, state, {v: _rules(r) for v, r in json.loads(rules).items()}),
        *(tuple(_school(s) for s in json.loads(schools)), json.loads(digests), moment, reason),
    )


def unconfirmed_labels(rules: RuleSet) -> list[str]:
    """What the county still has to confirm, in words."""
    return [_(d.label) for d in DECISIONS.get(rules.version, ()) if d.key in rules.unconfirmed]


def names(store: Store) -> dict[str, str]:
    """Name of every school, for lists of changes."""
    return roster.names(store)
