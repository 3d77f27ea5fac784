"""问题清单: every finding of the last check; a 存疑 is explained where it stands, Enter goes to the field it is about."""

from collections.abc import Sequence
from typing import Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QPainter, QResizeEvent, QShortcut
from PySide6.QtWidgets import QAbstractItemView, QStackedWidget, QWidget

from eduplan_desktop.errors import CancelledError, EduPlanError
from eduplan_desktop.i18n import N_, _
from eduplan_desktop.problems import Problem, Severity
from eduplan_desktop.registers.messages import message
from ui import theme
from ui.screen import Context, Screen, Target
from ui.screens.cell_editing import CellDelegate
from ui.theme import Size, Tone
from ui.widgets import paint, shapes
from ui.widgets.buttons import Button, Chip, Weight
from ui.widgets.cards import EmptyState
from ui.widgets.fields import LineField
from ui.widgets.flat_table import FlatTable
from ui.widgets.pickers import FilterPicker, Option
from ui.widgets.progress import ProgressPanel
from ui.widgets.rows import FilterRow, KeyHints, Row
from ui.widgets.shapes import Shape

Index = QModelIndex | QPersistentModelIndex
TIER, WHERE, FIELD, SENTENCE, EXPLANATION = range(5)
HEADS: Final = ("", N_("哪一条"), N_("项目"), N_("怎么办"), N_("说明（只有存疑要写）"))
WIDTHS: Final = (76, 216, 104, 0, 300)


class ProblemModel(QAbstractTableModel):
    """Findings that fit the filters, errors first. Names of rows are looked up when their line is first seen."""

    explained = Signal(str, str)

    def __init__(self, workspace: Any, parent: QWidget) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._registers = {r.name: r for r in workspace.registers()}
        self._names: dict[tuple[str, str], str] = {}
        self.found: list[Problem] = []
        self.said: dict[str, str] = {}

    def show_problems(self, found: Sequence[Problem], said: dict[str, str]) -> None:
        """Replace everything."""
        self.beginResetModel()
        self.found, self.said, self._names = list(found), said, {}
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 (Qt's own signature)
        return 0 if parent.isValid() else len(self.found)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 (Qt's own signature)
        return 0 if parent.isValid() else len(HEADS)

    def where(self, one: Problem) -> str:
        """Register and name of the row a finding is about."""
        key = (one.register, one.row)
        if key not in self._names:
            label = _(self._registers[one.register].label)
            title = self._workspace.title_of(one.register, one.row) if one.row else ""
            self._names[key] = f"{label} · {title}" if title else label
        return self._names[key]

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole, Qt.ItemDataRole.ToolTipRole):
            return None
        one = self.found[index.row()]
        if index.column() == EXPLANATION:
            return self.said.get(one.key, "")
        if index.column() == TIER:
            return _("错误") if one.severity is Severity.ERROR else _("存疑")
        if index.column() == WHERE:
            return self.where(one)
        if index.column() == FIELD:
            field = self._registers[one.register].by_name.get(one.field)
            return _(field.label) if field is not None else ""
        return message(one)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation is Qt.Orientation.Vertical or role != Qt.ItemDataRole.DisplayRole:
            return None
        return _(HEADS[section]) if HEADS[section] else ""

    def flags(self, index: Index) -> Qt.ItemFlag:
        usual = super().flags(index)
        doubt = index.column() == EXPLANATION and self.found[index.row()].severity is Severity.DOUBT
        return usual | Qt.ItemFlag.ItemIsEditable if doubt and not self._workspace.read_only else usual

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        one = self.found[index.row()]
        if str(value).strip() != self.said.get(one.key, ""):
            self.explained.emit(one.key, str(value).strip())
        return True

    def put(self, key: str, text: str) -> None:
        """An explanation was stored."""
        self.said[key] = text
        row = next((i for i, p in enumerate(self.found) if p.key == key), -1)
        if row >= 0:
            self.dataChanged.emit(self.index(row, 0), self.index(row, EXPLANATION))


class _ProblemDelegate(CellDelegate):
    def __init__(self, table: "ProblemTable") -> None:
        super().__init__(table)
        self._table = table

    def sizeHint(self, option: Any, index: Index) -> QSize:
        return QSize(theme.px(80), theme.px(30))

    def createEditor(self, parent: QWidget, option: Any, index: Index) -> QWidget:
        field = LineField("", parent)
        field.setPlaceholderText(_("写明原因和凭证"))
        return field

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        assert isinstance(editor, LineField)
        editor.setText(str(index.data(Qt.ItemDataRole.EditRole) or ""))

    def setModelData(self, editor: QWidget, model: Any, index: Index) -> None:
        assert isinstance(editor, LineField)
        model.setData(index, editor.text())

    def updateEditorGeometry(self, editor: QWidget, option: Any, index: Index) -> None:
        editor.setGeometry(option.rect.adjusted(0, 1, 0, -1))

    def paint(self, painter: QPainter, option: Any, index: Index) -> None:
        model = self._table.problems
        one = model.found[index.row()]
        where = QRect(option.rect)
        current = index.row() == self._table.currentIndex().row()
        painter.fillRect(where, theme.colour("sel" if current else "base"))
        paint.hline(painter, where.left(), where.right() + 1, where.bottom())
        inner = where.adjusted(theme.px(8), 0, -theme.px(8), 0)
        error = one.severity is Severity.ERROR
        words = str(index.data() or "")
        if index.column() == TIER:
            painter.fillRect(
                QRect(where.left(), where.top(), 4, where.height()), theme.colour("red.fill" if error else "amber.fill")
            )
            side = theme.px(shapes.SIDE)
            shapes.paint(
                painter,
                QRect(inner.left() + 2, where.top(), side, where.height()),
                Shape.ERROR if error else Shape.DOUBT,
            )
            inner.setLeft(inner.left() + side + theme.px(8))
            paint.text(painter, inner, words, "red" if error else "amber")
        elif index.column() == EXPLANATION and not words:
            ask = _("先改正，不能用说明代替") if error else _("直接打字写说明")
            paint.text(painter, inner, ask, "ink3", size=Size.SMALL)
        else:
            paint.text(painter, inner, words, "ink2" if index.column() == FIELD else "ink")


class ProblemTable(FlatTable):
    """The findings. Typing explains a doubt, Enter goes to the field."""

    wanted = Signal()

    def __init__(self, workspace: Any) -> None:
        super().__init__()
        self.problems = ProblemModel(workspace, self)
        self.setModel(self.problems)
        delegate = _ProblemDelegate(self)
        delegate.stepped.connect(self.step)
        self.setItemDelegate(delegate)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        triggers = QAbstractItemView.EditTrigger
        self.setEditTriggers(triggers.AnyKeyPressed | triggers.EditKeyPressed)
        self.horizontalHeader().setSectionsClickable(False)
        self.setAccessibleName(_("问题清单"))
        self.doubleClicked.connect(lambda _i: self.wanted.emit())

    def current(self) -> Problem | None:
        """The finding under the cursor."""
        row = self.currentIndex().row()
        return self.problems.found[row] if 0 <= row < len(self.problems.found) else None

    def go_to(self, row: int) -> None:
        """Put the cursor on a line, in the explanation."""
        self.setCurrentIndex(self.problems.index(row, EXPLANATION))
        self.scrollTo(self.currentIndex())

    def step(self, step: int) -> None:
        """To the next line that can be explained."""
        row = self.currentIndex().row() + step
        while 0 <= row < len(self.problems.found) and self.problems.found[row].severity is Severity.ERROR:
            row += step
        if 0 <= row < len(self.problems.found):
            self.go_to(row)
        self.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
            self.wanted.emit()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        fixed = sum(theme.px(w) for w in WIDTHS)
        for column, width in enumerate(WIDTHS):
            room = max(theme.px(200), self.viewport().width() - fixed)
            self.setColumnWidth(column, theme.px(width) if width else room)


class ProblemsScreen(Screen):
    """The list, its filters, and the check that fills it."""

    def __init__(self, context: Context) -> None:
        super().__init__(context, _("问题清单"))
        self.again = Button(_("重新检查"), self.check, weight=Weight.PRIMARY, icon="refresh", key="F9")
        self.look = Button(_("去改正"), self.go_there, icon="target", tip=_("到那一条的那一项（Enter）"))
        self.title_row.add(self.look, self.again)
        self.all: list[Problem] | None = None
        self.table = ProblemTable(context.workspace)
        self.table.wanted.connect(self.go_there)
        self.table.problems.explained.connect(self._explain)
        self.table.selectionModel().currentChanged.connect(lambda *_a: self.status_changed.emit())
        self._task: Any = None
        self._target: Target | None = None
        self._entering = self._stopped = False
        self._build()
        for keys, step in (("F3", 1), ("Shift+F3", -1)):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(lambda s=step: self.next_open(s))

    def _build(self) -> None:
        row = FilterRow()
        self.chips = {
            "error": Chip(_("错误"), Shape.ERROR),
            "doubt": Chip(_("存疑"), Shape.DOUBT),
            "open": Chip(_("还没说明的"), Shape.RING, Tone.AMBER),
        }
        for chip in self.chips.values():
            chip.toggled.connect(lambda _on: self._filter())
            row.add_left(chip)
        self.of = FilterPicker(_("全部登记册"))
        self.of.set_everything(self._registers)
        self.of.label_by(lambda name: self._label(name))
        self.of.picked.connect(lambda _id: self._filter())
        row.add_right(self.of)
        self.column.addWidget(row)
        self.progress = ProgressPanel(_("正在检查"), lambda: self._task.cancel() if self._task else None)
        self.progress.hide()
        self.column.addWidget(self.progress)
        self.empty = EmptyState(
            _("没有发现问题。改动以后可以再检查一次。"),
            [(_("重新检查"), self.check), (_("生成上报包"), lambda: self.context.frame.go("submit"))],
            icon="check",
        )
        self.stack = QStackedWidget()
        self.stack.addWidget(self.table)
        self.stack.addWidget(self.empty)
        self.column.addWidget(self.stack, 1)
        foot = Row(32, "canvas", "")
        hints = [
            ("Enter", _("去那一项改正")),
            ("F2", _("修改说明")),
            ("F3", _("下一处还要处理的")),
            ("F9", _("重新检查")),
        ]
        foot.row.addWidget(KeyHints(hints), 1)
        self.column.addWidget(foot)

    def _label(self, name: str) -> str:
        return next((_(r.label) for r in self.context.workspace.registers() if r.name == name), name)

    def _registers(self) -> Sequence[Option]:
        names = dict.fromkeys(p.register for p in self.all or ())
        return [Option(n, self._label(n)) for n in names]

    # ---- the frame's questions

    def enter(self, target: Target | None) -> None:
        self._target, self._entering = target, True
        self.read()

    def refresh(self, changes: Any) -> None:
        self.read()

    def stop(self) -> None:
        self._stopped = True

    def status(self) -> Sequence[str]:
        found = self.all or []
        errors = sum(p.severity is Severity.ERROR for p in found)
        said = sum(bool(self.table.problems.said.get(p.key)) for p in found if p.severity is Severity.DOUBT)
        words = _("错误 {a}，存疑 {b}，其中已说明 {c}").format(a=errors, b=len(found) - errors, c=said)
        return (words, _("错误必须改正，存疑改正或写明原因后才能报送"))

    def panes(self) -> Sequence[QWidget]:
        return (self.table if self.table.problems.found else self.empty.buttons[0], self.of)

    def keys(self) -> Sequence[tuple[str, str]]:
        return (
            ("Enter", _("去那一项改正")),
            ("F2", _("修改说明；直接打字是替换")),
            ("F3 / Shift+F3", _("下一处 / 上一处还要处理的")),
        )

    # ---- showing

    def read(self) -> None:
        """Show the findings as kept, read on the worker: a ledger just imported may have very many."""
        ws = self.context.workspace

        def look(_progress: Any, _cancelled: Any) -> Any:
            with ws.another() as twin:
                return sorted(twin.findings(), key=_errors_first)

        self.context.tasks.run(look, on_done=self._read, background=True)

    def _read(self, kept: list[Problem]) -> None:
        """Those about sealed values are only in the last check of this page."""
        if self._stopped:
            return
        open_ = self._sealed_now()
        if sealed := [p for p in self.all or () if p.field in open_.get(p.register, ())]:
            kept = sorted([*kept, *sealed], key=_errors_first)
        self.all = kept
        self._filter()
        target, self._target = self._target, None
        if target is not None and target.row:
            self._go_to_row(target.row, target.field)
        if self._entering and self.isVisible():
            self.focus_first()
        self._entering = False

    def _sealed_now(self) -> dict[str, set[str]]:
        """Register → fields of its compartments that are open."""
        ws = self.context.workspace
        return {
            r.name: {f.name for c in r.compartments if ws.compartment_state(c) == "open" for f in r.sealed_fields(c)}
            for r in ws.registers()
            if r.compartments
        }

    def _filter(self) -> None:
        said = dict(self.context.workspace.explanations())
        found = self.all or []
        doubts = [p for p in found if p.severity is Severity.DOUBT]
        self.chips["error"].set_count(len(found) - len(doubts))
        self.chips["doubt"].set_count(len(doubts))
        self.chips["open"].set_count(sum(not said.get(p.key) for p in doubts))
        kept = self.table.current()
        shown = [p for p in found if self._shown(p, said)]
        self.table.problems.show_problems(shown, said)
        self.stack.setCurrentWidget(self.table if found else self.empty)
        self.look.setEnabled(bool(shown))
        if shown:
            keys = [p.key for p in shown]
            self.table.go_to(keys.index(kept.key) if kept is not None and kept.key in keys else 0)
        count = len(found) - len(doubts)
        waiting = count + sum(not said.get(p.key) for p in doubts)
        self.context.frame.set_badge("problems", str(waiting) if waiting else "", Tone.RED if count else Tone.AMBER)
        self.title_row.set_subtitle(f"{self.context.workspace.title} · " + _("还要处理 {n} 处").format(n=waiting))
        self.status_changed.emit()

    def _shown(self, one: Problem, said: dict[str, str]) -> bool:
        error, doubt = self.chips["error"].isChecked(), self.chips["doubt"].isChecked()
        tier = one.severity is Severity.ERROR
        if (error or doubt) and not (error if tier else doubt):
            return False
        if self.chips["open"].isChecked() and (tier or said.get(one.key)):
            return False
        return self.of.current() in ("", one.register)

    def _go_to_row(self, row: str, field: str) -> None:
        found = self.table.problems.found
        at = next((i for i, p in enumerate(found) if p.row == row and field in ("", p.field)), -1)
        if at >= 0:
            self.table.go_to(at)

    # ---- acts

    def go_there(self) -> None:
        """Go to the field the finding under the cursor is about."""
        one = self.table.current()
        if one is not None and self.context.frame.knows(one.register):
            self.context.frame.go(one.register, Target(row=one.row, field=one.field))

    def next_open(self, step: int) -> None:
        """To the next error, or doubt without an explanation, around."""
        model = self.table.problems
        count, here = model.rowCount(), self.table.currentIndex().row()
        for offset in range(1, count + 1):
            row = (here + step * offset) % count
            one = model.found[row]
            if one.severity is Severity.ERROR or not model.said.get(one.key):
                self.table.go_to(row)
                self.table.setFocus()
                return
        self.say(_("没有还要处理的了。"), Tone.GREEN)

    def _explain(self, key: str, text: str) -> None:
        try:
            self.context.workspace.explain(key, text)
        except EduPlanError as fault:
            self.context.messages.fault(fault, _("说明没有保存"))
            return
        self.table.problems.put(key, text)
        said = self.table.problems.said
        self.chips["open"].set_count(sum(p.severity is Severity.DOUBT and not said.get(p.key) for p in self.all or ()))
        self.status_changed.emit()

    def check(self) -> None:
        """Check every record again on a second opening of the file."""
        context = self.context
        self.progress.show()
        self.again.setEnabled(False)

        def work(progress: Any, cancelled: Any) -> Any:
            def step(done: int, total: int, text: str) -> None:
                if cancelled():
                    raise CancelledError()
                progress(done, total, text)

            with context.workspace.another() as twin:
                return twin.check(step)

        def ended() -> None:
            self.progress.hide()
            self.again.setEnabled(True)

        def done(found: Any) -> None:
            ended()
            self.all = list(found)
            self._entering = True
            self.read()
            self.say(_("检查完了，共 {n} 处。").format(n=len(found)), Tone.GREEN if not found else Tone.NEUTRAL)

        def failed(fault: EduPlanError) -> None:
            ended()
            context.messages.fault(fault, _("没有检查成"))

        self._task = context.tasks.run(
            work, on_done=done, on_failed=failed, on_cancelled=ended, on_progress=self.progress.show_progress
        )


def _errors_first(one: Problem) -> bool:
    return one.severity is not Severity.ERROR
