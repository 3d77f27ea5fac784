"""A data file as a whole: make a school file, back up, restore, audit."""

from dataclasses import dataclass
from pathlib import Path

from eduplan_desktop.acts.session import Session
from eduplan_desktop.environment import Environment
from eduplan_desktop.registers.catalog import register
from eduplan_desktop.registers.check import message
from eduplan_desktop.store import backup, journal, rows
from eduplan_desktop.store.connect import create_store


def new_school(path: Path, *, name: str, code: str, env: Environment, sample: bool = False) -> Session:
    """A new school file with its profile row; never needs a passphrase."""
    session = Session(create_store(path, "school", env, name=name, sample=sample), env)
    profile = register("school")
    with journal.act(session.store, "school.new", "新建学校文件") as a:
        row = {f.name: None for f in profile.open_fields}
        row |= {"id": rows.new_id(session.store), "name": name, "code": code or None}
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
    """Verify the journal's hash chain from the first act to the last."""
    problems = journal.verify_chain(session.store)
    return Audit(
        journal.length(session.store), not problems, journal.head(session.store), [message(p) for p in problems]
    )


def backup_to(session: Session, folder: Path) -> Path:
    """A verified backup of the file and of the bodies not yet in `folder`."""
    return backup.backup(session.store, folder)


def restore_from(source: Path, to: Path, env: Environment, as_: str) -> Session:
    """Restore a backup. `restore` and `move` keep the data-file id, `copy` makes a new one; keys are never touched."""
    return Session(backup.restore(source, to, env, as_), env)
