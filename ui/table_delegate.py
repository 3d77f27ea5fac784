"""How a cell of a register's table is painted and edited: state strip and shape, marked hits, trouble, elision with tooltip."""

from typing import Any, Final

from PySide6.QtCore import QAbstractItemModel, QEvent, QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QHelpEvent, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemDelegate,
    QAbstractItemView,
    QStyledItemDelegate,
    QToolTip,
    QWidget,
)

from eduplan_desktop.i18n import _
from eduplan_desktop.registers.model import Kind
from ui import theme
from ui.editors import link_source
from ui.hits import spans
from ui.rare import cover
from ui.register_table import RegisterTableModel
from ui.theme import Tone
from ui.widgets import paint, shapes
from ui.widgets.fields import DateField, LineField, NumberField
from ui.widgets.flat_table import PAD, is_selected
from ui.widgets.pickers import Option, Picker
from ui.widgets.shapes import Shape

Index = QModelIndex | QPersistentModelIndex

SHAPES: Final = {
    "error": Shape.ERROR,
    "doubt": Shape.DOUBT,
    "unsent": Shape.CHANGED,
    "draft": Shape.RING,
}
TROUBLE_INK: Final = {"error": "red", "doubt": "amber", "": "ink"}


class Kit:
    """What one pass of painting needs, looked up once instead of once per cell."""

    def __init__(self) -> None:
        self.made_for = theme.dress()
        named = ("base", "sel", "line", "selline", "ink", "accent", "red", "amber")
        self.colours = {name: theme.colour(name) for name in named}
        self.font = theme.font()
        self.metrics = QFontMetrics(self.font)
        self._widths: dict[str, int] = {}

    def width(self, words: str) -> int:
        """Width of a text; the same words stand in many rows."""
        found = self._widths.get(words)
        if found is None:
            cover(words)
            found = self._widths[words] = self.metrics.horizontalAdvance(words)
        return found


class RegisterDelegate(QStyledItemDelegate):
    """Paints and edits cells of a RegisterTableModel."""

    def __init__(self, view: QAbstractItemView, model: RegisterTableModel) -> None:
        super().__init__(view)
        self._view, self._model = view, model
        self._kit = Kit()

    def begin(self) -> None:
        """A pass of painting begins: take the palette and the size of type as they are now."""
        if theme.dress() != self._kit.made_for:
            self._kit = Kit()

    def sizeHint(self, option: Any, index: Index) -> QSize:
        return QSize(paint.width_of(str(index.data() or "")) + 2 * PAD + 2, theme.px(30))

    # ---- paint

    def paint(self, painter: QPainter, option: Any, index: Index) -> None:
        where: QRect = option.rect
        selected = is_selected(option)
        colours = self._kit.colours
        if selected:
            painter.fillRect(where, colours["sel"])
        line = colours["selline" if selected else "line"]
        painter.fillRect(where.left(), where.bottom(), where.width(), 1, line)
        row, column = index.row(), index.column()
        if column == 0:
            self._paint_state(painter, where, self._model.state_at(row))
        else:
            self._paint_cell(painter, where, row, column, selected)

    def _paint_state(self, painter: QPainter, where: QRect, state: str) -> None:
        shape = SHAPES.get(state)
        if shape is None:
            return
        tone = shapes.tone_of(shape)
        if tone is not Tone.NEUTRAL:
            painter.fillRect(QRect(where.left(), where.top(), 4, where.height()), theme.tone(tone).fill)
        shapes.paint(painter, where.adjusted(4, 0, 0, 0), shape)

    def _paint_cell(self, painter: QPainter, where: QRect, row: int, column: int, selected: bool) -> None:
        model, kit = self._model, self._kit
        words = model.text_at(row, column)
        if not words:
            return
        right = model.columns[column - 1].numeric
        if model.query and (found := spans(words, model.query)):
            self._paint_hits(painter, where.adjusted(PAD, 0, -PAD, 0), words, found, selected, right)
            return
        left, room, taken = where.left() + PAD, where.width() - 2 * PAD, kit.width(words)
        if taken > room or "\n" in words:
            words = kit.metrics.elidedText(words.replace("\n", " "), Qt.TextElideMode.ElideRight, room)
        elif right:
            left += room - taken
        trouble = TROUBLE_INK[model.trouble_at(row, column)]
        painter.setFont(kit.font)
        painter.setPen(kit.colours[trouble])
        base = where.top() + (where.height() + kit.metrics.ascent() - kit.metrics.descent()) // 2
        painter.drawText(left, base, words)

    def _paint_hits(
        self,
        painter: QPainter,
        inner: QRect,
        words: str,
        found: tuple[tuple[int, int], ...],
        selected: bool,
        right: bool,
    ) -> None:
        kit = self._kit
        words = words.replace("\n", " ")
        if kit.width(words) > inner.width():
            words = kit.metrics.elidedText(words, Qt.TextElideMode.ElideRight, inner.width())
        x = inner.right() + 1 - kit.width(words) if right else inner.left()
        base = inner.top() + (inner.height() + kit.metrics.ascent() - kit.metrics.descent()) // 2
        painter.setFont(kit.font)
        at = 0
        for start, stop in [*found, (len(words), len(words))]:
            for piece, hit in ((words[at:start], False), (words[start:stop], True)):
                if not piece:
                    continue
                width = kit.width(piece)
                if hit:
                    ground = kit.colours["base" if selected else "sel"]
                    painter.fillRect(x, inner.top() + 5, width, inner.height() - 10, ground)
                    painter.fillRect(x, inner.bottom() - 4, width, 2, kit.colours["accent"])
                painter.setPen(kit.colours["accent" if hit else "ink"])
                painter.drawText(x, base, piece)
                x += width
            at = stop

    def helpEvent(
        self,
        event: QHelpEvent,
        view: QAbstractItemView,
        option: Any,
        index: QModelIndex | QPersistentModelIndex,
    ) -> bool:
        """The whole text where it did not fit."""
        words = str(index.data() or "")
        fits = paint.width_of(words) <= option.rect.width() - 2 * PAD
        QToolTip.showText(event.globalPos(), "" if fits else words, view)
        return True

    # ---- edit

    def createEditor(self, parent: QWidget, option: Any, index: Index) -> QWidget:
        model: RegisterTableModel = index.model()  # type: ignore[assignment]
        field = model.field_at(index.column())
        assert field is not None
        made: LineField
        match field.kind:
            case Kind.CHOICE:
                made = Picker(parent)
                made.set_options([Option(e.code, e.label, e.bare) for e in model.workspace.choices(field)])
            case Kind.LINK:
                made = Picker(parent)
                made.set_source(
                    link_source(model.workspace, field.target),
                    lambda row_id: str(model.workspace.title_of(field.target, row_id)),
                )
            case Kind.YES_NO:
                made = Picker(parent)
                made.set_options([Option("是", "是"), Option("否", "否")])
            case Kind.DATE:
                made = DateField(model.workspace.today, parent)
            case Kind.WHOLE | Kind.DECIMAL | Kind.MONEY:
                made = NumberField(parent=parent)
            case _:
                made = LineField(parent=parent)
        made.setMinimumHeight(0)
        made.setMaximumHeight(16777215)
        made.setMaximumWidth(16777215)
        made.setAccessibleName(_(field.label))
        return made

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        model: RegisterTableModel = index.model()  # type: ignore[assignment]
        field = model.field_at(index.column())
        if isinstance(editor, Picker) and field is not None:
            value = model.row_at(index.row()).get(field.name)
            if field.kind is Kind.YES_NO:
                editor.set_current("" if value is None else "是" if value else "否")
            else:
                editor.set_current("" if value is None else str(value))
        elif isinstance(editor, LineField):
            editor.setText(str(index.data(Qt.ItemDataRole.EditRole)))

    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: Index) -> None:
        raw = editor.raw() if isinstance(editor, Picker) else editor.text()  # type: ignore[attr-defined]
        model.setData(index, raw)

    def updateEditorGeometry(self, editor: QWidget, option: Any, index: Index) -> None:
        editor.setGeometry(option.rect.adjusted(0, 0, 0, -1))

    def eventFilter(self, editor: QObject, event: QEvent) -> bool:
        """Enter writes and goes down, Shift+Enter up; an open list keeps its own keys."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and isinstance(editor, QWidget):
            listing = isinstance(editor, Picker) and editor.list_open()
            if listing and event.key() == Qt.Key.Key_Escape:
                return False
            if (
                event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
                and not event.modifiers() & Qt.KeyboardModifier.ControlModifier
            ):
                if listing:
                    editor.keyPressEvent(event)
                up = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
                self.commitData.emit(editor)
                self.closeEditor.emit(editor, QAbstractItemDelegate.EndEditHint.NoHint)
                self._view.step_down(-1 if up else 1)  # type: ignore[attr-defined]
                return True
        return super().eventFilter(editor, event)
