"""Import of a 50,000-row workbook: every cell parsed, every row checked by itself and against the others, journalled, searchable.

All of it is inside the time measured: numbers that occur twice, unusual prices and the rest are found and kept as findings.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from bench.baselines import store_sheet
from bench.measure import Measure, timed

NAME = "import of an .xlsx of 50,000 rows and 15 columns: ours against calamine and executemany of the raw cells"
GOAL = "at most 4 times the baseline"
LIMITS = {"ratio": 4.0}

ROWS = 50_000
SHEET = "ledger.xlsx"
HEADINGS = (
    "资产编号",
    "资产名称",
    "分类代码",
    "规格型号",
    "品牌",
    "取得方式",
    "经费来源",
    "购置日期",
    "计量单位",
    "数量",
    "单价",
    "原值",
    "使用状况",
    "具体位置",
    "备注",
)
_NAMES = ("台式计算机", "双人课桌椅", "投影仪", "饮水机", "生物显微镜", "数字天平(0.01g)", "图书架", "教学挂图")
_CLASSES = ("A02010105", "A05010203", "A02020700", "A02061804")


def rows() -> Iterator[tuple[str | int | float | date, ...]]:
    """Rows as a ledger has them: numbers, sums and remarks differ, the rest repeats."""
    draw = random.Random(20260305)
    for number in range(ROWS):
        quantity, price = draw.choice((1, 1, 1, 2, 5, 50)), draw.randrange(5_000, 900_000)
        yield (
            f"ZC{2010 + number % 15}{number:06d}",
            f"{draw.choice(_NAMES)}{number % 700}",
            draw.choice(_CLASSES),
            f"XSP-{number % 1200:04d}",
            draw.choice(("联想", "示例牌", "")),
            draw.choice(("购置", "调拨", "捐赠")),
            draw.choice(("公用经费", "县级财政", "自筹")),
            date(2010, 1, 1) + timedelta(days=draw.randrange(5_000)),
            draw.choice("台套件张个"),
            quantity,
            price / 100,
            price * quantity / 100,
            draw.choice(("在用", "在用", "闲置", "待报废")),
            f"{number % 40 + 1} 号楼 {number % 300 + 1} 室",
            f"第 {number} 号卡片" if number % 3 else "",
        )


def prepare(inputs: Path) -> None:
    """The workbook both sides read."""
    import xlsxwriter

    book = xlsxwriter.Workbook(str(inputs / SHEET), {"constant_memory": True})
    page = book.add_worksheet("设备")
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    page.write_row(0, 0, HEADINGS)
    for line, row in enumerate(rows(), 1):
        for column, cell in enumerate(row):
            if isinstance(cell, date):
                page.write_datetime(line, column, cell, day)
            elif cell != "":
                page.write(line, column, cell)
    book.close()


def baseline(inputs: Path, scratch: Path) -> Measure:
    """Calamine's rows into an untyped table, one transaction."""
    with timed() as measure:
        stored = store_sheet(inputs / SHEET, scratch / "bare.db")
    assert stored == ROWS
    return measure


def ours(inputs: Path, scratch: Path) -> Measure:
    """The act behind `eduplan import`."""
    from eduplan_desktop.acts import checks, files, sheets
    from eduplan_desktop.environment import Environment

    env = Environment(home=scratch / "home")
    session = files.new_school(scratch / "school.eduplan", name="示例学校", code="", env=env)
    with timed() as importing:
        report = sheets.import_file(session, "equipment", inputs / SHEET)
    assert isinstance(report, sheets.ImportReport)
    assert (report.stored, report.refused) == (ROWS, 0), report.reasons[:3]
    kept = {p.key for p in checks.kept_findings(session)}
    assert kept == {p.key for p in checks.check(session) if p.register == "equipment"}
    importing.figures = {"findings kept": len(kept)}
    session.close()
    return importing
