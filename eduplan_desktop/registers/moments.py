"""Moments: UTC to the second, `YYYY-MM-DDTHH:MM:SSZ`. Information only; no outcome depends on one (invariant 3)."""

from datetime import UTC, datetime
from typing import Final

from eduplan_desktop.i18n import _
from eduplan_desktop.registers.patterns import pattern
from eduplan_desktop.registers.refusal import BadValue

_STORED: Final = "%Y-%m-%dT%H:%M:%SZ"
_SHOWN: Final = "%Y-%m-%d %H:%M:%S UTC"
_SHAPE: Final = pattern(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z")


def is_moment(text: str) -> bool:
    """Whether `text` is a stored moment."""
    if not text.isascii() or not _SHAPE().fullmatch(text):
        return False
    try:
        datetime.strptime(text, _STORED)
    except ValueError:
        return False
    return True


def parse_moment(raw: object) -> tuple[str, str]:
    """(stored moment, note); a time without a zone is taken as UTC. Raises BadValue."""
    if isinstance(raw, datetime):
        utc = raw.astimezone(UTC) if raw.tzinfo else raw
        return utc.strftime(_STORED).rjust(20, "0"), "" if raw.tzinfo else _("按协调世界时理解")
    if isinstance(raw, str):
        text = raw.strip()
        for pattern in (_STORED, _SHOWN):
            try:
                return datetime.strptime(text, pattern).strftime(_STORED).rjust(20, "0"), ""
            except ValueError:
                continue
    raise BadValue("not_moment")


def show_moment(stored: str) -> str:
    """A stored moment for a person, with its zone written out."""
    return stored.replace("T", " ").replace("Z", " UTC")
