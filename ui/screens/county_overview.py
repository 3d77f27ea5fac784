"""总览: the first page of a county file. What waits for somebody, the next due dates, the county at a glance."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from eduplan_desktop.i18n import N_, _
from ui import theme
from ui.screen import Context, Screen, Target
from ui.screens.county_parts import Facts, quietly, with_keys
from ui.screens.today import long_date
from ui.theme import Size, Tone
from ui.vault import NAMES, open_vault
from ui.widgets.buttons import Button, Weight
from ui.widgets.cards import Card, EmptyState
from ui.widgets.grid import Cell, Column, Grid, Line
from ui.widgets.labels import Label
from ui.widgets.shapes import Shape

WAITING: Final = (
    Column("", 104),
    Column("要办的事", 200, stretch=True),
    Column("说明", 200, stretch=True),
    Column("", 72),
)
DUE: Final = (Column("截止", 108), Column("事项", 160, stretch=True), Column("已收", 88, right=True))
SOON: Final = 5
LATEST: Final = 3
WORK: Final = (
    ("held", Shape.HELD, Tone.AMBER, N_("暂存的数据包"), N_("核对后再决定收不收"), "county_work"),
    ("gaps", Shape.GAP, Tone.AMBER, N_("缺号的学校"), N_("请学校补交缺少的数据包"), "county_work"),
    ("slices", Shape.ERROR, Tone.RED, N_("没有合并的部分"), N_("看原因，退回学校"), "county_work"),
    ("quarantined", Shape.HELD, Tone.AMBER, N_("隔离的行"), N_("值不合规定，没有进台账"), "county_work"),
    ("major", Shape.MAJOR, Tone.RED, N_("未销号的重大隐患"), N_("到校复查"), "county_work"),
    ("transfers", Shape.DOUBT, Tone.AMBER, N_("对不上的调拨"), N_("只有一方登记"), "county_work"),
    ("moves", Shape.DOUBT, Tone.AMBER, N_("对不上的调动"), N_("只有一方登记"), "county_work"),
    (
        "persons",
        Shape.DOUBT,
        Tone.NEUTRAL,
        N_("同一证件号码在两处"),
        N_("兼职、轮岗是正常的，抄错也会这样"),
        "county_work",
    ),
)
"""Kind of worklist → how it stands on this page."""


@dataclass(frozen=True, slots=True)
class Todo:
    """One line of what waits."""

    shape: Shape
    tone: Tone
    state: str
    what: str
    why: str
    verb: str
    place: str
    extra: str = ""


class OverviewScreen(Screen):
    """Read again whenever it is shown and whenever something was written."""

    def __init__(self, context: Context) -> None:
        super().__init__(context, _("总览"))
        frame = context.frame
        self.take = Button(
            _("收取数据包"), lambda: frame.go("county_take_in"), weight=Weight.PRIMARY, icon="inbox", key="F5"
        )
        self.title_row.add(self.take)
        self.todo = Grid(WAITING, selects=True, dense=False)
        self.todo.setAccessibleName(_("要办的事"))
        self.todo.horizontalHeader().hide()
        self.todo.opened.connect(self._do)
        self.todo.clicked.connect(lambda index: self._do(index.row()) if index.column() == 3 else None)
        self.due = Grid(DUE, selects=True)
        self.due.setAccessibleName(_("报送进度"))
        self.due.opened.connect(lambda _row: frame.go("county_board", Target(extra=self.due.current_key())))
        self.facts = Facts(84)
        self._todo: list[Todo] = []
        self._entering = False
        context.changes.changed.connect(self._written)
        self._build()

    def _build(self) -> None:
        row = QHBoxLayout()
        row.setContentsMargins(theme.MARGIN, theme.MARGIN, theme.MARGIN, theme.MARGIN)
        row.setSpacing(theme.MARGIN)
        self.todo_card = Card(_("要办的事"), padded=False)
        self.todo_card.head.addWidget(Label(_("Enter 办理选中的一件"), "ink2", Size.SMALL))
        self.calm = EmptyState(
            _("没有等着办的事。可以收取学校的 U 盘，或者看看完整性看板。"),
            [
                (_("收取数据包"), lambda: self.context.frame.go("county_take_in")),
                (_("完整性看板"), lambda: self.context.frame.go("county_board")),
            ],
            icon="check",
        )
        self.stack = QStackedWidget()
        self.stack.addWidget(self.todo)
        self.stack.addWidget(self.calm)
        self.todo_card.body.addWidget(self.stack, 1)
        right = QVBoxLayout()
        right.setSpacing(theme.MARGIN)
        progress = Card(_("报送进度"), _("Enter 打开看板"), padded=False)
        self.no_items = Label(_("还没有报送日历。"), "ink2")
        self.no_items.setContentsMargins(theme.CARD, theme.CARD, theme.CARD, theme.CARD)
        progress.body.addWidget(self.due)
        progress.body.addWidget(self.no_items)
        right.addWidget(progress)
        county = Card(_("本县"))
        county.body.addWidget(self.facts)
        right.addWidget(county)
        right.addWidget(self._vault_card())
        right.addStretch(1)
        row.addWidget(self.todo_card, 670)
        row.addLayout(right, 464)
        self.column.addLayout(row, 1)

    def _vault_card(self) -> Card:
        card = Card()
        self.vaults: dict[str, tuple[Label, Button]] = {}
        for name in NAMES:
            words, link = Label(""), Button("", partial(self._vault, name), weight=Weight.LINK)
            line = QHBoxLayout()
            line.addWidget(words, 1)
            line.addWidget(link)
            card.body.addLayout(line)
            self.vaults[name] = (words, link)
        return card

    # ---- the frame's questions

    def enter(self, target: Target | None) -> None:
        self._entering = True
        self._show()

    def refresh(self, changes: Any) -> None:
        self._show()

    def _written(self, changes: Any) -> None:
        """The badges of the navigation follow also while another page is shown."""
        if not self.isVisible():
            self._show()

    def panes(self) -> Sequence[QWidget]:
        return [self.todo if self._todo else self.calm.buttons[0], self.due]

    def keys(self) -> Sequence[tuple[str, str]]:
        return (("↑ / ↓", _("选择一件事")), ("Enter", _("办理选中的一件")))

    def status(self) -> Sequence[str]:
        return [_("要办 <b>{n}</b> 件").format(n=len(self._todo))]

    # ---- what is shown

    def _show(self) -> None:
        quietly(self, lambda ws: (ws.county.facts(), ws.county.board(), ws.county.worklists()), self._found)

    def _found(self, found: Any) -> None:
        ws = self.context.workspace
        facts, board, work = found
        self.title_row.set_subtitle(f"{long_date(ws.today())} · {facts.name}")
        self._todo = [*_setup(facts, bool(board.items)), *_waiting(facts), *_items(board), *_work(work)]
        self.todo.show_lines([_line(t) for t in self._todo])
        self.stack.setCurrentWidget(self.todo if self._todo else self.calm)
        self.todo_card.set_note(_("{n} 件").format(n=len(self._todo)) if self._todo else "")
        self._show_due(board, ws.today())
        self.facts.show_facts(
            [
                (_("学校"), _("{n} 所").format(n=facts.schools)),
                (_("县配置包"), _("第 {n} 版").format(n=facts.kit) if facts.kit else _("还没有发")),
                (_("信任名单"), _("第 {n} 版").format(n=facts.trust) if facts.trust else _("还没有")),
                (_("县指纹"), facts.fingerprint),
            ]
        )
        self._show_vaults(facts.health)
        self._show_badges(facts, board, work)
        self.status_changed.emit()
        if self._entering and self.isVisible():
            self.focus_first()
        self._entering = False

    def _show_due(self, board: Any, today: str) -> None:
        lines = []
        past = [i for i in board.items if i.due < today][-3:]
        for item in [*past, *[i for i in board.items if i.due >= today][: SOON - len(past) + 1]]:
            counts = board.counts[item.id]
            total = sum(counts.values()) - counts.get("exempt", 0)
            came = sum(counts.get(s, 0) for s in ("received", "returned", "accepted", "late"))
            missing = counts.get("missing", 0)
            shape = Shape.ERROR if missing else Shape.OK if came == total and total else Shape.DUE
            ink = "red" if missing else "ink"
            lines.append(Line((Cell(item.due, ink, shape), Cell(item.title), Cell(f"{came} / {total}")), key=item.id))
        self.due.show_lines(lines)
        self.due.fit_height(SOON + 1)
        self.due.setVisible(bool(lines))
        self.no_items.setVisible(not lines)

    def _show_vaults(self, health: bool) -> None:
        ws = self.context.workspace
        names = {"personal": _("县密钥"), "health": _("健康保险库")}
        for name, (words, link) in self.vaults.items():
            state = ws.compartment_state(name)
            said = {"none": _("还没有建立"), "locked": _("已锁定"), "open": _("打开着")}[state]
            words.setText(f"{names.get(name, name)} {said}")
            link.set_text({"none": _("去建立"), "locked": _("打开"), "open": _("锁定")}[state])

    def _show_badges(self, facts: Any, board: Any, work: Sequence[Any]) -> None:
        frame = self.context.frame
        missing = sum(row.worst == 0 for row in board.rows)
        kinds = Counter(line.kind for line in work)
        waits = sum(n for kind, n in kinds.items() if kind not in ("missing", "major"))
        frame.set_badge("county_board", _("{n} 缺报").format(n=missing) if missing else "", Tone.RED)
        frame.set_badge("county_roster", _("{n} 待核").format(n=facts.waiting) if facts.waiting else "", Tone.AMBER)
        frame.set_badge("county_work", str(waits) if waits else "", Tone.NEUTRAL)
        major = kinds["major"]
        frame.set_badge("county_safety", _("{n} 重大").format(n=major) if major else "", Tone.RED)
        unproven = "records" not in facts.proven or (facts.health and "health" not in facts.proven)
        frame.set_badge("county_home", str(len(self._todo)) if self._todo else "")
        frame.set_badge("county_keys", _("待核对") if unproven else "", Tone.AMBER)

    # ---- acts

    def _do(self, row: int) -> None:
        if 0 <= row < len(self._todo):
            one = self._todo[row]
            self.context.frame.go(one.place, Target(extra=one.extra))

    def _vault(self, name: str) -> None:
        ws = self.context.workspace
        if ws.compartment_state(name) == "open":
            ws.lock(name)
            self.context.changes.publish(None)
        elif ws.compartment_state(name) == "none":
            self.context.frame.go("county_keys")
        elif name == "personal":
            with_keys(self.context, lambda: None)
        else:
            open_vault(self.context, name)


def _line(one: Todo) -> Line:
    cells = (
        Cell(one.state, theme.tone(one.tone).text, one.shape, one.tone),
        Cell(one.what),
        Cell(one.why, "ink2", small=True),
        Cell(one.verb, "accent"),
    )
    return Line(cells, one.tone if one.tone is not Tone.NEUTRAL else None)


def _setup(facts: Any, items: bool) -> list[Todo]:
    """What a county still lacks before schools can report."""
    found = []
    if "records" not in facts.proven:
        why = _("抄一遍证明纸上的能用；没有核对过的恢复单靠不住")
        found.append(
            Todo(Shape.DOUBT, Tone.AMBER, _("核对"), _("核对记录恢复单"), why, _("去核对"), "county_keys", "prove")
        )
    if facts.health and "health" not in facts.proven:
        why = _("由健康档案员办理")
        found.append(Todo(Shape.DOUBT, Tone.AMBER, _("核对"), _("核对健康恢复单"), why, _("去核对"), "county_keys"))
    if not facts.schools:
        why = _("学校凭名单里的一条入网")
        found.append(Todo(Shape.NEW, Tone.ACCENT, _("开始"), _("列出学校名单"), why, _("去列出"), "county_roster"))
    if not items:
        why = _("学校要报什么、什么时候截止")
        found.append(Todo(Shape.NEW, Tone.ACCENT, _("开始"), _("定报送日历"), why, _("去拟定"), "county_calendar"))
    if not facts.health:
        why = _("建立以前学校不会准备健康部分；由健康档案员办理")
        found.append(Todo(Shape.DUE, Tone.NEUTRAL, _("以后"), _("建立健康密钥"), why, _("去建立"), "county_keys"))
    if facts.schools and items and not facts.kit:
        why = _("学校有了县配置包才能入网")
        found.append(Todo(Shape.NEW, Tone.ACCENT, _("开始"), _("写县配置包"), why, _("去写"), "county_kit"))
    return found


def _waiting(facts: Any) -> list[Todo]:
    if not facts.waiting:
        return []
    what = _("{n} 份登记申请等着核对").format(n=facts.waiting)
    why = _("对着盖章的登记表输入指纹；批准后暂存的数据包自动合并")
    return [Todo(Shape.UNKNOWN, Tone.AMBER, _("待核对"), what, why, _("去核准"), "county_enrol")]


def _items(board: Any) -> list[Todo]:
    """Items with schools missing, then those that came and wait for review."""
    found = []
    lacking = [(i, item) for i, item in enumerate(board.items) if board.counts[item.id].get("missing")]
    for i, item in reversed(lacking[-LATEST:]):
        names = [r.school.name for r in board.rows if r.cells[i].state == "missing"]
        what = _("{title} 缺报 {n} 所").format(title=item.title, n=len(names))
        found.append(
            Todo(Shape.ERROR, Tone.RED, _("缺报"), what, "、".join(names), _("去催报"), "county_board", item.id)
        )
    if earlier := lacking[:-LATEST]:
        what, why = _("更早的 {n} 项也有缺报").format(n=len(earlier)), "、".join(item.title for _i, item in earlier)
        found.append(Todo(Shape.ERROR, Tone.RED, _("缺报"), what, why, _("看看板"), "county_board"))
    waits = Counter(
        cell.item for row in board.rows for cell in row.cells if cell.review == "received" and cell.state != "returned"
    )
    for item in board.items:
        if n := waits[item.id]:
            what = _("{title} 待审 {n} 所").format(title=item.title, n=n)
            why = _("看过以后通过，或者写明备注退回")
            found.append(Todo(Shape.RING, Tone.NEUTRAL, _("待审"), what, why, _("去审核"), "county_board", item.id))
    return found


def _work(lines: Sequence[Any]) -> list[Todo]:
    kinds = Counter(line.kind for line in lines)
    return [
        Todo(
            shape, tone, _("核对"), _("{what} {n}").format(what=_(what), n=kinds[kind]), _(why), _("去看"), place, kind
        )
        for kind, shape, tone, what, why, place in WORK
        if kinds[kind]
    ]
