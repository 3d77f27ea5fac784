"""The plain table and form of a register that has a page of its own, one button away from that page."""

from typing import Final

from eduplan_desktop.i18n import N_, _
from ui.register_screen import RegisterScreen
from ui.screen import Context, Target
from ui.widgets.buttons import Button

HOMES: Final = {
    "safety_check": ("daily_check", N_("回到日查")),
    "hazard": ("hazard", N_("看板")),
    "checkup": ("checkup", N_("逐人录入")),
}
"""Register → the place of its own page, and the words of the way back."""


class PlainTableScreen(RegisterScreen):
    """The generic screen with a way back; the navigation shows its own page as the one that is open."""

    def __init__(self, context: Context, register_name: str) -> None:
        super().__init__(context, register_name)
        self.home, words = HOMES[register_name]
        self.back = Button(_(words), lambda: context.frame.go(self.home), icon="chevron-left")
        self.title_row.row.insertWidget(self.title_row.row.count() - 4, self.back)

    def enter(self, target: Target | None) -> None:
        self.context.frame.mark(self.home)
        super().enter(target)
