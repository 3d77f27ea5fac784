"""The foreign sheet as it stands: which line is what, which sheet and encoding, how bad cells are taken."""

from collections.abc import Collection, Sequence
from typing import Any, Final

from PySide6.QtCore import Signal

from eduplan_desktop.exchange.cells import words
from eduplan_desktop.i18n import _
from ui import theme
from ui.theme import Size
from ui.widgets.fields import Segments
from ui.widgets.grid import Cell, Column, Grid, Line
from ui.widgets.labels import Label
from ui.widgets.pickers import Option, Picker
from ui.widgets.rows import FilterRow

SHOWN: Final = 40
WIDEST: Final = 40
"""Lines and columns of the sheet shown at most; the import reads all of them."""


def letters(index: int) -> str:
    """Column name as in a spreadsheet, from 0."""
    name = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


class SourceRow(FilterRow):
    """Sheet, encoding, and what a value that cannot be stored does."""

    sheet_picked = Signal(str)
    encoding_picked = Signal(str)
    options_changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.sheet_label = Label(_("工作表"), "ink2", Size.SMALL)
        self.sheet = Picker()
        self.sheet.setAccessibleName(_("工作表"))
        self.sheet.setMinimumWidth(theme.px(96))
        self.sheet.setMaximumWidth(theme.px(160))
        self.sheet.picked.connect(self.sheet_picked)
        self.encoding_label = Label(_("编码"), "ink2", Size.SMALL)
        self.encoding = Picker()
        self.encoding.setAccessibleName(_("编码"))
        self.encoding.setMinimumWidth(theme.px(96))
        self.encoding.setMaximumWidth(theme.px(190))
        self.encoding.picked.connect(self.encoding_picked)
        self.keep_out, self.leave_out = _("整行不进"), _("只空这一格")
        self.bad = Segments((self.keep_out, self.leave_out))
        self.bad.setAccessibleName(_("存不了的格"))
        self.keep, self.clear = _("保留原值"), _("清除原值")
        self.blanks = Segments((self.keep, self.clear))
        self.blanks.setAccessibleName(_("空格"))
        for segments in (self.bad, self.blanks):
            segments.edited.connect(self._edited)
        for widget in (self.sheet_label, self.sheet, self.encoding_label, self.encoding):
            self.add_left(widget, 9 if isinstance(widget, Picker) else 0)
            widget.hide()
        for label, segments in ((_("存不了的格"), self.bad), (_("空格对已有记录"), self.blanks)):
            self.add_right(Label(label, "ink2", Size.SMALL))
            self.add_right(segments)

    def show_book(self, book: Any, mapping: Any) -> None:
        """Offer what the file holds and show what is chosen."""
        several = len(book.names) > 1
        self.sheet.set_options([Option(n, n, "" if n in book.shown else _("隐藏")) for n in book.names])
        self.sheet.set_current(book.sheet.name)
        self.encoding.set_options([Option(g.encoding, g.label) for g in book.encodings])
        self.encoding.set_current(book.sheet.encoding)
        for widget in (self.sheet_label, self.sheet):
            widget.setVisible(several)
        for widget in (self.encoding_label, self.encoding):
            widget.setVisible(bool(book.encodings))
        self.bad.set_text(self.leave_out if mapping.bad == "cell" else self.keep_out)
        self.blanks.set_text(self.clear if mapping.blanks == "clear" else self.keep)

    def _edited(self) -> None:
        for segments, usual in ((self.bad, self.keep_out), (self.blanks, self.keep)):
            if not segments.text():
                segments.set_text(usual)
        self.options_changed.emit()

    def options(self) -> tuple[str, str]:
        """(bad, blanks) as the mapping writes them."""
        bad = "cell" if self.bad.text() == self.leave_out else "row"
        return bad, "clear" if self.blanks.text() == self.clear else "keep"


class RawTable(Grid):
    """The first lines of the sheet. Enter on a line makes it the headings."""

    def __init__(self) -> None:
        super().__init__((), selects=True)
        self.setAccessibleName(_("原表；在一行上按 Enter，把它当作表头"))
        self._numbers: Sequence[int] = ()

    def show_sheet(self, sheet: Any, header: Any, skipped: Collection[int]) -> None:
        """Show lines with what each was taken for. skipped: line numbers left out below the headings."""
        width = min(sheet.width, WIDEST)
        heads = [Column(_("行"), 48, right=True), Column(_("识别为"), 88)]
        heads += [Column(letters(i), self._width(sheet, i), stretch=width <= 8) for i in range(width)]
        lines, data = [], 0
        for i, row in enumerate(sheet.rows[:SHOWN]):
            left_out = i < header.first or sheet.numbers[i] in skipped
            head = header.first <= i <= header.last
            data += not (left_out or head)
            title = _("标题，跳过") if i < header.first else _("跳过")
            kind = _("表头") if head else title if left_out else _("数据 {n}").format(n=data)
            ink = "accent" if head else "ink2" if left_out else "ink"
            cells = [Cell(str(sheet.numbers[i]), "ink2"), Cell(kind, ink, small=True)]
            cells += [Cell(words(cell), "ink2" if left_out else "ink", bold=head) for cell in row[:width]]
            lines.append(Line(cells, ground="sel" if head else "canvas" if left_out else ""))
        self._numbers = sheet.numbers[:SHOWN]
        self.show_lines(lines, heads)
        self.setCurrentIndex(self.lines.index(min(header.first, len(lines) - 1), 0))

    def _width(self, sheet: Any, column: int) -> int:
        longest = max((len(words(row[column])) for row in sheet.rows[:12]), default=4)
        return max(56, min(150, longest * 14 + 18))

    def current_line(self) -> int:
        """Number of the line the cursor is on, 0 for none."""
        row = self.currentIndex().row()
        return self._numbers[row] if 0 <= row < len(self._numbers) else 0
