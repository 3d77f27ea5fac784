"""名单: the county's schools, with stable uids, valid years and successors (D17: 撤并, 更名, 分设, 停办).

Entries are never deleted: a school that ends gets a last day and, where there is one, a successor. Writes happen inside an
act of the caller.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from typing import Final

from eduplan_desktop.bundle.kit import RosterEntry
from eduplan_desktop.errors import RefusedError
from eduplan_desktop.i18n import _
from eduplan_desktop.registers.catalogs import Catalogs
from eduplan_desktop.registers.dates import first_day, is_date, last_day
from eduplan_desktop.registers.idnumber import normalise_school_code
from eduplan_desktop.registers.refusal import BadValue
from eduplan_desktop.registers.text import clean, fold
from eduplan_desktop.store.connect import Store
from eduplan_desktop.store.journal import Act

COLUMNS: Final = tuple(f.name for f in fields(RosterEntry))
_CODED: Final = {"kind": "school_type", "urban": "area_type"}
_DATES: Final = ("valid_from", "valid_to")
_LONGEST: Final = 200


def entries(store: Store) -> list[RosterEntry]:
    """Every school ever listed, by uid (which is the order in which they were listed)."""
    rows = store.conn.execute(f"SELECT {', '.join(COLUMNS)} FROM roster ORDER BY uid")
    return [RosterEntry(*(value or "" for value in row)) for row in rows]


def find(store: Store, uid: str) -> RosterEntry | None:
    """The school of this uid."""
    row = store.conn.execute(f"SELECT {', '.join(COLUMNS)} FROM roster WHERE uid = ?", (uid,)).fetchone()
    return RosterEntry(*(value or "" for value in row)) if row else None


def named(store: Store, said: str) -> RosterEntry:
    """The school meant by a uid, a code, a name or an alias. Raises RefusedError no_such_school or ambiguous_school."""
    listed = entries(store)
    wanted = fold(said)
    for match in (
        [e for e in listed if e.uid == said],
        [e for e in listed if e.code and e.code == said],
        [e for e in listed if wanted and wanted in (fold(e.name), *map(fold, e.aliases.split("|")))],
    ):
        if len(match) == 1:
            return match[0]
        if match:
            raise RefusedError(
                "ambiguous_school",
                _("名单里有 {n} 所“{said}”。").format(n=len(match), said=said),
                _("请改用学校的 uid。"),
            )
    raise RefusedError("no_such_school", _("名单里没有“{said}”。").format(said=said), _("请先把学校加进名单。"))


def valid_on(entry: RosterEntry, day: str) -> bool:
    """Whether the school exists on a day; a school without dates always has."""
    begun = not entry.valid_from or first_day(entry.valid_from) <= day
    return begun and (not entry.valid_to or day <= last_day(entry.valid_to))


def valid(store: Store, day: str) -> list[RosterEntry]:
    """Schools that exist on a day."""
    return [e for e in entries(store) if valid_on(e, day)]


def add(a: Act, catalogs: Catalogs, said: Mapping[str, str]) -> RosterEntry:
    """List a school; mints its uid. Raises RefusedError bad_roster."""
    given = {k: v for k, v in said.items() if k != "uid"}
    entry = _checked(catalogs, RosterEntry(uid=a.store.next_id(), name=""), given)
    _must_be_new(a.store, entry)
    _write(a, entry)
    return entry


def change(a: Act, catalogs: Catalogs, uid: str, said: Mapping[str, str]) -> RosterEntry:
    """Correct an entry; what is not named stays. A changed name keeps the old one as an alias (更名)."""
    old = _must_exist(a.store, uid)
    entry = _checked(catalogs, old, {k: v for k, v in said.items() if k != "uid"})
    if entry.name != old.name:
        aliases = [x for x in (*entry.aliases.split("|"), old.name) if x and x != entry.name]
        entry = replace(entry, aliases="|".join(dict.fromkeys(aliases)))
    _must_be_new(a.store, entry)
    _write(a, entry)
    return entry


def end(a: Act, uid: str, last: str, successor: str = "", remark: str = "") -> RosterEntry:
    """停办 or 撤并: the school's last day, and the school its pupils went to. Raises RefusedError bad_roster."""
    old = _must_exist(a.store, uid)
    if not is_date(last) or (old.valid_from and last_day(last) < first_day(old.valid_from)):
        raise _bad(_("最后一天“{day}”不对。").format(day=last), _("请写成 2026-08-31 这样的日期，不早于建校日期。"))
    if successor and (uid in lineage(a.store, successor) or find(a.store, successor) is None):
        raise _bad(_("并入的学校不对。"), _("请从名单里选另一所学校。"))
    entry = replace(old, valid_to=last, successor=successor or old.successor, remark=remark or old.remark)
    _write(a, entry)
    return entry


def lineage(store: Store, uid: str) -> list[str]:
    """The school and its successors, in order."""
    found: list[str] = []
    while uid and uid not in found:
        found.append(uid)
        entry = find(store, uid)
        uid = entry.successor if entry else ""
    return found


def predecessors(store: Store, uid: str) -> list[RosterEntry]:
    """Schools merged into this one, directly."""
    return [e for e in entries(store) if e.successor == uid]


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of imported rows: read = added + changed + same + refused. refused: (line of the sheet, reason)."""

    added: int
    changed: int
    same: int
    refused: tuple[tuple[int, str], ...]

    @property
    def read(self) -> int:
        """Rows read."""
        return self.added + self.changed + self.same + len(self.refused)


def import_rows(a: Act, catalogs: Catalogs, rows: Mapping[int, Mapping[str, str]]) -> Imported:
    """List many schools; rows: line of the sheet → row. It is the school of the same uid, else code, else name; else it is new."""
    added = changed = same = 0
    refused: list[tuple[int, str]] = []
    for number, row in rows.items():
        said = {k: v for k, v in row.items() if k in COLUMNS and v.strip()}
        try:
            old = _known(a.store, said)
            if old is None:
                add(a, catalogs, said)
                added += 1
            elif change(a, catalogs, old.uid, said) == old:
                same += 1
            else:
                changed += 1
        except RefusedError as error:
            refused.append((number, str(error)))
    return Imported(added, changed, same, tuple(refused))


def _known(store: Store, said: Mapping[str, str]) -> RosterEntry | None:
    listed = entries(store)
    if said.get("uid"):
        return _must_exist(store, said["uid"])
    code, name = said.get("code", ""), fold(said.get("name", ""))
    by_code = [e for e in listed if code and e.code == code]
    return next(iter(by_code or [e for e in listed if name and fold(e.name) == name]), None)


def _must_exist(store: Store, uid: str) -> RosterEntry:
    found = find(store, uid)
    if found is None:
        raise RefusedError("no_such_school", _("名单里没有 uid 为 {uid} 的学校。").format(uid=uid), _("请核对名单。"))
    return found


def _bad(message: str, advice: str) -> RefusedError:
    return RefusedError("bad_roster", message, advice)


def _checked(catalogs: Catalogs, old: RosterEntry, said: Mapping[str, str]) -> RosterEntry:
    """`old` with what was said, each value as it is stored."""
    unknown = set(said) - set(COLUMNS)
    if unknown:
        raise ValueError(f"no column of the roster: {sorted(unknown)}")
    entry = replace(old, **{name: _value(catalogs, name, text) for name, text in said.items()})
    if not entry.name:
        raise _bad(_("学校名称没有填。"), _("请填写与公章一致的全称。"))
    if entry.valid_from and entry.valid_to and last_day(entry.valid_to) < first_day(entry.valid_from):
        raise _bad(_("“{name}”的起止日期颠倒了。").format(name=entry.name), _("请核对建校和停办日期。"))
    return entry


def _value(catalogs: Catalogs, name: str, said: str) -> str:
    try:
        text = clean(said)[0]
        if text and name in _CODED:
            return catalogs.table(_CODED[name]).find(text)
        if text and name == "code":
            return normalise_school_code(text)[0]
    except BadValue as bad:
        raise _bad(
            _("“{said}”不能填在名单的 {column} 栏。").format(said=said, column=name), _("请按代码表填写代码或名称。")
        ) from bad
    if text and name in _DATES and not is_date(text):
        raise _bad(_("“{said}”不是日期。").format(said=said), _("请写成 2026-08-31、2026-08 或 2026。"))
    if len(text) > _LONGEST:
        raise _bad(_("名单的 {column} 栏太长。").format(column=name), _("请写短一些。"))
    return text


def _must_be_new(store: Store, entry: RosterEntry) -> None:
    """Two schools may not carry one code, nor one name at one time; 教学点 leave the code of their parent school out."""
    for other in entries(store):
        if other.uid == entry.uid:
            continue
        if entry.code and other.code == entry.code:
            raise _bad(
                _("标识码 {code} 已经属于“{name}”。").format(code=entry.code, name=other.name),
                _("教学点没有自己的标识码时请留空。"),
            )
        together = not other.valid_to or not entry.valid_from or first_day(entry.valid_from) <= last_day(other.valid_to)
        if fold(other.name) == fold(entry.name) and together:
            raise _bad(_("名单里已有“{name}”。").format(name=entry.name), _("请直接修改原来的那一条。"))


def _write(a: Act, entry: RosterEntry) -> None:
    values: Sequence[str | None] = [value or None for value in asdict(entry).values()]
    marks = ", ".join("?" * len(COLUMNS))
    a.conn.execute(f"INSERT OR REPLACE INTO roster ({', '.join(COLUMNS)}) VALUES ({marks})", values)


def names(store: Store) -> dict[str, str]:
    """Name by uid."""
    return dict(store.conn.execute("SELECT uid, name FROM roster"))


def in_order(store: Store) -> Iterator[RosterEntry]:
    """Schools by township and name, as lists are read."""
    yield from sorted(entries(store), key=lambda e: (e.township, e.name, e.uid))
