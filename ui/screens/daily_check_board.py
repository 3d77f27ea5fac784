"""The items of a day in two columns with one cursor: a line answers by key or click, an abnormal one opens under itself."""

from typing import Final

from PySide6.QtCore import QEvent, QRect, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QKeySequence, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from eduplan_desktop.i18n import N_, _
from eduplan_desktop.registers.catalogs import Entry
from eduplan_desktop.registers.safety_check import ABNORMAL, NORMAL, NOT_HERE
from ui import theme
from ui.screen import Context
from ui.screens.daily_check_day import CheckDay, in_columns
from ui.screens.daily_check_item import LEFT, AbnormalEditor, is_photo_key
from ui.theme import Size, Tone
from ui.widgets import paint, shapes
from ui.widgets.shapes import Shape

ANSWERS: Final = (
    (NORMAL, N_("正常"), Shape.OK, Tone.GREEN, 56),
    (ABNORMAL, N_("异常"), Shape.ERROR, Tone.RED, 56),
    (NOT_HERE, N_("不适用"), Shape.EXEMPT, Tone.NEUTRAL, 72),
)
"""Answer → its word, shape, tone and width."""
LINE: Final = 26
TWO_COLUMNS: Final = 1100
"""Width of the window from which there are two columns."""


def widths() -> list[int]:
    """Widths of the answers in pixels: wide enough for their words, which differ by language."""
    side = theme.px(shapes.SIDE + 16)
    return [max(theme.px(width), side + paint.width_of(_(word))) for _value, word, _s, _t, width in ANSWERS]


class ItemLine(QWidget):
    """One item: category where it changes, what to look at, and the answers, each always clickable."""

    pressed = Signal(str)
    answered = Signal(str, str)

    def __init__(self, entry: Entry, category: str, day: CheckDay, board: "CheckBoard") -> None:
        super().__init__()
        self.entry, self._category, self._day, self._board = entry, category, day, board
        self.setFixedHeight(theme.px(LINE))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setToolTip(self._about())
        self.renew()

    def _about(self) -> str:
        basis = self.entry.attributes.get("basis", "")
        return f"{self.entry.label}\n{_('依据')} {basis}" if basis else self.entry.label

    def renew(self) -> None:
        """Show the answer as it is now."""
        words = next((_(w) for v, w, *_rest in ANSWERS if v == self._day.value(self.entry.code)), _("未查"))
        self.setAccessibleName(f"{self.entry.label} {words}")
        self.update()

    def _places(self) -> list[tuple[QRect, str]]:
        wide = widths()
        x, found = self.width() - sum(wide) - theme.HALF, []
        for (value, *_rest), width in zip(ANSWERS, wide, strict=True):
            found.append((QRect(x, 0, width, self.height()), value))
            x += width
        return found

    def mousePressEvent(self, event: QMouseEvent) -> None:
        value = next((v for where, v in self._places() if where.contains(event.position().toPoint())), "")
        self.pressed.emit(self.entry.code)
        if value:
            self.answered.emit(self.entry.code, value)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        current = self._board.cursor_at == self.entry.code
        chosen = self._day.value(self.entry.code)
        abnormal = chosen == ABNORMAL
        paint.fill(self, painter, "sel" if current else "canvas" if abnormal else "base")
        if self._category:
            paint.hline(painter, 0, self.width(), 0, "rule")
            where = QRect(theme.px(12), 0, theme.px(LEFT - 14), self.height())
            paint.text(painter, where, self._category, "ink2", size=Size.SMALL)
        paint.hline(painter, 0, self.width(), self.height() - 1)
        places = self._places()
        room = QRect(theme.px(LEFT), 0, places[0][0].left() - theme.px(LEFT) - theme.HALF, self.height())
        paint.text(painter, room, self.entry.label)
        for (where, value), (_v, word, shape, tone, _w) in zip(places, ANSWERS, strict=True):
            self._paint_answer(painter, where, _(word), (shape, tone) if value == chosen else None)
        if abnormal:
            painter.fillRect(QRect(0, 0, 4, self.height()), theme.colour("red.fill"))
        if current:
            paint.focus_frame(painter, self.rect(), "accent" if self._board.hasFocus() else "selline")

    def _paint_answer(self, painter: QPainter, where: QRect, word: str, mark: tuple[Shape, Tone] | None) -> None:
        inner = where.adjusted(theme.px(4), 0, 0, 0)
        side = theme.px(shapes.SIDE)
        if mark is not None:
            shape, tone = mark
            if tone is Tone.RED:
                painter.fillRect(where.adjusted(0, 1, -2, -1), theme.colour("red.tint"))
            shapes.paint(painter, QRect(inner.left(), 0, side, self.height()), shape, tone)
        inner.setLeft(inner.left() + side + theme.px(6))
        ink = theme.tone(mark[1]).text if mark is not None else "ink3"
        paint.text(painter, inner, word, ink)


class _ColumnHead(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self.setFixedHeight(theme.px(28))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint.fill(self, painter, "canvas")
        paint.hline(painter, 0, self.width(), self.height() - 1, "edge")
        for x, words in (
            (theme.px(12), _("类别")),
            (theme.px(LEFT), _("检查项目")),
            (self.width() - sum(widths()), _("结果")),
        ):
            paint.text(painter, QRect(x, 0, theme.px(120), self.height()), words, "ink2", size=Size.SMALL)


class _Frame(QWidget):
    """A column of lines in a thin frame."""

    def __init__(self) -> None:
        super().__init__()
        self.lines = QVBoxLayout(self)
        self.lines.setContentsMargins(1, 1, 1, 1)
        self.lines.setSpacing(0)
        self.lines.addWidget(_ColumnHead())
        self.lines.addStretch(1)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)

    def paintEvent(self, event: QPaintEvent) -> None:
        paint.box(QPainter(self), self.rect(), "base", "line", radius=0)


class CheckBoard(QScrollArea):
    """All lines. ↑↓ moves, ←→ changes column, Space, 2 and 3 answer; digits are the codes of the answers."""

    moved = Signal()
    changed = Signal()

    told = Signal(str)
    """Why a key did nothing."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(_("检查项目"))
        self.cursor_at = ""
        self.columns = 2
        self.read_only = False
        self._day: CheckDay | None = None
        self._lines: dict[str, ItemLine] = {}
        self._editors: dict[str, AbnormalEditor] = {}
        self._sides: list[list[str]] = [[], []]

    # ---- showing

    def show_day(self, day: CheckDay, *, read_only: bool) -> None:
        """Build the lines of a day; the cursor goes to the first without an answer."""
        self._day, self.read_only = day, read_only
        left = day.unanswered()
        if self.cursor_at not in {e.code for e in day.items} or left:
            self.cursor_at = left[0] if left else day.items[0].code if day.items else ""
        self._build()

    def _build(self) -> None:
        assert self._day is not None
        self._lines, self._editors = {}, {}
        body = QWidget()
        row = QHBoxLayout(body)
        row.setContentsMargins(theme.MARGIN, 0, theme.MARGIN, theme.MARGIN)
        row.setSpacing(theme.MARGIN)
        sides = in_columns(self._day.items) if self.columns == 2 else (self._day.items, [])
        self._sides = [[e.code for e in side] for side in sides]
        for side in sides[: self.columns]:
            frame = _Frame()
            category = ""
            for entry in side:
                said = entry.attributes.get("category", "")
                self._add(frame, entry, said if said != category else "")
                category = said
            row.addWidget(frame, 1, Qt.AlignmentFlag.AlignTop)
        self.setWidget(body)

    def _add(self, frame: _Frame, entry: Entry, category: str) -> None:
        assert self._day is not None
        line = ItemLine(entry, category, self._day, self)
        line.pressed.connect(self._press)
        line.answered.connect(self.answer)
        self._lines[entry.code] = line
        frame.lines.insertWidget(frame.lines.count() - 1, line)
        if self._day.value(entry.code) == ABNORMAL:
            self._open(entry.code)

    def _open(self, item: str) -> None:
        assert self._day is not None
        frame = self._lines[item].parentWidget()
        if item in self._editors or not isinstance(frame, _Frame):
            return
        editor = AbnormalEditor(self._context, self._day, item, read_only=self.read_only)
        editor.done.connect(self._leave)
        self._editors[item] = editor
        frame.lines.insertWidget(frame.lines.indexOf(self._lines[item]) + 1, editor)
        editor.show()

    def _close(self, item: str) -> None:
        editor = self._editors.pop(item, None)
        if editor is not None:
            editor.hide()
            editor.deleteLater()

    def editor(self, item: str) -> AbnormalEditor | None:
        """The editor open under an item."""
        return self._editors.get(item)

    def line(self, item: str) -> ItemLine:
        """The line of an item."""
        return self._lines[item]

    def renew(self) -> None:
        """Show all answers as they are now."""
        for item, line in self._lines.items():
            line.renew()
            if self._day is not None and self._day.value(item) == ABNORMAL:
                self._open(item)
                self._editors[item].photos.renew()
            else:
                self._close(item)

    # ---- answering and moving

    def answer(self, item: str, value: str) -> None:
        """Answer an item; an abnormal one opens and takes the cursor."""
        if self.read_only or self._day is None:
            return
        self._day.answer(item, value)
        self._lines[item].renew()
        if value == ABNORMAL:
            self._open(item)
            self._go_into(item)
        else:
            self._close(item)
        self.changed.emit()

    def _go_into(self, item: str) -> None:
        from PySide6.QtCore import QTimer

        editor = self._editors[item]
        editor.go_to("remark")
        QTimer.singleShot(0, editor, lambda: self.ensureWidgetVisible(editor, 0, theme.px(LINE)))

    def show_lack(self, item: str, name: str, sentence: str) -> None:
        """Bring the cursor to what keeps the round from being finished."""
        self.move_to(item)
        editor = self._editors.get(item)
        if editor is not None and name:
            editor.go_to(name, sentence)
        else:
            self.setFocus()

    def move_to(self, item: str) -> None:
        """Put the cursor on an item and bring it into view."""
        before, self.cursor_at = self.cursor_at, item
        for one in (before, item):
            if one in self._lines:
                self._lines[one].update()
        if item in self._lines:
            self.ensureWidgetVisible(self._lines[item], 0, theme.px(LINE))
        self.moved.emit()

    def _press(self, item: str) -> None:
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        self.move_to(item)

    def _leave(self) -> None:
        self.setFocus()
        self._step(1)

    def _step(self, step: int) -> None:
        order = [i for side in self._sides for i in side]
        if self.cursor_at in order:
            self.move_to(order[max(0, min(len(order) - 1, order.index(self.cursor_at) + step))])

    def _cross(self, to: int) -> None:
        side = self._sides[to]
        if not side or self.cursor_at in side:
            return
        y = self._lines[self.cursor_at].y()
        self.move_to(min(side, key=lambda i: abs(self._lines[i].y() - y)))

    def event(self, event: QEvent) -> bool:
        """Ctrl+Z takes the last answer back while there is one; then it is the window's again."""
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.matches(QKeySequence.StandardKey.Undo)
            and self._day is not None
            and self._day.can_undo
        ):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        item = self.cursor_at
        keys = {"1": NORMAL, "2": ABNORMAL, "3": NOT_HERE, " ": NORMAL}
        if event.matches(QKeySequence.StandardKey.Undo) and self._day is not None:
            self._undo()
        elif is_photo_key(event) and item:
            self._add_photo(item)
        elif event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            super().keyPressEvent(event)
        elif item and event.text() in keys:
            value = keys[event.text()]
            self.answer(item, value)
            if value != ABNORMAL and not self.read_only:
                self._step(1)
        elif event.key() == Qt.Key.Key_Delete and item:
            self.answer(item, "")
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and item in self._editors:
            self._go_into(item)
        else:
            self._move_by(event)

    def _add_photo(self, item: str) -> None:
        if item in self._editors:
            self._editors[item].photos.choose()
        elif not self.read_only:
            self.told.emit(_("照片加在异常的项目上：先按 2 记为异常，再按 F4 添加照片。"))

    def _move_by(self, event: QKeyEvent) -> None:
        match event.key():
            case Qt.Key.Key_Down:
                self._step(1)
            case Qt.Key.Key_Up:
                self._step(-1)
            case Qt.Key.Key_PageDown:
                self._step(10)
            case Qt.Key.Key_PageUp:
                self._step(-10)
            case Qt.Key.Key_Left:
                self._cross(0)
            case Qt.Key.Key_Right:
                self._cross(1)
            case _:
                super().keyPressEvent(event)

    def _undo(self) -> None:
        item = self._day.undo() if self._day is not None else ""
        if item:
            self.renew()
            self.move_to(item)
            self.changed.emit()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._renew_cursor()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._renew_cursor()

    def _renew_cursor(self) -> None:
        if self.cursor_at in self._lines:
            self._lines[self.cursor_at].update()

    def fit(self, width: int) -> None:
        """Two columns where the window is wide enough, else one."""
        columns = 2 if width >= theme.px(TWO_COLUMNS) else 1
        if columns != self.columns:
            self.columns = columns
            if self._day is not None:
                self._build()
