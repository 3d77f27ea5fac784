"""退回、通过、免报: what the county says to an item of a school, with remarks on single rows; and its 复查 of 重大 hazards.

Everything said here travels in the school's next receipt. Writes happen inside an act of the caller.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from eduplan_desktop.county import board, calendar, roster
from eduplan_desktop.errors import RefusedError
from eduplan_desktop.i18n import _
from eduplan_desktop.merge import ledger
from eduplan_desktop.registers.catalog import REGISTERS
from eduplan_desktop.registers.dates import is_date
from eduplan_desktop.registers.hazard import FAILED, PASSED
from eduplan_desktop.registers.model import Register
from eduplan_desktop.registers.text import clean
from eduplan_desktop.store import queries
from eduplan_desktop.store import rows as store_rows
from eduplan_desktop.store.connect import Store
from eduplan_desktop.store.journal import Act

STATES: Final = (board.RETURNED, board.ACCEPTED, board.EXEMPT)
RESULTS: Final = {"pass": PASSED, "fail": FAILED, PASSED: PASSED, FAILED: FAILED}
"""What may be said of a 复查 → code of the table `recheck_result`."""
_LONGEST: Final = 2000


@dataclass(frozen=True, slots=True)
class RowRemark:
    """A remark on one field of one row; id and field may be '' for the register or the row as a whole."""

    register: str
    id: str
    field: str
    text: str


def decide(
    a: Act, school: str, item_id: str, state: str, moment: str, text: str = "", remarks: Iterable[RowRemark] = ()
) -> list[RowRemark]:
    """Return, accept or exempt; replaces what was said before. Raises RefusedError nothing_to_review, bad_remark, no_such_item.

    A later bundle that answers the item again is to be reviewed anew.
    """
    if state not in STATES:
        raise ValueError(state)
    entry = roster.named(a.store, school)
    item = calendar.find(a.store, item_id)
    digest = _newest_answer(a.store, entry.uid, item.id)
    if state != board.EXEMPT and not digest:
        raise RefusedError(
            "nothing_to_review",
            _("“{school}”还没有报送“{item}”。").format(school=entry.name, item=item.title),
            _("收到以后才能退回或通过；不需要它报送的可以免报。"),
        )
    said = [_checked(a.store, entry.uid, remark) for remark in remarks]
    a.conn.execute("DELETE FROM item_remark WHERE school = ? AND item = ?", (entry.uid, item.id))
    a.conn.executemany(
        "INSERT INTO item_remark (school, item, register, id, field, text, act) VALUES (?, ?, ?, ?, ?, ?, ?)",
        [(entry.uid, item.id, r.register, r.id, r.field, r.text, a.seq) for r in said],
    )
    a.conn.execute(
        "INSERT OR REPLACE INTO item_mark (school, item, state, remark, digest, moment, act) VALUES (?, ?, ?, ?, ?, ?, ?)",
        (entry.uid, item.id, state, _text(text), digest, moment, a.seq),
    )
    return said


def take_back(a: Act, school: str, item_id: str) -> bool:
    """Forget what was said to an item; False where nothing was."""
    uid = roster.named(a.store, school).uid
    a.conn.execute("DELETE FROM item_remark WHERE school = ? AND item = ?", (uid, item_id))
    return a.conn.execute("DELETE FROM item_mark WHERE school = ? AND item = ?", (uid, item_id)).rowcount > 0


def _newest_answer(store: Store, school: str, item: str) -> str:
    """The newest counted bundle that answers an item, or ''."""
    found = [f.digest for f in ledger.of_school(store.conn, school) if any(x["item"] == item for x in f.answers)]
    return found[-1] if found else ""


def _text(said: str) -> str:
    text = clean(said, lines=True)[0]
    if len(text) > _LONGEST:
        raise RefusedError("bad_remark", _("备注太长。"), _("请控制在 {n} 个字以内。").format(n=_LONGEST))
    return text


def _checked(store: Store, school: str, remark: RowRemark) -> RowRemark:
    """A remark names a register of ours, a row the county holds of this school, and a field in clear."""
    register = next((r for r in REGISTERS if r.name == remark.register), None)
    if register is None:
        raise _bad(_("没有名为“{name}”的登记册。").format(name=remark.register))
    row = _row_named(store, school, register, remark.id) if remark.id else ""
    if remark.field and remark.field not in register.by_name:
        raise _bad(_("“{register}”没有“{field}”这一栏。").format(register=_(register.label), field=remark.field))
    text = _text(remark.text)
    if not text:
        raise _bad(_("有一条备注没有写内容。"))
    return RowRemark(register.name, row, remark.field, text)


def _row_named(store: Store, school: str, register: Register, named: str) -> str:
    """The id of a row named by its id, or as a person knows it: by its asset number, hazard number, room name."""
    if store_rows.get(store, register, named, school=school) is not None:
        return named
    found = queries.keys_where(store, register, register.identity[0], named, school=school)
    if len(found) > 1:
        words = _("“{register}”里编号为 {id} 的有 {n} 行，分不清是哪一行。")
        raise _bad(words.format(register=_(register.label), id=named, n=len(found)))
    if not found:
        raise _bad(_("“{register}”里没有编号为 {id} 的行。").format(register=_(register.label), id=named))
    return found[0][1]


def _bad(message: str) -> RefusedError:
    return RefusedError("bad_remark", message, _("请核对备注表的登记册、编号和字段，再退回一次。"))


def from_rows(rows: Iterable[Mapping[str, str]]) -> list[RowRemark]:
    """Remarks from rows of a sheet with the columns register, id, field, text (or 登记册, 编号, 字段, 备注)."""
    by_label = {_(r.label): r.name for r in REGISTERS} | {r.name: r.name for r in REGISTERS}
    found = []
    for row in rows:
        said = {_HEADS.get(k.strip(), k.strip()): (v or "").strip() for k, v in row.items()}
        name = by_label.get(said.get("register", ""), said.get("register", ""))
        fields = next((r.fields for r in REGISTERS if r.name == name), ())
        named = {f.label: f.name for f in fields}
        field = said.get("field", "")
        if any(said.values()):
            found.append(RowRemark(name, said.get("id", ""), named.get(field, field), said.get("text", "")))
    return found


_HEADS: Final = {"登记册": "register", "编号": "id", "字段": "field", "备注": "text"}


def recheck(a: Act, school: str, hazard: str, result: str, by: str, date: str, text: str = "") -> None:
    """The county's 复查 of a hazard; it travels in the receipt, and importing it closes a 重大 hazard where it passed (D1).

    Raises RefusedError no_such_hazard or bad_review.
    """
    entry = roster.named(a.store, school)
    row = store_rows.get(a.store, "hazard", hazard, school=entry.uid)
    if row is None:
        raise RefusedError(
            "no_such_hazard",
            _("“{school}”没有编号为 {id} 的隐患。").format(school=entry.name, id=hazard),
            _("请从隐患清单里选。"),
        )
    if result not in RESULTS or not by.strip() or not (is_date(date) and len(date) == 10):
        raise RefusedError("bad_review", _("复查没有填全。"), _("请写明结论、复查人和复查日期(2026-03-05)。"))
    a.conn.execute(
        "INSERT OR REPLACE INTO review (school, id, result, by, date, text, act) VALUES (?, ?, ?, ?, ?, ?, ?)",
        (entry.uid, hazard, RESULTS[result], clean(by)[0], date, _text(text), a.seq),
    )
