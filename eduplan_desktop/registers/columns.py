"""Rows of one register column by column, so that 50,000 of them are checked in one pass over each column.

A rule that looks at single rows may come with a screen that says, from the columns, which rows it could say anything about;
only those are given to the rule. A screen may name too many rows, never too few: a test holds the two against each other.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol, runtime_checkable

from eduplan_desktop.problems import Problem
from eduplan_desktop.registers.model import Row, RowSource, Rule, RuleContext, Value


class Columns:
    """Rows by column. ids: of the rows, in their order."""

    def __init__(self, columns: Mapping[str, Sequence[Value]], ids: Sequence[str]) -> None:
        self.ids = ids
        self._columns = columns
        self._blank: Sequence[Value] = [None] * len(ids)

    @classmethod
    def of(cls, rows: Iterable[Mapping[str, Value]]) -> "Columns":
        """The columns of rows at hand."""
        held = list(rows)
        names = dict.fromkeys(name for row in held for name in row)
        return cls({name: [row.get(name) for row in held] for name in names}, [str(row["id"]) for row in held])

    def __len__(self) -> int:
        return len(self.ids)

    def __getitem__(self, name: str) -> Sequence[Value]:
        """One column; all blank where there is none of that name."""
        return self._columns.get(name, self._blank)

    def blank(self, name: str) -> bool:
        """Whether nothing stands in a column."""
        return self[name].count(None) == len(self.ids)

    def row(self, index: int) -> Row:
        """One row."""
        return {"id": self.ids[index], **{name: column[index] for name, column in self._columns.items()}}

    @cached_property
    def rows(self) -> list[Row]:
        """All rows."""
        names = list(self._columns)
        lines = zip(*self._columns.values(), strict=True)
        made: list[Row] = [dict(zip(names, line, strict=True)) for line in lines]
        for row, row_id in zip(made, self.ids, strict=True):
            row["id"] = row_id
        return made

    def without(self, indexes: Collection[int]) -> "Columns":
        """The columns without some rows."""
        if not indexes:
            return self
        kept = [i for i in range(len(self.ids)) if i not in indexes]
        columns = {name: [column[i] for i in kept] for name, column in self._columns.items()}
        return Columns(columns, [self.ids[i] for i in kept])

    def cleared(self, cells: Mapping[str, Iterable[int]]) -> "Columns":
        """The columns with some cells blank."""
        if not cells:
            return self
        columns = dict(self._columns)
        for name, indexes in cells.items():
            column = list(self[name])
            for index in indexes:
                column[index] = None
            columns[name] = column
        return Columns(columns, self.ids)


@runtime_checkable
class ColumnSource(Protocol):
    """A source of rows that has them by column too."""

    def columns(self, register: str) -> Columns: ...


def columns_of(source: RowSource, register: str) -> Columns:
    """The rows of a register by column, whatever the source."""
    return source.columns(register) if isinstance(source, ColumnSource) else Columns.of(source.rows(register))


@dataclass(frozen=True, slots=True)
class Screened:
    """A rule with its screen: suspects gives the indexes of rows the rule must look at."""

    judge: Rule
    suspects: Callable[[Columns, RuleContext], Iterable[int]]

    def __call__(self, row: Mapping[str, Value], context: RuleContext) -> Iterator[Problem]:
        return self.judge(row, context)
