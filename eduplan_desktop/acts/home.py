"""The key and settings folder (D6): school keys, the list of every number signed, settings. Never inside a data file.

Called by the acts that enrol, submit and receive, and by the window for its settings. Owns the files below
`Environment.home`; knows nothing of stores and bundles.
"""

import json
import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eduplan_desktop.environment import HOME_POINTER, Environment, user_folder
from eduplan_desktop.errors import WorldError
from eduplan_desktop.i18n import _
from eduplan_desktop.store.snapshot import sync_folder


def write_atomically(path: Path, body: bytes, *, private: bool = False) -> None:
    """Replace `path` by `body`: written beside it, flushed to disk, renamed. A crash leaves the old or the new file."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        spare = path.with_name(path.name + ".new")
        handle = os.open(spare, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600 if private else 0o644)
        with os.fdopen(handle, "wb") as file:
            file.write(body)
            file.flush()
            os.fsync(file.fileno())
        os.replace(spare, path)
        sync_folder(path.parent)
    except OSError as fault:
        with suppress(OSError):
            path.with_name(path.name + ".new").unlink(missing_ok=True)
        raise WorldError(
            "not_writable",
            _("“{file}”写不进去。").format(file=path.name),
            _("请检查磁盘空间和写入权限，或换一个文件夹、换一个文件名。"),
        ) from fault


def keep_file(path: Path, body: bytes, *, private: bool = False) -> None:
    """`write_atomically` in the key and settings folder."""
    try:
        write_atomically(path, body, private=private)
    except WorldError as fault:
        raise WorldError(
            "home_unwritable",
            _("写不进密钥和设置文件夹 {parent}。").format(parent=path.parent),
            _("请检查磁盘空间和写入权限，或改用别的文件夹。"),
        ) from fault


def read_settings(home: Path) -> dict[str, Any]:
    """Settings of this installation; a missing or damaged file counts as empty."""
    try:
        found = json.loads((home / "settings.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def write_settings(home: Path, settings: Mapping[str, Any]) -> None:
    """Store the settings of this installation."""
    keep_file(home / "settings.json", json.dumps(dict(settings), ensure_ascii=False, indent=1).encode())


def choose_home(folder: Path) -> None:
    """Note that keys and settings lie in `folder`. The note itself is on the system disk and goes when that is reset."""
    keep_file(user_folder() / HOME_POINTER, str(folder.resolve()).encode())


@dataclass(frozen=True, slots=True)
class SchoolKeys:
    """The two secret keys of one data file on this installation: raw Ed25519 seed and raw X25519 scalar (32 bytes each)."""

    sign: bytes
    seal: bytes


def _listed(value: object) -> list[object]:
    if not isinstance(value, list):
        raise TypeError(value)
    return value


class KeyFolder:
    """Keys and signed numbers of one data file on this installation."""

    def __init__(self, env: Environment, file_id: str) -> None:
        self.folder = env.home / "keys" / file_id

    def keys(self) -> SchoolKeys | None:
        """The key pair, or None where this installation has none for the file (a copied file carries no identity)."""
        try:
            body = json.loads((self.folder / "keys.json").read_text(encoding="ascii"))
            return SchoolKeys(bytes.fromhex(body["sign"]), bytes.fromhex(body["seal"]))
        except FileNotFoundError:
            return None
        except (OSError, ValueError, KeyError, TypeError) as fault:
            raise WorldError(
                "keys_damaged",
                _("本机保存的学校密钥读不出来。"),
                _("请用县配置包重新申请入网；序号会接着原来的，不会丢数据。"),
            ) from fault

    def put_keys(self, keys: SchoolKeys) -> None:
        """Store a new key pair; an older one is replaced (enrol again)."""
        body = json.dumps({"sign": keys.sign.hex(), "seal": keys.seal.hex()}).encode()
        keep_file(self.folder / "keys.json", body, private=True)

    def _state(self) -> dict[str, Any]:
        try:
            found = json.loads((self.folder / "signed.json").read_text(encoding="ascii"))
            return {"signed": [str(d) for d in _listed(found["signed"])], "kit": int(found["kit"])}
        except FileNotFoundError:
            return {"signed": [], "kit": 0}
        except (OSError, ValueError, KeyError, TypeError) as fault:
            raise WorldError(
                "keys_damaged", _("本机的报送序号记录读不出来。"), _("请从县里最近的回执恢复，再继续报送。")
            ) from fault

    def signed(self) -> list[str]:
        """Digests of every bundle ever signed here for this file, in order of sequence."""
        return [str(d) for d in self._state()["signed"]]

    def highest_kit(self) -> int:
        """Highest kit version ever seen for this file on this installation."""
        return int(self._state()["kit"])

    def note_signed(self, digests: list[str]) -> None:
        """Remember the full list of signed digests; written before a bundle leaves, so no number is signed twice."""
        keep_file(
            self.folder / "signed.json",
            json.dumps({**self._state(), "signed": digests}).encode(),
            private=True,
        )

    def note_kit(self, version: int) -> None:
        """Remember the highest kit version."""
        state = self._state()
        state["kit"] = max(version, int(state["kit"]))
        keep_file(self.folder / "signed.json", json.dumps(state).encode(), private=True)
