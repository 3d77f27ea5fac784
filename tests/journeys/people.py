"""The county officer of the school's journeys, at the command line. The hands at the window are `tests.journeys.hands`."""

import csv
import io
import json
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any

from eduplan_desktop.commands import main
from eduplan_desktop.environment import Environment, KdfCost
from tests.journeys.hands import CONTROL, button, click, press, said, walk_to, write
from tests.ui.conftest import NOW

__all__ = ["CONTROL", "PASSPHRASE", "County", "button", "click", "press", "said", "walk_to", "write"]

PASSPHRASE = "示例口令 青山绿水 台账报送 夕阳"


class County:
    """Sets a sample county up and does its month; every act is one command line."""

    def __init__(self, folder: Path, stick: Path) -> None:
        self.folder, self.stick, self.file = folder, stick, folder / "示例县.eduplan"
        folder.mkdir()
        (folder / "口令.txt").write_text(PASSPHRASE + "\n", encoding="utf-8")
        self.env = Environment(now=lambda: NOW, home=folder / "home", kdf=KdfCost(memory_kib=64, iterations=1))
        new = ("county", "new", self.file, "--code", "990001", "--name", "示例县教育局（示例）", "--sample")
        self.fingerprint = str(self.type(*new, "--recovery-sheet", folder / "恢复单.txt")["fingerprint"])
        self.uid = ""

    def type(self, *words: object, allowed: tuple[int, ...] = (0,)) -> dict[str, Any]:
        """Type one command; its JSON answer."""
        out, said = io.StringIO(), io.StringIO()
        line = [str(w) for w in words] + ["--json", "--passphrase-file", str(self.folder / "口令.txt")]
        with redirect_stdout(out), redirect_stderr(said):
            code = main(line, self.env)
        assert code in allowed, (words, code, out.getvalue(), said.getvalue())
        return dict(json.loads(out.getvalue() or "{}"))

    def prepare(self, school: str) -> None:
        """List the school, make the calendar of a year, and put the kit on the stick."""
        add = ("county", "school", self.file, "add", "--name", school, "--kind", "小学", "--urban", "村庄")
        self.uid = str(self.type(*add, "--valid-from", "2000-09-01")["schools"][0]["uid"])
        self.type("county", "calendar", self.file, "year", "--year", 2025)
        self.write_kit()

    def write_kit(self) -> None:
        """Put the kit on the stick."""
        self.type("county", "kit", self.file, "--to", self.stick)

    def enrol(self, fingerprint: str) -> None:
        """Approve the request on the stick by the fingerprint on its paper."""
        request = next(self.stick.glob("*.eduenrol"))
        self.type("county", "enrol", self.file, request, "--fingerprint", fingerprint)

    def take_in(self) -> dict[str, Any]:
        """Merge what lies on the stick and write receipts to it."""
        return self.type("county", "merge", self.file, self.stick, "--receipts", self.stick)

    def send_back(self, item: str, register: str, row: str, field: str, text: str) -> None:
        """Return an item with a remark on one field of one row, and write the receipt."""
        sheet = self.folder / "备注.csv"
        with sheet.open("w", encoding="utf-8-sig", newline="") as file:
            csv.writer(file).writerows([("登记册", "编号", "字段", "备注"), (register, row, field, text)])
        self.type("county", "return", self.file, self.uid, item, "--remarks", sheet)
        self.type("county", "receipts", self.file, "--to", self.stick)
