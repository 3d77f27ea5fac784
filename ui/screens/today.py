"""The first page of a school file: what to do by urgency, what was reported, the month of checks, figures, backup, vaults."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any, Final

from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from eduplan_desktop.errors import EduPlanError
from eduplan_desktop.i18n import N_, _
from ui import theme
from ui.recent import note_state
from ui.screen import Context, Screen, Target
from ui.screens.receipts_clone import offer_to_settle
from ui.screens.today_parts import FigureStrip, MonthGrid, TaskList, days_left
from ui.theme import Tone
from ui.vault import NAMES, open_vault
from ui.widgets.buttons import Button, Weight
from ui.widgets.cards import Card, EmptyState
from ui.widgets.grid import Cell, Column, Grid, Line
from ui.widgets.icon_mark import IconMark
from ui.widgets.labels import ElidedLabel, Label
from ui.widgets.shapes import Shape

WEEKDAYS: Final = (N_("星期一"), N_("星期二"), N_("星期三"), N_("星期四"), N_("星期五"), N_("星期六"), N_("星期日"))
SHAPES: Final = {
    "submitted": (Shape.RING, "ink"),
    "merged": (Shape.OK, "green"),
    "already": (Shape.OK, "green"),
    "older": (Shape.SAME, "ink2"),
    "held": (Shape.HELD, "amber"),
    "refused": (Shape.ERROR, "red"),
}
"""State of a bundle → its shape and ink."""
SUBMISSIONS: Final = (
    Column("期次", 128, stretch=True),
    Column("包号", 68),
    Column("生成日期", 92),
    Column("状态", 104),
)
WAITS: Final = (
    ("overdue", Shape.OVERDUE, N_("{n} 件超期")),
    ("returned", Shape.RETURNED, N_("{n} 件退回")),
    ("today", Shape.DOUBT, N_("今天 {n} 件")),
)
"""What the start page says of the file, the most urgent kind alone."""
SEEN: Final = 5
PLACES: Final = {"daily_check": ("daily_check", "safety_check")}
"""Target of a task → places that can serve it, the best first; else the place of the same name."""


def place_for(frame: Any, target: str) -> str:
    """The page of this window that serves a target, '' for none."""
    return next((p for p in PLACES.get(target, (target,)) if frame.knows(p)), "")


def long_date(day: str) -> str:
    """2026年3月5日 星期四."""
    one = date.fromisoformat(day)
    return _("{y}年{m}月{d}日 {weekday}").format(y=one.year, m=one.month, d=one.day, weekday=_(WEEKDAYS[one.weekday()]))


def submission_lines(submissions: Sequence[dict[str, Any]]) -> list[Line]:
    """Bundles written as lines of a table."""
    lines = []
    for one in submissions:
        shape, ink = SHAPES.get(one["state"], (Shape.RING, "ink"))
        cells = (
            Cell(one["period"]),
            Cell(_("第 {n} 包").format(n=one["sequence"])),
            Cell(one["made"]),
            Cell(one["word"], ink, shape),
        )
        lines.append(Line(cells, key=str(one["sequence"])))
    return lines


class TodayScreen(Screen):
    """Read again whenever it is shown and whenever something was written."""

    def __init__(self, context: Context) -> None:
        super().__init__(context, _("今日"))
        self.start = Button(_("开始今日检查"), self._check_today, weight=Weight.PRIMARY, icon="shield", key="F5")
        if not context.workspace.read_only:
            self.title_row.add(self.start)
        self.tasks = TaskList()
        self.tasks.wanted.connect(self._do)
        self.figures = FigureStrip(_("去年同期"))
        self.month = MonthGrid()
        self.month.picked.connect(self._open_day)
        self.submissions = Grid(SUBMISSIONS, selects=True)
        self.submissions.opened.connect(lambda _row: self._go("receipts"))
        self._asked_clone = False
        self._next_step = "join"
        self._build()

    # ---- building

    def _build(self) -> None:
        row = QHBoxLayout()
        row.setContentsMargins(theme.MARGIN, theme.MARGIN, theme.MARGIN, theme.MARGIN)
        row.setSpacing(theme.MARGIN)
        left = QVBoxLayout()
        left.setSpacing(theme.MARGIN)
        left.addWidget(self._task_card(), 1)
        left.addWidget(self.figures)
        right = QVBoxLayout()
        right.setSpacing(theme.MARGIN)
        right.addWidget(self._submission_card(), 1)
        right.addWidget(self._month_card())
        right.addWidget(self._safe_card())
        row.addLayout(left, 670)
        row.addLayout(right, 464)
        self.column.addLayout(row, 1)

    def _task_card(self) -> Card:
        self.todo = Card(_("要办的事"), padded=False)
        self.hint = Label(_("Enter 办理选中的一件"), "ink2", theme.Size.SMALL)
        self.todo.head.addWidget(self.hint)
        self.nothing = EmptyState(
            _("今天没有要办的事。可以继续登记，或看看各登记册。"),
            [(_("打开设备台账"), lambda: self._go("equipment")), (_("登记隐患"), lambda: self._go("hazard"))],
            icon="check",
        )
        self.stack = QStackedWidget()
        self.stack.addWidget(self.tasks)
        self.stack.addWidget(self.nothing)
        self.todo.body.addWidget(self.stack, 1)
        return self.todo

    def _submission_card(self) -> Card:
        card = Card(_("最近的报送"), padded=False)
        self.read_receipts = Button(_("读取 U 盘上的回执"), self._read_receipts, weight=Weight.LINK)
        card.head.addWidget(self.read_receipts)
        self.none_yet = _Sentence(_("还没有加入县里。收到县教育局发的县配置包（.edukit）后入网。"), _("入网"))
        self.none_yet.link.clicked.connect(lambda: self._go(self._next_step))
        card.body.addWidget(self.submissions)
        card.body.addWidget(self.none_yet)
        card.body.addStretch(1)
        return card

    def _month_card(self) -> Card:
        self.month_card = Card(_("本月日查"), padded=False)
        self.month_card.body.addSpacing(theme.HALF)
        self.month_card.body.addWidget(self.month)
        return self.month_card

    def _safe_card(self) -> Card:
        card = Card()
        card.body.setSpacing(theme.HALF)
        self.backup = _SafeLine("disk", _("现在备份"), self._backup)
        card.body.addWidget(self.backup)
        self.vaults = {}
        for name in NAMES:
            line = _SafeLine("lock", "", lambda n=name: self._vault(n))
            self.vaults[name] = line
            card.body.addWidget(line)
        return card

    # ---- the frame's questions

    def enter(self, target: Target | None) -> None:
        self._show()

    def later(self) -> None:
        self._show_figures()
        self._note_state()
        if not self._asked_clone:
            self._asked_clone = True
            offer_to_settle(self)

    def refresh(self, changes: Any) -> None:
        self._show()
        self._show_figures()
        self._note_state()

    def status(self) -> Sequence[str]:
        found = self.tasks.tasks.tasks
        counts = {s: sum(t.state == s for t in found) for s in ("overdue", "today")}
        words = _("要办 {n} 件，超期 {a}，今天 {b}").format(n=len(found), a=counts["overdue"], b=counts["today"])
        return [words]

    def panes(self) -> Sequence[QWidget]:
        return [self.tasks if self.tasks.tasks.tasks else self.nothing.buttons[0], self.submissions, self.month]

    def keys(self) -> Sequence[tuple[str, str]]:
        return (("↑ / ↓", _("选择一件事")), ("Enter", _("办理选中的一件")))

    # ---- what is shown

    def _show(self) -> None:
        ws = self.context.workspace
        today = ws.today()
        self.title_row.set_subtitle(f"{long_date(today)} · {ws.title}")
        found = ws.school.agenda()
        self.tasks.show_tasks(found, today)
        self.stack.setCurrentWidget(self.tasks if found else self.nothing)
        self.hint.setVisible(bool(found))
        self.todo.set_note(_("{n} 件，急的在前").format(n=len(found)) if found else "")
        self._show_submissions()
        self._show_month(today)
        self._show_safe()
        self._show_badges(found, today)
        self.status_changed.emit()

    def _note_state(self) -> None:
        """What the start page says of this file the next time."""
        found = self.tasks.tasks.tasks
        for state, shape, words in WAITS:
            if count := sum(t.state == state for t in found):
                note_state(self.context.memory, str(self.context.workspace.path), shape, _(words).format(n=count))
                return
        note_state(self.context.memory, str(self.context.workspace.path), "", "")

    def _show_figures(self) -> None:
        """Totals over the whole ledger: tens of milliseconds in a large file, so the page is painted first."""
        self.figures.show_figures(self.context.workspace.school.figures())

    def _show_submissions(self) -> None:
        school = self.context.workspace.school
        lines = submission_lines(school.submissions())
        joined = school.joined() is not None
        self.submissions.show_lines(lines[:SEEN])
        self.submissions.fit_height(SEEN)
        self.submissions.setVisible(bool(lines))
        self.none_yet.setVisible(not lines)
        self.read_receipts.setVisible(joined)
        self._next_step = "submit" if joined else "join"
        if joined:
            self.none_yet.say(_("还没有报送过。检查、写说明，再生成第 1 包。"), _("生成上报包"))

    def _show_month(self, today: str) -> None:
        days = self.context.workspace.school.month(int(today[:4]), int(today[5:7]))
        counts = {s: sum(d.state == s for d in days) for s in ("done", "due", "missed")}
        due = sum(counts.values())
        self.month.show_days(days, today)
        words = _("{m} 月：应查 {a} 天，已查 {b} 天，缺查 {c} 天")
        self.month_card.set_note(words.format(m=int(today[5:7]), a=due, b=counts["done"], c=counts["missed"]))

    def _show_safe(self) -> None:
        ws = self.context.workspace
        last = self.context.memory.get(f"backup.{ws.path}", "")
        words = _("备份到 U 盘：{when}").format(when=last) if last else _("每天关闭时自动备份；还没有备份到 U 盘")
        self.backup.say(words, _("现在备份"))
        for name, line in self.vaults.items():
            state = ws.compartment_state(name)
            said = {"none": _("还没有建立"), "locked": _("已锁定"), "open": _("打开着")}[state]
            verb = {"none": _("建立"), "locked": _("打开"), "open": _("锁定")}[state]
            line.say(f"{_(NAMES[name])} {said}", verb, "unlock" if state == "open" else "lock")

    def _show_badges(self, found: Sequence[Any], today: str) -> None:
        frame = self.context.frame
        frame.set_badge("today", str(len(found)) if found else "")
        late = next((t for t in found if t.target == "hazard" and t.state == "overdue"), None)
        count = len(late.params.get("ids", "").split(",")) if late else 0
        frame.set_badge("hazard", _("{n} 超期").format(n=count) if count else "", Tone.RED)
        waiting = any(t.target == "daily_check" for t in found)
        frame.set_badge(place_for(frame, "daily_check"), _("待查") if waiting else "", Tone.AMBER)
        remarks = len(self.context.workspace.school.remarks())
        frame.set_badge("receipts", str(remarks) if remarks else "", Tone.AMBER)
        due = [days_left(t.until, today) for t in found if t.target == "submit"]
        left = min((d for d in due if d is not None), default=None)
        words = "" if left is None or left > 10 else _("超期") if left < 0 else _("{n} 天").format(n=left)
        frame.set_badge("submit", words, Tone.RED if left is not None and left < 0 else Tone.AMBER)

    # ---- acts

    def _go(self, target: str, to: Target | None = None) -> None:
        place = place_for(self.context.frame, target)
        if place:
            self.context.frame.go(place, to)

    def _do(self, task: Any) -> None:
        ids = task.params.get("ids", "")
        extra = "new" if task.params.get("new") else task.params.get("item") or task.params.get("date") or ""
        self._go(task.target, Target(row=ids.split(",")[0] if ids else "", extra=extra))
        if task.params.get("new"):
            self._begin_new()

    def _begin_new(self) -> None:
        """Registers open on a new record where the task is to write one."""
        page = getattr(self.context.frame, "page", None)
        begin = getattr(page, "new_record", None)
        if begin is not None:
            begin()

    def _check_today(self) -> None:
        self._open_day(self.context.workspace.today())

    def _open_day(self, day: str) -> None:
        self._go("daily_check", Target(query=day if not self.context.frame.knows("daily_check") else "", extra=day))

    def _read_receipts(self) -> None:
        self._go("receipts", Target(extra="read"))

    def _backup(self) -> None:
        folder = self.context.messages.pick_folder(_("备份到哪个文件夹（U 盘最好）"))
        if not folder:
            return
        ws = self.context.workspace

        def work(_progress: Any, _cancelled: Any) -> Any:
            with ws.another() as twin:
                return twin.backup(Path(folder))

        def done(path: Any) -> None:
            when = self.context.env.now().astimezone().strftime("%Y-%m-%d %H:%M")
            self.context.memory.put(f"backup.{ws.path}", f"{when}，{folder}")
            self._show_safe()
            self.say(_("备份好了，并已核对：{path}").format(path=path), Tone.GREEN)

        def failed(fault: EduPlanError) -> None:
            self.context.messages.fault(fault, _("没有备份成"))

        self.context.tasks.run(work, on_done=done, on_failed=failed)

    def _vault(self, name: str) -> None:
        ws = self.context.workspace
        if ws.compartment_state(name) == "open":
            ws.lock(name)
            self.context.changes.publish(None)
        else:
            open_vault(self.context, name)


class _Sentence(QWidget):
    """One sentence and its verb, in a card that has nothing else to show yet."""

    def __init__(self, words: str, verb: str) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.CARD, theme.CARD, theme.CARD, theme.CARD)
        self.words = Label(words, "ink2", wrap=True)
        self.link = Button(verb, weight=Weight.ACCENT, compact=True)
        row.addWidget(self.words, 1)
        row.addWidget(self.link)

    def say(self, words: str, verb: str) -> None:
        """Change both."""
        self.words.setText(words)
        self.link.set_text(verb)


class _SafeLine(QWidget):
    """Icon, words, and a link at the right."""

    def __init__(self, icon: str, verb: str, act: Any) -> None:
        super().__init__()
        self.setFixedHeight(theme.px(32))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.GRID)
        self.mark = IconMark(icon)
        self.words = ElidedLabel("")
        self.link = Button(verb, act, weight=Weight.LINK)
        row.addWidget(self.mark)
        row.addWidget(self.words, 1)
        row.addWidget(self.link)

    def say(self, words: str, verb: str, icon: str = "") -> None:
        """Change words, verb and icon."""
        self.words.set_text(words)
        self.link.set_text(verb)
        if icon:
            self.mark.show_icon(icon)
