"""Pasting a block from a spreadsheet into a register's table: rows there are changed, further rows become new records."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from eduplan_desktop.errors import EduPlanError
from eduplan_desktop.i18n import _
from eduplan_desktop.registers.kinds import is_masked
from eduplan_desktop.registers.model import Row
from ui.messages import Answer
from ui.theme import Tone

if TYPE_CHECKING:
    from ui.register_screen import RegisterScreen

TOLD = 5
"""Refused cells named one by one; more are counted."""


@dataclass(slots=True)
class Block:
    """What a paste would do. changed and added: whole records; refused: sentences with the line they stand in."""

    changed: list[Row] = field(default_factory=list)
    added: list[Row] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)


def read_block(screen: "RegisterScreen", row: int, column: int, cells: Sequence[Sequence[str]]) -> Block:
    """Read the cells by the fields they land in. A cell that cannot be read leaves its old value; a masked one means unchanged."""
    model = screen.model
    shown = screen.table.shown_columns()
    fields = [model.field_at(c) for c in shown[shown.index(column) :]] if column in shown else []
    block = Block()
    for number, line in enumerate(cells):
        texts = {f.name: text for f, text in zip(fields, line, strict=False) if f is not None and not is_masked(text)}
        values: dict[str, Any] = {}
        for name, text in texts.items():
            sentences, one = model.read_cells({name: text})
            values |= one
            block.refused += [_("第 {n} 行：{why}").format(n=number + 1, why=s) for s in sentences]
        here = row + number
        if here < model.rowCount():
            record = {k: v for k, v in model.row_at(here).items() if k != "school"}
            if any(record.get(k) != v for k, v in values.items()):
                block.changed.append({**record, **values})
        elif any(v is not None for v in values.values()):
            block.added.append({**screen.context.workspace.blank(screen.register.name), **values})
    return block


def paste_cells(screen: "RegisterScreen", row: int, column: int, cells: list[list[str]]) -> None:
    """Read, ask when it is more than one cell, write, say what did not go in."""
    block = read_block(screen, row, column, cells)
    many = len(cells) > 1 or len(cells[0]) > 1
    if many and (block.changed or block.added) and not _agreed(screen, block):
        return
    try:
        for record in [*block.changed, *block.added]:
            screen.context.published(screen.context.workspace.save(screen.register.name, record).changes)
    except EduPlanError as fault:
        screen.say(str(fault), Tone.RED)
    if block.refused:
        told = " ".join(block.refused[:TOLD])
        more = _("还有 {n} 处。").format(n=len(block.refused) - TOLD) if len(block.refused) > TOLD else ""
        screen.say(_("有的格没有写入。") + told + more, Tone.AMBER)


def _agreed(screen: "RegisterScreen", block: Block) -> bool:
    words = _("修改 {changed} 条，新增 {added} 条").format(changed=len(block.changed), added=len(block.added))
    detail = _("有 {n} 个格读不懂，不会写入。").format(n=len(block.refused)) if block.refused else ""
    return (
        screen.context.messages.ask(_("粘贴"), words, [Answer("paste", words)], tone=Tone.ACCENT, detail=detail)
        == "paste"
    )
