"""Printing a form from a page of its own: where to, written on a second opening of the file, offered to be opened."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from eduplan_desktop.errors import EduPlanError
from eduplan_desktop.i18n import _
from ui.register_output import open_outside
from ui.screen import Screen
from ui.theme import Tone


def print_form(screen: Screen, form: str, of: str, name: str) -> None:
    """Ask for a PDF file and write `form` of `of` into it. Vaults that are open stay open for the work."""
    write_out(screen, name, lambda ws, path: ws.paper.write(form, path, of))


def write_out(screen: Screen, name: str, act: Callable[[Any, Path], Any]) -> None:
    """Ask for a PDF file; `act(workspace, path)` writes it and says how many pages it has."""
    context = screen.context
    path = context.messages.save_file(_("印到哪个 PDF 文件"), f"{context.workspace.title}-{name}.pdf", "PDF (*.pdf)")
    if not path:
        return

    def work(_progress: Any, _cancelled: Any) -> Any:
        with context.workspace.another() as twin:
            return act(twin, Path(path))

    def done(pages: Any) -> None:
        words = _("写好了，{n} 页：{path}").format(n=pages, path=path)
        screen.say(words, Tone.GREEN, [(_("打开"), lambda: open_outside(path))])

    def failed(fault: EduPlanError) -> None:
        context.messages.fault(fault, _("没有写成"))

    context.tasks.run(work, on_done=done, on_failed=failed)
