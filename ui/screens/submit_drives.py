"""Where to write to: sticks the system knows and folders the person chose, one of them chosen as by a radio button."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QSize,
    QStorageInfo,
    Qt,
    Signal,
)
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import QListView, QStyledItemDelegate, QVBoxLayout, QWidget

from eduplan_desktop.i18n import _
from ui import icons, theme
from ui.screen import Context
from ui.theme import Size
from ui.widgets import paint
from ui.widgets.buttons import Button, Weight
from ui.widgets.cards import Card
from ui.widgets.labels import Label
from ui.widgets.progress import paint_bar

Index = QModelIndex | QPersistentModelIndex
ROW: Final = 48
SEEN: Final = 3
REMEMBERED: Final = "report.folder"


@dataclass(frozen=True, slots=True)
class Drive:
    """A place to write to. free, total: bytes, 0 where not known; stick: removable."""

    path: Path
    label: str
    note: str
    free: int = 0
    total: int = 0
    writable: bool = True
    stick: bool = True


def _folder(path: Path, note: str) -> Drive:
    """A folder of this PC as a place to write to."""
    held = QStorageInfo(str(path))
    label = path.name or str(path)
    return Drive(path, label, note, held.bytesAvailable(), held.bytesTotal(), os.access(path, os.W_OK), stick=False)


def gigabytes(size: int) -> str:
    """Bytes as a person says them."""
    return f"{size / 1e9:.1f}" if size >= 1e8 else f"{size / 1e9:.2f}"


class _Drives(QAbstractListModel):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.drives: list[Drive] = []

    def show_drives(self, drives: Sequence[Drive]) -> None:
        self.beginResetModel()
        self.drives = list(drives)
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 (Qt's own signature)
        return 0 if parent.isValid() else len(self.drives)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        drive = self.drives[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return f"{drive.label} {drive.path}"
        if role == Qt.ItemDataRole.ToolTipRole:
            return str(drive.path)
        return drive if role == Qt.ItemDataRole.UserRole else None


class _DriveDelegate(QStyledItemDelegate):
    def sizeHint(self, option: Any, index: Index) -> QSize:
        return QSize(0, theme.px(ROW))

    def paint(self, painter: QPainter, option: Any, index: Index) -> None:
        drive: Drive = index.data(Qt.ItemDataRole.UserRole)
        view = self.parent()
        assert isinstance(view, DriveList)
        where = QRect(option.rect)
        chosen = index.row() == view.currentIndex().row()
        painter.fillRect(where, theme.colour("sel" if chosen else "base"))
        paint.hline(painter, where.left(), where.right() + 1, where.bottom())
        if chosen:
            paint.focus_frame(painter, where)
        self._radio(painter, where, chosen)
        icon = QRect(where.left() + theme.px(38), where.top(), theme.px(20), where.height())
        icons.paint(painter, icon, "usb" if drive.stick else "folder")
        middle = where.center().y() + 1
        right = where.right() - theme.px(12)
        room = theme.px(128)
        space = QRect(right - room, middle - theme.px(19), room, theme.px(18))
        if drive.total:
            words = _("可用 {free} / {total} GB").format(free=gigabytes(drive.free), total=gigabytes(drive.total))
            paint.text(painter, space, words, size=Size.SMALL, align=paint.RIGHT)
            bar = QRect(space.left() - theme.px(80), where.top(), theme.px(72), where.height())
            paint_bar(painter, bar, 1 - drive.free / drive.total)
        ink, said = ("green", _("可以写入")) if drive.writable else ("red", _("不能写入"))
        paint.text(painter, space.translated(0, theme.px(18)), said, ink, size=Size.SMALL, align=paint.RIGHT)
        left = where.left() + theme.px(64)
        end = space.left() - theme.px(88) if drive.total else right - theme.px(64)
        name = QRect(left, middle - theme.px(20), end - left, theme.px(20))
        paint.text(painter, name, drive.label)
        note = name.translated(0, theme.px(19))
        paint.text(painter, note, drive.note, "ink2", size=Size.SMALL, elide=Qt.TextElideMode.ElideMiddle)

    def _radio(self, painter: QPainter, where: QRect, chosen: bool) -> None:
        side = theme.px(16)
        ring = QRect(where.left() + theme.px(12), where.top() + (where.height() - side) // 2, side, side)
        paint.box(painter, ring, "base", "accent" if chosen else "edge", radius=side / 2, width=1.5)
        if chosen:
            paint.box(painter, ring.adjusted(4, 4, -4, -4), "accent", radius=side / 2)


class DriveList(QListView):
    """The places. Arrows choose."""

    chosen = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.drives = _Drives(self)
        self.setModel(self.drives)
        self.setItemDelegate(_DriveDelegate(self))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(_("写到哪里"))
        self.selectionModel().currentChanged.connect(lambda *_i: self._moved())

    def _moved(self) -> None:
        self.viewport().update()
        self.chosen.emit()

    def drive(self) -> Drive | None:
        """The place chosen."""
        index = self.currentIndex()
        return self.drives.drives[index.row()] if index.isValid() else None

    def choose(self, path: Path | None) -> None:
        """Choose the place of this path, else the first that can be written to."""
        rows = [i for i, d in enumerate(self.drives.drives) if d.path == path]
        rows += [i for i, d in enumerate(self.drives.drives) if d.writable]
        if rows:
            self.setCurrentIndex(self.drives.index(rows[0], 0))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            event.ignore()
            return
        super().keyPressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        event.accept()


class DriveCard(Card):
    """The card 写到哪里: sticks, folders, and the two links that bring more."""

    chosen = Signal()

    def __init__(self, context: Context, title: str, empty: str) -> None:
        super().__init__(title, padded=False)
        self._context = context
        self._folders: list[Path] = []
        kept = str(context.memory.get(REMEMBERED, ""))
        if kept and Path(kept).is_dir():
            self._folders.append(Path(kept))
        self.list = DriveList()
        self.list.chosen.connect(self.chosen)
        self.look = Button(_("重新查找"), self.look_for, weight=Weight.LINK)
        self.folder = Button(_("选择文件夹…"), self.choose_folder, weight=Weight.LINK)
        self.head.addWidget(self.look)
        self.head.addWidget(self.folder)
        self.none = Label(empty, "ink2", wrap=True)
        self.none.setContentsMargins(theme.CARD, theme.CARD, theme.CARD, theme.CARD)
        column = QVBoxLayout()
        column.setContentsMargins(1, 0, 1, 1)
        column.addWidget(self.list)
        column.addWidget(self.none)
        self.body.addLayout(column)

    def look_for(self) -> None:
        """Look which sticks there are; what was chosen stays chosen."""
        before = self.list.drive()
        found = [
            Drive(v.path, v.label, str(v.path), v.free, v.total, v.writable)
            for v in self._context.workspace.school.drives()
            if v.removable
        ]
        sticks = {d.path for d in found}
        words = _("本机文件夹")
        found += [_folder(f, words) for f in self._folders if f not in sticks]
        self.list.drives.show_drives(found)
        self.list.setVisible(bool(found))
        self.list.setFixedHeight(min(SEEN, len(found)) * theme.px(ROW) + 1)
        self.none.setVisible(not found)
        self.list.choose(before.path if before else None)
        self.chosen.emit()

    def choose_folder(self) -> None:
        """Add a folder and choose it."""
        path = self._context.messages.pick_folder(_("写到哪个文件夹"))
        if not path:
            return
        folder = Path(path)
        self._folders = [folder, *(f for f in self._folders if f != folder)]
        self._context.memory.put(REMEMBERED, path)
        self.look_for()
        self.list.choose(folder)

    def place(self) -> Path | None:
        """Where to write, None where nothing that can be written to is chosen."""
        drive = self.list.drive()
        return drive.path if drive is not None and drive.writable else None
