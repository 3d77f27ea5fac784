"""A data file that was restored, moved or copied: noticed by the numbers its keys have signed, settled by the person (D2)."""

from eduplan_desktop.acts import membership, unfinished
from eduplan_desktop.acts.session import Session
from eduplan_desktop.errors import RefusedError
from eduplan_desktop.i18n import _
from eduplan_desktop.store import ids, shelf
from eduplan_desktop.store.journal import Act, act

AWAITS_RECEIPT = "awaits_receipt"
"""Fact of a file taken to an installation without its keys: only the county knows which numbers were signed elsewhere."""
KEY_ENDED = "key_ended"
"""Fact of the file: the first number its key is no longer good for, as kit or receipt said."""
_OF_THE_IDENTITY = (
    *("county", "school_uid", "kit_version", "trust_version", "receipt_number", "settled_from"),
    *(AWAITS_RECEIPT, KEY_ENDED),
    unfinished.WAITING,
)
"""Facts a copy does not take over."""


def clone_state(session: Session) -> str:
    """'' in order; "no_keys": joined, but this installation has no keys for the file; "behind": other numbers were signed
    with the keys than this file remembers."""
    if membership.membership(session) is None:
        return ""
    folder = membership.key_folder(session)
    if folder.keys() is None:
        return "no_keys"
    if unfinished.in_order(session, folder.signed()) or unfinished.cut_off(session):
        return ""
    return "behind"


def refuse_clone(session: Session) -> None:
    """Refuse to sign while it is open which numbers were signed, or with a key the county has ended."""
    if session.store.meta(AWAITS_RECEIPT):
        raise RefusedError(
            "awaits_receipt",
            _("这个文件是从别的电脑搬来的，还不知道那边报送到了第几包。"),
            _("请先用县配置包重新申请入网，县里批准后读入县里写的回执，再报送；序号会接着原来的。"),
        )
    if clone_state(session) == "behind":
        raise RefusedError(
            "behind",
            _("这个文件记得的上报包和本机签过的不一致：它是恢复、搬来或复制来的。"),
            _("请在“设置”里说明是恢复、搬家还是复制，再报送；没有数据会丢。"),
        )
    ended = session.store.meta(KEY_ENDED)
    if ended and len(membership.key_folder(session).signed()) + 1 >= int(ended):
        raise RefusedError(
            "key_ended",
            _("县里已经停用或作废了本校的密钥（自第 {n} 包起），用它生成的上报包会被拒收。").format(n=ended),
            _("请用最新的县配置包重新申请入网；程序会换用新密钥，序号接着原来的。"),
        )


def note_ended(a: Act, number: int | None) -> None:
    """Remember from which number on the county no longer takes this key."""
    a.set_meta(KEY_ENDED, "" if number is None else str(number))


def settle(session: Session, as_: str) -> None:
    """`restore` and `move` keep the data-file id and take the longer list of signed numbers; `copy` makes a new id.

    Everything is carried again afterwards, so the county gets the state of this file. Refused where neither list continues
    the other: then it is a copy.
    """
    if as_ == "copy":
        with act(session.store, "file.copy", "作为复制件使用", undoable=False) as a:
            a.set_meta("file_id", ids.next_id(0, session.store.next_id(), session.env.random))
            for key in _OF_THE_IDENTITY:
                a.set_meta(key, "")
            shelf.forget_submissions(a)
            shelf.clear_slice_marks(a)
            shelf.drop_prepared(a)
        session.store.file_id = session.store.meta("file_id")
        return
    folder = membership.key_folder(session)
    signed, mine = folder.signed(), [s["digest"] for s in shelf.submissions(session.store)]
    longer, shorter = (signed, mine) if len(signed) >= len(mine) else (mine, signed)
    if longer[: len(shorter)] != shorter:
        raise RefusedError(
            "two_histories", _("这个文件和本机签过的上报包是两段不同的历史。"), _("请选择“复制”，作为新文件重新入网。")
        )
    if signed != longer:
        folder.note_signed(longer)
    with act(session.store, "file.settle", "恢复后继续使用", undoable=False) as a:
        a.set_meta("settled_from", str(len(longer)))
        if membership.membership(session) is not None and folder.keys() is None:
            a.set_meta(AWAITS_RECEIPT, "1")
        shelf.clear_slice_marks(a)
