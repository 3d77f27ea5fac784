"""The status line: what the page says at the left, whether everything is saved at the right."""

from collections.abc import Sequence

from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from eduplan_desktop.i18n import _
from ui import theme
from ui.theme import Size
from ui.widgets import paint
from ui.widgets.icon_mark import IconMark
from ui.widgets.labels import Label
from ui.widgets.shapes import Shape, ShapeMark


class StatusLine(QWidget):
    """24 px at the foot of the window."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedHeight(theme.px(24))
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.MARGIN, 1, theme.MARGIN, 0)
        row.setSpacing(theme.MARGIN)
        self._texts = QHBoxLayout()
        self._texts.setSpacing(2 * theme.MARGIN)
        row.addLayout(self._texts)
        row.addStretch(1)
        self.mark = ShapeMark(Shape.OK)
        self.saved = Label("", "ink2", Size.SMALL)
        self.lock_mark = IconMark("unlock", "green")
        self.vault = Label("", "green", Size.SMALL)
        self.sample = Label(_("示例数据"), "amber", Size.SMALL, bold=True)
        state = QHBoxLayout()
        state.setSpacing(theme.HALF)
        state.addWidget(self.mark)
        state.addWidget(self.saved)
        vault = QHBoxLayout()
        vault.setSpacing(theme.HALF)
        vault.addWidget(self.lock_mark)
        vault.addWidget(self.vault)
        row.addLayout(vault)
        row.addLayout(state)
        row.addWidget(self.sample)
        self.show_vault("")
        self.mark.hide()
        self.sample.hide()
        self._labels: list[Label] = []

    def show_texts(self, texts: Sequence[str]) -> None:
        """Texts at the left; <b> is allowed."""
        texts = [t for t in texts if t]
        while len(self._labels) < len(texts):
            label = Label("", "ink2", Size.SMALL)
            label.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
            self._labels.append(label)
            self._texts.addWidget(label)
        for i, label in enumerate(self._labels):
            label.setText(texts[i] if i < len(texts) else "")
            label.setVisible(i < len(texts))
        self.update()

    def texts(self) -> list[str]:
        """The texts at the left."""
        return [label.text() for label in self._labels if not label.isHidden()]

    def show_saved(self, words: str, shape: Shape = Shape.OK) -> None:
        """Whether everything is saved; '' shows nothing."""
        self.saved.setText(words)
        self.mark.show_shape(shape)
        self.mark.setVisible(bool(words))

    def show_vault(self, words: str) -> None:
        """Which vaults are open and when they lock by themselves; '' shows nothing."""
        self.vault.setText(words)
        self.vault.setVisible(bool(words))
        self.lock_mark.setVisible(bool(words))

    def show_sample(self, sample: bool) -> None:
        """Say that this is sample data."""
        self.sample.setVisible(sample)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint.fill(self, painter, "canvas")
        paint.hline(painter, 0, self.width(), 0)
        for label in self._labels[1:]:
            if not label.isHidden():
                paint.vline(painter, label.x() - theme.MARGIN, 4, self.height() - 4)
