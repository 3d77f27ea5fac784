"""Where the keys of this PC lie, as the window asks it: on the joining page, once; and after a reset of C:, on any first page."""

from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QHBoxLayout
from shiboken6 import isValid

from eduplan_desktop.errors import EduPlanError
from eduplan_desktop.i18n import _
from ui.screen import Context
from ui.theme import Size, Tone
from ui.widgets.buttons import Button
from ui.widgets.cards import Card
from ui.widgets.labels import ElidedLabel, Label

if TYPE_CHECKING:
    from ui.main_window import MainWindow


def use_home(context: Context, folder: Path) -> bool:
    """Put the keys there from now on; a folder that will not do is refused with the reason and the way out."""
    if context.tasks.busy:
        context.messages.tell(_("没有换"), _("还有一件事没做完，等它做完再换。"), tone=Tone.AMBER)
        return False
    try:
        context.frame.use_home(folder)
    except EduPlanError as fault:
        context.messages.fault(fault, _("没有换"))
        return False
    return True


def offer_found(window: "MainWindow") -> None:
    """Say it where nobody chose a folder on this PC, but keys of an earlier run lie in a place the program proposes."""
    env = window.env

    def look(_progress: Any, _cancelled: Any) -> Any:
        from eduplan_desktop.workspace import first_run

        return first_run(env)

    def found(first: Any) -> None:
        page = window.page
        if first is None or not first.found or page is None:
            return
        folder = first.found[0]

        def take() -> None:
            if page.settle() and use_home(page.context, folder):
                window.redress()
                if window.page is not None:
                    window.page.say(_("接着用 {folder} 里的密钥。").format(folder=escape(str(folder))), Tone.GREEN)

        words = _("这台电脑还原过吗？{folder} 里有以前的密钥，接着用就不必重新申请入网。")
        page.say(words.format(folder=escape(str(folder))), Tone.AMBER, [(_("接着用"), take)])

    window.tasks.run(look, on_done=found, background=True)


class KeyPlaceCard(Card):
    """The question of the first run: a folder is proposed, joining takes it, another one is a click away."""

    def __init__(self, context: Context, title: str) -> None:
        super().__init__(title)
        self._context = context
        self.folder: Path | None = None
        row = QHBoxLayout()
        self.path = ElidedLabel("")
        self.other = Button(_("换一个…"), self._choose, compact=True, icon="folder")
        row.addWidget(self.path, 1)
        row.addWidget(self.other)
        self.body.addLayout(row)
        self.words = Label("", "ink2", Size.SMALL, wrap=True)
        self.body.addWidget(self.words)
        self.hide()

    def look(self) -> None:
        """Find out, off the window's thread, whether there is anything to ask and what to propose."""
        env = self._context.workspace.env

        def first(_progress: Any, _cancelled: Any) -> Any:
            from eduplan_desktop.workspace import first_run

            return first_run(env)

        self._context.tasks.run(first, on_done=self._show, background=True)

    def _show(self, first: Any) -> None:
        if not isValid(self):  # the file was closed meanwhile
            return
        self.setVisible(first is not None)
        if first is None:
            self.folder = None
            return
        if self.folder is None:
            self._take(first.found[0] if first.found else first.proposed)
        if first.found:
            words = _("这里有以前的密钥，接着用。")
        elif first.other_disk:
            words = _("不在系统盘，C 盘还原以后密钥还在；那时程序会再问一次，到这里找。")
        else:
            words = _(
                "这个用户自己的文件夹。电脑有还原卡时，请换到不会被还原的盘；还原以后程序会再问一次，那时选这个文件夹。"
            )
        self.words.setText(words)

    def _take(self, folder: Path) -> None:
        self.folder = folder
        self.path.set_text(str(folder))

    def _choose(self) -> None:
        folder = self._context.messages.pick_folder(_("密钥放在哪个文件夹（本机硬盘，不会被还原卡还原的盘）"))
        if folder:
            self._take(Path(folder))

    def settle(self) -> bool:
        """Take the folder shown, where one is asked for; False where it was refused."""
        if self.folder is None:
            return True
        if not use_home(self._context, self.folder):
            return False
        self._show(None)
        return True
