"""目录与口径: the catalogues that travel in the kit, and what the county confirms about the indicators, each with its source."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from eduplan_desktop.i18n import N_, _
from eduplan_desktop.registers.text import fold, search_text
from ui.screen import Context, Screen, Target
from ui.screens.county_parts import Ask, AskForm, Facts, SidePane, beside, work
from ui.theme import Size, Tone
from ui.widgets.buttons import Button, Chip, Weight
from ui.widgets.fields import SearchField
from ui.widgets.grid import Cell, Column, Grid, Line
from ui.widgets.labels import Label
from ui.widgets.pickers import Option
from ui.widgets.rows import FilterRow
from ui.widgets.shapes import Shape

CATALOGS: Final = (
    Column("目录", 180, stretch=True),
    Column("条数", 72, right=True),
    Column("体系", 130),
    Column("版本", 80),
    Column("来源", 200, stretch=True),
)
POLICIES: Final = (
    Column("状态", 104),
    Column("规则", 88),
    Column("要定的口径", 220, stretch=True),
    Column("采用的值", 150),
    Column("依据", 150, stretch=True),
)
RULES: Final = {"2017": N_("优质均衡"), "2012": N_("基本均衡")}
SHEETS: Final = "*.xlsx *.xls *.ods *.csv *.txt"
MODES: Final = (("replace", N_("整个换掉")), ("extend", N_("补充，原有的留着")))


class CatalogsScreen(Screen):
    """Two views of one page; both go out with the next kit."""

    def __init__(self, context: Context) -> None:
        super().__init__(context, _("目录与口径"))
        self.import_ = Button(_("导入这个目录…"), self._import, weight=Weight.PRIMARY, icon="import", key="Ctrl+N")
        self.kit = Button(_("写县配置包"), lambda: context.frame.go("county_kit"), icon="usb")
        self.whole = Button(
            _("一页确认一套规则…"),
            lambda: context.frame.go("county_policy", Target(extra=self._rules())),
            weight=Weight.PRIMARY,
        )
        self.title_row.add(self.kit, self.whole)
        if not context.workspace.read_only:
            self.title_row.add(self.import_)
        self.catalogs = Grid(CATALOGS, selects=True, dense=False)
        self.catalogs.setAccessibleName(_("目录"))
        self.catalogs.selectionModel().currentRowChanged.connect(lambda *_i: self._show_catalog())
        self.policies = Grid(POLICIES, selects=True, dense=False)
        self.policies.setAccessibleName(_("口径"))
        self.policies.selectionModel().currentRowChanged.connect(lambda *_i: self._show_policy())
        self.policies.opened.connect(lambda _row: self.policy_form.field("value").setFocus())
        self._view = "catalog"
        self._decisions: dict[str, Any] = {}
        self._path: Path | None = None
        self._build()

    def _build(self) -> None:
        filters = FilterRow()
        self.views = {"catalog": Chip(_("目录")), "policy": Chip(_("口径"))}
        for view, chip in self.views.items():
            chip.clicked.connect(lambda _on=False, v=view: self.choose(v))
            filters.add_left(chip)
        self.search = SearchField(_("目录名称、拼音首字母"), "Ctrl+F")
        self.search.textChanged.connect(lambda _text: self._show())
        filters.add_right(self.search)
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self.stack = QStackedWidget()
        self.stack.addWidget(self.catalogs)
        self.stack.addWidget(self.policies)
        column.addWidget(filters)
        column.addWidget(self.stack, 1)
        self.pane = SidePane()
        self._build_pane()
        self.column.addWidget(beside(left, self.pane, 380), 1)

    def _build_pane(self) -> None:
        ws = self.context.workspace
        self.facts = Facts()
        self.entries = Grid((Column("代码", 104), Column("名称", 160, stretch=True)))
        self.import_form = AskForm(
            [
                Ask("mode", _("怎么导入"), "choice", options=[Option(k, _(v)) for k, v in MODES], initial="replace"),
                Ask("scheme", _("体系"), help=_("例如 GB/T 14885；不同体系的代码不会混用。")),
                Ask("version", _("版本"), help=_("例如 2022；同一体系不同版本的代码不会混用。")),
                Ask("source", _("来源"), help=_("文件名称和文号。")),
            ],
            ws.today,
        )
        self.found = Label("", wrap=True)
        self.found.setTextFormat(Qt.TextFormat.PlainText)
        self.policy_said = Label("", wrap=True)
        self.policy_form = AskForm(
            [
                Ask("value", _("采用的值"), required=True),
                Ask("source", _("依据"), required=True, help=_("文件名称和文号；没有依据不能确认，也就不下结论。")),
            ],
            ws.today,
        )
        self.policy_form.submitted.connect(self._confirm)
        for widget in (self.facts, self.import_form, self.found, self.entries, self.policy_said, self.policy_form):
            self.pane.body.addWidget(widget)
        note = _("有依据的才算确认。一套规则里还有没确认的，指标只列数字，不写达标不达标。")
        self.note = Label(note, "ink2", Size.SMALL, wrap=True)
        self.pane.body.addWidget(self.note)
        self.pane.body.addStretch(1)
        self.take = Button(_("导入"), self._take, weight=Weight.ACCENT, key="Ctrl+Return")
        self.leave = Button(_("不导入了"), self._leave)
        self.confirm = Button(_("确认这条口径"), self._confirm, weight=Weight.ACCENT, key="Ctrl+Return")
        self.pane.add_foot(self.take, self.confirm, self.leave)

    # ---- the frame's questions

    def enter(self, target: Target | None) -> None:
        self.choose(target.extra if target is not None and target.extra in self.views else self._view)

    def refresh(self, changes: Any) -> None:
        self._show()

    def panes(self) -> Sequence[QWidget]:
        table = self.catalogs if self._view == "catalog" else self.policies
        field = self.import_form.field("mode") if self._view == "catalog" else self.policy_form.field("value")
        return [table, self.search, field]

    def status(self) -> Sequence[str]:
        open_ = sum(not self._confirmed(key) for key in self._decisions)
        return [
            _("口径 {n} 条，没确认 <b>{m}</b> 条；改了以后要再发一份县配置包").format(n=len(self._decisions), m=open_)
        ]

    # ---- what is shown

    def choose(self, view: str) -> None:
        """Catalogues or policies."""
        self._view, self._path = view, None
        for name, chip in self.views.items():
            chip.setChecked(name == view)
        self.stack.setCurrentWidget(self.catalogs if view == "catalog" else self.policies)
        self.import_.setVisible(view == "catalog" and not self.context.workspace.read_only)
        self.whole.setVisible(view == "policy")
        self._show()

    def _rules(self) -> str:
        """The rule set of the line looked at."""
        rules, _decision = self._decisions.get(self.policies.current_key(), ("2017", None))
        return str(rules)

    def _confirmed(self, key: str) -> bool:
        return bool(self.context.workspace.county.policy().get(key, {}).get("source"))

    def _show(self) -> None:
        ws = self.context.workspace
        wanted = fold(self.search.text())
        known = ws.catalogs
        tables = [(name, known.table(name)) for name in known.names()]
        self.catalogs.show_lines(
            [
                _catalog_line(name, c)
                for name, c in tables
                if not wanted or wanted in search_text((c.label, name, c.scheme))
            ]
        )
        self._decisions = {d.key: (rules, d) for rules in RULES for d in ws.county.decisions(rules)}
        policy = ws.county.policy()
        lines = [_policy_line(rules, d, policy.get(key)) for key, (rules, d) in self._decisions.items()]
        self.policies.show_lines([line for line in lines if not wanted or wanted in search_text((line.cells[2].text,))])
        self.views["catalog"].set_count(len(tables))
        self.views["policy"].set_count(len(self._decisions))
        self.title_row.set_subtitle(_("随县配置包发给学校；每一条都带着来源"))
        if self._view == "catalog":
            self._show_catalog()
        else:
            self._show_policy()
        self.status_changed.emit()

    def _show_parts(self, *shown: QWidget) -> None:
        every = (self.facts, self.import_form, self.found, self.entries, self.policy_said, self.policy_form, self.note)
        for widget in (*every, self.take, self.leave, self.confirm):
            widget.setVisible(widget in shown)
        writable = not self.context.workspace.read_only
        self.pane.foot.setVisible(writable and any(b in shown for b in (self.take, self.confirm)))

    def _show_catalog(self) -> None:
        key = self.catalogs.current_key()
        if self._view != "catalog" or not key:
            return
        catalog = self.context.workspace.catalogs.table(key)
        if self._path is not None:
            self._show_parts(self.import_form, self.found, self.take, self.leave)
            return
        self.pane.show_head(_(catalog.label))
        self.facts.show_facts(
            [(_("体系"), catalog.scheme), (_("版本"), catalog.version), (_("来源"), catalog.source), (_("名称"), key)]
        )
        self.entries.show_lines([Line((Cell(e.code, "ink2"), Cell(_(e.label)))) for e in catalog.entries[:200]])
        self.entries.fit_height(12, closed=True)
        self._show_parts(self.facts, self.entries)

    def _show_policy(self) -> None:
        key = self.policies.current_key()
        if self._view != "policy" or key not in self._decisions:
            return
        rules, decision = self._decisions[key]
        kept = self.context.workspace.county.policy().get(key, {})
        self.pane.show_head(_(decision.label), _(RULES[rules]))
        self.policy_said.setText(
            _("写法：{form}\n随程序的值：{default}").format(form=_(decision.form), default=decision.default)
        )
        self.policy_form.show_values(
            {"value": str(kept.get("value", decision.default)), "source": str(kept.get("source", ""))}
        )
        self._show_parts(self.policy_said, self.policy_form, self.note, self.confirm)

    # ---- acts

    def _confirm(self) -> None:
        key, said = self.policies.current_key(), self.policy_form.values()
        desk = self.context.workspace.county
        if self.policy_form.tried(lambda: desk.set_policy(key, said["value"], said["source"])):
            row = self.policies.currentIndex().row()
            self.context.changes.publish(None)
            label = _(self._decisions[key][1].label)
            self.say(_("已确认“{label}”。").format(label=label), Tone.GREEN)
            self.policies.setCurrentIndex(self.policies.lines.index(min(row + 1, len(self._decisions) - 1), 0))
            self.policies.setFocus()

    def _import(self) -> None:
        key = self.catalogs.current_key()
        if self._view != "catalog" or not key:
            return
        path = self.context.messages.open_file(_("选择目录表格"), SHEETS)
        if not path:
            return
        self._path = Path(path)
        catalog = self.context.workspace.catalogs.table(key)
        self.import_form.show_values(
            {"mode": "replace", "scheme": catalog.scheme, "version": "", "source": self._path.name}
        )
        self._rehearse(key)

    def _mapping(self) -> dict[str, Any]:
        said = self.import_form.values()
        return {k: v for k, v in said.items() if v}

    def _rehearse(self, key: str) -> None:
        path, mapping = self._path, self._mapping()
        work(
            self,
            _("正在试读目录"),
            lambda ws, *_a: ws.county.import_catalog(key, path, mapping, dry_run=True),
            self._rehearsed,
            failed=self._failed,
        )

    def _failed(self, fault: Any) -> None:
        self._leave()
        self.say(f"{fault.message} {fault.advice}".strip(), Tone.RED)

    def _rehearsed(self, report: Any) -> None:
        if self._path is None:
            return
        self.pane.show_head(_("导入 {name}").format(name=self._path.name))
        words = _("读入 {r} 行 = 目录 {e} 条 + 拒收 {n} 行 + 空行或合计 {s} 行。")
        said = words.format(r=report.read, e=report.entries, n=report.refused, s=report.skipped)
        self.found.setText("\n".join([said, *report.reasons[:8]]))
        self.take.set_text(_("导入 {n} 条").format(n=report.entries))
        self.take.setEnabled(report.entries > 0)
        self._show_parts(self.import_form, self.found, self.take, self.leave)
        self.import_form.field("version").setFocus()

    def _take(self) -> None:
        key, path, mapping = self.catalogs.current_key(), self._path, self._mapping()
        if path is None:
            return

        def done(report: Any) -> None:
            self._path = None
            self.context.changes.publish(None)
            words = _("导入了 {n} 条，拒收 {m} 行。发新的县配置包，学校才用得上。")
            said = words.format(n=report.entries, m=report.refused)
            self.say(said, Tone.GREEN, [(_("写县配置包"), lambda: self.context.frame.go("county_kit"))])

        act = lambda ws, *_a: ws.county.import_catalog(key, path, mapping)  # noqa: E731 (handed on, not named for use)
        work(self, _("正在导入目录"), act, done)

    def _leave(self) -> None:
        self._path = None
        self._show_catalog()


def _catalog_line(name: str, catalog: Any) -> Line:
    cells = (
        Cell(_(catalog.label)),
        Cell(f"{len(catalog.entries):,}"),
        Cell(catalog.scheme, "ink2"),
        Cell(catalog.version, "ink2"),
        Cell(catalog.source, "ink2", small=True),
    )
    return Line(cells, key=name)


def _policy_line(rules: str, decision: Any, kept: dict[str, str] | None) -> Line:
    good = bool(kept and kept.get("source"))
    value = str(kept["value"]) if kept else decision.default
    cells = (
        Cell(_("已确认"), "green", Shape.OK) if good else Cell(_("没确认"), "ink2", Shape.RING),
        Cell(_(RULES[rules]), "ink2"),
        Cell(_(decision.label)),
        Cell(value, "ink" if good else "ink2", tip=value),
        Cell(kept.get("source", "") if kept else "", "ink2"),
    )
    return Line(cells, Tone.GREEN if good else None, key=decision.key)
