"""Findings about rows: every field against its declaration, then the register's own rules (D20).

Deterministic and quick: each field has a checker prepared once, and a value already found good is not looked at again.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain

from eduplan_desktop.problems import Problem, Severity
from eduplan_desktop.registers import results
from eduplan_desktop.registers.columns import Columns, Screened, columns_of
from eduplan_desktop.registers.messages import DOUBTS, ERRORS, finding, message
from eduplan_desktop.registers.model import Field, Kind, Register, RowSource, RuleContext, Value
from eduplan_desktop.registers.refusal import BadValue
from eduplan_desktop.registers.travel import from_csv, outside, to_csv, well_formed_together

__all__ = ["MESSAGES", "FieldChecker", "check_register", "check_row", "check_sealed", "finding", "message"]

MESSAGES: Mapping[str, str] = {**ERRORS, **DOUBTS}
"""Every code of a finding about data and its Chinese template."""

Row = Mapping[str, Value]


class FieldChecker:
    """Checks the values of one field; remembers the good ones (not of sealed fields, whose checker is used once)."""

    def __init__(self, register: str, field: Field, context: RuleContext) -> None:
        self.field = field
        self._register = register
        self._context = context
        self._good: set[Value] = set() if field.required else {None}

    def problem(self, row_id: str, value: Value) -> Problem | None:
        """What is wrong with `value`, or None."""
        if value in self._good:
            return None
        try:
            self._judge(value)
        except BadValue as bad:
            params = {"label": self.field.label, **bad.params}
            return finding(bad.code, self.field.name, params, self._register, row_id)
        self._good.add(value)
        return None

    def wrong(self, ids: Sequence[str], column: Sequence[Value]) -> Iterator[tuple[int, Problem]]:
        """(index, what is wrong) in a whole column: each distinct value is looked at once, many good ones together."""
        distinct = set(column)
        distinct -= self._good
        if not distinct:
            return
        if well_formed_together(self.field, distinct - {None}):
            self._good |= distinct - {None}
            distinct &= {None}
        bad = {value for value in distinct if self.problem("", value) is not None}
        if bad:
            for index, value in enumerate(column):
                if value in bad and (found := self.problem(ids[index], value)) is not None:
                    yield index, found

    def _judge(self, value: Value) -> None:
        field = self.field
        if value is None:
            raise BadValue("required")
        self._well_formed(value)
        if bad := outside(field, value):
            raise bad
        if field.kind is Kind.CHOICE:
            self._known(str(value))
        elif field.kind is Kind.RESULTS:
            self._known_items(str(value))
        elif field.kind is Kind.LINK and self._context.row(field.target, str(value)) is None:
            raise BadValue("link_missing")

    def _well_formed(self, value: Value) -> None:
        try:
            if from_csv(self.field, to_csv(self.field, value)) == value:
                return
        except BadValue:
            raise
        except (ValueError, TypeError, AttributeError):
            pass
        raise BadValue("stored_wrong")

    def _known(self, code: str) -> None:
        table = self._context.catalogs.table(self.field.choices)
        entry = table.by_code.get(code)
        if entry is None:
            raise BadValue("choice_unknown", table=table.label)
        if entry.retired:
            raise BadValue("choice_retired")

    def _known_items(self, stored: str) -> None:
        table = self._context.catalogs.table(self.field.choices)
        for item in results.load(stored):
            if item not in table.by_code:
                raise BadValue("results_item_unknown", item=item)


def check_row(register: Register, row: Row, context: RuleContext) -> list[Problem]:
    """All findings about one row: fields in clear, then the register's rules."""
    checkers = [FieldChecker(register.name, f, context) for f in register.open_fields]
    found = _fields(row, checkers)
    return found + _rules(register, row, found, context)


def _fields(row: Row, checkers: Iterable[FieldChecker]) -> list[Problem]:
    row_id = str(row.get("id") or "")
    return [p for c in checkers if (p := c.problem(row_id, row.get(c.field.name)))]


def _rules(register: Register, row: Row, found: list[Problem], context: RuleContext) -> list[Problem]:
    """What the rules say; they never see a value already found wrong, and add nothing to its field."""
    broken = {p.field for p in found}
    sound = {name: value for name, value in row.items() if name not in broken} if broken else row
    ruled = chain.from_iterable(rule(sound, context) for rule in register.rules)
    return [_placed(p, register.name, str(row.get("id") or "")) for p in ruled if p.field not in broken]


def _placed(problem: Problem, register: str, row_id: str) -> Problem:
    """A rule may leave out where it is; the place is known here."""
    if problem.register and (problem.row or not row_id):
        return problem
    return replace(problem, register=problem.register or register, row=problem.row or row_id)


def check_register(register: Register, source: RowSource, context: RuleContext) -> list[Problem]:
    """Findings about all live rows of a register, row by row and then across rows.

    Column by column: fields in one pass over their distinct values, rules on the rows their screens name.
    """
    table = columns_of(source, register.name)
    found: dict[int, list[Problem]] = {}
    broken: dict[str, list[int]] = {}
    for checker in (FieldChecker(register.name, f, context) for f in register.open_fields):
        for index, problem in checker.wrong(table.ids, table[checker.field.name]):
            found.setdefault(index, []).append(problem)
            broken.setdefault(problem.field, []).append(index)
    unsound = {i for i, ps in found.items() if any(p.severity is Severity.ERROR and p.code != "required" for p in ps)}
    _rules_by_column(register, table, table.cleared(broken), found, context)
    out = [problem for index in sorted(found) for problem in found[index]]
    sound = _SoundRows(source, register.name, table.without(unsound))
    for rule in register.group_rules:
        out.extend(_placed(p, register.name, "") for p in rule(register, sound, context))
    return out


def _rules_by_column(
    register: Register, table: Columns, sound: Columns, found: dict[int, list[Problem]], context: RuleContext
) -> None:
    """Add what the rules say. Rows with a wrong field are few and go through the rules one by one."""
    for index, wrong in list(found.items()):
        found[index] = wrong + _rules(register, table.row(index), wrong, context)
    done = frozenset(found)
    for rule in register.rules:
        if isinstance(rule, Screened):
            looked_at = ((i, table.row(i)) for i in rule.suspects(sound, context) if i not in done)
        else:
            looked_at = ((i, row) for i, row in enumerate(table.rows) if i not in done)
        for index, row in looked_at:
            for problem in rule(row, context):
                found.setdefault(index, []).append(_placed(problem, register.name, table.ids[index]))


class _SoundRows:
    """A source without the rows of one register whose values cannot be relied on; they are compared once mended."""

    def __init__(self, source: RowSource, register: str, sound: Columns) -> None:
        self._source = source
        self._register = register
        self._sound = sound

    def rows(self, register: str) -> Iterator[Row]:
        """Rows of any register."""
        return iter(self._sound.rows) if register == self._register else self._source.rows(register)

    def columns(self, register: str) -> Columns:
        """The same by column."""
        return self._sound if register == self._register else columns_of(self._source, register)


def check_sealed(register: Register, compartment: str, values: Row, context: RuleContext) -> list[Problem]:
    """Findings about the sealed half of a row. `values` may also hold the open fields, for rules across both halves.

    Nothing in the findings repeats a sealed value.
    """
    sealed = register.sealed_fields(compartment)
    found = _fields(values, [FieldChecker(register.name, f, context) for f in sealed])
    names = {f.name for f in sealed}
    return found + [p for p in _rules(register, values, found, context) if p.field in names]
