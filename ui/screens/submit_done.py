"""After a bundle is written: where it lies, its digest in groups, what comes next, and the cover page to print."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFormLayout, QGridLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget
from shiboken6 import isValid

from eduplan_desktop.i18n import N_, _
from ui import theme
from ui.eject import eject, verb
from ui.screen import Context
from ui.theme import Size, Tone
from ui.widgets import paint
from ui.widgets.buttons import Button, StateTag, Weight
from ui.widgets.cards import Card
from ui.widgets.labels import ElidedLabel, Label
from ui.widgets.message_bar import Act, MessageBar
from ui.widgets.rows import scrolling
from ui.widgets.shapes import Shape

STEPS: Final = (
    (N_("打印报送封面"), N_("封面上的摘要和文件一致，县局靠它核对")),
    (N_("填表人、审核人、校长签字，盖公章"), ""),
    (N_("U 盘和封面一起送县局"), ""),
    (N_("带回 U 盘后读取回执"), N_("状态会变为已接收、退回或已通过")),
)


def groups(digest: str) -> tuple[str, str]:
    """A digest in groups of four, on two lines, as on the paper."""
    fours = [digest[i : i + 4] for i in range(0, len(digest), 4)]
    return " ".join(fours[:8]), " ".join(fours[8:])


class _Step(QWidget):
    """A numbered step, the first one with its button."""

    def __init__(self, number: int, words: str, note: str, button: Button | None) -> None:
        super().__init__()
        self._number, self._now = number, button is not None
        self.setFixedHeight(theme.px(40))
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.px(48), 0, theme.CARD, 0)
        row.setSpacing(theme.CARD)
        row.addWidget(Label(words))
        row.addWidget(ElidedLabel(note, "ink2", Size.SMALL), 1)
        if button is not None:
            row.addWidget(button)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        side = theme.px(22)
        disc = QRect(theme.px(13), (self.height() - side) // 2, side, side)
        paint.box(painter, disc, "afill" if self._now else "base", "" if self._now else "edge", radius=side / 2)
        ink = "onfill" if self._now else "ink2"
        paint.text(painter, disc, str(self._number), ink, size=Size.SMALL, align=paint.CENTRE)
        if self._number < len(STEPS):
            paint.hline(painter, 0, self.width(), self.height() - 1)


class CoverPage(QWidget):
    """What the cover page will say, in its order; the paper itself is the PDF."""

    def __init__(self, facts: Sequence[tuple[str, str]], slices: Sequence[tuple[str, str]]) -> None:
        super().__init__()
        self._facts, self._slices = facts, slices
        self.setMinimumWidth(theme.px(300))
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(_("报送封面"))

    def sizeHint(self) -> QSize:
        return QSize(theme.px(416), theme.px(530))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint.box(painter, self.rect(), theme.PAPER, "edge", radius=0)
        side = theme.px(28)
        width = self.width() - 2 * side
        title = QRect(side, theme.px(24), width, theme.px(32))
        paint.text(
            painter, title, _("报送封面（数据包清单）"), theme.PRINT, size=Size.TITLE, bold=True, align=paint.CENTRE
        )
        y = theme.px(66)
        for label, value in self._facts[:2]:
            y = self._line(painter, side, y, width, label, value)
        y = self._two_by_two(painter, side, y, width)
        for label, value in self._facts[2:]:
            y = self._line(painter, side, y, width, label, value)
        self._foot(painter, side, y, width)

    def _cell(self, painter: QPainter, where: QRect, words: str, align: Qt.AlignmentFlag) -> None:
        painter.setPen(QPen(Qt.GlobalColor.black, 1))
        painter.drawRect(where)
        inner = where.adjusted(theme.px(6), 0, -theme.px(6), 0)
        paint.text(painter, inner, words, theme.PRINT, size=Size.SMALL, align=align)

    def _line(self, painter: QPainter, x: int, y: int, width: int, label: str, value: str) -> int:
        head = max([theme.px(72), *(paint.width_of(k, Size.SMALL) + theme.px(16) for k, _value in self._facts)])
        room = width - head
        tall = paint.width_of(value, Size.SMALL) > room - theme.px(12)
        inside = QRect(0, 0, room - theme.px(12), theme.px(200))
        flags = int(paint.LEFT) | int(Qt.TextFlag.TextWordWrap)
        wanted = theme.metrics(Size.SMALL).boundingRect(inside, flags, value).height()
        height = max(theme.px(24), wanted + theme.px(8)) if tall else theme.px(24)
        self._cell(painter, QRect(x, y, head, height), label, paint.CENTRE)
        self._cell(painter, QRect(x + head, y, room, height), "" if tall else value, paint.LEFT)
        if tall:
            where = QRect(x + head, y, room, height).adjusted(theme.px(6), 2, -theme.px(6), -2)
            painter.setFont(theme.font(Size.SMALL))
            painter.drawText(where, flags, value)
        return y + height

    def _two_by_two(self, painter: QPainter, x: int, y: int, width: int) -> int:
        height, half = theme.px(24), width // 2
        most = max(2, (self.height() - y - theme.px(250)) // height) * 2
        shown = [*self._slices[: most - 1], (_("其余见打印件"), "")] if len(self._slices) > most else list(self._slices)
        for i, (label, count) in enumerate(shown):
            left = x + (i % 2) * half
            span = half if i % 2 == 0 else width - half
            self._cell(painter, QRect(left, y, span - theme.px(64), height), label, paint.LEFT)
            self._cell(painter, QRect(left + span - theme.px(64), y, theme.px(64), height), count, paint.RIGHT)
            y += height if i % 2 or i == len(shown) - 1 else 0
        return y

    def _foot(self, painter: QPainter, x: int, y: int, width: int) -> None:
        black, small = theme.PRINT, Size.SMALL
        for i, (one, other) in enumerate(((_("填表人："), _("审核人：")), (_("单位负责人："), _("联系电话：")))):
            top = y + theme.px(14) + i * theme.px(24)
            paint.text(painter, QRect(x, top, width // 2, theme.px(20)), one, black, size=small)
            paint.text(painter, QRect(x + width // 2, top, width // 2, theme.px(20)), other, black, size=small)
        side = theme.px(86)
        stamp = QRect(x + theme.px(36), y + theme.px(74), side, side)
        if stamp.bottom() + theme.px(12) < self.height():
            painter.setPen(QPen(Qt.GlobalColor.black, 1, Qt.PenStyle.DashLine))
            painter.drawEllipse(stamp)
            paint.text(painter, stamp, _("公章"), black, size=small, align=paint.CENTRE)
            when = QRect(x, stamp.bottom() - theme.px(28), width, theme.px(20))
            paint.text(painter, when, _("报送日期：　　　年　　月　　日"), black, size=small, align=paint.RIGHT)


class DoneView(QWidget):
    """The after-state of the submit page."""

    def __init__(
        self,
        context: Context,
        made: Any,
        facts: dict[str, str],
        lines: Sequence[Any],
        print_cover: Callable[[], object],
    ) -> None:
        super().__init__()
        self.made, self._context = made, context
        self._folder = Path(made.bundle).parent
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.MARGIN, theme.MARGIN, theme.MARGIN, theme.MARGIN)
        row.setSpacing(theme.MARGIN)
        left = QVBoxLayout()
        left.setSpacing(theme.MARGIN)
        self._left = left
        self._say(self._written(), Tone.GREEN)
        for warning in made.warnings:
            left.addWidget(MessageBar(_escaped(warning), Tone.AMBER, closable=False))
        left.addWidget(self._bundle(made, facts))
        left.addWidget(self._checked(facts))
        left.addWidget(self._next(facts, print_cover))
        left.addStretch(1)
        left.setContentsMargins(0, 0, 0, 0)
        row.addWidget(scrolling(left), 718)
        row.addWidget(self._cover(made, facts, lines), 416)

    # ---- the stick

    def _written(self) -> str:
        words = _("第 {n} 包已写到 {place}，并已读回核对，一致。")
        return words.format(n=self.made.sequence, place=_escaped(str(self._folder)))

    def _say(self, words: str, tone: Tone, acts: Sequence[Act] = ()) -> None:
        """Say it in the place of what the bar said before."""
        old: MessageBar | None = getattr(self, "bar", None)
        self.bar = MessageBar(words, tone, acts, closable=False)
        self._left.insertWidget(0, self.bar)
        if old is not None:
            self._left.removeWidget(old)
            old.hide()
            old.deleteLater()

    def show_stick(self, stick: Any) -> None:
        """The bundle lies on this stick, or on none: offer to eject it, or say how it is done by hand."""
        if stick is None:
            return
        if stick.can_eject:
            words = self._written() + _("拔 U 盘以前先弹出。")
            self._say(words, Tone.GREEN, [(verb(), self.eject)])
        else:
            self._say(f"{self._written()}{self._context.workspace.settings.by_hand()}", Tone.GREEN)

    def eject(self) -> None:
        """Let the stick go; until that is done the button waits."""
        for button in self.bar.buttons:
            button.setEnabled(False)
        eject(self._context, self._folder, self._told)

    def _told(self, done: Any) -> None:
        if not isValid(self):  # the next bundle was begun meanwhile
            return
        if done.state == "ejected":
            said = _("<b>可以安全拔出 U 盘。</b>第 {n} 包已写到 {place}，从 U 盘读回核对一致，{label} 已弹出。")
            words = said.format(n=self.made.sequence, place=_escaped(str(self._folder)), label=_escaped(done.label))
            self._say(words, Tone.GREEN)
        else:
            again = [(verb(), self.eject)] if done.state == "busy" else []
            self._say(f"{done.message}{self._written()}", Tone.AMBER, again)

    def _bundle(self, made: Any, facts: dict[str, str]) -> Card:
        card = Card(_("数据包"), padded=True)
        card.head.addWidget(StateTag(Shape.OK, _("已签名，已封装")))
        form = QFormLayout()
        form.setHorizontalSpacing(theme.CARD)
        form.setVerticalSpacing(theme.HALF)
        form.setLabelAlignment(Qt.AlignmentFlag.AlignRight)
        first, second = groups(made.digest)
        file = Path(made.bundle)
        lines = [
            (_("文件"), f"{file.name}　{facts['size']}"),
            (_("接上一包"), facts["before"]),
            (_("摘要"), first),
            ("", second),
            (_("签名密钥"), facts["key"]),
        ]
        for label, value in lines:
            said = Label(value)
            said.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            form.addRow(Label(label, "ink2"), said)
        card.body.addLayout(form)
        return card

    def _checked(self, facts: dict[str, str]) -> Card:
        card = Card()
        done = (
            (_("检查 {n} 条").format(n=facts["rows"]), _("写入并落盘")),
            (_("封装并签名"), _("读回核对，摘要一致")),
        )
        grid = QGridLayout()
        for row, pair in enumerate(done):
            for column, words in enumerate(pair):
                grid.addWidget(StateTag(Shape.OK, words, Tone.GREEN), row, column, Qt.AlignmentFlag.AlignLeft)
                grid.setColumnStretch(column, 1)
        card.body.addLayout(grid)
        return card

    def _next(self, facts: dict[str, str], print_cover: Callable[[], object]) -> Card:
        card = Card(_("接下来"), padded=False)
        for i, (words, note) in enumerate(STEPS, start=1):
            said = _(note) if note else ""
            if i == 3 and facts["due"]:
                said = _("截止 {date}").format(date=facts["due"])
            button = (
                Button(_("打印"), print_cover, weight=Weight.ACCENT, icon="printer", compact=True) if i == 1 else None
            )
            card.body.addWidget(_Step(i, _(words), said, button))
        return card

    def _cover(self, made: Any, facts: dict[str, str], lines: Sequence[Any]) -> CoverPage:
        said = (
            (_("报送单位"), facts["school"]),
            (_("报送项目"), _("第 {n} 包：{items}").format(n=made.sequence, items=facts["items"])),
            (_("校验码"), " ".join(groups(made.digest)[0].split()[:4])),
            (_("密钥指纹"), facts["key"]),
        )
        slices = [(line.label, f"{line.rows:,}" if line.rows else "0") for line in lines]
        return CoverPage(said, slices)


def _escaped(words: str) -> str:
    return words.replace("&", "&amp;").replace("<", "&lt;")
