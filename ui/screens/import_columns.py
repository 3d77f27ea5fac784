"""Which column goes where: proposed by headings, corrected by the person, with values that hold for every row."""

from dataclasses import replace
from typing import Any, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from eduplan_desktop.exchange.mapping import ColumnRule, SheetMapping
from eduplan_desktop.i18n import _
from eduplan_desktop.registers.model import Field, Kind, Register
from ui import theme
from ui.screens.import_source import letters
from ui.theme import Tone
from ui.widgets import paint
from ui.widgets.buttons import Button, StateTag, Weight
from ui.widgets.fields import LineField
from ui.widgets.labels import ElidedLabel
from ui.widgets.pickers import Option, Picker
from ui.widgets.shapes import Shape

ROW: Final = 32
NOT: Final = "-"
"""Option for a column that is not imported."""
MOST: Final = 200


def target_key(rule: ColumnRule) -> str:
    """Names what a rule feeds."""
    return f"{rule.field}|{rule.item}|{rule.part}"


def fixed_editor(workspace: Any, field: Field) -> LineField:
    """A field for a value that holds for every row."""
    if field.kind in (Kind.CHOICE, Kind.YES_NO):
        picker = Picker()
        labels = [e.label for e in workspace.choices(field)] if field.kind is Kind.CHOICE else [_("是"), _("否")]
        picker.set_options([Option(label, label) for label in labels])
        return picker
    return LineField()


class _Line(QWidget):
    """A line of the list: what the sheet has, where it goes, why. name: the heading, '' for a value of every row."""

    def __init__(self, words: str, middle: QWidget, tag: StateTag, link: Button | None, strip: Tone | None) -> None:
        super().__init__()
        self._strip = strip
        self.tag = tag
        self.name = ""
        self.setFixedHeight(theme.px(ROW))
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.GRID, 0, theme.GRID, 0)
        row.setSpacing(theme.GRID)
        label = ElidedLabel(words)
        label.setFixedWidth(theme.px(112))
        row.addWidget(label)
        row.addWidget(middle, 1)
        tag.setMinimumWidth(theme.px(72))
        row.addWidget(tag)
        if link is not None:
            row.addWidget(link)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint.fill(self, painter, "base")
        paint.hline(painter, 0, self.width(), self.height() - 1)
        if self._strip is not None:
            painter.fillRect(0, 0, 4, self.height(), QColor(theme.tone(self._strip).fill))


class ColumnList(QScrollArea):
    """The list. `changed` with every correction; `rule_wanted` asks for values and units of one heading."""

    changed = Signal()
    rule_wanted = Signal(str)

    def __init__(self, workspace: Any) -> None:
        super().__init__()
        self._workspace = workspace
        self._register: Register | None = None
        self._targets: dict[str, ColumnRule] = {}
        self._by_hand: set[str] = set()
        self._suggestion: Any = None
        self.mapping = SheetMapping("")
        self.pickers: dict[str, Picker] = {}
        self.constants: dict[str, LineField] = {}
        self.setWidgetResizable(True)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def show_mapping(
        self, register: Register, targets: Any, suggestion: Any, mapping: SheetMapping, by_hand: set[str]
    ) -> None:
        """Show where the columns go. by_hand: headings the person has set, added to with every correction."""
        self._register, self._suggestion = register, suggestion
        self._targets = {target_key(rule): rule for _words, rule in targets}
        self._options = [Option(NOT, _("不导入")), *(Option(target_key(r), w) for w, r in targets)]
        self._by_hand = by_hand
        self.mapping = mapping
        self._show()

    def take(self, mapping: SheetMapping, heading: str = "") -> None:
        """Take a corrected mapping; `heading` was changed by hand."""
        self.mapping = mapping
        if heading:
            self._by_hand.add(heading)
        self._show()
        if heading in self.pickers:
            self.pickers[heading].setFocus()

    def _show(self) -> None:
        place = self.verticalScrollBar().value()
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self.pickers, self.constants = {}, {}
        header = self._suggestion.header
        named = [(i, n) for i, (n, keys) in enumerate(zip(header.names, header.keys, strict=True)) if keys]
        lines = [self._column_line(index, name) for index, name in named[:MOST]]
        wanting = [self._constant_line(field) for field in self._wanting()]
        at = sum(name in self.mapping.columns for _i, name in named[:MOST]) if self.mapping.part else len(lines)
        if self.mapping.part:  # most columns are another register's: what this one takes and still needs stands first
            lines.sort(key=lambda line: line.name not in self.mapping.columns)
        for line in (*lines[:at], *wanting, *lines[at:]):
            column.addWidget(line)
        column.addWidget(self._more_line())
        column.addStretch(1)
        if (old := self.takeWidget()) is not None:
            old.deleteLater()  # a picker in it may be the one that is just being answered
        self.setWidget(inside)
        self.verticalScrollBar().setValue(place)

    def _column_line(self, index: int, name: str) -> _Line:
        rules = self.mapping.columns.get(name, ())
        picker = Picker()
        picker.setAccessibleName(_("“{heading}”对应").format(heading=name))
        picker.set_options(self._options)
        if len(rules) > 1:
            picker.setText(_("{n} 项：{words}").format(n=len(rules), words="、".join(r.item or r.field for r in rules)))
        else:
            picker.set_current(target_key(rules[0]) if rules else NOT)
        picker.setCursorPosition(0)
        picker.picked.connect(lambda key, n=name: self._picked(n, key))
        self.pickers[name] = picker
        link = Button(_("值"), lambda: self.rule_wanted.emit(name), weight=Weight.LINK, compact=True)
        link.setToolTip(_("这一列的写法对照、单位和“不知道”的写法"))
        link.setEnabled(len(rules) == 1)
        picker.setToolTip(name)
        words = f"{letters(index)} {name.rpartition('/')[2]}"
        line = _Line(words, picker, self._tag(name, rules), link, self._strip(rules))
        line.name = name
        return line

    def _strip(self, rules: tuple[ColumnRule, ...]) -> Tone | None:
        return Tone.AMBER if any(r.unit and not r.factor for r in rules) else None

    def _tag(self, name: str, rules: tuple[ColumnRule, ...]) -> StateTag:
        if any(r.unit and not r.factor for r in rules):
            return StateTag(Shape.DOUBT, _("报单位"))
        if name in self._by_hand:
            return StateTag(Shape.CHANGED, _("人工"))
        if rules:
            return StateTag(Shape.OK, _("自动"))
        return StateTag(Shape.EXEMPT, _("跳过"))

    def _picked(self, name: str, key: str) -> None:
        columns = dict(self.mapping.columns)
        columns.pop(name, None)
        constants = dict(self.mapping.constants)
        if key != NOT:
            rule = self._targets[key]
            for other, rules in list(columns.items()):
                left = tuple(r for r in rules if target_key(r) != key)
                if left:
                    columns[other] = left
                else:
                    del columns[other]
            columns[name] = (rule,)
            constants.pop(rule.field, None)
        order = {n: i for i, n in enumerate(self._suggestion.header.names)}
        columns = dict(sorted(columns.items(), key=lambda pair: order.get(pair[0], 0)))
        self.take(replace(self.mapping, columns=columns, constants=constants), name)
        self.changed.emit()

    def _wanting(self) -> list[Field]:
        """Fields with a constant, then required ones that no column feeds."""
        assert self._register is not None
        fed = {r.field for rules in self.mapping.columns.values() for r in rules}
        fields = self._register.fields
        year = self._register.year_field
        return [
            f
            for f in fields
            if f.name in self.mapping.constants or ((f.required or f.name == year) and f.name not in fed)
        ]

    def _constant_line(self, field: Field) -> _Line:
        editor = fixed_editor(self._workspace, field)
        said = self.mapping.constants.get(field.name, "")
        editor.set_current(said) if isinstance(editor, Picker) else editor.setText(said)
        editor.setPlaceholderText(_("表里没有这一列：全部填成"))
        editor.setAccessibleName(_("“{label}”全部填成").format(label=_(field.label)))
        editor.left.connect(lambda: self._constant(field.name))
        if isinstance(editor, Picker):
            editor.picked.connect(lambda _id: self._constant(field.name))
        editor.returnPressed.connect(lambda: self._constant(field.name))
        self.constants[field.name] = editor
        words, shape = (_("固定"), Shape.CHANGED) if said else (_("必填"), Shape.DOUBT)
        strip = None if said else Tone.AMBER
        return _Line(_("（没有）{label}").format(label=_(field.label)), editor, StateTag(shape, words), None, strip)

    def _constant(self, name: str) -> None:
        editor = self.constants.get(name)
        if editor is None:
            return
        said = editor.raw() if isinstance(editor, Picker) else editor.text()
        if said.strip() == self.mapping.constants.get(name, ""):
            return
        constants = {**self.mapping.constants, name: said.strip()}
        self.mapping = replace(self.mapping, constants={k: v for k, v in constants.items() if v})
        self.changed.emit()

    def _more_line(self) -> _Line:
        assert self._register is not None
        picker = Picker()
        picker.setPlaceholderText(_("再加一项，全部行填同一个值"))
        picker.setAccessibleName(_("再加一项固定值"))
        used = self.mapping.fields
        usable = [f for f in self._register.fields if f.name not in used and f.kind not in (Kind.RESULTS, Kind.LINK)]
        picker.set_options([Option(f.name, _(f.label)) for f in usable])
        picker.picked.connect(self._add_constant)
        return _Line(_("固定值"), picker, StateTag(Shape.NEW, _("可选")), None, None)

    def _add_constant(self, name: str) -> None:
        self.mapping = replace(self.mapping, constants={**self.mapping.constants, name: ""})
        self._show()
        self.constants[name].setFocus()
