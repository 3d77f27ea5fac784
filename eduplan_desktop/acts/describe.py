"""What the registers are, for scripts: names, fields, labels, kinds, choices."""

from typing import Any

from eduplan_desktop.acts.session import Session
from eduplan_desktop.i18n import _
from eduplan_desktop.registers.catalog import REGISTERS
from eduplan_desktop.registers.model import Field, Register


def registers(session: Session) -> list[dict[str, Any]]:
    """Every register with its fields."""
    return [_register(session, register) for register in REGISTERS]


def _register(session: Session, register: Register) -> dict[str, Any]:
    sealed = {f.name: s.compartment for s in register.sections if s.compartment for f in s.fields}
    return {
        "name": register.name,
        "label": _(register.label),
        "version": list(register.version),
        "slice_by": str(register.slice_by),
        "identity": list(register.identity),
        "fields": [_field(session, f, sealed.get(f.name, "")) for f in register.fields],
    }


def _field(session: Session, field: Field, compartment: str) -> dict[str, Any]:
    found: dict[str, Any] = {
        "name": field.name,
        "label": _(field.label),
        "kind": str(field.kind),
        "unit": field.unit,
        "required": field.required,
        "places": field.places,
        "compartment": compartment,
    }
    if field.choices:
        table = session.catalogs.table(field.choices)
        found["choices"] = {"name": table.name, "scheme": table.scheme, "version": table.version}
        if len(table.live) <= 100:
            found["choices"]["codes"] = {e.code: e.label for e in table.live}
    if field.target:
        found["target"] = field.target
    return found
