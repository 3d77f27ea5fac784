"""What a played sample county leaves for a person to try, and that no real file ever gets any of it."""

import stat
import sys
from pathlib import Path

import pytest

from eduplan_desktop.acts.sample_files import KEPT, PCS, leave_words, take_sample
from eduplan_desktop.environment import Environment
from eduplan_desktop.workspace import new_school
from eduplan_desktop.workspace import take_sample as take

WORDS = {"personal": "示例口令 青山绿水 甲", "health": "示例口令 青山绿水 乙"}


@pytest.mark.parametrize("sample", [True, False])
def test_words_lie_beside_sample_files_alone(tmp_path: Path, own_home: Path, sample: bool) -> None:
    path = tmp_path / "青石岭小学（示例）.eduplan"
    with new_school(path, name="青石岭小学（示例）", code="", env=Environment(home=own_home), sample=sample) as ws:
        assert ws.sample_words("health") == ""
        leave_words(path, WORDS)
        assert [ws.sample_words(name) for name in WORDS] == ([*WORDS.values()] if sample else ["", ""])
        assert ws.sample_words("other") == ""
        path.with_suffix(".口令.txt").write_bytes(b"\xff\xfe\x00")
        assert ws.sample_words("health") == ""


def test_keys_come_once_and_for_this_person_alone(tmp_path: Path, own_home: Path) -> None:
    folder = tmp_path / "示例县"
    (folder / KEPT).mkdir(parents=True)
    (folder / KEPT / "石桥小学（示例）.eduplan").write_bytes(b"")
    keys = folder / PCS / "学校01" / "keys" / "file"
    keys.mkdir(parents=True)
    (keys / "sign").write_bytes(b"new")
    kept = own_home / "keys" / "file"
    assert [p.name for p in take(folder, Environment(home=own_home))] == ["石桥小学（示例）.eduplan"]
    assert (kept / "sign").read_bytes() == b"new"
    if sys.platform != "win32":
        assert stat.S_IMODE((kept / "sign").stat().st_mode) == 0o600
    (kept / "sign").write_bytes(b"own")
    take_sample(folder, own_home)
    assert (kept / "sign").read_bytes() == b"own", "what is there already is never written over"
