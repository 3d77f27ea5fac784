"""Set-up, proof and benchmark runners: what they skip, what they refuse, and what they print."""

import fcntl
import json
import os
import subprocess
import sys
import types
from pathlib import Path

import pytest

import main as program
from bench import run as bench_run
from bench.measure import Measure, percentile
from installer import debian, launch, proof, set_up
from tests.proof import Result

STEP = proof.Step("some_step", "some step", 20.0, alone=False)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository folder with an awkward name, a made-up lock and an environment that runs."""
    root = tmp_path / "学校 台账"
    binaries = root / ".venv" / "bin"
    binaries.mkdir(parents=True)
    (binaries / "python").symlink_to(sys.executable)
    locks = {"run": root / "requirements.txt", "dev": root / "requirements-dev.txt"}
    for level, lock in locks.items():
        lock.write_text(level, encoding="utf-8")
    for name, value in (("ROOT", root), ("VENV", root / ".venv"), ("BIN", binaries), ("LOCKS", locks)):
        monkeypatch.setattr(set_up, name, value)
    monkeypatch.setattr(set_up, "PYTHON", binaries / "python")
    monkeypatch.setattr(set_up, "STAMP", root / ".venv" / "stamp.json")
    monkeypatch.delenv("CI", raising=False)
    return root


def stamp(level: str, python: str = "") -> None:
    version = python or "{}.{}.{}".format(*sys.version_info[:3])
    set_up.STAMP.write_text(json.dumps({level: set_up.lock_digest(level), "python": version}), encoding="utf-8")


def test_nothing_is_ready_before_set_up_finished(folder: Path):
    assert not set_up.is_ready("run")
    set_up.STAMP.write_text("half a sta", encoding="utf-8")
    assert not set_up.is_ready("run")


def test_what_the_tests_need_includes_what_the_program_needs(folder: Path):
    stamp("dev")
    assert set_up.is_ready("dev")
    assert set_up.is_ready("run")
    stamp("run")
    assert not set_up.is_ready("dev")


def test_a_changed_lock_or_another_python_sets_up_again(folder: Path):
    stamp("run", python="3.9.1")
    assert not set_up.is_ready("run")
    stamp("run")
    assert set_up.is_ready("run")
    set_up.LOCKS["run"].write_text("other", encoding="utf-8")
    assert not set_up.is_ready("run")


def test_a_broken_environment_is_not_ready(folder: Path):
    stamp("run")
    set_up.PYTHON.unlink()
    assert not set_up.is_ready("run")


def test_ready_means_that_nothing_is_run_and_no_registry_asked(folder: Path, monkeypatch: pytest.MonkeyPatch):
    stamp("run")
    monkeypatch.setattr(debian, "missing_libraries", lambda desktop: [])
    monkeypatch.setattr(set_up, "run_installer", lambda *_: pytest.fail("something was installed"))
    set_up.set_up("run")


def test_missing_packages_are_one_line_for_a_user_and_a_failure_in_ci(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setattr(debian, "missing_libraries", lambda desktop: ["libegl1"])
    monkeypatch.setattr(debian, "apt_prefix", lambda: None)
    set_up.prepare_system("run", need_installer=False)
    said = capsys.readouterr().out.splitlines()
    assert len(said) == 1
    assert "libegl1" in said[0]
    monkeypatch.setenv("CI", "true")
    with pytest.raises(set_up.SetUpError, match="libegl1"):
        set_up.prepare_system("run", need_installer=False)


def test_without_any_way_to_get_pip_set_up_gives_up_in_one_line(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setattr(set_up, "package_installer", lambda: "")
    monkeypatch.setattr(debian, "missing_libraries", lambda desktop: [])
    monkeypatch.setattr(debian, "apt_prefix", lambda: None)
    assert set_up.main(["run"]) == 3
    said = capsys.readouterr().err.splitlines()
    assert len(said) == 1
    assert "python3-venv" in said[0]


def test_an_unsupported_python_is_named(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    monkeypatch.setattr(set_up, "SUPPORTED", ((2, 7),))
    monkeypatch.setattr(set_up.shutil, "which", lambda name: None)
    assert set_up.main(["run"]) == 3
    assert "3.11" in capsys.readouterr().err
    assert set_up.main(["everything"]) == 2


def test_the_launcher_survives_odd_names_moving_and_links(folder: Path, tmp_path: Path):
    library = folder / ".venv" / "lib" / "python3.11" / "site-packages"
    library.mkdir(parents=True)
    set_up.write_launcher("3.11.2")
    (folder / "main.py").write_text("import sys; print(sys.argv[1:])", encoding="utf-8")
    moved = folder.rename(tmp_path / "新 文件夹")
    (tmp_path / "eduplan").symlink_to(moved / ".venv" / "bin" / "eduplan")
    environment = {**os.environ, "LC_ALL": "C"}
    said = subprocess.run([tmp_path / "eduplan", "a b", "中"], capture_output=True, env=environment, check=True)
    assert said.stdout.decode("utf-8", "surrogateescape").strip() == "['a b', '中']"
    climbed = (moved / ".venv" / "lib" / "python3.11" / "site-packages" / "eduplan.pth").read_text().strip()
    assert (moved / ".venv" / "lib" / "python3.11" / "site-packages" / climbed).resolve() == moved.resolve()


def test_without_a_display_the_demonstration_is_played(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    played: list[list[str]] = []

    def note(command: list[str], check: bool) -> subprocess.CompletedProcess[str]:
        played.append(command)
        return subprocess.CompletedProcess(command, 0)

    monkeypatch.setattr(launch, "has_display", lambda: False)
    monkeypatch.setattr(launch.subprocess, "run", note)
    assert launch.launch([]) == 0
    assert played[0][-1] == "demo"
    assert "eduplan demo" in capsys.readouterr().out


def test_a_display_without_the_libraries_of_the_window_is_told_and_the_sample_played(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    """No crash report and no abort inside Qt: set-up names what to install, and what needs no window is shown."""
    played: list[list[str]] = []
    asked: list[bool] = []
    monkeypatch.setattr(launch, "has_display", lambda: True)
    monkeypatch.setattr(debian, "missing_libraries", lambda desktop: asked.append(desktop) or ["libxcb-cursor0"])
    monkeypatch.setattr(
        launch.subprocess, "run", lambda command, check: played.append(command) or subprocess.CompletedProcess([], 0)
    )
    for name in ("WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    assert launch.launch([]) == 0
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-0")
    launch.launch([])
    assert asked == [True, False]
    assert played[0][-1] == "demo"
    assert capsys.readouterr().out.splitlines()[:2] == launch.NO_LIBRARIES.splitlines()


def test_a_window_component_that_cannot_be_loaded_is_a_sentence_not_a_crash(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    """Qt is loaded late; wherever that fails for want of a system library, the answer is the same."""

    def fails(files: list[str]) -> int:
        raise ImportError("libGL.so.1: cannot open shared object file", name="PySide6.QtGui", path="QtGui.abi3.so")

    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    monkeypatch.setitem(sys.modules, "ui.app", types.SimpleNamespace(run=fails))
    monkeypatch.setattr(program, "prefer_utf8", lambda: None)
    assert program.open_window([]) == 3
    assert "libGL.so.1" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("result", "state"),
    [
        (Result(tried=3, held=3), "passed"),
        (Result(tried=3, held=2), "failed"),
        (Result(), "failed"),
        (Result(skipped="no input here"), "skipped"),
    ],
)
def test_a_step_passes_only_when_it_tried_and_all_held(result: Result, state: str):
    assert proof.judge(STEP, result, 1.0).state == state


def test_a_step_past_its_limit_is_ended_with_all_it_started(tmp_path: Path):
    mark = tmp_path / "grandchild"
    hold = f"held = open({str(mark)!r}, 'w'); fcntl.flock(held, fcntl.LOCK_EX); held.write('x'); held.flush()"
    inner = f"import fcntl, signal; {hold}; signal.pause()"
    outer = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {inner!r}])"
    assert not proof.finish([sys.executable, "-c", outer], tmp_path / "log", 2.0)
    with mark.open() as lock:
        assert lock.read() == "x"
        fcntl.flock(lock, fcntl.LOCK_EX)


def test_what_held_is_remembered_and_what_failed_is_tried_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(proof, "RECORD", tmp_path)
    good, bad = proof.Outcome("a", "passed", 1, 1, 0.1, ""), proof.Outcome("b", "failed", 1, 0, 0.1, "")
    proof.write_record("content", [good, bad])
    assert set(proof.read_record("content")) == {"a"}
    assert proof.read_record("other content") == {}


def test_the_proof_ends_in_one_plain_line(capsys: pytest.CaptureFixture[str]):
    outcomes = [proof.Outcome("a", "passed", 1200, 1200, 0.1, "x = 3"), proof.Outcome("b", "skipped", 0, 0, 0, "why")]
    proof.print_table(outcomes)
    lines = capsys.readouterr().out.splitlines()
    assert lines[-1] == "1 passed, 0 failed, 1 skipped"
    assert any("1,200" in line for line in lines)


def test_limits_are_judged_on_the_medians():
    runs = [Measure(seconds, 50.0, {"p95 ms": seconds}) for seconds in (1.0, 9.0, 2.0)]
    ours = bench_run.middle(runs)
    assert (ours.seconds, ours.figures["p95 ms"]) == (2.0, 2.0)
    figures = bench_run.compare(ours, Measure(1.0, 40.0))
    assert (figures["ratio"], figures["extra MB"]) == (2.0, 10.0)


def test_a_broken_case_is_reported_not_hidden():
    said = bench_run.describe(bench_run.Report("case", "goal", error="ours: no such file"))
    assert "BROKEN" in said
    assert "no such file" in said


def test_the_95th_percentile_is_one_of_the_values():
    assert percentile([float(number) for number in range(1, 101)], 0.95) == 95.0
    assert percentile([7.0], 0.95) == 7.0
