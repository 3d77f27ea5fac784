"""The heart counts what the window's thread does while it is watched, and nothing else; figures have lower bounds only."""

import time
from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication

from tests.ui.heart import Heart, settle
from ui.main_window import MainWindow


@pytest.fixture
def heart(qapp: QApplication) -> Iterator[Heart]:
    """A heart that beats."""
    made = Heart()
    made.start()
    yield made
    made.stop()


def work(seconds: float) -> None:
    """Keep the thread at work."""
    until = time.thread_time() + seconds
    while time.thread_time() < until:
        pass


def test_work_of_the_windows_thread_is_a_gap(heart: Heart) -> None:
    with heart.watched("adding up"):
        work(0.05)
    (gap,) = heart.largest(1)
    assert gap.doing == "adding up"
    assert gap.wall >= gap.cpu >= 50
    assert gap.net >= gap.cpu
    assert "adding up" in gap.words()


def test_what_nobody_watches_is_not_counted(heart: Heart) -> None:
    work(0.05)
    with heart.watched("looking"):
        pass
    work(0.05)
    QApplication.processEvents()
    assert [g for g in heart.gaps if g.cpu >= 50] == []


def test_what_is_inside_gives_its_name_and_the_longest_of_equal_ones_is_kept(heart: Heart) -> None:
    for seconds in (0.03, 0.06):
        with heart.watched("outside"), heart.watched("inside"):
            work(seconds)
    names = [g.doing for g in heart.largest(9)]
    assert names.count("inside") == 1
    assert heart.largest(1)[0].cpu >= 60


def test_rest_waits_for_the_worker(heart: Heart, window: MainWindow) -> None:
    from ui.tasks import TaskRunner

    window.tasks = TaskRunner(window)
    done: list[int] = []
    window.tasks.run(lambda _p, _c: sum(range(200_000)), on_done=done.append)
    settle()
    assert len(done) == 1
    window.tasks.shut_down()
