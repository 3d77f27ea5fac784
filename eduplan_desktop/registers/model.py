"""What a register declaration can say: a closed set of attributes and kinds (D9). Changing either takes a decision record."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING, Protocol

from eduplan_desktop.problems import Problem

if TYPE_CHECKING:
    from eduplan_desktop.registers.catalogs import Catalogs

Value = str | int | None
"""A stored value. Scaled kinds (DECIMAL, MONEY) are integers × 10**places; YES_NO is 0 or 1; RESULTS is canonical JSON."""
Row = dict[str, Value]
"""One record: field name → value, and always `id`; `year` too where the register is sliced by year."""


class Kind(StrEnum):
    """The closed set of kinds of value (D16)."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    WHOLE = "whole"
    DECIMAL = "decimal"
    MONEY = "money"
    DATE = "date"
    MOMENT = "moment"
    YES_NO = "yes_no"
    CHOICE = "choice"
    LINK = "link"
    ID_NUMBER = "id_number"
    SCHOOL_CODE = "school_code"
    RESULTS = "results"


class SliceBy(StrEnum):
    """How a register is cut into slices (D1)."""

    WHOLE = "whole"
    CALENDAR_YEAR = "calendar_year"
    STATISTICAL_YEAR = "statistical_year"


@dataclass(frozen=True, slots=True)
class Field:
    """One field. These attributes are the closed list; nothing here is about one surface (screen, sheet, paper).

    places:  digits after the point of DECIMAL and MONEY (MONEY is 2 in 元, unit prices 4).
    choices: name of the code table (CHOICE) or of the catalogue of items (RESULTS; CHOICE over a catalogue).
    target:  register a LINK points to.
    since/retired: schema minor version that brought or retired the field.
    """

    name: str
    kind: Kind
    label: str
    help: str = ""
    unit: str = ""
    required: bool = False
    minimum: int | str | None = None
    maximum: int | str | None = None
    max_length: int = 200
    places: int = 0
    choices: str = ""
    target: str = ""
    since: int = 0
    retired: int | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """A group of fields as on the paper form. All fields of a section with a compartment are sealed in that compartment (D7)."""

    label: str
    fields: tuple[Field, ...]
    compartment: str = ""


class RuleContext(Protocol):
    """What a rule may ask: today's date (D21), the catalogues, and other rows of the same file."""

    @property
    def today(self) -> str: ...
    @property
    def catalogs(self) -> "Catalogs": ...
    def row(self, register: str, row_id: str) -> Mapping[str, Value] | None: ...


Rule = Callable[[Mapping[str, Value], RuleContext], Iterator[Problem]]
"""A cross-field rule: one row and its context in, findings out."""
GroupRule = Callable[["Register", "RowSource", RuleContext], Iterator[Problem]]
"""A cross-record rule over all live rows of one register."""


class RowSource(Protocol):
    """Rows for cross-record rules, without knowing a store."""

    def rows(self, register: str) -> Iterator[Mapping[str, Value]]: ...


@dataclass(frozen=True)
class Register:
    """A register: its fields by section, how it is sliced, what identifies a row to a person, and its own rules.

    name:      English code name; also the table name and the slice name.
    identity:  fields that a person would use to recognise a row (import matches rows by them).
    title:     fields that make the one-line title of a row.
    version:   (major, minor) of the bundle schema (D19).
    year_field: date or whole-number field that gives the year of a sliced row at its creation.
    single:    True where a file has exactly one row (the school profile).
    """

    name: str
    label: str
    sections: tuple[Section, ...]
    identity: tuple[str, ...] = ()
    title: tuple[str, ...] = ()
    version: tuple[int, int] = (1, 0)
    slice_by: SliceBy = SliceBy.WHOLE
    year_field: str = ""
    single: bool = False
    rules: tuple[Rule, ...] = ()
    group_rules: tuple[GroupRule, ...] = ()

    @cached_property
    def fields(self) -> tuple[Field, ...]:
        """All fields in register order, sealed ones included."""
        return tuple(f for s in self.sections for f in s.fields)

    @cached_property
    def by_name(self) -> dict[str, Field]:
        """Field by name."""
        return {f.name: f for f in self.fields}

    @cached_property
    def open_fields(self) -> tuple[Field, ...]:
        """Fields stored in clear, in register order: the table's columns and the slice's CSV columns."""
        return tuple(f for s in self.sections if not s.compartment for f in s.fields)

    def sealed_fields(self, compartment: str) -> tuple[Field, ...]:
        """Fields sealed in `compartment`, in register order."""
        return tuple(f for s in self.sections if s.compartment == compartment for f in s.fields)

    @cached_property
    def compartments(self) -> tuple[str, ...]:
        """Names of the compartments this register has sealed fields in."""
        return tuple(dict.fromkeys(s.compartment for s in self.sections if s.compartment))
