"""The county looks at what came in: board, worklists, returns, acceptance, 复查 of 重大 hazards."""

from pathlib import Path
from typing import Any

from eduplan_desktop.acts.plain_sheets import read_rows
from eduplan_desktop.acts.session import Session
from eduplan_desktop.county import board as boards
from eduplan_desktop.county import calendar, returns, roster
from eduplan_desktop.store.journal import act

STATES = {"return": boards.RETURNED, "accept": boards.ACCEPTED, "exempt": boards.EXEMPT}
REMARK_HEADS = {"登记册": "register", "编号": "id", "字段": "field", "备注": "text"}


def board(session: Session, period: str = "") -> dict[str, Any]:
    """The completeness board as plain values; items whose period begins with `period` where given."""
    session.county_or_refuse()
    items = [i for i in calendar.items(session.store) if i.period.startswith(period)]
    shown = boards.board(session.store, session.today(), items)
    return {
        "today": session.today(),
        "items": [calendar.as_json(i) for i in shown.items],
        "rows": [
            {
                "uid": row.school.uid,
                "name": row.school.name,
                "township": row.school.township,
                "cells": [
                    {
                        "item": c.item,
                        "state": c.state,
                        "review": c.review,
                        "word": c.word if c.state else "",
                        "late": c.late,
                        "sequence": c.sequence,
                        "remark": c.remark,
                    }
                    for c in row.cells
                ],
            }
            for row in shown.rows
        ],
        "counts": {item: dict(counts) for item, counts in shown.counts.items()},
    }


def decide(
    session: Session, how: str, school: str, item: str, *, remarks: Path | None = None, text: str = ""
) -> dict[str, Any]:
    """Return, accept or exempt an item of a school, with remarks from a sheet (登记册, 编号, 字段, 备注)."""
    session.county_or_refuse()
    said = returns.from_rows(read_rows(remarks, REMARK_HEADS).values()) if remarks else []
    entry = roster.named(session.store, school)
    with act(session.store, f"county.{how}", "审核报送", undoable=False) as a:
        taken = returns.decide(a, entry.uid, item, STATES[how], session.env.moment(), text, said)
    words = boards.WORDS[STATES[how]]
    return {
        "school": entry.name,
        "uid": entry.uid,
        "item": item,
        "state": STATES[how],
        "word": words,
        "remarks": len(taken),
    }


def recheck(session: Session, school: str, hazard: str, *, result: str, by: str, date: str, text: str = "") -> None:
    """The county's 复查 of a hazard; it travels in the next receipt."""
    session.county_or_refuse()
    with act(session.store, "county.recheck", "复查隐患", undoable=False) as a:
        returns.recheck(a, roster.named(session.store, school).uid, hazard, result, by, date, text)
