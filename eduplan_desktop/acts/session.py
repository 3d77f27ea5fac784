"""One open file with everything an act may need: store, environment, catalogues, opened compartments, today's date."""

from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from eduplan_desktop.environment import Environment
from eduplan_desktop.errors import LockedError, RefusedError
from eduplan_desktop.i18n import _
from eduplan_desktop.registers.catalogs import Catalogs
from eduplan_desktop.store import shelf
from eduplan_desktop.store.connect import Store, open_store
from eduplan_desktop.store.journal import act

if TYPE_CHECKING:
    from eduplan_desktop.store.compartments import Opened

COMPARTMENTS = ("personal", "health")
PLAUSIBLE_DAYS = 400
"""A PC date further than this behind the newest kit or receipt is asked about once (D21)."""


class Session:
    """An open school or county file. Closing it forgets every opened compartment."""

    def __init__(self, store: Store, env: Environment) -> None:
        self.store = store
        self.env = env
        self.opened: dict[str, Opened] = {}
        self._catalogs: Catalogs | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file; checkpointed, so the single file is whole."""
        self.opened.clear()
        self.store.close()

    @property
    def is_county(self) -> bool:
        """Whether this is a county file."""
        return self.store.kind == "county"

    @property
    def name(self) -> str:
        """Name of the school or county."""
        return self.store.meta("name")

    @property
    def sample(self) -> bool:
        """Whether every page must say 示例 (invariant 9)."""
        return self.store.meta("sample") == "1"

    @property
    def catalogs(self) -> Catalogs:
        """Shipped catalogues with those of the county in their place."""
        if self._catalogs is None:
            self._catalogs = Catalogs.shipped().with_replacements(shelf.catalog_sets(self.store))
        return self._catalogs

    def forget_catalogs(self) -> None:
        """Read the catalogues again, after a kit or a catalogue import."""
        self._catalogs = None

    def today(self) -> str:
        """D21: the later of the PC's date and the newest date in kit and receipts; own acts do not count.

        A PC date more than 400 days ahead counts only after the person confirmed it.
        """
        newest = self.store.meta("newest_date")
        return newest if self.clock_doubt() == "ahead" else max(self.env.pc_date(), newest)

    def clock_doubt(self) -> str:
        """ "behind" or "ahead" where the PC's date should be asked about, '' where it is plausible or was confirmed."""
        newest, shown = self.store.meta("newest_date"), self.env.pc_date()
        if not newest or shown[:7] == self.store.meta("clock_confirmed"):
            return ""
        if shown < newest:
            return "behind"
        days = (date.fromisoformat(shown) - date.fromisoformat(newest)).days
        return "ahead" if days > PLAUSIBLE_DAYS else ""

    def confirm_clock(self) -> None:
        """The person says that the PC's date is right; not asked again this month."""
        with act(self.store, "clock.confirm", "确认日期", undoable=False) as a:
            a.set_meta("clock_confirmed", self.env.pc_date()[:7])

    def opened_or_refuse(self, compartment: str) -> "Opened":
        """The opened compartment; refused where it is closed."""
        if compartment not in self.opened:
            raise LockedError(
                "locked",
                _("这一步要先打开保险库。"),
                _("请输入保险库口令（命令行用 --passphrase-file 或 EDUPLAN_PASSPHRASE）。"),
            )
        return self.opened[compartment]

    def unlock(self, passphrases: Sequence[str]) -> None:
        """Open whatever slots the passphrases fit; one that fits nothing is not an error."""
        if not passphrases:
            return
        from eduplan_desktop.store import compartments

        for name in COMPARTMENTS:
            if name in self.opened or not compartments.exists(self.store, name):
                continue
            for secret in passphrases:
                try:
                    self.opened[name] = compartments.open_with(self.store, name, secret)
                except LockedError:
                    continue
                break

    def county_or_refuse(self) -> None:
        """Refuse an act of the county on a school file."""
        if not self.is_county:
            raise RefusedError("not_county", _("这是学校文件。"), _("请打开县级文件再做这一步。"))

    def school_or_refuse(self) -> None:
        """Refuse an act of a school on a county file."""
        if self.is_county:
            raise RefusedError("not_school", _("这是县级文件。"), _("请打开学校文件再做这一步。"))


def open_session(path: Path, env: Environment, *, passphrases: Iterable[str] = (), read_only: bool = False) -> Session:
    """Open a data file and whatever compartments the passphrases fit."""
    session = Session(open_store(path, env, read_only=read_only), env)
    session.unlock(list(passphrases))
    return session
