"""The form beside a register's table, the same for every register. Saves when a record is left; keeps a draft while typing."""

from collections.abc import Mapping
from typing import Any, Final

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QStackedWidget, QVBoxLayout, QWidget

from eduplan_desktop.errors import EduPlanError
from eduplan_desktop.i18n import _
from eduplan_desktop.problems import Problem, Severity
from eduplan_desktop.registers.model import Register, Row
from ui import theme
from ui.editors import focus
from ui.form_body import FormBody
from ui.history_panel import HistoryPanel
from ui.record import Record
from ui.screen import Context
from ui.theme import Size, Tone
from ui.vault import open_vault
from ui.widgets import paint
from ui.widgets.buttons import Button, StateTag, Weight
from ui.widgets.labels import ElidedLabel, Label
from ui.widgets.message_bar import MessageArea
from ui.widgets.rows import Row as StripRow
from ui.widgets.shapes import Shape

TITLE_FROM: Final = 440
"""Width of the form from which its head has room for the record's title."""
DRAFT_AFTER: Final = 250
"""Milliseconds of silence after which what was typed is in the file."""


class RegisterForm(QWidget):
    """One record of a register."""

    saved = Signal(str)
    """A record was stored, and everybody told: its id."""
    completed = Signal()
    """Ctrl+Enter stored it: on to the next."""
    moved = Signal(int)
    """The next (+1) or previous (-1) record is wanted."""
    copy_wanted = Signal()
    remove_wanted = Signal()
    erase_wanted = Signal(str)
    """What is sealed of this record's person in a vault is to go for good."""
    draft_kept = Signal(str)

    def __init__(self, context: Context, register: Register, bars: MessageArea) -> None:
        super().__init__()
        self.context, self.register, self._bars = context, register, bars
        self.record: Record | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(DRAFT_AFTER)
        self._timer.timeout.connect(self.keep_draft)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self._build_head(column)
        self.body = FormBody(register, context.workspace, self._apply_fix)
        self.body.edited.connect(self._edited)
        self.body.left.connect(self._left)
        self.body.open_vault.connect(self._open_vault)
        self.body.erase.connect(self.erase_wanted)
        self.history = HistoryPanel(context.workspace, register)
        self.history.closed.connect(self.show_body)
        self.stack = QStackedWidget()
        self.stack.addWidget(self.body)
        self.stack.addWidget(self.history)
        column.addWidget(self.stack, 1)
        self._build_foot(column)
        self.setMinimumWidth(theme.px(320))

    def _build_head(self, column: QVBoxLayout) -> None:
        head = StripRow(40)
        self.tag = StateTag(Shape.OK, "")
        self.title = ElidedLabel("", bold=True)
        self.place = Label("", "ink2", Size.SMALL)
        self.previous = Button(
            "", lambda: self.moved.emit(-1), icon="chevron-left", compact=True, tip=_("上一条 Alt+↑")
        )
        self.next = Button("", lambda: self.moved.emit(1), icon="chevron-right", compact=True, tip=_("下一条 Alt+↓"))
        for button in (self.previous, self.next):
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        head.row.addWidget(self.tag)
        head.row.addWidget(self.title, 1)
        head.row.addStretch(0)
        for widget in (self.place, self.previous, self.next):
            head.row.addWidget(widget)
        column.addWidget(head)

    def _build_foot(self, column: QVBoxLayout) -> None:
        self.foot = StripRow(48, line="", top="line")
        weight = Weight.PRIMARY if self.register.single else Weight.PLAIN  # a page of one record has no other
        self.done = Button(_("完成这条"), self.complete, weight=weight, key="Ctrl+Return")
        self.history_button = Button("", self.show_history, icon="clock", tip=_("历史：谁在什么时候改了什么"))
        self.copy = Button("", self.copy_wanted.emit, icon="copy", tip=_("照这条再建一条"))
        self.remove = Button("", self.remove_wanted.emit, icon="trash", tip=_("删除这条（写明原因，可以撤销）"))
        self.foot.row.addWidget(self.done)
        self.foot.row.addStretch(1)
        for button in (self.copy, self.history_button, self.remove):
            self.foot.row.addWidget(button)
        column.addWidget(self.foot)
        if self.register.single:
            self.copy.hide()
            self.remove.hide()
        if self.context.workspace.read_only:
            for button in (self.done, self.copy, self.remove):
                button.hide()

    # ---- what is shown

    def show_record(
        self, row: Row | None, *, new: bool = False, typed: Mapping[str, str] | None = None, school: str = ""
    ) -> None:
        """Show a record, with its draft if one was kept; None shows an empty form."""
        self._timer.stop()
        self.show_body()
        if self.body.stale():
            self.body.build()
        self.record = (
            None if row is None else Record(self.context.workspace, self.register, row, new=new, school=school)
        )
        self.setEnabled(self.record is not None)
        drafted = self.record.take_draft() if self.record is not None else False
        if self.record is not None and typed and not drafted:
            self.record.typed = dict(typed)
        self._fill()
        self.body.verticalScrollBar().setValue(0)

    def _fill(self) -> None:
        record = self.record
        for name, row in self.body.rows.items():
            if record is not None and name in record.typed:
                row.editor.take(record.typed[name])
            else:
                row.editor.show_value(record.row.get(name) if record is not None else None)
        self.check()

    def check(self) -> None:
        """Show the findings of the record as it stands."""
        record = self.record
        problems = record.problems() if record is not None else []
        sentences = record.values()[1] if record is not None else {}
        for name, row in self.body.rows.items():
            row.show_problems([p for p in problems if p.field == name], sentences.get(name, ""))
        self._show_state(problems, len(sentences))

    def _show_state(self, problems: list[Problem], unreadable: int) -> None:
        record = self.record
        errors = unreadable + sum(p.severity is Severity.ERROR for p in problems)
        doubts = sum(p.severity is Severity.DOUBT for p in problems)
        if record is None:
            self.tag.hide()
        elif errors:
            self.tag.show_state(Shape.ERROR, _("{n} 处错误").format(n=errors))
        elif doubts:
            self.tag.show_state(Shape.DOUBT, _("{n} 处存疑").format(n=doubts))
        elif record.touched or record.new:
            self.tag.show_state(Shape.RING, _("正在填写"))
        else:
            self.tag.show_state(Shape.OK, _("已保存"))
        self.tag.setVisible(record is not None)
        self.title.setVisible(self.width() >= theme.px(TITLE_FROM))
        title = ""
        if record is not None and not record.new:
            title = self.context.workspace.title_of(self.register.name, record.id, record.school)
        self.title.set_text(title if record is None or not record.new else _("新的一条"))

    def show_place(self, words: str, *, before: bool, after: bool) -> None:
        """'第 9 条，共 16 条', and whether there are records before and after."""
        self.place.setText(words)
        self.previous.setEnabled(before)
        self.next.setEnabled(after)

    def refresh(self) -> bool:
        """Something was written elsewhere: show the record as it is now, keeping what was typed. False when it is gone."""
        if self.body.stale():
            self.body.build()
            if self.record is not None:
                self.record.follow_vaults()
        if self.record is None or not (self.record.new or self.record.read_again()):
            return False
        self._fill()
        return True

    def show_history(self) -> None:
        """Who changed what, and when."""
        if self.record is not None and not self.record.new:
            self.history.show_record(self.record.id, self.record.school)
            self.stack.setCurrentWidget(self.history)
            self.history.setFocus()

    def show_body(self) -> None:
        """Back from the history."""
        self.stack.setCurrentWidget(self.body)

    def go_to_field(self, name: str) -> None:
        """Put the cursor into a field and bring it into view."""
        editor = self.body.editor(name or self.body.first_field())
        if editor is not None:
            focus(editor.widget)
            self.body.ensureWidgetVisible(editor.widget, 0, theme.px(60))

    def go_to_problem(self, step: int = 1) -> bool:
        """F3: the next field with something to say; False when there is none further."""
        names = list(self.body.rows)
        here = QApplication.focusWidget()
        at = next(
            (i for i, n in enumerate(names) if self.body.rows[n].editor.widget is here), -1 if step > 0 else len(names)
        )
        order = names[at + 1 :] if step > 0 else list(reversed(names[:at]))
        for name in order:
            if self.body.rows[name].editor.widget.state:
                self.go_to_field(name)
                return True
        return False

    # ---- typing

    def _edited(self, name: str) -> None:
        editor = self.body.editor(name)
        if self.record is not None and editor is not None:
            self.record.type(name, editor.raw())
            self._timer.start()

    def _left(self, name: str) -> None:
        if self.record is not None and name in self.record.typed:
            self.check()

    def _apply_fix(self, problem: Problem) -> None:
        """Take the one correction a finding offers."""
        if problem.fix is None or self.record is None:
            return
        _label, name, value = problem.fix
        editor = self.body.editor(name)
        if editor is not None:
            editor.show_value(value)
            self.record.type(name, editor.raw())
            self._timer.start()
            self.check()
            focus(editor.widget)

    def keep_draft(self) -> None:
        """Write what was typed into the file as a draft."""
        self._timer.stop()
        if self.record is not None and self.record.touched:
            self.record.keep_draft()
            self.draft_kept.emit(self.record.id)

    # ---- saving

    def settle(self) -> bool:
        """Store what was typed before the record is left. What cannot be stored yet stays as a draft: nothing is lost."""
        record = self.record
        self._timer.stop()
        if record is None or not record.touched or self.context.workspace.read_only:
            return True
        _values, sentences = record.values()
        if sentences:
            record.keep_draft()
            self.draft_kept.emit(record.id)
            self._bars.say(_("这条还有读不懂的内容，先留作草稿，没有丢。"), Tone.AMBER)
            return True
        self._store(record)
        return True

    def complete(self) -> None:
        """Ctrl+Enter: store, and go on to the next record; what cannot be read keeps the cursor."""
        record = self.record
        if record is None:
            return
        _values, sentences = record.values()
        if sentences:
            record.keep_draft()
            self.check()
            self.go_to_field(next(iter(sentences)))
            return
        if (record.touched or record.new) and not self._store(record):
            return
        self.completed.emit()

    def _store(self, record: Record) -> bool:
        self._timer.stop()
        try:
            saved = record.save()
        except EduPlanError as fault:
            record.keep_draft()
            self.draft_kept.emit(record.id)
            self._bars.say(str(fault), Tone.RED)
            return False
        self.context.changes.publish(saved.changes)
        self.saved.emit(str(saved.row["id"]))
        return True

    def stop(self) -> None:
        """No draft is to be written any more."""
        self._timer.stop()

    def _open_vault(self, compartment: str) -> None:
        if self.settle():
            open_vault(self.context, compartment, self.refresh)

    # ---- keys

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, alt = event.key(), bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            up = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            if not self.body.step(QApplication.focusWidget(), -1 if up else 1) and not up:
                self.done.setFocus()
        elif alt and key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.moved.emit(1 if key == Qt.Key.Key_Down else -1)
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter: Any = QPainter(self)
        paint.fill(self, painter, "base")
        paint.hline(painter, 0, self.width(), self.height() - theme.px(48))
