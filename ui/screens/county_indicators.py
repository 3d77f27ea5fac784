"""均衡指标: per level the county values and 差异系数, each school's share of one, and whom to help first. No verdict unconfirmed."""

from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from eduplan_desktop.i18n import N_, _
from ui import theme
from ui.screen import Context, Screen, Target
from ui.screens.county_figures import (
    BESIDE,
    CHANGE,
    LEVELS,
    MEASURES,
    NOTES,
    SCHOOLS,
    STEPS,
    beside_lines,
    measure_lines,
    note_lines,
    school_lines,
    step_lines,
)
from ui.screens.county_parts import SidePane, beside, quietly, work
from ui.theme import Tone
from ui.widgets.buttons import Button, Chip, StateTag, Weight
from ui.widgets.cards import Card, EmptyState
from ui.widgets.grid import Grid
from ui.widgets.pickers import Option, Picker
from ui.widgets.rows import FilterRow
from ui.widgets.shapes import Shape

RULES: Final = {"2017": N_("优质均衡 2017，7 项"), "2012": N_("基本均衡 2012，8 项")}
VIEWS: Final = (("help", N_("先帮哪几所")), ("beside", N_("填报与台账")), ("notes", N_("说明")))


class IndicatorsScreen(Screen):
    """Computed on a second opening of the file; frozen where the year is closed."""

    def __init__(self, context: Context) -> None:
        super().__init__(context, _("均衡指标"))
        self.policy = Button(_("口径…"), lambda: context.frame.go("county_catalogs", Target(extra="policy")))
        self.closing = Button(_("年度结账…"), self._close_year)
        self.export = Button(_("导出…"), self._export, icon="export")
        self.print_ = Button(_("打印差异系数表"), self._print, weight=Weight.PRIMARY, icon="printer", key="Ctrl+P")
        self.title_row.add(self.policy, self.closing, self.export, self.print_)
        self.measures = Grid(MEASURES, selects=True, dense=False)
        self.measures.setAccessibleName(_("指标"))
        self.measures.selectionModel().currentRowChanged.connect(lambda *_i: self._show_measure())
        self.schools = Grid(SCHOOLS, selects=True)
        self.schools.setAccessibleName(_("各校"))
        year = next(r for r in context.workspace.registers() if r.name == "school_year")
        self._inputs = {f.name: _(f.label) for f in year.fields}
        self._found: Any = None
        self._before: Any = None
        self._level = ""
        self._view = "help"
        self._build()
        shortcut = QShortcut(QKeySequence("Ctrl+I"), self)
        shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        shortcut.activated.connect(self.tell_origin)

    def _build(self) -> None:
        self.filters = filters = FilterRow()
        self.levels = {level: Chip(_(words)) for level, words in LEVELS.items()}
        for level, chip in self.levels.items():
            chip.clicked.connect(lambda _on=False, k=level: self._choose_level(k))
            filters.add_left(chip)
        self.year = Picker()
        self.rules = Picker()
        for picker, width, words in ((self.year, 176, _("统计年度")), (self.rules, 176, _("指标和规则"))):
            picker.setFixedWidth(theme.px(width))
            picker.setAccessibleName(words)
            picker.picked.connect(lambda _id: self._compute())
            filters.add_left(picker)
        self.rules.set_options([Option(k, _(v)) for k, v in RULES.items()])
        self.rules.set_current("2017")
        self.verdict = StateTag(Shape.OK, "")
        filters.add_right(self.verdict)
        self.column.addWidget(filters)
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.measures)
        column.addWidget(self._below(), 1)
        self.pane = SidePane()
        self.pane.body.setContentsMargins(0, 0, 0, 0)
        self.pane.body.addWidget(self.schools, 1)
        self.nothing = EmptyState(
            _("还没有可以计算的数字。学校报送“均衡数据”并合并以后，这里按年度和学段列出。"),
            [
                (_("收取数据包"), lambda: self.context.frame.go("county_take_in")),
                (_("看完整性看板"), lambda: self.context.frame.go("county_board")),
            ],
            icon="chart",
        )
        self.stack = QStackedWidget()
        self.stack.addWidget(beside(left, self.pane, 572))
        self.stack.addWidget(self.nothing)
        self.column.addWidget(self.stack, 1)

    def _below(self) -> QWidget:
        """What to do about the indicator chosen, typed beside derived, and what was left out."""
        around = QWidget()
        column = QVBoxLayout(around)
        column.setContentsMargins(theme.MARGIN, theme.MARGIN, theme.MARGIN, theme.MARGIN)
        self.card = Card(_("接着看"), padded=False)
        self.views = {view: Chip(_(words)) for view, words in VIEWS}
        for view, chip in self.views.items():
            chip.clicked.connect(lambda _on=False, v=view: self._choose_view(v))
            self.card.head.addWidget(chip)
        self.below = {"help": Grid(STEPS), "beside": Grid(BESIDE), "notes": Grid(NOTES)}
        self.below_stack = QStackedWidget()
        for (view, words), grid in zip(VIEWS, self.below.values(), strict=True):
            grid.setAccessibleName(_(words))
            self.below[view] = grid
            self.below_stack.addWidget(grid)
        self.card.body.addWidget(self.below_stack, 1)
        column.addWidget(self.card, 1)
        return around

    # ---- the frame's questions

    def enter(self, target: Target | None) -> None:
        self.refresh(None)

    def refresh(self, changes: Any) -> None:
        years = self.context.workspace.county.years()
        self.year.set_options([Option(str(y), _("{y} 统计年度").format(y=y)) for y in years])
        self.stack.setCurrentIndex(0 if years else 1)
        self.filters.setVisible(bool(years))
        for button in (self.closing, self.export, self.print_):
            button.setEnabled(bool(years))
        if years:
            if self.year.current() not in [str(y) for y in years]:
                self.year.set_current(str(years[0]))
            self._compute()

    def panes(self) -> Sequence[QWidget]:
        return [self.nothing.buttons[0]] if self.stack.currentIndex() else [self.measures, self.schools, self.year]

    def keys(self) -> Sequence[tuple[str, str]]:
        return (("Ctrl+I", _("这所学校的数从哪一包来")),)

    def status(self) -> Sequence[str]:
        if self._found is None:
            return []
        one = self._current_level()
        if one is None:
            return []
        missing = {(m.name, m.input) for i in one.indicators for m in i.missing}
        words = _("缺数 <b>{n}</b> 处 · 未计入 {m} 所").format(n=len(missing), m=len(one.left_out))
        how = _("差异系数＝以学生数加权的标准差 ÷ 县值；县值＝全县总量 ÷ 全县学生")
        return [words, how, _("每个数可追到学校的数据包：选中学校按 Ctrl+I")]

    # ---- what is shown

    def _compute(self) -> None:
        year, rules = int(self.year.current() or 0), self.rules.current()
        if not year or not rules:
            return

        def look(ws: Any) -> Any:
            before = ws.county.indicators(year - 1, rules) if year - 1 in ws.county.years() else None
            return ws.county.indicators(year, rules), before

        quietly(self, look, self._computed)

    def _computed(self, answer: Any) -> None:
        self._found, self._before = answer
        shown = [str(level) for level, one in self._found.result.levels.items() if one.schools or one.left_out]
        for level, chip in self.levels.items():
            chip.setVisible(level in shown)
        if self._level not in shown:
            self._level = shown[0] if shown else ""
        self._show()

    def _current_level(self) -> Any:
        levels = self._found.result.levels if self._found is not None else {}
        return next((one for level, one in levels.items() if str(level) == self._level), None)

    def _choose_level(self, level: str) -> None:
        self._level = level
        self._show()

    def _choose_view(self, view: str) -> None:
        self._view = view
        self._show_measure()

    def _show(self) -> None:
        for level, chip in self.levels.items():
            chip.setChecked(level == self._level)
        one = self._current_level()
        if one is None:
            return
        result = self._found.result
        before = None
        if self._before is not None:
            before = next((b for k, b in self._before.result.levels.items() if str(k) == self._level), None)
        lines = measure_lines(one, before, result.rules)
        self.measures.show_lines(lines)
        self.measures.hide_column(CHANGE, before is None)
        self.measures.fit_height(len(lines), closed=True)
        frozen = self._found.closing
        state = _("已结账（第 {n} 次）").format(n=frozen.n) if frozen else _("未结账")
        said = _("{rules} · {year} 统计年度 · {level} {n} 所 · {state}")
        self.title_row.set_subtitle(
            said.format(
                rules=_(result.rules.title), year=result.year, level=_(LEVELS[self._level]), n=one.schools, state=state
            )
        )
        self._show_verdict(one, result.rules)
        self._show_measure()
        self.status_changed.emit()

    def _show_verdict(self, one: Any, rules: Any) -> None:
        """A word only when everything it rests on is confirmed with its source."""
        if rules.unconfirmed:
            self.verdict.show_state(
                Shape.DUE, _("口径有 {n} 条没确认，只列数字").format(n=len(rules.unconfirmed)), Tone.NEUTRAL
            )
            return
        if rules.composite:
            within = one.composite_within
        else:
            marks = [i.within for i in one.indicators]
            within = None if None in marks else all(marks)
        if within is None:
            self.verdict.show_state(Shape.DOUBT, _("有缺数，不下结论"))
        else:
            words = _("差异系数都在限值以内") if within else _("差异系数超过限值")
            self.verdict.show_state(Shape.OK if within else Shape.ERROR, words)

    def _measure(self) -> Any:
        one, key = self._current_level(), self.measures.current_key()
        return next((i for i in one.indicators if i.indicator.id == key), None) if one is not None else None

    def _show_measure(self) -> None:
        for view, chip in self.views.items():
            chip.setChecked(view == self._view)
        self.below_stack.setCurrentWidget(self.below[self._view])
        if self._found is None:
            return
        found = self._measure()
        differs = sum(b.differs for b in self._found.beside)
        self.views["beside"].set_count(_("{n} 处不一致").format(n=differs) if differs else "")
        if self._view == "beside":
            self.below["beside"].show_lines(beside_lines(self._found.beside, self._inputs))
        elif self._view == "notes":
            self.below["notes"].show_lines(note_lines(self._found, self._current_level(), self._inputs))
        if found is None:
            self.pane.show_head("")
            self.schools.show_lines([])
            self.below["help"].show_lines([])
            return
        columns, lines, share = school_lines(found, self._inputs)
        self.schools.show_lines(lines, columns)
        self.pane.show_head(_(found.indicator.label), share)
        steps = self.context.workspace.county.what_if(self._found, found.level, found.indicator.id)
        columns, lines = step_lines(found, steps)
        self.below["help"].show_lines(lines, columns)

    # ---- acts

    def tell_origin(self) -> None:
        """Say which bundle the figures of the chosen school came in, and offer the record itself."""
        school, found = self.schools.current_key(), self._measure()
        if not school or found is None or self._found is None:
            return
        year = int(self._found.result.year)
        quietly(
            self,
            lambda ws: ws.county.origin(school, year, found.level),
            lambda came: self._say_origin(school, year, came),
        )

    def _say_origin(self, school: str, year: int, came: Any) -> None:
        self.bars.clear()
        found = self._measure()
        name = next((v.name for v in found.values if v.school == school), "") if found is not None else ""
        if came is None:
            self.say(_("{name}没有报来 {year} 统计年度的均衡数据。").format(name=name, year=year), Tone.AMBER)
            return
        words = _("{name} {year} 统计年度的数来自第 {n} 包，{day} 收到，摘要 {digest}。")
        digest = " ".join(came.digest[i : i + 4] for i in range(0, 16, 4))
        said = words.format(name=escape(name), year=year, n=came.number, day=came.intake, digest=digest)
        look = Target(extra="school_year", row=came.row, school=school)
        frozen = _("已结账，用的是结账时的数。") if self._found.closing else ""
        go = (_("看这条记录"), lambda: self.context.frame.go("county_people", look))
        self.say(f"{said}{frozen}", Tone.ACCENT, [go])

    def _close_year(self) -> None:
        self.context.frame.go("county_year", Target(extra=self.year.current()))

    def _export(self) -> None:
        self._write(_("指标写到哪个表格"), ".xlsx", "*.xlsx *.csv")

    def _print(self) -> None:
        self._write(_("差异系数表写到哪里"), ".pdf", "*.pdf")

    def _write(self, title: str, ending: str, filters: str) -> None:
        year, rules = self.year.current(), self.rules.current()
        if not year:
            return
        name = _("{county}-{year}-差异系数表").format(county=self.context.workspace.title, year=year) + ending
        path = self.context.messages.save_file(title, name, filters)
        if not path:
            return

        def done(found: Any) -> None:
            self.say(_("写好了：{path}").format(path=found.file), Tone.GREEN)

        work(
            self, _("正在写差异系数表"), lambda ws, *_a: ws.county.write_indicators(int(year), rules, Path(path)), done
        )
