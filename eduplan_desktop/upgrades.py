"""Row changes between schema versions of a register: pure, shared by migrations and by the reading of bundles (D19).

A step is written once, here, when a register's version rises in a way that old rows must follow (a field renamed, a code
replaced). Steps of a register are in rising order; a version that only adds fields needs none.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from eduplan_desktop.registers.model import Row

Version = tuple[int, int]
"""(major, minor) of a register's schema."""


@dataclass(frozen=True, slots=True)
class Upgrade:
    """to: the version whose rows `change` gives; change: a row of any version between the step before and `to`, to a new row."""

    to: Version
    change: Callable[[Row], Row]


UPGRADES: Final[Mapping[str, tuple[Upgrade, ...]]] = MappingProxyType({})
"""Steps by register name. Empty while every register still has its first version."""


def upgrade(register: str, row: Row, version: Version, steps: Mapping[str, tuple[Upgrade, ...]] = UPGRADES) -> Row:
    """`row` of schema `version` as the present program would have written it; `row` itself is not changed."""
    found = dict(row)
    for step in steps.get(register, ()):
        if version < step.to:
            found = step.change(found)
    return found
