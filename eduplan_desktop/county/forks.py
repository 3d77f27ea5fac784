"""分叉: one data file with two histories, because it was copied and both copies went on. The county chooses one (D2).

The bundles of the other history are set aside, not deleted; the other copy becomes a new data file and enrols anew.
"""

from dataclasses import dataclass

from eduplan_desktop.bundle.submission import reopen_submission
from eduplan_desktop.errors import RefusedError
from eduplan_desktop.i18n import _
from eduplan_desktop.merge import ledger
from eduplan_desktop.merge.carry import Desk
from eduplan_desktop.merge.ledger import Filed
from eduplan_desktop.merge.plan import first_difference
from eduplan_desktop.merge.rederive import rebuild_chain, rederive_school
from eduplan_desktop.store.journal import Act


@dataclass(frozen=True, slots=True)
class Choice:
    """What choosing a history does: digests that count from now on, digests set aside."""

    kept: tuple[str, ...]
    excluded: tuple[str, ...]


def choose(a: Act, desk: Desk, digest: str) -> Choice:
    """Keep the history this bundle belongs to; every filed or held bundle of the file that contradicts it is set aside.

    Raises RefusedError no_such_bundle. Held bundles of the chosen history merge afterwards (`intake.retry_held`).
    """
    chosen = ledger.by_digest(a.conn, digest)
    if chosen is None or chosen.status not in (ledger.MERGED, ledger.HELD, ledger.EXCLUDED):
        raise RefusedError("no_such_bundle", _("没有收到过这个数据包。"), _("请从暂存的文件里选一个。"))
    chain = dict(enumerate(_history(desk, chosen), 1))
    kept, excluded = [], []
    for filed in ledger.of_school(a.conn, chosen.school, counted=False):
        if filed.file != chosen.file or filed.status == ledger.REFUSED:
            continue
        if first_difference(_history(desk, filed), chain):
            ledger.set_status(a.conn, filed.digest, ledger.EXCLUDED, "fork", counted=False)
            excluded.append(filed.digest)
        else:
            kept.append(filed.digest)
            if filed.status == ledger.EXCLUDED:
                ledger.set_status(a.conn, filed.digest, ledger.HELD, "fork", counted=False)
    rebuild_chain(desk, a, chosen.school, chosen.file)
    rederive_school(desk, a, chosen.school)
    return Choice(tuple(kept), tuple(excluded))


def _history(desk: Desk, filed: Filed) -> tuple[str, ...]:
    with reopen_submission(desk.filed_path(filed.digest), filed.digest) as submission:
        return (*submission.head.earlier, filed.digest)


def waiting(desk: Desk) -> list[Filed]:
    """Bundles held because they contradict what is filed."""
    return [f for f in ledger.held(desk.store.conn) if f.code == "fork"]
