"""Importing a sheet into a register: file, headings, columns, what will be stored, done. Nothing is written before 导入."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from eduplan_desktop.errors import EduPlanError
from eduplan_desktop.exchange.mapping import Bad, Blanks
from eduplan_desktop.i18n import _
from eduplan_desktop.registers.model import Register
from ui import theme
from ui.register_output import open_outside
from ui.screen import Context, Screen, Target
from ui.screens.import_columns import ColumnList
from ui.screens.import_preview import LIMIT, Preview
from ui.screens.import_rule import RuleEditor
from ui.screens.import_source import RawTable, SourceRow
from ui.screens.import_steps import StepRow
from ui.steps import step as take_step
from ui.theme import Size, Tone
from ui.vault import NAMES, open_vault
from ui.widgets.buttons import Button, Weight
from ui.widgets.cards import EmptyState
from ui.widgets.labels import ElidedLabel, Label
from ui.widgets.progress import ProgressPanel

KINDS: Final = "*.xlsx *.xls *.xlsm *.xlsb *.ods *.et *.csv *.txt *.tsv"
SUFFIXES: Final = tuple(k.lstrip("*") for k in KINDS.split())


class ImportScreen(Screen):
    """One page in five steps, opened from a register with its name in `Target.extra`."""

    def __init__(self, context: Context) -> None:
        super().__init__(context, _("导入"))
        self.register: Register = context.workspace.registers()[0]
        self.path: Path | None = None
        self.book: Any = None
        self.suggestion: Any = None
        self.rehearsed: Any = None
        self.imported = False
        self._running: ProgressPanel | None = None
        self.other = Button(_("换一个文件"), self.choose_file, icon="folder")
        self.report = Button(_("保存导入报告"), self.save_report, icon="export")
        self.go = Button("", self.import_rows, weight=Weight.PRIMARY, icon="import", key="Ctrl+Return")
        self.title_row.add(self.other, self.report, self.go)
        self.steps = StepRow()
        self.source = SourceRow()
        self.source.sheet_picked.connect(lambda name: self._look(sheet=name))
        self.source.encoding_picked.connect(lambda name: self._look(encoding=name))
        self.source.options_changed.connect(self._options)
        self.raw = RawTable()
        self.raw.opened.connect(lambda _row: self._head())
        self.columns = ColumnList(context.workspace)
        self.columns.changed.connect(self._corrected)
        self.columns.rule_wanted.connect(self._edit_rule)
        self.rule = RuleEditor(context.workspace)
        self.rule.done.connect(self._rule_done)
        self.preview = Preview()
        self.preview.wanted.connect(self._show_rows)
        self.setAcceptDrops(True)
        self._build()
        for key, step in (("F3", 1), ("Shift+F3", -1)):
            shortcut = QShortcut(QKeySequence(key), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(lambda s=step: self.preview.next_problem(s))

    # ---- building

    def _build(self) -> None:
        self.column.addWidget(self.steps)
        self.pages = QStackedWidget()
        self.empty = EmptyState(
            _("选一张现有的表格：.xlsx、.xls、.ods、.csv 都可以，也可以拖到这里。先看再导，核对前什么都不写入。"),
            [(_("选择表格文件…"), self.choose_file), (_("要一张空白模板…"), self.save_template)],
            icon="table",
        )
        self.body = QWidget()
        column = QVBoxLayout(self.body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.source)
        split = QSplitter(Qt.Orientation.Vertical)
        split.setHandleWidth(1)
        split.setChildrenCollapsible(False)
        split.addWidget(self._upper())
        split.addWidget(self.preview)
        split.setSizes([252, 300])
        split.setStretchFactor(1, 1)
        column.addWidget(split, 1)
        self.pages.addWidget(self.empty)
        self.pages.addWidget(self.body)
        self.column.addWidget(self.pages, 1)

    def _upper(self) -> QWidget:
        upper = QWidget()
        row = QHBoxLayout(upper)
        row.setContentsMargins(theme.MARGIN, theme.HALF, theme.MARGIN, theme.GRID)
        row.setSpacing(theme.MARGIN)
        left, right = QVBoxLayout(), QVBoxLayout()
        self.raw_note = ElidedLabel("", "ink2", Size.SMALL)
        self.column_note = ElidedLabel("", "ink2", Size.SMALL)
        self.head = Button(_("把选中的行当表头"), self._head, weight=Weight.LINK, compact=True)
        for side, title, note, link in (
            (left, _("原表"), self.raw_note, self.head),
            (right, _("列对应"), self.column_note, None),
        ):
            side.setSpacing(theme.HALF)
            head = QHBoxLayout()
            head.addWidget(Label(title, bold=True))
            head.addWidget(note, 1)
            if link is not None:
                head.addWidget(link)
            side.addLayout(head)
        left.addWidget(self.raw, 1)
        self.mapping_pages = QStackedWidget()
        self.mapping_pages.addWidget(self.columns)
        self.mapping_pages.addWidget(self.rule)
        right.addWidget(self.mapping_pages, 1)
        row.addLayout(left, 700)
        row.addLayout(right, 434)
        return upper

    # ---- the frame's questions

    def enter(self, target: Target | None) -> None:
        wanted = target.extra if target is not None else ""
        found = next((r for r in self.context.workspace.registers() if r.name == wanted), None)
        if found is not None and (found is not self.register or self.imported or self.path is None):
            self.register = found
            self._forget()
        self.context.frame.mark(self.register.name)
        self._show_title()

    def status(self) -> Sequence[str]:
        if self.rehearsed is None:
            return [_("还没有选文件")] if self.path is None else [self.path.name]
        shown, total = self.preview.table.lines.rowCount(), self.rehearsed.counts["read"]
        state = _("已经写入，可以撤销") if self.imported else _("尚未写入")
        again = _("再导入同一张表不会产生重复记录")
        return [_("显示 {n} / {m} 行").format(n=f"{shown:,}", m=f"{total:,}"), again, f"<b>{state}</b>"]

    def panes(self) -> Sequence[QWidget]:
        if self.pages.currentWidget() is self.empty:
            return list(self.empty.buttons)
        first = next(iter(self.columns.pickers.values()), None)
        return [self.preview.table, self.raw, *([first] if first is not None else [])]

    def keys(self) -> Sequence[tuple[str, str]]:
        return (
            ("F3 / Shift+F3", _("下一处 / 上一处问题")),
            ("F4", _("列对应：打开项目清单")),
            ("Enter", _("原表：把这一行当表头")),
        )

    # ---- the file

    def _forget(self) -> None:
        self.path, self.book, self.suggestion, self.rehearsed, self.imported = None, None, None, None, False
        self.bars.clear()
        self.pages.setCurrentWidget(self.empty)

    def choose_file(self) -> None:
        """Ask for the file."""
        path = self.context.messages.open_file(_("选择要导入的表格"), _("表格") + f" ({KINDS})")
        if path:
            self.open_file(Path(path))

    def open_file(self, path: Path) -> None:
        """Look at a file: sheets, headings, a proposed mapping, and the rehearsal."""
        self._forget()
        self.path = path
        self._look()

    def _look(self, sheet: str = "", encoding: str = "") -> None:
        path, register, ws = self.path, self.register.name, self.context.workspace
        assert path is not None

        def work(_progress: Any, _cancelled: Any) -> Any:
            with ws.another() as twin:
                book = twin.sheets.look(path, sheet, encoding)
                return book, twin.sheets.guess(register, book), sheet, encoding

        self._run(_("正在看这个文件"), work, self._looked, self._no_file)

    def _no_file(self, fault: EduPlanError) -> None:
        self.context.messages.fault(fault, _("这张表读不了"))
        if self.book is None:
            self._forget()
        self._show_title()

    def _looked(self, answer: Any) -> None:
        self.book, self.suggestion, sheet, encoding = answer
        if self.book.asks and not encoding:
            words = _("文字按 {label} 读。如果下面有乱码，在“编码”里换一种。").format(
                label=self.book.encodings[0].label
            )
            self.say(words, Tone.NEUTRAL)
        self._propose(sheet, encoding, self.suggestion.mapping.header)

    def _propose(self, sheet: str, encoding: str, header: int) -> None:
        mapping = replace(self.suggestion.mapping, sheet=sheet, encoding=encoding, header=header)
        targets = self.context.workspace.sheets.targets(self.register.name)
        self.columns.show_mapping(self.register, targets, self.suggestion, mapping)
        self.source.show_book(self.book, mapping)
        self.mapping_pages.setCurrentWidget(self.columns)
        first = self.pages.currentWidget() is not self.body
        self.pages.setCurrentWidget(self.body)
        self.rehearse()
        if first:
            self.preview.table.setFocus()

    def _head(self) -> None:
        """Take the line under the cursor of the sheet as its headings."""
        line, old = self.raw.current_line(), self.columns.mapping
        if not line:
            return
        try:
            self.suggestion = self.context.workspace.sheets.guess(self.register.name, self.book, line)
        except EduPlanError as fault:
            self.context.messages.fault(fault, _("这一行不能当表头"))
            return
        self._propose(old.sheet, old.encoding, line)

    # ---- the mapping

    def _options(self) -> None:
        bad, blanks = self.source.options()
        self.columns.mapping = replace(self.columns.mapping, bad=Bad(bad), blanks=Blanks(blanks))
        self._corrected()

    def _corrected(self) -> None:
        self.imported = False
        self.rehearse()

    def _edit_rule(self, heading: str) -> None:
        rule = self.columns.mapping.columns[heading][0]
        field = self.register.by_name.get(rule.field)
        at = self.suggestion.header.column(heading)
        if field is None or at < 0:
            return
        cells = [row[at] for row in self.book.sheet.rows[self.suggestion.header.last + 1 :]]
        self.rule.show_rule(heading, field, rule, cells)
        self.mapping_pages.setCurrentWidget(self.rule)

    def _rule_done(self, heading: str, rule: Any) -> None:
        self.mapping_pages.setCurrentWidget(self.columns)
        if rule is not None:
            columns = {**self.columns.mapping.columns, heading: (rule,)}
            self.columns.take(replace(self.columns.mapping, columns=columns), heading)
            self._corrected()
        if heading in self.columns.pickers:
            self.columns.pickers[heading].setFocus()

    # ---- the rehearsal

    def rehearse(self) -> None:
        """Find out what an import would do, with nothing written."""
        path, register, mapping, ws = self.path, self.register.name, self.columns.mapping, self.context.workspace
        assert path is not None

        def work(progress: Any, cancelled: Any) -> Any:
            with ws.another() as twin:
                return twin.sheets.preview(path, register, mapping, progress=progress, cancelled=cancelled)

        self._run(_("正在核对整张表"), work, self._rehearsed, self._not_rehearsed)

    def _not_rehearsed(self, fault: EduPlanError) -> None:
        self.rehearsed = None
        self.say(str(fault), Tone.AMBER)
        self.raw.show_sheet(self.book.sheet, self.suggestion.header, ())
        self.preview.show_counts(dict.fromkeys(("read", "stored", "updated", "unchanged", "refused"), 0))
        self.preview.show_rows(self.register, (), ())
        self._show_title()

    def _rehearsed(self, rehearsed: Any) -> None:
        self.rehearsed = rehearsed
        self.bars.clear()
        self.raw.show_sheet(self.book.sheet, self.suggestion.header, {line for line, _words in rehearsed.skipped})
        header = self.suggestion.header
        lines = self.book.sheet.numbers
        words = _("表头在第 {n} 行，跳过 {m} 行").format(n=lines[header.last], m=len(rehearsed.skipped))
        self.raw_note.set_text("；".join([words, *rehearsed.notes]))
        named = sum(bool(keys) for keys in header.keys)
        said = _("{n} 列，导入 {m} 列").format(n=named, m=len(self.columns.mapping.columns))
        self.column_note.set_text(said)
        self.preview.show_counts(rehearsed.counts)
        self._show_rows()
        self._offer_vault()
        self._show_title()

    def _offer_vault(self) -> None:
        """Columns for a vault that is locked are left out; say so and offer to open it."""
        ws = self.context.workspace
        fed = {r.field for rules in self.columns.mapping.columns.values() for r in rules}
        for name in self.register.compartments:
            hidden = [f for f in self.register.sealed_fields(name) if f.name in fed]
            if hidden and ws.compartment_state(name) != "open":
                words = _("{labels} 存在{vault}里，锁着时不导入。").format(
                    labels="、".join(_(f.label) for f in hidden[:6]), vault=_(NAMES[name])
                )
                act = (_("打开保险库"), lambda n=name: open_vault(self.context, n, self.rehearse))
                self.say(words, Tone.AMBER, [act])

    def _show_rows(self) -> None:
        if self.rehearsed is None:
            return
        rows = self.context.workspace.sheets.rows(
            self.rehearsed, self.preview.state(), LIMIT, notable=self.preview.notable.isChecked()
        )
        self.preview.show_rows(self.register, self.rehearsed.fields, rows)
        self.status_changed.emit()

    def _show_title(self) -> None:
        self.title_row.set_title(_("导入{label}").format(label=_(self.register.label)))
        counts = self.rehearsed.counts if self.rehearsed is not None else {}
        wanted = counts.get("stored", 0) + counts.get("updated", 0)
        parts = [self.path.name] if self.path is not None else []
        if self.book is not None and self.book.sheet.name:
            parts.append(_("工作表“{name}”").format(name=self.book.sheet.name))
        parts.append(_("已经写入") if self.imported else _("还没有写入任何数据"))
        self.title_row.set_subtitle(" · ".join(parts))
        self.other.setVisible(self.path is not None)
        self.report.setVisible(self.rehearsed is not None)
        self.go.setVisible(self.rehearsed is not None)
        if self.imported:
            self.go.set_text(_("看{label}").format(label=_(self.register.label)))
        else:
            self.go.set_text(_("导入 {n} 行").format(n=f"{wanted:,}"))
        self.go.setEnabled(self.imported or (wanted > 0 and self._running is None))
        step = 1 if self.path is None else 6 if self.imported else 4 if self.rehearsed is not None else 3
        note = _("导入后记住这张表的列对应，下次同样的表头直接使用") if step == 4 else ""
        self.steps.show_step(step, note)
        self.status_changed.emit()

    # ---- writing

    def import_rows(self) -> None:
        """Store what was rehearsed, in one act; after it, go and see."""
        if self.imported:
            self.context.frame.go(self.register.name)
            return
        path, register, mapping, ws = self.path, self.register.name, self.columns.mapping, self.context.workspace
        assert path is not None

        def work(progress: Any, cancelled: Any) -> Any:
            with ws.another() as twin:
                report = twin.sheets.import_(path, register, mapping, progress=progress, cancelled=cancelled)
                ws.adopt_acts(twin)
                return report

        def failed(fault: EduPlanError) -> None:
            self.context.messages.fault(fault, _("没有导入"))
            self._show_title()

        self._run(_("正在导入"), work, self._stored, failed)

    def _stored(self, report: Any) -> None:
        self.imported = True
        self.context.workspace.sheets.remember(self.register.name, self.suggestion, self.columns.mapping)
        self.context.changes.publish(None)
        self._show_title()
        tone = Tone.AMBER if report.refused else Tone.GREEN
        self.say(report.sentence, tone, [(_("撤销"), self._undo), (_("保存导入报告…"), self.save_report)])
        self.go.setFocus()

    def _undo(self) -> None:
        def undone(changes: Any, _label: str) -> None:
            self.imported = False
            self.context.changes.publish(changes)
            self.bars.clear()
            self.say(_("已撤销这次导入。"), Tone.GREEN)
            self._show_title()

        take_step(self.context, "undo", undone, lambda fault: self.context.messages.fault(fault, _("没有撤销")))

    def save_report(self) -> None:
        """Save figures, refused lines with reasons and normalisations as a workbook."""
        if self.rehearsed is None or self.path is None:
            return
        name = _("{file}-导入报告.xlsx").format(file=self.path.stem)
        to = self.context.messages.save_file(_("导入报告保存到"), name, _("Excel 工作簿") + " (*.xlsx)")
        if not to:
            return
        try:
            self.context.workspace.sheets.save_report(self.rehearsed, Path(to), self.path.name)
        except EduPlanError as fault:
            self.context.messages.fault(fault, _("没有写成"))
            return
        words = _("报告写好了：{path}。拒收的行可以在里面改正后再导入。").format(path=to)
        self.say(words, Tone.GREEN, [(_("打开"), lambda: open_outside(to))])

    def save_template(self) -> None:
        """Write a blank sheet that imports back."""
        name = _("{label}-空白模板.xlsx").format(label=_(self.register.label))
        to = self.context.messages.save_file(_("空白模板保存到"), name, _("Excel 工作簿") + " (*.xlsx)")
        if not to:
            return
        try:
            self.context.workspace.sheets.template(self.register.name, Path(to))
        except EduPlanError as fault:
            self.context.messages.fault(fault, _("没有写成"))
            return
        self.say(_("模板写好了：{path}").format(path=to), Tone.GREEN, [(_("打开"), lambda: open_outside(to))])

    # ---- long work

    def _run(self, title: str, work: Any, done: Any, failed: Any) -> None:
        self._end_running()
        self.context.tasks.cancel_all()
        running = self._running = ProgressPanel(title, self.context.tasks.cancel_all)
        self.column.insertWidget(2, running)
        self._show_title()

        def ended(after: Any) -> Any:
            def end(answer: Any = None) -> None:
                if self._running is running:
                    self._end_running()
                    after(answer)

            return end

        self.context.tasks.run(
            work,
            on_done=ended(done),
            on_failed=ended(failed),
            on_cancelled=ended(lambda _nothing: self._stopped()),
            on_progress=running.show_progress,
        )

    def _stopped(self) -> None:
        self.say(_("已停下，没有写入任何数据。"), Tone.NEUTRAL)
        self._show_title()

    def _end_running(self) -> None:
        if self._running is not None:
            self.column.removeWidget(self._running)
            self._running.hide()
            self._running.deleteLater()
            self._running = None

    # ---- dropping a file

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if any(u.toLocalFile().lower().endswith(SUFFIXES) for u in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        paths = [u.toLocalFile() for u in event.mimeData().urls()]
        if paths and paths[0].lower().endswith(SUFFIXES):
            self.open_file(Path(paths[0]))
