"""A county and its schools played in this process by the command line: one key folder per PC."""

from __future__ import annotations

import contextlib
import io
import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from eduplan_desktop.commands import main
from eduplan_desktop.environment import Environment, KdfCost

PASSPHRASE = "证明用的 口令一共 六个不同 的词"
CHEAP = KdfCost(memory_kib=8, iterations=1)
"""Cheap key derivation, injected: what is proven here is not the cost of a guess."""


class CommandFailedError(AssertionError):
    """A command ended otherwise than it must."""


@dataclass
class County:
    """Types commands. commands: how many were typed."""

    folder: Path
    commands: int = 0

    def __post_init__(self) -> None:
        self.secret = self.folder / "口令.txt"
        self.secret.write_text(PASSPHRASE + "\n", encoding="utf-8")
        self.file = self.folder / "县.eduplan"
        self.stick = self.folder / "U盘"
        self.stick.mkdir(exist_ok=True)

    def type(self, pc: str, *words: object, allowed: tuple[int, ...] = (0,)) -> dict[str, Any]:
        """Run one command as a PC and read its JSON."""
        env = replace(Environment(), home=self.folder / "PC" / pc, kdf=CHEAP, who=pc)
        argv = [*map(str, words), "--json", "--passphrase-file", str(self.secret)]
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = main(argv, env)
        self.commands += 1
        if code not in allowed:
            raise CommandFailedError(f"{pc}: {argv[:4]} → {code}: {err.getvalue()[-400:]} {out.getvalue()[-400:]}")
        return dict(json.loads(out.getvalue() or "{}"))

    def county(self, *words: object, allowed: tuple[int, ...] = (0,)) -> dict[str, Any]:
        """`county COMMAND FILE …`."""
        return self.type("county", "county", words[0], self.file, *words[1:], allowed=allowed)

    def found(self, code: str = "990001") -> None:
        """Make the county file."""
        sheet = self.folder / "sheet.txt"
        self.county("new", "--code", code, "--name", "示例县（证明）", "--recovery-sheet", sheet, "--sample")

    def kit(self) -> Path:
        """Write a kit; its path."""
        return Path(self.county("kit", "--to", self.stick)["kit"])

    def enrol(self, pc: str, file: Path, uid: str, kit: Path) -> None:
        """Join and approve one school."""
        shown = self.type(pc, "bundle", "show", kit)
        words = ("--kit", kit, "--school", uid, "--to", self.stick, "--county-fingerprint", shown["fingerprint"])
        joined = self.type(pc, "school", "join", file, *words)
        self.county("enrol", joined["request"], "--fingerprint", joined["fingerprint"])
