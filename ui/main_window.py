"""The window: navigation, one page at a time, status line. Knows places and files, nothing of any page's content."""

from functools import cached_property
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QByteArray, Qt, QTimer
from PySide6.QtGui import QCloseEvent, QKeySequence, QPainter, QPaintEvent, QResizeEvent, QShortcut, QShowEvent
from PySide6.QtWidgets import QApplication, QMainWindow, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from eduplan_desktop.environment import Environment
from eduplan_desktop.i18n import PRODUCT, _
from ui import theme
from ui.changes import ChangeHub
from ui.file_menu import FileMenu
from ui.icons import app_icon
from ui.memory import Memory
from ui.messages import Answer, Messages
from ui.navigation import WIDTH, Navigation
from ui.opening import Opening
from ui.places import Place, flat, of_side
from ui.rare import RareFonts
from ui.screen import Context, Screen, Target
from ui.status_line import StatusLine
from ui.tasks import TaskRunner
from ui.theme import Tone
from ui.vault import lock_all
from ui.widgets import paint
from ui.widgets.buttons import Button
from ui.widgets.labels import Label
from ui.widgets.shapes import Shape

if TYPE_CHECKING:
    from ui.key_list import KeyList

STANDARD: Final = (1366, 696)
STEP_AT_ONCE: Final = 500
"""Images undo or redo writes back while the key is down; more go to the worker."""
LATER: Final = 30
"""Milliseconds after which a page that was just shown goes on with what takes longer."""


class CountyStrip(QWidget):
    """The strip at the top of a county window: nobody mistakes the side."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedHeight(4)
        self.hide()

    def paintEvent(self, event: QPaintEvent) -> None:
        paint.fill(self, QPainter(self), "county")


class MainWindow(QMainWindow):
    """The frame of all pages. `open_file`, `close_file` and `go` are what everything else comes down to."""

    def __init__(
        self,
        env: Environment,
        *,
        tasks: TaskRunner | None = None,
        messages: Messages | None = None,
        memory: Memory | None = None,
    ) -> None:
        super().__init__()
        self.env = env
        self.memory = memory or Memory(env.home)
        self.messages = messages or Messages(lambda: self, self.memory)
        self.tasks = tasks or TaskRunner(self)
        QApplication.instance().eduplan_rare = RareFonts(self.tasks, self)  # type: ignore[union-attr]
        self.changes = ChangeHub(self)
        self.changes.changed.connect(self._written)
        self.workspace: Any = None
        self.page: Screen | None = None
        self.place = ""
        self._places: dict[str, Place] = {}
        self._screens: dict[str, Screen] = {}
        self._stale: set[str] = set()
        self._build()
        self._bind_keys()
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(LATER)
        self._later.timeout.connect(self.finish_page)
        self.opening = Opening(self)
        self.menu = FileMenu(self)
        self._restore_size()

    def _build(self) -> None:
        self.setWindowIcon(app_icon())
        whole = QWidget()
        column = QVBoxLayout(whole)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self.strip = CountyStrip()
        self.navigation = Navigation()
        self.navigation.chosen.connect(self.go)
        self.stack = QStackedWidget()
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.splitter.setHandleWidth(1)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.addWidget(self.navigation)
        self.splitter.addWidget(self.stack)
        self.splitter.setStretchFactor(1, 1)
        self.navigation.setMinimumWidth(theme.px(WIDTH - 24))
        self.navigation.setMaximumWidth(theme.px(WIDTH + 96))
        self.status = StatusLine()
        for widget in (self.strip, self.splitter, self.status):
            column.addWidget(widget, 1 if widget is self.splitter else 0)
        self.setCentralWidget(whole)
        self._whole = whole
        self.setMinimumSize(theme.px(960), theme.px(560))

    def _bind_keys(self) -> None:
        keys: dict[str, Any] = {
            "F1": self.show_keys,
            "F6": self.next_pane,
            "Shift+F6": lambda: self.next_pane(-1),
            "Ctrl+Z": self.undo,
            "Ctrl+Y": self.redo,
            "Ctrl+Shift+Z": self.redo,
            "Ctrl+S": self.say_saved,
            "Ctrl+O": lambda: self.opening.choose(),
            "Ctrl+L": self.lock_vaults,
        }
        for number in range(1, 10):
            keys[f"Ctrl+{number}"] = lambda n=number: self.navigation.list.open_group(n)
        for key, act in keys.items():
            QShortcut(QKeySequence(key), self).activated.connect(act)

    # ---- files

    @property
    def side(self) -> str:
        """'' without a file, else 'school' or 'county'."""
        return str(self.workspace.kind) if self.workspace is not None else ""

    def begin(self, path: str = "") -> None:
        """Show a file, or the start page where none is named or it cannot be opened."""
        if not path or not self.open_file(path):
            self._show_side()

    def open_file(self, path: str) -> bool:
        """Open a data file in place of the one that is open. False when it could not be opened or the person stays."""
        return self.opening.open_path(path)

    def adopt(self, workspace: Any) -> bool:
        """Take over a workspace somebody else opened or made."""
        if not self.close_file(quiet=True):
            workspace.close()
            return False
        self.workspace = workspace
        self._show_side()
        return True

    def close_file(self, *, quiet: bool = False) -> bool:
        """Save what is half-done, close the file and go to the start page; False stays."""
        if self.page is not None and not self.page.settle():
            return False
        if self.tasks.busy and not self._stop_work():
            return False
        self.tasks.cancel_all()
        self._keep_sizes()
        self.forget_screens()
        if self.workspace is not None:
            self.workspace.close()
            self.workspace = None
        if not quiet:
            self._show_side()
        return True

    def _stop_work(self) -> bool:
        """Ask what to do with work under way; it is stopped and waited for, or the window stays."""
        verb = self.messages.ask(
            _("还有一件事没做完"),
            _("现在关闭会停下正在进行的工作，已经写入的不受影响。"),
            [Answer("stay", _("接着做完")), Answer("stop", _("停下并关闭"))],
        )
        if verb != "stop":
            return False
        self.tasks.shut_down()
        return True

    def _show_side(self) -> None:
        """Navigation, title and first page of the side that is open now."""
        ws = self.workspace
        places = of_side(self.side, ws.registers() if ws is not None else ())
        self._places = {p.id: p for p in flat(places)}
        county = self.side == "county"
        self.strip.setVisible(county)
        if ws is None:
            self.navigation.head.show_file(_(PRODUCT), _("离线填报·收取·汇总"), county=False)
            self.setWindowTitle(_(PRODUCT))
        else:
            words = _("县级汇总端") if county else _("学校端")
            self.navigation.head.show_file(ws.title, words, county=county)
            product = _("{product}（县级）").format(product=_(PRODUCT)) if county else _(PRODUCT)
            self.setWindowTitle(f"{ws.title} — {ws.path.name} — {product}")
        self.navigation.show_places([p for p in places if not p.hidden])
        self.status.show_sample(bool(ws is not None and ws.sample))
        self._show_saved()
        if self._places:
            self.go(next(iter(self._places)))
            self._ask_about_clock()

    def _ask_about_clock(self) -> None:
        """A PC date that cannot be right is asked about once, without stopping anybody (D21)."""
        ws, page = self.workspace, self.page
        doubt = ws.clock_doubt() if ws is not None and not ws.read_only else ""
        if not doubt or page is None:
            return
        said = {
            "behind": _("电脑的日期早于最近的配置包或回执。程序按 {today} 计算，请校准电脑日期。"),
            "ahead": _("电脑的日期比最近的配置包或回执晚 400 天以上。程序暂按 {today} 计算；日期没错请确认。"),
        }[doubt]
        page.say(said.format(today=ws.today()), Tone.AMBER, [(_("日期没错"), ws.confirm_clock)])

    # ---- pages

    def context(self) -> Context:
        """What a new page is given."""
        return Context(self.env, self.memory, self.messages, self.tasks, self.changes, self, self.workspace)

    def go(self, place: str, target: Target | None = None) -> None:
        """Show a page; the one before saves what is half-done first and may refuse to be left."""
        known = self._places.get(place)
        if known is None or (self.page is not None and place != self.place and not self.page.settle()):
            return
        if place not in self._screens:
            self._screens[place] = self._made(known)
            self.stack.addWidget(self._screens[place])
        self.page, self.place = self._screens[place], place
        self.stack.setCurrentWidget(self.page)
        self.navigation.mark(place)
        if place in self._stale:  # something was written while another page was shown
            self._stale.discard(place)
            self.page.refresh(None)
        self.page.enter(target)
        self.page.focus_first()
        self._show_status()
        self._later.start()

    def finish_page(self) -> None:
        """Do now what the page left for after its first painting."""
        self._later.stop()
        if self.page is not None:
            self.page.later()

    def _made(self, place: Place) -> Screen:
        module, _colon, name = place.screen.partition(":")
        factory = getattr(import_module(module), name)
        made = factory(self.context(), place.argument) if place.argument else factory(self.context())
        made.status_changed.connect(self._show_status)
        return made

    def forget_screens(self) -> None:
        """Let all pages be built again, as after a change of palette or file."""
        self._later.stop()
        for screen in self._screens.values():
            screen.stop()
            self.stack.removeWidget(screen)
            screen.deleteLater()
        self._screens, self._stale, self.page, self.place = {}, set(), None, ""

    def redress(self) -> None:
        """Build the pages again in the palette and size in use, and come back to the one that was open."""
        place = self.place
        self.forget_screens()
        self.navigation.setMinimumWidth(theme.px(WIDTH - 24))
        self.navigation.setMaximumWidth(theme.px(WIDTH + 96))
        self.status.setFixedHeight(theme.px(24))
        for label in self.status.findChildren(Label):
            label.dress()
        self.go(place)
        self.update()

    def knows(self, place: str) -> bool:
        """Whether this side has such a page."""
        return place in self._places

    def mark(self, place: str) -> None:
        """Show another place as the one that is open, as for a page without a line of its own."""
        self.navigation.mark(place)

    def set_badge(self, place: str, words: str, tone: Tone = Tone.NEUTRAL) -> None:
        """Show a word behind a place."""
        self.navigation.set_badge(place, words, tone)

    def _show_status(self) -> None:
        self.status.show_texts(list(self.page.status()) if self.page is not None else [])

    # ---- writing

    def _written(self, changes: Any) -> None:
        self._show_saved()
        self._stale |= set(self._screens) - {self.place}
        if self.page is not None:
            self.page.refresh(changes)
            self._show_status()

    def _show_saved(self) -> None:
        if self.workspace is None:
            self.status.show_saved("")
        elif self.workspace.read_only:
            self.status.show_saved(_("只读，不能修改"), Shape.HELD)
        else:
            now = self.env.now().astimezone().strftime("%H:%M:%S")
            self.status.show_saved(_("已保存 {time}").format(time=now))

    def say_saved(self) -> None:
        """Ctrl+S: everything is saved already; say so, after settling what is half-done."""
        if self.workspace is not None and self.page is not None and self.page.settle():
            self._show_saved()

    def undo(self) -> None:
        """Take back the last act and say which it was."""
        self._step("undo", _("已撤销：{what}"), _("正在撤销：{what}"), (_("重做"), self.redo))

    def redo(self) -> None:
        """Do again what was taken back."""
        self._step("redo", _("已重做：{what}"), _("正在重做：{what}"), (_("撤销"), self.undo))

    def _step(self, name: str, words: str, doing: str, back: Any) -> None:
        if self.workspace is None or self.page is None or not self.page.settle():
            return
        page = self.page
        label = getattr(self.workspace, f"{name}_label")()

        def said(changes: Any) -> None:
            if changes is None:
                page.say(_("没有可以撤销或重做的操作。"), Tone.NEUTRAL)
            else:
                page.say(words.format(what=label or ""), Tone.GREEN, [back])

        if self.workspace.step_size(name) > STEP_AT_ONCE:
            from ui.long_work import work

            work(page, doing.format(what=label or ""), lambda ws, *_watch: getattr(ws, name)(), said, undoing=True)
            return
        changes = getattr(self.workspace, name)()
        if changes is not None:
            self.changes.publish(changes)
        said(changes)

    def lock_vaults(self) -> None:
        """Ctrl+L: lock every vault at once."""
        if self.page is not None and self.workspace is not None and self.page.settle():
            locked = lock_all(self.context())
            words = _("已锁定：{names}").format(names="、".join(locked)) if locked else _("没有打开的保险库。")
            self.page.say(words, Tone.GREEN if locked else Tone.NEUTRAL)

    # ---- keyboard

    @cached_property
    def key_list(self) -> "KeyList":
        """The sheet of keys, made when first asked for."""
        from ui.key_list import KeyList

        return KeyList(self._whole)

    def show_keys(self) -> None:
        """F1: the keys of this page and of the window."""
        if self.key_list.isVisible():
            self.key_list.close_list()
            return
        keys: list[tuple[str, str]] = []
        title = ""
        if self.page is not None:
            title = self.page.title_row.title.text()
            for button in self.page.findChildren(Button):
                if button.key and button.isVisible():
                    keys.append((button.key, button.text() or button.toolTip()))
            keys.extend(self.page.keys())
        self.key_list.show_keys(title, keys)

    def next_pane(self, step: int = 1) -> None:
        """F6: navigation, then the parts of the page, around."""
        panes: list[QWidget] = [self.navigation.list, *(self.page.panes() if self.page is not None else ())]
        focus = QApplication.focusWidget()
        here = next((i for i, p in enumerate(panes) if focus is p or (focus and p.isAncestorOf(focus))), 0)
        for offset in range(1, len(panes) + 1):
            pane = panes[(here + step * offset) % len(panes)]
            if pane.isVisible() and pane.isEnabled():
                pane.setFocus(Qt.FocusReason.TabFocusReason)
                return

    # ---- size

    def _restore_size(self) -> None:
        self.resize(*STANDARD)
        kept = self.memory.get("window.geometry", "")
        if kept:
            self.restoreGeometry(QByteArray.fromBase64(kept.encode()))
        self.splitter.setSizes([self.memory.get("window.navigation", theme.px(WIDTH)), 10_000])

    def _keep_sizes(self) -> None:
        self.memory.put("window.geometry", bytes(self.saveGeometry().toBase64().data()).decode())
        self.memory.put("window.navigation", self.splitter.sizes()[0])
        self.memory.save()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._later.isActive():  # a page made before the window was shown is painted first all the same
            self._later.start()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if "key_list" in self.__dict__ and self.key_list.isVisible():
            self.key_list.close_list()

    def closeEvent(self, event: QCloseEvent) -> None:
        if not self.close_file(quiet=True):
            event.ignore()
            return
        self.tasks.shut_down()
        self._keep_sizes()
        super().closeEvent(event)
