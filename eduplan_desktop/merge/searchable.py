"""The search text of merged rows, made when somebody first looks at a register: merging itself does not wait for it.

A merge leaves `search` empty and notes the register (`note`); `fill` makes the texts of the rows that have none. What a search
finds is derived from the rows alone, so this is no act of a user; the journal only tells that it was done.
"""

from collections.abc import Callable
from typing import Final

from eduplan_desktop.registers.model import Register
from eduplan_desktop.store.connect import Store
from eduplan_desktop.store.journal import Act, act
from eduplan_desktop.store.shape import shape_of

_META: Final = "unsearched"

Progress = Callable[[int, int, str], None]


def note(a: Act, register: str) -> None:
    """Say that rows of this register were merged and cannot be searched yet."""
    held = set(a.store.meta(_META).split())
    if register not in held:
        a.set_meta(_META, " ".join(sorted({*held, register})))


def waiting(store: Store) -> list[str]:
    """Registers with rows that cannot be searched yet."""
    return store.meta(_META).split()


def fill(store: Store, register: Register, progress: Progress | None = None) -> int:
    """Make the missing search texts of a register; how many. A file that cannot be written is left as it is."""
    if register.name not in waiting(store) or store.read_only:
        return 0
    shape = shape_of(register)
    listed = ", ".join(f'"{c}"' for c in shape.columns)
    update = f'UPDATE "{register.name}" SET search = ? WHERE school = ? AND id = ?'
    missing = f"SELECT school, id, {listed} FROM \"{register.name}\" WHERE school = ? AND search = ''"
    done = 0
    with act(store, "search.fill", "整理检索", images=False, detail={"register": register.name}) as a:
        schools = [uid for (uid,) in a.conn.execute("SELECT uid FROM roster ORDER BY uid")]
        for n, uid in enumerate(schools):
            batch = a.conn.execute(missing, (uid,)).fetchall()
            # A row without a word to search for keeps a blank, so that it is not asked again.
            a.conn.executemany(update, [(shape.search(row[2:]) or " ", row[0], row[1]) for row in batch])
            done += len(batch)
            if progress:
                progress(n + 1, len(schools), register.label)
        a.set_meta(_META, " ".join(name for name in waiting(store) if name != register.name))
        a.touch(register.name)
    return done
