"""The injected world: clock, randomness, key folder, cost of key derivation. No module reads a clock by itself."""

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Final


@dataclass(frozen=True, slots=True)
class KdfCost:
    """Argon2id parameters stored with every slot. Memory in KiB."""

    memory_kib: int = 64 * 1024
    iterations: int = 3
    lanes: int = 1


STANDARD_KDF: Final = KdfCost()


def _utc_now() -> datetime:
    return datetime.now(UTC)


def user_folder() -> Path:
    """The per-user folder of this program; holds the pointer to a key folder chosen elsewhere."""
    base = os.environ.get("LOCALAPPDATA") or os.environ.get("XDG_DATA_HOME")
    return (Path(base) if base else Path.home() / ".local" / "share") / "eduplan"


HOME_POINTER: Final = "home.txt"


def default_home() -> Path:
    """`EDUPLAN_HOME`, else the folder a person chose at first run, else the per-user folder (D6)."""
    named = os.environ.get("EDUPLAN_HOME")
    if named:
        return Path(named)
    try:
        chosen = (user_folder() / HOME_POINTER).read_text(encoding="utf-8").strip()
    except (OSError, ValueError):  # nobody chose, or the note cannot be read: then the window asks again
        chosen = ""
    return Path(chosen) if chosen else user_folder()


@dataclass(frozen=True, slots=True)
class Environment:
    """What a run of the program may ask of the world.

    now:    aware UTC time; information only, never decides an outcome (invariant 3).
    random: n random bytes.
    home:   key and settings folder (D6); read again at each command.
    kdf:    cost of passphrase slots; cheap values exist only in tests, through this object (D7).
    who:    name of the person, as claimed, written into the journal.
    """

    now: Callable[[], datetime] = _utc_now
    random: Callable[[int], bytes] = os.urandom
    home: Path = field(default_factory=default_home)
    kdf: KdfCost = STANDARD_KDF
    who: str = ""

    def moment(self) -> str:
        """The present moment as `YYYY-MM-DDTHH:MM:SSZ`."""
        return self.now().astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

    def pc_date(self) -> str:
        """The date the PC shows, local, as `YYYY-MM-DD`."""
        return self.now().astimezone().strftime("%Y-%m-%d")
