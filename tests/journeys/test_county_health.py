"""The health officer at the county's window: a key of her own, a merge of her own, counts nobody can be found in."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.journeys import county_hands as hands
from tests.journeys.county_people import schools
from tests.journeys.people import click, said, walk_to
from tests.journeys.test_county_year import enrol
from tests.ui.doubles import ScriptedMessages
from ui.main_window import MainWindow

HEALTH = "健康 口令 只有 档案员 自己 知道 的词"


def test_the_health_officer_opens_what_nobody_else_can(
    make_window: Callable[[], MainWindow], messages: ScriptedMessages, tmp_path: Path, stick: Path
) -> None:
    window: Any = make_window()
    window.resize(1366, 696)
    pcs = schools(tmp_path, stick, 2)
    hands.new_county(window, tmp_path)
    make_health_key(window, tmp_path / "health.txt")
    uids = [hands.add_school(window, pc.name, pc.school.kind, pc.school.township) for pc in pcs]
    hands.make_calendar(window, messages)
    hands.write_kit(window, messages, stick)
    enrol(window, messages, pcs, uids)
    for pc in pcs:
        for name in ("health_consent", "checkup"):
            pc.type("import", pc.file, name, pc.sheets[name])
        pc.submit("checkup-2025")
    hands.take_in(window, messages, stick)
    assert "合并了 2 个" in hands.merge(window)
    page: Any = walk_to(window, "county_health")
    assert page.grid.lines.rowCount() == 3, "two schools and the sum"
    assert page.inner.currentWidget() is page.locked, "counts by group stay closed"
    messages.will_answer(None)
    click(page.locked.buttons[0])
    assert page.inner.currentWidget() is page.locked, "and stay so without her passphrase"
    messages.will_answer(HEALTH)
    click(page.merge)
    assert "合并了 2 个健康部分" in said(window)
    for line in page.groups.lines.lines:
        for cell in line.cells[1:]:
            assert cell.text == "*" or int(cell.text) >= 5, "no small group is shown"
    click(page.lock)
    assert page.inner.currentWidget() is page.locked
    assert page.groups.lines.rowCount() == 0, "locked means gone from the page"


def make_health_key(window: Any, sheet: Path) -> None:
    """The health officer's separate act, and her sheet typed back."""
    page: Any = walk_to(window, "county_keys")
    hands.fill(page.health, passphrase=HEALTH, again="something else", sheet=str(sheet))
    click(page.make_health)
    assert "两遍口令不一样" in page.health.fault.text()
    hands.fill(page.health, again=HEALTH)
    click(page.make_health)
    assert "健康密钥建好了" in said(window), page.health.fault.text()
    hands.prove(window, sheet)
    assert page.health_tag.words() == "健康恢复单已核对"
    home: Any = walk_to(window, "county_home")
    click(home.vaults["health"][1])
    assert "健康保险库 已锁定" in home.vaults["health"][0].text()
