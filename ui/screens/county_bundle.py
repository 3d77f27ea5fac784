"""The pane of one bundle: the seven checks in their order, what each register brings, what differs from last time, what to do."""

from typing import Any, Final

from PySide6.QtCore import QRect, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from eduplan_desktop.i18n import N_, _
from ui import theme
from ui.screen import Context
from ui.screens.county_parts import SidePane
from ui.theme import Size, Tone
from ui.widgets import paint, shapes
from ui.widgets.buttons import Button
from ui.widgets.grid import Cell, Column, Grid, Line
from ui.widgets.labels import Label
from ui.widgets.rows import SectionHeader
from ui.widgets.shapes import Shape

CHECKS: Final = (N_("大小"), N_("容器"), N_("签名"), N_("信任"), N_("摘要"), N_("版本"), N_("数据行"))
"""In the order of the design: the first failure refuses the whole up to the digests; later ones are told per slice."""
FAILS_AT: Final = {
    "too_large": 0,
    "not_a_bundle": 1,
    "damaged": 1,
    "bad_manifest": 1,
    "unreadable": 1,
    "missing": 1,
    "wrong_purpose": 1,
    "bad_signature": 2,
    "unknown_key": 3,
    "held_unknown_key": 3,
    "revoked_key": 3,
    "retired_key": 3,
    "wrong_county": 3,
    "wrong_school": 3,
    "fork": 3,
    "too_new": 5,
}
"""Code of a refused or held bundle → the check it stopped at."""
DIGEST: Final = 4
COLUMNS: Final = (
    Column("登记册", 104, stretch=True),
    Column("新增", 68, right=True),
    Column("修改", 60, right=True),
    Column("未变", 68, right=True),
    Column("撤回", 56, right=True),
    Column("隔离", 56, right=True),
)
COUNTS: Final = ("new", "changed", "same", "withdrawn", "quarantined")
DIFFERENCES: Final = (Column("", 200, stretch=True), Column("", 220, right=True))


def changes_of(line: Any) -> int:
    """Rows that a bundle changes."""
    return int(line.count("new") + line.count("changed") + line.count("withdrawn"))


def checks_of(line: Any) -> list[tuple[str, Shape, Tone]]:
    """Each check with what came of it: passed, failed, or not reached."""
    fails = FAILS_AT.get(line.code) if line.status in ("refused", "held") else None
    if line.code == "damaged" and line.params.get("reason") == "digest":
        fails = DIGEST
    found = []
    for n, words in enumerate(CHECKS):
        if fails is not None and n >= fails:
            shape, tone = (Shape.ERROR, Tone.RED) if n == fails else (Shape.RING, Tone.NEUTRAL)
        else:
            shape, tone = Shape.OK, Tone.GREEN
        found.append((_(words), shape, tone))
    if fails is None:
        bad = line.count("quarantined")
        refused = sum(r.status == "refused" for r in line.slices.values())
        if bad or refused:
            words = _("数据行，隔离 {n}").format(n=bad) if bad else _("数据行，{n} 部分没进").format(n=refused)
            found[-1] = (words, Shape.DOUBT, Tone.AMBER)
    return found


class CheckStrip(QWidget):
    """The checks side by side, small."""

    def __init__(self) -> None:
        super().__init__()
        self._checks: list[tuple[str, Shape, Tone]] = []
        self.setFixedHeight(theme.px(24))

    def show_checks(self, checks: list[tuple[str, Shape, Tone]]) -> None:
        """Replace them."""
        self._checks = checks
        self.setAccessibleName("、".join(words for words, _shape, _tone in checks))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, x, side = QPainter(self), theme.MARGIN, theme.px(shapes.SIDE)
        for words, shape, tone in self._checks:
            shapes.paint(painter, QRect(x, 0, side, self.height()), shape, tone)
            x += side + theme.px(6)
            ink = "ink2" if tone in (Tone.GREEN, Tone.NEUTRAL) else theme.tone(tone).text
            room = QRect(x, 0, self.width() - x, self.height())
            x += paint.text(painter, room, words, ink, size=Size.SMALL) + theme.px(14)


class BundlePane(SidePane):
    """One bundle, as the dry run or the merge left it."""

    wanted = Signal(str)
    """A place to go to."""
    slip = Signal()
    """The slip of this bundle is to be printed."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self.checks = CheckStrip()
        self.body.setContentsMargins(0, theme.GRID, 0, theme.GRID)
        self.sentence = Label("", wrap=True)
        self.slices = Grid(COLUMNS)
        self.slices.setAccessibleName(_("各登记册的变动"))
        self.compared = QWidget()
        compared = QHBoxLayout(self.compared)
        compared.setContentsMargins(theme.MARGIN, 0, theme.MARGIN, 0)
        self.since = SectionHeader(_("和县里现有的数字相比"))
        compared.addWidget(self.since)
        self.differences = Grid(DIFFERENCES)
        self.differences.horizontalHeader().hide()
        self.go = Button("", compact=True)
        self._place = ""
        self.go.clicked.connect(lambda _on=False: self._went())
        self.print_slip = Button(_("打印回条…"), self.slip.emit, compact=True, icon="printer")
        self.said = said = QWidget()
        row = QHBoxLayout(said)
        row.setContentsMargins(theme.MARGIN, 0, theme.MARGIN, 0)
        row.addWidget(self.sentence, 1)
        row.addWidget(self.go)
        row.addWidget(self.print_slip)
        for widget in (self.checks, said, self.slices, self.compared, self.differences):
            self.body.addWidget(widget)
        self.body.addStretch(1)

    def show_bundle(self, line: Any) -> None:
        """Show a bundle; None empties the pane."""
        self.scrolled.setVisible(line is not None)
        if line is None:
            self.show_head("")
            return
        number = _("第 {n} 包").format(n=line.sequence) if line.sequence else ""
        self.show_head(line.name or line.path.name, number)
        self.checks.show_checks(checks_of(line))
        advice = line.advice
        self.sentence.setText(" ".join(t for t in (line.sentence, advice) if t) if advice else line.sentence)
        self._offer(line)
        self.print_slip.setVisible(line.status in ("refused", "held"))
        self.said.setVisible(bool(advice or self._place) or line.status not in ("merged", "already"))
        self._show_slices(line)
        self._show_differences(line)

    def _went(self) -> None:
        self.wanted.emit(self._place)

    def _offer(self, line: Any) -> None:
        verbs = {
            "held_unknown_key": (_("去核准入网"), "county_enrol"),
            "unknown_key": (_("去核准入网"), "county_enrol"),
            "fork": (_("选定一份"), "county_work"),
        }
        words, self._place = verbs.get(line.code, ("", ""))
        self.go.set_text(words)
        self.go.setVisible(bool(words))

    def _show_slices(self, line: Any) -> None:
        lines = []
        for name, result in sorted(line.slices.items(), key=lambda pair: self._order(pair[0])):
            good = result.status in ("merged", "same", "held") or result.code in ("", "superseded", "held_health")
            label = self._label(name) + ("" if good else f"（{_('没有进')}）")
            counts = [getattr(result, c) for c in COUNTS]
            cells = [Cell(label, "ink" if good else "red", tip=result.code)]
            cells += [Cell(f"{n:,}" if n else "", "amber" if i == 4 else "ink") for i, n in enumerate(counts)]
            lines.append(Line(cells))
        sums = [line.count(c) for c in COUNTS]
        total = [Cell(_("合计"), bold=True), *(Cell(f"{n:,}" if n else "", bold=True) for n in sums)]
        self.slices.show_lines([*lines, Line(total, ground="canvas")])
        self.slices.fit_height(14, closed=True)
        self.slices.setVisible(bool(lines))

    def _order(self, name: str) -> tuple[int, str]:
        heads = [r.name for r in self._context.workspace.registers()]
        head = name.partition("/")[0]
        return (heads.index(head) if head in heads else len(heads), name)

    def _label(self, name: str) -> str:
        head, _slash, year = name.partition("/")
        label = next((_(r.label) for r in self._context.workspace.registers() if r.name == head), head)
        return f"{label} {year}".strip()

    def _show_differences(self, line: Any) -> None:
        lines = []
        for one in line.differences:
            moved = f"{_figure(one.before, one.places)} → {_figure(one.after, one.places)}"
            unit = f"（{_(one.unit)}）" if one.unit else ""
            lines.append(Line((Cell(_(one.label) + unit, shape=Shape.CHANGED), Cell(moved))))
        self.differences.show_lines(lines)
        self.differences.setFixedHeight(len(lines) * self.differences.verticalHeader().defaultSectionSize() + 1)
        for widget in (self.differences, self.compared):
            widget.setVisible(bool(lines))


def _figure(value: int | None, places: int) -> str:
    """A scaled number as written, — for nothing."""
    return "—" if value is None else f"{value / 10**places:,.{places}f}"
