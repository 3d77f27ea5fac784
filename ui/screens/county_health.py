"""健康统计: 应检、已检、未检 of each school for the county officer; group counts, suppressed, for the health officer alone (D8)."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from eduplan_desktop.i18n import _
from ui import theme
from ui.screen import Context, Screen, Target
from ui.screens.county_parts import SidePane, beside, quietly, work
from ui.theme import Size, Tone
from ui.vault import open_vault
from ui.widgets.buttons import Button, Weight
from ui.widgets.cards import EmptyState
from ui.widgets.grid import Cell, Column, Grid, Line
from ui.widgets.labels import Label
from ui.widgets.pickers import Option, Picker
from ui.widgets.progress import paint_bar
from ui.widgets.rows import FilterRow

COLUMNS: Final = (
    Column("学校", 200, stretch=True, middle=True),
    Column("应检", 72, right=True),
    Column("已检", 72, right=True),
    Column("未检", 72, right=True),
    Column("已检 %", 72, right=True),
    Column("", 120),
)
HEALTH: Final = "health"


class HealthScreen(Screen):
    """Two readers, one page: without the health officer's passphrase the right side stays closed."""

    def __init__(self, context: Context) -> None:
        super().__init__(context, _("健康统计"))
        self.lock = Button("", self._lock, icon="lock")
        self.merge = Button(_("打开并合并健康部分"), self._merge, weight=Weight.PRIMARY, key="Ctrl+Return")
        self.title_row.add(self.lock)
        if not context.workspace.read_only:
            self.title_row.add(self.merge)
        self.year = Picker()
        self.year.setFixedWidth(theme.px(176))
        self.year.setAccessibleName(_("统计年度"))
        self.year.picked.connect(lambda _id: self.refresh(None))
        self.grid = Grid(COLUMNS, selects=True)
        self.grid.setAccessibleName(_("体检统计"))
        self.groups = Grid((Column("项目", 120, stretch=True),))
        self.groups.setAccessibleName(_("分组人数"))
        self.locked = EmptyState(
            _("分组人数只有健康档案员能看。由本人输入健康口令打开，看完锁定。"),
            [(_("打开健康保险库"), self._open)],
            icon="lock",
        )
        self.none_yet = EmptyState(
            _("还没有分组人数。学校报来健康部分以后，由健康档案员打开并合并。"),
            [(_("打开并合并健康部分"), self._merge)],
            icon="heart",
        )
        self.empty = EmptyState(
            _("还没有学校报送体检。收到以后，这里列出各校应检、已检、未检的人数。"),
            [
                (_("收取数据包"), lambda: context.frame.go("county_take_in")),
                (_("密钥与恢复单"), lambda: context.frame.go("county_keys")),
            ],
            icon="heart",
        )
        self._years: list[str] = []
        self._counts: Any = None
        self._build()

    def _build(self) -> None:
        filters = FilterRow()
        filters.add_left(self.year)
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(filters)
        column.addWidget(self.grid, 1)
        self.pane = SidePane()
        self.pane.body.setContentsMargins(0, 0, 0, 0)
        self.inner = QStackedWidget()
        for widget in (self.groups, self.locked, self.none_yet):
            self.inner.addWidget(widget)
        self.pane.body.addWidget(self.inner, 1)
        words = _("* 不足 5 人，或者能由此推算出来，不显示。这里的词不是结论，只说明和参考范围比较的结果。")
        self.legend = Label(words, "ink2", Size.SMALL, wrap=True)
        self.legend.setContentsMargins(theme.MARGIN, theme.GRID, theme.MARGIN, theme.GRID)
        self.pane.body.addWidget(self.legend)
        self.stack = QStackedWidget()
        self.stack.addWidget(beside(left, self.pane, 520))
        self.stack.addWidget(self.empty)
        self.column.addWidget(self.stack, 1)

    # ---- the frame's questions

    def enter(self, target: Target | None) -> None:
        self.refresh(None)

    def refresh(self, changes: Any) -> None:
        """Counts are put together and suppressed on a second opening of the file."""
        wanted = self.year.current()

        def look(ws: Any) -> Any:
            years = [str(y) for y in ws.county.health_years()]
            chosen = wanted if wanted in years else years[0] if years else ""
            return years, chosen, ws.county.health_year(int(chosen)) if chosen else None

        if self.context.workspace.compartment_state(HEALTH) != "open":
            self._forget()  # locked means gone from the page at once
        quietly(self, look, self._found_year)

    def _found_year(self, found: Any) -> None:
        self._years, chosen, self._counts = found
        self.year.set_options([Option(y, _("{y} 统计年度").format(y=y)) for y in self._years])
        if chosen:
            self.year.set_current(chosen)
        if self.context.workspace.compartment_state(HEALTH) != "open":
            self._forget()
        self._show()

    def _forget(self) -> None:
        """No counts by group in the page or in what it holds."""
        if self._counts is not None:
            self._counts = replace(self._counts, groups=())
        self.groups.show_lines([])
        self.inner.setCurrentWidget(self.locked)

    def panes(self) -> Sequence[QWidget]:
        return [self.grid, self.groups] if self._years else [self.empty.buttons[0]]

    def status(self) -> Sequence[str]:
        state = self.context.workspace.compartment_state(HEALTH)
        said = {
            "none": _("健康密钥还没有建立"),
            "locked": _("健康保险库已锁定"),
            "open": _("健康保险库打开着，离开请锁定"),
        }
        return [said[state]]

    # ---- what is shown

    def _show(self) -> None:
        ws = self.context.workspace
        state = ws.compartment_state(HEALTH)
        self.lock.set_text({"none": _("去建立健康密钥"), "locked": _("打开健康保险库"), "open": _("立即锁定")}[state])
        self.merge.setEnabled(state != "none")
        self.stack.setCurrentIndex(0 if self._years else 1)
        self.title_row.set_subtitle(_("县里只看人数；个人结果只有健康档案员能打开"))
        if not self._years:
            self.status_changed.emit()
            return
        found = self._counts
        self._show_counts(found.lines)
        self.pane.show_head(_("各项目的分组人数"), _("全县合计"))
        shown = self.groups if found.groups else self.none_yet if state == "open" else self.locked
        self.inner.setCurrentWidget(shown)
        self.legend.setVisible(shown is self.groups)
        columns = [Column(_("项目"), 120, stretch=True), *(Column(_(w), 68, right=True) for w in found.words)]
        lines = [
            Line((Cell(_(label)), *(Cell(counts[w], "ink2" if counts[w] == "*" else "ink") for w in found.words)))
            for label, counts in found.groups
        ]
        self.groups.show_lines(lines, columns)
        self.status_changed.emit()

    def _show_counts(self, found: Sequence[Any]) -> None:
        lines = [_counts(x.name, x.due, x.done, x.not_done, key=x.school) for x in found]
        sums = [sum(getattr(x, name) for x in found) for name in ("due", "done", "not_done")]
        lines.append(_counts(_("合计 {n} 所").format(n=len(found)), *sums, bold=True))
        self.grid.show_lines(lines)

    # ---- acts

    def _open(self) -> None:
        if self.context.workspace.compartment_state(HEALTH) == "none":
            self.context.frame.go("county_keys")
            return
        open_vault(self.context, HEALTH)

    def _lock(self) -> None:
        ws = self.context.workspace
        if ws.compartment_state(HEALTH) == "open":
            ws.lock(HEALTH)
            self.context.changes.publish(None)
        else:
            self._open()

    def _merge(self) -> None:
        if self.context.workspace.compartment_state(HEALTH) == "none":
            self._open()
            return

        def done(answer: Any) -> None:
            words = _("合并了 {m} 个健康部分，已合并过的 {s} 个，没有进的 {r} 个。")
            said = words.format(m=answer["merged"], s=answer["same"], r=answer["refused"])
            self.say(said, Tone.AMBER if answer["refused"] else Tone.GREEN)

        act = lambda ws, progress, _c: ws.county.health_merge(progress)  # noqa: E731 (handed on, not named for use)
        open_vault(self.context, HEALTH, lambda: work(self, _("正在打开健康部分"), act, done))


def _counts(name: str, due: int, done: int, not_done: int, *, bold: bool = False, key: str = "") -> Line:
    share = done / due if due else 0.0
    cells = (
        Cell(name, bold=bold),
        Cell(f"{due:,}", bold=bold),
        Cell(f"{done:,}", bold=bold),
        Cell(f"{not_done:,}" if not_done else "", bold=bold),
        Cell(f"{share * 100:.1f}" if due else "", bold=bold),
        Cell(f"{share * 100:.1f}", draw=lambda painter, where: paint_bar(painter, where, share)),
    )
    return Line(cells, ground="canvas" if bold else "", key=key)
