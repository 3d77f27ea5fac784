"""Building blocks of rules that several registers share; what one register needs alone stands in its own file."""

from collections.abc import Collection, Iterable, Iterator, Mapping

from eduplan_desktop.problems import Problem
from eduplan_desktop.registers import dates
from eduplan_desktop.registers.columns import Columns, Screened, columns_of
from eduplan_desktop.registers.messages import finding
from eduplan_desktop.registers.model import Field, GroupRule, Register, RowSource, Rule, RuleContext, Value

Row = Mapping[str, Value]


def in_order(first: Field, second: Field, sealed: bool = False) -> Rule:
    """`second` must not lie before `first`; a precision that does not tell is no finding. Sealed dates are not repeated."""
    code = "date_order_sealed" if sealed else "date_order"

    def rule(row: Row, context: RuleContext) -> Iterator[Problem]:
        early, late = row.get(first.name), row.get(second.name)
        if early is None or late is None or str(late) >= str(early) or dates.before(str(late), str(early)) is not True:
            return
        params: dict[str, str | int] = {"label": second.label, "other": first.label}
        if sealed:
            yield finding(code, second.name, params)
        else:
            fix = (f"改为 {early}", second.name, early)
            yield finding(code, second.name, params | {"date": str(early)}, fix=fix)

    def suspects(table: Columns, context: RuleContext) -> Iterable[int]:
        if table.blank(first.name) or table.blank(second.name):
            return ()
        pairs = enumerate(zip(table[first.name], table[second.name], strict=True))
        return [i for i, (early, late) in pairs if early is not None and late is not None and str(late) < str(early)]

    return Screened(rule, suspects)


def not_in_future(*named: Field) -> Rule:
    """Dates of things that have happened lie not after today (D21)."""
    pairs = tuple((f.name, f.label) for f in named)

    def rule(row: Row, context: RuleContext) -> Iterator[Problem]:
        today = context.today
        for name, label in pairs:
            value = row.get(name)
            if value is not None and str(value) > today and dates.before(today, str(value)) is True:
                yield finding("date_future", name, {"label": label})

    def suspects(table: Columns, context: RuleContext) -> Iterable[int]:
        today, out = context.today, set[int]()
        for name, _label in pairs:
            late = {v for v in set(table[name]) if v is not None and str(v) > today}
            out.update(i for i, v in enumerate(table[name]) if v in late) if late else None
        return sorted(out)

    return Screened(rule, suspects)


def needed_when(needed: Field, other: Field, codes: Collection[str], because: str) -> Rule:
    """`needed` must be filled where `other` holds one of `codes`; `because` is the words of that state."""

    def rule(row: Row, context: RuleContext) -> Iterator[Problem]:
        if row.get(other.name) in codes and row.get(needed.name) is None:
            yield finding("required_when", needed.name, {"label": needed.label, "because": because})

    def suspects(table: Columns, context: RuleContext) -> Iterable[int]:
        pairs = enumerate(zip(table[other.name], table[needed.name], strict=True))
        return [i for i, (state, value) in pairs if value is None and state in codes]

    return Screened(rule, suspects)


def at_most(part: Field, whole: Field) -> Rule:
    """A count must not exceed the count it is part of."""

    def rule(row: Row, context: RuleContext) -> Iterator[Problem]:
        few, many = row.get(part.name), row.get(whole.name)
        if isinstance(few, int) and isinstance(many, int) and few > many:
            yield finding("part_exceeds_whole", part.name, {"label": part.label, "other": whole.label, "whole": many})

    return rule


def together_at_most(parts: tuple[Field, ...], whole: Field) -> Rule:
    """Counts that exclude each other must not together exceed the count they are parts of."""
    label = "、".join(f.label for f in parts)

    def rule(row: Row, context: RuleContext) -> Iterator[Problem]:
        many = row.get(whole.name)
        added = sum(v for f in parts if isinstance(v := row.get(f.name), int))
        if (
            isinstance(many, int)
            and added > many
            and all(v <= many for f in parts if isinstance(v := row.get(f.name), int))
        ):
            params: dict[str, str | int] = {"label": label, "other": whole.label, "sum": added, "whole": many}
            yield finding("parts_exceed_whole", parts[0].name, params)

    return rule


def sums_to(parts: tuple[Field, ...], whole: Field) -> Rule:
    """Once any part is filled, the parts must add up to the whole; blank parts count as not said and are no finding."""

    def rule(row: Row, context: RuleContext) -> Iterator[Problem]:
        values = [row.get(f.name) for f in parts]
        total = row.get(whole.name)
        if not isinstance(total, int) or any(v is None for v in values):
            return
        added = sum(v for v in values if isinstance(v, int))
        if added != total:
            yield finding("sum_differs", whole.name, {"label": whole.label, "sum": added, "whole": total})

    return rule


def unique(*named: Field, code: str = "duplicate") -> GroupRule:
    """No two live rows agree in all these fields; rows with a blank among them are left alone. Every later one is named."""
    names = tuple(f.name for f in named)
    label = "、".join(f.label for f in named)

    def rule(register: Register, source: RowSource, context: RuleContext) -> Iterator[Problem]:
        table = columns_of(source, register.name)
        keys = list(zip(*(table[n] for n in names), strict=True))
        if len(set(keys)) == len(keys):
            return
        seen: set[tuple[Value, ...]] = set()
        for row_id, key in zip(table.ids, keys, strict=True):
            if None in key:
                continue
            if key in seen:
                yield finding(code, names[0], {"label": label}, register.name, row_id)
            seen.add(key)

    return rule
