"""Long work: on a worker, back on the GUI thread, cancellable; and the same at once."""

import threading
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from eduplan_desktop.errors import CancelledError, WorldError
from ui.tasks import InstantRunner, TaskRunner

RUNNERS = pytest.mark.parametrize("kind", [TaskRunner, InstantRunner])


@RUNNERS
def test_the_answer_comes_back_on_the_gui_thread(qtbot: QtBot, kind: type[TaskRunner]) -> None:
    runner = kind()
    heard: list[tuple[Any, int]] = []
    reports: list[tuple[int, int, str, int]] = []
    worked: list[int] = []

    def work(progress: Any, cancelled: Any) -> int:
        worked.append(threading.get_ident())
        progress(1, 2, "半路")
        progress(2, 2, "到了")
        return 42

    task = runner.run(
        work,
        on_done=lambda answer: heard.append((answer, threading.get_ident())),
        on_progress=lambda done, total, text: reports.append((done, total, text, threading.get_ident())),
    )
    qtbot.waitUntil(lambda: not runner.busy)
    here = threading.get_ident()
    assert heard == [(42, here)]
    assert reports[-1] == (2, 2, "到了", here)
    assert (worked == [here]) is (kind is InstantRunner)
    assert not task.running
    runner.shut_down()


def test_cancel_stops_the_work_and_says_so(qtbot: QtBot) -> None:
    runner = TaskRunner()
    begun = threading.Event()
    ends: list[str] = []

    def work(progress: Any, cancelled: Any) -> None:
        begun.set()
        while not cancelled():
            pass
        raise CancelledError

    task = runner.run(work, on_done=lambda _a: ends.append("done"), on_cancelled=lambda: ends.append("cancelled"))
    assert begun.wait(5)
    task.cancel()
    qtbot.waitUntil(lambda: not runner.busy)
    assert ends == ["cancelled"]
    runner.shut_down()


@RUNNERS
def test_a_fault_of_the_world_is_an_answer_too(qtbot: QtBot, kind: type[TaskRunner]) -> None:
    runner = kind()
    ends: list[str] = []

    def work(progress: Any, cancelled: Any) -> None:
        raise WorldError("full", "盘满了。", "换一个盘。")

    runner.run(work, on_done=lambda _a: ends.append("done"), on_failed=lambda fault: ends.append(fault.code))
    qtbot.waitUntil(lambda: not runner.busy)
    assert ends == ["full"]
    runner.shut_down()


def test_a_bug_reaches_the_exception_hook(qtbot: QtBot) -> None:
    runner = TaskRunner()

    def work(progress: Any, cancelled: Any) -> None:
        raise ZeroDivisionError

    with qtbot.captureExceptions() as caught:
        runner.run(work)
        qtbot.waitUntil(lambda: not runner.busy)
    assert [kind for kind, _value, _trace in caught] == [ZeroDivisionError]
    runner.shut_down()


def test_work_is_done_one_after_the_other(qtbot: QtBot) -> None:
    runner = TaskRunner()
    order: list[str] = []
    gate = threading.Event()
    runner.run(lambda _p, _c: (gate.wait(5), order.append("first")))
    runner.run(lambda _p, _c: order.append("second"))
    assert runner.busy
    gate.set()
    qtbot.waitUntil(lambda: not runner.busy)
    assert order == ["first", "second"]
    runner.shut_down()
