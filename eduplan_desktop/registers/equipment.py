"""设备台账: one row per asset or batch of like assets, with the columns schools keep (固定资产明细账与卡片)."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from eduplan_desktop.problems import Problem
from eduplan_desktop.registers.columns import Columns, Screened, columns_of
from eduplan_desktop.registers.messages import finding
from eduplan_desktop.registers.model import Field, Kind, Register, RowSource, RuleContext, Section, Value
from eduplan_desktop.registers.rules import in_order, not_in_future, unique
from eduplan_desktop.registers.text import fold

IN_ACCOUNT: Final = frozenset({"1", "2", "3", "4", "5"})
"""Use states in which an asset counts into the totals: 待验收, 在用, 闲置, 维修, 待报废."""

_NO: Final = Field("asset_no", Kind.TEXT, "资产编号", required=True, max_length=40)
_NAME: Final = Field("name", Kind.TEXT, "资产名称", required=True, max_length=100)
_CLASS: Final = Field(
    "class_code",
    Kind.CHOICE,
    "分类代码",
    choices="asset_class",
    help="GB/T 14885；2010 版与 2022 版代码含义不同，连同版本保存。",
)
_ITEM: Final = Field("item", Kind.CHOICE, "品目", choices="equipment_item", help="配备目录中的品目，用于计算配备缺口。")
_QUANTITY: Final = Field("quantity", Kind.WHOLE, "数量", required=True, minimum=0, maximum=10_000_000)
_PRICE: Final = Field("price", Kind.MONEY, "单价", unit="元", places=4, minimum=0)
_VALUE: Final = Field(
    "original_value",
    Kind.MONEY,
    "原值",
    unit="元",
    places=2,
    required=True,
    minimum=0,
    help="按入账凭证填写；与单价×数量相差超过 0.5% 时提示。",
)
_LIFE: Final = Field("life_years", Kind.WHOLE, "折旧年限", unit="年", minimum=1, maximum=100)
_DEPRECIATED: Final = Field("depreciated", Kind.MONEY, "累计折旧", unit="元", places=2, minimum=0)
_NET: Final = Field("net_value", Kind.MONEY, "净值", unit="元", places=2, minimum=0)
_BOUGHT: Final = Field("bought", Kind.DATE, "购置日期", required=True, help="只知道年份或年月也可以。")
_USED: Final = Field("used_since", Kind.DATE, "启用日期")
_WARRANTY: Final = Field("warranty_until", Kind.DATE, "保修到")


def _price_times_quantity(row: Mapping[str, Value], context: RuleContext) -> Iterator[Problem]:
    """原值 is entered from the voucher; price × quantity off by more than 0.5 % is a doubt (D16)."""
    price, quantity, value = row.get("price"), row.get("quantity"), row.get("original_value")
    if not isinstance(price, int) or not isinstance(quantity, int) or not isinstance(value, int) or not quantity:
        return
    product, entered = price * quantity, value * 100
    if abs(product - entered) * 200 > max(abs(entered), abs(product)):
        yield finding("value_not_product", "original_value", {"label": _VALUE.label})


def _product_off(table: Columns, context: RuleContext) -> Iterable[int]:
    """Rows `_price_times_quantity` must look at."""
    if table.blank(_PRICE.name):
        return ()
    triples = enumerate(zip(table[_PRICE.name], table[_QUANTITY.name], table[_VALUE.name], strict=True))
    return [
        i
        for i, (price, quantity, value) in triples
        if price is not None
        and quantity is not None
        and value is not None
        and (not isinstance(price, int) or not isinstance(value, int) or price * quantity != value * 100)
    ]


def _depreciated(table: Columns, context: RuleContext) -> Iterable[int]:
    """Rows `_net_is_rest` must look at."""
    return [i for i, gone in enumerate(table[_DEPRECIATED.name]) if gone is not None]


def _net_is_rest(row: Mapping[str, Value], context: RuleContext) -> Iterator[Problem]:
    """净值 = 原值 − 累计折旧, where all three are entered."""
    value, gone, net = row.get("original_value"), row.get("depreciated"), row.get("net_value")
    if isinstance(value, int) and isinstance(gone, int):
        if gone > value:
            yield finding("depreciated_too_much", "depreciated", {"label": _DEPRECIATED.label})
        elif isinstance(net, int) and net != value - gone:
            yield finding("net_not_rest", "net_value", {"label": _NET.label})


def _classified(register: Register, source: RowSource, context: RuleContext) -> Iterator[Problem]:
    """Assets with neither class code nor item count in no summary by class: told once, an old ledger has hundreds."""
    table = columns_of(source, register.name)
    pairs = zip(table[_CLASS.name], table[_ITEM.name], strict=True)
    count = sum(1 for class_code, item in pairs if class_code is None and item is None)
    if count:
        yield finding("asset_unclassified", "class_code", {"label": _CLASS.label, "count": count})


def _unusual_price(register: Register, source: RowSource, context: RuleContext) -> Iterator[Problem]:
    """A unit price ten times above or below the median of assets of the same name (three or more) is a doubt."""
    prices: dict[str, list[tuple[int, str]]] = {}
    table = columns_of(source, register.name)
    for row_id, name, price in zip(table.ids, table[_NAME.name], table[_PRICE.name], strict=True):
        if isinstance(price, int) and price > 0:
            prices.setdefault(str(name), []).append((price, row_id))
    grouped: dict[str, list[tuple[int, str]]] = {}
    for name, found in prices.items():
        grouped.setdefault(fold(name), []).extend(found)
    for found in grouped.values():
        if len(found) < 3:
            continue
        middle = sorted(found)[(len(found) - 1) // 2][0]
        for price, row_id in found:
            if price >= 10 * middle or price * 10 <= middle:
                yield finding("price_unusual", "price", {"label": _PRICE.label}, register.name, row_id)


EQUIPMENT: Final = Register(
    name="equipment",
    label="设备台账",
    identity=("asset_no",),
    title=("name", "asset_no"),
    sections=(
        Section(
            "基本信息",
            (
                _NO,
                _NAME,
                _CLASS,
                _ITEM,
                Field("instrument_no", Kind.TEXT, "教学仪器号", max_length=20, help="JY/T 配备目录中的编号。"),
                Field("spec", Kind.TEXT, "规格型号"),
                Field("brand", Kind.TEXT, "品牌", max_length=60),
                Field("serial", Kind.TEXT, "出厂编号", max_length=80),
                Field("asset_kind", Kind.CHOICE, "资产类别", choices="asset_kind"),
            ),
        ),
        Section(
            "取得",
            (
                Field("acquired", Kind.CHOICE, "取得方式", required=True, choices="acquired"),
                Field("fund", Kind.CHOICE, "经费来源", choices="fund"),
                Field("purchase_form", Kind.CHOICE, "采购形式", choices="purchase_form"),
                _BOUGHT,
                _USED,
                Field("supplier", Kind.TEXT, "供货单位", max_length=100),
                Field("voucher", Kind.TEXT, "凭证号", max_length=60),
            ),
        ),
        Section(
            "数量与价值",
            (
                Field("unit", Kind.TEXT, "计量单位", max_length=20),
                _QUANTITY,
                _PRICE,
                _VALUE,
                _LIFE,
                Field("depreciation", Kind.CHOICE, "折旧状态", choices="depreciation"),
                _DEPRECIATED,
                _NET,
            ),
        ),
        Section(
            "使用",
            (
                Field("room", Kind.LINK, "存放地点", target="room"),
                Field("place", Kind.TEXT, "具体位置", max_length=100, help="房间以外的地点，或房间内的位置。"),
                Field("department", Kind.TEXT, "管理部门", max_length=60),
                Field("keeper", Kind.LINK, "保管人", target="staff"),
                Field("use_state", Kind.CHOICE, "使用状况", required=True, choices="use_state"),
                Field("use_for", Kind.CHOICE, "使用方向", choices="use_for"),
                Field("teaching", Kind.YES_NO, "计入教学仪器设备值", help="“均衡数据”据此推算教学仪器设备值。"),
                _WARRANTY,
                Field("remark", Kind.LONG_TEXT, "备注", max_length=1000),
            ),
        ),
    ),
    rules=(
        in_order(_BOUGHT, _USED),
        in_order(_BOUGHT, _WARRANTY),
        not_in_future(_BOUGHT, _USED),
        Screened(_price_times_quantity, _product_off),
        Screened(_net_is_rest, _depreciated),
    ),
    group_rules=(unique(_NO), _unusual_price, _classified),
)
