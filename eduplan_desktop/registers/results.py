"""RESULTS values: catalogue item → value, unit, range and remark inside one row (D16), as canonical JSON.

The form is a JSON object with sorted keys and no blanks: `{"GLU01":{"high":"6.1","value":"5.4"},"SF01":{"value":"1"}}`.
Every part is text exactly as transcribed; parts that are empty are left out, so equal results have equal bytes. Flags are
never stored: they are computed when shown (`health.flag`), because the range that counts may be corrected later.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Final

from eduplan_desktop.registers.refusal import BadValue
from eduplan_desktop.registers.text import clean

LONG_COLUMNS: Final = ("item", "value", "unit", "low", "high", "remark")
"""Columns of the long CSV beside the row id (docs/format.md §6.1)."""
_MAX_LENGTH: Final = {"value": 500, "unit": 30, "low": 30, "high": 30, "remark": 1000}
_MAX_ITEMS: Final = 1000
ANSWER_TABLES: Final[Mapping[str, str]] = {"checklist": "check_result"}
"""Catalogue of items → code table its values are chosen from; values of other catalogues are transcribed as they stand."""


@dataclass(frozen=True, slots=True)
class Result:
    """One result as transcribed. low/high: the range printed on the report itself, '' where none is."""

    value: str = ""
    unit: str = ""
    low: str = ""
    high: str = ""
    remark: str = ""


_PARTS: Final = tuple(f.name for f in fields(Result))


def dump(results: Mapping[str, Result]) -> str | None:
    """Canonical JSON; items without anything said are left out, and nothing at all is NULL."""
    body = {item: {p: v for p in _PARTS if (v := getattr(r, p))} for item, r in results.items()}
    kept = {item: parts for item, parts in body.items() if parts}
    if not kept:
        return None
    return json.dumps(kept, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def load(stored: str | None) -> dict[str, Result]:
    """Results by item code, in order of the code. Raises BadValue for anything `dump` cannot have written."""
    if stored is None:
        return {}
    try:
        body = json.loads(stored)
    except (ValueError, RecursionError) as bad:
        raise BadValue("results_unreadable") from bad
    if not isinstance(body, dict) or len(body) > _MAX_ITEMS:
        raise BadValue("results_unreadable")
    return {item: _result(item, parts) for item, parts in sorted(body.items())}


def _result(item: str, parts: object) -> Result:
    if not isinstance(parts, dict) or not parts or not 0 < len(item) <= 40 or not set(parts) <= set(_PARTS):
        raise BadValue("results_unreadable")
    if any(not isinstance(v, str) or len(v) > _MAX_LENGTH[p] for p, v in parts.items()):
        raise BadValue("results_unreadable")
    clean_parts = {p: clean(v, lines=True)[0] for p, v in parts.items()}
    return Result(**clean_parts)


def canonical(text: str) -> str:
    """The canonical form of any JSON text of results. Raises BadValue."""
    return dump(load(text)) or _nothing()


def _nothing() -> str:
    raise BadValue("results_unreadable")


def to_long(stored: str | None) -> Iterator[tuple[str, ...]]:
    """One tuple of LONG_COLUMNS per item, in order of the item code."""
    for item, r in load(stored).items():
        yield (item, r.value, r.unit, r.low, r.high, r.remark)


def from_long(rows: Iterable[tuple[str, ...]]) -> str | None:
    """The stored value from the long rows of one record. Raises BadValue for a repeated item or a bad part."""
    found: dict[str, Result] = {}
    for item, *parts in rows:
        if item in found or len(parts) != len(_PARTS):
            raise BadValue("results_unreadable")
        found[item] = Result(*parts)
    stored = dump(found)
    return None if stored is None else canonical(stored)
