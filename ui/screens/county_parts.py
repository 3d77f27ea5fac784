"""What the county's pages share: the side pane, small typed forms, facts in two columns, long work on a second opening."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLineEdit, QScrollArea, QSplitter, QVBoxLayout, QWidget
from shiboken6 import isValid

from eduplan_desktop.errors import EduPlanError
from eduplan_desktop.i18n import _
from ui import theme
from ui.long_work import work as work
from ui.screen import Context, Screen
from ui.theme import Size, Tone
from ui.vault import open_vault
from ui.widgets import paint
from ui.widgets.buttons import StateTag
from ui.widgets.fields import DateField, LineField, TextArea
from ui.widgets.labels import ElidedLabel, Label
from ui.widgets.pickers import Option, Picker
from ui.widgets.rows import Row
from ui.widgets.shapes import Shape

PANE: Final = 360
LABEL: Final = 96


# ---- long work and vaults


def quietly(screen: Screen, act: Callable[[Any], Any], done: Callable[[Any], object]) -> None:
    """Compute something that is shown, on a second opening of the file; nothing is written and nothing said meanwhile."""
    context = screen.context
    ws = context.workspace

    def read(_progress: Any, _cancelled: Any) -> Any:
        with ws.another() as twin:
            return act(twin)

    def shown(answer: Any) -> None:
        if isValid(screen):  # the file may have been closed meanwhile
            done(answer)

    def failed(fault: EduPlanError) -> None:
        if isValid(screen):
            screen.say(f"{fault.message} {fault.advice}".strip(), Tone.RED)

    context.tasks.run(read, on_done=shown, on_failed=failed, background=True)


def with_keys(context: Context, then: Callable[[], object]) -> None:
    """Do something that needs the county's keys; asks for the passphrase first where they are locked."""
    open_vault(context, "personal", then)


def attempt(screen: Screen, act: Callable[[], Any], title: str = "") -> Any:
    """A short act; a fault is said in a bar of the page and None comes back."""
    try:
        answer = act()
    except EduPlanError as fault:
        words = f"{title}：{fault.message}" if title else fault.message
        screen.say(f"{words} {fault.advice}".strip(), Tone.RED)
        return None
    screen.context.changes.publish(None)
    return True if answer is None else answer


# ---- two columns and the pane


class _Ground(QFrame):
    """A white ground."""

    def paintEvent(self, event: QPaintEvent) -> None:
        paint.fill(self, QPainter(self), "base")


class SidePane(QWidget):
    """What belongs to the line chosen: a head with its state, a body that scrolls, acts at the foot that never do."""

    def __init__(self) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self.head = Row(40)
        self.title = ElidedLabel("", bold=True)
        self.note = ElidedLabel("", "ink2", Size.SMALL)
        self.tag = StateTag(Shape.OK, "")
        self.tag.hide()
        self.head.row.addWidget(self.title)
        self.head.row.addWidget(self.note, 1)
        self.head.row.addStretch(1)
        self.head.row.addWidget(self.tag)
        column.addWidget(self.head)
        self.ground = _Ground()
        self.body = QVBoxLayout(self.ground)
        self.body.setContentsMargins(theme.MARGIN, theme.CARD, theme.MARGIN, theme.CARD)
        self.body.setSpacing(theme.GRID)
        self.scrolled = QScrollArea()
        self.scrolled.setWidgetResizable(True)
        self.scrolled.setFrameShape(QFrame.Shape.NoFrame)
        self.scrolled.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.scrolled.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.scrolled.setWidget(self.ground)
        column.addWidget(self.scrolled, 1)
        column.addStretch(0)  # the head stays on top while there is nothing to show
        self.foot = Row(48, line="", top="line")
        self.foot.hide()
        column.addWidget(self.foot)
        self.setMinimumWidth(theme.px(300))

    def show_head(self, title: str, note: str = "", state: tuple[Shape, str] | None = None) -> None:
        """What the pane is about."""
        self.title.set_text(title)
        self.note.set_text(note)
        self.note.setVisible(bool(note))
        self.tag.setVisible(state is not None)
        if state is not None:
            self.tag.show_state(*state)

    def add_foot(self, *widgets: QWidget) -> None:
        """Acts at the foot, from the left; the last one is pushed to the right end."""
        self.foot.show()
        for widget in widgets[:-1]:
            self.foot.row.addWidget(widget)
        self.foot.row.addStretch(1)
        self.foot.row.addWidget(widgets[-1])

    def paintEvent(self, event: QPaintEvent) -> None:
        paint.fill(self, QPainter(self), "base")


def beside(left: QWidget, right: QWidget, width: int = PANE) -> QSplitter:
    """A table with its pane at the right."""
    splitter = QSplitter(Qt.Orientation.Horizontal)
    splitter.setHandleWidth(1)
    splitter.setChildrenCollapsible(False)
    splitter.addWidget(left)
    splitter.addWidget(right)
    splitter.setStretchFactor(0, 1)
    splitter.setStretchFactor(1, 0)
    splitter.setSizes([10_000, theme.px(width)])
    right.setMaximumWidth(theme.px(width + 160))
    return splitter


class Facts(QWidget):
    """Label and value in two columns."""

    def __init__(self, width: int = 72) -> None:
        super().__init__()
        self._width = width
        self.grid = QGridLayout(self)
        self.grid.setContentsMargins(0, 0, 0, 0)
        self.grid.setHorizontalSpacing(theme.GRID)
        self.grid.setVerticalSpacing(theme.HALF)
        self.grid.setColumnStretch(1, 1)

    def show_facts(self, facts: Sequence[tuple[str, str]]) -> None:
        """Replace what is shown; a blank value leaves its line out."""
        while (item := self.grid.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        for n, (label, value) in enumerate((k, v) for k, v in facts if v):
            head = Label(label, "ink2")
            head.setMinimumWidth(theme.px(self._width))
            words = Label(value, wrap=True)
            words.setTextFormat(Qt.TextFormat.PlainText)  # a school may have typed anything
            words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            self.grid.addWidget(head, n, 0, Qt.AlignmentFlag.AlignTop)
            self.grid.addWidget(words, n, 1, Qt.AlignmentFlag.AlignTop)


# ---- small typed forms


@dataclass(frozen=True, slots=True)
class Ask:
    """One thing to type. kind: line, date, choice, area, secret or number of lines of an area after a colon."""

    name: str
    label: str
    kind: str = "line"
    required: bool = False
    help: str = ""
    options: Sequence[Option] = ()
    initial: str = ""


class _AskRow(QWidget):
    """Label at the right edge of its column, mark, field; help under it while the cursor is in it."""

    def __init__(self, ask: Ask, today: Callable[[], str], label: int) -> None:
        super().__init__()
        self.ask = ask
        self._label = label
        self.field = self._made(today)
        self.field.setAccessibleName(ask.label)
        self.help = Label(ask.help, "ink2", Size.SMALL, wrap=True)
        self.help.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.px(label + 12), 2, 0, 2)
        column.setSpacing(2)
        column.addWidget(self.field)
        column.addWidget(self.help)
        self.field.installEventFilter(self)

    def _made(self, today: Callable[[], str]) -> QWidget:
        kind, _colon, lines = self.ask.kind.partition(":")
        if kind == "date":
            return DateField(today)
        if kind == "area":
            return TextArea(int(lines or 3))
        if kind == "choice":
            picker = Picker()
            picker.set_options(self.ask.options)
            return picker
        made = LineField()
        if kind == "secret":
            made.setEchoMode(QLineEdit.EchoMode.Password)
        return made

    def value(self) -> str:
        """As typed."""
        if isinstance(self.field, TextArea):
            return self.field.toPlainText().strip()
        if isinstance(self.field, Picker):
            return self.field.raw().strip()
        assert isinstance(self.field, LineField)
        return self.field.text().strip()

    def put(self, value: str) -> None:
        """Show a value."""
        if isinstance(self.field, TextArea):
            self.field.setPlainText(value)
        elif isinstance(self.field, Picker):
            self.field.set_current(value)
        elif isinstance(self.field, LineField):
            self.field.setText(value)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            self.help.setVisible(event.type() == QEvent.Type.FocusIn and bool(self.ask.help))
        return super().eventFilter(watched, event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        where = self.rect()
        where.setHeight(theme.px(32))
        where.setWidth(theme.px(self._label))
        paint.text(painter, where, self.ask.label, "ink2", align=paint.RIGHT)
        if self.ask.required:
            left = where.right() - paint.width_of(self.ask.label) - theme.px(14)
            paint.text(painter, where.adjusted(left, 0, 0, 0), "＊", "red", size=Size.SMALL)


class AskForm(QWidget):
    """A few fields. Enter walks, Enter in the last one submits; a fault stands under the fields in words."""

    submitted = Signal()

    def __init__(self, asks: Sequence[Ask], today: Callable[[], str], *, label: int = LABEL) -> None:
        super().__init__()
        self.rows = {a.name: _AskRow(a, today, label) for a in asks}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for row in self.rows.values():
            column.addWidget(row)
        self.fault = Label("", "red", Size.SMALL, wrap=True)
        self.fault.setContentsMargins(theme.px(label + 12), theme.HALF, 0, 0)
        self.fault.hide()
        column.addWidget(self.fault)
        fields = [r.field for r in self.rows.values()]
        for here, after in zip(fields, [*fields[1:], None], strict=True):
            if isinstance(here, LineField):
                here.returnPressed.connect(after.setFocus if after is not None else self.submitted.emit)
        self.clear()

    def field(self, name: str) -> QWidget:
        """The editor of one thing."""
        return self.rows[name].field

    def values(self) -> dict[str, str]:
        """Everything as typed."""
        return {name: row.value() for name, row in self.rows.items()}

    def show_values(self, values: dict[str, str]) -> None:
        """Fill in; what is not named becomes blank."""
        for name, row in self.rows.items():
            row.put(values.get(name, ""))
        self.say("")

    def clear(self) -> None:
        """Back to what is proposed."""
        self.show_values({name: row.ask.initial for name, row in self.rows.items()})

    def say(self, fault: str) -> None:
        """What is wrong, '' for nothing."""
        self.fault.setText(fault)
        self.fault.setVisible(bool(fault))

    def lacking(self) -> str:
        """The sentence about the first required thing that is blank, '' where all is there; the cursor goes to it."""
        for row in self.rows.values():
            if row.ask.required and not row.value():
                self.say(_("请填写{label}。").format(label=row.ask.label))
                row.field.setFocus()
                return self.fault.text()
        return ""

    def tried(self, act: Callable[[], Any]) -> Any:
        """Do an act with what was typed; a fault is said here and None comes back."""
        if self.lacking():
            return None
        try:
            answer = act()
        except EduPlanError as fault:
            self.say(f"{fault.message} {fault.advice}".strip())
            return None
        self.say("")
        return True if answer is None else answer


def row_of(*widgets: QWidget, stretch: bool = True) -> QWidget:
    """Widgets side by side, from the left."""
    made = QWidget()
    layout = QHBoxLayout(made)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(theme.GRID)
    for widget in widgets:
        layout.addWidget(widget)
    if stretch:
        layout.addStretch(1)
    return made
