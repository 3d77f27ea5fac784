"""The report of an import as a workbook: the figures, every refused line with its cells and reasons, what was normalised.

The refused lines stand under their own headings, so that they can be corrected there and imported again. Sealed cells are masked.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

from eduplan_desktop.exchange.cells import Cell, words
from eduplan_desktop.exchange.layout import Written
from eduplan_desktop.exchange.neutral import neutralise
from eduplan_desktop.exchange.plan import ImportPlan
from eduplan_desktop.exchange.reasons import SKIPPED, reason
from eduplan_desktop.exchange.sheet_write import Table, write_tables
from eduplan_desktop.i18n import N_, _
from eduplan_desktop.problems import Problem
from eduplan_desktop.registers.kinds import MASK

_COUNTS = {
    "read": N_("读入"),
    "stored": N_("新增"),
    "updated": N_("更新"),
    "unchanged": N_("未变"),
    "refused": N_("拒收"),
    "skipped": N_("跳过（标题、合计、重复表头等）"),
}


def sentence(plan: ImportPlan) -> str:
    """The figures in one line."""
    c = plan.counts()
    return _(
        "读入 {read} = 新增 {stored} + 更新 {updated} + 未变 {unchanged} + 拒收 {refused}；跳过 {skipped} 行。"
    ).format(**c)


def reasons(plan: ImportPlan) -> Iterator[dict[str, str | int]]:
    """Every finding about a line, refused or taken without the cell: line, field, label, code, message, taken (0 or 1)."""
    for refused in plan.refused:
        yield from (_reason(plan, refused.line, p, 0) for p in refused.problems)
    for index, dropped in ((i, plan.lacking(i)) for i in sorted({*plan.dropped, *plan.unfinished})):
        yield from (_reason(plan, plan.prepared.lines[index], p, 1) for p in dropped)


def _reason(plan: ImportPlan, line: int, found: Problem, taken: int) -> dict[str, str | int]:
    declared = plan.prepared.register.by_name.get(found.field)
    label = declared.label if declared else ""
    return {
        "line": line,
        "field": found.field,
        "label": label,
        "code": found.code,
        "message": reason(found),
        "taken": taken,
    }


def write_report(path: Path, plans: Sequence[ImportPlan], source: str) -> None:
    """Save the report, of each register where there are several. source: name of the file read. Raises ExchangeError."""
    several = len(plans) > 1
    tables = []
    for number, plan in enumerate(plans, 1):
        after = f" {number} {_(plan.prepared.register.label)}" if several else ""
        made = (_figures(plan, source), _refused(plan), *_lacking(plan), _normalised(plan), _skipped(plan))
        tables += [replace(table, title=f"{table.title}{after}"[:31]) for table in made]
    write_tables(path, tables)


def _figures(plan: ImportPlan, source: str) -> Table:
    prepared = plan.prepared
    rows: list[list[Written]] = [[_("文件"), neutralise(source)], [_("登记册"), _(prepared.register.label)]]
    rows += [[_(_COUNTS[name]), count] for name, count in plan.counts().items()]
    rows += [[_("其中不属于本登记册"), plan.not_meant], [_("新增中缺必填项"), len(plan.unfinished)]]
    rows += [[_("不导入的列"), neutralise(name)] for name in prepared.ignored]
    rows += [[_("整表规整"), note] for note in prepared.notes]
    return Table(_("汇总"), (_("项目"), _("内容")), rows, (30, 60))


def _refused(plan: ImportPlan) -> Table:
    prepared = plan.prepared
    sheet = prepared.sheet
    index_of = {line: i for i, line in enumerate(sheet.numbers)}
    rows: list[list[Written]] = []
    for refused in plan.refused:
        cells = sheet.rows[index_of[refused.line]]
        shown = [
            MASK if name in prepared.masked and words(cell) else _shown(cell)
            for name, cell in zip(prepared.header.names, cells, strict=True)
        ]
        rows.append([*shown, refused.line, " ".join(reason(p) for p in refused.problems)])
    widths = (*(14 for _name in prepared.header.names), 8, 70)
    return Table(_("拒收"), (*prepared.header.names, _("原表行号"), _("拒收原因")), rows, widths)


def _lacking(plan: ImportPlan) -> list[Table]:
    """Rows that went in although a cell was left out or a required one is missing; no table where there are none."""
    taken = sorted((r for r in reasons(plan) if r["taken"]), key=lambda r: int(r["line"]))
    rows: list[list[Written]] = [[int(r["line"]), str(r["label"]), str(r["message"])] for r in taken]
    return [Table(_("少格存入"), (_("原表行号"), _("项目"), _("原因")), rows, (10, 24, 70))] if rows else []


def _shown(cell: Cell) -> Written:
    """A cell of the foreign sheet as it stood, harmless."""
    if isinstance(cell, bool) or not isinstance(cell, int | float):
        return neutralise(words(cell)) or None
    return Decimal(repr(cell)) if cell == cell and abs(cell) < 10**15 else neutralise(str(cell))


def _normalised(plan: ImportPlan) -> Table:
    counts = sorted(plan.prepared.note_counts().items(), key=lambda item: (item[0][0], -item[1]))
    rows: list[list[Written]] = [[neutralise(heading), note, count] for (heading, note), count in counts]
    return Table(_("规整"), (_("列"), _("规整内容"), _("行数")), rows, (24, 60, 10))


def _skipped(plan: ImportPlan) -> Table:
    rows: list[list[Written]] = [[s.line, _(SKIPPED[s.kind]), neutralise(s.words)] for s in plan.prepared.skipped]
    return Table(_("跳过"), (_("行号"), _("原因"), _("内容")), rows, (10, 24, 60))
