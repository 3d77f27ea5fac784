"""Compartments of a data file: *personal* and *health*, each with its own key, opened by a passphrase or recovery code (D7).

A compartment key lives in the file only wrapped in slots, and in memory only inside `Opened`. Sealed halves of rows are in
`sealed_rows`; both are offered here.
"""

from typing import Any, Final

from eduplan_desktop.environment import KdfCost
from eduplan_desktop.errors import LockedError, RefusedError
from eduplan_desktop.i18n import _
from eduplan_desktop.store.acting import Act
from eduplan_desktop.store.connect import Store
from eduplan_desktop.store.passphrase import (
    RecoveryCode,
    new_recovery_code,
    normalise,
    read_recovery_code,
    require_strong,
    words,
)
from eduplan_desktop.store.sealed_rows import (
    erase_person,
    find_person,
    pages_left,
    people,
    read_sealed,
    save_sealed,
    save_sealed_many,
    scan_sealed,
)
from eduplan_desktop.store.sealing import KEY_BYTES, Opened, bound, decrypt, encrypt, slot_key

__all__ = [
    "NAMES",
    "Opened",
    "RecoveryCode",
    "add_slot",
    "change_passphrase",
    "change_recovery_code",
    "drop_secret",
    "erase_person",
    "exists",
    "find_person",
    "get_secret",
    "make",
    "open_with",
    "pages_left",
    "people",
    "put_secret",
    "read_sealed",
    "save_sealed",
    "save_sealed_many",
    "scan_sealed",
    "secret_names",
    "slots",
    "words",
]

NAMES: Final = ("personal", "health")
PASSPHRASE: Final = "passphrase"
RECOVERY: Final = "recovery"
_SALT: Final = 16


def exists(store: Store, name: str) -> bool:
    """Whether the compartment has been made."""
    return store.conn.execute("SELECT 1 FROM compartment WHERE name = ?", (name,)).fetchone() is not None


def make(a: Act, name: str, passphrase: str) -> RecoveryCode:
    """Make a compartment with a passphrase slot and a recovery slot; the code is shown once and kept nowhere.

    Raises RefusedError `compartment_exists` or `weak_passphrase`.
    """
    if exists(a.store, name):
        raise RefusedError("compartment_exists", _("这个保险库已经建立。"), _("请用原来的口令或恢复码打开。"))
    require_strong(passphrase)
    env = a.store.env
    opened = Opened(name, a.store.next_id(), env.random(KEY_BYTES))
    a.conn.execute("INSERT INTO compartment (name, id, made) VALUES (?, ?, ?)", (name, opened.id, env.moment()))
    code = new_recovery_code(env.random)
    _put_slot(a, opened, PASSPHRASE, normalise(passphrase))
    _put_slot(a, opened, RECOVERY, code.symbols)
    a.undoable = False
    return code


def _put_slot(a: Act, opened: Opened, kind: str, secret: str) -> None:
    env = a.store.env
    salt = env.random(_SALT)
    wrapped = encrypt(slot_key(secret, salt, env.kdf), opened.key, bound(opened.id, kind), env.random)
    a.conn.execute(
        "INSERT INTO slot (compartment, kind, salt, memory_kib, iterations, lanes, wrapped, made) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (opened.name, kind, salt, env.kdf.memory_kib, env.kdf.iterations, env.kdf.lanes, wrapped, env.moment()),
    )


def open_with(store: Store, name: str, secret: str) -> Opened:
    """Open with a passphrase or the recovery code.

    Raises LockedError `no_compartment`, `wrong_passphrase`, or `mistyped_code` for a recovery code with a typing error.
    """
    row = store.conn.execute("SELECT id FROM compartment WHERE name = ?", (name,)).fetchone()
    if row is None:
        raise LockedError("no_compartment", _("还没有建立这个保险库。"), _("请先建立保险库并设口令。"))
    mistyped: LockedError | None = None
    try:
        code = read_recovery_code(secret)
    except LockedError as error:
        code, mistyped = None, error
    kind, typed = (PASSPHRASE, normalise(secret)) if code is None else (RECOVERY, code.symbols)
    key = _try_slots(store, name, row[0], kind, typed)
    if key is None:
        raise mistyped or LockedError("wrong_passphrase", _("口令不对。"), _("请再试一次，或用恢复码打开。"))
    return Opened(name, row[0], key)


def _try_slots(store: Store, name: str, compartment_id: str, kind: str, secret: str) -> bytes | None:
    if not secret:
        return None
    sql = "SELECT salt, memory_kib, iterations, lanes, wrapped FROM slot WHERE compartment = ? AND kind = ? ORDER BY n"
    for salt, memory, iterations, lanes, wrapped in store.conn.execute(sql, (name, kind)).fetchall():
        key = decrypt(slot_key(secret, salt, KdfCost(memory, iterations, lanes)), wrapped, bound(compartment_id, kind))
        if key is not None:
            return key
    return None


def slots(store: Store, name: str) -> list[dict[str, Any]]:
    """Number, kind, cost and moment of each slot; nothing secret."""
    sql = "SELECT n, kind, memory_kib, iterations, lanes, made FROM slot WHERE compartment = ? ORDER BY n"
    names = ("slot", "kind", "memory_kib", "iterations", "lanes", "made")
    return [dict(zip(names, row, strict=True)) for row in store.conn.execute(sql, (name,))]


def add_slot(a: Act, opened: Opened, passphrase: str) -> None:
    """Let one more passphrase open the compartment. Raises RefusedError `weak_passphrase`."""
    require_strong(passphrase)
    _put_slot(a, opened, PASSPHRASE, normalise(passphrase))
    a.undoable = False


def change_passphrase(a: Act, opened: Opened, passphrase: str) -> None:
    """Put a new passphrase in the place of every old one. The recovery code stays. Raises RefusedError `weak_passphrase`."""
    require_strong(passphrase)
    a.conn.execute("DELETE FROM slot WHERE compartment = ? AND kind = ?", (opened.name, PASSPHRASE))
    add_slot(a, opened, passphrase)


def change_recovery_code(a: Act, opened: Opened) -> RecoveryCode:
    """A new recovery code in the place of the old one, which opens nothing from now on."""
    a.conn.execute("DELETE FROM slot WHERE compartment = ? AND kind = ?", (opened.name, RECOVERY))
    code = new_recovery_code(a.store.env.random)
    _put_slot(a, opened, RECOVERY, code.symbols)
    a.undoable = False
    return code


def put_secret(a: Act, opened: Opened, name: str, value: bytes) -> None:
    """Keep a named secret (a county's keys) sealed in the compartment."""
    body = opened.seal_text("secret", (name,), value, a.store.env.random)
    a.conn.execute(
        "INSERT OR REPLACE INTO secret (compartment, name, body) VALUES (?, ?, ?)", (opened.name, name, body)
    )
    a.undoable = False


def get_secret(store: Store, opened: Opened, name: str) -> bytes:
    """A named secret. Raises LockedError `no_secret` where there is none of that name or it was not sealed here."""
    sql = "SELECT body FROM secret WHERE compartment = ? AND name = ?"
    row = store.conn.execute(sql, (opened.name, name)).fetchone()
    value = None if row is None else opened.open_text("secret", (name,), row[0])
    if value is None:
        raise LockedError("no_secret", _("保险库里没有这把密钥。"), _("请检查打开的是不是正确的文件。"), name=name)
    return value


def secret_names(store: Store, name: str) -> list[str]:
    """Names of the secrets a compartment holds; no key is needed to know them."""
    sql = "SELECT name FROM secret WHERE compartment = ? ORDER BY name"
    return [found for (found,) in store.conn.execute(sql, (name,))]


def drop_secret(a: Act, opened: Opened, name: str) -> None:
    """Forget a named secret for good."""
    a.conn.execute("DELETE FROM secret WHERE compartment = ? AND name = ?", (opened.name, name))
    a.undoable = False
