"""Which items of the county's calendar this bundle answers, and which of them with 零报告."""

from collections.abc import Sequence
from typing import Any, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent

from eduplan_desktop.i18n import N_, _
from ui.widgets.grid import Cell, Column, Grid, Line
from ui.widgets.shapes import Shape

COLUMNS: Final = (
    Column("报", 44),
    Column("项目", 180, stretch=True),
    Column("截止", 100),
    Column("县里的答复", 130),
    Column("怎样报", 130),
)
WAYS: Final = {"": N_("不报"), "rows": N_("报记录"), "zero": N_("零报告（没有可报的）")}


def open_now(items: Sequence[Any], today: str) -> list[Any]:
    """Items whose period has begun and that the county has not accepted yet."""
    return [i for i in items if i.state not in ("accepted", "exempt") and i.period <= today[: len(i.period)]]


class ItemTable(Grid):
    """The items. Space takes one in or out, 0 makes it a 零报告."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__(COLUMNS, selects=True)
        self.items: list[Any] = []
        self.ways: dict[str, str] = {}
        self.setAccessibleName(_("报送项目"))

    def show_items(self, items: Sequence[Any], chosen: str = "") -> None:
        """Replace the items; those open and not answered yet are taken in, or only the one `chosen`."""
        self.items = list(items)
        for one in items:
            usual = one.state in ("", "missing", "returned")
            self.ways.setdefault(one.id, "rows" if (one.id == chosen if chosen else usual) else "")
        if items and not any(self.ways.get(i.id) for i in items):
            self.ways[items[-1].id] = "rows"
        self._show()

    def choose_only(self, item: str) -> None:
        """Take in just this item."""
        self.ways = {i.id: "rows" if i.id == item else "" for i in self.items}
        self._show()

    def _show(self) -> None:
        lines = []
        for one in self.items:
            way = self.ways.get(one.id, "")
            mark = Shape.OK if way else Shape.RING
            cells = (
                Cell("", shape=mark),
                Cell(one.title),
                Cell(one.due),
                Cell(one.word, "amber" if one.late or one.state == "returned" else "ink2"),
                Cell(_(WAYS[way]), "ink" if way else "ink2"),
            )
            lines.append(Line(cells, key=one.id))
        self.show_lines(lines)
        self.fit_height(6)

    def chosen(self) -> tuple[list[str], list[str]]:
        """(items, those of them answered with 零报告)."""
        here = [i.id for i in self.items]
        return [i for i in here if self.ways.get(i)], [i for i in here if self.ways.get(i) == "zero"]

    def titles(self) -> str:
        """The items taken in, in words."""
        return "、".join(i.title for i in self.items if self.ways.get(i.id))

    def first_due(self) -> str:
        """The earliest date due of the items taken in."""
        return min((i.due for i in self.items if self.ways.get(i.id)), default="")

    def _turn(self, way: str) -> None:
        if key := self.current_key():
            now = self.ways.get(key, "")
            self.ways[key] = "" if now == way else way
            self._show()
            self.changed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._turn("rows")
        elif event.key() == Qt.Key.Key_0:
            self._turn("zero")
        else:
            super().keyPressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        index = self.indexAt(event.position().toPoint())
        if index.isValid() and index.column() in (0, 4):
            self._turn("zero" if index.column() == 4 else "rows")
