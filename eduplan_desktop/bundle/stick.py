"""Writing to a stick so that no half file is ever left, and finding what lies on one."""

import contextlib
import errno
import hashlib
import os
import re
import shutil
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from eduplan_desktop.bundle.manifest import ENDINGS
from eduplan_desktop.bundle.outgoing import Outgoing
from eduplan_desktop.bundle.words import explain
from eduplan_desktop.errors import WorldError

CHUNK: Final = 1 << 18
SPARE: Final = 1 << 20
"""Bytes that must stay free beside the file."""
DEPTH: Final = 6
MOST: Final = 20_000
"""A folder is searched this deep and to this many entries, no further."""
_NAME_BYTES: Final = 90
_UNSAFE: Final = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]')
_RESERVED: Final = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?", re.IGNORECASE)

Progress = Callable[[int, int], None]
"""Called with bytes done and bytes in all."""


def world_error(code: str, **params: object) -> WorldError:
    """A fault of the disk or stick, with its words."""
    message, advice = explain(code)
    return WorldError(code, message, advice, **params)


def safe_name(text: str) -> str:
    """`text` as a file name part every system takes: NFC, no reserved characters or names, at most 90 bytes of UTF-8."""
    plain = re.sub(r"\s+", " ", unicodedata.normalize("NFC", text))
    plain = _UNSAFE.sub("_", plain).strip(" .")
    while len(plain.encode("utf-8", "replace")) > _NAME_BYTES:
        plain = plain[:-1]
    plain = plain.encode("utf-8", "replace").decode("utf-8").strip(" .") or "_"
    return f"_{plain}" if _RESERVED.fullmatch(plain) else plain


def submission_name(school: str, sequence: int, digest: str) -> str:
    """File name of a bundle."""
    return f"{safe_name(school)}-{sequence:04d}-{digest[:8]}{ENDINGS['submission']}"


def kit_name(county: str, version: int) -> str:
    """File name of a kit."""
    return f"{safe_name(county)}-kit-{version}{ENDINGS['kit']}"


def enrolment_name(school: str, fingerprint: str) -> str:
    """File name of an enrolment request: with the first group of the fingerprint, for two computers of one school."""
    return f"{safe_name(school)}-{fingerprint[:4]}{ENDINGS['enrolment']}"


def receipt_name(school: str, number: int) -> str:
    """File name of a receipt."""
    return f"{safe_name(school)}-receipt-{number:04d}{ENDINGS['receipt']}"


def make_folder(folder: Path) -> Path:
    """The folder to write to, made where it is not there yet. WorldError: missing, not_writable, no_space, stick_failed."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _fault(error, folder) from error
    return folder


def write_envelope(outgoing: Outgoing, folder: Path, name: str, progress: Progress | None = None) -> Path:
    """Write an envelope to `folder` under `name`, read back and compared; see `write_file`."""
    return write_file(folder, name, outgoing.pieces(), outgoing.length, progress)


def copy_file(source: Path, folder: Path, name: str, progress: Progress | None = None) -> Path:
    """Copy a finished file to a stick as safely as it was written."""
    try:
        length = source.stat().st_size
        with source.open("rb") as opened:
            return write_file(folder, name, iter(lambda: opened.read(CHUNK), b""), length, progress)
    except OSError as error:
        raise _fault(error, source) from error


def write_file(folder: Path, name: str, pieces: Iterable[bytes], length: int, progress: Progress | None = None) -> Path:
    """Write a new file whole or not at all: beside its place, flushed, read back and compared, then renamed.

    An older file of the same name is replaced in that last step. WorldError: missing, not_writable, no_space, stick_failed.
    """
    target = folder / name
    waiting = folder / f"{name}.part"
    if not folder.is_dir():
        raise world_error("missing", folder=str(folder))
    try:
        if shutil.disk_usage(folder).free < length + SPARE:
            raise world_error("no_space", needed=length)
        written = _write(waiting, pieces, length, progress)
        if _read_back(waiting, length, progress) != written:
            raise world_error("stick_failed", file=name)
        os.replace(waiting, target)
        _flush_folder(folder)
    except OSError as error:
        _forget(waiting)
        raise _fault(error, target) from error
    except BaseException:
        _forget(waiting)
        raise
    return target


def _write(path: Path, pieces: Iterable[bytes], length: int, progress: Progress | None) -> str:
    sha = hashlib.sha256()
    done = 0
    with path.open("wb") as out:
        for piece in pieces:
            out.write(piece)
            sha.update(piece)
            done += len(piece)
            if progress:
                progress(done, 2 * length)
        out.flush()
        os.fsync(out.fileno())
        _forget_cached(out)
    if done != length:
        raise ValueError("another length than announced")
    return sha.hexdigest()


def _read_back(path: Path, length: int, progress: Progress | None) -> str:
    sha = hashlib.sha256()
    done = 0
    with path.open("rb") as source:
        while piece := source.read(CHUNK):
            sha.update(piece)
            done += len(piece)
            if progress:
                progress(length + done, 2 * length)
    return sha.hexdigest()


def _forget_cached(file: BinaryIO) -> None:
    """Ask the system to drop what it remembers of the file, so that reading back asks the stick."""
    advise = getattr(os, "posix_fadvise", None)
    if advise is not None:
        with contextlib.suppress(OSError):
            advise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def _flush_folder(folder: Path) -> None:
    """Make the new name last, where the system lets a folder be flushed (not on Windows)."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        with contextlib.suppress(OSError):
            os.fsync(handle)
    finally:
        os.close(handle)


def _forget(path: Path) -> None:
    with contextlib.suppress(OSError):
        path.unlink(missing_ok=True)


def _fault(error: OSError, path: Path) -> WorldError:
    """What a fault of the system means to a person."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return world_error("no_space", file=path.name)
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS, errno.EEXIST, errno.ENOTDIR):
        return world_error("not_writable", file=path.name)
    if error.errno in (errno.ENOENT, errno.ENODEV, errno.ENXIO):
        return world_error("missing", file=path.name)
    return world_error("stick_failed", file=path.name)


@dataclass(frozen=True, slots=True)
class Found:
    """A file that may be an envelope, by its name alone. purpose: one of the four."""

    path: Path
    purpose: str
    size: int


def find_envelopes(places: Iterable[Path], *purposes: str) -> list[Found]:
    """Envelopes in files and folders, by path; folders are searched to a bounded depth, links are not followed.

    purposes: only these, all four if none is given. A place named directly counts whatever its name says.
    WorldError('missing') for a place that is not there.
    """
    wanted = {ending: purpose for purpose, ending in ENDINGS.items() if not purposes or purpose in purposes}
    found: dict[Path, Found] = {}
    for place in places:
        if place.is_dir():
            for one in _search(place, wanted):
                found.setdefault(one.path, one)
        elif place.is_file():
            purpose = wanted.get(place.suffix.lower(), "")
            found.setdefault(place, Found(place, purpose, place.stat().st_size))
        else:
            raise world_error("missing", file=place.name)
    return sorted(found.values(), key=lambda one: str(one.path))


def _search(folder: Path, wanted: dict[str, str]) -> Iterator[Found]:
    waiting = [(folder, 0)]
    seen = 0
    while waiting:
        here, depth = waiting.pop()
        for entry in _listed(here):
            seen += 1
            if seen > MOST:
                return
            with contextlib.suppress(OSError):
                if entry.is_dir(follow_symlinks=False) and depth < DEPTH and not entry.name.startswith("."):
                    waiting.append((Path(entry.path), depth + 1))
                elif entry.is_file(follow_symlinks=False) and not entry.name.startswith("._"):
                    ending = Path(entry.name).suffix.lower()
                    if ending in wanted:
                        yield Found(Path(entry.path), wanted[ending], entry.stat().st_size)


def _listed(folder: Path) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            return sorted(entries, key=lambda e: e.name)
    except OSError:
        return []
