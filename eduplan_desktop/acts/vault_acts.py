"""The facade's acts on compartments: making, opening, locking, and erasing a person from one for good."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from eduplan_desktop.acts import records
from eduplan_desktop.acts.session import COMPARTMENTS
from eduplan_desktop.errors import EduPlanError
from eduplan_desktop.registers.catalog import register

if TYPE_CHECKING:
    from eduplan_desktop.acts.erasing import Erased, SealedPerson
    from eduplan_desktop.acts.session import Session
    from eduplan_desktop.registers.model import Row


class VaultActs:
    """What a person does with vaults; part of `Workspace`."""

    session: Session

    def compartment_state(self, name: str) -> str:
        """ "none", "locked" or "open"."""
        from eduplan_desktop.acts import vaults

        return vaults.state(self.session, name)

    def make_compartment(self, name: str, passphrase: str) -> str:
        """Make a compartment; returns the recovery code, shown once."""
        from eduplan_desktop.acts import vaults

        return vaults.create(self.session, name, passphrase)

    def open_compartment(self, name: str, secret: str) -> None:
        """Open a compartment with a passphrase or recovery code."""
        from eduplan_desktop.acts import vaults

        vaults.unlock(self.session, name, [secret])

    def person_of(self, register_name: str, row: Row) -> str:
        """The id of the person whose data key seals this row."""
        return records.person_of(register(register_name), row)

    def sealed_people(self, name: str, school: str = "") -> list[SealedPerson]:
        """Everybody of whom a compartment holds something, those removed from the register too; in a county of one school."""
        from eduplan_desktop.acts import erasing

        return erasing.people(self.session, name, school)

    def sealed_labels(self, name: str) -> Sequence[str]:
        """What is sealed in a compartment, in the words of the forms."""
        from eduplan_desktop.acts import erasing

        return erasing.labels(name)

    def erase_person(self, name: str, person: str, reason: str, school: str = "") -> Erased:
        """Erase a person's sealed content for good. Cannot be undone, nor can anything before it."""
        from eduplan_desktop.acts import erasing

        return erasing.erase(self.session, name, person, reason, school)

    def open_compartments(self) -> tuple[str, ...]:
        """Names of the compartments that are open now."""
        return tuple(name for name in COMPARTMENTS if name in self.session.opened)

    def prepare_sealed(self) -> int:
        """Make the sealed parts of the next submission, as before the compartments are locked."""
        from eduplan_desktop.acts import files

        return files.prepare_sealed(self.session)

    def lock(self, name: str) -> None:
        """Prepare what is to be reported, then forget the key at once. A part that cannot be made now is no reason to stay open."""
        from eduplan_desktop.acts import vaults

        try:
            self.prepare_sealed()
        except EduPlanError:
            pass
        finally:
            vaults.lock(self.session, name)
