"""退回与回执: what was returned or is late, school by school, and the receipts that tell it."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from eduplan_desktop.i18n import _
from ui.eject import say_written
from ui.screen import Context, Screen, Target
from ui.screens.county_board_grid import SHAPES
from ui.screens.county_parts import SidePane, beside, quietly, with_keys, work
from ui.theme import Tone
from ui.widgets.buttons import Button, Weight
from ui.widgets.cards import EmptyState
from ui.widgets.grid import Cell, Column, Grid, Line
from ui.widgets.shapes import Shape

COLUMNS: Final = (
    Column("回执", 128),
    Column("学校", 200, stretch=True, middle=True),
    Column("收到的包", 80, right=True),
    Column("行备注", 72, right=True),
    Column("上次写于", 112),
)
ITEMS: Final = (Column("事项", 176, stretch=True), Column("状态", 108), Column("备注", 100))


class ReceiptsScreen(Screen):
    """Schools at the left; at the right what the next receipt says of each item."""

    def __init__(self, context: Context) -> None:
        super().__init__(context, _("退回与回执"))
        self.one = Button(_("只写这一所…"), lambda: self._write(everybody=False), icon="receipt")
        self.all = Button(_("写回执到 U 盘…"), self._write, weight=Weight.PRIMARY, icon="usb", key="Ctrl+Return")
        self.title_row.add(self.one, self.all)
        self.grid = Grid(COLUMNS, selects=True, dense=False)
        self.grid.setAccessibleName(_("回执"))
        self.grid.selectionModel().currentRowChanged.connect(lambda *_i: self._show_school())
        self.grid.opened.connect(lambda _row: self._to_board())
        self.items = Grid(ITEMS)
        self.items.setAccessibleName(_("回执里写什么"))
        self.pane = SidePane()
        self.pane.body.setContentsMargins(0, 0, 0, 0)
        self.pane.body.addWidget(self.items, 1)
        self.board = Button(_("到看板审核"), self._to_board)
        self.pane.add_foot(self.board)
        self.empty = EmptyState(
            _("还没有可以回复的学校。收到报送、通过或退回以后，在这里写回执，随 U 盘带回学校。"),
            [
                (_("收取数据包"), lambda: context.frame.go("county_take_in")),
                (_("看完整性看板"), lambda: context.frame.go("county_board")),
            ],
            icon="receipt",
        )
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.grid)
        self.stack = QStackedWidget()
        self.stack.addWidget(beside(left, self.pane, 440))
        self.stack.addWidget(self.empty)
        self.column.addWidget(self.stack, 1)
        self._lines: dict[str, Any] = {}
        self._board: Any = None
        self._entering = False

    # ---- the frame's questions

    def enter(self, target: Target | None) -> None:
        self._entering = True
        self.refresh(None)

    def refresh(self, changes: Any) -> None:
        quietly(self, lambda ws: (ws.county.receipt_lines(), ws.county.board()), self._found)

    def _found(self, found: Any) -> None:
        lines, self._board = found
        self._lines = {line.school: line for line in lines}
        self.grid.show_lines([_line(x) for x in self._lines.values()])
        self.stack.setCurrentIndex(0 if self._lines else 1)
        good = bool(self._lines) and not self.context.workspace.read_only
        self.all.setEnabled(good)
        self.one.setEnabled(good)
        self.all.set_text(_("写 {n} 所的回执…").format(n=len(self._lines)) if self._lines else _("写回执到 U 盘…"))
        self.title_row.set_subtitle(_("县里的审核结果和备注，封给学校自己的密钥"))
        self._show_school()
        self.status_changed.emit()
        if self._entering and self.isVisible():
            self.focus_first()
        self._entering = False

    def panes(self) -> Sequence[QWidget]:
        return [self.grid, self.items] if self._lines else [self.empty.buttons[0]]

    def status(self) -> Sequence[str]:
        new = sum(not x.number for x in self._lines.values())
        return [_("{n} 所可以回复，其中 <b>{m}</b> 所还没有写过").format(n=len(self._lines), m=new)]

    # ---- what is shown

    def _show_school(self) -> None:
        uid = self.grid.current_key()
        line = self._lines.get(uid)
        row = next((r for r in self._board.rows if r.school.uid == uid), None) if self._board else None
        if line is None or row is None:
            self.pane.show_head("")
            self.items.show_lines([])
            return
        self.pane.show_head(line.name, _("下一份是第 {n} 号").format(n=line.number + 1))
        titles = {i.id: i.title for i in self._board.items}
        lines = []
        for cell in row.cells:
            if cell.state in ("", "upcoming"):
                continue
            shape, _words, tone = SHAPES[cell.state]
            lines.append(
                Line((Cell(titles[cell.item]), Cell(cell.word, shape=shape, tone=tone), Cell(cell.remark, "ink2")))
            )
        self.items.show_lines(lines)

    # ---- acts

    def _to_board(self) -> None:
        uid = self.grid.current_key()
        row = next((r for r in self._board.rows if r.school.uid == uid), None)
        if row is not None:
            item = next((c.item for c in row.cells if c.review == "received"), row.cells[0].item if row.cells else "")
            self.context.frame.go("county_board", Target(school=uid, extra=item))

    def _write(self, everybody: bool = True) -> None:
        folder = self.context.messages.pick_folder(_("回执写到哪个 U 盘或文件夹"))
        schools = None if everybody else [self.grid.current_key()]
        if not folder:
            return

        def done(written: Any) -> None:
            words = _("写好了 {n} 份回执，在 {where}。请随 U 盘带回学校。").format(n=len(written), where=folder)
            say_written(self, Path(folder), words, Tone.GREEN if written else Tone.AMBER)

        with_keys(
            self.context,
            lambda: work(self, _("正在写回执"), lambda ws, *_a: ws.county.write_receipts(Path(folder), schools), done),
        )


def _line(line: Any) -> Line:
    if line.number:
        state = Cell(_("第 {n} 号").format(n=line.number), "green", Shape.OK)
    else:
        state = Cell(_("还没有写过"), "accent", Shape.NEW)
    cells = (
        state,
        Cell(line.name),
        Cell(str(line.bundles) if line.bundles else ""),
        Cell(str(line.remarks) if line.remarks else "", "amber"),
        Cell(line.made, "ink2"),
    )
    return Line(cells, None if line.number else Tone.ACCENT, key=line.school)
