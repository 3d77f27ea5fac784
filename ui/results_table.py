"""The generic editor of a RESULTS field: one line per catalogue item, with value, unit, range as printed on the report, remark."""

from dataclasses import replace
from typing import Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QVBoxLayout, QWidget

from eduplan_desktop.i18n import N_, _
from eduplan_desktop.registers.model import Field
from eduplan_desktop.registers.refusal import BadValue
from eduplan_desktop.registers.results import ANSWER_TABLES, Result, dump, load
from ui import theme
from ui.widgets import paint
from ui.widgets.flat_table import FlatTable

Index = QModelIndex | QPersistentModelIndex

PARTS: Final = (
    ("value", N_("结果"), 96),
    ("unit", N_("单位"), 72),
    ("low", N_("下限"), 56),
    ("high", N_("上限"), 56),
    ("remark", N_("备注"), 120),
)


class ResultsModel(QAbstractTableModel):
    """Items of the catalogue in its order, then stored items it no longer offers."""

    changed = Signal()

    def __init__(self, field: Field, workspace: Any) -> None:
        super().__init__()
        self._table = workspace.catalogs.table(field.choices)
        answers = ANSWER_TABLES.get(field.choices or "")
        self.answers = {e.code: e.label for e in workspace.catalogs.table(answers).live} if answers else {}
        self._results: dict[str, Result] = {}
        self._items: list[str] = [e.code for e in self._table.live]
        self.editable = True

    def show_results(self, results: dict[str, Result]) -> None:
        """Replace all results."""
        self.beginResetModel()
        self._results = dict(results)
        offered = [e.code for e in self._table.live]
        self._items = offered + [item for item in results if item not in set(offered)]
        self.endResetModel()

    def results(self) -> dict[str, Result]:
        """Results as typed; items without anything said are left out when stored."""
        return self._results

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 (Qt's own signature)
        return 0 if parent.isValid() else len(self._items)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 (Qt's own signature)
        return 0 if parent.isValid() else len(PARTS) + 1

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole) or not index.isValid():
            return None
        item = self._items[index.row()]
        if index.column() == 0:
            entry = self._table.by_code.get(item)
            return entry.label if entry else item
        part = PARTS[index.column() - 1][0]
        said: str = getattr(self._results.get(item, Result()), part)
        return self.answers.get(said, said) if part == "value" else said

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation is Qt.Orientation.Vertical or role != Qt.ItemDataRole.DisplayRole:
            return None
        return _("项目") if section == 0 else _(PARTS[section - 1][1])

    def flags(self, index: Index) -> Qt.ItemFlag:
        usual = super().flags(index)
        return usual | Qt.ItemFlag.ItemIsEditable if self.editable and index.column() > 0 else usual

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        if role != Qt.ItemDataRole.EditRole or index.column() == 0:
            return False
        item = self._items[index.row()]
        before = self._results.get(item, Result())
        part, said = PARTS[index.column() - 1][0], str(value).strip()
        if part == "value":
            said = next((code for code, label in self.answers.items() if label == said), said)
        after = replace(before, **{part: said})
        if after != before:
            self._results[item] = after
            self.dataChanged.emit(index, index)
            self.changed.emit()
        return True


class ResultsTable(QWidget):
    """The table as a form field."""

    edited = Signal()
    left = Signal()

    def __init__(self, field: Field, workspace: Any) -> None:
        super().__init__()
        self.state = ""
        self.model = ResultsModel(field, workspace)
        self.model.changed.connect(self.edited)
        self.table = _Table(self, dense=True)
        self.table.setModel(self.model)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectItems)
        triggers = QAbstractItemView.EditTrigger
        self.table.setEditTriggers(triggers.AnyKeyPressed | triggers.EditKeyPressed | triggers.DoubleClicked)
        self.table.setTabKeyNavigation(False)
        self.table.setColumnWidth(0, theme.px(168))
        for i, (_part, _words, width) in enumerate(PARTS, start=1):
            self.table.setColumnWidth(i, theme.px(width))
        if self.model.answers:  # words have neither unit nor range
            for i in (2, 3, 4):
                self.table.setColumnHidden(i, True)
            self.table.horizontalHeader().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
            self.table.setColumnWidth(1, theme.px(72))
            self.table.setColumnWidth(5, theme.px(64))
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 1, 1, 1)
        column.addWidget(self.table)
        self.setFixedHeight(theme.px(260))
        self.setFocusProxy(self.table)

    def stored(self) -> str | None:
        """The results as stored, canonical; what cannot be read comes back as typed and is refused by the core."""
        return dump(self.model.results())

    def show_stored(self, stored: str | None) -> None:
        """Show stored results; unreadable ones show as none and stay untouched until something is typed."""
        try:
            self.model.show_results(load(stored))
        except BadValue:
            self.model.show_results({})

    def set_state(self, state: str) -> None:
        """Show that the value has a problem."""
        self.state = state
        self.update()

    def set_read_only(self, read_only: bool) -> None:
        """Not for typing."""
        self.model.editable = not read_only

    def paintEvent(self, event: object) -> None:
        from PySide6.QtGui import QPainter

        line = {"error": "red", "doubt": "amber.fill"}.get(self.state, "edge")
        paint.box(QPainter(self), self.rect(), "base", line, radius=3)


class _Table(FlatTable):
    def __init__(self, owner: ResultsTable, *, dense: bool) -> None:
        super().__init__(owner, dense=dense)
        self._owner = owner

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._owner.left.emit()
