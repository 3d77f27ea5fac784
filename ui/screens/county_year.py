"""年度结账: figures, digests and rules of a statistical year frozen and numbered; reopening with a reason; what changed since."""

from collections.abc import Sequence
from typing import Any, Final

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from eduplan_desktop.i18n import _
from ui import theme
from ui.messages import Answer
from ui.screen import Context, Screen, Target
from ui.screens.county_figures import LEVELS
from ui.screens.county_parts import Ask, AskForm, quietly, row_of, work
from ui.theme import Size, Tone
from ui.widgets.buttons import Button, StateTag, Weight
from ui.widgets.cards import Card, EmptyState
from ui.widgets.grid import Cell, Column, Grid, Line
from ui.widgets.labels import Label
from ui.widgets.pickers import Option, Picker
from ui.widgets.shapes import Shape

HISTORY: Final = (
    Column("次", 56, right=True),
    Column("日期", 112),
    Column("状态", 120),
    Column("原因", 160, stretch=True),
)
CHANGES: Final = (
    Column("学校", 180, stretch=True, middle=True),
    Column("学段", 72),
    Column("项目", 160, stretch=True),
    Column("结账时", 104, right=True),
    Column("现在", 104, right=True),
)


class YearScreen(Screen):
    """One year at a time."""

    def __init__(self, context: Context) -> None:
        super().__init__(context, _("年度结账"))
        self.back = Button(_("回到均衡指标"), lambda: context.frame.go("county_indicators"), icon="chart")
        self.close_ = Button(_("结账"), self._close, weight=Weight.PRIMARY, key="Ctrl+Return")
        self.title_row.add(self.back)
        if not context.workspace.read_only:
            self.title_row.add(self.close_)
        self.year = Picker()
        self.year.setFixedWidth(theme.px(176))
        self.year.setAccessibleName(_("统计年度"))
        self.year.picked.connect(lambda _id: self.refresh(None))
        self.tag = StateTag(Shape.DUE, "")
        self.history = Grid(HISTORY)
        self.changes = Grid(CHANGES)
        self.changes.setAccessibleName(_("结账以后的变化"))
        self.form = AskForm(
            [Ask("reason", _("原因"), required=True, help=_("写明为什么重新打开；会记在结账记录里。"))],
            context.workspace.today,
        )
        self.form.submitted.connect(self._reopen)
        self._state: dict[str, Any] = {}
        self._inputs = {
            f.name: _(f.label) for r in context.workspace.registers() if r.name == "school_year" for f in r.fields
        }
        self._build()

    def _build(self) -> None:
        row = QHBoxLayout()
        row.setContentsMargins(theme.MARGIN, theme.MARGIN, theme.MARGIN, theme.MARGIN)
        row.setSpacing(theme.MARGIN)
        left, right = QVBoxLayout(), QVBoxLayout()
        left.setSpacing(theme.MARGIN)
        state = Card(_("哪一年"))
        state.body.addWidget(row_of(self.year, self.tag))
        self.words = Label("", wrap=True)
        state.body.addWidget(self.words)
        left.addWidget(state)
        self.reopening = Card(_("重新打开"))
        words = _("结账的数字不会变，打印过的表仍然对得上；重新打开以后再结账，记作下一次。")
        self.reopening.body.addWidget(Label(words, "ink2", Size.SMALL, wrap=True))
        self.reopening.body.addWidget(self.form)
        self.reopen = Button(_("重新打开这一年"), self._reopen)
        self.reopening.body.addWidget(row_of(self.reopen))
        left.addWidget(self.reopening)
        past = Card(_("结账记录"), padded=False)
        past.body.addWidget(self.history)
        left.addWidget(past)
        left.addStretch(1)
        since = Card(_("结账以后的变化"), _("只列出来，不改变结账的数字"), padded=False)
        since.body.addWidget(self.changes, 1)
        self.calm = EmptyState("", icon="check")
        since.body.addWidget(self.calm, 1)
        right.addWidget(since, 1)
        row.addLayout(left, 9)
        row.addLayout(right, 11)
        self.column.addLayout(row, 1)

    # ---- the frame's questions

    def enter(self, target: Target | None) -> None:
        self.context.frame.mark("county_indicators")
        if target is not None and target.extra:
            self.year.set_current(target.extra)
        self.refresh(None)

    def refresh(self, changes: Any) -> None:
        """What changed since a closing is compared figure by figure, on a second opening of the file."""
        wanted = self.year.current()

        def look(ws: Any) -> Any:
            years = [str(y) for y in ws.county.years()]
            chosen = wanted if wanted in years else years[0] if years else ""
            return years, chosen, ws.county.year_state(int(chosen)) if chosen else {}

        quietly(self, look, self._found)

    def _found(self, found: Any) -> None:
        years, chosen, self._state = found
        self.year.set_options([Option(y, _("{y} 统计年度").format(y=y)) for y in years])
        if chosen:
            self.year.set_current(chosen)
        self._show()

    def panes(self) -> Sequence[QWidget]:
        return [self.year, self.form.field("reason"), self.changes]

    def status(self) -> Sequence[str]:
        return [str(line) for line in self._state.get("lines", [])[:1]]

    # ---- what is shown

    def _show(self) -> None:
        chosen = self.year.current()
        self.close_.setEnabled(False)
        if not chosen:
            self.words.setText(_("还没有任何年度的数字。学校报送“均衡数据”并合并以后才能结账。"))
            self.tag.hide()
            self.reopening.hide()
            return
        closed = self._state["closed"]
        self.tag.show()
        if closed:
            self.tag.show_state(Shape.OK, _("已结账，第 {n} 次").format(n=closed))
            self.words.setText(_("指标和打印的表都用结账时的数字。"))
        else:
            self.tag.show_state(Shape.DUE, _("没有结账"))
            self.words.setText(_("结账把这一年用到的数字、数据包的摘要和规则固定下来，编上号；以后的变化另外列出。"))
        self.close_.set_text(_("结 {year} 统计年度的账").format(year=chosen))
        self.close_.setEnabled(not closed)
        self.reopening.setVisible(bool(closed) and not self.context.workspace.read_only)
        self.title_row.set_subtitle(
            _("{year} 统计年度（{year}–{next} 学年）").format(year=chosen, next=int(chosen) + 1)
        )
        self._show_history()
        self._show_changes()
        self.status_changed.emit()

    def _show_history(self) -> None:
        lines = []
        for one in reversed(self._state["closings"]):
            closed = one["state"] == "closed"
            state = Cell(_("结账"), "green", Shape.OK) if closed else Cell(_("已重新打开"), "amber", Shape.RETURNED)
            lines.append(Line((Cell(str(one["n"])), Cell(one["moment"][:10]), state, Cell(one["reason"]))))
        self.history.show_lines(lines)
        self.history.fit_height(6)

    def _show_changes(self) -> None:
        lines = [
            Line(
                (
                    Cell(c["name"]),
                    Cell(_(LEVELS.get(c["level"], "")) if c["level"] else _("全校"), "ink2"),
                    Cell(self._inputs.get(c["input"], c["input"])),
                    Cell(_plain(c["then"])),
                    Cell(_plain(c["now"]), bold=True),
                ),
                Tone.AMBER,
                key=c["school"],
            )
            for c in self._state["changes"]
        ]
        self.changes.show_lines(lines)
        calm = _("结账以后没有变化。") if self._state["closed"] else _("结账以后，学校再改的数列在这里。")
        self.calm.sentence.setText(calm)
        self.changes.setVisible(bool(lines))
        self.calm.setVisible(not lines)

    # ---- acts

    def _close(self) -> None:
        year = int(self.year.current())
        verb = self.context.messages.ask(
            _("结账"),
            _("{year} 统计年度按现在的数字结账。").format(year=year),
            [Answer("close", _("结 {year} 统计年度的账").format(year=year))],
            detail=_("结账以后打印的表都用这一次的数字；需要改时可以写明原因重新打开。"),
        )
        if not verb:
            return

        def done(state: Any) -> None:
            self.say(_("{year} 统计年度已结账，第 {n} 次。").format(year=year, n=state["closed"]), Tone.GREEN)

        work(self, _("正在结账"), lambda ws, *_a: ws.county.close_year(year), done)

    def _reopen(self) -> None:
        year, reason = int(self.year.current()), self.form.values()["reason"]
        if self.form.tried(lambda: self.context.workspace.county.reopen_year(year, reason)):
            self.form.clear()
            self.context.changes.publish(None)
            self.say(_("{year} 统计年度已重新打开。").format(year=year), Tone.AMBER)


def _plain(value: float | None) -> str:
    return "" if value is None else f"{value:,.2f}".rstrip("0").rstrip(".")
