"""The sections of a form: field rows in one column, or two where there is room; sealed sections closed or open."""

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPalette, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from eduplan_desktop.i18n import _
from eduplan_desktop.problems import Problem
from eduplan_desktop.registers.model import Register, Section
from ui import icons, theme
from ui.editors import Editor, make_editor
from ui.form_row import LABEL, LABEL_LONG, LABEL_WIDE, FieldRow
from ui.widgets import paint
from ui.widgets.buttons import Button, Weight
from ui.widgets.labels import Label
from ui.widgets.rows import SectionHeader

TWO_COLUMNS = 480
"""Width of the form from which it has two columns."""
WIDE_LABELS = 800
"""Width of the form from which labels have a wider column."""


class SealedNote(QWidget):
    """What stands in place of a sealed section while its vault is closed."""

    def __init__(self, state: str, act: Callable[[], object]) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.px(36), theme.HALF, 0, theme.HALF)
        made = state != "none"
        words = _("已封存，打开保险库后可见。") if made else _("这一组要封存。先建立保险库，才能填写。")
        row.addWidget(Label(words, "ink2", wrap=True), 1)
        row.addWidget(Button(_("打开…") if made else _("建立…"), act, weight=Weight.LINK))

    def paintEvent(self, event: QPaintEvent) -> None:
        where = self.rect().adjusted(theme.px(8), 0, 0, 0)
        where.setWidth(theme.px(20))
        icons.paint(QPainter(self), where, "lock", "ink2")


class SectionBlock(QWidget):
    """One section: its title and its rows, or the note that it is sealed."""

    def __init__(self, section: Section, rows: Sequence[FieldRow], note: SealedNote | None) -> None:
        super().__init__()
        self.section, self.rows = section, list(rows)
        self._columns = 0
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(SectionHeader(_(section.label)))
        self._grid = QGridLayout()
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(theme.MARGIN)
        self._grid.setVerticalSpacing(0)
        column.addLayout(self._grid)
        if note is not None:
            column.addWidget(note)
        self._column = column
        self.arrange(1)

    def add_foot(self, widget: QWidget) -> None:
        """An act on the whole section, at its end."""
        self._column.addWidget(widget, 0, Qt.AlignmentFlag.AlignRight)

    def arrange(self, columns: int) -> None:
        """Lay the rows out in so many columns."""
        if columns == self._columns:
            return
        self._columns = columns
        at = 0
        for row in self.rows:
            self._grid.removeWidget(row)
            if row.wide:
                at += (-at) % columns
                self._grid.addWidget(row, at // columns, 0, 1, columns, Qt.AlignmentFlag.AlignTop)
                at += columns
            else:
                self._grid.addWidget(row, at // columns, at % columns, Qt.AlignmentFlag.AlignTop)
                at += 1
        for i in range(2):
            self._grid.setColumnStretch(i, 1 if i < columns else 0)


class FormBody(QScrollArea):
    """All sections of a register. Knows editors and problems by field name; nothing of saving."""

    edited = Signal(str)
    left = Signal(str)
    open_vault = Signal(str)
    erase = Signal(str)
    """What is sealed of this person in a vault is to go for good."""

    def __init__(self, register: Register, workspace: Any, fix: Callable[[Problem], object]) -> None:
        super().__init__()
        self.register, self._workspace, self._fix = register, workspace, fix
        self.rows: dict[str, FieldRow] = {}
        self.blocks: list[SectionBlock] = []
        self.setWidgetResizable(True)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        inside = QWidget()
        inside.setBackgroundRole(QPalette.ColorRole.Base)  # a style sheet would be asked about every field
        inside.setAutoFillBackground(True)
        self.column = QVBoxLayout(inside)
        self.column.setContentsMargins(theme.MARGIN, theme.HALF, theme.MARGIN, theme.GRID)
        self.column.setSpacing(theme.HALF)
        self._after = QVBoxLayout()
        self.column.addLayout(self._after)
        self.column.addStretch(1)
        self.setWidget(inside)
        self._states: tuple[str, ...] = ()
        self.build()

    def states(self) -> tuple[str, ...]:
        """State of each compartment this register uses, as it is now."""
        return tuple(self._workspace.compartment_state(c) for c in self.register.compartments)

    def stale(self) -> bool:
        """Whether a vault was opened or closed since the sections were built."""
        return self.states() != self._states

    def build(self) -> None:
        """Make all sections anew."""
        for block in self.blocks:
            self.column.removeWidget(block)
            block.hide()
            block.deleteLater()
        self._states = self.states()
        self.rows, self.blocks = {}, []
        self._label_width = LABEL
        for section in self.register.sections:
            state = self._workspace.compartment_state(section.compartment) if section.compartment else "open"
            block = self._block(section, state)
            self.blocks.append(block)
            self.column.insertWidget(self.column.count() - 2, block)
        long = sum(row.label_room() > theme.px(LABEL) for row in self.rows.values())
        self._label_width = LABEL_LONG if 6 * long > len(self.rows) else LABEL
        self._arrange()

    def _block(self, section: Section, state: str) -> SectionBlock:
        if state != "open":
            return SectionBlock(section, (), SealedNote(state, lambda: self.open_vault.emit(section.compartment)))
        rows = []
        for field in section.fields:
            if field.retired is not None:
                continue
            editor = make_editor(field, self._workspace, self.register.name)
            editor.edited.connect(lambda name=field.name: self.edited.emit(name))
            editor.left.connect(lambda name=field.name: self.left.emit(name))
            if self._workspace.read_only:
                editor.set_read_only(True)
            row = FieldRow(field, editor, self._fix)
            row.entered.connect(lambda shown=row: QTimer.singleShot(0, self, lambda: self._bring(shown)))
            self.rows[field.name] = row
            rows.append(self.rows[field.name])
        block = SectionBlock(section, rows, None)
        ws = self._workspace
        if section.compartment and ws.kind == "school" and not ws.read_only:
            words, name = _("永久删除这个人密封的内容…"), section.compartment
            block.add_foot(Button(words, lambda: self.erase.emit(name), weight=Weight.LINK))
        return block

    def add_after(self, widget: QWidget) -> None:
        """Put something below the sections, as photos."""
        self._after.addWidget(widget)

    def editor(self, name: str) -> Editor | None:
        """The editor of a field, None while it is sealed."""
        row = self.rows.get(name)
        return row.editor if row else None

    def first_field(self) -> str:
        """Where typing begins."""
        return next(iter(self.rows), "")

    def step(self, here: QWidget | None, step: int) -> bool:
        """Put the cursor into the next field; False past the last."""
        order = [r.editor.widget for r in self.rows.values()]
        at = next((i for i, w in enumerate(order) if here is not None and (w is here or w.isAncestorOf(here))), -1)
        to = at + step
        if not 0 <= to < len(order):
            return False
        order[to].setFocus(Qt.FocusReason.TabFocusReason)
        self.ensureWidgetVisible(order[to], 0, theme.px(40))
        return True

    def _bring(self, row: FieldRow) -> None:
        """Bring a row with everything said below it into view."""
        if row in self.rows.values():
            self.ensureWidgetVisible(row, 0, theme.GRID)

    def _arrange(self) -> None:
        columns = 2 if self.viewport().width() >= theme.px(TWO_COLUMNS) else 1
        label = LABEL_WIDE if self.viewport().width() >= theme.px(WIDE_LABELS) else self._label_width
        for row in self.rows.values():
            row.set_label_width(label)
        for block in self.blocks:
            block.arrange(columns)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave the arrows to the form: a scroll area would take them, with Alt too."""
        if event.key() in (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown):
            super().keyPressEvent(event)
        else:
            event.ignore()

    def paintEvent(self, event: QPaintEvent) -> None:
        paint.fill(self, QPainter(self.viewport()), "base")
