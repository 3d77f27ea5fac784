"""The four kinds of envelope by the program's own writers: opened by every reader they are for, and by the public tools."""

import csv
import io
import json
import re
import zipfile
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from eduplan_desktop.bundle import enrolment, kit, receipt, stick
from eduplan_desktop.bundle import manifest as m
from eduplan_desktop.bundle.envelope import open_envelope
from eduplan_desktop.bundle.outgoing import make_envelope
from eduplan_desktop.bundle.sealing import SealKey
from eduplan_desktop.bundle.signing import SigningKey, hand_on
from eduplan_desktop.bundle.trust import purpose_rule
from eduplan_desktop.registers.checkup import CHECKUP
from eduplan_desktop.registers.staff import STAFF
from tests.core import bundle_samples as b
from tests.core.bundle_samples import COUNTY, FILE, MADE, PEOPLE, PROGRAM, SCHOOL, refusal, seed, uid, written
from tests.external import need, run

KIT = kit.KitContent(
    PEOPLE.identity,
    4,
    (kit.RosterEntry(uid(1), "示例小学", code="0"), kit.RosterEntry(uid(9), "示例,中学", remark='"')),
    PEOPLE.trust,
    (kit.CalendarItem("a", "月报", "2026-09", "2026-10-05", ("room", "hazard/2026"), {"room": ("area",)}),),
    {"k": kit.PolicyValue([1, {"a": None}], "示例")},
    (
        kit.KitCatalog(
            "t", "表", "2010", "1", "示例", "K", ("code", "label", "retired"), (("b", "乙", ""), ("a", "甲", "1"))
        ),
    ),
)
REQUEST = enrolment.EnrolmentRequest(
    SCHOOL,
    "示例小学",
    "",
    FILE,
    PEOPLE.school.public,
    PEOPLE.school_seal.public,
    "示例",
    PEOPLE.identity.fingerprint,
    ("ab" * 32,),
)
RECEIPT = receipt.ReceiptContent(
    3,
    FILE,
    (
        receipt.BundleAnswer(
            1, "ab" * 32, "merged", "gap", "2026-09-02", {"room": receipt.SliceAnswer("merged", "", 1, 2, 3, 4, 5)}
        ),
    ),
    (receipt.ItemAnswer("a", "returned", False, True, "请改"),),
    (receipt.Remark("a", "room", uid(11), "area", "请补"),),
    (receipt.Review(uid(12), "1", "示例", "2026-09-02", ""),),
    ("cd" * 32,),
    ("ab" * 32,),
    5,
    None,
)


# --- kit ----------------------------------------------------------------------------------------------------------------


def test_a_kit_says_what_was_put_in(tmp_path: Path) -> None:
    path = written(tmp_path, kit.make_kit(PEOPLE.county, KIT, MADE, PROGRAM), stick.kit_name("示例县", 4))
    assert kit.read_kit(path, typed=PEOPLE.identity.fingerprint).content == KIT
    preview = kit.preview_kit(path)
    assert (preview.county, preview.fingerprint, preview.roster) == (COUNTY, PEOPLE.identity.fingerprint, KIT.roster)
    pinned = PEOPLE.county.public
    assert kit.read_kit(path, pinned=pinned, county=COUNTY, version=4, trust=1).made == MADE
    assert refusal(kit.read_kit, path, pinned=pinned, county=COUNTY, version=5) == "old_kit"
    assert refusal(kit.read_kit, path, pinned=pinned, county=COUNTY, trust=2) == "old_kit"
    assert refusal(kit.read_kit, path, pinned=pinned, county="990002") == "wrong_county"
    assert refusal(kit.read_kit, path, pinned=seed(5), county=COUNTY) == "unknown_key"
    assert refusal(kit.read_kit, path, typed="0000") == "wrong_fingerprint"


def test_a_kit_holds_no_secret() -> None:
    data = b"".join(kit.make_kit(PEOPLE.county, KIT, MADE, PROGRAM).pieces())
    for number in range(1, 8):
        assert seed(number) not in data
    with zipfile.ZipFile(io.BytesIO(data)) as outer:
        parts = [zipfile.ZipFile(io.BytesIO(outer.read(n))) for n in outer.namelist() if n.endswith(".zip")]
    everything = b"".join(part.read(n) for part in parts for n in part.namelist())
    assert b"SECRET" not in everything.upper()


def test_only_the_county_signs_its_kit() -> None:
    with pytest.raises(ValueError, match="signed by its county"):
        kit.make_kit(PEOPLE.school, KIT, MADE, PROGRAM)


def test_a_kit_that_names_another_key_than_it_is_signed_with(tmp_path: Path) -> None:
    other = SigningKey(seed(20))
    inner = replace(KIT, county=replace(KIT.county, sign=other.public))
    forged = kit.make_kit(other, inner, MADE, PROGRAM)
    head = forged.heading
    outgoing = make_envelope(PEOPLE.county, head, [part for _, part in forged.parts], {"trust": 1, "succession": []})
    path = written(tmp_path, outgoing, "x.edukit")
    assert refusal(kit.read_kit, path, typed=PEOPLE.identity.fingerprint) == "wrong_context"


def test_a_rotated_county_is_followed_over_two_hands(tmp_path: Path) -> None:
    keys = [PEOPLE.county, SigningKey(seed(21)), SigningKey(seed(22))]
    chain = tuple(hand_on(old, new.public, COUNTY) for old, new in pairwise(keys))
    content = replace(KIT, county=replace(KIT.county, sign=keys[2].public), succession=chain)
    path = written(tmp_path, kit.make_kit(keys[2], content, MADE, PROGRAM), "x.edukit")
    for key in keys:
        assert kit.read_kit(path, pinned=key.public, county=COUNTY).content.county.sign == keys[2].public
    bare = replace(content, succession=())
    path = written(tmp_path, kit.make_kit(keys[2], bare, MADE, PROGRAM), "y.edukit")
    assert refusal(kit.read_kit, path, pinned=keys[0].public, county=COUNTY) == "unknown_key"
    assert refusal(kit.read_kit, path, typed=PEOPLE.identity.fingerprint) == "wrong_fingerprint"


# --- enrolment -----------------------------------------------------------------------------------------------------------


def test_an_enrolment_is_opened_by_each_reader_and_proven_by_paper(tmp_path: Path) -> None:
    recipients = PEOPLE.identity.record_recipients
    path = written(
        tmp_path, enrolment.make_enrolment(PEOPLE.school, REQUEST, COUNTY, recipients, MADE, PROGRAM), "x.eduenrol"
    )
    ours = {PEOPLE.identity.fingerprint}
    for key in (PEOPLE.working, PEOPLE.records):
        pending = enrolment.read_enrolment(path, COUNTY, [key], ours)
        assert pending.approve(f" {REQUEST.fingerprint.lower()} ") == REQUEST
        assert refusal(pending.approve, PEOPLE.identity.fingerprint) == "wrong_fingerprint"
    for key in (PEOPLE.health, PEOPLE.school_seal):
        assert refusal(enrolment.read_enrolment, path, COUNTY, [key], ours) == "cannot_open"
    assert refusal(enrolment.read_enrolment, path, "990002", [PEOPLE.working], ours) == "wrong_county"
    assert refusal(enrolment.read_enrolment, path, COUNTY, [PEOPLE.working], set()) == "wrong_county"
    assert refusal(kit.read_kit, path, typed=PEOPLE.identity.fingerprint) == "wrong_purpose"
    assert "示例小学".encode() not in path.read_bytes()


def test_an_enrolment_signed_by_another_key_than_it_asks_for(tmp_path: Path) -> None:
    recipients = PEOPLE.identity.record_recipients
    with pytest.raises(ValueError, match="signed by the key"):
        enrolment.make_enrolment(PEOPLE.county, REQUEST, COUNTY, recipients, MADE, PROGRAM)
    good = enrolment.make_enrolment(PEOPLE.school, REQUEST, COUNTY, recipients, MADE, PROGRAM)
    forged = make_envelope(PEOPLE.county, good.heading, [part for _, part in good.parts], {})
    path = written(tmp_path, forged, "x.eduenrol")
    ours = {PEOPLE.identity.fingerprint}
    assert refusal(enrolment.read_enrolment, path, COUNTY, [PEOPLE.working], ours) == "wrong_context"


# --- receipt -------------------------------------------------------------------------------------------------------------


def read_receipt(path: Path, **more: Any) -> receipt.Receipt:
    """As the school reads it."""
    asked = {"pinned": PEOPLE.county.public, "county": COUNTY, "school": SCHOOL, "file": FILE, **more}
    keys = asked.pop("keys", [PEOPLE.school_seal])
    return receipt.read_receipt(path, keys, **asked)


def test_a_receipt_is_for_one_school_alone(tmp_path: Path) -> None:
    outgoing = receipt.make_receipt(
        PEOPLE.county, COUNTY, SCHOOL, RECEIPT, PEOPLE.school_seal.public, (), MADE, PROGRAM
    )
    path = written(tmp_path, outgoing, "x.edurcpt")
    assert read_receipt(path, number=3).content == RECEIPT
    assert refusal(read_receipt, path, number=4) == "old_receipt"
    assert refusal(read_receipt, path, keys=[PEOPLE.working]) == "cannot_open"
    assert refusal(read_receipt, path, school=uid(9)) == "wrong_school"
    assert refusal(read_receipt, path, file=uid(9)) == "wrong_school"
    assert refusal(read_receipt, path, county="990002") == "wrong_county"
    assert refusal(read_receipt, path, pinned=seed(9)) == "unknown_key"
    assert "请改".encode() not in path.read_bytes()
    successor = SigningKey(seed(23))
    chain = (hand_on(PEOPLE.county, successor.public, COUNTY),)
    outgoing = receipt.make_receipt(successor, COUNTY, SCHOOL, RECEIPT, PEOPLE.school_seal.public, chain, MADE, PROGRAM)
    assert read_receipt(written(tmp_path, outgoing, "y.edurcpt")).signer == successor.public


# --- public tools --------------------------------------------------------------------------------------------------------


def all_kinds() -> dict[str, Any]:
    """One of each, with who may open it."""
    recipients = PEOPLE.identity.record_recipients
    return {
        "x.edukit": kit.make_kit(PEOPLE.county, KIT, MADE, PROGRAM),
        "x.eduenrol": enrolment.make_enrolment(PEOPLE.school, REQUEST, COUNTY, recipients, MADE, PROGRAM),
        "x.edub": b.submission(b.full_submission()),
        "x.edurcpt": receipt.make_receipt(
            PEOPLE.county, COUNTY, SCHOOL, RECEIPT, PEOPLE.school_seal.public, (), MADE, PROGRAM
        ),
    }


@pytest.mark.parametrize("name", ["x.edukit", "x.eduenrol", "x.edub", "x.edurcpt"])
def test_public_tools_suffice(tmp_path: Path, name: str) -> None:
    need("unzip", "minisign", "age", "sha256sum")
    path = written(tmp_path, all_kinds()[name], name)
    work = tmp_path / "work"
    assert run("unzip", "-q", path, "-d", work).returncode == 0
    assert run("minisign", "-V", "-H", "-p", "signer.pub", "-m", "manifest.json", cwd=work).returncode == 0
    with open_envelope(path) as envelope:
        digest, parts = envelope.digest, envelope.manifest.parts
    assert run("sha256sum", "manifest.json", cwd=work).stdout.decode().split()[0] == digest
    for part in parts:
        assert run("sha256sum", part.name, cwd=work).stdout.decode().split()[0] == part.sha256
        for key in readers(name, part.compartment):
            inner = opened_by_age(work, part.name, key)
            check_inner(inner, part)


def readers(name: str, compartment: str) -> list[SealKey | None]:
    """Who opens a part; None for a plain one."""
    if name.endswith("kit"):
        return [None]
    if name.endswith("rcpt"):
        return [PEOPLE.school_seal]
    return [PEOPLE.health, PEOPLE.health_recovery] if compartment == "health" else [PEOPLE.working, PEOPLE.records]


def opened_by_age(work: Path, part: str, key: SealKey | None) -> Path:
    """The inner ZIP, unpacked by unzip into a folder."""
    inner = work / part
    if key is not None:
        (work / "key.txt").write_text(key.text + "\n", encoding="ascii")
        inner = work / f"{part}.opened"
        assert run("age", "-d", "-i", "key.txt", "-o", inner, part, cwd=work).returncode == 0
    folder = work / f"{part}.d"
    assert run("unzip", "-q", "-o", inner, "-d", folder).returncode == 0
    return folder


def check_inner(folder: Path, part: m.PartInfo) -> None:
    """What a spreadsheet user finds."""
    context = json.loads((folder / "context.json").read_bytes())
    assert (context["slice"], context["compartment"]) == (part.holds, part.compartment)
    for entry_name, size in context["sizes"].items():
        assert (folder / entry_name).stat().st_size == size
        if entry_name.endswith(".csv"):
            assert list(
                csv.reader(io.StringIO((folder / entry_name).read_text(encoding="utf-8"), newline=""), strict=True)
            )
    package = folder / "datapackage.json"
    if package.exists():
        for resource in json.loads(package.read_bytes())["resources"]:
            header = (folder / resource["path"]).read_text(encoding="utf-8").split("\n")[0].split(",")
            assert header == [field["name"] for field in resource["schema"]["fields"]]
            assert re.fullmatch(r"[a-z0-9-]+", resource["name"])


def test_looking_before_trusting_opens_nothing_of_a_submission(tmp_path: Path) -> None:
    path = written(tmp_path, b.submission([b.room_part(b.ROOMS)]))
    with open_envelope(path) as envelope:
        assert envelope.purpose == "submission"
        envelope.check_digests()
        assert refusal(envelope.trusted, purpose_rule("kit")) == "wrong_purpose"


def test_registers_with_two_compartments_have_all_parts() -> None:
    assert STAFF.compartments == ("personal",)
    assert CHECKUP.compartments == ("health",)
