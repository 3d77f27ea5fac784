"""One signal for everything written: form, table, totals and badges refresh from it."""

from typing import Any

from PySide6.QtCore import QObject, Signal


class ChangeHub(QObject):
    """`changed(Changes)` after each write. `Changes.registers` and `.ids` say what to read again; None means everything."""

    changed = Signal(object)

    def publish(self, changes: Any | None) -> None:
        """Tell everybody; called by whoever called a writing method of the workspace."""
        self.changed.emit(changes)

    @staticmethod
    def concerns(changes: Any | None, register: str) -> bool:
        """Whether a change touches this register."""
        return changes is None or register in changes.registers
