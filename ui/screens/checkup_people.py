"""The people of a check-up year: who was examined, who is due, who was not; several can be chosen for one act."""

from collections.abc import Sequence
from typing import Any, Final

from PySide6.QtCore import (
    QAbstractListModel,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QWidget

from eduplan_desktop.i18n import _
from eduplan_desktop.registers.checkup import DONE, DUE, NOT_DONE
from eduplan_desktop.registers.text import fold, search_text
from ui import theme
from ui.theme import Size, Tone
from ui.widgets import paint, shapes
from ui.widgets.shapes import Shape

Index = QModelIndex | QPersistentModelIndex
PERSON: Final = Qt.ItemDataRole.UserRole
SHAPES: Final = {
    DONE: (Shape.OK, None),
    DUE: (Shape.RING, Tone.NEUTRAL),
    NOT_DONE: (Shape.EXEMPT, Tone.NEUTRAL),
    "": (Shape.CHANGED, Tone.NEUTRAL),
}


class PeopleModel(QAbstractListModel):
    """People that fit the search."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.people: list[Any] = []
        self._all: list[tuple[str, Any]] = []
        self.words: dict[str, str] = {}

    def show_people(self, people: Sequence[Any], words: dict[str, str], query: str) -> None:
        """Replace everybody; `words` says a state."""
        self.beginResetModel()
        self.words = words
        self._all = [(search_text((p.name,)), p) for p in people]
        self.people = [p for text, p in self._all if fold(query) in text]
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 (Qt's own signature)
        return 0 if parent.isValid() else len(self.people)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        one = self.people[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return one.name
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{one.name} {self.state_words(one)}"
        if role == Qt.ItemDataRole.ToolTipRole:
            return f"{one.name}\n{self.state_words(one)}"
        return one if role == PERSON else None

    def state_words(self, one: Any) -> str:
        """State and consent of a person in words."""
        state = self.words.get(one.state, _("未列入"))
        return state if one.consent else f"{state}，{_('未同意')}"


class _PersonDelegate(QStyledItemDelegate):
    def sizeHint(self, option: Any, index: Index) -> QSize:
        return QSize(0, theme.px(30))

    def paint(self, painter: QPainter, option: Any, index: Index) -> None:
        one: Any = index.data(PERSON)
        view: Any = self.parent()
        where = QRect(option.rect)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.fillRect(where, theme.colour("sel" if chosen else "base"))
        paint.hline(painter, where.left(), where.right() + 1, where.bottom())
        side = theme.px(shapes.SIDE)
        shape, tone = SHAPES.get(one.state, SHAPES[""])
        shapes.paint(painter, QRect(where.left() + theme.px(12), where.top(), side, where.height()), shape, tone)
        name = where.adjusted(theme.px(34), 0, -theme.px(8), 0)
        if not one.consent:
            words = _("未同意")
            paint.text(painter, name, words, "amber", size=Size.SMALL, align=paint.RIGHT)
            name.setRight(name.right() - paint.width_of(words, Size.SMALL) - theme.GRID)
        paint.text(painter, name, one.name, elide=Qt.TextElideMode.ElideMiddle)
        if index.row() == view.currentIndex().row():
            paint.focus_frame(painter, where, "accent" if view.hasFocus() else "selline")


class PeopleList(QListView):
    """Arrows move and show, Space and Ctrl or Shift with a click choose several, Enter goes to the results."""

    moved = Signal()
    opened = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._quiet = False
        self.people = PeopleModel(self)
        self.setModel(self.people)
        self.setItemDelegate(_PersonDelegate(self))
        self.setUniformItemSizes(True)
        self.setSelectionMode(QListView.SelectionMode.ExtendedSelection)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(_("人员"))
        self.doubleClicked.connect(lambda _i: self.opened.emit())

    def show_people(self, people: Sequence[Any], words: dict[str, str], query: str) -> None:
        """Replace the list; the same person stays current, and those chosen stay chosen."""
        kept, chosen = self.current(), {p.person for p in self.chosen()}
        self._quiet = True
        self.people.show_people(people, words, query)
        found = [p.person for p in self.people.people]
        at = found.index(kept.person) if kept is not None and kept.person in found else 0 if found else -1
        if at >= 0:
            flags = QItemSelectionModel.SelectionFlag
            self.selectionModel().setCurrentIndex(self.people.index(at, 0), flags.ClearAndSelect)
            for row, person in enumerate(found):
                if person in chosen:
                    self.selectionModel().select(self.people.index(row, 0), flags.Select)
        self._quiet = False

    def current(self) -> Any:
        """The person under the cursor, None for nobody."""
        row = self.currentIndex().row()
        return self.people.people[row] if 0 <= row < len(self.people.people) else None

    def chosen(self) -> list[Any]:
        """The persons chosen, in order."""
        rows = sorted(i.row() for i in self.selectionModel().selectedIndexes())
        return [self.people.people[r] for r in rows if r < len(self.people.people)]

    def step(self, step: int) -> bool:
        """To the next person; False past the end."""
        row = self.currentIndex().row() + step
        if not 0 <= row < len(self.people.people):
            return False
        self.setCurrentIndex(self.people.index(row, 0))
        return True

    def go_to(self, row_id: str) -> bool:
        """To the person with this check-up."""
        at = next((i for i, p in enumerate(self.people.people) if row_id and p.row == row_id), -1)
        if at >= 0:
            self.setCurrentIndex(self.people.index(at, 0))
        return at >= 0

    def currentChanged(self, current: Index, previous: Index) -> None:
        super().currentChanged(current, previous)
        self.viewport().update()
        if not self._quiet and current.isValid():
            self.moved.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
            self.opened.emit()
            return
        super().keyPressEvent(event)
