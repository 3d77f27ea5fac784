"""One sheet over several registers: a chip per register, what else the sheet could feed, and which rows are meant."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from PySide6.QtCore import Qt, Signal

from eduplan_desktop.exchange.mapping import SheetMapping
from eduplan_desktop.i18n import _
from eduplan_desktop.registers.catalog import register
from eduplan_desktop.registers.model import Register
from ui import theme
from ui.screens.import_rule import split_words
from ui.theme import Size
from ui.widgets.buttons import Button, Chip, Weight
from ui.widgets.fields import LineField
from ui.widgets.labels import Label
from ui.widgets.pickers import Option, Picker
from ui.widgets.rows import FilterRow

LEVELS: Final = "-levels"
"""Option that makes a part per level the headings name."""
ALL: Final = "-all"
"""Option for no filter of rows."""


@dataclass
class Part:
    """What one register takes. by_hand: headings the person set."""

    suggestion: Any
    mapping: SheetMapping
    by_hand: set[str] = field(default_factory=set)

    @property
    def register(self) -> Register:
        """The register of this part."""
        return register(self.mapping.register)

    @property
    def label(self) -> str:
        """How the part is called: the register, and what holds for all its rows where that tells parts apart."""
        name = _(self.register.label)
        level = self.mapping.constants.get("level", "") if "level" in self.register.identity else ""
        return f"{name} {level}".strip()


def filtered(mapping: SheetMapping, heading: str, words: Sequence[str]) -> SheetMapping:
    """The mapping for rows with one of these words in a column; no heading means all rows."""
    return replace(mapping, only={heading: tuple(words)} if heading and words else {})


class PartRow(FilterRow):
    """Signals: `shown` a part by its place, `wanted` a further register, `dropped` the part shown, `rows_changed` its rows."""

    shown = Signal(int)
    wanted = Signal(str)
    dropped = Signal()
    rows_changed = Signal(str, object)

    def __init__(self) -> None:
        super().__init__()
        self.chips: list[Chip] = []
        self.add_left(Label(_("导入到"), "ink2", Size.SMALL))
        self.more = Picker()
        self.more.setAccessibleName(_("再分到一册"))
        self.more.setPlaceholderText(_("再分到一册…"))
        self.more.setToolTip(_("同一张表的另一些列属于别的登记册时，一次都导入"))
        self.more.setFixedWidth(theme.px(184))
        self.more.picked.connect(self._wanted)
        self.add_left(self.more)
        self.drop = Button(_("不分到这一册"), self.dropped.emit, weight=Weight.LINK, compact=True)
        self.add_left(self.drop)
        self.column, self.words = Picker(), LineField()
        self.column.setAccessibleName(_("按哪一列选行"))
        self.column.setFixedWidth(theme.px(136))
        self.column.picked.connect(self._column_picked)
        self.words.setAccessibleName(_("这一列写着这些词的行才导入"))
        self.words.setPlaceholderText(_("写着哪些词，用、隔开"))
        self.words.setFixedWidth(theme.px(176))
        self.words.returnPressed.connect(self._rows)
        self.words.left.connect(self._rows)
        for widget in (Label(_("只要这些行"), "ink2", Size.SMALL), self.column, self.words):
            self.add_right(widget)
        self._only: tuple[str, tuple[str, ...]] = ("", ())

    def show_parts(self, parts: Sequence[Part], at: int, counts: Sequence[dict[str, int]]) -> None:
        """The chips, with how many rows each would write, and the filter of the part shown."""
        if [c.text() for c in self.chips] != [p.label for p in parts]:
            self._make_chips(parts)
        for n, chip in enumerate(self.chips):
            chip.setChecked(n == at)
            chip.set_count(counts[n]["stored"] + counts[n]["updated"] if n < len(counts) else "")
        self.drop.setVisible(len(parts) > 1)
        part = parts[at]
        names = [n for n, keys in zip(part.suggestion.header.names, part.suggestion.header.keys, strict=True) if keys]
        self.column.set_options([Option(ALL, _("全部行")), *(Option(n, n.rpartition("/")[2]) for n in names)])
        heading, words = next(iter(part.mapping.only.items()), ("", ()))
        self._only = (heading, tuple(words))
        self.column.set_current(heading or ALL)
        self.words.setText("、".join(words))
        self.words.setVisible(bool(heading))

    def _make_chips(self, parts: Sequence[Part]) -> None:
        held = next((n for n, chip in enumerate(self.chips) if chip.hasFocus()), -1)
        for old in self.chips:
            self.row.removeWidget(old)
            old.hide()
            old.deleteLater()
        self.chips = []
        for n, part in enumerate(parts):
            chip = Chip(part.label)
            chip.setToolTip(_("{label}：列对应和核对（Ctrl+PgUp / Ctrl+PgDn 换册）").format(label=part.label))
            chip.clicked.connect(lambda _on, at=n: self.shown.emit(at))
            self.row.insertWidget(1 + n, chip)
            self.chips.append(chip)
        if 0 <= held < len(self.chips):
            self.chips[held].setFocus(Qt.FocusReason.OtherFocusReason)

    def offer(self, offers: Sequence[tuple[Register, int]], others: Sequence[Register], levels: Sequence[str]) -> None:
        """What the sheet could feed besides: those that recognise columns first, with how many."""
        options = [Option(LEVELS, _("按学段分：{levels}").format(levels="、".join(levels)))] if levels else []
        options += [Option(one.name, _(one.label), _("{n} 列").format(n=n)) for one, n in offers]
        named = {one.name for one, _n in offers}
        options += [Option(one.name, _(one.label)) for one in others if one.name not in named]
        self.more.set_options(options)
        self.more.set_current("")

    def _wanted(self, name: str) -> None:
        self.more.set_current("")
        self.wanted.emit(name)

    def _column_picked(self, heading: str) -> None:
        self.words.setVisible(heading != ALL)
        if heading == ALL:
            self._say("", ())
        else:
            self.words.setText("")
            self.words.setFocus()

    def _rows(self) -> None:
        heading = self.column.current()
        if heading and heading != ALL:
            self._say(heading, split_words(self.words.text()))

    def _say(self, heading: str, words: tuple[str, ...]) -> None:
        said = (heading, words) if heading and words else ("", ())
        if said != self._only:
            self._only = said
            self.rows_changed.emit(*said)


__all__ = ["LEVELS", "Part", "PartRow", "filtered"]
