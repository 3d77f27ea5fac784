"""Search, choice filters and state chips of a register: the filters are the legend of the table."""

from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent

from eduplan_desktop.i18n import _
from eduplan_desktop.registers.kinds import show
from eduplan_desktop.registers.model import Field, Kind
from ui import theme
from ui.columns import FILTERED
from ui.register_table import RegisterTableModel
from ui.theme import Size
from ui.widgets.buttons import Button, Chip, Weight
from ui.widgets.fields import SearchField
from ui.widgets.labels import Label
from ui.widgets.pickers import FilterPicker, Option
from ui.widgets.rows import FilterRow, Row
from ui.widgets.shapes import Shape

PICKERS: Final = 2
STATES: Final = (("error", "错误", Shape.ERROR), ("doubt", "存疑", Shape.DOUBT), ("unsent", "未报送", Shape.CHANGED))


class RegisterFilters(FilterRow):
    """What narrows the table. `changed` comes after the model has looked."""

    changed = Signal()

    def __init__(self, model: RegisterTableModel) -> None:
        super().__init__()
        self._model = model
        self.search = SearchField(_("文字、编号、拼音首字母"), "Ctrl+F")
        self.search.setMaximumWidth(theme.px(240))
        self.search.textChanged.connect(self._search)
        self.add_left(self.search, 100)
        self.pickers: dict[str, FilterPicker] = {}
        for field in self._choice_fields():
            self._add_picker(field)
        self.chips: dict[str, Chip] = {}
        for state, words, shape in STATES:
            chip = Chip(_(words), shape)
            chip.toggled.connect(lambda on, s=state: self._state(s, on))
            self.chips[state] = chip
            self.add_right(chip)
        self.found = FoundRow(self)
        self.found.hide()

    def _choice_fields(self) -> list[Field]:
        register = self._model.register
        usual = [c.field for c in self._model.columns if c.basic or c.field.name in FILTERED.get(register.name, ())]
        found = [f for f in usual if f.kind is Kind.CHOICE or (f.name == register.year_field and f.kind is Kind.WHOLE)]
        return [] if register.single else found[:PICKERS]

    def _add_picker(self, field: Field) -> None:
        ws = self._model.workspace
        picker = FilterPicker(_("全部{label}").format(label=_(field.label)))

        def options() -> list[Option]:
            values = sorted(ws.distinct(self._model.register.name, field.name), key=lambda v: (v is None, v))
            return [Option(str(v), show(field, v, ws.catalogs)) for v in values if v is not None]

        picker.set_everything(options)
        picker.label_by(lambda code: ws.catalogs.label(field.choices, code) if field.choices else code)
        picker.picked.connect(lambda _id: self.apply())
        self.pickers[field.name] = picker
        self.add_left(picker)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Choices that do not fit stand back; those in force stay."""
        super().resizeEvent(event)
        room = self.width() - 2 * theme.MARGIN - self.search.minimumWidth() - theme.GRID
        room -= sum(chip.sizeHint().width() + theme.GRID for chip in self.chips.values())
        for picker in self.pickers.values():
            room -= picker.width() + theme.GRID
            picker.setVisible(room >= 0 or bool(picker.current()))

    def _search(self, text: str) -> None:
        self._model.look(query=text)
        self._say_found()
        self.changed.emit()

    def _state(self, state: str, on: bool) -> None:
        for other, chip in self.chips.items():
            if on and other != state and chip.isChecked():
                chip.blockSignals(True)
                chip.setChecked(False)
                chip.blockSignals(False)
        self.apply()

    def filters(self) -> dict[str, str | int]:
        """The filters in force."""
        fields = self._model.register.by_name
        chosen: dict[str, str | int] = {}
        for name, picker in self.pickers.items():
            if value := picker.current():
                chosen[name] = int(value) if fields[name].kind is Kind.WHOLE else value
        for state, chip in self.chips.items():
            if chip.isChecked():
                chosen["state"] = state
        return chosen

    def apply(self) -> None:
        """Look with the filters in force."""
        self._model.look(filters=self.filters())
        self._say_found()
        self.changed.emit()

    def clear(self) -> None:
        """Show everything again."""
        for chip in self.chips.values():
            chip.blockSignals(True)
            chip.setChecked(False)
            chip.blockSignals(False)
        for picker in self.pickers.values():
            picker.set_current("")
        self.search.blockSignals(True)
        self.search.clear()
        self.search.blockSignals(False)
        self._model.look(query="", filters={})
        self._say_found()
        self.changed.emit()

    def show_counts(self) -> None:
        """Numbers on the chips."""
        counts = {} if self._model.waiting else self._model.source.counts()
        for state, chip in self.chips.items():
            chip.set_count(counts.get(state, 0))
        county = self._model.workspace.kind == "county"
        self.chips["unsent"].setVisible(not county)
        self._say_found()

    def _say_found(self) -> None:
        model = self._model
        narrowed = bool(model.query or model.filters)
        self.found.setVisible(narrowed)
        if narrowed:
            self.found.show_found(model.query, model.view.count, model.view.total)


class FoundRow(Row):
    """What a search found, out of how many, and the way back."""

    def __init__(self, filters: RegisterFilters) -> None:
        super().__init__(24, "canvas")
        self.words = Label("", "ink2", Size.SMALL)
        self.row.addWidget(self.words)
        self.row.addWidget(Button(_("清除 Esc"), filters.clear, weight=Weight.LINK, compact=True))
        self.row.addStretch(1)
        self.row.addWidget(Label(_("直接在格里打字即可修改  Ctrl+D 同上一行"), "ink2", Size.SMALL))

    def show_found(self, query: str, count: int, total: int) -> None:
        """Say what was found."""
        from html import escape

        accent = theme.colours().accent
        what = f'<b style="color:{accent}">{escape(query)}</b> ' if query else ""
        self.words.setText(what + _("找到 {n} 条，共 {total} 条").format(n=f"{count:,}", total=f"{total:,}"))
