"""The people, keys and rows all envelope vectors are about. Codes of county and school cannot exist."""

import csv
import io
from collections.abc import Mapping, Sequence
from typing import Any

from tests.vectors.stranger import Envelope, Part, Reader, Signer, as_json, derived

COUNTY = "990001"
SCHOOL, OTHER_SCHOOL = "019a0000-0000-7000-8000-000000000101", "019a0000-0000-7000-8000-000000000102"
FILE, OTHER_FILE = "019a0000-0000-7000-8000-000000000201", "019a0000-0000-7000-8000-000000000202"

COUNTY_KEY, NEXT_COUNTY_KEY = Signer(derived("county signs")), Signer(derived("county signs next"))
SCHOOL_KEY, STRANGER_KEY = Signer(derived("school signs")), Signer(derived("stranger signs"))
RETIRED_KEY, REVOKED_KEY = Signer(derived("retired signs")), Signer(derived("revoked signs"))
WORKING, RECORDS = Reader(derived("county working")), Reader(derived("records recovery"))
HEALTH, HEALTH_RECOVERY = Reader(derived("county health")), Reader(derived("health recovery"))
SCHOOL_SEAL, STRANGER_SEAL = Reader(derived("school seal")), Reader(derived("stranger seal"))
RECORD_READERS, HEALTH_READERS = (WORKING, RECORDS), (HEALTH, HEALTH_RECOVERY)

ROOM = [
    "id",
    "name",
    "room_no",
    "building",
    "floor",
    "room_type",
    "level",
    "area",
    "seats",
    "multimedia",
    "state",
    "keeper",
    "built",
    "remark",
]
STAFF = [
    "id",
    "name",
    "sex",
    "birth",
    "staff_no",
    "category",
    "post",
    "duty",
    "establishment",
    "home_school",
    "teaching_school",
    "level",
    "subject",
    "other_subject",
    "work_since",
    "teach_since",
    "here_since",
    "education",
    "degree",
    "major",
    "title",
    "title_date",
    "backbone",
    "backbone_date",
    "certified",
    "hours_5y",
    "state",
    "state_date",
    "transfer_no",
    "other_school",
    "rotation",
    "remark",
]
PERSONAL = [
    "id",
    "id_number",
    "other_id_type",
    "other_id_number",
    "phone",
    "nation",
    "marriage",
    "native_place",
    "address",
    "emergency_contact",
    "emergency_phone",
]
SAFETY = ["id", "check_date", "weather", "inspector", "leader", "remark"]
RESULTS = ["id", "item", "value", "unit", "low", "high", "remark"]
CHECKUP = ["id", "stat_year", "person", "state"]
SEALED_CHECKUP = [
    "id",
    "not_done_reason",
    "exam_date",
    "institution",
    "report_no",
    "conclusion",
    "advice",
    "recheck_date",
    "recheck_result",
    "remark",
]
CONSENT = [
    "id",
    "person",
    "notice",
    "scope",
    "names_county",
    "signed",
    "on_paper",
    "recorded_by",
    "withdrawn",
    "remark",
]
GONE, EXPLAINED = ["id", "reason"], ["id", "field", "code", "text"]


def row_id(number: int) -> str:
    """A row id; rises with `number`."""
    return f"019a0000-0000-7000-8000-{number:012x}"


ROOM_ROWS = [
    {
        "id": row_id(0x301),
        "name": "一年级1班",
        "floor": "1",
        "room_type": "01",
        "area": "54.50",
        "seats": "45",
        "state": "1",
    },
    {
        "id": row_id(0x302),
        "name": "科学实验室",
        "building": "综合楼,东",
        "room_type": "02",
        "multimedia": "1",
        "state": "1",
    },
    {"id": row_id(0x303), "name": '库房“老”"旧"', "room_type": "32", "built": "1998-09", "seats": "0", "state": "2"},
]
STAFF_ROWS = [
    {"id": row_id(0x401), "name": "阿卜来提·示例", "sex": "1", "category": "01", "state": "1"},
    {"id": row_id(0x402), "name": "示例𬭎", "sex": "2", "birth": "1980-05", "category": "02", "state": "1"},
]
PERSONAL_ROWS = [{"id": row_id(0x401), "phone": "00000000000"}]
SAFETY_ROWS = [{"id": row_id(0x501), "check_date": "2026-09-01", "inspector": "示例", "leader": "示例"}]
SAFETY_RESULTS = [
    {"id": row_id(0x501), "item": "SF01", "value": "1"},
    {"id": row_id(0x501), "item": "SF02", "value": "2", "remark": "一名保安员未持证"},
]
CHECKUP_ROWS = [{"id": row_id(0x601), "stat_year": "2025", "person": row_id(0x401), "state": "2"}]
SEALED_ROWS = [{"id": row_id(0x601), "exam_date": "2026-04-10", "institution": "示例医院"}]
CHECKUP_RESULTS = [{"id": row_id(0x601), "item": "GEN01", "value": "171.0", "unit": "cm"}]
CONSENT_ROWS = [
    {
        "id": row_id(0x701),
        "person": row_id(0x401),
        "notice": "1",
        "scope": "1",
        "names_county": "1",
        "signed": "2026-03-01",
    }
]


def table(names: Sequence[str], rows: Sequence[Mapping[str, str]] = ()) -> bytes:
    """§6.1, with the csv module of Python."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n", quoting=csv.QUOTE_MINIMAL)
    writer.writerow(names)
    writer.writerows([row.get(name, "") for name in names] for row in rows)
    return out.getvalue().encode("utf-8")


def package(version: tuple[int, int], **tables: Sequence[str]) -> tuple[str, bytes]:
    """A datapackage.json that says no more than it must."""
    resources = [
        {
            "name": name.replace("_", "-"),
            "path": f"{name.replace('__', '.')}.csv",
            "eduplan:schema": list(version),
            "schema": {"fields": [{"name": n, "type": "string"} for n in columns]},
        }
        for name, columns in tables.items()
    ]
    return "datapackage.json", as_json({"name": "vector", "eduplan:schema": list(version), "resources": resources})


def room_part(
    rows: Sequence[Mapping[str, str]] = ROOM_ROWS, gone: Sequence[Mapping[str, str]] = (), **more: Any
) -> Part:
    """The slice `room`; `more` goes to Part."""
    entries = [
        package((1, 0), room=ROOM),
        ("room.csv", table(ROOM, rows)),
        ("room.gone.csv", table(GONE, gone)),
        ("room.explained.csv", table(EXPLAINED)),
    ]
    return Part("room", entries, more.pop("readers", RECORD_READERS), rows=len(rows), **more)


def staff_parts() -> list[Part]:
    """The slice `staff` with its personal half."""
    explained = [{"id": row_id(0x402), "field": "birth", "code": "example", "text": "身份证为准"}]
    opened = [
        package((1, 0), staff=STAFF),
        ("staff.csv", table(STAFF, STAFF_ROWS)),
        ("staff.gone.csv", table(GONE, [{"id": row_id(0x403), "reason": "01"}])),
        ("staff.explained.csv", table(EXPLAINED, explained)),
    ]
    sealed = [package((1, 0), staff__personal=PERSONAL), ("staff.personal.csv", table(PERSONAL, PERSONAL_ROWS))]
    return [
        Part("staff", opened, RECORD_READERS, rows=2),
        Part("staff", sealed, RECORD_READERS, "personal", rows=1),
    ]


def safety_part() -> Part:
    """The slice `safety_check/2026`."""
    entries = [
        package((1, 0), safety_check=SAFETY),
        ("safety_check.csv", table(SAFETY, SAFETY_ROWS)),
        ("safety_check.results.csv", table(RESULTS, SAFETY_RESULTS)),
        ("safety_check.gone.csv", table(GONE)),
        ("safety_check.explained.csv", table(EXPLAINED)),
    ]
    return Part("safety_check/2026", entries, RECORD_READERS, rows=1)


def checkup_parts() -> list[Part]:
    """The slice `checkup/2025`: counts, and the padded health part."""
    counts = [
        package((1, 0), checkup__counts=["year", "due", "done", "not_done"]),
        ("checkup.counts.csv", b"year,due,done,not_done\n2025,2,1,1\n"),
    ]
    health = [
        package((1, 0), checkup=CHECKUP, checkup__health=SEALED_CHECKUP, health_consent=CONSENT),
        ("checkup.csv", table(CHECKUP, CHECKUP_ROWS)),
        ("checkup.health.csv", table(SEALED_CHECKUP, SEALED_ROWS)),
        ("checkup.results.csv", table(RESULTS, CHECKUP_RESULTS)),
        ("checkup.gone.csv", table(GONE)),
        ("health_consent.csv", table(CONSENT, CONSENT_ROWS)),
        ("groups.csv", b"item,flag,count\nGEN01,,1\n"),
    ]
    return [
        Part("checkup/2025", counts, RECORD_READERS, rows=1),
        Part("checkup/2025", health, HEALTH_READERS, "health", pad=True),
    ]


CARRIED = {"state": "carried", "version": [1, 0]}


def submission(
    parts: list[Part], slices: Mapping[str, Any] | None = None, earlier: Sequence[str] = (), **more: Any
) -> Envelope:
    """A submission; its number follows from `earlier`. Slices that have a part are carried unless said otherwise."""
    carried = {part.holds: CARRIED for part in parts if part.holds != "photos"}
    extra: dict[str, Any] = {
        "file": more.pop("file", FILE),
        "kit": 4,
        "journal": "00" * 32,
        "earlier": list(earlier),
        "answers": [{"item": "2026-09-rooms", "zero": False}],
        "slices": {**carried, **(slices or {})},
    }
    county, school = more.pop("county", COUNTY), more.pop("school", SCHOOL)
    signer = more.pop("signer", SCHOOL_KEY)
    return Envelope("submission", county, school, len(earlier) + 1, signer, parts, extra, **more)
