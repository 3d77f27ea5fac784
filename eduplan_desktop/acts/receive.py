"""Reading a receipt: what the county answered, remarks on rows, its 复查 of 重大 hazards, photos held (DESIGN §2.6)."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from eduplan_desktop.acts import membership
from eduplan_desktop.acts.session import Session
from eduplan_desktop.bundle.receipt import BundleAnswer, Receipt, ReceiptContent, Review, read_receipt
from eduplan_desktop.bundle.words import explain
from eduplan_desktop.errors import RefusedError
from eduplan_desktop.i18n import _
from eduplan_desktop.registers import hazard
from eduplan_desktop.registers.catalog import register
from eduplan_desktop.store import rows, shelf
from eduplan_desktop.store.journal import Act, act

ITEM_WORDS = {
    "missing": "缺报",
    "submitted": "已报送",
    "received": "已接收待审",
    "returned": "退回",
    "accepted": "已通过",
    "exempt": "免报",
}
"""State of a calendar item → the word shown everywhere."""


@dataclass(slots=True)
class Taken:
    """What a receipt said: number, bundles, items (state and word), remarks, hazards closed by the county."""

    number: int
    bundles: list[dict[str, Any]] = field(default_factory=list)
    items: list[dict[str, Any]] = field(default_factory=list)
    remarks: list[dict[str, str]] = field(default_factory=list)
    closed: list[str] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        """For `--json`."""
        return {
            "receipt": self.number,
            "bundles": self.bundles,
            "items": self.items,
            "remarks": self.remarks,
            "closed_hazards": self.closed,
        }

    def lines(self) -> list[str]:
        """For a person."""
        said = [_("回执第 {n} 号。").format(n=self.number)]
        said += [_("第 {n} 包：{said}").format(n=b["sequence"], said=b["sentence"]) for b in self.bundles]
        said += [f"{i['item']}：{i['word']} {i['remark']}".rstrip() for i in self.items]
        return said + [_("备注：{text}").format(text=r["text"]) for r in self.remarks]


def take_receipt(session: Session, path: Path) -> Taken:
    """Read a receipt of the county into the file, in one act. Raises BundleError (`old_receipt`, `wrong_school`, …)."""
    member = membership.membership_or_refuse(session)
    keys = membership.keys(session)
    if keys is None:
        raise RefusedError("no_keys", _("本机没有这个文件的学校密钥，打不开回执。"), _("请用县配置包重新申请入网。"))
    receipt = read_receipt(
        path,
        [keys.seal],
        pinned=member.county.sign,
        county=member.county.code,
        school=member.school,
        file=session.store.file_id,
        number=member.receipt,
    )
    content = receipt.content
    taken = Taken(content.number)
    with act(session.store, "receipt.take", f"读取回执第 {content.number} 号", undoable=False) as a:
        _facts(session, a, receipt)
        _bundles(session, a, content, taken)
        _items(a, content, taken)
        shelf.replace_remarks(
            a,
            [
                {"item": r.item, "register": r.register, "id": r.id, "field": r.field, "text": r.text}
                for r in content.remarks
            ],
        )
        shelf.note_photos_held(a, content.photos)
        taken.closed += [review.id for review in content.reviews if _review(session, a, review)]
    taken.remarks += shelf.remarks(session.store)
    _learn_numbers(session, content)
    return taken


def _facts(session: Session, a: Act, receipt: Receipt) -> None:
    a.set_meta("receipt_number", str(receipt.content.number))
    a.set_meta("newest_date", max(session.store.meta("newest_date"), receipt.made[:10]))


def _bundles(session: Session, a: Act, content: ReceiptContent, taken: Taken) -> None:
    mine = {s["digest"]: s["sequence"] for s in shelf.submissions(session.store)}
    marks = shelf.slice_marks(session.store)
    for answer in content.bundles:
        taken.bundles.append(_bundle_line(answer))
        if answer.digest not in mine:
            continue
        shelf.answer_submission(a, answer.sequence, answer.status, answer.code, content.number)
        for name, said in answer.slices.items():
            mark = marks.get(name)
            if mark is None or mark.sequence != answer.sequence:
                continue
            if said.status in ("merged", "same") and not said.quarantined:
                shelf.put_slice_mark(a, name, shelf.SliceMark(mark.sequence, mark.content, merged=True))
            elif said.code in ("need_full", "vanished_rows") or said.status == "refused":
                shelf.clear_slice_marks(a, [name])


def _bundle_line(answer: BundleAnswer) -> dict[str, Any]:
    words = {
        "merged": _("已接收合并"),
        "already": _("已接收合并"),
        "older": _("已接收（较早的一包）"),
        "held": _("县里暂存"),
        "refused": _("被拒收"),
    }
    sentence = words.get(answer.status, answer.status)
    if answer.code:
        sentence += "：" + " ".join(explain(answer.code))
    return {
        "sequence": answer.sequence,
        "status": answer.status,
        "code": answer.code,
        "intake": answer.intake,
        "sentence": sentence,
    }


def _items(a: Act, content: ReceiptContent, taken: Taken) -> None:
    for item in content.items:
        shelf.put_item_state(a, item.item, item.state, item.zero, item.late, item.remark, content.number)
        taken.items.append(
            {
                "item": item.item,
                "state": item.state,
                "word": _(ITEM_WORDS.get(item.state, item.state)),
                "late": item.late,
                "remark": item.remark,
            }
        )


def _review(session: Session, a: Act, review: Review) -> bool:
    """The county's 复查 of a 重大 hazard; a pass closes it (D1). False where the row is not here or already says so."""
    one = register("hazard")
    row = rows.get(session.store, one, review.id)
    if row is None:
        return False
    passed = review.result == hazard.PASSED
    new = {
        "id": review.id,
        "county_result": hazard.PASSED if passed else hazard.FAILED,
        "county_by": review.by or None,
        "county_date": review.date or None,
    }
    if passed and row["state"] != hazard.CLOSED:
        new |= {"state": hazard.CLOSED, "closer": review.by or None, "closed": review.date or None}
    return rows.save(a, one, new) and passed


def _learn_numbers(session: Session, content: ReceiptContent) -> None:
    """After a move the county knows more signed numbers than this installation: take them, never fewer (D2)."""
    folder = membership.key_folder(session)
    signed = folder.signed()
    if len(content.earlier) > len(signed) and list(content.earlier[: len(signed)]) == signed:
        folder.note_signed(list(content.earlier))
