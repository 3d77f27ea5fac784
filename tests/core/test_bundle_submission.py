"""Submissions: who may say what, what a manifest may not say, and every part by each of its readers and no other."""

import hashlib
import io
import json
import random
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eduplan_desktop.bundle import manifest as m
from eduplan_desktop.bundle import stick, submission, unpack
from eduplan_desktop.bundle.envelope import Context
from eduplan_desktop.bundle.outgoing import IN_MEMORY, SealedPart, make_envelope
from eduplan_desktop.bundle.package import SliceContent, seal_slice
from eduplan_desktop.bundle.parts import seal_part, text
from eduplan_desktop.bundle.sealing import SealKey, seal, unseal
from eduplan_desktop.bundle.signing import SigningKey
from eduplan_desktop.bundle.submission import SliceState, as_before, verify_submission
from eduplan_desktop.bundle.trust import TrustEntry, TrustList
from eduplan_desktop.errors import BundleError, CancelledError
from eduplan_desktop.registers.checkup import CHECKUP
from eduplan_desktop.registers.model import Register
from eduplan_desktop.registers.room import ROOM
from tests.core import bundle_samples as b
from tests.core.bundle_samples import COUNTY, FILE, MADE, PEOPLE, PROGRAM, SCHOOL, SECRET, refusal, seed, uid, written


def test_every_part_is_opened_by_each_of_its_readers_and_by_no_other(tmp_path: Path) -> None:
    path = written(tmp_path, b.submission(b.full_submission()))
    records, health = {"working", "records"}, {"health", "health_recovery"}
    with verify_submission(path, PEOPLE.trust, COUNTY) as bundle:
        for info in bundle.manifest.parts:
            readers = health if info.compartment == "health" else records
            for name in ("working", "records", "health", "health_recovery", "school_seal"):
                assert opens(bundle, info, getattr(PEOPLE, name)) == (name in readers), (info.holds, name)


def opens(bundle: submission.Submission, info: m.PartInfo, key: SealKey) -> bool:
    """Whether this key opens this part."""

    def attempt() -> None:
        opened = (
            bundle.open_photos([key])
            if info.holds == "photos"
            else bundle.open_slice(info.holds, [key], info.compartment)
        )
        assert opened
        opened.close()

    code = refusal(attempt)
    assert code in ("", "cannot_open")
    return not code


def test_rows_tombstones_photos_and_counts_come_back(tmp_path: Path) -> None:
    path = written(tmp_path, b.submission(b.full_submission(), ["ab" * 32], hazard=as_before(1)))
    with verify_submission(path, PEOPLE.trust, COUNTY) as bundle:
        assert (bundle.number, bundle.head.earlier, bundle.head.slices["hazard"].since) == (2, ("ab" * 32,), 1)
        with bundle.open_slice("room", [PEOPLE.working]) as part:
            rows = [
                dict(zip(["id", *(f.name for f in t.fields)], r, strict=True)) for t in [table(part, ROOM)] for r in t
            ]
            assert rows[0]["area"] == "54.50"
            assert rows[1]["remark"] == b.ROOMS[1]["remark"]
            assert list(unpack.gone(part, ROOM)) == [[uid(19), "01"]]
            assert [row[:2] for row in unpack.photo_list(part, ROOM)] == [[uid(11), "1"]]
            assert bundle.part_info("room") == replace(part.info, rows=2)
        with bundle.open_slice("checkup/2025", [PEOPLE.records]) as part:
            assert unpack.counts(part, CHECKUP) == (3, 3, 0)
        with bundle.open_slice("checkup/2025", [PEOPLE.health], "health") as part:
            assert unpack.groups(part) == [("GLU01", "", 3)]
            assert part.size("padding") < 8192 + 16
        photos = bundle.open_photos([PEOPLE.working])
        assert photos
        with photos:
            assert dict(unpack.photos(photos)) == {hashlib.sha256(d).hexdigest(): d for d in (b"jpg", b"another")}
        with pytest.raises(KeyError):
            bundle.open_slice("equipment", [PEOPLE.working])


def table(part: Any, register: Register) -> unpack.DeclaredTable:
    """The rows of a slice."""
    return unpack.open_table(part, register, (1, 0))


def test_nothing_sealed_shows_in_the_envelope(tmp_path: Path) -> None:
    outgoing = b.submission(b.full_submission())
    path = written(tmp_path, outgoing, stick.submission_name("示例小学", outgoing.heading.number, outgoing.digest))
    data = path.read_bytes() + path.name.encode()
    for word in (SECRET, "00000000000,", "一年级1班", "GLU01", uid(21), uid(1000)):
        assert word.encode("utf-8") not in data, word
    manifest = json.loads(outgoing.manifest)
    health = [p for p in manifest["parts"] if p.get("compartment") == "health"]
    assert health
    assert all("rows" not in p for p in health)


def test_the_length_of_a_health_part_tells_little() -> None:
    few = {inner_length(b.health_parts(rows)[1]) for rows in (0, 1, 2, 5, 10)}
    assert len(few) == 1
    assert few.pop() % 4096 == inner_length(b.health_parts(400)[1]) % 4096 == 0


def inner_length(part: SealedPart) -> int:
    """Bytes of the inner ZIP; the sealed part is as long, but for age's random header."""
    return len(unseal(part.read(), [PEOPLE.health]))


def test_parts_prepared_earlier_are_used_as_they_are(tmp_path: Path) -> None:
    first = b.health_parts(2)
    kept = [SealedPart.from_bytes(p.holds, p.compartment, p.rows, p.read()) for p in first]
    assert [p.spool.sha256 for p in kept] == [p.spool.sha256 for p in first]
    path = written(tmp_path, b.submission(kept))
    with verify_submission(path, PEOPLE.trust, COUNTY) as bundle:
        info = bundle.part_info("checkup/2025", "health")
        assert info
        assert info.sha256 == hashlib.sha256(first[1].read()).hexdigest()
        bundle.open_slice("checkup/2025", [PEOPLE.health_recovery], "health").close()


def entry(**more: Any) -> TrustEntry:
    """The school's line in the trust list, changed."""
    return replace(PEOPLE.trust.entries[0], **more)


@pytest.mark.parametrize(
    ("entries", "number", "code"),
    [
        ([], 1, "unknown_key"),
        ([entry(sign=SigningKey(seed(30)).public)], 1, "unknown_key"),
        ([entry(school=uid(77))], 1, "wrong_school"),
        ([entry(file=uid(77))], 1, "wrong_school"),
        ([entry(retired_from=2)], 1, ""),
        ([entry(retired_from=2)], 2, "retired_key"),
        ([entry(revoked_from=2)], 1, ""),
        ([entry(revoked_from=2)], 2, "revoked_key"),
        ([entry(revoked_from=1, retired_from=1)], 3, "revoked_key"),
        ([entry(), entry(file=uid(77), generation=2)], 1, ""),
        ([entry(revoked_from=1), entry(file=uid(77), generation=2)], 1, "revoked_key"),
    ],
)
def test_who_may_say_what(tmp_path: Path, entries: list[TrustEntry], number: int, code: str) -> None:
    earlier = [f"{n:064x}" for n in range(number - 1)]
    path = written(tmp_path, b.submission([b.room_part(b.ROOMS)], earlier))
    trust = TrustList(1, tuple(entries))
    if code:
        assert refusal(verify_submission, path, trust, COUNTY) == code
    else:
        verify_submission(path, trust, COUNTY).close()
    assert refusal(verify_submission, path, trust, "990002") == "wrong_county"


@pytest.mark.parametrize(
    "change",
    [
        {"earlier": ["00" * 32]},
        {"earlier": ["x"]},
        {"earlier": None},
        {"file": "x"},
        {"kit": -1},
        {"kit": True},
        {"journal": 1},
        {"answers": [{"item": "a"}]},
        {"answers": [{"item": "A", "zero": False}]},
        {"answers": [{"item": "a", "zero": False}, {"item": "a", "zero": True}]},
        {"slices": {}},
        {"slices": {"room": {"state": "carried"}}},
        {"slices": {"room": {"state": "carried", "version": [1]}}},
        {"slices": {"room": {"state": "carried", "version": [1, "0"]}}},
        {"slices": {"room": {"state": "lost"}}},
        {"slices": {"room": {"state": "carried", "version": [1, 0]}, "staff": {"state": "carried", "version": [1, 0]}}},
        {"slices": {"room": {"state": "carried", "version": [1, 0]}, "staff": {"state": "as_before", "from": 1}}},
        {"slices": {"room": {"state": "carried", "version": [1, 0]}, "staff": {"state": "as_before", "from": 0}}},
        {"slices": {"room": {"state": "not_reported"}}},
        {"slices": {"room": {"state": "carried", "version": [1, 0]}, "../x": {"state": "not_reported"}}},
    ],
    ids=json.dumps,
)
def test_manifests_that_are_none(tmp_path: Path, change: dict[str, Any]) -> None:
    good = b.submission([b.room_part(b.ROOMS)])
    extra = {**json.loads(good.manifest), **change}
    outgoing = make_envelope(PEOPLE.school, good.heading, [part for _, part in good.parts], extra)
    path = written(tmp_path, outgoing)
    assert refusal(verify_submission, path, PEOPLE.trust, COUNTY) in {"bad_manifest", "wrong_school"}


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(max_size=3), lambda i: st.lists(i, max_size=2)))
def test_any_value_anywhere_in_a_manifest_is_read_or_refused(value: Any) -> None:
    good = json.loads(MANIFEST)
    for key in good:
        for changed in ({**good, key: value}, {k: v for k, v in good.items() if k != key}):
            data = json.dumps(changed).encode()
            assert refusal(lambda data=data: submission.read_head(m.read_manifest(data))) in ("", "bad_manifest")


MANIFEST = b.submission([b.room_part(b.ROOMS)]).manifest


def test_the_writer_refuses_what_no_reader_takes() -> None:
    part = b.room_part(b.ROOMS)
    with pytest.raises(ValueError, match="disagree"):
        b.submission([part], staff=SliceState("carried", version=(1, 0)))
    with pytest.raises(ValueError, match="disagree"):
        b.submission([part], room=SliceState("not_reported"))
    with pytest.raises(ValueError, match="cannot be"):
        b.submission([part, b.room_part(b.ROOMS)])
    head = submission.SubmissionHead(uid(99), 1, "", (), (), {})
    with pytest.raises(ValueError, match="another data file"):
        submission.make_submission(PEOPLE.school, b.SENDER, head, [], MADE, PROGRAM)


@pytest.mark.parametrize("key", ["purpose", "county", "school", "file", "slice", "compartment"])
def test_a_part_moved_to_another_place_is_noticed(tmp_path: Path, key: str) -> None:
    wrong = {"purpose": "receipt", "county": "990002", "slice": "staff", "compartment": "personal"}
    context = replace(b.SENDER.context("room"), **{key: wrong.get(key, uid(88))})
    moved = seal_part(context, [text("room.csv", b"id\n")], PEOPLE.identity.record_recipients, 0)
    part = replace(moved, holds="room", compartment="")
    path = written(tmp_path, b.submission([part]))
    with verify_submission(path, PEOPLE.trust, COUNTY) as bundle:
        assert refusal(bundle.open_slice, "room", [PEOPLE.working]) == "wrong_context"


def test_sizes_and_versions_must_be_as_said(tmp_path: Path) -> None:
    for sizes in ({}, {"a": 1}, {"a": 2, "b": 0}):
        body = json.dumps(b.SENDER.context("room").as_json(sizes)).encode()
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as archive:
            archive.writestr("context.json", body)
            archive.writestr("a", b"22")
        sealed = SealedPart.from_bytes("room", "", 0, seal(out.getvalue(), PEOPLE.identity.record_recipients))
        path = written(tmp_path, b.submission([sealed]))
        with verify_submission(path, PEOPLE.trust, COUNTY) as bundle:
            assert refusal(bundle.open_slice, "room", [PEOPLE.working]) == "wrong_context"


def test_limits_of_a_part() -> None:
    context = Context("submission", COUNTY, SCHOOL, FILE, "photos", "")
    with pytest.raises(BundleError) as caught:
        seal_part(context, [text(f"e{n}", b"") for n in range(4096)], PEOPLE.identity.record_recipients)
    assert caught.value.code == "too_large"
    with pytest.raises(BundleError) as caught:
        b.photo_part(bytes(150 * 1024 + 1))
    assert caught.value.code == "too_large"


def test_writing_can_be_cancelled() -> None:
    rows = ([uid(n), *([""] * 13)] for n in range(5000))
    with pytest.raises(CancelledError):
        seal_slice(
            b.SENDER, ROOM, "room", SliceContent(rows), PEOPLE.identity.record_recipients, cancelled=lambda: True
        )


def test_a_large_part_waits_in_a_file_and_is_the_same(tmp_path: Path) -> None:
    bodies = [random.Random(n).randbytes(150 * 1024) for n in range(60)]
    part = b.photo_part(*bodies)
    assert part.spool.size > IN_MEMORY
    with b.submission([part]) as outgoing:
        path = written(tmp_path, outgoing)
        assert path.stat().st_size == outgoing.length
    with verify_submission(path, PEOPLE.trust, COUNTY) as bundle:
        photos = bundle.open_photos([PEOPLE.records])
        assert photos
        with photos:
            assert len(dict(unpack.photos(photos))) == 60
