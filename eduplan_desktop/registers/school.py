"""学校概况: one row a file, what the county needs to know about the school itself."""

from collections.abc import Iterator, Mapping
from typing import Final

from eduplan_desktop.problems import Problem
from eduplan_desktop.registers.idnumber import credit_code_ok
from eduplan_desktop.registers.messages import finding
from eduplan_desktop.registers.model import Field, Kind, Register, Row, RuleContext, Section, Value
from eduplan_desktop.registers.rules import not_in_future

_FOUNDED: Final = Field("founded", Kind.DATE, "建校时间", help="只知道年份就只填年份。")
_CREDIT_CODE: Final = Field("credit_code", Kind.TEXT, "统一社会信用代码", max_length=18)


def _credit_code(row: Mapping[str, Value], context: RuleContext) -> Iterator[Problem]:
    """The check character of GB 32100-2015."""
    code = row.get(_CREDIT_CODE.name)
    if isinstance(code, str) and not credit_code_ok(code):
        yield finding("credit_code_wrong", _CREDIT_CODE.name, {"label": _CREDIT_CODE.label})


SCHOOL: Final = Register(
    name="school",
    label="学校概况",
    single=True,
    identity=("name",),
    title=("name",),
    sections=(
        Section(
            "学校",
            (
                Field("name", Kind.TEXT, "学校名称", required=True, max_length=100, help="与公章一致的全称。"),
                Field("code", Kind.SCHOOL_CODE, "学校标识码", help="10 位；教学点没有自己的标识码时留空。"),
                Field(
                    "old_code", Kind.TEXT, "曾用代码", max_length=30, help="12 位旧代码或教学点后缀，便于对照旧资料。"
                ),
                Field("school_type", Kind.CHOICE, "办学类型", required=True, choices="school_type"),
                Field("area_type", Kind.CHOICE, "城乡类型", choices="area_type"),
                Field("sponsor", Kind.CHOICE, "办别", choices="sponsor"),
                Field("township", Kind.TEXT, "所在乡镇（街道）", max_length=60),
                Field("address", Kind.TEXT, "地址"),
                _CREDIT_CODE,
                _FOUNDED,
            ),
        ),
        Section(
            "联系",
            (
                Field("principal", Kind.TEXT, "校长", max_length=50),
                Field(
                    "office_phone",
                    Kind.TEXT,
                    "学校电话",
                    max_length=40,
                    help="办公电话；个人手机号填在教职工的个人信息里。",
                ),
                Field("asset_keeper", Kind.TEXT, "资产管理员", max_length=50),
                Field("safety_officer", Kind.TEXT, "安全员", max_length=50),
                Field("health_officer", Kind.TEXT, "健康档案员", max_length=50),
            ),
        ),
        Section(
            "适用的检查与指标规则",
            (
                Field("boarding", Kind.YES_NO, "有寄宿生", help="决定每日检查是否包含宿舍各项。"),
                Field("canteen", Kind.YES_NO, "有食堂", help="决定每日检查是否包含食堂各项。"),
                Field("school_bus", Kind.YES_NO, "有校车", help="决定每日检查是否包含校车各项。"),
                Field("gates", Kind.WHOLE, "校门数", unit="个", minimum=0, maximum=50),
                Field("built_by_2010", Kind.YES_NO, "2010 年前（含）建成"),
                Field("built_by_2016", Kind.YES_NO, "2016 年前（含）建成"),
                Field("dense_centre", Kind.YES_NO, "城市中心人口稠密区学校"),
                Field("remark", Kind.LONG_TEXT, "备注", max_length=2000),
            ),
        ),
    ),
    rules=(not_in_future(_FOUNDED), _credit_code),
)

LEVELS_OF_TYPE: Final = {
    "211": ("P",),
    "218": ("P",),
    "219": ("P",),
    "311": ("J",),
    "319": ("J",),
    "312": ("P", "J"),
    "341": ("J", "S"),
    "342": ("S",),
    "345": ("P", "J", "S"),
    "349": ("S",),
}
"""Levels (code table `level`) taught by each 办学类型 of GB/T 33782-2017; types not named here teach none of the three."""


def check_attributes(row: Row | dict[str, Value] | None) -> frozenset[str]:
    """What of the checklist's `applies_to` holds for this school: 全部, and 寄宿, 食堂, 校车, 初中, 高中 as its profile says."""
    if row is None:
        return frozenset({"全部"})
    said = {word for name, word in (("boarding", "寄宿"), ("canteen", "食堂"), ("school_bus", "校车")) if row.get(name)}
    levels = LEVELS_OF_TYPE.get(str(row.get("school_type")), ())
    said |= {word for level, word in (("J", "初中"), ("S", "高中")) if level in levels}
    return frozenset({"全部", *said})
