"""Calendar, policy and roster as sheets: a sheet to fill in, written from what stands, and read back in one act.

Every row read is accounted for; a row that cannot be taken is refused with its reason and keeps no other row out.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from eduplan_desktop.acts.plain_sheets import given, read_rows
from eduplan_desktop.acts.session import Session
from eduplan_desktop.county import calendar, calendar_words, indicator_policy, roster
from eduplan_desktop.county.indicator_rules import RULE_SETS
from eduplan_desktop.errors import RefusedError
from eduplan_desktop.i18n import _
from eduplan_desktop.registers.catalog import REGISTERS
from eduplan_desktop.store import shelf
from eduplan_desktop.store.journal import Act, act

if TYPE_CHECKING:
    from eduplan_desktop.exchange.layout import Written
    from eduplan_desktop.exchange.sheet_write import Table

CALENDAR_HEADS: Final = {
    "编号": "id",
    "事项编号": "id",
    "事项": "title",
    "标题": "title",
    "期次": "period",
    "截止日期": "due",
    "截止": "due",
    "要报的登记册": "slices",
    "要报的": "slices",
    "必填的栏": "required",
}
"""Heading of a calendar sheet → part of an item."""
POLICY_HEADS: Final = {"口径编号": "key", "键": "key", "采用的值": "value", "值": "value", "依据": "source"}
"""Heading of a policy sheet → column; what else the template tells is for people and is not read."""


@dataclass(slots=True)
class Taken:
    """What became of the rows of a sheet: read = added + changed + same + blank + refused. refused: (line of the sheet, reason)."""

    added: int = 0
    changed: int = 0
    same: int = 0
    blank: int = 0
    refused: list[tuple[int, str]] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        """For `--json` and the window."""
        read = self.added + self.changed + self.same + self.blank + len(self.refused)
        counts = {"read": read, **{k: getattr(self, k) for k in ("added", "changed", "same", "blank")}}
        words = _("读入 {read} 行 = 新增 {added} + 更新 {changed} + 未变 {same} + 没填 {blank} + 拒收 {refused}。")
        refused = [{"line": n, "reason": why} for n, why in self.refused]
        return {**counts, "refused": refused, "sentence": words.format(**counts, refused=len(refused))}

    def lines(self) -> list[str]:
        """For a person: the sum, then every row refused with its reason."""
        said = [_("第 {n} 行：{why}").format(n=n, why=why) for n, why in self.refused]
        return [str(self.as_dict()["sentence"]), *said]


def _each(rows: Mapping[int, Mapping[str, str]], take: Callable[[Mapping[str, str]], str]) -> Taken:
    """Take every row; `take` says what became of it (a name of `Taken`) or refuses."""
    taken = Taken()
    for number, row in rows.items():
        try:
            name = take(row)
            setattr(taken, name, getattr(taken, name) + 1)
        except RefusedError as fault:
            taken.refused.append((number, str(fault)))
    return taken


# -- calendar -----------------------------------------------------------------------------------------------------------


def import_calendar(session: Session, path: Path | None) -> Taken:
    """Add and change items from a sheet; registers and fields by their words or their names."""
    session.county_or_refuse()
    rows = read_rows(given(path), CALENDAR_HEADS)
    with act(session.store, "county.calendar.import", "导入报送日历", undoable=False) as a:
        return _each(rows, lambda row: _take_item(a, row))


def _take_item(a: Act, row: Mapping[str, str]) -> str:
    said = dict(row)
    if not any(v.strip() for v in said.values()):
        return "blank"
    said["slices"] = calendar_words.slices_typed(REGISTERS, said.get("slices", ""))
    said["required"] = calendar_words.fields_typed(REGISTERS, said.get("required", ""))
    if re.fullmatch(r"\d{4}-\d{2}-01", said.get("period", "")):
        said["period"] = said["period"][:7]  # a spreadsheet makes a day of a month
    item = calendar.from_text(said)
    old = next((i for i in calendar.items(a.store) if i.id == item.id), None)
    if old == item:
        return "same"
    calendar.put(a, item)
    return "changed" if old else "added"


# -- policy -------------------------------------------------------------------------------------------------------------


def import_policy(session: Session, path: Path | None) -> Taken:
    """Confirm many values from a sheet. Each needs its source; a sheet without that column is refused whole (invariant 8)."""
    session.county_or_refuse()
    rows = read_rows(given(path), POLICY_HEADS)
    for column, heading in (("key", "口径编号"), ("value", "采用的值"), ("source", "依据")):
        if not any(column in row for row in rows.values()):
            raise RefusedError(
                "no_column",
                _("表里没有“{heading}”这一列，或者没有一行口径。").format(heading=heading),
                _("请用程序写出的空白表格填写：每条口径都要有采用的值和依据。"),
            )
    with act(session.store, "county.policy.import", "导入口径", undoable=False) as a:
        return _each(rows, lambda row: _take_value(a, row))


def _take_value(a: Act, row: Mapping[str, str]) -> str:
    key, value, source = (row.get(name, "").strip() for name in ("key", "value", "source"))
    if not value and not source:
        return "blank"
    put = shelf.policy(a.store)
    confirm(a, key, value, source)
    if key not in put:
        return "added"
    return "same" if put[key] == {"value": value, "source": source} else "changed"


def confirm(a: Act, key: str, value: str, source: str) -> None:
    """Put one decision with what it rests on. Raises RefusedError no_source, bad_policy."""
    if not source.strip():
        raise RefusedError(
            "no_source", _("口径 {key} 没有写依据。").format(key=key), _("请写明文件名称和文号，再保存。")
        )
    if not key or not value.strip():
        raise RefusedError("bad_policy", _("口径没有编号或者没有值。"), _("请照空白表格填写。"))
    indicator_policy.check_value(key, value)
    shelf.put_policy(a, key, value.strip(), source.strip())


def confirm_all(session: Session, rules: str, said: Mapping[str, tuple[str, str]]) -> int:
    """Confirm every decision of a rule set in one act, all or none. said: key → (value, source). How many.

    Raises RefusedError unknown_rules, not_all, no_source, bad_policy.
    """
    session.county_or_refuse()
    if rules not in RULE_SETS:
        indicator_policy.rules_for(rules, {})
    wanted = [d.key for d in indicator_policy.DECISIONS[rules]]
    if missing := [k for k in wanted if k not in said]:
        raise RefusedError("not_all", _("还缺这些口径：{keys}。").format(keys="、".join(missing)), _("请一并确认。"))
    with act(session.store, "county.policy.confirm", "确认一套口径", undoable=False) as a:
        for key in wanted:
            confirm(a, key, *said[key])
    return len(wanted)


# -- sheets to fill in ----------------------------------------------------------------------------------------------------


def write_sheet(session: Session, name: str, path: Path | None) -> int:
    """Write calendar, policy or roster as a sheet that reads back: what stands, and room for more; how many rows."""
    session.county_or_refuse()
    to = given(path)
    if to.suffix.lower() not in (".xlsx", ".csv"):
        raise RefusedError("bad_ending", _("表格只能写成 .xlsx 或 .csv。"), _("请换一个文件名。"))
    from eduplan_desktop.exchange.sheet_write import write_tables

    table = {"calendar": _calendar_table, "policy": _policy_table, "school": _roster_table}[name](session)
    to.parent.mkdir(parents=True, exist_ok=True)
    write_tables(to, [table])
    return len(table.rows)


def _calendar_table(session: Session) -> "Table":
    from eduplan_desktop.exchange.sheet_write import Table

    rows: list[list[Written]] = []
    for item in calendar.items(session.store):
        slices, required = calendar_words.item_words(REGISTERS, calendar.as_json(item))
        rows.append([item.id, item.title, item.period, item.due, slices, required])
    heads = ("编号", "事项", "期次", "截止日期", "要报的登记册", "必填的栏")
    return Table(_("报送日历"), heads, rows, (18, 30, 10, 12, 44, 44))


def _policy_table(session: Session) -> "Table":
    """Values the county has not confirmed stay blank: what the program came with stands beside them to be compared, not taken."""
    from eduplan_desktop.exchange.sheet_write import Table

    kept = shelf.policy(session.store)
    rows: list[list[Written]] = []
    for version, decisions in indicator_policy.DECISIONS.items():
        for one in decisions:
            mine = kept.get(one.key, {})
            told = (one.key, version, _(one.label), _(one.form), one.default)
            rows.append([*told, mine.get("value", ""), mine.get("source", "")])
    heads = ("口径编号", "规则", "要定的口径", "写法", "随程序的值", "采用的值", "依据")
    return Table(_("口径"), heads, rows, (30, 8, 44, 34, 30, 30, 40))


def _roster_table(session: Session) -> "Table":
    from eduplan_desktop.exchange.sheet_write import Table

    label = session.catalogs.label
    rows: list[list[Written]] = [
        [
            *(e.uid, e.name, e.code, e.aliases, label("school_type", e.kind) if e.kind else ""),
            *(label("area_type", e.urban) if e.urban else "", e.township, e.valid_from, e.valid_to, e.remark),
        ]
        for e in roster.in_order(session.store)
    ]
    heads = ("学校编号", "学校名称", "标识码", "曾用名", "办学类型", "城乡类型", "乡镇", "开办日期", "停办日期", "备注")
    return Table(_("学校名单"), heads, rows, (10, 30, 14, 20, 16, 14, 14, 12, 12, 30))
