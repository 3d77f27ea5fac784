"""Regular expressions that are compiled when first asked for: a window opens without most of them."""

import re
from collections.abc import Callable
from functools import cache, partial


def pattern(text: str, flags: int = 0) -> Callable[[], re.Pattern[str]]:
    """A function that gives the compiled expression."""
    return cache(partial(re.compile, text, flags))
