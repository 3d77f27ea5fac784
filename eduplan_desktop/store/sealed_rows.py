"""Sealed halves of rows: one blob per row and compartment under its person's data key; erasing a person is erasing that key."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any, Final

from eduplan_desktop.errors import LockedError
from eduplan_desktop.i18n import _
from eduplan_desktop.registers.model import Kind, Register, Row, Value
from eduplan_desktop.store.acting import Act
from eduplan_desktop.store.connect import Store
from eduplan_desktop.store.drafts import forget_sealed
from eduplan_desktop.store.images import State
from eduplan_desktop.store.parts import put_sealed, sealed_image, sealed_state
from eduplan_desktop.store.sealing import KEY_BYTES, Opened, Place, half_mac, open_half, plain_half, seal_half
from eduplan_desktop.store.shape import shape_of
from eduplan_desktop.upgrades import upgrade

_BATCH: Final = 500
Half = tuple[str, str, Mapping[str, Value]]
"""row id, person id, all sealed values of the row in the compartment."""


def save_sealed(
    a: Act,
    opened: Opened,
    register: Register | str,
    row_id: str,
    person: str,
    values: Mapping[str, Value],
    *,
    school: str = "",
) -> bool:
    """Seal all values of one row in this compartment (not named means blank); False where they already were so."""
    return save_sealed_many(a, opened, register, [(row_id, person, values)], school=school) == 1


def save_sealed_many(
    a: Act, opened: Opened, register: Register | str, halves: Iterable[Half], *, school: str = ""
) -> int:
    """Seal many rows; how many changed. A half without any value is taken away."""
    sealer = _Sealer(a, opened, shape_of(register).register, school)
    source = iter(halves)
    changed = 0
    while batch := list(islice(source, _BATCH)):
        changed += sealer.save(batch)
    return changed


class _Sealer:
    """Seals rows of one register in one compartment, a batch at a time."""

    def __init__(self, a: Act, opened: Opened, register: Register, school: str):
        self.a, self.opened, self.register, self.school = a, opened, register, school
        fields = register.sealed_fields(opened.name)
        self.known = frozenset(f.name for f in fields)
        self.id_field = next((f.name for f in fields if f.kind is Kind.ID_NUMBER), "")

    def save(self, batch: list[Half]) -> int:
        for row_id, _person, values in batch:
            if (unknown := values.keys() - self.known) or "" in values.values():
                raise ValueError(f"{row_id}: not sealed in {self.opened.name}: {sorted(unknown) or 'empty string'}")
        keys = self._keys(batch)
        return sum(self._save_one(keys[person], *half) for half in batch for person in (half[1],))

    def _keys(self, batch: list[Half]) -> dict[str, bytes]:
        """The data key of every person of the batch, made where there is none yet."""
        found: dict[str, bytes] = {}
        for _row_id, person, _values in batch:
            if person not in found:
                key = person_key(self.a.store, self.opened, self.school, person)
                found[person] = self._new_key(person) if key is None else key
        return found

    def _new_key(self, person: str) -> bytes:
        random = self.a.store.env.random
        key = random(KEY_BYTES)
        self.a.conn.execute(
            "INSERT INTO person_key (compartment, school, person, wrapped) VALUES (?, ?, ?, ?)",
            (self.opened.name, self.school, person, self.opened.wrap(key, self.school, person, random)),
        )
        return key

    def _save_one(self, key: bytes, row_id: str, person: str, values: Mapping[str, Value]) -> bool:
        a, name, place = self.a, self.register.name, (self.register.name, self.school, row_id, self.opened.name)
        before = sealed_state(a, *place)
        state: State = None
        if any(value is not None for value in values.values()):
            plain = plain_half(values, self.register.version)
            if before and before["person"] == person and before["mac"] == _mac_text(key, plain):
                return False
            where = Place(self.opened.id, name, row_id, person, self.school)
            state = sealed_image(person, *seal_half(key, where, plain, a.store.env.random))
        if self.id_field:
            self._put_match(person, values.get(self.id_field))
        if before == state:
            return False
        put_sealed(a, *place, state)
        a.note(name, self.school, row_id, self.opened.name, before, state)
        return True

    def _put_match(self, person: str, number: Value) -> None:
        match = None if number is None else self.opened.match(str(number))
        sql = "UPDATE person_key SET match = ? WHERE compartment = ? AND school = ? AND person = ? AND match IS NOT ?"
        self.a.conn.execute(sql, (match, self.opened.name, self.school, person, match))


def _mac_text(key: bytes, plain: bytes) -> str:
    import base64

    return base64.b64encode(half_mac(key, plain)).decode()


def person_key(store: Store, opened: Opened, school: str, person: str) -> bytes | None:
    """A person's data key, or None where there is none. Raises LockedError `sealed_elsewhere`."""
    sql = "SELECT wrapped FROM person_key WHERE compartment = ? AND school = ? AND person = ?"
    row = store.conn.execute(sql, (opened.name, school, person)).fetchone()
    if row is None:
        return None
    key = opened.unwrap(row[0], school, person)
    if key is None:
        raise _elsewhere()
    return key


def _elsewhere() -> LockedError:
    return LockedError(
        "sealed_elsewhere",
        _("这条记录的封存部分打不开：它不是在这个保险库里封存的，或已被改动。"),
        _("请从备份恢复后再查看，并保留现在的文件备查。"),
    )


def read_sealed(store: Store, opened: Opened, register: Register | str, row_id: str, *, school: str = "") -> Row | None:
    """The sealed values of one row, or None where it has none. Every sealed field is there, blank ones as None.

    Raises LockedError `sealed_elsewhere` for a blob that does not belong to this place.
    """
    one = shape_of(register).register
    sql = "SELECT person, blob FROM sealed WHERE register = ? AND school = ? AND id = ? AND compartment = ?"
    row = store.conn.execute(sql, (one.name, school, row_id, opened.name)).fetchone()
    return (
        None
        if row is None
        else _opened_half(store, opened, one, Place(opened.id, one.name, row_id, row[0], school), row[1])
    )


def scan_sealed(
    store: Store, opened: Opened, register: Register | str, *, school: str | None = ""
) -> Iterator[tuple[str, str, Row]]:
    """(school, row id, sealed values) of every sealed half of a register, in the order of school and id."""
    one = shape_of(register).register
    sql = "SELECT school, id, person, blob FROM sealed WHERE register = ? AND compartment = ?"
    values: list[Any] = [one.name, opened.name]
    if school is not None:
        sql, values = sql + " AND school = ?", [*values, school]
    for owner, row_id, person, blob in store.conn.execute(sql + " ORDER BY school, id", values):
        yield owner, row_id, _opened_half(store, opened, one, Place(opened.id, one.name, row_id, person, owner), blob)


def _opened_half(store: Store, opened: Opened, register: Register, place: Place, blob: bytes) -> Row:
    key = person_key(store, opened, place.school, place.person)
    found = None if key is None else open_half(key, place, blob)
    if found is None:
        raise _elsewhere()
    values = upgrade(register.name, found[0], found[1])
    return {f.name: values.get(f.name) for f in register.sealed_fields(opened.name)}


def find_person(store: Store, opened: Opened, id_number: str, *, school: str | None = None) -> list[tuple[str, str]]:
    """(school, person) of everybody sealed here with this normalised ID number."""
    sql = "SELECT school, person FROM person_key WHERE compartment = ? AND match = ?"
    values: list[Any] = [opened.name, opened.match(id_number)]
    if school is not None:
        sql, values = sql + " AND school = ?", [*values, school]
    return store.conn.execute(sql + " ORDER BY school, person", values).fetchall()


def erase_person(a: Act, opened: Opened, person: str, school: str = "") -> int:
    """Erase a person's sealed values for good: from rows, journal, drafts and prepared parts; how many rows had some.

    The key goes and with it every ciphertext of it, also in the journal, whose chain stays valid. Cannot be undone. Backups
    lose it as they rotate out.
    """
    key = (opened.name, school, person)
    sql = "SELECT register, id FROM sealed WHERE compartment = ? AND school = ? AND person = ?"
    held = a.conn.execute(sql, key).fetchall()
    for register, row_id in held:
        before = sealed_state(a, register, school, row_id, opened.name)
        put_sealed(a, register, school, row_id, opened.name, None)
        a.note(register, school, row_id, opened.name, before, None)
    a.conn.execute("DELETE FROM person_key WHERE compartment = ? AND school = ? AND person = ?", key)
    a.conn.execute("DELETE FROM prepared WHERE compartment = ?", (opened.name,))
    forget_sealed(a.store, opened.name, {person, *(row_id for _register, row_id in held)}, person)
    _forget_explanations(a, opened.name, held)
    a.undoable = False
    a.afterwards.append(lambda: _forget_pages(a.store))
    return len(held)


def _forget_explanations(a: Act, compartment: str, held: Iterable[tuple[str, str]]) -> None:
    """What was written to explain a sealed value may say it."""
    for register, row_id in held:
        for field in shape_of(register).register.sealed_fields(compartment):
            key = f"{register}/{row_id}/{field.name}/"
            a.conn.execute("DELETE FROM explanation WHERE substr(key, 1, ?) = ?", (len(key), key))


def _forget_pages(store: Store) -> None:
    pages_left(store)


def pages_left(store: Store) -> bool:
    """Empty the WAL, where older pages with the wrapped key may still stand. True where somebody reads: it is emptied on close."""
    busy, _frames, _done = store.conn.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    return bool(busy)


def people(store: Store, compartment: str, *, school: str = "") -> list[tuple[str, int]]:
    """(person, sealed rows) of everybody with a data key or a sealed row; no key is needed to know them."""
    sql = (
        "SELECT person, sum(n) FROM (SELECT person, 0 AS n FROM person_key WHERE compartment = ?1 AND school = ?2"
        " UNION ALL SELECT person, 1 FROM sealed WHERE compartment = ?1 AND school = ?2) GROUP BY person ORDER BY person"
    )
    return store.conn.execute(sql, (compartment, school)).fetchall()
