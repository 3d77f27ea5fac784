"""确认口径: every decision of one rule set on one page, what they rest on written once, confirmed in one act."""

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from eduplan_desktop.errors import EduPlanError
from eduplan_desktop.i18n import N_, _
from ui import theme
from ui.screen import Context, Screen, Target
from ui.screens.county_parts import attempt
from ui.theme import Size, Tone
from ui.widgets.buttons import Button, Chip, Weight
from ui.widgets.cards import Card
from ui.widgets.fields import LineField
from ui.widgets.labels import Label
from ui.widgets.rows import FilterRow

RULES: Final = {"2017": N_("优质均衡 2017，7 项"), "2012": N_("基本均衡 2012，8 项")}
SHEETS: Final = "*.xlsx *.xls *.ods *.csv *.txt"


class PolicyScreen(Screen):
    """Values come filled in with what is in force; nothing is confirmed until the button is pressed with a source."""

    def __init__(self, context: Context) -> None:
        super().__init__(context, _("确认口径"))
        self.back = Button(_("回到目录与口径"), lambda: context.frame.go("county_catalogs", Target(extra="policy")))
        self.sheet = Button(_("写成表格…"), self._write, icon="export")
        self.read = Button(_("读入表格…"), self._read, icon="import")
        self.confirm = Button("", self._confirm, weight=Weight.PRIMARY, key="Ctrl+Return")
        self.title_row.add(self.back, self.sheet)
        if not context.workspace.read_only:
            self.title_row.add(self.read, self.confirm)
        self._rules, self._typed = "2017", False
        self._decisions: list[Any] = []
        self.fields: dict[str, tuple[LineField, LineField]] = {}
        self._build()

    def _build(self) -> None:
        filters = FilterRow()
        self.chips = {rules: Chip(_(words)) for rules, words in RULES.items()}
        for rules, chip in self.chips.items():
            chip.clicked.connect(lambda _on=False, r=rules: self.choose(r))
            filters.add_left(chip)
        self.column.addWidget(filters)
        around = QWidget()
        column = QVBoxLayout(around)
        column.setContentsMargins(theme.MARGIN, theme.MARGIN, theme.MARGIN, theme.MARGIN)
        column.setSpacing(theme.MARGIN)
        source = Card(_("依据"), _("各条相同的，在这里写一次"))
        self.common = LineField()
        self.common.setAccessibleName(_("依据"))
        self.common.setPlaceholderText(_("文件名称和文号"))
        self.common.setReadOnly(self.context.workspace.read_only)
        self.common.textEdited.connect(self._touched)
        self.common.returnPressed.connect(lambda: self.panes()[1].setFocus())
        source.body.addWidget(self.common)
        column.addWidget(source)
        self.card = Card(_("各条口径"), _("核对采用的值；某一条另有依据的，写在它后面"))
        self.rows = QGridLayout()
        self.rows.setHorizontalSpacing(theme.MARGIN)
        self.rows.setVerticalSpacing(theme.GRID)
        for place, stretch in enumerate((9, 10, 7)):
            self.rows.setColumnStretch(place, stretch)
        self.card.body.addLayout(self.rows)
        self.fault = Label("", "red", wrap=True)
        self.fault.setTextFormat(Qt.TextFormat.PlainText)
        self.card.body.addWidget(self.fault)
        column.addWidget(self.card)
        note = _("有依据的才算确认。一套规则全部确认以后，指标才写达标不达标，并印出这里写的依据。")
        column.addWidget(Label(note, "ink2", Size.SMALL, wrap=True))
        column.addStretch(1)
        scrolled = QScrollArea()
        scrolled.setFrameShape(QScrollArea.Shape.NoFrame)
        scrolled.setWidgetResizable(True)
        scrolled.setWidget(around)
        line = QHBoxLayout()
        line.addWidget(scrolled)
        self.column.addLayout(line, 1)

    # ---- the frame's questions

    def enter(self, target: Target | None) -> None:
        self.context.frame.mark("county_catalogs")
        rules = target.extra if target is not None and target.extra in RULES else self._rules
        if not self._typed or rules != self._rules:
            self.choose(rules)

    def refresh(self, changes: Any) -> None:
        if not self._typed:
            self.choose(self._rules)

    def panes(self) -> Sequence[QWidget]:
        return [self.common, *(value for value, _source in self.fields.values())]

    def keys(self) -> Sequence[tuple[str, str]]:
        return (("Enter", _("到下一格")),)

    def status(self) -> Sequence[str]:
        policy = self.context.workspace.county.policy()
        lacking = sum(not policy.get(d.key, {}).get("source") for d in self._decisions)
        return [_("这一套 {n} 条，没确认 <b>{m}</b> 条").format(n=len(self._decisions), m=lacking)]

    # ---- what is shown

    def choose(self, rules: str) -> None:
        """Show one rule set, as it stands."""
        self._rules, self._typed = rules, False
        for name, chip in self.chips.items():
            chip.setChecked(name == rules)
        self._decisions = self.context.workspace.county.decisions(rules)
        self._clear()
        policy = self.context.workspace.county.policy()
        sources = [policy.get(d.key, {}).get("source", "") for d in self._decisions]
        self.common.setText(max(sources, key=sources.count) if all(sources) else "")
        for place, words in enumerate((_("要定的口径"), _("采用的值"), _("另有依据"))):
            self.rows.addWidget(Label(words, "ink2", Size.SMALL), 0, place)
        for n, (decision, source) in enumerate(zip(self._decisions, sources, strict=True), 1):
            kept = policy.get(decision.key, {})
            self._add(n, decision, kept.get("value", decision.default), source)
        self.confirm.set_text(_("确认这 {n} 条").format(n=len(self._decisions)))
        self._walk()
        self.title_row.set_subtitle(_("一页看全，一次确认；随县配置包发给学校"))
        self.status_changed.emit()

    def _clear(self) -> None:
        self.fields = {}
        self.fault.hide()
        while self.rows.count():
            item = self.rows.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.deleteLater()

    def _add(self, row: int, decision: Any, value: str, source: str) -> None:
        what = QWidget()
        column = QVBoxLayout(what)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(Label(_(decision.label), wrap=True))
        told = _("{form}；随程序的值 {default}").format(form=_(decision.form), default=decision.default)
        column.addWidget(Label(told, "ink2", Size.SMALL, wrap=True))
        used, own = LineField(value), LineField("" if source == self.common.text() else source)
        own.setPlaceholderText(_("同上面的依据"))
        for place, (field, name) in enumerate(((used, _("采用的值")), (own, _("另有依据"))), 1):
            field.setAccessibleName(f"{_(decision.label)} {name}")
            field.textEdited.connect(self._touched)
            field.setCursorPosition(0)
            field.setReadOnly(self.context.workspace.read_only)
            self.rows.addWidget(field, row, place, Qt.AlignmentFlag.AlignTop)
        self.rows.addWidget(what, row, 0)
        self.fields[decision.key] = (used, own)

    def _touched(self) -> None:
        """What is half typed stays while something else is written."""
        self._typed = True

    def _walk(self) -> None:
        """Enter goes down the values, and ends at the button's own key."""
        line = [value for value, _own in self.fields.values()]
        for here, after in pairwise(line):
            here.returnPressed.connect(after.setFocus)

    # ---- acts

    def _confirm(self) -> None:
        common = self.common.text().strip()
        said = {k: (value.text(), own.text().strip() or common) for k, (value, own) in self.fields.items()}
        if not all(source for _value, source in said.values()):
            self._say(_("请先写依据：文件名称和文号。没有依据不能确认，也就不下结论。"))
            self.common.setFocus()
            return
        county = self.context.workspace.county
        try:
            count = county.confirm_rules(self._rules, said)
        except EduPlanError as fault:
            self._say(f"{fault.message} {fault.advice}".strip())
            return
        self._typed = False
        self.context.changes.publish(None)
        words = _("确认了 {n} 条口径。指标可以下结论了；发新的县配置包，学校才看得到。").format(n=count)
        acts = [
            (_("看均衡指标"), lambda: self.context.frame.go("county_indicators")),
            (_("写县配置包"), lambda: self.context.frame.go("county_kit")),
        ]
        self.say(words, Tone.GREEN, acts)

    def _say(self, fault: str) -> None:
        self.fault.setText(fault)
        self.fault.show()

    def _write(self) -> None:
        path = self.context.messages.save_file(_("口径写到哪个表格"), _("口径") + ".xlsx", "*.xlsx *.csv")
        if path:
            county = self.context.workspace.county
            if attempt(self, lambda: county.write_list("policy", Path(path)), _("没有写成")) is not None:
                self.say(_("写好了：{path}。填上采用的值和依据，再读入。").format(path=path), Tone.GREEN)

    def _read(self) -> None:
        path = self.context.messages.open_file(_("选择口径表格"), SHEETS)
        if path:
            county = self.context.workspace.county
            self._typed = False
            done = attempt(self, lambda: county.import_list("policy", Path(path)), _("没有读入"))
            if done is not None:
                reasons = " ".join(x["reason"] for x in done["refused"][:3])
                self.say(f"{done['sentence']} {reasons}".strip(), Tone.AMBER if done["refused"] else Tone.GREEN)
