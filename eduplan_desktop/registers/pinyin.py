"""Pinyin without tones for search and sorting, read once from a compact table when first asked.

The table is made by `resources/pinyin_make.py` from pypinyin (MIT, see resources/pinyin.LICENSE.txt): per syllable its
characters, further readings of polyphones, two-character words whose reading the first reading gets wrong, and surnames.
"""

from dataclasses import dataclass
from functools import cache
from operator import add
from pathlib import Path
from typing import Final

from eduplan_desktop.registers.patterns import pattern

RESOURCE: Final = Path(__file__).resolve().parent.parent.parent / "resources" / "pinyin.txt"
_HAN: Final = pattern("[\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af]")


@dataclass(frozen=True, slots=True)
class Table:
    """first: character → syllable. words: two characters → syllables. surnames: one or two characters → syllables.

    spelling, initials: code point → syllable, or its first letter, for whole texts at once.
    """

    first: dict[str, str]
    words: dict[str, tuple[str, str]]
    surnames: dict[str, tuple[str, ...]]
    spelling: dict[int, str]
    initials: dict[int, str]


@cache
def table() -> Table:
    """The table; a missing resource gives an empty one, so that search by characters still works."""
    first: dict[str, str] = {}
    words: dict[str, tuple[str, str]] = {}
    surnames: dict[str, tuple[str, ...]] = {}
    section = ""
    text = RESOURCE.read_text(encoding="utf-8") if RESOURCE.exists() else ""
    for line in text.splitlines():
        if line.startswith("#"):
            continue
        if line.startswith("["):
            section = line
            continue
        key, _, rest = line.partition(" ")
        if section == "[characters]":
            first.update(dict.fromkeys(rest, key))
        elif section == "[words]":
            one, two = key.split("-")
            words.update((rest[i : i + 2], (one, two)) for i in range(0, len(rest), 2))
        else:
            surnames[rest] = tuple(key.split("-"))
    spelling = {ord(character): syllable for character, syllable in first.items()}
    initials = {point: syllable[0] for point, syllable in spelling.items()}
    return Table(first, words, surnames, spelling, initials)


def syllables(text: str, surname: bool = True) -> list[str]:
    """One entry per character: its syllable, or the character itself. `surname` reads a leading surname as one."""
    known = table()
    out = [known.first.get(c, c) for c in text]
    for i in range(len(text) - 1):
        if word := known.words.get(text[i : i + 2]):
            out[i : i + 2] = word
    if surname and (reading := _surname(text, known)):
        out[: len(reading)] = reading
    return out


def _surname(text: str, known: Table) -> tuple[str, ...]:
    """The reading of a leading surname where the text can be a person's name and is not a known word."""
    if not 2 <= len(text) <= 4 or not all(map(_HAN().match, text)):
        return ()
    if text[:2] in known.surnames:
        return known.surnames[text[:2]]
    return () if text[:2] in known.words else known.surnames.get(text[0], ())


def spell(text: str) -> str:
    """Full pinyin with a blank between characters, other characters as they are: the sort key."""
    return " ".join(syllables(text))


def keys(text: str) -> list[str]:
    """Search keys of a folded text: initials and full pinyin without signs, with and without the surname reading."""
    known = table()
    family = _surname(text, known)
    if not family and known.words.keys().isdisjoint(map(add, text, text[1:])):
        said = text if text.isalnum() else "".join(filter(str.isalnum, text))
        return list(dict.fromkeys((said.translate(known.initials), said.translate(known.spelling))))
    plain = syllables(text, surname=False)
    out: list[str] = []
    for reading in ([*family, *plain[len(family) :]], plain):
        letters = [s for s in reading if s.isalnum()]
        out.append("".join([s[0] for s in letters]))
        out.append("".join(letters))
    return list(dict.fromkeys(out))
