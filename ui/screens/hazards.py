"""隐患台账 as a board: what is overdue on top, then a column a state; moving a card on asks for what the next state requires."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, Final

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QKeySequence, QPainter, QPaintEvent, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from eduplan_desktop.i18n import N_, _
from eduplan_desktop.registers import dates
from eduplan_desktop.registers.hazard import CLOSED, IN_WORK, MAJOR, TO_ASSIGN, TO_RECHECK, UNFIXABLE, overdue_days
from eduplan_desktop.registers.model import Row as Record
from ui import theme
from ui.screen import Context, Screen, Target
from ui.screens.hazards_cards import COLUMNS, CardList, card_of
from ui.screens.hazards_move import MovePanel, next_states, why_not_closed
from ui.screens.print_out import print_form
from ui.theme import Size, Tone
from ui.widgets import paint, shapes
from ui.widgets.buttons import Button, StateTag, Weight
from ui.widgets.cards import EmptyState
from ui.widgets.fields import SearchField
from ui.widgets.labels import ElidedLabel, Label
from ui.widgets.pickers import FilterPicker, Option
from ui.widgets.rows import FilterRow, KeyHints, Row
from ui.widgets.shapes import Shape

TABLE: Final = "hazard_table"
COLUMN: Final = 260
STRIP: Final = 102
HEADS: Final = {
    TO_ASSIGN: (Shape.RING, Tone.NEUTRAL, N_("写措施、责任人、时限")),
    IN_WORK: (Shape.NEXT, Tone.GREEN, N_("按时限整改")),
    TO_RECHECK: (Shape.RING, Tone.GREEN, N_("本校复查或县局复查")),
    CLOSED: (Shape.OK, Tone.GREEN, N_("今年的，只读")),
    UNFIXABLE: (Shape.HELD, Tone.AMBER, N_("已上报，防护不能停")),
}
"""State → shape and tone of its column, and the words at the right of its head."""


class ColumnHead(QWidget):
    """Shape, state, count; what to do at the right."""

    def __init__(self, words: str, shape: Shape, tone: Tone, note: str) -> None:
        super().__init__()
        self._words, self._shape, self._tone, self._note, self._count = words, shape, tone, note, 0
        self.setFixedHeight(theme.px(40))

    def show_count(self, count: int, note: str = "") -> None:
        """Cards in the column."""
        self._count, self._note = count, note or self._note
        self.setAccessibleName(f"{self._words} {count}")
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint.fill(self, painter, "base")
        paint.hline(painter, 0, self.width(), self.height() - 1, "edge")
        side = theme.px(shapes.SIDE)
        shapes.paint(painter, QRect(theme.px(12), 0, side, self.height()), self._shape, self._tone)
        x = theme.px(12) + side + theme.px(8)
        x += paint.text(painter, QRect(x, 0, self.width(), self.height()), self._words, bold=True) + theme.px(8)
        count = _("{n} 条").format(n=self._count)
        x += paint.text(painter, QRect(x, 0, self.width(), self.height()), count, "ink2", size=Size.SMALL)
        rest = QRect(x + theme.GRID, 0, self.width() - x - theme.px(20), self.height())
        paint.text(painter, rest, self._note, "ink2", size=Size.SMALL, align=paint.RIGHT)


class OverdueStrip(QWidget):
    """The band of overdue hazards: the largest coloured area there is."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedHeight(theme.px(STRIP))
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.MARGIN, theme.GRID, theme.GRID, 0)
        words = QVBoxLayout()
        words.setSpacing(2)
        self.count = StateTag(Shape.OVERDUE, "", Tone.RED)
        words.addStretch(1)
        words.addWidget(self.count)
        words.addWidget(Label(_("先办这些"), "red", Size.SMALL))
        words.addStretch(1)
        row.addLayout(words)
        self.list = CardList(_("超期"), across=True)
        row.addWidget(self.list, 1)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.colour("red.tint"))
        paint.hline(painter, 0, self.width(), self.height() - 1, "red.line")


def figures(rows: Sequence[Record], today: str) -> list[tuple[str, str]]:
    """(words, figure) over hazards found in the last twelve months; '—' where there is nothing to divide by."""
    since = f"{int(today[:4]) - 1}{today[4:]}"
    found = [r for r in rows if str(r.get("found") or "") > since]
    closed = [r for r in found if r.get("state") == CLOSED]
    timed = [r for r in closed if r.get("due") and r.get("fixed")]
    in_time = [r for r in timed if not dates.before(str(r["due"]), str(r["fixed"]))]
    whole = [r for r in closed if len(str(r.get("fixed") or "")) == 10 == len(str(r.get("found")))]
    days = [dates.days_between(str(r["found"]), str(r["fixed"])) for r in whole]
    return [
        (_("近 12 月销号率"), f"{100 * len(closed) / len(found):.1f} %" if found else "—"),
        (_("按期率"), f"{100 * len(in_time) / len(timed):.1f} %" if timed else "—"),
        (_("平均整改"), _("{n} 天").format(n=f"{sum(days) / len(days):.1f}") if days else "—"),
    ]


def _word_of(labels: Mapping[str, str], code: str) -> str:
    return labels.get(code, code)


class HazardScreen(Screen):
    """The board. Enter opens a card in the plain form, Ctrl+→ moves it on."""

    def __init__(self, context: Context) -> None:
        super().__init__(context, _("隐患台账"))
        self.register = next(r for r in context.workspace.registers() if r.name == "hazard")
        self.rows: dict[str, Record] = {}
        self.plain = Button(_("表格"), lambda: context.frame.go(TABLE), icon="table")
        self.printing = Button(_("打印台账"), self._print, icon="printer", key="Ctrl+P")
        self.title_row.add(self.plain, self.printing)
        if not context.workspace.read_only:
            self.title_row.add(Button(_("登记隐患"), self.new_record, weight=Weight.PRIMARY, icon="plus", key="Ctrl+N"))
        self._build()
        for key, step in (("Ctrl+Right", 1), ("Ctrl+Left", -1)):
            shortcut = QShortcut(QKeySequence(key), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(lambda s=step: self.move_card(s))

    # ---- building

    def _build(self) -> None:
        self._build_filters()
        self.strip = OverdueStrip()
        self.column.addWidget(self.strip)
        middle = QHBoxLayout()
        middle.setContentsMargins(0, 0, 0, 0)
        middle.setSpacing(0)
        self.stack = QStackedWidget()
        self.stack.addWidget(self._build_board())
        self.empty = EmptyState(
            _("还没有隐患。每日检查里的异常会登记到这里，也可以直接登记。"),
            [(_("登记隐患"), self.new_record), (_("去每日检查"), lambda: self.context.frame.go("daily_check"))],
            icon="shield",
        )
        self.nothing = EmptyState(_("没有找到符合的隐患。"), [(_("清除搜索和筛选"), self._clear)], icon="search")
        self.stack.addWidget(self.empty)
        self.stack.addWidget(self.nothing)
        self.panel = MovePanel(self.context, self.register)
        self.panel.moved.connect(self._moved)
        self.panel.closed.connect(self.focus_first)
        middle.addWidget(self.stack, 1)
        middle.addWidget(self.panel)
        self.column.addLayout(middle, 1)
        foot = Row(32, "canvas", "")
        hints = KeyHints([("← →", _("换列")), ("Enter", _("打开")), ("Ctrl+→", _("推进（先问必填项）"))])
        self.now = ElidedLabel("", "ink2", Size.SMALL, elide=Qt.TextElideMode.ElideMiddle)
        foot.row.addWidget(hints, 1)
        foot.row.addWidget(self.now)
        self.column.addWidget(foot)
        self.lists = [self.strip.list, *self.columns.values()]
        for one in self.lists:
            one.entered.connect(lambda o=one: self._activate(o))
            one.opened.connect(self.open_card)
            one.crossed.connect(lambda step, o=one: self._cross(o, step))
            one.left_top.connect(lambda o=one: self._to_top(o))

    def _build_filters(self) -> None:
        row = FilterRow()
        self.search = SearchField(_("描述、部位、编号、拼音首字母"), key="Ctrl+F")
        self.search.setFixedWidth(theme.px(248))
        self.search.textChanged.connect(lambda _t: self.show_board())
        row.add_left(self.search)
        ws = self.context.workspace
        self.filters: dict[str, FilterPicker] = {}
        for name, words in (("category", _("全部类别")), ("level", _("全部等级")), ("person", _("全部责任人"))):
            picker = FilterPicker(words)
            picker.set_everything(partial(self._options, name))
            field = self.register.by_name[name]
            labels = {e.code: e.label for e in ws.choices(field)} if field.choices else {}
            picker.label_by(partial(_word_of, labels))
            picker.picked.connect(lambda _id: self.show_board())
            self.filters[name] = picker
            row.add_left(picker)
        self.figures = Label("", "ink2", Size.SMALL)
        row.add_right(self.figures)
        self.column.addWidget(row)

    def _options(self, name: str) -> Sequence[Option]:
        """What a filter offers: the codes of a choice, else the names that occur."""
        ws = self.context.workspace
        field = self.register.by_name[name]
        if field.choices:
            return [Option(e.code, e.label) for e in ws.choices(field)]
        return [Option(str(v), str(v)) for v in ws.distinct("hazard", name) if v]

    def _build_board(self) -> QWidget:
        inside = QWidget()
        row = QHBoxLayout(inside)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(1)
        self.columns: dict[str, CardList] = {}
        self.heads: dict[str, ColumnHead] = {}
        self._frames: dict[str, QWidget] = {}
        for state in COLUMNS:
            shape, tone, note = HEADS[state]
            frame = QWidget()
            frame.setMinimumWidth(theme.px(COLUMN))
            column = QVBoxLayout(frame)
            column.setContentsMargins(0, 0, 0, 0)
            column.setSpacing(0)
            words = self.context.workspace.catalogs.label("hazard_state", state)
            self.heads[state] = ColumnHead(words, shape, tone, _(note))
            self.columns[state] = CardList(words)
            self.columns[state].setViewportMargins(theme.GRID, theme.GRID, theme.GRID, 0)
            column.addWidget(self.heads[state])
            column.addWidget(self.columns[state], 1)
            self._frames[state] = frame
            row.addWidget(frame, 1)
        area = QScrollArea()
        area.setFrameShape(QScrollArea.Shape.NoFrame)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidgetResizable(True)
        area.setWidget(inside)
        return area

    # ---- the frame's questions

    def enter(self, target: Target | None) -> None:
        if target is not None and (target.field or target.query):
            self.context.frame.go(TABLE, target)
            return
        self.show_board()
        if target is not None and target.row:
            self.go_to(target.row)

    def settle(self) -> bool:
        return True

    def refresh(self, changes: Any) -> None:
        if changes is None or "hazard" in changes.registers:
            self.show_board()

    def status(self) -> Sequence[str]:
        return (
            _("{n} 条").format(n=len(self.rows)),
            _("已销号的只读；重新出现的隐患登记为新的一条并关联原来那条"),
        )

    def panes(self) -> Sequence[QWidget]:
        return (self.search, *(one for one in self.lists if one.cards.cards), self.panel.done)

    def keys(self) -> Sequence[tuple[str, str]]:
        return (
            ("← / →", _("换列")),
            ("Enter", _("在表单里打开")),
            ("Ctrl+→", _("推进到下一状态")),
            ("Ctrl+←", _("退回上一状态")),
        )

    def focus_first(self) -> None:
        known = next((one for one in self.lists if one.active and one.cards.cards), None)
        first = known or next((one for one in self.lists if one.cards.cards), None)
        if first is not None:
            first.setFocus()
        elif self.empty.isVisible():
            self.empty.buttons[0].setFocus()

    # ---- showing

    def show_board(self) -> None:
        """Read the hazards that fit the filters and deal them out."""
        ws = self.context.workspace
        today = ws.today()
        chosen = {n: p.current() for n, p in self.filters.items() if p.current()}
        source = ws.table("hazard")
        view = source.view(self.search.text(), None, chosen)
        found = list(view.rows(0, view.count))
        self.rows = {str(r["id"]): r for r in found}
        late = [r for r in found if overdue_days(r, today)]
        late.sort(key=lambda r: -overdue_days(r, today))
        self.strip.list.show_cards([card_of(r, today, ws.catalogs) for r in late])
        self.strip.count.show_state(Shape.OVERDUE, _("超期 {n} 条").format(n=len(late)), Tone.RED)
        self.strip.setVisible(bool(late))
        for state, column in self.columns.items():
            here = [r for r in found if (r.get("state") or TO_ASSIGN) == state and not overdue_days(r, today)]
            here.sort(key=lambda r: str(r.get("closed") if state == CLOSED else r.get("due") or "9"))
            if state == CLOSED:
                here = [r for r in here if str(r.get("closed") or today)[:4] == today[:4]][::-1]
            column.show_cards([card_of(r, today, ws.catalogs) for r in here])
            above = sum(r.get("state") == state for r in late)
            self.heads[state].show_count(
                len(here), _("另有超期 {n} 条在上方").format(n=above) if above else _(HEADS[state][2])
            )
        self._frames[UNFIXABLE].setVisible(bool(self.columns[UNFIXABLE].cards.cards))
        total = view.total
        self.stack.setCurrentIndex(0 if found else 2 if total else 1)
        self._show_words(found, len(late), today)

    def _show_words(self, found: Sequence[Record], late: int, today: str) -> None:
        left = [r for r in found if r.get("state") != CLOSED]
        major = sum(r.get("level") == MAJOR for r in left)
        words = _("未销号 {n} 条，其中超期 {late}、重大 {major}").format(n=len(left), late=late, major=major)
        self.title_row.set_subtitle(f"{self.context.workspace.title} · {words}")
        self.figures.setText("&nbsp;&nbsp;&nbsp;&nbsp;".join(f"{w} <b>{f}</b>" for w, f in figures(found, today)))
        tone = Tone.RED
        self.context.frame.set_badge("hazard", _("{n} 超期").format(n=late) if late else "", tone)
        self._show_now()
        self.status_changed.emit()

    def _clear(self) -> None:
        for picker in self.filters.values():
            picker.set_current("")
        self.search.clear()
        self.show_board()

    # ---- the cursor

    def current(self) -> Record | None:
        """The hazard under the cursor."""
        active = next((one for one in self.lists if one.active), None)
        return self.rows.get(active.current_id()) if active is not None else None

    def _activate(self, one: CardList) -> None:
        for other in self.lists:
            other.set_active(other is one)
        self._show_now()

    def _show_now(self) -> None:
        row = self.current()
        if row is None:
            self.now.set_text("")
            return
        state = self.context.workspace.catalogs.label("hazard_state", str(row.get("state") or TO_ASSIGN))
        self.now.set_text(_("当前：{number} · {state}").format(number=row.get("number") or "", state=state))

    def _cross(self, one: CardList, step: int) -> None:
        shown = [c for c in self.columns.values() if c.cards.cards]
        if one is self.strip.list:
            target = shown[0] if shown else None
        else:
            at = shown.index(one) + step if one in shown else -1
            target = shown[at] if 0 <= at < len(shown) else None
        if target is not None:
            target.go_to(max(0, one.currentIndex().row()) if one is not self.strip.list else 0)

    def _to_top(self, one: CardList) -> None:
        if one is not self.strip.list and self.strip.list.cards.cards:
            self.strip.list.setFocus()
        elif one is self.strip.list:
            self.search.setFocus()

    def go_to(self, row_id: str) -> None:
        """Put the cursor on a hazard; one that the filters hide, or that is long closed, opens in the table."""
        for one in self.lists:
            ids = [c.id for c in one.cards.cards]
            if row_id in ids:
                one.go_to(ids.index(row_id))
                self._activate(one)
                return
        self.context.frame.go(TABLE, Target(row=row_id))

    # ---- acts

    def open_card(self) -> None:
        """Open the hazard under the cursor in the plain form."""
        row = self.current()
        if row is not None:
            self.context.frame.go(TABLE, Target(row=str(row["id"])))

    def new_record(self) -> None:
        """Begin a new hazard in the plain form."""
        self.context.frame.go(TABLE)
        page: Any = getattr(self.window(), "page", None)
        if page is not None and page is not self:
            page.new_record()

    def move_card(self, step: int = 1) -> None:
        """Ask for what the next (or the previous) state requires; say why where there is none."""
        row = self.current()
        if row is None or self.context.workspace.read_only:
            return
        now = str(row.get("state") or TO_ASSIGN)
        reachable = next_states(row)
        ahead = [s for s in reachable if s > now and s != UNFIXABLE] if step > 0 else [s for s in reachable if s < now]
        if now == UNFIXABLE:
            ahead = reachable
        if why := why_not_closed(row) if step > 0 else "":
            self.say(why, Tone.AMBER)
        elif ahead:
            self.panel.ask(row, ahead[0])
        elif now == CLOSED:
            self.say(_("已销号的隐患只读。又出现了，就登记新的一条并关联原来那条。"), Tone.NEUTRAL)
        else:
            self.say(_("这一条没有上一状态可退。"), Tone.NEUTRAL)

    def _moved(self, changes: Any) -> None:
        moved = next(iter(changes.ids), "") if changes is not None else ""
        self.context.published(changes)
        row = self.rows.get(str(moved))
        if row is not None:
            state = self.context.workspace.catalogs.label("hazard_state", str(row.get("state")))
            undo = (_("撤销"), lambda: getattr(self.window(), "undo", lambda: None)())
            self.say(_("{number} 已转为“{state}”。").format(number=row.get("number") or "", state=state), acts=[undo])
            self.go_to(str(moved))
        self.focus_first()

    def _print(self) -> None:
        year = self.context.workspace.today()[:4]
        print_form(self, "F13", year, _("隐患台账-{year}").format(year=year))
