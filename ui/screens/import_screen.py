"""Importing a sheet into a register: file, headings, columns, what will be stored, done. Nothing is written before 导入."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from eduplan_desktop.errors import EduPlanError
from eduplan_desktop.exchange.mapping import Bad, Blanks, SheetMapping
from eduplan_desktop.i18n import _
from eduplan_desktop.registers.model import Register
from ui import theme
from ui.screen import Context, Target
from ui.screens.file_screen import KINDS, FileScreen
from ui.screens.import_columns import ColumnList
from ui.screens.import_output import save_report, save_template
from ui.screens.import_parts import LEVELS, Part, PartRow, filtered
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


class ImportScreen(FileScreen):
    """One page in five steps, opened from a register with its name in `Target.extra`."""

    def __init__(self, context: Context) -> None:
        super().__init__(context, _("导入"))
        self.register: Register = context.workspace.registers()[0]
        self.path: Path | None = None
        self.book: Any = None
        self.parts: list[Part] = []
        self.at = 0
        self.rehearsals: list[Any] = []
        self._vaults: tuple[str, ...] = ()
        self.imported = False
        self.other = Button(_("换一个文件"), self.choose_file, icon="folder")
        self.report = Button(_("保存导入报告"), self.save_report, icon="export")
        self.go = Button("", self.import_rows, weight=Weight.PRIMARY, icon="import", key="Ctrl+Return")
        self.title_row.add(self.other, self.report, self.go)
        self.steps = StepRow()
        self.source = SourceRow()
        self.source.sheet_picked.connect(lambda name: self._look(sheet=name))
        self.source.encoding_picked.connect(lambda name: self._look(encoding=name))
        self.source.options_changed.connect(self._options)
        self.part_row = PartRow()
        self.part_row.shown.connect(self.show_part)
        self.part_row.wanted.connect(self._add_part)
        self.part_row.dropped.connect(self._drop_part)
        self.part_row.rows_changed.connect(self._rows_chosen)
        self.raw = RawTable()
        self.raw.opened.connect(lambda _row: self._head())
        self.columns = ColumnList(context.workspace)
        self.columns.changed.connect(self._corrected)
        self.columns.rule_wanted.connect(self._edit_rule)
        self.rule = RuleEditor(context.workspace)
        self.rule.done.connect(self._rule_done)
        self.preview = Preview()
        self.preview.wanted.connect(self._show_rows)
        self._build()
        for key, step in (("F3", 1), ("Shift+F3", -1)):
            shortcut = QShortcut(QKeySequence(key), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(lambda s=step: self.preview.next_problem(s))
        for key, step in (("Ctrl+PgDown", 1), ("Ctrl+PgUp", -1)):
            shortcut = QShortcut(QKeySequence(key), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(lambda s=step: self.show_part((self.at + s) % max(1, len(self.parts))))

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
        column.addWidget(self.part_row)
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

    @property
    def suggestion(self) -> Any:
        """What was proposed for the part shown."""
        return self.parts[self.at].suggestion if self.parts else None

    @property
    def rehearsed(self) -> Any:
        """The rehearsal of the part shown."""
        return self.rehearsals[self.at] if self.at < len(self.rehearsals) else None

    @property
    def mappings(self) -> tuple[SheetMapping, ...]:
        """All parts, as they would be imported."""
        return tuple(part.mapping for part in self.parts)

    # ---- the frame's questions

    def enter(self, target: Target | None) -> None:
        wanted = target.extra if target is not None else ""
        found = next((r for r in self.context.workspace.registers() if r.name == wanted), None)
        if found is not None and (found is not self.register or self.imported or self.path is None):
            self.register = found
            self._forget()
        self.context.frame.mark(self.register.name)
        self.show_title()

    def refresh(self, changes: Any) -> None:
        """A vault was opened or locked after the rehearsal: what would be stored is no longer what was shown."""
        if self.rehearsed is not None and not self.imported and self._vaults != self._open_now():
            self.rehearse()

    def _open_now(self) -> tuple[str, ...]:
        open_ = self.context.workspace.open_compartments()
        return tuple(name for name in self.register.compartments if name in open_)

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
            ("Ctrl+PgDn / Ctrl+PgUp", _("分到几册时：下一册 / 上一册")),
            ("Enter", _("原表：把这一行当表头")),
        )

    # ---- the file

    def _forget(self) -> None:
        self.path, self.book, self.imported = None, None, False
        self.parts, self.at, self.rehearsals = [], 0, []
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
        self.show_title()

    def _looked(self, answer: Any) -> None:
        self.book, found, sheet, encoding = answer
        if self.book.asks and not encoding:
            words = _("文字按 {label} 读。如果下面有乱码，在“编码”里换一种。").format(
                label=self.book.encodings[0].label
            )
            self.say(words, Tone.NEUTRAL)
        self._propose(found, sheet, encoding, found[0].mapping.header)

    def _propose(self, found: Sequence[Any], sheet: str, encoding: str, header: int) -> None:
        shared = {"sheet": sheet, "encoding": encoding, "header": header}
        self.parts = [Part(one, replace(one.mapping, **shared)) for one in found]
        self.at = next((n for n, p in enumerate(self.parts) if p.register is self.register), 0)
        first = self.pages.currentWidget() is not self.body
        self.pages.setCurrentWidget(self.body)
        self._parts_changed()
        if first:
            self.preview.table.setFocus()

    def _head(self) -> None:
        """Take the line under the cursor of the sheet as its headings."""
        line, old = self.raw.current_line(), self.columns.mapping
        if not line:
            return
        try:
            found = self.context.workspace.sheets.guess(self.register.name, self.book, line)
        except EduPlanError as fault:
            self.context.messages.fault(fault, _("这一行不能当表头"))
            return
        self._propose(found, old.sheet, old.encoding, line)

    # ---- the registers it goes to

    def _parts_changed(self) -> None:
        """Parts came or went: offer what is left, show the one now current, rehearse all."""
        sheets, parts = self.context.workspace.sheets, self.mappings
        levels = sheets.levels(self.register.name, self.book, parts[0].header) if len(parts) == 1 else []
        known = {part.register for part in parts}
        others = [r for r in self.context.workspace.registers() if not r.single and r.name not in known]
        offers = sheets.offers(self.book, self.parts[0].suggestion, parts)
        self.part_row.offer(offers, others, [s.mapping.constants["level"] for s in levels if s.mapping.constants])
        self.rehearsals = []
        self._show_mapping()
        self.rehearse()

    def _show_mapping(self) -> None:
        part = self.parts[self.at]
        targets = self.context.workspace.sheets.targets(part.register.name)
        self.columns.show_mapping(part.register, targets, part.suggestion, part.mapping, part.by_hand)
        self.source.show_book(self.book, part.mapping)
        self.part_row.show_parts(self.parts, self.at, [r.counts for r in self.rehearsals])
        self.mapping_pages.setCurrentWidget(self.columns)

    def show_part(self, at: int) -> None:
        """Show the columns and the rows of one of the registers."""
        if not self.parts:
            return
        self.at = at
        self._show_mapping()
        if self.rehearsed is not None:
            self._show_rehearsed()

    def _add_part(self, name: str) -> None:
        sheets, shared = self.context.workspace.sheets, self.mappings[0]
        more = {"sheet": shared.sheet, "encoding": shared.encoding, "header": shared.header, "bad": shared.bad}
        if name == LEVELS:
            found = sheets.levels(self.register.name, self.book, shared.header)
            self.parts = []
        else:
            found = [sheets.propose(self.book, self.parts[0].suggestion, self.mappings, name)]
            self.parts = [Part(p.suggestion, replace(p.mapping, part=True), p.by_hand) for p in self.parts]
        self.at = len(self.parts)
        self.parts += [Part(one, replace(one.mapping, part=True, **more)) for one in found]
        self.imported = False
        self._parts_changed()
        self.part_row.chips[self.at].setFocus()

    def _drop_part(self) -> None:
        if len(self.parts) < 2:
            return
        del self.parts[self.at]
        self.at = 0
        if len(self.parts) == 1:
            only = self.parts[0]
            self.parts = [Part(only.suggestion, replace(only.mapping, part=False), only.by_hand)]
        self.imported = False
        self._parts_changed()

    def _rows_chosen(self, heading: str, words: Any) -> None:
        self.columns.mapping = filtered(self.columns.mapping, heading, words)
        self._corrected()

    # ---- the mapping

    def _options(self) -> None:
        bad, blanks = self.source.options()
        self.columns.mapping = replace(self.columns.mapping, bad=Bad(bad), blanks=Blanks(blanks))
        self._corrected()

    def _corrected(self) -> None:
        self.imported = False
        self.parts[self.at].mapping = self.columns.mapping
        self.rehearse()

    def _edit_rule(self, heading: str) -> None:
        rule = self.columns.mapping.columns[heading][0]
        field = self.parts[self.at].register.by_name.get(rule.field)
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
        path, parts, ws = self.path, self.mappings, self.context.workspace
        assert path is not None
        self._vaults = self._open_now()

        def work(progress: Any, cancelled: Any) -> Any:
            with ws.another() as twin:
                return twin.sheets.preview(path, parts, progress=progress, cancelled=cancelled)

        self._run(_("正在核对整张表"), work, self._rehearsed, self._not_rehearsed)

    def _not_rehearsed(self, fault: EduPlanError) -> None:
        self.rehearsals = []
        self.say(str(fault), Tone.AMBER)
        self.raw.show_sheet(self.book.sheet, self.suggestion.header, ())
        self.preview.show_counts(dict.fromkeys(("read", "stored", "updated", "unchanged", "refused"), 0))
        self.preview.show_rows(self.parts[self.at].register, (), ())
        self.show_title()

    def _rehearsed(self, rehearsals: list[Any]) -> None:
        self.rehearsals = rehearsals
        self.bars.clear()
        self.part_row.show_parts(self.parts, self.at, [r.counts for r in rehearsals])
        self._show_rehearsed()
        self._offer_vault()

    def _show_rehearsed(self) -> None:
        """What would be stored in the register shown."""
        rehearsed, header = self.rehearsed, self.suggestion.header
        self.raw.show_sheet(self.book.sheet, header, {line for line, _words in rehearsed.skipped})
        lines = self.book.sheet.numbers
        words = [_("表头在第 {n} 行，跳过 {m} 行").format(n=lines[header.last], m=len(rehearsed.skipped))]
        if rehearsed.plan.not_meant:
            words.append(_("{n} 行不属于这一册").format(n=rehearsed.plan.not_meant))
        self.raw_note.set_text("；".join([*words, *rehearsed.notes]))
        named = sum(bool(keys) for keys in header.keys)
        said = _("{n} 列，导入 {m} 列").format(n=named, m=len(self.columns.mapping.columns))
        self.column_note.set_text(said)
        self.preview.show_counts(rehearsed.counts)
        self._show_rows()
        self.show_title()

    def _offer_vault(self) -> None:
        """Columns for a vault that is locked are left out; say so and offer to open it."""
        ws = self.context.workspace
        for part, name in ((p, name) for p in self.parts for name in p.register.compartments):
            hidden = [f for f in part.register.sealed_fields(name) if f.name in part.mapping.fields]
            if hidden and ws.compartment_state(name) != "open":
                words = _("{labels} 存在{vault}里，锁着时不导入。").format(
                    labels="、".join(_(f.label) for f in hidden[:6]), vault=_(NAMES[name])
                )
                act = (_("打开保险库"), lambda n=name: open_vault(self.context, n))
                self.say(words, Tone.AMBER, [act])

    def _show_rows(self) -> None:
        if self.rehearsed is None:
            return
        rows = self.context.workspace.sheets.rows(
            self.rehearsed, self.preview.state(), LIMIT, notable=self.preview.notable.isChecked()
        )
        self.preview.show_rows(self.parts[self.at].register, self.rehearsed.fields, rows)
        self.status_changed.emit()

    def show_title(self) -> None:
        """Title, what is written, the step, and the button that writes."""
        self.title_row.set_title(_("导入{label}").format(label=_(self.register.label)))
        wanted = sum(r.counts["stored"] + r.counts["updated"] for r in self.rehearsals)
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
            self.context.frame.go(self.parts[self.at].register.name)
            return
        path, register, parts, ws = self.path, self.register.name, self.mappings, self.context.workspace
        assert path is not None

        def work(progress: Any, cancelled: Any) -> Any:
            with ws.another() as twin:
                report = twin.sheets.import_(path, register, parts, progress=progress, cancelled=cancelled)
                ws.adopt_acts(twin)
                return report

        def failed(fault: EduPlanError) -> None:
            self.context.messages.fault(fault, _("没有导入"))
            self.show_title()

        self._run(_("正在导入"), work, self._stored, failed)

    def _stored(self, report: Any) -> None:
        self.imported = True
        self.context.workspace.sheets.remember(self.register.name, self.suggestion, self.mappings)
        self.context.changes.publish(None)
        self.show_title()
        tone = Tone.AMBER if report.refused else Tone.GREEN
        self.say(report.sentence, tone, [(_("撤销"), self._undo), (_("保存导入报告…"), self.save_report)])
        self.go.setFocus()

    def _undo(self) -> None:
        def undone(changes: Any, _label: str) -> None:
            self.imported = False
            self.context.changes.publish(changes)
            self.bars.clear()
            self.say(_("已撤销这次导入。"), Tone.GREEN)
            self.show_title()

        take_step(self.context, "undo", undone, lambda fault: self.context.messages.fault(fault, _("没有撤销")))

    def save_report(self) -> None:
        """Save figures, refused lines with reasons and normalisations as a workbook."""
        if self.rehearsals and self.path is not None:
            save_report(self, self.rehearsals, self.path)

    def save_template(self) -> None:
        """Write a blank sheet that imports back."""
        save_template(self, self.register)
