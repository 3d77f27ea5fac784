"""The cryptography of a compartment, without tables: slots, keys of persons, sealed blobs, secrets (D7).

Every key but the compartment key and the persons' data keys is derived by HMAC-SHA256 from one of them and a label.
AES-256-GCM throughout, a random 12-byte nonce before each ciphertext; what is bound is length-prefixed and joined.
"""

import hmac
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from eduplan_desktop.environment import KdfCost

Random = Callable[[int], bytes]
KEY_BYTES: Final = 32
_NONCE: Final = 12
_STEP: Final = 256
"""Blobs are padded to steps of so many bytes, so that their length says little."""


def bound(*parts: str) -> bytes:
    """The associated data of a ciphertext: each part in UTF-8 with its length in two bytes before it."""
    return b"".join(len(p).to_bytes(2, "big") + p for p in (part.encode() for part in parts))


def derived(key: bytes, label: str) -> bytes:
    """A key for one purpose."""
    return hmac.digest(key, label.encode(), "sha256")


def encrypt(key: bytes, plain: bytes, aad: bytes, random: Random) -> bytes:
    """nonce ‖ ciphertext ‖ tag."""
    nonce = random(_NONCE)
    return nonce + AESGCM(key).encrypt(nonce, plain, aad)


def decrypt(key: bytes, sealed: bytes, aad: bytes) -> bytes | None:
    """The plain bytes, or None where key, place or bytes are not those of `encrypt`."""
    try:
        return AESGCM(key).decrypt(sealed[:_NONCE], sealed[_NONCE:], aad)
    except (InvalidTag, ValueError):
        return None


def slot_key(secret: str, salt: bytes, cost: KdfCost) -> bytes:
    """The key of a slot from a passphrase or recovery code; slow and large on purpose."""
    kdf = Argon2id(
        salt=salt, length=KEY_BYTES, iterations=cost.iterations, lanes=cost.lanes, memory_cost=cost.memory_kib
    )
    return kdf.derive(secret.encode())


@dataclass(frozen=True, slots=True, repr=False)
class Opened:
    """An open compartment: its name and id, and its key, which lives in memory only and is never shown."""

    name: str
    id: str
    key: bytes

    def __repr__(self) -> str:
        return f"Opened({self.name})"

    def wrap(self, data_key: bytes, school: str, person: str, random: Random) -> bytes:
        """A person's data key as stored."""
        return encrypt(derived(self.key, "person"), data_key, bound(self.id, "person", school, person), random)

    def unwrap(self, wrapped: bytes, school: str, person: str) -> bytes | None:
        """The inverse of `wrap`."""
        return decrypt(derived(self.key, "person"), wrapped, bound(self.id, "person", school, person))

    def match(self, normalised: str) -> bytes:
        """The same for the same ID number anywhere in this file, and of no use without the compartment."""
        return derived(derived(self.key, "match"), normalised)

    def seal_text(self, purpose: str, place: tuple[str, ...], plain: bytes, random: Random) -> bytes:
        """Seal bytes that belong to no person: a named secret or a draft."""
        return encrypt(derived(self.key, purpose), plain, bound(self.id, purpose, *place), random)

    def open_text(self, purpose: str, place: tuple[str, ...], sealed: bytes) -> bytes | None:
        """The inverse of `seal_text`."""
        return decrypt(derived(self.key, purpose), sealed, bound(self.id, purpose, *place))


@dataclass(frozen=True, slots=True)
class Place:
    """Where a sealed half belongs; it opens nowhere else. school is '' in a school file."""

    compartment: str
    register: str
    row: str
    person: str
    school: str

    @property
    def aad(self) -> bytes:
        """compartment id ‖ register ‖ row id ‖ person id (‖ school uid at the county)."""
        parts = (self.compartment, self.register, self.row, self.person)
        return bound(*parts, *((self.school,) if self.school else ()))


def plain_half(values: Mapping[str, Any], version: tuple[int, int]) -> bytes:
    """The one JSON text of all sealed fields of a row: sorted keys, schema version, nothing that is NULL."""
    held = {name: value for name, value in values.items() if value is not None}
    text = json.dumps({"v": list(version), "values": held}, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode()


def seal_half(data_key: bytes, place: Place, plain: bytes, random: Random) -> tuple[bytes, bytes]:
    """(blob, mac): the padded, sealed half and the mark that says "same or changed" without opening it."""
    padded = plain + b" " * (-len(plain) % _STEP)
    blob = encrypt(derived(data_key, "seal"), padded, place.aad, random)
    return blob, half_mac(data_key, plain)


def half_mac(data_key: bytes, plain: bytes) -> bytes:
    """HMAC of the plain half under a key derived from the person's data key."""
    return hmac.digest(derived(data_key, "same"), plain, "sha256")


def open_half(data_key: bytes, place: Place, blob: bytes) -> tuple[dict[str, Any], tuple[int, int]] | None:
    """(values, schema version) of a sealed half, or None where it does not belong here."""
    plain = decrypt(derived(data_key, "seal"), blob, place.aad)
    if plain is None:
        return None
    held = json.loads(plain)
    return held["values"], (held["v"][0], held["v"][1])
