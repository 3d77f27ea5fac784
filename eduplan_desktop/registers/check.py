"""Findings about rows: every field against its declaration, then the register's own rules (D20).

Deterministic and quick: each field has a checker prepared once, and a value already found good is not looked at again.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import chain

from eduplan_desktop.problems import Problem, Severity
from eduplan_desktop.registers import results
from eduplan_desktop.registers.messages import DOUBTS, ERRORS, finding, message
from eduplan_desktop.registers.model import Field, Kind, Register, RowSource, RuleContext, Value
from eduplan_desktop.registers.refusal import BadValue
from eduplan_desktop.registers.travel import from_csv, outside, to_csv

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
    """Findings about all live rows of a register, row by row and then across rows."""
    checkers = [FieldChecker(register.name, f, context) for f in register.open_fields]
    found: list[Problem] = []
    unsound: set[str] = set()
    for row in source.rows(register.name):
        if wrong := _fields(row, checkers):
            unsound.update(p.row for p in wrong if p.severity is Severity.ERROR and p.code != "required")
        found.extend(wrong)
        found.extend(_rules(register, row, wrong, context))
    sound = _SoundRows(source, register.name, frozenset(unsound))
    for rule in register.group_rules:
        found.extend(_placed(p, register.name, "") for p in rule(register, sound, context))
    return found


class _SoundRows:
    """A source without the rows of one register whose values cannot be relied on; they are compared once mended."""

    def __init__(self, source: RowSource, register: str, left_out: frozenset[str]) -> None:
        self._source = source
        self._register = register
        self._left_out = left_out

    def rows(self, register: str) -> Iterator[Row]:
        """Rows of any register."""
        rows = self._source.rows(register)
        if register != self._register or not self._left_out:
            return rows
        return (row for row in rows if row["id"] not in self._left_out)


def check_sealed(register: Register, compartment: str, values: Row, context: RuleContext) -> list[Problem]:
    """Findings about the sealed half of a row. `values` may also hold the open fields, for rules across both halves.

    Nothing in the findings repeats a sealed value.
    """
    sealed = register.sealed_fields(compartment)
    found = _fields(values, [FieldChecker(register.name, f, context) for f in sealed])
    names = {f.name for f in sealed}
    return found + [p for p in _rules(register, values, found, context) if p.field in names]
