"""设置: who I am, keys and their folder, backups and restoring, vaults, the journal's audit, language, facts of the file."""

from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import Any, Final

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from eduplan_desktop.errors import EduPlanError
from eduplan_desktop.i18n import N_, _
from ui import theme
from ui.eject import say_written
from ui.key_place import use_home
from ui.messages import Answer
from ui.screen import Context, Screen, Target
from ui.screens.receipts_clone import settle
from ui.screens.settings_parts import Fact, SettingsCard, act
from ui.screens.settings_vaults import VaultCard
from ui.theme import Tone
from ui.widgets.buttons import Button, StateTag, Weight
from ui.widgets.fields import LineField, Segments
from ui.widgets.grid import Cell, Column, Grid, Line
from ui.widgets.rows import scrolling
from ui.widgets.shapes import Shape

SEEN: Final = 10
WAYS: Final = (
    ("restore", N_("恢复：原文件坏了或丢了")),
    ("move", N_("搬家：换了一台电脑")),
    ("copy", N_("复制：只要一份副本来看")),
)
LANGUAGES: Final = (("zh_CN", "中文"), ("en", "English"))


def size_words(count: int) -> str:
    """A length of bytes as people say it."""
    return f"{count / 1_048_576:,.1f} MB" if count >= 1_048_576 else f"{max(1, count // 1024):,} KB"


class SettingsScreen(Screen):
    """Everything that is not a record. Nothing here waits for a button to be kept, but for what cannot be taken back."""

    def __init__(self, context: Context) -> None:
        super().__init__(context, _("设置"))
        self.title_row.set_subtitle(f"{context.workspace.title} · {context.workspace.path}")
        self.backup_button = Button(_("现在备份"), self.back_up, weight=Weight.PRIMARY, icon="disk")
        if not context.workspace.read_only:
            self.title_row.add(self.backup_button)
        self._build()

    # ---- building

    def _build(self) -> None:
        row = QHBoxLayout()
        row.setContentsMargins(theme.MARGIN, theme.MARGIN, theme.MARGIN, theme.MARGIN)
        row.setSpacing(theme.MARGIN)
        left, right = QVBoxLayout(), QVBoxLayout()
        self.vaults = VaultCard(self)
        for column, cards in (
            (left, (self._who_card(), self.vaults, self._facts_card())),
            (right, (self._key_card(), self._backup_card())),
        ):
            column.setSpacing(theme.MARGIN)
            for card in cards:
                column.addWidget(card)
            column.addStretch(1)
            row.addLayout(column, 1)
        self.area = scrolling(row)
        self.column.addWidget(self.area, 1)

    def _who_card(self) -> SettingsCard:
        card = SettingsCard(_("我是谁"), _("名字写进修改记录，让人知道是谁改的；每日检查的检查人也先填它。"))
        line = QWidget()
        row = QHBoxLayout(line)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.GRID)
        self.who = LineField()
        self.who.setAccessibleName(_("我的名字"))
        self.who.setPlaceholderText(_("姓名"))
        self.who.setMaximumWidth(theme.px(220))
        self.who.left.connect(self._keep_who)
        self.who.returnPressed.connect(self._keep_who)
        row.addWidget(self.who, 1)
        row.addStretch(1)
        self.language = Segments(tuple(words for _code, words in LANGUAGES))
        self.language.setAccessibleName(_("界面语言"))
        self.language.edited.connect(self._keep_language)
        row.addWidget(self.language)
        card.add(line)
        return card

    def _key_card(self) -> SettingsCard:
        card = SettingsCard(
            _("密钥"),
            _("密钥证明报送的是本校，不在数据文件里，拷走文件拿不走身份。丢了不要紧：重新申请入网，序号接着原来的。"),
        )
        self.enrolled = Fact(_("入网"), "", act(_("入网与配置包"), lambda: self.context.frame.go("join")))
        self.print = Fact(_("本校指纹"))
        self.folder = Fact(_("密钥文件夹"), "", act(_("换一个…"), self.choose_folder, "folder"))
        self.clone = Fact(_("文件来历"), "", act(_("说明情况"), lambda: settle(self)))
        for line in (self.enrolled, self.print, self.folder, self.clone):
            card.add(line)
        return card

    def _backup_card(self) -> SettingsCard:
        card = SettingsCard(
            _("备份"), _("改过数据的日子，关闭文件时自动备份在文件旁边，保留最近十份。U 盘上也要有一份。")
        )
        self.backups = Grid(
            (Column(_("日期"), 96), Column(_("第几步"), 72, right=True), Column(_("文件"), 160, stretch=True)),
            selects=True,
        )
        self.backups.setAccessibleName(_("最近的备份"))
        self.backups.opened.connect(lambda _row: self.restore())
        card.add(self.backups)
        line = QWidget()
        row = QHBoxLayout(line)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.GRID)
        self.to_stick = act(_("备份到 U 盘…"), self.back_up_to, "usb")
        self.restore_button = act(_("用选中的一份…"), self.restore, "restore", tip=_("恢复、搬家或复制成一个新文件"))
        row.addWidget(self.to_stick)
        row.addWidget(self.restore_button)
        row.addStretch(1)
        card.add(line)
        return card

    def _facts_card(self) -> SettingsCard:
        card = SettingsCard(_("数据文件"), _("修改记录首尾相连，改动或抽掉一步都会被查出来。"))
        self.audit_tag = StateTag(Shape.RING, _("还没有核对"))
        self.audit_line = Fact(_("修改记录"), "", act(_("核对"), self.audit, "check"), tag=self.audit_tag)
        self.length, self.rows, self.identity = Fact(_("大小")), Fact(_("记录")), Fact(_("文件编号"))
        for line in (self.audit_line, self.length, self.rows, self.identity):
            card.add(line)
        return card

    # ---- the frame's questions

    def enter(self, target: Target | None) -> None:
        self.show_all()
        place = self.context.workspace.settings.key_place()
        if not place.fixed:
            words = _("密钥文件夹在 U 盘或网络盘上，拔掉就报送不了。请换到本机硬盘。")
            self.say(words, Tone.AMBER, [(_("换一个…"), self.choose_folder)])

    def settle(self) -> bool:
        self._keep_who()
        return True

    def refresh(self, changes: Any) -> None:
        self.show_all()

    def status(self) -> Sequence[str]:
        return (_("Ctrl+L 马上锁定全部保险库"),)

    def panes(self) -> Sequence[QWidget]:
        return (self.who, self.vaults.lines["personal"].buttons[0], self.backups)

    def keys(self) -> Sequence[tuple[str, str]]:
        return (("Ctrl+L", _("马上锁定全部保险库")), ("Enter", _("在备份上：恢复、搬家或复制")))

    # ---- showing

    def show_all(self) -> None:
        """Read everything again."""
        ws = self.context.workspace
        if not self.who.hasFocus():
            self.who.setText(ws.settings.who())
        self.language.set_text(dict(LANGUAGES)[ws.settings.language()])
        self.vaults.show_state()
        self._show_keys()
        self._show_backups()
        facts = ws.facts()
        self.length.say(size_words(facts["bytes"]))
        total = sum(facts["rows"].values())
        self.rows.say(_("{n} 条，修改 {acts} 步").format(n=f"{total:,}", acts=f"{facts['acts']:,}"))
        self.identity.say(facts["file_id"])
        self.status_changed.emit()

    def _show_keys(self) -> None:
        ws = self.context.workspace
        school = ws.kind == "school"
        joined = ws.school.joined() if school else None
        self.enrolled.say(joined.county if joined else _("还没有入网"))
        self.print.say(joined.fingerprint if joined and joined.fingerprint else _("本机还没有这个文件的密钥"))
        place = ws.settings.key_place()
        self.folder.say(str(place.folder))
        state = ws.school.clone_state() if school and not ws.read_only else ""
        words = {"": _("正常"), "no_keys": _("本机没有密钥，请重新申请入网"), "behind": _("和本机签过的不一致，要说明")}
        self.clone.say(words[state])
        self.clone.buttons[0].setVisible(state == "behind")
        for line in (self.enrolled, self.print, self.clone):
            line.setVisible(school)

    def _show_backups(self) -> None:
        found = self.context.workspace.settings.backups()[:SEEN]
        lines = [
            Line(
                (Cell(b.date), Cell(f"{b.act:,}"), Cell(b.path.name, "ink2", small=True, tip=str(b.path))),
                key=str(b.path),
            )
            for b in found
        ]
        self.backups.show_lines(lines)
        self.backups.fit_height(SEEN)
        self.backups.setVisible(bool(lines))
        self.restore_button.set_text(_("用选中的一份…") if lines else _("用别处的备份…"))

    # ---- acts

    def _keep_who(self) -> None:
        ws = self.context.workspace
        if self.who.text().strip() != ws.settings.who():
            try:
                ws.settings.set_who(self.who.text())
            except EduPlanError as fault:
                self.context.messages.fault(fault, _("名字没有记住"))
                return
            self.say(_("记住了，以后的修改记在“{name}”名下。").format(name=ws.settings.who() or "—"), Tone.GREEN)

    def _keep_language(self) -> None:
        code = next((c for c, words in LANGUAGES if words == self.language.text()), "")
        if code and code != self.context.workspace.settings.language():
            self.context.workspace.settings.set_language(code)
            self.say(_("下次启动时换成这种语言。"), Tone.NEUTRAL)
        self.language.set_text(dict(LANGUAGES)[self.context.workspace.settings.language()])

    def choose_folder(self) -> None:
        """Ask for another key folder; what is in the old one is copied there."""
        folder = self.context.messages.pick_folder(_("密钥放在哪个文件夹（本机硬盘，不会被还原卡还原的盘）"))
        if not folder:
            return
        if use_home(self.context, Path(folder)):
            self._show_keys()
            words = _("现在起用 {folder}，现有的密钥已经复制过去。原来的那份没有删，核对好以后可以自己删掉。")
            self.say(words.format(folder=escape(folder)), Tone.GREEN)

    def _work(self, do: Any, done: Any, failed: str) -> None:
        context = self.context

        def work(_progress: Any, _cancelled: Any) -> Any:
            with context.workspace.another() as twin:
                return do(twin)

        context.tasks.run(work, on_done=done, on_failed=lambda fault: context.messages.fault(fault, failed))

    def back_up(self) -> None:
        """A backup beside the file, at once."""
        self._work(lambda twin: twin.settings.backup_now(), self._backed_up, _("没有备份成"))

    def back_up_to(self) -> None:
        """A backup to a stick or folder, read back and verified."""
        folder = self.context.messages.pick_folder(_("备份到哪个 U 盘或文件夹"))
        if folder:
            self._work(lambda twin: twin.backup(Path(folder)), self._backed_up, _("没有备份成"))

    def _backed_up(self, path: Any) -> None:
        self._show_backups()
        say_written(self, Path(path).parent, _("备份好了，并且读回核对过：{path}").format(path=path))

    def restore(self) -> None:
        """Make a file from the chosen backup, for one of three reasons, and open it."""
        messages = self.context.messages
        source = self.backups.current_key()
        if not source:
            source = messages.open_file(_("选择备份文件"), _("备份文件") + " (*.eduplan)")
        if not source:
            return
        way = messages.ask(
            _("用这份备份做什么？"),
            _("备份文件：{name}").format(name=Path(source).name),
            [Answer(way, _(words)) for way, words in WAYS],
            detail=_(
                "恢复和搬家保留文件的身份，接着报送；副本是一个新文件，不能代替原文件报送。现在打开的文件不会被改动。"
            ),
        )
        if not way:
            return
        name = self.context.workspace.path.with_name(f"{self.context.workspace.path.stem}-{way}.eduplan")
        to = messages.save_file(_("新文件放在哪里"), str(name), _("学校文件或县级文件") + " (*.eduplan)")
        if to:
            self._restored(Path(source), Path(to), way)

    def _restored(self, source: Path, to: Path, way: str) -> None:
        from eduplan_desktop.workspace import restore_backup

        to = to if to.suffix == ".eduplan" else to.with_name(to.name + ".eduplan")
        try:
            made = restore_backup(source, to, self.context.workspace.env, way)
        except EduPlanError as fault:
            self.context.messages.fault(fault, _("没有恢复成"))
            return
        opening: Any = getattr(self.window(), "opening", None)
        if opening is not None:
            opening.take(made)
        else:
            self.context.frame.adopt(made)

    def audit(self) -> None:
        """Verify the journal from the first act to the last, and the records against it."""
        self.audit_tag.show_state(Shape.DUE, _("正在核对"))
        self._work(lambda twin: twin.audit(), self._audited, _("没有核对成"))

    def _audited(self, found: Any) -> None:
        if found.sound:
            self.audit_tag.show_state(Shape.OK, _("完整"))
            self.audit_line.say(_("共 {n} 步，末尾 {head}").format(n=f"{found.acts:,}", head=found.head[:16]))
        else:
            self.audit_tag.show_state(Shape.ERROR, _("有问题"))
            self.audit_line.say(found.sentences[0])
            self.say("<br>".join(found.sentences[:5]), Tone.RED)
