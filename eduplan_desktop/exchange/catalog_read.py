"""Read a catalogue (code table, list of items) from a foreign sheet: codes, labels and whatever attributes its columns hold.

Every line is accounted for: read = entries + refused; lines that are no entries (titles of sections, repeated heads) are named.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from eduplan_desktop.exchange.cells import Sheet, heading, words
from eduplan_desktop.exchange.header import Header, Skipped, find_header, records
from eduplan_desktop.exchange.reasons import problem, refuse
from eduplan_desktop.i18n import _
from eduplan_desktop.problems import Problem
from eduplan_desktop.registers.refusal import BadValue
from eduplan_desktop.registers.text import clean, narrow

SYNONYMS: Final[Mapping[str, tuple[str, ...]]] = {
    "code": ("code", "代码", "编码", "编号", "分类代码", "国标代码", "item_code", "品目编号", "项目编号", "项目代码"),
    "label": (
        "label",
        "名称",
        "代码名称",
        "分类名称",
        "品名",
        "项目",
        "项目名称",
        "品目",
        "品目名称",
        "name",
        "资产名称",
    ),
    "retired": ("retired", "停用", "是否停用"),
}
"""Column of a catalogue → headings it may stand under."""
MOST_LABEL: Final = 200


@dataclass(frozen=True, slots=True)
class RefusedLine:
    """A line that gives no entry, and why."""

    line: int
    problem: Problem


@dataclass(slots=True)
class CatalogRead:
    """What a sheet says. entries: rows with code, label, retired and attributes, as `catalogs.from_rows` takes them.

    read = len(entries) + len(refused). unnamed: lines of entries without a name; their code stands for it.
    """

    header: Header
    entries: list[dict[str, str]] = field(default_factory=list)
    refused: list[RefusedLine] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    unnamed: list[RefusedLine] = field(default_factory=list)
    normalised: int = 0

    @property
    def read(self) -> int:
        """How many lines offered an entry."""
        return len(self.entries) + len(self.refused)


def read_catalog(sheet: Sheet, columns: Mapping[str, str] | None = None, header_line: int = 0) -> CatalogRead:
    """Entries of a catalogue. columns: heading → `code`, `label`, `retired` or the name of an attribute; found where not given.

    Raises ExchangeError where no code and label columns are found.
    """
    known = {heading(said) for many in SYNONYMS.values() for said in many} | {heading(h) for h in columns or ()}
    header = find_header(sheet, known.__contains__, header_line)
    places = _declared(header, columns) if columns else _found(header)
    if not {"code", "label"} <= set(places.values()):
        raise refuse("no_header")
    kept, skipped = records(sheet, header)
    out = CatalogRead(header, skipped=header.above + skipped)
    place = next(place for place, target in places.items() if target == "code")
    odd = _odd_shapes([narrow(words(sheet.rows[index][place])) for index in kept])
    seen: dict[str, int] = {}
    for index in kept:
        _entry(out, sheet, index, places, seen, odd)
    return out


def _shape(code: str) -> str:
    return re.sub("[A-Za-z]", "A", re.sub(r"\d", "0", code))


def _odd_shapes(codes: Sequence[str]) -> frozenset[str]:
    """Shapes of codes that are slips: where almost all codes of a long table look alike, a few that do not (35j0103)."""
    shapes = Counter(_shape(code) for code in codes if code and code.isascii())
    total = shapes.total()
    if total < 100 or max(shapes.values()) < 0.95 * total:
        return frozenset()
    return frozenset(shape for shape, count in shapes.items() if count < 0.005 * total)


def _declared(header: Header, columns: Mapping[str, str]) -> dict[int, str]:
    places: dict[int, str] = {}
    for name, target in columns.items():
        index = header.column(name)
        if index < 0:
            raise refuse("bad_mapping", detail=_("表里没有“{name}”这一列").format(name=name))
        places[index] = target
    return places


def _found(header: Header) -> dict[int, str]:
    """Code, label and retired by their headings, the first of each; other columns become attributes under their own names."""
    wanted = {heading(said): target for target, many in SYNONYMS.items() for said in many}
    places: dict[int, str] = {}
    for index, keys in enumerate(header.keys):
        target = next((wanted[key] for key in keys if key in wanted), "")
        if target and target not in places.values():
            places[index] = target
        elif keys:
            places[index] = header.names[index]
    return places


def _entry(
    out: CatalogRead, sheet: Sheet, index: int, places: Mapping[int, str], seen: dict[str, int], odd: frozenset[str]
) -> None:
    """One line: an entry, a refusal, or a title that is only counted."""
    line, row = sheet.numbers[index], sheet.rows[index]
    try:
        said = {target: clean(words(row[place]))[0] for place, target in places.items()}
    except BadValue as bad:
        out.refused.append(RefusedLine(line, problem("code_shape", entry=bad.code)))
        return
    code, label = narrow(said["code"]), said["label"]
    if code and not label and not code.isascii():
        out.skipped.append(Skipped(line, "title", code[:40]))
        return
    refusal = _wrong(code, label, seen, odd)
    if refusal is not None:
        out.refused.append(RefusedLine(line, refusal))
        return
    seen[code] = line
    if not label:
        out.unnamed.append(RefusedLine(line, problem("label_missing", "label", entry=code)))
    out.normalised += any(
        isinstance(row[p], str) and row[p] != said[t] for p, t in places.items() if t in ("code", "label")
    )
    retired = "1" if said.get("retired", "") in ("1", "是", "停用") else ""
    out.entries.append({**said, "code": code, "label": label or code, "retired": retired})


def _wrong(code: str, label: str, seen: Mapping[str, int], odd: frozenset[str]) -> Problem | None:
    if not code:
        return problem("code_missing", "code")
    if len(code) > 60 or any(c.isspace() for c in code) or _shape(code) in odd:
        return problem("code_shape", "code", entry=code[:60])
    if len(label) > MOST_LABEL:
        return problem("label_too_long", "label", entry=code, most=MOST_LABEL)
    if code in seen:
        return problem("code_repeated", "code", entry=code, line=seen[code])
    return None
