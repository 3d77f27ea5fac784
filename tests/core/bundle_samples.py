"""Keys, people and small envelopes for the tests of the bundle, made with the program's own writers."""

import hashlib
import zlib
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from eduplan_desktop.bundle import stick
from eduplan_desktop.bundle.kit import CountyIdentity
from eduplan_desktop.bundle.outgoing import Outgoing, SealedPart
from eduplan_desktop.bundle.package import (
    HealthContent,
    Sender,
    SliceContent,
    cells_of_dicts,
    open_columns,
    seal_counts,
    seal_health,
    seal_personal,
    seal_photos,
    seal_slice,
    sealed_columns,
)
from eduplan_desktop.bundle.parts import Photo
from eduplan_desktop.bundle.sealing import SealKey
from eduplan_desktop.bundle.signing import SigningKey
from eduplan_desktop.bundle.submission import Answer, SliceState, SubmissionHead, carried, make_submission
from eduplan_desktop.bundle.trust import TrustEntry, TrustList
from eduplan_desktop.errors import BundleError
from eduplan_desktop.registers.checkup import CHECKUP
from eduplan_desktop.registers.health_consent import HEALTH_CONSENT
from eduplan_desktop.registers.model import Field, Value
from eduplan_desktop.registers.room import ROOM
from eduplan_desktop.registers.staff import STAFF

MADE, PROGRAM, COUNTY = "2026-09-01T08:00:00Z", "0.0-test", "990001"
SECRET = "绝密之词"
"""Stands in every sealed cell; must not be found anywhere in clear."""


def uid(number: int) -> str:
    """A UUIDv7 that rises with `number`."""
    return f"019a0000-0000-7000-8000-{number:012x}"


SCHOOL, FILE = uid(1), uid(2)


def seed(number: int) -> bytes:
    """32 bytes, different for each number."""
    return bytes([number]) * 31 + b"\1"


class People:
    """Everybody who holds keys."""

    def __init__(self) -> None:
        self.county, self.school = SigningKey(seed(1)), SigningKey(seed(2))
        self.working, self.records = SealKey(seed(3)), SealKey(seed(4))
        self.health, self.health_recovery = SealKey(seed(5)), SealKey(seed(6))
        self.school_seal = SealKey(seed(7))

    @property
    def identity(self) -> CountyIdentity:
        """The county as its kit shows it."""
        keys = (self.working, self.records, self.health, self.health_recovery)
        return CountyIdentity(COUNTY, "示例县", self.county.public, *(k.public for k in keys))

    @property
    def trust(self) -> TrustList:
        """The one school is trusted."""
        return TrustList(1, (TrustEntry(SCHOOL, FILE, 1, self.school.public, self.school_seal.public),))


PEOPLE = People()
SENDER = Sender(COUNTY, SCHOOL, FILE)


def filled(fields: Sequence[Field], row: Mapping[str, Value]) -> dict[str, Value]:
    """A row with every field; NULL where nothing is said."""
    return {"id": row["id"], **{f.name: row.get(f.name) for f in fields}}


def room_part(rows: Sequence[Mapping[str, Value]] = (), **more: Any) -> SealedPart:
    """The slice `room`."""
    fields = open_columns(ROOM)
    texts = cells_of_dicts(fields, [filled(fields, row) for row in rows])
    return seal_slice(SENDER, ROOM, "room", SliceContent(texts, **more), PEOPLE.identity.record_recipients)


def personal_part(rows: Sequence[Mapping[str, Value]]) -> SealedPart:
    """The personal half of `staff`."""
    fields = sealed_columns(STAFF, "personal")
    texts = cells_of_dicts(fields, [filled(fields, row) for row in rows])
    return seal_personal(SENDER, STAFF, "staff", texts, PEOPLE.identity.record_recipients)


def staff_part(rows: Sequence[Mapping[str, Value]]) -> SealedPart:
    """The open half of `staff`."""
    fields = open_columns(STAFF)
    texts = cells_of_dicts(fields, [filled(fields, row) for row in rows])
    return seal_slice(SENDER, STAFF, "staff", SliceContent(texts), PEOPLE.identity.record_recipients)


def health_parts(rows: int = 1) -> list[SealedPart]:
    """`checkup/2025`: counts and the health part of so many persons."""
    numbers = [uid(1000 + n) for n in range(rows)]
    opened, sealed = open_columns(CHECKUP), sealed_columns(CHECKUP, "health")
    content = HealthContent(
        rows=cells_of_dicts(opened, [filled(opened, {"id": n, "person": n, "state": "2"}) for n in numbers]),
        sealed=cells_of_dicts(sealed, [filled(sealed, {"id": n, "advice": SECRET}) for n in numbers]),
        results=[(n, "GLU01", "5.4", "", "", "", SECRET) for n in numbers],
        gone=[],
        consents=[],
        groups=[("GLU01", "", str(rows))],
    )
    counts = seal_counts(SENDER, CHECKUP, "checkup/2025", (rows, rows, 0), PEOPLE.identity.record_recipients)
    recipients = PEOPLE.identity.health_recipients
    return [counts, seal_health(SENDER, CHECKUP, HEALTH_CONSENT, "checkup/2025", content, recipients)]


def photo_part(*bodies: bytes) -> SealedPart:
    """The part `photos`."""
    photos = [Photo(hashlib.sha256(b).hexdigest(), len(b), zlib.crc32(b), partial(bytes, b)) for b in bodies]
    return seal_photos(SENDER, photos, PEOPLE.identity.record_recipients)


def submission(parts: Sequence[SealedPart], earlier: Sequence[str] = (), **slices: SliceState) -> Outgoing:
    """A bundle of these parts."""
    states = {part.holds: carried((1, 0)) for part in parts if part.holds != "photos"}
    head = SubmissionHead(FILE, 1, "00" * 32, tuple(earlier), (Answer("2026-09"),), {**states, **slices})
    return make_submission(PEOPLE.school, SENDER, head, parts, MADE, PROGRAM)


def written(folder: Path, outgoing: Outgoing, name: str = "x.edub") -> Path:
    """The envelope as a file."""
    return stick.write_envelope(outgoing, folder, name)


ROOMS: tuple[dict[str, Value], ...] = (
    {"id": uid(11), "name": "一年级1班", "room_type": "01", "state": "1", "area": 5450},
    {"id": uid(12), "name": "科学实验室", "room_type": "02", "state": "1", "remark": '两行\n和"引号",逗号'},
)


def full_submission() -> list[SealedPart]:
    """Every sort of part."""
    staff = [{"id": uid(21), "name": "示例", "sex": "1", "category": "01", "state": "1"}]
    parts = [room_part(ROOMS, gone=[(uid(19), "01")], photos=[(uid(11), "1", hashlib.sha256(b"jpg").hexdigest(), "3")])]
    parts += [staff_part(staff), personal_part([{"id": uid(21), "phone": "00000000000", "address": SECRET}])]
    return [*parts, *health_parts(3), photo_part(b"jpg", b"another")]


def small_bundle() -> bytes:
    """A whole bundle of a few thousand bytes."""
    return b"".join(submission([room_part(ROOMS)]).pieces())


def refusal(action: Callable[..., object], *arguments: Any, **named: Any) -> str:
    """The code an action is refused with, '' if it is not."""
    try:
        action(*arguments, **named)
    except BundleError as error:
        return error.code
    return ""
