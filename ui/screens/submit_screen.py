"""Making a bundle: what is reported, what the check says, what travels, where to — read 1, 2, 3, then one big button."""

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from eduplan_desktop.errors import EduPlanError
from eduplan_desktop.i18n import _
from ui import theme
from ui.eject import say_written
from ui.register_output import open_outside
from ui.screen import Context, Screen, Target
from ui.screens.receipts_clone import offer_to_settle
from ui.screens.submit_checks import CheckList
from ui.screens.submit_done import DoneView
from ui.screens.submit_drives import DriveCard
from ui.screens.submit_items import ItemTable, open_now
from ui.screens.today_parts import FigureStrip, days_left
from ui.theme import Size, Tone
from ui.widgets import paint
from ui.widgets.buttons import Button, StateTag, Weight
from ui.widgets.cards import Card, EmptyState
from ui.widgets.grid import Cell, Column, Grid, Line
from ui.widgets.labels import Label
from ui.widgets.progress import ProgressPanel
from ui.widgets.shapes import Shape

CONTENTS: Final = (
    Column("登记册", 120, stretch=True),
    Column("记录", 64, right=True),
    Column("有改动", 60, right=True),
    Column("只有谁能打开", 112),
)


class BigButton(Button):
    """The one act of the page, 48 px high over the whole column."""

    def __init__(self, text: str, act: Any) -> None:
        super().__init__(text, act, weight=Weight.PRIMARY, icon="upload", key="Ctrl+Return")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(theme.px(48))

    def _side(self) -> int:
        taken = paint.width_of(self.text()) + paint.key_cap_size(self.key).width() + theme.px(38)
        return max(theme.px(12), (self.width() - taken) // 2)

    def minimumSizeHint(self) -> QSize:
        return QSize(theme.px(160), theme.px(48))

    def sizeHint(self) -> QSize:
        return QSize(theme.px(240), theme.px(48))


class SubmitScreen(Screen):
    """One page for the whole way from the check to the stick."""

    def __init__(self, context: Context) -> None:
        super().__init__(context, _("生成上报包"))
        self.plan: Any = None
        self.lines: list[Any] = []
        self.full = False
        self._seconds = 0.0
        self._sequence = 0
        self._changed_since = False
        self._running: ProgressPanel | None = None
        self.choose_items = Button(_("报送项目"), self._toggle_items, icon="list")
        self.again = Button(_("重新检查"), self.check, icon="refresh", key="F9")
        self.copy = Button(_("再写一份到别的盘"), self._copy_again, icon="copy")
        self.print = Button(_("打印报送封面"), self._print_cover, weight=Weight.PRIMARY, icon="printer", key="Ctrl+P")
        self.next = Button(_("再报一包"), self._start_over)
        self.title_row.add(self.choose_items, self.again, self.next, self.copy, self.print)
        self.items = ItemTable()
        self.items.changed.connect(self._items_changed)
        self.checks = CheckList(context)
        self.checks.changed.connect(self._explained)
        self.contents = Grid(CONTENTS)
        self.drives = DriveCard(context, _("3　写到哪里"), _("没有找到 U 盘。插上后点“重新查找”，或选择一个文件夹。"))
        self.drives.chosen.connect(self._show_button)
        self.go = BigButton("", self.submit)
        self.why = Label("", "ink2", Size.SMALL, wrap=True)
        self.figures = FigureStrip(_("去年同期"))
        context.changes.changed.connect(self._written)
        self._build()
        for key, step in (("F3", 1), ("Shift+F3", -1)):
            shortcut = QShortcut(QKeySequence(key), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(lambda s=step: self.checks.go_to_open(s))

    # ---- building

    def _build(self) -> None:
        self.pages = QStackedWidget()
        self.empty = _Empty(self)
        self.form = QWidget()
        row = QHBoxLayout(self.form)
        row.setContentsMargins(theme.MARGIN, theme.MARGIN, theme.MARGIN, theme.MARGIN)
        row.setSpacing(theme.MARGIN)
        left = QVBoxLayout()
        left.setSpacing(theme.MARGIN)
        self.item_card = Card(_("报送项目"), _("空格选或不选，0 为零报告；点最后一列也可以"), padded=False)
        self.item_card.body.addWidget(self.items)
        self.item_card.hide()
        left.addWidget(self.item_card)
        left.addWidget(self._check_card(), 1)
        left.addWidget(self.figures)
        right = QVBoxLayout()
        right.setSpacing(theme.MARGIN)
        right.addWidget(self._contents_card())
        right.addWidget(self.drives)
        right.addStretch(1)
        right.addWidget(self.why)
        right.addWidget(self.go)
        row.addLayout(left, 678)
        row.addLayout(right, 456)
        for page in (self.form, self.empty):
            self.pages.addWidget(page)
        self.column.addWidget(self.pages, 1)
        self.done: DoneView | None = None

    def _check_card(self) -> Card:
        self.check_card = Card(_("1　检查"), padded=False)
        self.verdict = StateTag(Shape.RING, "")
        self.check_card.head.addWidget(self.verdict)
        self.check_card.body.addWidget(self.checks, 1)
        return self.check_card

    def _contents_card(self) -> Card:
        self.contents_card = Card(_("2　随包内容"), padded=False)
        self.all = Button(_("全部重报一次"), self._turn_full, weight=Weight.LINK)
        self.contents_card.head.addWidget(self.all)
        self.contents_card.body.addWidget(self.contents)
        return self.contents_card

    # ---- the frame's questions

    def enter(self, target: Target | None) -> None:
        self.bars.clear()
        wanted = target.extra if target is not None else ""
        if self.done is not None and not wanted and not self._changed_since:
            return
        self._start_over(wanted)
        offer_to_settle(self)

    def settle(self) -> bool:
        self.checks.settle()
        return True

    def status(self) -> Sequence[str]:
        if self.done is not None:
            n = self.done.made.sequence
            return [
                _("第 {n} 包：已生成，待县局接收").format(n=n),
                _("以后的修改进入第 {n} 包").format(n=n + 1),
            ]
        if self.plan is None:
            return []
        explained = len(self.plan.doubts) - len(self._unexplained())
        words = _("错误 {a}，存疑 {b}，已说明 {c}")
        counts = words.format(a=len(self.plan.errors), b=len(self.plan.doubts), c=explained)
        return [counts, _("生成后先从盘上读回核对，再提示可以拔出")]

    def panes(self) -> Sequence[QWidget]:
        if self.done is not None:
            return [self.print]
        if self.pages.currentWidget() is self.empty:
            return self.empty.parts()
        first = next((f.field or f.look for f in self.checks.findings if f.open()), None)
        shown = [self.items] if self.item_card.isVisible() else []
        return [*shown, *([first] if first is not None else []), self.drives.list, self.go]

    def keys(self) -> Sequence[tuple[str, str]]:
        return (
            ("F3 / Shift+F3", _("下一处 / 上一处要改正或说明的")),
            ("Enter", _("在说明里：下一条")),
            (_("空格 / 0"), _("报送项目：选或不选 / 零报告")),
        )

    def _written(self, _changes: Any) -> None:
        """Something was written after the bundle: coming back begins the next one."""
        self._changed_since = True

    # ---- items and check

    def _start_over(self, item: str = "") -> None:
        if self.done is not None:
            self.pages.removeWidget(self.done)
            self.done.deleteLater()
            self.done = None
        school = self.context.workspace.school
        found = open_now(school.calendar(), self.context.workspace.today()) if school.joined() else []
        self.items.ways = {}
        self.items.show_items(found, item)
        self.item_card.hide()
        self.full = False
        self.drives.look_for()
        self.figures.show_figures(school.figures())
        if school.joined() is None:
            self._show_empty(
                _("报送前先入网：用县教育局发的县配置包（.edukit）申请，经县里核准。"), _("去入网"), "join"
            )
        elif not found:
            self._show_empty(_("现在没有要报送的项目。到期的项目会出现在“今日”里。"), _("看今日"), "today")
        else:
            self.pages.setCurrentWidget(self.form)
            self.check()
        self._show_title()

    def _show_empty(self, words: str, verb: str, place: str) -> None:
        self.plan = None
        self.empty.say(words, verb, lambda: self.context.frame.go(place))
        self.pages.setCurrentWidget(self.empty)

    def _toggle_items(self) -> None:
        self.item_card.setVisible(not self.item_card.isVisible())
        if self.item_card.isVisible():
            self.items.setFocus()

    def _items_changed(self) -> None:
        if self.items.chosen()[0]:
            self.check()
        else:
            self.plan = None
            self._show_button()
        self._show_title()

    def _turn_full(self) -> None:
        self.full = not self.full
        self.all.set_text(_("只报有改动的") if self.full else _("全部重报一次"))
        self.check()

    def check(self) -> None:
        """Check what would be reported and show it; explanations being typed are kept first."""
        if self.pages.currentWidget() is not self.form or self.context.tasks.busy:
            return
        self.checks.settle()
        items, zero = self.items.chosen()
        ws, full, began = self.context.workspace, self.full, time.monotonic()

        def work(progress: Any, _cancelled: Any) -> Any:
            with ws.another() as twin:
                plan = twin.school.plan(items, zero, full=full, progress=progress)
                return plan, twin.school.lines(plan), twin.school.next_sequence()

        def done(answer: Any) -> None:
            self._seconds = time.monotonic() - began
            self._end_running()
            self._show_plan(*answer)

        def failed(fault: EduPlanError) -> None:
            self._end_running()
            self._show_empty(str(fault), _("看今日"), "today")

        self._begin_running(_("正在检查"))
        self.context.tasks.run(work, on_done=done, on_failed=failed, on_progress=self._progress)

    def _show_plan(self, plan: Any, lines: Sequence[Any], sequence: int) -> None:
        self.plan, self.lines = plan, list(lines)
        self._sequence = sequence
        rows = sum(line.rows for line in lines)
        words = _("{n} 条记录，用时 {s} 秒").format(n=f"{rows:,}", s=f"{self._seconds:.1f}")
        self.check_card.set_note(words)
        self.checks.show_findings(plan.errors, plan.doubts, plan.explanations)
        for warning in plan.warnings:
            self.say(warning, Tone.AMBER)
        self._show_contents()
        self._show_button()
        self._show_title()
        self.focus_first()

    def _show_contents(self) -> None:
        lines = []
        for one in self.lines:
            ink = "ink" if one.carried else "ink2"
            who = one.opens if one.carried else _("同第 {n} 包").format(n=one.since)
            rows, changed = f"{one.rows:,}", f"{one.changed:,}" if one.changed else ""
            lines.append(Line((Cell(one.label, ink), Cell(rows, ink), Cell(changed, ink), Cell(who, ink))))
        total = sum(one.rows for one in self.lines)
        changed = sum(one.changed for one in self.lines)
        bold = [Cell(w, bold=True) for w in (_("合计"), f"{total:,}", f"{changed:,}" if changed else "", "")]
        self.contents.show_lines([*lines, Line(bold, ground="canvas")])
        self.contents.fit_height(9)
        carried = sum(one.carried for one in self.lines)
        self.contents_card.set_note(_("{a} 份随包，{b} 份沿用").format(a=carried, b=len(self.lines) - carried))

    def _unexplained(self) -> list[Any]:
        if self.plan is None:
            return []
        said = self.context.workspace.explanations()
        return [p for p in self.plan.doubts if not said.get(p.key)]

    def _explained(self) -> None:
        self._show_button()
        self.status_changed.emit()

    # ---- the button

    def _show_button(self) -> None:
        drive = self.drives.list.drive()
        open_doubts = len(self._unexplained())
        why = ""
        if self.plan is None:
            why = _("先选至少一个报送项目。") if not self.items.chosen()[0] else ""
        elif self.plan.errors:
            why = _("还有 {n} 个错误要改正。改完按 F9 再检查。").format(n=len(self.plan.errors))
        elif open_doubts:
            why = _("还有 {n} 条存疑要说明，按 F3 到下一条。").format(n=open_doubts)
        elif self.drives.place() is None:
            why = _("先选写到哪里。")
        ready = self.plan is not None and not why and self._running is None
        self.why.setText(why)
        self.why.setVisible(bool(why))
        name = drive.label if drive is not None else ""
        self.go.set_text(_("生成上报包，写到 {place}").format(place=name) if name else _("生成上报包"))
        self.go.setEnabled(ready and not self.context.workspace.read_only)
        blocked = self.plan is not None and bool(self.plan.errors or open_doubts)
        words = _("还不能生成") if blocked else _("可以生成")
        self.verdict.show_state(Shape.ERROR if blocked else Shape.OK, words)
        self.verdict.setVisible(self.plan is not None)

    def _show_title(self) -> None:
        done, form = self.done is not None, self.pages.currentWidget() is self.form
        self.title_row.set_title(_("上报包已生成") if done else _("生成上报包"))
        for button in (self.choose_items, self.again):
            button.setVisible(form)
        for button in (self.copy, self.print, self.next):
            button.setVisible(done)
        items, _zero = self.items.chosen()
        self.choose_items.set_text(_("报送项目 {n}").format(n=len(items)))
        number = self.done.made.sequence if self.done is not None else self._sequence if self.plan is not None else 0
        parts = [_("第 {n} 包").format(n=number)] if number else []
        left = days_left(self.items.first_due(), self.context.workspace.today())
        if form and left is not None:
            words = _("还有 {n} 天") if left >= 0 else _("已超 {n} 天")
            parts.append(_("截止 {date}，").format(date=self.items.first_due()) + words.format(n=abs(left)))
        self.title_row.set_subtitle(" · ".join(p for p in (*parts, self.items.titles()) if p))
        self.status_changed.emit()

    # ---- writing

    def submit(self) -> None:
        """Write the bundle, read it back, and show what comes next."""
        to = self.drives.place()
        if to is None or not self.go.isEnabled():
            return
        self.checks.settle()
        items, zero = self.items.chosen()
        ws, full = self.context.workspace, self.full

        def work(progress: Any, cancelled: Any) -> Any:
            with ws.another() as twin:
                made = twin.school.submit(to, items, zero, full=full, progress=progress, cancelled=cancelled)
                ws.adopt_acts(twin)
                return made, twin.settings.stick_of(to)

        def ended(after: Any) -> Any:
            def end(answer: Any = None) -> None:
                self._end_running()
                after(answer)

            return end

        def failed(fault: EduPlanError) -> None:
            self.context.messages.fault(fault, _("上报包没有生成"))

        def stopped(_nothing: Any) -> None:
            self.say(_("已停下，没有写出上报包。"), Tone.NEUTRAL)

        self._begin_running(_("正在生成上报包"))
        self.context.tasks.run(
            work,
            on_done=ended(self._made),
            on_failed=ended(failed),
            on_cancelled=ended(stopped),
            on_progress=self._progress,
        )

    def _made(self, answer: Any) -> None:
        made, stick = answer
        self.context.changes.publish(None)
        self._changed_since = False
        self.done = DoneView(self.context, made, self._facts(made), self.lines, self._print_cover)
        self.done.show_stick(stick)
        self.pages.addWidget(self.done)
        self.pages.setCurrentWidget(self.done)
        self._show_title()
        self.context.frame.set_badge("submit", "")
        self.print.setFocus()

    def _facts(self, made: Any) -> dict[str, str]:
        school = self.context.workspace.school
        joined = school.joined()
        before = next((s for s in school.submissions() if s["sequence"] == made.sequence - 1), None)
        words = _("第 {n} 包　{digest} …")
        size = Path(made.bundle).stat().st_size
        return {
            "school": self.context.workspace.title,
            "key": joined.fingerprint if joined else "",
            "before": words.format(n=before["sequence"], digest=before["digest"][:8]) if before else _("这是第一包"),
            "size": f"{max(1, round(size / 1024)):,} KB",
            "rows": f"{sum(line.rows for line in self.lines):,}",
            "items": self.items.titles(),
            "due": self.items.first_due(),
        }

    def _print_cover(self) -> None:
        if self.done is None:
            return
        made = self.done.made
        name = _("{school}-第{n}包-报送封面.pdf").format(school=self.context.workspace.title, n=made.sequence)
        path = self.context.messages.save_file(_("封面印到哪个 PDF 文件"), name, "PDF (*.pdf)")
        if path:
            words = _("封面写好了：{path}。打开后打印。").format(path=path)
            self._aside(
                lambda twin: twin.school.cover(made.sequence, Path(path)),
                lambda: self.say(words, Tone.GREEN, [(_("打开"), lambda: open_outside(path))]),
            )

    def _copy_again(self) -> None:
        if self.done is None:
            return
        number = self.done.made.sequence
        folder = self.context.messages.pick_folder(_("再写一份到哪里"))
        if folder:
            words = _("第 {n} 包又写了一份到 {folder}，并已读回核对。").format(n=number, folder=folder)
            self._aside(
                lambda twin: twin.school.copy_again(number, Path(folder)),
                lambda: say_written(self, Path(folder), words),
            )

    def _aside(self, act: Any, after: Any) -> None:
        ws = self.context.workspace

        def work(_progress: Any, _cancelled: Any) -> Any:
            with ws.another() as twin:
                return act(twin)

        self.context.tasks.run(
            work,
            on_done=lambda _answer: after(),
            on_failed=lambda fault: self.context.messages.fault(fault, _("没有写成")),
        )

    # ---- long work

    def _begin_running(self, title: str) -> None:
        self._end_running()
        self._running = ProgressPanel(title, self.context.tasks.cancel_all)
        self.column.insertWidget(2, self._running)
        self._show_button()

    def _progress(self, done: int, total: int, text: str) -> None:
        if self._running is not None:
            self._running.show_progress(done, total, text)

    def _end_running(self) -> None:
        if self._running is not None:
            self.column.removeWidget(self._running)
            self._running.hide()
            self._running.deleteLater()
            self._running = None


class _Empty(QWidget):
    """The page where there is nothing to report yet."""

    def __init__(self, screen: SubmitScreen) -> None:
        super().__init__()
        self._screen = screen
        self._column = QVBoxLayout(self)
        self._state: EmptyState | None = None

    def say(self, words: str, verb: str, act: Any) -> None:
        """One sentence and the way on."""
        if self._state is not None:
            self._column.removeWidget(self._state)
            self._state.deleteLater()
        look = (_("看问题清单"), lambda: self._screen.context.frame.go("problems"))
        self._state = EmptyState(words, [(verb, act), look], icon="upload")
        self._column.addWidget(self._state)

    def parts(self) -> list[QWidget]:
        """What F6 walks through."""
        return list(self._state.buttons) if self._state is not None else [self]
