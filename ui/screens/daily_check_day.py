"""One day's round of checks as it stands: answers, words, proposed hazards, kept as drafts at every step. No widgets."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any, Final

from eduplan_desktop.i18n import _
from eduplan_desktop.registers.catalogs import Entry
from eduplan_desktop.registers.hazard import GENERAL, MAJOR
from eduplan_desktop.registers.kinds import parse
from eduplan_desktop.registers.model import Row
from eduplan_desktop.registers.refusal import BadValue
from eduplan_desktop.registers.results import Result, dump, load
from eduplan_desktop.registers.safety_check import ABNORMAL, NORMAL, NOT_HERE

CHECK: Final = "safety_check"
HAZARD: Final = "hazard"
HEADS: Final = ("inspector", "leader", "weather", "remark")
ASKED: Final = ("place", "room", "level", "level_by", "person", "due")
"""Fields of a proposed hazard that the check asks for, beside the words of the item itself."""
STEPS: Final = 200
STAGED: Final = "photos"
"""Name in the draft of a round under which photos wait; no field has it."""


@dataclass
class Proposal:
    """A hazard an abnormal item proposes: the row the program can fill, what was typed over it, whether it is wanted."""

    row: Row
    typed: dict[str, str] = field(default_factory=dict)
    wanted: bool = True
    stored: bool = False

    def text(self, name: str) -> str:
        """What stands in a field, as `parse` reads it."""
        value = self.row.get(name)
        return self.typed.get(name, "" if value is None else str(value))


class CheckDay:
    """A day: its items, answers and proposals. Every change is kept in the file at once, as a draft."""

    def __init__(self, workspace: Any, day: str) -> None:
        self.workspace, self.day = workspace, day
        self.stored = False
        self.row: Row = self._find()
        self.heads = {n: str(self.row.get(n) or "") for n in HEADS}
        self.answers: dict[str, Result] = self._read(self.row.get("results"))
        self.proposals: dict[str, Proposal] = {}
        self.touched = False
        self.staged: dict[str, list[str]] = {}
        """Item → digests of photos whose bodies are kept and which the finished round will name."""
        self.own: set[int] = set()
        """Acts of this page that need not be read again."""
        self._steps: list[tuple[str, Result, list[str]]] = []
        self._take_draft()
        self.items: list[Entry] = self._items()
        if not self.stored and not self.touched:
            self._propose_heads()
        self._take_proposals()

    # ---- reading

    def _find(self) -> Row:
        ws = self.workspace
        row = ws.school.check_of(self.day)
        if row is not None:
            self.stored = True
            return dict(row)
        for name, row_id, _when in ws.drafts():
            if name == CHECK and (ws.draft(CHECK, row_id) or {}).get("check_date") == self.day:
                return {**ws.blank(CHECK), "id": row_id, "check_date": self.day}
        return {**ws.blank(CHECK), "check_date": self.day}

    def _read(self, stored: object) -> dict[str, Result]:
        try:
            return load(str(stored)) if stored else {}
        except BadValue:
            return {}

    def _take_draft(self) -> None:
        kept = self.workspace.draft(CHECK, str(self.row["id"]))
        if kept:
            self.touched = True
            self.heads.update({n: kept[n] for n in HEADS if n in kept})
            self.answers = self._read(kept.get("results"))
            self.staged = read_staged(kept.get(STAGED, ""))

    def _items(self) -> list[Entry]:
        """What is due on the day and what was answered, in the order of the paper form: by category."""
        due = {e.code for e in self.workspace.school.check_items(self.day)} | set(self.answers)
        table = self.workspace.catalogs.table("checklist")
        found = [e for e in table.entries if e.code in due]
        order = {c: i for i, c in enumerate(dict.fromkeys(e.attributes.get("category", "") for e in found))}
        return sorted(found, key=lambda e: order[e.attributes.get("category", "")])

    def _propose_heads(self) -> None:
        """The names of the last check, which the person may change; the inspector is who uses the program, where known."""
        before = self.workspace.school.check_before(self.day) or {}
        self.heads["inspector"] = self.workspace.settings.who() or str(before.get("inspector") or "")
        self.heads["leader"] = str(before.get("leader") or "")

    def _take_proposals(self) -> None:
        ws = self.workspace
        for item, row in (ws.school.hazards_of_check(str(self.row["id"])) if self.stored else {}).items():
            self.proposals[item] = Proposal(row, stored=True)
        for name, row_id, _when in ws.drafts():
            if name != HAZARD:
                continue
            kept = ws.draft(HAZARD, row_id) or {}
            item = kept.get("check_item", "")
            if kept.get("from_check") == self.row["id"] and item in self.answers and item not in self.proposals:
                row = {**ws.school.propose_hazard(self.row, item), "id": row_id}
                self.proposals[item] = Proposal(row, {n: kept[n] for n in ASKED if n in kept})

    # ---- asking

    def value(self, item: str) -> str:
        """The answer to an item: '' for none yet."""
        return self.answers.get(item, Result()).value

    @property
    def can_undo(self) -> bool:
        """Whether an answer can be taken back."""
        return bool(self._steps)

    def counts(self) -> dict[str, int]:
        """Items by answer, '' for those still to be looked at."""
        found = {NORMAL: 0, ABNORMAL: 0, NOT_HERE: 0, "": 0}
        for entry in self.items:
            value = self.value(entry.code)
            found[value if value in found else ""] += 1
        return found

    def unanswered(self) -> list[str]:
        """Codes of items without an answer, in order."""
        return [e.code for e in self.items if self.value(e.code) not in (NORMAL, ABNORMAL, NOT_HERE)]

    def lacks(self) -> tuple[str, str, str]:
        """The first thing that keeps the round from being finished: (item or '', field, sentence); all '' for nothing."""
        left = self.unanswered()
        if left:
            return left[0], "", _("还有 {n} 项没查。逐项回答，或按 F8 把其余的都记为正常。").format(n=len(left))
        for entry in self.items:
            if self.value(entry.code) == ABNORMAL and (lack := self._lack_of(entry.code)):
                return entry.code, *lack
        for name, words in (("inspector", _("请填检查人。")), ("leader", _("请填带班领导。"))):
            if not self.heads[name].strip():
                return "", name, words
        return "", "", ""

    def _lack_of(self, item: str) -> tuple[str, str] | None:
        if not self.answers[item].remark.strip():
            return "remark", _("写明异常的情况。")
        proposal = self.proposals.get(item)
        if proposal is None or not proposal.wanted or proposal.stored:
            return None
        if not proposal.text("place").strip():
            return "place", _("写明部位，才能登记隐患。")
        if proposal.text("level") == MAJOR and not proposal.text("level_by").strip():
            return "level_by", _("重大隐患由校领导确认等级并署名。")
        due = proposal.text("due")
        if due and parse(self._field("due"), due, self.workspace.catalogs).problem is not None:
            return "due", _("时限应当是日期，写成 2026-03-09。")
        return None

    def _field(self, name: str) -> Any:
        hazard = next(r for r in self.workspace.registers() if r.name == HAZARD)
        return hazard.by_name[name]

    # ---- changing

    def answer(self, item: str, value: str) -> None:
        """Answer an item; 异常 proposes a hazard, any other answer takes the proposal back."""
        before = self.answers.get(item, Result())
        self._remember(item)
        if value != ABNORMAL:
            self.staged.pop(item, None)
        self._put(item, replace(before, value=value))

    def _remember(self, item: str) -> None:
        """Keep how an item stands, for undo."""
        self._steps = [
            *self._steps[-STEPS:],
            (item, self.answers.get(item, Result()), list(self.staged.get(item, ()))),
        ]

    # ---- photos

    def owner(self, item: str) -> tuple[str, str]:
        """(register, row id) of the record the photos of an item belong to: its hazard where one is recorded, else the check."""
        proposal = self.proposals.get(item)
        if proposal is not None and (proposal.stored or proposal.wanted):
            return HAZARD, str(proposal.row["id"])
        return CHECK, str(self.row["id"])

    def photos(self, item: str) -> list[str]:
        """Digests of the photos of an item's record: those it names and those waiting for the round to be finished."""
        register, row_id = self.owner(item)
        named = [p.sha256 for p in self.workspace.photos(register, row_id)]
        waiting = [d for i, ds in self.staged.items() if self.owner(i) == (register, row_id) for d in ds]
        return list(dict.fromkeys([*named, *waiting]))

    def add_photo(self, item: str, digest: str) -> Any:
        """Add a kept photo: at once where its hazard is recorded (the changes), else when the round is finished (None)."""
        proposal = self.proposals.get(item)
        if proposal is not None and proposal.stored:
            return self.workspace.attach_photos(*self.owner(item), [digest])
        self._remember(item)
        self.staged[item] = list(dict.fromkeys([*self.staged.get(item, ()), digest]))
        self.keep()
        return None

    def remove_photo(self, item: str, digest: str) -> Any:
        """Take a photo off: the changes where a record named it, else None."""
        for other, waiting in self.staged.items():
            if digest in waiting and self.owner(other) == self.owner(item):
                self._remember(other)
                self.staged[other] = [d for d in waiting if d != digest]
                self.keep()
                return None
        register, row_id = self.owner(item)
        return self.workspace.remove_photo(register, row_id, digest)

    def photos_to_name(self) -> dict[str, list[str]]:
        """Row id → digests the finished round names."""
        found: dict[str, list[str]] = {}
        for item, waiting in self.staged.items():
            if self.value(item) == ABNORMAL:
                found.setdefault(self.owner(item)[1], []).extend(waiting)
        return {row_id: list(dict.fromkeys(ds)) for row_id, ds in found.items() if ds}

    def _put(self, item: str, result: Result) -> None:
        if result == Result():
            self.answers.pop(item, None)
        else:
            self.answers[item] = result
        proposal = self.proposals.get(item)
        if result.value == ABNORMAL and proposal is None:
            self.proposals[item] = Proposal(self.workspace.school.propose_hazard(self.row, item))
        elif result.value != ABNORMAL and proposal is not None and not proposal.stored:
            del self.proposals[item]
            self.workspace.drop_draft(HAZARD, str(proposal.row["id"]))
        self.keep()

    def describe(self, item: str, words: str) -> None:
        """The words of an abnormal item."""
        self.answers[item] = replace(self.answers.get(item, Result()), remark=words.strip())
        self.keep()

    def ask(self, item: str, name: str, text: str) -> None:
        """A field of the proposed hazard was typed in."""
        self.proposals[item].typed[name] = text
        self.keep()

    def want(self, item: str, wanted: bool) -> None:
        """Whether the abnormal item is to be recorded as a hazard."""
        self.proposals[item].wanted = wanted
        self.keep()

    def head(self, name: str, text: str) -> None:
        """Inspector, leader, weather or remark of the day."""
        if self.heads[name] != text:
            self.heads[name] = text
            self.keep()

    def rest_normal(self) -> int:
        """Everything without an answer is normal; how many that were."""
        left = self.unanswered()
        for item in left:
            self._remember(item)
            self.answers[item] = replace(self.answers.get(item, Result()), value=NORMAL)
        if left:
            self.keep()
        return len(left)

    def undo(self) -> str:
        """Take the last answer back; its item, '' for none."""
        if not self._steps:
            return ""
        item, before, waiting = self._steps.pop()
        self.staged[item] = waiting
        self._put(item, before)
        return item

    # ---- keeping

    def keep(self) -> None:
        """Write the day and its proposals to the file as drafts: a killed process loses nothing."""
        ws = self.workspace
        self.touched = True
        ws.keep_draft(CHECK, str(self.row["id"]), self.texts())
        for item, proposal in self.proposals.items():
            row_id = str(proposal.row["id"])
            if proposal.stored:
                continue
            if proposal.wanted:
                ws.keep_draft(HAZARD, row_id, self._hazard_texts(item, proposal))
            else:
                ws.drop_draft(HAZARD, row_id)

    def texts(self) -> dict[str, str]:
        """The check as typed."""
        waiting = {i: ds for i, ds in self.staged.items() if ds}
        kept = {STAGED: json.dumps(waiting)} if waiting else {}
        return {"check_date": self.day, **self.heads, "results": dump(self.answers) or "", **kept}

    def _hazard_texts(self, item: str, proposal: Proposal) -> dict[str, str]:
        known = {n: str(v) for n, v in proposal.row.items() if v is not None and n not in ("id", "year")}
        words = self.answers.get(item, Result()).remark
        return {**known, "finder": self.heads["inspector"], "description": words, **proposal.typed}

    def rows(self) -> tuple[Row, list[Row]]:
        """The check and the hazards to be recorded with it, as values."""
        table = self.workspace.catalogs
        register = next(r for r in self.workspace.registers() if r.name == CHECK)
        check = dict(self.row)
        for name in HEADS:
            check[name] = parse(register.by_name[name], self.heads[name], table).value
        check["results"] = dump(self.answers)
        hazards = []
        for item, proposal in self.proposals.items():
            if proposal.wanted and not proposal.stored and self.value(item) == ABNORMAL:
                texts = self._hazard_texts(item, proposal)
                values = {n: parse(self._field(n), t, table).value for n, t in texts.items()}
                hazards.append({**proposal.row, **values})
        return check, hazards

    def proposed_level(self, item: str) -> str:
        """The level the catalogue's mark proposes."""
        return str(self.proposals[item].row.get("level") or GENERAL)


def read_staged(text: str) -> dict[str, list[str]]:
    """Photos waiting in a draft, by item; nothing where it cannot be read."""
    try:
        found = json.loads(text) if text else {}
    except ValueError:
        return {}
    return {str(i): [str(d) for d in ds] for i, ds in found.items()} if isinstance(found, dict) else {}


def step_day(day: str, days: int) -> str:
    """The day so many days later."""
    return (date.fromisoformat(day) + timedelta(days=days)).isoformat()


def in_columns(items: Sequence[Entry]) -> tuple[list[Entry], list[Entry]]:
    """Two columns of about one length, broken between two categories where that leaves them even enough."""
    half = (len(items) + 1) // 2
    breaks = [
        i
        for i in range(1, len(items))
        if items[i].attributes.get("category") != items[i - 1].attributes.get("category")
    ]
    near = min(breaks, key=lambda i: abs(i - half), default=half)
    cut = near if abs(near - half) <= max(2, len(items) // 5) else half
    return list(items[:cut]), list(items[cut:])
