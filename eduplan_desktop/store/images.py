"""What the journal keeps of a record before and after: compact JSON of a row, a tombstone, a sealed half, a list of photos.

A state is None (not there), `{"row": {...}}` (fields that are not NULL, and the year) or `{"gone": reason, "year": …}`;
of a sealed half it is `{"person", "blob", "mac"}` as base64, of photos `{"photos": [[n, sha256, bytes], …]}`.
Blocks hold the images of up to 1,000 rows, compressed.
"""

import json
import zlib
from collections.abc import Iterator, Sequence
from typing import Any, Final

State = dict[str, Any] | None
BLOCK_ROWS: Final = 1000
_LEVEL: Final = 1
_MOST: Final = 64 << 20
"""A block never unpacks to more: 1,000 rows of the widest register are far below."""

OPEN: Final = ""
"""The part of a record that is stored in clear; the other parts are named by their compartment, or `photos`."""
PHOTOS: Final = "photos"


def dump(state: State) -> str | None:
    """The text of one state."""
    return None if state is None else json.dumps(state, ensure_ascii=False, separators=(",", ":"))


def load(text: str | None) -> State:
    """The inverse of `dump`."""
    return None if text is None else dict(json.loads(text))


def pack(columns: Sequence[str], entries: Sequence[tuple[str, State, Sequence[Any]]]) -> bytes:
    """A block: per row its id, its state before, and its values after in the order of `columns`."""
    body = json.dumps({"columns": columns, "rows": entries}, ensure_ascii=False, separators=(",", ":"))
    return zlib.compress(body.encode(), _LEVEL)


def unpack(body: bytes) -> Iterator[tuple[str, State, State]]:
    """(id, before, after) of each row of a block. Raises ValueError for a block that is not one."""
    stream = zlib.decompressobj()
    try:
        text = stream.decompress(body, _MOST)
        if stream.unconsumed_tail or not stream.eof:
            raise ValueError("a block of the journal is cut or too large")
        held = json.loads(text)
        columns = held["columns"]
        for row_id, before, after in held["rows"]:
            yield row_id, before, {"row": {c: v for c, v in zip(columns, after, strict=True) if v is not None}}
    except (zlib.error, KeyError, TypeError) as error:
        raise ValueError("a block of the journal is not readable") from error
