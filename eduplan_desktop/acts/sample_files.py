"""What a played sample county leaves for a person to try: data files, the passphrases they open with, the schools' keys.

Only sample files have passphrases lying beside them; nothing here is asked about any other file.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from eduplan_desktop.acts.home import write_atomically

KEPT: Final = "示例文件"
"""Folder of the sample county in which copies of its files are left to open."""
PCS: Final = "PC"
"""Folder that holds the key folder of each PC of the story."""
_ENDING: Final = ".口令.txt"
_KEYS: Final = "keys"


def leave_words(file: Path, words: Mapping[str, str]) -> None:
    """Write the passphrase of each compartment beside a sample file."""
    lines = "".join(f"{name}: {text}\n" for name, text in words.items())
    file.with_suffix(_ENDING).write_text(lines, encoding="utf-8")


def words_beside(file: Path, compartment: str) -> str:
    """The passphrase left beside a sample file, "" for none."""
    try:
        lines = file.with_suffix(_ENDING).read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return ""
    return next((text for name, _colon, text in (line.partition(": ") for line in lines) if name == compartment), "")


def take_sample(folder: Path, home: Path) -> list[Path]:
    """Bring the sample schools' keys into this PC's key folder, so that they can submit; the data files left to open.

    Raises WorldError `home_unwritable`.
    """
    for source in sorted(folder.glob(f"{PCS}/*/{_KEYS}/*/*")):
        own = home / _KEYS / source.parent.name / source.name
        if not own.exists():
            write_atomically(own, source.read_bytes(), private=True)
    return sorted((folder / KEPT).glob("*.eduplan"))
