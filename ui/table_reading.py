"""Reading the rows of a register for a page: few at once, many on the worker while the page already stands.

The same for the first reading, for reading again after something was written, and for the first sort by a column.
"""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt

from ui import register_table
from ui.register_table import RegisterTableModel
from ui.screen import Context


class TableReader:
    """Reads for one model. loading: many rows are on their way, shown the first time only; shown: they stand in the model."""

    def __init__(
        self,
        context: Context,
        model: RegisterTableModel,
        *,
        loading: Callable[[], object],
        shown: Callable[[Any], object],
        at_once: int | None = None,
    ) -> None:
        self._context, self._model, self._loading, self._shown = context, model, loading, shown
        self._at_once = at_once
        self.reading = self._again = self._stopped = False
        model.order_wanted.connect(self._rank)

    def stop(self) -> None:
        """The page is thrown away: what is still being read is not shown any more."""
        self._stopped = True

    def read(self, changes: Any = None) -> None:
        """Read the rows; `changes` is handed to `shown`."""
        model, ws = self._model, self._context.workspace
        name, school = model.register.name, model.school
        if not ws.more_than(name, register_table.AT_ONCE if self._at_once is None else self._at_once, school):
            model.begin(None)
            self._shown(changes)
            return
        if model.waiting:
            self._loading()
        if self.reading:
            return
        self.reading = True
        order = model.order.field if model.order is not None else ""

        def look(_progress: Any, _cancelled: Any) -> Any:
            with ws.another() as twin:
                source = twin.table(name, school)
                source.counts()
                if order:
                    source.rank(order)
                return source

        self._context.tasks.run(look, on_done=lambda source: self._take(source, changes), background=True)

    def _take(self, source: Any, changes: Any) -> None:
        self.reading = False
        if self._stopped:
            return
        if self._again:  # something was written meanwhile
            self._again = False
            self.read()
            return
        self._model.begin(self._context.workspace.take_table(source))
        self._shown(changes)

    def read_again(self, changes: Any) -> None:
        """Something was written: rows named are brought up to date at once, a whole register is read as at first."""
        model = self._model
        self._again = self.reading
        if model.waiting:
            return
        named = changes is not None and changes.ids and self._context.workspace.kind == "school"
        if named or not model.concerned(changes):
            model.read_again(changes)
            self._shown(changes)
        else:
            self.read(changes)

    def _rank(self, column: int, descending: bool) -> None:
        """The first sort of many rows by a column; until it is worked out they stay as they are."""
        model, ws = self._model, self._context.workspace
        name, source = model.columns[column - 1].field.name, model.source

        def work_out(_progress: Any, _cancelled: Any) -> Any:
            with ws.another() as twin:
                return twin.rank_table(source, name)

        def take(rank: Any) -> None:
            if not self._stopped and model.source is source:
                source.take_rank(name, rank)
                model.sort(column, Qt.SortOrder.DescendingOrder if descending else Qt.SortOrder.AscendingOrder)

        self._context.tasks.run(work_out, on_done=take, background=True)
