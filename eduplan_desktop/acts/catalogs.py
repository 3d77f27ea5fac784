"""Catalogues between a kit and a file: the same table in two forms."""

from dataclasses import replace

from eduplan_desktop.bundle.kit import KitCatalog
from eduplan_desktop.registers.catalogs import Catalog, from_rows

_HEAD = ("code", "label", "retired")


def to_kit(catalog: Catalog) -> KitCatalog:
    """A catalogue as a kit carries it: codes of a qualified scheme in their stored form."""
    extra = sorted({k for e in catalog.entries for k in e.attributes})
    rows = tuple(
        (e.code, e.label, "1" if e.retired else "", *(e.attributes.get(k, "") for k in extra))
        for e in catalog.by_code.values()
    )
    head = (catalog.name, catalog.label, catalog.scheme, catalog.version, catalog.source, catalog.mark)
    return KitCatalog(*head, columns=(*_HEAD, *extra), rows=rows)


def from_kit(found: KitCatalog) -> Catalog:
    """A catalogue from a kit. A scheme whose codes are stored as `scheme:code` is recognised by its codes."""
    meta = {k: getattr(found, k) for k in ("name", "label", "scheme", "version", "source", "mark")}
    catalog = from_rows(meta, [dict(zip(found.columns, row, strict=True)) for row in found.rows])
    qualified = any(e.code.startswith(f"{found.scheme}:") for e in catalog.entries)
    return replace(catalog, qualified=qualified)
