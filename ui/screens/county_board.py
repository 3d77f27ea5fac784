"""完整性看板: schools × items of the calendar, each cell a shape; beside it why, and what repairs it; accepting and returning."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from eduplan_desktop.i18n import _
from eduplan_desktop.registers.text import fold, search_text
from ui import theme
from ui.screen import Context, Screen, Target
from ui.screens.county_board_grid import SHAPES, BoardTable, Legend
from ui.screens.county_board_pane import BoardPane
from ui.screens.county_parts import attempt, beside, quietly, work
from ui.screens.county_remind import offer, print_board, remind
from ui.theme import Tone
from ui.widgets.buttons import Button, Chip, Weight
from ui.widgets.cards import EmptyState
from ui.widgets.fields import SearchField
from ui.widgets.pickers import FilterPicker, Option
from ui.widgets.rows import FilterRow

CHIPS: Final = ("missing", "late", "returned", "received", "accepted")
SHEETS: Final = "*.xlsx *.xls *.ods *.csv *.txt"


class BoardScreen(Screen):
    """The filters are the legend of one item; the table shows all of them."""

    def __init__(self, context: Context) -> None:
        super().__init__(context, _("完整性看板"))
        self.write = Button(_("写回执…"), lambda: context.frame.go("county_receipts"), icon="receipt")
        self.accept_all = Button(_("通过"), self._decide_all, weight=Weight.PRIMARY, key="Ctrl+Return")
        self.print_ = Button(_("打印看板…"), lambda: print_board(self), icon="printer", key="Ctrl+P")
        self.remind = Button(_("催报单…"), self._remind)
        self.title_row.add(self.print_, self.remind, self.write)
        if not context.workspace.read_only:
            self.title_row.add(self.accept_all)
        self.table = BoardTable()
        self.table.moved.connect(self._show_cell)
        self.table.opened.connect(lambda: self._enter_pane())
        self.pane = BoardPane(context)
        self.pane.decided.connect(self._decide)
        self.pane.noted.connect(self._note)
        self.pane.printed.connect(self._remind_one)
        self._board: Any = None
        self._target: Target | None = None
        self._entering = False
        self._item, self._state = "", ""
        self._count = 0
        self._build()

    def _build(self) -> None:
        filters = FilterRow()
        self.chips: dict[str, Chip] = {"": Chip(_("全部"))}
        self.chips |= {s: Chip(_(SHAPES[s][1]), SHAPES[s][0]) for s in CHIPS}
        for state, chip in self.chips.items():
            chip.clicked.connect(lambda _on=False, s=state: self._filter(s))
            filters.add_left(chip)
        self.township = FilterPicker(_("全部乡镇"))
        self.township.setMinimumWidth(theme.px(64))
        self.township.set_everything(self._townships)
        self.township.picked.connect(lambda _id: self._show_rows())
        filters.add_right(self.township)
        self.search = SearchField(_("学校、拼音首字母"), "Ctrl+F")
        self.search.setMinimumWidth(theme.px(64))
        self.search.textChanged.connect(lambda _text: self._show_rows())
        filters.add_right(self.search)
        self.empty = EmptyState(
            _("看板按报送日历和学校名单排开。先列出学校、定好日历，收到的报送就会出现在这里。"),
            [
                (_("定报送日历"), lambda: self.context.frame.go("county_calendar")),
                (_("看学校名单"), lambda: self.context.frame.go("county_roster")),
            ],
            icon="grid",
        )
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(filters)
        column.addWidget(self.table, 1)
        column.addWidget(Legend())
        self.stack = QStackedWidget()
        self.stack.addWidget(beside(left, self.pane, 320))
        self.stack.addWidget(self.empty)
        self.column.addWidget(self.stack, 1)

    # ---- the frame's questions

    def enter(self, target: Target | None) -> None:
        if target is not None and target.extra:
            self._item = target.extra
        self._target, self._entering = target, True
        self.refresh(None)

    def refresh(self, changes: Any) -> None:
        quietly(self, lambda ws: ws.county.board(), self._found)

    def _found(self, board: Any) -> None:
        ws, target = self.context.workspace, self._target
        self._board, self._target = board, None
        known = [i.id for i in self._board.items]
        if self._item not in known:
            past = [i.id for i in self._board.items if i.due < ws.today()]
            self._item = past[-1] if past else known[0] if known else ""
        filled = bool(self._board.rows and known)
        self.stack.setCurrentIndex(0 if filled else 1)
        self.print_.setEnabled(filled)
        self.remind.setEnabled(filled)
        self._show_rows()
        if target is not None and target.extra in known:
            self.table.go_to(target.school or self.table.first_school(), target.extra)
        if self._entering and self.isVisible():
            self.focus_first()
        self._entering = False

    def panes(self) -> Sequence[QWidget]:
        if self.stack.currentIndex():
            return [self.empty.buttons[0]]
        return [self.table.cells, self.search, self.pane.accept]

    def keys(self) -> Sequence[tuple[str, str]]:
        return (("← ↑ ↓ →", _("走格")), ("Enter", _("到右边看经过、通过或退回")))

    def status(self) -> Sequence[str]:
        if self._board is None or not self._item:
            return []
        counts = self._board.counts.get(self._item, {})
        total = sum(counts.values())
        came = total - sum(counts.get(s, 0) for s in ("missing", "upcoming", "exempt"))
        words = _("{item}：已收 <b>{came}</b> / {total}").format(item=self._title(self._item), came=came, total=total)
        return [_("显示 {n} / {m} 所，缺报在前").format(n=self._count, m=len(self._board.rows)), words]

    # ---- what is shown

    def _title(self, item: str) -> str:
        return next((i.title for i in self._board.items if i.id == item), "")

    def _townships(self) -> list[Option]:
        rows = self._board.rows if self._board is not None else ()
        names = sorted({r.school.township for r in rows if r.school.township})
        return [Option(n, n) for n in names]

    def _place(self) -> int:
        return next((n for n, i in enumerate(self._board.items) if i.id == self._item), 0)

    def _shown(self) -> list[Any]:
        if self._board is None:
            return []
        wanted, town, place = fold(self.search.text()), self.township.current(), self._place()
        return [
            row
            for row in self._board.rows
            if (not self._state or row.cells[place].state == self._state)
            and (not town or row.school.township == town)
            and (not wanted or wanted in search_text((row.school.name, row.school.aliases)))
        ]

    def _show_rows(self) -> None:
        if self._board is None:
            return
        ws = self.context.workspace
        label = ws.catalogs.label
        kinds = {r.school.uid: label("school_type", r.school.kind) if r.school.kind else "" for r in self._board.rows}
        shown = self._shown()
        self._count = len(shown)
        self.table.show_board(self._board, shown, kinds, self._item)
        self._show_chips()
        self._show_cell()

    def _show_chips(self) -> None:
        counts = self._board.counts.get(self._item, {})
        ws, n, m = self.context.workspace, len(self._board.rows), len(self._board.items)
        words = _("{county} {n} 所 · {m} 项 · 现在看 {item}") if self._item else _("{county} {n} 所 · {m} 项")
        self.title_row.set_subtitle(words.format(county=ws.title, n=n, m=m, item=self._title(self._item)))
        self.chips[""].set_count(sum(counts.values()))
        for state, chip in self.chips.items():
            if state:
                chip.set_count(counts.get(state, 0))
            chip.setChecked(state == self._state)
        waiting, missing = len(self._waiting()), len(self._missing())
        verb = _("登记催报缺报的 {n} 所…").format(n=missing) if missing else _("没有待审的")
        self.accept_all.set_text(_("通过这一项待审的 {n} 所").format(n=waiting) if waiting else verb)
        self.accept_all.setEnabled(bool(waiting or missing))

    def _waiting(self) -> list[str]:
        """Schools whose newest answer to the item waits for review and came in whole."""
        if self._board is None or not self._item:
            return []
        place = self._place()
        cells = [(row.school.uid, row.cells[place]) for row in self._board.rows]
        return [uid for uid, c in cells if c.review == "received" and c.state != "returned" and not c.broken]

    def _missing(self) -> list[str]:
        """Schools that owe the item."""
        if self._board is None or not self._item:
            return []
        place = self._place()
        return [row.school.uid for row in self._board.rows if row.cells[place].state == "missing"]

    def _filter(self, state: str) -> None:
        self._state = "" if state == self._state else state
        self._show_rows()

    def _show_cell(self) -> None:
        if self._board is None:
            return
        school, item = self.table.current()
        row = next((r for r in self._board.rows if r.school.uid == school), None)
        if item and item != self._item and not self._state:
            self._item = item
            self._show_chips()
            self.table.mark_item(item)
        self.pane.show_cell(self._board, row, item or self._item)
        self.status_changed.emit()

    def _enter_pane(self) -> None:
        self.pane.focus_first()

    # ---- acts

    def _decide_all(self) -> None:
        """What the item waits for: to be accepted, or else to be reminded of."""
        if self._waiting():
            self._accept_all()
        else:
            self._remind_all()

    def _remind_all(self) -> None:
        """One reminder written down for every school that owes the item."""
        item, schools = self._item, self._missing()
        count, title = len(schools), self._title(self._item)
        asked = _("给缺报“{item}”的 {n} 所学校各记一条：怎么催的、怎么答的。只在县里看，不发给学校。")
        verb = _("登记 {n} 条催报").format(n=count)
        text = self.context.messages.ask_text(_("登记催报"), asked.format(item=title, n=count), verb, label=_("催报"))
        if not (text or "").strip():
            return

        def note(ws: Any, progress: Any, stopped: Any) -> int:
            for n, uid in enumerate(schools):
                if stopped():
                    return n
                progress(n, count, "")
                ws.county.add_note(uid, item, text)
            return count

        def done(made: Any) -> None:
            self.say(_("催报记下了，{n} 所。").format(n=made), Tone.GREEN)
            self.table.cells.setFocus()

        work(self, _("正在登记催报"), note, done)

    def _accept_all(self) -> None:
        item, schools = self._item, self._waiting()

        def accept(ws: Any, progress: Any, stopped: Any) -> int:
            for n, uid in enumerate(schools):
                if stopped():
                    return n
                progress(n, len(schools), "")
                ws.county.decide("accept", uid, item)
            return len(schools)

        def done(count: Any) -> None:
            words = _("通过了 {n} 所的“{item}”。写回执告诉学校。").format(n=count, item=self._title(item))
            self.say(words, Tone.GREEN, [(_("写回执…"), lambda: self.context.frame.go("county_receipts"))])

        work(self, _("正在通过"), accept, done)

    def _decide(self, how: str, text: str, sheet: str) -> None:
        school, item = self.table.current()
        desk, remarks = self.context.workspace.county, Path(sheet) if sheet else None
        done = attempt(self, lambda: desk.decide(how, school, item, text=text, remarks=remarks), _("没有办成"))
        if done is None:
            return
        words = {
            "accept": _("已通过 {school} 的“{item}”。"),
            "return": _("已退回 {school} 的“{item}”，行备注 {n} 条。写回执带给学校。"),
            "exempt": _("{school} 不用报“{item}”。"),
        }[how]
        said = words.format(school=done["school"], item=self._title(item), n=done["remarks"])
        tone = Tone.AMBER if how == "return" else Tone.GREEN
        self.say(said, tone, [(_("写回执…"), lambda: self.context.frame.go("county_receipts"))])
        self.table.cells.setFocus()

    def _remind(self) -> None:
        offer(self, self.remind, self._item, self._title(self._item))

    def _remind_one(self) -> None:
        school, _item = self.table.current()
        row = next((r for r in self._board.rows if r.school.uid == school), None)
        if row is not None:
            remind(self, school=school, name=row.school.name)

    def _note(self, text: str) -> None:
        school, item = self.table.current()
        if attempt(self, lambda: self.context.workspace.county.add_note(school, item, text), _("没有记上")):
            self.say(_("催报记下了。"), Tone.GREEN)
            self.table.cells.setFocus()
