"""Faults of the world: a file, a disk, a foreign bundle. Raised, each with a stable code and advice for the person.

Findings about *data* are `problems.Problem` values and are never raised. Anything that is neither is a bug and reaches
the exception hook.
"""

from typing import Any


class EduPlanError(Exception):
    """Root of all faults of the world.

    code:    stable word for scripts and tests, listed in docs/format.md or docs/architecture.md.
    message: one Chinese sentence saying what happened.
    advice:  one Chinese sentence saying what to do now.
    params:  facts for the caller (never a sealed value, never a passphrase).
    """

    exit_code = 1

    def __init__(self, code: str, message: str, advice: str = "", **params: Any) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.advice = advice
        self.params = params

    def __str__(self) -> str:
        return f"{self.message} {self.advice}".strip()


class WorldError(EduPlanError):
    """Disk, file system, device: the world failed; exit 3."""

    exit_code = 3


class StoreError(WorldError):
    """A data file cannot be used as asked: busy, full, read_only, damaged, too_new, not_ours, removable, missing."""


class RefusedError(EduPlanError):
    """The program declines an act a person asked for, and says why; exit 1."""


class LockedError(RefusedError):
    """A compartment is closed and the act needs it open, or the passphrase fits no slot."""


class BundleError(EduPlanError):
    """A foreign envelope is refused; `code` is one of docs/format.md §9."""


class ExchangeError(EduPlanError):
    """A spreadsheet cannot be read or written; exit 1."""


class CancelledError(EduPlanError):
    """The person cancelled; nothing was changed."""

    def __init__(self) -> None:
        super().__init__("cancelled", "已取消。", "没有改动任何数据。")
