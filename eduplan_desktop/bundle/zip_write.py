"""Writing ZIP containers: the outer one (stored, docs/format.md §4) and the inner one of a part (§6). Same bytes for same content."""

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

DATE: Final = 0x21
"""1980-01-01 as ZIP writes dates."""
VERSION: Final = 20
"""2.0: deflate; nothing newer is used."""
LEVEL: Final = 6
STORED: Final = 0
DEFLATED: Final = 8


@dataclass(frozen=True, slots=True)
class Head:
    """What both headers of an entry say. crc, size: of the plain bytes; packed: bytes in the file."""

    name: str
    method: int
    crc: int
    packed: int
    size: int

    def _shared(self) -> bytes:
        """The fields that local and central header have in common, from 'version needed' to 'extra length'."""
        name = len(self.name)
        return struct.pack("<5H3I2H", VERSION, 0, self.method, 0, DATE, self.crc, self.packed, self.size, name, 0)

    def local(self) -> bytes:
        """The local header."""
        return b"PK\3\4" + self._shared() + self.name.encode("ascii")

    def central(self, offset: int) -> bytes:
        """The entry of the central directory; `offset` is where the local header stands."""
        rest = struct.pack("<3H2I", 0, 0, 0, 0, offset)
        return b"PK\1\2" + struct.pack("<H", VERSION) + self._shared() + rest + self.name.encode("ascii")

    @property
    def length(self) -> int:
        """Bytes of the entry, local header included."""
        return 30 + len(self.name) + self.packed


def stored(name: str, data: bytes) -> Head:
    """Head of a stored entry."""
    return Head(name, STORED, zlib.crc32(data), len(data), len(data))


def directory(heads: list[Head]) -> bytes:
    """Central directory and its end, for entries that stand one after the other from offset 0."""
    out = bytearray()
    offset = 0
    for head in heads:
        out += head.central(offset)
        offset += head.length
    end = struct.pack("<4H2IH", 0, 0, len(heads), len(heads), len(out), offset, 0)
    return bytes(out) + b"PK\5\6" + end


def directory_length(heads: list[Head]) -> int:
    """Bytes `directory` will have."""
    return sum(46 + len(h.name) for h in heads) + 22


class Deflater:
    """Packs one entry piece by piece; deflate level 6."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._packer = zlib.compressobj(LEVEL, zlib.DEFLATED, -15)
        self._crc = 0
        self._size = 0
        self._packed = bytearray()

    def write(self, data: bytes) -> None:
        """Add plain bytes."""
        self._crc = zlib.crc32(data, self._crc)
        self._size += len(data)
        self._packed += self._packer.compress(data)

    def finish(self) -> tuple[Head, bytes]:
        """The head and the packed bytes."""
        self._packed += self._packer.flush()
        return Head(self._name, DEFLATED, self._crc, len(self._packed), self._size), bytes(self._packed)


class PullReader:
    """A file object to read from, over an iterator of pieces: for programs that want to pull (age)."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self._rest = b""

    def read(self, count: int = -1) -> bytes:
        """At most `count` bytes, b"" at the end; everything for a negative count."""
        if count < 0:
            out = self._rest + b"".join(self._pieces)
            self._rest = b""
            return out
        while not self._rest:
            piece = next(self._pieces, None)
            if piece is None:
                return b""
            self._rest = piece
        out, self._rest = self._rest[:count], self._rest[count:]
        return out
