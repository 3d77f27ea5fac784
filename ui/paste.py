"""Pasting a block from a spreadsheet into a register's table: rows there are changed, further rows become new records.

One paste is one act: one undo step and one sentence. A block of more than a few lines is read and written off the window's thread.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtGui import QGuiApplication

from eduplan_desktop.errors import EduPlanError
from eduplan_desktop.i18n import _
from ui.long_work import work
from ui.messages import Answer
from ui.theme import Tone

if TYPE_CHECKING:
    from eduplan_desktop.acts.pasting import LeftOut, PastePlan
    from ui.register_screen import RegisterScreen

TOLD: Final = 5
"""Cells and lines left out that are named in the bar; the list names all."""
AT_ONCE: Final = 50
"""Lines, or records, up to which nobody has to wait; more goes to the worker."""


def paste_cells(screen: "RegisterScreen", row: int, column: int, text: str) -> None:
    """Read the block, ask when it is more than one cell, write it in one act, say in one sentence what went in and what did not."""
    if not screen.form.settle() or screen.context.workspace.read_only:
        return
    shown = screen.table.shown_columns()
    columns = shown[shown.index(column) :] if column in shown else []
    fields = [f.name for c in columns if (f := screen.model.field_at(c)) is not None]
    lines = text.count("\n") + 1
    ids = screen.model.ids(row, row + lines)
    name = screen.register.name

    def look(ws: Any, *watch: Any) -> Any:
        return ws.look_at_paste(name, text, fields, ids, *watch)

    def looked(plan: "PastePlan") -> None:
        if plan.writes and ((lines == 1 and "\t" not in text) or _agreed(screen, plan)):
            _write(screen, plan)
        elif plan.left_out:
            _say(screen, plan, stored=False)

    run(screen, _("正在核对要粘贴的内容"), lines, look, looked, writes=False)


def _write(screen: "RegisterScreen", plan: "PastePlan") -> None:
    run(screen, _("正在粘贴"), plan.lines, lambda ws, *w: ws.paste(plan, *w), lambda _c: _say(screen, plan))


def run(
    screen: "RegisterScreen",
    title: str,
    size: int,
    act: Callable[..., Any],
    done: Callable[[Any], object],
    *,
    writes: bool = True,
) -> None:
    """Do a small act at once and a large one on the worker, with progress and cancel; the table is read again there too."""
    if size <= AT_ONCE:
        try:
            answer = act(screen.context.workspace)
        except EduPlanError as fault:
            screen.context.messages.fault(fault)
            return
        if writes:
            screen.context.published(answer)
        done(answer)
        return
    if writes:
        screen.pause_table(title)

    def resumed(after: Callable[[], object]) -> None:
        if writes:
            screen.read_table_again()
        after()

    work(
        screen,
        title,
        act,
        lambda answer: resumed(lambda: done(answer)),
        failed=lambda fault: resumed(lambda: screen.context.messages.fault(fault)),
        cancelled=lambda: resumed(lambda: screen.say(_("已停下，没有写入任何数据。"), Tone.NEUTRAL)),
        writes=writes,
    )


def _say(screen: "RegisterScreen", plan: "PastePlan", *, stored: bool = True) -> None:
    """The one sentence: lines = changed + new + unchanged + refused, and what was left out."""
    words = _("粘贴了 {n} 行：修改 {changed}，新增 {added}，未变 {same}，没有写入 {refused}。") if stored else ""
    words = words.format(
        n=f"{plan.lines:,}",
        changed=f"{len(plan.changed) + len(plan.moved):,}",
        added=f"{len(plan.added):,}",
        same=f"{plan.unchanged:,}",
        refused=f"{plan.refused:,}",
    )
    verbs: list[tuple[str, Callable[[], object]]] = []
    if plan.left_out:
        words += _("没有写入的有 {n} 处：").format(n=len(plan.left_out)) + " ".join(
            sentence_of(one) for one in plan.left_out[:TOLD]
        )
        if len(plan.left_out) > TOLD:
            words += _("还有 {n} 处。").format(n=len(plan.left_out) - TOLD)
        verbs.append((_("复制清单"), lambda: copy_list(plan.left_out)))
    if stored:
        verbs.append((_("撤销"), screen.acts.undo))
    screen.say(words, Tone.AMBER if plan.left_out else Tone.GREEN, verbs)


def sentence_of(one: "LeftOut") -> str:
    """Where a cell stood and why it was left out."""
    return _("第 {n} 行：{why}").format(n=one.line, why=one.why)


def copy_list(left_out: "list[LeftOut]") -> None:
    """Everything left out as a table for a spreadsheet: line, column, reason. It repeats no cell."""
    head = "\t".join((_("行"), _("列"), _("原因")))
    lines = ["\t".join((str(o.line), o.label, o.why)) for o in left_out]
    QGuiApplication.clipboard().setText("\n".join([head, *lines]))


def _agreed(screen: "RegisterScreen", plan: "PastePlan") -> bool:
    changed = len(plan.changed) + len(plan.moved)
    words = _("修改 {changed} 条，新增 {added} 条").format(changed=changed, added=len(plan.added))
    detail = _("有 {n} 处读不懂，不会写入。").format(n=len(plan.left_out)) if plan.left_out else ""
    return (
        screen.context.messages.ask(_("粘贴"), words, [Answer("paste", words)], tone=Tone.ACCENT, detail=detail)
        == "paste"
    )


def fill_down(screen: "RegisterScreen") -> None:
    """Ctrl+D: one row takes the cell above it; several take the cell of the first of them. One act."""
    table, model = screen.table, screen.model
    index = table.currentIndex()
    one = model.field_at(index.column()) if index.isValid() else None
    if one is None or screen.context.workspace.read_only or not screen.form.settle():
        return
    selected = table.selected_rows()
    first, into = (selected[0], selected[1:]) if len(selected) > 1 else (index.row() - 1, [index.row()])
    if first < 0:
        return
    value, ids = model.row_at(first).get(one.name), [model.id_at(r) for r in into]
    filled: list[PastePlan] = []

    def fill(ws: Any, *_watch: Any) -> Any:
        changes, plan = ws.fill(screen.register.name, ids, one.name, value)
        filled.append(plan)
        return changes

    def said(_changes: Any) -> None:
        if len(ids) > 1 or filled[0].left_out:
            words = _("“{label}”向下填充了 {n} 行。").format(label=_(one.label), n=f"{filled[0].writes:,}")
            words += " ".join(sentence_of(o) for o in filled[0].left_out[:TOLD])
            screen.say(words, Tone.AMBER if filled[0].left_out else Tone.GREEN, [(_("撤销"), screen.acts.undo)])

    run(screen, _("正在填充"), len(ids), fill, said)
