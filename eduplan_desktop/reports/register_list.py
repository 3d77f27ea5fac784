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


@dataclass(frozen=True, slots=True)
class RegisterList:
    """A list. unit: school or county; right: e.g. the unit of measurement; columns without the running number, which the
    form adds; rows: shown texts, one for each column; totals: the same, or empty; signed: whether signatures follow."""

    title: str
    unit: str
    period: str
    right: str
    columns: Sequence[Column]
    rows: Iterable[Sequence[str]]
    imprint: Imprint
    totals: Sequence[str] = ()
    signed: bool = False


def render(listing: RegisterList) -> bytes:
    """The list as a PDF: portrait for few columns, landscape for more, smaller type for many."""
    wide = len(listing.columns)
    head = Head("", listing.title, _("单位：{unit}").format(unit=listing.unit), listing.period, listing.right)
    paper = Paper(head, listing.imprint, landscape=wide > _PORTRAIT_COLUMNS)
    average = sum(c.weight for c in listing.columns) / wide if wide else 1.0
    number = Column(_("序号"), average * (0.45 if wide <= _SMALL_COLUMNS else 0.6), Align.CENTRE)
    size = 9.0 if wide <= _SMALL_COLUMNS else 7.5
    table = Table(paper, [number, *listing.columns], size=size, row_height=(8 if wide <= _SMALL_COLUMNS else 7) * MM)
    for place, row in enumerate(listing.rows, 1):
        table.row((str(place), *row))
    table.close([_("合计"), *listing.totals] if listing.totals else ())
    if listing.signed:
        sign_off(paper)
    return paper.finish()
