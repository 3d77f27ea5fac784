"""Parts of the settings page: a labelled line with its act, and a card of such lines."""

from collections.abc import Callable

from PySide6.QtWidgets import QHBoxLayout, QWidget

from ui import theme
from ui.theme import Size
from ui.widgets.buttons import Button, StateTag
from ui.widgets.cards import Card
from ui.widgets.labels import ElidedLabel, Label

LABEL = 104


class Fact(QWidget):
    """Label, words that give way, and acts at the right."""

    def __init__(self, label: str, words: str = "", *buttons: Button, tag: StateTag | None = None) -> None:
        super().__init__()
        self.setFixedHeight(theme.px(32))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.GRID)
        name = Label(label, "ink2")
        name.setFixedWidth(theme.px(LABEL))
        row.addWidget(name)
        self.tag = tag
        if tag is not None:
            row.addWidget(tag)
        self.words = ElidedLabel(words)
        row.addWidget(self.words, 1)
        self.buttons = buttons
        for button in buttons:
            row.addWidget(button)

    def say(self, words: str) -> None:
        """Change the words."""
        self.words.set_text(words)


class SettingsCard(Card):
    """A card of lines, with a sentence on top that says what it is for."""

    def __init__(self, title: str, about: str) -> None:
        super().__init__(title)
        self.body.setSpacing(theme.HALF)
        self.about = Label(about, "ink2", Size.SMALL, wrap=True)
        self.body.addWidget(self.about)

    def add(self, widget: QWidget) -> QWidget:
        """Put a line at the end."""
        self.body.addWidget(widget)
        return widget


def act(words: str, do: Callable[[], object], icon: str = "", *, tip: str = "") -> Button:
    """A small button in a line."""
    return Button(words, do, icon=icon, compact=True, tip=tip)
