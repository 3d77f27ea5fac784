"""Printing and writing the board and 催报单 from the county's pages, and noting down that reminders went out."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QMenu, QWidget

from eduplan_desktop.i18n import _
from ui.register_output import open_outside
from ui.screen import Screen
from ui.screens.county_parts import attempt, work
from ui.theme import Tone

PDF = "PDF (*.pdf)"


def sheets_filter() -> str:
    """Endings of a sheet first, of paper last."""
    return _("Excel 工作簿") + f" (*.xlsx);;CSV (*.csv);;{PDF}"


def print_board(screen: Screen) -> None:
    """The whole board to a PDF, or a sheet where the name ends so."""
    context = screen.context
    name = _("{county}-报送看板-{day}").format(county=context.workspace.title, day=context.workspace.today())
    filters = f"{PDF};;" + _("Excel 工作簿") + " (*.xlsx);;CSV (*.csv)"
    path = context.messages.save_file(_("看板写到哪里"), f"{name}.pdf", filters)
    if path:
        work(
            screen,
            _("正在写看板"),
            lambda ws, *_a: ws.county.write_board(Path(path)),
            lambda _done: screen.say(_("写好了：{path}").format(path=path), Tone.GREEN, [_opened(path)]),
        )


def offer(screen: Screen, anchor: QWidget, item: str = "", title: str = "") -> None:
    """A menu under the button: a sheet a school or one list, of the item looked at or of all of them."""
    menu = QMenu(screen)
    if item:
        menu.addAction(_("“{item}”：每校一份催报单").format(item=title), lambda: remind(screen, [item]))
        menu.addAction(_("“{item}”：催报名单").format(item=title), lambda: remind(screen, [item], listing=True))
        menu.addSeparator()
    menu.addAction(_("全部事项：每校一份催报单"), lambda: remind(screen))
    menu.addAction(_("全部事项：催报名单"), lambda: remind(screen, listing=True))
    menu.popup(anchor.mapToGlobal(QPoint(0, anchor.height())))


def remind(
    screen: Screen, items: Sequence[str] = (), *, school: str = "", name: str = "", listing: bool = False
) -> None:
    """Ask where to, write, and offer to note the reminders down."""
    context = screen.context
    ws = context.workspace
    file = "-".join(part for part in (ws.title, name, _("催报名单") if listing else _("催报单"), ws.today()) if part)
    ending, filters = (".xlsx", sheets_filter()) if listing else (".pdf", PDF)
    path = context.messages.save_file(_("催报写到哪个文件"), file + ending, filters)
    if not path:
        return

    def write(twin: Any, *_a: Any) -> Any:
        return twin.county.remind(Path(path), items=items, school=school, listing=listing)

    def done(told: Any) -> None:
        acts = [_opened(path)]
        if not ws.read_only:
            acts.append((_("记入催报记录"), lambda: note(screen, told)))
        words = _("写好了，{n} 所学校：{path}").format(n=len(told["schools"]), path=path)
        screen.say(words, Tone.GREEN, acts)

    def failed(fault: Any) -> None:
        screen.say(f"{fault.message} {fault.advice}".strip(), Tone.AMBER)

    work(screen, _("正在写催报单"), write, done, failed=failed)


def note(screen: Screen, told: Any) -> None:
    """Write down for every school and item that a reminder was printed today."""
    county = screen.context.workspace.county
    count = attempt(screen, lambda: county.note_reminded(told), _("没有记上"))
    if count is not None:
        screen.say(_("催报记下了，{n} 条。").format(n=count), Tone.GREEN)


def _opened(path: str) -> tuple[str, Any]:
    return _("打开"), lambda: open_outside(path)
