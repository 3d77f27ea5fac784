"""县配置包: what schools get from the county. What goes into the next one, what is still missing, the letter with the fingerprint."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from eduplan_desktop.i18n import N_, _
from ui import theme
from ui.eject import say_written
from ui.screen import Context, Screen, Target
from ui.screens.county_parts import Facts, row_of, with_keys, work
from ui.theme import Size, Tone
from ui.widgets.buttons import Button, Weight
from ui.widgets.cards import Card, Steps
from ui.widgets.grid import Cell, Column, Grid, Line
from ui.widgets.labels import Label
from ui.widgets.shapes import Shape

COLUMNS: Final = (Column("", 128), Column("内容", 260, stretch=True), Column("去哪里补", 120))
PARTS: Final = {
    "county_roster": N_("学校与密钥"),
    "county_calendar": N_("报送日历"),
    "county_keys": N_("密钥与恢复单"),
    "county_catalogs": N_("目录与口径"),
}


class KitScreen(Screen):
    """Writes the kit and the letter."""

    def __init__(self, context: Context) -> None:
        super().__init__(context, _("县配置包"))
        self.letter = Button(_("打印告知函…"), self._letter, icon="printer", key="Ctrl+P")
        self.write = Button(_("写到 U 盘…"), self._write, weight=Weight.PRIMARY, icon="usb", key="Ctrl+Return")
        self.title_row.add(self.letter, self.write)
        self.parts = Grid(COLUMNS, selects=True, dense=False)
        self.parts.setAccessibleName(_("下一份县配置包的内容"))
        self.parts.opened.connect(lambda _row: self._repair())
        self.facts = Facts(96)
        self._build()

    def _build(self) -> None:
        row = QHBoxLayout()
        row.setContentsMargins(theme.MARGIN, theme.MARGIN, theme.MARGIN, theme.MARGIN)
        row.setSpacing(theme.MARGIN)
        left, right = QVBoxLayout(), QVBoxLayout()
        card = Card(_("下一份里有什么"), _("Enter 去补选中的一项"), padded=False)
        card.body.addWidget(self.parts)
        left.addWidget(card)
        left.addStretch(1)
        self.mine = Card(_("本县指纹"))
        self.mine.body.addWidget(self.facts)
        words = _("学校读县配置包时要照告知函输入县指纹。告知函盖章后发给学校，和 U 盘分开走更好。")
        self.mine.body.addWidget(Label(words, "ink2", Size.SMALL, wrap=True))
        right.addWidget(self.mine)
        how = Card(_("怎么发"))
        how.body.addWidget(
            Steps(
                (
                    _("写到 U 盘，拷给每所学校；里面没有秘密，可以用任何办法传。"),
                    _("学校在“入网”里读入，输入告知函上的指纹，生成登记申请。"),
                    _("批准入网、换了日历或目录以后，再写一份新的发下去；学校只认更新的一版。"),
                )
            )
        )
        self.enrol = Button(_("去核准入网"), lambda: self.context.frame.go("county_enrol"), compact=True)
        how.body.addWidget(row_of(self.enrol))
        right.addWidget(how)
        right.addStretch(1)
        row.addLayout(left, 11)
        row.addLayout(right, 7)
        self.column.addLayout(row, 1)

    # ---- the frame's questions

    def enter(self, target: Target | None) -> None:
        self._show()

    def refresh(self, changes: Any) -> None:
        self._show()

    def panes(self) -> Sequence[QWidget]:
        return [self.parts]

    def focus_first(self) -> None:
        self.parts.setFocus()

    # ---- what is shown

    def _show(self) -> None:
        desk = self.context.workspace.county
        facts, items, policy = desk.facts(), desk.calendar(), desk.policy()
        known = desk.keys()
        trusted = sum(e.uid in known for e in desk.roster())
        lines = [
            _line(facts.schools > 0, _("学校名单：{n} 所").format(n=facts.schools), "county_roster"),
            _line(True, _("信任名单：第 {v} 版，{n} 所已入网").format(v=facts.trust, n=trusted), "county_roster"),
            _line(bool(items), _("报送日历：{n} 项").format(n=len(items)), "county_calendar"),
            _line(bool(policy), _("口径：已确认 {n} 条").format(n=len(policy)), "county_catalogs", soft=True),
            _line(facts.health, _("健康密钥：{has}").format(has=_has(facts.health)), "county_keys", soft=True),
            _line("records" in facts.proven, _proven("records" in facts.proven), "county_keys", soft=True),
        ]
        self.parts.show_lines(lines)
        self.parts.fit_height(len(lines))
        nth = _("现在是第 {n} 版").format(n=facts.kit) if facts.kit else _("还没有写过")
        self.title_row.set_subtitle(f"{facts.name} · {nth}")
        self.facts.show_facts([(_("县名"), facts.name), (_("县代码"), facts.code), (_("指纹"), facts.fingerprint)])
        ready = facts.schools > 0 and not self.context.workspace.read_only
        self.write.setEnabled(ready)
        self.status_changed.emit()

    def status(self) -> Sequence[str]:
        return [_("县配置包里没有秘密；有县签名，改不了")]

    # ---- acts

    def _repair(self) -> None:
        self.context.frame.go(self.parts.current_key())

    def _write(self) -> None:
        folder = self.context.messages.pick_folder(_("县配置包写到哪个 U 盘或文件夹"))
        if not folder:
            return

        def done(made: Any) -> None:
            words = _("写好了第 {n} 版，并且读回核对过：{path}").format(n=made.version, path=made.path)
            say_written(self, Path(folder), words)
            for warning in made.warnings[:2]:
                self.say(warning, Tone.AMBER, [(_("去办"), lambda: self.context.frame.go("county_keys"))])

        title = _("正在写县配置包")
        with_keys(self.context, lambda: work(self, title, lambda ws, *_a: ws.county.write_kit(Path(folder)), done))

    def _letter(self) -> None:
        name = _("{county}-告知函.pdf").format(county=self.context.workspace.title)
        path = self.context.messages.save_file(_("告知函写到哪里"), name, "*.pdf")
        if path:

            def done(_pages: Any) -> None:
                self.say(_("告知函写好了：{path}。打印盖章后发给学校。").format(path=path), Tone.GREEN)

            work(self, _("正在写告知函"), lambda ws, *_a: ws.county.write_letter(Path(path)), done)


def _proven(yes: bool) -> str:
    return _("记录恢复单已核对") if yes else _("记录恢复单还没有核对")


def _has(yes: bool) -> str:
    return _("有") if yes else _("还没有，学校不会准备健康部分")


def _line(good: bool, words: str, place: str, *, soft: bool = False) -> Line:
    """One thing the kit holds; soft: it may be missing."""
    shape = Shape.OK if good else Shape.DOUBT if soft else Shape.ERROR
    state = _("有了") if good else _("可以以后补") if soft else _("还缺")
    tone = {Shape.OK: "green", Shape.DOUBT: "amber", Shape.ERROR: "red"}[shape]
    return Line((Cell(state, tone, shape), Cell(words), Cell(_(PARTS[place]), "accent")), key=place)
