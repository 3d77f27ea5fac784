"""Settings as the window sees them: who uses the program, the key folder, backups, passphrases and recovery codes, language."""

import shutil
from dataclasses import dataclass
from pathlib import Path

from eduplan_desktop.acts import home, person
from eduplan_desktop.acts.session import Session
from eduplan_desktop.environment import HOME_POINTER, user_folder
from eduplan_desktop.errors import RefusedError, WorldError
from eduplan_desktop.i18n import _
from eduplan_desktop.store import backup, compartments
from eduplan_desktop.store.backup import Backup
from eduplan_desktop.store.bodies import BACKUPS
from eduplan_desktop.store.journal import act
from eduplan_desktop.store.storage import Probe, kind_of_storage

LANGUAGE = "language"
LANGUAGES = ("zh_CN", "en")


@dataclass(frozen=True, slots=True)
class KeyPlace:
    """Where keys and settings lie. chosen: a person chose the folder; fixed: it lies on a disk of this PC."""

    folder: Path
    chosen: bool
    fixed: bool


class SettingsDesk:
    """Acts on this installation and on the file as a whole."""

    def __init__(self, session: Session, probe: Probe = kind_of_storage) -> None:
        self._session = session
        self._probe = probe

    # -- the person -----------------------------------------------------------------------------------------------
    def who(self) -> str:
        """The name written into the journal, '' where nobody said."""
        return self._session.env.who

    def set_who(self, name: str) -> None:
        """Say who uses the program from now on."""
        person.set_who(self._session, name)

    # -- the key folder -------------------------------------------------------------------------------------------
    def key_place(self) -> KeyPlace:
        """The key and settings folder of this installation (D6)."""
        folder = self._session.env.home
        pointed = (user_folder() / HOME_POINTER).is_file()
        return KeyPlace(folder, pointed, self._storage(folder) == "fixed")

    def _storage(self, folder: Path) -> str:
        near = folder
        while not near.exists() and near != near.parent:
            near = near.parent
        return self._probe(near)

    def choose_key_folder(self, folder: Path) -> Path:
        """Use a folder on a fixed disk for keys and settings from the next start on; what is here now is copied there.

        Nothing is removed, and a key that is already there is never replaced. Raises RefusedError key_folder_storage or
        key_folder_taken, WorldError home_unwritable.
        """
        folder, here = folder.resolve(), self._session.env.home.resolve()
        if self._storage(folder) != "fixed":
            raise RefusedError(
                "key_folder_storage",
                _("密钥不能放在 U 盘或网络盘上。"),
                _("请选本机硬盘上的文件夹；有还原卡的电脑选不会被还原的盘，例如 D 盘。"),
            )
        if folder != here:
            self._copy_keys(here, folder)
        home.choose_home(folder)
        return folder

    def _copy_keys(self, here: Path, there: Path) -> None:
        held = {p.name for p in (there / "keys").glob("*")}
        mine = {p.name for p in (here / "keys").glob("*")}
        if held & mine:
            raise RefusedError(
                "key_folder_taken",
                _("那个文件夹里已经有同一个文件的密钥。"),
                _("请选一个空文件夹，两套密钥不要混在一起。"),
            )
        try:
            for name in sorted(mine):
                shutil.copytree(here / "keys" / name, there / "keys" / name)
            if (here / "settings.json").is_file() and not (there / "settings.json").exists():
                there.mkdir(parents=True, exist_ok=True)
                shutil.copy2(here / "settings.json", there / "settings.json")
        except OSError as fault:
            raise WorldError(
                "home_unwritable", _("密钥没有复制过去，仍用原来的文件夹。"), _("请检查磁盘空间和写入权限。")
            ) from fault

    # -- backups --------------------------------------------------------------------------------------------------
    def backups(self, folder: Path | None = None) -> list[Backup]:
        """Backups of this file, newest first: beside it, or those in a folder."""
        store = self._session.store
        return backup.backups(folder or store.files / BACKUPS, store.file_id)[::-1]

    def backup_now(self) -> Path:
        """A verified backup beside the file; the last ten are kept."""
        return backup.backup_beside(self._session.store)

    # -- compartments ---------------------------------------------------------------------------------------------
    def change_passphrase(self, name: str, passphrase: str) -> None:
        """A new passphrase in the place of the old; the compartment must be open. Raises RefusedError weak_passphrase."""
        opened = self._session.opened_or_refuse(name)
        with act(self._session.store, "compartment.passphrase", _("更换保险库口令"), undoable=False) as a:
            compartments.change_passphrase(a, opened, passphrase)

    def new_recovery_code(self, name: str) -> str:
        """A new recovery code, shown once; the old one opens nothing from now on."""
        opened = self._session.opened_or_refuse(name)
        with act(self._session.store, "compartment.recovery", _("更换保险库恢复码"), undoable=False) as a:
            return str(compartments.change_recovery_code(a, opened))

    def print_recovery_code(self, name: str, code: str, to: Path) -> Path:
        """The recovery code on a page, written only where the person says; nothing keeps a copy."""
        from eduplan_desktop.acts.school_paper import imprint
        from eduplan_desktop.reports import vault_code

        page = vault_code.VaultCode(
            self._session.name, name == "health", code, self._session.today(), imprint(self._session)
        )
        to.parent.mkdir(parents=True, exist_ok=True)
        home.write_atomically(to, vault_code.render(page), private=True)
        return to

    # -- language -------------------------------------------------------------------------------------------------
    def language(self) -> str:
        """Language of the window: zh_CN or en."""
        found = home.read_settings(self._session.env.home).get(LANGUAGE)
        return found if found in LANGUAGES else LANGUAGES[0]

    def set_language(self, language: str) -> None:
        """Use a language from the next start on."""
        folder = self._session.env.home
        home.write_settings(folder, {**home.read_settings(folder), LANGUAGE: language})
