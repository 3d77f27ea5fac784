"""设备变动: 验收、移动、调拨、维修、盘点、报废, one row per act on one asset; assets are never simply deleted.

Both sides of a 调拨 post the same 调拨单号; the county matches them after the merge.
"""

from collections.abc import Iterator, Mapping
from typing import Final

from eduplan_desktop.problems import Problem
from eduplan_desktop.registers.messages import finding
from eduplan_desktop.registers.model import Field, Kind, Register, RuleContext, Section, Value
from eduplan_desktop.registers.rules import needed_when, not_in_future

ACCEPT, MOVE, TRANSFER, REPAIR, COUNT, SCRAP = "1", "2", "3", "4", "5", "6"
"""Codes of the table `change_kind`."""

_KIND: Final = Field("change", Kind.CHOICE, "变动类型", required=True, choices="change_kind")
_DATE: Final = Field("change_date", Kind.DATE, "日期", required=True)
_ORDER: Final = Field(
    "order_no", Kind.TEXT, "单号", max_length=60, help="验收单、调拨单、维修单或报废审批表编号；调拨双方填同一个号。"
)
_DIRECTION: Final = Field("direction", Kind.CHOICE, "调拨方向", choices="direction")
_OTHER: Final = Field("other_school", Kind.TEXT, "对方单位", max_length=100)
_TO_ROOM: Final = Field("to_room", Kind.LINK, "移至", target="room")
_BOOK: Final = Field("book_quantity", Kind.WHOLE, "账面数", minimum=0)
_COUNTED: Final = Field("counted_quantity", Kind.WHOLE, "实盘数", minimum=0)
_OUTCOME: Final = Field("outcome", Kind.CHOICE, "盘点结果", choices="count_outcome")
_APPROVAL: Final = Field("approval_no", Kind.TEXT, "批准文号", max_length=60)
_OPINION: Final = Field("opinion", Kind.LONG_TEXT, "技术鉴定或处理意见", max_length=1000)


def _count_agrees(row: Mapping[str, Value], context: RuleContext) -> Iterator[Problem]:
    """盘盈, 盘亏 and 账实相符 follow from the two quantities."""
    book, counted, outcome = row.get("book_quantity"), row.get("counted_quantity"), row.get("outcome")
    if not isinstance(book, int) or not isinstance(counted, int) or outcome not in ("1", "2", "3"):
        return
    right = "1" if counted == book else "2" if counted > book else "3"
    if outcome != right:
        label = context.catalogs.label("count_outcome", right)
        yield finding(
            "count_outcome_wrong",
            "outcome",
            {"label": _OUTCOME.label, "right": label},
            fix=(f"改为“{label}”", "outcome", right),
        )


EQUIPMENT_CHANGE: Final = Register(
    name="equipment_change",
    label="设备变动",
    identity=("equipment", "change", "change_date"),
    title=("change", "change_date", "order_no"),
    sections=(
        Section(
            "变动",
            (
                Field("equipment", Kind.LINK, "资产", required=True, target="equipment"),
                _KIND,
                _DATE,
                _ORDER,
                Field("quantity", Kind.WHOLE, "数量", minimum=0),
                Field("handler", Kind.TEXT, "经手人", max_length=50),
                Field("approver", Kind.TEXT, "批准人", max_length=50),
                _APPROVAL,
            ),
        ),
        Section(
            "移动与调拨",
            (
                Field("from_room", Kind.LINK, "移自", target="room"),
                _TO_ROOM,
                Field("from_keeper", Kind.LINK, "原保管人", target="staff"),
                Field("to_keeper", Kind.LINK, "新保管人", target="staff"),
                _DIRECTION,
                _OTHER,
            ),
        ),
        Section("盘点", (_BOOK, _COUNTED, _OUTCOME, Field("counters", Kind.TEXT, "盘点人", max_length=100))),
        Section(
            "维修与报废",
            (
                Field("cost", Kind.MONEY, "费用", unit="元", places=2, minimum=0),
                Field("proceeds", Kind.MONEY, "残值收入", unit="元", places=2, minimum=0),
                Field("value_change", Kind.MONEY, "原值增减", unit="元", places=2),
                Field("state_after", Kind.CHOICE, "变动后使用状况", choices="use_state"),
                _OPINION,
                Field("remark", Kind.LONG_TEXT, "备注", max_length=1000),
            ),
        ),
    ),
    rules=(
        not_in_future(_DATE),
        needed_when(_ORDER, _KIND, {TRANSFER}, "调拨"),
        needed_when(_DIRECTION, _KIND, {TRANSFER}, "调拨"),
        needed_when(_OTHER, _KIND, {TRANSFER}, "调拨"),
        needed_when(_COUNTED, _KIND, {COUNT}, "盘点"),
        needed_when(_OUTCOME, _KIND, {COUNT}, "盘点"),
        needed_when(_OPINION, _KIND, {SCRAP}, "报废"),
        _count_agrees,
    ),
)
