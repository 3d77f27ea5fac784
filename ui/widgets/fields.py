"""Fields to type in: line, number, search, date, long text, yes/no. All paint one border: focus is thickness, error is colour."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QDate, QEvent, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
)
from PySide6.QtWidgets import QCalendarWidget, QLineEdit, QPlainTextEdit, QSizePolicy, QWidget

from eduplan_desktop.i18n import _
from ui import icons, theme
from ui.rare import cover
from ui.widgets import paint

HEIGHT = 28


def _border(widget: QWidget, state: str) -> None:
    """Draw the border of a field over what Qt painted."""
    focused = widget.hasFocus()
    line = {"error": "red", "doubt": "amber.fill"}.get(state, "accent" if focused else "edge")
    if not widget.isEnabled():
        line = "line"
    paint.box(QPainter(widget), widget.rect(), line=line, radius=3, width=2 if focused else 1)


class LineField(QLineEdit):
    """One line. `set_state('error'|'doubt'|'')` colours the border; a computed field is read-only and grey."""

    left = Signal()
    """The focus went to another field (not to another window)."""
    entered = Signal()
    """The focus came here."""

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        cover(text)
        self.state = ""
        self.textChanged.connect(cover)
        self.setFrame(False)
        self.setFixedHeight(theme.px(HEIGHT))
        self.setTextMargins(theme.px(6), 0, theme.px(6), 0)

    def set_state(self, state: str) -> None:
        """Show that the value has a problem."""
        if state != self.state:
            self.state = state
            self.update()

    def set_computed(self, computed: bool) -> None:
        """Grey and not for typing."""
        self.set_locked(computed)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus if computed else Qt.FocusPolicy.StrongFocus)

    def set_locked(self, locked: bool) -> None:
        """Grey and not for typing; the keyboard still comes here, to read and to copy."""
        self.setReadOnly(locked)
        self.update()

    def event(self, event: QEvent) -> bool:
        """Leave Ctrl+Z and Ctrl+Y to the page when there is no typing to undo here."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            undo, redo = event.matches(QKeySequence.StandardKey.Undo), event.matches(QKeySequence.StandardKey.Redo)
            if (undo and not self.isUndoAvailable()) or (redo and not self.isRedoAvailable()):
                event.ignore()
                return False
        return super().event(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason):
            self.selectAll()
        if event.reason() not in (Qt.FocusReason.ActiveWindowFocusReason, Qt.FocusReason.PopupFocusReason):
            self.entered.emit()
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()
        if event.reason() not in (Qt.FocusReason.ActiveWindowFocusReason, Qt.FocusReason.PopupFocusReason):
            self.left.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.isReadOnly():  # under an application style sheet a frameless field ignores its palette
            painter = QPainter(self)
            modes = QPainter.CompositionMode
            painter.setCompositionMode(
                modes.CompositionMode_Lighten if theme.is_dark() else modes.CompositionMode_Darken
            )
            painter.fillRect(self.rect(), theme.colour("inset"))
            painter.end()
        _border(self, self.state)


class NumberField(LineField):
    """A number, typed as text and parsed by the core: right-aligned, can be blank."""

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.setMaximumWidth(theme.px(144))


class SearchField(LineField):
    """Search as you type; Esc clears. The magnifier stands in it, the key behind its placeholder."""

    def __init__(self, placeholder: str, key: str = "", parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self.key = key
        self.setPlaceholderText(placeholder)
        self.setAccessibleName(placeholder)
        self.setTextMargins(theme.px(28), 0, theme.px(6), 0)
        self.setMinimumWidth(theme.px(160))
        if key:
            self.setToolTip(paint.key_words(key))
            self.bind(key)

    def bind(self, key: str) -> None:
        """Let `key` bring the cursor here while the field is seen."""
        from PySide6.QtGui import QShortcut

        QShortcut(QKeySequence(key), self).activated.connect(self._come)

    def _come(self) -> None:
        self.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.selectAll()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
            return
        super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        side = theme.px(16)
        painter = QPainter(self)
        icons.paint(painter, QRect(theme.px(8), (self.height() - side) // 2, side, side), "search", "ink2")
        if self.key and not self.text() and not self.hasFocus():
            room = self.width() - theme.px(40) - paint.width_of(self.placeholderText())
            if room > paint.key_cap_size(self.key).width():
                where = self.rect().adjusted(0, 0, -theme.px(8), 0)
                paint.text(painter, where, paint.key_words(self.key), "ink3", size=theme.Size.SMALL, align=paint.RIGHT)


class DateField(LineField):
    """A date as `2026`, `2026-03` or `2026-03-05`; Ctrl+; writes today, the calendar opens by mouse or Alt+Down."""

    written = Signal()
    """A key or the calendar wrote a date."""

    def __init__(self, today: Callable[[], str], parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self._today = today
        self._calendar: QCalendarWidget | None = None
        self.setTextMargins(theme.px(6), 0, theme.px(28), 0)
        self.setMaximumWidth(theme.px(220))
        self.setToolTip(_("年、年-月或年-月-日；Ctrl+; 填今天，Alt+↓ 打开日历"))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        alt_down = event.key() == Qt.Key.Key_Down and bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)
        if self.isReadOnly():
            super().keyPressEvent(event)
        elif control and event.key() == Qt.Key.Key_Semicolon:
            self._write(self._today())
        elif alt_down or event.key() == Qt.Key.Key_F4:
            self.open_calendar()
        else:
            super().keyPressEvent(event)

    def _write(self, day: str) -> None:
        self.selectAll()
        self.insert(day)
        self.written.emit()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.position().x() > self.width() - theme.px(26) and not self.isReadOnly():
            self.open_calendar()
            return
        super().mousePressEvent(event)

    def open_calendar(self) -> None:
        """Show a month to click in."""
        if self._calendar is None:
            self._calendar = QCalendarWidget(self)
            self._calendar.setWindowFlags(Qt.WindowType.Popup)
            self._calendar.setVerticalHeaderFormat(QCalendarWidget.VerticalHeaderFormat.NoVerticalHeader)
            self._calendar.activated.connect(self._picked)
            self._calendar.clicked.connect(self._picked)
        day = QDate.fromString(self.text(), Qt.DateFormat.ISODate)
        self._calendar.setSelectedDate(day if day.isValid() else QDate.fromString(self._today(), Qt.DateFormat.ISODate))
        self._calendar.move(self.mapToGlobal(QPoint(0, self.height())))
        self._calendar.show()

    def _picked(self, day: QDate) -> None:
        if self._calendar is not None:
            self._calendar.hide()
        self._write(day.toString(Qt.DateFormat.ISODate))
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        side = theme.px(16)
        where = QRect(self.width() - side - theme.px(8), (self.height() - side) // 2, side, side)
        icons.paint(QPainter(self), where, "calendar", "ink2" if self.isEnabled() else "ink3")


class TextArea(QPlainTextEdit):
    """Several lines. Tab leaves it; Ctrl+Enter belongs to the page."""

    left = Signal()

    def __init__(self, lines: int = 3, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.state = ""
        self.setTabChangesFocus(True)
        self.setFrameShape(QPlainTextEdit.Shape.NoFrame)
        self.setFixedHeight(self.fontMetrics().lineSpacing() * lines + theme.px(12))
        self.document().setDocumentMargin(theme.px(5))

    def set_state(self, state: str) -> None:
        """Show that the value has a problem."""
        if state != self.state:
            self.state = state
            self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.viewport().update()
        if event.reason() not in (Qt.FocusReason.ActiveWindowFocusReason, Qt.FocusReason.PopupFocusReason):
            self.left.emit()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.viewport().update()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        focused = self.hasFocus()
        line = {"error": "red", "doubt": "amber.fill"}.get(self.state, "accent" if focused else "edge")
        line = line if self.isEnabled() else "line"
        paint.box(QPainter(self.viewport()), self.viewport().rect(), line=line, radius=3, width=2 if focused else 1)


class Segments(QWidget):
    """A few words side by side, one of them chosen or none: yes/no and short lists. ←/→ moves, Delete clears."""

    edited = Signal()
    left = Signal()

    def __init__(self, words: tuple[str, ...], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words, self._chosen, self.state = words, -1, ""
        self._read_only = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def _widths(self) -> list[int]:
        return [paint.width_of(w) + theme.px(24) for w in self._words]

    def sizeHint(self) -> QSize:
        return QSize(sum(self._widths()) + 2, theme.px(HEIGHT))

    def text(self) -> str:
        """The word chosen, '' for none."""
        return self._words[self._chosen] if self._chosen >= 0 else ""

    def set_text(self, word: str) -> None:
        """Choose a word without saying so."""
        self._chosen = self._words.index(word) if word in self._words else -1
        self.setAccessibleDescription(self.text())
        self.update()

    def set_state(self, state: str) -> None:
        """Show that the value has a problem."""
        self.state = state
        self.update()

    def set_read_only(self, read_only: bool) -> None:
        """Not for choosing."""
        self._read_only = read_only

    def _choose(self, index: int) -> None:
        if not self._read_only:
            self.set_text(self._words[index] if 0 <= index < len(self._words) else "")
            self.edited.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, typed = event.key(), event.text()
        starts = [i for i, w in enumerate(self._words) if typed and w.startswith(typed)]
        match key:
            case Qt.Key.Key_Left | Qt.Key.Key_Right:
                step = 1 if key == Qt.Key.Key_Right else -1
                self._choose(max(0, min(len(self._words) - 1, self._chosen + step)))
            case Qt.Key.Key_Delete | Qt.Key.Key_Backspace:
                self._choose(-1)
            case Qt.Key.Key_Space:
                self._choose((self._chosen + 1) % len(self._words))
            case _ if typed.isdigit() and 1 <= int(typed) <= len(self._words):
                self._choose(int(typed) - 1)
            case _ if starts:
                self._choose(starts[0])
            case _:
                super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        x = 0
        for i, width in enumerate(self._widths()):
            if x <= event.position().x() < x + width:
                self._choose(-1 if i == self._chosen else i)
            x += width

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()
        self.left.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter: Any = QPainter(self)
        paint.box(painter, self.rect(), "base", radius=3)
        x = 0
        for i, (word, width) in enumerate(zip(self._words, self._widths(), strict=True)):
            where = QRect(x, 0, width + (2 if i == len(self._words) - 1 else 0), self.height())
            if i == self._chosen:
                paint.box(painter, where, "sel", radius=3)
            elif i:
                paint.vline(painter, x, 4, self.height() - 4)
            paint.text(painter, where, word, "accent" if i == self._chosen else "ink2", align=paint.CENTRE)
            x += width
        painter.end()
        _border(self, self.state)
