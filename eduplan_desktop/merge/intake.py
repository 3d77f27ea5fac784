"""Taking in what lies on a stick: find, order, verify, file and merge, one transaction per bundle; or only rehearse it.

A dry run does the very same work inside one act and rolls it back, so its counts are those of the merge.
"""

import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from eduplan_desktop.bundle.coding import b64, unb64
from eduplan_desktop.bundle.envelope import open_envelope
from eduplan_desktop.bundle.submission import Submission, read_head, verify_submission
from eduplan_desktop.bundle.trust import TrustEntry, TrustList, check_address
from eduplan_desktop.bundle.words import refused
from eduplan_desktop.errors import BundleError
from eduplan_desktop.merge import ledger, report
from eduplan_desktop.merge.carry import SUPERSEDED, Carrier, Desk, keep_photos, settle, take_bundle
from eduplan_desktop.merge.ledger import Entry
from eduplan_desktop.merge.plan import Bundle, Claim, Place, Placement, State, place
from eduplan_desktop.merge.rederive import rederive
from eduplan_desktop.merge.report import Line, TakeIn
from eduplan_desktop.merge.slices import SliceResult
from eduplan_desktop.store.bodies import BUNDLES, put_body
from eduplan_desktop.store.journal import Act, act

BUNDLE: Final = ".edub"
REQUEST: Final = ".eduenrol"
DEEPEST: Final = 4
"""Folders below a given one that are looked into."""


class _RehearsedError(Exception):
    """Ends a dry run: everything done so far is rolled back."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """A file as far as its signature: the bundle it claims to be, or the code it is refused with."""

    path: Path
    bundle: Bundle | None = None
    made: str = ""
    answers: tuple[dict[str, object], ...] = ()
    error: BundleError | None = None


def find(paths: Iterable[Path], ending: str) -> list[Path]:
    """Files named, and files with this ending in folders named, four levels deep, in the order of their names."""
    found: dict[Path, None] = {}
    for path in paths:
        if path.is_dir():
            found.update(dict.fromkeys(sorted(_below(path, ending, DEEPEST))))
        elif (path.suffix.lower() == ending) or (ending == BUNDLE and path.suffix.lower() != REQUEST):
            found[path] = None
    return list(found)


def _below(folder: Path, ending: str, depth: int) -> Iterator[Path]:
    try:
        entries = list(os.scandir(folder))
    except OSError:
        return
    for entry in entries:
        if entry.is_file() and entry.name.lower().endswith(ending) and not entry.name.startswith("."):
            yield Path(entry.path)
        elif depth and entry.is_dir(follow_symlinks=False):
            yield from _below(Path(entry.path), ending, depth - 1)


def look(path: Path) -> Arrival:
    """Open a file up to its signature and read what its manifest claims."""
    try:
        with open_envelope(path) as envelope:
            check_address(envelope, "submission")
            head, heading = read_head(envelope.manifest), envelope.manifest.heading
            claims = {n: Claim(State(s.state), s.since or 0, s.version or (0, 0)) for n, s in head.slices.items()}
            bundle = Bundle(
                digest=envelope.digest,
                county=heading.county,
                school=heading.school,
                file=head.file,
                number=heading.number,
                signer=b64(envelope.signer),
                earlier=head.earlier,
                claims=claims,
            )
            answers = tuple({"item": x.item, "zero": x.zero} for x in head.answers)
            return Arrival(path, bundle, heading.made, answers)
    except BundleError as error:
        return Arrival(path, error=error)


def take_in(desk: Desk, paths: Iterable[Path], *, dry_run: bool = False) -> TakeIn:
    """Merge, or rehearse, every bundle found. Cancelling keeps what is merged so far; a bundle is never half merged."""
    listed = list(paths)
    arrivals = _ordered(desk, [look(path) for path in find(listed, BUNDLE)])
    lines: list[Line] = []
    if dry_run:
        with suppress(_RehearsedError), act(desk.store, "county.rehearse", "试算", images=False) as a:
            lines += _each(desk, arrivals, a)
            raise _RehearsedError
        desk.elsewhere.clear()
    else:
        lines += _each(desk, arrivals, None)
    return TakeIn(lines, find(listed, REQUEST))


def _ordered(desk: Desk, arrivals: Sequence[Arrival]) -> list[Arrival]:
    """By school and position; what cannot be read comes last."""
    generations = {
        (school, file): generation
        for school, file, generation in desk.store.conn.execute(
            "SELECT school, file, max(generation) FROM trust GROUP BY school, file"
        )
    }

    def key(arrival: Arrival) -> tuple[bool, str, int, int]:
        b = arrival.bundle
        return (
            (True, arrival.path.name, 0, 0)
            if b is None
            else (False, b.school, generations.get((b.school, b.file), 0), b.number)
        )

    return sorted(arrivals, key=key)


def _each(desk: Desk, arrivals: Sequence[Arrival], rehearsal: Act | None) -> Iterator[Line]:
    for done, arrival in enumerate(arrivals):
        desk.stop_if_cancelled()
        desk.progress(done, len(arrivals), arrival.path.name)
        yield _named(desk, _one(desk, arrival, rehearsal))
    desk.progress(len(arrivals), len(arrivals), "")


def _named(desk: Desk, line: Line) -> Line:
    row = desk.store.conn.execute("SELECT name FROM roster WHERE uid = ?", (line.school,)).fetchone()
    return replace(line, name=str(row[0])) if row else line


def _one(desk: Desk, arrival: Arrival, rehearsal: Act | None) -> Line:
    bundle = arrival.bundle
    if bundle is None:
        code, params = (arrival.error.code, arrival.error.params) if arrival.error else ("damaged", {})
        return Line(arrival.path, "refused", code, params=params)
    where = place(bundle, ledger.holding(desk.store.conn, desk.county, bundle))
    line = Line(
        arrival.path,
        where.status,
        where.code,
        bundle.school,
        sequence=bundle.number,
        digest=bundle.digest,
        place=where,
        answers=tuple(str(x["item"]) for x in arrival.answers),
    )
    if where.place is Place.ALREADY:
        return line
    try:
        if rehearsal is not None:
            return _take(desk, rehearsal, arrival, bundle, where, line)
        return _take_in_an_act(desk, arrival, bundle, where, line)
    except BundleError as error:
        return replace(line, status="refused", code=error.code, params=error.params)


def _take_in_an_act(desk: Desk, arrival: Arrival, bundle: Bundle, where: Placement, line: Line) -> Line:
    label = "合并数据包" if where.merges else "登记数据包"
    facts = {"digest": bundle.digest, "school": bundle.school, "number": bundle.number}
    with act(desk.store, "county.merge", label, images=False, detail=facts) as a:
        done = _take(desk, a, arrival, bundle, where, line)
        a.detail["status"] = done.status
        a.detail["slices"] = {name: report.slice_json(result) for name, result in done.slices.items()}
    return done


def _take(desk: Desk, a: Act, arrival: Arrival, bundle: Bundle, where: Placement, line: Line) -> Line:
    """What one bundle does, inside an act. BundleError where it turns out not to be whole: nothing of it stays."""
    rehearsed = a.name == "county.rehearse"
    if where.status == "refused":
        if not rehearsed:
            _note_refusal(desk, a, arrival, bundle, where)
        return line
    if rehearsed:
        desk.elsewhere[bundle.digest] = arrival.path
    else:
        _file_away(desk, a, arrival.path, bundle.digest)
    if not where.merges:
        _check_whole(desk.filed_path(bundle.digest), bundle.digest)
        _enter(desk, a, arrival, bundle, where, {})
        return line
    with _verified(desk, a, bundle) as submission:
        before = report.figures(a.conn, bundle.school)
        results = _merge(desk, a, submission, arrival, bundle, where)
        if not rehearsed:
            keep_photos(desk, a, submission)
    return replace(line, slices=results, differences=report.differences(before, report.figures(a.conn, bundle.school)))


def _note_refusal(desk: Desk, a: Act, arrival: Arrival, bundle: Bundle, where: Placement) -> None:
    """A refusal of a school that is known stands in its receipt; one that was held waits no longer."""
    known = ledger.by_digest(a.conn, bundle.digest)
    if known is None and where.generation:
        _enter(desk, a, arrival, bundle, where, {})
    elif known is not None and known.status == ledger.HELD:
        ledger.set_status(a.conn, bundle.digest, ledger.REFUSED, where.code, counted=False)


def _check_whole(path: Path, digest: str) -> None:
    """A bundle that is held for later must be whole now."""
    with open_envelope(path) as envelope:
        envelope.check_digests()
        if envelope.digest != digest:
            raise refused("damaged", reason="another_bundle")


def _verified(desk: Desk, a: Act, bundle: Bundle) -> Submission:
    rows = a.conn.execute(
        "SELECT school, file, generation, sign, seal, retired_from, revoked_from FROM trust WHERE sign = ?",
        (bundle.signer,),
    )
    entries = tuple(TrustEntry(s, f, g, unb64(sign, 32), seal, ret, rev) for s, f, g, sign, seal, ret, rev in rows)
    submission = verify_submission(desk.filed_path(bundle.digest), TrustList(0, entries), desk.county)
    if submission.digest != bundle.digest:
        submission.close()
        raise refused("damaged", reason="another_bundle")
    return submission


def _merge(
    desk: Desk, a: Act, submission: Submission, arrival: Arrival, bundle: Bundle, where: Placement
) -> dict[str, SliceResult]:
    results = take_bundle(desk, a, Carrier(submission, where.generation))
    _enter(desk, a, arrival, bundle, where, results)
    ledger.add_chain(a.conn, bundle.file, bundle.history)
    late = [name for name, result in results.items() if result.code == SUPERSEDED]
    if late:
        rederive(desk, a, bundle.school, late)
    elif where.place is Place.OLDER:
        settle(a, bundle.school)
    filed = ledger.by_digest(a.conn, bundle.digest)
    return dict(filed.results) if filed else results


def _enter(
    desk: Desk, a: Act, arrival: Arrival, bundle: Bundle, where: Placement, results: dict[str, SliceResult]
) -> None:
    status = "merged" if where.merges else where.status
    entry = Entry(
        bundle=bundle,
        generation=where.generation,
        status=status,
        code=where.code,
        intake=desk.today,
        made=arrival.made,
        name=arrival.path.name,
        size=arrival.path.stat().st_size,
        answers=arrival.answers,
        counted=where.merges,
    )
    ledger.put(a.conn, entry, results, a.seq)


def _file_away(desk: Desk, a: Act, source: Path, digest: str) -> None:
    """Copy a bundle into the archive, byte for byte, on disk before the commit; one left by a crash is not believed."""
    if ledger.by_digest(a.conn, digest) is not None:
        return
    desk.filed_path(digest).unlink(missing_ok=True)
    put_body(desk.store.files, BUNDLES, f"{digest}{BUNDLE}", source)


def retry_held(desk: Desk, school: str = "") -> list[Line]:
    """Try every held bundle again, after an approval or a decision; those still to be held are left alone."""
    lines = []
    for filed in ledger.held(desk.store.conn):
        path = desk.filed_path(filed.digest)
        if (school and filed.school != school) or not path.is_file():
            continue
        arrival = look(path)
        if arrival.bundle is None:
            continue
        where = place(arrival.bundle, ledger.holding(desk.store.conn, desk.county, arrival.bundle))
        if where.merges or where.status == "refused":
            lines.append(_named(desk, _one(desk, arrival, None)))
    return lines
