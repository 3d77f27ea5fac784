"""What a merge says: one line per bundle for screen and scripts, and what differs from last time.

The JSON is that of `county merge --json`; counts are per slice, totals over all bundles.
"""

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from eduplan_desktop.bundle.words import WORDS, explain
from eduplan_desktop.i18n import N_, _
from eduplan_desktop.merge.plan import SENTENCE, Placement
from eduplan_desktop.merge.slices import SliceResult

COUNTS: Final = ("new", "changed", "same", "withdrawn", "quarantined")


@dataclass(frozen=True, slots=True)
class Difference:
    """A headline figure of a school before and after a merge; None where nothing was known. Scaled as `places` says."""

    label: str
    unit: str
    before: int | None
    after: int | None
    places: int = 0


@dataclass(frozen=True, slots=True)
class Line:
    """What became of one file. school: uid, '' where the file does not say; name: as the roster has it.

    place: where it belongs, None where the envelope itself was refused. params: facts of the refusal.
    """

    path: Path
    status: str
    code: str = ""
    school: str = ""
    name: str = ""
    sequence: int = 0
    digest: str = ""
    place: Placement | None = None
    answers: tuple[str, ...] = ()
    slices: Mapping[str, SliceResult] = field(default_factory=dict)
    differences: tuple[Difference, ...] = ()
    params: Mapping[str, Any] = field(default_factory=dict)

    @property
    def word(self) -> str:
        """Two or three characters for the state column."""
        return _(SENTENCE[self.place.place][0]) if self.place and self.status != "refused" else _(N_("拒收"))

    @property
    def sentence(self) -> str:
        """What happens to it, or why it was refused."""
        if self.place is not None and (self.status != "refused" or self.code == self.place.code):
            return _(SENTENCE[self.place.place][1]).format(**self.place.params)
        return explain(self.code)[0] if self.code in WORDS else self.code

    @property
    def advice(self) -> str:
        """What to do, '' where nothing is to be done."""
        return explain(self.code)[1] if self.code in WORDS else ""

    def count(self, name: str) -> int:
        """A count over all slices."""
        return sum(getattr(result, name) for result in self.slices.values())

    def as_json(self) -> dict[str, Any]:
        """For `--json`."""
        return {
            "file": self.path.name,
            "school": self.school,
            "name": self.name,
            "sequence": self.sequence,
            "digest": self.digest,
            "status": self.status,
            "code": self.code,
            "sentence": self.sentence,
            "slices": {n: slice_json(r) for n, r in sorted(self.slices.items())},
            "differences": [
                {"label": d.label, "before": d.before, "after": d.after, "places": d.places} for d in self.differences
            ],
        }


def slice_json(result: SliceResult) -> dict[str, Any]:
    """What became of one slice, as scripts and receipts read it."""
    return {"status": result.status, "code": result.code, **{n: getattr(result, n) for n in COUNTS}}


@dataclass(frozen=True, slots=True)
class TakeIn:
    """All lines of one run. requests: enrolment requests found beside the bundles."""

    lines: Sequence[Line]
    requests: Sequence[Path] = ()

    @property
    def totals(self) -> dict[str, int]:
        """Bundles by status, rows by what became of them."""
        found = {
            s: sum(1 for x in self.lines if x.status == s) for s in ("merged", "already", "older", "held", "refused")
        }
        return {"bundles": len(self.lines), **found, **{n: sum(x.count(n) for x in self.lines) for n in COUNTS}}

    def as_json(self) -> dict[str, Any]:
        """The object of `county merge --json`."""
        return {"bundles": [line.as_json() for line in self.lines], "totals": self.totals}


_FIGURES: Final[tuple[tuple[str, str, int, str], ...]] = (
    (
        N_("在校学生数"),
        N_("人"),
        0,
        "SELECT sum(pupils) FROM school_year WHERE school = :school"
        " AND year = (SELECT max(year) FROM school_year WHERE school = :school)",
    ),
    (N_("教职工"), N_("人"), 0, "SELECT count(*) FROM staff WHERE school = :school"),
    (N_("未销号隐患"), N_("项"), 0, "SELECT count(*) FROM hazard WHERE school = :school AND closed IS NULL"),
    (N_("设备原值"), N_("元"), 2, "SELECT sum(original_value) FROM equipment WHERE school = :school"),
)


def figures(conn: sqlite3.Connection, school: str) -> tuple[int | None, ...]:
    """Headline figures of a school as the county holds them now."""
    return tuple(conn.execute(sql, {"school": school}).fetchone()[0] for *_said, sql in _FIGURES)


def differences(before: Sequence[int | None], after: Sequence[int | None]) -> tuple[Difference, ...]:
    """Figures that changed."""
    return tuple(
        Difference(label, unit, old, new, places)
        for (label, unit, places, _sql), old, new in zip(_FIGURES, before, after, strict=True)
        if old != new
    )


def merged(lines: Iterable[Line]) -> list[Line]:
    """Lines whose rows were taken."""
    return [line for line in lines if line.status in ("merged", "older")]
