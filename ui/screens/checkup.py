"""教师体检: the people of a year at the left, one person's report at the right. Everything at the right needs the open vault."""

from collections.abc import Sequence
from typing import Any, Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from eduplan_desktop.errors import EduPlanError
from eduplan_desktop.i18n import _
from eduplan_desktop.registers.checkup import DONE
from eduplan_desktop.registers.model import Row as Stored
from eduplan_desktop.registers.results import dump
from ui import theme
from ui.editors import Editor, make_editor
from ui.record import Record
from ui.screen import Context, Screen, Target
from ui.screens.checkup_consent import ConsentForm
from ui.screens.checkup_not_done import record_not_done
from ui.screens.checkup_people import PeopleList
from ui.screens.checkup_results import ResultsGrid, SourceLegend
from ui.screens.print_out import print_form
from ui.theme import Size, Tone
from ui.vault import lock_all, open_vault
from ui.widgets.buttons import Button, StateTag, Weight
from ui.widgets.cards import EmptyState
from ui.widgets.fields import SearchField
from ui.widgets.labels import ElidedLabel, Label
from ui.widgets.pickers import Option, Picker
from ui.widgets.rows import FilterRow, Row
from ui.widgets.shapes import Shape

TABLE: Final = "checkup_table"
CHECKUP: Final = "checkup"
LEFT: Final = 216
HEAD: Final = (("exam_date", 132), ("institution", 168), ("report_no", 120), ("conclusion", 148))
"""Fields above the results, with their widths."""
LEAST: Final = 108
"""How far they give way."""


class CheckupScreen(Screen):
    """One year, one person at a time. Typing is kept sealed; moving on or Ctrl+Enter saves."""

    def __init__(self, context: Context) -> None:
        super().__init__(context, _("教师体检"))
        self.register = next(r for r in context.workspace.registers() if r.name == CHECKUP)
        self.year = context.workspace.health.year_now()
        self.record: Record | None = None
        self._locks_at = ""
        self.people_of_year: list[Any] = []
        self.heads: dict[str, Editor] = {}
        self._build_title()
        self._build()

    # ---- building

    def _build_title(self) -> None:
        self.vault = StateTag(Shape.RING, "")
        self.lock = Button(_("立即锁定"), self._lock, icon="lock", compact=True, tip="Ctrl+L")
        self.plain = Button("", lambda: self._leave_for(TABLE), icon="table", tip=_("看全部年度的体检表格"))
        self.printing = Button(_("打印汇总"), self._print, icon="printer", key="Ctrl+P")
        self.title_row.add(self.vault, self.lock, self.plain, self.printing)
        self.next = Button(_("存好，下一位"), self.save_and_next, weight=Weight.PRIMARY, key="Ctrl+Return")
        if not self.context.workspace.read_only:
            self.title_row.add(self.next)

    def _build(self) -> None:
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(1)
        row.addWidget(self._build_left())
        self.stack = QStackedWidget()
        self.locked = EmptyState(
            _("体检结果在健康保险库里，锁着。健康档案员打开后才能看和填。"),
            [(_("打开健康保险库"), self._open)],
            icon="lock",
        )
        self.unsigned = EmptyState(
            _("这个人还没有有效的单独同意，不能记录健康信息。"),
            [(_("登记同意…"), self.ask_consent)],
            icon="note",
        )
        self.nobody = EmptyState(
            _("还没有教职工。先登记教职工，再列入应检名单。"),
            [
                (_("打开教职工"), lambda: self._leave_for("staff")),
                (_("从表格导入…"), lambda: self.context.frame.go("import", Target(extra="staff"))),
            ],
            icon="people",
        )
        self.consent = ConsentForm(self.context)
        self.consent.recorded.connect(self._consented)
        self.consent.closed.connect(self._show_person)
        self.report = self._build_report()
        for page in (self.report, self.locked, self.unsigned, self.nobody, self.consent):
            self.stack.addWidget(page)
        self.stack.currentChanged.connect(lambda _i: self.next.setEnabled(self.stack.currentWidget() is self.report))
        row.addWidget(self.stack, 1)
        self.column.addLayout(row, 1)

    def _build_left(self) -> QWidget:
        left = QWidget()
        left.setFixedWidth(theme.px(LEFT))
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        top = FilterRow()
        top.row.setContentsMargins(theme.px(12), 0, theme.GRID, 0)
        self.search = SearchField(_("姓名"), key="Ctrl+F")
        self.search.setMinimumWidth(theme.px(88))
        self.search.textChanged.connect(lambda _t: self._show_people())
        self.years = Picker()
        self.years.setFixedWidth(theme.px(84))
        self.years.setAccessibleName(_("统计年度"))
        self.years.set_lazy(lambda: [Option(str(y), str(y)) for y in self.context.workspace.health.years()])
        self.years.picked.connect(self._pick_year)
        top.add_left(self.search, 1)
        top.add_left(self.years)
        self.counts = Label("", "ink2", Size.SMALL)
        counts = Row(32, "canvas", "edge")
        counts.row.setContentsMargins(theme.px(12), 0, 0, 0)
        counts.row.addWidget(self.counts)
        self.people = PeopleList()
        self.people.moved.connect(self._moved)
        self.people.opened.connect(self._into_results)
        self.people.selectionModel().selectionChanged.connect(lambda *_a: self._show_acts())
        acts = QVBoxLayout()
        acts.setContentsMargins(theme.px(12), theme.GRID, theme.px(12), theme.GRID)
        acts.setSpacing(theme.HALF)
        self.list_button = Button("", self.list_due, compact=True)
        self.consent_button = Button("", self.ask_consent, compact=True)
        self.not_done = Button("", self.mark_not_done, compact=True)
        for button in (self.list_button, self.consent_button, self.not_done):
            button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            acts.addWidget(button)
        for widget in (top, counts, self.people):
            column.addWidget(widget, 1 if widget is self.people else 0)
        column.addLayout(acts)
        return left

    def _build_report(self) -> QWidget:
        report = QWidget()
        column = QVBoxLayout(report)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        who = FilterRow()
        self.name = Label("", bold=True)
        self.about = ElidedLabel("", "ink2")
        self.signed = StateTag(Shape.OK, "")
        who.add_left(self.name)
        who.add_left(self.about, 1)
        who.add_right(self.signed)
        fields = FilterRow()
        for name, width in HEAD:
            field = self.register.by_name[name]
            editor = make_editor(field, self.context.workspace, CHECKUP)
            editor.widget.setMinimumWidth(theme.px(min(width, LEAST)))
            editor.widget.setMaximumWidth(theme.px(width))
            editor.edited.connect(lambda n=name: self._typed(n))
            self.heads[name] = editor
            fields.add_left(Label(_(field.label), "ink2", Size.SMALL))
            fields.add_left(editor.widget, 9)
        self.results = ResultsGrid(self.context.workspace)
        self.results.results.changed.connect(self._results_typed)
        foot = Row(32, "canvas", "")
        foot.row.addWidget(SourceLegend(), 1)
        for widget in (who, fields, self.results, foot):
            column.addWidget(widget, 1 if widget is self.results else 0)
        return report

    # ---- the frame's questions

    def enter(self, target: Target | None) -> None:
        if target is not None and (target.field or target.query):
            self.context.frame.go(TABLE, target)
            return
        self.show_year(self.year)
        if target is not None and target.row:
            self.people.go_to(target.row)

    def settle(self) -> bool:
        return self.save()

    def keep_typing(self) -> None:
        self.results.commit_open()
        if self.record is not None and self.record.touched:
            self.record.keep_draft()

    def locks_at(self, when: str) -> None:
        self._locks_at = when
        self._show_vault()

    def refresh(self, changes: Any) -> None:
        if changes is not None and not {CHECKUP, "staff", "health_consent"} & set(changes.registers):
            return
        if self.context.workspace.compartment_state("health") != "open":
            self._forget()
        self._show_people()
        busy = self.stack.currentWidget() is self.consent
        if not busy and (self.record is None or not self.record.touched):
            self._show_person()
        self._show_vault()

    def status(self) -> Sequence[str]:
        texts = [_("本页内容加密存放，只有健康档案员能看；县级收统计数和同意提供的人的结果")]
        if self.stack.currentWidget() is self.report:
            model = self.results.results
            texts.append(_("已录 <b>{n}</b> / {total} 项").format(n=model.count(), total=len(self.results.items())))
        return texts

    def panes(self) -> Sequence[QWidget]:
        page = self.stack.currentWidget()
        first: QWidget = self.results if page is self.report else getattr(page, "buttons", [self.people])[0]
        return (self.search, self.people, first)

    def keys(self) -> Sequence[tuple[str, str]]:
        return (
            ("↑ / ↓", _("换一个人")),
            ("Shift+↓", _("多选，一起登记同意或未检")),
            ("Enter", _("到结果里填；填完一项到下一项")),
            ("Tab", _("单位、报告单上的范围")),
            ("Ctrl+L", _("立即锁定")),
        )

    def focus_first(self) -> None:
        if self.stack.currentWidget() in (self.locked, self.nobody):
            self.stack.currentWidget().buttons[0].setFocus()  # type: ignore[attr-defined]
        else:
            self.people.setFocus()

    # ---- showing

    def show_year(self, year: int) -> None:
        """Show the people of a statistical year."""
        self.year = year
        self.years.set_current(str(year))
        self.title_row.set_subtitle(
            _("{year} 统计年度 · {school}").format(year=year, school=self.context.workspace.title)
        )
        self._show_people()
        self._show_vault()
        self._show_person()

    def _show_people(self) -> None:
        ws = self.context.workspace
        self.people_of_year = ws.health.people(self.year)
        words = {e.code: e.label for e in ws.catalogs.table("checkup_state").live}
        self.people.show_people(self.people_of_year, words, self.search.text())
        due, done, _not_done = ws.health.counts(self.year)
        rate = f"{100 * done / due:.1f} %" if due else "—"
        self.counts.setText(_("应检 {a}　已检 {b}　{rate}").format(a=due, b=done, rate=rate))
        self._show_acts()
        self.status_changed.emit()

    def _show_acts(self) -> None:
        chosen = self.people.chosen()
        unlisted = [p for p in self.people_of_year if not p.row]
        self.list_button.set_text(_("把 {n} 人列入应检").format(n=len(unlisted)))
        self.list_button.setVisible(bool(unlisted))
        self.consent_button.set_text(_("登记 {n} 人的同意…").format(n=len(chosen)))
        self.not_done.set_text(_("{n} 人未检…").format(n=len(chosen)))
        for button in (self.consent_button, self.not_done, self.list_button):
            button.setEnabled(bool(chosen) and not self.context.workspace.read_only)

    def _show_vault(self) -> None:
        state = self.context.workspace.compartment_state("health")
        words = {"none": _("健康保险库还没有建立"), "locked": _("健康保险库已锁定"), "open": _("健康保险库已打开")}
        shape = Shape.OK if state == "open" else Shape.HELD
        said = words[state]
        if state == "open" and self._locks_at:
            said += " · " + _("{time} 自动锁定").format(time=self._locks_at)
        self.vault.show_state(shape, said, Tone.GREEN if state == "open" else Tone.NEUTRAL)
        self.lock.setVisible(state == "open")

    def _show_person(self) -> None:
        """The page that fits the person and the vault."""
        person = self.people.current()
        state = self.context.workspace.compartment_state("health")
        if person is None:
            self._forget()
            self.stack.setCurrentWidget(self.nobody)
        elif state != "open":
            self._forget()
            self.stack.setCurrentWidget(self.locked)
            self.locked.buttons[0].set_text(_("建立健康保险库") if state == "none" else _("打开健康保险库"))
        elif not person.consent:
            self._forget()
            self.unsigned.sentence.setText(_("{name}还没有有效的单独同意，不能记录健康信息。").format(name=person.name))
            self.stack.setCurrentWidget(self.unsigned)
        else:
            self._show_report(person)
            self.stack.setCurrentWidget(self.report)
        self.status_changed.emit()

    def _forget(self) -> None:
        """Nothing sealed stays in a widget once the vault is locked or another person is shown."""
        self.record = None
        self.results.results.show_person(None, 0, "", {}, {})
        for editor in self.heads.values():
            editor.show_value(None)

    def _show_report(self, person: Any) -> None:
        ws = self.context.workspace
        self.record = self._record_of(person)
        self.record.take_draft()
        row = self.record.merged()
        for name, editor in self.heads.items():
            if name in self.record.typed:
                editor.take(self.record.typed[name])
            else:
                editor.show_value(row.get(name))
            editor.set_read_only(ws.read_only)
        self.name.setText(person.name)
        sex = ws.catalogs.label("sex", person.sex) if person.sex else _("性别未填")
        self.about.set_text(f"{sex}，{person.birth or _('出生年月未填，参考表不能用')}")
        consent = ws.health.consent_of(person.person)
        given = _("单独同意书 {day} 签").format(day=consent["signed"]) if consent else _("没有同意")
        self.signed.show_state(Shape.OK if consent else Shape.DOUBT, given)
        self.results.results.editable = not ws.read_only
        results = self._stored_results(row)
        self.results.results.show_person(
            person, self.year, str(row.get("exam_date") or ""), results, ws.health.history(person.person, self.year)
        )

    def _stored_results(self, row: Stored) -> dict[str, Any]:
        from eduplan_desktop.registers.refusal import BadValue
        from eduplan_desktop.registers.results import load

        try:
            return dict(load(str(row["results"]))) if row.get("results") else {}
        except BadValue:
            return {}

    def _record_of(self, person: Any) -> Record:
        ws = self.context.workspace
        stored = ws.row(CHECKUP, person.row) if person.row else None
        if stored is not None:
            return Record(ws, self.register, stored)
        row: Stored = {**ws.blank(CHECKUP), "stat_year": self.year, "person": person.person}
        for name, row_id, _when in ws.drafts():
            kept = (ws.draft(CHECKUP, row_id) or {}) if name == CHECKUP else {}
            if kept.get("person") == person.person and kept.get("stat_year") == str(self.year):
                row["id"] = row_id
        return Record(ws, self.register, row, new=True)

    # ---- typing

    def _typed(self, name: str) -> None:
        if self.record is None:
            return
        self.record.type(name, self.heads[name].raw())
        self._keep()
        if name == "exam_date":
            self.results.results.day = str(self.record.merged().get("exam_date") or "")
            self.results.viewport().update()

    def _results_typed(self) -> None:
        if self.record is not None:
            self.record.type("results", dump(self.results.results.results) or "")
            self._keep()
            self.status_changed.emit()

    def _keep(self) -> None:
        assert self.record is not None
        person = self.people.current()
        if self.record.new and person is not None:
            self.record.type("person", person.person)
            self.record.type("stat_year", str(self.year))
        if self.record.row.get("state") != DONE:
            self.record.type("state", DONE)
        self.record.keep_draft()

    # ---- saving and moving

    def save(self) -> bool:
        """Save what was typed about the person shown; False where it could not be, and everything stays."""
        record = self.record
        if record is None or not record.touched or self.context.workspace.read_only:
            return True
        unread = record.values()[1]
        if unread:
            name = next(iter(unread))
            self.say(unread[name], Tone.AMBER)
            if name in self.heads:
                self.heads[name].set_state("error")
        try:
            saved = record.save()
        except EduPlanError as fault:
            self.context.messages.fault(fault, _("没有保存，填的内容都在"))
            return False
        for editor in self.heads.values():
            if not unread:
                editor.set_state("")
        self.context.published(saved.changes)
        return True

    def _moved(self) -> None:
        if self.save():
            self._show_person()

    def save_and_next(self) -> None:
        """Save, and go to the next person's first result."""
        if self.stack.currentWidget() is not self.report:
            return
        if not self.save():
            return
        if self.people.step(1):
            self._into_results()
        else:
            self.say(_("存好了，这是最后一位。"), Tone.GREEN)

    def _into_results(self) -> None:
        if self.stack.currentWidget() is self.report:
            if self.record is not None and not self.heads["exam_date"].raw():
                self.heads["exam_date"].widget.setFocus(Qt.FocusReason.TabFocusReason)
            else:
                self.results.begin()
        else:
            buttons = getattr(self.stack.currentWidget(), "buttons", [])
            if buttons:
                buttons[0].setFocus()

    def _pick_year(self, year: str) -> None:
        if year and self.save():
            self.show_year(int(year))

    def _leave_for(self, place: str) -> None:
        self.context.frame.go(place)

    # ---- acts

    def _open(self) -> None:
        open_vault(self.context, "health", self._opened)

    def _opened(self) -> None:
        self._show_vault()
        self._show_person()
        self.people.setFocus()

    def _lock(self) -> None:
        if self.save():
            lock_all(self.context)
            self.say(_("健康保险库已锁定。"), Tone.GREEN)

    def list_due(self) -> None:
        """Record everybody without a row of the year as due."""
        if self.save():
            people = [p.person for p in self.people_of_year if not p.row]
            self.context.published(self.context.workspace.health.plan_year(self.year, people))
            self.say(_("{n} 人列入 {year} 统计年度应检名单。").format(n=len(people), year=self.year), Tone.GREEN)
            self.people.setFocus()

    def ask_consent(self) -> None:
        """Ask for the consents of the chosen people, on one form."""
        people = self.people.chosen()
        if people and self.save():
            self.consent.ask(people)
            self.stack.setCurrentWidget(self.consent)
            self.consent.rows["signed"].editor.widget.setFocus(Qt.FocusReason.TabFocusReason)

    def _consented(self, changes: Any) -> None:
        self.stack.setCurrentWidget(self.locked)
        self.context.published(changes)
        self._show_person()
        self.say(_("同意登记好了，可以录入结果。"), Tone.GREEN)
        self.people.setFocus()

    def mark_not_done(self) -> None:
        """Record the chosen people as not examined, with a reason; the reason is sealed."""
        ws = self.context.workspace
        if ws.compartment_state("health") != "open":
            open_vault(self.context, "health", self.mark_not_done)
            return
        people = self.people.chosen()
        if not people or not self.save():
            return
        words, tone = record_not_done(self.context, self.year, [p.person for p in people])
        if words:
            self.record = None
            self._show_person()
            self.say(words, tone)

    def _print(self) -> None:
        """F18 of the year; words and reasons stand on it only when the vault is open."""
        if self.save():
            name = _("体检汇总-{year}").format(year=self.year)
            open_vault(self.context, "health", lambda: print_form(self, "F18", str(self.year), name))
