"""Bodies beside the data file: photos, filed bundles. Named by their digest, written once, never changed (D10).

A body is on disk before the act that names it is stored; an act that fails leaves at most a body nobody names.
"""

import hashlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from eduplan_desktop.store.snapshot import sync_folder
from eduplan_desktop.store.sqlite_errors import translated

PHOTOS: Final = "photos"
BUNDLES: Final = "bundles"
BACKUPS: Final = "backups"


def body_path(files: Path, folder: str, name: str) -> Path:
    """Where the body `name` lies or would lie."""
    return files / folder / name


def put_body(files: Path, folder: str, name: str, body: bytes | Path) -> Path:
    """Keep a body under its name; one that is there already stays. Raises StoreError."""
    to = body_path(files, folder, name)
    if to.exists():
        return to
    spare = to.with_name(f"{name}.{os.getpid()}.part")
    try:
        to.parent.mkdir(parents=True, exist_ok=True)
        with spare.open("wb") as file:
            if isinstance(body, bytes):
                file.write(body)
            else:
                with body.open("rb") as source:
                    shutil.copyfileobj(source, file, 1 << 20)
            file.flush()
            os.fsync(file.fileno())
        os.replace(spare, to)
        sync_folder(to.parent)
    except OSError as error:
        spare.unlink(missing_ok=True)
        raise translated(error, to) from error
    return to


def read_body(files: Path, folder: str, name: str, sha256: str = "") -> bytes | None:
    """A body, or None where it is missing or (with its digest given) is not what it was."""
    try:
        body = body_path(files, folder, name).read_bytes()
    except OSError:
        return None
    return None if sha256 and hashlib.sha256(body).hexdigest() != sha256 else body


def copy_missing(source: Path, target: Path, folders: tuple[str, ...] = (PHOTOS, BUNDLES)) -> int:
    """Copy the bodies `target` lacks; how many. Raises StoreError."""
    copied = 0
    for folder in folders:
        for path in _bodies(source / folder):
            if not body_path(target, folder, path.name).exists():
                put_body(target, folder, path.name, path)
                copied += 1
    return copied


def _bodies(folder: Path) -> Iterator[Path]:
    if folder.is_dir():
        yield from sorted(p for p in folder.iterdir() if p.is_file() and p.suffix != ".part")
