"""全县台账: the registers of all schools, read-only, with the school in front. Search, filter by school, sort, export."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QApplication, QStackedWidget, QStyle, QStyledItemDelegate, QVBoxLayout, QWidget

from eduplan_desktop.i18n import _
from eduplan_desktop.registers.kinds import show
from ui import theme
from ui.register_table import RegisterTableModel
from ui.screen import Context, Screen, Target
from ui.screens.county_parts import Facts, SidePane, beside, work
from ui.table_reading import TableReader
from ui.table_view import RegisterTableView
from ui.theme import Tone
from ui.widgets import paint
from ui.widgets.buttons import Button, Chip
from ui.widgets.cards import EmptyState
from ui.widgets.fields import SearchField
from ui.widgets.pickers import FilterPicker, Option
from ui.widgets.rows import FilterRow


class CountyTableModel(RegisterTableModel):
    """The rows of all schools or of one, with the school's name in the place of the row's state."""

    def __init__(self, workspace: Any, register: Any, school: str | None = None) -> None:
        super().__init__(workspace, register, school=school, editable=False)
        self._names = {e.uid: e.name for e in workspace.county.roster()}

    def name_at(self, row: int) -> str:
        """The school of a row, as the roster has it."""
        uid = self.school_at(row)
        return self._names.get(uid, uid)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if section == 0 and orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return _("学校")
        return super().headerData(section, orientation, role)

    def begin(self, source: Any = None) -> None:
        self._names = {e.uid: e.name for e in self.workspace.county.roster()}
        super().begin(source)


class TablesScreen(Screen):
    """A few registers of one subject; chips choose, a filter narrows to one school."""

    def __init__(self, context: Context, registers: str) -> None:
        known = {r.name: r for r in context.workspace.registers()}
        self._registers = [known[name] for name in registers.split(",") if name in known]
        super().__init__(context, _("全县台账"))
        self.export = Button(_("导出…"), self._export, icon="export")
        self.title_row.add(self.export)
        self._models: dict[str, CountyTableModel] = {}
        self._readers: dict[str, TableReader] = {}
        self._target: Target | None = None
        self._tables: dict[str, RegisterTableView] = {}
        self._register = self._registers[0].name
        self._school = ""
        self._build()

    def _build(self) -> None:
        filters = FilterRow()
        self.chips = {r.name: Chip(_(r.label)) for r in self._registers}
        for name, chip in self.chips.items():
            chip.clicked.connect(lambda _on=False, n=name: self.choose(n))
            filters.add_left(chip)
        self.school = FilterPicker(_("全部学校"))
        self.school.setMinimumWidth(theme.px(120))
        self.school.setMaximumWidth(theme.px(220))
        self.school.set_everything(self._schools)
        names = {e.uid: e.name for e in self.context.workspace.county.roster()}
        self.school.label_by(lambda uid: names.get(uid, uid))
        self.school.picked.connect(self._narrow)
        filters.add_right(self.school)
        self.search = SearchField(_("文字、编号、拼音首字母"), "Ctrl+F")
        self.search.setMinimumWidth(theme.px(128))
        self.search.textChanged.connect(lambda text: self._look(text))
        filters.add_right(self.search)
        self.empty = EmptyState(
            _("还没有学校报来这一册。收取并合并数据包以后，全县的记录列在这里，只看不改。"),
            [
                (_("收取数据包"), lambda: self.context.frame.go("county_take_in")),
                (_("看完整性看板"), lambda: self.context.frame.go("county_board")),
            ],
            icon="table",
        )
        self.nothing = EmptyState(_("没有找到符合的记录。"), [(_("清除搜索和筛选"), self._clear)], icon="search")
        self.loading = EmptyState("", icon="clock")
        self.stack = QStackedWidget()
        self.stack.addWidget(self.loading)
        self.stack.addWidget(self.empty)
        self.stack.addWidget(self.nothing)
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(filters)
        column.addWidget(self.stack, 1)
        self.pane = SidePane()
        self.facts = Facts(104)
        self.pane.body.addWidget(self.facts)
        self.pane.body.addStretch(1)
        self.column.addWidget(beside(left, self.pane, 340), 1)

    # ---- the frame's questions

    def enter(self, target: Target | None) -> None:
        if target is not None and target.extra in self.chips:
            self._register = target.extra
        if target is not None and target.row:
            self._target = target
            self._clear()
        self.choose(self._register)

    def refresh(self, changes: Any) -> None:
        for name, model in self._models.items():
            if name != self._register and model.concerned(changes):
                model.wait()  # read when it is looked at
            self._readers[name].read_again(changes)

    def stop(self) -> None:
        for reader in self._readers.values():
            reader.stop()

    def panes(self) -> Sequence[QWidget]:
        return [self._table() if self._model().rowCount() else self.search, self.search, self.school]

    def keys(self) -> Sequence[tuple[str, str]]:
        return (("↑ / ↓", _("选择记录")), ("Ctrl+F", _("搜索（文字、编号、拼音首字母）")), ("Ctrl+C", _("复制")))

    def status(self) -> Sequence[str]:
        view = self._model().view
        words = _("{n} / {m} 条").format(n=f"{view.count:,}", m=f"{view.total:,}")
        return [*([] if self._model().waiting else [words]), _("学校报来的记录，县里只看不改；要改请退回")]

    # ---- what is shown

    def _schools(self) -> list[Option]:
        return [Option(e.uid, e.name, e.township) for e in self.context.workspace.county.roster()]

    def _model(self) -> CountyTableModel:
        name = self._register
        if name not in self._models:
            register = next(r for r in self._registers if r.name == name)
            model = CountyTableModel(self.context.workspace, register, self._school or None)
            model.wait()
            self._models[name] = model
            self._readers[name] = TableReader(
                self.context,
                model,
                loading=self._show_loading,
                shown=lambda _changes: self._table_read(name, model),
                at_once=0,  # rows of a merge are made searchable by the first reading
            )
            table = CountyTableView(model, self.context.memory)
            table.row_entered.connect(lambda _id: self._show_row())
            self._tables[name] = table
            self.stack.addWidget(table)
        return self._models[name]

    def _table(self) -> RegisterTableView:
        self._model()
        return self._tables[self._register]

    def choose(self, register: str) -> None:
        """Show another register; its rows are read on the worker."""
        self._register = register
        if self._model().waiting:
            self._readers[register].read()
            self._show()
        else:
            self._show_table()

    def _show_loading(self) -> None:
        self.loading.sentence.setText(_("正在读取…"))

    def _table_read(self, register: str, model: CountyTableModel) -> None:
        """The rows of a register stand in its table; somebody may look at another meanwhile."""
        if register == self._register and self._models.get(register) is model:
            self._show_table()

    def _show_table(self) -> None:
        table, model, target = self._table(), self._model(), self._target
        if not table._widths:
            table.fit_columns()
        self._look(self.search.text())
        if model.rowCount() and not table.currentIndex().isValid():
            table.go_to(0)
        if target is not None:
            self._target = None
            place = model.place_of(target.row, target.school)
            if place >= 0:
                table.go_to(place)
        self._show_row()
        if self.isVisible() and QApplication.focusWidget() in (None, self.search) and not self.search.text():
            self.focus_first()

    def _narrow(self, school: str) -> None:
        self._school = school
        self.stop()
        for table in self._tables.values():
            self.stack.removeWidget(table)
            table.deleteLater()
        self._models, self._tables, self._readers = {}, {}, {}
        self.choose(self._register)

    def _clear(self) -> None:
        self.search.clear()
        if self._school:
            self.school.set_current("")
            self._narrow("")

    def _look(self, text: str) -> None:
        if self._model().query != text:
            self._model().look(query=text)
        self._show()

    def _show(self) -> None:
        for name, chip in self.chips.items():
            chip.setChecked(name == self._register)
        model = self._model()
        where = self.school.text() if self._school else self.context.workspace.title
        if model.waiting:  # how many there are is not said before they are read
            self.stack.setCurrentWidget(self.loading)
            self.chips[self._register].set_count("")
            self.title_row.set_subtitle(where)
            self.export.setEnabled(False)
            self.pane.hide()
            self.status_changed.emit()
            return
        total = model.view.total
        chosen = self._tables[self._register] if model.rowCount() else self.nothing if total else self.empty
        self.stack.setCurrentWidget(chosen)
        self.chips[self._register].set_count(total)
        self.title_row.set_subtitle(_("{where} · {n} 条 · 只看不改").format(where=where, n=f"{total:,}"))
        self.export.setEnabled(bool(total))
        self._show_row()
        self.status_changed.emit()

    def _show_row(self) -> None:
        model, row = self._model(), self._table().currentIndex().row()
        there = 0 <= row < model.rowCount()
        self.pane.setVisible(there)
        if not there:
            return
        record, catalogs = model.row_at(row), self.context.workspace.catalogs
        title = self.context.workspace.title_of(self._register, str(record["id"]), model.school_at(row))
        self.pane.show_head(title)
        facts = [(_("学校"), model.name_at(row))]
        for field in model.register.open_fields:
            value = record.get(field.name)
            if value is not None:
                said = model.shown(field, record) if field.target else show(field, value, catalogs)
                facts.append((_(field.label), f"{said} {field.unit}".strip()))
        self.facts.show_facts(facts)

    # ---- acts

    def _export(self) -> None:
        register = next(r for r in self._registers if r.name == self._register)
        name = f"{self.school.text() or self.context.workspace.title}-{_(register.label)}.xlsx"
        path = self.context.messages.save_file(_("导出到哪个表格"), name, "*.xlsx *.csv")
        if not path:
            return
        school, chosen = self._school, self._register

        def done(count: Any) -> None:
            self.say(_("导出了 {n} 条：{path}").format(n=count, path=path), Tone.GREEN)

        work(self, _("正在导出"), lambda ws, *_a: ws.county.export(chosen, Path(path), school), done)


class CountyTableView(RegisterTableView):
    """The first column is wide enough for the school's name; nothing can be typed."""

    FIRST = 176

    def __init__(self, model: CountyTableModel, memory: Any) -> None:
        super().__init__(model, memory)
        self.setEditTriggers(self.EditTrigger.NoEditTriggers)
        self.setItemDelegateForColumn(0, _SchoolDelegate(self, model))
        self.paste = lambda: None  # type: ignore[method-assign]


class _SchoolDelegate(QStyledItemDelegate):
    """The school in the first column."""

    def __init__(self, view: RegisterTableView, model: CountyTableModel) -> None:
        super().__init__(view)
        self._model = model

    def paint(self, painter: QPainter, option: Any, index: QModelIndex | QPersistentModelIndex) -> None:
        where = QRect(option.rect)
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.fillRect(where, theme.colour("sel" if selected else "base"))
        paint.hline(painter, where.left(), where.right() + 1, where.bottom(), "selline" if selected else "line")
        inner = where.adjusted(theme.px(8), 0, -theme.px(8), 0)
        paint.text(painter, inner, self._model.name_at(index.row()), "ink2", elide=Qt.TextElideMode.ElideMiddle)
