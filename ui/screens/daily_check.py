"""每日安全检查: the items of a day in two columns, answered by keys; what is abnormal becomes a hazard when the round is finished."""

from collections.abc import Sequence
from typing import Any, Final

from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QMenu, QStackedWidget, QWidget

from eduplan_desktop.errors import EduPlanError
from eduplan_desktop.i18n import N_, _
from eduplan_desktop.registers.safety_check import ABNORMAL, NORMAL, NOT_HERE
from ui import theme
from ui.navigation import WIDTH as NAVIGATION
from ui.screen import Context, Screen, Target
from ui.screens.daily_check_board import TWO_COLUMNS, CheckBoard
from ui.screens.daily_check_day import CHECK, HAZARD, CheckDay, step_day
from ui.screens.print_out import print_form
from ui.screens.today import long_date
from ui.theme import Size, Tone
from ui.widgets.buttons import Button, StateTag, Weight
from ui.widgets.cards import EmptyState
from ui.widgets.fields import DateField
from ui.widgets.labels import Label
from ui.widgets.pickers import Option, Picker
from ui.widgets.rows import FilterRow, KeyHints, Row
from ui.widgets.shapes import Shape

HINTS: Final = (
    ("↑ ↓", N_("移动")),
    ("← →", N_("左右栏")),
    (N_("空格"), N_("正常并下移")),
    ("2", N_("异常，就地填写")),
    ("3", N_("本校不适用")),
    ("F4", N_("添加照片")),
    ("F8", N_("其余全部正常")),
    ("Ctrl+Z", N_("撤销")),
    ("Esc", N_("离开异常的填写")),
)


class RoundBar(QWidget):
    """How far the round is: normal, abnormal and not applicable of all."""

    def __init__(self) -> None:
        super().__init__()
        self._counts: dict[str, int] = {}
        self.setFixedSize(theme.px(160), theme.px(16))

    def show_counts(self, counts: dict[str, int]) -> None:
        """Items by answer."""
        self._counts = counts
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        height = theme.px(8)
        track = QRect(0, (self.height() - height) // 2, self.width(), height)
        painter.fillRect(track, theme.colour("inset"))
        total, x = sum(self._counts.values()) or 1, 0
        for value, role in ((NORMAL, "green.fill"), (NOT_HERE, "edge"), (ABNORMAL, "red.fill")):
            width = round(track.width() * self._counts.get(value, 0) / total)
            painter.fillRect(QRect(x, track.top(), width, height), theme.colour(role))
            x += width


class DailyCheckScreen(Screen):
    """One day at a time; every answer is kept as a draft at once, the record is written when the round is finished."""

    def __init__(self, context: Context) -> None:
        super().__init__(context, _("每日安全检查"))
        self.day: CheckDay | None = None
        self.rest = Button("", self._rest_normal, weight=Weight.ACCENT, key="F8")
        self.finish = Button(_("完成检查"), self.finish_round, weight=Weight.PRIMARY, key="Ctrl+Return")
        self.printing = Button("", self._choose_print, icon="printer", key="Ctrl+P", tip=_("打印日查表"))
        self.plain = Button("", lambda: context.frame.go(CHECK), icon="table", tip=_("看所有日期的检查表格"))
        self.title_row.add(self.plain, self.printing)
        if not context.workspace.read_only:
            self.title_row.add(self.rest, self.finish)
        self.board = CheckBoard(context)
        self.board.moved.connect(self._moved)
        self.board.changed.connect(self._changed)
        self.board.told.connect(lambda sentence: self.say(sentence, Tone.AMBER))
        self.nothing = EmptyState(
            _("这一天没有要查的项目。检查清单来自县配置包，本校有没有食堂、寄宿、校车在“学校概况”里填。"),
            [
                (_("打开学校概况"), lambda: context.frame.go("school")),
                (_("看检查表格"), lambda: context.frame.go(CHECK)),
            ],
            icon="shield",
        )
        self._build()

    # ---- building

    def _build(self) -> None:
        self.heads: dict[str, Any] = {}
        self.quiet: list[QWidget] = []
        row = FilterRow()
        self.before = Button("", lambda: self._go_day(-1), icon="chevron-left", compact=True, key="Alt+Left")
        self.after = Button("", lambda: self._go_day(1), icon="chevron-right", compact=True, key="Alt+Right")
        self.before.setToolTip(_("前一天 Alt+←"))
        self.after.setToolTip(_("后一天 Alt+→"))
        self.date = DateField(self.context.workspace.today)
        self.date.setFixedWidth(theme.px(124))
        self.date.setAccessibleName(_("检查日期"))
        self.date.left.connect(self._date_typed)
        self.date.written.connect(self._date_typed)
        self.date.returnPressed.connect(self._date_typed)
        for widget in (self.before, self.date, self.after):
            row.add_left(widget)
        for name, words, width in (("inspector", _("检查人"), 104), ("leader", _("带班领导"), 104)):
            self.quiet.append(Label(words, "ink2", Size.SMALL))
            row.add_left(self.quiet[-1])
            row.add_left(self._head(name, words, width, self._people))
        self.quiet.append(Label(_("天气"), "ink2", Size.SMALL))
        row.add_left(self.quiet[-1])
        row.add_left(self._head("weather", _("天气"), 92, self._weathers))
        self.tags = {
            NORMAL: StateTag(Shape.OK, ""),
            ABNORMAL: StateTag(Shape.ERROR, ""),
            "": StateTag(Shape.RING, "", Tone.NEUTRAL),
        }
        self.bar = RoundBar()
        for tag in self.tags.values():
            row.add_right(tag)
        row.add_right(self.bar)
        self.quiet.append(self.bar)
        self.head_row = row
        self.column.addWidget(row)
        self.stack = QStackedWidget()
        self.stack.addWidget(self.board)
        self.stack.addWidget(self.nothing)
        self.column.addWidget(self.stack, 1)
        self.foot = Row(32, "canvas", "")
        self.hints = KeyHints([(_(k), _(w)) for k, w in HINTS])
        self.foot.row.addWidget(self.hints, 1)
        self.column.addWidget(self.foot)

    def _head(self, name: str, words: str, width: int, options: Any) -> Picker:
        field = Picker()
        field.setFixedWidth(theme.px(width))
        field.setAccessibleName(words)
        field.setPlaceholderText(words)
        field.set_lazy(options)
        field.label_by(lambda code: self._label(name, code))
        field.edited.connect(lambda: self._head_typed(name))
        self.heads[name] = field
        return field

    def _people(self) -> Sequence[Option]:
        names = dict.fromkeys(words.split(" ")[0] for _i, words in self.context.workspace.link_choices("staff"))
        return [Option(name, name) for name in names]

    def _weathers(self) -> Sequence[Option]:
        return [Option(e.code, e.label) for e in self.context.workspace.catalogs.table("weather").live]

    def _label(self, name: str, code: str) -> str:
        return self.context.workspace.catalogs.label("weather", code) if name == "weather" else code

    # ---- the frame's questions

    def enter(self, target: Target | None) -> None:
        day = target.extra if target is not None else ""
        if day or self.day is None:
            self.show_day(day if len(day) == 10 else self.context.workspace.today())
        else:
            self.show_day(self.day.day)

    def settle(self) -> bool:
        return True

    def refresh(self, changes: Any) -> None:
        if changes is not None and self.day is not None and changes.act in self.day.own:
            return
        if self.day is not None and (changes is None or {CHECK, HAZARD} & set(changes.registers)):
            self.show_day(self.day.day)

    def status(self) -> Sequence[str]:
        if self.day is None or not self.board.cursor_at:
            return ()
        entry = next((e for e in self.day.items if e.code == self.board.cursor_at), None)
        if entry is None:
            return ()
        about = entry.attributes
        basis = about.get("basis", "")
        return (
            _("当前项：{category} · {item}").format(category=about.get("category", ""), item=entry.label),
            _("依据 {basis}").format(basis=basis) if basis else "",
        )

    def panes(self) -> Sequence[QWidget]:
        return (self.board, self.date)

    def keys(self) -> Sequence[tuple[str, str]]:
        own = [(_(k).replace(" ", " / "), _(w)) for k, w in HINTS if k not in ("F8",)]
        return (
            *own,
            ("Alt+↓", _("添加照片")),
            ("Delete", _("清除这一项的回答")),
            ("Alt+← / Alt+→", _("前一天 / 后一天")),
        )

    def focus_first(self) -> None:
        (self.board if self.day is not None and self.day.items else self.date).setFocus()

    # ---- showing

    def show_day(self, day: str) -> None:
        """Show the round of a day as it stands, drafts included."""
        ws = self.context.workspace
        self.day = CheckDay(ws, day)
        self.date.setText(day)
        for name, field in self.heads.items():
            field.set_current(self.day.heads[name])
            field.setEnabled(not ws.read_only)
        self.after.setEnabled(day < ws.today())
        self.board.fit(self.window().width())
        self.board.show_day(self.day, read_only=ws.read_only or day > ws.today())
        self.stack.setCurrentWidget(self.board if self.day.items else self.nothing)
        self._changed()

    def _changed(self) -> None:
        if self.day is None:
            return
        counts = self.day.counts()
        total, left = sum(counts.values()), counts[""]
        self.tags[NORMAL].show_state(Shape.OK, _("正常 {n}").format(n=counts[NORMAL]))
        self.tags[ABNORMAL].show_state(Shape.ERROR, _("异常 {n}").format(n=counts[ABNORMAL]))
        self.tags[""].show_state(Shape.RING, _("未查 {n}").format(n=left), Tone.NEUTRAL)
        self.bar.show_counts(counts)
        self._hush()
        self.rest.set_text(_("其余 {n} 项全部正常").format(n=left) if left else _("全部查完"))
        self.rest.setEnabled(bool(left))
        state = _("已完成") if self.day.stored and not self.day.touched else _("有改动，还没完成")
        if not self.day.stored:
            state = _("进行中，{a} / {b} 项").format(a=total - left, b=total) if left < total else _("还没开始")
        self.finish.set_text(_("保存改动") if self.day.stored else _("完成检查"))
        self.title_row.set_subtitle(f"{long_date(self.day.day)} · {state}")
        self.status_changed.emit()

    def _moved(self) -> None:
        self.status_changed.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._hush()
        self.board.fit(self.window().width())

    def _hush(self) -> None:
        """Labels and the bar are seen where they fit; the fields say by themselves what they are."""
        room = self.window().width() - theme.px(NAVIGATION)
        wide = self.window().width() >= theme.px(TWO_COLUMNS)
        for widget in self.quiet:
            widget.setVisible(wide)
        if wide and self.head_row.sizeHint().width() > room:
            for widget in self.quiet:
                widget.hide()

    # ---- acts

    def _head_typed(self, name: str) -> None:
        if self.day is not None:
            field = self.heads[name]
            self.day.head(name, field.raw())
            self._changed()

    def _go_day(self, step: int) -> None:
        if self.day is not None:
            self._open(step_day(self.day.day, step))

    def _date_typed(self) -> None:
        from eduplan_desktop.registers.dates import parse_date
        from eduplan_desktop.registers.refusal import BadValue

        try:
            day = parse_date(self.date.text())[0]
        except BadValue:
            day = ""
        if len(day) == 10:
            self._open(day)
        elif self.day is not None:
            self.date.setText(self.day.day)

    def _open(self, day: str) -> None:
        if self.day is None or day == self.day.day:
            return
        if day > self.context.workspace.today():
            self.say(_("这一天还没有到，到时候再查。"), Tone.AMBER)
            self.date.setText(self.day.day)
            return
        self.board.cursor_at = ""
        self.show_day(day)
        self.board.setFocus()

    def _rest_normal(self) -> None:
        if self.day is not None and self.day.rest_normal():
            self.board.renew()
            self._changed()

    def finish_round(self) -> None:
        """Store the round and its hazards, or bring the cursor to what is still missing."""
        if self.day is None or self.context.workspace.read_only:
            return
        item, name, sentence = self.day.lacks()
        if sentence:
            self._say_lack(item, name, sentence)
            return
        self.bars.clear()
        check, hazards = self.day.rows()
        try:
            done = self.context.workspace.school.finish_check(check, hazards, self.day.photos_to_name())
        except EduPlanError as fault:
            self.context.messages.fault(fault, _("没有保存"))
            return
        self.context.published(done.changes)
        self._say_done(len(done.hazards))

    def _say_lack(self, item: str, name: str, sentence: str) -> None:
        if item:
            self.board.show_lack(item, name, sentence)
            if not name:
                self.say(sentence, Tone.AMBER)
        else:
            self.say(sentence, Tone.AMBER)
            self.heads[name].setFocus()

    def _say_done(self, made: int) -> None:
        undo = (_("撤销"), lambda: getattr(self.window(), "undo", lambda: None)())
        if made:
            words = _("检查已保存，登记隐患 {n} 条。可以到隐患台账添加照片、交办整改。").format(n=made)
            self.say(words, Tone.GREEN, [(_("去隐患台账"), lambda: self.context.frame.go(HAZARD)), undo])
        else:
            self.say(_("检查已保存。"), Tone.GREEN, [undo])
        self.board.setFocus()

    def _choose_print(self) -> None:
        if self.day is None:
            return
        day = self.day.day
        menu = QMenu(self)
        for words, of, name in self.prints(day):
            menu.addAction(words, lambda o=of, n=name: print_form(self, "F09", o, n))
        menu.popup(self.printing.mapToGlobal(QPoint(0, self.printing.height())))

    def prints(self, day: str) -> list[tuple[str, str, str]]:
        """What can be printed: (words, what of, name of the file)."""
        blank = step_day(self.context.workspace.today(), 1)
        while self.context.workspace.school.check_of(blank) is not None:
            blank = step_day(blank, 1)
        return [
            (_("日查表，{day}").format(day=day), day, _("日查表-{day}").format(day=day)),
            (_("周查表，{day} 所在的一周").format(day=day), f"{day}/week", _("周查表-{day}").format(day=day)),
            (_("空白日查表，{day}").format(day=blank), blank, _("空白日查表-{day}").format(day=blank)),
        ]
