"""Reading foreign ZIP containers strictly: own parser, every deviation refused, nothing unpacked beyond what was declared.

The outer container (docs/format.md §4) has one layout and no freedom at all. The inner one of a part (§6) may be written by
any ordinary program: deflated or stored, any date, extra fields; but its entries too must not overlap, and both headers agree.
"""

import io
import re
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, Final

from eduplan_desktop.bundle.words import refused
from eduplan_desktop.bundle.zip_write import DATE, DEFLATED, STORED
from eduplan_desktop.errors import BundleError

NAME: Final = re.compile(r"[A-Za-z0-9._-]{1,64}", re.ASCII)
INNER_NAME: Final = re.compile(r"[A-Za-z0-9._-]{1,80}", re.ASCII)
"""A photo inside a part is named by 64 hex digits and `.jpg`."""
CHUNK: Final = 1 << 16
_LOCAL: Final = 30
_CENTRAL: Final = 46
_END: Final = 22
_ENCRYPTED: Final = 0b0000_0000_0100_0001
_DESCRIPTOR: Final = 0b0000_0000_0000_1000
_DIRECTORY_ATTRIBUTE: Final = 0x10


@dataclass(frozen=True, slots=True)
class Rules:
    """What a container may contain, and the code of a deviation. exact: the outer layout, every byte accounted for."""

    entries: int
    exact: bool
    code: str

    def broken(self, reason: str) -> BundleError:
        """The refusal of a container that is not as it must be."""
        return refused(self.code, reason=reason)


OUTER: Final = Rules(entries=256, exact=True, code="damaged")
INNER: Final = Rules(entries=4096, exact=False, code="wrong_context")


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry: where its packed bytes stand, and what the headers say of them."""

    name: str
    method: int
    crc: int
    packed: int
    size: int
    start: int
    rules: Rules


@dataclass(frozen=True, slots=True)
class _Fields:
    """Header fields that local and central have in common."""

    needed: int
    flags: int
    method: int
    time: int
    date: int
    crc: int
    packed: int
    size: int
    name: bytes
    extra: int

    @classmethod
    def of(cls, raw: bytes, name: bytes, extra: int) -> "_Fields":
        """From the 22 bytes that stand in both headers."""
        needed, flags, method, time, date, crc, packed, size = struct.unpack("<5H3I", raw)
        return cls(needed, flags, method, time, date, crc, packed, size, name, extra)


def read_exactly(source: BinaryIO, count: int, rules: Rules) -> bytes:
    """`count` bytes from here; refused if the file ends before or the device gives them no more."""
    try:
        data = source.read(count)
    except OSError as error:
        raise rules.broken("unreadable") from error
    if len(data) != count:
        raise rules.broken("cut_short")
    return data


def read_directory(source: BinaryIO, length: int, rules: Rules) -> dict[str, Entry]:
    """The entries of a container of `length` bytes, in order; BundleError(rules.code or 'too_large') for any deviation."""
    count, size, offset = _read_end(source, length, rules)
    source.seek(offset)
    directory = read_exactly(source, size, rules)
    entries: dict[str, Entry] = {}
    folded: set[str] = set()
    position = used = 0
    for _ in range(count):
        position, fields, local_at = _read_central(directory, position, rules)
        name = _name(fields.name, rules)
        if name.lower() in folded:
            raise rules.broken("name_twice")
        folded.add(name.lower())
        start = _read_local(source, local_at, fields, rules)
        if local_at < used or (rules.exact and local_at != used):
            raise rules.broken("overlap_or_gap")
        used = start + fields.packed
        if used > offset:
            raise rules.broken("beyond_directory")
        entries[name] = Entry(name, fields.method, fields.crc, fields.packed, fields.size, start, rules)
    if position != size or (rules.exact and used != offset):
        raise rules.broken("gap_before_directory")
    return entries


def _read_end(source: BinaryIO, length: int, rules: Rules) -> tuple[int, int, int]:
    """(entries, bytes of the central directory, its offset) from the end record, which must be the last 22 bytes."""
    if length < _END:
        raise rules.broken("cut_short")
    source.seek(length - _END)
    end = read_exactly(source, _END, rules)
    disk, directory_disk, here, count, size, offset, comment = struct.unpack("<4x4H2IH", end)
    if end[:4] != b"PK\5\6" or disk or directory_disk or here != count or comment:
        raise rules.broken("end_record")
    if count > rules.entries:
        raise refused("too_large", reason="entries")
    if offset + size + _END != length or size > count * (_CENTRAL + 64 + 2048):
        raise rules.broken("directory_place")
    return count, size, offset


def _read_central(directory: bytes, position: int, rules: Rules) -> tuple[int, _Fields, int]:
    """(position after this record, its shared fields, offset of the local header)."""
    raw = directory[position : position + _CENTRAL]
    if len(raw) < _CENTRAL or raw[:4] != b"PK\1\2":
        raise rules.broken("central_record")
    made, name, extra = struct.unpack("<4xH22x2H", raw[:32])
    comment, disk, internal, external, local_at = struct.unpack("<3H2I", raw[32:])
    end = position + _CENTRAL + name + extra + comment
    if end > len(directory) or disk or comment or external & _DIRECTORY_ATTRIBUTE:
        raise rules.broken("central_record")
    if rules.exact and (made != 20 or internal or external):
        raise rules.broken("central_record")
    fields = _Fields.of(raw[6:28], directory[position + _CENTRAL :][:name], extra)
    _check_fields(fields, rules)
    return end, fields, local_at


def _check_fields(fields: _Fields, rules: Rules) -> None:
    if fields.flags & _ENCRYPTED or 0xFFFFFFFF in (fields.packed, fields.size) or fields.needed > 20:
        raise rules.broken("feature")
    if fields.method not in ((STORED,) if rules.exact else (STORED, DEFLATED)):
        raise rules.broken("method")
    if fields.method == STORED and fields.packed != fields.size:
        raise rules.broken("stored_size")
    if rules.exact and (fields.flags or fields.extra or fields.time or fields.date != DATE or fields.needed != 20):
        raise rules.broken("not_plain")


def _read_local(source: BinaryIO, local_at: int, central: _Fields, rules: Rules) -> int:
    """Offset of the packed bytes, after checking that the local header agrees with the central one."""
    source.seek(local_at)
    raw = read_exactly(source, _LOCAL, rules)
    if raw[:4] != b"PK\3\4":
        raise rules.broken("local_record")
    name_length, extra = (int(n) for n in struct.unpack("<26x2H", raw))
    fields = _Fields.of(raw[4:26], read_exactly(source, name_length, rules), extra)
    if fields.name != central.name or fields.flags != central.flags or fields.method != central.method:
        raise rules.broken("headers_differ")
    late = bool(fields.flags & _DESCRIPTOR)
    sizes = (fields.crc, fields.packed, fields.size)
    if sizes != (central.crc, central.packed, central.size) and not (late and sizes == (0, 0, 0)):
        raise rules.broken("headers_differ")
    if rules.exact and fields != central:
        raise rules.broken("headers_differ")
    return local_at + _LOCAL + name_length + extra


def _name(raw: bytes, rules: Rules) -> str:
    name = raw.decode("latin-1")
    if not (NAME if rules.exact else INNER_NAME).fullmatch(name) or not name.strip("."):
        raise rules.broken("name")
    return name


def packed_pieces(source: BinaryIO, entry: Entry) -> Iterator[bytes]:
    """The packed bytes of an entry, piece by piece."""
    position, left = entry.start, entry.packed
    while left:
        source.seek(position)
        piece = read_exactly(source, min(left, CHUNK), entry.rules)
        position += len(piece)
        left -= len(piece)
        yield piece


def pieces(source: BinaryIO, entry: Entry) -> Iterator[bytes]:
    """The plain bytes of an entry, never more than its declared size; CRC and size checked at the end."""
    crc = size = 0
    for piece in _inflated(source, entry) if entry.method == DEFLATED else packed_pieces(source, entry):
        crc = zlib.crc32(piece, crc)
        size += len(piece)
        if size > entry.size:
            raise refused("too_large", reason="more_than_declared")
        yield piece
    if (crc, size) != (entry.crc, entry.size):
        raise entry.rules.broken("crc")


def _inflated(source: BinaryIO, entry: Entry) -> Iterator[bytes]:
    unpacker = zlib.decompressobj(-15)
    try:
        for packed in packed_pieces(source, entry):
            waiting = packed
            while waiting:
                plain = unpacker.decompress(waiting, CHUNK)
                waiting = unpacker.unconsumed_tail
                if plain:
                    yield plain
            if unpacker.unused_data:
                raise entry.rules.broken("after_deflate")
        if not unpacker.eof and (rest := unpacker.flush()):
            yield rest
    except zlib.error as error:
        raise entry.rules.broken("deflate") from error
    if not unpacker.eof:
        raise entry.rules.broken("deflate")


def read_entry(source: BinaryIO, entry: Entry, limit: int, code: str = "too_large") -> bytes:
    """All plain bytes of a small entry; BundleError(`code`) if it declares more than `limit`."""
    if entry.size > limit:
        raise refused(code, reason="entry", entry=entry.name)
    return b"".join(pieces(source, entry))


class EntryReader(io.RawIOBase):
    """A readable file over one entry."""

    def __init__(self, source: BinaryIO, entry: Entry) -> None:
        super().__init__()
        self._pieces = pieces(source, entry)
        self._rest = b""

    def readable(self) -> bool:
        """Always."""
        return True

    def readinto(self, buffer: "memoryview | bytearray") -> int:  # type: ignore[override]
        """Fill `buffer` as far as the next piece reaches; 0 at the end."""
        while not self._rest:
            piece = next(self._pieces, None)
            if piece is None:
                return 0
            self._rest = piece
        count = min(len(buffer), len(self._rest))
        buffer[:count] = self._rest[:count]
        self._rest = self._rest[count:]
        return count


class Window(io.RawIOBase):
    """A seekable, readable view of `length` bytes of a file from `start`: a part inside its envelope.

    fault: why a read failed, for callers whose library swallows it.
    """

    def __init__(self, source: BinaryIO, start: int, length: int) -> None:
        super().__init__()
        self._source = source
        self._start = start
        self._length = length
        self._at = 0
        self.fault: BundleError | None = None

    def readable(self) -> bool:
        """Always."""
        return True

    def seekable(self) -> bool:
        """Always."""
        return True

    def seek(self, offset: int, whence: int = 0) -> int:
        """As any file."""
        base = {0: 0, 1: self._at, 2: self._length}[whence]
        self._at = max(0, base + offset)
        return self._at

    def tell(self) -> int:
        """As any file."""
        return self._at

    def readinto(self, buffer: "memoryview | bytearray") -> int:  # type: ignore[override]
        """Fill `buffer` from here, never past the window."""
        count = max(0, min(len(buffer), self._length - self._at))
        self._source.seek(self._start + self._at)
        try:
            data = read_exactly(self._source, count, OUTER)
        except BundleError as error:
            self.fault = error
            raise
        buffer[: len(data)] = data
        self._at += len(data)
        return len(data)
