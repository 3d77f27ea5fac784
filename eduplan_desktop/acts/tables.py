"""Rows of one register as a table: search as you type, sort, filter, totals, in milliseconds over 100,000 rows.

Called by the facade. Owns an in-memory index (id and search text of every row) that is read once and patched after
every change; rows themselves are read a page at a time. Knows nothing of widgets.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from heapq import merge
from itertools import compress, repeat
from operator import contains
from typing import Final

from eduplan_desktop.acts.session import Session
from eduplan_desktop.merge import searchable
from eduplan_desktop.registers.kinds import SortKey, sort_key
from eduplan_desktop.registers.model import Kind, Register, Row, SliceBy
from eduplan_desktop.registers.text import fold
from eduplan_desktop.store import queries, rows, shelf

PIECE: Final = 4096
"""Sort keys sorted at one go."""
Key = tuple[str, str]
"""(school uid, row id); the uid is '' in a school file."""


@dataclass(frozen=True, slots=True)
class Order:
    """Sort by one field."""

    field: str
    descending: bool = False


@dataclass(slots=True)
class Rank:
    """Where each row stands by one field. marks: the sort keys met, in order; numbers: the place of each of them.

    whole: all rows of the table in this order, up and down, as numbers of rows; empty once rows were written.
    state: of the table it was worked out from.
    """

    places: dict[Key, float]
    marks: list[SortKey]
    numbers: list[float]
    whole: dict[bool, list[int]] = field(default_factory=dict)
    state: int = 0

    def sorted(self, keys: Sequence[Key], hits: Iterable[int], *, descending: bool) -> list[int]:
        """Some rows of a table, by their numbers, in this order."""
        where = [self.places.get(key, 0.0) for key in keys]
        return sorted(hits, key=where.__getitem__, reverse=descending)

    def put(self, key: Key, mark: SortKey) -> None:
        """A row was written: the others stay where they are."""
        at = bisect_left(self.marks, mark)
        if at == len(self.marks) or self.marks[at] != mark:
            before = self.numbers[at - 1] if at else -1.0
            after = self.numbers[at] if at < len(self.numbers) else before + 2
            self.marks.insert(at, mark)
            self.numbers.insert(at, (before + after) / 2)
        self.places[key] = self.numbers[at]


def _in_order(marks: Collection[SortKey]) -> list[SortKey]:
    """Sorted, in pieces: one sort of all of them would hold the interpreter, and with it the window, for too long."""
    waiting = list(marks)
    pieces = [sorted(waiting[i : i + PIECE]) for i in range(0, len(waiting), PIECE)]
    return list(merge(*pieces))


class TableView:
    """One result of search, sort and filter: keys in order, rows read by page."""

    def __init__(self, source: "TableSource", keys: Sequence[Key]) -> None:
        self._source = source
        self.keys = keys

    @property
    def count(self) -> int:
        """Rows found."""
        return len(self.keys)

    @property
    def total(self) -> int:
        """Rows of the register."""
        return len(self._source.keys)

    @property
    def ids(self) -> list[str]:
        """Row ids in order."""
        return [key[1] for key in self.keys]

    def rows(self, start: int, stop: int) -> list[Row]:
        """The rows at those places, in order; the school's uid of a county table stands in `school`."""
        return self._source.read(self.keys[start:stop])

    def states(self, start: int, stop: int) -> list[str]:
        """`error`, `doubt`, `unsent` or '' for each row."""
        return [self._source.state(key) for key in self.keys[start:stop]]

    def sums(self, fields: Sequence[str], keys: Iterable[Key] | None = None) -> dict[str, int]:
        """Sum of number fields over all rows found, or over `keys`; scaled as stored."""
        return self._source.sums(list(self.keys if keys is None else keys), fields)


class TableSource:
    """The rows of one register, of the file's own school or, in a county file, of one or all schools."""

    def __init__(self, session: Session, register: Register, school: str | None = None) -> None:
        self._session = session
        self.register = register
        self._school = school if session.is_county else ""
        self._orders: dict[str, Rank] = {}
        self._written = 0
        self._last: tuple[str, list[int]] = ("", [])
        self.reload()

    def move_to(self, session: Session) -> None:
        """Read through another opening of the same file from now on; for a table whose index was read on a worker."""
        self._session = session

    def reload(self) -> None:
        """Read the index again, after an import or a merge (whose rows get their search text now)."""
        if self._session.is_county:
            searchable.fill(self._session.store, self.register)
        found = rows.index(self._session.store, self.register, school=self._school)
        self.keys: list[Key] = [(school, row_id) for school, row_id, _text in found]
        self._texts: list[str] = [text for _school, _id, text in found]
        self._place: dict[Key, int] | None = None
        self._states: dict[Key, str] | None = None
        self._orders.clear()
        self._written += 1  # an order being worked out elsewhere is of what was here before
        self._last = ("", [])

    def patch(self, ids: Iterable[str], school: str = "") -> None:
        """Bring the index up to date for rows that were saved or removed."""
        ids = list(ids)
        if self._place is None:
            self._place = {key: i for i, key in enumerate(self.keys)}
        fresh = dict(queries.search_texts(self._session.store, self.register, ids, school=school))
        dropped = []
        for row_id in ids:
            key = (school, row_id)
            if row_id not in fresh:
                dropped += [self._place[key]] if key in self._place else []
            elif key in self._place:
                self._texts[self._place[key]] = fresh[row_id]
            else:
                self._place[key] = len(self.keys)
                self.keys.append(key)
                self._texts.append(fresh[row_id])
        for i in sorted(dropped, reverse=True):
            del self.keys[i], self._texts[i]
            self._place = None
        self._written += 1
        for rank in self._orders.values():
            rank.whole.clear()
        self._patch_states([(school, row_id) for row_id in ids], fresh)
        self._patch_orders([(school, row_id) for row_id in fresh])
        self._last = ("", [])

    def _patch_orders(self, keys: Sequence[Key]) -> None:
        found = queries.get_many(self._session.store, self.register, keys) if self._orders else {}
        for name, rank in self._orders.items():
            one = self.register.by_name[name]
            for key, row in found.items():
                rank.put(key, sort_key(one, row.get(name), self._session.catalogs))

    def _patch_states(self, keys: Sequence[Key], fresh: Mapping[str, str]) -> None:
        """A row just written has not been reported; its findings are those kept with it."""
        if self._states is None:
            return
        if self._session.is_county:
            self._states = None
            return
        for key in keys:
            self._states.pop(key, None)
            if key[1] in fresh:
                self._states[key] = "unsent"
        found = shelf.findings_of(self._session.store, self.register.name, [key[1] for key in keys])
        for severity in ("doubt", "error"):
            self._states |= {("", f["id"]): severity for f in found if f["severity"] == severity}

    def view(
        self, query: str = "", sort: Order | None = None, filters: Mapping[str, str | int] | None = None
    ) -> TableView:
        """Rows whose search text holds every word of `query`, that match all `filters`, in order.

        filters: field → stored value; the pseudo-field `state` takes error, doubt or unsent; `year` a year.
        """
        hits: Iterable[int] = self._search(" ".join(fold(word) for word in query.split()))
        for name, wanted in (filters or {}).items():
            allowed = self._allowed(name, wanted)
            hits = [i for i in hits if self.keys[i] in allowed]
        if sort is not None:
            rank = self.rank(sort.field)
            known = [] if query.strip() or filters else rank.whole.get(sort.descending, [])
            same = len(known) == len(self.keys)
            hits = known if same else rank.sorted(self.keys, hits, descending=sort.descending)
        return TableView(self, list(map(self.keys.__getitem__, hits)))

    def _search(self, query: str) -> list[int]:
        if not query:
            return list(range(len(self.keys)))
        last, among = self._last
        texts = self._texts
        narrower = bool(last) and query.startswith(last)
        found: Sequence[int] = among if narrower else range(len(texts))
        for word in query.split():
            among_these = map(texts.__getitem__, found) if len(found) < len(texts) else texts
            found = list(compress(found, map(contains, among_these, repeat(word))))
        found = list(found)
        self._last = (query, found)
        return found

    def _allowed(self, name: str, wanted: str | int) -> set[Key]:
        if name == "state":
            return {key for key, state in self._all_states().items() if state == wanted}
        return set(queries.keys_where(self._session.store, self.register, name, wanted, school=self._school))

    def ranked(self, field_name: str) -> bool:
        """Whether sorting by a field takes no reading any more."""
        return field_name in self._orders

    def rank(self, field_name: str, session: Session | None = None) -> Rank:
        """Where the rows stand by a field. Through another session it is only worked out, whole, for `take_rank` here."""
        if session is None and field_name in self._orders:
            return self._orders[field_name]
        reading, one = session or self._session, self.register.by_name[field_name]
        values = queries.column(reading.store, self.register, field_name, school=self._school)
        marks = {v: sort_key(one, v, reading.catalogs) for v in {v for _key, v in values}}
        ordered = _in_order(set(marks.values()))
        number = {mark: float(n) for n, mark in enumerate(ordered)}
        places = {v: number[mark] for v, mark in marks.items()}
        found = Rank({key: places[v] for key, v in values}, ordered, list(number.values()), state=self._written)
        if session is None:
            self._orders[field_name] = found
        else:
            everything = range(len(self.keys))
            found.whole = {down: found.sorted(self.keys, everything, descending=down) for down in (False, True)}
        return found

    def take_rank(self, field_name: str, rank: Rank) -> None:
        """Keep an order that was worked out on a worker, while rows may have been written here."""
        if rank.state != self._written:
            rank.whole.clear()
        self._orders[field_name] = rank

    def _all_states(self) -> dict[Key, str]:
        if self._states is None:
            states = dict.fromkeys(self._unsent(), "unsent")
            found = [f for f in shelf.findings(self._session.store, self.register.name) if f["id"]]
            for severity in ("doubt", "error"):
                states |= {("", f["id"]): severity for f in found if f["severity"] == severity}
            self._states = states
        return self._states

    def _unsent(self) -> list[Key]:
        store = self._session.store
        if self._session.is_county:
            return []
        marks = shelf.slice_marks(store)
        acts = {s["sequence"]: int(store.meta(f"submit_act:{s['sequence']}") or 0) for s in shelf.submissions(store)}
        sent = {name: acts.get(mark.sequence, 0) for name, mark in marks.items()}
        if not any(sent.values()):
            return self.keys
        if self.register.slice_by is SliceBy.WHOLE:
            return queries.keys_since(store, self.register, sent.get(self.register.name, 0))
        found: list[Key] = []
        for year in rows.years(store, self.register):
            found += queries.keys_since(store, self.register, sent.get(f"{self.register.name}/{year}", 0), year=year)
        return found

    def state(self, key: Key) -> str:
        """State of one row."""
        return self._all_states().get(key, "")

    def counts(self) -> dict[str, int]:
        """How many rows are in each state; the filter chips are the legend."""
        return {"error": 0, "doubt": 0, "unsent": 0} | Counter(self._all_states().values())

    def read(self, keys: Sequence[Key]) -> list[Row]:
        """Rows by key, in the order of `keys`; a row gone meanwhile is left out."""
        found = queries.get_many(self._session.store, self.register, keys)
        return [found[key] for key in keys if key in found]

    def sums(self, keys: list[Key], fields: Sequence[str]) -> dict[str, int]:
        """Sums of number fields over rows."""
        numeric = [f for f in fields if self.register.by_name[f].kind in (Kind.WHOLE, Kind.DECIMAL, Kind.MONEY)]
        every = len(keys) == len(self.keys)
        return queries.sums(self._session.store, self.register, numeric, None if every else keys, school=self._school)
