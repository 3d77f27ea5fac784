"""The navigation at the left: head with the file menu, two levels with quiet badges, settings pinned at the bottom."""

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
from PySide6.QtGui import QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent, QTextLayout
from PySide6.QtWidgets import (
    QAbstractButton,
    QListView,
    QMenu,
    QSizePolicy,
    QStyledItemDelegate,
    QVBoxLayout,
    QWidget,
)

from eduplan_desktop.i18n import _
from ui import icons, theme
from ui.places import Place
from ui.theme import Size, Tone
from ui.widgets import paint

WIDTH: Final = 184
MORE: Final = 40
"""How much wider it begins where the words of a language want it."""
Index = QModelIndex | QPersistentModelIndex

PLACE: Final = Qt.ItemDataRole.UserRole
LEVEL: Final = Qt.ItemDataRole.UserRole + 1
BADGE: Final = Qt.ItemDataRole.UserRole + 2
GAP: Final = Qt.ItemDataRole.UserRole + 3
"""Whether a gap stands above the line: before and after a group with pages of its own."""


class PlaceModel(QAbstractListModel):
    """The places as lines: groups at level 0, their pages at level 1."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._lines: list[tuple[Place, int]] = []
        self._badges: dict[str, tuple[str, Tone]] = {}

    def show_places(self, places: Sequence[Place]) -> None:
        """Replace all lines."""
        self.beginResetModel()
        self._badges = {}
        self._lines = []
        for place in places:
            self._lines.append((place, 0))
            self._lines.extend((child, 1) for child in place.children if not child.hidden)
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 (Qt's own signature)
        return 0 if parent.isValid() else len(self._lines)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        place, level = self._lines[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            badge = self._badges.get(place.id, ("", Tone.NEUTRAL))[0]
            return f"{_(place.label)} {badge}".strip() if role != Qt.ItemDataRole.DisplayRole else _(place.label)
        if role == PLACE:
            return place
        if role == LEVEL:
            return level
        if role == GAP:
            before = self._lines[index.row() - 1][1] if index.row() else 0
            return index.row() > 0 and level == 0 and bool(place.children or before)
        return self._badges.get(place.id) if role == BADGE else None

    def row_of(self, place_id: str) -> int:
        """Line of a place, -1 when it is not here."""
        return next((i for i, (p, _level) in enumerate(self._lines) if p.id == place_id), -1)

    def opens(self, row: int) -> Place | None:
        """The page a line opens: its own, else its first child's."""
        place = self._lines[row][0]
        if place.screen:
            return place
        return place.children[0] if place.children else None

    def room_wanted(self) -> int:
        """Width in which no line is cut, badges included, in pixels."""
        wanted = 0
        for place, _level in self._lines:
            badge = self._badges.get(place.id, ("", Tone.NEUTRAL))[0]
            words = paint.width_of(_(place.label)) + (paint.badge_width(badge) + theme.HALF if badge else 0)
            wanted = max(wanted, theme.px(40) + words + theme.px(14))
        return wanted

    def groups(self) -> list[int]:
        """Lines of level 0, in order: what Ctrl+1 … Ctrl+9 go to."""
        return [i for i, (_place, level) in enumerate(self._lines) if level == 0]

    def set_badge(self, place_id: str, words: str, tone: Tone) -> None:
        """Show a word behind a place, '' takes it away."""
        self._badges[place_id] = (words, tone)
        if (row := self.row_of(place_id)) >= 0:
            self.dataChanged.emit(self.index(row, 0), self.index(row, 0))

    def badge(self, place_id: str) -> str:
        """The words of a badge."""
        return self._badges.get(place_id, ("", Tone.NEUTRAL))[0]


class _PlaceDelegate(QStyledItemDelegate):
    def __init__(self, view: "PlaceList") -> None:
        super().__init__(view)
        self._view = view

    def sizeHint(self, option: Any, index: Index) -> QSize:
        return QSize(0, self._view.line_height + (theme.GRID if index.data(GAP) else 0))

    def paint(self, painter: QPainter, option: Any, index: Index) -> None:
        place: Place = index.data(PLACE)
        line = QRect(option.rect)
        line.setTop(line.bottom() - self._view.line_height + 1)
        current = place.id == self._view.place
        if current:
            paint.flood(painter, line, theme.colour("sel"))
            paint.flood(painter, QRect(0, line.top(), 4, line.height()), theme.colour("accent"))
        if self._view.hasFocus() and index.row() == self._view.currentIndex().row():
            paint.focus_frame(painter, line)
        ink = "accent" if current else "ink"
        if not index.data(LEVEL):
            icons.paint(painter, QRect(theme.px(12), line.top(), theme.px(20), line.height()), place.icon, ink)
        right = line.right() - theme.px(12)
        badge = index.data(BADGE)
        if badge and badge[0]:
            where = QRect(line.left(), line.top(), right - line.left() + 1, line.height())
            paint.badge(painter, where, badge[0], badge[1])
            right -= paint.badge_width(badge[0]) + theme.HALF
        elif place.key:
            cap = paint.key_cap_size(place.key).width()
            paint.badge(painter, QRect(line.left(), line.top(), right + 1, line.height()), place.key)
            right -= cap + theme.HALF
        left = theme.px(40)
        paint.text(painter, QRect(left, line.top(), right - left, line.height()), str(index.data()), ink)


class PlaceList(QListView):
    """The lines. Enter or a click opens; the line opened keeps its bar whatever has the focus."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.place = ""
        self.line_height = theme.px(28)
        self.places = PlaceModel(self)
        self.setModel(self.places)
        self.setItemDelegate(_PlaceDelegate(self))
        self.setStyleSheet("PlaceList { background: transparent; }")
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(_("导航"))
        self.clicked.connect(lambda index: self._open(index.row()))

    def _open(self, row: int) -> None:
        place = self.places.opens(row) if row >= 0 else None
        if place is not None:
            self.chosen.emit(place.id)

    def fit_lines(self) -> None:
        """Lines of 28 px, down to 23 where that shows all of them without scrolling."""
        lines = self.places.rowCount()
        gaps = sum(theme.GRID for row in range(lines) if self.places.index(row, 0).data(GAP))
        room = (self.height() - 2 * self.frameWidth() - gaps) // max(1, lines)
        height = max(theme.px(23), min(theme.px(28), room))
        if room < theme.px(23):
            height = theme.px(28)
        if height != self.line_height:
            self.line_height = height
            self.scheduleDelayedItemsLayout()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fit_lines()

    def open_group(self, number: int) -> None:
        """Open the n-th group, counted from 1."""
        groups = self.places.groups()
        if number <= len(groups):
            self._open(groups[number - 1])

    def mark(self, place_id: str) -> None:
        """Show which page is open."""
        self.place = place_id
        row = self.places.row_of(place_id)
        if row >= 0:
            index = self.places.index(row, 0)
            self.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        for line in range(self.places.rowCount()):
            self.update(self.places.index(line, 0))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self._open(self.currentIndex().row())
            return
        super().keyPressEvent(event)


class NavigationHead(QAbstractButton):
    """Whose file this is, and the file menu. At the county a solid block of the county colour."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name, self._side, self._county = "", "", False
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setToolTip(_("文件菜单"))
        self.menu = QMenu(self)
        self.clicked.connect(self.open_menu)

    def show_file(self, name: str, side: str, *, county: bool) -> None:
        """Name, the words under it, and the side."""
        self._name, self._side, self._county = name, side, county
        self.setAccessibleName(f"{name} {side}")
        self.updateGeometry()
        self.update()

    def open_menu(self) -> None:
        """Show the file menu under the head."""
        self.menu.popup(self.mapToGlobal(self.rect().bottomLeft()))

    def _lines(self) -> list[str]:
        """The name in at most two lines."""
        font = theme.font(bold=True)
        room = self.width() - theme.px(32)
        layout = QTextLayout(self._name, font)
        layout.beginLayout()
        pieces: list[str] = []
        while (line := layout.createLine()).isValid():
            line.setLineWidth(room)
            pieces.append(self._name[line.textStart() : line.textStart() + line.textLength()])
        layout.endLayout()
        if len(pieces) > 2:
            rest = "".join(pieces[1:])
            pieces = [pieces[0], QFontMetrics(font).elidedText(rest, Qt.TextElideMode.ElideMiddle, room)]
        return pieces

    def sizeHint(self) -> QSize:
        return QSize(theme.px(WIDTH), theme.px(56 if len(self._lines()) < 2 else 76))

    def resizeEvent(self, event: object) -> None:
        super().resizeEvent(event)  # type: ignore[arg-type]
        self.updateGeometry()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint.fill(self, painter, "county" if self._county else "base")
        ink, quiet = ("oncounty", "oncounty") if self._county else ("ink", "ink2")
        x, room, y = theme.px(16), self.width() - theme.px(32), theme.px(10)
        for line in self._lines():
            paint.text(painter, QRect(x, y, room, theme.px(20)), line, ink, bold=True)
            y += theme.px(20)
        paint.text(painter, QRect(x, y - 1, room, theme.px(16)), self._side, quiet, size=Size.SMALL)
        paint.arrow(painter, QRect(self.width() - theme.px(22), theme.px(10), theme.px(12), theme.px(20)), quiet)
        if not self._county:
            paint.hline(painter, 0, self.width(), self.height() - 1)
        if self.hasFocus():
            paint.focus_frame(painter, self.rect(), ink if self._county else "accent")


class PinnedPlace(QAbstractButton):
    """A place at the bottom of the navigation."""

    def __init__(self, place: Place, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.place = place
        self.current = False
        self.setAccessibleName(_(place.label))
        self.setFixedHeight(theme.px(36))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint.hline(painter, 0, self.width(), 0)
        if self.current:
            paint.flood(painter, self.rect().adjusted(0, 4, 0, -4), theme.colour("sel"))
            paint.flood(painter, QRect(0, 4, 4, self.height() - 8), theme.colour("accent"))
        ink = "accent" if self.current else "ink"
        icons.paint(painter, QRect(theme.px(12), 0, theme.px(20), self.height()), self.place.icon, ink)
        paint.text(painter, self.rect().adjusted(theme.px(40), 0, 0, 0), _(self.place.label), ink)
        if self.hasFocus():
            paint.focus_frame(painter, self.rect())


class Navigation(QWidget):
    """Head, lines, pinned places."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.head = NavigationHead()
        self.list = PlaceList()
        self.list.chosen.connect(self.chosen)
        self._pinned: list[PinnedPlace] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._column.addWidget(self.head)
        self._column.addSpacing(theme.GRID)
        self._column.addWidget(self.list, 1)

    def show_places(self, places: Sequence[Place]) -> None:
        """Replace the lines and the pinned places."""
        for old in self._pinned:
            self._column.removeWidget(old)
            old.hide()
            old.deleteLater()
        self.list.places.show_places([p for p in places if not p.pinned])
        self.list.fit_lines()
        self._pinned = [PinnedPlace(p) for p in places if p.pinned]
        for button in self._pinned:
            button.clicked.connect(lambda _on=False, id_=button.place.id: self.chosen.emit(id_))
            self._column.addWidget(button)

    def mark(self, place_id: str) -> None:
        """Show which page is open."""
        self.list.mark(place_id)
        for button in self._pinned:
            button.current = button.place.id == place_id
            button.update()

    def set_badge(self, place_id: str, words: str, tone: Tone = Tone.NEUTRAL) -> None:
        """Show a word behind a place."""
        self.list.places.set_badge(place_id, words, tone)

    def room_wanted(self) -> int:
        """Width in which nothing is cut, within bounds."""
        pinned = [theme.px(54) + paint.width_of(_(button.place.label)) for button in self._pinned]
        return min(theme.px(WIDTH + MORE), max([theme.px(WIDTH), self.list.places.room_wanted(), *pinned]))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        event.accept()

    def paintEvent(self, event: QPaintEvent) -> None:
        paint.fill(self, QPainter(self), "canvas")
