"""The table of a register: keyboard as in a spreadsheet, frame of the current row, columns sized once and remembered."""

from typing import Final

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QPersistentModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QMenu, QWidget

from eduplan_desktop.i18n import _
from eduplan_desktop.registers.model import Kind
from ui import theme
from ui.columns import MINIMUM, WIDEST, fitted, shown_columns
from ui.memory import Memory
from ui.register_table import RegisterTableModel
from ui.table_delegate import RegisterDelegate
from ui.theme import Size
from ui.widgets import paint
from ui.widgets.flat_table import PAD, FlatTable

Index = QModelIndex | QPersistentModelIndex

SPARE: Final = 160
"""Room at the right edge that a last column of numbers takes; more stays blank, so that numbers keep near their row."""
SAMPLE_ROWS: Final = 40
"""Rows looked at to size the columns at first show."""


class RegisterTableView(FlatTable):
    """Type to replace, F2 to edit inside, Enter down, Tab right, Ctrl+D as above, Ctrl+; today, copy and paste as text."""

    row_entered = Signal(str)
    """The current row changed: its id, '' for none."""
    pasted = Signal(int, int, str)
    """A block was pasted at (row, column), as the clipboard's text."""
    fill_wanted = Signal()
    """Ctrl+D: the cell takes the value above it."""
    remove_wanted = Signal()
    left_bottom = Signal()
    """Enter on the last row: a new record is wanted."""
    FIRST: int = 28
    """Width of the first column, which holds the state of the row."""

    def __init__(self, model: RegisterTableModel, memory: Memory, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._memory = memory
        self._key = f"table.{model.register.name}"
        self._widths: list[int] = []
        self._sizing = False
        self._model = model
        self.setModel(model)
        self._delegate = RegisterDelegate(self, model)
        self.setItemDelegate(self._delegate)
        triggers = QAbstractItemView.EditTrigger
        self.setEditTriggers(triggers.AnyKeyPressed | triggers.EditKeyPressed | triggers.DoubleClicked)
        self.setAccessibleName(_(model.register.label))
        header = self.horizontalHeader()
        header.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        header.customContextMenuRequested.connect(self._column_menu)
        header.sectionResized.connect(self._resized)
        header.sortIndicatorChanged.connect(self._sort)
        model.modelAboutToBeReset.connect(self._keep_place)
        model.modelReset.connect(self._come_back)
        self._kept: tuple[str, str, int, int] = ("", "", 0, 1)

    def paintEvent(self, event: QPaintEvent) -> None:
        self._delegate.begin()
        super().paintEvent(event)

    # ---- place

    def _keep_place(self) -> None:
        if self._model.waiting:
            return
        index = self.currentIndex()
        row = index.row() if index.isValid() else -1
        self._kept = (self._model.id_at(row), self._model.school_at(row), row, max(1, index.column()))

    def _come_back(self) -> None:
        """After a reset the same record stays current where it still is, else the row at its place."""
        row_id, school, row, column = self._kept
        count = self._model.rowCount()
        place = self._model.place_of(row_id, school) if row_id else -1
        if place < 0 and row_id and count:
            place = min(row, count - 1) if not self._model.query else 0
        if place >= 0:
            self.go_to(place, column)

    def go_to(self, row: int, column: int = -1) -> None:
        """Make a row current and bring it into view."""
        column = max(1, self.currentIndex().column()) if column < 0 else column
        while column < self._model.columnCount() - 1 and self.isColumnHidden(column):
            column += 1
        index = self._model.index(row, column)
        flags = QItemSelectionModel.SelectionFlag
        self.selectionModel().setCurrentIndex(index, flags.ClearAndSelect | flags.Rows)
        self.scrollTo(index)

    def current_id(self) -> str:
        """Id of the current row, '' for none."""
        index = self.currentIndex()
        return self._model.id_at(index.row()) if index.isValid() else ""

    def selected_rows(self) -> list[int]:
        """Places of the selected rows, in order."""
        return sorted({index.row() for index in self.selectionModel().selectedRows()})

    def currentChanged(self, current: Index, previous: Index) -> None:
        super().currentChanged(current, previous)
        if current.row() != previous.row() or current.isValid() != previous.isValid():
            self.viewport().update()
            self.row_entered.emit(self._model.id_at(current.row()) if current.isValid() else "")

    def step_down(self, step: int = 1) -> None:
        """To the same column of the next row; past the last one a new record is wanted."""
        index = self.currentIndex()
        row = index.row() + step
        if 0 <= row < self._model.rowCount():
            self.go_to(row, index.column())
        elif row > 0:
            self.left_bottom.emit()

    # ---- keys

    def keyPressEvent(self, event: QKeyEvent) -> None:
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        key = event.key()
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        elif event.matches(QKeySequence.StandardKey.Paste):
            self.paste()
        elif control and key == Qt.Key.Key_D:
            self.fill_wanted.emit()
        elif control and key == Qt.Key.Key_Semicolon:
            self._write_today()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not control:
            self.step_down(-1 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1)
        elif key == Qt.Key.Key_Delete and control:
            self.remove_wanted.emit()
        elif key == Qt.Key.Key_Delete and self.currentIndex().isValid():
            self._model.setData(self.currentIndex(), "")
        elif key == Qt.Key.Key_Escape:
            event.ignore()
        else:
            super().keyPressEvent(event)

    def _write_today(self) -> None:
        index = self.currentIndex()
        field = self._model.field_at(index.column()) if index.isValid() else None
        if field is not None and field.kind is Kind.DATE:
            self._model.setData(index, self._model.workspace.today())

    def shown_columns(self) -> list[int]:
        """The field columns that are seen, in the order they are seen."""
        header = self.horizontalHeader()
        visual = [header.logicalIndex(v) for v in range(header.count())]
        return [c for c in visual if c > 0 and not self.isColumnHidden(c)]

    def copy(self) -> None:
        """Selected rows as text with tabs, as a spreadsheet takes it."""
        rows = self.selected_rows()
        if rows:
            QGuiApplication.clipboard().setText(self._model.texts_of(rows, self.shown_columns()))

    def paste(self) -> None:
        """Offer the clipboard's cells from the current cell on."""
        text = QGuiApplication.clipboard().text().rstrip("\r\n")
        index = self.currentIndex()
        if text:
            self.pasted.emit(max(0, index.row()), max(1, index.column()), text)

    # ---- columns

    @property
    def sized(self) -> bool:
        """Whether the columns have their widths."""
        return bool(self._widths)

    def fit_columns(self) -> None:
        """Size the columns by header and first rows, or as they were left; then show as many as there is room for."""
        kept = self._memory.get(f"{self._key}.widths", {})
        rows = min(SAMPLE_ROWS, self._model.rowCount())
        self._sizing = True
        self._widths = []
        self.setColumnWidth(0, theme.px(self.FIRST))
        for number, column in enumerate(self._model.columns, start=1):
            width = kept.get(column.field.name)
            if not isinstance(width, int):
                words = [str(self._model.index(r, number).data() or "") for r in range(rows)]
                content = max((paint.width_of(w) for w in words), default=0)
                head = paint.width_of(column.title, Size.SMALL) + theme.px(14)
                least = theme.px(MINIMUM.get(column.field.kind, 88))
                width = min(theme.px(WIDEST), max(least, content + 4, head) + 2 * PAD)
            self._widths.append(width)
            self.setColumnWidth(number, width)
        self._sizing = False
        self._show_columns()

    def _show_columns(self) -> None:
        if not self._widths:
            return
        chosen = self._memory.get(f"{self._key}.columns", [])
        kept = self._memory.get(f"{self._key}.widths", {})
        room = self.viewport().width() - theme.px(self.FIRST)
        shown = shown_columns(self._model.columns, self._widths, room, chosen)
        widths = fitted(self._model.columns, self._widths, shown, room, kept)
        left = room - sum(w for w, seen in zip(widths, shown, strict=True) if seen)
        last = max((i for i, seen in enumerate(shown) if seen), default=0)
        if left > 0 and any(shown) and (left <= theme.px(SPARE) or not self._model.columns[last].numeric):
            widths[last] += left
        self._sizing = True
        for number, (seen, width) in enumerate(zip(shown, widths, strict=True), start=1):
            self.setColumnHidden(number, not seen)
            self.setColumnWidth(number, width)
        self._sizing = False

    def _resized(self, section: int, _old: int, new: int) -> None:
        if section > 0 and not self._sizing and new > 0 and self._widths:
            self._widths[section - 1] = new
            names = {c.field.name: w for c, w in zip(self._model.columns, self._widths, strict=True)}
            kept = self._memory.get(f"{self._key}.widths", {})
            name = self._model.columns[section - 1].field.name
            self._memory.put(f"{self._key}.widths", {**kept, name: names[name]})

    def _sort(self, section: int, order: Qt.SortOrder) -> None:
        self._model.sort(section, order)

    def _column_menu(self, where: QPoint) -> None:
        menu = QMenu(self)
        for number, column in enumerate(self._model.columns, start=1):
            act = menu.addAction(column.title)
            act.setCheckable(True)
            act.setChecked(not self.isColumnHidden(number))
            act.toggled.connect(lambda on, n=number: self.choose_column(n, shown=on))
        menu.addSeparator()
        menu.addAction(_("恢复原来的列"), self.forget_columns)
        menu.popup(self.horizontalHeader().mapToGlobal(where))

    def choose_column(self, number: int, *, shown: bool) -> None:
        """Show or hide a column for good."""
        self.setColumnHidden(number, not shown)
        seen = [c.field.name for n, c in enumerate(self._model.columns, start=1) if not self.isColumnHidden(n)]
        self._memory.put(f"{self._key}.columns", seen)

    def forget_columns(self) -> None:
        """Back to the columns and widths the program proposes."""
        self._memory.put(f"{self._key}.columns", [])
        self._memory.put(f"{self._key}.widths", {})
        self.fit_columns()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._show_columns()
