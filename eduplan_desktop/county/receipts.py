"""What a receipt says: everything the county knows about one school's bundles and items, cumulative (docs/format.md §6.2)."""

from dataclasses import replace
from typing import Final

from eduplan_desktop.bundle.receipt import (
    SLICE_STATUS,
    BundleAnswer,
    ItemAnswer,
    ReceiptContent,
    Remark,
    Review,
    SliceAnswer,
)
from eduplan_desktop.bundle.words import WORDS, explain
from eduplan_desktop.county import board, trust
from eduplan_desktop.county.board import Cell
from eduplan_desktop.merge import ledger
from eduplan_desktop.merge.ledger import Filed
from eduplan_desktop.merge.slices import SliceResult
from eduplan_desktop.store.connect import Store
from eduplan_desktop.store.journal import Act

FIRST: Final = 1
BASE: Final = "receipt_base"
"""Fact of a county built again: schools hold receipts whose numbers it cannot know, so it goes on far above them."""


def schools(store: Store) -> list[str]:
    """Schools a receipt can be written to: all that are trusted now. A school that moved its file goes on from its first (D2)."""
    rows = store.conn.execute(
        "SELECT school FROM filed UNION SELECT school FROM item_mark UNION SELECT school FROM trust ORDER BY 1"
    )
    return [uid for (uid,) in rows if trust.current(store, uid) is not None]


def content(store: Store, school: str, today: str) -> ReceiptContent:
    """The receipt of a school's current data file; its number is one above the last written."""
    entry = trust.current(store, school)
    if entry is None:
        raise KeyError(school)
    known = ledger.chain(store.conn, entry.file)
    mine = [f for f in ledger.of_school(store.conn, school, counted=False) if f.file == entry.file]
    return ReceiptContent(
        number=last_number(store, school) + 1,
        file=entry.file,
        bundles=tuple(_bundle(f) for f in mine if f.status != ledger.EXCLUDED or f.number),
        items=tuple(_item(c) for c in board.cells_of(store, school, today) if c.state != board.UPCOMING),
        remarks=_remarks(store, school),
        reviews=_reviews(store, school),
        photos=_photos(store, school),
        earlier=_filed_run(known, mine),
        retired_from=entry.retired_from,
        revoked_from=entry.revoked_from,
    )


def last_number(store: Store, school: str) -> int:
    """Number of the last receipt written to a school; 0 for none."""
    row = store.conn.execute("SELECT max(number) FROM receipt_out WHERE school = ?", (school,)).fetchone()
    return int(row[0] or store.meta(BASE, "0"))


def note_written(a: Act, school: str, number: int, digest: str, moment: str) -> None:
    """Remember a receipt that was written, so that the next has a higher number."""
    a.conn.execute(
        "INSERT INTO receipt_out (school, number, digest, made) VALUES (?, ?, ?, ?)", (school, number, digest, moment)
    )


def last_digest(store: Store, school: str) -> str:
    """Digest kept with the last receipt written to a school, '' for none."""
    sql = "SELECT digest FROM receipt_out WHERE school = ? ORDER BY number DESC LIMIT 1"
    row = store.conn.execute(sql, (school,)).fetchone()
    return str(row[0]) if row else ""


def _filed_run(known: dict[int, str], mine: list[Filed]) -> tuple[str, ...]:
    """Digests of the file in order as far as the county knows all of them, so that a restored file can go on from there."""
    run = []
    for number in range(FIRST, max((f.number for f in mine if f.counted), default=0) + 1):
        if number not in known:
            break
        run.append(known[number])
    return tuple(run)


def _bundle(filed: Filed) -> BundleAnswer:
    slices = {name: _slice(result) for name, result in filed.results.items()}
    status = "refused" if filed.status == ledger.EXCLUDED else filed.status
    return BundleAnswer(filed.number, filed.digest, status, filed.code, filed.intake, slices)


def _slice(result: SliceResult) -> SliceAnswer:
    status = result.status if result.status in SLICE_STATUS else "refused"
    counts = (result.new, result.changed, result.same, result.withdrawn, result.quarantined)
    return SliceAnswer(status, result.code, *counts)


def _item(cell: Cell) -> ItemAnswer:
    """`late` stands beside the state, so a late answer that was accepted reads as accepted."""
    state = cell.review or cell.state
    remark = cell.remark
    if cell.broken:
        words = dict.fromkeys(code for _name, code in cell.broken)
        remark = " ".join(" ".join(explain(code)) for code in words if code in WORDS)
    return ItemAnswer(cell.item, state, cell.zero, bool(cell.late), remark)


def _remarks(store: Store, school: str) -> tuple[Remark, ...]:
    rows = store.conn.execute(
        "SELECT item, register, id, field, text FROM item_remark WHERE school = ? ORDER BY n", (school,)
    )
    return tuple(Remark(*row) for row in rows)


def _reviews(store: Store, school: str) -> tuple[Review, ...]:
    rows = store.conn.execute("SELECT id, result, by, date, text FROM review WHERE school = ? ORDER BY id", (school,))
    return tuple(Review(*row) for row in rows)


def _photos(store: Store, school: str) -> tuple[str, ...]:
    """Photos held that the school's rows still name."""
    rows = store.conn.execute(
        "SELECT DISTINCT h.sha256 FROM photo_held h JOIN attachment t ON t.sha256 = h.sha256 AND t.school = h.school"
        " WHERE h.school = ? ORDER BY 1",
        (school,),
    )
    return tuple(digest for (digest,) in rows)


def without_number(said: ReceiptContent) -> ReceiptContent:
    """A receipt's content without what changes with every writing, to compare two of them."""
    return replace(said, number=0)
