"""房间: every room a school uses, so that assets, hazards and indicator A7 have a place to point to."""

from typing import Final

from eduplan_desktop.registers.model import Field, Kind, Register, Section
from eduplan_desktop.registers.rules import not_in_future, unique

_NAME: Final = Field(
    "name", Kind.TEXT, "房间名称", required=True, max_length=60, help="平时怎么叫就怎么写，如“一年级1班”“科学实验室”。"
)
_BUILT: Final = Field("built", Kind.DATE, "建成时间")

ROOM: Final = Register(
    name="room",
    label="房间",
    identity=("name",),
    title=("name", "building"),
    sections=(
        Section(
            "房间",
            (
                _NAME,
                Field("room_no", Kind.TEXT, "室号", max_length=30),
                Field("building", Kind.TEXT, "所在建筑", max_length=60),
                Field("floor", Kind.WHOLE, "楼层", minimum=-5, maximum=60),
                Field("room_type", Kind.CHOICE, "用途", required=True, choices="room_type"),
                Field("level", Kind.CHOICE, "使用学段", choices="level"),
                Field("area", Kind.DECIMAL, "使用面积", unit="㎡", places=2, minimum=0),
                Field("seats", Kind.WHOLE, "座位数", unit="个", minimum=0, maximum=5000),
            ),
        ),
        Section(
            "条件",
            (
                Field(
                    "multimedia",
                    Kind.YES_NO,
                    "网络多媒体教室",
                    help="接入网络并有显示、播放设备，计入“网络多媒体教室数”。",
                ),
                Field("state", Kind.CHOICE, "状态", required=True, choices="room_state"),
                Field("keeper", Kind.LINK, "负责人", target="staff"),
                _BUILT,
                Field("remark", Kind.LONG_TEXT, "备注", max_length=1000),
            ),
        ),
    ),
    rules=(not_in_future(_BUILT),),
    group_rules=(unique(_NAME),),
)
