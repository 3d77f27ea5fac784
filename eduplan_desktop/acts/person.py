"""Who uses the program, as claimed: kept in the settings of this installation, written into the journal with every act."""

from dataclasses import replace

from eduplan_desktop.acts import home
from eduplan_desktop.acts.session import Session
from eduplan_desktop.environment import Environment

WHO = "who"
"""Key of the name in the settings."""
LONGEST = 50


def claimed(env: Environment) -> Environment:
    """The environment with the name kept in the settings, where it names nobody itself."""
    if env.who:
        return env
    name = home.read_settings(env.home).get(WHO, "")
    return replace(env, who=name) if isinstance(name, str) and name else env


def set_who(session: Session, name: str) -> None:
    """Keep the name for later runs, and write it into the journal from the next act on."""
    name = " ".join(name.split())[:LONGEST]
    home.write_settings(session.env.home, {**home.read_settings(session.env.home), WHO: name})
    session.env = replace(session.env, who=name)
    session.store.env = session.env
