"""One sheet over several registers: which columns go where, in which order the parts are read, what each proposes.

The JSON form is `{"parts": [MAPPING, …], "sheet": …, "header": …, "encoding": …, "delimiter": …, "bad": …, "blanks": …}`; what
stands outside holds for every part that does not say otherwise. A part is a mapping as `mapping` describes.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from eduplan_desktop.exchange import mapping as mappings
from eduplan_desktop.exchange.cells import Sheet
from eduplan_desktop.exchange.header import Header, find_header
from eduplan_desktop.exchange.mapping import ColumnRule, SheetMapping
from eduplan_desktop.exchange.reasons import refuse
from eduplan_desktop.exchange.suggest import Suggestion, Vocabulary, suggest, suggest_split
from eduplan_desktop.i18n import _
from eduplan_desktop.registers.catalog import register
from eduplan_desktop.registers.catalogs import Catalogs
from eduplan_desktop.registers.model import Kind, Register

Parts = tuple[SheetMapping, ...]
PARTS: Final = "parts"
MOST: Final = 12
"""Parts of one sheet at most."""
_SHARED: Final = ("sheet", "header", "encoding", "delimiter")
_USUAL: Final = ("bad", "blanks")


def is_split(body: object) -> bool:
    """Whether this JSON form feeds several registers."""
    return isinstance(body, Mapping) and PARTS in body


def from_json(body: Mapping[str, Any], main: Register, catalogs: Catalogs) -> Parts:
    """Parts from their JSON form; one of them feeds `main`, the register the person named. Raises ExchangeError."""
    for key in body:
        if key not in (PARTS, *_SHARED, *_USUAL):
            raise refuse("bad_mapping", detail=_("{place} 里没有“{key}”这一项").format(place=PARTS, key=key))
    listed = body[PARTS]
    if not isinstance(listed, list) or not 0 < len(listed) <= MOST:
        raise refuse("bad_mapping", detail=_("parts 应是 1 到 {n} 个列对应的列表").format(n=MOST))
    shared: dict[str, Any] = {name: body[name] for name in _SHARED if name in body}
    usual = {name: body[name] for name in _USUAL if name in body}
    parts = tuple(_part(one, shared, usual, catalogs) for one in listed)
    if main.name not in {part.register for part in parts}:
        raise refuse("bad_mapping", detail=_("parts 里没有登记册 {name}").format(name=main.name))
    return parts


def _part(said: object, shared: dict[str, Any], usual: dict[str, Any], catalogs: Catalogs) -> SheetMapping:
    if not isinstance(said, dict) or not isinstance(said.get("register"), str):
        raise refuse("bad_mapping", detail=_("parts 的每一部分都要写明 register"))
    for name in _SHARED:
        if name in said:
            raise refuse("bad_mapping", detail=_("{place} 写在 parts 外面，各部分相同").format(place=name))
    try:
        one = register(said["register"])
    except KeyError as fault:
        raise refuse("bad_mapping", detail=_("没有登记册“{name}”").format(name=said["register"])) from fault
    return replace(mappings.from_json({**usual, **said, **shared}, one, catalogs), part=True)


def to_json(parts: Sequence[SheetMapping]) -> dict[str, Any]:
    """The JSON form; a single mapping stays what it was."""
    if len(parts) == 1 and not parts[0].part:
        return mappings.to_json(parts[0])
    bodies = [mappings.to_json(part) for part in parts]
    shared: dict[str, Any] = {name: bodies[0][name] for name in _SHARED if name in bodies[0]}
    return {PARTS: [{k: v for k, v in b.items() if k not in _SHARED} for b in bodies], **shared}


def reading_order(parts: Sequence[SheetMapping]) -> list[int]:
    """Places of the parts in the order in which they are read: registers that others point to come first."""
    names = {part.register for part in parts}
    needs = {name: {f.target for f in register(name).fields if f.target in names - {name}} for name in names}
    ranked: list[str] = []
    while left := sorted(names - set(ranked)):
        ready = [name for name in left if needs[name] <= set(ranked)] or left[:1]
        ranked += ready
    return sorted(range(len(parts)), key=lambda n: ranked.index(parts[n].register))


def aligned(sheet: Sheet, parts: Sequence[SheetMapping], catalogs: Catalogs) -> Parts:
    """The parts, all under the same headings: where none are pointed at, the line that has every column of the parts."""
    if len(parts) < 2 or parts[0].header or not sheet.rows:
        return tuple(parts)
    wanted = {name for part in parts for name in part.columns}
    headers = [find_header(sheet, Vocabulary(register(part.register), catalogs).knows) for part in parts]
    chosen = max(headers, key=lambda header: sum(header.column(name) >= 0 for name in wanted))
    return tuple(replace(part, header=sheet.numbers[chosen.first]) for part in parts)


def needed(parts: Sequence[SheetMapping], at: int) -> frozenset[str]:
    """Headings of which one must be filled for a row to be meant for this part.

    Those it shares with no other part, and those by which another part names its rows; where there are none, all.
    """
    mine = frozenset(parts[at].columns)
    others = [part for n, part in enumerate(parts) if n != at]
    shared = {name for part in others for name in part.columns}
    naming = {name for part in others for name in part.columns if _points_to(part, name, parts[at].register)}
    return (mine - shared) | (mine & naming) or mine


def _points_to(part: SheetMapping, heading: str, target: str) -> bool:
    fields = register(part.register).by_name
    return any(rule.field in fields and fields[rule.field].target == target for rule in part.columns[heading])


def propose(
    sheet: Sheet, taken: Sequence[SheetMapping], target: Register, catalogs: Catalogs, header: Header
) -> Suggestion:
    """What a further register could take from the sheet: columns nobody takes, and those that tie it to the other parts.

    Where another part points to `target` (存放地点 of an asset to a room), its words name the rows; where `target` points to
    another part (a check-up to a person), the column that names that part's rows is the link.
    """
    found = suggest(sheet, target, catalogs, sheet.numbers[header.first])
    used = {name for part in taken for name in part.columns}
    columns = {
        name: rules
        for name, rules in found.mapping.columns.items()
        if name not in used or any(rule.field in target.identity for rule in rules)
    }
    ties = {**_named_by(taken, target), **_naming(taken, target)}
    fed = {rule.field for name, rules in columns.items() if name not in ties for rule in rules}
    columns |= {name: (rule,) for name, rule in ties.items() if rule.field not in fed}
    order = {name: n for n, name in enumerate(header.names)}
    columns = dict(sorted(columns.items(), key=lambda pair: order.get(pair[0], 0)))
    mapping = replace(found.mapping, columns=columns, part=True, header=taken[0].header if taken else 0)
    missing = [f for f in target.fields if f.required and f.name not in mapping.fields]
    unused = [name for name in header.names if name not in columns and name not in used]
    return Suggestion(header, mapping, {h: found.basis.get(h, "label") for h in columns}, unused, missing)


def _named_by(taken: Iterable[SheetMapping], target: Register) -> dict[str, ColumnRule]:
    """Columns in which other parts name rows of `target`."""
    if not target.identity:
        return {}
    named = (name for part in taken for name in part.columns if _points_to(part, name, target.name))
    return {name: ColumnRule(target.identity[0]) for name in named}


def _naming(taken: Iterable[SheetMapping], target: Register) -> dict[str, ColumnRule]:
    """Columns that name rows of other parts to which `target` points; required links first."""
    links = sorted((f for f in target.fields if f.kind is Kind.LINK), key=lambda f: not f.required)
    out: dict[str, ColumnRule] = {}
    for part in taken:
        other = register(part.register)
        field = next((f for f in links if f.target == other.name), None)
        if field is not None and other.identity:
            named = (h for h, rules in part.columns.items() if any(r.field == other.identity[0] for r in rules))
            out |= {h: ColumnRule(field.name) for h in list(named)[:1]}
    return out


def levels(sheet: Sheet, one: Register, catalogs: Catalogs, header_line: int = 0) -> list[Suggestion]:
    """A part per level where the headings name levels (小学学生数, 初中学生数); [] where they do not."""
    found = suggest_split(sheet, one, catalogs, header_line)
    for suggestion in found:
        suggestion.mapping = replace(suggestion.mapping, part=True)
    return found


def offers(
    sheet: Sheet, taken: Sequence[SheetMapping], registers: Collection[Register], catalogs: Catalogs, header: Header
) -> list[tuple[Register, int]]:
    """(register, columns it could take) for every register without a part that would recognise its rows, the fullest first."""
    out: list[tuple[Register, int]] = []
    busy = {part.register for part in taken}
    for one in registers:
        if one.single or one.name in busy:
            continue
        mapping = propose(sheet, taken, one, catalogs, header).mapping
        keys = set(one.identity[:1])
        if mapping.columns and keys <= mapping.fields:
            out.append((one, len(mapping.columns)))
    return sorted(out, key=lambda pair: -pair[1])
