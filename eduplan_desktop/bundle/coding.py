"""The small codes everything else is written in: length prefixes, Crockford base32, bech32, strict base64 and JSON."""

import base64
import binascii
import json
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Any, Final

from eduplan_desktop.bundle.words import refused

SYMBOLS: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford base32."""
_TYPED: Final = {symbol: value for value, symbol in enumerate(SYMBOLS)} | {"O": 0, "I": 1, "L": 1}
_DASHES: Final = "-‐‑‒–—―−·."
_BECH32: Final = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_GENERATOR: Final = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)


def lp(data: bytes) -> bytes:
    """LP(x) of docs/format.md: the length as two bytes, big-endian, then `data` (at most 65,535 bytes)."""
    return len(data).to_bytes(2, "big") + data


def to_symbols(data: bytes, count: int) -> list[int]:
    """The first `count` five-bit values of `data`, most significant bits first."""
    number = int.from_bytes(data, "big")
    bits = len(data) * 8
    if count * 5 > bits:
        raise ValueError("not enough bits")
    return [(number >> (bits - 5 * i)) & 31 for i in range(1, count + 1)]


def from_symbols(values: Sequence[int]) -> bytes:
    """The bytes whose five-bit values are `values`; left-over low bits must be zero (ValueError otherwise)."""
    bits = len(values) * 5
    number = 0
    for value in values:
        number = number << 5 | value
    rest = bits % 8
    if number & ((1 << rest) - 1):
        raise ValueError("left-over bits are not zero")
    return (number >> rest).to_bytes(bits // 8, "big")


def read_typed(text: str) -> list[int]:
    """Five-bit values of symbols a person typed: case, spaces, hyphens and full width do not matter, O is 0, I and L are 1.

    ValueError on any other character.
    """
    plain = unicodedata.normalize("NFKC", text).upper()
    try:
        return [_TYPED[c] for c in plain if c not in _DASHES and not c.isspace()]
    except KeyError as error:
        raise ValueError("no such symbol") from error


def write_symbols(values: Iterable[int]) -> str:
    """Symbols of five-bit values, in groups of four."""
    text = "".join(SYMBOLS[v] for v in values)
    return "-".join(text[i : i + 4] for i in range(0, len(text), 4))


def b64(data: bytes) -> str:
    """Standard base64 with padding."""
    return base64.b64encode(data).decode("ascii")


def unb64(text: str, length: int) -> bytes:
    """Exactly `length` bytes from their one base64 form; ValueError for any other text."""
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise ValueError("not base64") from error
    if len(data) != length or b64(data) != text:
        raise ValueError("not the one base64 form")
    return data


def dump_json(value: Any) -> bytes:
    """Our form of JSON: sorted keys, indented by one space, LF at the end, Chinese as it is."""
    return (json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode("utf-8")


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key twice")
    return found


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")


def load_json(data: bytes) -> Any:
    """Strict JSON: UTF-8 without BOM, no duplicate keys, no NaN or Infinity, no lone surrogates. ValueError otherwise."""
    try:
        value = json.loads(data.decode("utf-8"), object_pairs_hook=_unique, parse_constant=_no_constant)
        json.dumps(value, ensure_ascii=False).encode("utf-8")
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
    return value


def load_object(data: bytes, code: str) -> dict[str, Any]:
    """Strict JSON that is one object; BundleError(`code`) otherwise."""
    try:
        value = load_json(data)
    except ValueError as error:
        raise refused(code, reason="json") from error
    if not isinstance(value, dict):
        raise refused(code, reason="json")
    return value


def _polymod(values: Iterable[int]) -> int:
    check = 1
    for value in values:
        top = check >> 25
        check = (check & 0x1FFFFFF) << 5 ^ value
        for i, generator in enumerate(_GENERATOR):
            check ^= generator if top >> i & 1 else 0
    return check


def _expand(prefix: str) -> list[int]:
    return [ord(c) >> 5 for c in prefix] + [0] + [ord(c) & 31 for c in prefix]


def bech32_encode(prefix: str, data: bytes) -> str:
    """Bech32 (BIP 173) of `data`, lower case, as age writes its keys."""
    values = to_symbols(data + b"\0", -(-len(data) * 8 // 5))
    check = _polymod([*_expand(prefix), *values, 0, 0, 0, 0, 0, 0]) ^ 1
    values += [check >> 5 * (5 - i) & 31 for i in range(6)]
    return prefix + "1" + "".join(_BECH32[v] for v in values)


def bech32_decode(prefix: str, text: str) -> bytes:
    """The bytes of a bech32 text with this prefix; one case only; ValueError otherwise."""
    if text != text.lower():
        text = text.lower() if text == text.upper() else ""
    head, _, body = text.rpartition("1")
    if head != prefix or len(body) < 6 or any(c not in _BECH32 for c in body):
        raise ValueError("not such a key")
    values = [_BECH32.index(c) for c in body]
    if _polymod([*_expand(prefix), *values]) != 1:
        raise ValueError("checksum")
    return from_symbols(values[:-6])
