"""F02 固定资产台账(明细账): A4 landscape, 15 columns, page totals and a grand total (forms.md §2)."""

from collections.abc import Iterable
from dataclasses import dataclass

from eduplan_desktop.i18n import _
from eduplan_desktop.reports.amounts import Sum, count, money
from eduplan_desktop.reports.page import Head, Imprint, Paper, sign_off
from eduplan_desktop.reports.table import Align, Column, Table


@dataclass(frozen=True, slots=True)
class Asset:
    """One row, texts as shown on screen. quantity (whole units) and value_fen (分) are what the totals add up."""

    asset_no: str
    class_name: str
    name: str
    spec: str
    unit: str
    quantity: int | None
    price: str
    value_fen: int | None
    bought: str
    acquired: str
    place: str
    keeper: str
    state: str
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Ledger:
    """The ledger of one school. as_of: what day the rows stand for, as shown; imprint: where the print comes from."""

    school: str
    as_of: str
    assets: Iterable[Asset]
    imprint: Imprint


def _columns() -> tuple[Column, ...]:
    return (
        Column(_("序号"), 9, Align.CENTRE),
        Column(_("资产编号"), 23),
        Column(_("分类"), 21),
        Column(_("名称"), 27),
        Column(_("规格型号"), 24),
        Column(_("单位"), 9, Align.CENTRE),
        Column(_("数量"), 12, Align.RIGHT),
        Column(_("单价"), 19, Align.RIGHT),
        Column(_("原值"), 23, Align.RIGHT),
        Column(_("购置日期"), 18, Align.CENTRE, lines=1),
        Column(_("取得方式"), 14, Align.CENTRE),
        Column(_("存放地点"), 22),
        Column(_("保管人"), 15, Align.CENTRE),
        Column(_("使用状况"), 12, Align.CENTRE),
        Column(_("备注"), 19),
    )


def render(ledger: Ledger) -> bytes:
    """The ledger as a PDF."""
    head = Head(
        "F02",
        _("固定资产台账（明细账）"),
        _("填报单位：{school}").format(school=ledger.school),
        _("截至 {day}").format(day=ledger.as_of),
        _("计量单位：元"),
    )
    paper = Paper(head, ledger.imprint, landscape=True)
    page_quantity, page_value, quantity, value = Sum(), Sum(), Sum(), Sum()
    blank = [""] * 6
    table = Table(
        paper,
        _columns(),
        page_total=lambda: [
            _("本页小计"),
            *[""] * 5,
            count(page_quantity.take()),
            "",
            money(page_value.take()),
            *blank,
        ],
        total_span=6,
    )
    for number, asset in enumerate(ledger.assets, 1):
        table.row(_cells(number, asset))
        for sums, figure in (((page_quantity, quantity), asset.quantity), ((page_value, value), asset.value_fen)):
            for each in sums:
                each.add(figure)
    table.close([_("合计"), *[""] * 5, count(quantity.total), "", money(value.total), *blank])
    sign_off(paper)
    return paper.finish()


def _cells(number: int, asset: Asset) -> tuple[str, ...]:
    return (
        str(number),
        asset.asset_no,
        asset.class_name,
        asset.name,
        asset.spec,
        asset.unit,
        count(asset.quantity),
        asset.price,
        money(asset.value_fen),
        asset.bought,
        asset.acquired,
        asset.place,
        asset.keeper,
        asset.state,
        asset.remark,
    )
