"""Every envelope vector taken in by a county: status, code and slices are those the vectors promise."""

import json
from pathlib import Path
from typing import Any

import pytest

from eduplan_desktop.bundle import kit
from eduplan_desktop.bundle.coding import b64
from eduplan_desktop.bundle.sealing import SealKey
from eduplan_desktop.environment import Environment, KdfCost
from eduplan_desktop.merge.carry import Desk
from eduplan_desktop.merge.intake import take_in
from eduplan_desktop.merge.report import Line
from eduplan_desktop.registers.catalogs import Catalogs
from eduplan_desktop.store import compartments
from eduplan_desktop.store.connect import create_store
from eduplan_desktop.store.journal import act
from tests.core.test_bundle_vectors import CASES, COUNTY, FOLDER, KEYS, SEAL

WORDS = "bali gudo kimu lepa tuso wade"


class VectorCounty:
    """A county file that trusts whom the vectors' kit trusts."""

    def __init__(self, folder: Path, keys: tuple[SealKey, ...]) -> None:
        env = Environment(home=folder / "home", kdf=KdfCost(8, 1, 1), who="示例")
        self.store = create_store(folder / "县.eduplan", "county", env, name="示例县")
        content = kit.read_kit(FOLDER / "valid.edukit", typed=KEYS["fingerprints"]["county"]).content
        with act(self.store, "make", "准备") as a:
            compartments.make(a, "personal", WORDS)
            a.conn.executemany(
                "INSERT INTO roster (uid, name) VALUES (?, ?)", [(e.uid, e.name) for e in content.roster]
            )
            a.conn.executemany(
                "INSERT INTO trust (school, file, generation, sign, seal, fingerprint, approved, retired_from, revoked_from)"
                " VALUES (?, ?, ?, ?, ?, '', '2026-09-01', ?, ?)",
                [
                    (e.school, e.file, e.generation, b64(e.sign), e.seal, e.retired_from, e.revoked_from)
                    for e in content.trust.entries
                ],
            )
        opened = compartments.open_with(self.store, "personal", WORDS)
        self.desk = Desk(self.store, COUNTY, keys, Catalogs.shipped(), opened, "2026-09-02")

    def take(self, *names: str, dry_run: bool = False) -> list[Line]:
        """What is answered for these files, taken together."""
        return take_in(self.desk, [FOLDER / name for name in names], dry_run=dry_run).lines


def of_stage(*stages: str) -> list[Any]:
    """Cases of these stages that are submissions."""
    found = [c for c in CASES if c["stage"] in stages and c["file"].endswith(".edub")]
    return [pytest.param(c, id=f"{c['file']}-{c['stage']}-{c['code']}-{len(c.get('before', ()))}") for c in found]


@pytest.fixture
def county(tmp_path: Path) -> Any:
    """A county that has nothing yet."""
    made = VectorCounty(tmp_path, (SEAL["working"],))
    yield made
    made.store.close()


@pytest.mark.parametrize("case", of_stage("envelope", "digests", "trust"))
def test_refused_as_a_whole(county: VectorCounty, case: dict[str, Any]) -> None:
    line = county.take(case["file"])[0]
    code = {"unknown_key": "held_unknown_key"}.get(case["code"], case["code"])
    assert line.code == code
    assert line.status == ("held" if code == "held_unknown_key" else "refused")


@pytest.mark.parametrize("case", of_stage("slice"))
def test_one_slice_refused(county: VectorCounty, case: dict[str, Any]) -> None:
    line = county.take(case["file"])[0]
    found = line.slices[case["slice"]]
    assert (line.status, found.code) == ("merged", case["code"])
    assert found.status == ("waiting" if case["code"] == "too_new" else "refused")
    assert county.store.conn.execute("SELECT count(*) FROM room").fetchone()[0] == 0


@pytest.mark.parametrize("dry_run", [False, True])
@pytest.mark.parametrize("case", of_stage("chain"))
def test_what_only_a_ledger_can_tell(county: VectorCounty, case: dict[str, Any], dry_run: bool) -> None:
    for earlier in case.get("before", ()):
        county.take(earlier)
    line = county.take(case["file"], dry_run=dry_run)[0]
    assert (line.status, line.code) == (case["status"], case["code"])
    for name, answer in case.get("slices", {}).items():
        assert [line.slices[name].status, line.slices[name].code] == answer, name


def test_the_recovery_key_takes_in_the_same(tmp_path: Path) -> None:
    counts = []
    for name in ("working", "records_recovery"):
        (tmp_path / name).mkdir()
        county = VectorCounty(tmp_path / name, (SEAL[name],))
        lines = county.take("valid-1.edub", "valid-2.edub")
        counts.append(
            [(line.status, line.code, json.dumps({n: s.status for n, s in line.slices.items()})) for line in lines]
        )
        assert county.store.conn.execute("SELECT count(*) FROM room").fetchone()[0] == 2
        assert county.store.conn.execute("SELECT due, done, not_done FROM checkup_counts").fetchone() == (2, 1, 1)
        county.store.close()
    assert counts[0] == counts[1]
