"""Today (D21): a wrong clock is noticed, asked about once, and never moves anything backwards."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from eduplan_desktop.acts import files
from eduplan_desktop.acts.session import Session
from eduplan_desktop.environment import Environment
from eduplan_desktop.store.journal import act


def at(path: Path, day: str) -> Session:
    """A school file whose newest kit or receipt is of 2026-03-05, on a PC that shows `day`."""
    shown = datetime.fromisoformat(f"{day}T12:00:00").replace(tzinfo=UTC)
    session = files.new_school(
        path / f"{day}.eduplan", name="示例", code="", env=Environment(now=lambda: shown, home=path)
    )
    with act(session.store, "kit.take", "配置包") as a:
        a.set_meta("newest_date", "2026-03-05")
    return session


@pytest.mark.parametrize(
    ("day", "doubt", "today"),
    [
        ("2000-01-01", "behind", "2026-03-05"),
        ("2026-03-04", "behind", "2026-03-05"),
        ("2026-03-05", "", "2026-03-05"),
        ("2026-09-01", "", "2026-09-01"),
        ("2027-04-09", "", "2027-04-09"),
        ("2027-04-10", "ahead", "2026-03-05"),
        ("2099-01-01", "ahead", "2026-03-05"),
    ],
)
def test_today_is_the_later_date_unless_the_clock_runs_far_ahead(
    tmp_path: Path, day: str, doubt: str, today: str
) -> None:
    with at(tmp_path, day) as session:
        assert (session.clock_doubt(), session.today()) == (doubt, today)


def test_a_person_confirms_the_clock_once_a_month(tmp_path: Path) -> None:
    with at(tmp_path, "2028-01-01") as session:
        session.confirm_clock()
        assert (session.clock_doubt(), session.today()) == ("", "2028-01-01")


def test_a_file_without_kit_believes_the_pc(tmp_path: Path) -> None:
    shown = datetime(2030, 1, 2, 12, tzinfo=UTC)
    env = Environment(now=lambda: shown, home=tmp_path)
    with files.new_school(tmp_path / "a.eduplan", name="示例", code="", env=env) as session:
        assert (session.clock_doubt(), session.today()) == ("", "2030-01-02")
