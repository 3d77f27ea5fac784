"""Slices derived again from the filed bundles: after a late bundle, a revoked key, a chosen history, or a newer program.

The state of a slice is a pure function of the school's counted bundles in order of (generation, number); replaying them from
nothing is that function, written down.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from eduplan_desktop.bundle.submission import reopen_submission
from eduplan_desktop.errors import WorldError
from eduplan_desktop.i18n import _
from eduplan_desktop.merge import ledger, slices
from eduplan_desktop.merge.carry import (
    HEALTH,
    SUPERSEDED,
    Carrier,
    Desk,
    carriers_of,
    carry,
    register_of,
    settle,
    taken,
)
from eduplan_desktop.merge.ledger import Filed
from eduplan_desktop.merge.plan import State
from eduplan_desktop.merge.slices import SliceResult, Target
from eduplan_desktop.store.journal import Act


def rederive(desk: Desk, a: Act, school: str, names: Iterable[str]) -> None:
    """Replay every counted carrier of these slices of a school, then answer `as_before` again.

    Raises WorldError('bundles_missing') before anything is touched where a filed bundle is no longer there.
    """
    wanted = sorted(set(names))
    carriers = carriers_of(ledger.of_school(a.conn, school), wanted)
    _must_lie_there(desk, carriers)
    for name in wanted:
        _wipe(a, school, name)
    for filed in carriers:
        desk.stop_if_cancelled()
        ledger.set_results(a.conn, filed.digest, _replay(desk, a, filed, wanted))
    _mark_superseded(a, school, wanted)
    settle(a, school)


def rederive_school(desk: Desk, a: Act, school: str) -> None:
    """Replay everything of a school: all slices its bundles ever carried, counted now or not."""
    everything = ledger.of_school(a.conn, school, counted=False)
    names = {n for f in everything for n, c in f.claims.items() if c.state is State.CARRIED}
    rederive(desk, a, school, names)


def rebuild_chain(desk: Desk, a: Act, school: str, file: str) -> None:
    """Build the chain of a data file again from the lists of its counted bundles."""
    ledger.forget_chain(a.conn, file)
    counted = [f for f in ledger.of_school(a.conn, school) if f.file == file]
    _must_lie_there(desk, counted)
    for filed in counted:
        with reopen_submission(desk.filed_path(filed.digest), filed.digest) as submission:
            ledger.add_chain(a.conn, file, (*submission.head.earlier, filed.digest))


def _must_lie_there(desk: Desk, carriers: Sequence[Filed]) -> None:
    lost = [f for f in carriers if not desk.filed_path(f.digest).is_file()]
    if lost:
        raise WorldError(
            "bundles_missing",
            _("县级文件旁的归档里缺 {n} 个数据包。").format(n=len(lost)),
            _("请把整个“{folder}”文件夹放回县级文件旁边，再做一次。").format(folder=desk.store.files.name),
            digests=[f.digest for f in lost],
        )


def _wipe(a: Act, school: str, name: str) -> None:
    register = register_of(name)
    if register is None:
        return
    year = slices.slice_year(register, name)
    slices.wipe(Target(a.conn, register, name, school, year, "", a.seq, same_file=True))
    if HEALTH in register.compartments:
        a.conn.execute("DELETE FROM checkup_counts WHERE school = ? AND year = ?", (school, year))
    a.touch(register.name)


def _replay(desk: Desk, a: Act, filed: Filed, wanted: Sequence[str]) -> dict[str, SliceResult]:
    """Take the wanted slices of one filed bundle; an answer that says the same as before keeps its first counts."""
    results = dict(filed.results)
    with reopen_submission(desk.filed_path(filed.digest), filed.digest) as submission:
        carrier = Carrier(submission, filed.generation)
        for name in wanted:
            claim = filed.claims.get(name)
            if claim is None or claim.state is not State.CARRIED:
                continue
            result, before = carry(desk, a, carrier, name, claim), filed.results.get(name)
            if before is None or not taken(before) or not taken(result):
                results[name] = result
    return results


def _mark_superseded(a: Act, school: str, names: Sequence[str]) -> None:
    """A late bundle whose slice a later one has carried was taken into the order, but nothing of it is to be seen."""
    history = ledger.of_school(a.conn, school)
    for name in names:
        state = ledger.slice_state(a.conn, school, name)
        for filed in history:
            result = filed.results.get(name)
            if state is None or result is None or result.code != SUPERSEDED or not taken(result):
                continue
            if filed.digest == state.digest:
                changed = {**filed.results, name: replace(result, status="merged", code="")}
                ledger.set_results(a.conn, filed.digest, changed)
