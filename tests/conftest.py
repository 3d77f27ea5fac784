"""What every test gets: a home folder of its own, windows drawn off screen, repeatable examples.

Profiles of Hypothesis: `test` is derandomised and short, `proof` (EDUPLAN_PROOF=1) draws many more.
"""

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from main import prefer_utf8

prefer_utf8()
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("QT_LOGGING_RULES", "qt.qpa.fonts.warning=false")

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"
GAPS = 12
"""Lines of the summary about the heartbeat."""
SECRETS = ("EDUPLAN_PASSPHRASE", "EDUPLAN_HOME")

settings.register_profile(
    "test",
    derandomize=True,
    deadline=None,
    max_examples=60,
    database=None,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile("proof", parent=settings.get_profile("test"), max_examples=600)
settings.load_profile("proof" if os.environ.get("EDUPLAN_PROOF") else "test")

try:
    import PySide6.QtWidgets  # noqa: F401
except ImportError as error:
    QT_MISSING = str(error)
else:
    QT_MISSING = ""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Know pytest-qt's settings also where the plugin has to stay out."""
    if QT_MISSING:
        for name in ("qt_api", "qt_log_level_fail", "qt_log_ignore"):
            parser.addini(name, "not used: Qt cannot be loaded here")


def pytest_ignore_collect(collection_path: Path) -> bool | None:
    """Leave out the tests of the window where Qt cannot be loaded; `pytest_report_header` says so."""
    if QT_MISSING and {"ui", "journeys"} & set(collection_path.relative_to(ROOT).parts):
        return True
    return None


def pytest_report_header() -> list[str]:
    """Name what this machine cannot test."""
    return [f"tests of the window left out: Qt cannot be loaded here ({QT_MISSING})"] if QT_MISSING else []


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print how long the window's thread was away at most, in all journeys of this run."""
    gaps = [
        (net, words, report.nodeid.rpartition("::")[2])
        for reports in terminalreporter.stats.values()
        for report in reports
        if getattr(report, "when", "") == "teardown"
        for name, (net, words) in ((n, v) for n, v in report.user_properties if n == "heart")
    ]
    if gaps:
        terminalreporter.section("heartbeat of the journeys")
        terminalreporter.write_line(f"largest gap {max(gaps)[0]:.0f} ms in {len({g[2] for g in gaps})} journeys")
        for _net, words, test in sorted(gaps, reverse=True)[:GAPS]:
            terminalreporter.write_line(f"  {words} · {test}")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark properties, so that the proof can draw more examples of each."""
    for item in items:
        if getattr(getattr(item, "obj", None), "is_hypothesis_test", False):
            item.add_marker(pytest.mark.property)


@pytest.fixture(autouse=True)
def own_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A fresh key and settings folder, so that no test sees another's or the person's own."""
    for name in SECRETS:
        monkeypatch.delenv(name, raising=False)
    home = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("EDUPLAN_HOME", str(home))
    return home


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real input beside the repository; the test is skipped where it is not there."""
    if not SHARED.is_dir():
        pytest.skip("the folder of real input is not on this machine")
    return SHARED
