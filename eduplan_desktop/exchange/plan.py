"""What an import would do: which rows are new, change, stay or are refused. Pure; the caller stores what it says.

Read = new + updated + unchanged + refused, always (invariant 2).
"""

from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from eduplan_desktop.exchange.calm import without_collector
from eduplan_desktop.exchange.mapping import ID, Bad, Blanks
from eduplan_desktop.exchange.prepare import Prepared
from eduplan_desktop.exchange.reasons import problem
from eduplan_desktop.problems import Problem
from eduplan_desktop.registers import results
from eduplan_desktop.registers.messages import finding
from eduplan_desktop.registers.model import Field, Kind, Register, Row, Value
from eduplan_desktop.registers.text import fold

Identity = tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class NewRow:
    """A row to store under a new id. index: into `Prepared.rows`."""

    index: int
    line: int
    row: Row


@dataclass(frozen=True, slots=True)
class ChangedRow:
    """A row already there. changes: field → new value, sealed fields included."""

    index: int
    line: int
    id: str
    changes: Row


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """A row that is not stored, and why."""

    index: int
    line: int
    problems: tuple[Problem, ...]


@dataclass(slots=True)
class ImportPlan:
    """The outcome of an import before anything is written.

    dropped: index of a row that goes in → cells left out of it; unfinished: index of a new row → required cells it lacks,
    where the person chose that it goes in so; joined: index of an unchanged row → line of the row it repeats.
    """

    prepared: Prepared
    new: list[NewRow] = field(default_factory=list)
    updated: list[ChangedRow] = field(default_factory=list)
    unchanged: list[tuple[int, str]] = field(default_factory=list)
    refused: list[RefusedRow] = field(default_factory=list)
    dropped: dict[int, tuple[Problem, ...]] = field(default_factory=dict)
    unfinished: dict[int, tuple[Problem, ...]] = field(default_factory=dict)
    joined: dict[int, int] = field(default_factory=dict)

    @property
    def read(self) -> int:
        """How many records the sheet has."""
        return len(self.prepared.lines)

    def counts(self) -> dict[str, int]:
        """The figures every report begins with."""
        return {
            "read": self.read,
            "stored": len(self.new),
            "updated": len(self.updated),
            "unchanged": len(self.unchanged),
            "refused": len(self.refused),
            "skipped": len(self.prepared.skipped),
        }

    def lacking(self, index: int) -> tuple[Problem, ...]:
        """Why a row that goes in lacks cells: those left out, then required ones that the sheet leaves blank."""
        dropped = self.dropped.get(index, ())
        named = {p.field for p in dropped}
        return dropped + tuple(p for p in self.unfinished.get(index, ()) if p.field not in named)

    @property
    def not_meant(self) -> int:
        """How many records of the sheet belong to another register or are left aside by `only`."""
        return sum(s.kind == "other" for s in self.prepared.skipped)


class Existing:
    """Rows already in the register, found by id, by identity or by content.

    Rows hold their sealed values where the import brings such and the compartment is open.
    """

    def __init__(self, register: Register, rows: Iterable[Row]) -> None:
        self.register = register
        self.by_id: dict[str, Row] = {str(row[ID]): row for row in rows}
        self._indexes: dict[tuple[str, ...], dict[Identity, deque[str]]] = {}

    def matching(self, names: tuple[str, ...], key: Identity) -> Sequence[str]:
        """Ids of the rows that agree with `key` in these fields."""
        index = self._indexes.get(names)
        if index is None:
            index = {}
            key_of = keyer(self.register, names)
            for row_id, row in self.by_id.items():
                index.setdefault(key_of(row), deque()).append(row_id)
            self._indexes[names] = index
        return index.get(key, ())

    def take(self, names: tuple[str, ...], key: Identity) -> str | None:
        """One row of that content, each only once, so that like rows in a sheet meet like rows in the register."""
        found = self.matching(names, key)
        return found.popleft() if isinstance(found, deque) and found else None


def keyer(register: Register, names: tuple[str, ...]) -> Callable[[Mapping[str, Value]], Identity]:
    """What a person compares to tell whether two rows are the same, of these fields: text by its folded form."""
    folded = tuple((name, register.by_name[name].kind is Kind.TEXT) for name in names)

    def key(row: Mapping[str, Value]) -> Identity:
        get = row.get
        return tuple(
            [fold(value) if text and isinstance(value := get(name), str) else get(name) for name, text in folded]
        )

    return key


@without_collector()
def plan_import(prepared: Prepared, existing: Existing) -> ImportPlan:
    """Sort the rows of a sheet into new, updated, unchanged and refused."""
    return _Planner(prepared, existing).plan()


def _required(declared: Field) -> Problem:
    return finding("required", declared.name, {"label": declared.label})


class _Planner:
    def __init__(self, prepared: Prepared, existing: Existing) -> None:
        register = prepared.register
        mapped = prepared.mapping.fields
        self._prepared = prepared
        self._existing = existing
        self._register = register
        self._names = tuple(name for name in register.identity if name in mapped)
        self._content = tuple(f.name for f in register.open_fields if f.name in mapped)
        self._identity_of = keyer(register, self._names)
        self._content_of = keyer(register, self._content)
        self._vital = frozenset(register.identity) | {register.year_field}
        self._required = tuple(f for f in register.fields if f.required)
        self._required_names = tuple(f.name for f in self._required)
        self._clear = prepared.mapping.blanks is Blanks.CLEAR
        self._has_ids = any(rule.field == ID for rules in prepared.mapping.columns.values() for rule in rules)
        self._cells_may_go = prepared.mapping.bad is Bad.CELL
        self._results = tuple(f.name for f in register.fields if f.kind is Kind.RESULTS and f.name in mapped)
        self._joins = prepared.mapping.part
        self._seen: dict[object, int] = {}
        self._first: dict[object, tuple[str, Row]] = {}
        self._out = ImportPlan(prepared)

    def plan(self) -> ImportPlan:
        for index, (line, row) in enumerate(zip(self._prepared.lines, self._gathered(), strict=True)):
            found = self._prepared.problems.get(index)
            if found:
                if not self._cells_may_go or any(p.field in self._vital or not p.field for p in found):
                    self._refuse(index, line, [*found, *self._also_missing(row, found)])
                    continue
                row = {name: value for name, value in row.items() if name not in {p.field for p in found}}
                self._out.dropped[index] = tuple(found)
            self._place(index, line, row)
        return self._out

    def _also_missing(self, row: Row, found: Iterable[Problem]) -> list[Problem]:
        """What else a refused row would need if it were new, so that one look at the report is enough to mend it."""
        named = {p.field for p in found}
        if self._cells_may_go or str(row.get(ID)) in self._existing.by_id:
            return []
        if self._existing.matching(self._names, self._identity_of(row)):
            return []
        return [_required(f) for f in self._required if f.name not in named and row.get(f.name) is None]

    def _refuse(self, index: int, line: int, found: Iterable[Problem]) -> None:
        self._out.dropped.pop(index, None)
        self._out.refused.append(RefusedRow(index, line, tuple(found)))

    def _label(self, names: Iterable[str]) -> str:
        return "、".join(self._register.by_name[name].label for name in names)

    def _place(self, index: int, line: int, row: Row) -> None:
        """Decide what one row is."""
        given = row.get(ID)
        if ID in row:
            row = {name: value for name, value in row.items() if name != ID}
        if self._register.single:
            self._known(index, line, row, next(iter(self._existing.by_id), None), "single", self._register.label)
        elif given is not None and str(given) in self._existing.by_id:
            self._known(index, line, row, str(given), ("id", given), "记录号")
        else:
            self._by_identity(index, line, row)

    def _by_identity(self, index: int, line: int, row: Row) -> None:
        key = self._identity_of(row)
        if not any(value is not None for value in key):
            self._by_content(index, line, row)
            return
        ids = self._existing.matching(self._names, key)
        if len(ids) > 1:
            self._refuse(
                index,
                line,
                [problem("several_existing", self._names[0], label=self._label(self._names), count=len(ids))],
            )
            return
        self._known(index, line, row, ids[0] if ids else None, key, self._label(self._names))

    def _by_content(self, index: int, line: int, row: Row) -> None:
        """A row that nothing identifies meets a row of the same content, else it is new."""
        match = self._existing.take(self._content, self._content_of(row))
        if match is None:
            self._new(index, line, row)
        else:
            self._out.unchanged.append((index, match))

    def _known(self, index: int, line: int, row: Row, row_id: str | None, key: object, label: str) -> None:
        """A row that is identified: the first of its kind in the sheet is taken, any later one refused."""
        mark = row_id if row_id is not None else key
        if mark in self._seen and self._joins:
            self._join(index, line, row, mark)
            return
        if mark in self._seen:
            first = self._names[0] if self._names else ""
            self._refuse(index, line, [problem("duplicate_row", first, line=self._seen[mark], label=label)])
            return
        self._seen[mark] = line
        if row_id is None:
            self._new(index, line, row)
        else:
            self._changed(index, line, row, row_id)
        if self._joins:
            self._remember(index, mark, row_id, row)

    def _remember(self, index: int, mark: object, row_id: str | None, row: Row) -> None:
        """What later lines of the same row are held against; a refused line is none that others could join."""
        if self._out.refused and self._out.refused[-1].index == index:
            del self._seen[mark]
        else:
            self._first[mark] = (row_id or "", row)

    def _join(self, index: int, line: int, row: Row, mark: object) -> None:
        """A later line that names the same row again: it says the same, or contradicts."""
        row_id, first = self._first[mark]
        differing = [name for name, value in row.items() if value is not None and first.get(name) != value]
        if differing:
            label = self._label(differing)
            self._refuse(index, line, [problem("repeat_differs", differing[0], line=self._seen[mark], label=label)])
        else:
            self._out.unchanged.append((index, row_id))
            self._out.joined[index] = self._seen[mark]

    def _gathered(self) -> Sequence[Row]:
        """The rows, where lines may name a row again: what its first line leaves blank is taken from the later ones."""
        if not self._joins:
            return self._prepared.rows
        out, firsts = list(self._prepared.rows), dict[Identity, Row]()
        for index, row in enumerate(out):
            key = self._identity_of(row)
            if index in self._prepared.problems or row.get(ID) is not None or not any(v is not None for v in key):
                continue
            if (first := firsts.get(key)) is None:
                firsts[key] = out[index] = dict(row)
            else:
                first.update({n: v for n, v in row.items() if v is not None and first.get(n) is None})
        return out

    def _new(self, index: int, line: int, row: Row) -> None:
        blank = self._lacking(row)
        if blank and (not self._cells_may_go or any(p.field == self._register.year_field for p in blank)):
            self._refuse(index, line, blank)
            return
        if blank:
            self._out.unfinished[index] = blank
        self._out.new.append(NewRow(index, line, row))

    def _lacking(self, row: Row) -> tuple[Problem, ...]:
        """The required fields a new row has nothing in."""
        get = row.get
        if None not in [get(name) for name in self._required_names]:
            return ()
        return tuple(_required(f) for f in self._required if get(f.name) is None)

    def _changed(self, index: int, line: int, row: Row, row_id: str) -> None:
        old = self._existing.by_id[row_id]
        clear = self._clear and (not self._has_ids or self._prepared.rows[index].get(ID) == row_id)
        for name in self._results:
            if name in row:
                row = {**row, name: self._merged(name, old.get(name), row[name], clear)}
        changes: Row = {
            name: value for name, value in row.items() if (value is not None or clear) and old.get(name) != value
        }
        cleared = [f for f in self._required if f.name in changes and changes[f.name] is None]
        if cleared:
            self._refuse(index, line, [_required(f) for f in cleared])
        elif changes:
            self._out.updated.append(ChangedRow(index, line, row_id, changes))
        else:
            self._out.unchanged.append((index, row_id))

    def _merged(self, name: str, old: Value, new: Value, clear: bool) -> Value:
        """Results of the sheet over those already there; parts the sheet has no column for stay."""
        before = results.load(str(old)) if old is not None else {}
        after = results.load(str(new)) if new is not None else {}
        rules = [r for rules in self._prepared.mapping.columns.values() for r in rules if r.field == name]
        for rule in rules:
            said = getattr(after.get(rule.item, results.Result()), rule.part)
            if said or clear:
                held = before.get(rule.item, results.Result())
                before[rule.item] = replace(held, **{rule.part: said})
        return results.dump(before)


__all__ = ["ChangedRow", "Existing", "ImportPlan", "NewRow", "RefusedRow", "keyer", "plan_import"]
