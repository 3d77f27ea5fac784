"""The hash chain of acts: each act holds the hash of the one before, so nothing in the middle can change unseen.

digest of an act = SHA-256 over one line of JSON per change, in order; hash = SHA-256 over prev and what the act says of
itself. Called by `journal`; sealed values are in it only as the ciphertext that stands in the changes.
"""

import hashlib
import json
from collections.abc import Iterable
from typing import Any, Final

FIRST: Final = "0" * 64
"""The head of an empty journal."""


def change_line(
    n: int, register: str, school: str, row_id: str, part: str, before: str | None, after: str | None
) -> bytes:
    """The line of one change."""
    return _line([n, register, school, row_id, part, before, after])


def block_line(n: int, register: str, school: str, low: str, high: str, rows: int, body: bytes) -> bytes:
    """The line of one block of images."""
    return _line([n, register, school, low, high, rows, hashlib.sha256(body).hexdigest()])


def _line(values: list[Any]) -> bytes:
    return json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def act_hash(prev: str, values: Iterable[str | int | None]) -> str:
    """The hash of an act: values are seq, name, label, who, made, undoes, detail, digest."""
    return hashlib.sha256(prev.encode() + b"\n" + _line(list(values))).hexdigest()
