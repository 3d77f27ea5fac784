"""Hazards as cards: what a card says, a list of them, and the delegate that paints them. Lists share one cursor by signals."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import QListView, QStyledItemDelegate, QWidget

from eduplan_desktop.i18n import _
from eduplan_desktop.registers import dates
from eduplan_desktop.registers.catalogs import Catalogs
from eduplan_desktop.registers.hazard import (
    CLOSED,
    IN_WORK,
    MAJOR,
    PASSED,
    SERIOUS,
    TO_ASSIGN,
    TO_RECHECK,
    UNFIXABLE,
    overdue_days,
)
from eduplan_desktop.registers.model import Row
from ui import theme
from ui.theme import Size, Tone
from ui.widgets import paint, shapes
from ui.widgets.shapes import Shape

Index = QModelIndex | QPersistentModelIndex
CARD: Final = Qt.ItemDataRole.UserRole
HEIGHT: Final = 78
NOTE: Final = 18
GAP: Final = 8
SOON: Final = 1
"""Days before its limit from which a hazard is amber."""


@dataclass(frozen=True, slots=True)
class Card:
    """What one card says. due: words at the right of the head with their tone; note: a line below, '' for none."""

    id: str
    number: str
    level: str
    level_word: str
    words: str
    place: str
    who: str
    due: str
    tone: Tone
    shape: Shape | None = None
    note: str = ""


def due_words(row: Row, today: str) -> tuple[str, Tone, Shape | None]:
    """What the head of a card says of time: (words, tone, shape)."""
    if row.get("state") == CLOSED:
        late = _late_days(row)
        return (_("迟 {n} 天").format(n=late), Tone.NEUTRAL, None) if late else (_("按期"), Tone.GREEN, Shape.OK)
    if row.get("state") == UNFIXABLE:
        return _("已上报"), Tone.AMBER, Shape.HELD
    if days := overdue_days(row, today):
        return _("超 {n} 天").format(n=days), Tone.RED, Shape.OVERDUE
    if row.get("state") == TO_RECHECK:
        words = _("须县局复查") if row.get("level") == MAJOR else _("等复查")
        return words, Tone.RED if row.get("level") == MAJOR else Tone.NEUTRAL, None
    due = row.get("due")
    if not isinstance(due, str):
        return _("没有时限"), Tone.AMBER, None
    left = dates.days_between(today, dates.last_day(due))
    words = _("今天到期") if left == 0 else _("明天到期") if left == 1 else _("还有 {n} 天").format(n=left)
    return words, Tone.AMBER if left <= SOON else Tone.NEUTRAL, None


def _late_days(row: Row) -> int:
    due, fixed = row.get("due"), row.get("fixed")
    if not isinstance(due, str) or not isinstance(fixed, str) or len(fixed) != 10 or not dates.before(due, fixed):
        return 0
    return dates.days_between(dates.last_day(due), fixed)


def note_of(row: Row) -> str:
    """The line of a 重大 hazard: who has to act."""
    if row.get("level") != MAJOR or row.get("state") == CLOSED:
        return ""
    if row.get("level_by") is None:
        return _("候选，待校领导确认等级；确认后立即报县局")
    if row.get("state") == TO_RECHECK and row.get("county_result") != PASSED:
        return _("本校不能自行销号；复查结论随回执带回")
    return _("尚未上报县局") if row.get("reported") is None else ""


def card_of(row: Row, today: str, catalogs: Catalogs) -> Card:
    """The card of a hazard."""
    words, tone, shape = due_words(row, today)
    level = str(row.get("level") or "")
    day = str(row.get("closed") if row.get("state") == CLOSED else row.get("due") or "")
    label = _("销号") if row.get("state") == CLOSED else _("限")
    who = "  ".join(p for p in (str(row.get("person") or ""), f"{label} {day[5:]}" if len(day) == 10 else "") if p)
    return Card(
        str(row["id"]),
        str(row.get("number") or ""),
        level,
        catalogs.label("hazard_level", level) if level else "",
        str(row.get("description") or "").replace("\n", " "),
        str(row.get("place") or ""),
        who,
        words,
        tone,
        shape,
        note_of(row),
    )


class CardModel(QAbstractListModel):
    """Cards of one column."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.cards: list[Card] = []

    def show_cards(self, cards: Sequence[Card]) -> None:
        """Replace all cards."""
        self.beginResetModel()
        self.cards = list(cards)
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 (Qt's own signature)
        return 0 if parent.isValid() else len(self.cards)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        card = self.cards[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return f"{card.number} {card.level_word} {card.words} {card.due}"
        if role == Qt.ItemDataRole.ToolTipRole:
            return f"{card.words}\n{card.place}"
        return card if role == CARD else None


class _CardDelegate(QStyledItemDelegate):
    def __init__(self, view: "CardList") -> None:
        super().__init__(view)
        self._view = view

    def sizeHint(self, option: Any, index: Index) -> QSize:
        card: Card = index.data(CARD)
        height = HEIGHT + (NOTE if card.note and not self._view.across else 0) + GAP
        return QSize(self._view.card_width(), theme.px(height))

    def paint(self, painter: QPainter, option: Any, index: Index) -> None:
        card: Card = index.data(CARD)
        where = QRect(option.rect).adjusted(0, 0, -theme.GRID if self._view.across else 0, -theme.px(GAP))
        current = self._view.active and index.row() == self._view.currentIndex().row()
        tone = theme.tone(card.tone)
        paint.box(painter, where, "base", tone.line if card.tone is Tone.RED else "line")
        painter.fillRect(QRect(where.left(), where.top() + 1, 4, where.height() - 2), QColor(tone.fill))
        inner = where.adjusted(theme.px(16), theme.px(6), -theme.px(10), -theme.px(6))
        self._paint_head(painter, QRect(inner.left(), inner.top(), inner.width(), theme.px(20)), card)
        paint.text(painter, QRect(inner.left(), inner.top() + theme.px(22), inner.width(), theme.px(22)), card.words)
        foot = QRect(inner.left(), inner.top() + theme.px(45), inner.width(), theme.px(18))
        taken = min(paint.width_of(card.who, Size.SMALL) + theme.GRID, foot.width() * 2 // 3)
        paint.text(painter, foot.adjusted(0, 0, -taken, 0), card.place, "ink2", size=Size.SMALL)
        paint.text(painter, foot, card.who, "ink2", size=Size.SMALL, align=paint.RIGHT)
        if card.note and not self._view.across:
            line = foot.translated(0, theme.px(NOTE))
            paint.text(painter, line, card.note, "red", size=Size.SMALL)
        if current:
            paint.box(painter, where, line="accent", width=2)

    def _paint_head(self, painter: QPainter, where: QRect, card: Card) -> None:
        x = where.left() + paint.text(painter, where, card.number, "ink2", size=Size.SMALL) + theme.px(8)
        side = theme.px(shapes.SIDE)
        if card.level == MAJOR:
            shapes.paint(painter, QRect(x, where.top(), side, where.height()), Shape.MAJOR)
            x += side + theme.HALF
        role = "red" if card.level == MAJOR else "amber" if card.level == SERIOUS else "ink2"
        rest = QRect(x, where.top(), where.right() - x + 1, where.height())
        paint.text(painter, rest, card.level_word, role, size=Size.SMALL)
        width = paint.width_of(card.due, Size.SMALL)
        paint.text(painter, where, card.due, theme.tone(card.tone).text, size=Size.SMALL, align=paint.RIGHT)
        if card.shape is not None:
            mark = QRect(where.right() - width - side - theme.px(6), where.top(), side, where.height())
            shapes.paint(painter, mark, card.shape, card.tone)


class CardList(QListView):
    """Cards below each other, or beside each other (`across`). One list of the page is `active`: it shows the cursor."""

    entered = Signal()
    crossed = Signal(int)
    left_top = Signal()
    opened = Signal()

    def __init__(self, name: str, *, across: bool = False) -> None:
        super().__init__()
        self.across, self.active = across, False
        self.cards = CardModel(self)
        self.setModel(self.cards)
        self.setItemDelegate(_CardDelegate(self))
        self.setAccessibleName(name)
        self.setFlow(QListView.Flow.LeftToRight if across else QListView.Flow.TopToBottom)
        self.setStyleSheet("QListView { background: transparent; }")
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        if across:
            self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        else:
            self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.doubleClicked.connect(lambda _i: self.opened.emit())

    def card_width(self) -> int:
        """Width of one card: the list's own, or a third of the strip."""
        room = self.viewport().width()
        if not self.across:
            return room
        seen = max(1, min(len(self.cards.cards), room // theme.px(280)))
        return room // seen

    def show_cards(self, cards: Sequence[Card]) -> None:
        """Replace the cards; the cursor stays on its card where that is still here."""
        kept = self.current_id()
        row = max(0, self.currentIndex().row())
        self.cards.show_cards(cards)
        ids = [c.id for c in cards]
        at = ids.index(kept) if kept in ids else min(row, len(ids) - 1)
        if at >= 0:
            self.setCurrentIndex(self.cards.index(at, 0))

    def current_id(self) -> str:
        """Id of the card under the cursor, '' for none."""
        row = self.currentIndex().row()
        return self.cards.cards[row].id if 0 <= row < len(self.cards.cards) else ""

    def go_to(self, row: int) -> None:
        """Put the cursor on a card and the focus here."""
        self.setCurrentIndex(self.cards.index(max(0, min(row, len(self.cards.cards) - 1)), 0))
        self.setFocus(Qt.FocusReason.TabFocusReason)

    def set_active(self, active: bool) -> None:
        """Show or hide the cursor."""
        self.active = active
        self.viewport().update()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if not self.currentIndex().isValid() and self.cards.cards:
            self.setCurrentIndex(self.cards.index(0, 0))
        self.entered.emit()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        self.entered.emit()

    def currentChanged(self, current: Index, previous: Index) -> None:
        super().currentChanged(current, previous)
        self.viewport().update()
        if self.hasFocus():
            self.entered.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.scheduleDelayedItemsLayout()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, row = event.key(), self.currentIndex().row()
        last = len(self.cards.cards) - 1
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            event.ignore()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.opened.emit()
        elif key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            step = 1 if key == Qt.Key.Key_Right else -1
            if self.across and 0 <= row + step <= last:
                self.go_to(row + step)
            elif not self.across:
                self.crossed.emit(step)
        elif key == Qt.Key.Key_Up and (self.across or row <= 0):
            self.left_top.emit()
        elif key == Qt.Key.Key_Down and self.across:
            self.crossed.emit(0)
        else:
            super().keyPressEvent(event)


COLUMNS: Final = (TO_ASSIGN, IN_WORK, TO_RECHECK, CLOSED, UNFIXABLE)
"""Columns of the board, in the order a hazard moves; the last only where there is one."""
