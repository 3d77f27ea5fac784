"""Fingerprints of keys: what stands on the stamped paper and is typed by hand (docs/format.md §3)."""

import hashlib
import hmac
from typing import Final

from eduplan_desktop.bundle.coding import SYMBOLS, lp, read_typed, to_symbols, write_symbols
from eduplan_desktop.bundle.words import refused

LENGTH: Final = 20
"""Symbols before the check symbol: 100 bits."""


def _check(values: list[int]) -> int:
    return sum(i * v for i, v in enumerate(values, start=1)) % 31


def fingerprint(purpose: str, *keys: bytes) -> str:
    """`XXXX-XXXX-XXXX-XXXX-XXXX-C` of purpose `county` (raw Ed25519) or `school` (raw Ed25519, raw X25519)."""
    hashed = hashlib.sha256(b"".join(lp(x) for x in (b"eduplan-key-v1", purpose.encode("ascii"), *keys))).digest()
    values = to_symbols(hashed, LENGTH)
    return f"{write_symbols(values)}-{SYMBOLS[_check(values)]}"


def parse_fingerprint(typed: str) -> str:
    """The one written form of a typed fingerprint; BundleError('wrong_fingerprint') if it cannot be one."""
    try:
        *values, check = read_typed(typed)
    except ValueError as error:
        raise refused("wrong_fingerprint", reason="typed") from error
    if len(values) != LENGTH or check != _check(values):
        raise refused("wrong_fingerprint", reason="typed")
    return f"{write_symbols(values)}-{SYMBOLS[check]}"


def same_fingerprint(typed: str, purpose: str, *keys: bytes) -> bool:
    """Whether the typed text is the fingerprint of these keys, compared in full; raises as `parse_fingerprint`."""
    return hmac.compare_digest(parse_fingerprint(typed), fingerprint(purpose, *keys))
