"""核对清单: what the county still has to look after, kind by kind; choosing one of two histories; 复查 of a 重大 hazard."""

from collections import Counter
from collections.abc import Sequence
from typing import Any, Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from eduplan_desktop.i18n import N_, _
from ui.messages import Answer
from ui.screen import Context, Screen, Target
from ui.screens.county_parts import Ask, AskForm, SidePane, beside, quietly, with_keys, work
from ui.screens.county_remind import offer
from ui.theme import Tone
from ui.widgets.buttons import Button, Chip, Weight
from ui.widgets.cards import EmptyState
from ui.widgets.grid import Cell, Column, Grid, Line
from ui.widgets.labels import Label
from ui.widgets.pickers import Option
from ui.widgets.rows import FilterRow
from ui.widgets.shapes import Shape

COLUMNS: Final = (Column("类别", 148), Column("学校", 180), Column("内容", 260, stretch=True))
KINDS: Final = {
    "held": (Shape.HELD, N_("暂存的报送")),
    "gaps": (Shape.GAP, N_("缺号")),
    "slices": (Shape.ERROR, N_("没有合并")),
    "quarantined": (Shape.HELD, N_("隔离的行")),
    "transfers": (Shape.DOUBT, N_("调拨对不上")),
    "moves": (Shape.DOUBT, N_("调动对不上")),
    "persons": (Shape.SAME, N_("同号两处")),
    "major": (Shape.MAJOR, N_("重大隐患")),
}
ADVICE: Final = {
    "held": N_("未知密钥的，到“核准入网”对着纸批准；两条历史的，和学校核对后在下面选定一份。"),
    "gaps": N_("请学校把缺少的数据包补交过来；没有了就请学校用“全部报送”再报一包。"),
    "slices": N_("把原因告诉学校；改正后下一包就补齐。需要时在看板上退回。"),
    "quarantined": N_("这一行没有进县里的台账，原件还在。请学校改正后再报。"),
    "transfers": N_("调出和调入两校要填同一个调拨单号。请没有登记的一方补上。"),
    "moves": N_("调出和调入两校要填同一个调动编号。请没有登记的一方补上。"),
    "persons": N_("兼职、轮岗时两校都有是正常的；不是的话，请学校核对证件号码。"),
    "major": N_("到校复查以后在下面登记结果，随回执带给学校；学校读入后才销号。"),
}


class WorkScreen(Screen):
    """Kinds are chips; the pane says what to do about the line chosen."""

    def __init__(self, context: Context) -> None:
        super().__init__(context, _("核对清单"))
        self.again = Button(_("全部重新读取…"), self._reread, icon="refresh")
        self.remind = Button(_("催报单…"), lambda: offer(self, self.remind))
        self.title_row.add(self.remind)
        if not context.workspace.read_only:
            self.title_row.add(self.again)
        self.grid = Grid(COLUMNS, selects=True, dense=False)
        self.grid.setAccessibleName(_("核对清单"))
        self.grid.selectionModel().currentRowChanged.connect(lambda *_i: self._show_line())
        self.grid.opened.connect(lambda _row: self._enter_pane())
        self._kind = ""
        self._lines: list[Any] = []
        self._forks: list[Any] = []
        self._entering = False
        self._build()

    def _build(self) -> None:
        filters = FilterRow()
        self.chips = {"": Chip(_("全部"))}
        self.chips |= {kind: Chip(_(words), shape) for kind, (shape, words) in KINDS.items()}
        for kind, chip in self.chips.items():
            if kind:  # the first is not shown here: without a parent it would stand as a window of its own
                chip.hide()
            chip.clicked.connect(lambda _on=False, k=kind: self._filter(k))
            filters.add_left(chip)
        self.pane = SidePane()
        self.what = Label("", wrap=True)
        self.what.setTextFormat(Qt.TextFormat.PlainText)
        self.advice = Label("", "ink2", wrap=True)
        self.sides = Grid(
            (Column("包号", 60, right=True), Column("做于", 100), Column("收到", 100), Column("", 80)), selects=True
        )
        self.sides.setAccessibleName(_("两条历史"))
        self.keep = Button(_("留下选中的这一条…"), self._choose_fork, weight=Weight.ACCENT, compact=True)
        options = [Option("pass", _("合格")), Option("fail", _("不合格"))]
        self.form = AskForm(
            [
                Ask("result", _("复查结果"), "choice", required=True, options=options),
                Ask("by", _("复查人"), required=True),
                Ask("date", _("复查日期"), "date", required=True),
                Ask("text", _("意见"), "area:2"),
            ],
            self.context.workspace.today,
            label=80,
        )
        self.recheck = Button(_("登记复查"), self._recheck, weight=Weight.ACCENT, key="Ctrl+Return")
        self.go = Button(_("打开这条记录"), self._open)
        for widget in (self.what, self.advice, self.sides, self.keep, self.form, self.recheck):
            self.pane.body.addWidget(widget)
        self.pane.body.addStretch(1)
        self.pane.add_foot(self.go)
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(filters)
        column.addWidget(self.grid, 1)
        self.empty = EmptyState(
            _("没有要核对的。暂存的报送、缺号、隔离的行、对不上的调拨和调动、重大隐患，会列在这里。"),
            [
                (_("收取数据包"), lambda: self.context.frame.go("county_take_in")),
                (_("看完整性看板"), lambda: self.context.frame.go("county_board")),
            ],
            icon="check",
        )
        self.stack = QStackedWidget()
        self.stack.addWidget(beside(left, self.pane, 380))
        self.stack.addWidget(self.empty)
        self.column.addWidget(self.stack, 1)

    # ---- the frame's questions

    def enter(self, target: Target | None) -> None:
        if target is not None and target.extra in KINDS:
            self._kind = target.extra
        self._entering = True
        self.refresh(None)

    def refresh(self, changes: Any) -> None:
        quietly(self, lambda ws: (ws.county.worklists(), ws.county.forks()), self._found)

    def _found(self, found: Any) -> None:
        work, self._forks = found
        self._lines = [x for x in work if x.kind in KINDS]
        self._show()
        if self._entering and self.isVisible():
            self.focus_first()
        self._entering = False

    def panes(self) -> Sequence[QWidget]:
        return [self.grid, self.go] if self._lines else [self.empty.buttons[0]]

    def status(self) -> Sequence[str]:
        return [_("要核对 <b>{n}</b> 条").format(n=len(self._lines))]

    # ---- what is shown

    def _shown(self) -> list[Any]:
        return [x for x in self._lines if not self._kind or x.kind == self._kind]

    def _show(self) -> None:
        counts = Counter(x.kind for x in self._lines)
        if self._kind and not counts[self._kind]:
            self._kind = ""
        for kind, chip in self.chips.items():
            chip.setVisible(not kind or counts[kind] > 0)
            chip.set_count(counts[kind] if kind else len(self._lines))
            chip.setChecked(kind == self._kind)
        self.stack.setCurrentIndex(0 if self._lines else 1)
        heads = {kind: Cell(_(words), shape=shape) for kind, (shape, words) in KINDS.items()}
        self.grid.show_lines(
            [Line((heads[x.kind], Cell(x.name), Cell(x.text)), key=str(n)) for n, x in enumerate(self._shown())]
        )
        self.title_row.set_subtitle(_("{n} 条，急的在前").format(n=len(self._lines)))
        self._show_line()
        self.status_changed.emit()

    def _current(self) -> Any:
        key, shown = self.grid.current_key(), self._shown()
        return shown[int(key)] if key and int(key) < len(shown) else None

    def _fork(self) -> Any:
        one = self._current()
        if one is None or one.kind != "held":
            return None
        return next((f for f in self._forks if any(s.digest == one.item for s in f.sides)), None)

    def _show_line(self) -> None:
        one = self._current()
        if one is None:
            self.pane.show_head("")
            return
        shape, words = KINDS[one.kind]
        self.pane.show_head(one.name, "", (shape, _(words)))
        self.what.setText(one.text)
        self.advice.setText(_(ADVICE[one.kind]))
        fork, writable = self._fork(), not self.context.workspace.read_only
        self.sides.setVisible(fork is not None)
        self.keep.setVisible(fork is not None and writable)
        if fork is not None:
            self._show_sides(fork)
        major = one.kind == "major" and writable
        self.form.setVisible(major)
        self.recheck.setVisible(major)
        self.go.setVisible(bool(one.register))

    def _show_sides(self, fork: Any) -> None:
        lines = []
        for side in fork.sides:
            state = Cell(_("已合并"), "green", Shape.OK) if side.counted else Cell(_("暂存"), "amber", Shape.HELD)
            cells = (Cell(str(side.number)), Cell(side.made[:10], "ink2"), Cell(side.intake[:10], "ink2"), state)
            lines.append(Line(cells, key=side.digest))
        self.sides.show_lines(lines)
        self.sides.fit_height(3, closed=True)

    def _filter(self, kind: str) -> None:
        self._kind = "" if kind == self._kind else kind
        self._show()

    def _enter_pane(self) -> None:
        if self.form.isVisible():
            self.form.field("result").setFocus()
        elif self.sides.isVisible():
            self.sides.setFocus()
        else:
            self.go.setFocus()

    # ---- acts

    def _choose_fork(self) -> None:
        fork, digest = self._fork(), self.sides.current_key()
        side = next((s for s in fork.sides if s.digest == digest), None) if fork is not None else None
        if side is None:
            return
        verb = self.context.messages.ask(
            _("选定一条历史"),
            _("{school}：留下第 {n} 包所在的一条，另一条放到一边，不删除。").format(school=fork.name, n=side.number),
            [Answer("keep", _("留下第 {n} 包的这一条").format(n=side.number))],
            detail=_("选以前先和学校核对哪一份是真的；另一份要作为新的数据文件重新入网。"),
        )
        if not verb:
            return

        def done(answer: Any) -> None:
            words = _("选定了：留下 {k} 包，放到一边 {e} 包，随后合并 {m} 包。")
            said = words.format(k=len(answer["kept"]), e=len(answer["excluded"]), m=answer["merged"])
            self.say(said, Tone.GREEN)

        act = lambda ws, *_a: ws.county.choose_fork(digest)  # noqa: E731 (handed on, not named for use)
        with_keys(self.context, lambda: work(self, _("正在选定"), act, done))

    def _recheck(self) -> None:
        one, said = self._current(), self.form.values()
        if one is None or one.kind != "major":
            return
        desk = self.context.workspace.county
        if self.form.tried(lambda: desk.recheck(one.school, one.id, **said)):
            self.form.clear()
            self.context.changes.publish(None)
            self.say(
                _("复查登记好了，随下一份回执带给 {name}。").format(name=one.name), Tone.GREEN, [self._receipt_act()]
            )

    def _receipt_act(self) -> tuple[str, Any]:
        return _("写回执…"), lambda: self.context.frame.go("county_receipts")

    def _open(self) -> None:
        one = self._current()
        if one is not None and one.register:
            place = {"hazard": "county_safety", "equipment_change": "county_assets"}.get(one.register, "county_people")
            self.context.frame.go(place, Target(row=one.id, school=one.school, extra=one.register))

    def _reread(self) -> None:
        verb = self.context.messages.ask(
            _("全部重新读取"),
            _("从存档的数据包重新推出县里的全部台账。结果应当和现在一样；程序升级以后用它读出新的栏目。"),
            [Answer("reread", _("重新读取"))],
        )
        if verb:

            def done(answer: Any) -> None:
                said = _("重新读取了 {n} 所学校的 {m} 个部分。").format(n=answer["schools"], m=answer["slices"])
                self.say(said, Tone.GREEN)

            act = lambda ws, progress, _c: ws.county.reread(progress)  # noqa: E731 (handed on, not named for use)
            with_keys(self.context, lambda: work(self, _("正在重新读取"), act, done))
