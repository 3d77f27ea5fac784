"""A printed ledger of 10,000 rows against a bare canvas that draws the same cells in one font."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

from bench.baselines import draw_table
from bench.measure import Measure, timed
from eduplan_desktop.reports import fontfiles, ledger
from eduplan_desktop.reports.amounts import count, money
from eduplan_desktop.reports.page import Imprint

NAME = "F02, 10,000 rows of 15 columns: the form against the same cells on a bare canvas in one font"
GOAL = "at most 1.6 times the bare canvas"
LIMITS = {"ratio": 1.6}

ROWS = 10_000
WIDTHS = (24, 66, 60, 77, 69, 26, 34, 54, 66, 51, 40, 63, 43, 34, 50)
_NAMES = (
    "台式计算机",
    "双人课桌椅",
    "投影仪",
    "饮水机",
    "生物显微镜",
    "数字天平(0.01g)",
    "图书架",
    "教学挂图(小学科学)三年级上册全套",
)
_CLASSES = ("A02010105 台式机", "A05010201 教学用桌", "A02091001 投影仪", "A02061804 空调机")
_SPECS = ("", "1200×600×750mm", "XSP-06 640倍", "联想启天M430", "DELL OptiPlex 3090")
_PLACES = ("教学楼101", "综合楼三楼科学实验室", "图书室", "食堂", "操场器材室")
_KEEPERS = ("王𬱖", "李小红", "阿卜来提·如则托合提", "张䶮", "陈建国")


def assets() -> Iterator[ledger.Asset]:
    """Rows as a school has them: names repeat, numbers and amounts do not."""
    draw = random.Random(20260305)
    for number in range(ROWS):
        quantity, price = draw.choice((1, 1, 1, 2, 5, 50)), draw.randrange(5_000, 900_000)
        yield ledger.Asset(
            asset_no=f"ZC{2010 + number % 15}{number:06d}",
            class_name=draw.choice(_CLASSES),
            name=draw.choice(_NAMES),
            spec=draw.choice(_SPECS),
            unit=draw.choice("台套件张个"),
            quantity=quantity,
            price=money(price),
            value_fen=price * quantity,
            bought=f"{2010 + number % 15}-{1 + number % 12:02d}-{1 + number % 28:02d}",
            acquired=draw.choice(("购置", "调拨", "捐赠")),
            place=draw.choice(_PLACES),
            keeper=draw.choice(_KEEPERS),
            state=draw.choice(("在用", "在用", "闲置", "待报废")),
            remark="" if number % 7 else "含屏幕与键鼠",
        )


def cells(number: int, asset: ledger.Asset) -> list[str]:
    """The texts of one row, as the form shows them."""
    return [
        str(number), asset.asset_no, asset.class_name, asset.name, asset.spec, asset.unit, count(asset.quantity),
        asset.price, money(asset.value_fen), asset.bought, asset.acquired, asset.place, asset.keeper, asset.state,
        asset.remark,
    ]  # fmt: skip


def baseline(inputs: Path, scratch: Path) -> Measure:
    """The same cells, nothing else: no heading, no fitting, no wrapping, one font."""
    rows = [cells(number, asset) for number, asset in enumerate(assets(), 1)]
    with timed() as measure:
        draw_table(scratch / "bare.pdf", fontfiles.font_file(fontfiles.SERIF).path, rows, WIDTHS)
    return measure


def ours(inputs: Path, scratch: Path) -> Measure:
    """The form as a school prints it."""
    rows = list(assets())
    with timed() as measure:
        body = ledger.render(
            ledger.Ledger("石门乡中心小学", "2026-09-01", rows, Imprint("2026-11-23 14:20", "a1b2c3d4"))
        )
        (scratch / "ledger.pdf").write_bytes(body)
    return measure
