"""The tables of a slice: made from register declarations (docs/format.md §6.1).

Rows are tuples of texts, `id` first, then the declared columns in register order; '' is NULL. `cells` turns stored values into
them. Which columns a slice has, and what they mean, stands in its datapackage.json.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from operator import itemgetter
from typing import Any, Final

from eduplan_desktop.bundle.coding import dump_json
from eduplan_desktop.bundle.envelope import Context
from eduplan_desktop.bundle.outgoing import SealedPart
from eduplan_desktop.bundle.parts import MAX_PHOTO, Cancelled, Packed, Photo, Ready, never, seal_part, table, text
from eduplan_desktop.bundle.tables import BATCH, Cells
from eduplan_desktop.bundle.words import refused
from eduplan_desktop.registers.kinds import schema, to_csv
from eduplan_desktop.registers.model import Field, Kind, Register, Value

RESULTS: Final = ("id", "item", "value", "unit", "low", "high", "remark")
GONE: Final = ("id", "reason")
EXPLAINED: Final = ("id", "field", "code", "text")
PHOTOS: Final = ("id", "n", "sha256", "bytes")
COUNTS: Final = ("year", "due", "done", "not_done")
GROUPS: Final = ("item", "flag", "count")
SCHEMA_KEY: Final = "eduplan:schema"
_TEXT_KINDS: Final = frozenset(Kind) - {Kind.WHOLE, Kind.YES_NO, Kind.DECIMAL, Kind.MONEY}


def open_columns(register: Register) -> tuple[Field, ...]:
    """Columns of `REGISTER.csv` after `id`: the open fields without results."""
    return tuple(f for f in register.open_fields if f.kind is not Kind.RESULTS)


def sealed_columns(register: Register, compartment: str) -> tuple[Field, ...]:
    """Columns of `REGISTER.personal.csv` or `checkup.health.csv` after `id`."""
    return tuple(f for f in register.sealed_fields(compartment) if f.kind is not Kind.RESULTS)


def cells(fields: Sequence[Field], rows: Iterable[Sequence[Value]]) -> Iterator[tuple[str, ...]]:
    """Stored values as texts; each row is (id, one value per field). Works column by column, for speed."""
    writers = [_identity, *(_column(f) for f in fields)]
    source = iter(rows)
    while batch := list(islice(source, BATCH)):
        columns = zip(*batch, strict=True)
        yield from zip(*(write(column) for write, column in zip(writers, columns, strict=True)), strict=True)


def cells_of_dicts(fields: Sequence[Field], rows: Iterable[Mapping[str, Value]]) -> Iterator[tuple[str, ...]]:
    """As `cells`, from dicts that hold `id` and every field."""
    pick: Callable[[Mapping[str, Value]], Sequence[Value]]
    pick = itemgetter("id", *(f.name for f in fields)) if fields else (lambda row: (row["id"],))
    return cells(fields, map(pick, rows))


def _identity(column: Sequence[Value]) -> Sequence[Any]:
    return column


def _column(field: Field) -> Callable[[Sequence[Value]], Sequence[str]]:
    if field.kind in _TEXT_KINDS:
        return lambda column: ["" if v is None else v for v in column]  # type: ignore[misc]
    if field.kind in (Kind.WHOLE, Kind.YES_NO):
        return lambda column: ["" if v is None else str(v) for v in column]
    return lambda column: ["" if v is None else to_csv(field, v) for v in column]


@dataclass(frozen=True, slots=True)
class Sender:
    """Whose slices these are: what every context of a submission repeats."""

    county: str
    school: str
    file: str

    def context(self, slice_name: str, compartment: str = "") -> Context:
        """The context of one part."""
        return Context("submission", self.county, self.school, self.file, slice_name, compartment)


@dataclass(frozen=True, slots=True)
class SliceContent:
    """The rows of a carried slice, each by its key ascending. Texts throughout; see the column constants of this module."""

    rows: Iterable[Cells]
    results: Iterable[Cells] = ()
    gone: Iterable[Cells] = ()
    explained: Iterable[Cells] = ()
    photos: Iterable[Cells] = ()


@dataclass(frozen=True, slots=True)
class HealthContent:
    """What the county health officer gets: rows of consenting persons, exact group counts, tombstones, consents."""

    rows: Iterable[Cells]
    sealed: Iterable[Cells]
    results: Iterable[Cells]
    gone: Iterable[Cells]
    consents: Iterable[Cells]
    groups: Iterable[Cells]


@dataclass(frozen=True, slots=True)
class _Sheet:
    """A packed table and the schema of its columns."""

    entry: Ready
    columns: tuple[Mapping[str, Any], ...]
    version: tuple[int, int] | None = None


def _fixed(name: str, names: Sequence[str], rows: Iterable[Cells], key: int) -> _Sheet:
    """A table whose columns are the same for every register."""
    return _Sheet(table(name, names, rows, key), tuple({"name": n, "type": "string"} for n in names))


def _declared(
    entry: str, register: Register, fields: Sequence[Field], rows: Iterable[Cells], cancelled: Cancelled = never
) -> _Sheet:
    """A table of `id` and declared fields."""
    names = ("id", *(f.name for f in fields))
    columns = ({"name": "id", "type": "string"}, *(schema(f) for f in fields))
    return _Sheet(table(entry, names, rows, 1, cancelled), columns, register.version)


def _package(register: Register, sheets: Sequence[_Sheet]) -> list[Packed]:
    """datapackage.json of these tables (Frictionless Table Schema, with the schema version), then the tables."""
    body = {
        "profile": "tabular-data-package",
        "name": register.name.replace("_", "-"),
        "title": register.label,
        SCHEMA_KEY: list(register.version),
        "resources": [_resource(sheet) for sheet in sheets],
    }
    return [text("datapackage.json", dump_json(body)), *(sheet.entry for sheet in sheets)]


def _resource(sheet: _Sheet) -> dict[str, Any]:
    path = sheet.entry.head.name
    version = {SCHEMA_KEY: list(sheet.version)} if sheet.version else {}
    return version | {
        "name": path.removesuffix(".csv").replace(".", "-").replace("_", "-"),
        "path": path,
        "profile": "tabular-data-resource",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "dialect": {"delimiter": ",", "lineTerminator": "\n", "quoteChar": '"', "doubleQuote": True, "header": True},
        "schema": {"fields": list(sheet.columns), "missingValues": [""]},
    }


def seal_slice(
    sender: Sender,
    register: Register,
    slice_name: str,
    content: SliceContent,
    recipients: Sequence[str],
    cancelled: Cancelled = never,
) -> SealedPart:
    """The open part of a carried slice."""
    name = register.name
    sheets = [_declared(f"{name}.csv", register, open_columns(register), content.rows, cancelled)]
    if any(f.kind is Kind.RESULTS for f in register.open_fields):
        sheets.append(_fixed(f"{name}.results.csv", RESULTS, content.results, 2))
    sheets.append(_fixed(f"{name}.gone.csv", GONE, content.gone, 1))
    sheets.append(_fixed(f"{name}.explained.csv", EXPLAINED, content.explained, 3))
    photos = _fixed(f"{name}.photos.csv", PHOTOS, content.photos, 2)
    if photos.entry.rows:
        sheets.append(photos)
    rows = sheets[0].entry.rows
    return seal_part(sender.context(slice_name), _package(register, sheets), recipients, rows, cancelled=cancelled)


def seal_personal(
    sender: Sender, register: Register, slice_name: str, rows: Iterable[Cells], recipients: Sequence[str]
) -> SealedPart:
    """The personal part of a slice: sealed fields by row id."""
    sheet = _declared(f"{register.name}.personal.csv", register, sealed_columns(register, "personal"), rows)
    context = sender.context(slice_name, "personal")
    return seal_part(context, _package(register, [sheet]), recipients, sheet.entry.rows)


def seal_counts(
    sender: Sender, register: Register, slice_name: str, counts: tuple[int, int, int], recipients: Sequence[str]
) -> SealedPart:
    """The counts part of `checkup/Y` (应检, 已检, 未检): all the county officer sees of it."""
    row = (slice_name.partition("/")[2], *map(str, counts))
    sheet = _fixed(f"{register.name}.counts.csv", COUNTS, [row], 1)
    return seal_part(sender.context(slice_name), _package(register, [sheet]), recipients, 1)


def seal_health(
    sender: Sender,
    register: Register,
    consent: Register,
    slice_name: str,
    content: HealthContent,
    recipients: Sequence[str],
) -> SealedPart:
    """The health part of `checkup/Y`, padded so that its length tells little."""
    name = register.name
    sheets = [
        _declared(f"{name}.csv", register, open_columns(register), content.rows),
        _declared(f"{name}.health.csv", register, sealed_columns(register, "health"), content.sealed),
        _fixed(f"{name}.results.csv", RESULTS, content.results, 2),
        _fixed(f"{name}.gone.csv", GONE, content.gone, 1),
        _declared(f"{consent.name}.csv", consent, open_columns(consent), content.consents),
        _fixed("groups.csv", GROUPS, content.groups, 2),
    ]
    return seal_part(sender.context(slice_name, "health"), _package(register, sheets), recipients, padded=True)


def seal_photos(
    sender: Sender, photos: Sequence[Photo], recipients: Sequence[str], cancelled: Cancelled = never
) -> SealedPart:
    """The part `photos`, by SHA-256 ascending; BundleError('too_large') for a photo beyond 150 KB."""
    if any(photo.size > MAX_PHOTO for photo in photos):
        raise refused("too_large", reason="photo")
    ordered = [photo for _, photo in sorted({photo.sha256: photo for photo in photos}.items())]
    return seal_part(sender.context("photos"), ordered, recipients, len(ordered), cancelled=cancelled)
