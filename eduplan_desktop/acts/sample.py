"""The sample county: invented schools, people and figures that cannot be taken for real ones (invariant 9).

Called by the demo and by tests. Writes spreadsheets as a clerk would keep them, one folder a school; repeatable for one
seed. Every person is called 示例, no school has a code, the county's code 990001 cannot exist. Knows no store.
"""

import csv
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Final

COUNTY_CODE: Final = "990001"
COUNTY_NAME: Final = "示例县教育局（示例）"
YEAR: Final = 2025
"""Statistical year of the sample: figures of 1 September 2025."""
MONTHS: Final = ("2025-11", "2025-12", "2026-01")

_PLACES: Final = (
    ("青石岭", "青石岭镇"), ("石桥", "石桥镇"), ("柳树湾", "柳树湾乡"), ("白杨沟", "白杨沟乡"), ("红旗", "石桥镇"), ("东坪", "东坪乡"),
    ("河口", "河口镇"), ("高台", "高台乡"), ("南沟", "南沟乡"), ("桃园", "桃园乡"), ("金水", "金水镇"), ("三岔", "三岔乡"),
)  # fmt: skip
_KINDS: Final = ("小学", "小学", "初级中学", "九年一贯制学校")
_SURNAMES: Final = tuple("王李张刘陈杨赵黄周吴徐孙马朱胡郭何高林罗")
_RARE: Final = ("𬱖示例", "阿卜来提·如则托合提（示例）", "䶮示例")
_ASSETS: Final = (
    ("台式计算机(学生机)", "台", 4200, 1), ("台式计算机(教师机)", "台", 4800, 1), ("电子白板(班班通)", "套", 18600, 1),
    ("投影仪", "台", 5600, 1), ("图书柜", "个", 680, 0), ("学生课桌椅", "套", 210, 0), ("显微镜", "台", 950, 1),
    ("灭火器", "具", 120, 0), ("篮球架", "副", 3800, 0), ("打印机", "台", 1650, 0),
)  # fmt: skip


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


@dataclass(frozen=True, slots=True)
class SampleSchool:
    """One invented school. levels: 学段 words; shared: whether its levels share areas and equipment (一贯制)."""

    name: str
    kind: str
    township: str
    levels: tuple[str, ...]

    @property
    def shared(self) -> bool:
        """Whether figures of the whole school stand in a row of their own."""
        return len(self.levels) > 1


def schools(count: int) -> list[SampleSchool]:
    """The first `count` sample schools; beyond the twelve places the names go on with numbers."""
    made = []
    for i in range(count):
        place, township = _PLACES[i % len(_PLACES)]
        kind = _KINDS[i % len(_KINDS)]
        turn = "" if i < len(_PLACES) else f"第{i // len(_PLACES) + 1}"
        levels = {"小学": ("小学",), "初级中学": ("初中",)}.get(kind, ("小学", "初中"))
        made.append(SampleSchool(f"{place}{turn}{kind}（示例）", kind, f"{township}（示例）", levels))
    return made


def write_sheets(folder: Path, school: SampleSchool, seed: int, *, assets: int = 240) -> dict[str, Path]:
    """Write the sheets of one school: register name → CSV file, in the order in which they must be imported."""
    draw = Random(f"{seed}/{school.name}")
    people = _people(draw, school)
    names = [p[0] for p in people]
    sheets: dict[str, tuple[Sequence[str], Iterable[Sequence[object]]]] = {
        "school": (
            ("学校名称", "办学类型", "城乡类型", "所在乡镇(街道)", "校长", "安全员", "有寄宿生", "有食堂", "有校车"),
            [(school.name, school.kind, "村庄", school.township, names[0], names[1], "否", "是", "否")],
        ),
        "staff": (
            ("姓名", "性别", "出生年月", "职工号", "教职工类别", "编制所在校", "任教校", "任教学段", "参加工作时间", "最高学历",
             "专业技术职称", "持教师资格证上岗", "在册状态", "公民身份号码", "手机号"),
            people,
        ),
        "room": (("房间名称", "室号", "所在建筑", "楼层", "用途", "使用面积", "网络多媒体教室", "状态"), list(_rooms(draw))),
        "equipment": (
            ("资产编号", "资产名称", "规格型号", "计量单位", "数量", "单价", "原值", "购置日期", "取得方式", "存放地点", "保管人",
             "使用状况", "计入教学仪器设备值"),
            list(_assets(draw, names, assets)),
        ),
        "school_year": (_FIGURES, list(_figures(draw, school))),
        "safety_check": (
            ("检查日期", "天气", "检查人", "带班领导", *_DAILY), list(_days(draw, names)),
        ),
        "hazard": (
            ("隐患编号", "排查日期", "排查方式", "类别", "部位", "隐患描述", "等级", "定级人", "状态", "整改措施", "责任人", "整改时限",
             "整改完成日期", "复查人", "复查日期", "复查结论", "销号人", "销号日期"),
            list(_hazards(draw, names)),
        ),
        "drill": (
            ("演练日期", "演练类型", "总指挥", "参加学生", "参加教职工", "疏散用时", "发现问题"),
            list(_drills(draw, names)),
        ),
        "health_consent": (
            ("本人", "告知书版本", "同意范围", "同意提供给县教育局健康管理员", "签署日期"),
            [(n, "示例版", "体检结果", "是" if i % 3 else "否", "2025-09-10") for i, n in enumerate(names)],
        ),
        "checkup": (
            ("统计年度", "本人", "体检状态", "体检日期", "医疗机构", "身高", "体重", "收缩压", "舒张压", "空腹血糖FPG", "总胆固醇TC"),
            list(_checkups(draw, names)),
        ),
    }  # fmt: skip
    folder.mkdir(parents=True, exist_ok=True)
    return {name: _write(folder / f"{name}.csv", heads, rows) for name, (heads, rows) in sheets.items()}


def _write(path: Path, heads: Sequence[str], rows: Iterable[Sequence[object]]) -> Path:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(heads)
        writer.writerows(rows)
    return path


def _people(draw: Random, school: SampleSchool) -> list[tuple[object, ...]]:
    made: list[tuple[object, ...]] = []
    for i in range(draw.randrange(14, 40)):
        name = _RARE[i] if i < len(_RARE) and draw.random() < 0.5 else f"{draw.choice(_SURNAMES)}示例{i + 1:02d}"
        born = date(draw.randrange(1966, 2001), draw.randrange(1, 13), draw.randrange(1, 28))
        sex = draw.choice("男女")
        made.append(
            (
                name,
                sex,
                born.isoformat(),
                f"示{i + 1:03d}",
                "专任教师" if i > 1 else "行政人员",
                school.name,
                school.name,
                draw.choice(school.levels),
                f"{born.year + 23}-08",
                draw.choice(("大学本科毕业", "大学本科毕业", "大学专科毕业")),
                draw.choice(("一级教师", "二级教师", "高级教师", "三级教师")),
                "是",
                "在职",
                _id_number(born, 2 * i + (1 if sex == "男" else 2)),
                f"1990000{i:04d}",
            )
        )
    return made


def _id_number(born: date, serial: int) -> str:
    """An ID number of the area 990001, which cannot exist, with a right check digit (GB 11643). Odd serials are men's."""
    body = f"{COUNTY_CODE}{born:%Y%m%d}{serial:03d}"
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return body + "10X98765432"[sum(int(d) * w for d, w in zip(body, weights, strict=True)) % 11]


def _rooms(draw: Random) -> Iterator[tuple[object, ...]]:
    for i in range(12):
        kind = ("普通教室", "普通教室", "普通教室", "计算机教室", "实验室", "图书室")[i % 6]
        yield (f"{kind}{i + 1}", f"{1 + i // 4}{i % 4 + 1:02d}", "教学楼", 1 + i // 4, kind, 54 + draw.randrange(12),
               "是" if i % 2 else "否", "在用")  # fmt: skip


def _assets(draw: Random, names: Sequence[object], count: int) -> Iterator[tuple[object, ...]]:
    rooms = [row[0] for row in _rooms(Random(0))]
    for i in range(count):
        name, unit, price, teaching = _ASSETS[i % len(_ASSETS)]
        quantity = 1 if price > 1000 else draw.randrange(1, 40)
        bought = date(2015, 1, 1) + timedelta(days=draw.randrange(3800))
        where, who, state = draw.choice(rooms), draw.choice(names), draw.choice(("在用", "在用", "在用", "闲置"))
        yield (f"S{i + 1:05d}", name, "示例型号", unit, quantity, price, price * quantity, bought.isoformat(), "购置",
               where, who, state, "是" if teaching else "否")  # fmt: skip


_FIGURES: Final = _words(
    "统计年度 学段 在校学生数 教学班数 专任教师数 专科毕业 本科毕业 硕士 博士 "
    "高于规定学历 中级及以上职称 县级以上骨干教师 体育专任教师 音乐专任教师 美术专任教师 "
    "艺术专任教师 教学及辅助用房面积 其中室内体育用房面积 体育馆面积 "
    "校内体育场(室外)面积 教学仪器设备值 教学用计算机 图书 网络多媒体教室"
)


def _figures(draw: Random, school: SampleSchool) -> Iterator[tuple[object, ...]]:
    total = 0
    for level in school.levels:
        pupils = draw.randrange(90, 620)
        total += pupils
        classes = max(6, pupils // 40)
        teachers = max(8, pupils // 14)
        college, bachelor = teachers // 4, teachers // 2
        above = bachelor + 1 + (college if level == "小学" else 0)
        staff = (college, bachelor, 1, 0, above, teachers // 2, max(1, teachers // 12), 1 + pupils // 300, 1, 1, 0)
        own = _shared(draw, pupils) if not school.shared else ("",) * 8
        yield (YEAR, level, pupils, classes, teachers, *staff, *own)
    if school.shared:
        yield (YEAR, "全校", *("",) * 14, *_shared(draw, total))


def _shared(draw: Random, pupils: int) -> tuple[object, ...]:
    rooms = max(4, pupils // 40)
    return (round(pupils * draw.uniform(3.8, 7.5)), 0, 0, round(pupils * draw.uniform(6, 13)),
            round(pupils * draw.uniform(1500, 3200)), round(pupils * draw.uniform(0.07, 0.2)),
            round(pupils * draw.uniform(14, 42)), rooms)  # fmt: skip


_DAILY: Final = _words(
    "门卫24小时值守,外来人员登记核验 重点部位每日巡查不少于5次并有记录 "
    "疏散通道、安全出口畅通,未锁闭未堆物 无私拉乱接、裸露电线、插座破损 "
    "门窗、玻璃、锁具完好 食品留样每品种≥125g冷藏≥48h并登记 "
    "厕所、垃圾点清洁、无坠粪坑风险 晨午检与因病缺课登记追踪"
)


def school_days(month: str) -> list[date]:
    """Weekdays of a month `YYYY-MM`."""
    first = date.fromisoformat(f"{month}-01")
    days = [first + timedelta(days=n) for n in range(31)]
    return [d for d in days if d.month == first.month and d.weekday() < 5]


def _days(draw: Random, names: Sequence[object]) -> Iterator[tuple[object, ...]]:
    for month in MONTHS:
        for day in school_days(month):
            results = ["正常"] * len(_DAILY)
            yield (day.isoformat(), draw.choice(("晴", "多云", "阴")), names[1], names[0], *results)


def _drills(draw: Random, names: Sequence[object]) -> Iterator[tuple[object, ...]]:
    for month in MONTHS:
        day, pupils, seconds = draw.randrange(8, 20), draw.randrange(60, 400), draw.randrange(95, 170)
        yield (f"{month}-{day:02d}", "地震", names[0], pupils, len(names), seconds, "无")


def _hazards(draw: Random, names: Sequence[object]) -> Iterator[tuple[object, ...]]:
    for i in range(draw.randrange(2, 7)):
        found = draw.choice(school_days(MONTHS[i % len(MONTHS)]))
        closed = draw.random() < 0.7
        done = [(found + timedelta(days=n)).isoformat() if closed else "" for n in (5, 6, 7)]
        yield (f"{found.year}-{i + 1:04d}", found.isoformat(), "日查", draw.choice(("消防", "校舍")), "教学楼二层（示例）",
               "示例隐患：应急照明灯不亮", "一般", names[1], "已销号" if closed else "整改中", "更换灯具", names[1],
               (found + timedelta(days=15)).isoformat(), done[0], names[0] if closed else "", done[1],
               "合格" if closed else "", names[0] if closed else "", done[2])  # fmt: skip


def _checkups(draw: Random, names: Sequence[object]) -> Iterator[tuple[object, ...]]:
    for i, name in enumerate(names):
        if i % 9 == 8:
            yield (YEAR, name, "未检", *("",) * 8)
            continue
        body = (150 + draw.randrange(35), 48 + draw.randrange(40), draw.randrange(105, 158), draw.randrange(64, 98))
        blood = (f"{draw.uniform(4.2, 7.4):.2f}", f"{draw.uniform(3.5, 6.8):.2f}")
        yield (YEAR, name, "已检", "2025-10-15", "示例医院", *body, *blood)
