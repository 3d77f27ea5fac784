"""What the county confirms by the command line: only rules that exist, written so that they can be read, with a source."""

import json
from pathlib import Path

import pytest

from eduplan_desktop.commands import main
from eduplan_desktop.environment import Environment, KdfCost
from eduplan_desktop.store.connect import create_store


@pytest.mark.parametrize(
    ("key", "value", "source", "code"),
    [
        ("indicators.2017.limits", "0.5/0.45", "示例文号", ""),
        ("indicators.2017.limits", "0.5/0.45", "", "no_source"),
        ("indicators.2017.limit", "0.5/0.45", "示例文号", "bad_policy"),
        ("indicator.2017.limits", "0.5/0.45", "示例文号", "bad_policy"),
        ("indicators.2017.limits", "一半", "示例文号", "bad_policy"),
    ],
)
def test_policy(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], key: str, value: str, source: str, code: str
) -> None:
    file, env = tmp_path / "c.eduplan", Environment(home=tmp_path, kdf=KdfCost(8, 1))
    create_store(file, "county", env, name="示例县").close()
    ended = main(["county", "policy", str(file), "set", key, value, "--source", source, "--json"], env)
    assert (ended, json.loads(capsys.readouterr().out).get("error", "")) == (1 if code else 0, code)
    main(["county", "policy", str(file), "list", "--json"], env)
    assert (key in json.loads(capsys.readouterr().out)["policy"]) == (not code)
