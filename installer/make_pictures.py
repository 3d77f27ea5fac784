"""Make every picture of the manual and the READMEs: `make pictures`, or `python -m installer.make_pictures [NAME …]`.

Plays the sample county of `picture_county` in a temporary folder, opens the window on it off screen with the clock of the
story, and grabs pages at 1366×696; paper pages come from the PDFs by `pdftoppm` where that is installed. What cannot be made
is named on a line of its own, and the picture that was there stays.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from installer.picture_county import PASSPHRASE, PictureCounty, Seat

if TYPE_CHECKING:
    from ui.main_window import MainWindow
    from ui.messages import Messages

ROOT: Final = Path(__file__).resolve().parent.parent
OUT: Final = ROOT / "docs" / "images"
SIZE: Final = (1366, 696)
LARGEST: Final = 120 * 1024
PAPER_DPI: Final = 60


@dataclass
class Studio:
    """The story, and a window opened on one PC of it at a time."""

    story: PictureCounty
    wanted: frozenset[str]
    made: list[str] = field(default_factory=list)

    @contextmanager
    def window(self, pc: str, file: Path | None = None, vaults: tuple[str, ...] = ()) -> Iterator[MainWindow]:
        """A window on a PC, with a file open or on the start page."""
        from ui import theme
        from ui.app import make_application
        from ui.main_window import MainWindow
        from ui.tasks import InstantRunner

        theme.install(make_application(()))
        window = MainWindow(self.story.env(pc), tasks=InstantRunner(), messages=_answers(self.story))
        window.resize(*SIZE)
        window.show()
        window.begin(str(file or ""))
        for name in vaults:
            window.workspace.open_compartment(name, PASSPHRASE)
        yield window
        window.close_file(quiet=True)
        window.close()

    def take(self, name: str, window: MainWindow, prepare: Callable[[Any], object]) -> None:
        """One picture: bring the window there, let it settle, grab it. A page that is not there yet is named."""
        if self.wanted and name not in self.wanted:
            return
        try:
            prepare(window)
            settle()
        except (ImportError, AttributeError, KeyError) as missing:
            print(f"{name}: not made, {type(missing).__name__} {missing}")
            return
        save_small(window.grab().toImage(), OUT / f"{name}.png")
        self.made.append(name)


def _answers(story: PictureCounty) -> Messages:
    """Dialogs that answer themselves: folders are the stick, questions are closed, faults are printed."""
    from ui.messages import Messages

    class Answers(Messages):
        def ask(self, title: str, text: str, answers: Any, **_more: Any) -> str:
            return ""

        def fault(self, error: Any, title: str = "") -> None:
            print(f"  a fault was shown: {title} {error}")

        def open_file(self, title: str, filters: str) -> str:
            return ""

        def save_file(self, title: str, name: str, filters: str) -> str:
            return str(story.folder / name)

        def pick_folder(self, title: str) -> str:
            return str(story.stick)

    return Answers(lambda: None)


def settle(seconds: float = 0.4) -> None:
    """Let timers and paint events of the window pass."""
    from PySide6.QtCore import QEventLoop, QTimer

    loop = QEventLoop()
    QTimer.singleShot(int(seconds * 1000), loop.quit)
    loop.exec()


def save_small(picture: Any, to: Path) -> None:
    """Save a QImage as a PNG with as few colours as it takes to stay small."""
    from PySide6.QtGui import QImage

    raw = picture.convertToFormat(QImage.Format.Format_RGB888)
    from PIL import Image

    size = (raw.width(), raw.height())
    whole = Image.frombytes("RGB", size, bytes(raw.constBits()), "raw", "RGB", raw.bytesPerLine())
    shrink(whole, to)


def shrink(whole: Any, to: Path) -> None:
    """Write a Pillow image with a palette, a smaller one until it fits."""
    from PIL import Image

    to.parent.mkdir(parents=True, exist_ok=True)
    for colours in (128, 64, 32, 16):
        whole.quantize(colours, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE).save(to, optimize=True)
        if to.stat().st_size <= LARGEST:
            return
    raise RuntimeError(f"{to.name} stays over {LARGEST // 1024} KB")


# ---- the pictures


def _open_first(window: Any, place: str, **target: str) -> None:
    from ui.screen import Target

    window.go(place, Target(**target) if target else None)
    settle(0.2)


def school_pictures(studio: Studio, seat: Seat) -> None:
    """What a school clerk sees."""
    with studio.window(seat.pc, seat.file, ("personal", "health")) as window:
        studio.take("today", window, lambda w: _open_first(w, "today"))
        studio.take("equipment", window, _equipment)
        studio.take("daily-check", window, _daily_check)
        studio.take("import", window, lambda w: _import(w, seat))
        studio.take("checkup", window, lambda w: _open_first(w, "checkup"))
        studio.take("problems", window, lambda w: _open_first(w, "problems"))
        studio.take("settings", window, lambda w: _open_first(w, "settings"))
        studio.take("receipts", window, lambda w: _open_first(w, "receipts"))
        studio.take("submit", window, _submit)
        studio.take("submitted", window, _submitted)


def _equipment(window: Any) -> None:
    _open_first(window, "equipment")
    window.page.table.setFocus()


def _daily_check(window: Any) -> None:
    _open_first(window, "daily_check" if window.knows("daily_check") else "safety_check")


def _import(window: Any, seat: Seat) -> None:
    _open_first(window, "import", extra="equipment")
    sheet = seat.file.parent / "原有表格" / "2026年新购设备（示例）.csv"
    sheet.write_text(NEW_ASSETS, encoding="utf-8-sig")
    window.page.open_file(sheet)


NEW_ASSETS: Final = """\
青石岭小学设备登记（示例）,,,,,,,,,,
编号,设备名称,型号,单位,数量,单价（元）,购置时间,金额,存放地点,来源,现状
S00301,投影仪,示例型号,台,1,5600,２０２５年９月,5600,普通教室1,购置,在用
S00302,打印机,示例型号,台,2,"1,650.00",2025/11/3,"3,300.00",图书室6,购置,在用
S00303,学生课桌椅,示例型号,套,四十,210,2025-10-12,8400,普通教室2,购置,在用
S00304,显微镜,示例型号,台,6,950,2025年10月8日,5700,实验室5,购置,在用
S00010,打印机,示例型号,台,1,1650,2018-07-09,1650,普通教室8,购置,在用
合计,,,,10,,,24650,,,
"""


def _submit(window: Any) -> None:
    _open_first(window, "submit")
    window.page.drives.choose_folder()


def _submitted(window: Any) -> None:
    page = window.page
    for problem in page.plan.doubts:
        window.workspace.explain(problem.key, "示例说明：与凭证核对无误")
    page.check()
    page.submit()


def county_pictures(studio: Studio) -> None:
    """What the county officer sees."""
    with studio.window("县教育局", studio.story.file, ("personal",)) as window:
        studio.take("county-overview", window, lambda w: _open_first(w, "county_home"))
        studio.take("county-roster", window, lambda w: _open_first(w, "county_roster"))
        studio.take("county-calendar", window, lambda w: _open_first(w, "county_calendar"))
        studio.take("county-kit", window, lambda w: _open_first(w, "county_kit"))
        studio.take("county-enrol", window, lambda w: _look_at_stick(w, "county_enrol"))
        studio.take("county-take-in", window, lambda w: _look_at_stick(w, "county_take_in"))
        studio.take("county-board", window, lambda w: _open_first(w, "county_board"))
        studio.take("county-review", window, lambda w: _open_first(w, "county_receipts"))
        studio.take("county-indicators", window, lambda w: _open_first(w, "county_indicators"))
        studio.take("county-year", window, lambda w: _open_first(w, "county_year"))


def _look_at_stick(window: Any, place: str) -> None:
    _open_first(window, place)
    window.page._choose()


def start_picture(studio: Studio, seat: Seat) -> None:
    """The start page of the school's PC after its file was open once."""
    from ui.recent import RecentFile, note_file, recent_files

    with studio.window(seat.pc) as window:
        others = [
            RecentFile(str(s.file), s.school.name, "school", f"2026-01-{9 - s.number:02d} 16:30")
            for s in studio.story.seats[1:4]
        ]
        for other in (*reversed(others), *recent_files(window.memory)):
            note_file(window.memory, other)
        studio.take("start", window, lambda w: _open_first(w, "start"))


def paper_pictures(studio: Studio, seat: Seat) -> None:
    """First pages of printed forms."""
    if shutil.which("pdftoppm") is None:
        print("paper: not made, pdftoppm (Debian package poppler-utils) is missing")
        return
    story = studio.story
    for form in ("F02", "F23"):
        if not studio.wanted or form.lower() in studio.wanted:
            pdf = story.folder / f"{form}.pdf"
            story.type(seat.pc, "print", seat.file, form, "--to", pdf)
            _page(studio, pdf, form.lower())
    if not studio.wanted or "f22" in studio.wanted:
        pdf = story.folder / "F22.pdf"
        story.county("indicators", "--year", "2025", "--to", pdf)
        _page(studio, pdf, "f22")


def _page(studio: Studio, pdf: Path, name: str) -> None:
    from PIL import Image

    stem = pdf.with_suffix("")
    command = ["pdftoppm", "-png", "-r", str(PAPER_DPI), "-f", "1", "-l", "1", "-singlefile", str(pdf), str(stem)]
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL)
    with Image.open(stem.with_suffix(".png")) as page:
        shrink(page.convert("RGB"), OUT / f"{name}.png")
    studio.made.append(name)


def main(arguments: list[str]) -> int:
    """Make the pictures named, or all of them."""
    os.environ.update(QT_QPA_PLATFORM="offscreen", TZ="Asia/Shanghai", LC_ALL="C.UTF-8")
    time.tzset()
    folder = Path(tempfile.gettempdir()) / "示例县"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    story = PictureCounty(folder)
    story.play()
    studio = Studio(story, frozenset(arguments))
    first = story.seats[0]
    school_pictures(studio, first)
    start_picture(studio, first)
    county_pictures(studio)
    paper_pictures(studio, first)
    shutil.rmtree(folder)
    print(f"{len(studio.made)} pictures in {OUT.relative_to(ROOT)}: {' '.join(studio.made)}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
