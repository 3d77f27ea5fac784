"""Lines of the indicator tables: bars against the limit, schools against the county value, steps of the what-if. No state."""

from collections.abc import Callable, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from functools import partial
from typing import Any, Final

from PySide6.QtCore import QRect
from PySide6.QtGui import QPainter

from eduplan_desktop.i18n import N_, _
from ui import theme
from ui.theme import Tone
from ui.widgets import paint
from ui.widgets.grid import Cell, Column, Line
from ui.widgets.progress import paint_bar, paint_compare_bar
from ui.widgets.shapes import Shape

LEVELS: Final = {"P": N_("小学"), "J": N_("初中")}
MEASURES: Final = (
    Column("指标", 190, stretch=True),
    Column("县值", 76, right=True),
    Column("差异系数", 72, right=True),
    Column("比去年", 72, right=True),
    Column("与限值比", 112),
)
CHANGE: Final = 3
"""Column of the change since last year, left out where there is none."""
SCHOOLS: Final = (
    Column("学校", 130, stretch=True, middle=True),
    Column("学生", 56, right=True),
    Column("总量", 84, right=True),
    Column("值", 68, right=True),
    Column("低于　高于", 124),
    Column("占差异 %", 92, right=True),
)
LACKING: Final = (Column("学校", 180, stretch=True, middle=True), Column("没有填的项目", 220, stretch=True))
STEPS: Final = (
    Column("学校", 180, stretch=True, middle=True),
    Column("要补", 96, right=True),
    Column("累计", 96, right=True),
    Column("差异系数", 80, right=True),
)
BESIDE: Final = (
    Column("学校", 120, stretch=True, middle=True),
    Column("项目", 110, stretch=True),
    Column("填报", 92, right=True),
    Column("台账推算", 92, right=True),
    Column("", 84),
)
NOTES: Final = (Column("", 360, stretch=True),)
MOST: Final = 12
"""Steps shown of the what-if."""


def number(value: Fraction | Decimal | int | None, digits: int) -> str:
    """Half up, with thousands; '' for nothing."""
    if value is None:
        return ""
    exact = Decimal(value.numerator) / Decimal(value.denominator) if isinstance(value, Fraction) else Decimal(value)
    return f"{exact.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP):,}"


def _bar(share: float, limit: float | None, dotted: bool, role: str) -> Callable[[QPainter, QRect], object]:
    return lambda painter, where: paint_bar(painter, where, share, limit=limit, dotted=dotted, role=role)


def _change(now: Any, before: Any) -> Cell:
    """How the coefficient moved since last year; falling is better."""
    if now is None or before is None:
        return Cell()
    move = now - before
    if abs(move) < Decimal("0.0005"):
        return Cell("＝", "ink2")
    return Cell(f"{'↓' if move < 0 else '↑'} {number(abs(move), 3)}", "green" if move < 0 else "amber")


def measure_lines(one: Any, before: Any, rules: Any) -> list[Line]:
    """Indicators of a level, and the composite where the rules have one. Limits stand there only once they are confirmed."""
    confirmed = not rules.unconfirmed
    common = one.composite_limit if rules.composite and confirmed else None
    tops = [i.cv for i in one.indicators if i.cv is not None]
    limits = [x for x in (common, *(i.limit if confirmed else None for i in one.indicators)) if x is not None]
    top = max([float(t) for t in tops] + [float(x) * 1.15 for x in limits] + [0.5])
    earlier = {i.indicator.id: i for i in before.indicators} if before is not None else {}
    lines = []
    for i in one.indicators:
        name = f"{_(i.indicator.label)}　{_(i.indicator.unit)}" if i.indicator.unit else _(i.indicator.label)
        if i.missing:
            words = _("缺 {n} 所的数").format(n=len({m.school for m in i.missing}))
            lines.append(
                Line(
                    (Cell(name), Cell(), Cell(), Cell(), Cell(words, "red", Shape.ERROR)), Tone.RED, key=i.indicator.id
                )
            )
            continue
        limit = i.limit if confirmed and not rules.composite else common
        draw = _bar(
            float(i.cv or 0) / top, float(limit) / top if limit is not None else None, bool(rules.composite), "accent"
        )
        over = confirmed and i.within is False
        cells = (
            Cell(name),
            Cell("—" if i.mean is None else number(i.mean, i.indicator.digits)),
            Cell("—" if i.cv is None else number(i.cv, 3), "red" if over else "ink", bold=over),
            _change(i.cv, earlier[i.indicator.id].cv if i.indicator.id in earlier else None),
            Cell(_limit_words(limit), draw=draw, tip=_limit_words(limit)),
        )
        lines.append(Line(cells, key=i.indicator.id))
    if rules.composite:
        lines.append(_composite(one, before, top, common))
    return lines


def _limit_words(limit: Any) -> str:
    return _("限值 {n}").format(n=number(limit, 2)) if limit is not None else _("限值没有确认")


def _composite(one: Any, before: Any, top: float, limit: Any) -> Line:
    """The composite has the only verdict bar of the page."""
    value = one.composite
    role = {True: "green.fill", False: "red.fill", None: "accent"}[one.composite_within if limit is not None else None]
    draw = _bar(float(value or 0) / top, float(limit) / top if limit is not None else None, False, role)
    cells = (
        Cell(_("综合差异系数"), bold=True),
        Cell(),
        Cell("—" if value is None else number(value, 3), bold=True),
        _change(value, before.composite if before is not None else None),
        Cell(_limit_words(limit), draw=draw, tip=_limit_words(limit)),
    )
    return Line(cells, ground="canvas")


def school_lines(found: Any, inputs: Mapping[str, str]) -> tuple[Sequence[Column], list[Line], str]:
    """Schools of an indicator by their share of the variance; the columns with the county value, and what the first ones share."""
    indicator = found.indicator
    if found.missing:
        lines = [
            Line((Cell(m.name, "red", Shape.ERROR), Cell(inputs.get(m.input, m.input))), Tone.RED, key=m.school)
            for m in found.missing
        ]
        return LACKING, lines, _("缺数，没有算")
    mean = number(found.mean, indicator.digits) if found.mean is not None else "—"
    columns = [*SCHOOLS]
    columns[2] = Column(_with_unit(_("总量"), indicator.unit), 84, right=True)
    columns[4] = Column(_("低于　{mean}　高于").format(mean=mean), 124)
    values = sorted(found.values, key=lambda v: (-(v.share or 0), v.name))
    widest = max((abs(float(v.value - found.mean)) for v in values), default=0.0) if found.mean is not None else 0.0
    most = max((float(v.share or 0) for v in values), default=0.0)
    lines = []
    for v in values:
        side = float(v.value - found.mean) / widest if widest else 0.0
        share = float(v.share or 0)
        cells = (
            Cell(v.name, tip=_("达到标准") if v.reaches else ""),
            Cell(f"{v.pupils:,}"),
            Cell(number(v.total, 0 if v.total.denominator == 1 else 2)),
            Cell(number(v.value, indicator.digits)),
            Cell(_side_words(side), draw=partial(_side_bar, side)),
            Cell(number(v.share * 100, 1) if v.share is not None else "", draw=partial(_share_bar, share, most)),
        )
        lines.append(Line(cells, key=v.school))
    top = values[:MOST]
    sum_ = sum((v.share or Fraction(0) for v in top), Fraction(0))
    said = _("县值 {mean}，差异系数 {cv}").format(mean=mean, cv=number(found.cv, 3) if found.cv is not None else "—")
    if len(values) > len(top):
        said += _("；前 {n} 所占 {share}%").format(n=len(top), share=number(sum_ * 100, 1))
    return columns, lines, said


def _with_unit(label: str, unit: str) -> str:
    """Units stand in the heading, not in each cell."""
    return _("{label}（{unit}）").format(label=label, unit=_(unit)) if unit else label


def _side_bar(side: float, painter: QPainter, where: QRect) -> None:
    paint_compare_bar(painter, where, side)


def _side_words(side: float) -> str:
    return _("高于县值") if side > 0 else _("低于县值") if side < 0 else _("等于县值")


def _share_bar(share: float, most: float, painter: QPainter, where: QRect) -> None:
    """A dark bar that grows to the left of its number."""
    words = f"{share * 100:.1f}"
    room = theme.px(44)
    length = round((where.width() - room - 4) * (share / most if most else 0))
    height = theme.px(8)
    right = where.right() - room
    painter.fillRect(QRect(right - length, where.center().y() - height // 2, length, height), theme.colour("ink2"))
    paint.text(painter, where, words, align=paint.RIGHT)


def step_lines(found: Any, steps: Sequence[Any]) -> tuple[Sequence[Column], list[Line]]:
    """先帮哪几所: the present coefficient, then each school filled up to the county value."""
    unit = found.indicator.unit
    columns = [
        STEPS[0],
        Column(_with_unit(_("要补"), unit), 96, right=True),
        Column(_with_unit(_("累计"), unit), 96, right=True),
        STEPS[3],
    ]
    if found.mean is None:
        return columns, [Line((Cell(_("有缺数，先补齐再试算"), "ink2"),))]
    lines = [Line((Cell(_("现在")), Cell(), Cell(), Cell(number(found.cv, 3) if found.cv is not None else "—")))]
    places = found.indicator.places
    for n, step in enumerate(steps[:MOST]):
        words = _("补到县值：{name}") if n == 0 else _("再补：{name}")
        cells = (
            Cell(words.format(name=step.name)),
            Cell(number(step.gap, places)),
            Cell(number(step.so_far, places)),
            Cell(number(step.cv, 3), bold=True),
        )
        lines.append(Line(cells, key=step.school))
    return columns, lines


def beside_lines(found: Sequence[Any], inputs: Mapping[str, str]) -> list[Line]:
    """Typed figures beside what the ledgers imply; those that differ first."""
    lines = []
    for b in sorted(found, key=lambda b: (not b.differs, b.name, b.input)):
        cells = (
            Cell(b.name),
            Cell(inputs.get(b.input, b.input), "ink2", small=True),
            Cell(number(b.typed, 0)),
            Cell(
                number(b.derived, 0), tip=_("另有 {n} 日期不明").format(n=number(b.uncertain, 0)) if b.uncertain else ""
            ),
            Cell(_("不一致"), "amber", Shape.DOUBT) if b.differs else Cell(_("一致"), "green", Shape.OK),
        )
        lines.append(Line(cells, Tone.AMBER if b.differs else None, key=b.school))
    return lines or [Line((Cell(_("没有可以推算的台账"), "ink2"),))]


def note_lines(found: Any, one: Any, inputs: Mapping[str, str]) -> list[Line]:
    """Where the rules come from, which schools were left out, which inputs are missing."""
    rules = found.result.rules
    said: list[Cell] = [Cell(_("依据：{source}").format(source=rules.source), small=True, tip=rules.source)]
    if rules.unconfirmed:
        said.append(
            Cell(
                _("县里还有 {n} 条口径没有确认，只列数字，不下结论").format(n=len(rules.unconfirmed)),
                "amber",
                Shape.DUE,
            )
        )
    if one is not None:
        said += [Cell(_("未计入 {name}：{why}").format(name=x.name, why=_(x.reason)), "ink2") for x in one.left_out]
        lacking: dict[str, dict[str, str]] = {}
        for m in (m for i in one.indicators for m in i.missing):
            lacking.setdefault(m.name, {})[m.input] = inputs.get(m.input, m.input)
        said += [
            Cell(_("缺 {name} 的 {what}").format(name=n, what="、".join(w.values())), "red", Shape.ERROR)
            for n, w in lacking.items()
        ]
        said += [
            Cell(_("{name} 只有一所，差异系数为 0，不说明均衡").format(name=i.indicator.label), "ink2")
            for i in one.indicators
            if i.single
        ]
    return [Line((c,)) for c in said]
