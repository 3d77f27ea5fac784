"""Labels: plain text by role and size, and one that elides and says the whole in its tooltip."""

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from ui import theme
from ui.rare import cover
from ui.theme import Size
from ui.widgets import paint


class Label(QLabel):
    """Text in one of the three sizes and a role of the palette; links in it open by keyboard and mouse."""

    def __init__(
        self,
        text: str = "",
        role: str = "ink",
        size: Size = Size.BODY,
        *,
        bold: bool = False,
        wrap: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        self._role, self._size, self._bold = role, size, bold
        self._worn = theme.dress()
        super().__init__(text, parent)
        cover(text)
        self.setWordWrap(wrap)
        if not wrap:
            self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.dress()

    def setText(self, text: str) -> None:
        cover(text)
        super().setText(text)

    def set_role(self, role: str) -> None:
        """Change the colour role."""
        if role != self._role:
            self._role = role
            self.dress()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        kinds = (QEvent.Type.PaletteChange, QEvent.Type.ApplicationPaletteChange, QEvent.Type.ApplicationFontChange)
        if event.type() in kinds and theme.dress() != self._worn:
            self.dress()

    def dress(self) -> None:
        """Take the palette and the size of type in use."""
        self._worn = theme.dress()
        self.setFont(theme.font(self._size, bold=self._bold))
        palette = QPalette(self.palette())
        palette.setColor(QPalette.ColorRole.WindowText, theme.colour(self._role))
        palette.setColor(QPalette.ColorRole.Link, theme.colour("accent"))
        self.setPalette(palette)


class ElidedLabel(QWidget):
    """One line that gives way: elided when there is no room, the whole in the tooltip."""

    def __init__(
        self,
        text: str = "",
        role: str = "ink",
        size: Size = Size.BODY,
        *,
        bold: bool = False,
        elide: Qt.TextElideMode = Qt.TextElideMode.ElideRight,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._text, self._role, self._size, self._bold, self._elide = text, role, size, bold, elide
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def text(self) -> str:
        """The whole text."""
        return self._text

    def set_text(self, text: str) -> None:
        """Change the text."""
        if text != self._text:
            self._text = text
            self.setAccessibleName(text)
            self.updateGeometry()
            self.update()

    def set_role(self, role: str) -> None:
        """Change the colour role."""
        self._role = role
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(paint.width_of(self._text, self._size, bold=self._bold) + 2, theme.px(20))

    def minimumSizeHint(self) -> QSize:
        return QSize(0, theme.px(20))

    def paintEvent(self, event: QPaintEvent) -> None:
        cut = self.width() < self.sizeHint().width() - 2
        tip = self._text if cut else ""
        if self.toolTip() != tip:
            self.setToolTip(tip)
        paint.text(
            QPainter(self), self.rect(), self._text, self._role, size=self._size, bold=self._bold, elide=self._elide
        )
