"""An item of the calendar as a person writes it: 每日检查 2025、房间 for slices, 学校概况.办学类型 for fields that must be filled."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from eduplan_desktop.i18n import _
from eduplan_desktop.registers.model import Register


def item_words(registers: Sequence[Register], item: Mapping[str, Any]) -> tuple[str, str]:
    """What an item asks for, as a person writes it: (slices, fields)."""
    known = {r.name: r for r in registers}
    slices = []
    for name in item["slices"]:
        head, _slash, year = name.partition("/")
        slices.append(f"{_(known[head].label) if head in known else head} {year}".strip())
    fields = [
        f"{_(known[r].label)}.{_(known[r].by_name[f].label)}" for r, names in item["required"].items() for f in names
    ]
    return "、".join(slices), "、".join(fields)


def slices_typed(registers: Sequence[Register], text: str) -> str:
    """`每日检查 2025、房间` as the core reads it: `safety_check/2025,room`. What is not known stays, for the core to refuse."""
    names = {_(r.label): r.name for r in registers}
    found = []
    for part in _parts(text):
        label, _space, year = part.rpartition(" ") if part[-4:].isdigit() and " " in part else (part, "", "")
        head = names.get(label.strip(), label.strip())
        found.append(f"{head}/{year}" if year else head)
    return ",".join(found)


def fields_typed(registers: Sequence[Register], text: str) -> str:
    """`学校概况.办学类型` as the core reads it: `school.school_type`."""
    by_label = {_(r.label): r for r in registers}
    found = []
    for part in _parts(text):
        label, _dot, field = part.partition(".")
        register = by_label.get(label.strip())
        names = {_(f.label): f.name for f in register.fields} if register else {}
        found.append(f"{register.name if register else label}.{names.get(field.strip(), field.strip())}")
    return ",".join(found)


def _parts(text: str) -> list[str]:
    return [part.strip() for part in re.split(r"[、,，;；\n]+", text) if part.strip()]
