"""报送日历: what schools report, for which period, until when. A year is proposed as a whole and changed item by item."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from eduplan_desktop.county.calendar_words import fields_typed, item_words, slices_typed
from eduplan_desktop.i18n import _
from ui.messages import Answer
from ui.screen import Context, Screen, Target
from ui.screens.county_parts import Ask, AskForm, SidePane, attempt, beside
from ui.theme import Size, Tone
from ui.widgets.buttons import Button, Weight
from ui.widgets.cards import EmptyState
from ui.widgets.grid import Cell, Column, Grid, Line
from ui.widgets.labels import Label
from ui.widgets.shapes import Shape

SHEETS: Final = "*.xlsx *.xls *.ods *.csv *.txt"
COLUMNS: Final = (
    Column("截止", 112),
    Column("事项", 190, stretch=True),
    Column("期次", 80),
    Column("要报的登记册", 190, stretch=True),
    Column("编号", 128),
)


class CalendarScreen(Screen):
    """Items by due date, the form of one beside them."""

    def __init__(self, context: Context) -> None:
        super().__init__(context, _("报送日历"))
        self.year = Button(_("拟一个统计年度…"), self._year, icon="calendar")
        self.add = Button(_("加一项"), self._new, weight=Weight.PRIMARY, icon="plus", key="Ctrl+N")
        self.sheet = Button(_("写成表格…"), self._write_sheet, icon="export")
        self.read = Button(_("读入表格…"), self._read_sheet, icon="import")
        self.title_row.add(self.sheet)
        if not context.workspace.read_only:
            self.title_row.add(self.read, self.year, self.add)
        self.grid = Grid(COLUMNS, selects=True, dense=False)
        self.grid.setAccessibleName(_("报送日历"))
        self.grid.opened.connect(lambda _row: self._edit())
        self.grid.selectionModel().currentRowChanged.connect(lambda *_i: self._row_chosen())
        self.form = AskForm(
            [
                Ask("id", _("编号"), required=True, help=_("小写字母、数字和减号，学校报送后不能再改，如 stat-2025。")),
                Ask("title", _("事项"), required=True),
                Ask("period", _("期次"), required=True, help=_("2025 或 2025-09。")),
                Ask("due", _("截止日期"), "date", required=True, help=_("按县里收到的日期判断迟不迟。")),
                Ask(
                    "slices",
                    _("要报的"),
                    "area:4",
                    required=True,
                    help=_("登记册的名称，按年的带上年份，例如 隐患台账 2025；用顿号分开。"),
                ),
                Ask(
                    "required",
                    _("必填的栏"),
                    "area:2",
                    help=_("登记册和栏，例如 学校概况.办学类型；用顿号分开，没有就留空。"),
                ),
            ],
            context.workspace.today,
        )
        self.form.submitted.connect(self._save)
        self._items: dict[str, dict[str, Any]] = {}
        self._filling = False
        self._build()

    def _build(self) -> None:
        self.empty = EmptyState(
            _("这里写学校要报什么、什么时候截止。可以按统计年度拟一份，再逐项改；日期由县里定。"),
            [(_("拟一个统计年度…"), self._year), (_("加一项"), self._new)],
            icon="calendar",
        )
        self.stack = QStackedWidget()
        self.stack.addWidget(self.grid)
        self.stack.addWidget(self.empty)
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.stack)
        self.pane = SidePane()
        self.pane.body.addWidget(self.form)
        self.names = Label("", "ink2", Size.SMALL, wrap=True)
        self.pane.body.addWidget(self.names)
        self.pane.body.addStretch(1)
        self.save = Button(_("保存这一项"), self._save, weight=Weight.ACCENT, key="Ctrl+Return")
        self.drop = Button(_("删除"), self._drop, icon="trash")
        self.pane.add_foot(self.save, self.drop)
        self.column.addWidget(beside(left, self.pane, 400), 1)

    # ---- the frame's questions

    def enter(self, target: Target | None) -> None:
        known = "、".join(_(r.label) for r in self.context.workspace.registers() if r.name != "health_consent")
        self.names.setText(_("可以报的登记册：{names}").format(names=known))
        self._show()

    def refresh(self, changes: Any) -> None:
        self._show()

    def panes(self) -> Sequence[QWidget]:
        return [self.grid, self.form.field("title")] if self._items else [self.empty.buttons[0]]

    def status(self) -> Sequence[str]:
        return [_("{n} 项；改了以后要再发一份县配置包").format(n=len(self._items))]

    # ---- what is shown

    def _show(self) -> None:
        ws = self.context.workspace
        self._items = {i["id"]: i for i in ws.county.calendar()}
        today, kept = ws.today(), self.grid.current_key()
        self._filling = True
        self.grid.show_lines([self._line(i, today) for i in self._items.values()])
        self._go_to(kept)
        self._filling = False
        self.stack.setCurrentWidget(self.grid if self._items else self.empty)
        self.title_row.set_subtitle(_("{county} · {n} 项").format(county=ws.title, n=len(self._items)))
        if self._items and not self.form.values()["id"]:
            self._show_item()
        self.pane.foot.setVisible(not ws.read_only)
        self.status_changed.emit()

    def _line(self, item: dict[str, Any], today: str) -> Line:
        past = item["due"] < today
        due = Cell(item["due"], "ink2" if past else "ink", Shape.SAME if past else Shape.DUE)
        slices, _required = item_words(self.context.workspace.registers(), item)
        return Line(
            (due, Cell(item["title"]), Cell(item["period"]), Cell(slices, "ink2"), Cell(item["id"], "ink2")),
            key=item["id"],
        )

    def _go_to(self, item: str) -> None:
        keys = [line.key for line in self.grid.lines.lines]
        if item in keys:
            self.grid.setCurrentIndex(self.grid.lines.index(keys.index(item), 0))

    def _row_chosen(self) -> None:
        if not self._filling:
            self._show_item()

    def _show_item(self) -> None:
        item = self._items.get(self.grid.current_key())
        if item is None:
            return
        slices, required = item_words(self.context.workspace.registers(), item)
        plain = {k: item[k] for k in ("id", "title", "period", "due")}
        self.form.show_values({**plain, "slices": slices, "required": required})
        self.pane.show_head(item["title"])
        self.drop.show()

    # ---- acts

    def _edit(self) -> None:
        self.form.field("title").setFocus()

    def _new(self) -> None:
        self.form.clear()
        self.pane.show_head(_("加一项"))
        self.drop.hide()
        self.form.field("id").setFocus()

    def _save(self) -> None:
        said = self.form.values()
        registers = self.context.workspace.registers()
        said["slices"] = slices_typed(registers, said["slices"])
        said["required"] = fields_typed(registers, said["required"])
        if self.form.tried(lambda: self.context.workspace.county.put_item(**said)):
            self.context.changes.publish(None)
            self._go_to(said["id"])
            self._show_item()
            self.say(_("已保存 {title}。").format(title=said["title"]), Tone.GREEN, [self._kit_act()])
            self.grid.setFocus()

    def _drop(self) -> None:
        item = self._items.get(self.grid.current_key())
        if item is None:
            return
        verb = self.context.messages.ask(
            _("删除这一项"), item["title"], [Answer("drop", _("删除这一项"))], detail=_("有学校报送过的不能删。")
        )
        if verb:
            desk = self.context.workspace.county
            self.form.clear()
            attempt(self, lambda: desk.drop_item(item["id"]), _("没有删除"))
            self._show_item()

    def _year(self) -> None:
        now = self.context.workspace.today()
        proposed = str(int(now[:4]) if now[5:] >= "07" else int(now[:4]) - 1)
        typed = self.context.messages.ask_text(
            _("拟一个统计年度"),
            _("按 9 月 1 日的年份，拟出均衡数据、设备台账、体检和逐月安全各项；已有的不动，日期可以再改。"),
            _("拟出各项"),
            label=_("统计年度"),
            initial=proposed,
        )
        if not typed:
            return
        if not (typed.strip().isdigit() and len(typed.strip()) == 4):
            self.say(_("统计年度要写成四位数字，例如 2025。"), Tone.AMBER)
            return
        before = len(self._items)
        made = attempt(self, lambda: self.context.workspace.county.make_year(int(typed)), _("没有拟成"))
        if made is not None:
            n = len(made) - before
            self.say(_("拟出了 {n} 项，请逐项核对截止日期。").format(n=n), Tone.GREEN, [self._kit_act()])

    def _write_sheet(self) -> None:
        path = self.context.messages.save_file(_("报送日历写到哪个表格"), _("报送日历") + ".xlsx", "*.xlsx *.csv")
        if path:
            county = self.context.workspace.county
            if attempt(self, lambda: county.write_list("calendar", Path(path)), _("没有写成")) is not None:
                self.say(_("写好了：{path}。改好以后可以读入。").format(path=path), Tone.GREEN)

    def _read_sheet(self) -> None:
        path = self.context.messages.open_file(_("选择报送日历表格"), SHEETS)
        if path:
            county = self.context.workspace.county
            done = attempt(self, lambda: county.import_list("calendar", Path(path)), _("没有读入"))
            if done is not None:
                reasons = " ".join(x["reason"] for x in done["refused"][:3])
                tone = Tone.AMBER if done["refused"] else Tone.GREEN
                self.say(f"{done['sentence']} {reasons}".strip(), tone, [self._kit_act()])

    def _kit_act(self) -> tuple[str, Any]:
        return _("写县配置包"), lambda: self.context.frame.go("county_kit")
