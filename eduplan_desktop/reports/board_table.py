"""完整性看板 on paper: schools × items, each cell a shape and a word that a copier keeps, counts by state under the schools.

Items that do not stand side by side on one page follow as a further part, with the schools repeated.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from eduplan_desktop.i18n import N_, _
from eduplan_desktop.reports.amounts import count
from eduplan_desktop.reports.blocks import paragraph, space
from eduplan_desktop.reports.fonts import Face
from eduplan_desktop.reports.page import Head, Imprint, Paper
from eduplan_desktop.reports.pdf import MM
from eduplan_desktop.reports.table import Align, Column, Table

MARKS: Final[Mapping[str, tuple[str, str]]] = {
    "missing": ("×", N_("缺报")),
    "late": ("△", N_("迟报")),
    "returned": ("◇", N_("退回")),
    "received": ("○", N_("待审")),
    "accepted": ("√", N_("已通过")),
    "exempt": ("—", N_("免报")),
    "upcoming": ("…", N_("未到期")),
}
"""State of a cell → its shape and word, in the order a person looks for them."""
_PER_PART: Final = 12
_ROOMY: Final = 8
_SIZE: Final = 8.5
_ROW: Final = 7 * MM


@dataclass(frozen=True, slots=True)
class Item:
    """A column. due: day as shown."""

    title: str
    due: str


@dataclass(frozen=True, slots=True)
class School:
    """A row. cells: (state, days late), state '' where the item is none of this school's; on_time: share as shown."""

    name: str
    township: str
    cells: Sequence[tuple[str, int]]
    on_time: str


@dataclass(frozen=True, slots=True)
class BoardTable:
    """The board on one day."""

    county: str
    as_of: str
    items: Sequence[Item]
    schools: Sequence[School]
    imprint: Imprint


def render(board: BoardTable) -> bytes:
    """The board as a PDF: parts of at most twelve items, each numbered by itself."""
    total = max(1, -(-len(board.items) // _PER_PART))
    size = -(-len(board.items) // total) or 1
    paper: Paper | None = None
    for part in range(total):
        head = _head(board, part + 1, total)
        if paper is None:
            paper = Paper(head, board.imprint, landscape=True)
        else:
            paper.begin(head)
        _part(paper, board, range(part * size, min(len(board.items), (part + 1) * size)))
    assert paper is not None
    return paper.finish()


def _head(board: BoardTable, part: int, total: int) -> Head:
    title = _("报送完整性看板")
    if total > 1:
        title = _("{title}（第 {part} 部分，共 {total} 部分）").format(title=title, part=part, total=total)
    left = _("单位：{unit}").format(unit=board.county)
    right = _("{n} 所学校，{m} 个事项").format(n=len(board.schools), m=len(board.items))
    return Head("", title, left, _("截至 {day}").format(day=board.as_of), right)


def _part(paper: Paper, board: BoardTable, places: range) -> None:
    columns = [Column(_("序号"), 9, Align.CENTRE), Column(_("学校"), 46), Column(_("乡镇"), 20)]
    columns += [
        Column("\n".join(board.items[i].title.rsplit(" ", 1)), 17, Align.CENTRE, below=board.items[i].due[2:])
        for i in places
    ]
    columns.append(Column(_("按期率"), 13, Align.RIGHT))
    head_size = 9.0 if len(places) <= _ROOMY else 7.0
    table = Table(paper, columns, size=_SIZE, row_height=_ROW, head_size=head_size)
    for number, school in enumerate(board.schools, 1):
        cells = [mark(*school.cells[i]) for i in places]
        table.row((str(number), school.name, school.township, *cells, school.on_time))
    for cells in _counts(board, places):
        table.row((cells[0], "", "", *cells[1:], ""), face=Face.SANS, span=3)
    table.close()
    _legend(paper)


def mark(state: str, late: int) -> str:
    """A cell as printed: its shape and its word, with the days where it came late."""
    if not state:
        return ""
    shape, word = MARKS[state]
    return shape + (_("迟{days}天").format(days=late) if state == "late" else _(word))


def _counts(board: BoardTable, places: range) -> list[list[str]]:
    """已收 of those that must report, then every state that occurs, item by item."""
    states = {i: [school.cells[i][0] for school in board.schools if school.cells[i][0]] for i in places}
    rows = [[_("已收 / 应报"), *(_came(states[i]) for i in places)]]
    for state, (shape, word) in MARKS.items():
        counted = [states[i].count(state) for i in places]
        if any(counted):
            rows.append([f"{shape} {_(word)}", *(count(n) for n in counted)])
    return rows


def _came(states: Sequence[str]) -> str:
    due = [state for state in states if state != "exempt"]
    came = sum(state not in ("missing", "upcoming") for state in due)
    return f"{came} / {len(due)}"


def _legend(paper: Paper) -> None:
    space(paper, 1.5 * MM)
    words = "　".join(f"{shape} {_(word)}" for shape, word in MARKS.values())
    late = _(
        "栏目下为截止日期。空格：这一项不要求这所学校报。迟不迟按县里收到的日期判断。按期率：到期事项中按期收到的比例。"
    )
    for text in (words, late):
        paragraph(paper, text, size=9, leading=1.45, indent=False)
