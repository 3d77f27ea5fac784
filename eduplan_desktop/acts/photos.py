"""Photos of records: on screen, added, removed, and which of them the next bundle must carry (D1)."""

import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from eduplan_desktop.acts.session import Session
from eduplan_desktop.acts.slices import Slice
from eduplan_desktop.bundle.parts import Photo as Packed
from eduplan_desktop.registers.model import Register
from eduplan_desktop.store import attachments, queries, rows, shelf
from eduplan_desktop.store.journal import Changes, act


@dataclass(frozen=True, slots=True)
class Photo:
    """One photo of a row. path: its body, or None where the file came without its folder."""

    n: int
    sha256: str
    bytes: int
    path: Path | None


def of_row(session: Session, register: Register, row_id: str, school: str = "") -> list[Photo]:
    """Photos of a row in order."""
    return [
        Photo(p.n, p.sha256, p.bytes, attachments.photo_path(session.store, p.sha256))
        for p in attachments.photos(session.store, register, row_id, school=school)
    ]


def add(session: Session, register: Register, row_id: str, source: Path) -> Changes:
    """Add a photo, scaled, re-encoded, without metadata. The row counts as changed, so its slice travels again."""
    with act(session.store, f"{register.name}.photo", "添加照片") as a:
        attachments.add_photo(a, register, row_id, source)
        return a.changes


def stage(session: Session, source: Path) -> str:
    """Keep the body of a photo before a record names it; safe on a worker, as it touches no table."""
    return attachments.stage_photo(session.store, source)


def body(session: Session, digest: str) -> Path | None:
    """Where the body of a photo lies, None where it is missing."""
    return attachments.photo_path(session.store, digest)


def attach(session: Session, register: Register, row_id: str, digests: Iterable[str]) -> Changes:
    """Let a record name photos whose bodies are kept, in one act."""
    with act(session.store, f"{register.name}.photo", "添加照片") as a:
        for digest in digests:
            attachments.attach(a, register, row_id, digest)
        return a.changes


def remove(session: Session, register: Register, row_id: str, sha256: str) -> Changes:
    """Take a photo off a row."""
    with act(session.store, f"{register.name}.photo", "删除照片") as a:
        attachments.remove_photo(a, register, row_id, sha256)
        return a.changes


def to_send(session: Session, carried: Iterable[Slice]) -> list[Packed]:
    """Photos of the carried slices that no receipt named as held yet."""
    held = shelf.photos_held(session.store)
    found: dict[str, Packed] = {}
    for one in carried:
        for row_id, _n, digest, size in queries.attachments(session.store, one.register):
            row = rows.get(session.store, one.register, row_id)
            wanted = row is not None and (one.year is None or row["year"] == one.year)
            path = attachments.photo_path(session.store, digest)
            if wanted and digest not in held and digest not in found and path is not None:
                found[digest] = Packed(digest, size, zlib.crc32(path.read_bytes()), path.read_bytes)
    return list(found.values())
