"""A second, independent writer of envelopes, made from docs/format.md, the age v1 and the minisign format alone.

Imports nothing of the program, and all its randomness is given, so the same call gives the same bytes. For vectors only: its
age files take the "random" file keys from a counter.
"""

import base64
import hashlib
import hmac
import json
import struct
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

README = "A test vector of docs/format.md.\n"


def lp(data: bytes) -> bytes:
    """LP(x)."""
    return struct.pack(">H", len(data)) + data


def as_json(value: Any) -> bytes:
    """JSON in another form than the program's own: compact and unsorted."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8")


def derived(label: str) -> bytes:
    """32 bytes known to everybody; never a real key."""
    return hashlib.sha256(f"eduplan test vector: {label}".encode()).digest()


# --- minisign ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Signer:
    """A signing key with a public seed."""

    seed: bytes

    @property
    def key(self) -> Ed25519PrivateKey:
        """The private key."""
        return Ed25519PrivateKey.from_private_bytes(self.seed)

    @property
    def public(self) -> bytes:
        """The raw public key."""
        return self.key.public_key().public_bytes_raw()

    @property
    def key_id(self) -> bytes:
        """§4."""
        return hashlib.sha256(lp(b"eduplan-keyid-v1") + lp(self.public)).digest()[:8]

    def public_file(self) -> bytes:
        """signer.pub."""
        body = base64.b64encode(b"Ed" + self.key_id + self.public)
        return b"untrusted comment: a test vector's key\n" + body + b"\n"

    def signature_file(self, message: bytes, comment: str, algorithm: bytes = b"ED") -> bytes:
        """manifest.json.minisig; with algorithm `Ed` the old form that is not prehashed."""
        hashed = hashlib.blake2b(message, digest_size=64).digest() if algorithm == b"ED" else message
        signature = self.key.sign(hashed)
        both = self.key.sign(signature + comment.encode())
        first = base64.b64encode(algorithm + self.key_id + signature)
        lines = [b"untrusted comment: test", first, b"trusted comment: " + comment.encode(), base64.b64encode(both)]
        return b"\n".join(lines) + b"\n"


# --- age --------------------------------------------------------------------------------------------------------------


def bech32(prefix: str, data: bytes) -> str:
    """BIP 173."""
    letters = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
    bits = "".join(f"{b:08b}" for b in data)
    bits += "0" * (-len(bits) % 5)
    values = [int(bits[i : i + 5], 2) for i in range(0, len(bits), 5)]
    stretched = [ord(c) >> 5 for c in prefix] + [0] + [ord(c) & 31 for c in prefix]

    def polymod(numbers: list[int]) -> int:
        check = 1
        for number in numbers:
            top, check = check >> 25, ((check & 0x1FFFFFF) << 5) ^ number
            for i, g in enumerate((0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)):
                check ^= g if (top >> i) & 1 else 0
        return check

    check = polymod(stretched + values + [0] * 6) ^ 1
    values += [(check >> 5 * (5 - i)) & 31 for i in range(6)]
    return prefix + "1" + "".join(letters[v] for v in values)


@dataclass(frozen=True)
class Reader:
    """An age key pair with a public secret."""

    secret: bytes

    @property
    def public(self) -> bytes:
        """The raw public key."""
        return X25519PrivateKey.from_private_bytes(self.secret).public_key().public_bytes_raw()

    @property
    def recipient(self) -> str:
        """`age1…`."""
        return bech32("age", self.public)

    @property
    def identity(self) -> str:
        """`AGE-SECRET-KEY-1…`."""
        return bech32("age-secret-key-", self.secret).upper()


def bare64(data: bytes) -> bytes:
    """Base64 without padding."""
    return base64.b64encode(data).rstrip(b"=")


def hkdf(secret: bytes, salt: bytes, info: bytes) -> bytes:
    """HKDF-SHA-256, 32 bytes."""
    return HKDF(algorithm=SHA256(), length=32, salt=salt, info=info).derive(secret)


def age(plain: bytes, readers: Sequence[Reader], label: str) -> bytes:
    """An age v1 file whose secrets come from `label`."""
    file_key = derived(f"file key {label}")[:16]
    head = b"age-encryption.org/v1\n"
    for number, reader in enumerate(readers):
        ephemeral = X25519PrivateKey.from_private_bytes(derived(f"ephemeral {label} {number}"))
        share = ephemeral.public_key().public_bytes_raw()
        shared = ephemeral.exchange(X25519PublicKey.from_public_bytes(reader.public))
        wrap = hkdf(shared, share + reader.public, b"age-encryption.org/v1/X25519")
        body = ChaCha20Poly1305(wrap).encrypt(bytes(12), file_key, None)
        head += b"-> X25519 " + bare64(share) + b"\n" + bare64(body) + b"\n"
    head += b"---"
    mac = hmac.new(hkdf(file_key, b"", b"header"), head, hashlib.sha256).digest()
    nonce = derived(f"nonce {label}")[:16]
    cipher = ChaCha20Poly1305(hkdf(file_key, nonce, b"payload"))
    chunks = [plain[i : i + 65536] for i in range(0, len(plain), 65536)] or [b""]
    sealed = b"".join(
        cipher.encrypt(i.to_bytes(11, "big") + bytes([i == len(chunks) - 1]), chunk, None)
        for i, chunk in enumerate(chunks)
    )
    return head + b" " + bare64(mac) + b"\n" + nonce + sealed


# --- ZIP --------------------------------------------------------------------------------------------------------------


def zip_file(entries: Sequence[tuple[str, bytes]], deflate: bool = False) -> bytes:
    """A plain ZIP, entries in order, dated 1980-01-01."""
    out, directory = b"", b""
    for name, data in entries:
        packer = zlib.compressobj(6, zlib.DEFLATED, -15)
        packed = packer.compress(data) + packer.flush() if deflate else data
        sizes = struct.pack("<III", zlib.crc32(data), len(packed), len(data))
        shared = struct.pack("<HHHHH", 20, 0, 8 if deflate else 0, 0, 0x21) + sizes
        shared += struct.pack("<HH", len(name), 0)
        directory += b"PK\x01\x02" + struct.pack("<H", 20) + shared + struct.pack("<HHHII", 0, 0, 0, 0, len(out))
        directory += name.encode()
        out += b"PK\x03\x04" + shared + name.encode() + packed
    end = struct.pack("<HHHHIIH", 0, 0, len(entries), len(entries), len(directory), len(out), 0)
    return out + directory + b"PK\x05\x06" + end


# --- envelopes --------------------------------------------------------------------------------------------------------


@dataclass
class Part:
    """One part to be: what it holds, its entries, who may open it. context: overrides of context.json."""

    holds: str
    entries: list[tuple[str, bytes]]
    readers: Sequence[Reader] = ()
    compartment: str = ""
    rows: int | None = None
    context: Mapping[str, Any] = field(default_factory=dict)
    deflate: bool = True
    pad: bool = False


@dataclass
class Envelope:
    """An envelope to be, with every place where a vector wants to be wrong."""

    purpose: str
    county: str
    school: str
    number: int
    signer: Signer
    parts: list[Part]
    extra: dict[str, Any] = field(default_factory=dict)
    change: Mapping[str, Any] = field(default_factory=dict)
    comment: str = ""
    algorithm: bytes = b"ED"
    major: int = 1
    more: list[tuple[str, bytes]] = field(default_factory=list)

    def manifest(self, sealed: list[bytes]) -> bytes:
        """manifest.json."""
        listed = []
        for number, (part, data) in enumerate(zip(self.parts, sealed, strict=True), start=1):
            one: dict[str, Any] = {"name": f"p{number:03d}.{'zip' if self.purpose == 'kit' else 'age'}"}
            one |= {"holds": part.holds, "sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data)}
            one |= {"compartment": part.compartment} if part.compartment else {}
            one |= {"rows": part.rows} if part.rows is not None else {}
            listed.append(one)
        body = {"format": 1, "purpose": self.purpose, "county": self.county, "school": self.school}
        body |= {"number": self.number, "made": "2026-09-01T08:00:00Z", "program": "vectors", "parts": listed}
        return as_json({**body, **self.extra, "unknown": {"to": ["be", "ignored"]}, **self.change})

    def seal(self, part: Part, label: str) -> bytes:
        """One part's bytes."""
        context = {"format": 1, "purpose": self.purpose, "county": self.county, "school": self.school}
        context |= {"file": self.extra.get("file", "-"), "slice": part.holds, "compartment": part.compartment}
        sizes = {name: len(data) for name, data in part.entries}

        def packed(padding: int | None) -> bytes:
            more = [] if padding is None else [("padding", bytes(padding))]
            all_sizes = {**sizes, **{n: len(d) for n, d in more}}
            body = as_json({**context, "sizes": all_sizes, **part.context})
            return zip_file([("context.json", body), *part.entries, *more], part.deflate and not part.pad)

        if part.pad:
            inner = next(p for n in range(9000) if len(p := packed(n)) % 4096 == 0)
        else:
            inner = packed(None)
        return age(inner, part.readers, label) if part.readers else inner

    def build(self, label: str) -> bytes:
        """The bytes of the file."""
        sealed = [self.seal(part, f"{label} {i}") for i, part in enumerate(self.parts)]
        manifest = self.manifest(sealed)
        comment = self.comment or f"eduplan {self.purpose} {self.county} {self.school} {self.number}"
        front = [
            (f"EDUPLAN-{self.major}", b""),
            ("manifest.json", manifest),
            ("manifest.json.minisig", self.signer.signature_file(manifest, comment, self.algorithm)),
            ("signer.pub", self.signer.public_file()),
            ("README.txt", README.encode()),
        ]
        ending = "zip" if self.purpose == "kit" else "age"
        numbered = [(f"p{i:03d}.{ending}", data) for i, data in enumerate(sealed, start=1)]
        return zip_file([*front, *numbered, *self.more])

    def digest(self, label: str) -> str:
        """The bundle digest."""
        sealed = [self.seal(part, f"{label} {i}") for i, part in enumerate(self.parts)]
        return hashlib.sha256(self.manifest(sealed)).hexdigest()
