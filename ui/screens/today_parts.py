"""Parts of the today page: the list of things to do, the strip of figures, the month of daily checks."""

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QListView, QSizePolicy, QStyledItemDelegate, QWidget

from eduplan_desktop.i18n import N_, _
from ui import theme
from ui.theme import Size, Tone
from ui.widgets import paint, shapes
from ui.widgets.shapes import Shape

Index = QModelIndex | QPersistentModelIndex
TASK: Final = Qt.ItemDataRole.UserRole

STATES: Final = {
    "overdue": (Shape.OVERDUE, Tone.RED, N_("已超期")),
    "today": (Shape.DOUBT, Tone.AMBER, N_("今天")),
    "returned": (Shape.RETURNED, Tone.AMBER, N_("县局退回")),
    "soon": (Shape.DUE, Tone.ACCENT, ""),
    "later": (Shape.DUE, Tone.NEUTRAL, N_("以后")),
}
"""Urgency → shape, tone, word; '' where the word is the number of days."""


def days_left(until: str, today: str) -> int | None:
    """Days from today to a date; None where there is none."""
    try:
        return (date.fromisoformat(until) - date.fromisoformat(today)).days
    except ValueError:
        return None


def state_words(state: str, until: str, today: str) -> str:
    """The word of a task's urgency: 已超期, 今天, 5 天后 …"""
    left = days_left(until, today)
    words = STATES[state][2]
    return _("{n} 天后").format(n=left) if left is not None and left > 0 and state in ("soon", "later") else _(words)


def until_words(state: str, until: str, today: str, *, several: bool = False) -> tuple[str, str]:
    """Two short lines about the date: when, and how long that is."""
    left = days_left(until, today)
    if left is None:
        return (_("随下一包报出"), "") if state == "returned" else ("", "")
    if left < 0:
        words = _("最早 {date}") if several else _("截止 {date}")
        return words.format(date=until), _("超 {n} 天").format(n=-left)
    if left == 0:
        return until, _("今天放学前")
    return _("截止 {date}").format(date=until), _("还有 {n} 天").format(n=left)


class TaskModel(QAbstractListModel):
    """Tasks, the most urgent first."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.tasks: list[Any] = []

    def show_tasks(self, tasks: Sequence[Any]) -> None:
        """Replace the tasks."""
        self.beginResetModel()
        self.tasks = list(tasks)
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 (Qt's own signature)
        return 0 if parent.isValid() else len(self.tasks)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        task = self.tasks[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return f"{task.what} {task.detail}"
        if role == Qt.ItemDataRole.ToolTipRole:
            return task.detail
        return task if role == TASK else None


class _TaskDelegate(QStyledItemDelegate):
    def __init__(self, view: "TaskList") -> None:
        super().__init__(view)
        self._view = view

    def sizeHint(self, option: Any, index: Index) -> QSize:
        return QSize(0, self._view.row_height(last=index.row() == self._view.tasks.rowCount() - 1))

    def paint(self, painter: QPainter, option: Any, index: Index) -> None:
        task = index.data(TASK)
        where = QRect(option.rect)
        current = index.row() == self._view.currentIndex().row()
        shape, tone, _words = STATES[task.state]
        colours = theme.tone(tone)
        paint.flood(painter, where, theme.colour("sel" if current else "base"))
        if where.bottom() < self._view.viewport().height() - 1:  # else the frame of the card closes it
            paint.hline(painter, where.left(), where.right() + 1, where.bottom())
        if current:
            paint.focus_frame(painter, where)
        if task.state != "later":
            paint.flood(painter, QRect(where.left(), where.top(), 4, where.height()), QColor(colours.fill))
        side = theme.px(shapes.SIDE)
        shapes.paint(painter, QRect(where.left() + theme.px(16), where.top(), side, where.height()), shape, tone)
        state = QRect(where.left() + theme.px(36), where.top(), self._view.state_width, where.height())
        paint.text(painter, state, state_words(task.state, task.until, self._view.today), colours.text)
        button = self._view.button_place(where)
        self._paint_when(painter, where, button.left(), task)
        paint.box(painter, button, "base", "accent" if current else "edge")
        paint.text(painter, button, task.verb, "ink", align=paint.CENTRE)

    def _paint_when(self, painter: QPainter, where: QRect, right: int, task: Any) -> None:
        middle = where.center().y() + 1
        several = "," in task.params.get("ids", "")
        first, second = until_words(task.state, task.until, self._view.today, several=several)
        room = max(paint.width_of(first, Size.SMALL), paint.width_of(second, Size.SMALL)) + 4
        when = QRect(right - theme.px(12) - room, middle - theme.px(19), room, theme.px(18))
        paint.text(painter, when, first, "ink2", size=Size.SMALL, align=paint.RIGHT)
        red = "red" if task.state == "overdue" else "ink2"
        paint.text(painter, when.translated(0, theme.px(18)), second, red, size=Size.SMALL, align=paint.RIGHT)
        left = where.left() + theme.px(42) + self._view.state_width
        words = QRect(left, middle - theme.px(21), when.left() - left - theme.px(12), theme.px(20))
        paint.text(painter, words, task.what)
        small = QRect(left, middle - theme.px(1), words.width(), theme.px(20))
        paint.text(painter, small, task.detail, "ink2", size=Size.SMALL)


class TaskList(QListView):
    """Things to do. Arrows choose, Enter or a click on the verb does it."""

    wanted = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.today = ""
        self.state_width = self._verb_width = 0
        self.tasks = TaskModel(self)
        self.setModel(self.tasks)
        self.setItemDelegate(_TaskDelegate(self))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setAccessibleName(_("要办的事"))
        self.selectionModel().currentChanged.connect(self._repaint)

    def _repaint(self, *changed: Index) -> None:
        for index in changed:
            self.update(index)

    def show_tasks(self, tasks: Sequence[Any], today: str) -> None:
        """Replace the tasks; the place of the cursor stays."""
        row = max(0, self.currentIndex().row())
        self.today = today
        words = [state_words(t.state, t.until, today) for t in tasks]
        self.state_width = max([theme.px(90), *(paint.width_of(w) + theme.HALF for w in words)])
        self._verb_width = max([theme.px(104), *(paint.width_of(t.verb) + theme.px(24) for t in tasks)])
        self.tasks.show_tasks(tasks)
        if tasks:
            self.setCurrentIndex(self.tasks.index(min(row, len(tasks) - 1), 0))

    def row_height(self, *, last: bool = False) -> int:
        """Tall where there is room for all, never under 56; the last one takes the pixels that do not divide."""
        count, room = max(1, self.tasks.rowCount()), self.height() - 2 * self.frameWidth()
        height = max(theme.px(56), min(theme.px(77), room // count))
        rest = room - count * height
        return height + rest if last and 0 < rest < theme.px(16) else height

    def button_place(self, where: QRect) -> QRect:
        """Where the verb stands in a row."""
        width, height = self._verb_width, theme.px(28)
        return QRect(where.right() - width - theme.px(12), where.top() + (where.height() - height) // 2, width, height)

    def do_current(self) -> None:
        """Do the chosen task."""
        if self.currentIndex().isValid():
            self.wanted.emit(self.tasks.tasks[self.currentIndex().row()])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.do_current()
        else:
            super().keyPressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        point = event.position().toPoint()
        index = self.indexAt(point)
        if index.isValid() and self.button_place(self.visualRect(index)).contains(point):
            self.do_current()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        super().mouseDoubleClickEvent(event)
        self.do_current()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.scheduleDelayedItemsLayout()


class FigureStrip(QWidget):
    """Headline figures side by side, each with the same one a year ago."""

    def __init__(self, before: str) -> None:
        super().__init__()
        self._before = before
        self.figures: list[Any] = []
        self.setFixedHeight(theme.px(74))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_figures(self, figures: Sequence[Any]) -> None:
        """Replace the figures: label, value, unit, before."""
        self.figures = list(figures)
        self.setAccessibleName("；".join(f"{f.label} {f.value} {f.unit}" for f in self.figures))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint.box(painter, self.rect(), "base", "line")
        if not self.figures:
            return
        width = self.width() // len(self.figures)
        for i, figure in enumerate(self.figures):
            left = i * width + theme.px(12)
            if i:
                paint.vline(painter, i * width, 1, self.height() - 1)
            room = QRect(left, theme.px(8), width - theme.px(24), theme.px(18))
            paint.text(painter, room, figure.label, "ink2", size=Size.SMALL)
            value = QRect(left, theme.px(26), width - theme.px(24), theme.px(26))
            taken = paint.text(painter, value, figure.value, size=Size.TITLE, bold=True)
            unit = value.adjusted(taken + theme.px(4), 2, 0, 0)
            paint.text(painter, unit, figure.unit, "ink2")
            if figure.before:
                words = f"{self._before} {figure.before}"
                paint.text(painter, room.translated(0, theme.px(43)), words, "ink2", size=Size.SMALL)


WEEKDAYS: Final = (N_("一"), N_("二"), N_("三"), N_("四"), N_("五"), N_("六"), N_("日"))


class MonthGrid(QWidget):
    """The month of daily checks: a box per day. Arrows move, Enter or a click opens the day."""

    picked = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.days: list[Any] = []
        self.today = ""
        self._current = -1
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(_("本月日查"))
        self.setFixedHeight(theme.px(192))

    def show_days(self, days: Sequence[Any], today: str) -> None:
        """Replace the days of the month."""
        self.days, self.today = list(days), today
        self._current = next((i for i, d in enumerate(self.days) if d.date == today), 0)
        self.update()

    def _first(self) -> int:
        return date.fromisoformat(self.days[0].date).weekday() if self.days else 0

    def _place(self, position: int) -> QRect:
        cell = (self.width() - theme.px(24)) / 7
        row, column = divmod(position, 7)
        left = theme.px(12) + round(column * cell)
        return QRect(left, theme.px(26) + row * theme.px(28), round(cell) - theme.px(4), theme.px(24))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        for i, word in enumerate(WEEKDAYS):
            place = self._place(i)
            head = QRect(place.left(), 0, place.width(), theme.px(24))
            paint.text(painter, head, _(word), "ink2", size=Size.SMALL, align=paint.CENTRE)
        for i, day in enumerate(self.days):
            self._paint_day(painter, self._place(self._first() + i), day, i)

    def _paint_day(self, painter: QPainter, where: QRect, day: Any, i: int) -> None:
        number = str(int(day.date[8:]))
        here = day.date == self.today
        shape: Shape | None = None
        match day.state:
            case "done":
                fill, line, ink, shape = "green.tint", "green.line", "green", Shape.OK
            case "missed":
                fill, line, ink, shape = "red.tint", "red.line", "red", Shape.ERROR
            case "off":
                fill, line, ink = "canvas", "", "ink2"
            case _:
                fill, line, ink = "base", "line", "accent" if here else "ink2"
        paint.box(painter, where, fill, line, radius=3)
        if here:
            paint.box(painter, where, line="accent", radius=3, width=2)
        if self.hasFocus() and i == self._current:
            paint.box(painter, where.adjusted(-2, -2, 2, 2), line="accent", radius=4)
        if shape is None:
            paint.text(painter, where, number, ink, size=Size.SMALL, align=paint.CENTRE)
            return
        side, width = theme.px(shapes.SIDE), paint.width_of(number, Size.SMALL)
        left = where.left() + (where.width() - side - width - theme.px(4)) // 2
        shapes.paint(painter, QRect(left, where.top(), side, where.height()), shape)
        words = QRect(left + side + theme.px(4), where.top(), width + 4, where.height())
        paint.text(painter, words, number, ink, size=Size.SMALL)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Up: -7, Qt.Key.Key_Down: 7}
        if event.key() in steps:
            self._current = max(0, min(len(self.days) - 1, self._current + steps[Qt.Key(event.key())]))
            self.update()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.days:
            self.picked.emit(self.days[self._current].date)
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        point = event.position().toPoint()
        for i, day in enumerate(self.days):
            if self._place(self._first() + i).contains(point):
                self._current = i
                self.update()
                self.picked.emit(day.date)
                return
        super().mousePressEvent(event)

    def focusInEvent(self, event: Any) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: Any) -> None:
        super().focusOutEvent(event)
        self.update()
