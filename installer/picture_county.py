"""A small sample county on a fixed calendar, played by the command line, for the pictures of the manual and the READMEs.

Invented schools and people only (`acts.sample`); sample passphrases, cheap key derivation through `Environment`, one key
folder per PC. The story stops on 14 January 2026: one school has a figure returned, some are late, bundles lie on the stick.
"""

from __future__ import annotations

import contextlib
import csv
import io
import json
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from eduplan_desktop.acts import sample
from eduplan_desktop.commands import main
from eduplan_desktop.environment import Environment, KdfCost

PASSPHRASE: Final = "示例口令 青山绿水 台账报送 只用于 画图 六个词"
CHEAP: Final = KdfCost(memory_kib=64, iterations=1)
TODAY: Final = "2026-01-14"
FORGOTTEN: Final = "2026-01-09"
"""A day on which the first school did not check, so that the calendar of the month shows one."""
REGISTERS: Final = (
    "school", "staff", "room", "equipment", "school_year", "safety_check", "hazard", "drill", "health_consent", "checkup",
)  # fmt: skip
ITEMS: Final = (
    ("stat-2025", "2025 统计年度 均衡数据", "2025", "2025-12-20", "school,school_year/2025,staff,room"),
    ("asset-2025", "2025 年 设备台账", "2025", "2025-12-31", "room,equipment,equipment_change"),
    ("safety-2025-11", "2025年11月 安全", "2025-11", "2025-12-10", "safety_check/2025,hazard/2025,drill/2025"),
    ("safety-2025-12", "2025年12月 安全", "2025-12", "2026-01-10", "safety_check/2025,hazard/2025,drill/2025"),
    ("checkup-2025", "2025 统计年度 教师体检", "2025", "2026-01-20", "staff,checkup/2025"),
    (
        "safety-2026-01",
        "2026年1月 安全",
        "2026-01",
        "2026-02-10",
        "safety_check/2026,hazard/2026,hazard/2025,drill/2026",
    ),
)


@dataclass
class Clock:
    """The date every PC of the story shows, at 08:12 in Beijing."""

    day: str = "2025-12-05"

    def now(self) -> datetime:
        """That moment in UTC."""
        return datetime.fromisoformat(self.day).replace(tzinfo=UTC) + timedelta(minutes=12)


@dataclass
class Seat:
    """One school: its PC, its entry in the roster, its file."""

    pc: str
    school: sample.SampleSchool
    number: int
    file: Path
    uid: str = ""


@dataclass
class PictureCounty:
    """The county as played. Call `play` once; then `file`, `seats`, `stick` and `env` are there for a window."""

    folder: Path
    clock: Clock = field(default_factory=Clock)
    seats: list[Seat] = field(default_factory=list)

    @property
    def file(self) -> Path:
        """The county file."""
        return self.folder / "县教育局" / "示例县.eduplan"

    @property
    def stick(self) -> Path:
        """The folder that stands for the USB stick."""
        return self.folder / "U盘"

    def env(self, pc: str) -> Environment:
        """The world of one PC."""
        return replace(Environment(), now=self.clock.now, home=self.folder / "PC" / pc, kdf=CHEAP, who="示例办事员")

    def type(self, pc: str, *words: object, allowed: tuple[int, ...] = (0,)) -> dict[str, Any]:
        """Run one command at a PC and read its JSON; any other exit code than those allowed stops the story."""
        argv = [*map(str, words), "--json", "--passphrase-file", str(self.folder / "口令.txt")]
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = main(argv, self.env(pc))
        if code not in allowed:
            raise RuntimeError(f"{pc}: {argv[:5]} -> {code}: {err.getvalue()[-300:]}")
        return dict(json.loads(out.getvalue() or "{}"))

    def county(self, word: str, *more: object, pc: str = "县教育局") -> dict[str, Any]:
        """`county WORD FILE …`; findings are no failure of the story."""
        return self.type(pc, "county", word, self.file, *more, allowed=(0, 1))

    def play(self, count: int = 8) -> None:
        """The whole story with `count` schools (at least 6)."""
        self._found(count)
        self.clock.day = "2025-12-08"
        for seat in self.seats[:-1]:
            self._submit(seat, "stat-2025,asset-2025,safety-2025-11")
        self._take_in(("stat-2025", "asset-2025", "safety-2025-11"))
        self.clock.day = "2025-12-23"
        self._submit(self.seats[-1], "stat-2025,safety-2025-11")
        self._take_in(())
        self.clock.day = "2026-01-09"
        for seat in self.seats[1:6]:
            self._import(seat, ("safety_check", "hazard", "drill"))
            self._submit(seat, "safety-2025-12,checkup-2025" if seat.number < 4 else "safety-2025-12")
            if seat.number == 3:
                self._take_in(("safety-2025-12",))
        self.clock.day = TODAY
        self._finish()
        newest = max(self.stick.rglob("*.edukit"), key=lambda p: p.stat().st_mtime_ns)
        self._ask_to_join(self.seats[-1], "新电脑", newest)  # a request that still waits for its paper

    def _found(self, count: int) -> None:
        for path in (self.stick, self.file.parent):
            path.mkdir(parents=True)
        (self.folder / "口令.txt").write_text(PASSPHRASE + "\n", encoding="utf-8")
        sheet = self.folder / "恢复单-记录.txt"
        self.county(
            "new", "--code", sample.COUNTY_CODE, "--name", sample.COUNTY_NAME, "--recovery-sheet", sheet, "--sample"
        )
        self.county("health", "--recovery-sheet", self.folder / "恢复单-健康.txt", pc="县健康档案员")
        self.county("prove", "--sheet", sheet)
        for name, title, period, due, slices in ITEMS:
            words = ("--id", name, "--title", title, "--period", period, "--due", due, "--slices", slices)
            self.county("calendar", "add", *words)
        for number, school in enumerate(sample.schools(count)):
            said = ("--name", school.name, "--kind", school.kind, "--township", school.township, "--urban", "村庄")
            uid = self.county("school", "add", *said, "--valid-from", "2000-09-01")["schools"][0]["uid"]
            name = school.name.removesuffix("（示例）")
            self.seats.append(Seat(name, school, number, self.folder / name / f"{name}.eduplan", uid))
        kit = self._kit()
        for seat in self.seats:
            self._begin(seat, kit)
        kit = self._kit()
        for seat in self.seats:
            self.type(seat.pc, "school", "join", seat.file, "--kit", kit)

    def _kit(self) -> Path:
        return Path(self.county("kit", "--to", self.stick)["kit"])

    def _begin(self, seat: Seat, kit: Path) -> None:
        self.type(seat.pc, "school", "new", seat.file, "--name", seat.school.name, "--sample")
        for name in ("personal", "health"):
            self.type(seat.pc, "vault", seat.file, "create", name)
        self._import(seat, REGISTERS)
        joined = self._ask_to_join(seat, seat.pc, kit)
        self.county("enrol", joined["request"], "--fingerprint", joined["fingerprint"])
        Path(joined["request"]).unlink()

    def _ask_to_join(self, seat: Seat, pc: str, kit: Path) -> dict[str, Any]:
        """Write an enrolment request at a PC."""
        shown = self.type(pc, "bundle", "show", kit)["fingerprint"]
        words = ("--kit", kit, "--school", seat.uid, "--to", self.stick, "--county-fingerprint", shown)
        return self.type(pc, "school", "join", seat.file, *words)

    def _import(self, seat: Seat, names: tuple[str, ...]) -> None:
        sheets = sample.write_sheets(seat.file.parent / "原有表格", seat.school, seat.number)
        for name in names:
            self._trim(sheets[name], name, seat.number == 0)
            self.type(seat.pc, "import", seat.file, name, sheets[name])

    def _trim(self, sheet: Path, name: str, forgetful: bool) -> None:
        """Leave out what happened after today, and the day nobody checked."""
        if name not in ("safety_check", "hazard", "drill"):
            return
        head, *rows = csv.reader(sheet.open(encoding="utf-8-sig", newline=""))
        places = [i for i, h in enumerate(head) if h in ("检查日期", "演练日期", "排查日期", "销号日期")]
        today = self.clock.day
        kept = [r for r in rows if all(r[i] < today for i in places) and not (forgetful and r[places[0]] == FORGOTTEN)]
        with sheet.open("w", encoding="utf-8-sig", newline="") as file:
            csv.writer(file).writerows([head, *kept])

    def _submit(self, seat: Seat, answers: str) -> None:
        for finding in self.type(seat.pc, "check", seat.file, allowed=(0, 1)).get("findings", []):
            if finding["severity"] == "doubt" and not finding["explanation"]:
                self.type(seat.pc, "explain", seat.file, finding["finding"], "示例说明：与凭证核对无误")
        self.type(seat.pc, "submit", seat.file, "--to", self.stick, "--answers", answers)

    def _take_in(self, accepted: tuple[str, ...]) -> None:
        self.county("merge", self.stick)
        self.county("health-merge", pc="县健康档案员")
        for bundle in self.stick.rglob("*.edub"):
            bundle.replace(self.file.parent / bundle.name)
        for row in self.county("board")["rows"]:
            for cell in row["cells"]:
                if cell["state"] == "received" and cell["item"] in accepted:
                    self.county("accept", row["uid"], cell["item"])

    def _finish(self) -> None:
        """The first school has a figure returned and reads so; its newest checks are in, nothing of it is submitted."""
        first = self.seats[0]
        remarks = self.folder / "县教育局" / "备注.csv"
        with remarks.open("w", encoding="utf-8-sig", newline="") as file:
            lines = [
                ("登记册", "编号", "字段", "备注"),
                ("school_year", "", "books", "示例备注：图书册数与总账不符，请核对"),
            ]
            csv.writer(file).writerows(lines)
        self.county("return", first.uid, "stat-2025", "--remarks", remarks)
        for receipt in self.county("receipts", "--to", self.stick)["receipts"]:
            self.type(first.pc, "receipt", first.file, receipt, allowed=(0, 1))
        self._import(first, ("safety_check", "hazard", "drill"))
        filed = sorted(self.file.parent.glob("*.edub"))
        (self.stick / filed[0].name).write_bytes(filed[0].read_bytes())
        (self.stick / "拷贝不完整（示例）.edub").write_bytes(filed[-1].read_bytes()[:-200])
