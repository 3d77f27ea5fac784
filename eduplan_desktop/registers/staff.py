"""教职工: the open half for rosters and indicators, and what identifies a person sealed in the compartment *personal* (D7)."""

from collections.abc import Iterator, Mapping
from typing import Final

from eduplan_desktop.problems import Problem
from eduplan_desktop.registers import dates, idnumber
from eduplan_desktop.registers.messages import finding
from eduplan_desktop.registers.model import Field, Kind, Register, RuleContext, Section, Value
from eduplan_desktop.registers.rules import in_order, needed_when, not_in_future, unique

MOVED: Final = frozenset({"3", "4"})
"""States 调出 and 调入: both halves of a move carry one pairing number (D17)."""

_NAME: Final = Field(
    "name", Kind.TEXT, "姓名", required=True, max_length=100, help="与身份证一致；少数民族姓名用间隔号“·”。"
)
_SEX: Final = Field("sex", Kind.CHOICE, "性别", required=True, choices="sex")
_BIRTH: Final = Field("birth", Kind.DATE, "出生年月", help="填到月即可。")
_STAFF_NO: Final = Field("staff_no", Kind.TEXT, "职工号", max_length=30)
_WORK: Final = Field("work_since", Kind.DATE, "参加工作时间")
_TEACH: Final = Field("teach_since", Kind.DATE, "从教时间")
_HERE: Final = Field("here_since", Kind.DATE, "来校时间")
_STATE: Final = Field("state", Kind.CHOICE, "在册状态", required=True, choices="staff_state")
_STATE_DATE: Final = Field("state_date", Kind.DATE, "状态变动日期")
_TRANSFER: Final = Field(
    "transfer_no", Kind.TEXT, "调动编号", max_length=40, help="调出校与调入校填同一个编号，县里据此配对。"
)
_OTHER_SCHOOL: Final = Field("other_school", Kind.TEXT, "调往或调自学校", max_length=100)
_BACKBONE_DATE: Final = Field("backbone_date", Kind.DATE, "骨干认定日期")
_TITLE_DATE: Final = Field("title_date", Kind.DATE, "职称取得日期")
_ID: Final = Field(
    "id_number", Kind.ID_NUMBER, "公民身份号码", help="居民身份证或港澳台居民居住证号码；护照等填“其他证件号码”。"
)


def _id_agrees(row: Mapping[str, Value], context: RuleContext) -> Iterator[Problem]:
    """Sex and birth date inside the identity number against those in clear; says that they differ, never what they are."""
    number = row.get(_ID.name)
    if not isinstance(number, str) or len(number) != 18:
        return
    if row.get("sex") in ("1", "2") and row["sex"] != idnumber.sex_code(number):
        yield finding("id_sex_differs", _ID.name, {"label": _ID.label})
    birth = row.get("birth")
    inside = idnumber.birth_date(number)
    if isinstance(birth, str) and (dates.before(birth, inside) or dates.before(inside, birth)):
        yield finding("id_birth_differs", _ID.name, {"label": _ID.label})
    if dates.before(context.today, inside):
        yield finding("id_birth_future", _ID.name, {"label": _ID.label})


STAFF: Final = Register(
    name="staff",
    label="教职工",
    identity=("name", "birth"),
    title=("name", "post"),
    sections=(
        Section(
            "基本信息",
            (
                _NAME,
                _SEX,
                _BIRTH,
                _STAFF_NO,
                Field("category", Kind.CHOICE, "教职工类别", required=True, choices="staff_category"),
                Field("post", Kind.CHOICE, "岗位", choices="post"),
                Field("duty", Kind.TEXT, "职务", max_length=60),
            ),
        ),
        Section(
            "编制与任教",
            (
                Field("establishment", Kind.CHOICE, "编制类别", choices="establishment"),
                Field("home_school", Kind.TEXT, "编制所在校", max_length=100, help="编制不在本校时填写。"),
                Field("teaching_school", Kind.TEXT, "任教校", max_length=100, help="实际不在本校任教时填写。"),
                Field("level", Kind.CHOICE, "任教学段", choices="level"),
                Field("subject", Kind.CHOICE, "主教学科", choices="subject"),
                Field("other_subject", Kind.CHOICE, "兼教学科", choices="subject"),
                _WORK,
                _TEACH,
                _HERE,
            ),
        ),
        Section(
            "学历与职称",
            (
                Field("education", Kind.CHOICE, "最高学历", choices="education"),
                Field("degree", Kind.CHOICE, "最高学位", choices="degree"),
                Field("major", Kind.TEXT, "所学专业", max_length=60),
                Field("title", Kind.CHOICE, "专业技术职称", choices="title"),
                _TITLE_DATE,
                Field("backbone", Kind.CHOICE, "骨干教师级别", choices="backbone"),
                _BACKBONE_DATE,
                Field("certified", Kind.YES_NO, "持教师资格证上岗"),
                Field("hours_5y", Kind.WHOLE, "近 5 年培训学时", unit="学时", minimum=0, maximum=5000),
            ),
        ),
        Section(
            "在册",
            (
                _STATE,
                _STATE_DATE,
                _TRANSFER,
                _OTHER_SCHOOL,
                Field("rotation", Kind.YES_NO, "本学年交流轮岗"),
                Field("remark", Kind.LONG_TEXT, "备注", max_length=1000),
            ),
        ),
        Section(
            "个人信息（密封）",
            (
                _ID,
                Field("other_id_type", Kind.CHOICE, "其他证件类型", choices="id_type"),
                Field("other_id_number", Kind.TEXT, "其他证件号码", max_length=40),
                Field("phone", Kind.TEXT, "手机号", max_length=40),
                Field("nation", Kind.CHOICE, "民族", choices="nation"),
                Field("marriage", Kind.CHOICE, "婚姻状况", choices="marriage"),
                Field("native_place", Kind.TEXT, "籍贯", max_length=60),
                Field("address", Kind.TEXT, "家庭住址"),
                Field("emergency_contact", Kind.TEXT, "紧急联系人", max_length=50),
                Field("emergency_phone", Kind.TEXT, "紧急联系电话", max_length=40),
            ),
            compartment="personal",
        ),
    ),
    rules=(
        not_in_future(_BIRTH, _WORK, _TEACH, _HERE, _TITLE_DATE, _BACKBONE_DATE),
        in_order(_BIRTH, _WORK),
        in_order(_WORK, _TEACH),
        in_order(_WORK, _HERE),
        needed_when(_TRANSFER, _STATE, MOVED, "调动"),
        needed_when(_OTHER_SCHOOL, _STATE, MOVED, "调动"),
        needed_when(_STATE_DATE, _STATE, MOVED, "调动"),
        _id_agrees,
    ),
    group_rules=(unique(_STAFF_NO), unique(_NAME, _BIRTH, code="same_person")),
)
