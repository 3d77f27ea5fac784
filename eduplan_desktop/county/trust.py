"""信任名单: which data file of which school may submit, from when and until when (D6, docs/format.md §7, decision 2).

Approving an enrolment gives the file the school's next generation and retires the one before from its next number on. The
version of the list only rises. Writes happen inside an act of the caller.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from eduplan_desktop.bundle.coding import b64, unb64
from eduplan_desktop.bundle.enrolment import EnrolmentRequest, PendingEnrolment
from eduplan_desktop.bundle.signing import KEY
from eduplan_desktop.bundle.trust import TrustEntry, TrustList
from eduplan_desktop.county import roster
from eduplan_desktop.errors import RefusedError
from eduplan_desktop.i18n import _
from eduplan_desktop.merge import ledger
from eduplan_desktop.merge.carry import Desk
from eduplan_desktop.merge.rederive import rebuild_chain, rederive_school
from eduplan_desktop.store.connect import Store
from eduplan_desktop.store.journal import Act

VERSION: Final = "trust_version"
WAITING, APPROVED, DECLINED = "waiting", "approved", "declined"


def version(store: Store) -> int:
    """Version of the trust list; 0 before anybody was trusted."""
    return int(store.meta(VERSION, "0"))


def entries(store: Store) -> TrustList:
    """The list as the kit carries it."""
    return TrustList(version(store), tuple(_read(store, "")))


def _read(store: Store, where: str, *values: str) -> list[TrustEntry]:
    listed = "SELECT school, file, generation, sign, seal, retired_from, revoked_from FROM trust"
    rows = store.conn.execute(f"{listed}{where} ORDER BY school, generation", values)
    return [TrustEntry(s, f, g, unb64(sign, KEY), seal, ret, rev) for s, f, g, sign, seal, ret, rev in rows]


def of_school(store: Store, school: str) -> list[TrustEntry]:
    """Entries of a school, the oldest generation first."""
    return _read(store, " WHERE school = ?", school)


def current(store: Store, school: str) -> TrustEntry | None:
    """The entry a school writes with now: the newest that is not revoked from its first number."""
    return next((e for e in reversed(of_school(store, school)) if e.revoked_from != 1), None)


@dataclass(frozen=True, slots=True)
class Request:
    """A request as the county keeps it. fingerprint: computed from its keys, never shown before it was typed from paper."""

    digest: str
    school: str
    file: str
    name: str
    state: str


def requests(store: Store, state: str = WAITING) -> list[Request]:
    """Requests in a state, as they came."""
    rows = store.conn.execute(
        "SELECT digest, school, file, name, state FROM enrolment WHERE state = ? ORDER BY rowid", (state,)
    )
    return [Request(*row) for row in rows]


def note_request(a: Act, pending: PendingEnrolment, body: bytes) -> bool:
    """Keep a request that lay on a stick until somebody decides; False where it is known already."""
    claimed = pending.claimed
    done = a.conn.execute(
        "INSERT OR IGNORE INTO enrolment (digest, school, file, name, sign, seal, fingerprint, body, state)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            *(pending.digest, claimed.school, claimed.file, claimed.name, b64(claimed.sign), claimed.seal),
            *(claimed.fingerprint, body, WAITING),
        ),
    )
    return done.rowcount > 0


def approve(a: Act, request: EnrolmentRequest, digest: str, today: str, school: str = "") -> TrustEntry:
    """Trust a request whose fingerprint has been typed from the paper. school: another uid where the county knows better.

    The same keys approved twice change nothing. Raises RefusedError no_such_school or key_elsewhere.
    """
    uid = school or request.school
    if roster.find(a.store, uid) is None:
        raise RefusedError(
            "no_such_school", _("申请里的学校不在名单里。"), _("请先把学校加进名单，或用 --school 指明是哪一所。")
        )
    _must_not_be_elsewhere(a.store, request, uid)
    same = [
        e for e in of_school(a.store, uid) if (e.file, e.sign, e.seal) == (request.file, request.sign, request.seal)
    ]
    if not same:
        _retire_earlier(a, uid, request)
        generation = max((e.generation for e in of_school(a.store, uid)), default=0) + 1
        same = [TrustEntry(uid, request.file, generation, request.sign, request.seal)]
        a.conn.execute(
            "INSERT INTO trust (school, file, generation, sign, seal, fingerprint, approved) VALUES (?, ?, ?, ?, ?, ?, ?)",
            (uid, request.file, generation, b64(request.sign), request.seal, request.fingerprint, today),
        )
        _rise(a)
    a.conn.execute("UPDATE enrolment SET state = ? WHERE digest = ?", (APPROVED, digest))
    return same[-1]


def _must_not_be_elsewhere(store: Store, request: EnrolmentRequest, uid: str) -> None:
    """One data file and one key belong to one school."""
    for entry in entries(store).entries:
        if entry.school != uid and (entry.file == request.file or entry.sign == request.sign):
            other = roster.find(store, entry.school)
            raise RefusedError(
                "key_elsewhere",
                _("这个数据文件已经登记在“{name}”名下。").format(name=other.name if other else entry.school),
                _("请学校为另一所学校新建一个文件，再申请。"),
            )


def _retire_earlier(a: Act, school: str, request: EnrolmentRequest) -> None:
    """Retire what the school wrote with so far: from the number after the last it is known to have signed."""
    for entry in of_school(a.store, school):
        if entry.retired_from is None and entry.revoked_from is None:
            signed = len(request.earlier) if entry.file == request.file else 0
            _set(a, entry, "retired_from", max(_last_filed(a, entry), signed) + 1)


def _last_filed(a: Act, entry: TrustEntry) -> int:
    row = a.conn.execute("SELECT max(number) FROM filed WHERE file = ? AND counted = 1", (entry.file,)).fetchone()
    return int(row[0] or 0)


def _set(a: Act, entry: TrustEntry, column: str, number: int) -> None:
    a.conn.execute(
        f"UPDATE trust SET {column} = ? WHERE school = ? AND file = ? AND generation = ?",
        (number, entry.school, entry.file, entry.generation),
    )


def _rise(a: Act) -> None:
    a.set_meta(VERSION, str(version(a.store) + 1))


def decline(a: Act, digest: str) -> None:
    """Turn a request down; bundles with its key are refused from now on."""
    a.conn.execute("UPDATE enrolment SET state = ? WHERE digest = ?", (DECLINED, digest))


def _chosen(store: Store, school: str, generation: int, number: int) -> TrustEntry:
    found: Sequence[TrustEntry] = [e for e in of_school(store, school) if generation in (0, e.generation)]
    if not found:
        raise RefusedError("no_key", _("这所学校还没有批准过密钥。"), _("请先批准它的登记申请。"))
    if number < 1:
        raise RefusedError("bad_number", _("起始包号要从 1 数起。"), _("请写成从第几包起。"))
    return found[-1]


def retire(a: Act, school: str, number: int, generation: int = 0) -> TrustEntry:
    """The key is not to be used from this number on; everything filed stays. generation 0: the newest."""
    entry = _chosen(a.store, school, generation, number)
    _set(a, entry, "retired_from", number)
    _rise(a)
    return entry


def revoke(a: Act, desk: Desk, school: str, number: int, generation: int = 0) -> TrustEntry:
    """Nothing signed with the key from this number on counts; slices are derived again from what is left."""
    entry = _chosen(a.store, school, generation, number)
    _set(a, entry, "revoked_from", number)
    _rise(a)
    for filed in ledger.of_school(a.conn, school, counted=False):
        if (filed.file, filed.generation) == (entry.file, entry.generation) and filed.number >= number:
            ledger.set_status(a.conn, filed.digest, ledger.REFUSED, "revoked_key", counted=False)
    rebuild_chain(desk, a, school, entry.file)
    rederive_school(desk, a, school)
    return entry
