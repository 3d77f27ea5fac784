"""The five steps of an import as a row: done, now, to come."""

from typing import Final

from PySide6.QtCore import QRect
from PySide6.QtGui import QPainter, QPaintEvent

from eduplan_desktop.i18n import N_, _
from ui import theme
from ui.theme import Size
from ui.widgets import paint, shapes
from ui.widgets.labels import Label
from ui.widgets.rows import Row
from ui.widgets.shapes import Shape

STEPS: Final = (N_("选文件"), N_("找表头"), N_("列对应"), N_("核对"), N_("完成"))


class StepRow(Row):
    """Painted; `show_step` says which is now, counted from 1. After the last one all are done."""

    def __init__(self) -> None:
        super().__init__(40)
        self.step = 1
        self.note = Label("", "ink2", Size.SMALL)
        self.row.addStretch(1)
        self.row.addWidget(self.note)

    def show_step(self, step: int, note: str = "") -> None:
        """Change the step and the words at the right."""
        self.step = step
        self.note.setText(note)
        words = _(STEPS[min(step, len(STEPS)) - 1])
        self.setAccessibleName(_("第 {n} 步：{words}").format(n=min(step, len(STEPS)), words=words))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        x, height, side = theme.px(16), self.height(), theme.px(20)
        for number, words in enumerate(STEPS, start=1):
            disc = QRect(x, (height - side) // 2, side, side)
            now = number == self.step
            if number < self.step or self.step > len(STEPS):
                shapes.paint(painter, disc, Shape.OK)
            else:
                line = "" if now else "edge"
                paint.box(painter, disc, "afill" if now else "base", line, radius=side / 2)
                ink = "onfill" if now else "ink2"
                paint.text(painter, disc, str(number), ink, size=Size.SMALL, align=paint.CENTRE)
            x += side + theme.px(8)
            room = QRect(x, 0, theme.px(120), height)
            role = "accent" if now else "ink2" if number > self.step else "ink"
            x += paint.text(painter, room, _(words), role, bold=now) + theme.px(8)
            if number < len(STEPS):
                paint.hline(painter, x, x + theme.px(32), height // 2, "rule")
                x += theme.px(40)
