"""Where the headings of a sheet are, what they say, and which lines below are not records.

Clerks put titles above the headings, spread headings over two lines, repeat them on every printed page, number the columns
and close with totals and signatures. All of that is found here, and every line left out is reported with its number.
"""

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from typing import Final

from eduplan_desktop.exchange.cells import BLANK, Cell, Sheet, heading, is_blank, words
from eduplan_desktop.exchange.reasons import refuse

SEARCHED: Final = 40
"""Lines looked at for headings."""
MARKER: Final = re.compile(r"eduplan:(\d+):([a-z_]+):(\d+)\.(\d+)")
"""First cell of a table this program wrote: format, register, schema version; its line holds field names."""

_TOTAL: Final = re.compile(
    r"(?:本页|本表|本校|全校|全县|全年|以上|当前)?(?:合计|小计|总计|共计|累计|总和|总合计)(?:金额|数)?:?(?:共?\d+[条行项])?"
)
_FOOTER: Final = re.compile(
    r"(?:填表|制表|审核|经办|填报|报送|复核|录入|负责|统计)(?:人|单位|时间|日期)|单位负责人|校长签字|联系电话[::]|公章"
    r"|(?:注|说明|备注|附注)[::]"
)
_NUMBERING: Final = re.compile(r"[\((]?\d{1,3}[\))]?|[甲乙丙丁戊己庚辛壬癸]")
_UNIT_LINE: Final = re.compile(r"单位[::]\s*(人民币)?\s*(万元|元)")


@dataclass(frozen=True, slots=True)
class Skipped:
    """A line that is no record. kind: a key of `reasons.SKIPPED`; words: what its first filled cell says."""

    line: int
    kind: str
    words: str


@dataclass(slots=True)
class Header:
    """The headings found.

    first, last: indices into the sheet's rows of the first and last heading line; data start after `last`.
    names:  one unique name per column: the heading as printed (`组/项` where it spans two lines), `第 7 列` where there is none.
    keys:   per column, the folded forms under which it may be recognised, the likeliest first; () for a blank heading.
    fields: field names of the hidden line of a table this program wrote, else [].
    marker: (format, register, major, minor) of that line, else None.
    money:  '元' or '万元' where the lines above say so for the whole sheet, else ''.
    """

    first: int
    last: int
    names: list[str]
    keys: list[tuple[str, ...]]
    above: list[Skipped] = field(default_factory=list)
    fields: list[str] = field(default_factory=list)
    marker: tuple[int, str, int, int] | None = None
    money: str = ""

    def column(self, name: str) -> int:
        """Index of the column of that name (width and blanks unified), -1 where there is none."""
        if name in self.names:
            return self.names.index(name)
        wanted = heading(name)
        for index, keys in enumerate(self.keys):
            if wanted in keys or wanted == heading(self.names[index]):
                return index
        return -1


def find_header(sheet: Sheet, known: Callable[[str], bool] | None = None, line: int = 0) -> Header:
    """The headings of a sheet. Raises ExchangeError where there are none.

    known: tells whether a folded heading is one of the register asked about. line: the line the person pointed at, else 0.
    """
    if not sheet.rows:
        raise refuse("no_rows")
    if marked := _marked(sheet):
        return marked
    at = _pointed(sheet, line) if line else _likeliest(sheet, known)
    first = last = at
    if at > 0 and not line and _second_line(sheet, at - 1, at):
        first = at - 1
    elif at + 1 < len(sheet.rows) and _second_line(sheet, at, at + 1):
        last = at + 1
    return _make(sheet, first, last)


def _marked(sheet: Sheet) -> Header | None:
    found = MARKER.fullmatch(words(sheet.rows[0][0])) if sheet.rows[0] else None
    if not found:
        return None
    last = min(1, len(sheet.rows) - 1)
    header = _make(sheet, last, last)
    fields = [words(cell) for cell in sheet.rows[0]]
    header.fields = ["id", *fields[1:]]
    header.marker = (int(found[1]), found[2], int(found[3]), int(found[4]))
    header.above = []
    return header


def _pointed(sheet: Sheet, line: int) -> int:
    if line not in sheet.numbers:
        raise refuse("no_header")
    return sheet.numbers.index(line)


def _likeliest(sheet: Sheet, known: Callable[[str], bool] | None) -> int:
    """The first line with most headings of the register; where there are too few, the first line that looks like headings."""
    start = sheet.rows[:SEARCHED]
    if known is not None:
        hits = [sum(known(key) for cell in row if (key := heading(cell))) for row in start]
        best = max(hits)
        if best >= min(2, sheet.width):
            return hits.index(best)
    widest = max(_filled(row) for row in start)
    for index, row in enumerate(start):
        if _looks_like_headings(row, widest):
            return index
    return next(i for i, row in enumerate(start) if _filled(row) >= min(2, widest))


def _looks_like_headings(row: Sequence[Cell], widest: int) -> bool:
    """Whether a line is wide, all text, without values, and says mostly different things."""
    cells = [cell for cell in row if not is_blank(cell)]
    texts = [words(cell) for cell in cells]
    if len(cells) < max(min(2, widest), widest * 0.6) or not all(isinstance(cell, str) for cell in cells):
        return False
    return len(set(texts)) * 2 > len(texts) and not any(_is_value(text) for text in texts)


def _filled(row: Sequence[Cell]) -> int:
    return sum(not is_blank(cell) for cell in row)


def _is_value(text: str) -> bool:
    """Whether a text cell holds a number or date rather than a heading."""
    return bool(re.fullmatch(r"[-+¥]?[\d.,/:-]+%?", text)) and not re.fullmatch(r"(19|20)\d\d", text)


def _group(sheet: Sheet, index: int) -> list[str]:
    """The texts of a heading line with merged regions filled to the right."""
    texts = [words(cell) for cell in sheet.rows[index]]
    line = sheet.numbers[index]
    for top, left, bottom, right in sheet.merges:
        if top <= line <= bottom and left < len(texts):
            origin = texts[left] if top == line else _text_at(sheet, top, left)
            for column in range(left, min(right + 1, len(texts))):
                texts[column] = texts[column] or origin
    return texts


def _text_at(sheet: Sheet, line: int, column: int) -> str:
    return words(sheet.rows[sheet.numbers.index(line)][column]) if line in sheet.numbers else ""


def _second_line(sheet: Sheet, top: int, bottom: int) -> bool:
    """Whether two lines are one heading: everything in the lower one stands under a group or under nothing in the upper."""
    upper, lower = sheet.rows[top], sheet.rows[bottom]
    if _filled(upper) < 2 or not all(is_blank(c) or isinstance(c, str) for c in (*upper, *lower)):
        return False
    grouped = _grouped_columns(sheet, top, bottom)
    below = [c for c, cell in enumerate(lower) if not is_blank(cell)]
    if not below or not grouped or any(_is_value(words(lower[c])) for c in below):
        return False
    return all(is_blank(upper[c]) or c in grouped for c in below)


def _grouped_columns(sheet: Sheet, top: int, bottom: int) -> set[int]:
    """Columns under a heading that spans several: merged, or followed by blanks with something below."""
    upper, lower = sheet.rows[top], sheet.rows[bottom]
    line = sheet.numbers[top]
    found = {c for t, left, b, right in sheet.merges if t == b == line and right > left for c in range(left, right + 1)}
    if not sheet.merges:
        for column in range(len(upper) - 1):
            after = column + 1
            if (
                not is_blank(upper[column])
                and not is_blank(lower[column])
                and is_blank(upper[after])
                and not is_blank(lower[after])
            ):
                found.add(column)
    return found


def _make(sheet: Sheet, first: int, last: int) -> Header:
    upper = _group(sheet, first)
    lower = _group(sheet, last) if last > first else [""] * len(upper)
    if last > first and not sheet.merges:
        upper = _carried(upper, lower)
    names: list[str] = []
    keys: list[tuple[str, ...]] = []
    for column, (group, own) in enumerate(zip(upper, lower, strict=True)):
        parts = [part for part in dict.fromkeys((_flat(group), _flat(own))) if part]
        names.append(_unique("/".join(parts) or f"第 {column + 1} 列", names))
        forms = ("".join(parts), parts[-1]) if parts else ()
        keys.append(tuple(dict.fromkeys(heading(form) for form in forms)))
    if not any(keys):
        raise refuse("no_header")
    above = [Skipped(sheet.numbers[i], "title", _first_words(sheet.rows[i])) for i in range(first)]
    said = " ".join(words(cell) for row in sheet.rows[:first] for cell in row if isinstance(cell, str))
    unit = _UNIT_LINE.search(said)
    return Header(first, last, names, keys, above, money=unit.group(2) if unit else "")


def _carried(upper: list[str], lower: list[str]) -> list[str]:
    """Without merged regions: a group's text goes on to the right over blanks that have something below."""
    out = list(upper)
    for column in range(1, len(out)):
        if not out[column] and lower[column]:
            out[column] = out[column - 1]
    return out


def _flat(text: str) -> str:
    return re.sub(r"\s+", "" if not text.isascii() else " ", text).strip()


def _unique(name: str, taken: Collection[str]) -> str:
    if name not in taken:
        return name
    number = next(n for n in range(2, len(taken) + 3) if f"{name}#{n}" not in taken)
    return f"{name}#{number}"


def _first_words(row: Sequence[Cell]) -> str:
    return next((words(cell) for cell in row if not is_blank(cell)), "")[:40]


def records(sheet: Sheet, header: Header) -> tuple[list[int], list[Skipped]]:
    """(indices of the rows that are records, lines below the headings that are none)."""
    heads = [_texts(sheet.rows[index]) for index in dict.fromkeys((header.first, header.last))]
    said = frozenset().union(*heads)
    tail = _tail(sheet, header)
    found: list[int] = []
    skipped: list[Skipped] = []
    for index in range(header.last + 1, len(sheet.rows)):
        row = sheet.rows[index]
        first = row[0] if row[0] not in BLANK else next((cell for cell in row if cell not in BLANK), None)
        kind = ""
        if isinstance(first, str) and (index >= tail or "计" in first or "和" in first or first.strip() in said):
            kind = _kind(row, first.strip(), heads, index >= tail, header)
        if not kind and index == header.last + 1 and _numbers_columns(row):
            kind = "column_numbers"
        if kind:
            skipped.append(Skipped(sheet.numbers[index], kind, _first_words(row)))
        else:
            found.append(index)
    return found, skipped


def _texts(row: Sequence[Cell]) -> frozenset[str]:
    return frozenset(text for cell in row if (text := words(cell)))


def _tail(sheet: Sheet, header: Header) -> int:
    """Index from which on everything is totals, signatures and notes: they close a sheet and fill only few cells."""
    index = len(sheet.rows)
    while index - 1 > header.last:
        row = sheet.rows[index - 1]
        if not _FOOTER.search(_first_words(row)) and not _is_total(row):
            break
        index -= 1
    return index


def _is_total(row: Sequence[Cell]) -> bool:
    """Whether the first text of a line, near its start, says that it sums others."""
    first = next((cell for cell in row[:4] if isinstance(cell, str) and cell and not cell.isspace()), "")
    return ("计" in first or "和" in first) and _TOTAL.fullmatch(heading(first)) is not None


def _kind(row: Sequence[Cell], first: str, heads: Sequence[frozenset[str]], closing: bool, header: Header) -> str:
    """Why a row that starts with text is no record; '' for a record."""
    if not first or _is_total(row):
        return "total" if first else ""
    if closing and _filled(row) * 2 <= max(2, len(header.names)):
        return "footer"
    for head in heads:
        if first in head and len(head) > 1 and _texts(row) <= head:
            return "repeated_head"
    return ""


def _numbers_columns(row: Sequence[Cell]) -> bool:
    """A line right under the headings that only numbers the columns: 甲 乙 1 2 3."""
    texts = [words(cell) for cell in row if not is_blank(cell)]
    return (
        len(texts) > 2
        and len(set(texts)) == len(texts)
        and all(_NUMBERING.fullmatch(text) for text in texts)
        and _counts(texts)
    )


def _counts(texts: Sequence[str]) -> bool:
    numbers = [int(digits) for t in texts if (digits := re.sub(r"\D", "", t))]
    return numbers == list(range(numbers[0], numbers[0] + len(numbers))) if numbers else True
