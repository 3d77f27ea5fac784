"""One record under a form: what is stored, what was typed over it, and how the two become a save or a draft. No widgets."""

from typing import Any

from eduplan_desktop.problems import Problem
from eduplan_desktop.registers.kinds import edit_text, parse
from eduplan_desktop.registers.messages import message
from eduplan_desktop.registers.model import Register, Row, Value
from eduplan_desktop.workspace import Saved


class Record:
    """`typed` holds raw texts by field name; `new` says that nothing is stored yet."""

    def __init__(self, workspace: Any, register: Register, row: Row, *, new: bool = False, school: str = "") -> None:
        self.workspace, self.register, self.school = workspace, register, school
        self.row, self.new = row, new
        self.typed: dict[str, str] = {}

    @property
    def id(self) -> str:
        """The row id; it moves when a save redates the record into another year."""
        return str(self.row["id"])

    @property
    def touched(self) -> bool:
        """Whether something was typed that is not saved."""
        return bool(self.typed)

    def type(self, name: str, raw: str) -> None:
        """A field was typed in."""
        self.typed[name] = raw

    def take_draft(self) -> bool:
        """Put the kept draft over the record; True when there was one."""
        kept = self.workspace.draft(self.register.name, self.id)
        if kept:
            self.typed = {n: t for n, t in kept.items() if n in self.register.by_name}
        return bool(kept)

    def follow_vaults(self) -> None:
        """A vault was opened or locked: what was typed sealed comes back from the draft, or leaves memory with it."""
        ws = self.workspace
        closed = {c for c in self.register.compartments if ws.compartment_state(c) != "open"}
        hidden = {f.name for c in closed for f in self.register.sealed_fields(c)}
        typed = {**(ws.draft(self.register.name, self.id) or {}), **self.typed}
        self.typed = {n: t for n, t in typed.items() if n in self.register.by_name and n not in hidden}
        self.row = {n: v for n, v in self.row.items() if n not in hidden}

    def keep_draft(self) -> None:
        """Write what was typed to the file, so that a killed process loses nothing."""
        if self.typed and not self.workspace.read_only:
            self.workspace.keep_draft(self.register.name, self.id, self.typed)

    def drop(self) -> None:
        """Throw away what was typed, and its draft."""
        self.typed = {}
        if not self.workspace.read_only:
            self.workspace.drop_draft(self.register.name, self.id)

    def values(self) -> tuple[dict[str, Value], dict[str, str]]:
        """(field → value of what can be read, field → sentence of what cannot)."""
        values: dict[str, Value] = {}
        sentences: dict[str, str] = {}
        for name, raw in self.typed.items():
            parsed = parse(self.register.by_name[name], raw, self.workspace.catalogs)
            if parsed.problem is None:
                values[name] = parsed.value
            else:
                sentences[name] = message(parsed.problem)
        return values, sentences

    def merged(self) -> Row:
        """The record as it would be stored now; what cannot be read keeps its stored value."""
        return {**self.row, **self.values()[0]}

    def problems(self) -> list[Problem]:
        """Findings about the record as it stands. A new record is not yet scolded for what is still empty."""
        found: list[Problem] = self.workspace.check_row(self.register.name, self.merged())
        if self.new:
            found = [p for p in found if p.code != "required" or p.field in self.typed]
        return found

    def read_again(self) -> bool:
        """Take the stored record as it is now; False when it is gone."""
        fresh = self.workspace.row(self.register.name, self.id, self.school)
        if fresh is not None:
            self.row, self.new = fresh, False
        return fresh is not None

    def save(self) -> Saved:
        """Store what can be read, over the record as it is now. Raises RefusedError; then everything is still here."""
        values, sentences = self.values()
        stored = None if self.new else self.workspace.row(self.register.name, self.id, self.school)
        saved: Saved = self.workspace.save(self.register.name, {**self.row, **(stored or {}), **values})
        self.new = False
        self.row = self.workspace.row(self.register.name, str(saved.row["id"]), self.school) or saved.row
        self.typed = {name: self.typed[name] for name in sentences}
        return saved

    def copied(self) -> dict[str, str]:
        """What a copy of this record begins with, as typed: all open values but those that identify it."""
        own = set(self.register.identity)
        fields = [f for f in self.register.open_fields if f.name not in own and self.row.get(f.name) is not None]
        return {f.name: edit_text(f, self.row[f.name]) for f in fields}
