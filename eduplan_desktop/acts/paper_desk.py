"""Paper as the window sees it: which forms there are, and writing one."""

from dataclasses import dataclass
from pathlib import Path

from eduplan_desktop.acts import printing
from eduplan_desktop.acts.session import Session
from eduplan_desktop.i18n import _

BY_REGISTER = {
    "equipment": ("F02",),
    "safety_check": ("F09",),
    "hazard": ("F13",),
    "checkup": ("F18",),
}
"""Register → forms that print it; every register also prints as a plain list."""


@dataclass(frozen=True, slots=True)
class Form:
    """A form that can be printed. of: what to pass as `of` where the form is of the register as a whole."""

    code: str
    title: str
    of: str = ""


class PaperDesk:
    """Acts of printing."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def forms(self, register: str = "") -> list[Form]:
        """Forms of a register, its own first; all of them without one."""
        if not register:
            return [Form(code, _(title)) for code, (title, _make) in printing.FORMS.items()]
        own = [Form(code, _(printing.FORMS[code][0])) for code in BY_REGISTER.get(register, ())]
        return [*own, Form("LIST", _(printing.FORMS["LIST"][0]), register)]

    def write(self, form: str, to: Path, of: str = "", school: str = "") -> int:
        """Write a form as a PDF; its pages."""
        return printing.print_form(self._session, form, to, of=of, school=school)
