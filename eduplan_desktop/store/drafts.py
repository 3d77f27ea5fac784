"""Half-typed records: kept at every pause of typing, so that a kill or power cut loses nothing (invariant 1).

Not journalled. Values of sealed fields are kept only sealed, and only while their compartment is open; never in clear.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any

from eduplan_desktop.registers.model import Register
from eduplan_desktop.store.connect import Store
from eduplan_desktop.store.shape import shape_of
from eduplan_desktop.store.sqlite_errors import fault

if TYPE_CHECKING:
    from eduplan_desktop.store.sealing import Opened

Texts = Mapping[str, str]


def keep(
    store: Store, register: Register | str, row_id: str, values: Texts, opened: Mapping[str, Opened] | None = None
) -> None:
    """Keep what stands in the editors of one record: field → text as typed. Raises StoreError.

    Sealed fields of a compartment that is not open are left out; what was kept of them before stays.
    """
    one = shape_of(register).register
    clear = dict(values)
    sealed = json.loads(_held(store, one.name, row_id)[1])
    for name in one.compartments:
        texts = {f.name: clear.pop(f.name) for f in one.sealed_fields(name) if f.name in clear}
        key = (opened or {}).get(name)
        if key is not None and not texts:
            sealed.pop(name, None)
        elif key is not None:
            plain = json.dumps(texts, ensure_ascii=False).encode()
            blob = key.seal_text("draft", (one.name, row_id), plain + b" " * (-len(plain) % 256), store.env.random)
            sealed[name] = base64.b64encode(blob).decode()
    _write(
        store,
        "INSERT OR REPLACE INTO draft (register, id, body, sealed, made) VALUES (?, ?, ?, ?, ?)",
        (one.name, row_id, json.dumps(clear, ensure_ascii=False), json.dumps(sealed), store.env.moment()),
    )


def _held(store: Store, register: str, row_id: str) -> tuple[str, str]:
    sql = "SELECT body, sealed FROM draft WHERE register = ? AND id = ?"
    row = store.conn.execute(sql, (register, row_id)).fetchone()
    return (row[0], row[1]) if row else ("", "{}")


def _write(store: Store, sql: str, values: tuple[Any, ...]) -> None:
    if store.read_only:
        raise fault("read_only" if store.why_read_only == "asked" else store.why_read_only, store.path)
    store.conn.execute(sql, values)


def read(
    store: Store, register: Register | str, row_id: str, opened: Mapping[str, Opened] | None = None
) -> dict[str, str] | None:
    """What was kept of one record, with its sealed fields where their compartment is open; None where nothing was."""
    one = shape_of(register).register
    body, sealed = _held(store, one.name, row_id)
    if not body:
        return None
    texts: dict[str, str] = json.loads(body)
    for name, blob in json.loads(sealed).items():
        key = (opened or {}).get(name)
        plain = None if key is None else key.open_text("draft", (one.name, row_id), base64.b64decode(blob))
        if plain is not None:
            texts |= json.loads(plain)
    return texts


def drafts(store: Store) -> list[tuple[str, str, str]]:
    """(register, row id, moment) of every draft, newest id last."""
    return store.conn.execute("SELECT register, id, made FROM draft ORDER BY id").fetchall()


def drop(store: Store, register: Register | str, row_id: str) -> None:
    """Throw a draft away; nothing happens where there is none."""
    name = register if isinstance(register, str) else register.name
    if _held(store, name, row_id)[0]:
        _write(store, "DELETE FROM draft WHERE register = ? AND id = ?", (name, row_id))


def drop_saved(store: Store, register: Register | str, row_id: str, opened: Mapping[str, Opened]) -> None:
    """After a save: what was typed sealed in a compartment that is locked now was not saved, and stays."""
    name = register if isinstance(register, str) else register.name
    body, sealed = _held(store, name, row_id)
    left = {part: blob for part, blob in json.loads(sealed).items() if part not in opened}
    if not left:
        drop(store, name, row_id)
    elif body != "{}":
        sql = "UPDATE draft SET body = '{}', sealed = ? WHERE register = ? AND id = ?"
        _write(store, sql, (json.dumps(left), name, row_id))


def forget_sealed(store: Store, compartment: str, ids: Collection[str], person: str) -> None:
    """Erase what was typed of a person for one compartment, inside an open act. The open half of the person's own record stays;
    a draft about the person (a check-up) goes as a whole."""
    for register, row_id, body, sealed in store.conn.execute("SELECT register, id, body, sealed FROM draft").fetchall():
        texts, parts = json.loads(body), json.loads(sealed)
        about = person in texts.values()
        if compartment not in parts or not (about or row_id in ids):
            continue
        del parts[compartment]
        if about or not (texts or parts):
            store.conn.execute("DELETE FROM draft WHERE register = ? AND id = ?", (register, row_id))
        else:
            sql = "UPDATE draft SET sealed = ? WHERE register = ? AND id = ?"
            store.conn.execute(sql, (json.dumps(parts), register, row_id))
