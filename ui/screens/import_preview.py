"""The rows as they will be stored: counts that are the filter, every normalisation underlined, every refusal in words."""

from collections.abc import Sequence
from typing import Any, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from eduplan_desktop.i18n import N_, _
from eduplan_desktop.registers.model import Field, Kind, Register
from ui import theme
from ui.theme import Size, Tone
from ui.widgets.buttons import Chip, StateTag
from ui.widgets.grid import Cell, Column, Grid, Line
from ui.widgets.labels import Label
from ui.widgets.rows import FilterRow
from ui.widgets.shapes import Shape

LIMIT: Final = 500
"""Rows shown at once; the counts are of all."""
STATES: Final = (
    ("new", "stored", N_("新增"), Shape.NEW, "accent"),
    ("updated", "updated", N_("更新"), Shape.CHANGED, "accent"),
    ("unchanged", "unchanged", N_("未变"), Shape.SAME, "ink2"),
    ("refused", "refused", N_("拒收"), Shape.ERROR, "red"),
)
"""(state of a row, name of its count, word, shape, ink)."""
RIGHT: Final = (Kind.WHOLE, Kind.DECIMAL, Kind.MONEY)
WIDTHS: Final = {Kind.DATE: 104, Kind.WHOLE: 72, Kind.DECIMAL: 88, Kind.MONEY: 104, Kind.YES_NO: 64}


def column_of(field: Field) -> Column:
    """A field as a column of the preview."""
    label = f"{_(field.label)}（{field.unit}）" if field.unit else _(field.label)
    return Column(label, max(WIDTHS.get(field.kind, 112), min(150, 13 * len(label) + 16)), field.kind in RIGHT)


def line_of(row: Any, fields: Sequence[str], *, words_first: bool = False) -> Line:
    """A row of the preview as a line; where the columns do not fit, its words stand before its values."""
    _state, _count, word, shape, ink = next(s for s in STATES if s[0] == row.state)
    noted = {n.field for n in row.notes}
    refused = row.state == "refused"
    head = [Cell(str(row.line), "ink2"), Cell(_(word), ink, shape)]
    cells = []
    for name in fields:
        text = row.shown.get(name, "")
        if name in row.bad:
            mark = Shape.ERROR if refused else Shape.DOUBT
            cells.append(Cell(text or _("空着"), "red" if refused else "amber", mark, framed=True))
        else:
            cells.append(Cell(text, dotted=name in noted))
    notes = "；".join(dict.fromkeys(f"{n.heading}：{n.note}" for n in row.notes))
    words = "；".join(row.reasons) or notes
    said = Cell(words, "red" if refused else "amber" if row.reasons else "ink2", tip=words)
    strip = Tone.RED if refused else Tone.AMBER if row.reasons else None
    return Line([*head, said, *cells] if words_first else [*head, *cells, said], strip)


class Preview(QWidget):
    """Chips and table. `wanted` when the person asks for other rows."""

    wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self.row = FilterRow()
        self.read = Chip(_("读入"))
        self.read.setCheckable(False)
        self.read.clicked.connect(self._everything)
        self.row.add_left(self.read)
        self.chips: dict[str, Chip] = {}
        for i, (state, _name, word, shape, _ink) in enumerate(STATES):
            self.row.add_left(Label("=" if i == 0 else "+", "ink2"))
            chip = Chip(_(word), shape)
            chip.toggled.connect(lambda on, s=state: self._filter(s, on))
            self.chips[state] = chip
            self.row.add_left(chip)
        self.sound = StateTag(Shape.OK, _("数目相符"))
        self.row.add_left(self.sound)
        self.row.add_right(Label(_("虚线：已规整"), "ink2", Size.SMALL))
        self.notable = Chip(_("只看有规整或问题的"))
        self.notable.toggled.connect(lambda _on: self.wanted.emit())
        self.row.add_right(self.notable)
        self.table = Grid((), selects=True)
        self.table.setAccessibleName(_("将要存入的行"))
        column.addWidget(self.row)
        column.addWidget(self.table, 1)

    def state(self) -> str:
        """The state filtered by, '' for all."""
        return next((s for s, chip in self.chips.items() if chip.isChecked()), "")

    def show_counts(self, counts: dict[str, int]) -> None:
        """The equation."""
        self.read.set_count(counts["read"])
        for state, name, *_rest in STATES:
            self.chips[state].set_count(counts[name])
        right = counts["read"] == sum(counts[name] for _s, name, *_r in STATES)
        self.sound.setVisible(right)

    def show_rows(self, register: Register, fields: Sequence[str], rows: Sequence[Any]) -> None:
        """The rows."""
        heads = [Column(_("行"), 56, right=True), Column(_("结果"), 92)]
        values = [column_of(register.by_name[n]) for n in fields]
        words = Column(_("说明"), 320, stretch=True)
        wide = sum(theme.px(c.width) for c in (*heads, *values, words)) > self.table.viewport().width()
        heads = [*heads, words, *values] if wide else [*heads, *values, words]
        self.table.show_lines([line_of(row, fields, words_first=wide) for row in rows], heads)

    def next_problem(self, step: int) -> bool:
        """F3: to the next line with something wrong."""
        lines = self.table.lines.lines
        row = self.table.currentIndex().row() + step
        while 0 <= row < len(lines):
            if lines[row].strip is not None:
                self.table.setCurrentIndex(self.table.lines.index(row, 0))
                self.table.setFocus(Qt.FocusReason.ShortcutFocusReason)
                return True
            row += step
        return False

    def _filter(self, state: str, on: bool) -> None:
        for other, chip in self.chips.items():
            if on and other != state and chip.isChecked():
                chip.blockSignals(True)
                chip.setChecked(False)
                chip.blockSignals(False)
        self.wanted.emit()

    def _everything(self) -> None:
        for chip in (*self.chips.values(), self.notable):
            chip.blockSignals(True)
            chip.setChecked(False)
            chip.blockSignals(False)
        self.wanted.emit()
