"""A table's search: every word of it, in any order, wherever it stands in the row."""

from __future__ import annotations

from pathlib import Path

import pytest

from eduplan_desktop.environment import Environment
from eduplan_desktop.workspace import Order, Workspace, new_school


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    ws = new_school(tmp_path / "a.eduplan", name="示例", code="", env=Environment(home=tmp_path / "home"))
    for number, name, spec in (
        ("A1", "电子白板", "82 英寸 红外"),
        ("A2", "电子白板支架", "移动式"),
        ("A3", "显微镜", "40 倍"),
    ):
        ws.save("equipment", {**ws.blank("equipment"), "asset_no": number, "name": name, "spec": spec})
    return ws


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("", ["A1", "A2", "A3"]),
        ("dzbb", ["A1", "A2"]),
        ("白板 红外", ["A1"]),
        ("红外 dzbb", ["A1"]),
        ("移动 a2", ["A2"]),
        ("白板 显微", []),
        ("４０", ["A3"]),
    ],
)
def test_every_word_must_stand_somewhere_in_the_row(workspace: Workspace, typed: str, found: list[str]) -> None:
    table = workspace.table("equipment")
    for length in range(len(typed) + 1):
        view = table.view(typed[:length])
    assert sorted(str(row["asset_no"]) for row in view.rows(0, 9)) == found
    workspace.close()


def test_a_save_keeps_the_order_of_a_sorted_table(workspace: Workspace) -> None:
    table, order = workspace.table("equipment"), Order("name")
    table.view(sort=order)
    for name in ("显微镜", "阿尔法仪", "电子白板 2", None):
        row = {**workspace.blank("equipment"), "asset_no": "B1", "name": name}
        saved = workspace.save("equipment", row)
        table.patch(saved.changes.ids)
        assert table.ranked("name"), "nothing has to be read again"
        fresh = workspace.table("equipment").view(sort=order)
        assert [r["name"] for r in table.view(sort=order).rows(0, 99)] == [r["name"] for r in fresh.rows(0, 99)]
    workspace.close()


@pytest.mark.parametrize("descending", [False, True])
def test_an_order_worked_out_elsewhere_is_that_worked_out_here(workspace: Workspace, descending: bool) -> None:
    order = Order("name", descending)
    table, here = workspace.table("equipment"), workspace.table("equipment").view(sort=order).keys
    with workspace.another() as twin:
        rank, early = twin.rank_table(table, "name"), twin.rank_table(table, "name")
    assert rank.whole
    table.take_rank("name", rank)
    assert table.view(sort=order).keys == here
    assert table.view("白板", order).keys == workspace.table("equipment").view("白板", order).keys
    saved = workspace.save("equipment", {**workspace.blank("equipment"), "asset_no": "B1", "name": "阿尔法仪"})
    table.patch(saved.changes.ids)
    assert table.view(sort=order).keys == workspace.table("equipment").view(sort=order).keys
    table.take_rank("name", early)
    assert not early.whole, "rows were written since it was worked out"
    workspace.close()


def test_a_link_to_many_rows_finds_by_what_is_typed(workspace: Workspace) -> None:
    found = workspace.link_choices("equipment", "dzbb hongwai", 10)
    assert [words for _id, words in found] == [w for _id, w in workspace.link_choices("equipment") if "A1" in w]
    assert len(workspace.link_choices("equipment", "", 2)) == 2
    assert workspace.link_choices("equipment", "没有", 10) == []
    workspace.close()
