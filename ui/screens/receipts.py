"""Receipts and returns: read what came back on the stick, see the state of every item, go to what has to be corrected."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from eduplan_desktop.errors import EduPlanError
from eduplan_desktop.i18n import _
from ui import theme
from ui.screen import Context, Screen, Target
from ui.screens.receipts_clone import offer_to_settle
from ui.screens.today import SUBMISSIONS, submission_lines
from ui.theme import Tone
from ui.widgets.buttons import Button, Weight
from ui.widgets.cards import Card, EmptyState
from ui.widgets.grid import Cell, Column, Grid, Line
from ui.widgets.progress import ProgressPanel
from ui.widgets.shapes import Shape

ITEMS: Final = (
    Column("项目", 176, stretch=True),
    Column("截止", 100),
    Column("县里的答复", 152),
    Column("说的话", 160, stretch=True),
)
REMARKS: Final = (Column("登记册", 96), Column("哪一条", 150), Column("项目", 96), Column("备注", 200, stretch=True))
STATES: Final = {
    "": (Shape.RING, "ink2"),
    "missing": (Shape.ERROR, "red"),
    "submitted": (Shape.CHANGED, "accent"),
    "received": (Shape.RING, "green"),
    "returned": (Shape.RETURNED, "amber"),
    "accepted": (Shape.OK, "green"),
    "exempt": (Shape.EXEMPT, "ink2"),
}
"""State of an item → its shape and ink."""


def item_line(one: Any) -> Line:
    """A calendar item as a line."""
    shape, ink = STATES.get(one.state, (Shape.RING, "ink2"))
    word = _("{word}，迟报").format(word=one.word) if one.late else one.word
    strip = Tone.AMBER if one.state == "returned" else Tone.RED if one.state == "missing" else None
    cells = (Cell(one.title), Cell(one.due), Cell(word, ink, shape), Cell(one.remark, small=True))
    return Line(cells, strip, key=one.id)


class ReceiptsScreen(Screen):
    """What the county answered."""

    def __init__(self, context: Context) -> None:
        super().__init__(context, _("回执与退回"))
        self.file = Button(_("选择回执文件…"), self._choose, icon="folder")
        self.read = Button(_("读取 U 盘上的回执"), self.look, weight=Weight.PRIMARY, icon="receipt", key="Ctrl+Return")
        if not context.workspace.read_only:
            self.title_row.add(self.file, self.read)
        self.items = Grid(ITEMS, selects=True)
        self.items.setAccessibleName(_("各项目的状态"))
        self.items.opened.connect(lambda _row: self._report_again())
        self.remarks = Grid(REMARKS, selects=True)
        self.remarks.setAccessibleName(_("退回备注"))
        self.remarks.opened.connect(self._go_to_remark)
        self.submissions = Grid(SUBMISSIONS)
        self._remarks: list[Any] = []
        self._running: ProgressPanel | None = None
        self._build()
        for key, step in (("F3", 1), ("Shift+F3", -1)):
            shortcut = QShortcut(QKeySequence(key), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(lambda s=step: self._step(s))

    def _build(self) -> None:
        self.pages = QStackedWidget()
        self.empty = EmptyState(
            _("这里看县局对每一项报送的答复和退回备注。先入网并报送，再把县局写了回执的 U 盘带回来读取。"),
            [
                (_("去入网"), lambda: self.context.frame.go("join")),
                (_("生成上报包"), lambda: self.context.frame.go("submit")),
            ],
            icon="receipt",
        )
        body = QWidget()
        row = QHBoxLayout(body)
        row.setContentsMargins(theme.MARGIN, theme.MARGIN, theme.MARGIN, theme.MARGIN)
        row.setSpacing(theme.MARGIN)
        left = QVBoxLayout()
        left.setSpacing(theme.MARGIN)
        self.remark_card = Card(_("退回备注"), _("Enter 直接到那一项改正；改好后随下一包报出"), padded=False)
        self.correct = Button(_("去改正"), self._correct, weight=Weight.LINK)
        self.remark_card.head.addWidget(self.correct)
        self.remark_card.body.addWidget(self.remarks)
        self.item_card = Card(_("各项目的状态"), padded=False)
        self.item_card.body.addWidget(self.items, 1)
        left.addWidget(self.remark_card)
        left.addWidget(self.item_card, 1)
        right = QVBoxLayout()
        self.bundle_card = Card(_("报送过的包"), padded=False)
        self.bundle_card.body.addWidget(self.submissions)
        right.addWidget(self.bundle_card)
        right.addStretch(1)
        row.addLayout(left, 670)
        row.addLayout(right, 464)
        self.body = body
        self.pages.addWidget(body)
        self.pages.addWidget(self.empty)
        self.column.addWidget(self.pages, 1)

    # ---- the frame's questions

    def enter(self, target: Target | None) -> None:
        self._show()
        offer_to_settle(self)
        if target is not None and target.extra == "read":
            self.look()

    def refresh(self, changes: Any) -> None:
        self._show()

    def status(self) -> Sequence[str]:
        joined = self.context.workspace.school.joined()
        if joined is None:
            return [_("还没有入网")]
        words = _("已读到回执第 {n} 号").format(n=joined.receipt) if joined.receipt else _("还没有读过回执")
        return [words, _("退回备注 {n} 条").format(n=len(self._remarks))]

    def panes(self) -> Sequence[QWidget]:
        if self.pages.currentWidget() is self.empty:
            return list(self.empty.buttons)
        return [self.remarks if self._remarks else self.items, self.items]

    def keys(self) -> Sequence[tuple[str, str]]:
        return (("F3 / Shift+F3", _("下一条 / 上一条备注")), ("Enter", _("到那一项去改正")))

    # ---- what is shown

    def _show(self) -> None:
        school = self.context.workspace.school
        joined = school.joined()
        self.pages.setCurrentWidget(self.body if joined is not None else self.empty)
        for button in (self.read, self.file):
            button.setVisible(joined is not None and not self.context.workspace.read_only)
        if joined is None:
            return
        last = _("回执第 {n} 号").format(n=joined.receipt) if joined.receipt else _("还没有读过回执")
        self.title_row.set_subtitle(f"{joined.county} · {last}")
        self._show_remarks(school.remarks())
        self._show_items(school.calendar())
        lines = submission_lines(school.submissions())
        self.submissions.show_lines(lines)
        self.submissions.fit_height(14)
        self.bundle_card.setVisible(bool(lines))
        self.status_changed.emit()

    def _show_items(self, items: Sequence[Any]) -> None:
        today = self.context.workspace.today()
        begun = [i for i in items if i.period <= today[: len(i.period)] or i.state]
        order = {"returned": 0, "missing": 1, "": 2, "submitted": 3, "received": 4}
        begun.sort(key=lambda i: (order.get(i.state, 5), i.due))
        self.items.show_lines([item_line(i) for i in begun])
        counts = {w: sum(i.state == s for i in begun) for s, w in (("returned", _("退回")), ("accepted", _("已通过")))}
        self.item_card.set_note("，".join(f"{word} {n}" for word, n in counts.items() if n))

    def _show_remarks(self, remarks: Sequence[Any]) -> None:
        ws = self.context.workspace
        self._remarks = list(remarks)
        known = {r.name: r for r in ws.registers()}
        lines = []
        for one in remarks:
            register = known.get(one.register)
            field = register.by_name.get(one.field) if register is not None else None
            title = ws.title_of(one.register, one.row) if register is not None and one.row else ""
            cells = (
                Cell(_(register.label) if register is not None else one.item),
                Cell(title),
                Cell(_(field.label) if field is not None else ""),
                Cell(one.text),
            )
            lines.append(Line(cells, Tone.AMBER))
        self.remarks.show_lines(lines)
        self.remarks.fit_height(8)
        self.remark_card.setVisible(bool(lines))
        self.context.frame.set_badge("receipts", str(len(lines)) if lines else "", Tone.AMBER)

    # ---- correcting

    def _correct(self) -> None:
        self._go_to_remark(max(0, self.remarks.currentIndex().row()))

    def _go_to_remark(self, row: int) -> None:
        if not 0 <= row < len(self._remarks):
            return
        one, frame = self._remarks[row], self.context.frame
        if one.register and frame.knows(one.register):
            frame.go(one.register, Target(row=one.row, field=one.field))
        else:
            frame.go("submit", Target(extra=one.item))

    def _step(self, step: int) -> None:
        row = self.remarks.currentIndex().row() + step
        if 0 <= row < len(self._remarks):
            self.remarks.setCurrentIndex(self.remarks.lines.index(row, 0))
            self.remarks.setFocus()

    def _report_again(self) -> None:
        self.context.frame.go("submit", Target(extra=self.items.current_key()))

    # ---- reading

    def look(self) -> None:
        """Read the receipts lying on sticks; where none lie there, say what to do."""
        school = self.context.workspace.school
        self._read(lambda: [p for d in school.drives() if d.removable for p in school.receipts_on(d.path)])

    def _choose(self) -> None:
        words = _("回执") + " (*.edurcpt)"
        path = self.context.messages.open_file(_("选择回执文件"), words)
        if path:
            self._read(lambda: [Path(path)])

    def _read(self, find: Any) -> None:
        """Read every receipt found, older ones first; those of other schools and those read before are passed over."""
        if self.context.tasks.busy:
            return
        ws = self.context.workspace

        def work(progress: Any, cancelled: Any) -> Any:
            paths = sorted(find(), key=lambda p: p.name)
            taken, faults = [], []
            with ws.another() as twin:
                for n, path in enumerate(paths):
                    if cancelled():
                        break
                    progress(n, len(paths), path.name)
                    try:
                        taken.append(twin.school.take_receipt(path))
                    except EduPlanError as fault:
                        faults.append(fault)
                ws.adopt_acts(twin)
            return paths, taken, faults

        self._running = ProgressPanel(_("正在读取回执"), self.context.tasks.cancel_all)
        self.column.insertWidget(2, self._running)
        self.context.tasks.run(work, on_done=self._done, on_failed=self._failed, on_progress=self._progress)

    def _progress(self, done: int, total: int, text: str) -> None:
        if self._running is not None:
            self._running.show_progress(done, total, text)

    def _end(self) -> None:
        if self._running is not None:
            self._running.hide()
            self._running.deleteLater()
            self._running = None

    def _failed(self, fault: EduPlanError) -> None:
        self._end()
        self.context.messages.fault(fault, _("回执没有读成"))

    def _done(self, answer: Any) -> None:
        self._end()
        paths, taken, faults = answer
        if taken:
            self.context.changes.publish(None)
            self._tell(taken[-1])
        elif not paths:
            self.say(
                _("U 盘上没有找到回执。插上从县局带回的 U 盘再读，或选择回执文件。"),
                Tone.AMBER,
                [(_("选择回执文件…"), self._choose)],
            )
        elif faults and all(f.code in ("old_receipt", "wrong_school") for f in faults):
            self.say(_("没有新的回执：找到的都读过了，或是别的学校的。"), Tone.NEUTRAL)
        else:
            self.context.messages.fault(faults[0], _("回执没有读成"))

    def _tell(self, taken: Any) -> None:
        bundles = "；".join(
            _("第 {n} 包{said}").format(n=b["sequence"], said=b["sentence"]) for b in taken.bundles[-2:]
        )
        words = [_("读取了回执第 {n} 号。").format(n=taken.number), bundles]
        refused = any(b["status"] == "refused" for b in taken.bundles)
        returned = sum(i["state"] == "returned" for i in taken.items)
        if returned:
            words.append(_("退回 {n} 项。").format(n=returned))
        if taken.remarks:
            words.append(_("有 {n} 条退回备注。").format(n=len(taken.remarks)))
        if taken.closed:
            words.append(_("县里复查通过，{n} 项重大隐患已销号。").format(n=len(taken.closed)))
        acts = [(_("去改正"), self._correct)] if taken.remarks else []
        self.say(
            " ".join(w for w in words if w), Tone.AMBER if refused or returned or taken.remarks else Tone.GREEN, acts
        )
        self.focus_first()
