"""The shipped manual, as a page."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from PySide6.QtWidgets import QTextBrowser, QWidget

from eduplan_desktop.i18n import _
from ui import theme
from ui.screen import Context, Screen

MANUAL: Final = Path(__file__).resolve().parent.parent.parent / "docs" / "manual" / "README.md"


class ManualScreen(Screen):
    """Text and pictures of docs/manual."""

    def __init__(self, context: Context) -> None:
        super().__init__(context, _("使用说明"))
        self.browser = QTextBrowser()
        self.browser.setOpenExternalLinks(False)
        self.browser.setSearchPaths([str(MANUAL.parent)])
        self.browser.setFrameShape(QTextBrowser.Shape.NoFrame)
        self.browser.document().setDocumentMargin(theme.px(24))
        try:
            self.browser.setMarkdown(MANUAL.read_text(encoding="utf-8"))
        except OSError:
            self.browser.setPlainText(_("这个安装里没有附带说明书。按 F1 看每一页的按键。"))
        self.column.addWidget(self.browser, 1)

    def panes(self) -> Sequence[QWidget]:
        return [self.browser]
