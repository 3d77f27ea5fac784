"""Results of one check-up as on the hospital's report: groups, value, unit, range and where it is from, word, last year, trend."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QPointF, QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QAbstractItemDelegate, QAbstractItemView, QSizePolicy, QWidget

from eduplan_desktop.i18n import N_, _
from eduplan_desktop.registers.catalogs import Entry
from eduplan_desktop.registers.health import BMI, LOW, number, with_bmi
from eduplan_desktop.registers.results import Result
from eduplan_desktop.registers.text import narrow
from ui import theme
from ui.screens.cell_editing import CellDelegate
from ui.theme import Size
from ui.widgets import paint
from ui.widgets.fields import LineField
from ui.widgets.flat_table import FlatTable
from ui.widgets.pickers import Option, Picker

Index = QModelIndex | QPersistentModelIndex
ITEM, VALUE, UNIT, RANGE, SOURCE, WORD, BEFORE, TREND = range(8)
HEADS: Final = (
    N_("项目"),
    N_("结果"),
    N_("单位"),
    N_("参考范围"),
    N_("来源"),
    N_("提示"),
    N_("去年"),
    N_("近 5 年（灰带为参考范围）"),
)
WIDTHS: Final = (184, 104, 84, 104, 44, 120, 76, 0)
RIGHT: Final = (VALUE, RANGE, BEFORE)
_TWO: Final = re.compile(r"([\d.]+)\s*[-–—~～至]+\s*([\d.]+)")


@dataclass(frozen=True, slots=True)
class Item:
    """A line: a group title (entry None) or an item."""

    title: str
    entry: Entry | None = None


def range_text(low: str, high: str) -> str:
    """A range as it is written beside a result."""
    if low and high:
        return f"{low}–{high}"
    if high:
        return high if high[0] in "<≤" else f"≤{high}"
    return (low if low[0] in ">≥" else f"≥{low}") if low else ""


def read_range(text: str) -> tuple[str, str]:
    """(low, high) from a range as a report prints it: `3.9-6.1`, `<5.2`, `≥5.0`; text that is none of these is the upper limit."""
    plain = narrow(text).replace("＜", "<").replace("＞", ">").strip()
    if match := _TWO.fullmatch(plain):
        return match.group(1), match.group(2)
    if plain[:1] in (">", "≥"):
        return plain, ""
    return "", plain


class ResultsModel(QAbstractTableModel):
    """Items of the catalogue by group; stored items it no longer offers come last."""

    changed = Signal()

    def __init__(self, workspace: Any, parent: QWidget) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._table = workspace.catalogs.table("health_item")
        self.lines: list[Item] = []
        self.results: dict[str, Result] = {}
        self.history: dict[int, dict[str, Result]] = {}
        self.person: Any = None
        self.day, self.year = "", 0
        self.editable = True

    def show_person(
        self, person: Any, year: int, day: str, results: Mapping[str, Result], history: dict[int, dict[str, Result]]
    ) -> None:
        """Replace everything; None forgets it all."""
        self.beginResetModel()
        self.person, self.year, self.day = person, year, day
        self.results, self.history = dict(results), history
        self.lines = self._lines() if person is not None else []
        self.endResetModel()

    def _lines(self) -> list[Item]:
        entries = list(self._table.live)
        known = {e.code for e in entries}
        entries += [
            self._table.by_code.get(i) or Entry(i, i, {"group": _("其他")}) for i in self.results if i not in known
        ]
        found: list[Item] = []
        for group in dict.fromkeys(e.attributes.get("group", "") for e in entries):
            found.append(Item(group))
            found += [Item(e.label, e) for e in entries if e.attributes.get("group", "") == group]
        return found

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 (Qt's own signature)
        return 0 if parent.isValid() else len(self.lines)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 (Qt's own signature)
        return 0 if parent.isValid() else len(HEADS)

    def shown(self, item: str) -> Result:
        """The result of an item, the BMI worked out where the report gives none."""
        return with_bmi(self.results).get(item, Result())

    def reading(self, item: str) -> Any:
        """Word, range and source of an item."""
        return self._workspace.health.read(item, self.shown(item), self.person, self.day)

    def before(self, item: str) -> str:
        """Last year's value."""
        return self.history.get(self.year - 1, {}).get(item, Result()).value

    def trend(self, item: str) -> list[tuple[int, float]]:
        """(year, number) of the years up to this one, oldest first."""
        known = {**self.history, self.year: {item: self.shown(item)}}
        found = [(y, number(r[item].value)) for y, r in sorted(known.items()) if item in r]
        return [(y, float(v)) for y, v in found if v is not None]

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        line = self.lines[index.row()]
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole, Qt.ItemDataRole.ToolTipRole):
            return None
        if line.entry is None:
            return line.title if index.column() == ITEM and role != Qt.ItemDataRole.EditRole else None
        return self._cell(line.entry, index.column(), edit=role == Qt.ItemDataRole.EditRole)

    def _cell(self, entry: Entry, column: int, *, edit: bool) -> str:
        result = self.shown(entry.code)
        match column:
            case 0:
                return entry.label
            case 1:
                return result.value
            case 2:
                return result.unit or entry.attributes.get("unit", "")
            case 3:
                reading = self.reading(entry.code)
                return range_text(result.low, result.high) if edit else range_text(reading.low, reading.high)
            case 4:
                return str(self.reading(entry.code).source)
            case 5:
                return str(self.reading(entry.code).word) if result.value else ""
            case 6:
                return self.before(entry.code)
            case _:
                return ""

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation is Qt.Orientation.Vertical:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return _(HEADS[section])
        return int(paint.RIGHT) if role == Qt.ItemDataRole.TextAlignmentRole and section in RIGHT else None

    def flags(self, index: Index) -> Qt.ItemFlag:
        line = self.lines[index.row()]
        if line.entry is None:
            return Qt.ItemFlag.ItemIsEnabled
        usual = super().flags(index)
        typed = self.editable and index.column() in (VALUE, UNIT, RANGE)
        return usual | Qt.ItemFlag.ItemIsEditable if typed else usual

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        entry = self.lines[index.row()].entry
        if entry is None or role != Qt.ItemDataRole.EditRole or not self.editable:
            return False
        text = str(value).strip()
        before = self.results.get(entry.code, Result())
        if index.column() == VALUE:
            usual = entry.attributes.get("unit", "")
            after = replace(before, value=text, unit=(before.unit or usual) if text else "")
        elif index.column() == UNIT:
            after = replace(before, unit=text)
        else:
            low, high = read_range(text) if text else ("", "")
            after = replace(before, low=low, high=high)
        if after != before and not (entry.code == BMI and BMI not in self.results and text == self.shown(BMI).value):
            self.results[entry.code] = after
            if after == Result():
                del self.results[entry.code]
            self.dataChanged.emit(self.index(0, 0), self.index(len(self.lines) - 1, TREND))
            self.changed.emit()
        return True

    def count(self) -> int:
        """Items with a value."""
        return sum(bool(r.value) for r in self.results.values())


def source_tag(painter: QPainter, x: int, where: QRect, words: str) -> int:
    """The tag of a range's origin at `x`: 院 for the report, 表 for the table of references. Returns its width."""
    side = theme.px(18)
    tag = QRect(x, where.center().y() - side // 2, side, side)
    report = words == "院"
    paint.box(painter, tag, "sel" if report else "base", "selline" if report else "line", radius=3)
    paint.text(painter, tag, words, "accent" if report else "ink2", size=Size.SMALL, align=paint.CENTRE)
    return side


class SourceLegend(QWidget):
    """What the tags mean, and what a note is."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedHeight(theme.px(24))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, x = QPainter(self), 0
        parts = (
            ("院", _("报告单上印的范围，优先采用")),
            ("表", _("报告单没有时用参考表")),
            ("", _("提示只写偏高、偏低、需复查和分级名称")),
        )
        for tag, words in parts:
            if tag:
                x += source_tag(painter, x, self.rect(), tag) + theme.px(6)
            room = QRect(x, 0, max(0, self.width() - x), self.height())
            x += paint.text(painter, room, words, "ink2", size=Size.SMALL) + theme.px(20)


class _ResultDelegate(CellDelegate):
    def __init__(self, table: "ResultsGrid") -> None:
        super().__init__(table)
        self._model = table.results

    def sizeHint(self, option: Any, index: Index) -> QSize:
        return QSize(theme.px(60), theme.px(26))

    def createEditor(self, parent: QWidget, option: Any, index: Index) -> QWidget:
        entry = self._model.lines[index.row()].entry
        options = (entry.attributes.get("options") or "").split("|") if entry is not None else []
        if index.column() == VALUE and options and options[0]:
            picker = Picker(parent)
            picker.set_options([Option(o, o) for o in options])
            return picker
        field = LineField("", parent)
        if index.column() in RIGHT:
            field.setAlignment(Qt.AlignmentFlag.AlignRight)
        return field

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        words = str(index.data(Qt.ItemDataRole.EditRole) or "")
        if isinstance(editor, LineField):
            editor.setText(words)

    def setModelData(self, editor: QWidget, model: Any, index: Index) -> None:
        if isinstance(editor, LineField):
            model.setData(index, editor.text())

    def updateEditorGeometry(self, editor: QWidget, option: Any, index: Index) -> None:
        editor.setFixedHeight(option.rect.height())
        editor.setGeometry(option.rect)

    def paint(self, painter: QPainter, option: Any, index: Index) -> None:
        line = self._model.lines[index.row()]
        where = QRect(option.rect)
        if line.entry is None:
            painter.fillRect(where, theme.colour("canvas"))
            paint.hline(painter, where.left(), where.right() + 1, where.bottom())
            if index.column() == ITEM:
                paint.text(painter, where.adjusted(theme.px(8), 0, 0, 0), line.title, "ink2", size=Size.SMALL)
            return
        painter.fillRect(where, theme.colour("base"))
        paint.hline(painter, where.left(), where.right() + 1, where.bottom())
        item = line.entry.code
        flagged = bool(self._model.shown(item).value and self._model.reading(item).word)
        if flagged and index.column() == ITEM:
            painter.fillRect(QRect(where.left(), where.top(), 4, where.height()), theme.colour("amber.fill"))
        inner = where.adjusted(theme.px(8), 0, -theme.px(8), 0)
        words = str(index.data() or "")
        if index.column() == SOURCE:
            self._paint_source(painter, where, words)
        elif index.column() == TREND:
            self._paint_trend(painter, inner, item, flagged)
        else:
            role = (
                "amber" if flagged and index.column() in (VALUE, WORD) else "ink2" if index.column() > VALUE else "ink"
            )
            if index.column() == WORD and words:
                words = f"{'↓' if words in (LOW, '体重过低') else '↑' if words != '需复查' else '↻'} {words}"
            align = paint.RIGHT if index.column() in RIGHT else paint.LEFT
            paint.text(painter, inner, words, role, align=align)

    def _paint_source(self, painter: QPainter, where: QRect, words: str) -> None:
        if not words:
            return
        source_tag(painter, where.left() + theme.px(8), where, words)

    def _paint_trend(self, painter: QPainter, where: QRect, item: str, flagged: bool) -> None:
        points = self._model.trend(item)
        if len(points) < 2:
            return
        reading = self._model.reading(item)
        limits = [float(n) for t in (reading.low, reading.high) if (n := number(t.strip("<≤>≥ "))) is not None]
        values = [v for _y, v in points] + limits
        low, high = min(values), max(values)
        spread = (high - low) or 1.0
        inner = where.adjusted(4, theme.px(6), -4, -theme.px(6))

        def y_of(value: float) -> float:
            return inner.bottom() - (value - low) / spread * inner.height()

        if limits:
            top = y_of(limits[-1]) if reading.high else inner.top() - 2
            bottom = y_of(limits[0]) if reading.low else inner.bottom() + 2
            painter.fillRect(
                QRect(inner.left() - 4, round(top), inner.width() + 8, max(1, round(bottom - top))),
                theme.colour("inset"),
            )
        first, last = self._model.year - 4, self._model.year
        spots = [QPointF(inner.left() + (y - first) / (last - first) * inner.width(), y_of(v)) for y, v in points]
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.colour("accent"), 1.5))
        painter.drawPolyline(spots)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("amber.fill" if flagged else "accent"))
        last_spot = spots[-1]
        if flagged:  # a shape too, not the colour alone
            painter.drawPolygon([last_spot + QPointF(dx, dy) for dx, dy in ((0, -4.5), (4.5, 3.5), (-4.5, 3.5))])
        else:
            painter.drawEllipse(last_spot, 3, 3)
        painter.restore()


class ResultsGrid(FlatTable):
    """Typing replaces a value, Enter goes to the next item, Tab to unit and range."""

    def __init__(self, workspace: Any) -> None:
        super().__init__(dense=True)
        self.results = ResultsModel(workspace, self)
        self.setModel(self.results)
        delegate = _ResultDelegate(self)
        delegate.stepped.connect(self._step)
        self.setItemDelegate(delegate)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectItems)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        triggers = QAbstractItemView.EditTrigger
        self.setEditTriggers(triggers.AnyKeyPressed | triggers.EditKeyPressed | triggers.DoubleClicked)
        self.horizontalHeader().setSectionsClickable(False)
        self.setAccessibleName(_("检查结果"))
        self.results.modelReset.connect(self._spans)

    def _spans(self) -> None:
        self.clearSpans()
        for row, line in enumerate(self.results.lines):
            if line.entry is None:
                self.setSpan(row, 0, 1, len(HEADS))

    def items(self) -> Sequence[int]:
        """Lines that are items."""
        return [row for row, line in enumerate(self.results.lines) if line.entry is not None]

    def commit_open(self) -> None:
        """Take over what is being typed in a cell, and close it."""
        if self.state() is not QAbstractItemView.State.EditingState:
            return
        direct = Qt.FindChildOption.FindDirectChildrenOnly
        for editor in self.viewport().findChildren(QWidget, options=direct):
            self.commitData(editor)
            self.closeEditor(editor, QAbstractItemDelegate.EndEditHint.NoHint)

    def begin(self) -> None:
        """Put the cursor on the first item without a value."""
        rows = self.items()
        empty = [r for r in rows if not self.results.index(r, VALUE).data()]
        if rows:
            self.setCurrentIndex(self.results.index((empty or rows)[0], VALUE))
        self.setFocus()

    def _step(self, step: int) -> None:
        rows = self.items()
        here = self.currentIndex()
        later = [r for r in rows if r > here.row()] if step > 0 else [r for r in reversed(rows) if r < here.row()]
        if later:
            self.setCurrentIndex(
                self.results.index(later[0], here.column() if here.column() in (UNIT, RANGE) else VALUE)
            )

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self._step(-1 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1)
        elif key in (Qt.Key.Key_Down, Qt.Key.Key_Up) and not event.modifiers():
            self._step(1 if key == Qt.Key.Key_Down else -1)
        elif key == Qt.Key.Key_Delete and self.currentIndex().isValid():
            self.results.setData(self.currentIndex(), "")
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        fixed = sum(theme.px(w) for w in WIDTHS)
        for column, width in enumerate(WIDTHS):
            self.setColumnWidth(
                column, theme.px(width) if width else max(theme.px(96), self.viewport().width() - fixed)
            )
