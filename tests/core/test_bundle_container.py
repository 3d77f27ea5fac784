"""The outer and the inner container: no bit may pass, no length, no trick of a hostile ZIP (docs/format.md §4)."""

import errno
import io
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eduplan_desktop.bundle import unpack
from eduplan_desktop.bundle.envelope import Envelope, open_envelope, read_envelope
from eduplan_desktop.bundle.submission import read_head
from eduplan_desktop.bundle.trust import submission_rule
from eduplan_desktop.bundle.zip_read import INNER, OUTER, pieces, read_directory
from eduplan_desktop.bundle.zip_write import DEFLATED, STORED, Deflater, Head, directory, directory_length, stored
from eduplan_desktop.errors import BundleError
from eduplan_desktop.registers.room import ROOM
from tests.core.bundle_samples import COUNTY, FILE, PEOPLE, refusal, small_bundle
from tests.sampling import sample

GOOD = small_bundle()


def content(data: bytes) -> tuple[object, ...]:
    """Everything a reader believes of a bundle; BundleError at the first thing that is wrong."""
    return content_of(io.BytesIO(data))


def content_of(source: io.BytesIO) -> tuple[object, ...]:
    """The same of an open file."""
    with read_envelope(source, len(source.getvalue())) as envelope:
        trusted = envelope.trusted(submission_rule(PEOPLE.trust, COUNTY))
        head = read_head(envelope.manifest)
        info = envelope.manifest.part("room")
        assert info
        with trusted.open_part(info, [PEOPLE.working], FILE) as part:
            rows = [tuple(row) for row in unpack.open_table(part, ROOM, (1, 0))]
            return envelope.digest, envelope.signer, head, rows, list(unpack.gone(part, ROOM))


def test_the_good_one_is_read() -> None:
    assert len(content(GOOD)[3]) == 2  # type: ignore[arg-type]


@pytest.mark.sampled
def test_no_changed_bit_passes() -> None:
    for at, bit in sample([(a, b) for a in range(len(GOOD)) for b in range(8)], at_most=1200):
        bad = bytearray(GOOD)
        bad[at] ^= 1 << bit
        with pytest.raises(BundleError) as caught:
            content(bytes(bad))
        assert caught.value.code in {"damaged", "not_a_bundle", "too_new", "too_large", "bad_signature"}, (at, bit)


@pytest.mark.sampled
def test_every_shorter_file_is_refused() -> None:
    for length in sample(range(len(GOOD)), at_most=400):
        with pytest.raises(BundleError) as caught:
            content(GOOD[:length])
        assert caught.value.code == "damaged"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "damaged"),
        (b"PK", "damaged"),
        (b"hello", "not_a_bundle"),
        (b"PK\5\6" + bytes(18), "not_a_bundle"),
        (b"\0" * 4000, "not_a_bundle"),
        (GOOD + b"\0", "damaged"),
        (b"\0" + GOOD, "not_a_bundle"),
        (GOOD + GOOD, "damaged"),
    ],
)
def test_what_is_no_bundle(data: bytes, code: str) -> None:
    with pytest.raises(BundleError) as caught:
        content(data)
    assert caught.value.code == code


@given(st.binary(max_size=600))
def test_any_bytes_are_refused(data: bytes) -> None:
    for attempt in (data, b"PK\3\4" + data, GOOD[:200] + data, data + GOOD[-200:]):
        with pytest.raises(BundleError):
            content(attempt)


@given(st.data())
def test_no_patch_passes(data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(GOOD) - 1))
    patch = data.draw(st.binary(min_size=1, max_size=40))
    cut = data.draw(st.integers(0, 40))
    bad = GOOD[:at] + patch + GOOD[at + cut :]
    if bad == GOOD:
        return
    with pytest.raises(BundleError):
        content(bad)


class Failing(io.BytesIO):
    """A stick that stops answering after so many reads."""

    def __init__(self, data: bytes, good_reads: int) -> None:
        super().__init__(data)
        self.left = good_reads

    def read(self, size: int | None = -1) -> bytes:
        """As long as it answers."""
        self.left -= 1
        if self.left < 0:
            raise OSError(errno.EIO, "device")
        return super().read(size)


def test_a_stick_that_stops_answering_damages_and_nothing_else() -> None:
    codes = [refusal(content_of, Failing(GOOD, reads)) for reads in range(60)]
    assert set(codes) == {"damaged", ""}
    assert codes == sorted(codes, reverse=True), "once it answers long enough, it is read"


def test_a_file_that_cannot_be_opened(tmp_path: Path) -> None:
    for path, code in ((tmp_path / "none.edub", "missing"), (tmp_path, "unreadable")):
        with pytest.raises(BundleError) as caught:
            open_envelope(path)
        assert (caught.value.code, caught.value.exit_code) == (code, 3)


# --- hostile containers ------------------------------------------------------------------------------------------------


def packed(entries: list[tuple[str, bytes]], method: int = STORED) -> bytes:
    """A plain ZIP by our own writer."""
    out, heads = b"", []
    for name, data in entries:
        if method == STORED:
            head, body = stored(name, data), data
        else:
            packer = Deflater(name)
            packer.write(data)
            head, body = packer.finish()
        out += head.local() + body
        heads.append(head)
    assert len(directory(heads)) == directory_length(heads)
    return out + directory(heads)


ENTRIES = [("EDUPLAN-1", b""), ("b.txt", b"hello"), ("c.txt", b"world")]
PLAIN = packed(ENTRIES)


def read(data: bytes, rules: object = OUTER) -> dict[str, bytes]:
    """Every entry of a container."""
    source = io.BytesIO(data)
    entries = read_directory(source, len(data), rules)  # type: ignore[arg-type]
    return {name: b"".join(pieces(source, entry)) for name, entry in entries.items()}


def patched(old: bytes, new: bytes, which: int = -1) -> bytes:
    """PLAIN with one occurrence of `old` replaced."""
    at = PLAIN.rindex(old) if which < 0 else PLAIN.index(old)
    return PLAIN[:at] + new + PLAIN[at + len(old) :]


def by_zipfile(change: Callable[[zipfile.ZipFile], None], **options: object) -> bytes:
    """A container by Python's own writer."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", **options) as archive:  # type: ignore[call-overload]
        change(archive)
    return out.getvalue()


def end_record(**changes: int) -> bytes:
    """PLAIN with another end record."""
    names = ("disk", "directory_disk", "here", "count", "size", "offset", "comment")
    values = dict(zip(names, struct.unpack("<4x4H2IH", PLAIN[-22:]), strict=True)) | changes
    return PLAIN[:-22] + b"PK\5\6" + struct.pack("<4H2IH", *values.values())


def with_descriptor() -> bytes:
    """An entry whose sizes come after it."""

    class Pipe(io.RawIOBase):
        def __init__(self) -> None:
            super().__init__()
            self.data = bytearray()

        def writable(self) -> bool:
            return True

        def write(self, data: object) -> int:
            self.data += bytes(data)  # type: ignore[call-overload]
            return len(bytes(data))  # type: ignore[call-overload]

    pipe = Pipe()
    with zipfile.ZipFile(pipe, "w") as archive:  # type: ignore[call-overload]
        archive.writestr("a", b"x")
    return bytes(pipe.data)


def date_info(name: str, **attributes: object) -> zipfile.ZipInfo:
    """An entry dated as ours."""
    info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
    for key, value in attributes.items():
        setattr(info, key, value)
    return info


HOSTILE: dict[str, bytes] = {
    "same name twice": packed([("a", b"1"), ("a", b"2")]),
    "names that differ in case": packed([("a", b"1"), ("A", b"2")]),
    "local name differs": patched(b"b.txt", b"B.txt", 0),
    "central name differs": patched(b"b.txt", b"B.txt"),
    "local size differs": PLAIN.replace(struct.pack("<II", 5, 5), struct.pack("<II", 4, 4), 1),
    "local crc differs": PLAIN.replace(struct.pack("<I", zlib.crc32(b"hello")), bytes(4), 1),
    "both crcs wrong": PLAIN.replace(struct.pack("<I", zlib.crc32(b"hello")), bytes(4)),
    "content differs": PLAIN.replace(b"hello", b"hullo"),
    "deflated": packed(ENTRIES, DEFLATED),
    "data descriptor": with_descriptor(),
    "zip64": PLAIN.replace(struct.pack("<II", 5, 5), struct.pack("<II", 0xFFFFFFFF, 0xFFFFFFFF), 1),
    "comment of the whole": PLAIN[:-2] + b"\x02\x00hi",
    "comment of an entry": by_zipfile(lambda z: z.writestr(date_info("a", comment=b"hi"), b"")),
    "extra field": by_zipfile(lambda z: z.writestr(date_info("a", extra=b"\1\0\0\0"), b"")),
    "another date": by_zipfile(lambda z: z.writestr(zipfile.ZipInfo("a", (2026, 1, 1, 0, 0, 0)), b"")),
    "a directory": by_zipfile(lambda z: z.writestr(date_info("a/"), b"")),
    "up and away": by_zipfile(lambda z: z.writestr(date_info("../a"), b"")),
    "absolute": by_zipfile(lambda z: z.writestr(date_info("/a"), b"")),
    "backslash": by_zipfile(lambda z: z.writestr(date_info("a\\b"), b"")),
    "drive letter": by_zipfile(lambda z: z.writestr(date_info("C:a"), b"")),
    "two dots": packed([("..", b"")]),
    "Chinese name": by_zipfile(lambda z: z.writestr(date_info("照片"), b"")),
    "long name": packed([("x" * 65, b"")]),
    "no name": packed([("", b"")]),
    "bytes in front": b"x" + PLAIN,
    "bytes behind": PLAIN + b"x",
    "bytes before the directory": PLAIN[: -22 - directory_length([]) + 22] + b"x" + PLAIN[-22:],
    "a gap between entries": PLAIN.replace(b"helloPK", b"hello.PK"),
    "more entries than there are": end_record(count=4, here=4),
    "fewer entries than there are": end_record(count=2, here=2),
    "another disk": end_record(disk=1),
    "directory elsewhere": end_record(offset=0),
    "directory past the end": end_record(offset=0xFFFFFFFF),
    "directory too long": end_record(size=0xFFFFFFFF),
    "counts disagree": end_record(here=1),
    "encrypted": PLAIN.replace(struct.pack("<HHH", 20, 0, 0), struct.pack("<HHH", 20, 1, 0)),
    "utf-8 flag": PLAIN.replace(struct.pack("<HHH", 20, 0, 0), struct.pack("<HHH", 20, 0x800, 0)),
    "unknown method": PLAIN.replace(struct.pack("<HHH", 20, 0, 0), struct.pack("<HHH", 20, 0, 99)),
    "made by unix with attributes": by_zipfile(lambda z: z.writestr(date_info("a", external_attr=0o644 << 16), b"")),
    "tar": b"".join([tarfile.TarInfo("a").tobuf(), bytes(1024)]),
}


def test_our_plain_container_is_read() -> None:
    assert read(PLAIN) == dict(ENTRIES)
    assert read(packed(ENTRIES, DEFLATED), INNER) == dict(ENTRIES)


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_outer_containers(name: str) -> None:
    with pytest.raises(BundleError) as caught:
        read(HOSTILE[name])
    assert caught.value.code == "damaged"
    data = HOSTILE[name]
    with pytest.raises(BundleError):
        Envelope(io.BytesIO(data), len(data))


def test_too_many_entries() -> None:
    with pytest.raises(BundleError) as caught:
        read(packed([(f"e{n}", b"") for n in range(257)]))
    assert caught.value.code == "too_large"
    assert len(read(packed([(f"e{n}", b"") for n in range(257)]), INNER)) == 257


@pytest.mark.parametrize(
    "name",
    [
        "same name twice",
        "names that differ in case",
        "local name differs",
        "content differs",
        "up and away",
        "absolute",
        "backslash",
        "a directory",
        "encrypted",
        "zip64",
        "directory elsewhere",
        "bytes in front",
        "unknown method",
    ],
)
def test_hostile_inner_containers(name: str) -> None:
    with pytest.raises(BundleError) as caught:
        read(HOSTILE[name], INNER)
    assert caught.value.code == "wrong_context"


def test_ordinary_programs_may_write_the_inner_container() -> None:
    for method in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        data = by_zipfile(lambda z: z.writestr("a.csv", b"id\n" * 1000), compression=method)
        assert read(data, INNER) == {"a.csv": b"id\n" * 1000}


def overlapping() -> bytes:
    """Two central records over the bytes of one entry: what a zip bomb without nesting is made of."""
    body = zlib.compressobj(6, zlib.DEFLATED, -15)
    data = body.compress(bytes(1000)) + body.flush()
    head = Head("a", DEFLATED, zlib.crc32(bytes(1000)), len(data), 1000)
    local = head.local() + data
    central = head.central(0) + Head("b", head.method, head.crc, head.packed, head.size).central(0)
    end = struct.pack("<4H2IH", 0, 0, 2, 2, len(central), len(local), 0)
    return local + central + b"PK\5\6" + end


def lying(size: int) -> bytes:
    """An entry that unpacks to 100,000 bytes and declares `size`."""
    packer = Deflater("a")
    packer.write(bytes(100_000))
    head, data = packer.finish()
    said = Head("a", head.method, head.crc, head.packed, size)
    return said.local() + data + directory([said])


@pytest.mark.parametrize(
    ("data", "code"),
    [(overlapping(), "wrong_context"), (lying(10), "too_large"), (lying(200_000), "wrong_context")],
)
def test_bombs_and_liars(data: bytes, code: str) -> None:
    with pytest.raises(BundleError) as caught:
        read(data, INNER)
    assert caught.value.code == code


def test_deflate_that_goes_on_or_stops_early() -> None:
    packer = Deflater("a")
    packer.write(b"some text, some text, some text")
    head, data = packer.finish()
    for body in (data + b"\0", data[:-1], b"\xff" * len(data)):
        said = Head("a", head.method, head.crc, len(body), head.size)
        with pytest.raises(BundleError) as caught:
            read(said.local() + body + directory([said]), INNER)
        assert caught.value.code == "wrong_context"


@given(
    st.lists(st.tuples(st.from_regex(r"[a-z0-9._-]{0,9}[a-z0-9]", fullmatch=True), st.binary(max_size=300)), max_size=8)
)
def test_what_we_write_is_what_python_reads(entries: list[tuple[str, bytes]]) -> None:
    unique = list(dict(entries).items())
    for method, rules in ((STORED, OUTER), (DEFLATED, INNER)):
        data = packed(unique, method)
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            assert {n: archive.read(n) for n in archive.namelist()} == dict(unique)
        assert read(data, rules) == dict(unique)


def test_real_hostile_archives(shared: Path) -> None:
    folder = shared / "data" / "zip-slip" / "archives"
    found = [p for p in folder.iterdir() if p.suffix in (".zip", ".tar")]
    assert len(found) >= 4
    for path in found:
        data = path.read_bytes()
        with pytest.raises(BundleError):
            read_envelope(io.BytesIO(data), len(data))
        with pytest.raises(BundleError):
            read(data, INNER)


def test_bags_are_no_bundles(shared: Path) -> None:
    suite = shared / "data" / "bagit-conformance" / "bagit-conformance-suite.tar.gz"
    tried = 0
    with tarfile.open(suite) as archive:
        for member in archive:
            if member.isfile() and tried < 300:
                opened = archive.extractfile(member)
                assert opened
                data = opened.read(1 << 20)
                with pytest.raises(BundleError):
                    read_envelope(io.BytesIO(data), len(data))
                tried += 1
    assert tried > 50
