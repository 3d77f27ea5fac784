"""学校与密钥: the county's list of schools, each with its state and its keys. Entries are never deleted, they end."""

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from eduplan_desktop.i18n import N_, _
from eduplan_desktop.registers.text import fold, search_text
from ui import theme
from ui.messages import Answer
from ui.screen import Context, Screen, Target
from ui.screens.county_parts import Ask, AskForm, Facts, SidePane, beside, row_of, with_keys, work
from ui.theme import Tone
from ui.widgets.buttons import Button, Chip, Weight
from ui.widgets.cards import EmptyState
from ui.widgets.fields import SearchField
from ui.widgets.grid import Cell, Column, Grid, Line
from ui.widgets.pickers import Option
from ui.widgets.rows import FilterRow, SectionHeader
from ui.widgets.shapes import Shape

COLUMNS: Final = (
    Column("状态", 112),
    Column("学校", 200, stretch=True, middle=True),
    Column("办学类型", 120),
    Column("乡镇", 128),
    Column("标识码", 104),
    Column("密钥", 88, right=True),
)
TRUSTED, WAITING, CLOSED = "trusted", "waiting", "closed"
STATES: Final = {
    TRUSTED: (Shape.OK, N_("已入网")),
    WAITING: (Shape.RING, N_("未入网")),
    CLOSED: (Shape.EXEMPT, N_("已停办")),
}
SHEETS: Final = "*.xlsx *.xls *.ods *.csv *.txt"


def _head(state: str) -> Cell:
    shape, words = STATES[state]
    trusted = state == TRUSTED
    return Cell(_(words), "green" if trusted else "ink2", shape, Tone.GREEN if trusted else None)


class RosterScreen(Screen):
    """The list at the left; at the right the school chosen, or the form of a new one."""

    def __init__(self, context: Context) -> None:
        super().__init__(context, _("学校与密钥"))
        self.import_ = Button(_("导入名单…"), self._import, icon="import")
        self.enrol = Button(_("核准入网…"), lambda: context.frame.go("county_enrol"), icon="key")
        self.add = Button(_("加入学校"), self._new, weight=Weight.PRIMARY, icon="plus", key="Ctrl+N")
        self.title_row.add(self.import_, self.enrol)
        if not context.workspace.read_only:
            self.title_row.add(self.add)
        self.grid = Grid(COLUMNS, selects=True, dense=False)
        self.grid.setAccessibleName(_("学校名单"))
        self.grid.opened.connect(lambda _row: self._change())
        self.grid.selectionModel().currentRowChanged.connect(lambda *_i: self._row_chosen())
        self._schools: dict[str, Any] = {}
        self._keys: dict[str, list[Any]] = {}
        self._state, self._editing, self._filling = "", "look", False
        self._build()

    def _build(self) -> None:
        filters = FilterRow()
        self.search = SearchField(_("学校、拼音首字母、标识码"), "Ctrl+F")
        self.search.setMinimumWidth(theme.px(240))
        self.search.textChanged.connect(lambda _text: self._show_lines())
        filters.add_left(self.search)
        self.chips = {state: Chip(_(words), shape) for state, (shape, words) in STATES.items()}
        for state, chip in self.chips.items():
            chip.toggled.connect(lambda on, s=state: self._filter(s, on))
            filters.add_right(chip)
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self.empty = EmptyState(
            _("这里是全县的学校名单。一所一所加入，或者从现有的名单表格导入；学校凭名单里的一条入网。"),
            [(_("加入第一所学校"), self._new), (_("导入名单…"), self._import)],
            icon="school",
        )
        self.stack = QStackedWidget()
        self.stack.addWidget(self.grid)
        self.stack.addWidget(self.empty)
        column.addWidget(filters)
        column.addWidget(self.stack, 1)
        self.pane = SidePane()
        self._build_pane()
        self.column.addWidget(beside(left, self.pane), 1)

    def _build_pane(self) -> None:
        self.facts = Facts()
        self.keys_grid = Grid((Column("指纹", 170, stretch=True), Column("状态", 116)))
        self.look = QWidget()
        column = QVBoxLayout(self.look)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.facts)
        column.addWidget(SectionHeader(_("密钥")))
        column.addWidget(self.keys_grid)
        self.retire = Button(_("停用密钥…"), lambda: self._end_key("retire"), compact=True)
        self.revoke = Button(_("撤销密钥…"), lambda: self._end_key("revoke"), compact=True)
        self.key_acts = row_of(self.retire, self.revoke)
        column.addWidget(self.key_acts)
        column.addStretch(1)
        ws = self.context.workspace
        self.form = AskForm(self._asks(), ws.today)
        self.form.submitted.connect(self._save)
        self.closing = AskForm(
            [
                Ask("last", _("最后一天"), "date", required=True, help=_("停办或撤并那天，例如 2026-08-31。")),
                Ask("successor", _("并入学校"), "choice", help=_("撤并到哪一所；停办没有去向时留空。")),
                Ask("remark", _("备注")),
            ],
            ws.today,
        )
        self.closing.submitted.connect(self._close)
        for widget in (self.look, self.form, self.closing):
            self.pane.body.addWidget(widget)
        self.pane.body.addStretch(1)
        self.save = Button(_("保存学校"), self._save, weight=Weight.ACCENT, key="Ctrl+Return")
        self.confirm = Button(_("停办这所学校"), self._close, weight=Weight.ACCENT)
        self.change = Button(_("修改"), self._change, icon="edit")
        self.end = Button(_("停办或撤并…"), self._ask_close)
        self.back = Button(_("不改了"), self._row_chosen, key="Esc")
        self.pane.add_foot(self.save, self.confirm, self.change, self.end, self.back)
        self._mode("look")

    def _asks(self) -> list[Ask]:
        catalogs = self.context.workspace.catalogs

        def options(name: str) -> list[Option]:
            return [Option(e.code, e.label) for e in catalogs.table(name).live]

        return [
            Ask("name", _("学校名称"), required=True, help=_("与公章一致的全称。改名时旧名自动留作曾用名。")),
            Ask("code", _("标识码"), help=_("10 位；教学点没有自己的标识码时留空。")),
            Ask("kind", _("办学类型"), "choice", options=options("school_type")),
            Ask("urban", _("城乡类型"), "choice", options=options("area_type")),
            Ask("township", _("乡镇")),
            Ask("valid_from", _("建校日期"), "date", help=_("只知道年份就只写年份。")),
            Ask("remark", _("备注")),
        ]

    # ---- the frame's questions

    def enter(self, target: Target | None) -> None:
        self.refresh(None)
        if target is not None and target.school:
            self._go_to(target.school)

    def refresh(self, changes: Any) -> None:
        desk = self.context.workspace.county
        self._schools = {e.uid: e for e in desk.roster()}
        known = desk.keys()
        self._keys = {uid: known.get(uid, []) for uid in self._schools}
        self._show_lines()

    def panes(self) -> Sequence[QWidget]:
        if not self._schools:
            return [self.empty.buttons[0]]
        return [self.grid, self.search, self.form.field("name") if self.form.isVisible() else self.change]

    def keys(self) -> Sequence[tuple[str, str]]:
        return (("↑ / ↓", _("选择学校")), ("Enter", _("修改选中的学校；在表单里到下一项")))

    def status(self) -> Sequence[str]:
        counts = {s: sum(self._state_of(u) == s for u in self._schools) for s in STATES}
        words = _("{n} 所，已入网 <b>{a}</b>，未入网 {b}，已停办 {c}")
        return [words.format(n=len(self._schools), a=counts[TRUSTED], b=counts[WAITING], c=counts[CLOSED])]

    # ---- what is shown

    def _state_of(self, uid: str) -> str:
        entry = self._schools[uid]
        if entry.valid_to and entry.valid_to < self.context.workspace.today():
            return CLOSED
        good = any(k.retired_from is None and k.revoked_from is None for k in self._keys[uid])
        return TRUSTED if good else WAITING

    def _show_lines(self) -> None:
        label = self.context.workspace.catalogs.label
        wanted, kept = fold(self.search.text()), self.grid.current_key()
        states = {uid: self._state_of(uid) for uid in self._schools}
        kinds = {
            k: Cell(label("school_type", k) if k else "", "ink2") for k in {e.kind for e in self._schools.values()}
        }
        heads = {state: _head(state) for state in STATES}
        lines = []
        for uid, e in self._schools.items():
            state = states[uid]
            if (self._state and state != self._state) or (
                wanted and wanted not in search_text((e.name, e.code, e.aliases))
            ):
                continue
            count = len(self._keys[uid])
            cells = (
                heads[state],
                Cell(e.name, tip=e.aliases),
                kinds[e.kind],
                Cell(e.township, "ink2"),
                Cell(e.code, "ink2"),
                Cell(str(count) if count else ""),
            )
            lines.append(Line(cells, Tone.GREEN if state == TRUSTED else None, key=uid))
        self._filling = True
        self.grid.show_lines(lines)
        self._go_to(kept)
        self._filling = False
        self.stack.setCurrentWidget(self.grid if self._schools else self.empty)
        for state, chip in self.chips.items():
            chip.set_count(sum(s == state for s in states.values()))
        self.title_row.set_subtitle(
            _("{county} · {n} 所学校").format(county=self.context.workspace.title, n=len(self._schools))
        )
        if self._editing == "look":
            self._show_school()
        self.status_changed.emit()

    def _filter(self, state: str, on: bool) -> None:
        self._state = state if on else ""
        for other, chip in self.chips.items():
            if on and other != state:
                chip.blockSignals(True)
                chip.setChecked(False)
                chip.blockSignals(False)
        self._show_lines()

    def _go_to(self, uid: str) -> None:
        keys = [line.key for line in self.grid.lines.lines]
        if uid in keys:
            self.grid.setCurrentIndex(self.grid.lines.index(keys.index(uid), 0))

    def _row_chosen(self) -> None:
        if not self._filling:
            self._mode("look")
            self._show_school()

    def _show_school(self) -> None:
        uid = self.grid.current_key()
        entry = self._schools.get(uid)
        self.pane.scrolled.setVisible(entry is not None)
        self.pane.foot.setVisible(entry is not None and not self.context.workspace.read_only)
        if entry is None:
            self.pane.show_head("")
            return
        shape, words = STATES[self._state_of(uid)]
        self.pane.show_head(entry.name, "", (shape, _(words)))
        label = self.context.workspace.catalogs.label
        successor = self._schools.get(entry.successor)
        self.facts.show_facts(
            [
                (_("标识码"), entry.code),
                (_("曾用名"), entry.aliases.replace("|", "、")),
                (_("办学类型"), label("school_type", entry.kind) if entry.kind else ""),
                (_("城乡类型"), label("area_type", entry.urban) if entry.urban else ""),
                (_("乡镇"), entry.township),
                (_("起止"), f"{entry.valid_from or '…'} — {entry.valid_to}" if entry.valid_to else entry.valid_from),
                (_("并入"), successor.name if successor else ""),
                (_("备注"), entry.remark),
            ]
        )
        self._show_keys(uid)

    def _show_keys(self, uid: str) -> None:
        lines = []
        for key in self._keys[uid]:
            if key.revoked_from is not None:
                state = Cell(_("第 {n} 包起撤销").format(n=key.revoked_from), "red", Shape.ERROR)
            elif key.retired_from is not None:
                state = Cell(_("第 {n} 包起停用").format(n=key.retired_from), "ink2", Shape.SAME)
            else:
                state = Cell(_("有效"), "green", Shape.OK)
            lines.append(Line((Cell(key.fingerprint, small=True), state)))
        self.keys_grid.show_lines(lines)
        self.keys_grid.fit_height(4, closed=True)
        self.keys_grid.setVisible(bool(lines))
        self.key_acts.setVisible(bool(lines) and not self.context.workspace.read_only)

    def _mode(self, mode: str) -> None:
        """look, new, change or close."""
        self._editing = mode
        self.look.setVisible(mode == "look")
        self.form.setVisible(mode in ("new", "change"))
        self.closing.setVisible(mode == "close")
        for button, modes in (
            (self.save, ("new", "change")),
            (self.confirm, ("close",)),
            (self.change, ("look",)),
            (self.end, ("look",)),
            (self.back, ("new", "change", "close")),
        ):
            button.setVisible(mode in modes)

    # ---- acts

    def _new(self) -> None:
        self._mode("new")
        self.pane.scrolled.show()
        self.pane.foot.show()
        self.pane.show_head(_("加入学校"))
        self.form.clear()
        self.form.field("name").setFocus()

    def _change(self) -> None:
        entry = self._schools.get(self.grid.current_key())
        if entry is None or self.context.workspace.read_only:
            return
        self._mode("change")
        self.pane.show_head(_("修改 {name}").format(name=entry.name))
        self.form.show_values(asdict(entry))
        self.form.field("name").setFocus()

    def _save(self) -> None:
        desk, said, uid = self.context.workspace.county, self.form.values(), self.grid.current_key()
        new = self._editing == "new"
        entry = self.form.tried(lambda: desk.add_school(**said) if new else desk.change_school(uid, **said))
        if entry is None:
            return
        self._mode("look")
        self.context.changes.publish(None)
        self._go_to(entry.uid)
        self._show_school()
        words = _("已加入 {name}。") if new else _("已保存 {name}。")
        self.say(words.format(name=entry.name), Tone.GREEN, [(_("再加一所"), self._new)] if new else [])
        self.grid.setFocus()

    def _ask_close(self) -> None:
        entry = self._schools.get(self.grid.current_key())
        if entry is None:
            return
        self._mode("close")
        self.pane.show_head(_("停办或撤并 {name}").format(name=entry.name))
        picker: Any = self.closing.field("successor")
        picker.set_options([Option(u, e.name, e.township) for u, e in self._schools.items() if u != entry.uid])
        self.closing.clear()
        self.closing.field("last").setFocus()

    def _close(self) -> None:
        desk, said, uid = self.context.workspace.county, self.closing.values(), self.grid.current_key()
        entry = self.closing.tried(lambda: desk.close_school(uid, said["last"], said["successor"], said["remark"]))
        if entry is None:
            return
        self._mode("look")
        self.context.changes.publish(None)
        self.say(_("{name} 到 {day} 为止。以前报送的都还在。").format(name=entry.name, day=entry.valid_to))

    def _import(self) -> None:
        path = self.context.messages.open_file(_("选择学校名单"), SHEETS)
        if not path:
            return

        def done(report: Any) -> None:
            self.say(report["sentence"], Tone.AMBER if report["refused"] else Tone.GREEN)
            for refused in report["refused"][:2]:
                words = _("第 {line} 行拒收：{why}").format(line=refused["line"], why=refused["reason"])
                self.say(words, Tone.AMBER)

        work(self, _("正在导入名单"), lambda ws, *_a: ws.county.import_roster(Path(path)), done)

    def _end_key(self, how: str) -> None:
        uid = self.grid.current_key()
        entry, messages = self._schools.get(uid), self.context.messages
        if entry is None:
            return
        retire = how == "retire"
        words = (
            _("停用：从这个包号起不再收，以前收的都算数。电脑报废、换人时用。")
            if retire
            else _("撤销：从这个包号起签的都不算数，已合并的也要退出来。密钥可能被别人用过时才用。")
        )
        title = _("停用 {name} 的密钥") if retire else _("撤销 {name} 的密钥")
        number = messages.ask_text(title.format(name=entry.name), words, _("继续"), label=_("从第几包起"))
        if not number or not number.strip().isdigit():
            return
        n = int(number)
        verb = _("从第 {n} 包起停用") if retire else _("从第 {n} 包起撤销")
        if messages.ask(title.format(name=entry.name), words, [Answer("go", verb.format(n=n))]) != "go":
            return

        def done(_version: Any) -> None:
            self.say(_("办好了。请发新的县配置包，让学校也知道。"), Tone.GREEN, [self._kit_act()])

        act = lambda ws, *_a: ws.county.end_key(how, uid, n)  # noqa: E731 (handed on, not named for use)
        with_keys(self.context, lambda: work(self, _("正在停用密钥"), act, done))

    def _kit_act(self) -> tuple[str, Any]:
        return _("写县配置包"), lambda: self.context.frame.go("county_kit")
