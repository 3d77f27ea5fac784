"""Where in a shown text a search matched: by its characters, its pinyin initials or its full pinyin."""

from functools import lru_cache

from eduplan_desktop.registers.pinyin import syllables
from eduplan_desktop.registers.text import fold

Span = tuple[int, int]
"""First character and the one after the last."""


@lru_cache(maxsize=4096)
def spans(text: str, query: str) -> tuple[Span, ...]:
    """Spans of `text` that `query` (as typed) found, none where it was found elsewhere in the row."""
    wanted = fold(query)
    if not wanted or not text:
        return ()
    pieces = [fold(c) for c in text]
    found = _find(pieces, wanted)
    if found or text.isascii():
        return found
    for surname in (False, True):
        # As the search does: the text is folded as a whole first, so a blank in it does not part a syllable.
        read = syllables(text, surname)
        sounds = [fold(s) for s in read]
        for keys in ([s[:1] for s in sounds], sounds):
            if found := _find(keys, wanted):
                return found
    return ()


def _find(pieces: list[str], wanted: str) -> tuple[Span, ...]:
    """Every place where the joined pieces hold `wanted`, as spans of pieces."""
    owners = [i for i, piece in enumerate(pieces) for _c in piece]
    joined = "".join(pieces)
    found: list[Span] = []
    at = joined.find(wanted)
    while at >= 0:
        found.append((owners[at], owners[at + len(wanted) - 1] + 1))
        at = joined.find(wanted, at + len(wanted))
    return tuple(found)
