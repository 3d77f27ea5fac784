"""F1: the keys of the window and of the current page, on one sheet."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from eduplan_desktop.i18n import N_, _
from ui import theme
from ui.theme import Size
from ui.widgets import paint

WINDOW_KEYS: Final = (
    ("Ctrl+1 … Ctrl+9", N_("导航的各组")),
    ("F6", N_("下一个区域（导航、表格、表单）")),
    ("Ctrl+Z", N_("撤销上一步")),
    ("Ctrl+Y", N_("重做")),
    ("Ctrl+S", N_("看一眼是否都已保存")),
    ("Ctrl+O", N_("打开文件")),
    ("Ctrl+L", N_("立即锁定保险库")),
    ("F1", N_("键盘一览")),
)

Keys = Sequence[tuple[str, str]]


class KeyList(QWidget):
    """A sheet over the window; Esc, F1 or a click takes it away."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._under = parent
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(_("键盘一览"))
        self.groups: list[tuple[str, Keys]] = []
        self._before: QWidget | None = None
        self.hide()

    def show_keys(self, page: str, keys: Keys) -> None:
        """Show the keys of `page` and of the window."""
        own = [(k, w) for k, w in keys]
        self.groups = [(page, own)] if own else []
        self.groups.append((_("整个窗口"), [(k, _(w)) for k, w in WINDOW_KEYS]))
        self._before = self.window().focusWidget()
        self.setGeometry(self._place())
        self.show()
        self.raise_()
        self.setFocus()

    def close_list(self) -> None:
        """Take the sheet away and give the focus back."""
        self.hide()
        if self._before is not None:
            self._before.setFocus()

    def _rows(self) -> int:
        return max(len(keys) for _title, keys in self.groups)

    def _place(self) -> QRect:
        parent = self._under
        width = theme.px(380) * len(self.groups) + theme.px(24)
        height = theme.px(28) * self._rows() + theme.px(92)
        place = QRect(0, 0, min(width, parent.width() - 32), min(height, parent.height() - 32))
        place.moveCenter(parent.rect().center())
        return place

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Escape, Qt.Key.Key_F1, Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.close_list()
            return
        super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.close_list()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint.box(painter, self.rect(), "base", "edge")
        x = theme.px(24)
        wide = (self.width() - theme.px(24)) // len(self.groups)
        for title, keys in self.groups:
            top = theme.px(16)
            paint.text(painter, QRect(x, top, wide - theme.px(24), theme.px(24)), title, bold=True)
            paint.hline(painter, x, x + wide - theme.px(24), top + theme.px(30))
            for i, (key, words) in enumerate(keys):
                line = QRect(x, top + theme.px(36) + i * theme.px(28), wide - theme.px(24), theme.px(28))
                self._paint_line(painter, line, key, words)
            x += wide
        foot = self.rect().adjusted(theme.px(24), 0, -theme.px(24), -theme.px(8))
        foot.setTop(foot.bottom() - theme.px(20))
        paint.text(painter, foot, _("Esc 收起"), "ink2", size=Size.SMALL)

    def _paint_line(self, painter: QPainter, line: QRect, key: str, words: str) -> None:
        x = line.left()
        for part in key.split(" "):
            if part in ("…", "/"):
                x += paint.text(painter, QRect(x, line.top(), 20, line.height()), part, "ink2") + theme.HALF
                continue
            cap = paint.key_cap_size(part).width()
            paint.key_cap(painter, QRect(x, line.top(), cap, line.height()), part)
            x += cap + theme.HALF
        left = max(x + theme.GRID, line.left() + theme.px(132))
        paint.text(painter, QRect(left, line.top(), line.right() - left, line.height()), words)
