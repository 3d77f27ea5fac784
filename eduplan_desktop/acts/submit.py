"""Submitting: check the slices reported, collect sealed parts, sign, write to the stick, read back (DESIGN §2.4).

Order of safety: the bundle is kept beside the data file, the file records it, the key folder notes its digest, and only then
it goes to the stick. A cut between two steps is taken up by `unfinished`: no number is ever signed twice, and a bundle that
reached no stick goes along with the next.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from eduplan_desktop import __version__
from eduplan_desktop.acts import checks, identity, membership, photos, prepare, slices, unfinished
from eduplan_desktop.acts.checks import Progress, no_progress
from eduplan_desktop.acts.membership import Keys, Membership
from eduplan_desktop.acts.session import Session
from eduplan_desktop.acts.slices import Slice
from eduplan_desktop.bundle import stick
from eduplan_desktop.bundle.outgoing import SealedPart
from eduplan_desktop.bundle.package import seal_counts, seal_photos, seal_slice
from eduplan_desktop.bundle.submission import (
    NOT_REPORTED_STATE,
    Answer,
    SliceState,
    SubmissionHead,
    as_before,
    carried,
    make_submission,
)
from eduplan_desktop.errors import RefusedError, WorldError
from eduplan_desktop.i18n import _
from eduplan_desktop.problems import Problem, Severity
from eduplan_desktop.registers.check import message
from eduplan_desktop.store import journal, shelf
from eduplan_desktop.store.bodies import BUNDLES
from eduplan_desktop.store.journal import act


@dataclass(slots=True)
class Plan:
    """What a submission would be. carry: slices in it; before: slice → bundle they stand unchanged since; blocking, open doubts."""

    answers: list[Answer]
    items: list[dict[str, Any]]
    carry: list[Slice]
    before: dict[str, int]
    absent: list[Slice]
    errors: list[Problem]
    doubts: list[Problem]
    explanations: dict[str, str]
    warnings: list[str] = field(default_factory=list)

    @property
    def unexplained(self) -> list[Problem]:
        """Doubts without an explanation."""
        return [p for p in self.doubts if not self.explanations.get(p.key)]


@dataclass(frozen=True, slots=True)
class Submitted:
    """A bundle that lies on the stick, read back."""

    bundle: str
    sequence: int
    digest: str
    slices: dict[str, str]
    answers: list[str]
    warnings: list[str]

    def as_dict(self) -> dict[str, Any]:
        """For `--json`."""
        return {
            "bundle": self.bundle,
            "sequence": self.sequence,
            "digest": self.digest,
            "slices": self.slices,
            "answers": self.answers,
            "warnings": self.warnings,
        }


def plan(
    session: Session, answers: Sequence[str] = (), *, full: bool = False, progress: Progress = no_progress
) -> Plan:
    """What would be submitted for these calendar items (`ITEM`, or `ITEM=0` for 零报告); all that are open by default."""
    member = membership.membership_or_refuse(session)
    items, given = _answers(session, answers)
    wanted = {name for item in items for name in item["slices"]}
    existing = slices.all_slices(session)
    here = {one.name: one for one in existing}
    if full:
        wanted |= set(here)
    chosen = [here.get(name) or slices.parse_slice(name) for name in sorted(wanted)]
    marks = shelf.slice_marks(session.store)
    carry: list[Slice] = []
    before: dict[str, int] = {}
    for one in chosen:
        mark = marks.get(one.name)
        if not full and mark and mark.merged and mark.content == whole_stamp(session, member, one):
            before[one.name] = mark.sequence
        else:
            carry.append(one)
    names = {one.name for one in chosen}
    found = _findings(session, chosen, items, progress)
    return Plan(
        answers=given,
        items=items,
        carry=carry,
        before=before,
        absent=[one for one in existing if one.name not in names],
        errors=[p for p in found if p.severity is Severity.ERROR],
        doubts=[p for p in found if p.severity is Severity.DOUBT],
        explanations=shelf.explanations(session.store),
    )


def whole_stamp(session: Session, member: Membership, one: Slice) -> str:
    """Changes whenever anything of the slice that would travel changes, sealed halves included."""
    sealed = [prepare.stamp(session, one, c) for c in one.register.compartments if prepare.recipients(member, c)]
    return "|".join([slices.stamp(session, one), *sealed])


def _answers(session: Session, wanted: Sequence[str]) -> tuple[list[dict[str, Any]], list[Answer]]:
    calendar = {item["id"]: item for item in shelf.calendar(session.store)}
    if not calendar:
        raise RefusedError("no_calendar", _("县配置包里还没有报送日历。"), _("请向县里要新的县配置包，再报送。"))
    pairs = [(text.partition("=")[0], text.endswith("=0")) for text in wanted] or _open_items(
        session, calendar.values()
    )
    wrong = [text for text in wanted if "=" in text and text.partition("=")[2] != "0"]
    if wrong:
        raise RefusedError(
            "bad_answer",
            _("“{item}”看不懂。").format(item=wrong[0]),
            _("每个项目只写一次；零报告写成“项目=0”。"),
        )
    unknown = [name for name, _zero in pairs if name not in calendar]
    if unknown:
        raise RefusedError(
            "no_such_item",
            _("报送日历里没有“{item}”。").format(item=unknown[0]),
            _("可以报送的项目：{names}。").format(names="、".join(calendar)),
        )
    names = [name for name, _zero in pairs]
    if len(set(names)) != len(names):
        raise RefusedError("item_twice", _("同一个报送项目写了两次。"), _("每个项目只写一次；零报告写成“项目=0”。"))
    if not pairs:
        raise RefusedError("nothing_due", _("现在没有要报送的项目。"), _("如需重报，请用 --answers 指明项目。"))
    return [calendar[name] for name, _zero in pairs], [Answer(name, zero) for name, zero in pairs]


def _open_items(session: Session, calendar: Iterable[Mapping[str, Any]]) -> list[tuple[str, bool]]:
    """Items not accepted yet whose period has begun."""
    states, today = shelf.item_states(session.store), session.today()
    return [
        (item["id"], False)
        for item in calendar
        if states.get(item["id"], {}).get("state") != "accepted" and item["period"] <= today[: len(item["period"])]
    ]


def _findings(session: Session, chosen: list[Slice], items: list[dict[str, Any]], progress: Progress) -> list[Problem]:
    """Findings that gate these slices: only their registers, and in sliced registers only their years (D1)."""
    years: dict[str, set[int | None]] = {}
    for one in chosen:
        years.setdefault(one.register.name, set()).add(one.year)
    found = [p for p in checks.check(session, progress) if p.register in years]
    kept = [p for p in found if None in years[p.register] or checks.year_of_row(session, p) in years[p.register]]
    return kept + checks.required_by_items(session, items)


def submit(
    session: Session,
    to: Path,
    *,
    answers: Sequence[str] = (),
    full: bool = False,
    progress: Progress = no_progress,
    cancelled: Any = lambda: False,
) -> Submitted:
    """Write a signed, sealed bundle for the items to a folder. Raises RefusedError `findings`, `not_enrolled`, …"""
    member = membership.membership_or_refuse(session)
    keys = membership.keys(session)
    if keys is None:
        raise RefusedError(
            "no_keys",
            _("本机没有这个文件的学校密钥（文件可能是从别的电脑拷来的，或已重装）。"),
            _("请用县配置包重新申请入网；序号会接着原来的。"),
        )
    with act(session.store, "submit.begin", "开始报送"):
        pass  # a file that cannot be written, or is busy, is told before anything is made
    identity.refuse_clone(session)
    unfinished.finish(session)
    made = plan(session, answers, full=full, progress=progress)
    _gate(made)
    stick.make_folder(to)
    parts, states = _parts(session, member, made, progress, cancelled)
    return _sign_and_write(session, member, keys, made, parts, states, to)


def _gate(made: Plan) -> None:
    if made.errors:
        raise RefusedError(
            "findings",
            _("要报送的内容里还有 {n} 个错误：{reason}").format(n=len(made.errors), reason=message(made.errors[0])),
            _("请运行检查，改正全部错误，再报送。"),
            findings=[p.key for p in made.errors],
        )
    if made.unexplained:
        first = made.unexplained[0]
        raise RefusedError(
            "findings",
            _("还有 {n} 条存疑没有说明：{reason}").format(n=len(made.unexplained), reason=message(first)),
            _("请改正，或逐条写明原因，再报送。"),
            findings=[p.key for p in made.unexplained],
        )


def _parts(
    session: Session, member: Membership, made: Plan, progress: Progress, cancelled: Any
) -> tuple[list[SealedPart], dict[str, SliceState]]:
    whose, to = prepare.sender(session, member), member.county.record_recipients
    parts: list[SealedPart] = []
    for n, one in enumerate(made.carry):
        progress(n, len(made.carry), _("正在封装") + one.label)
        if one.counted:
            parts.append(seal_counts(whose, one.register, one.name, slices.counts(session, one), to))
        else:
            parts.append(seal_slice(whose, one.register, one.name, slices.content(session, one), to, cancelled))
        for compartment in one.register.compartments:
            parts += _sealed(session, member, made, one, compartment)
    new_photos = photos.to_send(session, made.carry)
    if new_photos:
        parts.append(seal_photos(whose, new_photos, to, cancelled))
    states = {one.name: carried(one.register.version) for one in made.carry}
    states |= {name: as_before(since) for name, since in made.before.items()}
    states |= {one.name: NOT_REPORTED_STATE for one in made.absent}
    return parts, states


def _sealed(session: Session, member: Membership, made: Plan, one: Slice, compartment: str) -> list[SealedPart]:
    if not prepare.recipients(member, compartment):
        return []
    state = prepare.sealed_part(session, member, one, compartment)
    if state.withheld:
        made.warnings.append(
            _(
                "有人撤回了同意，以前准备的{slice}封存部分不再报出，县里会撤下这一部分；请健康档案员打开保险库后再报送一次。"
            ).format(slice=one.label)
        )
    if state.missing:
        made.warnings.append(
            _("{label}的封存部分还没有准备，本次没有随包报出；打开保险库后会自动准备。").format(label=one.label)
        )
    elif state.as_of:
        made.warnings.append(
            _("{label}的封存部分是 {date} 准备的，之后的改动没有随包报出。").format(
                label=one.label, date=state.as_of[:10]
            )
        )
    return [state.part] if state.part else []


def _sign_and_write(
    session: Session,
    member: Membership,
    keys: Keys,
    made: Plan,
    parts: list[SealedPart],
    states: dict[str, SliceState],
    to: Path,
) -> Submitted:
    folder = membership.key_folder(session)
    earlier = folder.signed()
    head = SubmissionHead(
        session.store.file_id, member.kit, journal.head(session.store), tuple(earlier), tuple(made.answers), states
    )
    outgoing = make_submission(
        keys.sign, prepare.sender(session, member), head, parts, session.env.moment(), __version__
    )
    try:
        sequence = len(earlier) + 1
        name = stick.submission_name(session.name, sequence, outgoing.digest)
        kept = unfinished.keep(session, outgoing, name)
        _record(session, member, made, head, outgoing.digest, name, sequence)
        folder.note_signed([*earlier, outgoing.digest])
        unfinished.name_it(kept)
    finally:
        outgoing.close()
    path = _deliver(session, made, sequence, to)
    words = {name_: state.state for name_, state in states.items()}
    return Submitted(str(path), sequence, outgoing.digest, words, [a.item for a in made.answers], made.warnings)


def _record(
    session: Session, member: Membership, made: Plan, head: SubmissionHead, digest: str, name: str, sequence: int
) -> None:
    stamps = {one.name: whole_stamp(session, member, one) for one in made.carry}
    with act(session.store, "submit", f"生成第 {sequence} 包") as a:
        shelf.put_submission(
            a,
            {
                "sequence": sequence,
                "digest": digest,
                "made": session.env.moment(),
                "file_name": name,
                "answers": [{"item": x.item, "zero": x.zero} for x in made.answers],
                "slices": {key: state.as_json() for key, state in head.slices.items()},
            },
        )
        a.set_meta(f"submit_act:{sequence}", str(a.seq))
        for key, content in stamps.items():
            shelf.put_slice_mark(a, key, shelf.SliceMark(sequence, content, merged=False))
        unfinished.note_waiting(a, [*unfinished.waiting(session), sequence])


def _deliver(session: Session, made: Plan, sequence: int, to: Path) -> Path:
    """To the stick, with those before it that reached none; a failing stick loses nothing and the words say so."""
    try:
        written = unfinished.deliver(session, to)
    except WorldError as fault:
        kept = _("第 {n} 包已经生成，保存在本机；换一个盘再报送一次，会一起带上。").format(n=sequence)
        raise WorldError(fault.code, fault.message, f"{fault.advice}{kept}", sequence=sequence) from fault
    made.warnings += [
        _("以前没有写成的第 {n} 包也一起写到了这里，请一并交给县里。").format(n=n) for n in written if n != sequence
    ]
    return written[sequence]


def copy_again(session: Session, sequence: int, to: Path) -> Path:
    """Copy a bundle made earlier to another stick, unchanged."""
    found = [s for s in shelf.submissions(session.store) if s["sequence"] == sequence]
    path = session.store.files / BUNDLES / found[0]["file_name"] if found else None
    if path is None or not path.is_file():
        raise RefusedError("no_such_bundle", _("本机没有保存这一包。"), _("请重新生成上报包。"))
    return stick.copy_file(path, stick.make_folder(to), path.name)
