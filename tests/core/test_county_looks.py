"""What the county's pages show beside the board: notes, requests that were kept, health counts nobody is found in, sheets."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eduplan_desktop.acts import county_looks
from eduplan_desktop.environment import Environment, KdfCost
from eduplan_desktop.errors import RefusedError
from eduplan_desktop.registers.health import WORDS
from eduplan_desktop.workspace import Workspace, new_county, open_workspace

NOW = datetime(2026, 3, 5, tzinfo=UTC)


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """An open county with one school and a year's calendar."""
    folder = tmp_path_factory.mktemp("looks")
    env = Environment(now=lambda: NOW, home=folder / "home", kdf=KdfCost(memory_kib=8, iterations=1))
    said = {"code": "990001", "name": "示例县（示例）", "passphrase": "示例口令 青山绿水 台账报送 夕阳红霞"}
    new_county(folder / "c.eduplan", **said, sheet=folder / "s.txt", env=env)
    with open_workspace(folder / "c.eduplan", env) as ws:
        ws.county.add_school(name="甲小学（示例）", kind="小学")
        ws.county.make_year(2025)
        yield ws


def test_a_reminder_is_kept_with_its_day_and_the_newest_stands_first(county: Workspace) -> None:
    uid = county.county.roster()[0].uid
    county.county.add_note(uid, "stat-2025", "电话，示例老师接")
    county.county.add_note(uid, "", "第二次")
    notes = county.county.notes(uid)
    assert [(n.item, n.date, n.text) for n in notes] == [
        ("", "2026-03-05", "第二次"),
        ("stat-2025", "2026-03-05", "电话，示例老师接"),
    ]


@pytest.mark.parametrize(
    ("item", "text", "code"),
    [("", " ", "bad_note"), ("", "长" * 501, "bad_note"), ("no-such", "话", "no_such_item")],
)
def test_a_reminder_that_says_nothing_is_refused(county: Workspace, item: str, text: str, code: str) -> None:
    with pytest.raises(RefusedError) as caught:
        county.county.add_note(county.county.roster()[0].uid, item, text)
    assert caught.value.code == code


def test_an_unknown_request_is_not_approved(county: Workspace) -> None:
    with pytest.raises(RefusedError) as caught:
        county.county.enrol_kept("0" * 64, "AAAA")
    assert caught.value.code == "no_such_request"


def test_a_county_without_bundles_has_nothing_to_tell(county: Workspace, tmp_path: Path) -> None:
    desk = county.county
    assert (desk.forks(), desk.waiting(), desk.receipt_lines(), desk.health_years()) == ([], [], [], [])
    assert desk.export("staff", tmp_path / "staff.csv") == 0
    assert (tmp_path / "staff.csv").read_text(encoding="utf-8-sig").startswith("学校,")


@given(st.data())
def test_no_group_under_five_is_ever_shown(county: Workspace, data: st.DataObject) -> None:
    items = [e.code for e in county.catalogs.table("health_item").entries][:4]
    cells = st.tuples(st.sampled_from(items), st.sampled_from(WORDS))
    counts = data.draw(st.dictionaries(cells, st.integers(0, 12), max_size=12))
    _words, groups = county_looks._groups(county.session, counts)
    labels = {county.catalogs.label("health_item", code): code for code in items}
    for label, shown in groups:
        for word, text in shown.items():
            exact = counts.get((labels[label], word), 0)
            assert text == "*" or (int(text) == exact and exact >= 5)
