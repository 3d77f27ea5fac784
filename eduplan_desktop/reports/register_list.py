"""Any register's rows as a printed table: the columns a person sees on screen, in the order of the screen."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from eduplan_desktop.i18n import _
from eduplan_desktop.reports.page import Head, Imprint, Paper, sign_off
from eduplan_desktop.reports.pdf import MM
from eduplan_desktop.reports.table import Align, Column, Table

_PORTRAIT_COLUMNS: Final = 6
_SMALL_COLUMNS: Final = 14
_SIDE_BY_SIDE: Final = 14


@dataclass(frozen=True, slots=True)
class RegisterList:
    """A list. unit: school or county; right: e.g. the unit of measurement; columns without the running number, which the
    form adds; rows: shown texts, one for each column; totals: the same, or empty; signed: whether signatures follow;
    name: the column that names a row. More columns than one part holds: the rows are gone through once for each part."""

    title: str
    unit: str
    period: str
    right: str
    columns: Sequence[Column]
    rows: Iterable[Sequence[str]]
    imprint: Imprint
    totals: Sequence[str] = ()
    signed: bool = False
    name: int = 0


def render(listing: RegisterList) -> bytes:
    """The list as a PDF: portrait for few columns, landscape for more, smaller type for many. More columns than stand side
    by side follow in further parts, every row again by its number and name."""
    parts = _parts(len(listing.columns), listing.name)
    paper: Paper | None = None
    for number, places in enumerate(parts, 1):
        title = listing.title
        if len(parts) > 1:
            title = _("{title}（第 {part} 部分，共 {total} 部分）").format(title=title, part=number, total=len(parts))
        head = Head("", title, _("单位：{unit}").format(unit=listing.unit), listing.period, listing.right)
        if paper is None:
            paper = Paper(head, listing.imprint, landscape=len(listing.columns) > _PORTRAIT_COLUMNS)
        else:
            paper.begin(head)
        _part(paper, listing, places)
    assert paper is not None
    if listing.signed:
        sign_off(paper)
    return paper.finish()


def _parts(columns: int, name: int) -> list[list[int]]:
    """Which columns stand in which part; from the second part on the naming column comes first."""
    if columns <= _SIDE_BY_SIDE:
        return [list(range(columns))]
    number = -(-(columns - 1) // (_SIDE_BY_SIDE - 1))
    size = -(-(columns - 1) // number) + 1
    rest = list(range(columns))
    parts, rest = [rest[:size]], rest[size:]
    while rest:
        parts.append([name, *rest[: size - 1]])
        rest = rest[size - 1 :]
    return parts


def _part(paper: Paper, listing: RegisterList, places: Sequence[int]) -> None:
    wide = len(places)
    columns = [listing.columns[i] for i in places]
    average = sum(c.weight for c in columns) / wide if wide else 1.0
    number = Column(_("序号"), average * (0.45 if wide <= _SMALL_COLUMNS else 0.6), Align.CENTRE)
    size = 9.0 if wide <= _SMALL_COLUMNS else 7.5
    table = Table(paper, [number, *columns], size=size, row_height=(8 if wide <= _SMALL_COLUMNS else 7) * MM)
    for place, row in enumerate(listing.rows, 1):
        table.row((str(place), *(row[i] for i in places)))
    table.close([_("合计"), *(listing.totals[i] for i in places)] if listing.totals else ())
