"""The facade's acts on photos: of any record of the open file."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from eduplan_desktop.registers.catalog import register

if TYPE_CHECKING:
    from eduplan_desktop.acts import photos
    from eduplan_desktop.acts.session import Session
    from eduplan_desktop.store.journal import Changes


class PhotoActs:
    """What a person does with photos; part of `Workspace`."""

    session: Session

    def photos(self, register_name: str, row_id: str, school: str = "") -> list[photos.Photo]:
        """Photos of a row with the path of each body, where it is here."""
        from eduplan_desktop.acts import photos

        return photos.of_row(self.session, register(register_name), row_id, school)

    def add_photo(self, register_name: str, row_id: str, source: Path) -> Changes:
        """Add a photo, scaled, re-encoded, without metadata."""
        from eduplan_desktop.acts import photos

        return photos.add(self.session, register(register_name), row_id, source)

    def stage_photo(self, source: Path) -> str:
        """Keep the body of a photo before a record names it; its digest. Takes a while, and may be done on a worker."""
        from eduplan_desktop.acts import photos

        return photos.stage(self.session, source)

    def attach_photos(self, register_name: str, row_id: str, digests: Iterable[str]) -> Changes:
        """Let a record name kept photos, in one act."""
        from eduplan_desktop.acts import photos

        return photos.attach(self.session, register(register_name), row_id, digests)

    def photo_path(self, digest: str) -> Path | None:
        """Where the body of a photo lies, None where it is missing."""
        from eduplan_desktop.acts import photos

        return photos.body(self.session, digest)

    def remove_photo(self, register_name: str, row_id: str, sha256: str) -> Changes:
        """Take a photo off a row."""
        from eduplan_desktop.acts import photos

        return photos.remove(self.session, register(register_name), row_id, sha256)
