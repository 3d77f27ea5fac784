"""The screen of a register: title, filters that are the legend, table and form side by side. The same for every register."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from eduplan_desktop.i18n import _
from eduplan_desktop.registers.kinds import show
from eduplan_desktop.registers.model import Kind, Register, Row
from ui import register_table, theme
from ui.paste import fill_down, paste_cells
from ui.photo_strip import PhotoStrip
from ui.record_acts import RecordActs
from ui.register_filters import RegisterFilters
from ui.register_form import RegisterForm
from ui.register_output import RegisterOutput
from ui.register_table import RegisterTableModel
from ui.screen import Context, Screen, Target
from ui.table_reading import TableReader
from ui.table_view import RegisterTableView
from ui.theme import Tone
from ui.widgets.buttons import Button, Weight
from ui.widgets.cards import EmptyState

FORM: Final = 344
FORM_WIDE: Final = 532
TOTALS_AFTER: Final = 150
"""Milliseconds of silence after which the totals are added up."""
WIDE: Final = 1440
"""Width of the page from which the form has two columns."""


class RegisterScreen(Screen):
    """Everything about one register that is common to all of them."""

    def __init__(self, context: Context, register_name: str) -> None:
        self.register: Register = next(r for r in context.workspace.registers() if r.name == register_name)
        super().__init__(context, _(self.register.label))
        ws = context.workspace
        self._target: Target | None = None
        self._begun = self._moving = False
        self.model = RegisterTableModel(ws, self.register)
        self.model.wait()
        self.model.saved.connect(self._cell_saved)
        self.model.refused.connect(lambda sentence: self.say(sentence, Tone.AMBER))
        self.reader = TableReader(context, self.model, loading=self._show_loading, shown=self._table_read)
        self.table = RegisterTableView(self.model, context.memory)
        self.filters = RegisterFilters(self.model)
        self.filters.changed.connect(self._looked)
        self.form = RegisterForm(context, self.register, self.bars)
        self.photos = PhotoStrip(context, self.register.name)
        if not self.register.compartments or "health" not in self.register.compartments:
            self.form.body.add_after(self.photos)
        self.output = RegisterOutput(self)
        self.acts = RecordActs(self)
        self._following = QTimer(self)
        self._following.setSingleShot(True)
        self._following.setInterval(0)
        self._following.timeout.connect(self._follow_table)
        self._totals = QTimer(self)
        self._totals.setSingleShot(True)
        self._totals.setInterval(TOTALS_AFTER)
        self._totals.timeout.connect(self._show_totals)
        self._entering = False
        self._leaving = False
        self._build()
        self._connect()

    def _build(self) -> None:
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.filters)
        column.addWidget(self.filters.found)
        self.empty = EmptyState(
            _("“{label}”还没有记录。可以一条一条录入，也可以从现有的表格导入。").format(label=_(self.register.label)),
            [(_("新增第一条"), self.new_record), (_("从表格导入…"), self.output.import_sheet)],
            icon="table",
        )
        self.loading = EmptyState("", icon="clock")
        self.nothing = EmptyState(_("没有找到符合的记录。"), [(_("清除搜索和筛选"), self.filters.clear)], icon="search")
        self.stack = QStackedWidget()
        for widget in (self.table, self.empty, self.nothing, self.loading):
            self.stack.addWidget(widget)
        column.addWidget(self.stack, 1)
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.splitter.setHandleWidth(1)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.addWidget(left)
        self.splitter.addWidget(self.form)
        self.splitter.setStretchFactor(0, 1)
        self.splitter.splitterMoved.connect(self._remember_split)
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.splitter)
        self.column.addLayout(row, 1)
        self._split_for = 0
        self.title_row.add(*self.output.buttons())
        self.add = Button(_("新增"), self.new_record, weight=Weight.PRIMARY, icon="plus", key="Ctrl+N")
        if not self.context.workspace.read_only and not self.register.single:
            self.title_row.add(self.add)
        if self.register.single:
            left.hide()

    def _connect(self) -> None:
        self.table.row_entered.connect(lambda _id: self._following.start())
        self.table.selectionModel().selectionChanged.connect(lambda *_args: self.status_changed.emit())
        self.table.pasted.connect(lambda row, column, text: paste_cells(self, row, column, text))
        self.table.fill_wanted.connect(lambda: fill_down(self))
        self.table.remove_wanted.connect(self.acts.remove)
        self.table.left_bottom.connect(self.new_record)
        self.form.moved.connect(self.step)
        self.form.completed.connect(self._completed)
        self.form.saved.connect(self._form_saved)
        self.form.copy_wanted.connect(self.acts.copy)
        self.form.remove_wanted.connect(self.acts.remove)
        self.form.erase_wanted.connect(self.acts.erase)
        self.form.draft_kept.connect(self._draft_kept)
        for keys, step in (("F3", 1), ("Shift+F3", -1)):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(lambda s=step: self.go_to_problem(s))

    # ---- the frame's questions

    def enter(self, target: Target | None) -> None:
        if self._split_for != self.width():
            self._split()
        self._target = target
        if self.model.waiting:
            self.reader.read()
        elif not self.reader.reading:  # else it is gone to when all rows are there
            self._show_target()

    def _show_loading(self) -> None:
        self.loading.sentence.setText(_("正在读取…"))
        self.stack.setCurrentWidget(self.loading)

    def pause_table(self, words: str) -> None:
        """Show no rows while many of them are being written elsewhere."""
        self.model.pause()
        self.loading.sentence.setText(words)
        self.stack.setCurrentWidget(self.loading)

    def read_table_again(self) -> None:
        """Read the rows anew after `pause_table`; the form shows what is stored now."""
        self.reader.read()

    def _table_read(self, changes: Any) -> None:
        """The rows stand in the table, for the first time or again."""
        if not self._begun:
            self._begun = True
            self._show_target()
            if self.filters.search.hasFocus() and not self.model.query:
                self.focus_first()
            return
        if not self._moving:
            self._following.stop()
        if self.model.concerned(changes):
            self._refresh_form(changes.ids if changes is not None else ())
        self._show_counts()
        if self._target is not None:
            self._show_target()

    def _show_target(self) -> None:
        target, self._target = self._target, None
        if not self.table.sized:
            self.table.fit_columns()
        if target is not None and target.query:
            self.filters.search.setText(target.query)
        if target is not None and target.row:
            self.go_to_row(target.row, target.field, target.school)
        elif self.form.record is None:
            self._start_form()
        self._show_counts()
        if self.model.view.total <= register_table.AT_ONCE:
            self._totals.stop()
            self._show_totals()
        self.acts.offer_drafts()

    def _start_form(self) -> None:
        if self.model.rowCount():
            if not self.table.currentIndex().isValid():
                self.table.go_to(0)
            self._follow_table()
        elif self.register.single:
            self.new_record()
        else:
            self.form.show_record(None)

    def settle(self) -> bool:
        return self.form.settle()

    def keep_typing(self) -> None:
        self.form.keep_draft()

    def stop(self) -> None:
        self.reader.stop()
        self._following.stop()
        self._totals.stop()
        self.form.stop()

    def refresh(self, changes: Any) -> None:
        self._moving = self._following.isActive()
        self.reader.read_again(changes)

    def _refresh_form(self, ids: Sequence[str]) -> None:
        record = self.form.record
        if record is not None and record.new and self.form.body.stale():  # a vault was opened or locked meanwhile
            self.form.refresh()
        if record is None or record.new or (ids and record.id not in ids):
            return
        if not self.form.refresh():
            self.form.record = None
            self._start_form()

    def status(self) -> Sequence[str]:
        rows = self.table.selected_rows()
        texts = [_("{n} 条").format(n=f"{self.model.rowCount():,}")]
        if len(rows) > 1:
            texts.append(_("已选 <b>{n}</b> 条").format(n=f"{len(rows):,}") + self._sums(rows))
        return texts

    def panes(self) -> Sequence[QWidget]:
        first = self.form.body.editor(self.form.body.first_field())
        panes: list[QWidget] = [self.filters.search, self.table] if not self.register.single else []
        return [*panes, first.widget] if first is not None else panes

    def focus_first(self) -> None:
        if self.register.single:
            self.form.go_to_field("")
        elif self.model.waiting:
            self.filters.search.setFocus()
        elif self.model.rowCount():
            self.table.setFocus()
        elif self.empty.isVisible():
            self.empty.buttons[0].setFocus()

    def keys(self) -> Sequence[tuple[str, str]]:
        return (
            ("Ctrl+F", _("搜索（文字、编号、拼音首字母）")),
            ("F2", _("在格里修改；直接打字是替换")),
            ("Enter / Shift+Enter", _("下一格或下一项 / 上一格或上一项")),
            ("Tab / Shift+Tab", _("右一格 / 左一格")),
            ("Ctrl+D", _("同上一行；选中几行时都同第一行")),
            ("Ctrl+;", _("填今天")),
            ("F4 / Alt+↓", _("打开选项或日历")),
            ("Esc", _("离开这一格；在搜索里是清除")),
            ("F3 / Shift+F3", _("下一处 / 上一处问题")),
            ("Alt+↑ / Alt+↓", _("表单里的上一条 / 下一条")),
            ("Ctrl+C / Ctrl+V", _("复制、粘贴，和电子表格互通")),
            ("Ctrl+Delete", _("删除选中的记录")),
        )

    # ---- what is shown

    def _show_counts(self) -> None:
        self.filters.show_counts()
        self._totals.start()
        self._show_stack()
        self._show_place()
        self.status_changed.emit()

    def _show_totals(self) -> None:
        """The line behind the title; a sum over 100,000 rows takes a moment and waits until nothing else is to be done."""
        total = self.model.view.total
        words = [self.context.workspace.title, _("{n} 条").format(n=f"{total:,}")]
        if (field := self._money_field()) and total:
            value = self.model.source.view().sums([field.name]).get(field.name, 0)
            words.append(
                _("{label}合计 {sum} {unit}").format(
                    label=_(field.label), sum=show(field, value, self.context.workspace.catalogs), unit=_(field.unit)
                )
            )
        self.title_row.set_subtitle(" · ".join(words) if not self.register.single else self.context.workspace.title)

    def _show_stack(self) -> None:
        if self.model.rowCount():
            self.stack.setCurrentWidget(self.table)
        else:
            self.stack.setCurrentWidget(self.nothing if self.model.view.total else self.empty)

    def _money_field(self) -> Any:
        basic = [c.field for c in self.model.columns if c.basic]
        return next((f for f in basic if f.kind is Kind.MONEY), None)

    def _sums(self, rows: Sequence[int]) -> str:
        shown = [self.model.field_at(c) for c in self.table.shown_columns()]
        fields = [
            f
            for f in shown
            if f is not None and f.kind in (Kind.WHOLE, Kind.MONEY) and f.name != self.register.year_field
        ]
        keys = [self.model.view.keys[r] for r in rows]
        sums = self.model.view.sums([f.name for f in fields], keys)
        ws = self.context.workspace
        parts = [
            f"{_(f.label)} <b>{show(f, sums[f.name], ws.catalogs)}</b>{' ' + _(f.unit) if f.unit else ''}"
            for f in fields[:3]
            if f.name in sums and f.name not in ("price",)
        ]
        return "".join("，" + p for p in parts)

    def _show_place(self) -> None:
        row = self.table.currentIndex().row()
        count = self.model.rowCount()
        record = self.form.record
        if self.register.single:
            self.form.show_place("", before=False, after=False)
        elif record is not None and record.new:
            self.form.show_place("", before=count > 0, after=False)
        elif row >= 0:
            words = _("第 {n} 条，共 {total} 条").format(n=f"{row + 1:,}", total=f"{count:,}")
            self.form.show_place(words, before=row > 0, after=row < count - 1)
        else:
            self.form.show_place("", before=False, after=False)

    def _looked(self) -> None:
        self._show_stack()
        self._show_place()
        self.status_changed.emit()

    # ---- moving

    def _follow_table(self) -> None:
        """The form shows the table's current row, after saving the one before."""
        row = self.table.currentIndex().row()
        row_id, school = self.model.id_at(row), self.model.school_at(row)
        record = self.form.record
        if not row_id or (record is not None and (record.id, record.school, record.new) == (row_id, school, False)):
            self._show_place()
            return
        self._leaving = True
        self.form.settle()
        self._leaving = False
        self._show_row(row_id, school)

    def _show_row(self, row_id: str, school: str) -> None:
        self._entering = False
        self.form.show_record(self.context.workspace.row(self.register.name, row_id, school), school=school)
        self.photos.show_record(row_id, school)
        self._show_place()

    def go_to_row(self, row_id: str, field: str = "", school: str = "") -> None:
        """Show a record wherever it is; a search or filter that hides it is cleared."""
        if self.model.place_of(row_id, school) < 0:
            self.filters.clear()
        place = self.model.place_of(row_id, school)
        if place < 0:
            self.say(_("这条记录已经不在了。"), Tone.AMBER)
            return
        self.table.go_to(place)
        self._following.stop()
        self._follow_table()
        if field or self.register.single:
            QTimer.singleShot(0, lambda: self.form.go_to_field(field))

    def step(self, step: int) -> None:
        """To the next or previous record, staying in the form's field."""
        record = self.form.record
        row = self.table.currentIndex().row()
        if record is not None and record.new:
            row, step = self.model.rowCount() - 1, 0
        if 0 <= row + step < self.model.rowCount():
            self.table.go_to(row + step)
            self._following.stop()
            self._follow_table()

    def go_to_problem(self, step: int) -> None:
        """F3: the next field with something to say, in this record or the next that has any."""
        if self.form.go_to_problem(step):
            return
        row = self.table.currentIndex().row() + step
        while 0 <= row < self.model.rowCount() and self.model.state_at(row) not in ("error", "doubt"):
            row += step
        if 0 <= row < self.model.rowCount():
            self.table.go_to(row)
            self._following.stop()
            self._follow_table()
            self.form.setFocus()
            self.form.go_to_problem(1)
        else:
            self.say(_("没有别的问题了。"), Tone.GREEN)

    def _draft_kept(self, _row_id: str) -> None:
        self.model.read_drafts()
        self.table.viewport().update()

    # ---- acts

    def new_record(self) -> None:
        """Begin a new record in the form."""
        self.acts.new()

    def show_first(self) -> None:
        """Show the table's current record again, after one was removed or dropped."""
        self.form.record = None
        self.photos.show_record("", stored=False)
        row = self.table.currentIndex().row()
        if row >= 0 and self.model.rowCount():
            self._show_row(self.model.id_at(row), self.model.school_at(row))
        else:
            self._start_form()
        self.table.setFocus()

    def show_new(
        self, row: Row, field: str = "", *, typed: Mapping[str, str] | None = None, entering: bool = False
    ) -> None:
        """Show a record that is not stored yet; `entering` goes on with another one after it."""
        self._following.stop()
        self.form.show_record(row, new=True, typed=typed)
        self._entering = entering
        self.photos.show_record("", stored=False)
        self._show_place()
        self.form.go_to_field(field)

    def _completed(self) -> None:
        """After Ctrl+Enter: the next record, or another new one where one was being entered."""
        if self._entering and not self.register.single:
            self.new_record()
        elif not self.register.single:
            self.step(1)

    def _form_saved(self, row_id: str) -> None:
        """The table goes where the saved record now stands, unless the form is being left for another row."""
        record = self.form.record
        place = self.model.place_of(row_id, record.school if record is not None else "")
        if record is not None and record.id == row_id and place >= 0 and not self._leaving:
            self.table.go_to(place)
            self._following.stop()
            self.photos.show_record(record.id, record.school)
        self._show_place()

    def _cell_saved(self, changes: Any) -> None:
        self.context.changes.publish(changes)

    # ---- size

    def _split(self) -> None:
        """Give the form its width: as it was left, else narrow or wide by the room there is."""
        wide = self.width() >= theme.px(WIDE)
        form = self.context.memory.get(f"split.{self.register.name}.{'wide' if wide else 'narrow'}", 0)
        form = form or theme.px(FORM_WIDE if wide else FORM)
        self._split_for = self.width()
        self.splitter.setSizes([max(200, self.width() - form - 1), form])

    def _remember_split(self) -> None:
        wide = self.width() >= theme.px(WIDE)
        self.context.memory.put(f"split.{self.register.name}.{'wide' if wide else 'narrow'}", self.splitter.sizes()[1])

    def resizeEvent(self, event: Any) -> None:
        super().resizeEvent(event)
        self._split()
