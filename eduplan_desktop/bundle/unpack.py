"""Reading the tables of an opened part, matched against our declarations; newer minor versions may bring columns we do not know."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Final

from eduplan_desktop.bundle.coding import load_object
from eduplan_desktop.bundle.envelope import Part
from eduplan_desktop.bundle.manifest import DIGEST
from eduplan_desktop.bundle.package import (
    COUNTS,
    EXPLAINED,
    GONE,
    GROUPS,
    PHOTOS,
    RESULTS,
    SCHEMA_KEY,
    open_columns,
    sealed_columns,
)
from eduplan_desktop.bundle.parts import MAX_PHOTO
from eduplan_desktop.bundle.tables import TableReader, bad_rows
from eduplan_desktop.bundle.words import refused
from eduplan_desktop.registers.model import Field, Register

_SCHEMA_LIMIT: Final = 4 << 20

Version = tuple[int, int]


@dataclass(frozen=True, slots=True)
class DeclaredTable:
    """Rows of a table of declared fields.

    fields: the declared fields that are there, in register order; unknown: columns of a newer minor version, left in the file;
    absent: declared fields an older minor version does not have. Iterating gives (id, one text per `fields`); '' is NULL.
    """

    fields: tuple[Field, ...]
    unknown: tuple[str, ...]
    absent: tuple[Field, ...]
    reader: TableReader

    def batches(self) -> Iterator[Sequence[Sequence[str]]]:
        """Rows in lists of about a thousand; BundleError('bad_rows') on the way."""
        if not self.unknown:
            yield from self.reader.batches()
            return
        where = [self.reader.names.index(n) for n in ("id", *(f.name for f in self.fields))]
        pick = itemgetter(*where) if len(where) > 1 else (lambda row: (row[where[0]],))
        for batch in self.reader.batches():
            yield list(map(pick, batch))

    def __iter__(self) -> Iterator[Sequence[str]]:
        for batch in self.batches():
            yield from batch


def check_version(register: Register, version: Version) -> None:
    """BundleError('too_new') for a slice of a newer major version of its register."""
    if version[0] > register.version[0]:
        raise refused("too_new", register=register.name, version=list(version))


def check_schema(part: Part, version: Version) -> None:
    """BundleError('wrong_context') unless datapackage.json states the version the manifest states."""
    body = load_object(part.read("datapackage.json", _SCHEMA_LIMIT), "wrong_context")
    if body.get(SCHEMA_KEY) != list(version):
        raise refused("wrong_context", key=SCHEMA_KEY)


def declared_table(
    part: Part, entry: str, fields: Sequence[Field], register: Register, version: Version
) -> DeclaredTable:
    """The table `entry` of `fields`; BundleError('bad_rows') for columns this version of the register cannot have."""
    reader = TableReader(part.stream(entry))
    by_name = {f.name: f for f in fields}
    found = tuple(by_name[n] for n in reader.names[1:] if n in by_name)
    unknown = tuple(n for n in reader.names[1:] if n not in by_name)
    absent = tuple(f for f in fields if f not in found)
    newer, same_major = version > register.version, version[0] == register.version[0]
    if reader.names[0] != "id" or [f for f in fields if f in found] != list(found):
        raise bad_rows("names")
    if (unknown and not newer) or (same_major and any(f.since <= version[1] and f.retired is None for f in absent)):
        raise bad_rows("names")
    return DeclaredTable(found, unknown, absent, reader)


def open_table(part: Part, register: Register, version: Version) -> DeclaredTable:
    """`REGISTER.csv`."""
    return declared_table(part, f"{register.name}.csv", open_columns(register), register, version)


def sealed_table(part: Part, register: Register, compartment: str, version: Version) -> DeclaredTable:
    """`REGISTER.personal.csv` or `checkup.health.csv`."""
    fields = sealed_columns(register, compartment)
    return declared_table(part, f"{register.name}.{compartment}.csv", fields, register, version)


def consent_table(part: Part, register: Register) -> DeclaredTable:
    """`health_consent.csv` of a health part, which has no slice of its own: its version stands in the datapackage."""
    entry = f"{register.name}.csv"
    body = load_object(part.read("datapackage.json", _SCHEMA_LIMIT), "wrong_context")
    listed = body.get("resources")
    resources = [r for r in listed if isinstance(r, dict)] if isinstance(listed, list) else []
    found = next((r.get(SCHEMA_KEY) for r in resources if r.get("path") == entry), None)
    if not (isinstance(found, list) and len(found) == 2 and all(isinstance(n, int) for n in found)):
        raise refused("wrong_context", key=SCHEMA_KEY)
    version = (int(found[0]), int(found[1]))
    check_version(register, version)
    return declared_table(part, entry, open_columns(register), register, version)


def _fixed(part: Part, entry: str, names: Sequence[str], key: int, ids: bool = True) -> TableReader:
    reader = TableReader(part.stream(entry), key, ids)
    if reader.names != tuple(names):
        raise bad_rows("names")
    return reader


def results(part: Part, register: Register) -> TableReader:
    """Rows of RESULTS by id and item."""
    return _fixed(part, f"{register.name}.results.csv", RESULTS, 2)


def gone(part: Part, register: Register) -> TableReader:
    """Tombstones: rows of GONE."""
    return _fixed(part, f"{register.name}.gone.csv", GONE, 1)


def explained(part: Part, register: Register) -> TableReader:
    """Explanations of 存疑: rows of EXPLAINED."""
    return _fixed(part, f"{register.name}.explained.csv", EXPLAINED, 3)


def photo_list(part: Part, register: Register) -> Iterator[list[str]]:
    """Which photos belong to which row: rows of PHOTOS; nothing where the slice has none."""
    entry = f"{register.name}.photos.csv"
    if entry not in part:
        return
    for row in _fixed(part, entry, PHOTOS, 2):
        if not DIGEST.fullmatch(row[2]) or not all(_number(row[i]) for i in (1, 3)):
            raise bad_rows("photo")
        yield row


def _number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 10 and (text == "0" or text[0] != "0")


def counts(part: Part, register: Register) -> tuple[int, int, int]:
    """应检, 已检, 未检 of the year of the slice."""
    rows = list(_fixed(part, f"{register.name}.counts.csv", COUNTS, 1, ids=False))
    if len(rows) != 1 or not all(map(_number, rows[0])) or rows[0][0] != part.context.slice.partition("/")[2]:
        raise bad_rows("counts")
    due, done, not_done = map(int, rows[0][1:])
    return due, done, not_done


def groups(part: Part) -> list[tuple[str, str, int]]:
    """Exact group counts of a health part: item, flag, number of persons."""
    rows = list(_fixed(part, "groups.csv", GROUPS, 2, ids=False))
    if not all(_number(row[2]) for row in rows):
        raise bad_rows("groups")
    return [(item, flag, int(count)) for item, flag, count in rows]


def photos(part: Part) -> Iterator[tuple[str, bytes]]:
    """(SHA-256, JPEG bytes) of the part `photos`; BundleError('wrong_context') if a photo is not what its name says."""
    for name in part.names:
        digest = name.removesuffix(".jpg")
        if not DIGEST.fullmatch(digest) or digest == name:
            continue
        data = part.read(name, MAX_PHOTO)
        if hashlib.sha256(data).hexdigest() != digest:
            raise refused("wrong_context", reason="photo")
        yield digest, data
