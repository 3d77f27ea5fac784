"""The model of a register's table: rows are read a page at a time, shown by the core's `show`, edited by the core's `parse`."""

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as with_default
from typing import Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal

from eduplan_desktop.i18n import _
from eduplan_desktop.problems import Severity
from eduplan_desktop.registers.kinds import edit_text, parse, show
from eduplan_desktop.registers.messages import message
from eduplan_desktop.registers.model import Field, Kind, Register, Row, Value
from eduplan_desktop.workspace import Changes, Order
from ui.columns import Column, columns_of

PAGE: Final = 64
PAGES: Final = 24
VIEWS: Final = 6
"""Results kept, so that taking back a letter finds again without searching."""

Index = QModelIndex | QPersistentModelIndex

DISPLAY: Final = Qt.ItemDataRole.DisplayRole
STATE: Final = Qt.ItemDataRole.UserRole
"""'error', 'doubt', 'unsent', 'draft' or ''."""
TROUBLE: Final = Qt.ItemDataRole.UserRole + 1
"""'error' or 'doubt' where this very cell has a finding, else ''."""


class _Nothing:
    """The view of a table that is still being read."""

    count = total = 0
    keys: Final = ()


NOTHING: Final = _Nothing()
AT_ONCE: Final = 3000
"""Rows up to which a register is read or sorted in the moment it is asked for; more take longer than a window may stand still."""


@dataclass(slots=True)
class _Page:
    """Rows of one page, their states, and the texts of the cells shown so far."""

    rows: list[Row]
    states: list[str]
    texts: dict[tuple[int, int], str] = with_default(default_factory=dict)
    troubles: dict[str, dict[str, str]] | None = None
    """Row id → field → 'error' or 'doubt', read when a row with a finding is first painted."""


class RegisterTableModel(QAbstractTableModel):
    """Column 0 is the row's state; the others are fields. Row ids are stable, row numbers are not."""

    refused = Signal(str)
    """A typed cell could not be read: the sentence says why."""
    saved = Signal(object)
    """Changes of a cell edit."""
    order_wanted = Signal(int, bool)
    """Sorting many rows by this column (descending or not) first takes reading: `source.take_rank`, then `sort` again."""

    def __init__(self, workspace: Any, register: Register, *, school: str | None = None, editable: bool = True) -> None:
        super().__init__()
        self.workspace, self.register = workspace, register
        self.columns: tuple[Column, ...] = columns_of(register)
        self.school = school
        self._editable = editable and not workspace.read_only
        self.waiting = False
        self._source: Any = None
        self._view: Any = None
        self._views: OrderedDict[Any, Any] = OrderedDict()
        self._pages: OrderedDict[int, _Page] = OrderedDict()
        self._titles: dict[tuple[str, str, str], str] = {}
        self._drafts: set[str] = set()
        self.query = ""
        self.order: Order | None = None
        self.filters: dict[str, str | int] = {}

    # ---- rows

    def wait(self) -> None:
        """Show no rows until `begin`: the index of a large register is being read on the worker."""
        self.waiting = True

    def pause(self) -> None:
        """Forget the rows until `begin`, where many are being written elsewhere."""
        self.beginResetModel()
        self.waiting = True
        self._views.clear()
        self._titles.clear()
        self._forget()
        self.endResetModel()

    def begin(self, source: Any = None) -> None:
        """Show the rows, of a source read elsewhere or of one read now."""
        self.beginResetModel()
        self.waiting = False
        self._source = source
        self._titles.clear()
        self._views.clear()
        self._forget()
        self.endResetModel()

    @property
    def source(self) -> Any:
        """The rows of the register, read when first asked for."""
        if self._source is None:
            self._source = self.workspace.table(self.register.name, self.school)
        return self._source

    @property
    def view(self) -> Any:
        """The rows found, in order."""
        if self.waiting:
            return NOTHING
        if self._view is None:
            asked = (self.query, self.order, tuple(sorted(self.filters.items())))
            if asked not in self._views:
                self._views[asked] = self.source.view(self.query, self.order, self.filters)
                while len(self._views) > VIEWS:
                    self._views.popitem(last=False)
            self._view = self._views[asked]
            self.read_drafts()
        return self._view

    def look(self, query: str | None = None, filters: Mapping[str, str | int] | None = None) -> None:
        """Search and filter; None leaves as it is."""
        self.beginResetModel()
        self.query = self.query if query is None else query
        self.filters = self.filters if filters is None else dict(filters)
        self._forget()
        self.endResetModel()

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort by a column; column 0 brings back the register's own order."""
        name = self.columns[column - 1].field.name if column > 0 else ""
        descending = order == Qt.SortOrder.DescendingOrder
        if name and not self.waiting and self.view.total > AT_ONCE and not self.source.ranked(name):
            self.order_wanted.emit(column, descending)
            return
        self.beginResetModel()
        self.order = Order(name, descending) if name else None
        self._forget()
        self.endResetModel()

    def concerned(self, changes: Changes | None) -> bool:
        """Whether something written may be rows of this register."""
        return changes is None or self.register.name in changes.registers

    def read_again(self, changes: Changes) -> None:
        """Bring the rows up to date that were written."""
        if self.concerned(changes):
            self.source.patch(changes.ids)
        self.beginResetModel()
        self._titles.clear()
        self._views.clear()
        self._forget()
        self.endResetModel()

    def _forget(self) -> None:
        self._view = None
        self._pages.clear()

    def read_drafts(self) -> None:
        """Which rows are half-typed now."""
        self._drafts = {row for name, row, _when in self.workspace.drafts() if name == self.register.name}

    def _page(self, number: int) -> _Page:
        page = self._pages.get(number)
        if page is None:
            start = number * PAGE
            page = _Page(self.view.rows(start, start + PAGE), self.view.states(start, start + PAGE))
            self._pages[number] = page
            while len(self._pages) > PAGES:
                self._pages.popitem(last=False)
        return page

    def row_at(self, row: int) -> Row:
        """The record at a place; a row that is gone meanwhile is empty."""
        rows = self._page(row // PAGE).rows
        return rows[row % PAGE] if row % PAGE < len(rows) else {"id": ""}

    def text_at(self, row: int, column: int) -> str:
        """The text of a cell as shown; made once while its page is held."""
        page = self._page(row // PAGE)
        text = page.texts.get((row, column))
        if text is None:
            text = page.texts[row, column] = self.shown(self.columns[column - 1].field, self.row_at(row))
        return text

    def state_at(self, row: int) -> str:
        """State of the row at a place."""
        if self._drafts and str(self.row_at(row)["id"]) in self._drafts:
            return "draft"
        states = self._page(row // PAGE).states
        return states[row % PAGE] if row % PAGE < len(states) else ""

    def id_at(self, row: int) -> str:
        """Row id at a place, '' outside."""
        return str(self.view.keys[row][1]) if 0 <= row < self.view.count else ""

    def ids(self, start: int, stop: int) -> list[str]:
        """Row ids from one place to before another, as many as there are."""
        return [str(row_id) for _school, row_id in self.view.keys[start:stop]]

    def school_at(self, row: int) -> str:
        """The school of the row at a place, '' in a school file."""
        return str(self.view.keys[row][0]) if 0 <= row < self.view.count else ""

    def place_of(self, row_id: str, school: str = "") -> int:
        """Where a row is now, -1 when the search or a filter hides it."""
        try:
            return int(self.view.keys.index((school, row_id)))
        except ValueError:
            return -1

    # ---- Qt's questions

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 (Qt's own signature)
        return 0 if parent.isValid() else self.view.count

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 (Qt's own signature)
        return 0 if parent.isValid() else len(self.columns) + 1

    def field_at(self, column: int) -> Field | None:
        """The field of a column, None for the state column."""
        return self.columns[column - 1].field if column > 0 else None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        column = index.column()
        if role == DISPLAY:
            return self.text_at(index.row(), column) if column else None
        field = self.field_at(column)
        match role:
            case Qt.ItemDataRole.EditRole if field is not None:
                return edit_text(field, self.row_at(index.row()).get(field.name))
            case Qt.ItemDataRole.TextAlignmentRole if field is not None:
                right = self.columns[index.column() - 1].numeric
                return int(
                    Qt.AlignmentFlag.AlignVCenter
                    | (Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft)
                )
            case _ if role == STATE:
                return self.state_at(index.row())
            case _ if role == TROUBLE:
                return self.trouble_at(index.row(), column)
        return None

    def shown(self, field: Field, row: Row) -> str:
        """The cell's text, as every surface shows it; a link by the title of what it points to."""
        value = row.get(field.name)
        if value is None:
            return ""
        if field.kind is Kind.LINK:
            key = (field.target, str(value), str(row.get("school", "")))
            if key not in self._titles:
                self._titles[key] = self.workspace.title_of(*key)
            return self._titles[key]
        return show(field, value, self.workspace.catalogs)

    def trouble_at(self, row: int, column: int) -> str:
        """'error' or 'doubt' where the cell itself has a finding."""
        if column < 1 or self.state_at(row) not in ("error", "doubt"):
            return ""
        page = self._page(row // PAGE)
        if page.troubles is None:
            page.troubles = self._read_troubles([str(r["id"]) for r in page.rows])
        return page.troubles.get(str(self.row_at(row)["id"]), {}).get(self.columns[column - 1].field.name, "")

    def _read_troubles(self, ids: Sequence[str]) -> dict[str, dict[str, str]]:
        found: dict[str, dict[str, str]] = {}
        for problem in self.workspace.findings_of(self.register.name, ids):
            kept = found.setdefault(problem.row, {})
            if kept.get(problem.field) != "error":
                kept[problem.field] = "error" if problem.severity is Severity.ERROR else "doubt"
        return found

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation is Qt.Orientation.Vertical or section == 0:
            return None
        column = self.columns[section - 1]
        if role == Qt.ItemDataRole.DisplayRole:
            return column.title
        if role == Qt.ItemDataRole.ToolTipRole:
            return (column.field.help and _(column.field.help)) or column.title
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if column.numeric else Qt.AlignmentFlag.AlignLeft
            return int(side | Qt.AlignmentFlag.AlignVCenter)
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        usual = super().flags(index)
        if self._editable and index.column() > 0:
            return usual | Qt.ItemFlag.ItemIsEditable
        return usual

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Type into a cell: read by the core, then the record is saved. What cannot be read stays out, with a reason."""
        field = self.field_at(index.column())
        if field is None or role != Qt.ItemDataRole.EditRole:
            return False
        return self.put(index.row(), {field.name: value}) == []

    def put(self, row: int, texts: Mapping[str, Any]) -> list[str]:
        """Write several cells of one row. Returns the sentences of what could not be read; nothing is saved then."""
        record = dict(self.row_at(row))
        record.pop("school", None)
        sentences, values = self.read_cells(texts)
        if sentences:
            for sentence in sentences:
                self.refused.emit(sentence)
            return sentences
        if any(record.get(name) != value for name, value in values.items()):
            self.saved.emit(self.workspace.save(self.register.name, {**record, **values}).changes)
        return []

    def read_cells(self, texts: Mapping[str, Any]) -> tuple[list[str], dict[str, Value]]:
        """(sentences of what cannot be read, field → value of what can)."""
        sentences, values = [], {}
        for name, raw in texts.items():
            parsed = parse(self.register.by_name[name], raw, self.workspace.catalogs)
            if parsed.problem is None:
                values[name] = parsed.value
            else:
                sentences.append(message(parsed.problem))
        return sentences, values

    def texts_of(self, rows: Sequence[int], columns: Sequence[int]) -> str:
        """Cells as text for the clipboard: tabs between columns, a line per row."""
        fields = [f for f in map(self.field_at, columns) if f is not None]
        lines = ["\t".join(_flat(self.shown(f, self.row_at(r))) for f in fields) for r in rows]
        return "\n".join(lines)


def _flat(text: str) -> str:
    return text.replace("\t", " ").replace("\n", " ")
