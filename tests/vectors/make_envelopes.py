"""Writes envelopes/, keys.json and cases.json: a valid envelope of each kind, and one for each code of docs/format.md §9.

Run: python -m tests.vectors.make_envelopes. The same bytes come out every time.

A case in cases.json: `file` is judged after the files in `before` were taken in order. `stage` says where the answer falls:
`envelope` (container to signature), `trust`, `digests`, `slice` (one part cannot be used: `slice`, `compartment`), `chain` (only
a county that keeps a ledger can tell: `status`, `code`, and `slices` → [status, code]), `paper` (`typed` fingerprint), `version`
(`known` was seen before) or `valid`.
"""

import base64
import json
import struct
from pathlib import Path
from typing import Any

from tests.vectors import world as w
from tests.vectors.make_primitives import fingerprint
from tests.vectors.stranger import Envelope, Part, Signer, as_json, lp, zip_file

HERE = Path(__file__).resolve().parent
FOLDER = HERE / "envelopes"
Case = dict[str, Any]


def b64(data: bytes) -> str:
    """Base64 with padding."""
    return base64.b64encode(data).decode()


def successor(old: Signer, new: Signer) -> dict[str, str]:
    """§5."""
    message = b"".join(lp(x) for x in (b"eduplan-successor-v1", w.COUNTY.encode(), old.public, new.public))
    return {"from": b64(old.public), "to": b64(new.public), "signature": b64(old.key.sign(message))}


def trust_entry(signer: Signer, **more: Any) -> dict[str, Any]:
    """One line of the trust list."""
    entry = {"school": w.SCHOOL, "file": w.FILE, "generation": 1, "sign": b64(signer.public)}
    ends = {"retired_from": None, "revoked_from": None}
    return {**entry, "seal": w.SCHOOL_SEAL.recipient, **ends, **more}


def kit(version: int = 4, signer: Signer = w.COUNTY_KEY, succession: list[dict[str, str]] | None = None) -> Envelope:
    """The kit all other vectors rest on."""
    county = {"code": w.COUNTY, "name": "示例县", "sign": b64(signer.public), "working": w.WORKING.recipient}
    county |= {"records_recovery": w.RECORDS.recipient, "health": w.HEALTH.recipient}
    county |= {"health_recovery": w.HEALTH_RECOVERY.recipient}
    roster = [
        "uid",
        "name",
        "code",
        "aliases",
        "kind",
        "urban",
        "township",
        "level",
        "valid_from",
        "valid_to",
        "successor",
        "remark",
    ]
    schools = [{"uid": w.SCHOOL, "name": "示例小学"}, {"uid": w.OTHER_SCHOOL, "name": "示例中学", "code": "0000000000"}]
    trust = [
        trust_entry(w.SCHOOL_KEY),
        trust_entry(w.RETIRED_KEY, file=w.OTHER_FILE, generation=2, retired_from=1),
        trust_entry(w.REVOKED_KEY, file=w.OTHER_FILE, generation=3, revoked_from=1),
    ]
    item = {"id": "2026-09-rooms", "title": "房间", "period": "2026-09", "due": "2026-09-30", "slices": ["room"]}
    entries = [
        ("county.json", as_json(county)),
        ("roster.csv", w.table(roster, schools)),
        ("trust.json", as_json({"version": version, "entries": trust})),
        ("calendar.json", as_json([{**item, "required": {"room": ["area"]}}])),
        ("policy.json", as_json({"example": {"value": 85, "source": "示例"}})),
    ]
    head = {"name": "example", "label": "示例目录", "scheme": "2010", "version": "1", "source": "示例", "mark": "K"}
    catalog = [("catalog.json", as_json(head)), ("entries.csv", b"code,label,retired,unit\n02,b,,\n01,a,1,m\n")]
    parts = [Part("county", entries), Part("catalog/example", catalog)]
    extra = {"trust": version, "succession": succession or []}
    return Envelope("kit", w.COUNTY, "-", version, signer, parts, extra)


def enrolment(signer: Signer = w.SCHOOL_KEY) -> Envelope:
    """A school asks to be trusted."""
    body = {"school": w.SCHOOL, "name": "示例小学", "code": "", "file": w.FILE, "sign": b64(signer.public)}
    body |= {"seal": w.SCHOOL_SEAL.recipient, "contact": "示例", "earlier": []}
    body["county_fingerprint"] = fingerprint("county", w.COUNTY_KEY.public)
    part = Part("enrolment", [("enrolment.json", as_json(body))], w.RECORD_READERS)
    return Envelope("enrolment", w.COUNTY, w.SCHOOL, 0, signer, [part])


def receipt(number: int, digest: str) -> Envelope:
    """What became of the first bundle."""
    slices = {
        "room": {"status": "merged", "code": "", "new": 3, "changed": 0, "same": 0, "withdrawn": 0, "quarantined": 0}
    }
    bundle = {"sequence": 1, "digest": digest, "status": "merged", "code": "", "intake": "2026-09-02", "slices": slices}
    item = {"item": "2026-09-rooms", "state": "received", "zero": False, "late": False, "remark": ""}
    remark = {"item": "2026-09-rooms", "register": "room", "id": w.row_id(0x303), "field": "area", "text": "请补填面积"}
    review = {"id": w.row_id(0x801), "result": "1", "by": "示例", "date": "2026-09-02", "text": ""}
    body = {"number": number, "file": w.FILE, "bundles": [bundle], "items": [item], "remarks": [remark]}
    body |= {"reviews": [review], "photos": [], "earlier": [digest]}
    body["key"] = {"retired_from": None, "revoked_from": None}
    part = Part("receipt", [("receipt.json", as_json(body))], [w.SCHOOL_SEAL])
    return Envelope("receipt", w.COUNTY, w.SCHOOL, number, w.COUNTY_KEY, [part], {"succession": []})


class Writer:
    """Collects files and cases."""

    def __init__(self) -> None:
        self.cases: list[Case] = []

    def file(self, name: str, envelope: Envelope | bytes) -> str:
        """Write one file; its digest, or '' for bytes."""
        data = envelope if isinstance(envelope, bytes) else envelope.build(name)
        (FOLDER / name).write_bytes(data)
        return "" if isinstance(envelope, bytes) else envelope.digest(name)

    def case(self, file: str, stage: str, code: str = "", **more: Any) -> None:
        """Note what must come of a file."""
        self.cases.append({"file": file, "stage": stage, "code": code, **more})


def valid(out: Writer) -> dict[int, str]:
    """One of each kind, and a chain of two bundles; digests of bundles 1 and 2."""
    out.file("valid.edukit", kit())
    out.file("rotated.edukit", kit(5, w.NEXT_COUNTY_KEY, [successor(w.COUNTY_KEY, w.NEXT_COUNTY_KEY)]))
    out.file("valid.eduenrol", enrolment())
    other = {"equipment": {"state": "not_reported"}}
    parts = [w.room_part(), *w.staff_parts(), w.safety_part(), *w.checkup_parts()]
    first = out.file("valid-1.edub", w.submission(parts, other))
    gone = [{"id": w.row_id(0x303), "reason": "01"}]
    second_parts = [w.room_part(w.ROOM_ROWS[:2], gone)]
    same = {"staff": {"state": "as_before", "from": 1}, "safety_check/2026": {"state": "as_before", "from": 1}}
    second = out.file("valid-2.edub", w.submission(second_parts, same, [first]))
    out.file("valid.edurcpt", receipt(7, first))
    for file in ("valid.edukit", "rotated.edukit", "valid.eduenrol", "valid-1.edub", "valid-2.edub", "valid.edurcpt"):
        out.case(file, "valid")
    return {1: first, 2: second}


def containers(out: Writer) -> None:
    """Refused before anybody is asked for trust."""
    whole = w.submission([w.room_part()])
    good = whole.build("container")
    at = good.index(b"age-encryption.org") + 200
    out.file("damaged-flipped.edub", good[:at] + bytes([good[at] ^ 1]) + good[at + 1 :])
    out.case("damaged-flipped.edub", "digests", "damaged")
    out.file("damaged-cut.edub", good[:-100])
    out.case("damaged-cut.edub", "envelope", "damaged")
    out.file("damaged-more.edub", w.submission([w.room_part()], more=[("extra.txt", b"not in the manifest")]))
    out.case("damaged-more.edub", "envelope", "damaged")
    out.file("not-a-bundle.edub", zip_file([("hello.txt", b"hello")]))
    out.case("not-a-bundle.edub", "envelope", "not_a_bundle")
    out.file("too-new.edub", w.submission([w.room_part()], major=2, change={"format": 2}))
    out.case("too-new.edub", "envelope", "too_new")
    end = good.rindex(b"PK\x05\x06")
    many = struct.pack("<HH", 257, 257)
    out.file("too-large.edub", good[: end + 8] + many + good[end + 12 :])
    out.case("too-large.edub", "envelope", "too_large")
    out.file("bad-manifest.edub", w.submission([w.room_part()], change={"earlier": ["00" * 32]}))
    out.case("bad-manifest.edub", "trust", "bad_manifest")
    out.file("bad-manifest-comment.edub", w.submission([w.room_part()], comment=f"eduplan submission {w.COUNTY} - 1"))
    out.case("bad-manifest-comment.edub", "envelope", "bad_manifest")
    signature = w.submission([w.room_part()]).build("signature")
    out.file("bad-signature.edub", good_with(signature, b'"made":"2026-09-01', b'"made":"2026-09-02'))
    out.case("bad-signature.edub", "envelope", "bad_signature")
    out.file("bad-signature-old-form.edub", w.submission([w.room_part()], algorithm=b"Ed"))
    out.case("bad-signature-old-form.edub", "envelope", "bad_signature")


def good_with(data: bytes, old: bytes, new: bytes) -> bytes:
    """The envelope with a changed manifest, all ZIP headers right again."""
    import io
    import zipfile

    with zipfile.ZipFile(io.BytesIO(data)) as source:
        entries = [(info.filename, source.read(info)) for info in source.infolist()]
    return zip_file([(name, body.replace(old, new) if name == "manifest.json" else body) for name, body in entries])


def strangers(out: Writer) -> None:
    """Refused by trust."""
    parts = [w.room_part()]
    out.file("unknown-key.edub", w.submission(parts, signer=w.STRANGER_KEY))
    out.case("unknown-key.edub", "trust", "unknown_key")
    out.file("held.eduenrol", enrolment(w.STRANGER_KEY))
    out.case("unknown-key.edub", "chain", "held_unknown_key", before=["held.eduenrol"], status="held")
    out.file("revoked-key.edub", w.submission(parts, signer=w.REVOKED_KEY, file=w.OTHER_FILE))
    out.case("revoked-key.edub", "trust", "revoked_key")
    out.file("retired-key.edub", w.submission(parts, signer=w.RETIRED_KEY, file=w.OTHER_FILE))
    out.case("retired-key.edub", "trust", "retired_key")
    out.file("wrong-county.edub", w.submission(parts, county="990002"))
    out.case("wrong-county.edub", "trust", "wrong_county")
    out.file("wrong-school.edub", w.submission(parts, school=w.OTHER_SCHOOL))
    out.case("wrong-school.edub", "trust", "wrong_school")
    out.file("wrong-purpose.edub", kit())
    out.case("wrong-purpose.edub", "trust", "wrong_purpose")
    typed = fingerprint("school", w.STRANGER_KEY.public, w.SCHOOL_SEAL.public)
    out.case("valid.eduenrol", "paper", "wrong_fingerprint", typed=typed)
    out.case("valid.edukit", "paper", "wrong_fingerprint", typed=fingerprint("county", w.STRANGER_KEY.public))
    out.case("valid.edukit", "version", "old_kit", known=5)
    out.case("valid.edurcpt", "version", "old_receipt", known=8)


def slices(out: Writer) -> None:
    """The envelope is whole and believed, one slice is not usable."""
    out.file("wrong-context.edub", w.submission([w.room_part(context={"school": w.OTHER_SCHOOL})]))
    out.case("wrong-context.edub", "slice", "wrong_context", slice="room")
    out.file("cannot-open.edub", w.submission([w.room_part(readers=[w.STRANGER_SEAL])]))
    out.case("cannot-open.edub", "slice", "cannot_open", slice="room")
    out.file("bad-rows.edub", w.submission([w.room_part(list(reversed(w.ROOM_ROWS)))]))
    out.case("bad-rows.edub", "slice", "bad_rows", slice="room")
    bomb = w.room_part()
    bomb.entries.append(("zeros", bytes(64 << 20)))
    out.file("too-large-slice.edub", w.submission([bomb]))
    out.case("too-large-slice.edub", "slice", "too_large", slice="room")
    newer = {"room": {"state": "carried", "version": [2, 0]}}
    out.file("too-new-slice.edub", w.submission([w.room_part(), w.safety_part()], newer))
    out.case("too-new-slice.edub", "slice", "too_new", slice="room")
    minor = w.room_part()
    names = [*w.ROOM[:3], "colour", *w.ROOM[3:]]
    rows = [{**row, "colour": "白"} for row in w.ROOM_ROWS]
    minor.entries[:2] = [w.package((1, 9), room=names), ("room.csv", w.table(names, rows))]
    out.file("newer-minor.edub", w.submission([minor], {"room": {"state": "carried", "version": [1, 9]}}))
    out.case("newer-minor.edub", "valid", unknown=["colour"])


def chains(out: Writer, known: dict[int, str]) -> None:
    """Only a county with a ledger can tell."""
    merged = {"room": ["merged", ""]}
    out.case("valid-1.edub", "chain", "", status="merged", slices={"checkup/2025": ["merged", "held_health"], **merged})
    out.case("valid-2.edub", "chain", "", status="merged", before=["valid-1.edub"], slices=merged)
    out.case("valid-1.edub", "chain", "", status="already", before=["valid-1.edub"])
    late = {"room": ["kept", "superseded"], "staff": ["merged", ""]}
    out.case("valid-1.edub", "chain", "", status="older", before=["valid-2.edub"], slices=late)
    need = {"staff": ["waiting", "need_full"], **merged}
    out.case("valid-2.edub", "chain", "gap", status="merged", before=[], slices=need)
    out.file("fork-2.edub", w.submission([w.room_part()], earlier=[known[1]], change={"made": "2026-09-03T08:00:00Z"}))
    out.case("fork-2.edub", "chain", "fork", status="held", before=["valid-1.edub", "valid-2.edub"])
    out.file("gap-4.edub", w.submission([w.room_part()], earlier=[known[1], known[2], "ab" * 32]))
    out.case("gap-4.edub", "chain", "gap", status="merged", before=["valid-1.edub", "valid-2.edub"], slices=merged)
    out.file("vanished-2.edub", w.submission([w.room_part(w.ROOM_ROWS[:2])], earlier=[known[1]]))
    vanished = {"room": ["refused", "vanished_rows"]}
    out.case("vanished-2.edub", "chain", "", status="merged", before=["valid-1.edub"], slices=vanished)


def keys() -> dict[str, Any]:
    """Everything a reader of the vectors needs; all of it public, none of it ever used in earnest."""
    signers = {
        "county": w.COUNTY_KEY,
        "next_county": w.NEXT_COUNTY_KEY,
        "school": w.SCHOOL_KEY,
        "stranger": w.STRANGER_KEY,
    }
    readers = {"working": w.WORKING, "records_recovery": w.RECORDS, "health": w.HEALTH}
    readers |= {"health_recovery": w.HEALTH_RECOVERY, "school": w.SCHOOL_SEAL}
    return {
        "about": "keys of the vectors; seeds and secrets are published on purpose",
        "county": w.COUNTY,
        "school": w.SCHOOL,
        "file": w.FILE,
        "sign": {name: {"seed": s.seed.hex(), "public": s.public.hex()} for name, s in signers.items()},
        "seal": {name: {"identity": r.identity, "recipient": r.recipient} for name, r in readers.items()},
        "fingerprints": {
            "county": fingerprint("county", w.COUNTY_KEY.public),
            "school": fingerprint("school", w.SCHOOL_KEY.public, w.SCHOOL_SEAL.public),
        },
    }


def main() -> None:
    """Write everything beside this script."""
    FOLDER.mkdir(exist_ok=True)
    for old in FOLDER.iterdir():
        old.unlink()
    out = Writer()
    known = valid(out)
    containers(out)
    strangers(out)
    slices(out)
    chains(out, known)
    for name, content in (("keys", keys()), ("cases", {"about": (__doc__ or "").strip(), "cases": out.cases})):
        text = json.dumps(content, ensure_ascii=False, indent=1) + "\n"
        (HERE / f"{name}.json").write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
