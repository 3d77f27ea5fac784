"""The shipped manual: its chapters, with links between them and pictures made to fit the page."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QPixmap, QResizeEvent, QTextCursor, QTextDocument
from PySide6.QtWidgets import QTextBrowser, QWidget

from eduplan_desktop.i18n import _
from ui import theme
from ui.screen import Context, Screen, Target
from ui.widgets.buttons import Button

MANUAL: Final = Path(__file__).resolve().parent.parent.parent / "docs" / "manual" / "README.md"
Kind = QTextDocument.ResourceType
WIDEST: Final = 900
"""Logical pixels a picture takes at most."""


class Pages(QTextBrowser):
    """Markdown pages of one folder. A picture wider than the page is drawn smaller; only files of the manual are read."""

    def __init__(self) -> None:
        super().__init__()
        self.setOpenExternalLinks(False)
        self.setFrameShape(QTextBrowser.Shape.NoFrame)

    def loadResource(self, kind: int, name: QUrl | str) -> object:
        place = self.source().resolved(QUrl(name)).toLocalFile()
        if kind == Kind.HtmlResource.value:
            return self._page(Path(place))
        picture = QPixmap(place)
        width = min(theme.px(WIDEST), self.viewport().width() - theme.px(64))
        if picture.width() <= width or width <= 0:
            return picture
        return picture.scaledToWidth(width, Qt.TransformationMode.SmoothTransformation)

    def _page(self, place: Path) -> str:
        """Read Markdown in a document of its own: set in the shown one, its first lines keep the form of the last heading."""
        page = QTextDocument()
        page.setDefaultFont(self.font())
        page.setMarkdown(place.read_text(encoding="utf-8"))
        _give_air(page)
        return page.toHtml()

    def doSetSource(self, name: QUrl | str, kind: Kind = Kind.UnknownResource) -> None:
        place = Path(self.source().resolved(QUrl(name)).toLocalFile())
        if place.suffix == ".md" and place.is_file() and MANUAL.parent.parent in place.parents:
            super().doSetSource(QUrl.fromLocalFile(str(place)), Kind.HtmlResource)
            self.document().setDocumentMargin(theme.px(24))
            root = self.document().rootFrame()
            form = root.frameFormat()
            form.setRightMargin(max(theme.px(24), self.viewport().width() - theme.px(WIDEST + 48)))
            root.setFrameFormat(form)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.oldSize().width() != event.size().width() and not self.source().isEmpty():
            where = self.verticalScrollBar().value()
            self.reload()
            self.verticalScrollBar().setValue(where)


def _give_air(page: QTextDocument) -> None:
    """Room above a heading, a little below everything, lines a person reads without a ruler."""
    block = page.begin()
    while block.isValid():
        form = block.blockFormat()
        if level := form.headingLevel():
            form.setTopMargin(theme.px(8 if block.blockNumber() == 0 else 28 - 4 * min(level, 3)))
            form.setBottomMargin(theme.px(8))
        elif block.textList() is None:
            form.setBottomMargin(theme.px(8))
        else:
            form.setBottomMargin(theme.px(4))
        QTextCursor(block).setBlockFormat(form)
        block = block.next()


class ManualScreen(Screen):
    """Text and pictures of docs/manual."""

    def __init__(self, context: Context) -> None:
        super().__init__(context, _("使用说明"))
        self.browser = Pages()
        self.back = Button(_("返回"), self.browser.backward, icon="chevron-left", key="Alt+Left")
        self.home = Button(_("目录"), self._home, icon="home")
        self.title_row.add(self.back, self.home)
        self.browser.backwardAvailable.connect(self.back.setEnabled)
        self.back.setEnabled(False)
        self.column.addWidget(self.browser, 1)

    def enter(self, target: Target | None) -> None:
        if self.browser.source().isEmpty():
            self._home()

    def _home(self) -> None:
        if MANUAL.is_file():
            self.browser.setSource(QUrl.fromLocalFile(str(MANUAL)))
        else:
            self.browser.setPlainText(_("这个安装里没有附带说明书。按 F1 看每一页的按键。"))

    def panes(self) -> Sequence[QWidget]:
        return [self.browser]
