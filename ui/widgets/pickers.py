"""A searchable list behind a line: choices, links, filters. Typing narrows it by word, code or pinyin initials."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QGuiApplication, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QWidget

from eduplan_desktop.registers.text import fold, search_text
from ui import theme
from ui.theme import Size
from ui.widgets import paint
from ui.widgets.fields import LineField

LIMIT: Final = 200
"""Rows a list shows at most; who needs more types another letter."""
VISIBLE: Final = 9

Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class Option:
    """One choice: what is stored, what is shown, and a quiet word at the right."""

    id: str
    label: str
    hint: str = ""


Source = Callable[[str], Sequence[Option]]
"""From what was typed to the options that fit, best first, at most LIMIT."""


def fixed(options: Sequence[Option]) -> Source:
    """A source over a list in memory; its search texts are made when first searched."""
    made: list[tuple[str, Option]] = []

    def search(query: str) -> Sequence[Option]:
        if not query:
            return options[:LIMIT]
        if not made:
            made.extend((search_text((o.label, o.hint)), o) for o in options)
        wanted = fold(query)
        return [o for text, o in made if wanted in text][:LIMIT]

    return search


def later(options: Callable[[], Sequence[Option]]) -> Source:
    """A source over a list that is made when first asked for."""
    made: list[Source] = []

    def search(query: str) -> Sequence[Option]:
        if not made:
            made.append(fixed(options()))
        return made[0](query)

    return search


class _OptionModel(QAbstractListModel):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.options: Sequence[Option] = ()

    def show_options(self, options: Sequence[Option]) -> None:
        self.beginResetModel()
        self.options = options
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 (Qt's own signature)
        return 0 if parent.isValid() else len(self.options)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        option = self.options[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return option.label
        return option.hint if role == Qt.ItemDataRole.UserRole else None


class _OptionDelegate(QStyledItemDelegate):
    def sizeHint(self, option: Any, index: Index) -> QSize:
        return QSize(0, theme.px(28))

    def paint(self, painter: QPainter, option: Any, index: Index) -> None:
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.fillRect(option.rect, theme.colour("sel" if chosen else "base"))
        inner = option.rect.adjusted(theme.px(8), 0, -theme.px(8), 0)
        hint = str(index.data(Qt.ItemDataRole.UserRole) or "")
        if hint:
            width = min(paint.width_of(hint, Size.SMALL) + 2, inner.width() // 2)
            where = QRect(inner.right() - width, inner.top(), width + 1, inner.height())
            paint.text(painter, where, hint, "ink2", size=Size.SMALL, align=paint.RIGHT)
            inner.setRight(where.left() - theme.GRID)
        paint.text(painter, inner, str(index.data()), "ink")


class _Popup(QListView):
    """The list under the field; it never takes the focus away from it."""

    def __init__(self, field: QWidget) -> None:
        super().__init__(field)
        flags = Qt.WindowType.ToolTip | Qt.WindowType.FramelessWindowHint | Qt.WindowType.WindowDoesNotAcceptFocus
        self.setWindowFlags(flags)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.options = _OptionModel(self)
        self.setModel(self.options)
        self.setItemDelegate(_OptionDelegate(self))
        self.setViewportMargins(1, 1, 1, 1)

    def place_under(self, field: QWidget) -> None:
        rows = max(1, min(VISIBLE, self.options.rowCount()))
        height = rows * theme.px(28) + 4
        corner = field.mapToGlobal(QPoint(0, field.height() + 1))
        screen = field.screen() or QGuiApplication.primaryScreen()
        if corner.y() + height > screen.availableGeometry().bottom():
            corner = field.mapToGlobal(QPoint(0, -height - 1))
        self.setGeometry(QRect(corner, QSize(max(field.width(), theme.px(200)), height)))
        self.show()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        paint.box(QPainter(self.viewport()), self.viewport().rect(), line="edge", radius=0)


class Picker(LineField):
    """A field with a list. `current()` is the id of the option chosen; free text stays and is for the core to judge."""

    edited = Signal()
    picked = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self._source: Source = fixed(())
        self._label_of: Callable[[str], str] = lambda id_: id_
        self._current = ""
        self._popup: _Popup | None = None
        self._find: Callable[[], Source] | None = None
        self.setTextMargins(theme.px(6), 0, theme.px(26), 0)
        self.textEdited.connect(self._typed)

    def set_options(self, options: Sequence[Option]) -> None:
        """Offer a list."""
        labels = {o.id: o.label for o in options}
        self.set_source(fixed(options), lambda id_: labels.get(id_, id_))

    def set_source(self, source: Source, label_of: Callable[[str], str]) -> None:
        """Offer what `source` finds; `label_of` gives the words of an id."""
        self._source, self._label_of = source, label_of

    def set_lazy(self, options: Callable[[], Sequence[Option]]) -> None:
        """Offer a list that is asked for anew each time the cursor comes into the field."""
        self.set_finder(lambda: fixed(options()))

    def set_finder(self, find: Callable[[], Source]) -> None:
        """The same with a source of its own, as for lists too long to be read at once."""
        self._find = find

    def label_by(self, label_of: Callable[[str], str]) -> None:
        """How an id is written when its option is not in the list."""
        self._label_of = label_of

    def focusInEvent(self, event: QFocusEvent) -> None:
        if self._find is not None and event.reason() is not Qt.FocusReason.PopupFocusReason:
            self._source = self._find()
        super().focusInEvent(event)

    def current(self) -> str:
        """The id chosen, '' when the text is free or blank."""
        return self._current

    def set_current(self, id_: str) -> None:
        """Show an option without saying so."""
        self._current = id_
        self.setText(self._label_of(id_) if id_ else "")
        self.setCursorPosition(0)

    def raw(self) -> str:
        """What the core should read: the id of the option, else the text as typed."""
        return self._current or self.text()

    def popup(self) -> _Popup:
        """The list, made when first needed."""
        if self._popup is None:
            self._popup = _Popup(self)
            self._popup.clicked.connect(lambda index: self._take(index.row()))
        return self._popup

    def open_list(self, query: str = "") -> None:
        """Show the options that fit."""
        if self.isReadOnly():
            return
        popup = self.popup()
        popup.options.show_options(self._source(query))
        if not popup.options.options:
            popup.hide()
            return
        rows = [i for i, o in enumerate(popup.options.options) if o.id == self._current]
        popup.setCurrentIndex(popup.options.index(rows[0] if rows else 0, 0))
        popup.place_under(self)

    def close_list(self) -> None:
        """Hide the options."""
        if self._popup is not None:
            self._popup.hide()

    def list_open(self) -> bool:
        """Whether the options are seen."""
        return self._popup is not None and self._popup.isVisible()

    def _typed(self, text: str) -> None:
        self._current = ""
        self.edited.emit()
        self.open_list(text)

    def _take(self, row: int) -> None:
        option = self.popup().options.options[row]
        self.close_list()
        changed = option.id != self._current
        self.set_current(option.id)
        if changed:
            self.edited.emit()
        self.picked.emit(option.id)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        alt = bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)
        key = event.key()
        if key == Qt.Key.Key_F4 or (alt and key == Qt.Key.Key_Down):
            self.close_list() if self.list_open() else self.open_list()
        elif self.list_open() and key in (Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_PageDown, Qt.Key.Key_PageUp):
            self.popup().keyPressEvent(event)
        elif self.list_open() and key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._take(self.popup().currentIndex().row())
            event.ignore()
        elif self.list_open() and key == Qt.Key.Key_Escape:
            self.close_list()
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        self.close_list() if self.list_open() else self.open_list()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        if self.list_open() and self.text() and not self._current:
            self._take_only()
        self.close_list()
        super().focusOutEvent(event)

    def _take_only(self) -> None:
        """Leaving with text that fits exactly one option means that option."""
        options = self.popup().options.options
        if len(options) == 1 or (options and fold(options[0].label) == fold(self.text())):
            self._take(0)

    def hideEvent(self, event: object) -> None:
        self.close_list()
        super().hideEvent(event)  # type: ignore[arg-type]

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        side = theme.px(20)
        where = QRect(self.width() - side - theme.px(4), 0, side, self.height())
        paint.arrow(QPainter(self), where, "ink2" if not self.isReadOnly() else "ink3")


class FilterPicker(Picker):
    """A filter over one field: 'all' first, picked by click or keys."""

    def __init__(self, everything: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._everything = everything
        self.setPlaceholderText(everything)
        self.setAccessibleName(everything)
        self.setFixedWidth(min(theme.px(152), paint.width_of(everything) + theme.px(40)))

    def set_everything(self, options: Callable[[], Sequence[Option]]) -> None:
        """Offer 'all' and what `options` gives when the list is opened."""
        self.set_lazy(lambda: [Option("", self._everything), *options()])

    def _take_only(self) -> None:
        """A filter that was only half typed stays what it was."""
        self.set_current(self.current())
