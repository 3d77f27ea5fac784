"""The vaults in settings: make one with offered words, see its recovery code once, print it, change the passphrase, lock."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from eduplan_desktop.errors import EduPlanError
from eduplan_desktop.i18n import N_, _
from ui import theme
from ui.erase import choose_person, said
from ui.screen import Screen
from ui.screens.settings_parts import Fact, LockAfter, SettingsCard, act
from ui.theme import Size, Tone
from ui.vault import NAMES, open_vault
from ui.widgets.buttons import Button, StateTag
from ui.widgets.fields import LineField
from ui.widgets.labels import Label
from ui.widgets.shapes import Shape

ABOUT: Final = {
    "personal": N_("证件号码、手机号、家庭住址等"),
    "health": N_("体检结果和未检原因，只有健康档案员能看"),
}
STATES: Final = {
    "none": (Shape.EXEMPT, N_("还没有建立")),
    "locked": (Shape.RING, N_("已锁定")),
    "open": (Shape.OK, N_("打开着")),
}


class CodeOnce(QWidget):
    """A recovery code, shown until the person says that it is kept."""

    def __init__(self, screen: Screen) -> None:
        super().__init__()
        self._screen, self.name = screen, ""
        column = QVBoxLayout(self)
        column.setContentsMargins(0, theme.HALF, 0, theme.HALF)
        column.setSpacing(theme.HALF)
        row = QHBoxLayout()
        row.setSpacing(theme.GRID)
        self.label = Label("", "amber", Size.SMALL)
        self.code = Label("", bold=True)
        self.code.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.print = act(_("打印…"), self.write, "printer", tip=_("印到一个 PDF 文件，印完删掉文件"))
        self.kept = act(_("已经收好"), self.forget)
        column.addWidget(self.label)
        row.addWidget(self.code, 1)
        row.addWidget(self.print)
        row.addWidget(self.kept)
        column.addLayout(row)
        self.hide()

    def show_code(self, name: str, code: str) -> None:
        """Show a code; it stands nowhere else."""
        self.name = name
        self.label.setText(_("{vault}恢复码，只显示这一次").format(vault=_(NAMES[name])))
        self.code.setText(code)
        self.show()
        self.print.setFocus()

    def forget(self) -> None:
        """Take the code away for good."""
        self.name = ""
        self.code.setText("")
        self.hide()

    def write(self) -> None:
        """Write it on a page where the person says."""
        context = self._screen.context
        name = _("{vault}恢复码.pdf").format(vault=_(NAMES[self.name]))
        path = context.messages.save_file(_("恢复码印到哪个 PDF 文件"), name, "PDF (*.pdf)")
        if not path:
            return
        try:
            context.workspace.settings.print_recovery_code(self.name, self.code.text(), Path(path))
        except EduPlanError as fault:
            context.messages.fault(fault, _("没有写成"))
            return
        self._screen.say(_("恢复码写在 {path}。印出来后请删掉这个文件。").format(path=path), Tone.AMBER)


class VaultCard(SettingsCard):
    """One line a vault, and the passphrase fields that open under it."""

    def __init__(self, screen: Screen) -> None:
        super().__init__(
            _("保险库"), _("敏感内容另外加密，打开保险库才能看和填。锁定后，待报的密封部分已经备好，不用口令也能报送。")
        )
        self._screen = screen
        self.lines: dict[str, Fact] = {}
        self.erasers: dict[str, Button] = {}
        for name in NAMES:
            buttons = (
                act("", partial(self._turn, name)),
                act(_("换口令"), partial(self._ask, name)),
                act(_("换恢复码"), partial(self._new_code, name)),
            )
            tag = StateTag(Shape.RING, "")
            self.lines[name] = Fact(_(NAMES[name]), _(ABOUT[name]), *buttons, tag=tag)
            self.add(self.lines[name])
        self.after = LockAfter(screen)
        self.add(self.after)
        if screen.context.workspace.kind == "school" and not screen.context.workspace.read_only:
            self.add(self._erasing())
        self.code = CodeOnce(screen)
        self.add(self.code)
        self._build_form()

    def _erasing(self) -> QWidget:
        """Whose content goes for good: also of people who are no longer in the register."""
        line = QWidget()
        row = QHBoxLayout(line)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.GRID)
        row.addWidget(Label(_("永久删除一个人的内容"), "ink2"))
        row.addStretch(1)
        self.erasers = {
            name: act(_("{vault}…").format(vault=_(NAMES[name])), partial(self._erase, name)) for name in NAMES
        }
        for button in self.erasers.values():
            row.addWidget(button)
        return line

    def _erase(self, name: str) -> None:
        context = self._screen.context
        choose_person(context, name, lambda: self._screen.say(said(context, name), Tone.GREEN))

    def _build_form(self) -> None:
        self.form = QWidget()
        column = QVBoxLayout(self.form)
        column.setContentsMargins(0, theme.HALF, 0, 0)
        column.setSpacing(theme.HALF)
        row = QHBoxLayout()
        row.setSpacing(theme.GRID)
        self.asked = Label("", "ink2", Size.SMALL)
        self.phrase = LineField()
        self.phrase.setAccessibleName(_("口令"))
        self.phrase.returnPressed.connect(self._take)
        self.take = act("", self._take)
        column.addWidget(self.asked)
        column.addWidget(self.phrase)
        row.addWidget(self.take)
        row.addWidget(act(_("另挑六个词"), self._offer))
        row.addStretch(1)
        row.addWidget(act(_("取消"), self.form.hide))
        column.addLayout(row)
        self.form.hide()
        self.add(self.form)
        self._then: Callable[[str], object] = lambda _words: None

    def show_state(self) -> None:
        """Show each vault as it is now."""
        ws = self._screen.context.workspace
        self.after.show_minutes()
        if self.code.name and ws.compartment_state(self.code.name) != "open":
            self.code.forget()
        for name, line in self.lines.items():
            state = ws.compartment_state(name)
            shape, words = STATES[state]
            assert line.tag is not None
            line.tag.show_state(shape, _(words))
            turn, change, code = line.buttons
            if name in self.erasers:
                self.erasers[name].setEnabled(state != "none")
            turn.set_text({"none": _("建立"), "locked": _("打开"), "open": _("锁定")}[state])
            for button in (change, code):
                button.setVisible(state == "open")
            for button in line.buttons:
                button.setEnabled(not ws.read_only or state == "locked")

    # ---- acts

    def _turn(self, name: str) -> None:
        ws = self._screen.context.workspace
        state = ws.compartment_state(name)
        if state == "none":
            self._show_form(
                _("口令至少六个词，可以照用这六个，也可以改。抄下来收好：没有口令也没有恢复码，谁都打不开。"),
                _("建立保险库"),
                lambda words: self._make(name, words),
            )
        elif state == "locked":
            open_vault(self._screen.context, name, self.show_state)
        else:
            ws.lock(name)
            self._screen.context.changes.publish(None)
            self.show_state()

    def _ask(self, name: str) -> None:
        self._show_form(
            _("新口令至少六个词。换好以后旧口令作废，恢复码不变。"),
            _("换成这个口令"),
            lambda words: self._change(name, words),
        )

    def _show_form(self, label: str, verb: str, then: Callable[[str], object]) -> None:
        self.asked.setText(label)
        self.take.set_text(verb)
        self._then = then
        self._offer()
        self.form.show()
        self.phrase.setFocus()

    def _offer(self) -> None:
        self.phrase.setText(self._screen.context.workspace.offered_words())
        self.phrase.setCursorPosition(0)

    def _take(self) -> None:
        self._then(self.phrase.text())

    def _work(self, do: Callable[[Any], Any], done: Callable[[Any], object], failed: str) -> None:
        """Derive the key on a second opening of the file, off the window's thread."""
        context = self._screen.context
        workspace = context.workspace

        def work(_progress: Any, _cancelled: Any) -> Any:
            with workspace.another() as twin:
                answer = do(twin)
                workspace.adopt_opened(twin)
                return answer

        def after(answer: Any) -> None:
            self.form.hide()
            self.phrase.clear()
            context.changes.publish(None)
            done(answer)

        context.tasks.run(work, on_done=after, on_failed=lambda fault: context.messages.fault(fault, failed))

    def _make(self, name: str, words: str) -> None:
        self._work(
            lambda twin: twin.make_compartment(name, words),
            lambda code: self.code.show_code(name, str(code)),
            _("没有建立"),
        )

    def _change(self, name: str, words: str) -> None:
        said = _("{vault}的口令换好了，旧口令作废；恢复码不变。").format(vault=_(NAMES[name]))
        self._work(
            lambda twin: twin.settings.change_passphrase(name, words),
            lambda _n: self._screen.say(said, Tone.GREEN),
            _("口令没有换"),
        )

    def _new_code(self, name: str) -> None:
        self._work(
            lambda twin: twin.settings.new_recovery_code(name),
            lambda code: self.code.show_code(name, str(code)),
            _("恢复码没有换"),
        )
