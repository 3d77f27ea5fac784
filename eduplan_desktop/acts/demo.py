"""`eduplan demo`: a sample county through the whole round trip, only by the command line and a stick folder.

Every PC of the story has a key folder of its own (EDUPLAN_HOME). The last step deletes every data file and recomputes the
county's figures from the filed kits and bundles and the recovery sheets alone. Owns the story; knows no store.
"""

import contextlib
import csv
import io
import json
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from eduplan_desktop.acts import sample
from eduplan_desktop.acts.checks import Progress
from eduplan_desktop.acts.sample_files import KEPT, PCS, leave_words
from eduplan_desktop.environment import Environment

Run = Callable[[list[str], Environment], int]
FORMS_OF_A_SCHOOL = (("F02", ""), ("F09", sample.MONTHS[0]), ("F13", "2025"), ("F18", "2025"))
"""Folder of copies to open in the window."""
REGISTERS = ("school", "school_year", "room", "staff", "equipment", "safety_check", "hazard", "drill")
IMPORTED = (*REGISTERS, "health_consent", "checkup")


@dataclass(slots=True)
class Story:
    """What the demo did. held: every step that must succeed did, and the recovered figures are equal."""

    folder: Path
    lines: list[str] = field(default_factory=list)
    commands: int = 0
    failures: list[str] = field(default_factory=list)
    figures_before: dict[str, Any] = field(default_factory=dict)
    figures_after: dict[str, Any] = field(default_factory=dict)
    figures_recovered: dict[str, Any] = field(default_factory=dict)

    @property
    def held(self) -> bool:
        """Whether the story ended as it must."""
        return not self.failures

    def as_dict(self) -> dict[str, Any]:
        """For `--json`."""
        return {
            "folder": str(self.folder),
            "commands": self.commands,
            "failures": self.failures,
            "held": self.held,
            "figures_equal_after_recovery": self.figures_after == self.figures_recovered,
        }


@dataclass(slots=True)
class Player:
    """Types commands at the PCs of the story."""

    run: Run
    env: Environment
    story: Story

    def at(self, pc: str) -> Environment:
        """The environment of one PC: its own key folder."""
        return replace(self.env, home=self.story.folder / PCS / pc, who=pc)

    def type(self, pc: str, *words: object, allowed: Sequence[int] = (0,)) -> dict[str, Any]:
        """Run a command at a PC and read its JSON answer; an exit code outside `allowed` is a failure of the story."""
        argv = [str(w) for w in words] + ["--json"]
        secret = self.story.folder / PCS / f"{pc}.口令.txt"
        if secret.exists():
            argv += ["--passphrase-file", str(secret)]
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = self.run(argv, self.at(pc))
        self.story.commands += 1
        if code not in allowed:
            said = (err.getvalue() or out.getvalue()).strip().splitlines()
            self.story.failures.append(f"{pc}: {' '.join(argv[:3])} → {code} {said[-1] if said else ''}")
        text = out.getvalue()
        return dict(json.loads(text)) if text.strip() else {}

    def secret(self, pc: str) -> None:
        """Give a PC a passphrase file of its own; sample words, never offered for a file that is none."""
        path = self.story.folder / PCS / f"{pc}.口令.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(words_of(pc) + "\n", encoding="utf-8")


def words_of(pc: str) -> str:
    """The sample passphrase of who sits at a PC."""
    return f"示例口令 青山绿水 台账报送 {pc}"


@dataclass(slots=True)
class Seat:
    """One school of the story."""

    pc: str
    school: sample.SampleSchool
    uid: str
    file: Path
    sheets: dict[str, Path]


def play(folder: Path, count: int, run: Run, env: Environment, progress: Progress) -> Story:
    """Play the story in `folder` with `count` schools."""
    story = Story(folder)
    player = Player(run, env, story)
    folder.mkdir(parents=True, exist_ok=True)
    steps = 8
    progress(0, steps, "县级：建文件、密钥、名单、日历、配置包")
    county, seats = _county(player, count)
    progress(1, steps, "学校：建文件、导入台账、入网")
    for seat in seats:
        _school(player, seat, county)
    progress(2, steps, "县级：批准入网，发新配置包")
    _approve(player, seats, county)
    progress(3, steps, "学校：检查、报送")
    for seat in seats:
        _submit(player, seat)
    progress(4, steps, "县级：试算、合并、健康、回执")
    _merge(player, county)
    for seat in seats:
        _read_receipt(player, seat)
    progress(5, steps, "退回一个数字，学校改正")
    _correct(player, seats[0], county)
    progress(6, steps, "通过、结账、打印、导出")
    _finish(player, seats, county)
    _keep(player, seats, county)
    progress(7, steps, "删除全部数据文件，从归档和恢复单重建")
    _recover(player, seats, county)
    progress(steps, steps, "完成")
    _tell(story, seats)
    return story


def _stick(player: Player) -> Path:
    stick = player.story.folder / "U盘"
    stick.mkdir(exist_ok=True)
    return stick


def _county(player: Player, count: int) -> tuple[Path, list[Seat]]:
    folder = player.story.folder
    county = folder / "县教育局" / "示例县.eduplan"
    county.parent.mkdir(parents=True, exist_ok=True)
    player.secret("县教育局")
    player.secret("县健康档案员")
    new = ("county", "new", county, "--code", sample.COUNTY_CODE, "--name", sample.COUNTY_NAME, "--sample")
    player.type("县教育局", *new, "--recovery-sheet", folder / "恢复单-记录.txt")
    player.type("县健康档案员", "county", "health", county, "--recovery-sheet", folder / "恢复单-健康.txt")
    player.type("县教育局", "county", "prove", county, "--sheet", folder / "恢复单-记录.txt")
    player.type("县教育局", "county", "letter", county, "--to", folder / "县教育局" / "告知函.pdf")
    seats = []
    for i, school in enumerate(sample.schools(count)):
        added = player.type(
            "县教育局", "county", "school", county, "add", "--name", school.name, "--kind", school.kind,
            "--township", school.township, "--urban", "村庄", "--valid-from", "2000-09-01",
        )  # fmt: skip
        pc = f"学校{i + 1:02d}"
        home = folder / pc
        uid = added["schools"][0]["uid"] if added.get("schools") else ""
        seats.append(Seat(pc, school, uid, home / "本校.eduplan", sample.write_sheets(home / "原有表格", school, i)))
    player.type("县教育局", "county", "calendar", county, "year", "--year", sample.YEAR)
    player.type("县教育局", "county", "kit", county, "--to", _stick(player))
    return county, seats


def _school(player: Player, seat: Seat, county: Path) -> None:
    player.secret(seat.pc)
    player.type(seat.pc, "school", "new", seat.file, "--name", seat.school.name, "--sample")
    player.type(seat.pc, "vault", seat.file, "create", "personal")
    player.type(seat.pc, "vault", seat.file, "create", "health")
    for name in IMPORTED:
        player.type(seat.pc, "import", seat.file, name, seat.sheets[name])
    kit = _newest(_stick(player), ".edukit")
    shown = player.type(seat.pc, "bundle", "show", kit)
    joined = player.type(
        seat.pc, "school", "join", seat.file, "--kit", kit, "--school", seat.uid, "--to", _stick(player),
        "--county-fingerprint", shown.get("fingerprint", ""),
    )  # fmt: skip
    seat.sheets["request"] = Path(joined.get("request") or "missing")
    if joined.get("request"):
        player.type("县教育局", "county", "enrol", county, joined["request"], "--fingerprint", joined["fingerprint"])


def _approve(player: Player, seats: list[Seat], county: Path) -> None:
    player.type("县教育局", "county", "kit", county, "--to", _stick(player))
    kit = _newest(_stick(player), ".edukit")
    for seat in seats:
        player.type(seat.pc, "school", "join", seat.file, "--kit", kit)


def _submit(player: Player, seat: Seat) -> dict[str, Any]:
    checked = player.type(seat.pc, "check", seat.file, allowed=(0, 1))
    for finding in checked.get("findings", []):
        if finding["severity"] == "doubt" and not finding["explanation"]:
            player.type(seat.pc, "explain", seat.file, finding["finding"], "示例说明：与凭证核对无误")
    return player.type(seat.pc, "submit", seat.file, "--to", _stick(player))


def _merge(player: Player, county: Path) -> None:
    stick = _stick(player)
    player.type("县教育局", "county", "merge", county, stick, "--dry-run")
    player.type("县教育局", "county", "merge", county, stick, "--receipts", stick)
    player.type("县健康档案员", "county", "health-merge", county)
    player.type("县教育局", "county", "receipts", county, "--to", stick)


def _read_receipt(player: Player, seat: Seat) -> None:
    for receipt in sorted(_stick(player).rglob("*.edurcpt"), key=lambda p: p.stat().st_mtime_ns):
        player.type(seat.pc, "receipt", seat.file, receipt, allowed=(0, 1))


def _figures(player: Player, county: Path, to: Path, pc: str = "县教育局") -> dict[str, Any]:
    to.parent.mkdir(parents=True, exist_ok=True)
    words = ("county", "indicators", county, "--year", sample.YEAR, "--rules", "2017")
    player.type(pc, *words, "--to", to)
    older = ("county", "indicators", county, "--year", sample.YEAR, "--rules", "2012")
    return {"2017": player.type(pc, *words), "2012": player.type(pc, *older)}


def _correct(player: Player, seat: Seat, county: Path) -> None:
    """A figure is returned, corrected at the school, submitted again; F22 before and after."""
    story, paper = player.story, player.story.folder / "县教育局" / "打印"
    story.figures_before = _figures(player, county, paper / "F22-改正前.pdf")
    item = f"stat-{sample.YEAR}"
    remarks = story.folder / "县教育局" / "备注.csv"
    with remarks.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows(
            [("登记册", "编号", "字段", "备注"), ("school_year", "", "books", "图书册数与总账不符，请核对")]
        )
    player.type("县教育局", "county", "return", county, seat.uid, item, "--remarks", remarks)
    player.type("县教育局", "county", "receipts", county, "--to", _stick(player))
    _read_receipt(player, seat)
    sheet = seat.sheets["school_year"]
    with sheet.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    place = rows[0].index("图书")
    for row in rows[1:]:
        if row[place]:
            row[place] = str(int(row[place]) * 2)
    with sheet.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows(rows)
    player.type(seat.pc, "import", seat.file, "school_year", sheet)
    _submit(player, seat)
    _merge(player, county)
    story.figures_after = _figures(player, county, paper / "F22-改正后.pdf")
    if story.figures_before == story.figures_after:
        story.failures.append("改正后的指标没有变化")


def _finish(player: Player, seats: list[Seat], county: Path) -> None:
    board = player.type("县教育局", "county", "board", county)
    for row in board.get("rows", []):
        for cell in row["cells"]:
            if cell["state"] == "received":
                player.type("县教育局", "county", "accept", county, row["uid"], cell["item"])
    player.type("县教育局", "county", "year", county, sample.YEAR, "close")
    player.type("县教育局", "county", "receipts", county, "--to", _stick(player))
    player.type("县教育局", "county", "kit", county, "--to", _stick(player))
    for seat in seats:
        _read_receipt(player, seat)
        player.type(seat.pc, "audit", seat.file)
    first = seats[0]
    paper = first.file.parent / "打印"
    paper.mkdir(exist_ok=True)
    for form, of in (*FORMS_OF_A_SCHOOL, ("F23", "")):
        player.type(first.pc, "print", first.file, form, "--to", paper / f"{form}.pdf", "--of", of)
    for name in REGISTERS:
        player.type(first.pc, "table", first.file, name, "--to", first.file.parent / "导出" / f"{name}.xlsx")
    player.type(first.pc, "backup", first.file, "--to", first.file.parent / "备份")


def _keep(player: Player, seats: list[Seat], county: Path) -> None:
    """Copies of the data files for a person to open, from before they are deleted; they lie closed, so a copy is whole."""
    folder = player.story.folder / KEPT
    folder.mkdir(exist_ok=True)
    officers = ("县教育局", "县健康档案员")
    left = [(county, county.stem, officers), *((seat.file, seat.school.name, (seat.pc, seat.pc)) for seat in seats)]
    for source, name, holders in left:
        shutil.copy(source, folder / f"{name}.eduplan")
        leave_words(folder / f"{name}.eduplan", dict(zip(("personal", "health"), map(words_of, holders), strict=True)))
        bodies = source.with_name(source.name + ".files")
        if bodies.is_dir():
            shutil.copytree(bodies, folder / f"{name}.eduplan.files", dirs_exist_ok=True)


def _recover(player: Player, seats: list[Seat], county: Path) -> None:
    story = player.story
    filed = story.folder / "归档"
    shutil.copytree(county.with_name(county.name + ".files"), filed)
    for gone in [county, *(seat.file for seat in seats)]:
        for path in gone.parent.glob(gone.name + "*"):
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    rebuilt = county.with_name("示例县-重建.eduplan")
    player.secret("新电脑")
    sheets = ("--sheet", story.folder / "恢复单-记录.txt", "--sheet", story.folder / "恢复单-健康.txt")
    player.type("新电脑", "county", "recover", rebuilt, "--bundles", filed, *sheets)
    story.figures_recovered = _figures(player, rebuilt, county.parent / "打印" / "F22-重建.pdf", "新电脑")
    if story.figures_recovered != story.figures_after:
        story.failures.append("重建后的指标与原来的不同")


def _newest(folder: Path, ending: str) -> Path:
    return max(folder.rglob(f"*{ending}"), key=lambda p: p.stat().st_mtime_ns, default=folder / f"missing{ending}")


def _tell(story: Story, seats: list[Seat]) -> None:
    story.lines = [
        f"示例县：{len(seats)} 所学校，{story.commands} 条命令，文件在 {story.folder}。",
        "入网、报送、合并、回执、退回改正、结账、打印、导出都走了一遍。",
        "删除全部数据文件后，只用归档和恢复单重建，指标" + ("完全相同。" if story.held else "不同，见下。"),
        *story.failures,
    ]
