"""A pasted block is one act, every line of it is accounted for, and what is left out is named."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from eduplan_desktop.acts.pasting import PastePlan, cells_of
from eduplan_desktop.environment import Environment, KdfCost
from eduplan_desktop.errors import CancelledError
from eduplan_desktop.registers.kinds import MASK
from eduplan_desktop.workspace import Workspace, new_school

NOW = datetime(2026, 3, 5, tzinfo=UTC)


@pytest.fixture
def ws(tmp_path: Path) -> Iterator[Workspace]:
    """An empty school."""
    env = Environment(now=lambda: NOW, home=tmp_path / "home", kdf=KdfCost(memory_kib=64, iterations=1))
    with new_school(tmp_path / "a.eduplan", name="青石岭小学", code="", env=env) as made:
        yield made


def ids_of(ws: Workspace, register: str) -> list[str]:
    """Row ids in the order of the table."""
    return [str(r["id"]) for r in ws.table(register).view().rows(0, 10_000)]


def accounted(plan: PastePlan) -> bool:
    """Whether every line is changed, new, unchanged or refused."""
    return plan.lines == len(plan.changed) + len(plan.moved) + len(plan.added) + plan.unchanged + plan.refused


@pytest.mark.parametrize(
    ("text", "cells"),
    [
        ("a\tb\r\nc\td\r\n", [["a", "b"], ["c", "d"]]),
        ('"第一行\n第二行"\tb', [["第一行\n第二行", "b"]]),
        ('"他说""好"""\tb', [['他说"好"', "b"]]),
        ('5" 屏\tb\nc\td', [['5" 屏', "b"], ["c", "d"]]),
        ("a\n\nb", [["a"], [""], ["b"]]),
    ],
)
def test_cells_of_a_clipboard(text: str, cells: list[list[str]]) -> None:
    assert cells_of(text) == cells


def test_new_lines_are_one_act_and_one_undo(ws: Workspace) -> None:
    text = "\n".join(f"ZC-{n}\t显微镜\t{n + 1}" for n in range(30))
    plan = ws.look_at_paste("equipment", text, ["asset_no", "name", "quantity"], [])
    assert ws.table("equipment").view().count == 0
    changes = ws.paste(plan)
    assert ws.table("equipment").view().count == 30
    assert len(changes.ids) == 30
    assert {p.row for p in ws.findings()} <= set(changes.ids)
    ws.undo()
    assert ws.table("equipment").view().count == 0
    assert ws.findings() == [], "nothing is said about records that are gone again"
    ws.redo()
    assert ws.table("equipment").view().count == 30


def test_every_line_is_accounted_for_and_what_is_left_out_is_named(ws: Workspace) -> None:
    ws.paste(
        ws.look_at_paste(
            "equipment", "A1\t投影仪\t1\nA2\t投影仪\t2\nA3\t投影仪\t3", ["asset_no", "name", "quantity"], []
        )
    )
    ids = ids_of(ws, "equipment")
    text = "A1\t投影仪\t5\nA2\t投影仪\t2\nA3\t白板\t很多\nA4\t电脑\tabc\t多出来的"
    plan = ws.look_at_paste("equipment", text, ["asset_no", "name", "quantity"], ids)
    assert (len(plan.changed), len(plan.added), plan.unchanged, plan.refused) == (2, 1, 1, 0)
    assert accounted(plan)
    assert [(o.line, o.label) for o in plan.left_out] == [(3, "数量"), (4, "数量"), (4, "")]
    ws.paste(plan)
    rows = {r["asset_no"]: r for r in ws.table("equipment").view().rows(0, 10)}
    assert (rows["A1"]["quantity"], rows["A3"]["quantity"], rows["A3"]["name"]) == (5, 3, "白板")
    nothing = ws.look_at_paste("equipment", "abc\nxyz", ["quantity"], ids)
    assert (nothing.refused, nothing.writes) == (2, 0)
    assert accounted(nothing)


def test_a_masked_cell_means_unchanged_and_a_blank_one_empties(ws: Workspace) -> None:
    ws.paste(ws.look_at_paste("equipment", "A1\t投影仪\t82 英寸", ["asset_no", "name", "spec"], []))
    ids = ids_of(ws, "equipment")
    plan = ws.look_at_paste("equipment", f"{MASK}1234\t", ["name", "spec"], ids)
    assert plan.changed == [{"id": ids[0], "spec": None}]


def test_a_link_is_pasted_by_the_title_that_copying_gives(ws: Workspace) -> None:
    ws.paste(ws.look_at_paste("room", "科学室\n音乐室\n音乐室", ["name"], []))
    text = "A1\t投影仪\t科学室\nA2\t投影仪\t音乐室\nA3\t投影仪\t没有的"
    plan = ws.look_at_paste("equipment", text, ["asset_no", "name", "room"], [])
    found = {r["asset_no"]: r["room"] for r in plan.added}
    assert ws.title_of("room", str(found["A1"])) == "科学室"
    assert [found["A2"], found["A3"]] == [None, None], "two rooms of one name, and none"
    assert [o.line for o in plan.left_out] == [2, 3]


def test_a_line_without_its_year_is_refused_and_a_redated_one_moves(ws: Workspace) -> None:
    text = "2025-11-03\t演练甲\n2026-01-09\t演练乙\n\t演练丙"
    plan = ws.look_at_paste("drill", text, ["drill_date", "remark"], [])
    assert (len(plan.added), plan.refused) == (2, 1)
    assert plan.left_out[0].line == 3
    ws.paste(plan)
    ids = [str(r["id"]) for r in ws.table("drill").view().rows(0, 9) if r["drill_date"] == "2025-11-03"]
    again = ws.look_at_paste("drill", "2026-02-03", ["drill_date"], ids)
    assert len(again.moved) == 1
    assert accounted(again)
    ws.paste(again)
    assert ws.row("drill", ids[0]) is None
    assert ws.table("drill").view().count == 2
    ws.undo()
    assert ws.row("drill", ids[0]) is not None
    assert ws.table("drill").view().count == 2


def test_a_cancelled_paste_stores_nothing(ws: Workspace) -> None:
    text = "\n".join(f"ZC-{n}" for n in range(900))
    plan = ws.look_at_paste("equipment", text, ["asset_no"], [])
    seen: list[int] = []

    def late() -> bool:
        seen.append(1)
        return len(seen) > 3

    with pytest.raises(CancelledError):
        ws.paste(plan, lambda *_a: None, late)
    assert ws.table("equipment").view().count == 0
    assert ws.undo_label() == ""
    with pytest.raises(CancelledError):
        ws.look_at_paste("equipment", text, ["asset_no"], [], lambda *_a: None, lambda: True)


def test_filling_down_and_removing_are_one_act_each(ws: Workspace) -> None:
    ws.paste(ws.look_at_paste("equipment", "A1\nA2\nA3\nA4", ["asset_no"], []))
    ids = ids_of(ws, "equipment")
    _changes, plan = ws.fill("equipment", ids[1:], "name", "白板")
    assert plan.writes == 3
    assert [r["name"] for r in ws.table("equipment").view().rows(0, 4)].count("白板") == 3
    assert ws.undo_label().startswith("向下填充")
    ws.undo()
    assert [r["name"] for r in ws.table("equipment").view().rows(0, 4)] == [None] * 4
    ws.remove("equipment", ids, "1")
    assert ws.table("equipment").view().count == 0
    ws.undo()
    assert ws.table("equipment").view().count == 4
    with pytest.raises(CancelledError):
        ws.remove("equipment", ids, "1", cancelled=lambda: True)
    assert ws.table("equipment").view().count == 4
