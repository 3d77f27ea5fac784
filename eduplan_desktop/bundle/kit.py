"""县配置包: what the county tells all its schools (docs/format.md §5, §6.2). Signed, not sealed: it holds no secret."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Final

from eduplan_desktop.bundle import manifest as m
from eduplan_desktop.bundle.coding import b64, dump_json, load_json, load_object, unb64
from eduplan_desktop.bundle.envelope import Context, Envelope, Part, Trust, Trusted, open_envelope
from eduplan_desktop.bundle.fingerprints import fingerprint
from eduplan_desktop.bundle.manifest import Heading
from eduplan_desktop.bundle.outgoing import Outgoing, SealedPart, make_envelope
from eduplan_desktop.bundle.parts import seal_part, table, text
from eduplan_desktop.bundle.sealing import read_recipient
from eduplan_desktop.bundle.signing import KEY, SigningKey, Succession, check_public_key
from eduplan_desktop.bundle.tables import TableReader, bad_rows
from eduplan_desktop.bundle.trust import TrustEntry, TrustList, county_rule, purpose_rule, successions_of, typed_rule
from eduplan_desktop.bundle.words import refused

CODE: Final = "bad_manifest"
_CATALOG_HEAD: Final = ("name", "label", "scheme", "version", "source", "mark")


@dataclass(frozen=True, slots=True)
class CountyIdentity:
    """The county and its public keys. sign: raw Ed25519; the others `age1…`; health keys are None until that officer made them."""

    code: str
    name: str
    sign: bytes
    working: str
    records_recovery: str
    health: str | None = None
    health_recovery: str | None = None

    @property
    def fingerprint(self) -> str:
        """As printed on the county's stamped letter."""
        return fingerprint("county", self.sign)

    @property
    def record_recipients(self) -> tuple[str, ...]:
        """Who enrolments and record parts are sealed to, in order."""
        return (self.working, self.records_recovery)

    @property
    def health_recipients(self) -> tuple[str, ...]:
        """Who health parts are sealed to, in order; empty while the county has no health officer."""
        return (self.health, self.health_recovery) if self.health and self.health_recovery else ()


@dataclass(frozen=True, slots=True)
class RosterEntry:
    """A school as the county lists it; texts throughout, '' for nothing. uid is what counts, code may be absent."""

    uid: str
    name: str
    code: str = ""
    aliases: str = ""
    kind: str = ""
    urban: str = ""
    township: str = ""
    level: str = ""
    valid_from: str = ""
    valid_to: str = ""
    successor: str = ""
    remark: str = ""


ROSTER: Final = tuple(f.name for f in fields(RosterEntry))


@dataclass(frozen=True, slots=True)
class CalendarItem:
    """What is to be reported. due: a date; slices: names; required: register → fields that must not be blank for this item."""

    id: str
    title: str
    period: str
    due: str
    slices: tuple[str, ...]
    required: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class PolicyValue:
    """A setting of the county and where it comes from. value: any JSON value."""

    value: Any
    source: str


@dataclass(frozen=True, slots=True)
class KitCatalog:
    """A catalogue in a kit. columns: `code`, `label`, `retired` and its own attributes; rows: one text per column."""

    name: str
    label: str
    scheme: str
    version: str
    source: str
    mark: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class KitContent:
    """Everything a kit says."""

    county: CountyIdentity
    version: int
    roster: tuple[RosterEntry, ...]
    trust: TrustList
    calendar: tuple[CalendarItem, ...]
    policy: Mapping[str, PolicyValue]
    catalogs: tuple[KitCatalog, ...]
    succession: tuple[Succession, ...] = ()


@dataclass(frozen=True, slots=True)
class Kit:
    """A kit that has been believed. digest: of its manifest; made: information only."""

    content: KitContent
    digest: str
    made: str


@dataclass(frozen=True, slots=True)
class KitPreview:
    """What an unproven kit claims, to show before the fingerprint is typed; never used for anything else."""

    county: str
    name: str
    version: int
    fingerprint: str
    roster: tuple[RosterEntry, ...]


def make_kit(key: SigningKey, content: KitContent, made: str, program: str) -> Outgoing:
    """The signed kit. ValueError if `key` is not the county's signing key."""
    if key.public != content.county.sign:
        raise ValueError("a kit is signed by its county's key")
    heading = Heading("kit", content.county.code, m.NOBODY, content.version, made, program)
    parts = [_county_part(content), *(_catalog_part(content.county.code, c) for c in content.catalogs)]
    extra = {"trust": content.trust.version, "succession": [s.as_json() for s in content.succession]}
    return make_envelope(key, heading, parts, extra)


def _context(county: str, holds: str) -> Context:
    return Context("kit", county, m.NOBODY, m.NOBODY, holds, "")


def _county_part(content: KitContent) -> SealedPart:
    who = content.county
    roster = sorted(content.roster, key=lambda e: e.uid)
    bodies: dict[str, Any] = {
        "county.json": {f.name: getattr(who, f.name) for f in fields(who)} | {"sign": b64(who.sign)},
        "trust.json": {"version": content.trust.version, "entries": [e.as_json() for e in content.trust.entries]},
        "calendar.json": [
            {f.name: getattr(item, f.name) for f in fields(item)} | {"required": dict(item.required)}
            for item in content.calendar
        ],
        "policy.json": {k: {"value": v.value, "source": v.source} for k, v in content.policy.items()},
    }
    entries = [text(name, dump_json(body)) for name, body in bodies.items()]
    rows = [tuple(getattr(e, name) for name in ROSTER) for e in roster]
    return seal_part(_context(who.code, "county"), [*entries, table("roster.csv", ROSTER, rows, 1)], ())


def _catalog_part(county: str, catalog: KitCatalog) -> SealedPart:
    head = {k: getattr(catalog, k) for k in _CATALOG_HEAD}
    entries = [text("catalog.json", dump_json(head)), table("entries.csv", catalog.columns, catalog.rows, 0)]
    return seal_part(_context(county, f"catalog/{catalog.name}"), entries, ())


def read_kit(
    path: Path, *, typed: str = "", pinned: bytes | None = None, county: str = "", version: int = 0, trust: int = 0
) -> Kit:
    """A kit that is believed: by the fingerprint typed from paper, or by the pinned key of a county already joined.

    version, trust: the highest seen so far. BundleError: those of `open_envelope`, wrong_purpose, wrong_county, unknown_key,
    wrong_fingerprint, old_kit, wrong_context, bad_manifest, bad_rows.
    """
    rule = typed_rule("kit", typed) if pinned is None else county_rule("kit", county, pinned)
    with open_envelope(path) as envelope:
        kit = _read(envelope, rule)
    if kit.content.version < version or kit.content.trust.version < trust:
        raise refused("old_kit", version=kit.content.version, known=version)
    return kit


def preview_kit(path: Path) -> KitPreview:
    """What a kit claims before it is proven; BundleError as `read_kit`."""
    with open_envelope(path) as envelope:
        content = _read(envelope, purpose_rule("kit")).content
        shown = fingerprint("county", envelope.signer)
    return KitPreview(content.county.code, content.county.name, content.version, shown, content.roster)


def _read(envelope: Envelope, rule: Trust) -> Kit:
    trusted = envelope.trusted(rule)
    heading = envelope.manifest.heading
    version = m.whole(envelope.manifest.body, "trust")
    info = envelope.manifest.part("county")
    if info is None:
        raise m.bad("parts")
    with trusted.open_part(info) as part:
        county = _read_county(load_object(part.read("county.json"), CODE))
        if county.code != heading.county or county.sign != envelope.signer:
            raise refused("wrong_context", key="county")
        entries = _read_trust(load_object(part.read("trust.json"), CODE), version)
        content = KitContent(
            county,
            heading.number,
            _read_roster(part),
            TrustList(version, entries),
            read_calendar(_read_json(part, "calendar.json")),
            read_policy(load_object(part.read("policy.json"), CODE)),
            _read_catalogs(trusted),
            successions_of(envelope),
        )
    return Kit(content, envelope.digest, heading.made)


def _read_json(part: Part, name: str) -> Any:
    try:
        return load_json(part.read(name))
    except ValueError as error:
        raise m.bad(name) from error


def _read_county(body: Mapping[str, Any]) -> CountyIdentity:
    health, health_recovery = (None if body.get(k) is None else age_key(body, k) for k in ("health", "health_recovery"))
    if (health is None) != (health_recovery is None):
        raise m.bad("health")
    return CountyIdentity(
        m.text(body, "code", m.COUNTY),
        m.text(body, "name"),
        sign_key(body, "sign"),
        age_key(body, "working"),
        age_key(body, "records_recovery"),
        health,
        health_recovery,
    )


def sign_key(body: Mapping[str, Any], key: str) -> bytes:
    """A base64 Ed25519 key of a JSON body; BundleError('bad_manifest') for a text that is none."""
    try:
        raw = unb64(m.text(body, key), KEY)
        check_public_key(raw)
    except ValueError as error:
        raise m.bad(key) from error
    return raw


def age_key(body: Mapping[str, Any], key: str) -> str:
    """An `age1…` key of a JSON body; BundleError('bad_manifest') for a text that is none."""
    value = m.text(body, key)
    try:
        read_recipient(value)
    except ValueError as error:
        raise m.bad(key) from error
    return value


def _read_trust(body: Mapping[str, Any], version: int) -> tuple[TrustEntry, ...]:
    if m.whole(body, "version") != version:
        raise refused("wrong_context", key="trust")
    return tuple(_read_entry(one) for one in m.objects(body, "entries"))


def _read_entry(one: Mapping[str, Any]) -> TrustEntry:
    return TrustEntry(
        m.text(one, "school", m.UID),
        m.text(one, "file", m.UID),
        m.whole(one, "generation"),
        sign_key(one, "sign"),
        age_key(one, "seal"),
        m.whole_or_none(one, "retired_from"),
        m.whole_or_none(one, "revoked_from"),
    )


def read_calendar(value: Any) -> tuple[CalendarItem, ...]:
    """Calendar items from JSON; BundleError('bad_manifest')."""
    items = tuple(_read_item(one) for one in m.objects({"calendar": value}, "calendar"))
    if len({item.id for item in items}) != len(items):
        raise m.bad("calendar")
    return items


def _read_item(one: Mapping[str, Any]) -> CalendarItem:
    required = m.mapping(one, "required")
    return CalendarItem(
        m.text(one, "id", m.ITEM),
        m.text(one, "title"),
        m.text(one, "period"),
        m.text(one, "due"),
        _texts(one, "slices"),
        {register: _texts(required, register) for register in required},
    )


def _texts(body: Mapping[str, Any], key: str) -> tuple[str, ...]:
    found = m.listed(body, key)
    if not all(isinstance(one, str) for one in found):
        raise m.bad(key)
    return tuple(found)


def read_policy(body: Mapping[str, Any]) -> dict[str, PolicyValue]:
    """Settings from JSON; BundleError('bad_manifest')."""
    pairs = {key: m.mapping(body, key) for key in body}
    return {key: PolicyValue(one.get("value"), m.text(one, "source")) for key, one in pairs.items()}


def _read_roster(part: Part) -> tuple[RosterEntry, ...]:
    reader = TableReader(part.stream("roster.csv"))
    known = [i for i, name in enumerate(reader.names) if name in ROSTER]
    if tuple(reader.names[i] for i in known) != ROSTER:
        raise bad_rows("names")
    return tuple(RosterEntry(*(row[i] for i in known)) for row in reader)


def _read_catalogs(trusted: Trusted) -> tuple[KitCatalog, ...]:
    infos: Iterable[m.PartInfo] = [p for p in trusted.manifest.parts if p.holds.startswith("catalog/")]
    return tuple(_read_catalog(trusted, info) for info in infos)


def _read_catalog(trusted: Trusted, info: m.PartInfo) -> KitCatalog:
    with trusted.open_part(info) as part:
        head = load_object(part.read("catalog.json"), CODE)
        reader = TableReader(part.stream("entries.csv"), key=0, ids=False)
        rows = tuple(map(tuple, reader))
    if f"catalog/{head.get('name')}" != info.holds:
        raise refused("wrong_context", key="name")
    codes: Sequence[str] = [row[0] for row in rows]
    if reader.names[:3] != ("code", "label", "retired") or len(set(codes)) != len(codes) or "" in codes:
        raise bad_rows("codes")
    name, label, scheme, version, source, mark = (m.text(head, k) for k in _CATALOG_HEAD)
    return KitCatalog(name, label, scheme, version, source, mark, reader.names, rows)
