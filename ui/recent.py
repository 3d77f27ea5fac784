"""The list of recent files on the start page: path, name, side, when, and one line of state. Nothing sealed is ever in it."""

from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Final

from ui.memory import Memory

KEY: Final = "recent"
LIMIT: Final = 12


@dataclass(frozen=True, slots=True)
class RecentFile:
    """A file that was open before. side: 'school' or 'county'. shape and state: what waited there when it was closed."""

    path: str
    title: str
    side: str = "school"
    when: str = ""
    shape: str = ""
    state: str = ""

    @property
    def missing(self) -> bool:
        """Whether the file is not in its place."""
        return not Path(self.path).is_file()


def recent_files(memory: Memory) -> list[RecentFile]:
    """Newest first; entries that cannot be read are skipped."""
    known = set(RecentFile.__dataclass_fields__)
    found = []
    for entry in memory.get(KEY, []):
        if isinstance(entry, dict) and {"path", "title"} <= set(entry) <= known:
            found.append(RecentFile(**{k: str(v) for k, v in entry.items()}))
    return found


def note_file(memory: Memory, file: RecentFile) -> None:
    """Put a file on top of the list."""
    others = [f for f in recent_files(memory) if f.path != file.path]
    memory.put(KEY, [asdict(f) for f in [file, *others][:LIMIT]])
    memory.save()


def note_state(memory: Memory, path: str, shape: str, state: str) -> None:
    """Remember what waits in a file, for the start page."""
    files = [replace(f, shape=shape, state=state) if f.path == path else f for f in recent_files(memory)]
    memory.put(KEY, [asdict(f) for f in files])


def forget_file(memory: Memory, path: str) -> None:
    """Take a file off the list; the file itself is not touched."""
    memory.put(KEY, [asdict(f) for f in recent_files(memory) if f.path != path])
    memory.save()


def move_file(memory: Memory, old: str, new: str) -> None:
    """The file was found in another place."""
    files = [replace(f, path=new) if f.path == old else f for f in recent_files(memory) if f.path != new]
    memory.put(KEY, [asdict(f) for f in files])
    memory.save()
