"""Beside the board: one school in one item. Why it is so, what repairs it, what was said; accept, return, exempt, remind."""

from typing import Any

from PySide6.QtCore import Qt, Signal

from eduplan_desktop.i18n import _
from ui.screen import Context
from ui.screens.county_board_grid import SHAPES
from ui.screens.county_parts import Ask, AskForm, Facts, SidePane, row_of
from ui.theme import Size
from ui.widgets.buttons import Button, Weight
from ui.widgets.grid import Cell, Column, Grid, Line
from ui.widgets.labels import Label
from ui.widgets.rows import SectionHeader

PAST = 6


class BoardPane(SidePane):
    """What a cell means and what can be done about it."""

    decided = Signal(str, str, str)
    """How (accept, return, exempt), what is said, a sheet of remarks."""
    noted = Signal(str)
    printed = Signal()
    """The 催报单 of this school is wanted."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self.facts = Facts(60)
        self.why = Label("", wrap=True)
        self.past = Grid((Column("", 96, stretch=True), Column("", 112), Column("", 64, right=True)))
        self.past.horizontalHeader().hide()
        self.past.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.past.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.form = AskForm(
            [Ask("text", _("给学校"), "area:3", help=_("退回时写明要改什么；随回执带给学校，学校里的人都看得到。"))],
            context.workspace.today,
            label=64,
        )
        self.sheet = ""
        self.attach = Button(_("附行备注表…"), self._attach, compact=True, icon="table")
        self.attached = Label("", "ink2", Size.SMALL)
        self.reminder = AskForm(
            [Ask("text", _("催报"), help=_("谁接的、怎么答的；Enter 记下。只在县里看，不发给学校。"))],
            context.workspace.today,
            label=64,
        )
        self.reminder.submitted.connect(self._remind)
        self.notes = Label("", "ink2", Size.SMALL, wrap=True)
        self.notes.setTextFormat(Qt.TextFormat.PlainText)
        self.sheet_of = Button(_("打印这所学校的催报单…"), self.printed.emit, compact=True, icon="printer")
        self.said = SectionHeader(_("审核"))
        self.reminded = SectionHeader(_("催报记录"))
        self.attach_row = row_of(self.attach, self.attached)
        for widget in (
            *(self.why, self.facts, SectionHeader(_("报送经过")), self.past, self.said, self.form, self.attach_row),
            *(self.reminded, self.reminder, row_of(self.sheet_of), self.notes),
        ):
            self.body.addWidget(widget)
        self.body.addStretch(1)
        self.accept = Button(_("通过"), lambda: self._say("accept"), weight=Weight.ACCENT)
        self.back = Button(_("退回"), lambda: self._say("return"), icon="restore")
        self.exempt = Button(_("免报"), lambda: self._say("exempt"))
        self.note_down = Button(_("登记催报"), self._remind, icon="phone")
        self.add_foot(self.accept, self.back, self.note_down, self.exempt)
        self._cell: Any = None

    def focus_first(self) -> None:
        """Where deciding begins."""
        (self.form.field("text") if self.form.isVisible() else self.reminder.field("text")).setFocus()

    # ---- what is shown

    def show_cell(self, board: Any, row: Any, item_id: str) -> None:
        """Show a school in an item; None empties the pane."""
        item = next((i for i in board.items if i.id == item_id), None)
        self.scrolled.setVisible(row is not None and item is not None)
        self.foot.setVisible(row is not None and item is not None and not self._context.workspace.read_only)
        if row is None or item is None:
            self.show_head("")
            return
        cell = row.cells[board.items.index(item)]
        before = self._cell
        self._cell = cell
        if before is None or (before.item, before.digest) != (cell.item, cell.digest):
            self.form.clear()
            self._attach_path("")
        state = None
        if cell.state:
            shape, _words, _tone = SHAPES[cell.state]
            state = (shape, cell.word)
        self.show_head(row.school.name, "", state)
        self.facts.show_facts(
            [
                (_("事项"), item.title),
                (_("截止"), item.due),
                (_("收到"), f"{cell.intake} · " + _("第 {n} 包").format(n=cell.sequence) if cell.sequence else ""),
                (_("零报告"), _("是") if cell.zero else ""),
                (_("备注"), cell.remark),
                (_("乡镇"), row.school.township),
                (_("最近收到"), self._newest(row)),
            ]
        )
        self.why.setText(self._sentence(cell))
        self._show_past(board, row)
        self._show_notes(row.school.uid)
        reviewable = bool(cell.digest)
        for widget in (self.said, self.form, self.attach_row, self.accept, self.back):
            widget.setVisible(reviewable)
        self.accept.setEnabled(cell.review != "accepted" and not cell.broken)
        self.sheet_of.setEnabled(any(c.state in ("missing", "returned") for c in row.cells))
        self.note_down.setVisible(not reviewable)

    def _newest(self, row: Any) -> str:
        """The bundle that came last from this school, and when."""
        came = max(((c.intake, c.sequence) for c in row.cells if c.intake and c.sequence), default=None)
        return _("第 {n} 包").format(n=came[1]) + f" · {came[0]}" if came else _("还没有收到过")

    def _sentence(self, cell: Any) -> str:
        """Why, and what repairs it."""
        if cell.broken:
            names = "、".join(self._label(name) for name, _code in cell.broken)
            return _("有几部分没有进来：{names}。退回写明，学校用“全部报送”再报一包就补齐。").format(names=names)
        match cell.state, cell.review:
            case "missing", _review:
                return _("已超 {n} 天，还没有收到。学校下一包带上这一项就补齐，会记作迟报。").format(n=cell.late)
            case "upcoming", _review:
                return _("还没有到期。")
            case "exempt", _review:
                return _("县里定了不用报。")
            case "returned", _review:
                return _("已退回。学校改正后下一包再报这一项，到时重新待审。")
            case _state, "accepted":
                return _("已经通过。") + (_("迟了 {n} 天。").format(n=cell.late) if cell.late else "")
            case _state, "received":
                late = _("迟了 {n} 天。").format(n=cell.late) if cell.late else _("按期收到。")
                return late + _("看过以后通过，或者写明要改什么再退回。")
        return _("这一项不要求这所学校报。")

    def _label(self, name: str) -> str:
        head, _slash, year = name.partition("/")
        label = next((_(r.label) for r in self._context.workspace.registers() if r.name == head), head)
        return f"{label} {year}".strip()

    def _show_past(self, board: Any, row: Any) -> None:
        lines = []
        for item, cell in reversed(list(zip(board.items, row.cells, strict=True))):
            if not cell.state or cell.state == "upcoming":
                continue
            shape, _words, tone = SHAPES[cell.state]
            day = cell.intake[5:] if cell.intake else _("超 {n} 天").format(n=cell.late) if cell.late else ""
            words = Cell(
                cell.word,
                {"missing": "red", "accepted": "green", "received": "ink"}.get(cell.state, "amber"),
                shape,
                tone,
            )
            lines.append(Line((Cell(item.title, small=True), words, Cell(day, "ink2", small=True))))
        self.past.show_lines(lines[:PAST])
        self.past.setFixedHeight(min(len(lines), PAST) * self.past.verticalHeader().defaultSectionSize() + 1)

    def _show_notes(self, school: str) -> None:
        titles = {i["id"]: i["title"] for i in self._context.workspace.county.calendar()}
        notes = self._context.workspace.county.notes(school)[:4]
        lines = [f"{n.date}　{titles.get(n.item, '')}　{n.text}" for n in notes]
        self.notes.setText("\n".join(lines))
        self.notes.setVisible(bool(lines))

    # ---- acts

    def _say(self, how: str) -> None:
        text = self.form.values()["text"] if self.form.isVisibleTo(self) else ""
        if how == "return" and not text and not self.sheet:
            self.form.say(_("退回要写明改什么，或者附一张行备注表。"))
            self.form.field("text").setFocus()
            return
        self.decided.emit(how, text, self.sheet)
        self.form.clear()
        self._attach_path("")

    def _attach(self) -> None:
        filters = _("行备注表（登记册、编号、字段、备注）") + " (*.xlsx *.xls *.ods *.csv *.txt)"
        self._attach_path(self._context.messages.open_file(_("选择行备注表"), filters))

    def _attach_path(self, path: str) -> None:
        self.sheet = path
        self.attached.setText(path.rpartition("/")[2].rpartition("\\")[2])

    def _remind(self) -> None:
        text = self.reminder.values()["text"]
        if text:
            self.reminder.clear()
            self.noted.emit(text)
        else:
            self.reminder.field("text").setFocus()
