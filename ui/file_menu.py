"""The menu of the navigation head: files, backup, palette, size of type."""

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QMenu

from eduplan_desktop.i18n import N_, _
from ui import theme
from ui.icons import icon
from ui.recent import recent_files
from ui.theme import Tone

if TYPE_CHECKING:
    from ui.main_window import MainWindow

SCALES: Final = ((1.0, N_("标准")), (1.15, N_("大")), (1.3, N_("更大")))


class FileMenu:
    """Fills the menu when it opens, so that it always shows what can be done now."""

    def __init__(self, window: "MainWindow") -> None:
        self._window = window
        self.menu: QMenu = window.navigation.head.menu
        self.menu.aboutToShow.connect(self.fill)

    def fill(self) -> None:
        """Make the entries anew."""
        self.menu.clear()
        window = self._window
        self._add(_("打开文件…"), "folder", window.opening.choose, "Ctrl+O")
        here = str(window.workspace.path) if window.workspace is not None else ""
        others = [f for f in recent_files(window.memory) if f.path != here and not f.missing][:6]
        for file in others:
            act = self._add(
                file.title, "county" if file.side == "county" else "school", lambda p=file.path: window.open_file(p)
            )
            act.setToolTip(file.path)
        self.menu.addSeparator()
        if window.workspace is not None:
            self._add(_("备份到…"), "disk", self.back_up)
            self._add(_("关闭文件，回到开始页"), "home", window.close_file)
            self.menu.addSeparator()
        dark = self._add(_("深色界面"), "moon", self.switch_palette)
        dark.setCheckable(True)
        dark.setChecked(theme.is_dark())
        sizes = self.menu.addMenu(_("字的大小"))
        for scaled, words in SCALES:
            one = sizes.addAction(_(words))
            one.setCheckable(True)
            one.setChecked(abs(theme.scale() - scaled) < 0.01)
            one.triggered.connect(lambda _on=False, s=scaled: self.resize_type(s))
        self.menu.addSeparator()
        self._add(_("键盘一览"), "keyboard", window.show_keys, "F1")

    def _add(self, words: str, icon_name: str, act: object, key: str = "") -> QAction:
        made = self.menu.addAction(icon(icon_name), words + (f"\t{key}" if key else ""))
        made.triggered.connect(lambda _on=False: act())  # type: ignore[operator]
        return made

    def back_up(self) -> None:
        """Ask where to, and write a verified backup there."""
        window = self._window
        folder = window.messages.pick_folder(_("备份到哪个文件夹或 U 盘"))
        if not folder or window.workspace is None or window.page is None or not window.page.settle():
            return
        ws = window.workspace

        def write(_progress: Any, _cancelled: Any) -> Path:
            with ws.another() as twin:
                return Path(twin.backup(Path(folder)))

        def done(made: Path) -> None:
            if window.page is not None:
                window.page.say(_("备份好了，并且读回核对过：{path}").format(path=made), Tone.GREEN)

        window.tasks.run(write, on_done=done, on_failed=lambda fault: window.messages.fault(fault, _("没有备份成")))

    def switch_palette(self) -> None:
        """Light to dark and back."""
        self._redress(dark=not theme.is_dark(), scaled=theme.scale())

    def resize_type(self, scaled: float) -> None:
        """Larger or standard type and rows."""
        self._redress(dark=theme.is_dark(), scaled=scaled)

    def _redress(self, *, dark: bool, scaled: float) -> None:
        window = self._window
        if window.page is not None and not window.page.settle():
            return
        window.memory.put("window.dark", dark)
        window.memory.put("window.scale", scaled)
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        theme.install(app, dark=dark, scaled=scaled)
        window.redress()
