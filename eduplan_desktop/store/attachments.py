"""Photos of records: a list of digests per record in the file, the bodies beside it (D1, D10)."""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from eduplan_desktop.errors import RefusedError
from eduplan_desktop.i18n import _
from eduplan_desktop.registers.model import Register
from eduplan_desktop.store import photo
from eduplan_desktop.store.acting import Act
from eduplan_desktop.store.bodies import PHOTOS, body_path, put_body
from eduplan_desktop.store.connect import Store
from eduplan_desktop.store.images import PHOTOS as PART
from eduplan_desktop.store.images import State
from eduplan_desktop.store.parts import photos_state, put_part
from eduplan_desktop.store.shape import shape_of

MOST: Final = 6
"""Photos a record may have."""
ENDING: Final = ".jpg"


@dataclass(frozen=True, slots=True)
class Photo:
    """One photo of a record. n: its place, from 1; sha256: of the body; bytes: length of the body."""

    n: int
    sha256: str
    bytes: int


def add_photo(a: Act, register: Register | str, row_id: str, source: Path | bytes, *, school: str = "") -> str:
    """Add a photo to a record; its digest. The same photo twice stays one.

    Raises RefusedError `photo_unreadable`, `photo_too_large`, `photo_too_many`; StoreError where the disk fails.
    """
    digest = stage_photo(a.store, source)
    attach(a, register, row_id, digest, school=school)
    return digest


def stage_photo(store: Store, source: Path | bytes) -> str:
    """Keep the body of a photo that no record names yet, scaled, re-encoded, without metadata; its digest.

    Touches only the folder beside the file, so that a worker may do it. Raises as `add_photo` does.
    """
    return keep_photo(store, photo.encode(source))


def attach(a: Act, register: Register | str, row_id: str, digest: str, *, school: str = "") -> bool:
    """Let a record name a photo whose body is kept; False where it already does. Raises RefusedError `photo_too_many`."""
    name = shape_of(register).name
    before = photos_state(a, name, school, row_id)
    lines = before["photos"] if before else []
    if any(line[1] == digest for line in lines):
        return False
    if len(lines) >= MOST:
        raise too_many()
    path = photo_path(a.store, digest)
    if path is None:
        raise RefusedError("photo_missing", _("照片文件不在本机。"), _("请重新添加这张照片。"))
    _put(a, name, school, row_id, [*lines, [0, digest, path.stat().st_size]])
    return True


def too_many() -> RefusedError:
    """A record has all the photos it may have."""
    return RefusedError("photo_too_many", _("每条记录最多 {n} 张照片。").format(n=MOST), _("请先移去一张，再添加。"))


def _put(a: Act, name: str, school: str, row_id: str, lines: list[list[object]]) -> None:
    state: State = {"photos": [[n, *line[1:]] for n, line in enumerate(lines, 1)]} if lines else None
    put_part(a, name, school, row_id, PART, state)


def remove_photo(a: Act, register: Register | str, row_id: str, sha256: str, *, school: str = "") -> bool:
    """Take a photo off a record; False where it has none of that digest. The body stays, so that this can be undone."""
    name = shape_of(register).name
    before = photos_state(a, name, school, row_id)
    lines = before["photos"] if before else []
    left = [line for line in lines if line[1] != sha256]
    if len(left) == len(lines):
        return False
    _put(a, name, school, row_id, left)
    return True


def photos(store: Store, register: Register | str, row_id: str, *, school: str = "") -> list[Photo]:
    """The photos of a record in order; a body may be missing (`photo_path` tells)."""
    name = shape_of(register).name
    sql = "SELECT n, sha256, bytes FROM attachment WHERE register = ? AND school = ? AND id = ? ORDER BY n"
    return [Photo(*row) for row in store.conn.execute(sql, (name, school, row_id))]


def photo_path(store: Store, sha256: str) -> Path | None:
    """Where the body of a photo lies, or None where it is missing: the file came without its folder."""
    path = body_path(store.files, PHOTOS, sha256 + ENDING)
    return path if path.is_file() else None


def keep_photo(store: Store, body: bytes) -> str:
    """Keep the body of a photo that came in a bundle, checked by its reader; its digest."""
    digest = hashlib.sha256(body).hexdigest()
    put_body(store.files, PHOTOS, digest + ENDING, body)
    return digest


def missing(store: Store) -> list[str]:
    """Digests of photos that records name and whose bodies are not here."""
    found = store.conn.execute("SELECT DISTINCT sha256 FROM attachment ORDER BY sha256")
    return [digest for (digest,) in found if photo_path(store, digest) is None]
