"""What opens a compartment: a passphrase of at least six words, or the printed recovery code (D7).

The program offers words of two plain pinyin syllables, chosen so that speakers of any dialect spell them alike: no z/zh,
c/ch, s/sh, n/l, f/h, -n/-ng. They are typed without an input method. A person may use other words, but not fewer.
"""

import re
import secrets
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from eduplan_desktop.errors import LockedError, RefusedError
from eduplan_desktop.i18n import _

RESOURCE: Final = Path(__file__).resolve().parent.parent.parent / "resources" / "words.txt"
LEAST_WORDS: Final = 6
_WORD: Final = re.compile(r"[^\W_]+")
_HAN: Final = re.compile("[\u3400-\u9fff\uf900-\ufaff\U00020000-\U000323af]")


@cache
def word_list() -> tuple[str, ...]:
    """The words the program offers."""
    return tuple(RESOURCE.read_text(encoding="ascii").split())


def words(n: int = LEAST_WORDS, random: Callable[[int], bytes] = secrets.token_bytes) -> list[str]:
    """`n` offered words, each 11.4 bits of chance; different ones, so that they count."""
    known = word_list()
    chosen: dict[str, None] = {}
    while len(chosen) < n:
        chosen[known[int.from_bytes(random(8), "big") % len(known)]] = None
    return list(chosen)


def normalise(passphrase: str) -> str:
    """The same passphrase however it is typed: width, case and what stands between the words do not matter."""
    return " ".join(_WORD.findall(unicodedata.normalize("NFKC", passphrase).casefold()))


def counted_words(passphrase: str) -> int:
    """How many different words a passphrase has; in a run of Chinese characters every two count as one."""
    found: set[str] = set()
    for word in normalise(passphrase).split(" "):
        if _HAN.search(word):
            found.update(word[i : i + 2] for i in range(0, len(word) - 1, 2))
        elif len(word) > 1:
            found.add(word)
    return len(found)


def require_strong(passphrase: str) -> None:
    """Raises RefusedError `weak_passphrase` for one with fewer than six different words."""
    if counted_words(passphrase) < LEAST_WORDS:
        raise RefusedError(
            "weak_passphrase",
            _("口令太短。"),
            _("请至少用六个不同的词，词之间用空格隔开；可以直接用程序给出的六个词。"),
        )


_SYMBOLS: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_DATA: Final = 26
_CHECKS: Final = 2
_PRIME: Final = 1021
_TYPED: Final = str.maketrans("OIL", "011", " -‐‑–—\t\r\n　")


@dataclass(frozen=True, slots=True, repr=False)
class RecoveryCode:
    """130 bits of chance for the printed sheet, and two check characters that catch any one wrong or two swapped characters."""

    symbols: str

    def __str__(self) -> str:
        return "-".join(self.symbols[i : i + 4] for i in range(0, len(self.symbols), 4))

    def __repr__(self) -> str:
        return "RecoveryCode(…)"


def _checks(data: str) -> str:
    total = sum((i + 2) * (_SYMBOLS.index(c) + 1) * (i + 3) for i, c in enumerate(data)) % _PRIME
    return _SYMBOLS[total >> 5] + _SYMBOLS[total & 31]


def new_recovery_code(random: Callable[[int], bytes]) -> RecoveryCode:
    """A fresh recovery code."""
    number = int.from_bytes(random(17), "big")
    data = "".join(_SYMBOLS[number >> 5 * i & 31] for i in range(_DATA))
    return RecoveryCode(data + _checks(data))


def read_recovery_code(typed: str) -> RecoveryCode | None:
    """The code as typed (spaces, dashes, case, O/0, I/1, L/1 forgiven), or None where this is no code at all.

    Raises LockedError `mistyped_code` where the shape is right and the check characters are not.
    """
    plain = unicodedata.normalize("NFKC", typed).upper().translate(_TYPED)
    if len(plain) != _DATA + _CHECKS or any(c not in _SYMBOLS for c in plain):
        return None
    if _checks(plain[:_DATA]) != plain[_DATA:]:
        raise LockedError("mistyped_code", _("恢复码有一处输错了。"), _("请对照纸上的恢复码逐组核对后再输。"))
    return RecoveryCode(plain)
