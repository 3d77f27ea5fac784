"""Sealing: age (v1) with X25519 keys through pyrage, the only module that knows it."""

import io
from collections.abc import Iterable, Sequence
from typing import Any, BinaryIO, Final

import pyrage
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

from eduplan_desktop.bundle.coding import bech32_decode, bech32_encode
from eduplan_desktop.bundle.words import refused

_PUBLIC: Final = "age"
_SECRET: Final = "age-secret-key-"
KEY: Final = 32


class SealKey:
    """A secret age key (X25519). Never printed: its `repr` shows nothing.

    public: the text `age1…` others seal to; raw_public: its 32 bytes, for the fingerprint.
    """

    __slots__ = ("_raw", "public", "raw_public")

    def __init__(self, raw: bytes) -> None:
        """From 32 secret bytes."""
        private = X25519PrivateKey.from_private_bytes(raw)
        self._raw = raw
        self.raw_public: Final = private.public_key().public_bytes_raw()
        self.public: Final = write_recipient(self.raw_public)

    @classmethod
    def from_text(cls, text: str) -> "SealKey":
        """From `AGE-SECRET-KEY-1…`; ValueError otherwise."""
        return cls(bech32_decode(_SECRET, text.strip()))

    @property
    def raw(self) -> bytes:
        """The 32 secret bytes; for a key slot or a recovery sheet only."""
        return self._raw

    @property
    def text(self) -> str:
        """`AGE-SECRET-KEY-1…` as the age program reads it."""
        return bech32_encode(_SECRET, self._raw).upper()

    def __repr__(self) -> str:
        return "SealKey(...)"


def write_recipient(raw_public: bytes) -> str:
    """`age1…` of a raw X25519 public key."""
    return bech32_encode(_PUBLIC, raw_public)


def read_recipient(text: str) -> bytes:
    """The raw X25519 public key of `age1…`; ValueError unless canonical and no point of small order."""
    raw = bech32_decode(_PUBLIC, text)
    if len(raw) != KEY or write_recipient(raw) != text:
        raise ValueError("no age recipient")
    X25519PrivateKey.generate().exchange(X25519PublicKey.from_public_bytes(raw))
    return raw


def seal_stream(source: Any, target: Any, recipients: Sequence[str]) -> None:
    """Everything `source.read(n)` gives, sealed to each recipient in this order, into `target.write`."""
    if not recipients:
        raise ValueError("sealed to nobody")
    for one in recipients:
        read_recipient(one)
    pyrage.encrypt_io(source, target, [pyrage.x25519.Recipient.from_str(one) for one in recipients])


def seal(data: bytes, recipients: Sequence[str]) -> bytes:
    """`data` sealed to each recipient."""
    out = io.BytesIO()
    seal_stream(io.BytesIO(data), out, recipients)
    return out.getvalue()


def open_stream(source: BinaryIO, target: Any, keys: Iterable[SealKey]) -> None:
    """Opens an age file into `target`; BundleError('cannot_open') if no key fits or the file is not whole."""
    identities = [pyrage.x25519.Identity.from_str(key.text) for key in keys]
    if not identities:
        raise refused("cannot_open", reason="no_key")
    try:
        pyrage.decrypt_io(source, target, identities)
    except (pyrage.DecryptError, OSError, ValueError) as error:
        raise refused("cannot_open", reason="age") from error


def unseal(data: bytes, keys: Iterable[SealKey]) -> bytes:
    """The plain bytes of an age file; BundleError('cannot_open') otherwise."""
    out = io.BytesIO()
    open_stream(io.BytesIO(data), out, keys)
    return out.getvalue()
