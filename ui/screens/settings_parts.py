"""Parts of the settings page: a labelled line with its act, and a card of such lines."""

from collections.abc import Callable

from PySide6.QtWidgets import QHBoxLayout, QWidget

from eduplan_desktop.errors import EduPlanError
from eduplan_desktop.i18n import _
from ui import theme
from ui.screen import Screen
from ui.theme import Size
from ui.widgets.buttons import Button, StateTag
from ui.widgets.cards import Card
from ui.widgets.fields import Segments
from ui.widgets.labels import ElidedLabel, Label

LABEL = 104
LOCK_CHOICES = (5, 10, 20, 30)
"""Minutes; never is no choice."""


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


class LockAfter(QWidget):
    """Minutes without use after which open vaults lock by themselves."""

    def __init__(self, screen: Screen) -> None:
        super().__init__()
        self._screen = screen
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        self.choice = Segments(tuple(_words(n) for n in LOCK_CHOICES))
        self.choice.setAccessibleName(_("没有人用多久自动锁定"))
        self.choice.edited.connect(self._keep)
        row.addWidget(Label(_("没有人用多久自动锁定"), "ink2"))
        row.addStretch(1)
        row.addWidget(self.choice)

    def show_minutes(self) -> None:
        """Show what holds now."""
        self.choice.set_text(_words(self._screen.context.workspace.settings.lock_minutes()))

    def _keep(self) -> None:
        context = self._screen.context
        chosen = next((n for n in LOCK_CHOICES if _words(n) == self.choice.text()), 0)
        if chosen and chosen != context.workspace.settings.lock_minutes():
            try:
                context.workspace.settings.set_lock_minutes(chosen)
            except EduPlanError as fault:
                context.messages.fault(fault, _("没有记住"))
            context.changes.publish(None)
        self.show_minutes()


def _words(minutes: int) -> str:
    return _("{n} 分钟").format(n=minutes)


def act(words: str, do: Callable[[], object], icon: str = "", *, tip: str = "") -> Button:
    """A small button in a line."""
    return Button(words, do, icon=icon, compact=True, tip=tip)
