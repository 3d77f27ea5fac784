"""Making one part: context.json, datapackage.json and tables in an inner ZIP, sealed (docs/format.md §6)."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from eduplan_desktop.bundle.coding import dump_json
from eduplan_desktop.bundle.envelope import MAX_PART, Context
from eduplan_desktop.bundle.outgoing import SealedPart, Spool
from eduplan_desktop.bundle.sealing import seal_stream
from eduplan_desktop.bundle.tables import Cells, write_table
from eduplan_desktop.bundle.words import refused
from eduplan_desktop.bundle.zip_write import STORED, Deflater, Head, PullReader, directory, directory_length, stored
from eduplan_desktop.errors import CancelledError

PAD: Final = 4096
MAX_ENTRIES: Final = 4096
MAX_PHOTO: Final = 150 * 1024
_FLUSH: Final = 1 << 18


class Packed(Protocol):
    """An inner entry ready to be written."""

    @property
    def head(self) -> Head: ...
    def pieces(self) -> Iterator[bytes]: ...


@dataclass(frozen=True, slots=True)
class Ready:
    """An entry whose packed bytes are there. rows: of a table, else 0."""

    head: Head
    data: bytes
    rows: int = 0

    def pieces(self) -> Iterator[bytes]:
        """The packed bytes."""
        yield self.data


@dataclass(frozen=True, slots=True)
class Photo:
    """A photo of the data file: its SHA-256, length, CRC, and how to read it when its turn comes."""

    sha256: str
    size: int
    crc: int
    read: Callable[[], bytes]

    @property
    def head(self) -> Head:
        """Stored: JPEG does not pack."""
        return Head(f"{self.sha256}.jpg", STORED, self.crc, self.size, self.size)

    def pieces(self) -> Iterator[bytes]:
        """The photo; ValueError if its content is not what was said."""
        data = self.read()
        if len(data) != self.size or hashlib.sha256(data).hexdigest() != self.sha256:
            raise ValueError("the photo has changed")
        yield data


Cancelled = Callable[[], bool]


def never() -> bool:
    """Nobody cancels."""
    return False


def table(name: str, names: Sequence[str], rows: Iterable[Cells], key: int, cancelled: Cancelled = never) -> Ready:
    """A CSV entry, packed as its rows come. The first `key` columns must rise. CancelledError when asked to stop."""
    packer = Deflater(name)
    waiting = bytearray()
    count = 0
    for piece, more in write_table(names, rows, key):
        waiting += piece
        count += more
        if len(waiting) >= _FLUSH:
            packer.write(bytes(waiting))
            waiting.clear()
        if cancelled():
            raise CancelledError
    packer.write(bytes(waiting))
    head, data = packer.finish()
    return Ready(head, data, count)


def text(name: str, data: bytes) -> Ready:
    """A whole entry, deflated."""
    packer = Deflater(name)
    packer.write(data)
    return Ready(*packer.finish())


def _plain(name: str, data: bytes) -> Ready:
    return Ready(stored(name, data), data)


def _arranged(context: Context, entries: Sequence[Packed], padded: bool) -> list[Packed]:
    """context.json in front, and behind, where asked, the padding that makes the whole a multiple of 4,096 bytes."""
    sizes = {e.head.name: e.head.size for e in entries}
    if not padded:
        return [_plain("context.json", dump_json(context.as_json(sizes))), *entries]
    for count in range(2 * PAD + 16):
        body = dump_json(context.as_json(sizes | {"padding": count}))
        everything: list[Packed] = [_plain("context.json", body), *entries]
        heads = [e.head for e in everything] + [Head("padding", STORED, 0, count, count)]
        if (sum(h.length for h in heads) + directory_length(heads)) % PAD == 0:
            return [*everything, _plain("padding", bytes(count))]
    raise AssertionError("no padding fits")


def _pieces(entries: Sequence[Packed], cancelled: Cancelled) -> Iterator[bytes]:
    for entry in entries:
        if cancelled():
            raise CancelledError
        yield entry.head.local()
        yield from entry.pieces()
    yield directory([e.head for e in entries])


def seal_part(
    context: Context,
    entries: Sequence[Packed],
    recipients: Sequence[str],
    rows: int | None = None,
    *,
    padded: bool = False,
    cancelled: Cancelled = never,
) -> SealedPart:
    """One part, sealed to the recipients in their order (a kit's part, without recipients, stays plain).

    BundleError('too_large') beyond the limits of docs/format.md §6.
    """
    everything = _arranged(context, entries, padded)
    if len(everything) > MAX_ENTRIES or sum(e.head.size for e in everything) > MAX_PART:
        raise refused("too_large", reason="part")
    spool = Spool()
    try:
        if recipients:
            seal_stream(PullReader(_pieces(everything, cancelled)), spool, recipients)
        else:
            for piece in _pieces(everything, cancelled):
                spool.write(piece)
    except BaseException:
        spool.close()
        raise
    return SealedPart(context.slice, context.compartment, rows, spool)


def seal_json(context: Context, bodies: Mapping[str, bytes], recipients: Sequence[str]) -> SealedPart:
    """A part of whole texts: entry name → bytes."""
    return seal_part(context, [text(name, data) for name, data in bodies.items()], recipients)
