"""A county and its schools for tests of the merge: real keys, real bundles, rows as the texts that travel."""

import hashlib
import zlib
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from eduplan_desktop.bundle.coding import b64
from eduplan_desktop.bundle.package import (
    HealthContent,
    Sender,
    SliceContent,
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
from eduplan_desktop.bundle.submission import (
    NOT_REPORTED_STATE,
    Answer,
    SubmissionHead,
    as_before,
    carried,
    make_submission,
)
from eduplan_desktop.environment import Environment, KdfCost
from eduplan_desktop.merge.carry import Desk
from eduplan_desktop.merge.intake import take_in
from eduplan_desktop.registers.catalog import REGISTERS, register
from eduplan_desktop.registers.catalogs import Catalog, Catalogs, Entry
from eduplan_desktop.registers.model import Kind
from eduplan_desktop.store import compartments
from eduplan_desktop.store.connect import create_store
from eduplan_desktop.store.journal import act

PASSPHRASE = "bali gudo kimu lepa tuso wade"
COUNTY = "990101"
DAY = "2026-03-05"
MADE = "2026-03-01T08:00:00Z"


def catalogs():
    """Code tables with the codes 1 to 9 and a few that tests name, for every table a register asks for."""
    names = {f.choices for r in REGISTERS for f in r.fields if f.choices}
    codes = [*"123456789", "P", "J", "S", "A", "211", "312"]
    tables = (Catalog(n, n, n, "1", "", "K", tuple(Entry(c, f"{n} {c}") for c in codes)) for n in names)
    return Catalogs({t.name: t for t in tables})


def uid(n):
    """A UUIDv7 with a number one can read."""
    return f"01900000-0000-7000-8000-{n:012x}"


def seed(text):
    return hashlib.sha256(text.encode()).digest()


def photo(text):
    """A body that passes for a photo, and how it travels."""
    body = b"\xff\xd8" + text.encode() + b"\xff\xd9"
    return Photo(hashlib.sha256(body).hexdigest(), len(body), zlib.crc32(body), lambda: body)


class Clock:
    """Counts seconds; never looks at the real time."""

    def __init__(self):
        self.seconds = 0

    def __call__(self):
        self.seconds += 1
        return datetime.fromtimestamp(1_770_000_000 + self.seconds, UTC)


class County:
    """A county file with its keys; trust and roster are entered directly."""

    def __init__(self, folder: Path, *, act_images=False):
        self.folder = folder
        self.env = Environment(now=Clock(), home=folder / "home", kdf=KdfCost(8, 1, 1), who="县经办人")
        self.store = create_store(folder / "县.eduplan", "county", self.env, name="示例县")
        self.working, self.recovery = SealKey(seed("working")), SealKey(seed("recovery"))
        self.health, self.health_recovery = SealKey(seed("health")), SealKey(seed("health recovery"))
        with act(self.store, "make", "建立保险库") as a:
            compartments.make(a, "personal", PASSPHRASE)
        self.personal = compartments.open_with(self.store, "personal", PASSPHRASE)
        self.catalogs = catalogs()
        self.desk = Desk(self.store, COUNTY, (self.working,), self.catalogs, self.personal, DAY)

    def enrol(self, school, generation=1, **ends):
        """Trust a school's file, and list the school."""
        with act(self.store, "enrol", "批准") as a:
            a.conn.execute("INSERT OR IGNORE INTO roster (uid, name) VALUES (?, ?)", (school.uid, school.name))
            a.conn.execute(
                "INSERT INTO trust (school, file, generation, sign, seal, fingerprint, approved, retired_from, revoked_from)"
                " VALUES (?, ?, ?, ?, ?, '', ?, ?, ?)",
                (
                    *(school.uid, school.file, generation, b64(school.key.public), school.seal.public, DAY),
                    *(ends.get("retired_from"), ends.get("revoked_from")),
                ),
            )

    def list_school(self, school):
        """Put a school into the roster without trusting anything."""
        with act(self.store, "list", "名单") as a:
            a.conn.execute("INSERT OR IGNORE INTO roster (uid, name) VALUES (?, ?)", (school.uid, school.name))

    def merge(self, *paths, dry_run=False):
        return take_in(self.desk, paths, dry_run=dry_run).lines

    def rows(self, sql, *values):
        return self.store.conn.execute(sql, values).fetchall()

    def close(self):
        self.store.close()


def state(county):
    """Everything a merge decides, without the numbers of acts: equal for equal sets of filed bundles."""
    found = {}
    for one in REGISTERS:
        columns = [c[1] for c in county.rows(f'PRAGMA table_info("{one.name}")') if c[1] not in ("act", "search")]
        listed = ", ".join(f'"{c}"' for c in columns)
        found[one.name] = county.rows(f'SELECT {listed} FROM "{one.name}" ORDER BY school, id')
        sealed = compartments.scan_sealed(county.store, county.personal, one, school=None)
        found[f"{one.name} sealed"] = list(sealed) if "personal" in one.compartments else []
    for name, columns in {
        "gone": "register, school, id, year, reason",
        "quarantine": "school, slice, id, register, field, code, body, digest",
        "explanation": "key, text",
        "attachment": "register, school, id, n, sha256, bytes",
        "checkup_counts": "*",
        "slice_state": "*",
        "chain": "*",
        "photo_held": "*",
        "person_key": "compartment, school, person",
    }.items():
        found[name] = sorted(county.rows(f"SELECT {columns} FROM {name}"), key=repr)
    return found


@dataclass
class Contents:
    """What one slice of a school holds: texts as they travel, by row id."""

    rows: dict = field(default_factory=dict)
    results: dict = field(default_factory=dict)
    gone: dict = field(default_factory=dict)
    explained: dict = field(default_factory=dict)
    photos: dict = field(default_factory=dict)
    personal: dict = field(default_factory=dict)


def cells(one, values, fields):
    """A row of texts in the order of the register; unknown names are a mistake of the test."""
    assert set(values) <= {f.name for f in fields}, values
    return tuple(values.get(f.name, "") for f in fields)


class School:
    """A school's data file: slices in memory, bundles on disk, keys and chain as a real one has them."""

    def __init__(self, county, number, folder, *, file=None, name=None):
        self.county, self.folder = county, folder
        self.uid, self.file = uid(number), uid(file or 1_000_000 + number)
        self.name = name or f"示例小学{number}"
        self.key, self.seal = SigningKey(seed(f"sign {self.file}")), SealKey(seed(f"seal {self.file}"))
        self.earlier = []
        self.slices = {}
        folder.mkdir(exist_ok=True)

    def twin(self, folder):
        """A copy of the file, keys and all: what a restored backup on a second PC is."""
        other = School(self.county, 0, folder)
        other.uid, other.file, other.name = self.uid, self.file, self.name
        other.key, other.seal, other.earlier = self.key, self.seal, [*self.earlier]
        other.slices = {n: Contents(**{k: dict(v) for k, v in vars(c).items()}) for n, c in self.slices.items()}
        return other

    def slice(self, name):
        return self.slices.setdefault(name, Contents())

    def put(self, name, n, /, **values):
        """Add or change a row; `results` and `personal` go to their own tables."""
        held, row = self.slice(name), uid(n)
        if (said := values.pop("results", None)) is not None:
            held.results[row] = said
        if (said := values.pop("personal", None)) is not None:
            held.personal[row] = said
        held.rows[row] = {**held.rows.get(row, {}), **values}
        held.gone.pop(row, None)
        return row

    def drop(self, name, n, /, reason="1"):
        held, row = self.slice(name), uid(n)
        held.rows.pop(row, None)
        held.results.pop(row, None)
        held.personal.pop(row, None)
        held.explained = {k: v for k, v in held.explained.items() if k[0] != row}
        held.photos = {k: v for k, v in held.photos.items() if k[0] != row}
        held.gone[row] = reason

    def submit(
        self, *carry, before=None, silent=(), answers=(), photos=(), counts=None, health=None, county=COUNTY, path=None
    ):
        """Write the next bundle: slices carried, `before` slice → number as_before, `silent` not reported."""
        sender = Sender(county, self.uid, self.file)
        recipients = (self.county.working.public, self.county.recovery.public)
        parts, claims = [], {}
        for name in carry:
            one, held = register(name.partition("/")[0]), self.slice(name)
            claims[name] = carried(one.version)
            parts.append(self._open_part(sender, one, name, held, recipients))
            if held.personal:
                fields = sealed_columns(one, "personal")
                halves = [(i, *cells(one, v, fields)) for i, v in sorted(held.personal.items())]
                parts.append(seal_personal(sender, one, name, halves, recipients))
        for name, number in (counts or {}).items():
            claims[name] = carried(register("checkup").version)
            parts.append(seal_counts(sender, register("checkup"), name, number, recipients))
            if health and name in health:
                to = (self.county.health.public, self.county.health_recovery.public)
                parts.append(
                    seal_health(sender, register("checkup"), register("health_consent"), name, health[name], to)
                )
        if photos:
            parts.append(seal_photos(sender, photos, recipients))
        claims |= {name: as_before(n) for name, n in (before or {}).items()}
        claims |= dict.fromkeys(silent, NOT_REPORTED_STATE)
        said = tuple(Answer(a) if isinstance(a, str) else Answer(*a) for a in answers)
        head = SubmissionHead(self.file, 1, "0" * 64, tuple(self.earlier), said, claims)
        made = make_submission(self.key, sender, head, parts, MADE, "test")
        target = path or self.folder / f"{self.uid[-4:]}-{self.file[-6:]}-{len(self.earlier) + 1:03d}.edub"
        with target.open("wb") as out:
            made.write_to(out)
        made.close()
        self.earlier.append(made.digest)
        return target

    @staticmethod
    def _open_part(sender, one, name, held, recipients):
        fields = open_columns(one)
        content = SliceContent(
            rows=[(i, *cells(one, v, fields)) for i, v in sorted(held.rows.items())],
            results=[(i, *line) for i, lines in sorted(held.results.items()) for line in sorted(lines)],
            gone=sorted(held.gone.items()),
            explained=[(*k, v) for k, v in sorted(held.explained.items())],
            photos=[(i, str(n), p.sha256, str(p.size)) for (i, n), p in sorted(held.photos.items())],
        )
        return seal_slice(sender, one, name, content, recipients)


def required(one, /, **values):
    """Texts for every required open field of a register, so that a row is good; `values` on top."""
    found = {}
    for f in open_columns(one):
        if f.required:
            found[f.name] = {
                Kind.DATE: "2025-03-05",
                Kind.WHOLE: "1",
                Kind.MONEY: "1." + "0" * f.places,
                Kind.DECIMAL: "1." + "0" * f.places,
                Kind.CHOICE: "1",
                Kind.YES_NO: "1",
                Kind.LINK: uid(7),
            }.get(f.kind, "某物")
    return {**found, **values}


__all__ = ["COUNTY", "DAY", "Contents", "County", "HealthContent", "School", "photo", "required", "state", "uid"]
