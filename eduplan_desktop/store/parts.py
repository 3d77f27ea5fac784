"""The parts of a record beside its open row: sealed halves and photos. Read and written as images, so that undo knows them."""

import base64
from typing import Any

from eduplan_desktop.store.acting import Act
from eduplan_desktop.store.images import PHOTOS, State


def sealed_state(a: Act, register: str, school: str, row_id: str, compartment: str) -> State:
    """The image of one sealed half: ciphertext, its mac and whose key seals it."""
    found = a.conn.execute(
        "SELECT person, blob, mac FROM sealed WHERE register = ? AND school = ? AND id = ? AND compartment = ?",
        (register, school, row_id, compartment),
    ).fetchone()
    return None if found is None else sealed_image(*found)


def sealed_image(person: str, blob: bytes, mac: bytes) -> dict[str, Any]:
    """The image of a sealed half."""
    return {"person": person, "blob": base64.b64encode(blob).decode(), "mac": base64.b64encode(mac).decode()}


def put_sealed(a: Act, register: str, school: str, row_id: str, compartment: str, state: State) -> None:
    """Write the image of a sealed half back."""
    if state is None:
        key = "register = ? AND school = ? AND id = ? AND compartment = ?"
        a.conn.execute(f"DELETE FROM sealed WHERE {key}", (register, school, row_id, compartment))
        return
    values = (state["person"], base64.b64decode(state["blob"]), base64.b64decode(state["mac"]))
    a.conn.execute(
        "INSERT OR REPLACE INTO sealed (register, school, id, compartment, person, blob, mac) VALUES (?, ?, ?, ?, ?, ?, ?)",
        (register, school, row_id, compartment, *values),
    )


def photos_state(a: Act, register: str, school: str, row_id: str) -> State:
    """The image of the list of photos; None for an empty list."""
    found = a.conn.execute(
        "SELECT n, sha256, bytes FROM attachment WHERE register = ? AND school = ? AND id = ? ORDER BY n",
        (register, school, row_id),
    ).fetchall()
    return {"photos": [list(line) for line in found]} if found else None


def put_photos(a: Act, register: str, school: str, row_id: str, state: State) -> None:
    """Write the image of the list of photos back; the bodies are immutable and stay."""
    key = (register, school, row_id)
    a.conn.execute("DELETE FROM attachment WHERE register = ? AND school = ? AND id = ?", key)
    lines = state["photos"] if state else []
    a.conn.executemany("INSERT INTO attachment VALUES (?, ?, ?, ?, ?, ?)", [(*key, *line) for line in lines])


def part_state(a: Act, register: str, school: str, row_id: str, part: str) -> State:
    """The image of a part by its name."""
    if part == PHOTOS:
        return photos_state(a, register, school, row_id)
    return sealed_state(a, register, school, row_id, part)


def put_part(a: Act, register: str, school: str, row_id: str, part: str, state: State) -> None:
    """Write the image of a part by its name, and keep the images of the change."""
    before = part_state(a, register, school, row_id, part)
    if before == state:
        return
    (put_photos if part == PHOTOS else _put_sealed_part(part))(a, register, school, row_id, state)
    a.note(register, school, row_id, part, before, state)


def _put_sealed_part(compartment: str) -> Any:
    def put(a: Act, register: str, school: str, row_id: str, state: State) -> None:
        put_sealed(a, register, school, row_id, compartment, state)

    return put


def part_names(a: Act, register: str, school: str, row_id: str) -> list[str]:
    """Names of the parts a record has."""
    key = (register, school, row_id)
    found = a.conn.execute("SELECT compartment FROM sealed WHERE register = ? AND school = ? AND id = ?", key)
    names = [name for (name,) in found]
    photos = a.conn.execute(
        "SELECT 1 FROM attachment WHERE register = ? AND school = ? AND id = ? LIMIT 1", key
    ).fetchone()
    return [*names, PHOTOS] if photos else names


def drop_parts(a: Act, register: str, school: str, row_id: str) -> None:
    """Take every part of a record away, with its images."""
    for part in part_names(a, register, school, row_id):
        put_part(a, register, school, row_id, part, None)
