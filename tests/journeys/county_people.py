"""The schools of the county's journeys, played through the command line, one PC each; what they hand in lies on the stick."""

import io
import json
import shutil
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from eduplan_desktop.acts import sample
from eduplan_desktop.commands import main
from eduplan_desktop.environment import Environment
from tests.ui.conftest import CHEAP, NOW

SECRET = "示例口令 青山绿水 台账报送 夕阳红霞"
SHEETS = ("school", "school_year", "staff", "room")


@dataclass
class SchoolPc:
    """One school at its own PC. sheets: what it kept before there was this program; paper: fingerprint on its form."""

    folder: Path
    stick: Path
    school: sample.SampleSchool
    number: int
    sheets: dict[str, Path] = field(default_factory=dict)
    paper: str = ""

    @property
    def file(self) -> Path:
        """Its data file."""
        return self.folder / "本校.eduplan"

    @property
    def name(self) -> str:
        """Its name."""
        return self.school.name

    def type(self, *words: object, allowed: tuple[int, ...] = (0,), pc: str = "home") -> dict[str, Any]:
        """Type one command at this school; its JSON answer."""
        out, said = io.StringIO(), io.StringIO()
        secret = self.folder / "口令.txt"
        secret.write_text(SECRET + "\n", encoding="utf-8")
        line = [str(w) for w in words] + ["--json", "--passphrase-file", str(secret)]
        with redirect_stdout(out), redirect_stderr(said):
            code = main(line, Environment(now=lambda: NOW, home=self.folder / pc, kdf=CHEAP))
        assert code in allowed, (words, code, out.getvalue(), said.getvalue())
        return dict(json.loads(out.getvalue() or "{}"))

    def begin(self, *more: str) -> None:
        """A file filled from the school's sheets; `more` names further registers."""
        self.folder.mkdir()
        self.sheets = sample.write_sheets(self.folder / "原有表格", self.school, self.number, assets=12)
        self.type("school", "new", self.file, "--name", self.name, "--sample")
        for vault in ("personal", "health"):
            self.type("vault", self.file, "create", vault)
        for name in (*SHEETS, *more):
            self.type("import", self.file, name, self.sheets[name])

    def ask(self, uid: str) -> str:
        """Apply with the newest kit on the stick; the fingerprint on the stamped form."""
        kit = max(self.stick.glob("*.edukit"))
        shown = self.type("bundle", "show", kit)
        words = ("--kit", kit, "--school", uid, "--to", self.stick, "--county-fingerprint", shown["fingerprint"])
        return str(self.type("school", "join", self.file, *words)["fingerprint"])

    def read_kit(self) -> None:
        """Take the newest kit."""
        self.type("school", "join", self.file, "--kit", max(self.stick.glob("*.edukit")))

    def submit(self, answers: str = "stat-2025", *, pc: str = "home", file: Path | None = None) -> dict[str, Any]:
        """Explain what is unusual and put a bundle on the stick."""
        path = file or self.file
        for one in self.type("check", path, allowed=(0, 1), pc=pc)["findings"]:
            if one["severity"] == "doubt" and not one["explanation"]:
                self.type("explain", path, one["finding"], "示例说明：与凭证核对无误", pc=pc)
        return self.type("submit", path, "--to", self.stick, "--answers", answers, pc=pc)

    def receipt(self) -> dict[str, Any]:
        """Read the newest receipt on the stick that is for this school."""
        found = sorted(self.stick.glob(f"{self.name}*.edurcpt")) or sorted(self.stick.glob("*.edurcpt"))
        taken: dict[str, Any] = {}
        for path in found:
            taken = self.type("receipt", self.file, path, allowed=(0, 1)) or taken
        return taken

    def copy_of_all(self) -> Path:
        """The file and the key folder copied as a careless clerk does: two PCs go on from the same point."""
        shutil.copytree(self.folder / "home", self.folder / "other")
        return Path(shutil.copy(self.file, self.folder / "副本.eduplan"))


def schools(folder: Path, stick: Path, count: int) -> list[SchoolPc]:
    """The first sample schools, not yet begun."""
    return [SchoolPc(folder / f"学校{i}", stick, one, i) for i, one in enumerate(sample.schools(count))]
