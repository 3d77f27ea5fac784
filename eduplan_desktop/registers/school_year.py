"""均衡数据: the raw inputs of both rule sets, one row per level and statistical year (D18).

Only numerators and denominators, never ratios. A school of one level has one row. A combined school (九年一贯制 …) has a row
per level with its pupils, classes and staff, and one row of level 全校 with the areas, equipment, books and rooms its levels
share; the county divides those by the sharing rule. Nothing but year and level is required here: which figures an item of the
calendar asks for is the county's to say. Sources: 教督〔2012〕3号, 教督〔2017〕6号 and the field list in use with them.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from eduplan_desktop.problems import Problem
from eduplan_desktop.registers.messages import finding
from eduplan_desktop.registers.model import Field, Kind, Register, RowSource, RuleContext, Section, SliceBy, Value
from eduplan_desktop.registers.numbers import plain
from eduplan_desktop.registers.rules import at_most, sums_to, together_at_most, unique

WHOLE_SCHOOL: Final = "A"
"""Code of the level 全校: the row of what the levels of a combined school share."""


def _count(name: str, label: str, unit: str = "人", help: str = "") -> Field:
    return Field(name, Kind.WHOLE, label, help=help, unit=unit, minimum=0, maximum=1_000_000)


def _area(name: str, label: str, help: str = "") -> Field:
    return Field(name, Kind.DECIMAL, label, help=help, unit="㎡", places=2, minimum=0)


def _money(name: str, label: str, help: str = "") -> Field:
    return Field(name, Kind.MONEY, label, help=help, unit="元", places=2, minimum=0)


_YEAR: Final = Field(
    "stat_year",
    Kind.WHOLE,
    "统计年度",
    required=True,
    minimum=1990,
    maximum=2199,
    help="9 月 1 日所在的年份，如 2025 指 2025–2026 学年。",
)
_LEVEL: Final = Field(
    "level",
    Kind.CHOICE,
    "学段",
    required=True,
    choices="level",
    help="一贯制学校每个学段一行，共用部分另填一行“全校”。",
)
_PUPILS: Final = _count("pupils", "在校学生数")
_CLASSES: Final = _count("classes", "教学班数", "个")
_BANDS: Final = tuple(
    _count(name, f"班额 {label}", "个")
    for name, label in (
        ("classes_to_25", "≤25 人"),
        ("classes_26_30", "26–30 人"),
        ("classes_31_35", "31–35 人"),
        ("classes_36_40", "36–40 人"),
        ("classes_41_45", "41–45 人"),
        ("classes_46_50", "46–50 人"),
        ("classes_51_55", "51–55 人"),
        ("classes_56_60", "56–60 人"),
        ("classes_61_65", "61–65 人"),
        ("classes_from_66", "≥66 人"),
    )
)
_TEACHERS: Final = _count("teachers", "专任教师数", help="按学段分别统计；跨学段任教的计入主要任教学段。")
_TEACHER_PARTS: Final = (
    _count("teachers_college", "专科毕业", help="最高学历；结业、肄业不计。"),
    _count("teachers_bachelor", "本科毕业"),
    _count("teachers_master", "硕士"),
    _count("teachers_doctor", "博士"),
    _count("teachers_above_required", "高于规定学历", help="2012 年办法：小学专科及以上，初中本科及以上。"),
    _count("teachers_middle_title", "中级及以上职称", help="2012 年办法：一级教师（原中学一级、小学高级）及以上。"),
    _count("teachers_backbone", "县级以上骨干教师"),
    _count("teachers_certified", "持教师资格证上岗"),
    _count("teachers_360_hours", "5 年满 360 学时"),
    _count("teachers_sport", "体育专任教师"),
    _count("teachers_music", "音乐专任教师"),
    _count("teachers_fine_art", "美术专任教师"),
    _count("teachers_art", "艺术专任教师", help="不分音乐、美术的艺术课教师；已计入音乐或美术的不再计。"),
)
_VISITING: Final = _count(
    "visiting_sport_art", "交流、兼职、走教的体育艺术教师", help="仅 50–100 人的乡村小规模学校可以计入。"
)
_AREAS: Final = (
    _area("area_teaching", "教学及辅助用房面积"),
    _area("area_indoor_sport", "其中室内体育用房面积", help="2017 年办法计算生均教学及辅助用房时扣除。"),
    _area("area_gym", "体育馆面积"),
    _area("area_field", "校内体育场（室外）面积"),
    _area("area_field_converted", "其中屋顶、地下等改造的运动场地", help="仅中心城区用地紧张的学校可以计入。"),
    _area("area_field_leased", "步行 10 分钟内租用的运动场地", help="仅中心城区用地紧张的学校可以计入。"),
)
_EQUIPMENT: Final = (
    _money("equipment_value", "教学仪器设备值", help="账面原值。台账推算值在旁边显示，供核对。"),
    _count("computers", "教学用计算机", "台", help="教师机和学生机，不含行政用机。"),
    _count("books", "图书", "册", help="纸质图书。"),
    _count("multimedia_rooms", "网络多媒体教室", "间"),
    _count("music_rooms_96", "音乐专用教室 ≥96 ㎡", "间"),
    _count("music_rooms_73", "音乐专用教室 73–96 ㎡", "间"),
    _count("music_rooms_61", "音乐专用教室 61–73 ㎡", "间"),
    _count("music_rooms_54", "音乐专用教室 54–61 ㎡", "间"),
    _count("art_rooms_90", "美术专用教室 ≥90 ㎡", "间"),
    _count("art_rooms_67", "美术专用教室 67–90 ㎡", "间"),
    _count("art_rooms_61", "美术专用教室 61–67 ㎡", "间"),
    _count("art_rooms_54", "美术专用教室 54–61 ㎡", "间"),
)
SHARED: Final = tuple(f.name for f in (*_AREAS, *_EQUIPMENT))
"""Fields that stand in the row 全校 of a combined school and are divided by the sharing rule."""
_MONEY: Final = (
    _money("public_budget", "公用经费预算"),
    _money("public_spent", "公用经费决算"),
    _money("training_budget", "教师培训经费预算"),
)
_PARTS_OF_PUPILS: Final = (
    _count("pupils_boarding", "其中寄宿生"),
    _count("pupils_migrant", "其中随迁子女"),
    _count("pupils_in_district", "其中片区内学生"),
)


def _one_place(register: Register, source: RowSource, context: RuleContext) -> Iterator[Problem]:
    """A shared figure stands either in the row 全校 or in the rows of the levels, never in both."""
    rows = list(source.rows(register.name))
    whole = {r["stat_year"]: r for r in rows if r.get("level") == WHOLE_SCHOOL}
    for row in rows:
        shared = whole.get(row.get("stat_year"))
        if shared is None or row.get("level") == WHOLE_SCHOOL:
            continue
        for name in SHARED:
            if row.get(name) is not None and shared.get(name) is not None:
                yield finding(
                    "shared_twice", name, {"label": register.by_name[name].label}, register.name, str(row["id"])
                )


_COMPARED: Final = (_PUPILS, _CLASSES, _TEACHERS, _AREAS[0], _AREAS[2], _AREAS[3], *_EQUIPMENT[:4])
_SMALL: Final = 10
"""Figures below this change by half without meaning anything."""


def _jumps(register: Register, source: RowSource, context: RuleContext) -> Iterator[Problem]:
    """A main figure that rose or fell by more than half since the year before of the same level is a doubt."""
    rows = {(r.get("stat_year"), r.get("level")): r for r in source.rows(register.name)}
    for (year, level), row in rows.items():
        last = rows.get((year - 1, level)) if isinstance(year, int) else None
        if last is None:
            continue
        for field in _COMPARED:
            now, then = row.get(field.name), last.get(field.name)
            if not isinstance(now, int) or not isinstance(then, int) or max(now, then) < _SMALL * 10**field.places:
                continue
            if 2 * abs(now - then) > then:
                params = {"label": field.label, "before": plain(then, field.places) + field.unit}
                yield finding("jump_from_last_year", field.name, params, register.name, str(row["id"]))


def _whole_has_no_pupils(row: Mapping[str, Value], context: RuleContext) -> Iterator[Problem]:
    """Pupils, classes and staff belong to a level; in the row 全校 they would be counted twice."""
    if row.get("level") == WHOLE_SCHOOL:
        for field in (_PUPILS, _CLASSES, _TEACHERS):
            if row.get(field.name) is not None:
                yield finding("not_for_whole_school", field.name, {"label": field.label})


def owed(rows: Sequence[Mapping[str, Value]], fields: Sequence[str]) -> Iterator[tuple[str, str]]:
    """(row id, field) of figures asked for that are blank, where they have to stand.

    What levels share may stand in the row 全校 of its year instead; nothing else belongs there. Of 高中 only the pupils are
    asked for, since they are needed to divide what the levels share.
    """
    shared_rows = {r.get("stat_year") for r in rows if r.get("level") == WHOLE_SCHOOL}
    for row in rows:
        match row.get("level"):
            case "A":
                asked = [f for f in fields if f in SHARED]
            case "S":
                asked = [f for f in fields if f == _PUPILS.name]
            case _ if row.get("stat_year") in shared_rows:
                asked = [f for f in fields if f not in SHARED]
            case _:
                asked = list(fields)
        yield from ((str(row["id"]), field) for field in asked if row.get(field) is None)


SCHOOL_YEAR: Final = Register(
    name="school_year",
    label="均衡数据",
    slice_by=SliceBy.STATISTICAL_YEAR,
    year_field="stat_year",
    identity=("stat_year", "level"),
    title=("stat_year", "level"),
    sections=(
        Section("统计年度与学段", (_YEAR, _LEVEL)),
        Section("学生", (_PUPILS, *_PARTS_OF_PUPILS)),
        Section("班级", (_CLASSES, *_BANDS, Field("all_classes_under_30", Kind.YES_NO, "最大班额不足 30 人"))),
        Section("教师", (_count("staff_total", "教职工总数"), _TEACHERS, *_TEACHER_PARTS, _VISITING)),
        Section("校舍场地", _AREAS),
        Section("设备图书", _EQUIPMENT),
        Section("经费", _MONEY),
        Section(
            "巩固率",
            (
                _count("entered", "本届初一时在校生"),
                _count("graduates", "毕业生数"),
                _count("moved_in", "三年转入"),
                _count("moved_out", "三年转出"),
                _count("died", "三年间死亡"),
                Field("remark", Kind.LONG_TEXT, "备注", max_length=2000),
            ),
        ),
    ),
    rules=(
        *(at_most(part, _PUPILS) for part in _PARTS_OF_PUPILS),
        *(at_most(part, _TEACHERS) for part in _TEACHER_PARTS),
        at_most(_AREAS[1], _AREAS[0]),
        at_most(_AREAS[4], _AREAS[3]),
        at_most(_MONEY[2], _MONEY[0]),
        together_at_most(_TEACHER_PARTS[:4], _TEACHERS),
        together_at_most(_TEACHER_PARTS[9:], _TEACHERS),
        sums_to(_BANDS, _CLASSES),
        _whole_has_no_pupils,
    ),
    group_rules=(unique(_YEAR, _LEVEL), _one_place, _jumps),
)
