"""What a person does with whole records on a register's page: new, copy, remove, take up a draft again."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from eduplan_desktop.i18n import _
from ui.paste import run
from ui.theme import Tone
from ui.widgets.pickers import Option

if TYPE_CHECKING:
    from ui.register_screen import RegisterScreen


class RecordActs:
    """Acts on the records of one page; each saves first what is half-done."""

    def __init__(self, screen: "RegisterScreen") -> None:
        self._screen = screen
        self._context = screen.context
        self._register = screen.register

    def new(self) -> None:
        """Begin a new record in the form."""
        if not self._context.workspace.read_only and self._screen.form.settle():
            self._screen.show_new(self._context.workspace.blank(self._register.name), entering=True)

    def copy(self) -> None:
        """Begin a new record with the values of this one, but for what identifies it."""
        record = self._screen.form.record
        if record is None or not self._screen.form.settle():
            return
        blank = self._context.workspace.blank(self._register.name)
        self._screen.show_new(blank, (*self._register.identity, "")[0], typed=record.copied())

    def remove(self) -> None:
        """Remove the selected records with a reason; a new one is just dropped."""
        record = self._screen.form.record
        if self._context.workspace.read_only or self._register.single:
            return
        if record is not None and record.new:
            record.drop()
            self._screen.show_first()
            return
        ids = [self._screen.model.id_at(r) for r in self._screen.table.selected_rows()]
        reason = self._reason(len(ids)) if ids else None
        if not reason:
            return
        if record is not None and record.id in ids:
            record.drop()
        name = self._register.name
        run(
            self._screen,
            _("正在删除"),
            len(ids),
            lambda ws, *watch: ws.remove(name, ids, reason, *watch),
            lambda _changes: self._removed(len(ids)),
        )

    def _removed(self, count: int) -> None:
        self._screen.show_first()
        self._screen.say(_("删除了 {n} 条。").format(n=f"{count:,}"), Tone.GREEN, [(_("撤销"), self.undo)])

    def erase(self, compartment: str) -> None:
        """Erase for good what is sealed of the record's person in a vault; the record itself stays."""
        form = self._screen.form
        if form.record is None or not form.settle():
            return
        from ui.erase import erase_person, said

        row_id = form.record.id

        def done() -> None:
            form.record = None
            self._screen.go_to_row(row_id)
            self._screen.say(said(self._context, compartment), Tone.GREEN)

        person = self._context.workspace.person_of(self._register.name, form.record.row)
        erase_person(self._context, compartment, person, done)

    def _reason(self, count: int) -> str | None:
        verb = _("删除 {n} 条").format(n=count)
        table = self._context.workspace.catalogs.table("gone_reason")
        return self._context.messages.ask_choice(
            verb,
            _("删除后，下次报送会告诉县局这些记录不再有，以及原因。可以撤销。"),
            verb,
            [Option(e.code, e.label) for e in table.live],
            label=_("原因"),
        )

    def undo(self) -> None:
        """Take back the act just said, as Ctrl+Z does."""
        getattr(self._screen.window(), "undo", lambda: None)()

    def offer_drafts(self) -> None:
        """New records that were never finished are offered when the page is entered."""
        ws = self._context.workspace
        record = self._screen.form.record
        here = record.id if record is not None else ""
        loose = [i for name, i, _when in ws.drafts() if name == self._register.name and i != here]
        loose = [i for i in loose if ws.row(self._register.name, i) is None]
        if loose and not ws.read_only:
            words = _("有 {n} 条新记录没写完，内容都在。").format(n=len(loose))
            verbs = [(_("接着写"), lambda: self._resume(loose[0])), (_("丢掉"), lambda: self._discard(loose))]
            self._screen.say(words, Tone.AMBER, verbs)

    def _resume(self, row_id: str) -> None:
        if self._screen.form.settle():
            blank = {**self._context.workspace.blank(self._register.name), "id": row_id}
            self._screen.show_new(blank)
            self._screen.bars.clear()

    def _discard(self, ids: Sequence[str]) -> None:
        for row_id in ids:
            self._context.workspace.drop_draft(self._register.name, row_id)
        self._screen.bars.clear()
