"""The manifest (docs/format.md §5): what every envelope says in clear, and the shapes of the identifiers in it (§2)."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

from eduplan_desktop.bundle.coding import dump_json, load_object
from eduplan_desktop.bundle.words import refused
from eduplan_desktop.errors import BundleError

MAJOR: Final = 1
ENDINGS: Final = {"kit": ".edukit", "enrolment": ".eduenrol", "submission": ".edub", "receipt": ".edurcpt"}
"""Purpose → file ending."""
NOBODY: Final = "-"
"""Stands where an envelope has no school or data file."""
COMPARTMENTS: Final = ("", "personal", "health")
MANIFEST_LIMIT: Final = 1 << 20

COUNTY: Final = re.compile(r"[0-9]{6}", re.ASCII)
UID: Final = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", re.ASCII)
DIGEST: Final = re.compile(r"[0-9a-f]{64}", re.ASCII)
SLICE: Final = re.compile(r"[a-z][a-z_]{0,39}(/[0-9]{4})?", re.ASCII)
ITEM: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,39}", re.ASCII)
MOMENT: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z", re.ASCII)
_CATALOG: Final = re.compile(r"catalog/[A-Za-z0-9._-]{1,40}", re.ASCII)
_PART: Final = re.compile(r"p[0-9]{3}\.(age|zip)", re.ASCII)
_WHOLE_PARTS: Final = ("county", "enrolment", "receipt", "photos")
_LARGEST: Final = 2**31
_KIND: Final[Mapping[str, str]] = {"kit": "zip"}


@dataclass(frozen=True, slots=True)
class PartInfo:
    """One part as the manifest lists it. size: bytes of the sealed part; rows: None where it is not told."""

    name: str
    sha256: str
    size: int
    holds: str
    compartment: str = ""
    rows: int | None = None

    def as_json(self) -> dict[str, Any]:
        """As the manifest holds it."""
        out: dict[str, Any] = {"name": self.name, "sha256": self.sha256, "bytes": self.size, "holds": self.holds}
        if self.compartment:
            out["compartment"] = self.compartment
        if self.rows is not None:
            out["rows"] = self.rows
        return out


@dataclass(frozen=True, slots=True)
class Heading:
    """Who sends what to whom. school: uid or '-'; number: sequence, kit version, receipt number, or 0 (enrolment).

    made: UTC moment, information only; program: version of the program that wrote it.
    """

    purpose: str
    county: str
    school: str
    number: int
    made: str
    program: str

    @property
    def comment(self) -> str:
        """The trusted comment of the signature."""
        return f"eduplan {self.purpose} {self.county} {self.school} {self.number}"


@dataclass(frozen=True, slots=True)
class Manifest:
    """A manifest that has been read. body: the whole JSON object, for what one purpose adds."""

    heading: Heading
    parts: tuple[PartInfo, ...]
    body: Mapping[str, Any]

    def part(self, holds: str, compartment: str = "") -> PartInfo | None:
        """The part that holds this, or None."""
        return next((p for p in self.parts if (p.holds, p.compartment) == (holds, compartment)), None)


def bundle_digest(manifest: bytes) -> str:
    """SHA-256 of the bytes of `manifest.json`, hexadecimal."""
    return hashlib.sha256(manifest).hexdigest()


def part_name(number: int, purpose: str) -> str:
    """Name of the `number`-th part, from 1."""
    return f"p{number:03d}.{_KIND.get(purpose, 'age')}"


def write_manifest(heading: Heading, parts: Sequence[PartInfo], extra: Mapping[str, Any]) -> bytes:
    """The bytes that are signed."""
    body: dict[str, Any] = {
        **extra,
        "format": MAJOR,
        **asdict(heading),
        "parts": [p.as_json() for p in parts],
    }
    return dump_json(body)


def read_manifest(data: bytes) -> Manifest:
    """What every manifest says; BundleError('bad_manifest') unless it is as §5 says. Unknown keys are left alone."""
    body = load_object(data, "bad_manifest")
    if text(body, "purpose") not in ENDINGS or whole(body, "format") != MAJOR:
        raise bad("format")
    heading = Heading(
        purpose=text(body, "purpose"),
        county=text(body, "county", COUNTY),
        school=_uid_or_nobody(body),
        number=whole(body, "number"),
        made=text(body, "made", MOMENT),
        program=text(body, "program"),
    )
    if (heading.purpose == "kit") != (heading.school == NOBODY) or (heading.purpose == "enrolment" and heading.number):
        raise bad("school")
    parts = tuple(_read_part(one) for one in listed(body, "parts"))
    if [p.name for p in parts] != [part_name(i, heading.purpose) for i in range(1, len(parts) + 1)]:
        raise bad("parts")
    if len({(p.holds, p.compartment) for p in parts}) != len(parts):
        raise bad("parts")
    return Manifest(heading, parts, body)


def _uid_or_nobody(body: Mapping[str, Any]) -> str:
    return NOBODY if body.get("school") == NOBODY else text(body, "school", UID)


def _read_part(one: Any) -> PartInfo:
    if not isinstance(one, Mapping):
        raise bad("parts")
    compartment = text(one, "compartment") if "compartment" in one else ""
    holds = text(one, "holds")
    known = holds in _WHOLE_PARTS or SLICE.fullmatch(holds) or _CATALOG.fullmatch(holds)
    if not known or compartment not in COMPARTMENTS or ("compartment" in one and not compartment):
        raise bad("parts")
    if compartment == "health" and "rows" in one:
        raise bad("rows")
    rows = whole(one, "rows") if "rows" in one else None
    return PartInfo(
        text(one, "name", _PART), text(one, "sha256", DIGEST), whole(one, "bytes"), holds, compartment, rows
    )


def bad(key: str, code: str = "bad_manifest") -> BundleError:
    """The refusal of a JSON body in which `key` is not as it must be."""
    return refused(code, key=key)


def text(body: Mapping[str, Any], key: str, shape: re.Pattern[str] | None = None, code: str = "bad_manifest") -> str:
    """A string, of this shape if one is given."""
    value = body.get(key)
    if not isinstance(value, str) or (shape and not shape.fullmatch(value)):
        raise bad(key, code)
    return value


def whole(body: Mapping[str, Any], key: str, code: str = "bad_manifest") -> int:
    """A whole number from 0 to 2**31."""
    value = body.get(key)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= _LARGEST:
        raise bad(key, code)
    return value


def whole_or_none(body: Mapping[str, Any], key: str, code: str = "bad_manifest") -> int | None:
    """A whole number, or null or nothing."""
    return None if body.get(key) is None else whole(body, key, code)


def flag(body: Mapping[str, Any], key: str, code: str = "bad_manifest") -> bool:
    """true or false."""
    value = body.get(key)
    if not isinstance(value, bool):
        raise bad(key, code)
    return value


def listed(body: Mapping[str, Any], key: str, code: str = "bad_manifest") -> list[Any]:
    """A list."""
    value = body.get(key)
    if not isinstance(value, list):
        raise bad(key, code)
    return value


def digests(body: Mapping[str, Any], key: str, code: str = "bad_manifest") -> tuple[str, ...]:
    """A list of different digests."""
    found = tuple(str(one) for one in listed(body, key, code))
    if len(set(found)) != len(found) or not all(DIGEST.fullmatch(one) for one in found):
        raise bad(key, code)
    return found


def objects(body: Mapping[str, Any], key: str, code: str = "bad_manifest") -> list[Mapping[str, Any]]:
    """A list of objects."""
    found = listed(body, key, code)
    if not all(isinstance(one, dict) for one in found):
        raise bad(key, code)
    return found


def mapping(body: Mapping[str, Any], key: str, code: str = "bad_manifest") -> Mapping[str, Any]:
    """An object."""
    value = body.get(key)
    if not isinstance(value, dict):
        raise bad(key, code)
    return value
