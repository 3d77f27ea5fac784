"""Input of the merge benchmark: bundles of many schools of 5,000 rows each, and the same rows as plain CSV files."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterator, Sequence
from pathlib import Path

from eduplan_desktop.bundle.package import (
    RESULTS,
    Sender,
    SliceContent,
    open_columns,
    seal_personal,
    seal_slice,
    sealed_columns,
)
from eduplan_desktop.bundle.sealing import SealKey
from eduplan_desktop.bundle.signing import SigningKey
from eduplan_desktop.bundle.submission import SubmissionHead, carried, make_submission
from eduplan_desktop.bundle.tables import write_table
from eduplan_desktop.registers.catalog import register
from eduplan_desktop.registers.catalogs import Catalogs
from eduplan_desktop.registers.model import Field, Kind, Register
from eduplan_desktop.registers.numbers import plain

COUNTY = "990001"
ROWS = {
    "room": 60,
    "staff": 100,
    "equipment": 4_300,
    "equipment_change": 200,
    "safety_check/2025": 200,
    "drill/2025": 140,
}
"""Slices of one school and their rows; 5,000 together."""
ITEMS = 20
"""Checked items a day; they travel as further rows of their own."""
WORDS = ("课桌", "学生用椅", "投影机", "显微镜", "篮球架", "计算机", "文件柜", "录音机", "教学楼东", "三层")
CATALOGS = Catalogs.shipped()

Cells = tuple[str, ...]


def uid(kind: int, number: int) -> str:
    """A UUIDv7 that tells its kind and number."""
    return f"019a0000-{kind:04x}-7000-8000-{number:012x}"


def keys(text: str) -> bytes:
    """32 bytes for a key that is the same in every run."""
    return hashlib.sha256(text.encode()).digest()


WORKING, RECOVERY = SealKey(keys("working")), SealKey(keys("recovery"))


def cell(draw: random.Random, field: Field, year: str) -> str:
    """A likely text; a third of what may be blank is blank."""
    if not field.required and draw.random() < 0.33:
        return ""
    match field.kind:
        case Kind.WHOLE:
            low = field.minimum if isinstance(field.minimum, int) else 0
            high = field.maximum if isinstance(field.maximum, int) else 400
            return str(draw.randrange(low, min(high, low + 400) + 1))
        case Kind.DECIMAL | Kind.MONEY:
            return plain(draw.randrange(1, 9_000_000), field.places)
        case Kind.YES_NO:
            return str(draw.randrange(2))
        case Kind.DATE:
            return f"{year}-{draw.randrange(1, 13):02}-{draw.randrange(1, 29):02}"
        case Kind.LINK:
            return uid(7, draw.randrange(100))
        case Kind.CHOICE:
            return draw.choice(CATALOGS.table(field.choices).live).code
        case _:
            return f"{draw.choice(WORDS)}{draw.choice(WORDS)}{draw.randrange(100_000)}"[: field.max_length]


def table(draw: random.Random, name: str, count: int, school: int) -> list[Cells]:
    """Rows of a slice, texts in the order of its columns."""
    one, year = register(name.partition("/")[0]), name.partition("/")[2] or "2024"
    fields = open_columns(one)
    first = list(ROWS).index(name) << 40 | school << 20
    return [(uid(3, first + n), *(cell(draw, f, year) for f in fields)) for n in range(count)]


def personal(rows: Sequence[Cells], one: Register) -> list[Cells]:
    """Sealed halves: an identity number with a right check digit and a telephone."""
    fields = sealed_columns(one, "personal")
    said = {"id_number": "11010519491231002X", "phone": "13800000000"}
    return [(row[0], *(said.get(f.name, "") for f in fields)) for row in rows]


def results(rows: Sequence[Cells]) -> list[Cells]:
    """Results of daily checks."""
    return [(row[0], f"SF{n:02}", "1", "", "", "", "") for row in rows for n in range(1, ITEMS + 1)]


def school_key(school: int) -> SigningKey:
    """The key of one school."""
    return SigningKey(keys(f"school {school}"))


def school_uid(school: int) -> str:
    """Uid of one school."""
    return uid(1, school)


def file_id(school: int) -> str:
    """Data-file id of one school."""
    return uid(2, school)


def make(folder: Path, school: int) -> None:
    """`NNN.edub` and the CSV files of one school below `folder/NNN/`."""
    draw = random.Random(school % 10)
    sender = Sender(COUNTY, school_uid(school), file_id(school))
    to = (WORKING.public, RECOVERY.public)
    plain_folder = folder / f"{school:03d}"
    plain_folder.mkdir()
    parts, claims = [], {}
    for name, count in ROWS.items():
        one = register(name.partition("/")[0])
        rows = table(draw, name, count, school)
        claims[name] = carried(one.version)
        long = results(rows) if one.name == "safety_check" else []
        parts.append(seal_slice(sender, one, name, SliceContent(rows, results=long), to))
        _plain_csv(plain_folder / f"{one.name}.csv", ("id", *(f.name for f in open_columns(one))), rows)
        if long:
            _plain_csv(plain_folder / f"{one.name}.results.csv", RESULTS, long)
        if one.name == "staff":
            halves = personal(rows, one)
            parts.append(seal_personal(sender, one, name, halves, to))
            names = ("id", *(f.name for f in sealed_columns(one, "personal")))
            _plain_csv(plain_folder / f"{one.name}.personal.csv", names, halves)
    head = SubmissionHead(file_id(school), 1, "0" * 64, (), (), claims)
    made = make_submission(school_key(school), sender, head, parts, "2026-03-01T08:00:00Z", "bench")
    with (folder / f"{school:03d}.edub").open("wb") as out:
        made.write_to(out)
    made.close()


def _plain_csv(path: Path, names: Sequence[str], rows: Sequence[Cells]) -> None:
    with path.open("wb") as out:
        for piece, _rows in write_table(names, rows, 0):
            out.write(piece)


def csv_files(folder: Path) -> Iterator[Path]:
    """Every CSV file, school by school."""
    yield from sorted(folder.glob("*/*.csv"))
