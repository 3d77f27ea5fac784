"""How a cell of a register's table is painted and edited: state strip and shape, marked hits, trouble, elision with tooltip."""

from typing import Any, Final

from PySide6.QtCore import QAbstractItemModel, QEvent, QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QHelpEvent, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemDelegate,
    QAbstractItemView,
    QStyle,
    QStyledItemDelegate,
    QToolTip,
    QWidget,
)

from eduplan_desktop.registers.model import Kind
from ui import theme
from ui.hits import spans
from ui.register_table import STATE, TROUBLE, RegisterTableModel
from ui.theme import Tone
from ui.widgets import paint, shapes
from ui.widgets.fields import DateField, LineField, NumberField
from ui.widgets.pickers import Option, Picker
from ui.widgets.shapes import Shape

Index = QModelIndex | QPersistentModelIndex

SHAPES: Final = {
    "error": Shape.ERROR,
    "doubt": Shape.DOUBT,
    "unsent": Shape.CHANGED,
    "draft": Shape.RING,
}
PAD: Final = 8


class RegisterDelegate(QStyledItemDelegate):
    """Paints and edits cells of a RegisterTableModel."""

    def __init__(self, view: QAbstractItemView) -> None:
        super().__init__(view)
        self._view = view

    def sizeHint(self, option: Any, index: Index) -> QSize:
        return QSize(paint.width_of(str(index.data() or "")) + 2 * PAD + 2, theme.px(30))

    # ---- paint

    def paint(self, painter: QPainter, option: Any, index: Index) -> None:
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.fillRect(option.rect, theme.colour("sel" if selected else "base"))
        line = "selline" if selected else "line"
        paint.hline(painter, option.rect.left(), option.rect.right() + 1, option.rect.bottom(), line)
        if index.column() == 0:
            self._paint_state(painter, option.rect, str(index.data(STATE) or ""))
        else:
            self._paint_cell(painter, option.rect, index, selected)

    def _paint_state(self, painter: QPainter, where: QRect, state: str) -> None:
        shape = SHAPES.get(state)
        if shape is None:
            return
        tone = shapes.tone_of(shape)
        if tone is not Tone.NEUTRAL:
            painter.fillRect(QRect(where.left(), where.top(), 4, where.height()), theme.tone(tone).fill)
        shapes.paint(painter, where.adjusted(4, 0, 0, 0), shape)

    def _paint_cell(self, painter: QPainter, where: QRect, index: Index, selected: bool) -> None:
        words = str(index.data() or "")
        if not words:
            return
        inner = where.adjusted(PAD, 0, -PAD, 0)
        trouble = str(index.data(TROUBLE) or "")
        role = {"error": "red", "doubt": "amber"}.get(trouble, "ink")
        model: Any = index.model()
        found = spans(words, model.query) if model.query else ()
        right = bool(int(index.data(Qt.ItemDataRole.TextAlignmentRole)) & int(Qt.AlignmentFlag.AlignRight))
        if found:
            self._paint_hits(painter, inner, words, found, selected, right)
        else:
            paint.text(painter, inner, words.replace("\n", " "), role, align=paint.RIGHT if right else paint.LEFT)

    def _paint_hits(
        self,
        painter: QPainter,
        inner: QRect,
        words: str,
        found: tuple[tuple[int, int], ...],
        selected: bool,
        right: bool,
    ) -> None:
        metrics = QFontMetrics(theme.font())
        words = metrics.elidedText(words.replace("\n", " "), Qt.TextElideMode.ElideRight, inner.width())
        x = inner.right() + 1 - metrics.horizontalAdvance(words) if right else inner.left()
        at = 0
        for start, stop in [*found, (len(words), len(words))]:
            for piece, hit in ((words[at:start], False), (words[start:stop], True)):
                width = metrics.horizontalAdvance(piece)
                where = QRect(x, inner.top(), width, inner.height())
                if hit and piece:
                    painter.fillRect(where.adjusted(0, 5, 0, -5), theme.colour("base" if selected else "sel"))
                    painter.fillRect(QRect(x, inner.bottom() - 4, width, 2), theme.colour("accent"))
                if piece:
                    wide = where.adjusted(0, 0, 2, 0)
                    paint.text(painter, wide, piece, "accent" if hit else "ink", elide=Qt.TextElideMode.ElideNone)
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
                made.set_options([Option(i, words) for i, words in model.workspace.link_choices(field.target)])
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
        made.setAccessibleName(field.label)
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
