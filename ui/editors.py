"""One editor per kind: what a person types stays text until the core's `parse` reads it. Numbers are line edits, not spin boxes."""

from collections.abc import Callable
from typing import Any, Final, assert_never

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from eduplan_desktop.i18n import _
from eduplan_desktop.registers.kinds import edit_text, parse, show
from eduplan_desktop.registers.model import Field, Kind, Value
from ui.widgets.fields import DateField, LineField, NumberField, Segments, TextArea
from ui.widgets.pickers import LIMIT, Option, Picker, Source, fixed, later

YES_NO = ("是", "否")

AT_ONCE: Final = 1000
"""Rows up to which all titles of a register are read when the cursor comes into a link to it."""


class Editor(QObject):
    """A field's widget behind one face. `raw()` is what `parse` reads and what a draft keeps; `take` puts it back."""

    edited = Signal()
    left = Signal()

    def __init__(self, field: Field, widget: Any, workspace: Any) -> None:
        super().__init__(widget)
        self.field, self.widget, self.workspace = field, widget, workspace
        widget.setAccessibleName(_(field.label))

    def raw(self) -> str:
        """What was typed or chosen, as text."""
        return str(self.widget.text())

    def take(self, raw: str) -> None:
        """Put a raw text back, as from a draft."""
        self.widget.setText(raw)

    def show_value(self, value: Value) -> None:
        """Show a stored value."""
        self.take(show(self.field, value, self.workspace.catalogs))

    def set_state(self, state: str) -> None:
        """'error', 'doubt' or ''."""
        self.widget.set_state(state)

    def set_read_only(self, read_only: bool) -> None:
        """Not for typing."""
        if isinstance(self.widget, LineField):
            self.widget.set_locked(read_only)
        else:
            self.widget.setReadOnly(read_only)


class LineEditor(Editor):
    """Text, codes, dates, moments."""

    def __init__(self, field: Field, widget: LineField, workspace: Any) -> None:
        super().__init__(field, widget, workspace)
        widget.textEdited.connect(lambda _text: self.edited.emit())
        widget.left.connect(self.left)

    def take(self, raw: str) -> None:
        self.widget.setText(raw)
        self.widget.setCursorPosition(0)

    def set_read_only(self, read_only: bool) -> None:
        self.widget.set_computed(read_only)


class DateEditor(LineEditor):
    """A date; keys that write one count as typing."""

    def __init__(self, field: Field, widget: DateField, workspace: Any) -> None:
        super().__init__(field, widget, workspace)
        widget.written.connect(self.edited)


class NumberEditor(LineEditor):
    """A number: with separators to read, without them to type."""

    def __init__(self, field: Field, widget: NumberField, workspace: Any) -> None:
        super().__init__(field, widget, workspace)
        widget.entered.connect(self._plain)
        widget.left.connect(self._grouped)

    def _value(self) -> Value:
        return parse(self.field, self.raw(), self.workspace.catalogs).value

    def _plain(self) -> None:
        value = self._value()
        if value is not None and not self.widget.isModified():
            self.widget.setText(edit_text(self.field, value))
            self.widget.selectAll()

    def _grouped(self) -> None:
        value = self._value()
        if value is not None:
            self.take(show(self.field, value, self.workspace.catalogs))


class LongTextEditor(Editor):
    """Several lines."""

    def __init__(self, field: Field, widget: TextArea, workspace: Any) -> None:
        super().__init__(field, widget, workspace)
        self._quiet = False
        widget.textChanged.connect(self._changed)
        widget.left.connect(self.left)

    def _changed(self) -> None:
        if not self._quiet:
            self.edited.emit()

    def raw(self) -> str:
        return str(self.widget.toPlainText())

    def take(self, raw: str) -> None:
        self._quiet = True
        self.widget.setPlainText(raw)
        self._quiet = False


class PickerEditor(Editor):
    """A choice or a link: the raw text is the code or id chosen, else what was typed."""

    def __init__(self, field: Field, widget: Picker, workspace: Any) -> None:
        super().__init__(field, widget, workspace)
        widget.edited.connect(self.edited)
        widget.left.connect(self.left)

    def raw(self) -> str:
        return str(self.widget.raw())

    def take(self, raw: str) -> None:
        known = raw and parse(self.field, raw, self.workspace.catalogs).value == raw
        if known:
            self.widget.set_current(raw)
        else:
            self.widget.set_current("")
            self.widget.setText(raw)

    def show_value(self, value: Value) -> None:
        self.widget.set_current("" if value is None else str(value))

    def set_read_only(self, read_only: bool) -> None:
        self.widget.set_computed(read_only)


class YesNoEditor(Editor):
    """Yes, no, or nothing said."""

    def __init__(self, field: Field, widget: Segments, workspace: Any) -> None:
        super().__init__(field, widget, workspace)
        widget.edited.connect(self.edited)
        widget.left.connect(self.left)

    def take(self, raw: str) -> None:
        self.widget.set_text(raw)

    def set_read_only(self, read_only: bool) -> None:
        self.widget.set_read_only(read_only)


class ResultsFieldEditor(Editor):
    """Catalogue items with value, unit, range and remark."""

    def __init__(self, field: Field, widget: Any, workspace: Any) -> None:
        super().__init__(field, widget, workspace)
        widget.edited.connect(self.edited)
        widget.left.connect(self.left)

    def raw(self) -> str:
        return str(self.widget.stored() or "")

    def take(self, raw: str) -> None:
        self.widget.show_stored(raw or None)

    def show_value(self, value: Value) -> None:
        self.widget.show_stored(None if value is None else str(value))

    def set_read_only(self, read_only: bool) -> None:
        self.widget.set_read_only(read_only)


def _choice_picker(field: Field, workspace: Any) -> Picker:
    picker = Picker()
    table = workspace.catalogs.table(field.choices)

    def options() -> list[Option]:
        return [Option(e.code, table.shown(e.code), "" if table.qualified else e.bare) for e in table.live]

    picker.set_source(later(options), table.shown)
    return picker


def link_source(workspace: Any, target: str) -> Source:
    """What a link may point to: a short list by its titles, a long one searched in the file letter by letter."""
    if workspace.more_than(target, AT_ONCE):
        return lambda query: [Option(i, words) for i, words in workspace.link_choices(target, query, LIMIT)]
    return fixed([Option(i, words) for i, words in workspace.link_choices(target)])


def _link_picker(field: Field, workspace: Any, register: str) -> Picker:
    picker = Picker()
    picker.set_finder(lambda: link_source(workspace, field.target))
    picker.label_by(lambda row_id: workspace.title_of(field.target, row_id))
    return picker


def make_editor(field: Field, workspace: Any, register: str = "") -> Editor:
    """The editor of a field."""
    match field.kind:
        case Kind.TEXT | Kind.MOMENT:
            return LineEditor(field, LineField(), workspace)
        case Kind.ID_NUMBER | Kind.SCHOOL_CODE:
            return LineEditor(field, _code_field(field), workspace)
        case Kind.WHOLE | Kind.DECIMAL | Kind.MONEY:
            return NumberEditor(field, NumberField(), workspace)
        case Kind.DATE:
            return DateEditor(field, DateField(workspace.today), workspace)
        case Kind.LONG_TEXT:
            return LongTextEditor(field, TextArea(), workspace)
        case Kind.YES_NO:
            return YesNoEditor(field, Segments(YES_NO), workspace)
        case Kind.CHOICE:
            return PickerEditor(field, _choice_picker(field, workspace), workspace)
        case Kind.LINK:
            return PickerEditor(field, _link_picker(field, workspace, register), workspace)
        case Kind.RESULTS:
            from ui.results_table import ResultsTable

            return ResultsFieldEditor(field, ResultsTable(field, workspace), workspace)
        case _:
            assert_never(field.kind)


def _code_field(field: Field) -> LineField:
    made = LineField()
    made.setMaxLength(64)
    return made


def focus(widget: QWidget) -> None:
    """Put the cursor into a field and select what is there."""
    widget.setFocus()
    if isinstance(widget, QLineEdit):
        widget.selectAll()


Opener = Callable[[str], object]
