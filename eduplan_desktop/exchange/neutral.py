"""Text from data must not become a formula in somebody's spreadsheet; what was made harmless is restored on the way back.

A text starting with one of SIGNS gets one apostrophe before it; so does one that starts with apostrophes and then a sign, so
that restoring takes away exactly what was added. Both are bijective on stored text.
"""

import re
from typing import Final

SIGNS: Final = "=+\\-@\t\r＝＋－＠"
_LIVE: Final = re.compile(f"'*[{SIGNS}]")
_MADE_HARMLESS: Final = re.compile(f"'+[{SIGNS}]")


def neutralise(text: str) -> str:
    """The text as a cell may hold it."""
    return f"'{text}" if _LIVE.match(text) else text


def restore(text: str) -> str:
    """What `neutralise` was given."""
    return text[1:] if _MADE_HARMLESS.match(text) else text
