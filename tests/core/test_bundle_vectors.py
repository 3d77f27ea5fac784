"""The program reads what a stranger wrote from docs/format.md alone, and answers every wrong envelope with its code."""

import json
from pathlib import Path
from typing import Any

import pytest

from eduplan_desktop.bundle import enrolment, kit, receipt, submission, unpack
from eduplan_desktop.bundle.coding import b64
from eduplan_desktop.bundle.envelope import Envelope, open_envelope
from eduplan_desktop.bundle.fingerprints import fingerprint
from eduplan_desktop.bundle.package import open_columns, sealed_columns
from eduplan_desktop.bundle.sealing import SealKey
from eduplan_desktop.bundle.signing import SigningKey
from eduplan_desktop.bundle.trust import check_address
from eduplan_desktop.errors import BundleError
from eduplan_desktop.registers.checkup import CHECKUP
from eduplan_desktop.registers.health_consent import HEALTH_CONSENT
from eduplan_desktop.registers.room import ROOM
from eduplan_desktop.registers.safety_check import SAFETY_CHECK
from eduplan_desktop.registers.staff import STAFF
from tests.vectors import make_envelopes, world

VECTORS = Path(__file__).resolve().parent.parent / "vectors"
FOLDER = VECTORS / "envelopes"
KEYS: dict[str, Any] = json.loads((VECTORS / "keys.json").read_text(encoding="utf-8"))
CASES: list[dict[str, Any]] = json.loads((VECTORS / "cases.json").read_text(encoding="utf-8"))["cases"]
COUNTY, SCHOOL, FILE = KEYS["county"], KEYS["school"], KEYS["file"]
SEAL = {name: SealKey.from_text(one["identity"]) for name, one in KEYS["seal"].items()}
RECORDS = [SEAL["working"]], [SEAL["records_recovery"]]
HEALTH = [SEAL["health"]], [SEAL["health_recovery"]]
REGISTERS = {r.name: r for r in (ROOM, STAFF, SAFETY_CHECK, CHECKUP)}


def of_stage(*stages: str) -> list[Any]:
    """Cases of these stages, each with a name."""
    found = [case for case in CASES if case["stage"] in stages]
    return [pytest.param(case, id=f"{case['file']}-{case['stage']}-{case['code']}") for case in found]


@pytest.fixture(scope="module")
def trusted_kit() -> kit.Kit:
    """The kit all vectors rest on, believed by the fingerprint from paper."""
    return kit.read_kit(FOLDER / "valid.edukit", typed=KEYS["fingerprints"]["county"])


def test_keys_are_what_they_say() -> None:
    for one in KEYS["sign"].values():
        assert SigningKey(bytes.fromhex(one["seed"])).public.hex() == one["public"]
    for name, one in KEYS["seal"].items():
        assert (SEAL[name].public, SEAL[name].text) == (one["recipient"], one["identity"])


@pytest.mark.parametrize("case", of_stage("envelope"))
def test_refused_before_trust(case: dict[str, Any]) -> None:
    with pytest.raises(BundleError) as caught:
        open_envelope(FOLDER / case["file"])
    assert caught.value.code == case["code"]
    assert caught.value.message
    assert caught.value.advice


@pytest.mark.parametrize("case", of_stage("trust", "digests"))
def test_refused_as_a_whole(case: dict[str, Any], trusted_kit: kit.Kit) -> None:
    open_envelope(FOLDER / case["file"]).close()
    with pytest.raises(BundleError) as caught:
        submission.verify_submission(FOLDER / case["file"], trusted_kit.content.trust, COUNTY)
    assert caught.value.code == case["code"]


@pytest.mark.parametrize("case", of_stage("slice"))
def test_one_slice_refused(case: dict[str, Any], trusted_kit: kit.Kit) -> None:
    with submission.verify_submission(FOLDER / case["file"], trusted_kit.content.trust, COUNTY) as bundle:
        version = bundle.head.slices[case["slice"]].version
        assert version
        register = REGISTERS[case["slice"].partition("/")[0]]
        with pytest.raises(BundleError) as caught:
            read_slice(bundle, case["slice"], register, version)
    assert caught.value.code == case["code"]


def read_slice(bundle: submission.Submission, name: str, register: Any, version: tuple[int, int]) -> list[Any]:
    """All rows of a slice, by way of every check."""
    unpack.check_version(register, version)
    with bundle.open_slice(name, RECORDS[0]) as part:
        return [list(row) for row in unpack.open_table(part, register, version)]


@pytest.mark.parametrize("case", of_stage("paper"))
def test_the_paper_says_otherwise(case: dict[str, Any]) -> None:
    with pytest.raises(BundleError) as caught:
        take_with_paper(FOLDER / case["file"], case["typed"])
    assert caught.value.code == case["code"]


def take_with_paper(path: Path, typed: str) -> None:
    """What a person does who holds a paper."""
    if path.suffix == ".edukit":
        kit.read_kit(path, typed=typed)
    else:
        enrolment.read_enrolment(path, COUNTY, RECORDS[0], county_fingerprints()).approve(typed)


def county_fingerprints() -> set[str]:
    """Of the county of the vectors."""
    return {KEYS["fingerprints"]["county"]}


@pytest.mark.parametrize("case", of_stage("version"))
def test_older_than_what_is_known(case: dict[str, Any]) -> None:
    with pytest.raises(BundleError) as caught:
        take_knowing(FOLDER / case["file"], case["known"])
    assert caught.value.code == case["code"]


def take_knowing(path: Path, known: int) -> None:
    """Read a kit or receipt where a version is known already."""
    if path.suffix == ".edukit":
        pinned = bytes.fromhex(KEYS["sign"]["county"]["public"])
        kit.read_kit(path, pinned=pinned, county=COUNTY, version=known)
    else:
        read_receipt(number=known)


def read_receipt(**more: Any) -> receipt.Receipt:
    """The receipt of the vectors."""
    pinned = bytes.fromhex(KEYS["sign"]["county"]["public"])
    asked = {"pinned": pinned, "county": COUNTY, "school": SCHOOL, "file": FILE, **more}
    return receipt.read_receipt(FOLDER / "valid.edurcpt", [SEAL["school"]], **asked)


@pytest.mark.parametrize("case", of_stage("valid", "chain"))
def test_whole_envelopes_are_whole(case: dict[str, Any]) -> None:
    for name in (case["file"], *case.get("before", ())):
        with open_envelope(FOLDER / name) as envelope:
            envelope.check_digests()


def test_the_kit_says_what_was_written(trusted_kit: kit.Kit) -> None:
    content = trusted_kit.content
    assert (content.county.code, content.county.name, content.version, content.trust.version) == (
        COUNTY,
        "示例县",
        4,
        4,
    )
    assert content.county.record_recipients == tuple(r.recipient for r in world.RECORD_READERS)
    assert content.county.health_recipients == tuple(r.recipient for r in world.HEALTH_READERS)
    assert [(e.uid, e.name, e.code) for e in content.roster] == [
        (world.SCHOOL, "示例小学", ""),
        (world.OTHER_SCHOOL, "示例中学", "0000000000"),
    ]
    assert [e.generation for e in content.trust.entries] == [1, 2, 3]
    assert content.trust.entries[0].fingerprint == KEYS["fingerprints"]["school"]
    assert content.calendar[0].required == {"room": ("area",)}
    assert content.policy["example"] == kit.PolicyValue(85, "示例")
    catalog = content.catalogs[0]
    assert (catalog.columns, catalog.rows) == (
        ("code", "label", "retired", "unit"),
        (("02", "b", "", ""), ("01", "a", "1", "m")),
    )


def test_a_rotated_county_is_reached_from_the_old_key_and_the_old_letter() -> None:
    old, new = (bytes.fromhex(KEYS["sign"][n]["public"]) for n in ("county", "next_county"))
    path = FOLDER / "rotated.edukit"
    assert kit.read_kit(path, pinned=old, county=COUNTY).content.county.sign == new
    assert kit.read_kit(path, pinned=new, county=COUNTY).content.version == 5
    assert kit.read_kit(path, typed=KEYS["fingerprints"]["county"]).content.county.sign == new
    assert kit.read_kit(path, typed=fingerprint("county", new)).content.county.sign == new
    stranger = bytes.fromhex(KEYS["sign"]["stranger"]["public"])
    with pytest.raises(BundleError, match="信任名单") as caught:
        kit.read_kit(path, pinned=stranger, county=COUNTY)
    assert caught.value.code == "unknown_key"


def test_the_enrolment_is_proven_by_paper_for_either_reader() -> None:
    for keys in RECORDS:
        pending = enrolment.read_enrolment(FOLDER / "valid.eduenrol", COUNTY, keys, county_fingerprints())
        request = pending.approve(KEYS["fingerprints"]["school"].lower())
        assert (request.school, request.file, b64(request.sign)) == (SCHOOL, FILE, b64(world.SCHOOL_KEY.public))


def test_an_enrolment_for_a_county_that_is_not_ours_is_refused() -> None:
    with pytest.raises(BundleError) as caught:
        enrolment.read_enrolment(FOLDER / "valid.eduenrol", COUNTY, RECORDS[0], {fingerprint("county", bytes(32))})
    assert caught.value.code == "wrong_county"


def test_the_receipt_says_what_was_written() -> None:
    content = read_receipt().content
    assert content.bundles[0].slices["room"] == receipt.SliceAnswer("merged", "", 3, 0, 0, 0, 0)
    assert content.earlier == (content.bundles[0].digest,)
    assert content.remarks[0].text == "请补填面积"
    assert content.items[0].state == "received"


@pytest.mark.parametrize("wrong", [{"school": world.OTHER_SCHOOL}, {"file": world.OTHER_FILE}])
def test_another_schools_receipt_is_refused(wrong: dict[str, str]) -> None:
    with pytest.raises(BundleError) as caught:
        read_receipt(**wrong)
    assert caught.value.code == "wrong_school"


def expected(names: list[str], rows: list[dict[str, str]]) -> list[list[str]]:
    """Rows as texts in the order of `names`."""
    return [[row.get(name, "") for name in names] for row in rows]


@pytest.mark.parametrize(
    ("columns", "register", "compartment"),
    [
        (world.ROOM, ROOM, ""),
        (world.STAFF, STAFF, ""),
        (world.PERSONAL, STAFF, "personal"),
        (world.SAFETY, SAFETY_CHECK, ""),
        (world.CHECKUP, CHECKUP, ""),
        (world.SEALED_CHECKUP, CHECKUP, "health"),
        (world.CONSENT, HEALTH_CONSENT, ""),
    ],
)
def test_version_1_0_has_the_columns_the_vectors_have(columns: list[str], register: Any, compartment: str) -> None:
    fields = sealed_columns(register, compartment) if compartment else open_columns(register)
    assert columns == ["id", *(f.name for f in fields if f.since == 0)]


def test_every_row_of_the_first_bundle_for_either_reader(trusted_kit: kit.Kit) -> None:
    with submission.verify_submission(FOLDER / "valid-1.edub", trusted_kit.content.trust, COUNTY) as bundle:
        assert (bundle.school, bundle.number, bundle.head.earlier) == (SCHOOL, 1, ())
        assert bundle.entry
        assert bundle.entry.generation == 1
        assert bundle.head.slices["equipment"] == submission.NOT_REPORTED_STATE
        for keys in RECORDS:
            check_records(bundle, keys)
        for keys in HEALTH:
            check_health(bundle, keys)


def check_records(bundle: submission.Submission, keys: list[SealKey]) -> None:
    """Everything the county officer may read."""
    version = (1, 0)
    with bundle.open_slice("room", keys) as part:
        assert [list(r) for r in unpack.open_table(part, ROOM, version)] == expected(world.ROOM, world.ROOM_ROWS)
        assert not list(unpack.gone(part, ROOM))
        assert not list(unpack.photo_list(part, ROOM))
    with bundle.open_slice("staff", keys) as part:
        assert [list(r) for r in unpack.open_table(part, STAFF, version)] == expected(world.STAFF, world.STAFF_ROWS)
        assert list(unpack.gone(part, STAFF)) == [[world.row_id(0x403), "01"]]
        assert list(unpack.explained(part, STAFF)) == [[world.row_id(0x402), "birth", "example", "身份证为准"]]
    with bundle.open_slice("staff", keys, "personal") as part:
        table = unpack.sealed_table(part, STAFF, "personal", version)
        assert [list(r) for r in table] == expected(world.PERSONAL, world.PERSONAL_ROWS)
    with bundle.open_slice("safety_check/2026", keys) as part:
        assert list(unpack.results(part, SAFETY_CHECK)) == expected(world.RESULTS, world.SAFETY_RESULTS)
    with bundle.open_slice("checkup/2025", keys) as part:
        assert unpack.counts(part, CHECKUP) == (2, 1, 1)
    with pytest.raises(BundleError) as caught:
        bundle.open_slice("checkup/2025", keys, "health")
    assert caught.value.code == "cannot_open"


def check_health(bundle: submission.Submission, keys: list[SealKey]) -> None:
    """Everything the county health officer may read, and nothing else."""
    with bundle.open_slice("checkup/2025", keys, "health") as part:
        assert [list(r) for r in unpack.open_table(part, CHECKUP, (1, 0))] == expected(
            world.CHECKUP, world.CHECKUP_ROWS
        )
        sealed = unpack.sealed_table(part, CHECKUP, "health", (1, 0))
        assert [list(r) for r in sealed] == expected(world.SEALED_CHECKUP, world.SEALED_ROWS)
        assert list(unpack.results(part, CHECKUP)) == expected(world.RESULTS, world.CHECKUP_RESULTS)
        consents = unpack.consent_table(part, HEALTH_CONSENT)
        assert [list(r) for r in consents] == expected(world.CONSENT, world.CONSENT_ROWS)
        assert unpack.groups(part) == [("GEN01", "", 1)]
    with pytest.raises(BundleError):
        bundle.open_slice("room", keys)


def test_columns_of_a_newer_minor_version_are_left_and_named(trusted_kit: kit.Kit) -> None:
    with submission.verify_submission(FOLDER / "newer-minor.edub", trusted_kit.content.trust, COUNTY) as bundle:
        version = bundle.head.slices["room"].version
        assert version
        with bundle.open_slice("room", RECORDS[0]) as part:
            table = unpack.open_table(part, ROOM, version)
            assert table.unknown == ("colour",)
            assert [list(r) for r in table] == expected(world.ROOM, world.ROOM_ROWS)


def test_a_filed_bundle_is_known_by_its_digest_alone() -> None:
    with open_envelope(FOLDER / "revoked-key.edub") as envelope:
        digest = envelope.digest
    with submission.reopen_submission(FOLDER / "revoked-key.edub", digest) as bundle:
        assert bundle.entry is None
        bundle.open_slice("room", RECORDS[0]).close()
    with pytest.raises(BundleError):
        submission.reopen_submission(FOLDER / "valid-1.edub", digest)


def test_every_code_of_the_format_has_a_vector() -> None:
    text = (VECTORS.parent.parent / "docs" / "format.md").read_text(encoding="utf-8").partition("## 9. Words")[2]
    rows = [line.split("|")[1] for line in text.splitlines() if line.startswith("| `")]
    codes = {word.strip(" `") for cell in rows for word in cell.split(",")}
    shown = {case["code"] for case in CASES} | {
        answer[1] for case in CASES for answer in case.get("slices", {}).values()
    }
    assert codes <= shown, codes - shown


def test_the_script_still_writes_these_files() -> None:
    made: dict[str, bytes] = {}

    class Catching(make_envelopes.Writer):
        def file(self, name: str, envelope: Any) -> str:
            made[name] = envelope if isinstance(envelope, bytes) else envelope.build(name)
            return "" if isinstance(envelope, bytes) else envelope.digest(name)

    out = Catching()
    make_envelopes.strangers(out)
    assert {name: (FOLDER / name).read_bytes() for name in made} == made


def test_no_step_before_trust_opens_a_part() -> None:
    with open_envelope(FOLDER / "valid-1.edub") as envelope:
        assert not hasattr(envelope, "open_part")

        def nobody(asked: Envelope) -> None:
            check_address(asked, "kit")

        with pytest.raises(BundleError) as caught:
            envelope.trusted(nobody)
    assert caught.value.code == "wrong_purpose"
