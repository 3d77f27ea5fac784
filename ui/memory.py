"""What the window remembers between two runs: sizes, column widths, splitters, recent files. Never anything of the data itself.

One JSON file in the home folder, written when something changed and the window closes or falls silent.
"""

import json
import os
from pathlib import Path
from typing import Any, Final

FILE: Final = "window.json"


class Memory:
    """A small tree of JSON values by dotted key. A damaged or missing file counts as empty; a failed write is not a fault."""

    def __init__(self, home: Path) -> None:
        self.path = home / FILE
        self._changed = False
        self._values: dict[str, Any] = {}
        try:
            found = json.loads(self.path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            found = {}
        if isinstance(found, dict):
            self._values = found

    def move_to(self, home: Path) -> None:
        """Go on in another folder: with what an earlier run remembered there, and what is known here beside it."""
        there = Memory(home)
        self.path = there.path
        self._values = {**self._values, **there._values}
        self._changed = True
        self.save()

    def get(self, key: str, default: Any = None) -> Any:
        """The value under `key`; a value of another type than `default` counts as missing."""
        value = self._values.get(key, default)
        return value if default is None or isinstance(value, type(default)) else default

    def put(self, key: str, value: Any) -> None:
        """Remember a JSON value."""
        if self._values.get(key) != value:
            self._values[key] = value
            self._changed = True

    def save(self) -> bool:
        """Write what changed. False when the folder cannot be written: the window then simply forgets."""
        if not self._changed:
            return True
        spare = self.path.with_name(FILE + ".new")
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            spare.write_text(json.dumps(self._values, ensure_ascii=False, indent=1), encoding="utf-8")
            os.replace(spare, self.path)
        except OSError:
            return False
        self._changed = False
        return True
