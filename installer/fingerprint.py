"""The content of the repository in one word: changes when any file that git would keep changes, and with the commit."""

from __future__ import annotations

import hashlib
import subprocess
from collections.abc import Iterator
from pathlib import Path

IGNORED = {".git", ".venv", ".proof", ".tools", "__pycache__", "build", "dist"}


def _git(root: Path, *arguments: str) -> bytes | None:
    try:
        done = subprocess.run(["git", *arguments], cwd=root, stdin=subprocess.DEVNULL, capture_output=True, check=False)
    except OSError:
        return None
    return done.stdout if done.returncode == 0 else None


def repository_files(root: Path) -> Iterator[Path]:
    """Every file git keeps or would keep; without git every file outside tool folders."""
    listed = _git(root, "ls-files", "-z", "--cached", "--others", "--exclude-standard")
    if listed is not None:
        names = sorted({name.decode("utf-8", "surrogateescape") for name in listed.split(b"\0") if name})
        yield from (root / name for name in names if (root / name).is_file())
        return
    for path in sorted(root.rglob("*")):
        if path.is_file() and not IGNORED & set(path.relative_to(root).parts):
            yield path


def content_fingerprint(root: Path) -> str:
    """Sixteen hex digits over the commit and the names and bytes of all files but the prose."""
    digest = hashlib.sha256(_git(root, "rev-parse", "HEAD") or b"no commit")
    for path in repository_files(root):
        if path.suffix != ".md":
            digest.update(str(path.relative_to(root)).encode("utf-8", "surrogateescape") + b"\0")
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:16]
