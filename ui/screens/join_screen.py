"""Joining a county: the kit from the stick, the county fingerprint typed from paper, the school from the roster, the request.

Once joined the same page shows where the file belongs and takes newer kits.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFormLayout, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from eduplan_desktop.errors import EduPlanError
from eduplan_desktop.i18n import _
from ui import theme
from ui.eject import say_written
from ui.key_place import KeyPlaceCard
from ui.register_output import open_outside
from ui.screen import Context, Screen, Target
from ui.screens.submit_drives import DriveCard
from ui.theme import Size, Tone
from ui.widgets.buttons import Button, StateTag, Weight
from ui.widgets.cards import Card
from ui.widgets.fields import LineField
from ui.widgets.labels import ElidedLabel, Label
from ui.widgets.pickers import Option, Picker
from ui.widgets.shapes import Shape

SUFFIX: Final = "*.edukit"
SYMBOLS: Final = 21
"""Symbols of a fingerprint, its check symbol included."""


def typed_symbols(text: str) -> str:
    """What of a typed fingerprint counts: no dashes and blanks, capital letters."""
    return "".join(c for c in text.upper() if c.isalnum())


class JoinScreen(Screen):
    """Both states: not joined yet, and joined."""

    def __init__(self, context: Context) -> None:
        super().__init__(context, _("入网与配置包"))
        self.kit_path: Path | None = None
        self.kit: Any = None
        self._again = False
        self.join = Button(_("申请入网"), self._join, weight=Weight.PRIMARY, icon="key", key="Ctrl+Return")
        self.newer = Button(_("换用新的县配置包"), self._find_newer, weight=Weight.PRIMARY, icon="import")
        self.rejoin = Button(_("重新申请入网…"), self._begin_again, icon="refresh")
        self.title_row.add(self.rejoin, self.newer, self.join)
        self._build()

    # ---- building

    def _build(self) -> None:
        self.pages = QStackedWidget()
        self.steps = QWidget()
        column = QHBoxLayout(self.steps)
        column.setContentsMargins(theme.MARGIN, theme.MARGIN, theme.MARGIN, theme.MARGIN)
        column.setSpacing(theme.MARGIN)
        left = QVBoxLayout()
        left.setSpacing(theme.MARGIN)
        left.addWidget(self._kit_card())
        left.addWidget(self._fingerprint_card())
        left.addWidget(self._school_card())
        left.addStretch(1)
        right = QVBoxLayout()
        right.setSpacing(theme.MARGIN)
        self.drives = DriveCard(
            self.context, _("4　申请写到哪里"), _("没有找到 U 盘。插上后点“重新查找”，或选择一个文件夹。")
        )
        self.drives.chosen.connect(self._show_button)
        right.addWidget(self.drives)
        self.keys_at = KeyPlaceCard(self.context, _("5　密钥放在哪里"))
        right.addWidget(self.keys_at)
        right.addWidget(self._what_next())
        right.addStretch(1)
        column.addLayout(left, 678)
        column.addLayout(right, 456)
        self.joined = QWidget()
        self._joined_column = QVBoxLayout(self.joined)
        self._joined_column.setContentsMargins(theme.MARGIN, theme.MARGIN, theme.MARGIN, theme.MARGIN)
        self._joined_column.setSpacing(theme.MARGIN)
        self._joined_column.addStretch(1)
        self._facts: list[QWidget] = []
        for page in (self.steps, self.joined):
            self.pages.addWidget(page)
        self.column.addWidget(self.pages, 1)

    def _kit_card(self) -> Card:
        card = Card(_("1　县配置包"), _("县教育局发的 .edukit 文件，在 U 盘上"))
        self.find_kit = Button(_("在 U 盘上找"), self._find, compact=True, icon="usb")
        self.choose = Button(_("选择文件…"), self._choose, compact=True, icon="folder")
        row = QHBoxLayout()
        self.kit_words = ElidedLabel(_("还没有选"), "ink2")
        row.addWidget(self.kit_words, 1)
        row.addWidget(self.find_kit)
        row.addWidget(self.choose)
        card.body.addLayout(row)
        return card

    def _fingerprint_card(self) -> Card:
        card = Card(_("2　县指纹"), _("照县教育局盖章的告知函上印的输入，不要从别处抄"))
        row = QHBoxLayout()
        self.fingerprint = LineField()
        self.fingerprint.setPlaceholderText("XXXX-XXXX-XXXX-XXXX-XXXX-X")
        self.fingerprint.setAccessibleName(_("县指纹"))
        self.fingerprint.setFixedWidth(theme.px(300))
        self.fingerprint.textEdited.connect(self._group)
        self.match = StateTag(Shape.RING, _("还没有输入"))
        row.addWidget(self.fingerprint)
        row.addWidget(self.match)
        row.addStretch(1)
        card.body.addLayout(row)
        return card

    def _school_card(self) -> Card:
        card = Card(_("3　本校"), _("从县里的学校名单里选；可以打字或拼音首字母查找"))
        row = QHBoxLayout()
        self.school = Picker()
        self.school.setAccessibleName(_("本校"))
        self.school.picked.connect(lambda _id: self._show_button())
        self.school.edited.connect(self._show_button)
        row.addWidget(self.school, 1)
        card.body.addLayout(row)
        self.why = Label("", "ink2", Size.SMALL, wrap=True)
        card.body.addWidget(self.why)
        return card

    def _what_next(self) -> Card:
        card = Card(_("入网是怎么回事"))
        words = (
            _("程序在这台电脑上为本校生成密钥，写一份入网申请和一张登记表到 U 盘。"),
            _("登记表打印出来，校长签字盖章，和 U 盘一起送县局。"),
            _("县局核对纸上的本校指纹后批准，发新的县配置包；带回来在这里换用。"),
        )
        for n, said in enumerate(words, start=1):
            card.body.addWidget(Label(f"{n}　{said}", "ink2", wrap=True))
        return card

    # ---- the frame's questions

    def enter(self, target: Target | None) -> None:
        self._again = False
        self._show()
        if self.pages.currentWidget() is self.steps:
            self.drives.look_for()
            self.keys_at.look()
            if self.kit is None:
                self._look_quietly()

    def refresh(self, changes: Any) -> None:
        self._show()

    def status(self) -> Sequence[str]:
        joined = self.context.workspace.school.joined()
        return [_("还没有入网") if joined is None else _("县配置包第 {n} 版").format(n=joined.kit)]

    def panes(self) -> Sequence[QWidget]:
        if self.pages.currentWidget() is self.joined:
            return [self.newer]
        if self.kit is None:
            return [self.choose, self.find_kit]
        return [self.fingerprint, self.school, self.drives.list]

    # ---- what is shown

    def _show(self) -> None:
        ws = self.context.workspace
        joined = ws.school.joined()
        lost = joined is not None and not joined.fingerprint
        steps = joined is None or lost or self._again
        self.pages.setCurrentWidget(self.steps if steps else self.joined)
        self.join.setVisible(steps and not ws.read_only)
        self.newer.setVisible(not steps and not ws.read_only)
        self.rejoin.setVisible(not steps and not ws.read_only)
        if steps:
            self.title_row.set_title(_("申请入网") if joined is None else _("重新申请入网"))
            self.title_row.set_subtitle(_("入网后才能报送；先录入、后入网也可以，数据都在本机。"))
            self._show_button()
        else:
            self.title_row.set_title(_("入网与配置包"))
            self.title_row.set_subtitle(f"{joined.county} · {_('县配置包第 {n} 版').format(n=joined.kit)}")
            self._show_facts(joined)

    def _show_facts(self, joined: Any) -> None:
        for old in self._facts:
            self._joined_column.removeWidget(old)
            old.hide()
            old.deleteLater()
        card = Card(_("本校属于哪里"))
        card.head.addWidget(StateTag(Shape.OK, _("已加入")))
        form = QFormLayout()
        form.setHorizontalSpacing(theme.CARD)
        form.setVerticalSpacing(theme.HALF)
        form.setLabelAlignment(Qt.AlignmentFlag.AlignRight)
        health = (
            _("有健康档案员，体检统计只有他能打开") if joined.health else _("还没有健康档案员的公钥，体检内容不会报出")
        )
        receipt = _("读到第 {n} 号").format(n=joined.receipt) if joined.receipt else _("还没有读过")
        lines = (
            (_("县教育局"), f"{joined.county}　{joined.county_code}"),
            (_("县指纹"), joined.county_fingerprint),
            (_("本校编号"), joined.school),
            (_("本校指纹"), joined.fingerprint),
            (_("县配置包"), _("第 {n} 版").format(n=joined.kit)),
            (_("回执"), receipt),
            (_("健康统计"), health),
        )
        for label, value in lines:
            said = Label(value)
            said.setTextFormat(Qt.TextFormat.PlainText)
            said.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            form.addRow(Label(label, "ink2"), said)
        card.body.addLayout(form)
        self._joined_column.insertWidget(0, card)
        self._facts = [card]

    def _show_button(self) -> None:
        problem = ""
        state = self._fingerprint_state()
        if self.kit is None:
            problem = _("先选县配置包。")
        elif state != "same":
            problem = _("县指纹要照告知函输入完整，并且对得上。")
        elif not self.school.current():
            problem = _("从名单里选本校。名单里没有，请县里补进后重发配置包。")
        elif self.drives.place() is None:
            problem = _("选申请写到哪里。")
        self.why.setText(problem)
        self.join.setEnabled(not problem)
        drive = self.drives.list.drive()
        self.join.set_text(_("申请入网，写到 {place}").format(place=drive.label) if drive else _("申请入网"))
        self._show_match(state)

    def _fingerprint_state(self) -> str:
        typed = typed_symbols(self.fingerprint.text())
        if not typed or self.kit is None:
            return ""
        wanted = typed_symbols(self.kit.fingerprint)
        if typed == wanted:
            return "same"
        return "other" if len(typed) >= SYMBOLS or not wanted.startswith(typed) else "typing"

    def _show_match(self, state: str) -> None:
        shape, words = {
            "same": (Shape.OK, _("和配置包一致")),
            "other": (Shape.ERROR, _("和配置包对不上，请再照告知函核对")),
            "typing": (Shape.RING, _("还差 {n} 位").format(n=SYMBOLS - len(typed_symbols(self.fingerprint.text())))),
            "": (Shape.RING, _("还没有输入")),
        }[state]
        self.match.show_state(shape, words)
        self.fingerprint.set_state("error" if state == "other" else "")

    def _group(self, text: str) -> None:
        """Write what is typed in groups of four, as on the paper."""
        symbols = typed_symbols(text)[:SYMBOLS]
        grouped = "-".join(symbols[i : i + 4] for i in range(0, len(symbols), 4))
        if self.fingerprint.cursorPosition() == len(text) and grouped != text:
            self.fingerprint.setText(grouped)
        self._show_button()

    # ---- the kit

    def _kits(self) -> list[Path]:
        school = self.context.workspace.school
        found = [p for d in school.drives() if d.removable for p in school.kits_on(d.path)]
        return sorted(found, key=lambda p: p.stat().st_mtime, reverse=True)

    def _look_quietly(self) -> None:
        if not self.context.tasks.busy:
            self.context.tasks.run(lambda _p, _c: self._kits()[:1], on_done=self._take_first)

    def _take_first(self, found: Sequence[Path]) -> None:
        if found and self.kit is None:
            self._take_kit(found[0])

    def _find(self) -> None:
        found = self._kits()
        if not found:
            self.say(_("U 盘上没有找到县配置包（.edukit）。请核对 U 盘，或选择文件。"), Tone.AMBER)
        elif len(found) == 1:
            self._take_kit(found[0])
        else:
            chosen = self.context.messages.ask_choice(
                _("选择县配置包"),
                _("U 盘上有几个县配置包，通常用版本最新的。"),
                _("用这一个"),
                [Option(str(p), p.name, str(p.parent)) for p in found],
            )
            if chosen:
                self._take_kit(Path(chosen))

    def _choose(self) -> None:
        path = self.context.messages.open_file(_("选择县配置包"), _("县配置包") + f" ({SUFFIX})")
        if path:
            self._take_kit(Path(path))

    def _take_kit(self, path: Path) -> None:
        ws = self.context.workspace
        try:
            self.kit = ws.school.look_at_kit(path)
        except EduPlanError as fault:
            self.context.messages.fault(fault, _("这个县配置包不能用"))
            return
        self.kit_path = path
        words = _("{county} 第 {n} 版，名单上有 {m} 所学校（{file}）")
        kit = self.kit
        self.kit_words.set_text(words.format(county=kit.name, n=kit.version, m=len(kit.roster), file=path.name))
        self.kit_words.set_role("ink")
        self.school.set_options([Option(r.uid, r.name, r.township or r.code) for r in kit.roster])
        like = [r.uid for r in kit.roster if r.name == ws.title]
        self.school.set_current(like[0] if len(like) == 1 else "")
        self._show_button()
        self.fingerprint.setFocus()

    # ---- joining

    def _begin_again(self) -> None:
        self._again = True
        self._show()
        self.drives.look_for()
        self.keys_at.look()
        self._look_quietly()
        self.focus_first()

    def _join(self) -> None:
        to, kit = self.drives.place(), self.kit_path
        if to is None or kit is None or not self.join.isEnabled() or not self.keys_at.settle():
            return
        ws, school, typed = self.context.workspace, self.school.current(), self.fingerprint.text()

        def work(_progress: Any, _cancelled: Any) -> Any:
            with ws.another() as twin:
                answer = twin.school.join(kit, school, typed, to)
                ws.adopt_acts(twin)
                return answer

        self._run(work, self._written, _("没有申请成"))

    def _written(self, joining: Any) -> None:
        self._again = False
        self.fingerprint.clear()
        self.kit = None
        self.context.changes.publish(None)
        self._show()
        words = _("入网申请和登记表已写到 U 盘。打印登记表，盖章后连同 U 盘送县局；本校指纹 {fingerprint}。")
        say_written(
            self,
            Path(joining.request).parent,
            words.format(fingerprint=joining.fingerprint),
            acts=[(_("打开登记表"), lambda: open_outside(joining.form))],
        )
        self.newer.setFocus()

    def _find_newer(self) -> None:
        """Take the newest kit lying on a stick, else ask for the file."""
        found = self._kits()
        path = str(found[0]) if len(found) == 1 else ""
        path = path or self.context.messages.open_file(_("选择新的县配置包"), _("县配置包") + f" ({SUFFIX})")
        if not path:
            return
        ws = self.context.workspace

        def work(_progress: Any, _cancelled: Any) -> Any:
            with ws.another() as twin:
                version = twin.school.take_kit(Path(path))
                ws.adopt_acts(twin)
                return version

        self._run(work, self._taken, _("没有换成"))

    def _taken(self, version: int) -> None:
        self.context.changes.publish(None)
        self.say(_("已换用县配置包第 {n} 版：报送日历、目录和口径都是新的。").format(n=version), Tone.GREEN)

    def _run(self, work: Any, done: Any, title: str) -> None:
        if not self.context.tasks.busy:
            self.context.tasks.run(
                work, on_done=done, on_failed=lambda fault: self.context.messages.fault(fault, title)
            )
