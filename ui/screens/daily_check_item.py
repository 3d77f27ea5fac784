"""What opens under an abnormal item: its words, and the hazard it proposes. Enter walks; after the last field back to the list."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Final

from PySide6.QtCore import QEvent, QObject, QRect, Qt, Signal
from PySide6.QtGui import QColor, QDragEnterEvent, QDropEvent, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from eduplan_desktop.i18n import _
from eduplan_desktop.registers.hazard import MAJOR
from ui import theme
from ui.screen import Context
from ui.screens.daily_check_day import CheckDay
from ui.screens.daily_check_photos import CheckPhotos
from ui.theme import Size, Tone
from ui.widgets import paint
from ui.widgets.buttons import Chip
from ui.widgets.fields import DateField, LineField, Segments
from ui.widgets.labels import Label
from ui.widgets.pickers import Option, Picker

LEFT: Final = 92
"""Where the text of an item begins: fields of the editor stand under it."""
MARGIN: Final = 12
LABEL: Final = LEFT - MARGIN - 8


def is_photo_key(event: QKeyEvent) -> bool:
    """F4 or Alt+↓: add a photo."""
    alt = event.modifiers() & Qt.KeyboardModifier.AltModifier
    return (event.key() == Qt.Key.Key_F4 and not event.modifiers()) or (event.key() == Qt.Key.Key_Down and bool(alt))


class AbnormalEditor(QWidget):
    """Fields of one abnormal item. Every keystroke is kept."""

    done = Signal()
    """Esc, or Enter in the last field: back to the list."""

    def __init__(self, context: Context, day: CheckDay, item: str, *, read_only: bool = False) -> None:
        super().__init__()
        self._day, self.item = day, item
        self.photos = CheckPhotos(context, day, item, read_only=read_only)
        self.photos.told.connect(self._tell)
        self.setAcceptDrops(True)
        self.fields: dict[str, Any] = {}
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(theme.px(MARGIN), theme.HALF, theme.CARD, theme.GRID)
        self._column.setSpacing(theme.HALF)
        self._build()
        for one in self.fields.values():
            one.setEnabled(not read_only)
            one.installEventFilter(self)
        self.sentence = Label("", "red", Size.SMALL, wrap=True)
        self.sentence.hide()
        self.sentence.setContentsMargins(theme.px(LABEL + 8), 0, 0, 0)
        self._column.addWidget(self.sentence)

    # ---- building

    def _build(self) -> None:
        day, item = self._day, self.item
        remark = LineField(day.answers[item].remark)
        remark.setPlaceholderText(_("看到了什么，在哪里"))
        remark.textEdited.connect(lambda text: day.describe(item, text))
        self.fields["remark"] = remark
        self._line([(_("情况"), remark, 1)])
        self._line([(_("照片"), self.photos, 1)])
        proposal = day.proposals.get(item)
        if proposal is None:
            return
        if proposal.stored:
            number = str(proposal.row.get("number") or "")
            self._column.addWidget(
                Label(_("已登记为隐患 {number}，后续在隐患台账里办理。").format(number=number), "ink2", Size.SMALL)
            )
            return
        self.wanted = Chip(_("登记为隐患"))
        self.wanted.setChecked(proposal.wanted)
        self.wanted.toggled.connect(self._want)
        self._hazard_lines()
        self._show_wanted(proposal.wanted)

    def _hazard_lines(self) -> None:
        day, item = self._day, self.item
        text = day.proposals[item].text
        ws = day.workspace
        place = Picker()
        place.set_lazy(lambda: [Option(i, words) for i, words in ws.link_choices("room")])
        place.label_by(lambda row_id: ws.title_of("room", row_id))
        place.setText(text("place"))
        place.edited.connect(self._placed)
        words = tuple(e.label for e in ws.catalogs.table("hazard_level").live)
        level = Segments(words)
        level.set_text(ws.catalogs.label("hazard_level", text("level")) if text("level") else "")
        level.edited.connect(self._levelled)
        self.fields |= {"place": place, "level": level}
        self._lines: list[QWidget] = [self._line([(_("部位"), place, 1), (_("等级"), level, 0)])]
        by = LineField(text("level_by"))
        by.setPlaceholderText(_("校领导姓名"))
        by.textEdited.connect(partial(day.ask, item, "level_by"))
        self.fields["level_by"] = by
        self._major = self._line([(_("定级人"), by, 1)], _("重大由校领导确认并署名，当天上报县局"))
        self._lines.append(self._major)
        person = Picker()
        person.set_lazy(lambda: [Option(i, name.split(" ")[0]) for i, name in ws.link_choices("staff")])
        person.label_by(lambda row_id: ws.title_of("staff", row_id).split(" ")[0])
        person.setText(text("person"))
        person.edited.connect(lambda: day.ask(item, "person", person.text()))
        due = DateField(ws.today)
        due.setText(text("due"))
        due.textEdited.connect(partial(day.ask, item, "due"))
        due.written.connect(lambda: day.ask(item, "due", due.text()))
        self.fields |= {"person": person, "due": due}
        line = self._line([(_("责任人"), person, 1), (_("时限"), due, 1)])
        self._lines.append(line)
        foot = self._line([("", self.wanted, 0)], _("当场已整改的可以不登记"))
        foot.setContentsMargins(theme.px(LABEL + 8), 0, 0, 0)
        self.fields["wanted"] = self.wanted

    def _line(self, fields: Sequence[tuple[str, QWidget, int]], note: str = "") -> QWidget:
        line = QWidget()
        row = QHBoxLayout(line)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.GRID)
        for words, widget, stretch in fields:
            if words:
                label = Label(words, "ink2")
                label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
                label.setFixedWidth(
                    theme.px(LABEL) if not row.count() else max(theme.px(30), paint.width_of(words) + 2)
                )
                row.addWidget(label)
                widget.setAccessibleName(words)
            row.addWidget(widget, stretch)
        if note:
            row.addWidget(Label(note, "ink2", Size.SMALL))
        if not any(stretch for _w, _f, stretch in fields):
            row.addStretch(1)
        self._column.addWidget(line)
        return line

    # ---- what is typed

    def _placed(self) -> None:
        place = self.fields["place"]
        self._day.proposals[self.item].typed["room"] = place.current()
        self._day.ask(self.item, "place", place.text())

    def _levelled(self) -> None:
        table = self._day.workspace.catalogs.table("hazard_level")
        word = self.fields["level"].text()
        code = next((e.code for e in table.live if e.label == word), "")
        self._day.ask(self.item, "level", code or self._day.proposed_level(self.item))
        if not code:
            self.fields["level"].set_text(table.by_code[self._day.proposed_level(self.item)].label)
        self._show_wanted(self._day.proposals[self.item].wanted)

    def _want(self, wanted: bool) -> None:
        self._day.want(self.item, wanted)
        self.photos.renew()
        self._show_wanted(wanted)

    def _show_wanted(self, wanted: bool) -> None:
        for line in self._lines:
            line.setVisible(wanted)
        self._major.setVisible(wanted and self._day.proposals[self.item].text("level") == MAJOR)

    # ---- moving

    def go_to(self, name: str, sentence: str = "") -> None:
        """Put the cursor into a field and say what it lacks."""
        for one in self.fields.values():
            if hasattr(one, "set_state"):
                one.set_state("")
        widget = self.fields.get(name) or self.fields["remark"]
        if sentence:
            widget.set_state("error")
        self._tell(sentence)
        widget.setFocus(Qt.FocusReason.TabFocusReason)

    def _tell(self, sentence: str) -> None:
        self.sentence.setText(sentence)
        self.sentence.setVisible(bool(sentence))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        self.photos.offer(event)

    def dropEvent(self, event: QDropEvent) -> None:
        self.photos.drop(event)

    def _walk(self) -> list[QWidget]:
        return [w for w in self.fields.values() if w.isVisible() and w.isEnabled()]

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Enter walks, Esc goes back, F4 adds a photo; lists that are open, and fields that have one, keep their keys."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and is_photo_key(event):
            if not isinstance(watched, Picker | DateField):
                self.photos.choose()
                return True
            return super().eventFilter(watched, event)
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and not event.modifiers():
            opened: Callable[[], bool] = getattr(watched, "list_open", lambda: False)
            if not opened() and event.key() == Qt.Key.Key_Escape:
                self.done.emit()
                return True
            if not opened() and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._next(watched)
                return True
        return super().eventFilter(watched, event)

    def _next(self, widget: QObject) -> None:
        walk = self._walk()
        at = walk.index(widget) if isinstance(widget, QWidget) and widget in walk else len(walk)
        if at + 1 < len(walk):
            walk[at + 1].setFocus(Qt.FocusReason.TabFocusReason)
        else:
            self.done.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint.fill(self, painter, "canvas")
        painter.fillRect(QRect(0, 0, 4, self.height()), QColor(theme.tone(Tone.RED).fill))
        paint.hline(painter, 0, self.width(), self.height() - 1)
