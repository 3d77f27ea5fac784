"""Recovery sheets: secret keys as lines a person can type, each with check symbols that find a wrong line (D6).

A line is `n) XXXX-XXXX-XXXX-XXXX-XXXX-CC`: 100 bits in Crockford base32 and two check symbols, (n·1000 + Σ i·v_i) mod 1021. The
lines together are: kind (one byte), county code (three bytes), the secret keys, and as much of SHA-256 of all that as fills
the last line.
"""

import hashlib
import hmac
import re
import unicodedata
from dataclasses import dataclass
from typing import Final

from eduplan_desktop.bundle.coding import from_symbols, lp, read_typed, to_symbols, write_symbols
from eduplan_desktop.bundle.words import explain
from eduplan_desktop.errors import RefusedError
from eduplan_desktop.i18n import _

RECORDS: Final = "records"
HEALTH: Final = "health"
_KINDS: Final = {RECORDS: (1, 2), HEALTH: (2, 1)}
"""Kind → (first byte, number of 32-byte keys)."""
_KEY: Final = 32
_SYMBOLS: Final = 20
_CHECKS: Final = 2
_MODULUS: Final = 1021
"""The largest prime below 32²: finds every wrong symbol and every two symbols exchanged in a line."""
_MOST_LINES: Final = 20
_NUMBERED: Final = re.compile(r"\s*([0-9]{1,2})\s*[).:、,．]\s*(.+)")


@dataclass(frozen=True, slots=True, repr=False)
class Sheet:
    """A recovery sheet. kind: records or health; county: its code; keys: 32 secret bytes each.

    records: signing seed, records recovery key; health: health recovery key.
    """

    kind: str
    county: str
    keys: tuple[bytes, ...]

    @property
    def lines(self) -> tuple[str, ...]:
        """The lines as printed, without their numbers."""
        return tuple(_line(n, values) for n, values in enumerate(_values(self), start=1))

    @property
    def text(self) -> str:
        """The numbered lines, as a text file holds them."""
        return "".join(f"{n}) {line}\n" for n, line in enumerate(self.lines, start=1))

    def __repr__(self) -> str:
        return f"Sheet({self.kind!r}, {self.county!r}, ...)"


def records_sheet(county: str, signing_seed: bytes, recovery: bytes) -> Sheet:
    """The sheet that brings back the county's signature and opens all record parts."""
    return Sheet(RECORDS, county, (signing_seed, recovery))


def health_sheet(county: str, recovery: bytes) -> Sheet:
    """The sheet that opens all health parts."""
    return Sheet(HEALTH, county, (recovery,))


def parse_sheet(text: str) -> Sheet:
    """The one sheet a person typed; lines without a number (titles, remarks) are skipped.

    RefusedError('bad_sheet') whose `line` is the first line that is missing or wrong (0: the lines do not belong together).
    """
    sheets = parse_sheets(text)
    if len(sheets) != 1:
        raise _wrong(0)
    return sheets[0]


def parse_sheets(text: str) -> list[Sheet]:
    """All sheets in a text, one after the other; each begins with its line 1. At least one; errors as `parse_sheet`."""
    groups = _numbered(text)
    return [_read_sheet(typed) for typed in groups or [{}]]


def _read_sheet(typed: dict[int, str]) -> Sheet:
    values: list[int] = []
    for number in range(1, min(max(typed, default=1), _MOST_LINES) + 1):
        values += _read_line(number, typed.get(number, ""))
    begins = values[0] << 3 | values[1] >> 2
    kind = next((k for k, (first, _n) in _KINDS.items() if begins == first), "")
    if not kind:
        raise _wrong(0)
    length = 4 + _KINDS[kind][1] * _KEY
    lines = _line_count(length)
    if len(values) < lines * _SYMBOLS:
        raise _wrong(len(values) // _SYMBOLS + 1)
    try:
        data = from_symbols(values)
    except ValueError:
        raise _wrong(0) from None
    body = data[:length]
    if len(values) > lines * _SYMBOLS or not hmac.compare_digest(data[length:], _checksum(body)[: len(data) - length]):
        raise _wrong(0)
    keys = tuple(body[i : i + _KEY] for i in range(4, length, _KEY))
    return Sheet(kind, f"{int.from_bytes(body[1:4], 'big'):06d}", keys)


def _line_count(length: int) -> int:
    """Lines of a sheet whose body has `length` bytes: at least four bytes of checksum."""
    return -(-(length + 4) * 8 // (_SYMBOLS * 5))


def _checksum(body: bytes) -> bytes:
    return hashlib.sha256(lp(b"eduplan-sheet-v1") + lp(body)).digest()


def _values(sheet: Sheet) -> list[list[int]]:
    """The five-bit values of each line."""
    first, count = _KINDS[sheet.kind]
    if len(sheet.keys) != count or any(len(key) != _KEY for key in sheet.keys):
        raise ValueError("another number of keys")
    body = bytes([first]) + int(sheet.county).to_bytes(3, "big") + b"".join(sheet.keys)
    symbols = _line_count(len(body)) * _SYMBOLS
    length = symbols * 5 // 8
    values = to_symbols(body + _checksum(body)[: length - len(body)] + b"\0", symbols)
    return [values[i : i + _SYMBOLS] for i in range(0, symbols, _SYMBOLS)]


def _check(number: int, values: list[int]) -> list[int]:
    total = (number * 1000 + sum(i * v for i, v in enumerate(values, start=1))) % _MODULUS
    return [total >> 5, total & 31]


def _line(number: int, values: list[int]) -> str:
    return f"{write_symbols(values)}-{write_symbols(_check(number, values))}"


def _numbered(text: str) -> list[dict[int, str]]:
    """For each sheet, number → what was typed on that line; if no line has a number, the lines in their order."""
    lines = [unicodedata.normalize("NFKC", line) for line in text.splitlines() if line.strip()]
    found = [(int(m[1]), m[2]) for line in lines if (m := _NUMBERED.fullmatch(line)) and _may_be_line(m[2])]
    if not found:
        found = list(enumerate(filter(_may_be_line, lines), start=1))
    groups: list[dict[int, str]] = []
    for number, typed in found:
        if not groups or number <= max(groups[-1]):
            groups.append({})
        groups[-1][number] = typed
    return groups


def _may_be_line(text: str) -> bool:
    """Whether a text looks like a line of a sheet rather than a title: long enough and nearly all Latin letters and digits."""
    plain = [c for c in text if not c.isspace() and c != "-"]
    return 12 <= len(plain) <= 32 and all(c.isascii() for c in plain)


def _read_line(number: int, typed: str) -> list[int]:
    try:
        values = read_typed(typed)
    except ValueError:
        raise _wrong(number) from None
    body, check = values[:_SYMBOLS], values[_SYMBOLS:]
    if len(values) != _SYMBOLS + _CHECKS or check != _check(number, body):
        raise _wrong(number)
    return body


def _wrong(number: int) -> RefusedError:
    message, advice = explain("bad_sheet")
    if number:
        message = _("恢复表第 {number} 行没有抄对。").format(number=number)
    return RefusedError("bad_sheet", message, advice, line=number)
