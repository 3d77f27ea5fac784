"""Reading an envelope in the one order of docs/format.md §7: size, container, major version, signature, trust, digests, open.

The stages are types, so no step can be skipped: `open_envelope` gives an `Envelope` whose signature verifies with the key it
carries (which proves nothing yet); `Envelope.trusted` asks a rule whether that key may say this, checks the digests of all
parts, and only then gives a `Trusted`, the only thing that opens parts.
"""

import hashlib
import io
import re
import tempfile
import zlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Final, cast

from eduplan_desktop.bundle import manifest as m
from eduplan_desktop.bundle.coding import load_object
from eduplan_desktop.bundle.manifest import MAJOR, MANIFEST_LIMIT, Manifest, PartInfo, bundle_digest
from eduplan_desktop.bundle.outgoing import MAX_BYTES
from eduplan_desktop.bundle.sealing import SealKey, open_stream
from eduplan_desktop.bundle.signing import read_public_key, read_signature
from eduplan_desktop.bundle.words import refused
from eduplan_desktop.bundle.zip_read import (
    INNER,
    OUTER,
    Entry,
    EntryReader,
    Window,
    packed_pieces,
    read_directory,
    read_entry,
)
from eduplan_desktop.errors import BundleError, WorldError

FRONT: Final = ("manifest.json", "manifest.json.minisig", "signer.pub", "README.txt")
MAX_PART: Final = 1 << 30
"""Unpacked bytes of one part."""
RATIO_FROM: Final = 1 << 20
RATIO: Final = 1000
CONTEXT_LIMIT: Final = 1 << 20
IN_MEMORY: Final = 32 << 20
"""An opened part without compartment longer than this lies in a temporary file; one with a compartment never does."""
_SMALL: Final = 1 << 14
_FIRST: Final = re.compile(rb"EDUPLAN-([0-9]{1,4})", re.ASCII)
_FIRST_NAME_AT: Final = 30
_TAIL: Final = 1 << 20

Progress = Callable[[int, int], None]
"""Called with bytes done and bytes in all."""


@dataclass(frozen=True, slots=True)
class Context:
    """What a part says of itself; equal to the manifest. slice: what the manifest calls `holds`; file: '-' where there is none."""

    purpose: str
    county: str
    school: str
    file: str
    slice: str
    compartment: str

    def as_json(self, sizes: Mapping[str, int]) -> dict[str, Any]:
        """The body of context.json."""
        return {
            "format": MAJOR,
            "purpose": self.purpose,
            "county": self.county,
            "school": self.school,
            "file": self.file,
            "slice": self.slice,
            "compartment": self.compartment,
            "sizes": dict(sizes),
        }


class Part:
    """An opened part: its context and its entries. Close it (or use `with`) to forget the plain bytes."""

    def __init__(self, source: BinaryIO, length: int, info: PartInfo, expected: Context) -> None:
        """Reads the inner container; BundleError('wrong_context'|'too_large')."""
        self.info: Final = info
        self.context: Final = expected
        self._source = source
        self._entries = read_directory(source, length, INNER)
        self._check_limits(length)
        self._check_context()

    def _check_limits(self, length: int) -> None:
        total = sum(entry.size for entry in self._entries.values())
        if total > MAX_PART or (total > RATIO_FROM and total > RATIO * length):
            raise refused("too_large", reason="unpacked")

    def _check_context(self) -> None:
        entry = self._entries.get("context.json")
        if entry is None:
            raise refused("wrong_context", reason="no_context")
        body = load_object(read_entry(self._source, entry, CONTEXT_LIMIT), "wrong_context")
        sizes = {e.name: e.size for e in self._entries.values() if e.name != "context.json"}
        for key, value in self.context.as_json(sizes).items():
            if body.get(key) != value or isinstance(body.get(key), bool):
                raise refused("wrong_context", key=key)

    @property
    def names(self) -> tuple[str, ...]:
        """Entries in order."""
        return tuple(self._entries)

    def __contains__(self, name: str) -> bool:
        return name in self._entries

    def size(self, name: str) -> int:
        """Plain bytes of an entry."""
        return self._entry(name).size

    def read(self, name: str, limit: int = 16 << 20) -> bytes:
        """All of one entry; BundleError('too_large') beyond `limit` bytes, 'wrong_context' if it is not there."""
        return read_entry(self._source, self._entry(name), limit)

    def stream(self, name: str) -> io.RawIOBase:
        """One entry as a readable file; several may be read at once."""
        return EntryReader(self._source, self._entry(name))

    def _entry(self, name: str) -> Entry:
        if name not in self._entries:
            raise refused("wrong_context", reason="missing_entry", entry=name)
        return self._entries[name]

    def close(self) -> None:
        """Forget the plain bytes."""
        self._source.close()

    def __enter__(self) -> "Part":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class Envelope:
    """An envelope whose container is whole and whose signature verifies with the key it carries: that proves no identity.

    signer: raw Ed25519 key; digest: the bundle digest; length: bytes of the file.
    """

    def __init__(self, source: BinaryIO, length: int) -> None:
        """Reads the front of the file; see `open_envelope`."""
        self.length: Final = length
        self._source = source
        self._entries = _read_container(source, length)
        texts = [read_entry(source, self._entries[name], limit, code) for name, limit, code in _front_limits()]
        self.manifest_bytes: Final = texts[0]
        self.signer: Final = read_public_key(texts[2])
        comment = read_signature(texts[1], self.signer, self.manifest_bytes)
        self.manifest: Final[Manifest] = m.read_manifest(self.manifest_bytes)
        self.digest: Final = bundle_digest(self.manifest_bytes)
        if comment != self.manifest.heading.comment:
            raise refused("bad_manifest", reason="comment")
        if [part.name for part in self.manifest.parts] != list(self._entries)[len(FRONT) + 1 :]:
            raise refused("damaged", reason="parts")

    @property
    def purpose(self) -> str:
        """One of the four purposes."""
        return self.manifest.heading.purpose

    def check_digests(self, progress: Progress | None = None) -> None:
        """Length, CRC and SHA-256 of every part; BundleError('damaged')."""
        done, total = 0, sum(part.size for part in self.manifest.parts)
        for part in self.manifest.parts:
            entry = self._entries[part.name]
            sha, crc = hashlib.sha256(), 0
            for piece in packed_pieces(self._source, entry):
                sha.update(piece)
                crc = zlib.crc32(piece, crc)
                done += len(piece)
                if progress:
                    progress(done, total)
            if (entry.size, entry.crc, part.sha256) != (part.size, crc, sha.hexdigest()):
                raise refused("damaged", reason="digest", part=part.name)

    def trusted(self, rule: "Trust", progress: Progress | None = None) -> "Trusted":
        """Ask whether the signer may say this (the rule raises BundleError if not), then check all digests."""
        rule(self)
        self.check_digests(progress)
        return Trusted(self, self._source, self._entries)

    def close(self) -> None:
        """Close the file."""
        self._source.close()

    def __enter__(self) -> "Envelope":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


Trust = Callable[[Envelope], None]
"""A rule of trust: returns if the signer of this envelope may say what its manifest says, else raises BundleError."""


class Trusted:
    """An envelope that may be believed and is whole; made by `Envelope.trusted` alone."""

    def __init__(self, envelope: Envelope, source: BinaryIO, entries: Mapping[str, Entry]) -> None:
        self.envelope: Final = envelope
        self._source = source
        self._entries = entries

    @property
    def manifest(self) -> Manifest:
        """The manifest."""
        return self.envelope.manifest

    def open_part(self, part: PartInfo, keys: Iterable[SealKey] = (), file: str = m.NOBODY) -> Part:
        """Open one part with whichever key fits; `file` is the data-file id the manifest names.

        BundleError('cannot_open') if no key fits, 'wrong_context' if the part is not what the manifest says, 'too_large'.
        """
        head = self.manifest.heading
        context = Context(head.purpose, head.county, head.school, file, part.holds, part.compartment)
        entry = self._entries[part.name]
        window = Window(self._source, entry.start, entry.packed)
        sealed = cast(BinaryIO, window)
        if head.purpose == "kit":
            return Part(sealed, entry.packed, part, context)
        plain = _plain_space(part)
        try:
            open_stream(sealed, plain, keys)
            return Part(plain, plain.tell(), part, context)
        except BaseException as error:
            plain.close()
            if window.fault is not None:
                raise window.fault from error
            raise


def _plain_space(part: PartInfo) -> BinaryIO:
    """Where the plain bytes of a part go: what has a compartment stays in memory."""
    if part.compartment or part.size <= IN_MEMORY:
        return io.BytesIO()
    return cast(BinaryIO, tempfile.TemporaryFile())


def open_envelope(path: Path) -> Envelope:
    """Size, container, major version and signature of a foreign file.

    BundleError: damaged, not_a_bundle, too_new, too_large, bad_signature, bad_manifest; missing or unreadable for the file.
    """
    try:
        length = path.stat().st_size
        source = path.open("rb")
    except OSError as error:
        fault = refused("missing" if isinstance(error, FileNotFoundError) else "unreadable", file=path.name)
        fault.exit_code = WorldError.exit_code
        raise fault from error
    return read_envelope(source, length)


def read_envelope(source: BinaryIO, length: int) -> Envelope:
    """As `open_envelope`, from an open file of `length` bytes, which is closed if it is refused."""
    try:
        return Envelope(source, length)
    except OSError as error:
        source.close()
        raise refused("damaged", reason="unreadable") from error
    except BaseException:
        source.close()
        raise


def _front_limits() -> list[tuple[str, int, str]]:
    """Name, byte limit and code of the texts at the front."""
    return [
        ("manifest.json", MANIFEST_LIMIT, "too_large"),
        ("manifest.json.minisig", _SMALL, "bad_signature"),
        ("signer.pub", _SMALL, "bad_signature"),
        ("README.txt", MANIFEST_LIMIT, "too_large"),
    ]


def _read_container(source: BinaryIO, length: int) -> dict[str, Entry]:
    """The entries of an envelope of our major version, the five fixed ones first."""
    if length > MAX_BYTES:
        raise refused("too_large", reason="file")
    major = _major(source, length)
    try:
        entries = read_directory(source, length, OUTER)
    except BundleError as error:
        if error.code == "damaged" and major > MAJOR and _named_at_end(source, length, major):
            raise refused("too_new", major=major) from error
        raise
    if major > MAJOR:
        raise refused("too_new", major=major)
    names = tuple(entries)
    if names[: len(FRONT) + 1] != (f"EDUPLAN-{MAJOR}", *FRONT) or entries[names[0]].size or entries[names[0]].crc:
        raise refused("damaged", reason="front")
    return entries


def _major(source: BinaryIO, length: int) -> int:
    """The envelope's major version from the first entry's name; BundleError('not_a_bundle') if there is none."""
    source.seek(0)
    start = source.read(_FIRST_NAME_AT + 16)
    found = _FIRST.match(start, _FIRST_NAME_AT)
    if start[:4] == b"PK\3\4" and found and int(found[1]) >= MAJOR:
        return int(found[1])
    ours = b"PK\3\4"
    if length < _FIRST_NAME_AT + len("EDUPLAN-1") and start[:4] == ours[: len(start[:4])]:
        raise refused("damaged", reason="cut_short")
    raise refused("not_a_bundle")


def _named_at_end(source: BinaryIO, length: int, major: int) -> bool:
    """Whether the end of the file names this major version too: then it is new, not damaged."""
    start = max(_FIRST_NAME_AT + 16, length - _TAIL)
    source.seek(start)
    return f"EDUPLAN-{major}".encode("ascii") in source.read(_TAIL)
