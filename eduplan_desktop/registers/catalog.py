"""The registers of this program, in the order screens and bundles list them."""

from typing import Final

from eduplan_desktop.registers.checkup import CHECKUP
from eduplan_desktop.registers.drill import DRILL
from eduplan_desktop.registers.equipment import EQUIPMENT
from eduplan_desktop.registers.equipment_change import EQUIPMENT_CHANGE
from eduplan_desktop.registers.hazard import HAZARD
from eduplan_desktop.registers.health_consent import HEALTH_CONSENT
from eduplan_desktop.registers.model import Register
from eduplan_desktop.registers.room import ROOM
from eduplan_desktop.registers.safety_check import SAFETY_CHECK
from eduplan_desktop.registers.school import SCHOOL
from eduplan_desktop.registers.school_year import SCHOOL_YEAR
from eduplan_desktop.registers.staff import STAFF

REGISTERS: Final[tuple[Register, ...]] = (
    SCHOOL,
    SCHOOL_YEAR,
    ROOM,
    STAFF,
    EQUIPMENT,
    EQUIPMENT_CHANGE,
    SAFETY_CHECK,
    HAZARD,
    DRILL,
    HEALTH_CONSENT,
    CHECKUP,
)
_BY_NAME: Final = {r.name: r for r in REGISTERS}


def register(name: str) -> Register:
    """The register of that name. Raises KeyError."""
    return _BY_NAME[name]
