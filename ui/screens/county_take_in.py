"""收取数据包: rehearse what lies on a stick, look at each bundle, merge what was chosen, then write receipts.

Nothing is written before the merge; every status says what will happen to the bundle. Cancelling keeps what is merged.
"""

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from eduplan_desktop.i18n import N_, _
from ui import icons, theme
from ui.eject import say_written
from ui.screen import Context, Screen, Target
from ui.screens.county_bundle import BundlePane, changes_of
from ui.screens.county_parts import beside, with_keys, work
from ui.screens.print_out import write_out
from ui.theme import Tone
from ui.widgets import paint
from ui.widgets.buttons import Button, Chip, Weight
from ui.widgets.cards import EmptyState
from ui.widgets.grid import Cell, Column, Grid, Line
from ui.widgets.rows import FilterRow, Row
from ui.widgets.shapes import Shape

COLUMNS: Final = (
    Column("", 40),
    Column("状态", 100),
    Column("学校", 150, stretch=True, middle=True),
    Column("期次", 104),
    Column("包号", 52, right=True),
    Column("变动", 60, right=True),
    Column("处理", 150),
)
SHAPES: Final = {
    "next": (Shape.NEXT, "green", Tone.GREEN),
    "gap": (Shape.GAP, "amber", Tone.AMBER),
    "older": (Shape.OLDER, "ink2", Tone.NEUTRAL),
    "already": (Shape.SAME, "ink2", Tone.NEUTRAL),
    "fork": (Shape.FORK, "red", Tone.RED),
    "held_unknown_key": (Shape.UNKNOWN, "red", Tone.RED),
    "unknown_key": (Shape.UNKNOWN, "red", Tone.RED),
}
"""Place of a bundle → shape, ink, strip; everything else is refused."""
REFUSED: Final = (Shape.ERROR, "red", Tone.RED)
GROUPS: Final = (
    ("merge", Shape.NEXT, N_("下一份")),
    ("gap", Shape.GAP, N_("缺号")),
    ("skip", Shape.SAME, N_("跳过")),
    ("hold", Shape.HELD, N_("暂存")),
    ("refuse", Shape.ERROR, N_("拒收")),
)
ORDER: Final = ("merge", "gap", "hold", "refuse", "skip")


def group_of(line: Any) -> str:
    """Which chip a bundle belongs to."""
    if line.status == "refused":
        return "refuse"
    if line.status == "held":
        return "hold"
    place = str(line.place.place) if line.place is not None else ""
    return "gap" if place == "gap" else "skip" if place in ("already",) else "merge"


def chosen_at_first(line: Any) -> bool:
    """What a merge takes when nobody says otherwise: everything that merges or is to be kept until it is decided."""
    return line.status in ("merged", "older", "held")


class TakeInScreen(Screen):
    """Dry run, choice, merge, receipts: one page."""

    def __init__(self, context: Context) -> None:
        super().__init__(context, _("收取数据包"))
        self.choose = Button(_("选择 U 盘或文件夹…"), self._choose, icon="folder", key="F5")
        self.receipts = Button(_("写回执"), self._receipts, icon="receipt")
        self.merge = Button(_("合并"), self._merge, weight=Weight.PRIMARY, key="Ctrl+Return")
        self.title_row.add(self.choose, self.receipts, self.merge)
        self.grid = _BundleGrid()
        self.grid.toggled.connect(self._toggle)
        self.grid.opened.connect(lambda _row: self._toggle())
        self.grid.selectionModel().currentRowChanged.connect(lambda *_i: self._show_bundle())
        self.pane = BundlePane(context)
        self.pane.wanted.connect(lambda place: context.frame.go(place))
        self.pane.slip.connect(self._slip)
        self._folder: Path | None = None
        self._taken: Any = None
        self._done = False
        self._chosen: set[str] = set()
        self._group = ""
        self._build()

    def _build(self) -> None:
        self.chips = {"": Chip(_("全部"))}
        self.chips |= {group: Chip(_(words), shape) for group, shape, words in GROUPS}
        self.filters = FilterRow()
        for group, chip in self.chips.items():
            chip.clicked.connect(lambda _on=False, g=group: self._filter(g))
            self.filters.add_left(chip)
        self.empty = EmptyState(
            _(
                "插入学校交来的 U 盘，或者选一个放着数据包的文件夹。先试算，看清每一包会怎样，再合并；试算不改动任何数据。"
            ),
            [(_("选择 U 盘或文件夹…"), self._choose), (_("看核准入网"), lambda: self.context.frame.go("county_enrol"))],
            icon="inbox",
        )
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.filters)
        column.addWidget(self.grid, 1)
        self.total = Grid(COLUMNS)
        self.total.horizontalHeader().hide()
        self.total.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.total.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.total.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.total.setFixedHeight(self.total.verticalHeader().defaultSectionSize() + 2)
        column.addWidget(Row(1, "edge", ""))
        column.addWidget(self.total)
        self.stack = QStackedWidget()
        self.stack.addWidget(beside(left, self.pane, 504))
        self.stack.addWidget(self.empty)
        self.column.addWidget(self.stack, 1)

    # ---- the frame's questions

    def enter(self, target: Target | None) -> None:
        self._show()

    def refresh(self, changes: Any) -> None:
        self._show_buttons()

    def panes(self) -> Sequence[QWidget]:
        return [self.grid, self.pane.slices] if self._taken is not None else [self.empty.buttons[0]]

    def keys(self) -> Sequence[tuple[str, str]]:
        return (("↑ / ↓", _("选择数据包")), (_("空格 / Enter"), _("合并或不合并这一包")), ("Ctrl+A", _("全选或全不选")))

    def status(self) -> Sequence[str]:
        if self._taken is None:
            return [_("还没有选择位置")]
        lines = self._picked()
        rows = sum(changes_of(x) for x in lines)
        words = _("已选 <b>{n}</b> 个，新增、修改、撤回共 <b>{rows}</b> 行").format(n=len(lines), rows=f"{rows:,}")
        state = _("已经合并") if self._done else _("试算，未写入")
        return [words, _("每一包在一次事务里合并，中途断电也不会只进一半"), state]

    # ---- what is shown

    def _lines(self) -> list[Any]:
        return list(self._taken.lines) if self._taken is not None else []

    def _picked(self) -> list[Any]:
        return [x for x in self._lines() if str(x.path) in self._chosen]

    def _show(self) -> None:
        self.stack.setCurrentIndex(0 if self._taken is not None else 1)
        shown = [x for x in self._lines() if not self._group or group_of(x) == self._group]
        shown.sort(key=lambda x: ORDER.index(group_of(x)))
        titles = {i["id"]: i["period"] for i in self.context.workspace.county.calendar()}
        self.grid.show_lines([self._line(x, titles) for x in shown])
        counts = {g: sum(group_of(x) == g for x in self._lines()) for g in self.chips}
        counts[""] = len(self._lines())
        for group, chip in self.chips.items():
            chip.set_count(counts[group])
            chip.setChecked(group == self._group)
        self._show_total()
        self._show_buttons()
        self._show_bundle()

    def _line(self, x: Any, periods: dict[str, str]) -> Line:
        place = str(x.place.place) if x.place is not None and x.status != "refused" else ""
        shape, ink, strip = SHAPES.get(place, REFUSED)
        word, sentence = x.word, _short(x.sentence)
        if self._done and str(x.path) in self._chosen and x.status in ("merged", "older"):
            shape, ink, word, sentence = Shape.OK, "green", _("已合并"), _("合并好了")
        chosen, usable = str(x.path) in self._chosen, x.status != "refused" and not self._done
        answered = list(dict.fromkeys(p for item in x.answers if (p := periods.get(item, ""))))
        period = answered[0] if answered else ""
        if len(answered) > 1:
            period = _("{first} 等 {n} 期").format(first=period, n=len(answered))
        cells = (
            Cell("☑" if chosen else "☐", draw=partial(_paint_tick, chosen, usable)),
            Cell(word, ink, shape),
            Cell(x.name or x.path.name, tip=str(x.path)),
            Cell(period, "ink2", tip="、".join(answered)),
            Cell(str(x.sequence) if x.sequence else ""),
            Cell(f"{changes_of(x):,}" if changes_of(x) else ""),
            Cell(sentence, ink if ink != "green" else "ink", tip=x.sentence),
        )
        return Line(cells, strip, key=str(x.path))

    def _show_total(self) -> None:
        picked = [x for x in self._picked() if x.status in ("merged", "older")]
        rows = sum(changes_of(x) for x in picked)
        words = _("将合并 {n} 个").format(n=len(picked)) if not self._done else _("已合并 {n} 个").format(n=len(picked))
        cells = (
            Cell(),
            Cell(_("合计 {n}").format(n=len(self._lines())), bold=True),
            *(Cell(words, bold=True), Cell(), Cell(), Cell(f"{rows:,}", bold=True), Cell()),
        )
        self.total.show_lines([Line(cells, ground="canvas")])

    def _show_buttons(self) -> None:
        picked = self._picked()
        merging = sum(x.status in ("merged", "older") for x in picked)
        held = sum(x.status == "held" for x in picked)
        verb = _("合并 {n} 个数据包").format(n=merging) if merging or not held else _("暂存 {n} 个").format(n=held)
        verb = verb if self._taken is not None else _("合并")
        self.merge.set_text(_("已合并") if self._done else verb)
        self.merge.setEnabled(bool(picked) and not self._done and not self.context.workspace.read_only)
        self.receipts.setEnabled(self._done)
        self.receipts.set_text(_("写回执到 {where}").format(where=self._folder.name) if self._folder else _("写回执"))
        said = _("插入学校的 U 盘，先试算再合并")
        if self._folder is not None:
            state = _("合并完成") if self._done else _("试算，还没有改动任何数据")
            said = _("{where} · {n} 个文件 · {state}").format(where=self._folder, n=len(self._lines()), state=state)
        self.title_row.set_subtitle(said)
        self.choose.set_text(_("换一个位置…") if self._folder else _("选择 U 盘或文件夹…"))
        self.status_changed.emit()

    def _current(self) -> Any:
        key = self.grid.current_key()
        return next((x for x in self._lines() if str(x.path) == key), None)

    def _show_bundle(self) -> None:
        self.pane.show_bundle(self._current())

    def _slip(self) -> None:
        """What the county answers on paper about the bundle looked at."""
        line = self._current()
        if line is not None:
            write_out(self, _("收件回条"), lambda ws, path: ws.county.write_slips([line], path))

    # ---- choosing

    def _filter(self, group: str) -> None:
        self._group = "" if group == self._group else group
        self._show()

    def _toggle(self, everything: bool = False) -> None:
        if self._done:
            return
        if everything:
            usable = {str(x.path) for x in self._lines() if x.status != "refused"}
            self._chosen = set() if self._chosen >= usable else usable
        elif (x := self._current()) is not None and x.status != "refused":
            self._chosen ^= {str(x.path)}
        row = self.grid.currentIndex().row()
        self._show()
        self.grid.setCurrentIndex(self.grid.lines.index(row, 0))

    # ---- acts

    def _choose(self) -> None:
        folder = self.context.messages.pick_folder(_("数据包在哪个 U 盘或文件夹"))
        if folder:
            self._folder = Path(folder)
            with_keys(self.context, self._rehearse)

    def _rehearse(self) -> None:
        folder = self._folder
        assert folder is not None

        def rehearse(ws: Any, progress: Any, stop: Any) -> Any:
            taken = ws.county.dry_run([folder], progress, stop)
            asks = ws.county.requests(folder) if taken.requests else []
            return taken, sum(r.known in ("", "waiting") and not r.code for r in asks)

        work(
            self,
            _("正在试算"),
            rehearse,
            self._rehearsed,
            cancelled=lambda: self.say(_("试算取消了，没有改动任何数据。"), Tone.NEUTRAL),
        )

    def _rehearsed(self, answer: Any) -> None:
        taken, waiting = answer
        self.bars.clear()
        self._taken, self._done, self._group = taken, False, ""
        self._chosen = {str(x.path) for x in taken.lines if chosen_at_first(x)}
        self._show()
        if not taken.lines:
            self.say(_("这个位置没有数据包（.edub）。请换一个位置。"), Tone.AMBER)
        if waiting:
            words = _("旁边有 {n} 份登记申请。对着盖章的纸批准后，暂存的数据包自动合并。").format(n=waiting)
            self.say(words, Tone.ACCENT, [(_("去核准入网"), lambda: self.context.frame.go("county_enrol"))])
        self.grid.setFocus()

    def _merge(self) -> None:
        paths = [x.path for x in self._picked()] + list(self._taken.requests)
        with_keys(
            self.context,
            lambda: work(
                self,
                _("正在合并"),
                lambda ws, progress, stop: ws.county.merge(paths, progress, stop),
                self._merged,
                cancelled=self._stopped,
            ),
        )

    def _stopped(self) -> None:
        self.say(_("停下了。已经合并的留着，没有合并的原样在 U 盘上；再试算一次就能接着做。"), Tone.AMBER)
        if self._folder is not None:
            self._rehearse()

    def _merged(self, taken: Any) -> None:
        left = [x for x in self._lines() if str(x.path) not in self._chosen]
        self._taken = type(taken)([*taken.lines, *left], taken.requests)
        self._done = True
        totals = taken.totals
        self.bars.clear()
        self._show()
        words = _("合并了 {m} 个，暂存 {h} 个，跳过 {s} 个，拒收 {r} 个；新增 {new} 行，修改 {changed} 行。").format(
            m=totals["merged"] + totals["older"],
            h=totals["held"],
            s=totals["already"],
            r=totals["refused"],
            new=totals["new"],
            changed=totals["changed"],
        )
        tone = Tone.GREEN if not totals["held"] and not totals["refused"] else Tone.AMBER
        self.say(
            words, tone, [(_("写回执"), self._receipts), (_("看看板"), lambda: self.context.frame.go("county_board"))]
        )
        self.receipts.setFocus()

    def _receipts(self) -> None:
        folder = self._folder
        schools = list(dict.fromkeys(x.school for x in self._lines() if x.school))
        if folder is None:
            return

        def done(written: Any) -> None:
            words = _("写好了 {n} 份回执，在 {where}。请随 U 盘带回学校。").format(n=len(written), where=folder)
            say_written(self, folder, words, Tone.GREEN if written else Tone.AMBER)

        with_keys(
            self.context,
            lambda: work(self, _("正在写回执"), lambda ws, *_a: ws.county.write_receipts(folder, schools), done),
        )


class _BundleGrid(Grid):
    """Space and Ctrl+A choose; a click on the box does."""

    toggled = Signal(bool)

    def __init__(self) -> None:
        super().__init__(COLUMNS, selects=True, dense=False)
        self.setAccessibleName(_("数据包"))

    def keyPressEvent(self, event: Any) -> None:
        if event.key() == Qt.Key.Key_Space:
            self.toggled.emit(False)
        elif event.key() == Qt.Key.Key_A and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.toggled.emit(True)
        else:
            super().keyPressEvent(event)

    def mouseReleaseEvent(self, event: Any) -> None:
        super().mouseReleaseEvent(event)
        index = self.indexAt(event.position().toPoint())
        if index.isValid() and index.column() == 0:
            self.toggled.emit(False)


def _paint_tick(chosen: bool, usable: bool, painter: QPainter, where: QRect) -> None:
    """A box to tick; grey where there is nothing to choose."""
    side = theme.px(16)
    box = QRect(where.left() + theme.px(2), where.center().y() - side // 2 + 1, side, side)
    fill = ("afill" if usable else "edge") if chosen else "base" if usable else "inset"
    paint.box(painter, box, fill, "" if chosen else "edge" if usable else "line", radius=3)
    if chosen:
        icons.paint(painter, box, "check", "onfill")


def _short(sentence: str) -> str:
    return sentence.rstrip("。")
