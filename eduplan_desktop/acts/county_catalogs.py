"""A county replaces or extends a catalogue by importing a sheet; it travels in the next kit with scheme and version."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from eduplan_desktop.acts.session import Session
from eduplan_desktop.errors import RefusedError
from eduplan_desktop.exchange.catalog_read import CatalogRead, read_catalog
from eduplan_desktop.exchange.reasons import reason
from eduplan_desktop.exchange.sheet_read import read_book
from eduplan_desktop.i18n import _
from eduplan_desktop.registers.catalogs import Catalog, from_rows, metadata
from eduplan_desktop.store import shelf
from eduplan_desktop.store.journal import act


@dataclass(frozen=True, slots=True)
class CatalogReport:
    """What a catalogue import gave. entries: codes taken; reasons: why lines stayed out, duplicates named."""

    name: str
    scheme: str
    version: str
    read: int
    entries: int
    refused: int
    skipped: int
    reasons: list[str]
    dry_run: bool

    def as_dict(self) -> dict[str, Any]:
        """For `--json`."""
        return {name: getattr(self, name) for name in self.__slots__}

    def lines(self) -> list[str]:
        """For a person."""
        word = _("试算") if self.dry_run else _("导入")
        return [
            _("{word}：读入 {read} = 采用 {entries} + 拒收 {refused}；跳过 {skipped} 行。").format(
                word=word, read=self.read, entries=self.entries, refused=self.refused, skipped=self.skipped
            ),
            *self.reasons[:50],
        ]


def import_catalog(
    session: Session, name: str, path: Path, *, mapping: dict[str, Any] | None = None, dry_run: bool = False
) -> CatalogReport:
    """Read a sheet as the catalogue `name`. `mapping` may give `columns`, `header`, `sheet`, `scheme`, `version`, `source`,
    `label`, `mode` (replace or extend). Raises RefusedError no_such_catalog, ExchangeError."""
    session.county_or_refuse()
    old = session.catalogs.find_table(name)
    if old is None:
        raise RefusedError(
            "no_such_catalog",
            _("没有目录“{name}”。").format(name=name),
            _("可以导入：{names}。").format(names="、".join(session.catalogs.names())),
        )
    said = mapping or {}
    book = read_book(path, str(said.get("sheet", "")), encoding=str(said.get("encoding", "")))
    read = read_catalog(book.sheet, said.get("columns"), int(said.get("header", 0)))
    new = _catalog(old, read, said, path)
    if not dry_run and read.entries:
        with act(session.store, "county.catalog", f"导入目录 {old.label}", undoable=False) as a:
            shelf.put_catalog(a, new)
        session.forget_catalogs()
    reasons = [_("第 {n} 行：{why}").format(n=r.line, why=reason(r.problem)) for r in (*read.refused, *read.unnamed)]
    return CatalogReport(
        name,
        new.scheme,
        new.version,
        read.read,
        len(read.entries),
        len(read.refused),
        len(read.skipped),
        reasons,
        dry_run,
    )


def _catalog(old: Catalog, read: CatalogRead, said: dict[str, Any], path: Path) -> Catalog:
    """The catalogue as read; extending keeps the entries it does not name."""
    meta = metadata(old) | {k: str(said[k]) for k in ("scheme", "version", "source", "label") if k in said}
    if "source" not in said:
        meta["source"] = f"{path.name}（县里导入）"
        meta["mark"] = ""
    new = from_rows(meta, read.entries)
    if said.get("mode") == "extend":
        kept = tuple(e for e in old.entries if e.code not in new.by_code)
        new = replace(new, entries=kept + new.entries)
    return new
