"""The start page: recent files with what waits in them, and the few other ways to begin. The likeliest act is the primary one."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import QHBoxLayout, QListView, QStyledItemDelegate, QVBoxLayout, QWidget

from eduplan_desktop import __version__
from eduplan_desktop.i18n import N_, _
from ui import icons, theme
from ui.kits import KitOnStick, find_kits
from ui.recent import RecentFile, forget_file, move_file, recent_files
from ui.screen import Context, Screen, Target
from ui.theme import Size, Tone
from ui.widgets import paint, shapes
from ui.widgets.buttons import Button, Weight
from ui.widgets.cards import Card, EmptyState
from ui.widgets.icon_mark import IconMark
from ui.widgets.labels import ElidedLabel
from ui.widgets.shapes import Shape

Index = QModelIndex | QPersistentModelIndex
FILE: Final = Qt.ItemDataRole.UserRole
ROW: Final = 64
SEEN: Final = 7


def when_words(when: str, today: date) -> str:
    """今天 08:12, 昨天 17:30, else the date."""
    try:
        moment = datetime.strptime(when, "%Y-%m-%d %H:%M")
    except ValueError:
        return when
    days = (today - moment.date()).days
    if days in (0, 1):
        return f"{_('今天') if days == 0 else _('昨天')} {moment:%H:%M}"
    return f"{moment:%Y-%m-%d}"


class RecentModel(QAbstractListModel):
    """Recent files, newest first."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.files: list[RecentFile] = []
        self.missing: set[str] = set()

    def show_files(self, files: Sequence[RecentFile]) -> None:
        """Replace the list; whether a file is in its place is looked up once."""
        self.beginResetModel()
        self.files = list(files)
        self.missing = {f.path for f in files if f.missing}
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 (Qt's own signature)
        return 0 if parent.isValid() else len(self.files)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        file = self.files[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return file.title
        if role == Qt.ItemDataRole.ToolTipRole:
            return file.path
        return file if role == FILE else None


class _RecentDelegate(QStyledItemDelegate):
    def __init__(self, view: "RecentList") -> None:
        super().__init__(view)
        self._view = view

    def sizeHint(self, option: Any, index: Index) -> QSize:
        return QSize(0, theme.px(ROW))

    def paint(self, painter: QPainter, option: Any, index: Index) -> None:
        file: RecentFile = index.data(FILE)
        where = QRect(option.rect)
        current = index.row() == self._view.currentIndex().row()
        painter.fillRect(where, theme.colour("sel" if current else "base"))
        paint.hline(painter, where.left(), where.right() + 1, where.bottom())
        missing = file.path in self._view.files.missing
        self._paint_mark(painter, where, file, missing)
        left = where.left() + theme.px(64)
        state = where.right() - theme.px(180)
        when = state - theme.px(92)
        name = QRect(left, where.top() + theme.px(13), when - left - 12, theme.px(20))
        badge = paint.width_of(_("县级"), Size.SMALL) + theme.px(20) if file.side == "county" else 0
        name.setRight(name.right() - badge)
        taken = paint.text(painter, name, file.title)
        if badge:
            tag = QRect(name.left() + taken + theme.px(12), name.top() + 1, badge - theme.px(8), theme.px(18))
            paint.box(painter, tag, "county", radius=3)
            paint.text(painter, tag, _("县级"), "oncounty", size=Size.SMALL, align=paint.CENTRE)
        place = QRect(left, where.top() + theme.px(34), when - left - 12, theme.px(18))
        paint.text(painter, place, file.path, "ink2", size=Size.SMALL, elide=Qt.TextElideMode.ElideMiddle)
        moment = QRect(when, where.top(), theme.px(92), where.height())
        paint.text(painter, moment, when_words(file.when, self._view.today), "ink2", size=Size.SMALL)
        self._paint_state(painter, QRect(state, where.top(), theme.px(172), where.height()), file, missing)
        if current:
            paint.focus_frame(painter, where)

    def _paint_mark(self, painter: QPainter, where: QRect, file: RecentFile, missing: bool) -> None:
        mark = QRect(where.left() + theme.px(12), where.top() + theme.px(12), theme.px(40), theme.px(40))
        county = file.side == "county"
        if missing:
            paint.box(painter, mark, "base", "edge")
            icons.paint(painter, mark, "file", "ink2")
        elif county:
            paint.box(painter, mark, "county")
            icons.paint(painter, mark, "county", "oncounty")
        else:
            paint.box(painter, mark, "base", "accent")
            icons.paint(painter, mark, "school", "accent")

    def _paint_state(self, painter: QPainter, where: QRect, file: RecentFile, missing: bool) -> None:
        side = theme.px(shapes.SIDE)
        words = QRect(
            where.left() + side + theme.px(8), where.top(), where.width() - side - theme.px(8), where.height()
        )
        if missing:
            shapes.paint(painter, QRect(where.left(), where.top() + theme.px(14), side, theme.px(18)), Shape.RING)
            paint.text(painter, words.adjusted(0, theme.px(12), 0, -theme.px(30)), _("不在原处"), "ink2")
            for link, words_ in zip(self._view.links(where), (_("重新定位"), _("从列表移除")), strict=True):
                paint.text(painter, link, words_, "accent", size=Size.SMALL)
        elif file.state and file.shape in set(Shape):
            shape = Shape(file.shape)
            shapes.paint(painter, QRect(where.left(), where.top(), side, where.height()), shape)
            paint.text(painter, words, file.state, theme.tone(shapes.tone_of(shape)).text)


class RecentList(QListView):
    """Arrows choose, Enter opens, Delete takes off the list. A file not in its place is repaired in its row."""

    opened = Signal(str)
    located = Signal(str)
    removed = Signal(str)

    def __init__(self, today: date) -> None:
        super().__init__()
        self.today = today
        self.files = RecentModel(self)
        self.setModel(self.files)
        self.setItemDelegate(_RecentDelegate(self))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(_("最近的文件"))
        self.selectionModel().currentChanged.connect(lambda *_i: self.viewport().update())

    def current(self) -> RecentFile | None:
        """The file chosen."""
        index = self.currentIndex()
        return self.files.files[index.row()] if index.isValid() else None

    def links(self, state: QRect) -> tuple[QRect, QRect]:
        """Where the two links of a missing file stand, in the state column `state`."""
        top = state.top() + theme.px(34)
        first = paint.width_of(_("重新定位"), Size.SMALL) + 4
        second = paint.width_of(_("从列表移除"), Size.SMALL) + 4
        return (
            QRect(state.left(), top, first, theme.px(18)),
            QRect(state.left() + first + theme.px(10), top, second, theme.px(18)),
        )

    def open_current(self) -> None:
        """Open the file chosen, or look for it where it is missing."""
        if (file := self.current()) is not None:
            (self.located if file.path in self.files.missing else self.opened).emit(file.path)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        file = self.current()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.open_current()
        elif event.key() == Qt.Key.Key_Delete and file is not None:
            self.removed.emit(file.path)
        else:
            super().keyPressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        index = self.indexAt(event.position().toPoint())
        file = self.current()
        if not index.isValid() or file is None or file.path not in self.files.missing:
            return
        where = self.visualRect(index)
        locate, remove = self.links(QRect(where.right() - theme.px(180), where.top(), theme.px(172), where.height()))
        if locate.contains(event.position().toPoint()):
            self.located.emit(file.path)
        elif remove.contains(event.position().toPoint()):
            self.removed.emit(file.path)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        super().mouseDoubleClickEvent(event)
        self.open_current()


class ActionRow(Button):
    """One of the other ways to begin: icon, verb, one sentence."""

    def __init__(self, icon: str, words: str, note: str, act: Callable[[], object], key: str = "") -> None:
        super().__init__(words, act, key=key)
        self._mark, self._note = icon, note
        self.setAccessibleDescription(note)
        self.setMinimumWidth(theme.px(280))
        from PySide6.QtWidgets import QSizePolicy

        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(theme.px(360), theme.px(72))

    def paintEvent(self, event: Any) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.colour("sel" if self.isDown() or self.underMouse() else "base"))
        paint.hline(painter, 0, self.width(), self.height() - 1)
        icons.paint(painter, QRect(theme.px(12), 0, theme.px(20), self.height()), self._mark, "accent")
        right = self.width() - theme.px(12)
        if self.key:
            cap = paint.key_cap_size(self.key).width()
            paint.key_cap(painter, QRect(right - cap, 0, cap, self.height()), self.key)
            right -= cap + theme.px(16)
        left = theme.px(44)
        two = paint.width_of(self._note, Size.SMALL) > right - left
        top = theme.px(8 if two else 16)
        paint.text(painter, QRect(left, top, right - left, theme.px(20)), self.text())
        painter.setFont(theme.font(Size.SMALL))
        painter.setPen(theme.colour("ink2"))
        note = QRect(left, top + theme.px(21), right - left, theme.px(36))
        painter.drawText(note, int(Qt.TextFlag.TextWordWrap), self._note)
        if self.hasFocus():
            paint.focus_frame(painter, self.rect())


ACTIONS: Final = (
    (
        "plus",
        N_("新建学校文件…"),
        N_("需要县里发的县配置包（.edukit）；暂时没有也能先录入，以后再加入。"),
        "Ctrl+N",
        "new_school",
    ),
    ("folder", N_("打开文件…"), N_("学校文件或县级文件（.eduplan），也可以把文件拖到这里。"), "", "open"),
    ("restore", N_("从备份恢复…"), N_("选备份、说明原因、定放在哪里；原来的文件不会被改动。"), "", "restore"),
    ("county", N_("新建县级文件…"), N_("给县教育局：生成密钥、学校名单和县配置包。"), "", "new_county"),
    ("play", N_("试用示例县"), N_("示例学校和几个月的数据。随便改，不影响任何真实文件。"), "", "sample"),
)


class StartScreen(Screen):
    """Shown while no file is open."""

    def __init__(self, context: Context) -> None:
        super().__init__(context, _("开始"))
        self.title_row.set_subtitle(_("学校文件放一所学校的台账、检查和报送；县级文件收取并汇总全县的数据包。"))
        self.setAcceptDrops(True)
        self.primary = Button("", self._open_first, weight=Weight.PRIMARY)
        self.title_row.add(self.primary)
        self.recent = RecentList(context.env.now().astimezone().date())
        self.recent.opened.connect(context.frame.open_file)
        self.recent.located.connect(self._locate)
        self.recent.removed.connect(self._remove)
        self._stopped = False
        self.ways: dict[str, ActionRow] = {}
        self._build()

    def _build(self) -> None:
        row = QHBoxLayout()
        row.setContentsMargins(theme.MARGIN, theme.MARGIN, theme.MARGIN, 0)
        row.setSpacing(theme.MARGIN)
        self.files = Card(_("最近的文件"), _("方向键选择，Enter 打开，Delete 从列表移除（不删除文件）"), padded=False)
        self.nothing = EmptyState(
            _("还没有打开过文件。学校请新建学校文件，县教育局请新建县级文件；也可以先试用示例县。"), icon="folder"
        )
        self.files.body.addWidget(self.recent, 1)
        self.files.body.addWidget(self.nothing, 1)
        left = QVBoxLayout()
        left.addWidget(self.files)
        left.addStretch(1)
        row.addLayout(left, 11)
        others = Card(_("其他做法"), padded=False)
        for icon, words, note, key, name in ACTIONS:
            action = ActionRow(icon, _(words), _(note), partial(self._act, name), key)
            self.ways[name] = action
            others.body.addWidget(action)
        right = QVBoxLayout()
        right.addWidget(others)
        right.addStretch(1)
        row.addLayout(right, 6)
        self.column.addLayout(row, 1)
        foot = QHBoxLayout()
        foot.setContentsMargins(theme.MARGIN, theme.GRID, theme.MARGIN, theme.MARGIN)
        words = _(
            "不需要网络、管理员权限或办公软件。健康档案等敏感内容加密存放，没有口令打不开；这里的列表也不显示它们。"
        )
        foot.setSpacing(theme.GRID)
        foot.addWidget(IconMark("lock"))
        foot.addWidget(ElidedLabel(words, "ink2", Size.SMALL), 1)
        self.column.addLayout(foot)

    # ---- the frame's questions

    def enter(self, target: Target | None) -> None:
        files = recent_files(self.context.memory)
        self.recent.files.show_files(files)
        self.recent.setVisible(bool(files))
        self.recent.setFixedHeight(max(1, min(len(files), SEEN) * theme.px(ROW)))
        self.nothing.setVisible(not files)
        there = [f for f in files if f.path not in self.recent.files.missing]
        self.primary.setVisible(bool(there))
        if there:
            self.primary.set_text(_("继续填报 {title}").format(title=_short(there[0].title)))
            self.recent.setCurrentIndex(self.recent.files.index(files.index(there[0]), 0))

    def later(self) -> None:
        self._look_for_kits()

    def status(self) -> Sequence[str]:
        return [_("没有打开的文件"), _("版本 {version}").format(version=__version__)]

    def panes(self) -> Sequence[QWidget]:
        return [self.recent if self.recent.files.files else self.ways["new_school"], self.ways["open"]]

    def keys(self) -> Sequence[tuple[str, str]]:
        return (("↑ / ↓", _("选择文件")), ("Enter", _("打开选中的文件")), ("Delete", _("从列表移除，不删除文件")))

    # ---- acts

    def _open_first(self) -> None:
        there = [f for f in self.recent.files.files if f.path not in self.recent.files.missing]
        if there:
            self.context.frame.open_file(there[0].path)

    def _act(self, name: str) -> None:
        frame: Any = self.context.frame
        match name:
            case "new_school":
                frame.opening.new_school()
            case "open":
                frame.opening.choose()
            case "restore":
                frame.opening.restore()
            case "new_county":
                frame.go("new_county")
            case "sample":
                self._sample()

    def _sample(self) -> None:
        folder = self.context.messages.pick_folder(_("示例县放在哪个文件夹"))
        if not folder:
            return
        from ui.sample import make_sample

        make_sample(self, Path(folder))

    def _locate(self, path: str) -> None:
        found = self.context.messages.open_file(_("这个文件现在在哪里"), _("学校文件或县级文件") + " (*.eduplan)")
        if found:
            move_file(self.context.memory, path, found)
            self.context.frame.open_file(found)

    def _remove(self, path: str) -> None:
        forget_file(self.context.memory, path)
        self.enter(None)
        self.recent.setFocus()

    # ---- kits on sticks

    def _look_for_kits(self) -> None:
        """Sticks are looked through on the worker; a kit found offers itself."""
        tasks = self.context.tasks
        tasks.run(lambda _progress, cancelled: find_kits(cancelled), on_done=self._offer_kits, background=True)

    def stop(self) -> None:
        self._stopped = True

    def _offer_kits(self, kits: Sequence[KitOnStick]) -> None:
        if self._stopped:
            return
        for kit in kits[:1]:
            words = _("{drive} 上有县配置包 {name}，可以用来建立本校文件。").format(drive=kit.drive, name=kit.path.name)
            self.bars.say(words, Tone.ACCENT, [(_("新建学校文件"), lambda: self._act("new_school"))])

    # ---- dropping a file

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if any(u.toLocalFile().endswith(".eduplan") for u in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        paths = [u.toLocalFile() for u in event.mimeData().urls() if u.toLocalFile().endswith(".eduplan")]
        if paths:
            self.context.frame.open_file(paths[0])


def _short(title: str) -> str:
    return title if len(title) <= 14 else title[:13] + "…"
