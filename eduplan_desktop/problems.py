"""Findings about data: values in a list, never raised (D20)."""

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as attribute
from enum import StrEnum


class Severity(StrEnum):
    """The two tiers of D20."""

    ERROR = "error"
    """错误: must be fixed before the slice can be reported."""
    DOUBT = "doubt"
    """存疑: fix it or explain it; the explanation travels."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One finding with a code, a place and the parameters of its sentence.

    code:     key into `registers.check.MESSAGES`.
    register: register name; row: row id ("" for the register as a whole); field: field name or "".
    params:   values for the sentence; never a sealed value.
    fix:      (label, field, value) one offered correction, or None.
    """

    code: str
    severity: Severity
    register: str
    row: str = ""
    field: str = ""
    params: Mapping[str, str | int] = attribute(default_factory=dict)
    fix: tuple[str, str, str | int | None] | None = None

    @property
    def key(self) -> str:
        """Stable name of this finding, used to attach an explanation: register/row/field/code."""
        return f"{self.register}/{self.row}/{self.field}/{self.code}"
