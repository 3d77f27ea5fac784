"""Signatures: Ed25519 keys, minisign's text forms (prehashed only), and a county key handed on to its successor."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from eduplan_desktop.bundle.coding import b64, lp, unb64
from eduplan_desktop.bundle.words import refused

KEY: Final = 32
SIGNATURE: Final = 64
_P: Final = 2**255 - 19
_Y8: Final = 0x7A03AC9277FDC74EC6CC392CFA53202A0F67100D760B3CBA4FD84D3D706A17C7
_SMALL_ORDER: Final = frozenset({0, 1, _P - 1, _Y8, _P - _Y8})
"""y of the points whose order divides 8: with such a "key" anyone can make signatures that verify."""
_PUBLIC_COMMENT: Final = "untrusted comment: minisign public key "
_SIGNATURE_COMMENT: Final = "untrusted comment: signature of manifest.json"
_UNTRUSTED: Final = "untrusted comment: "
_TRUSTED: Final = "trusted comment: "
_LINE_LIMIT: Final = 1024


class SigningKey:
    """A secret Ed25519 key. Never printed: its `repr` shows nothing."""

    __slots__ = ("_key", "public")

    def __init__(self, seed: bytes) -> None:
        """From the 32-byte seed of RFC 8032."""
        self._key = Ed25519PrivateKey.from_private_bytes(seed)
        self.public: Final = self._key.public_key().public_bytes_raw()

    @property
    def seed(self) -> bytes:
        """The 32 secret bytes; for a key slot or a recovery sheet only."""
        return self._key.private_bytes_raw()

    def sign(self, message: bytes) -> bytes:
        """64 bytes of Ed25519."""
        return self._key.sign(message)

    def __repr__(self) -> str:
        return "SigningKey(...)"


def check_public_key(raw: bytes) -> None:
    """ValueError unless `raw` is 32 bytes, canonical, and no point of small order."""
    y = int.from_bytes(raw, "little") & (2**255 - 1)
    if len(raw) != KEY or y >= _P or y in _SMALL_ORDER:
        raise ValueError("no usable Ed25519 key")


def verifies(public: bytes, signature: bytes, message: bytes) -> bool:
    """Whether `signature` by `public` over `message` is right; keys that are no good verify nothing."""
    try:
        check_public_key(public)
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (ValueError, InvalidSignature):
        return False
    return True


def key_id(public: bytes) -> bytes:
    """The 8 bytes in the place of minisign's key id (docs/format.md §4); identifies nothing."""
    return hashlib.sha256(lp(b"eduplan-keyid-v1") + lp(public)).digest()[:8]


def write_public_key(public: bytes) -> bytes:
    """A minisign public key file, as `signer.pub` holds it."""
    shown = key_id(public)[::-1].hex().upper()
    return f"{_PUBLIC_COMMENT}{shown}\n{b64(b'Ed' + key_id(public) + public)}\n".encode("ascii")


def read_public_key(text: bytes) -> bytes:
    """The raw key of a minisign public key file; BundleError('bad_signature') unless exactly as written above."""
    try:
        comment, line = _lines(text, 2)
        packed = unb64(line, 2 + 8 + KEY)
        public = packed[10:]
        check_public_key(public)
    except ValueError as error:
        raise refused("bad_signature", reason="signer") from error
    if not comment.startswith(_UNTRUSTED) or packed[:2] != b"Ed" or packed[2:10] != key_id(public):
        raise refused("bad_signature", reason="signer")
    return public


def write_signature(key: SigningKey, message: bytes, trusted_comment: str) -> bytes:
    """A minisign signature file over `message`, prehashed (`ED`)."""
    trusted_comment.encode("ascii")
    signature = key.sign(hashlib.blake2b(message).digest())
    binding = key.sign(signature + trusted_comment.encode("ascii"))
    lines = [
        _SIGNATURE_COMMENT,
        b64(b"ED" + key_id(key.public) + signature),
        _TRUSTED + trusted_comment,
        b64(binding),
    ]
    return ("\n".join(lines) + "\n").encode("ascii")


def read_signature(text: bytes, public: bytes, message: bytes) -> str:
    """The trusted comment of a minisign signature that verifies; BundleError('bad_signature') otherwise."""
    try:
        untrusted, line, trusted, binding_line = _lines(text, 4)
        packed = unb64(line, 2 + 8 + SIGNATURE)
        binding = unb64(binding_line, SIGNATURE)
    except ValueError as error:
        raise refused("bad_signature", reason="form") from error
    signature = packed[10:]
    comment = trusted.removeprefix(_TRUSTED)
    right = (
        untrusted.startswith(_UNTRUSTED)
        and trusted.startswith(_TRUSTED)
        and packed[:2] == b"ED"
        and packed[2:10] == key_id(public)
        and verifies(public, signature, hashlib.blake2b(message).digest())
        and verifies(public, binding, signature + comment.encode("ascii"))
    )
    if not right:
        raise refused("bad_signature", reason="verify")
    return comment


def _lines(text: bytes, count: int) -> list[str]:
    """Exactly `count` printable ASCII lines, each ended by LF; ValueError otherwise."""
    if not text.endswith(b"\n") or len(text) > count * _LINE_LIMIT:
        raise ValueError("not a text of lines")
    lines = text.decode("ascii")[:-1].split("\n")
    if len(lines) != count or any(not line.isprintable() for line in lines):
        raise ValueError("another number of lines")
    return lines


@dataclass(frozen=True, slots=True)
class Succession:
    """`old` hands the county's signature on to `new`; raw Ed25519 keys and a signature by `old`."""

    old: bytes
    new: bytes
    signature: bytes

    def as_json(self) -> dict[str, str]:
        """As the manifest holds it."""
        return {"from": b64(self.old), "to": b64(self.new), "signature": b64(self.signature)}


def _succession_message(county: str, old: bytes, new: bytes) -> bytes:
    return b"".join(lp(x) for x in (b"eduplan-successor-v1", county.encode("ascii"), old, new))


def hand_on(old: SigningKey, new: bytes, county: str) -> Succession:
    """The old county key signs the new one (docs/format.md §5)."""
    return Succession(old.public, new, old.sign(_succession_message(county, old.public, new)))


def read_successions(value: Any) -> tuple[Succession, ...]:
    """Successions from JSON, oldest first; BundleError('bad_manifest') if malformed."""
    if not isinstance(value, list):
        raise refused("bad_manifest", key="succession")
    return tuple(_read_succession(one) for one in value)


def _read_succession(one: Any) -> Succession:
    if not isinstance(one, Mapping):
        raise refused("bad_manifest", key="succession")
    try:
        old, new = (unb64(str(one.get(k)), KEY) for k in ("from", "to"))
        return Succession(old, new, unb64(str(one.get("signature")), SIGNATURE))
    except ValueError as error:
        raise refused("bad_manifest", key="succession") from error


def follow(pinned: bytes, chain: Iterable[Succession], county: str) -> tuple[bytes, ...]:
    """The keys reached from `pinned`, itself first, in order; a link that does not verify ends the way."""
    reached = [pinned]
    for link in chain:
        known = link.old == reached[-1] and link.new not in reached
        if known and verifies(link.old, link.signature, _succession_message(county, link.old, link.new)):
            reached.append(link.new)
    return tuple(reached)
