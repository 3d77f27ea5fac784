"""Settings as the window sees them: who uses the program, the key folder, backups, passphrases and recovery codes, language."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from eduplan_desktop.acts import home, key_home, person
from eduplan_desktop.acts.key_home import KeyPlace
from eduplan_desktop.acts.session import Session
from eduplan_desktop.environment import Environment
from eduplan_desktop.i18n import _
from eduplan_desktop.store import backup, compartments
from eduplan_desktop.store.backup import Backup
from eduplan_desktop.store.bodies import BACKUPS
from eduplan_desktop.store.journal import act
from eduplan_desktop.store.storage import Probe, kind_of_storage

if TYPE_CHECKING:
    from eduplan_desktop.bundle.eject import Ejected, Stick

LANGUAGE = "language"
LANGUAGES = ("zh_CN", "en")
LOCK_AFTER = "lock_after"
LOCK_CHOICES = (5, 10, 20, 30)
LOCK_STANDARD = 10


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
        return key_home.place(self._session.env, self._probe)

    def use_home(self, env: Environment) -> None:
        """Go on with the key folder of `env`, chosen just now."""
        self._session.env = self._session.store.env = replace(self._session.env, home=env.home)

    # -- sticks ---------------------------------------------------------------------------------------------------
    def stick_of(self, folder: Path) -> Stick | None:
        """The stick a folder lies on, None for any other place. Looks at all drives."""
        from eduplan_desktop.bundle import eject

        return eject.stick_of(folder)

    def eject(self, folder: Path) -> Ejected:
        """Flush a folder and let its stick go; slow."""
        from eduplan_desktop.bundle import eject

        return eject.eject(folder)

    def by_hand(self) -> str:
        """What to do where the program cannot eject a stick."""
        from eduplan_desktop.bundle import eject

        return eject.by_hand()

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

    def lock_minutes(self) -> int:
        """Minutes without use after which open compartments lock by themselves."""
        found = home.read_settings(self._session.env.home).get(LOCK_AFTER)
        return found if found in LOCK_CHOICES else LOCK_STANDARD

    def set_lock_minutes(self, minutes: int) -> None:
        """Choose one of `LOCK_CHOICES`; there is no "never"."""
        if minutes not in LOCK_CHOICES:
            raise ValueError(minutes)
        folder = self._session.env.home
        home.write_settings(folder, {**home.read_settings(folder), LOCK_AFTER: minutes})

    # -- language -------------------------------------------------------------------------------------------------
    def language(self) -> str:
        """Language of the window: zh_CN or en."""
        found = home.read_settings(self._session.env.home).get(LANGUAGE)
        return found if found in LANGUAGES else LANGUAGES[0]

    def set_language(self, language: str) -> None:
        """Use a language from the next start on."""
        folder = self._session.env.home
        home.write_settings(folder, {**home.read_settings(folder), LANGUAGE: language})
