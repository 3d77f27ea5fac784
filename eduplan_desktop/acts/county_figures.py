"""Balance indicators of the county: for a person, for a sheet, for paper; closing a year (D18, issue of verdicts: invariant 8)."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

from eduplan_desktop.acts import school_paper
from eduplan_desktop.acts.home import write_atomically
from eduplan_desktop.acts.session import Session
from eduplan_desktop.county import derived, year
from eduplan_desktop.county.indicator_rules import Level, RuleSet
from eduplan_desktop.county.indicators import CountyResult, IndicatorResult, LevelResult, SchoolValue, rounded
from eduplan_desktop.county.year import Closing
from eduplan_desktop.errors import RefusedError
from eduplan_desktop.i18n import N_, _
from eduplan_desktop.store.journal import act

if TYPE_CHECKING:
    from eduplan_desktop.exchange.layout import Written
    from eduplan_desktop.exchange.sheet_write import Table
    from eduplan_desktop.reports.balance import CountyTable, SchoolTable

LEVEL_WORDS = {Level.PRIMARY: N_("小学"), Level.JUNIOR: N_("初中")}


@dataclass(frozen=True, slots=True)
class Figures:
    """Indicators of one year by one rule set, ready to be shown. closing: of a closed year, else None."""

    result: CountyResult
    closing: Closing | None
    beside: list[derived.Beside]
    file: str = ""

    def as_dict(self) -> dict[str, Any]:
        """For `--json`: full digits, so that known answers can be compared."""
        return {
            "year": self.result.year,
            "rules": self.result.rules.version,
            "closed": self.closing.n if self.closing else None,
            "unconfirmed": year.unconfirmed_labels(self.result.rules),
            "levels": {LEVEL_WORDS.get(k, str(k)): level_json(v) for k, v in self.result.levels.items()},
            "beside": [
                {
                    "school": b.school,
                    "name": b.name,
                    "input": b.input,
                    "typed": None if b.typed is None else float(b.typed),
                    "derived": float(b.derived),
                    "uncertain": float(b.uncertain),
                    "differs": b.differs,
                }
                for b in self.beside
            ],
            "file": self.file,
        }

    def lines(self) -> list[str]:
        """For a person."""
        said = [_("{year} 统计年度，{rules}").format(year=self.result.year, rules=self.result.rules.title)]
        for level, one in self.result.levels.items():
            said.append(
                _("{level}：{schools} 所，{pupils} 人").format(
                    level=_level(level), schools=one.schools, pupils=one.pupils or 0
                )
            )
            said += [
                _("　{id} {label}：{mean}，差异系数 {cv}").format(
                    id=i.indicator.id, label=_(i.indicator.label), mean=mean_text(i), cv=cv_text(i)
                )
                for i in one.indicators
            ]
            if one.composite is not None:
                said.append(_("　综合差异系数 {cv}").format(cv=rounded(one.composite, 3)))
            said += [
                _("　缺 {name} 的 {what}").format(name=m.name, what=m.input)
                for i in one.indicators
                for m in i.missing[:5]
            ]
        if self.result.rules.unconfirmed:
            said.append(
                _("县里还没有确认全部口径，只列数字，不下结论：{names}").format(
                    names="、".join(year.unconfirmed_labels(self.result.rules))
                )
            )
        return said


def mean_text(one: IndicatorResult) -> str:
    """The county value as printed."""
    return "—" if one.mean is None else rounded(one.mean, one.indicator.digits)


def cv_text(one: IndicatorResult) -> str:
    """The coefficient as printed, three decimals."""
    return "—" if one.cv is None else rounded(one.cv, 3)


def level_json(one: LevelResult) -> dict[str, Any]:
    """One level as plain values."""
    return {
        "schools": one.schools,
        "pupils": one.pupils,
        "composite": None if one.composite is None else float(one.composite),
        "indicators": {i.indicator.id: _indicator_json(i) for i in one.indicators},
        "left_out": [{"school": x.school, "name": x.name, "reason": x.reason} for x in one.left_out],
        "passes": {p.school: p.passes for p in one.passes},
    }


def _indicator_json(one: IndicatorResult) -> dict[str, Any]:
    return {
        "label": one.indicator.label,
        "unit": one.indicator.unit,
        "mean": None if one.mean is None else float(one.mean),
        "cv": None if one.cv is None else float(one.cv),
        "limit": None if one.limit is None else float(one.limit),
        "within": one.within,
        "missing": [{"school": m.school, "name": m.name, "input": m.input} for m in one.missing],
        "schools": {
            v.school: {
                "name": v.name,
                "pupils": v.pupils,
                "total": float(v.total),
                "value": float(v.value),
                "share": _float(v.share),
            }
            for v in one.values
        },
    }


def _float(number: Fraction | None) -> float | None:
    return None if number is None else float(number)


def figures(session: Session, of_year: int, rules: str) -> Figures:
    """The indicators of a year: frozen where it is closed."""
    session.county_or_refuse()
    result, closing = year.indicators(session.store, of_year, rules)
    from eduplan_desktop.county import figures as inputs

    schools = list(closing.schools) if closing else inputs.schools(session.store, of_year)
    return Figures(result, closing, derived.beside(schools, derived.derive(session.store, of_year)))


def indicators(session: Session, of_year: int, rules: str, *, to: Path | None = None) -> Figures:
    """`county indicators`: computed, and written to .xlsx or .pdf where asked for."""
    found = figures(session, of_year, rules)
    if to is None:
        return found
    to.parent.mkdir(parents=True, exist_ok=True)
    if to.suffix.lower() == ".pdf":
        from eduplan_desktop.reports import balance

        write_atomically(to, balance.render_county(county_table(session, found)))
        schools = to.with_name(f"{to.stem}-学校达标表.pdf")
        if found.result.rules.pass_rule is not None:
            write_atomically(schools, balance.render_schools(school_table(session, found)))
    elif to.suffix.lower() in (".xlsx", ".csv"):
        from eduplan_desktop.exchange.sheet_write import write_tables

        write_tables(to, tables(found))
    else:
        raise RefusedError("bad_ending", _("只能写成 .xlsx、.csv 或 .pdf。"), _("请换一个文件名。"))
    return Figures(found.result, found.closing, found.beside, str(to))


def _imprint(session: Session, found: Figures) -> Any:
    return school_paper.imprint(session, hashlib.sha256(repr(found.as_dict()).encode()).hexdigest())


def notes(found: Figures) -> list[str]:
    """Sentences under a table: schools left out, inputs missing, what is not confirmed."""
    said = []
    for level, one in found.result.levels.items():
        word = _level(level)
        said += [
            _("{level}未计入 {name}：{why}").format(level=word, name=x.name, why=_(x.reason)) for x in one.left_out
        ]
        lacking = dict.fromkeys((m.name, m.input) for i in one.indicators for m in i.missing)
        said += [
            _("{level}缺 {name} 的“{what}”，所涉指标未算").format(level=word, name=name, what=what)
            for name, what in lacking
        ]
        said += [
            _("{level}{label}只有一所学校，差异系数为 0，不说明均衡").format(level=word, label=_(i.indicator.label))
            for i in one.indicators
            if i.single
        ]
    labels = year.unconfirmed_labels(found.result.rules)
    if labels:
        said.append(_("县里尚未确认：{labels}；只列数字，不作结论。").format(labels="、".join(labels)))
    return said


def county_table(session: Session, found: Figures) -> "CountyTable":
    """F22 县差异系数表."""
    from eduplan_desktop.reports.balance import CountyTable

    rules = found.result.rules
    return CountyTable(
        session.name,
        _("{year} 统计年度（{year}–{next} 学年）").format(year=found.result.year, next=found.result.year + 1),
        _titled(rules),
        _measures(found),
        [_level_figures(k, v, confirmed=not rules.unconfirmed) for k, v in found.result.levels.items()],
        rules.composite,
        _imprint(session, found),
        source=rules.confirmed,
        closing=_("第 {n} 次结账").format(n=found.closing.n) if found.closing else "",
        notes=notes(found),
    )


def _titled(rules: RuleSet) -> str:
    return _("{rules}，{source}").format(rules=_(rules.title), source=_(rules.source))


def _measures(found: Figures) -> list[Any]:
    from eduplan_desktop.reports.balance import Measure

    return [Measure(i.label, i.unit) for i in found.result.rules.indicators]


def _level_figures(level: Level, one: LevelResult, *, confirmed: bool) -> Any:
    from eduplan_desktop.reports.balance import LevelFigures

    limits = [rounded(i.limit, 2) if i.limit is not None else "" for i in one.indicators] if confirmed else []
    verdicts = [_verdict(i.within) for i in one.indicators] if confirmed else []
    return LevelFigures(
        _level(level),
        one.schools,
        one.pupils,
        [mean_text(i) for i in one.indicators],
        [cv_text(i) for i in one.indicators],
        limits if any(limits) else [],
        verdicts if any(verdicts) else [],
        "" if one.composite is None else rounded(one.composite, 3),
        rounded(one.composite_limit, 2) if confirmed and one.composite_limit is not None else "",
        _verdict(one.composite_within) if confirmed else "",
    )


def _verdict(within: bool | None) -> str:
    return "" if within is None else _("达标") if within else _("不达标")


def school_table(session: Session, found: Figures) -> "SchoolTable":
    """F22 学校达标表."""
    from eduplan_desktop.reports.balance import SchoolTable

    rules = found.result.rules
    confirmed = not rules.unconfirmed
    thresholds = [
        (_level(level), [rounded(i.least[level], i.digits) if level in i.least else "" for i in rules.indicators])
        for level in found.result.levels
        if level in LEVEL_WORDS
    ]
    return SchoolTable(
        session.name,
        _("{year} 统计年度（{year}–{next} 学年）").format(year=found.result.year, next=found.result.year + 1),
        _titled(rules),
        _measures(found),
        thresholds if confirmed else [],
        [s for k, v in found.result.levels.items() for s in _schools(k, v, confirmed=confirmed)],
        _imprint(session, found),
        source=rules.confirmed,
        closing=_("第 {n} 次结账").format(n=found.closing.n) if found.closing else "",
        notes=notes(found),
    )


def _schools(level: Level, one: LevelResult, *, confirmed: bool) -> list[Any]:
    from eduplan_desktop.reports.balance import SchoolFigures

    values = [{v.school: v for v in i.values} for i in one.indicators]
    passes = {p.school: p for p in one.passes}
    found = []
    for uid in dict.fromkeys(u for by_school in values for u in by_school):
        mine = [by_school.get(uid) for by_school in values]
        first = next(v for v in mine if v is not None)
        texts = [
            "" if v is None else rounded(v.value, i.indicator.digits) for v, i in zip(mine, one.indicators, strict=True)
        ]
        verdict = passes.get(uid) if confirmed else None
        near = verdict.near if verdict else ()
        marks = [_mark(v, near=i.indicator.id in near) for v, i in zip(mine, one.indicators, strict=True)]
        reached = f"{len(verdict.reached)}/{len(one.indicators)}" if verdict else ""
        found.append(
            SchoolFigures(
                first.name,
                _level(level),
                first.pupils,
                texts,
                marks if confirmed else [],
                reached,
                _verdict(verdict.passes) if verdict else "",
            )
        )
    return found


def _mark(value: SchoolValue | None, *, near: bool) -> str:
    """√ at the threshold, △ under it but at the share the rules allow, × below that."""
    if value is None or value.reaches is None:
        return ""
    return "√" if value.reaches else "△" if near else "×"


def tables(found: Figures) -> "Sequence[Table]":
    """The same figures as sheets: county, schools, typed beside derived."""
    from eduplan_desktop.exchange.sheet_write import Table

    heads = (_("学段"), _("指标"), _("单位"), _("县值"), _("差异系数"), _("限值"))
    county: list[list[Written]] = [
        [_level(k), _(i.indicator.label), i.indicator.unit, mean_text(i), cv_text(i), _limit(i)]
        for k, v in found.result.levels.items()
        for i in v.indicators
    ]
    school_heads = (_("学段"), _("指标"), _("学校"), _("学生数"), _("总量"), _("值"), _("占差异"))
    schools: list[list[Written]] = [
        [
            _level(k),
            _(i.indicator.label),
            s.name,
            s.pupils,
            rounded(s.total, 2),
            rounded(s.value, 4),
            "" if s.share is None else rounded(s.share * 100, 1) + "%",
        ]
        for k, v in found.result.levels.items()
        for i in v.indicators
        for s in i.values
    ]
    beside: list[list[Written]] = [
        [
            b.name,
            b.input,
            "" if b.typed is None else rounded(b.typed, 2),
            rounded(b.derived, 2),
            _("是") if b.differs else "",
        ]
        for b in found.beside
    ]
    return [
        Table(_("差异系数"), heads, county, (10, 36, 8, 14, 12, 10)),
        Table(_("学校"), school_heads, schools, (10, 36, 30, 10, 14, 14, 10)),
        Table(
            _("填报与台账"), (_("学校"), _("项目"), _("填报"), _("台账推算"), _("不一致")), beside, (30, 22, 16, 16, 10)
        ),
        Table(_("说明"), (_("说明"),), [[line] for line in notes(found)], (100,)),
    ]


def _level(level: Level) -> str:
    return _(LEVEL_WORDS.get(level, str(level)))


def _limit(one: IndicatorResult) -> str:
    return "" if one.limit is None else rounded(one.limit, 2)


def year_act(session: Session, of_year: int, action: str, *, rules: str = "2017", reason: str = "") -> dict[str, Any]:
    """`county year close|reopen|show`: figures, digests and rules frozen and numbered; later changes listed."""
    session.county_or_refuse()
    if action == "close":
        with act(session.store, "county.year.close", f"{of_year} 统计年度结账", undoable=False) as a:
            year.close(a, of_year, session.env.moment())
    elif action == "reopen":
        with act(session.store, "county.year.reopen", f"{of_year} 统计年度重新打开", undoable=False) as a:
            year.reopen(a, of_year, reason)
    closing = year.current(session.store, of_year)
    all_of_them = year.closings(session.store, of_year)
    changes = year.changes(session.store, closing) if closing else []
    lines = [
        _("{year} 统计年度已结账（第 {n} 次，{date}）。").format(year=of_year, n=closing.n, date=closing.moment[:10])
        if closing
        else _("{year} 统计年度没有结账。").format(year=of_year)
    ]
    lines += [
        _("结账后变化：{name} {what} {then} → {now}").format(name=c.name, what=c.input, then=c.then, now=c.now)
        for c in changes
    ]
    return {
        "year": of_year,
        "closed": closing.n if closing else None,
        "closings": [{"n": c.n, "state": c.state, "moment": c.moment, "reason": c.reason} for c in all_of_them],
        "changes": [
            {
                "school": c.school,
                "name": c.name,
                "level": c.level,
                "input": c.input,
                "then": _float(c.then),
                "now": _float(c.now),
            }
            for c in changes
        ],
        "lines": lines,
    }
