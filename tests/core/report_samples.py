"""One of each form with names, lengths and gaps as they come in real life; used by the report tests and the layout pictures."""

import csv
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from eduplan_desktop.reports import (
    balance,
    board_table,
    county_letter,
    cover,
    daily_check,
    enrolment_form,
    hazard_ledger,
    health_summary,
    ledger,
    recovery_sheet,
    register_list,
    reminder,
    slip,
    vault_code,
)
from eduplan_desktop.reports.page import Imprint
from eduplan_desktop.reports.table import Align, Column

SCHOOL: Final = "示例县石门乡中心小学"
COUNTY: Final = "示例县教育局"
RARE: Final = "𬱖 䶮 㛃 𫖯 龑 𠅤 阿卜来提·如则托合提"
DIGEST: Final = "3f9a0c77d21be84560a1b2c3d4e5f60718293a4b5c6d7e8f9011223344556677"
FINGERPRINT: Final = "7QK4-M0ZD-91XT-HR5C-W8NE-J"
PAPER: Final = Imprint("2026-11-23 14:20", DIGEST[:8])
SAMPLE: Final = Imprint("2026-11-23 14:20", DIGEST[:8], sample=True)
_CATALOGUE: Final = Path(__file__).resolve().parents[2] / "resources" / "catalogues" / "checklist.csv"


def asset(number: int, **other: object) -> ledger.Asset:
    """A row of the ledger."""
    values: dict[str, object] = {
        "asset_no": f"ZC2019{number:06d}", "class_name": "A02010105 台式机", "name": "台式计算机", "spec": "联想启天M430",
        "unit": "台", "quantity": 2, "price": "4,650.00", "value_fen": 930_000, "bought": "2019-03-05", "acquired": "购置",
        "place": "综合楼三楼计算机教室", "keeper": "王𬱖", "state": "在用",
    }  # fmt: skip
    return ledger.Asset(**(values | other))  # type: ignore[arg-type]


def assets(count: int) -> list[ledger.Asset]:
    """Rows of the ledger, some long, some with gaps."""
    rows = [asset(n) for n in range(1, count + 1)]
    for place, other in {
        1: {"name": "教学挂图（小学科学）三年级上册全套含说明书", "keeper": "阿卜来提·如则托合提", "spec": ""},
        2: {"price": "", "value_fen": None, "quantity": None, "bought": "2008", "keeper": "龑㛃"},
        3: {"value_fen": 1_234_567_890_12, "price": "1,234,567,890.12", "quantity": 1, "name": "教学楼"},
        4: {"remark": "2023年6月由县局调入，含屏幕、键盘、鼠标；其中一台电源更换过。"},
    }.items():
        if place < count:
            rows[place] = asset(place + 1, **other)
    return rows


def hazard(number: int, **other: object) -> hazard_ledger.Hazard:
    """A row of the hazard ledger."""
    values: dict[str, object] = {
        "number": f"000123-2026-{number:04d}", "found": "2026-03-05", "way": "日查", "finder": "李小红", "category": "消防",
        "place": "教学楼一层东侧楼梯间", "text": "疏散通道堆放课桌椅 6 套，占用宽度约 0.8 米，影响紧急疏散。", "level": "一般",
        "measures": "当日清理，课桌椅移至器材室；楼梯间张贴“严禁堆放”标识。", "department": "总务处", "person": "陈建国",
        "cost_fen": None, "due": "2026-03-06", "protection": "", "fixed": "2026-03-05", "rechecker": "王𬱖",
        "rechecked": "2026-03-06", "result": "合格", "closer": "王𬱖", "closed": "2026-03-06", "state": "已销号",
    }  # fmt: skip
    return hazard_ledger.Hazard(**(values | other))  # type: ignore[arg-type]


def hazards() -> list[hazard_ledger.Hazard]:
    """Open, closed, major, and one with much to say."""
    rows = [hazard(n) for n in range(1, 9)]
    rows[2] = hazard(
        3, category="校舍", level="重大", place="老教学楼二层西侧教室", text="承重墙出现贯通裂缝，最宽处约 12 毫米，已持续三个月。",
        measures="停用二层，委托有资质单位鉴定；按鉴定结论加固或拆除重建。", cost_fen=18_600_000, due="2026-06-30", fixed="",
        protection="拉设警戒线，二层学生调整到综合楼上课。", rechecker="", rechecked="", result="", closer="", closed="", state="整改中",
        remark="已上报县局",
    )  # fmt: skip
    return rows


def checklist() -> list[tuple[str, str]]:
    """(category, item) of the daily items of the catalogue that ships."""
    with _CATALOGUE.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    label = "label" if "label" in rows[0] else "item"
    return [(row["category"], row[label]) for row in rows][:25]


def day(imprint: Imprint, *, blank: bool = False) -> daily_check.DayCheck:
    """The day form."""
    if blank:
        return daily_check.DayCheck(SCHOOL, [daily_check.CheckItem(*item) for item in checklist()], imprint)
    items = [
        daily_check.CheckItem(*item, "2" if n == 5 else "3" if n == 9 else "1") for n, item in enumerate(checklist())
    ]
    items[5] = daily_check.CheckItem(
        *checklist()[5], "2", "二楼东侧灭火器压力不足 1 具，已送检更换，登记隐患 0004 号。"
    )
    return daily_check.DayCheck(
        SCHOOL, items, imprint, "2026年3月5日 周四", "晴", "李小红", "王𬱖", "已当日处理，见隐患台账。"
    )


def week(imprint: Imprint) -> daily_check.WeekCheck:
    """The week grid, with a weekend not checked."""
    days = [
        daily_check.WeekDay(f"3-0{n}", "晴", "李小红", "王𬱖") if n < 7 else daily_check.WeekDay(f"3-0{n}")
        for n in range(2, 9)
    ]
    items = [
        daily_check.WeekItem(*item, ("1", "1", "2" if n == 5 else "1", "1", "1", "", ""))
        for n, item in enumerate(checklist())
    ]
    return daily_check.WeekCheck(
        SCHOOL, "2026年3月2日—3月8日", days, items, ["3-04 灭火器压力不足 1 具，已更换。"], imprint
    )


def summary(imprint: Imprint) -> health_summary.HealthSummary:
    """A county-sized summary with small counts in it."""
    item = health_summary.HealthItem
    items = [
        item("体质指数", 1186, {"体重过低": 41, "超重": 322, "肥胖": 118}),
        item("收缩压", 1190, {"正常高值": 402, "升高": 187}),
        item("空腹血糖", 1171, {"偏低": 3, "升高": 96}),
        item("总胆固醇", 1168, {"边缘升高": 233, "升高": 71}),
        item("血红蛋白", 1102, {"偏低": 54, "偏高": 12}),
        item("尿蛋白", 998, {"需复查": 2}),
    ]
    reasons = {"外出学习": 21, "自愿不检": 9, "调离": 2}
    return health_summary.HealthSummary(COUNTY, "2026 统计年度", 1243, 1196, 47, items, imprint, reasons)


def measures() -> list[balance.Measure]:
    """The seven of 2017."""
    return [
        balance.Measure("每百名学生拥有高于规定学历教师数", "人"), balance.Measure("每百名学生拥有县级以上骨干教师数", "人"),
        balance.Measure("每百名学生拥有体育、艺术专任教师数", "人"), balance.Measure("生均教学及辅助用房面积", "㎡"),
        balance.Measure("生均体育运动场馆面积", "㎡"), balance.Measure("生均教学仪器设备值", "元"),
        balance.Measure("每百名学生拥有网络多媒体教室数", "间"),
    ]  # fmt: skip


def county_table(imprint: Imprint, *, judged: bool) -> balance.CountyTable:
    """县差异系数表, with or without confirmed limits."""
    levels = [
        balance.LevelFigures(
            "小学", 24, 8_412, ("5.12", "1.31", "1.02", "5.33", "8.90", "2,310.55", "2.61"),
            ("0.312", "0.455", "0.291", "0.402", "0.518", "0.366", "0.247"),
            ("≤0.50",) * 7 if judged else (), ("达标",) * 4 + ("不达标",) + ("达标",) * 2 if judged else (),
        ),
        balance.LevelFigures(
            "初中", 9, 4_105, ("6.04", "1.22", "0.97", "6.10", "11.20", "2,871.40", "2.48"),
            ("0.287", "0.410", "0.330", "0.295", "0.377", "—", "0.301"), ("≤0.45",) * 7 if judged else (),
            ("达标",) * 5 + ("", "达标") if judged else (),
        ),
    ]  # fmt: skip
    return balance.CountyTable(
        COUNTY, "2025 统计年度（2025—2026 学年）", "县域义务教育优质均衡发展（2017）", measures(), levels, False, imprint,
        "教督〔2017〕6号，示例县教育局 2026-10-12 确认" if judged else "", "年度关账第 3 号" if judged else "",
        ["以下学校不计入：石门乡罗家教学点（学生少于 50 人）。", "初中“生均教学仪器设备值”未计算：龙泉镇中学未填报。"],
    )  # fmt: skip


def school_table(imprint: Imprint, *, judged: bool) -> balance.SchoolTable:
    """学校达标表, with or without confirmed thresholds."""
    schools = [
        balance.SchoolFigures(
            f"{name}小学", "小学", 320 + 17 * n, ("4.69", "0.94", "0.94", "4.70", "7.66", "2,062.50", "2.50"),
            ("√", "△", "√", "√", "√", "√", "√") if judged else (), "6" if judged else "", "达标" if judged else "",
        )
        for n, name in enumerate(("石门乡中心", "龙泉镇第一", "新集乡阿卜来提·如则托合提希望", "㛃水", "双河", "马家湾"))
    ]  # fmt: skip
    thresholds = [("小学", ("4.2", "1", "0.9", "4.5", "7.5", "2,000", "2.3"))] if judged else []
    return balance.SchoolTable(
        COUNTY, "2025 统计年度（2025—2026 学年）", "县域义务教育优质均衡发展（2017）", measures(), thresholds, schools, imprint,
        "教督〔2017〕6号，示例县教育局 2026-10-12 确认" if judged else "",
    )  # fmt: skip


def cover_sheet(imprint: Imprint) -> cover.CoverSheet:
    """A cover with all registers."""
    slices = [
        cover.CoverSlice("学校概况", "", 1, "同第 6 包"), cover.CoverSlice("设备台账", "", 1286, "本次携带"),
        cover.CoverSlice("设备变动", "", 43, "本次携带"), cover.CoverSlice("教职工", "", 38, "同第 6 包"),
        cover.CoverSlice("房间", "", 52, "同第 6 包"), cover.CoverSlice("每日检查", "2026 年", 201, "本次携带"),
        cover.CoverSlice("隐患台账", "2026 年", 17, "本次携带"), cover.CoverSlice("应急演练", "2026 年", 9, "本次携带"),
        cover.CoverSlice("均衡数据", "2026 统计年度", 2, "本次携带"), cover.CoverSlice("教师体检", "2026 统计年度", None, "未报送"),
    ]  # fmt: skip
    items = [
        cover.CoverItem("2026 年 11 月安全月报", "报送"),
        cover.CoverItem("2026 统计年度均衡数据", "报送"),
        cover.CoverItem("11 月演练", "零报告"),
    ]
    return cover.CoverSheet(
        SCHOOL, "3141000123", "S0007", COUNTY, "990101", 7, "2026-11-23 14:18", "S0007-0007-20261123.edub", DIGEST, FINGERPRINT,
        items, slices, imprint, ["有 2 项存疑，说明随数据包报送。"],
    )  # fmt: skip


def enrolment(imprint: Imprint) -> enrolment_form.EnrolmentForm:
    """An enrolment form."""
    return enrolment_form.EnrolmentForm(
        SCHOOL, "3141000123", "S0007", COUNTY, FINGERPRINT, "M0ZD-7QK4-91XT-W8NE-HR5C-3", "0198d2f0-3c1a-7b2e-9f00-5a6b7c8d9e0f",
        "S0007.eduenrol", "王𬱖　13900000000", "2026-11-23 10:02", imprint,
    )  # fmt: skip


def letter(imprint: Imprint) -> county_letter.CountyLetter:
    """A county letter."""
    return county_letter.CountyLetter(COUNTY, "M0ZD-7QK4-91XT-W8NE-HR5C-3", 1, imprint)


def recovery(imprint: Imprint, *, health: bool = False) -> recovery_sheet.RecoverySheet:
    """A recovery sheet whose lines are of no key."""
    lines = [f"{n}XZ0-{n}TK1-{n}WQ2-{n}RN3-{n}PH4-{n}Y" for n in range(1, 5 if health else 8)]
    return recovery_sheet.RecoverySheet(
        COUNTY, "990101", health, "M0ZD-7QK4-91XT-W8NE-HR5C-3", "2026-11-23 09:30", lines, imprint
    )


def listing(imprint: Imprint, count: int = 40) -> register_list.RegisterList:
    """A list of rooms."""
    columns = [
        Column("房间号", 12), Column("名称", 24), Column("用途", 16), Column("面积", 10, Align.RIGHT, unit="㎡"),
        Column("管理人", 14, Align.CENTRE),
    ]  # fmt: skip
    rows = [
        (
            f"{n:03d}",
            f"{RARE.split()[n % 6]}教室",
            "普通教室",
            f"{54 + n % 9}.00",
            RARE.split()[-1] if n % 5 == 0 else "王𬱖",
        )
        for n in range(count)
    ]
    return register_list.RegisterList(
        "房间一览表", SCHOOL, "截至 2026-09-01", "", columns, rows, imprint, ("", "", "", "2,320.00", ""), True
    )


def reminders(imprint: Imprint) -> reminder.Reminders:
    """A school with an item missing and one returned."""
    lines = [
        reminder.Line("2026年2月 安全", "2026-02", "2026-03-10", 4, "每日检查 2026、隐患台账 2026、应急演练 2026", "缺报"),
        reminder.Line("2025 统计年度 均衡数据", "2025", "2025-10-20", None, "学校概况、均衡数据 2025", "退回", "图书册数请核对"),
    ]  # fmt: skip
    return reminder.Reminders(COUNTY, "2026-03-14", [reminder.School(SCHOOL, "石门乡", lines)], imprint)


def board(imprint: Imprint) -> board_table.BoardTable:
    """A board with every state."""
    states = [(state, 3 if state == "late" else 0) for state in board_table.MARKS]
    items = [board_table.Item(f"2026年{n}月 安全", f"2026-{n + 1:02d}-10") for n in range(1, 8)]
    schools = [board_table.School(SCHOOL, "石门乡", states, "50%"), board_table.School(COUNTY, "", states, "")]
    return board_table.BoardTable(COUNTY, "2026-03-14", items, schools, imprint)


def slips() -> list[slip.Slip]:
    """One answer on paper."""
    words = ("暂存", "签名用的密钥不在信任名单里。", "请先办理登记申请。")
    return [slip.Slip("S0007-0007.edub", SCHOOL, False, 7, DIGEST, *words)]


FORMS: Final[Mapping[str, Callable[[Imprint], bytes]]] = {
    "F02": lambda i: ledger.render(ledger.Ledger(SCHOOL, "2026-09-01", assets(60), i)),
    "F09": lambda i: daily_check.render_day(day(i)),
    "F09-blank": lambda i: daily_check.render_day(day(i, blank=True)),
    "F09-week": lambda i: daily_check.render_week(week(i)),
    "F13": lambda i: hazard_ledger.render(hazard_ledger.HazardLedger(SCHOOL, "2026 年度", hazards(), i)),
    "F18": lambda i: health_summary.render(summary(i)),
    "F22-county": lambda i: balance.render_county(county_table(i, judged=True)),
    "F22-county-open": lambda i: balance.render_county(county_table(i, judged=False)),
    "F22-schools": lambda i: balance.render_schools(school_table(i, judged=True)),
    "F22-schools-open": lambda i: balance.render_schools(school_table(i, judged=False)),
    "F23": lambda i: cover.render(cover_sheet(i)),
    "enrolment": lambda i: enrolment_form.render(enrolment(i)),
    "letter": lambda i: county_letter.render(letter(i)),
    "recovery": lambda i: recovery_sheet.render(recovery(i)),
    "recovery-health": lambda i: recovery_sheet.render(recovery(i, health=True)),
    "list": lambda i: register_list.render(listing(i)),
    "reminder": lambda i: reminder.render_sheets(reminders(i)),
    "reminder-list": lambda i: reminder.render_list(reminders(i)),
    "board": lambda i: board_table.render(board(i)),
    "slip": lambda i: slip.render(COUNTY, "2026-03-14", slips(), i),
    "vault": lambda i: vault_code.render(vault_code.VaultCode(SCHOOL, False, "AB12-CD34-EF56-GH78", "2026-03-14", i)),
}
"""Form → its PDF, from the imprint."""
