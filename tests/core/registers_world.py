"""A small world for checks: rows in memory, a fixed today, rows that every register finds good."""

from collections.abc import Iterator, Mapping

from eduplan_desktop.registers.catalogs import Catalogs
from eduplan_desktop.registers.model import Row, Value

TODAY = "2026-03-05"


def uid(n: int) -> str:
    """A well-formed row id."""
    return f"019a0000-0000-7000-8000-{n:012x}"


class World:
    """RuleContext and RowSource over plain dicts."""

    def __init__(self, **registers: list[Row]) -> None:
        self.held = registers
        self.today = TODAY
        self.catalogs = Catalogs.shipped()

    def row(self, register: str, row_id: str) -> Mapping[str, Value] | None:
        """The row of that id, or None."""
        return next((r for r in self.held.get(register, []) if r["id"] == row_id), None)

    def rows(self, register: str) -> Iterator[Mapping[str, Value]]:
        """All rows of a register."""
        return iter(self.held.get(register, []))


GOOD: dict[str, Row] = {
    "school": {"name": "青石岭小学（示例）", "code": "2161000001", "school_type": "211", "founded": "1986"},
    "school_year": {"stat_year": 2025, "level": "P", "pupils": 320, "classes": 12, "teachers": 20},
    "room": {"name": "科学实验室", "room_type": "02", "state": "1", "area": 9300},
    "staff": {"name": "阿卜来提·如则托合提", "sex": "1", "birth": "1980-03", "category": "01", "state": "1"},
    "equipment": {
        "asset_no": "XX014-0001",
        "name": "电子白板(班班通)",
        "class_code": "GB14885-2022:A02020700",
        "acquired": "1",
        "bought": "2019-08-21",
        "quantity": 2,
        "price": 186000000,
        "original_value": 3720000,
        "use_state": "2",
    },
    "equipment_change": {"equipment": uid(1), "change": "1", "change_date": "2026-03-01"},
    "safety_check": {
        "check_date": "2026-03-05",
        "inspector": "王示例",
        "leader": "李示例",
        "results": '{"SF01":{"value":"1"},"XF01":{"remark":"出口堆物","value":"2"}}',
    },
    "hazard": {
        "number": "2026-0007",
        "found": "2026-02-20",
        "found_by_way": "1",
        "category": "04",
        "place": "操场北侧",
        "description": "围墙开裂约 2 m",
        "level": "1",
        "state": "1",
    },
    "drill": {"drill_date": "2026-03-02", "drill_type": "01", "commander": "李示例", "pupils": 310},
    "health_consent": {"person": uid(2), "notice": "1", "scope": "2", "names_county": 1, "signed": "2026-01-05"},
    "checkup": {"stat_year": 2025, "person": uid(2), "state": "2"},
}
"""One row a register finds nothing wrong with; links point into `a_world`."""


def good(register: str, n: int = 1, **changes: Value) -> Row:
    """A good row of a register with some fields changed."""
    return {"id": uid(n), **GOOD[register], **changes}


def a_world(**registers: list[Row]) -> World:
    """A world with the rows that links of GOOD point to, and the given rows."""
    base = {
        "equipment": [good("equipment", 1)],
        "staff": [good("staff", 2)],
        "health_consent": [good("health_consent", 3)],
    }
    return World(**(base | registers))
