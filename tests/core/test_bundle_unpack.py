"""Reading a part: versions older and newer, columns that cannot be, limits, and where the plain bytes lie meanwhile."""

import io
import json
import tempfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from eduplan_desktop.bundle import envelope as reading
from eduplan_desktop.bundle import unpack
from eduplan_desktop.bundle.envelope import Part, open_envelope, read_envelope
from eduplan_desktop.bundle.manifest import PartInfo
from eduplan_desktop.bundle.outgoing import MAX_BYTES
from eduplan_desktop.bundle.parts import seal_part, text
from eduplan_desktop.bundle.submission import verify_submission
from eduplan_desktop.errors import BundleError
from eduplan_desktop.registers.checkup import CHECKUP
from eduplan_desktop.registers.health_consent import HEALTH_CONSENT
from eduplan_desktop.registers.model import Field, Kind, Register, Section
from tests.core import bundle_samples as b
from tests.core.bundle_samples import COUNTY, PEOPLE, SECRET, refusal, uid, written
from tests.vectors import world

THING = Register(
    "thing",
    "物品",
    (
        Section(
            "一",
            (
                Field("name", Kind.TEXT, "名称", required=True),
                Field("old", Kind.TEXT, "旧", retired=2),
                Field("size", Kind.WHOLE, "大小", since=1),
                Field("colour", Kind.TEXT, "颜色", since=2),
            ),
        ),
    ),
    version=(1, 2),
)


def opened(entries: Mapping[str, bytes], holds: str = "thing", compartment: str = "") -> Part:
    """A part with these entries, as it is after unsealing."""
    context = b.SENDER.context(holds, compartment)
    part = seal_part(context, [text(name, data) for name, data in entries.items()], ())
    data = part.read()
    return Part(io.BytesIO(data), len(data), PartInfo("p001.age", "", 0, holds, compartment), context)


def thing(names: str, *rows: str) -> Part:
    """A part with a `thing.csv`."""
    return opened({"thing.csv": "\n".join([names, *rows, ""]).encode()})


def read(part: Part, version: tuple[int, int]) -> list[list[str]]:
    """Its rows."""
    return [list(row) for row in unpack.open_table(part, THING, version)]


@pytest.mark.parametrize(
    ("names", "version", "fields", "unknown", "absent"),
    [
        ("id,name,old,size,colour", (1, 2), "name old size colour", "", ""),
        ("id,name,size,colour", (1, 2), "name size colour", "", "old"),
        ("id,name,old,size", (1, 1), "name old size", "", "colour"),
        ("id,name,old", (1, 0), "name old", "", "size colour"),
        ("id,name", (0, 9), "name", "", "old size colour"),
        ("id,shape,name,old,size,colour,weight", (1, 3), "name old size colour", "shape weight", ""),
        ("id,name,size,colour,weight", (1, 3), "name size colour", "weight", "old"),
    ],
)
def test_versions_older_and_newer(names: str, version: tuple[int, int], fields: str, unknown: str, absent: str) -> None:
    row = ",".join([uid(1), *(f"<{n}>" for n in names.split(",")[1:])])
    table = unpack.open_table(thing(names, row), THING, version)
    assert [f.name for f in table.fields] == fields.split()
    assert list(table.unknown) == unknown.split()
    assert [f.name for f in table.absent] == absent.split()
    assert [list(r) for r in table] == [[uid(1), *(f"<{n}>" for n in fields.split())]]


@pytest.mark.parametrize(
    ("names", "version"),
    [
        ("id,name,old,size", (1, 2)),
        ("id,old,size,colour", (1, 2)),
        ("id,old,size", (1, 1)),
        ("id,name,old,size,colour,shape", (1, 2)),
        ("id,name,old,shape", (1, 0)),
        ("id,old,name,size,colour", (1, 2)),
        ("name,id,old,size,colour", (1, 2)),
        ("id,name,name,old,size,colour", (1, 2)),
        ("ID,name,old,size,colour", (1, 2)),
    ],
)
def test_columns_that_cannot_be(names: str, version: tuple[int, int]) -> None:
    assert refusal(read, thing(names), version) == "bad_rows"


def test_a_newer_major_version_waits() -> None:
    unpack.check_version(THING, (1, 99))
    assert refusal(unpack.check_version, THING, (2, 0)) == "too_new"


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b'{"eduplan:schema":[1,1]}', b'{"eduplan:schema":"1.2"}'])
def test_the_schema_of_the_part_is_that_of_the_manifest(body: bytes) -> None:
    good = opened({"datapackage.json": b'{"eduplan:schema":[1,2]}'})
    unpack.check_schema(good, (1, 2))
    assert refusal(unpack.check_schema, opened({"datapackage.json": body}), (1, 2)) == "wrong_context"
    assert refusal(unpack.check_schema, opened({}), (1, 2)) == "wrong_context"


@pytest.mark.parametrize("entry", ["thing.csv", "thing.gone.csv", "thing.results.csv", "thing.explained.csv"])
def test_a_table_that_is_missing(entry: str) -> None:
    part = opened({"other.csv": b"id\n"})
    readers: dict[str, Any] = {
        "thing.csv": lambda: unpack.open_table(part, THING, (1, 2)),
        "thing.gone.csv": lambda: unpack.gone(part, THING),
        "thing.results.csv": lambda: unpack.results(part, THING),
        "thing.explained.csv": lambda: unpack.explained(part, THING),
    }
    assert refusal(readers[entry]) == "wrong_context"
    assert list(unpack.photo_list(part, THING)) == []


@pytest.mark.parametrize(
    ("rows", "fine"),
    [
        ("2025,2,1,1", True),
        ("2025,0,0,0", True),
        ("2024,2,1,1", False),
        ("2025,-1,0,0", False),
        ("2025,02,1,1", False),
        ("2025,2,1,", False),
        ("2025,2.0,1,1", False),
        ("2025,²,1,1", False),
        ("2025,2,1,1\n2026,1,1,0", False),
        ("", False),
    ],
)
def test_counts(rows: str, fine: bool) -> None:
    body = f"year,due,done,not_done\n{rows}\n" if rows else "year,due,done,not_done\n"
    part = opened({"checkup.counts.csv": body.encode()}, "checkup/2025")
    assert refusal(unpack.counts, part, CHECKUP) == ("" if fine else "bad_rows")


@pytest.mark.parametrize("row", ["GLU01,,x", "GLU01,,-1", "GLU01,,01", "GLU01,"])
def test_groups_that_are_no_counts(row: str) -> None:
    part = opened({"groups.csv": f"item,flag,count\n{row}\n".encode()}, "checkup/2025", "health")
    assert refusal(unpack.groups, part) == "bad_rows"


@pytest.mark.parametrize("row", [f"{uid(1)},1,abc,3", f"{uid(1)},x,{'ab' * 32},3", f"{uid(1)},1,{'ab' * 32},"])
def test_photo_lists_that_are_none(row: str) -> None:
    part = opened({"thing.photos.csv": f"id,n,sha256,bytes\n{row}\n".encode()})
    assert refusal(lambda: list(unpack.photo_list(part, THING))) == "bad_rows"


def test_a_photo_under_another_name() -> None:
    part = opened({f"{'ab' * 32}.jpg": b"jpg"}, "photos")
    assert refusal(lambda: list(unpack.photos(part))) == "wrong_context"
    assert list(unpack.photos(opened({"note.txt": b"", "x.jpg": b""}, "photos"))) == []
    part = opened({f"{'ab' * 32}.jpg": bytes(150 * 1024 + 1)}, "photos")
    assert refusal(lambda: list(unpack.photos(part))) == "too_large"


@pytest.mark.parametrize(
    "resources",
    [None, [], [{"path": "health_consent.csv"}], [{"path": "health_consent.csv", "eduplan:schema": [1, None]}]],
)
def test_consents_without_a_version(resources: Any) -> None:
    body = json.dumps({"resources": resources}).encode()
    part = opened({"datapackage.json": body, "health_consent.csv": b"id\n"}, "checkup/2025", "health")
    assert refusal(unpack.consent_table, part, HEALTH_CONSENT) == "wrong_context"


# --- limits and places ---------------------------------------------------------------------------------------------------


def test_a_file_of_more_than_two_gib_is_not_even_looked_at() -> None:
    with pytest.raises(BundleError) as caught:
        read_envelope(io.BytesIO(), MAX_BYTES + 1)
    assert caught.value.code == "too_large"


def test_a_manifest_of_more_than_one_mib(tmp_path: Path) -> None:
    path = tmp_path / "x.edub"
    path.write_bytes(world.submission([world.room_part()], change={"program": "x" * (1 << 20)}).build("long"))
    assert refusal(open_envelope, path) == "too_large"


@pytest.mark.parametrize(("name", "text_"), [("a", bytes(6 << 20)), ("b", b"x" * (5 << 20))])
def test_unpacking_a_thousandfold_is_refused(name: str, text_: bytes) -> None:
    small = opened({name: text_[: 1 << 20]})
    assert small.size(name) == 1 << 20
    entries = {f"{name}{n}": text_ for n in range(30)}
    assert refusal(opened, entries) == "too_large"


def test_reading_an_entry_beyond_a_limit() -> None:
    part = opened({"a": b"12345"})
    assert part.read("a", 5) == b"12345"
    assert refusal(part.read, "a", 4) == "too_large"


def test_large_open_parts_lie_in_a_file_and_sealed_ones_never(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [{"id": uid(21), "phone": "00000000000", "address": SECRET}]
    staff = b.staff_part([{"id": uid(21), "name": "示例", "sex": "1", "category": "01", "state": "1"}])
    path = written(tmp_path, b.submission([b.room_part(b.ROOMS), staff, b.personal_part(rows), *b.health_parts()]))
    made: list[Any] = []
    real = tempfile.TemporaryFile

    def noted() -> Any:
        made.append(real())
        return made[-1]

    monkeypatch.setattr(reading, "IN_MEMORY", 0)
    monkeypatch.setattr(tempfile, "TemporaryFile", noted)
    with verify_submission(path, PEOPLE.trust, COUNTY) as bundle:
        for holds, compartment, key in (
            ("staff", "personal", PEOPLE.working),
            ("checkup/2025", "health", PEOPLE.health),
        ):
            with bundle.open_slice(holds, [key], compartment) as part:
                assert any(SECRET.encode() in part.read(name) for name in part.names)
        assert not made
        with bundle.open_slice("room", [PEOPLE.working]) as part:
            assert "一年级1班".encode() in part.read("room.csv")
        assert [file.closed for file in made] == [True]


def test_a_part_is_forgotten_when_it_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[Any] = []
    real = tempfile.TemporaryFile
    monkeypatch.setattr(reading, "IN_MEMORY", 0)
    monkeypatch.setattr(tempfile, "TemporaryFile", lambda: made.append(real()) or made[-1])  # type: ignore[func-returns-value]
    moved = seal_part(b.SENDER.context("staff"), [text("a", b"")], PEOPLE.identity.record_recipients)
    path = written(tmp_path, b.submission([replace(moved, holds="room")]))
    with verify_submission(path, PEOPLE.trust, COUNTY) as bundle:
        assert refusal(bundle.open_slice, "room", [PEOPLE.working]) == "wrong_context"
    assert [file.closed for file in made] == [True]
