"""A data file as a whole: make a school file, back up, restore, audit."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eduplan_desktop.acts import identity, naming, prepare, vaults
from eduplan_desktop.acts.session import COMPARTMENTS, Session
from eduplan_desktop.environment import Environment
from eduplan_desktop.errors import EduPlanError
from eduplan_desktop.registers.catalog import REGISTERS, register
from eduplan_desktop.registers.check import message
from eduplan_desktop.registers.model import Row
from eduplan_desktop.store import backup, journal, passphrase, rows
from eduplan_desktop.store.connect import create_store


def new_school(path: Path, *, name: str, code: str, env: Environment, sample: bool = False) -> Session:
    """A new school file with its profile row; never needs a passphrase. Raises RefusedError bad_name, StoreError."""
    name, code = naming.name(name), naming.school_value("code", code)
    session = Session(create_store(path, "school", env, name=name, sample=sample), env)
    profile = register("school")
    with journal.act(session.store, "school.new", "新建学校文件", undoable=False) as a:
        row: Row = {"id": rows.new_id(session.store), "name": name, "code": code or None}
        rows.save(a, profile, row)
    return session


@dataclass(frozen=True, slots=True)
class Audit:
    """What `audit` found: number of acts, whether the chain holds, its head, and sentences for a person."""

    acts: int
    sound: bool
    head: str
    sentences: list[str]


def audit(session: Session) -> Audit:
    """Verify the journal's hash chain from the first act to the last, and the records against their newest images."""
    problems = journal.verify_chain(session.store) + journal.verify_records(session.store)
    return Audit(
        journal.length(session.store), not problems, journal.head(session.store), [message(p) for p in problems]
    )


def backup_to(session: Session, folder: Path) -> Path:
    """A verified backup of the file and of the bodies not yet in `folder`."""
    return backup.backup(session.store, folder)


def restore_from(source: Path, to: Path, env: Environment, as_: str) -> Session:
    """Restore a backup. `restore` and `move` keep the data-file id and go on with the next number; `copy` makes a new id."""
    session = Session(backup.restore(source, to, env, as_), env)
    if as_ != "copy" and not session.is_county:
        identity.settle(session, as_)
    return session


def close(session: Session) -> None:
    """Prepare sealed parts, take the daily backup, close. A backup that fails is not a reason to keep the file open."""
    try:
        if not session.store.read_only:
            prepare_sealed(session)
            backup.daily_backup(session.store)
    except EduPlanError:
        pass
    finally:
        session.close()


def prepare_sealed(session: Session) -> int:
    """Make the sealed parts of the next submission while their compartments are open."""
    return prepare.prepare_all(session)


def offered_words(env: Environment) -> str:
    """A passphrase of six words to offer."""
    return " ".join(passphrase.words(random=env.random))


def facts(session: Session) -> dict[str, Any]:
    """What settings show of the file."""
    store = session.store
    return {
        "path": str(store.path),
        "kind": store.kind,
        "file_id": store.file_id,
        "name": session.name,
        "bytes": store.path.stat().st_size,
        "rows": {one.name: rows.count(store, one, school=None) for one in REGISTERS},
        "acts": journal.length(store),
        "head": journal.head(store),
        "compartments": {name: vaults.state(session, name) for name in COMPARTMENTS},
        "read_only": store.why_read_only,
        "last_backup": backup.last_backup(store),
    }
