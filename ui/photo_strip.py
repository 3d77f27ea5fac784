"""Photos of a record: thumbnails in a row, a camera to add, Delete or the menu to take one off."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QDragEnterEvent,
    QDropEvent,
    QImage,
    QImageReader,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
)
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from eduplan_desktop.errors import EduPlanError
from eduplan_desktop.i18n import _
from ui import icons, theme
from ui.screen import Context
from ui.widgets import paint
from ui.widgets.buttons import Button
from ui.widgets.rows import SectionHeader

MOST: Final = 6
ENDINGS: Final = (".jpg", ".jpeg", ".png", ".bmp", ".webp", ".gif")
SIZE: Final = QSize(64, 48)


class Thumbnail(QWidget):
    """One photo; a body that is not here is a frame that says so."""

    removed = Signal(str)

    def __init__(self, sha256: str, path: Path | None, number: int) -> None:
        super().__init__()
        self.sha256 = sha256
        self._image = _scaled(path)
        self.setFixedSize(theme.px(SIZE.width()), theme.px(SIZE.height()))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(_("照片 {n}").format(n=number))
        self.setToolTip(
            _("照片 {n}。Delete 取下").format(n=number) if not self._image.isNull() else _("照片文件不在本机")
        )

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Delete:
            self.removed.emit(self.sha256)
            return
        super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.setFocus()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        if self._image.isNull():
            paint.box(painter, self.rect(), "inset", "line")
            icons.paint(painter, self.rect(), "photo", "ink3")
        else:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(self.rect(), self._image)
        if self.hasFocus():
            paint.focus_frame(painter, self.rect())


def _scaled(path: Path | None) -> QImage:
    """A small picture cut to the frame; empty when it cannot be read."""
    if path is None or not path.exists():
        return QImage()
    reader = QImageReader(str(path))
    size = reader.size()
    if size.isValid():
        wanted = size.scaled(SIZE * 2, Qt.AspectRatioMode.KeepAspectRatioByExpanding)
        reader.setScaledSize(wanted)
        cut = QRect(0, 0, SIZE.width() * 2, SIZE.height() * 2)
        cut.moveCenter(QRect(0, 0, wanted.width(), wanted.height()).center())
        reader.setScaledClipRect(cut)
    return reader.read()


def pictures() -> str:
    """What the file dialog offers."""
    return _("图片") + " (" + " ".join(f"*{ending}" for ending in ENDINGS) + ")"


def dropped(event: QDropEvent) -> list[Path]:
    """The pictures a drag carries."""
    paths = [u.toLocalFile() for u in event.mimeData().urls()]
    return [Path(p) for p in paths if p.lower().endswith(ENDINGS)]


def stage(context: Context, paths: Sequence[Path], done: Callable[[list[str]], object]) -> None:
    """Scale pictures and keep their bodies on the worker; `done` gets their digests."""
    ws = context.workspace

    def act(_progress: Any, _cancelled: Any) -> list[str]:
        return [ws.stage_photo(path) for path in paths]

    context.tasks.run(act, on_done=done, on_failed=lambda fault: context.messages.fault(fault))


class PhotoStrip(QWidget):
    """The photos of one record."""

    def __init__(self, context: Context, register: str) -> None:
        super().__init__()
        self._context, self._register = context, register
        self._row_id, self._school = "", ""
        self.setAcceptDrops(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(SectionHeader(_("照片")))
        self._row = QHBoxLayout()
        self._row.setSpacing(theme.GRID)
        self._row.setContentsMargins(0, theme.HALF, 0, 0)
        column.addLayout(self._row)
        self.add = Button("", self.choose, icon="camera", tip=_("添加照片（最多 6 张）"))
        self._row.addWidget(self.add)
        self._row.addStretch(1)
        self.thumbnails: list[Thumbnail] = []

    def show_record(self, row_id: str, school: str = "", *, stored: bool = True) -> None:
        """Show the photos of a record; a record that is not stored yet has none and takes none."""
        self._row_id, self._school = row_id, school
        for old in self.thumbnails:
            self._row.removeWidget(old)
            old.deleteLater()
        found: list[Any] = self._context.workspace.photos(self._register, row_id, school) if row_id and stored else []
        self.thumbnails = [Thumbnail(p.sha256, p.path, n) for n, p in enumerate(found, start=1)]
        for at, one in enumerate(self.thumbnails):
            one.removed.connect(self._remove)
            self._row.insertWidget(at, one)
        writable = stored and bool(row_id) and not self._context.workspace.read_only
        self.add.setEnabled(writable and len(found) < MOST)

    def choose(self) -> None:
        """Ask for a picture and add it."""
        path = self._context.messages.open_file(_("添加照片"), pictures())
        if path:
            self.take([Path(path)])

    def take(self, paths: Sequence[Path]) -> None:
        """Add pictures to the record shown now, in one act."""
        row_id = self._row_id
        stage(
            self._context,
            paths,
            lambda found: self._write(lambda: self._context.workspace.attach_photos(self._register, row_id, found)),
        )

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if self.add.isEnabled() and dropped(event):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        self.take(dropped(event))

    def _remove(self, sha256: str) -> None:
        self._write(lambda: self._context.workspace.remove_photo(self._register, self._row_id, sha256))

    def _write(self, act: Any) -> None:
        try:
            changes = act()
        except EduPlanError as fault:
            self._context.messages.fault(fault)
            return
        self._context.changes.publish(changes)
        self.show_record(self._row_id, self._school)
