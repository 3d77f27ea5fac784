"""Typing in the cells of a table that is no register: Enter writes and goes on, Shift+Enter back, an open list keeps its keys."""

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemDelegate, QStyledItemDelegate, QWidget

from ui.widgets.pickers import Picker


class CellDelegate(QStyledItemDelegate):
    """A delegate whose editors never hand Enter on to the table, which has its own use for it."""

    stepped = Signal(int)

    def eventFilter(self, editor: QObject, event: QEvent) -> bool:
        """Enter writes and steps; Esc closes an open list first."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and isinstance(editor, QWidget):
            listing = isinstance(editor, Picker) and editor.list_open()
            if listing and event.key() == Qt.Key.Key_Escape:
                return False
            control = event.modifiers() & Qt.KeyboardModifier.ControlModifier
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not control:
                if listing:
                    editor.keyPressEvent(event)
                self.commitData.emit(editor)
                self.closeEditor.emit(editor, QAbstractItemDelegate.EndEditHint.NoHint)
                self.stepped.emit(-1 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1)
                return True
        return super().eventFilter(editor, event)
