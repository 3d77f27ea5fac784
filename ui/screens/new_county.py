"""A new county file, step by step on one page: who, passphrase, recovery sheet. Then the county opens and the sheet is proven."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from eduplan_desktop.errors import EduPlanError
from eduplan_desktop.i18n import _
from ui import theme
from ui.messages import Answer
from ui.screen import Context, Screen, Target
from ui.screens.county_parts import Ask, AskForm, work
from ui.theme import Size, Tone
from ui.widgets.buttons import Button, Weight
from ui.widgets.cards import Card, Steps
from ui.widgets.labels import Label
from ui.widgets.progress import ProgressPanel
from ui.widgets.rows import scrolling

SUFFIX: Final = ".eduplan"


class NewCountyScreen(Screen):
    """Shown from the start page. Nothing is written before the last button."""

    def __init__(self, context: Context) -> None:
        super().__init__(context, _("新建县级文件"))
        self.title_row.set_subtitle(_("县教育局用一个文件收取、汇总全县的报送。做完这一页就能发县配置包。"))
        self.back = Button(_("返回"), lambda: context.frame.go("start"), key="Esc")
        self.make = Button(_("建立县级文件"), self._make, weight=Weight.PRIMARY, key="Ctrl+Return")
        self.title_row.add(self.back, self.make)
        today = lambda: context.env.now().date().isoformat()  # noqa: E731 (one line, used twice)
        self.who = AskForm(
            [
                Ask("name", _("县名"), required=True, help=_("和教育局公章上的一样，例如“某某县教育局”。")),
                Ask("code", _("县代码"), required=True, help=_("GB/T 2260 的 6 位县级行政区划代码。")),
            ],
            today,
        )
        self.words = AskForm(
            [
                Ask("passphrase", _("口令"), required=True, help=_("至少六个不同的词。可以照用程序挑的，也可以改。")),
                Ask("again", _("再输一遍"), required=True, help=_("照着纸上写下的口令输，不要照着屏幕。")),
            ],
            today,
        )
        self.places = AskForm(
            [
                Ask("file", _("县级文件"), required=True, help=_("放在本机的硬盘上，不要放在 U 盘上。")),
                Ask(
                    "sheet", _("恢复单"), required=True, help=_("写成 .pdf 打印，或 .txt 抄录；存好后请从电脑上删掉。")
                ),
            ],
            today,
        )
        self._build()

    def _build(self) -> None:
        row = QHBoxLayout()
        row.setContentsMargins(theme.MARGIN, theme.MARGIN, theme.MARGIN, theme.MARGIN)
        row.setSpacing(theme.MARGIN)
        left = QVBoxLayout()
        left.setSpacing(theme.MARGIN)
        left.addWidget(self._card(_("1　哪个县"), "", self.who))
        words = _("打开密钥要它：批准入网、合并、写县配置包和回执。写在纸上锁好，不要存在电脑里。")
        left.addWidget(self._card(_("2　口令"), words, self.words, self._offer_row()))
        said = _("口令和文件都没有了，只有恢复单能让县里重新签名、打开已收的报送。由和经办人不同的人保管。")
        left.addWidget(self._card(_("3　文件和恢复单放在哪里"), said, self.places, self._place_row()))
        left.addStretch(1)
        row.addLayout(left, 11)
        right = QVBoxLayout()
        right.addWidget(self._explained())
        right.addStretch(1)
        row.addLayout(right, 6)
        self.column.addWidget(scrolling(row), 1)
        self.places.submitted.connect(self._make)

    def _card(self, title: str, note: str, *widgets: QWidget) -> Card:
        card = Card(title)
        if note:
            card.body.addWidget(Label(note, "ink2", Size.SMALL, wrap=True))
        for widget in widgets:
            card.body.addWidget(widget)
        return card

    def _offer_row(self) -> QWidget:
        self.offer = Button(_("换六个词"), self._offer, compact=True)
        return _indented(self.offer)

    def _place_row(self) -> QWidget:
        self.pick_file = Button(_("选择县级文件的位置…"), self._pick_file, compact=True, icon="folder")
        self.pick_sheet = Button(_("选择恢复单的位置…"), self._pick_sheet, compact=True, icon="printer")
        return _indented(self.pick_file, self.pick_sheet)

    def _explained(self) -> Card:
        card = Card(_("建好以后"))
        steps = (
            _("核对恢复单：把纸上的几行抄回来，证明纸上的能用。"),
            _("健康档案员另外建立健康密钥，有自己的口令和恢复单；别人打不开健康部分。"),
            _("列出学校名单，定报送日历，确认目录和口径。"),
            _("写县配置包到 U 盘，打印盖章的告知函，发给学校。"),
            _("学校拿来登记表和登记申请，对着纸上的指纹逐字输入，批准入网。"),
        )
        card.body.addWidget(Steps(steps))
        return card

    # ---- the frame's questions

    def enter(self, target: Target | None) -> None:
        if not self.words.values()["passphrase"]:
            self._offer()

    def panes(self) -> Sequence[QWidget]:
        return [self.who.field("name"), self.words.field("passphrase"), self.places.field("file")]

    def status(self) -> Sequence[str]:
        return [_("还没有写任何文件")]

    # ---- acts

    def _offer(self) -> None:
        from eduplan_desktop.workspace import offered_words

        self.words.show_values({"passphrase": offered_words(self.context.env)})

    def _pick_file(self) -> None:
        name = self.who.values()["name"] or _("县级文件")
        self._put("file", self.context.messages.save_file(_("县级文件保存在哪里"), name + SUFFIX, f"*{SUFFIX}"))

    def _pick_sheet(self) -> None:
        name = _("{county}-记录恢复单.pdf").format(county=self.who.values()["name"] or _("县"))
        self._put("sheet", self.context.messages.save_file(_("恢复单写到哪里"), name, "*.pdf *.txt"))

    def _put(self, name: str, path: str) -> None:
        if path:
            self.places.show_values({**self.places.values(), name: path})

    def _make(self) -> None:
        for form in (self.who, self.words, self.places):
            form.say("")
        if self.who.lacking() or self.words.lacking() or self.places.lacking():
            return
        words = self.words.values()
        if words["passphrase"].split() != words["again"].split():
            self.words.say(_("两遍口令不一样。请对照纸上写下的口令，再输一遍。"))
            self.words.field("again").setFocus()
            return
        said, places = self.who.values(), self.places.values()
        path = Path(places["file"])
        path = path if path.suffix == SUFFIX else path.with_name(path.name + SUFFIX)
        self._run(path, Path(places["sheet"]), said["name"], said["code"], words["passphrase"])

    def _run(self, path: Path, sheet: Path, name: str, code: str, passphrase: str) -> None:
        from eduplan_desktop.workspace import new_county

        env = self.context.env

        def act(_progress: Any, _cancelled: Any) -> Any:
            return new_county(path, code=code, name=name, passphrase=passphrase, sheet=sheet, env=env)

        panel = ProgressPanel(_("正在建立密钥，并试封试开一次"))
        self.column.insertWidget(2, panel)
        self.make.setEnabled(False)

        def ended() -> None:
            panel.deleteLater()
            self.make.setEnabled(True)

        def done(made: Any) -> None:
            ended()
            self._made(made, passphrase)

        def failed(fault: EduPlanError) -> None:
            ended()
            self.say(f"{fault.message} {fault.advice}".strip(), Tone.RED)

        self.context.tasks.run(act, on_done=done, on_failed=failed)

    def _made(self, made: Any, passphrase: str) -> None:
        context, frame = self.context, self.context.frame
        context.messages.ask(
            _("恢复码只显示这一次"),
            made.recovery_code,
            [Answer("kept", _("已经抄好，收在另一个地方"))],
            detail=_("忘了口令时，用恢复码打开县密钥。恢复单已写到 {sheet}，请马上打印，再核对。").format(
                sheet=made.sheet
            ),
        )
        for form in (self.who, self.words, self.places):
            form.clear()
        if frame.open_file(made.file):
            frame.go("county_keys", Target(extra="prove"))
            page: Any = getattr(frame, "page", None)
            work(page, _("正在打开县密钥"), lambda ws, *_: ws.open_compartment("personal", passphrase), lambda _a: None)


def _indented(*buttons: Button) -> QWidget:
    made = QWidget()
    row = QHBoxLayout(made)
    row.setContentsMargins(theme.px(108), 0, 0, 0)
    row.setSpacing(theme.GRID)
    for button in buttons:
        row.addWidget(button)
    row.addStretch(1)
    return made
