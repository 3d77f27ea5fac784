"""Writing an envelope: sealed parts first, then the manifest that names them, then the bytes of the whole file."""

import hashlib
import io
import shutil
import tempfile
import weakref
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO, Final, cast

from eduplan_desktop.bundle.manifest import (
    MAJOR,
    MANIFEST_LIMIT,
    Heading,
    PartInfo,
    bundle_digest,
    part_name,
    write_manifest,
)
from eduplan_desktop.bundle.readme import readme
from eduplan_desktop.bundle.signing import SigningKey, write_public_key, write_signature
from eduplan_desktop.bundle.words import refused
from eduplan_desktop.bundle.zip_write import STORED, Head, directory, stored

CHUNK: Final = 1 << 16
IN_MEMORY: Final = 8 << 20
"""A sealed part up to this many bytes waits in memory, a longer one in a temporary file (sealed, so nothing leaks)."""
MAX_ENTRIES: Final = 256
MAX_BYTES: Final = 2 << 30


class Spool:
    """Takes the bytes of a part and keeps their length, CRC and SHA-256; long ones in a temporary file, closed with it."""

    def __init__(self) -> None:
        self._memory: BinaryIO = io.BytesIO()
        self._file: BinaryIO | None = None
        self._sha = hashlib.sha256()
        self.crc = 0
        self.size = 0

    def write(self, data: bytes) -> int:
        """Add bytes."""
        self._sha.update(data)
        self.crc = zlib.crc32(data, self.crc)
        self.size += len(data)
        if self._file is None and self.size > IN_MEMORY:
            self._move()
        return (self._file or self._memory).write(data)

    def _move(self) -> None:
        """From memory into a file."""
        self._file = cast(BinaryIO, tempfile.TemporaryFile())  # noqa: SIM115 - lives as long as the part
        weakref.finalize(self, self._file.close)
        self._memory.seek(0)
        shutil.copyfileobj(self._memory, self._file)
        self._memory.close()

    def flush(self) -> None:
        """Nothing to do; programs that write call it."""

    @property
    def sha256(self) -> str:
        """Of everything written so far."""
        return self._sha.hexdigest()

    def pieces(self) -> Iterator[bytes]:
        """Everything written, again."""
        source = self._file or self._memory
        source.seek(0)
        while piece := source.read(CHUNK):
            yield piece

    def close(self) -> None:
        """Forget the bytes."""
        self._memory.close()
        if self._file is not None:
            self._file.close()


@dataclass(frozen=True, slots=True)
class SealedPart:
    """One part ready to be put into an envelope. holds, compartment, rows: as in the manifest."""

    holds: str
    compartment: str
    rows: int | None
    spool: Spool

    @classmethod
    def from_bytes(cls, holds: str, compartment: str, rows: int | None, data: bytes) -> "SealedPart":
        """A part prepared earlier and kept as bytes."""
        spool = Spool()
        spool.write(data)
        return cls(holds, compartment, rows, spool)

    def read(self) -> bytes:
        """All its bytes, to keep them for later."""
        return b"".join(self.spool.pieces())

    def info(self, name: str) -> PartInfo:
        """What the manifest says of it under this name."""
        return PartInfo(name, self.spool.sha256, self.spool.size, self.holds, self.compartment, self.rows)


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A signed envelope ready to be written: `pieces()` are the bytes of the file."""

    heading: Heading
    manifest: bytes
    front: tuple[tuple[Head, bytes], ...]
    parts: tuple[tuple[Head, SealedPart], ...]

    @property
    def digest(self) -> str:
        """The bundle digest."""
        return bundle_digest(self.manifest)

    @property
    def length(self) -> int:
        """Bytes of the whole file."""
        heads = self._heads()
        return sum(h.length for h in heads) + len(directory(heads))

    def _heads(self) -> list[Head]:
        return [h for h, _ in self.front] + [h for h, _ in self.parts]

    def pieces(self) -> Iterator[bytes]:
        """The bytes of the file, in order."""
        for head, data in self.front:
            yield head.local() + data
        for head, part in self.parts:
            yield head.local()
            yield from part.spool.pieces()
        yield directory(self._heads())

    def write_to(self, target: BinaryIO) -> None:
        """Write the file to an open target; nothing is flushed to the device here (see stick.write_file)."""
        for piece in self.pieces():
            target.write(piece)

    def close(self) -> None:
        """Forget the parts."""
        for _, part in self.parts:
            part.spool.close()

    def __enter__(self) -> "Outgoing":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def make_envelope(key: SigningKey, heading: Heading, parts: Sequence[SealedPart], extra: Mapping[str, Any]) -> Outgoing:
    """Signs the manifest over the parts; BundleError('too_large') beyond the limits of docs/format.md §4."""
    infos = [part.info(part_name(i, heading.purpose)) for i, part in enumerate(parts, start=1)]
    manifest = write_manifest(heading, infos, extra)
    texts = {
        f"EDUPLAN-{MAJOR}": b"",
        "manifest.json": manifest,
        "manifest.json.minisig": write_signature(key, manifest, heading.comment),
        "signer.pub": write_public_key(key.public),
        "README.txt": readme(heading),
    }
    front = tuple((stored(name, data), data) for name, data in texts.items())
    packed = tuple(
        (Head(info.name, STORED, part.spool.crc, info.size, info.size), part)
        for info, part in zip(infos, parts, strict=True)
    )
    if len(manifest) > MANIFEST_LIMIT or len(front) + len(packed) > MAX_ENTRIES:
        raise refused("too_large", reason="manifest")
    if sum(part.spool.size for part in parts) > MAX_BYTES - (2 << 20):
        raise refused("too_large", reason="parts")
    return Outgoing(heading, manifest, front, packed)
