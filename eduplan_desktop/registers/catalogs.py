"""Code tables and catalogues of items: what a CHOICE may hold and what RESULTS are recorded against.

A catalogue carries its scheme, version, source and mark (C: seen in a copy of the source; K: knowledge, no copy found).
Codes are append-only: a code that goes out of use is marked retired and keeps its label. Where two schemes give one code
different meanings (GB/T 14885 of 2010 and of 2022) the catalogue is *qualified*: stored values are `scheme:code`, so they
never match silently; crossing schemes is possible only where an entry declares `maps_to`.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from pathlib import Path
from typing import Final

from eduplan_desktop.registers.refusal import BadValue
from eduplan_desktop.registers.text import fold, narrow

FOLDER: Final = Path(__file__).resolve().parent.parent.parent / "resources" / "catalogues"
_META: Final = ("name", "label", "scheme", "version", "source", "mark", "qualified")


@dataclass(frozen=True, slots=True)
class Entry:
    """One code. In a qualified catalogue `code` is the stored form `scheme:code`."""

    code: str
    label: str
    attributes: Mapping[str, str] = field(default_factory=dict)
    retired: bool = False

    @property
    def bare(self) -> str:
        """The code as printed in the standard, without the scheme."""
        return self.code.rpartition(":")[2]


@dataclass(frozen=True)
class Catalog:
    """One code table or catalogue of items, in its own order."""

    name: str
    label: str
    scheme: str
    version: str
    source: str
    mark: str
    entries: tuple[Entry, ...]
    qualified: bool = False

    @cached_property
    def by_code(self) -> dict[str, Entry]:
        """Entry by stored code; the first of a repeated code wins."""
        found: dict[str, Entry] = {}
        for entry in self.entries:
            found.setdefault(entry.code, entry)
        return found

    @cached_property
    def position(self) -> dict[str, int]:
        """Rank of each stored code, for sorting choices in the order of the table."""
        return {code: i for i, code in enumerate(self.by_code)}

    @cached_property
    def _spoken(self) -> dict[str, list[str]]:
        """Folded label, bare code, `code label` and declared synonyms → stored codes; live entries before retired ones."""
        spoken: dict[str, list[str]] = {}
        for entry in sorted(self.by_code.values(), key=lambda e: e.retired):
            names = [
                entry.label,
                entry.code,
                f"{entry.bare} {entry.label}",
                *entry.attributes.get("also", "").split("|"),
            ]
            if not self.qualified or entry.code == self.stored(entry.bare):
                names.append(entry.bare)
            for name in names:
                codes = spoken.setdefault(fold(name), [])
                if name and entry.code not in codes:
                    codes.append(entry.code)
        return spoken

    def stored(self, bare: str) -> str:
        """The stored form of a bare code of this catalogue's own scheme."""
        return f"{self.scheme}:{bare}" if self.qualified else bare

    def find(self, said: str) -> str:
        """The stored code for a code, a label, `code label` or a synonym. Raises BadValue: unknown or ambiguous."""
        text = narrow(said).strip()
        if text in self.by_code:
            return text
        codes = self._spoken.get(fold(text), [])
        live = [c for c in codes if not self.by_code[c].retired] or codes
        if len(live) != 1:
            raise BadValue("choice_ambiguous" if live else "choice_unknown", table=self.label)
        return live[0]

    def shown(self, code: str) -> str:
        """The words for a stored code such that `find` gives it back; an unknown code is shown as it is stored."""
        entry = self.by_code.get(code)
        if entry is None:
            return code
        if self.qualified:
            both = f"{entry.bare} {entry.label}"
            return both if self._spoken[fold(both)] == [code] else code
        same = self._spoken[fold(entry.label)]
        live = [c for c in same if not self.by_code[c].retired] or same
        return entry.label if live == [code] else code

    @property
    def live(self) -> tuple[Entry, ...]:
        """Entries a person may choose now."""
        return tuple(e for e in self.entries if not e.retired)


class Catalogs:
    """A set of catalogues: those shipped, with those of a county in their place. Immutable."""

    def __init__(self, replacements: Mapping[str, Catalog] | None = None) -> None:
        self._replaced: dict[str, Catalog] = dict(replacements or {})

    @classmethod
    def shipped(cls) -> "Catalogs":
        """The catalogues of this program; files are read when first asked for."""
        return _SHIPPED

    def with_replacements(self, catalogs: Iterable[Catalog]) -> "Catalogs":
        """This set with `catalogs` in place of those of the same name.

        Codes only the replaced catalogue knew stay, retired, so that every value ever stored keeps its label.
        """
        merged = dict(self._replaced)
        for catalog in catalogs:
            merged[catalog.name] = _over(catalog, self.find_table(catalog.name))
        return Catalogs(merged)

    def names(self) -> tuple[str, ...]:
        """Names of all catalogues, shipped ones first."""
        return tuple(dict.fromkeys([*_index(), *self._replaced]))

    def find_table(self, name: str) -> Catalog | None:
        """The catalogue of that name, or None."""
        if name in self._replaced:
            return self._replaced[name]
        return _shipped(name) if name in _index() else None

    def table(self, name: str) -> Catalog:
        """The catalogue of that name. Raises KeyError for one no declaration can name."""
        found = self.find_table(name)
        if found is None:
            raise KeyError(name)
        return found

    def label(self, name: str, code: str) -> str:
        """The label of a stored code, or the code itself where it is unknown."""
        entry = self.table(name).by_code.get(code)
        return entry.label if entry else code

    def has(self, name: str, code: str) -> bool:
        """Whether the catalogue knows this stored code, retired or not."""
        return code in self.table(name).by_code

    def attribute(self, name: str, code: str, attribute: str) -> str:
        """An attribute of a stored code, '' where there is none."""
        entry = self.table(name).by_code.get(code)
        return entry.attributes.get(attribute, "") if entry else ""

    def mapped(self, name: str, code: str) -> str:
        """The live code that a code of another scheme is declared to mean (`maps_to`), or ''; nothing is guessed."""
        target = self.attribute(name, code, "maps_to")
        return target if target and self.has(name, target) else ""


def _over(new: Catalog, old: Catalog | None) -> Catalog:
    """`new`, followed by the codes only `old` knew, retired."""
    if old is None:
        return new
    kept = tuple(replace(e, retired=True) for e in old.entries if e.code not in new.by_code)
    return replace(new, entries=new.entries + kept, qualified=new.qualified or old.qualified)


@cache
def _index() -> dict[str, dict[str, str]]:
    """Metadata of the shipped catalogues by name, in the order of tables.csv."""
    return {row["name"]: row for row in _read(FOLDER / "tables.csv")}


def _read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def _shipped(name: str) -> Catalog:
    own = FOLDER / f"{name}.csv"
    return from_rows(_index()[name], _read(own) if own.exists() else _small(name))


def _small(name: str) -> Iterator[dict[str, str]]:
    """Rows of one of the small tables, which share one file; the attributes column holds `key=value;…`."""
    for row in _codes():
        if row["table"] == name:
            extra = dict(pair.split("=", 1) for pair in row["attributes"].split(";") if pair)
            yield {"code": row["code"], "label": row["label"], "retired": row["retired"]} | extra


@cache
def _codes() -> list[dict[str, str]]:
    return _read(FOLDER / "codes.csv")


def from_rows(meta: Mapping[str, str], rows: Iterable[Mapping[str, str | None]]) -> Catalog:
    """A catalogue from its metadata and rows with the columns code, label, retired and any attributes.

    Bare codes of a qualified catalogue get the scheme; codes already qualified keep theirs. A catalogue is qualified where
    its metadata or the shipped one of its name says so, or its codes are.
    """
    listed = list(rows)
    shipped = _index().get(meta["name"], {})
    qualified = bool(meta.get("qualified") or shipped.get("qualified")) or any(":" in (r["code"] or "") for r in listed)
    scheme = meta["scheme"]
    entries = []
    for row in listed:
        code = (row["code"] or "").strip()
        stored = f"{scheme}:{code}" if qualified and ":" not in code else code
        extra = {k: v for k, v in row.items() if v and k not in ("code", "label", "retired")}
        entries.append(Entry(stored, (row["label"] or "").strip(), extra, (row.get("retired") or "") == "1"))
    return Catalog(
        name=meta["name"],
        label=meta["label"],
        scheme=scheme,
        version=meta["version"],
        source=meta["source"],
        mark=meta["mark"],
        entries=tuple(entries),
        qualified=qualified,
    )


def metadata(catalog: Catalog) -> dict[str, str]:
    """What `from_rows` needs besides the rows, as plain text; travels in the kit beside the CSV."""
    values = (catalog.name, catalog.label, catalog.scheme, catalog.version, catalog.source, catalog.mark)
    return dict(zip(_META, (*values, "1" if catalog.qualified else ""), strict=True))


def to_csv(catalog: Catalog) -> str:
    """All entries as CSV (LF, columns code, label, retired, then attributes by name); the bytes are reproducible."""
    names = sorted({k for e in catalog.entries for k in e.attributes})
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["code", "label", "retired", *names])
    for e in catalog.entries:
        writer.writerow([e.code, e.label, "1" if e.retired else "", *(e.attributes.get(n, "") for n in names)])
    return out.getvalue()


def from_csv(meta: Mapping[str, str], text: str) -> Catalog:
    """The inverse of `metadata` and `to_csv`. Raises ValueError for a table without code and label columns."""
    reader = csv.DictReader(io.StringIO(text))
    if not {"code", "label"} <= set(reader.fieldnames or ()):
        raise ValueError("a catalogue needs the columns code and label")
    return from_rows(meta, reader)


_SHIPPED: Final = Catalogs()
