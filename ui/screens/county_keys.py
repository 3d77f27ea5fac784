"""密钥与恢复单: the county's own keys. Sheets proven by typing them back, the health officer's separate act, rotation."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from eduplan_desktop.i18n import _
from ui import theme
from ui.erase import choose_person, said
from ui.messages import Answer
from ui.screen import Context, Screen, Target
from ui.screens.county_parts import Ask, AskForm, Facts, row_of, with_keys, work
from ui.screens.settings_parts import LockAfter
from ui.theme import Size, Tone
from ui.widgets.buttons import Button, StateTag, Weight
from ui.widgets.cards import Card
from ui.widgets.labels import Label
from ui.widgets.rows import scrolling
from ui.widgets.shapes import Shape

RECORDS, HEALTH = "records", "health"


class KeysScreen(Screen):
    """What only the officer with the passphrase, or the holder of a sheet, does here."""

    def __init__(self, context: Context) -> None:
        super().__init__(context, _("密钥与恢复单"))
        self.unlock = Button("", self._unlock, icon="lock")
        self.title_row.add(self.unlock)
        self.facts = Facts(96)
        self.after = LockAfter(self)
        self.proof = AskForm(
            [
                Ask(
                    "lines",
                    _("抄写"),
                    "area:6",
                    required=True,
                    help=_("每行照纸上写，例如 1) ABCD-EFGH-…；大小写、空格和短横都不要紧，抄错的行会指出来。"),
                )
            ],
            context.workspace.today,
        )
        self.health = AskForm(
            [
                Ask("passphrase", _("健康口令"), required=True, help=_("至少六个不同的词，只有健康档案员知道。")),
                Ask("again", _("再输一遍"), required=True),
                Ask("sheet", _("健康恢复单"), required=True, help=_("写成 .pdf 或 .txt；由健康档案员以外的人保管。")),
            ],
            context.workspace.today,
        )
        self._build()

    def _build(self) -> None:
        row = QHBoxLayout()
        row.setContentsMargins(theme.MARGIN, theme.MARGIN, theme.MARGIN, theme.MARGIN)
        row.setSpacing(theme.MARGIN)
        left, right = QVBoxLayout(), QVBoxLayout()
        for column in (left, right):
            column.setSpacing(theme.MARGIN)
            row.addLayout(column, 1)
        facts = Card(_("本县"))
        facts.body.addWidget(self.facts)
        facts.body.addWidget(self.after)
        left.addWidget(facts)
        left.addWidget(self._proof_card())
        left.addStretch(1)
        right.addWidget(self._health_card())
        right.addWidget(self._rotate_card())
        if not self.context.workspace.read_only:
            right.addWidget(self._erase_card())
        right.addStretch(1)
        self.column.addWidget(scrolling(row), 1)

    def _proof_card(self) -> Card:
        card = Card(_("核对恢复单"))
        self.records_tag, self.health_tag = StateTag(Shape.RING, ""), StateTag(Shape.RING, "")
        card.body.addWidget(row_of(self.records_tag, self.health_tag))
        words = _("把打印的恢复单各行抄进来，证明纸上的能用；抄的内容不保存。记录和健康两张可以分开抄。")
        card.body.addWidget(Label(words, "ink2", Size.SMALL, wrap=True))
        card.body.addWidget(self.proof)
        self.prove = Button(_("核对抄写的恢复单"), self._prove, weight=Weight.ACCENT)
        card.body.addWidget(row_of(self.prove))
        return card

    def _health_card(self) -> Card:
        self.health_card = Card(_("健康密钥（健康档案员办理）"))
        self.health_said = Label("", wrap=True)
        self.health_card.body.addWidget(self.health_said)
        self.health_card.body.addWidget(self.health)
        self.offer = Button(_("换六个词"), self._offer, compact=True)
        self.pick = Button(_("选择恢复单的位置…"), self._pick_sheet, compact=True, icon="printer")
        self.make_health = Button(_("建立健康密钥"), self._make_health, weight=Weight.ACCENT)
        self.health_buttons = row_of(self.make_health, self.offer, self.pick)
        self.health_card.body.addWidget(self.health_buttons)
        return self.health_card

    def _rotate_card(self) -> Card:
        card = Card(_("更换县密钥"))
        words = _(
            "只在口令或电脑可能被别人用过时才换。旧密钥签新密钥，学校读入下一份县配置包时跟着换；旧的恢复单作废，要重新核对。"
        )
        card.body.addWidget(Label(words, "ink2", Size.SMALL, wrap=True))
        self.rotate = Button(_("更换县密钥…"), self._rotate)
        card.body.addWidget(row_of(self.rotate))
        return card

    def _erase_card(self) -> Card:
        card = Card(_("永久删除一个人的内容"))
        words = _("有人要求删除证件号码、电话或体检内容时用。先由学校删并报送，再在这里删；不能撤销。")
        card.body.addWidget(Label(words, "ink2", Size.SMALL, wrap=True))
        self.erasers = {
            "personal": Button(_("删除个人信息…"), lambda: self._erase("personal")),
            "health": Button(_("删除健康内容…"), lambda: self._erase("health")),
        }
        card.body.addWidget(row_of(*self.erasers.values()))
        return card

    # ---- the frame's questions

    def enter(self, target: Target | None) -> None:
        self._show()
        if not self.health.values()["passphrase"]:
            self._offer()
        if target is not None and target.extra == "prove":
            self.say(_("县级文件建好了。请打印恢复单，再把各行抄进来核对。"), Tone.GREEN)

    def refresh(self, changes: Any) -> None:
        self._show()

    def panes(self) -> Sequence[QWidget]:
        return [self.proof.field("lines"), self.health.field("passphrase")]

    def status(self) -> Sequence[str]:
        ws = self.context.workspace
        open_ = ws.compartment_state("personal") == "open"
        return [_("县密钥已打开") if open_ else _("县密钥已锁定")]

    # ---- what is shown

    def _show(self) -> None:
        ws = self.context.workspace
        facts = ws.county.facts()
        self.after.show_minutes()
        self.title_row.set_subtitle(f"{facts.name} · {facts.code}")
        open_ = ws.compartment_state("personal") == "open"
        self.unlock.set_text(_("锁定县密钥") if open_ else _("打开县密钥"))
        self.facts.show_facts(
            [
                (_("县名"), facts.name),
                (_("县代码"), facts.code),
                (_("县指纹"), facts.fingerprint),
                (_("县配置包"), _("已发到第 {n} 版").format(n=facts.kit) if facts.kit else _("还没有发过")),
                (_("信任名单"), _("第 {n} 版").format(n=facts.trust)),
            ]
        )
        proven = RECORDS in facts.proven
        self.records_tag.show_state(Shape.OK if proven else Shape.DOUBT, _("记录恢复单") + _said(proven))
        proven = HEALTH in facts.proven
        self.health_tag.show_state(Shape.OK if proven else Shape.DOUBT, _("健康恢复单") + _said(proven))
        self.health_tag.setVisible(facts.health)
        self.health_said.setText(
            _("健康密钥已经建立。健康部分只有健康档案员能打开。")
            if facts.health
            else _("请健康档案员本人坐到电脑前办理：口令由本人定、本人记，经办人不看。建立以前，学校不会准备健康部分。")
        )
        for widget in (self.health, self.health_buttons):
            widget.setVisible(not facts.health)
        for button in (self.prove, self.make_health, self.rotate):
            button.setEnabled(not ws.read_only)
        self.status_changed.emit()

    # ---- acts

    def _unlock(self) -> None:
        ws = self.context.workspace
        if ws.compartment_state("personal") == "open":
            ws.lock("personal")
            self.context.changes.publish(None)
        else:
            with_keys(self.context, lambda: None)

    def _prove(self) -> None:
        desk = self.context.workspace.county
        which = self.proof.tried(lambda: desk.prove_sheet(self.proof.values()["lines"]))
        if which:
            self.proof.clear()
            self.context.changes.publish(None)
            self.say(_("{which}恢复单核对无误。请把纸交给保管人，电脑上的那一份删掉。").format(which=which))

    def _offer(self) -> None:
        offered = self.context.workspace.offered_words()
        self.health.show_values({**self.health.values(), "passphrase": offered, "again": ""})

    def _pick_sheet(self) -> None:
        name = _("{county}-健康恢复单.pdf").format(county=self.context.workspace.title)
        path = self.context.messages.save_file(_("健康恢复单写到哪里"), name, "*.pdf *.txt")
        if path:
            self.health.show_values({**self.health.values(), "sheet": path})

    def _make_health(self) -> None:
        said = self.health.values()
        if self.health.lacking():
            return
        if said["passphrase"].split() != said["again"].split():
            self.health.say(_("两遍口令不一样。请对照纸上写下的口令，再输一遍。"))
            return

        def done(code: Any) -> None:
            self.health.clear()
            self.context.messages.ask(
                _("恢复码只显示这一次"),
                str(code),
                [Answer("kept", _("已经抄好，收在另一个地方"))],
                detail=_("忘了健康口令时，用恢复码打开。恢复单已写到 {sheet}。").format(sheet=said["sheet"]),
            )
            self.say(_("健康密钥建好了。下一份县配置包会带上它；请打印健康恢复单并核对。"))

        sheet = Path(said["sheet"])
        work(self, _("正在建立健康密钥"), lambda ws, *_a: ws.county.make_health(said["passphrase"], sheet), done)

    def _erase(self, name: str) -> None:
        if self.context.workspace.compartment_state(name) == "none":
            self.say(_("健康密钥还没有建立，没有健康内容。"), Tone.NEUTRAL)
            return
        choose_person(self.context, name, lambda: self.say(said(self.context, name)))

    def _rotate(self) -> None:
        name = _("{county}-记录恢复单-新.pdf").format(county=self.context.workspace.title)
        sheet = self.context.messages.save_file(_("新的恢复单写到哪里"), name, "*.pdf *.txt")
        if not sheet:
            return

        def done(new: Any) -> None:
            self.say(_("县密钥换好了，新指纹 {fp}。请核对新的恢复单，再发新的县配置包。").format(fp=new))

        act = lambda ws, *_a: ws.county.rotate(Path(sheet))  # noqa: E731 (handed on, not named for use)
        with_keys(self.context, lambda: work(self, _("正在更换县密钥"), act, done))


def _said(proven: bool) -> str:
    return _("已核对") if proven else _("还没有核对")
