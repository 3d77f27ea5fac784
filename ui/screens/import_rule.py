"""How the cells of one column are read: words of the sheet for words of the register, what means not known, the unit."""

import re
from dataclasses import replace
from typing import Any, Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFormLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from eduplan_desktop.exchange.cells import token
from eduplan_desktop.exchange.mapping import ColumnRule
from eduplan_desktop.i18n import N_, _
from eduplan_desktop.registers.model import Field, Kind
from ui import theme
from ui.theme import Size
from ui.widgets.buttons import Button, Weight
from ui.widgets.fields import LineField, Segments
from ui.widgets.labels import Label
from ui.widgets.pickers import Option, Picker

MOST: Final = 24
"""Different words of a column offered for translation."""
NUMBERS: Final = (Kind.WHOLE, Kind.DECIMAL, Kind.MONEY, Kind.RESULTS)
CHOSEN: Final = (Kind.CHOICE, Kind.YES_NO)


SERIAL_WORDS: Final = {"": N_("自动"), "1900": N_("1900 起"), "1904": N_("1904 起"), "no": N_("不认")}
"""How five digits in a date column count days (45321), as the mapping says it and as a person chooses it."""


def split_words(text: str) -> tuple[str, ...]:
    """Words a person lists: by 、 , ; or blanks."""
    return tuple(dict.fromkeys(w for w in re.split(r"[、,，;；\s]+", text.strip()) if w))


class RuleEditor(QWidget):
    """Shown in place of the list of columns. `done` gives (heading, rule); None where nothing was changed."""

    done = Signal(str, object)

    def __init__(self, workspace: Any) -> None:
        super().__init__()
        self._workspace = workspace
        self._heading, self._rule = "", ColumnRule("")
        self.values: dict[str, LineField] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.CARD, theme.GRID, theme.CARD, theme.GRID)
        self.title = Label("", bold=True)
        column.addWidget(self.title)
        self.area = QScrollArea()
        self.area.setWidgetResizable(True)
        self.area.setFrameShape(QScrollArea.Shape.NoFrame)
        column.addWidget(self.area, 1)
        foot = QHBoxLayout()
        foot.addStretch(1)
        self.back = Button(_("不改，返回"), lambda: self.done.emit(self._heading, None), compact=True)
        self.use = Button(_("用这些"), self._use, weight=Weight.ACCENT, compact=True)
        foot.addWidget(self.back)
        foot.addWidget(self.use)
        column.addLayout(foot)

    def show_rule(self, heading: str, field: Field, rule: ColumnRule, cells: list[Any]) -> None:
        """Offer what can be declared about a column."""
        self._heading, self._rule = heading, rule
        self.title.setText(_("“{heading}”怎样读").format(heading=heading.rpartition("/")[2]))
        inside = QWidget()
        form = QFormLayout(inside)
        form.setContentsMargins(0, 0, 0, 0)
        form.setVerticalSpacing(theme.HALF)
        self.values = {}
        if field.kind in CHOSEN:
            for said in self._said(cells):
                self.values[said] = self._value(field, rule.values.get(said, ""))
                form.addRow(Label(_("{word} →").format(word=said)), self.values[said])
        self.nulls = LineField("、".join(rule.nulls))
        self.nulls.setPlaceholderText(_("如 -、无、999；读成空"))
        form.addRow(Label(_("不知道写作"), "ink2", Size.SMALL), self.nulls)
        self.unit, self.factor, self.source = LineField(rule.unit), LineField(rule.factor), LineField(rule.source)
        if field.kind in NUMBERS:
            own = field.unit
            self.unit.setPlaceholderText(own)
            form.addRow(Label(_("表里的单位"), "ink2", Size.SMALL), self.unit)
            self.factor.setPlaceholderText(_("1 表里的单位 = 多少 {unit}").format(unit=own or _("登记册的单位")))
            form.addRow(Label(_("换算系数"), "ink2", Size.SMALL), self.factor)
            self.source.setPlaceholderText(_("系数的依据，必填"))
            form.addRow(Label(_("依据"), "ink2", Size.SMALL), self.source)
        self.serial = Segments(tuple(_(word) for word in SERIAL_WORDS.values()))
        self.serial.setAccessibleName(_("表里的五位数日期序号"))
        self.serial.set_text(_(SERIAL_WORDS[rule.serial]))
        if field.kind is Kind.DATE:
            form.addRow(Label(_("日期序号"), "ink2", Size.SMALL), self.serial)
        if (old := self.area.takeWidget()) is not None:
            old.deleteLater()
        self.area.setWidget(inside)
        first = next(iter(self.values.values()), self.nulls)
        first.setFocus()

    def _said(self, cells: list[Any]) -> list[str]:
        return list(dict.fromkeys(t for c in cells if (t := token(c))))[:MOST]

    def _value(self, field: Field, said: str) -> LineField:
        picker = Picker()
        picker.setPlaceholderText(_("照原样读"))
        labels = [e.label for e in self._workspace.choices(field)] if field.kind is Kind.CHOICE else [_("是"), _("否")]
        picker.set_options([Option(label, label) for label in labels])
        picker.set_current(said)
        return picker

    def _use(self) -> None:
        values = {w: f.text().strip() for w, f in self.values.items() if f.text().strip()}
        rule = replace(
            self._rule,
            values=values or dict(self._rule.values),
            nulls=split_words(self.nulls.text()),
            unit=self.unit.text().strip(),
            factor=self.factor.text().strip(),
            source=self.source.text().strip(),
            serial=next((said for said, w in SERIAL_WORDS.items() if _(w) == self.serial.text()), ""),
        )
        if rule.factor and not rule.source:
            self.source.set_state("error")
            self.source.setFocus()
            return
        self.done.emit(self._heading, rule)
