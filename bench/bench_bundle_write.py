"""Writing a bundle of 50,000 rows to disk: from stored values to a signed, sealed file that has been read back and compared."""

from __future__ import annotations

import pickle
import random
from pathlib import Path

from bench.baselines import write_sealed
from bench.measure import Measure, timed
from eduplan_desktop.registers.model import Field, Kind, Value

NAME = "writing a bundle of 50,000 rows"
GOAL = "at most 1.5 times CSV + deflate level 6 + age + SHA-256 of the same slices, from the same values"
LIMITS = {"ratio": 1.5}

COUNTY, SCHOOL, FILE = "990001", "019a0000-0000-7000-8000-000000000001", "019a0000-0000-7000-8000-000000000002"
EQUIPMENT_ROWS, ROOM_ROWS, CHECKS, ITEMS = 42_000, 700, 365, 20
WORDS = (
    "课桌",
    "学生用椅",
    "投影机",
    "显微镜",
    "篮球架",
    "计算机",
    "文件柜",
    "录音机",
    "示例小学",
    "教学楼东",
    "三层",
    "张老师",
)

Rows = list[tuple[Value, ...]]


def row_id(draw: random.Random, number: int) -> str:
    """A UUIDv7 whose time is `number` ms."""
    time = f"{0x019A00000000 + number:012x}"
    rest = f"{draw.getrandbits(74):019x}"
    return f"{time[:8]}-{time[8:]}-7{rest[:3]}-8{rest[3:6]}-{rest[6:18]}"


def value(draw: random.Random, field: Field, number: int) -> Value:
    """A likely value: a third of what may be blank is blank."""
    if not field.required and draw.random() < 0.33:
        return None
    match field.kind:
        case Kind.WHOLE | Kind.DECIMAL | Kind.MONEY:
            return draw.randrange(1, 2_000_000)
        case Kind.YES_NO:
            return draw.randrange(2)
        case Kind.DATE:
            return f"20{draw.randrange(10, 26)}-{draw.randrange(1, 13):02}"
        case Kind.LINK:
            return row_id(draw, draw.randrange(500))
        case Kind.CHOICE:
            return f"{draw.randrange(1, 30):02}"
        case _:
            return f"{draw.choice(WORDS)}{draw.choice(WORDS)}{number % 977}"


def prepare(inputs: Path) -> None:
    """The rows both sides write, as values in the order of their columns."""
    from eduplan_desktop.bundle.package import open_columns
    from eduplan_desktop.registers.equipment import EQUIPMENT
    from eduplan_desktop.registers.room import ROOM
    from eduplan_desktop.registers.safety_check import SAFETY_CHECK

    draw = random.Random(20260901)
    tables: dict[str, tuple[list[str], Rows]] = {}
    for register, count in ((EQUIPMENT, EQUIPMENT_ROWS), (ROOM, ROOM_ROWS), (SAFETY_CHECK, CHECKS)):
        fields = open_columns(register)
        rows: Rows = [(row_id(draw, n), *(value(draw, f, n) for f in fields)) for n in range(count)]
        tables[register.name] = (["id", *(f.name for f in fields)], rows)
    names = ["id", "item", "value", "unit", "low", "high", "remark"]
    checked = [row[0] for row in tables["safety_check"][1]]
    results: Rows = [(i, f"SF{n:02}", "1", "", "", "", "") for i in checked for n in range(ITEMS)]
    tables["safety_check.results"] = (names, results)
    (inputs / "tables.pickle").write_bytes(pickle.dumps(tables))


def read_tables(inputs: Path) -> dict[str, tuple[list[str], Rows]]:
    """What `prepare` left."""
    found: dict[str, tuple[list[str], Rows]] = pickle.loads((inputs / "tables.pickle").read_bytes())
    return found


def baseline(inputs: Path, scratch: Path) -> Measure:
    """The least work that gives a sealed file."""
    from eduplan_desktop.bundle.sealing import SealKey

    tables = read_tables(inputs)
    keys = [SealKey(bytes([n]) * 32).public for n in (1, 2)]
    with timed() as measure:
        write_sealed(tables, keys, scratch / "slices.age")
    return measure


def ours(inputs: Path, scratch: Path) -> Measure:
    """The whole bundle."""
    from eduplan_desktop.bundle import stick
    from eduplan_desktop.bundle.package import Sender, SliceContent, cells, open_columns, seal_slice
    from eduplan_desktop.bundle.sealing import SealKey
    from eduplan_desktop.bundle.signing import SigningKey
    from eduplan_desktop.bundle.submission import SubmissionHead, carried, make_submission
    from eduplan_desktop.registers.equipment import EQUIPMENT
    from eduplan_desktop.registers.room import ROOM
    from eduplan_desktop.registers.safety_check import SAFETY_CHECK

    tables = read_tables(inputs)
    keys = [SealKey(bytes([n]) * 32).public for n in (1, 2)]
    sender = Sender(COUNTY, SCHOOL, FILE)
    slices = {"equipment": EQUIPMENT, "room": ROOM, "safety_check/2026": SAFETY_CHECK}
    with timed() as measure:
        parts = []
        for name, register in slices.items():
            rows = cells(open_columns(register), tables[register.name][1])
            results = tables.get(f"{register.name}.results", ([], []))[1]
            content = SliceContent(rows, results=(tuple(map(str, row)) for row in results))
            parts.append(seal_slice(sender, register, name, content, keys))
        states = {name: carried(register.version) for name, register in slices.items()}
        head = SubmissionHead(FILE, 1, "00" * 32, (), (), states)
        made = make_submission(SigningKey(bytes(32)), sender, head, parts, "2026-09-01T08:00:00Z", "bench")
        with made as outgoing:
            path = stick.write_envelope(outgoing, scratch, "bench.edub")
    measure.figures["MB on the stick"] = path.stat().st_size / 1e6
    return measure
