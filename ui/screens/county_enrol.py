"""核准入网: requests on a stick or kept beside their bundles. The fingerprint is typed from the stamped paper and never shown before."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from eduplan_desktop.errors import EduPlanError
from eduplan_desktop.i18n import N_, _
from ui.messages import Answer
from ui.screen import Context, Screen, Target
from ui.screens.county_parts import Ask, AskForm, SidePane, beside, with_keys, work
from ui.theme import Size, Tone
from ui.widgets.buttons import Button, Weight
from ui.widgets.cards import EmptyState
from ui.widgets.grid import Cell, Column, Grid, Line
from ui.widgets.labels import Label
from ui.widgets.pickers import Option
from ui.widgets.rows import SectionHeader
from ui.widgets.shapes import Shape

COLUMNS: Final = (
    Column("状态", 128),
    Column("申请里写的学校", 220, stretch=True),
    Column("名单里的学校", 200, stretch=True),
    Column("来自", 200),
)
WAITING, APPROVED, DECLINED = "waiting", "approved", "declined"
STATES: Final = {
    WAITING: (Shape.UNKNOWN, N_("待核对"), "ink"),
    APPROVED: (Shape.OK, N_("已批准"), "green"),
    DECLINED: (Shape.EXEMPT, N_("不批准"), "ink2"),
}


@dataclass(frozen=True, slots=True)
class _Request:
    """A request of the list: in a file, or kept in the county file (then without a path)."""

    key: str
    name: str
    school: str
    state: str
    where: str
    code: str = ""
    path: Path | None = None


class EnrolScreen(Screen):
    """List at the left, paper at the right: what is typed decides."""

    def __init__(self, context: Context) -> None:
        super().__init__(context, _("核准入网"))
        self.look = Button(_("选择 U 盘或文件夹…"), self._choose, weight=Weight.PRIMARY, icon="usb", key="F5")
        self.title_row.add(self.look)
        self.grid = Grid(COLUMNS, selects=True, dense=False)
        self.grid.setAccessibleName(_("登记申请"))
        self.grid.opened.connect(lambda _row: self.form.field("typed").setFocus())
        self.grid.selectionModel().currentRowChanged.connect(lambda *_i: self._show_request())
        self._folder: Path | None = None
        self._found: list[Any] = []
        self._requests: dict[str, _Request] = {}
        self._names: dict[str, str] = {}
        self._build()

    def _build(self) -> None:
        self.empty = EmptyState(
            _("学校用县配置包生成登记申请（.eduenrol），和盖章的登记表一起交来。请插入学校的 U 盘，选择文件夹。"),
            [
                (_("选择 U 盘或文件夹…"), self._choose),
                (_("看学校名单"), lambda: self.context.frame.go("county_roster")),
            ],
            icon="key",
        )
        self.stack = QStackedWidget()
        self.stack.addWidget(self.grid)
        self.stack.addWidget(self.empty)
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.stack)
        self.form = AskForm(
            [
                Ask(
                    "typed",
                    _("纸上的指纹"),
                    required=True,
                    help=_("照盖了章的登记表逐字输入，例如 ABCD-EFGH-JKMN-PQRS-TVWX-Y；大小写和短横不要紧。"),
                ),
                Ask("school", _("属于哪所"), "choice", help=_("和申请里写的一致时留空；写错了学校时在这里改。")),
            ],
            self.context.workspace.today,
        )
        self.form.submitted.connect(self._approve)
        self.why = Label("", wrap=True)
        self.pane = SidePane()
        self.pane.body.addWidget(self.why)
        self.paper = SectionHeader(_("对照纸"))
        self.pane.body.addWidget(self.paper)
        self.pane.body.addWidget(self.form)
        words = _("程序不显示文件里的指纹：只有从纸上输对了，才说明文件就是校长盖章的那一份。")
        self.note = Label(words, "ink2", Size.SMALL, wrap=True)
        self.pane.body.addWidget(self.note)
        self.pane.body.addStretch(1)
        self.approve = Button(_("批准入网"), self._approve, weight=Weight.ACCENT, key="Ctrl+Return")
        self.decline = Button(_("不批准…"), self._decline)
        self.pane.add_foot(self.approve, self.decline)
        self.column.addWidget(beside(left, self.pane, 400), 1)

    # ---- the frame's questions

    def enter(self, target: Target | None) -> None:
        self.context.frame.mark("county_roster")
        self._show()

    def refresh(self, changes: Any) -> None:
        self._show()

    def panes(self) -> Sequence[QWidget]:
        return [self.grid, self.form.field("typed")] if self._requests else [self.empty.buttons[0]]

    def status(self) -> Sequence[str]:
        waiting = sum(r.state == WAITING and not r.code for r in self._requests.values())
        return [_("登记申请 {n} 份，待核对 <b>{m}</b>").format(n=len(self._requests), m=waiting)]

    def keys(self) -> Sequence[tuple[str, str]]:
        return (("↑ / ↓", _("选择申请")), ("Enter", _("去输入纸上的指纹；在指纹栏里是批准")))

    # ---- what is shown

    def _show(self) -> None:
        desk = self.context.workspace.county
        schools = desk.roster()
        self._names = {e.uid: e.name for e in schools}
        picker: Any = self.form.field("school")
        picker.set_options([Option(e.uid, e.name, e.township) for e in schools])
        found = [_of_file(line) for line in self._found]
        known = {(r.name, r.school) for r in found}
        kept = [
            _Request(r.digest, r.name, r.school, r.state, _("随数据包收到"))
            for r in desk.waiting()
            if (r.name, r.school) not in known
        ]
        self._requests = {r.key: r for r in (*found, *kept)}
        self.grid.show_lines([self._line(r) for r in self._requests.values()])
        self.stack.setCurrentWidget(self.grid if self._requests else self.empty)
        self.pane.setVisible(bool(self._requests))
        self.title_row.set_subtitle(str(self._folder) if self._folder else _("学校的登记申请，对着盖章的纸批准"))
        self._show_request()
        self.status_changed.emit()

    def _line(self, one: _Request) -> Line:
        if one.code:
            state = Cell(_("打不开"), "red", Shape.ERROR)
        else:
            shape, words, ink = STATES[one.state]
            state = Cell(_(words), ink, shape)
        listed = self._names.get(one.school, "")
        school = Cell(listed) if listed or one.code else Cell(_("名单里没有"), "amber", Shape.DOUBT)
        strip = Tone.RED if one.code else Tone.AMBER if one.state == WAITING else None
        return Line((state, Cell(one.name), school, Cell(one.where, "ink2")), strip, key=one.key)

    def _show_request(self) -> None:
        one = self._requests.get(self.grid.current_key())
        if one is None:
            return
        shape, words, _ink = STATES[one.state] if not one.code else (Shape.ERROR, N_("打不开"), "red")
        self.pane.show_head(one.name, "", (shape, _(words)))
        waiting = one.state == WAITING and not one.code
        for widget in (self.form, self.paper, self.note):
            widget.setVisible(waiting)
        self.pane.foot.setVisible(waiting and not self.context.workspace.read_only)
        self.decline.setVisible(one.path is None)
        self.why.setText(self._sentence(one))

    def _sentence(self, one: _Request) -> str:
        if one.code:
            return _("这份申请打不开（{code}）。请学校用最新的县配置包重新生成一次。").format(code=one.code)
        if one.state == APPROVED:
            return _("已经批准。学校读入下一份县配置包以后就能报送。")
        if one.state == DECLINED:
            return _("没有批准。用这个密钥签的数据包都拒收。")
        if one.school not in self._names:
            return _("申请里的学校不在名单里。请先加入名单，或者在下面选它属于哪所。")
        return _("请对照这所学校盖章的登记表，逐字输入上面的指纹。")

    # ---- acts

    def _choose(self) -> None:
        folder = self.context.messages.pick_folder(_("登记申请在哪个 U 盘或文件夹"))
        if folder:
            self._folder = Path(folder)
            with_keys(self.context, self._look)

    def _look(self) -> None:
        folder = self._folder
        assert folder is not None

        def found(lines: Any) -> None:
            self._found = lines
            self._show()
            if not lines:
                self.say(_("这个文件夹里没有登记申请（.eduenrol）。请换一个位置。"), Tone.AMBER)
            self.grid.setFocus()

        work(self, _("正在读登记申请"), lambda ws, *_a: ws.county.requests(folder), found)

    def _approve(self) -> None:
        one = self._requests.get(self.grid.current_key())
        if one is None or one.state != WAITING or one.code or self.form.lacking():
            return
        with_keys(self.context, lambda: self._enrol(one))

    def _enrol(self, one: _Request) -> None:
        said, folder = self.form.values(), self._folder

        def act(ws: Any, *_rest: Any) -> Any:
            if one.path is not None:
                done = ws.county.enrol(one.path, said["typed"], said["school"])
            else:
                done = ws.county.enrol_kept(one.key, said["typed"], said["school"])
            return done, ws.county.requests(folder) if folder is not None else []

        work(self, _("正在批准入网"), act, self._enrolled, failed=self._refused)

    def _refused(self, fault: EduPlanError) -> None:
        self.form.say(f"{fault.message} {fault.advice}".strip())
        self.form.field("typed").setFocus()

    def _enrolled(self, answer: Any) -> None:
        done, self._found = answer
        self.form.clear()
        self._show()
        words = _("已批准 {name} 入网。").format(name=done.name)
        if done.merged:
            words += _("暂存的 {n} 个数据包已合并。").format(n=done.merged)
        self.say(words, Tone.GREEN, [(_("写县配置包"), lambda: self.context.frame.go("county_kit"))])
        self._next()

    def _next(self) -> None:
        """On to the next request that waits."""
        rows = [i for i, r in enumerate(self._requests.values()) if r.state == WAITING and not r.code]
        if rows:
            self.grid.setCurrentIndex(self.grid.lines.index(rows[0], 0))
        self.grid.setFocus()

    def _decline(self) -> None:
        one = self._requests.get(self.grid.current_key())
        if one is None:
            return
        verb = self.context.messages.ask(
            _("不批准这份申请"),
            _("不批准以后，用这个密钥签的数据包都拒收；学校可以重新申请。"),
            [Answer("decline", _("不批准 {name}").format(name=one.name))],
        )
        if verb:
            self.context.workspace.county.decline(one.key)
            self.context.changes.publish(None)
            self.say(_("没有批准 {name} 的申请，用这个密钥签的数据包都拒收。").format(name=one.name), Tone.AMBER)


def _of_file(line: Any) -> _Request:
    state = line.known or WAITING
    where = line.path.parent.name  # not the name of the file: a part of the fingerprint stands in it
    return _Request(str(line.path), line.name, line.school, state, where, line.code, line.path)
